"""Small made-up people for tests of matching and records: short ways to write a subject and a record."""

from datetime import date
from typing import Any

from solely.matching.names import NameStatistics
from solely.model import Address, Candidate, MatchingPolicy, RecordAddress, Subject

POLICY = MatchingPolicy()
KNOWN_NAMES = frozenset(
    {
        "JEAN",
        "JOAN",
        "MARIA",
        "MARIO",
        "JOSE",
        "JOSUE",
        "ERIC",
        "ERICA",
        "MARTIN",
        "MARVIN",
        "GARCIA",
        "SMITH",
    }
)
NAMES = NameStatistics(records=1_000, bearers={"GARCIA": 60, "SMITH": 50, "JOSE": 40}, shipped=KNOWN_NAMES)


def home(number: str = "123", street: str = "LARKSPUR", suffix: str = "ST", **parts: str) -> Address:
    """A standardised street address in ZIP 60629."""
    stated = {"city": "CHICAGO", "state": "IL", "zip5": "60629", **parts}
    return Address(kind="street", number=number, street=street, suffix=suffix, **stated)


def filed(
    standard: Address | None = None, since: str = "2020-01-01", until: str | None = None
) -> RecordAddress:
    """An address of record, from 2020 on unless stated otherwise."""
    place = home() if standard is None else standard
    line = " ".join(filter(None, (place.number, place.predirectional, place.street, place.suffix)))
    unit = f"APT {place.unit}" if place.unit else ""
    end = date.fromisoformat(until) if until else None
    return RecordAddress(
        line, unit, place.city, place.state, place.zip5, date.fromisoformat(since), end, place
    )


def subject(name: str = "JOSE||GARCIA", **parts: Any) -> Subject:
    """A subject from `given|middle|family`, with birth date and address, and two periods."""
    given, middle, family = (tuple(each.split()) for each in name.split("|"))
    values: dict[str, Any] = {
        "row": 1, "given": given, "middle": middle, "family": family, "suffix": "",
        "birth_date": date(1980, 5, 17), "taxpayer_number": None, "address": home(),
        "is_exact_required": False, "periods": (2022, 2023), "order_date": date(2024, 3, 1),
        "received_on": date(2025, 7, 1),
    }  # fmt: skip
    return Subject(**{**values, **parts})


def record(record_id: str = "R1", name: str = "JOSE||GARCIA|", **parts: Any) -> Candidate:
    """A record from `given|middle|family|second family`, active, living at the subject's address."""
    given, middle, family, family_2 = (tuple(each.split()) for each in name.split("|"))
    values: dict[str, Any] = {
        "record_id": record_id, "status": "active", "given": given, "middle": middle, "family": family,
        "family_2": family_2, "suffix": "", "birth_date": date(1980, 5, 17), "death_date": None,
        "taxpayer_number": "900661234", "addresses": (filed(),), "is_protected": False, "is_impaired": False,
    }  # fmt: skip
    return Candidate(**{**values, **parts})
