"""What an overseer takes away: entries opened by scope, and a sample that the custodian cannot steer."""

import base64
import csv
import json
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from solely import services
from solely.ledger.entry import EntryType, decode
from solely.steps import exporting
from solely.steps.approving import read_key
from solely_verify.__main__ import main
from solely_verify.objects import canonical
from tests.support.world import APPROVERS, Ran, World, officer_of

pytestmark = pytest.mark.e2e
OPENED = {
    "committee": {"A"},
    "auditor": {"A"},
    "inspector-general": {"A", "B", "R"},
    "court": {"A", "B", "C", "R"},
    "public": set(),
}
Line = dict[str, Any]


@pytest.fixture
def world(released_world: World, tmp_path: Path) -> World:
    """A released world of its own."""
    return released_world.copied(tmp_path / "world")


def export(world: World, scope: str, *more: str | Path) -> Ran:
    """What `export` gives; the folder is named after the scope."""
    out, key = world.root / scope, world.key("approvers", "privacy-officer")
    return world.solely("export", "--gate", world.gate, "--scope", scope, "--out", out, "--as", key, *more)


def sample(world: World, count: int, nonce: str = "7f3a") -> tuple[Path, Path]:
    """A checkpoint kept, and the folder of a sample drawn from it."""
    kept, out = world.root / "kept-checkpoint.txt", world.root / "drawn"
    kept.write_bytes((world.gate / "ledger" / "checkpoint").read_bytes())
    key = world.key("approvers", "privacy-officer")
    named = ("--checkpoint", kept, "--nonce", nonce, "--count", str(count), "--out", out, "--as", key)
    ran = world.solely("sample", "--gate", world.gate, *named)
    assert ran.code == 0, ran.err
    return kept, out


def verify(world: World, verb: str, folder: Path, *more: str | Path) -> dict[str, Any]:
    """What the overseer's own tool says of a folder."""
    printed = StringIO()
    with redirect_stdout(printed):
        code = main([verb, str(folder), "--key", str(world.gate / "log.vkey"), "--json", *map(str, more)])
    told = json.loads(printed.getvalue())
    assert code == (0 if told["ok"] else 1)
    return told


def verify_sample(world: World, folder: Path, kept: Path, count: int, nonce: str = "7f3a") -> dict[str, Any]:
    """What the tool says of a sample of so many decisions, drawn from a checkpoint with a nonce."""
    more: tuple[str | Path, ...] = ("--checkpoint", kept, "--nonce", nonce, "--count", str(count))
    return verify(world, "sample", folder, *more)


def lines_of(folder: Path) -> list[Line]:
    return [json.loads(line) for line in (folder / "leaves.jsonl").read_text().splitlines()]


def put(folder: Path, lines: list[Line]) -> None:
    (folder / "leaves.jsonl").write_bytes(b"".join(canonical(line) + b"\n" for line in lines))


@pytest.mark.rule("R-60")
def test_each_scope_opens_its_groups_and_says_why_the_others_stay_closed(world: World) -> None:
    for scope, opened in OPENED.items():
        ran = export(world, scope)
        assert ran.code == 0, ran.err
        told = verify(world, "export", world.root / scope)
        assert told["ok"], told["findings"]
        lines = lines_of(world.root / scope)
        assert [line["index"] for line in lines] == list(range(told["size"]))
        assert lines[-1]["index"] == ran.result["entry"], "the export stands in what it hands out"
        shown = {group for line in lines for group, each in line["groups"].items() if "content" in each}
        assert shown == opened
        assert all(line["withheld"].get("D") in (None, "internal") for line in lines)
    assert verify(world, "log", world.gate / "ledger")["entries"]["export"] == len(OPENED)


