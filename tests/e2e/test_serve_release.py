"""A court's stay that comes while the second approval releases a large batch: nothing leaves after it."""

import base64
import csv
import json
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from solely.signing import key_id, parse_private_key
from tests.support.campaign import tell
from tests.support.console import People
from tests.support.reading import entry_counts
from tests.support.service import Service, served, signed_order
from tests.support.world import APPROVERS, World, build_world

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SHARE, CAMPAIGN = 120, 1_100  # releases
# A service whose disk takes 0.3 s to make durable that some packages have left: a stay comes in between.
SLOWLY_LEAVING = """
import time
import solely.steps.releasing as releasing
from solely.cli.main import main
flush = releasing.flush_folder
def slowly(folder):
    time.sleep(0.3)
    flush(folder)
releasing.flush_folder = slowly
main()
"""
LONGEST = 3.0  # seconds that the stay may wait on a busy machine; the release alone takes as long


def outbox(world: World) -> int:
    return len(world.packages())


def sealed(world: World) -> int:
    return len(list(world.gate.glob("batches/*/sealed/*.tdf")))


def stayed(service: Service, order: bytes) -> float:
    """File a court's stay of everything; how long it took until it was acknowledged."""
    begun = time.monotonic()
    status, said = service.send("/orders", order, {"Content-Type": "application/json"})
    assert status == 200, said
    return time.monotonic() - begun


def stay_while_it_leaves(world: World, count: int, moment, **how) -> dict[str, object]:
    """Approve a batch of `count` at the console, and file a stay once `moment` of the world is true."""
    batch = world.run(world.write_batch(world.fresh_rows(count), "leaving")).result["batch"]
    assert world.approve(batch, APPROVERS[0]).code == 0
    told = []
    with served(world, **how) as service:
        people = People(service)
        people.join("officer", world.key("approvers", APPROVERS[1]))

        def approve() -> None:
            told.append(people.act("officer", f"/approvals/{batch}/approve", {}))

        # Signed beforehand: a hundred packages leave in less time than a signature takes.
        order = signed_order(world, "courts/district-court", kind="stay", cite="stop all of it now")
        second = Thread(target=approve)
        second.start()
        while not moment(world) and second.is_alive():
            time.sleep(0.002)
        waited = stayed(service, json.dumps(order).encode())
        left = outbox(world)
        second.join()
        assert told[0].status == 303, told[0].text
        said = next(each for each in told[0].cookies if each.startswith("said=")).split(";")[0]
        page = people.ask("officer", "GET", f"/approvals/{batch}")
        assert page.status == 200
    assert outbox(world) == left, "something has left after the stay was acknowledged"
    assert waited < LONGEST
    return {
        "releases": count,
        "waited_seconds": round(waited, 3),
        "left_before": left,
        "left_after": outbox(world) - left,
        "told": bytes.fromhex(said.removeprefix("said=")).decode(),
        "entered": entry_counts(world).get("release", 0),
    }


@pytest.mark.rule("R-08", "R-83")
def test_a_stay_that_comes_while_packages_are_sealed_lets_none_of_them_leave(fresh_world):
    found = stay_while_it_leaves(fresh_world, SHARE, sealed)
    assert found["left_before"] == 0
    assert found["entered"] < SHARE  # what is judged after the stay is not even entered as released
    assert found["told"].endswith("were stopped and wait STAYED"), found
    # Neither does it leave when the gate is next used.
    assert fresh_world.solely("orders", "--gate", fresh_world.gate).code == 0
    assert outbox(fresh_world) == 0
    ran = fresh_world.solely("verify", fresh_world.gate / "ledger", "--key", fresh_world.gate / "log.vkey")
    assert ran.code == 0, ran.out


@pytest.mark.rule("R-08", "R-83")
def test_a_stay_that_comes_while_packages_leave_keeps_those_that_have_not_left(fresh_world):
    found = stay_while_it_leaves(fresh_world, SHARE, outbox, program=("-c", SLOWLY_LEAVING))
    assert 0 < found["left_before"] < SHARE, found
    assert found["told"] == (
        f"{found['left_before']} packages have left; {SHARE - found['left_before']} were stopped and wait"
    )


