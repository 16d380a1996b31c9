"""An overseer at the console: alarms, reports, a replay and a draw of its own, and nothing decided there."""

import io
import re
import time
import zipfile
from pathlib import Path

import pytest

from solely_verify.__main__ import main as verify
from tests.support.console import People
from tests.support.reading import entry_counts
from tests.support.service import served

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture(scope="module")
def overseer(released_world, tmp_path_factory):
    """An overseer signed in at a gate that has released, one opening of which was denied."""
    world = released_world.copied(tmp_path_factory.mktemp("oversight") / "world")
    package = world.packages()[0]
    denied = world.solely(
        "open", package, "--gate", world.gate, "--confirm", package.stem,
        "--key", world.key("requesters", "field-office-director"),
    )  # fmt: skip
    assert denied.code == 1
    with served(world) as service:
        people = People(service)
        people.join("overseers", world.key("overseers", "inspector-general"))
        yield people


@pytest.mark.rule("R-52")
def test_a_denied_opening_is_an_alarm(overseer: People) -> None:
    page = overseer.ask("overseers", "GET", "/oversight").text
    assert "1, the last at" in page


@pytest.mark.rule("R-105")
def test_an_overseer_draws_with_its_own_passkey_what_the_custodian_cannot_choose(
    overseer: People, tmp_path: Path
) -> None:
    kept = (overseer.service.world.gate / "ledger/checkpoint").read_bytes()
    form = {"kept": kept.decode().replace("\n", "\r\n"), "drawn_with": "dice 4 1 6", "count": "5"}
    answer = overseer.act("overseers", "/oversight/sample", form)
    assert answer.headers["content-type"] == "application/zip", answer.text
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        archive.extractall(tmp_path)
    (tmp_path / "kept").write_bytes(kept)
    key = str(overseer.service.world.gate / "log.vkey")
    words = ["sample", str(tmp_path / "drawn"), "--key", key, "--checkpoint", str(tmp_path / "kept")]
    words += ["--count", "5"]
    assert verify([*words, "--nonce", "dice 4 1 6"]) == 0
    assert verify([*words, "--nonce", "dice 4 1 5"]) == 1
    again = overseer.act("overseers", "/oversight/sample", form)
    assert again.headers["content-type"] == "application/zip", again.text  # each draw is an entry of its own
    assert entry_counts(overseer.service.world)["export"] == 2


@pytest.mark.rule("R-59")
def test_a_replay_makes_each_decision_again_and_is_an_entry(overseer: People) -> None:
    page = overseer.ask("overseers", "GET", "/oversight/replay").text
    batch = page.partition('<option value="')[2].partition('"')[0]
    found = overseer.ask("overseers", "POST", "/oversight/replay", {"batch": batch}).text
    assert "No decision of batch" in found
    assert entry_counts(overseer.service.world)["replay"] == 1


@pytest.mark.rule("R-106")
def test_the_report_in_the_consoles_frame_is_the_report(overseer: People) -> None:
    page = overseer.ask("overseers", "GET", "/oversight/report").text
    assert page.count("<h1>") == 1
    assert "What was asked, what left, and why the rest did not" in page
    assert "<style" not in page
    assert 'style="' not in page
    style = overseer.ask("overseers", "GET", "/report.css")
    assert style.headers["content-type"].startswith("text/css")


@pytest.mark.rule("R-102")
def test_the_error_register_shows_its_rate(overseer: People) -> None:
    assert "No error is registered" in overseer.ask("overseers", "GET", "/oversight/errors").text


@pytest.mark.rule("R-92")
@pytest.mark.rule("R-84")
@pytest.mark.rule("R-51")
def test_what_was_denied_waits_to_loosen_or_waits_undecided_is_an_alarm(new_gate, tmp_path: Path) -> None:
    world = new_gate.copied(tmp_path / "world")
    (referred,) = world.fresh_rows(1, statute="18 USC 1621")
    assert world.run(world.write_batch([referred], "referred")).result["referred"] == 1
    (row,) = world.fresh_rows(1)
    blocked = world.write_batch([{**row, "request_id": f"B-{number}"} for number in range(501)], "blocked")
    item = f"/items/{referred['request_id']}"
    with served(world) as service:
        people = People(service)
        for name, role, id_ in (
            ("overseer", "overseers", "inspector-general"),
            ("first", "approvers", "disclosure-officer"),
            ("second", "approvers", "chief-of-disclosure"),
            ("court", "courts", "district-court"),
            ("analyst", "requesters", "secretary-of-homeland-security"),
        ):
            people.join(name, world.key(role, id_))
        page = people.ask("overseer", "GET", "/oversight").text
        assert alarm(page, "Denied looks at another officer's item") == "0"
        assert alarm(page, "Changes that wait to loosen") == "none"
        assert alarm(page, "Batches that wait undecided") == "none"
        people.ask("first", "POST", f"{item}/take")
        assert people.ask("second", "GET", item).status == 403
        stay = people.act("court", "/orders/file", {"kind": "stay", "cite": "docket 1"}).location
        lift = {"kind": "lift", "cite": "vacated", "lifts": stay.split("/")[-1]}
        assert people.act("court", "/orders/file", lift).status == 303
        sent = people.upload(
            "analyst", "/batches", {each.name: each.read_bytes() for each in blocked.iterdir()}
        )
        for _ in range(600):
            if "CASELOAD" in (page := people.ask("overseer", "GET", "/oversight").text):
                break
            time.sleep(0.1)
        assert alarm(page, "Denied looks at another officer's item") == "1"
        assert alarm(page, "Changes that wait to loosen") == "0 proposed, 1 order"
        batch = sent.location.split("/")[-1]
        assert alarm(page, "Batches that wait undecided").startswith(f"{batch}, 501 items, waits, CASELOAD:")
        assert f"{batch}</td>" in people.ask("first", "GET", "/approvals").text
        report = people.ask("overseer", "GET", "/oversight/report").text
        assert re.search(r"another officer has, denied</th><td[^>]*>1<", report)


def alarm(page: str, name: str) -> str:
    """What stands beside an alarm."""
    found = re.search(rf'<th scope="row">{name}</th><td[^>]*>(.*?)</td>', page)
    assert found is not None, page
    return re.sub("<[^>]+>", "", found[1])
