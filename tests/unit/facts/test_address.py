"""The address judge on hand-made vectors: what is sufficient on its face, and what is not."""

import csv
from pathlib import Path

import pytest

from solely.facts.address import judge, standardise
from solely.facts.address_tables import AddressTables
from solely.store.inputs import read_inputs, tables_of

VECTORS = Path(__file__).parents[3] / "vectors" / "address"
REAL_NAMES = VECTORS.parents[1] / "src" / "solely" / "inputs" / "real_names.txt"


@pytest.fixture(scope="module")
def tables() -> AddressTables:
    files = read_inputs(None)
    return tables_of(files)


def rows(*folders: str) -> list[tuple[str, str, str | None, bool]]:
    found = []
    for folder in folders:
        for path in sorted((VECTORS / folder).glob("*.csv")):
            with path.open(newline="", encoding="utf-8") as lines:
                for row in csv.DictReader(lines):
                    found.append(
                        (row["input"], row["verdict"], row["rule"] or None, row["located"] == "true")
                    )
    assert found
    return found


def check(tables: AddressTables, folder: str) -> None:
    said = [(text, *judge(text, tables)[:2], judge(text, tables).located) for text, *_ in rows(folder)]
    assert said == rows(folder)


@pytest.mark.rule("R-24", "R-25", "R-26", "R-27", "R-28", "R-29", "R-31", "R-70", "R-80")
def test_every_usual_and_unusual_real_form_is_sufficient(tables: AddressTables) -> None:
    check(tables, "valid")
    assert all(judge(text, tables).is_sufficient for text, *_ in rows("valid"))


@pytest.mark.rule("R-24")
def test_a_blank_text_is_no_address(tables: AddressTables) -> None:
    check(tables, "blank")
    assert judge(None, tables).rule == "R-24"


@pytest.mark.rule("R-25")
def test_a_placeholder_is_no_address_in_any_spelling(tables: AddressTables) -> None:
    check(tables, "placeholder")


@pytest.mark.rule("R-26")
def test_digits_or_a_zip_alone_are_no_address(tables: AddressTables) -> None:
    check(tables, "digits")


@pytest.mark.rule("R-27")
def test_a_delivery_line_needs_number_and_street(tables: AddressTables) -> None:
    check(tables, "number_or_street")


@pytest.mark.rule("R-28")
def test_a_last_line_needs_city_and_state_that_fit_the_zip(tables: AddressTables) -> None:
    check(tables, "last_line")


@pytest.mark.rule("R-29")
def test_a_facility_without_a_street_is_returned_and_with_one_referred(tables: AddressTables) -> None:
    check(tables, "facility")


@pytest.mark.rule("R-29")
def test_the_register_of_facilities_knows_a_bare_street_address(tables: AddressTables) -> None:
    assert judge("9001 W MAIN ST, Chicago IL 60629", tables).located
    assert judge("9002 W MAIN ST, Chicago IL 60629", tables).verdict == "OK"
    assert judge("9001 W MAIN ST, Dover DE 19901", tables).verdict == "OK"


@pytest.mark.rule("R-31")
def test_a_mail_agency_needs_its_box_number(tables: AddressTables) -> None:
    check(tables, "mail_agency")


@pytest.mark.rule("R-32")
def test_a_foreign_address_is_told_from_a_us_city_of_that_name(tables: AddressTables) -> None:
    check(tables, "foreign")
    assert judge("12 OAK ST, Mexico MO 65265", tables).verdict == "OK"


@pytest.mark.rule("R-80")
def test_an_unclear_number_or_street_is_not_sufficient(tables: AddressTables) -> None:
    check(tables, "unclear")


@pytest.mark.rule("R-33")
@pytest.mark.parametrize(
    "number", ["912-68-1234", "912681234", "NA 912-68-1234", "SSN 912681234, Chicago IL 60629"]
)
def test_a_taxpayer_number_never_stands_in_for_an_address(tables: AddressTables, number: str) -> None:
    assert not judge(number, tables).is_sufficient
    assert not judge(f"{number}, Chicago IL 60629", tables).is_sufficient
    assert not judge(f"UNKNOWN, {number}", tables).is_sufficient


