"""What a campaign tells when it is through: its figures with the commit, as JSON, printed and kept."""

import json
import subprocess
from os import getloadavg
from typing import Any

from tests.support.tree import ROOT


def tell(name: str, **figures: Any) -> None:
    """Print the figures of one campaign and keep them in `build/campaigns`."""
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    result = {"campaign": name, "commit": commit.stdout.strip(), "load": round(getloadavg()[0], 2), **figures}
    folder = ROOT / "build/campaigns"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result))
