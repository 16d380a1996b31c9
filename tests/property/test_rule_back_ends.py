"""The plain evaluator and DuckDB give the same verdict for any rule on any row, hostile ones above all."""

from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solely.agreement.column import Column
from solely.agreement.duckdb_sql import CLAUSES_PER_WORD, pack, unpack
from solely.agreement.evaluate import verdicts
from solely.agreement.expression import EARLIEST, INT_MAX, INT_MIN, LATEST
from solely.agreement.parser import Names, parse_rule
from solely.store.engine import open_engine
from solely.store.rule_engine import RuleEngine

FACTS = {
    "word": "text", "other_word": "text", "number": "int", "other_number": "int", "day": "date",
    "other_day": "date", "flag": "bool", "other_flag": "bool", "names": "set",
}  # fmt: skip
LISTS = {
    "cities": ("DOVER", "ß", "it's", "Zürich"),
    "open_fields": ("address", "name"),
    "one_field": ("phone",),
}
PARAMETERS = {"limit": 90, "first_day": date(2025, 4, 7), "is_open": True, "town": "DOVER"}
NAMES = Names(FACTS, PARAMETERS, LISTS)

HOSTILE_TEXTS = (
    "", " ", "\t", "\n", "\xa0", "\u200b", "\ufeff", "\x1f", "\x00", "DOVER", "DOVER\n", "\nDOVER", "dover",
    " DOVER",
    "DOVER\x00", "ß", "ẞ", "SS", "it's", "Zürich", "Zu\u0308rich", "0", "00000", "12345\n", "\u0661\u0662",
    "NULL", "null",
    "\U0001f600", "\ud800", "a-b", "ab", "aab", "8 USC 1253(a)(1)", "İ", "ı", "K", "k", "\u2028", "'", '"',
    "\\", "%",
)  # fmt: skip
HOSTILE_DAYS = (
    date.min, EARLIEST - timedelta(days=1), EARLIEST, date(1969, 12, 31), date(1970, 1, 1), date(2024, 2, 29),
    date(2025, 4, 7), date(2025, 7, 6), date(2026, 1, 5), LATEST, LATEST + timedelta(days=1), date.max,
)  # fmt: skip
HOSTILE_NUMBERS = (INT_MIN - 1, INT_MIN, -1, 0, 1, 89, 90, 91, INT_MAX, INT_MAX + 1, 2**63, -(2**63), 10**30)
HOSTILE_SETS = tuple(
    map(
        frozenset,
        (
            [],
            ["address"],
            ["address", "name"],
            ["phone"],
            ["address", "phone"],
            [None],
            ["address", None],
            [""],
            ["ADDRESS"],
        ),
    )
)
PATTERNS = (
    "DOVER", "[A-Z]+", "[a-z]*", "[0-9]{5}", "[0-9]{5}(?:-[0-9]{4})?", "a?b", "(a|ab)(b|c)?", "a{2}b", "[ ]*",
    "8 USC 1253\\(a\\)\\(1\\)(\\([A-Z]\\))?", "[A-Za-z\\-]{1,4}", "k", "''", "\\\\", "[\\]\\[^]",
    "a{0,3}b{0,3}", "~&&~",
)  # fmt: skip


def literals(kind: str) -> st.SearchStrategy[str]:
    """A literal of one type as the author writes it."""
    words = [f"'{text}'" for text in ("DOVER", "ß", "it''s", "Zürich", "00000", "NULL")]
    days = ["date '1900-01-01'", "date '2025-04-07'", "date '2199-12-31'", "first_day"]
    numbers = ["0", "-1", "90", str(INT_MAX), str(INT_MIN), "limit"]
    return st.sampled_from(
        {"text": [*words, "town"], "date": days, "int": numbers, "bool": ["true", "false", "is_open"]}[kind]
    )


def facts(kind: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name for name, found in FACTS.items() if found == kind])


def days() -> st.SearchStrategy[str]:
    shifted = st.builds(
        lambda base, sign, count: f"{base} {sign} {count}",
        st.one_of(facts("date"), literals("date")),
        st.sampled_from("+-"),
        st.sampled_from(["0", "1 days", "90 days", "limit days", "36600"]),
    )
    return st.one_of(facts("date"), literals("date"), shifted)


def terms(kind: str) -> st.SearchStrategy[str]:
    return days() if kind == "date" else st.one_of(facts(kind), literals(kind))


def comparisons(kind: str) -> st.SearchStrategy[str]:
    signs = ["=", "<>"] if kind in ("text", "bool") else ["=", "<>", "<", "<=", ">", ">="]
    return st.builds(" ".join, st.tuples(facts(kind), st.sampled_from(signs), terms(kind)))


def betweens(kind: str) -> st.SearchStrategy[str]:
    return st.builds(
        lambda fact, low, high: f"{fact} between {low} and {high}", facts(kind), terms(kind), terms(kind)
    )


TESTS = st.one_of(
    *[comparisons(kind) for kind in ("text", "int", "date", "bool")],
    betweens("int"),
    betweens("date"),
    facts("bool"),
    facts("text").map(lambda fact: f"filled({fact})"),
    st.builds(
        lambda fact, pattern: f"matches({fact}, '{pattern}')", facts("text"), st.sampled_from(PATTERNS)
    ),
    facts("text").map(lambda fact: f"within({fact}, cities)"),
    st.sampled_from(["open_fields", "one_field"]).map(lambda each: f"subset_of(names, {each})"),
    st.sampled_from(
        [
            "word in ('DOVER', 'ß')",
            "word not in ('x')",
            "number in (0, -1, 90)",
            "number not in (1)",
            "day in (date '2025-04-07', date '1900-01-01')",
        ]
    ),
)
GIVEN = st.sampled_from(sorted(FACTS)).map(lambda fact: f"{fact} is not null")


def joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda several, word: "(" + f" {word} ".join(several) + ")",
        st.lists(parts, min_size=2, max_size=3),
        st.sampled_from(["and", "or"]),
    )


NEGATABLE = st.recursive(
    TESTS, lambda inner: st.one_of(joined(inner), inner.map(lambda each: f"not ({each})")), max_leaves=6
)
RULES = st.recursive(st.one_of(NEGATABLE, GIVEN), joined, max_leaves=5)

ROWS = st.fixed_dictionaries(
    {
        **{
            name: st.one_of(st.none(), st.sampled_from(HOSTILE_TEXTS), st.text(max_size=4))
            for name in ("word", "other_word")
        },
        **{
            name: st.one_of(st.none(), st.sampled_from(HOSTILE_NUMBERS))
            for name in ("number", "other_number")
        },
        **{
            name: st.one_of(st.none(), st.sampled_from(HOSTILE_DAYS), st.dates())
            for name in ("day", "other_day")
        },
        **{name: st.one_of(st.none(), st.booleans()) for name in ("flag", "other_flag")},
        "names": st.one_of(st.none(), st.sampled_from(HOSTILE_SETS)),
    }
)


def clauses_of(rules):
    return tuple(Read(parse_rule(rule, NAMES)) for rule in rules)


class Read(SimpleNamespace):
    """A clause, as far as a verdict reads one."""

    def __init__(self, expression):
        super().__init__(expression=expression)

    def __hash__(self):
        return hash(self.expression)


@pytest.fixture(scope="module")
def engine():
    return RuleEngine(open_engine(None))


@pytest.mark.rule("R-02")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rules=st.lists(RULES, min_size=1, max_size=6), rows=st.lists(ROWS, min_size=1, max_size=25))
def test_the_plain_evaluator_and_duckdb_agree_on_every_row(engine, rules, rows):
    clauses = clauses_of(rules)
    columns = {name: [row[name] for row in rows] for name in FACTS}
    assert engine.judge(clauses, columns) == [verdicts(clauses, row) for row in rows]


@pytest.mark.rule("R-02")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rules=st.lists(RULES, min_size=1, max_size=6), rows=st.lists(ROWS, min_size=1, max_size=9), data=st.data()
)
def test_a_row_that_stands_for_others_gives_each_its_own_verdicts(engine, rules, rows, data):
    """Rows that share some facts and not others, in columns that hold some values twice."""
    clauses = clauses_of(rules)
    places = {
        name: data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=40, max_size=40)) for name in FACTS
    }
    columns = {name: Column([row[name] for row in rows], np.array(places[name], np.int32)) for name in FACTS}
    each = [{name: rows[places[name][row]][name] for name in FACTS} for row in range(40)]
    assert engine.judge(clauses, columns) == [verdicts(clauses, row) for row in each]
    assert engine.judge(clauses, {name: column.tolist() for name, column in columns.items()}) == [
        verdicts(clauses, row) for row in each
    ]


@pytest.mark.rule("R-02")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rules=st.lists(TESTS, min_size=4, max_size=8), row=ROWS)
def test_verdicts_beyond_one_word_keep_their_places(engine, rules, row):
    rules = [rules[place % len(rules)] for place in range(2 * CLAUSES_PER_WORD + 3)]
    clauses = clauses_of(rules)
    assert engine.judge(clauses, {name: [row[name]] for name in FACTS}) == [verdicts(clauses, row)]


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(1, 2 * CLAUSES_PER_WORD + 2),
    row_count=st.integers(1, 5),
    draw=st.randoms(use_true_random=False),
)
def test_verdicts_packed_into_words_come_out_as_they_were(count, row_count, draw):
    rows = [tuple(draw.choice((False, True, None)) for _ in range(count)) for _ in range(row_count)]
    told = [[2 if verdict is None else int(verdict) for verdict in each] for each in zip(*rows, strict=True)]
    words = pack({place: np.array(each, np.uint8) for place, each in enumerate(told)})
    assert unpack([words[number] for number in sorted(words)], count) == rows


@pytest.mark.rule("R-02")
@settings(max_examples=200, deadline=None)
@given(rule=RULES, row=ROWS, data=st.data())
def test_what_is_permitted_with_facts_unknown_stays_permitted_whatever_they_are(rule, row, data):
    """Knowledge-monotone: nothing is permitted because a fact is missing (agreements.md 4)."""
    clauses = clauses_of([rule])
    hidden = data.draw(st.sets(st.sampled_from(sorted(FACTS))))
    partly = {name: None if name in hidden else value for name, value in row.items()}
    if verdicts(clauses, partly) == (True,):
        assert verdicts(clauses, row) == (True,)


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_both_engines_match_a_whole_text_alike(engine, text, pattern):
    clauses = clauses_of([f"matches(word, '{pattern}')", "filled(word)"])
    assert engine.judge(clauses, {"word": [text]}) == [verdicts(clauses, {"word": text})]


def test_every_blank_and_its_neighbors_are_blank_to_both_engines_or_to_neither(engine):
    clauses = clauses_of(["filled(word)"])
    texts = [chr(point) for point in range(0x3200) if not 0xD800 <= point <= 0xDFFF] + [
        "\ufeff",
        "\ufffe",
        "\ufdfa",
    ]
    assert engine.judge(clauses, {"word": texts}) == [verdicts(clauses, {"word": text}) for text in texts]


def test_rows_come_back_in_their_order_over_chunks(engine):
    clauses = clauses_of(["number >= 0"])
    values = [1 if place % 3 else -1 for place in range(300_000)]
    assert [found for (found,) in engine.judge(clauses, {"number": values})] == [
        value > 0 for value in values
    ]
