"""The seed of a draw that neither custodian nor requester picks: an independent witness's cosignature (R-86).

- A signature is fixed by key, time and checkpoint, and nobody but the witness can compute it beforehand.
- Without a witness the checkpoint itself is the seed, which its log could compute before it is published.
- An overseer's later audit draws entries from a checkpoint that it kept and a nonce of its own (R-105).
"""

import hashlib
from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

from solely.canonical import sha256_hex
from solely.ledger.note import find_signature, read_note
from solely.ledger.policy import Policy

_WORDS = 1 << 64


class Seed(NamedTuple):
    """A seed in lower-case hex, and the name in the policy of the witness whose cosignature it comes from."""

    hex: str
    witness: str | None

    @property
    def said(self) -> str:
        """Who could have picked it, in words for whoever is shown the draw."""
        if self.witness is None:
            return "no witness cosigned the checkpoint: the custodian could have picked this draw"
        return f"drawn from the cosignature of `{self.witness}`, which nobody else can make"


def seed_of_draw(checkpoint: bytes, policy: Policy) -> Seed:
    """The seed that a checkpoint gives: from the first witness of the policy that cosigned it.

    It is the SHA-256 of the 72 bytes of time and signature; without a cosignature, of the checkpoint as is.
    """
    note = read_note(checkpoint)
    for each in policy.witnesses:
        line = find_signature(note, each.key)
        if line is not None:
            return Seed(sha256_hex(line.signature), each.name)
    return Seed(sha256_hex(checkpoint), None)


def seed_of_sample(checkpoint: bytes, nonce: str) -> bytes:
    """The seed of an audit sample: a checkpoint file as it stands, and what the overseer adds (R-105)."""
    return hashlib.sha256(b"solely/sample/v1" + hashlib.sha256(checkpoint).digest() + nonce.encode()).digest()


def drawn(seed: bytes, size: int) -> Iterator[int]:
    """Every index below `size` once, in the order of the draw.

    A shuffle (Fisher and Yates) that keeps only the places it has moved. Each step takes the first 8 bytes of
    SHA-256 of seed and counter (8 bytes, from 0); a word at or above the last multiple of what is left is
    passed over, so that every index is equally likely.
    """
    moved: dict[int, int] = {}
    words = (
        int.from_bytes(hashlib.sha256(seed + counter.to_bytes(8, "big")).digest()[:8], "big")
        for counter in count()
    )
    for at in range(size):
        left = size - at
        word = next(each for each in words if each < _WORDS - _WORDS % left)
        place = at + word % left
        yield moved.get(place, place)
        moved[place] = moved.pop(at, at)
