"""Officers at the console by plain HTTP: the queue, what is in whose hands, one signature for many items."""

import re

import pytest

from solely_verify.__main__ import main as verify
from tests.support.console import People
from tests.support.reading import entry_counts
from tests.support.service import Service, served
from tests.support.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
FIRST, SECOND = "disclosure-officer", "chief-of-disclosure"


def both(service: Service, world: World) -> People:
    """The two officers of the world, each with a passkey."""
    people = People(service)
    for name in (FIRST, SECOND):
        people.join(name, world.key("approvers", name))
    return people


@pytest.fixture(scope="module")
def officers(new_gate, tmp_path_factory):
    """Two officers at a served gate with five items referred for one cause, and two for others."""
    world = new_gate.copied(tmp_path_factory.mktemp("officers") / "world")
    rows = world.fresh_rows(7)
    for row in rows[:5]:
        row["given_name"], row["middle_name"] = "FNU", ""
    rows[5]["statute"] = "18 USC 1621"
    rows[6]["address"] = "Mineral Point County Jail, 4759 Yarrowcroft Ave, Mineral Point, WI 53565"
    done = world.run(world.write_batch(rows, "referred")).result
    assert done["referred"] == 7, done
    with served(world) as service:
        people = both(service, world)
        yield people, [row["request_id"] for row in rows]


@pytest.mark.rule("R-92")
def test_an_item_shows_to_whoever_has_taken_it_and_to_nobody_else(officers) -> None:
    people, names = officers
    item = f"/items/{names[5]}"
    before = entry_counts(people.service.world).get("showing", 0)
    free = people.ask(FIRST, "GET", item)
    assert (free.status, "Take it" in free.text, "Side by side" in free.text) == (200, True, False)
    assert people.ask(FIRST, "POST", f"{item}/take").location == item
    assert "Side by side" in people.ask(FIRST, "GET", item).text
    assert entry_counts(people.service.world)["showing"] == before + 1
    # Another's item is denied, and the denial is an entry too.
    denied = people.ask(SECOND, "GET", item)
    assert (denied.status, "another officer has this item" in denied.text.lower()) == (403, True)
    assert "Side by side" not in denied.text
    assert entry_counts(people.service.world)["showing"] == before + 2
    assert people.ask(SECOND, "POST", f"{item}/take").status == 403
    assert people.ask(FIRST, "POST", "/queue/give-back").location == "/queue"
    assert "Take it" in people.ask(SECOND, "GET", item).text


@pytest.mark.rule("R-82")
def test_an_item_that_is_free_again_while_others_are_held_was_given_back_or_voted_on(officers) -> None:
    """What is given back by itself looks to another officer as what was never taken."""
    people, names = officers
    queue = people.ask(SECOND, "GET", "/queue").text
    group = next(each for each in re.findall(r'href="(/queue/cause/[^"]+)"', queue) if names[5] not in each)
    before = people.ask(SECOND, "GET", group).text
    for digits in ("9" * 30, "9" * 5000):  # a place in the group that is none
        assert people.ask(SECOND, "GET", f"{group}?after=a.{digits}").text == before
    for name in names[1:3]:
        people.ask(FIRST, "POST", f"/items/{name}/take")
    assert people.ask(SECOND, "POST", f"/items/{names[1]}/give-back").status == 403
    given = people.ask(FIRST, "POST", f"/items/{names[1]}/give-back")
    assert given.location == f"/items/{names[2]}"
    assert "Take it" in people.ask(SECOND, "GET", f"/items/{names[1]}").text
    assert people.ask(SECOND, "GET", f"/items/{names[2]}").status == 403
    assert people.ask(FIRST, "POST", f"/items/{names[1]}/give-back").status == 403
    assert people.ask(FIRST, "POST", f"/items/{names[2]}/give-back").location == "/queue"
    assert people.ask(SECOND, "GET", group).text == before


