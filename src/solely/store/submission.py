"""What arrives: a submission copied safely, and its rows read as a stream (contracts 1, R-103).

- Nothing that arrives is trusted: names are matched and never used as paths, links and other special files
  are refused, sizes are bounded before anything is believed of them.
- A submission that cannot be read has arrived all the same: its digest and size come back with the problem,
  so that it leaves its entry.
"""

import errno
import gzip
import hashlib
import io
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, Any

import duckdb

from solely.canonical import canonical_json, sha256_hex
from solely.errors import BatchRefused, TroubleError, UsageError
from solely.intake.letter import DATA_FILES, LETTER_BYTES_MAX, LETTER_FILE, SIGNATURE_FILE
from solely.intake.rows import ROWS_MAX, RowRead, items_of, read_header
from solely.store.csv_file import MARKED, read_csv
from solely.store.engine import open_engine
from solely.store.files import flush_file, settle

CHUNK_ROWS = 16 * MARKED
DATA_BYTES_MAX = 8 * 2**30
NOT_ARRIVED = "the file did not arrive"
_NO_ARCHIVE = "is no folder, .zip or .tar.gz, and a table is named .csv or .parquet"
_WORKBOOK = "is a workbook or document, which is not read; save its table as CSV UTF-8, and send that"
MEMBERS_MAX = 64
EXPANSION_MAX = 500  # a CSV of repeated words packs to a fiftieth; a bomb to a thousandth
_BLOCK = 2**20

_SIZES = {LETTER_FILE: LETTER_BYTES_MAX, SIGNATURE_FILE: 4_096, **dict.fromkeys(DATA_FILES, DATA_BYTES_MAX)}
_BROKEN = (
    OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile,
    tarfile.TarError,
)  # fmt: skip
# What the disk or this machine says, and no sender can bring about: it refuses nobody's batch.
_TROUBLE = {errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM}


@dataclass(frozen=True, slots=True)
class Received:
    """A submission as copied into `target`; `problem` when it cannot be read, whatever else was found.

    `digest` is the SHA-256 of the archive, or over names and contents of a folder's files; `size` in bytes.
    """

    target: Path
    digest: str
    size: int
    files: dict[str, str] = field(default_factory=dict)
    problem: BatchRefused | None = None
    counted: tuple[tuple[str, ...], int] | None = None  # rows, where they are counted: under which columns

    def rows(self, further: tuple[str, ...]) -> int:
        """How many rows came, counted now if they were not before; BatchRefused as `count_rows` raises it."""
        assert self.data_path is not None, "the data file is part of a genuine submission"
        if self.counted is not None and self.counted[0] == further:
            return self.counted[1]
        return count_rows(self.data_path, further)

    @property
    def letter(self) -> bytes | None:
        """The exact bytes of the letter, if one arrived."""
        return self._bytes(LETTER_FILE)

    @property
    def signature(self) -> bytes | None:
        """The exact bytes of its signature, if one arrived."""
        return self._bytes(SIGNATURE_FILE)

    @property
    def data_path(self) -> Path | None:
        """Where the data file was copied to, if one arrived."""
        return next((self.target / name for name in DATA_FILES if name in self.files), None)

    def data_sha256(self, name: str) -> str | None:
        """The digest of the data file of that name, None when it did not arrive (R-12)."""
        return self.files.get(name)

    def _bytes(self, name: str) -> bytes | None:
        return (self.target / name).read_bytes() if name in self.files else None


def receive(path: Path, target: Path) -> Received:
    """The submission at `path` (folder, .zip or .tar.gz), copied durably into `target` by its three names."""
    if not path.exists():
        raise UsageError("the batch does not exist: name a folder, a .zip or a .tar.gz")
    copy = _Copy(target)
    try:
        if path.is_dir():
            _copy_folder(path, copy)
        else:
            _copy_archive(path, copy)
        problem = _missing(copy.files)
    except BatchRefused as refusal:
        problem = refusal
    except _BROKEN as error:
        _require_no_trouble(error)
        problem = BatchRefused("R-103", "submission", "the archive or folder cannot be read")
    if path.is_dir():
        digest = sha256_hex(canonical_json(copy.files))
        return Received(target, digest, copy.size, copy.files, problem)
    digest, size = _digest(path)
    return Received(target, digest, size, copy.files, problem)


