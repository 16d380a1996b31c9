"""Sign-in by an identity provider: OpenID Connect Core 1.0, authorization code flow, as a client.

    begin    state, nonce and PKCE verifier (RFC 7636, S256) are kept here; the browser gets a word of its own
    finish   the same browser comes back with the state, from the issuer (RFC 9207); the code is exchanged,
             and the ID token is held to signature, issuer, audience, times and nonce

- The answer is a text: the id of an enrolment. What it is worth, `attending.provided` says.
- Nothing that a provider sends is shown, logged or kept; its answers are short and quick, or there are none.
- A state is good once, for some minutes, for one browser.
"""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Final, Literal, NamedTuple, TypeVar

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet, import_key
from joserfc.jws import JWSRegistry

from solely import clock
from solely.canonical import sha256_hex
from solely.console.attendance import Once
from solely.console.provider import Provider, is_safe
from solely.errors import NotPermitted, TroubleError

BACK: Final = "/sign-in/provider/back"
ALGORITHMS: Final = ("ES256", "ES384", "PS256", "RS256")  # of ID tokens: signatures alone, never `none`
LEEWAY: Final = 60  # seconds by which two clocks may differ
FRESH: Final = 600  # seconds for which an ID token is taken after it was issued
ANSWER_BYTES_MAX: Final = 256 * 1024
ANSWER_SECONDS: Final = 10.0  # for all that one page asks of the provider
KNOWN_SECONDS: Final = 300.0  # for which what the provider says of itself is kept
ASKING_MAX: Final = 16  # who ask the provider at one time
NAME_MAX: Final = 200
Asked = TypeVar("Asked")
_KEY_TYPES: Final[Mapping[str, Literal["EC", "RSA"]]] = {"ES256": "EC", "RS256": "RSA"}
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Away(TroubleError):
    """The identity provider does not answer, or not as agreed; the passkey remains."""


