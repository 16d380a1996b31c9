"""What a disclosure officer works on: the funnel of each batch, referred items alike in one way, one item.

- An item opens to the officer who has taken it, and to nobody else meanwhile; its page is made, its showing
  is in the ledger, and then it shows (R-92). Nothing tells whether another officer has voted on it (R-82):
  one that is free again, alone or with others, was voted on or given back.
- Items that are alike are decided by one note and one signature; each has a vote of its own.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from solely import flow
from solely.console.exchange import whole
from solely.console.visit import OFFICER, Answer, Elsewhere, Page, Rendered, Route, Visit
from solely.errors import UsageError
from solely.intake.rows import ROWS_MAX
from solely.model import Counts
from solely.oversight.open_work import CLOCKS
from solely.passkey import STATEMENTS_MAX
from solely.review.states import State
from solely.steps import queueing, results, reviewing
from solely.steps.showing import Shown, meaning, told_against

_OFFICERS: Final = frozenset((OFFICER,))
# The kinds of likeness in the order of the page, each with what it says.
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "cause": ("One cause", "referred for the same reasons"),
    "building": ("One building", "the same address but for the unit"),
    "statute": ("One statute", "the same statute is cited"),
    "sentence": ("One sentence", "the same reason is given, but for names and numbers"),
}
STATES: Final = ("received", "returned", "refused", "referred", "withheld", "releasable", "released")
# What a stored level says, for the eye; any other word cannot be read by this build.
MARKS: Final[Mapping[str, tuple[str, str]]] = {
    "EQUAL": ("equal", "equal"),
    "STRICT": ("equal", "every word explained"),
    "NEAR": ("near", "nearly equal"),
    "TYPO": ("near", "a slip apart"),
    "INITIAL": ("near", "an initial of it"),
    "SWAPPED": ("near", "day and month swapped"),
    "NEW_YEAR": ("near", "equal, on a 1 January that may stand in for a day unknown"),
    "ONE_PART_OFF": ("near", "one part differs"),
    "SAME_NUMBER_ZIP": ("near", "number and ZIP Code equal"),
    "ZIP_ONLY": ("different", "only the ZIP Code equal"),
    "NONE": ("different", "different"),
    "CONFLICT": ("different", "different"),
    "UNEXPLAINED": ("different", "words that the record does not explain"),
    "OTHER": ("different", "another name"),
    "MISSING": ("missing", "not stated on both sides"),
}


def queue(visit: Visit) -> Answer:
    """What falls due, the referred items by what they have in common, and the funnel of each batch."""
    found = flow.queue(visit.services, visit.who)
    law, causes = visit.services.law, found.groups["cause"]
    words = {
        "queue": found,
        "now": visit.at,
        "kinds": KINDS,
        "due": [(each, each.standing_at(visit.at)) for each in results.clocks(visit.services)],
        "due_caption": CLOCKS,
        "funnels": [_funnel(each) for each in queueing.funnels(visit.services)],
        "meanings": {
            each.first: [meaning(code, each.rules, law) for code in each.reasons] for each in causes
        },
    }
    return Page("queue.html", words)


def _funnel(found: Mapping[str, Any]) -> dict[str, Any]:
    """The counts of a batch by state, each beside its part of all that was received in percent."""
    first, now = found["first"], found["now"]
    assert isinstance(now, Counts), "the counts of a batch"
    most = max(now.received, 1)
    counts = {name: (first.get(name, 0), getattr(now, name)) for name in STATES}
    bars = {name: [(each, round(100 * each / most, 2)) for each in pair] for name, pair in counts.items()}
    return {"batch": found["batch"], "bars": bars, "is_whole": found["is_whole"]}


def group(visit: Visit) -> Answer:
    """The items of one group, a page at a time, and what of them this officer has in hand."""
    kind, first = visit.path["kind"], visit.path["request_id"]
    alike = queueing.group_of(visit.services, kind, first)
    after = _place(visit.query.get("after", ""))
    lines = queueing.lines(visit.services, alike, visit.who, visit.at, after)
    words = {"kind": kind, "title": KINDS[kind], "first": first, "lines": lines, "page": queueing.PAGE}
    in_hand = queueing.in_hand_of(visit.services, alike, visit.who)
    words |= {"in_hand": len(in_hand), "to_open": reviewing.to_open(visit.services, visit.who, in_hand)}
    held = {each["request_id"] for each in in_hand}
    words["first_held"] = in_hand[0]["request_id"] if in_hand else ""
    codes = dict.fromkeys(code for line in lines for code in line.reasons)
    words["meanings"] = [(each, meaning(each, (), visit.services.law)) for each in codes]
    words |= {"against": _against(visit, in_hand), "held": held}
    words["after"] = f"{lines[-1].batch}.{lines[-1].row}" if len(lines) == queueing.PAGE else ""
    may_take = queueing.has_free(visit.services, alike, visit.who, visit.at)
    words |= {"may_take": may_take, "most": STATEMENTS_MAX}
    return Page("group.html", words | {"hours": queueing.HOURS})


def _against(visit: Visit, cases: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What no confirmation lifts of the items in hand: judged of the first for each cause among them."""
    firsts: dict[str, Mapping[str, Any]] = {}
    for each in cases:
        firsts.setdefault(each["cause"], each)
    counts, told = Counter(each["cause"] for each in cases), []
    for cause, first in firsts.items():
        case = queueing.waiting_case(visit.services, first["request_id"])
        words = {
            "count": counts[cause],
            "first": case["request_id"],
            "is_read": case["state"] == State.REFERRED_READ,
        }
        told.append(words | {"reasons": told_against(visit.services, case, visit.at)})
    return [each for each in told if each["reasons"]]


