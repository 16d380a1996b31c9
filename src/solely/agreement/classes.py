"""The classes of text that rules tell apart, column by column: finite, exact, each with a witness.

- Two texts of one class meet the same tests: equality with each listed literal, each pattern, `filled`.
- Columns that rules compare with one another share their classes. A class with more than one text then has as
  many representatives as there are such columns, so equal index is equal text and nothing is lost.
- A column whose tests need too many states is refused by name (`automaton.STATES_MAX`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from solely.agreement.automaton import FILLED, Atom, Machine, TooManyStates, machine_of
from solely.agreement.expression import (
    Compare,
    Constant,
    Expression,
    Fact,
    Filled,
    Matches,
    Member,
    Within,
    walk,
)

# Witnesses that read like something a request might say; the shortest text is taken where none of these fits.
SAMPLES = ("something else", "another thing", "a third thing", "12345", "A-2019-0042")


class ColumnRefused(ValueError):
    """A text column whose tests have no finite classes within the cap; the text names it and the cure."""


@dataclass(frozen=True, slots=True)
class TextClass:
    """The texts that meet exactly `atoms`, or one representative of them; `witness` is one such text."""

    index: int
    witness: str
    atoms: frozenset[Atom]


@dataclass(frozen=True, slots=True)
class TextClasses:
    """All classes of one column; `peers` are the columns that rules compare it with, itself included."""

    fact: str
    classes: tuple[TextClass, ...]
    peers: tuple[str, ...]
    machine: Machine

    def of(self, text: str) -> TextClass:
        """The class of a text: the one it is the witness of, else the first that meets its tests."""
        atoms = self.machine.read(text)
        fitting = [each for each in self.classes if each.atoms == atoms]
        return next((each for each in fitting if each.witness == text), fitting[0])

    def where(self, atom: Atom) -> frozenset[int]:
        """The indexes of the classes whose texts meet one test."""
        return frozenset(each.index for each in self.classes if atom in each.atoms)


def atoms_of(node: Expression) -> tuple[Atom, ...]:
    """The tests on text that one node makes by itself; none for any other node.

    A comparison, membership or named list is met when one of the equalities is.
    """
    match node:
        case Compare(_, Fact(_, "text"), Constant(str(value))) | Compare(
            _, Constant(str(value)), Fact(_, "text")
        ):
            return (("equals", value),)
        case Member(Fact(_, "text"), values):
            return tuple(("equals", str(each.value)) for each in values)
        case Within(_, names):
            return tuple(("equals", each) for each in names.values)
        case Matches(_, pattern):
            return (("matches", pattern),)
        case Filled():
            return (FILLED,)
    return ()


def text_classes(
    expressions: Iterable[Expression], samples: Mapping[str, Sequence[str]] | None = None
) -> dict[str, TextClasses]:
    """The classes of every text column that the expressions read, by fact name; raises ColumnRefused.

    `samples` are texts by fact name that make better witnesses than the shortest text would.
    """
    tests: dict[str, dict[Atom, None]] = {}
    peers: dict[str, set[str]] = {}
    for node in (node for expression in expressions for node in walk(expression)):
        if isinstance(node, Fact) and node.type == "text":
            tests.setdefault(node.name, {})
            peers.setdefault(node.name, {node.name})
        elif (atoms := atoms_of(node) if isinstance(node, Expression) else ()) != ():
            tests.setdefault(_column(node), {}).update(dict.fromkeys(atoms))
        elif isinstance(node, Compare) and (pair := _columns_compared(node)):
            _join(peers, *pair)
    found: dict[str, TextClasses] = {}
    for name in tests:
        group = tuple(each for each in tests if each in peers[name])
        if name not in found:
            found |= _classes_of(group, [atom for each in group for atom in tests[each]], samples or {})
    return {name: found[name] for name in tests}


def _column(node: Expression) -> str:
    return next(each.name for each in walk(node) if isinstance(each, Fact))


def _columns_compared(node: Compare) -> tuple[str, str] | None:
    match node:
        case Compare(_, Fact(left, "text"), Fact(right, "text")):
            return left, right
    return None


def _join(peers: dict[str, set[str]], left: str, right: str) -> None:
    joined = peers.get(left, {left}) | peers.get(right, {right})
    for each in joined:
        peers[each] = joined


def _classes_of(
    group: tuple[str, ...], atoms: Sequence[Atom], samples: Mapping[str, Sequence[str]]
) -> dict[str, TextClasses]:
    try:
        machine = machine_of(tuple(dict.fromkeys(atoms)))
    except TooManyStates as error:
        columns = ", ".join(f"`{each}`" for each in group)
        raise ColumnRefused(
            f"text column {columns}: {error}; write simpler patterns, or let the facts step judge the form"
        ) from None
    readable: dict[frozenset[Atom], dict[str, None]] = {}
    for text in (*(text for each in group for text in samples.get(each, ())), *SAMPLES):
        readable.setdefault(machine.read(text), {})[text] = None
    classes = []
    for labels, texts in machine.shortest(len(group)).items():
        witnesses = dict.fromkeys((*readable.get(labels, ()), *texts))
        classes += [(witness, labels) for witness in list(witnesses)[: len(texts)]]
    numbered = tuple(TextClass(index, *each) for index, each in enumerate(classes))
    return {name: TextClasses(name, numbered, group, machine) for name in group}
