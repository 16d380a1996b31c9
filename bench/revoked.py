"""A requester's key revoked while officers open what it led to: how soon the first opening is refused.

    python -m bench.revoked [--gate DIR --keys FOLDER --batch CSV] [--times 50] [--callers 8]

- Each time a fresh copy of the gate is served; callers open without pause, over HTTP. Then the party whose
  key it is revokes it from an instant before the batch, by an order that it files over HTTP.
- `refused_ms` counts from the order's commit to when the first refusal is with its caller, `acknowledged_ms`
  to when whoever filed it has the answer. The commit is the first write to the database's log after the time
  in the order's entry, as the file system dates it. `committed_ms` is how long that took: every release of
  the key is found and named first.
- Held each time, or there is no result: no opening that began after the acknowledgement succeeds, and the
  ledger names every release of that key for recall, in entries after the order's.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

from bench.about import about, scheduling, write
from bench.openings import packages_of, quantiles
from bench.service import Served, served_copy, together
from solely import clock
from solely.canonical import canonical_json
from solely.errors import NotPermitted
from solely.ledger.entry import EntryType, decode
from solely.remote import Caller, file_order
from solely.services import opened
from solely.signing import key_id, parse_private_key, sign

PARTY = "homeland-security"


class Told(NamedTuple):
    """How one opening ended: true when it was refused; when it began and ended, in seconds since 1970."""

    is_refused: bool
    began: float
    ended: float


def main(words: list[str] | None = None) -> int:
    """Measure, write the result and print it."""
    options = _options(words)
    chance = random.Random(1)
    found = [_once(options, chance) for _ in range(options.times)]
    result = about(f"python -m bench.revoked --times {options.times}") | {
        "priority": scheduling(),
        "times": options.times,
        "callers": options.callers,
        "releases_named_each": sorted({each["named"] for each in found}),
        "committed_ms": quantiles([each["committed"] for each in found]),
        "refused_ms": quantiles([each["refused"] for each in found]),
        "acknowledged_ms": quantiles([each["acknowledged"] for each in found]),
        "opened_after_acknowledgement": sum(each["late"] for each in found),
    }
    write("revoked", result)
    print(json.dumps(result, indent=1))
    return 0


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--gate", type=Path, default=Path("demo/out/gate"))
    parser.add_argument("--keys", type=Path, default=Path("demo/out/keys"))
    parser.add_argument("--batch", type=Path, default=Path("demo/out/batch/data.csv"))
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--callers", type=int, default=8)
    return parser.parse_args(words)


def _once(options: argparse.Namespace, chance: random.Random) -> dict[str, Any]:
    """One revocation under load, held against the ledger."""
    text, signature = _order(options)
    with served_copy(options.gate, options.keys / "officers") as served:
        own = packages_of(served.gate, options.keys / "officers", options.batch)
        told, warm = list[Told](), Event()
        answered, written = list[float](), set[float]()

        def file() -> None:
            warm.wait(60)
            time.sleep(chance.uniform(0.1, 0.5))
            file_order(served.url, served.gate / "log.vkey", text, signature)
            answered.append(time.time())

        def watch() -> None:
            while not answered:
                written.add((served.gate / "state.sqlite-wal").stat().st_mtime)
                time.sleep(0.0005)

        callers = [partial(_open, served, own, n, told, warm) for n in range(options.callers)]
        together([file, watch, *callers])
        served.stop()
        at, named, released = _entered(served.gate)
    if named != released:
        raise SystemExit(f"{named} releases are named for recall, {released} left under the key")
    late = sum(not each.is_refused and each.began > answered[0] for each in told)
    if late:
        raise SystemExit(f"{late} openings succeeded after the order was acknowledged")
    committed = min(each for each in written if each > at)
    refused = min(each.ended for each in told if each.is_refused)
    return {
        "committed": committed - at, "refused": refused - committed, "acknowledged": answered[0] - committed,
        "named": named, "late": late,
    }  # fmt: skip


def _order(options: argparse.Namespace) -> tuple[bytes, bytes]:
    with opened(options.gate) as services:
        agreement = services.law.agreement.id
        with services.database.transaction() as tx:
            (batch,) = services.cases.list_batches(tx)
    party = parse_private_key((options.keys / "parties" / f"{PARTY}.pem").read_bytes())
    since = datetime.fromisoformat(batch["received_at"]) - timedelta(seconds=1)
    words = {"format": "solely/order/1", "kind": "revocation", "authority": f"parties/{PARTY}"}
    words |= {"key_id": key_id(party.public_key()), "cite": "the key was stolen"}
    words |= {"revoked_key": batch["submitter_key_id"], "starts_at": since.isoformat()}
    text = canonical_json(words | {"scope": {"agreement": agreement}})
    return text, sign(party, text)


def _open(served: Served, own: Mapping[Path, list[Path]], number: int, told: list[Told], warm: Event) -> None:
    """Open one package after the other until one is refused."""
    key = sorted(own)[number % len(own)]
    caller = Caller(served.url, key)
    for package in cycle(own[key]):
        began = time.time()
        try:
            caller.finish(caller.begin(package), package.stem)
        except NotPermitted:
            told.append(Told(True, began, time.time()))
            return
        told.append(Told(False, began, time.time()))
        warm.set()


def _entered(gate: Path) -> tuple[float, int, int]:
    """The time in the order's entry, how many releases entries of recall name, and how many there are."""
    with opened(gate) as services:
        (order,) = services.ledger.all_of(EntryType.SAFEGUARD).values()
        recalls = [decode(each) for each in services.ledger.all_of(EntryType.RECALL).values()]
        named = {index for each in recalls for index in each.refs}
        return (
            clock.instant(decode(order).time).timestamp(),
            len(named),
            services.ledger.count(EntryType.RELEASE),
        )


if __name__ == "__main__":
    sys.exit(main())
