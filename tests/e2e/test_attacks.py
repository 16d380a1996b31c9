"""An insider with the disk in hand edits what the gate stores; nothing leaves for it, and nothing twice."""

import csv
import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import duckdb
import pytest

from solely import flow, services
from solely.steps import approving, reviewing
from tests.support.reading import entry_counts
from tests.support.world import APPROVERS, World, sent_by

pytestmark = [pytest.mark.e2e, pytest.mark.rule("R-82")]


def decided(world: World, count: int = 2):
    """A hand-made batch of valid rows, decided."""
    rows = world.fresh_rows(count)
    batch = world.write_batch(rows, "valid")
    ran = world.run(batch)
    assert (ran.code, ran.result["releasable"]) == (0, count), ran.out + ran.err
    return batch, rows


def require_nothing_left(world: World) -> None:
    """No package is in the outbox, and no release in the ledger."""
    assert not list((world.gate / "outbox").iterdir())
    assert entry_counts(world)["release"] == 0


def both(world: World, batch) -> list[int]:
    """The exit codes of both approvers."""
    return [world.approve(batch, office).code for office in APPROVERS]


def test_a_statement_of_the_state_alone_enrols_no_approver(fresh_world):
    batch, _ = decided(fresh_world)
    trust = fresh_world.gate / "trust" / "approvers"
    stranger = fresh_world.key("requesters", "field-office-director")
    for suffix in (".pem", ".toml"):
        source = fresh_world.gate / "trust" / "requesters" / f"field-office-director{suffix}"
        shutil.copy(source, trust / f"stranger{suffix}")
    from solely.store.trust import trust_digest

    with fresh_world.state() as state:
        digest = trust_digest(fresh_world.gate / "trust")
        state.execute("UPDATE part SET digest = ? WHERE name = 'trust'", (digest,))
    ran = fresh_world.solely("approve", batch, "--gate", fresh_world.gate, "--as", stranger)
    assert ran.code == 5, ran.err
    require_nothing_left(fresh_world)


@pytest.mark.parametrize("statement", ["{}", '{"batch":"x"}'])
def test_an_approval_that_stands_in_the_table_alone_counts_for_nothing(fresh_world, statement):
    batch, _ = decided(fresh_world)
    with fresh_world.state() as state:
        (batch_id,) = state.execute("SELECT id FROM batch").fetchone()
        state.execute(
            "INSERT INTO approval (batch_id, approver_id, statement, signature, entry_index) "
            "VALUES (?, ?, ?, 'eA==', 3)",
            (batch_id, APPROVERS[1], statement),
        )
    assert fresh_world.approve(batch, APPROVERS[0]).code == 5
    require_nothing_left(fresh_world)


@pytest.mark.rule("R-85")
def test_a_batch_called_released_that_nobody_approved_is_not_released_with_another(fresh_world):
    _, _ = decided(fresh_world)
    other = fresh_world.write_batch(fresh_world.fresh_rows(1), "other")
    assert fresh_world.run(other).code == 0
    with fresh_world.state() as state:
        state.execute("UPDATE batch SET state = 'released' WHERE items = 2")
    assert both(fresh_world, other)[1] == 5
    assert len(list((fresh_world.gate / "outbox").iterdir())) <= 1


@pytest.mark.rule("R-12")
def test_rows_that_no_letter_covers_are_never_decided(fresh_world):
    rows = fresh_world.fresh_rows(2)
    batch = fresh_world.write_batch(rows[:1], "mine")
    other = fresh_world.write_batch(rows[1:], "other")
    day = fresh_world.today.fromordinal(fresh_world.today.toordinal() + 90).isoformat()
    fresh_world.environment["SOLELY_NOW"] = f"{day}T12:00:00Z"
    assert fresh_world.run(batch).result["blocked"] == ["RECORDS_TOO_OLD"]
    (stored,) = (fresh_world.gate / "batches").glob("*/submission/data.csv")
    shutil.copy(other / "data.csv", stored)
    files = [argument for path in fresh_world.folders.record_files() for argument in ("--records", path)]
    assert fresh_world.solely("init", fresh_world.gate, *files, "--as-of", day).code == 0
    ran = fresh_world.run(batch)
    assert (ran.code, ran.result["blocked"]) == (5, ["STATE_EDITED"])
    assert entry_counts(fresh_world)["decision"] == 0


