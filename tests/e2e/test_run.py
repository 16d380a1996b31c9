"""One signed batch from submission to sealed releases, judged by the ground truth of its world."""

import re

import pytest

from tests.support.reading import answers_of, entry_counts, only_batch, rows_of, truth_of
from tests.support.world import World, build_world

pytestmark = pytest.mark.e2e
STATES = ("releasable", "released", "withheld", "referred", "returned", "refused")


def released_of(world: World) -> dict[str, str]:
    """Record by request id, for everything released."""
    rows = rows_of(only_batch(world) / "releases.parquet")
    return {row["request_id"]: row["record_ref"] for row in rows}


@pytest.mark.rule("R-37", "R-33", "R-67")
def test_only_the_named_person_with_a_sufficient_address_is_released(released_world):
    truth, released = truth_of(released_world), released_of(released_world)
    assert released, "the batch has releases"
    wrong = [each for each, record in released.items() if truth[each]["record_id"] != record]
    insufficient = [each for each in released if truth[each]["address_sufficient"] != "true"]
    assert not wrong
    assert not insufficient


@pytest.mark.rule("R-67", "R-68")
def test_every_fully_valid_item_with_two_keys_is_released(released_world):
    must = {each for each, row in truth_of(released_world).items() if row["must_release"] == "true"}
    assert must
    assert must <= set(released_of(released_world))


@pytest.mark.rule("R-05", "R-13")
def test_the_counts_add_up_and_the_same_batch_again_decides_nothing(released_world):
    before = entry_counts(released_world)
    again = released_world.run()
    result = again.result
    assert again.code == 4
    assert result["duplicate"] is True
    assert result["received"] == sum(result[state] for state in STATES) == len(released_world.requests.rows)
    after = entry_counts(released_world)
    assert after - before == {"duplicate": 1}


@pytest.mark.rule("R-01", "R-44")
def test_no_record_is_read_for_an_item_that_did_not_pass_the_ruling_on_the_request(released_world):
    folder = only_batch(released_world)
    unread = {
        row["row"]
        for row in rows_of(folder / "dispositions.parquet")
        if row["disposition"] in ("returned", "refused")
    }
    under_review = {
        n for n, line in enumerate(answers_of(folder), start=1) if line["answer"] == "under_review"
    }
    journals = [folder / "access.parquet", *(folder / "access").glob("*.parquet")]
    read = {row["row"] for path in journals for row in rows_of(path)}
    assert unread and read
    assert not read & (unread | under_review)


@pytest.mark.rule("R-43", "R-81")
def test_whatever_a_record_caused_is_answered_with_the_same_bytes(released_world):
    folder = only_batch(released_world)
    lines = (folder / "answer.jsonl").read_bytes().splitlines()
    rows = rows_of(folder / "dispositions.parquet")
    assert len(lines) == len(rows)
    neutral = {
        line.replace(row["request_id"].encode(), b"*")
        for line, row in zip(lines, rows, strict=True)
        if row["disposition"] in ("withheld", "releasable")
    }
    assert len(neutral) == 1
    assert b'"answer":"accepted"' in neutral.pop()


@pytest.mark.rule("R-69")
def test_every_returned_item_names_its_element_and_rule(released_world):
    returned = [each for each in answers_of(only_batch(released_world)) if each["answer"] == "returned"]
    assert returned
    for line in returned:
        assert line["reasons"] and line["rules"]
        assert all(":" in reason for reason in line["reasons"])


@pytest.mark.rule("R-55", "R-56")
def test_the_ledger_of_a_released_batch_verifies_and_holds_every_step(released_world):
    counts = entry_counts(released_world)
    batch = len(released_world.requests.rows)
    assert counts["decision"] >= batch
    assert counts["decided"] == 1
    assert counts["approval"] == 2
    assert counts["release"] == len(released_of(released_world))
    verified = released_world.solely(
        "verify", released_world.gate / "ledger", "--key", released_world.gate / "log.vkey", "--json"
    )
    assert verified.code == 0, verified.out + verified.err


@pytest.mark.rule("R-45", "R-49", "R-12")
def test_releases_parquet_names_each_package_of_the_outbox(released_world):
    from solely.canonical import sha256_hex

    rows = rows_of(only_batch(released_world) / "releases.parquet")
    outbox = {path.stem: sha256_hex(path.read_bytes()) for path in (released_world.gate / "outbox").iterdir()}
    assert {row["request_id"]: row["package_sha256"] for row in rows} == outbox


