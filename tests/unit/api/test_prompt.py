"""A request that does not come whole in its time is cut off; one that waits for its answer is not."""

import asyncio

import pytest
import uvicorn

from solely.api import prompt
from solely.api.prompt import Prompt


async def app(scope, receive, send):
    """Answer once the body is whole, later than a request may take to come."""
    while (await receive()).get("more_body"):
        pass
    await asyncio.sleep(4 * prompt.SECONDS)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


async def answers(sent: list[bytes]) -> list[bytes]:
    """What comes back of each connection that sends this and then nothing."""
    config = uvicorn.Config(app, port=0, http=Prompt, log_config=None, lifespan="off", timeout_keep_alive=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]

    async def one(data: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(data)
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""
        finally:
            writer.close()

    try:
        return await asyncio.wait_for(asyncio.gather(*map(one, sent)), 30)
    finally:
        server.should_exit = True
        await serving


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
        config = uvicorn.Config(app, port=0, http=Prompt, log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
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
            server.should_exit = True
            await serving

    assert asyncio.run(sent("/api/batches", 6)).startswith(b"HTTP/1.1 200")
    assert asyncio.run(sent("/api/batches", 4)) == b""
    assert asyncio.run(sent("/orders", 6)) == b""
