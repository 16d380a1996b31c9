"""The key of a release is destroyed: two custodians, three entries, a read-back before the last (R-61).

The order is the point; a crash between any two is carried on by the next command:

    1  destroy-intent  no preservation stands against it, asked in the same transaction
    2  deleting        asked again, in the same transaction
    3  the seeds go; their bytes are looked for in the file and are not found
    4  what could be held against a guess of the address is erased
    5  destroy-cert    method, names of the keys, who approved

- From 1 on nothing of the release opens. A preservation that comes between stops 2 and 3 until it is lifted.
- The accounting is permanent: to whom, when and about whom stays, and is still held against the ledger.
"""

import json
import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from solely.canonical import canonical_json, sha256_hex
from solely.errors import Blocked, Duplicate, NotPermitted, TroubleError, UsageError
from solely.ledger.entry import EntryType
from solely.ledger.retention import CONTENT, bucket_of, bucket_word, class_of
from solely.orders.force import in_force
from solely.orders.order import Kind
from solely.services import Services
from solely.signing import Signer
from solely.steps import held, journal, ordering, releasing, urgent
from solely.steps.custody import Custody, sign_by_two
from solely.store import orders as order_rows
from solely.store import shredding

Row = Mapping[str, Any]
SLICE = 8000  # releases that one entry names: an entry has at most 65,535 bytes
UNCHECKED = "unchecked"  # an urgent release that the gate itself recalled
METHOD = "row deleted and overwritten (sqlite secure_delete), file read back and searched for each key"


class Named(NamedTuple):
    """What is to be destroyed: a retention bucket that is due, or one release by an order, by its id."""

    bucket: str | None
    release: str | None
    order: str


def shred(services: Services, named: Named, keys: Sequence[Signer], at: datetime) -> list[Row]:
    """The orders carried out for what is named, by two custodians who hold these keys (K1)."""
    rows = _due(services, named, at)
    digest = sha256_hex(canonical_json([row["id"] for row in rows]))
    shred_id = secrets.token_hex(8)
    said = {
        "why": named.bucket or named.order.lower() or UNCHECKED,
        "releases": len(rows),
        "releases_sha256": digest,
    }
    custody = sign_by_two(services, keys, f"shred/{shred_id}", said, at)
    slices = [rows[start : start + SLICE] for start in range(0, len(rows), SLICE)]
    named_orders = [
        _intend(services, part, (f"{shred_id}/{number}", said, custody), at)
        for number, part in enumerate(slices)
    ]
    return [_carry_on(services, order, at) for order in named_orders]


def carry_on(services: Services, at: datetime) -> list[Row]:
    """What a crash or a preservation had stopped and now goes on; what is still preserved waits.

    Keys of which a certificate says that they are destroyed, and that an older copy of the file has brought
    back, go first: their entries stand, and there is no other.
    """
    require_orders(services)
    _destroy_again(services, at)
    with services.database.transaction() as tx:
        waiting = shredding.unfinished(tx)
    done = []
    for order in waiting:
        try:
            done.append(_carry_on(services, order, at))
        except NotPermitted as stopped:
            services.progress(f"the destruction of entry {order['intent_index']} waits: {stopped}")
    return done


def _destroy_again(services: Services, at: datetime) -> None:
    if services.returned_release_keys() is None:
        return
    with services.database.transaction() as tx:
        ended = [order for order in shredding.orders(tx) if order["certificate_index"] is not None]
        named = [(order, shredding.releases_of(tx, order["id"])) for order in ended]
    for order, rows in named:
        seeds = services.release_keys.find_many([row["id"] for row in rows])
        if not seeds:
            continue
        place = order["certificate_index"]
        try:
            _destroy(services, rows, seeds, at)
        except NotPermitted as stopped:
            services.progress(f"{len(seeds)} keys that entry {place} certifies are there again: {stopped}")
        else:
            services.progress(
                f"{len(seeds)} keys that entry {place} certifies were there again, and are gone"
            )


# -- what is named, and whether it may go ----------------------------------------------------------------


def _due(services: Services, named: Named, at: datetime) -> list[Row]:
    """The releases whose keys are to go; refused is what is permanent, not due, or gone already."""
    if (named.bucket is None) == (named.release is None):
        raise UsageError("name either `--bucket` or `--release`")
    with services.database.transaction() as tx:
        gone, released = shredding.ordered(tx), services.cases.releases(tx)
    if named.release is not None:
        rows = [row for row in released if row["id"] == named.release.lower()]
        if not rows:
            raise UsageError(
                "this gate has no such release; it is named by its UUID, as `solely receipt PACKAGE` prints, "
                "and by no request id"
            )
        if rows[0]["id"] in gone:
            raise Duplicate("the destruction of this release's key was ordered already")
        _require_ordered(services, rows[0], named.order, at)
    else:
        rows = [row for row in _of_bucket(str(named.bucket), released, at) if row["id"] not in gone]
    if not rows:
        raise Duplicate("nothing of this bucket is left to destroy")
    held.require_released(services, rows)
    _require_tagged(services, rows)
    return rows


