"""History made again: what is kept gives the same decisions, and what is gone is neither pass nor fail."""

from pathlib import Path

import duckdb
import pytest

from tests.support.reading import entries_of
from tests.support.world import Ran, World

pytestmark = pytest.mark.e2e


@pytest.fixture
def world(released_world: World, tmp_path: Path) -> World:
    """A released world of its own."""
    return released_world.copied(tmp_path / "world")


def replayed(world: World, *more: str, code: int = 0) -> dict:
    """What `replay` prints."""
    ran = world.solely("replay", "--gate", world.gate, "--json", *more)
    assert ran.code == code, ran.err
    return ran.result


def released_street(world: World) -> tuple[str, str]:
    """A released item, and the word of its street that a new phrase may name."""
    released = {path.stem for path in (world.gate / "outbox").iterdir()}
    row = next(each for each in world.requests.rows if each["request_id"] in released)
    return row["request_id"], max(row["address"].upper().split(",")[0].split()[1:3], key=len)


def put_phrase(world: World, phrase: str) -> None:
    """Put tables in force that know one more placeholder."""
    folder = world.root / "inputs"
    folder.mkdir()
    text = (world.gate / "inputs" / "placeholders.toml").read_text()
    assert text.count("\nphrases = [\n") == 1
    changed = text.replace("\nphrases = [\n", f'\nphrases = [\n  "{phrase}",\n')  # one more: stricter
    (folder / "placeholders.toml").write_text(changed)
    assert world.init_again("--inputs", folder).code == 0


@pytest.mark.rule("R-59")
def test_every_decision_made_again_gives_the_bytes_of_its_entry(world: World) -> None:
    found = replayed(world)
    assert (found["alike"], found["otherwise"], found["not_replayable"]) == (200, 0, 0)
    assert world.solely("verify", world.gate / "ledger", "--key", world.gate / "log.vkey").code == 0


def ended(world: World, request_id: str, *how: str) -> Ran:
    """A notice task as an official ends it."""
    keyfile = world.key("approvers", "privacy-officer")
    return world.solely("tasks", request_id, "--gate", world.gate, "--as", keyfile, *how)


@pytest.mark.rule("R-59", "R-102")
def test_a_decision_that_comes_out_otherwise_is_named_and_ends_with_1(world: World) -> None:
    (chunk,) = world.gate.glob("batches/*/chunks/*.decisions.parquet")
    part = chunk.with_suffix(".part")
    one = """replace(counts, 'attempts_before":0', 'attempts_before":1')"""
    changed = f"CASE WHEN row = 3 THEN {one} ELSE counts END AS counts"
    copy = f"SELECT * REPLACE ({changed}) FROM '{chunk}'"  # noqa: S608 -- a file of the test's own
    duckdb.sql(f"COPY ({copy}) TO '{part}' (FORMAT parquet)")
    part.rename(chunk)
    found = replayed(world, code=1)
    assert (found["alike"], found["otherwise"], found["not_replayable"]) == (199, 1, 0)
    (differing,) = found["differing"]
    assert (differing["row"], differing["differs"]) == (3, ["entry"])
    errors = world.solely("errors", "--gate", world.gate)
    assert (errors.code, f"about entry {differing['entry']}" in errors.err) == (1, True)
    assert errors.result["waiting_for_a_line"] == [differing["entry"]]
    checked = world.solely("verify", world.gate / "ledger", "--key", world.gate / "log.vkey", "--json")
    assert (checked.code, checked.result["notes"][0].startswith("1 error(s)")) == (0, True)


