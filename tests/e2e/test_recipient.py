"""The recipient's side: terms before the first opening, duties by their day, corrections told by release."""

import sqlite3
from datetime import timedelta

import pytest

from solely.signing import key_id, parse_private_key
from tests.e2e.test_orders import given
from tests.support.reading import entry_counts
from tests.support.world import APPROVERS, Ran, World, officer_of

pytestmark = pytest.mark.e2e


def released(world: World, count: int = 2):
    """A batch of valid rows, released: its id and rows."""
    rows = world.fresh_rows(count)
    ran = world.run(world.write_batch(rows, "valid"))
    assert world.approve_by_two(ran.result["batch"]).result["released"] == count
    return ran.result["batch"], rows


def signed(world: World, verb: str, row, *more: str) -> Ran:
    """What the officer signs about the row's release."""
    key = world.key("officers", officer_of(row))
    return world.solely(verb, row["request_id"], "--gate", world.gate, "--as", key, *more)


def inbox(world: World, row) -> list[dict]:
    """What waits for the row's officer."""
    key = world.key("officers", officer_of(row))
    ran = world.solely("inbox", "--gate", world.gate, "--as", key)
    assert ran.code == 0, ran.err
    return [line for line in ran.lines if row["request_id"] in line.values() or "version" in line]


@pytest.mark.rule("R-101")
def test_nothing_opens_before_the_terms_of_this_version_are_accepted_and_an_amendment_asks_again(fresh_world):
    _, (row, other) = released(fresh_world)
    package = fresh_world.gate / "outbox" / f"{row['request_id']}.tdf"
    key = fresh_world.key("officers", officer_of(row))
    opening = ("open", package, "--key", key, "--gate", fresh_world.gate, "--confirm", row["request_id"])
    denied = fresh_world.solely(*opening)
    assert denied.code == 1
    assert "accept" in denied.err
    assert fresh_world.accept(officer_of(row)).code == 0
    assert fresh_world.accept(officer_of(row)).code == 4
    assert fresh_world.solely(*opening).code == 0
    home = fresh_world.amend(("order_days_min = 90", "order_days_min = 91"))
    assert fresh_world.solely("init", fresh_world.gate, "--agreement", home).code == 0
    again = fresh_world.solely(*opening)
    assert (again.code, "accept" in again.err) == (1, True), again.err
    assert officer_of(other)


@pytest.mark.rule("R-96", "R-62", "R-64")
def test_an_opened_lead_must_be_verified_and_destroyed_in_time_or_new_releases_wait(fresh_world):
    fresh_world.set_clock()
    _, (row, _) = released(fresh_world)
    assert fresh_world.open(row).code == 0
    lines = inbox(fresh_world, row)
    assert [line["by"] for line in lines] == sorted(line["by"] for line in lines), "what is due soonest first"
    due = {line["due"]: line["by"] for line in lines}
    assert set(due) == {"verified", "destroyed", "outcome"}
    waiting = fresh_world.run(fresh_world.write_batch(fresh_world.fresh_rows(1), "next")).result["batch"]
    fresh_world.set_clock(days=29)
    refresh(fresh_world, days=29)
    fresh_world.set_clock(days=31)
    blocked = fresh_world.approve(waiting, APPROVERS[0])
    assert (blocked.code, blocked.result["blocked"]) == (5, ["OVERDUE"])
    assert signed(fresh_world, "verified", row, "--how", "  ").code == 2
    assert signed(fresh_world, "verified", row, "--how", "land records").code == 0
    again = signed(fresh_world, "verified", row, "--how", "a call")
    assert again.code == 4
    assert f"`verified` (how land records), signed by `{officer_of(row)}` on " in again.err
    assert fresh_world.approve_by_two(waiting).result["released"] == 1
    assert signed(fresh_world, "destroyed", row, "--method", "SP 800-88 purge").code == 0
    assert {line["due"] for line in inbox(fresh_world, row)} == {"outcome"}
    gone = fresh_world.open(row)
    assert (gone.code, "destroyed" in gone.err) == (1, True), gone.err
    counts = entry_counts(fresh_world)
    assert (counts["duty"], counts["certificate"]) == (1, 1)
    ran = fresh_world.solely("verify", fresh_world.gate / "ledger", "--key", fresh_world.gate / "log.vkey")
    assert ran.code == 0, ran.out