def _place(text: str) -> tuple[str, int]:
    batch, _, row = text.partition(".")
    number = whole(row, ROWS_MAX)
    return ("", 0) if number is None else (batch, number)


def take_group(visit: Visit) -> Answer:
    """Put what is free of a group into this officer's hands."""
    kind, first = visit.path["kind"], visit.path["request_id"]
    alike = queueing.group_of(visit.services, kind, first)
    count = queueing.take_group(visit.services, alike, visit.who.key_id, visit.at)
    said = "1 item is in your hands" if count == 1 else f"{count} items are in your hands"
    return Elsewhere(f"/queue/{kind}/{first}", said)


def decide_group(visit: Visit) -> Answer:
    """One decision on everything of a group that this officer has in hand: one note, one signature."""
    alike = queueing.group_of(visit.services, visit.path["kind"], visit.path["request_id"])
    named = queueing.in_hand_of(visit.services, alike, visit.who)
    if not named:
        raise UsageError("nothing of this group is in your hands; take it first")
    ids = [each["request_id"] for each in named]
    done = flow.review_all(visit.services, ids, visit.signer, _vote(visit))
    many = f"{done['items']} decisions are in the ledger, each with an entry of its own"
    return Elsewhere("/queue", "your decision is in the ledger" if done["items"] == 1 else many)


def give_back(visit: Visit) -> Answer:
    """What is in hand is free again."""
    queueing.give_back(visit.services, visit.who)
    return Elsewhere("/queue", "what was in your hands is free again")


def give_item_back(visit: Visit) -> Answer:
    """One item in hand is free again, undecided; the next in hand comes after it."""
    following = queueing.beside(visit.services, visit.who, visit.path["request_id"])[1]
    queueing.give_item_back(visit.services, visit.path["request_id"], visit.who, visit.at)
    return Elsewhere(f"/items/{following}" if following else "/queue", "the item is free again")


def item(visit: Visit) -> Answer:
    """One referred item with its values side by side; before it is taken, nothing of it shows."""
    request_id = visit.path["request_id"]
    if queueing.is_free_for(visit.services, request_id, visit.who, visit.at):
        return Page("take.html", {"request_id": request_id, "hours": queueing.HOURS})
    beside = queueing.beside(visit.services, visit.who, request_id)

    def page(shown: Shown) -> Rendered:
        return visit.render(Page("item.html", {"item": shown, "marks": MARKS, "beside": beside}))

    return flow.show(visit.services, request_id, visit.signer, page)


def take_item(visit: Visit) -> Answer:
    """Put one item into this officer's hands, and open it."""
    request_id = visit.path["request_id"]
    queueing.take_item(visit.services, request_id, visit.who.key_id, visit.at)
    return Elsewhere(f"/items/{request_id}")


def vote(visit: Visit) -> Answer:
    """One officer's word on a referral; the next item in hand comes after it."""
    request_id = visit.path["request_id"]
    queueing.require_in_hand(visit.services, request_id, visit.who, visit.at)
    following = queueing.beside(visit.services, visit.who, request_id)[1]
    flow.review(visit.services, request_id, visit.signer, _vote(visit))
    return Elsewhere(f"/items/{following}" if following else "/queue", "your decision is in the ledger")


def _vote(visit: Visit) -> flow.Vote:
    return flow.Vote(visit.form.get("decide", ""), visit.form.get("note", ""))


ROUTES: Sequence[Route] = (
    Route("GET", "/queue", _OFFICERS, queue),
    Route("POST", "/queue/give-back", _OFFICERS, give_back),
    Route("GET", "/queue/{kind}/{request_id}", _OFFICERS, group),
    Route("POST", "/queue/{kind}/{request_id}/take", _OFFICERS, take_group, needs_passkey=True),
    Route(
        "POST", "/queue/{kind}/{request_id}/decide", _OFFICERS, decide_group, "your decision on these items"
    ),
    Route("GET", "/items/{request_id}", _OFFICERS, item, needs_passkey=True),
    Route("POST", "/items/{request_id}/take", _OFFICERS, take_item, needs_passkey=True),
    Route("POST", "/items/{request_id}/give-back", _OFFICERS, give_item_back, needs_passkey=True),
    Route("POST", "/items/{request_id}/vote", _OFFICERS, vote, "your decision on this item"),
)
