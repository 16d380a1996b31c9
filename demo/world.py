"""The demo's world on disk: one folder with batch, records, trust, law, keys and truth.

- A small world is one block of population and lives in memory; a large one is many blocks, made by two
  workers and written block by block, so that memory does not grow with it.
- Rows depend on the seed alone; keys are random.
"""

import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from demo import batch, people, population, submission
from demo.batch import TRUTH_COLUMNS, Batch, officer_ids
from demo.classes import KINDS, UNSEEN
from demo.population import Population
from demo.submission import Sender
from solely.model import COLUMNS

BLOCK_PEOPLE = 20_000
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the parts of a world lie under its root."""

    root: Path

    @property
    def batch(self) -> Path:
        """The signed batch folder."""
        return self.root / "batch"

    @property
    def records(self) -> Path:
        """The custodian's record files."""
        return self.root / "records"

    @property
    def trust(self) -> Path:
        """Public keys and enrolments."""
        return self.root / "trust"

    @property
    def law(self) -> Path:
        """The signed copy of the law files."""
        return self.root / "law"

    @property
    def agreement(self) -> Path:
        """The folder of the demo's agreement."""
        return self.law / "agreements" / submission.AGREEMENT

    @property
    def gate(self) -> Path:
        """The gate's own folder, which `solely init` makes."""
        return self.root / "gate"

    @property
    def truth(self) -> Path:
        """What is true of each item, in the order of the batch."""
        return self.root / "truth.csv"

    @property
    def report(self) -> Path:
        """The page that the demo ends with."""
        return self.root / "report.html"

    def key(self, role: str, name: str) -> Path:
        """A private key file."""
        return people.key_path(self.root, role, name)

    def record_files(self) -> list[Path]:
        """The record files, in order."""
        return sorted(self.records.iterdir())


@dataclass(frozen=True, slots=True)
class Size:
    """How large a world is."""

    seed: int
    people: int
    items: int


def generate(size: Size, today: date) -> tuple[Population, Batch]:
    """A small world in memory."""
    made = population.generate(size.seed, size.people, today=today)
    return made, batch.generate(size.seed, made, size.items)


def write(root: Path, made: Population, requests: Batch, law: Path | None) -> Folders:
    """Write a small world under `root`, which is made empty first; `law` None leaves the law files out."""
    folders = _prepare(root, made.today, len(requests.rows), law)
    submission.write_records(folders.records, made.records())
    submission.write_csv(folders.truth, TRUTH_COLUMNS, requests.truth_cells())
    submission.write_batch(folders.batch, requests.cells(), root, Sender(day=made.today))
    return folders


def _prepare(root: Path, today: date, items: int, law: Path | None) -> Folders:
    """An empty root with people and law in it."""
    folders = Folders(root)
    for folder in ("batch", "records", "trust", "keys", "law", "gate"):
        shutil.rmtree(root / folder, ignore_errors=True)
    root.mkdir(parents=True, exist_ok=True)
    people.write_people(root, people.everybody(today, officer_ids(items)))
    if law is not None:
        submission.write_law(law, root)
    return folders


@dataclass(frozen=True, slots=True)
class _Block:
    """One block's share of a large world, and where its parts go."""

    size: Size
    today: date
    number: int
    count: int
    officers: tuple[str, ...]
    root: Path

    def part(self, name: str) -> Path:
        return self.root / "parts" / f"{name}-{self.number:04d}.csv"


def write_large(root: Path, size: Size, today: date, law: Path | None) -> Folders:
    """Write a world of many blocks under `root`; the batch is in the order of the blocks."""
    folders = _prepare(root, today, size.items, law)
    blocks = list(_blocks(root, size, today))
    folders.records.mkdir(parents=True)
    folders.batch.mkdir(parents=True)
    (root / "parts").mkdir(exist_ok=True)
    with ProcessPoolExecutor(WORKERS) as pool:
        list(pool.map(_write_block, blocks))
    for block in blocks:
        block.part("records").rename(folders.records / f"records-{block.number:04d}.csv")
    _concatenate([block.part("batch") for block in blocks], folders.batch / "data.csv")
    _concatenate([block.part("truth") for block in blocks], folders.truth)
    shutil.rmtree(root / "parts")
    submission.sign_letter(folders.batch, root, Sender(day=today))
    return folders


def _blocks(root: Path, size: Size, today: date) -> Iterator[_Block]:
    count = max(1, round(size.people / BLOCK_PEOPLE))
    officers = tuple(officer_ids(size.items))
    for number in range(count):
        people_here = size.people * (number + 1) // count - size.people * number // count
        items_here = size.items * (number + 1) // count - size.items * number // count
        yield _Block(Size(size.seed, people_here, items_here), today, number, count, officers, root)


def _write_block(block: _Block) -> None:
    size = block.size
    made = population.generate(
        size.seed, size.people, today=block.today, block=block.number, blocks=block.count
    )
    kinds = (*KINDS, *UNSEEN)
    requests = batch.generate(size.seed, made, size.items, block.officers, kinds)
    submission.write_csv(block.part("records"), population.RECORD_COLUMNS, made.records())
    submission.write_csv(block.part("batch"), COLUMNS, requests.cells())
    submission.write_csv(block.part("truth"), TRUTH_COLUMNS, requests.truth_cells())


def _concatenate(parts: list[Path], target: Path) -> None:
    """All parts in order under the header of the first."""
    with target.open("wb") as out:
        for place, part in enumerate(parts):
            with part.open("rb") as source:
                header = source.readline()
                if place == 0:
                    out.write(header)
                shutil.copyfileobj(source, out)
