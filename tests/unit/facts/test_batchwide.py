"""What the rows of a batch say together, counted from their own words (R-19, R-30, R-51, R-86, R-87)."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from solely.facts.attempts import Attempts, Person, tag_key, tags_of
from solely.facts.batchwide import BATCH_FACTS, BatchWide, reason_key
from solely.facts.lexicon import parse_lexicon
from solely.facts.request import FactContext, facts_of
from solely.model import Item
from solely.store.inputs import read_inputs, tables_of
from tests.support.submissions import ROW

FILES = read_inputs(None)
CONTEXT = FactContext(date(2026, 6, 2), True, None, tables_of(FILES), parse_lexicon(FILES))


def item(row: int, **words: str | None) -> Item:
    """The good row, with some of its words other than they should be."""
    return Item(row, **{**ROW, "request_id": f"R-{row:04}", **words})


def counts(items: Sequence[Item], chunk: int = 3, officers: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Every count of every row, the rows added in chunks."""
    wide = BatchWide(officers)
    for at in range(0, len(items), chunk):
        part = items[at : at + chunk]
        wide.add(part, facts_of(part, CONTEXT))
    columns = wide.counted().of([each.row for each in items])
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def column(name: str, items: Sequence[Item]) -> list[int]:
    """One count of every row."""
    return [row[name] for row in counts(items)]


def test_a_row_alone_shares_nothing():
    assert counts([item(1)]) == [dict.fromkeys(BATCH_FACTS, 1) | {"same_reason_percent": 100}]


def test_a_row_that_says_nothing_shares_nothing_with_another():
    blank = [Item(row, f"R-{row}") for row in (1, 2, 3)]
    assert counts(blank) == [dict.fromkeys(BATCH_FACTS, 0)] * 3


# -- one reason for many (R-19) -------------------------------------------------------------------------


@pytest.mark.rule("R-19")
@pytest.mark.parametrize(
    "other",
    [
        "Bank notes of 2019-03-04 name a payee.",
        "bank notes of 17 March 2020 name a PAYEE",
        "BANK NOTES of  Rosalind Okonkwo-Varga's name -- a payee!",
        "Bank notes of Medford, NJ name a payee (88-1203)",
        "Bank notes of ROSALÍND name a payee",
        "A payee: name of notes, bank notes",
        "Bank notes of name a payee (kxqvtz)",
    ],
)
def test_two_reasons_are_the_same_without_order_digits_dates_own_names_and_own_places(other):
    plain = item(1, reason="bank notes of name a payee")
    assert reason_key(item(2, reason=other)) == reason_key(plain) == "BANK NAME NOTES OF PAYEE"
    assert column("same_reason_items", [plain, item(2, reason=other)]) == [2, 2]


@pytest.mark.rule("R-19")
def test_another_word_makes_another_reason():
    assert reason_key(item(1, reason="bank notes name a payee")) != reason_key(
        item(1, reason="bank notes name a payer")
    )


@pytest.mark.rule("R-19")
def test_the_share_is_rounded_up_so_that_no_share_above_the_limit_looks_like_one_at_it():
    rows = [item(n, reason="one sentence" if n <= 2 else "a" * n) for n in range(1, 200)]
    assert column("same_reason_percent", rows)[:3] == [2, 2, 1]
    exact = [item(n, reason="one sentence" if n <= 2 else "a" * n) for n in range(1, 201)]
    assert column("same_reason_percent", exact)[:3] == [1, 1, 1]


# -- one address for many, many addresses for one (R-87) ------------------------------------------


@pytest.mark.rule("R-30")
def test_persons_at_one_building_are_counted_whatever_unit_they_are_given():
    rows = [
        item(n, given_name=name, taxpayer_number=None, address=f"14 UNKNOWN RD APT {n}, Medford NJ 08055")
        for n, name in enumerate(["Ana", "Bea", "Carla", "Ana"], start=1)
    ]
    assert column("persons_at_address", rows) == [3, 3, 3, 3]
    assert column("persons_at_address", [*rows, item(9, address="15 UNKNOWN RD, Medford NJ 08055")])[-1] == 1


