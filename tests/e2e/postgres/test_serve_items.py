"""Rows asked for over HTTP with the state in PostgreSQL: the same tests, the same answers."""

import pytest

from tests.e2e.test_serve_items import (  # noqa: F401 -- collected here as well
    received,
    test_a_kill_between_two_answers_leaves_what_run_takes_up,
    test_rows_asked_for_over_http_are_answered_as_in_the_batch,
)

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
