"""Queries over referred items: how many are alike, which they are, and whose hands they are in.

- Every query is answered from an index: a gate may hold a million cases.
- An item that an officer has decided already is none of that officer's queue; that others have is not told.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from solely.store.rows import Row, find_all, find_one
from solely.store.schema import case, contest, taken

GIVEN_BACK = 0  # in place of the instant until which an item is in nobody else's hands
_SHOWN = ("batch_id", "row", "request_id", "state", "decision_index", "cause")
_WAITS = case.c.cause.is_not(None)
_IS_TAKEN = (taken.c.batch_id == case.c.batch_id) & (taken.c.row == case.c.row)
_IS_CONTESTED = (contest.c.batch_id == case.c.batch_id) & (contest.c.row == case.c.row)


class Alike(NamedTuple):
    """Items that are alike in one way: the digest of what they share, and how many there are by batch."""

    key: str
    batches: Mapping[str, int]

    @property
    def items(self) -> int:
        """How many items there are."""
        return sum(self.batches.values())


def alike(tx: sa.Connection, kind: str, officer_id: str, most: int) -> list[Alike]:
    """What the most items have in common that wait for this officer, the largest first."""
    key, count = case.c[kind], sa.func.count()
    grouped = sa.select(key, case.c.batch_id, count).where(_WAITS, key.is_not(None))
    grouped = grouped.group_by(key, case.c.batch_id)
    largest = (
        grouped.having(count > (0 if kind == "cause" else 1)).order_by(count.desc(), key).limit(4 * most)
    )
    decided = grouped.join(taken, _IS_TAKEN).where(taken.c.officer_id == officer_id, taken.c.until.is_(None))
    done = {(name, batch): int(items) for name, batch, items in tx.execute(decided)}
    found: dict[str, dict[str, int]] = {}
    for name, batch, items in tx.execute(largest):
        left = int(items) - done.get((name, batch), 0)
        if left > 0:
            found.setdefault(name, {})[batch] = left
    ranked = sorted(
        (Alike(name, batches) for name, batches in found.items()), key=lambda a: (-a.items, a.key)
    )
    return ranked[:most]


def count_waiting(tx: sa.Connection, officer_id: str) -> int:
    """How many referred items wait for this officer's decision."""
    every = sa.select(sa.func.count()).select_from(case).where(_WAITS)
    decided = every.join(taken, _IS_TAKEN).where(taken.c.officer_id == officer_id, taken.c.until.is_(None))
    return int(tx.execute(every).scalar() or 0) - int(tx.execute(decided).scalar() or 0)


def items_alike(
    tx: sa.Connection, alike_in: tuple[str, str], officer_id: str, most: int, after: tuple[str, int] = ("", 0)
) -> list[Row]:
    """The items that share one digest (kind and digest) and wait for this officer, in order, after a place.

    Each comes with who has it (`holder`, `until`) and by when a contested one is reconsidered.
    """
    kind, key = alike_in
    columns = [case.c[name] for name in (*_SHOWN, "evidence")]
    holder = sa.select(taken.c.officer_id, taken.c.until, taken.c.batch_id, taken.c.row)
    holding = holder.where(taken.c.until.is_not(None)).subquery()
    own = sa.exists().where(_IS_TAKEN, taken.c.officer_id == officer_id, taken.c.until.is_(None))
    is_held = (holding.c.batch_id == case.c.batch_id) & (holding.c.row == case.c.row)
    query = (
        sa.select(*columns, holding.c.officer_id.label("holder"), holding.c.until, contest.c.reconsider_by)
        .select_from(case.outerjoin(holding, is_held).outerjoin(contest, _IS_CONTESTED))
        .where(_WAITS, case.c[kind] == key, ~own)
        .where(sa.tuple_(case.c.batch_id, case.c.row) > sa.tuple_(*map(sa.literal, after)))
        .order_by(case.c.batch_id, case.c.row)
        .limit(most)
    )
    return find_all(tx, query)


