"""The zip around a package: two stored entries, nothing before, between or after them (formats.md 3.1).

- The writer is one fixed layout with a fixed time stamp, so that the same entries are the same bytes.
- The reader takes what other writers of TDF produce (either order, data descriptors, zip64 records) and
  refuses what could be read in two ways: a third or repeated entry, compression, gaps, overlaps, a
  comment, headers that disagree. It never allocates by a number that the file states.
- Source: PKWARE APPNOTE 6.3.10, sections 4.3 to 4.5.
"""

import zlib
from collections.abc import Mapping
from struct import Struct
from typing import NamedTuple

from solely.errors import VerificationFailed

PAYLOAD = b"0.payload"
MANIFEST = b"0.manifest.json"
PACKAGE_BYTES_MAX = 64 * 2**20  # the door asks for the file's size before it reads
MANIFEST_BYTES_MAX = 10_000_000

_LOCAL = Struct("<4s5H3L2H")
_CENTRAL = Struct("<4s6H3L5H2L")
_END = Struct("<4s4H2LH")
_END64 = Struct("<4sQ2H2L4Q")
_LOCATOR = Struct("<4sLQL")
_DAY = 0x0021  # 1980-01-01, the first day that the format can name
_VERSION = 20
_MAX32 = 0xFFFFFFFF
_MAX16 = 0xFFFF
_STREAMED, _UTF8 = 0x0008, 0x0800  # flag bits: sizes follow the data; the name is UTF-8
_DESCRIPTOR_BYTES = (0, 12, 16, 20, 24)


class _Entry(NamedTuple):
    name: bytes
    flags: int
    checksum: int
    size: int
    start: int


def _require(condition: bool, what: str) -> None:
    if not condition:
        raise VerificationFailed(f"the package's zip is refused: {what}")


def write_archive(payload: bytes, manifest: bytes) -> bytes:
    """The one zip of these two entries."""
    parts, directory, start = [], [], 0
    for name, data in ((PAYLOAD, payload), (MANIFEST, manifest)):
        shared = (_VERSION, 0, 0, 0, _DAY, zlib.crc32(data), len(data), len(data), len(name), 0)
        parts += [_LOCAL.pack(b"PK\3\4", *shared), name, data]
        directory += [_CENTRAL.pack(b"PK\1\2", _VERSION, *shared, 0, 0, 0, 0, start), name]
        start += _LOCAL.size + len(name) + len(data)
    index = b"".join(directory)
    end = _END.pack(b"PK\5\6", 0, 0, 2, 2, len(index), start, 0)
    return b"".join((*parts, index, end))


def _directory_span(data: bytes) -> tuple[int, int]:
    """Where the central directory starts and ends; zip64 records between it and the end are followed."""
    _require(len(data) <= PACKAGE_BYTES_MAX, "it is larger than a package may be")
    _require(len(data) >= _END.size, "it is too short")
    end = len(data) - _END.size
    mark, disk, first_disk, here, count, length, start, comment = _END.unpack_from(data, end)
    _require(mark == b"PK\5\6" and comment == 0, "it does not end with its end record")
    _require(disk in (0, _MAX16) and first_disk in (0, _MAX16), "it spans disks")
    if _MAX16 in (here, count) or _MAX32 in (length, start):
        _require(end >= _LOCATOR.size + _END64.size, "it is too short")
        mark, disk, place, disks = _LOCATOR.unpack_from(data, end - _LOCATOR.size)
        end -= _LOCATOR.size + _END64.size
        _require(mark == b"PK\6\7" and disk == 0 and disks in (0, 1) and place == end, "zip64 locator")
        mark, size, _, _, disk, first_disk, here, count, length, start = _END64.unpack_from(data, end)
        _require(mark == b"PK\6\6" and size == _END64.size - 12 and disk == first_disk == 0, "zip64 end")
    _require(here == count == 2, "it holds other than two entries")
    _require(start + length == end, "the directory is not where it must be")
    return start, end


