"""A package: deterministic, silent in the clear, open to its key alone, and refused when touched."""

import base64
import hmac
import io
import json
import struct
import uuid
import warnings
import zipfile

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from solely.errors import UsageError, VerificationFailed
from solely.release.archive import MANIFEST_BYTES_MAX, PACKAGE_BYTES_MAX
from solely.release.keys import ReleaseKey
from solely.release.package import ReleasePolicy, decrypt, read_package, seal, unseal

SEED = bytes(range(32))
ID = "6f1f3a52-6f0e-4b1e-9a55-0c6b7d4d2f10"
PAYLOAD = b'{"street_line":"14 UNKNOWN RD","requested_name":"Ana Lopez"}'


def _policy(release_id=ID, officers=("officer-1", "officer-2"), is_synthetic=True):
    return ReleasePolicy(release_id, officers, is_synthetic)


@pytest.fixture(scope="module")
def key():
    return ReleaseKey(SEED)


@pytest.fixture(scope="module")
def sealed(key):
    return seal(PAYLOAD, key, _policy())


def _parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("0.payload"), json.loads(archive.read("0.manifest.json"))


def _zipped(*entries, method=zipfile.ZIP_STORED):
    held = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(held, "w", method) as archive:
        warnings.simplefilter("ignore")  # zipfile warns of a name that stands twice: that is the test
        for name, data in entries:
            archive.writestr(name, data)
    return held.getvalue()


def test_a_stock_zip_reader_finds_the_two_stored_entries(sealed):
    with zipfile.ZipFile(io.BytesIO(sealed)) as archive:
        assert archive.testzip() is None
        listed = [(each.filename, each.compress_type, each.date_time) for each in archive.infolist()]
    day = (1980, 1, 1, 0, 0, 0)
    assert listed == [("0.payload", 0, day), ("0.manifest.json", 0, day)]


def test_the_manifest_has_exactly_the_keys_of_tdf_4_3_0(sealed):
    stored, manifest = _parts(sealed)
    assert list(manifest) == ["schemaVersion", "payload", "encryptionInformation"]
    assert manifest["schemaVersion"] == "4.3.0"
    held = manifest["encryptionInformation"]
    assert held["method"] == {"algorithm": "AES-256-GCM", "iv": "", "isStreamable": True}
    (access,) = held["keyAccess"]
    assert set(access) == {
        "type", "url", "protocol", "wrappedKey", "policyBinding", "kid", "schemaVersion",
        "ephemeralPublicKey",
    }  # fmt: skip
    assert access["type"] == "ec-wrapped"
    integrity = held["integrityInformation"]
    assert integrity["encryptedSegmentSizeDefault"] == integrity["segmentSizeDefault"] + 28
    assert integrity["segments"][0]["encryptedSegmentSize"] == len(stored) == len(PAYLOAD) + 28


@pytest.mark.rule("R-49")
def test_the_policy_names_the_officers_and_one_attribute_of_its_own(sealed):
    _, manifest = _parts(sealed)
    policy = json.loads(base64.b64decode(manifest["encryptionInformation"]["policy"]))
    attribute = f"https://solely.example/attr/synthetic-release/value/{ID}"
    body = {"dataAttributes": [{"attribute": attribute}], "dissem": ["officer-1", "officer-2"]}
    assert policy == {"uuid": ID, "body": body}
    package = read_package(sealed)
    assert (package.release_id, package.officers, package.is_synthetic) == (
        ID,
        ("officer-1", "officer-2"),
        True,
    )


def test_a_package_says_when_it_is_not_synthetic(key):
    assert not read_package(seal(PAYLOAD, key, _policy(is_synthetic=False))).is_synthetic


@pytest.mark.rule("R-57")
def test_no_word_of_the_payload_stands_in_the_clear(sealed):
    _, manifest = _parts(sealed)
    clear = json.dumps(manifest) + base64.b64decode(manifest["encryptionInformation"]["policy"]).decode()
    for word in ("UNKNOWN", "Lopez", "14 "):
        assert word not in clear
        assert word.encode() not in sealed


def test_sealing_again_gives_the_same_bytes(sealed):
    assert seal(PAYLOAD, ReleaseKey(SEED), _policy()) == sealed


def test_one_seed_never_gives_two_payloads_one_nonce(key):
    """GCM fails open when a nonce repeats: an end date moved by a crash at midnight must not do that."""
    nonces = {_parts(seal(PAYLOAD + bytes([n]), key, _policy()))[0][:12] for n in range(200)}
    nonces |= {_parts(seal(PAYLOAD, key, _policy(), f"http://127.0.0.1/{n}"))[0][:12] for n in range(50)}
    assert len(nonces) == 250


def test_the_package_opens_with_its_key(sealed, key):
    assert unseal(read_package(sealed), key) == PAYLOAD


