"""Terms that an agreement may state: a notice to wait for, hours of viewing, confirming alone, sharing."""

import json
from datetime import timedelta

import pytest

from tests.support.reading import entry_counts
from tests.support.world import APPROVERS, Ran, World, officer_of

pytestmark = pytest.mark.e2e
DAYS = "release_days_max = 90"


def agreed(world: World, *edits: tuple[str, str]) -> None:
    """The gate's agreement amended by these texts, by both parties."""
    made = world.solely("init", world.gate, "--agreement", world.amend(*edits))
    assert made.code == 0, made.err


def released(world: World):
    """A batch of one valid row, released: its row."""
    (row,) = world.fresh_rows(1)
    ran = world.run(world.write_batch([row], "valid"))
    assert world.approve_by_two(ran.result["batch"]).result["released"] == 1
    return row


def at(world: World, days: int, hour: int) -> None:
    """Set the demo gate's clock so many days after the first Saturday that follows the world's day."""
    saturday = world.today + timedelta(days=1 + (5 - world.today.weekday() - 1) % 7)
    world.environment["SOLELY_NOW"] = f"{saturday + timedelta(days=days)}T{hour:02}:30:00Z"


@pytest.mark.rule("R-10")
def test_nothing_leaves_before_the_notice_that_the_agreement_waits_for_is_in_force(fresh_world):
    until = fresh_world.today + timedelta(days=5)
    ends = 'ends_on = "not stated in the text"}'
    agreed(fresh_world, (ends, f"{ends[:-1]}, awaits_until = {until}}}"))
    ran = fresh_world.run(fresh_world.write_batch(fresh_world.fresh_rows(1), "valid"))
    blocked = fresh_world.approve(ran.result["batch"], APPROVERS[0])
    assert blocked.result["blocked"] == ["AGREEMENT"]
    assert "R-10" in blocked.err
    fresh_world.environment["SOLELY_NOW"] = f"{until}T00:00:00Z"
    assert fresh_world.approve_by_two(ran.result["batch"]).result["released"] == 1


@pytest.mark.rule("R-76")
def test_an_opening_outside_the_agreed_hours_is_denied_and_recorded(fresh_world):
    agreed(fresh_world, (DAYS, f"{DAYS}\nview_from_hour = 8\nview_until_hour = 18\nview_weekdays_only = 1"))
    row = released(fresh_world)
    for days, hour, code in ((0, 12, 1), (1, 12, 1), (2, 7, 1), (2, 8, 0), (2, 17, 0), (2, 18, 1)):
        at(fresh_world, days, hour)
        assert fresh_world.open(row).code == code, (days, hour)
    assert entry_counts(fresh_world)["open-refused"] == 4


@pytest.mark.rule("R-47", "R-45")
def test_an_agreement_that_confirms_alone_hands_out_no_address(fresh_world):
    agreed(fresh_world, (DAYS, f"{DAYS}\nconfirm_only = 1"))
    row = released(fresh_world)
    shown = fresh_world.open(row)
    assert (shown.code, shown.result["format"]) == (0, "solely/confirmation/1"), shown.err
    assert (shown.result["corresponds"], "address" in shown.result) == (True, False)
    assert "street_line" not in json.dumps(shown.result)


ONWARD = (
    'onward_disclosure = "not stated in the text"',
    'onward_disclosure = {authorities = ["26 USC 6103(i)(4)"]}',
)


def shared(world: World, row, office: str = "task force", authority: str = "26 USC 6103(i)(4)") -> Ran:
    """What the named officer is told who would share the row's release."""
    signed = ("--gate", world.gate, "--as", world.key("officers", officer_of(row)))
    return world.solely("share", row["request_id"], *signed, "--to", office, "--authority", authority)


