"""Small signed batches for tests, and the vectors of `vectors/submission` made from them.

    python -m tests.support.submissions vectors/submission

- The signing key beside the vectors is a throw-away demo key: it signs nothing else and is trusted nowhere.
- Everything is invented; taxpayer numbers are of the never-assigned demo range.
"""

import csv
import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from solely.canonical import sha256_hex
from solely.model import COLUMNS, Enrolment, Trust
from solely.signing import key_id, parse_private_key, sign

RECEIVED_ON = date(2026, 6, 2)
OFFICE = "secretary-of-homeland-security"
SIGNERS = (OFFICE, "an-office-not-yet-enrolled")
AGREEMENT, VERSION = "irs-ice-2025", "1"

ROW: Mapping[str, str] = {
    "request_id": "R-0001",
    "given_name": "Rosalind",
    "family_name": "Okonkwo-Varga",
    "birth_date": "1984-03-09",
    "taxpayer_number": "912-66-4821",
    "alien_number": "A204117396",
    "address": "14 UNKNOWN RD, Medford NJ 08055",
    "basis": "final_order",
    "statute": "8 USC 1253(a)(1)(A)",
    "purpose": "criminal_investigation",
    "reason": "the address on file bears on knowledge of the order",
    "investigation_id": "INV-2026-00417",
    "investigation_opened_on": "2026-01-15",
    "assurance": "active",
    "order_date": "2024-11-05",
    "case_number": "C-88-1203",
    "removability_class": "1227(a)(1)(B)",
    "periods": "2023;2024",
    "officers": "officer-01",
    "fields": "address",
}


def new_key() -> ec.EllipticCurvePrivateKey:
    """A fresh P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """PEM PKCS#8, unencrypted."""
    no_encryption = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no_encryption)


def public_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """PEM SubjectPublicKeyInfo."""
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def enrolled(role: str, name: str, key: ec.EllipticCurvePrivateKey, **words: Any) -> Enrolment:
    """An enrolment over the year 2026."""
    return replace(
        Enrolment(
            id=name,
            role=role,
            public_key_pem=public_pem(key),
            key_id=key_id(key.public_key()),
            name=name,
            enrolled_by="the custodian",
            valid_from=date(2026, 1, 1),
            valid_to=date(2026, 12, 31),
            is_demo=True,
            certified_on=date(2026, 1, 1),
        ),
        **words,
    )


def trusting(key: ec.EllipticCurvePrivateKey, **words: Any) -> Trust:
    """A trust folder with the one office enrolled."""
    return Trust(requesters={OFFICE: enrolled("requesters", OFFICE, key, **words)})


def csv_of(rows: Sequence[Mapping[str, str]], columns: Sequence[str] = COLUMNS, **dialect: Any) -> bytes:
    """Rows as CSV, comma and CR LF unless the dialect says otherwise."""
    file = io.StringIO()
    writer = csv.writer(file, **dialect)
    writer.writerow(columns)
    writer.writerows([row.get(each, "") for each in columns] for row in rows)
    return file.getvalue().encode()


@dataclass(frozen=True)
class Submission:
    """The three files of a batch, in the making."""

    key: ec.EllipticCurvePrivateKey
    data: bytes = b""
    data_name: str = "data.csv"

    def letter(self, **words: str) -> dict[str, str]:
        """The letter's words, with some of them other than they should be."""
        return {
            "format": "solely/letter/1",
            "requester": "dhs-ice",
            "signer_office": OFFICE,
            "date": "2026-06-01",
            "agreement": AGREEMENT,
            "agreement_version": VERSION,
            "data_file": self.data_name,
            "data_sha256": sha256_hex(self.data),
            "key_id": key_id(self.key.public_key()),
        } | words

    def files(
        self, letter: Mapping[str, str] | bytes | None = None, signature: bytes | None = None
    ) -> dict[str, bytes]:
        """The files by name; the signature is made over the letter unless one is given."""
        words = (
            letter if isinstance(letter, bytes) else json.dumps(letter or self.letter(), indent=1).encode()
        )
        signed = sign(self.key, words) + b"\n" if signature is None else signature
        return {"letter.json": words, "letter.json.sig": signed, self.data_name: self.data}


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Put a submission's files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


