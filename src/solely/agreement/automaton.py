"""Finite automata over one text column: exactly what patterns, `filled` and listed literals tell apart.

- An alphabet groups all of Unicode into letters: characters that no test tells apart are one letter.
- A machine reads a text letter by letter; its last state is labelled with the tests that the text meets.
- Literals stand in a trie, so a text of any length that a list names is found, not only one below a length.
- The number of states is capped: a column beyond the cap is refused by name, never decided in part.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal, TypeVar

from solely.agreement.expression import BLANKS
from solely.agreement.pattern import Choice, Part, Repeat, Signs, parsed_pattern

STATES_MAX = 30_000
Atom = tuple[Literal["equals"], str] | tuple[Literal["matches"], str] | tuple[Literal["filled"]]
State = TypeVar("State")
FILLED: Atom = ("filled",)
Labels = frozenset[Atom]
# The order in which a witness prefers its characters; any other character comes after these.
_PREFERRED = "A1a B2b-./#"
_ANY_OTHER = "é\u4e00\u0416\u05d0"


class TooManyStates(ValueError):
    """The tests on one column need more states than the cap allows."""

    def __init__(self) -> None:
        super().__init__(f"its patterns need more than {STATES_MAX:,} states")


@dataclass(frozen=True)
class Alphabet:
    """The letters of a column: `signs` has the named characters of each, `letters` the letter of each."""

    signs: tuple[str, ...]  # the last letter is every character that nothing names; one stands for them
    letters: Mapping[str, int]
    other: int

    def letter(self, sign: str) -> int:
        """The letter that stands for a character; all that nothing names share one."""
        return self.letters.get(sign, self.other)

    def choose(self, allowed: Iterable[str]) -> frozenset[int]:
        """The letters of some characters."""
        return frozenset(self.letters[sign] for sign in allowed)


def alphabet_of(atoms: Iterable[Atom]) -> Alphabet:
    """The letters that some tests tell apart: two characters share one when no test parts them."""
    sets: dict[frozenset[str], None] = {frozenset(BLANKS): None}
    alone: set[str] = set()
    for atom in atoms:
        match atom:
            case ("matches", pattern):
                sets |= dict.fromkeys(_sign_sets(parsed_pattern(pattern)))
            case ("equals", text):
                alone |= set(text)
    named = alone.union(*sets)
    other = next(sign for sign in chain(_ANY_OTHER, map(chr, range(0xC0, 0xD800))) if sign not in named)
    ordered = sorted(named, key=_preference)
    groups: dict[tuple[object, ...], int] = {}
    letters = {
        sign: groups.setdefault(
            (sign if sign in alone else "", *(sign in each for each in sets)), len(groups)
        )
        for sign in ordered
    }
    signs = [""] * len(groups)
    for sign in ordered:
        signs[letters[sign]] += sign
    return Alphabet((*signs, other), letters, len(signs))


def _preference(sign: str) -> tuple[int, int, str]:
    place = _PREFERRED.find(sign)
    return (0 if place >= 0 else 1, place, sign)


def _sign_sets(part: Part) -> Iterable[frozenset[str]]:
    match part:
        case Signs(allowed):
            yield allowed
        case Repeat(inner):
            yield from _sign_sets(inner)
        case Choice(branches):
            for branch in branches:
                for each in branch:
                    yield from _sign_sets(each)


@dataclass(frozen=True)
class Machine:
    """A complete automaton that starts in state 0; `labels` says what a text that ends in a state meets."""

    alphabet: Alphabet
    steps: tuple[tuple[int, ...], ...]
    labels: tuple[Labels, ...]

    def read(self, text: str) -> Labels:
        """The tests that a text meets."""
        state = 0
        for sign in text:
            state = self.steps[state][self.alphabet.letter(sign)]
        return self.labels[state]

    def shortest(self, count: int = 1) -> dict[Labels, list[str]]:
        """The `count` shortest texts, or all, for every set of tests that some text meets exactly.

        It is enough to pass through each state `count` times: a text cut off behind a state has that many
        shorter ones with the same ending.
        """
        found: dict[Labels, list[str]] = {}
        passed = [0] * len(self.steps)
        waiting = deque([(0, "")])
        while waiting:
            state, text = waiting.popleft()
            if passed[state] == count:
                continue
            passed[state] += 1
            texts = found.setdefault(self.labels[state], [])
            if len(texts) < count:
                texts.append(text)
            waiting.extend(
                (after, text + sign)
                for after, signs in zip(self.steps[state], self.alphabet.signs, strict=True)
                for sign in signs[:count]
                if passed[after] < count
            )
        return found


def machine_of(atoms: Sequence[Atom]) -> Machine:
    """The machine that tells, for any text, which of some tests it meets; raises TooManyStates."""
    alphabet = alphabet_of(atoms)
    texts = [atom[1] for atom in atoms if atom[0] == "equals"]
    parts = [_pattern_machine(atom[1], alphabet) for atom in atoms if atom[0] == "matches"]
    parts += [_filled_machine(alphabet)] if FILLED in atoms else []
    return _product([_literals_machine(texts, alphabet), *parts])


def _filled_machine(alphabet: Alphabet) -> Machine:
    blank = alphabet.choose(BLANKS)
    steps = tuple(0 if letter in blank else 1 for letter in range(len(alphabet.signs)))
    return Machine(alphabet, (steps, (1,) * len(steps)), (frozenset(), frozenset([FILLED])))


def _literals_machine(texts: Iterable[str], alphabet: Alphabet) -> Machine:
    """The trie of the texts; state 1 is every text that begins none of them."""
    size = len(alphabet.signs)
    steps, labels = [[1] * size, [1] * size], [Labels(), Labels()]
    for text in texts:
        state = 0
        for sign in text:
            letter = alphabet.letter(sign)
            if steps[state][letter] == 1:
                steps[state][letter] = len(steps)
                steps.append([1] * size)
                labels.append(Labels())
            state = steps[state][letter]
        labels[state] = Labels([("equals", text)])
    return Machine(alphabet, tuple(map(tuple, steps)), tuple(labels))


def _product(machines: Sequence[Machine]) -> Machine:
    """The machines side by side, as far as some text reaches."""

    def after(states: tuple[int, ...]) -> Iterable[tuple[int, ...]]:
        rows = (machine.steps[state] for machine, state in zip(machines, states, strict=True))
        return zip(*rows, strict=True)

    def label(states: tuple[int, ...]) -> Labels:
        return Labels().union(*(each.labels[state] for each, state in zip(machines, states, strict=True)))

    return _explored(machines[0].alphabet, (0,) * len(machines), after, label)


def _explored(
    alphabet: Alphabet,
    first: State,
    after: Callable[[State], Iterable[State]],
    label: Callable[[State], Labels],
) -> Machine:
    """The machine of all states that some text reaches; `after` gives the next state for each letter."""
    places, waiting = {first: 0}, deque([first])
    steps: list[tuple[int, ...]] = []
    labels: list[Labels] = []
    while waiting:
        state = waiting.popleft()
        labels.append(label(state))
        row = []
        for each in after(state):
            if each not in places:
                _require_below_cap(len(places))
                places[each] = len(places)
                waiting.append(each)
            row.append(places[each])
        steps.append(tuple(row))
    return Machine(alphabet, tuple(steps), tuple(labels))


def _require_below_cap(count: int) -> None:
    if count >= STATES_MAX:
        raise TooManyStates


# -- one pattern --------------------------------------------------------------------------------------


class _Threads:
    """A pattern as a nondeterministic automaton, built from its end; state 0 is the end."""

    def __init__(self, alphabet: Alphabet) -> None:
        self.alphabet = alphabet
        self.reads: list[frozenset[int]] = [frozenset()]
        self.after: list[tuple[int, ...]] = [()]

    def state(self, reads: frozenset[int], after: tuple[int, ...]) -> int:
        _require_below_cap(len(self.after))
        self.reads.append(reads)
        self.after.append(after)
        return len(self.after) - 1

    def before(self, part: Part, end: int) -> int:
        """The state from which a text of this part leads to `end`; one that reads nothing branches."""
        match part:
            case Signs(allowed):
                return self.state(self.alphabet.choose(allowed), (end,))
            case Choice(branches):
                return self.state(frozenset(), tuple(self.before_all(branch, end) for branch in branches))
            case Repeat(inner, low, high):
                start = self.before_optional(inner, None if high is None else high - low, end)
                return self.before_all((inner,) * low, start)

    def before_all(self, parts: Sequence[Part], end: int) -> int:
        for part in reversed(parts):
            end = self.before(part, end)
        return end

    def before_optional(self, part: Part, times: int | None, end: int) -> int:
        if times is None:
            loop = self.state(frozenset(), ())
            self.after[loop] = (self.before(part, loop), end)
            return loop
        start = end
        for _ in range(times):
            start = self.state(frozenset(), (self.before(part, start), end))
        return start

    def closed(self, states: Iterable[int]) -> frozenset[int]:
        """The states that read, and the end, as far as these lead without reading."""
        seen = set(states)
        waiting = list(seen)
        while waiting:
            state = waiting.pop()
            if not self.reads[state]:
                fresh = set(self.after[state]) - seen
                seen |= fresh
                waiting += fresh
        return frozenset(state for state in seen if self.reads[state] or state == 0)


def _pattern_machine(pattern: str, alphabet: Alphabet) -> Machine:
    """The machine of one pattern, by subsets of its threads."""
    threads = _Threads(alphabet)

    def after(states: frozenset[int]) -> Iterable[frozenset[int]]:
        for letter in range(len(alphabet.signs)):
            reading = [state for state in states if letter in threads.reads[state]]
            yield threads.closed(threads.after[state][0] for state in reading)

    def label(states: frozenset[int]) -> Labels:
        return Labels([("matches", pattern)] if 0 in states else ())

    return _explored(alphabet, threads.closed([threads.before(parsed_pattern(pattern), 0)]), after, label)
