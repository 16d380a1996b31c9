"""The routes of `solely serve`: thin, each one call to the gate.

GET  /healthz, /.well-known/opentdf-configuration            open to all
POST /token/challenge, /token                                an officer's key for a short token
POST /kas.AccessService/PublicKey, GET /kas/v2/kas_public_key  the key access service (formats.md 3.2)
POST /orders                                                 an order under its signature
POST /api/batches/{batch}/items/{row}                        one row of a batch, decided now (items.py)
/api/...                                                     a requester's own systems (`batches`)

The calls of an opening are read before the gate (`front.openings`).
"""

import asyncio
import base64
import binascii
import secrets
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.telemetry import TelemetryConfig

from solely import __version__, clock
from solely.access import jose, messages, token
from solely.access.admission import proof_of
from solely.access.asked import Once, OrderFiled, TokenAsked
from solely.access.refusal import EXHAUSTED, INVALID, CallRefused, Used, refuse_unless, using_up
from solely.api.batches import Api
from solely.api.calls import Door
from solely.api.description import TOKEN_BODY, TOKEN_RESPONSES, Challenge, describe
from solely.api.items import add_items
from solely.api.observed import Observed, Watched
from solely.api.problems import TurnAway, add_problems
from solely.api.room import ORDER_BODY_MAX, Room
from solely.console.app import Console
from solely.console.exchange import peer_of
from solely.console.upload import TooMany
from solely.errors import NotPermitted, SolelyError, TroubleError, VerificationFailed
from solely.front.answers import JSON, PROTO, arrived, in_json, is_json, once_of, refused
from solely.front.body import BODY_MAX, read_body
from solely.front.quiet import Quiet, Tell
from solely.orders.giver import require_signed
from solely.steps.turning_away import ORDER, TOKEN

LARGE_AT_ONCE = 32  # orders with a list of people, say, that come in at the same time
Crowd = Callable[[], Awaitable[SolelyError | TroubleError | None]]
TooManyTries = Callable[[Request, str, str], Awaitable[SolelyError | TroubleError | None]]
# By itself the framework gives tracing each address with its query, and logs texts of faults.
_UNTOLD: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
MARKS_MAX = 16 * 1024  # quotation marks and commas around an order and its signature


def make_app(door: Door, tell: Tell, console: Console, watched: Watched) -> Observed:
    """The application; a fault is told by its kind and place, never by its text (R-57)."""
    return Observed(Quiet(routed(door, console), tell), watched)


def routed(door: Door, console: Console) -> FastAPI:
    """Every route of the service, pages and calls."""
    # Routed by slashes, a caller would be led to whatever host the call names.
    app = FastAPI(
        title="solely",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # below, with the headers of every other answer
        redirect_slashes=False,
        telemetry=_UNTOLD,
    )
    _add_open(app, door)
    _add_officer(app, door, console.too_many)
    _add_access(app, door)
    Api(door, console.incoming, console.turned_away).add_to(app, _add_orders(app, door, console.turned_away))
    add_items(app, door)
    add_problems(app, console.missing, console.turned_away)
    describe(app)
    console.add_to(app)
    return app


def _add_open(app: FastAPI, door: Door) -> None:
    address = door.entrance.address

    @app.get("/openapi.json", include_in_schema=False)
    async def described() -> Response:
        return in_json(app.openapi())

    @app.get("/healthz", responses={200: {"model": dict[str, str]}})
    async def healthz() -> Response:
        return in_json({"status": "SERVING"})

    @app.get("/.well-known/opentdf-configuration", include_in_schema=False)
    async def configuration() -> Response:
        words = {
            "health": {"endpoint": f"{address}/healthz"},
            "platform_issuer": address,
            "idp": {"issuer": address, "token_endpoint": f"{address}/token"},
        }
        return in_json({"configuration": words})


# -- an officer's token and echo --------------------------------------------------------------------------


