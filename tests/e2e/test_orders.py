"""Orders: a stay acts at once, the strictest governs, a loosening needs two and a day, a recall names ids."""

import json
import sqlite3
from datetime import datetime, timedelta

import pytest

from solely import services
from solely.canonical import canonical_json
from solely.flow import begin
from solely.signing import key_id, parse_private_key, sign
from solely.steps import complying, ordering
from tests.support.reading import entry_counts
from tests.support.world import APPROVERS, Ran, World, officer_of

pytestmark = pytest.mark.e2e
SENDER = "secretary-of-homeland-security"
CITE = "docket 25-cv-0677, order of the court"


def decided(world: World, count: int = 2):
    """A hand-made batch of valid rows, decided and waiting for approval: its id and rows."""
    rows = world.fresh_rows(count)
    ran = world.run(world.write_batch(rows, "valid"))
    assert (ran.code, ran.result["releasable"]) == (0, count), ran.out + ran.err
    return ran.result["batch"], rows


def stay(world: World, court: str = "district-court", *more: str) -> Ran:
    """A stay by a court."""
    key = world.key("courts", court)
    return world.solely("stay", "--gate", world.gate, "--as", key, "--cite", CITE, *more)


def given(world: World, authority: str, **words) -> Ran:
    """An order written and signed by its authority, and filed."""
    role, office = authority.split("/")
    key = parse_private_key(world.key(role, office).read_bytes())
    scope = {"agreement": "irs-ice-2025"} | words.pop("scope", {})
    order = {"format": "solely/order/1", "authority": authority, "cite": CITE, "scope": scope}
    text = canonical_json(order | {"key_id": key_id(key.public_key())} | words)
    path = world.root / "order.json"
    path.write_bytes(text)
    path.with_name("order.json.sig").write_bytes(sign(key, text))
    return world.solely("order", path, "--gate", world.gate)


def signed_by(world: World, verb: str, order: str, office: str) -> Ran:
    """A countersignature, or a notice, by one approver."""
    return world.solely(verb, order, "--gate", world.gate, "--as", world.key("approvers", office))


def opened(world: World, row) -> Ran:
    """What the named officer gets for the row's package."""
    return world.open(row)


def verified(world: World) -> None:
    """The ledger holds, as the independent verifier sees it."""
    ran = world.solely("verify", world.gate / "ledger", "--key", world.gate / "log.vkey")
    assert ran.code == 0, ran.out


@pytest.mark.rule("R-06", "R-08")
def test_a_stay_between_approvals_stops_the_batch_until_two_lift_it_and_a_day_has_passed(fresh_world):
    batch, rows = decided(fresh_world)
    fresh_world.set_clock()
    assert fresh_world.approve(batch, APPROVERS[0]).code == 0
    made = stay(fresh_world)
    assert made.code == 0, made.err
    order = made.result["order"]
    blocked = fresh_world.approve(batch, APPROVERS[1])
    assert (blocked.code, blocked.result["blocked"]) == (5, ["STAYED"])
    assert not list((fresh_world.gate / "outbox").iterdir())
    bounded = stay(fresh_world, "district-court", "--lift", order, "--until", "2099-01-31")
    assert (bounded.code, "a lift has no end" in bounded.err) == (2, True)
    lifted = given(fresh_world, "courts/district-court", kind="lift", lifts=order)
    assert lifted.code == 0, lifted.err
    lift = lifted.result["order"]
    assert lifted.result["is_in_force"] is False
    assert signed_by(fresh_world, "countersign", lift, APPROVERS[0]).code == 0
    assert signed_by(fresh_world, "countersign", lift, APPROVERS[0]).code == 4
    fresh_world.set_clock(hours=1)
    assert signed_by(fresh_world, "countersign", lift, APPROVERS[1]).code == 0
    fresh_world.set_clock(hours=24, minutes=59)
    assert fresh_world.approve(batch, APPROVERS[1]).result["blocked"] == ["STAYED"]
    fresh_world.set_clock(hours=25)
    released = fresh_world.approve(batch, APPROVERS[1])
    assert released.result["released"] == len(rows), released.err
    verified(fresh_world)