@pytest.mark.rule("R-82")
def test_a_decision_that_stands_in_the_file_of_another_row_is_not_explained(world: World) -> None:
    (chunk,) = world.gate.glob("batches/*/chunks/*.decisions.parquet")
    ((name,),) = duckdb.sql(f"SELECT request_id FROM '{chunk}' WHERE row = 3").fetchall()  # noqa: S608 -- a file of the test's own
    part = chunk.with_suffix(".part")
    copy = f"SELECT * REPLACE (CASE WHEN row = 3 THEN 99999 ELSE row END AS row) FROM '{chunk}'"  # noqa: S608 -- as above
    assert world.solely("explain", name, "--gate", world.gate).code == 0
    duckdb.sql(f"COPY ({copy}) TO '{part}' (FORMAT parquet)")
    part.rename(chunk)
    explained = world.solely("explain", name, "--gate", world.gate)
    assert (explained.code, "a decision stands where none was made" in explained.err) == (5, True)
    chunk.write_bytes(chunk.read_bytes()[:-100])
    torn = world.solely("explain", name, "--gate", world.gate)
    assert (torn.code, "a file of a batch cannot be read" in torn.err) == (5, True)


@pytest.mark.rule("R-59", "R-63")
def test_what_was_decided_by_replaced_tables_is_replayed_by_those_tables(world: World) -> None:
    request_id, phrase = released_street(world)
    put_phrase(world, phrase)
    found = replayed(world, "--rejudge")
    assert (found["alike"], found["otherwise"], found["not_replayable"]) == (200, 0, 0)
    invalid = {each["request_id"]: each["causes"] for each in found["rejudged"]["invalid"]}
    assert "address:PLACEHOLDER" in invalid[request_id]
    assert found["rejudged"]["still_valid"] == found["rejudged"]["releases"] - len(invalid)


@pytest.mark.rule("R-63", "R-82", "R-93")
def test_a_release_that_is_invalid_now_opens_one_task_and_nothing_leaves_again(world: World) -> None:
    request_id, phrase = released_street(world)
    put_phrase(world, phrase)
    before = sorted((each.name, each.read_bytes()) for each in (world.gate / "outbox").iterdir())
    first, second = replayed(world, "--rejudge")["rejudged"], replayed(world, "--rejudge")["rejudged"]
    assert request_id in [each["request_id"] for each in first["invalid"]]
    assert first["tasks_opened"] == first["invalid_count"] > 0
    assert (second["tasks_opened"], second["tasks_known"]) == (0, first["invalid_count"])
    assert sorted((each.name, each.read_bytes()) for each in (world.gate / "outbox").iterdir()) == before
    checked = world.solely("verify", world.gate / "ledger", "--key", world.gate / "log.vkey", "--json")
    assert checked.result["entries"]["task"] == first["invalid_count"]
    with world.state() as state:
        state.execute("DELETE FROM task")
    assert "STATE_EDITED" in ended(world, request_id, "--done", "a letter").err


@pytest.mark.rule("R-93")
def test_a_notice_task_ends_once_in_writing_by_an_official(world: World) -> None:
    request_id, phrase = released_street(world)
    put_phrase(world, phrase)
    replayed(world, "--rejudge")
    assert ended(world, request_id).code == 2
    assert ended(world, request_id, "--declined", " ").code == 2
    officer = world.key("officers", "officer-01")
    unentitled = world.solely("tasks", request_id, "--gate", world.gate, "--as", officer, "--done", "told")
    assert unentitled.code == 1
    declined = ended(world, request_id, "--declined", "a court has sealed the matter")
    assert (declined.code, declined.result["task"]) == (0, "declined")
    assert ended(world, request_id, "--done", "a letter").code == 4
    listed = {each["request_id"]: each for each in world.solely("tasks", "--gate", world.gate).lines}
    assert listed[request_id]["state"] == "declined"
    assert world.solely("verify", world.gate / "ledger", "--key", world.gate / "log.vkey").code == 0
    with world.state() as state:
        state.execute("UPDATE task SET note = 'told' WHERE ended_index IS NOT NULL")
    assert world.solely("tasks", "--gate", world.gate).code == 5


