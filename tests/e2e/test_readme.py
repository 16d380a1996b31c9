"""The README's commands do what it says, typed as they stand, in a copy of the tree."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.tree import ROOT, copied_tree

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def block_after(heading: str) -> str:
    """The first block of commands below a heading of the README."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").split(f"## {heading}\n", 1)[1]
    found = re.search(r"```sh\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found.group(1)


@pytest.mark.skipif(not shutil.which("make"), reason="make is missing: apt-get install -y make")
def test_the_main_job_by_hand(tmp_path: Path) -> None:
    tree = copied_tree(tmp_path / "a copy")
    place = {**os.environ, "PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    script = "set -eu\n" + block_after("The main job by hand")
    done = subprocess.run(
        ["sh", "-c", script], cwd=tree, env=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    out = tree / "demo" / "out"
    assert (out / "report.html").stat().st_size > 1000
    assert (out / "precheck.jsonl").read_text(encoding="utf-8").count("\n") > 100
    assert list((out / "gate" / "outbox").glob("*.tdf"))
