"""Nobody confirms an item without having been shown it since it was decided (R-92)."""

from collections.abc import Sequence

import pytest

from demo import batch as demo_batch
from demo.classes import KINDS
from solely import flow
from solely.model import COLUMNS
from solely.services import opened
from solely.steps import queueing
from tests.e2e.test_canaries import canaries, told
from tests.support.console import People
from tests.support.reading import entry_counts, rows_of
from tests.support.service import served, served_torn
from tests.support.world import APPROVERS, Ran, World

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
FIRST, SECOND = APPROVERS


def doubtful(world: World) -> list[dict[str, str]]:
    """Rows that leave a doubt once a record was read: a slip in the name, a son with the father's date.

    Without the number, where the birth date is there: beside an equal number one letter is no doubt.
    """
    kinds = [each._replace(share=1) for each in KINDS if each.name in ("typo_name", "son_birth_date_only")]
    made = demo_batch.generate(6, world.population, 40, kinds=kinds, is_paired=False)
    told = zip(made.rows, made.truth, strict=True)
    rows = [{**dict.fromkeys(COLUMNS, ""), **row} for row, truth in told if truth.kind != KINDS[0].name]
    return [row | {"taxpayer_number": ""} if row["birth_date"] else row for row in rows]


@pytest.fixture(scope="module")
def doubted(new_gate: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, str, list[str]]:
    """A gate with a decided batch: items whose record was read and is in doubt, for one cause."""
    world = new_gate.copied(tmp_path_factory.mktemp("doubted") / "world")
    rows = doubtful(world)
    batch = world.run(world.write_batch(rows, "doubtful")).result["batch"]
    with opened(world.gate) as services:
        waiting = [each for each in flow.referred(services) if each["state"] == "referred_read"]
    causes = [each["reasons"] for each in waiting]
    alike = [each["request_id"] for each in waiting if each["reasons"] == max(causes, key=causes.count)]
    assert len(alike) >= 3
    return world, batch, alike


@pytest.fixture
def gate(doubted: tuple[World, str, list[str]], tmp_path) -> tuple[World, str, list[str]]:
    """The same, for one test."""
    world, batch, names = doubted
    return world.copied(tmp_path / "world"), batch, names


def vote(world: World, request_id: str, office: str, decide: str = "confirm") -> Ran:
    """One officer's vote by the command line."""
    return world.solely(
        "review", request_id, "--gate", world.gate, "--as", world.key("approvers", office),
        "--decide", decide, "--note", "the record was read",
    )  # fmt: skip


@pytest.mark.rule("R-82", "R-92")
def test_a_confirmation_of_what_nobody_looked_at_is_refused_and_releases_nothing(gate) -> None:
    world, batch, (name, *_) = gate
    votes = entry_counts(world).get("approval", 0)
    for office in APPROVERS:
        refused = vote(world, name, office)
        assert refused.code == 1, refused.out
        assert "1 of 1 still to open" in refused.err
        assert f"solely explain {name} --gate" in refused.err
        assert "--view reviewer" in refused.err
    assert entry_counts(world).get("approval", 0) == votes

    # What one was shown counts for that one alone, and the auditor's view shows nothing.
    assert world.look(name, FIRST).result["record"] is not None
    assert world.solely("explain", name, "--gate", world.gate, "--view", "auditor").code == 0
    assert vote(world, name, SECOND).code == 1
    assert vote(world, name, FIRST).result["state"] == "referred_read"
    assert world.look(name, SECOND).code == 0
    assert vote(world, name, SECOND).result["state"] in ("releasable", "withheld")
    assert world.approve_by_two(batch).code == 0
    assert world.solely("verify", world.gate / "ledger", "--key", world.gate / "log.vkey").code == 0


