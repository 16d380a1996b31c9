"""A refused call: a stable reason for the ledger, the same few words for all outside (formats.md 3.3)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from solely.errors import NotPermitted

Used = tuple[tuple[str, datetime], ...]  # digests of what may be used once, each until when

INVALID, UNAUTHENTICATED, EXHAUSTED = "invalid_argument", "unauthenticated", "resource_exhausted"
STATUS = {INVALID: 400, UNAUTHENTICATED: 401, "permission_denied": 403, "not_found": 404, EXHAUSTED: 429,
          "internal": 500, "unimplemented": 501, "unavailable": 503}  # fmt: skip
WORDS = {
    INVALID: "InvalidArgument: the call is not as this service reads it",
    UNAUTHENTICATED: "Unauthenticated: the call is not shown to be of somebody enrolled",
    EXHAUSTED: "ResourceExhausted: too much was asked for",
    "unavailable": "Unavailable: the call was not carried out; try again",
    "internal": "Internal: the call was not carried out",
    "permission_denied": "PermissionDenied: this may not be done",
    "not_found": "NotFound: no such thing is here",
    "unimplemented": "Unimplemented: this kind of body is not read here",
}


# What an officer whom the release names may know of a denial; everybody else is told that there was one.
TOLD = frozenset(
    (
        "TERMS_NOT_ACCEPTED",
        "RECALLED",
        "STAYED",
        "KEY_REVOKED",
        "SAFEGUARDS",
        "NOTICE",
        "NOT_CONFIRMED",
        "OUTSIDE_HOURS",
        "EXPIRED",
    )
)
TAMPERING = "NOT_AS_SEALED"


class CallRefused(NotPermitted):
    """A call that fails before anything is judged; `reason` is for the ledger, `kind` for the caller, `used`
    what had been shown to be genuine by then: it serves for no other call."""

    def __init__(self, reason: str, kind: str = UNAUTHENTICATED) -> None:
        super().__init__(WORDS[kind])
        self.reason, self.kind, self.used = reason, kind, Used()


class Denied(NotPermitted):
    """A denial as the caller may know it; `reason` is empty for all but the entitled officer."""

    def __init__(self, reason: str) -> None:
        super().__init__("this may not be opened here and now")
        self.reason = reason if reason in TOLD else ""
        self.is_tampering = reason == TAMPERING


@contextmanager
def using_up(used: Used) -> Iterator[None]:
    """Let a refusal of this call say that these were genuine (formats.md 3.3)."""
    try:
        yield
    except CallRefused as refusal:
        refusal.used += used
        raise


def refuse_unless(condition: bool, reason: str, kind: str = UNAUTHENTICATED) -> None:
    """Return when the condition holds; CallRefused with this reason otherwise."""
    if not condition:
        raise CallRefused(reason, kind)
