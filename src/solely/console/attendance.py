"""Registration of a passkey, sign-in and sign-out: what the browser and the gate say to each other.

- A new passkey is kept in memory until its holder's enrolled key vouches for it (`solely passkey`); it is
  forgotten after some minutes, and there are never many: nothing of a stranger is written anywhere.
- A challenge is good once, for some minutes. It is the gate's own mark over the time, so that none is kept: a
  flood of them takes nobody's away.
- What waits, waits by whose it is: who lets much wait pushes out what is their own.
"""

import base64
import hmac
import secrets
import time
from collections import Counter, OrderedDict
from typing import Final, Generic, TypeVar

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn import generate_registration_options, options_to_json, verify_registration_response
from webauthn.helpers import decode_credential_public_key
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.decoded_public_key_to_cryptography import decoded_public_key_to_cryptography
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
_NONCE, _TIME = 12, 4  # bytes of a challenge before its mark
Kept = TypeVar("Kept")


class Once(Generic[Kept]):
    """What is kept for some minutes, taken once, and never more than so many.

    Where there are too many, the oldest goes of whoever has most of them: nobody's flood takes another's.
    """

    def __init__(self, minutes: float = MINUTES, most: int = _MOST) -> None:
        self._seconds, self._most = minutes * 60, most
        self._kept: OrderedDict[str, tuple[float, str, Kept]] = OrderedDict()

    def keep(self, whose: str, name: str, value: Kept) -> None:
        """Keep a value under a name, which is somebody's."""
        while self._kept and self._is_old(next(iter(self._kept))):
            self._kept.popitem(last=False)
        if len(self._kept) >= self._most:
            ((most, _),) = Counter(each for _, each, _ in self._kept.values()).most_common(1)
            del self._kept[next(name for name, (_, each, _) in self._kept.items() if each == most)]
        self._kept[name] = (time.monotonic(), whose, value)

    def find(self, name: str) -> Kept | None:
        """The value, while it is kept."""
        return self._kept[name][2] if self.is_kept(name) else None

    def is_kept(self, name: str) -> bool:
        """True while something is kept under a name."""
        return name in self._kept and not self._is_old(name)

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
        self._key = secrets.token_bytes(32)
        self._used: Once[None] = Once()
        self._waiting: Once[Offered] = Once()

    def challenge(self) -> bytes:
        """Thirty-two bytes for a passkey to sign in with."""
        head = secrets.token_bytes(_NONCE) + int(time.monotonic()).to_bytes(_TIME, "big")
        return head + self._mark(head)

    def require_given(self, value: bytes) -> None:
        """Return when this challenge was given and not used; else NotPermitted."""
        head = value[: _NONCE + _TIME]
        is_given = secrets.compare_digest(value, head + self._mark(head))
        age = time.monotonic() - int.from_bytes(head[_NONCE:], "big")
        if not is_given or age > MINUTES * 60 or self._used.is_kept(value.hex()):
            raise NotPermitted("this sign-in took too long, or was used already; sign in again")

    def use(self, whose: str, value: bytes) -> None:
        """The challenge is answered, by the passkey of this name, and good no longer."""
        self._used.keep(whose, value.hex(), None)

    def _mark(self, head: bytes) -> bytes:
        return hmac.digest(self._key, head, "sha256")[: 32 - _NONCE - _TIME]

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

    def register(self, peer: str, challenge: str, credential: dict[str, object]) -> str:
        """The code by which a new passkey waits for its voucher: the name of its key; `peer` is who calls."""
        value = read(challenge)
        self.require_given(value)
        try:
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
        except Exception:  # noqa: BLE001 -- whatever is wrong with it, it is the browser's
            raise UsageError("the browser's new passkey cannot be read; make it again") from None
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise UsageError("a passkey's key is on the curve P-256")
        der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        code = key_id(key)
        made = Offered(jose.encode(verified.credential_id), base64.b64encode(der).decode())
        # No attestation ties a credential's id to its key: a stranger may offer another for one that waits.
        if (waiting := self._waiting.find(code)) is None:
            self._waiting.keep(peer, code, made)
        elif waiting != made:
            raise NotPermitted("a passkey with this key waits already, under another id; make a new one")
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
