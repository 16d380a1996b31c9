"""The pages for officer, analyst and overseer do what they say, typed as they stand, on one demo gate."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tree import ROOT, text_of
from tests.support.world import World, build_world

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A world as `make demo RUN=0` leaves it, with a row of each kind that the pages take up."""
    made = build_world(tmp_path_factory.mktemp("how to"), seed=7, people=1_500, items=300)
    script = blocks("formats/submission.md", "python")[0]
    (made.root / "sign.py").write_text(script, encoding="utf-8")
    return made


def blocks(name: str, language: str) -> list[str]:
    """The fenced blocks of one language in a page of docs."""
    return re.findall(rf"```{language}\n(.*?)```", text_of(ROOT / "docs" / name), re.DOTALL)


def typed(world: World, name: str) -> subprocess.CompletedProcess[str]:
    """What comes of all shell blocks of a page, typed one after the other in the world's folder."""
    bin_folder = Path(sys.executable).parent
    place = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        ["sh", "-c", "set -eu\n" + "\n".join(blocks(name, "sh"))],
        cwd=world.root, env=place, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
    return done


def test_the_page_for_authors_works(world: World) -> None:
    author = typed(world, "how-to/author.md")
    assert author.stdout.count("as expected:") == 4
    assert "DIFFERS" not in author.stdout
    assert (world.root / "draft.html").exists()


def test_the_pages_work_one_after_the_other(world: World) -> None:
    officer = typed(world, "how-to/officer.md")
    assert '"votes": 2' in officer.stdout
    assert world.packages()
    (world.root / "resend.py").write_text(blocks("how-to/analyst.md", "python")[0], encoding="utf-8")
    typed(world, "how-to/analyst.md")
    answers = [
        [json.loads(line)["answer"] for line in path.read_text(encoding="utf-8").splitlines()]
        for path in (world.gate / "batches").glob("*/answer.jsonl")
    ]
    assert min(answers, key=len) == ["accepted"], "the cured row passes its second time"
    overseer = typed(world, "how-to/overseer.md")
    assert overseer.stdout.count("it holds: ") == 5
    assert "is a beginning of this log" in overseer.stdout
    recipient = typed(world, "how-to/recipient.md")
    assert recipient.stdout.count('"signed": ') == 3
    (world.root / "sign_order.py").write_text(blocks("how-to/orders.md", "python")[0], encoding="utf-8")
    orders = typed(world, "how-to/orders.md")
    assert '"is_in_force": true' in orders.stdout
    assert "Draft declaration under order" in (world.root / "declaration.md").read_text(encoding="utf-8")
    typed(world, "how-to/keeper.md")
    assert json.loads((world.root / "lifted.json").read_text())["kind"] == "lift"
    subject = typed(world, "how-to/subject.md")
    assert '"limits":' in subject.stdout
    assert "release(s) scanned" in subject.stdout
    # Last: from here on nothing is published without the witness, which the page stops at its end.
    witness = typed(world, "how-to/witness.md")
    assert witness.stdout.count("cosigned by inspector\n") == 3
