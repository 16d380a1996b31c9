"""Which algorithm serves which use: what this build does, and what a federal profile asks (ledger.md 5.2).

- Code that signs takes its algorithm from here, so that one file says all.
- The table states what is used and what an agency's profile would have; it claims nothing of the module that
  computes it: which certificate a build rests on is for whoever installs it to say.
"""

from typing import Final, NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


class Use(NamedTuple):
    """One use of cryptography: what serves it here, and what a federal profile admits and refuses."""

    name: str
    default: tuple[str, ...]
    federal: tuple[str, ...]
    refused: tuple[str, ...] = ()


USES: Final = (
    Use("tree and commitments", ("SHA-256",), ("SHA-256",), ("BLAKE3",)),
    Use("package digest", ("SHA-384",), ("SHA-384",), ("BLAKE3",)),
    Use("tags, salts, seeds", ("HMAC-SHA-256", "HKDF-SHA-256"), ("HMAC-SHA-256", "HKDF-SHA-256"), ("VRF",)),
    Use("checkpoint", ("ECDSA P-256", "Ed25519"), ("ECDSA P-256", "Ed25519")),
    Use("letters, approvals, orders", ("ECDSA P-256",), ("ECDSA P-256", "ECDSA P-384"), ("RSA below 3072",)),
    Use("witness cosignature", ("Ed25519",), ("Ed25519",)),
    Use("key of a package", ("ECDH P-256",), ("ECDH P-256", "ECDH P-384"), ("X25519", "age")),
    Use("places of a review sample", ("AES-256-GCM",), ("AES-256-GCM",), ("ChaCha20-Poly1305",)),
    Use("content of a package", ("AES-256-GCM",), ("AES-256-GCM",), ("ChaCha20-Poly1305",)),
)

CURVE: Final = ec.SECP256R1()  # of every key of a person, an office, and a package
PERSONS: Final = ec.ECDSA(hashes.SHA256())  # letters, approvals, orders
