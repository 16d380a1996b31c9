"""What a newer version widens, told without a solver: it may err, and then on the side of asking for more."""

import pytest

from solely.agreement.amendment import changes, widened, wider_terms
from solely.agreement.parts import cut
from solely.agreement.proofs import clauses_of, compared, expressions
from solely.agreement.questions import Questions
from solely.agreement.succession import not_shown_to_narrow
from solely.store.solver import solver
from tests.support.proofs import AGREEMENT, STATUTE, changed, law_of, mutants

OLD = law_of()

NARROWER = [
    ("persons_per_investigation_max = 5", "persons_per_investigation_max = 4"),
    ("order_days_min = 90", "order_days_min = 91"),
    ('"18 USC 1542", "18 USC 1546(a)",', '"18 USC 1542",'),
    ("weight_bits_min = 40", "weight_bits_min = 41"),
    ("is_two_keys_required = false", "is_two_keys_required = true"),
    ('version = "1"', 'version = "2"'),
    ("binds nobody.", "binds nobody!"),
    ("otherwise: referred\nelement: statute", "otherwise: refused\nelement: statute"),
    ("release_days_max = 90", "release_days_max = 60"),
]  # fmt: skip

WIDER = [
    ("persons_per_investigation_max = 5", "persons_per_investigation_max = 6", "clause 6(c)(1)"),
    ("items_per_officer_max = 500", "items_per_officer_max = 501", "items_per_officer_max"),
    ('"18 USC 1546(a)",', '"18 USC 1546(a)", "18 USC 1001",', "designated_statutes"),
    ('offices = ["secretary-of-homeland-security"]',
     'offices = ["secretary-of-homeland-security", "attorney-general"]', "schedule signers: offices"),
    ('destruction = "not stated in the text"', 'destruction = "never"', "destruction"),
    ('term = {starts_on = 2025-04-07,', 'term = {starts_on = 2025-04-06,', "term: starts_on"),
    ('ends_on = "not stated in the text"}', "ends_on = 2099-01-01}", "term: ends_on"),
    ("otherwise: refused\nelement: basis", "otherwise: referred\nelement: basis",
     "`otherwise` is `referred`, milder than `refused`"),
    ("release_days_max = 90", "release_days_max = 91", "release_days_max"),
    ("attempts_per_person_max = 3", "attempts_per_person_max = 4", "clause 6(f)"),
]  # fmt: skip


@pytest.mark.rule("R-09", "R-84")
@pytest.mark.parametrize(("old", "new"), NARROWER)
def test_a_version_that_only_narrows_widens_nothing(old, new):
    assert widened(law_of(agreement=changed(old, new)), OLD) == []


@pytest.mark.rule("R-09", "R-84")
@pytest.mark.parametrize(("old", "new", "named"), WIDER)
def test_a_version_that_widens_names_the_clause_or_term(old, new, named):
    found = widened(law_of(agreement=changed(old, new)), OLD)
    assert any(named in each for each in found), found


@pytest.mark.rule("R-09")
def test_a_version_widens_what_its_reverse_narrows():
    for old, new in NARROWER[:5]:
        assert widened(OLD, law_of(agreement=changed(old, new))) != []


@pytest.mark.rule("R-09")
def test_what_was_withheld_or_refused_may_not_become_what_a_person_lets_through():
    text = changed(
        "otherwise: withheld\nelement: record\ncode: PROTECTED",
        "otherwise: referred\nelement: record\ncode: PROTECTED",
    )
    (change,) = changes(law_of(agreement=text), OLD)
    assert (change.is_wider, change.is_plain) == (True, False)
    (back,) = changes(OLD, law_of(agreement=text))
    assert (back.is_wider, back.is_plain) == (False, True)


@pytest.mark.rule("R-09")
def test_a_term_of_another_type_or_without_a_direction_counts_as_wider():
    text = changed('cost = "not stated in the text"', "cost = 5")
    assert wider_terms(law_of(agreement=text), OLD) == ["agreement: cost"]


@pytest.mark.needs("prove")
@pytest.mark.slow
@pytest.mark.rule("R-09")
def test_whatever_a_solver_finds_wider_is_wider_without_one():
    old = clauses_of(OLD, "old ")
    made = list(mutants(OLD))
    with solver("z3") as running:
        others = {each.expression for _, _, law in made for each in clauses_of(law).values()}
        questions = Questions(running.ask, expressions(old), others)
        for words, clause, law in made:
            if any(claim.is_failure for claim in compared(questions, clauses_of(law), old)):
                assert widened(law, OLD) != [], f"{clause.id}: {words}"


HEADERS = [
    ("otherwise: refused\nelement: basis", "otherwise: refused\nunknown: referred\nelement: basis",
     "`unknown` is `referred`, milder than `returned`", True),
    ("element: basis\ncode: NOT_AGREED", "element: purpose\ncode: NOT_AGREED",
     "`element` is `purpose`", True),
    ("element: basis\ncode: NOT_AGREED", "element: basis\ncode: NOT_LISTED", "`code` is `NOT_LISTED`", False),
    ("rules: R-107\nsay: state one", "rules: R-32\nsay: state one", "`rules` is `R-32`, not `R-107`", True),
    ("say: state one of the agreed bases", "say: granted, of the agreed bases", "`say` is `granted", False),
    ("cite: 26 U.S.C. 6103(i)(1)(A)(i); memorandum of", "cite: memorandum of",
     "`cite` is `memorandum", False),
    ("(a) Each item shall rest on", "(a) Every item shall rest on", "the words of its item differ", False),
]  # fmt: skip


