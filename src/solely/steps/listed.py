"""Each person of a list that protects can be found by it, or the error says whose values do not serve.

A value that nothing can be held against would look like protection and stop nothing (R-91). The error names a
person by the place in the list, never by a value (R-57).
"""

from collections.abc import Callable, Mapping

from solely.errors import UsageError
from solely.facts.day import find_day
from solely.facts.identifier import read_alien_number, read_taxpayer_number
from solely.folding import fold
from solely.orders.order import named
from solely.orders.people import People, has_name

_CURES: Mapping[str, str] = {
    "given_name": "a name has letters",
    "family_name": "a name has letters",
    "birth_date": "it is a day such as 1980-01-31",
    "taxpayer_number": "it is nine digits that could be issued",
    "alien_number": "it is A and seven to nine digits",
}


def require_findable(people: People) -> None:
    """Return when every person has a name or a taxpayer number; else UsageError (R-91).

    No record has an alien number, and few requests state one; a suffix (JR, III) is no name. By these alone a
    list would protect nobody.
    """
    for place, person in enumerate(people, start=1):
        stated = person.given_name or person.family_name
        if stated and not person.taxpayer_number and _has_letters(stated) and not has_name(person):
            raise UsageError(
                f"an order's {named('scope.people')} gives a suffix for the name of person {place}, and "
                "nobody is found by it; add the name, or the taxpayer number"
            )
        if not (person.given_name or person.family_name or person.taxpayer_number):
            raise UsageError(
                f"an order's {named('scope.people')} gives an alien number alone for person {place}, and no "
                "record has one; add the name and the birth date, or the taxpayer number"
            )


def require_readable(people: People, *, is_synthetic: bool) -> None:
    """Return when every stated value of every person can be read; else UsageError (R-91)."""
    readers: Mapping[str, Callable[[str], bool]] = {
        "given_name": _has_letters,
        "family_name": _has_letters,
        "birth_date": lambda text: find_day(text) is not None,
        "taxpayer_number": lambda text: read_taxpayer_number(text, is_synthetic=is_synthetic)[1] is None,
        "alien_number": lambda text: read_alien_number(text)[1] is None,
    }
    for place, person in enumerate(people, start=1):
        for element, text in person._asdict().items():
            if text and not readers[element](text):
                told = f"{_CURES[element]}; correct it, or leave it out where the rest still names the person"
                raise UsageError(f"person {place} of the list: `{element}` cannot be read: {told}")


def _has_letters(text: str) -> bool:
    return any(each.isalpha() for each in fold(text))
