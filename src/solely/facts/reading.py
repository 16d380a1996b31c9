"""What reading one stated value yields: the fact, or why there is none.

- A blank value is never read: it is not given, and its fact is unknown.
- A value that cannot be read, or cannot be true, is unknown too, with its reason (contracts 1).
"""

from typing import Any

from solely.model import Reason

# The fact (None: unknown) and the reason that goes with it; a plain pair, since a batch makes thirty million.
Reading = tuple[Any, Reason | None]


def unread(element: str, code: str, rule: str) -> Reading:
    """No fact, because of `code` at `element`."""
    return None, Reason(element, code, rule)
