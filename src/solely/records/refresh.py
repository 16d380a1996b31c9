"""An index brought up to date: people added, changed and removed, and everybody else copied as they are.

- The same bytes as an index built whole from the custodian's files of that day (a property test).
- Changes come as record files that hold all rows of each person added or changed; removals as files of ids.
- The new index is written beside the old one and put in force in one step; what breaks off leaves the old.
- Everybody else is copied, not judged anew: so tables and build must be those that the index was made with.
"""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np

from solely.errors import UsageError
from solely.matching.keys import street_hash
from solely.model import Candidate
from solely.records.build import IndexTerms, engine_for, new_folder, write_index
from solely.records.generation import Generation, in_force
from solely.records.index import Index, open_index
from solely.records.key_array import HASH_FILE, ORDINAL_FILE, KeyArray
from solely.records.key_run import Array, Run, bounds_of
from solely.records.name_tables import table_sql
from solely.records.people import People
from solely.records.source import read_ids
from solely.store.engine import column, quoted_path


class Changes(NamedTuple):
    """What changed since the index in force: files of people added or changed, and files of ids removed."""

    changed: Sequence[Path] = ()
    removed: Sequence[Path] = ()


class Shift(NamedTuple):
    """Where people of the old index and of the changes stand in the new one; arrays are sorted.

    `dropped` are old ordinals that go; `at` is, for each person of the changes, the old ordinal before
    which the person stands.
    """

    dropped: Array
    at: Array

    def of_old(self, ordinals: Array) -> tuple[Array, Array]:
        """Which of these old ordinals are kept, and their new ones."""
        before = np.searchsorted(self.dropped, ordinals, "left")
        is_dropped = np.searchsorted(self.dropped, ordinals, "right") > before
        return ~is_dropped, ordinals.astype(np.int64) - before + np.searchsorted(self.at, ordinals, "right")

    def of_changes(self, ordinals: Array) -> tuple[Array, Array]:
        """All of these ordinals of the changes, and their new ones."""
        at = self.at[ordinals]
        kept_before = at - np.searchsorted(self.dropped, at, "left")
        return np.ones(len(ordinals), dtype=bool), ordinals.astype(np.int64) + kept_before


def refresh_index(changes: Changes, target: Path, terms: IndexTerms) -> dict[str, Any]:
    """The new index's summary, with how many people were `added`, `changed`, `removed` and `unknown` (ids to
    remove that are not there).

    Raises UsageError where the index cannot be refreshed on these terms, or the files cannot be read.
    """
    old = open_index(target)
    _require_same_terms(old, terms)
    files = [*changes.changed, *changes.removed]
    with new_folder(target) as folder, engine_for(files, target, terms) as engine:
        own = folder / "changes"
        own.mkdir()
        if changes.changed:
            counts = write_index(engine, changes.changed, own, terms)
        else:
            counts = Generation(engine, own).finish()
        gone = read_ids(engine, changes.removed, terms.mapping)
        made, told = _Merger(engine, (old, own), folder).merged(gone, counts)
        engine.close()
        shutil.rmtree(own)
        return in_force(target, folder, terms.stated(made)) | told


def _require_same_terms(old: Index, terms: IndexTerms) -> None:
    if (old.made_with, old.is_synthetic) != (terms.made_with, terms.is_synthetic):
        raise UsageError("the index was made with other tables or another build; build it whole: `--records`")
    if terms.as_of < old.as_of:
        raise UsageError("`--as-of` lies before the day of the index in force")


