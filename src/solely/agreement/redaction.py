"""The public copy of a signed agreement: visible parts with their salts, bare hashes for sealed ones (R-89).

- Anyone rebuilds the root from it and holds it against the signatures; a part is unsealed by its salt alone,
  against the old signatures, without anybody's help.
- What permits is sealed only under an order with an end. Whatever this page does not list as a name, a
  contact point or a limit counts as permitting. Id, parties, authority, dates are never sealed.
- A seal is signed by every party or by a court: order and last day are not the publisher's to change.
- There are no decoys: the public sees how many parts are sealed, and where.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from solely.agreement.clause import Clause
from solely.agreement.document import Document
from solely.agreement.entailment import securing
from solely.agreement.expression import Constant, NamedList, walk
from solely.agreement.markdown import item_of
from solely.agreement.parts import CLOSES, FRONT, OPENS, SALT_BYTES, Part, leaf_hash, root_of
from solely.agreement.statement import Parted, Statement, parse_statement, pre_authentication
from solely.canonical import canonical_json
from solely.errors import AgreementRefused, NotPermitted, UsageError, VerificationFailed

FORMAT = "solely/redacted-agreement/1"
SEAL_FORMAT, SEAL_TYPE = "solely/seal/1", "application/vnd.solely.seal+json"
BYTES_MAX = 8 * 2**20
_ALWAYS_OPEN = frozenset({"id", "version", "parties", "authority", "term", "synthetic"})
_NAMES = frozenset({"signatories", "contacts", "reviewer"})
_LIMITS = frozenset({"limits", "matching", "obligations"})
# A rule about one of these says what is permitted; hidden, it would leave open for what and to whom.
_PERMITTING_FACTS = frozenset(
    {"basis", "statute", "statute_is_civil", "purpose", "reason_purpose", "fields", "officers_valid"}
)
_ORDER = re.compile(r"\S(?:.{0,98}\S)?")


@dataclass(frozen=True, slots=True)
class Seal:
    """On whose word a permission is hidden, the last day of that, and who signed it, by signer."""

    order: str
    until: date
    signatures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A part that is not shown: its hash, and the seal when one was stated."""

    hash: bytes
    seal: Seal | None

    def signed_bytes(self, root: str) -> bytes:
        """What signatures of its seal are over: this part of the version with this root, order, day."""
        assert self.seal is not None, "only a seal is signed"
        words = {
            "format": SEAL_FORMAT,
            "root": root,
            "part": self.hash.hex(),
            "order": self.seal.order,
            "until": self.seal.until.isoformat(),
        }
        return pre_authentication(canonical_json(words), SEAL_TYPE)


@dataclass(frozen=True, slots=True)
class Shown:
    """A part that is shown, with the salt that proves it."""

    salt: bytes
    part: Part

    @property
    def hash(self) -> bytes:
        """The hash that the root is over."""
        return leaf_hash(self.salt, self.part)


@dataclass(frozen=True, slots=True)
class Copy:
    """A public copy: the signed statement, its signatures by signer, and every part, shown or sealed."""

    statement: bytes
    signatures: Mapping[str, str]
    parts: tuple[Shown | Sealed, ...]

    @property
    def seals(self) -> list[tuple[Sealed, Seal]]:
        """Every part that is sealed under an order, with its seal."""
        return [(each, each.seal) for each in self.parts if isinstance(each, Sealed) and each.seal]

    @property
    def content(self) -> bytes:
        """The copy as a file."""
        words = {
            "format": FORMAT,
            "statement": self.statement.decode(),
            "signatures": dict(self.signatures),
            "parts": [_part_words(each) for each in self.parts],
        }
        return (json.dumps(words, ensure_ascii=False, indent=1) + "\n").encode()


def _part_words(part: Shown | Sealed) -> dict[str, Any]:
    if isinstance(part, Shown):
        return {"label": part.part.label, "salt": part.salt.hex(), "text": part.part.data.decode()}
    seal = part.seal
    said = None
    if seal is not None:
        said = {"order": seal.order, "until": seal.until.isoformat(), "signatures": dict(seal.signatures)}
    return {"hash": part.hash.hex(), "seal": said}


# -- what may be sealed -------------------------------------------------------------------------------


