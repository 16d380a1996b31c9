"""Regulation (EU) 2023/1543: the issuer decides the category of data, and hours run from receipt (R-77)."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from demo import other
from solely import flow
from solely.services import opened
from solely.steps import results
from tests.support.console import People
from tests.support.other_agreements import (
    REFUSED,
    Gated,
    gated,
    opened_by_officer,
    require_promised,
    require_same_as_precheck,
)
from tests.support.service import served

pytestmark = pytest.mark.e2e
AGREEMENT = "electronic-evidence-2026"


@pytest.fixture(scope="module")
def evidence(tmp_path_factory) -> Gated:
    return gated(AGREEMENT, tmp_path_factory.mktemp("evidence"))


@pytest.mark.rule("R-69")
def test_every_kind_of_item_becomes_what_it_must_and_precheck_says_so(evidence):
    require_promised(evidence)
    require_same_as_precheck(evidence)


@pytest.mark.rule("R-77")
@pytest.mark.parametrize(
    "kind",
    ["content for a prosecutor", "traffic data for a prosecutor", "content, a prosecutor validated"],
)
def test_a_prosecutor_opens_neither_content_nor_traffic_data(evidence, kind):
    assert evidence.outcomes(kind) == REFUSED
    assert evidence.told(kind) == {"refused"}
    for item in evidence.items(kind):
        assert (item["reasons"], item["rules"]) == (["fields:NOT_BY_THIS_ISSUER"], ["R-77"])


@pytest.mark.rule("R-77", "R-14")
def test_an_emergency_takes_no_way_through_the_ordinary_agreement(evidence):
    assert evidence.outcomes("an order in an emergency") == REFUSED


@pytest.mark.rule("R-77", "R-67")
def test_the_subscriber_address_leaves_for_every_issuer(evidence):
    kinds = [each.name for each in evidence.made.example.kinds if each.expected == other.RELEASABLE]
    assert len(kinds) == 3
    assert all(evidence.outcomes(kind) == {("releasable", True, True)} for kind in kinds)
    assert opened_by_officer(evidence, kinds[0])["address"]["street_line"]


def batch_of_two(evidence: Gated, name: str) -> Path:
    """A further batch, of two items that may leave."""
    rows = [row | {"request_id": f"{row['request_id']}-{name}"} for row in evidence.made.requests.rows[:2]]
    sender, columns = other.sender(AGREEMENT, evidence.world.today), other.columns_of(evidence.made.example)
    return evidence.world.write_batch(rows, name, sender=sender, columns=columns)


@pytest.mark.rule("R-77")
def test_the_clock_of_ten_days_runs_from_receipt_until_everything_has_left(evidence, tmp_path):
    world = evidence.world
    ran = world.run(batch_of_two(evidence, "late"))
    assert (ran.code, ran.result["releasable"]) == (0, 2)
    by = datetime.fromisoformat(ran.result["answer_by"])
    assert timedelta(days=9, hours=23) < by - datetime.now(by.tzinfo) <= timedelta(days=10)

    def reported(at: datetime) -> str:
        world.environment["SOLELY_NOW"] = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        shown = world.solely("report", "--gate", world.gate, "--out", tmp_path / "report.html")
        del world.environment["SOLELY_NOW"]
        assert shown.code == 0, shown.err
        return (tmp_path / "report.html").read_text()

    in_time, late = reported(by - timedelta(minutes=1)), reported(by + timedelta(minutes=1))
    until = f"{by:%Y-%m-%d %H:%M} UTC"
    assert f"custodian has until {until}" in in_time and "custodian overdue" not in in_time
    assert f"custodian overdue since {until}" in late
    assert "nothing waits" in late  # the batch that has left


@pytest.mark.rule("R-77")
@pytest.mark.needs("serve")
def test_the_officers_queue_says_what_falls_due_decided_or_not(evidence):
    world = evidence.world
    with opened(world.gate) as services:
        batch, _ = flow.receive(services, batch_of_two(evidence, "due"))
        (clock,) = [each for each in results.clocks(services) if each.batch == batch["id"]]
        assert clock.waiting == 2
    until = f"{clock.answer_by:%Y-%m-%d %H:%M} UTC"

    def queued() -> str:
        with served(world) as service:
            people = People(service)
            people.join("officer", people.first_key(world.folders.root / "keys" / "approvers"))
            page = people.ask("officer", "GET", "/queue").text
        return page[page.index("What falls due") :].partition("</table>")[0]

    assert f">{batch['id']}<" in queued() and f"custodian has until {until}" in queued()
    assert world.approve_by_two(batch["id"]).code == 0
    assert batch["id"] not in queued()