def refresh(world: World, **by: int) -> None:
    """Put the records in force anew, as of some later day."""
    day = (world.today + timedelta(days=1) + timedelta(**by)).isoformat()
    files = [argument for path in world.folders.record_files() for argument in ("--records", path)]
    made = world.solely("init", world.gate, *files, "--as-of", day)
    assert made.code == 0, made.err


@pytest.mark.rule("R-62", "R-82")
def test_a_release_that_is_deleted_from_the_table_hides_no_duty(fresh_world):
    fresh_world.set_clock()
    _, (row, _) = released(fresh_world)
    assert fresh_world.open(row).code == 0
    waiting = fresh_world.run(fresh_world.write_batch(fresh_world.fresh_rows(1), "next")).result["batch"]
    with sqlite3.connect(fresh_world.gate / "state.sqlite", isolation_level=None) as state:
        state.execute("DELETE FROM release WHERE request_id = ?", (row["request_id"],))
    assert fresh_world.approve(waiting, APPROVERS[0]).result["blocked"] == ["STATE_EDITED"]


@pytest.mark.rule("R-82", "R-96")
def test_a_signature_that_is_put_in_the_place_of_an_officers_stops_what_rests_on_it(fresh_world):
    _, (row, other) = released(fresh_world)
    assert fresh_world.open(row).code == 0
    assert signed(fresh_world, "verified", row, "--how", "land records").code == 0
    with fresh_world.state() as state:
        forged = "UPDATE recipient_act SET signature = (SELECT signature FROM approval LIMIT 1)"
        assert state.execute(forged).rowcount > 0
    stopped = fresh_world.open(other)
    assert (stopped.code, "holds another signature" in stopped.err) == (5, True), stopped.err


@pytest.mark.rule("R-55", "R-82")
def test_a_signature_that_was_deleted_is_not_entered_a_second_time(fresh_world):
    _, (row, _) = released(fresh_world)
    assert fresh_world.open(row).code == 0
    assert signed(fresh_world, "verified", row, "--how", "land records").code == 0
    with fresh_world.state() as state:
        state.execute("DELETE FROM recipient_act WHERE act = 'verified'")
        state.execute("DELETE FROM ledger_event WHERE event_key LIKE 'recipient/%'")
    again = signed(fresh_world, "verified", row, "--how", "land records")
    assert (again.code, "missing in the table" in again.err) == (5, True), again.err
    key = fresh_world.gate / "log.vkey"
    assert fresh_world.solely("verify", fresh_world.gate / "ledger", "--key", key).code == 0


@pytest.mark.rule("R-98")
def test_too_many_missing_outcomes_refuse_the_next_batch_and_outcomes_open_the_door_again(fresh_world):
    fresh_world.set_clock()
    _, rows = released(fresh_world)
    fresh_world.set_clock(days=121)
    refresh(fresh_world, days=121)
    batch = fresh_world.write_batch(fresh_world.fresh_rows(1), "next")
    refused = fresh_world.run(batch)
    assert (refused.code, refused.result["batch_refused"]["rule"]) == (1, "R-98")
    assert signed(fresh_world, "outcome", rows[0], "--code", "lost").code == 2
    for row in rows:
        assert signed(fresh_world, "outcome", row, "--code", "not_used").code == 0
    assert fresh_world.run(batch).code == 0


@pytest.mark.rule("R-97")
def test_a_correction_reaches_every_recipient_of_the_record_by_release_and_is_acknowledged(fresh_world):
    _, (row, other) = released(fresh_world)
    key = fresh_world.key("approvers", "privacy-officer")
    note = "the birth date of the record was wrong"
    made = fresh_world.solely(
        "correct", row["request_id"], "--gate", fresh_world.gate, "--as", key, "--note", note
    )
    assert made.code == 0, made.err
    assert len(made.result["releases"]) == 1
    officer = fresh_world.key("officers", officer_of(row))
    lines = fresh_world.solely("inbox", "--gate", fresh_world.gate, "--as", officer).lines
    (told,) = [line for line in lines if "correction" in line]
    assert (told["note"], told["releases"]) == (note, made.result["releases"])
    told_by = ("acknowledge", told["correction"], "--gate", fresh_world.gate, "--as")
    mistyped = told["correction"][::-1]
    wrong = fresh_world.solely("acknowledge", mistyped, *told_by[2:], officer)
    assert (wrong.code, f"there is `{told['correction']}`" in wrong.err) == (1, True)
    assert fresh_world.solely(*told_by, officer).code == 0
    lines = fresh_world.solely("inbox", "--gate", fresh_world.gate, "--as", officer).lines
    assert not [line for line in lines if "correction" in line]
    if officer_of(other) != officer_of(row):
        stranger = fresh_world.key("officers", officer_of(other))
        assert fresh_world.solely(*told_by, stranger).code == 1
    with sqlite3.connect(fresh_world.gate / "state.sqlite", isolation_level=None) as state:
        state.execute("DELETE FROM correction")
    gone = fresh_world.solely("inbox", "--gate", fresh_world.gate, "--as", officer)
    assert gone.code == 5