@pytest.mark.rule("R-82", "R-106")
def test_a_group_is_decided_by_one_signature_with_a_vote_for_each_and_the_second_officer_sees_no_vote(
    officers,
) -> None:
    people, names = officers
    queue = people.ask(FIRST, "GET", "/queue").text
    group = re.search(
        r'href="(/queue/cause/[^"]+)">[^<]*</a></td>\s*<td[^>]*>[^<]*</td>.*given_name:SINGLE<', queue
    )
    assert group is not None
    page = people.ask(FIRST, "GET", group[1]).text
    assert all(name in page for name in names[:5])
    assert names[5] not in page
    people.ask(FIRST, "POST", f"/items/{names[0]}/take")
    assert "Take what is free" in people.ask(FIRST, "GET", group[1]).text
    taken = people.ask(FIRST, "POST", f"{group[1]}/take")
    assert taken.location == group[1]
    before = entry_counts(people.service.world).get("approval", 0)
    note = "passports show one name alone"
    decision = {"decide": "confirm", "note": note}
    # Who has taken some takes the rest by the same button, and it goes once nothing is free.
    assert "Take what is free" not in people.ask(FIRST, "GET", group[1]).text
    # No record was read for these: one look at least, and the page says so.
    assert "open 1 more of them first" in people.ask(FIRST, "GET", group[1]).text
    refused = people.ask(FIRST, "POST", f"{group[1]}/decide", decision)
    assert (refused.status, "1 of 5 still to open" in refused.text) == (403, True)
    people.ask(FIRST, "GET", f"/items/{names[3]}")
    assert "more of them first" not in people.ask(FIRST, "GET", group[1]).text
    asked = people.ask(FIRST, "POST", f"{group[1]}/decide", decision).text
    assert "5 statements, each for itself" in asked
    assert entry_counts(people.service.world).get("approval", 0) == before  # nothing is written before it
    done = people.act(FIRST, f"{group[1]}/decide", decision)
    assert done.location == "/queue", done.text
    assert entry_counts(people.service.world)["approval"] == before + 5

    # The first officer is asked no more; the second sees the same queue as if nobody had voted.
    assert "given_name:SINGLE" not in people.ask(FIRST, "GET", "/queue").text
    seen = people.ask(SECOND, "GET", "/queue").text
    assert group[1] in seen
    assert note not in seen
    item = f"/items/{names[0]}"
    people.ask(SECOND, "POST", f"{item}/take")
    shown = people.ask(SECOND, "GET", item).text
    assert FIRST not in shown
    assert note not in shown

    people.ask(SECOND, "POST", f"{group[1]}/take")
    people.ask(SECOND, "GET", f"/items/{names[0]}")
    confirmed = {"decide": "confirm", "note": "read"}
    assert people.act(SECOND, f"{group[1]}/decide", confirmed).location == "/queue"
    assert "given_name:SINGLE" not in people.ask(SECOND, "GET", "/queue").text


@pytest.mark.rule("R-15")
@pytest.mark.rule("R-92")
def test_who_confirms_unlisted_statutes_together_has_seen_an_item_of_each(new_gate, tmp_path) -> None:
    world = new_gate.copied(tmp_path / "world")
    rows = [row | {"statute": each} for each in ("18 USC 1621", "18 USC 1001") for row in world.fresh_rows(2)]
    assert world.run(world.write_batch(rows, "unlisted")).result["referred"] == 4
    names = [row["request_id"] for row in rows]
    with served(world) as service:
        people = People(service)
        people.join(FIRST, world.key("approvers", FIRST))
        group = f"/queue/cause/{names[0]}"
        assert people.ask(FIRST, "POST", f"{group}/take").location == group
        assert "open 2 more of them first" in people.ask(FIRST, "GET", group).text
        people.ask(FIRST, "GET", f"/items/{names[1]}")
        left = people.ask(FIRST, "GET", group).text
        assert "open 1 more of them first" in left
        assert f'beginning with <a href="/items/{names[2]}"' in left
        decision = {"decide": "confirm", "note": "both are crimes; read in full"}
        assert people.ask(FIRST, "POST", f"{group}/decide", decision).status == 403
        people.ask(FIRST, "GET", f"/items/{names[3]}")
        assert people.act(FIRST, f"{group}/decide", decision).location == "/queue"
    assert entry_counts(world)["approval"] == 4