@pytest.mark.rule("R-33")
def test_the_judge_is_given_the_text_alone(tables: AddressTables) -> None:
    assert judge("12 OAK ST, Chicago IL 60629", tables).is_sufficient
    assert judge("912-68-1234", tables).rule == "R-26"
    assert judge("NA 912-68-1234", tables).verdict == "PLACEHOLDER"


@pytest.mark.rule("R-40")
def test_formatting_alone_never_decides(tables: AddressTables) -> None:
    for first, second in pairs("same.csv"):
        assert judge(first, tables).address is not None
        assert judge(first, tables).address == judge(second, tables).address, (first, second)


@pytest.mark.rule("R-40")
def test_two_addresses_never_have_one_standard_form(tables: AddressTables) -> None:
    for first, second in pairs("different.csv"):
        assert judge(first, tables).address != judge(second, tables).address, (first, second)


def pairs(name: str) -> list[tuple[str, str]]:
    with (VECTORS / "standard_form" / name).open(newline="", encoding="utf-8") as lines:
        return [(row["first"], row["second"]) for row in csv.DictReader(lines)]


@pytest.mark.rule("R-40")
def test_a_record_in_parts_has_the_standard_form_of_its_text(tables: AddressTables) -> None:
    parts = standardise("45-12 82ND ST", "3F", "ELMHURST", "NY", "11373", tables)
    assert parts is not None
    assert parts == judge("Apt 3F, 45-12 82nd Street, Elmhurst, New York 11373-1234", tables).address
    assert (
        standardise("PO BOX 44", None, "DOVER", "DE", "19901", tables)
        == judge("P.O. Box 44 Dover DE 19901", tables).address
    )
    assert standardise("UNKNOWN", None, "DOVER", "DE", "19901", tables) is None
    assert standardise(None, None, "DOVER", "DE", "19901", tables) is None


@pytest.mark.rule("R-28")
def test_the_city_is_the_preferred_name_of_its_zip(tables: AddressTables) -> None:
    addresses = [
        judge(f"12 OAK ST, {city} PR 00926", tables).address for city in ("San Juan", "Rio Piedras", "CUPEY")
    ]
    assert {address and address.city for address in addresses} == {"SAN JUAN"}


def test_without_a_zip_the_address_has_none(tables: AddressTables) -> None:
    address = judge("12 OAK ST, Chicago IL", tables).address
    assert address is not None
    assert (address.city, address.state, address.zip5) == ("CHICAGO", "IL", "")


@pytest.mark.rule("R-40", "R-80")
@pytest.mark.parametrize(
    "city", ["NORTH RICHLAND HILLS, TX|76182", "N Little Rock, Ark.|72116", "ST PAUL MN|55104"]
)
def test_a_city_has_one_name_with_its_zip_and_without(tables: AddressTables, city: str) -> None:
    last, zip5 = city.split("|")
    with_zip, without = (judge(f"9320 IVY HILL RD, {last} {code}", tables).address for code in (zip5, ""))
    assert with_zip is not None and without == with_zip._replace(zip5="")


@pytest.mark.rule("R-25")
def test_the_span_names_the_words_that_decided(tables: AddressTables) -> None:
    assert judge("F4iled t0 provide, Chicago IL 60629", tables).span == "FAILED TO PROVIDE"
    assert judge("COOK COUNTY JAIL, Chicago IL 60608", tables).span == "COUNTY JAIL"


def test_every_judgment_has_a_sentence_and_a_rule_unless_ok(tables: AddressTables) -> None:
    for text, *_ in rows("valid", "placeholder", "last_line", "facility", "foreign", "unclear"):
        judgment = judge(text, tables)
        assert judgment.reason[0].isupper() and judgment.reason.endswith(".")
        assert (judgment.rule is None) == (judgment.verdict == "OK")


def test_a_custodians_own_lists_decide(tables: AddressTables) -> None:
    files = read_inputs(None) | {
        "facilities.csv": b"house_number,zip,name,kind\n12,19901,Own Facility,jail\n"
    }
    own = tables_of(files)
    assert judge("12 OAK ST, Dover DE 19901", tables).verdict == "OK"
    assert judge("12 OAK ST, Dover DE 19901", own).verdict == "FACILITY"


