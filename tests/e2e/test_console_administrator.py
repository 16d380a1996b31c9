"""One malicious administrator with every right at the console, and the disk in hand, releases nothing (R-84).

- Every page and form of the console is tried in the administrator's name, with forged fields, with the form
  words of its own sign-in, signed with its own passkey wherever a signature is asked for.
- Then the tables are edited: roles, sign-ins, passkeys, vouchers, approvals, votes, states, orders.
- At the end two approvers' own signatures still release the batch, or the gate has stopped for the edit.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from itertools import product

import pytest

from solely.console.routes import ROUTES
from solely_verify.__main__ import main as verify
from tests.support.console import People
from tests.support.reading import entry_counts
from tests.support.service import Service, served
from tests.support.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.rule("R-84"), pytest.mark.rule("R-82")]

ROLE = "administrators"
OFFICES = ("disclosure-officer", "chief-of-disclosure")
FORGED = {
    "decide": "confirm", "note": "release all", "force": "1", "override": "true", "role": "approvers",
    "holder": "", "approver": OFFICES[0], "state": "released", "kind": "lift", "cite": "urgent", "lifts": "",
    "statement": "{}", "signature": "eA==", "by": OFFICES[1],
}  # fmt: skip


@pytest.fixture
def world(fresh_world: World) -> World:
    """A gate with a decided batch that waits for two approvers, one of its items referred."""
    rows = fresh_world.fresh_rows(4)
    rows[0]["given_name"], rows[0]["middle_name"] = "FNU", ""
    done = fresh_world.run(fresh_world.write_batch(rows, "waiting")).result
    assert (done["releasable"], done["referred"]) == (3, 1)
    return fresh_world


def administrator(service: Service) -> People:
    """The one malicious administrator, signed in with a passkey of its own."""
    people = People(service)
    people.join(ROLE, service.world.key(ROLE, "gate-administrator"))
    return people


class Stopped(Exception):
    """The gate does not start: it has seen that it was edited."""


@contextmanager
def started(world: World) -> Iterator[Service]:
    """The gate served, or Stopped."""
    with ExitStack() as stack:
        try:
            service = stack.enter_context(served(world))
        except AssertionError as said:
            assert "STATE_EDITED" in str(said)
            raise Stopped from None
        if not any(each.startswith("serving at") for each in service.said):
            assert "STATE_EDITED" in service.stop()
            raise Stopped
        yield service


def require_nothing_left(world: World) -> None:
    """No package in the outbox; neither a release nor anything that leads to one in the ledger."""
    assert not list((world.gate / "outbox").iterdir())
    counts = entry_counts(world)
    assert (counts["release"], counts["approval"], counts["vote"]) == (0, 0, 0)
    assert verify(["log", str(world.gate / "ledger"), "--key", str(world.gate / "log.vkey")]) == 0


def known(world: World) -> dict[str, list[str]]:
    """What the parts of an address may name at this gate."""
    with world.state() as state:
        (batch,) = state.execute("SELECT id FROM batch").fetchone()
        requests = [row[0] for row in state.execute("SELECT request_id FROM case_file").fetchall()]
    named = {"request_id": requests[:2], "batch_id": [batch], "batch": [batch], "part": ["trust", "config"]}
    return named | {"": ["0", batch]}


def addresses(named: Mapping[str, list[str]], path: str) -> list[str]:
    """Every address of a route that leads somewhere at this gate."""
    parts = path.split("/")
    variable = [part[1:-1].partition(":")[0] for part in parts if part.startswith("{")]
    found = []
    for values in product(*(named.get(name, named[""]) for name in variable)):
        left = iter(values)
        found.append("/".join(next(left) if part.startswith("{") else part for part in parts))
    return found


def test_no_page_or_form_releases_anything_in_an_administrators_name(world: World) -> None:
    named = known(world)
    with served(world) as service:
        people = administrator(service)
        refused = reached = 0
        for route in ROUTES:
            for path in addresses(named, route.path):
                if route.method == "GET":
                    answer = people.ask(ROLE, "GET", path)
                else:
                    answer = people.act(ROLE, path, FORGED)
                assert answer.status < 500 or answer.status == 503, (path, answer.text)
                is_theirs = not route.roles or ROLE in route.roles
                refused += answer.status == 403 and "not for your role" in answer.text
                reached += is_theirs
        assert (refused > 0, reached > 0) == (True, True)
        for path in (
            "/orders",
            "/token",
            "/opening/begin",
            "/kas/v2/rewrap",
            "/passkeys/voucher",
            "/sign-in",
        ):
            status, _ = service.send(path, b"{}", {"Content-Type": "application/json"})
            assert status >= 400
    require_nothing_left(world)


def test_an_administrator_whose_officer_has_left_reads_what_ends_what(world: World) -> None:
    with served(world) as service:
        people = administrator(service)
        people.join("officer", world.key("approvers", OFFICES[0]))
        page = " ".join(people.ask(ROLE, "GET", "/people").text.split())
        assert "When somebody leaves" in page
        assert "The key itself can vouch for another passkey until it is ended too" in page
        assert "free to others after 4 hours" in page
        assert "When somebody leaves" not in people.ask("officer", "GET", "/people").text
        (entry,) = re.findall(rf'End the passkey of {OFFICES[0]}, entry ([0-9]+)"', page)
        assert people.ask(ROLE, "POST", f"/people/passkeys/{entry}/end", {}).status == 303
        assert people.ask("officer", "GET", "/queue").location == "/sign-in"
        # As the page says: the key is another matter.
        people.join("officer again", world.key("approvers", OFFICES[0]))
        assert people.ask("officer again", "GET", "/queue").status == 200


def test_an_administrator_makes_no_passkey_for_an_approver(world: World) -> None:
    with served(world) as service:
        people = administrator(service)
        own = world.key(ROLE, "gate-administrator")
        people.join("second", own)  # another passkey of its own is the administrator's again
        assert "not for your role" in people.ask("second", "GET", "/queue").text
    with world.state() as state:  # the enrolled key of an approver is written over the administrator's
        holders = [row[0] for row in state.execute("SELECT DISTINCT holder FROM passkey").fetchall()]
        assert len(holders) == 1
        officer = key_id_of(world, "approvers", OFFICES[0])
        state.execute("UPDATE passkey SET holder = ?", (officer,))
    with served(world) as service:
        people.service = service
        for name in (ROLE, "second"):
            answer = people.ask(name, "GET", "/queue")
            assert answer.location == "/sign-in"  # nobody is signed in with an edited passkey
    require_nothing_left(world)


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE sign_in SET credential = (SELECT credential FROM passkey ORDER BY entry_index LIMIT 1)",
        "UPDATE case_file SET state = 'releasable'",
        "UPDATE case_file SET state = 'released'",
        "UPDATE batch SET state = 'approved'",
        "UPDATE batch SET state = 'released'",
        "DELETE FROM vote",
        "INSERT INTO approval (batch_id, approver_id, statement, signature, entry_index) "
        "SELECT id, 'disclosure-officer', '{}', 'eA==', decided_index FROM batch",
        "UPDATE part SET digest = lower(hex(randomblob(32))) WHERE name = 'trust'",
    ],
)
def test_no_edit_of_the_tables_lets_an_administrators_session_release(world: World, edit: str) -> None:
    named = known(world)
    with served(world) as service:
        people = administrator(service)
    with world.state() as state:
        state.execute(edit)
    with suppress(Stopped), started(world) as service:
        people.service = service
        for route in (each for each in ROUTES if each.method == "POST"):
            for path in addresses(named, route.path):
                people.act(ROLE, path, FORGED)
    require_nothing_left(world)


def test_whoever_may_still_release_are_two_approvers_with_their_own_keys(world: World) -> None:
    with served(world) as service:
        administrator(service)
    batch = world.root / "waiting"
    assert world.approve(batch, OFFICES[0]).code == 0
    assert world.approve(batch, OFFICES[1]).code == 0
    assert entry_counts(world)["release"] == 3


def key_id_of(world: World, role: str, name: str) -> str:
    """The name of an enrolled key."""
    from solely.store.trust import read_trust

    found = getattr(read_trust(world.gate / "trust"), role)[name].key_id
    return str(found)
