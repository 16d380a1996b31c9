"""Revocations: whose key one word ends, whose waits for two and a day, what is suspended (R-84, R-91)."""

import re
import shutil

import pytest

from solely.signing import key_id, parse_private_key
from tests.e2e.test_orders import decided, given, signed_by, stay, verified
from tests.support.world import APPROVERS, Ran, World

pytestmark = pytest.mark.e2e
STOPPING = (
    "courts/district-court", "courts/court-of-appeals", "parties/treasury", "counsel/office-of-counsel",
    "overseers/inspector-general", "approvers/privacy-officer",
)  # fmt: skip


def key_of(world: World, holder: str) -> str:
    """The id of somebody's key."""
    return key_id(parse_private_key(world.key(*holder.split("/")).read_bytes()).public_key())


def left(world: World, office: str) -> None:
    """An approver is taken out of the trust folder, which one administrator may do at once."""
    given_trust = world.root / f"without-{office}"
    shutil.copytree(world.gate / "trust", given_trust)
    for end in (".pem", ".toml"):
        (given_trust / "approvers" / f"{office}{end}").unlink()
    ran = world.init_again("--trust", given_trust)
    assert ran.code == 0, ran.err


def revoked(world: World, authority: str, holder: str, *, says: bool = True, **words) -> Ran:
    """A revocation of somebody's key, which says whose it is."""
    stated = {"holder": holder} if says else {}
    return given(world, authority, kind="revocation", revoked_key=key_of(world, holder), **stated, **words)


@pytest.mark.rule("R-84", "R-91")
def test_nobody_alone_revokes_the_key_of_another_whose_word_can_stop_something(fresh_world):
    for authority in ("approvers/disclosure-officer", "courts/other-district-court", "parties/treasury"):
        for holder in STOPPING:
            if holder == authority or (authority == "parties/treasury" and holder.startswith("approvers")):
                continue
            unsaid = revoked(fresh_world, authority, holder, says=False, cite="the key is lost")
            assert (unsaid.code, f"`holder`, here `{holder}`" in unsaid.err) == (2, True), unsaid.err
            another = given(
                fresh_world, authority, kind="revocation", revoked_key=key_of(fresh_world, holder),
                holder="requesters/field-office-director",
            )  # fmt: skip
            assert (another.code, f"here `{holder}`" in another.err) == (2, True), another.err
            said = revoked(fresh_world, authority, holder)
            assert (said.code, said.result["is_in_force"], said.result["countersigned"]) == (0, False, [])
    for court in ("district-court", "court-of-appeals"):
        assert stay(fresh_world, court).code == 0


@pytest.mark.rule("R-84", "R-91")
def test_a_requesting_agencys_party_revokes_keys_of_its_own_agency_and_no_others(fresh_world):
    for holder in (*STOPPING, "administrators/gate-administrator", "inquiries/identity-office"):
        for says in (True, False):
            refused = revoked(fresh_world, "parties/homeland-security", holder, says=says)
            assert (refused.code, "its own agency" in refused.err) == (1, True), (holder, refused.err)
    for holder in ("officers/officer-01", "requesters/field-office-director", "parties/homeland-security"):
        own = revoked(fresh_world, "parties/homeland-security", holder, says=False)
        assert (own.code, own.result["is_in_force"]) == (0, True), (holder, own.err)
    assert given(fresh_world, "parties/homeland-security", kind="stay").code == 1


@pytest.mark.rule("R-84", "R-91")
def test_a_courts_key_is_revoked_a_day_after_two_have_countersigned_and_for_good(fresh_world):
    fresh_world.set_clock()
    order = revoked(fresh_world, "parties/treasury", "courts/district-court").result["order"]
    for office in APPROVERS:
        assert signed_by(fresh_world, "countersign", order, office).code == 0
    fresh_world.set_clock(hours=23)
    assert stay(fresh_world).code == 0
    fresh_world.set_clock(hours=25)
    refused = stay(fresh_world, "district-court", "--until", "2099-01-31")
    assert (refused.code, "revoked" in refused.err) == (1, True), refused.err
    assert stay(fresh_world, "court-of-appeals").code == 0
    final = given(fresh_world, "parties/treasury", kind="lift", lifts=order)
    assert (final.code, "final" in final.err) == (1, True), final.err
    verified(fresh_world)