@pytest.mark.rule("R-52", "R-64", "R-81")
def test_only_a_named_officer_signs_and_only_for_what_was_opened(fresh_world):
    _, (row, other) = released(fresh_world)
    assert signed(fresh_world, "destroyed", row, "--method", "shredder").code == 1
    stranger = next(
        path
        for path in sorted((fresh_world.root / "keys" / "officers").iterdir())
        if path.stem.startswith("officer-0") and path.stem not in row["officers"]
    )
    ran = fresh_world.solely(
        "outcome", row["request_id"], "--gate", fresh_world.gate, "--as", stranger, "--code", "used"
    )
    none = fresh_world.solely(
        "outcome", "R-NEVER-SENT", "--gate", fresh_world.gate, "--as", stranger, "--code", "used"
    )
    assert (ran.code, ran.err) == (none.code, none.err), "what names others is as what is not there (R-81)"
    assert (ran.code, "no release of this request id names you" in ran.err) == (2, True)
    counts = entry_counts(fresh_world)
    assert (counts["outcome"], counts["open-refused"], counts["arrival"]) == (0, 2, 2), "the batch, and it"
    assert other


@pytest.mark.rule("R-98", "R-96")
def test_an_outcome_needs_an_opening_and_one_that_turns_out_otherwise_follows_the_first(fresh_world):
    _, (row, _) = released(fresh_world)
    early = signed(fresh_world, "outcome", row, "--code", "used")
    assert (early.code, "its outcome is `not_used` until it is" in early.err) == (1, True), early.err
    assert signed(fresh_world, "outcome", row, "--code", "not_used").code == 0
    assert "outcome" not in {line["due"] for line in inbox(fresh_world, row)}
    assert fresh_world.open(row).code == 0
    assert "outcome" in {line["due"] for line in inbox(fresh_world, row)}, "an opening undoes `not_used`"
    codes = [("not_used", 0), ("not_used", 4), ("used", 0), ("used", 4), ("wrong_person", 0), ("used", 0)]
    for code, exit_code in codes:
        ran = signed(fresh_world, "outcome", row, "--code", code)
        assert ran.code == exit_code, ran.err
    assert entry_counts(fresh_world)["outcome"] == 5
    assert "outcome" not in {line["due"] for line in inbox(fresh_world, row)}
    ran = fresh_world.solely("verify", fresh_world.gate / "ledger", "--key", fresh_world.gate / "log.vkey")
    assert ran.code == 0, ran.out


@pytest.mark.rule("R-96", "R-52")
def test_who_opened_signs_and_no_other_officer_whom_the_release_names(fresh_world):
    officers = sorted(path.stem for path in (fresh_world.root / "keys" / "officers").glob("officer-0?.pem"))
    one, other = officers[:2]
    (row,) = fresh_world.fresh_rows(1, officers=f"{one};{other}")
    batch = fresh_world.run(fresh_world.write_batch([row], "two")).result["batch"]
    assert fresh_world.approve_by_two(batch).result["released"] == 1
    by_other = ("--gate", fresh_world.gate, "--as", fresh_world.key("officers", other))
    assert fresh_world.open(row, one).code == 0
    for verb, *said in (("verified", "--how", "land records"), ("destroyed", "--method", "purge"),
                        ("outcome", "--code", "used")):  # fmt: skip
        ran = fresh_world.solely(verb, row["request_id"], *by_other, *said)
        assert (ran.code, "another officer opened" in ran.err) == (1, True), (verb, ran.err)
        assert signed(fresh_world, verb, row, *said).code == 0
    counts = entry_counts(fresh_world)
    assert (counts["duty"], counts["certificate"], counts["outcome"]) == (1, 1, 1)


