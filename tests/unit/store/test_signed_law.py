"""When a signed agreement loads, and which version may follow the one in force."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from demo import people, submission
from demo.submission import AGREEMENT
from solely import notary
from solely.agreement.redaction import Sealed, parse_copy, sign_seals
from solely.agreement.statement import parse_statement
from solely.errors import AgreementRefused, NotPermitted, UsageError
from solely.notary import Redacting, Signing, sign_agreement
from solely.signing import parse_private_key, sign
from solely.store.law import PUBLIC, SALTS, STATEMENT, find_law
from solely.store.signed_law import (
    find_version,
    load_law,
    require_enrolled,
    require_standing_seals,
    require_successor,
    require_unsealed,
)
from solely.store.trust import read_trust
from tests.support.law import with_true_cases
from tests.support.tree import ROOT

TREASURY, HOMELAND = people.PARTIES
LIST = "designated_statutes"


class Signed:
    """A signed law tree under one root, and what its parties do to it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def home(self) -> Path:
        return self.root / "law" / "agreements" / AGREEMENT

    @property
    def trust(self):
        return read_trust(self.root / "trust")

    @property
    def files(self):
        return find_law(self.home)

    def key(self, party):
        return people.key_path(self.root, "parties", party)

    def next(self, *edits, name="next", parties=(), narrowing=False):
        """The folder of a next version with each text replaced once, signed by some parties."""
        home = self.home.with_name(name)
        home.mkdir()
        text = self.home.joinpath("agreement.md").read_text()
        for old, new in (*edits, ('\nversion = "1"\n', '\nversion = "2"\n')):
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (home / "agreement.md").write_text(with_true_cases(text))
        for number, party in enumerate(parties):
            before = None if number else self.home
            sign_agreement(home, Signing(self.key(party), party, before, narrowing and not number))
        return home


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("signed")
    people.write_people(root, people.everybody(date.today(), ["officer-1"]))
    submission.write_law(ROOT / "law", root)
    return root


@pytest.fixture
def signed(made, tmp_path):
    shutil.copytree(made, tmp_path / "world")
    return Signed(tmp_path / "world")


def refused(files, trust, words):
    with pytest.raises(AgreementRefused, match=words):
        load_law(files, trust)


@pytest.mark.rule("R-09")
def test_an_agreement_that_both_signed_loads_and_is_named_by_its_statement(signed):
    law = load_law(signed.files, signed.trust)
    assert law.digest == notary.statement_of(signed.files).digest
    assert law.digest != replace(law, statement="").digest


@pytest.mark.rule("R-06")
@pytest.mark.parametrize("party", [TREASURY, HOMELAND])
def test_fewer_than_two_signatures_do_not_load(signed, party):
    files = signed.files
    refused(
        replace(files, signatures={party: files.signatures[party]}), signed.trust, "signature of this party"
    )


@pytest.mark.rule("R-09")
def test_an_edited_text_under_an_old_signature_does_not_load(signed):
    files = signed.files
    edited = files.agreement.replace(b"order_days_min = 90", b"order_days_min = 91")
    refused(replace(files, agreement=edited), signed.trust, "differs from the one that was signed")
    longer = replace(files, agreement=files.agreement + b"\n# Annex\n")
    refused(longer, signed.trust, "other parts than the one that was signed")


@pytest.mark.rule("R-09")
def test_another_statute_facts_or_version_than_was_signed_does_not_load(signed):
    files, trust = signed.files, signed.trust
    other = files.statute.replace(b"period_first >= 1950", b"period_first >= 1951")
    assert other != files.statute
    refused(replace(files, statute=other), trust, "another statute")
    facts = notary.statement_of(files)
    changed = replace(facts, facts="00" * 32)
    refused(replace(files, beside=files.beside | {STATEMENT: changed.content}), trust, "other facts")
    changed = replace(facts, ends_on="2031-01-01")
    refused(replace(files, beside=files.beside | {STATEMENT: changed.content}), trust, "another day")


