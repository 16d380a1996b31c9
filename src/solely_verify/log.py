"""A log directory, checked from the outside: signature, every entry, every tile, every life cycle.

The plan; the numbers stand again in the code:

    0  the key is a verifier key
    1  the checkpoint is signed by it, its lines are well formed, its size is below 2^48; under a policy, the
       quorum of its witnesses has cosigned it
    2  every bundle is there and holds exactly the entries that the size asks for
    3  every entry is deterministic CBOR and follows its format
    4  every entry leans on earlier ones as the life cycles say, tallies equal counts, and no nonce or
       subject tag stands twice
    5  every tile equals the one that is rebuilt from the entries
    6  the rebuilt root equals the signed one
    7  older partial files are beginnings of the present ones; other files are named
    8  a checkpoint that was kept earlier, when one is given, is a beginning of this log: the root over the
       first entries, as many as it states, is the root that it states

- Work is bounded by the files that exist, never by the size that a checkpoint states.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from solely_verify.cycles import Cycles
from solely_verify.entries import DECISION, read_entry
from solely_verify.note import Head, LogKey, read_checkpoint
from solely_verify.policy import Policy, require_quorum
from solely_verify.refusal import Findings, Refusal
from solely_verify.strays import walk
from solely_verify.tree import WIDTH, Rebuilt, cut_bundle, hash_leaf

_ENTRY_MAX = 65_535
_CHECKPOINT_MAX = 1 << 17


class Report(NamedTuple):
    """What came of it; `notes` name files that no checkpoint covers, which is no failure."""

    head: Head | None
    entries: dict[str, int]
    findings: list[str]
    notes: list[str]
    since: Head | None = None  # the kept checkpoint, when it is a beginning of this log
    cosigned: Mapping[str, int] | None = None  # the witnesses of the policy, each with its second
    before: bytes | None = None  # the last checkpoint of the log that this one continues, as entry 0 holds it
    after: bytes | None = None  # the name of the log that continues this one, as its last entry has it

    def as_json(self) -> dict[str, Any]:
        """The report as the object that `--json` prints."""
        return {
            "ok": not self.findings,
            "origin": self.head.origin if self.head else None,
            "size": self.head.size if self.head else None,
            "root": self.head.root_text if self.head else None,
            "since": self.since.size if self.since else None,
            "cosigned": None if self.cosigned is None else dict(self.cosigned),
            "entries": self.entries,
            "findings": self.findings,
            "notes": self.notes,
        }


def file_path(folder: str, place: int, width: int) -> str:
    """The path of a tile or bundle (C2SP tlog-tiles)."""
    digits = f"{place:03}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([*(f"x{each}" for each in groups[:-1]), groups[-1]])
    return f"{folder}/{name}" if width == WIDTH else f"{folder}/{name}.p/{width}"


def read_file(path: Path, limit: int) -> bytes | None:
    """The bytes of a plain file of at most `limit` bytes, or None when there is none such."""
    if path.is_symlink() or not path.is_file():
        return None
    with path.open("rb") as file:
        data = file.read(limit + 1)
    return data if len(data) <= limit else None


def verify_log(folder: Path, key: LogKey, kept: bytes | None = None, policy: Policy | None = None) -> Report:
    """The report on a log directory under a parsed key (step 0); `kept` is a checkpoint of an earlier day."""
    findings = Findings()
    note = read_file(folder / "checkpoint", _CHECKPOINT_MAX)
    try:
        if note is None:
            raise Refusal("checkpoint: no such file")
        head = read_checkpoint(note, key)  # 1
        cosigned = None if policy is None else require_quorum(note, key, policy)
    except Refusal as refusal:
        return Report(None, {}, [str(refusal)], [])
    since = _since(kept, key, head, findings)
    check = _Check(folder, head.size, findings, since.size if since else 0)
    is_whole = check.read_bundles()
    check.cycles.compare()
    root = check.rebuilt.finish() if is_whole else None
    check.report_tiles(is_right=root == head.root)
    if root is not None and root != head.root:  # 6
        findings.add("checkpoint line 3: the root over the entries is not the signed one")
    if since is not None and is_whole and check.beginning.finish() != since.root:  # 8
        findings.add(_forked(since))
        since = None
    notes = walk(folder, head.size, findings) + _noted(check.cycles)  # 7
    if since is not None and is_whole:
        notes.append(f"the kept checkpoint of {since.size} entries is a beginning of this log")
    counts, links = check.cycles.counts(), (check.links.get(0), check.links.get(head.size - 1))
    kept_head = since if is_whole else None
    return Report(head, counts, findings.listed(), notes, kept_head, cosigned, links[0], links[1])


def _noted(cycles: Cycles) -> list[str]:
    """What is no defect of a log and what its reader should know."""
    told = {
        "time(s) two custodians let releases go without the quorum of witnesses": cycles.degraded(),
        "request(s) without a tally: decisions are going on or were broken off": cycles.undecided(),
        "error(s) that a replay found have no line in the error register": cycles.unregistered(),
    }
    return [f"{number} {what}" for what, number in told.items() if number]


def _since(kept: bytes | None, key: LogKey, head: Head, findings: Findings) -> Head | None:
    """What the kept checkpoint says, or None: none was given, or a finding says why it counts for nothing."""
    if kept is None:
        return None
    try:
        since = read_checkpoint(kept, key)
    except Refusal as refusal:
        findings.add(f"kept {refusal}")
        return None
    if since.size > head.size:
        findings.add(
            f"kept checkpoint line 2: it has {since.size} entries and this log {head.size}; "
            "the end was cut off"
        )
        return None
    return since


def _forked(since: Head) -> str:
    place = f"entries 0 to {since.size - 1}" if since.size else "no entry"
    return f"kept checkpoint line 3: the root over {place} is another one here; this log is no growth of it"


def entries_of(folder: Path, size: int) -> Iterator[tuple[int, bytes]]:
    """Index and bytes of every entry of a log that was verified."""
    for place in range(-(-size // WIDTH)):
        width = min(WIDTH, size - place * WIDTH)
        path = file_path("tile/entries", place, width)
        data = read_file(folder / path, width * (_ENTRY_MAX + 2))
        entries = None if data is None else cut_bundle(data, width)
        if entries is None:
            raise Refusal(f"entry bundle {path}: it changed while it was read")
        yield from enumerate(entries, place * WIDTH)


class _Check:
    """One pass over the bundles, in order."""

    def __init__(self, folder: Path, size: int, findings: Findings, since: int) -> None:
        self._folder, self._size, self._findings, self._since = folder, size, findings, since
        self.beginning = Rebuilt(lambda level, place, data: None)  # of the entries before `since`
        self.cycles = Cycles(findings)
        self.links: dict[int, bytes] = {}  # entries that name another log (key 18)
        self.rebuilt = Rebuilt(self._compare_tile)
        self._unequal: list[tuple[str, str, int]] = []

    def read_bundles(self) -> bool:
        """True when every bundle is there and whole; the first that is not ends the pass."""
        if not self._size:
            self._findings.add("checkpoint line 2: no entry is signed, and a log begins with `genesis`")
        for place in range(-(-self._size // WIDTH)):
            width = min(WIDTH, self._size - place * WIDTH)
            path = file_path("tile/entries", place, width)
            data = read_file(self._folder / path, width * (_ENTRY_MAX + 2))
            entries = None if data is None else cut_bundle(data, width)
            if entries is None:  # 2
                what = (
                    "missing, or larger than it can be"
                    if data is None
                    else f"its lengths do not lead to exactly {width} entries"
                )
                self._findings.add(f"entry bundle {path}: {what}")
                return False
            self._read_entries(place * WIDTH, entries)
            leaves = [hash_leaf(each) for each in entries]
            self.rebuilt.add(leaves)
            if place * WIDTH < self._since:
                self.beginning.add(leaves[: self._since - place * WIDTH])
        return True

    def _read_entries(self, first: int, entries: list[bytes]) -> None:
        match, take = DECISION.fullmatch, self.cycles.take_decision
        for index, data in enumerate(entries, first):
            found = match(data)
            if found:
                take(index, found.groups())  # type: ignore[arg-type]
                continue
            try:
                entry = read_entry(data)
                if 18 in entry:
                    self.links[index] = entry[18]
                self.cycles.take(index, entry)  # 3, 4
            except Refusal as refusal:
                self._findings.add(f"entry {index}: {refusal}")
                self.cycles.skip(index)

    def _compare_tile(self, level: int, place: int, expected: bytes) -> None:
        width = len(expected) // 32
        path = file_path(f"tile/{level}", place, width)
        held = read_file(self._folder / path, len(expected))
        if held == expected:  # 5
            return
        if held is None or len(held) != len(expected):
            what = "missing, or larger than it can be" if held is None else f"not exactly {width} hashes"
            self._findings.add(f"{path}: {what}")
            return
        if len(self._unequal) < 50:
            at = next(at for at in range(width) if held[at * 32 :][:32] != expected[at * 32 :][:32])
            self._unequal.append((path, file_path("tile/entries", place, width), place * WIDTH + at))

    def report_tiles(self, *, is_right: bool) -> None:
        """Say of unequal tiles which side is wrong: with the signed root, the entries speak the truth."""
        is_leaf_known = any(path.startswith("tile/0/") for path, _, _ in self._unequal)
        for path, bundle, index in self._unequal:
            if is_right or not is_leaf_known:
                self._findings.add(f"{path}: hash {index % WIDTH} is not that of the entries")
            elif path.startswith("tile/0/"):
                self._findings.add(f"entry {index} in entry bundle {bundle}: not the entry that {path} holds")