class _Merger:
    """An old index and an index of the changes, merged into a new one."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, both: tuple[Index, Path], folder: Path) -> None:
        self._engine, self._folder = engine, folder
        self._old, self._own = both
        self._people, self._changed = People(self._old.folder), People(self._own)

    def merged(self, gone: Sequence[str], counts: dict[str, int]) -> tuple[dict[str, int], dict[str, int]]:
        """The counts of the new index, and what was done."""
        dropped, at, told = self._places(gone)
        shift = Shift(np.array(dropped, dtype=np.int64), np.array(at, dtype=np.int64))
        generation = Generation(self._engine, self._folder)
        self._copy_people(generation, shift)
        for folder, moved in ((self._old.folder, shift.of_old), (self._own, shift.of_changes)):
            bounds = bounds_of(KeyArray(folder).hashes)
            generation.add_run(Run(folder / HASH_FILE, folder / ORDINAL_FILE, bounds, moved))
        lost = self._count_names_and_streets(dropped)
        generation.addresses = self._old.counts["addresses"] + counts["addresses"] - lost
        return generation.finish(), told

    def _places(self, gone: Sequence[str]) -> tuple[list[int], list[int], dict[str, int]]:
        """The old ordinals that go, the places of the changed, and the counts of what was done."""
        ids = list(self._changed.ids())
        if both := set(ids) & set(gone):
            raise UsageError(
                f"`--removed`: {len(both)} of its ids stand in `--changed` too; leave each in one of the two"
            )
        replaced, at = self._found(ids)
        removed, _ = self._found(sorted(set(gone)))
        told = {"added": len(ids) - len(replaced), "changed": len(replaced), "removed": len(removed)}
        told["unknown"] = len(set(gone)) - len(removed)
        return sorted(replaced + removed), at, told

    def _found(self, ids: Sequence[str]) -> tuple[list[int], list[int]]:
        """The old ordinals of those of these sorted ids that are there, and the places of all."""
        there, places, place = [], [], 0
        for each in ids:
            place, is_there = self._people.place_of(each, place)
            places.append(place)
            if is_there:
                there.append(place)
        return there, places

    def _copy_people(self, generation: Generation, shift: Shift) -> None:
        """Write everybody in the order of ids: runs of old lines, and the changed ones between them."""
        here, of_changes = 0, 0
        dropped, at = set(shift.dropped.tolist()), shift.at.tolist()
        for place in sorted({*dropped, *at}):
            generation.people.copy(self._people, here, place)
            until = of_changes
            while until < len(at) and at[until] == place:
                until += 1
            generation.people.copy(self._changed, of_changes, until)
            here, of_changes = place + (place in dropped), until
        generation.people.copy(self._people, here, len(self._people))

    def _count_names_and_streets(self, dropped: Sequence[int]) -> int:
        """Put old counts, less those of the dropped, and those of the changes together; how many addresses
        were dropped comes back."""
        for folder in (self._old.folder, self._own):
            for name in ("names", "streets"):
                table = table_sql(quoted_path(folder / f"{name}.csv"), name)
                self._engine.execute(f"INSERT INTO all_{name} SELECT * FROM {table}")  # noqa: S608 -- names and paths of our own
        names: Counter[str] = Counter()
        streets: Counter[tuple[int, str]] = Counter()
        lost = 0
        for person in self._people.read(dropped).values():
            names.update({*person.given, *person.middle, *person.family, *person.family_2})
            streets.update(_streets(person))
            lost += len(person.addresses)
        self._subtract("names", ("token", "less"), [(each, -count) for each, count in names.items()])
        self._subtract(
            "streets", ("hash", "street", "less"), [(*each, -count) for each, count in streets.items()]
        )
        return lost

    def _subtract(self, name: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        if not rows:
            return
        values = zip(columns, zip(*rows, strict=True), strict=True)
        self._engine.register("less_in", {name: column(list(each)) for name, each in values})
        self._engine.execute(f"INSERT INTO all_{name} SELECT {', '.join(columns)} FROM less_in")  # noqa: S608 -- names and paths of our own
        self._engine.unregister("less_in")


def _streets(person: Candidate) -> Iterator[tuple[int, str]]:
    """The streets of a person's addresses, as the index counts them."""
    for each in person.addresses:
        if each.standard is not None and each.standard.kind == "street" and each.standard.street:
            yield street_hash(each.standard.zip5, each.standard.street), each.standard.street
