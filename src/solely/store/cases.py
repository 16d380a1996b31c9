"""Queries over batches, chunks, cases, approvals, votes and releases; each takes the caller's transaction.

- A change of a case is compare-and-swap on the version that was read (architecture rule 7).
"""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from solely.errors import Blocked
from solely.review.states import State
from solely.store.postgres import insert_rows
from solely.store.rows import Row, find_all, find_one
from solely.store.schema import approval, batch, case, case_count, chunk, contest, online, part, release, vote

# Asked at every opening, so stated once: putting a statement together takes as long as running it.
_STATES = tuple(each.value for each in State)
_PARTS = sa.select(part.c.name, part.c.digest)
_FIND_BATCH = sa.select(batch).where(batch.c.id == sa.bindparam("id"))
_FIND_CASES = sa.select(case).where(
    case.c.batch_id == sa.bindparam("batch_id"), case.c.row.in_(sa.bindparam("rows", expanding=True))
)
_NOTE = (
    case_count.update()
    .where(case_count.c.batch_id == sa.bindparam("of_batch"), case_count.c.state == sa.bindparam("of_state"))
    .values({"items": case_count.c["items"] + sa.bindparam("more")})
)
_FIND_RELEASES = sa.select(release).where(release.c.id.in_(sa.bindparam("ids", expanding=True)))

_NAMED_MAX = 10_000  # values in one question


