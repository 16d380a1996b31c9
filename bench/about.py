"""What a reader needs to repeat a figure: command, commit, machine, load; and the JSON file it goes to."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def about(command: str) -> dict[str, Any]:
    """Instant, command, commit, machine and the load average when the run begins."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command,
        "commit": _git("rev-parse", "HEAD"),
        "is_clean": not _git("status", "--porcelain", "--untracked-files=no"),
        "load_average": [round(each, 2) for each in os.getloadavg()],
        "machine": {
            "processor": _processor(),
            "cores": os.cpu_count(),
            "memory_gb": round(memory / 2**30, 1),
            "system": platform.platform(),
            "python": platform.python_version(),
        },
    }


def write(name: str, result: dict[str, Any]) -> Path:
    """The result as `results/<name>.json`."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def read(name: str) -> dict[str, Any] | None:
    """The result that was written under this name; None where there is none."""
    path = RESULTS / f"{name}.json"
    if not path.is_file():
        return None
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


def scheduling() -> str:
    """The priority that the measured process has among others on a machine that it does not have alone."""
    policy = {os.SCHED_RR: "real-time", os.SCHED_FIFO: "real-time"}.get(os.sched_getscheduler(0), "ordinary")
    return f"{policy}, nice {os.getpriority(os.PRIO_PROCESS, 0)}"