@pytest.mark.rule("R-70")
@pytest.mark.parametrize("number", ["1234 1/2", "1234½", "1234 ½"])
def test_a_fraction_is_read_as_it_is_written(tables, number):
    assert judge(f"{number} W 7TH ST, AUSTIN TX 78701", tables).verdict == "OK"


@pytest.mark.rule("R-27")
def test_a_street_that_says_it_is_made_up_goes_to_a_person(tables):
    assert judge("100 PHONY ST, AUSTIN TX 78701", tables).verdict == "UNCLEAR"


@pytest.mark.rule("R-80", "R-27")
@pytest.mark.parametrize(
    "text",
    [
        "not at {}", "NOT: {}", "formerly {}", "prior: {}", "near {}", "across from {}", "maybe {}",
        "Possibly at the {}", "quizas {}", "? {}", "{} ?", "(?) {}", "last seen {}", "used to live at {}",
        "ultima vez visto en {}", "vivia en {}", "employer: {}", "John Smith at {}",
    ],
)  # fmt: skip
def test_an_address_that_the_requester_doubts_or_denies_goes_to_a_person(tables, text):
    assert judge("61 Pine Ct, Medford, NJ 08055", tables).verdict == "OK"
    assert judge(text.format("61 Pine Ct, Medford, NJ 08055"), tables)[:2] == ("UNCLEAR", "R-80")


@pytest.mark.rule("R-70", "R-80")
@pytest.mark.parametrize(
    "text", ["No. {}", "last known address: {}", "Old Mill Apts, {}", "Near Northside Apts, {}"]
)
def test_a_word_of_doubt_that_belongs_to_a_name_doubts_nothing(tables, text):
    assert judge(text.format("61 Pine Ct, Medford, NJ 08055"), tables).is_sufficient


@pytest.mark.rule("R-88", "R-37")
@pytest.mark.parametrize(
    "text",
    [
        "everybody at {}", "All residents of {}", "whoever lives at {}", "OCCUPANTS {}",
        "current resident, {}", "c/o anyone, {}", "TODOS EN {}", "quien viva en {}", "Owner or occupant {}",
        "his family, {}",
    ],
)  # fmt: skip
def test_whoever_lives_at_an_address_is_no_person(tables, text):
    assert judge(text.format("61 Pine Ct, Medford, NJ 08055"), tables)[:2] == ("PLACEHOLDER", "R-88")
    assert judge("C/O Ana Everett, 61 Resident Ct, Medford, NJ 08055", tables).is_sufficient


@pytest.mark.rule("R-88")
@pytest.mark.parametrize("unit", ["Apt All", "Apt Any", "# All", "Unit Every"])
def test_every_flat_of_a_house_is_no_persons_address(tables, unit):
    assert judge(f"61 Pine Ct {unit}, Medford, NJ 08055", tables)[:2] == ("PLACEHOLDER", "R-88")
    assert judge("61 Pine Ct Apt A, Medford, NJ 08055", tables).verdict == "OK"


@pytest.mark.rule("R-88")
@pytest.mark.parametrize(
    "line", ["*61 Pine Ct", "61 Pine*", "61 %Pine Ct", "% 61 Pine Ct", "61 Pi%", "~61 Pine Ct", "61 Pine Ct^",
             "61 Pin_ Ct", "61 {street} Ct"],
)  # fmt: skip
def test_a_sign_that_may_stand_for_other_text_goes_to_a_person(tables, line):
    judged = judge(f"{line}, Medford, NJ 08055", tables)
    assert judged.verdict in ("UNCLEAR", "INCOMPLETE") and not judged.is_sufficient
    assert judge("% Ana Ruiz, 61 Pine Ct, Medford, NJ 08055", tables).is_sufficient


@pytest.mark.rule("R-88", "R-70")
@pytest.mark.parametrize("number", ["1200-1299", "3720-3799", "100-300", "100-198"])
def test_a_block_of_houses_is_no_persons_address(tables, number):
    assert judge(f"{number} Pine Ct, Medford, NJ 08055", tables).verdict == "UNCLEAR"
    for one in ("34-36", "1200-1206", "35-20", "219-44", "65-1158"):
        assert judge(f"{one} Pine Ct, Medford, NJ 08055", tables).verdict == "OK"


