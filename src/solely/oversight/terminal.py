"""A run object as lines of text: what became of a batch, for a person at a terminal (contracts 4).

- The numbers are those of the run object; nothing is computed here but the bars (R-106).
- The same lines serve a terminal, a pipe and a log: no colour, no cursor movement.
"""

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

_BAR = 32
_WIDTH = 100
_NUMBER = 11
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_STATES = (
    ("received", "in the signed file"),
    ("released", "sealed to the named officers"),
    ("releasable", "waiting for two approvers"),
    ("withheld", "one class, one neutral answer"),
    ("referred", "a person decides"),
    ("returned", "deficient: can be cured and sent again"),
    ("refused", "not allowed by statute or agreement"),
)


def bar(part: int, whole: int) -> str:
    """A bar of at most 32 places for `part` of `whole`; what is not nothing is never drawn as nothing."""
    if part <= 0 or whole <= 0:
        return ""
    eighths = max(1, round(8 * _BAR * part / whole))
    rest = _EIGHTHS[eighths % 8] if eighths % 8 else ""
    return _EIGHTHS[8] * (eighths // 8) + rest


def _share(part: int, whole: int) -> str:
    if whole <= 0:
        return ""
    tenths = round(1000 * part / whole)
    return "<0.1 %" if part and not tenths else f"{tenths // 10}.{tenths % 10} %"


def _state_lines(run: Mapping[str, Any]) -> list[str]:
    received = int(run.get("received", 0))
    lines = []
    for name, meaning in _STATES:
        number = int(run.get(name, 0))
        drawn = bar(number, received)
        share = _share(number, received) if name != "received" else ""
        lines.append(f"  {name:<11}{number:>{_NUMBER},}  {share:>7}  {drawn:<{_BAR}}  {meaning}".rstrip())
    return lines


def _ledger_lines(run: Mapping[str, Any]) -> list[str]:
    checkpoint = run.get("checkpoint")
    if not checkpoint:
        return []
    return [f"  ledger {int(checkpoint['size']):,} entries, root {checkpoint['root']}"]


def _refused_lines(refused: Mapping[str, Any]) -> list[str]:
    return [
        f"  refused whole: `{refused['element']}`: {refused['reason']} ({refused['rule']})",
        "  no item was decided and no record was read; it may be sent again corrected",
    ]


def result_lines(run: Mapping[str, Any]) -> list[str]:
    """The lines that show a run object to a person; it holds no value of a request or a record."""
    lines = [f"batch {run.get('batch') or '(no letter could be read)'}"]
    if run.get("duplicate"):
        lines.append("  sent before: nothing is decided twice, this is the stored result")
    if run.get("batch_refused"):
        lines += _refused_lines(run["batch_refused"])
    elif run.get("undecided"):
        lines += ["", f"  received and not decided yet: {run['undecided']:,}", ""]
    else:
        lines += ["", *_state_lines(run), ""]
    if run.get("blocked"):
        lines.append(f"  blocked by {', '.join(run['blocked'])}: nothing more leaves until the cause is gone")
    if run.get("undelivered"):
        lines.append(f"  {run['undelivered']:,} of the released wait at the gate and have not left")
    return lines + _ledger_lines(run)


def listed_lines(value: Mapping[str, Any], indent: int = 0) -> list[str]:
    """What an explanation says, line by line: lists hang below their name, long texts are wrapped."""
    lines: list[str] = []
    for name, each in value.items():
        head = f"{' ' * indent}{name}:"
        if isinstance(each, Mapping) and each:
            lines += [head, *listed_lines(each, indent + 2)]
        elif isinstance(each, list | tuple) and each:
            lines += [head, *(line for part in each for line in _part_lines(part, indent + 2))]
        else:
            lines += _wrapped(head, each)
    return lines


def _part_lines(part: Any, indent: int) -> list[str]:
    """One part of a list, with a dash before it."""
    if not isinstance(part, Mapping) or not part:
        return _wrapped(f"{' ' * indent}-", part)
    first, *rest = listed_lines(part, indent + 2)
    return [f"{' ' * indent}- {first.lstrip()}", *rest]


def _wrapped(head: str, value: Any) -> list[str]:
    hanging = " " * (len(head) - len(head.lstrip()) + 4)
    text = f"{head} {_said(value)}"
    return wrap(text, _WIDTH, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)


def _said(value: Any) -> str:
    if value is None or value in ([], {}, ()):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    # What people wrote must not steer a terminal.
    return "".join(
        each if each.isprintable() or each in "\t\n" else "\N{REPLACEMENT CHARACTER}" for each in str(value)
    )
