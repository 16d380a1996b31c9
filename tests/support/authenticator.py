"""An authenticator in software, for tests that need a passkey and no browser."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from solely.access import jose
from solely.passkey import Assertion


@dataclass
class Authenticator:
    """An authenticator in software: flags say whether its user was verified."""

    site: str = "localhost"
    flags: int = 0x05
    kind: str = "webauthn.get"
    origin: str = ""  # where it is asked, whatever page asks
    more: dict[str, object] = field(default_factory=dict)  # of the client's data
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def public(self) -> str:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return base64.b64encode(self.key.public_key().public_bytes(serialization.Encoding.DER, form)).decode()

    credential: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def made(self, challenge: str, origin: str) -> dict[str, object]:
        """The new passkey as a browser hands it to the gate, without attestation."""
        from webauthn.helpers import encode_cbor

        client = json.dumps({"type": "webauthn.create", "challenge": challenge, "origin": origin}).encode()
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        own = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + encode_cbor(cose)
        data = hashlib.sha256(self.site.encode()).digest() + b"\x45" + bytes(4) + own
        attested = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        response = {"clientDataJSON": jose.encode(client), "attestationObject": jose.encode(attested)}
        name = jose.encode(self.credential)
        return {"id": name, "rawId": name, "type": "public-key", "response": response}

    def sign(self, challenge: bytes, origin: str = "") -> Assertion:
        words: dict[str, object] = {"type": self.kind, "challenge": jose.encode(challenge)}
        words["origin"] = self.origin or origin or f"http://{self.site}:8700"
        client = json.dumps(words | self.more).encode()
        data = hashlib.sha256(self.site.encode()).digest() + bytes([self.flags]) + (7).to_bytes(4, "big")
        signed = data + hashlib.sha256(client).digest()
        return Assertion(data, client, self.key.sign(signed, ec.ECDSA(hashes.SHA256())))
