"""The report of a gate as one HTML page: what came, what left, why not, and how to check it (issue 2).

- It shows stored counts and never computes a verdict (R-106); counts that do not add up make no report.
- No value of a request or record is handed in, so none can be shown; withheld is one class (R-100).
- Figures stand beside their limits, and no text claims more than can be shown (R-90).
- One file: no script, no outside resource, a content policy that admits its own style sheet alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import NamedTuple

from solely.errors import VerificationFailed
from solely.model import Counts, Disposition
from solely.oversight.bounds import per_million_max, statement
from solely.oversight.chart import Bar, Caption, Piece, bars, patterns, swatch
from solely.oversight.open_work import Caseload, ContestRow, EvidenceRow, open_work
from solely.oversight.page import Column, details, document, instant, section, table

CHARTED_MAX = 16  # reasons in the chart; the table beside it has them all
_TOLD = {
    Disposition.REFUSED: "refused: the statute or the agreement does not allow it",
    Disposition.RETURNED: "returned: deficient, can be cured and sent again",
    Disposition.REFERRED: "referred: a person decides",
}
_ERRORS = (
    ("wrong", "wrong person"),
    ("insufficient", "address given was not sufficient"),
    ("unconfirmed", "address not confirmed by the record"),
    ("forbidden", "another rule stood against it"),
)


class ReasonCount(NamedTuple):
    """How many items have one reason; those found after a record was read are never broken down (R-100)."""

    disposition: Disposition
    element: str
    code: str
    rules: tuple[str, ...]
    items: int
    is_record_read: bool = False


class BatchRow(NamedTuple):
    """One batch: its letter's digest as id, who sent it, when it arrived, and its current counts."""

    id: str
    requester: str
    received_at: datetime
    counts: Counts
    state: str
    blocked: tuple[str, ...] = ()


class Moment(NamedTuple):
    """One event of the ledger: when, for which batch, what, and the index of its entry."""

    at: datetime
    batch: str
    what: str
    entry: int | None = None


class Approval(NamedTuple):
    """One approval: an office, never a person's name."""

    batch: str
    office: str
    at: datetime
    entry: int | None = None


class Checkpoint(NamedTuple):
    """The signed state of the ledger that this report rests on."""

    origin: str
    size: int
    root: str


class Procedure(NamedTuple):
    """What one procedure released of the same batch, each release in one class, judged by ground truth.

    `not_permitted`: person and address are right, and yet another rule stood against the release.
    """

    name: str
    released: int
    wrong_person: int
    insufficient_address: int
    address_unconfirmed: int
    correct: int
    not_permitted: int = 0

    def errors(self) -> tuple[int, int, int, int]:
        """The releases that should not have left, by class, the gravest first."""
        return self.wrong_person, self.insufficient_address, self.address_unconfirmed, self.not_permitted


class ClassRow(NamedTuple):
    """One class of request in the ground truth: items, and what each procedure released of them."""

    name: str
    items: int
    before: int
    here: int


@dataclass(frozen=True, slots=True)
class ReportData:
    """All that a report shows. `comparison` is (the other procedure, this gate), or empty."""

    profile: str
    agreement_id: str
    agreement_version: str
    agreement_digest: str
    is_synthetic: bool
    at: datetime
    checkpoint: Checkpoint
    batches: tuple[BatchRow, ...]
    reasons: tuple[ReasonCount, ...] = ()
    moments: tuple[Moment, ...] = ()
    approvals: tuple[Approval, ...] = ()
    caseload: Caseload | None = None
    evidence: tuple[EvidenceRow, ...] = ()
    contests: tuple[ContestRow, ...] = ()
    limits: tuple[str, ...] = ()
    comparison: tuple[Procedure, ...] = ()
    classes: tuple[ClassRow, ...] = ()

    def total(self) -> Counts:
        """The counts of all batches together."""
        names = ("received", "releasable", "released", "withheld", "referred", "returned", "refused")
        return Counts(**{name: sum(getattr(batch.counts, name) for batch in self.batches) for name in names})