@pytest.mark.rule("R-30")
def test_one_building_is_one_however_its_number_its_direction_or_its_zip_is_varied():
    lines = ["1200", "1200A", "1200 1/2", "01200", "1200 N", "1200-B"]
    rows = [
        item(n, given_name="A" * n, taxpayer_number=None, address=f"{line} MARKET ST, Trenton NJ {zip_}")
        for n, (line, zip_) in enumerate(zip(lines, ["08608", "08609", "08611"] * 2, strict=True), start=1)
    ]
    assert column("persons_at_address", rows) == [6] * 6
    assert column("addresses_of_person", [rows[0], rows[1]._replace(given_name="A")]) == [2, 2]


@pytest.mark.rule("R-87")
def test_addresses_tried_for_one_person_are_counted_whatever_the_order_of_the_names():
    rows = [
        item(n, taxpayer_number=None, address=f"{n} UNKNOWN RD, Medford NJ 08055", **names)
        for n, names in enumerate(
            [{}, {"middle_name": "Ada"}, {"given_name": "Varga", "family_name": "Rosalind Okonkwo"}], start=1
        )
    ]
    assert column("addresses_of_person", rows) == [3, 3, 3]
    assert column("addresses_of_person", [rows[0], rows[0]._replace(row=2)]) == [1, 1]
    assert column("addresses_of_person", [rows[0], rows[1]._replace(birth_date="1984-03-10")]) == [1, 1]


# -- investigations (R-86) ------------------------------------------------------------------------------


def persons(count: int, **words: str) -> list[Item]:
    """Rows about different persons."""
    return [item(n, given_name="A" * n, taxpayer_number=None, **words) for n in range(1, count + 1)]


@pytest.mark.rule("R-86")
def test_persons_of_one_investigation_are_counted_and_a_repeated_row_is_no_further_one():
    rows = [*persons(5), persons(1)[0]._replace(row=6), item(7, investigation_id="INV-2026-00418")]
    assert column("persons_of_investigation", rows) == [5, 5, 5, 5, 5, 5, 1]
    for spelling in ("inv 2026 00417", "INV202600417", "Inv.2026/00417"):
        respelled = [rows[0], rows[1]._replace(investigation_id=spelling)]
        assert column("persons_of_investigation", respelled) == [2, 2], spelling


@pytest.mark.rule("R-86")
def test_investigations_opened_on_one_day_are_counted_once_each():
    days = ["2026-01-15", "1/15/2026", "2026-01-15", "2026-01-16"]
    ids = ["INV-A", "INV-B", "INV-B", "INV-C"]
    rows = [
        item(n, investigation_opened_on=day, investigation_id=name)
        for n, (day, name) in enumerate(zip(days, ids, strict=True), start=1)
    ]
    assert column("investigations_opened_that_day", rows) == [2, 2, 2, 1]


@pytest.mark.rule("R-86")
def test_consecutive_numbers_under_one_stem_are_counted():
    ids = ["INV-0099", "INV-0100", "inv-101", "INV-0103", "HSI-0104", "INV-0100", "INV-X"]
    rows = [item(n, investigation_id=name) for n, name in enumerate(ids, start=1)]
    assert column("sequential_investigations", rows) == [4, 4, 4, 4, 1, 4, 0]


@pytest.mark.rule("R-86")
@pytest.mark.parametrize("form", ["INV-{}", "HSI-{:06}-2026", "2026/{}", "HSI-2026-{:05}-A"])
@pytest.mark.parametrize("step", [1, 2, 5])
def test_a_run_of_numbers_is_seen_wherever_a_year_stands_and_where_some_are_left_out(form: str, step: int):
    ids = [form.format(300 + step * n) for n in range(6)]
    rows = [item(n, investigation_id=name) for n, name in enumerate(ids, start=1)]
    assert column("sequential_investigations", rows) == [6] * 6


