"""What comes in as a file: streamed into the gate's own folder, in constant memory, and nowhere else (R-57).

- A form holds the three files of a submission, or one archive of them; the form's own fields come first, so
  that a form of another sign-in is refused before a byte of its files is kept.
- A name that a caller gives is compared with the agreed names, and is never a path; a table that is called
  otherwise is known by its ending, and what its letter's digest covers is its bytes.
- Of one caller so many come in at once, and the rows of one upload are counted at a time, callers in turn:
  nobody's uploads take all connections, the threads that orders are checked on, or everybody's time.
"""

import asyncio
import hashlib
import shutil
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import IO, Any, Final, NamedTuple
from uuid import uuid4

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from solely.access.allowance import Places
from solely.errors import UsageError
from solely.intake.letter import DATA_FILES, LETTER_FILE, SIGNATURE_FILE
from solely.store.submission import Received, receive_counted

UPLOAD_BYTES_MAX: Final = 4 * 2**30
UPLOADS_AT_ONCE: Final = 8  # of one enrolled key
ARCHIVES: Final = ("application/zip", "application/gzip")
FORM: Final = "multipart/form-data"
_NAMES: Final = (LETTER_FILE, SIGNATURE_FILE, *DATA_FILES)
_ARCHIVE: Final = "archive"
_BY_ENDING: Final = {PurePosixPath(name).suffix: name for name in DATA_FILES}  # a table under any other name
_PARTS_MAX, _FIELD_BYTES_MAX = 24, 4096
_BLOCK: Final = 2**20  # gathered before it is written by another thread
Check = Callable[[Mapping[str, str]], None]


class Came:
    """What was read of a body: how many bytes, and their SHA-256; nothing of them is kept here."""

    def __init__(self) -> None:
        self.size, self._sha256 = 0, hashlib.sha256()

    def add(self, part: bytes) -> None:
        """Count one more part."""
        self.size += len(part)
        self._sha256.update(part)

    def as_object(self) -> dict[str, Any]:
        """The words of an entry, as those of a batch that is received; none where nothing was read."""
        return {"sha256": self._sha256.hexdigest(), "size": self.size} if self.size else {}


class Unreadable(UsageError):
    """What came is no upload, or broke off; each such arrival is an entry, with `came`: SHA-256 and size of
    what was read, and the id of the key that sent it (R-103)."""

    came: Mapping[str, Any] = MappingProxyType({})


class TooLarge(Unreadable):
    """More than this gate takes in at once."""

    code = "TOO_LARGE"
    http_status = 413

    def __init__(self) -> None:
        super().__init__(f"the upload is larger than {UPLOAD_BYTES_MAX // 2**30} GiB; send smaller batches")


class TooMany(UsageError):
    """More than one caller may have under way at once."""

    code = "TOO_MANY"
    http_status = 429


class OtherKind(Unreadable):
    """A body of a kind that is not read here."""

    code = "CONTENT_TYPE"
    http_status = 415


class Upload(NamedTuple):
    """What came in: the fields of the form, and the submission as it was copied and digested."""

    fields: Mapping[str, str]
    received: Received


