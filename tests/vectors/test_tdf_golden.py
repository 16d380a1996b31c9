"""Packages that others wrote: the published golden files open, their mutations do not (formats.md 3.6)."""

import base64
import copy
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from solely.errors import VerificationFailed
from solely.release.package import decrypt, read_package

FOLDER = Path(__file__).parents[2] / "vectors" / "tdf"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())
PEM = json.loads((FOLDER / "extra-keys.json").read_text())[0]["privateKey"]


@pytest.fixture(scope="module")
def key():
    return load_pem_private_key(PEM.encode(), None)


def _parts(name):
    with zipfile.ZipFile(FOLDER / name) as archive:
        return archive.read("0.payload"), json.loads(archive.read("0.manifest.json"))


def _zipped(payload, manifest):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("0.payload", payload)
        archive.writestr("0.manifest.json", json.dumps(manifest))
    return held.getvalue()


def _open(data, key):
    return decrypt(read_package(data), key)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_each_golden_file_opens(name, key):
    plain = _open((FOLDER / name).read_bytes(), key)
    assert len(plain) == EXPECTED[name]["plaintext_bytes"]
    assert hashlib.sha256(plain).hexdigest() == EXPECTED[name]["plaintext_sha256"]
    assert read_package((FOLDER / name).read_bytes()).manifest.is_legacy is EXPECTED[name]["legacy"]


def test_all_seven_are_here():
    assert len(EXPECTED) == 7
    assert sorted(EXPECTED) == sorted(path.name for path in FOLDER.glob("*.tdf"))


# -- mutations: each takes the payload and the manifest of a good package and spoils one thing ---------


def _held(manifest):
    return manifest["encryptionInformation"]


def _integrity(manifest):
    return _held(manifest)["integrityInformation"]


def _flipped(text):
    raw = bytearray(base64.b64decode(text))
    raw[0] = (
        raw[0] ^ 1 if raw[0] not in b"0123456789abcdef" else (ord("1") if raw[0] == ord("0") else ord("0"))
    )
    return base64.b64encode(raw).decode()


def _policy(manifest, **changes):
    words = json.loads(base64.b64decode(_held(manifest)["policy"])) | changes
    _held(manifest)["policy"] = base64.b64encode(json.dumps(words).encode()).decode()


def _unbound_policy(payload, manifest):
    _policy(manifest, body={"dataAttributes": [], "dissem": ["mallory"]})
    return payload


def _another_uuid(payload, manifest):
    _policy(manifest, uuid="00000000-0000-0000-0000-000000000000")
    return payload


def _altered_binding(payload, manifest):
    for access in _held(manifest)["keyAccess"]:
        access["policyBinding"]["hash"] = _flipped(access["policyBinding"]["hash"])
    return payload


def _altered_wrapped_key(payload, manifest):
    for access in _held(manifest)["keyAccess"]:
        access["wrappedKey"] = _flipped(access["wrappedKey"])
    return payload


def _altered_root(payload, manifest):
    root = _integrity(manifest)["rootSignature"]
    root["sig"] = _flipped(root["sig"])
    return payload


def _altered_segment_hash(payload, manifest):
    segment = _integrity(manifest)["segments"][0]
    segment["hash"] = _flipped(segment["hash"])
    return payload


def _altered_segment_size(payload, manifest):
    _integrity(manifest)["segments"][0]["segmentSize"] += 1
    return payload


def _altered_encrypted_size(payload, manifest):
    _integrity(manifest)["segments"][0]["encryptedSegmentSize"] += 1
    return payload


def _altered_both_sizes(payload, manifest):
    _altered_segment_size(payload, manifest)
    return _altered_encrypted_size(payload, manifest)


def _altered_default_size(payload, manifest):
    _integrity(manifest)["encryptedSegmentSizeDefault"] += 1
    return payload


def _altered_end(payload, manifest):
    return payload[:-1] + bytes([payload[-1] ^ 1])


def _altered_middle(payload, manifest):
    return payload[:14] + bytes([payload[14] ^ 1]) + payload[15:]


