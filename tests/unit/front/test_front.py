"""What the front reads by itself, and what it hands on: in the gate's words, or as it came."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from solely.front import forwarding
from solely.front import link as line
from solely.front.forwarding import Answering
from solely.front.link import Link
from solely.front.openings import ROUTES
from solely.front.process import Begin, Front
from solely.front.quiet import App, Message

SECRET = "900-12-3456"
BEGIN = Begin("127.0.0.1", 0, None, None, False, "", "http://127.0.0.1", True)


@dataclass
class Gate:
    """The other end: answers what is asked with the same words, and what is handed on with `app`."""

    app: App
    words: list[Any] = field(default_factory=lambda: ["refused", "SIZE", "resource_exhausted"])
    heard: list[list[Any]] = field(default_factory=list)

    async def join(self, end: socket.socket) -> Link:
        """Answer over this socket."""
        _, joined = await asyncio.get_running_loop().create_unix_connection(lambda: Link(self.take), sock=end)
        self.link, self.answering = joined, Answering(self.app, joined)
        return joined

    def take(self, words: list[Any], body: bytes) -> None:
        """Take one message."""
        self.heard.append(words)
        if words[0] == "asked":
            self.link.send(["answer", words[1], *self.words])
        elif words[0] not in ("told", "said"):
            self.answering.take(words, body)

    def told(self, kind: str) -> list[list[Any]]:
        """The messages of one kind that came."""
        return [each for each in self.heard if each[0] == kind]


@asynccontextmanager
async def fronted(gate: Gate) -> AsyncIterator[Front]:
    """A front that speaks with this gate."""
    ours, theirs = socket.socketpair()
    front, joined = Front(), await gate.join(theirs)
    own = await front.over(ours)
    joined.send(["begin", *BEGIN])
    await asyncio.sleep(0.01)
    try:
        yield front
    finally:
        await asyncio.sleep(0.01)
        own.cut()


async def called(
    front: App, method: str, path: str, parts: tuple[bytes, ...] = (b"words",), **more: Any
) -> tuple[Message, bytes]:
    """The head and the body of what one call is answered."""
    sent: list[Message] = []
    came = [{"type": "http.request", "body": each, "more_body": True} for each in parts]
    came[-1] = came[-1] | {"more_body": False}
    scope = {"type": "http", "method": method, "path": path, "query_string": b"a=1", "http_version": "1.1"}
    scope |= {"headers": [], "raw_path": path.encode(), "client": ("10.0.0.1", 5), "scheme": "http"} | more

    async def receive() -> Message:
        return came.pop(0) if came else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await asyncio.wait_for(front(scope, receive, send), 10)
    return sent[0], b"".join(each.get("body", b"") for each in sent[1:])


def asked(gate: Gate, calls: Callable[[Front], Awaitable[Any]]) -> Any:
    """What these calls of a front before this gate come to."""

    async def all_of_it() -> Any:
        async with fronted(gate) as front:
            return await calls(front)

    return asyncio.run(all_of_it())


async def echoed(scope: Message, receive: Any, send: Any) -> None:
    """An application that tells what it was handed."""
    request = Request(scope, receive)
    body = await request.body()
    told = {"method": request.method, "url": str(request.url), "peer": request.client, "body": body.decode()}
    answer = Response(json.dumps(told | {"agents": request.headers.getlist("user-agent")}), 201)
    answer.headers["Set-Cookie"] = "a=1"
    answer.headers.append("Set-Cookie", "b=2")
    await answer(scope, receive, send)


@pytest.mark.parametrize("path", sorted(ROUTES))
def test_a_call_of_an_opening_is_refused_at_the_front_once_the_gate_has_logged_it(path: str) -> None:
    gate = Gate(echoed)
    head, body = asked(gate, lambda front: called(front, "POST", path))
    ((_, _, kind, reason, _, _, digest, size, _, what),) = gate.told("asked")
    unread = path == "/kas.AccessService/Rewrap"  # of a kind that is not read here
    assert (kind, what, size) == ("refused", "opening", 0 if unread else 5)
    assert reason == ("CONTENT_TYPE" if unread else "MESSAGE")
    assert len(digest) == 64
    assert (head["status"], json.loads(body)["code"]) == (429, "resource_exhausted")
    ((_, method, route, status, seconds),) = gate.told("told")
    assert (method, route, status, seconds >= 0) == ("POST", path, 429, True)
    assert not gate.told("call")


def test_an_opening_by_another_method_is_refused_and_another_address_goes_on() -> None:
    gate = Gate(echoed)
    head, _ = asked(gate, lambda front: called(front, "GET", "/opening/begin"))
    assert (head["status"], (b"allow", b"POST") in head["headers"]) == (405, True)
    assert [each[1:4] for each in gate.told("told")] == [["GET", "/opening/begin", 405]]
    head, body = asked(gate, lambda front: called(front, "POST", "/opening/begin/"))
    assert (head["status"], json.loads(body)["body"]) == (201, "words")
    assert not gate.told("asked")


@pytest.mark.rule("R-57")
def test_a_fault_in_a_call_of_an_opening_is_told_by_its_kind_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    async def faulty(*_: Any) -> Response:
        raise ValueError(SECRET)

    monkeypatch.setitem(ROUTES, "/opening/begin", faulty)  # type: ignore[arg-type]
    gate = Gate(echoed)
    head, body = asked(gate, lambda front: called(front, "POST", "/opening/begin"))
    assert (head["status"], json.loads(body)["code"]) == (500, "internal")
    ((_, said),) = gate.told("said")
    assert "ValueError" in said
    assert SECRET not in said + body.decode()


class Wire:
    """A connection whose caller reads only once something is read."""

    def __init__(self, *, is_read_after: float) -> None:
        self.read_at, self.is_cut = time.monotonic() + is_read_after, False

    def get_write_buffer_size(self) -> int:
        """What waits for the caller."""
        return 0 if time.monotonic() >= self.read_at else 500

    def is_closing(self) -> bool:
        """True once it is cut."""
        return self.is_cut

    def abort(self) -> None:
        """Cut it; what waits is never sent."""
        self.is_cut = True


@pytest.mark.rule("R-08")
@pytest.mark.parametrize(("is_read_after", "is_cut"), [(0.0, False), (0.02, False), (3600.0, True)])
def test_an_order_is_acknowledged_once_every_answer_has_left_or_never_will(
    is_read_after: float, is_cut: bool
) -> None:
    gate, began = Gate(echoed), time.monotonic()

    async def answered_and_settled(front: Front) -> Wire:
        wire = Wire(is_read_after=is_read_after)
        call = asyncio.ensure_future(called(front, "POST", "/opening/begin", wire=wire))
        while not gate.told("asked"):
            await asyncio.sleep(0.001)
        gate.link.send(["settle", 7])
        while not gate.told("settled"):
            await asyncio.sleep(0.001)
        assert wire.get_write_buffer_size() == 0 or wire.is_cut
        await call
        return wire

    assert asked(gate, answered_and_settled).is_cut is is_cut
    assert gate.told("settled") == [["settled", 7]]
    assert time.monotonic() - began < 5


def test_a_call_is_handed_on_and_answered_as_it_came() -> None:
    agents = [(b"user-agent", b"J\xf6rg"), (b"user-agent", b"b"), (b"host", b"gate.example")]
    parts = (b"one ", b"", b"two ", b"three")
    head, body = asked(
        Gate(echoed), lambda front: called(front, "PUT", "/a%2Fb", parts, headers=agents, scheme="https")
    )
    told = json.loads(body)
    assert head["status"] == 201
    assert [value for name, value in head["headers"] if name == b"set-cookie"] == [b"a=1", b"b=2"]
    assert told == {
        "method": "PUT",
        "url": "https://gate.example/a%2Fb?a=1",
        "peer": ["10.0.0.1", 5],
        "body": "one two three",
        "agents": ["Jörg", "b"],
    }


def test_many_calls_at_once_are_each_answered_their_own() -> None:
    async def many(front: Front) -> list[tuple[Message, bytes]]:
        bodies = [(str(number).encode() * (number + 1),) for number in range(100)]
        return await asyncio.gather(*(called(front, "POST", "/x", body) for body in bodies))

    found = asked(Gate(echoed), many)
    assert [json.loads(body)["body"] for _, body in found] == [str(each) * (each + 1) for each in range(100)]


@pytest.mark.parametrize("more", [-1, 0, 1, 40])
def test_an_answer_longer_than_the_line_takes_at_once_comes_whole(
    monkeypatch: pytest.MonkeyPatch, more: int
) -> None:
    monkeypatch.setattr(forwarding, "_PIECE", 1000)
    monkeypatch.setattr(line, "BODY_MAX", 1000)
    whole = bytes(range(256)) * 40 + b"x" * (1000 - 256 * 40 % 1000 + more)

    async def long(scope: Message, receive: Any, send: Any) -> None:
        await Response(whole)(scope, receive, send)

    head, body = asked(Gate(long), lambda front: called(front, "GET", "/x", (b"",)))
    assert (head["status"], body) == (200, whole)


def test_a_stream_goes_no_faster_than_its_caller_takes_it() -> None:
    made = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal made
        for _ in range(1000):
            made += 1
            yield b"x" * 1000

    async def streaming(scope: Message, receive: Any, send: Any) -> None:
        await StreamingResponse(pieces())(scope, receive, send)

    async def slowly(front: Front) -> int:
        taken = 0

        async def receive() -> Message:
            await asyncio.sleep(3600)
            raise AssertionError

        async def send(message: Message) -> None:
            nonlocal taken
            taken += len(message.get("body", b"")) // 1000
            assert made - taken <= 2
            await asyncio.sleep(0)

        scope = {"type": "http", "method": "GET", "path": "/x", "query_string": b"", "headers": []}
        await asyncio.wait_for(front(scope, receive, send), 10)
        return taken

    assert asked(Gate(streaming), slowly) == 1000


def test_an_upload_is_read_no_faster_than_the_gate_takes_it_and_breaks_off_with_its_caller() -> None:
    sent, taken = 0, 0
    ended = list[str]()

    async def taking(scope: Message, receive: Any, send: Any) -> None:
        nonlocal taken
        try:
            async for part in Request(scope, receive).stream():
                taken += len(part)
        except ClientDisconnect:
            ended.append("broken off")
            await Response(status_code=400)(scope, receive, send)

    async def breaking_off(front: Front) -> None:
        async def receive() -> Message:
            nonlocal sent
            assert sent - taken <= 8
            sent += 1
            over = sent > 50
            return (
                {"type": "http.disconnect"}
                if over
                else {"type": "http.request", "body": b"x", "more_body": True}
            )

        async def send(message: Message) -> None:
            pass

        scope = {"type": "http", "method": "POST", "path": "/x", "query_string": b"", "headers": []}
        await asyncio.wait_for(front(scope, receive, send), 10)

    asked(Gate(taking), breaking_off)
    assert (taken, ended) == (50, ["broken off"])


def test_who_waits_for_an_answer_hears_that_its_caller_has_left() -> None:
    heard = list[Any]()

    async def waiting(scope: Message, receive: Any, send: Any) -> None:
        heard.append((await receive())["type"])
        heard.append((await receive())["type"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": True})
        heard.append("sent")

    async def leaving(front: Front) -> None:
        task = asyncio.ensure_future(called(front, "POST", "/x"))
        await task
        left = asyncio.Event()

        async def receive() -> Message:
            await left.wait()
            raise AssertionError

        async def send(message: Message) -> None:
            raise AssertionError

        scope = {"type": "http", "method": "GET", "path": "/y", "query_string": b"", "headers": []}
        task = asyncio.ensure_future(front(scope, receive, send))  # type: ignore[arg-type]
        await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.sleep(0.02)

    asked(Gate(waiting), leaving)
    assert heard == ["http.request", "http.disconnect", "sent", "http.disconnect", "http.disconnect", "sent"]


@pytest.mark.rule("R-08")
def test_a_call_that_came_whole_is_answered_though_its_caller_leaves_before_the_gate_has_read_it() -> None:
    read = list[bytes]()

    async def slowly(scope: Message, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.05)
        read.append(await Request(scope, receive).body())
        await Response()(scope, receive, send)

    async def leaving(front: Front) -> None:
        has_left, came = asyncio.Event(), [b"one ", b"two ", b"three"]
        asyncio.get_running_loop().call_later(0.02, has_left.set)

        async def receive() -> Message:
            if has_left.is_set():
                return {"type": "http.disconnect"}
            if came:
                return {"type": "http.request", "body": came.pop(0), "more_body": bool(came)}
            await has_left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            pass

        scope = {"type": "http", "method": "POST", "path": "/orders", "query_string": b"", "headers": []}
        await asyncio.wait_for(front(scope, receive, send), 10)

    asked(Gate(slowly), leaving)
    assert read == [b"one two three"]


def test_whoever_waits_for_the_word_to_go_on_is_asked_for_nothing_before_the_gate_asks() -> None:
    order = list[str]()

    async def refusing(scope: Message, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.02)
        order.append("decided")
        if scope["path"] == "/read":
            order.append((await Request(scope, receive).body()).decode())
        await Response(status_code=401)(scope, receive, send)

    async def waiting(front: Front) -> None:
        for path in ("/unread", "/read"):
            headers = [(b"expect", b"100-continue")]

            async def receive() -> Message:
                order.append("go on")
                return {"type": "http.request", "body": b"words", "more_body": False}

            async def send(message: Message) -> None:
                pass

            scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
            await asyncio.wait_for(front(scope, receive, send), 10)

    asked(Gate(refusing), waiting)
    assert order == ["decided", "decided", "go on", "words"]


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_messages_come_whole_however_they_are_cut(size: int) -> None:
    async def cut() -> list[Any]:
        taken: list[Any] = []
        ours, theirs = socket.socketpair()
        loop = asyncio.get_running_loop()
        _, sending = await loop.create_unix_connection(lambda: Link(lambda *_: None), sock=ours)
        sending.send(["a", 1], b"body")
        sending.send(["b", "ü"])
        sending.send(["c"], b"\x00" * 500)
        await asyncio.sleep(0.01)
        theirs.setblocking(True)
        data, receiving = theirs.recv(1 << 16), Link(lambda words, body: taken.append((words, body)))
        for at in range(0, len(data), size):
            receiving.data_received(data[at : at + size])
        sending.cut()
        theirs.close()
        return taken

    assert asyncio.run(cut()) == [(["a", 1], b"body"), (["b", "ü"], b""), (["c"], b"\x00" * 500)]


@pytest.mark.parametrize(
    "data",
    [b"\xff" * 8, b"\x00\x00\x00\x02\x00\x00\x00\x00{}"[:9] + b"{", b"\x00\x00\x00\x01\x00\x00\x00\x00{"],
)
def test_what_is_no_message_ends_the_line(data: bytes) -> None:
    async def wrong() -> None:
        ours, theirs = socket.socketpair()
        loop = asyncio.get_running_loop()
        _, receiving = await loop.create_unix_connection(lambda: Link(lambda *_: None), sock=ours)
        theirs.sendall(data)
        await asyncio.wait_for(receiving.ended, 5)
        theirs.close()

    asyncio.run(wrong())
    assert line.WORDS_MAX < 0xFFFFFFFF
