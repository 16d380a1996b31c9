"""A call of an opening passes the framework by, and is answered and watched as any other."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response

from solely.api.app import OPENING, Straight
from solely.api.observed import route_of
from solely.api.quiet import Quiet

SECRET = "900-12-3456"


def _app(*, is_faulty: bool = False) -> FastAPI:
    app = FastAPI(redirect_slashes=False)

    @app.middleware("http")
    async def framework(request: Request, go_on: Any) -> Response:
        answer: Response = await go_on(request)
        answer.headers["Through"] = "framework"
        return answer

    async def answer(request: Request) -> Response:
        if is_faulty:
            raise ValueError(SECRET)
        return Response(await request.body())

    for path in OPENING:
        app.post(path)(answer)
    app.post("/token")(answer)
    return app


def _asked(app: Any, method: str, path: str) -> tuple[int, bytes, bool, str]:
    """Status and body of one call, whether the framework was asked, and the route that is told of it."""
    sent: list[dict[str, Any]] = []
    scope: dict[str, Any] = {"type": "http", "method": method, "path": path, "query_string": b""}
    scope |= {"headers": [], "http_version": "1.1"}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"words", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    body = b"".join(each.get("body", b"") for each in sent[1:])
    return sent[0]["status"], body, (b"through", b"framework") in sent[0]["headers"], route_of(scope)


@pytest.mark.parametrize("path", sorted(OPENING))
def test_a_call_of_an_opening_is_answered_without_the_framework_and_known_by_its_route(path: str) -> None:
    app = Straight(_app())
    assert _asked(app, "POST", path) == (200, b"words", False, path)
    assert _asked(app, "POST", "/token") == (200, b"words", True, "/token")


def test_another_method_or_address_is_the_frameworks_to_refuse() -> None:
    app = Straight(_app())
    assert _asked(app, "GET", "/opening/begin")[::2] == (405, True)
    assert _asked(app, "POST", "/opening/begin/")[::2] == (404, True)
    assert _asked(app, "post", "/opening/begin")[::2] == (405, True)


@pytest.mark.rule("R-57")
def test_a_fault_in_a_call_of_an_opening_is_told_by_its_kind_alone() -> None:
    told = list[str]()
    status, body, _, _ = _asked(Quiet(Straight(_app(is_faulty=True)), told.append), "POST", "/opening/begin")
    assert (status, b'"internal"' in body) == (500, True)
    assert SECRET not in body.decode() + "".join(told)
    assert ["ValueError" in line for line in told] == [True]
