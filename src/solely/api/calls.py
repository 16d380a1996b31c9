"""One call as the routes hand it on: who calls, what was asked, and the answer or refusal in its form."""

import asyncio
import hashlib
import json
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request, Response
from starlette.background import BackgroundTask

from solely import clock
from solely.access import messages, signed_request, token
from solely.access.admission import Arrived, Entrance, caller_of
from solely.access.jose import Jws
from solely.access.messages import KeyResult, Rewrapped
from solely.access.refusal import INVALID, STATUS, WORDS, CallRefused, Used, refuse_unless, using_up
from solely.access.signed_request import SignedRequest
from solely.api.body import read_body
from solely.errors import SolelyError, TroubleError, VerificationFailed
from solely.release.manifest import parse_policy
from solely.release.rewrap import TAMPERED, Handed
from solely.steps.calls import Asked, Caller, KeyAsked, Once, Refused
from solely.steps.serving import Denied, Serving

JSON, PROTO = "application/json", "application/proto"
FORBIDDEN = "PermissionDenied: forbidden"
_PLAIN = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Answers:
    """What the gate's thread has answered, handed to the loop: one call wakes it for a whole group."""

    def __init__(self) -> None:
        self._ended: deque[tuple[asyncio.Future[Any], Future[Any]]] = deque()

    async def of(self, answer: Future[Any]) -> Any:
        """The answer, or its error, once the other thread has it."""
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[Any] = loop.create_future()

        def ended(answer: Future[Any]) -> None:
            self._ended.append((waiting, answer))
            if len(self._ended) == 1:  # else the loop is awake, or woken, for the one before
                loop.call_soon_threadsafe(self._hand_on)

        answer.add_done_callback(ended)
        return await waiting

    def _hand_on(self) -> None:
        while self._ended:
            waiting, answer = self._ended.popleft()
            if waiting.cancelled():
                continue
            if (error := answer.exception()) is not None:
                waiting.set_exception(error)
            else:
                waiting.set_result(answer.result())


@dataclass
class Door:
    """What every route shares: the gate's desk, what callers must show, and who is being answered."""

    serving: Serving
    entrance: Entrance
    public_key: str
    key_id: str
    log: str  # the verifier key of the gate's log, by which a gate is known
    answering: set[asyncio.Future[None]] = field(default_factory=set)
    answers: Answers = field(default_factory=Answers)

    async def ask(self, asked: Asked) -> Any:
        """The gate's answer; the thread that acts is another."""
        return await self.answers.of(self.serving.ask(asked))

    async def refuse(
        self, refusal: CallRefused, body: bytes, release_id: str, what: str = "opening"
    ) -> CallRefused:
        """The refusal of an opening, a token or an order, once it stands in the ledger."""
        try:
            digest, used = hashlib.sha256(body).hexdigest(), once_of(refusal.used)
            await self.ask(Refused(refusal, release_id, digest, len(body), used, what))
        except SolelyError as told:
            return told if isinstance(told, CallRefused) else CallRefused("UNLOGGED", "unavailable")
        return refusal

    async def settle(self) -> None:
        """Return once everybody who was being answered has been sent the answer."""
        if self.answering:
            await asyncio.wait(set(self.answering), timeout=5)


def arrived(request: Request) -> Arrived:
    """What is held against token and proof."""
    headers = request.headers
    return Arrived(
        request.method, request.url.path, headers.getlist("authorization"), headers.getlist("dpop")
    )


