"""Explicit-state model checking: each state that steps can reach, breadth first, held to its invariants.

- A model is three functions: the first state, the steps out of a state, and what a step breaks.
- Breadth first makes the first breach found one of the shortest: its labels read as a short story.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, NamedTuple

Steps = Callable[[Any], Iterable[tuple[str, Hashable]]]
Breaks = Callable[[Any, Any], Iterable[str]]


class Explored(NamedTuple):
    """How many states there are, and the first breach with the steps that lead to it."""

    states: int
    broken: str | None
    story: tuple[str, ...]


def explore(first: Hashable, steps: Steps, breaks: Breaks, is_finished: Callable[[Any], bool]) -> Explored:
    """The whole state space, or the first breach of an invariant; a state without steps breaks I10.

    A state in which everything asked for is done may end.
    """
    came: dict[Hashable, tuple[Hashable, str] | None] = {first: None}
    waiting = deque([first])
    while waiting:
        state = waiting.popleft()
        is_stuck = True
        for label, after in steps(state):
            is_stuck = False
            # Asked of every step, not of every state: a state may be right and the way into it wrong.
            broken = next(iter(breaks(state, after)), None)
            if broken is not None:
                return Explored(len(came), broken, (*_story(came, state), label))
            if after not in came:
                came[after] = (state, label)
                waiting.append(after)
        if is_stuck and not is_finished(state):
            return Explored(len(came), "I10", _story(came, state))
    return Explored(len(came), None, ())


def _story(came: dict[Hashable, tuple[Hashable, str] | None], state: Hashable) -> tuple[str, ...]:
    labels = []
    before = came[state]
    while before is not None:
        labels.append(before[1])
        before = came[before[0]]
    return tuple(reversed(labels))


def follow(states: set[Any], steps: Steps, label: str, silent: frozenset[str]) -> set[Any]:
    """Where a model can be after a step of that label was seen, with any silent steps before it."""
    return {after for state in closed(states, steps, silent) for each, after in steps(state) if each == label}


def closed(states: set[Any], steps: Steps, silent: frozenset[str]) -> Iterator[Any]:
    """These states, and those that silent steps lead to."""
    seen, waiting = set(states), list(states)
    while waiting:
        state = waiting.pop()
        yield state
        for label, after in steps(state):
            if label in silent and after not in seen:
                seen.add(after)
                waiting.append(after)
