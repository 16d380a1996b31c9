"""Who may open a release, and the checks before its address shows (R-49, R-52, R-95).

- Possession of the officer's key is proved over a challenge that names the release and a fresh nonce.
- The policy names officers; an empty list permits nobody. Nobody else opens, whatever else they may do.
- The opener sees the own case and the requested name, and types the request's id: nothing is retyped.
- Every denial has a stable `reason`, for the ledger and the alarm; the text stays the same for people.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from cryptography.hazmat.primitives.asymmetric import ec

from solely.canonical import canonical_json
from solely.errors import NotPermitted, VerificationFailed
from solely.model import Enrolment
from solely.release.content import Opened
from solely.signing import parse_public_key, sign, verify

FORMAT = "solely/opening/1"
NONCE_BYTES_MIN = 16
REASONS = {
    "OFFICER_UNKNOWN": "this key belongs to no enrolled officer",
    "OFFICER_NOT_VALID": "the officer's enrolment or certification is not in date",
    "OFFICER_NOT_NAMED": "this release is sealed to other officers",
    "EXPIRED": "the time for use of this release is over",
    "KEY_NOT_PROVED": "possession of the officer's key is not shown",
    "CONTENT_DIFFERS": "what the package holds is not what the gate released",
    "NOT_CONFIRMED": "the request id is not confirmed",
    "TERMS_NOT_ACCEPTED": "the terms of this version are not accepted; `solely accept` does it",
    "OUTSIDE_HOURS": "the agreement allows no opening at this hour",
    "ONWARD_NOT_PERMITTED": "no authority that the agreement lists permits sharing this release",
    "OFFICER_NOT_OPENER": "another officer opened this release; who opened it signs for it, "
    "and for one who is enrolled here no more another, with `--for`",
    "DESTROYED": "an officer has signed that this release was destroyed",
    "RECALLED": "this release is recalled",
    "STAYED": "an order stays this release",
    "KEY_REVOKED": "the key that asked for this release is revoked",
    "SAFEGUARDS": "the recipient's safeguards have an open finding",
    "NOTICE": "the hours of notice before this release have not passed",
}


class OpeningDenied(NotPermitted):
    """A denied opening, or signature for a release; `reason` is a stable code of `REASONS` (R-52)."""

    help = "what the message names must change first"

    def __init__(self, reason: str) -> None:
        super().__init__(REASONS[reason])
        self.reason = reason


class NobodyToAsk(NotPermitted):
    """Nobody is there to be asked for the request id, and none was given: nothing was begun (R-95)."""

    help = "give `--confirm` with the id of the request that you mean to open"

    def __init__(self) -> None:
        super().__init__("nothing is opened without `--confirm REQUEST_ID` where nobody can be asked (R-95)")


def challenge(nonce: bytes, package_sha256: str, release_id: str) -> bytes:
    """What an officer signs to show possession: canonical JSON over a fresh nonce and this package."""
    assert len(nonce) >= NONCE_BYTES_MIN, "a challenge nonce has at least 16 bytes"
    return canonical_json(
        {"format": FORMAT, "nonce": nonce.hex(), "package_sha256": package_sha256, "release_id": release_id}
    )


def prove_possession(private_key: ec.EllipticCurvePrivateKey, challenged: bytes) -> bytes:
    """The officer's ES256 signature over the challenge, in base64."""
    return sign(private_key, challenged)


def require_possession(officer: Enrolment, challenged: bytes, signature: bytes) -> None:
    """Return when the officer's enrolled key signed this challenge; else OpeningDenied (R-52)."""
    try:
        verify(parse_public_key(officer.public_key_pem), signature, challenged)
    except VerificationFailed:
        raise OpeningDenied("KEY_NOT_PROVED") from None


def find_officer(
    officers: Mapping[str, Enrolment], public_key: ec.EllipticCurvePublicKey
) -> Enrolment | None:
    """The officer who holds this key, or None: also when two share it, for then it names nobody."""
    numbers = public_key.public_numbers()
    holders = [
        each
        for each in officers.values()
        if parse_public_key(each.public_key_pem).public_numbers() == numbers
    ]
    return holders[0] if len(holders) == 1 else None


def require_entitled(
    officer: Enrolment | None, named: Sequence[str], expires_on: date, at: datetime
) -> Enrolment:
    """The officer, when enrolled, certified, named by the release and in time; else OpeningDenied.

    `named` are the ids of the package's policy; the release may be used through `expires_on` (UTC).
    """
    day = at.astimezone(UTC).date()
    if officer is None or officer.role != "officers":
        raise OpeningDenied("OFFICER_UNKNOWN")
    if not officer.is_valid_on(day):
        raise OpeningDenied("OFFICER_NOT_VALID")
    if officer.id not in named:
        raise OpeningDenied("OFFICER_NOT_NAMED")
    if day > expires_on:
        raise OpeningDenied("EXPIRED")
    return officer


def require_hours(obligations: Mapping[str, int], at: datetime) -> None:
    """Return within the hours that an agreement allows for viewing (UTC); else OpeningDenied (R-76).

    From `view_from_hour` to before `view_until_hour`, `view_weekdays_only`; what is not stated binds nobody.
    """
    then = at.astimezone(UTC)
    first, last = obligations.get("view_from_hour", 0), obligations.get("view_until_hour", 24)
    is_weekend = then.weekday() >= 5 and bool(obligations.get("view_weekdays_only", 0))
    if is_weekend or not first <= then.hour < last:
        raise OpeningDenied("OUTSIDE_HOURS")


def require_same_release(opened: Opened, request_id: str, named: Sequence[str], expires_on: date) -> None:
    """Return when the payload is that of this request, its policy and its end; else OpeningDenied (R-95).

    The request id, officers and end of use are the gate's own: two rows swapped between decision and seal
    show here, before anything is shown.
    """
    held = (opened.request_id, opened.officers, opened.expires_on)
    if held != (request_id, tuple(named), expires_on):
        raise OpeningDenied("CONTENT_DIFFERS")


def is_confirmed(request_id: str, confirmed: str) -> bool:
    """True when what was typed is the request's id: ids are equal whatever their case."""
    return confirmed.strip().lower() == request_id.lower()


def require_confirmed(request_id: str, confirmed: str | None) -> None:
    """Return when the opener confirmed this request's id, in whatever case; else OpeningDenied (R-95)."""
    if confirmed is None or not is_confirmed(request_id, confirmed):
        raise OpeningDenied("NOT_CONFIRMED")