@pytest.mark.rule("R-52")
def test_no_other_key_opens_it(sealed):
    other = ReleaseKey(SEED[::-1])
    with pytest.raises(VerificationFailed, match="does not open it"):
        unseal(read_package(sealed), other)


@pytest.mark.rule("R-52")
def test_every_single_changed_byte_is_refused(sealed, key):
    refused = 0
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 0x01
        with pytest.raises(VerificationFailed):
            unseal(read_package(bytes(changed)), key)
        refused += 1
    assert refused == len(sealed)


@pytest.mark.rule("R-95")
def test_two_releases_cannot_swap_policies(key):
    other_key, other_id = ReleaseKey(SEED[::-1]), str(uuid.UUID(int=7, version=4))
    (one, first), (other, second) = (
        _parts(seal(PAYLOAD, key, _policy())),
        _parts(seal(PAYLOAD, other_key, _policy(other_id, ("officer-9",)))),
    )
    held, taken = first["encryptionInformation"], second["encryptionInformation"]
    held["policy"], taken["policy"] = taken["policy"], held["policy"]
    for stored, manifest, its_key in ((one, first, key), (other, second, other_key)):
        data = _zipped(("0.payload", stored), ("0.manifest.json", json.dumps(manifest)))
        with pytest.raises(VerificationFailed, match="policy"):
            decrypt(read_package(data), its_key.access)


@pytest.mark.rule("R-52")
def test_a_key_service_of_somebody_else_is_refused(sealed, key):
    stored, manifest = _parts(sealed)
    manifest["encryptionInformation"]["keyAccess"][0]["url"] = "http://127.0.0.2/kas"
    data = _zipped(("0.payload", stored), ("0.manifest.json", json.dumps(manifest)))
    with pytest.raises(VerificationFailed, match="not as it was sealed"):
        unseal(read_package(data), key)


# -- several segments, as other writers make them ------------------------------------------------------


def _segmented(key, pieces, order=None):
    """A package of ours rewritten in several segments, signed for the order given."""
    _, manifest = _parts(seal(b"", key, _policy()))
    stored = []
    for number, piece in enumerate(pieces):
        nonce = number.to_bytes(12, "big")
        stored.append(nonce + AESGCM(key.content).encrypt(nonce, piece, None))
    integrity = manifest["encryptionInformation"]["integrityInformation"]
    signed = b"".join(each[-16:] for each in stored)
    root = hmac.digest(key.content, signed, "sha256")
    integrity["rootSignature"]["sig"] = base64.b64encode(root).decode()
    kept = [stored[place] for place in (order if order is not None else range(len(stored)))]
    integrity["segments"] = [
        {
            "hash": base64.b64encode(each[-16:]).decode(),
            "segmentSize": len(each) - 28,
            "encryptedSegmentSize": len(each),
        }
        for each in kept
    ]
    return _zipped(("0.payload", b"".join(kept)), ("0.manifest.json", json.dumps(manifest)))


def test_several_segments_open_in_their_order(key):
    assert decrypt(read_package(_segmented(key, [b"one", b"two", b"three"])), key.access) == b"onetwothree"


@pytest.mark.parametrize(
    "order", [[1, 0, 2], [0, 1], [0, 1, 2, 2], [1, 2]], ids=["moved", "last", "twice", "first"]
)
def test_a_segment_moved_dropped_or_doubled_is_refused(key, order):
    with pytest.raises(VerificationFailed, match="root"):
        decrypt(read_package(_segmented(key, [b"one", b"two", b"three"], order)), key.access)


# -- the zip -------------------------------------------------------------------------------------------


def _raw(sealed):
    with zipfile.ZipFile(io.BytesIO(sealed)) as archive:
        return archive.read("0.payload"), archive.read("0.manifest.json")


def test_a_zip_that_holds_other_than_the_two_entries_is_refused(sealed):
    payload, manifest = _raw(sealed)
    both = [("0.payload", payload), ("0.manifest.json", manifest)]
    for entries in (
        [*both, ("0.manifest.json", manifest)],
        [*both, ("0.payload", payload)],
        [*both, ("note.txt", b"")],
        both[:1],
        [both[1], both[1]],
        [("manifest.json", manifest), both[0]],
        [("../0.payload", payload), both[1]],
        [],
    ):
        with pytest.raises(VerificationFailed, match="zip"):
            read_package(_zipped(*entries))


def test_a_compressed_entry_is_refused_before_it_is_inflated(sealed):
    _, manifest = _raw(sealed)
    bomb = _zipped(
        ("0.payload", b"\0" * 50_000_000), ("0.manifest.json", manifest), method=zipfile.ZIP_DEFLATED
    )
    assert len(bomb) < 100_000
    with pytest.raises(VerificationFailed, match="compressed"):
        read_package(bomb)


