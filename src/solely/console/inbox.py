"""What waits for an officer who received something, and by when; and the signatures for it.

- Packages are opened where they lie (`solely open`), never in a browser: no address passes through a page.
- Each signature is by the officer's passkey, and judged by the same step as at the command line (R-62, R-96,
  R-98, R-101).
"""

from collections.abc import Mapping
from typing import Any, Final

from solely import afterwards
from solely.afterwards import Act
from solely.console.exchange import whole
from solely.console.visit import RECIPIENT, Answer, Elsewhere, Page, Route, Visit
from solely.errors import UsageError
from solely.release.duties import OUTCOMES
from solely.steps import named_release, recipient

_RECIPIENTS: Final = frozenset((RECIPIENT,))
SHOWN_MAX: Final = 200
LINES_MAX: Final = 10_000_000
SIGNED: Final = {
    Act.VERIFIED: ("how", "How you verified it, without a person's data"),
    Act.DESTROYED: ("method", "How it was destroyed"),
    Act.OUTCOME: ("outcome", "What came of it"),
}


def inbox(visit: Visit) -> Answer:
    """What the officer owes, the earliest day first, and last what an order stops, which is due to nobody."""
    services = visit.services
    found = [each for each in afterwards.inbox(services, visit.signer) if each.get("due") != Act.ACCEPTED]
    lines = sorted(found, key=lambda each: "stopped" in each)
    first = whole(visit.query.get("after", ""), LINES_MAX) or 0
    words = {
        "is_accepted": visit.who.id in recipient.accepted_by(services, visit.at),
        "version": services.law.agreement.version,
        "agreement": services.law.agreement.id,
        "terms": _terms(services.law.obligations),
        "days": recipient.days_of(services),
        "lines": lines[first : first + SHOWN_MAX],
        "first": first,
        "most": SHOWN_MAX,
        "number": len(lines),
        "stopped": sum("stopped" in each for each in lines),
        "overdue": sum(bool(each.get("is_overdue")) for each in lines),
    }
    return Page("inbox.html", words)


def _terms(obligations: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The schedule of obligations by its own names; of a list its words."""
    return [
        (
            name.replace("_", " "),
            ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value),
        )
        for name, value in sorted(obligations.items())
    ]


def accept(visit: Visit) -> Answer:
    """Accept the terms of the version in force (R-101)."""
    done = afterwards.accept(visit.services, visit.signer)
    return Elsewhere("/inbox", f"you have accepted the terms of version {done['accepted']}")


def duty(visit: Visit) -> Answer:
    """The form by which one duty is signed for."""
    act = _act(visit)
    field, label = SIGNED[act]
    request_id = named_release.own_request(visit.services, visit.path["request_id"], visit.who)
    words = {"request_id": request_id, "act": act.value, "field": field, "label": label}
    return Page("duty.html", words | {"outcomes": OUTCOMES, "whose": visit.query.get("for", "")})


def sign(visit: Visit) -> Answer:
    """Sign for one duty of a release that names the officer: the own, or of one who is enrolled no more."""
    act = _act(visit)
    field, _ = SIGNED[act]
    whose = visit.form.get("for", "")
    said = {field: visit.form.get(field, "")} | ({"for": whose} if whose else {})
    afterwards.sign_duty(visit.services, visit.path["request_id"], visit.signer, (act, said))
    return Elsewhere("/inbox", f"you have signed `{act.value}` for {visit.path['request_id']}")


def acknowledge(visit: Visit) -> Answer:
    """Acknowledge a correction (R-97)."""
    afterwards.acknowledge(visit.services, visit.path["correction"], visit.signer)
    return Elsewhere("/inbox", "you have acknowledged the correction")


def _act(visit: Visit) -> Act:
    word = visit.path["act"]
    if word not in [each.value for each in SIGNED]:
        raise UsageError("this is no duty that is signed for here")
    return Act(word)


ROUTES = (
    Route("GET", "/inbox", _RECIPIENTS, inbox),
    Route("POST", "/inbox/terms", _RECIPIENTS, accept, "that you accept the terms"),
    Route(
        "POST",
        "/inbox/corrections/{correction}",
        _RECIPIENTS,
        acknowledge,
        "that you have read the correction",
    ),
    Route("GET", "/inbox/{request_id}/{act}", _RECIPIENTS, duty),
    Route("POST", "/inbox/{request_id}/{act}", _RECIPIENTS, sign, "for this duty"),
)