class Unproved(NotPermitted):
    """Somebody came back from the provider, and something of it does not hold; `reason` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__("this sign-in by the identity provider does not hold; begin it again")
        self.reason = reason


class _Begun(NamedTuple):
    """A sign-in that has begun: by which browser, and what must come back."""

    browser: str  # the digest of its word
    nonce: str
    verifier: str


class OpenId:
    """One provider, asked for whoever wants to sign in at `address`."""

    def __init__(self, provider: Provider, address: str) -> None:
        self.provider = provider
        self._back = address + BACK
        self._is_near = provider.issuer.startswith("http:")
        self._begun: Once[_Begun] = Once()
        self._known: tuple[float, dict[str, Any]] = (-KNOWN_SECONDS, {})
        self._asking = asyncio.Semaphore(ASKING_MAX)

    async def begin(self, peer: str = "") -> tuple[str, str]:
        """Where the browser of a peer goes, and the word by which it is known when it comes back."""
        known = await self._asked(self._metadata)
        state, nonce, verifier, word = (secrets.token_urlsafe(48) for _ in range(4))
        more = {"nonce": nonce, "code_verifier": verifier, "state": state}
        if "acr" in self.provider.require:
            more["acr_values"] = " ".join(self.provider.require["acr"])
        address, _ = self._client().create_authorization_url(known["authorization_endpoint"], **more)
        self._begun.keep(peer, state, _Begun(sha256_hex(word.encode()), nonce, verifier))
        return address, word

    async def finish(self, came: Mapping[str, str], word: str) -> str:
        """The id of whom the provider names; Unproved where anything of it does not hold, or Away."""
        begun = self._begun.take(came.get("state", ""))
        if begun is None or not secrets.compare_digest(begun.browser, sha256_hex(word.encode())):
            raise Unproved("STATE")
        return await self._asked(lambda: self._finish(begun, came))

    async def _finish(self, begun: _Begun, came: Mapping[str, str]) -> str:
        known = await self._metadata()
        says_issuer = known.get("authorization_response_iss_parameter_supported") is True
        if came.get("iss", "" if says_issuer else self.provider.issuer) != self.provider.issuer:
            raise Unproved("ISSUER")
        if "error" in came or not came.get("code"):
            raise Unproved("DENIED")
        token = await self._token(known, begun, came["code"])
        keys = await self._json(known["jwks_uri"])
        return self._named(self._claims(token, keys, begun.nonce))

    # -- what is asked of the provider ----------------------------------------------------------------------

    async def _asked(self, ask: Callable[[], Awaitable[Asked]]) -> Asked:
        """What it answers, within the time; Away for no answer, or for one that cannot be read."""
        if self._asking.locked():
            raise Away("too many people ask the identity provider just now; sign in with your passkey")
        try:
            async with self._asking, asyncio.timeout(ANSWER_SECONDS):
                return await ask()
        except (NotPermitted, Away):
            raise
        except Exception:  # noqa: BLE001 -- whatever is wrong with an answer, it is the provider's
            raise Away("the identity provider does not answer as agreed; sign in with your passkey") from None

    def _client(self, endpoint: str = "", shown_by: str = "client_secret_basic") -> AsyncOAuth2Client:
        provider = self.provider
        made = AsyncOAuth2Client(
            provider.client_id,
            import_key(provider.key, _KEY_TYPES[provider.algorithm]) if provider.key else provider.secret,
            token_endpoint_auth_method="private_key_jwt" if provider.key else shown_by,
            scope=provider.scope,
            redirect_uri=self._back,
            code_challenge_method="S256",
            timeout=ANSWER_SECONDS,
            follow_redirects=False,
            headers={"Accept-Encoding": "identity"},
            event_hooks={"response": [_bounded]},
        )
        if provider.key:
            made.register_client_auth_method(PrivateKeyJWT(endpoint, alg=provider.algorithm))
        return made

    async def _metadata(self) -> dict[str, Any]:
        """What the provider says of itself, where it is the one that was configured."""
        since, known = self._known
        if time.monotonic() - since < KNOWN_SECONDS:
            return known
        known = await self._json(self.provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if known.get("issuer") != self.provider.issuer:
            raise Away("the identity provider names itself otherwise than `issuer` does")
        if not all(is_safe(str(known.get(each, "")), near=self._is_near) for each in _ENDPOINTS):
            raise Away("the identity provider names an address that is no https")
        self._known = (time.monotonic(), known)
        return known

    async def _json(self, address: str) -> dict[str, Any]:
        async with self._client() as client:
            answer = await client.request("GET", address, withhold_token=True)
        answer.raise_for_status()
        words = json.loads(answer.content)
        if answer.status_code != 200 or not isinstance(words, dict):
            raise ValueError("an object is awaited")
        return words

    async def _token(self, known: Mapping[str, Any], begun: _Begun, code: str) -> Mapping[str, Any]:
        endpoint, basic = known["token_endpoint"], "client_secret_basic"
        methods = known.get("token_endpoint_auth_methods_supported", [basic])
        async with self._client(endpoint, basic if basic in methods else "client_secret_post") as client:
            try:
                token = await client.fetch_token(endpoint, code=code, code_verifier=begun.verifier)
            except OAuthError:
                raise Unproved("CODE") from None
        return dict(token)

    # -- what the ID token says -----------------------------------------------------------------------------

    def _claims(self, token: Mapping[str, Any], keys: Any, nonce: str) -> Mapping[str, Any]:
        """The claims of the ID token, each held to what was asked (OpenID Connect Core 1.0, 3.1.3.7)."""
        now, client_id = int(clock.real().timestamp()), self.provider.client_id
        options = {
            "iss": {"essential": True, "value": self.provider.issuer},
            "aud": {"essential": True, "value": client_id},
            "nonce": {"essential": True, "value": nonce},
            "iat": {"essential": True},
            "exp": {"essential": True},
        }
        parameters = {"client_id": client_id, "nonce": nonce, "access_token": token.get("access_token")}
        try:
            registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
            found = jwt.decode(token["id_token"], KeySet.import_key_set(keys), registry=registry)
            claims = CodeIDToken(found.claims, found.header, options, parameters)
            claims.validate(now=now, leeway=LEEWAY)
            is_fresh = now - claims["iat"] <= FRESH + LEEWAY
        except Exception:  # noqa: BLE001 -- whatever is wrong with a token, nobody is signed in by it
            raise Unproved("ID_TOKEN") from None
        if not is_fresh:
            raise Unproved("ID_TOKEN")
        return dict(claims)

    def _named(self, claims: Mapping[str, Any]) -> str:
        for name, allowed in self.provider.require.items():
            said = claims.get(name)
            if not any(each in allowed for each in (said if isinstance(said, list) else [said])):
                raise Unproved("REQUIRED")
        found = claims.get(self.provider.claim)
        if not isinstance(found, str) or not 0 < len(found) <= NAME_MAX:
            raise Unproved("CLAIM")
        return found


class _Bounded(httpx2.AsyncByteStream):
    """An answer's body, up to so many bytes."""

    def __init__(self, inner: httpx2.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for part in self._inner:
            size += len(part)
            if size > ANSWER_BYTES_MAX:
                raise ValueError("the answer is too long")
            yield part

    async def aclose(self) -> None:
        """Close what is under it."""
        await self._inner.aclose()


async def _bounded(response: httpx2.Response) -> None:
    """Read no more of an answer than it may have, and nothing that unpacks to more."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise ValueError("a packed answer was not asked for")
    assert isinstance(response.stream, httpx2.AsyncByteStream), "the client is asynchronous"
    response.stream = _Bounded(response.stream)
