"""Questions to a solver: whether some request meets some clauses and not others, and one that does.

- `ask` takes SMT-LIB text and gives the solver's answer; `store.solver` is what runs the solver.
- Only `sat` and `unsat` are answers. Anything else is NotDecided, which is a failure and never a pass.
- A request that shows something is sought as few facts away from a usual one as there is, and close to it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from solely.agreement.english import english
from solely.agreement.evaluate import verdict
from solely.agreement.expression import (
    Between,
    Compare,
    Constant,
    Expression,
    Fact,
    Member,
    Shift,
    Term,
    facts_of,
    walk,
)
from solely.agreement.smt import HEAD, Encoding, Row, answers_of, parsed
from solely.errors import NotDecided

Ask = Callable[[str], str]
FACTS_AWAY = (0, 1, 2, 3, None)


class Asked(NamedTuple):
    """One question as both solvers read it, and whether some request answers to it."""

    name: str
    text: str
    is_found: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A request that meets some clauses and fails others; `usual` is the one it differs from in `changed`."""

    row: Row
    met: tuple[Expression, ...]
    unmet: tuple[Expression, ...]
    changed: tuple[str, ...]
    usual: Row

    def is_so(self, verdicts: Mapping[Expression, bool | None]) -> bool:
        """Whether these verdicts on the request bear it out."""
        return all(verdicts[each] is True for each in self.met) and all(
            verdicts[each] is not True for each in self.unmet
        )


class Questions:
    """Questions over one set of clauses, put to one solver; what was asked is kept, to be asked again."""

    def __init__(
        self,
        ask: Ask,
        named: Mapping[str, Expression],
        others: Iterable[Expression] = (),
        usual: Row | None = None,
    ) -> None:
        """`named` clauses are defined by name; `others` may be asked about; `usual` is a usual request."""
        self._ask = ask
        self.usual = usual or {}
        texts = {name: [value] for name, value in self.usual.items() if isinstance(value, str)}
        self.encoding = Encoding((*named.values(), *others), texts)
        self._names: dict[Expression, str] = {}
        self._formulas: dict[Expression, str] = {}
        self.prelude = HEAD + "\n".join([self.encoding.declarations(), *self._defined(named)]) + "\n"
        self.asked: list[Asked] = []
        _require_quiet(ask(self.prelude))

    def _defined(self, named: Mapping[str, Expression]) -> Iterable[str]:
        for name, expression in named.items():
            if expression not in self._names:
                self._names[expression] = f"|{name}|"
                formula = self.encoding.is_true(expression)
                said = english(expression).replace("\n", " ")
                yield f"; {name}: {said}\n(define-fun |{name}| () Bool {formula})"
        for fact in self.encoding.facts:
            same = self.encoding.same(fact, self.usual.get(fact.name))
            yield f"(define-fun usual.{fact.name} () Bool {same})"

    def formula(self, expression: Expression) -> str:
        """The formula that a request meets an expression, by name where it has one."""
        if expression in self._names:
            return self._names[expression]
        if expression not in self._formulas:
            self._formulas[expression] = self.encoding.is_true(expression)
        return self._formulas[expression]

    def is_found(self, name: str, parts: Sequence[str], declared: str = "") -> bool:
        """Whether some request meets every formula; the question is kept."""
        text = declared + "".join(f"(assert {part})\n" for part in parts)
        found = self._check(text)
        self._ask("(pop 1)\n")
        self.asked.append(Asked(name, text, found))
        return found

    def reasons(self, name: str, parts: Sequence[str], among: Mapping[str, Expression]) -> tuple[str, ...]:
        """Which of some clauses suffice, none of them idle, that no request meets them and every formula.

        The solver proposes, one question for each then leaves out what is not needed.
        """
        text = "".join(f"(assert {part})\n" for part in parts)
        lines = (f"(assert (! {self.formula(each)} :named |by {label}|))\n" for label, each in among.items())
        if self._check(text + "".join(lines)):
            self._ask("(pop 1)\n")
            return ()
        proposed = {each.removeprefix("by ") for each in parsed(self._ask("(get-unsat-core)\n"))[0]}
        self._ask("(pop 1)\n")
        kept = [label for label in among if label in proposed]
        for label in tuple(kept):
            rest = [self.formula(among[each]) for each in kept if each != label]
            if not self._is_met([*parts, *rest]):
                kept.remove(label)
        self.is_found(name, [*parts, *(self.formula(among[each]) for each in kept)])
        return tuple(kept)

    def example(self, met: Sequence[Expression], unmet: Sequence[Expression], *more: str) -> Example:
        """A request that meets some clauses and fails others, near a usual one; there must be one."""
        parts = [self.formula(each) for each in met] + [f"(not {self.formula(each)})" for each in unmet]
        row = self._nearest([*parts, *more], 1 if unmet or more else 0)
        usual = {fact.name: self.usual.get(fact.name) for fact in self.encoding.facts}
        changed = [fact for fact in self.encoding.facts if row[fact.name] != usual[fact.name]]
        if not more:
            for fact in changed:
                row = _closer(row, fact, usual[fact.name], (met, unmet))
        return _told(row, usual, [fact.name for fact in changed], (tuple(met), tuple(unmet)))

    def _nearest(self, parts: Sequence[str], first: int) -> Row:
        facts = self.encoding.facts
        known = [f"(or usual.{fact.name} (not null.{fact.name}))" for fact in facts]
        away = " ".join(f"(ite usual.{fact.name} 0 1)" for fact in facts)
        for limit in FACTS_AWAY[first:]:
            near = [] if limit is None else [f"(<= (+ 0 {away}) {limit})"]
            for wanted in ([*near, *known], near):
                if self._check("".join(f"(assert {part})\n" for part in (*parts, *wanted))):
                    values = answers_of(self._ask(f"(get-value ({' '.join(self.encoding.symbols())}))\n"))
                    self._ask("(pop 1)\n")
                    return self.encoding.row(values, self.usual)
                self._ask("(pop 1)\n")
        raise NotDecided("the solver takes back that there is such a request")

    def _is_met(self, parts: Sequence[str]) -> bool:
        found = self._check("".join(f"(assert {part})\n" for part in parts))
        self._ask("(pop 1)\n")
        return found

    def _check(self, text: str) -> bool:
        return _decided(self._ask(f"(push 1)\n{text}(check-sat)\n"))


