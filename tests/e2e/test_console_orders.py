"""Orders at the console: seen before, signed with a passkey, in force at once; what nobody learns."""

import gzip
import json
import re
from html import unescape

import pytest

from demo.people import SIGNER
from solely.api.room import ORDER_BODY_MAX
from solely.front.body import BODY_MAX
from solely.orders.order import ORDER_BYTES_MAX
from solely.signing import KeySigner, parse_private_key
from solely_verify.__main__ import main as verify
from tests.support.console import Answer, People
from tests.support.reading import entry_counts
from tests.support.service import served, signed_order
from tests.support.world import officer_of

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

LATER = "2999-01-31T12:00:00Z"
CITE = "docket 25-cv-0677, order of 26 November 2026"
KEYS = (
    ("district", "courts", "district-court"),
    ("requester", "parties", "homeland-security"),
    ("first", "approvers", "disclosure-officer"),
    ("second", "approvers", "chief-of-disclosure"),
    ("counsel", "counsel", "office-of-counsel"),
    ("administrator", "administrators", "gate-administrator"),
)


@pytest.fixture
def people(released_world, tmp_path):
    """Who gives, countersigns and reads orders, signed in at a gate that has released."""
    world = released_world.copied(tmp_path / "world")
    with served(world) as service:
        found = People(service)
        for name, role, id_ in KEYS:
            found.register(name, world.key(role, id_))
            found.cookies[name] = found.sign_in(name)
        yield found


def number_of(answer: Answer, what: str) -> int:
    """A count on a page, from its table."""
    found = re.search(rf'<th scope="row">{what}</th><td[^>]*>([0-9,]+)<', answer.text)
    assert found is not None, answer.text
    return int(found[1].replace(",", ""))


@pytest.mark.rule("R-08")
def test_a_court_sees_what_a_stay_would_stop_signs_it_and_it_is_in_force(people: People) -> None:
    form = {"kind": "stay", "cite": CITE}
    before = people.ask("district", "POST", "/orders/look", form)
    delivered = number_of(before, "delivered, never opened")
    assert delivered > 0
    assert number_of(before, "referred to a person") > 0
    filed = people.act("district", "/orders/file", form)
    assert filed.status == 303, filed.text
    after = people.ask("district", "GET", filed.location)
    assert "It is in force" in after.text
    assert number_of(after, "delivered, never opened") == delivered
    draft = people.ask("counsel", "GET", f"{filed.location}/declaration.md").text
    assert f"{delivered:,} delivered, and never opened" in draft
    people.service.stop()
    world = people.service.world
    assert entry_counts(world)["stay"] == 1
    assert verify(["log", str(world.gate / "ledger"), "--key", str(world.gate / "log.vkey")]) == 0
    package = world.packages()[0]
    row = next(r for r in world.requests.rows if r["request_id"] == package.stem)
    keyfile = world.key("officers", officer_of(row))
    world.solely("accept", "--gate", world.gate, "--as", keyfile)
    opened = world.solely("open", package, "--key", keyfile, "--gate", world.gate, "--confirm", package.stem)
    assert opened.code == 1
    assert "an order stays this release" in opened.err


@pytest.mark.rule("R-106")
def test_looking_writes_nothing_and_what_is_signed_is_what_was_shown(people: People) -> None:
    world = people.service.world
    before = entry_counts(world)
    form = {"kind": "stay", "cite": CITE}
    people.ask("district", "POST", "/orders/look", form)
    asked = people.ask("district", "POST", "/orders/file", form)
    assert CITE in asked.text
    assert "data-challenge" in asked.text
    assert entry_counts(world) == before


@pytest.mark.rule("R-91")
def test_an_order_that_touches_nothing_says_so_before_it_is_signed(people: People) -> None:
    world = people.service.world
    many = [row | {"request_id": f"R-MANY-{number}"} for row in world.fresh_rows(1) for number in range(501)]
    files = {each.name: each.read_bytes() for each in world.write_batch(many, "waits").iterdir()}
    form = {"kind": "stay", "cite": CITE, "request": "R-MISTYPED"}
    assert "names what this gate does not know" in people.ask("district", "POST", "/orders/look", form).text
    people.join("analyst", world.key("requesters", SIGNER))
    assert people.upload("analyst", "/batches", files).status == 303
    # While this batch waits it may hold such an item, so the id is taken; that it stops nothing is said.
    page = people.ask("district", "POST", "/orders/look", form)
    assert page.status == 200, page.text
    assert "None of these is touched now. Look at the item's id again" in page.text
    everything = people.ask("district", "POST", "/orders/look", {"kind": "stay", "cite": CITE}).text
    assert "None of these is touched now" not in everything


