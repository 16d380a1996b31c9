"""The report: one page that stands alone, says its limits, and shows no cause behind a read record."""

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from solely.errors import VerificationFailed
from solely.model import Counts, Disposition
from solely.oversight import over_time, report, report_data, watched
from solely.oversight.accounting import Account
from solely.oversight.figures_file import as_csv
from solely.oversight.style import CSS
from tests.support.html import Page

AT = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
CLAIMS = re.compile(r"\b(lawful|lawfully|legal|legally|compliant|compliance|certified)\b", re.IGNORECASE)


def _data(**changes):
    counts = Counts(received=5000, released=1234, withheld=287, referred=61, returned=3310, refused=108)
    whole = report_data.ReportData(
        profile="demo",
        agreement_id="irs-ice-2025",
        agreement_version="1",
        agreement_digest="9f" * 32,
        is_synthetic=True,
        at=AT,
        checkpoint=report_data.Checkpoint("solely.example/demo", 11482, "qX2n0JpH="),
        batches=(report_data.BatchRow("3fa94c1e77d20b6a", "ice", AT, counts, "released"),),
        reasons=(
            report_data.ReasonCount(Disposition.RETURNED, "address", "INCOMPLETE", ("R-27",), 1240),
            report_data.ReasonCount(Disposition.REFUSED, "purpose", "CIVIL_REMOVAL", ("R-16",), 61),
            report_data.ReasonCount(Disposition.REFERRED, "name", "SINGLE", ("R-94",), 12),
        ),
        moments=(report_data.Moment(AT, "3fa94c1e77d20b6a", "received", 12),),
        approvals=(report_data.Approval("3fa94c1e77d20b6a", "disclosure-east", AT, 5014),),
        comparison=(
            report_data.Procedure("Procedure of August 2025", 2881, 164, 1322, 240, 1145, 10),
            report_data.Procedure("This gate", 1234, 0, 0, 0, 1234),
        ),
        classes=(report_data.ClassRow("placeholder with ZIP", 600, 580, 0),),
    )
    return replace(whole, **changes)


@pytest.fixture(scope="module")
def text():
    return report.render(_data())


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_the_page_stands_alone_without_script_or_outside_resource(text, page):
    assert {"script", "link", "img", "iframe", "object", "form"}.isdisjoint(tag for tag, _ in page.tags)
    assert [tag for tag, _ in page.tags].count("style") == 1
    names = {name for name, _ in page.attributes}
    assert "style" not in names
    assert not any(name.startswith("on") for name in names)
    references = [value for name, value in page.attributes if name in ("href", "src", "xlink:href")]
    assert all(value.startswith("#") for value in references)
    assert "@import" not in text
    assert set(re.findall(r"url\(([^)]*)\)", CSS)) == {
        "#p-dropped", "#p-insufficient", "#p-unconfirmed", "#p-forbidden", "#p-wrong",
    }  # fmt: skip


def test_the_content_policy_admits_the_pages_own_style_sheet_alone(text):
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy


def test_ids_are_unique_and_every_reference_leads_somewhere(page):
    assert len(page.ids) == len(set(page.ids))
    named = [value for name, value in page.attributes if name == "aria-labelledby"]
    wanted = {each for value in named for each in value.split()}
    wanted |= {value[1:] for name, value in page.attributes if name == "href"}
    assert wanted <= set(page.ids)


def test_each_chart_is_a_named_image_with_its_numbers_in_words_and_a_table(text):
    charts = re.findall(r'<svg class="chart" role="img".*?</svg>', text, re.DOTALL)
    assert len(charts) == 3
    for chart in charts:
        assert "<title id=" in chart
        assert re.search(r"<desc id=[^>]*>[^<]*\d", chart)
        assert "viewBox" not in chart  # text that is scaled with the picture is unreadable at 320 pixels
    assert text.count("<details>") == 4
    assert re.search(r'lang="en"', text)


def test_every_count_stands_on_the_page(text):
    for number in (
        "5,000",
        "1,234",
        "287",
        "61",
        "3,310",
        "108",
        "1,240",
        "2,881",
        "1,322",
        "11,482",
        "5,014",
    ):
        assert number in text


