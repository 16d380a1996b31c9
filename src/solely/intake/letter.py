"""The instrument: a letter in writing, dated, signed by an office that the law allows (R-11, R-12, R-13).

- The signature covers the exact bytes of the letter, and the letter names the digest of the data.
- Whatever is not exactly as agreed refuses the batch whole, by the name of the element (contracts 1).
- A value is never echoed; only keys of the agreed form are named.
"""

import json
import re
from collections.abc import Collection
from datetime import date
from typing import Any

from solely.canonical import sha256_hex
from solely.errors import BatchRefused, UsageError, VerificationFailed
from solely.model import NAME_ID, Enrolment, Letter, Trust
from solely.signing import parse_public_key, verify

FORMAT = "solely/letter/1"
LETTER_FILE, SIGNATURE_FILE = "letter.json", "letter.json.sig"
DATA_FILES = ("data.csv", "data.parquet")
LETTER_BYTES_MAX = 65_536
KEYS = (
    "format", "requester", "signer_office", "date", "agreement", "agreement_version", "data_file",
    "data_sha256", "key_id",
)  # fmt: skip

_NAMABLE = re.compile(r"[a-z][a-z0-9_]{0,31}")
_FORMS = {
    "requester": (NAME_ID, "R-11", "is an id in lower case"),
    "signer_office": (NAME_ID, "R-11", "is an office's id in lower case"),
    "date": (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "R-13", "is a date such as 2026-01-31"),
    "agreement": (NAME_ID, "R-09", "is an agreement's id"),
    "agreement_version": (re.compile(r"[0-9]{1,9}"), "R-09", "is a whole number"),
    "data_sha256": (re.compile(r"[0-9a-f]{64}"), "R-12", "is a lower-case hexadecimal SHA-256"),
    "key_id": (re.compile(r"[0-9a-f]{16}"), "R-12", "is sixteen hexadecimal digits"),
}


def parse_letter(data: bytes) -> Letter:
    """The letter in `data`; BatchRefused names a key that is unknown, repeated, missing or wrong."""
    words = _words(data)
    if words["format"] != FORMAT:
        raise BatchRefused("R-02", "format", f"this gate reads `{FORMAT}` only")
    for key, (form, rule, meaning) in _FORMS.items():
        if not form.fullmatch(words[key]):
            raise BatchRefused(rule, key, meaning)
    if words["data_file"] not in DATA_FILES:
        raise BatchRefused("R-12", "data_file", "is `data.csv` or `data.parquet`")
    return Letter(
        requester=words["requester"],
        signer_office=words["signer_office"],
        date=_day(words["date"]),
        agreement=words["agreement"],
        agreement_version=words["agreement_version"],
        data_file=words["data_file"],
        data_sha256=words["data_sha256"],
        key_id=words["key_id"],
        sha256=sha256_hex(data),
    )


def _words(data: bytes) -> dict[str, str]:
    """Exactly the agreed keys, each once, each a text."""
    if len(data) > LETTER_BYTES_MAX:
        raise BatchRefused("R-13", LETTER_FILE, "the letter is too long")
    try:
        words = json.loads(data.decode("utf-8"), object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        words = None
    if not isinstance(words, dict):
        raise BatchRefused("R-13", LETTER_FILE, "the letter is no JSON object in UTF-8")
    unknown = next((key for key in words if key not in KEYS), None)
    if unknown is not None:
        raise BatchRefused("R-02", _named(unknown), "the letter holds an unknown key")
    for key in KEYS:
        if not isinstance(words.get(key), str):
            raise BatchRefused("R-13", key, "the letter does not state it as a text")
    return words


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    words: dict[str, Any] = {}
    for key, value in pairs:
        if key in words:
            raise BatchRefused("R-02", _named(key), "the letter states it twice")
        words[key] = value
    return words


def _named(key: str) -> str:
    """A key that may be shown; anything else could be a value in the wrong place."""
    return key if _NAMABLE.fullmatch(key) else LETTER_FILE


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BatchRefused("R-13", "date", "is a date such as 2026-01-31") from None


def require_due(letter: Letter, signers: Collection[str], received_on: date) -> None:
    """Return when the letter is dated, not after its receipt (R-13), by an office that may sign (R-11)."""
    if letter.date > received_on:
        raise BatchRefused("R-13", "date", "the letter is dated after its receipt")
    if letter.signer_office not in signers:
        offices = ", ".join(f"`{each}`" for each in signers)
        raise BatchRefused("R-11", "signer_office", f"the agreement lets no such office sign, but {offices}")


def require_genuine(
    letter: Letter,
    letter_bytes: bytes,
    signature: bytes,
    trust: Trust,
    signers: Collection[str],
    received_on: date,
) -> Enrolment:
    """The enrolment that signed the letter; raises BatchRefused otherwise.

    0. The letter is dated, and not after its receipt (R-13); the office may sign under the agreement (R-11).
    1. The office is enrolled, that day, with the key that the letter names.
    2. The signature holds over the exact bytes (R-12).
    """
    # 0
    require_due(letter, signers, received_on)
    # 1
    enrolment = require_enrolled(letter, trust, received_on)
    # 2
    try:
        verify(parse_public_key(enrolment.public_key_pem), signature, letter_bytes)
    except VerificationFailed as failed:
        raise BatchRefused("R-12", SIGNATURE_FILE, str(failed)) from None
    except UsageError:
        raise BatchRefused("R-12", SIGNATURE_FILE, "the enrolled key of the office cannot be read") from None
    return enrolment


def require_enrolled(letter: Letter, trust: Trust, received_on: date) -> Enrolment:
    """The enrolment of the letter's office, in force that day (R-11), whose key it names (R-12)."""
    enrolment = trust.requesters.get(letter.signer_office)
    if enrolment is None:
        raise BatchRefused("R-11", "signer_office", "the office is not enrolled")
    if not enrolment.is_valid_on(received_on):
        raise BatchRefused("R-11", "signer_office", "the office's enrolment is not valid on this day")
    if letter.key_id != enrolment.key_id:
        raise BatchRefused("R-12", "key_id", "the letter names another key than the office's")
    return enrolment


def require_agreement(letter: Letter, agreement: str, version: str) -> None:
    """Return when the letter invokes this agreement in this version; else BatchRefused (R-09)."""
    if letter.agreement != agreement:
        raise BatchRefused("R-09", "agreement", f"the letter invokes another agreement than `{agreement}`")
    if letter.agreement_version != version:
        said = f"the letter invokes another version of the agreement than {version}"
        raise BatchRefused("R-09", "agreement", said)


def require_data(letter: Letter, data_sha256: str | None) -> None:
    """Return when the data received are the data signed; else BatchRefused (R-12)."""
    if data_sha256 is None:
        raise BatchRefused("R-12", "data_file", "the file that the letter names did not arrive")
    if data_sha256 != letter.data_sha256:
        raise BatchRefused("R-12", "data_file", "the file is not the one that the letter covers")