# -- vectors ------------------------------------------------------------------------------------------

Case = tuple[dict[str, bytes], dict[str, Any]]


def refused(rule: str, element: str) -> dict[str, Any]:
    """A batch that fails as a whole."""
    return {"refused": {"rule": rule, "element": element}, "rows": []}


def read(*rows: tuple[str | None, list[str]]) -> dict[str, Any]:
    """A batch whose rows are read: request id and findings of each."""
    numbered = enumerate(rows, 1)
    return {"refused": None, "rows": [{"row": n, "request_id": r, "findings": f} for n, (r, f) in numbered]}


def rows_with(**words: str) -> list[dict[str, str]]:
    """Three rows, the middle one with a defect: it must never sink the others."""
    return [dict(ROW), {**ROW, "request_id": "R-0002", **words}, {**ROW, "request_id": "R-0003"}]


def without(words: Mapping[str, Any], key: str) -> dict[str, Any]:
    """All of `words` but one."""
    return {each: value for each, value in words.items() if each != key}


def batch_cases(key: ec.EllipticCurvePrivateKey) -> dict[str, Case]:
    """Defects of the instrument and of the file as a whole."""
    good = Submission(key, csv_of([ROW]))
    letter = good.letter()
    doubled = json.dumps(letter).replace("{", '{"date": "2026-05-01", ', 1).encode()
    other, unknown = new_key(), {**ROW, "remark": "x"}
    whole, swapped = good.files(), csv_of([{**ROW, "given_name": "Ada"}])
    return {
        "letter-unknown-key": (good.files({**letter, "urgent": "yes"}), refused("R-02", "urgent")),
        "letter-repeated-key": (good.files(doubled), refused("R-02", "date")),
        "letter-missing-key": (good.files(without(letter, "date")), refused("R-13", "date")),
        "letter-no-json": (good.files(b"locate everyone"), refused("R-13", "letter.json")),
        "letter-other-format": (good.files(good.letter(format="solely/letter/2")), refused("R-02", "format")),
        "letter-dated-after-receipt": (good.files(good.letter(date="2026-06-03")), refused("R-13", "date")),
        "letter-no-such-day": (good.files(good.letter(date="2026-02-30")), refused("R-13", "date")),
        "office-no-signer": (
            good.files(good.letter(signer_office="field-office-director")),
            refused("R-11", "signer_office"),
        ),
        "office-not-enrolled": (
            good.files(good.letter(signer_office=SIGNERS[1])), refused("R-11", "signer_office"),
        ),
        "key-other": (good.files(good.letter(key_id="0" * 16)), refused("R-12", "key_id")),
        "signature-of-another-key": (
            good.files(letter, sign(other, json.dumps(letter, indent=1).encode())),
            refused("R-12", "letter.json.sig"),
        ),
        "signature-no-base64": (good.files(letter, b"signed, sealed"), refused("R-12", "letter.json.sig")),
        "letter-changed-after-signing": (
            {**whole, "letter.json": whole["letter.json"] + b" "}, refused("R-12", "letter.json.sig"),
        ),
        "data-swapped": ({**whole, "data.csv": swapped}, refused("R-12", "data_file")),
        "data-absent": (without(whole, "data.csv"), refused("R-12", "data_file")),
        "letter-absent": (without(whole, "letter.json"), refused("R-13", "letter.json")),
        "signature-absent": (
            without(whole, "letter.json.sig"), refused("R-12", "letter.json.sig"),
        ),
        "agreement-other": (good.files(good.letter(agreement="another")), refused("R-09", "agreement")),
        "agreement-other-version": (
            good.files(good.letter(agreement_version="2")), refused("R-09", "agreement"),
        ),
        "column-unknown": (
            Submission(key, csv_of([unknown], (*COLUMNS, "remark"))).files(), refused("R-02", "remark"),
        ),
        "column-repeated": (
            Submission(key, csv_of([ROW], (*COLUMNS, "address"))).files(), refused("R-02", "address"),
        ),
        "header-absent": (
            Submission(key, csv_of([ROW]).split(b"\r\n", 1)[1]).files(), refused("R-69", "header"),
        ),
        "data-empty": (Submission(key, b"").files(), refused("R-69", "header")),
        "parquet-broken": (
            Submission(key, b"PAR1 and no more", "data.parquet").files(), refused("R-103", "data_file"),
        ),
    }  # fmt: skip


