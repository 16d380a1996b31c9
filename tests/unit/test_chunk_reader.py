"""One chunk of a data file is what reading all of it finds there, whichever chunks were read before."""

import random
from pathlib import Path

import pytest

from solely.ledger.commitment import CHUNK
from solely.model import COLUMNS
from solely.store.submission import CHUNK_ROWS, ChunkReader, read_chunks

ROWS = 3 * CHUNK_ROWS + 100
PLAIN = ",".join(f"value {n}" for n in range(len(COLUMNS) - 1))


def _row(number: int) -> bytes:
    """Mostly plain; some over two lines, some never closed, some not UTF-8, some behind an empty line."""
    line = f"R-{number},{PLAIN}\r\n".encode()
    if number % 1000 == 1:
        return f'R-{number},"two\r\nlines",{PLAIN.partition(",")[2]}\r\n'.encode()
    if number % CHUNK_ROWS in (0, 1, CHUNK_ROWS - 1):
        return f'R-{number},"never closed{PLAIN}\r\n'.encode()
    if number % 777 == 5:
        return b"\r\n" + line.replace(b"value 3", b"caf\xe9")
    return line.replace(b"value 2", "Zoë".encode())


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "data.csv"
    header = ",".join(["request_id", *(each for each in COLUMNS if each != "request_id")])
    path.write_bytes(b"\xef\xbb\xbf" + header.encode() + b"\r\n" + b"".join(map(_row, range(ROWS))))
    return path


def test_chunks_read_in_any_order_are_those_of_the_whole_file(path: Path) -> None:
    whole, reader = list(read_chunks(path)), ChunkReader()
    assert len(whole) == 4
    for number in (2, 0, 3, 1, 2, 3):
        assert reader.read(path, number) == whole[number], number


def test_a_chunk_of_a_file_is_one_of_the_ledger() -> None:
    assert CHUNK_ROWS == CHUNK


def test_single_rows_read_in_any_order_are_those_of_the_whole_file(path: Path) -> None:
    whole, reader = [each for chunk in read_chunks(path) for each in chunk], ChunkReader()
    assert len(whole) == ROWS
    edges = [place + step for place in range(0, ROWS, 1024) for step in (-1, 0, 1, 2)]
    rows = [row for row in edges if 1 <= row <= ROWS] + [ROWS, 2, ROWS - 1]
    random.Random(1).shuffle(rows)
    for row in rows:
        assert reader.read_row(path, row) == whole[row - 1], row


def test_what_was_found_of_another_file_in_its_place_is_not_used(path: Path, tmp_path: Path) -> None:
    own, reader = tmp_path / "data.csv", ChunkReader()
    own.write_bytes(path.read_bytes())
    assert reader.read(own, 3)
    own.write_bytes(path.read_bytes().replace(b"value 1", b"another value"))
    assert reader.read(own, 3) == list(read_chunks(own))[3]
