"""Signed agreements, whole or redacted: own cutting, own hashing, own reading of what was signed.

1. The statement is in its one form, and each party signed its DSSE encoding with a key of its own.
2. Every part, shown or sealed, leads to the signed root: none is changed, dropped, swapped or renamed.
3. Id, version, parties and dates are shown and are those of the statement; no part of a list of what is
   permitted is sealed without an order.
"""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from solely_verify.note import from_base64
from solely_verify.objects import canonical, read_object
from solely_verify.parts import cut
from solely_verify.refusal import Refusal

BYTES_MAX = 8 * 2**20
PARTS_MAX = 100_000
TYPE = b"application/vnd.solely.agreement-statement+json"
SEAL_TYPE, SEAL_FORMAT = b"application/vnd.solely.seal+json", "solely/seal/1"
STATEMENT_FORMAT, COPY_FORMAT = "solely/agreement-statement/2", "solely/redacted-agreement/1"
SALTS_FORMAT = "solely/agreement-salts/1"
Keys = Mapping[str, ec.EllipticCurvePublicKey]  # by the name of the signer
_KEYS = {
    "act", "ends_on", "facts", "format", "id", "parties", "parts", "root", "starts_on", "statute",
    "supersedes", "version",
}  # fmt: skip
_OPEN = ("id", "version", "parties", "authority", "term", "synthetic")
_NAMES = {"signatories", "contacts", "reviewer"}
_LIMITS = {"limits", "matching", "obligations"}


class Leaf(NamedTuple):
    """One part as found: its hash, its label and text when shown, its order and end when sealed under one.

    `seal` is that as its signers signed it: order, last day, signatures.
    """

    hash: bytes
    label: str | None
    text: str
    order: str | None
    seal: Mapping[str, Any] | None = None


def require_file(path: Path) -> None:
    """Return when there is such a file; else Refusal, which says of a folder that it is one."""
    if path.is_dir():
        raise Refusal(f"`{path.name or path}` is a folder; a file in it is meant")
    if not path.is_file():
        raise Refusal(f"{path.name}: no such file")


def read_file(path: Path) -> bytes:
    """A file's bytes; Refusal when it is none or too large."""
    require_file(path)
    if path.stat().st_size > BYTES_MAX:
        raise Refusal(f"{path.name}: larger than 8 MiB")
    return path.read_bytes()


def read_signer_keys(paths: Sequence[str]) -> Keys:
    """The P-256 keys in PEM files by signer, whose name the file bears; Refusal names one that is none."""
    keys: dict[str, ec.EllipticCurvePublicKey] = {}
    for path in paths:
        try:
            key = serialization.load_pem_public_key(read_file(Path(path)))
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            raise Refusal(f"key: {Path(path).name} is no P-256 public key in PEM")
        if Path(path).stem in keys or key in keys.values():
            raise Refusal(f"key: {Path(path).name} is given twice, or under two names")
        keys[Path(path).stem] = key
    return keys


def verify_redacted(path: Path, keys: Keys) -> dict[str, Any]:
    """What holds of a public copy; `ok` is false with a finding where it does not."""
    return _judged(lambda: _redacted(read_file(path), keys))


def verify_agreement(folder: Path, keys: Keys) -> dict[str, Any]:
    """What holds of an agreement's folder: text, salts, statement and signatures."""
    return _judged(lambda: _whole(folder, keys))


def _judged(check: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"ok": True, "findings": [], "notes": []}
    try:
        found |= check()
    except Refusal as refusal:
        found |= {"ok": False, "findings": [str(refusal)]}
    return found


def _redacted(data: bytes, keys: Keys) -> dict[str, Any]:
    words = read_object(data, "copy")
    if set(words) != {"format", "statement", "signatures", "parts"} or words["format"] != COPY_FORMAT:
        raise Refusal(f"copy: not of format {COPY_FORMAT}")
    if not isinstance(words["statement"], str) or not isinstance(words["signatures"], dict):
        raise Refusal("copy: `statement` is a text and `signatures` an object")
    if not isinstance(words["parts"], list) or not 0 < len(words["parts"]) <= PARTS_MAX:
        raise Refusal("copy: `parts` is a list")
    content = words["statement"].encode("utf-8", "surrogatepass")
    statement = _statement(content)
    signers = _require_signed(statement, content, words["signatures"], keys)
    leaves = [_leaf(each, place) for place, each in enumerate(words["parts"], 1)]
    _require_root(statement, [leaf.hash for leaf in leaves])
    _require_public(statement, leaves)
    _require_seals(statement, leaves, keys)
    return _said(statement, signers, leaves)