@pytest.mark.rule("R-09", "R-04")
def test_signatures_over_the_text_alone_bind_no_statute_and_do_not_load(signed):
    for name in (STATEMENT, SALTS):
        (signed.home / name).unlink()
    for party in people.PARTIES:
        private = parse_private_key(signed.key(party).read_bytes())
        data = sign(private, (signed.home / "agreement.md").read_bytes())
        (signed.home / f"agreement.md.{party}.sig").write_bytes(data + b"\n")
    refused(signed.files, signed.trust, "statement.json`: it is missing")


@pytest.mark.rule("R-06")
def test_one_key_enrolled_for_both_parties_is_not_two_signatures(signed):
    parties = signed.root / "trust" / "parties"
    shutil.copy(parties / f"{TREASURY}.pem", parties / f"{HOMELAND}.pem")
    private = parse_private_key(signed.key(TREASURY).read_bytes())
    data = sign(private, notary.statement_of(signed.files).signed_bytes)
    (signed.home / f"{STATEMENT}.{HOMELAND}.sig").write_bytes(data + b"\n")
    refused(signed.files, signed.trust, "one key is enrolled for two")


@pytest.mark.rule("R-06", "R-09")
@pytest.mark.parametrize("party", [TREASURY, HOMELAND])
def test_a_party_whose_enrolment_has_ended_puts_nothing_in_force(signed, party):
    enrolment, day = signed.trust.parties[party], date(2026, 1, 1)
    ended = replace(enrolment, valid_from=date(2019, 1, 1), valid_to=date(2020, 1, 1))
    trust = replace(signed.trust, parties={**signed.trust.parties, party: ended})
    with pytest.raises(AgreementRefused, match=f"`{party}`: its enrolment does not cover"):
        require_enrolled(signed.files, trust, day)
    home = signed.next(("order_days_min = 90", "order_days_min = 120"), parties=(TREASURY,), narrowing=True)
    chained = require_successor(find_law(home), signed.files, signed.trust)
    with pytest.raises(AgreementRefused, match=f"`{party}`: its enrolment does not cover"):
        require_enrolled(chained, trust, day)  # a new gate: the version that it narrows comes in force too


@pytest.mark.rule("R-09")
def test_the_gate_takes_the_next_version_that_both_signed_and_keeps_the_one_before(signed):
    old = signed.files
    wider = ("order_days_min = 90", "order_days_min = 80")
    home = signed.next(wider, parties=(TREASURY, HOMELAND))
    chained = require_successor(find_law(home), old, signed.trust)
    law = load_law(chained, signed.trust)
    assert (law.agreement.version, law.limits["order_days_min"]) == ("2", 80)
    before = load_law(old, signed.trust)
    kept = find_version(chained, before.digest)
    assert kept is not None and kept.limits["order_days_min"] == 90
    assert find_version(chained, law.digest) is None


@pytest.mark.rule("R-09")
def test_a_version_that_follows_another_one_or_none_is_not_taken(signed):
    old = signed.files
    home = signed.next()
    for number, party in enumerate(people.PARTIES):
        sign_agreement(home, Signing(signed.key(party), party))
        assert number < 2
    with pytest.raises(AgreementRefused, match="does not follow"):
        require_successor(find_law(home), old, signed.trust)
    again = signed.next(name="again", parties=(TREASURY, HOMELAND))
    chained = require_successor(find_law(again), old, signed.trust)
    with pytest.raises(AgreementRefused, match="does not follow"):
        require_successor(find_law(again), chained, signed.trust)


@pytest.mark.rule("R-09")
def test_one_party_alone_widens_nothing(signed):
    home = signed.next(("order_days_min = 90", "order_days_min = 80"), parties=(TREASURY,))
    with pytest.raises(AgreementRefused, match="signature of this party is missing"):
        require_successor(find_law(home), signed.files, signed.trust)
    other = signed.next(("order_days_min = 90", "order_days_min = 80"), name="other")
    with pytest.raises(AgreementRefused, match="needs every party"):
        sign_agreement(other, Signing(signed.key(TREASURY), TREASURY, signed.home, is_narrowing=True))