@pytest.mark.rule("R-56", "R-60")
def test_a_court_computes_every_digest_that_is_opened_from_what_it_is_shown(world: World) -> None:
    assert export(world, "court").code == 0
    with (world.folders.batch / "data.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    groups = [line["groups"] for line in lines_of(world.root / "court")]
    opened = [{name: each.get("content") for name, each in group.items()} for group in groups]
    decided = [json.loads(each["B"]) for each in opened if "D" in each]
    for said in decided:
        cells = [cell if cell.strip() else None for cell in rows[said["row"] - 1].values()]
        if said["request_id"] is None:
            cells[0] = None  # malformed, and kept nowhere
        assert said["item_sha256"] == digest_of(cells)
    assert len(decided) == len(rows)
    released = {each["R"]: json.loads(each["C"]) for each in opened if "C" in each}
    for request, said in released.items():
        package = world.gate / "outbox" / f"{request}.tdf"
        assert said["package_sha256"] == sha256(package.read_bytes()).hexdigest()
    row = next(each for each in rows if each["request_id"] in released)
    world.accept(officer_of(row))
    address = world.open(row).result["address"]
    fields = [address[name] for name in ("street_line", "unit", "city", "state", "zip")]
    assert released[row["request_id"]]["address_sha256"] == digest_of(fields)


def digest_of(values: list[Any]) -> str:
    """The SHA-256 of a canonical JSON array of texts and nulls, without the gate's own encoder."""
    return sha256(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


@pytest.mark.rule("R-60")
def test_more_than_the_scope_is_denied_and_the_denial_is_an_entry(world: World) -> None:
    ran = export(world, "auditor", "--open", "AB")
    assert ran.code == 1
    assert "does not open group B" in ran.err
    assert not (world.root / "auditor").exists()
    assert export(world, "public").code == 0
    classes = [_class(line) for line in lines_of(world.root / "public")]
    assert [each for each in classes if each is not None] == [2, 1]
    assert export(world, "subject").code == 2


@pytest.mark.rule("R-58", "R-100")
def test_public_figures_hide_small_counts_and_are_made_of_no_edited_state(world: World) -> None:
    assert export(world, "public").code == 0
    assert len((world.root / "public" / "figures.csv").read_text().splitlines()) == 1  # no month is over yet
    (world.root / "public").rename(world.root / "early")
    world.environment["SOLELY_NOW"] = f"{world.today + timedelta(days=70)}T12:00:00Z"
    assert export(world, "public").code == 0
    head, line = (each.split(",") for each in (world.root / "public" / "figures.csv").read_text().split()[:2])
    figures = dict(zip(head, line, strict=True))
    assert figures["month"] == f"{world.today:%Y-%m}"
    assert (figures["items"], figures["openings"]) == ("200", "suppressed")
    assert all(number == "suppressed" or int(number) % 10 == 0 for number in line[1:])
    told = verify(world, "export", world.root / "public")
    assert told["notes"] == ["figures.csv: beside the export, and not checked here"]
    with world.state() as state:
        state.execute("UPDATE case_file SET state = 'withheld' WHERE state = 'released'")
    (world.root / "public").rename(world.root / "late")
    edited = export(world, "public")
    assert (edited.code, "no account is made" in edited.err) == (1, True)
    assert not (world.root / "public").exists()


@pytest.mark.rule("R-55", "R-60")
def test_a_release_that_is_deleted_from_the_table_is_not_exported_as_not_kept(world: World) -> None:
    with world.state() as state:
        state.execute("DELETE FROM release WHERE rowid IN (SELECT rowid FROM release LIMIT 1)")
    ran = export(world, "court")
    assert (ran.code, "a release of the ledger is missing" in ran.err) == (5, True), ran.err
    assert not (world.root / "court" / "leaves.jsonl").exists()


def _class(line: Line) -> int | None:
    """The class of an export's entry."""
    entry = decode(base64.b64decode(line["entry"]))
    return entry.outcome if entry.type is EntryType.EXPORT else None


@pytest.mark.rule("R-60")
def test_an_overseer_takes_its_own_export_and_none_of_a_courts(world: World) -> None:
    key, asked = world.key("overseers", "inspector-general"), ("export", "--gate", world.gate, "--as")
    taken = world.solely(*asked, key, "--scope", "inspector-general", "--out", world.root / "ig")
    assert taken.code == 0, taken.err
    assert verify(world, "export", world.root / "ig")["ok"]
    denied = world.solely(*asked, key, "--scope", "court", "--out", world.root / "more")
    assert (denied.code, (world.root / "more").exists()) == (1, False)
    assert "this key takes an export of scope" in denied.err
    court = world.key("courts", "district-court")
    own = world.solely(*asked, court, "--scope", "court", "--out", world.root / "c")
    assert own.code == 0, own.err


@pytest.mark.rule("R-60")
def test_an_officer_who_receives_takes_no_export(world: World) -> None:
    key = world.key("officers", next((world.root / "keys" / "officers").glob("*.pem")).stem)
    ran = world.solely(
        "export", "--gate", world.gate, "--scope", "public", "--out", world.root / "x", "--as", key
    )
    assert ran.code == 1
    assert not (world.root / "x").exists()


@pytest.mark.rule("R-60")
def test_of_one_batch_the_entries_from_its_request_on_lead_to_the_same_root(world: World) -> None:
    ran = export(world, "court", "--batch", world.folders.batch)
    assert ran.code == 0, ran.err
    told = verify(world, "export", world.root / "court")
    assert told["ok"], told["findings"]
    assert ran.result["first"] > 0
    assert told["lines"] == told["size"] - ran.result["first"]
    assert (world.root / "court" / "leaves.jsonl").stat().st_mode & 0o077 == 0
    assert told["opened"]["C"] == len(list((world.gate / "outbox").iterdir()))


@pytest.mark.rule("R-60", "R-61")
def test_what_was_destroyed_stays_closed_and_its_identity_opens(world: World) -> None:
    with world.state() as state:
        release, index = state.execute("SELECT id, entry_index FROM release").fetchone()
    keys = [word for office in APPROVERS for word in ("--as", world.key("approvers", office))]
    court = ("--as", world.key("courts", "district-court"), "--cite", "docket 26-cv-0001")
    recall = world.solely("recall", "--gate", world.gate, *court, "--release", release).result["order"]
    named = ("--gate", world.gate, "--release", release, "--order", recall)
    assert world.solely("shred", *named, *keys).code == 0
    ran = export(world, "court")
    assert ran.code == 0, ran.err
    assert verify(world, "export", world.root / "court")["ok"]
    line = lines_of(world.root / "court")[index]
    assert line["withheld"] == {"C": "destroyed"}
    assert set(line["groups"]["C"]) == {"commitment"}
    assert "content" in line["groups"]["B"]


@pytest.mark.rule("R-60")
def test_a_decision_of_people_opens_like_the_first(fresh_world: World) -> None:
    (row,) = fresh_world.fresh_rows(1, statute="18 USC 1001")
    batch = fresh_world.write_batch([row], "referred")
    assert fresh_world.run(batch).result["referred"] == 1
    for office in APPROVERS:
        assert fresh_world.review(row["request_id"], office).code == 0
    assert export(fresh_world, "inspector-general", "--batch", batch).code == 0
    assert verify(fresh_world, "export", fresh_world.root / "inspector-general")["ok"]
    said = [
        json.loads(line["groups"]["A"]["content"])["disposition"]
        for line in lines_of(fresh_world.root / "inspector-general")
        if "A" in line["groups"]
    ]
    assert said == ["referred", "releasable"]


def _opened(lines: list[Line]) -> Line:
    return next(line for line in lines if "content" in line["groups"].get("A", {}))


def change_content(lines: list[Line]) -> list[Line]:
    _opened(lines)["groups"]["A"]["content"] += " "
    return lines


def change_salt(lines: list[Line]) -> list[Line]:
    _opened(lines)["groups"]["A"]["salt"] = base64.b64encode(bytes(32)).decode()
    return lines


def drop(lines: list[Line]) -> list[Line]:
    return lines[:-3] + lines[-2:]


def cut(lines: list[Line]) -> list[Line]:
    return lines[:-1]


def swap(lines: list[Line]) -> list[Line]:
    lines[-1], lines[-2] = (
        lines[-2] | {"index": lines[-1]["index"]},
        lines[-1] | {"index": lines[-2]["index"]},
    )
    return lines


def exchange(lines: list[Line]) -> list[Line]:
    return [*lines[:-2], lines[-1], lines[-2]]


def hide(lines: list[Line]) -> list[Line]:
    del _opened(lines)["withheld"]["B"]
    return lines


@pytest.mark.rule("R-60")
@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (change_content, "do not give the body"),
        (change_salt, "do not give the body"),
        (drop, "is missing"),
        (cut, "is missing"),
        (swap, "not that of the signed tree"),
        (exchange, "is missing, or not in its place"),
        (hide, "closed without a reason"),
    ],
)
def test_an_export_that_was_changed_is_refused_with_the_place(
    world: World, tamper: Callable[[list[Line]], list[Line]], named: str
) -> None:
    assert export(world, "auditor").code == 0
    folder = world.root / "auditor"
    put(folder, tamper(lines_of(folder)))
    told = verify(world, "export", folder)
    assert not told["ok"]
    assert any(named in each for each in told["findings"])
    assert "entr" in told["findings"][0]


