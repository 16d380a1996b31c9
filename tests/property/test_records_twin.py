"""DuckDB and the reference engine find the same people, on crowded worlds, under any cap."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from solely.canonical import canonical_json
from solely.matching.identify import identify
from solely.records.indexed import IndexedRecords
from solely.records.reference import ReferenceRecords
from tests.support.matching_world import POLICY, home, subject
from tests.support.records_world import index_of, row

AT = datetime(2025, 7, 1, 12, tzinfo=UTC)
GIVEN = ["Jose", "Josue", "María José", "Ana", "J.", "O", "Wu", "Mary Ann", "Maryann", "Ñáñez", "Na"]
FAMILY = [
    "Garcia",
    "García-López",
    "de la Cruz",
    "Delacruz",
    "Li",
    "Le",
    "O'Brien",
    "Smith Jr",
    "Garzia",
    "Zoë",
    "",
]
BIRTHS = ["1980-05-17", "1980-05-18", "1950-05-17", "1900-01-01", ""]
LINES = ["123 Larkspur St", "123 Larkspur Ct", "123 N Elm Ave", "PO Box 44", "RR 2 Box 18",
         "General Delivery", "W204 N11912 Goldendale Rd", "45-12 82nd St", "no address", ""]  # fmt: skip
PLACES = [
    ("Chicago", "IL", "60629"),
    ("Chicago", "IL", "60628-1234"),
    ("Elmhurst", "NY", "11373"),
    ("", "", ""),
]


def person_rows(chance: random.Random, number: int) -> list[dict[str, str]]:
    """One person's rows, from few values, so that everybody is somebody's namesake, neighbour or double."""
    head = {
        "status": chance.choice(["active", "active", "inactive", "dependent"]),
        "given_name": chance.choice(GIVEN), "middle_name": chance.choice(["", "", "A", "Luis"]),
        "family_name": chance.choice(FAMILY), "family_name_2": chance.choice(["", "", "Lopez"]),
        "birth_date": chance.choice(BIRTHS),
        "taxpayer_number": chance.choice(["", "000000000", f"90066{chance.randrange(20):04}"]),
    }  # fmt: skip
    rows = []
    for _ in range(chance.choice([1, 1, 2, 3])):
        city, state, code = chance.choice(PLACES)
        rows.append(
            row(f"R{number:03}", **head, street_line=chance.choice(LINES),
                unit=chance.choice(["", "", "Apt 3F"]),
                city=city, state=state, zip=code, period_from=chance.choice(["1998-01-01", "2020-01-01"]),
                period_to=chance.choice(["", "2021-12-31"]))
        )  # fmt: skip
    return rows


def asked_for(chance: random.Random, people, number: int):
    """A request about one of the people, a blemish here and there."""
    held = chance.choice(people)
    places = [each.standard for each in held.addresses if each.standard is not None]
    asked = subject("||", row=number)._replace(
        given=held.given, middle=held.middle if chance.random() < 0.5 else (),
        family=held.family or held.family_2,
        birth_date=chance.choice([held.birth_date, held.birth_date, None]),
        taxpayer_number=chance.choice([held.taxpayer_number, None]),
        address=chance.choice(places) if places else home(),
    )  # fmt: skip
    if chance.random() < 0.3:
        asked = asked._replace(family=tuple("C" + each[1:] for each in asked.family))
    return asked._replace(given=asked.family, family=asked.given) if chance.random() < 0.1 else asked


@pytest.mark.parametrize("seed", range(4))
def test_both_engines_find_the_same_people(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    rows = [each for number in range(150) for each in person_rows(chance, number)]
    folder = index_of(tmp_path, rows)
    cap = chance.choice([2, 5, 200])
    fast, slow = (
        IndexedRecords(folder, block_records_max=cap),
        ReferenceRecords(folder, block_records_max=cap),
    )
    people = list(slow.reread([f"R{number:03}" for number in range(150)]).values())
    asked = [asked_for(chance, people, number) for number in range(1, 201)]
    one, two = fast.retrieve(asked, AT), slow.retrieve(asked, AT)
    assert one.candidates == two.candidates
    assert one.capped == two.capped
    assert sorted(one.access) == sorted(two.access)
    assert sum(map(len, one.candidates.values())) > 200
    for name in ("R000", "R001", "R075", "R149", "R0755", "A", "Z"):
        assert fast.beside(name, 3) == slow.beside(name, 3)
    assert [each.record_id for each in fast.beside("R075", 1)] == ["R074", "R076"]
    assert any(each.purpose == "rival" for each in one.access) or cap == 2


def test_both_engines_give_the_same_explanations_in_bulk_and_one_by_one(tmp_path: Path) -> None:
    chance = random.Random(99)
    rows = [each for number in range(150) for each in person_rows(chance, number)]
    folder = index_of(tmp_path, rows)
    fast, slow = IndexedRecords(folder), ReferenceRecords(folder)
    people = list(slow.reread([f"R{number:03}" for number in range(150)]).values())
    asked = [asked_for(chance, people, number) for number in range(1, 101)]
    bulk = fast.retrieve(asked, AT)
    matched = 0
    for each in asked:
        alone = slow.retrieve([each], AT)
        one = identify(each, bulk.candidates[each.row], POLICY, fast.names, each.row in bulk.capped)
        two = identify(each, alone.candidates[each.row], POLICY, slow.names, each.row in alone.capped)
        assert canonical_json(one.explanation) == canonical_json(two.explanation)
        assert one == two
        matched += one.abstention is None
    assert matched > 0


@pytest.mark.rule("R-40")
@pytest.mark.parametrize("seed", range(2))
def test_formatting_alone_never_decides(tmp_path: Path, seed: int) -> None:
    from solely.facts.address import judge
    from solely.folding import tokens
    from tests.support.records_world import tables

    chance = random.Random(seed)
    held = row(
        "R1", given_name="José", family_name="García López", street_line="77 N Juniper St", unit="APT 4B"
    )
    records = IndexedRecords(index_of(tmp_path, [held]))
    names = [
        "josé|garcía-lópez",
        "JOSE|GARCIA LOPEZ",
        "Jose.|Garcia  Lopez",
        " jose |lopez garcía",
        "José|López",
    ]
    lines = [
        "77 North Juniper Street Apt 4B",
        "77 n. juniper st. #4b",
        "77 NORTH JUNIPER ST, APT 4-B",
        "77 N JUNIPER ST",
    ]
    for _ in range(20):
        given, family = (tokens(each) for each in chance.choice(names).split("|"))
        line = chance.choice(lines) + chance.choice(
            [", Chicago, IL 60629", " chicago il 60629", ", CHICAGO, Illinois 60629"]
        )
        address = judge(line, tables()).address
        assert address is not None
        asked = subject("||")._replace(given=given, family=family, address=address)
        (found,) = (
            identify(asked, records.retrieve([asked], AT).candidates[1], POLICY, records.names, False),
        )
        assert (found.record_id, found.abstention) == ("R1", None), line
