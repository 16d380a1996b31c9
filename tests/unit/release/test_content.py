"""What leaves is the allow-list, and nothing beside it."""

import json
from datetime import date

import pytest

from solely.canonical import canonical_json
from solely.errors import NotPermitted, VerificationFailed
from solely.model import Item, RecordAddress
from solely.release.content import Release, is_address_alone, parse_payload, payload, requested_name


def _address(street_line="14 UNKNOWN RD", unit="APT 3", city="MEDFORD"):
    return RecordAddress(street_line, unit, city, "NJ", "08055", date(2020, 1, 1), None, None)


def _release(**changes):
    whole = {
        "request_id": "R-000123",
        "investigation_id": "INV-77",
        "requested_name": "Ana Lopez",
        "address": _address(),
        "officers": ("officer-1", "officer-2"),
        "expires_on": date(2027, 1, 31),
    }
    return Release(**(whole | changes))


@pytest.mark.rule("R-45")
def test_only_the_allowed_fields_leave():
    words = json.loads(payload(_release()))
    assert set(words) == {
        "format", "request_id", "investigation_id", "requested_name", "address", "officers", "expires_on",
    }  # fmt: skip
    assert words["address"] == {
        "street_line": "14 UNKNOWN RD", "unit": "APT 3", "city": "MEDFORD", "state": "NJ", "zip": "08055",
    }  # fmt: skip
    assert words["format"] == "solely/release/1"
    assert "2020" not in payload(_release()).decode()


@pytest.mark.rule("R-49")
def test_each_payload_carries_its_investigation_officers_and_end():
    opened = parse_payload(payload(_release()))
    assert opened.investigation_id == "INV-77"
    assert opened.officers == ("officer-1", "officer-2")
    assert opened.expires_on == date(2027, 1, 31)


@pytest.mark.rule("R-46")
@pytest.mark.parametrize(
    "line",
    [
        "C/O MARY ROE 12 OAK ST", "12 OAK ST c/o Mary Roe", "12 OAK ST % MARY ROE", "℅ MARY ROE",
        "JOHN & MARY ROE 12 OAK ST", "CARE OF M ROE", "ATTN M ROE 12 OAK ST", "12 OAK ST WIFE OF J ROE",
    ],
)  # fmt: skip
def test_an_address_block_that_names_somebody_else_does_not_leave(line):
    for address in (_address(line), _address(unit=line)):
        assert not is_address_alone(address)
        with pytest.raises(NotPermitted) as refusal:
            payload(_release(address=address))
        assert "ROE" not in str(refusal.value)


@pytest.mark.rule("R-70")
@pytest.mark.parametrize(
    "line",
    [
        "14 UNKNOWN RD", "45-12 82ND ST", "PO BOX 44", "URB LAS GLADIOLAS 150 CALLE A", "RR 2 BOX 18",
        "PSC 4 BOX 12", "100 CO RD 12", "12 C ST", "9 GUARDIAN ANGEL LN", "3 MR JOE WHITE AVE", 
        "W204N11912 GOLDENDALE RD",
    ],
)  # fmt: skip
def test_real_addresses_leave(line):
    assert is_address_alone(_address(line))


@pytest.mark.rule("R-45")
@pytest.mark.parametrize("place", ["top", "address"])
def test_a_payload_with_one_field_more_does_not_open(place):
    words = json.loads(payload(_release()))
    (words if place == "top" else words["address"])["phone"] = "555-0100"
    with pytest.raises(VerificationFailed, match=r"fields|address"):
        parse_payload(canonical_json(words))


@pytest.mark.rule("R-02")
@pytest.mark.parametrize(
    "change",
    [
        {"format": "solely/release/2"}, {"request_id": ""}, {"request_id": 7}, {"officers": "officer-1"},
        {"officers": [1]}, {"expires_on": "31/01/2027"}, {"expires_on": None}, {"address": []},
        {"address": {"street_line": 1, "unit": "", "city": "", "state": "", "zip": ""}},
    ],
)  # fmt: skip
def test_an_unknown_form_is_refused_without_showing_a_value(change):
    words = json.loads(payload(_release())) | change
    with pytest.raises(VerificationFailed) as refusal:
        parse_payload(canonical_json(words))
    assert "2027" not in str(refusal.value)
    assert "Lopez" not in str(refusal.value)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"\xff", b'{"a":1,"a":1}', b"[" * 100_000, b'{ "format":1}']
)
def test_what_is_no_canonical_payload_is_refused(data):
    with pytest.raises(VerificationFailed):
        parse_payload(data)


@pytest.mark.rule("R-95")
def test_the_requested_name_is_the_requesters_own():
    item = Item(1, given_name=" José ", family_name="García  Ruiz", suffix="Jr.")
    assert requested_name(item) == "José García Ruiz Jr."


@pytest.mark.rule("R-57")
def test_no_release_shows_itself():
    assert "Lopez" not in repr(_release()) + repr(parse_payload(payload(_release())))
