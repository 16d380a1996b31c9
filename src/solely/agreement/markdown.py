"""The outer form of a law file: front matter, prose items and fences, cut apart without reading any rule.

- The signed thing is the document that counsel read, so its bytes are taken as they are: UTF-8, NFC, LF.
- Front matter is TOML between `+++` lines. A fence is `rule`, `cases` or `schedule` with a name, no other.
- `## Clause 2. Title` opens a clause, a paragraph that begins `(a)` is its item 2(a); a rule names an item.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from solely.errors import AgreementRefused

NOT_CHECKED = "not machine-checked"
_FENCE = re.compile(r"```(rule|cases|schedule) (\S{1,64})")
_HEADING = re.compile(r"## Clause ([0-9]{1,3})\. \S.*")
_ITEM = re.compile(r"\(([a-z]{1,3})\) \S.*")
_CLAUSE_ID = re.compile(r"[0-9]{1,3}(?:\([a-z]{1,3}\)(?:\([0-9]{1,2}\))?)?")
_OBLIGES = re.compile(r"\b(shall|only|must)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fence:
    """One fence: its kind, its name, the text inside, and the line on which it opens."""

    kind: str
    name: str
    text: str
    line: int


@dataclass(slots=True)
class Source:
    """A law file cut into its parts; `items` holds the prose by clause id."""

    terms: dict[str, Any]
    fences: list[Fence] = field(default_factory=list)
    items: dict[str, str] = field(default_factory=dict)


def item_of(clause_id: str) -> str:
    """The prose item that a rule belongs to: 4(b)(1) and 4(b)(2) are rules of 4(b)."""
    parts = clause_id.split("(")
    return "(".join(parts[:2])


def read_text(data: bytes) -> str:
    """The text of a law file; raises AgreementRefused for anything but UTF-8, NFC and LF."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise AgreementRefused(
            "`file`: it is not UTF-8; save it as UTF-8 without a byte order mark"
        ) from None
    if "\r" in text:
        raise AgreementRefused("`file`: it has carriage returns; save it with LF line ends")
    if unicodedata.normalize("NFC", text) != text:
        raise AgreementRefused("`file`: it is not in Unicode form NFC; normalise it before it is signed")
    for number, line in enumerate(text.split("\n"), start=1):
        if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for sign in line):
            raise AgreementRefused(f"`line {number}`: it holds a control or invisible character; remove it")
    return text


def parse_source(data: bytes) -> Source:
    """The parts of a law file; raises AgreementRefused where its outer form is broken."""
    lines = read_text(data).split("\n")
    end = _front_matter_end(lines)
    source = Source(parsed_toml("\n".join(lines[1:end]), "front matter"))
    _cut_body(source, lines, end + 1)
    _require_unique(source)
    return source


