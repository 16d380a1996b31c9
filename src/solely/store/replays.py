"""Queries over what may be used once; each takes the caller's transaction."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from solely.store.schema import replay

_USED = sa.select(replay.c.digest).where(replay.c.digest.in_(sa.bindparam("digests", expanding=True)))
_FORGET = sa.delete(replay).where(replay.c.until < sa.bindparam("now"))
_USE = sa.insert(replay)


def used(tx: sa.Connection, digests: Collection[str]) -> frozenset[str]:
    """Those of the digests that were used before."""
    if not digests:
        return frozenset()
    return frozenset(tx.execute(_USED, {"digests": list(digests)}).scalars())


def use(tx: sa.Connection, until: Mapping[str, int], now: int) -> None:
    """Keep digests as used, each until its instant; what is too old by itself is forgotten."""
    tx.execute(_FORGET, {"now": now})
    if until:
        tx.execute(_USE, [{"digest": each, "until": at} for each, at in until.items()])