class Incoming:
    """The gate's folder for what comes in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._places = Places(UPLOADS_AT_ONCE)
        self._counting, self._own = asyncio.Lock(), defaultdict[str, asyncio.Lock](asyncio.Lock)

    @asynccontextmanager
    async def taken_in(
        self, request: Request, holder: str, check: Check, further: tuple[str, ...]
    ) -> AsyncIterator[Upload]:
        """The upload of a call by who holds an enrolled key, removed at the end; Unreadable when it
        is none, TooMany when others of that caller come in.

        Its rows are counted beside the thread that acts, with the law's `further` columns.
        `check` raises when the fields that came before the first file admit none.
        """
        if not self._places.take(holder):
            raise TooMany(f"{UPLOADS_AT_ONCE} uploads of yours come in already; wait until one has ended")
        folder, came = self._folder / f"upload-{uuid4().hex}", Came()
        try:
            folder.mkdir(parents=True)
            fields, path = await _whole(request, folder, check, came)
            async with self._own[holder], self._counting:
                received = await asyncio.to_thread(receive_counted, path, folder / "unpacked", further)
            yield Upload(fields, received)
        except Unreadable as error:
            error.came = came.as_object() | {"key_id": holder}
            raise
        finally:
            self._places.leave(holder)
            shutil.rmtree(folder, ignore_errors=True)


async def _whole(request: Request, folder: Path, check: Check, came: Came) -> tuple[Mapping[str, str], Path]:
    try:
        return await _streamed(request, folder, check, came)
    except ClientDisconnect:
        raise Unreadable("the upload broke off; send it again") from None


async def _streamed(
    request: Request, folder: Path, check: Check, came: Came
) -> tuple[Mapping[str, str], Path]:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if int(request.headers.get("content-length") or 0) > UPLOAD_BYTES_MAX:
        raise TooLarge
    if kind.decode() in ARCHIVES:
        check({})
        with (folder / _ARCHIVE).open("wb") as file:
            await _stream(request, file.write, came)
        return {}, folder / _ARCHIVE
    if kind.decode() != FORM or not options.get(b"boundary"):
        raise OtherKind(f"an upload is {FORM}, {' or '.join(ARCHIVES)}")
    form = _Form(folder, check)
    try:
        parser = MultipartParser(options[b"boundary"], form.callbacks())
        await _stream(request, parser.write, came)
        parser.finalize()
    except FormParserError:
        raise Unreadable("this form cannot be read") from None
    finally:
        form.close()
    return form.fields, form.submission()


async def _stream(request: Request, write: Callable[[bytes], Any], came: Came) -> None:
    """Hand the body on block by block; what writes to the disk does it beside the thread that answers."""
    block = bytearray()
    async for part in request.stream():
        came.add(part)
        if came.size > UPLOAD_BYTES_MAX:
            raise TooLarge
        block += part
        if len(block) >= _BLOCK:
            await asyncio.to_thread(write, bytes(block))
            block.clear()
    await asyncio.to_thread(write, bytes(block))


class _Form:
    """The parts of one form as they come: short fields kept, files written."""

    def __init__(self, folder: Path, check: Check) -> None:
        self.fields: dict[str, str] = {}
        self._folder, self._check = folder, check
        self._header, self._value = b"", b""
        self._disposition = b""
        self._name, self._field, self._parts = "", b"", 0
        self._file: IO[bytes] | None = None
        self._files: set[str] = set()

    def callbacks(self) -> Any:
        """What the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._on_header,
            "on_header_value": self._on_value,
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_part,
            "on_part_data": self._on_data,
            "on_part_end": self._end,
        }

    def submission(self) -> Path:
        """Where the files lie: the archive alone, or the folder of the named files."""
        if not self._files:
            raise Unreadable("no file came; choose the archive, or the three files of the batch")
        if self._files == {_ARCHIVE}:
            return self._folder / _ARCHIVE
        if _ARCHIVE in self._files:
            raise Unreadable(
                "choose one archive, or the files `letter.json`, `letter.json.sig` and `data.csv`"
            )
        return self._folder

    def close(self) -> None:
        """Close a file that broke off."""
        if self._file is not None:
            self._file.close()

    def _begin(self) -> None:
        self._disposition, self._field = b"", b""

    def _on_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header, self._value = b"", b""

    def _on_part(self) -> None:
        self._parts += 1
        if self._parts > _PARTS_MAX:
            raise Unreadable("this form cannot be read")
        _, options = parse_options_header(self._disposition)
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            return
        self._check(self.fields)
        given = PurePosixPath(options[b"filename"].decode("utf-8", "replace").replace("\\", "/")).name
        name = given if given in _NAMES else _BY_ENDING.get(PurePosixPath(given.lower()).suffix, _ARCHIVE)
        if name in self._files and given:
            raise Unreadable("a file came twice; choose one archive, or the three files of the batch")
        if given:  # a browser sends an empty part where nothing was chosen
            self._files.add(name)
            self._file = (self._folder / name).open("wb")

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(data[start:end])
            return
        self._field += data[start:end]
        if len(self._field) > _FIELD_BYTES_MAX:
            raise Unreadable("this form cannot be read")

    def _end(self) -> None:
        if self._file is None:
            self.fields.setdefault(self._name, self._field.decode("utf-8", "replace"))
            return
        self._file.close()
        self._file = None
