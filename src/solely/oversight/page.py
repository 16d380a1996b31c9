"""The parts of a page: sections, tables that stack on a narrow screen, instants.

- Text is escaped where it enters; what is called content or a cell is HTML already.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from typing import NamedTuple

from solely.oversight.style import CSS


def instant(at: datetime) -> str:
    """An instant in UTC, for people and for programs."""
    utc = at.astimezone(UTC)
    return f'<time datetime="{utc:%Y-%m-%dT%H:%M:%SZ}">{utc:%Y-%m-%d %H:%M:%S} UTC</time>'


class Column(NamedTuple):
    """A column's head, and whether its cells are numbers."""

    head: str
    is_number: bool = False


def _number_class(column: Column) -> str:
    return ' class="n"' if column.is_number else ""


def _cell(column: Column, value: str, is_first: bool) -> str:
    kind = _number_class(column)
    if is_first:
        return f'<th scope="row" role="rowheader"{kind}>{value}</th>'
    return f'<td role="cell" data-label="{escape(column.head)}"{kind}>{value}</td>'


def table(caption: str, columns: Sequence[Column], rows: Iterable[Sequence[str]], kind: str = "wide") -> str:
    """A table whose rows stack on a narrow screen; cells are HTML already; `wide words` is one of sentences.

    The roles are stated because a table that is laid out as blocks loses them in some browsers.
    """
    head = "".join(
        f'<th scope="col" role="columnheader"{_number_class(each)}>{escape(each.head)}</th>'
        for each in columns
    )
    body = "".join(
        '<tr role="row">'
        + "".join(
            _cell(column, value, place == 0)
            for place, (column, value) in enumerate(zip(columns, row, strict=True))
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<table class="{kind}" role="table"><caption>{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )


def details(summary: str, content: str) -> str:
    """Content that opens under its summary, without script."""
    return f"<details><summary>{escape(summary)}</summary>{content}</details>"


def section(name: str, title: str, content: str) -> str:
    """A section that is named by its heading."""
    return f'<section aria-labelledby="{name}"><h2 id="{name}">{escape(title)}</h2>{content}</section>'


def document(title: str, body: str) -> str:
    """A whole page: one style sheet, no script, and a content policy that admits nothing else."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_policy(), quote=False)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{CSS}</style></head><body>{body}</body></html>\n"
    )


def _policy() -> str:
    """The content policy: nothing is loaded, and only this style sheet applies (CSP level 3, hash source)."""
    digest = base64.b64encode(hashlib.sha256(CSS.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
