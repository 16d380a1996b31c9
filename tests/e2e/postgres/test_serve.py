"""`solely serve` with the state in PostgreSQL: the same tests, the same answers."""

import time

import pytest

from tests.e2e.test_serve import (  # noqa: F401 -- collected here as well
    delivered,
    live,
    test_a_proof_a_request_and_a_confirmation_are_used_once_also_across_a_restart,
    test_orders_from_the_command_line_stop_the_next_opening_of_a_running_service,
)
from tests.support.postgres import Cluster
from tests.support.service import Service, served
from tests.support.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def status(service: Service, path: str) -> int:
    """How the service answers anybody who asks."""
    return service.send(path, b"", {}, "GET")[0]


def test_a_service_whose_database_was_away_is_ready_no_more_and_ends(fresh_world: World, server: Cluster):
    """What it has read may be so no more: it says so and ends, and whoever starts it anew is served."""
    with served(fresh_world) as service:
        assert status(service, "/readyz") == 200
        server.stop("immediate")
        try:
            assert (status(service, "/readyz"), status(service, "/api/checkpoint")) == (503, 503)
            assert status(service, "/healthz") == 200
        finally:
            server.start()
        assert status(service, "/readyz") == 503
        until = time.monotonic() + 30
        while service.process.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        assert service.process.poll() == 3
        assert "the connection that holds the gate was lost; nothing more was written" in service.stop()
    with served(fresh_world) as service:
        assert status(service, "/readyz") == 200


def test_another_command_names_the_service_that_has_the_gate_and_works_once_that_has_crashed(
    fresh_world: World,
):
    report = ("report", "--gate", fresh_world.gate, "--out", fresh_world.root / "report.html")
    with served(fresh_world) as service:
        refused = fresh_world.solely(*report)
        assert (refused.code, f"`solely serve` at {service.url} is at work" in refused.err) == (3, True)
        service.process.kill()
        service.process.wait(60)
    assert fresh_world.solely(*report).code == 0
    assert (fresh_world.gate / "lock").read_text() == ""
