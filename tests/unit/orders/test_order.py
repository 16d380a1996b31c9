"""An order's form: closed keys, named errors, no value of a list in any message."""

import json
from datetime import UTC, datetime

import pytest

from solely.errors import UsageError
from solely.orders.order import Kind, parse_new_order, parse_order, require_to_come

WORDS = {
    "format": "solely/order/1",
    "kind": "stay",
    "authority": "courts/district-court",
    "key_id": "0123456789abcdef",
    "cite": "docket 1",
    "scope": {"agreement": "irs-ice-2025"},
}


def parsed(**words):
    """An order with some words changed; None takes one away."""
    order = {name: value for name, value in (WORDS | words).items() if value is not None}
    return parse_order(json.dumps(order).encode())


@pytest.mark.rule("R-91")
def test_a_stay_states_authority_ground_and_scope_and_days_mean_their_whole_length():
    order = parsed(starts_at="2026-11-26", ends_at="2026-11-27")
    assert (order.kind, order.role, order.office) == (Kind.STAY, "courts", "district-court")
    assert order.starts_at.isoformat() == "2026-11-26T00:00:00+00:00"
    assert order.ends_at.isoformat() == "2026-11-27T23:59:59.999000+00:00"
    assert order.scope.is_whole


@pytest.mark.rule("R-91", "R-02")
@pytest.mark.parametrize(
    ("words", "named"),
    [
        ({"kind": "pardon"}, "kind"),
        ({"authority": "officers/officer-01"}, "authority"),
        ({"authority": "overseers/inspector-general"}, "authority"),
        ({"cite": " "}, "cite"),
        ({"cite": None}, "cite"),
        ({"scope": {}}, "agreement"),
        ({"scope": {"agreement": "a", "everybody": "x"}}, "everybody"),
        ({"scope": {"agreement": "a", "people": []}}, "people"),
        ({"scope": {"agreement": "a", "people": [{"birth_date": "1980-01-01"}]}}, "people"),
        ({"hours": 4}, "hours"),
        ({"kind": "notice"}, "hours"),
        ({"kind": "notice", "hours": 0}, "hours"),
        ({"kind": "notice", "hours": True}, "hours"),
        ({"kind": "lift"}, "lifts"),
        ({"kind": "safeguard", "status": "fine"}, "status"),
        ({"kind": "safeguard", "status": "planned"}, "plan_by"),
        ({"kind": "safeguard", "status": "planned", "plan_by": 20270101}, "a date such as 2026-01-31"),
        ({"kind": "safeguard", "status": "planned", "plan_by": "20270101"}, "a date such as 2026-01-31"),
        ({"starts_at": "2026-W48-4"}, "an instant such as 2026-01-31T12:00:00Z, or a day"),
        ({"ends_at": "20270101T120000Z"}, "an instant such as 2026-01-31T12:00:00Z, or a day"),
        ({"kind": "safeguard", "status": "finding", "plan_by": "2026-01-01"}, "plan_by"),
        ({"ends_at": "2026-11-27T10:00:00"}, "ends_at"),
        ({"starts_at": "2026-11-27", "ends_at": "2026-11-26"}, "ends_at"),
        ({"override": "all"}, "override"),
    ],
)  # fmt: skip
def test_an_order_of_another_form_is_refused_by_the_name_of_the_key(words, named):
    with pytest.raises(UsageError, match=named):
        parsed(**words)


@pytest.mark.rule("R-91", "R-64")
@pytest.mark.parametrize("key", ["ends_at", "request", "release", "people", "requester"])
def test_a_key_that_is_null_is_not_taken_for_everything_when_an_order_is_filed(key):
    null = {key: None} if key == "ends_at" else {"scope": WORDS["scope"] | {key: None}}
    data = json.dumps(WORDS | null).encode()
    with pytest.raises(UsageError, match=f"{key}.*null narrows nothing"):
        parse_new_order(data)
    assert parse_order(data).scope.is_whole, "what was filed before is read as it was"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"kind": "preservation"}, "until it is lifted"),
        ({"kind": "lift", "lifts": "0123456789abcdef"}, "a lift has no end"),
        ({"kind": "recall"}, "it is final"),
    ],
)
def test_what_has_no_end_is_told_why(words, reason):
    with pytest.raises(UsageError, match=f"`ends_at`: .*{reason}"):
        parsed(ends_at="2026-11-27", **words)


@pytest.mark.rule("R-91")
def test_an_order_that_lasts_for_no_time_is_refused_and_one_of_a_day_is_not():
    noon, at = "2026-11-27T12:00:00Z", datetime(2026, 11, 26, tzinfo=UTC)
    for same in (noon, "2026-11-27T14:00:00+02:00"):
        with pytest.raises(UsageError, match=r"`ends_at` \(`--until`\).*`starts_at` \(`--from`\).*or a day"):
            require_to_come(parsed(starts_at=noon, ends_at=same), at)
    for starts_at, ends_at in ((noon, "2026-11-27T12:00:01Z"), ("2026-11-27", "2026-11-27"), (None, noon)):
        require_to_come(parsed(starts_at=starts_at, ends_at=ends_at), at)


@pytest.mark.rule("R-57")
def test_no_message_and_no_representation_shows_a_person_of_a_list():
    people = [{"given_name": "Zephyrina", "family_name": "Quux", "height": "tall"}]
    with pytest.raises(UsageError) as refused:
        parsed(scope={"agreement": "a", "people": people})
    order = parsed(scope={"agreement": "a", "people": [{"given_name": "Zephyrina", "family_name": "Quux"}]})
    assert "Quux" not in str(refused.value) + repr(order)