def is_json(request: Request) -> bool:
    """Whether a call is in JSON; CallRefused for a form that is not read here."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (JSON, PROTO):
        raise CallRefused("CONTENT_TYPE", "unimplemented")
    return kind == JSON


def once_of(used: Used) -> tuple[Once, ...]:
    """What a call uses up, as the gate keeps it."""
    return tuple(Once(digest, clock.milliseconds(until)) for digest, until in used)


def in_json(words: Mapping[str, Any], **more: Any) -> Response:
    """An answer in JSON that nobody keeps."""
    return Response(json.dumps(dict(words)), media_type=JSON, headers=dict(_PLAIN), **more)


def refused(error: BaseException) -> Response:
    """A refusal in the Connect form: the same few words for everybody."""
    kind = "internal"
    if isinstance(error, CallRefused):
        kind = error.kind
    elif isinstance(error, Denied):
        kind = "permission_denied"
    elif isinstance(error, SolelyError | TroubleError):
        kind = "unavailable"
    response = in_json({"code": kind, "message": WORDS[kind]}, status_code=STATUS[kind])
    if kind == "unavailable":
        response.headers["Retry-After"] = "1"
    if kind == "unauthenticated":
        response.headers["WWW-Authenticate"] = 'DPoP error="invalid_dpop_proof", algs="ES256 RS256"'
    return response


# -- the rewrap call -----------------------------------------------------------------------------------------


async def rewrap(door: Door, request: Request, *, as_json: bool | None = None) -> Response:
    """The answer to a rewrap call, whatever came; the ledger has it before anything is sent."""
    body, release_id = b"", ""
    try:
        form = is_json(request) if as_json is None else as_json
        body = await read_body(request)
        text = messages.read_rewrap(body, is_json=form)
        jws = signed_request.parse(text)
        said = _stated(jws)
        release_id = _named(said)
        asked = _key_asked(door, arrived(request), (text, jws, said), release_id)
    except CallRefused as refusal:
        return refused(await door.refuse(refusal, body, release_id))
    return await _answered(door, asked, is_json=form)


def _stated(jws: Jws) -> SignedRequest | CallRefused:
    """What a token asks for, proved or not; or why it asks for nothing."""
    try:
        return signed_request.stated(jws)
    except CallRefused as refusal:
        return refusal


def _named(said: SignedRequest | CallRefused) -> str:
    """The release that a request names, proved or not; empty when it names none."""
    try:
        return "" if isinstance(said, CallRefused) else parse_policy(said.policy).release_id
    except VerificationFailed:
        return ""


def _key_asked(
    door: Door, came: Arrived, said: tuple[str, Jws, SignedRequest | CallRefused], release_id: str
) -> KeyAsked:
    now, (text, jws, stated) = clock.real(), said
    shown = caller_of(door.entrance, came, now)
    with using_up(shown.once):
        signed_request.require_proved(jws, shown.proved_key, now)
        if isinstance(stated, CallRefused):
            raise stated
        refuse_unless(bool(release_id), "POLICY", INVALID)
    own = Once(token.digest("request", text), signed_request.until(jws) * 1000 + 1000)
    caller = Caller(shown.holder, shown.jkt)
    return KeyAsked(caller, release_id, stated, door.entrance.needs_proof, (*once_of(shown.once), own))


async def _answered(door: Door, asked: KeyAsked, *, is_json: bool) -> Response:
    sent: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    door.answering.add(sent)

    def done() -> None:
        door.answering.discard(sent)
        if not sent.done():
            sent.set_result(None)

    try:
        response = _response(asked.request, await door.ask(asked), is_json=is_json)
    except Denied as denied:
        response = _failed(asked.request, denied, is_json=is_json)
    except (SolelyError, TroubleError) as error:
        response = refused(error)
    except BaseException:
        done()
        raise
    # An order is acknowledged only when the keys that were granted before it have been sent.
    response.background = BackgroundTask(_call, done)
    return response


async def _call(done: Any) -> None:
    done()


def _response(request: SignedRequest, handed: Handed, *, is_json: bool) -> Response:
    result = KeyResult(request.access.object_id, handed.wrapped)
    answer = Rewrapped(request.policy_id, (result,), handed.session_key, request.is_first_form)
    return _in_form(answer, is_json=is_json)


def _failed(request: SignedRequest, denied: Denied, *, is_json: bool) -> Response:
    if request.is_first_form:  # its clients know no failure of one key
        return refused(CallRefused("DENIED", INVALID) if denied.is_tampering else denied)
    error = TAMPERED if denied.is_tampering else FORBIDDEN
    result = KeyResult(request.access.object_id, error=error, reason=denied.reason)
    return _in_form(Rewrapped(request.policy_id, (result,), ""), is_json=is_json)


def _in_form(answer: Rewrapped, *, is_json: bool) -> Response:
    body = messages.write_rewrapped(answer, is_json=is_json)
    return Response(body, media_type=JSON if is_json else PROTO, headers=dict(_PLAIN))
