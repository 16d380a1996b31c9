"""The classes of a text column are exactly those that trying every text finds."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solely.agreement.automaton import FILLED, machine_of
from solely.agreement.evaluate import verdict
from solely.agreement.expression import Compare, Constant, Fact, Filled, Matches
from solely.agreement.pattern import PatternError, canonical_pattern
from tests.property.test_rule_back_ends import HOSTILE_TEXTS, PATTERNS

WORD = Fact("word", "text")
NAMED = ("a", "b", "-", " ", "\u00a0", "é")  # what literals and patterns below are made of
SIGNS = (*NAMED, "\t", "ö")  # and a blank and a letter that none of them names
LENGTH = 4
TEXTS = ["".join(signs) for length in range(LENGTH + 1) for signs in product(SIGNS, repeat=length)]


def is_admitted(pattern):
    try:
        canonical_pattern(pattern)
    except PatternError:
        return False
    return True


REPEATS = st.sampled_from(["", "", "?", "*", "+", "{2}", "{0,2}", "{1,3}"])
SINGLE = st.sampled_from(["a", "b", "[ab]", "[a-b ]", "\\-", " ", "[ab\\-]"])
SERIES = st.lists(st.builds(str.__add__, SINGLE, REPEATS), min_size=1, max_size=3).map("".join)
GROUPED = st.builds(
    lambda branches, repeat: f"({'|'.join(branches)}){repeat}",
    st.lists(SERIES, min_size=1, max_size=3),
    REPEATS,
)
SMALL_PATTERNS = (
    st.lists(st.one_of(SERIES, GROUPED), min_size=1, max_size=2)
    .map("".join)
    .filter(is_admitted)
    .map(canonical_pattern)
)
ATOMS = st.lists(
    st.one_of(
        SMALL_PATTERNS.map(lambda pattern: ("matches", pattern)),
        st.text(NAMED, max_size=LENGTH).map(lambda text: ("equals", text)),
        st.just(FILLED),
    ),
    max_size=4,
    unique=True,
)


def met(atom, text):
    """Whether a text meets a test, as the plain evaluator says."""
    match atom:
        case ("equals", value):
            expression = Compare("=", WORD, Constant(value, "text"))
        case ("matches", pattern):
            expression = Matches(WORD, pattern)
        case _:
            expression = Filled(WORD)
    return verdict(expression, {"word": text})


@pytest.mark.rule("R-04")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(atoms=ATOMS)
def test_trying_every_text_finds_exactly_the_classes_of_the_automaton(atoms):
    machine = machine_of(atoms)
    seen = {}
    for text in TEXTS:
        found = frozenset(atom for atom in atoms if met(atom, text))
        assert machine.read(text) == found
        seen.setdefault(found, len(text))
    shortest = {found: texts[0] for found, texts in machine.shortest().items()}
    assert {found: len(text) for found, text in shortest.items() if len(text) <= LENGTH} == seen


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(atoms=ATOMS, count=st.integers(1, 4))
def test_of_every_class_as_many_texts_are_told_as_asked_or_as_there_are(atoms, count):
    machine = machine_of(atoms)
    found = machine.shortest(count)
    for labels, texts in found.items():
        assert len(set(texts)) == len(texts) <= count
        assert all(frozenset(atom for atom in atoms if met(atom, text)) == labels for text in texts)
    tried = Counter(
        machine.read(text) for text in TEXTS
    )  # what it reads, the test above holds against the twin
    assert all(len(found[labels]) >= min(count, times) for labels, times in tried.items())


@settings(max_examples=300, deadline=None)
@given(
    patterns=st.lists(
        st.sampled_from([canonical_pattern(each) for each in PATTERNS]), unique=True, max_size=6
    ),
    texts=st.lists(
        st.one_of(
            st.sampled_from([text for text in HOSTILE_TEXTS if text.isprintable() or text.isascii()]),
            st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
            st.text("abAB0 -8USC12\\~&()", max_size=10),
        ),
        max_size=20,
    ),
)
def test_the_automaton_reads_any_text_as_pythons_engine_does(patterns, texts):
    atoms = [("matches", pattern) for pattern in patterns] + [FILLED]
    machine = machine_of(atoms)
    for text in texts:
        assert machine.read(text) == frozenset(atom for atom in atoms if met(atom, text))


@settings(max_examples=100, deadline=None)
@given(pattern=st.sampled_from([canonical_pattern(each) for each in PATTERNS]), data=st.data())
def test_a_text_made_from_a_pattern_is_accepted(pattern, data):
    text = data.draw(st.from_regex(pattern, fullmatch=True))
    assert machine_of([("matches", pattern)]).read(text) == {("matches", pattern)}
