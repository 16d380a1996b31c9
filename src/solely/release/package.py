"""Sealed packages: TDF 4.3.0, one P-256 key per release, always the same bytes (formats.md 3).

- The key stays with the gate; a package alone opens for nobody.
- The clear manifest holds the release's UUID, its one attribute, officer ids and key material, and no
  word of the request or the record (R-57).
- The payload's nonce is derived from all that is sealed (after the SIV idea of RFC 5297), so one seed
  never gives two payloads one nonce, and everything in a package of ours is covered by its key.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from solely.errors import UsageError, VerificationFailed
from solely.model import NAME_ID, RELEASE_ID
from solely.release.archive import MANIFEST, PAYLOAD, read_archive, write_archive
from solely.release.assertion import require_assertion
from solely.release.keys import NONCE_BYTES, ReleaseKey
from solely.release.manifest import OVERHEAD_BYTES, KeyAccess, Manifest, parse_manifest
from solely.signing import parse_public_key

ACCESS_URL = "http://127.0.0.1/kas"
MIME_TYPE = "application/json"
SEGMENT_BYTES = 2**21  # the default of all writers; a payload of ours is one segment
_ATTRIBUTE = "https://solely.example/attr/{}/value/{}"
_SALT = hashlib.sha256(b"TDF").digest()
_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]-]{1,255}(/[A-Za-z0-9._~/-]{0,255})?")

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class ReleasePolicy:
    """Whom a package is for: the release's UUID, and the ids of the officers who may open it (R-49).

    The attribute is unique to the release, so that a key service which knows nothing of us denies by
    default (formats.md D4); its name says when the release is synthetic.
    """

    release_id: str
    officers: tuple[str, ...]
    is_synthetic: bool

    def __post_init__(self) -> None:
        if not RELEASE_ID.fullmatch(self.release_id):
            raise UsageError("a release id is a UUID in lower case")
        if not self.officers or not all(NAME_ID.fullmatch(each) for each in self.officers):
            raise UsageError("a release names its officers by their ids, at least one")

    @property
    def attribute(self) -> str:
        """The one attribute of this release."""
        return _ATTRIBUTE.format("synthetic-release" if self.is_synthetic else "release", self.release_id)

    def text(self) -> str:
        """The policy as it stands in the manifest: the base64 that the binding covers."""
        officers = '","'.join(self.officers)
        return _base64(
            f'{{"uuid":"{self.release_id}","body":{{"dataAttributes":[{{"attribute":"{self.attribute}"}}],'
            f'"dissem":["{officers}"]}}}}'.encode()
        )


@dataclass(frozen=True, slots=True, repr=False)
class Package:
    """A package whose form holds; nothing in it is proved before it is opened with its key."""

    data: bytes
    manifest: Manifest
    stored: bytes

    @property
    def release_id(self) -> str:
        """The policy's UUID: the name of the seed that opens it."""
        return self.manifest.policy.release_id

    @property
    def officers(self) -> tuple[str, ...]:
        """The ids of the officers whom the policy names; none permits nobody."""
        return self.manifest.policy.officers

    @property
    def is_synthetic(self) -> bool:
        """True when the release's attribute says so."""
        return _ATTRIBUTE.format("synthetic-release", self.release_id) in self.manifest.policy.attributes


# -- sealing ------------------------------------------------------------------------------------------


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def wrapping_key(shared: bytes) -> bytes:
    """The key that wraps a share, from what two sides have agreed on (formats.md 3.1, `ec-wrapped`)."""
    return HKDF(hashes.SHA256(), 32, _SALT, b"").derive(shared)


def bound(share: bytes, policy: str) -> bytes:
    """What binds a policy, as the base64 that stands in the manifest, to a share."""
    return hmac.digest(share, policy.encode(), "sha256")


def _nonce(key: ReleaseKey, access_url: str, policy: str, payload: bytes) -> bytes:
    # Lengths first, so that no two different triples give one message.
    head = f"{len(access_url)} {len(policy)} {access_url}{policy}".encode()
    return hmac.digest(key.nonces, head + payload, "sha256")[:NONCE_BYTES]