@pytest.mark.rule("R-59")
def test_what_rested_on_an_index_that_is_replaced_is_neither_pass_nor_fail(world: World) -> None:
    files = [argument for path in world.folders.record_files() for argument in ("--records", path)]
    assert world.init_again(*files, "--as-of", world.today.isoformat()).code == 0
    found = replayed(world)
    assert found["otherwise"] == 0
    assert found["alike"] + found["not_replayable"] == 200
    (since,) = found["batches"][0]["not_replayable_since"]
    assert since["items"] == found["not_replayable"] > 0
    assert "index of records" in since["cause"]
    assert since["since_entry"] > 0


@pytest.mark.rule("R-59")
def test_a_submission_that_is_not_the_one_received_stops_the_replay(world: World) -> None:
    (data,) = world.gate.glob("batches/*/submission/data.csv")
    data.write_bytes(data.read_bytes().replace(b"active", b"Active", 1))
    ran = world.solely("replay", "--gate", world.gate)
    assert (ran.code, "STATE_EDITED" in ran.err) == (5, True)


@pytest.mark.rule("R-102")
def test_all_that_a_judging_anew_found_waits_readably_and_is_entered_by_one_command(world: World) -> None:
    whole = world.solely("errors", "--gate", world.gate).result
    assert (whole["errors"], whole["errors_per_million_decisions"]) == (0, 0.0)
    assert whole["errors_per_million_at_most"] == 14_979  # of none in 200, at 95 %
    put_phrase(world, released_street(world)[1])
    rejudged = world.solely("replay", "--gate", world.gate, "--rejudge", "--json")
    waiting = sorted(each["entry"] for each in rejudged.result["rejudged"]["invalid"])
    assert rejudged.result["waiting_for_a_line"] == len(waiting) > 0
    assert "`solely error --found`" in rejudged.err
    told = world.solely("errors", "--gate", world.gate)
    assert (told.code, told.result["errors"], told.result["waiting_for_a_line"]) == (1, 0, waiting)
    assert told.result["errors_per_million_decisions"] is None
    assert ("`solely error --found`" in told.err, "altered" in told.err) == (True, False)
    words = ["--severity", "reportable", "--party", "custodian", "--cause", "address-insufficient"]
    words += ["--gate", str(world.gate), "--as", str(world.key("approvers", "privacy-officer"))]
    words += ["--note", "a phrase was not listed"]
    for which in ((), ("--found", str(waiting[0]))):
        assert world.solely("error", *which, *words).code == 2
    entered = world.solely("error", "--found", *words)
    assert (entered.code, entered.result["about"]) == (0, waiting), entered.err
    lines = [index for index, each in enumerate(entries_of(world)) if each.type.word == "error"]
    assert (entered.result["lines"], entered.result["first"], entered.result["last"]) == (
        len(lines), lines[0], lines[-1],
    )  # fmt: skip
    told = world.solely("errors", "--gate", world.gate)
    assert (told.code, told.result["errors"], told.result["waiting_for_a_line"]) == (0, len(waiting), [])
    twice = world.solely("error", str(waiting[0]), *words)
    assert (twice.code, f"has its line already, entry {lines[0]}" in twice.err) == (4, True)
    assert world.solely("error", "--found", *words).code == 4
    checked = world.solely("verify", world.gate / "ledger", "--key", world.gate / "log.vkey", "--json")
    assert (checked.code, checked.result["entries"]["error"], checked.result["notes"]) == (
        0,
        len(waiting),
        [],
    )
    assert world.solely("report", "--gate", world.gate, "--out", world.root / "page.html").code == 0