@pytest.mark.rule("R-91", "R-08")
def test_a_court_that_thinks_again_gives_the_same_stay_in_the_place_of_the_lifted_one(fresh_world):
    fresh_world.set_clock()
    batch, _ = decided(fresh_world)
    first = stay(fresh_world).result["order"]
    again = stay(fresh_world)
    assert (again.code, "in force;" in again.err, f"--supersedes {first}" in again.err) == (4, True, True)
    lift = given(fresh_world, "courts/district-court", kind="lift", lifts=first).result["order"]
    assert "its lift waits" in stay(fresh_world).err
    for office in APPROVERS:
        signed_by(fresh_world, "countersign", lift, office)
    assert "in force until" in stay(fresh_world).err
    fresh_world.set_clock(hours=25)
    assert "has ended" in stay(fresh_world).err
    other = stay(fresh_world, "court-of-appeals", "--supersedes", first)
    assert (other.code, "same authority" in other.err) == (1, True), other.err
    unknown = stay(fresh_world, "district-court", "--supersedes", "0" * 16)
    assert (unknown.code, "`supersedes`" in unknown.err) == (2, True), unknown.err
    new = stay(fresh_world, "district-court", "--supersedes", first)
    assert (new.code, new.result["supersedes"], new.result["is_in_force"]) == (0, first, True), new.err
    assert fresh_world.approve(batch, APPROVERS[0]).result["blocked"] == ["STAYED"]
    verified(fresh_world)


@pytest.mark.rule("R-82", "R-84", "R-91")
@pytest.mark.parametrize("hours", [25, -9])
def test_a_time_moved_in_the_table_neither_ends_a_wait_nor_undoes_a_stay(fresh_world, hours):
    batch, (row, *_) = decided(fresh_world)
    assert fresh_world.approve_by_two(batch).code == 0
    fresh_world.set_clock(hours=10)
    assert fresh_world.accept(officer_of(row)).code == 0
    order = stay(fresh_world).result["order"]
    lift = given(fresh_world, "courts/district-court", kind="lift", lifts=order).result["order"]
    for approver in APPROVERS[:2]:
        assert signed_by(fresh_world, "countersign", lift, approver).code == 0
    fresh_world.set_clock(hours=1 if hours < 0 else 10)
    with sqlite3.connect(fresh_world.gate / "state.sqlite", isolation_level=None) as state:
        state.execute("UPDATE ledger_size SET last_time = last_time + ?", (hours * 3_600_000,))
    blocked = opened(fresh_world, row)
    assert (blocked.code, "`STATE_EDITED`" in blocked.err) == (5, True), blocked.err
    assert entry_counts(fresh_world)["open"] == 0


@pytest.mark.rule("R-91")
def test_another_court_cannot_lift_a_stay_and_the_court_above_can(fresh_world):
    order = stay(fresh_world).result["order"]
    for authority in ("courts/other-district-court", "parties/treasury", "parties/homeland-security"):
        refused = given(fresh_world, authority, kind="lift", lifts=order)
        assert refused.code == 1, authority
    assert given(fresh_world, "courts/court-of-appeals", kind="lift", lifts=order).code == 0
    (first, _) = fresh_world.solely("orders", "--gate", fresh_world.gate).lines
    assert first["is_in_force"] is True


@pytest.mark.rule("R-91", "R-83")
def test_one_court_that_stays_outweighs_another_whose_stay_has_ended(fresh_world):
    batch, _ = decided(fresh_world)
    fresh_world.set_clock()
    until = f"{fresh_world.today + timedelta(days=2)}"
    assert stay(fresh_world, "other-district-court", "--until", until).code == 0
    assert stay(fresh_world).code == 0
    fresh_world.set_clock(days=5)
    assert fresh_world.approve(batch, APPROVERS[0]).result["blocked"] == ["STAYED"]


