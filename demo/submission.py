"""What the demo hands to the gate: the signed batch folder, the records, and a signed copy of the law.

- The data's digest stands in the letter and the letter is signed, as contracts 1 demands.
- Everything is written by the requester's side: nothing here is part of the gate.
"""

import csv
import json
import shutil
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from demo.people import SIGNER, key_path
from demo.population import RECORD_COLUMNS
from solely.model import COLUMNS
from solely.notary import Signing, sign_agreement
from solely.signing import key_id, parse_private_key, sign

AGREEMENT = "irs-ice-2025"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who signs a batch: the office, the day, and the letter's other words where they differ."""

    office: str = SIGNER
    day: date | None = None
    agreement: str = AGREEMENT
    data_file: str = "data.csv"
    words: Mapping[str, Any] | None = None


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Rows of text under a header, UTF-8, one line feed a row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def write_parquet(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """The same rows as a Parquet file, every column text, an empty cell null."""
    import duckdb

    plain = path.with_suffix(".csv.part")
    write_csv(plain, columns, rows)
    names = {column: "VARCHAR" for column in columns}
    try:
        duckdb.execute(
            "COPY (SELECT * FROM read_csv($source, header = true, columns = $names, nullstr = '', "
            "quote = '\"')) TO $target (FORMAT parquet)",
            {"source": str(plain), "names": names, "target": str(path)},
        )
    finally:
        plain.unlink()


def write_records(folder: Path, rows: Iterable[Sequence[str]], *, is_parquet: bool = False) -> Path:
    """The custodian's records as one file in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ("records.parquet" if is_parquet else "records.csv")
    (write_parquet if is_parquet else write_csv)(path, RECORD_COLUMNS, rows)
    return path


def write_batch(
    folder: Path, rows: Iterable[Sequence[str]], out: Path, sender: Sender, columns: Sequence[str] = COLUMNS
) -> Path:
    """A batch folder with its letter, signed with the office's key under `out/keys`."""
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / sender.data_file
    (write_parquet if data.suffix == ".parquet" else write_csv)(data, columns, rows)
    sign_letter(folder, out, sender)
    return folder


def sign_letter(folder: Path, out: Path, sender: Sender) -> None:
    """Write `letter.json` about the data that lies in `folder`, and its signature."""
    private = parse_private_key(key_path(out, "requesters", sender.office).read_bytes())
    words = {
        "format": "solely/letter/1",
        "requester": "homeland-security",
        "signer_office": sender.office,
        "date": (sender.day or date.today()).isoformat(),
        "agreement": sender.agreement,
        "agreement_version": "1",
        "data_file": sender.data_file,
        "data_sha256": sha256((folder / sender.data_file).read_bytes()).hexdigest(),
        "key_id": key_id(private.public_key()),
    } | dict(sender.words or {})
    letter = (json.dumps(words, indent=1, ensure_ascii=False) + "\n").encode()
    (folder / "letter.json").write_bytes(letter)
    (folder / "letter.json.sig").write_bytes(sign(private, letter) + b"\n")


def parties_of(document: Path) -> list[str]:
    """The ids of the parties to an agreement, from its front matter."""
    front = tomllib.loads(document.read_text(encoding="utf-8").split("+++\n")[1])
    return list(front["parties"])


def write_law(law: Path, out: Path, agreement: str = AGREEMENT, supersedes: Path | None = None) -> Path:
    """A copy of the law files in `out/law`, the agreement signed by both parties; gives its folder.

    The signatures are demo keys' over our paraphrase: an example, no act of any government.
    """
    target = out / "law"
    if target.is_dir():
        shutil.rmtree(target)
    shutil.copytree(law, target, ignore=shutil.ignore_patterns("*.sig"))
    home = target / "agreements" / agreement
    sign_law(home, out, supersedes)
    return home


def sign_law(home: Path, out: Path, supersedes: Path | None = None) -> None:
    """Sign the agreement in `home` anew as both parties; `supersedes` is the folder of the version before."""
    for path in home.glob("agreement.*"):
        if path.name != "agreement.md":
            path.unlink()
    for number, party in enumerate(parties_of(home / "agreement.md")):
        before = None if number else supersedes  # the first signer makes the statement
        sign_agreement(home, Signing(key_path(out, "parties", party), party, before))
