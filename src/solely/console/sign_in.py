"""What a browser and the gate say to each other when somebody makes a passkey, signs in or signs out."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request, Response

from solely.console.attendance import Registrar, read
from solely.console.exchange import (
    HEADERS,
    cookie_name,
    in_json,
    peer_of,
    problem,
    read_json,
    require_own,
    text_of,
)
from solely.console.tries import Tries
from solely.console.upload import TooMany
from solely.errors import SolelyError, TroubleError, UsageError
from solely.passkey import Assertion, Vouched
from solely.services import Services
from solely.steps import attending, turning_away

Do = Callable[[Callable[[Services], Any]], Awaitable[Any]]


class SignIn:
    """The calls behind the pages of sign-in; `do` runs a step on the thread that acts."""

    def __init__(self, do: Do, registrar: Registrar) -> None:
        self._do, self._registrar = do, registrar
        self._turned, self._tries = turning_away.TurnedAway(), Tries()
        self.address = registrar.address
        self.is_secure, self._cookie = self.address.startswith("https:"), cookie_name(self.address)

    def add_to(self, app: FastAPI) -> None:
        """Add every call; all of them are POST."""
        for path, endpoint in (
            ("/sign-in/challenge", self._challenge),
            ("/sign-in", self._sign_in),
            ("/sign-out", self._sign_out),
            ("/passkeys/options", self._options),
            ("/passkeys", self._register),
            ("/passkeys/waiting", self._waiting),
            ("/passkeys/voucher", self._voucher),
        ):
            app.add_api_route(path, endpoint, methods=["POST"], include_in_schema=False)

    async def _challenge(self, request: Request) -> Response:
        return await self._said(request, lambda words: {"challenge": self._registrar.challenge().hex()})

    async def _options(self, request: Request) -> Response:
        return await self._said(request, lambda words: json.loads(self._registrar.options()))

    async def _register(self, request: Request) -> Response:
        def register(words: Mapping[str, Any]) -> dict[str, Any]:
            challenge, made = text_of(words, "challenge"), words.get("credential", {})
            return {"code": self._registrar.register(peer_of(request), challenge, made)}

        return await self._said(request, register)

    async def _waiting(self, request: Request) -> Response:
        def waiting(words: Mapping[str, Any]) -> dict[str, Any]:
            found = self._registrar.waiting(text_of(words, "code"))
            if found is None:
                raise UsageError("no passkey waits under this code; make it anew in the browser")
            return {"public": found.public, "address": self.address}

        return await self._said(request, waiting)

    async def _voucher(self, request: Request) -> Response:
        """An enrolled key vouches for a passkey that waits: the one call here that is no browser's."""
        holder = ""
        try:
            words = await read_json(request)
            code, holder = text_of(words, "code"), text_of(words, "holder")
            vouched = Vouched(text_of(words, "statement").encode(), text_of(words, "signature").encode())
            found = self._registrar.waiting(code)
            if found is None:
                raise UsageError("no passkey waits under this code; make it anew in the browser")
            person = await self._do(
                lambda services: attending.vouch(services, found, holder, vouched, services.now())
            )
        except SolelyError as error:
            return problem(await self.unshown(error, request, holder, turning_away.VOUCHER))
        except TroubleError as error:
            return problem(error)
        self._registrar.vouched(code)
        return in_json({"role": person.role, "id": person.id})

    async def _sign_in(self, request: Request) -> Response:
        credential = ""
        try:
            require_own(request, self._registrar.address)
            words = await read_json(request)
            credential = text_of(words, "credential")
            cookie = await self._signed_in(credential, words)
        except SolelyError as error:
            return problem(await self.unshown(error, request, credential))
        except TroubleError as error:
            return problem(error)
        response = in_json({"path": "/me"})
        self.give(response, cookie)
        return response

    async def _signed_in(self, credential: str, words: Mapping[str, Any]) -> str:
        """The cookie of a new sign-in by a passkey."""
        challenge = _hex(text_of(words, "challenge"))
        parts = [read(text_of(words, name)) for name in ("data", "client", "signature")]
        answer = challenge, Assertion(*parts)

        def sign_in(services: Services) -> str:
            self._registrar.require_given(challenge)
            cookie = attending.sign_in(services, credential, answer, services.now())
            self._registrar.use(credential, challenge)
            return cookie

        cookie: str = await self._do(sign_in)
        return cookie

    async def provided(self, named: attending.Named) -> str:
        """The cookie of a new sign-in by an identity provider's word."""
        cookie: str = await self._do(lambda services: attending.provided(services, named, services.now()))
        return cookie

    def give(self, response: Response, cookie: str) -> None:
        """Give the browser the cookie of a sign-in."""
        more: Any = {"httponly": True, "samesite": "strict", "secure": self.is_secure, "path": "/"}
        response.set_cookie(self._cookie, cookie, **more)

    def cookie_of(self, request: Request) -> str:
        """The cookie of a sign-in that came with a call; empty where none did."""
        return request.cookies.get(self._cookie, "")

    async def unshown(
        self, error: SolelyError, request: Request, account: str, call: str = turning_away.SIGN_IN
    ) -> SolelyError | TroubleError:
        """Why somebody is not taken for who they say, unless too many tries have failed (R-103)."""
        return await self.too_many(request, account, call) or await self.failed(error, call)

    async def too_many(self, request: Request, account: str, call: str) -> SolelyError | TroubleError | None:
        """Count a try that failed; what is told where it is one too many, else None."""
        if not await self._tries.are_too_many(peer_of(request), account):
            return None
        return await self.failed(TooMany("too many tries have failed; wait a minute, and try again"), call)

    async def failed(
        self, error: SolelyError, call: str = turning_away.SIGN_IN
    ) -> SolelyError | TroubleError:
        """Why a call is refused, once the ledger has heard of it or will within the minute (R-103)."""
        times = self._turned.count(call)
        try:
            if times:
                await self._do(
                    lambda services: turning_away.log(services, call, times, services.now(), error)
                )
        except (SolelyError, TroubleError) as unlogged:
            return unlogged
        return error

    def leave(self, services: Services) -> None:
        """Tell the ledger of the refused calls that it has not heard of, before the gate is left."""
        for call, times in self._turned.rest().items():
            turning_away.log(services, call, times, services.now())

    async def _sign_out(self, request: Request) -> Response:
        try:
            require_own(request, self._registrar.address)
            cookie = self.cookie_of(request)
            await self._do(lambda services: attending.sign_out(services, cookie, services.now()))
        except (SolelyError, TroubleError) as error:
            return problem(error)
        response = Response(status_code=303, headers={"Location": "/"} | HEADERS)
        response.delete_cookie(self._cookie, path="/", secure=self.is_secure, httponly=True)
        return response

    async def _said(
        self, request: Request, answer: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    ) -> Response:
        try:
            require_own(request, self._registrar.address)
            return in_json(answer(await read_json(request)))
        except (SolelyError, TroubleError) as error:
            return problem(error)


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise UsageError("what the browser sent cannot be read") from None
