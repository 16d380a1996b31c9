"""Openings through the service: how many a second, and how long until the key is there, its entry durable.

    python -m bench.openings --gate DIR --keys FOLDER --batch CSV [--seconds 20] [--callers 1 8 32]

- The gate is copied; every officer accepts the terms; `solely serve` runs in a process of its own. Callers
  are another one on the same machine and do what an officer's client does: proof, echo, confirmation, signed
  request, decryption. `key` is the call that hands the key over, `opening` the echo before it too.
- Nothing is left out: each call waits for its entry under a published checkpoint, each echo is judged anew.
- What each side costs is told apart: processor time of the service and of its callers, for one opening.
"""

import argparse
import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Thread
from typing import Any

from bench.about import about, write
from solely import flow
from solely.errors import SolelyError
from solely.remote import Caller
from solely.services import opened


def main(words: list[str] | None = None) -> int:
    """Measure, write the result and print it."""
    options = _options(words)
    with tempfile.TemporaryDirectory(prefix="solely-openings-") as folder:
        gate = Path(folder) / "gate"
        shutil.copytree(options.gate, gate)
        _accept(gate, options.keys)
        process, url = _served(gate)
        try:
            rounds = [_round((url, process.pid), gate, options, callers) for callers in options.callers]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
    result = about("python -m bench.openings") | {"rounds": rounds}
    write("openings", result)
    print(json.dumps(result, indent=1))
    return 0


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--gate", type=Path, default=Path("demo/out/gate"))
    parser.add_argument("--keys", type=Path, default=Path("demo/out/keys/officers"))
    parser.add_argument("--batch", type=Path, default=Path("demo/out/batch/data.csv"))
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--callers", type=int, nargs="+", default=[1, 8, 32])
    return parser.parse_args(words)


def _accept(gate: Path, keys: Path) -> None:
    with opened(gate) as services:
        for key in sorted(keys.glob("*.pem")):
            try:
                flow.accept(services, key)
            except SolelyError:
                continue  # accepted before, or not in date


def _served(gate: Path) -> tuple["subprocess.Popen[str]", str]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    words = [sys.executable, "-m", "solely.cli.main", "serve", "--gate", str(gate), "--port", str(port)]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    while line := process.stderr.readline():
        if line.startswith("serving"):
            break
    Thread(target=process.stderr.read, daemon=True).start()
    return process, f"http://127.0.0.1:{port}"


def _round(service: tuple[str, int], gate: Path, options: argparse.Namespace, callers: int) -> dict[str, Any]:
    """So many callers, each with the packages of one officer, for so long."""
    url, pid = service
    with options.batch.open(newline="", encoding="utf-8") as file:
        named = {row["request_id"]: row["officers"].split(";")[0].strip() for row in csv.DictReader(file)}
    mine: dict[str, list[str]] = {}
    for path in sorted((gate / "outbox").glob("*.tdf")):
        mine.setdefault(named[path.stem], []).append(path.stem)
    officers = sorted(mine)
    took: list[tuple[float, float]] = []
    failed: list[str] = []
    load, began = os.getloadavg(), time.perf_counter()
    cpu, served = time.process_time(), _cpu_seconds(pid)
    ends = began + options.seconds

    def call(number: int) -> None:
        officer = officers[number % len(officers)]
        caller, place = Caller(url, options.keys / f"{officer}.pem"), number
        while time.perf_counter() < ends:
            request, place = mine[officer][place % len(mine[officer])], place + 1
            start = time.perf_counter()
            try:
                echo = caller.begin(gate / "outbox" / f"{request}.tdf")
                middle = time.perf_counter()
                caller.finish(echo, request)
            except SolelyError as error:
                failed.append(type(error).__name__)
                continue
            took.append((time.perf_counter() - start, time.perf_counter() - middle))

    threads = [Thread(target=call, args=(number,)) for number in range(callers)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    seconds = time.perf_counter() - began
    return {
        "callers": callers,
        "openings_per_second": round(len(took) / seconds, 1),
        "opening_ms": _quantiles([each[0] for each in took]),
        "key_ms": _quantiles([each[1] for each in took]),
        "failed": len(failed),
        "service_cpu_ms_each": round((_cpu_seconds(pid) - served) / max(len(took), 1) * 1000, 2),
        "callers_cpu_ms_each": round((time.process_time() - cpu) / max(len(took), 1) * 1000, 2),
        "seconds": round(seconds, 1),
        "load_before": round(load[0], 1),
        "load_after": round(os.getloadavg()[0], 1),
    }


def _cpu_seconds(pid: int) -> float:
    """Processor time of a process and all its threads so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _quantiles(seconds: list[float]) -> dict[str, float]:
    held = sorted(seconds)
    if not held:
        return {}
    return {
        name: round(held[min(int(len(held) * q), len(held) - 1)] * 1000, 1)
        for name, q in (("p50", 0.5), ("p99", 0.99))
    }


if __name__ == "__main__":
    sys.exit(main())
