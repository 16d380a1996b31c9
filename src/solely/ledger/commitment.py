"""Salted commitments: what an entry says without saying it (R-57), and the order that hides the input's.

- A commitment is SHA-256("solely/commit/v1" ‖ group ‖ salt ‖ canonical bytes); without its salt it says
  nothing, not even that two are of the same value.
- Every salt of an entry grows from one seed, HMAC-SHA-256 of (job, ordinal): forgetting the seed shreds
  the entry's openings, and the entry itself stays valid.
- Groups: A rules and reasons, B subject and record identity, C digests of disclosed fields and package,
  D internal; R is the request id, which is committed to apart from the body.
"""

import hashlib
import hmac
import struct
from collections.abc import Mapping

BODY_GROUPS = "ABCD"
REQUEST_GROUP = "R"
CHUNK = 16_384  # items of one bulk call; every chunk of a job but its last is full

COMMIT = b"solely/commit/v1"
BODY = b"solely/body/v1"
SALT = b"solely/salt/v1"
ABSENT = bytes(32)


def job_of(key: bytes, name: bytes) -> bytes:
    """The 16 bytes that stand in public for a batch or an event key: keyed, so nobody can test a guess."""
    return hmac.digest(key, b"solely/job/v1" + name, "sha256")[:16]


def job_secret(key: bytes, job: bytes) -> bytes:
    """The key from which the seeds of one job are drawn."""
    return hmac.digest(key, b"solely/seed/v1" + job, "sha256")


def seed_of(key: bytes, job: bytes, ordinal: int) -> bytes:
    """The 32-byte seed of one entry; whoever has it can open every group of that entry."""
    return hmac.digest(job_secret(key, job), ordinal.to_bytes(8, "big"), "sha256")


def salt_from(seed: bytes, group: str) -> bytes:
    """The 32-byte salt of one group, from the entry's seed."""
    return hashlib.sha256(SALT + group.encode() + seed).digest()


def commit(group: str, salt: bytes, content: bytes) -> bytes:
    """The commitment to `content`; `content` is canonical (`canonical_json`), so one value has one."""
    return hashlib.sha256(COMMIT + group.encode() + salt + content).digest()


def body_root(commitments: Mapping[str, bytes]) -> bytes:
    """The root over the commitments of groups A to D; an absent group counts as 32 zero bytes."""
    return hashlib.sha256(BODY + b"".join(commitments.get(each, ABSENT) for each in BODY_GROUPS)).digest()


def body_of(seed: bytes, groups: Mapping[str, bytes]) -> bytes:
    """The body root of an entry whose groups hold these contents."""
    return body_root({group: commit(group, salt_from(seed, group), groups[group]) for group in groups})


def content_seed(release_seed: bytes) -> bytes:
    """The seed of what a release of version 2 says of its content (group C): it goes when that seed goes."""
    return hmac.digest(release_seed, b"solely/content/v2", "sha256")


def released_body(seed: bytes, groups: Mapping[str, bytes], content: bytes) -> bytes:
    """The body root of a release of version 2: `content` is the commitment of its group C."""
    commitments = {group: commit(group, salt_from(seed, group), groups[group]) for group in groups}
    return body_root({**commitments, "C": content})


def request_of(seed: bytes, request_id: str) -> bytes:
    """The commitment to a request id, for key 5 of an entry."""
    return commit(REQUEST_GROUP, salt_from(seed, REQUEST_GROUP), request_id.encode())


def approver_tag(key: bytes, job: bytes, key_id: str) -> bytes:
    """What stands in public for one approver within one job: equal for the same key, else unlinkable."""
    return hmac.digest(key, b"solely/approver/v1" + job + key_id.encode(), "sha256")


def kept_tag(key: bytes, content: bytes) -> str:
    """What stands beside words that the gate keeps for itself: nobody without the key can change both."""
    return hmac.digest(key, b"solely/kept/v1" + content, "sha256").hex()


def permutation(key: bytes, job: bytes, chunk: int, n: int) -> list[int]:
    """For each place of a chunk's input, its position among the chunk's entries: a keyed shuffle.

    Entries are written in this order, so that an entry's index says nothing about its row beyond the
    chunk. The order sorts `n` keyed 64-bit words (SHAKE-256 over an HMAC), ties by place.
    """
    seed = hmac.digest(key, b"solely/order/v1" + job + chunk.to_bytes(8, "big"), "sha256")
    words = struct.unpack(f">{n}Q", hashlib.shake_256(seed).digest(8 * n))
    order = [0] * n
    for position, place in enumerate(sorted(range(n), key=words.__getitem__)):
        order[place] = position
    return order