@pytest.mark.rule("R-83", "R-84")
def test_an_approver_who_is_gone_counts_no_more(fresh_world):
    batch, _ = decided(fresh_world)
    assert fresh_world.approve(batch, APPROVERS[0]).code == 0
    for suffix in (".pem", ".toml"):
        (fresh_world.folders.trust / "approvers" / f"{APPROVERS[0]}{suffix}").unlink()
    assert fresh_world.solely("init", fresh_world.gate, "--trust", fresh_world.folders.trust).code == 0
    second = fresh_world.approve(batch, APPROVERS[1])
    assert (second.code, second.result["released"]) == (0, 0)
    require_nothing_left(fresh_world)


@pytest.mark.rule("R-13")
@pytest.mark.parametrize("also", ["", "DELETE FROM ledger_event WHERE event_key NOT LIKE 'part/%'"])
def test_a_letter_whose_rows_are_deleted_is_not_received_anew(fresh_world, also):
    batch, _ = decided(fresh_world)
    assert both(fresh_world, batch) == [0, 0]
    with fresh_world.state() as state:
        for table in ("batch", "chunk", "case_file", "approval", "release", "caseload", "attempt"):
            state.execute(f"DELETE FROM {table}")  # noqa: S608 -- names of our own tables
        if also:
            state.execute(also)
    ran = fresh_world.run(batch)
    assert (ran.code, ran.result["blocked"]) == (5, ["STATE_EDITED"])


@pytest.mark.rule("R-13")
def test_an_item_set_back_to_releasable_is_not_released_twice(fresh_world):
    batch, rows = decided(fresh_world)
    assert both(fresh_world, batch) == [0, 0]
    with fresh_world.state() as state:
        state.execute("UPDATE case_file SET state = 'releasable'")
        state.execute("DELETE FROM release")
        state.execute("UPDATE batch SET state = 'decided'")
    assert fresh_world.approve(batch, APPROVERS[1]).code == 5
    assert entry_counts(fresh_world)["release"] == len(rows)


@pytest.mark.rule("R-05")
def test_a_deleted_case_stops_the_release_before_anything_leaves(fresh_world):
    batch, _ = decided(fresh_world)
    with fresh_world.state() as state:
        state.execute("DELETE FROM case_file WHERE row = 1")
    assert both(fresh_world, batch)[1] == 5
    require_nothing_left(fresh_world)


@pytest.mark.parametrize("name", ["dispositions.parquet", "facts.parquet", "access.parquet", "answer.jsonl"])
def test_a_file_of_the_batch_that_was_edited_stops_the_approval(fresh_world, name):
    batch, _ = decided(fresh_world)
    (folder,) = (fresh_world.gate / "batches").iterdir()
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    with fresh_world.state() as state:
        digest = sha256((folder / "dispositions.parquet").read_bytes()).hexdigest()
        state.execute("UPDATE batch SET digests = json_set(digests, '$.dispositions', ?)", (digest,))
    assert fresh_world.approve(batch, APPROVERS[0]).code == 5
    assert entry_counts(fresh_world)["approval"] == 0


@pytest.mark.rule("R-06", "R-09")
@pytest.mark.parametrize(
    "edit", [("2027", "2099"), ('"2GB"', "\"2GB'; COPY (SELECT 1) TO 'x.csv'; SET threads='1\"")]
)
def test_an_edited_configuration_stops_the_gate(fresh_world, edit):
    config = fresh_world.gate / "gate.toml"
    text = config.read_text()
    assert edit[0] in text
    config.write_text(text.replace(*edit))
    assert fresh_world.run().code in (2, 5)
    assert entry_counts(fresh_world)["request"] == 0


