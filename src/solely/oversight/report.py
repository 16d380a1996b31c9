"""The report of a gate as one HTML page: what came, what left, why not, and how to check it (issue 2).

- It shows stored counts and never computes a verdict (R-106); counts that do not add up make no report.
- No value of a request or record is handed in, so none can be shown; withheld is one class (R-100).
- Figures stand beside their limits, and no text claims more than can be shown (R-90).
- One file: no script, no outside resource, a content policy that admits its own style sheet alone.
- Its rooms: `outcomes`, `over_time`, `comparison`, `open_work`, `watched`; here are head, batches, approvals,
  ledger and limits. `figures_file` has the same figures as CSV.
"""

from html import escape
from typing import Final

from solely.oversight.chart import patterns
from solely.oversight.comparison import comparison
from solely.oversight.open_work import open_work
from solely.oversight.outcomes import funnel, reasons
from solely.oversight.over_time import over_time
from solely.oversight.page import Column, document, instant, section, table
from solely.oversight.report_data import BatchRow, ReportData, require_consistent
from solely.oversight.watched import watched

_NAMED: Final = 5  # batches that a line names

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
    stopped = [each for each in data.batches if each.blocked]
    if stopped:
        codes = sorted({code for each in stopped for code in each.blocked})
        names = ", ".join(f"<code>{escape(each.id)}</code>" for each in stopped[:_NAMED])
        more = f" and {len(stopped) - _NAMED:,} more" if len(stopped) > _NAMED else ""
        lines.append(
            f'<p class="banner blocked"><strong>Blocked:</strong> {escape(", ".join(codes))}, '
            f"batch {names}{more}. Nothing more of it leaves until the cause is gone.</p>"
        )
    if stopping := data.watched.stopping():
        lines.append(
            f'<p class="banner blocked"><strong>Orders in force:</strong> {escape(", ".join(stopping))}. '
            "What they touch neither leaves nor opens.</p>"
        )
    return "".join(lines)


def _header(data: ReportData) -> str:
    total = data.total()
    stopped = total.withheld + total.returned + total.refused
    return (
        f'<header><p class="over">Disclosure report · {instant(data.at)}</p>'
        "<h1>What was asked, what left, and why the rest did not</h1>"
        f'<p class="lead">The gate under agreement <code>{escape(data.agreement_id)}</code>, version '
        f"{escape(data.agreement_version)}, profile {escape(data.profile)}.</p>{_banners(data)}"
        f'<dl class="tiles">{_tile("requests received", total.received)}'
        f"{_tile('released, sealed to named officers', total.released, 'good')}"
        f"{_tile('waiting for two approvers', total.releasable, 'wait')}"
        f"{_tile('waiting for a person', total.referred, 'wait')}"
        f"{_tile('did not leave', stopped, 'stop')}</dl></header>"
    )


# -- batches, approvals, ledger -----------------------------------------------------------------------


def _entry(index: int | None) -> str:
    return "–" if index is None else f"{index:,}"


def _standing(batch: BatchRow) -> str:
    """The state of a batch, what blocks it, and what of it no count has yet."""
    undecided = (f"{batch.undecided:,} undecided",) if batch.undecided else ()
    return ", ".join((batch.state, *batch.blocked, *undecided))


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
                escape(_standing(batch)),
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
    waiting = (
        f"<p>Of the released, {data.undelivered:,} are not delivered yet: their packages wait at the gate, "
        "for witnesses, or until what stops them ends.</p>"
        if data.undelivered
        else ""
    )
    line = f'<h3>In order of time</h3><ol class="moments">{moments}</ol>' if moments else ""
    return section("batches", "Batches", f"{tabled}{waiting}{line}")


def _approvals(data: ReportData) -> str:
    if not data.approvals:
        content = "<p>No batch is approved yet, so nothing has left.</p>"
    else:
        content = (
            "<p>Each approval signs the digest of the exact set. Offices are named, not persons.</p>"
            + table(
                "Approvals",
                (
                    Column("batch"),
                    Column("office"),
                    Column("signed"),
                    Column("entry", True),
                    Column("standing"),
                ),
                (
                    (
                        f"<code>{escape(each.batch)}</code>",
                        escape(each.office),
                        instant(each.at),
                        _entry(each.entry),
                        escape(f"void: {each.void}" if each.void else "counts"),
                    )
                    for each in data.approvals
                ),
            )
        )
    return section("approvals", "Approvals", content)


def _open_work(data: ReportData) -> str:
    if data.caseload is None:
        return ""
    return open_work(data.caseload, data.evidence, data.contests, data.clocks, data.at)


def _watched(data: ReportData) -> str:
    return watched(data.watched, data.at)


def _over_time(data: ReportData) -> str:
    return over_time(data.over_time)


def _ledger(data: ReportData) -> str:
    facts = (
        ("agreement", f"<code>{escape(data.agreement_id)}</code>, version {escape(data.agreement_version)}"),
        ("its digest", f"<code>{escape(data.agreement_digest)}</code>"),
        *(
            (
                f"decided under version {escape(each.number)}",
                f"<code>{escape(each.digest)}</code>: batch "
                + ", ".join(f"<code>{escape(batch)}</code>" for batch in each.batches),
            )
            for each in data.earlier
        ),
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


def _reading(data: ReportData) -> str:
    """Of which version of the agreement the outcomes are a reading."""
    contested = "where its text is contested, the agreement's file says which reading was taken."
    if not data.earlier:
        return (
            f"Outcomes are those of one reading of the agreement, version {data.agreement_version}, with the "
            f"digest above; {contested}"
        )
    return (
        "Each outcome is that of one reading of the version of the agreement that was in force when its "
        f"batch was received, with the digest above; {contested}"
    )


def _standing_limits(data: ReportData) -> list[str]:
    lines = [
        _reading(data),
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
    head, body = content(data)
    title = f"Disclosure report: {data.agreement_id}, version {data.agreement_version}"
    stamp = "synthetic · " if data.is_synthetic else ""
    skip = '<a class="skip" href="#content">Skip to the report</a>'
    return document(
        title,
        f'{patterns()}{skip}{head}<main id="content">{body}</main>'
        f"<footer><p>{stamp}made by solely from the ledger of "
        f"<code>{escape(data.checkpoint.origin)}</code> at {data.checkpoint.size:,} entries. "
        "No value of a request or a record is on this page.</p></footer>",
    )


def content(data: ReportData) -> tuple[str, str]:
    """Head and sections of the report, for a page of its own or for the console's frame."""
    require_consistent(data)
    parts = (
        funnel,
        reasons,
        _over_time,
        comparison,
        _batches,
        _open_work,
        _watched,
        _approvals,
        _ledger,
        _limits,
    )
    return _header(data), "".join(part(data) for part in parts)
