"""An index opened for reading: what every engine of records has before it searches."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path

from solely.matching.names import NameStatistics
from solely.model import MatchingPolicy
from solely.records.access import write_access
from solely.records.base import AccessRow
from solely.records.index import open_index
from solely.records.name_tables import read_names
from solely.store.engine import open_engine

BLOCK_RECORDS_MAX = MatchingPolicy().block_records_max


class OpenedRecords:
    """The index in a folder, held against its digests, and the engine that reads its tables."""

    def __init__(
        self, folder: Path, memory_limit: str = "2GB", block_records_max: int = BLOCK_RECORDS_MAX
    ) -> None:
        self._index = open_index(folder)
        self._engine = open_engine(self._index.folder, memory_limit)
        self._block_records_max = block_records_max

    @property
    def as_of(self) -> date:
        """The day that the records show."""
        return self._index.as_of

    @property
    def digest(self) -> str:
        """The SHA-256 that names this index."""
        return self._index.digest

    @cached_property
    def names(self) -> NameStatistics:
        """How many bear each name, and the streets of each ZIP."""
        return read_names(self._engine, self._index)

    def write_access(
        self, path: Path, rows: Sequence[AccessRow], request_ids: Mapping[int, str | None]
    ) -> str:
        """Write the access journal; its SHA-256 comes back."""
        return write_access(path, rows, request_ids)