def require_consistent(data: ReportData) -> None:
    """Return when every count adds up; else VerificationFailed, and there is no report (R-05, R-58)."""
    for batch in data.batches:
        if not batch.counts.is_reconciled():
            raise VerificationFailed(f"the counts of batch `{batch.id}` do not add up; no report is made")
    for each in data.comparison:
        if sum(each.errors()) + each.correct != each.released:
            raise VerificationFailed("the classes of the comparison do not add up; no report is made")


# -- head and key figures -----------------------------------------------------------------------------


def _tile(label: str, number: int, kind: str = "") -> str:
    return f'<div class="{kind}"><dt>{escape(label)}</dt><dd>{number:,}</dd></div>'


def _banners(data: ReportData) -> str:
    lines = []
    if data.is_synthetic:
        lines.append(
            '<p class="banner"><strong>Synthetic.</strong> Every person, record and request here is '
            "invented, and the agreement is signed with demo keys as an example.</p>"
        )
    codes = sorted({code for batch in data.batches for code in batch.blocked})
    if codes:
        lines.append(
            f'<p class="banner blocked"><strong>Blocked:</strong> {escape(", ".join(codes))}. '
            "Nothing more leaves until the cause is gone.</p>"
        )
    return "".join(lines)


def _header(data: ReportData) -> str:
    total = data.total()
    stopped = total.withheld + total.returned + total.refused
    return (
        '<a class="skip" href="#content">Skip to the report</a><header>'
        f'<p class="over">Disclosure report · {instant(data.at)}</p>'
        "<h1>What was asked, what left, and why the rest did not</h1>"
        f'<p class="lead">The gate under agreement <code>{escape(data.agreement_id)}</code>, version '
        f"{escape(data.agreement_version)}, profile {escape(data.profile)}.</p>{_banners(data)}"
        f'<dl class="tiles">{_tile("requests received", total.received)}'
        f"{_tile('released, sealed to named officers', total.released, 'good')}"
        f"{_tile('waiting for two approvers', total.releasable, 'wait')}"
        f"{_tile('waiting for a person', total.referred, 'wait')}"
        f"{_tile('did not leave', stopped, 'stop')}</dl></header>"
    )


# -- the funnel ---------------------------------------------------------------------------------------


def _funnel_steps(total: Counts) -> list[tuple[str, int, int, str]]:
    """(step, how many are left, how many ended here, what became of those)."""
    complete = total.received - total.refused - total.returned
    decided = complete - total.referred
    confirmed = decided - total.withheld
    return [
        ("Received in a signed letter", total.received, 0, ""),
        ("Neither refused nor returned", complete, total.received - complete, "refused or returned unread"),
        ("Decided without a person", decided, total.referred, "referred to a person"),
        ("One person, address confirmed", confirmed, total.withheld, "withheld, one neutral answer"),
        ("Released, approved by two", total.released, total.releasable, "waiting for approval"),
    ]


def _funnel(data: ReportData) -> str:
    steps = _funnel_steps(data.total())
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
        "<p>Each bar shows what is left after a step, and hatched what ended at it. Whether a request is "
        "complete and allowed is decided from the request alone, before any record is read.</p>"
        f"<figure>{bars(caption, rows)}</figure>{details('The funnel as a table', tabled)}",
    )


# -- reasons ------------------------------------------------------------------------------------------


def _shown_reasons(data: ReportData) -> list[ReasonCount]:
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


def _reasons(data: ReportData) -> str:
    shown = _shown_reasons(data)
    withheld = (
        f"<p>{data.total().withheld:,} requests were withheld. They are one class: reasons found after a "
        "record was read are not broken down, here or to the requester.</p>"
    )
    if not shown:
        return section("reasons", "Why requests did not go on", f"<p>No request has a reason.</p>{withheld}")
    columns = (
        Column("element"),
        Column("reason"),
        Column("rules"),
        Column("outcome"),
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
        "<p>A request may have several reasons. Those of a refused or returned one are all named to the "
        f"requester.{rest}</p>"
        f"{_reason_chart(shown)}{details('All reasons as a table', tabled)}{withheld}",
    )


# -- the comparison -----------------------------------------------------------------------------------


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


def _comparison(data: ReportData) -> str:
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


# -- batches, approvals, ledger -----------------------------------------------------------------------


def _entry(index: int | None) -> str:
    return "–" if index is None else f"{index:,}"


