"""Files in a log directory beside those that its size asks for (step 7 of the plan in `log`).

- A partial tile or bundle of an earlier size is the beginning of the present one, as long as its name says.
- Anything else is named: files beyond the checkpoint are what a crash or a running writer leaves.
- A running writer drops the partial ones of a full tile or bundle: what has gone meanwhile says nothing.
"""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from solely_verify.refusal import Findings
from solely_verify.tree import WIDTH, cut_bundle

_NAME = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
_BUNDLE_BYTES_MAX = WIDTH * 65_537


def walk(folder: Path, size: int, findings: Findings) -> list[str]:
    """Notes on files that no checkpoint covers; an older partial that differs is a finding."""
    notes = Findings()
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        if name == "checkpoint":
            continue
        expected = _expected_width(name, size)
        found = _NAME.fullmatch(name)
        if expected is None or found is None or found[3] == str(WIDTH) or path.is_symlink():
            notes.add(f"{name}: a file that the checkpoint does not cover")
            continue
        width = int(found[3] or WIDTH)
        if width > expected:
            notes.add(f"{name}: a file beyond the checkpoint")
        elif width < expected and not _is_beginning(path, _whole(folder, name, expected), found):
            findings.add(f"{name}: not the beginning of the present `{_present(name, expected)}`")
    return notes.listed()


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(names):
            yield Path(root, name)


def _expected_width(name: str, size: int) -> int | None:
    """How many hashes or entries the present file of this place holds; None when there is no such place."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    level = 0 if found[1] == "entries" else int(found[1])
    digits = found[2].replace("/", "").replace("x", "")
    place = int(digits)
    is_shortest = len(digits) == 3 or not digits.startswith("000")
    left = (size >> 8 * level) - place * WIDTH
    return min(WIDTH, left) if left > 0 and level < 8 and is_shortest else None


def _present(name: str, width: int) -> str:
    stem = name.partition(".p/")[0]
    return stem if width == WIDTH else f"{stem}.p/{width}"


def _whole(folder: Path, name: str, width: int) -> Path:
    """The present file of this place, or the full one that has taken the place of a partial one since."""
    present = folder / _present(name, width)
    return present if present.is_file() else folder / _present(name, WIDTH)


def _is_beginning(part: Path, whole: Path, named: re.Match[str]) -> bool:
    try:
        # A pipe or device in the place of one is never read.
        are_files = stat.S_ISREG(part.stat().st_mode) and stat.S_ISREG(whole.stat().st_mode)
        if not (are_files and part.stat().st_size <= whole.stat().st_size <= _BUNDLE_BYTES_MAX):
            return False
        data, width = part.read_bytes(), int(named[3])
        is_whole = cut_bundle(data, width) is not None if named[1] == "entries" else len(data) == width * 32
        return is_whole and whole.read_bytes().startswith(data)
    except FileNotFoundError:
        return not os.path.lexists(part)