@pytest.mark.rule("R-27", "R-70")
@pytest.mark.parametrize(
    ("made_up", "real"),
    [
        ("123 456 St", "1234 56 St"), ("999 999 Ave", "999 99 Ave"), ("102 4321 St", "102 4320 St"),
        ("5 TB D St", "5 N D St"), ("5 UN K St", "5 N Ada St"), ("5 Tes Ting St", "5 Tes Ting Ln"),
        ("5 Get Lost St", "5 Lost St"), ("5 Maple or Elm St", "5 Orelm St"), ("5 Zzzzt St", "5 Buzz St"),
    ],
)  # fmt: skip
def test_a_number_or_name_that_no_street_has_is_told_from_one_that_some_have(tables, made_up, real):
    assert not judge(f"{made_up}, Medford, NJ 08055", tables).is_sufficient
    assert judge(f"{real}, Medford, NJ 08055", tables).verdict == "OK"


@pytest.mark.rule("R-27", "R-31")
def test_a_box_without_a_route_is_a_post_office_box_where_the_zip_has_no_other(tables):
    assert judge("Box 44, Dover DE 19901", tables)[:2] == ("INCOMPLETE", "R-27")
    assert judge("Box 44, Phoenix AZ 85001", tables)[:2] == ("REVIEW", "R-80")
    assert judge("Box 0, Phoenix AZ 85001", tables)[:2] == ("INCOMPLETE", "R-27")


@pytest.mark.rule("R-29")
def test_a_facility_in_consonants_is_no_highway(tables):
    assert judge("100 DTNTN HWY 2ND FLOOR W, HARTFORD CT 06119", tables).verdict == "FACILITY"
    assert judge("LOT DTNTN 2222 OAK AVENUE, DOVER DE 19901", tables).verdict == "FACILITY"


@pytest.mark.rule("R-70")
def test_a_sign_before_a_floor_says_nothing(tables):
    judged = judge("12 UNITED AVE # 2ND FLOOR DOWN, LOS ANGELES CA 90022", tables)
    assert judged.address is not None and judged.address.unit == "2 DOWN"


@pytest.mark.rule("R-80", "R-32")
@pytest.mark.parametrize(
    "line",
    [
        "Calle Hidalgo 45, Col. Centro", "10 Downing Street, London UK", "221B Baker St, London, England",
        "6a Avenida 12-34 Zona 1", "12 Main St, Chicago, IL", "12 Main St, Chicago IL", "12 Main St, Texas",
        "Mexico, 12 Main St", "5 Calle Poniente #12, San Salvador, El Salvador", "12 Main St, Mexico City",
    ],
)  # fmt: skip
def test_a_second_place_beside_the_last_line_goes_to_a_person(tables, line):
    assert judge(f"{line}, Medford, NJ 08055", tables)[:2] == ("UNCLEAR", "R-80")


@pytest.mark.rule("R-70")
@pytest.mark.parametrize(
    "line",
    [
        "12 Main St, Medford", "12 Main St, Kings Grant", "England House Apts, 12 Main St", "12 Jordan Ave",
        "Israel Ruiz, 12 Main St", "12 Main St, NE", "12 Texas Ave, Bldg 2", "Virginia Lee, 12 Mexico St",
        "c/o Col. Ruiz, 12 Main St", "12 Main St, New Jersey",
    ],
)  # fmt: skip
def test_a_name_beside_the_street_that_is_no_other_place_passes(tables, line):
    assert judge(f"{line}, Medford, NJ 08055", tables).is_sufficient


@pytest.mark.rule("R-88", "R-80")
@pytest.mark.parametrize(
    "line",
    [
        "8500 hundred block Hawkins Ln", "85 Hundred Blk Hawkins Ln", "Block 900 E Oak Cir",
        "cuadra 200 de Oak Trl", "900s Oak Ct", "6 miles east on Oak St", "3 blocks north from Oak St",
        "500 feet west along Oak St", "2 miles down Oak Rd", "a 3 millas al sur de Oak Rd",
    ],
)  # fmt: skip
def test_a_block_or_a_distance_along_a_street_is_no_house(tables, line):
    assert judge(f"{line}, Medford NJ 08055", tables).verdict == "UNCLEAR"


