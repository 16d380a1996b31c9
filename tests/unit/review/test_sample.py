"""The sample of investigations that must be evidenced (R-86)."""

import pytest

from solely.review.sample import draw_sample

NAMES = [f"INV-{n}" for n in range(30)]


@pytest.mark.rule("R-86")
def test_the_seed_alone_decides_and_each_investigation_is_drawn_once():
    drawn = draw_sample("seed", [*NAMES, *NAMES[::-1], "inv 3"], 20)
    assert len(set(drawn)) == 20
    assert drawn == draw_sample("seed", NAMES[::-1], 20)
    assert drawn != draw_sample("another seed", NAMES, 20)


@pytest.mark.rule("R-86")
def test_of_few_investigations_all_are_drawn():
    assert sorted(draw_sample("seed", NAMES[:3], 20)) == NAMES[:3]
    assert draw_sample("seed", [], 20) == []
