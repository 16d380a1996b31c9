"""`solely serve` with the state in PostgreSQL: the same tests, the same answers."""

import pytest

from tests.e2e.test_serve import (  # noqa: F401 -- collected here as well
    delivered,
    live,
    test_a_proof_a_request_and_a_confirmation_are_used_once_also_across_a_restart,
    test_orders_from_the_command_line_stop_the_next_opening_of_a_running_service,
)

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
