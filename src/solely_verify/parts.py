"""An agreement's text cut into its labeled parts, as docs/formats/agreement.md defines it."""

import re
import tomllib
import unicodedata

from solely_verify.refusal import Refusal

_HEADING = re.compile(r"## Clause ([0-9]{1,3})\. \S.*")
_ITEM = re.compile(r"\(([a-z]{1,3})\) \S.*")
_FENCE = re.compile(r"```(rule|cases|schedule) (\S{1,64})")
Parts = list[tuple[str, bytes]]


def cut(data: bytes) -> Parts:
    """The parts in document order, each with its label; their bytes joined are the file."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal("agreement: not UTF-8") from None
    if "\r" in text or unicodedata.normalize("NFC", text) != text:
        raise Refusal("agreement: not in NFC with LF line ends")
    pieces = _pieces([line + "\n" for line in text.split("\n")])
    seen: dict[str, int] = {}
    parts = []
    for label, lines in pieces:
        seen[label] = seen.get(label, 0) + 1
        name = label if seen[label] == 1 else f"{label} #{seen[label]}"
        parts.append((name, "".join(lines).encode()))
    # The last line has no line feed of its own.
    parts[-1] = (parts[-1][0], parts[-1][1][:-1])
    return parts


def _pieces(lines: list[str]) -> list[tuple[str, list[str]]]:
    pieces: list[tuple[str, list[str]]] = []
    at, clause = 0, ""
    while at < len(lines):
        line = lines[at].rstrip("\n")
        fence = _FENCE.fullmatch(line)
        if at == 0 or fence is not None:
            if at == 0 and line != "+++":
                raise Refusal("agreement: the first line is +++")
            name = "front matter" if fence is None else f"{fence[1]} {fence[2]}"
            end = _end(lines, at, "+++" if at == 0 else "```")
            is_table = fence is None or fence[1] == "schedule"
            pieces += _table(name, lines[at:end]) if is_table else [(name, lines[at:end])]
            at = end
            continue
        at += 1
        label, clause = _label(line, clause)
        is_after_prose = pieces[-1][0].startswith(("clause ", "section ", "recitals"))
        if label is None and (is_after_prose or not line.strip()):
            pieces[-1][1].append(line + "\n")
        else:
            here = f"clause {clause}" if clause else "recitals"
            pieces.append((label or here, [line + "\n"]))
    return pieces


def _label(line: str, clause: str) -> tuple[str | None, str]:
    """The label that a line of prose opens, if any, and the clause that it stands in."""
    heading, item = _HEADING.fullmatch(line), _ITEM.fullmatch(line)
    if heading is not None:
        return f"clause {heading[1]}", heading[1]
    if line.startswith("## "):
        return f"section {line[3:]}", ""
    if item is not None and clause:
        return f"clause {clause}({item[1]})", clause
    return None, clause


def _end(lines: list[str], at: int, fence: str) -> int:
    for place in range(at + 1, len(lines)):
        if lines[place].rstrip("\n") == fence:
            return place + 1
    raise Refusal(f"agreement line {at + 1}: it is not closed")


def _table(name: str, lines: list[str]) -> list[tuple[str, list[str]]]:
    pieces = [(f"{name} opens", lines[:1])]
    entry: list[str] = []
    for line in lines[1:-1]:
        entry.append(line)
        try:
            keys = list(tomllib.loads("".join(entry)))
        except (ValueError, RecursionError):
            continue
        if len(keys) == 1:
            pieces.append((f"{name}: {keys[0]}", entry))
            entry = []
    if entry and len(pieces) > 1:
        pieces[-1][1].extend(entry)
    elif entry:
        raise Refusal(f"{name}: no entry")
    return [*pieces, (f"{name} closes", lines[-1:])]