def receive_counted(path: Path, target: Path, further: tuple[str, ...]) -> Received:
    """The same with its rows counted, where they can be: what else is wrong is found when it is accepted."""
    received = receive(path, target)
    if received.data_path is None:
        return received
    with suppress(BatchRefused):
        return replace(received, counted=(further, count_rows(received.data_path, further)))
    return received


def _require_no_trouble(error: Exception) -> None:
    """Return when the submission itself is broken; TroubleError when the disk is."""
    if isinstance(error, OSError) and error.errno in _TROUBLE:
        raise TroubleError(f"the submission cannot be taken in: {error.strerror}") from None


def _missing(files: dict[str, str]) -> BatchRefused | None:
    for name in (LETTER_FILE, SIGNATURE_FILE):
        if name not in files:
            return BatchRefused("R-13" if name == LETTER_FILE else "R-12", name, NOT_ARRIVED)
    if len(files) > len((LETTER_FILE, SIGNATURE_FILE)) + 1:
        return BatchRefused("R-12", "data_file", "two data files arrived, and a letter covers one")
    return None


def _digest(path: Path) -> tuple[str, int]:
    """SHA-256 and size of a file; of a special file, of nothing."""
    hasher, size = hashlib.sha256(), 0
    if path.is_file():
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                hasher.update(block)
                size += len(block)
    return hasher.hexdigest(), size


class _Copy:
    """Files copied into a folder, each flushed and renamed into place, within its bounds."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self.files: dict[str, str] = {}
        self.size = 0

    def take(self, name: str, source: "IO[bytes]", bytes_max: int) -> None:
        """Copy `source` under one of the agreed names; BatchRefused when it is there twice or too large."""
        if name in self.files:
            raise BatchRefused("R-12", name, "the file arrived twice")
        self._target.mkdir(parents=True, exist_ok=True)
        part = self._target / f"{name}.part"
        hasher, size = hashlib.sha256(), 0
        try:
            with part.open("wb") as copy:
                while block := source.read(_BLOCK):
                    size += len(block)
                    if size > bytes_max:
                        raise BatchRefused("R-103", name, "the file is larger than this gate reads")
                    hasher.update(block)
                    copy.write(block)
            flush_file(part)
            settle(part, self._target / name)
        finally:
            # A crash before the rename leaves a stray part, which nothing reads.
            part.unlink(missing_ok=True)
        self.files[name] = hasher.hexdigest()
        self.size += size


def _copy_folder(folder: Path, copy: _Copy) -> None:
    for name, bytes_max in _SIZES.items():
        path = folder / name
        if not path.is_symlink() and not path.exists():
            continue
        try:
            # NONBLOCK: a named pipe in the folder must not make the gate wait.
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            _require_no_trouble(error)
            raise BatchRefused("R-103", name, "the file cannot be read, or is a link") from None
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise BatchRefused("R-103", name, "the submission holds something that is no file")
            copy.take(name, file, bytes_max)


def _copy_archive(path: Path, copy: _Copy) -> None:
    if not path.is_file():
        raise BatchRefused("R-103", "submission", _NO_ARCHIVE)
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] == b"PK":
        _copy_zip(path, copy)
    elif start[:2] == b"\x1f\x8b":
        _copy_tar(path, copy)
    else:
        raise BatchRefused("R-103", "submission", _NO_ARCHIVE)


class _Placed:
    """Holds an archive's members to one place: all at top level, or all in one folder."""

    def __init__(self) -> None:
        self._folder: PurePosixPath | None = None
        self._members = 0

    def name_of(self, member: str, *, is_file: bool) -> str | None:
        """The agreed name that a member bears, None for another file or folder; BatchRefused for a trick."""
        self._members += 1
        if self._members > MEMBERS_MAX:
            raise BatchRefused("R-103", "submission", "the archive holds too many members")
        path = PurePosixPath(member)
        if path.is_absolute() or ".." in path.parts or "\\" in member or "\0" in member:
            raise BatchRefused("R-103", "submission", "a member's path leads out of the archive")
        if path.name not in _SIZES or len(path.parts) > 2:
            return None
        if not is_file:
            raise BatchRefused("R-103", path.name, "the submission holds a link or something that is no file")
        if self._folder not in (None, path.parent):
            raise BatchRefused("R-103", "submission", "the three files lie in different folders")
        self._folder = path.parent
        return path.name


