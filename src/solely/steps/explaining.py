"""Why an item was decided as it was: three views of one stored decision (agreements.md 5.4, R-81, R-92).

- requester: a function of the request alone, or the neutral answer.
- auditor: every clause with its verdict and authority, levels and gates; no value.
- reviewer: both values of a referred item side by side, to who takes it; each showing is an entry before
  anything shows.
- Nothing here decides: the stored disposition is shown, with the clauses read again beside it (R-106), under
  the version of the agreement that the decision's own entry names.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from solely.decision.answer import answer_of
from solely.decision.ruling import Ruling
from solely.decision.told import is_contestable, strength_of
from solely.errors import Blocked, UsageError
from solely.intake.rows import RowRead
from solely.ledger.commitment import CHUNK
from solely.ledger.entry import decode
from solely.model import COLUMNS, Disposition, Reason
from solely.review.states import State, disposition_of
from solely.services import Services
from solely.signing import Signer
from solely.steps import held, journal, queueing, showing_entries
from solely.steps.approving import read_key
from solely.steps.deciding import chunk_path, require_kept, row_of_batch, rows_of_chunk
from solely.steps.examination import Desk, Examined, desk_of, examine
from solely.steps.facing import UNKNOWN_CURE
from solely.steps.judging_again import NOT_LIFTED, require_unedited, standing_against
from solely.steps.showing import read_record
from solely.steps.telling import tell
from solely.store.files import write_durably

VIEWS = ("requester", "auditor", "reviewer")
_IS_IT: Final = "lower(request_id) = lower(?)"
_COLUMNS: Final = (
    "row, request_id, disposition, reasons, rules, place, is_record_read, record_ref, explanation, counts"
)


class View(NamedTuple):
    """Which view, for whom, and where a receipt goes."""

    name: str
    by: Path | Signer | None = None
    proof: Path | None = None


class Stored(NamedTuple):
    """A stored decision with where it stands: its batch, chunk and ledger entry."""

    batch: Mapping[str, Any]
    row: int
    request_id: str
    disposition: Disposition
    why: tuple[list[str], list[str]]
    is_record_read: bool
    record_ref: str | None
    explanation: str
    counts: str
    entry_index: int


def find_decision(services: Services, request_id: str) -> Stored:
    """The decision on a request id in any batch of this gate; UsageError when there is none."""
    with services.database.transaction() as tx:
        batches = services.cases.list_batches(tx)
        chunks = {each["id"]: services.cases.chunks(tx, each["id"]) for each in batches}
    for batch in batches:
        paths = [_decisions(services, each) for each in chunks[batch["id"]]]
        for row in services.files.find_rows(paths, _IS_IT, [request_id]) if paths else ():
            return _stored(services, batch, chunks[batch["id"]], (int(row), request_id))
    if any(_is_answered(services, batch, request_id) for batch in batches):
        told = "this item was decided one at a time, and its answer carried the explanation; "
        raise UsageError(told + "`explain` tells it once `solely run BATCH` has decided the rows beside it")
    raise UsageError("this gate has decided no item with that request id")


def _decisions(services: Services, chunk: Mapping[str, Any]) -> Path:
    return chunk_path(services, chunk["batch_id"], chunk["number"], "decisions")


def _stored(
    services: Services, batch: Mapping[str, Any], chunks: Sequence[Mapping[str, Any]], of: tuple[int, str]
) -> Stored:
    """The decision on a row and the request id that was found there, its chunk as it was decided; else
    Blocked."""
    chunk = next((each for each in chunks if each["number"] == (of[0] - 1) // CHUNK), None)
    if chunk is None:
        raise Blocked("STATE_EDITED", "a decision stands where none was made")
    require_kept(services, chunk, held.known_digest(services))
    rows = services.files.read(_decisions(services, chunk), _COLUMNS, f"row = ? AND {_IS_IT}", list(of))
    if not rows:
        raise Blocked("STATE_EDITED", "a decision stands in the file of another chunk")
    row, name, disposition, reasons, rules, place = rows[0][:6]
    is_read, record_ref, explanation, counts = rows[0][6:]
    return Stored(
        batch, row, name, Disposition(disposition), (reasons, rules), is_read, record_ref,
        explanation, counts, chunk["first_index"] + place,
    )  # fmt: skip


def _is_answered(services: Services, batch: Mapping[str, Any], request_id: str) -> bool:
    """True of an item that was decided one at a time and stands in no file yet (decision 0014)."""
    with services.database.transaction() as tx:
        stored = services.cases.online(tx, batch["id"], 1, batch["items"])
    decided = {text[0] for each in stored for text in json.loads(each["decided"])}
    chunks = {(row - 1) // CHUNK for row in decided}
    rows = (each.item for number in sorted(chunks) for each in rows_of_chunk(services, batch, number))
    return any(each.row in decided and (each.request_id or "").lower() == request_id.lower() for each in rows)


def explain(services: Services, request_id: str, view: View, at: datetime) -> dict[str, Any]:
    """The explanation of one item in the words of one view; a receipt is written when asked for."""
    if view.name not in VIEWS:
        raise UsageError(f"`--view` is one of {', '.join(VIEWS)}")
    stored = find_decision(services, request_id)
    if view.proof is not None:
        _write_receipt(services, stored, view.proof, view.name)
    if view.name == "requester":
        return requester_view(services, stored)
    seen = auditor_view(services, stored)
    if view.name == "auditor":
        return seen
    return seen | reviewer_values(services, stored, view, at)


def _write_receipt(services: Services, stored: Stored, target: Path, view: str) -> None:
    """Write the receipt of a decision; its entry shows the class, which no requester is told (R-43)."""
    if target.exists():
        raise UsageError("`--proof` names a file that is there already; name a new one")
    if view == "requester":
        raise UsageError("a receipt is for `--view auditor`: it tells more than the requester is told")
    write_durably(target, services.ledger.proof(stored.entry_index).encode())


def requester_view(services: Services, stored: Stored) -> dict[str, Any]:
    """What the requester may know: its own request's defects with their cures, or the neutral answer."""
    word, (reasons, rules) = _answer_now(services, stored)
    decided_on = journal.instant_of(services, _decision_now(services, stored)).date()
    cited = _cited(services, stored, reasons, rules) if reasons else []
    return {
        "request_id": stored.request_id,
        "answer": word,
        "reasons": reasons,
        "rules": rules,
        "deficiencies": _told(services, stored, cited, decided_on, Disposition(word)) if cited else [],
    } | contest_view(services, stored)


