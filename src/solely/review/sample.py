"""Samples that nobody chooses: investigations to evidence (R-86), items to decide (R-85)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from solely.canonical import sha256_hex
from solely.folding import fold


def draw_sample(seed: str, investigations: Iterable[str], size: int) -> list[str]:
    """`size` different investigations (all, if there are fewer), in an order that only the seed decides.

    Ids that differ in case or punctuation alone are one investigation, and the first spelling stands for it.
    """
    spelled: dict[str, str] = {}
    for each in sorted(investigations):
        spelled.setdefault(fold(each), each)
    order = sorted(spelled, key=lambda folded: sha256_hex(f"{seed}\x1f{folded}".encode()))
    return [spelled[folded] for folded in order[:size]]


class Candidate(NamedTuple):
    """A releasable item that may be drawn for review: its row, and whose record it rests on."""

    row: int
    record_ref: str
    person: str  # the name as it is compared: two that are equal are never shown for one another


class Place(NamedTuple):
    """One place of a review sample: an item, and the row whose record stands beside it if not its own."""

    row: int
    beside: int | None = None

    @property
    def is_known(self) -> bool:
        """True of an item beside another person's record: the one right answer is to decline."""
        return self.beside is not None


def drawn_order(seed: str, rows: Iterable[int]) -> list[int]:
    """Rows in the order that only the seed decides."""
    return sorted(rows, key=lambda row: _rank(seed, row))


def draw_review(seed: str, secret: str, candidates: Sequence[Candidate], size: int) -> list[Place]:
    """A review sample: `size` items (all, if there are fewer) that `seed` alone decides, with known answers
    among them, which only `secret` tells apart (R-85).

    A tenth more, up to two tenths, are items beside the record of somebody else; where a batch is too small
    to hold them, they repeat its items, and where it names one person there are none.
    """
    by_row = {each.row: each for each in candidates}
    order = [by_row[row] for row in drawn_order(seed, by_row)]
    real = [Place(each.row) for each in order[:size]]
    least = -(-len(real) // 10)
    wanted = least + int(_rank(secret, -1), 16) % (least + 1)
    others = order[size:] + order[:size]
    known = []
    for place, each in enumerate(others[:wanted]):
        rest = sorted(others[place + 1 :] + others[:place], key=lambda other: _rank(secret, other.row))
        other = next((o for o in rest if o.record_ref != each.record_ref and o.person != each.person), None)
        known += [] if other is None else [Place(each.row, other.row)]
    return sorted(real + known, key=lambda each: _rank(secret, each.row) + str(each.beside))


def _rank(seed: str, row: int) -> str:
    return sha256_hex(f"{seed}\x1f{row}".encode())


def wrong_most(errors_none_in: int, of: int) -> float:
    """The share that may be wrong at most, with 95 % confidence, where so many drawn showed no error.

    The largest share p with (1 - p)^n >= 5 %; none can be where all were looked at.
    """
    return 0.0 if errors_none_in >= of else 1 - 0.05 ** (1 / errors_none_in)
