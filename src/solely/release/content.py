"""What leaves in a package: an allow-list of fields about one request, and nothing else (contracts 6).

- The list is closed (R-45): a field that is not named here cannot be written, and a payload that holds
  one does not open.
- An address block may carry another person's name ("C/O ..."): such a block is no address and is
  withheld, never trimmed by guess (R-46).
"""

import json
import re
from datetime import date
from typing import Any, NamedTuple

from solely.canonical import canonical_json
from solely.confidential import masked
from solely.errors import NotPermitted, VerificationFailed
from solely.model import Item, RecordAddress

FORMAT = "solely/release/1"
CONFIRMATION = "solely/confirmation/1"  # of an agreement that confirms and hands nothing out
ADDRESS_FIELDS = ("street_line", "unit", "city", "state", "zip")
_TEXTS = ("request_id", "investigation_id", "requested_name")
_KEYS = {"format", "address", "officers", "expires_on", *_TEXTS}
_CONFIRMATION_KEYS = _KEYS - {"address"} | {"corresponds"}
# Words by which an address block names somebody besides the addressee. Words that are
# also names of streets (GUARDIAN, MR) are no marks: a real address must leave.
_OTHER_PERSON = re.compile(
    r"[%&℅]|\bC\s*[/\\]\s*O\b|\bCARE OF\b|\bATTN\b|\b(?:SPOUSE|HUSBAND|WIFE) OF\b", re.IGNORECASE
)


@masked
class Release(NamedTuple):
    """All that one package says: the request's own words, and the address of record."""

    request_id: str
    investigation_id: str
    requested_name: str
    address: RecordAddress
    officers: tuple[str, ...]
    expires_on: date
    is_confirmed_only: bool = False


@masked
class Opened(NamedTuple):
    """An opened payload; `address` maps the five allowed fields and only them, or none in a confirmation."""

    request_id: str
    investigation_id: str
    requested_name: str
    address: dict[str, str]
    officers: tuple[str, ...]
    expires_on: date


def requested_name(item: Item) -> str:
    """The name as the requester wrote it, given to suffix, one space apart: the echo of R-95."""
    words = (item.given_name, item.middle_name, item.family_name, item.suffix)
    return " ".join(" ".join(word.split()) for word in words if word and word.strip())


def is_address_alone(address: RecordAddress) -> bool:
    """True when no line of the block names another person; else the item is withheld (R-46)."""
    return not any(_OTHER_PERSON.search(line) for line in (address.street_line, address.unit, address.city))


def payload(release: Release) -> bytes:
    """The canonical JSON that is sealed; raises NotPermitted when the block names another person (R-46).

    Of the record only the five address fields are read: no flag, period or record id can leave (R-45).
    """
    if not is_address_alone(release.address):
        raise NotPermitted("`address`: the block of record holds more than an address")
    said: dict[str, Any] = {"format": CONFIRMATION, "corresponds": True}
    if not release.is_confirmed_only:
        held = {name: getattr(release.address, name) for name in ADDRESS_FIELDS}
        said = {"format": FORMAT, "address": held}
    return canonical_json(
        said
        | {
            "request_id": release.request_id,
            "investigation_id": release.investigation_id,
            "requested_name": release.requested_name,
            "officers": list(release.officers),
            "expires_on": release.expires_on.isoformat(),
        }
    )


def _require(condition: bool, element: str) -> None:
    if not condition:
        raise VerificationFailed(f"the payload's `{element}` is not as `{FORMAT}` has it")


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
        is_canonical = canonical_json(value) == data
    except (ValueError, RecursionError):
        raise VerificationFailed("the payload is no canonical JSON") from None
    # One value, one encoding: also what excludes repeated keys.
    _require(is_canonical and isinstance(value, dict), "encoding")
    return dict(value)


def parse_payload(data: bytes) -> Opened:
    """The content of an opened package; raises VerificationFailed that names an element, never a value."""
    words = _object(data)
    is_confirmation = words.get("format") == CONFIRMATION
    _require(set(words) == (_CONFIRMATION_KEYS if is_confirmation else _KEYS), "fields")
    _require(is_confirmation or words["format"] == FORMAT, "format")
    for name in _TEXTS:
        _require(isinstance(words[name], str) and words[name] != "", name)
    address = {} if is_confirmation else words["address"]
    expected = set() if is_confirmation else set(ADDRESS_FIELDS)
    _require(isinstance(address, dict) and set(address) == expected, "address")
    _require(all(isinstance(each, str) for each in address.values()), "address")
    _require(not is_confirmation or words["corresponds"] is True, "corresponds")
    officers = words["officers"]
    _require(isinstance(officers, list) and all(isinstance(each, str) for each in officers), "officers")
    try:
        expires_on = date.fromisoformat(words["expires_on"])
    except (TypeError, ValueError):
        raise VerificationFailed(f"the payload's `expires_on` is not as `{FORMAT}` has it") from None
    texts = [words[name] for name in _TEXTS]
    return Opened(texts[0], texts[1], texts[2], address, tuple(officers), expires_on)
