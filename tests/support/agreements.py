"""A small signed agreement, its public copy, and every kind of tampering, by keys that all know.

python -m tests.support.agreements        write vectors/agreement anew, byte for byte
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from solely.agreement.parts import Part, agreement_root, cut, leaf_hash
from solely.agreement.redaction import Copy, Seal, Sealed, Shown, sign_seals
from solely.agreement.statement import Parted, Statement, salts_text
from solely.canonical import sha256_hex
from tests.support.tree import ROOT

FOLDER = ROOT / "vectors" / "agreement"
PARTIES = ("custodian", "requester")
TEXT = """+++
id = "vector"
version = "1"
parties = ["custodian", "requester"]
authority = "a-statute"
signatories = ["Head of the custodian"]
term = {starts_on = 2026-01-01, ends_on = "not stated in the text"}
contacts = "room 12"
synthetic = true
+++
A text for the vectors of this format; it binds nobody.

## Clause 1. Purpose

(a) An item serves an agreed purpose.

```rule 1(a)
within(purpose, agreed_purposes)
```

```cases 1(a)
| purpose | expect |
```

(b) An officer has few open cases.
It goes on over a line.

```rule 1(b)
open_cases <= max_cases
```

## Schedules

```schedule purposes
agreed_purposes = [
  "one",
  "two",
]
```

```schedule limits
# the number that the parties keep to themselves
max_cases = 37
days = 30
```
"""
HIDDEN, CONTACTS = "schedule limits: max_cases", "front matter: contacts"
SEAL = Seal("docket 7 of a court", date(2030, 6, 30))


def key_of(name: str) -> ec.EllipticCurvePrivateKey:
    """A private key that everybody knows: it grows from its name."""
    return ec.derive_private_key(int.from_bytes(hashlib.sha256(name.encode()).digest()), ec.SECP256R1())


def pem_of(name: str) -> bytes:
    """Its public half."""
    return (
        key_of(name)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def signed(name: str, message: bytes) -> str:
    """A signature that is the same each time (RFC 6979)."""
    der = key_of(name).sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    r, s = decode_dss_signature(der)
    return base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()


def parted(text: str = TEXT, seed: str = "salts") -> Parted:
    """The parts of a text, with salts from a seed."""
    parts = cut(text.encode())
    salts = [hashlib.sha256(f"{seed}/{place}".encode()).digest()[:16] for place in range(len(parts))]
    return Parted(parts, tuple(salts))


def statement_of(of: Parted, **changes: Any) -> Statement:
    """What the parties sign about it."""
    words: dict[str, Any] = {
        "act": "agreed",
        "id": "vector",
        "version": "1",
        "parties": PARTIES,
        "parts": len(of.parts),
        "root": agreement_root(of.parts, of.salts).hex(),
        "supersedes": None,
        "starts_on": "2026-01-01",
        "ends_on": None,
        "statute": sha256_hex(b"a statute"),
        "facts": sha256_hex(b"facts"),
    }
    return Statement(**words | changes)


def copy_of(of: Parted, *labels: str, seal: Seal | None = None, **changes: Any) -> Copy:
    """A public copy with these parts sealed."""
    statement = statement_of(of, **changes)
    signatures = {party: signed(party, statement.signed_bytes) for party in statement.parties}
    pairs = zip(of.salts, of.parts, strict=True)
    parts = tuple(
        Sealed(leaf_hash(salt, part), seal) if part.label in labels else Shown(salt, part)
        for salt, part in pairs
    )
    copy = Copy(statement.content, signatures, parts)
    for signer in statement.parties if seal is not None else ():
        copy = sign_seals(copy, signer, partial(signed, signer), copy)
    return copy


def folder_of(of: Parted, **changes: Any) -> dict[str, bytes]:
    """The files of a signed agreement's folder."""
    statement = statement_of(of, **changes)
    name = "agreement.statement.json"
    files = {
        "agreement.md": b"".join(part.data for part in of.parts),
        name: statement.content,
        "agreement.salts.json": salts_text(of.salts),
    }
    return files | {
        f"{name}.{party}.sig": signed(party, statement.signed_bytes).encode() + b"\n" for party in PARTIES
    }


def _edited(change: Callable[[dict[str, Any]], None], *labels: str) -> bytes:
    words = json.loads(copy_of(parted(), *(labels or (HIDDEN, CONTACTS))).content)
    change(words)
    return (json.dumps(words, ensure_ascii=False, indent=1) + "\n").encode()


