"""The classes of text columns: what the rules of all clauses together tell apart."""

import pytest

from solely.agreement.classes import ColumnRefused, text_classes
from solely.agreement.document import parse_agreement, parse_statute
from solely.agreement.parser import Names, parse_rule
from tests.support.law import SHIPPED

NAMES = Names(
    {"word": "text", "other": "text", "third": "text", "number": "int"}, {}, {"cities": ("DOVER", "AMES")}
)


def classes(*rules, samples=None):
    return text_classes([parse_rule(rule, NAMES) for rule in rules], samples)


def witnesses(column):
    return sorted(each.witness for each in column.classes)


def test_a_column_has_a_class_for_each_literal_and_one_for_the_rest():
    word = classes("within(word, cities) or word = 'X'", "word not in ('DOVER')")["word"]
    assert witnesses(word) == ["AMES", "DOVER", "X", "something else"]
    assert word.of("X").atoms == {("equals", "X")}
    assert word.of("x").atoms == frozenset()
    assert word.where(("equals", "DOVER")) == {word.of("DOVER").index}


def test_tests_of_several_clauses_on_one_column_are_told_apart_together():
    word = classes("filled(word)", "matches(word, '[A-Z]+')", "word <> 'DOVER'")["word"]
    assert {frozenset(kind for kind, *_ in each.atoms) for each in word.classes} == {
        frozenset(),
        frozenset(["filled"]),
        frozenset(["filled", "matches"]),
        frozenset(["filled", "matches", "equals"]),
    }


def test_a_column_that_is_only_asked_for_has_one_class():
    assert len(classes("word is not null")["word"].classes) == 1
    assert "number" not in classes("number = 1")


def test_a_witness_is_a_sample_where_one_fits():
    word = classes("matches(word, '[0-9]{5}')", samples={"word": ["19901", "PO BOX 9"]})["word"]
    assert witnesses(word) == ["19901", "PO BOX 9"]


def test_columns_compared_with_one_another_have_a_text_each_to_differ_by():
    found = classes("word = other", "third <> other", "other in ('DOVER')", "matches(third, 'a|b')")
    assert found["word"].peers == ("word", "other", "third")
    assert [each.witness for each in found["word"].classes] == [
        each.witness for each in found["third"].classes
    ]
    by_tests = {}
    for each in found["word"].classes:
        by_tests.setdefault(each.atoms, []).append(each.witness)
    assert {kind: len(texts) for kind, texts in by_tests.items()} == {
        frozenset(): 3,
        frozenset([("equals", "DOVER")]): 1,
        frozenset([("matches", "a|b")]): 2,
    }


def test_a_column_beyond_the_cap_is_named_with_the_cure():
    rules = [f"matches(word, '[a-z ]*{sign * 4}[a-z ]*')" for sign in "abcdefghijklmnopqrst"]
    with pytest.raises(ColumnRefused, match=r"`word`.*30,000 states; write simpler patterns"):
        classes(*rules)


@pytest.mark.rule("R-04")
def test_every_text_of_every_shipped_case_falls_in_a_class_of_its_tests():
    for statute_data, agreement_data in SHIPPED:
        statute = parse_statute(statute_data)
        agreement = parse_agreement(agreement_data, statute)
        clauses = (*statute.clauses, *agreement.clauses)
        found = text_classes(clause.expression for clause in clauses)
        for document in (statute, agreement):
            for case in (case for cases in document.cases.values() for case in cases):
                for name, value in case.row.items():
                    if isinstance(value, str):
                        column = found[name]
                        assert column.machine.read(value) == column.of(value).atoms
