"""The batch of the demo: requests of every class about one population, and the truth about each.

- `generate(seed, population, size)` gives the same rows for the same arguments; rows are in `model.COLUMNS`.
- Truth stands in the order of the rows; a request id that repeats is told apart by its row.
- `must_release` is promised only for items against which nothing stands (R-67): valid in every element, an
  active, unprotected, unique person of record, both keys, an address of record in a requested period.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from demo import classes, desk
from demo.classes import KINDS, Kind
from demo.desk import Desk, Draft, Row, Truth
from demo.population import Population
from solely.model import COLUMNS

TRUTH_COLUMNS = ("request_id", "record_id", "class", "address_sufficient", "must_release")
_PERSONS_PER_OFFICER = 250


@dataclass(frozen=True, slots=True)
class Batch:
    """Request rows and the truth about each, in one order."""

    rows: list[Row]
    truth: list[Truth]

    def cells(self) -> Iterator[list[str]]:
        """The rows in the order of the columns."""
        for row in self.rows:
            yield [row.get(column, "") for column in COLUMNS]

    def truth_cells(self) -> Iterator[list[str]]:
        """The truth in the order of `TRUTH_COLUMNS`."""
        for each in self.truth:
            flags = [str(value).lower() for value in (each.address_sufficient, each.must_release)]
            yield [each.request_id, each.record_id, each.kind, *flags]


def officer_ids(size: int) -> list[str]:
    """Ids of the officers who serve a batch of that size, each far below the ceiling of R-51."""
    return [f"officer-{place:02d}" for place in range(1, max(24, size // _PERSONS_PER_OFFICER) + 1)]


def generate(
    seed: int,
    population: Population,
    size: int = 5_000,
    officers: Sequence[str] = (),
    *,
    kinds: Sequence[Kind] = KINDS,
    is_paired: bool = True,
) -> Batch:
    """A batch of `size` items about `population`; raises ValueError when there are too few people for it.

    `is_paired` adds pairs of equal or differing rows, repeated and malformed request ids.
    """
    rng = random.Random(f"batch:{seed}:{population.block}")
    supplies = desk.prepare(rng, population, size, officers or officer_ids(size))
    own = desk.open_desk(population, supplies, rng)
    pair_count = max(1, round(size * classes.PAIR_SHARE / 1000)) if is_paired and size >= 60 else 0
    groups = [_pair(own, kind) for kind in classes.PAIRS for _ in range(pair_count)]
    groups += [[_malformed_id(own)] for _ in range(pair_count)]
    rest = size - sum(map(len, groups))
    groups += [[draft] for draft in _singles(own, _quotas(rest, kinds))]
    return _shuffled(rng, groups)


def _singles(own: Desk, quotas: Sequence[tuple[Kind, int]]) -> Iterator[Draft]:
    """Drafts of every class in its share; what a pool cannot give becomes valid items."""
    missing = 0
    # Scarce pools go first: a person in `good` is often in a special pool too.
    for kind, number in sorted(quotas, key=lambda each: len(own.pools.get(each[0].pool, ()))):
        for _ in range(number):
            draft = _draft(own, kind)
            missing += draft is None
            if draft is not None:
                yield draft
    for _ in range(missing):
        yield _require_draft(own, KINDS[0])


def _quotas(count: int, kinds: Sequence[Kind]) -> list[tuple[Kind, int]]:
    """How many items each class gets: its share by largest remainder, at least one where there is room."""
    total = sum(kind.share for kind in kinds)
    floor = 1 if count >= 2 * len(kinds) else 0
    exact = [(count - floor * len(kinds)) * kind.share / total for kind in kinds]
    whole = [floor + int(part) for part in exact]
    order = sorted(range(len(kinds)), key=lambda place: int(exact[place]) - exact[place])
    for place in order[: count - sum(whole)]:
        whole[place] += 1
    return list(zip(kinds, whole, strict=True))


def _draft(own: Desk, kind: Kind) -> Draft | None:
    person = own.take(kind.pool)
    if person is None:
        return None
    draft = desk.valid_draft(own, person, kind.name)
    truth = draft.truth
    # A birthday on 1 January says little but the year, and is no second key where two are needed.
    is_new_year = (person.birth_date.month, person.birth_date.day) == (1, 1)
    truth.must_release, truth.address_sufficient = kind.must_release and not is_new_year, kind.is_sufficient
    truth.is_own_address, truth.is_permitted = kind.is_own_address, kind.is_permitted
    kind.change(draft, own)
    return draft


def _require_draft(own: Desk, kind: Kind) -> Draft:
    draft = _draft(own, kind)
    if draft is None:
        raise ValueError("too few people for a batch of this size: about four people an item are needed")
    return draft


def _pair(own: Desk, pair: str) -> list[Draft]:
    """Two rows: equal about one person, differing about one person, or two persons under one request id."""
    first = _require_draft(own, KINDS[0])
    first.truth.kind = f"{pair}_first"
    first.truth.must_release = pair != "duplicate_differing"
    if pair == "request_id_repeated":
        second = _require_draft(own, KINDS[0])
        # Ids are unique ignoring case; the other spelling keeps the truth of both rows apart.
        second.row["request_id"] = first.row["request_id"].lower()
    else:
        second = Draft(first.person, first.stay, dict(first.row), replace(first.truth))
        second.row["request_id"] = next(own.supplies.request_ids)
    if pair == "duplicate_differing":
        second.row["reason"], second.row["case_number"] = next(own.supplies.reasons), "IC-10001-70707"
        first.truth.is_permitted = False
    second.truth.kind, second.truth.must_release, second.truth.is_permitted = f"{pair}_second", False, False
    return [first, second]


def _malformed_id(own: Desk) -> Draft:
    draft = _require_draft(own, KINDS[0])
    draft.truth.kind, draft.truth.must_release = classes.MALFORMED_ID, False
    draft.truth.is_permitted = False
    draft.row["request_id"] = own.rng.choice(classes.BAD_IDS)
    return draft


def _shuffled(rng: random.Random, groups: list[list[Draft]]) -> Batch:
    """All drafts in an order of their own, the rows of a pair apart but never reversed."""
    placed = [
        (key, draft)
        for group in groups
        for key, draft in zip(sorted(rng.random() for _ in group), group, strict=True)
    ]
    placed.sort(key=lambda each: each[0])
    drafts = [draft for _, draft in placed]
    for draft in drafts:
        draft.truth.request_id = draft.row["request_id"]
    return Batch([draft.row for draft in drafts], [draft.truth for draft in drafts])
