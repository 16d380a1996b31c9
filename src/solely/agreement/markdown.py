"""The outer form of a law file: front matter, prose items and fences, cut apart without reading any rule.

- The signed thing is the document that counsel read, so its bytes are taken as they are: UTF-8, NFC, LF.
- Front matter is TOML between `+++` lines. A fence is `rule`, `cases` or `schedule` with a name, no other.
- `## Clause 2. Title` opens a clause, a paragraph that begins `(a)` is its item 2(a); a rule names an item.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from solely.agreement.refusals import cure_of_unreadable
from solely.errors import AgreementRefused

NOT_CHECKED = "not machine-checked"
BYTES_MAX = 1_000_000
_FENCE = re.compile(r"```(rule|cases|schedule) (\S{1,64})")
_HEADING = re.compile(r"## Clause ([0-9]{1,3})\. \S.*")
_ITEM = re.compile(r"\(([a-z]{1,3})\) \S.*")
_CLAUSE_ID = re.compile(r"[0-9]{1,3}(?:\([a-z]{1,3}\)(?:\([0-9]{1,2}\))?)?")
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")
# What some readers of the text would see and others not: markup, comments, a rule's own lines.
_MARKUP = re.compile(r"<[A-Za-z/!?]|^ {0,3}\[[^\]]*\]:|!\[")
_CODE = re.compile(r"(?:stage|scope|otherwise|unknown|say|cite|element|code|rules|also covered by): ")
_OBLIGES = re.compile(r"\b(shall|only|must)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fence:
    """One fence: its kind, its name, the text inside, and the line on which it opens."""

    kind: str
    name: str
    text: str
    line: int

    @property
    def place(self) -> str:
        """The fence as a refusal names it, with the line on which it opens."""
        word = "clause" if self.kind == "rule" else self.kind
        return f"`{word} {self.name}`, line {self.line}"


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
    """The text of a law file; raises AgreementRefused, with the line, for what its reader could not tell."""
    if len(data) > BYTES_MAX:
        raise AgreementRefused(
            f"`file`: it has more than {BYTES_MAX:,} bytes; leave annexes out, or cite them"
        )
    if data.startswith(b"\xef\xbb\xbf"):
        raise AgreementRefused("`line 1`: it begins with a byte order mark; save it as UTF-8 without one")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AgreementRefused(f"`line {line}`: it is not UTF-8; save the file as UTF-8") from None
    for number, line_text in enumerate(text.split("\n"), start=1):
        unreadable = _unreadable(line_text)
        if unreadable:
            raise AgreementRefused(f"`line {number}`: {unreadable}")
    return text


def _unreadable(line: str) -> str:
    if "\r" in line:
        return "it has a carriage return; save the file with LF line ends"
    if unicodedata.normalize("NFC", line) != line:
        return "it is not in Unicode form NFC; normalize the file before it is signed"
    found = cure_of_unreadable(line)
    return f"it holds {found}" if found else ""


def parse_source(data: bytes) -> Source:
    """The parts of a law file; raises AgreementRefused where its outer form is broken."""
    lines = read_text(data).split("\n")
    end = _front_matter_end(lines)
    source = Source(parsed_toml("\n".join(lines[1:end]), "`front matter`", 2))
    _cut_body(source, lines, end + 1)
    _require_unique(source)
    return source


def parsed_toml(text: str, place: str, first_line: int) -> dict[str, Any]:
    """The table that a TOML text states; raises AgreementRefused naming place and line."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of many digits, brackets of many levels
        found = _AT_LINE.search(str(error))
        line = f", line {int(found[1]) + first_line - 1}" if found and found[1] else ""
        words = _AT_LINE.sub("", str(error))[:80].lower()
        cure = (
            "state each entry once" if "overwrite" in words or "declare" in words else "write `key = value`"
        )
        raise AgreementRefused(f"{place}{line}: it is not TOML ({words}); {cure}") from None


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

    def read(self, line: str, number: int) -> None:
        heading, item = _HEADING.fullmatch(line), _ITEM.fullmatch(line)
        if heading:
            self._open(heading[1], "", number)
            self._clause = heading[1]
        elif line.startswith("## "):
            self._clause = self._item = ""
        elif item and self._clause:
            self._open(f"{self._clause}({item[1]})", line, number)
        elif not line.strip():
            self._item = self._clause
        elif self._item:
            self._items[self._item] = f"{self._items[self._item]} {line}".strip()

    def _open(self, item: str, text: str, number: int) -> None:
        if item in self._items:
            raise AgreementRefused(f"`clause {item}`, line {number}: its item stands twice; number it anew")
        self._items[item], self._item = text, item


