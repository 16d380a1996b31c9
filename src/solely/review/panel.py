"""Dual control: who may approve or vote, and when two have.

- The submitter is the key that signed the letter; it approves nothing (contracts 3).
- Two approvers share neither key nor name nor enrolling person, and neither enrolled the other (R-84).
"""

from collections.abc import Iterable, Sequence
from datetime import date

from solely.errors import Duplicate, NotPermitted
from solely.folding import fold
from solely.model import Enrolment, Trust

NEEDED = 2


def find_approver(trust: Trust, key_id: str) -> Enrolment | None:
    """The approver who holds the key, or None."""
    return next((each for each in trust.approvers.values() if each.key_id == key_id), None)


def require_approver(
    trust: Trust, key_id: str, submitter_key_id: str, day: date, earlier: Sequence[str]
) -> Enrolment:
    """The approver who may act now beside `earlier` ones (their ids); NotPermitted or Duplicate otherwise."""
    approver = find_approver(trust, key_id)
    if approver is None:
        raise NotPermitted("this key belongs to no approver of this gate")
    if key_id == submitter_key_id:
        raise NotPermitted("the key that signed the letter approves nothing")
    if not approver.is_valid_on(day):
        raise NotPermitted(f"the enrolment of `{approver.id}` is not valid today")
    if approver.id in earlier:
        wanted = "another approver is" if len(earlier) < NEEDED else "nobody else is"
        raise Duplicate(f"`{approver.id}` has decided already; {wanted} needed")
    for other_id in earlier:
        other = trust.approvers.get(other_id)
        if other is None:
            raise NotPermitted(
                f"`{other_id}` has decided before and is enrolled no more: that you are two cannot be told"
            )
        _require_independent(approver, other)
    return approver


def is_independent(one: Enrolment, other: Enrolment) -> bool:
    """True when two approvers share no key, name or enrolling person, and neither enrolled the other."""
    try:
        _require_independent(one, other)
    except NotPermitted:
        return False
    return True


def _named(text: str) -> str:
    """A name of a person or office as it is compared: spacing and case never make two of one."""
    return " ".join(text.casefold().replace("-", " ").replace("_", " ").split())


def _require_independent(one: Enrolment, other: Enrolment) -> None:
    if one.key_id == other.key_id:
        raise NotPermitted(f"`{one.id}` and `{other.id}` share a key")
    if fold(one.name) == fold(other.name):
        raise NotPermitted(
            f"`{one.id}` and `{other.id}` have one name, and count as one person: where they are two, "
            "the `name` in each enrolment tells them apart, by a further name or a number"
        )
    first, second = _named(one.enrolled_by), _named(other.enrolled_by)
    if not first or not second or first == second:
        raise NotPermitted(f"`{one.id}` and `{other.id}` were enrolled by the same person")
    if first in (_named(other.id), _named(other.name)) or second in (_named(one.id), _named(one.name)):
        raise NotPermitted(f"one of `{one.id}` and `{other.id}` enrolled the other")


def has_quorum(approvers: Iterable[Enrolment]) -> bool:
    """True when enough distinct keys have agreed."""
    return len({each.key_id for each in approvers}) >= NEEDED