@pytest.mark.rule("R-70")
@pytest.mark.parametrize(
    "text",
    [
        "900 S Oak Ct, Medford NJ 08055", "100 Hundred Acre Rd, Medford NJ 08055",
        "11 Mile 3 Rd, Mission TX 78574", "12 Block House Rd, Medford NJ 08055",
        "URB VALLE ARRIBA, 12 CALLE DEL PARQUE, GURABO PR 00778", "12 Oak St No B, Medford NJ 08055",
        "12 Oak Apt B14, Medford NJ 08055", "78A Larkspur, Medford NJ 08055", "PO BOX W, PECOS TX 79772",
        "PO Box E Pecos TX 79772", "12 Pago Pago Dr, Medford NJ 08055",
    ],
)  # fmt: skip
def test_what_reads_like_a_block_a_flaw_or_a_disguise_may_be_an_address(tables, text):
    assert judge(text, tables).is_sufficient


@pytest.mark.rule("R-25", "R-27")
@pytest.mark.parametrize("word", ["Asdasd", "LKJLKJ", "qweqweqwe"])
def test_keys_struck_over_and_over_are_no_street(tables, word):
    assert not judge(f"12 {word} Way, Medford NJ 08055", tables).is_sufficient
    assert not judge(f"12 {word}, Medford NJ 08055", tables).is_sufficient


@pytest.mark.rule("R-27", "R-31")
def test_a_direction_in_full_is_no_boxs_number(tables):
    assert judge("PO BOX EAST, PECOS TX 79772", tables)[:2] == ("INCOMPLETE", "R-27")


@pytest.mark.rule("R-29")
@pytest.mark.parametrize(
    "line",
    [
        "7268 Clover Pkwy Avery Work Release Center", "18884 Eagle St Ortega Border Patrol Station",
        "Norwood Workhouse, 59 Wilcox St", "Donovan House of Correction, 91 Oak Ct",
        "Navarro Law Office, 81 Oak Ave", "Becker Attorney at Law; 77 Amber Pkwy",
        "Conner Bail Bonds, 57 Oak Pl", "Crockett Legal Aid 25 Oak St",
    ],
)  # fmt: skip
def test_the_office_of_who_holds_or_acts_for_a_person_is_not_their_address(tables, line):
    judgment = judge(f"{line}, Medford NJ 08055", tables)
    assert (judgment.verdict, judgment.located) == ("FACILITY", True)


@pytest.mark.rule("R-70")
@pytest.mark.parametrize("street", ["Workhouse Rd", "Reformatory Rd", "Law Office Rd", "Old Prison Rd Spur"])
def test_a_street_called_after_such_an_office_is_a_street(tables, street):
    assert judge(f"12 {street}, Medford NJ 08055", tables).verdict == "OK"


@pytest.mark.rule("R-31")
@pytest.mark.parametrize("shop", ["PostalAnnex", "Mail Depot", "GoinPostal", "Pack N Ship"])
def test_a_mail_shop_is_known_apart_and_glued(tables, shop):
    assert judge(f"{shop}, 12 Oak St, Medford NJ 08055", tables)[:2] == ("INCOMPLETE", "R-31")
    assert judge(f"{shop}, 12 Oak St # 44, Medford NJ 08055", tables)[:2] == ("NONRESIDENTIAL", "R-31")


@pytest.mark.rule("R-29")
@pytest.mark.parametrize(
    "text",
    [
        "FBI, 9529 Ridgecrest Dr, Dover DE 19901",
        "Internal Revenue Service 12 Oak St, Dover DE 19901",
        "7643 W Broken Arrow Blvd (Immigration Court), Dover DE 19901",
        "862 Falcon Rd (VA medical center) Dover DE 19901",
        "C/O ICE, 82 Covington Ave, Dover DE 19901",
        "c/o US Attorney's Office, 772 W Abernathy St, Dover DE 19901",
        "Budget Inn 44 Elm St, Dover DE 19901",
        "620 Immigration Court, Dover DE 19901",
        "2099 VA Medical Center, Dover DE 19901",
        "27311 IRS, Dover DE 19901",
    ],
)
def test_an_office_before_a_street_in_brackets_or_in_care_is_nobodys_home(
    tables: AddressTables, text: str
) -> None:
    said = judge(text, tables)
    assert (said.verdict, said.rule, said.is_sufficient) == ("FACILITY", "R-29", False)


