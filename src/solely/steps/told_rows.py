"""The rows of a decided batch in the requester's words: the answer now, and each deficiency (R-69, R-81).

- A function of the requests alone, or the neutral answer: of a row whose record was read nothing is told.
- Rows are read by the chunks in which they stand; which rows have something to tell is found once for each
  batch and element, and kept.
"""

import json
from bisect import bisect_right
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np

from solely.canonical import sha256_hex
from solely.decision.answer import answer_of
from solely.decision.told import is_contestable, told_line
from solely.model import COLUMNS, TO_CURE, Disposition, Reason
from solely.review.states import State
from solely.services import Services
from solely.steps import deciding, following, held, journal
from solely.steps.judging_again import version_at_receipt
from solely.steps.telling import tell

Batch = Mapping[str, Any]
Rows = np.ndarray[Any, np.dtype[np.int64]]
TO_TELL: Final = "disposition IN ('returned', 'refused') AND NOT is_record_read"
_NAMES: Final = "row, request_id, disposition, is_record_read, reasons, rules, cited"
_KEPT: Final = 32  # of batches and elements
_found: OrderedDict[tuple[str, str, str], Any] = OrderedDict()


class _Decision(NamedTuple):
    """What stands in a chunk's file of one row, and the day on which it was decided."""

    row: int
    request_id: str | None
    disposition: str
    is_record_read: bool
    reasons: Sequence[str]
    rules: Sequence[str]
    cited: Sequence[str]
    on: date


def rows_to_tell(services: Services, batch: Batch, element: str = "") -> Rows:
    """The rows that are returned or refused now, or of these the ones with a reason about an element."""
    first = _once(services, batch, f"rows {element}", lambda paths: _first_told(services, paths, element))
    reopened, declined = _changed(services, batch)
    added = [case["row"] for case in declined if not element or element in _elements(case)]
    return np.union1d(np.setdiff1d(first, reopened), np.array(added, np.int64))


def row_of(services: Services, batch: Batch, request_id: str) -> int:
    """The row of a request id in a batch; UsageError when the batch has none of that id."""
    with services.database.transaction() as tx:
        chunks = services.cases.chunks(tx, batch["id"])
    paths = [deciding.chunk_path(services, batch["id"], each["number"], "decisions") for each in chunks]
    found = services.files.find_rows(paths, "lower(request_id) = lower(?)", [request_id])
    if not len(found):
        raise following.NoSuchBatch("your batch has no item of that `request_id`")
    return int(found[0])


def count_elements(services: Services, batch: Batch) -> dict[str, int]:
    """How many of the rows that are returned or refused now are so because of each element."""
    first = _once(services, batch, "elements", lambda paths: services.files.count_elements(paths, TO_TELL))
    told = _once(services, batch, "rows ", lambda paths: _first_told(services, paths, ""))
    reopened, declined = _changed(services, batch)
    counted = Counter[str](first)
    for each in _decisions(services, batch, np.intersect1d(told, reopened).tolist()):
        counted.subtract({reason.partition(":")[0] for reason in each.reasons})
    for case in declined:
        counted.update(_elements(case))
    return {element: count for element, count in sorted(counted.items()) if count > 0}


def _changed(services: Services, batch: Batch) -> tuple[Rows, list[Mapping[str, Any]]]:
    """The rows that a contest has reopened, and the items that people have returned."""
    with services.database.transaction() as tx:
        contests = services.cases.contests(tx, batch["id"])
        declined = services.cases.list_cases(tx, batch["id"], State.RETURNED)
    reopened = [each["row"] for each in contests if each["reconsider_by"]]
    return np.array(reopened, np.int64), declined


def told_rows(services: Services, batch: Batch, rows: Sequence[int]) -> list[dict[str, Any]]:
    """What may be told of these rows now, in their order: answer, reasons, rules, and what is deficient."""
    with services.database.transaction() as tx:
        cases = services.cases.find_cases(tx, batch["id"], rows)
        contests = {each["row"]: each for each in services.cases.contests(tx, batch["id"])}
    found = _decisions(services, batch, rows)
    return [_told(services, each, cases.get(each.row), contests.get(each.row)) for each in found]


