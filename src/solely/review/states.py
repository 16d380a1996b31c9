"""The states of one item, and every way from one to another: one table, nothing else moves an item.

- No way leads from `refused` or `withheld` to `releasable`: those are ends (R-82). The one way out of
  `returned` is a contest that the agreement admits, once, to other officers (R-87).
- The only ways to `releasable` are the ruling itself and two confirmations of a referral, which the
  ledger shows; a person can otherwise only make an outcome stricter.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from solely.errors import NotPermitted
from solely.model import Disposition


class State(StrEnum):
    """Where an item stands; a referral says whether a record was read before it."""

    RECEIVED = "received"
    REFUSED = "refused"
    RETURNED = "returned"
    REFERRED_UNREAD = "referred_unread"
    REFERRED_READ = "referred_read"
    WITHHELD = "withheld"
    RELEASABLE = "releasable"
    RELEASED = "released"


TRANSITIONS: Final[Mapping[tuple[State, State], str]] = {
    (State.RECEIVED, State.REFUSED): "the ruling on the request",
    (State.RECEIVED, State.RETURNED): "the ruling on the request",
    (State.RECEIVED, State.REFERRED_UNREAD): "the ruling on the request",
    (State.RECEIVED, State.REFERRED_READ): "the ruling on the match",
    (State.RECEIVED, State.WITHHELD): "the ruling on the match",
    (State.RECEIVED, State.RELEASABLE): "the ruling on the match",
    (State.REFERRED_UNREAD, State.RETURNED): "one approver declines",
    (State.REFERRED_UNREAD, State.REFERRED_READ): "two approvers confirm, then the ruling on the match",
    (State.REFERRED_UNREAD, State.WITHHELD): "two approvers confirm, then the ruling on the match",
    (State.REFERRED_UNREAD, State.RELEASABLE): "two approvers confirm, then the ruling on the match",
    (State.RETURNED, State.REFERRED_UNREAD): "contested once, before another officer",
    (State.REFERRED_READ, State.WITHHELD): "one approver declines, or a gate that no person can lift",
    (State.REFERRED_READ, State.RELEASABLE): "two approvers confirm",
    (State.RELEASABLE, State.WITHHELD): "judged again more strictly",
    (State.RELEASABLE, State.RELEASED): "two approvals of the batch",
}

CONTEST: Final = "contest"  # the stage of the votes on an item that a contest reopened

_DISPOSITION_OF: Final = {
    State.REFERRED_UNREAD: Disposition.REFERRED,
    State.REFERRED_READ: Disposition.REFERRED,
}


def require_transition(before: State, after: State) -> None:
    """Return when the table has a way from `before` to `after`; else NotPermitted (R-82)."""
    if (before, after) not in TRANSITIONS:
        raise NotPermitted(f"no item goes from `{before}` to `{after}`")


def state_of(disposition: Disposition, *, is_record_read: bool) -> State:
    """The state that a disposition puts an item into."""
    if disposition is Disposition.REFERRED:
        return State.REFERRED_READ if is_record_read else State.REFERRED_UNREAD
    return State(disposition.value)


def disposition_of(state: State) -> Disposition:
    """The disposition that a state shows; `received` has none."""
    return _DISPOSITION_OF.get(state) or Disposition(state.value)
