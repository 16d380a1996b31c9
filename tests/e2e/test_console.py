"""People at the gate: they sign in with a passkey that their key vouched for, and sign what they saw."""

import pytest

from solely_verify.__main__ import main as verify
from tests.support.browser import MISSING, chromium, is_there, visitor
from tests.support.service import served

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.skipif(not is_there(), reason=MISSING)]


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture
def referred(new_gate, tmp_path):
    """A gate with one referred item, served."""
    world = new_gate.copied(tmp_path / "world")
    rows = world.fresh_rows(3)
    rows[0]["given_name"], rows[0]["middle_name"] = "FNU", ""
    done = world.run(world.write_batch(rows, "referred")).result
    assert done["referred"] == 1
    with served(world) as service:
        yield service, rows[0]["request_id"]


@pytest.mark.rule("R-106")
def test_an_officer_signs_a_vote_with_a_passkey_and_the_ledger_holds_it(browser, referred) -> None:
    service, request_id = referred
    address = service.url.replace("127.0.0.1", "localhost")
    officer = visitor(browser, address, service.world.gate)
    officer.make_passkey(service.world.key("approvers", "disclosure-officer"))
    officer.sign_in()
    officer.open(f"/items/{request_id}")
    officer.press("Take it")
    officer.page.get_by_label("Decline: it ends here").check()
    officer.page.get_by_label("Why").fill("the passport shows one name alone")
    officer.press("Go on to sign")
    officer.sign()
    assert "in the ledger" in officer.said
    service.stop()
    assert (
        verify(["log", str(service.world.gate / "ledger"), "--key", str(service.world.gate / "log.vkey")])
        == 0
    )