@pytest.mark.rule("R-102")
def test_an_error_that_a_replay_found_must_be_in_the_register_before_any_report(world: World) -> None:
    put_phrase(world, released_street(world)[1])
    invalid = replayed(world, "--rejudge")["rejudged"]["invalid"]
    report = world.solely("report", "--gate", world.gate, "--out", world.root / "page.html")
    assert (report.code, "not in the register" in report.err) == (1, True)
    assert not (world.root / "page.html").exists()
    words = ["--severity", "reportable", "--party", "custodian", "--cause", "address-insufficient"]
    words += ["--gate", str(world.gate), "--as", str(world.key("approvers", "privacy-officer"))]
    for each in invalid:
        added = world.solely("error", str(each["entry"]), *words, "--note", "a phrase was not listed")
        assert added.code == 0, added.err
    again = world.solely("error", str(invalid[0]["entry"]), *words, "--note", "twice")
    assert again.code == 4
    register = world.solely("errors", "--gate", world.gate).result
    assert (register["decisions"], register["errors"]) == (200, len(invalid))
    assert register["errors_per_million_decisions"] == round(len(invalid) * 1e6 / 200, 1)
    (line,) = register["lines"]
    assert (line["severity"], line["party"], line["errors"]) == ("reportable", "custodian", len(invalid))
    lines = [index for index, each in enumerate(entries_of(world)) if each.type.word == "error"]
    assert line["entries"] == lines
    checked = world.solely("verify", world.gate / "ledger", "--key", world.gate / "log.vkey", "--json")
    assert (checked.code, checked.result["entries"]["error"]) == (0, len(invalid))
    assert world.solely("report", "--gate", world.gate, "--out", world.root / "page.html").code == 0


MISSING = "a chunk of a decided batch is missing"
EDITS = (
    ("DELETE FROM chunk", (), MISSING),
    ("UPDATE chunk SET first_index = first_index + 1", (), "the row of chunk 0 is not as it was decided"),
    ("UPDATE case_file SET evidence = replace(evidence, 'item_sha256', 'item')", ("--rejudge",), "row "),
    (
        "DELETE FROM release WHERE rowid IN (SELECT rowid FROM release LIMIT 1)",
        ("--rejudge",),
        "a release of",
    ),
)


@pytest.mark.rule("R-59", "R-63", "R-82")
@pytest.mark.parametrize(("statement", "more", "named"), EDITS)
def test_a_replay_of_edited_tables_stops_and_names_them_and_the_ledger_still_verifies(
    world: World, statement: str, more: tuple[str, ...], named: str
) -> None:
    with world.state() as state:
        state.execute(statement)
    ran = world.solely("replay", "--gate", world.gate, *more)
    assert (ran.code, named in ran.err) == (5, True), ran.err
    assert world.solely("verify", world.gate / "ledger", "--key", world.gate / "log.vkey").code == 0


@pytest.mark.rule("R-55", "R-59")
@pytest.mark.parametrize("name", ["access.parquet", "dispositions.parquet", "answer.jsonl"])
def test_a_replay_misses_a_file_of_the_batch_that_is_gone(world: World, name: str) -> None:
    (path,) = world.gate.glob(f"batches/*/{name}")
    path.unlink()
    ran = world.solely("replay", "--gate", world.gate)
    assert (ran.code, f"`{name}` is missing" in ran.err) == (5, True), ran.err


@pytest.mark.rule("R-58", "R-106")
def test_no_report_is_made_of_a_file_that_is_not_the_one_that_was_decided(world: World) -> None:
    page = world.root / "page.html"
    assert world.solely("report", "--gate", world.gate, "--out", page).code == 0
    page.unlink()
    (chunk,) = world.gate.glob("batches/*/chunks/*.decisions.parquet")
    part = chunk.with_suffix(".part")
    copy = f"SELECT * REPLACE (['address:INVENTED'] AS reasons) FROM '{chunk}'"  # noqa: S608 -- the test's own
    duckdb.sql(f"COPY ({copy}) TO '{part}' (FORMAT parquet)")
    part.rename(chunk)
    ran = world.solely("report", "--gate", world.gate, "--out", page)
    assert (ran.code, "the decisions of chunk 0 are not the file" in ran.err) == (5, True), ran.err
    assert not page.exists()
