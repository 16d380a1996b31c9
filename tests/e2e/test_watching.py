"""Whoever watches the service sees routes, outcomes and durations, and nothing of anybody."""

import fcntl
import json
import urllib.request

import pytest

from tests.support.console import People
from tests.support.service import free_port, served

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.mark.rule("R-103")
def test_a_reader_of_stderr_who_stops_reading_holds_up_no_answer(new_gate, tmp_path) -> None:
    calls = 100  # whose lines are more than the pipe takes
    with served(new_gate.copied(tmp_path / "world"), "--log-calls") as service:
        fcntl.fcntl(service.stderr.fileno(), fcntl.F_SETPIPE_SZ, 4096)
        for _ in range(calls):
            assert service.send("/healthz", b"", {}, "GET")[0] == 200
        told = service.stop()
    assert 0 < told.count("/healthz") < calls


@pytest.mark.rule("R-57")
def test_figures_and_lines_name_routes_and_never_what_they_were_asked_about(new_gate, tmp_path) -> None:
    world = new_gate.copied(tmp_path / "world")
    port = free_port()
    canary = "R-CANARY-900-66-1234"
    with served(world, "--metrics-port", str(port), "--log-calls") as service:
        people = People(service)
        people.join("approvers", world.key("approvers", "disclosure-officer"))
        people.ask("approvers", "GET", f"/items/{canary}")
        people.ask("approvers", "GET", f"/{canary}?ssn={canary}")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            figures = answer.read().decode()
        told = service.stop()
    lines = [json.loads(each) for each in told.splitlines() if each.startswith("{")]
    assert {"/items/{request_id}", "unknown"} <= {each["route"] for each in lines}
    assert 'method="GET",route="/items/{request_id}",status="4' in figures
    for text in (figures, told):
        assert "CANARY" not in text
        assert "disclosure-officer" not in text
