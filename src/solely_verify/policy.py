"""A trust policy (C2SP tlog-policy): which witnesses must have cosigned a checkpoint.

Read here on its own: lines `log`, `witness`, `group` and one `quorum`, names defined before they are used,
a name in one group at most. What cannot be read counts as no policy and is refused.
"""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from solely_verify.note import ECDSA, ED25519, WITNESS, LogKey, cosigned_at, cut_note, read_key, signed_by
from solely_verify.refusal import Refusal

_BYTES_MAX = 65_536
_NAMES_MAX = 64
_FORBIDDEN = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]")


class Policy(NamedTuple):
    """Logs and witnesses by key, and the quorum as a tree of (needed, members)."""

    logs: tuple[LogKey, ...]
    witnesses: Mapping[str, LogKey]
    groups: Mapping[str, tuple[int, tuple[str, ...]]]
    quorum: str

    def holds(self, seen: Collection[str]) -> bool:
        """True when these witnesses are enough."""
        return self.quorum == "none" or self._saw(self.quorum, seen)

    def _saw(self, name: str, seen: Collection[str]) -> bool:
        if name in self.witnesses:
            return name in seen
        needed, members = self.groups[name]
        return len([each for each in members if self._saw(each, seen)]) >= needed


class _Read(NamedTuple):
    """What the lines so far have defined."""

    logs: list[LogKey]
    witnesses: dict[str, LogKey]
    groups: dict[str, tuple[int, tuple[str, ...]]]
    quorums: list[str]


def read_policy(data: bytes) -> Policy:
    """The policy of a file's bytes; Refusal names the line."""
    if len(data) > _BYTES_MAX or _FORBIDDEN.search(data):
        raise Refusal("policy: longer than 64 KiB, or with a control character")
    read = _Read([], {}, {}, [])
    # Octets are kept one to one, so names stay apart as they are in the file.
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        words = [each for each in line.replace("\t", " ").split(" ") if each]
        try:
            if words and words[0][0] != "#":
                _take(words, *read)
        except Refusal as refusal:
            raise Refusal(f"policy line {number}: {refusal}") from None
    if not read.quorums:
        raise Refusal("policy: no quorum line")
    return Policy(tuple(read.logs), read.witnesses, read.groups, read.quorums[0])


def _take(
    words: list[str],
    logs: list[LogKey],
    witnesses: dict[str, LogKey],
    groups: dict[str, tuple[int, tuple[str, ...]]],
    quorums: list[str],
) -> None:
    match words:
        case ["log", text] | ["log", text, _]:
            _add_log(logs, text)
        case ["witness", name, text] | ["witness", name, text, _]:
            _require_free(name, witnesses, groups)
            _add_witness(witnesses, name, text)
        case ["group", name, needed, *members] if members:
            _require_free(name, witnesses, groups)
            groups[name] = _group(needed, members, witnesses, groups)
        case ["quorum", name] if not quorums and (name in {"none", *witnesses, *groups}):
            quorums.append(name)
        case _:
            raise Refusal("not a line of a policy, or one that names what is not defined before")


def _add_log(logs: list[LogKey], text: str) -> None:
    key = read_key(text, (ED25519, ECDSA))
    if len(logs) == _NAMES_MAX or any(each.key == key.key for each in logs):
        raise Refusal("the log stands twice, or there are too many")
    logs.append(key)


def _add_witness(witnesses: dict[str, LogKey], name: str, text: str) -> None:
    key = read_key(text, (WITNESS,))
    if len(witnesses) == _NAMES_MAX or any(each.key == key.key for each in witnesses.values()):
        raise Refusal("the witness stands twice, or there are too many")
    witnesses[name] = key


def _require_free(name: str, *defined: Collection[str]) -> None:
    if name == "none" or any(name in each for each in defined):
        raise Refusal("the name is taken")


def _group(
    needed: str,
    members: list[str],
    witnesses: Collection[str],
    groups: Mapping[str, tuple[int, tuple[str, ...]]],
) -> tuple[int, tuple[str, ...]]:
    taken = {each for _, others in groups.values() for each in others}
    if len(groups) == _NAMES_MAX or len({*members}) != len(members) or taken & {*members}:
        raise Refusal("a member stands twice, or there are too many groups")
    if not all(each in witnesses or each in groups for each in members):
        raise Refusal("a member is not defined before")
    counts = {"any": 1, "all": len(members)} | {str(count): count for count in range(1, len(members) + 1)}
    if needed not in counts:
        raise Refusal("not `all`, `any` or a number of its members")
    return counts[needed], tuple(members)


def require_quorum(note: bytes, key: LogKey, policy: Policy) -> dict[str, int]:
    """The witnesses that cosigned `note`, each with its second, when they are enough; else Refusal.

    `key` is the log's; a policy that names logs must name it.
    """
    if policy.logs and key.key not in [each.key for each in policy.logs]:
        raise Refusal("policy: it does not name the log of the given key")
    text, lines = cut_note(note)
    found = {name: signed_by(key, text, lines) for name, key in policy.witnesses.items()}
    seen = {name: cosigned_at(line.signature) for name, line in found.items() if line}
    if not policy.holds(seen):
        named = ", ".join(sorted(seen)) or "nobody"
        raise Refusal(f"checkpoint: cosigned by {named}, which is no quorum of the policy")
    return seen