@pytest.mark.rule("R-57")
def test_no_number_of_a_person_stands_in_what_is_signed_or_told(fresh_world):
    _, (row, _) = released(fresh_world)
    assert fresh_world.open(row).code == 0
    told = ("correct", row["request_id"], "--gate", fresh_world.gate, "--as",
            fresh_world.key("approvers", "privacy-officer"), "--note", "the number is 919669853")  # fmt: skip
    stay = ("stay", "--gate", fresh_world.gate, "--as", fresh_world.key("courts", "district-court"),
            "--cite", "for A 912345678")  # fmt: skip
    for ran in (
        signed(fresh_world, "verified", row, "--how", "number 919-66-9853"),
        signed(fresh_world, "destroyed", row, "--method", "the file of 919 66 9853"),
        fresh_world.solely(*told),
        fresh_world.solely(*stay),
    ):
        assert (ran.code, "a person's number" in ran.err, "66" in ran.err) == (2, True, False), ran.err
    counts = entry_counts(fresh_world)
    assert not any(counts[each] for each in ("duty", "certificate", "correction", "stay"))


@pytest.mark.rule("R-64", "R-62")
def test_what_was_opened_is_destroyed_by_a_day_after_its_recall_or_new_releases_wait(fresh_world):
    fresh_world.set_clock()
    batch, (row, unopened) = released(fresh_world)
    assert fresh_world.open(row).code == 0
    assert signed(fresh_world, "verified", row, "--how", "land records").code == 0
    waiting = fresh_world.run(fresh_world.write_batch(fresh_world.fresh_rows(1), "next")).result["batch"]
    party = ("--gate", fresh_world.gate, "--as", fresh_world.key("parties", "treasury"))
    made = fresh_world.solely("recall", *party, "--cite", "judged again", "--batch", batch)
    assert made.code == 0, made.err
    assert [each["stopped"] for each in inbox(fresh_world, unopened) if "stopped" in each] == ["RECALLED"]
    assert not any(each.get("due") == "opening" for each in inbox(fresh_world, unopened))
    assert {each["due"]: each["by"] for each in inbox(fresh_world, row)}["destroyed"] == (
        f"{fresh_world.today + timedelta(days=1 + 10)}"
    )

    def states() -> dict[str, int]:
        ran = fresh_world.solely("comply", made.result["order"], "--gate", fresh_world.gate)
        return {name: count for name, count in ran.result["counts"].items() if count}

    assert states() == {"unopened": 1, "opened": 1}
    assert fresh_world.approve(waiting, APPROVERS[0]).code == 0
    fresh_world.set_clock(days=11)
    assert states() == {"unopened": 1, "unknown": 1}
    assert fresh_world.approve(waiting, APPROVERS[1]).result["blocked"] == ["OVERDUE"]
    assert signed(fresh_world, "destroyed", row, "--method", "SP 800-88 purge").code == 0
    assert states() == {"unopened": 1, "attested": 1}
    assert fresh_world.approve(waiting, APPROVERS[1]).result["released"] == 1


@pytest.mark.rule("R-64", "R-62", "R-96")
def test_of_two_who_opened_a_release_each_signs_for_the_own_copy(fresh_world):
    fresh_world.set_clock()
    row = fresh_world.fresh_rows(1, officers="officer-01;officer-02")[0]
    batch = fresh_world.run(fresh_world.write_batch([row], "two")).result["batch"]
    assert fresh_world.approve_by_two(batch).result["released"] == 1
    for officer in ("officer-01", "officer-02"):
        assert fresh_world.open(row, officer).code == 0
    party = ("--gate", fresh_world.gate, "--as", fresh_world.key("parties", "treasury"))
    order = fresh_world.solely("recall", *party, "--cite", "judged again", "--batch", batch).result["order"]

    def states() -> dict[str, int]:
        ran = fresh_world.solely("comply", order, "--gate", fresh_world.gate)
        return {name: count for name, count in ran.result["counts"].items() if count}

    def destroyed(officer: str) -> int:
        key = ("--as", fresh_world.key("officers", officer), "--method", "SP 800-88 purge")
        return fresh_world.solely("destroyed", row["request_id"], "--gate", fresh_world.gate, *key).code

    def owes(officer: str) -> set[str]:
        key = ("--as", fresh_world.key("officers", officer))
        return {each["due"] for each in fresh_world.solely("inbox", "--gate", fresh_world.gate, *key).lines}

    assert destroyed("officer-01") == 0
    assert states() == {"opened": 1}
    assert (owes("officer-01"), owes("officer-02")) == ({"outcome"}, {"verified", "destroyed", "outcome"})
    assert destroyed("officer-01") == 4
    fresh_world.set_clock(days=12)
    assert states() == {"unknown": 1}
    draft = fresh_world.root / "declaration.md"
    assert fresh_world.solely("comply", order, "--gate", fresh_world.gate, "--out", draft).code == 0
    assert (
        "1 opened, and their destruction not signed by every officer who did, by the day" in draft.read_text()
    )
    assert destroyed("officer-02") == 0
    assert states() == {"attested": 1}
    ran = fresh_world.solely("verify", fresh_world.gate / "ledger", "--key", fresh_world.gate / "log.vkey")
    assert ran.code == 0, ran.out


