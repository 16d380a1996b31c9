"""Who must have seen a checkpoint before anybody acts on it (C2SP tlog-policy).

    log <vkey> [<url>]
    witness <name> <vkey> [<url>]
    group <name> all|any|<k> <name>...
    quorum <name>|none

- Names are those of this file alone. A name belongs to one group at most, so nobody counts twice.
- Octets above 127 are kept as they are; no other control character than tab and line feed stands in a file.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from solely.errors import UsageError, VerificationFailed
from solely.ledger.note import Kind, Note, VerifierKey, find_signature, parse_vkey, time_of

FILE_BYTES_MAX = 64 * 1024
LINES_MAX = 64  # of one word each: more than the 32 that every reader takes
_NONE = "none"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")


class PolicyWitness(NamedTuple):
    """A witness by its name in the file; `url` is where it takes checkpoints, if the file says so."""

    name: str
    key: VerifierKey
    url: str | None


class PolicyLog(NamedTuple):
    """A log whose checkpoints the policy is for."""

    key: VerifierKey
    url: str | None


class Group(NamedTuple):
    """Members of which `needed` must have seen a checkpoint."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as read; `quorum` is the name of a witness or group, or None where nobody is needed."""

    logs: tuple[PolicyLog, ...] = ()
    witnesses: tuple[PolicyWitness, ...] = ()
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str | None = None

    def is_met(self, seen: Collection[str]) -> bool:
        """True when the witnesses of these names make the quorum."""
        return self.quorum is None or self._has_seen(self.quorum, seen)

    def _has_seen(self, name: str, seen: Collection[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in seen
        return sum(self._has_seen(each, seen) for each in group.members) >= group.needed

    def seen(self, note: Note) -> dict[str, int]:
        """The witnesses that have cosigned a note, each with the time it states.

        Raises VerificationFailed for a line of a known witness that does not hold.
        """
        found = {each.name: find_signature(note, each.key) for each in self.witnesses}
        return {name: time_of(line.signature) for name, line in found.items() if line is not None}

    def require_met(self, note: Note) -> dict[str, int]:
        """The witnesses that have cosigned, when they make the quorum; else VerificationFailed."""
        seen = self.seen(note)
        if not self.is_met(seen):
            raise VerificationFailed(f"checkpoint: no quorum: cosigned by {_listed(seen)} only")
        return seen


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"`{each}`" for each in sorted(names)) or "nobody"


def parse_policy(data: bytes) -> Policy:
    """The policy of a file; raises UsageError that names the line at fault."""
    if len(data) > FILE_BYTES_MAX:
        raise UsageError("a witness policy is longer than 64 KiB")
    text = data.decode("utf-8", "surrogateescape")
    if _CONTROL.search(text):
        raise UsageError("a witness policy holds a control character")
    reading = _Reading()
    for number, line in enumerate(text.split("\n"), start=1):
        words = [each for each in re.split(r"[ \t]+", line) if each]
        if words and not words[0].startswith("#"):
            try:
                reading.take(words)
            except UsageError as error:
                raise UsageError(f"witness policy line {number}: {error}") from None
    if not reading.has_quorum:
        raise UsageError("a witness policy has one `quorum` line")
    return Policy(tuple(reading.logs), tuple(reading.witnesses.values()), reading.groups, reading.quorum)


class _Reading:
    """A policy while its lines are read."""

    def __init__(self) -> None:
        self.logs: list[PolicyLog] = []
        self.witnesses: dict[str, PolicyWitness] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self.has_quorum = False
        self._members: set[str] = set()

    def take(self, words: list[str]) -> None:
        """Take one line."""
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                self._log(parse_vkey(vkey), *url)
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._witness(name, parse_vkey(vkey, (Kind.WITNESS,)), *url)
            case ["group", name, needed, *members] if members:
                self._group(name, needed, members)
            case ["quorum", name]:
                self._quorum(name)
            case _:
                raise UsageError("no `log`, `witness`, `group` or `quorum` line")
        if max(len(self.logs), len(self.witnesses), len(self.groups)) > LINES_MAX:
            raise UsageError(f"more than {LINES_MAX} of one word")

    def _log(self, key: VerifierKey, url: str | None = None) -> None:
        if any(each.key.public_key == key.public_key for each in self.logs):
            raise UsageError("the same log stands twice")
        self.logs.append(PolicyLog(key, url))

    def _witness(self, name: str, key: VerifierKey, url: str | None = None) -> None:
        self._require_new(name)
        if any(each.key.public_key == key.public_key for each in self.witnesses.values()):
            raise UsageError("the same witness stands twice")
        self.witnesses[name] = PolicyWitness(name, key, url)

    def _group(self, name: str, needed: str, members: list[str]) -> None:
        self._require_new(name)
        for each in members:
            self._require_known(each)
            if each in self._members:
                raise UsageError(f"`{each}` is a member twice")
            self._members.add(each)
        count = {"any": 1, "all": len(members)}.get(needed)
        if count is None and _NUMBER.fullmatch(needed):
            count = int(needed)
        if count is None or count > len(members):
            raise UsageError("a group needs `all`, `any` or a number of its members")
        self.groups[name] = Group(count, tuple(members))

    def _quorum(self, name: str) -> None:
        if self.has_quorum:
            raise UsageError("a second `quorum`")
        if name != _NONE:
            self._require_known(name)
        self.has_quorum, self.quorum = True, None if name == _NONE else name

    def _require_new(self, name: str) -> None:
        if name == _NONE or name in self.witnesses or name in self.groups:
            raise UsageError(f"the name `{name}` is taken")

    def _require_known(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise UsageError(f"`{name}` is defined on no line before")
