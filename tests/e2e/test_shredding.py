"""A release's key is destroyed by two custodians, never under a preservation, never its accounting (R-61)."""

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from solely import afterwards, services
from solely.ledger.retention import bucket_of, bucket_word
from solely.steps import ordering
from solely_verify.__main__ import main as verify
from tests.e2e.test_inquiry import Asker, released, rows_of
from tests.support import faults
from tests.support.reading import entry_counts
from tests.support.world import APPROVERS, Ran, World

pytestmark = [pytest.mark.e2e, pytest.mark.rule("R-61")]


def shred(world: World, *words: str, offices: tuple[str, ...] = APPROVERS) -> Ran:
    """What a shredding in the name of these custodians gives."""
    keys = [word for office in offices for word in ("--as", str(world.key("approvers", office)))]
    return world.solely("shred", "--gate", world.gate, *words, *keys)


def recalled(world: World, *scope: str) -> str:
    """The id of a court's recall."""
    key = world.key("courts", "district-court")
    ran = world.solely("recall", "--gate", world.gate, "--as", key, "--cite", "docket 26-cv-0001", *scope)
    if ran.code == 4:  # filed already
        filed = world.solely("orders", "--gate", world.gate).lines
        of_it = (each for each in filed if scope[1] in each["scope"].values())
        return next(str(each["order"]) for each in of_it if each["kind"] == "recall")
    assert ran.code == 0, ran.err
    return str(ran.result["order"])


def by_order(world: World, row: dict, order: str = "", **more: tuple[str, ...]) -> Ran:
    """The key of one release destroyed by an order, by default a recall of that release."""
    order = order or recalled(world, "--release", row["id"])
    return shred(world, "--release", row["id"], "--order", order, **more)


def preserve(world: World, *words: str) -> Ran:
    """A court's order of preservation."""
    key = world.key("courts", "district-court")
    return world.solely("preserve", "--gate", world.gate, "--as", key, "--cite", "docket 25-cv-0677", *words)


def lift(world: World, order: str) -> None:
    """The lift of a preservation by its court, countersigned by two, and acting."""
    lifted = preserve(world, "--lift", order).result["order"]
    for office in APPROVERS:
        key = world.key("approvers", office)
        assert world.solely("countersign", lifted, "--gate", world.gate, "--as", key).code == 0
    world.environment["SOLELY_NOW"] = f"{(world.today + timedelta(days=2)).isoformat()}T12:00:00Z"


def opened(world: World, row: dict) -> Ran:
    """An opening of a release by its first officer."""
    key = world.key("officers", json.loads(row["officers"])[0])
    world.solely("accept", "--gate", world.gate, "--as", key)
    return world.solely(
        "open", world.gate / "outbox" / f"{row['request_id']}.tdf", "--key", key,
        "--gate", world.gate, "--confirm", row["request_id"],
    )  # fmt: skip


