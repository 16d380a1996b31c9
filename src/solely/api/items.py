"""One row of a received batch, decided when its requester asks for it (R-43, R-81, R-100)."""

from typing import Annotated

from fastapi import FastAPI, Path, Request, Response

from solely import clock
from solely.access.admission import caller_of
from solely.access.asked import Caller, ItemAsked
from solely.access.refusal import CallRefused
from solely.api.calls import Door
from solely.api.problems import declared, problem_of
from solely.errors import SolelyError, TroubleError
from solely.front.answers import arrived, in_json, once_of


def add_items(app: FastAPI, door: Door) -> None:
    """The route of single rows; a requester's token and proof go with each call."""

    @app.post(
        "/api/batches/{batch}/items/{row}",
        responses={200: {"model": dict[str, object]}, **declared(401, 403, 404, 409, 422, 429, 503)},
        response_model=None,
        openapi_extra={"security": [{"office": []}]},
    )
    async def ask_item(
        batch: Annotated[str, Path(pattern="^[0-9a-f]{16}$")],
        row: Annotated[int, Path(ge=0, le=2**53)],
        request: Request,
    ) -> Response:
        try:
            shown = caller_of(door.entrance, arrived(request), clock.real())
        except CallRefused as refusal:
            return problem_of(await door.refuse(refusal, b"", "", "item"))
        caller = Caller(shown.holder, shown.jkt)
        try:
            return in_json(await door.ask(ItemAsked(caller, batch, row, once_of(shown.once))))
        except (SolelyError, TroubleError) as denied:
            return problem_of(denied)
