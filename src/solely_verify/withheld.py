"""What a line of an export opens, and why the rest stays closed: held against its entry, scope by scope.

- An entry commits to the groups of its type (docs/formats/export.md); each of them is opened, or closed for a
  reason that fits the scope. So nothing is left out in silence.
- Every opened group gives the commitment in its entry.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

from solely_verify.entries import TYPES, read_entry
from solely_verify.note import from_base64
from solely_verify.refusal import Findings, Refusal

OPENS: Mapping[str, str] = {
    "committee": "A", "auditor": "A", "inspector-general": "ABR", "court": "ABCR", "public": "",
}  # fmt: skip
_OF_TYPE = {"decision": "ABDR", "release": "BCR"}
_ABSENT = bytes(32)


class Groups:
    """Holds the groups of each line against its entry, and counts what is opened and what is withheld."""

    def __init__(self, findings: Findings, header: Mapping[str, Any]) -> None:
        self._findings, self._header = findings, header
        scope, opens = header["scope"], header["opens"]
        if not isinstance(scope, str) or scope not in OPENS:
            raise Refusal("export.json `scope`: no scope of an export")
        if not isinstance(opens, str) or opens != "".join(sorted(set(opens) & set(OPENS[scope]))):
            raise Refusal(f"export.json `opens`: not groups that the scope `{scope}` opens, in order")
        self._scope, self._opens = OPENS[scope], opens
        self.lines = 0
        self.opened: Counter[str] = Counter()
        self._withheld: Counter[tuple[str, str]] = Counter()

    def add(self, place: str, data: bytes, line: Mapping[str, Any]) -> Mapping[int, Any] | None:
        """The keys of an entry whose groups were held against it; what does not hold is a finding."""
        self.lines += 1
        try:
            fields = read_entry(data)
            self._require_groups(fields, line)
        except Refusal as refusal:
            self._findings.add(f"{place}: {refusal}")
            return None
        return fields

    def _require_groups(self, fields: Mapping[int, Any], line: Mapping[str, Any]) -> None:
        groups, withheld, word = line["groups"], line["withheld"], TYPES[fields[2]]
        due = set(_OF_TYPE.get(word, "AR" if 5 in fields else "A"))
        if not isinstance(groups, dict) or not isinstance(withheld, dict):
            raise Refusal("no groups, or no index of what is withheld")
        if (set(groups) | set(withheld)) - due:
            raise Refusal(f"it names a group that `{word}` does not have")
        opened = {group for group, each in groups.items() if isinstance(each, dict) and "content" in each}
        if set(groups) - opened - set(withheld):
            raise Refusal("a group is closed without a reason")
        for group in sorted(due):
            self._require_told(group, word, (group in opened, withheld.get(group)))
        self._require_commitments(fields, groups)
        self.opened.update(opened)
        self._withheld.update(withheld.items())

    def _require_told(self, group: str, word: str, told: tuple[bool, object]) -> None:
        """Return when a group is opened to the scope, or closed for a reason that fits; else Refusal."""
        is_opened, why = told
        if is_opened and (why is not None or group not in self._opens):
            raise Refusal(f"group {group} is opened, and withheld or not open to the scope")
        if is_opened:
            return
        if why is None:
            raise Refusal(f"group {group} is neither opened nor withheld with a reason")
        if why not in self._reasons(group, word):
            raise Refusal(f"group {group} is withheld for a reason that does not fit it")

    def _reasons(self, group: str, word: str) -> tuple[str, ...]:
        """The reasons for which this group of such an entry may be closed."""
        if group not in self._opens:
            return ("internal",) if group == "D" else ("not-asked" if group in self._scope else "scope",)
        if word not in _OF_TYPE:
            return ("act",)
        return ("not-kept", "destroyed") if (word, group) == ("release", "C") else ("not-kept",)

    def _require_commitments(self, fields: Mapping[int, Any], groups: Mapping[str, Any]) -> None:
        found = {group: _commitment(group, each) for group, each in groups.items()}
        request = found.pop("R", None)
        if request is not None and request != fields.get(5):
            raise Refusal("group R: its content and salt do not give key 5")
        body = hashlib.sha256(b"solely/body/v1" + b"".join(found.get(each, _ABSENT) for each in "ABCD"))
        if found and body.digest() != fields[7]:
            raise Refusal(f"groups {', '.join(sorted(found))}: they do not give the body of the entry")

    def require_index(self) -> None:
        """Return when the header's counts and reasons are those of the lines; else Refusal."""
        header, index = self._header, dict[str, dict[str, int]]()
        for (group, why), number in self._withheld.items():
            index.setdefault(group, {})[why] = number
        if not _same(header["withheld"], index) or not _same(header["entries"], self.lines):
            raise Refusal("export.json: its index of what is withheld is not that of the lines")
        if not _same(header["opened"], dict(self.opened)):
            raise Refusal("export.json `opened`: not the number of groups that the lines open")
        reasons, named = header["reasons"], {why for _, why in self._withheld}
        if not isinstance(reasons, dict) or set(reasons) != named:
            raise Refusal("export.json `reasons`: not the reasons of its index")
        if not all(isinstance(words, str) and words.strip() for words in reasons.values()):
            raise Refusal("export.json `reasons`: a reason of its index has no words")


def _same(stated: object, found: object) -> bool:
    """Equality in which `true` is no 1."""
    if isinstance(stated, dict) and isinstance(found, dict):
        return stated.keys() == found.keys() and all(_same(stated[key], found[key]) for key in found)
    return type(stated) is type(found) and stated == found


def _commitment(group: str, shown: object) -> bytes:
    if not isinstance(shown, dict):
        raise Refusal(f"group {group}: neither opened nor a commitment")
    if set(shown) == {"commitment"} and group != "R":
        return read_bytes(shown["commitment"], f"group {group}", 32)
    if set(shown) != {"content", "salt"} or not isinstance(shown["content"], str):
        raise Refusal(f"group {group}: neither content with its salt nor a commitment")
    salt = read_bytes(shown["salt"], f"group {group}: its salt", 32)
    try:
        content = shown["content"].encode()
    except UnicodeEncodeError:
        raise Refusal(f"group {group}: its content is no text") from None
    return hashlib.sha256(b"solely/commit/v1" + group.encode() + salt + content).digest()


def read_bytes(value: object, place: str, length: int | None = None) -> bytes:
    """The bytes of a text in base64; Refusal naming the place when it is none, or of another length."""
    data = from_base64(value, length) if isinstance(value, str) else None
    if data is None:
        raise Refusal(f"{place}: no base64" + ("" if length is None else f" of {length} bytes"))
    return data
