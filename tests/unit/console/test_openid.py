"""What comes back from an identity provider: right it names somebody, and wrong in any way nobody."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc import jwt
from joserfc.jwk import RSAKey, import_key

from solely.console import openid
from solely.console.openid import Away, OpenId, Unproved
from solely.console.provider import read_provider
from solely.errors import UsageError
from tests.support.provider import CLIENT, Provider, provided, provider_file

ADDRESS = "http://localhost:8700"
OTHER = RSAKey.generate_key(2048, {"kid": "one"})
STRONG = '[require]\nacr = ["aal2", "aal3"]\namr = ["hwk"]\n'


@pytest.fixture
def provider() -> Iterator[Provider]:
    with provided(Provider()) as running:
        yield running


def client(provider: Provider, tmp_path: Path, more: str = "") -> OpenId:
    return OpenId(read_provider(provider_file(tmp_path, provider.issuer, more)), ADDRESS)


def came_of(path: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(path).query))


def signed_in(openid_client: OpenId, provider: Provider, **changes: str | None) -> str:
    """Whom the provider names, the browser sent there and back."""

    async def round_trip() -> str:
        address, word = await openid_client.begin()
        return await openid_client.finish(came_of(provider.back(address, **changes)), word)

    return asyncio.run(round_trip())


def test_the_provider_names_a_person_and_the_request_is_as_it_should_be(provider, tmp_path) -> None:
    one = client(provider, tmp_path, STRONG)
    provider.claims = lambda words: words | {"acr": "aal2", "amr": ["pwd", "hwk"]}

    async def both() -> tuple[str, str]:
        address, word = await one.begin()
        return address, await one.finish(came_of(provider.back(address)), word)

    address, found = asyncio.run(both())
    assert found == "disclosure-officer"
    asked = {name: each[0] for name, each in parse_qs(urlsplit(address).query).items()}
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == ADDRESS + openid.BACK
    assert (asked["scope"], asked["acr_values"]) == ("openid", "aal2 aal3")
    assert len(asked["state"]) >= 43 and len(asked["nonce"]) >= 43
    assert provider.asked[0]["redirect_uri"] == ADDRESS + openid.BACK


@pytest.mark.parametrize("kind", ["EC", "RSA"])
def test_a_private_key_shows_the_client_in_place_of_a_secret(provider, tmp_path, kind) -> None:
    key: Any = (
        ec.generate_private_key(ec.SECP256R1()) if kind == "EC" else rsa.generate_private_key(65537, 3072)
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "client.pem").write_bytes(pem)
    path = provider_file(tmp_path, provider.issuer)
    path.write_text(
        path.read_text().replace("secret_file", "key_file").replace("client-secret", "client.pem")
    )
    assert signed_in(OpenId(read_provider(path), ADDRESS), provider) == "disclosure-officer"
    said = jwt.decode(
        provider.asked[0]["client_assertion"], import_key(pem, kind), algorithms=["ES256", "RS256"]
    ).claims
    assert (said["iss"], said["sub"], said["aud"]) == (CLIENT, CLIENT, provider.issuer + "/token")


CLAIMS: dict[str, dict[str, Any]] = {
    "nonce of another sign-in": {"nonce": "swapped"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://elsewhere.example"},
    "for another client": {"aud": "another"},
    "for several, and meant for another": {"aud": [CLIENT, "another"], "azp": "another"},
    "for another, though meant for us": {"aud": "another", "azp": CLIENT},
    "for nobody": {"aud": None},
    "expired": {"exp": int(time.time()) - 3600},
    "never expires": {"exp": None},
    "not issued yet": {"iat": int(time.time()) + 3600},
    "issued long ago": {"iat": int(time.time()) - 3600, "exp": int(time.time()) + 3600},
    "issued at no time": {"iat": None},
    "of nobody": {"sub": None},
    "times that are texts": {"exp": "tomorrow"},
    "not valid before tomorrow": {"nbf": int(time.time()) + 86400},
    "of another access token": {"at_hash": "bm8"},
}


@pytest.mark.rule("R-103")
@pytest.mark.parametrize("name", CLAIMS)
def test_a_token_that_says_anything_else_signs_nobody_in(provider, tmp_path, name) -> None:
    changed = CLAIMS[name]
    provider.claims = lambda words: {
        key: value for key, value in (words | changed).items() if value is not None
    }
    with pytest.raises(Unproved) as refused:
        signed_in(client(provider, tmp_path), provider)
    assert refused.value.reason == "ID_TOKEN"


HEADER = {"alg": "RS256", "kid": "one"}
FORGED: dict[str, dict[str, Any]] = {
    "unsigned": {"header": {"alg": "none"}},
    "unsigned under a key's name": {"header": {"alg": "none", "kid": "one"}},
    "signed with the public key as a secret": {"header": {"alg": "HS256", "kid": "one"}},
    "signed by another": {"signed_by": OTHER},
    "under an unknown key": {"header": {"alg": "RS256", "kid": "two"}},
    "with an extension that must be understood": {"header": HEADER | {"crit": ["own"], "own": 1}},
    "by an algorithm that is not taken": {"header": {"alg": "RS512", "kid": "one"}},
}


@pytest.mark.rule("R-103")
@pytest.mark.parametrize("name", FORGED)
def test_a_token_that_the_provider_did_not_sign_signs_nobody_in(provider, tmp_path, name) -> None:
    for field, value in FORGED[name].items():
        setattr(provider, field, value)
    with pytest.raises(Unproved) as refused:
        signed_in(client(provider, tmp_path), provider)
    assert refused.value.reason == "ID_TOKEN"


@pytest.mark.rule("R-103")
def test_a_code_is_worth_nothing_to_another_browser_a_second_time_or_of_another_sign_in(
    provider, tmp_path
) -> None:
    one = client(provider, tmp_path)

    async def attacks() -> list[str]:
        (mine, word), (theirs, other) = await one.begin(), await one.begin()
        right = came_of(provider.back(mine))
        reasons = []
        injected = came_of(provider.back(theirs)) | {"state": right["state"]}  # another's code, my state
        for came, browser in (
            (came_of(provider.back(theirs)), word),  # the state of another browser
            (right | {"state": "guessed"}, word),
            (came_of(provider.back(theirs)), other),  # taken from its browser by the attempt before
            (injected, word),  # PKCE: the code belongs to another verifier
            (right, word),  # and the state is used up
        ):
            with pytest.raises(Unproved) as refused:
                await one.finish(came, browser)
            reasons.append(refused.value.reason)
        address, word = await one.begin()
        came = came_of(provider.back(address))
        assert await one.finish(came, word) == "disclosure-officer"
        with pytest.raises(Unproved) as replayed:
            await one.finish(came, word)
        address, word = await one.begin()
        again = came | {"state": came_of(provider.back(address))["state"]}
        with pytest.raises(Unproved) as used:  # the used code under a fresh state
            await one.finish(again, word)
        return [*reasons, replayed.value.reason, used.value.reason]

    assert asyncio.run(attacks()) == ["STATE", "STATE", "STATE", "CODE", "STATE", "STATE", "CODE"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://elsewhere.example"}, "ISSUER"),  # a mix-up (RFC 9207)
        ({"iss": None}, "ISSUER"),
        ({"error": "access_denied"}, "DENIED"),
        ({"code": None}, "DENIED"),
        ({"code": "made-up"}, "CODE"),
    ],
)
def test_an_answer_of_another_issuer_or_without_a_code_signs_nobody_in(
    provider, tmp_path, changes, reason
) -> None:
    with pytest.raises(Unproved) as refused:
        signed_in(client(provider, tmp_path), provider, **changes)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"acr": "aal1", "amr": ["hwk"]}, "REQUIRED"),
        ({"acr": "aal2", "amr": ["pwd"]}, "REQUIRED"),
        ({"acr": "aal2"}, "REQUIRED"),
        ({"acr": "aal2", "amr": ["hwk"], "code": ["a", "list"]}, "CLAIM"),
        ({"acr": "aal2", "amr": ["hwk"]}, "CLAIM"),
    ],
)
def test_weak_authentication_and_an_unclear_name_sign_nobody_in(provider, tmp_path, claims, reason) -> None:
    provider.claims = lambda words: words | claims
    with pytest.raises(Unproved) as refused:
        signed_in(client(provider, tmp_path, 'claim = "code"\n' + STRONG), provider)
    assert refused.value.reason == reason


GARBAGE = {
    "no JSON": b"<html>",
    "a list": b"[]",
    "nothing": b"",
    "deep": b"[" * 100_000,
    "long": b'{"issuer": "' + b"x" * (openid.ANSWER_BYTES_MAX + 1) + b'"}',
}


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks"])
@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_is_no_answer(provider, tmp_path, path, name) -> None:
    provider.raw = lambda asked: GARBAGE[name] if asked == path else None
    with pytest.raises((Away, Unproved)):
        signed_in(client(provider, tmp_path), provider)


def test_a_provider_that_is_slow_or_gone_is_given_up(provider, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(openid, "ANSWER_SECONDS", 0.3)
    one = client(provider, tmp_path)
    provider.seconds = 2.0
    began = time.monotonic()
    with pytest.raises(Away, match="sign in with your passkey"):
        asyncio.run(one.begin())
    assert time.monotonic() - began < 1.5
    gone = replace(one.provider, issuer="http://127.0.0.1:9")
    with pytest.raises(Away):
        asyncio.run(OpenId(gone, ADDRESS).begin())


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
)
def test_a_provider_that_names_itself_or_its_addresses_otherwise_is_not_asked(
    provider, tmp_path, changed
) -> None:
    provider.metadata = lambda words: json.loads(json.dumps(words | changed))
    with pytest.raises(Away):
        signed_in(client(provider, tmp_path), provider)
    assert not provider.asked


RIGHT = 'issuer = "https://a.example"\nclient_id = "c"\nsecret_file = "client-secret"\n'
FILES = {
    "issuer": ('issuer = "http://login.agency.example"', "https address"),
    "issuer ": ('issuer = "https://login.agency.example/?tenant=1"', "without a query"),
    "client_id": ('issuer = "https://a.example"\nsecret_file = "client-secret"', "is not set"),
    "secret": ('issuer = "https://a.example"\nclient_id = "c"', "set `secret_file` or `key_file`"),
    "secret_file": (
        'issuer = "https://a.example"\nclient_id = "c"\nsecret_file = "none"',
        "names a file that cannot be read",
    ),
    "key_file": ('issuer = "https://a.example"\nclient_id = "c"\nkey_file = "client-secret"', "EC P-256"),
    "roles": (RIGHT + 'roles = ["kings"]', "is a list of approvers"),
    "require": (RIGHT + 'require = {acr = "aal2"}', "`require.acr` is a list"),
    "scope": (RIGHT + 'scope = "email"', "has `openid`"),
    "secret ": ('secret = "in the file itself"', "unknown key `secret`"),
    "toml": ("issuer = ", "no valid TOML"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_file_is_refused_by_its_element_and_the_cure(tmp_path, name) -> None:
    path = provider_file(tmp_path, "https://a.example")
    text, told = FILES[name]
    path.write_text(text)
    with pytest.raises(UsageError) as refused:
        read_provider(path)
    assert told in str(refused.value)
    assert "in the file itself" not in str(refused.value)


def test_a_provider_shows_no_secret_of_itself(tmp_path) -> None:
    assert "secret" not in repr(read_provider(provider_file(tmp_path, "https://a.example")))