def _seal_edited(change: Callable[[dict[str, Any]], Any]) -> bytes:
    words = json.loads(copy_of(parted(), "rule 1(a)", seal=SEAL).content)
    change(words["parts"][_place("rule 1(a)")]["seal"])
    return (json.dumps(words, ensure_ascii=False, indent=1) + "\n").encode()


def _place(label: str) -> int:
    return next(place for place, part in enumerate(parted().parts) if part.label == label)


def _swap(words: dict[str, Any]) -> None:
    parts = words["parts"]
    parts[12], parts[13] = parts[13], parts[12]


def _relabel(words: dict[str, Any]) -> None:
    words["parts"][_place("schedule limits: days")]["label"] = HIDDEN


def _restate(words: dict[str, Any]) -> None:
    words["statement"] = words["statement"].replace('"version":"1"', '"version":"2"')


def _space(words: dict[str, Any]) -> None:
    words["statement"] = words["statement"].replace(",", ", ", 1)


def _swap_signatures(words: dict[str, Any]) -> None:
    first, second = PARTIES
    words["signatures"] = {first: words["signatures"][second], second: words["signatures"][second]}


def _other_text(words: dict[str, Any]) -> None:
    words["parts"][_place("clause 1(a)")]["text"] = "(a) An item serves any purpose.\n\n"


DEFECTS: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "part-changed": (lambda: _edited(_other_text), "parts: "),
    "part-dropped": (lambda: _edited(lambda words: words["parts"].pop(12)), "parts: "),
    "parts-swapped": (lambda: _edited(_swap), "parts: "),
    "part-renamed": (lambda: _edited(_relabel), "parts: "),
    "sealed-part-replaced": (
        lambda: _edited(lambda words: words["parts"][_place(HIDDEN)].update(hash="00" * 32)),
        "parts: ",
    ),
    "statement-changed": (lambda: _edited(_restate), "signature of custodian: "),
    "statement-not-canonical": (lambda: _edited(_space), "statement: "),
    "signature-missing": (
        lambda: _edited(lambda words: words["signatures"].pop("requester")),
        "signature of requester: ",
    ),
    "one-key-signs-twice": (lambda: _edited(_swap_signatures), "signature of custodian: "),
    "permission-sealed-without-order": (
        lambda: copy_of(parted(), "schedule purposes: agreed_purposes").content,
        "schedule purposes: ",
    ),
    "seal-prolonged": (lambda: _seal_edited(lambda seal: seal.update(until="2099-06-30")), "part "),
    "seal-signed-by-one-party": (
        lambda: _seal_edited(lambda seal: seal["signatures"].pop("requester")),
        "part ",
    ),
    "version-sealed": (lambda: copy_of(parted(), "front matter: version").content, "front matter: "),
    "dates-differ": (lambda: copy_of(parted(), HIDDEN, ends_on="2030-01-01").content, "front matter: "),
}


def write_vectors(folder: Path) -> None:
    """Write every vector under `folder`."""
    of = parted()
    files: dict[str, bytes] = {f"keys/{party}.pem": pem_of(party) for party in PARTIES}
    files |= {f"valid/{name}": data for name, data in folder_of(of).items()}
    files["valid/redacted.json"] = copy_of(of, HIDDEN, CONTACTS).content
    files["valid/redacted-under-order.json"] = copy_of(of, "rule 1(a)", seal=SEAL).content
    files["valid/part.json"] = part_file(of, HIDDEN)
    rows = [
        [part.label, len(part.data), leaf_hash(salt, part).hex()]
        for salt, part in zip(of.salts, of.parts, strict=True)
    ]
    files["valid/parts.json"] = (json.dumps(rows, indent=1) + "\n").encode()
    for name, (make, _) in DEFECTS.items():
        files[f"{name}/redacted.json"] = make()
    expected = {name: finding for name, (_, finding) in DEFECTS.items()}
    files["expected.json"] = (json.dumps(expected, indent=1, sort_keys=True) + "\n").encode()
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def part_file(of: Parted, label: str) -> bytes:
    """What unseals one part."""
    place = next(place for place, part in enumerate(of.parts) if part.label == label)
    words = {"label": label, "salt": of.salts[place].hex(), "text": of.parts[place].data.decode()}
    return (json.dumps(words, ensure_ascii=False, indent=1) + "\n").encode()


def with_text(of: Parted, label: str, text: str) -> Part:
    """The part of that label with another text: a guess."""
    assert any(part.label == label for part in of.parts)
    return Part(label, text.encode())


if __name__ == "__main__":
    write_vectors(FOLDER)
