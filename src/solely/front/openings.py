"""The calls of an opening: read and proved here, judged, logged and answered by the gate (formats.md 3.2).

POST /opening/begin                                     the echo, and a word for the confirmation
POST /kas.AccessService/Rewrap                          the key, in protocol buffers or JSON
POST /kas/v2/rewrap, /v2/rewrap                         the same in JSON, for clients that fall back
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from solely import clock
from solely.access import messages, signed_request, token
from solely.access.admission import Arrived, Entrance, caller_of
from solely.access.asked import Caller, EchoAsked, KeyAsked, Once
from solely.access.jose import Jws
from solely.access.messages import KeyResult, Rewrapped
from solely.access.refusal import INVALID, CallRefused, Denied, refuse_unless, using_up
from solely.access.signed_request import SignedRequest
from solely.errors import SolelyError, TroubleError, VerificationFailed
from solely.front.answers import JSON, PLAIN, PROTO, Ask, arrived, in_json, is_json, once_of, refuse, refused
from solely.front.body import read_body
from solely.release.manifest import parse_policy
from solely.release.rewrap import TAMPERED, Handed

FORBIDDEN = "PermissionDenied: forbidden"


class Desk(NamedTuple):
    """What callers must show, and who is asked once they have."""

    entrance: Entrance
    ask: Ask


async def begin(desk: Desk, request: Request) -> Response:
    """The answer to whoever asks what a package is about; the ledger has it before anything is sent."""
    body, release_id = b"", ""
    try:
        body = await read_body(request)
        words = messages.read_words(body)
        release_id = messages.word(words, "release")
        shown = caller_of(desk.entrance, arrived(request), clock.real())
        caller = Caller(shown.holder, shown.jkt)
        with using_up(shown.once):
            digest = messages.word(words, "package_sha256")
        asked = EchoAsked(caller, release_id, digest, once_of(shown.once))
    except CallRefused as refusal:
        return refused(await refuse(desk.ask, refusal, body, release_id))
    try:
        return in_json((await desk.ask(asked))._asdict())
    except (SolelyError, TroubleError) as denied:
        reason = denied.reason if isinstance(denied, Denied) else ""
        told = {"code": "permission_denied", "reason": reason}
        return in_json(told, status_code=403) if reason else refused(denied)


async def rewrap(desk: Desk, request: Request, *, as_json: bool | None = None) -> Response:
    """The answer to a rewrap call, whatever came; the ledger has it before anything is sent."""
    body, release_id = b"", ""
    try:
        form = is_json(request) if as_json is None else as_json
        body = await read_body(request)
        text = messages.read_rewrap(body, is_json=form)
        jws = signed_request.parse(text)
        said = _stated(jws)
        release_id = _named(said)
        asked = _key_asked(desk, arrived(request), (text, jws, said), release_id)
    except CallRefused as refusal:
        return refused(await refuse(desk.ask, refusal, body, release_id))
    return await _answered(desk, asked, is_json=form)


ROUTES: Final[Mapping[str, Callable[[Desk, Request], Awaitable[Response]]]] = {
    "/opening/begin": begin,
    "/kas.AccessService/Rewrap": rewrap,
    "/kas/v2/rewrap": partial(rewrap, as_json=True),
    "/v2/rewrap": partial(rewrap, as_json=True),
}


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
    desk: Desk, came: Arrived, said: tuple[str, Jws, SignedRequest | CallRefused], release_id: str
) -> KeyAsked:
    now, (text, jws, stated) = clock.real(), said
    shown = caller_of(desk.entrance, came, now)
    with using_up(shown.once):
        signed_request.require_proved(jws, shown.proved_key, now)
        if isinstance(stated, CallRefused):
            raise stated
        refuse_unless(bool(release_id), "POLICY", INVALID)
    own = Once(token.digest("request", text), signed_request.until(jws) * 1000 + 1000)
    caller = Caller(shown.holder, shown.jkt)
    return KeyAsked(caller, release_id, stated, desk.entrance.needs_proof, (*once_of(shown.once), own))


async def _answered(desk: Desk, asked: KeyAsked, *, is_json: bool) -> Response:
    try:
        return _response(asked.request, await desk.ask(asked), is_json=is_json)
    except Denied as denied:
        return _failed(asked.request, denied, is_json=is_json)
    except (SolelyError, TroubleError) as error:
        return refused(error)


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
    return Response(body, media_type=JSON if is_json else PROTO, headers=dict(PLAIN))
