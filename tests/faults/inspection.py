"""What must hold of a gate on disk at any moment, seen from outside (ledger.md 4.6).

- The public folder is read by the independent verifier, against every checkpoint that was seen before.
- The gate is looked at in a copy: to open a database that a crash left is to change it.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from solely.errors import VerificationFailed
from solely.ledger.tiles import split_bundle
from solely_verify.log import file_path, verify_log
from solely_verify.note import read_key
from solely_verify.tree import WIDTH
from tests.faults.appender import EVENTS, PLANTED
from tests.support.ledgers import digest


def public_violations(gate: Path, kept: Sequence[bytes]) -> Iterator[str]:
    """What an overseer finds who kept these checkpoints: of the log (I2 I5 I8 I9), and of secrets (I11)."""
    key = read_key((gate / "log.vkey").read_text())
    for checkpoint in kept:
        yield from (f"I2 I5 I9: {line}" for line in verify_log(gate / "ledger", key, checkpoint).findings)
    secrets = [bytes.fromhex((gate / "keys/salt.key").read_text()), PLANTED]
    for path in (gate / "ledger").rglob("*"):
        if path.is_file() and any(secret in path.read_bytes() for secret in secrets):
            yield f"I11: `{path.name}` holds a secret"


def published_entries(gate: Path, first: int = 0) -> list[bytes]:
    """The entries under the checkpoint, none before the first; of a torn log those before the tear.

    From bundle number `first` on.
    """
    checkpoint = gate / "ledger" / "checkpoint"
    size = int(checkpoint.read_text().splitlines()[1]) if checkpoint.exists() else 0
    entries: list[bytes] = []
    for place in range(first, -(-size // WIDTH)):
        width = min(WIDTH, size - WIDTH * place)
        data = (gate / "ledger" / file_path("tile/entries", place, width)).read_bytes()
        try:
            entries += split_bundle(data, width)
        except VerificationFailed:
            break
    return entries


def committed_entries(state: sqlite3.Connection) -> list[bytes]:
    """The entries in the database."""
    rows = state.execute("SELECT width, entries FROM ledger_bundle ORDER BY place").fetchall()
    return [entry for width, data in rows for entry in split_bundle(data, width)]


def order_violations(gate: Path, entries: list[bytes], state: sqlite3.Connection) -> Iterator[str]:
    """Where checkpoint, head and database are not beginnings of one another (I7)."""
    public = published_entries(gate)
    (head,) = sqlite3.connect(gate / "keys/heads.sqlite").execute("SELECT size FROM head").fetchone()
    if entries[: len(public)] != public:
        yield "I7: what is published is not in the database"
    if not len(public) <= head <= len(entries):
        yield f"I7: checkpoint {len(public)}, head {head}, database {len(entries)}"
    (size,) = state.execute("SELECT size FROM ledger_size").fetchone()
    if size != len(entries):
        yield f"I4: the database states {size} entries and has {len(entries)}"


def appended_violations(gate: Path, *, is_ended: bool) -> Iterator[str]:
    """What does not hold of the events of the appender (I1, I3, I4, I7, and at the end I10)."""
    state = sqlite3.connect(gate / "state.sqlite")
    entries, public = committed_entries(state), published_entries(gate)
    yield from order_violations(gate, entries, state)
    decided = dict(state.execute("SELECT event, first_index FROM decided"))
    left = {path.name for path in (gate / "outbox").iterdir()}
    for event in EVENTS:
        leaves = [index for index, entry in enumerate(entries) if digest(event, 0)[:16] in entry]
        if len(leaves) > 1:
            yield f"I3: {event} has {len(leaves)} leaves"
        if leaves[-1:] != ([decided[event]] if event in decided else []):
            yield f"I4: {event} was decided at {decided.get(event)} and stands at {leaves}"
        if event in left and not any(entries[index] in public for index in leaves):
            yield f"I1: {event} has left and its leaf is not published"
        if is_ended and (event not in left or len(leaves) != 1):
            yield f"I10: {event} was asked for and has not left"
    if is_ended and len(public) != len(entries):
        yield "I10: not all is published"


def in_copy(gate: Path, copy: Path) -> Path:
    """A copy to look at."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(gate, copy)
    return copy
