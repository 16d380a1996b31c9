"""The instrument: who signed, what was signed, when; everything else refuses the batch (R-11, R-12, R-13)."""

import base64
import json
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from solely.errors import BatchRefused
from solely.intake.letter import parse_letter, require_agreement, require_data, require_genuine
from solely.model import Trust
from tests.support.submissions import OFFICE, RECEIVED_ON, SIGNERS, Submission, enrolled, new_key, trusting

KEY = new_key()
GOOD = Submission(KEY, b"request_id\n")
FILES = GOOD.files()


def refusal(files: dict[str, bytes], trust: Trust, day: date = RECEIVED_ON, signers: Any = SIGNERS) -> str:
    """The element and rule at which a letter fails."""
    with pytest.raises(BatchRefused) as raised:
        letter = parse_letter(files["letter.json"])
        require_genuine(letter, files["letter.json"], files["letter.json.sig"], trust, signers, day)
    return f"{raised.value.element} {raised.value.rule}"


@pytest.mark.rule("R-11", "R-12", "R-13")
def test_a_letter_signed_by_an_office_of_the_agreement_is_genuine() -> None:
    letter = parse_letter(FILES["letter.json"])
    signature = FILES["letter.json.sig"]
    enrolment = require_genuine(letter, FILES["letter.json"], signature, trusting(KEY), SIGNERS, RECEIVED_ON)
    assert (enrolment.id, letter.batch_id) == (OFFICE, letter.sha256[:16])


@pytest.mark.rule("R-11")
def test_an_office_that_the_agreement_does_not_name_is_refused_though_enrolled() -> None:
    files = GOOD.files(GOOD.letter(signer_office="field-office-director"))
    director = enrolled("requesters", "field-office-director", KEY)
    assert refusal(files, Trust(requesters={"field-office-director": director})) == "signer_office R-11"


@pytest.mark.rule("R-11")
def test_an_enrolment_past_its_last_day_is_refused() -> None:
    trust = trusting(KEY, valid_to=date(2026, 6, 1))
    assert refusal(FILES, trust) == "signer_office R-11"
    assert refusal(FILES, Trust()) == "signer_office R-11"


@pytest.mark.rule("R-12")
def test_a_letter_of_another_key_is_refused() -> None:
    assert refusal(FILES, trusting(new_key())) == "key_id R-12"


@pytest.mark.rule("R-12")
def test_a_letter_changed_by_one_byte_is_refused() -> None:
    changed = FILES["letter.json"].replace(b'"dhs-ice"', b'"dhs-icf"')
    assert refusal({**FILES, "letter.json": changed}, trusting(KEY)) == "letter.json.sig R-12"


@pytest.mark.rule("R-12")
def test_a_signature_in_the_form_that_most_tools_write_is_refused_by_its_form() -> None:
    raw = base64.b64decode(FILES["letter.json.sig"])
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    signed = FILES["letter.json.sig"].rstrip(b"\n")
    other = base64.b64encode(bytes([raw[0] ^ 1]) + raw[1:])
    for signature, said in {
        base64.b64encode(der): "64 bytes, r and s as they are (no DER)",
        signed.rstrip(b"="): "64 bytes, r and s as they are (no DER)",
        signed + b"\r\n": "at most a line feed",
        other: "does not hold",
    }.items():
        letter = parse_letter(FILES["letter.json"])
        with pytest.raises(BatchRefused) as raised:
            require_genuine(letter, FILES["letter.json"], signature, trusting(KEY), SIGNERS, RECEIVED_ON)
        assert (raised.value.element, raised.value.rule) == ("letter.json.sig", "R-12")
        assert said in raised.value.reason


@pytest.mark.rule("R-12")
def test_the_data_are_those_that_the_letter_covers() -> None:
    letter = parse_letter(FILES["letter.json"])
    require_data(letter, letter.data_sha256)
    for other in ("0" * 64, None):
        with pytest.raises(BatchRefused) as raised:
            require_data(letter, other)
        assert (raised.value.element, raised.value.rule) == ("data_file", "R-12")


@pytest.mark.rule("R-13")
def test_a_letter_of_tomorrow_is_refused_and_one_of_today_is_not() -> None:
    assert refusal(FILES, trusting(KEY), date(2026, 5, 31)) == "date R-13"
    letter, today = parse_letter(FILES["letter.json"]), date(2026, 6, 1)
    require_genuine(letter, FILES["letter.json"], FILES["letter.json.sig"], trusting(KEY), SIGNERS, today)


@pytest.mark.rule("R-09")
def test_a_letter_invokes_this_agreement_in_this_version() -> None:
    letter = parse_letter(FILES["letter.json"])
    require_agreement(letter, letter.agreement, letter.agreement_version)
    for agreement, version in (("another", "1"), (letter.agreement, "2")):
        with pytest.raises(BatchRefused) as raised:
            require_agreement(letter, agreement, version)
        assert raised.value.element == "agreement"


@pytest.mark.rule("R-13")
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        b"{" * 100_000,
        b'{"date": NaN}',
        b'"letter"',
        b" " * 70_000,
        b'{"format": 1}',
    ],
    ids=range(9),
)
def test_what_is_no_letter_is_refused(data: bytes) -> None:
    with pytest.raises(BatchRefused):
        parse_letter(data)


@pytest.mark.rule("R-14", "R-02")
def test_a_flag_of_urgency_opens_no_other_path() -> None:
    words = json.dumps({**GOOD.letter(), "urgent": "yes"}).encode()
    with pytest.raises(BatchRefused) as raised:
        parse_letter(words)
    assert raised.value.element == "urgent"


def test_a_key_that_could_be_a_value_is_not_named() -> None:
    with pytest.raises(BatchRefused) as raised:
        parse_letter(json.dumps({**GOOD.letter(), "Rosalind Varga": "x"}).encode())
    assert "Varga" not in str(raised.value)
