"""Files that an option names: what is wrong with one is told by option and name."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from solely.errors import UsageError

Key = TypeVar("Key")


def read_given(option: str, path: Path) -> bytes:
    """The bytes of the file; UsageError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"`{option}`: `{path.name}` cannot be read: {error.strerror}") from None


def read_given_key(option: str, path: Path, parse: Callable[[bytes], Key]) -> Key:
    """The key in the file; UsageError when it cannot be read, or is none that `parse` takes."""
    data = read_given(option, path)
    try:
        return parse(data)
    except UsageError as error:
        raise UsageError(f"`{option}`: `{path.name}`: {error}") from None
