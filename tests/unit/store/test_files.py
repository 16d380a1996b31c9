"""A file is put in its place whole, or nothing is left of it."""

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
