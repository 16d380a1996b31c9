"""What is kept how long, on whose authority, and what shredding does to it (R-61).

- The gate goes by this table: `shred` asks it before anything is destroyed.
- A bucket is one class and one month of release (key 14 of a release); only content has buckets that end.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple


class Retention(NamedTuple):
    """One class: what is in it, until when it is kept, by which authority, and what shredding does.

    `number` is the class of key 14, None where no bucket has it; `is_destroyed` is False of what no command
    of this build removes.
    """

    word: str
    number: int | None
    holds: str
    kept: str
    authority: str
    shredding: str
    is_destroyed: bool


CLASSES: Mapping[str, Retention] = {
    each.word: each
    for each in (
        Retention(
            "accounting",
            None,
            "the ledger; batches as received, their decisions and reasons; of a release to whom, when, about "
            "whom and for what",
            "permanently",
            "26 USC 6103(p)(3)(A); 5 USC 552a(c)(2)",
            "refused",
            False,
        ),
        Retention(
            "logs",
            None,
            "who was shown or opened what, who was denied, what arrived: entries of the ledger",
            "permanently; the least would be five years",
            "IRS Publication 1075",
            "refused",
            False,
        ),
        Retention(
            "content",
            1,
            "the key of a package, and the digests that a guess of the address could be held against",
            "until the agreement's end of use of its last package, and longer under a preservation",
            "the agreement's term of destruction; 26 USC 6103(p)(4)(F)",
            "the key is destroyed and read back, the digests are erased; nothing opens the package any more",
            True,
        ),
        Retention(
            "attempts",
            None,
            "keyed tags of the people whom requests named, and of the records that they tried",
            "twice the days over which the agreement counts attempts",
            "the agreement's limits (R-87)",
            "by itself, with the next batch that is decided",
            True,
        ),
    )
}
CONTENT = CLASSES["content"]
_BUCKET = re.compile(rf"({'|'.join(CLASSES)})-([0-9]{{4}})-(0[1-9]|1[0-2])")


def bucket_of(day: date) -> int:
    """The bucket (key 14) of what is released on a day: its class, then year and month."""
    assert CONTENT.number is not None, "content has buckets"
    return CONTENT.number * 1_000_000 + day.year * 100 + day.month


def bucket_word(bucket: int) -> str:
    """A bucket as people write it, such as `content-2026-11`."""
    year, month = divmod(bucket % 1_000_000, 100)
    return f"{CONTENT.word}-{year:04}-{month:02}"


def class_of(word: str) -> Retention | None:
    """The class of a bucket as people write it, or None when it is written otherwise."""
    found = _BUCKET.fullmatch(word)
    return None if found is None else CLASSES[found[1]]
