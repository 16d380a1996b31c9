"""Tables behind the destruction of release keys: what was ordered, how far it came, what it names (R-61).

- A row of `shredding` stays for ever: with it a release whose key is gone is still held against its entry.
- Each function takes the caller's transaction.
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from solely.store.rows import Row, find_all
from solely.store.schema import release, shred_order, shredding

_AT_ONCE = 500  # ids of one statement
_CONTENTS = sa.select(shredding.c.release_id, shredding.c.content).where(
    shredding.c.release_id.in_(sa.bindparam("ids", expanding=True))
)


def add_order(tx: sa.Connection, order: Row, contents: Mapping[str, str]) -> None:
    """An order to destroy the keys of these releases; `contents` are their commitments, by release id."""
    tx.execute(shred_order.insert().values(**order))
    rows = [{"release_id": each, "order_id": order["id"], "content": said} for each, said in contents.items()]
    tx.execute(shredding.insert(), rows)


def update_order(tx: sa.Connection, order_id: str, values: Row) -> None:
    """An order one step further."""
    tx.execute(shred_order.update().where(shred_order.c.id == order_id).values(**values))


def unfinished(tx: sa.Connection) -> list[Row]:
    """The orders that have no certificate yet, in order of their entries."""
    query = sa.select(shred_order).where(shred_order.c.certificate_index.is_(None))
    return find_all(tx, query.order_by(shred_order.c.intent_index))


def orders(tx: sa.Connection) -> list[Row]:
    """Every order, in order of its entry."""
    query = sa.select(shred_order).order_by(shred_order.c.intent_index)
    return find_all(tx, query)


def releases_of(tx: sa.Connection, order_id: str) -> list[Row]:
    """The releases that an order names, in ledger order."""
    query = sa.select(release).join(shredding, shredding.c.release_id == release.c.id)
    query = query.where(shredding.c.order_id == order_id).order_by(release.c.entry_index)
    return find_all(tx, query)


def ordered(tx: sa.Connection) -> set[str]:
    """The ids of every release whose key is to be destroyed, or is."""
    return set(tx.execute(sa.select(shredding.c.release_id)).scalars())


def count_kept(tx: sa.Connection) -> int:
    """How many releases have a key whose destruction nobody has ordered."""
    made, gone = (
        tx.execute(sa.select(sa.func.count()).select_from(each)).scalar_one() for each in (release, shredding)
    )
    return int(made) - int(gone)


def kept(tx: sa.Connection) -> set[str]:
    """The ids of the releases that have a key whose destruction nobody has ordered."""
    query = sa.select(release.c.id).where(release.c.id.not_in(sa.select(shredding.c.release_id)))
    return set(tx.execute(query).scalars())


def certified(tx: sa.Connection) -> set[str]:
    """The ids of the releases of which a certificate says that the key is destroyed."""
    query = sa.select(shredding.c.release_id).join(shred_order, shred_order.c.id == shredding.c.order_id)
    return set(tx.execute(query.where(shred_order.c.certificate_index.is_not(None))).scalars())


def count_certificates(tx: sa.Connection) -> int:
    """How many orders of destruction have their certificate."""
    query = sa.select(sa.func.count()).select_from(shred_order)
    return int(tx.execute(query.where(shred_order.c.certificate_index.is_not(None))).scalar_one())


def last_certified(tx: sa.Connection) -> str | None:
    """One of the releases that the newest certificate names; None without one."""
    query = sa.select(shredding.c.release_id).join(shred_order, shred_order.c.id == shredding.c.order_id)
    query = query.where(shred_order.c.certificate_index.is_not(None))
    return tx.execute(query.order_by(shred_order.c.certificate_index.desc()).limit(1)).scalar()


def contents(tx: sa.Connection, release_ids: Sequence[str]) -> dict[str, bytes]:
    """The commitment to what left, by release id, where the key is to be destroyed, or is."""
    found: dict[str, bytes] = {}
    for start in range(0, len(release_ids), _AT_ONCE):
        part = release_ids[start : start + _AT_ONCE]
        rows = tx.execute(_CONTENTS, {"ids": list(part)})
        found |= {name: bytes.fromhex(content) for name, content in rows}
    return found


def shredded_among(tx: sa.Connection, release_ids: Sequence[str]) -> frozenset[str]:
    """Those releases the destruction of whose keys is ordered or done: none opens any more, and what left
    can be judged from no stored byte of the release."""
    return frozenset(contents(tx, release_ids))


def erase_digests(tx: sa.Connection, release_ids: Sequence[str]) -> None:
    """Erase what could be held against a guess of an address; the accounting of the release stays."""
    if tx.dialect.name == "sqlite":
        tx.exec_driver_sql("PRAGMA secure_delete = ON")  # the freed bytes are overwritten too
    query = release.update().where(release.c.id == sa.bindparam("of")).values(address_sha256="")
    tx.execute(query, [{"of": each} for each in release_ids])