@pytest.mark.rule("R-70")
@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("12 Oak St (Apt 4), Dover DE 19901", "4"),
        ("c/o Maria Ines, 12 Oak St, Dover DE 19901", ""),
        ("c/o Jane Warden, 12 Oak St, Dover DE 19901", ""),
        ("c/o Nguyen Van Hoc, 12 Oak St, Dover DE 19901", ""),
        ("45 Library Ln, Dover DE 19901", ""),
    ],
)
def test_brackets_and_names_that_are_like_an_office_are_read_as_what_they_are(
    tables: AddressTables, text: str, unit: str
) -> None:
    said = judge(text, tables)
    assert said.verdict == "OK"
    assert said.address is not None
    assert said.address.unit == unit


@pytest.mark.rule("R-70")
@pytest.mark.parametrize(
    ("text", "verdict", "unit"),
    [
        ("12 Oak St\nN/A\nDover DE 19901", "OK", ""),
        ("12 Oak St, NONE, Dover DE 19901", "OK", ""),
        ("Line 1: 12 Oak St; Line 2: N/A; City: Dover; State: DE; Zip: 19901; Country: USA", "OK", ""),
        (
            "In Care Of Name (if any): Maria Ines, Street Number and Name: 12 Oak St, "
            "Apt. Ste. Flr. Number: 4, City or Town: Dover, State: DE, ZIP Code: 19901",
            "OK",
            "4",
        ),
        ("12 Oak St Apt N/A, Dover DE 19901", "REVIEW", ""),
    ],
)
def test_no_second_line_and_what_a_form_prints_are_no_part_of_the_address(
    tables: AddressTables, text: str, verdict: str, unit: str
) -> None:
    said = judge(text, tables)
    assert said.verdict == verdict
    assert said.address is not None
    assert (said.address.street, said.address.unit) == ("OAK", unit)


@pytest.mark.rule("R-70")
@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Service Address: 12 Oak St, Dover, DE 19901", ""),
        ("Student's Address: 12 Oak St City: Dover State: DE Zip: 19901", ""),
        ("Address (number and street): 12 Oak St Apt no.: 4B City: Dover State: DE Zip: 19901", "4B"),
        ("House #: 12 Street: Oak St Apt: 4 City: Dover State: DE ZIP+4: 19901-1234", "4"),
        ("Street Address: 12 Oak St\nStreet Address Line 2:\nCity: Dover\nState / Province: DE\n"
         "Postal / Zip Code: 19901\nCountry: United States", ""),
        ("Street Address*: 12 Oak St City*: Dover State*: DE ZIP Code*: 19901", ""),
        ("Addr1: 12 Oak St Addr2: Apt 4 City: Dover St: DE Zip5: 19901 Zip4: 1234", "4"),
        ("Street Number and Name: 12 Oak St Apt/Ste/Flr: Apt 4 City or Town: Dover "
         "State: DE ZIP Code: 19901", "4"),
        ("In Care Of Name (if any): N/A, Street Number and Name: 12 Oak St, "
         "City: Dover, State: DE, Zip: 19901", ""),
        ("Dirección (línea 1): 12 Oak St, Dirección (línea 2): N/A, Ciudad: Dover, "
         "Estado: DE, Zona postal: 19901", ""),
        ("Número y calle: 12 Oak St Núm. de apto.: 4 Ciudad o pueblo: Dover Estado: DE "
         "Código postal (ZIP): 19901", "4"),
        ("STREET 12 OAK ST APT 4 CITY DOVER ST DE ZIP 19901", "4"),
        ("5a. Street Number and Name 12 Oak St 5b. Apt. 4 5c. City or Town Dover "
         "5d. State DE 5e. ZIP Code 19901", "4"),
        ("Home address (number and street). If you have a P.O. box, see instructions. 12 Oak St Apt. no. 4 "
         "City, town, or post office Dover State DE ZIP code 19901", "4"),
        ("(Street) 12 Oak St (City) Dover (State) DE (Zip) 19901", ""),
        ("street - 12 Oak St, city - Dover, state - DE, zip - 19901", ""),
        ("Res. Addr. 12 Oak St Dover DE 19901", ""),
    ],
)  # fmt: skip
def test_what_a_form_prints_before_its_fields_is_no_part_of_the_address(
    tables: AddressTables, text: str, unit: str
) -> None:
    said = judge(text, tables)
    assert said.is_sufficient
    assert said.address is not None
    assert (said.address.number, said.address.street, said.address.unit) == ("12", "OAK", unit)


