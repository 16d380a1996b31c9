"""Which parts were in force at an entry of the ledger, and the gate as it was then (R-59).

- The ledger names every part that was put in force; what was replaced is kept under its digest, or gone.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from solely.canonical import canonical_json
from solely.ledger.commitment import job_of
from solely.ledger.entry import Entry, EntryType, decode
from solely.oversight.replay import Gone
from solely.services import Services, policy_of
from solely.steps import journal
from solely.store.gate import folder_digest
from solely.store.inputs import read_own
from solely.store.trust import read_trust, trust_files

DECIDE_BY = ("inputs", "trust", "records")
_READERS = {"trust": trust_files, "inputs": read_own}


class PartThen(NamedTuple):
    """A part that was put in force: its entry, its digest if known, and the entry that replaced it."""

    entry_index: int
    digest: str | None
    replaced: int | None


class Parts(NamedTuple):
    """Every part that the ledger put in force, by name, in order."""

    by_name: Mapping[str, Sequence[PartThen]]

    def at(self, index: int) -> dict[str, PartThen]:
        """What was in force just before an entry."""
        found = {}
        for name, several in self.by_name.items():
            before = [each for each in several if each.entry_index < index]
            if before:
                found[name] = before[-1]
        return found


def parts_of(services: Services) -> Parts:
    """Every part that was ever in force here; the digest of enrolments is known while they are kept."""
    found: dict[str, list[tuple[int, str | None]]] = {name: [] for name in DECIDE_BY}
    known = {name: [services.part_digest(name), *_kept(services, name)] for name in DECIDE_BY}
    for index, data in services.ledger.scan((EntryType.POLICY, EntryType.KEYSET), 0):
        entry = decode(data)
        for name in DECIDE_BY:
            if entry.job == job_of(services.salt_key, _key(name, index).encode()):
                found[name].append((index, _digest(services, entry, name, index, known[name])))
    return Parts({name: list(_spans(several)) for name, several in found.items()})


def _spans(several: Sequence[tuple[int, str | None]]) -> Iterator[PartThen]:
    for place, (index, digest) in enumerate(several):
        yield PartThen(index, digest, several[place + 1][0] if place + 1 < len(several) else None)


def _key(name: str, index: int) -> str:
    return f"part/{name}/{index}"


def _kept(services: Services, name: str) -> dict[str, Path]:
    """What of a part is kept from before, by its digest."""
    folder = services.folder.superseded(name)
    if name not in _READERS or not folder.is_dir():
        return {}
    return {folder_digest(_READERS[name](each)): each for each in folder.iterdir() if each.is_dir()}


def _digest(services: Services, entry: Entry, name: str, index: int, known: Sequence[str]) -> str | None:
    if entry.policy is not None:
        return entry.policy.hex()
    for digest in known:
        said = {"A": canonical_json({"part": name, "digest": digest})}
        if entry.body == journal.later_body(services, _key(name, index), said):
            return digest
    return None


def policy_then(parts: Mapping[str, PartThen], build: str) -> bytes | None:
    """Key 12 of an entry decided under these parts by that build; None when a digest is not known."""
    digests = {name: each.digest for name, each in parts.items()}
    if None in digests.values():
        return None
    return bytes.fromhex(policy_of({name: str(each) for name, each in digests.items()}, build))


def gate_then(services: Services, parts: Mapping[str, PartThen]) -> Services | Gone:
    """The gate with the enrolments and tables of then, or what of them is gone and since when."""
    found: dict[str, Path] = {}
    for name in _READERS:
        part = parts[name]
        if part.digest == services.part_digest(name):
            continue
        folder = _kept(services, name).get(part.digest or "")
        if folder is None:
            words = {"trust": "enrolments", "inputs": "tables"}[name]
            return Gone(f"the {words} of then are not kept", part.replaced)
        found[name] = folder
    trust = read_trust(found["trust"]) if "trust" in found else None
    inputs = read_own(found["inputs"]) if "inputs" in found else None
    return services.with_parts(trust, inputs)


def are_records_there(services: Services, parts: Mapping[str, PartThen]) -> bool:
    """True when the index of records that decided then is the one in force now."""
    return parts["records"].digest == services.part_digest("records")