@pytest.mark.rule("R-91", "R-43")
def test_a_class_list_matches_broadly_and_stays_invisible(fresh_world):
    rows = fresh_world.fresh_rows(2)
    member, other = rows
    ran = fresh_world.run(fresh_world.write_batch(rows, "class"))
    batch = ran.result["batch"]
    accented = member["given_name"][0] + "\u0301" + member["given_name"][1:]
    people = fresh_world.root / "class.json"
    people.write_text(json.dumps([{"given_name": accented, "family_name": member["family_name"].lower()}]))
    made = stay(fresh_world, "district-court", "--people", str(people))
    assert made.code == 0, made.err
    assert made.result["scope"]["people"] == 1
    slip = fresh_world.root / "slip.json"
    slip.write_text(json.dumps([{"family_name": "Lopez", "taxpayer_number": "996-89-31800"}]))
    refused = stay(fresh_world, "district-court", "--people", str(slip))
    assert (refused.code, "person 1 of the list: `taxpayer_number`" in refused.err) == (2, True)
    approved = fresh_world.approve_by_two(batch)
    assert (approved.result["released"], approved.result["releasable"]) == (1, 1), approved.out
    assert [path.stem for path in (fresh_world.gate / "outbox").iterdir()] == [other["request_id"]]
    told = [fresh_world.solely("explain", row["request_id"], "--gate", fresh_world.gate).out for row in rows]
    assert told[0].replace(member["request_id"], "X") == told[1].replace(other["request_id"], "X")
    listed = fresh_world.solely("orders", "--gate", fresh_world.gate).out
    assert member["family_name"].lower() not in listed.lower()


@pytest.mark.rule("R-91", "R-43", "R-83")
def test_a_list_by_taxpayer_number_protects_whom_a_request_names_without_one(fresh_world):
    drafted = fresh_world.fresh_rows(8)
    asked = [row | {"taxpayer_number": ""} for row in drafted]
    batch = fresh_world.run(fresh_world.write_batch(asked, "numberless")).result["batch"]
    with sqlite3.connect(fresh_world.gate / "state.sqlite") as state:
        found = state.execute("SELECT row FROM case_file WHERE state = 'releasable' ORDER BY row").fetchall()
    first, second, other = (row - 1 for (row,) in found[:3])
    people = fresh_world.root / "class.json"

    def stay_by(number: str, name: str = "taxpayer_number") -> Ran:
        people.write_text(json.dumps([{name: number}]))
        return stay(fresh_world, "district-court", "--people", str(people))

    refused = stay_by("A012345678", "alien_number")
    assert (refused.code, "`scope.people` (`--people`)" in refused.err) == (2, True), refused.err
    assert stay_by(drafted[first]["taxpayer_number"]).code == 0
    approved = fresh_world.approve_by_two(batch).result
    assert (approved["released"], approved["releasable"]) == (len(found) - 1, 1)
    left = {path.stem for path in (fresh_world.gate / "outbox").iterdir()}
    assert asked[first]["request_id"] not in left
    assert {asked[second]["request_id"], asked[other]["request_id"]} <= left
    assert stay_by(drafted[second]["taxpayer_number"]).code == 0
    denied = opened(fresh_world, asked[second])
    assert (denied.code, "not permitted now" in denied.err) == (1, True), denied.err
    assert opened(fresh_world, asked[other]).code == 0


