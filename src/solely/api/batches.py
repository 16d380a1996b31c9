"""The API of a requester's own systems: batches sent and followed, answers, receipts; what is everybody's.

- An office shows who it is by a token for its enrolled key and a proof of each call; never by a cookie.
- Every refused call stands in the ledger; what a requester is told is what the console tells it (R-81).
"""

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Annotated, Any, Final, NamedTuple

from fastapi import FastAPI, Header, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from solely import clock, flow
from solely.access.admission import caller_of
from solely.access.allowance import Allowance, Places
from solely.access.asked import Once
from solely.access.refusal import EXHAUSTED, CallRefused, refuse_unless, using_up
from solely.api.calls import Door
from solely.api.problems import KIND, TurnAway, declared, problem, problem_of
from solely.console.exchange import Lasting
from solely.console.upload import ARCHIVES, FORM, Incoming, TooMany, Upload
from solely.errors import NotPermitted, SolelyError, TroubleError, UsageError
from solely.front.answers import arrived, in_json, once_of
from solely.model import Enrolment
from solely.oversight.published import NAMES
from solely.services import Services
from solely.steps import accounting, attending, following, ordering, told_rows
from solely.steps.calls import Step
from solely.steps.turning_away import OFFICE, KeyTaken, NotAsDescribed

