"""Which orders stop an act: the strictest first, a loosening after two and a day, a lift by its court."""

from datetime import UTC, date, datetime, timedelta

import pytest

from solely.facts.day import find_day
from solely.model import Enrolment
from solely.orders.force import WAIT, Filed, Signed, Touched, counted, in_force, may_lift, standing_of, stops
from solely.orders.order import Kind, Order, Scope
from solely.orders.people import Member, People

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ONE, OTHER = Member("Ada", "Quill"), Member("Ben", "Reed")


def order(kind: Kind = Kind.STAY, number: int = 1, authority: str = "courts/one", **words) -> Order:
    """An order over the whole agreement, unless its scope says otherwise."""
    scope = words.pop("scope", Scope("a"))
    fields = {"starts_at": None, "ends_at": None} | words
    return Order(f"{number:016x}", kind, authority, "0" * 16, "docket", scope, **fields)


def touched(**words) -> Touched:
    """A release of an item that one officer may open."""
    base = {
        "agreement": "a", "requester": "dhs", "batch": "b" * 16,
        "submitter_key_id": "c" * 16, "received_at": NOON, "officers": frozenset({"officer-01"}),
    }  # fmt: skip
    return Touched(**(base | words))


def codes(*filed: Filed, at: datetime = NOON + HOUR, **words) -> list[str]:
    """The codes by which the act is stopped."""
    return [stop.code for stop in stops(filed, touched(**words), at, find_day)]


@pytest.mark.rule("R-91", "R-64")
def test_the_strictest_order_comes_first_and_none_permits():
    filed = (
        Filed(order(), NOON, 1),
        Filed(order(Kind.RECALL, 2), NOON, 2),
        Filed(order(Kind.NOTICE, 3, hours=2), NOON, 3),
    )
    assert codes(*filed) == ["RECALLED", "STAYED", "NOTICE"]
    assert codes() == []


@pytest.mark.rule("R-06")
@pytest.mark.parametrize(
    ("scope", "stopped"),
    [
        (Scope("a"), True), (Scope("other"), False), (Scope("a", clause="1(a)"), True),
        (Scope("a", clause="9"), True), (Scope("a", batch="b" * 16), True),
        (Scope("a", batch="d" * 16), False),
        (Scope("a", officer="officer-01"), True), (Scope("a", officer="officer-02"), False),
        (Scope("a", requester="dhs"), True), (Scope("a", requester="fbi"), False),
        (Scope("a", officer="officer-01", batch="d" * 16), False),
    ],
)  # fmt: skip
def test_every_stated_part_of_a_scope_must_fit(scope, stopped):
    assert bool(codes(Filed(order(scope=scope), NOON, 1))) is stopped


@pytest.mark.rule("R-08")
def test_an_order_acts_from_its_filing_to_its_end_and_not_before_its_start():
    filed = Filed(order(starts_at=NOON + HOUR, ends_at=NOON + 2 * HOUR), NOON, 1)
    shown = [bool(in_force([filed], NOON + hours * HOUR)) for hours in (0, 1, 2, 3)]
    assert shown == [False, True, True, False]


@pytest.mark.rule("R-84")
def test_a_lift_acts_a_day_after_the_second_countersignature_and_never_without():
    stay = Filed(order(), NOON, 1)
    lift = order(Kind.LIFT, 2, lifts=stay.order.id)
    assert codes(stay, Filed(lift, NOON, 2), at=NOON + 99 * HOUR) == ["STAYED"]
    signed = Filed(lift, NOON, 2, countersigned_at=NOON + HOUR)
    assert codes(stay, signed, at=NOON + HOUR + WAIT - timedelta(milliseconds=1)) == ["STAYED"]
    assert codes(stay, signed, at=NOON + HOUR + WAIT) == []


