"""What an analyst does at the console: sends a batch, follows it, and sees what to cure."""

import csv
import io
import time
import zipfile
from collections.abc import Iterator
from html import unescape

import pytest

from demo.people import SIGNER
from tests.support.console import Answer, People
from tests.support.reading import entry_counts
from tests.support.service import served
from tests.support.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
ANALYST, OTHER = "analyst", "analyst of another office"


@pytest.fixture(scope="module")
def world(new_gate: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    return new_gate.copied(tmp_path_factory.mktemp("analyst") / "world")


@pytest.fixture(scope="module")
def people(world: World) -> Iterator[People]:
    with served(world) as service:
        found = People(service)
        for name, office in ((ANALYST, SIGNER), (OTHER, "field-office-director")):
            found.register(name, world.key("requesters", office))
            found.cookies[name] = found.sign_in(name)
        yield found


def files_of(world: World, rows: list[dict[str, str]], name: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in world.write_batch(rows, name).iterdir()}


def decided(people: People, path: str) -> Answer:
    """The page of a batch once it is decided."""
    for _ in range(600):
        page = people.ask(ANALYST, "GET", path)
        if "Answers" in page.text:
            return page
        time.sleep(0.1)
    raise AssertionError(page.text)


def test_a_batch_that_is_sent_is_received_and_decided_by_itself(world: World, people: People) -> None:
    rows = world.fresh_rows(4)
    rows[0]["periods"] = ""
    sent = people.upload(ANALYST, "/batches", files_of(world, rows, "sent"))
    assert sent.status == 303, sent.text
    page = decided(people, sent.location)
    for word, count in (("returned", 1), ("refused", 0), ("under review", 0), ("accepted", 3)):
        assert (
            f'<td data-label="Answer">{word}</td><td data-label="Items" class="number">{count}</td>'
            in page.text
        )
    assert sent.location in people.ask(ANALYST, "GET", "/batches").text
    assert people.ask(OTHER, "GET", sent.location).status == 404
    assert sent.location not in people.ask(OTHER, "GET", "/batches").text
    again = people.upload(ANALYST, "/batches", files_of(world, rows, "sent"))
    assert again.location == sent.location, again.text


@pytest.mark.rule("R-51")
def test_a_batch_that_waits_says_why_and_what_comes_next(world: World, people: People) -> None:
    (row,) = world.fresh_rows(1)
    rows = [row | {"request_id": f"R-WAITS-{number}"} for number in range(501)]  # an officer may have 500
    sent = people.upload(ANALYST, "/batches", files_of(world, rows, "waits"))
    for _ in range(600):
        if "What comes next" in (page := people.ask(ANALYST, "GET", sent.location).text):
            break
        time.sleep(0.1)
    assert "501 items" in page and "It is received whole, and no row of it is decided yet" in page
    assert "one of the officers named would have more open items than the 500 that the agreement" in page
    assert "it goes on by itself once fewer are open" in page
    # This one never does, however few are open: it asks too much of one officer alone.
    assert "by itself names an officer in more than 500 rows never does: send its rows in new letters" in page
    assert "CASELOAD" not in page


@pytest.mark.rule("R-69")
def test_each_deficient_row_says_element_cure_rule_and_whose_rule_it_is(world: World, people: People) -> None:
    rows = world.fresh_rows(4)
    rows[1]["periods"], rows[3]["address"] = "", "NA"
    sent = people.upload(ANALYST, "/batches", files_of(world, rows, "deficient"))
    decided(people, sent.location)
    page = people.ask(ANALYST, "GET", f"{sent.location}/rows").text
    for word in (
        rows[1]["request_id"],
        rows[3]["request_id"],
        "<code>periods</code>",
        'statute <span class="whole">(R-21)</span>',
    ):
        assert word in page
    assert rows[0]["request_id"] not in page
    only = people.ask(ANALYST, "GET", f"{sent.location}/rows?element=address").text
    assert rows[3]["request_id"] in only
    assert rows[1]["request_id"] not in only
    table = list(csv.DictReader(io.StringIO(people.ask(ANALYST, "GET", f"{sent.location}/cure.csv").text)))
    assert [row.pop("to_cure").partition(":")[0] for row in table] == ["periods", "address"]
    assert table == [rows[1], rows[3]]
    assert people.ask(OTHER, "GET", f"{sent.location}/rows").status == 404
    assert people.ask(OTHER, "GET", f"{sent.location}/cure.csv").status == 404


@pytest.mark.rule("R-87")
def test_a_batch_is_cured_by_following_its_page(world: World, people: People) -> None:
    rows = world.fresh_rows(3)
    mended = [row["periods"] for row in rows]
    rows = [row | {"periods": ""} for row in rows]
    sent = people.upload(ANALYST, "/batches", files_of(world, rows, "to cure")).location
    page = " ".join(decided(people, sent).text.split())
    assert "delete the last column, <code>to_cure</code>" in page
    assert "new <code>request_id</code>; write the old one into <code>cures</code>, and into" in page
    assert "Sign a new letter over the file" in page
    table = csv.DictReader(io.StringIO(people.ask(ANALYST, "GET", f"{sent}/cure.csv").text))
    found = [{name: cell for name, cell in row.items() if name != "to_cure"} for row in table]
    assert len(found) == 3
    cured = [
        row | {"periods": periods, "request_id": f"{row['request_id']}-2"}
        | {"cures": row["request_id"], "source": "case file, page 1"}
        for row, periods in zip(found, mended, strict=True)
    ]  # fmt: skip
    again = people.upload(ANALYST, "/batches", files_of(world, cured, "cured")).location
    page = decided(people, again).text
    assert '<td data-label="Answer">accepted</td><td data-label="Items" class="number">3</td>' in page
    assert "Download what can be cured" not in page
    assert "also once a later row has cured it" in people.ask(ANALYST, "GET", sent).text


@pytest.mark.rule("R-87")
def test_a_return_by_the_custodians_policy_is_contested_with_a_passkey(world: World, people: People) -> None:
    rows = world.fresh_rows(2)
    rows[0]["taxpayer_number"] = "12"
    sent = people.upload(ANALYST, "/batches", files_of(world, rows, "contested"))
    decided(people, sent.location)
    assert "Contest this return" in people.ask(ANALYST, "GET", f"{sent.location}/rows").text
    words = {"request_id": rows[0]["request_id"], "note": "the birth date tells the person"}
    done = people.act(ANALYST, f"{sent.location}/contest", words)
    assert done.status == 303, done.text
    assert rows[0]["request_id"] not in people.ask(ANALYST, "GET", f"{sent.location}/rows").text
    page = people.ask(ANALYST, "GET", sent.location).text
    assert '<td data-label="Answer">under review</td><td data-label="Items" class="number">1</td>' in page
    assert "element=taxpayer_number" not in page  # nothing of it is to be cured any more
    # The officer who is asked reads what it was returned for, beside what the requester says of that.
    people.join("officer", world.key("approvers", "disclosure-officer"))
    item = f"/items/{rows[0]['request_id']}"
    people.ask("officer", "POST", f"{item}/take")
    shown = people.ask("officer", "GET", item).text
    assert "<h2>What it was returned for</h2>\n<ul><li><code>taxpayer_number:MALFORMED</code>" in shown
    assert words["note"] in shown


@pytest.mark.rule("R-69")
def test_a_cure_can_be_followed_and_a_clause_says_whose_it_is(world: World, people: People) -> None:
    rows = world.fresh_rows(3)
    rows[0] |= {"birth_date": "", "taxpayer_number": ""}
    rows[1]["order_date"] = "1900-01-01"
    rows[2]["request_id"] = "two words"
    sent = people.upload(ANALYST, "/batches", files_of(world, rows, "cures"))
    decided(people, sent.location)
    page = people.ask(ANALYST, "GET", f"{sent.location}/rows").text
    assert "clause 2(c) of the agreement is not met" in page
    assert "give the true day, as YYYY-MM-DD" in page
    assert "leave it empty" not in page
    assert "write 1 to 64 of the letters A to Z, digits, <code>_</code> and <code>-</code>" in page


@pytest.mark.rule("R-87")
def test_who_contests_what_stands_is_told_so_before_it_is_signed(world: World, people: People) -> None:
    (row,) = world.fresh_rows(1, address="NA", birth_date="", taxpayer_number="")
    sent = people.upload(ANALYST, "/batches", files_of(world, [row], "stands"))
    decided(people, sent.location)
    words = {"request_id": row["request_id"], "note": "please"}
    asked = people.ask(ANALYST, "POST", f"{sent.location}/contest", words).text
    assert "nobody reconsiders it: the return stands" in unescape(asked)
    assert f"<dt>As you named it</dt><dd>{row['request_id']}</dd>" in asked
    assert "<dd>null</dd>" not in asked


def test_a_file_is_prechecked_and_nothing_of_it_is_kept(world: World, people: People) -> None:
    rows = world.fresh_rows(3)
    rows[2]["periods"] = ""
    before = entry_counts(world)
    data = {"data.csv": files_of(world, rows, "prechecked")["data.csv"]}
    page = people.upload(ANALYST, "/precheck", data)
    assert page.status == 200, page.text
    assert "<dt>passed</dt><dd>2 rows</dd>" in page.text
    assert rows[2]["request_id"] in page.text
    table = people.upload(ANALYST, "/precheck", data, **{"as": "table"})
    (row,) = csv.DictReader(io.StringIO(table.text))
    assert row["to_cure"].startswith("periods: the element is not given")
    renamed = people.upload(ANALYST, "/precheck", {"cure-of-mine.csv": data["data.csv"]})
    assert "<dt>passed</dt><dd>2 rows</dd>" in renamed.text
    assert entry_counts(world) == before
    assert list((world.gate / "incoming").iterdir()) == []


@pytest.mark.rule("R-69")
def test_a_workbook_is_told_from_an_archive(people: People) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    for path in ("/precheck", "/batches"):
        said = people.upload(ANALYST, path, {"rows.xlsx": made.getvalue()})
        assert "is a workbook or document, which is not read; save its table as CSV UTF-8" in said.text
    said = people.upload(ANALYST, "/precheck", {"rows.pdf": b"%PDF-1.4"})
    assert "and a table is named .csv or .parquet" in said.text


@pytest.mark.rule("R-103")
def test_what_is_no_batch_leaves_its_entry_and_nothing_in_the_folder(world: World, people: People) -> None:
    before = entry_counts(world)["arrival"]
    refused = people.upload(ANALYST, "/batches", {"batch.zip": b"no archive"})
    assert refused.status == 422
    assert "<code>submission</code>" in refused.text
    assert entry_counts(world)["arrival"] == before + 1
    assert list((world.gate / "incoming").iterdir()) == []


def test_a_form_of_another_sign_in_is_refused_before_its_files_are_kept(world: World, people: People) -> None:
    refused = people.upload(ANALYST, "/batches", {"batch.zip": b"PK"}, form_word="another")
    assert refused.status == 403
    assert list((world.gate / "incoming").iterdir()) == []