@pytest.mark.rule("R-81")
@pytest.mark.rule("R-91")
def test_a_requesters_party_learns_nothing_of_an_item_by_asking_to_stay_it(people: People) -> None:
    rows = people.service.world.requests.rows
    for row in rows[:8]:
        page = people.ask(
            "requester", "POST", "/orders/look",
            {"kind": "stay", "cite": CITE, "request": row["request_id"]},
        )  # fmt: skip
        assert page.status == 200
        assert "may leave" not in page.text
        assert "referred to a person" not in page.text
    one = {"kind": "stay", "cite": CITE, "request": rows[0]["request_id"]}
    filed = people.act("district", "/orders/file", one)
    assert filed.status == 303
    assert filed.location not in people.ask("requester", "GET", "/orders").text
    assert people.ask("requester", "GET", filed.location).status == 400
    assert people.ask("requester", "GET", f"{filed.location}/declaration").status == 403


@pytest.mark.rule("R-91")
def test_a_list_of_people_shows_by_its_length_alone(people: People) -> None:
    listed = [{"family_name": "Qwertzuiop", "given_name": "Abcdefgh"}, {"family_name": "Yxcvbnm"}]
    form = {"kind": "stay", "cite": CITE, "people": json.dumps(listed)}
    assert "a search for people" in people.ask("district", "POST", "/orders/look", form).text
    filed = people.act("district", "/orders/file", form)
    assert filed.status == 303, filed.text
    for name in ("district", "first", "counsel", "administrator"):
        for path in ("/orders", filed.location):
            page = people.ask(name, "GET", path).text
            assert "Qwertzuiop" not in page
        assert re.search(r"People on its list</dt><dd>2<", page)
    assert "Qwertzuiop" not in people.ask("counsel", "GET", f"{filed.location}/declaration").text


@pytest.mark.rule("R-84")
def test_a_lift_waits_for_two_approvers_and_a_day(people: People) -> None:
    stay = people.act("district", "/orders/file", {"kind": "stay", "cite": CITE}).location
    lift = people.act(
        "district", "/orders/file", {"kind": "lift", "cite": "vacated", "lifts": stay.split("/")[-1]}
    ).location
    path = f"{lift}/countersign"
    assert people.act("administrator", path, {}).status == 403
    assert "Countersign it" in people.ask("first", "GET", lift).text
    assert people.act("first", path, {}).status == 303
    assert "Countersign it" not in people.ask("first", "GET", lift).text
    assert people.act("first", path, {}).status in (403, 409)
    assert "waits for one more countersignature" in people.ask("first", "GET", lift).text
    assert people.act("second", path, {}).status == 303
    assert "It acts from" in people.ask("first", "GET", lift).text
    assert "It is in force" in people.ask("first", "GET", stay).text
    own = people.act(
        "requester", "/orders/file", {"kind": "lift", "cite": "moot", "lifts": stay.split("/")[-1]}
    )
    assert own.status == 403


@pytest.mark.rule("R-84")
@pytest.mark.rule("R-106")
def test_a_lift_tells_what_the_order_that_it_ends_touches_before_and_after_it_is_filed(
    people: People,
) -> None:
    officer = officer_of(people.service.world.requests.rows[0])
    narrow = {"kind": "stay", "cite": CITE, "officer": officer}
    stay = people.act("district", "/orders/file", narrow).location
    touched = number_of(people.ask("district", "GET", stay), "delivered, never opened")
    form = {"kind": "lift", "cite": "vacated", "lifts": stay.split("/")[-1]}
    before = people.ask("district", "POST", "/orders/look", form)
    lift = people.act("district", "/orders/file", form).location
    after = people.ask("first", "GET", lift)
    assert "What the order that ends touches now" in after.text
    everything = people.ask("district", "POST", "/orders/look", {"kind": "stay", "cite": CITE})
    assert touched < number_of(everything, "delivered, never opened")
    assert [number_of(each, "delivered, never opened") for each in (before, after)] == [touched, touched]
    assert "declaration" not in after.text
    assert people.ask("first", "GET", f"{lift}/declaration").status == 400
    seen = people.ask("requester", "GET", lift)
    assert seen.status == 200
    assert "delivered, never opened" not in seen.text
    assert "waits for two countersignatures" in people.ask("first", "GET", "/orders").text


def test_a_revoked_key_touches_no_item_and_no_count_says_so(people: People) -> None:
    world = people.service.world
    officer = world.key("officers", officer_of(world.requests.rows[0]))
    form = {
        "kind": "revocation",
        "cite": CITE,
        "revoked_key": KeySigner(parse_private_key(officer.read_bytes())).holder,
    }
    page = people.ask("requester", "POST", "/orders/look", form)
    assert page.status == 200, page.text
    assert "no item of its own" in page.text
    assert "delivered, never opened" not in page.text


