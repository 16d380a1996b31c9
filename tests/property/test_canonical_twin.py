"""The quick way to canonical JSON gives the bytes of the slow one (RFC 8785)."""

import json
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solely import canonical
from solely.canonical import canonical_json


class Colour(StrEnum):
    RED = "red"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text() | st.just(Colour.RED),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=12,
)


@given(VALUES)
def test_both_ways_give_the_same_bytes(value: object) -> None:
    slow = json.dumps(canonical._checked(value), ensure_ascii=False, separators=(",", ":"))
    try:
        expected = slow.encode()
    except UnicodeEncodeError:  # a lone surrogate has no UTF-8 form on either way
        with pytest.raises(UnicodeEncodeError):
            canonical_json(value)
        return
    assert canonical_json(value) == expected


def test_keys_stand_in_the_order_of_utf_16_code_units() -> None:
    assert (
        canonical_json({"\U0001f600": 1, "\uff00": 2, "a": 3}) == '{"a":3,"\U0001f600":1,"\uff00":2}'.encode()
    )


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), 2**53, {1: "a"}, [{"a": {"b": 1.5}}], b"bytes", {"a": {2}}]
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="canonical JSON"):
        canonical_json(value)