@pytest.mark.rule("R-91", "R-43", "R-83")
def test_an_officer_who_is_stopped_by_a_class_list_does_not_learn_of_it(fresh_world):
    batch, (member, other) = decided(fresh_world)
    assert fresh_world.approve_by_two(batch).result["released"] == 2
    people = fresh_world.root / "class.json"
    named = {"given_name": member["given_name"], "family_name": member["family_name"]}
    people.write_text(json.dumps([named]))
    assert stay(fresh_world, "district-court", "--people", str(people)).code == 0
    denied = opened(fresh_world, member)
    assert (denied.code, "not permitted now" in denied.err) == (1, True), denied.err
    assert not any(word in denied.err.lower() for word in ("stay", "order", "list", "court"))
    key = fresh_world.key("officers", officer_of(member))
    lines = fresh_world.solely("inbox", "--gate", fresh_world.gate, "--as", key).lines
    (mine,) = [
        each
        for each in lines
        if each.get("request_id") == member["request_id"] and each.get("due") != "outcome"
    ]
    assert (mine["due"], "stopped" in mine) == ("opening", False)
    assert opened(fresh_world, other).code == 0
    # Under another order too, who is on the list is told what everybody beside them is told.
    assert given(fresh_world, "courts/district-court", kind="stay", scope={"batch": batch}).code == 0
    told = [opened(fresh_world, each) for each in (member, other)]
    assert [each.code for each in told] == [1, 1]
    assert [
        each.err.replace(row["request_id"], "") for each, row in zip(told, (member, other), strict=True)
    ] == [told[1].err.replace(other["request_id"], "")] * 2
    assert "stay" in told[0].err.lower()
    lines = fresh_world.solely("inbox", "--gate", fresh_world.gate, "--as", key).lines
    stops = {each.get("stopped") for each in lines if each.get("request_id") == member["request_id"]}
    assert "STAYED" in stops, lines


@pytest.mark.rule("R-91", "R-84")
def test_a_lift_of_one_request_is_refused_and_ends_no_stay(fresh_world):
    batch, (one, other) = decided(fresh_world)
    fresh_world.set_clock()
    assert fresh_world.approve_by_two(batch).result["released"] == 2
    order = stay(fresh_world).result["order"]
    narrow = {"kind": "lift", "lifts": order, "scope": {"request": one["request_id"]}}
    refused = given(fresh_world, "courts/district-court", **narrow)
    assert (refused.code, "a lift ends the whole order" in refused.err) == (2, True), refused.err
    assert [opened(fresh_world, each).code for each in (one, other)] == [1, 1]
    assert given(fresh_world, "courts/district-court", kind="lift", lifts=order).code == 0


@pytest.mark.rule("R-64", "R-52", "R-83")
def test_a_recall_stops_openings_and_its_declaration_counts_what_the_ledger_shows(fresh_world):
    batch, rows = decided(fresh_world, 3)
    fresh_world.approve_by_two(batch)
    assert opened(fresh_world, rows[0]).code == 0
    party = fresh_world.key("parties", "treasury")
    recalled = fresh_world.solely(
        "recall", "--gate", fresh_world.gate, "--as", party, "--cite", "judged again", "--batch", batch
    )
    assert recalled.code == 0, recalled.err
    for row in rows:
        assert opened(fresh_world, row).code == 1
    out = fresh_world.root / "declaration.md"
    complied = fresh_world.solely(
        "comply", recalled.result["order"], "--gate", fresh_world.gate, "--out", out
    ).result
    assert complied["counts"] == {
        "waiting": 0,
        "stopped": 0,
        "unopened": 2,
        "opened": 1,
        "signed_for": 0,
        "attested": 0,
        "unknown": 0,
        "unsaid": 0,
    }
    counts = entry_counts(fresh_world)
    assert (counts["recall"], counts["open"], counts["open-refused"]) == (1, 1, 3)
    for row in rows:
        for word in (row["family_name"], row["request_id"], row["address"]):
            assert word not in out.read_text() + json.dumps(complied)
    verified(fresh_world)


@pytest.mark.rule("R-08")
def test_a_notice_order_holds_a_release_until_its_hours_after_a_recorded_notice(fresh_world):
    batch, _ = decided(fresh_world)
    fresh_world.set_clock()
    order = given(fresh_world, "courts/district-court", kind="notice", hours=48).result["order"]
    assert fresh_world.approve(batch, APPROVERS[0]).result["blocked"] == ["NOTICE"]
    fresh_world.set_clock(hours=60)
    assert fresh_world.approve(batch, APPROVERS[0]).result["blocked"] == ["NOTICE"]
    assert signed_by(fresh_world, "notice", order, APPROVERS[0]).code == 0
    again = signed_by(fresh_world, "notice", order, APPROVERS[1])
    assert (again.code, "its hours run from then" in again.err) == (4, True)
    assert entry_counts(fresh_world)["notice"] == 2, "the order and one notice"
    fresh_world.set_clock(hours=60 + 47)
    assert fresh_world.approve(batch, APPROVERS[0]).result["blocked"] == ["NOTICE"]
    fresh_world.set_clock(hours=60 + 48)
    assert fresh_world.approve_by_two(batch).result["released"] == 2