@pytest.mark.rule("R-60")
@pytest.mark.parametrize(("at", "named"), [(3, "entries 0 to 255:"), (-3, "entries 256 to ")])
def test_changed_bytes_are_named_by_their_bundle(world: World, at: int, named: str) -> None:
    assert export(world, "public").code == 0
    folder = world.root / "public"
    lines = lines_of(folder)
    entry = bytearray(base64.b64decode(lines[at]["entry"]))
    entry[entry.index(b"\x08\x50") + 2] ^= 1  # in the nonce, to which no group is held
    lines[at]["entry"] = base64.b64encode(entry).decode()
    put(folder, lines)
    told = verify(world, "export", folder)
    assert len(told["findings"]) == 1
    assert told["findings"][0].startswith(named)


@pytest.mark.rule("R-105")
def test_a_sample_is_what_the_overseers_checkpoint_and_nonce_draw(world: World) -> None:
    kept, folder = sample(world, 30)
    told = verify_sample(world, folder, kept, 30)
    assert told["ok"], told["findings"]
    assert told["opened"] == {"A": 30}
    assert "notes" not in told
    assert not verify_sample(world, folder, kept, 30, "other")["ok"]
    assert "count" in verify_sample(world, folder, kept, 31)["findings"][0]


@pytest.mark.rule("R-105")
def test_a_draw_without_a_nonce_is_told_to_be_one_that_the_custodian_could_choose(world: World) -> None:
    kept, folder = sample(world, 30, nonce="")
    told = verify_sample(world, folder, kept, 30, nonce="")
    assert (told["ok"], "could have signed checkpoints" in told["notes"][0]) == (True, True)


