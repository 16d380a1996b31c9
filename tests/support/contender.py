"""One of several processes that append the same events to one ledger at once and publish each.

    python -m tests.support.contender FOLDER URL EVENTS

It tells, event by event, its index, whether this process was the one that logged it, the published size and
root, and how long it took from the event to a checkpoint that covers it.
"""

import json
import os
import random
import sys
import time
from pathlib import Path

from solely.ledger.entry import EntryType, encode
from solely.store.database import PostgresDatabase
from solely.store.ledger_store import Ledger
from tests.support.ledgers import Script


def main(folder: str, url: str, events: str) -> None:
    """Contend for every event, in an order of this process's own within each hundred."""
    database = PostgresDatabase(url, is_shared=True)
    ledger = Ledger(database.engine, Path(folder))
    script = Script()
    script.add(EntryType.NOTICE)
    numbers = list(range(int(events)))
    for at in range(0, len(numbers), 100):
        part = numbers[at : at + 100]
        random.Random().shuffle(part)
        numbers[at : at + 100] = part
    for number in numbers:
        entry = encode(script.entries[0]._replace(nonce=os.urandom(16)))
        start = time.perf_counter()
        with database.transaction() as tx:
            is_mine = ledger.find(tx, f"event-{number}") is None
            index = ledger.append(tx, f"event-{number}", [ledger.timed(tx, entry)])
        published = ledger.publish()
        spent = time.perf_counter() - start
        assert index < published.size
        told = (number, index, is_mine, published.size, published.root, spent)
        print(json.dumps(told), flush=True)
    ledger.close()
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
