"""The console with the state in PostgreSQL: the same tests, the same answers."""

import pytest

from tests.e2e.test_console_routes import (  # noqa: F401 -- collected here as well
    people,
    test_a_cookie_that_was_signed_out_opens_nothing,
    test_a_form_of_another_site_or_without_the_word_of_the_sign_in_does_nothing,
    test_every_answer_bears_the_headers_that_keep_it_here,
)

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
