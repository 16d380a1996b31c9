"""Citations of the United States Code, brought to one form: title, section, subdivisions.

- Case, dots, spaces and the section sign are ignored (contracts 1):
  "8 U.S.C. § 1253(a)(1)" is "8 USC 1253(a)(1)".
- Levels are written as the Code writes them: (a)(1)(A)(i)(I).
- A list or a body of law ("immigration laws") is no citation: one designated statute (R-15).
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from solely.facts.reading import Reading, unread

_CITATION = re.compile(
    r"(?:TITLE )?([0-9]{1,2}) ?U ?S ?C ?A? ?(?:SECTION|SECT|SEC|S)? ?"
    r"([0-9]{1,6}[A-Z]{0,2}(?:-[0-9]{1,2}[A-Z]?)?) ?((?:\([A-Z0-9]{1,5}\) ?)*)"
)
_SUBDIVISION = re.compile(r"\(([A-Z0-9]{1,5})\)")
_CLASS = re.compile(r"(?:(?:8 ?)?U ?S ?C ?)?(?:SECTION|SECT|SEC|S)? ?(1227|1182) ?((?:\([A-Z0-9]{1,5}\) ?)*)")
TITLES = 54  # of the United States Code
_UPPER_LEVELS = (2, 4)  # (a)(1)(A)(i)(I): the third and the fifth level are capitals
# The paragraphs of 8 USC 1227(a) and the subparagraphs that each has.
_DEPORTABLE = {"1": "ABCDEFGH", "2": "ABCDEF", "3": "ABCD", "4": "ABCDEF", "5": "", "6": "AB", "7": "AB"}
_CLAUSE = re.compile(r"(?i)[IVX]{1,4}")
_BLANKS = re.compile(r"\s+")


class Citation(NamedTuple):
    """A provision: "8 USC", "1253", ("a", "1", "A")."""

    title: str
    section: str
    subdivisions: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.title} {self.section}" + "".join(f"({each})" for each in self.subdivisions)

    def is_within(self, other: "Citation") -> bool:
        """True when this provision is `other` or a part of it."""
        depth = len(other.subdivisions)
        return self[:2] == other[:2] and self.subdivisions[:depth] == other.subdivisions


def _plain(text: str) -> str:
    """`text` in capitals without dots, commas and section signs, single-spaced."""
    return _BLANKS.sub(" ", text.upper().replace(".", "").replace("§", " ").replace(",", " ")).strip()


def _levels(text: str) -> tuple[str, ...]:
    return tuple(
        each if level in _UPPER_LEVELS else each.lower()
        for level, each in enumerate(_SUBDIVISION.findall(text))
    )


def parse_citation(text: str) -> Citation | None:
    """The one provision that `text` cites, else None."""
    cited = _CITATION.fullmatch(_plain(text))
    if cited is None:
        return None
    title, section, subdivisions = cited.groups()
    return Citation(f"{int(title)} USC", section.lower(), _levels(subdivisions))


def read_statute(text: str) -> Reading:
    """The canonical citation in `text`, as text (R-15)."""
    citation = parse_citation(text)
    if citation is None:
        return unread("statute", "MALFORMED", "R-15")
    if not 1 <= int(citation.title.split()[0]) <= TITLES:
        return unread("statute", "IMPLAUSIBLE", "R-15")
    return str(citation), None


def is_non_criminal(statute: str, non_criminal: Sequence[Citation], crimes: Sequence[Citation]) -> bool:
    """True when the provision lies in one that defines no crime, and in none that does (R-15)."""
    citation = parse_citation(statute)
    assert citation is not None, "only a canonical citation is looked up"
    if any(citation.is_within(each) for each in crimes):
        return False
    return any(citation.is_within(each) for each in non_criminal)


def read_removability_class(text: str) -> Reading:
    """The class in 8 USC 1227(a)(n) or 1182, canonical; anything else is malformed (R-18)."""
    cited = _CLASS.fullmatch(_plain(text))
    if cited is None:
        return unread("removability_class", "MALFORMED", "R-18")
    section, levels = cited[1], _levels(cited[2])
    if section == "1227" and not _is_class(levels):
        return unread("removability_class", "MALFORMED", "R-18")
    return section + "".join(f"({each})" for each in levels), None


def _is_class(levels: tuple[str, ...]) -> bool:
    """True when 8 USC 1227 has the subdivision: (a), a paragraph, its subparagraph, then numbered clauses."""
    if len(levels) < 2 or levels[0] != "a" or levels[1] not in _DEPORTABLE:
        return False
    letters, *clauses = levels[2:] or ("",)
    return letters in ("", *_DEPORTABLE[levels[1]]) and all(_CLAUSE.fullmatch(each) for each in clauses)