@pytest.mark.rule("R-84", "R-91")
def test_a_lift_whose_givers_key_was_anothers_before_it_acts_lifts_nothing():
    court, lift = "1" * 16, order(Kind.LIFT, 2, lifts=f"{1:016x}")._replace(key_id="1" * 16)
    by = [Signed(NOON, "a", "a" * 16), Signed(NOON + HOUR, "b", "b" * 16)]

    def stands(revoked_at: datetime, **words) -> bool:
        revocation = order(Kind.REVOCATION, 3, "parties/one", revoked_key=court, **words)
        given = [(Filed(order(), NOON, 1), [], []), (Filed(lift, NOON, 2), by, [])]
        revoking = [(Filed(revocation, revoked_at, 3), words.get("holder", "") and by, [])]
        known = counted([*given, *revoking], 2)
        return known[0] in in_force(known, NOON + 5 * WAIT)

    acts = NOON + HOUR + WAIT
    assert stands(acts)
    assert not stands(acts + HOUR)
    assert stands(acts + HOUR, starts_at=NOON)
    # Two have countersigned the revocation an hour after noon: the lift would act before the revocation does.
    assert stands(NOON, holder="courts/one")


@pytest.mark.rule("R-84")
@pytest.mark.parametrize("kind", [Kind.REVOCATION, Kind.LIFT])
def test_what_two_have_let_act_is_undone_by_no_word_of_one_of_them(kind):
    """One of two ends the own key: before the order acts that stops it, afterwards nothing."""
    words = (
        {"revoked_key": "1" * 16, "holder": "counsel/one"} if kind is Kind.REVOCATION else {"lifts": "f" * 16}
    )
    by = [Signed(NOON, "a", "a" * 16), Signed(NOON + HOUR, "b", "b" * 16)]

    def stands(ended_at: datetime, **more) -> bool:
        own = order(Kind.REVOCATION, 3, "approvers/a", revoked_key="a" * 16, **more)
        given = [(Filed(order(kind, 2, **words), NOON, 2), by, []), (Filed(own, ended_at, 3), [], [])]
        return counted(given, 2)[0].is_begun(NOON + 5 * WAIT)

    acts = NOON + HOUR + WAIT
    assert not stands(acts - HOUR)
    assert stands(acts + HOUR)
    assert stands(
        acts + HOUR, starts_at=NOON - HOUR
    )  # nobody says alone that the own key was another's before


@pytest.mark.rule("R-84")
def test_a_suspension_ends_by_itself_and_what_its_key_signs_afterwards_counts():
    words = {"revoked_key": "1" * 16, "holder": "approvers/one", "starts_at": NOON - HOUR}
    suspended = order(Kind.REVOCATION, 3, "parties/one", **words)
    lift, over = order(Kind.LIFT, 2, lifts="f" * 16), NOON + timedelta(days=31)

    def agreed(signed_at: datetime, giver: str = "2" * 16) -> bool:
        by = [Signed(signed_at, "one", "1" * 16), Signed(over, "b", "b" * 16)]
        given = [
            (Filed(suspended, NOON, 3), [], []),
            (Filed(lift._replace(key_id=giver), signed_at, 4), by, []),
        ]
        return counted(given, 2)[1].is_begun(over + WAIT)

    known = [Filed(suspended, NOON, 3)]
    assert [bool(in_force(known, NOON + timedelta(days=days))) for days in (30, 31)] == [True, False]
    assert [agreed(NOON - 2 * HOUR), agreed(NOON), agreed(over)] == [False, False, True]
    assert agreed(over, giver="1" * 16)


@pytest.mark.rule("R-91")
def test_a_lift_that_states_less_than_the_order_lifts_nothing():
    stay = Filed(order(scope=Scope("a", officer="officer-01")), NOON, 1)
    for number, (scope, lifts) in enumerate(
        (
            (Scope("a"), True),
            (Scope("a", officer="officer-01"), True),
            (Scope("a", officer="officer-01", request="R-1"), False),
            (Scope("a", request="R-1"), False),
            (Scope("a", clause="1(a)"), False),
            (Scope("a", people=People((ONE,))), False),
        ),
        start=2,
    ):
        lift = Filed(
            order(Kind.LIFT, number, lifts=stay.order.id, scope=scope), NOON, number, countersigned_at=NOON
        )
        later = NOON + WAIT + HOUR
        assert codes(stay, lift, at=later) == ([] if lifts else ["STAYED"]), scope


def test_only_the_issuing_court_or_one_above_it_lifts():
    stay, above = order(), {"appeals": frozenset({"one"})}
    lifts = {
        name: may_lift(order(Kind.LIFT, 2, name, lifts=stay.id), stay, above)
        for name in ("courts/one", "courts/two", "courts/appeals", "parties/one", "approvers/appeals")
    }
    assert [name for name, may in lifts.items() if may] == ["courts/one", "courts/appeals"]