def test_both_engines_decide_alike(released_world, tmp_path):
    world = build_world(tmp_path, seed=7)
    assert world.init().code == 0
    ran = world.run(None, "--engine", "reference")
    assert ran.code == 0, ran.err
    mine, theirs = only_batch(world), only_batch(released_world)
    assert rows_of(mine / "dispositions.parquet") == rows_of(theirs / "dispositions.parquet")
    assert (mine / "answer.jsonl").read_bytes() == (theirs / "answer.jsonl").read_bytes()


def test_a_report_takes_no_other_file_away_for_its_figures(released_world, tmp_path):
    records, page = tmp_path / "records.csv", tmp_path / "report.html"
    records.write_text("record_id\n", encoding="utf-8")
    refused = released_world.solely(
        "report", "--gate", released_world.gate, "--out", tmp_path / "records.html"
    )
    assert (refused.code, "`records.csv` beside `--out`" in refused.err) == (2, True), refused.err
    assert [each.name for each in tmp_path.iterdir()] == ["records.csv"]
    assert records.read_text(encoding="utf-8") == "record_id\n"
    for _ in range(2):  # figures of its own give way to newer ones
        assert released_world.solely("report", "--gate", released_world.gate, "--out", page).code == 0


@pytest.mark.rule("R-58")
def test_the_report_counts_each_reason_once_over_all_batches_with_the_rules_behind_it_alone(
    new_gate, tmp_path
):
    world = new_gate.copied(tmp_path / "world")
    for name, other in (("one", {"assurance": "no"}), ("two", {"officers": ""})):
        deficient = world.fresh_rows(3, address="NA", **other)
        assert world.run(world.write_batch(deficient, name)).result["returned"] == 3
    page = tmp_path / "report.html"
    assert world.solely("report", "--gate", world.gate, "--out", page).code == 0
    table = page.read_text().partition("Every reason that a request alone gave")[2].partition("</table>")[0]
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table.partition("<tbody")[2], re.DOTALL)
    lines = [re.sub("<[^>]+>", " ", each).split() for each in rows]
    assert {(line[0], line[1], *line[2:-2], line[-1]) for line in lines} == {
        ("address", "INSUFFICIENT", "R-33", "6"),
        ("address", "PLACEHOLDER", "R-25", "6"),
        ("assurance", "UNKNOWN_CODE", "R-20", "3"),
        ("officers", "MISSING", "R-49", "3"),
    }
    assert len(lines) == 4
    figures = page.with_suffix(".csv").read_text()
    assert figures.count("address:INSUFFICIENT,6") == 1


@pytest.mark.rule("R-69")
def test_precheck_says_of_every_row_what_the_request_stage_of_run_says(released_world):
    ran = released_world.solely(
        "precheck", released_world.folders.batch, "--agreement", released_world.folders.agreement,
        "--trust", released_world.folders.trust, "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    *rows, last = ran.lines
    assert "signature" in last["not_checked"]
    decided = rows_of(only_batch(released_world) / "dispositions.parquet")
    answers = answers_of(only_batch(released_world))
    for said, row, answer in zip(rows, decided, answers, strict=True):
        assert (said["row"], said["request_id"]) == (row["row"], row["request_id"])
        if said["disposition"] == "passed":
            assert answer["answer"] == "accepted"
        else:
            assert said["disposition"] == row["disposition"]
            assert (said["reasons"], said["rules"]) == (row["reasons"], row["rules"])


@pytest.mark.rule("R-80")
def test_an_address_of_record_without_its_zip_goes_on_with_both_keys_and_not_with_one(fresh_world):
    rows = fresh_world.fresh_rows(2)
    for row in rows:
        row["address"] = re.sub(r"[ ,]+\d{5}(-\d{4})?$", "", row["address"])
        assert row["taxpayer_number"] and row["birth_date"]
    rows[1]["birth_date"] = ""
    ran = fresh_world.run(fresh_world.write_batch(rows, "no-zip"))
    assert (ran.result["releasable"], ran.result["withheld"]) == (1, 1), ran.out + ran.err
