"""What the thread that acts is asked for (`steps/serving.py`): a caller's call, or a step of the gate."""

from collections.abc import Callable
from typing import Any, NamedTuple

from solely.access.asked import CallAsked, Once
from solely.services import Services


class Step(NamedTuple):
    """What somebody at the console reads or does: a step of the gate, alone on the thread that acts."""

    call: Callable[[Services], Any]
    once: tuple[Once, ...] = ()


Asked = CallAsked | Step