@pytest.mark.rule("R-92")
def test_a_group_of_several_pages_says_who_has_what_until_when_and_offers_what_is_free_alone(
    new_gate, tmp_path
) -> None:
    world = new_gate.copied(tmp_path / "world")
    rows = world.fresh_rows(51, given_name="FNU", middle_name="")
    assert world.run(world.write_batch(rows, "long")).result["referred"] == 51
    with served(world) as service:
        people = both(service, world)
        group = f"/queue/cause/{rows[0]['request_id']}"
        people.ask(FIRST, "POST", f"/items/{rows[0]['request_id']}/take")
        assert "Take what is free of these" in people.ask(FIRST, "GET", group).text
        assert people.ask(FIRST, "POST", f"{group}/take").said == "51 items are in your hands"
        mine = people.ask(FIRST, "GET", group).text
        assert "The next 50" in mine
        assert "Take what is free of these" not in mine
        until = re.search(r"yours until ([0-9]{2}:[0-9]{2}) UTC", mine)
        assert until is not None
        assert f"before {until[1]} UTC" in people.ask(FIRST, "GET", "/queue").text
        seen = people.ask(SECOND, "GET", group).text
        assert f"{FIRST} until {until[1]} UTC" in seen
        assert "Take what is free of these" not in seen
        people.ask(FIRST, "POST", "/queue/give-back")
        assert "Take what is free of these" in people.ask(SECOND, "GET", group).text


@pytest.mark.rule("R-36")
def test_an_item_of_several_rows_about_one_person_leads_to_those_at_its_address(new_gate, tmp_path) -> None:
    world = new_gate.copied(tmp_path / "world")
    (row,) = world.fresh_rows(1)
    rows = [
        row,
        row | {"request_id": "R-AGAIN", "periods": "2022"},
        *world.fresh_rows(1, statute="18 USC 1621"),
    ]
    assert world.run(world.write_batch(rows, "twice")).result["referred"] == 3
    with served(world) as service:
        people = People(service)
        people.join(FIRST, world.key("approvers", FIRST))
        for name in ("R-AGAIN", rows[2]["request_id"]):
            people.ask(FIRST, "POST", f"/items/{name}/take")
        page = people.ask(FIRST, "GET", "/items/R-AGAIN").text
        assert "The other rows are not named here" in page
        found = people.ask(FIRST, "GET", "/queue/building/R-AGAIN").text
        assert 'href="/queue/building/R-AGAIN"' in page
        assert f"/items/{row['request_id']}" in found
        assert rows[2]["request_id"] not in found
        assert "The other rows" not in people.ask(FIRST, "GET", f"/items/{rows[2]['request_id']}").text


@pytest.mark.rule("R-82", "R-29")
def test_a_group_says_before_it_is_confirmed_what_no_person_lifts(officers) -> None:
    people, names = officers
    group, item = f"/queue/cause/{names[6]}", f"/items/{names[6]}"
    assert "Confirming cannot carry" not in people.ask(FIRST, "GET", f"/queue/cause/{names[0]}").text
    people.ask(FIRST, "POST", f"{group}/take")
    people.ask(FIRST, "GET", item)
    told = "no person lifts <code>address:FACILITY_LOCATED</code>"
    shown = people.ask(FIRST, "GET", group).text
    assert "<code>address:FACILITY_LOCATED</code> the address is that of a facility or office" in shown
    assert f'data-key="o" href="{item}"' in shown
    for page in (item, group):
        shown = people.ask(FIRST, "GET", page).text
        assert "Confirming cannot carry" in shown
        assert told in shown
        assert "Two confirmations return it all the same." in shown
    people.ask(FIRST, "POST", "/queue/give-back")


@pytest.mark.rule("R-82")
def test_nobody_decides_what_is_not_in_hand_or_twice(officers) -> None:
    people, names = officers
    vote = {
        "decide": "decline",
        "note": "not this one:\r\nthe crime is another",
    }  # as a browser sends two lines
    assert people.act(SECOND, f"/items/{names[5]}/vote", vote).status == 403
    people.ask(SECOND, "POST", f"/items/{names[5]}/take")
    hidden = people.ask(SECOND, "POST", f"/items/{names[5]}/vote", vote | {"note": "zero\u200bwidth"})
    assert "The note holds a character that cannot be printed" in hidden.text
    assert people.act(SECOND, f"/items/{names[5]}/vote", vote).location == "/queue"
    assert people.ask(SECOND, "GET", f"/items/{names[5]}").status == 403  # it ended: no referral any more
    log = people.service.world.gate
    assert verify(["log", str(log / "ledger"), "--key", str(log / "log.vkey")]) == 0


