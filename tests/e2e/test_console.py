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
    officer.page.get_by_label("Why").fill("the passport shows one name alone,\nand no other page has two")
    officer.press("Go on to sign")
    with officer.page.expect_navigation():  # a hand that clicks twice signs once
        officer.page.get_by_role("button", name="Sign with your passkey").dblclick()
    assert "in the ledger" in officer.said
    service.stop()
    assert (
        verify(["log", str(service.world.gate / "ledger"), "--key", str(service.world.gate / "log.vkey")])
        == 0
    )


@pytest.mark.rule("R-105")
def test_a_page_whose_signature_gives_a_file_says_that_it_is_signed_and_signs_no_second_time(
    browser, new_gate, tmp_path
) -> None:
    world = new_gate.copied(tmp_path / "world")
    with served(world) as service:
        overseer = visitor(browser, service.url.replace("127.0.0.1", "localhost"), world.gate)
        overseer.make_passkey(world.key("overseers", "inspector-general"))
        overseer.sign_in()
        overseer.open("/oversight/sample")
        overseer.page.get_by_label("A checkpoint that you kept").fill(
            (world.gate / "ledger/checkpoint").read_text()
        )
        overseer.page.get_by_label("A nonce: anything that nobody could foresee").fill("dice 4 1 6")
        overseer.page.get_by_label("How many first decisions").fill("5")
        overseer.press("Go on to sign the draw")
        button = overseer.page.get_by_role("button", name="Sign with your passkey")
        with overseer.page.expect_download() as file:
            button.click()
        assert file.value.suggested_filename.endswith(".zip")
        assert button.is_disabled()
        assert "among your browser's downloads" in overseer.page.get_by_role("alert").text_content()
