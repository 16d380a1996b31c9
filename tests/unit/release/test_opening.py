"""Who may open: the named, certified officer who shows the key and confirms the request."""

from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from solely.errors import NotPermitted
from solely.model import Enrolment
from solely.release import opening
from solely.release.content import Opened
from solely.signing import key_id

AT = datetime(2026, 11, 24, 23, 59, tzinfo=UTC)
END = date(2026, 11, 24)


def _officer(key, name="officer-1", **changes):
    pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    words = {
        "id": name,
        "role": "officers",
        "public_key_pem": pem,
        "key_id": key_id(key.public_key()),
        "name": name,
        "enrolled_by": "registrar",
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31),
        "is_demo": True,
        "certified_on": date(2026, 2, 1),
    }
    return Enrolment(**(words | changes))


@pytest.fixture(scope="module")
def key():
    return ec.derive_private_key(12345, ec.SECP256R1())


@pytest.fixture(scope="module")
def stranger():
    return ec.derive_private_key(54321, ec.SECP256R1())


def _reason(call, *args):
    with pytest.raises(NotPermitted) as denial:
        call(*args)
    return denial.value.reason


@pytest.mark.rule("R-52")
def test_the_named_officer_is_entitled_through_the_last_day(key):
    officer = _officer(key)
    assert opening.require_entitled(officer, ["officer-2", "officer-1"], END, AT) is officer


@pytest.mark.rule("R-52")
def test_everybody_else_is_denied_with_a_stable_reason(key):
    officer = _officer(key)
    ask = opening.require_entitled
    assert _reason(ask, None, ["officer-1"], END, AT) == "OFFICER_UNKNOWN"
    assert _reason(ask, _officer(key, role="approvers"), ["officer-1"], END, AT) == "OFFICER_UNKNOWN"
    assert _reason(ask, officer, ["officer-2"], END, AT) == "OFFICER_NOT_NAMED"
    assert _reason(ask, officer, [], END, AT) == "OFFICER_NOT_NAMED"
    assert _reason(ask, officer, ["officer-1"], date(2026, 11, 23), AT) == "EXPIRED"


@pytest.mark.rule("R-49")
@pytest.mark.parametrize(
    "change",
    [
        {"valid_to": date(2026, 11, 23)}, {"valid_from": date(2026, 11, 25)}, {"kind": "mailbox"},
        {"certified_on": None}, {"certified_on": date(2026, 11, 25)},
    ],
)  # fmt: skip
def test_an_enrolment_out_of_date_or_uncertified_or_shared_is_denied(key, change):
    denied = _reason(opening.require_entitled, _officer(key, **change), ["officer-1"], END, AT)
    assert denied == "OFFICER_NOT_VALID"


@pytest.mark.rule("R-52")
def test_possession_is_shown_over_this_challenge_by_this_key_only(key, stranger):
    asked = opening.challenge(b"n" * 16, "ab" * 32, "0" * 8)
    officer = _officer(key)
    opening.require_possession(officer, asked, opening.prove_possession(key, asked))
    other = opening.challenge(b"m" * 16, "ab" * 32, "0" * 8)
    for signature in (
        opening.prove_possession(stranger, asked),
        opening.prove_possession(key, other),
        b"",
        b"!" * 88,
    ):
        assert _reason(opening.require_possession, officer, asked, signature) == "KEY_NOT_PROVED"


@pytest.mark.rule("R-52")
def test_a_key_finds_its_one_officer(key, stranger):
    officers = {"officer-1": _officer(key), "officer-2": _officer(stranger, "officer-2")}
    assert opening.find_officer(officers, stranger.public_key()).id == "officer-2"
    third = ec.derive_private_key(7, ec.SECP256R1())
    assert opening.find_officer(officers, third.public_key()) is None
    officers["officer-3"] = _officer(key, "officer-3")
    assert opening.find_officer(officers, key.public_key()) is None


def _opened(**changes):
    words = {
        "request_id": "R-1",
        "investigation_id": "INV-1",
        "requested_name": "Ana Lopez",
        "address": {"street_line": "14 UNKNOWN RD"},
        "officers": ("officer-1",),
        "expires_on": END,
    }
    return Opened(**(words | changes))


@pytest.mark.rule("R-95")
@pytest.mark.parametrize("confirmed", [None, "", "R-2", "R-1 R-1"])
def test_an_unconfirmed_or_other_request_id_shows_nothing(confirmed):
    assert _reason(opening.require_confirmed, "R-1", confirmed) == "NOT_CONFIRMED"


@pytest.mark.rule("R-95")
def test_the_confirmed_request_id_goes_on():
    opening.require_confirmed("R-1", "R-1\n")


@pytest.mark.rule("R-95")
def test_a_request_id_is_the_same_whatever_its_case_and_the_space_around_it():
    opening.require_confirmed("R-22WBTEXA", " r-22wbtexa ")


@pytest.mark.rule("R-95")
def test_a_payload_of_another_row_is_denied():
    opening.require_same_release(_opened(), "R-1", ["officer-1"], END)
    ask = opening.require_same_release
    assert _reason(ask, _opened(request_id="R-2"), "R-1", ["officer-1"], END) == "CONTENT_DIFFERS"
    assert _reason(ask, _opened(officers=("officer-9",)), "R-1", ["officer-1"], END) == "CONTENT_DIFFERS"
    assert _reason(ask, _opened(expires_on=date(2030, 1, 1)), "R-1", ["officer-1"], END) == "CONTENT_DIFFERS"


@pytest.mark.rule("R-57")
def test_no_denial_names_a_person():
    for reason in opening.REASONS:
        text = str(opening.OpeningDenied(reason))
        assert text == opening.REASONS[reason]
        assert text == text.lower()
