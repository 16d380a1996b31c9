"""The passkeys that enrolled keys have vouched for here, by the ledger alone.

- The entry of a voucher is named by the passkey's public key: whatever the tables say or forget, and whatever
  name a browser gives the key, it is vouched for once, by one person (R-82, R-84).
"""

from solely import passkey
from solely.ledger.commitment import job_of
from solely.ledger.entry import EntryType
from solely.services import Services
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
