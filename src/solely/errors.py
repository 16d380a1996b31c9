"""Every error the gate can raise, as one tree with stable codes.

    SolelyError                 a refusal: not allowed now; nothing was done
    ├── UsageError              the command or its input cannot be understood
    ├── BatchRefused            the instrument or the data file fails as a whole (R-11, R-12, R-103)
    ├── AgreementRefused        an agreement or statute does not load (R-03, R-04, R-09)
    ├── NotPermitted            this person may not do this here (R-52, R-82)
    ├── VerificationFailed      a proof, signature or digest does not hold (R-56)
    │   └── Unregistered        what a replay found has no line in the public error register (R-102)
    ├── NotDecided              a question about the law got no answer; nothing counts as proved (R-90)
    ├── Blocked                 nothing leaves until a cause is gone (R-02, R-07, R-82)
    │   ├── Closed              the log takes nothing more; what was published still verifies
    │   └── Unwitnessed         a checkpoint without a quorum of cosignatures; what is logged stays (R-56)
    └── Duplicate               the same act again; nothing is done twice (R-13)
    TroubleError                disk, database or engine trouble; `retry` says whether trying again may help

- Programs read `code`; the text is for people: lower case, no final period, never a record's value.
- An outcome of one item is a value (`model.Disposition`), never an exception.
- A fault of ours is an `assert` with its reason: the process stops and the last checkpoint stands.
"""

import traceback
from typing import ClassVar


class SolelyError(Exception):
    """A refusal with a stable `code`; the door turns it into an exit code."""

    code: ClassVar[str] = "REFUSED"
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 403
    help: ClassVar[str] = "read the message; nothing was done"


class UsageError(SolelyError):
    """A command, path or option that cannot be understood."""

    code = "USAGE"
    exit_code = 2
    http_status = 400
    help = "correct the command; `solely COMMAND --help` shows an example"


class BatchRefused(SolelyError):
    """A batch that fails before any item is decided; it may be sent again corrected (R-103)."""

    code = "BATCH_REFUSED"
    http_status = 422
    help = "correct the named element of the submission and send it again"

    def __init__(self, rule: str, element: str, reason: str) -> None:
        super().__init__(f"`{element}`: {reason} ({rule})")
        self.rule, self.element, self.reason = rule, element, reason

    def as_object(self) -> dict[str, str]:
        """The refusal as results hold it."""
        return {"rule": self.rule, "reason": self.reason, "element": self.element}


class AgreementRefused(SolelyError):
    """An agreement or statute file that does not load (R-03, R-04, R-09)."""

    code = "AGREEMENT"
    http_status = 422
    help = "mend the named clause, term or signature; `solely check PATH` shows every finding"


class NotPermitted(SolelyError):
    """An act that this person or key may not do here; no override exists (R-82)."""

    code = "NOT_PERMITTED"
    help = "nothing was done; no option lifts this"


class VerificationFailed(SolelyError):
    """A signature, digest or proof that does not hold; the message names the place (R-56)."""

    code = "VERIFICATION"
    http_status = 422
    help = "the evidence was altered or is incomplete at the named place"


class Unregistered(VerificationFailed):
    """Errors that replays found and that have no line in the public register: no report is made (R-102)."""

    help = "an official enters what is missing: `solely error --found`, or `solely error ENTRY` one by one"


class NotDecided(SolelyError):
    """A question about the law that no solver answered, or to which two answer differently (R-90)."""

    code = "NOT_DECIDED"
    http_status = 422
    help = "nothing counts as proved; remove the named cause and ask again"


class Blocked(SolelyError):
    """Nothing leaves until every cause in `codes` is gone (R-02)."""

    code = "BLOCKED"
    exit_code = 5
    http_status = 409
    help = "remove the named cause and run the command again"

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"blocked by `{code}`: {reason}")
        self.codes = (code,)
        self.batch_id: str | None = None  # of the letter that came, where one was read


class Closed(Blocked):
    """The log is closed for good, and what would need an entry is not done; nothing lifts this."""

    help = "a closed log is not opened again; what was published still verifies, and another gate goes on"

    def __init__(self) -> None:
        super().__init__(
            "CLOSED", "the log is closed; nothing is entered, decided, released, opened, signed or answered"
        )


class Unwitnessed(Blocked):
    """Nothing leaves until a quorum of witnesses has cosigned; what is logged stays (R-56)."""

    help = "let the named witness run again, then run the command again"

    def __init__(self, reason: str) -> None:
        super().__init__("WITNESS", reason)


class Duplicate(SolelyError):
    """The same act again: nothing is decided twice (R-13)."""

    code = "DUPLICATE"
    exit_code = 4
    http_status = 409
    help = "the stored result stands"


class TroubleError(Exception):
    """Disk, database or engine trouble; the step failed whole and nothing is half done."""

    code: ClassVar[str] = "TROUBLE"
    exit_code: ClassVar[int] = 3
    http_status: ClassVar[int] = 503
    help: ClassVar[str] = "try again; if it stays, the cause is named after the colon"

    def __init__(self, message: str, *, retry: bool = True) -> None:
        super().__init__(message)
        self.retry = retry


def fault_line(fault: BaseException) -> str:
    """What may be said of a fault: its kind and place; its text may hold a value (R-57)."""
    return f"solely: fault: {type(fault).__name__} in {place_of(fault)}; what was durable stands"


def place_of(fault: BaseException) -> str:
    """Where in our own code a fault arose: module and line, no value."""
    place = "an unknown place"
    for frame, line in traceback.walk_tb(fault.__traceback__):
        module = frame.f_globals.get("__name__", "")
        if module.startswith("solely") or module == "__main__":
            place = f"{module}:{line}"
    return place
