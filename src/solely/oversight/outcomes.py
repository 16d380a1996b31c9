"""What became of requests, and why the rest did not go on: two sections of the report (R-43, R-100)."""

from collections.abc import Sequence
from html import escape

from solely.model import Counts, Disposition
from solely.oversight.chart import Bar, Caption, Piece, bars, swatch
from solely.oversight.page import Column, details, section, table
from solely.oversight.report_data import ReasonCount, ReportData

CHARTED_MAX = 16  # reasons in the chart; the table beside it has them all
_TOLD = {
    Disposition.REFUSED: "refused: the statute or the agreement does not allow it",
    Disposition.RETURNED: "returned: deficient, can be cured and sent again",
    Disposition.REFERRED: "referred: a person decides",
}


def funnel_steps(total: Counts) -> list[tuple[str, int, int, str]]:
    """(step, how many are left, how many ended here, what became of those)."""
    complete = total.received - total.refused - total.returned
    decided = complete - total.referred
    confirmed = decided - total.withheld
    return [
        ("Received in a signed letter", total.received, 0, ""),
        ("Neither refused nor returned", complete, total.received - complete, "refused or returned"),
        ("Decided, alone or by officers", decided, total.referred, "waiting for a person"),
        ("One person, address confirmed", confirmed, total.withheld, "withheld, one neutral answer"),
        ("Released, approved by two", total.released, total.releasable, "waiting for approval"),
    ]


def funnel(data: ReportData) -> str:
    """The section of what is left after each step."""
    steps = funnel_steps(data.total())
    rows = [
        Bar(
            step,
            f"{left:,}",
            (Piece(left, "released" if place == len(steps) - 1 else "left"), Piece(gone, "dropped")),
            f"− {gone:,} {words}" if gone else "",
        )
        for place, (step, left, gone, words) in enumerate(steps)
    ]
    told = "; ".join(f"{step}: {left:,}" for step, left, _, _ in steps)
    caption = Caption("funnel", "From request to release", f"Requests left after each step. {told}.")
    columns = (
        Column("step"),
        Column("left", True),
        Column("ended here", True),
        Column("what became of them"),
    )
    tabled = table(
        "Requests left after each step",
        columns,
        ((escape(step), f"{left:,}", f"{gone:,}", escape(words) or "–") for step, left, gone, words in steps),
    )
    return section(
        "funnel",
        "From request to release",
        "<p>Each bar shows what is left after a step, and hatched what ended at it, as things stand now: "
        "what was referred and then decided counts where it came to. Whether a request is complete and "
        "allowed is first decided from the request alone, before any record is read.</p>"
        f"<figure>{bars(caption, rows)}</figure>{details('The funnel as a table', tabled)}",
    )


def shown_reasons(data: ReportData) -> list[ReasonCount]:
    """Reasons that a request alone gave, most frequent first; no cause behind a read record (R-43, R-100)."""
    told = [each for each in data.reasons if each.disposition in _TOLD and not each.is_record_read]
    return sorted(told, key=lambda each: (-each.items, each.element, each.code))


def _reason_chart(shown: Sequence[ReasonCount]) -> str:
    charted = shown[:CHARTED_MAX]
    rows = [
        Bar(
            f"{each.element}: {each.code}",
            f"{each.items:,} {each.disposition.value}",
            (Piece(each.items, each.disposition.value),),
        )
        for each in charted
    ]
    told = "; ".join(f"{each.element} {each.code} {each.items:,}" for each in charted[:5])
    caption = Caption("reason", "Why requests did not go on", f"Most frequent reasons: {told}.")
    return f"<figure>{bars(caption, rows, is_figure_behind=True)}{_reason_legend(charted)}</figure>"


def _reason_legend(charted: Sequence[ReasonCount]) -> str:
    present = {each.disposition for each in charted}
    items = "".join(
        f"<li>{swatch(kind.value)}{escape(words)}</li>" for kind, words in _TOLD.items() if kind in present
    )
    return f'<ul class="legend">{items}</ul>'


def reasons(data: ReportData) -> str:
    """The section of why requests did not go on; withheld is one class."""
    shown = shown_reasons(data)
    withheld = (
        f"<p>{data.total().withheld:,} requests are withheld now. They are one class: reasons found after a "
        "record was read are not broken down, here or to the requester.</p>"
    )
    if not shown:
        return section("reasons", "Why requests did not go on", f"<p>No request has a reason.</p>{withheld}")
    columns = (
        Column("element"),
        Column("reason"),
        Column("rules"),
        Column("first outcome"),
        Column("items", True),
    )
    tabled = table(
        "Every reason that a request alone gave",
        columns,
        (
            (
                escape(each.element),
                f"<code>{escape(each.code)}</code>",
                escape(", ".join(each.rules)) or "–",
                each.disposition.value,
                f"{each.items:,}",
            )
            for each in shown
        ),
    )
    more = len(shown) - CHARTED_MAX
    rest = (
        f" The {CHARTED_MAX} most frequent are drawn; {more:,} more stand in the table." if more > 0 else ""
    )
    return section(
        "reasons",
        "Why requests did not go on",
        "<p>Outcomes and reasons are those of the first decision; what officers, contests and orders changed "
        "since stands in the counts of the batches. A request may have several reasons. Those of a refused "
        f"or returned one are all named to the requester.{rest}</p>"
        f"{_reason_chart(shown)}{details('All reasons as a table', tabled)}{withheld}",
    )
