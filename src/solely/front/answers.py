"""A call as it came, and the forms of an answer or a refusal: the same few words for everybody."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from solely import clock
from solely.access.admission import Arrived
from solely.access.asked import CallAsked, Once, Refused
from solely.access.refusal import STATUS, WORDS, CallRefused, Denied, Used
from solely.errors import SolelyError, TroubleError

JSON, PROTO = "application/json", "application/proto"
PLAIN = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
Ask = Callable[[CallAsked], Awaitable[Any]]


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


async def refuse(
    ask: Ask, refusal: CallRefused, body: bytes, release_id: str, what: str = "opening"
) -> CallRefused:
    """The refusal of an opening, a token or an order, once it stands in the ledger."""
    try:
        digest, used = hashlib.sha256(body).hexdigest(), once_of(refusal.used)
        await ask(Refused(refusal, release_id, digest, len(body), used, what))
    except SolelyError as told:
        return told if isinstance(told, CallRefused) else CallRefused("UNLOGGED", "unavailable")
    return refusal


def in_json(words: Mapping[str, Any], **more: Any) -> Response:
    """An answer in JSON that nobody keeps."""
    return Response(json.dumps(dict(words)), media_type=JSON, headers=dict(PLAIN), **more)


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
