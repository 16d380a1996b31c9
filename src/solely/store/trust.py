"""The trust folder: who may sign, approve and open, read once into enrolments.

- `<role>/<id>.pem` is a public key, `<role>/<id>.toml` its enrolment; both or neither.
- The digest over all of them is what the ledger's keyset entry binds: an edited folder stops the gate.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from solely.canonical import canonical_json, sha256_hex
from solely.errors import UsageError
from solely.model import NAME_ID, Enrolment, Trust
from solely.signing import key_id, parse_public_key
from solely.store.known_files import digest_of

ROLES = (
    *("parties", "requesters", "approvers", "officers", "courts", "inquiries"),
    *("counsel", "overseers", "administrators"),
)
STOPPING = ("parties", "courts")  # whose orders stop disclosure
_KEYS = {"name", "enrolled_by", "valid_from", "valid_to", "demo", "certified_on", "kind"}
_OF_ROLE = {"officers": {"certificate_until"}, "courts": {"above"}}


def _stated_date(words: dict[str, Any], key: str, where: str) -> date:
    value = words.get(key)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise UsageError(f"`{where}`: `{key}` is a date such as 2026-01-31") from None


def _parse_enrolment(role: str, name: str, pem: bytes, toml: bytes) -> Enrolment:
    where = f"{role}/{name}.toml"
    try:
        words = tomllib.loads(toml.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise UsageError(f"`{where}` is no valid TOML") from None
    unknown = sorted(set(words) - _KEYS - _OF_ROLE.get(role, set()))
    if unknown:
        raise UsageError(f"`{where}`: unknown key `{unknown[0]}`")
    certified, certificate = words.get("certified_on"), words.get("certificate_until")
    above = words.get("above", [])
    if not isinstance(above, list) or not all(isinstance(each, str) for each in above):
        raise UsageError(f"`{where}`: `above` is a list of courts' ids")
    return Enrolment(
        id=name,
        role=role,
        public_key_pem=pem,
        key_id=key_id(parse_public_key(pem)),
        name=str(words.get("name", name)),
        enrolled_by=str(words.get("enrolled_by", "")),
        valid_from=_stated_date(words, "valid_from", where),
        valid_to=_stated_date(words, "valid_to", where),
        # An unstated mark is taken for the stricter one: a key is a demo key unless it says otherwise.
        is_demo=words.get("demo", True) is not False,
        kind=str(words.get("kind", "person" if role != "officers" else "")),
        certified_on=None if certified is None else _stated_date(words, "certified_on", where),
        certificate_until=None if certificate is None else _stated_date(words, "certificate_until", where),
        above=tuple(above),
    )


def _parse_role(files: Mapping[str, bytes], role: str) -> dict[str, Enrolment]:
    enrolled: dict[str, Enrolment] = {}
    for path in sorted(name for name in files if name.startswith(f"{role}/") and name.endswith(".pem")):
        name = path.removeprefix(f"{role}/").removesuffix(".pem")
        if not NAME_ID.fullmatch(name):
            raise UsageError(f"`{role}`: an id is like `office-01`, in lower case")
        toml = files.get(f"{role}/{name}.toml")
        if toml is None:
            raise UsageError(f"`{role}/{name}.pem` has no `{name}.toml` beside it")
        enrolled[name] = _parse_enrolment(role, name, files[path], toml)
    return enrolled


def read_trust(folder: Path) -> Trust:
    """Every enrolment of the folder; raises UsageError that names a file which cannot be read."""
    if not folder.is_dir():
        raise UsageError("the trust folder does not exist; it holds `parties`, `requesters` and the others")
    return parse_trust(trust_files(folder))


def parse_trust(files: Mapping[str, bytes]) -> Trust:
    """Every enrolment of a trust folder's files; raises UsageError that names one which cannot be read."""
    return Trust(**{role: _parse_role(files, role) for role in ROLES})


def tightened(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> dict[str, bytes]:
    """What of new enrolments may act at once: one that is gone, or that ends sooner (R-84).

    An enrolment that is loosened stays as it was; one whose key is another is gone until the new one acts.
    """
    found: dict[str, bytes] = {}
    for role in ROLES:
        if role in STOPPING:  # without them nobody stops a disclosure: also their going loosens
            found |= {name: data for name, data in old.items() if name.startswith(f"{role}/")}
            continue
        before, after = _parse_role(old, role), _parse_role(new, role)
        for name in sorted(before.keys() & after.keys()):
            if before[name].key_id != after[name].key_id:
                continue
            source = new if _ends_sooner(after[name], before[name]) else old
            found |= {f"{role}/{name}{end}": source[f"{role}/{name}{end}"] for end in (".pem", ".toml")}
    return found


def _ends_sooner(one: Enrolment, other: Enrolment) -> bool:
    """True when an enrolment says what the other one says, but for an earlier end (of its certificate, too).

    A name is what makes two approvers dependent; of no other word is it known which way is narrower.
    """
    if replace(one, valid_to=other.valid_to, certificate_until=other.certificate_until) != other:
        return False
    until = (one.certificate_until or date.min, other.certificate_until or date.min)
    return one.valid_to <= other.valid_to and until[0] <= until[1]


def trust_files(folder: Path) -> dict[str, bytes]:
    """The files that make up a trust folder, by relative name: what is copied and what is digested."""
    return {name: path.read_bytes() for name, path in _paths(folder).items()}


def _paths(folder: Path) -> dict[str, Path]:
    return {
        f"{role}/{name}": folder / role / name
        for role in ROLES
        if (folder / role).is_dir()
        for name in sorted(os.listdir(folder / role))
        if os.path.splitext(name)[1] in (".pem", ".toml")
    }


def trust_digest(folder: Path, digest_of: Callable[[Path], str] = digest_of) -> str:
    """The SHA-256 over names and contents of all enrolments, for the keyset entry (contracts 3)."""
    return sha256_hex(canonical_json({name: digest_of(path) for name, path in _paths(folder).items()}))