def test_a_referral_needs_votes_that_are_in_the_ledger(fresh_world):
    (row,) = fresh_world.fresh_rows(1)
    assert fresh_world.run(fresh_world.write_batch([row | {"statute": "18 USC 1001"}], "one")).code == 0
    with fresh_world.state() as state:
        (batch_id,) = state.execute("SELECT id FROM batch").fetchone()
        state.execute(
            "INSERT INTO vote (batch_id, row, stage, approver_id, decide, note, entry_index) "
            "VALUES (?, 1, 'referred_unread', ?, 'confirm', 'forged', 5)",
            (batch_id, APPROVERS[1]),
        )
    ran = fresh_world.review(row["request_id"], APPROVERS[0])
    assert ran.code == 5, ran.out


@pytest.mark.rule("R-29", "R-33")
def test_no_confirmation_makes_an_insufficient_address_sufficient(fresh_world):
    (row,) = fresh_world.fresh_rows(1)
    jail = "Cook County Jail, " + row["address"]
    batch = fresh_world.write_batch([row | {"address": jail}], "jail")
    ran = fresh_world.run(batch)
    assert ran.result["referred"] == 1, ran.out
    for office in APPROVERS:
        voted = fresh_world.review(row["request_id"], office)
        assert voted.code == 0, voted.err
    assert voted.result["state"] == "returned"
    assert both(fresh_world, batch) == [0, 0]
    require_nothing_left(fresh_world)


@pytest.mark.rule("R-11")
def test_a_requester_that_is_no_party_is_refused(fresh_world):
    batch = fresh_world.write_batch(
        fresh_world.fresh_rows(1), "other", sender=sent_by(fresh_world, requester="another-agency")
    )
    ran = fresh_world.run(batch)
    assert (ran.code, ran.result["batch_refused"]["element"]) == (1, "requester")


@pytest.mark.rule("R-02", "R-03")
@pytest.mark.parametrize(
    "edit", [("approvers_min = 2", "approvers_min = 3"), ('mode = "batch"', 'mode = "item"')]
)
def test_a_signed_term_that_this_build_cannot_keep_makes_no_gate(fresh_world, edit):
    amended = fresh_world.amend(edit)
    for ran in (
        fresh_world.solely("init", fresh_world.gate, "--agreement", amended),
        fresh_world.solely("check", amended),
    ):
        assert ran.code == 1
        assert edit[0].split()[0] in ran.out + ran.err


@pytest.mark.rule("R-92", "R-95")
def test_the_echo_is_in_the_ledger_even_when_the_officer_goes_no_further(fresh_world):
    batch, (row, _) = decided(fresh_world)
    assert both(fresh_world, batch) == [0, 0]
    before = entry_counts(fresh_world)["showing"]
    ran = fresh_world.open(row, confirm="R-ANOTHER")
    assert ran.code == 1
    assert entry_counts(fresh_world)["showing"] == before + 1


@pytest.mark.rule("R-83", "R-97")
def test_an_address_corrected_after_release_denies_the_old_package(fresh_world):
    batch, (row, _) = decided(fresh_world)
    assert both(fresh_world, batch) == [0, 0]
    number = row["taxpayer_number"].replace("-", "").replace(" ", "")
    for path in fresh_world.folders.record_files():
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        mine = [each for each in rows if each["taxpayer_number"].replace("-", "") == number]
        if mine:
            newer = dict(max(mine, key=lambda each: each["period_from"]), street_line="9 CORRECTED WAY")
            newer["period_from"], newer["period_to"] = f"{row['periods'].strip()[-4:]}-12-31", ""
            with path.open("a", encoding="utf-8", newline="") as file:
                csv.DictWriter(file, list(rows[0]), lineterminator="\n").writerow(newer)
    files = [argument for path in fresh_world.folders.record_files() for argument in ("--records", path)]
    assert (
        fresh_world.solely("init", fresh_world.gate, *files, "--as-of", fresh_world.today.isoformat()).code
        == 0
    )
    ran = fresh_world.open(row)
    assert ran.code == 1, ran.out
    assert json.dumps("street_line") not in ran.out


