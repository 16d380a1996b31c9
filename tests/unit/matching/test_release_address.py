"""What leaves is one address and nobody's name."""

import pytest

from solely.matching.release_address import choose_address, without_third_person
from tests.support.matching_world import filed, home, subject


@pytest.mark.rule("R-46")
@pytest.mark.parametrize(
    "line",
    [
        "C/O Mary Canary 123 Larkspur St",
        "% Mary Canary, 123 Larkspur St",
        "123 Larkspur St care of Mary Canary",
        "Mary Canary 123 Larkspur St",
    ],
)
def test_a_name_in_the_address_block_stays_behind(line: str) -> None:
    found = without_third_person(filed(home(unit="4B"))._replace(street_line=line))
    assert found is not None
    assert (found.street_line, found.unit) == ("123 LARKSPUR ST", "4B")


@pytest.mark.rule("R-46")
def test_without_a_standard_form_a_line_with_a_name_does_not_leave() -> None:
    address = filed()._replace(street_line="c/o Mary Canary", standard=None)
    assert choose_address([address], subject()) == (None, "THIRD_PERSON")
    box = filed()._replace(
        street_line="C/O Mary Canary PO Box 4", standard=home()._replace(kind="po_box", box="4")
    )
    assert choose_address([box], subject()) == (None, "THIRD_PERSON")


@pytest.mark.rule("R-70")
@pytest.mark.parametrize(
    ("line", "standard"),
    [
        ("123 Larkspur Street", home()),
        ("W204 N11912 Goldendale Rd", home("W204N11912", "GOLDENDALE", "RD")),
        ("45-12 82nd St", home("45-12", "82ND")),
        ("PO Box 44", home()._replace(kind="po_box", number="", street="", suffix="", box="44")),
        ("General Delivery", home()._replace(kind="general_delivery", number="", street="", suffix="")),
    ],
)
def test_an_address_alone_leaves_as_filed(line: str, standard) -> None:
    address = filed(standard)._replace(street_line=line)
    assert choose_address([address], subject()) == (address, "LATEST")


def test_no_address_of_a_requested_period_leaves_nothing() -> None:
    assert choose_address([filed(since="2024-01-01")], subject()) == (None, "NONE")
    assert choose_address([], subject()) == (None, "NONE")
    assert choose_address([filed()._replace(period_from=None)], subject()) == (None, "NONE")
