"""Answers remembered by word in a plain table: a batch repeats its words, and asks for them in no order.

- `lru_cache` keeps the order of use, which costs more than the look-up; here a full table starts anew.
"""

from collections.abc import Callable
from typing import TypeVar

ANSWERS_MAX = 65536
_Answer = TypeVar("_Answer")


class _Answers(dict[str, _Answer]):
    def __init__(self, answer: Callable[[str], _Answer]) -> None:
        super().__init__()
        self._answer = answer

    def __missing__(self, word: str) -> _Answer:
        if len(self) >= ANSWERS_MAX:
            self.clear()
        found = self[word] = self._answer(word)
        return found


def remembered(answer: Callable[[str], _Answer]) -> Callable[[str], _Answer]:
    """`answer`, which must be pure, with its last answers at hand."""
    return _Answers(answer).__getitem__
