"""A small demo world on disk for end-to-end tests, and hand-made batches signed by a given office.

- `build_world` makes records, trust, signed law and a signed batch of every class; `World.init` the gate.
- `World.fresh_rows` gives valid rows about persons whom the batch does not touch, for a test to change.
- `World.solely` runs the real command line in its own process, as a user would.
"""

import json
import os
import random
import shutil
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from demo import desk, submission, world
from demo.batch import Batch, officer_ids
from demo.people import SIGNER
from demo.population import Population
from demo.submission import Sender
from demo.world import Folders, Size
from solely.model import COLUMNS
from tests.support import forked
from tests.support.law import with_true_cases
from tests.support.postgres import copied_database, state_of

ROOT = Path(__file__).resolve().parents[2]
APPROVERS = ("disclosure-officer", "chief-of-disclosure")


@dataclass(frozen=True)
class Ran:
    """What one run of the command line gave."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """Every line of stdout as JSON."""
        return [json.loads(line) for line in self.out.splitlines() if line]

    @property
    def result(self) -> dict[str, Any]:
        """The last line of stdout as JSON: the run object."""
        last: dict[str, Any] = self.lines[-1]
        return last


@dataclass
class World:
    """A world under one folder, with the population and the truth in memory."""

    folders: Folders
    population: Population
    requests: Batch
    today: date
    environment: dict[str, str] = field(default_factory=dict)
    drawn: int = 0
    agreement_version: str = "1"
    database: str = ""  # where the gate's state is in PostgreSQL

    @property
    def root(self) -> Path:
        """The folder that holds everything."""
        return self.folders.root

    @property
    def gate(self) -> Path:
        """The gate's folder."""
        return self.folders.gate

    def key(self, role: str, name: str) -> Path:
        """A private key file."""
        return self.folders.key(role, name)

    def solely(self, *arguments: str | Path, stdin: str | None = None) -> Ran:
        """Run `solely` with these arguments in its own process."""
        environment = {**os.environ, **self._same_day(), **self.environment}
        done = forked.run([*map(str, arguments)], environment, self.root, stdin)
        return Ran(done.returncode, done.stdout, done.stderr)

    def copied(self, root: Path) -> "World":
        """A copy of this world at `root`, its gate's database copied too."""
        shutil.copytree(self.root, root)
        environment = dict(self.environment)  # each copy has a clock of its own
        if self.database:
            environment = environment | {"PGDATABASE": copied_database(environment)}
        made = replace(self, folders=Folders(root), environment=environment)
        return made

    def _same_day(self) -> dict[str, str]:
        """A stated clock once the world's day is over, so that a run across midnight keeps its day."""
        is_over = datetime.now(UTC).date() > self.today
        return {"SOLELY_NOW": f"{self.today}T23:59:59Z"} if is_over else {}

    def init(self, *more: str | Path) -> Ran:
        """Make the gate from this world's parts."""
        files = [argument for path in self.folders.record_files() for argument in ("--records", path)]
        return self.solely(
            "init", self.gate, "--agreement", self.folders.agreement, *files,
            "--as-of", self.today.isoformat(), "--trust", self.folders.trust,
            *(("--database", self.database) if self.database else ()), *more,
        )  # fmt: skip

    def state(self) -> AbstractContextManager[Any]:
        """The gate's state, as somebody with the disk in hand would edit it: each statement a commit."""
        if self.database:
            return state_of(self.environment)
        return closing(sqlite3.connect(self.gate / "state.sqlite", isolation_level=None))

    def init_again(self, *parts: str | Path) -> Ran:
        """Refresh exactly the parts named."""
        return self.solely("init", self.gate, *parts)

    def amend(self, *edits: tuple[str, str]) -> Path:
        """The next version of the gate's agreement, signed by both parties, with each text replaced once."""
        law = self.root / "next-law"
        shutil.rmtree(law, ignore_errors=True)
        shutil.copytree(self.gate / "law", law, ignore=shutil.ignore_patterns("superseded"))
        path = law / "agreements" / submission.AGREEMENT / "agreement.md"
        text, number = path.read_text(), int(self.agreement_version)
        for old, new in (*edits, (f'\nversion = "{number}"\n', f'\nversion = "{number + 1}"\n')):
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path.write_text(with_true_cases(text))
        self.agreement_version = str(number + 1)
        in_force = self.gate / "law" / "agreements" / submission.AGREEMENT
        submission.sign_law(path.parent, self.root, supersedes=in_force)
        return path.parent

    def run(self, batch: Path | None = None, *more: str | Path) -> Ran:
        """Decide a batch (default: the world's own) and print the run object."""
        return self.solely("run", batch or self.folders.batch, "--gate", self.gate, "--json", *more)

    def approve(self, batch: str | Path, office: str) -> Ran:
        """Approve a batch as one office."""
        return self.solely("approve", batch, "--gate", self.gate, "--as", self.key("approvers", office))

    def approve_by_two(self, batch: str | Path) -> Ran:
        """Approve by both offices; gives what the second one saw."""
        first = self.approve(batch, APPROVERS[0])
        assert first.code == 0, first.err
        return self.approve(batch, APPROVERS[1])

    def look(self, request_id: str, office: str) -> Ran:
        """What one office is shown of an item, which its confirmation needs (R-92)."""
        return self.solely(
            "explain", request_id, "--gate", self.gate, "--view", "reviewer",
            "--as", self.key("approvers", office), "--json",
        )  # fmt: skip

    def review(self, request_id: str, office: str, decide: str = "confirm") -> Ran:
        """One office's vote on a referral; who confirms has looked."""
        if decide == "confirm":
            self.look(request_id, office)
        return self.solely(
            "review", request_id, "--gate", self.gate, "--as", self.key("approvers", office),
            "--decide", decide, "--note", "read in full",
        )  # fmt: skip

    def accept(self, officer: str) -> Ran:
        """One officer accepts the terms in force."""
        return self.solely("accept", "--gate", self.gate, "--as", self.key("officers", officer))

    def open(self, row: Mapping[str, str], officer: str = "", confirm: str = "") -> Ran:
        """What an officer (default: the first named) gets for the row's package, the terms accepted."""
        officer = officer or officer_of(row)
        assert self.accept(officer).code in (0, 1, 4, 5)
        package = self.gate / "outbox" / f"{row['request_id']}.tdf"
        return self.solely(
            "open", package, "--key", self.key("officers", officer), "--gate", self.gate,
            "--confirm", confirm or row["request_id"],
        )  # fmt: skip

    def packages(self) -> list[Path]:
        """The packages that have left, by name."""
        return sorted((self.gate / "outbox").glob("*.tdf"))

    def set_clock(self, **later: int) -> None:
        """Set the demo gate's clock to so much after noon of the day after the world's."""
        noon = datetime.fromisoformat(f"{self.today}T12:00:00+00:00") + timedelta(days=1)
        self.environment["SOLELY_NOW"] = (noon + timedelta(**later)).isoformat()

    def fresh_rows(self, count: int, **changes: str) -> list[dict[str, str]]:
        """Valid rows with both keys about persons whom nothing here has named; `changes` apply to each."""
        fresh = _fresh_desk(self, count)
        rows = []
        for _ in range(count):
            person = fresh.take("good")
            assert person is not None, "the world is too small for so many fresh rows"
            rows.append({**dict.fromkeys(COLUMNS, ""), **desk.valid_draft(fresh, person, "").row, **changes})
        self.drawn += count
        return rows

    def write_batch(
        self, rows: Iterable[Mapping[str, str]], name: str, *, sender: Sender | None = None,
        columns: Sequence[str] = COLUMNS,
    ) -> Path:  # fmt: skip
        """A signed batch folder `name` with these rows; `sender` tells office, day, file, letter's words."""
        cells = ([row.get(column, "") for column in columns] for row in rows)
        sender = sender or Sender(day=self.today)
        words = {"agreement_version": self.agreement_version, **(sender.words or {})}
        sender = replace(sender, words=words)
        return submission.write_batch(self.root / name, cells, self.root, sender, columns)


