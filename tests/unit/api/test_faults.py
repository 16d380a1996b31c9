"""A fault of the gate ends one call in words for whoever called, and none of its text is told."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response

from solely.api.problems import add_problems
from solely.front.quiet import Quiet

SECRET = "900-12-3456"


@pytest.mark.rule("R-57")
@pytest.mark.parametrize(
    ("accept", "said"), [("text/html", "a page: 500"), ("application/json", '"code": "internal"')]
)
def test_a_fault_is_a_page_for_people_and_a_refusal_for_programs(accept: str, said: str) -> None:
    app, told = FastAPI(), list[str]()

    async def page(_: Request, status: int) -> Response:
        return Response(f"a page: {status}", status)

    async def turned_away(error: Any, _: str) -> Any:
        return error

    add_problems(app, page, turned_away)

    @app.get("/faulty")
    async def faulty() -> None:
        raise ValueError(SECRET)

    status, text = asked(Quiet(app, told.append), accept)
    assert status == 500
    assert said in text.replace('":"', '": "')
    assert SECRET not in text + "".join(told)
    assert ["ValueError" in line for line in told] == [True]


def asked(app: Any, accept: str) -> tuple[int, str]:
    """Status and body of one call."""
    sent: list[dict[str, Any]] = []
    scope = {"type": "http", "method": "GET", "path": "/faulty", "query_string": b""}
    scope |= {"headers": [(b"accept", accept.encode())], "http_version": "1.1"}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], b"".join(each.get("body", b"") for each in sent[1:]).decode()
