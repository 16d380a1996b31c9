"""Samples that nobody chooses: investigations to evidence (R-86), items to decide (R-85)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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


class Place(NamedTuple):
    """One place of a review sample: an item, and the record that stands beside it if not its own."""

    row: int
    beside: str | None = None

    @property
    def is_known(self) -> bool:
        """True of an item beside another person's record: the one right answer is to decline."""
        return self.beside is not None


class Plan(NamedTuple):
    """What is drawn: the row at each place, where a known answer may stand, and how many are known.

    How many places there are follows from the size alone, and does not tell how many are known.
    """

    rows: Sequence[int]
    hiding: Sequence[int]
    known: int


def plan_review(seed: str, secret: str, rows: Iterable[int], size: int) -> Plan:
    """The plan of a sample: `size` rows (all, if there are fewer) and two tenths more, which `seed` alone
    decides; of all these places `secret` alone picks those with known answers (R-85).

    Where a batch is too small for so many, `secret` repeats some of its rows. However many are known, `size`
    different rows stand beside their own record.
    """
    order = sorted(rows, key=lambda row: _rank(seed, row))
    size = min(size, len(order))
    least = -(-size // 10)
    drawn = order[: size + 2 * least]
    again = sorted(drawn, key=lambda row: _rank(secret, "again", row))[: size + 2 * least - len(drawn)]
    places, hiding = drawn + again, list[int]()
    left = Counter(places)
    for place in sorted(range(len(places)), key=lambda place: _rank(secret, "known", place)):
        row = places[place]
        if left[row] > 1 or len(left) > size:
            hiding.append(place)
            left -= Counter([row])
    return Plan(places, hiding, least + int(_rank(secret, -1), 16) % (least + 1))


def places_of(
    plan: Plan, secret: str, own: Mapping[int, str], near: Mapping[int, Sequence[str]]
) -> list[Place]:
    """The places of a planned sample, in an order that only `secret` decides.

    `own` has the record of each row, `near` those of others who are near, the nearest first. A known answer
    shows a record that stands at no other place; where nobody is left for a row, it shows its own.
    """
    shown, known = set(own.values()), dict[int, str]()
    for place in plan.hiding:
        other = next((each for each in near.get(plan.rows[place], ()) if each not in shown), None)
        if other is not None and len(known) < plan.known:
            shown.add(other)
            known[place] = other
    places = [Place(row, known.get(place)) for place, row in enumerate(plan.rows)]
    return [each for _, each in sorted(enumerate(places), key=lambda numbered: _rank(secret, *numbered))]


def _rank(seed: str, *words: object) -> str:
    return sha256_hex("\x1f".join([seed, *map(str, words)]).encode())


def wrong_most(errors_none_in: int, of: int) -> float:
    """The share that may be wrong at most, with 95 % confidence, where so many drawn showed no error.

    The largest share p with (1 - p)^n >= 5 %; none can be where all were looked at.
    """
    return 0.0 if errors_none_in >= of else 1 - 0.05 ** (1 / errors_none_in)
