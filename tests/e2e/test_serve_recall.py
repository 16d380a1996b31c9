"""Many openings around one recall: none succeeds once it is acknowledged, each is an entry."""

import json
import time
from collections import Counter
from threading import Barrier, Thread

import pytest

from solely.errors import NotPermitted
from tests.support.campaign import tell
from tests.support.reading import entry_counts
from tests.support.service import Officer, served, signed_order
from tests.support.world import officer_of

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SHARE, CAMPAIGN = (12, 5), (50, 20)  # callers, openings of each


def caller_of(service, row) -> Officer:
    return Officer(service, service.world.key("officers", officer_of(row)))


def opened(caller: Officer, row, ended: list[tuple[str, float, float]]) -> None:
    """One opening from the echo to the key, with when it began and ended."""
    begun = time.monotonic()
    try:
        echo = caller.begin(caller.service.world.gate / "outbox" / f"{row['request_id']}.tdf")
        caller.finish(echo, row["request_id"])
    except NotPermitted as denied:
        ended.append((getattr(denied, "reason", "?"), begun, time.monotonic()))
    else:
        ended.append(("opened", begun, time.monotonic()))


@pytest.mark.rule("R-64", "R-83")
def test_of_sixty_openings_none_succeeds_after_a_recall_is_acknowledged_and_none_is_missing(fresh_world):
    around_a_recall(fresh_world, *SHARE)


@pytest.mark.campaign
@pytest.mark.rule("R-64", "R-83")
def test_campaign_of_a_thousand_openings_around_a_recall(fresh_world):
    tell("openings around a recall", **around_a_recall(fresh_world, *CAMPAIGN))


def around_a_recall(world, callers: int, times: int):
    """So many callers, each so many times, and one recall in the middle; what came of it, all held."""
    rows = world.fresh_rows(10)
    batch = world.run(world.write_batch(rows, "valid")).result["batch"]
    assert world.approve_by_two(batch).result["released"] == 10
    for officer in sorted({officer_of(row) for row in rows}):
        assert world.accept(officer).code == 0
    before = Counter(entry_counts(world))
    ended: list[tuple[str, float, float]] = []
    with served(world) as service:
        start = Barrier(callers + 1)

        def call(number: int) -> None:
            row = rows[number % len(rows)]
            caller = caller_of(service, row)
            caller.token()
            start.wait()
            for _ in range(times):
                opened(caller, row, ended)

        threads = [Thread(target=call, args=(number,)) for number in range(callers)]
        for each in threads:
            each.start()
        start.wait()
        while sum(each[0] == "opened" for each in ended) < callers:
            time.sleep(0.01)
        order = signed_order(world, "parties/treasury", kind="recall", cite="judged again")
        body = json.dumps(order).encode()
        sent = time.monotonic()
        status, said = service.send("/orders", body, {"Content-Type": "application/json"})
        acknowledged = time.monotonic()
        assert status == 200, said
        for each in threads:
            each.join()
        service.stop()
    found = Counter(each[0] for each in ended)
    late = [each for each in ended if each[0] == "opened" and each[1] > acknowledged]
    last = max(each[2] for each in ended if each[0] == "opened")
    assert late == []
    assert sum(found.values()) == callers * times
    assert set(found) == {"opened", "RECALLED"}
    ran = world.solely("verify", world.gate / "ledger", "--key", world.gate / "log.vkey")
    assert ran.code == 0, ran.out  # no opening follows the recall of its release
    counts = Counter(entry_counts(world)) - before
    assert (counts["open"], counts["open-refused"]) == (found["opened"], found["RECALLED"])
    return {
        "found": dict(found),
        "acknowledged_after_seconds": round(acknowledged - sent, 3),
        "last_key_seconds_from_then": round(last - acknowledged, 3),
    }
