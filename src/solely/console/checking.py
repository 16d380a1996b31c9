"""The ledger checked from the outside while the gate goes on: `solely-verify log` in a process of its own.

- The same program that anybody runs on a copy, on the public folder and key; nothing of the gate helps it.
- One at a time for each gate, and one for its overseers. What came of it is shown with the checkpoint that
  it was about, and for the same checkpoint is not done again. Strangers wait a while between two, so that
  they take a fifth of one processor at most.
"""

import atexit
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any, Final, NamedTuple

from solely.errors import TroubleError
from solely.store.gate import GateFolder

REST: Final = 4  # times as long as the last one took, until the next one for strangers


class Checked(NamedTuple):
    """What came of one check: when it began, how long it took, and what the verifier said."""

    begun_at: datetime
    seconds: float
    said: Mapping[str, Any]

    @property
    def is_well(self) -> bool:
        """True where the verifier found nothing."""
        return bool(self.said["ok"])


class LedgerCheck:
    """The check of one gate's public folder."""

    def __init__(self, root: Path) -> None:
        self._folder = GateFolder(root)
        self._last: tuple[bytes, bytes] | None = None
        self._ended = 0.0
        self.begun_at: datetime | None = None  # while one runs
        self.checked: Checked | None = None

    def begin(self, checkpoint: bytes, at: datetime, *, kept: bytes = b"", is_stranger: bool = False) -> None:
        """Begin a check unless one runs, or its outcome for this checkpoint is known.

        `kept` is a checkpoint of earlier that must be a beginning. TroubleError tells a stranger to wait.
        """
        if self.begun_at is not None or (self._last == (checkpoint, kept) and self.checked is not None):
            return
        if is_stranger and self.checked is not None:
            rests = REST * self.checked.seconds - (time.monotonic() - self._ended)
            if rests > 0:
                raise TroubleError(f"the ledger was checked just now; ask again in {rests + 1:.0f} seconds")
        self._last, self.begun_at = (checkpoint, kept), at
        Thread(target=self._run, args=(kept, at), daemon=True).start()

    def _run(self, kept: bytes, at: datetime) -> None:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            since = Path(folder, "checkpoint")
            since.write_bytes(kept)
            said = self._said(["--since", str(since)] if kept else [])
        self._ended = time.monotonic()
        self.checked = Checked(at, self._ended - began, said)
        self.begun_at = None

    def _said(self, more: Sequence[str]) -> Mapping[str, Any]:
        folder = self._folder
        words = [sys.executable, "-P", "-m", "solely_verify", "log", str(folder.ledger)]
        words += ["--key", str(folder.vkey), "--json"]
        policy = ["--policy", str(folder.witnesses)] if folder.witnesses.is_file() else []
        process = subprocess.Popen(  # noqa: S603 -- our own module, and the gate's own files
            [*words, *policy, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        atexit.register(process.kill)
        try:
            out, err = process.communicate()
        finally:
            atexit.unregister(process.kill)
        try:
            said: Mapping[str, Any] = json.loads(out)
        except ValueError:
            told = err.decode(errors="replace").strip().removeprefix("solely-verify: ")
            nothing: Mapping[str, Any] = {"size": None, "root": None, "since": None, "cosigned": []}
            said = {"ok": False, "entries": {}, "notes": [], **nothing}
            return {**said, "findings": [told or "the verifier ended without a word"]}
        return said


@cache
def check_of(root: Path, is_overseers: bool = False) -> LedgerCheck:
    """The check of the gate in this folder: the one that anybody sees, or that of overseers.

    An overseer holds the ledger against a checkpoint of its own; what comes of that is no word to the public.
    """
    return LedgerCheck(root)
