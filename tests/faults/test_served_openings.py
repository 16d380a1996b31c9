"""The service killed while many open: no key seen without its record, no refusal lost (J1, R-52)."""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock, Thread

import pytest

from solely.errors import NotPermitted, TroubleError
from solely.remote import Caller
from solely_verify.entries import TYPES, read_entry
from solely_verify.tree import WIDTH
from tests.faults.inspection import published_entries
from tests.faults.test_commands import command
from tests.faults.test_openings import Field
from tests.support import strace
from tests.support.campaign import tell
from tests.support.service import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SHARE, CAMPAIGN, CALLERS = 3, int(os.environ.get("SERVICE_KILLS", "1000")), 6
strace.preload(["solely.cli.main", "solely.api.server", "duckdb", "tests.faults.test_served_openings"])
AFTER = 0.6  # seconds from the first answer within which the service is killed


@pytest.fixture(scope="module")
def field(tmp_path_factory):
    made = Field(tmp_path_factory.mktemp("served-openings"))
    own, world = made.keys[0], made.world
    (row,) = [each for each in world.requests.rows if each["request_id"] == made.package.stem]
    others = [each for each in sorted(own.parent.glob("*.pem")) if each.stem not in row["officers"]]
    # A stranger to this release who gets a token: enrolled, in date, with the terms accepted.
    made.keys[1] = next(each for each in others if world.accept(each.stem).code == 0)
    return made


class Published:
    """How many published entries there are of each type; a bundle that was full is counted once."""

    def __init__(self) -> None:
        self._counted, self._bundles = Counter[str](), 0

    def count(self, gate: Path) -> Counter[str]:
        """The entries by type, now."""
        entries = published_entries(gate, self._bundles)
        words = [TYPES[read_entry(each)[2]] for each in entries]
        whole = len(words) // WIDTH
        self._counted.update(words[: whole * WIDTH])
        self._bundles += whole
        return self._counted + Counter(words[whole * WIDTH :])


@contextmanager
def forked(field: Field) -> Iterator[tuple[str, BaseProcess]]:
    """The gate, served by a process that is forked from one which has everything imported."""
    said, port = field.world.root / "said", free_port()
    for name in ("out", "err"):
        said.with_suffix(f".{name}").write_text("")
    words = ["serve", "--gate", str(field.world.gate), "--port", str(port)]
    with strace.alive(command, (words, said)) as process:
        until = time.monotonic() + 60
        while "serving at" not in (told := said.with_suffix(".err").read_text()):
            assert process.is_alive() and time.monotonic() < until, told
            time.sleep(0.005)
        yield f"http://127.0.0.1:{port}", process


def call(url: str, field: Field, number: int, lock: Lock) -> None:
    """Open again and again until the service is gone; every third caller is a stranger."""
    caller, name = Caller(url, field.keys[number % 3 == 0]), field.package.stem
    while True:
        try:
            caller.finish(caller.begin(field.package), name)
        except NotPermitted:
            what = "open-refused"
        except TroubleError:
            return
        else:
            what = "open"
        with lock:
            field.seen[what] += 1


def killed(field: Field, chance: random.Random, published: Published) -> list[str]:
    """What does not hold after the service was killed at a random moment, with callers at every point."""
    before, lock = sum(field.seen.values()), Lock()
    with forked(field) as (url, process):
        callers = [Thread(target=call, args=(url, field, each, lock)) for each in range(CALLERS)]
        for each in callers:
            each.start()
        while sum(field.seen.values()) == before and any(each.is_alive() for each in callers):
            time.sleep(0.005)
        time.sleep(chance.uniform(0, AFTER))
        process.kill()
        for each in callers:
            each.join()
    logged = published.count(field.world.gate)
    return [
        f"{count} times `{word}` was seen, {logged[word]} are published"
        for word, count in field.seen.items()
        if logged[word] < count
    ]


@pytest.mark.rule("R-52", "R-55")
def test_a_share_of_kills_of_the_service(field):
    chance, published = random.Random(20261126), Published()
    assert [each for _ in range(SHARE) for each in killed(field, chance, published)] == []
    assert field.seen["open"] > 0
    assert field.end() == []


@pytest.mark.campaign
@pytest.mark.rule("R-52", "R-55")
def test_campaign_of_kills_of_the_service(field):
    chance, published, began = random.Random(20261127), Published(), time.monotonic()
    found = [each for _ in range(CAMPAIGN) for each in killed(field, chance, published)] + field.end()
    seconds = round(time.monotonic() - began)
    tell(
        "kills of the service", kills=CAMPAIGN, seen=dict(field.seen), violations=len(found), seconds=seconds
    )
    assert found == []
