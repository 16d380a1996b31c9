"""The index once more as Parquet, for engines that read no other form: made for one run, removed after it.

    keys-0000.parquet …     `hash BIGINT, ordinal BIGINT`, by hash
    people-0000.parquet …   `ordinal BIGINT, line VARCHAR`: the lines of `people.jsonl`, by ordinal

It is made from files whose digests were just held against the ledger, so it needs none of its own; a copy
that was kept would. Parts are written one by one: memory holds one.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np

from solely.records.key_array import HASH, HASH_FILE, ORDINAL, ORDINAL_FILE
from solely.records.people import LINE_FILE
from solely.store.engine import column, open_engine, quoted_path

KEYS_OF_PART: Final = 4_000_000
PEOPLE_OF_PART: Final = 200_000
Columns = Mapping[str, "np.ndarray[Any, np.dtype[Any]]"]


def write_tables(index: Path, target: Path) -> None:
    """Write the tables of the index in folder `index` to the folder `target`."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = open_engine(target)
    for name, parts in (("keys", _keys(index)), ("people", _people(index))):
        for number, columns in enumerate(parts):
            engine.register("part_in", columns)
            path = quoted_path(target / f"{name}-{number:04d}.parquet")
            engine.execute(f"COPY (SELECT * FROM part_in) TO '{path}' (FORMAT parquet)")  # noqa: S608 -- paths of our own
            engine.unregister("part_in")
    engine.close()


def _keys(index: Path) -> Iterator[Columns]:
    count, start = (index / HASH_FILE).stat().st_size // HASH.itemsize, 0
    while start < count or start == 0:
        hashes = np.fromfile(index / HASH_FILE, HASH, KEYS_OF_PART, offset=start * HASH.itemsize)
        ordinals = np.fromfile(index / ORDINAL_FILE, ORDINAL, KEYS_OF_PART, offset=start * ORDINAL.itemsize)
        yield {"hash": hashes, "ordinal": ordinals.astype(np.int64)}
        start += KEYS_OF_PART


def _people(index: Path) -> Iterator[Columns]:
    with (index / LINE_FILE).open(encoding="utf-8", newline="\n") as lines:
        start = 0
        while (part := [line.removesuffix("\n") for line in islice(lines, PEOPLE_OF_PART)]) or start == 0:
            yield {"ordinal": np.arange(start, start + len(part), dtype=np.int64), "line": column(part)}
            start += PEOPLE_OF_PART
