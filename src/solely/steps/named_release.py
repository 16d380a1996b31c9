"""The release that somebody names by its request id; an officer is told of the own ones alone (R-81)."""

from collections.abc import Mapping, Sequence
from typing import Any

from solely.errors import UsageError
from solely.model import Enrolment
from solely.release.opening import OpeningDenied
from solely.services import Services
from solely.steps import held

Row = Mapping[str, Any]


def find(services: Services, request_id: str) -> Sequence[Row]:
    """The releases of a request id in ledger order, each held against its entry; none where there is none."""
    with services.database.transaction() as tx:
        found = services.cases.releases_named(tx, request_id)
    held.require_released(services, found)
    return found


def require(services: Services, request_id: str) -> Row:
    """The last release of a request id; UsageError when there is none."""
    found = find(services, request_id)
    if not found:
        raise UsageError("no release of this request id was made here")
    return found[-1]


def own(found: Sequence[Row], officer: Enrolment) -> Row:
    """The last of these releases that names an officer; else OpeningDenied."""
    named = [each for each in found if officer.id in each["officers"]]
    if not named:
        raise OpeningDenied("OFFICER_NOT_NAMED")
    return named[-1]


def own_request(services: Services, request_id: str, officer: Enrolment) -> str:
    """The request id, as it was written, of a release that names an officer; else UsageError."""
    try:
        return str(own(find(services, request_id), officer)["request_id"])
    except OpeningDenied:
        raise not_own() from None


def not_own() -> UsageError:
    """What an officer is told of no release and of one that names others alone: the same."""
    return UsageError("no release of this request id names you; open your inbox again")