# -- counts that a batch is held against -----------------------------------------------------------------


def edited(world: World, statement: str, count: int = 2):
    """A decided batch of a gate whose state was edited afterwards, and a second one that waits."""
    batch, _ = decided(world, count)
    with world.state() as state:
        assert state.execute(statement).rowcount > 0
    return batch, world.write_batch(world.fresh_rows(1), "next")


@pytest.mark.rule("R-66", "R-83")
@pytest.mark.parametrize(
    "statement",
    ["UPDATE batch SET received_at = '2026-01-01T00:00:00+00:00'", "UPDATE batch SET received_at = 'once'"],
)
def test_a_batch_whose_day_of_receipt_was_edited_stops_the_gate(fresh_world, statement):
    batch, following = edited(fresh_world, statement)
    assert fresh_world.run(following).code == 5
    assert both(fresh_world, batch) == [5, 5]
    require_nothing_left(fresh_world)


@pytest.mark.rule("R-82")
@pytest.mark.parametrize(
    "statement", ["UPDATE batch SET state = 'received'", "UPDATE batch SET state = 'sealed'"]
)
def test_a_batch_whose_state_was_edited_is_neither_decided_anew_nor_released(fresh_world, statement):
    batch, following = edited(fresh_world, statement)
    for path in (following, batch):
        ran = fresh_world.run(path)
        assert (ran.code, ran.result["blocked"]) == (5, ["STATE_EDITED"])
    assert 0 not in both(fresh_world, batch)
    require_nothing_left(fresh_world)


@pytest.mark.rule("R-51")
@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM caseload", "UPDATE caseload SET items = 0", "UPDATE batch SET state = 'released'"],
)
def test_a_caseload_is_not_emptied_by_an_edit(fresh_world, statement):
    _, following = edited(fresh_world, statement, count=3)
    ran = fresh_world.run(following)
    assert (ran.code, ran.result["blocked"]) == (5, ["STATE_EDITED"])


@pytest.mark.rule("R-87")
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM attempt",
        "UPDATE attempt SET tags = zeroblob(16)",
        # A row has no day of its own that could be set back: it counts as long as its batch does.
        "UPDATE attempt SET batch_id = 'another'",
    ],
)
def test_attempts_are_not_forgotten_by_an_edit(fresh_world, statement):
    _, following = edited(fresh_world, statement)
    ran = fresh_world.run(following)
    assert (ran.code, ran.result["blocked"]) == (5, ["STATE_EDITED"])


