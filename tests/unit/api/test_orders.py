"""Orders at the door of the service: what strangers send takes nobody's place."""

import asyncio
from concurrent.futures import Future
from typing import Any, cast

import pytest

from solely.access.asked import OrderFiled
from solely.access.refusal import CallRefused
from solely.api.app import Orders
from solely.api.calls import Door
from solely.api.room import Room


@pytest.mark.rule("R-08")
def test_an_order_that_others_send_again_and_again_takes_one_place_among_those_that_wait() -> None:
    """Whoever has seen an order of a court can send its very bytes."""
    held: list[Future[str]] = []

    class Desk:
        """A gate that answers nobody yet."""

        def ask(self, asked: OrderFiled) -> Future[str]:
            held.append(Future())
            return held[-1]

    async def told() -> list[str]:
        door = Door(cast(Any, Desk()), cast(Any, None), cast(Any, None), "", "")
        orders = Orders(door)
        again = [orders.filed(OrderFiled(b"stay", b"signature")) for _ in range(100)]
        waiting = asyncio.gather(*again, orders.filed(OrderFiled(b"another", b"signature")))
        while len(held) < 2:
            await asyncio.sleep(0)
        for each in held:
            each.set_result("filed")
        return await waiting

    assert asyncio.run(told()) == ["filed"] * 101
    assert len(held) == 2


def came_in(room: Room, *callers: str) -> list[str]:
    """Who is turned away of callers whose large bodies begin one after the other and go on without end."""

    async def body(caller: str) -> str:
        try:
            with room.entered(caller) as place:
                place.take()
                await asyncio.sleep(3600)
        except CallRefused as refusal:
            return refusal.reason
        return ""

    async def all_of_them() -> list[str]:
        tasks = [asyncio.create_task(body(caller)) for caller in callers]
        await asyncio.sleep(0.05)
        told = [
            caller
            for caller, task in zip(callers, tasks, strict=True)
            if task.done() and task.result() == "BUSY"
        ]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return told

    return asyncio.run(all_of_them())


@pytest.mark.rule("R-08")
def test_large_orders_that_a_stranger_sends_slowly_give_way_to_those_of_others() -> None:
    assert came_in(Room(4), "stranger", "stranger", "stranger", "court") == []
    assert came_in(Room(4), "court", *["stranger"] * 9) == ["stranger"] * 6
    room = Room(2)
    assert came_in(room, "a", "b", "court") == ["a"]
    assert came_in(room, "a", "b") == [], "who was cut off holds no place"


@pytest.mark.rule("R-08")
def test_an_order_that_came_in_whole_gives_way_to_nobody() -> None:
    async def whole() -> None:
        room = Room(1)
        with room.entered("court") as place:
            place.take()
            place.is_whole = True
            with pytest.raises(CallRefused), room.entered("stranger") as other:
                other.take()
            await asyncio.sleep(0)

    asyncio.run(whole())