def _cut_body(source: Source, lines: list[str], start: int) -> None:
    prose, at = _Prose(source.items), start
    while at < len(lines):
        if lines[at].startswith("```"):
            at = _read_fence(source, lines, at)
        else:
            _require_prose(lines[at], at + 1)
            prose.read(lines[at], at + 1)
        at += 1


def _require_prose(line: str, number: int) -> None:
    if "```" in line or "~~~" in line:
        raise AgreementRefused(f"`line {number}`: a fence opens with ``` at the start of its line")
    if _CODE.match(line.lstrip(" >*-")):
        raise AgreementRefused(
            f"`line {number}`: a line of a rule stands outside its fence; open one with ```rule and its id"
        )
    if _MARKUP.search(line):
        raise AgreementRefused(
            f"`line {number}`: it holds markup or a comment, which a reader does not see; write plain text"
        )


def _read_fence(source: Source, lines: list[str], at: int) -> int:
    opening = _FENCE.fullmatch(lines[at])
    if opening is None:
        raise AgreementRefused(
            f"`line {at + 1}`: a fence is `rule`, `cases` or `schedule` and has a name, as ```rule 2(a)"
        )
    fence = Fence(opening[1], opening[2], "", at + 1)
    end = at + 1
    while end < len(lines) and not lines[end].startswith("```"):
        end += 1
    if end == len(lines) or lines[end] != "```":
        raise AgreementRefused(f"{fence.place}: the fence is not closed; end it with a line ```")
    source.fences.append(replace(fence, text="\n".join(lines[at + 1 : end])))
    return end


def _require_unique(source: Source) -> None:
    seen: dict[tuple[str, str], int] = {}
    for fence in source.fences:
        first = seen.setdefault((fence.kind, fence.name), fence.line)
        if first != fence.line:
            raise AgreementRefused(f"{fence.place}: the id stands in line {first} already; give it another")


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
            start, at = at, _end_of_prose(lines, at)
            blocks.append(_prose_block(lines[start : at + 1], clause))
        at += 1
    return blocks


def _end_of_prose(lines: list[str], at: int) -> int:
    while at + 1 < len(lines) and lines[at + 1].strip() and not lines[at + 1].startswith(("```", "#")):
        at += 1
    return at


def _prose_block(lines: list[str], clause: str) -> Block:
    item = _ITEM.fullmatch(lines[0])
    name = f"{clause}({item[1]})" if item and clause else ""
    return Block("prose", name, " ".join(line.strip() for line in lines))


def binding_findings(source: Source) -> list[str]:
    """What does not fit between prose and rules: a rule without its item, an item without its rule."""
    rules = {fence.name: fence for fence in source.fences if fence.kind == "rule"}
    cases = {fence.name: fence for fence in source.fences if fence.kind == "cases"}
    found = []
    for name, fence in sorted(rules.items()):
        if not _CLAUSE_ID.fullmatch(name):
            found.append(f"{fence.place}: an id is written 2, 2(c) or 2(c)(1)")
        elif item_of(name) not in source.items:
            found.append(f"{fence.place}: no item `{item_of(name)}` stands in the prose; write what it says")
        if name not in cases:
            found.append(f"{fence.place}: it has no cases; add a fence `cases {name}`")
    found += [
        f"{fence.place}: there is no rule of that id; add one, or correct the id"
        for name, fence in sorted(cases.items())
        if name not in rules
    ]
    ruled = {item_of(each) for each in rules}
    for item, text in source.items.items():
        is_owing = "(" in item or _OBLIGES.search(text)
        if is_owing and item not in ruled and NOT_CHECKED not in text:
            found.append(
                f"`clause {item}`: it has no rule; add one, or say in its text that it is {NOT_CHECKED}"
            )
    return found