def _whole(folder: Path, keys: Keys) -> dict[str, Any]:
    content = read_file(folder / "agreement.statement.json")
    statement = _statement(content)
    prefix = "agreement.statement.json."
    signatures = {
        each.name[len(prefix) : -len(".sig")]: read_file(each).decode("ascii", "replace").removesuffix("\n")
        for each in sorted(folder.glob(f"{prefix}*.sig"))
    }
    signers = _require_signed(statement, content, signatures, keys)
    said = read_object(read_file(folder / "agreement.salts.json"), "salts")
    parts = cut(read_file(folder / "agreement.md"))
    salts = said.get("salts")
    if said.get("format") != SALTS_FORMAT or not isinstance(salts, list) or len(salts) != len(parts):
        raise Refusal("salts: one for each part is expected")
    leaves = [
        Leaf(_hash(_hex(salt, 16, "salts"), label, text), label, text.decode(), None)
        for salt, (label, text) in zip(salts, parts, strict=True)
    ]
    _require_root(statement, [leaf.hash for leaf in leaves])
    _require_public(statement, leaves)
    return _said(statement, signers, leaves)


def _said(statement: Mapping[str, Any], signers: list[str], leaves: Sequence[Leaf]) -> dict[str, Any]:
    sealed = [leaf for leaf in leaves if leaf.label is None]
    orders = sorted({leaf.order for leaf in sealed if leaf.order is not None})
    notes = [f"{len(sealed)} of {len(leaves)} parts are sealed"] if sealed else []
    notes += [f"a permission is sealed: {order}" for order in orders]
    if statement["act"] == "narrowed":
        notes.append(
            "it bears one signature and only narrows the version that it names; that version, of root "
            f"{statement['supersedes']}, must be verified too"
        )
    keys = ("id", "version", "act", "root", "statute", "supersedes", "starts_on", "ends_on", "parts")
    digest = hashlib.sha256(canonical(statement)).hexdigest()  # entries of the ledger name it
    return {key: statement[key] for key in keys} | {
        "statement": digest,
        "signed_by": signers,
        "sealed": len(sealed),
        "notes": notes,
    }


# -- reading --------------------------------------------------------------------------------------------


def _statement(content: bytes) -> dict[str, Any]:
    words = read_object(content, "statement")
    if set(words) != _KEYS or words["format"] != STATEMENT_FORMAT or canonical(words) != content:
        raise Refusal(f"statement: not the one form of {STATEMENT_FORMAT}")
    parties = words["parties"]
    is_typed = (
        isinstance(parties, list) and len(parties) > 1 and all(isinstance(each, str) for each in parties)
    )
    is_typed = is_typed and type(words["parts"]) is int and words["act"] in ("agreed", "narrowed")
    if not is_typed or len(set(parties)) != len(parties):
        raise Refusal("statement: parties, number of parts or act are not in order")
    digests = ["root", "statute", "facts"]
    if words["act"] == "narrowed" and words["supersedes"] is None:
        raise Refusal(
            "statement: `supersedes`: it says that it narrows, and names no version that it narrows"
        )
    if words["supersedes"] is not None:
        digests.append("supersedes")
    for key in digests:
        _hex(words[key], 32, f"statement: `{key}`")
    return words


def _hex(text: Any, size: int, place: str) -> bytes:
    try:
        data = bytes.fromhex(text)
    except (ValueError, TypeError):
        data = b""
    if len(data) != size or data.hex() != text:
        raise Refusal(f"{place}: not {size} bytes in lower-case hexadecimal")
    return data


def _leaf(words: Any, place: int) -> Leaf:
    if isinstance(words, dict) and set(words) == {"label", "salt", "text"}:
        label, text = words["label"], words["text"]
        if isinstance(label, str) and isinstance(text, str) and len(label.encode("utf-8", "replace")) <= 200:
            data = text.encode("utf-8", "surrogatepass")
            return Leaf(_hash(_hex(words["salt"], 16, f"part {place}"), label, data), label, text, None)
    if isinstance(words, dict) and set(words) == {"hash", "seal"}:
        seal = words["seal"]
        return Leaf(_hex(words["hash"], 32, f"part {place}"), None, "", _order(seal, place), seal)
    raise Refusal(f"part {place}: neither shown nor sealed")


def _order(seal: Any, place: int) -> str | None:
    if seal is None:
        return None
    if isinstance(seal, dict) and set(seal) == {"order", "until", "signatures"}:
        order, until = seal["order"], seal["until"]
        is_typed = isinstance(order, str) and order.strip() and isinstance(until, str) and len(until) == 10
        if is_typed and isinstance(seal["signatures"], dict):
            return f"order {order}, until {until}"
    raise Refusal(f"part {place}: a seal states its order and its last day")


# -- checking -------------------------------------------------------------------------------------------