@pytest.mark.rule("R-08")
def test_a_notice_given_before_a_batch_came_says_nothing_of_that_batch(fresh_world):
    fresh_world.set_clock()
    order = given(fresh_world, "courts/district-court", kind="notice", hours=48).result["order"]
    assert signed_by(fresh_world, "notice", order, APPROVERS[0]).code == 0
    fresh_world.set_clock(hours=49)
    batch, _ = decided(fresh_world)
    assert fresh_world.approve(batch, APPROVERS[0]).result["blocked"] == ["NOTICE"]
    assert signed_by(fresh_world, "notice", order, APPROVERS[0]).code == 0
    fresh_world.set_clock(hours=49 + 48)
    assert fresh_world.approve_by_two(batch).result["released"] == 2


@pytest.mark.rule("R-84", "R-91")
def test_a_countersignature_of_a_key_revoked_since_lifts_nothing(fresh_world):
    fresh_world.set_clock()
    batch, _ = decided(fresh_world)
    order = stay(fresh_world).result["order"]
    lift = given(fresh_world, "courts/district-court", kind="lift", lifts=order).result["order"]
    for office in APPROVERS:
        assert signed_by(fresh_world, "countersign", lift, office).code == 0
    key = parse_private_key(fresh_world.key("approvers", APPROVERS[0]).read_bytes())
    named = {"revoked_key": key_id(key.public_key()), "holder": f"approvers/{APPROVERS[0]}"}
    made = given(fresh_world, "parties/treasury", kind="revocation", **named)
    assert made.code == 0, made.err
    fresh_world.set_clock(hours=30)
    assert fresh_world.approve(batch, APPROVERS[1]).result["blocked"] == ["STAYED"]


@pytest.mark.rule("R-07")
def test_an_open_finding_stops_releases_and_openings_and_a_dated_plan_needs_two(fresh_world):
    batch, rows = decided(fresh_world)
    fresh_world.set_clock()
    fresh_world.approve_by_two(batch)
    scope = {"requester": "homeland-security"}
    finding = given(fresh_world, "parties/treasury", kind="safeguard", status="finding", scope=scope)
    assert finding.code == 0, finding.err
    assert opened(fresh_world, rows[0]).code == 1
    later, _ = decided(fresh_world)
    assert fresh_world.approve(later, APPROVERS[0]).result["blocked"] == ["SAFEGUARDS"]
    plan = {"kind": "safeguard", "status": "planned", "scope": scope}
    late = given(fresh_world, "parties/treasury", **plan, plan_by="2020-01-31")
    assert (late.code, "`plan_by` is a day to come" in late.err) == (2, True), late.err
    day = (datetime.fromisoformat(fresh_world.environment["SOLELY_NOW"]) + timedelta(days=5)).date()
    named = plan | {"plan_by": day.isoformat(), "supersedes": finding.result["order"]}
    order = given(fresh_world, "parties/treasury", **named).result["order"]
    for office in APPROVERS:
        assert signed_by(fresh_world, "countersign", order, office).code == 0
    fresh_world.set_clock(hours=23)
    assert opened(fresh_world, rows[0]).code == 1
    fresh_world.set_clock(hours=25)
    assert opened(fresh_world, rows[0]).code == 0
    fresh_world.set_clock(hours=24 * 7)
    assert opened(fresh_world, rows[1]).code == 1


@pytest.mark.rule("R-07")
def test_the_party_that_asks_says_what_is_wrong_with_its_safeguards_and_accepts_none(fresh_world):
    stated = {"kind": "safeguard", "scope": {"requester": "homeland-security"}}
    for words in ({"status": "accepted"}, {"status": "planned", "plan_by": "2099-01-31"}):
        own = given(fresh_world, "parties/homeland-security", **stated, **words)
        assert (own.code, "accepts no safeguards" in own.err) == (1, True), own.err
        assert given(fresh_world, "parties/treasury", **stated, **words).code == 0
    assert given(fresh_world, "parties/homeland-security", **stated, status="finding").code == 0


