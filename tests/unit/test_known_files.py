"""A file that was read before is read again when anybody has touched it, however it is made to look."""

import os
from pathlib import Path

import pytest

from solely.store.known_files import KnownFiles, digest_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "facts.parquet"
    path.write_bytes(b"as decided")
    return path


def test_what_nobody_touched_is_not_read_again(path: Path) -> None:
    known = KnownFiles(settled_ns=-1)
    assert known.digest(path) == digest_of(path)
    path.chmod(0o600)  # touched: read again
    assert known.digest(path) == digest_of(path)


@pytest.mark.rule("R-82")
def test_an_edit_of_the_same_length_with_its_time_set_back_is_seen(path: Path) -> None:
    known, before = KnownFiles(settled_ns=-1), path.stat()
    first = known.digest(path)
    path.write_bytes(b"as edited!")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert known.digest(path) == digest_of(path) != first


@pytest.mark.rule("R-82")
def test_another_file_in_its_place_is_seen(path: Path) -> None:
    known, before = KnownFiles(settled_ns=-1), path.stat()
    first, other = known.digest(path), path.with_suffix(".other")
    other.write_bytes(b"as edited!")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)
    assert known.digest(path) == digest_of(path) != first


def test_a_file_that_was_just_written_is_read_each_time(tmp_path: Path) -> None:
    known, path = KnownFiles(), tmp_path / "facts.parquet"
    path.write_bytes(b"one")
    first = known.digest(path)
    path.write_bytes(b"two")
    assert known.digest(path) == digest_of(path) != first


def test_a_missing_file_is_told_as_reading_tells_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        KnownFiles().digest(tmp_path / "none")