def _require_ordered(services: Services, release: Row, order_id: str, at: datetime) -> None:
    """Return when an order in force ends this release for good, or the gate has for want of a check (R-99).

    What is stayed may leave again; what is recalled, or was asked for with a revoked key, never does.
    """
    if not order_id:
        if not urgent.is_recalled_unchecked(services, release):
            raise UsageError("a single release is destroyed by an order: `--order` names its id")
        return
    found = ordering.find_order(services, order_id)
    if not found.order.is_final:
        raise NotPermitted(
            f"{found.order.id} is a {found.order.kind.value}: a recall or a revoked key destroys"
        )
    if not any(each.order.id == found.order.id for each in in_force(ordering.filed(services), at)):
        raise NotPermitted(f"the order {found.order.id} is not in force now")
    if release["id"] not in {row["id"] for row in ordering.releases_touched(services, found.order)}:
        raise NotPermitted(f"the order {found.order.id} does not reach this release")


def _of_bucket(word: str, released: Sequence[Row], at: datetime) -> list[Row]:
    kept = class_of(word)
    if kept is None:
        raise UsageError("a bucket is like `content-2026-11`: class, year and month")
    if not kept.is_destroyed:
        why = f"`{kept.word}` is kept {kept.kept}, by {kept.authority}"
        raise NotPermitted(f"{why}; nothing destroys it (R-61)")
    if kept is not CONTENT:
        raise UsageError(f"`{kept.word}` has no bucket to destroy: it goes by itself")
    rows = [row for row in released if bucket_word(bucket_of(_day(row))) == word]
    if not rows:
        raise UsageError("no release is in this bucket")
    last = max(date.fromisoformat(row["expires_on"]) for row in rows)
    if at.date() <= last:
        raise NotPermitted(f"this bucket is due after {last}: until then its packages are in use")
    return rows


def _day(release: Row) -> date:
    return datetime.fromisoformat(release["released_at"]).date()


def _require_tagged(services: Services, rows: Sequence[Row]) -> None:
    entries = held.entries_of(services, [row["entry_index"] for row in rows], "a release")
    if any(entry.tag_open is None for entry in entries.values()):
        raise NotPermitted("a release of entry version 1 is among them, whose salts are not its own")


def require_unpreserved(services: Services, rows: Sequence[Row], at: datetime) -> int:
    """The number of orders on file, none of which preserves these releases; NotPermitted names one that does.

    The number is asked again inside the transaction that rests on it (`_require_same_orders`).
    """
    known = ordering.filed(services)
    mine = {row["id"] for row in rows}
    for each in in_force(known, at):
        if each.order.kind is not Kind.PRESERVATION:
            continue
        if mine & {row["id"] for row in ordering.releases_touched(services, each.order)}:
            raise NotPermitted(f"the preservation {each.order.id} stands against it (R-61)")
    return len(known)


def _require_same_orders(tx: sa.Connection, seen: int) -> None:
    if len(order_rows.filed(tx)) != seen:
        raise TroubleError("an order was filed meanwhile")


# -- the three entries and what lies between them --------------------------------------------------------


def _intend(services: Services, rows: Sequence[Row], order: tuple[str, Row, Custody], at: datetime) -> Row:
    """1: the intent, in one transaction with the question whether anything preserves these releases."""
    order_id, said, custody = order
    said = {**said, **custody.said()}
    seeds = services.release_keys.find_many([row["id"] for row in rows])
    contents = {row["id"]: held.content_of(seeds[row["id"]], held.digests_of(row)).hex() for row in rows}
    seen = require_unpreserved(services, rows, at)
    key = f"destroy-intent/{order_id}"
    refs = tuple(row["entry_index"] for row in rows)
    entry = journal.write(
        services.salt_key, EntryType.DESTROY_INTENT, at, key, said, refs=refs, approvals=custody.tags
    )
    with services.database.transaction() as tx:
        _require_same_orders(tx, seen)
        index = services.ledger.append(tx, key, [entry])
        row = {"id": order_id, "said": canonical_json(said).decode(), "intent_index": index}
        shredding.add_order(tx, row, contents)
    services.ledger.publish()
    return {**row, "deleting_index": None, "certificate_index": None}