@pytest.mark.rule("R-87")
def test_an_attempt_that_people_sent_on_is_not_forgotten_by_an_edit(fresh_world):
    row, other = (each | {"statute": "18 USC 1001"} for each in fresh_world.fresh_rows(2))
    assert fresh_world.run(fresh_world.write_batch([row, other], "two")).result["referred"] == 2
    with services.opened(fresh_world.gate) as opened:  # a review that breaks off after the last vote
        case = reviewing.find_referral(opened, other["request_id"])
        for office in APPROVERS:
            key = approving.read_key(fresh_world.key("approvers", office))
            view = flow.View("reviewer", fresh_world.key("approvers", office))
            flow.explain(opened, other["request_id"], view)
            votes = reviewing.add_vote(opened, case, key, reviewing.Vote("confirm", "read"), opened.now())
        assert len(votes) == 2
    following = fresh_world.write_batch(fresh_world.fresh_rows(1), "next")
    for office in APPROVERS:
        voted = fresh_world.review(row["request_id"], office)
        assert voted.code == 0, voted.err
    with fresh_world.state() as state:
        (kept,) = state.execute("SELECT * FROM attempt WHERE row = 1").fetchall()
    for statement in [
        "DELETE FROM attempt WHERE row IS NOT NULL",
        "UPDATE attempt SET tags = zeroblob(16) WHERE row = 1",
        "UPDATE attempt SET batch_id = 'another' WHERE row = 1",
        "UPDATE attempt SET row = NULL WHERE row = 1",
        "INSERT INTO attempt (batch_id, row, tags, referral_index, tag) "
        "SELECT batch_id, row, tags, referral_index, tag FROM attempt WHERE row = 1",
    ]:
        with fresh_world.state() as state:
            assert state.execute(statement).rowcount == 1
        ran = fresh_world.run(following)
        assert (ran.code, ran.result["blocked"]) == (5, ["STATE_EDITED"]), statement
        with fresh_world.state() as state:
            state.execute("DELETE FROM attempt WHERE row = 1 OR id = ?", kept[:1])
            state.execute("INSERT INTO attempt VALUES (?, ?, ?, ?, ?, ?)", kept)
    assert fresh_world.run(following).code == 0


def test_the_first_approver_signs_nothing_that_could_not_leave(fresh_world):
    batch, _ = edited(fresh_world, "DELETE FROM case_file WHERE row = 1")
    assert both(fresh_world, batch) == [5, 5]
    assert entry_counts(fresh_world)["approval"] == 0


# -- an instrument that stands no more ------------------------------------------------------------------


OFFICE = "secretary-of-homeland-security"


def revoked(world: World, how: str) -> None:
    """Enrol anew without the office that signed, with its term ended, or with another key."""
    trust = world.root / "trust-now"
    shutil.copytree(world.folders.trust, trust)
    office = trust / "requesters" / OFFICE
    if how == "gone":
        office.with_suffix(".pem").unlink()
        office.with_suffix(".toml").unlink()
    if how == "ended":
        text = office.with_suffix(".toml").read_text()
        ended = re.sub(r"valid_to = \S+", f"valid_to = {world.today - timedelta(days=1)}", text)
        assert ended != text
        office.with_suffix(".toml").write_text(ended)
    if how == "another key":
        shutil.copy(trust / "requesters" / "field-office-director.pem", office.with_suffix(".pem"))
    done = world.solely("init", world.gate, "--trust", trust)
    assert done.code == 0, done.err


@pytest.mark.rule("R-11", "R-12", "R-83")
@pytest.mark.parametrize("how", ["gone", "ended", "another key"])
def test_what_an_office_signed_goes_no_further_once_it_may_sign_no_more(fresh_world, how):
    batch, _ = decided(fresh_world)
    revoked(fresh_world, how)
    assert both(fresh_world, batch) == [5, 5]
    require_nothing_left(fresh_world)


@pytest.mark.rule("R-12")
@pytest.mark.parametrize("signature", [None, b"", b"AAAA"])
def test_a_batch_whose_stored_signature_is_gone_or_another_is_not_released(fresh_world, signature):
    batch, _ = decided(fresh_world)
    (path,) = fresh_world.gate.glob("batches/*/submission/letter.json.sig")
    path.unlink() if signature is None else path.write_bytes(signature)
    assert both(fresh_world, batch) == [5, 5]
    require_nothing_left(fresh_world)


@pytest.mark.rule("R-83")
def test_a_package_opens_no_more_once_its_requesting_office_is_revoked(fresh_world):
    batch, rows = decided(fresh_world)
    assert both(fresh_world, batch) == [0, 0]
    assert fresh_world.open(rows[0]).code == 0
    revoked(fresh_world, "gone")
    assert fresh_world.open(rows[0]).code == 5
    assert entry_counts(fresh_world)["open-refused"] == 1