def parsed_toml(text: str, place: str) -> dict[str, Any]:
    """The table that a TOML text states; raises AgreementRefused naming the place."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AgreementRefused(f"`{place}`: it is not TOML: {error}") from None


def _front_matter_end(lines: list[str]) -> int:
    if lines[0] != "+++":
        raise AgreementRefused("`front matter`: the first line is `+++`")
    try:
        return lines.index("+++", 1)
    except ValueError:
        raise AgreementRefused("`front matter`: it is not closed; end it with a line `+++`") from None


class _Prose:
    """Where the cut stands: the open clause and the open item."""

    def __init__(self, items: dict[str, str]) -> None:
        self._items, self._clause, self._item = items, "", ""

    def read(self, line: str) -> None:
        heading, item = _HEADING.fullmatch(line), _ITEM.fullmatch(line)
        if heading:
            self._open(heading[1], "")
            self._clause = heading[1]
        elif line.startswith("## "):
            self._clause = self._item = ""
        elif item and self._clause:
            self._open(f"{self._clause}({item[1]})", line)
        elif not line.strip():
            self._item = self._clause
        elif self._item:
            self._items[self._item] = f"{self._items[self._item]} {line}".strip()

    def _open(self, item: str, text: str) -> None:
        if item in self._items:
            raise AgreementRefused(f"`clause {item}`: its item stands twice; number it anew")
        self._items[item], self._item = text, item


def _cut_body(source: Source, lines: list[str], start: int) -> None:
    prose, at = _Prose(source.items), start
    while at < len(lines):
        line = lines[at]
        if line.startswith("```"):
            at = _read_fence(source, lines, at)
        elif line.lstrip().startswith(("```", "~~~", "    ```")):
            raise AgreementRefused(f"`line {at + 1}`: a fence opens with ``` at the start of its line")
        else:
            prose.read(line)
        at += 1


def _read_fence(source: Source, lines: list[str], at: int) -> int:
    opening = _FENCE.fullmatch(lines[at])
    if opening is None:
        raise AgreementRefused(f"`line {at + 1}`: a fence is `rule`, `cases` or `schedule` and has a name")
    kind, name = opening[1], opening[2]
    end = at + 1
    while end < len(lines) and not lines[end].startswith("```"):
        end += 1
    if end == len(lines) or lines[end] != "```":
        raise AgreementRefused(f"`{kind} {name}`: its fence is not closed; end it with a line ```")
    source.fences.append(Fence(kind, name, "\n".join(lines[at + 1 : end]), at + 1))
    return end


def _require_unique(source: Source) -> None:
    seen: set[tuple[str, str]] = set()
    for fence in source.fences:
        if (fence.kind, fence.name) in seen:
            raise AgreementRefused(f"`{fence.kind} {fence.name}`: it stands twice; an id is used once")
        seen.add((fence.kind, fence.name))


class Block(NamedTuple):
    """One part of a law file in reading order; `kind` is heading, prose or that of a fence.

    `name` is the level of a heading, the clause item that prose belongs to, or the name of a fence.
    """

    kind: str
    name: str
    text: str


def blocks_of(data: bytes) -> list[Block]:
    """The body of a law file from top to bottom, for a reader; no rule is read here."""
    lines = read_text(data).split("\n")
    at, clause = _front_matter_end(lines) + 1, ""
    source, blocks = Source({}), list[Block]()
    while at < len(lines):
        line = lines[at]
        if line.startswith("```"):
            at = _read_fence(source, lines, at)
            fence = source.fences[-1]
            blocks.append(Block(fence.kind, fence.name, fence.text))
        elif line.startswith("#"):
            heading = _HEADING.fullmatch(line)
            clause = heading[1] if heading else clause if line.startswith("###") else ""
            text = line.lstrip("#")
            blocks.append(Block("heading", str(len(line) - len(text)), text.strip()))
        elif line.strip():
            start = at
            while (
                at + 1 < len(lines) and lines[at + 1].strip() and not lines[at + 1].startswith(("```", "#"))
            ):
                at += 1
            blocks.append(_prose_block(lines[start : at + 1], clause))
        at += 1
    return blocks


def _last_line_of_prose(lines: list[str], at: int) -> int:
    while at + 1 < len(lines) and lines[at + 1].strip() and not lines[at + 1].startswith(("```", "#")):
        at += 1
    return at


def _prose_block(lines: list[str], clause: str) -> Block:
    item = _ITEM.fullmatch(lines[0])
    name = f"{clause}({item[1]})" if item and clause else ""
    return Block("prose", name, " ".join(line.strip() for line in lines))


def binding_findings(source: Source) -> list[str]:
    """What does not fit between prose and rules: a rule without its item, an item without its rule."""
    rules = {fence.name for fence in source.fences if fence.kind == "rule"}
    cases = {fence.name for fence in source.fences if fence.kind == "cases"}
    found = []
    for rule in sorted(rules):
        if not _CLAUSE_ID.fullmatch(rule):
            found.append(f"`rule {rule}`: an id is written 2, 2(c) or 2(c)(1)")
        elif item_of(rule) not in source.items:
            found.append(
                f"`clause {rule}`: no item `{item_of(rule)}` stands in the prose; write what it says"
            )
    found += [
        f"`clause {each}`: it has no cases; add a fence `cases {each}`" for each in sorted(rules - cases)
    ]
    found += [f"`cases {each}`: there is no rule of that id" for each in sorted(cases - rules)]
    ruled = {item_of(each) for each in rules}
    for item, text in source.items.items():
        is_owing = "(" in item or _OBLIGES.search(text)
        if is_owing and item not in ruled and NOT_CHECKED not in text:
            found.append(
                f"`clause {item}`: it has no rule; add one, or say in its text that it is {NOT_CHECKED}"
            )
    return found
