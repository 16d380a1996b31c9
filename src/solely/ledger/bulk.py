"""Decisions by the thousand: the same bytes as `entry.encode`, from one template (property-tested equal).

- The entries of a chunk differ in seven places of fixed length and in the ordinal at their end, so the
  rest is written once. Order and salts are those of `commitment`.
"""

import hashlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import NamedTuple

from solely.ledger import cbor
from solely.ledger.commitment import (
    ABSENT,
    BODY,
    BODY_GROUPS,
    CHUNK,
    COMMIT,
    REQUEST_GROUP,
    SALT,
    job_secret,
    permutation,
)
from solely.ledger.entry import Entry, EntryType, encode

_MARKS = [bytes((each,)) for each in range(6)]  # of the classes of a decision
_BLOCK = 64  # SHA-256's, for the two pads of HMAC (RFC 2104)


@dataclass(frozen=True, slots=True)
class DecisionChunk:
    """What the decisions of one chunk share; `request` is the index of the batch's request entry.

    `nonces` is entropy, 16 bytes for each item. `chunk` counts from 0; chunks before it were full. `done` is
    how many of the chunk's own decisions stand in the log already.
    """

    key: bytes
    job: bytes
    chunk: int
    time: int
    agreement: bytes
    policy: bytes
    request: int
    nonces: bytes
    done: int = 0


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
    assert head.done + count <= CHUNK, "a chunk is not longer"
    assert len(head.nonces) == 16 * count, "a chunk has 16 bytes of entropy per item"
    assert all(len(column) == count for column in (classes, *groups.values())), "columns have equal length"
    assert all(1 <= each <= 5 for each in set(classes)), "a decision is of one of five classes"
    positions = permutation(head.key, head.job, head.chunk, count)
    places = [0] * count
    for place, position in enumerate(positions):
        places[position] = place
    first = head.chunk * CHUNK + head.done
    ordinals = range(first, first + count)
    seeds = _seeds(job_secret(head.key, head.job), ordinals)
    ids = [each.encode() for each in request_ids]
    requests = _commitments(REQUEST_GROUP, seeds, [ids[place] for place in places])
    bodies = _bodies(seeds, {name: [column[place] for place in places] for name, column in groups.items()})
    nonces = struct.unpack("16s" * count, head.nonces)
    marks = [_MARKS[classes[place]] for place in places]
    c0, c1, c2, c3, c4 = map(repeat, _template(head))
    pieces = zip(c0, requests, c1, bodies, c2, nonces, c3, marks, c4, _encoded(ordinals), strict=False)
    return Encoded(list(map(b"".join, pieces)), positions)


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


def _encoded(ordinals: range) -> list[bytes]:
    if ordinals.start < 1 << 16 or ordinals.stop > 1 << 32:
        return [cbor.head(0, each) for each in ordinals]
    # beyond 16 bits every ordinal has the same head
    return list(map(struct.Struct(">BI").pack, repeat(0x1A), ordinals))


def _seeds(secret: bytes, ordinals: range) -> list[bytes]:
    """HMAC of each ordinal; the two pads are taken in once."""
    inner, outer = _pads(secret)
    pack = struct.Struct(">Q").pack
    seeds = []
    for ordinal in ordinals:
        inside, outside = inner.copy(), outer.copy()
        inside.update(pack(ordinal))
        outside.update(inside.digest())
        seeds.append(outside.digest())
    return seeds


def _commitments(group: str, seeds: Sequence[bytes], contents: Sequence[bytes]) -> list[bytes]:
    sha256, drawn, begun = hashlib.sha256, SALT + group.encode(), COMMIT + group.encode()
    salts = [sha256(drawn + seed).digest() for seed in seeds]
    return [sha256(begun + salt + content).digest() for salt, content in zip(salts, contents, strict=True)]


def _bodies(seeds: Sequence[bytes], groups: Mapping[str, Sequence[bytes]]) -> list[bytes]:
    sha256, absent = hashlib.sha256, [ABSENT] * len(seeds)
    columns = [_commitments(each, seeds, groups[each]) if each in groups else absent for each in BODY_GROUPS]
    return [sha256(each).digest() for each in map(b"".join, zip(repeat(BODY), *columns, strict=False))]


def _pads(secret: bytes) -> tuple["hashlib._Hash", "hashlib._Hash"]:
    """HMAC's two hashes with their pads taken in, to be copied: one key serves many messages."""
    block = secret.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
    return inner, outer
