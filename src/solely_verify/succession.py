"""A log that continues another: entry 0 holds the other's last checkpoint, whose last entry names this log.

- Both are checked whole, each under its own key; that the two belong together, both must say.
- A log whose predecessor is not at hand is no failure: it is noted, with what would be needed.
"""

from pathlib import Path

from solely_verify.log import Report, verify_log
from solely_verify.note import Head, LogKey, read_checkpoint
from solely_verify.refusal import Refusal


def told(report: Report) -> Report:
    """The report with a note on the logs before and after that this one names and that were not given."""
    notes = list(report.notes)
    if report.before is not None:
        notes.append(f"entry 0 continues {_name(report.before)}, which was not given; `--before` checks it")
    return report._replace(notes=notes + _of_successor(report))


def verify_succession(report: Report, folder: Path, key: LogKey) -> Report:
    """The report on a log, with what does not hold between it and the log before it in `folder`."""
    notes, note = report.notes + _of_successor(report), report.before
    try:
        if report.head is None:
            raise Refusal("the log itself does not hold")
        if note is None:
            raise Refusal("entry 0 of this log names no log before it")
        head = _head(note, key)
        if not folder.is_dir():
            raise Refusal(f"{head.origin} is absent: its folder is not there")
        lines = _differences(verify_log(folder, key, kept=note), head, report.head)
    except Refusal as refusal:
        lines = [str(refusal)]
    else:
        if not lines:
            notes = [*notes, f"it continues {head.origin}, which was closed at {head.size} entries"]
    return report._replace(findings=report.findings + [f"log before: {each}" for each in lines], notes=notes)


def _head(note: bytes, key: LogKey) -> Head:
    try:
        return read_checkpoint(note, key)
    except Refusal as refusal:
        raise Refusal(f"what entry 0 holds is no checkpoint under its key: {refusal}") from None


def _differences(old: Report, head: Head, new: Head) -> list[str]:
    """What does not hold of the log before, of which the new one holds the head."""
    lines = list(old.findings)
    if old.head is None:
        return lines
    if old.head.size > head.size:
        lines.append(f"it goes on after entry {head.size - 1}, with which this log says that it ends")
    elif old.after is None:
        lines.append("its last entry closes it for no other log")
    elif old.after != new.origin.encode():
        lines.append(f"it was closed for {_name(old.after)}, not for {new.origin}")
    return lines


def _of_successor(report: Report) -> list[str]:
    return [] if report.after is None else [f"it was closed for {_name(report.after)}, which continues it"]


def _name(said: bytes) -> str:
    """The first line, as far as it can be shown."""
    return ascii(said.split(b"\n")[0][:200].decode("utf-8", "replace"))[1:-1]
