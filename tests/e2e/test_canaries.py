"""No value of a record or request in any place but those that contracts 3 and 4 name (R-57)."""

import csv

import pytest

from tests.support.reading import only_batch
from tests.support.world import World

pytestmark = pytest.mark.e2e


def canaries(world: World) -> list[str]:
    """Values that nobody writes by chance: every number, birth date and street line of record, as filed."""
    found: set[str] = set()
    for path in world.folders.record_files():
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found |= {row["taxpayer_number"], row["taxpayer_number"].replace("-", ""), row["street_line"]}
                found.add(f"{row['given_name']} {row['family_name']}")
    return sorted(each for each in found if len(each) >= 8)


def told(data: bytes, values: list[str]) -> list[str]:
    """The canaries that `data` holds."""
    text = data.decode("utf-8", "replace").upper()
    return [each for each in values if each.upper() in text]


@pytest.mark.rule("R-57")
def test_neither_ledger_nor_outbox_nor_answer_nor_file_name_holds_a_value(released_world):
    values = canaries(released_world)
    gate = released_world.gate
    public = [
        *(gate / "ledger").rglob("*"),
        *(gate / "outbox").rglob("*"),
        only_batch(released_world) / "answer.jsonl",
    ]
    for path in public:
        if path.is_file():
            assert not told(path.read_bytes(), values), path.name
    names = "\n".join(str(path.relative_to(gate)) for path in gate.rglob("*"))
    assert not told(names.encode(), values)


@pytest.mark.rule("R-57", "R-92")
def test_no_command_but_open_and_the_reviewers_view_prints_a_value(released_world, tmp_path):
    values = canaries(released_world)
    world, gate = released_world, released_world.gate
    batch = world.folders.batch
    some = world.requests.rows[0]["request_id"]
    ran = [
        world.run(),
        world.solely("run", batch, "--gate", gate),
        world.solely("approve", batch, "--gate", gate, "--as", world.key("officers", "officer-01")),
        world.solely("explain", some, "--gate", gate),
        world.solely("explain", some, "--gate", gate, "--view", "auditor", "--json"),
        world.solely("verify", gate / "ledger", "--key", gate / "log.vkey", "--json"),
        world.solely("report", "--gate", gate, "--out", tmp_path / "report.html"),
        world.solely("precheck", batch, "--agreement", world.folders.agreement, "--json"),
        world.solely("run", world.root / "no-such-batch", "--gate", gate),
    ]
    for each in ran:
        assert not told((each.out + each.err).encode(), values)
    assert not told((tmp_path / "report.html").read_bytes(), values)