@pytest.mark.rule("R-92", "R-57")
def test_the_reviewers_view_shows_a_referred_item_to_who_takes_it_and_no_other_item(gate) -> None:
    world, batch, (name, *_) = gate
    first = rows_of(world.gate / "batches" / batch / "dispositions.parquet")
    others = {each["disposition"]: each["request_id"] for each in first if each["disposition"] != "referred"}
    assert {"releasable", "withheld"} <= others.keys()
    before = entry_counts(world).get("showing", 0)
    for other in others.values():
        unasked = world.look(other, FIRST)
        assert (unasked.code, unasked.out, "not referred" in unasked.err) == (1, "", True)
    seen = world.look(name, FIRST)
    assert seen.code == 0, seen.err
    assert seen.result["record"]["addresses"]
    assert seen.result["request"]["address"]
    assert entry_counts(world)["showing"] == before + 1
    neighbour = world.look(name, SECOND)
    assert (neighbour.code, neighbour.out, "another officer has" in neighbour.err) == (1, "", True)
    stranger = world.solely(
        "explain", name, "--gate", world.gate, "--view", "reviewer", "--json",
        "--as", world.key("officers", "officer-01"),
    )  # fmt: skip
    assert (stranger.code, stranger.out) == (1, "")


@pytest.mark.rule("R-92")
def test_who_takes_an_item_again_and_again_keeps_it_from_others_for_four_hours_once(gate) -> None:
    world, _, (name, other, *_) = gate
    world.set_clock()
    assert [world.look(each, FIRST).code for each in (name, other)] == [0, 0]
    world.set_clock(hours=3, minutes=59)
    assert [world.look(name, office).code for office in (FIRST, SECOND)] == [0, 1]
    with opened(world.gate) as services:
        queueing.give_back(services, services.trust.approvers[FIRST])
        assert queueing.queue(services, services.trust.approvers[FIRST], services.now()).in_hand == []
    assert world.look(name, FIRST).code == 0
    assert world.look(name, SECOND).code == 0, "it was given back, and the four hours are not new"
    assert world.look(name, FIRST).code == 1, "the other officer has it now"
    world.set_clock(hours=4)
    assert vote(world, other, FIRST).code == 0, "what nobody else has taken stays in hand"
    assert world.look(other, SECOND).code == 0


@pytest.mark.rule("R-57")
def test_a_note_that_holds_a_persons_number_is_refused(gate) -> None:
    world, _, (name, *_) = gate
    refused = world.solely(
        "review", name, "--gate", world.gate, "--as", world.key("approvers", FIRST),
        "--decide", "decline", "--note", "tax id 943-67-8115 wrong",
    )  # fmt: skip
    assert refused.code == 2
    assert "holds what may be a person's number" in refused.err
    assert "943" not in refused.err
    with served(world) as service:
        people = People(service)
        people.join(FIRST, world.key("approvers", FIRST))
        people.ask(FIRST, "POST", f"/items/{name}/take")
        form = {"decide": "decline", "note": "tax id 943-67-8115 wrong"}
        answer = people.ask(FIRST, "POST", f"/items/{name}/vote", form)
    assert (answer.status, "holds what may be a person" in answer.text) == (400, True)


@pytest.mark.rule("R-82")
def test_nothing_tells_the_second_officer_that_the_first_has_voted(gate) -> None:
    world, _, (name, *_) = gate
    before = world.solely("referred", "--gate", world.gate).lines
    world.look(name, FIRST)
    assert vote(world, name, FIRST).code == 0
    assert world.solely("referred", "--gate", world.gate).lines == before


@pytest.mark.rule("R-92")
def test_a_decline_needs_no_look(gate) -> None:
    world, _, (name, *_) = gate
    assert vote(world, name, FIRST, "decline").result["state"] == "withheld"


@pytest.mark.rule("R-82", "R-92")
def test_an_item_that_was_referred_unread_is_looked_at_too_when_it_is_confirmed_alone(
    fresh_world: World,
) -> None:
    rows = [row | {"statute": "18 USC 1001"} for row in fresh_world.fresh_rows(2)]
    assert fresh_world.run(fresh_world.write_batch(rows, "unread")).code == 0
    seen, other = (row["request_id"] for row in rows)
    assert fresh_world.look(seen, FIRST).code == 0
    refused = vote(fresh_world, other, FIRST)
    assert (refused.code, f"first `{other}`" in refused.err) == (1, True)
    assert vote(fresh_world, seen, SECOND).code == 1
    assert entry_counts(fresh_world).get("approval", 0) == 0
    assert vote(fresh_world, seen, FIRST).code == 0
    assert vote(fresh_world, other, SECOND, "decline").result["state"] == "returned"


