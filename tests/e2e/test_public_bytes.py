"""I11: no identifier, salt or key in a public byte; two runs with one input share public fields alone."""

import base64
import hmac
import sqlite3
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from solely.ledger.commitment import BODY_GROUPS, REQUEST_GROUP, job_of, salt_from, seed_of
from solely.ledger.entry import Entry
from solely.ledger.subject import EpochKeys, open_key
from solely.store.subject_keys import read_subject_keys
from tests.e2e.test_canaries import canaries, told
from tests.e2e.test_inquiry import Asker, rows_of
from tests.support.reading import entries_of
from tests.support.world import World, build_world

pytestmark = [pytest.mark.e2e, pytest.mark.rule("R-57")]


def raw(path: Path) -> bytes:
    """The secret bytes of a private key in PEM."""
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if hasattr(key, "private_bytes_raw"):
        return key.private_bytes_raw()
    return key.private_numbers().private_value.to_bytes(32, "big")


def salts(world: World) -> set[bytes]:
    """The gate's salt key, and every salt that it gives to an entry."""
    key = bytes.fromhex((world.gate / "keys" / "salt.key").read_text())
    found = {key}
    with sqlite3.connect(world.gate / "state.sqlite") as state:
        events = [name for (name,) in state.execute("SELECT event_key FROM ledger_event")]
    events += [f"release/{row['id']}" for row in rows_of(world)]
    places = [(job_of(key, event.encode()), 0) for event in events]
    places += [(entry.job, entry.ordinal) for entry in entries_of(world) if entry.job is not None]
    for job, ordinal in places:
        found |= {salt_from(seed_of(key, job, ordinal), group) for group in BODY_GROUPS + REQUEST_GROUP}
    return found


def secrets_of(world: World) -> set[bytes]:
    """Every key and seed that the gate holds, and each person's key of whom something was released."""
    folder = world.gate / "keys"
    epoch: EpochKeys = read_subject_keys(folder / "subjects.key")
    with sqlite3.connect(folder / "release.sqlite") as keys:
        seeds = {seed for (seed,) in keys.execute("SELECT seed FROM seed")}
    people = {open_key(epoch, row["record_ref"]) for row in rows_of(world)}
    assert seeds
    assert people
    return {*epoch, raw(folder / "log.key"), *seeds, *people}


def public_bytes(world: World, *more: Path) -> bytes:
    """The ledger, the verifier's key, and receipts and answers that were given out."""
    roots = (world.gate / "ledger", *more)
    files = [path for root in roots for path in sorted(root.rglob("*")) if path.is_file()]
    return b"\n".join([(world.gate / "log.vkey").read_bytes(), *(path.read_bytes() for path in files)])


def spelled(secret: bytes) -> tuple[bytes, ...]:
    """A secret as bytes, in hexadecimal and in base64."""
    return secret, secret.hex().encode(), base64.b64encode(secret)[:-2]


def test_no_identifier_salt_or_key_stands_in_ledger_receipt_or_answer(released_world, tmp_path):
    world = released_world
    row = rows_of(world)[0]
    _, answer = Asker(world, "public").ask(row["record_ref"])
    (answer / "subject.key").rename(tmp_path / "subject.key")  # the one file that is a secret of its asker
    receipts = tmp_path / "receipts"
    receipts.mkdir()
    for number, each in enumerate(world.requests.rows[:3]):
        words = ("--gate", world.gate, "--view", "auditor", "--proof", receipts / f"{number}.txt")
        world.solely("explain", each["request_id"], *words)
    data = public_bytes(world, receipts, answer)
    shown = public_bytes(world, receipts)
    assert len(list(receipts.iterdir())) > 0
    assert not told(shown, canaries(world))
    named = {each["request_id"] for each in world.requests.rows} | {
        each["record_ref"] for each in rows_of(world)
    }
    named |= {each["investigation_id"] for each in world.requests.rows}
    assert not [each for each in named if len(each) >= 6 and each.encode() in data]
    for secret in secrets_of(world) | salts(world):
        assert not any(form in data for form in spelled(secret))


def test_a_public_tag_is_of_the_person_and_says_so_only_to_the_persons_key(released_world):
    epoch = read_subject_keys(released_world.gate / "keys" / "subjects.key")
    entries = entries_of(released_world)
    rows = rows_of(released_world)
    tags = [entries[row["entry_index"]].tag_open for row in rows]
    assert len({*tags, *(entries[row["entry_index"]].tag_sealed for row in rows)}) == 2 * len(rows)
    for row in rows:
        entry = entries[row["entry_index"]]
        key = open_key(epoch, row["record_ref"])
        assert entry.tag_open == hmac.digest(key, entry.nonce, "sha256")[:16]


def fields(entry: Entry) -> set[bytes]:
    """The strings of an entry that are no public fact: not the law's and the build's digests."""
    own = (entry.request, entry.body, entry.nonce, entry.job, entry.tag_open, entry.tag_sealed)
    package = (entry.package[:48], entry.package[48:]) if entry.package else ()
    return {each for each in (*own, *package, *entry.approvals) if each is not None}


def test_two_gates_with_the_same_input_share_no_string_but_the_laws_and_the_builds(tmp_path):
    first = build_world(tmp_path / "first", seed=5, people=600, items=60)
    second = World(first.folders, first.population, first.requests, first.today)
    seen = []
    for world in (first, second):
        if world.gate.exists():
            world.gate.rename(tmp_path / "first-gate")
        assert world.init().code == 0
        assert world.run().code == 0
        assert world.approve_by_two(world.folders.batch).result["released"] > 3
        seen.append(entries_of(world))
    one, other = ({data for entry in entries for data in fields(entry)} for entries in seen)
    assert [entry.type for entry in seen[0]] == [entry.type for entry in seen[1]]
    assert not one & other
    laws = [{entry.agreement for entry in entries if entry.agreement} for entries in seen]
    assert laws[0] == laws[1]