def _cut_payload(payload, manifest):
    return payload[:-1]


def _longer_payload(payload, manifest):
    return payload + b"\0"


def _wrong_split(payload, manifest):
    access = copy.deepcopy(_held(manifest)["keyAccess"][0])
    access["sid"] = "another"
    _held(manifest)["keyAccess"].append(access)
    return payload


def _no_key_access(payload, manifest):
    _held(manifest)["keyAccess"] = []
    return payload


def _other_form(payload, manifest):
    if "schemaVersion" in manifest:
        del manifest["schemaVersion"]
    else:
        manifest["schemaVersion"] = "4.3.0"
    return payload


def _unknown_version(payload, manifest):
    manifest["schemaVersion"] = "4.4.0"
    return payload


def _other_hash_kind(payload, manifest):
    _integrity(manifest)["segmentHashAlg"] = "HS256"
    return payload


def _unknown_hash_kind(payload, manifest):
    _integrity(manifest)["segmentHashAlg"] = "NONE"
    return payload


def _no_segments(payload, manifest):
    _integrity(manifest)["segments"] = []
    return payload


def _unknown_wrapping(payload, manifest):
    for access in _held(manifest)["keyAccess"]:
        access["type"] = "remote"
    return payload


MUTATIONS = [
    _unbound_policy, _another_uuid, _altered_binding, _altered_wrapped_key, _altered_root,
    _altered_segment_hash,    _altered_segment_size, _altered_encrypted_size,
    _altered_both_sizes, _altered_default_size, _altered_end,
    _altered_middle, _cut_payload, _longer_payload, _wrong_split, _no_key_access, _other_form,
    _unknown_version,    _other_hash_kind, _unknown_hash_kind, _no_segments, _unknown_wrapping,
]  # fmt: skip


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_golden_file_zipped_anew_still_opens(name, key):
    """Or else the mutations below would be refused for the zip, not for what they change."""
    payload, manifest = _parts(name)
    assert _open(_zipped(payload, manifest), key)


@pytest.mark.rule("R-52")
@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda each: each.__name__.strip("_"))
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_each_mutation_is_refused(name, mutate, key):
    payload, manifest = _parts(name)
    spoiled = mutate(payload, manifest)
    with pytest.raises(VerificationFailed):
        _open(_zipped(spoiled, manifest), key)


WITH_ASSERTIONS = sorted(name for name in EXPECTED if EXPECTED[name]["assertions"])


def _altered_statement(assertion):
    assertion["statement"]["format"] = "another"


def _altered_scope(assertion):
    assertion["scope"] = "unknown"


def _foreign_signature(assertion):
    """A signature by another key, over the same claims."""
    import hmac

    head, claims, _ = assertion["binding"]["signature"].split(".")
    tag = hmac.digest(b"k" * 32, f"{head}.{claims}".encode(), "sha256")
    assertion["binding"]["signature"] = f"{head}.{claims}." + base64.urlsafe_b64encode(tag).decode().rstrip(
        "="
    )


def _unsigned(assertion):
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    assertion["binding"]["signature"] = head + "." + assertion["binding"]["signature"].split(".")[1] + "."


def _without_binding(assertion):
    del assertion["binding"]


@pytest.mark.parametrize(
    "mutate", [_altered_statement, _altered_scope, _foreign_signature, _unsigned, _without_binding]
)
@pytest.mark.parametrize("name", WITH_ASSERTIONS)
def test_each_altered_assertion_is_refused(name, mutate, key):
    payload, manifest = _parts(name)
    mutate(manifest["assertions"][0])
    with pytest.raises(VerificationFailed, match="assertion"):
        _open(_zipped(payload, manifest), key)


def test_another_key_opens_none():
    from cryptography.hazmat.primitives.asymmetric import rsa

    other = rsa.generate_private_key(65537, 2048)
    for name in EXPECTED:
        with pytest.raises(VerificationFailed):
            _open((FOLDER / name).read_bytes(), other)
