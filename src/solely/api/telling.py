"""Lines for whoever watches the service: an answer never waits because nobody reads them.

- A pipe that nobody drains is full after some thousand lines; what does not fit is dropped and counted, and
  the count is told once there is room again. The ledger, not this, is the record of what was refused.
"""

import select
import sys
from collections.abc import Callable
from threading import Lock

from solely.front.quiet import Tell


def has_room() -> bool:
    """True when stderr takes a line (of less than a page, 4 KiB) at once."""
    try:
        return bool(select.select([], [sys.stderr], [], 0)[1])
    except (OSError, ValueError):  # no file behind it: nothing to wait for
        return True


def never_waiting(tell: Tell, has_room: Callable[[], bool] = has_room) -> Tell:
    """`tell`, for lines that may be dropped: it is called only where it need not wait."""
    lock, dropped = Lock(), 0

    def told(line: str) -> None:
        nonlocal dropped
        with lock:
            if dropped and has_room():
                tell(f"solely: {dropped} lines were dropped, because nobody read them")
                dropped = 0
            if has_room():
                tell(line)
            else:
                dropped += 1

    return told