@pytest.mark.rule("R-08")
def test_a_notice_orders_hours_run_from_an_officers_signature(people: People) -> None:
    order = people.act("district", "/orders/file", {"kind": "notice", "cite": CITE, "hours": "48"}).location
    assert "Notice given: not yet" in people.ask("first", "GET", order).text
    assert people.act("first", f"{order}/notice", {}).status == 303
    assert "not yet" not in people.ask("first", "GET", order).text


@pytest.mark.parametrize(
    ("form", "named"),
    [
        ({"kind": "stay", "cite": ""}, "What it rests on"),
        ({"kind": "stay", "cite": CITE, "ends_at": "soon"}, "Until the end of this day"),
        ({"kind": "stay", "cite": CITE, "batch": "all"}, "Only this batch"),
        ({"kind": "stay", "cite": CITE, "people": "nobody"}, "Only people on this list"),
        ({"kind": "notice", "cite": CITE, "hours": "some"}, "Hours between notice and release"),
        ({"kind": "override", "cite": CITE}, "kind of order"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_by_its_element(people: People, form, named: str) -> None:
    answer = people.act("district", "/orders/file", form)
    assert (answer.status, named in answer.text) == (400, True)
    asked = people.ask("district", "GET", f"/orders/new?kind={form['kind']}").text
    assert named == "kind of order" or f">{named}" in asked


def test_an_approver_gives_no_notice_order(people: People) -> None:
    answer = people.act("first", "/orders/file", {"kind": "notice", "cite": CITE, "hours": "2"})
    assert answer.status == 403


@pytest.mark.rule("R-91", "R-08")
def test_what_could_not_be_filed_is_refused_before_it_is_signed(people: People) -> None:
    court, batch = "district", "0" * 16
    for words, named in (
        ({"officer": "officer-99"}, "“Only what names this officer” names what this gate does not know"),
        ({"batch": batch}, "The field “Only this batch” names"),
        ({"request": "R-NOWHERE"}, "“Only this item”"),
        ({"cite": "docket one\n\n- 0 opened"}, "“What it rests on”"),
        ({"supersedes": batch}, "“In the place of an earlier order of yours”"),
        ({"starts_at": "9999-12-31T23:59:59-23:59"}, "“From this day”"),
        ({"ends_at": "0001-01-01T00:00:00+23:59"}, "“Until the end of this day”"),
        ({"starts_at": LATER, "ends_at": LATER}, "“Until the end of this day” is the instant of its “From"),
        ({"people": '[{"given_name": "\\ud800", "family_name": "X"}]'}, "JSON list"),
        ({"kind": "notice", "hours": "9" * 5000}, "“Hours between notice and release”"),
    ):
        for path in ("/orders/look", "/orders/file"):
            answer = people.ask(court, "POST", path, {"kind": "stay", "cite": "docket one of today"} | words)
            told = unescape(answer.text)
            assert (answer.status < 500, named in told) == (True, True), (path, words, told)
            assert "scope." not in told and "--" not in told.partition("This was not done")[2]


@pytest.mark.rule("R-91")
def test_a_class_list_of_some_thousand_people_is_filed_while_the_gate_serves(people: People) -> None:
    listed = [{"given_name": "Zoltan", "family_name": f"Qu{number:05d}xx"} for number in range(6000)]
    form = {"kind": "stay", "cite": "a class of six thousand", "people": json.dumps(listed)}
    filed = people.act("district", "/orders/file", form)
    assert filed.status == 303, filed.text[:2000]
    order = signed_order(
        people.service.world,
        "courts/district-court",
        kind="stay",
        cite="the same class",
        scope={"people": listed},
    )
    body = json.dumps(order).encode()
    kind = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert len(body) > BODY_MAX
    status, said = people.service.send("/api/orders", gzip.compress(body), kind)
    assert (status, json.loads(said)["scope"]["people"]) == (200, 6000), said
    bomb = gzip.compress(b" " * (ORDER_BODY_MAX + 1))
    assert people.service.send("/api/orders", bomb, kind)[0] == 429
    assert (
        people.ask("district", "POST", "/orders/file", form | {"cite": "x" * 3 * ORDER_BYTES_MAX}).status
        == 400
    )


@pytest.mark.rule("R-92", "R-103")
def test_no_path_of_the_gates_machine_is_read_for_whoever_is_served(people: People) -> None:
    there = people.service.world.gate / "log.vkey"
    said = set()
    for about in (str(there), str(there) + "x", "/root", "x" * 60_000, "\x00"):
        form = {"about": about, "note": "this batch looks wrong to me"}
        said.add(people.ask("counsel", "POST", "/objections", form).text)
    assert len(said) == 1, said
