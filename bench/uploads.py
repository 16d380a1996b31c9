"""A large batch sent over HTTP: how much memory the service takes, and who else is answered meanwhile.

    python -m bench.uploads [--rows 80000,320000,1280000]

- A small demo gate is served; its own rows are repeated under new request ids until the file is as long as
  asked for. It is sent as a form with three files, as a browser does, until the gate says it is received.
- Memory is the highest resident set of the service until then (`VmHWM`): constant, if it does not grow with
  the rows. Before it the gate has received a batch of a thousand rows, so that everything is loaded.
- Meanwhile one caller asks for `/readyz` again and again: the longest wait is how long others waited.
"""

import argparse
import csv
import http.client
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.about import about, write
from demo.people import SIGNER
from demo.submission import Sender, sign_letter
from tests.support.service import Officer, Service, served
from tests.support.world import World, build_world

BOUNDARY = b"a-boundary-of-this-bench"


def main(words: list[str] | None = None) -> int:
    """Measure, write the result and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", default="80000,320000,1280000")
    stated = parser.parse_args(words).rows
    result = about(f"python -m bench.uploads --rows {stated}")
    with tempfile.TemporaryDirectory(prefix="solely-uploads-") as folder:
        world = build_world(Path(folder) / "world", today=datetime.now(UTC).date())
        world.init()
        # What is received stays with those who ask for its rows: nothing is decided while it is measured.
        with served(world, "--singly", "86400") as service:
            measured(service, 1_000)
            result["uploads"] = [measured(service, int(rows)) for rows in stated.split(",")]
    print(write("uploads", result).read_text())
    return 0


def measured(service: Service, rows: int) -> dict[str, Any]:
    """One batch of so many rows sent to a service."""
    folder = batch_of(service.world, rows)
    waits, stop = list[float](), threading.Event()
    asking = threading.Thread(target=ask, args=(service, waits, stop))
    asking.start()
    before, began = memory_mb(service), time.perf_counter()
    status = upload(service, folder)
    seconds, after = time.perf_counter() - began, memory_mb(service)
    stop.set()
    asking.join()
    assert status == 202, status
    size = sum(path.stat().st_size for path in folder.iterdir())
    return {
        "rows": rows,
        "megabytes": round(size / 2**20, 1),
        "seconds": round(seconds, 1),
        "peak_memory_mb_before": before,
        "peak_memory_mb": after,
        "others_waited_at_most_s": round(max(waits, default=0), 2),
    }


def batch_of(world: World, rows: int) -> Path:
    """A signed batch with the world's own rows over and over."""
    folder = world.root / f"upload-{rows}"
    folder.mkdir()
    with (world.folders.batch / "data.csv").open(newline="") as source:
        header, *own = list(csv.reader(source))
    with (folder / "data.csv").open("w", newline="") as target:
        lines = csv.writer(target)
        lines.writerow(header)
        lines.writerows([f"U{rows}-{number}", *own[number % len(own)][1:]] for number in range(rows))
    sign_letter(folder, world.root, replace(Sender(), office=SIGNER, day=world.today))
    return folder


def upload(service: Service, folder: Path) -> int:
    """The status of a form with the batch's files, streamed."""
    caller = Officer(service, service.world.key("requesters", SIGNER))
    path = "/api/batches"
    own = {"Authorization": f"DPoP {caller.token()}", "DPoP": caller.proof(path)}
    own |= {"Content-Type": f"multipart/form-data; boundary={BOUNDARY.decode()}"}
    host, _, port = service.url.removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=3600)
    connection.request("POST", path, form(folder), own, encode_chunked=True)
    return connection.getresponse().status


def form(folder: Path) -> Iterator[bytes]:
    """The body of the form, block by block."""
    for path in sorted(folder.iterdir(), reverse=True):
        head = f'Content-Disposition: form-data; name="files"; filename="{path.name}"\r\n\r\n'
        yield b"--" + BOUNDARY + b"\r\n" + head.encode()
        with path.open("rb") as file:
            while block := file.read(2**18):
                yield block
        yield b"\r\n"
    yield b"--" + BOUNDARY + b"--\r\n"


def ask(service: Service, waits: list[float], stop: threading.Event) -> None:
    """Ask whether the gate is ready until told to stop; how long each answer took."""
    while not stop.wait(0.05):
        began = time.perf_counter()
        service.send("/readyz", b"", {}, method="GET")
        waits.append(time.perf_counter() - began)


def memory_mb(service: Service) -> float:
    """The highest resident set of the service so far."""
    lines = Path(f"/proc/{service.process.pid}/status").read_text().splitlines()
    (line,) = (each for each in lines if each.startswith("VmHWM:"))
    return round(int(line.split()[1]) / 1024, 1)


if __name__ == "__main__":
    raise SystemExit(main())