def row_cases(key: ec.EllipticCurvePrivateKey) -> dict[str, Case]:
    """Defects of one row among good ones, and dialects without any."""

    def case(data: bytes, *middle: str, kept: str | None = "R-0002") -> Case:
        files = Submission(key, data).files()
        return files, read(("R-0001", []), (kept, list(middle)), ("R-0003", []))

    plain = csv_of(rows_with())
    lines = plain.split(b"\r\n")
    quoted = rows_with(reason='the address,\r\n"on file";\nbears on knowledge')
    return {
        "valid": case(plain),
        "dialect-semicolon": case(csv_of(rows_with(), delimiter=";")),
        "dialect-tab-bom-cr": case(
            b"\xef\xbb\xbf" + csv_of(rows_with(), delimiter="\t", lineterminator="\r")
        ),
        "dialect-sep-line": case(b"sep=;\r\n" + csv_of(rows_with(), delimiter=";")),
        "dialect-lf-any-order": case(csv_of(rows_with(), tuple(reversed(COLUMNS)), lineterminator="\n")),
        "dialect-mandatory-columns-only": case(csv_of(rows_with(), tuple(ROW))),
        "dialect-quoted-line-ends": case(csv_of(quoted)),
        "dialect-empty-lines": case(b"\r\n\r\n".join(lines)),
        "row-too-few-cells": case(
            b"\r\n".join([*lines[:2], lines[2].rsplit(b",", 1)[0], *lines[3:]]),
            "returned row:CELL_COUNT R-69",
            kept=None,
        ),
        "row-no-utf8": case(
            plain.replace(b"R-0002,Rosalind", b"R-0002,Ros\xe9"), "returned given_name:INVALID_TEXT R-69"
        ),
        "row-nul": case(
            plain.replace(b"R-0002,Rosalind", b"R-0002,Ros\0"), "returned given_name:CONTROL_CHARACTER R-69"
        ),
        "row-cell-too-long": case(csv_of(rows_with(reason="x" * 4001)), "returned reason:TOO_LONG R-69"),
        "row-unclosed-quote": case(
            plain.replace(b"R-0002,Rosalind", b'R-0002,"Rosalind'),
            "returned row:UNCLOSED_QUOTE R-69",
            kept=None,
        ),
        "id-missing": case(csv_of(rows_with(request_id=" ")), "returned request_id:MISSING R-69", kept=None),
        "id-malformed": case(
            csv_of(rows_with(request_id="R 0002")), "returned request_id:MALFORMED R-69", kept=None
        ),
        "id-is-a-name": case(
            csv_of(rows_with(request_id="okonkwo_VARGA-Rosalind")),
            "returned request_id:PERSONAL R-57",
            kept=None,
        ),
        "id-is-a-number": case(
            csv_of(rows_with(request_id="912-664821")), "returned request_id:PERSONAL R-57", kept=None
        ),
        "id-is-a-date": case(
            csv_of(rows_with(request_id="3-9-1984")), "returned request_id:PERSONAL R-57", kept=None
        ),
    }  # fmt: skip


def write_vectors(target: Path, key_of: Callable[[Path], ec.EllipticCurvePrivateKey]) -> int:
    """Write every case with its `expected.json`; how many there are comes back."""
    key = key_of(target / "signer.pem")
    cases = batch_cases(key) | row_cases(key)
    for name, (files, expected) in cases.items():
        words = json.dumps({"received_on": RECEIVED_ON.isoformat(), **expected}, indent=1)
        write(target / name, {**files, "expected.json": words.encode() + b"\n"})
    return len(cases)


def kept_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """The throw-away key beside the vectors, made once."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(private_pem(new_key()))
    return parse_private_key(path.read_bytes())


if __name__ == "__main__":
    print(write_vectors(Path(sys.argv[1]), kept_key), "cases")
