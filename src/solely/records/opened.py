"""An index opened for reading: what every engine of records has before it searches."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from solely.matching.names import NameStatistics
from solely.model import MatchingPolicy, Subject
from solely.records.base import Retrieved, Searched
from solely.records.index import open_index
from solely.records.kernel import search_here
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

    @abstractmethod
    def retrieve(self, subjects: Sequence[Subject], at: datetime) -> Retrieved:
        """Everybody who could be, or be taken for, one of `subjects`; each record read is an access row."""

    def search(self, subjects: Sequence[Subject], policy: MatchingPolicy, at: datetime) -> Searched:
        """Who each of `subjects` is, or why nobody is."""
        return search_here(self, subjects, policy, at)
