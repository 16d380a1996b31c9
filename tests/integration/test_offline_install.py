"""The built wheel, with the wheels of its hashed requirements, installs and runs without a network."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.tree import ROOT
from tests.support.world import build_world

pytestmark = [pytest.mark.slow, pytest.mark.e2e]
UNSHARED = ("unshare", "--map-root-user", "--net")


def ran(words: Sequence[str | Path], told: str = "") -> "subprocess.CompletedProcess[str]":
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))}
    arguments = [str(each) for each in words]
    return subprocess.run(
        arguments, env=plain, input=told, capture_output=True, text=True, cwd=ROOT, check=False
    )


def no_network() -> tuple[str, ...]:
    """Before a command: a network namespace of its own with nothing in it, where this machine lets us."""
    tried = shutil.which("unshare") and ran([*UNSHARED, "true"]).returncode == 0
    return UNSHARED if tried else ()


@pytest.fixture(scope="module")
def wheels(tmp_path_factory) -> Path:
    """Our wheel and those that it needs, as they would be carried to a machine without a network."""
    folder = tmp_path_factory.mktemp("carried")
    fetcher = folder / "fetcher"
    if ran(["python3", "-m", "venv", fetcher]).returncode:
        pytest.skip("SKIPPED: no venv: apt-get install -y python3-venv")
    own = ran([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "wheels"])
    assert own.returncode == 0, own.stderr
    words = ["--require-hashes", "-r", "requirements/core.txt", "-d", folder / "wheels"]
    fetched = ran([fetcher / "bin" / "pip", "download", "--quiet", *words])
    if fetched.returncode:
        pytest.skip("SKIPPED: the packages cannot be fetched here; set PIP_INDEX_URL and run again")
    return folder / "wheels"


def test_the_wheel_installs_and_judges_without_a_network(wheels: Path, tmp_path: Path) -> None:
    alone = no_network()
    assert ran(["python3", "-m", "venv", tmp_path / "venv"]).returncode == 0
    pip = [*alone, tmp_path / "venv" / "bin" / "pip", "install", "--quiet", "--no-index"]
    needed = ran([*pip, "--find-links", wheels, "--require-hashes", "-r", "requirements/core.txt"])
    assert needed.returncode == 0, needed.stderr
    own = next(wheels.glob("solely-*.whl"))
    assert ran([*pip, "--no-deps", own]).returncode == 0
    solely = tmp_path / "venv" / "bin" / "solely"
    loads = ran([*alone, solely, "check", "law/agreements/irs-ice-2025"])
    assert (loads.returncode, loads.stdout) == (0, "loads: no findings\n"), loads.stderr
    judged = ran([*alone, solely, "judge", "address", "--json"], told="Don't Care 12345\n")
    assert '"sufficient":false' in judged.stdout.replace(" ", "")
    world = build_world(tmp_path / "world", seed=3, people=400, items=30)
    folders = world.folders
    records = [word for path in folders.record_files() for word in ("--records", path)]
    day = datetime.now(UTC).date().isoformat()
    parts = ["--agreement", folders.agreement, *records, "--as-of", day, "--trust", folders.trust]
    assert ran([*alone, solely, "init", folders.gate, *parts]).returncode == 0
    done = ran([*alone, solely, "run", folders.batch, "--gate", folders.gate, "--json"])
    assert json.loads(done.stdout.splitlines()[-1])["received"] == 30, done.stderr
    without = ran([*alone, solely, "serve", "--gate", tmp_path, "--port", "8700"])
    assert without.returncode == 2 and "solely[serve]" in without.stderr
