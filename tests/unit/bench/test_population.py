"""The national registry: the same for a seed, complete, and true to the kin that the attacks need."""

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest

from bench import world
from bench.population import ATTACKED, NAMED_SON, TWIN, Block, World
from bench.profiles import ATTACK_MIX, ATTACKS, MIXES, evidence_class
from bench.world import truth_cells
from demo.population import GROUPS, record_rows

TODAY = date(2026, 1, 15)
WORLD = World(seed=7, people=9_000, today=TODAY, shares=ATTACKED, block_people=5_000)


@pytest.fixture(scope="module")
def block() -> Block:
    return Block(WORLD, 1)


def rows_of(path: Path) -> list[dict[str, object]]:
    found = duckdb.execute("SELECT * FROM read_parquet(?) ORDER BY ALL", [str(path)])
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_a_block_has_exactly_its_people_of_record_and_is_the_same_again(block: Block, tmp_path: Path) -> None:
    for name in ("one", "two"):
        world.write_records(Block(WORLD, 1), tmp_path / name)
    rows = rows_of(tmp_path / "one")
    assert rows == rows_of(tmp_path / "two")
    assert len({row["record_id"] for row in rows}) == WORLD.people_of(1) == 4_500
    assert WORLD.people_of(0) + WORLD.people_of(1) == WORLD.people


def test_blocks_share_no_person_and_no_number(tmp_path: Path) -> None:
    ids: list[object] = []
    owners: dict[object, set[object]] = defaultdict(set)
    for number in range(WORLD.blocks):
        world.write_records(Block(WORLD, number), tmp_path / "records")
        rows = rows_of(tmp_path / "records")
        ids += sorted({str(row["record_id"]) for row in rows})
        for row in rows:
            if row["taxpayer_number"]:
                owners[row["taxpayer_number"]].add(row["record_id"])
    assert len(ids) == len(set(ids)) == WORLD.people
    assert all(str(each)[0] == "9" and str(each)[3:5] in GROUPS for each in owners)
    # The custodian's own errors give some the number of the head of the household, and no more.
    shared = sum(len(each) > 1 for each in owners.values())
    assert 0 < shared < 0.01 * len(owners)


def test_sons_bear_their_fathers_name_and_twins_share_a_birth_date(block: Block) -> None:
    members = block.members
    first = np.arange(len(members.slot)) - members.slot
    sons, twins = (np.flatnonzero(members.role == role) for role in (NAMED_SON, TWIN))
    assert len(sons) > 100 and len(twins) > 100
    assert (members.given[sons] == members.given[first[sons]]).all()
    assert (members.family[sons] == members.family[first[sons]]).all()
    assert (members.birth[sons] > members.birth[first[sons]]).all()
    assert (members.birth[twins] == members.birth[first[twins]]).all()


def test_chosen_households_stand_in_the_records_as_the_truth_has_them(block: Block, tmp_path: Path) -> None:
    world.write_records(block, tmp_path / "records")
    held = defaultdict(list)
    for row in rows_of(tmp_path / "records"):
        held[row["record_id"]].append(row)
    people = block.materialize(np.arange(0, 400)).people
    of_record = [each for each in people if each.is_of_record]
    assert {each.record_id for each in of_record} <= held.keys() and len(of_record) < len(people)
    for person in of_record:
        known = {(row[10], row[11], row[14], row[15], row[16]) for row in record_rows(person)}
        written = {
            (
                str(row["street_line"]),
                str(row["unit"] or ""),
                str(row["zip"]),
                str(row["period_from"]),
                str(row["period_to"] or ""),
            )
            for row in held[person.record_id]
        }
        assert written == known


@pytest.mark.parametrize("name", sorted(MIXES))
def test_a_mix_gives_every_profile_its_share(name: str) -> None:
    made = Block(World(3, 12_000, TODAY), 0)
    batch = world.requests_of(made, MIXES[name], 1_500, ("officer-01", "officer-02"))
    kinds = Counter(truth.kind for truth in batch.truth)
    assert len(batch.rows) == 1_500 and set(kinds) <= {kind.name for kind in MIXES[name].kinds}
    honest = sum(number for kind, number in kinds.items() if evidence_class(kind))
    asked = sum(kind.share for kind in MIXES[name].kinds if evidence_class(kind.name)) / 1000
    assert abs(honest / 1_500 - asked) < 0.03
    assert {len(cells) for cells in truth_cells(batch)} == {len(world.TRUTH_COLUMNS)}


def test_every_attack_finds_its_people(block: Block) -> None:
    batch = world.requests_of(block, ATTACK_MIX, 90, ("officer-01", "officer-02"))
    assert {truth.kind for truth in batch.truth} >= {attack.kind.name for attack in ATTACKS}