class Cases:
    """The state tables as the steps use them."""

    # -- parts of the gate ---------------------------------------------------------------------------

    def parts(self, tx: sa.Connection) -> dict[str, str]:
        """The digest of every part in force, by name."""
        return {name: digest for name, digest in tx.execute(_PARTS)}

    def part_rows(self, tx: sa.Connection) -> list[Row]:
        """Every part in force, with the entry that put it there."""
        return find_all(tx, sa.select(part).order_by(part.c.entry_index))

    def put_part(self, tx: sa.Connection, name: str, digest: str, entry_index: int) -> None:
        """Put a part in force."""
        tx.execute(part.delete().where(part.c.name == name))
        tx.execute(part.insert().values(name=name, digest=digest, entry_index=entry_index))

    # -- batches -------------------------------------------------------------------------------------

    def find_batch(self, tx: sa.Connection, batch_id: str) -> Row | None:
        """One batch, or None."""
        return find_one(tx, _FIND_BATCH, {"id": batch_id})

    def list_batches(self, tx: sa.Connection) -> list[Row]:
        """Every batch, in order of receipt."""
        return find_all(tx, sa.select(batch).order_by(batch.c.request_index))

    def add_batch(self, tx: sa.Connection, values: Row) -> None:
        """A batch received."""
        tx.execute(batch.insert().values(**values))

    def update_batch(self, tx: sa.Connection, batch_id: str, values: Row) -> None:
        """A batch one step further."""
        tx.execute(batch.update().where(batch.c.id == batch_id).values(**values))

    def chunks(self, tx: sa.Connection, batch_id: str) -> list[Row]:
        """The decided chunks of a batch, in order."""
        return find_all(tx, sa.select(chunk).where(chunk.c.batch_id == batch_id).order_by(chunk.c.number))

    def add_chunk(self, tx: sa.Connection, values: Row) -> None:
        """A chunk decided: this row is the decision (contracts 8)."""
        tx.execute(chunk.insert().values(**values))

    def add_online(self, tx: sa.Connection, values: Row) -> None:
        """Rows decided one request at a time: this row is their decision until their chunk is whole."""
        tx.execute(online.insert(), dict(values))

    def online(self, tx: sa.Connection, batch_id: str, first: int, last: int) -> list[Row]:
        """What of these rows was decided one at a time and stands in no chunk yet, in input order."""
        is_asked = (online.c.batch_id == batch_id) & online.c.first_row.between(first, last)
        return find_all(tx, sa.select(online).where(is_asked).order_by(online.c.first_row))

    def drop_online(self, tx: sa.Connection, batch_id: str, first: int, last: int) -> None:
        """These rows stand in a chunk now."""
        is_there = (online.c.batch_id == batch_id) & online.c.first_row.between(first, last)
        tx.execute(online.delete().where(is_there))

    # -- cases ---------------------------------------------------------------------------------------

    def add_cases(self, tx: sa.Connection, rows: Sequence[Row]) -> None:
        """Items that people or timers may still touch."""
        insert_rows(tx, case, [_found_by(each) for each in rows])
        for (batch_id, state), items in Counter((each["batch_id"], each["state"]) for each in rows).items():
            _note(tx, batch_id, state, items)

    def list_cases(self, tx: sa.Connection, batch_id: str, state: str | None = None) -> list[Row]:
        """The cases of a batch in input order; all, or those in one state."""
        query = sa.select(case).where(case.c.batch_id == batch_id).order_by(case.c.row)
        return find_all(tx, query if state is None else query.where(case.c.state == state))

    def find_case(self, tx: sa.Connection, request_id: str) -> Row | None:
        """The case of a request id (ids are unique per gate, ignoring case), or None."""
        is_it = (case.c.request_key == request_id.lower()) & (
            sa.func.lower(case.c.request_id) == request_id.lower()
        )
        return find_one(tx, sa.select(case).where(is_it))

    def returned_ids(self, tx: sa.Connection, before: int | None = None) -> set[str]:
        """The request ids, in lower case, of referred items that people have since returned.

        Now, or as it stood `before` an entry of the ledger.
        """
        name = sa.func.lower(case.c.request_id)
        query = sa.select(name).where(case.c.state == "returned")
        if before is None:
            return set(tx.execute(query).scalars())
        same = (contest.c.batch_id == case.c.batch_id) & (contest.c.row == case.c.row)
        was = contest.c.contested_key.is_not(None) & (contest.c.contested_index < before)
        earlier = sa.select(name).join(contest, same).where(was & (contest.c.entry_index > before))
        found = tx.execute(query.where(case.c.decision_index < before)).scalars()
        return {*found, *tx.execute(earlier).scalars()}

    def reopened_ids(self, tx: sa.Connection, before: int | None = None) -> set[str]:
        """The request ids, in lower case, of returned items that a contest has carried on (R-87)."""
        same = (contest.c.batch_id == case.c.batch_id) & (contest.c.row == case.c.row)
        query = sa.select(sa.func.lower(case.c.request_id)).join(contest, same)
        if before is None:
            return set(tx.execute(query.where(case.c.state != "returned")).scalars())
        is_back = (case.c.state == "returned") & (case.c.decision_index < before)
        return set(tx.execute(query.where((contest.c.entry_index < before) & ~is_back)).scalars())

    def move_case(self, tx: sa.Connection, row: Row, values: Row) -> None:
        """Change a case that is still as it was read; Blocked when another hand was quicker."""
        key = (case.c.batch_id == row["batch_id"]) & (case.c.row == row["row"])
        changed = tx.execute(
            case.update()
            .where(key & (case.c.version == row["version"]))
            .values(version=row["version"] + 1, **_found_by(values))
        )
        if changed.rowcount != 1:
            raise Blocked("STATE_EDITED", "a case changed while it was being decided")
        _note(tx, row["batch_id"], row["state"], -1)
        _note(tx, row["batch_id"], values.get("state", row["state"]), 1)

    def move_cases(self, tx: sa.Connection, rows: Sequence[Row], state: str) -> None:
        """Put many cases that are still as they were read into one state; Blocked when one is not."""
        if not rows:
            return
        key = (case.c.batch_id == sa.bindparam("of_batch")) & (case.c.row == sa.bindparam("of_row"))
        same = case.c.version == sa.bindparam("of_version")
        changed = tx.execute(
            case.update().where(key & same).values(state=state, version=case.c.version + 1),
            [{"of_batch": r["batch_id"], "of_row": r["row"], "of_version": r["version"]} for r in rows],
        )
        if changed.rowcount != len(rows):
            raise Blocked("STATE_EDITED", "a case changed while it was being released")
        for (batch_id, before), items in Counter((each["batch_id"], each["state"]) for each in rows).items():
            _note(tx, batch_id, before, -items)
            _note(tx, batch_id, state, items)

    def count_states(self, tx: sa.Connection, batch_id: str) -> dict[str, int]:
        """How many cases of a batch stand in each state."""
        # With every state named, the count comes from the index and reads no case.
        is_of = case.c.state.in_(_STATES) & (case.c.batch_id == batch_id)
        query = sa.select(case.c.state, sa.func.count()).where(is_of)
        return {state: int(count) for state, count in tx.execute(query.group_by(case.c.state))}

    def noted_states(self, tx: sa.Connection, batch_id: str) -> dict[str, int]:
        """The same as it was noted with every change, for pages: no case is counted."""
        query = sa.select(case_count.c.state, case_count.c["items"]).where(case_count.c.batch_id == batch_id)
        return {state: int(items) for state, items in tx.execute(query) if items}

    def rows_resting_on(self, tx: sa.Connection, batch_id: str, records: Collection[str]) -> list[Row]:
        """The cases of a batch that rest on one of these records, which may leave or have left (R-36)."""
        is_of = (case.c.batch_id == batch_id) & case.c.record_ref.in_(records)
        states = (State.RELEASABLE.value, State.RELEASED.value)
        return find_all(tx, sa.select(case).where(is_of, case.c.state.in_(states)).order_by(case.c.row))

    # -- approvals and votes -------------------------------------------------------------------------

    def approvals(self, tx: sa.Connection, batch_id: str) -> list[Row]:
        """The approvals of a batch, in order."""
        query = sa.select(approval).where(approval.c.batch_id == batch_id)
        return find_all(tx, query.order_by(approval.c.entry_index))

    def add_approval(self, tx: sa.Connection, values: Row) -> None:
        """One approver's signature, in the place of one that counts no more: a sample followed."""
        whose = (approval.c.batch_id == values["batch_id"]) & (
            approval.c.approver_id == values["approver_id"]
        )
        tx.execute(approval.delete().where(whose))
        tx.execute(approval.insert().values(**values))

    def votes(self, tx: sa.Connection, batch_id: str, row: int, stage: str) -> list[Row]:
        """The votes on a referral, in order; an item referred again is voted on again."""
        query = sa.select(vote).where(vote.c.batch_id == batch_id, vote.c.row == row, vote.c.stage == stage)
        return find_all(tx, query.order_by(vote.c.entry_index))

    def add_vote(self, tx: sa.Connection, values: Row) -> None:
        """One approver's vote on a referral."""
        tx.execute(vote.insert().values(**values))

    # -- contests ------------------------------------------------------------------------------------

    def find_contest(self, tx: sa.Connection, batch_id: str, row: int) -> Row | None:
        """The contest of an item, or None."""
        return find_one(tx, sa.select(contest).where(contest.c.batch_id == batch_id, contest.c.row == row))

    def contests(self, tx: sa.Connection, batch_id: str) -> list[Row]:
        """Every contest of a batch, in input order."""
        return find_all(tx, sa.select(contest).where(contest.c.batch_id == batch_id).order_by(contest.c.row))

    def add_contest(self, tx: sa.Connection, values: Row) -> None:
        """An item contested."""
        tx.execute(contest.insert().values(**values))

    def count_reopened(self, tx: sa.Connection, batch_id: str) -> int:
        """How many items that were first decided as returned have a case since (R-05)."""
        same = (contest.c.batch_id == case.c.batch_id) & (contest.c.row == case.c.row)
        query = sa.select(sa.func.count()).select_from(sa.join(contest, case, same))
        is_first = contest.c.contested_key.is_(None) & contest.c.reconsider_by.is_not(None)
        return int(tx.execute(query.where(contest.c.batch_id == batch_id, is_first)).scalar() or 0)

    def open_contests(self, tx: sa.Connection, batch_id: str) -> list[Row]:
        """The contests of a batch whose items still wait for other officers, the most urgent first."""
        same = (contest.c.batch_id == case.c.batch_id) & (contest.c.row == case.c.row)
        query = sa.select(contest).select_from(sa.join(contest, case, same))
        is_open = case.c.state.startswith("referred") & contest.c.reconsider_by.is_not(None)
        query = query.where(contest.c.batch_id == batch_id, is_open)
        return find_all(tx, query.order_by(contest.c.reconsider_by, contest.c.row))

    def find_cases(self, tx: sa.Connection, batch_id: str, rows: Sequence[int]) -> dict[int, Row]:
        """The cases of these rows of a batch that are there, by row."""
        found = find_all(tx, _FIND_CASES, {"batch_id": batch_id, "rows": list(rows)})
        return {each["row"]: each for each in found}

    def rows_in(self, tx: sa.Connection, batch_id: str, states: Sequence[str]) -> list[int]:
        """The rows of a batch whose cases are in one of these states, in order."""
        query = sa.select(case.c.row).where(case.c.batch_id == batch_id, case.c.state.in_(states))
        return list(tx.execute(query.order_by(case.c.row)).scalars())

    # -- releases ------------------------------------------------------------------------------------

    def add_releases(self, tx: sa.Connection, rows: Sequence[Row]) -> None:
        """Releases that are in the ledger; they are delivered once its checkpoint is durable."""
        if rows:
            tx.execute(release.insert(), list(rows))

    def find_release(self, tx: sa.Connection, release_id: str) -> Row | None:
        """One release by its policy's UUID, or None."""
        return find_one(tx, sa.select(release).where(release.c.id == release_id))

    def find_releases(self, tx: sa.Connection, release_ids: Sequence[str]) -> list[Row]:
        """These releases, as far as they are there, in no order."""
        return find_all(tx, _FIND_RELEASES, {"ids": list(release_ids)})

    def releases(self, tx: sa.Connection, batch_id: str | None = None) -> list[Row]:
        """The releases of a batch (or of all), in ledger order."""
        query = sa.select(release).order_by(release.c.entry_index)
        return find_all(tx, query if batch_id is None else query.where(release.c.batch_id == batch_id))

    def first_releases(self, tx: sa.Connection, batch_id: str) -> list[int]:
        """The first release entry of each instant at which something of a batch was released."""
        query = sa.select(sa.func.min(release.c.entry_index)).where(release.c.batch_id == batch_id)
        return sorted(int(index) for (index,) in tx.execute(query.group_by(release.c.released_at)))

    def count_releases(self, tx: sa.Connection) -> dict[tuple[str, bool, str], int]:
        """How many releases there are by batch, by whether they are delivered, and by their instant."""
        by = (release.c.batch_id, release.c.is_delivered, release.c.released_at)
        query = sa.select(*by, sa.func.count()).group_by(*by)
        return {(batch_id, bool(done), at): int(items) for batch_id, done, at, items in tx.execute(query)}

    def releases_of(
        self, tx: sa.Connection, indexes: Collection[int], release_ids: Collection[str]
    ) -> list[Row]:
        """The releases of these entries, and of these ids, in ledger order."""
        if len(indexes) + len(release_ids) > _NAMED_MAX:
            every = self.releases(tx)
            return [each for each in every if each["entry_index"] in indexes or each["id"] in release_ids]
        is_one = release.c.entry_index.in_(indexes) | release.c.id.in_(release_ids)
        return find_all(tx, sa.select(release).where(is_one).order_by(release.c.entry_index))

    def releases_named(self, tx: sa.Connection, request_id: str) -> list[Row]:
        """The releases of a request id, whatever the case of its letters, in ledger order."""
        is_it = sa.func.lower(release.c.request_id) == request_id.lower()
        return find_all(tx, sa.select(release).where(is_it).order_by(release.c.entry_index))

    def undelivered(self, tx: sa.Connection) -> list[Row]:
        """Releases in the ledger whose packages are not in the outbox yet."""
        return find_all(tx, sa.select(release).where(release.c.is_delivered.is_(False)))

    def mark_delivered(self, tx: sa.Connection, release_ids: Sequence[str]) -> None:
        """These packages are durable in the outbox."""
        values = [{"release_id": each} for each in release_ids]
        if values:
            query = release.update().where(release.c.id == sa.bindparam("release_id"))
            tx.execute(query.values(is_delivered=True), values)


def _found_by(values: Row) -> dict[str, Any]:
    """The values of a case with those by which it is found."""
    found = dict(values)
    if "request_id" in values:
        found["request_key"] = values["request_id"].lower()
    if "evidence" in values:
        found["record_ref"] = json.loads(json.loads(values["evidence"])["B"])["record_ref"]
    return found


def _note(tx: sa.Connection, batch_id: str, state: str, items: int) -> None:
    """So many cases of a batch more, or fewer, stand in a state."""
    named = {"of_batch": batch_id, "of_state": state, "more": items}
    if tx.execute(_NOTE, named).rowcount == 0:
        tx.execute(case_count.insert(), {"batch_id": batch_id, "state": state, "items": items})
