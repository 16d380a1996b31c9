"""Verdict bits: two per clause, 31 clauses per word; masks for sets."""

import numpy as np
import pytest

from solely.agreement.duckdb_sql import CLAUSES_PER_WORD, expression_sql, mask, pack, universe_of, unpack
from solely.agreement.expression import Fact, NamedList, SubsetOf
from solely.agreement.parser import Names, parse_rule


class Read:
    def __init__(self, expression):
        self.expression = expression


def rows_of(*words):
    return [np.array([word], np.int64) for word in words]


def test_bits_unpack_to_true_false_and_unknown():
    assert unpack(rows_of(0b10_00_01), 3) == [(True, False, None)]


def test_the_last_clause_of_a_word_fits_a_bigint_and_the_next_opens_a_word():
    last = CLAUSES_PER_WORD - 1
    words = pack({last: np.array([2], np.uint8), last + 1: np.array([1], np.uint8)})
    assert {number: word.tolist() for number, word in words.items()} == {0: [2 * 4**last], 1: [1]}
    assert unpack([words[0], words[1]], CLAUSES_PER_WORD + 1)[0][last:] == (None, True)


def test_a_verdict_both_true_and_unknown_is_a_fault():
    with pytest.raises(IndexError):
        unpack(rows_of(3), 1)


def test_a_pattern_is_tried_only_where_no_other_part_holds():
    names = Names({"word": "text", "flag": "bool"}, {}, {})
    sql = expression_sql(parse_rule("matches(word, '[A-Z]+') or flag", names), {})
    assert sql.startswith('(CASE WHEN "flag" THEN true ELSE ')


def test_names_outside_every_list_share_a_bit_of_their_own():
    names = ("address", "name")
    assert mask(["address"], names) == 1
    assert mask(["phone", "photo"], names) == 4
    assert mask([], names) == 0


def test_a_list_of_more_names_than_bits_is_refused():
    names = NamedList("many", tuple(f"f{place}" for place in range(61)))
    with pytest.raises(ValueError, match="more than 60"):
        universe_of([Read(SubsetOf(Fact("fields", "set"), names))])


@pytest.mark.parametrize("hostile", ["'; DROP TABLE facts; --", "it's", '"', "\\"])
def test_text_of_a_document_reaches_sql_only_quoted(hostile):
    names = Names({"word": "text"}, {"phrase": hostile}, {})
    sql = expression_sql(parse_rule("word = phrase", names), {})
    assert sql == '("word" = \'' + hostile.replace("'", "''") + "')"
