"""A run that crosses midnight UTC: the gate of a demo world stays on the day on which the world was made."""

from datetime import UTC, datetime, timedelta

from tests.support.world import build_world


def test_a_world_whose_day_is_over_still_receives_on_that_day(tmp_path):
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    world = build_world(tmp_path, seed=3, people=300, items=40, today=yesterday)
    assert world.init().code == 0
    ran = world.run()
    assert ran.code == 0, ran.err
    assert ran.result["released"] + ran.result["releasable"] > 0
    done = world.approve_by_two(world.folders.batch)
    assert done.result["released"] > 0, done.err
