"""The identity provider by whose word people may sign in: the file that `solely serve --oidc` names.

issuer       https address of the provider, exactly as it names itself; http on this machine alone
client_id    what the provider calls this gate
secret_file  the file that holds the client's secret; or
key_file     the client's private key (PEM; EC P-256, or RSA of 3072 bits) for `private_key_jwt`
claim        the claim of the ID token that holds the id of an enrolment (`sub`)
scope        what is asked for (`openid`)
roles        folders of the trust folder whose people may sign in so (all)
[require]    claims that must hold, each with its allowed values: `acr`, `amr` and the like

- A file that an element names stands beside this one, unless its path is absolute.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from solely.canonical import sha256_hex
from solely.confidential import masked
from solely.errors import UsageError
from solely.steps.attending import ROLES

_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_RSA_BITS: Final = 3072
_TEXTS: Final = ("issuer", "client_id", "secret_file", "key_file", "claim", "scope")
_KEYS: Final = frozenset((*_TEXTS, "roles", "require"))


@masked
@dataclass(frozen=True)
class Provider:
    """An identity provider, and what shows it that this gate is its client: a secret, or a private key."""

    issuer: str
    client_id: str
    secret: str
    key: bytes  # PEM; empty where there is a secret
    algorithm: str  # by which the key signs
    claim: str
    scope: str
    roles: frozenset[str]
    require: Mapping[str, tuple[str, ...]]

    @property
    def name(self) -> str:
        """How people know it: its host."""
        return urlsplit(self.issuer).hostname or ""

    @property
    def digest(self) -> str:
        """What the ledger's entries commit to."""
        return sha256_hex(self.issuer.encode())


def is_safe(address: str, *, near: bool) -> bool:
    """True of an https address without user or fragment; where `near`, of http on this machine too."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    is_plain = not (parts.username or parts.password or parts.fragment) and address.isascii()
    is_kept = parts.scheme == "https" or (near and parts.scheme == "http" and host in _LOOPBACK)
    return is_plain and bool(host) and is_kept and not any(each.isspace() for each in address)


def read_provider(path: Path) -> Provider:
    """The provider of a file; UsageError names the element that is wrong, and what it must be."""
    words = _words(path)
    issuer, claim = _text(path, words, "issuer"), _text(path, words, "claim", "sub")
    if not is_safe(issuer, near=True) or urlsplit(issuer).query:
        raise _wrong(path, "issuer", "is an https address without a query, or http on this machine alone")
    scope = _text(path, words, "scope", "openid")
    if "openid" not in scope.split():
        raise _wrong(path, "scope", "has `openid` among its words")
    secret, key, algorithm = _shown(path, words)
    roles = _list(path, words.get("roles", list(ROLES)), "roles")
    if not set(roles) <= set(ROLES):
        raise _wrong(path, "roles", f"is a list of {', '.join(ROLES)}")
    require = words.get("require", {})
    if not isinstance(require, dict):
        raise _wrong(path, "require", "is a table of claims and their allowed values")
    return Provider(
        issuer=issuer,
        client_id=_text(path, words, "client_id"),
        secret=secret,
        key=key,
        algorithm=algorithm,
        claim=claim,
        scope=scope,
        roles=frozenset(roles),
        require={name: _list(path, each, f"require.{name}") for name, each in require.items()},
    )


def _words(path: Path) -> dict[str, Any]:
    try:
        words = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise UsageError(f"`--oidc`: the file `{path.name}` cannot be read") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise UsageError(f"`{path.name}` is no valid TOML") from None
    for key in sorted(set(words) - _KEYS):
        raise UsageError(f"`{path.name}`: unknown key `{key}`; known are {', '.join(sorted(_KEYS))}")
    return words


def _wrong(path: Path, element: str, what: str) -> UsageError:
    return UsageError(f"`{path.name}`: `{element}` {what}")


def _text(path: Path, words: Mapping[str, Any], name: str, default: str = "") -> str:
    value = words.get(name, default)
    if not isinstance(value, str) or not value.strip():
        raise _wrong(path, name, "is not set, or is no text")
    return value


def _list(path: Path, stated: Any, name: str) -> tuple[str, ...]:
    if not isinstance(stated, list) or not stated or not all(isinstance(each, str) for each in stated):
        raise _wrong(path, name, "is a list of texts, not empty")
    return tuple(stated)


def _shown(path: Path, words: Mapping[str, Any]) -> tuple[str, bytes, str]:
    """The client's secret, or its private key and the algorithm that goes with it."""
    if ("secret_file" in words) == ("key_file" in words):
        raise UsageError(f"`{path.name}`: set `secret_file` or `key_file`, and one of them alone")
    name = "secret_file" if "secret_file" in words else "key_file"
    try:
        data = (path.parent / _text(path, words, name)).read_bytes()
    except OSError:
        raise _wrong(path, name, "names a file that cannot be read") from None
    if name == "key_file":
        return "", data, _algorithm(path, data)
    try:
        secret = data.decode().strip()
    except UnicodeDecodeError:
        secret = ""
    if not secret:
        raise _wrong(path, name, "names a file without a secret in it")
    return secret, b"", ""


def _algorithm(path: Path, pem: bytes) -> str:
    try:
        key = serialization.load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return "ES256"
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= _RSA_BITS:
        return "RS256"
    raise _wrong(path, "key_file", f"names a PEM private key: EC P-256, or RSA of {_RSA_BITS} bits or more")
