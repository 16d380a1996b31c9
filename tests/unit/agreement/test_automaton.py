"""Automata of one text column: exact, capped, and with every listed literal in them."""

import pytest

from solely.agreement import automaton
from solely.agreement.automaton import FILLED, TooManyStates, machine_of
from solely.agreement.expression import BLANKS
from solely.agreement.pattern import canonical_pattern


def matches(pattern):
    return ("matches", canonical_pattern(pattern))


def equals(text):
    return ("equals", text)


@pytest.mark.rule("R-04")
def test_a_listed_literal_of_fifty_letters_is_found_however_long_it_is():
    long = "LONGER THAN ANY BOUND ON THE SEARCH WOULD LOOK, X!!"
    assert len(long) > 50
    machine = machine_of([matches("[A-Z]{1,5}"), equals(long)])
    assert machine.shortest()[frozenset([equals(long)])] == [long]


@pytest.mark.rule("R-04")
def test_an_alternative_of_fifty_letters_is_found_in_a_pattern():
    long = matches("a{50}|b")
    found = machine_of([long, matches("b")]).shortest()
    assert found[frozenset([long])] == ["a" * 50]


def test_a_literal_that_begins_another_is_told_apart_from_it():
    found = machine_of([equals("AB"), equals("ABC"), equals("")]).shortest()
    texts = {text for texts in found.values() for text in texts}
    assert texts == {"", "AB", "ABC", *found[frozenset()]}
    assert len(texts) == 4


def test_blank_is_what_the_rules_call_blank_in_all_of_unicode():
    machine = machine_of([FILLED, matches("[ ]*")])
    for sign in BLANKS:
        assert FILLED not in machine.read(sign + BLANKS)
    for sign in ("\x00", "\x01", "x", "é", "\U0001f600", "\u0661", "\ufffd"):
        assert FILLED in machine.read(" " + sign)
    assert machine.read(" ") == {matches("[ ]*")}
    assert machine.read("\u00a0") == frozenset()


def test_a_character_that_no_test_names_is_a_letter_of_its_own():
    pattern = matches("[A-Z]*")
    (text,) = machine_of([pattern]).shortest()[frozenset()]
    assert machine_of([pattern]).read("É") == frozenset()
    assert not text.isascii() or not text.isupper()


def test_a_column_beyond_the_cap_is_refused_and_one_below_it_is_not():
    words = [matches(f"[a-z ]*{word}[a-z ]*") for word in ("ab", "cd", "ef", "gh", "ij", "kl", "mn")]
    assert len(machine_of(words).shortest()) == 2**7
    many = [matches(f"[a-z ]*{sign}{sign}{sign}{sign}[a-z ]*") for sign in "abcdefghijklmnopqrst"]
    with pytest.raises(TooManyStates, match=f"{automaton.STATES_MAX:,}"):
        machine_of(many)


def test_several_texts_of_one_kind_are_told_where_there_are_several():
    found = machine_of([matches("a|b|c"), equals("b")]).shortest(3)
    assert sorted(found[frozenset([matches("a|b|c")])]) == ["a", "c"]
    assert len(set(found[frozenset()])) == 3
    assert found[frozenset([matches("a|b|c"), equals("b")])] == ["b"]