def destroyed(world: World, row: dict, capsys: pytest.CaptureFixture[str]) -> dict:
    """What an outsider finds of the destruction of a release."""
    log, key = str(world.gate / "ledger"), str(world.gate / "log.vkey")
    code = verify(["destroyed", log, "--key", key, "--release", str(row["entry_index"]), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert code == (0 if found["ok"] else 1)
    return found


def seeds(gate: Path) -> dict[str, bytes]:
    """The seeds that the gate keeps."""
    with sqlite3.connect(gate / "keys" / "release.sqlite") as keys:
        return dict(keys.execute("SELECT release_id, seed FROM seed"))


def test_a_release_destroyed_by_order_opens_no_more_and_keeps_its_accounting(fresh_world, capsys):
    gone, kept = released(fresh_world, "order")
    asker = Asker(fresh_world, "before")
    _, before = asker.ask(gone["record_ref"])
    receipt = next(before.glob("*.tlog-proof"))
    seed = seeds(fresh_world.gate)[gone["id"]]
    ran = by_order(fresh_world, gone)
    assert ran.code == 0, ran.err
    assert ran.result["says"]["keys"] == 1
    assert ran.result["says"]["approvers"] == list(APPROVERS)
    # The key, and what could be held against a guess of the address, stand in no file of the gate.
    files = [path.read_bytes() for path in fresh_world.gate.rglob("*") if path.is_file()]
    assert not any(seed in data or gone["address_sha256"].encode() in data for data in files)
    denied = opened(fresh_world, gone)
    assert (denied.code, "destroyed" in denied.err, denied.out) == (1, True, "")
    assert opened(fresh_world, kept).code == 0
    # The accounting stands, and so do receipts given before (I12).
    assert asker.ask(gone["record_ref"])[0].out.encode() == (before / "answer.json").read_bytes()
    assert verify(["receipt", str(receipt), "--key", str(fresh_world.gate / "log.vkey")]) == 0
    capsys.readouterr()
    found = destroyed(fresh_world, gone, capsys)
    assert found["ok"]
    steps = sorted(found["chain"], key=lambda word: found["chain"][word]["index"])
    assert steps == ["destroy-intent", "deleting", "destroy-cert"]
    assert not destroyed(fresh_world, kept, capsys)["ok"]
    assert by_order(fresh_world, gone).code == 4


def test_one_custodian_is_no_two_and_where_nothing_waits_that_is_said(fresh_world):
    gone, _ = released(fresh_world, "twice")
    twice = by_order(fresh_world, gone, offices=(APPROVERS[0], APPROVERS[0]))
    assert (twice.code, "one key twice" in twice.err) == (2, True)
    nothing = fresh_world.solely("shred", "--gate", fresh_world.gate)
    assert (nothing.code, nothing.out, "nothing is destroyed" in nothing.err) == (0, "", True)


def test_a_preservation_given_anew_takes_the_place_of_the_one_before(fresh_world):
    first = preserve(fresh_world)
    assert first.code == 0, first.err
    again = preserve(fresh_world)
    named = f"--supersedes {first.result['order']}"
    assert (again.code, named in again.err) == (4, True)
    assert preserve(fresh_world, *named.split()).code == 0


def test_keys_that_went_without_an_order_are_missed_at_once_and_made_anew_by_nobody(fresh_world):
    gone, kept = released(fresh_world, "lost")
    order = recalled(fresh_world, "--release", gone["id"])
    file = fresh_world.gate / "keys" / "release.sqlite"
    whole, none_left = file.read_bytes(), "`keys/release.sqlite` holds 0 keys of releases, and 2 were made"
    for held in (None, b"", b"no file of keys", _without(file, gone["id"])):
        file.unlink() if held is None else file.write_bytes(held)
        told = none_left if not held or held.startswith(b"no") else none_left.replace("0 keys", "1 keys")
        replayed = fresh_world.solely("replay", "--gate", fresh_world.gate, "--json")
        assert (replayed.code, replayed.result["otherwise"]) == (0, 0), replayed.err
        assert f"alarm: {told}" in replayed.err
        assert (
            fresh_world.solely(
                "verify", fresh_world.gate / "ledger", "--key", fresh_world.gate / "log.vkey"
            ).code
            == 0
        )
        for ran in (opened(fresh_world, kept), by_order(fresh_world, gone, order)):
            assert (ran.code, told in ran.err, ran.out) == (5, True, "")
        assert file.exists() == (held is not None)
    file.write_bytes(whole)
    file.chmod(0o600)
    assert opened(fresh_world, kept).code == 0
    ran = by_order(fresh_world, gone, order)
    assert (ran.code, "alarm" in ran.err) == (0, False), ran.err
    assert "alarm" not in fresh_world.solely("orders", "--gate", fresh_world.gate).err


def _without(file: Path, release_id: str) -> bytes:
    """The file of keys without the key of one release."""
    part = file.with_name("part.sqlite")
    part.write_bytes(file.read_bytes())
    with closing(sqlite3.connect(part)) as keys:
        keys.execute("DELETE FROM seed WHERE release_id = ?", [release_id])
        keys.commit()
    data = part.read_bytes()
    part.unlink()
    return data


@pytest.mark.parametrize("since", [0, 1])
def test_a_destroyed_key_that_an_older_copy_brings_back_is_told_and_destroyed_again(fresh_world, since):
    gone, kept = released(fresh_world, "back")
    file = fresh_world.gate / "keys" / "release.sqlite"
    older = file.read_bytes()
    assert by_order(fresh_world, gone).code == 0
    if since:  # as many keys as before: one that came since is lost in the older copy
        released(fresh_world, "since", 1)
    newer = file.read_bytes()
    assert "alarm" not in fresh_world.solely("orders", "--gate", fresh_world.gate).err
    file.write_bytes(older)
    told = fresh_world.solely("orders", "--gate", fresh_world.gate).err
    assert "holds 1 keys of which a certificate says that they are destroyed" in told
    assert ("alarm: `keys/release.sqlite` holds 1 keys of releases, and 2 were made" in told) is (since == 1)
    if since:
        file.write_bytes(newer)
        with closing(sqlite3.connect(file)) as keys:
            keys.execute("INSERT INTO seed VALUES (?, ?)", [gone["id"], b"s" * 32])
            keys.commit()
    pinned = preserve(fresh_world, "--release", gone["id"]).result["order"]
    again = fresh_world.solely("shred", "--gate", fresh_world.gate)
    assert f"there again: the preservation {pinned}" in again.err
    assert gone["id"] in seeds(fresh_world.gate)
    lift(fresh_world, pinned)
    before = entry_counts(fresh_world)
    again = fresh_world.solely("shred", "--gate", fresh_world.gate)
    assert (again.code, "were there again, and are gone" in again.err) == (0, True), again.err
    assert (gone["id"] in seeds(fresh_world.gate), entry_counts(fresh_world)) == (False, before)
    assert "alarm" not in fresh_world.solely("orders", "--gate", fresh_world.gate).err
    assert kept["id"] in seeds(fresh_world.gate)


@pytest.mark.rule("R-61", "R-82")
def test_a_destroyed_key_is_missed_too_when_the_rows_of_its_destruction_are_deleted(fresh_world):
    gone, _ = released(fresh_world, "hidden")
    file = fresh_world.gate / "keys" / "release.sqlite"
    older = file.read_bytes()
    assert by_order(fresh_world, gone).code == 0
    file.write_bytes(older)
    with fresh_world.state() as state:
        state.execute("DELETE FROM shredding")
        state.execute("DELETE FROM shred_order")
    told = fresh_world.solely("orders", "--gate", fresh_world.gate).err
    assert "alarm: the ledger has 1 certificates of destruction, and the table `shred_order` 0" in told


def test_a_bucket_is_destroyed_when_it_is_due_and_the_accounting_never(fresh_world, capsys):
    rows = released(fresh_world, "bucket", 3)
    word = bucket_word(bucket_of(fresh_world.today))
    early = shred(fresh_world, "--bucket", word)
    assert (early.code, "due after" in early.err) == (1, True)
    for name in (f"accounting-{word[8:]}", f"logs-{word[8:]}"):
        refused = shred(fresh_world, "--bucket", name)
        assert (refused.code, "R-61" in refused.err) == (1, True)
    assert entry_counts(fresh_world)["destroy-intent"] == 0
    later = fresh_world.today + timedelta(days=91)
    fresh_world.environment["SOLELY_NOW"] = f"{later.isoformat()}T12:00:00Z"
    ran = shred(fresh_world, "--bucket", word)
    assert ran.code == 0, ran.err
    assert ran.result["says"]["keys"] == len(rows)
    assert seeds(fresh_world.gate) == {}
    assert all(destroyed(fresh_world, row, capsys)["ok"] for row in rows)
    assert len(rows_of(fresh_world)) == len(rows)
    assert shred(fresh_world, "--bucket", word).code == 4


@pytest.mark.rule("R-84")
def test_two_custodians_who_are_independent_are_needed(fresh_world):
    row = released(fresh_world, "two", 1)[0]
    assert by_order(fresh_world, row, offices=APPROVERS[:1]).code == 2
    assert by_order(fresh_world, row, offices=(APPROVERS[0], APPROVERS[0])).code == 2
    officer = json.loads(row["officers"])[0]
    ran = fresh_world.solely(
        "shred", "--gate", fresh_world.gate, "--release", row["id"],
        "--order", recalled(fresh_world, "--release", row["id"]),
        "--as", fresh_world.key("approvers", APPROVERS[0]), "--as", fresh_world.key("officers", officer),
    )  # fmt: skip
    assert ran.code == 1
    assert entry_counts(fresh_world)["destroy-intent"] == 0
    assert row["id"] in seeds(fresh_world.gate)


def test_nothing_is_destroyed_under_a_preservation_until_it_is_lifted_by_its_court(fresh_world):
    one, other = released(fresh_world, "pinned")
    order = preserve(fresh_world, "--release", one["id"]).result["order"]
    assert opened(fresh_world, one).code == 0, "a preservation stops destruction and nothing else"
    refused = by_order(fresh_world, one)
    assert (refused.code, "preservation" in refused.err) == (1, True)
    assert by_order(fresh_world, other).code == 0
    approver = fresh_world.key("approvers", APPROVERS[0])
    lift = ("preserve", "--gate", fresh_world.gate, "--cite", "settled", "--lift", order, "--as")
    assert fresh_world.solely(*lift, approver).code == 1, "not the approver's to lift"
    lifted = fresh_world.solely(*lift, fresh_world.key("courts", "district-court"))
    assert lifted.code == 0, lifted.err
    for office in APPROVERS:
        assert fresh_world.solely(
            "countersign", lifted.result["order"], "--gate", fresh_world.gate,
            "--as", fresh_world.key("approvers", office),
        ).code == 0  # fmt: skip
    assert by_order(fresh_world, one).code == 1, "a loosening waits"
    later = fresh_world.today + timedelta(days=2)
    fresh_world.environment["SOLELY_NOW"] = f"{later.isoformat()}T12:00:00Z"
    assert by_order(fresh_world, one).code == 0
    counts = entry_counts(fresh_world)
    assert (counts["preservation"], counts["preservation-lift"], counts["destroy-cert"]) == (1, 1, 2)
    verified = fresh_world.solely(
        "verify", fresh_world.gate / "ledger", "--key", fresh_world.gate / "log.vkey"
    )
    assert verified.code == 0, verified.out


@pytest.mark.rule("R-91", "R-64")
def test_an_order_by_a_list_keeps_what_it_named_and_says_of_whom_it_cannot_when_the_records_forget(
    fresh_world,
):
    rows = fresh_world.fresh_rows(3)
    numbers = [row.pop("taxpayer_number") for row in rows]
    batch = fresh_world.write_batch(rows, "forgotten")
    assert fresh_world.run(batch).result["releasable"] == 3
    assert fresh_world.approve_by_two(batch).result["released"] == 3
    found = {row["request_id"]: row for row in rows_of(fresh_world)}
    named, other, beside = (found[row["request_id"]] for row in rows)

    def of(person: int) -> tuple[str, str]:
        path = fresh_world.root / f"list-{person}.json"
        path.write_text(json.dumps([{"taxpayer_number": numbers[person]}]))
        return "--people", str(path)

    order, pinned = recalled(fresh_world, *of(0)), preserve(fresh_world, *of(0)).result["order"]
    (file,) = fresh_world.folders.record_files()
    gone = (named["record_ref"], other["record_ref"])
    lines = [each for each in file.read_text().splitlines() if not each.startswith(gone)]
    file.write_text("\n".join(lines) + "\n")
    assert fresh_world.init_again("--records", file, "--as-of", str(fresh_world.today)).code == 0

    def complied(order: str) -> dict:
        return fresh_world.solely("comply", order, "--gate", fresh_world.gate).result["releases"]

    entries = [row["entry_index"] for row in (named, other, beside)]
    assert (complied(order)["unopened"], complied(order)["unsaid"]) == (entries[:1], entries[1:2])
    by_id = [recalled(fresh_world, "--release", row["id"]) for row in (named, other, beside)]
    for row, each in zip((named, other), by_id, strict=False):
        ran = by_order(fresh_world, row, each)
        assert (ran.code, f"the preservation {pinned} stands" in ran.err) == (1, True), "in doubt, kept too"
    assert by_order(fresh_world, beside, by_id[2]).code == 0, "the records have whom this is about"
    late = fresh_world.solely(
        "recall", "--gate", fresh_world.gate, "--as", fresh_world.key("courts", "district-court"),
        "--cite", "docket 26-cv-0002", *of(1),
    )  # fmt: skip
    assert (late.code, "of 2 releases the list cannot say" in late.err) == (0, True), late.err
    assert complied(late.result["order"])["unsaid"] == sorted(entries[:2])
    checked = fresh_world.solely(
        "verify", fresh_world.gate / "ledger", "--key", fresh_world.gate / "log.vkey"
    )
    assert checked.code == 0, checked.out


def test_a_single_release_is_destroyed_by_a_recall_that_is_filed_here_in_force_and_reaches_it(fresh_world):
    one, other = released(fresh_world, "reached")
    court = ("--as", fresh_world.key("courts", "district-court"), "--cite", "a stay")
    stay = fresh_world.solely("stay", "--gate", fresh_world.gate, *court, "--request", one["request_id"])
    stayed = stay.result["order"]
    wrong = {
        "no such order is filed": "docket-26-cv-0001",
        "does not reach this release": recalled(fresh_world, "--release", other["id"]),
        "is a stay": stayed,
    }
    for why, order in wrong.items():
        ran = by_order(fresh_world, one, order)
        assert (ran.code in (1, 2), why in ran.err) == (True, True), ran.err
    unnamed = shred(fresh_world, "--release", one["id"])
    assert (unnamed.code, "`--order` names its id" in unnamed.err) == (2, True)
    assert entry_counts(fresh_world)["destroy-intent"] == 0
    assert seeds(fresh_world.gate).keys() == {one["id"], other["id"]}
    assert by_order(fresh_world, one).code == 0
    assert seeds(fresh_world.gate).keys() == {other["id"]}


@pytest.mark.rule("R-82")
@pytest.mark.rule("R-99")
def test_what_was_recalled_for_want_of_a_check_is_destroyed_without_an_order_and_nothing_else_is(fresh_world):
    home = fresh_world.amend(("release_days_max = 90", "release_days_max = 90\nurgent_check_days = 7"))
    assert fresh_world.solely("init", fresh_world.gate, "--agreement", home).code == 0
    fresh_world.set_clock()
    late, checked = released(fresh_world, "urgent")
    official = fresh_world.key("approvers", "privacy-officer")
    words = ("--gate", fresh_world.gate, "--as", official, "--note", "confirmed by file")
    assert fresh_world.solely("checked", checked["request_id"], *words).code == 0

    def unordered(row: dict) -> tuple[int, bool]:
        ran = shred(fresh_world, "--release", row["id"])
        return ran.code, "`--order` names its id" in ran.err

    fresh_world.set_clock(days=7)
    assert unordered(late) == unordered(checked) == (2, True), "its day is not over"
    fresh_world.set_clock(days=8)
    assert opened(fresh_world, late).code == 1
    assert entry_counts(fresh_world)["recall"] == 1
    assert unordered(checked) == (2, True)
    assert shred(fresh_world, "--release", late["id"], offices=APPROVERS[:1]).code != 0
    assert unordered(late) == (0, False)
    assert set(seeds(fresh_world.gate)) == {checked["id"]}
    assert unordered(late)[0] == 4
    assert opened(fresh_world, checked).code == 0


def test_an_order_of_destruction_put_into_the_tables_by_hand_stops_the_gate(fresh_world):
    one, other = released(fresh_world, "forged")
    assert by_order(fresh_world, one).code == 0
    with sqlite3.connect(fresh_world.gate / "state.sqlite") as state:
        state.execute("UPDATE shredding SET release_id = ?", (other["id"],))
    assert fresh_world.solely("shred", "--gate", fresh_world.gate).code == 5


@pytest.fixture(scope="module")
def two_released(new_gate: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, list[dict]]:
    """A gate that has released two packages, to be copied for each crash."""
    root = tmp_path_factory.mktemp("crash") / "world"
    shutil.copytree(new_gate.root, root)
    world = World(type(new_gate.folders)(root), new_gate.population, new_gate.requests, new_gate.today)
    rows = released(world, "crash")
    for row in rows:
        recalled(world, "--release", row["id"])
    return world, rows


def attempt(gate: Path, world: World, row: dict | None) -> None:
    """One command in this process: destroy by order, or carry on."""
    keys = [world.key("approvers", office) for office in APPROVERS] if row else []
    with services.opened(gate) as opened_gate:
        orders = [each.order for each in ordering.filed(opened_gate)]
        by = [each for each in orders if row and each.scope.release == row["id"]]
        named = (None, row["id"], by[0].id) if row else (None, None, "")
        afterwards.shred(opened_gate, named, keys)


def crashed_and_carried_on(
    world: World, row: dict, gate: Path, monkeypatch, fails_at: int, takes: bool
) -> bool:
    """True when the fault came to pass; whatever it was, the next command finishes what was begun."""
    shutil.rmtree(gate, ignore_errors=True)
    shutil.copytree(world.gate, gate)
    fault = faults.World(fails_at, takes_effect=takes)
    try:
        with faults.entered(fault, monkeypatch):
            attempt(gate, world, row)
    except faults.Crash:
        pass
    held = seeds(gate)
    with sqlite3.connect(gate / "state.sqlite") as state:
        certificates = state.execute("SELECT certificate_index FROM shred_order").fetchall()
    if row["id"] not in held:
        assert certificates, "no key goes before its intent"
    if certificates and certificates[0][0] is not None:
        assert row["id"] not in held, "no certificate before the key is gone"
    attempt(gate, world, None)
    with sqlite3.connect(gate / "state.sqlite") as state:
        done = state.execute("SELECT certificate_index FROM shred_order").fetchall()
    assert all(index is not None for (index,) in done)
    assert (row["id"] in seeds(gate)) is (not done)
    assert verify(["log", str(gate / "ledger"), "--key", str(gate / "log.vkey"), "--json"]) == 0
    return fault.failed is not None


@pytest.mark.parametrize("takes", [False, True])
def test_a_crash_at_any_place_is_carried_on_rightly(two_released, tmp_path, monkeypatch, takes):
    world, (row, _) = two_released
    counted = faults.World()
    shutil.copytree(world.gate, tmp_path / "counted")
    with faults.entered(counted, monkeypatch):
        attempt(tmp_path / "counted", world, row)
    places = range(1 + takes, counted.calls, max(1, counted.calls // 24))
    for fails_at in places:
        assert crashed_and_carried_on(world, row, tmp_path / "gate", monkeypatch, fails_at, takes)


def test_a_preservation_between_intent_and_deletion_keeps_the_key(two_released, tmp_path, monkeypatch):
    world, (row, _) = two_released
    gate = tmp_path / "gate"
    for fails_at in range(1, 400, 4):
        shutil.rmtree(gate, ignore_errors=True)
        shutil.copytree(world.gate, gate)
        fault = faults.World(fails_at)
        try:
            with faults.entered(fault, monkeypatch):
                attempt(gate, world, row)
        except faults.Crash:
            pass
        with sqlite3.connect(gate / "state.sqlite") as state:
            found = state.execute("SELECT deleting_index FROM shred_order").fetchall()
        if found and row["id"] in seeds(gate):
            break
    else:
        pytest.fail("no place lies between intent and deletion")
    here = World(world.folders, world.population, world.requests, world.today)
    ran = here.solely(
        "preserve", "--gate", gate, "--as", here.key("courts", "district-court"), "--cite", "an order"
    )
    assert ran.code == 0, ran.err
    attempt(gate, world, None)
    assert row["id"] in seeds(gate)
