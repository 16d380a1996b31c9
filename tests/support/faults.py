"""A world that fails: the k-th call to disk or database raises, before it took effect or after.

Only calls of the standard library are replaced, never our own code: what the program does between two
calls is what it would do before the power went.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Crash(BaseException):
    """The process is gone: nothing catches this, as nothing catches a lost power supply."""


class World:
    """Counts calls; `fails_at` is the number of the call that fails, 0 for none."""

    def __init__(self, fails_at: int = 0, *, takes_effect: bool = False) -> None:
        self.calls = 0
        self._fails_at, self._takes_effect = fails_at, takes_effect
        self.failed: str | None = None

    def wrap(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same call, counted."""

        def counted(*words: Any, **named: Any) -> Any:
            self.calls += 1
            if self.calls != self._fails_at:
                return call(*words, **named)
            self.failed = name
            if self._takes_effect:
                call(*words, **named)
            raise Crash(name)

        return counted


@contextmanager
def entered(world: World, monkeypatch: Any) -> Iterator[None]:
    """Replace the calls by which a program reaches the disk."""
    real = sqlite3.connect

    class Counted(sqlite3.Connection):
        def execute(self, *words: Any) -> sqlite3.Cursor:  # type: ignore[override]
            return world.wrap("execute", super().execute)(*words)

        def commit(self) -> None:
            world.wrap("commit", super().commit)()

    def connect(*words: Any, **named: Any) -> sqlite3.Connection:
        return real(*words, **{**named, "factory": Counted})

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", connect)
        patch.setattr(sqlite3.dbapi2, "connect", connect)
        for name in ("fsync", "replace"):
            patch.setattr(os, name, world.wrap(name, getattr(os, name)))
        for name in ("write_bytes", "mkdir", "read_bytes"):
            patch.setattr(Path, name, _method(world, name))
        yield


def _method(world: World, name: str) -> Callable[..., Any]:
    real = getattr(Path, name)

    def call(self: Path, *words: Any, **named: Any) -> Any:
        return world.wrap(name, lambda: real(self, *words, **named))()

    return call
