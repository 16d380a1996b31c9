"""Whoever tries on and on to pass for somebody is told nothing more, and keeps nobody else out."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from solely.access import jose
from solely.console.tries import TRIES_MINUTE_MAX
from tests.support.authenticator import Authenticator
from tests.support.console import JSON, People
from tests.support.reading import entry_counts
from tests.support.service import Officer, served

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
OFFICER, REQUESTER = "disclosure-officer", "secretary-of-homeland-security"


@pytest.fixture
def people(fresh_world):
    with served(fresh_world) as service:
        people = People(service)
        people.join("approvers", fresh_world.key("approvers", OFFICER))
        yield people


def flood(tries: int, attempt: Callable[[int], tuple[int, str]]) -> list[tuple[int, str]]:
    """What tries are told that are made a few at a time."""
    with ThreadPoolExecutor(8) as several:
        return list(several.map(attempt, range(tries)))


@pytest.mark.rule("R-103", "R-52")
def test_who_tries_passkeys_in_a_loop_is_slowed_and_locks_nobody_out(people: People) -> None:
    before, stranger = entry_counts(people.service.world), Authenticator()

    def told(credential: bytes) -> tuple[int, str]:
        signed = stranger.sign(b"c" * 32, people.address)
        words = {name: jose.encode(each) for name, each in signed._asdict().items()}
        words |= {"challenge": (b"c" * 32).hex(), "credential": jose.encode(credential)}
        answer = people.send("POST", "/sign-in", json.dumps(words).encode(), {"Content-Type": JSON})
        return answer.status, answer.text

    known = people.devices["approvers"].credential
    answers = Counter(flood(TRIES_MINUTE_MAX + 10, lambda _: told(stranger.credential)))
    ((_, once), ((status, _), more)) = sorted(answers.items())
    assert (once, status, more) == (TRIES_MINUTE_MAX, 429, 10)
    assert told(known) == told(b"nobody's")  # whether there is such an account is not told
    assert people.sign_in("approvers")  # from the same address, and with the account that was tried
    people.service.stop()
    assert Counter(entry_counts(people.service.world)) - Counter(before) == {"sign-in": 1, "arrival": 2}


@pytest.mark.rule("R-103", "R-52")
def test_who_tries_tokens_in_a_loop_is_slowed_and_fills_no_ledger(people: People) -> None:
    service, world = people.service, people.service.world
    office = Officer(service, world.key("requesters", REQUESTER))
    before, json_ = entry_counts(world), {"Content-Type": JSON}

    def told(number: int) -> tuple[int, str]:
        challenge = json.loads(service.send("/token/challenge", b"", json_)[1])
        asked = challenge | {"key_id": f"{number % 2:016x}", "signature": "nobody's"}
        headers = json_ | {"DPoP": office.proof("/token", ath=None)}
        status, said = service.send("/token", json.dumps(asked).encode(), headers)
        return status, said.decode()

    office.token()
    answers = Counter(status for status, _ in flood(TRIES_MINUTE_MAX + 10, told))
    assert answers == {401: TRIES_MINUTE_MAX, 429: 10}
    assert told(1)[0] == 429
    assert Officer(service, world.key("requesters", REQUESTER)).token()
    service.stop()
    arrivals = Counter(entry_counts(world)) - Counter(before)
    assert arrivals == {"arrival": TRIES_MINUTE_MAX + 2}  # those beyond are counted together