def _fresh_desk(made: World, count: int) -> desk.Desk:
    """A desk whose pools lack everybody whom the batch or earlier fresh rows have used."""
    rng = random.Random(f"fresh:{made.population.seed}:{made.drawn}")
    supplies = desk.prepare(rng, made.population, count + 1, officer_ids(count))
    fresh = desk.open_desk(made.population, supplies, rng)
    named = {row["taxpayer_number"].replace("-", "").replace(" ", "") for row in made.requests.rows}
    records = {truth.record_id for truth in made.requests.truth}
    order = sorted(fresh.pools["good"], key=lambda person: person.id)
    free = [each for each in order if each.number not in named and each.record_id not in records]
    # Later calls begin where earlier ones ended; `take` pops from the end.
    fresh.pools["good"] = free[made.drawn :][::-1]
    return fresh


def build_world(
    root: Path, seed: int = 1, people: int = 1_500, items: int = 200, today: date | None = None
) -> World:
    """A world of `people` persons of record and a batch of `items` under `root`, received `today` (UTC)."""
    today = today or datetime.now(UTC).date()
    made, requests = world.generate(Size(seed, people, items), today)
    folders = world.write(root, made, requests, ROOT / "law")
    return World(folders, made, requests, today)


def officer_of(row: Mapping[str, str]) -> str:
    """The first officer whom a row names."""
    return row["officers"].split(";")[0].strip()


def sent_by(world_: World, office: str = SIGNER, **words: Any) -> Sender:
    """A sender that differs from the ordinary one by its office or by words of its letter."""
    return Sender(office=office, day=world_.today, words=words)
