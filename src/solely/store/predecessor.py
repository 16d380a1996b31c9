"""The closed log that a new log continues, read from the gate that wrote it (ledger.md 4.6)."""

from contextlib import suppress
from pathlib import Path

from solely.errors import UsageError, VerificationFailed
from solely.ledger.checkpoint import verify
from solely.ledger.entry import LOG_BYTES_MAX, EntryType, decode
from solely.ledger.note import VerifierKey, parse_vkey
from solely.ledger.tiles import bundle_path, split_bundle
from solely.ledger.tree import WIDTH
from solely.store.files import write_durably
from solely.store.ledger_files import LedgerPaths, LogFolder

_CLAIM = "successor.vkey"


def require_unclaimed(gate: Path) -> None:
    """Return while no new gate has said in the closed gate's folder that its log is the one that continues.

    What is said there binds nobody who has a copy: it keeps the same custodian from two successors by a slip.
    """
    if (gate / _CLAIM).exists():
        raise UsageError(
            f"the log that `--succeeds` names is continued already, by the log of `{_CLAIM}` in its folder; "
            "where that log was never used, remove this file"
        )


def claim(gate: Path, vkey: VerifierKey) -> None:
    """Say in the closed gate's folder, where it can be written, which log continues it."""
    with suppress(OSError):
        write_durably(gate / _CLAIM, vkey.text().encode() + b"\n")


def last_checkpoint(gate: Path, name: str) -> bytes:
    """The last checkpoint of a gate's log, which is closed for the log of this name.

    Raises UsageError that says what is missing; whether the whole log holds is for `solely-verify log`.
    """
    paths = LedgerPaths(gate)
    note = LogFolder(paths.log).read_checkpoint()
    if note is None or not paths.vkey.is_file():
        raise UsageError("`--succeeds` names the folder of a gate, with `log.vkey` and `ledger/checkpoint`")
    try:
        size = verify(note, parse_vkey(paths.vkey.read_text().strip())).size
        place, width = (size - 1) // WIDTH, (size - 1) % WIDTH + 1
        last = decode(split_bundle((paths.log / bundle_path(place, width)).read_bytes(), width)[-1])
    except (VerificationFailed, OSError, ValueError) as error:
        raise UsageError(f"the log that `--succeeds` names does not hold: {error}") from None
    if last.type is not EntryType.CLOSED or last.log != name.encode():
        raise UsageError(
            f"the log that `--succeeds` names is not closed for `{name}`: "
            f"`solely keys close --successor {name}` closes it"
        )
    if len(note) > LOG_BYTES_MAX:
        raise UsageError(f"the checkpoint of the log before is longer than {LOG_BYTES_MAX} bytes")
    return note
