"""A national world on disk: registry, signed batch, enrolments and truth, written block by block.

- Memory holds one block and its requests, whatever the size of the world; two workers share the blocks.
- The batch is in the order of the blocks; everything but the keys depends on the seed alone.
- `truth.csv` is that of the demo with two columns more, so that releases can be judged.
"""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from bench.population import SON, TWINS, Block, World
from bench.profiles import Mix, mix_of
from demo import batch, people, submission
from demo.batch import Batch, officer_ids
from demo.submission import Sender
from demo.world import Folders
from solely.model import COLUMNS

WORKERS = 2
PEOPLE_PER_ITEM = 5  # from how many an item's person is drawn
TRUTH_COLUMNS = (*batch.TRUTH_COLUMNS, "is_own_address", "is_permitted")

_RECORDS = """
SELECT 'T' || id AS record_id, status, trim(given || ' ' || given_2) AS given_name, middle_name, family_name,
       family_name_2, suffix,
       birth_date::DATE AS birth_date, death_date::DATE AS death_date,
       CASE WHEN number > 0 THEN number::VARCHAR END AS taxpayer_number,
       CASE WHEN box = 1 THEN 'PO BOX ' || house
            ELSE concat_ws(' ', house::VARCHAR, nullif(direction, ''), street, street_suffix)
       END AS street_line,
       CASE WHEN unit_number > 0 THEN 'APT ' || unit_number END AS unit, city, state, zip,
       period_from::DATE AS period_from, period_to::DATE AS period_to, is_protected, is_impaired
FROM block_in
"""


@dataclass(frozen=True, slots=True)
class Job:
    """One block of a world, its share of the batch, and where both go."""

    world: World
    mix: str
    items: int
    block: int
    root: Path

    @property
    def own_items(self) -> int:
        """How many requests are about this block's people."""
        blocks = self.world.blocks
        return self.items * (self.block + 1) // blocks - self.items * self.block // blocks

    def part(self, name: str) -> Path:
        """The file of this block's part."""
        return self.root / "parts" / f"{name}-{self.block:04d}"


def write_records(block: Block, path: Path) -> None:
    """The block's records as a Parquet file."""
    engine = duckdb.connect()
    engine.execute("SET threads = 1")
    engine.register("block_in", block.records())
    engine.execute(f"COPY ({_RECORDS}) TO '{path}' (FORMAT parquet)")
    engine.close()


def requests_of(block: Block, mix: Mix, items: int, officers: tuple[str, ...]) -> Batch:
    """`items` requests about people of the block, with their truth."""
    houses = block.houses.kind
    kept = int(block.members.house[-1]) + 1
    rng = np.random.default_rng([block.world.seed, 4, block.number])
    special = np.flatnonzero(np.isin(houses[:kept], (SON, TWINS)))
    special = rng.permutation(special)[: max(40, items)]
    # Where most have no number, those who have one are sought among as many more households.
    scarcity = max(1, round(block.people / block.width))
    others = rng.permutation(kept)[: max(400, items * scarcity * PEOPLE_PER_ITEM // 2)]
    made = block.materialize(np.union1d(special, others))
    return batch.generate(block.world.seed, made, items, officers, kinds=mix.kinds, is_paired=False)


def write_block(job: Job) -> None:
    """The files of one block: records, requests, truth."""
    block = Block(job.world, job.block)
    write_records(block, job.root / "records" / f"records-{job.block:04d}.parquet")
    if not job.own_items:
        return
    made = requests_of(block, mix_of(job.mix), job.own_items, tuple(officer_ids(job.items)))
    submission.write_csv(job.part("batch"), COLUMNS, made.cells())
    submission.write_csv(job.part("truth"), TRUTH_COLUMNS, truth_cells(made))


def truth_cells(made: Batch) -> Iterator[list[str]]:
    """The truth of each request, in the order of `TRUTH_COLUMNS`."""
    for cells, truth in zip(made.truth_cells(), made.truth, strict=True):
        yield [*cells, *(str(value).lower() for value in (truth.is_own_address, truth.is_permitted))]


def each_block(jobs: list[Job], work: Callable[[Job], Any]) -> list[Any]:
    """`work` done on every block by two workers, in order."""
    if len(jobs) == 1:
        return [work(jobs[0])]
    with ProcessPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, jobs))


def write(root: Path, world: World, mix: str, items: int, law: Path | None) -> Folders:
    """Registry, batch of the mix of that name, truth and enrolments; `law` None leaves law and keys out."""
    folders = Folders(root)
    for folder in ("batch", "records", "parts"):
        shutil.rmtree(root / folder, ignore_errors=True)
        (root / folder).mkdir(parents=True)
    jobs = [Job(world, mix, items, block, root) for block in range(world.blocks)]
    each_block(jobs, write_block)
    _concatenate([job.part("batch") for job in jobs if job.own_items], folders.batch / "data.csv")
    _concatenate([job.part("truth") for job in jobs if job.own_items], folders.truth)
    shutil.rmtree(root / "parts")
    if law is not None:
        people.write_people(root, people.everybody(world.today, officer_ids(items)))
        submission.write_law(law, root)
        submission.sign_letter(folders.batch, root, Sender(day=world.today))
    return folders


def _concatenate(parts: list[Path], target: Path) -> None:
    """All parts in order under the header of the first."""
    with target.open("wb") as out:
        for place, part in enumerate(parts):
            with part.open("rb") as source:
                header = source.readline()
                if place == 0:
                    out.write(header)
                shutil.copyfileobj(source, out)
