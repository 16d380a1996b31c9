"""The demo on seeds drawn at test time: nothing wrong leaves, and nothing fully valid stays behind."""

import random
import subprocess
import sys

import pytest

from tests.support.world import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def demo(seed: int, out, people: int, items: int) -> subprocess.CompletedProcess[str]:
    """`python -m demo`, which judges its own releases by the ground truth and exits 1 on any error."""
    return subprocess.run(
        [sys.executable, "-m", "demo", "--seed", str(seed), "--out", str(out),
         "--people", str(people), "--items", str(items)],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip


@pytest.mark.rule("R-37", "R-33", "R-67")
@pytest.mark.parametrize("draw", range(5))
def test_no_wrong_release_and_no_valid_item_kept_back_on_a_seed_drawn_now(tmp_path, draw):
    seed = random.SystemRandom().randrange(10**6)
    ran = demo(seed, tmp_path / "demo", people=2_400, items=600)
    assert ran.returncode == 0, f"seed {seed}\n{ran.stdout}\n{ran.stderr}"
    assert "no release was wrong" in ran.stdout, f"seed {seed}\n{ran.stdout}"


@pytest.mark.campaign
@pytest.mark.rule("R-37", "R-33", "R-67")
@pytest.mark.parametrize("draw", range(5))
def test_the_whole_demo_on_a_seed_drawn_now(tmp_path, draw):
    seed = random.SystemRandom().randrange(10**6)
    ran = demo(seed, tmp_path / "demo", people=20_000, items=5_000)
    assert ran.returncode == 0, f"seed {seed}\n{ran.stdout}\n{ran.stderr}"
