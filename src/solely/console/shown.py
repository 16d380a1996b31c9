"""What somebody is about to sign, as the page shows it: every word of every statement."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from solely.canonical import sha256_hex


class Statements(NamedTuple):
    """Statements that one act signs: what all of them say alike, and what each says of its own."""

    alike: Sequence[tuple[str, str]]
    names: Sequence[str]
    each: Sequence[Sequence[str]]


def told_of(statements: Sequence[bytes]) -> Statements:
    """The words of statements as they are signed, with the digest of each."""
    read = [_words(each) for each in statements]
    names = list(dict.fromkeys(name for words in read for name in words))
    alike = [name for name in names if len({words.get(name) for words in read}) == 1]
    own = [name for name in names if name not in alike]
    digests = [sha256_hex(each) for each in statements]
    if len(statements) == 1:
        return Statements([*read[0].items(), ("SHA-256 of what you sign", digests[0])], (), ())
    rows = [
        [*(words.get(name, "") for name in own), digest] for words, digest in zip(read, digests, strict=True)
    ]
    return Statements([(name, read[0][name]) for name in alike], [*own, "SHA-256 of what you sign"], rows)


def _words(statement: bytes) -> dict[str, str]:
    try:
        words = json.loads(statement)
    except ValueError:
        words = None
    if not isinstance(words, dict):
        return {}
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in words.items()}