@pytest.mark.rule("R-83")
def test_one_party_narrows_alone_and_what_it_claims_is_checked_by_the_gate(signed):
    old, tighter = signed.files, ("order_days_min = 90", "order_days_min = 120")
    home = signed.next(tighter, parties=(HOMELAND,), narrowing=True)
    chained = require_successor(find_law(home), old, signed.trust)
    assert load_law(chained, signed.trust).limits["order_days_min"] == 120
    refused(find_law(home), signed.trust, "stands only after")  # never the first version of a gate
    # The same claim over a text that gives more: a signer who goes around `solely sign`.
    wider = signed.next(("order_days_min = 90", "order_days_min = 80"), name="wider", parties=(TREASURY,))
    statement = replace(notary.statement_of(find_law(wider)), act="narrowed")
    (wider / STATEMENT).write_bytes(statement.content)
    key = parse_private_key(signed.key(TREASURY).read_bytes())
    (wider / f"{STATEMENT}.{TREASURY}.sig").write_bytes(sign(key, statement.signed_bytes))
    with pytest.raises(AgreementRefused, match="needs the signature of every party"):
        require_successor(find_law(wider), old, signed.trust)


def forced(signed, home, party, superseded):
    """One party's signature over a statement that says `narrowed`, made without the check of `sign`."""
    statement = replace(notary.statement_of(find_law(home)), act="narrowed")
    key = parse_private_key(signed.key(party).read_bytes())
    data = sign(key, statement.signed_bytes)
    files = replace(find_law(home), signatures={party: data}, superseded=superseded)
    return replace(files, beside=files.beside | {STATEMENT: statement.content})


@pytest.mark.rule("R-04", "R-06", "R-09", "R-83")
def test_a_new_gate_takes_no_version_that_one_party_says_narrows_and_that_widens(signed):
    home = signed.next(("order_days_min = 90", "order_days_min = 1"), parties=(HOMELAND,))
    wider = forced(signed, home, HOMELAND, (signed.files,))
    refused(wider, signed.trust, "needs the signature of every party")


@pytest.mark.rule("R-06", "R-09", "R-83")
def test_a_version_that_narrows_rests_on_one_that_every_party_signed(signed):
    old, tighter = signed.files, ("order_days_min = 90", "order_days_min = 120")
    home = signed.next(tighter, parties=(HOMELAND,), narrowing=True)
    chained = require_successor(find_law(home), old, signed.trust)
    assert load_law(chained, signed.trust).limits["order_days_min"] == 120
    for left in ({}, {HOMELAND: old.signatures[HOMELAND]}):
        unsigned = replace(chained, superseded=(replace(old, signatures=left),))
        refused(unsigned, signed.trust, "signature of this party is missing")
    edited = replace(old, agreement=old.agreement.replace(b"order_days_min = 90", b"order_days_min = 99"))
    refused(replace(chained, superseded=(edited,)), signed.trust, "differs from the one that was signed")
    other = replace(old, statute=old.statute + b"\n")
    refused(replace(chained, superseded=(other,)), signed.trust, "another statute")


@pytest.mark.rule("R-83")
def test_each_version_of_a_chain_is_shown_to_narrow_the_one_before(signed):
    old = signed.files
    home = signed.next(("order_days_min = 90", "order_days_min = 80"), parties=(HOMELAND,))
    wider = forced(signed, home, HOMELAND, (old,))
    last = signed.home.with_name("last")
    last.mkdir()
    text = wider.agreement.replace(b'version = "2"', b'version = "3"').replace(b"min = 80", b"min = 85")
    (last / "agreement.md").write_bytes(text)
    for name, data in wider._in("").items():
        (home / name.lstrip("/")).write_bytes(data)
    sign_agreement(last, Signing(signed.key(HOMELAND), HOMELAND, home, is_narrowing=True))
    chained = replace(find_law(last), superseded=(old, wider))
    refused(chained, signed.trust, "needs the signature of every party")
    refused(replace(chained, superseded=(wider, old)), signed.trust, "does not follow the version before")


@pytest.mark.rule("R-09")
@pytest.mark.parametrize("number", ["1", "3", "1000000"])
def test_a_next_version_has_the_next_number(signed, number):
    home = signed.next()
    text = (home / "agreement.md").read_text().replace('version = "2"', f'version = "{number}"')
    (home / "agreement.md").write_text(text)
    for each, party in enumerate(people.PARTIES):
        sign_agreement(home, Signing(signed.key(party), party, None if each else signed.home))
    with pytest.raises(AgreementRefused, match="the next number"):
        require_successor(find_law(home), signed.files, signed.trust)