def asked_again(ask: Ask, prelude: str, asked: Iterable[Asked]) -> list[str]:
    """The questions to which another solver gives another answer, by name; raises NotDecided."""
    _require_quiet(ask(prelude))
    return [
        each.name
        for each in asked
        if _decided(ask(f"(push 1)\n{each.text}(check-sat)\n(pop 1)\n")) is not each.is_found
    ]


def script(prelude: str, asked: Iterable[Asked]) -> str:
    """Every question as one SMT-LIB file, with the answer given beside each: any solver can run it."""
    parts = [
        f"; {each.name}\n(push 1)\n{each.text}(check-sat) ; {'sat' if each.is_found else 'unsat'}\n(pop 1)\n"
        for each in asked
    ]
    return "\n".join([prelude, *parts])


def _decided(answer: str) -> bool:
    word = answer.strip()
    if word not in ("sat", "unsat"):
        raise NotDecided("a solver gave no answer to a question; nothing counts as proved")
    return word == "sat"


def _require_quiet(answer: str) -> None:
    if answer.strip():
        raise NotDecided("a solver does not read the question; nothing counts as proved")


# -- nearer to a usual request ------------------------------------------------------------------------

Parts = tuple[Sequence[Expression], Sequence[Expression]]


def _is_so(row: Row, parts: Parts) -> bool:
    met, unmet = parts
    return all(verdict(each, row) is True for each in met) and all(
        verdict(each, row) is not True for each in unmet
    )


def _told(row: Row, usual: Row, changed: Sequence[str], parts: tuple[Any, Any]) -> Example:
    """The example told from a request that meets every clause and differs in one fact, where there is one."""
    met, unmet = parts
    if len(changed) > 1:
        for name in changed:
            beside = row | {name: usual[name]}
            if all(verdict(each, beside) is True for each in (*met, *unmet)):
                return Example(row, met, unmet, (name,), beside)
    return Example(row, met, unmet, tuple(changed), usual)


def _closer(row: Row, fact: Fact, usual: Any, parts: Parts) -> Row:
    """The row with the value of one fact that still serves and lies closest to the usual one."""
    reading = tuple([each for each in some if fact in facts_of(each)] for some in parts)
    met, unmet = reading[0], reading[1] if reading[1] else ()
    if usual is None or row[fact.name] is None or (parts[1] and not unmet):
        return row
    found = [
        row | {fact.name: value}
        for value in _near(row, fact, usual, (*met, *unmet))
        if value != usual and _is_so(row | {fact.name: value}, (met, unmet))
    ]
    return min(found, key=lambda each: _distance(each[fact.name], usual), default=row)


def _near(row: Row, fact: Fact, usual: Any, expressions: Iterable[Expression]) -> set[Any]:
    """The values of a fact next to which some verdict changes, the others as in the row."""
    if fact.type == "set":
        return {usual ^ {name} for name in (row[fact.name] | usual)} | {row[fact.name]}
    found = {row[fact.name]}
    if fact.type not in ("int", "date"):
        return found
    step = timedelta(days=1) if fact.type == "date" else 1
    for left, right in (pair for each in expressions for pair in _meetings(each)):
        for own, other in ((left, right), (right, left)):
            value = _value(other, row)
            if fact in walk(own) and value is not None:
                at = value - timedelta(days=own.offset) if isinstance(own, Shift) else value
                found |= {at - step, at, at + step}
    return found


def _meetings(expression: Expression) -> Iterable[tuple[Term, Term]]:
    for node in walk(expression):
        match node:
            case Compare(_, left, right):
                yield left, right
            case Between(term, low, high):
                yield from ((term, low), (term, high))
            case Member(fact, values):
                yield from ((fact, each) for each in values)


def _value(term: Term, row: Row) -> Any:
    match term:
        case Fact(name):
            return row[name]
        case Constant(value):
            return value
        case Shift(start):
            day = _value(start, row)
            return None if day is None else day + timedelta(days=term.offset)


def _distance(value: Any, usual: Any) -> tuple[int, str]:
    if isinstance(value, frozenset):
        return len(value ^ usual), ""
    if isinstance(value, date):
        return abs((value - usual).days), ""
    return (abs(value - usual), "") if isinstance(value, int) else (0, value)
