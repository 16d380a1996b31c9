"""An index that is refreshed is the one that would be built whole: the same bytes, however it was read."""

import json
import random
from datetime import timedelta
from pathlib import Path

import pytest

from solely.errors import UsageError
from solely.records.build import build_index
from solely.records.indexed import IndexedRecords
from solely.records.refresh import Changes, refresh_index
from tests.property.test_records_twin import person_rows
from tests.support.records_world import AS_OF, row, terms, write_csv

People = dict[str, list[dict[str, str]]]


def rows_of(people: People) -> list[dict[str, str]]:
    return [each for rows in people.values() for each in rows]


def files_of(index: Path) -> dict[str, str]:
    return json.loads((index / "index.json").read_text())["files"]


def built(folder: Path, people: People, **options) -> Path:
    chance = random.Random(len(people))
    rows = rows_of(people)
    chance.shuffle(rows)  # the order of rows and their split into files say nothing
    middle = len(rows) // 2
    sources = [
        write_csv(folder / f"{n}.csv", part) for n, part in enumerate((rows[:middle], rows[middle:])) if part
    ]
    build_index(sources, folder / "records", terms(**options))
    return folder / "records"


def changed(chance: random.Random, people: People) -> tuple[People, People, list[str]]:
    """The people of the next day, those of them added or changed, and the ids removed."""
    gone = chance.sample(sorted(people), 20)
    after = {key: rows for key, rows in people.items() if key not in gone}
    new = ["A", "Zz", *(f"R{n:03}" for n in range(500, 520))]
    touched = {*chance.sample(sorted(after), 25), *new} - {*gone}
    changes = {key: person_rows(chance, 0) for key in touched}
    changes = {key: [each | {"record_id": key} for each in rows] for key, rows in changes.items()}
    return after | changes, changes, gone


@pytest.mark.parametrize("seed", range(5))
def test_a_refreshed_index_is_the_one_built_whole(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    people = {f"R{n:03}": person_rows(chance, n) for n in range(150)}
    for name in ("old", "new", "delta"):
        (tmp_path / name).mkdir()
    index = built(tmp_path / "old", people, part_rows=40)
    for day in (1, 2):
        people, changes, gone = changed(chance, people)
        files = Changes(
            [write_csv(tmp_path / "delta" / "changed.csv", rows_of(changes))],
            [
                write_csv(
                    tmp_path / "delta" / "gone.csv", [{"record_id": each} for each in [*gone, "unknown"]]
                )
            ],
        )
        told = refresh_index(files, index, terms(as_of=AS_OF + timedelta(days=day), part_rows=30))
        whole = built(tmp_path / "new", people)
        assert files_of(index) == files_of(whole)
        assert (told["removed"], told["unknown"]) == (20, 1)
        assert told["added"] + told["changed"] == len(changes)
        assert IndexedRecords(index).as_of == AS_OF + timedelta(days=day)
        assert len([each for each in index.iterdir() if each.is_dir()]) == 1


@pytest.mark.parametrize("seed", range(3))
def test_parts_of_any_size_give_the_same_index(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    people = {f"R{n:03}": person_rows(chance, n) for n in range(120)}
    made = []
    for place, rows in enumerate((10_000, 50, 7, 1)):
        (tmp_path / str(place)).mkdir()
        made.append(files_of(built(tmp_path / str(place), people, part_rows=rows)))
    assert all(each == made[0] for each in made)


def test_removals_alone_and_additions_alone_refresh(tmp_path: Path) -> None:
    index = built(tmp_path, {"R1": [row("R1")], "R2": [row("R2", given_name="Ana")]})
    gone = write_csv(tmp_path / "gone.csv", [{"record_id": "R1"}])
    refresh_index(Changes(removed=[gone]), index, terms())
    assert list(IndexedRecords(index).reread(["R1", "R2"])) == ["R2"]
    more = write_csv(tmp_path / "more.csv", [row("R1", given_name="Zoe")])
    refresh_index(Changes(changed=[more]), index, terms())
    found = IndexedRecords(index).reread(["R1", "R2"])
    assert found["R1"].given == ("ZOE",) and found["R2"].given == ("ANA",)


def test_a_refresh_that_cannot_equal_a_whole_build_is_refused(tmp_path: Path) -> None:
    index = built(tmp_path, {"R1": [row("R1")]})
    digest = IndexedRecords(index).digest
    more = write_csv(tmp_path / "more.csv", [row("R2")])
    gone = write_csv(tmp_path / "gone.csv", [{"record_id": "R2"}])
    bad = write_csv(tmp_path / "bad.csv", [row("R3", status="gone")])
    for files, stated, words in (
        (Changes([more]), {"made_with": "other tables"}, "build it whole"),
        (Changes([more]), {"as_of": AS_OF - timedelta(days=1)}, "before the day"),
        (Changes([more], [gone]), {}, "stand in `--changed` too"),
        (Changes([bad]), {}, "status"),
    ):
        with pytest.raises(UsageError, match=words):
            refresh_index(files, index, terms(**stated))
        assert IndexedRecords(index).digest == digest
        assert len([each for each in index.iterdir() if each.is_dir()]) == 1