@pytest.mark.rule("R-12", "R-64")
def test_a_requesters_key_revoked_from_an_instant_blocks_its_queue_and_recalls_what_came_since(fresh_world):
    fresh_world.set_clock()
    before, early = decided(fresh_world, 1)
    fresh_world.approve_by_two(before)
    fresh_world.set_clock(hours=2)
    after, late = decided(fresh_world, 1)
    fresh_world.approve_by_two(after)
    waiting, _ = decided(fresh_world, 1)
    key = parse_private_key(fresh_world.key("requesters", SENDER).read_bytes())
    since = datetime.fromisoformat(fresh_world.environment["SOLELY_NOW"]) - timedelta(hours=1)
    made = given(
        fresh_world, "parties/homeland-security", kind="revocation",
        revoked_key=key_id(key.public_key()), starts_at=since.isoformat(),
    )  # fmt: skip
    assert made.code == 0, made.err
    assert fresh_world.approve(waiting, APPROVERS[0]).result["blocked"] == ["KEY_REVOKED"]
    assert opened(fresh_world, late[0]).code == 1
    assert opened(fresh_world, early[0]).code == 0
    counts = fresh_world.solely("comply", made.result["order"], "--gate", fresh_world.gate).result["counts"]
    assert {name for name, count in counts.items() if count == 1} == {"waiting", "unopened"}
    assert sum(counts.values()) == 2
    with services.opened(fresh_world.gate) as gate:
        begin(gate)
        (filed,) = [each for each in ordering.filed(gate) if each.order.id == made.result["order"]]
        page = complying.noted_counts(gate, filed, gate.now())
        assert page == complying.counts_of(complying.standing_of(gate, filed, gate.now()))
        assert page._asdict() == counts
    refused = fresh_world.run(fresh_world.write_batch(fresh_world.fresh_rows(1), "next"))
    assert (refused.code, refused.result["batch_refused"]["element"]) == (1, "key_id")


@pytest.mark.rule("R-82", "R-91")
@pytest.mark.parametrize("edit", ["DELETE FROM order_file", "UPDATE order_file SET text = '{}'"])
def test_a_stay_whose_row_is_gone_or_changed_stops_the_gate(fresh_world, edit):
    batch, _ = decided(fresh_world)
    assert stay(fresh_world).code == 0
    with sqlite3.connect(fresh_world.gate / "state.sqlite", isolation_level=None) as state:
        state.execute(edit)
    blocked = fresh_world.approve(batch, APPROVERS[0])
    assert (blocked.code, blocked.result["blocked"]) == (5, ["STATE_EDITED"]), blocked.err


@pytest.mark.rule("R-91", "R-84")
def test_who_may_not_give_an_order_gives_none(fresh_world):
    officer = fresh_world.key("officers", "officer-01")
    ran = fresh_world.solely("stay", "--gate", fresh_world.gate, "--as", officer, "--cite", CITE)
    assert ran.code == 1
    assert given(fresh_world, "approvers/disclosure-officer", kind="notice", hours=2).code == 1
    late = given(fresh_world, "courts/district-court", kind="recall", starts_at="2099-01-01")
    assert (late.code, "acts from its filing" in late.err) == (2, True)
    forged = given(fresh_world, "courts/district-court", kind="stay")
    assert forged.code == 0
    path = fresh_world.root / "order.json"
    path.write_bytes(path.read_bytes().replace(b"0677", b"0678"))
    assert fresh_world.solely("order", path, "--gate", fresh_world.gate).code == 1
    assert entry_counts(fresh_world)["stay"] == 1


