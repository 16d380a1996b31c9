"""The service decides by itself what was received and is not decided, wherever it was left off."""

import json
import time

import pytest

from demo.people import SIGNER
from solely import flow
from solely.pace import whole
from solely.services import opened
from solely.steps import following
from tests.support.service import Officer, served
from tests.support.world import APPROVERS, World

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def state_of(world: World, batch: str) -> str:
    with world.state() as state:
        ((found,),) = state.execute("SELECT state FROM batch WHERE id = ?", (batch,)).fetchall()
    return str(found)


def decided_by_itself(world: World, batch: str) -> None:
    path = f"/api/batches/{batch}"
    with served(world) as service:
        office = Officer(service, world.key("requesters", SIGNER))
        for _ in range(600):
            own = {"Authorization": f"DPoP {office.token()}", "DPoP": office.proof(path, htm="GET")}
            status, text = service.send(path, b"", own, method="GET")
            assert status == 200, text
            if json.loads(text)["progress"]["state"] == "decided":
                return
            time.sleep(0.2)
    raise AssertionError("the batch is not decided")


@pytest.mark.rule("R-05")
def test_a_batch_left_between_two_stretches_is_taken_up_by_the_next_start(fresh_world: World) -> None:
    world = fresh_world
    with opened(world.gate) as services:
        batch, _ = flow.receive(services, world.folders.batch)
        assert batch is not None
        assert state_of(world, batch["id"]) == "received"
    decided_by_itself(world, batch["id"])
    done = world.run().result
    assert done["duplicate"]
    assert done["received"] == len(world.requests.rows)


def test_between_two_stretches_others_act_and_the_outcome_is_the_same(fresh_world: World) -> None:
    world = fresh_world
    with opened(world.gate) as services:
        batch, _ = flow.receive(services, world.folders.batch)
        assert batch is not None
        stretches = 0
        for _ in flow.undecided(services):
            stretches += 1
            flow.referred(services)
        assert stretches >= 2
        assert services.waiting == {}
    done = world.run().result
    assert done["duplicate"]
    assert done["received"] == len(world.requests.rows)


def test_whoever_follows_a_batch_sees_its_rows_read_and_then_decided(fresh_world: World) -> None:
    world = fresh_world
    of, seen = len(world.requests.rows), list[following.Progress]()
    with opened(world.gate) as services:
        batch, _ = flow.receive(services, world.folders.batch)
        assert batch is not None
        for _ in flow.undecided(services):
            seen.append(following.progress(services, batch))
    told = [(each.state, each.rows, each.read) for each in seen]
    assert told[0] == ("deciding", 0, of)
    assert told[-1] == ("deciding", of, None)
    assert len(told) > 2 and {read for _, rows, read in told if not rows} == {of}


@pytest.mark.rule("R-51")
def test_a_batch_that_is_blocked_waits_and_does_not_hold_up_the_next(fresh_world: World) -> None:
    world = fresh_world
    (row,) = world.fresh_rows(1)
    rows = [
        {**row, "request_id": f"R-{number}"} for number in range(501)
    ]  # one more than an officer may have
    first = world.write_batch(rows, "first")
    second = world.write_batch(world.fresh_rows(2), "second")
    with opened(world.gate) as services:
        ids = [flow.receive(services, each)[0]["id"] for each in (first, second)]  # type: ignore[index]
        for _ in flow.undecided(services):
            pass
        assert services.waiting == {ids[0]: ("CASELOAD",)}
    assert [state_of(world, each) for each in ids] == ["received", "decided"]


@pytest.mark.rule("R-51")
def test_a_batch_over_the_caseload_goes_on_by_itself_once_fewer_items_are_open(fresh_world: World) -> None:
    world = fresh_world
    row, *valid = world.fresh_rows(3)
    many = [{**row, "request_id": f"R-{number}"} for number in range(499)]
    office = {"officers": row["officers"]}
    with opened(world.gate) as services:
        ids = []
        for rows in ([*many, valid[0] | office], [valid[1] | office]):
            batch, _ = flow.receive(services, world.write_batch(rows, f"of-{len(rows)}"))
            ids.append(batch["id"])  # type: ignore[index]
        whole(flow.undecided(services))
        assert services.waiting == {ids[1]: ("CASELOAD",)}
        for name in APPROVERS:
            done = flow.approve(services, ids[0], world.key("approvers", name))
        assert (done["released"], services.waiting) == (1, {})
        whole(flow.undecided(services))
    assert [state_of(world, each) for each in ids] == ["released", "decided"]
