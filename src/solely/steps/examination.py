"""The ruling on the request: what `run` and `precheck` share, so that both say the same (R-01).

- No record is in reach here: the desk holds law, tables and enrolments, nothing else.
- An exception in one item refers that item and is counted as an alarm; trouble of the engine blocks all
  (R-02).
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any, Final, NamedTuple

from solely.agreement.column import Column
from solely.agreement.document import Law
from solely.decision.ruling import PASSED, Ruling, rule, unmet_of
from solely.decision.told import is_contestable
from solely.facts.request import FactContext, RequestFacts, facts_of
from solely.model import Disposition, Item, Reason
from solely.services import Judge, Services

Findings = Sequence[tuple[Disposition, Reason]]
Wide = Mapping[str, Sequence[Any]]  # counts over the batch and the gate, by fact

NO_ADDRESS: Final = Ruling(Disposition.RETURNED, (Reason("address", "INSUFFICIENT", "R-33"),))
FAULT: Final = (Disposition.REFERRED, Reason("row", "ENGINE_ERROR", "R-02"))


class Desk(NamedTuple):
    """What a request is examined with: the law in force, the facts' context, and the engine that rules."""

    law: Law
    context: FactContext
    judge: Judge


def context_of(services: Services, received_on: date) -> FactContext:
    """The context of the facts of a request received on that day at this gate."""
    return FactContext(
        received_on=received_on,
        is_synthetic=services.law.is_synthetic,
        trust=services.trust,
        tables=services.tables,
        lexicon=services.lexicon,
        further=services.law.further_facts,
        further_columns=services.law.further_columns,
    )


def desk_of(services: Services, received_on: date) -> Desk:
    """What a request received on that day is examined with at this gate."""
    return Desk(services.law, context_of(services, received_on), services.judge)


class Examined(NamedTuple):
    """One chunk of items with facts, and the ruling on each request; no disposition means: goes on.

    `statutory` are the places of items that a clause of the statute more than refers.
    """

    items: Sequence[Item]
    facts: RequestFacts
    rulings: Sequence[Ruling]
    statutory: frozenset[int] = frozenset()

    def passed(self) -> list[int]:
        """The places of the items that go on to the records."""
        return [place for place, ruling in enumerate(self.rulings) if ruling.disposition is None]

    def waived(self, places: frozenset[int]) -> "Examined":
        """The same chunk where two approvers have confirmed these referrals; any other outcome stays.

        No person makes an insufficient address sufficient (R-29, R-33), and one without a standard form can
        meet no address of record.
        """
        rulings = [
            PASSED
            if place in places and ruling.disposition is Disposition.REFERRED and self._is_addressed(place)
            else ruling
            for place, ruling in enumerate(self.rulings)
        ]
        return self._replace(rulings=rulings)

    def contested(self, places: frozenset[int], terms: Sequence[str]) -> "Examined":
        """The same chunk where two approvers have confirmed contests; any other outcome stays (R-87)."""
        lifted = {place for place in places if self.is_contestable(place, terms)}
        rulings = [PASSED if place in lifted else ruling for place, ruling in enumerate(self.rulings)]
        return self._replace(rulings=rulings)

    def is_contestable(self, place: int, terms: Sequence[str]) -> bool:
        """True when only rules of the strengths in `terms` stand against an item; the rest no person lifts.

        What only refers the item stands not against it: two who confirm decide that with the rest (R-87).
        An unmet clause of the statute, a stated value that is not allowed and an insufficient address are
        never lifted, whatever the rule that a reason names (R-82, R-29, R-33); nor is a request id under
        which nothing can leave.
        """
        ruling = self.rulings[place]
        return (
            ruling.disposition in (None, Disposition.RETURNED, Disposition.REFERRED)
            and not any(each.element == "request_id" for each in ruling.reasons)
            and place not in self.statutory
            and self._is_addressed(place)
            and is_contestable([each.rule for each in ruling.stopping], terms)
        )

    def _is_addressed(self, place: int) -> bool:
        judged = self.facts.addresses[place]
        return judged.address is not None and judged.is_sufficient


class Faced(NamedTuple):
    """The facts of a chunk's own words; the places of items whose facts raised, which stand as blank rows."""

    facts: RequestFacts
    faulty: frozenset[int]


def examine(items: Sequence[Item], findings: Sequence[Findings], desk: Desk, wide: Wide) -> Examined:
    """The ruling on each request of a chunk; `findings` are those made before facts, item by item.

    `wide` are the counts that no row shows by itself; where one is not given it is unknown.
    """
    return rule_on(items, face(items, desk.context), findings, desk, wide)


def rule_on(
    items: Sequence[Item], faced: Faced, findings: Sequence[Findings], desk: Desk, wide: Wide
) -> Examined:
    """The ruling on each request of a chunk whose facts are known."""
    facts = faced.facts
    facts.columns.update({name: Column.of(values) for name, values in wide.items()})
    clauses = desk.law.clauses("request")
    unmet_by_place = Column.of(desk.judge(clauses, facts.columns)).each(partial(unmet_of, clauses)).tolist()
    rulings, statutory = [], set()
    for place, found in enumerate(facts.found):
        if place in faced.faulty:
            # Nothing is known of this item but that it raised: a person sees it, whatever blanks would say.
            rulings.append(rule((), {}, [FAULT]))
            continue
        if is_unread(findings[place]):
            # Nothing of the row was kept: that it could not be read is all there is to say and cure.
            rulings.append(rule((), {}, findings[place]))
            continue
        others = [*findings[place], *facts.findings[place], *([FAULT] if place in facts.faults else [])]
        unmet = unmet_by_place[place]
        if any(e.clause.document == "statute" and e.outcome is not Disposition.REFERRED for e in unmet):
            statutory.add(place)
        ruling = rule(unmet, found, others)
        is_findable = facts.addresses[place].is_sufficient and facts.addresses[place].address is not None
        # Whatever a law asks for, nobody is looked for without an address: nothing stands in its place.
        rulings.append(ruling if ruling.disposition is not None or is_findable else NO_ADDRESS)
    return Examined(items, facts, rulings, frozenset(statutory))


def is_unread(findings: Findings) -> bool:
    """True when the row could not be read, so that its blanks are none of the requester (R-69)."""
    return any(reason.element == "row" and reason.rule == "R-69" for _, reason in findings)


def face(items: Sequence[Item], context: FactContext) -> Faced:
    """The facts of a chunk; items whose facts raise are put aside, and stand as blank rows."""
    with suppress(Exception):
        return Faced(facts_of(items, context), frozenset())
    faulty = frozenset(place for place, item in enumerate(items) if _raises(item, context))
    kept = [Item(item.row, item.request_id) if place in faulty else item for place, item in enumerate(items)]
    return Faced(facts_of(kept, context), faulty)


def _raises(item: Item, context: FactContext) -> bool:
    try:
        facts_of([item], context)
    except Exception:  # noqa: BLE001 -- see above
        return True
    return False