@pytest.mark.rule("R-81", "R-88", "R-91")
def test_an_order_about_an_item_says_the_same_whatever_became_of_it(fresh_world):
    rows = fresh_world.fresh_rows(3)
    rows[1] |= {"family_name": "Nobodysname", "taxpayer_number": ""}  # withheld
    rows[2] |= {"reason": ""}  # returned
    ran = fresh_world.run(fresh_world.write_batch(rows, "fates"))
    assert ran.result["releasable"] == 1, ran.out
    told = set()
    for row in rows:
        near = {"request": row["request_id"][:-1] + "Z9"}
        told.add(given(fresh_world, "parties/homeland-security", kind="stay", scope=near).err)
        own = {"request": row["request_id"].lower()}
        mine = given(fresh_world, "parties/homeland-security", kind="stay", scope=own)
        assert mine.code == 0, mine.err
    (only,) = told
    assert "scope.request" in only


@pytest.mark.rule("R-91", "R-08")
def test_an_order_that_names_what_is_not_there_is_refused_and_told_what_is_close(fresh_world):
    batch, rows = decided(fresh_world)
    unknown = {
        "batch": batch[:-1] + ("0" if batch[-1] != "0" else "1"), "request": rows[0]["request_id"] + "X",
        "officer": "officer-1", "clause": "2(z)", "release": "00000000-0000-4000-8000-000000000000",
        "requester": "homeland",
    }  # fmt: skip
    close = {"batch": batch, "officer": "`officer-"}
    for name, word in unknown.items():
        kind = "recall" if name == "release" else "stay"
        ran = given(fresh_world, "courts/district-court", kind=kind, scope={name: word})
        assert (ran.code, f"scope.{name}" in ran.err) == (2, True), ran.err
        assert close.get(name, "") in ran.err
        if name in ("request", "release"):
            assert not any(
                told in ran.err for told in ("close to it:", "known ones", rows[0]["request_id"] + "`")
            )
    ran = given(fresh_world, "parties/treasury", kind="revocation", revoked_key="0" * 16)
    assert (ran.code, "revoked_key" in ran.err) == (2, True), ran.err
    assert fresh_world.solely("orders", "--gate", fresh_world.gate).lines == []
    assert given(fresh_world, "courts/district-court", kind="stay", scope={"batch": batch}).code == 0


@pytest.mark.rule("R-64", "R-91")
def test_a_cite_of_several_lines_is_refused_and_a_typed_number_of_no_entry_is_a_usage_error(fresh_world):
    for cite in ("docket one\n\n- 0 opened", "docket one\tand two"):
        ran = given(fresh_world, "courts/district-court", kind="stay", cite=cite)
        assert (ran.code, "`cite` is one line" in ran.err) == (2, True), ran.err
    key = fresh_world.key("approvers", APPROVERS[0])
    note = ("--gate", fresh_world.gate, "--as", key, "--note", "two digits were exchanged")
    line = ("--severity", "recordable", "--party", "requester", "--cause", "wrong-identifier")
    for words in (("error", "99999999", *line), ("answer", "99999999")):
        ran = fresh_world.solely(*words, *note)
        assert (ran.code, "no such entry" in ran.err) == (2, True), ran.err


@pytest.mark.rule("R-91")
def test_what_a_page_says_an_order_would_touch_is_what_holding_each_item_finds(fresh_world: World) -> None:
    batch, rows = decided(fresh_world, 3)
    scopes = (
        {},
        {"batch": batch},
        {"batch": "0" * 16},
        {"requester": "DHS"},
        {"request": rows[0]["request_id"]},
        {"request": rows[0]["request_id"].lower()},
        {"request": "NO-SUCH-ITEM"},
        {"release": "00000000-0000-4000-8000-000000000000"},
        {"officer": "officer-01"},
    )
    given(fresh_world, "courts/district-court", kind="stay")
    with services.opened(fresh_world.gate) as gate:
        begin(gate)
        (filed,) = ordering.filed(gate)
        found = []
        for scope in scopes:
            order = filed.order._replace(scope=filed.order.scope._replace(**scope))
            held = [complying.waiting(gate, order, each) for each in ("releasable", "referred_read")]
            noted = [complying.noted_waiting(gate, order, each) for each in ("releasable", "referred_read")]
            assert noted == held, scope
            found.append(noted[0])
    assert (found[:3], found[4:8]) == ([3, 3, 0], [1, 1, 0, 0])
