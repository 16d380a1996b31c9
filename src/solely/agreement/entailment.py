"""Whether some clauses secure another: where that one is not met, one of them is not, with no milder outcome.

- It is found by cases: every row that the rules can tell apart, as the region table has them. Unknown never
  passes, so both false and unknown of the secured clause count.
- Sound, and incomplete: rules over other facts than the secured one's are tried one by one, not together, and
  too many cases count as not shown. A solver then decides, or both parties sign (R-83).
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from solely.agreement.classes import ColumnRefused
from solely.agreement.clause import Clause
from solely.agreement.evaluate import verdict
from solely.agreement.expression import And
from solely.agreement.regions import RegionsRefused, region_rows

# Of what is not met: nothing helps, or it is cured and sent again, or a person may let it through.
OPENNESS = ("refused", "withheld", "returned", "referred")
_LIFTED_BY_NOBODY = OPENNESS.index("withheld")
Holds = Callable[[Clause, bool | None, Clause, bool | None], bool]


def securing(clauses: Sequence[Clause], demanded: Clause) -> tuple[int, ...]:
    """The places of clauses that are met nowhere that `demanded` is not; none where that is not shown."""
    return _securing(clauses, demanded, lambda *_: True)


def upholding(clauses: Sequence[Clause], demanded: Clause) -> tuple[int, ...]:
    """The same, with what follows: wherever `demanded` is not met, one of them has no milder outcome.

    Nor is it easier for a person to lift: of what is returned, and may be contested, the same facts and rules
    stand behind it, and the statute's own clauses behind what they held back (R-82, R-87).
    """
    return _securing(clauses, demanded, _is_as_strict)


def _securing(clauses: Sequence[Clause], demanded: Clause, holds: Holds) -> tuple[int, ...]:
    read = set(demanded.facts)
    near = [
        place for place, each in enumerate(clauses) if each.stage == demanded.stage and read & {*each.facts}
    ]
    same = [place for place in near if clauses[place].expression == demanded.expression]
    together = tuple(place for place in near if {*clauses[place].facts} <= read)
    for places in chain(_each(same), _each(near), [together] if len(together) > 1 else []):
        if _do_secure([clauses[place] for place in places], demanded, holds):
            return _needed(places, clauses, demanded, holds)
    return ()


def _each(places: Sequence[int]) -> Iterator[tuple[int, ...]]:
    return ((place,) for place in places)


def _needed(
    places: tuple[int, ...], clauses: Sequence[Clause], demanded: Clause, holds: Holds
) -> tuple[int, ...]:
    """Those of several that it takes, none of them idle."""
    for place in places if len(places) > 1 else ():
        rest = tuple(each for each in places if each != place)
        if rest and _do_secure([clauses[each] for each in rest], demanded, holds):
            places = rest
    return places


def _do_secure(clauses: Sequence[Clause], demanded: Clause, holds: Holds) -> bool:
    try:
        rows = region_rows(And((demanded.expression, *(each.expression for each in clauses))))
    except (RegionsRefused, ColumnRefused):
        return False
    for row in rows:
        found = verdict(demanded.expression, row)
        if found is True:
            continue
        judged = ((each, verdict(each.expression, row)) for each in clauses)
        if not any(said is not True and holds(each, said, demanded, found) for each, said in judged):
            return False
    return True


def _is_as_strict(clause: Clause, said: bool | None, demanded: Clause, found: bool | None) -> bool:
    after, before = OPENNESS.index(_outcome(clause, said)), OPENNESS.index(_outcome(demanded, found))
    if after <= _LIFTED_BY_NOBODY or before == len(OPENNESS) - 1:
        return True
    return after <= before and said is found and _is_as_hard_to_lift(clause, demanded)


def _outcome(clause: Clause, said: bool | None) -> str:
    return clause.unknown if said is None else clause.otherwise


def _is_as_hard_to_lift(clause: Clause, demanded: Clause) -> bool:
    """On a contest an officer faces every reason that `demanded` gave: one tells of facts, or of rules."""
    return (
        (demanded.document != "statute" or clause.document == "statute")
        and {*demanded.facts} == {*clause.facts}
        and {*demanded.rules} <= {*clause.rules}
        and clause.element == demanded.element
    )
