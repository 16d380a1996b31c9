"""Reading what a log publishes, from its folder or over HTTP; nothing that comes back is trusted yet."""

from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from socket import SHUT_RDWR
from threading import Timer
from typing import Protocol
from urllib.parse import urlsplit

from solely_verify.log import read_file
from solely_verify.refusal import Refusal

SECONDS_MAX = 20.0  # that an answer may take until its last byte is here


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
    """A log's folder as a web server shows it, or a witness; no other place that it names is asked."""

    def __init__(self, url: str, seconds_max: float = SECONDS_MAX) -> None:
        self._place = urlsplit(url.rstrip("/"))
        self._seconds_max = seconds_max

    def read(self, path: str, limit: int) -> bytes | None:
        """The bytes of a file of at most `limit`, or None where there is none such, or no answer in time."""
        with closing(self._connection()) as connection:
            timer = Timer(self._seconds_max, _end, (connection,))
            timer.start()
            try:
                connection.request("GET", f"{self._place.path}/{path}")
                answer = connection.getresponse()
                data = answer.read(limit + 1)
            except (HTTPException, OSError, ValueError):
                return None
            finally:
                timer.cancel()
        is_whole = not answer.length  # bytes that were promised and have not come
        return data if answer.status == 200 and is_whole and len(data) <= limit else None

    def _connection(self) -> HTTPConnection:
        kind = HTTPSConnection if self._place.scheme == "https" else HTTPConnection
        return kind(self._place.netloc, timeout=self._seconds_max)


def _end(connection: HTTPConnection) -> None:
    """End a connection whose answer comes too slowly: a timeout counts from one byte to the next alone."""
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(SHUT_RDWR)


def source_at(place: str) -> Source:
    """The source at a folder's path or an http address; Refusal when it is neither."""
    if urlsplit(place).scheme in ("http", "https"):
        return WebSource(place)
    if not Path(place).is_dir():
        raise Refusal(f"{place}: neither a folder nor an http address")
    root = Path(place)
    if (root / "ledger" / "checkpoint").is_file() and not (root / "checkpoint").exists():
        raise Refusal(f"{place}: a gate and no log; name its folder `ledger`")
    return FolderSource(root)