def find_kind(label: str, document: Document) -> str:
    """Why a part may be sealed: `open` (never), `name`, `limit`, or `permission` (only under an order)."""
    head, mark, entry = label.partition(": ")
    if label.endswith((f" {OPENS}", f" {CLOSES}")):
        return "open"
    if head == FRONT and mark:
        return "open" if entry in _ALWAYS_OPEN else "name" if entry in _NAMES else "permission"
    if head.startswith("schedule ") and mark:
        return "limit" if head.removeprefix("schedule ") in _LIMITS else "permission"
    clauses = _clauses_of(label, document)
    if not clauses or any(_permits(clause) for clause in clauses):
        return "permission"  # words without a rule could permit anything
    return "limit"


def _clauses_of(label: str, document: Document) -> list[Clause]:
    kind, _, name = label.partition(" ")
    name = name.split(" #")[0]
    if kind in ("rule", "cases"):
        return [clause for clause in document.clauses if clause.id == name]
    return [clause for clause in document.clauses if kind == "clause" and item_of(clause.id) == name]


def _permits(clause: Clause) -> bool:
    return bool(_PERMITTING_FACTS & set(clause.facts)) or any(
        isinstance(node, NamedList) for node in walk(clause.expression)
    )


def redact(
    parted: Parted, document: Document, labels: Sequence[str], seal: Seal | None
) -> tuple[Shown | Sealed, ...]:
    """Every part, those of `labels` sealed; no permission is hidden without a seal (R-89)."""
    known = {part.label for part in parted.parts}
    for label in labels:
        if label not in known:
            raise UsageError(f"`{label}`: no part has this label; `solely redact AGREEMENT` lists them")
        kind = find_kind(label, document)
        if kind == "open":
            raise NotPermitted(f"`{label}`: id, parties, authority, dates and the frame stay public (R-89)")
        if kind == "permission" and seal is None:
            raise UsageError(
                f"`{label}`: it says what is permitted; it is sealed only with `--order` and `--until` (R-89)"
            )
    return tuple(
        Sealed(leaf_hash(salt, part), seal if find_kind(part.label, document) == "permission" else None)
        if part.label in labels
        else Shown(salt, part)
        for salt, part in zip(parted.salts, parted.parts, strict=True)
    )


def parse_seal(order: str | None, until: str | None) -> Seal | None:
    """The seal in two options, or None without both; raises UsageError for one alone."""
    if order is None and until is None:
        return None
    if order is None or until is None or not _ORDER.fullmatch(order):
        raise UsageError("`--order` and `--until` go together: whose order, and its last day")
    try:
        return Seal(order, date.fromisoformat(until))
    except ValueError:
        raise UsageError("`--until` is a date such as 2027-01-31") from None


# -- what stays provable ------------------------------------------------------------------------------


def covering(statute: Document, clauses: Sequence[Clause]) -> dict[str, tuple[str, ...]]:
    """For each clause of the statute, the ids of those `clauses` whose form shows that they secure it."""
    found = {}
    for demanded in statute.clauses:
        found[demanded.id] = tuple(clauses[place].id for place in securing(clauses, demanded))
    return found


def visible_clauses(document: Document, labels: Sequence[str]) -> tuple[Clause, ...]:
    """The clauses that stay whole when `labels` are sealed: rule and every list or number that it reads."""
    hidden = set(labels)
    entries = {label.partition(": ")[2] for label in labels if label.startswith("schedule ")}
    return tuple(
        clause
        for clause in document.clauses
        if f"rule {clause.id}" not in hidden
        and not entries
        & {node.name for node in walk(clause.expression) if isinstance(node, NamedList | Constant)}
    )


# -- reading a copy -----------------------------------------------------------------------------------


