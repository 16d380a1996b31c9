"""Calls and answers keep every part on the line, and what is no call or answer of ours is read as none."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from solely.access.asked import Caller, Echo, EchoAsked, KeyAsked, Once, Refused
from solely.access.refusal import STATUS, TAMPERING, CallRefused, Denied
from solely.access.signed_request import KeyAccessWords, SignedRequest
from solely.errors import Blocked, TroubleError
from solely.front.words import answer_of, answer_words, asked_of, asked_words
from solely.release.rewrap import Handed

KEYS = (
    ec.generate_private_key(ec.SECP256R1()).public_key(),
    rsa.generate_private_key(65537, 2048).public_key(),
)
texts = st.text(st.characters(exclude_categories=("Cs",)))
callers = st.builds(Caller, texts, texts)
onces = st.lists(st.builds(Once, texts, st.integers(0, 2**53)), max_size=3).map(tuple)
accesses = st.builds(KeyAccessWords, *[texts] * len(KeyAccessWords._fields))
requests = st.builds(
    SignedRequest, st.sampled_from(KEYS), texts, texts, accesses, texts, texts, st.booleans()
)


def carried(words: list[Any]) -> Any:
    """These words as they are at the other end."""
    return json.loads(json.dumps(words))


@given(st.builds(EchoAsked, callers, texts, texts, onces))
def test_an_echo_is_asked_for_in_every_part(asked: EchoAsked) -> None:
    assert asked_of(carried(asked_words(asked))) == asked


@given(st.builds(KeyAsked, callers, texts, requests, st.booleans(), onces))
def test_a_key_is_asked_for_in_every_part(asked: KeyAsked) -> None:
    found = asked_of(carried(asked_words(asked)))
    assert isinstance(found, KeyAsked)
    assert found == asked


@given(
    st.builds(CallRefused, texts, st.sampled_from(sorted(STATUS))),
    texts,
    texts,
    st.integers(0, 2**53),
    onces,
    texts,
)
def test_a_refused_call_is_told_in_every_part(
    reason: CallRefused, release: str, digest: str, size: int, once: Any, what: str
) -> None:
    found = asked_of(carried(asked_words(Refused(reason, release, digest, size, once, what))))
    assert isinstance(found, Refused)
    assert (found.reason.reason, found.reason.kind) == (reason.reason, reason.kind)
    assert found[1:] == (release, digest, size, once, what)


@given(st.builds(Echo, texts, texts, texts) | st.builds(Handed, st.binary(), texts))
def test_an_answer_comes_in_every_part(answer: Any) -> None:
    assert answer_of(carried(answer_words(answer))) == answer


@pytest.mark.rule("R-52")
def test_a_denial_tells_the_front_what_its_caller_may_know_and_no_more() -> None:
    for reason, told, is_tampering in (
        ("RECALLED", "RECALLED", False),
        ("OFFICER_UNKNOWN", "", False),
        (TAMPERING, "", True),
    ):
        words = carried(answer_words(Denied(reason)))
        assert reason not in words[1:] or told or is_tampering
        with pytest.raises(Denied) as denied:
            answer_of(words)
        assert (denied.value.reason, denied.value.is_tampering) == (told, is_tampering)
    with pytest.raises(CallRefused) as refused:
        answer_of(carried(answer_words(CallRefused("RATE", "resource_exhausted"))))
    assert (refused.value.reason, refused.value.kind) == ("RATE", "resource_exhausted")
    for error in (
        Blocked("STATE_EDITED", "a name"),
        ValueError("900-12-3456"),
        TroubleError("its disk is full"),
    ):
        assert answer_words(error) == ["trouble"]
    with pytest.raises(TroubleError):
        answer_of(["trouble"])


@pytest.mark.parametrize(
    "words",
    [
        [], ["order", "text"], ["echo"], ["echo", ["a"], "r", "d", []], ["echo", ["a", 1], "r", "d", []],
        ["echo", ["a", "b"], None, "d", []], ["echo", ["a", "b"], "r", "d", [["x"]]], ["key", 1, 2, 3, 4, 5],
        ["key", ["a", "b"], "r", ["AAAA", "", "", [], "", "", False], True, []],
        ["key", ["a", "b"], "r", ["e30=", "", "", [""] * 7, "", "", False], True, []],
        ["refused", "A", "invalid_argument", "r", "d", "many", [], "opening"],
        ["refused", "A", "invalid_argument", "r", "d", None, [], "opening"],
    ],
)  # fmt: skip
def test_what_is_no_call_of_an_opening_is_read_as_none(words: list[Any]) -> None:
    with pytest.raises(ValueError):
        asked_of(words)


@pytest.mark.rule("R-52")
def test_a_call_that_does_not_say_so_needs_an_echo() -> None:
    request = SignedRequest(KEYS[0], "", "", KeyAccessWords(*[""] * 7), "", "", False)
    words = carried(asked_words(KeyAsked(Caller("a", "b"), "r", request, False, ())))
    assert not asked_of(words).needs_echo  # type: ignore[union-attr]
    for other in (None, 0, "", "false"):
        words[4] = other
        assert asked_of(words).needs_echo is True  # type: ignore[union-attr]
