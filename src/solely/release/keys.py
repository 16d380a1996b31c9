"""The keys of one release, all grown from its 32-byte seed, so that sealing again gives the same bytes.

- Each part has its own HKDF-SHA256 label (RFC 5869): knowing one tells nothing of another.
- A private scalar is 48 derived bytes reduced modulo n-1, plus one (FIPS 186-5, A.2.1: at least 64 bits
  more than the order, so that the bias is negligible).
- Whoever destroys the seed destroys every part: that is what a later recall rests on.
"""

from dataclasses import dataclass
from functools import cached_property

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
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # n of P-256 (SP 800-186)


@masked
@dataclass(frozen=True, repr=False)
class ReleaseKey:
    """What seals and opens one release, each part derived when it is asked for: an opening needs two of them.

    The seed is the store's (R-49); the same one gives the same parts each time.
    """

    seed: bytes

    def __post_init__(self) -> None:
        assert len(self.seed) == SEED_BYTES, "a release seed has 32 bytes"

    @cached_property
    def access(self) -> ec.EllipticCurvePrivateKey:
        """The key access service's private key."""
        return ec.derive_private_key(self._scalar(b"key access"), CURVE)

    @cached_property
    def ephemeral(self) -> ec.EllipticCurvePrivateKey:
        """The sealer's private key."""
        return ec.derive_private_key(self._scalar(b"ephemeral"), CURVE)

    @cached_property
    def shared(self) -> bytes:
        """What the two agree on (SP 800-56A, 5.7.1.2): both multiplied, quicker than an exchange."""
        product = self._scalar(b"key access") * self._scalar(b"ephemeral") % _ORDER
        agreed = ec.derive_private_key(product, CURVE).public_key()
        return agreed.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:33]

    @cached_property
    def content(self) -> bytes:
        """The payload's key, which is wrapped under what the two agree on."""
        return self._derived(b"content", 32)

    @property
    def wrap_nonce(self) -> bytes:
        """The nonce under which `content` is wrapped."""
        return self._derived(b"wrap nonce", NONCE_BYTES)

    @property
    def nonces(self) -> bytes:
        """What the payload's nonce is derived by from what is sealed: should one seed ever seal two different
        payloads, they still never share a nonce."""
        return self._derived(b"payload nonces", 32)

    @property
    def id(self) -> str:
        """The name of the public half of `access`, as `kid` in the package."""
        return key_id(self.access.public_key())

    def _derived(self, label: bytes, length: int) -> bytes:
        return HKDF(hashes.SHA256(), length, _SALT, label).derive(self.seed)

    def _scalar(self, label: bytes) -> int:
        return int.from_bytes(self._derived(label, 48), "big") % (_ORDER - 1) + 1
