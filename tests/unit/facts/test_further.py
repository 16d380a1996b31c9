"""Facts that a statute declares besides those known by name: how their cells are read."""

from datetime import date

import pytest

from solely.agreement.clause import FactDeclaration
from solely.agreement.terms import STANDARD_FACTS, TYPE_OF_FURTHER
from solely.facts.batchwide import BATCH_FACTS
from solely.facts.further import reader_of
from solely.facts.request import facts_of
from solely.model import COLUMNS, Item
from solely.steps.facing import GATE_FACTS
from tests.unit.facts.test_request import CONTEXT

TODAY = CONTEXT.received_on


def declared(normaliser, source="instrument"):
    return FactDeclaration("own", TYPE_OF_FURTHER[normaliser], "request", source, normaliser)


def read(normaliser, text):
    value, reason = reader_of(declared(normaliser), date(2026, 6, 1))(text)
    return value if reason is None else str(reason)


@pytest.mark.rule("R-69")
@pytest.mark.parametrize(
    ("normaliser", "text", "value"),
    [
        ("code", " Court Order ", "court_order"),
        ("code", "2721(b)(3)", "2721(b)(3)"),
        ("text", " SP-26-1187 ", "SP-26-1187"),
        ("text", "n/a", "instrument:PLACEHOLDER"),
        ("date", "2026-05-31", date(2026, 5, 31)),
        ("date", "5/31/2026", date(2026, 5, 31)),
        ("date", "2026-06-02", "instrument:FUTURE"),
        ("date", "soon", "instrument:MALFORMED"),
        ("set", "Address; content", frozenset({"address", "content"})),
        ("set", ";", "instrument:MISSING"),
        ("flag", "Yes", True),
        ("flag", "false", False),
        ("flag", "perhaps", "instrument:UNKNOWN_CODE"),
        ("flag", "1", "instrument:UNKNOWN_CODE"),
    ],
)
def test_a_cell_is_read_by_its_normaliser(normaliser, text, value):
    assert read(normaliser, text) == value


@pytest.mark.rule("R-02")
def test_what_is_not_given_is_unknown_without_a_reason_of_its_own():
    context = further(declared("flag"))
    facts = facts_of([Item(1, further=(None,)), Item(2), Item(3, further=("no",))], context)
    assert facts.columns["own"] == [None, None, False]
    assert not any("own" in found for found in facts.found)


def test_a_further_fact_may_read_a_standard_column():
    fact = declared("code", "purpose")
    facts = facts_of([Item(1, purpose="Tax collection")], further(fact, ()))
    assert facts.columns["own"] == ["tax_collection"]
    assert facts.columns["purpose"] == [None]


def test_the_facts_known_by_name_are_those_that_are_computed():
    computed = {*facts_of([Item(1)], CONTEXT).columns, *BATCH_FACTS, *GATE_FACTS}
    assert computed == set(STANDARD_FACTS)
    assert len(STANDARD_FACTS) == len(set(STANDARD_FACTS))


def test_an_item_without_further_cells_has_the_cells_that_it_always_had():
    cells = tuple(f"{place}" for place in range(len(COLUMNS)))
    assert Item.of(7, cells) == Item(7, *cells)
    assert Item.of(7, cells).cells() == cells
    assert Item.of(7, (*cells, "warrant")).cells() == (*cells, "warrant")


def further(fact, columns=("instrument",)):
    return CONTEXT.__class__(
        CONTEXT.received_on,
        CONTEXT.is_synthetic,
        CONTEXT.trust,
        CONTEXT.tables,
        CONTEXT.lexicon,
        (fact,),
        columns,
    )
