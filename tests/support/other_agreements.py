"""Another agreement's demo batch taken through the whole gate: precheck, run, approval by two, release."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demo import other
from demo.other import Made
from tests.support.reading import answers_of, batch_folder, rows_of
from tests.support.world import World

Row = dict[str, Any]
REFUSED = {("refused", False, False)}  # unread, and nothing left


@dataclass(frozen=True)
class Gated:
    """What became of a batch: one entry per item and list, in input order."""

    world: World
    made: Made
    said: list[Row]
    decided: list[Row]
    answers: list[Row]
    released: dict[int, str]
    read: set[int]

    def items(self, kind: str) -> list[Row]:
        """What was decided of the items of one kind; there are some."""
        truth = self.made.requests.truth
        found = [each for each in self.decided if truth[each["row"] - 1].kind == kind]
        assert found, f"the demo has no items of the kind {kind}"
        return found

    def outcomes(self, kind: str) -> set[tuple[str, bool, bool]]:
        """Disposition, whether a record was read, whether something left, of the items of one kind."""
        return {
            (each["disposition"], each["row"] in self.read, each["row"] in self.released)
            for each in self.items(kind)
        }

    def told(self, kind: str) -> set[str]:
        """The words of the answer that the requester got for items of one kind."""
        return {self.answers[each["row"] - 1]["answer"] for each in self.items(kind)}

    def cited(self, kind: str) -> set[str]:
        """The citations of the clauses that the first item of one kind does not meet."""
        request_id = self.items(kind)[0]["request_id"]
        ran = self.world.solely(
            "explain", request_id, "--gate", self.world.gate, "--view", "auditor", "--json"
        )
        assert ran.code == 0, ran.err
        return {each["cite"] for each in ran.result["request_clauses"] if each["verdict"] == "not met"}


def gated(agreement: str, root: Path, seed: int = 3) -> Gated:
    """The example's batch, prechecked, decided, approved by two and released."""
    today = datetime.now(UTC).date()
    made = other.make(agreement, root, seed, today)
    world = World(made.folders, made.population, made.requests, today)
    said = world.solely(
        "precheck", made.folders.batch, "--agreement", made.folders.agreement, "--trust", made.folders.trust,
        "--received-on", today.isoformat(), "--json",
    )  # fmt: skip
    assert said.code == 0, said.err
    for step in (world.init(), world.run(), world.approve_by_two(made.folders.batch)):
        assert step.code == 0, step.err
    folder = batch_folder(world, step.result["batch"])
    released = {each["row"]: each["record_ref"] for each in rows_of(folder / "releases.parquet")}
    read = {each["row"] for each in rows_of(folder / "access.parquet")}
    decided, answers = rows_of(folder / "dispositions.parquet"), answers_of(folder)
    return Gated(world, made, said.lines[:-1], decided, answers, released, read)


def require_promised(found: Gated) -> None:
    """Every kind of item became what the demo promises, and each release is of the person asked about."""
    truth = found.made.requests.truth
    for kind in found.made.example.kinds:
        is_read = kind.expected in (other.RELEASABLE, other.WITHHELD)
        assert found.outcomes(kind.name) == {(kind.expected, is_read, kind.expected == other.RELEASABLE)}
        for each in found.items(kind.name):
            assert not kind.reason or kind.reason in each["reasons"]
    assert found.released == {row: truth[row - 1].record_id for row in found.released}


def require_same_as_precheck(found: Gated) -> None:
    """`precheck` said of each row what `run` decided before any record was read."""
    for said, stored, answer in zip(found.said, found.decided, found.answers, strict=True):
        if said["disposition"] == "passed":
            assert answer["answer"] == "accepted"
        else:
            keys = ("row", "request_id", "disposition", "reasons", "rules")
            assert [said[key] for key in keys] == [stored[key] for key in keys]


def opened_by_officer(found: Gated, kind: str) -> Row:
    """What the named officer sees in the package of the first item of one kind."""
    item = found.items(kind)[0]
    words = found.made.requests.rows[item["row"] - 1]
    ran = found.world.open(words)
    assert ran.code == 0, ran.err
    shown: Row = ran.result
    return shown


def require_column_refused(found: Gated, column: str) -> None:
    """A batch with a column that this law does not declare is refused by the column's name."""
    columns = (*other.columns_of(found.made.example), column)
    sender = other.sender(found.made.folders.agreement_id, found.world.today)
    batch = found.world.write_batch(
        found.made.requests.rows[:2], f"with-{column}", sender=sender, columns=columns
    )
    ran = found.world.run(batch)
    assert ran.code == 1
    assert ran.result["batch_refused"]["element"] == column