@pytest.mark.campaign
@pytest.mark.rule("R-08", "R-83")
def test_campaign_of_a_stay_while_a_thousand_packages_leave(tmp_path: Path):
    world = build_world(tmp_path / "world", people=9_000, items=10)
    assert world.init().code == 0
    for name, moment in (("is judged", lambda _: True), ("is sealed", sealed), ("leaves", outbox)):
        tell(
            f"a stay while a thousand {name}",
            **stay_while_it_leaves(world.copied(tmp_path / name), CAMPAIGN, moment),
        )


# Ends without warning once the first two of a batch's releases are logged; nothing of it has left.
BROKEN_OFF = """
import os
import solely.steps.releasing as releasing
from solely.cli.main import main
done = releasing._release_slice
def once(*given, **more):
    done(*given, **more)
    os._exit(9)
releasing.SLICE, releasing._release_slice = 2, once
main()
"""


def broken_off(world: World, count: int, **words: str) -> tuple[str, list[dict[str, str]]]:
    """A batch whose release was broken off after its first slice, and its rows, those of that slice first."""
    rows = [row | words for row in world.fresh_rows(count)]
    batch = world.run(world.write_batch(rows, "broken")).result["batch"]
    assert world.approve(batch, APPROVERS[0]).code == 0
    command = [sys.executable, "-c", BROKEN_OFF, "approve", batch, "--gate", str(world.gate)]
    command += ["--as", str(world.key("approvers", APPROVERS[1]))]
    done = subprocess.run(command, cwd=world.root, capture_output=True, text=True, check=False)
    assert done.returncode == 9, done.stderr
    assert (outbox(world), sealed(world)) == (0, 2)
    with world.state() as state:
        entered = {name for (name,) in state.execute("SELECT request_id FROM release")}
    return batch, sorted(rows, key=lambda row: row["request_id"] not in entered)


def filed(world: World, **words: object) -> None:
    made = signed_order(world, "parties/treasury", cite="judged again", **words)
    path = world.root / "order.json"
    path.write_bytes(base64.b64decode(made["order"]))
    path.with_name("order.json.sig").write_text(made["signature"])
    ran = world.solely("order", path, "--gate", world.gate)
    assert ran.code == 0, ran.err


@pytest.mark.rule("R-08")
def test_a_release_broken_off_between_two_slices_goes_on_and_keeps_what_an_order_stops_meanwhile(fresh_world):
    batch, rows = broken_off(fresh_world, 5)
    filed(fresh_world, kind="stay", scope={"request": rows[0]["request_id"]})
    again = fresh_world.approve(batch, APPROVERS[1])  # who has approved approves once more
    assert (again.code, again.result["released"], again.result["undelivered"]) == (0, 5, 1), again.out
    assert {each.stem for each in (fresh_world.gate / "outbox").iterdir()} == {
        row["request_id"] for row in rows[1:]
    }
    # A later batch's release takes the waiting package of this one neither along nor away.
    later = fresh_world.write_batch(fresh_world.fresh_rows(1), "later")
    assert fresh_world.run(later).code == 0
    assert fresh_world.approve_by_two(later).code == 0
    assert (outbox(fresh_world), sealed(fresh_world)) == (5, 1)


