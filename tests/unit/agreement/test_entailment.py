"""When some clauses secure another: what is shown is so on every row, and the usual narrowings are shown."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solely.agreement.clause import Clause
from solely.agreement.entailment import OPENNESS, securing, upholding
from solely.agreement.evaluate import verdict
from solely.agreement.expression import facts_of
from solely.agreement.parser import Names, parse_rule

FACTS = {"word": "text", "number": "int", "day": "date", "other_day": "date", "flag": "bool", "names": "set"}
LISTS = {"few": ("A", "B"), "many": ("A", "B", "C"), "field": ("x",), "fields": ("x", "y")}
NAMES = Names(FACTS, {"low": 3, "high": 9, "first": date(2026, 1, 2), "later": date(2026, 3, 2)}, LISTS)


def clause(text, otherwise="returned", unknown="returned", **header):
    """A clause of that rule whose header says little."""
    expression = parse_rule(text, NAMES)
    words = {"document": "agreement", "rules": ("R-02",), "element": "reason"} | header
    return Clause(
        id="1", stage="request", scope="item", otherwise=otherwise, unknown=unknown,
        code="C", say="s", cite="c", facts=tuple(fact.name for fact in facts_of(expression)),
        expression=expression, **words,
    )  # fmt: skip


@pytest.mark.rule("R-83")
@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("within(word, few)", "within(word, many)"),
        ("subset_of(names, field)", "subset_of(names, fields)"),
        ("word in ('A')", "word in ('A', 'B')"),
        ("number <= low", "number <= high"),
        ("number >= high", "number > low or number >= high"),
        ("day >= later", "day >= first"),
        ("day > other_day + 90 days", "day > other_day + 30 days"),
        ("day < other_day + 30 days", "day < other_day + 90 days"),
        ("day between later and date '2026-04-01'", "day between first and date '2026-05-01'"),
        ("flag = true and number <= low", "flag = true"),
        ("flag = true", "flag = true or number <= low"),
        ("not within(word, many)", "not within(word, few)"),
        ("not number <= high", "not number <= low"),
        ("within(word, few)", "word <> 'C'"),
        ("within(word, few)", "filled(word)"),
        ("word = 'A'", "within(word, few)"),
        ("word in ('A', 'B')", "matches(word, '[A-Z]')"),
        ("(word = 'A' and flag = true) or (word = 'B' and number > 3)", "within(word, few)"),
    ],
)
def test_a_narrowing_is_shown_and_its_reverse_is_not(new, old):
    assert upholding([clause(new, "referred", "referred")], clause(old, "referred", "referred")) == (0,)
    assert securing([clause(old)], clause(new)) == ()


@pytest.mark.rule("R-83")
def test_what_several_clauses_secure_together_names_those_that_it_takes():
    demanded = clause("number > low and number <= high and flag = true")
    by = [clause("flag = true"), clause("number > low"), clause("number <= 100"), clause("number <= high")]
    assert securing(by, demanded) == (0, 1, 3)
    assert securing(by[:3], demanded) == ()


@pytest.mark.rule("R-82", "R-83")
@pytest.mark.parametrize(
    ("new", "old"),
    [
        # A person may let through what was refused, or send again what nothing helped.
        (clause("flag = true", "referred"), clause("flag = true", "refused")),
        (clause("flag = true", "refused", "returned"), clause("flag = true", "refused", "refused")),
        (clause("within(word, few)", "returned"), clause("within(word, many)", "refused")),
        # An officer lifts on a contest what other rules stand behind, or what another's facts tell of.
        (clause("flag = true", rules=("R-32",)), clause("flag = true", rules=("R-16",))),
        (clause("flag = true"), clause("flag = true", document="statute")),
        (clause("flag = true"), clause("flag = true", element="request_id")),
        (clause("flag = true"), clause("flag = true or number < low")),
        (clause("flag = true and number < low"), clause("flag = true")),
        # Unknown where the older is false, and milder then.
        (clause("flag = true and number < low", "refused"), clause("flag = true", "refused", "refused")),
    ],
)
def test_a_clause_of_milder_outcome_or_easier_to_lift_upholds_nothing(new, old):
    assert upholding([new], old) == ()
    assert securing([new], old) == (0,)


ATOMS = st.sampled_from(
    ["within(word, few)", "within(word, many)", "word in ('A')", "word in ('A', 'C')", "word <> 'A'",
     "word = 'B'",
     "number <= low", "number <= high", "number > low", "number >= high", "number < high", "flag = true",
     "subset_of(names, field)", "subset_of(names, fields)", "day >= first", "day >= later", "day < later",
     "day > other_day + 30 days", "day > other_day + 90 days", "day < other_day + 30 days", "filled(word)",
     "day <= other_day + 90 days", "day between first and later", "word is not null",
     "matches(word, '[A-B]')",
     "day between date '2026-01-01' and date '2026-12-01'", "number between low and high"]
)  # fmt: skip
RULES = st.recursive(
    ATOMS,
    lambda below: st.one_of(
        st.builds("({} and {})".format, below, below),
        st.builds("({} or {})".format, below, below),
        below.filter(lambda text: "null" not in text).map("(not {})".format),
    ),
    max_leaves=3,
)
ROWS = st.fixed_dictionaries(
    {
        "word": st.sampled_from([None, "A", "B", "C", "D", " "]),
        "number": st.sampled_from([None, 2, 3, 4, 8, 9, 10]),
        "day": st.sampled_from(
            [None, date(1900, 1, 1), date(2026, 1, 2), date(2026, 3, 2), date(2026, 4, 9), date(2199, 12, 31)]
        ),
        "other_day": st.sampled_from([None, date(2026, 1, 2), date(2026, 2, 2), date(2199, 11, 15)]),
        "flag": st.sampled_from([None, True, False]),
        "names": st.sampled_from(
            [None, frozenset(), frozenset("x"), frozenset("xy"), frozenset(["x", None]), frozenset("z")]
        ),
    }
)
CLAUSES = st.builds(
    clause,
    RULES,
    st.sampled_from(("refused", "returned", "referred")),
    st.sampled_from(("refused", "returned", "referred")),
)


def outcome_of(of, row):
    found = verdict(of.expression, row)
    return None if found is True else of.unknown if found is None else of.otherwise


@given(st.lists(CLAUSES, min_size=1, max_size=3), CLAUSES, st.lists(ROWS, min_size=30, max_size=30))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.rule("R-82", "R-83")
def test_what_is_shown_is_so_on_every_row(new, old, rows):
    assert securing([old], old) == upholding([old], old) == (0,)
    secured, upheld = securing(new, old), upholding(new, old)
    assert secured or not upheld
    for row in rows:
        before = outcome_of(old, row)
        after = [found for each in new if (found := outcome_of(each, row)) is not None]
        if before is not None and secured:
            assert after, (new, old, row)
        if before is not None and upheld:
            assert min(map(OPENNESS.index, after)) <= max(OPENNESS.index(before), 1), (new, old, row)