@pytest.mark.rule("R-83", "R-09")
@pytest.mark.parametrize("is_narrowing", [True, False])
def test_a_version_of_another_agreement_is_not_signed_as_the_next(signed, is_narrowing):
    home = signed.next(('id = "irs-ice-2025"', 'id = "irs-ice-2026"'))
    signing = Signing(signed.key(TREASURY), TREASURY, signed.home, is_narrowing=is_narrowing)
    with pytest.raises(AgreementRefused, match="another agreement has its own gate"):
        sign_agreement(home, signing)
    assert not (home / STATEMENT).exists()


@pytest.mark.rule("R-83")
@pytest.mark.parametrize(
    ("edit", "is_narrower"),
    [
        (('"8 USC 1326(a)", ', ""), True),
        (('"8 USC 1326(a)", ', '"8 USC 1326(a)", "8 USC 1325(a)", '), False),
        (("record_age_days_max = 30", "record_age_days_max = 20"), True),
        (("reply_days = 30", "reply_days = 20"), False),  # which way is stricter is not known
        (('ends_on = "not stated in the text"', "ends_on = 2027-04-07"), False),
        (("starts_on = 2025-04-07", "starts_on = 2025-04-06"), False),
        (("each item shall give a second key", "each item may give a second key"), False),
        (('onward_disclosure = "not stated in the text"', 'onward_disclosure = "to anybody"'), False),
        (("\nfilled(case_number)\n", "\nfilled(case_number) or filled(investigation_id)\n"), False),
        (("\nassurance = 'active'\n", "\nassurance = 'active' and filled(assurance)\n"), True),
    ],
)
def test_which_changes_are_shown_to_narrow(signed, edit, is_narrower):
    text = (signed.home / "agreement.md").read_text()
    edit = (edit[0], edit[1]) if text.count(edit[0]) == 1 else ("Besides name and address", "Beside them")
    home = signed.next(edit)
    signing = Signing(signed.key(TREASURY), TREASURY, signed.home, is_narrowing=True)
    if is_narrower:
        assert sign_agreement(home, signing)["act"] == "narrowed"
    else:
        with pytest.raises(AgreementRefused):
            sign_agreement(home, signing)


def test_only_a_party_signs_for_all_and_only_the_first_makes_the_statement(signed):
    home = signed.next()
    with pytest.raises(UsageError, match="--party"):
        sign_agreement(home, Signing(signed.key(TREASURY), "somebody", signed.home))
    sign_agreement(home, Signing(signed.key(TREASURY), TREASURY, signed.home))
    with pytest.raises(UsageError, match="wants every party's signature"):
        sign_agreement(home, Signing(signed.key(HOMELAND), HOMELAND, signed.home, is_narrowing=True))
    (home / "agreement.md").write_bytes((home / "agreement.md").read_bytes() + b"\nMore.\n")
    with pytest.raises(AgreementRefused, match="R-09"):
        sign_agreement(home, Signing(signed.key(HOMELAND), HOMELAND))
    assert (home / SALTS).stat().st_mode & 0o777 == 0o600


@pytest.mark.rule("R-09")
def test_the_second_signer_may_repeat_which_version_it_follows_and_names_no_other(signed):
    home = signed.next(parties=(TREASURY,))
    with pytest.raises(UsageError, match="names another version before"):
        sign_agreement(home, Signing(signed.key(HOMELAND), HOMELAND, home))
    done = sign_agreement(home, Signing(signed.key(HOMELAND), HOMELAND, signed.home))
    assert done["supersedes"] == notary.statement_of(signed.files).root
    require_successor(find_law(home), signed.files, signed.trust)


@pytest.mark.rule("R-83")
@pytest.mark.parametrize("is_narrowing", [True, False])
def test_nothing_follows_a_version_that_nobody_signed(signed, is_narrowing):
    unsigned = signed.next(name="unsigned")
    home = signed.next(("order_days_min = 90", "order_days_min = 120"))
    with pytest.raises(UsageError, match="nobody has signed that version"):
        sign_agreement(home, Signing(signed.key(TREASURY), TREASURY, unsigned, is_narrowing))
    assert not (home / STATEMENT).exists()