def not_by_one(text):
    """What one party's signature does not suffice for in that version of the first agreement."""
    return not_shown_to_narrow(law_of(agreement=text), OLD, (cut(text.encode()), cut(AGREEMENT.encode())))


@pytest.mark.rule("R-82", "R-83")
@pytest.mark.parametrize(("old", "new", "words", "is_wider"), HEADERS)
def test_a_changed_header_is_named_as_what_it_is_and_is_not_for_one_party(old, new, words, is_wider):
    text = changed(old, new)
    (change,) = changes(law_of(agreement=text), OLD)
    assert words in change.words
    assert change.is_wider is is_wider
    assert not_by_one(text)


def renamed(text, old, new):
    return text.replace(f"rule {old}\n", f"rule {new}\n").replace(f"cases {old}\n", f"cases {new}\n")


@pytest.mark.rule("R-82", "R-83")
def test_a_renamed_clause_is_named_and_what_became_milder_under_the_new_name_is_wider():
    moved = renamed(AGREEMENT, "4(b)(1)", "4(b)(3)")
    (change,) = changes(law_of(agreement=moved), OLD)
    assert (change.about, change.words) == ("agreement 4(b)(1)", "its name is `4(b)(3)`")
    assert (change.is_wider, change.is_plain) == (False, False)
    milder = changed("otherwise: refused\nelement: reason\ncode: CIVIL_REMOVAL",
                     "otherwise: referred\nelement: reason\ncode: CIVIL_REMOVAL", moved)  # fmt: skip
    (change,) = changes(law_of(agreement=milder), OLD)
    assert change.is_wider
    assert "its name is `4(b)(3)`; `otherwise` is `referred`, milder than `refused`" in change.words
    assert not_by_one(milder)


@pytest.mark.rule("R-82", "R-83")
def test_a_rule_left_under_its_name_but_moved_behind_a_milder_clause_is_wider():
    """The old name keeps its header over an idle rule; a person may lift the real one, which is beside it."""
    idle = changed("reason_purpose <> 'CIVIL_REMOVAL'\n```", "reason_purpose <> 'NOTHING'\n```")
    cases = "| LOCATION | holds |\n| CIVIL_REMOVAL | fails |\n| null | unknown |\n```\n"
    text = changed(
        cases,
        "| CIVIL_REMOVAL | holds |\n| NOTHING | fails |\n```\n\n"
        "```rule 4(b)(3)\nstage: request\notherwise: referred\nelement: reason\ncode: CIVIL_REMOVAL\n"
        "rules: R-16\nsay: a person decides\ncite: none\n---\nreason_purpose <> 'CIVIL_REMOVAL'\n```\n\n"
        "```cases 4(b)(3)\n| reason_purpose | expect |\n|---|---|\n| NONE | holds |\n"
        + cases.partition("\n")[2],
        idle,
    )
    (change,) = changes(law_of(agreement=text), OLD)
    assert (change.about, change.is_wider) == ("agreement 4(b)(1)", True)
    assert any("`clause 4(b)(1)` of the agreement" in each for each in not_by_one(text))


@pytest.mark.rule("R-82", "R-83")
def test_a_statute_whose_clause_is_read_more_mildly_is_wider():
    text = changed(
        "otherwise: returned\nelement: officers", "otherwise: referred\nelement: officers", STATUTE
    )
    assert any("`clause 4(a)` of the statute" in each for each in widened(law_of(statute=text), OLD))


RULED = """(y) An item shall give a reason.

```rule 6(y)
stage: request
otherwise: returned
element: reason
code: MISSING
rules: R-19
say: state the reason
cite: the custodian's own policy
---
filled(reason)
```

```cases 6(y)
| reason | expect |
|---|---|
| a witness | holds |
| null | unknown |
```

"""


@pytest.mark.rule("R-83", "R-89")
@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (
            "## Schedules\n",
            "(z) Officers may keep it; not machine-checked.\n\n## Schedules\n",
            "(z)`: its words",
        ),
        (
            "## Schedules\n",
            "## Further\n\nWhat is not said is permitted.\n\n## Schedules\n",
            "section Further",
        ),
        ("order_days_min = 90\n", "order_days_min = 90  # or fewer\n", "schedule limits: order_days_min"),
        ('cost = "not', '# anybody may sign\ncost = "not', "front matter: cost"),
    ],
)
def test_one_party_adds_no_words_without_a_rule(old, new, named):
    assert any(named in each for each in not_by_one(changed(old, new)))


@pytest.mark.rule("R-83")
def test_one_party_adds_a_condition_with_its_words():
    assert not_by_one(changed("## Schedules\n", RULED + "## Schedules\n")) == []


@pytest.mark.rule("R-83")
def test_the_same_text_takes_one_signature():
    assert not_by_one(AGREEMENT) == []


@pytest.mark.rule("R-09", "R-83")
@pytest.mark.parametrize(("day", "expected"), [("2027-04-06", 0), ("2027-04-08", 1)])
def test_an_end_that_is_stated_is_brought_forward_by_one_party_and_never_put_off(day, expected):
    unstated = 'ends_on = "not stated in the text"}'
    before = law_of(agreement=changed(unstated, "ends_on = 2027-04-07}"))
    assert len(widened(law_of(agreement=changed(unstated, f"ends_on = {day}}}")), before)) == expected
