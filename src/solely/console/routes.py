"""Every page of the console and who may ask for it: one table, read by the application and by its tests."""

from collections.abc import Mapping
from typing import Final

from solely.console import home, queue
from solely.console.visit import OFFICER, Route

ROUTES: Final[tuple[Route, ...]] = (*home.ROUTES, *queue.ROUTES)

# What each role finds at the top of its pages, in the order of its work.
MENU: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    OFFICER: (("/queue", "Referred items"),),
}