def test_a_manifest_over_ten_megabytes_is_refused(sealed):
    payload, manifest = _raw(sealed)
    padded = manifest + b" " * (MANIFEST_BYTES_MAX - len(manifest))
    assert read_package(_zipped(("0.payload", payload), ("0.manifest.json", padded)))
    with pytest.raises(VerificationFailed, match="too large"):
        read_package(_zipped(("0.payload", payload), ("0.manifest.json", padded + b" ")))


def test_a_package_over_the_limit_is_refused_unread():
    with pytest.raises(VerificationFailed, match="larger"):
        read_package(b"\0" * (PACKAGE_BYTES_MAX + 1))


def test_bytes_around_or_between_the_entries_are_refused(sealed):
    with pytest.raises(VerificationFailed):
        read_package(b"MZ" + sealed)
    with pytest.raises(VerificationFailed):
        read_package(sealed + b"\0")
    with pytest.raises(VerificationFailed):
        read_package(sealed + sealed)
    for length in (0, 1, 21, 22, 100, len(sealed) - 1):
        with pytest.raises(VerificationFailed):
            read_package(sealed[:length])


def test_a_size_that_the_file_only_claims_allocates_nothing(sealed):
    """A directory that says four gigabytes is refused for what it is, not tried."""
    at = sealed.rindex(b"PK\1\2")
    claimed = sealed[: at + 20] + struct.pack("<LL", 0xFFFFFFF0, 0xFFFFFFF0) + sealed[at + 28 :]
    with pytest.raises(VerificationFailed):
        read_package(claimed)


# -- the manifest --------------------------------------------------------------------------------------


def test_a_key_that_stands_twice_in_the_manifest_is_refused(sealed):
    payload, manifest = _raw(sealed)
    doubled = manifest.replace(b'{"schemaVersion"', b'{"schemaVersion":"4.3.0","schemaVersion"', 1)
    with pytest.raises(VerificationFailed, match=r"twice|JSON"):
        read_package(_zipped(("0.payload", payload), ("0.manifest.json", doubled)))


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"null", b"\xff\xfe", b"{" * 50_000, b"[" * 100_000, b'{"a":' + b"9" * 5000 + b"}"]
)
def test_a_manifest_that_is_no_object_is_refused(sealed, data):
    payload, _ = _raw(sealed)
    with pytest.raises(VerificationFailed):
        read_package(_zipped(("0.payload", payload), ("0.manifest.json", data)))


def test_every_missing_or_mistyped_key_is_refused(sealed, key):
    """Each key of the manifest in turn is taken away, then given as another type.

    Those that all writers leave out or that no reader needs are let pass, as the golden files ask.
    """
    stored, whole = _parts(sealed)
    tolerated = {"kid", "mimeType", "iv", "isStreamable", "schemaVersion"}

    def places(value, path=()):
        items = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for name, each in items:
            yield (*path, name)
            yield from places(each, (*path, name))

    for path in places(whole):
        if path[-1] in tolerated:
            continue
        for replacement in (None, 7.5, [], {}, "", True):
            manifest = json.loads(json.dumps(whole))
            holder = manifest
            for step in path[:-1]:
                holder = holder[step]
            if holder[path[-1]] is replacement:
                continue
            holder[path[-1]] = replacement
            data = _zipped(("0.payload", stored), ("0.manifest.json", json.dumps(manifest)))
            with pytest.raises(VerificationFailed):
                decrypt(read_package(data), key.access)


# -- what cannot be sealed -----------------------------------------------------------------------------


@pytest.mark.rule("R-49")
@pytest.mark.parametrize(
    ("release_id", "officers"),
    [
        (ID, ()), (ID, ("Officer One",)), (ID, ('x","y',)), (ID.upper(), ("officer-1",)),
        ("R-000123", ("officer-1",)),
        (ID, ("",)), (ID + "\n", ("officer-1",)), (ID, ("officer-1\n",)),
    ],
)  # fmt: skip
def test_a_policy_without_named_officers_or_with_a_strange_id_is_refused(release_id, officers):
    with pytest.raises(UsageError):
        ReleasePolicy(release_id, officers, True)


@pytest.mark.parametrize(
    "url", ["", "file:///kas", 'http://a/"', "http://a/\n", "javascript:1", "http://a/?x=1"]
)
def test_a_strange_key_service_address_is_refused(key, url):
    with pytest.raises(UsageError):
        seal(PAYLOAD, key, _policy(), url)


def test_half_a_character_in_the_manifest_is_refused_and_is_no_fault(sealed):
    payload, manifest = _parts(sealed)
    manifest["encryptionInformation"]["keyAccess"][0]["ephemeralPublicKey"] = "\ud800"
    data = _zipped(("0.payload", payload), ("0.manifest.json", json.dumps(manifest).encode()))
    with pytest.raises(VerificationFailed):
        read_package(data)