def _add_officer(app: FastAPI, door: Door, too_many: TooManyTries) -> None:
    @app.post("/token/challenge", responses={200: {"model": Challenge}})
    async def challenge() -> Response:
        nonce = secrets.token_bytes(16)
        return in_json({"challenge": token.challenge(door.token_key, nonce, clock.real())})

    @app.post("/token", responses=TOKEN_RESPONSES, openapi_extra={"requestBody": TOKEN_BODY})
    async def give_token(request: Request) -> Response:
        body, holder = b"", ""
        try:
            body = await read_body(request)
            words = messages.read_words(body)
            holder = str(words.get("key_id", ""))
            grant = await door.ask(_token_asked(door, request, words))
        except SolelyError as denied:
            crowd = partial(too_many, request, holder, TOKEN)
            return refused(await _unshown(door, denied, body, crowd))
        except TroubleError as trouble:
            return refused(trouble)
        word = token.issue(
            door.token_key, door.entrance.address, grant, secrets.token_urlsafe(16), clock.real()
        )
        kind = "DPoP" if grant.jkt else "Bearer"
        return in_json({"access_token": word, "token_type": kind, "expires_in": token.TOKEN_SECONDS})


def _is_answered(denied: SolelyError) -> bool:
    """True of what the gate has told the ledger, or will, and of no try that failed."""
    return isinstance(denied, CallRefused) and denied.kind in ("unavailable", "permission_denied")


async def _unshown(door: Door, denied: SolelyError, body: bytes, crowd: Crowd) -> SolelyError | TroubleError:
    """The one answer to whoever is not shown to be the holder of a key, once it is logged why; another where
    too many tries have failed."""
    if _is_answered(denied):
        return denied
    if told := await crowd():
        return CallRefused("TRIES", EXHAUSTED) if isinstance(told, TooMany) else told
    why = denied if isinstance(denied, CallRefused) else CallRefused(getattr(denied, "reason", denied.code))
    return await door.refuse(why, body, "", "token")


def _token_asked(door: Door, request: Request, words: Any) -> TokenAsked:
    now, entrance = clock.real(), door.entrance
    challenged = messages.word(words, "challenge")
    token.require_challenge(door.token_key, challenged, now)
    used: tuple[Once, ...] = (Once(token.digest("challenge", challenged), _in(token.CHALLENGE_SECONDS + 10)),)
    jkt, proof = "", Used()
    if entrance.needs_proof or request.headers.get("dpop"):
        shown = proof_of(entrance, arrived(request), "", now)
        jkt, proof = shown.jkt, shown.once
    with using_up(proof):
        holder, signature = messages.word(words, "key_id"), messages.word(words, "signature")
    return TokenAsked(challenged, holder, jkt, signature, (*used, *once_of(proof)))


def _in(seconds: int) -> int:
    return clock.milliseconds(clock.real() + timedelta(seconds=seconds))


# -- the key access service -------------------------------------------------------------------------------


def _add_access(app: FastAPI, door: Door) -> None:
    @app.post("/kas.AccessService/PublicKey", include_in_schema=False)
    async def connect_public_key(request: Request) -> Response:
        try:
            form, body = is_json(request), await read_body(request)
            messages.read_public_key(body, is_json=form)
        except CallRefused as refusal:
            return refused(refusal)  # nothing of anybody was asked: no entry
        return _public_key(door, as_json=form)

    @app.get("/kas.AccessService/PublicKey", include_in_schema=False)
    async def connect_get_public_key(request: Request) -> Response:
        try:
            return _public_key(door, as_json=_is_json_query(request))
        except CallRefused as refusal:
            return refused(refusal)

    @app.get("/kas/v2/kas_public_key", include_in_schema=False)
    @app.get("/v2/kas_public_key", include_in_schema=False)
    async def plain_public_key() -> Response:
        return _public_key(door, as_json=True)


def _public_key(door: Door, *, as_json: bool) -> Response:
    body = messages.write_public_key(door.entrance.token_key, door.key_id, is_json=as_json)
    return Response(
        body, media_type=JSON if as_json else PROTO, headers={"X-Content-Type-Options": "nosniff"}
    )


