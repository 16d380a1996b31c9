"""Decisions by the thousand: the same bytes as `entry.encode`, from one template (property-tested equal).

- The entries of a chunk differ in seven places of fixed length and in the ordinal at their end, so the
  rest is written once. Order and salts are those of `commitment`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from solely.ledger import cbor
from solely.ledger.commitment import BODY_GROUPS, CHUNK, job_secret, permutation
from solely.ledger.entry import Entry, EntryType, encode

_ABSENT = bytes(32)
_BLOCK = 64  # SHA-256's, for the two pads of HMAC (RFC 2104)


@dataclass(frozen=True, slots=True)
class DecisionChunk:
    """What the decisions of one chunk share; `request` is the index of the batch's request entry.

    `nonces` is entropy, 16 bytes for each item. `chunk` counts from 0; chunks before it were full.
    """

    key: bytes
    job: bytes
    chunk: int
    time: int
    agreement: bytes
    policy: bytes
    request: int
    nonces: bytes


class Encoded(NamedTuple):
    """Entries in the order in which they are appended; `positions[place]` is that of an input place."""

    entries: list[bytes]
    positions: list[int]


def encode_decisions(
    head: DecisionChunk,
    request_ids: Sequence[str],
    classes: Sequence[int],
    groups: Mapping[str, Sequence[bytes]],
) -> Encoded:
    """The entries of at most 16,384 first decisions, all arguments in input order.

    `groups` holds, for each group of the body that the decisions have, one canonical content per item.
    """
    count = len(request_ids)
    assert count <= CHUNK and len(head.nonces) == 16 * count, "a chunk has 16 bytes of entropy per item"
    assert all(len(column) == count for column in (classes, *groups.values())), "columns have equal length"
    assert all(1 <= each <= 5 for each in set(classes)), "a decision is of one of five classes"
    positions = permutation(head.key, head.job, head.chunk, count)
    places = [0] * count
    for place, position in enumerate(positions):
        places[position] = place
    first = head.chunk * CHUNK
    heads = _sealed(head, request_ids, groups, places)
    cuts = _template(head)
    class_bytes = [bytes((each,)) for each in classes]
    entries = []
    nonces = head.nonces
    for position, (request, body) in enumerate(heads):
        place = places[position]
        entries.append(
            cuts[0] + request + cuts[1] + body + cuts[2] + nonces[16 * position : 16 * position + 16]
            + cuts[3] + class_bytes[place] + cuts[4] + cbor.head(0, first + position)
        )  # fmt: skip
    return Encoded(entries, positions)


def _template(head: DecisionChunk) -> list[bytes]:
    """The five constant pieces of a decision, cut where the fields of one item stand."""
    marks = [bytes((mark,)) * 32 for mark in (0xF1, 0xF2)]
    sample = encode(
        Entry(
            EntryType.DECISION, head.time, b"\xf3" * 16, marks[1], head.agreement, marks[0],
            (head.request,), 5, head.policy, None, head.job, 0,
        )
    )  # fmt: skip
    # Offsets are counted from the end, where everything but the ordinal has a fixed length.
    tail = 2 + 18 + 35  # key 16 with ordinal 0, job, policy
    class_at = len(sample) - tail - 1
    nonce_at, body_at = class_at - 1 - 16, class_at - 1 - 16 - 2 - 32
    refs = 2 + len(cbor.head(0, head.request))
    request_at = body_at - 3 - refs - 32
    spans = ((request_at, 32), (body_at, 32), (nonce_at, 16), (class_at, 1))
    cuts, start = [], 0
    for at, length in spans:
        cuts.append(sample[start:at])
        start = at + length
    return [*cuts, sample[start:-1]]


def _sealed(
    head: DecisionChunk,
    request_ids: Sequence[str],
    groups: Mapping[str, Sequence[bytes]],
    places: Sequence[int],
) -> list[tuple[bytes, bytes]]:
    """Request commitment and body root of each entry, in the order of entries."""
    sha256 = hashlib.sha256
    inner, outer = _pads(job_secret(head.key, head.job))
    columns = [(f"{group}".encode(), groups.get(group)) for group in BODY_GROUPS]
    first = head.chunk * CHUNK
    sealed = []
    for position, place in enumerate(places):
        keyed = inner.copy()
        keyed.update((first + position).to_bytes(8, "big"))
        outside = outer.copy()
        outside.update(keyed.digest())
        seed = outside.digest()
        salt = sha256(b"solely/salt/v1R" + seed).digest()
        request = sha256(b"solely/commit/v1R" + salt + request_ids[place].encode()).digest()
        body = b"solely/body/v1"
        for group, column in columns:
            if column is None:
                body += _ABSENT
                continue
            salt = sha256(b"solely/salt/v1" + group + seed).digest()
            body += sha256(b"solely/commit/v1" + group + salt + column[place]).digest()
        sealed.append((request, sha256(body).digest()))
    return sealed


def _pads(secret: bytes) -> tuple["hashlib._Hash", "hashlib._Hash"]:
    """HMAC's two hashes with their pads taken in, to be copied: one key serves many messages."""
    block = secret.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
    return inner, outer