def _bound(name: str, archive_bytes: int) -> int:
    """How large a member may grow: its own bound, and no more than text can be packed."""
    return min(_SIZES[name], max(EXPANSION_MAX * archive_bytes, LETTER_BYTES_MAX))


def _copy_zip(path: Path, copy: _Copy) -> None:
    size, placed = path.stat().st_size, _Placed()
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            mode = member.external_attr >> 16
            is_file = not member.is_dir() and (stat.S_IFMT(mode) in (0, stat.S_IFREG))
            name = placed.name_of(member.filename, is_file=is_file)
            if name is not None:
                with archive.open(member) as file:
                    copy.take(name, file, _bound(name, size))
        if not copy.files and "[Content_Types].xml" in archive.namelist():  # ECMA-376, part 2
            raise BatchRefused("R-103", "submission", _WORKBOOK)


class _Bounded(io.RawIOBase):
    """An unpacked stream that ends with a refusal at `bytes_max`, and never reads much at once.

    `tarfile` believes the length that an extended header states of itself and would read it whole.
    """

    def __init__(self, file: gzip.GzipFile, bytes_max: int) -> None:
        self._file, self._bytes_max = file, bytes_max

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _BLOCK or self._file.tell() + size > self._bytes_max:
            raise BatchRefused("R-103", "submission", "the archive grows beyond what this gate reads")
        return self._file.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if whence != os.SEEK_SET or offset > self._bytes_max:
            raise BatchRefused("R-103", "submission", "the archive grows beyond what this gate reads")
        return self._file.seek(offset)

    def tell(self) -> int:
        return self._file.tell()


def _copy_tar(path: Path, copy: _Copy) -> None:
    size, placed = path.stat().st_size, _Placed()
    bytes_max = min(DATA_BYTES_MAX, max(EXPANSION_MAX * size, _BLOCK))
    with (
        gzip.open(path) as unpacked,
        tarfile.open(fileobj=_Bounded(unpacked, bytes_max), mode="r:") as archive,
    ):
        for member in archive:
            name = placed.name_of(member.name, is_file=member.isreg())
            file = archive.extractfile(member) if name is not None else None
            if name is not None and file is not None:
                copy.take(name, file, _bound(name, size))


def read_chunks(
    data_path: Path, size: int = CHUNK_ROWS, further: tuple[str, ...] = ()
) -> Iterator[list[RowRead]]:
    """The rows of a data file, `size` at a time in input order, in constant memory.

    `further` are the columns that the law in force admits besides the standard ones. Raises BatchRefused,
    at the first chunk, for a header or a file that cannot be read.
    """
    for header, cells, first_row in _cells_of(data_path, size, further):
        yield items_of(header, cells, first_row)


