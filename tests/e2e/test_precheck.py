"""`precheck` says of random rows exactly what the request stage of `run` says, without any record."""

from datetime import UTC, datetime

import pytest

from tests.support.hostile_rows import hostile_rows
from tests.support.reading import answers_of, batch_folder, rows_of
from tests.support.world import World, build_world

pytestmark = pytest.mark.e2e


def differences(world: World, seed: int, count: int) -> list[int]:
    """The rows of which precheck and run differ, over `count` random rows."""
    officers = tuple(f"officer-{number:02d}" for number in range(1, 21))
    batch = world.write_batch(hostile_rows(seed, count, officers), f"hostile-{seed}")
    day = datetime.now(UTC).date().isoformat()
    said = world.solely(
        "precheck", batch, "--agreement", world.folders.agreement, "--trust", world.folders.trust,
        "--received-on", day, "--json",
    )  # fmt: skip
    assert said.code == 0, said.err
    ran = world.run(batch)
    assert ran.code == 0, ran.err
    folder = batch_folder(world, ran.result["batch"])
    decided, answers = rows_of(folder / "dispositions.parquet"), answers_of(folder)
    *rows, _ = said.lines
    assert len(rows) == len(decided) == count
    return [
        row["row"]
        for row, stored, answer in zip(rows, decided, answers, strict=True)
        if not is_same(row, stored, answer["answer"])
    ]


def is_same(said: dict, stored: dict, answer: str) -> bool:
    """True when precheck's line says what was decided before any record was read."""
    if (said["row"], said["request_id"]) != (stored["row"], stored["request_id"]):
        return False
    if said["disposition"] == "passed":
        return answer == "accepted"
    seen = (said["disposition"], said["reasons"], said["rules"])
    return seen == (stored["disposition"], stored["reasons"], stored["rules"]) and answer != "accepted"


@pytest.mark.rule("R-69", "R-44")
def test_precheck_equals_run_on_random_rows(tmp_path):
    world = build_world(tmp_path, seed=21, people=600, items=60)
    assert world.init().code == 0
    assert differences(world, seed=1, count=2_000) == []


@pytest.mark.campaign
@pytest.mark.rule("R-69")
def test_precheck_equals_run_on_a_hundred_thousand_random_rows(tmp_path):
    world = build_world(tmp_path, seed=22, people=600, items=60)
    assert world.init().code == 0
    assert differences(world, seed=2, count=100_000) == []
