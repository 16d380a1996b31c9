"""What referred items have in common, so that one look may serve many: cause, building, statute, sentence.

- Each is a digest beside the item in the gate's own state, and goes when no person is asked any more.
- Nothing is decided by it: it only says which items stand together in the queue.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from solely.facts.batchwide import building_of, reason_key
from solely.folding import fold
from solely.model import Address, Item
from solely.review.states import State

KINDS: Final = ("cause", "building", "statute", "sentence")
REFERRED: Final = (State.REFERRED_UNREAD, State.REFERRED_READ)
Likeness = dict[str, str | None]


def likeness(state: State, item: Item, codes: Sequence[str], address: Address | None = None) -> Likeness:
    """What a referred item is like in; nothing of an item that no person is asked about."""
    if state not in REFERRED:
        return dict.fromkeys(KINDS)
    building = None if address is None else "\x1f".join(building_of(address))
    statute = None if item.statute is None else fold(item.statute)
    found = {"building": building, "statute": statute, "sentence": reason_key(item)}
    return cause_of(state, codes) | {kind: _digest(text) for kind, text in found.items()}


def cause_of(state: State, codes: Sequence[str]) -> Likeness:
    """The cause of a referral: all of its reasons; none once no person is asked."""
    return {"cause": _digest(" ".join(codes)) if state in REFERRED else None}


def _digest(text: str | None) -> str | None:
    if not text:
        return None
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
