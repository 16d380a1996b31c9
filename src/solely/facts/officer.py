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
    """True when every named officer holds a valid enrolment on `day`, False with its reason otherwise.

    Without a trust folder (`enrolled` None) only the form of each id is judged; no id at all is unknown.
    """
    ids = officer_ids(text)
    if not ids:
        return None, Reason("officers", "MISSING", "R-49")
    for each in ids:
        if not _ID.fullmatch(each):
            return False, Reason("officers", "MALFORMED", "R-49")
        if enrolled is None:
            continue
        if each not in enrolled:
            return False, Reason("officers", "UNKNOWN_OFFICER", "R-49")
        if not enrolled[each].is_valid_on(day):
            return False, Reason("officers", "NOT_CERTIFIED", "R-50")
    return True, None
