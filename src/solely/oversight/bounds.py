"""What a count of errors says about their rate: an observed number is never a rate by itself (R-90).

- One-sided exact Poisson bound at 95 % (Garwood 1936); for none observed it is the "rule of three".
- Rounded up to whole per-million: a bound that was rounded down would be no bound.
"""

from math import ceil, exp, lgamma, log, log1p, sqrt

MILLION = 1_000_000


def _log_at_most(count: int, mean: float) -> float:
    """The logarithm of the Poisson probability of at most `count` events, stable for large means."""
    top = count * log(mean) - mean - lgamma(count + 1)
    rest, term = 0.0, 1.0
    for i in range(count, 0, -1):
        term *= i / mean
        rest += term
        if term < 1e-17 * (1 + rest):
            break
    return top + log1p(rest)


def mean_max(observed: int, risk: float = 0.05) -> float:
    """The largest mean that still gives `observed` events or fewer with probability `risk`."""
    low, high = 1e-9, observed + 10 * sqrt(observed + 1) + 20
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if _log_at_most(observed, middle) > log(risk) else (low, middle)
    return high


def per_million_max(observed: int, total: int) -> int:
    """The 95 % upper bound of the rate behind `observed` in `total`, per million."""
    assert 0 <= observed <= total and total > 0, "errors are counted among what was released"
    return min(MILLION, ceil(MILLION * mean_max(observed) / total * (1 - exp(-36))))


def statement(observed: int, total: int) -> str:
    """The one way in which an error count is written: with its total and its bound."""
    if total == 0:
        return "none released, so nothing is known of the rate"
    bound = per_million_max(observed, total)
    return f"{observed:,} observed in {total:,}, at most {bound:,} per million at 95 %"
