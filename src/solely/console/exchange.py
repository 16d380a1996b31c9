"""What browser and gate exchange: headers of every answer, forms and JSON as they come in, refusals."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import FormData
from starlette.types import Receive, Scope, Send

from solely.errors import NotPermitted, SolelyError, TroubleError, UsageError

FIELDS_MAX, FIELD_BYTES_MAX = 2_000, 64 * 1024  # a part of an agreement that may be sealed is a field
FORM_BYTES_MAX = 2**20
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Lasting(StreamingResponse):
    """An answer that is made while it is sent; `done` once nobody reads it any more."""

    def __init__(
        self,
        parts: AsyncIterator[str | bytes],
        kind: str,
        headers: Mapping[str, str],
        done: Callable[[], None],
    ) -> None:
        super().__init__(parts, media_type=kind, headers={"Cache-Control": "no-store"} | dict(headers))
        self._done = done

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._done()


def require_own(request: Request, address: str) -> None:
    """Return when a call comes from a page at this address, or from no browser; else NotPermitted."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    if origin not in (None, address) or site not in ("same-origin", "none"):
        raise NotPermitted("this form does not come from a page of this gate")


def cookie_name(address: str) -> str:
    """The name of the cookie of a sign-in here; over https no other host and no plain connection can set one
    (RFC 6265bis, 4.1.3.2)."""
    return "__Host-solely" if address.startswith("https:") else "solely"


def peer_of(request: Request) -> str:
    """The address of the machine that calls; it is in no log and no entry."""
    return "" if request.client is None else request.client.host


def whole(text: str, most: int) -> int | None:
    """The whole number that a field or an address holds; None for anything else, and for more than `most`."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
    return int(text) if is_number and int(text) <= most else None


def is_short(request: Request) -> bool:
    """True of a form without files."""
    return request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")


async def read_form(request: Request, field_max: int) -> dict[str, str]:
    """The fields of a form, their lines ended as in a file, for a browser sends a line break as CR LF;
    UsageError for files, too many bytes or fields, or a field given twice."""
    most = max(FORM_BYTES_MAX, 3 * field_max)  # a form writes a byte of a field as up to three
    if whole(request.headers.get("content-length", ""), most) is None:  # no more is read than it says
        raise UsageError(f"this form is too large: it has at most {most:,} bytes")
    try:
        form: FormData = await request.form(max_files=0, max_fields=FIELDS_MAX, max_part_size=field_max)
    except Exception:  # noqa: BLE001 -- whatever is wrong with a form, it is the form's
        raise UsageError("this form cannot be read") from None
    texts = {name: value for name, value in form.items() if isinstance(value, str)}
    found = {name: value.replace("\r\n", "\n") for name, value in texts.items()}
    if len(found) != len(form.multi_items()):
        raise UsageError("this form cannot be read")
    return found


async def read_json(request: Request) -> dict[str, Any]:
    """The JSON object of a call; UsageError for anything else, or for too much of it."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise UsageError("this call takes JSON")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > FIELD_BYTES_MAX:
            raise UsageError("this call is too large")
    try:
        words = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise UsageError("this call is no JSON") from None
    if not isinstance(words, dict):
        raise UsageError("this call is a JSON object")
    return words


def text_of(words: Mapping[str, Any], name: str) -> str:
    """One word of a call; UsageError when it is missing or too long."""
    value = words.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= FIELD_BYTES_MAX:
        raise UsageError(f"`{name}` is missing")
    return value


def in_json(words: Mapping[str, Any], status: int = 200) -> Response:
    """An answer in JSON that nobody keeps."""
    return Response(json.dumps(dict(words)), status, media_type="application/json", headers=dict(HEADERS))


def problem(error: SolelyError | TroubleError) -> Response:
    """A refusal as a program reads it: its stable code, and the sentence for people."""
    status = error.http_status if isinstance(error, SolelyError) else 503
    return in_json({"code": error.code, "message": str(error)}, status)
