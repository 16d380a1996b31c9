"""What the requester gets back: each defect with cure, rule, strength and date; rows to send again."""

import csv

import pytest

from demo.submission import Sender
from tests.support.world import World

pytestmark = pytest.mark.e2e


def prechecked(world: World, batch, out):
    """The table that precheck writes, as rows."""
    ran = world.solely(
        "precheck", batch, "--agreement", world.folders.agreement, "--trust", world.folders.trust,
        "--out", out, "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.rule("R-69", "R-68")
def test_rows_to_cure_come_back_in_their_own_columns_and_pass_once_cured(fresh_world, tmp_path):
    good, one, other = fresh_world.fresh_rows(3)
    bad = [one | {"periods": ""}, other | {"address": "NA NA 77002"}]
    batch = fresh_world.write_batch([good, *bad], "deficient")
    returned = prechecked(fresh_world, batch, tmp_path / "cure.csv")
    assert [row["request_id"] for row in returned] == [row["request_id"] for row in bad]
    assert "periods:" in returned[0]["to_cure"]
    assert "R-21, statute" in returned[0]["to_cure"]
    assert returned[1]["address"] == "NA NA 77002"
    for row, right in zip(returned, (one, other), strict=True):
        del row["to_cure"]
        row.update({name: right[name] for name in ("periods", "address")})
    cured = fresh_world.write_batch(returned, "cured", sender=Sender(day=fresh_world.today))
    assert prechecked(fresh_world, cured, tmp_path / "none.csv") == []


@pytest.mark.rule("R-69")
def test_what_no_requester_can_cure_is_not_among_the_rows_to_cure(fresh_world, tmp_path):
    refused, referred, cures, both = fresh_world.fresh_rows(4)
    rows = [
        refused | {"basis": "curiosity"},
        referred | {"given_name": "FNU", "family_name": "Suharto"},
        cures | {"cures": "R-EARLIER", "source": "case file"},
        both | {"cures": "R-OTHER", "source": "case file", "periods": ""},
    ]
    batch = fresh_world.write_batch(rows, "beyond-cure")
    (curable,) = prechecked(fresh_world, batch, tmp_path / "cure.csv")
    assert curable["request_id"] == both["request_id"]
    assert "periods: the element is not given; fill in the element" in curable["to_cure"]
    assert "none" not in curable["to_cure"]


@pytest.mark.rule("R-69", "R-87")
def test_a_refused_item_is_told_what_was_asked_and_that_nothing_cures_it(fresh_world):
    (row,) = fresh_world.fresh_rows(1)
    assert fresh_world.run(fresh_world.write_batch([row | {"basis": "curiosity"}], "refused")).code == 0
    (said,) = fresh_world.solely("explain", row["request_id"], "--gate", fresh_world.gate, "--json").result[
        "deficiencies"
    ]
    assert said["meaning"].startswith("clause ")
    assert "state one of the agreed bases" in said["meaning"]
    assert said["cure"].startswith("none: this is not allowed")


@pytest.mark.rule("R-69", "R-87")
def test_a_returned_item_tells_element_cure_rule_strength_and_reply_date(fresh_world):
    (row,) = fresh_world.fresh_rows(1)
    batch = fresh_world.write_batch([row | {"periods": ""}], "told")
    assert fresh_world.run(batch).code == 0
    (said,) = fresh_world.solely("explain", row["request_id"], "--gate", fresh_world.gate, "--json").result[
        "deficiencies"
    ]
    assert (said["element"], said["code"], said["rule"]) == ("periods", "MISSING", "R-21")
    assert said["strength"] == "statute"
    assert said["cure"]
    assert said["reply_by"] > fresh_world.today.isoformat()
