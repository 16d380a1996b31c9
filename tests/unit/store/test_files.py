"""A file is put in its place whole, or nothing is left of it."""

import os
from pathlib import Path

import pytest

from solely.errors import UsageError
from solely.store.files import write_durably


def test_what_is_to_be_written_over_a_folder_is_refused_and_leaves_no_part(tmp_path: Path) -> None:
    folder = tmp_path / "A"
    folder.mkdir()
    with pytest.raises(UsageError, match="`A` is a folder; name a file in it"):
        write_durably(folder, b"a declaration")
    assert list(tmp_path.iterdir()) == [folder]
    write_durably(folder / "declaration.md", b"a declaration")
    assert [each.name for each in folder.iterdir()] == ["declaration.md"]


def test_nothing_is_put_in_the_place_of_a_pipe_and_a_link_stays_one(tmp_path):
    pipe, link, real = tmp_path / "pipe", tmp_path / "link", tmp_path / "real"
    os.mkfifo(pipe)
    with pytest.raises(UsageError, match="`pipe` is a device or a pipe"):
        write_durably(pipe, b"data")
    assert pipe.is_fifo()
    link.symlink_to(real)
    write_durably(link, b"data")
    assert (link.is_symlink(), real.read_bytes()) == (True, b"data")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link", "pipe", "real"]