@pytest.mark.rule("R-100")
def test_no_cause_behind_a_read_record_is_broken_down(text):
    causes = (
        report_data.ReasonCount(Disposition.WITHHELD, "match", "IMPAIRED", ("R-43",), 1),
        report_data.ReasonCount(Disposition.WITHHELD, "match", "ADDRESS_NOT_OF_RECORD", ("R-37",), 286),
        report_data.ReasonCount(Disposition.REFERRED, "match", "SECOND_OPINION", ("R-39",), 7, True),
    )
    assert report.render(_data(reasons=_data().reasons + causes)) == text
    assert "287 requests are withheld now. They are one class" in text


@pytest.mark.rule("R-90")
def test_error_figures_stand_beside_their_bound(text):
    assert text.count("0 observed in 1,234, at most 2,428 per million at 95 %") == 4
    assert "of 1,234 releases should not have left; at most 2,428 per million at 95\u00a0%" in text
    assert "What this report cannot show" in text
    assert "A release around the gate is not seen here" in text
    assert "the requester&#x27;s word" in text


@pytest.mark.rule("R-90")
@pytest.mark.parametrize("is_synthetic", [True, False])
def test_the_page_claims_nothing_that_cannot_be_shown(is_synthetic):
    shown = report.render(_data(is_synthetic=is_synthetic, comparison=(), classes=()))
    assert not CLAIMS.search(shown)
    assert not CLAIMS.search(report.render(_data()))
    assert ("Synthetic" in shown) is is_synthetic


@pytest.mark.rule("R-05")
def test_counts_that_do_not_add_up_make_no_report():
    batch = _data().batches[0]
    spoiled = batch._replace(counts=replace(batch.counts, released=1233))
    with pytest.raises(VerificationFailed, match="3fa94c1e77d20b6a"):
        report.render(_data(batches=(spoiled,)))
    with pytest.raises(VerificationFailed, match="comparison"):
        report.render(_data(comparison=(report_data.Procedure("one", 10, 0, 0, 0, 9),)))


def test_hostile_text_is_shown_as_text():
    hostile = "<script>alert(1)</script>\"'&"
    data = _data(
        agreement_id=hostile,
        limits=(hostile,),
        approvals=(report_data.Approval(hostile, hostile, AT),),
        moments=(report_data.Moment(AT, hostile, hostile),),
        reasons=(report_data.ReasonCount(Disposition.RETURNED, hostile, hostile, (hostile,), 3),),
        classes=(report_data.ClassRow(hostile, 1, 1, 0),),
    )
    shown = report.render(data)
    assert "<script" not in shown
    assert Page(shown).ids


@pytest.mark.parametrize("empty", ["batches", "reasons", "moments", "approvals", "comparison"])
def test_a_gate_that_has_done_nothing_yet_has_a_page(empty):
    changes = {empty: ()} | ({"classes": ()} if empty == "comparison" else {})
    assert Page(report.render(_data(**changes))).tags
    assert report.render(_data(batches=(), comparison=(), classes=(), reasons=()))


@pytest.mark.rule("R-02")
def test_a_block_is_said_at_the_top_with_the_batch_that_it_stops():
    (other,) = _data().batches
    batch = other._replace(id="0123456789abcdef", blocked=("RECORDS_TOO_OLD",))
    shown = report.render(_data(batches=(other, batch)))
    banner = shown[shown.index("RECORDS_TOO_OLD") :].partition("</p>")[0]
    assert shown.index("RECORDS_TOO_OLD") < shown.index("From request to release")
    assert (batch.id in banner, other.id in banner) == (True, False)
    many = [batch._replace(id=f"{number:016x}") for number in range(9)]
    assert "and 4 more" in report.render(_data(batches=tuple(many)))


def test_a_batch_that_waits_undecided_says_how_many_items_no_count_has():
    (other,) = _data().batches
    batch = other._replace(counts=Counts(), state="received", blocked=("CASELOAD",), undecided=2501)
    assert "received, CASELOAD, 2,501 undecided" in report.render(_data(batches=(other, batch)))


def test_the_same_data_gives_the_same_bytes(text):
    assert report.render(_data()) == text