@pytest.mark.rule("R-54")
def test_sharing_onward_is_denied_and_recorded_unless_the_agreement_lists_the_authority(fresh_world):
    row = released(fresh_world)
    assert fresh_world.open(row).code == 0
    assert shared(fresh_world, row).code == 1
    assert entry_counts(fresh_world)["open-refused"] == 1
    agreed(fresh_world, ONWARD)
    assert shared(fresh_world, row, authority="26 USC 6103(i)(3)").code == 1
    assert "terms of this version" in shared(fresh_world, row).err, "an amendment asks again (R-101)"
    assert fresh_world.accept(officer_of(row)).code == 0
    assert [shared(fresh_world, row, office).code for office in ("task force", "task force", "bureau")] == [
        0,
        4,
        0,
    ]
    assert entry_counts(fresh_world)["duty"] == 2, "one for each office that it goes to"
    year, agency = str(fresh_world.today.year), "homeland-security"
    ran = fresh_world.solely("accounting", "--gate", fresh_world.gate, "--year", year, "--agency", agency)
    figures = ran.result["figures"]
    assert (figures["openings_denied"], figures["signatures_denied"]) == (0, 3), "a sharing opens nothing"


@pytest.mark.rule("R-52", "R-54")
def test_each_of_two_sharings_denied_at_one_instant_is_an_entry(fresh_world):
    row = released(fresh_world)
    assert fresh_world.open(row).code == 0
    fresh_world.set_clock()
    for number in (1, 2):
        assert shared(fresh_world, row).code == 1
        assert entry_counts(fresh_world)["open-refused"] == number


@pytest.mark.rule("R-54", "R-62", "R-64", "R-83", "R-91")
@pytest.mark.parametrize(
    ("stopped_by", "told"),
    [
        ("recall", "recalled"), ("stay", "an order stays"), ("destroyed", "was destroyed"),
        ("time", "the time for use of this release is over"),
    ],
)  # fmt: skip
def test_what_could_be_opened_no_more_is_shared_with_nobody(fresh_world, stopped_by, told):
    agreed(fresh_world, ONWARD)
    row = released(fresh_world)
    fresh_world.set_clock()
    assert fresh_world.open(row).code == 0
    acts = {
        "recall": ("recall", "--as", fresh_world.key("parties", "treasury"), "--cite", "judged again"),
        "stay": ("stay", "--as", fresh_world.key("courts", "district-court"), "--cite", "docket 1"),
        "destroyed": (
            "destroyed", row["request_id"], "--as", fresh_world.key("officers", officer_of(row)),
            "--method", "purge",
        ),
    }  # fmt: skip
    if stopped_by in acts:
        assert fresh_world.solely(*acts[stopped_by], "--gate", fresh_world.gate).code == 0
    else:
        fresh_world.set_clock(days=91)
    denied = shared(fresh_world, row)
    assert (denied.code, told in denied.err) == (1, True), denied.err
    counts = entry_counts(fresh_world)
    assert (counts["duty"], counts["open-refused"]) == (0, 1), "the denial is in the ledger"


@pytest.mark.rule("R-52", "R-96")
@pytest.mark.parametrize("office", ["approver", "officer"])
def test_a_signature_for_a_release_with_another_persons_key_is_denied_in_the_ledger(fresh_world, office):
    row = released(fresh_world)
    assert fresh_world.open(row).code == 0
    named = row["officers"].split(";")
    keys = fresh_world.key(f"{office}s", "nobody").parent
    other = next(each for each in sorted(keys.glob("*.pem")) if each.stem not in named)
    for verb, words in (("destroyed", ("--method", "purge")), ("outcome", ("--code", "not_used"))):
        ran = fresh_world.solely(verb, row["request_id"], "--gate", fresh_world.gate, "--as", other, *words)
        assert (ran.code, "alarm: a denied signature for a release is in the ledger" in ran.err) == (1, True)
    assert entry_counts(fresh_world)["open-refused"] == 2
    looked = fresh_world.solely("inbox", "--gate", fresh_world.gate, "--as", other)
    assert "ledger" not in looked.err, "what is about no release is no entry, and nothing says so"
