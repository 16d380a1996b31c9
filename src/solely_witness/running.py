"""A witness as a program: it answers over HTTP and looks around every so often, until it is stopped."""

import signal
import sys
import time
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

from solely_verify.note import LogKey, vkey_text
from solely_verify.refusal import Refusal
from solely_witness.alarms import Alarms
from solely_witness.cosigning import SECONDS_APART, Cosigner
from solely_witness.mirror import Mirror
from solely_witness.server import make_server
from solely_witness.source import WebSource, source_at
from solely_witness.state import WitnessFolder, locked
from solely_witness.watching import Watch, Watched

SECONDS_TO_END = 3.0  # that a round under way has, once the witness is stopped


class Options(NamedTuple):
    """What a witness is told: its folder and name, the log, where to listen, what to compare, how often."""

    folder: Path
    name: str
    log: LogKey
    listen: tuple[str, int] | None = None
    mirror: str | None = None
    peers: tuple[str, ...] = ()
    every: float = 60.0
    silent_seconds: float | None = None
    seconds_apart: float = SECONDS_APART
    is_once: bool = False


def run(options: Options) -> int:
    """Exit code of a witness: after one round 1 when something is wrong; otherwise 0 when it is stopped."""
    options.folder.mkdir(parents=True, exist_ok=True)
    with locked(options.folder / "lock"):
        return _run(options)


def _run(options: Options) -> int:
    folder = WitnessFolder(options.folder, options.name)
    alarms = Alarms(options.folder / "alarms.jsonl")
    source = None if options.mirror is None else source_at(options.mirror)
    mirror = None if source is None else Mirror(folder.log(options.log.name), source)
    copies = {} if mirror is None else {options.log.name: mirror}
    cosigner = Cosigner(
        folder, {options.log.name: options.log}, copies, alarms, seconds_apart=options.seconds_apart
    )
    try:
        cosigner.require_latest(options.log.name)
        if mirror is not None:
            mirror.restore(cosigner.last(options.log.name))
    except Refusal as refusal:
        alarms.raise_alarm("copy", options.log.name, str(refusal))
        return 1
    peers = {place: WebSource(place) for place in options.peers}
    if peers and mirror is None:
        print("other witnesses are compared at equal sizes alone; --mirror tells more", file=sys.stderr)
    watched = Watched(options.log, source, peers, options.silent_seconds)
    watch = Watch(watched, cosigner, alarms, time.time)
    if options.is_once:
        watch.round()
        return 1 if alarms.count else 0
    return _serve(options, cosigner, watch)


def _serve(options: Options, cosigner: Cosigner, watch: Watch) -> int:
    if options.listen is None:
        raise Refusal("--listen HOST:PORT is needed, or --once")
    watch.round()  # a first copy of a large log takes longer than a gate waits for an answer
    server = make_server(cosigner, *options.listen)
    stopped = Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopped.set())
    thread = Thread(target=server.serve_forever, name="answering", daemon=True)
    thread.start()
    key = cosigner.folder.key
    host, port = server.server_address[:2]
    # The line that a custodian and others put into their policies.
    vkey = vkey_text(key.name, key.kind, key.key)
    print(f"witness {options.folder.name} {vkey} http://{host!s}:{port}/", flush=True)
    faults: list[Exception] = []
    looking = Thread(target=_look, args=(watch, options.every, stopped, faults), name="looking", daemon=True)
    looking.start()
    while looking.is_alive() and not stopped.is_set():
        stopped.wait(1)
    looking.join(SECONDS_TO_END)
    server.shutdown()
    server.server_close()
    if faults:
        raise faults[0]
    return 0


def _look(watch: Watch, every: float, stopped: Event, faults: list[Exception]) -> None:
    """Look around every so often; a fault of ours ends the watch, and is told."""
    try:
        while not stopped.wait(every):
            watch.round()
    except Exception as fault:  # noqa: BLE001 -- raised again where the program ends
        faults.append(fault)