def _wide_sizes(extra: bytes, size: int, packed: int, start: int) -> tuple[int, int, int]:
    """The three numbers, those at their 32-bit limit replaced from the zip64 extra field (4.5.3)."""
    numbers = [size, packed, start]
    wanted = [place for place, number in enumerate(numbers) if number == _MAX32]
    at = 0
    while wanted and at + 4 <= len(extra):
        kind, length = int.from_bytes(extra[at : at + 2], "little"), extra[at + 2] | extra[at + 3] << 8
        if kind == 1:
            field = extra[at + 4 : at + 4 + length]
            _require(len(field) == length and length >= 8 * len(wanted), "zip64 sizes")
            for turn, place in enumerate(wanted):
                numbers[place] = int.from_bytes(field[8 * turn : 8 * turn + 8], "little")
            break
        at += 4 + length
    _require(_MAX32 not in numbers, "zip64 sizes")
    return numbers[0], numbers[1], numbers[2]


def _directory(data: bytes, at: int, end: int) -> list[_Entry]:
    entries = []
    for _ in range(2):
        _require(at + _CENTRAL.size <= end, "the directory is cut short")
        fields = _CENTRAL.unpack_from(data, at)
        mark, _, _, flags, method, _, _, checksum, packed, size, named, extra, comment, disk, _, _, start = (
            fields
        )
        _require(mark == b"PK\1\2", "the directory has no entry where one must be")
        _require(method == 0 and not flags & ~(_STREAMED | _UTF8), "an entry is compressed or encrypted")
        _require(comment == 0 and disk == 0, "an entry has a comment or another disk")
        at += _CENTRAL.size
        _require(at + named + extra <= end, "the directory is cut short")
        name = data[at : at + named]
        size, packed, start = _wide_sizes(data[at + named : at + named + extra], size, packed, start)
        _require(size == packed, "a stored entry has two sizes")
        entries.append(_Entry(name, flags, checksum, size, start))
        at += named + extra
    _require(at == end, "the directory holds more than its entries")
    return entries


def _local_data(data: bytes, entry: _Entry, limit: int) -> tuple[bytes, int]:
    """An entry's bytes, and where they end; the local header must say what the directory says."""
    _require(entry.start + _LOCAL.size <= limit, "an entry lies outside")
    mark, _, flags, method, _, _, checksum, packed, size, named, extra = _LOCAL.unpack_from(data, entry.start)
    _require(mark == b"PK\3\4" and method == 0, "an entry has no header where one must be")
    # Some writers mark UTF-8 in one header only; the streamed bit and the name must agree.
    _require(flags & ~_UTF8 == entry.flags & ~_UTF8, "the headers of an entry disagree")
    begin = entry.start + _LOCAL.size + named + extra
    _require(data[entry.start + _LOCAL.size :][:named] == entry.name, "the headers of an entry disagree")
    stated = (checksum, packed, size)
    if flags & _STREAMED:
        is_alike = checksum in (0, entry.checksum) and {packed, size} <= {0, _MAX32, entry.size}
    else:
        is_alike = stated == (entry.checksum, entry.size, entry.size)
    _require(is_alike, "the headers of an entry disagree")
    _require(begin + entry.size <= limit, "an entry lies outside")
    content = data[begin : begin + entry.size]
    _require(zlib.crc32(content) == entry.checksum, "an entry's checksum differs")
    return content, begin + entry.size


def read_archive(data: bytes) -> Mapping[bytes, bytes]:
    """The two entries by name; raises VerificationFailed for a zip that could be read in another way."""
    start, end = _directory_span(data)
    entries = sorted(_directory(data, start, end), key=lambda entry: entry.start)
    _require({entry.name for entry in entries} == {PAYLOAD, MANIFEST}, "it holds other than the two entries")
    for entry in entries:
        _require(entry.name != MANIFEST or entry.size <= MANIFEST_BYTES_MAX, "the manifest is too large")
    found, reached = {}, 0
    for place, entry in enumerate(entries):
        _require(entry.start == reached, "bytes lie before or between the entries")
        limit = entries[place + 1].start if place == 0 else start
        found[entry.name], stop = _local_data(data, entry, limit)
        gap = limit - stop
        _require(
            gap in _DESCRIPTOR_BYTES if entry.flags & _STREAMED else gap == 0, "bytes lie between entries"
        )
        reached = limit
    return found
