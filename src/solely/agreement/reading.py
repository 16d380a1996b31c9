"""The reviewed reading of a statute: what a named reviewer saw the machine read in each clause (R-90).

- A statute file is an interpretation. Its record says which bytes were reviewed, by whom, when, what is
  contested, and each clause in the words that the machine reads.
- A file that says less than its record, or something else, is told so before anything is claimed of it.
"""

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from solely.agreement.document import Document
from solely.agreement.english import english
from solely.errors import AgreementRefused

_KEYS = {"statute", "version", "sha256", "reviewer", "reviewed_on", "contested", "clauses", "lists"}


@dataclass(frozen=True, slots=True)
class ReviewedReading:
    """The record of one review; `clauses` in English by id, `lists` as the schedules stated them."""

    statute: str
    version: str
    sha256: str
    reviewer: str
    reviewed_on: date
    contested: tuple[str, ...]
    clauses: dict[str, str]
    lists: dict[str, tuple[str, ...]]


def parse_reading(data: bytes) -> ReviewedReading:
    """The record in `data`; raises AgreementRefused when it is none."""
    try:
        words: dict[str, Any] = tomllib.loads(data.decode("utf-8"))
        if set(words) != _KEYS or not isinstance(words["reviewed_on"], date):
            raise ValueError
        words["contested"] = tuple(map(str, words["contested"]))
        words["lists"] = {name: tuple(values) for name, values in words["lists"].items()}
        return ReviewedReading(**words)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError, TypeError, AttributeError):
        raise AgreementRefused(
            f"`reviewed.toml`: a record of a review states {', '.join(sorted(_KEYS))} and nothing else"
        ) from None


def record_text(statute: Document, reviewer: str, reviewed_on: date, contested: Sequence[str]) -> str:
    """The record that a reviewer checks, completes and signs off, as TOML."""
    lines = [
        "# What a named reviewer saw the machine read in each clause; of another file this is told first.",
        f"statute = {_quoted(statute.id)}",
        f"version = {_quoted(statute.version)}",
        f"sha256 = {_quoted(statute.sha256)}",
        f"reviewer = {_quoted(reviewer)}",
        f"reviewed_on = {reviewed_on.isoformat()}",
        f"contested = [{', '.join(map(_quoted, contested))}]",
        "",
        "[clauses]",
        *(f"{_quoted(id_)} = {_quoted(said)}" for id_, said in clauses_as_read(statute).items()),
        "",
        "[lists]",
        *(
            f"{name} = [{', '.join(map(_quoted, values))}]"
            for name, values in lists_as_stated(statute).items()
        ),
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A text as a TOML string: JSON's escapes are among TOML's."""
    return json.dumps(text, ensure_ascii=False)


def clauses_as_read(statute: Document) -> dict[str, str]:
    """Each clause of a statute in the words that the machine reads."""
    return {clause.id: english(clause.expression) for clause in statute.clauses}


def lists_as_stated(statute: Document) -> dict[str, tuple[str, ...]]:
    """The lists of a statute's schedules; one that it does not state says so."""
    return {
        name: tuple(value) if isinstance(value, list) else (str(value),)
        for schedule, entries in statute.schedules.items()
        if schedule != "facts"
        for name, value in entries.items()
    }


def differences(statute: Document, reading: ReviewedReading | None) -> list[str]:
    """How a statute file differs from its reviewed reading, clause by clause; none when it is that file."""
    if reading is None:
        return [
            f"no reviewed reading of statute `{statute.id}` is on record: nobody has signed off this file"
        ]
    if statute.sha256 == reading.sha256:
        return []
    found = [f"statute `{statute.id}` is not the file that was reviewed by {reading.reviewer}"]
    now, lists = clauses_as_read(statute), lists_as_stated(statute)
    found += [f"it lacks clause {id_}: {said}" for id_, said in reading.clauses.items() if id_ not in now]
    found += [
        f"its clause {id_} now reads: {now[id_]}; reviewed was: {said}"
        for id_, said in reading.clauses.items()
        if now.get(id_, said) != said
    ]
    found += [
        f"its clause {id_} was not reviewed: {said}"
        for id_, said in now.items()
        if id_ not in reading.clauses
    ]
    found += [
        f"its list `{name}` is not the one that was reviewed"
        for name in dict.fromkeys((*reading.lists, *lists))
        if reading.lists.get(name) != lists.get(name)
    ]
    if len(found) == 1:
        found.append("no rule differs: words, headers, cases or facts do")
    return found
