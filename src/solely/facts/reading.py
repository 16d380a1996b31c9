"""What reading one stated value yields: the fact, or why there is none.

- A blank value is never read: it is not given, and its fact is unknown.
- A value that cannot be read, or cannot be true, is unknown too, with its reason (contracts 1).
"""

from typing import Any, NamedTuple

from solely.confidential import masked
from solely.model import Reason


@masked
class Reading(NamedTuple):
    """The fact that a text states (None: unknown), and the reason that goes with it, if any."""

    value: Any
    reason: Reason | None = None


NOT_GIVEN = Reading(None)


def unread(element: str, code: str, rule: str) -> Reading:
    """No fact, because of `code` at `element`."""
    return Reading(None, Reason(element, code, rule))
