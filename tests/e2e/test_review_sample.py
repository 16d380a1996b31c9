"""The sample before a signature: who looks passes it, who nods everything through does not (R-85)."""

import re
from typing import NamedTuple

import pytest

from solely.services import opened
from solely.steps.identification import put_looks
from solely_verify.__main__ import main as verify
from tests.support.console import People
from tests.support.reading import entry_counts, rows_of
from tests.support.service import served, served_torn
from tests.support.world import build_world

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
FIRST, SECOND, THIRD = "disclosure-officer", "chief-of-disclosure", "privacy-officer"
SIZE = 4
_LINE = re.compile(
    r'<th scope="row">([a-z ]+)</th><td data-label="Request">(.*?)</td><td data-label="Record">(.*?)</td>'
)


class Asked(NamedTuple):
    """One item of a sample as the page shows it."""

    number: str
    request: dict[str, str]
    record: dict[str, str]

    @property
    def is_one_person(self) -> bool:
        """What anybody sees who looks: the numbers, or the birth dates, are equal."""
        digits = [re.sub(r"\D", "", each["taxpayer number"]) for each in (self.request, self.record)]
        return digits[0] == digits[1] != "" or self.request["birth date"] == self.record["birth date"]


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    """A gate that asks for a sample, with a batch decided, made once and never used itself."""
    world = build_world(tmp_path_factory.mktemp("sampled"), seed=12, people=600, items=60)
    made = world.init("--review-sample", str(SIZE))
    assert made.code == 0, made.err
    done = world.run(world.write_batch(world.fresh_rows(9), "sampled"))
    assert (done.code, done.result["releasable"]) == (0, 9), done.err
    return world, done.result["batch"]


@pytest.fixture
def officers(gate, tmp_path):
    """Two officers and counsel at a gate of their own, served."""
    world, batch = gate
    world = world.copied(tmp_path / "world")
    with served(world) as service:
        people = People(service)
        for name in (FIRST, SECOND, THIRD):
            people.join(name, world.key("approvers", name))
        yield people, f"/approvals/{batch}"


def asked_of(people: People, who: str, page: str) -> Asked | None:
    text = people.ask(who, "GET", f"{page}/sample").text
    found = re.search(r'name="number" value="(\d+)"', text)
    if found is None:
        return None
    rows = _LINE.findall(text)
    assert rows, text
    return Asked(found[1], {n: v for n, v, _ in rows}, {n: v for n, _, v in rows})


def decide_all(people: People, who: str, page: str) -> int:
    """Decide a whole sample by looking; how many of it were to be declined."""
    assert people.ask(who, "POST", f"{page}/sample").location == f"{page}/sample"
    declined = 0
    while asked := asked_of(people, who, page):
        word = "release" if asked.is_one_person else "decline"
        declined += word == "decline"
        people.ask(who, "POST", f"{page}/sample/answer", {"number": asked.number, "decide": word})
    return declined


def sign_after_sample(people: People, who: str, page: str) -> None:
    """Pass a sample by looking, then sign the batch."""
    decide_all(people, who, page)
    assert people.act(who, f"{page}/sample/finish", {}).location == page
    signed = people.act(who, f"{page}/approve", {})
    assert signed.location == page, signed.text


@pytest.mark.rule("R-85")
def test_two_who_look_pass_their_samples_and_release_the_exact_set(officers) -> None:
    people, page = officers
    world = people.service.world
    before = people.act(FIRST, f"{page}/approve", {})
    assert (before.status, "you decide a random sample" in before.text) == (403, True)
    told = people.ask(FIRST, "GET", page).text
    assert ("Nobody picks it" in told, "the gate could have picked it" in told) == (False, True)
    for who in (FIRST, SECOND):
        assert decide_all(people, who, page) > 0
        passed = people.act(who, f"{page}/sample/finish", {})
        assert passed.location == page, passed.text
        assert "no error" in people.ask(who, "GET", page).text
        signed = people.act(who, f"{page}/approve", {})
        assert signed.location == page, signed.text
        shown = people.ask(who, "GET", page).text
        assert ("You have signed." in shown) is (who == FIRST)  # the second signature has released it
    assert "<b>9</b> sealed packages left" in people.ask(FIRST, "GET", page).text
    assert len(list((world.gate / "outbox").iterdir())) == 9  # no known answer is among them
    counts = entry_counts(world)
    assert (counts["sampling"], counts["release"]) == (4, 9)
    said = people.service.stop()
    assert "the custodian could have picked this draw" in said
    assert [each for each in (FIRST, SECOND, THIRD) if each in said] == []  # no log names a person
    assert verify(["log", str(world.gate / "ledger"), "--key", str(world.gate / "log.vkey")]) == 0


