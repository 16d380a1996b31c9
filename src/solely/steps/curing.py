"""A returned row goes on by one way: as the one row that cures it, or by its contest (R-36, R-87).

- It is about the same person: name, birth date or number stays.
- A later row takes up the row that it names in `cures`, whatever was decided of it, unless it was refused
  or itself returned for what it names. Who was returned with it cures or contests the later row.
- What is asked depends on requests and returns alone, so that it tells the requester nothing (R-81).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from solely.folding import tokens
from solely.ledger.entry import decode
from solely.model import Item
from solely.services import Services
from solely.steps import held
from solely.steps.facing import UNKNOWN_CURE
from solely.store.submission import read_chunks

Batch = Mapping[str, Any]


def taken_up(services: Services, batches: Sequence[Batch], names: Collection[str]) -> dict[str, str]:
    """Of these request ids, in lower case, those that a row of the batches has taken up: by which row.

    Blocked where a batch is not the one that was received, or not as it was decided (R-82).
    """
    found: dict[str, str] = {}
    for batch in batches if names else ():
        naming = {row: each for row, *each in _naming(services, batch, names)}
        idle = _idle(services, batch) if naming else frozenset()
        found |= {cured: request_id for row, (cured, request_id) in naming.items() if row not in idle}
    return found


def person_in(item: Item) -> frozenset[str]:
    """What tells whom a row is about, as far as it is given: name, birth date, number; any may be mended."""
    name = sorted((*tokens(item.given_name), *tokens(item.family_name)))
    number = "".join(filter(str.isdigit, item.taxpayer_number or ""))
    told = {"name": " ".join(name), "birth": (item.birth_date or "").strip(), "number": number}
    return frozenset(f"{kind} {value}" for kind, value in told.items() if value)


def people_in(
    services: Services, batches: Sequence[Batch], names: Collection[str]
) -> dict[str, frozenset[str]]:
    """Whom the rows with these request ids, in lower case, are about."""
    items = (item for batch in batches for item in _items(services, batch))
    return {name: person_in(each) for each in items if (name := (each.request_id or "").lower()) in names}


def _items(services: Services, batch: Batch) -> Iterator[Item]:
    """The items of a batch as received."""
    held.require_received(services, batch)
    path = services.folder.batch(batch["id"]) / "submission" / batch["data_file"]
    law = decode(services.ledger.entry(batch["request_index"])).agreement
    assert law is not None, "the entry of a request names the law"
    for reads in read_chunks(path, further=services.under(law).law.further_columns):
        yield from (read.item for read in reads)


def _naming(services: Services, batch: Batch, names: Collection[str]) -> Iterator[tuple[int, str, str]]:
    """The rows of a batch that name one of these ids in `cures`: row, the id named, the row's own id."""
    for item in _items(services, batch):
        named = (item.cures or "").strip().lower()
        if named in names:
            yield item.row, named, item.request_id or f"row {item.row} of batch {batch['id']}"


def _idle(services: Services, batch: Batch) -> frozenset[int]:
    """The rows of a batch that take up nothing: refused, or returned for what they name."""
    if batch["decided_index"] is None:
        return frozenset()
    held.require_decided(services, batch)
    path = services.folder.batch(batch["id"]) / "dispositions.parquet"
    reason = f"{UNKNOWN_CURE[1].element}:{UNKNOWN_CURE[1].code}"
    where = "disposition = 'refused' OR (disposition = 'returned' AND list_contains(reasons, ?))"
    return frozenset(row for (row,) in services.files.read(path, "row", where, [reason]))
