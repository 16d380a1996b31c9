"""A slip of the pen at the command line: the error names the element, and what was meant."""

import shutil

import pytest

from tests.support.reading import only_batch, rows_of
from tests.support.world import APPROVERS, World

pytestmark = pytest.mark.e2e
COURT = "district-court"


def stay(world: World, *scope: str):
    """What a court's stay of a part comes to."""
    key = world.key("courts", COURT)
    return world.solely("stay", "--gate", world.gate, "--as", key, "--cite", "docket 25-cv-0677", *scope)


def test_an_officer_named_without_a_leading_zero_is_the_first_who_is_meant(fresh_world):
    refused = stay(fresh_world, "--officer", "officer-1")
    assert (refused.code, "close to it: `officer-01`" in refused.err) == (2, True), refused.err


@pytest.mark.rule("R-91")
def test_a_clause_is_named_as_explanations_write_it_and_a_wrong_one_gets_an_example(fresh_world):
    refused = stay(fresh_world, "--clause", "9z")
    assert (refused.code, "such as `2(c)`" in refused.err) == (2, True), refused.err
    given = stay(fresh_world, "--clause", "agreement 2(c)")
    assert (given.code, given.result["scope"]["clause"]) == (0, "2(c)"), given.err
    (listed,) = fresh_world.solely("orders", "--gate", fresh_world.gate).lines
    assert listed["standing"] == "is in force"


def test_a_profile_of_no_kind_is_refused_by_the_two_that_there_are(fresh_world):
    refused = fresh_world.init_again("--profile", "staging")
    assert (refused.code, "`--profile` is `demo` or `production`" in refused.err) == (2, True), refused.err


@pytest.mark.rule("R-56")
def test_a_gate_named_for_its_log_is_no_broken_log(fresh_world):
    checked = fresh_world.solely("verify", fresh_world.gate, "--key", fresh_world.gate / "log.vkey")
    assert (checked.code, "name its folder `ledger`" in checked.err) == (2, True), checked.err
    assert "does not hold" not in checked.out


@pytest.mark.parametrize(
    "place", ["keys/salt.key", "log.vkey", "ledger/handed", "outbox/new/receipt.txt", "."]
)
def test_nothing_that_is_asked_for_is_written_over_or_into_a_gate(fresh_world, place):
    keys = [each.read_bytes() for each in sorted((fresh_world.gate / "keys").iterdir())]
    there = fresh_world.gate / place
    court = fresh_world.key("courts", "district-court")
    for words in (
        ("export", "--scope", "public", "--as", court, "--out", there),
        ("explain", "R-1", "--view", "auditor", "--proof", there),
    ):
        ran = fresh_world.solely(*words, "--gate", fresh_world.gate)
        assert (ran.code, "lies in a gate's folder" in ran.err) == (2, True), ran.err
    assert keys == [each.read_bytes() for each in sorted((fresh_world.gate / "keys").iterdir())]
    assert not (fresh_world.gate / "ledger" / "handed").exists()
    assert not (fresh_world.gate / "outbox" / "new").exists()


@pytest.mark.rule("R-06")
def test_a_party_does_not_sign_with_the_key_file_of_the_other(fresh_world):
    home = fresh_world.amend(("order_days_min = 90", "order_days_min = 91"))
    copy = fresh_world.root / "unsigned" / "agreements" / home.name
    shutil.copytree(home.parent.parent, copy.parent.parent)
    for path in copy.iterdir():
        if path.name != "agreement.md":
            path.unlink()
    key = fresh_world.key("parties", "homeland-security")
    refused = fresh_world.solely("sign", copy, "--party", "treasury", "--as", key)
    assert (refused.code, "the key file of `homeland-security`" in refused.err) == (2, True), refused.err


@pytest.mark.rule("R-93")
def test_vouching_names_the_option_whose_key_is_the_wrong_one(fresh_world, tmp_path):
    key = fresh_world.key("approvers", APPROVERS[0])
    said = fresh_world.solely(
        "vouch", "REC-1", "--subject-key", key, "--office", "identity-office", "--as", key,
        "--out", tmp_path / "inquiry.json",
    )  # fmt: skip
    assert (said.code, f"`--subject-key`: `{key.name}`: a public key" in said.err) == (2, True), said.err


@pytest.mark.rule("R-82")
def test_review_and_explain_say_the_same_of_an_item_that_is_not_there(fresh_world):
    reviewed, explained = (
        fresh_world.solely(*words, "--gate", fresh_world.gate)
        for words in (
            ("review", "nope", "--as", fresh_world.key("approvers", APPROVERS[0]), "--decide", "decline",
             "--note", "not the person"),
            ("explain", "nope"),
        )
    )  # fmt: skip
    assert reviewed.code == explained.code == 2
    assert reviewed.err == explained.err


@pytest.mark.rule("R-82")
def test_review_says_where_an_item_stands_that_waits_for_nobody(released_world):
    world = released_world
    answers = {path.stem for path in world.packages()}
    words = ("--as", world.key("approvers", APPROVERS[0]), "--decide", "decline", "--note", "not the person")
    told = world.solely("review", min(answers), "--gate", world.gate, *words)
    assert (told.code, "is not referred but released" in told.err) == (1, True), told.err


@pytest.mark.rule("R-69")
def test_an_auditor_reads_first_what_is_not_met(released_world):
    rows = rows_of(only_batch(released_world) / "dispositions.parquet")
    row = next(each for each in rows if "address:PLACEHOLDER" in each["reasons"])
    ran = released_world.solely(
        "explain", row["request_id"], "--gate", released_world.gate, "--view", "auditor", "--json"
    )
    verdicts = [each["verdict"] for each in ran.result["request_clauses"]]
    assert verdicts[0] != "met" and verdicts == sorted(verdicts, key="met".__eq__)
