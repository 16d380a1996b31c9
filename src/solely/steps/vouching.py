"""The passkeys that enrolled keys have vouched for here, by the ledger alone.

- The entry of a voucher is named by the passkey's public key: whatever the tables say or forget, and whatever
  name a browser gives the key, it is vouched for once, by one person (R-82, R-84).
- A signature of a passkey holds where the ledger has its voucher, before and after the log's key is rotated.
  What comes in now is signed by a passkey that stands now, under the log's present key.
"""

from datetime import datetime

from solely import passkey
from solely.errors import VerificationFailed
from solely.ledger.commitment import job_of
from solely.ledger.entry import EntryType
from solely.model import Enrolment
from solely.passkey import Voucher
from solely.services import Services
from solely.signing import parse_public_key, verify, vouched_by
from solely.store.ledger_accesses import Accesses


def key_of(public: str) -> str:
    """The event key of the one voucher about a passkey's public key; VerificationFailed when it is none."""
    return f"access/{passkey.digest_of(public)}"


def find(services: Services, public: str) -> int | None:
    """The entry that vouched for this public key, ended or not; None when nobody ever did here."""
    return accesses(services).vouched(job_of(services.salt_key, key_of(public).encode()))


def accesses(services: Services) -> Accesses:
    """All of them, as the ledger has them now."""
    known = services.accesses
    further = services.ledger.places((EntryType.ACCESS,))[known.read :]
    known.follow(services.ledger.entries_at(further).items())
    return known


def require_signed(
    services: Services, person: Enrolment, signed: tuple[bytes, bytes], at: datetime | None = None
) -> None:
    """Return when a person signed, by the enrolled key or a passkey of it; `signed` is a statement and its
    signature; with `at` it comes in at that instant, else it was kept. VerificationFailed otherwise.
    """
    statement, signature = signed
    key = parse_public_key(person.public_key_pem)
    if not passkey.is_signature(signature):
        verify(key, signature, statement)
        return
    voucher = vouched_by(key, signature, statement)
    entry = find(services, voucher.passkey)
    if entry is None:
        raise VerificationFailed("nobody vouched for this passkey at this gate")
    if at is not None:
        _require_standing(services, voucher, entry, at)


def require_here(services: Services, voucher: Voucher) -> None:
    """Return when a voucher is about this gate, its log and address of now; else VerificationFailed."""
    if voucher.log != services.ledger.vkey.text():
        raise VerificationFailed(
            "this passkey was vouched for at another gate, or under an earlier key of its log"
        )
    if services.address and voucher.address != services.address:
        raise VerificationFailed(
            f"this passkey signs at {voucher.address}, and the gate is at {services.address}"
        )


def _require_standing(services: Services, voucher: Voucher, entry: int, at: datetime) -> None:
    require_here(services, voucher)
    if entry in accesses(services).ended or voucher.until < at.date():
        raise VerificationFailed("this passkey was ended, or its time is over")
