"""The keys and the witness policy of a log, read from the gate's folder; what is missing or wrong blocks."""

from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from solely.errors import Blocked, SolelyError, TroubleError
from solely.ledger.note import VerifierKey, parse_vkey, verifier_key
from solely.ledger.policy import Policy, parse_policy
from solely.store.files import write_durably
from solely.store.ledger_files import LedgerPaths


def read_policy(path: Path) -> Policy:
    """The witness policy; one without witnesses where there is no file."""
    if not path.exists():
        return Policy()
    return parse_policy(path.read_bytes())


def pem(key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey) -> bytes:
    """A private key as it is kept: PKCS#8, unencrypted."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _read(path: Path, parse: Callable[[bytes], object]) -> object:
    try:
        return parse(path.read_bytes())
    except (FileNotFoundError, ValueError, TypeError, UnsupportedAlgorithm, SolelyError):
        raise Blocked("STATE_EDITED", f"`{path.name}` is missing or cannot be read") from None
    except OSError as error:
        raise TroubleError(f"`{path.name}` cannot be read: {error.strerror}") from None


def read_private(path: Path) -> object:
    """A private key of whatever kind; Blocked when the file holds none."""
    return _read(path, lambda data: serialization.load_pem_private_key(data, password=None))


def read_p256_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """A P-256 key; Blocked when the file holds none."""
    key = read_private(path)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Blocked("STATE_EDITED", f"`{path.name}` is no P-256 key")
    return key


def read_second(paths: LedgerPaths) -> ec.EllipticCurvePrivateKey:
    """The log's second key, held against its public side."""
    key = read_p256_key(paths.second_key)
    read_vkey(paths.second_vkey, key, None)
    return key


def read_vkey(
    path: Path, key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey, earlier: Ed25519PrivateKey | None
) -> VerifierKey:
    """The public side of the log's key; Blocked when it is of another, mended after a broken-off rotation."""
    vkey = _read(path, lambda data: parse_vkey(data.decode()))
    assert isinstance(vkey, VerifierKey), "a verifier key was parsed"
    if earlier is not None and vkey == verifier_key(vkey.name, earlier):
        # A crash came between the change of keys and of this file.
        vkey = verifier_key(vkey.name, key)
        write_durably(path, vkey.text().encode() + b"\n")
    if vkey != verifier_key(vkey.name, key):
        raise Blocked("STATE_EDITED", f"`{path.name}` is not of the log's key")
    return vkey


def read_salt_key(path: Path) -> bytes:
    """The 32 bytes that salts of commitments grow from."""
    key = _read(path, lambda data: bytes.fromhex(data.decode().strip()))
    assert isinstance(key, bytes), "a salt key was parsed"
    if len(key) != 32:
        raise Blocked("STATE_EDITED", f"`{path.name}` does not hold 32 bytes")
    return key
