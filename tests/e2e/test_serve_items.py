"""Rows of a batch asked for one at a time over HTTP: the answer of the batch, and nothing decided twice."""

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from solely import flow, remote
from solely.errors import NotPermitted, TroubleError
from solely.ledger.entry import EntryType
from solely.services import opened
from solely.signing import key_id, parse_private_key
from tests.support.console import People
from tests.support.reading import entries_of, only_batch
from tests.support.service import Service, served, signed_order
from tests.support.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
OFFICE = "secretary-of-homeland-security"
HELD = ("--singly", "600")


@pytest.fixture
def received(fresh_world: World) -> tuple[World, str]:
    """A world whose gate has received its batch and has decided nothing of it."""
    world = fresh_world
    with opened(world.gate) as services:
        batch, _ = flow.receive(services, world.folders.batch)
        assert batch is not None
        return world, str(batch["id"])


def asked(service: Service, key: Any, batch: str, row: int) -> dict[str, Any]:
    """The answer on a row, asked for until the gate has the batch ready."""
    office = remote.Requester(service.url, key)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            return office.item(batch, row)
        except TroubleError:
            time.sleep(0.1)
    raise AssertionError("the gate did not get the batch ready")


def answers_in(world: World) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (only_batch(world) / "answer.jsonl").read_text().splitlines()]


def decisions_in(world: World) -> int:
    return sum(each.type is EntryType.DECISION for each in entries_of(world))


def in_bulk(world: World, root: Any) -> list[dict[str, Any]]:
    """The answers on the same batch of a copy that decides it in bulk."""
    twin = world.copied(root)
    assert twin.run().code == 0
    return answers_in(twin)


@pytest.mark.rule("R-05", "R-13", "R-43", "R-81")
def test_rows_asked_for_over_http_are_answered_as_in_the_batch(received: Any, tmp_path: Any) -> None:
    world, batch = received
    expected, key = in_bulk(world, tmp_path / "bulk"), world.key("requesters", OFFICE)
    before, rows = decisions_in(world), list(range(1, len(expected) + 1))
    with served(world, *HELD) as service:
        assert asked(service, key, batch, 1) == {"row": 1, **expected[0]}
        with ThreadPoolExecutor(8) as threads:
            told = list(threads.map(lambda row: asked(service, key, batch, row), rows[: len(rows) // 2]))
        again = asked(service, key, batch, 2)
        assert again == told[1]
        assert decisions_in(world) >= before + len(told), "the entries are published before anybody is told"
    assert told == [{"row": row, **expected[row - 1]} for row in rows[: len(told)]]
    # What nobody asked for is decided in bulk by the next service, where nobody asks.
    with served(world) as service:
        assert asked(service, key, batch, len(rows)) == {"row": len(rows), **expected[-1]}
        wait_until_decided(world)
        assert asked(service, key, batch, 3) == told[2]
    assert answers_in(world) == expected
    assert decisions_in(world) == before + len(rows)
    verified = world.solely("verify", world.gate / "ledger", "--key", world.gate / "log.vkey")
    assert verified.code == 0, verified.out + verified.err


def wait_until_decided(world: World) -> None:
    """Return once the batch is closed."""
    until = time.monotonic() + 60
    while not (only_batch(world) / "answer.jsonl").exists():
        assert time.monotonic() < until, "the batch was not closed"
        time.sleep(0.1)


def test_rows_go_on_being_answered_while_somebody_signs_in_over_and_over(received: Any) -> None:
    world, batch = received
    key = world.key("requesters", OFFICE)
    with served(world, *HELD) as service:
        people = People(service)
        people.join("overseers", world.key("overseers", "inspector-general"))
        asked(service, key, batch, 1)
        office = remote.Requester(service.url, key)
        for row in range(2, 7):
            people.sign_in("overseers")
            assert office.item(batch, row)["row"] == row  # at once: the batch is still open


@pytest.mark.rule("R-55", "R-56")
def test_a_kill_between_two_answers_leaves_what_run_takes_up(received: Any, tmp_path: Any) -> None:
    world, batch = received
    expected, key = in_bulk(world, tmp_path / "bulk"), world.key("requesters", OFFICE)
    before = decisions_in(world)
    with served(world, *HELD) as service:
        told = [asked(service, key, batch, row) for row in (3, 7, 12)]
        service.process.send_signal(signal.SIGKILL)
        service.process.wait()
    assert world.run().code == 0
    assert answers_in(world) == expected
    assert told == [{"row": row, **expected[row - 1]} for row in (3, 7, 12)]
    assert decisions_in(world) == before + len(expected)


@pytest.mark.rule("R-11", "R-12", "R-103")
def test_only_the_office_of_the_letter_asks_and_each_denial_is_an_entry(received: Any) -> None:
    world, batch = received
    key = world.key("requesters", OFFICE)
    with served(world, *HELD) as service:
        asked(service, key, batch, 1)
        office = remote.Requester(service.url, key)
        officer = remote.Requester(service.url, next(world.key("officers", "x").parent.glob("*.pem")))
        before = refused_in(world)
        for who, of, row in (
            (office, "0" * 16, 1),
            (office, batch, 0),
            (office, batch, 10**6),
            (officer, batch, 1),
        ):
            with pytest.raises(NotPermitted):
                who.item(of, row)
        assert refused_in(world) == before + 4
        name = key_id(parse_private_key(key.read_bytes()).public_key())
        order = signed_order(world, "parties/treasury", kind="revocation", revoked_key=name, cite="lost")
        status, said = service.send(
            "/orders", json.dumps(order).encode(), {"Content-Type": "application/json"}
        )
        assert status == 200, said
        decided = decisions_in(world)
        with pytest.raises(NotPermitted):
            office.item(batch, 9)
        assert decisions_in(world) == decided


def refused_in(world: World) -> int:
    """How many calls the ledger has that were refused."""
    return sum(each.type is EntryType.ARRIVAL for each in entries_of(world))
