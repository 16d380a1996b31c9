"""So many acts in a while, each caller by itself; what was refused does not count."""

from solely.access.allowance import Allowance


def test_an_allowance_is_each_callers_own_and_comes_back_with_time():
    allowance = Allowance(2, 60)
    assert [allowance.take("a", at) for at in (0, 1, 2, 59.9)] == [True, True, False, False]
    assert allowance.take("b", 2)
    assert [allowance.take("a", at) for at in (60, 60.5, 61)] == [True, False, True]
