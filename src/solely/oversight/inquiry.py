"""Was my data disclosed? What is asked with, and an answer that claims no more than it can (R-93).

- The asker holds a key, and an office that has seen who they are has signed that this key is that person's:
  the inquiry letter. Whoever comes without one for this very record is denied, whoever they are.
- The answer shows each disclosure that may be shown (5 USC 552a(c)): date, nature, purpose, recipient. About
  everything else it says one fixed sentence, the same bytes whether nothing was disclosed, something is
  delayed or sealed, or no such person is on record.
- The person's key finds each shown entry in the public ledger, and no other.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec

from solely.canonical import canonical_json, sha256_hex
from solely.confidential import masked
from solely.errors import NotPermitted, UsageError, VerificationFailed
from solely.model import Enrolment, Trust
from solely.signing import key_id, parse_public_key, sign, verify

LETTER_FORMAT = "solely/inquiry-letter/1"
ANSWER_FORMAT = "solely/inquiry-answer/1"
KEY_FORMAT = "solely/subject-key/1"
DELAY_FORMAT = "solely/delay/1"
LETTER_BYTES_MAX = 8192
LETTER_DAYS = 30  # after which identity is to be shown anew
_KEYS = {"format", "record_id", "key_id", "date", "office"}

LIMITS = (
    "This answer and its key show every disclosure in the open domain and no other. A disclosure that an "
    "authority has sealed or delayed is not shown: if there is one, this answer reads the same as if there "
    "is none, and the same as if no such person is on record. So it never says that nothing was disclosed. "
    "A delay has an end date; ask again. What left by other ways than this gate is not known here."
)
DENIED = "this key is not shown to be that person's: an inquiry letter for this record and key is needed"


@masked
class InquiryLetter(NamedTuple):
    """What an office has signed about an asker: this key is the person of this record."""

    record_id: str
    key_id: str
    date: date
    office: str
    sha256: str


class Disclosure(NamedTuple):
    """One disclosure that may be shown (552a(c)(1)); `proof` is the file of its receipt."""

    entry: int
    on: date
    nature: Sequence[str]
    purpose: Mapping[str, str]
    recipient: str
    agreement: str
    proof: str


def vouch(
    record_id: str, asker: ec.EllipticCurvePublicKey, office: str, key: ec.EllipticCurvePrivateKey, day: date
) -> tuple[bytes, bytes]:
    """An inquiry letter and its signature, by the office that has seen who the asker is."""
    words = {"record_id": record_id, "key_id": key_id(asker), "date": day.isoformat(), "office": office}
    letter = canonical_json({"format": LETTER_FORMAT, **words})
    return letter, sign(key, letter)


def parse_letter(data: bytes) -> InquiryLetter:
    """The inquiry letter in `data`; NotPermitted for anything else, always in the same words."""
    try:
        words = json.loads(data[:LETTER_BYTES_MAX].decode("utf-8"))
    except (ValueError, RecursionError):
        words = None
    is_one = isinstance(words, dict) and set(words) == _KEYS and words["format"] == LETTER_FORMAT
    if not is_one or not all(isinstance(each, str) for each in words.values()):
        raise NotPermitted(DENIED)
    try:
        day = date.fromisoformat(words["date"])
    except ValueError:
        raise NotPermitted(DENIED) from None
    return InquiryLetter(words["record_id"], words["key_id"], day, words["office"], sha256_hex(data))


def require_asker(
    record_id: str, asker: ec.EllipticCurvePublicKey, letter: tuple[bytes, bytes], trust: Trust, today: date
) -> InquiryLetter:
    """The letter that shows the holder of the key to be the person of this record; NotPermitted otherwise.

    0. The letter is about this record and this key.
    1. It is not dated in the future, and not older than thirty days.
    2. Its office is enrolled to identify people, today.
    3. The office's signature holds over its bytes.

    One sentence stands for every cause, so that a denial tells nothing of a record.
    """
    data, signature = letter
    read = parse_letter(data)
    # 0
    is_theirs = read.record_id == record_id and read.key_id == key_id(asker)
    # 1
    is_fresh = today - timedelta(days=LETTER_DAYS) <= read.date <= today
    # 2
    office = trust.inquiries.get(read.office)
    if not is_theirs or not is_fresh or office is None or not office.is_valid_on(today):
        raise NotPermitted(DENIED)
    # 3
    _require_signed(office, data, signature)
    return read


def _require_signed(office: Enrolment, data: bytes, signature: bytes) -> None:
    try:
        verify(parse_public_key(office.public_key_pem), signature, data)
    except (VerificationFailed, UsageError):
        raise NotPermitted(DENIED) from None


def answer(disclosures: Sequence[Disclosure]) -> bytes:
    """The answer's bytes; without a disclosure that may be shown they are the same for everybody."""
    shown = [
        {
            "entry": each.entry,
            "date": each.on.isoformat(),
            "nature": list(each.nature),
            "purpose": dict(each.purpose),
            "recipient": each.recipient,
            "agreement": each.agreement,
            "proof": each.proof,
        }
        for each in disclosures
    ]
    return canonical_json({"format": ANSWER_FORMAT, "disclosures": shown, "limits": LIMITS}) + b"\n"


def key_file(origin: str, own: bytes, ended: Sequence[bytes]) -> bytes:
    """The file with which the subject scans the ledger: the own key, one of each ended delay."""
    keys = [("open", own), *(("sealed", each) for each in ended)]
    listed = [{"domain": domain, "key": key.hex()} for domain, key in keys]
    return canonical_json({"format": KEY_FORMAT, "origin": origin, "keys": listed}) + b"\n"


def delay_statement(batch: str, authority: str, ends_on: date, court: str) -> bytes:
    """What a court signs to delay the answer about a batch: on which authority, and until when."""
    words = {"batch": batch, "authority": authority, "ends_on": ends_on.isoformat(), "court": court}
    return canonical_json({"format": DELAY_FORMAT, **words})