def _batches(data: ReportData) -> str:
    heads = ("received", "released", "releasable", "withheld", "referred", "returned", "refused")
    columns = [Column("batch"), Column("from"), *(Column(head, True) for head in heads), Column("state")]
    tabled = table(
        "Current counts of each batch",
        columns,
        (
            (
                f"<code>{escape(batch.id)}</code>",
                escape(batch.requester),
                *(f"{getattr(batch.counts, head):,}" for head in heads),
                escape(", ".join((batch.state, *batch.blocked))),
            )
            for batch in data.batches
        ),
    )
    moments = "".join(
        f"<li>{instant(each.at)}{escape(each.what)}"
        f"{'' if each.entry is None else f' · entry {each.entry:,}'}"
        f" · batch <code>{escape(each.batch)}</code></li>"
        for each in sorted(data.moments, key=lambda each: each.at)
    )
    line = f'<h3>In order of time</h3><ol class="moments">{moments}</ol>' if moments else ""
    return section("batches", "Batches", f"{tabled}{line}")


def _approvals(data: ReportData) -> str:
    if not data.approvals:
        content = "<p>No batch is approved yet, so nothing has left.</p>"
    else:
        content = (
            "<p>Each approval signs the digest of the exact set. Offices are named, not persons.</p>"
            + table(
                "Approvals",
                (Column("batch"), Column("office"), Column("signed"), Column("entry", True)),
                (
                    (
                        f"<code>{escape(each.batch)}</code>",
                        escape(each.office),
                        instant(each.at),
                        _entry(each.entry),
                    )
                    for each in data.approvals
                ),
            )
        )
    return section("approvals", "Approvals", content)


def _open_work(data: ReportData) -> str:
    if data.caseload is None:
        return ""
    return open_work(data.caseload, data.evidence, data.contests, data.at.date())


def _ledger(data: ReportData) -> str:
    facts = (
        ("agreement", f"<code>{escape(data.agreement_id)}</code>, version {escape(data.agreement_version)}"),
        ("its digest", f"<code>{escape(data.agreement_digest)}</code>"),
        ("ledger", f"<code>{escape(data.checkpoint.origin)}</code>"),
        ("entries", f"{data.checkpoint.size:,}"),
        ("root", f"<code>{escape(data.checkpoint.root)}</code>"),
    )
    listed = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts)
    return section(
        "ledger",
        "Check it yourself",
        "<p>The figures rest on the ledger under this signed checkpoint. Anyone with a copy of it and the "
        "verifier key can check it without seeing personal data:</p>"
        "<p><code>solely-verify log LEDGER --key VKEY</code></p>"
        f'<dl class="facts">{listed}</dl>',
    )


# -- limits -------------------------------------------------------------------------------------------


def _standing_limits(data: ReportData) -> list[str]:
    lines = [
        f"Outcomes are those of one reading of the agreement, version {data.agreement_version}, with the "
        "digest above; where its text is contested, the agreement's file says which reading was taken.",
        "What a request states is the requester's word. The gate checks signatures, form and consistency; "
        "it cannot see whether an investigation is real.",
        "A release around the gate is not seen here.",
        "Counts are current states as of the checkpoint; the ledger keeps each as first decided.",
        "Small counts are not suppressed: this page is for the custodian and its overseer, not the public.",
    ]
    if data.is_synthetic:
        lines.append("Rates on invented data do not carry over to real records.")
    return lines


def _limits(data: ReportData) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in (*_standing_limits(data), *data.limits))
    return section("limits", "What this report cannot show", f'<ul class="limits">{items}</ul>')


def render(data: ReportData) -> str:
    """The whole page; raises VerificationFailed when counts do not add up."""
    require_consistent(data)
    title = f"Disclosure report: {data.agreement_id}, version {data.agreement_version}"
    parts = (_funnel, _reasons, _comparison, _batches, _open_work, _approvals, _ledger, _limits)
    stamp = "synthetic · " if data.is_synthetic else ""
    return document(
        title,
        f'{patterns()}{_header(data)}<main id="content">{"".join(part(data) for part in parts)}</main>'
        f"<footer><p>{stamp}made by solely from the ledger of "
        f"<code>{escape(data.checkpoint.origin)}</code> at {data.checkpoint.size:,} entries. "
        "No value of a request or a record is on this page.</p></footer>",
    )