def has_free(tx: sa.Connection, alike_in: tuple[str, str], officer_id: str, now: int) -> bool:
    """True while an item of a group waits for this officer that neither this one nor anybody else has now."""
    kind, key = alike_in
    is_own = taken.c.officer_id == officer_id
    is_had = sa.or_(is_own & (taken.c.until.is_(None) | (taken.c.until > GIVEN_BACK)), taken.c.until > now)
    query = sa.select(case.c.row).where(_WAITS, case.c[kind] == key, ~sa.exists().where(_IS_TAKEN, is_had))
    return tx.execute(query.limit(1)).first() is not None


def first_alike(tx: sa.Connection, kind: str, key: str) -> Row | None:
    """The first case of those that share one digest."""
    query = sa.select(case).where(_WAITS, case.c[kind] == key).order_by(case.c.batch_id, case.c.row).limit(1)
    return find_one(tx, query)


# -- whose hands an item is in ----------------------------------------------------------------------------


def hands(tx: sa.Connection, batch_id: str, row: int) -> list[Row]:
    """Everybody who has an item, or has decided it in this round."""
    query = sa.select(taken).where(taken.c.batch_id == batch_id, taken.c.row == row)
    return find_all(tx, query)


def taken_by(
    tx: sa.Connection, officer_id: str, most: int, alike_in: tuple[str, str] | None = None
) -> list[Row]:
    """What an officer has taken and not decided yet, in order; of all, or of those that share one digest,
    these with what is judged of them."""
    names = _SHOWN if alike_in is None else (*_SHOWN, "statute", "evidence")
    query = (
        sa.select(*(case.c[name] for name in names), taken.c.until)
        .select_from(taken.join(case, _IS_TAKEN))
        .where(_WAITS, taken.c.officer_id == officer_id, taken.c.until > GIVEN_BACK)
        .order_by(case.c.batch_id, case.c.row)
        .limit(most)
    )
    if alike_in is not None:
        query = query.where(case.c[alike_in[0]] == alike_in[1])
    return find_all(tx, query)


def take(
    tx: sa.Connection, officer_id: str, places: Sequence[tuple[str, int]], clock: tuple[int, int]
) -> None:
    """Put items into an officer's hands: where they were not before, to nobody else's until an instant.

    `clock` is now, and that instant. Whoever had them before has them no more.
    """
    if not places:
        return
    now, until = clock
    is_of = (taken.c.batch_id == sa.bindparam("of_batch")) & (taken.c.row == sa.bindparam("of_row"))
    named = [{"of_batch": batch_id, "of_row": row} for batch_id, row in places]
    is_own, is_held = taken.c.officer_id == officer_id, taken.c.until.is_not(None)
    tx.execute(taken.delete().where(is_of, is_held, ~is_own), named)
    tx.execute(taken.update().where(is_of, is_own, taken.c.until == GIVEN_BACK).values(until=now), named)
    own = {
        (row.batch_id, row.row)
        for row in tx.execute(sa.select(taken).where(is_own, taken.c.until.is_not(None)))
    }
    values = [{"batch_id": b, "row": r, "officer_id": officer_id, "until": until} for b, r in places]
    if new := [each for each in values if (each["batch_id"], each["row"]) not in own]:
        tx.execute(taken.insert(), new)


def give_back(tx: sa.Connection, officer_id: str, place: tuple[str, int] | None = None) -> None:
    """What an officer has taken and not decided, or one item of it, is free again; that it was is kept."""
    is_held = (taken.c.officer_id == officer_id) & taken.c.until.is_not(None)
    if place is not None:
        is_held &= (taken.c.batch_id == place[0]) & (taken.c.row == place[1])
    tx.execute(taken.update().where(is_held).values(until=GIVEN_BACK))


def note_decided(tx: sa.Connection, officer_id: str, batch_id: str, row: int) -> None:
    """An officer has decided an item while others are still asked: nobody has it in hand now."""
    drop(tx, batch_id, row, officer_id)
    values = {"batch_id": batch_id, "row": row, "officer_id": officer_id, "until": None}
    tx.execute(taken.insert().values(**values))


def drop(tx: sa.Connection, batch_id: str, row: int, officer_id: str | None = None) -> None:
    """Forget in whose hands an item is; of one officer, or of all once a round of votes has ended."""
    is_of = (taken.c.batch_id == batch_id) & (taken.c.row == row)
    query = taken.delete().where(is_of)
    tx.execute(query if officer_id is None else query.where(taken.c.officer_id == officer_id))
