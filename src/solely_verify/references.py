"""What each type of entry rests on: the table of `docs/formats/entry.md`, "Life cycles", rule 3.

`decision` and `release` have a rule for each of their places, `incident` and `task` one for each stage; these
stand in `cycles` and `afterwards`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple


class Rests(NamedTuple):
    """The types that every reference of an entry has, and how many there are; `most` None: any number."""

    on: tuple[str, ...]
    least: int = 1
    most: int | None = 1


_SIGNED = ("decided", "decision", "lift", "preservation-lift", "safeguard", "keyset", "policy", "release")
_NOTHING = Rests((), 0, 0)
_RELEASES = Rests(("release",), 1, None)

RESTS: Mapping[str, Rests] = {
    **dict.fromkeys(
        (
            *("genesis", "keyset", "policy", "inquiry", "export", "degraded", "anchor", "closed", "arrival"),
            *("stay", "safeguard", "acceptance"),
        ),
        _NOTHING,
    ),
    **dict.fromkeys(("recall", "destroy-intent", "correction"), _RELEASES),
    **dict.fromkeys(("open", "open-refused", "certificate", "outcome"), Rests(("release",))),
    **dict.fromkeys(("contest", "referral", "showing"), Rests(("decision",))),
    "sampling": Rests(("decided",)),
    **dict.fromkeys(("duplicate", "decided"), Rests(("request",))),
    "request": Rests(("arrival",)),
    "access": Rests(("access",), 0),
    "sign-in": Rests(("access", "sign-in"), 0),
    "approval": Rests(_SIGNED),
    "objection": Rests(("decided", "decision")),
    "answer": Rests(("objection", "sampling")),
    "notice": Rests(("decided", "notice"), 0),
    "lift": Rests(("stay", "notice", "safeguard")),
    "preservation": Rests(("genesis", "request", "release"), 0, None),
    "preservation-lift": Rests(("preservation",)),
    "deleting": Rests(("destroy-intent",)),
    "destroy-cert": Rests(("deleting",)),
    "duty": Rests(("release", "correction")),
    "replay": Rests(("decided", "decision"), 0, None),
}


def find_stray(word: str, refs: Sequence[int], type_of: Callable[[int], str]) -> str | None:
    """What is wrong with the references of an entry of this type, or None."""
    rule = RESTS.get(word)
    if rule is None:
        return None
    named = " or ".join(f"`{each}`" for each in rule.on)
    if not rule.on and refs:
        return f"`{word}` refers to nothing"
    if not rule.least <= len(refs) <= (len(refs) if rule.most is None else rule.most):
        return f"`{word}` refers to {'one' if rule.most else 'one or more'} {named}"
    stray = next((ref for ref in refs if type_of(ref) not in rule.on), None)
    return None if stray is None else f"entry {stray}, to which it refers, is no {named}"
