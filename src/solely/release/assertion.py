"""Statements bound to a package: read and checked, so that an altered one is refused (formats.md 3.1).

- The gate writes none. It checks those that others wrote with the payload's own key (HS256).
- A binding that this build cannot check is refused, not skipped: unknown never permits (R-02).
- Such a binding shows integrity, not who made the statement.
"""

import base64
import binascii
import hmac
from typing import Any

from solely.canonical import canonical_json, sha256_hex
from solely.errors import VerificationFailed
from solely.release.manifest import decode_base64, parse_object


def _require(condition: bool) -> None:
    if not condition:
        raise VerificationFailed("an assertion of the package does not hold")


def _unpadded(text: str) -> bytes:
    """The bytes of unpadded URL-safe base64 (RFC 7515 section 2)."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise VerificationFailed("an assertion of the package has no JWS") from None
    _require(base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == text)
    return raw


def _claims(jws: str, key: bytes) -> dict[str, Any]:
    parts = jws.split(".")
    _require(len(parts) == 3)
    header = parse_object(_unpadded(parts[0]), "assertion header")
    _require(header.get("alg") == "HS256")
    expected = hmac.digest(key, f"{parts[0]}.{parts[1]}".encode(), "sha256")
    _require(hmac.compare_digest(expected, _unpadded(parts[2])))
    return parse_object(_unpadded(parts[1]), "assertion claims")


def _digest(assertion: dict[str, Any]) -> str:
    """The hexadecimal SHA-256 of the statement's RFC 8785 form; an object as value counts as its text."""
    bound = {name: each for name, each in assertion.items() if name != "binding"}
    statement = bound.get("statement")
    try:
        if isinstance(statement, dict) and isinstance(statement.get("value"), dict):
            bound["statement"] = {**statement, "value": canonical_json(statement["value"]).decode()}
        return sha256_hex(canonical_json(bound))
    except ValueError:
        raise VerificationFailed("an assertion of the package has no canonical form") from None


def require_assertion(
    assertion: dict[str, Any], key: bytes, segment_hashes: bytes, *, is_legacy: bool
) -> None:
    """Return when the assertion is bound to this payload; else VerificationFailed.

    `segment_hashes` are the concatenated hashes as the root signature covers them (legacy: their text).
    """
    binding = assertion.get("binding")
    _require(isinstance(binding, dict))
    assert isinstance(binding, dict), "checked above"
    method, signature = binding.get("method"), binding.get("signature")
    _require(isinstance(method, str) and method.lower() == "jws" and isinstance(signature, str))
    claims = _claims(str(signature), key)
    digest = _digest(assertion)
    _require(claims.get("assertionHash") == digest)
    own = digest.encode() if is_legacy else bytes.fromhex(digest)
    stated = decode_base64(str(claims.get("assertionSig")), "assertionSig")
    _require(hmac.compare_digest(stated, segment_hashes + own))
