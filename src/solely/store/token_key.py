"""The key that signs access tokens: P-256, in a file of the gate's own, made at the first `solely serve`."""

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from solely.errors import Blocked, UsageError
from solely.signing import parse_private_key
from solely.store.files import PRIVATE, write_durably


def read_token_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """The key in `path`, made now where there is none; it opens nothing by itself."""
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_durably(path, pem, mode=PRIVATE)
    try:
        return parse_private_key(path.read_bytes())
    except UsageError:
        raise Blocked("STATE_EDITED", f"`{path.name}` is no key of this gate") from None
