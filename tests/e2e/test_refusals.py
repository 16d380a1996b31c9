"""What fails as a whole leaves nothing decided, names its rule and element, and leaves one entry."""

import json
import shutil
from datetime import date

import pytest

from demo.submission import Sender
from tests.support.reading import entries_of
from tests.support.world import World, sent_by

pytestmark = pytest.mark.e2e


def refused(world: World, batch, rule: str, element: str) -> None:
    """The batch is refused under `rule` for `element`, nothing is decided, and one entry is added."""
    before = len(entries_of(world))
    ran = world.run(batch)
    assert ran.code == 1, ran.out
    result = ran.result
    assert (result["batch_refused"]["rule"], result["batch_refused"]["element"]) == (rule, element)
    assert result["received"] == 0
    added = entries_of(world)[before:]
    assert [each.type.word for each in added] == ["arrival"]


@pytest.mark.rule("R-11")
def test_a_field_office_director_may_not_sign(fresh_world):
    batch = fresh_world.write_batch(
        fresh_world.fresh_rows(2), "director", sender=sent_by(fresh_world, "field-office-director")
    )
    refused(fresh_world, batch, "R-11", "signer_office")


@pytest.mark.rule("R-11")
def test_the_custodian_asks_nothing_of_itself(fresh_world):
    batch = fresh_world.write_batch(
        fresh_world.fresh_rows(1), "own", sender=sent_by(fresh_world, requester="treasury")
    )
    refused(fresh_world, batch, "R-11", "requester")


@pytest.mark.rule("R-12")
def test_a_swapped_data_file_is_refused_and_the_right_one_is_decided_afterwards(fresh_world):
    rows = fresh_world.fresh_rows(4)
    batch = fresh_world.write_batch(rows[:2], "swapped")
    right = (batch / "data.csv").read_bytes()
    other = fresh_world.write_batch(rows[2:], "other")
    shutil.copy(other / "data.csv", batch / "data.csv")
    refused(fresh_world, batch, "R-12", "data_file")
    (batch / "data.csv").write_bytes(right)
    assert fresh_world.run(batch).code == 0


@pytest.mark.rule("R-06")
def test_a_letter_dated_before_the_agreement_began_is_refused(fresh_world):
    early = Sender(day=date(2025, 4, 6))
    batch = fresh_world.write_batch(fresh_world.fresh_rows(1), "early", sender=early)
    refused(fresh_world, batch, "R-06", "date")


@pytest.mark.rule("R-12")
def test_a_changed_letter_is_refused(fresh_world):
    batch = fresh_world.write_batch(fresh_world.fresh_rows(1), "changed")
    letter = json.loads((batch / "letter.json").read_text())
    (batch / "letter.json").write_text(json.dumps(letter | {"requester": "another"}))
    refused(fresh_world, batch, "R-12", "letter.json.sig")


@pytest.mark.rule("R-02", "R-103")
@pytest.mark.parametrize("column", ["employer", "unknown_flag"])
def test_an_unknown_column_refuses_the_batch_by_its_name(fresh_world, column):
    rows = [row | {column: "x"} for row in fresh_world.fresh_rows(1)]
    batch = fresh_world.write_batch(rows, column, columns=list(rows[0]))
    refused(fresh_world, batch, "R-02", column)


@pytest.mark.rule("R-103")
def test_an_unreadable_body_leaves_its_entry_too(fresh_world):
    path = fresh_world.root / "noise.zip"
    path.write_bytes(b"PK\x03\x04 nothing that can be read")
    before = len(entries_of(fresh_world))
    ran = fresh_world.run(path)
    assert ran.code == 1
    assert ran.result["batch"] is None
    assert [each.type.word for each in entries_of(fresh_world)[before:]] == ["arrival"]


@pytest.mark.rule("R-06")
def test_a_request_after_the_last_day_of_the_agreement_is_refused(fresh_world):
    batch = fresh_world.write_batch(fresh_world.fresh_rows(1), "late")
    last = fresh_world.today.isoformat()
    assert fresh_world.solely("init", fresh_world.gate, "--release-until", last).code == 0
    next_day = fresh_world.today.fromordinal(fresh_world.today.toordinal() + 1)
    fresh_world.environment["SOLELY_NOW"] = f"{next_day.isoformat()}T12:00:00Z"
    refused(fresh_world, batch, "R-06", "agreement")


@pytest.mark.rule("R-06", "R-09")
def test_an_edited_agreement_blocks_the_gate(fresh_world):
    text = fresh_world.gate / "law" / "agreements" / "irs-ice-2025" / "agreement.md"
    text.write_bytes(text.read_bytes() + b"\nOne more line.\n")
    ran = fresh_world.run()
    assert ran.code == 5
    assert ran.result["blocked"] == ["AGREEMENT"]


@pytest.mark.rule("R-06")
def test_an_agreement_that_only_one_party_signed_makes_no_gate(fresh_world):
    (fresh_world.folders.agreement / "agreement.statement.json.treasury.sig").unlink()
    made = fresh_world.init()
    assert made.code == 1
    assert "treasury" in made.err


@pytest.mark.rule("R-83")
def test_records_older_than_the_agreement_allows_decide_nothing(fresh_world):
    batch = fresh_world.write_batch(fresh_world.fresh_rows(1), "old")
    later = fresh_world.today.toordinal() + 200
    day = fresh_world.today.fromordinal(later).isoformat()
    fresh_world.environment["SOLELY_NOW"] = f"{day}T12:00:00Z"
    ran = fresh_world.run(batch)
    assert ran.code == 5
    assert ran.result["blocked"] == ["RECORDS_TOO_OLD"]


@pytest.mark.rule("R-107", "R-79", "R-69")
@pytest.mark.parametrize(
    ("changes", "disposition", "reason", "rule"),
    [
        ({"basis": "overstay"}, "refused", "basis:", "R-107"),
        ({"basis": ""}, "returned", "basis:", "R-107"),
        ({"order_date": ""}, "returned", "order_date:", "R-18"),
        ({"birth_date": "", "taxpayer_number": ""}, "returned", "birth_date:", "R-79"),
        ({"address": "12345"}, "returned", "address:", "R-26"),
        ({"fields": "address;employer"}, "refused", "fields:", "R-45"),
        ({"given_name": "*"}, "returned", "given_name:", "R-88"),
    ],
)
def test_one_broken_element_is_named_and_its_neighbour_is_decided_on_its_merits(
    fresh_world, changes, disposition, reason, rule
):
    good, bad = fresh_world.fresh_rows(2)
    batch = fresh_world.write_batch([good, bad | changes], "element")
    assert fresh_world.run(batch).code == 0
    explained = fresh_world.solely("explain", bad["request_id"], "--gate", fresh_world.gate, "--json").result
    assert explained["answer"] == disposition
    assert any(each.startswith(reason) for each in explained["reasons"]), explained
    assert rule in explained["rules"]
    assert fresh_world.run(batch).result["releasable"] == 1
