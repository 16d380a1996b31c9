"""Registration of a passkey, sign-in and sign-out: what the browser and the gate say to each other.

- A new passkey is kept in memory until its holder's enrolled key vouches for it (`solely passkey`); it is
  forgotten after some minutes, and there are never many: nothing of a stranger is written anywhere.
- A challenge is good once, for some minutes.
"""

import base64
import secrets
import time
from collections import OrderedDict
from typing import Final, Generic, TypeVar

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn import generate_registration_options, options_to_json, verify_registration_response
from webauthn.helpers import decode_credential_public_key
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.decoded_public_key_to_cryptography import decoded_public_key_to_cryptography
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from solely.access import jose
from solely.errors import NotPermitted, UsageError
from solely.passkey import site_of
from solely.signing import key_id
from solely.steps.attending import Offered

MINUTES: Final = 10
_MOST: Final = 1000
Kept = TypeVar("Kept")


class Once(Generic[Kept]):
    """What is kept for some minutes, taken once, and never more than so many: the oldest goes first."""

    def __init__(self, minutes: float = MINUTES, most: int = _MOST) -> None:
        self._seconds, self._most = minutes * 60, most
        self._kept: OrderedDict[str, tuple[float, Kept]] = OrderedDict()

    def keep(self, name: str, value: Kept) -> None:
        """Keep a value under a name."""
        while self._kept and (len(self._kept) >= self._most or self._is_old(next(iter(self._kept)))):
            self._kept.popitem(last=False)
        self._kept[name] = (time.monotonic(), value)

    def find(self, name: str) -> Kept | None:
        """The value, while it is kept."""
        found = self._kept.get(name)
        return None if found is None or self._is_old(name) else found[1]

    def take(self, name: str) -> Kept | None:
        """The value, and it is kept no longer."""
        value = self.find(name)
        self._kept.pop(name, None)
        return value

    def _is_old(self, name: str) -> bool:
        return time.monotonic() - self._kept[name][0] > self._seconds


class Registrar:
    """The passkeys that wait for a voucher, and the challenges that wait for an answer."""

    def __init__(self, address: str) -> None:
        self.site, self.address = site_of(address), address
        self._challenges: Once[bytes] = Once()
        self._waiting: Once[Offered] = Once()

    def challenge(self) -> bytes:
        """Thirty-two bytes for a passkey to sign in with."""
        value = secrets.token_bytes(32)
        self._challenges.keep(jose.encode(value), value)
        return value

    def take_challenge(self, value: bytes) -> None:
        """Return when this challenge was given and not used; else NotPermitted."""
        if self._challenges.take(jose.encode(value)) is None:
            raise NotPermitted("this sign-in took too long, or was used already; sign in again")

    def options(self) -> str:
        """What the browser needs to make a passkey, in JSON."""
        made = generate_registration_options(
            rp_id=self.site,
            rp_name="solely",
            user_name="passkey for this gate",
            challenge=self.challenge(),
            supported_pub_key_algs=[COSEAlgorithmIdentifier.ECDSA_SHA_256],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
        )
        return options_to_json(made)

    def register(self, challenge: str, credential: dict[str, object]) -> str:
        """The code by which the new passkey waits for its voucher: the name of its key."""
        try:
            value = read(challenge)
            self.take_challenge(value)
            verified = verify_registration_response(
                credential=credential,
                expected_challenge=value,
                expected_rp_id=self.site,
                expected_origin=self.address,
                require_user_verification=True,
                supported_pub_key_algs=[COSEAlgorithmIdentifier.ECDSA_SHA_256],
            )
            key = decoded_public_key_to_cryptography(
                decode_credential_public_key(verified.credential_public_key)
            )
        except (WebAuthnException, ValueError, TypeError):
            raise UsageError("the browser's new passkey cannot be read; make it again") from None
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise UsageError("a passkey's key is on the curve P-256")
        der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        code = key_id(key)
        self._waiting.keep(code, Offered(jose.encode(verified.credential_id), base64.b64encode(der).decode()))
        return code

    def waiting(self, code: str) -> Offered | None:
        """The passkey that waits under this code."""
        return self._waiting.find(code)

    def vouched(self, code: str) -> None:
        """The passkey waits no longer."""
        self._waiting.take(code)


def read(text: str) -> bytes:
    """The bytes that a browser wrote in base64url; UsageError for anything else."""
    try:
        return jose.decode(text)
    except jose.Unreadable:
        raise UsageError("what the browser sent is no base64url") from None