@pytest.mark.rule("R-91", "R-08")
def test_what_a_list_holds_back_stays_also_once_the_record_by_which_it_was_meant_is_gone(fresh_world):
    batch, rows = broken_off(fresh_world, 5, taxpayer_number="")
    with fresh_world.state() as state:
        found = "SELECT record_ref FROM release WHERE request_id = ?"
        ((gone,),) = state.execute(found, (rows[0]["request_id"],))
    with fresh_world.folders.record_files()[0].open(encoding="utf-8", newline="") as file:
        number = next(each["taxpayer_number"] for each in csv.DictReader(file) if each["record_id"] == gone)
    filed(fresh_world, kind="stay", scope={"people": [{"taxpayer_number": number}]})
    removed = fresh_world.root / "removed.csv"
    removed.write_text(f"record_id\n{gone}\n")
    as_of = ("--as-of", fresh_world.today.isoformat())
    assert fresh_world.solely("init", fresh_world.gate, "--removed", removed, *as_of).code == 0
    again = fresh_world.approve(batch, APPROVERS[1])
    assert "1 released packages stay at the gate: order " in again.err
    assert (again.code, again.result["undelivered"], sealed(fresh_world)) == (0, 1, 1), again.out
    assert not (fresh_world.gate / "outbox" / f"{rows[0]['request_id']}.tdf").exists()


@pytest.mark.rule("R-84", "R-08")
def test_what_is_entered_leaves_only_while_the_keys_that_approved_it_stand(fresh_world):
    batch, _ = broken_off(fresh_world, 5)
    key = parse_private_key(fresh_world.key("approvers", APPROVERS[0]).read_bytes())
    whose = {"revoked_key": key_id(key.public_key()), "holder": f"approvers/{APPROVERS[0]}"}
    filed(fresh_world, kind="revocation", **whose)
    assert fresh_world.approve(batch, APPROVERS[1]).code == 4
    assert outbox(fresh_world) == 0
    assert fresh_world.approve(batch, "privacy-officer").result["released"] == 5
    assert outbox(fresh_world) == 5


@pytest.mark.rule("R-92", "R-08")
def test_what_is_entered_waits_under_an_open_objection_and_leaves_once_it_is_answered(fresh_world):
    batch, rows = broken_off(fresh_world, 5)
    court = ("--gate", fresh_world.gate, "--as", fresh_world.key("courts", "district-court"))
    until = f"{fresh_world.today + timedelta(days=2)}"
    now = f"{fresh_world.today + timedelta(days=1)}T12:00:00+00:00"
    fresh_world.environment["SOLELY_NOW"] = now
    assert fresh_world.solely("stay", *court, "--cite", "stop", "--until", until).code == 0
    gate = ("--gate", fresh_world.gate, "--as")
    note = ("--note", "the letter names no case")
    objector, other = (fresh_world.key("approvers", each) for each in ("privacy-officer", APPROVERS[0]))
    objected = fresh_world.solely("object", rows[0]["request_id"], *gate, objector, *note)
    assert objected.code == 0, objected.err
    fresh_world.environment["SOLELY_NOW"] = now.replace(now[:10], f"{fresh_world.today + timedelta(days=4)}")
    ran = fresh_world.solely("orders", "--gate", fresh_world.gate)
    assert "2 released packages stay at the gate: blocked by `OBJECTION`" in ran.err
    assert (outbox(fresh_world), sealed(fresh_world)) == (0, 2)
    told = fresh_world.approve(batch, APPROVERS[1])
    assert (told.code, told.result["blocked"], told.result["undelivered"]) == (5, ["OBJECTION"], 2)
    index = objected.result["objection"]
    answered = fresh_world.solely("answer", str(index), *gate, other, "--note", "it names one, on page 2")
    assert answered.code == 0, answered.err
    assert fresh_world.solely("orders", "--gate", fresh_world.gate).code == 0
    assert outbox(fresh_world) == 2


@pytest.mark.rule("R-06", "R-92")
def test_what_is_entered_never_leaves_after_the_term_of_the_agreement(fresh_world):
    batch, _ = broken_off(fresh_world, 5)
    fresh_world.environment["SOLELY_NOW"] = "2031-01-01T12:00:00+00:00"
    told = fresh_world.approve(batch, APPROVERS[1])
    assert (told.code, told.result["blocked"], told.result["undelivered"]) == (5, ["AGREEMENT"], 2)
    assert "2 released packages stay at the gate: blocked by `AGREEMENT`" in told.err
    assert (outbox(fresh_world), sealed(fresh_world)) == (0, 2)