def _access_text(key: ReleaseKey, access_url: str, policy: str) -> str:
    wrapping = wrapping_key(key.shared)
    wrapped = key.wrap_nonce + AESGCM(wrapping).encrypt(key.wrap_nonce, key.content, None)
    binding = bound(key.content, policy).hex().encode()
    pem = key.ephemeral.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    ephemeral = pem.decode("ascii").replace("\n", "\\n")
    return (
        f'{{"type":"ec-wrapped","url":"{access_url}","protocol":"kas","wrappedKey":"{_base64(wrapped)}",'
        f'"policyBinding":{{"alg":"HS256","hash":"{_base64(binding)}"}},"kid":"{key.id}",'
        f'"schemaVersion":"1.0","ephemeralPublicKey":"{ephemeral}"}}'
    )


def _manifest_text(access: str, policy: str, tag: bytes, root: bytes, size: int) -> str:
    """The manifest, from a fixed text: every part is base64, a checked id or a number, so none can escape."""
    return (
        '{"schemaVersion":"4.3.0","payload":{"type":"reference","url":"0.payload","protocol":"zip",'
        f'"mimeType":"{MIME_TYPE}","isEncrypted":true}},'
        f'"encryptionInformation":{{"type":"split","policy":"{policy}","keyAccess":[{access}],'
        '"method":{"algorithm":"AES-256-GCM","iv":"","isStreamable":true},'
        f'"integrityInformation":{{"rootSignature":{{"alg":"HS256","sig":"{_base64(root)}"}},'
        f'"segmentHashAlg":"GMAC","segmentSizeDefault":{SEGMENT_BYTES},'
        f'"encryptedSegmentSizeDefault":{SEGMENT_BYTES + OVERHEAD_BYTES},'
        f'"segments":[{{"hash":"{_base64(tag)}","segmentSize":{size},'
        f'"encryptedSegmentSize":{size + OVERHEAD_BYTES}}}]}}}}}}'
    )


def seal(payload: bytes, key: ReleaseKey, policy: ReleasePolicy, access_url: str = ACCESS_URL) -> bytes:
    """The package of `payload`: deterministic in its four arguments (contracts 6, R-49)."""
    if not _URL.fullmatch(access_url):
        raise UsageError("the key access address is a plain http or https address")
    assert len(payload) <= SEGMENT_BYTES, "a release is one segment"
    text = policy.text()
    nonce = _nonce(key, access_url, text, payload)
    stored = nonce + AESGCM(key.content).encrypt(nonce, payload, None)
    tag = stored[-16:]
    root = hmac.digest(key.content, tag, "sha256")
    manifest = _manifest_text(_access_text(key, access_url, text), text, tag, root, len(payload))
    return write_archive(stored, manifest.encode())


# -- reading ------------------------------------------------------------------------------------------


def read_package(data: bytes) -> Package:
    """The package in `data`, whole in memory; raises VerificationFailed that names what is wrong.

    The door checks the file's size against `archive.PACKAGE_BYTES_MAX` before it reads. Form only: who
    may open is the gate's decision, and what is inside is proved by `unseal`.
    """
    entries = read_archive(data)
    manifest = parse_manifest(entries[MANIFEST])
    stored = entries[PAYLOAD]
    if sum(segment.stored_size for segment in manifest.segments) != len(stored):
        raise VerificationFailed("the package's segments do not add up to its payload")
    return Package(data, manifest, stored)


def open_share(access: KeyAccess, private_key: PrivateKey) -> bytes | None:
    """The share behind one key access object, or None when this key does not open it."""
    try:
        if access.kind == "wrapped" and isinstance(private_key, rsa.RSAPrivateKey):
            # SHA-1 in OAEP is what every writer of `wrapped` uses; ours never writes it (formats.md 3.1).
            oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303 -- the format's
            return private_key.decrypt(access.wrapped, oaep)
        if access.kind == "ec-wrapped" and isinstance(private_key, ec.EllipticCurvePrivateKey):
            shared = private_key.exchange(ec.ECDH(), parse_public_key(access.ephemeral))
            wrapping = wrapping_key(shared)
            return AESGCM(wrapping).decrypt(access.wrapped[:NONCE_BYTES], access.wrapped[NONCE_BYTES:], None)
    except (ValueError, InvalidTag, UsageError):
        return None
    return None