def parse_copy(data: bytes) -> Copy:
    """The public copy in `data`; raises VerificationFailed naming what is not of its form."""
    if len(data) > BYTES_MAX:
        raise VerificationFailed("`public copy`: it is too large")
    try:
        words = json.loads(data, object_pairs_hook=_once)
        if set(words) != {"format", "statement", "signatures", "parts"} or words["format"] != FORMAT:
            raise ValueError
        copy = Copy(
            statement=words["statement"].encode(),
            signatures={str(name): str(each) for name, each in words["signatures"].items()},
            parts=tuple(_parse_part(each) for each in words["parts"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise VerificationFailed(f"`public copy`: it is not of format `{FORMAT}`") from None
    if copy.content != data:
        raise VerificationFailed("`public copy`: it is not in the form that `solely redact` writes")
    return copy


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _parse_part(words: Mapping[str, Any]) -> Shown | Sealed:
    if "hash" in words:
        said = words["seal"]
        if said is None:
            return Sealed(bytes.fromhex(words["hash"]), None)
        signatures = {str(name): str(each) for name, each in said["signatures"].items()}
        seal = Seal(str(said["order"]), date.fromisoformat(said["until"]), signatures)
        return Sealed(bytes.fromhex(words["hash"]), seal)
    salt = bytes.fromhex(words["salt"])
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt has 16 bytes")
    return Shown(salt, Part(words["label"], words["text"].encode()))


def require_whole(copy: Copy) -> Statement:
    """The statement of a copy whose parts lead to the signed root; else VerificationFailed."""
    statement = parse_statement(copy.statement)
    if (
        len(copy.parts) != statement.parts
        or root_of([each.hash for each in copy.parts]).hex() != statement.root
    ):
        raise VerificationFailed("`public copy`: its parts do not lead to the signed root")
    return statement


def unseal(copy: Copy, salt: bytes, part: Part) -> Copy:
    """The copy with one more part shown, which must be one of the sealed ones; else VerificationFailed."""
    hash_, places = (
        leaf_hash(salt, part),
        [n for n, each in enumerate(copy.parts) if isinstance(each, Sealed)],
    )
    for place in places:
        if copy.parts[place].hash == hash_:
            shown = (*copy.parts[:place], Shown(salt, part), *copy.parts[place + 1 :])
            opened = replace(copy, parts=shown)
            require_whole(opened)
            return opened
    raise VerificationFailed(f"`{part.label}`: with this salt and text it is none of the sealed parts")


def require_open(copy: Copy, statement: Statement, parted: Parted, document: Document) -> date | None:
    """The day on which the first seal of a permission ends, None without one (R-89); else refused."""
    if require_whole(copy) != statement:
        raise AgreementRefused("`agreement.public.json`: it is the public copy of another version")
    ends = []
    for shown, part in zip(copy.parts, parted.parts, strict=True):
        kind = find_kind(part.label, document)
        if isinstance(shown, Shown) or kind in ("name", "limit"):
            continue
        if kind == "open" or shown.seal is None:
            raise AgreementRefused(
                f"`agreement.public.json`: `{part.label}` is hidden without an order and an end (R-89)"
            )
        ends.append(shown.seal.until)
    return min(ends, default=None)


def sign_seals(copy: Copy, signer: str, sign: Callable[[bytes], str], kept: Copy | None) -> Copy:
    """The copy with each seal signed by one more; `kept` is the same copy with the signatures before."""
    if kept is None or _signed(kept, lambda *_: {}) != _signed(copy, lambda *_: {}):
        kept = copy
    root = parse_statement(copy.statement).root
    return _signed(kept, lambda part, seal: {**seal.signatures, signer: sign(part.signed_bytes(root))})


def _signed(copy: Copy, signatures: Callable[[Sealed, Seal], Mapping[str, str]]) -> Copy:
    """The copy with other signatures under each seal."""
    parts = (
        replace(part, seal=replace(part.seal, signatures=signatures(part, part.seal)))
        if isinstance(part, Sealed) and part.seal is not None
        else part
        for part in copy.parts
    )
    return replace(copy, parts=tuple(parts))


def require_seals_kept(
    new: Mapping[str, date] | None, old: Mapping[str, date], labels: Collection[str]
) -> None:
    """Return when no seal of a gate is dropped unseen or prolonged; else AgreementRefused (R-84, R-89).

    `new` and `old` are last days by the part's label; `new` is None without a public copy. `labels` are the
    parts of the new text.
    """
    for label, until in old.items():
        if label not in labels:
            continue
        if new is None:
            raise AgreementRefused(
                f"`agreement.public.json`: `{label}` is sealed here; a copy shows it or keeps it so (R-89)"
            )
        if label in new and new[label] > until:
            raise AgreementRefused(
                f"`agreement.public.json`: `{label}` is sealed here until {until.isoformat()}, and no longer "
                "(R-89); publish it by then"
            )


def sealed_days(copy: Copy, parts: Sequence[Part]) -> dict[str, date]:
    """The last day of each seal of a copy, by the label of its part."""
    return {
        part.label: shown.seal.until
        for shown, part in zip(copy.parts, parts, strict=True)
        if isinstance(shown, Sealed) and shown.seal is not None
    }