@pytest.mark.rule("R-85", "R-92")
def test_no_glance_at_the_records_tells_the_known_answers(officers) -> None:
    people, page = officers
    before = people.ask(FIRST, "GET", page).text
    assert "drawn by nobody" not in before
    assert "of 9 items" not in before
    people.ask(FIRST, "POST", f"{page}/sample")
    seen = []
    while asked := asked_of(people, FIRST, page):
        seen.append(asked)
        assert f"item {asked.number} of 6" in people.ask(FIRST, "GET", f"{page}/sample").text
        word = "release" if asked.is_one_person else "decline"
        people.ask(FIRST, "POST", f"{page}/sample/answer", {"number": asked.number, "decide": word})
    assert len(seen) == 6  # 4, and two tenths more in whole places, known or not
    known = [each for each in seen if not each.is_one_person]
    assert 1 <= len(known) <= 2
    shown = [tuple(each.record.items()) for each in seen]
    assert len(set(shown)) == len(shown)  # no record beside two requests
    journal = people.service.world.gate
    people.service.stop()
    with opened(journal) as services:
        put_looks(services)
    rows = [row for path in journal.rglob("access/*.parquet") for row in rows_of(path)]
    assert {row["purpose"] for row in rows} >= {"sample", "showing"}


@pytest.mark.rule("R-85", "R-92")
def test_who_nods_everything_through_closes_the_batch_until_another_official_answers(officers) -> None:
    people, page = officers
    assert people.ask(FIRST, "POST", f"{page}/sample").location == f"{page}/sample"
    while asked := asked_of(people, FIRST, page):
        answer = {"number": asked.number, "decide": "release"}
        if people.ask(FIRST, "POST", f"{page}/sample/answer", answer).location == page:
            break
    assert asked is not None
    assert not asked.is_one_person
    closed = people.ask(SECOND, "GET", page).text
    assert "a review sample failed: a known answer was missed" in closed
    refused = people.ask(SECOND, "POST", f"{page}/sample")
    assert (refused.status, "sample of this batch failed" in refused.text) == (403, True)
    assert people.act(FIRST, f"{page}/approve", {}).status == 403

    index = re.search(r"/objections/(\d+)/answer", people.ask(SECOND, "GET", "/objections").text)
    assert index is not None
    answer = {"note": "seen, and spoken about; both of us sample it anew"}
    assert people.act(FIRST, f"/objections/{index[1]}/answer", answer).status == 403  # not one's own
    assert people.act(SECOND, f"/objections/{index[1]}/answer", answer).location == "/objections"
    for who in (FIRST, SECOND):
        decide_all(people, who, page)
        assert people.act(who, f"{page}/sample/finish", {}).location == page
        assert people.act(who, f"{page}/approve", {}).location == page
    world = people.service.world
    assert entry_counts(world)["release"] == 9
    people.service.stop()
    assert verify(["log", str(world.gate / "ledger"), "--key", str(world.gate / "log.vkey")]) == 0


@pytest.mark.rule("R-85")
def test_who_had_signed_before_a_sample_failed_samples_and_signs_again(officers) -> None:
    people, page = officers
    world = people.service.world
    sign_after_sample(people, FIRST, page)
    people.ask(THIRD, "POST", f"{page}/sample")
    while (asked := asked_of(people, THIRD, page)) is not None:
        answer = {"number": asked.number, "decide": "decline"}
        if people.ask(THIRD, "POST", f"{page}/sample/answer", answer).location == page:
            break
    index = re.search(r"/objections/(\d+)/answer", people.ask(FIRST, "GET", "/objections").text)
    assert index is not None
    answered = people.act(FIRST, f"/objections/{index[1]}/answer", {"note": "seen, and it is fine"})
    assert answered.location == "/objections"

    shown = people.ask(FIRST, "GET", page).text
    assert "<dt>Signed by</dt><dd>nobody</dd>" in shown
    assert f"<dt>Signed, and counts no more</dt><dd>{FIRST}: signed before a sample of the batch" in shown
    sign_after_sample(people, SECOND, page)
    people.join("overseer", world.key("overseers", "inspector-general"))
    report = people.ask("overseer", "GET", "/oversight/report").text
    approvals = report.partition("<caption>Approvals</caption>")[2]
    standing = re.findall(r'data-label="standing"[^>]*>(counts|void: signed before a sample)', approvals)
    assert sorted(standing) == ["counts", "void: signed before a sample"]
    assert entry_counts(world).get("release", 0) == 0  # one signature stands
    assert not list((world.gate / "outbox").iterdir())
    sign_after_sample(people, FIRST, page)
    counts = entry_counts(world)
    assert (counts["approval"], counts["release"]) == (3, 9)
    people.service.stop()
    assert verify(["log", str(world.gate / "ledger"), "--key", str(world.gate / "log.vkey")]) == 0