@pytest.mark.rule("R-83")
def test_a_statement_that_narrows_names_the_version_it_narrows(signed):
    statement = replace(notary.statement_of(signed.files), act="narrowed", supersedes=None)
    with pytest.raises(AgreementRefused, match="names the version that it narrows"):
        parse_statement(statement.content)


@pytest.mark.rule("R-09")
@pytest.mark.parametrize(
    "edit", [("order_days_min = 90", "order_days_min = 91"), ("## Clause 2", "New.\n\n## Clause 2")]
)
def test_old_signatures_copied_with_a_draft_are_named_with_what_to_remove(signed, edit):
    draft = signed.home.with_name("draft")
    shutil.copytree(signed.home, draft)
    text = (draft / "agreement.md").read_text()
    assert edit[0] in text
    (draft / "agreement.md").write_text(with_true_cases(text.replace(*edit, 1)))
    signing = Signing(signed.key(TREASURY), TREASURY, signed.home)
    with pytest.raises(
        AgreementRefused, match=r"remove `agreement.statement.json\*`, `agreement.salts.json`"
    ):
        sign_agreement(draft, signing)
    for path in (*draft.glob(f"{STATEMENT}*"), draft / SALTS):
        path.unlink()
    assert sign_agreement(draft, signing)["signed_by"] == [TREASURY]


@pytest.mark.rule("R-09")
def test_one_key_signs_for_one_party_only(signed):
    home = signed.next(parties=[TREASURY])
    with pytest.raises(UsageError, match="this is the key file of `treasury`"):
        sign_agreement(home, Signing(signed.key(TREASURY), HOMELAND))
    renamed = home.parent / "renamed.pem"
    renamed.write_bytes(signed.key(TREASURY).read_bytes())
    with pytest.raises(UsageError, match="this key has signed as `treasury`"):
        sign_agreement(home, Signing(renamed, HOMELAND))
    sign_agreement(home, Signing(signed.key(TREASURY), TREASURY))  # the same again changes nothing
    assert sign_agreement(home, Signing(signed.key(HOMELAND), HOMELAND))["signed_by"] == [HOMELAND, TREASURY]


# -- struck by a court --------------------------------------------------------------------------------


@pytest.mark.rule("R-83")
def test_a_struck_entry_leaves_less_and_a_party_or_court_puts_it_in_force_alone(signed):
    out = signed.home.with_name("remaining")
    said = notary.strike_clause(signed.home, f"{LIST}: 18 USC 1546(a)", "docket 7", out)
    assert "permits no more" in " ".join(said)
    sign_agreement(out, Signing(signed.key(TREASURY), TREASURY, signed.home, is_narrowing=True))
    law = load_law(require_successor(find_law(out), signed.files, signed.trust), signed.trust)
    designated = law.agreement.schedules["statutes"]["designated_statutes"]
    assert "18 USC 1546(a)" not in designated and len(designated) == 9
    assert law.agreement.cases["1(b)"][2].expect is False


@pytest.mark.rule("R-83")
def test_a_struck_condition_that_nothing_else_secures_is_told_and_nothing_is_written(signed):
    out = signed.home.with_name("remaining")
    with pytest.raises(NotPermitted, match=r"it secured that .*nothing is written"):
        notary.strike_clause(signed.home, "3(c)", "docket 7", out)
    assert not out.exists()


@pytest.mark.rule("R-83")
def test_a_struck_condition_that_the_statute_secures_as_well_goes(signed):
    out = signed.home.with_name("remaining")
    said = notary.strike_clause(signed.home, "5(f)", "docket 7", out)
    assert "stays secured by statute" in " ".join(said)
    assert "rule 5(f)" not in (out / "agreement.md").read_text()
    sign_agreement(out, Signing(signed.key(TREASURY), TREASURY, signed.home, is_narrowing=True))
    law = load_law(require_successor(find_law(out), signed.files, signed.trust), signed.trust)
    assert "5(f)" not in {clause.id for clause in law.agreement.clauses}


