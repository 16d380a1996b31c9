"""Witness policies: what a file says, and every file that says nothing, alike in gate and verifier."""

import itertools
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from solely.errors import UsageError, VerificationFailed
from solely.ledger.checkpoint import Checkpoint, sign
from solely.ledger.note import Kind, VerifierKey, line_text, read_note
from solely.ledger.policy import parse_policy
from solely_verify import policy as outside
from solely_verify.note import cosigned_text, read_key
from solely_verify.refusal import Refusal
from tests.support.ledgers import KEY, ORIGIN, VKEY

KEYS = [Ed25519PrivateKey.from_private_bytes(bytes([number] * 32)) for number in range(1, 7)]
WITNESSES = [
    VerifierKey(f"witness.example/{number}", key.public_key().public_bytes_raw(), Kind.WITNESS)
    for number, key in enumerate(KEYS)
]
LINES = [
    f"witness w{number} {key.text()} http://127.0.0.1:{number + 1}" for number, key in enumerate(WITNESSES)
]
LOG = read_key(VKEY.text())
NOTE = sign(Checkpoint(ORIGIN, 50, bytes(range(32))), KEY)


def _policy(*lines: str) -> bytes:
    return "\n".join([*lines, ""]).encode()


def _cosigned(*numbers: int, at: int = 1_700_000_000, text: bytes | None = None) -> bytes:
    body = read_note(NOTE).text.encode() if text is None else text
    lines = [
        line_text(WITNESSES[each], at.to_bytes(8, "big") + KEYS[each].sign(cosigned_text(body, at)))
        for each in numbers
    ]
    return NOTE + "".join(lines).encode()


WELL_FORMED = {
    "none": _policy("quorum none"),
    "one": _policy(LINES[0], "quorum w0"),
    "words apart by tabs, comments, no address": _policy(
        "  # who", "", f"\tlog\t{VKEY.text()}  ", f" witness  w0\t{WITNESSES[0].text()}", "quorum w0"
    ),
    "two of three, and one more": _policy(
        *LINES[:4], "group branch 2 w0 w1 w2", "group both all branch w3", "quorum both"
    ),
    "any": _policy(*LINES[:3], "group one any w0 w1 w2", "quorum one"),
    "octets": LINES[0].replace("w0", "K\u212a", 1).encode() + b"\n# \xff\xfe\nquorum K\xe2\x84\xaa\n",
}
MALFORMED = {
    "empty": b"",
    "no quorum": _policy(LINES[0]),
    "two quorums": _policy("quorum none", "quorum none"),
    "quorum before its witness": _policy("quorum w0", LINES[0]),
    "unknown word": _policy("mirror w0", "quorum none"),
    "carriage return": _policy(LINES[0] + "\r", "quorum w0"),
    "null": b"# \0\nquorum none\n",
    "name twice": _policy(LINES[0], LINES[1].replace("w1", "w0", 1), "quorum w0"),
    "key twice": _policy(LINES[0], LINES[0].replace("w0", "w1", 1), "quorum w0"),
    "key twice under two names": _policy(
        LINES[0],
        f"witness w1 {VerifierKey('other.example', WITNESSES[0].public_key, Kind.WITNESS).text()}",
        "quorum w0",
    ),
    "a log's key as a witness": _policy(f"witness w0 {VKEY.text()}", "quorum w0"),
    "a witness's key as a log": _policy(f"log {WITNESSES[0].text()}", "quorum none"),
    "log twice": _policy(f"log {VKEY.text()}", f"log {VKEY.text()}", "quorum none"),
    "hash of another key": _policy(LINES[0].replace(WITNESSES[0].text()[20:28], "00000000"), "quorum w0"),
    "named none": _policy(LINES[0].replace("w0", "none", 1), "quorum none"),
    "group of nobody": _policy("group g all", "quorum g"),
    "group of none": _policy("group g all none", "quorum g"),
    "group of itself": _policy("group g any g", "quorum g"),
    "needs none": _policy(LINES[0], "group g 0 w0", "quorum g"),
    "needs too many": _policy(LINES[0], "group g 2 w0", "quorum g"),
    "needs +1": _policy(LINES[0], "group g +1 w0", "quorum g"),
    "needs 01": _policy(LINES[0], "group g 01 w0", "quorum g"),
    "member twice": _policy(LINES[0], "group g 1 w0 w0", "quorum g"),
    "member of two groups": _policy(LINES[0], "group g any w0", "group h any w0", "quorum g"),
    "too long": b"#" * 65_536 + b"\nquorum none\n",
}