class ChunkReader:
    """Single chunks and rows of data files; places in a file are kept as they are passed."""

    def __init__(self) -> None:
        self._places: dict[tuple[Path, int, int], dict[int, int]] = {}

    def read(self, data_path: Path, number: int, further: tuple[str, ...] = ()) -> list[RowRead]:
        """One chunk as `read_chunks` reads it; the rows before it are not made into items."""
        return self._read(data_path, number * CHUNK_ROWS, CHUNK_ROWS, further)

    def read_row(self, data_path: Path, row: int, further: tuple[str, ...] = ()) -> RowRead:
        """One row as `read_chunks` reads it; no other is made into an item."""
        (read,) = self._read(data_path, row - 1, 1, further)
        return read

    def _read(self, data_path: Path, before: int, count: int, further: tuple[str, ...]) -> list[RowRead]:
        """So many rows of one chunk, behind those `before` them."""
        if data_path.suffix == ".parquet":
            chunks = _cells_of(data_path, CHUNK_ROWS, further)
            header, cells, first_row = next(islice(chunks, before // CHUNK_ROWS, None))
            place = before + 1 - first_row
            return items_of(header, cells[place : place + count], before + 1)
        touched = data_path.stat()
        places = self._places.setdefault((data_path, touched.st_size, touched.st_ctime_ns), {})
        passed = max((each for each in places if each <= before), default=0)
        rows = read_csv(data_path, places, passed)
        first = next(rows)
        assert isinstance(first, list), "the header was read when the batch was received"
        cells = list(islice(rows, before - passed, before - passed + count))
        return items_of(read_header(first, further), cells, before + 1)


def count_rows(data_path: Path, further: tuple[str, ...]) -> int:
    """How many rows a data file has; raises BatchRefused as `read_chunks` does."""
    return sum(len(cells) for _, cells, _ in _cells_of(data_path, CHUNK_ROWS, further))


def _cells_of(data_path: Path, size: int, further: tuple[str, ...]) -> Iterator[tuple[Any, list[Any], int]]:
    """The header, the rows of a chunk as cells, and the number of the first of them."""
    rows = _parquet_rows if data_path.suffix == ".parquet" else _csv_rows
    first_row = 1
    for header, cells in rows(data_path, size, further):
        if first_row + len(cells) > ROWS_MAX:
            raise BatchRefused("R-66", "data_file", "the file holds more rows than this gate reads")
        yield header, cells, first_row
        first_row += len(cells)


def _csv_rows(path: Path, size: int, further: tuple[str, ...]) -> Iterator[tuple[Any, list[Any]]]:
    rows = read_csv(path)
    first = next(rows, None)
    if not isinstance(first, list):
        raise BatchRefused("R-69", "header", "the file has no header")
    header = read_header(first, further)
    chunk: list[Any] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield header, chunk
            chunk = []
    if chunk:
        yield header, chunk


_PARQUET = "SELECT * FROM read_parquet(?, hive_partitioning=false)"


def _parquet_rows(path: Path, size: int, further: tuple[str, ...]) -> Iterator[tuple[Any, list[Any]]]:
    engine, source = open_engine(path.parent), [str(path.resolve())]
    try:
        described = _engine_rows(lambda: engine.execute(f"DESCRIBE {_PARQUET}", source))
        header = read_header([name for name, *_ in described], further)
        for name, kind, *_ in described:
            if kind != "VARCHAR":
                raise BatchRefused("R-69", name, "every column of a Parquet file is text")
        _engine_rows(lambda: engine.execute(_PARQUET, source), 0)
        while chunk := _engine_rows(lambda: engine, size):
            yield header, chunk
    finally:
        engine.close()


def _engine_rows(run: Callable[[], duckdb.DuckDBPyConnection], size: int | None = None) -> list[Any]:
    try:
        cursor = run()
        return cursor.fetchall() if size is None else cursor.fetchmany(size)
    except duckdb.OutOfMemoryException:
        raise TroubleError("`data.parquet` needs more memory than the gate grants") from None
    except duckdb.Error:
        # The engine's own message may hold a value, so it goes no further.
        raise BatchRefused("R-103", "data_file", "the file cannot be read as Parquet") from None