CALLS_MINUTE_MAX: Final = 600  # of one office
UPLOADS_HOUR_MAX: Final = 120
PAGE_MAX: Final = 1000
_EVENT_SECONDS: Final = 1.0
_EVENTS_LAST: Final = 3600.0
EVENTS_AT_ONCE: Final = 16  # streams of one office
_READY_SECONDS: Final = 5.0
_KEPT_ANSWERS: Final = 4096
BatchId = Annotated[str, InPath(pattern="^[0-9a-f]{16}$", description="the id of a batch")]
RequestId = Annotated[str, InPath(pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]


class ProgressNow(BaseModel):
    """How far the deciding of a batch is."""

    state: str
    rows: int
    of: int
    read: int | None
    per_second: int | None
    left: str | None
    why: str | None
    after: str | None


class BatchNow(BaseModel):
    """A batch in its requester's words; `answers` once it is decided."""

    batch: str
    received_at: str
    items: int
    progress: ProgressNow
    answers: dict[str, int] | None


class Receipt(BaseModel):
    """The answer to an item, and the proof that the request it came with stands in the ledger.

    The entry of the decision itself is not shown: it would tell what no requester is told (R-43).
    """

    request_id: str
    answer: str
    receipt: str


class CheckpointNow(BaseModel):
    """The newest published checkpoint: size, root, and the signed note itself."""

    size: int
    root: str
    checkpoint: str


class Figures(BaseModel):
    """The published monthly figures: a line each, as `export --scope public` writes them (R-100)."""

    columns: list[str]
    months: list[list[str]]


class _Answered(NamedTuple):
    """An answer kept under an idempotency key."""

    digest: str
    status: int
    body: bytes


class _Call(NamedTuple):
    """One route and its description: what it tells (a model, or a kind of text), and how it may refuse."""

    method: str
    path: str
    endpoint: Callable[..., Any]
    told: Any
    refusals: Sequence[int]
    body: Mapping[str, Any] | None = None

    def add_to(self, app: FastAPI) -> None:
        """Add the route."""
        is_text, status = isinstance(self.told, str), 202 if self.told is BatchNow and self.body else 200
        told = {"content": {self.told: {"schema": {"type": "string"}}}} if is_text else {"model": self.told}
        more: dict[str, Any] = {"security": [{"office": []}]} if "/batches" in self.path else {}
        more |= {"requestBody": {"required": True, "content": self.body}} if self.body else {}
        app.add_api_route(
            self.path,
            self.endpoint,
            methods=[self.method],
            status_code=status,
            response_model=None,
            response_class=Response if is_text else JSONResponse,
            responses={status: told, **declared(*self.refusals)},
            openapi_extra=more,
        )


class Api:
    """The routes below /api; `incoming` is the gate's folder for what comes in, and `turned_away` tells the
    ledger of a refusal that stands nowhere in it yet."""

    def __init__(self, door: Door, incoming: Incoming, turned_away: TurnAway) -> None:
        self._door, self._incoming, self._turned_away = door, incoming, turned_away
        self._calls = Allowance(CALLS_MINUTE_MAX, 60)
        self._uploads = Allowance(UPLOADS_HOUR_MAX, 3600)
        self._streams = Places(EVENTS_AT_ONCE)
        self._kept: OrderedDict[tuple[str, str], _Answered] = OrderedDict()
        self._under_way: set[tuple[str, str]] = set()

    def add_to(self, app: FastAPI, orders: Callable[[Request], Awaitable[Response]]) -> None:
        """Add every route; `orders` is what takes an order."""
        self._orders = orders
        one = "/api/batches/{batch}"
        for call in (
            _Call("POST", "/api/batches", self._send, BatchNow, (*_OWN, 400, 409, 413, 415), _UPLOAD),
            _Call("GET", one, self._batch, BatchNow, _OWN),
            _Call("GET", f"{one}/answers", self._answers, _LINES, (*_OWN, 409)),
            _Call("GET", f"{one}/receipts/{{request_id}}", self._receipt, Receipt, (*_OWN, 409)),
            _Call("GET", f"{one}/events", self._events, _EVENTS, _OWN),
            _Call("POST", "/api/orders", self._order, dict[str, Any], _ORDERED, _ORDER),
            _Call("GET", "/api/checkpoint", self._checkpoint, CheckpointNow, (503,)),
            _Call("GET", "/api/reports/figures", self._figures, Figures, (409, 422, 503)),
            _Call("GET", "/readyz", self._ready, dict[str, str], (503,)),
        ):
            call.add_to(app)

    # -- who calls -----------------------------------------------------------------------------------------

    async def _asked(self, request: Request, call: Callable[[Services, Enrolment], Any]) -> Any:
        """What a step says to an office, once its token and proof hold; every refusal of them is logged."""
        try:
            shown = caller_of(self._door.entrance, arrived(request), clock.real())
            with using_up(shown.once):
                refuse_unless(self._calls.take(shown.holder, time.monotonic()), "RATE", EXHAUSTED)
        except CallRefused as refusal:
            raise await self._door.refuse(refusal, b"", "", "call") from None
        try:
            return await self._step(
                lambda services: call(services, _office(services, shown.holder)), *once_of(shown.once)
            )
        except CallRefused as refusal:
            raise await self._door.refuse(refusal, b"", "", "call") from None

    async def _step(self, call: Callable[[Services], Any], *once: Once) -> Any:
        return await self._door.ask(Step(call, once))

    # -- batches -------------------------------------------------------------------------------------------

    async def _send(
        self,
        request: Request,
        idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
    ) -> Response:
        try:
            if len(request.headers.getlist("idempotency-key")) > 1:
                raise NotAsDescribed("a call has one `Idempotency-Key`; which of several counts nobody knows")
            office, further = await self._asked(
                request, lambda services, who: (who, services.law.further_columns)
            )
            if not self._uploads.take(office.id, time.monotonic()):
                raise await self._door.refuse(CallRefused("RATE", EXHAUSTED), b"", "", "call")
            whose, check = office.key_id, lambda fields: None
            async with self._incoming.taken_in(request, whose, check, further) as upload:
                return await self._once(office, idempotency_key, upload)
        except (SolelyError, TroubleError) as error:
            return problem_of(await self._turned_away(error, OFFICE))

    async def _once(self, office: Enrolment, key: str | None, upload: Upload) -> Response:
        """The answer to an upload; to one with the same key and files, the stored answer."""
        if key is None:
            return await self._receive(office, upload)
        name, digest = (office.id, key), upload.received.digest
        kept = self._kept.get(name)
        if kept is not None and kept.digest != digest:
            raise KeyTaken("this key came with other files before; take a new one")
        if kept is not None:
            kind = "application/json" if kept.status < 400 else KIND
            return Response(kept.body, kept.status, media_type=kind, headers={"Idempotent-Replayed": "true"})
        if name in self._under_way:
            return problem(409, "UNDER_WAY", "a call with this key is being answered; try again")
        self._under_way.add(name)
        try:
            answer = await self._receive(office, upload)
        finally:
            self._under_way.discard(name)
        if answer.status_code < 500:
            self._kept[name] = _Answered(digest, answer.status_code, bytes(answer.body))
            if len(self._kept) > _KEPT_ANSWERS:
                self._kept.popitem(last=False)
        return answer

    async def _receive(self, office: Enrolment, upload: Upload) -> Response:
        def receive(services: Services) -> tuple[Any, dict[str, Any]]:
            batch, said = flow.receive(services, upload.received, office)
            if batch is None and said.get("duplicate"):
                return None, said | {
                    "now": _now(services, following.own_batch(services, said["batch"], office))
                }
            return (None if batch is None else _now(services, batch)), said

        now, said = await self._step(receive)
        if now is not None:
            return in_json(now, status_code=202)
        if "now" in said:
            told = "this letter was received before; nothing is decided twice"
            return problem(409, "DUPLICATE", told, result=said["now"])
        if (refused := said.get("batch_refused")) is not None:
            more = {"rule": refused["rule"], "element": refused["element"]}
            return problem(422, "BATCH_REFUSED", refused["reason"], **more)
        return problem(409, "BLOCKED", f"the gate takes no batch now: {', '.join(said['blocked'])}")

    async def _batch(self, request: Request, batch: BatchId) -> Response:
        return await self._told(
            request, lambda services, who: in_json(_now(services, following.own_batch(services, batch, who)))
        )

    async def _answers(
        self,
        request: Request,
        batch: BatchId,
        limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 100,
        after: Annotated[int, Query(ge=0, le=2**53, description="the row after which the page begins")] = 0,
    ) -> Response:
        def answers(services: Services, who: Enrolment) -> Response:
            found = following.own_decided(services, batch, who)
            rows = range(after + 1, min(after + limit, int(found["items"])) + 1)
            lines = [json.dumps(each) + "\n" for each in told_rows.told_rows(services, found, rows)]
            return Response("".join(lines), media_type=_LINES, headers={"Cache-Control": "no-store"})

        return await self._told(request, answers)

    async def _receipt(self, request: Request, batch: BatchId, request_id: RequestId) -> Response:
        def receipt(services: Services, who: Enrolment) -> Response:
            found = following.own_decided(services, batch, who)
            (told,) = told_rows.told_rows(services, found, [told_rows.row_of(services, found, request_id)])
            proof = services.ledger.proof(found["request_index"])
            return in_json({"request_id": told["request_id"], "answer": told["answer"], "receipt": proof})

        return await self._told(request, receipt)

    async def _events(self, request: Request, batch: BatchId) -> Response:
        def reached(services: Services, key_id: str) -> following.Progress:
            # Asked anew each time: an office whose key is revoked meanwhile follows no more.
            who = _office(services, key_id)
            return following.progress(services, following.own_batch(services, batch, who))

        async def events(office: Enrolment) -> AsyncIterator[str]:
            end = time.monotonic() + _EVENTS_LAST
            with suppress(SolelyError, TroubleError):  # the stream ends; who follows asks again
                while time.monotonic() < end:
                    now = await self._step(lambda services: reached(services, office.key_id))
                    yield f"event: progress\ndata: {json.dumps(now.as_object())}\n\n"
                    if now.state == "decided":
                        return
                    await asyncio.sleep(_EVENT_SECONDS)

        def office_of(services: Services, who: Enrolment) -> Enrolment:
            following.own_batch(services, batch, who)
            return who

        try:
            office = await self._asked(request, office_of)
            if not self._streams.take(office.key_id):
                raise TooMany(f"your office follows {EVENTS_AT_ONCE} streams already; end one first")
        except (SolelyError, TroubleError) as error:
            return problem_of(await self._turned_away(error, OFFICE))
        return Lasting(events(office), _EVENTS, {}, lambda: self._streams.leave(office.key_id))

    async def _told(self, request: Request, call: Callable[[Services, Enrolment], Response]) -> Response:
        try:
            answer: Response = await self._asked(request, call)
        except (SolelyError, TroubleError) as error:
            return problem_of(await self._turned_away(error, OFFICE))
        return answer

    # -- what is everybody's -------------------------------------------------------------------------------

    async def _order(self, request: Request) -> Response:
        answer = await self._orders(request)
        if answer.status_code < 400:
            return answer
        said = json.loads(bytes(answer.body))
        return problem(answer.status_code, str(said["code"]).upper(), said["message"])

    async def _checkpoint(self) -> Response:
        def published(services: Services) -> Response:
            found = services.ledger.published()
            words = {"size": found.size, "root": found.root, "checkpoint": found.checkpoint.decode()}
            return in_json(words)

        return await self._public(published)

    async def _figures(self) -> Response:
        def figures(services: Services) -> Response:
            found = accounting.figures_of_day(services, services.now().date())
            if found.trouble:
                raise UsageError(found.trouble)
            return in_json({"columns": ("month", *NAMES), "months": found.months})

        return await self._public(figures)

    async def _ready(self) -> Response:
        try:
            await asyncio.wait_for(self._step(_require_state), _READY_SECONDS)
        except (SolelyError, TroubleError, TimeoutError):
            return problem(503, "NOT_READY", "the gate does not answer in time")
        return in_json({"status": "READY"})

    async def _public(self, call: Callable[[Services], Response]) -> Response:
        try:
            answer: Response = await self._step(call)
        except (SolelyError, TroubleError) as error:
            return problem_of(error)
        return answer


def _require_state(services: Services) -> None:
    """Return when the state can be written here and now; else TroubleError."""
    with services.database.transaction():
        pass


def _office(services: Services, holder: str) -> Enrolment:
    """The office of a requester with this key, in date and unrevoked; NotPermitted for anybody else."""
    at = services.now()
    ordering.require_unrevoked(services, holder, at)
    person = attending.person_of(services, holder, at.date())
    if person.role != "requesters":
        raise NotPermitted("these routes are for offices of requesters")
    return person


def _now(services: Services, batch: Any) -> dict[str, Any]:
    reached = following.progress(services, batch)
    answers = following.answers(services, batch) if reached.state == "decided" else None
    words = {"batch": batch["id"], "received_at": batch["received_at"], "items": batch["items"]}
    return {**words, "progress": reached.as_object(), "answers": answers}


_LINES: Final = "application/jsonl"
_EVENTS: Final = "text/event-stream"
_OWN: Final = (401, 403, 404, 422, 429, 503)
_ORDERED: Final = (400, 403, 409, 422, 429, 501, 503)
_BINARY: Final = {"type": "string", "format": "binary"}
_FILES: Final = {
    "type": "object",
    "required": ["files"],
    "properties": {"files": {"type": "array", "items": _BINARY}},
}
_UPLOAD: Final = {**{kind: {"schema": _BINARY} for kind in ARCHIVES}, FORM: {"schema": _FILES}}
_SIGNED: Final = {
    "type": "object",
    "required": ["order", "signature"],
    "properties": {
        "order": {"type": "string", "format": "byte", "description": "the exact bytes of the order"},
        "signature": {"type": "string", "minLength": 1, "maxLength": 4096},
        "log": {"type": "string", "description": "the verifier key of the gate's log"},
    },
}
_ORDER: Final = {"application/json": {"schema": _SIGNED}}
