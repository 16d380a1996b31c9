"""Rules over all rows of a batch, and over batches: whoever breaks one reaches no record (R-01)."""

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo.people import FIELD_OFFICE, SIGNER
from tests.support.reading import batch_folder, entry_counts, rows_of
from tests.support.world import APPROVERS, Ran, World, build_world

pytestmark = pytest.mark.e2e
Rows = Sequence[dict[str, str]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A gate that decides many small batches about persons of its own."""
    made = build_world(tmp_path_factory.mktemp("batchwide"), seed=19, people=900, items=60)
    assert made.init().code == 0
    yield made


def with_limits(made: World, **limits: int) -> None:
    """Put a newly signed agreement in force whose limits are other ones."""
    text = (made.gate / "law/agreements/irs-ice-2025/agreement.md").read_text()
    stated = {name: re.findall(rf"^{name} = .*$", text, flags=re.MULTILINE) for name in limits}
    edits = [(f"\n{stated[name][0]}\n", f"\n{name} = {value}\n") for name, value in limits.items()]
    assert made.solely("init", made.gate, "--agreement", made.amend(*edits)).code == 0


def decided(made: World, ran: Ran) -> list[tuple[str, list[str]]]:
    """The disposition and reasons of each row; whatever was referred for a rule here was read by nobody."""
    folder = batch_folder(made, ran.result["batch"])
    rows = rows_of(folder / "dispositions.parquet")
    read = {row["row"] for row in rows_of(folder / "access.parquet")}
    unread = {row["row"] for row in rows if row["disposition"] in ("refused", "returned", "referred")}
    unread -= {row["row"] for row in rows if row["reasons"] == ["match:ATTEMPTS"]}
    assert not read & unread
    return [(row["disposition"], row["reasons"]) for row in rows]


def run(made: World, rows: Rows, name: str) -> list[tuple[str, list[str]]]:
    """What a batch of these rows comes to."""
    ran = made.run(made.write_batch(rows, name))
    assert ran.code == 0, ran.err
    return decided(made, ran)


def went_on(found: Sequence[tuple[str, list[str]]]) -> bool:
    """True when every row passed the ruling on the request."""
    return all(disposition in ("releasable", "withheld") for disposition, _ in found)


def about_many(made: World, count: int, **changes: str) -> list[dict[str, str]]:
    """Rows about persons whom nobody has heard of, each with a reason of its own."""
    (row,) = made.fresh_rows(1, taxpayer_number="")
    letters = "ABCDEFGHIKLMNOPRSTUV"
    return [
        row
        | {
            "request_id": f"{row['request_id']}-{n}",
            "given_name": f"Ann{letters[n // 20].lower()}{letters[n % 20].lower()}",
            "family_name": "Quimbleton",
            "reason": f"{letters[n // 20] * 3} {letters[n % 20] * 3}: {row['reason']}",
            "investigation_id": f"INV-{letters[n // 20]}Q{letters[n % 20]}-7",
        }
        | changes
        for n in range(count)
    ]


@pytest.mark.rule("R-19")
def test_one_reason_for_more_than_its_share_goes_to_a_person_and_another_reason_goes_on(world):
    sentence = "The file alleges a knowing refusal to depart"
    rows = world.fresh_rows(22)
    for row in rows[:21]:
        row["reason"] = f"{sentence}: {row['given_name']} {row['family_name']}, order of {row['order_date']}."
    found = run(world, rows, "boilerplate")
    assert found[:21] == [("referred", ["reason:BOILERPLATE"])] * 21
    assert went_on(found[21:])


@pytest.mark.rule("R-19")
def test_a_small_batch_may_have_one_reason(world):
    assert went_on(run(world, world.fresh_rows(20, reason="The file alleges a refusal to depart"), "small"))


@pytest.mark.rule("R-30")
@pytest.mark.parametrize(("count", "is_referred"), [(50, False), (51, True)])
def test_one_address_for_many_persons_goes_to_a_person(world, count, is_referred):
    found = run(world, about_many(world, count), f"address-{count}")
    if is_referred:
        assert found == [("referred", ["address:TOO_MANY_PERSONS"])] * count
    else:
        assert went_on(found)


@pytest.mark.rule("R-86")
@pytest.mark.parametrize(("count", "is_referred"), [(5, False), (6, True)])
def test_one_investigation_of_many_persons_goes_to_a_person(world, count, is_referred):
    found = run(world, world.fresh_rows(count, investigation_id=f"INV-9-{count}"), f"investigation-{count}")
    if is_referred:
        assert found == [("referred", ["investigation_id:TOO_MANY_PERSONS"])] * count
    else:
        assert went_on(found)


@pytest.mark.rule("R-86", "R-66")
def test_volume_openings_and_consecutive_numbers_have_limits_in_the_agreement(fresh_world):
    rows = fresh_world.fresh_rows(6)
    for number, row in enumerate(rows[:3]):
        row |= {
            "investigation_id": f"INV-2026-{number:05}",
            "investigation_opened_on": f"2026-01-0{number + 1}",
        }
    for row in rows[3:]:
        row |= {"investigation_opened_on": "2026-02-02"}
    with_limits(
        fresh_world, sequential_investigations_max=2, investigations_opened_per_day_max=2,
        items_without_history_max=7,
    )  # fmt: skip
    found = run(fresh_world, rows, "investigations")
    assert found[:3] == [("referred", ["investigation_id:SEQUENTIAL"])] * 3
    assert found[3:] == [("referred", ["investigation_opened_on:TOO_MANY_OPENED"])] * 3
    # One more item of the same day is within the day's volume, two are not.
    assert went_on(run(fresh_world, fresh_world.fresh_rows(1), "seventh"))
    assert run(fresh_world, fresh_world.fresh_rows(1), "eighth") == [("referred", ["request:VOLUME"])]


@pytest.mark.rule("R-86")
def test_nothing_leaves_before_every_sampled_investigation_is_evidenced(fresh_world):
    with_limits(fresh_world, investigation_sample_items=2)
    rows = fresh_world.fresh_rows(4)
    rows = [row | {"investigation_id": f"INV-{letter}"} for row, letter in zip(rows, "KLMN", strict=True)]
    batch = fresh_world.write_batch(rows, "sampled")
    ran = fresh_world.run(batch)
    assert ran.code == 0, ran.err
    assert "no witness cosigned the checkpoint: the custodian could have picked this draw" in ran.err
    drawn = ran.result["to_be_evidenced"]
    assert len(set(drawn)) == 2

    def show(investigation: str, office: str = SIGNER, role: str = "requesters") -> Ran:
        file = fresh_world.root / "case.txt"
        file.write_text("the file of the case")
        return fresh_world.solely(
            "evidence", batch, "--gate", fresh_world.gate, "--as", fresh_world.key(role, office),
            "--investigation", investigation, "--file", file,
        )  # fmt: skip

    assert show(drawn[0], APPROVERS[0], "approvers").code == 1
    assert show(drawn[0], FIELD_OFFICE).code == 1  # enrolled, and yet not the office that signed
    assert show("INV-NOT-DRAWN").code == 2
    first = show(drawn[0])
    assert first.code == 0, first.err
    assert first.result["to_be_evidenced"] == [drawn[1]]
    assert show(drawn[0]).code == 4
    assert fresh_world.approve(batch, APPROVERS[0]).code == 0
    blocked = fresh_world.approve(batch, APPROVERS[1])
    assert (blocked.code, blocked.result["blocked"], blocked.result["released"]) == (5, ["EVIDENCE"], 0)
    assert list((fresh_world.gate / "outbox").iterdir()) == []
    reply_by = fresh_world.today + timedelta(days=14)
    last = show(drawn[1].lower()).result
    assert (last["to_be_evidenced"], last["reply_by"]) == ([], str(reply_by))
    released = fresh_world.approve(batch, APPROVERS[1])
    assert released.code == 0, released.err
    assert released.result["released"] == 4
    assert entry_counts(fresh_world)["notice"] == 3


@pytest.mark.rule("R-86")
def test_evidence_after_the_last_day_closes_the_batch_for_good(fresh_world):
    with_limits(fresh_world, investigation_sample_items=1, evidence_days=3)
    batch = fresh_world.write_batch(fresh_world.fresh_rows(2), "late")
    drawn = fresh_world.run(batch).result
    last_day = fresh_world.today + timedelta(days=3)
    assert drawn["evidence_by"] == str(last_day)
    file = fresh_world.root / "case.txt"
    file.write_text("the file of the case")

    def show_on(day: date) -> Ran:
        fresh_world.environment["SOLELY_NOW"] = f"{day}T12:00:00Z"
        return fresh_world.solely(
            "evidence", batch, "--gate", fresh_world.gate, "--as", fresh_world.key("requesters", SIGNER),
            "--investigation", drawn["to_be_evidenced"][0], "--file", file,
        )  # fmt: skip

    late = show_on(last_day + timedelta(days=1))
    assert (late.code, str(last_day) in late.err) == (1, True)
    assert fresh_world.approve(batch, APPROVERS[0]).code == 0
    blocked = fresh_world.approve(batch, APPROVERS[1])
    assert (blocked.code, blocked.result["blocked"]) == (5, ["EVIDENCE"])
    page = fresh_world.root / "late.html"
    assert fresh_world.solely("report", "--gate", fresh_world.gate, "--out", page).code == 0
    assert f"closed, not evidenced by {last_day}" in page.read_text()
    assert "500 open items as the ceiling" in page.read_text()


@pytest.mark.rule("R-86")
@pytest.mark.parametrize(
    ("lost", "hide", "bring_back"),
    [
        (
            "sample",
            "UPDATE sample SET batch_id = '-' || batch_id",
            "UPDATE sample SET batch_id = substr(batch_id, 2)",
        ),
        (
            "evidence",
            "UPDATE evidence SET batch_id = '-' || batch_id",
            "UPDATE evidence SET batch_id = substr(batch_id, 2)",
        ),
    ],
)
def test_what_was_drawn_and_shown_is_not_drawn_or_shown_again(fresh_world, lost, hide, bring_back):
    with_limits(fresh_world, investigation_sample_items=1)
    batch = fresh_world.write_batch(fresh_world.fresh_rows(3), "once")
    drawn = fresh_world.run(batch).result["to_be_evidenced"]
    file = fresh_world.root / "case.txt"
    file.write_text("the file of the case")

    def show() -> Ran:
        return fresh_world.solely(
            "evidence", batch, "--gate", fresh_world.gate, "--as", fresh_world.key("requesters", SIGNER),
            "--investigation", drawn[0], "--file", file,
        )  # fmt: skip

    if lost == "evidence":
        assert show().code == 0
    assert fresh_world.approve(batch, APPROVERS[0]).code == 0
    with sqlite3.connect(fresh_world.gate / "state.sqlite") as state:
        assert state.execute(hide).rowcount == 1
        gone = state.execute("DELETE FROM ledger_event WHERE event_key LIKE ?", (f"{lost}/%",))
        assert gone.rowcount == 1
    before = entry_counts(fresh_world)["notice"]
    assert show().code == 5
    blocked = fresh_world.approve(batch, APPROVERS[1])
    assert (blocked.code, blocked.result["blocked"], blocked.result["released"]) == (5, ["STATE_EDITED"], 0)
    assert entry_counts(fresh_world)["notice"] == before
    with sqlite3.connect(fresh_world.gate / "state.sqlite") as state:
        state.execute(bring_back)
    assert lost == "evidence" or show().code == 0
    released = fresh_world.approve(batch, APPROVERS[1])
    assert (released.code, released.result["released"]) == (0, 3), released.err


@pytest.mark.rule("R-86")
def test_evidence_on_the_last_day_is_in_time(fresh_world):
    with_limits(fresh_world, investigation_sample_items=1, evidence_days=3)
    batch = fresh_world.write_batch(fresh_world.fresh_rows(2), "in-time")
    drawn = fresh_world.run(batch).result
    file = fresh_world.root / "case.txt"
    file.write_text("the file of the case")
    fresh_world.environment["SOLELY_NOW"] = f"{drawn['evidence_by']}T23:00:00Z"
    shown = fresh_world.solely(
        "evidence", batch, "--gate", fresh_world.gate, "--as", fresh_world.key("requesters", SIGNER),
        "--investigation", drawn["to_be_evidenced"][0], "--file", file,
    )  # fmt: skip
    assert (shown.code, shown.result["to_be_evidenced"]) == (0, []), shown.err


@pytest.mark.rule("R-66")
def test_a_days_volume_is_held_against_the_days_before(fresh_world):
    with_limits(fresh_world, volume_floor_items=4, volume_percent_max=200)
    assert went_on(run(fresh_world, fresh_world.fresh_rows(3), "usual"))
    tomorrow = fresh_world.today + timedelta(days=1)
    fresh_world.environment["SOLELY_NOW"] = f"{tomorrow}T12:00:00Z"
    assert went_on(run(fresh_world, fresh_world.fresh_rows(6), "twice"))  # 200 % of the day before
    seventh = run(fresh_world, fresh_world.fresh_rows(1), "seventh")
    assert seventh == [("referred", ["request:VOLUME"])]


@pytest.mark.rule("R-66", "R-82")
def test_a_history_that_the_ledger_does_not_confirm_stops_the_gate(fresh_world):
    assert went_on(run(fresh_world, fresh_world.fresh_rows(2), "true"))
    with sqlite3.connect(fresh_world.gate / "state.sqlite") as state:
        state.execute("UPDATE batch SET items = 100000")
    tomorrow = fresh_world.today + timedelta(days=1)
    fresh_world.environment["SOLELY_NOW"] = f"{tomorrow}T12:00:00Z"
    ran = fresh_world.run(fresh_world.write_batch(fresh_world.fresh_rows(2), "after"))
    assert (ran.code, ran.result["blocked"]) == (5, ["STATE_EDITED"])


@pytest.mark.rule("R-50", "R-51")
def test_a_batch_above_an_officers_caseload_is_blocked_until_others_are_closed(fresh_world):
    (row,) = fresh_world.fresh_rows(1, officers="officer-01;officer-02")
    many = [row | {"request_id": f"R-A{n}"} for n in range(300)]
    first = fresh_world.write_batch(many, "first")
    assert fresh_world.run(first).code == 0
    before = entry_counts(fresh_world)
    rest = [row | {"request_id": f"R-B{n}", "officers": "officer-02"} for n in range(201)]
    second = fresh_world.write_batch(rest, "second")
    for _ in range(2):
        blocked = fresh_world.run(second)
        assert blocked.code == 5, blocked.out
        result = blocked.result
        assert (result["blocked"], "`officer-02`" in blocked.err) == (["CASELOAD"], True), blocked.err
        assert [result[each] for each in ("received", "releasable", "withheld", "returned")] == [0, 0, 0, 0]
        assert result["undecided"] == 201
        folder = batch_folder(fresh_world, result["batch"])
        assert [each.name for each in folder.iterdir()] == ["submission"]
    assert entry_counts(fresh_world) - before == {"arrival": 1, "request": 1}
    # What is blocked takes no place, and others within the ceiling go on beside it.
    assert fresh_world.run(fresh_world.write_batch(rest[:200], "third")).code == 0
    assert fresh_world.approve_by_two(first).code == 0
    assert fresh_world.run(second).result["blocked"] == []


@pytest.mark.rule("R-51")
@pytest.mark.parametrize(("count", "code"), [(500, 0), (501, 5)])
def test_five_hundred_items_of_one_officer_are_not_too_many(fresh_world, count, code):
    (row,) = fresh_world.fresh_rows(1, officers="officer-01;officer-01;nobody-enrolled")
    rows = [row | {"request_id": f"R-C{n}"} for n in range(count)]
    assert fresh_world.run(fresh_world.write_batch(rows, "one officer")).code == code


@pytest.mark.rule("R-87")
def test_the_fourth_attempt_about_a_person_goes_to_a_person(world):
    by_number, by_name = world.fresh_rows(2)
    batches: list[tuple[str, dict[str, str]]] = [
        ("returned", {"address": "NA"}),  # reads no record, so it does not count
        ("read", {"birth_date": ""}),
        ("read", {}),
        ("read", {"address": "100 MAIN ST, Trenton NJ 08608"}),
        ("referred", {}),
    ]
    for place, (outcome, changes) in enumerate(batches):
        rows = [
            by_number | changes | {"request_id": f"R-NUM{place}"},
            by_name
            | changes
            | {"request_id": f"R-NAM{place}", "taxpayer_number": "", "birth_date": "1971-02-03"},
        ]
        found = run(world, rows, f"attempt-{place}")
        assert went_on(found) is (outcome == "read"), found
        if outcome == "referred":
            assert found == [("referred", ["request:ATTEMPTS"])] * 2


def spelled(row: Mapping[str, str], number: int, **changes: str) -> dict[str, str]:
    """The row with one letter of the family name doubled: to the letter it is about somebody else."""
    name = row["family_name"]
    reason = f"{row['reason']} {'KLMNOP'[number] * 4}"
    family = name[: number + 1] + name[number:]
    return {**row, "request_id": f"R-SP{number}", "family_name": family, "reason": reason, **changes}


@pytest.mark.rule("R-87")
@pytest.mark.rule("R-81")
def test_another_spelling_buys_no_further_attempt_about_a_record(fresh_world):
    row = next(
        each for each in fresh_world.fresh_rows(20, taxpayer_number="") if len(each["family_name"]) > 5
    )
    wrong = [f"{100 + n} MAIN ST, Trenton NJ 08608" for n in range(3)]
    tries = [spelled(row, n, address=wrong[n]) for n in range(3)]
    found = run(fresh_world, [*tries, row], "one batch")
    assert [disposition for disposition, _ in found] == ["withheld"] * 3 + ["referred"]
    assert found[3][1] == ["match:ATTEMPTS"]
    answers = fresh_world.solely("explain", row["request_id"], "--gate", fresh_world.gate, "--json")
    assert answers.result["answer"] == "accepted", "a record was read: the requester is told nothing"
    states = [fresh_world.review(row["request_id"], office).result["state"] for office in APPROVERS]
    assert states == ["referred_read", "releasable"]


@pytest.mark.rule("R-87")
def test_neither_another_spelling_nor_another_key_buys_an_attempt_in_a_later_batch(fresh_world):
    row = next(each for each in fresh_world.fresh_rows(20) if len(each["family_name"]) > 5)
    by_birth, by_number = row | {"taxpayer_number": ""}, row | {"birth_date": ""}
    wrong = {"address": "100 MAIN ST, Trenton NJ 08608"}
    for place, tried in enumerate((by_birth, by_number, spelled(by_birth, 2))):
        rows = [tried | wrong | {"request_id": f"R-T{place}"}]
        ((disposition, reasons),) = run(fresh_world, rows, f"try {place}")
        assert disposition == "withheld"
        assert "match:ADDRESS_NOT_OF_RECORD" in reasons
    assert run(fresh_world, [spelled(by_birth, 3)], "fourth") == [("referred", ["match:ATTEMPTS"])]
    replayed = fresh_world.solely("replay", "--gate", fresh_world.gate, "--json")
    assert replayed.code == 0, replayed.err
    assert replayed.result["otherwise"] == 0


@pytest.mark.rule("R-87")
def test_many_addresses_for_one_person_in_one_batch_go_to_a_person(world):
    (row,) = world.fresh_rows(1, taxpayer_number="", birth_date="1972-03-04")
    rows = [
        row
        | {
            "request_id": f"R-ADR{n}",
            "address": f"{n} Main St, Trenton NJ 08608",
            "reason": f"{row['reason']}",
        }
        for n in range(101, 105)
    ]
    assert run(world, rows, "addresses") == [("referred", ["address:TOO_MANY_ADDRESSES"])] * 4
    later = [each | {"request_id": f"R-FEW{n}"} for n, each in enumerate(rows[:3])]
    assert went_on(run(world, later, "fewer addresses"))


@pytest.mark.rule("R-87")
def test_a_cure_names_a_returned_row_and_the_source_of_the_new_value(world):
    bad = world.fresh_rows(4)
    going, nobodys, other = world.fresh_rows(3)
    run(world, [*(row | {"address": "NA"} for row in bad), going], "to be cured")
    cures = [
        (bad[0], bad[0]["request_id"].lower(), "court file"),
        (
            bad[1] | {"family_name": "Mendedfield", "birth_date": "", "address": "NA"},
            bad[1]["request_id"],
            "Form I-213",
        ),
        (bad[2], bad[2]["request_id"], ""),
        (bad[3], bad[3]["request_id"], "typo, corrected"),
        (going, going["request_id"], "court file"),
        (nobodys, "R-NOBODYS-ROW", "court file"),
        (other, bad[2]["request_id"], "court file"),
    ]
    rows = [
        row | {"cures": named, "source": source, "request_id": f"R-CURED{n}"}
        for n, (row, named, source) in enumerate(cures)
    ]
    first, second, *others = run(world, rows, "cured")
    assert went_on([first])
    # The number stays, so it is the same person; what is returned again is the address.
    assert second[0] == "returned"
    assert {each.partition(":")[0] for each in second[1]} == {"address"}
    assert others == [
        ("returned", ["source:MISSING"]),
        ("returned", ["source:MISSING"]),
        ("returned", ["cures:NOT_A_RETURNED_ROW"]),
        ("returned", ["cures:NOT_A_RETURNED_ROW"]),
        ("returned", ["cures:CURES_ANOTHER"]),
    ]


@pytest.mark.rule("R-14")
def test_a_word_of_urgency_changes_nothing_and_a_flag_refuses_the_batch(world):
    good, bad = world.fresh_rows(2)
    urgent = "URGENT, danger to life: release at once. "
    rows = [good, bad | {"address": "NA"}]
    rows = [row | {"reason": urgent + row["reason"], "source": "URGENT"} for row in rows]
    found = run(world, rows, "urgent")
    assert went_on(found[:1])
    assert found[1][0] == "returned"
    flagged = [row | {"urgent": "true"} for row in world.fresh_rows(1)]
    ran = world.run(world.write_batch(flagged, "flagged", columns=list(flagged[0])))
    assert ran.code == 1
    assert ran.result["batch_refused"]["element"] == "urgent"


def precheck(made: World, batch: Path) -> list[dict[str, Any]]:
    """What `precheck` says of each row of a batch."""
    ran = made.solely(
        "precheck", batch, "--agreement", made.folders.agreement, "--trust", made.folders.trust, "--json"
    )
    assert ran.code == 0, ran.err
    *rows, last = ran.lines
    assert {"earlier batches", "caseload"} <= set(last["not_checked"])
    return rows


@pytest.mark.rule("R-69", "R-19", "R-86")
def test_precheck_says_of_a_whole_batch_what_run_says_at_a_gate_that_has_received_nothing(fresh_world):
    rows = fresh_world.fresh_rows(30)
    for row in rows[:21]:
        row["reason"] = "The file alleges a refusal to depart; one sentence for all of them"
    for row in rows[21:27]:
        row["investigation_id"] = "INV-7700"
    rows[27] |= {"cures": "R-EARLIER", "source": "court file"}
    batch = fresh_world.write_batch(rows, "whole")
    said = precheck(fresh_world, batch)
    found = decided(fresh_world, fresh_world.run(batch))
    for each, (disposition, reasons) in zip(said, found, strict=True):
        if each["disposition"] == "passed":
            assert went_on([(disposition, reasons)])
        else:
            assert (each["disposition"], each["reasons"]) == (disposition, reasons)
    assert {"reason:BOILERPLATE", "investigation_id:TOO_MANY_PERSONS", "cures:NOT_A_RETURNED_ROW"} == {
        reason for each in said for reason in each["reasons"]
    }
