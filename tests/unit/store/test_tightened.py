"""What of new enrolments may act at once: one that is gone, or that ends sooner (R-84)."""

import json

import pytest

from solely.store.trust import tightened
from tests.support.submissions import new_key, public_pem

pytestmark = pytest.mark.rule("R-84")
KEY = public_pem(new_key())
OFFICE = {
    "name": "Disclosure officer",
    "enrolled_by": "chief",
    "valid_from": "2026-01-01",
    "valid_to": "2026-12-31",
    "demo": True,
    "kind": "person",
    "certified_on": "2026-01-01",
}


def enrolled(**words: object) -> dict[str, bytes]:
    """The files of one approver's enrolment, with these words changed."""
    toml = "".join(f"{name} = {json.dumps(value)}\n" for name, value in (OFFICE | words).items())
    return {"approvers/one.pem": KEY, "approvers/one.toml": toml.encode()}


def test_an_enrolment_that_ends_sooner_or_is_gone_acts_at_once():
    sooner = enrolled(valid_to="2026-06-30")
    assert tightened(enrolled(), sooner) == sooner
    assert tightened(enrolled(), {}) == {}


@pytest.mark.parametrize("word", [
    {"name": "A. Smith-Jones"},
    {"enrolled_by": "another chief"},
    {"valid_from": "2026-02-01"},
    {"valid_to": "2027-06-30"},
    {"demo": False},
    {"kind": "contractor"},
    {"certified_on": "2026-02-01"},
    {"name": "A. Smith-Jones", "valid_to": "2026-06-30"},
])  # fmt: skip
def test_an_enrolment_that_says_anything_else_anew_stays_as_it_was(word):
    assert tightened(enrolled(), enrolled(**word)) == enrolled()
