"""Entries: one encoding each, nothing narrower, nothing that names anybody."""

import pytest

from solely.errors import VerificationFailed
from solely.ledger import cbor
from solely.ledger.entry import Entry, EntryType, decode, encode, refs_of, time_of
from tests.support.ledgers import BUILD, LAW, SALT_KEY, digest, full_history


@pytest.mark.rule("R-55")
def test_every_kind_of_event_reads_back_as_it_was_written():
    for entry in full_history().entries:
        assert decode(encode(entry)) == entry
        assert time_of(encode(entry)) == entry.time
        if entry.type in (EntryType.DECISION, EntryType.RELEASE):
            assert refs_of(encode(entry)) == entry.refs


@pytest.mark.rule("R-82")
@pytest.mark.parametrize("key", [4, 5, 6])
def test_references_are_read_where_the_format_has_them_or_not_at_all(key):
    fields = dict(cbor.decode(encode(full_history().entries[5])))
    del fields[key]
    with pytest.raises(VerificationFailed, match="do not stand where the format has them"):
        refs_of(cbor.encode(fields))


def test_an_entry_is_a_map_with_ascending_integer_keys():
    fields = cbor.decode(encode(full_history().entries[5]))
    assert list(fields) == [1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 15, 16]


@pytest.mark.rule("R-104")
@pytest.mark.parametrize("missing", ["agreement", "policy", "request", "refs", "outcome"])
def test_a_build_cannot_write_a_decision_that_says_less(missing):
    whole = full_history().entries[5]
    with pytest.raises(AssertionError):
        encode(whole._replace(**{missing: () if missing == "refs" else None}))


@pytest.mark.rule("R-104")
@pytest.mark.parametrize("key", [4, 5, 6, 11, 12])
def test_a_decision_that_says_less_is_not_read(key):
    fields = dict(cbor.decode(encode(full_history().entries[5])))
    del fields[key]
    with pytest.raises(VerificationFailed, match=f"lacks key {key}"):
        decode(cbor.encode(fields))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xa1\x01",
        b"\xa1\x01\x01",
        b"\x80",
        b"\x01",
        b"\xa1\x18\x01\x01",  # key 1 in two bytes
        b"\xa1\x01\x19\x00\xff",  # a number of one byte in two
        b"\xa1\x01\x1a\x00\x00\xff\xff",  # of two in four
        b"\xa1\x01\x1b\x00\x00\x00\x00\xff\xff\xff\xff",  # of four in eight
        b"\xa2\x02\x01\x01\x01",  # keys unordered
        b"\xa2\x01\x01\x01\x01",  # key repeated
        b"\xbf\x01\x01\xff",  # indefinite length
        b"\xa1\x01\xf5",  # a boolean
        b"\xa1\x01\x20",  # a negative integer
        b"\xa1\x01\x61a",  # text
        b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",  # more items than bytes
        b"\x81" * 200 + b"\x01",  # nested
    ],
)
def test_what_is_not_deterministic_is_refused(data):
    with pytest.raises(VerificationFailed):
        decode(data)


def test_each_integer_has_its_shortest_head_only():
    for number in (0, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**64 - 1):
        assert cbor.decode(cbor.encode(number)) == number
    for long in (b"\x18\x17", b"\x19\x00\xff", b"\x1a\x00\x00\xff\xff", b"\x1b" + bytes(4) + b"\xff" * 4):
        with pytest.raises(VerificationFailed):
            cbor.decode(long)


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [(EntryType.DECISION, 6), (EntryType.DECISION, 0), (EntryType.DECIDED, 3), (EntryType.NOTICE, 1)],
)
def test_a_class_belongs_to_its_type(kind, outcome):
    entry = Entry(
        kind,
        1,
        bytes(16),
        bytes(32),
        agreement=LAW,
        request=bytes(32),
        refs=(0,),
        outcome=outcome,
        policy=BUILD,
    )
    with pytest.raises(AssertionError):
        encode(entry)


@pytest.mark.rule("R-57")
def test_no_identifier_salt_or_key_stands_in_an_entry():
    written = b"".join(full_history().encoded())
    for secret in (SALT_KEY, b"first-0", b"second-1", digest("a key that everybody knows")):
        assert secret not in written
