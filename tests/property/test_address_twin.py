"""The address judge and its slow twin agree; a record's parts and any text of it have one standard form."""

import random
import sys
import time
from types import FrameType

import pytest

from bench.address_lists import insufficient, text, written
from solely.facts.address import judge, standardise
from solely.facts.address_tables import AddressTables, parse_tables
from solely.facts.address_text import CHARACTERS_MAX, words_of
from solely.store.inputs import ZipEntry, read_inputs, read_zips
from tests.support.address_texts import CITIES, CODES, HOSTILE, LABELS, PRINTED, STATES, random_text
from tests.support.address_twin import judge as twin_judge
from tests.support.address_twin_words import words_of as twin_words_of


@pytest.fixture(scope="module")
def zips() -> dict[str, ZipEntry]:
    return read_zips(read_inputs(None))


@pytest.fixture(scope="module")
def tables(zips: dict[str, ZipEntry]) -> AddressTables:
    return parse_tables(read_inputs(None), zips)


def test_the_judge_and_its_twin_agree_on_random_texts(tables: AddressTables) -> None:
    draw = random.Random(20240)
    for _ in range(1500):
        line = random_text(draw)
        judgment = judge(line, tables)
        said = (judgment.verdict, judgment.rule, judgment.located, judgment.address)
        assert said == tuple(twin_judge(line, tables)), line


@pytest.mark.rule("R-29")
def test_a_name_in_care_and_a_street_called_by_a_phrase_s_word_are_looked_at_alike(
    tables: AddressTables,
) -> None:
    draw = random.Random(20243)
    lists = tables.placeholder_phrases, tables.facility_phrases, tables.agency_phrases, tables.anyone
    phrases = [" ".join(phrase) for each in lists for found in each.values() for phrase in found]
    words = sorted(tables.suspicious | tables.surmising | tables.kin | tables.said)
    names = ["MARIA", "LOPEZ", "J", "SMITH", "NWDC", "DC", "CLUB", "LINE"]
    for _ in range(700):
        name = draw.choice(phrases) if draw.random() < 0.3 else draw.choice(words)
        before, behind = (draw.choice([*names, *words]) if draw.random() < 0.4 else "" for _ in range(2))
        told = f"{before} {name} {behind}".strip()
        shapes = f"C/O {told}, 12 OAK ST", f"12 {told} RD", f"C/O J SMITH, 12 {told} CIR APT 3"
        line = f"{draw.choice(shapes)}, CHICAGO IL 60629"
        judgment = judge(line, tables)
        assert (*judgment[:2], judgment.located, judgment.address) == tuple(twin_judge(line, tables)), line


def test_a_word_of_a_saying_with_a_slip_of_the_hand_is_read_alike(tables: AddressTables) -> None:
    draw = random.Random(20245)
    said = sorted(set(tables.misspelt.values()))
    for _ in range(700):
        words = draw.choices(said, k=draw.randint(1, 3))
        at = draw.randrange(len(words))
        words[at] = slipped(words[at], draw)
        line = f"12 {' '.join(words)} RD, CHICAGO IL 60629"
        judgment = judge(line, tables)
        assert (*judgment[:2], judgment.located, judgment.address) == tuple(twin_judge(line, tables)), line


def slipped(word: str, draw: random.Random) -> str:
    """`word` with a letter doubled, lost, changed with the next, or another."""
    at = draw.randrange(len(word))
    rest = word[at + 1 :]
    return word[:at] + draw.choice((word[at] * 2 + rest, rest, rest[:1] + word[at] + rest[1:], "Q" + rest))


def test_labels_of_fields_are_read_alike() -> None:
    draw = random.Random(20242)
    parts = [*LABELS, "IL", "12", "X", ":", ":", ":", ":", "=", *",/-&_#[]*", "\n", *"      "]
    for _ in range(20_000):
        line = "".join(draw.choice(parts) for _ in range(draw.randint(1, 12)))
        assert words_of(line) == twin_words_of(line), line


def test_labels_without_colons_are_read_alike() -> None:
    draw = random.Random(20244)

    def some(most: int) -> str:
        return " ".join(draw.choice(PRINTED) for _ in range(draw.randint(0, most)))

    for _ in range(20_000):
        city, state, code = (draw.choice(labels) for labels in (CITIES, STATES, CODES))
        pieces = some(5), city, some(3), state, draw.choice(("IL", "OR", "OHIO")), code, "60629", some(1)
        line = "".join(piece + draw.choice((" ", " ", ", ", "\n", " - ", " 5B. ")) for piece in pieces)
        assert words_of(line) == twin_words_of(line), line


