"""A count of errors is shown with the rate that it cannot exclude."""

from math import exp, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solely.oversight.bounds import mean_max, per_million_max, statement


@pytest.mark.rule("R-90")
@pytest.mark.parametrize(("observed", "mean"), [(0, 2.99573), (1, 4.74386), (2, 6.29579), (10, 16.96222)])
def test_the_bound_is_garwoods(observed, mean):
    assert mean_max(observed) == pytest.approx(mean, abs=1e-4)


@given(st.integers(0, 120))
def test_at_the_bound_so_few_events_have_five_percent(observed):
    mean = mean_max(observed)
    assert sum(exp(-mean) * mean**i / factorial(i) for i in range(observed + 1)) == pytest.approx(
        0.05, abs=1e-6
    )


@given(st.integers(0, 100_000), st.integers(1, 2_000_000))
def test_the_bound_is_never_below_what_was_seen(observed, total):
    if observed > total:
        return
    bound = per_million_max(observed, total)
    assert bound <= 1_000_000
    assert bound == 1_000_000 or bound * total > observed * 1_000_000


@pytest.mark.rule("R-90")
def test_no_count_is_stated_without_its_total_and_bound():
    assert statement(0, 1_000) == "0 observed in 1,000, at most 2,996 per million at 95 %"
    assert statement(0, 3_000_000) == "0 observed in 3,000,000, at most 1 per million at 95 %"
    assert statement(0, 0) == "none released, so nothing is known of the rate"


def test_more_errors_than_releases_is_a_fault():
    with pytest.raises(AssertionError):
        per_million_max(2, 1)
