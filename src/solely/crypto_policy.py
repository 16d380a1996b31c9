"""Which algorithm serves which use: what this build does, and what a federal profile asks (ledger.md 5.2).

- Code that signs takes its algorithm from here, so that one file says all.
- The table states what is used and what an agency's profile would have; it claims nothing of the module that
  computes it: which certificate a build rests on is for whoever installs it to say.
"""

from typing import Final, NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PROFILES: Final = ("default", "federal")


class Use(NamedTuple):
    """One use of cryptography: the algorithms of each profile, and what the federal one refuses.

    `is_met` is true where this build keeps to the federal profile as it stands.
    """

    name: str
    default: tuple[str, ...]
    federal: tuple[str, ...]
    refused: tuple[str, ...] = ()
    is_met: bool = True

    def algorithms(self, profile: str) -> tuple[str, ...]:
        """What serves the use under a profile; KeyError for a profile that there is not."""
        return {"default": self.default, "federal": self.federal}[profile]


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


def use_of(name: str) -> Use:
    """The use of this name; StopIteration is a fault of ours."""
    return next(each for each in USES if each.name == name)


def unmet() -> tuple[str, ...]:
    """The uses in which this build does not keep to the federal profile."""
    return tuple(each.name for each in USES if not each.is_met)
