"""A request that does not come whole in its time is cut off; one that waits for its answer is not.

Connections that are held open and say nothing make room for who asks.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from solely.front import prompt
from solely.front.prompt import Prompt


async def app(scope, receive, send):
    """Answer once the body is whole, later than a request may take to come."""
    while (await receive()).get("more_body"):
        pass
    await asyncio.sleep(4 * prompt.SECONDS)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@asynccontextmanager
async def listening(answer: Callable[..., Awaitable[None]], **options: Any) -> AsyncIterator[int]:
    """The port of a server that answers so; at the end it closes what is still open."""
    config = uvicorn.Config(answer, port=0, http=Prompt, log_config=None, lifespan="off", **options)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = server.force_exit = True
        await serving


async def answers(sent: list[bytes]) -> list[bytes]:
    """What comes back of each connection that sends this and then nothing."""

    async def one(port: int, data: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(data)
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""
        finally:
            writer.close()

    async with listening(app, timeout_keep_alive=1) as port:
        return await asyncio.wait_for(asyncio.gather(*(one(port, data) for data in sent)), 30)


def test_a_request_that_stays_in_pieces_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt, "SECONDS", 0.1)
    whole = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
    cut = [b"", b"POST / HT", whole[:-1]]
    found = asyncio.run(answers([*cut, whole]))
    assert found[:-1] == [b"", b"", b""]
    assert found[-1].endswith(b"ok")


def test_an_upload_that_goes_on_steadily_is_not_cut_off_and_one_that_stops_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(prompt, "SECONDS", 0.2)
    monkeypatch.setattr(prompt, "STEADY", 10)

    async def sent(path: str, pieces: int) -> bytes:
        async with listening(app) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 60\r\n\r\n".encode())
            try:
                for _ in range(pieces):
                    await asyncio.sleep(0.1)
                    writer.write(b"0123456789")
                return await asyncio.wait_for(reader.read(20), 10)
            except ConnectionError:
                return b""
            finally:
                writer.close()

    assert asyncio.run(sent("/api/batches", 6)).startswith(b"HTTP/1.1 200")
    assert asyncio.run(sent("/api/batches", 4)) == b""
    assert asyncio.run(sent("/orders", 6)) == b""


async def _quick(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


async def _answers_when_full(held: list[bytes], path: str = "/orders") -> tuple[list[bytes], list[bool]]:
    """Answers to four askers in turn where eight connections are taken; which of the eight still stand."""
    asked = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{{}}".encode()
    async with listening(_slow, limit_concurrency=9) as port:
        open_ones = []
        for data in held:
            open_ones.append(await asyncio.open_connection("127.0.0.1", port))
            open_ones[-1][1].write(data)
            await asyncio.sleep(0.02)
        told = []
        for _ in range(4):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(asked)
            told.append(await asyncio.wait_for(reader.readline(), 10))
            writer.close()
        stand = [await _is_open(reader) for reader, _ in open_ones]
        for _, writer in open_ones:
            writer.close()
    return told, stand


async def _is_open(reader: asyncio.StreamReader) -> bool:
    """True unless the other side has closed, whatever it said before."""
    try:
        await asyncio.wait_for(reader.read(), 0.1)
    except TimeoutError:
        return True
    except ConnectionError:
        pass
    return False


async def _slow(scope, receive, send):
    if scope["path"] == "/long":
        await _long(send)
    elif scope["path"] == "/api/batches" and dict(scope["headers"]).get(b"authorization") is None:
        await _quick(scope, receive, send)
    else:
        await asyncio.sleep(1 if scope["path"] != "/orders" else 0)
        await _quick(scope, receive, send)


async def _long(send):
    """An answer of more than a connection takes at once."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(64):
        await send({"type": "http.response.body", "body": bytes(2**20), "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def test_connections_held_open_keep_no_caller_out() -> None:
    begun = b"POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"
    answered = b"GET /orders HTTP/1.1\r\nHost: x\r\n\r\n"
    refused = b"POST /api/batches HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\nPK"
    unread = b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n"
    for held in ([b""] * 8, [begun] * 8, [answered] * 8, [refused] * 8, [unread] * 8):
        told, stand = asyncio.run(_answers_when_full(held))
        assert told == [b"HTTP/1.1 200 OK\r\n"] * 4
        assert stand[0] is False, "the one that said nothing for longest gave its place"
        assert stand[-1] is True


WAITING = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
UPLOAD = b"POST /api/batches HTTP/1.1\r\nHost: x\r\nAuthorization: DPoP x\r\nContent-Length: 9\r\n\r\n{"


def test_a_caller_who_waits_for_an_answer_or_uploads_is_not_closed_for_a_new_one() -> None:
    told, stand = asyncio.run(_answers_when_full([WAITING] * 4 + [UPLOAD] * 4, "/healthz"))
    assert all(line.startswith(b"HTTP/1.1 503") for line in told)
    assert all(stand)


@pytest.mark.rule("R-08")
def test_an_order_comes_in_where_every_connection_is_taken_by_who_waits_or_uploads() -> None:
    told, stand = asyncio.run(_answers_when_full([WAITING] * 4 + [UPLOAD] * 4))
    assert told == [b"HTTP/1.1 200 OK\r\n"] * 4
    assert all(stand)


def test_an_upload_that_is_answered_already_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt, "SECONDS", 0.2)
    monkeypatch.setattr(prompt, "STEADY", 10)

    async def pieces_sent() -> int:
        async with listening(_quick) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"POST /api/batches HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n")
            sent, ended = 0, asyncio.create_task(reader.read())
            while not ended.done() and sent < 30:
                writer.write(b"0123456789")
                sent += 1
                await asyncio.wait([ended], timeout=0.05)
            writer.close()
            return sent

    assert asyncio.run(pieces_sent()) < 15


def test_a_request_of_two_lengths_is_refused_and_its_connection_ends() -> None:
    both = b"POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
    (answer,) = asyncio.run(answers([both + b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"]))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1") == 1
    assert b"connection: close" in answer.lower()