def _told(
    services: Services, stored: Stored, cited: Sequence[Reason], decided_on: date, word: Disposition
) -> list[dict[str, str | None]]:
    """The deficiencies; of what no person lifts the strength is that of what stands behind the return, and a
    cure of a row that is being reconsidered is told to wait for that."""
    deficiencies = tell(cited, services.law, decided_on, word)
    for each in deficiencies:
        if (each["element"], each["code"]) == (NOT_LIFTED.element, NOT_LIFTED.code):
            each["strength"] = ", ".join(standing_behind(services, stored)[1]) or each["strength"]
        elif each["code"] == UNKNOWN_CURE[1].code and (until := _reconsidered_by(services, stored)):
            each["meaning"] = f"the row that this one cures is contested, and reconsidered by {until}"
            each["cure"] = "wait for that decision; where the row is returned again, send the cure again"
    return deficiencies


def _reconsidered_by(services: Services, stored: Stored) -> str | None:
    """The day by which the row that an item says it cures is reconsidered; None where that is not open."""
    try:
        cured = find_decision(services, read_row(services, stored).item.cures or "")
    except UsageError:
        return None
    if cured.batch["requester"] != stored.batch["requester"]:
        return None  # what became of another's row is told to nobody
    said = contest_view(services, cured).get("contest", "")
    return said.removeprefix("reconsidered by ") if said.startswith("reconsidered by ") else None


def standing_behind(services: Services, stored: Stored) -> tuple[Ruling, list[str]]:
    """The ruling made again, and what stands behind the return that no officer lifts; none: contestable."""
    terms = services.law.contestable
    examined = examine_again(services, stored)[1]
    ruling = examined.rulings[0]
    # A stored rule that the request by itself does not give counts against it.
    others = set(stored.why[1]) - {each.rule for each in ruling.reasons}
    rules = others | {each.rule for each in ruling.stopping}
    if is_contestable(rules, terms) and examined.is_contestable(0, terms):
        return ruling, []
    named = {strength_of(rule) for rule in rules if not is_contestable([rule], terms)}
    return ruling, sorted(named) or ["statute"]


def _answer_now(services: Services, stored: Stored) -> tuple[str, tuple[list[str], list[str]]]:
    """The word and the reasons that may be told now: a referral that a person ended unread is told of."""
    with services.database.transaction() as tx:
        case = services.cases.find_case(tx, stored.request_id)
    word = answer_of(stored.disposition, is_record_read=stored.is_record_read)
    if case is None or word not in ("under_review", "returned"):
        return word, stored.why if word in ("returned", "refused") else ([], [])
    if case["state"] == State.REFERRED_UNREAD:
        return "under_review", ([], [])
    if case["state"] != State.RETURNED:
        return "accepted", ([], [])
    said = json.loads(json.loads(case["evidence"])["A"])
    return "returned", (said["reasons"], said["rules"])


def _decision_now(services: Services, stored: Stored) -> int:
    """The entry of the decision by which an item is returned now: of its last one, else of the first."""
    with services.database.transaction() as tx:
        case = services.cases.find_case(tx, stored.request_id)
    return stored.entry_index if case is None else int(case["decision_index"])


def contest_view(services: Services, stored: Stored) -> dict[str, Any]:
    """What came of the contest of an item: reopened until a day, decided again, or the return stands."""
    with services.database.transaction() as tx:
        contest = services.cases.find_contest(tx, stored.batch["id"], stored.row)
        case = services.cases.find_case(tx, stored.request_id)
    if contest is None:
        return {}
    reconsider_by = contest["reconsider_by"]
    if reconsider_by is None:
        return {"contest": "stands"}
    is_open = case is not None and str(case["state"]).startswith("referred")
    return {"contest": f"reconsidered by {reconsider_by}" if is_open else "reconsidered"}


