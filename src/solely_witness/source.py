"""Reading what a log publishes, from its folder or over HTTP; nothing that comes back is trusted yet."""

from pathlib import Path
from typing import Protocol
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from solely_verify.log import read_file
from solely_verify.refusal import Refusal

SECONDS_MAX = 20.0


class Source(Protocol):
    """A place where a log's files are."""

    def read(self, path: str, limit: int) -> bytes | None:
        """The bytes of a file of at most `limit`, or None where there is none such."""


class FolderSource:
    """A log's folder on this machine."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, path: str, limit: int) -> bytes | None:
        """The bytes of a file of at most `limit`, or None where there is none such."""
        try:
            return read_file(self._root / path, limit)
        except OSError:
            return None


class WebSource:
    """A log's folder as a web server shows it, or a witness."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def read(self, path: str, limit: int) -> bytes | None:
        """The bytes of a file of at most `limit`, or None where there is none such."""
        try:
            with urlopen(f"{self._url}/{path}", timeout=SECONDS_MAX) as answer:  # noqa: S310 -- see `source_at`
                data: bytes = answer.read(limit + 1)
        except (URLError, OSError, ValueError):
            return None
        return data if len(data) <= limit else None


def source_at(place: str) -> Source:
    """The source at a folder's path or an http address; Refusal when it is neither."""
    if urlsplit(place).scheme in ("http", "https"):
        return WebSource(place)
    if not Path(place).is_dir():
        raise Refusal(f"{place}: neither a folder nor an http address")
    return FolderSource(Path(place))
