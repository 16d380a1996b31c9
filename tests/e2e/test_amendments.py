"""An amendment comes into force between decision, approval and opening; the stricter version wins."""

import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest

from demo import submission
from solely.agreement.parts import cut, salts_of
from solely.agreement.statement import NARROWED, salts_text, state
from solely.notary import Signing, sign_agreement, statement_of
from solely.signing import parse_private_key, sign
from solely.store.law import PUBLIC, find_law, write_signed
from solely.store.signed_law import load_law, read_version, require_successor
from solely.store.trust import read_trust
from tests.support.reading import entries_of
from tests.support.world import APPROVERS, World

pytestmark = pytest.mark.e2e
HOME = "law/agreements/irs-ice-2025"


def decided(world: World, statute: str = "18 USC 1546(a)"):
    """A batch of two rows, one under a statute that a next version strikes."""
    rows = [
        row | {"statute": each}
        for row, each in zip(world.fresh_rows(2), (statute, "8 USC 1326(a)"), strict=True)
    ]
    batch = world.write_batch(rows, "amended")
    ran = world.run(batch)
    assert (ran.code, ran.result["releasable"]) == (0, 2), ran.out + ran.err
    return batch, rows


def strike(world: World, party: str = "treasury"):
    """Put in force, signed by one party alone, what a court leaves of the list."""
    out = world.folders.agreement.with_name("remaining")
    struck = world.solely(
        "strike",
        world.gate / HOME,
        "designated_statutes: 18 USC 1546(a)",
        "--order",
        "docket-7",
        "--out",
        out,
    )
    assert struck.code == 0, struck.err
    signed = world.solely(
        "sign", out, "--as", world.key("parties", party), "--party", party, "--supersedes", world.gate / HOME,
        "--narrowing",
    )  # fmt: skip
    assert signed.code == 0, signed.err
    return world.solely("init", world.gate, "--agreement", out)


@pytest.mark.rule("R-83", "R-09")
def test_an_entry_struck_between_decision_and_approval_releases_nothing_of_it(fresh_world):
    batch, rows = decided(fresh_world)
    put = strike(fresh_world)
    assert put.code == 0, put.err
    first, second = (fresh_world.approve(batch, office) for office in APPROVERS)
    assert (first.code, second.code) == (0, 0), second.err
    left = {path.stem for path in fresh_world.packages()}
    assert left == {rows[1]["request_id"]}


@pytest.mark.rule("R-83")
def test_an_entry_struck_after_release_denies_the_opening(fresh_world):
    batch, rows = decided(fresh_world)
    assert fresh_world.approve_by_two(batch).code == 0
    assert strike(fresh_world).code == 0
    for row, code in zip(rows, (1, 0), strict=True):
        ran = fresh_world.open(row)
        assert ran.code == code, ran.err


@pytest.mark.rule("R-09", "R-83")
def test_what_was_received_before_an_amendment_is_named_by_the_version_of_its_receipt(fresh_world):
    before = statement_of(find_law(fresh_world.gate / HOME))
    batch, _ = decided(fresh_world)
    home = fresh_world.amend(("order_days_min = 90", "order_days_min = 80"))
    put = fresh_world.solely("init", fresh_world.gate, "--agreement", home)
    assert put.code == 0, put.err
    assert fresh_world.approve_by_two(batch).result["released"] == 2
    after = statement_of(find_law(fresh_world.gate / HOME))
    assert (after.supersedes, after.version) == (before.root, "2")
    named = [each.agreement.hex() for each in entries_of(fresh_world) if each.agreement is not None]
    assert set(named) == {before.digest, after.digest}
    assert named[0] == before.digest


@pytest.mark.rule("R-83", "R-106")
def test_explanation_and_report_name_the_version_that_a_decision_was_made_under(fresh_world):
    before = statement_of(find_law(fresh_world.gate / HOME))
    _, rows = decided(fresh_world)
    asked = ("explain", rows[0]["request_id"], "--gate", fresh_world.gate, "--view", "auditor", "--json")
    told = fresh_world.solely(*asked).result
    assert strike(fresh_world).code == 0
    now = statement_of(find_law(fresh_world.gate / HOME))
    assert fresh_world.solely(*asked).result == told
    assert (told["law"]["version"], told["law"]["digest"]) == ("1", before.digest)
    page = fresh_world.root / "report.html"
    made = fresh_world.solely("report", "--gate", fresh_world.gate, "--out", page)
    assert made.code == 0, made.err
    text = page.read_text()
    assert "decided under version 1" in text
    assert before.digest in text
    assert now.digest in text
    assert "Outcomes are those of one reading of the agreement, version 2" not in text