@pytest.mark.rule("R-92")
def test_a_look_before_the_record_was_read_is_none_of_the_item_that_rests_on_it(fresh_world: World) -> None:
    rows = doubtful(fresh_world)[:12]
    unread = [row | {"statute": "18 USC 1001"} for row in rows]
    assert fresh_world.run(fresh_world.write_batch(unread, "unread")).code == 0
    for row in unread:
        name = row["request_id"]
        for office in APPROVERS:
            assert fresh_world.look(name, office).result["record"] is None
            voted = vote(fresh_world, name, office)
        if voted.result["state"] == "referred_read":
            break
    assert voted.result["state"] == "referred_read"
    assert vote(fresh_world, name, FIRST).code == 1
    # The same command now shows the record that the newer decision rests on.
    assert fresh_world.look(name, FIRST).result["record"] is not None
    assert vote(fresh_world, name, FIRST).code == 0


def open_all(people: People, who: str, names: Sequence[str]) -> None:
    """Open the page of each item."""
    for name in names:
        assert "Side by side" in people.ask(who, "GET", f"/items/{name}").text


@pytest.mark.rule("R-82", "R-92")
def test_a_group_is_confirmed_once_each_item_with_a_record_was_opened(gate) -> None:
    world, _, names = gate
    decision = {"decide": "confirm", "note": "each record was read"}
    with served(world) as service:
        people = People(service)
        people.join(FIRST, world.key("approvers", FIRST))
        group = f"/queue/cause/{names[0]}"
        assert people.ask(FIRST, "POST", f"{group}/take").location == group
        page = people.ask(FIRST, "GET", group).text
        assert f"open {len(names)} more of them first" in page
        assert page.count("not opened<") == len(names)
        open_all(people, FIRST, names[1:])
        assert "open 1 more of them first" in people.ask(FIRST, "GET", group).text
        refused = people.act(FIRST, f"{group}/decide", decision)
        assert (refused.status, f"1 of {len(names)} still to open" in refused.text) == (403, True)
        open_all(people, FIRST, names[:1])
        page = people.ask(FIRST, "GET", group).text
        assert "more of them first" not in page
        assert page.count(">opened<") == len(names)
        assert people.act(FIRST, f"{group}/decide", decision).location == "/queue"


@pytest.mark.rule("R-92", "R-57")
def test_a_page_that_fails_in_the_making_was_no_look_and_nobody_votes_on_it(gate) -> None:
    world, _, (name, *_) = gate
    confirmed = {"decide": "confirm", "note": "the record was read"}
    key = world.key("approvers", FIRST)
    with served_torn(world, "item.html") as service:
        people = People(service)
        people.join(FIRST, key)
        people.ask(FIRST, "POST", f"/items/{name}/take")
        before = entry_counts(world).get("showing", 0)
        failed = people.ask(FIRST, "GET", f"/items/{name}")
        assert failed.status == 500
        refused = people.act(FIRST, f"/items/{name}/vote", confirmed)
        assert (refused.status, "1 of 1 still to open" in refused.text) == (403, True)
        assert entry_counts(world).get("showing", 0) == before
    said = "".join(service.said)
    assert "fault: UndefinedError" in said
    assert not told(said.encode() + failed.body, canaries(world))
    assert vote(world, name, FIRST).code == 1, "neither by the command line"
    with served(world) as service:
        people = People(service)
        people.join(FIRST, key)
        open_all(people, FIRST, [name])
        assert people.act(FIRST, f"/items/{name}/vote", confirmed).location


@pytest.mark.rule("R-92")
def test_what_the_gate_cannot_read_just_now_was_not_looked_at(gate) -> None:
    world, batch, (name, *_) = gate
    (stored,) = (world.gate / "batches" / batch / "chunks").glob("*.decisions.parquet")
    confirmed = {"decide": "confirm", "note": "the record was read"}
    with served(world) as service:
        people = People(service)
        people.join(FIRST, world.key("approvers", FIRST))
        people.ask(FIRST, "POST", f"/items/{name}/take")
        before, kept = entry_counts(world).get("showing", 0), stored.read_bytes()
        stored.write_bytes(kept[: len(kept) // 2])
        unread = people.ask(FIRST, "GET", f"/items/{name}")
        assert (unread.status, "Side by side" in unread.text) == (409, False)
        stored.write_bytes(kept)
        refused = people.act(FIRST, f"/items/{name}/vote", confirmed)
        assert (refused.status, "1 of 1 still to open" in refused.text) == (403, True)
        assert entry_counts(world).get("showing", 0) == before
