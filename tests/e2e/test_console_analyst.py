"""What an analyst does at the console: sends a batch, follows it, and sees what to cure."""

import time
from collections.abc import Iterator

import pytest

from demo.people import SIGNER
from tests.support.console import Answer, People
from tests.support.reading import entry_counts
from tests.support.service import served
from tests.support.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
ANALYST, OTHER = "analyst", "analyst of another office"


@pytest.fixture(scope="module")
def world(new_gate: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    return new_gate.copied(tmp_path_factory.mktemp("analyst") / "world")


@pytest.fixture(scope="module")
def people(world: World) -> Iterator[People]:
    with served(world) as service:
        found = People(service)
        for name, office in ((ANALYST, SIGNER), (OTHER, "field-office-director")):
            found.register(name, world.key("requesters", office))
            found.cookies[name] = found.sign_in(name)
        yield found


def files_of(world: World, rows: list[dict[str, str]], name: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in world.write_batch(rows, name).iterdir()}


def decided(people: People, path: str) -> Answer:
    """The page of a batch once it is decided."""
    for _ in range(600):
        page = people.ask(ANALYST, "GET", path)
        if "Answers" in page.text:
            return page
        time.sleep(0.1)
    raise AssertionError(page.text)


def test_a_batch_that_is_sent_is_received_and_decided_by_itself(world: World, people: People) -> None:
    rows = world.fresh_rows(4)
    rows[0]["periods"] = ""
    sent = people.upload(ANALYST, "/batches", files_of(world, rows, "sent"))
    assert sent.status == 303, sent.text
    page = decided(people, sent.location)
    for word, count in (("returned", 1), ("refused", 0), ("under review", 0), ("accepted", 3)):
        assert (
            f'<td data-label="Answer">{word}</td><td data-label="Items" class="number">{count}</td>'
            in page.text
        )
    assert sent.location in people.ask(ANALYST, "GET", "/batches").text
    assert people.ask(OTHER, "GET", sent.location).status == 404
    assert sent.location not in people.ask(OTHER, "GET", "/batches").text
    again = people.upload(ANALYST, "/batches", files_of(world, rows, "sent"))
    assert again.location == sent.location, again.text


@pytest.mark.rule("R-103")
def test_what_is_no_batch_leaves_its_entry_and_nothing_in_the_folder(world: World, people: People) -> None:
    before = entry_counts(world)["arrival"]
    refused = people.upload(ANALYST, "/batches", {"batch.zip": b"no archive"})
    assert refused.status == 422
    assert "<code>submission</code>" in refused.text
    assert entry_counts(world)["arrival"] == before + 1
    assert list((world.gate / "incoming").iterdir()) == []


def test_a_form_of_another_sign_in_is_refused_before_its_files_are_kept(world: World, people: People) -> None:
    refused = people.upload(ANALYST, "/batches", {"batch.zip": b"PK"}, form_word="another")
    assert refused.status == 403
    assert list((world.gate / "incoming").iterdir()) == []
