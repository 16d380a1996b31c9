"""One request at a time gives what the batch gives: decision, explanation, entry; whatever breaks off."""

import json
import random
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from solely import flow
from solely.errors import Blocked, UsageError
from solely.ledger.commitment import CHUNK
from solely.ledger.entry import EntryType, decode
from solely.model import COLUMNS
from solely.services import opened
from tests.support.online import asking
from tests.support.reading import batch_folder, entries_of, only_batch, rows_of
from tests.support.world import ROOT, World, build_world

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
FILES = ("dispositions.parquet", "facts.parquet")
KILLS = 6


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, World]:
    """A world whose batch is decided in bulk, and one the same whose gate has received nothing."""
    bulk = build_world(tmp_path_factory.mktemp("online") / "bulk", seed=31, people=800, items=150)
    assert bulk.init().code == 0
    single = twin_of(bulk, "single")
    assert bulk.run().code == 0
    return bulk, single


def twin_of(world: World, name: str) -> World:
    """A copy of a world in another folder."""
    return world.copied(world.root.parent / name)


def decided_in(world: World) -> list[dict[str, Any]]:
    """What was decided, row by row, with everything that an entry commits to and that is not random."""
    (path,) = (only_batch(world) / "chunks").glob("*.decisions.parquet")
    return [{name: value for name, value in row.items() if name != "place"} for row in rows_of(path)]


def reads_in(world: World) -> list[tuple[Any, ...]]:
    """Which records were read for which row."""
    rows = rows_of(only_batch(world) / "access.parquet")
    return [(each["row"], each["request_id"], each["record_ref"], each["purpose"]) for each in rows]


@pytest.mark.rule("R-05", "R-36", "R-55")
def test_one_request_at_a_time_decides_and_explains_as_the_batch_does(worlds: tuple[World, World]) -> None:
    bulk, single = worlds[0], twin_of(worlds[1], "together")
    rows = list(range(1, len(single.requests.rows) + 1))
    shuffled = random.Random(3).sample(rows, len(rows))
    with asking(single.gate, single.folders.batch) as (services, online):
        # In order first, then eight at a time in any order.
        answers = [online.ask(row) for row in rows[:20]]
        with ThreadPoolExecutor(8) as threads:
            answers += threads.map(online.ask, shuffled)
        for each in answers:
            assert services.ledger.entry(each.entry_index) == each.entry
            assert decode(each.entry).type is EntryType.DECISION
    told = {each.outcome.item.row: each.outcome for each in answers}
    expected = decided_in(bulk)
    assert decided_in(single) == expected
    assert [told[each["row"]].explanation for each in expected] == [each["explanation"] for each in expected]
    assert [told[each["row"]].decision.disposition for each in expected] == [
        each["disposition"] for each in expected
    ]
    assert reads_in(single) == reads_in(bulk)
    for name in FILES:
        assert rows_of(only_batch(single) / name) == rows_of(only_batch(bulk) / name)
    answer = (only_batch(bulk) / "answer.jsonl").read_bytes()
    assert (only_batch(single) / "answer.jsonl").read_bytes() == answer
    released = [
        each.approve_by_two(each.folders.batch).result["released"] for each in (twin_of(bulk, "b"), single)
    ]
    assert released[0] == released[1] > 0
    verified = single.solely("verify", single.gate / "ledger", "--key", single.gate / "log.vkey")
    assert verified.code == 0, verified.out + verified.err


@pytest.mark.rule("R-05", "R-13")
def test_what_was_not_asked_for_is_decided_by_run(worlds: tuple[World, World]) -> None:
    bulk, single = worlds[0], twin_of(worlds[1], "half")
    with asking(single.gate, single.folders.batch) as (_, online):
        asked = online.ask(70).outcome.item.request_id
    early = single.solely("explain", asked, "--gate", single.gate)
    assert early.code == 2 and "decided one at a time" in early.err and "`solely run BATCH`" in early.err
    ran = single.run()
    assert ran.code == 0, ran.err
    assert single.solely("explain", asked, "--gate", single.gate).code == 0
    assert decided_in(single) == decided_in(bulk) and reads_in(single) == reads_in(bulk)
    assert sum(each.type is EntryType.DECISION for each in entries_of(single)) == len(single.requests.rows)


@pytest.mark.rule("R-05", "R-36")
def test_a_batch_of_several_chunks_is_the_same_asked_for_or_run(worlds: tuple[World, World]) -> None:
    bulk, single = twin_of(worlds[1], "long-bulk"), twin_of(worlds[1], "long")
    own, blank = single.requests.rows[:40], dict.fromkeys(COLUMNS, "")
    padding = [blank | {"request_id": f"PAD-{place}"} for place in range(CHUNK + 100)]
    rows = [*own[:20], *padding, *own[20:]]
    for world in (bulk, single):
        batch = world.write_batch(rows, "long")
    with asking(single.gate, batch) as (_, online):
        for row in (1, 2, 40, CHUNK - 1, CHUNK, CHUNK + 1, CHUNK + 100):
            assert online.ask(row).outcome.item.row == row
        # Decided long ago: told again from what is stored.
        assert online.ask(3).outcome.item.request_id == own[2]["request_id"]
    with asking(single.gate, batch) as (_, online):
        assert online.ask(len(rows)).outcome.item.row == len(rows)
    assert bulk.run(bulk.root / "long").code == 0
    for name in (*FILES, "access.parquet"):
        asked, ran = (rows_of(only_batch(world) / name) for world in (single, bulk))
        assert list(map(without_instant, asked)) == list(map(without_instant, ran))
    assert sum(each.type is EntryType.DECISION for each in entries_of(single)) == len(rows)
    verified = single.solely("verify", single.gate / "ledger", "--key", single.gate / "log.vkey")
    assert verified.code == 0, verified.out + verified.err