@pytest.mark.rule("R-83")
def test_words_go_only_with_the_rules_of_their_item(signed):
    home = signed.next(("(f) An address on file counts only if its period meets a requested period.\n\n", ""))
    with pytest.raises(AgreementRefused):
        sign_agreement(home, Signing(signed.key(TREASURY), TREASURY, signed.home, is_narrowing=True))


@pytest.mark.parametrize("what", ["9(z)", f"{LIST}: 1 USC 1", "no_list: entry"])
def test_what_is_not_there_is_not_struck(signed, what):
    with pytest.raises(UsageError):
        notary.strike_clause(signed.home, what, "docket 7", signed.home.with_name("remaining"))


@pytest.mark.rule("R-83")
def test_the_last_entry_of_a_list_is_a_stay_and_no_strike(signed):
    with pytest.raises(NotPermitted, match="stay the agreement"):
        notary.strike_clause(signed.home, "agreed_fields: address", "docket 7", signed.home.with_name("rest"))


# -- sealed from the public ---------------------------------------------------------------------------


def public(signed, *labels, order=None, until=None, signers=people.PARTIES):
    out = signed.home / PUBLIC
    for signer in signers:
        role = "parties" if signer in people.PARTIES else "courts"
        key = people.key_path(signed.root, role, signer)
        made = notary.write_public_copy(signed.home, Redacting(labels, order, until, out, key))
    return made


@pytest.mark.rule("R-89")
def test_a_seal_whose_order_or_last_day_is_edited_afterwards_does_not_load(signed):
    public(signed, "rule 1(b)", order="docket 7", until="2030-01-01")
    good = (signed.home / PUBLIC).read_bytes()
    for old, new in ((b"2030-01-01", b"2099-12-31"), (b"docket 7", b"docket 8")):
        (signed.home / PUBLIC).write_bytes(good.replace(old, new))
        refused(signed.files, signed.trust, "seal until .*not over this text")


@pytest.mark.rule("R-89")
def test_a_seal_is_signed_by_every_party_or_a_court(signed):
    with pytest.raises(UsageError, match="every party signs a seal"):
        notary.write_public_copy(
            signed.home, Redacting(("rule 1(b)",), "docket 7", "2030-01-01", signed.home / PUBLIC)
        )
    made = public(signed, "rule 1(b)", order="docket 7", until="2030-01-01", signers=[TREASURY])
    assert made["seals_signed_by"] == [TREASURY]
    refused(signed.files, signed.trust, f"seal until 2030-01-01: `{HOMELAND}`: the signature .* is missing")
    made = public(signed, "rule 1(b)", order="docket 7", until="2030-01-01", signers=[HOMELAND])
    assert made["seals_signed_by"] == [HOMELAND, TREASURY]
    assert load_law(signed.files, signed.trust).sealed_until == date(2030, 1, 1)
    court = replace(signed.trust.parties[TREASURY], role="courts", id="a-court")
    one = parse_copy((signed.home / PUBLIC).read_bytes())
    data = sign_seals(one, "a-court", signer_of(signed, TREASURY), None)
    bare = replace(data, parts=tuple(only(each, "a-court") for each in data.parts))
    (signed.home / PUBLIC).write_bytes(bare.content)
    refused(signed.files, signed.trust, "signature of this party is missing")
    trust = replace(signed.trust, courts={"a-court": court})
    assert load_law(signed.files, trust).sealed_until == date(2030, 1, 1)


def signer_of(signed, party):
    """What signs with a party's key."""
    private = parse_private_key(signed.key(party).read_bytes())
    return lambda message: sign(private, message).decode()


def only(part, signer):
    """A part whose seal, if it has one, bears this one's signature alone."""
    if isinstance(part, Sealed) and part.seal is not None:
        kept = {signer: part.seal.signatures[signer]}
        return replace(part, seal=replace(part.seal, signatures=kept))
    return part


