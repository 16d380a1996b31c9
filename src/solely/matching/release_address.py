"""The one address that may leave, and nobody's name with it.

- It is the latest of record that meets a requested period: the greatest end, an open one last, then the
  greatest start; two different ones equally late leave nothing (contracts 2, R-22).
- A filed line that holds more than an address (care of somebody, a name before the number) leaves in its
  standard form only, which has no place for a name; without a standard form it does not leave (R-46).
"""

import re
from collections.abc import Sequence
from datetime import date

from solely.folding import fold
from solely.matching.compare import meets
from solely.model import Address, RecordAddress, Subject

_CARE_OF = re.compile(r"%|\b(C\s*/\s*O|CARE\s+OF|ATTN|ATTENTION|FBO|A/C)\b", re.IGNORECASE)


def choose_address(addresses: Sequence[RecordAddress], subject: Subject) -> tuple[RecordAddress | None, str]:
    """The address that may leave, and LATEST; (None, NONE), (None, TIE) or (None, THIRD_PERSON) for none."""
    meeting = [each for each in addresses if meets(each, subject.periods)]
    if not meeting:
        return None, "NONE"
    latest = max(_lateness(each) for each in meeting)
    chosen = [each for each in meeting if _lateness(each) == latest]
    if len({_place(each) for each in chosen}) > 1:
        return None, "TIE"
    bare = without_third_person(min(chosen, key=_as_filed))
    return (bare, "LATEST") if bare is not None else (None, "THIRD_PERSON")


def without_third_person(address: RecordAddress) -> RecordAddress | None:
    """`address` as filed where it is an address alone, else in standard form; None where it has none."""
    standard = address.standard
    if not _CARE_OF.search(f"{address.street_line} {address.unit}") and _starts_with_number(address):
        return address
    if standard is None or standard.kind != "street":
        return None
    line = " ".join(filter(None, _street_parts(standard)))
    return address._replace(street_line=line, unit=standard.unit)


def _starts_with_number(address: RecordAddress) -> bool:
    """True unless a street address has words before its number; other kinds are told by CARE OF alone."""
    standard = address.standard
    if standard is None or standard.kind != "street":
        return True
    return _letters(address.street_line).startswith(_letters(standard.number))


def _letters(text: str) -> str:
    return fold(text).replace(" ", "")


def _street_parts(standard: Address) -> tuple[str, ...]:
    return (
        standard.number, standard.predirectional, standard.street, standard.suffix, standard.postdirectional,
    )  # fmt: skip


def _lateness(address: RecordAddress) -> tuple[date, date]:
    return address.period_to or date.max, address.period_from or date.min


def _place(address: RecordAddress) -> tuple[str, ...]:
    """What makes two addresses one: the standard form, or the text as filed where there is none."""
    return tuple(address.standard) if address.standard is not None else _as_filed(address)


def _as_filed(address: RecordAddress) -> tuple[str, ...]:
    return (address.street_line, address.unit, address.city, address.state, address.zip)
