"""Refusals as problem documents (RFC 9457): a stable code, the sentence for people, no value of a call."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from solely.access.refusal import STATUS, WORDS, CallRefused
from solely.errors import BatchRefused, SolelyError, TroubleError
from solely.front.answers import refused
from solely.steps.turning_away import OFFICE, NotAsDescribed

TurnAway = Callable[[SolelyError | TroubleError, str], Awaitable[SolelyError | TroubleError]]
KIND: Final = "application/problem+json"
# What the key service says, without the word before it by which its clients tell failures apart.
_BARE: Final = {words: words.partition(": ")[2] for words in WORDS.values()}
_WHOLE: Final = "is a whole number"
_FORMS: Final[Mapping[str, str]] = {
    "missing": "is missing",
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "greater_than_equal": "is at least {ge}",
    "less_than_equal": "is at most {le}",
    "string_pattern_mismatch": "has the form {pattern}",
    "string_too_short": "has at least {min_length} characters",
    "string_too_long": "has at most {max_length} characters",
}
_TITLES: Final[Mapping[int, str]] = {
    400: "The call cannot be read",
    401: "The call is not shown to be of somebody enrolled",
    403: "Not permitted",
    404: "Not here",
    405: "No such method here",
    409: "Not in this state",
    413: "Too large",
    415: "This kind of body is not read here",
    422: "Not as agreed",
    429: "Too much was asked for",
    500: "A fault of the gate",
    501: "Not done here",
    503: "Try again",
}


class Problem(BaseModel):
    """A refusal: `code` is stable and for programs, `detail` for people."""

    type: str = Field(description="always `about:blank`: the status and the code say which problem it is")
    title: str
    status: int
    code: str
    detail: str
    rule: str | None = Field(default=None, description="of a batch refused whole: the rule")
    element: str | None = Field(
        default=None, description="what to mend: of a call, or of a batch refused whole"
    )
    result: dict[str, Any] | None = Field(default=None, description="of a duplicate: the batch as it stands")


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    """A problem document."""
    words = {"type": "about:blank", "title": _TITLES.get(status, "Refused"), "status": status}
    words |= {"code": code, "detail": _BARE.get(detail, detail), **more}
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if status in (429, 503):
        headers["Retry-After"] = "60" if status == 429 else "1"
    if status == 401:
        headers["WWW-Authenticate"] = 'DPoP error="invalid_dpop_proof", algs="ES256 RS256"'
    return Response(json.dumps(words), status, media_type=KIND, headers=headers)


def problem_of(error: SolelyError | TroubleError) -> Response:
    """The problem document of an error of ours."""
    if isinstance(error, CallRefused):
        return problem(STATUS[error.kind], error.kind.upper(), str(error))
    if isinstance(error, BatchRefused):
        return problem(error.http_status, error.code, error.reason, rule=error.rule, element=error.element)
    if isinstance(error, NotAsDescribed) and error.element is not None:
        return problem(error.http_status, error.code, str(error), element=error.element)
    return problem(error.http_status, error.code, str(error))


def add_problems(
    app: FastAPI, page: Callable[[Request, int], Awaitable[Response]], turned_away: TurnAway
) -> None:
    """Answer wherever the framework refuses by itself, no value sent back: programs with a problem document,
    people, where there is no such page or the gate has a fault, with `page`. `turned_away` tells the ledger
    of an act that came in and was not read (R-103)."""

    @app.exception_handler(RequestValidationError)
    async def unread(request: Request, error: RequestValidationError) -> Response:
        wrong = {str(each["loc"][-1]): _form_of(each) for each in error.errors()}
        told = "; ".join(f"`{name}` {form}" for name, form in sorted(wrong.items()))
        refusal = NotAsDescribed(told, next(iter(wrong)) if len(wrong) == 1 else None)
        return problem_of(refusal if request.method == "GET" else await turned_away(refusal, OFFICE))

    @app.exception_handler(Exception)
    async def faulty(request: Request, fault: Exception) -> Response:
        return await page(request, 500) if _is_for_people(request) else refused(fault)

    @app.exception_handler(HTTPException)
    async def unrouted(request: Request, error: HTTPException) -> Response:
        if error.status_code in (404, 405) and _is_for_people(request):
            return await page(request, error.status_code)
        answer = problem(error.status_code, "ROUTE", "no such route, or not by this method")
        answer.headers.update(error.headers or {})
        return answer


def _form_of(error: Mapping[str, Any]) -> str:
    """What a part of a call is to be, as its description says it; nothing of what it was."""
    form = _FORMS.get(str(error["type"]), "is not as `/openapi.json` describes it")
    return form.format(**error.get("ctx", {}))


def _is_for_people(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals of a route, for its description."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {each: {"description": _TITLES[each], "content": {KIND: schema}} for each in statuses}