@pytest.mark.rule("R-09")
def test_a_gate_takes_no_amendment_of_one_party_that_widens_and_none_that_skips_a_version(fresh_world):
    home = fresh_world.amend(("order_days_min = 90", "order_days_min = 80"))
    (home / "agreement.statement.json.homeland-security.sig").unlink()
    put = fresh_world.solely("init", fresh_world.gate, "--agreement", home)
    assert (put.code, "homeland-security" in put.err) == (1, True)
    submission.sign_law(home, fresh_world.root)
    put = fresh_world.solely("init", fresh_world.gate, "--agreement", home)
    assert (put.code, "does not follow the version before" in put.err) == (1, True)
    for path in home.glob("agreement.s*"):
        path.unlink()
    key = fresh_world.key("parties", "treasury")
    with pytest.raises(Exception, match="needs every party"):
        sign_agreement(home, Signing(key, "treasury", fresh_world.gate / HOME, is_narrowing=True))


def narrow_by_force(world: World, home, party: str) -> None:
    """One party's signature over a statement that says `narrowed`, made without the check of `sign`."""
    for path in home.glob("agreement.s*"):
        path.unlink()
    files = find_law(home)
    law, parts = read_version(files), cut(files.agreement)
    salts = salts_of(b"0123456789abcdef" * len(parts), len(parts))
    root = statement_of(find_law(world.gate / HOME)).root
    statement = replace(state(law.agreement, law.statute, parts, salts, root), act=NARROWED)
    private = parse_private_key(world.key("parties", party).read_bytes())
    write_signed(home, party, statement.content, salts_text(salts), sign(private, statement.signed_bytes))


FLIPPED = (
    "| 8 USC 1253(a)(1)(A) | final_order | 2026-06-01 | 2026-03-02 | holds |",
    "| 8 USC 1253(a)(1)(A) | final_order | 2026-06-01 | 2026-03-02 | fails |",
)


@pytest.mark.rule("R-03", "R-09")
def test_an_agreement_whose_own_cases_do_not_hold_is_neither_signed_nor_put_in_force(fresh_world):
    home = fresh_world.folders.agreement.with_name("flipped")
    home.mkdir()
    text = (fresh_world.gate / HOME / "agreement.md").read_text()
    for old, new in (FLIPPED, ('\nversion = "1"\n', '\nversion = "2"\n')):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (home / "agreement.md").write_text(text)
    assert fresh_world.solely("check", home).code == 1
    named = "`cases 3(d)`: case 1 expects fails, not holds"
    for more in ((), ("--narrowing",)):
        signed = fresh_world.solely(
            "sign", home, "--as", fresh_world.key("parties", "treasury"), "--party", "treasury",
            "--supersedes", fresh_world.gate / HOME, *more,
        )  # fmt: skip
        assert (signed.code, named in signed.err, "solely check" in signed.err) == (1, True, True), signed.err
    assert not list(home.glob("*.sig"))
    narrow_by_force(fresh_world, home, "treasury")
    put = fresh_world.solely("init", fresh_world.gate, "--agreement", home)
    assert (put.code, named in put.err) == (1, True), put.err
    trust = read_trust(fresh_world.gate / "trust")
    in_force_before = require_successor(find_law(home), find_law(fresh_world.gate / HOME), trust)
    assert load_law(in_force_before, trust).agreement.version == "2"  # what a gate has already still opens
    assert fresh_world.run(fresh_world.write_batch(fresh_world.fresh_rows(1), "after")).code == 0


# A reason that states a civil removal is refused; under another name, and milder, persons could lift that.
MILDER = (
    ("rule 4(b)(1)\nstage: request\notherwise: refused", "rule 4(b)(3)\nstage: request\notherwise: referred"),
    ("rules: R-16\nsay: the reason states", "rules: R-32\nsay: the reason states"),
    ("cases 4(b)(1)\n", "cases 4(b)(3)\n"),
)


