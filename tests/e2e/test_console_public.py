"""The page that everybody may see, and the ledger that everybody may check, without a sign-in."""

import json
import time
from pathlib import Path

import pytest

from solely.oversight.published import NAMES
from solely_verify.__main__ import main as verify
from tests.support.console import People
from tests.support.service import served

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture(scope="module")
def anybody(released_world):
    """Nobody in particular at the console of a gate that has released."""
    with served(released_world) as service:
        yield People(service)


def checked(people: People, path: str = "/public/verify", role: str = "") -> str:
    """The page of the check, once it has ended."""
    for _ in range(100):
        page = people.ask(role, "GET", path).text
        if "data-again" not in page:
            return page
        time.sleep(0.2)
    raise AssertionError("the check did not end")


@pytest.mark.rule("R-89")
@pytest.mark.rule("R-90")
def test_the_page_shows_what_no_order_may_seal_and_what_it_cannot_show(anybody: People) -> None:
    page = anybody.ask("", "GET", "/public").text
    stated = anybody.service.world.gate / "law/agreements/irs-ice-2025/agreement.statement.json"
    signed = json.loads(stated.read_bytes())
    for words in (signed["id"], *signed["parties"], signed["starts_on"], "26 U.S.C. 6103(i)(2)"):
        assert words in page
    assert "No part of the agreement is sealed" in page
    assert "What leaves around this gate is not seen" in page
    assert "nobody subscribes to changes" in page


@pytest.mark.rule("R-100")
def test_figures_are_those_of_the_public_export(anybody: People) -> None:
    answer = anybody.ask("", "GET", "/public/figures.csv")
    assert answer.text == f"{','.join(('month', *NAMES))}\n"  # the month is not over


@pytest.mark.rule("R-56")
def test_an_overseer_copies_the_ledger_over_http_and_checks_the_copy(anybody: People, tmp_path: Path) -> None:
    anybody.register("overseers", anybody.service.world.key("overseers", "inspector-general"))
    cookie = {"Cookie": anybody.sign_in("overseers")}
    for name in files_of(anybody):
        copy = tmp_path / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        status, data = anybody.service.send(f"/ledger/{name}", b"", cookie, "GET")
        assert status == 200
        copy.write_bytes(data)
    key = anybody.ask("", "GET", "/public/log.vkey").text
    (tmp_path / "log.vkey").write_text(key)
    assert verify(["log", str(tmp_path), "--key", key.strip()]) == 0


@pytest.mark.rule("R-43", "R-81")
def test_whoever_is_no_overseer_is_handed_the_checkpoint_and_the_hashes_and_no_entry(anybody: People) -> None:
    anybody.register("requesters", anybody.service.world.key("requesters", "secretary-of-homeland-security"))
    for headers in ({}, {"Cookie": anybody.sign_in("requesters")}):
        for name in files_of(anybody):
            status, data = anybody.service.send(f"/ledger/{name}", b"", headers, "GET")
            assert status == (403 if name.startswith("tile/entries/") else 200), name
            assert status == 200 or data.startswith(b"entries are handed to signed-in overseers")


def files_of(anybody: People) -> list[str]:
    """The names of the ledger's files."""
    ledger = anybody.service.world.gate / "ledger"
    found = [each.relative_to(ledger).as_posix() for each in ledger.rglob("*") if each.is_file()]
    assert any(each.startswith("tile/entries/") for each in found)
    return found


@pytest.mark.parametrize(
    "name", ["log.vkey", "../log.vkey", "%2e%2e/log.vkey", "tile/../../keys/log.key", "tile/0", "tile/0/x1"]
)
def test_nothing_but_the_ledgers_own_files_is_handed_out(anybody: People, name: str) -> None:
    status, data = anybody.service.send(f"/ledger/{name}", b"", {}, "GET")
    assert (status, data) == (404, b"no such file of the ledger\n")


@pytest.mark.rule("R-56")
def test_the_button_checks_the_ledger_and_shows_what_the_verifier_found(anybody: People) -> None:
    assert anybody.ask("", "POST", "/public/verify").location == "/public/verify"
    page = checked(anybody)
    root = (anybody.service.world.gate / "ledger/checkpoint").read_text().splitlines()[2]
    assert "It holds." in page
    assert root in page
    assert "Entries by kind" not in page  # the kinds of the newest entries would tell how a decision came out


@pytest.mark.rule("R-56")
def test_an_overseers_check_finds_an_edited_tile_and_a_checkpoint_of_another_ledger(
    new_gate, tmp_path: Path
) -> None:
    world = new_gate.copied(tmp_path / "world")
    with served(world) as service:
        people = People(service)
        people.join("overseers", world.key("overseers", "inspector-general"))
        kept = (world.gate / "ledger/checkpoint").read_text()
        people.ask("overseers", "POST", "/oversight/verify", {"kept": kept})
        assert "is a beginning of this ledger" in checked(people, "/oversight/verify", "overseers")
        other = kept.replace(kept.splitlines()[2], "A" * 43 + "=")
        people.ask("overseers", "POST", "/oversight/verify", {"kept": other})
        assert "It does not hold." in checked(people, "/oversight/verify", "overseers")
        # What an overseer held it against is no word to the public.
        assert "was not checked since" in checked(people)
        wrong = people.ask("overseers", "POST", "/oversight/verify", {"kept": "rubbish"})
        assert wrong.status == 400
        assert "is no checkpoint" in wrong.text
        bundle = next(iter(sorted((world.gate / "ledger/tile/entries").rglob("*.p/*"), reverse=True)))
        data = bytearray(bundle.read_bytes())
        data[-1] ^= 1
        bundle.write_bytes(bytes(data))
        people.ask("overseers", "POST", "/oversight/verify")
        assert "It does not hold." in checked(people, "/oversight/verify", "overseers")
