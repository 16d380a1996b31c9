"""The statement that the parties of an agreement sign: one root over its parts, and what it rests on (R-09).

- Every signer signs the same bytes: DSSE's pre-authentication encoding (v1) of the type and the canonical
  JSON, so that a signature for one purpose is none for another.
- A statement names the root that it supersedes: amendments form a chain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from solely.agreement.document import SEMANTICS, Document
from solely.agreement.parts import Part, agreement_root
from solely.agreement.terms import NOT_STATED
from solely.canonical import canonical_json, sha256_hex
from solely.errors import AgreementRefused

FORMAT = "solely/agreement-statement/2"
SALTS_FORMAT = "solely/agreement-salts/1"
PAYLOAD_TYPE = "application/vnd.solely.agreement-statement+json"
AGREED, NARROWED = "agreed", "narrowed"
BYTES_MAX = 65_536
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Statement:
    """What is signed; digests are lower-case hexadecimal SHA-256, days are YYYY-MM-DD or None: not stated."""

    act: str  # agreed: by every party; narrowed: by one party or a court, and it takes away only
    id: str
    version: str
    parties: tuple[str, ...]
    parts: int
    root: str
    supersedes: str | None
    starts_on: str | None
    ends_on: str | None
    statute: str
    facts: str

    @property
    def content(self) -> bytes:
        """The canonical JSON, as it lies in `agreement.statement.json`."""
        words = asdict(self) | {"format": FORMAT, "parties": list(self.parties)}
        return canonical_json(words)

    @property
    def digest(self) -> str:
        """What entries of the ledger and decisions name the agreement by."""
        return sha256_hex(self.content)

    @property
    def signed_bytes(self) -> bytes:
        """What the signatures are over."""
        return pre_authentication(self.content)


def pre_authentication(content: bytes, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """DSSE's pre-authentication encoding of what is signed: type and content, each with its length."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(content), content)


def state(
    agreement: Document,
    statute: Document,
    parts: Sequence[Part],
    salts: Sequence[bytes],
    supersedes: str | None,
) -> Statement:
    """The statement for an agreement of every party, whose parts have these salts."""
    starts_on, ends_on = (_day(agreement, key) for key in ("starts_on", "ends_on"))
    return Statement(
        act=AGREED,
        id=agreement.id,
        version=agreement.version,
        parties=agreement.parties,
        parts=len(parts),
        root=agreement_root(parts, salts).hex(),
        supersedes=supersedes,
        starts_on=starts_on,
        ends_on=ends_on,
        statute=statute.sha256,
        facts=facts_digest(statute),
    )


def facts_digest(statute: Document) -> str:
    """The digest of what facts mean: their declarations, and the version of the rules' meaning."""
    return sha256_hex(
        canonical_json({"facts": [list(fact) for fact in statute.facts], "semantics": SEMANTICS})
    )


def _day(agreement: Document, key: str) -> str | None:
    term = agreement.terms["term"]
    value = NOT_STATED if term == NOT_STATED else term[key]
    return value.isoformat() if isinstance(value, date) else None


def parse_statement(data: bytes) -> Statement:
    """The statement in `data`; raises AgreementRefused for any byte that its one form does not have."""
    words = _object(data, "agreement.statement.json")
    fields = set(Statement.__slots__) | {"format"}
    if set(words) != fields or words.pop("format") != FORMAT or not _is_typed(words):
        raise AgreementRefused(f"`agreement.statement.json`: it is no statement of format `{FORMAT}`")
    statement = Statement(**{**words, "parties": tuple(words["parties"])})
    if statement.content != data:
        raise AgreementRefused("`agreement.statement.json`: it is not in canonical form")
    if statement.act == NARROWED and statement.supersedes is None:
        raise AgreementRefused(
            "`agreement.statement.json`: `supersedes`: what narrows names the version that it narrows (R-83)"
        )
    return statement


def _object(data: bytes, name: str) -> dict[str, Any]:
    import json

    if len(data) > BYTES_MAX:
        raise AgreementRefused(f"`{name}`: it is too large")
    try:
        words = json.loads(data)
    except (ValueError, RecursionError):
        words = None
    if not isinstance(words, dict):
        raise AgreementRefused(f"`{name}`: it is no JSON object")
    return words


def _is_typed(words: Mapping[str, Any]) -> bool:
    texts = [words[key] for key in ("act", "id", "version")]
    days = [words[key] for key in ("starts_on", "ends_on")]
    digests = [words[key] for key in ("root", "statute", "facts")]
    digests += [words["supersedes"]] if words["supersedes"] is not None else []
    parties = words["parties"]
    return (
        all(isinstance(each, str) and each for each in texts)
        and words["act"] in (AGREED, NARROWED)
        and all(each is None or _is_day(each) for each in days)
        and all(isinstance(each, str) and len(each) == 64 and set(each) <= _HEX for each in digests)
        and isinstance(parties, list)
        and all(isinstance(each, str) for each in parties)
        and type(words["parts"]) is int
    )


def _is_day(text: Any) -> bool:
    try:
        return isinstance(text, str) and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def salts_text(salts: Sequence[bytes]) -> bytes:
    """`agreement.salts.json`: the salt of each part, in order; whoever holds it can unseal any part."""
    return canonical_json({"format": SALTS_FORMAT, "salts": [salt.hex() for salt in salts]})


def parse_salts(data: bytes) -> tuple[bytes, ...]:
    """The salts in `agreement.salts.json`; raises AgreementRefused for any other form."""
    import json

    try:
        words = json.loads(data)
        salts = tuple(bytes.fromhex(each) for each in words["salts"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise AgreementRefused("`agreement.salts.json`: it is no list of salts") from None
    if salts_text(salts) != data or any(len(each) != 16 for each in salts):
        raise AgreementRefused("`agreement.salts.json`: it is not in canonical form")
    return salts


def require_stated(statement: Statement, agreement: Document, statute: Document, signed: "Parted") -> None:
    """Return when the statement is of this very text, statute and meaning of facts; else AgreementRefused."""
    expected = state(agreement, statute, signed.parts, signed.salts, statement.supersedes)
    for name, cure in (
        ("root", "the text differs from the one that was signed (R-09)"),
        ("statute", "it was signed under another statute file (R-04)"),
        ("facts", "it was signed under other facts, or another meaning of the rules"),
        ("id", "the front matter names another agreement"),
        ("version", "the front matter names another version"),
        ("parties", "the front matter names other parties"),
        ("starts_on", "the front matter names another day"),
        ("ends_on", "the front matter names another day"),
    ):
        if getattr(statement, name) != getattr(expected, name):
            raise AgreementRefused(f"`agreement.statement.json`: `{name}`: {cure}")


@dataclass(frozen=True, slots=True)
class Parted:
    """The parts of an agreement with the salt of each."""

    parts: tuple[Part, ...]
    salts: tuple[bytes, ...]

    def __post_init__(self) -> None:
        if len(self.parts) != len(self.salts):
            raise AgreementRefused("`root`: the text has other parts than the one that was signed (R-09)")