@pytest.mark.rule("R-84", "R-91")
def test_the_custodians_party_suspends_an_approver_whose_stay_stands_and_two_give_the_key_back(fresh_world):
    fresh_world.set_clock()
    batch, _ = decided(fresh_world)
    privacy = fresh_world.key("approvers", "privacy-officer")
    assert (
        fresh_world.solely("stay", "--gate", fresh_world.gate, "--as", privacy, "--cite", "it is wrong").code
        == 0
    )
    suspended = revoked(fresh_world, "parties/treasury", "approvers/privacy-officer")
    assert (suspended.code, suspended.result["is_in_force"]) == (0, True), suspended.err
    again = fresh_world.solely("stay", "--gate", fresh_world.gate, "--as", privacy, "--cite", "wrong again")
    assert (again.code, "revoked" in again.err) == (1, True), again.err
    assert fresh_world.approve(batch, APPROVERS[0]).result["blocked"] == ["STAYED"]
    lift = given(fresh_world, "parties/treasury", kind="lift", lifts=suspended.result["order"])
    assert lift.code == 0, lift.err
    own = signed_by(fresh_world, "countersign", lift.result["order"], "privacy-officer")
    assert own.code == 1, own.err
    for office in APPROVERS:
        assert signed_by(fresh_world, "countersign", lift.result["order"], office).code == 0
    fresh_world.set_clock(hours=25)
    back = fresh_world.solely("stay", "--gate", fresh_world.gate, "--as", privacy, "--cite", "wrong again")
    assert back.code == 0, back.err
    verified(fresh_world)


@pytest.mark.rule("R-84", "R-92")
def test_who_countersigned_the_revocation_of_an_objectors_key_does_not_answer_the_objection(fresh_world):
    fresh_world.set_clock()
    batch, _ = decided(fresh_world)

    def written(verb: str, about: object, role: str, office: str) -> Ran:
        signed = ("--as", fresh_world.key(role, office), "--note", "the letter names no case")
        return fresh_world.solely(verb, str(about), "--gate", fresh_world.gate, *signed)

    objection = written("object", batch, "approvers", "privacy-officer").result["objection"]
    order = revoked(fresh_world, "courts/district-court", "approvers/privacy-officer").result["order"]
    for office in APPROVERS:
        assert signed_by(fresh_world, "countersign", order, office).code == 0
    fresh_world.set_clock(hours=25)
    for office in APPROVERS:
        refused = written("answer", objection, "approvers", office)
        assert (refused.code, "who revoked the key" in refused.err) == (1, True), refused.err
    assert written("answer", objection, "counsel", "office-of-counsel").code == 0


@pytest.mark.rule("R-84", "R-82")
def test_who_leaves_takes_back_no_word_that_has_acted_and_with_no_kept_enrolments_nothing_acts(fresh_world):
    fresh_world.set_clock()
    batch, _ = decided(fresh_world)
    order = revoked(fresh_world, "courts/district-court", "approvers/privacy-officer").result["order"]
    for office in APPROVERS:
        assert signed_by(fresh_world, "countersign", order, office).code == 0
    fresh_world.set_clock(hours=25)
    left(fresh_world, APPROVERS[0])
    refused = fresh_world.approve(batch, "privacy-officer")
    assert (refused.code, "revoked" in refused.err) == (1, True), refused.out
    (listed,) = fresh_world.solely("orders", "--gate", fresh_world.gate).lines
    assert sorted(listed["countersigned"]) == sorted(APPROVERS)
    verified(fresh_world)
    shutil.rmtree(fresh_world.gate / "superseded" / "trust")
    blocked = fresh_world.approve(batch, APPROVERS[1])
    assert (blocked.code, "STATE_EDITED" in blocked.err) == (5, True), blocked.err