FINDING = order(Kind.SAFEGUARD, status="finding", scope=Scope("a", requester="dhs"))


def answer(number: int = 2, earlier: int = 1, **words) -> Filed:
    """A plan for five days on, in the place of the finding and agreed on by two, unless said otherwise."""
    stated = {"status": "planned", "plan_by": date(2026, 12, 1), "scope": FINDING.scope}
    words = stated | {"supersedes": f"{earlier:016x}"} | words
    return Filed(order(Kind.SAFEGUARD, number, **words), NOON, number, countersigned_at=NOON)


@pytest.mark.rule("R-07", "R-67")
def test_a_finding_stops_until_a_plan_stands_in_its_place_and_again_once_the_plan_is_late():
    finding = Filed(FINDING, NOON, 1)
    assert codes(finding) == ["SAFEGUARDS"]
    for known in ([finding, answer()], [answer(earlier=9)]):
        assert codes(*known, at=NOON + WAIT) == []
        assert codes(*known, at=NOON + timedelta(days=10)) == ["SAFEGUARDS"]
    assert codes(finding, answer(), at=NOON + WAIT - HOUR) == ["SAFEGUARDS"]
    unsigned = answer()._replace(countersigned_at=None)
    assert codes(finding, unsigned, at=NOON + WAIT) == ["SAFEGUARDS"]


@pytest.mark.rule("R-07", "R-67")
def test_a_finding_ends_by_the_report_that_accepts_and_a_plan_by_the_next_one():
    finding, later = Filed(FINDING, NOON, 1), NOON + timedelta(days=10)
    accepted = {"status": "accepted", "plan_by": None}
    assert codes(finding, answer(**accepted), at=later) == []
    assert codes(finding, answer(), answer(3, 2, **accepted), at=later) == []
    assert codes(finding, answer(), answer(3, 2, plan_by=date(2027, 1, 1)), at=later) == []


@pytest.mark.rule("R-07", "R-91")
@pytest.mark.parametrize(
    "words",
    [
        {"supersedes": None},
        {"scope": Scope("a", requester="dhs", officer="officer-01")},
        {"ends_at": NOON + 99 * HOUR},
        {"status": "accepted", "plan_by": None, "ends_at": NOON + 99 * HOUR},
    ],
)
def test_a_plan_that_names_no_finding_says_less_or_ends_by_itself_takes_the_place_of_none(words):
    assert codes(Filed(FINDING, NOON, 1), answer(**words), at=NOON + WAIT) == ["SAFEGUARDS"]


@pytest.mark.rule("R-07", "R-91")
def test_a_finding_stops_again_once_its_plan_is_lifted():
    lift = Filed(order(Kind.LIFT, 3, lifts=f"{2:016x}"), NOON, 3, countersigned_at=NOON + WAIT)
    known = (Filed(FINDING, NOON, 1), answer(), lift)
    assert codes(*known, at=NOON + WAIT + HOUR) == []
    assert codes(*known, at=NOON + 2 * WAIT) == ["SAFEGUARDS"]


@pytest.mark.rule("R-91")
def test_a_stay_by_its_court_ends_by_no_plan():
    assert codes(Filed(order(), NOON, 1), answer(), at=NOON + WAIT) == ["STAYED"]


def enrolled(kind: str, until: date | None) -> Enrolment:
    """A recipient, enrolled and trained for a year."""
    year = (date(2026, 1, 1), date(2026, 12, 31))
    return Enrolment(
        "officer-01",
        "officers",
        b"",
        "0" * 16,
        "Officer",
        "office",
        *year,
        False,
        kind,
        date(2026, 1, 1),
        until,
    )


@pytest.mark.rule("R-53")
def test_a_contractor_needs_its_certificate_in_date():
    day = date(2026, 6, 1)
    assert enrolled("contractor", day).is_valid_on(day)
    assert not enrolled("contractor", day - timedelta(days=1)).is_valid_on(day)
    assert not enrolled("contractor", None).is_valid_on(day)
    assert enrolled("person", None).is_valid_on(day)