@pytest.mark.rule("R-70")
@pytest.mark.parametrize(
    ("text", "street", "unit"),
    [
        ("12 OAK ST APTC DOVER DE 19901", "OAK", "C"),
        ("12 Oak St UnitB, Dover DE 19901", "OAK", "B"),
        ("12 Unity St, Dover DE 19901", "UNITY", ""),
    ],
)
def test_a_flat_s_letter_may_be_written_to_its_designator(
    tables: AddressTables, text: str, street: str, unit: str
) -> None:
    said = judge(text, tables)
    assert said.verdict == "OK"
    assert said.address is not None
    assert (said.address.street, said.address.unit) == (street, unit)


@pytest.mark.rule("R-70")
def test_a_route_s_box_in_puerto_rico_may_be_short_for_buzon(tables: AddressTables) -> None:
    assert judge("RR 4 BZN 2801, San Juan PR 00926", tables).verdict == "OK"


@pytest.mark.rule("R-25", "R-27")
@pytest.mark.parametrize("whose", ["Employer", "Attorney", "Mother's", "Former", "Old", "Bad", "Unknown"])
@pytest.mark.parametrize(
    "text",
    [
        "{} Address: 12 Oak St City: Dover State: DE Zip: 19901",
        "{} ADDRESS 12 OAK ST CITY DOVER STATE DE ZIP 19901",
        "{} Addr. 12 Oak St Dover DE 19901",
    ],
)
def test_a_label_that_says_whose_else_or_what_else_it_is_stays_in_the_way(
    tables: AddressTables, whose: str, text: str
) -> None:
    assert not judge(text.format(whose), tables).is_sufficient


@pytest.mark.rule("R-25", "R-27")
@pytest.mark.parametrize(
    "text",
    [
        "STREET UNKNOWN CITY DOVER STATE DE ZIP 19901",
        "STREET OAK ST CITY DOVER STATE DE ZIP 19901",
        "(Street) none (City) Dover (State) DE (Zip) 19901",
        "12 Oak St City M*: Dover State: DE Zip: 19901",
        "Service Address: , Dover, DE 19901",
    ],
)
def test_printed_labels_alone_make_no_address(tables: AddressTables, text: str) -> None:
    assert not judge(text, tables).is_sufficient


@pytest.mark.rule("R-25")
@pytest.mark.parametrize(
    "text",
    [
        "N/A, N/A, Dover DE 19901",
        ", NONE, Dover DE 19901",
        "12 N/A, NONE, Dover DE 19901",
        "N/A St Apt N/A, Dover DE 19901",
        "12 N/A N/A Rd, Dover DE 19901",
        "PO Box N/A, Dover DE 19901",
        "12 Oak St, NONE, DE 19901",
    ],
)
def test_nothing_where_street_or_city_should_be_is_a_placeholder(tables: AddressTables, text: str) -> None:
    assert judge(text, tables).verdict == "PLACEHOLDER"


@pytest.mark.rule("R-70", "R-94")
def test_a_street_called_by_a_name_that_people_bear_is_a_street(tables: AddressTables) -> None:
    listed = [line for line in REAL_NAMES.read_text().splitlines() if line.isalpha()]
    refused = {name for name in listed if not judge(f"12 {name} ST, DOVER DE 19901", tables).is_sufficient}
    assert len(listed) > 10_000
    # words of saying, and what forms print
    assert refused == {"BLANK", "HER", "MI", "MY", "NAN", "SAMPLE", "STREET", "SU"}
