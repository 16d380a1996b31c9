"""The four messages in both forms; the hand-written reader takes any message and refuses what is none."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solely.access import messages
from solely.access.messages import KeyResult, Rewrapped
from solely.access.refusal import CallRefused


@given(st.text(max_size=300))
def test_a_signed_request_token_is_read_back_in_both_forms(text):
    assert messages.read_rewrap(messages.field(1, text), is_json=False) == text
    assert messages.read_rewrap(json.dumps({"signedRequestToken": text}).encode(), is_json=True) == text
    assert messages.read_rewrap(json.dumps({"signed_request_token": text}).encode(), is_json=True) == text


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    try:
        text = messages.read_rewrap(data, is_json=False)
    except CallRefused as refusal:
        assert refusal.kind == "invalid_argument"
    else:
        assert isinstance(text, str)


def test_unknown_fields_are_skipped_and_the_last_of_a_repeated_one_counts():
    more = bytes([2 << 3 | 0, 5, 3 << 3 | 1, *range(8), 4 << 3 | 5, *range(4)])
    data = messages.field(1, "first") + more + messages.field(1, "last") + messages.field(900, "unknown")
    assert messages.read_rewrap(data, is_json=False) == "last"


@pytest.mark.parametrize(
    "data",
    [b"\x0a", b"\x0a\x05ab", b"\xff" * 11, b"\x0b", b"\x08\x01", b"\x0a\x01\xff", b"\x02\x00", b"\x09\x00"],
)
def test_what_is_cut_off_or_of_another_kind_is_refused(data):
    with pytest.raises(CallRefused):
        messages.read_rewrap(data, is_json=False)


@pytest.mark.rule("R-103")
@pytest.mark.parametrize(
    "words",
    [
        r'"\ud800"',
        r'{"\udc00": 1}',
        '{"a": 1, "a": 1}',
        "9007199254740992",
        "1" + "0" * 400,
        "1" * 5000,
        "1e400",
        "NaN",
        "-Infinity",
    ],
)
def test_json_that_no_later_step_could_carry_is_refused(words):
    with pytest.raises(CallRefused) as refused:
        messages.read_words(f'{{"release": [{words}]}}'.encode())
    assert refused.value.reason == "MESSAGE"


def test_json_with_a_whole_surrogate_pair_and_numbers_in_range_is_read():
    words = messages.read_words(rb'{"a": ["\ud83d\ude00", -9007199254740991, 1.5, true, null]}')
    assert words == {"a": ["\N{GRINNING FACE}", -9007199254740991, 1.5, True, None]}
    assert messages.read_words(b"") == {}


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b"[" * 100_000, b'{"signedRequestToken": 1}'])
def test_json_that_is_no_such_object_is_refused(body):
    with pytest.raises(CallRefused):
        messages.read_rewrap(body, is_json=True)


def test_an_answer_says_the_same_in_both_forms():
    answer = Rewrapped("policy", (KeyResult("kao-0", b"wrapped"),), "PEM", is_first_form=True)
    words = json.loads(messages.write_rewrapped(answer, is_json=True))
    (policy,) = words["responses"]
    (result,) = policy["results"]
    top = dict(messages.fields(messages.write_rewrapped(answer, is_json=False)))
    inner = dict(messages.fields(top[5]))
    held = dict(messages.fields(inner[2]))
    assert (top[2], top[3], inner[1]) == (b"wrapped", b"PEM", b"policy")
    assert (held[2], held[3], held[4]) == (b"kao-0", b"permit", b"wrapped")
    assert (words["sessionPublicKey"], policy["policyId"], result["status"]) == ("PEM", "policy", "permit")
    assert (
        base64.b64decode(result["kasWrappedKey"]) == base64.b64decode(words["entityWrappedKey"]) == b"wrapped"
    )


def test_a_failed_key_has_its_error_and_for_the_entitled_its_reason():
    failed = Rewrapped("p", (KeyResult("kao-0", error="PermissionDenied: forbidden", reason="RECALLED"),), "")
    (policy,) = json.loads(messages.write_rewrapped(failed, is_json=True))["responses"]
    (result,) = policy["results"]
    assert (result["status"], result["metadata"]) == ("fail", {"reason": "RECALLED"})
    assert "kasWrappedKey" not in result
    top = dict(messages.fields(messages.write_rewrapped(failed, is_json=False)))
    held = dict(messages.fields(dict(messages.fields(top[5]))[2]))
    entry = dict(messages.fields(held[1]))
    assert (held[3], held[5], entry[1]) == (b"fail", b"PermissionDenied: forbidden", b"reason")
    assert dict(messages.fields(entry[2])) == {3: b"RECALLED"}


def test_a_public_key_is_written_in_both_forms():
    assert json.loads(messages.write_public_key("PEM", "kid", is_json=True)) == {
        "publicKey": "PEM",
        "kid": "kid",
    }
    assert dict(messages.fields(messages.write_public_key("PEM", "kid", is_json=False))) == {
        1: b"PEM",
        2: b"kid",
    }