@pytest.mark.parametrize(
    "line",
    [
        "6100 PROVIDED APT 2ND FLOOR W HARTFORD CT 06119",
        "PO BLDG ST LOST PO BOX 09012 XX, CHICAGO IL 60629",
        "PO BOX 7 A, CHICAGO IL 60629",
        "PO BOX E PO BOX N, COLLEYVILLE TX 76034",
        "10008 ROBIN PKWY RM B-14, WEIDMAN, MI, 48893",
        "9001 WASHINGTON LOT 2ND FLOOR THE, SOMERSET KY 42501",
        "322 POMPANO BEACH, Pompano Beach FL 33063",
        "12; LN CT, CHICAGO, IL 60629",
        "1 F M 5 N, AUSTIN TX 78730",
        "GEO AUSTIN TX 78730",
        "45-12 R R LN, STE 5, E DUNDEE IL 60118",
        "COUNTY JAIL, RES ASDF HWY UNIT B, SAN JUAN PR 00926",
        "COND EL MONTE APT B, SAN JUAN PR 00926",
        "BOX A, PHOENIX AZ 85001",
        "6100 NW T^ORRES EN CT # 3F CHICAGO IL 60629",
        "K1A CALLE O'BRIEN N VIRGINIA APT3F, E DUNDEE IL 60118",
        "I-94 I-94 EEE NEWARK NJ07105",
        "F0L BIN APO STREET, SOMERSET KY 42501",
        "12(B) OAK ST (APT 4) (ICE), CHICAGO IL 60629",
        "999 X LOFTS HWY, NEWARK NJ07102-1234",
        "12 1/2 CERTAIN ROAD, NEWARK NJ07102-1234",
    ],
)
def test_the_judge_and_its_twin_agree_where_they_once_did_not(tables: AddressTables, line: str) -> None:
    judgment = judge(line, tables)
    assert (*judgment[:2], judgment.located, judgment.address) == tuple(twin_judge(line, tables))


@pytest.mark.rule("R-40")
def test_parts_and_text_of_one_address_have_one_standard_form(
    tables: AddressTables, zips: dict[str, ZipEntry]
) -> None:
    draw = random.Random(20241)
    addresses = written(draw, zips)
    unequal = []
    for _ in range(2000):
        one = next(addresses)
        line = text(draw, one)
        parts = standardise(one.line, one.unit, *one.place, tables)
        assert parts is not None, one.line
        if parts != judge(line, tables).address:
            unequal.append(line)
    # a direction before a city whose ZIP accepts both IRWIN and NORTH IRWIN can be read either way
    assert len(unequal) <= 2, unequal


@pytest.mark.rule("R-70")
def test_addresses_of_real_forms_are_sufficient(tables: AddressTables, zips: dict[str, ZipEntry]) -> None:
    draw = random.Random(20242)
    addresses = written(draw, zips)
    refused = [
        line
        for line in (text(draw, next(addresses)) for _ in range(2000))
        if not judge(line, tables).is_sufficient
    ]
    assert len(refused) <= 10, refused


@pytest.mark.rule("R-25", "R-26", "R-27", "R-28", "R-29")
def test_what_is_no_address_does_not_pass(tables: AddressTables, zips: dict[str, ZipEntry]) -> None:
    lines = insufficient(random.Random(20243), zips, 2000)
    passed = [line for line in lines if judge(line, tables).is_sufficient]
    assert len(passed) <= 10, passed


@pytest.mark.parametrize("line", HOSTILE)
def test_no_text_takes_long(tables: AddressTables, line: str) -> None:
    judge(line, tables)
    times = []
    for _ in range(5):
        started = time.process_time()
        judge(line + " ", tables)
        times.append(time.process_time() - started)
    assert min(times) < 0.005


@pytest.mark.parametrize("line", HOSTILE)
def test_no_text_takes_much_work(tables: AddressTables, line: str) -> None:
    calls = 0

    def counted(_frame: FrameType, event: str, _given: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        judge(line, tables)
    finally:
        sys.setprofile(None)
    assert calls < 60 * CHARACTERS_MAX, calls


def test_a_text_longer_than_any_address_is_told_so(tables: AddressTables) -> None:
    for line in ("12 OAK ST, " * 900, "OAK, " * 50):
        said = judge(line, tables)
        assert (said.verdict, said.rule) == ("INCOMPLETE", "R-27")
        assert "too long" in said.reason
