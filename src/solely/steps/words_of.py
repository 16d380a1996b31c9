"""The words behind entries of decisions and releases, each held against its entry before it is shown (R-82).

- A first decision's words stand in the file of its chunk, an item's last decision in its case, a release's in
  its row; what an entry commits to and these do not give stops the gate.
- Salts grow from the gate's key; that of what left grows from the release's own key, and goes with it.
"""

from bisect import bisect_right
from collections.abc import Mapping
from typing import Any, NamedTuple

from solely.canonical import canonical_json
from solely.decision.evidence import decision_groups, reasons_again
from solely.errors import Blocked
from solely.ledger.commitment import REQUEST_GROUP, body_root, commit, content_seed, salt_from, seed_of
from solely.ledger.entry import Entry, EntryType
from solely.model import Decision, Disposition
from solely.services import Services
from solely.steps import held, journal
from solely.steps.deciding import chunk_path, evidence_groups, require_kept
from solely.store import shredding

Row = Mapping[str, Any]
_STORED = (
    "row, request_id, disposition, reasons, rules, record_ref::VARCHAR, "
    "item_sha256, explanation, counts, place"
)


class Word(NamedTuple):
    """One group of an entry: its commitment, and what opens it; `opening` is content and salt, or None."""

    commitment: bytes
    opening: tuple[bytes, bytes] | None


class WordsOf:
    """The words of a gate's entries, asked for by index in rising order; one chunk is held at a time."""

    def __init__(self, services: Services) -> None:
        self._services = services
        with services.database.transaction() as tx:
            batches = services.cases.list_batches(tx)
            chunks = [each for batch in batches for each in services.cases.chunks(tx, batch["id"])]
            cases = [each for batch in batches for each in services.cases.list_cases(tx, batch["id"])]
            releases = [each for batch in batches for each in services.cases.releases(tx, batch["id"])]
        self._chunks = sorted(chunks, key=lambda each: int(each["first_index"]))
        self._starts = [each["first_index"] for each in self._chunks]
        self._later = {each["decision_index"]: each for each in cases if each["decision_key"] is not None}
        held.require_every_release(services)
        held.require_released(services, releases)
        self._releases = {each["entry_index"]: each for each in releases}
        self._held: tuple[int, dict[int, tuple[str, dict[str, bytes]]]] = (-1, {})

    def find(self, index: int, entry: Entry) -> dict[str, Word] | None:
        """The groups of an entry by letter; None when no words of it are kept. Blocked if they differ."""
        if entry.type is EntryType.RELEASE and index in self._releases:
            return self._of_release(entry, self._releases[index])
        if entry.type is not EntryType.DECISION:
            return None
        if index in self._later:
            case = self._later[index]
            seed = journal.seed_of_event(self._services, case["decision_key"])
            return _required(entry, seed, case["request_id"], evidence_groups(case["evidence"]))
        place = bisect_right(self._starts, index) - 1
        found = self._chunk(place).get(index) if place >= 0 and len(entry.refs) == 1 else None
        if found is None:
            return None
        job = journal.decision_job(self._services, self._chunks[place]["batch_id"])
        return _required(entry, seed_of(self._services.salt_key, job, entry.ordinal or 0), *found)

    def _chunk(self, place: int) -> dict[int, tuple[str, dict[str, bytes]]]:
        if self._held[0] != place:
            chunk = self._chunks[place]
            require_kept(self._services, chunk)
            path = chunk_path(self._services, chunk["batch_id"], chunk["number"], "decisions")
            rows = self._services.files.read(path, _STORED)
            self._held = place, {chunk["first_index"] + row[-1]: _decided(row) for row in rows}
        return self._held[1]

    def _of_release(self, entry: Entry, row: Row) -> dict[str, Word]:
        seed = journal.seed_of_event(self._services, f"release/{row['id']}")
        identity = held.release_identity(row["record_ref"], row["row"])
        words = _words(seed, {**identity, REQUEST_GROUP: row["request_id"].encode()})
        digests = canonical_json(held.digests_of(row))
        if entry.tag_open is None:  # version 1: the gate's key opens it
            return words | _words(seed, {"C": digests})
        kept = self._services.release_keys.find(row["id"])
        if kept is None:
            with self._services.database.transaction() as tx:
                return words | {"C": Word(shredding.contents(tx, [row["id"]])[row["id"]], None)}
        return words | _words(content_seed(kept), {"C": digests})


def _decided(row: tuple[Any, ...]) -> tuple[str, dict[str, bytes]]:
    number, request_id, disposition, reasons, rules, record_ref, item, explanation, counts, _ = row
    decision = Decision(number, request_id, Disposition(disposition), reasons_again(reasons, rules))
    return request_id or "", decision_groups(decision, item, record_ref, explanation, counts=counts)


def _words(seed: bytes, groups: Mapping[str, bytes]) -> dict[str, Word]:
    salts = {group: salt_from(seed, group) for group in groups}
    return {
        group: Word(commit(group, salts[group], content), (content, salts[group]))
        for group, content in groups.items()
    }


def _required(entry: Entry, seed: bytes, request_id: str, groups: Mapping[str, bytes]) -> dict[str, Word]:
    words = _words(seed, {**groups, REQUEST_GROUP: request_id.encode()})
    body = body_root({group: each.commitment for group, each in words.items() if group != REQUEST_GROUP})
    if (body, words[REQUEST_GROUP].commitment) != (entry.body, entry.request):
        raise Blocked("STATE_EDITED", "the words of a decision differ from its ledger entry")
    return words
