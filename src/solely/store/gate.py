"""The gate folder: its layout, its `gate.toml`, and what `init` puts into it (contracts 3).

- Everything the gate decides by is copied in: agreement, statute, trust, inputs, index. What the folder
  holds is digested, and the digests stand in the ledger, so an edit by hand stops the gate.
- Private keys of officers, approvers and parties never come here.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from solely.canonical import canonical_json, sha256_hex
from solely.errors import UsageError
from solely.store.files import write_durably
from solely.store.postgres import parse_url

FORMAT = "solely/gate/1"
PROFILES = ("demo", "production")
MEMORY = "2GB"  # where nothing else is stated
SAMPLE_MAX = 10_000
_MEMORY = re.compile(r"[1-9][0-9]{0,3}(MB|GB)")
_OPTIONAL = {"memory_limit", "database", "heads", "review_sample"}
_KEYS = {"format", "profile", "origin", "agreement", "statute", "release_until"} | _OPTIONAL


@dataclass(frozen=True, slots=True)
class GateConfig:
    """The words of `gate.toml`; `release_until` serves an agreement whose text states no end."""

    profile: str
    origin: str
    agreement: str
    statute: str
    release_until: date
    memory_limit: str = MEMORY
    database: str = ""  # address of a PostgreSQL database; none: SQLite in the folder
    review_sample: int = 0  # of a demo gate: items that each approver decides before signing a batch
    heads: str = ""  # the store of signed heads, outside the folder; none: in `keys/`, where a copy takes it

    @property
    def is_demo(self) -> bool:
        """True under profile `demo`, the only one in which demo keys and a set clock are admitted."""
        return self.profile == "demo"


@dataclass(frozen=True, slots=True)
class GateFolder:
    """Where each part of a gate lies; no method reads a record."""

    root: Path

    @property
    def config(self) -> Path:
        """`gate.toml`."""
        return self.root / "gate.toml"

    @property
    def next_config(self) -> Path:
        """`gate.toml` as it will be, while `init` is at work."""
        return self.root / "gate.toml.next"

    @property
    def law(self) -> Path:
        """The gate's own copy of statute, agreement and both signatures."""
        return self.root / "law"

    @property
    def trust(self) -> Path:
        """Enrolments."""
        return self.root / "trust"

    @property
    def keys(self) -> Path:
        """The gate's own keys."""
        return self.root / "keys"

    @property
    def release_keys(self) -> Path:
        """The file of the keys of releases."""
        return self.keys / "release.sqlite"

    @property
    def inputs(self) -> Path:
        """Custodian's tables that replace the shipped ones."""
        return self.root / "inputs"

    @property
    def records(self) -> Path:
        """The index of the custodian's records."""
        return self.root / "records"

    @property
    def incoming(self) -> Path:
        """What comes in and is no batch yet; emptied when the gate is opened."""
        return self.root / "incoming"

    @property
    def spark(self) -> Path:
        """What a run on Spark needs while it lasts: the index as Parquet, and Spark's encrypted files."""
        return self.root / "spark"

    @property
    def outbox(self) -> Path:
        """Sealed packages that may leave."""
        return self.root / "outbox"

    @property
    def ledger(self) -> Path:
        """The public tiles."""
        return self.root / "ledger"

    @property
    def vkey(self) -> Path:
        """The ledger's verifier key."""
        return self.root / "log.vkey"

    @property
    def witnesses(self) -> Path:
        """The witness policy; a gate without the file asks no witness."""
        return self.root / "witness.policy"

    def pending(self, name: str) -> Path:
        """What is proposed for a part and not in force yet (R-84)."""
        return self.root / "pending" / name

    def superseded(self, name: str) -> Path:
        """Enrolments or tables that were in force before, each under the entry that put them there."""
        return self.root / "superseded" / name

    @property
    def database(self) -> Path:
        """State of cases and the ledger's own tables."""
        return self.root / "state.sqlite"

    def batch(self, batch_id: str) -> Path:
        """The custodian's own folder of one batch."""
        return self.root / "batches" / batch_id

    def is_initialised(self) -> bool:
        """True once `init` has finished here: `gate.toml` is written last."""
        return self.config.is_file()


