"""The ledger's fast paths and their slow twins, and the writer against the reader that nobody here shares."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solely.errors import VerificationFailed
from solely.ledger import entry as writer
from solely.ledger.bulk import DecisionChunk, encode_decisions
from solely.ledger.commitment import CHUNK, body_of, job_of, permutation, request_of, seed_of
from solely.ledger.tiles import encode_bundle, split_bundle
from solely.ledger.tree import Edge, inclusion_proof, leaf_hash, root_of
from solely_verify import entries as reader
from solely_verify.cycles import Cycles
from solely_verify.log import verify_log
from solely_verify.note import read_key
from solely_verify.refusal import Findings, Refusal
from solely_verify.tree import Rebuilt, require_path
from tests.support.ledgers import BUILD, LAW, VKEY, full_history, put, signed_log

HISTORY = full_history().encoded()
keys = st.binary(min_size=32, max_size=32)
jobs = st.binary(min_size=16, max_size=16)


@pytest.mark.rule("R-55")
@given(st.data(), keys, jobs, st.integers(1, 40), st.integers(0, 300), st.integers(2**32, 2**45))
@settings(max_examples=120, deadline=None)
def test_decisions_in_bulk_are_the_bytes_of_decisions_one_by_one(data, key, job, n, chunk, time):
    request = data.draw(st.sampled_from([0, 4, 23, 24, 255, 256, 65_535, 65_536, 2**32, 2**48]))
    classes = data.draw(st.lists(st.integers(1, 5), min_size=n, max_size=n))
    names = data.draw(st.sets(st.sampled_from("ABCD")))
    texts = st.lists(st.binary(max_size=40), min_size=n, max_size=n)
    groups = {name: data.draw(texts) for name in names}
    ids = [f"REQ-{each}" for each in range(n)]
    nonces = data.draw(st.binary(min_size=16 * n, max_size=16 * n))
    head = DecisionChunk(key, job, chunk, time, LAW, BUILD, request, nonces)
    encoded = encode_decisions(head, ids, classes, groups)
    assert encoded.positions == permutation(key, job, chunk, n)
    for place, position in enumerate(encoded.positions):
        ordinal = chunk * CHUNK + position
        seed = seed_of(key, job, ordinal)
        expected = writer.Entry(
            writer.EntryType.DECISION, time, nonces[16 * position :][:16],
            body_of(seed, {name: column[place] for name, column in groups.items()}), LAW,
            request_of(seed, ids[place]), (request,), classes[place], BUILD, None, job, ordinal,
        )  # fmt: skip
        assert encoded.entries[position] == writer.encode(expected)
        assert reader.DECISION.fullmatch(encoded.entries[position])


def _accepted_by_writer(data: bytes) -> bool:
    try:
        writer.decode(data)
    except VerificationFailed:
        return False
    return True


def _accepted_by_reader(data: bytes) -> bool:
    try:
        reader.read_entry(data)
    except Refusal:
        return False
    return True


@pytest.mark.rule("R-56")
@given(st.sampled_from(HISTORY), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=3))
@settings(max_examples=1500, deadline=None)
def test_writer_and_verifier_accept_the_same_bytes_as_an_entry(data, changes):
    changed = bytearray(data)
    for at, value in changes:
        changed[at % len(changed)] = value
    assert _accepted_by_writer(bytes(changed)) == _accepted_by_reader(bytes(changed))


@given(st.binary(max_size=80))
@settings(max_examples=500, deadline=None)
def test_writer_and_verifier_agree_on_any_bytes(data):
    assert _accepted_by_writer(data) == _accepted_by_reader(data)


@pytest.mark.rule("R-56")
@given(st.integers(5, 11), st.integers(0, 220), st.integers(0, 255))
@settings(max_examples=1000, deadline=None)
def test_the_fast_reader_of_decisions_takes_nothing_that_the_slow_one_refuses(index, at, value):
    changed = bytearray(HISTORY[index])
    changed[at % len(changed)] = value
    found = reader.DECISION.fullmatch(bytes(changed))
    if not found:
        return
    slow = reader.read_entry(bytes(changed))
    time, law, request, nonce, outcome, job, ordinal = found.groups()
    assert (int.from_bytes(time, "big"), law, nonce) == (slow[3], slow[4], slow[8])
    assert [reader.read_unsigned(request)] == slow[6]
    assert (outcome[0], job, reader.read_unsigned(ordinal)) == (slow[11], slow[15], slow[16])


def _found_slowly(entries: list[bytes]) -> list[str]:
    findings = Findings()
    cycles = Cycles(findings)
    for index, data in enumerate(entries):
        cycles.take(index, reader.read_entry(data))
    return findings.listed()


def _found_fast(entries: list[bytes]) -> list[str]:
    findings = Findings()
    cycles = Cycles(findings)
    for index, data in enumerate(entries):
        found = reader.DECISION.fullmatch(data)
        if found:
            cycles.take_decision(index, found.groups())
        else:
            cycles.take(index, reader.read_entry(data))
    return findings.listed()


@pytest.mark.rule("R-56")
@given(st.permutations(range(3, 14)))
@settings(max_examples=100, deadline=None)
def test_fast_and_slow_readers_find_the_same_in_a_disordered_history(order):
    entries = HISTORY[:3] + [HISTORY[each] for each in order] + HISTORY[14:]
    fast, slow = _found_fast(entries), _found_slowly(entries)
    assert len(fast) == len(slow)
    # A decision before its request is named in other words by the slow way; the places are the same.
    assert [each.split(":")[0] for each in fast] == [each.split(":")[0] for each in slow]
    assert bool(fast) == (list(order) != sorted(order))


@given(st.lists(st.binary(min_size=3, max_size=3) | st.binary(max_size=6), max_size=12), st.data())
@settings(max_examples=400, deadline=None)
def test_a_bundle_splits_as_it_was_joined_and_not_otherwise(entries, data):
    bundle = bytearray(encode_bundle(entries))
    assert split_bundle(bytes(bundle), len(entries)) == entries
    if not bundle:
        return
    bundle[data.draw(st.integers(0, len(bundle) - 1))] = data.draw(st.integers(0, 8))
    try:
        split = split_bundle(bytes(bundle), len(entries))
    except VerificationFailed:
        return
    assert encode_bundle(split) == bytes(bundle)


@given(st.integers(1, 1200), st.data())
@settings(max_examples=60, deadline=None)
def test_the_writer_s_tiles_and_root_are_those_that_the_verifier_rebuilds(size, data):
    hashes = [leaf_hash(each.to_bytes(4, "big")) for each in range(size)]
    cuts = sorted(data.draw(st.lists(st.integers(0, size), max_size=5)))
    edge, tiles = Edge(), []
    for start, end in zip([0, *cuts], [*cuts, size], strict=True):
        tiles += edge.extend(hashes[start:end])
    rebuilt: dict[tuple[int, int], bytes] = {}
    own = Rebuilt(lambda level, place, content: rebuilt.update({(level, place): content}))
    for at in range(0, size, 256):
        own.add(hashes[at : at + 256])
    assert own.finish() == edge.root() == root_of(hashes)
    assert rebuilt == {(t.level, t.place): b"".join(t.hashes) for t in tiles + edge.partial_tiles()}


@given(st.integers(1, 400), st.data())
@settings(max_examples=100, deadline=None)
def test_the_writer_s_paths_lead_the_verifier_to_the_root(size, data):
    hashes = [leaf_hash(each.to_bytes(4, "big")) for each in range(size)]
    index = data.draw(st.integers(0, size - 1))

    def node(level: int, place: int) -> bytes:
        return root_of(hashes[place << level : (place + 1) << level])

    path = inclusion_proof(node, index, size)
    require_path(hashes[index], index, size, path, root_of(hashes))
    with pytest.raises(Refusal):
        require_path(hashes[index], index, size, [*path, path[-1] if path else bytes(32)], root_of(hashes))


@pytest.mark.rule("R-56")
@given(st.data())
@settings(max_examples=400, deadline=None)
def test_any_byte_changed_anywhere_is_refused(tmp_path_factory, data):
    files = signed_log(HISTORY)
    name = data.draw(st.sampled_from(sorted(files)))
    at = data.draw(st.integers(0, len(files[name]) - 1))
    value = files[name][at] ^ data.draw(st.integers(1, 255))
    changed = files[name][:at] + bytes((value,)) + files[name][at + 1 :]
    folder = put(files | {name: changed}, tmp_path_factory.mktemp("log"))
    report = verify_log(folder, read_key(VKEY.text()))
    assert report.findings
    assert report.findings[0].startswith(("checkpoint", "tile/", "entry "))


@pytest.mark.rule("R-57")
@given(keys, jobs, st.integers(2, 60))
@settings(max_examples=60, deadline=None)
def test_two_runs_of_the_same_input_share_no_secret_part(key, job, n):
    head = DecisionChunk(key, job, 0, 2**40, LAW, BUILD, 4, bytes(16 * n))
    other = DecisionChunk(key, job_of(key, job), 0, 2**40, LAW, BUILD, 4, bytes(16 * n))
    bodies = {
        writer.decode(each).body
        for one in (head, other)
        for each in encode_decisions(one, ["REQ"] * n, [1] * n, {"A": [b"[]"] * n}).entries
    }
    assert len(bodies) == 2 * n