@pytest.mark.rule("R-85")
def test_who_declines_what_the_batch_would_release_closes_it_and_an_answer_is_given_once(officers) -> None:
    people, page = officers
    people.ask(FIRST, "POST", f"{page}/sample")
    first = asked_of(people, FIRST, page)
    assert first is not None
    right = {"number": first.number, "decide": "release" if first.is_one_person else "decline"}
    wrong = {"number": first.number, "decide": "decline" if first.is_one_person else "release"}
    people.ask(FIRST, "POST", f"{page}/sample/answer", right)
    for number in ("3", "0", "99", "1e0"):  # what is not reached, or is none, is not told to be answered
        assert people.ask(FIRST, "POST", f"{page}/sample/answer", wrong | {"number": number}).status == 400
    assert people.ask(FIRST, "POST", f"{page}/sample/answer", wrong).status == 409
    while (asked := asked_of(people, FIRST, page)) is not None and not asked.is_one_person:
        people.ask(FIRST, "POST", f"{page}/sample/answer", {"number": asked.number, "decide": "decline"})
    assert asked is not None
    people.ask(FIRST, "POST", f"{page}/sample/answer", {"number": asked.number, "decide": "decline"})
    assert "was declined, which the batch would release" in people.ask(SECOND, "GET", "/objections").text


@pytest.mark.rule("R-85", "R-82")
def test_at_the_command_line_nobody_signs_before_the_sample_and_no_answer_can_be_edited(
    gate, tmp_path
) -> None:
    world, batch = gate
    world = world.copied(tmp_path / "world")
    refused = world.approve(batch, FIRST)
    assert (refused.code, "random sample" in refused.err) == (1, True), refused.err
    with served(world) as service:
        people = People(service)
        people.join(FIRST, world.key("approvers", FIRST))
        page = f"/approvals/{batch}"
        decide_all(people, FIRST, page)
    with world.state() as state:
        state.execute("UPDATE review_answer SET decide = 'confirm' WHERE decide = 'decline'")
    with served(world) as service:
        people = People(service)
        people.join(FIRST, world.key("approvers", FIRST))
        refused = people.act(FIRST, f"{page}/sample/finish", {}).text
        assert "not as it was given" in refused, refused[refused.index("<main") :]


@pytest.mark.rule("R-85", "R-92")
def test_nobody_answers_for_an_item_whose_page_was_not_made(gate, tmp_path) -> None:
    world, batch = gate
    world, page = world.copied(tmp_path / "world"), f"/approvals/{batch}"
    with served_torn(world, "sampled.html") as service:
        people = People(service)
        people.join(FIRST, world.key("approvers", FIRST))
        people.ask(FIRST, "POST", f"{page}/sample")
        assert people.ask(FIRST, "GET", f"{page}/sample").status == 500
        refused = people.ask(FIRST, "POST", f"{page}/sample/answer", {"number": "1", "decide": "release"})
        assert (refused.status, "open your sample" in refused.text) == (403, True)
        assert entry_counts(world).get("showing", 0) == 0
    with served(world) as service:
        people = People(service)
        people.join(FIRST, world.key("approvers", FIRST))
        asked = asked_of(people, FIRST, page)
        assert asked is not None
        word = "release" if asked.is_one_person else "decline"
        given = {"number": asked.number, "decide": word}
        assert people.ask(FIRST, "POST", f"{page}/sample/answer", given).location == f"{page}/sample"


@pytest.mark.rule("R-85")
def test_who_had_signed_before_any_sample_was_asked_for_passes_one_and_signs_again(tmp_path) -> None:
    world = build_world(tmp_path, seed=12, people=600, items=60)
    assert world.init().code == 0
    batch = world.run(world.write_batch(world.fresh_rows(9), "sampled")).result["batch"]
    assert world.approve(batch, FIRST).code == 0
    assert world.init("--review-sample", str(SIZE)).code == 0
    page = f"/approvals/{batch}"
    with served(world) as service:
        people = People(service)
        for name in (FIRST, SECOND):
            people.join(name, world.key("approvers", name))
        sign_after_sample(people, SECOND, page)
        assert entry_counts(world).get("release", 0) == 0  # of two signatures one has no sample behind it
        sign_after_sample(people, FIRST, page)
        assert entry_counts(world)["release"] == 9
    assert verify(["log", str(world.gate / "ledger"), "--key", str(world.gate / "log.vkey")]) == 0
