"""Checkpoints: what is signed, and every way in which a note is not the one that was signed."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from solely.errors import UsageError, VerificationFailed
from solely.ledger.checkpoint import Checkpoint, sign, verify
from solely.ledger.note import VerifierKey, parse_vkey, verifier_key
from tests.support.ledger_defects import DEFECTS
from tests.support.ledgers import KEY, ORIGIN, OTHER_KEY, VKEY

NOTE = sign(Checkpoint(ORIGIN, 50, bytes(range(32))), KEY)


def test_the_verifier_key_of_the_go_checksum_database_has_the_hash_that_it_states():
    # The key of sum.golang.org, as the Go toolchain ships it: an outside example of the format.
    text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    key = parse_vkey(text)
    assert (key.name, key.key_hash.hex()) == ("sum.golang.org", "033de0ae")
    assert key.text() == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000+AAAA",
        VKEY.text().replace("+", "+0", 1),
        VKEY.text()[:-1] + "!",
        VKEY.text().replace(ORIGIN, "solely.example/other"),
        VKEY.text().replace(ORIGIN, "two words"),
    ],
)
def test_a_malformed_verifier_key_is_refused(text):
    with pytest.raises(UsageError):
        parse_vkey(text)


def test_a_checkpoint_reads_as_signed():
    assert verify(NOTE, VKEY) == Checkpoint(ORIGIN, 50, bytes(range(32)))


@pytest.mark.rule("R-56")
def test_every_byte_of_a_checkpoint_counts():
    for at in range(len(NOTE)):
        for bit in (1, 0x20):
            changed = NOTE[:at] + bytes((NOTE[at] ^ bit,)) + NOTE[at + 1 :]
            with pytest.raises(VerificationFailed):
                verify(changed, VKEY)


def test_a_line_of_an_unknown_key_never_changes_the_verdict():
    other = sign(Checkpoint(ORIGIN, 50, bytes(range(32))), OTHER_KEY).split(b"\n")[-2]
    assert verify(NOTE + other + b"\n", VKEY).size == 50
    with pytest.raises(VerificationFailed):
        verify(b"\n".join([*NOTE.split(b"\n")[:4], other, b""]), VKEY)


def test_too_many_lines_and_too_long_notes_are_refused():
    line = NOTE.split(b"\n")[-2] + b"\n"
    with pytest.raises(VerificationFailed):
        verify(NOTE + line * 64, VKEY)
    with pytest.raises(VerificationFailed):
        verify(NOTE + b"x" * 65_536, VKEY)


@pytest.mark.rule("R-56")
@pytest.mark.parametrize("size", [2**48 + 1, 2**62, 2**64])
def test_a_signed_size_beyond_the_cap_is_refused(size):
    with pytest.raises(VerificationFailed, match="line 2"):
        verify(sign(Checkpoint(ORIGIN, size, bytes(32)), KEY), VKEY)


NOTE_DEFECTS = sorted(
    name
    for name in DEFECTS
    # The others cannot be seen from the note alone.
    if name.startswith("checkpoint-")
    and name not in ("checkpoint-missing", "checkpoint-signed-other-root", "checkpoint-signed-size-2-40")
)


@pytest.mark.rule("R-56")
@pytest.mark.parametrize("name", NOTE_DEFECTS)
def test_the_gate_s_own_reader_refuses_the_vectors_too(name):
    with pytest.raises(VerificationFailed):
        verify(DEFECTS[name][0]()["checkpoint"], VKEY)


def test_the_key_s_name_is_the_origin():
    stranger = verifier_key("solely.example/other", KEY)
    with pytest.raises(VerificationFailed):
        verify(NOTE, stranger)
    assert isinstance(verifier_key(ORIGIN, Ed25519PrivateKey.generate()), VerifierKey)