def _cited(services: Services, stored: Stored, reasons: Sequence[str], rules: Sequence[str]) -> list[Reason]:
    """The stored reasons, each with its rule; one that the row's own facts do not give has what is left."""
    then = _under_its_law(services, _decision_now(services, stored))
    found = {str(each): each for each in examine_again(then, stored)[1].rulings[0].reasons}
    others = [rule for rule in rules if rule not in {each.rule for each in found.values()}] or list(rules)
    return [found.get(each) or Reason(*each.partition(":")[::2], others[0]) for each in reasons]


def _under_its_law(services: Services, decision: int) -> Services:
    """The gate under the version of the agreement that the entry of a decision names (R-83)."""
    entry = decode(services.ledger.entries_at([decision])[decision])
    assert entry.agreement is not None, "the entry of a decision names the law"
    return services.under(entry.agreement)


def examine_again(services: Services, stored: Stored) -> tuple[Desk, Examined]:
    """The ruling on the request of one stored item, made again as of its receipt; no record is read."""
    desk = desk_of(services, datetime.fromisoformat(stored.batch["received_at"]).date())
    counts = {name: [value] for name, value in json.loads(stored.counts).items()}
    read = read_row(services, stored)
    return desk, examine([read.item], [read.findings], desk, counts)


def auditor_view(services: Services, stored: Stored) -> dict[str, Any]:
    """What decided first, then all clauses, levels and gates; no value of request or record."""
    desk, examined = examine_again(_under_its_law(services, stored.entry_index), stored)
    clauses = desk.law.clauses("request")
    verdicts = desk.judge(clauses, examined.facts.columns)[0]
    words = {True: "met", False: "not met", None: "unknown"}
    unmet = [
        {
            "clause": f"{each.document} {each.id}",
            "verdict": words[verdict],
            "says": each.say,
            "cite": each.cite,
        }
        for each, verdict in zip(clauses, verdicts, strict=True)
        if verdict is not True
    ]
    return {
        "request_id": stored.request_id,
        "disposition": stored.disposition.value,
        "current": current_disposition(services, stored),
        "reasons": stored.why[0],
        "rules": stored.why[1],
        "decided_by": unmet or ("the match" if stored.is_record_read else "what the row itself shows"),
        "batch": stored.batch["id"],
        "later": later_reasons(services, stored),
        "law": {
            "agreement": desk.law.agreement.id,
            "version": desk.law.agreement.version,
            "digest": desk.law.digest,
            "synthetic": desk.law.is_synthetic,
        },
        "request_clauses": [
            {"clause": f"{each.document} {each.id}", "verdict": words[verdict], "cite": each.cite}
            for each, verdict in sorted(
                zip(clauses, verdicts, strict=True), key=lambda each: each[1] is True
            )  # what is met stands behind
        ],
        "match": json.loads(stored.explanation) if stored.explanation else None,
        "entry": stored.entry_index,
    }


def current_disposition(services: Services, stored: Stored) -> str:
    """Where the item stands now: as decided, unless people or a judging again changed it."""
    with services.database.transaction() as tx:
        case = services.cases.find_case(tx, stored.request_id)
    return stored.disposition.value if case is None else disposition_of(State(case["state"])).value


def later_reasons(services: Services, stored: Stored) -> list[str]:
    """The reasons of a later decision: of people, or of judging again; none while the first stands."""
    with services.database.transaction() as tx:
        case = services.cases.find_case(tx, stored.request_id)
    if case is None or case["decision_key"] is None:
        return []
    said: list[str] = json.loads(json.loads(case["evidence"])["A"])["reasons"]
    return said


def read_row(services: Services, stored: Stored) -> RowRead:
    """The row as received: its item, and what its reading found."""
    return row_of_batch(services, stored.batch, stored.row)


def reviewer_values(services: Services, stored: Stored, view: View, at: datetime) -> dict[str, Any]:
    """The request's words beside those of the record that its decision in force rests on (R-92).

    Who asks takes the item, as on its page in the console, and the showing is in the ledger before anything
    shows; NotPermitted where the item is not theirs to decide now.
    """
    if view.by is None:
        raise UsageError("`--view reviewer` needs `--as KEYFILE`")
    case, officer = queueing.take_item(services, stored.request_id, read_key(view.by).holder, at)
    record_ref = require_unedited(services, [case])[0].identity["record_ref"]
    item = read_row(services, stored).item
    columns = ("row", *COLUMNS, *services.law.further_columns)
    words = zip(columns, (item.row, *item.cells()), strict=True)
    request = {name: value for name, value in words if value is not None}
    against = [str(each) for each in standing_against(services, case, at)]
    told: dict[str, Any] = {"no_confirmation_lifts": against} if against else {}
    told |= {"request": request, "record": read_record(services, case, record_ref, at)}
    showing_entries.log(services, officer, case, at)
    return told
