"""Whatever text comes in: an expression or a refusal, a document or a refusal, and never anything else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solely.agreement.document import findings, parse_agreement, parse_statute
from solely.agreement.english import english
from solely.agreement.expression import Given, Not, facts_of, walk
from solely.agreement.matcher import matcher
from solely.agreement.parser import Names, parse_rule
from solely.agreement.pattern import PatternError, canonical_pattern
from solely.agreement.refusals import SIGNS
from solely.agreement.refusals import WORDS as LEFT_OUT
from solely.agreement.tokens import RuleError
from solely.errors import AgreementRefused
from tests.support.tree import ROOT

STATUTE_DATA = (ROOT / "law/statutes/26-usc-6103-i-2/statute.md").read_bytes()
STATUTE = parse_statute(STATUTE_DATA)
AGREEMENT = (ROOT / "law/agreements/irs-ice-2025/agreement.md").read_text()
NAMES = Names({"word": "text", "day": "date", "flag": "bool", "set_": "set"}, {"n": 5}, {"names": ("a",)})
WORDS = (
    *(
        "word",
        "day",
        "flag",
        "set_",
        "n",
        "names",
        "and",
        "or",
        "not",
        "(",
        ")",
        "=",
        "<>",
        "<",
        ">=",
        "between",
        "in",
    ),
    *(
        "is",
        "not null",
        "null",
        "date '2025-04-07'",
        "'x'",
        "5",
        "-",
        "+",
        "days",
        "filled",
        "matches",
        "within",
        ",",
    ),
    *("subset_of", "true", "false", "'[a-z]+'", *LEFT_OUT, *SIGNS),
)
INNOCENT = ("word = 'x'", "flag", "word is not null", "filled(word)")


@settings(max_examples=500, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), max_size=12))
def test_a_soup_of_words_is_an_expression_or_a_refusal(words):
    try:
        expression = parse_rule(" ".join(words), NAMES)
    except RuleError:
        return
    assert facts_of(expression), "every rule reads the request"
    assert english(expression)
    assert not any(
        isinstance(inner, Given) for node in walk(expression) if isinstance(node, Not) for inner in walk(node)
    )


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=40), place=st.sampled_from(INNOCENT))
def test_any_text_is_an_expression_or_a_refusal(text, place):
    for rule in (text, f"{place} and {text}", f"word = '{text}'"):
        try:
            assert facts_of(parse_rule(rule, NAMES))
        except RuleError as error:
            assert str(error)


@settings(max_examples=500, deadline=None)
@given(text=st.text(alphabet="ab01[]()|{}?*+-,\\^.$ :", max_size=14))
def test_any_pattern_is_refused_or_written_in_one_spelling(text):
    try:
        written = canonical_pattern(text)
    except PatternError:
        return
    assert canonical_pattern(written) == written
    assert not matcher(written).matches(text + "\n")


@pytest.mark.rule("R-02")
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_damaged_agreement_loads_whole_or_is_refused(data):
    start = data.draw(st.integers(0, len(AGREEMENT)))
    end = data.draw(st.integers(start, min(len(AGREEMENT), start + 60)))
    piece = data.draw(
        st.one_of(
            st.text(max_size=20), st.sampled_from(["```", "+++", "\n", "---", "|", '"', " or flag", "[]"])
        )
    )
    damaged = (AGREEMENT[:start] + piece + AGREEMENT[end:]).encode("utf-8", "surrogatepass")
    try:
        loaded = parse_agreement(damaged, STATUTE)
    except AgreementRefused as error:
        assert str(error).startswith("`")
        assert findings(damaged, STATUTE_DATA)
        return
    assert loaded.clauses
    assert {clause.id for clause in loaded.clauses} == set(loaded.cases)