def _luminance(color):
    digits = color if len(color) == 6 else "".join(each * 2 for each in color)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_has_contrast_and_bars_are_seen():
    """WCAG 2.2, 1.4.3 (text, 4.5) and 1.4.11 (parts of charts, 3)."""
    colors = dict(re.findall(r"--(\w+):#([0-9a-f]{3,6})", CSS))
    grounds = [colors["paper"], colors["card"], colors["pale"], "fff6ec", "fdf0ee"]
    for name, least in (
        ("ink", 4.5), ("soft", 4.5), ("blue", 4.5), ("green", 4.5), ("red", 4.5), ("orange", 3), ("ochre", 3),
    ):  # fmt: skip
        for ground in grounds:
            light, dark = _luminance(ground), _luminance(colors[name])
            assert (light + 0.05) / (dark + 0.05) >= least, (name, ground)


WATCHED = watched.Watched(
    objections=(watched.Objection(5_020, "3fa94c1e77d20b6a", AT, True),),
    orders=(watched.OrderRow("ab" * 8, "stay", "courts/district-court", 5_021, "is in force", True),),
    openings=(("made", 7), ("denied", 2)),
    duties=(("verified", 5, 3),),
)


@pytest.mark.rule("R-92", "R-96")
def test_what_waits_for_an_answer_stands_on_the_page_and_in_the_table():
    data = _data(watched=WATCHED)
    text = report.render(data)
    assert WATCHED.blocks() == {"3fa94c1e77d20b6a": ("OBJECTION",)}
    assert "open: blocks" in text
    assert "courts/district-court" in text
    figures = set(as_csv(data).decode().splitlines())
    assert {"objections,,open,1", "orders,,in force,1", "openings,,denied,2"} <= figures
    assert {"duties,verified,open,5", "duties,verified,overdue,3"} <= figures
    assert "funnel,,Received in a signed letter,5000" in figures


@pytest.mark.rule("R-58")
def test_each_figure_says_whether_it_is_of_the_first_decision_or_of_now_and_what_was_not_delivered():
    data = _data(undelivered=3)
    text, figures = report.render(data), as_csv(data).decode()
    assert "Of the released, 3 are not delivered yet" in text
    assert "not delivered yet" not in report.render(_data())
    assert 'batches,,"released, not delivered yet",3' in figures
    total = data.total()
    decided = total.releasable + total.released + total.withheld
    assert f'funnel,,"Decided, alone or by officers",{decided}' in figures
    assert "Outcomes and reasons are those of the first decision" in text
    assert "reasons of first decisions,returned," in figures


@pytest.mark.rule("R-58")
def test_figures_over_time_are_those_of_the_entries():
    noon = int(AT.timestamp() * 1000)
    account = Account(at=noon, first=Counter({5: 40, 4: 2}), decided_at=noon + 7_200_000)
    account.released = {index: noon + 9_000_000 for index in range(38)}
    found = over_time.over_time_of([account])
    (month,) = found.months
    assert (month[0], month[1]["releasable"], month[1]["withheld"]) == ("2026-11", 40, 2)
    assert found.days == ((AT.date(), 38),)
    assert dict(found.waits)["1 to 24 hours"] == 42
    assert "releases by day,2026-11-24,releases,38" in as_csv(_data(over_time=found)).decode()


@pytest.mark.rule("R-100")
def test_no_cause_behind_a_read_record_is_in_the_figures():
    row = report_data.ReasonCount(
        Disposition.REFERRED, "match", "PROTECTED", ("R-43",), 3, is_record_read=True
    )
    assert "PROTECTED" not in as_csv(_data(reasons=(row,))).decode()


@pytest.mark.rule("R-06", "R-07")
def test_the_head_names_every_kind_of_order_that_stops_something_beside_the_objection():
    orders = tuple(
        watched.OrderRow(f"{number:016x}", kind, "courts/district-court", number, "is in force", stands)
        for number, (kind, stands) in enumerate(
            (
                ("stay", True),
                ("recall", True),
                ("safeguard", True),
                ("stay", True),
                ("lift", True),
                ("notice", False),
            )
        )
    )
    head, _ = report.content(_data(watched=watched.Watched(orders=orders)))
    assert "<strong>Orders in force:</strong> stay (2), recall (1), safeguard (1). What they touch" in head
    assert "Orders in force" not in report.content(_data())[0]


@pytest.mark.rule("R-58")
def test_a_figure_that_is_zero_has_its_line_as_any_other_has():
    figures = set(as_csv(_data()).decode().splitlines())
    assert {"notices,,opened,0", "duties,outcome,overdue,0", "arrivals,,without a batch,0"} <= figures
