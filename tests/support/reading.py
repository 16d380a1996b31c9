"""Reads what a gate left behind: dispositions, access, releases, answers, ledger entries by type."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

from solely.ledger.entry import Entry, decode
from solely.ledger.tiles import bundle_path, split_bundle
from tests.support.world import World


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a Parquet file, in order."""
    found = duckdb.execute("SELECT * FROM read_parquet(?)", [str(path)])
    names = [each[0] for each in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def batch_folder(world: World, batch_id: str) -> Path:
    """The custodian's folder of a batch."""
    return world.gate / "batches" / batch_id


def only_batch(world: World) -> Path:
    """The folder of the one batch that the gate has received."""
    (found,) = (world.gate / "batches").iterdir()
    return found


def truth_of(world: World) -> dict[str, dict[str, str]]:
    """The ground truth by request id."""
    with world.folders.truth.open(encoding="utf-8", newline="") as file:
        return {row["request_id"]: row for row in csv.DictReader(file)}


def answers_of(folder: Path) -> list[dict[str, Any]]:
    """What the requester got."""
    return [json.loads(line) for line in (folder / "answer.jsonl").read_text().splitlines()]


def entries_of(world: World) -> list[Entry]:
    """Every entry of the published ledger, in order."""
    size = int((world.gate / "ledger" / "checkpoint").read_text().splitlines()[1])
    entries: list[Entry] = []
    for place in range(-(-size // 256)):
        width = min(256, size - 256 * place)
        data = (world.gate / "ledger" / bundle_path(place, width)).read_bytes()
        entries += [decode(each) for each in split_bundle(data, width)]
    return entries


def entry_counts(world: World) -> Counter[str]:
    """How many entries of each type the ledger has."""
    return Counter(each.type.word for each in entries_of(world))
