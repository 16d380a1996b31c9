"""The same requests under two procedures, both judged by ground truth: a section of the report (R-90)."""

from html import escape

from solely.oversight.bounds import per_million_max, statement
from solely.oversight.chart import Bar, Caption, Piece, bars, swatch
from solely.oversight.page import Column, details, section, table
from solely.oversight.report_data import Procedure, ReportData

_ERRORS = (
    ("wrong", "wrong person"),
    ("insufficient", "address given was not sufficient"),
    ("unconfirmed", "address not confirmed by the record"),
    ("forbidden", "another rule stood against it"),
)


def _comparison_chart(data: ReportData) -> str:
    rows = [
        Bar(
            each.name,
            f"{each.released:,}",
            (
                Piece(each.correct, "correct"),
                *(Piece(n, kind) for n, (kind, _) in zip(each.errors(), _ERRORS, strict=True)),
            ),
        )
        for each in data.comparison
    ]
    told = ". ".join(
        f"{each.name}: {each.released:,} released, {each.correct:,} correct, "
        + ", ".join(f"{n:,} {words}" for n, (_, words) in zip(each.errors(), _ERRORS, strict=True))
        for each in data.comparison
    )
    legend = "".join(
        f"<li>{swatch(kind)}{escape(words)}</li>" for kind, words in (("correct", "correct"), *_ERRORS)
    )
    caption = Caption("comparison", "Releases by each procedure on the same requests", f"{told}.")
    return f'<figure>{bars(caption, rows)}<ul class="legend">{legend}</ul></figure>'


def _comparison_table(data: ReportData) -> str:
    heads = ("procedure", "released", "correct", *(words for _, words in _ERRORS))
    return table(
        "Releases on the same requests, each in the first class that applies",
        [Column(head, place > 0) for place, head in enumerate(heads)],
        (
            (escape(each.name), *(f"{n:,}" for n in (each.released, each.correct, *each.errors())))
            for each in data.comparison
        ),
    )


def _class_table(data: ReportData) -> str:
    if not data.classes:
        return ""
    heads = ("class of request", "requests", f"released: {data.comparison[0].name}", "released: this gate")
    tabled = table(
        "What each procedure released, by class of request in the ground truth",
        [Column(head, place > 0) for place, head in enumerate(heads)],
        (
            (escape(each.name), f"{each.items:,}", f"{each.before:,}", f"{each.here:,}")
            for each in data.classes
        ),
    )
    return details("By class of request", tabled)


def _bounds(procedure: Procedure) -> str:
    lines = "".join(
        f"<li>{escape(words)}: {escape(statement(number, procedure.released))}</li>"
        for number, (_, words) in zip(procedure.errors(), _ERRORS, strict=True)
    )
    return (
        f'<div class="bound"><strong>{escape(procedure.name)}, with what the numbers can show</strong>'
        f'<ul class="limits">{lines}</ul>Exact Poisson bound, one-sided. '
        "None observed does not mean none.</div>"
    )


def _versus(data: ReportData) -> str:
    """The two numbers that matter, the gate's own with its bound beside it (R-90)."""
    tiles = []
    for each in data.comparison:
        wrong, words = sum(each.errors()), ""
        if each is data.comparison[-1] and each.released:
            words = f"; at most {per_million_max(wrong, each.released):,} per million at 95\u00a0%"
        tiles.append(
            f'<div class="{"bad" if wrong else "good"}"><dt>{escape(each.name)}: of {each.released:,} '
            f"releases should not have left{words}</dt><dd>{wrong:,}</dd></div>"
        )
    return f'<dl class="tiles versus">{"".join(tiles)}</dl>'


def comparison(data: ReportData) -> str:
    """The section that holds this gate against another procedure, on the same requests (R-90)."""
    if not data.comparison:
        return ""
    title = "The same requests under the procedure of August 2025"
    return section(
        "comparison",
        title,
        "<p>That procedure, as publicly reported: the taxpayer number and the name agree, and the address "
        "field holds five or nine digits. Both are judged by the ground truth of the generated world, which "
        f"the gate never sees.</p>{_versus(data)}{_comparison_chart(data)}{_bounds(data.comparison[-1])}"
        f"{details('The comparison as a table', _comparison_table(data))}{_class_table(data)}",
    )