def read_config(folder: GateFolder) -> GateConfig:
    """The configuration of a gate; an unknown or missing key is refused by name."""
    if not folder.is_initialised():
        raise UsageError(f"no gate in `{folder.root}`: `gate.toml` is missing; `solely init` makes one")
    try:
        words: dict[str, Any] = tomllib.loads(folder.config.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise UsageError("`gate.toml` is no valid TOML") from None
    for key in sorted(_KEYS - _OPTIONAL - set(words)):
        raise UsageError(f"`gate.toml`: `{key}` is not set")
    for key in sorted(set(words) - _KEYS):
        raise UsageError(f"`gate.toml`: unknown key `{key}`")
    _require_words(words)
    del words["format"]
    config = GateConfig(**words)
    if config.database:
        parse_url(config.database)
    return config


def _require_words(words: Mapping[str, Any]) -> None:
    if words["format"] != FORMAT or words["profile"] not in PROFILES:
        raise UsageError(f"`gate.toml`: `format` is `{FORMAT}` and `profile` is one of {PROFILES}")
    if not _MEMORY.fullmatch(str(words.get("memory_limit", MEMORY))):
        raise UsageError("`gate.toml`: `memory_limit` is like 2GB or 500MB")
    sample = words.get("review_sample", 0)
    if type(sample) is not int or not 0 <= sample <= SAMPLE_MAX:
        raise UsageError(f"`gate.toml`: `review_sample` is a number up to {SAMPLE_MAX}")
    if sample and words["profile"] != "demo":
        raise UsageError("`gate.toml`: under profile `production` the agreement states the review sample")
    if not isinstance(words["release_until"], date):
        raise UsageError("`gate.toml`: `release_until` is a date such as 2027-04-07")


def outside(folder: GateFolder, heads: Path) -> Path:
    """The place of a store of signed heads that a copy of the gate's folder does not take (ledger.md 4.3).

    UsageError where it lies in the folder, or cannot be written into `gate.toml`.
    """
    place = heads.resolve()
    if place.is_relative_to(folder.root.resolve()):
        raise UsageError("`--heads` names a file outside the gate's folder: a copy of that would take it")
    if not re.fullmatch(r'[^"\\\x00-\x1f]+', str(place)) or place.is_dir() or not place.parent.is_dir():
        raise UsageError("`--heads` names a file in a folder that is there, without quotes in its name")
    return place


def megabytes(stated: str) -> int:
    """A stated amount of memory, such as 2GB or 500MB, in MB; UsageError for any other text."""
    if not _MEMORY.fullmatch(stated):
        raise UsageError("`--memory` is an amount like 2GB or 500MB")
    return int(stated[:-2]) * (1024 if stated.endswith("GB") else 1)


def config_text(config: GateConfig) -> bytes:
    """`gate.toml` as `init` writes it."""
    lines = [
        f'format = "{FORMAT}"',
        f'profile = "{config.profile}"',
        f'origin = "{config.origin}"',
        f'agreement = "{config.agreement}"',
        f'statute = "{config.statute}"',
        "# The last day of releases when the agreement's own text states no end.",
        f"release_until = {config.release_until.isoformat()}",
        f'memory_limit = "{config.memory_limit}"',
    ]
    if config.database:
        lines.append(f'database = "{config.database}"')
    if config.review_sample:
        lines.append(f"review_sample = {config.review_sample}")
    if config.heads:
        lines.append(f'heads = "{config.heads}"')
    return ("\n".join(lines) + "\n").encode()


def copy_files(files: Mapping[str, bytes], target: Path) -> None:
    """Make `target` hold exactly `files` (relative name to content)."""
    kept = {target / name for name in files}
    for path in sorted(target.rglob("*")) if target.is_dir() else []:
        if path.is_file() and path not in kept:
            path.unlink()
    for name, data in files.items():
        write_durably(target / name, data)


def folder_digest(files: Mapping[str, bytes]) -> str:
    """The SHA-256 over names and contents, the same for equal folders."""
    return sha256_hex(canonical_json({name: sha256_hex(data) for name, data in files.items()}))
