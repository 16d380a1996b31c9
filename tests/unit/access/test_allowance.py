"""So many acts in a while, or at once, each caller by itself; what was refused does not count."""

from solely.access.allowance import Allowance, Places


def test_an_allowance_is_each_callers_own_and_comes_back_with_time():
    allowance = Allowance(2, 60)
    assert [allowance.take("a", at) for at in (0, 1, 2, 59.9)] == [True, True, False, False]
    assert allowance.take("b", 2)
    assert [allowance.take("a", at) for at in (60, 60.5, 61)] == [True, False, True]


def test_places_are_each_callers_own_and_come_back_when_they_are_left():
    places = Places(2)
    assert [places.take("a") for _ in range(3)] == [True, True, False]
    assert places.take("b")
    places.leave("a")
    assert [places.take("a") for _ in range(2)] == [True, False]