def without_instant(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a file without the instant at which a record was read."""
    return {name: value for name, value in row.items() if name != "at"}


@pytest.mark.rule("R-55", "R-56")
def test_whoever_was_answered_finds_the_entry_after_a_kill(worlds: tuple[World, World]) -> None:
    bulk, single = worlds[0], twin_of(worlds[1], "killed")
    told: dict[int, int] = {}
    chance, last = random.Random(20251125), len(single.requests.rows)
    for _ in range(KILLS):
        told |= killed_after(single, chance.randrange(1, 25), last)
    with opened(single.gate) as services:
        for row, index in told.items():
            assert decode(services.ledger.entry(index)).ordinal is not None, row
        with services.database.transaction() as tx:
            (batch,) = services.cases.list_batches(tx)
            stored = services.cases.online(tx, batch["id"], 1, last)
    assert max(told) <= sum(len(json.loads(each["decided"])) for each in stored), "answered and not durable"
    assert single.run().code == 0
    assert decided_in(single) == decided_in(bulk) and reads_in(single) == reads_in(bulk)
    assert sum(each.type is EntryType.DECISION for each in entries_of(single)) == last


def killed_after(world: World, answers: int, last: int) -> dict[int, int]:
    """Ask on from the first row in a process of its own, killed without warning after so many answers."""
    words = [str(each) for each in (world.gate, world.folders.batch, 1, last)]
    command = [sys.executable, "-m", "tests.support.online", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    told = dict(
        tuple(map(int, line.split())) for line, _ in zip(process.stdout, range(answers), strict=False)
    )
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert told, "nothing was answered"
    return told


EDITS = {
    "decision": "UPDATE online SET decided = replace(decided, '\"withheld\"', '\"releasable\"')",
    "read": "UPDATE online SET decided = replace(decided, '\"rival\"', '\"candidate\"')",
    "last": "DELETE FROM online WHERE first_row = (SELECT max(first_row) FROM online)",
    "first": "DELETE FROM online WHERE first_row = 1",
    "all": "DELETE FROM online",
}


@pytest.mark.rule("R-01", "R-82")
def test_rows_edited_between_two_sittings_stop_the_batch(worlds: tuple[World, World]) -> None:
    made = twin_of(worlds[1], "decided")
    with asking(made.gate, made.folders.batch) as (_, online):
        for row in range(1, 60):
            online.ask(row)
    for name, edit in EDITS.items():
        single = twin_of(made, f"edited-{name}")
        state = sqlite3.connect(single.gate / "state.sqlite")
        assert state.execute(edit).rowcount > 0
        state.commit()
        state.close()
        assert single.run().result["blocked"] == ["STATE_EDITED"], name
    with pytest.raises(Blocked) as blocked, asking(single.gate, single.folders.batch) as (_, online):
        online.ask(1)
    assert blocked.value.codes == ("STATE_EDITED",)


@pytest.mark.rule("R-36")
def test_asking_for_the_second_row_first_does_not_let_it_go_before_the_first(
    worlds: tuple[World, World],
) -> None:
    single = twin_of(worlds[1], "order")
    rows = single.fresh_rows(12)
    # Nothing in the words of two rows says that they are of one person.
    firsts = [row | {"birth_date": ""} for row in rows]
    seconds = [row | {"request_id": f"SECOND-{n}", "taxpayer_number": ""} for n, row in enumerate(rows)]
    batch = single.write_batch([*firsts, *seconds], "twice")
    with asking(single.gate, batch) as (_, online):
        found = {row: online.ask(row).outcome for row in range(2 * len(rows), 0, -1)}
    pairs = [(found[place + 1], found[place + 1 + len(rows)]) for place in range(len(rows))]
    same = [(first, second) for first, second in pairs if first.record_ref == second.record_ref is not None]
    assert same and all(first.decision.disposition == "releasable" for first, _ in same)
    assert {second.decision.disposition for _, second in same} == {"withheld"}


@pytest.mark.rule("R-19", "R-30", "R-86")
def test_a_single_request_counts_with_its_whole_batch(worlds: tuple[World, World]) -> None:
    single = twin_of(worlds[1], "counted")
    rows = single.fresh_rows(60)
    crowded = [each | {"investigation_id": "INV-ONE"} for each in rows]
    with asking(single.gate, single.write_batch(crowded, "crowded")) as (_, online):
        found = online.ask(1).outcome
    assert found.decision.disposition != "releasable" and not found.decision.is_record_read


@pytest.mark.rule("R-30")
def test_no_second_connection_reads_or_writes_the_state_while_requests_are_answered(
    worlds: tuple[World, World],
) -> None:
    single = twin_of(worlds[1], "locked")
    with asking(single.gate, single.folders.batch) as (_, online):
        online.ask(1)
        other = sqlite3.connect(single.gate / "state.sqlite", timeout=0)
        with pytest.raises(sqlite3.OperationalError):
            other.execute("SELECT count(*) FROM online")
        other.close()
        with pytest.raises(UsageError):
            online.ask(10_000)


@pytest.mark.rule("R-13")
def test_a_batch_that_is_decided_is_not_opened_for_requests(worlds: tuple[World, World]) -> None:
    bulk = twin_of(worlds[0], "again")
    with opened(bulk.gate) as services:
        batch, answered = flow.receive(services, bulk.folders.batch)
    assert batch is None and answered["duplicate"] is True
    assert batch_folder(bulk, answered["batch"]).is_dir()
