"""The draft declaration under an order: counts as of an instant, and the entries that show them (R-64)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from solely.orders.order import Order

LISTED = 20  # entries of a state that the text names; the object names all
_MEANING = {
    "stopped": "released, and stopped before they left the gate",
    "unopened": "delivered, and never opened: the gate gives no key for them while the order stands",
    "opened": "opened by a named officer, and neither signed by all to be destroyed nor overdue; what was "
    "done with them since, the gate cannot know",
    "signed_for": "of those opened, a copy of which another officer signed for, because whoever opened it is "
    "enrolled no more; what became of that copy, nobody who held it has said",
    "attested": "opened, and their destruction signed by every officer who did",
    "unknown": "opened, and their destruction not signed by every officer who did, by the day: what became "
    "of them is not known",
    "unsaid": "released beside these, of which the list of people cannot say: the records have the person no "
    "more, and the request alone does not tell",
}


class Standing(NamedTuple):
    """Where everything that an order touches stands: entry indexes of releases, by state.

    `waiting` counts items that were not released yet; they have no release entry. `signed_for` are some of
    those opened.
    """

    order: Order
    at: datetime
    filed_index: int
    size: int
    root: str
    waiting: int
    stopped: Sequence[int]
    unopened: Sequence[int]
    opened: Sequence[int]
    signed_for: Sequence[int]
    attested: Sequence[int]
    unknown: Sequence[int]
    unsaid: Sequence[int]

    def as_object(self) -> dict[str, Any]:
        """The declaration as one object; `releases` names each by its entry."""
        return {
            "order": self.order.id,
            "kind": self.order.kind.value,
            "as_of": self.at.isoformat(),
            "order_entry": self.filed_index,
            "counts": {"waiting": self.waiting} | {each: len(getattr(self, each)) for each in _MEANING},
            "releases": {each: list(getattr(self, each)) for each in _MEANING},
            "checkpoint": {"size": self.size, "root": self.root},
        }


def declared(standing: Standing) -> str:
    """The draft in Markdown; a person signs it, and says what only a person knows."""
    order = standing.order
    lines = [
        f"# Draft declaration under order {order.id}",
        "",
        # Quoted, and on one line: what an authority writes says nothing in the declaration's own voice.
        f"Order: {order.kind}, given by {order.authority}. It rests on: “{' '.join(order.cite.split())}”",
        f"It is ledger entry {standing.filed_index}. As of {standing.at.isoformat()}, under the",
        f"checkpoint of {standing.size:,} entries with root `{standing.root}`:",
        "",
        f"- {standing.waiting:,} that might have left but for orders, and wait",
    ]
    for state, meaning in _MEANING.items():
        indexes: Sequence[int] = getattr(standing, state)
        shown = ", ".join(str(each) for each in indexes[:LISTED])
        more = f" and {len(indexes) - LISTED:,} more" if len(indexes) > LISTED else ""
        lines.append(f"- {len(indexes):,} {meaning}" + (f" (entries {shown}{more})" if indexes else ""))
    lines += [
        "",
        "Each count can be recomputed from the ledger: an `open` entry rests on a release that was opened.",
        "This draft names no person. Releases that went around the gate are not seen by it.",
        "",
        "Signed for the custodian: ____________________",
        "",
    ]
    return "\n".join(lines)