def table_to_cure(services: Services, batch: Batch) -> Iterator[list[list[str]]]:
    """The rows that the requester can cure, as sent, each with what to cure; a chunk at each step."""
    services, rows = version_at_receipt(services, batch), rows_to_tell(services, batch)
    yield [[*COLUMNS, *services.law.further_columns, TO_CURE]]
    for reads in deciding.chunks_of(services, batch):
        first, last = reads[0].item.row, reads[-1].item.row
        wanted = rows[(rows >= first) & (rows <= last)].tolist()
        items = {read.item.row: read.item for read in reads}
        lines = []
        for told in told_rows(services, batch, wanted):
            curable = [each for each in told["deficiencies"] if not str(each["cure"]).startswith("none")]
            if told["answer"] == "returned" and curable:
                cells = [cell or "" for cell in items[told["row"]].cells()]
                lines.append([*cells, told_line(curable)])
        yield lines


# -- how a row is found -------------------------------------------------------------------------------------


def _first_told(services: Services, paths: Sequence[Any], element: str) -> Rows:
    if not element:
        return services.files.find_rows(paths, TO_TELL)
    named = "contains(' ' || array_to_string(reasons, ' '), ' ' || ? || ':')"
    return services.files.find_rows(paths, f"{TO_TELL} AND {named}", [element])


def _once(services: Services, batch: Batch, what: str, find: Any) -> Any:
    """What was found of a decided batch before, or is found now: its first decisions never change."""
    key = (str(services.folder.root), sha256_hex(json.dumps(batch["digests"]).encode()), what)
    if key not in _found:
        chunks = deciding.kept_chunks(services, batch["id"])
        paths = [deciding.chunk_path(services, batch["id"], each["number"], "decisions") for each in chunks]
        _found[key] = find(paths)
        if len(_found) > _KEPT:
            _found.popitem(last=False)
    return _found[key]


def _decisions(services: Services, batch: Batch, rows: Sequence[int]) -> list[_Decision]:
    """The stored decisions on these rows, in input order; the files read are those that were decided."""
    with services.database.transaction() as tx:
        chunks = services.cases.chunks(tx, batch["id"])
    firsts = [each["first_row"] for each in chunks]
    by_chunk: dict[int, list[int]] = {}
    for row in rows:
        by_chunk.setdefault(bisect_right(firsts, row) - 1, []).append(row)
    found = []
    for place, wanted in sorted(by_chunk.items()):
        chunk = chunks[place]
        deciding.require_kept(services, chunk, held.known_digest(services))
        path = deciding.chunk_path(services, batch["id"], chunk["number"], "decisions")
        on = journal.instant_of(services, chunk["first_index"]).date()
        where = "row IN (SELECT unnest(?::BIGINT[]))"
        for cells in services.files.read(path, _NAMES, where, [wanted]):
            found.append(_Decision._make((*cells, on)))
    return sorted(found, key=lambda each: each.row)


# -- what is told of it -------------------------------------------------------------------------------------


def _told(services: Services, found: _Decision, case: Any, contest: Any) -> dict[str, Any]:
    word = answer_of(Disposition(found.disposition), is_record_read=found.is_record_read)
    reasons, rules, cited, on = found.reasons, found.rules, found.cited, found.on
    if case is not None and word in ("under_review", "returned"):
        word = _word_now(State(case["state"]))
        reasons, rules = (), ()
        if word == "returned":
            said = json.loads(json.loads(case["evidence"])["A"])
            reasons, rules = said["reasons"], said["rules"]
            cited = [f"{each}:{rules[0]}" for each in reasons]
            on = journal.instant_of(services, case["decision_index"]).date()
    if word not in ("returned", "refused"):
        reasons, rules, cited = (), (), ()
    named = [Reason(*each.split(":")) for each in cited]
    told: dict[str, Any] = {"row": found.row, "request_id": found.request_id, "answer": word}
    told |= {"reasons": list(reasons), "rules": list(rules)}
    told["deficiencies"] = tell(named, services.law, on, Disposition(word)) if named else []
    may_contest = word == "returned" and contest is None and bool(found.request_id)
    # Beside a policy's rule one of the statute may stand that only refers; the contest itself finds out.
    is_open = any(is_contestable([each], services.law.contestable) for each in rules)
    told["contestable"] = may_contest and is_open
    return told


def _word_now(state: State) -> str:
    """The answer to an item that people have had in hand and of which nothing was read at first."""
    if state == State.REFERRED_UNREAD:
        return "under_review"
    return "returned" if state == State.RETURNED else "accepted"


def _elements(case: Mapping[str, Any]) -> set[str]:
    said = json.loads(json.loads(case["evidence"])["A"])
    return {each.partition(":")[0] for each in said["reasons"]}