@pytest.mark.rule("R-105")
def test_other_items_than_the_drawn_ones_do_not_verify(world: World) -> None:
    kept, folder = sample(world, 30)
    lines = lines_of(folder)
    for offered in (lines[1:], lines[:-1], [*lines, lines[0]], [lines[1], lines[0], *lines[2:]]):
        put(folder, offered)
        told = verify_sample(world, folder, kept, 30)
        assert not told["ok"]
        assert "draw" in told["findings"][0]
    put(folder, [lines[0] | {"entry": lines[1]["entry"]}, *lines[1:]])
    told = verify_sample(world, folder, kept, 30)
    assert "not that of the signed tree" in told["findings"][0]


@pytest.mark.rule("R-105")
def test_more_than_there_is_draws_every_decision(world: World) -> None:
    kept, folder = sample(world, 5_000)
    told = verify_sample(world, folder, kept, 5_000)
    assert told["ok"], told["findings"]
    assert told["lines"] == told["size"]
    assert told["opened"]["A"] >= 200


@pytest.mark.rule("R-105")
def test_a_draw_that_is_read_in_many_parts_leaves_no_entry_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_AT_ONCE", 16)
    kept, out = world.gate / "ledger" / "checkpoint", world.root / "drawn"
    note, signer = kept.read_bytes(), read_key(world.key("approvers", "privacy-officer"))
    with services.opened(world.gate, progress=[].append) as opened:
        exporting.sample(opened, (note, "7f3a", 100), signer, out, opened.now())
    kept = world.root / "kept-checkpoint.txt"
    kept.write_bytes(note)
    told = verify_sample(world, out, kept, 100)
    assert told["ok"], told["findings"]
    assert told["lines"] > 100


