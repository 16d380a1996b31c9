"""Facts hold for any text: they never raise, never tell a value, and do not depend on how it was written."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solely.facts.day import FILLERS, find_day, read_day
from solely.facts.lexicon import parse_lexicon
from solely.facts.name import judge_name
from solely.facts.request import FactContext, facts_of, identity_keys
from solely.facts.statute import parse_citation, read_statute
from solely.folding import fold, words
from solely.intake.rows import items_of, read_header
from solely.model import COLUMNS, Item
from solely.store.inputs import read_inputs, tables_of
from tests.support.submissions import ROW

FILES = read_inputs(None)
TODAY = date(2026, 6, 2)
CONTEXT = FactContext(TODAY, True, None, tables_of(FILES), parse_lexicon(FILES))

hostile = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="019AZ aß;-/()*%'\"§.,\u200b\u0301\u0130\ufb01٣", max_size=30),
    st.sampled_from(
        [*ROW.values(), "UNKNOWN", "NA", "*", "1900-01-01", "0", ";", "8 USC", "(a)(1)", "FNU", "A1234567"]
    ),
)
rows = st.lists(
    st.lists(st.none() | hostile, min_size=len(COLUMNS), max_size=len(COLUMNS)), min_size=1, max_size=4
)
days = st.dates(date(1900, 1, 2), TODAY).filter(lambda day: day not in FILLERS)  # no clock's first day


@pytest.mark.rule("R-02")
@settings(max_examples=300, deadline=None)
@given(rows)
def test_facts_never_raise_and_never_tell_a_value(cells: list[list[str | None]]) -> None:
    items = [read.item for read in items_of(read_header(COLUMNS), cells, 1)]
    facts = facts_of(items, CONTEXT)
    assert {len(values) for values in facts.columns.values()} == {len(items)}
    assert facts.faults == () and len(identity_keys(facts)) == len(items)
    told = [reason for found in facts.found for reason in found.values()]
    told += [reason for findings in facts.findings for _, reason in findings]
    for reason in told:
        assert (
            reason.element in COLUMNS
            and reason.code.replace("_", "").isalpha()
            and reason.rule.startswith("R-")
        )


@pytest.mark.rule("R-59")
@settings(max_examples=100, deadline=None)
@given(rows)
def test_an_item_has_the_same_facts_alone_and_in_a_chunk(cells: list[list[str | None]]) -> None:
    items = [read.item for read in items_of(read_header(COLUMNS), cells, 1)]
    together = facts_of(items, CONTEXT)
    for place, item in enumerate(items):
        alone = facts_of([item], CONTEXT)
        assert {name: values[0] for name, values in alone.columns.items()} == {
            name: values[place] for name, values in together.columns.items()
        }
        assert dict(alone.found[0]) == dict(together.found[place])
        assert alone.findings[0] == together.findings[place]


@pytest.mark.rule("R-18")
@given(days)
def test_both_forms_of_a_day_agree(day: date) -> None:
    forms = (day.isoformat(), f"{day.month}/{day.day}/{day.year}", f"{day:%m/%d/%Y}")
    assert {find_day(each) for each in forms} == {day}


@pytest.mark.rule("R-18")
@given(days, st.integers(1, 5000))
def test_a_day_after_receipt_is_in_the_future(day: date, days_later: int) -> None:
    later = day + timedelta(days=days_later)
    assert read_day(day.isoformat(), day, "order_date", "R-18")[0] == day
    _, reason = read_day(later.isoformat(), day, "order_date", "R-18")
    assert reason is not None and reason.code == "FUTURE"


@pytest.mark.rule("R-40")
@given(st.text(max_size=30))
def test_folding_is_the_same_twice_and_word_by_word(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded == " ".join(words(text))
    assert "  " not in folded and folded == folded.strip()


@pytest.mark.rule("R-40", "R-23")
@given(
    st.sampled_from(["UNKNOWN", "Na", "Chris", "FNU", "Jin", "J", "José Ángel"]),
    st.sampled_from(["LNU", "Li", "Null", "O", "UNKNOWN"]),
)
def test_case_and_marks_never_change_the_judgment_on_a_name(first: str, last: str) -> None:
    names = CONTEXT.lexicon.names
    verdicts = {
        judge_name(form(first), None, form(last), None, names).verdict
        for form in (str, str.upper, str.lower, lambda text: f" {text}. ", fold)
    }
    assert len(verdicts) == 1


@pytest.mark.rule("R-15")
@given(
    st.integers(1, 54), st.integers(1, 9999), st.lists(st.sampled_from(["a", "1", "A", "i", "I"]), max_size=5)
)
def test_a_canonical_citation_is_its_own_reading(title: int, section: int, levels: list[str]) -> None:
    text = f"{title} U.S.C. § {section}" + "".join(f"({each})" for each in levels)
    statute, reason = read_statute(text)
    assert reason is None and str(parse_citation(statute)) == statute == read_statute(statute.lower())[0]


@pytest.mark.rule("R-57")
def test_no_value_shows_in_what_facts_return() -> None:
    facts = facts_of([Item(1, **{**ROW, "birth_date": "Zebulon", "order_date": "Zebulon"})], CONTEXT)
    assert "Zebulon" not in repr(facts) and "Zebulon" not in str(facts.found) + str(facts.findings)
