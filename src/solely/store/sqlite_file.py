"""A small SQLite file of its own, beside the state: the signed heads, the release keys."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from solely.errors import Blocked, TroubleError


def open_durable(path: Path, *settings: str) -> sqlite3.Connection:
    """The opened file, where a transaction is on disk when it ends; any thread may use it, one at a time."""
    file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for setting in ("journal_mode=DELETE", "synchronous=FULL", *settings):
        file.execute(f"PRAGMA {setting}")
    return file


@contextmanager
def trouble_told(what: str) -> Iterator[None]:
    """Trouble of the disk is told as such; a file that is no longer what it was blocks the gate."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise TroubleError(f"{what}: {error}") from None
    except sqlite3.Error as error:
        raise Blocked("STATE_EDITED", f"{what}: {type(error).__name__}") from None