def _share(alternatives: Iterable[KeyAccess], policy: str, private_key: PrivateKey) -> bytes:
    """The one share of a split; every alternative must be bound to this policy by it."""
    held = tuple(alternatives)
    shares = {share for each in held if (share := open_share(each, private_key)) is not None}
    if len(shares) != 1:
        raise VerificationFailed("the package's key does not open it")
    share = shares.pop()
    binding = bound(share, policy)
    if len(share) != 32 or not all(hmac.compare_digest(binding, each.binding) for each in held):
        raise VerificationFailed("the package's policy is not the one it was sealed under")
    return share


def _payload_key(manifest: Manifest, private_key: PrivateKey) -> bytes:
    splits: dict[str, list[KeyAccess]] = {}
    for each in manifest.key_access:
        splits.setdefault(each.split, []).append(each)
    shares = [_share(each, manifest.policy.text, private_key) for each in splits.values()]
    return reduce(lambda one, other: bytes(a ^ b for a, b in zip(one, other, strict=True)), shares)


def _segment_hash(kind: str, key: bytes, stored: bytes) -> bytes:
    if kind == "GMAC":
        return stored[-16:]
    if kind == "HS256":
        return hmac.digest(key, stored, "sha256")
    raise VerificationFailed("the package's manifest is refused: `segmentHashAlg`")


def _segments_opened(package: Package, key: bytes) -> bytes:
    cipher, parts, at = AESGCM(key), [], 0
    for segment in package.manifest.segments:
        stored = package.stored[at : at + segment.stored_size]
        at += segment.stored_size
        expected = _segment_hash(package.manifest.segment_hash, key, stored)
        if not hmac.compare_digest(expected, segment.hash):
            raise VerificationFailed("a segment of the package has another hash")
        try:
            parts.append(cipher.decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], None))
        except InvalidTag:
            raise VerificationFailed("a segment of the package was altered") from None
    return b"".join(parts)


def decrypt(package: Package, private_key: PrivateKey) -> bytes:
    """The plaintext of any TDF whose key access key this is; all of it or VerificationFailed.

    0. one share per split, each bound to the policy  1. the root over all segment hashes, which alone
    shows a segment moved or dropped  2. the assertions  3. each segment's hash and tag.
    """
    return opened_by(package, _payload_key(package.manifest, private_key))  # 0


def opened_by(package: Package, key: bytes) -> bytes:
    """The plaintext of a package under its payload key; VerificationFailed when a byte of it differs."""
    manifest = package.manifest
    covered = b"".join(
        each.hash.hex().encode() if manifest.is_legacy else each.hash for each in manifest.segments
    )
    if not hmac.compare_digest(hmac.digest(key, covered, "sha256"), manifest.root):  # 1
        raise VerificationFailed("the package's root signature does not hold")
    for assertion in manifest.assertions:  # 2
        require_assertion(assertion, key, covered, is_legacy=manifest.is_legacy)
    return _segments_opened(package, key)  # 3


def unseal(package: Package, key: ReleaseKey) -> bytes:
    """The payload of a package of this gate; raises VerificationFailed if one byte is not as it was sealed.

    TDF leaves parts of a manifest uncovered (the address of the key service, the key's name, the zip
    itself). A package of ours is a function of what it holds, so sealing that again must give its bytes.
    """
    payload = decrypt(package, key.access)
    try:
        policy = ReleasePolicy(package.release_id, package.officers, package.is_synthetic)
        again = seal(payload, key, policy, package.manifest.access_url)
    except UsageError:
        raise VerificationFailed("the package is not as this gate seals") from None
    if not hmac.compare_digest(again, package.data):
        raise VerificationFailed("the package is not as it was sealed")
    return payload
