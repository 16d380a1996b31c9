"""Every page of the console and who may ask for it: one table, read by the application and by its tests."""

from typing import Final

from solely.console import (
    analyst,
    approvals,
    counsel,
    home,
    inbox,
    objections,
    orders,
    oversight,
    people,
    public,
    queue,
)
from solely.console.visit import Route

ROUTES: Final[tuple[Route, ...]] = (
    *approvals.ROUTES,
    *counsel.ROUTES,
    *home.ROUTES,
    *inbox.ROUTES,
    *people.ROUTES,
    *objections.ROUTES,
    *orders.ROUTES,
    *oversight.ROUTES,
    *public.ROUTES,
    *queue.ROUTES,
    *analyst.ROUTES,
)