@pytest.mark.rule("R-84", "R-89")
def test_a_gate_takes_no_copy_that_drops_or_prolongs_a_standing_seal(signed):
    label = "rule 1(b)"
    public(signed, label, order="docket 7", until="2030-01-01")
    standing = signed.files
    (signed.home / PUBLIC).unlink()
    with pytest.raises(AgreementRefused, match="is sealed here"):
        require_standing_seals(signed.files, standing)
    next_version = find_law(signed.next(parties=(TREASURY, HOMELAND)))
    with pytest.raises(AgreementRefused, match="is sealed here"):
        require_standing_seals(next_version, standing)
    public(signed, label, order="docket 7", until="2031-01-01")
    with pytest.raises(AgreementRefused, match="until 2030-01-01, and no longer"):
        require_standing_seals(signed.files, standing)
    public(signed, label, order="docket 7", until="2029-01-01")
    require_standing_seals(signed.files, standing)  # it ends earlier
    public(signed)
    require_standing_seals(signed.files, standing)  # it is public


@pytest.mark.rule("R-89")
@pytest.mark.parametrize(
    "label",
    [
        "schedule statutes: designated_statutes",
        "schedule purposes: agreed_purposes",
        "schedule fields: agreed_fields",
        "schedule signers: offices",
        "schedule bases: bases",
        "front matter: recipients",
        "rule 1(b)",
        "cases 4(a)",
        "clause 1(b)",
        "recitals",
    ],
)
def test_what_permits_is_sealed_only_under_an_order_with_an_end(signed, label):
    for order, until in ((None, None), ("docket 7", None), (None, "2030-01-01"), ("docket 7", "2026-01-01")):
        with pytest.raises(UsageError, match="--until"):
            public(signed, label, order=order, until=until)
    assert not (signed.home / PUBLIC).exists()
    made = public(signed, label, order="docket 7", until="2030-01-01")
    assert (made["sealed"], made["sealed_permissions"]) == (1, 1)
    law = load_law(signed.files, signed.trust)
    require_unsealed(law, date(2030, 1, 1))
    with pytest.raises(AgreementRefused, match="has ended"):
        require_unsealed(law, date(2030, 1, 2))


@pytest.mark.rule("R-89")
@pytest.mark.parametrize(
    "label",
    ["front matter: contacts", "front matter: signatories", "schedule limits: order_days_min", "rule 3(c)"],
)
def test_names_contact_points_and_limits_are_sealed_freely(signed, label):
    assert public(signed, label)["sealed_permissions"] == 0
    assert load_law(signed.files, signed.trust).sealed_until is None


@pytest.mark.rule("R-89")
@pytest.mark.parametrize("label", ["id", "version", "parties", "authority", "term", "opens"])
def test_existence_parties_authority_and_dates_are_never_sealed(signed, label):
    name = f"front matter {label}" if label == "opens" else f"front matter: {label}"
    with pytest.raises(NotPermitted, match="stay public"):
        public(signed, name, order="docket 7", until="2030-01-01")


@pytest.mark.rule("R-89")
def test_the_gate_loads_no_agreement_whose_public_copy_hides_a_permission_without_an_order(signed):
    public(signed, "rule 1(b)", order="docket 7", until="2030-01-01")
    copy = parse_copy((signed.home / PUBLIC).read_bytes())
    bare = replace(copy, parts=tuple(replace(p, seal=None) if hasattr(p, "seal") else p for p in copy.parts))
    (signed.home / PUBLIC).write_bytes(bare.content)
    refused(signed.files, signed.trust, "hidden without an order")


@pytest.mark.rule("R-89")
def test_the_public_copy_of_another_version_does_not_load(signed):
    home = signed.next(parties=(TREASURY, HOMELAND))
    notary.write_public_copy(home, Redacting((), None, None, signed.home / PUBLIC))
    refused(signed.files, signed.trust, "another version")


@pytest.mark.rule("R-89")
def test_what_stays_provable_is_told_before_anything_is_sealed(signed):
    found = notary.provable(signed.home, ["schedule purposes: agreed_purposes"])
    assert [
        each for each in found["lost"] if each.startswith("2(b)")
    ]  # a rule whose list is sealed is sealed
    assert [each for each in found["stays"] if each.startswith("1(e)")]
    assert notary.provable(signed.home, [])["lost"] == []
