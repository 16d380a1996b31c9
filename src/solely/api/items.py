"""One row of a received batch, decided when its requester asks for it (R-43, R-81, R-100)."""

from fastapi import FastAPI, Request, Response

from solely import clock
from solely.access.admission import caller_of
from solely.access.refusal import CallRefused
from solely.api.calls import Door, arrived, in_json, once_of, refused
from solely.errors import SolelyError, TroubleError
from solely.steps.calls import Caller, ItemAsked


def add_items(app: FastAPI, door: Door) -> None:
    """The route of single rows; a requester's token and proof go with each call."""

    @app.post("/api/batches/{batch_id}/items/{row}")
    async def ask_item(batch_id: str, row: int, request: Request) -> Response:
        try:
            shown = caller_of(door.entrance, arrived(request), clock.real())
        except CallRefused as refusal:
            return refused(await door.refuse(refusal, b"", "", "item"))
        caller = Caller(shown.holder, shown.jkt)
        try:
            return in_json(await door.ask(ItemAsked(caller, batch_id, row, once_of(shown.once))))
        except (SolelyError, TroubleError) as denied:
            return refused(denied)
