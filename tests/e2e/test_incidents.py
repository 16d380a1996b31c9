"""Incidents with their clock, and a log of transfers held against what the gate released."""

import csv
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from tests.support.world import World

pytestmark = pytest.mark.e2e
OFFICIAL = "privacy-officer"


def told(world: World, *words: str | object):
    """One command of an official."""
    key = world.key("approvers", OFFICIAL)
    return world.solely("incident", *map(str, words), "--gate", world.gate, "--as", key)


@pytest.mark.rule("R-65")
def test_an_incident_runs_its_24_hours_from_the_first_word_with_a_range_or_nothing_known(fresh_world):
    since = (datetime.now(UTC) - timedelta(hours=3)).isoformat()
    out = fresh_world.root / "draft.md"
    made = told(fresh_world, "--what", "a laptop is missed", "--possible-since", since, "--out", out)
    assert made.code == 0, made.err
    assert (made.result["records"], made.result["is_overdue"]) == ("unknown", False)
    assert "not known yet" in out.read_text()
    assert "24 hours from when it was opened" in out.read_text()
    ranged = told(
        fresh_world, "--what", "a mail went astray", "--possible-since", since, "--records", "10-400"
    )
    assert ranged.result["records"] == "10-400"
    wrong = told(fresh_world, "--what", "x", "--possible-since", since, "--records", "many")
    assert (wrong.code, "--records" in wrong.err) == (2, True)
    number = made.result["incident"]
    assert told(fresh_world, number, "--reported", "to the office of safeguards").code == 0
    assert told(fresh_world, number, "--reported", "again").code == 4
    assert told(fresh_world, number, "--closed", "it was found").code == 0
    closed = told(fresh_world, ranged.result["incident"], "--closed", "nothing was lost")
    assert closed.result["standing"] == "closed unreported, report due"
    late = told(fresh_world, ranged.result["incident"], "--reported", "after all")
    assert (late.code, "closed unreported" in late.err) == (1, True)
    fresh_world.environment["SOLELY_NOW"] = (datetime.now(UTC) + timedelta(hours=25)).isoformat()
    lines = fresh_world.solely("incidents", "--gate", fresh_world.gate).lines
    assert [line["is_overdue"] for line in lines] == [False, True]
    assert [line["standing"] for line in lines] == ["closed", "closed unreported, report overdue"]
    ran = fresh_world.solely("verify", fresh_world.gate / "ledger", "--key", fresh_world.gate / "log.vkey")
    assert ran.code == 0, ran.out


def test_a_transfer_that_no_delivery_explains_is_listed_by_its_line_and_cause(fresh_world):
    rows = fresh_world.fresh_rows(1)
    batch = fresh_world.run(fresh_world.write_batch(rows, "valid")).result["batch"]
    assert fresh_world.approve_by_two(batch).result["released"] == 1
    package = (fresh_world.gate / "outbox" / f"{rows[0]['request_id']}.tdf").read_bytes()
    later, size = (datetime.now(UTC) + timedelta(hours=1)).isoformat(), len(package)
    own = sha256(package).hexdigest()
    log = fresh_world.root / "transfers.csv"
    with log.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("sent_at", "sha256", "recipient", "bytes"))
        writer.writerow(("2019-11-26T00:00:00Z", own, "agency", size))
        writer.writerow((later, own, "agency", size + 1))
        writer.writerow((later, own, "agency", size))
        writer.writerow((later, own, "agency", size))
        writer.writerow((later, "0" * 64, "agency", 47_289))
    ran = fresh_world.solely("reconcile", log, "--gate", fresh_world.gate)
    assert (ran.code, ran.result["explained"], ran.result["sizes_not_compared"]) == (1, 1, 0), ran.err
    causes = {each["line"]: each["cause"] for each in ran.result["unexplained"]}
    words = {2: "before", 3: "bytes", 5: "more often", 6: "digest"}
    assert {line: word for line, word in words.items() if word in causes.get(line, "")} == words
    assert len(causes) == len(words)
    log.write_text(f"sent_at,sha256,recipient,bytes\n2026-11-26,{own},agency,1\n")
    unread = fresh_world.solely("reconcile", log, "--gate", fresh_world.gate)
    assert (unread.code, "line 2: `sent_at`" in unread.err) == (2, True)
    swallowed = f'{later},{"0" * 64},"agency,1\n{later},{"1" * 64},agency,1\n{later},{own},agency",{size}\n'
    log.write_text(f"sent_at,sha256,recipient,bytes\n{swallowed}")
    quoted = fresh_world.solely("reconcile", log, "--gate", fresh_world.gate)
    assert (quoted.code, "line 2: it is empty, or a cell holds a line break" in quoted.err) == (2, True), (
        quoted.out
    )
    endless = fresh_world.solely("reconcile", "/dev/zero", "--gate", fresh_world.gate)
    assert (endless.code, "`zero` is no file" in endless.err) == (2, True)
    gone = fresh_world.solely("reconcile", fresh_world.root / "none.csv", "--gate", fresh_world.gate)
    assert (gone.code, "`none.csv` cannot be read" in gone.err) == (2, True)