@pytest.mark.rule("R-105")
def test_a_checkpoint_of_another_ledger_draws_nothing(world: World) -> None:
    kept = world.root / "kept-checkpoint.txt"
    kept.write_bytes((world.gate / "ledger" / "checkpoint").read_bytes().replace(b"\n", b"x\n", 1))
    key, out = world.key("approvers", "privacy-officer"), world.root / "drawn"
    ran = world.solely("sample", "--gate", world.gate, "--checkpoint", kept, "--out", out, "--as", key)
    assert ran.code == 2
    assert not out.exists()


# -- what was left out, or does not follow the form -----------------------------------------------------

Told = tuple[dict[str, Any], list[Line]]


def _reindexed(header: dict[str, Any], lines: list[Line]) -> Told:
    """The header with the counts of these lines."""
    index: dict[str, Counter[str]] = {}
    for line in lines:
        for group, why in line["withheld"].items():
            index.setdefault(group, Counter())[why] += 1
    opened = Counter(group for line in lines for group, each in line["groups"].items() if "content" in each)
    reasons = {why: header["reasons"].get(why, "words") for each in index.values() for why in each}
    counts = {"withheld": index, "opened": opened, "entries": len(lines), "reasons": reasons}
    return header | counts, lines


def _silent(header: dict[str, Any], lines: list[Line]) -> Told:
    _opened(lines).update(groups={}, withheld={})
    return _reindexed(header, lines)


def _all_silent(header: dict[str, Any], lines: list[Line]) -> Told:
    return _reindexed(header, [line | {"groups": {}, "withheld": {}} for line in lines])


def _reason(why: object) -> Callable[[dict[str, Any], list[Line]], Told]:
    def changed(header: dict[str, Any], lines: list[Line]) -> Told:
        _opened(lines)["withheld"]["B"] = why
        return _reindexed(header, lines)

    return changed


def _closed_to_the_scope(header: dict[str, Any], lines: list[Line]) -> Told:
    _opened(lines).update(groups={}, withheld=dict.fromkeys("ABR", "scope") | {"D": "internal"})
    return _reindexed(header, lines)


def _unknown_group(header: dict[str, Any], lines: list[Line]) -> Told:
    _opened(lines)["withheld"]["Z"] = "scope"
    return _reindexed(header, lines)


def _line_says(**words: object) -> Callable[[dict[str, Any], list[Line]], Told]:
    def changed(header: dict[str, Any], lines: list[Line]) -> Told:
        lines[1].update(words)
        return header, lines

    return changed


def _header_says(**words: object) -> Callable[[dict[str, Any], list[Line]], Told]:
    return lambda header, lines: (header | words, lines)


