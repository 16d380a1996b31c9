"""Saying that something is wrong: a line on stderr and a line in the alarm file, once for each thing.

- fork: the log signed two trees of which neither grew from the other.
- unproved: a signed checkpoint came with a proof that does not lead to it; a fork, or a wrong sender.
- shrunk: the log shows fewer entries than it did.
- withheld: the log shows no entries or tiles that lead to what it signed.
- copy: the copy kept here does not lead to what this witness cosigned.
- stall: the log has had nothing cosigned for longer than agreed.
- clock: the newest entry lies ahead of this clock, or before what was cosigned ahead of it.
- peer: another witness shows what the log has not signed.
"""

import base64
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

KINDS = ("fork", "unproved", "shrunk", "withheld", "copy", "stall", "clock", "peer")


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


class Alarms:
    """The alarms of a witness."""

    def __init__(self, path: Path, tell: Callable[[str], None] = _tell) -> None:
        self._path, self._tell, self._lock = path, tell, Lock()
        self._raised: set[tuple[str, str, str]] = set()

    @property
    def count(self) -> int:
        """How many different things were found to be wrong since the start."""
        return len(self._raised)

    def raise_alarm(self, kind: str, origin: str, what: str, note: bytes = b"") -> None:
        """Say it and write it down, with the signed checkpoint that shows it where there is one."""
        assert kind in KINDS, "an alarm is of a known kind"  # noqa: S101 -- a fault of ours
        with self._lock:
            if (kind, origin, what) in self._raised:
                return
            self._raised.add((kind, origin, what))
            at = datetime.now(UTC).isoformat(timespec="seconds")
            said = {"at": at, "kind": kind, "log": origin, "what": what}
            if note:
                said["checkpoint"] = base64.b64encode(note).decode()
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(said, sort_keys=True) + "\n")
            self._tell(f"ALARM {kind}: {origin}: {what}")

    def settle(self, kind: str, origin: str) -> None:
        """Forget alarms of a kind that no longer hold, so that the next one is said again."""
        with self._lock:
            self._raised = {each for each in self._raised if each[:2] != (kind, origin)}