@pytest.mark.rule("R-84")
def test_a_report_calls_the_approval_of_a_suspended_key_void_unless_the_batch_left_by_it(fresh_world):
    def standing() -> list[str]:
        path = fresh_world.root / "report.html"
        made = fresh_world.solely("report", "--gate", fresh_world.gate, "--out", path)
        assert made.code == 0, made.err
        shown = path.read_text().partition("<caption>Approvals</caption>")[2]
        return re.findall(r'data-label="standing">(counts|void: who signed may approve)', shown)

    batch, _ = decided(fresh_world)
    assert fresh_world.approve(batch, APPROVERS[0]).code == 0
    assert standing() == ["counts"]
    assert revoked(fresh_world, "parties/treasury", f"approvers/{APPROVERS[0]}").code == 0
    assert standing() == ["void: who signed may approve"]
    for office in (APPROVERS[1], "privacy-officer"):
        done = fresh_world.approve(batch, office)
    assert done.result["released"] > 0
    assert revoked(fresh_world, "parties/treasury", "approvers/privacy-officer").code == 0
    assert standing() == ["void: who signed may approve", "counts", "counts"]


@pytest.mark.rule("R-84", "R-91")
def test_who_leaves_before_an_order_acts_has_not_agreed_to_it(fresh_world):
    fresh_world.set_clock()
    batch, _ = decided(fresh_world)
    stayed = stay(fresh_world).result["order"]
    lift = given(fresh_world, "courts/district-court", kind="lift", lifts=stayed).result["order"]
    for office in APPROVERS:
        assert signed_by(fresh_world, "countersign", lift, office).code == 0
    fresh_world.set_clock(hours=23)
    left(fresh_world, APPROVERS[0])
    fresh_world.set_clock(hours=25)
    assert fresh_world.approve(batch, APPROVERS[1]).result["blocked"] == ["STAYED"]
    third = signed_by(fresh_world, "countersign", lift, "privacy-officer")
    assert third.result["countersigned"] == [APPROVERS[1], "privacy-officer"], third.err
    fresh_world.set_clock(hours=50)
    assert fresh_world.approve(batch, APPROVERS[1]).code == 0


@pytest.mark.rule("R-84", "R-91")
def test_suspensions_that_leave_too_few_to_lift_them_end_after_thirty_days(fresh_world):
    fresh_world.set_clock()
    stayed = stay(fresh_world).result["order"]
    lift = given(fresh_world, "courts/district-court", kind="lift", lifts=stayed).result["order"]
    assert signed_by(fresh_world, "countersign", lift, APPROVERS[0]).code == 0
    for office in (APPROVERS[0], "privacy-officer"):
        suspended = revoked(fresh_world, "parties/treasury", f"approvers/{office}")
        assert suspended.result["ends_at"], suspended.err
    fresh_world.set_clock(days=29)
    assert signed_by(fresh_world, "countersign", lift, APPROVERS[0]).code == 1
    assert signed_by(fresh_world, "countersign", lift, APPROVERS[1]).result["countersigned"] == [APPROVERS[1]]
    fresh_world.set_clock(days=31)
    again = signed_by(fresh_world, "countersign", lift, APPROVERS[0])
    assert (again.code, "given anew" in again.err) == (1, True), again.err
    words = {"kind": "lift", "lifts": stayed, "cite": "docket two"}
    anew = given(fresh_world, "courts/district-court", **words).result["order"]
    for office in (APPROVERS[0], "privacy-officer"):
        assert signed_by(fresh_world, "countersign", anew, office).code == 0
    fresh_world.set_clock(days=32)
    listed = fresh_world.solely("orders", "--gate", fresh_world.gate).lines
    assert [each["order"] for each in listed if each["is_in_force"]] == [anew]
    verified(fresh_world)