@pytest.mark.rule("R-67")
@pytest.mark.rule("R-106")
def test_what_two_have_signed_leaves_at_the_console_once_nothing_stands_against_it(
    new_gate, tmp_path
) -> None:
    world = new_gate.copied(tmp_path / "world")
    batch = world.run(world.write_batch(world.fresh_rows(2), "objected")).result["batch"]
    with served(world) as service:
        people = both(service, world)
        people.join("counsel", world.key("counsel", "office-of-counsel"))
        page = f"/approvals/{batch}"
        assert people.act(FIRST, f"{page}/approve", {}).status == 303
        assert "signature of another officer is needed" in people.ask(FIRST, "GET", page).text
        objected = people.act("counsel", "/objections", {"about": batch, "note": "the term is unclear"})
        assert objected.status == 303
        assert people.act(SECOND, f"{page}/approve", {}).status == 303
        waits = [people.ask(name, "GET", page).text for name in (FIRST, SECOND)]
        (answer,) = re.findall(
            r'action="(/objections/\d+/answer)"', people.ask(FIRST, "GET", "/objections").text
        )
        assert people.act(FIRST, answer, {"note": "the term is as agreed"}).status == 303
        freed = [people.ask(name, "GET", page).text for name in (FIRST, SECOND)]
        assert all("Nothing more is to be signed" in each for each in waits + freed)
        assert not any("signature of another officer is needed" in each for each in waits + freed)
        assert [f'action="{page}/approve"' in each for each in waits + freed] == [False, False, True, True]
        assert world.packages() == []
        assert people.ask(FIRST, "POST", f"{page}/approve").status == 303
        assert "<b>2</b> sealed packages left. First" in people.ask(SECOND, "GET", page).text
    assert len(world.packages()) == 2


@pytest.mark.rule("R-82")
@pytest.mark.rule("R-106")
def test_who_signs_a_batch_is_told_what_leaves_with_it_of_earlier_ones(new_gate, tmp_path) -> None:
    world = new_gate.copied(tmp_path / "world")
    first = [*world.fresh_rows(2), *world.fresh_rows(1, statute="18 USC 1621")]
    earlier = world.run(world.write_batch(first, "earlier")).result["batch"]
    assert world.approve_by_two(earlier).result["released"] == 2
    for office in (FIRST, SECOND):
        assert world.review(first[2]["request_id"], office).code == 0
    later = world.run(world.write_batch(world.fresh_rows(3), "later")).result["batch"]
    with served(world) as service:
        people = both(service, world)
        people.join("overseer", world.key("overseers", "inspector-general"))
        page = f"/approvals/{later}"
        for name in (FIRST, SECOND):
            shown = people.ask(name, "GET", page).text
            assert "With this batch 1 item leaves too, of batches released before" in shown
            signed = people.act(name, f"{page}/approve", {})
        assert (
            signed.said == "3 packages have left; of earlier batches 1 too, which two officers have confirmed"
        )
        shown = people.ask(FIRST, "GET", f"/approvals/{earlier}").text
        report = people.ask("overseer", "GET", "/oversight/report").text
    line = report.partition("In order of time")[2].partition("</ol>")[0]
    assert len(re.findall(rf"released · entry [0-9,]+ · batch <code>{earlier}", line)) == 2
    assert "<b>3</b> sealed packages left. First decided to be releasable: 2; the others were" in shown
    assert len(world.packages()) == 6


@pytest.mark.rule("R-08")
@pytest.mark.rule("R-106")
def test_who_would_sign_a_stayed_batch_sees_the_order_and_is_told_that_nothing_was_signed(
    new_gate, tmp_path
) -> None:
    world = new_gate.copied(tmp_path / "world")
    batch = world.run(world.write_batch(world.fresh_rows(2), "stayed")).result["batch"]
    with served(world) as service:
        people = both(service, world)
        people.join("court", world.key("courts", "district-court"))
        page = f"/approvals/{batch}"
        assert "What stands against it" not in people.ask(FIRST, "GET", page).text
        stay = people.act(
            "court", "/orders/file", {"kind": "stay", "cite": "docket 1", "batch": batch}
        ).location
        shown = people.ask(FIRST, "GET", page).text
        assert f'Order <a href="{stay}">' in shown
        assert "While it stands, nothing of this batch leaves." in shown
        assert "Go on to sign" not in shown
        # The form of a page that was open before the stay came.
        answer = people.ask(FIRST, "POST", f"{page}/approve", {})
        assert (answer.status, answer.location) == (303, page)
        assert answer.said == "Not done: nothing was signed, for a stay stands against it (STAYED)"
        assert "Signed by</dt><dd>nobody" in people.ask(FIRST, "GET", page).text
    assert "approval" not in entry_counts(world)
