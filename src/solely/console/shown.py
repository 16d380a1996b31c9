"""What somebody is about to sign, as the page shows it: every word of every statement, for people."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from markupsafe import Markup, escape

from solely.canonical import sha256_hex

# A name that is not here shows as it is signed.
NAMES: Final[Mapping[str, str]] = {
    "about": "Ledger entry that it is about",
    "act": "What you sign for",
    "agreement": "Agreement",
    "answers": "Answers given",
    "answers_sha256": "SHA-256 of the answers",
    "approver": "Who signs",
    "authority": "Given by",
    "batch": "Batch",
    "batch_id": "Batch",
    "by": "Who signs",
    "checkpoint": "Ledger, up to the decision",
    "cite": "What it rests on",
    "contested_index": "Ledger entry of the return",
    "count": "How many",
    "counts": "Items",
    "decide": "Decision",
    "dispositions_sha256": "SHA-256 of the exact set",
    "ends_at": "Until",
    "event": "Word of this draw alone",
    "format": "Form of the order",
    "key_id": "Signing key",
    "kind": "Order",
    "lifts": "Order that it lifts",
    "nonce": "Your nonce",
    "note_sha256": "SHA-256 of the note",
    "officer": "Who signs",
    "opens": "Opened as for",
    "places_sha256": "SHA-256 of the places shown",
    "reconsider_by": "Reconsidered by",
    "round": "Rounds before",
    "row": "Row",
    "sample": "Sample",
    "scope": "Whom it touches",
    "starts_at": "From",
    "subject": "What it is about",
    "supersedes": "Order that it takes the place of",
    "vote": "Item",
}
_WORD: Final = re.compile(r"`([^`]+)`")
_DIGEST: Final = "SHA-256 of what you sign"


class Statements(NamedTuple):
    """Statements that one act signs: what all of them say alike, and what each says of its own."""

    alike: Sequence[tuple[str, str]]
    names: Sequence[str]
    each: Sequence[Sequence[str]]


def coded(text: str) -> Markup:
    """A sentence with its words in backticks set as code, as a page shows it."""
    return Markup(_WORD.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 -- escaped before


def told_of(statements: Sequence[bytes]) -> Statements:
    """The words of statements as they are signed, with the digest of each."""
    read = [_words(each) for each in statements]
    names = list(dict.fromkeys(name for words in read for name in words))
    alike = [name for name in names if len({words.get(name) for words in read}) == 1]
    own = [name for name in names if name not in alike]
    digests = [sha256_hex(each) for each in statements]
    if len(statements) == 1:
        return Statements(
            [*((_name(name), said) for name, said in read[0].items()), (_DIGEST, digests[0])], (), ()
        )
    rows = [
        [*(words.get(name, "") for name in own), digest] for words, digest in zip(read, digests, strict=True)
    ]
    return Statements([(_name(name), read[0][name]) for name in alike], [*map(_name, own), _DIGEST], rows)


def _name(name: str) -> str:
    return NAMES.get(name, name.replace("_", " "))


def _words(statement: bytes) -> dict[str, str]:
    try:
        words = json.loads(statement)
    except ValueError:
        words = None
    if not isinstance(words, dict):
        return {}
    if isinstance(words.get("scope"), str):  # of a draw: as for whom it is opened, and no scope of an order
        words["opens"] = words.pop("scope")
    return {name: _SAID.get(name, _told)(value) for name, value in words.items()}


def _told(value: Any) -> str:
    """A value without its brackets: `received 60, referred 4`; an empty scope or list says so."""
    if isinstance(value, dict):
        return (
            ", ".join(f"{name.replace('_', ' ')} {_told(each)}" for name, each in value.items()) or "nothing"
        )
    if isinstance(value, list):
        return ", ".join(map(_told, value)) or "none"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if value is None:
        return "none"
    return value if isinstance(value, str) else json.dumps(value)


def _reconsidered(value: Any) -> str:
    """By when others reconsider a return; of one that they cannot lift, that it stands (R-87)."""
    if value is not None:
        return _told(value)
    return "nobody reconsiders it: the return stands, for more than the custodian's own policy is behind it"


def _vote(value: Any) -> str:
    """Where a vote's item stands: its statement names batch, row, stage and voter."""
    parts = str(value).split("/")
    if len(parts) != 5 or parts[0] != "vote":
        return str(value)
    return f"row {parts[2]} of batch {parts[1]}, {parts[3].replace('_', ' ')}"


_SAID: Final[Mapping[str, Callable[[Any], str]]] = {"vote": _vote, "reconsider_by": _reconsidered}
