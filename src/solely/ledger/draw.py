"""The seed of a draw that neither custodian nor requester picks: an independent witness's cosignature (R-86).

- A signature is fixed by key, time and checkpoint, and nobody but the witness can compute it beforehand.
- Without a witness the checkpoint itself is the seed, which its log could compute before it is published.
"""

from typing import NamedTuple

from solely.canonical import sha256_hex
from solely.ledger.note import find_signature, read_note
from solely.ledger.policy import Policy


class Seed(NamedTuple):
    """A seed in lower-case hex, and the name in the policy of the witness whose cosignature it comes from."""

    hex: str
    witness: str | None


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