def _is_json_query(request: Request) -> bool:
    query = request.query_params
    form, message = query.get("encoding", "json"), query.get("message", "")
    known = query.get("connect") == "v1" and form in ("json", "proto") and len(message) <= 4096
    refuse_unless(known, "QUERY", INVALID)
    try:
        raw = jose.decode(message.rstrip("=")) if query.get("base64") == "1" else message.encode()
    except ValueError:
        raise CallRefused("QUERY", INVALID) from None
    messages.read_public_key(raw or (b"{}" if form == "json" else b""), is_json=form == "json")
    return form == "json"


# -- orders -------------------------------------------------------------------------------------------------


class Orders:
    """Orders at the door: large ones, which strangers send too, are held one after the other, so that a short
    one waits for none of them."""

    def __init__(self, door: Door) -> None:
        self._door, self._in_turn = door, asyncio.Lock()
        self._under_way: dict[bytes, asyncio.Future[Any]] = {}

    async def signed(self, body: bytes) -> OrderFiled:
        """The order in a body, held against the enrolled keys; CallRefused or another SolelyError."""
        refuse_unless(body.count(b'"') + body.count(b",") <= MARKS_MAX, "MESSAGE", INVALID)
        words, door = messages.read_words(body), self._door
        refuse_unless(words.get("log", door.log) == door.log, "ANOTHER_GATE", INVALID)
        asked = OrderFiled(_bytes(words, "order"), messages.word(words, "signature").encode())
        async with self._in_turn if len(body) > BODY_MAX else nullcontext():
            await asyncio.to_thread(require_signed, door.serving.enrolled, asked.text, asked.signature)
        return asked

    async def filed(self, asked: OrderFiled) -> Any:
        """The gate's answer; the same order that is sent again meanwhile takes no second place there."""
        text = asked.text
        if text not in self._under_way:
            self._under_way[text] = asyncio.ensure_future(self._door.ask(asked))
            self._under_way[text].add_done_callback(lambda _: self._under_way.pop(text))
        return await asyncio.shield(self._under_way[text])


def _add_orders(app: FastAPI, door: Door, turned_away: TurnAway) -> Callable[[Request], Awaitable[Response]]:
    room, orders = Room(LARGE_AT_ONCE), Orders(door)

    @app.post("/orders", include_in_schema=False)
    async def file_order(request: Request) -> Response:
        body = b""
        try:
            with room.entered(peer_of(request)) as place:
                body = await read_body(request, ORDER_BODY_MAX, ORDER_BODY_MAX, place.take)
                place.is_whole = True
                asked = await orders.signed(body)
        except CallRefused as refusal:
            return refused(await door.refuse(refusal, body, "", "order"))
        except (NotPermitted, VerificationFailed) as denied:  # a stranger's takes no place among the orders
            error = await turned_away(denied, ORDER)
            return _told(denied) if error is denied else refused(error)
        except SolelyError as senseless:
            return await _denied(door, senseless, body)
        try:
            told = await orders.filed(asked)
        except CallRefused as refusal:  # turned away unread, and counted
            return refused(refusal)
        except SolelyError as denied:
            return await _denied(door, denied, body)
        except TroubleError as trouble:
            return refused(trouble)
        await door.settle()
        return in_json(told)

    return file_order


async def _denied(door: Door, denied: SolelyError, body: bytes) -> Response:
    """Who gives orders is told what is wrong with one, once it is logged."""
    entered = CallRefused(denied.code, INVALID)
    other = await door.refuse(entered, body, "", "order")
    return _told(denied) if other is entered else refused(other)


def _told(denied: SolelyError) -> Response:
    return in_json({"code": denied.code, "message": str(denied)}, status_code=denied.http_status)


def _bytes(words: Any, name: str) -> bytes:
    value = words.get(name)
    try:
        return base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError):
        raise CallRefused("MESSAGE", INVALID) from None