@pytest.mark.rule("R-86")
def test_numbers_far_apart_are_no_run():
    rows = [item(n, investigation_id=f"INV-{n * 6:05}-2026") for n in range(1, 5)]
    assert column("sequential_investigations", rows) == [1] * 4


# -- officers (R-50, R-51) ------------------------------------------------------------------------------


@pytest.mark.rule("R-50", "R-51")
def test_an_officer_who_is_listed_for_an_item_counts_once_for_it():
    lists = ["officer-01", "officer-01;officer-01; officer-02", "officer-03", None, "officer-01"]
    wide = BatchWide(["officer-01", "officer-02"])
    rows = [item(n, officers=text) for n, text in enumerate(lists, start=1)]
    for at in (0, 2, 4):
        wide.add(rows[at : at + 2], facts_of(rows[at : at + 2], CONTEXT))
    assert wide.caseload == Counter({"officer-01": 3, "officer-02": 1})


# -- all of it, the obvious way -------------------------------------------------------------------------


@pytest.mark.rule("R-19", "R-30", "R-86")
def test_chunks_make_no_difference_and_agree_with_the_obvious_way():
    draw = random.Random(86)
    rows = [
        item(
            n,
            given_name=draw.choice(["Ana", "Bea", "Carla"]),
            address=f"{draw.randint(1, 3)} UNKNOWN RD, Medford NJ 08055",
            reason=draw.choice(["bank notes", "port log", "a lease"]),
            investigation_id=f"INV-{draw.choice([1, 2, 3, 7, 8, 20])}",
            investigation_opened_on=f"2026-01-{draw.randint(10, 12)}",
            taxpayer_number=None,
        )
        for n in range(1, 60)
    ]
    assert counts(rows, chunk=7) == counts(rows, chunk=59)
    plain = counts(rows)
    for one, found in zip(rows, plain, strict=True):
        alike = [each for each in rows if each.reason == one.reason]
        assert found["same_reason_items"] == len(alike)
        at_address = {each.given_name for each in rows if each.address == one.address}
        assert found["persons_at_address"] == len(at_address)
        of_one = {each.given_name for each in rows if each.investigation_id == one.investigation_id}
        assert found["persons_of_investigation"] == len(of_one)
        opened = {
            each.investigation_id
            for each in rows
            if each.investigation_opened_on == one.investigation_opened_on
        }
        assert found["investigations_opened_that_day"] == len(opened)


# -- attempts (R-87) ------------------------------------------------------------------------------------

KEY = tag_key(b"k" * 32)
ANA = Person(("ANA",), ("LOPEZ",), date(1980, 1, 2), "900661234")


@pytest.mark.rule("R-87")
def test_attempts_about_a_person_are_counted_by_either_tag_and_once_each():
    by_number = ANA._replace(birth_date=None)
    by_name = ANA._replace(taxpayer_number=None)
    other = Person(("BEA",), ("LOPEZ",), date(1980, 1, 2), None)
    earlier = Attempts([tags_of(KEY, ANA), tags_of(KEY, by_number) + tags_of(KEY, by_name)])
    asked = [tags_of(KEY, each) for each in (ANA, by_number, by_name, other)]
    assert earlier.before(asked) == [3, 2, 2, 0]


@pytest.mark.rule("R-87")
def test_whom_nothing_is_known_of_was_never_asked_for():
    nobody = tags_of(KEY, ANA._replace(birth_date=None, taxpayer_number=None))
    assert Attempts([nobody, nobody]).before([nobody]) == [0]


@pytest.mark.rule("R-87")
def test_another_gate_has_other_tags():
    assert tags_of(KEY, ANA) != tags_of(tag_key(b"l" * 32), ANA)
