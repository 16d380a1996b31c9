"""An agreement cut into parts that can be shown or sealed one by one, and the salted tree over them (R-89).

- The parts in document order give back the file byte for byte: entries of the front matter, prose by item,
  each rule, each table of cases, each entry of a schedule. Blank lines belong to the part before them.
- Hashes are over raw bytes, so the file is already NFC with LF line ends, or it is refused.
- leaf = SHA-256(0x00 ‖ salt ‖ length of label ‖ label ‖ bytes), node = SHA-256(0x01 ‖ left ‖ right), split at
  the largest power of two (RFC 9162 2.1). Without the salt a sealed number is found by trying them all.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from solely.agreement.markdown import parsed_toml, read_text
from solely.errors import AgreementRefused

SALT_BYTES = 16
LABEL_BYTES_MAX = 200
PARTS_MAX = 100_000
FRONT = "front matter"
OPENS, CLOSES = "opens", "closes"
_CLAUSE = re.compile(r"## Clause ([0-9]{1,3})\. \S.*")
_ITEM = re.compile(r"\(([a-z]{1,3})\) \S.*")
_FENCE = re.compile(r"```(rule|cases|schedule) (\S{1,64})")


@dataclass(frozen=True, slots=True)
class Part:
    """One part: the label that names it in every version, and its bytes."""

    label: str
    data: bytes


def cut(data: bytes) -> tuple[Part, ...]:
    """The parts of an agreement in document order; raises AgreementRefused where it cannot be cut."""
    lines = [line + "\n" for line in read_text(data).split("\n")]
    lines[-1] = lines[-1][:-1]
    cutting = _Cutting(lines)
    cutting.run()
    parts = tuple(Part(label, "".join(text).encode()) for label, text in _merged(cutting.pieces))
    assert b"".join(part.data for part in parts) == data, "cutting loses no byte"
    for part in parts:
        if len(part.label.encode()) > LABEL_BYTES_MAX:
            raise AgreementRefused(f"`{part.label[:40]}`: shorten its heading; it names a part")
    if len(parts) > PARTS_MAX:
        raise AgreementRefused(f"`file`: it has more than {PARTS_MAX} parts")
    return parts


def _merged(pieces: list[tuple[str, list[str]]]) -> list[tuple[str, list[str]]]:
    """The pieces under labels that stand once: a second piece of one name is numbered."""
    seen: dict[str, int] = {}
    named = []
    for label, text in pieces:
        seen[label] = seen.get(label, 0) + 1
        named.append((label if seen[label] == 1 else f"{label} #{seen[label]}", text))
    return named


class _Cutting:
    """One file being cut, line by line."""

    def __init__(self, lines: list[str]) -> None:
        self.lines, self.at, self.clause = lines, 0, ""
        self.pieces: list[tuple[str, list[str]]] = []

    def run(self) -> None:
        if self.lines[0] != "+++\n":
            raise AgreementRefused(f"`{FRONT}`: the first line is `+++`")
        self._table(FRONT, "+++")
        while self.at < len(self.lines):
            line = self.lines[self.at]
            fence = _FENCE.fullmatch(line.rstrip("\n"))
            if fence is not None and fence[1] == "schedule":
                self._table(f"schedule {fence[2]}", "```")
            elif fence is not None:
                self._add(f"{fence[1]} {fence[2]}", self._upto("```"))
            else:
                self._prose(line)

    def _prose(self, line: str) -> None:
        """Take one line of prose: it begins a part, or goes on with the last one."""
        text = line.rstrip("\n")
        heading, item = _CLAUSE.fullmatch(text), _ITEM.fullmatch(text)
        self.at += 1
        if heading is not None:
            self.clause = heading[1]
            self._add(f"clause {self.clause}", [line])
        elif text.startswith("## "):
            self.clause = ""
            self._add(f"section {text[3:]}", [line])
        elif item is not None and self.clause:
            self._add(f"clause {self.clause}({item[1]})", [line])
        elif not text.strip() or self._is_prose(self.pieces[-1][0]):
            self.pieces[-1][1].append(line)
        else:
            self._add(f"clause {self.clause}" if self.clause else "recitals", [line])

    @staticmethod
    def _is_prose(label: str) -> bool:
        return label.startswith(("clause ", "section ", "recitals"))

    def _table(self, label: str, fence: str) -> None:
        """Take one TOML table: the line that opens it, each entry, the line that closes it."""
        lines = self._upto(fence)
        self._add(f"{label} {OPENS}", lines[:1])
        for name, text in entries_of("".join(lines[1:-1]), label):
            self._add(f"{label}: {name}", [text])
        self._add(f"{label} {CLOSES}", lines[-1:])

    def _upto(self, fence: str) -> list[str]:
        """The lines from here to the closing fence, which must be there."""
        start = self.at
        self.at += 1
        while self.at < len(self.lines) and self.lines[self.at].rstrip("\n") != fence:
            self.at += 1
        if self.at == len(self.lines):
            name = self.lines[start].strip("`\n")
            raise AgreementRefused(f"`{name}`: it is not closed; end it with a line {fence}")
        self.at += 1
        return self.lines[start : self.at]

    def _add(self, label: str, lines: list[str]) -> None:
        self.pieces.append((label, list(lines)))


def entries_of(text: str, place: str) -> Iterator[tuple[str, str]]:
    """Each entry of a TOML table with the text that states it, comments before it included."""
    whole, said, pending = parsed_toml(text, place, 1), dict[str, Any](), ""
    found: list[tuple[str, str]] = []
    for line in text.splitlines(keepends=True):
        pending += line
        entry = _entry(pending)
        if len(entry) == 1:
            found.append((next(iter(entry)), pending))
            said |= entry
            pending = ""
    if pending and found:  # comments after the last entry go with it
        found[-1] = (found[-1][0], found[-1][1] + pending)
    if said != whole or len(said) != len(found) or (pending and not found):
        raise AgreementRefused(f"`{place}`: write each entry as `key = value`, without table headings")
    yield from found


def _entry(text: str) -> dict[str, Any]:
    try:
        return parsed_toml(text, "entry", 1)
    except AgreementRefused:
        return {}  # not whole yet


# -- the tree -----------------------------------------------------------------------------------------


def leaf_hash(salt: bytes, part: Part) -> bytes:
    """The hash that stands for a part; its label is inside, so no part passes for another."""
    assert len(salt) == SALT_BYTES, "a salt has 16 bytes"
    label = part.label.encode()
    return hashlib.sha256(b"\0" + salt + len(label).to_bytes(2, "big") + label + part.data).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; there is at least one."""
    assert hashes, "an agreement has parts"
    level = list(hashes)
    while len(level) > 1:  # pairing from the left, an odd last one moved up, splits at powers of two
        pairs = [
            hashlib.sha256(b"\1" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)
        ]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def salts_of(entropy: bytes, count: int) -> tuple[bytes, ...]:
    """One salt per part from `entropy`, which is fresh for each version: 16 bytes a part."""
    assert len(entropy) == count * SALT_BYTES, "16 bytes of entropy a part"
    return tuple(entropy[at : at + SALT_BYTES] for at in range(0, len(entropy), SALT_BYTES))


def agreement_root(parts: Sequence[Part], salts: Sequence[bytes]) -> bytes:
    """The root over all parts of an agreement."""
    return root_of([leaf_hash(salt, part) for salt, part in zip(salts, parts, strict=True)])