@pytest.mark.rule("R-91")
@pytest.mark.parametrize(
    ("earlier", "later", "goes_on"),
    [
        ({}, {}, False),
        ({"scope": Scope("a", batch="b" * 16)}, {}, False),
        ({}, {"scope": Scope("a", batch="b" * 16)}, True),
        ({"ends_at": NOON + 9 * HOUR}, {}, False),
        ({}, {"ends_at": NOON + 9 * HOUR}, True),
        ({"ends_at": NOON + 9 * HOUR}, {"ends_at": NOON + 8 * HOUR}, True),
        (
            {"scope": Scope("a", people=People([ONE]))},
            {"scope": Scope("a", people=People([OTHER, ONE]))},
            False,
        ),
        (
            {"scope": Scope("a", people=People([ONE, OTHER]))},
            {"scope": Scope("a", people=People([ONE]))},
            True,
        ),
        ({"scope": Scope("a", people=People([ONE]))}, {}, False),
        ({}, {"scope": Scope("a", people=People([ONE]))}, True),
        ({}, {"starts_at": NOON + 5 * HOUR}, True),
    ],
)
def test_a_superseded_order_ends_only_where_the_new_one_is_as_strict(earlier, later, goes_on):
    new = order(number=2, supersedes=f"{1:016x}", **later)
    known = (Filed(order(**earlier), NOON, 1), Filed(new, NOON + HOUR, 2))
    standing = [each.order.id for each in in_force(known, NOON + 2 * HOUR)]
    assert (f"{1:016x}" in standing) is goes_on
    said = standing_of(known[0], known, NOON + 2 * HOUR)
    assert (said == f"is superseded by `{new.id}`") is not goes_on
    assert (new.id in standing) is ("starts_at" not in later)


@pytest.mark.rule("R-91", "R-08")
def test_a_new_order_that_is_lifted_before_it_begins_ends_none():
    later = NOON + 10 * 24 * HOUR
    stay, new = order(), order(number=2, supersedes=f"{1:016x}", starts_at=later)
    lift = Filed(order(Kind.LIFT, 3, lifts=f"{2:016x}"), NOON, 3, countersigned_at=NOON)
    filed = [Filed(stay, NOON, 1), Filed(new, NOON, 2)]
    assert [each.order.id for each in in_force(filed, later)] == [new.id]
    assert [each.order.id for each in in_force([*filed, lift], later)] == [stay.id, lift.order.id]


@pytest.mark.rule("R-91", "R-08")
def test_a_new_order_that_another_has_superseded_before_it_begins_ends_none():
    later = NOON + 10 * 24 * HOUR
    stay, new = order(), order(number=2, supersedes=f"{1:016x}", starts_at=later)
    third = order(number=3, supersedes=f"{2:016x}")
    lift = Filed(order(Kind.LIFT, 4, lifts=f"{3:016x}"), NOON, 4, countersigned_at=NOON)
    filed = [Filed(stay, NOON, 1), Filed(new, NOON, 2), Filed(third, NOON, 3), lift]
    assert [each.order.id for each in in_force(filed, later)] == [stay.id, lift.order.id]


@pytest.mark.rule("R-91")
def test_a_lift_of_an_order_that_another_has_superseded_is_told_to_end_nothing_more():
    lift = order(Kind.LIFT, 3, lifts=f"{1:016x}")
    later = order(number=2, supersedes=f"{1:016x}")
    alone = (Filed(order(), NOON, 1), Filed(lift, NOON, 3))
    assert standing_of(alone[1], alone, NOON + HOUR) == "waits for countersignatures"
    known = (Filed(order(), NOON, 1), Filed(later, NOON, 2), Filed(lift, NOON, 3))
    told = f"waits for countersignatures; what it lifts is superseded by `{2:016x}`"
    assert standing_of(known[2], known, NOON + HOUR) == told


@pytest.mark.rule("R-91", "R-61")
def test_no_preservation_is_let_go_by_another():
    later = order(Kind.PRESERVATION, 2, supersedes=f"{1:016x}")
    known = (Filed(order(Kind.PRESERVATION), NOON, 1), Filed(later, NOON, 2))
    assert len(in_force(known, NOON + HOUR)) == 2


@pytest.mark.rule("R-08")
def test_a_notice_of_fewer_hours_ends_none_of_more():
    known = (
        Filed(order(Kind.NOTICE, hours=4), NOON, 1),
        Filed(order(Kind.NOTICE, 2, hours=2, supersedes=f"{1:016x}"), NOON, 2),
    )
    assert len(in_force(known, NOON + HOUR)) == 2