def _hash(salt: bytes, label: str, text: bytes) -> bytes:
    name = label.encode("utf-8", "surrogatepass")
    return hashlib.sha256(b"\x00" + salt + len(name).to_bytes(2, "big") + name + text).digest()


def _root(leaves: Sequence[bytes]) -> bytes:
    """The root as its definition says it: split at the largest power of two below the count."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + _root(leaves[:half]) + _root(leaves[half:])).digest()


def _require_root(statement: Mapping[str, Any], leaves: Sequence[bytes]) -> None:
    if len(leaves) != statement["parts"] or _root(leaves).hex() != statement["root"]:
        raise Refusal(
            "parts: they do not lead to the signed root; one was changed, dropped, moved or renamed"
        )


def _require_signed(
    statement: Mapping[str, Any],
    content: bytes,
    signatures: Mapping[str, Any],
    keys: Keys,
) -> list[str]:
    """Who signed, each by the key of that name; every party unless the version only narrows."""
    message = _encoded(TYPE, content)
    for signer, signature in signatures.items():
        if signer not in keys:
            raise Refusal(f"signature of {signer}: no key of that name is given; name its file {signer}.pem")
        if not _holds(keys[signer], signature, message):
            raise Refusal(f"signature of {signer}: it does not hold with that signer's key")
    signers = sorted(signatures)
    missing = [party for party in statement["parties"] if party not in signers]
    if missing and (statement["act"] == "agreed" or not signers):
        raise Refusal(f"signature of {missing[0]}: it is missing")
    return signers


def _encoded(kind: bytes, content: bytes) -> bytes:
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(content), content)


def _require_seals(statement: Mapping[str, Any], leaves: Sequence[Leaf], keys: Keys) -> None:
    """Order and last day of each seal are those that every party signed, or somebody else: a court (R-89)."""
    for place, leaf in enumerate(leaves, 1):
        if leaf.seal is None:
            continue
        words = {"format": SEAL_FORMAT, "root": statement["root"], "part": leaf.hash.hex()}
        words |= {key: leaf.seal[key] for key in ("order", "until")}
        message = _encoded(SEAL_TYPE, canonical(words))
        signatures = leaf.seal["signatures"]
        parties = statement["parties"]
        for signer in [each for each in signatures if each not in parties] or parties:
            if signer not in keys or not _holds(keys[signer], signatures.get(signer), message):
                raise Refusal(f"part {place}: its seal is not signed by {signer}")


def _holds(key: ec.EllipticCurvePublicKey, signature: Any, message: bytes) -> bool:
    data = from_base64(signature, 64) if isinstance(signature, str) else None
    if data is None:
        return False
    r, s = int.from_bytes(data[:32], "big"), int.from_bytes(data[32:], "big")
    try:
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _require_public(statement: Mapping[str, Any], leaves: Sequence[Leaf]) -> None:
    """What is never sealed is shown, and says what the statement says; what permits has an order (R-89)."""
    shown = {leaf.label: leaf.text for leaf in leaves if leaf.label is not None}
    for term in _OPEN:
        if f"front matter: {term}" not in shown:
            raise Refusal(f"front matter: `{term}` is sealed, and it is never secret")
    _require_terms(statement, shown)
    frames = _unordered_frames(leaves)
    for frame in frames:
        if frame.startswith("schedule ") and frame.removeprefix("schedule ") not in _LIMITS:
            raise Refusal(f"{frame}: an entry of it is sealed without an order")
    names = sum(f"front matter: {each}" not in shown for each in _NAMES)
    if frames.count("front matter") > names:
        raise Refusal("front matter: a term that is no name is sealed without an order")


def _unordered_frames(leaves: Sequence[Leaf]) -> list[str]:
    """For each part that is sealed without an order, the table that it stands in, or nothing."""
    frame, found = "", []
    for leaf in leaves:
        if leaf.label is None:
            found += [frame] if leaf.order is None else []
        elif leaf.label.endswith(" opens"):
            frame = leaf.label.removesuffix(" opens")
        elif leaf.label.endswith(" closes"):
            frame = ""
    return found


def _require_terms(statement: Mapping[str, Any], shown: Mapping[str, str]) -> None:
    try:
        terms = tomllib.loads("".join(shown[f"front matter: {term}"] for term in _OPEN))
    except (ValueError, RecursionError):
        raise Refusal("front matter: not TOML") from None
    for key in ("id", "version", "parties"):
        if terms.get(key) != statement[key]:
            raise Refusal(f"front matter: `{key}` differs from the signed statement")
    term = terms.get("term")
    for key in ("starts_on", "ends_on"):
        day = term.get(key) if isinstance(term, dict) else None
        stated = day.isoformat() if isinstance(day, date) else None
        if stated != statement[key]:
            raise Refusal(f"front matter: `{key}` differs from the signed statement")
