"""What finds the entries about one person: a tag that says nothing to anybody without that person's key.

- Two epoch keys, one for the open and one for the sealed domain, never leave the gate. A person's key in a
  domain is an HMAC of the record's id under the epoch key; the tag of a release is an HMAC of the entry's
  own nonce under the person's key (ledger.md 3.3). So two releases about one person have unequal tags.
- Every release carries two tags. The one of the other domain is chance, so nobody sees which is meant.
- In the sealed domain a key belongs to one delay: handing it out when that delay ends shows nothing of
  another.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from solely.confidential import masked

KEY_BYTES = 32
TAG_BYTES = 16
_LABEL = b"solely/subject/v1"
_BLOCK = 64  # SHA-256's, for the two pads of HMAC (RFC 2104)


@masked
class EpochKeys(NamedTuple):
    """The two keys that every person's keys grow from."""

    open: bytes
    sealed: bytes


class Tags(NamedTuple):
    """The two tags of a release: keys 9 and 10 of its entry."""

    open: bytes
    sealed: bytes


def open_key(keys: EpochKeys, record_id: str) -> bytes:
    """The person's key in the open domain: with it the person finds every open entry about them."""
    return hmac.digest(keys.open, _LABEL + record_id.encode(), "sha256")


def sealed_key(keys: EpochKeys, delay_id: str, record_id: str) -> bytes:
    """The person's key for what was released under one delay."""
    named = len(delay_id).to_bytes(2, "big") + delay_id.encode()
    return hmac.digest(keys.sealed, _LABEL + named + record_id.encode(), "sha256")


def tag_of(key: bytes, nonce: bytes) -> bytes:
    """The tag that a person's key gives under the nonce of an entry."""
    return hmac.digest(key, nonce, "sha256")[:TAG_BYTES]


def tags_of(keys: EpochKeys, record_id: str, delay_id: str | None, nonce: bytes, chance: bytes) -> Tags:
    """Both tags of a release: the true one in its domain, `chance` (16 random bytes) in the other."""
    assert len(chance) == TAG_BYTES, "the other domain's tag is as long as a true one"
    if delay_id is None:
        return Tags(tag_of(open_key(keys, record_id), nonce), chance)
    return Tags(chance, tag_of(sealed_key(keys, delay_id, record_id), nonce))


def find_tagged(key: bytes, tagged: Iterable[tuple[int, bytes, bytes]]) -> Iterator[int]:
    """The indexes whose tag is of this key, of (index, nonce, tag); as `tag_of`, with the pads made once."""
    inner = hashlib.sha256(bytes(each ^ 0x36 for each in key.ljust(_BLOCK, b"\0")))
    outer = hashlib.sha256(bytes(each ^ 0x5C for each in key.ljust(_BLOCK, b"\0")))
    for index, nonce, tag in tagged:
        within, around = inner.copy(), outer.copy()
        within.update(nonce)
        around.update(within.digest())
        if around.digest()[:TAG_BYTES] == tag:
            yield index
