"""The demo's world on disk: one folder with batch, records, trust, law, keys and truth.

- It is small and lives in memory; worlds of millions are made by `bench.world`.
- Rows depend on the seed alone; keys are random.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from demo import batch, people, population, submission
from demo.batch import TRUTH_COLUMNS, Batch, officer_ids
from demo.population import Population
from demo.submission import Sender

LAW = Path(__file__).resolve().parents[1] / "law"


NEXT_ITEMS = 60
_NEXT = 1_000_003  # added to the seed: other requests about the same people


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the parts of a world lie under its root."""

    root: Path
    agreement_id: str = submission.AGREEMENT

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
        return self.law / "agreements" / self.agreement_id

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
    folders = prepare(Folders(root), people.everybody(made.today, officer_ids(len(requests.rows))), law)
    submission.write_records(folders.records, made.records())
    submission.write_csv(folders.truth, TRUTH_COLUMNS, requests.truth_cells())
    submission.write_batch(folders.batch, requests.cells(), root, Sender(day=made.today))
    return folders


def keep_gate(folders: Folders, say: Callable[[str], None]) -> None:
    """Put the world that stands there aside, where it has a gate, and say so; the gate's keys go with it."""
    if not (folders.gate / "gate.toml").is_file():
        return
    root = folders.root
    places = (root.with_name(f"{root.name}-before-{number}") for number in count(1))
    kept = root.rename(next(each for each in places if not each.exists()))
    say(f"a gate stood in {root}: it is kept, with its keys, in {kept}")


def write_next(folders: Folders, made: Population, seed: int, items: int = NEXT_ITEMS) -> Path:
    """A further small batch about the same people, as one archive: to be sent at the console by hand."""
    requests = batch.generate(seed + _NEXT, made, items)
    folder = folders.root / "next"
    submission.write_batch(folder, requests.cells(), folders.root, Sender(day=made.today))
    archive = folder.with_suffix(".zip")
    with ZipFile(archive, "w", ZIP_DEFLATED) as file:
        for each in sorted(folder.iterdir()):
            file.write(each, each.name)
    shutil.rmtree(folder)
    return archive


def prepare(folders: Folders, enrolled: Sequence[people.Person], law: Path | None) -> Folders:
    """The same folders, emptied, with people and law in them.

    A world that stood there before goes whole, with what was made from it: receipts under another key.
    """
    root = folders.root
    root.mkdir(parents=True, exist_ok=True)
    earlier = root.iterdir() if folders.truth.is_file() and (root / "keys").is_dir() else ()
    for path in {*earlier, *(root / name for name in ("batch", "records", "trust", "keys", "law", "gate"))}:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    people.write_people(root, enrolled)
    if law is not None:
        submission.write_law(law, root, folders.agreement_id)
    return folders
