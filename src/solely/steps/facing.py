"""The face of a batch: all rows held against each other before any record is read (R-01).

- One pass over the data: the same person or id twice (R-36), one reason, address or investigation behind
  many rows (R-19, R-30, R-86), the caseload of each officer (R-51), rows that cure another (R-87).
- `run` and `precheck` share it, so that both say the same.
"""

import pickle
import zlib
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from solely.agreement.column import Column
from solely.facts.batchwide import BatchFacts, BatchWide
from solely.facts.request import FactContext, identity_keys
from solely.intake.rows import RowRead
from solely.intake.same import Sameness
from solely.model import Disposition, Reason
from solely.pace import whole
from solely.steps.examination import Desk, Examined, Faced, Findings, face, rule_on
from solely.store.submission import read_chunks

# Counts over what the gate has received; the other counts are of the batch alone.
GATE_FACTS: Final = ("items_that_day", "items_percent_of_history", "attempts_before")
CURES_ANOTHER: Final = (Disposition.RETURNED, Reason("cures", "CURES_ANOTHER", "R-87"))
UNKNOWN_CURE: Final = (Disposition.RETURNED, Reason("cures", "NOT_A_RETURNED_ROW", "R-87"))
FindingsByRow = Mapping[int, Findings]


class Face(NamedTuple):
    """What one pass over a batch tells before any record is read.

    `caseload`: items by enrolled officer. `cures`: the id that a row says it cures, in lower case. `packed`:
    the facts of each chunk, packed in memory (about 80 bytes an item); no item's words are judged twice.
    """

    findings: FindingsByRow
    counts: BatchFacts
    caseload: Mapping[str, int]
    cures: Mapping[int, str]
    packed: Sequence[bytes]

    def faced(self, number: int) -> Faced:
        """The facts of one chunk."""
        faced: Faced = pickle.loads(zlib.decompress(self.packed[number]))  # noqa: S301 -- our own memory
        return faced


def face_of(data: Path, context: FactContext) -> Face:
    """The face of the batch in a data file."""
    return whole(facing(data, context))


def facing(
    data: Path, context: FactContext, told: Callable[[int], None] = lambda _: None
) -> Generator[None, None, Face]:
    """The same, a chunk at each step; how many rows it has is `told`."""
    same, wide = Sameness(), BatchWide(() if context.trust is None else context.trust.officers)
    packed: list[bytes] = []
    cures: dict[int, str] = {}
    for reads in read_chunks(data, further=context.further_columns):
        items = [read.item for read in reads]
        faced = face(items, context)
        same.add(items, identity_keys(faced.facts))
        wide.add(items, faced.facts)
        cures |= {item.row: item.cures.strip().lower() for item in items if item.cures is not None}
        packed.append(zlib.compress(pickle.dumps(faced, pickle.HIGHEST_PROTOCOL), 1))
        told(len(items))
        yield
    return Face(same.findings(), wide.counted(), wide.caseload, cures, packed)


def examine_alone(face_: Face, number: int, reads: Sequence[RowRead], desk: Desk) -> Examined:
    """The ruling on each request of a chunk at a gate that has received nothing but this batch."""
    items = [read.item for read in reads]
    faced = face_.faced(number)
    found = [
        [*read.findings, *face_.findings.get(row, ()), *([UNKNOWN_CURE] if row in face_.cures else ())]
        for read, row in zip(reads, (item.row for item in items), strict=True)
    ]
    counts = face_.counts.of([item.row for item in items])
    counts |= dict.fromkeys(GATE_FACTS, Column.constant(0, len(items)))
    counts["items_that_day"] = Column.constant(len(face_.counts.rows), len(items))
    return rule_on(items, faced, found, desk, counts)