@pytest.mark.rule("R-82", "R-83", "R-16")
def test_one_party_cannot_rename_a_refusal_into_what_persons_may_lift(fresh_world):
    home = fresh_world.amend(*MILDER)
    told = fresh_world.solely("diff", fresh_world.gate / HOME, home)
    assert told.code == 1
    assert "its name is `4(b)(3)`; `otherwise` is `referred`, milder than `refused`" in told.out
    assert "`rules` is `R-32`, not `R-16`" in told.out
    for path in home.glob("agreement.s*"):
        path.unlink()
    signed = fresh_world.solely(
        "sign", home, "--as", fresh_world.key("parties", "homeland-security"), "--party", "homeland-security",
        "--supersedes", fresh_world.gate / HOME, "--narrowing",
    )  # fmt: skip
    assert (signed.code, "milder than `refused`" in signed.err) == (1, True)
    narrow_by_force(fresh_world, home, "homeland-security")
    put = fresh_world.solely("init", fresh_world.gate, "--agreement", home)
    assert (put.code, "milder than `refused`" in put.err) == (1, True)
    fresh_world.agreement_version = "1"  # what is still in force
    row = fresh_world.fresh_rows(1)[0] | {
        "reason": "The subject is to be arrested and deported; the address is needed to remove the subject "
        "from the United States under the final order of removal."
    }
    ran = fresh_world.run(fresh_world.write_batch([row], "renamed"))
    assert (ran.result["refused"], ran.result["referred"]) == (1, 0), ran.result


def sealed(world: World, until: date) -> None:
    """Both parties seal the designated statutes in the public copy, and the gate takes it."""
    home = world.folders.agreement
    for party in ("treasury", "homeland-security"):
        ran = world.solely(
            "redact", home, "--seal", "schedule statutes: designated_statutes", "--order", "docket 9",
            "--until", until.isoformat(), "--out", home / PUBLIC, "--as", world.key("parties", party),
        )  # fmt: skip
        assert ran.code == 0, ran.err
    put = world.solely("init", world.gate, "--agreement", home)
    assert put.code == 0, put.err


@pytest.mark.rule("R-06", "R-84", "R-89")
def test_after_the_order_of_a_seal_ended_nobody_approves_until_the_part_is_public(fresh_world):
    until = fresh_world.today + timedelta(days=1)
    sealed(fresh_world, until)
    batch, _ = decided(fresh_world)
    home = fresh_world.folders.agreement
    good = (home / PUBLIC).read_text()
    fresh_world.environment["SOLELY_NOW"] = f"{until + timedelta(days=1)}T12:00:00Z"
    first = fresh_world.approve(batch, APPROVERS[0])
    assert (first.code, first.result["blocked"]) == (5, ["AGREEMENT"]), first.err
    (home / PUBLIC).write_text(good.replace(until.isoformat(), "2099-12-31"))
    put = fresh_world.solely("init", fresh_world.gate, "--agreement", home)
    assert put.code == 1 and "and no longer" in put.err
    (home / PUBLIC).unlink()
    put = fresh_world.solely("init", fresh_world.gate, "--agreement", home)
    assert put.code == 1 and "is sealed here" in put.err
    assert fresh_world.approve(batch, APPROVERS[0]).result["blocked"] == ["AGREEMENT"]
    shown = fresh_world.solely("redact", home, "--out", home / PUBLIC)
    assert shown.code == 0, shown.err
    assert fresh_world.solely("init", fresh_world.gate, "--agreement", home).code == 0
    assert fresh_world.approve_by_two(batch).result["released"] == 2


@pytest.mark.rule("R-04", "R-06", "R-09", "R-83")
def test_a_new_gate_takes_no_version_that_one_party_alone_made_wider(fresh_world):
    home = fresh_world.amend(("order_days_min = 90", "order_days_min = 1"))
    narrow_by_force(fresh_world, home, "homeland-security")
    before = home / "superseded" / "1"
    shutil.copytree(fresh_world.gate / HOME, before)
    shutil.copy(fresh_world.gate / "law/statutes/26-usc-6103-i-2/statute.md", before / "statute.md")
    files = [word for path in fresh_world.folders.record_files() for word in ("--records", path)]
    put = fresh_world.solely(
        "init", fresh_world.root / "another", "--agreement", home, *files,
        "--as-of", fresh_world.today.isoformat(), "--trust", fresh_world.folders.trust,
    )  # fmt: skip
    assert (put.code, "what is not shown to narrow needs the signature of every party" in put.err) == (
        1,
        True,
    )