def _carry_on(services: Services, order: Row, at: datetime) -> Row:
    """2 to 5: an order taken to its certificate from wherever it stands."""
    with services.database.transaction() as tx:
        rows = shredding.releases_of(tx, order["id"])
    if order["deleting_index"] is None:
        order = _log_deleting(services, order, rows, at)
    seeds = services.release_keys.find_many([row["id"] for row in rows])
    if seeds:
        _destroy(services, rows, seeds, at)  # 3
    _erase(services, rows)  # 4
    return _certify(services, order, rows, at)  # 5


def _destroy(services: Services, rows: Sequence[Row], seeds: Mapping[str, bytes], at: datetime) -> None:
    require_unpreserved(services, rows, at)
    if not services.release_keys.destroy_many(seeds):
        raise TroubleError("a destroyed key is still found in its file; nothing is certified")


def _log_deleting(services: Services, order: Row, rows: Sequence[Row], at: datetime) -> Row:
    seen = require_unpreserved(services, rows, at)
    key = f"deleting/{order['id']}"
    refs = (order["intent_index"],)
    entry = journal.write(services.salt_key, EntryType.DELETING, at, key, {"order": order["id"]}, refs=refs)
    with services.database.transaction() as tx:
        _require_same_orders(tx, seen)
        index = services.ledger.append(tx, key, [entry])
        shredding.update_order(tx, order["id"], {"deleting_index": index})
    services.ledger.publish()  # the intent and this are witnessed before a key goes
    return {**order, "deleting_index": index}


def _erase(services: Services, rows: Sequence[Row]) -> None:
    with services.database.transaction() as tx:
        shredding.erase_digests(tx, [row["id"] for row in rows])
    for batch_id in sorted({row["batch_id"] for row in rows}):
        releasing.write_releases(services, batch_id)


def _certify(services: Services, order: Row, rows: Sequence[Row], at: datetime) -> Row:
    key = f"destroy-cert/{order['id']}"
    refs = (order["deleting_index"],)
    said = certificate(order, rows)
    entry = journal.write(services.salt_key, EntryType.DESTROY_CERT, at, key, said, refs=refs)
    with services.database.transaction() as tx:
        index = services.ledger.append(tx, key, [entry])
        shredding.update_order(tx, order["id"], {"certificate_index": index})
    services.ledger.publish()
    return {**order, "certificate_index": index, "certificate": said}


def certificate(order: Row, rows: Sequence[Row]) -> dict[str, Any]:
    """What a certificate says: method, module, the keys by the names of their releases, who approved."""
    approvers = _words(order["said"])["approvers"]
    return {
        "method": METHOD,
        "module": f"sqlite {sqlite3.sqlite_version}",
        "keys": len(rows),
        "keys_sha256": sha256_hex(canonical_json([row["id"] for row in rows])),
        "approvers": approvers,
    }


def told(order: Row) -> dict[str, Any]:
    """What a command prints of an order carried out: its three entries and the certificate."""
    names = ("intent_index", "deleting_index", "certificate_index")
    return {name.removesuffix("_index"): order[name] for name in names} | {"says": order["certificate"]}


def _words(text: str) -> Mapping[str, Any]:
    words: Mapping[str, Any] = json.loads(text)
    return words


def require_orders(services: Services) -> None:
    """Return when every order of destruction is as its entries say, and none is missing (R-82)."""
    with services.database.transaction() as tx:
        stored = shredding.orders(tx)
    for kind, name in (
        (EntryType.DESTROY_INTENT, "intent_index"),
        (EntryType.DELETING, "deleting_index"),
        (EntryType.DESTROY_CERT, "certificate_index"),
    ):
        logged = set(services.ledger.places((kind,)))
        if logged != {row[name] for row in stored if row[name] is not None}:
            raise Blocked("STATE_EDITED", "an order of destruction is not as its ledger entry says")
    for row in stored:
        entry = held.entry_of(services, row["intent_index"], "an order of destruction")
        held.require_said(
            services, entry, f"destroy-intent/{row['id']}", _words(row["said"]), "an order of destruction"
        )
        _require_named(services, row, entry.refs)


def _require_named(services: Services, order: Row, refs: Iterable[int]) -> None:
    with services.database.transaction() as tx:
        named = [row["entry_index"] for row in shredding.releases_of(tx, order["id"])]
    if tuple(named) != tuple(refs):
        raise Blocked("STATE_EDITED", "an order of destruction names other releases than its entry")
