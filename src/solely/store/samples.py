"""Review samples of approvers and their answers; each function takes the caller's transaction."""

import sqlalchemy as sa

from solely.store.rows import Row, find_all, find_one
from solely.store.schema import case, review_answer, review_sample


def add_sample(tx: sa.Connection, values: Row) -> None:
    """A sample drawn for one approver."""
    tx.execute(review_sample.insert().values(**values))


def find_sample(tx: sa.Connection, entry_index: int) -> Row | None:
    """The sample that an entry draws, or None."""
    query = sa.select(review_sample).where(review_sample.c.entry_index == entry_index)
    return find_one(tx, query)


def answers(tx: sa.Connection, drawn_index: int) -> list[Row]:
    """The answers of one sample, in order."""
    query = sa.select(review_answer).where(review_answer.c.drawn_index == drawn_index)
    return find_all(tx, query.order_by(review_answer.c.place))


def add_answer(tx: sa.Connection, values: Row) -> None:
    """One answer; the first one stands."""
    tx.execute(review_answer.insert().values(**values))


def releasable_rows(tx: sa.Connection, batch_id: str) -> list[int]:
    """The rows of a batch that were first decided to be releasable and have not left yet."""
    is_of = (case.c.batch_id == batch_id) & (case.c.state == "releasable")
    query = sa.select(case.c.row).where(is_of & case.c.decision_key.is_(None)).order_by(case.c.row)
    return [int(row) for row in tx.execute(query).scalars()]