@pytest.mark.rule("R-83")
def test_an_office_with_a_new_key_goes_on_and_its_earlier_batches_hold_up_nothing(fresh_world):
    batch, _ = decided(fresh_world)
    assert both(fresh_world, batch) == [0, 0]
    revoked(fresh_world, "another key")
    keys = fresh_world.key("requesters", OFFICE)
    keys.chmod(0o600)
    keys.write_bytes(fresh_world.key("requesters", "field-office-director").read_bytes())
    for name in APPROVERS:
        signed = ("--gate", fresh_world.gate, "--as", fresh_world.key("approvers", name))
        assert fresh_world.solely("countersign", "trust", *signed).code == 0
    fresh_world.environment["SOLELY_NOW"] = (datetime.now(UTC) + timedelta(hours=25)).isoformat()
    later = fresh_world.write_batch(fresh_world.fresh_rows(1), "later")
    assert fresh_world.run(later).result["releasable"] == 1
    assert both(fresh_world, later) == [0, 0]


# -- a run that was cut off between its chunk and its close ----------------------------------------------


CUT = (
    "import os, solely.steps.deciding as deciding; deciding.close = lambda *_: os._exit(9); "
    "from solely.cli.main import main; main()"
)


def cut_off(world: World):
    """A batch whose only chunk is decided and which was never closed, as a kill there leaves it."""
    batch = world.write_batch(world.fresh_rows(3), "cut")
    command = [sys.executable, "-c", CUT, "run", str(batch), "--gate", str(world.gate)]
    assert subprocess.run(command, cwd=world.root, capture_output=True, check=False).returncode == 9
    return batch


def rewrite(world: World, kind: str, select: str) -> str:
    """Write another chunk file of a kind in place of the decided one; its SHA-256."""
    (path,) = world.gate.glob(f"batches/*/chunks/*.{kind}.parquet")
    duckdb.execute(f"COPY ({select.format(path=path)}) TO '{path}.new' (FORMAT parquet)")
    path.with_name(path.name + ".new").replace(path)
    return sha256(path.read_bytes()).hexdigest()


@pytest.mark.rule("R-05", "R-55")
@pytest.mark.parametrize("is_row_edited", [False, True])
@pytest.mark.parametrize(
    ("kind", "select"),
    [
        ("access", "SELECT * FROM '{path}' WHERE false"),
        ("facts", "SELECT * REPLACE ('forged' AS purpose) FROM '{path}'"),
        ("decisions", "SELECT * REPLACE (false AS is_record_read) FROM '{path}'"),
    ],
)
def test_a_chunk_edited_between_a_kill_and_the_next_run_stops_the_batch(
    fresh_world, kind, select, is_row_edited
):
    batch = cut_off(fresh_world)
    digest = rewrite(fresh_world, kind, select)
    if is_row_edited:
        with fresh_world.state() as state:
            state.execute("UPDATE chunk SET digests = json_set(digests, ?, ?)", (f"$.{kind}", digest))
    ran = fresh_world.run(batch)
    assert ran.code == 5, ran.out + ran.err
    require_nothing_left(fresh_world)


@pytest.mark.rule("R-05")
def test_a_run_cut_off_before_its_close_goes_on(fresh_world):
    batch = cut_off(fresh_world)
    assert fresh_world.run(batch).result["releasable"] == 3


@pytest.mark.rule("R-43", "R-81")
def test_the_requesters_view_gives_no_receipt(fresh_world):
    _, rows = decided(fresh_world, 1)
    receipt = fresh_world.root / "receipt.txt"
    asked = ["explain", rows[0]["request_id"], "--gate", fresh_world.gate, "--proof", receipt]
    assert fresh_world.solely(*asked).code == 2
    assert not receipt.exists()
    assert fresh_world.solely(*asked, "--view", "auditor").code == 0
    assert receipt.exists()
