"""The keys of one release, all grown from its 32-byte seed, so that sealing again gives the same bytes.

- Each part has its own HKDF-SHA256 label (RFC 5869): knowing one tells nothing of another.
- A private scalar is 48 derived bytes reduced modulo n-1, plus one (FIPS 186-5, A.2.1: at least 64 bits
  more than the order, so that the bias is negligible).
- Whoever destroys the seed destroys every part: that is what a later recall rests on.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from solely.confidential import masked
from solely.crypto_policy import CURVE
from solely.signing import key_id

SEED_BYTES = 32
NONCE_BYTES = 12
_SALT = b"solely/release/1"
_CURVE = CURVE
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # n of P-256 (SP 800-186)


@masked
@dataclass(frozen=True, slots=True, repr=False)
class ReleaseKey:
    """What seals and opens one release.

    `access` is the key access service's private key, `ephemeral` the sealer's; `shared` is what the two agree
    on (SP 800-56A, 5.7.1.2), under which `content`, the payload's key, is wrapped. `nonces` keys the
    derivation of the payload's nonce from what is sealed: should one seed ever seal two different payloads,
    they still never share a nonce.
    """

    access: ec.EllipticCurvePrivateKey
    ephemeral: ec.EllipticCurvePrivateKey
    shared: bytes
    content: bytes
    wrap_nonce: bytes
    nonces: bytes

    @property
    def id(self) -> str:
        """The name of the public half of `access`, as `kid` in the package."""
        return key_id(self.access.public_key())


def _derived(seed: bytes, label: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, _SALT, label).derive(seed)


def _scalar(seed: bytes, label: bytes) -> int:
    return int.from_bytes(_derived(seed, label, 48), "big") % (_ORDER - 1) + 1


def _shared(one: int, other: int) -> bytes:
    """What two private scalars agree on: who knows both multiplies them, quicker than an exchange."""
    agreed = ec.derive_private_key(one * other % _ORDER, _CURVE).public_key()
    return agreed.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:33]


def release_key(seed: bytes) -> ReleaseKey:
    """The keys that belong to `seed`, the same ones each time; the seed is the store's (R-49)."""
    assert len(seed) == SEED_BYTES, "a release seed has 32 bytes"
    access, ephemeral = _scalar(seed, b"key access"), _scalar(seed, b"ephemeral")
    return ReleaseKey(
        access=ec.derive_private_key(access, _CURVE),
        ephemeral=ec.derive_private_key(ephemeral, _CURVE),
        shared=_shared(access, ephemeral),
        content=_derived(seed, b"content", 32),
        wrap_nonce=_derived(seed, b"wrap nonce", NONCE_BYTES),
        nonces=_derived(seed, b"payload nonces", 32),
    )
