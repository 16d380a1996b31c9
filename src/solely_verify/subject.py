"""What a person's key finds: every release whose tag it gives, in a log that holds as a whole.

- The log is verified first, as by `log`; nothing is found in one that does not hold.
- A tag is HMAC-SHA-256 over the entry's nonce under the key, cut to 16 bytes (docs/formats/entry.md).
"""

import hashlib
import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from solely_verify.entries import TAGGED, read_entry
from solely_verify.log import entries_of, verify_log
from solely_verify.note import LogKey
from solely_verify.objects import read_object
from solely_verify.policy import Policy
from solely_verify.refusal import Refusal

FORMAT = "solely/subject-key/1"
_FILE_MAX, _KEYS_MAX = 65_536, 200
_PLACES = {"open": 9, "sealed": 10}
_LIMITS = (
    "what a custodian tagged wrongly is not found; an overseer samples tags. What is sealed or delayed "
    "stands under keys that are not in this file"
)


class SubjectKey(NamedTuple):
    """One key and the domain that it is of."""

    domain: str
    key: bytes


def read_subject_keys(path: Path, origin: str) -> list[SubjectKey]:
    """The keys in a file; Refusal when it is none, or of another log."""
    try:
        if not path.is_file():
            raise OSError("a pipe or device is never read")
        with path.open("rb") as file:
            words = read_object(file.read(_FILE_MAX), "subject key")
    except (OSError, Refusal):
        words = {}
    if words.get("format") != FORMAT or not isinstance(words.get("keys"), list):
        raise Refusal(f"subject key: no file of format {FORMAT}")
    if words.get("origin") != origin:
        raise Refusal("subject key: it is of another log")
    if not words["keys"]:
        raise Refusal("subject key: it holds no key, and nothing is found without one")
    if len(words["keys"]) > _KEYS_MAX:
        raise Refusal(f"subject key: more than {_KEYS_MAX} keys")
    return [_key(each) for each in words["keys"]]


def _key(words: Any) -> SubjectKey:
    named = words if isinstance(words, Mapping) else {}
    try:
        key = bytes.fromhex(named.get("key", ""))
    except (TypeError, ValueError):
        key = b""
    if named.get("domain") not in [*_PLACES] or len(key) != 32:
        raise Refusal("subject key: a key is a domain, `open` or `sealed`, and 32 bytes in hexadecimal")
    return SubjectKey(named["domain"], key)


def verify_subject(
    folder: Path, key: LogKey, keys: list[SubjectKey], policy: Policy | None = None
) -> dict[str, Any]:
    """The report of `log`, and the releases that these keys find: index, time and domain of each."""
    report = verify_log(folder, key, policy=policy).as_json()
    if not report["ok"]:
        return report | {"found": []}
    scanners = [(each.domain, _scanner(each.key)) for each in keys]
    found, untagged, scanned = [], 0, 0
    for index, entry in entries_of(folder, report["size"]):
        tags = _tags(entry)
        if tags is None:
            untagged += _is_release(entry)
            continue
        scanned += 1
        nonce, *places = tags
        for domain, tag_of in scanners:
            if tag_of(nonce) == places[_PLACES[domain] - 9]:
                found.append({"index": index, "time": read_entry(entry)[3], "domain": domain})
    notes = [*report["notes"], _LIMITS]
    if untagged:
        notes.append(f"{untagged} release(s) of version 1 have no tags and cannot be scanned")
    return report | {"found": found, "scanned": scanned, "notes": notes}


def _tags(entry: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Nonce and both tags of a release of version 2; None of any other entry."""
    if entry[1:5] != b"\x01\x02\x02\x05":
        return None
    found = TAGGED.match(entry)
    if found is not None:
        return found[1], found[2], found[3]
    fields = read_entry(entry)
    return fields[8], fields[9], fields[10]


def _is_release(entry: bytes) -> bool:
    return entry[1:5] == b"\x01\x01\x02\x05"


def _scanner(key: bytes) -> Any:
    """What gives the tag under a nonce; the pads of HMAC (RFC 2104) are made once."""
    fresh = hmac.new(key, digestmod=hashlib.sha256)

    def tag_of(nonce: bytes) -> bytes:
        one = fresh.copy()
        one.update(nonce)
        return one.digest()[:16]

    return tag_of
