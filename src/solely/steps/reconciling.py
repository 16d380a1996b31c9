"""What left by other ways, held against what this gate released: the unexplained are listed with their cause.

- A transfer log is a CSV with the columns `sent_at,sha256,recipient,bytes`, one file a line.
- A line is explained when its digest is that of a delivered package or of a batch's answer, its time is not
  before that delivery, its bytes are as many, and no line before it was explained by the same delivery.
- The gate delivers into its outbox and knows no address beyond it: recipients are not compared.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from solely import clock
from solely.errors import UsageError
from solely.services import Services
from solely.steps import held
from solely.store.transfer_log import read_transfers

COLUMNS = ("sent_at", "sha256", "recipient", "bytes")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_BYTES = re.compile(r"[0-9]{1,15}")


class Delivery(NamedTuple):
    """One file that this gate let leave: when at the earliest, its bytes (None: it is not here any more)."""

    at: datetime
    size: int | None
    is_delivered: bool = True


class Transfer(NamedTuple):
    """One line of the log, read; `recipient` is not compared."""

    sent_at: datetime
    sha256: str
    size: int


def reconcile(services: Services, path: Path) -> dict[str, Any]:
    """How many transfers are explained, and the lines of those that are not; names no recipient."""
    known = _known(services)
    lines, used, unexplained = 0, Counter[str](), list[dict[str, Any]]()
    for line, row in enumerate(read_transfers(path, COLUMNS), start=2):
        lines += 1
        transfer = _transfer(line, row)
        cause = cause_of(transfer, known.get(transfer.sha256, ()), used[transfer.sha256])
        if cause is None:
            used[transfer.sha256] += 1
        else:
            unexplained.append({"line": line, "cause": cause})
    return {
        "transfers": lines,
        "explained": lines - len(unexplained),
        "unexplained": unexplained,
        "sizes_not_compared": sum(count for digest, count in used.items() if known[digest][0].size is None),
    }


def cause_of(transfer: Transfer, deliveries: Sequence[Delivery], used: int) -> str | None:
    """Why no delivery with the transfer's digest explains it, or None; `used` explain earlier lines."""
    if not deliveries:
        return "nothing that this gate released has this digest"
    happened = sorted(each.at for each in deliveries if each.is_delivered)
    if not happened:
        return "the release with this digest is not delivered"
    # A log that writes whole seconds may not make a transfer look earlier than its delivery.
    if transfer.sent_at < happened[0].replace(microsecond=0):
        return "it was sent before this gate delivered it"
    if deliveries[0].size not in (None, transfer.size):
        return "its bytes are not those of what this gate delivered"
    if used >= sum(at.replace(microsecond=0) <= transfer.sent_at for at in happened):
        return "it was sent more often than this gate delivered it"
    return None


def _transfer(line: int, row: Mapping[str, str]) -> Transfer:
    digest, size = row["sha256"].strip().lower(), row["bytes"].strip()
    if not _DIGEST.fullmatch(digest):
        raise UsageError(f"line {line}: `sha256` is sixty-four hexadecimal digits")
    if not _BYTES.fullmatch(size):
        raise UsageError(f"line {line}: `bytes` is a whole number")
    try:
        sent_at = datetime.fromisoformat(row["sent_at"].strip())
    except ValueError:
        sent_at = None
    if sent_at is None or sent_at.tzinfo is None:
        raise UsageError(f"line {line}: `sent_at` is an instant such as 2026-01-31T12:00:00Z")
    return Transfer(sent_at, digest, int(size))


def _known(services: Services) -> dict[str, list[Delivery]]:
    """Everything that this gate let leave, by digest, each held against its entry."""
    found: dict[str, list[Delivery]] = {}
    for digest, delivery in (*_packages(services), *_answers(services)):
        found.setdefault(digest, []).append(delivery)
    return found


def _packages(services: Services) -> Iterator[tuple[str, Delivery]]:
    with services.database.transaction() as tx:
        released = services.cases.releases(tx)
    held.require_released(services, released)
    for each in released:
        package = services.folder.outbox / f"{each['request_id']}.tdf"
        at = datetime.fromisoformat(each["released_at"])
        yield str(each["package_sha256"]), Delivery(at, _size(package), each["is_delivered"])


def _answers(services: Services) -> Iterator[tuple[str, Delivery]]:
    with services.database.transaction() as tx:
        batches = [each for each in services.cases.list_batches(tx) if each["decided_index"] is not None]
    entries = held.entries_of(services, [each["decided_index"] for each in batches], "a batch")
    for batch in batches:
        held.require_decided(services, batch)
        at = clock.instant(entries[batch["decided_index"]].time)
        answer = services.folder.batch(batch["id"]) / held.FILES["answer"]
        yield str((batch["digests"] or {})["answer"]), Delivery(at, _size(answer))


def _size(path: Path) -> int | None:
    """The bytes of a file of the gate; None where it was taken away."""
    return path.stat().st_size if path.is_file() else None