@pytest.mark.rule("R-82", "R-49", "R-61")
@pytest.mark.parametrize(
    "edit",
    [
        "expires_on = '2026-01-01'",
        "officers = '[\"officer-09\"]'",
        "released_at = '2026-01-01T00:00:00+00:00'",
    ],
)
def test_who_may_open_and_until_when_are_the_ledgers_word_and_not_the_tables(fresh_world, edit):
    _, (row, _) = released(fresh_world)
    with sqlite3.connect(fresh_world.gate / "state.sqlite", isolation_level=None) as state:
        state.execute(f"UPDATE release SET {edit}")  # noqa: S608 -- an edit by who holds the disk
    named = "officer-09" if "officer" in edit else officer_of(row)
    opened = fresh_world.open(row, named)
    assert (opened.code, "STATE_EDITED" in opened.err) == (5, True), opened.err
    keys = [word for office in APPROVERS for word in ("--as", fresh_world.key("approvers", office))]
    bucket = f"content-{fresh_world.today:%Y-%m}"
    shredded = fresh_world.solely("shred", "--gate", fresh_world.gate, "--bucket", bucket, *keys)
    assert shredded.code == (5 if "expires" in edit else 2 if "released_at" in edit else 1), shredded.err
    assert entry_counts(fresh_world)["destroy-intent"] == 0


@pytest.mark.rule("R-99", "R-14")
def test_what_left_by_an_urgent_path_is_checked_by_another_official_in_time_or_recalled_and_erased(
    fresh_world,
):
    home = fresh_world.amend(("release_days_max = 90", "release_days_max = 90\nurgent_check_days = 7"))
    assert fresh_world.solely("init", fresh_world.gate, "--agreement", home).code == 0
    fresh_world.set_clock()
    _, (late, checked) = released(fresh_world)
    gate = ("--gate", fresh_world.gate)
    lines = fresh_world.solely("pending", *gate).lines
    by = f"{fresh_world.today + timedelta(days=8)}"
    assert {(each["request_id"], each["by"]) for each in lines} == {
        (row["request_id"], by) for row in (late, checked)
    }
    assert fresh_world.open(late).code == 0
    assert signed(fresh_world, "verified", late, "--how", "land records").code == 0

    def check(row, office: str) -> Ran:
        key = fresh_world.key("approvers", office)
        return fresh_world.solely(
            "checked", row["request_id"], *gate, "--as", key, "--note", "confirmed by file"
        )

    assert check(checked, APPROVERS[0]).code == 1, "who approved does not check"
    with fresh_world.state() as state:
        state.execute("UPDATE approval SET batch_id = batch_id || '-gone'")
    assert check(checked, APPROVERS[0]).code == 1, "the ledger says who approved, whatever the table says"
    with fresh_world.state() as state:
        state.execute("UPDATE approval SET batch_id = replace(batch_id, '-gone', '')")
    assert check(checked, "privacy-officer").code == 0
    assert check(checked, "privacy-officer").code == 4
    waiting = fresh_world.run(fresh_world.write_batch(fresh_world.fresh_rows(1), "next")).result["batch"]
    fresh_world.set_clock(days=7)
    assert fresh_world.open(late).code == 0, "the last day is a day in time"
    fresh_world.set_clock(days=8)
    gone = fresh_world.open(late)
    assert (gone.code, "recalled" in gone.err) == (1, True), gone.err
    assert fresh_world.open(checked).code == 0
    assert entry_counts(fresh_world)["recall"] == 1
    refused = check(late, "privacy-officer")
    assert (refused.code, "no check brings it back" in refused.err) == (1, True)
    due = {each["due"]: each for each in inbox(fresh_world, late) if "due" in each}
    assert due["destroyed"]["by"] == f"{fresh_world.today + timedelta(days=1 + 8 + 10)}"
    fresh_world.set_clock(days=19)
    refresh(fresh_world, days=19)
    assert fresh_world.approve(waiting, APPROVERS[0]).result["blocked"] == ["OVERDUE"]
    assert signed(fresh_world, "destroyed", late, "--method", "SP 800-88 purge").code == 0
    assert fresh_world.approve_by_two(waiting).result["released"] == 1
    ran = fresh_world.solely("verify", fresh_world.gate / "ledger", "--key", fresh_world.gate / "log.vkey")
    assert ran.code == 0, ran.out


