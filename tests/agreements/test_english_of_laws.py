"""Every rule of every shipped law file in English: complete, one meaning each, no claim."""

import re

import pytest

from solely.agreement.english import english
from solely.agreement.expression import Fact, walk
from tests.support.law import shipped_laws

DOCUMENTS = [document for law in shipped_laws() for document in (law.statute, law.agreement)]
CLAIMS = re.compile(r"\b(lawful|legal|compliant|certified)\b", re.IGNORECASE)


def echoes(document):
    return {clause.id: english(clause.expression) for clause in document.clauses}


@pytest.mark.rule("R-03")
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.id)
def test_the_english_of_a_rule_names_every_fact_constant_and_list_that_the_rule_reads(document):
    for clause in document.clauses:
        words = english(clause.expression)
        for node in walk(clause.expression):
            if isinstance(node, Fact):
                assert f'"{node.name.replace("_", " ")}"' in words, clause.id
            elif value := getattr(node, "value", None):
                assert (str(value).lower() if isinstance(value, bool) else str(value)) in words, clause.id
            elif names := getattr(node, "names", None):
                assert f'"{names.name.replace("_", " ")}"' in words, clause.id


@pytest.mark.rule("R-03")
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.id)
def test_the_english_of_a_rule_is_one_whole_phrase(document):
    for clause_id, words in echoes(document).items():
        outside = re.sub(r"`[^`]*`", "TEXT", words)  # a text may hold any sign
        assert outside.count("(") == outside.count(")"), clause_id
        assert outside.count('"') % 2 == 0, clause_id
        assert re.search(r"\b(is|are|has|holds|stands|lies|does)\b", outside), clause_id
        assert not re.search(r"  |\(\)|<|>|None|Fact|_", outside), clause_id
        assert not words.endswith("."), clause_id


@pytest.mark.rule("R-90")
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.id)
def test_the_english_of_no_rule_claims_anything(document):
    assert [words for words in echoes(document).values() if CLAIMS.search(words)] == []


@pytest.mark.rule("R-03")
@pytest.mark.parametrize("law", shipped_laws(), ids=lambda each: each.agreement.id)
def test_different_rules_of_one_law_have_different_english(law):
    rules = {}
    for clause in (*law.statute.clauses, *law.agreement.clauses):
        rules.setdefault(english(clause.expression), set()).add(clause.expression)
    assert {words: found for words, found in rules.items() if len(found) > 1} == {}
