"""The index of a custodian's records, built whole and put in place in one step.

- Two looks at the files: the first holds every row to the rules and samples the record ids; then they are
  read part by part, each a range of ids that fits into memory, and a part is written before the next is read.
- Nothing is spilled: the engine has no place on disk, and of a part nothing is left but its lines.
- What an index holds: a line per person, keys sorted by hash, how many bear each name, the streets of each
  ZIP. Columns that the contract does not name never enter (R-45).
- The old index stands until the new one is whole.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from solely.errors import TroubleError, UsageError
from solely.facts.address_tables import AddressTables
from solely.pace import Pace
from solely.records.generation import Generation, in_force, rows_of
from solely.records.odd_rows import notes
from solely.records.part import drop_part, tabulate
from solely.records.source import Source, load, look, read_mapping, require_agreement
from solely.store.engine import open_engine

# Measured: what Python, tables and a merger take beside the engine, and what the engine takes for a row.
APART_MB = 600
ROW_BYTES = 2_600


@dataclass(frozen=True, slots=True)
class IndexTerms:
    """How an index is made.

    `made_with` names tables and build, so that a refresh is held to the same; `memory_mb` is a ceiling;
    `part_rows` is how many rows are read at a time, 0 for as many as the ceiling lets.
    """

    as_of: date
    tables: AddressTables
    is_synthetic: bool
    mapping: Mapping[str, str] | Path | None = None
    made_with: str = ""
    memory_mb: int = 2_048
    part_rows: int = 0
    progress: Callable[[str], None] = field(default=lambda _: None)

    @property
    def engine_mb(self) -> int:
        """What of the memory the engine may have."""
        if self.memory_mb < 2 * APART_MB:
            raise UsageError(f"`--memory`: an index needs at least {2 * APART_MB}MB")
        return self.memory_mb - APART_MB

    @property
    def rows_at_a_time(self) -> int:
        """How many rows a part may have."""
        return self.part_rows or self.engine_mb * 2**20 // ROW_BYTES

    def stated(self, counts: Mapping[str, int]) -> dict[str, Any]:
        """What the manifest says of an index made on these terms."""
        return {
            "as_of": self.as_of.isoformat(),
            "synthetic": self.is_synthetic,
            "made_with": self.made_with,
            "counts": dict(counts),
        }


def build_index(sources: Sequence[Path], target: Path, terms: IndexTerms) -> dict[str, Any]:
    """The new index's summary (`as_of`, `counts`, `digest`); `target` then holds that index and no other.

    Raises UsageError naming file, row and column where the custodian's files cannot be read as stated.
    """
    with new_folder(target) as folder, engine_for(sources, folder, terms) as engine:
        counts = write_index(engine, sources, folder, terms)
        engine.close()
        return in_force(target, folder, terms.stated(counts))


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A new folder below `target`, removed again where the work in it fails."""
    target.mkdir(parents=True, exist_ok=True)
    folder = target / uuid4().hex[:16]
    folder.mkdir()
    try:
        yield folder
    except duckdb.Error as error:
        shutil.rmtree(folder, ignore_errors=True)
        cure = "; allow it more memory" if isinstance(error, duckdb.OutOfMemoryException) else ""
        raise TroubleError(f"the index cannot be built: {type(error).__name__}{cure}", retry=False) from None
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@contextmanager
def engine_for(
    sources: Sequence[Path], folder: Path, terms: IndexTerms
) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine that reaches the custodian's files and the new folder, nothing else."""
    engine = open_engine([folder, *{each.resolve().parent for each in sources}], f"{terms.engine_mb}MB")
    try:
        yield engine
    finally:
        engine.close()


def write_index(
    engine: duckdb.DuckDBPyConnection, paths: Sequence[Path], folder: Path, terms: IndexTerms
) -> dict[str, int]:
    """Write the files of the index of these record files to `folder`; the counts come back."""
    rows = terms.rows_at_a_time
    # About a thousand ids tell the parts apart; in small files every id is looked at.
    sources, sample = look(engine, paths, read_mapping(terms.mapping), max(1, rows // 1_000))
    total = sum(each.rows for each in sources)
    parts = -(-total // rows)
    for note in notes(engine, sources, terms.as_of, parts):
        terms.progress(note)
    generation, pace = (
        Generation(engine, folder),
        Pace("indexed", total, "rows of the records", terms.progress),
    )
    done = 0
    for low, high in ranges(sample, parts):
        done += _add_part(engine, sources, (low, high), (generation, terms))
        pace.reached(done)
    return generation.finish()


def ranges(sample: Sequence[str], parts: int) -> list[tuple[str, str | None]]:
    """Ranges of record ids of about as many rows each, from a sorted sample of the ids; None is no bound."""
    edges = sorted({sample[len(sample) * place // parts] for place in range(1, parts)}) if sample else []
    return list(zip(["", *edges], [*edges, None], strict=True))


def _add_part(
    engine: duckdb.DuckDBPyConnection,
    sources: Sequence[Source],
    bounds: tuple[str, str | None],
    to: tuple[Generation, IndexTerms],
) -> int:
    generation, terms = to
    load(engine, sources, *bounds)
    rows = rows_of(engine, "source")
    require_agreement(engine, sources)
    tabulate(engine, terms.tables)
    generation.add_part()
    drop_part(engine)
    return rows