@pytest.mark.parametrize("name", WELL_FORMED)
def test_gate_and_verifier_read_a_policy_alike(name):
    ours, theirs = parse_policy(WELL_FORMED[name]), outside.read_policy(WELL_FORMED[name])
    names = [each.name for each in ours.witnesses]
    assert names == list(theirs.witnesses)
    for count in range(len(names) + 1):
        for seen in itertools.combinations(names, count):
            assert ours.is_met(seen) == theirs.holds(seen), seen


@pytest.mark.parametrize("name", MALFORMED)
def test_gate_and_verifier_refuse_a_file_that_is_no_policy(name):
    with pytest.raises(UsageError):
        parse_policy(MALFORMED[name])
    with pytest.raises(Refusal):
        outside.read_policy(MALFORMED[name])


def test_two_of_three_and_the_court_are_what_the_words_say():
    policy = parse_policy(WELL_FORMED["two of three, and one more"])
    assert policy.is_met({"w0", "w2", "w3"})
    assert not policy.is_met({"w0", "w1", "w2"})
    assert not policy.is_met({"w0", "w3"})
    assert not policy.is_met(())


@st.composite
def _random_policy(draw):
    count = draw(st.integers(1, len(LINES)))
    free, lines = [f"w{number}" for number in range(count)], LINES[:count]
    last = free[0]
    for number in range(draw(st.integers(0, 4))):
        if not free:
            break
        members = draw(st.lists(st.sampled_from(free), min_size=1, unique=True))
        free = [each for each in free if each not in members]
        needed = draw(st.sampled_from(["all", "any", *map(str, range(1, len(members) + 1))]))
        last = f"g{number}"
        lines = [*lines, f"group {last} {needed} {' '.join(members)}"]
        free.append(last)
    return _policy(*lines, f"quorum {last}")


@given(_random_policy(), st.sets(st.sampled_from([f"w{number}" for number in range(len(LINES))])))
def test_gate_and_verifier_count_any_quorum_alike(text, seen):
    assert parse_policy(text).is_met(seen) == outside.read_policy(text).holds(seen)


@pytest.mark.rule("R-56")
def test_a_quorum_of_cosignatures_holds_and_fewer_do_not():
    text = WELL_FORMED["two of three, and one more"]
    ours, theirs = parse_policy(text), outside.read_policy(text)
    whole = _cosigned(0, 2, 3)
    assert ours.require_met(read_note(whole)) == dict.fromkeys(("w0", "w2", "w3"), 1_700_000_000)
    assert outside.require_quorum(whole, LOG, theirs) == dict.fromkeys(("w0", "w2", "w3"), 1_700_000_000)
    for short in (NOTE, _cosigned(0, 1, 2), _cosigned(3), _cosigned(0, 0, 3)):
        with pytest.raises(VerificationFailed, match="no quorum"):
            ours.require_met(read_note(short))
        with pytest.raises(Refusal, match="no quorum"):
            outside.require_quorum(short, LOG, theirs)


@pytest.mark.rule("R-56")
def test_every_byte_of_a_cosignature_counts():
    policy = WELL_FORMED["one"]
    note = _cosigned(0)
    choice = random.Random(6)
    for at in range(len(NOTE), len(note) - 1):
        changed = note[:at] + bytes((note[at] ^ choice.choice((1, 2, 4, 0x20)),)) + note[at + 1 :]
        with pytest.raises(VerificationFailed):
            parse_policy(policy).require_met(read_note(changed))
        with pytest.raises(Refusal):
            outside.require_quorum(changed, LOG, outside.read_policy(policy))


@pytest.mark.rule("R-56")
@pytest.mark.parametrize("at", [2**63, 2**64 - 1])
def test_a_time_beyond_what_a_cosignature_may_state_is_refused(at):
    policy = WELL_FORMED["one"]
    with pytest.raises(VerificationFailed):
        parse_policy(policy).require_met(read_note(_cosigned(0, at=at)))
    with pytest.raises(Refusal):
        outside.require_quorum(_cosigned(0, at=at), LOG, outside.read_policy(policy))


@pytest.mark.rule("R-56")
def test_a_cosignature_of_another_tree_is_no_cosignature_of_this_one():
    other = Checkpoint(ORIGIN, 51, bytes(32)).text().encode()
    with pytest.raises(VerificationFailed, match="line 6"):
        parse_policy(WELL_FORMED["one"]).require_met(read_note(_cosigned(0, text=other)))


def test_lines_of_unknown_witnesses_change_nothing():
    policy = parse_policy(WELL_FORMED["one"])
    assert set(policy.require_met(read_note(_cosigned(4, 0, 5)))) == {"w0"}
    with pytest.raises(VerificationFailed):
        policy.require_met(read_note(_cosigned(4, 5)))
