"""Officers named for an item: each an enrolled, certified person, never a mailbox (R-49, R-50)."""

import re
from collections.abc import Mapping
from datetime import date

from solely.facts.reading import Reading
from solely.model import Enrolment, Reason

SEPARATOR = ";"
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def officer_ids(text: str | None) -> tuple[str, ...]:
    """The ids in `text`, each once, in the order given; the same as what the package is sealed to."""
    parts = (each.strip() for each in (text or "").split(SEPARATOR))
    return tuple(dict.fromkeys(each for each in parts if each))


def read_officers(text: str, enrolled: Mapping[str, Enrolment] | None, day: date) -> Reading:
    """True when every named officer holds a valid enrolment on `day`, None with its reason otherwise.

    Never False: a clause that is false tells its own reason, one that is unknown the reason found (R-69).
    Without a trust folder (`enrolled` None) only the form of each id is judged.
    """
    ids = officer_ids(text)
    if not ids:
        return None, Reason("officers", "MISSING", "R-49")
    for each in ids:
        if not _ID.fullmatch(each):
            return None, Reason("officers", "MALFORMED", "R-49")
        reason = None if enrolled is None else _fault(enrolled.get(each), day)
        if reason is not None:
            return None, reason
    return True, None


def _fault(enrolment: Enrolment | None, day: date) -> Reason | None:
    """Why an officer so enrolled cannot be named on `day`, or None."""
    if enrolment is None:
        return Reason("officers", "UNKNOWN_OFFICER", "R-49")
    if enrolment.is_valid_on(day):
        return None
    if enrolment.kind != "person":
        return Reason("officers", "NOT_A_PERSON", "R-49")
    if not enrolment.valid_from <= day <= enrolment.valid_to:
        return Reason("officers", "NOT_IN_DATE", "R-50")
    return Reason("officers", "NOT_CERTIFIED", "R-50")