@pytest.mark.rule("R-60")
@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (_silent, "group A is neither opened nor withheld with a reason"),
        (_all_silent, "is neither opened nor withheld with a reason"),
        (_reason(""), "group B is withheld for a reason that does not fit"),
        (_reason("destroyed"), "group B is withheld for a reason that does not fit"),
        (_closed_to_the_scope, "group A is withheld for a reason that does not fit"),
        (_unknown_group, "names a group that `decision` does not have"),
        (_line_says(index=True), "entry 1 is missing"),
        (_line_says(index=1.0), "leaves.jsonl line 2"),
        (_line_says(verdict="approved"), "leaves.jsonl line 2: a member"),
        (_line_says(bundle="AAAA"), "leaves.jsonl line 2: `bundle`"),
        (_header_says(note="all is well"), "export.json: a member"),
        (_header_says(scope="public", opens=""), "not open to the scope"),
        (_header_says(scope="everything"), "export.json `scope`"),
        (_header_says(opens="AB"), "export.json `opens`"),
        (_header_says(opened={"A": 1}), "export.json `opened`"),
        (_header_says(entry=0), "export.json `entry`"),
        (_header_says(first=False), "export.json `first`"),
        (_header_says(reasons={"scope": None}), "export.json `reasons`"),
        (_header_says(entries=float("nan")), "export.json: no JSON object"),
    ],
)
def test_an_export_that_leaves_out_in_silence_or_lies_in_its_header_is_refused(
    world: World, tamper: Callable[[dict[str, Any], list[Line]], Told], named: str
) -> None:
    assert export(world, "auditor").code == 0
    folder = world.root / "auditor"
    header, lines = tamper(json.loads((folder / "export.json").read_text()), lines_of(folder))
    (folder / "export.json").write_text(json.dumps(header))
    put(folder, lines)
    told = verify(world, "export", folder)
    assert not told["ok"]
    assert any(named in each for each in told["findings"])


@pytest.mark.rule("R-60")
def test_a_key_that_stands_twice_is_refused(world: World) -> None:
    assert export(world, "auditor").code == 0
    lines = world.root / "auditor" / "leaves.jsonl"
    text = lines.read_text()
    lines.write_text(text.replace('"content":', '"content":"forged","content":', 1))
    assert "a key that stands twice" in verify(world, "export", world.root / "auditor")["findings"][0]
    lines.write_text(text.replace('":', '": ', 1))
    assert "line 1: not one canonical" in verify(world, "export", world.root / "auditor")["findings"][0]
    lines.write_text(text.replace('":"', '":"\\ud800', 1))
    assert "line 1: not one canonical" in verify(world, "export", world.root / "auditor")["findings"][0]
    lines.write_text("\ufeff" + text)
    assert "no JSON object" in verify(world, "export", world.root / "auditor")["findings"][0]
    lines.write_text(text)
    header = world.root / "auditor" / "export.json"
    header.write_text(header.read_text().replace("{", '{"scope": "public", ', 1))
    assert "a key that stands twice" in verify(world, "export", world.root / "auditor")["findings"][0]


def _unopened(header: dict[str, Any], lines: list[Line]) -> Told:
    line = _opened(lines)
    line["groups"], line["withheld"] = {}, line["withheld"] | {"A": "not-kept"}
    return _reindexed(header, lines)


def _shortened(header: dict[str, Any], lines: list[Line]) -> Told:
    end = lines.index(_opened(lines)) + 1
    return _reindexed(header | {"count": 1}, lines[:end])


def _nothing_drawn(header: dict[str, Any], lines: list[Line]) -> Told:
    return _reindexed(header | {"count": 0}, [])


@pytest.mark.rule("R-105")
@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (_silent, "group A is neither opened nor withheld"),
        (_unopened, "it was drawn, and its group A is not opened"),
        (_shortened, "export.json `count`: not the 30"),
        (_nothing_drawn, "export.json `count`: not the 30"),
        (_header_says(nonce="other"), "export.json `nonce`"),
        (_header_says(scope="court"), "scope `auditor`"),
        (_header_says(opens=""), "scope `auditor`"),
        (_header_says(entry=0), "export.json `entry`"),
    ],
)
def test_a_sample_that_is_short_closed_or_not_what_was_asked_is_refused(
    world: World, tamper: Callable[[dict[str, Any], list[Line]], Told], named: str
) -> None:
    kept, folder = sample(world, 30)
    header, lines = tamper(json.loads((folder / "export.json").read_text()), lines_of(folder))
    (folder / "export.json").write_text(json.dumps(header))
    put(folder, lines)
    told = verify_sample(world, folder, kept, 30)
    assert not told["ok"]
    assert named in told["findings"][0]
    (folder / "checkpoint").write_bytes(kept.read_bytes() + b"x\n")
    assert "the folder's is not" in verify_sample(world, folder, kept, 30)["findings"][0]