@pytest.mark.rule("R-62", "R-64", "R-96")
def test_the_duty_of_one_who_is_enrolled_no_more_stays_until_another_signs_for_that_one(fresh_world):
    fresh_world.set_clock()
    (row,) = fresh_world.fresh_rows(1, officers="officer-01;officer-02;officer-03")
    batch = fresh_world.run(fresh_world.write_batch([row], "two")).result["batch"]
    assert fresh_world.approve_by_two(batch).result["released"] == 1
    for officer in ("officer-01", "officer-02"):
        assert fresh_world.open(row, officer).code == 0
    waiting = fresh_world.run(fresh_world.write_batch(fresh_world.fresh_rows(1), "next")).result["batch"]
    gate = ("--gate", fresh_world.gate)
    said = {"verified": ("--how", "land records"), "destroyed": ("--method", "SP 800-88 purge")}

    def signs(officer: str, verb: str, *more: str) -> Ran:
        key = fresh_world.key("officers", officer)
        return fresh_world.solely(verb, row["request_id"], *gate, "--as", key, *said[verb], *more)

    def due(officer: str) -> set[tuple[str, str | None]]:
        lines = fresh_world.solely("inbox", *gate, "--as", fresh_world.key("officers", officer)).lines
        return {(each["due"], each.get("for")) for each in lines if each.get("due") in said}

    for verb in said:
        assert signs("officer-01", verb).code == 0
    early = signs("officer-01", "verified", "--for", "officer-02")
    assert (early.code, "is enrolled here no more" in early.err) == (1, True), early.err
    gone = key_id(parse_private_key(fresh_world.key("officers", "officer-02").read_bytes()).public_key())
    revoked = given(fresh_world, "parties/homeland-security", kind="revocation", revoked_key=gone)
    assert revoked.code == 0, revoked.err
    fresh_world.set_clock(days=29)
    refresh(fresh_world, days=29)
    fresh_world.set_clock(days=31)
    assert fresh_world.approve(waiting, APPROVERS[0]).result["blocked"] == ["OVERDUE"]
    assert due("officer-01") == due("officer-03") == {(verb, "officer-02") for verb in said}
    order = fresh_world.solely(
        "stay", *gate, "--as", fresh_world.key("courts", "district-court"), "--cite", "say where it is"
    ).result["order"]

    def states() -> dict[str, int]:
        ran = fresh_world.solely("comply", order, *gate)
        return {name: count for name, count in ran.result["counts"].items() if count and name != "waiting"}

    assert states() == {"opened": 1}
    assert signs("officer-03", "verified").code == 1, "who never opened has no own copy to sign for"
    assert signs("officer-03", "verified", "--for", "officer-02").code == 0
    assert signs("officer-01", "destroyed", "--for", "officer-02").code == 0
    again = signs("officer-03", "destroyed", "--for", "officer-02")
    assert (again.code, "for officer-02" in again.err) == (4, True), again.err
    assert due("officer-01") == due("officer-03") == set()
    assert states() == {"opened": 1, "signed_for": 1}
    ran = fresh_world.solely("verify", fresh_world.gate / "ledger", "--key", fresh_world.gate / "log.vkey")
    assert ran.code == 0, ran.out
