"""Witnesses as they run for overseers, on free ports of this machine, and policies that name them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from solely_verify.note import LogKey, read_key
from solely_witness.alarms import Alarms
from solely_witness.cosigning import Cosigner
from solely_witness.server import make_server
from solely_witness.state import WitnessFolder


class Running:
    """A witness that can be stopped and started again under its address."""

    def __init__(self, root: Path, name: str, log: LogKey, now=None) -> None:
        self.told: list[str] = []
        root.mkdir(parents=True, exist_ok=True)
        self.folder = WitnessFolder(root, f"witness.example/{name}")
        self.alarms = Alarms(root / "alarms.jsonl", self.told.append)
        clock = {} if now is None else {"now": now}
        self.cosigner = Cosigner(self.folder, {log.name: log}, {}, self.alarms, **clock)
        self.name, self.port = name, 0
        self.start()

    @property
    def vkey(self) -> str:
        return (self.folder.root / "witness.vkey").read_text().strip()

    @property
    def line(self) -> str:
        return f"witness {self.name} {self.vkey} http://127.0.0.1:{self.port}/\n"

    def start(self) -> None:
        self.server = make_server(self.cosigner, "127.0.0.1", self.port)
        self.port = self.server.server_address[1]
        self._thread = Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def running(root: Path, vkey: str, *names: str, now=None) -> Iterator[Mapping[str, Running]]:
    log = read_key(vkey)
    found = {name: Running(root / name, name, log, now) for name in names}
    try:
        yield found
    finally:
        for each in found.values():
            each.stop()


def policy(*witnesses: Running, quorum: str = "all") -> bytes:
    names = " ".join(each.name for each in witnesses)
    lines = [each.line for each in witnesses]
    return "".join([*lines, f"group everyone {quorum} {names}\n", "quorum everyone\n"]).encode()
