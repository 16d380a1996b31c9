"""Passkeys and sign-ins of the console; each function takes the caller's transaction.

- What a passkey permits is held against its voucher and the ledger by the step.
"""

import sqlalchemy as sa

from solely.store.rows import Row, find_all, find_one
from solely.store.schema import passkey, sign_in


def add_passkey(tx: sa.Connection, values: Row) -> None:
    """A passkey that an enrolled key has vouched for."""
    tx.execute(passkey.insert().values(**values))


def find_passkey(tx: sa.Connection, credential: str) -> Row | None:
    """The passkey of this credential, ended or not, or None."""
    return find_one(tx, sa.select(passkey).where(passkey.c.credential == credential))


def passkeys(tx: sa.Connection) -> list[Row]:
    """Every passkey, in order of entry."""
    return find_all(tx, sa.select(passkey).order_by(passkey.c.entry_index))


def add_sign_in(tx: sa.Connection, values: Row) -> None:
    """Somebody who is signed in from now on."""
    tx.execute(sign_in.insert().values(**values))


def find_sign_in(tx: sa.Connection, digest: str) -> Row | None:
    """The sign-in of a cookie by its digest, or None."""
    return find_one(tx, sa.select(sign_in).where(sign_in.c.digest == digest))


def touch_sign_in(tx: sa.Connection, digest: str, seen: int) -> None:
    """Note when somebody who is signed in was last seen."""
    tx.execute(sign_in.update().where(sign_in.c.digest == digest).values(seen=seen))


def end_provided(tx: sa.Connection) -> None:
    """Forget all sign-ins that rest on an identity provider's word."""
    tx.execute(sign_in.delete().where(sign_in.c.credential.is_(None)))


def end_sign_ins(tx: sa.Connection, *, digest: str | None = None, seen_before: int | None = None) -> None:
    """Forget one sign-in, or all that nobody used since an instant."""
    query = sign_in.delete()
    if digest is not None:
        query = query.where(sign_in.c.digest == digest)
    if seen_before is not None:
        query = query.where(sign_in.c.seen < seen_before)
    assert digest is not None or seen_before is not None, "never all of them at once"
    tx.execute(query)
