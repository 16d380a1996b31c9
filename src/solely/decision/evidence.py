"""What the ledger entry of one decision commits to, group by group (ledger.md 3.1, key 7).

- Group A: the disposition, its reasons and rules. Group B: which item and which record. Group D: the
  kernel's explanation, by digest, and the counts over the batch that were judged. Each is salted and opened
  on its own.
- The same decision always gives the same bytes, so a stored row can be held against its entry (R-82).
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Final

from solely.canonical import canonical_json, sha256_hex
from solely.model import Decision, Item, Reason, codes_of, rules_of

NO_COUNTS: Final = "{}"
TRIES: Final = "attempts_at_record"
_NULL: Final = "null"
_NOTHING_EXPLAINED: Final = sha256_hex(b"")


def item_digest(item: Item) -> str:
    """The SHA-256 of an item's cells as received, in the order of the columns, absent ones null."""
    cells = ",".join([_NULL if cell is None else encode_basestring(cell) for cell in item.cells()])
    return sha256_hex(f"[{cells}]".encode("utf-8", "surrogatepass"))


def decision_groups(
    decision: Decision,
    item_sha256: str,
    record_ref: str | None,
    explanation: str,
    lifted: Sequence[str] = (),
    counts: str = NO_COUNTS,
) -> dict[str, bytes]:
    """The content of each group: canonical JSON; `record_ref` is None when nobody was identified.

    `lifted` names the stages (`request`, `match`) whose referral two approvers have confirmed; `counts` is
    the text of `counts_text`, which no later judging can find out again.
    """
    record = _NULL if record_ref is None else encode_basestring(record_ref)
    request = _NULL if decision.request_id is None else encode_basestring(decision.request_id)
    # Canonical as it stands, as in group D: the keys are in order.
    identity = f'"item_sha256":"{item_sha256}","record_ref":{record},"request_id":{request}'
    return {
        "A": _group_a(decision.disposition.value, decision.reasons),
        "B": f'{{{identity},"row":{decision.row}}}'.encode(),
        "D": _group_d(counts, explanation, lifted),
    }


def reasons_again(codes: Sequence[str], rules: Sequence[str]) -> tuple[Reason, ...]:
    """Reasons that name exactly these codes and rules, as a stored decision does; which goes with which is
    not stored."""
    named = [code.split(":", 1) for code in codes]
    return tuple(Reason(element, code, rule) for element, code in named for rule in rules)


def _group_d(counts: str, explanation: str, lifted: Sequence[str]) -> bytes:
    # Canonical as it stands: the keys are in order, and nothing in it needs an escape.
    explained = sha256_hex(explanation.encode()) if explanation else _NOTHING_EXPLAINED
    text = f'"counts":{counts},"explanation_sha256":"{explained}"'
    more = f',"lifted":{canonical_json(sorted(lifted)).decode()}' if lifted else ""
    return f"{{{text}{more}}}".encode()


@lru_cache(maxsize=65536)
def counts_text(names: tuple[str, ...], values: tuple[int | None, ...]) -> str:
    """The counts over batch and gate that an item was judged by, as canonical JSON."""
    known = {name: value for name, value in zip(names, values, strict=True) if value is not None}
    return canonical_json(known).decode()


def with_tries(counts: str, tries: int) -> str:
    """The same text with how often the record was tried before; as it was where it never was (R-87)."""
    if not tries:
        return counts
    return canonical_json({**json.loads(counts), TRIES: tries}).decode()


@lru_cache(maxsize=4096)
def _group_a(disposition: str, reasons: tuple[tuple[str, str, str], ...]) -> bytes:
    named = tuple(Reason(*each) for each in reasons)
    return canonical_json({"disposition": disposition, "reasons": codes_of(named), "rules": rules_of(named)})
