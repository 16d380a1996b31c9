"""What a requester, or anyone, may ask without a gate: the request stage's answer, and the judges (R-69).

- `precheck` runs the very ruling that `run` runs, on the same law, tables and enrolments, and no record
  exists here; what only a gate knows is listed as not checked.
- `judge_lines` shows one judge at work on lines of text.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from solely import clock
from solely.agreement.codes import CODES
from solely.agreement.document import Document, Law, findings, parse_statute, statute_id_of
from solely.agreement.regions import table_findings
from solely.decision.ruling import Ruling
from solely.decision.told import told_line
from solely.errors import AgreementRefused, BatchRefused, UsageError
from solely.facts.address import judge as judge_address
from solely.facts.identifier import judge_identifier
from solely.facts.lexicon import NameLexicon, parse_lexicon
from solely.facts.name import judge_name, judge_whole_name
from solely.facts.reasons import REASONS
from solely.facts.request import FactContext
from solely.intake.letter import (
    DATA_FILES,
    LETTER_FILE,
    SIGNATURE_FILE,
    parse_letter,
    require_due,
    require_enrolled,
)
from solely.model import COLUMNS, TO_CURE, AddressJudgment, Disposition, Item
from solely.steps.examination import Desk
from solely.steps.facing import UNKNOWN_CURE, examine_alone, face_of
from solely.steps.proving import idle_parts
from solely.steps.receiving import require_invoked
from solely.steps.telling import tell
from solely.store.engine import open_engine
from solely.store.inputs import read_inputs, tables_of
from solely.store.law import document_path, find_law, read_proof, read_statute
from solely.store.rule_engine import checked_engine
from solely.store.signed_law import unkept_terms
from solely.store.submission import NOT_ARRIVED, Received, count_rows, read_chunks, receive
from solely.store.table import table_of
from solely.store.trust import read_trust

# Verdicts that are neither sufficient nor the requester's to cure.
_FOR_A_PERSON = frozenset({"SINGLE", "UNCLEAR", "FOREIGN"})
CHECKED_MAX = 50_000  # rows of a file that is prechecked at a gate
NO_LETTER = ("letter: none came",)
NO_OFFICES = ("enrolment of the office",)
_UNSENT = (LETTER_FILE, SIGNATURE_FILE)
NOT_CHECKED = ("signature", "earlier batches", "rows named in `cures`", "caseload", "records")


@dataclass(frozen=True, slots=True)
class PrecheckOptions:
    """What `precheck` was given besides the batch."""

    agreement: Path
    trust: Path | None
    inputs: Path | None
    received_on: date | None
    out: Path | None = None


def precheck(batch: Path, options: PrecheckOptions) -> Iterator[dict[str, Any]]:
    """One object per row, in input order, then one that says what was not checked (contracts 4)."""
    _require_not_of(batch, options.out)
    files, inputs = find_law(options.agreement), read_inputs(options.inputs)
    law = files.as_law()
    today = clock.utc_date(clock.now(may_be_set=law.is_synthetic))
    context = FactContext(
        received_on=options.received_on or today,
        is_synthetic=law.is_synthetic,
        trust=None if options.trust is None else read_trust(options.trust),
        tables=tables_of(inputs),
        lexicon=parse_lexicon(inputs),
        further=law.further_facts,
        further_columns=law.further_columns,
    )
    with TemporaryDirectory() as place, closing(open_engine(None)) as engine:
        under = law, files.agreement_id
        data, unread = _data_of(batch, Path(place) / "batch", under, context)
        desk = Desk(law, context, checked_engine(engine, law).judge)
        with table_of(options.out, law.further_columns) as table:
            for item, ruling in _rulings(data, desk):
                yield _line(item, ruling)
                to_cure = _to_cure(ruling, law, context.received_on)
                if to_cure:
                    table.add(item, told_line(to_cure))
    missing = ("enrolment of officers",) if options.trust is None else ()
    yield {"not_checked": [*unread, *NOT_CHECKED, *missing]}


def _require_not_of(batch: Path, out: Path | None) -> None:
    """Return when the table to cure takes no file of the batch away, holding the returned rows alone."""
    own = {batch.resolve(), *((batch / each).resolve() for each in (*DATA_FILES, *_UNSENT))}
    if out is not None and out.resolve() in own:
        raise UsageError("`--out` names a file of the batch itself, which would be lost; name another")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file would meet: rows by what is said of them, the first that are deficient, and all to cure."""

    counts: Mapping[str, int]
    rows: Sequence[Mapping[str, Any]]
    table: Sequence[Sequence[str]]
    not_checked: Sequence[str]


def checked(received: Received, under: tuple[Law, str], context: FactContext, most: int) -> Checked:
    """The same for a file that came to a gate, by the gate's own law; `most` deficient rows are shown.

    Raises BatchRefused for a file of which no row can be read, and UsageError for one that is too long.
    """
    law, (counts, shown) = under[0], (Counter[str](), list[dict[str, Any]]())
    table: list[list[str]] = [[*COLUMNS, *law.further_columns, TO_CURE]]
    with closing(open_engine(None)) as engine:
        data = received.data_path
        if data is None:
            raise received.problem or UsageError("name the file of rows `data.csv` or `data.parquet`")
        unread = _unread(received, under, context)
        if count_rows(data, law.further_columns) > CHECKED_MAX:
            raise UsageError(f"a file of more than {CHECKED_MAX:,} rows is prechecked with `solely precheck`")
        for item, ruling in _rulings(data, Desk(law, context, checked_engine(engine, law).judge)):
            line = _line(item, ruling)
            counts[line["disposition"]] += 1
            if ruling.disposition is not None and len(shown) < most:
                shown.append(
                    line | {"told": tell(ruling.reasons, law, context.received_on, ruling.disposition)}
                )
            to_cure = _to_cure(ruling, law, context.received_on)
            if to_cure:
                table.append([*(cell or "" for cell in item.cells()), told_line(to_cure)])
    return Checked(counts, shown, table, (*unread, *NOT_CHECKED))


def _to_cure(ruling: Ruling, law: Law, on: date) -> list[dict[str, str | None]]:
    """What a requester can mend of a returned row: what is refused or for a person to decide is not, nor is
    a row's `cures`, which only the gate that returned the other row can look up."""
    if ruling.disposition is not Disposition.RETURNED:
        return []
    found = [each for each in ruling.reasons if each != UNKNOWN_CURE[1]]
    told = tell(found, law, on, Disposition.RETURNED)
    return [each for each in told if not str(each["cure"]).startswith("none")]


def _data_of(
    batch: Path, target: Path, under: tuple[Law, str], context: FactContext
) -> tuple[Path, tuple[str, ...]]:
    """The data file of a batch, or the data file itself where `batch` is one, and what stays unchecked."""
    if batch.is_file() and batch.suffix in (".csv", ".parquet"):
        return batch, NO_LETTER
    received = receive(batch, target)
    if received.data_path is None:
        raise received.problem or BatchRefused(
            "R-103", "data_file", "no `data.csv` or `data.parquet` is here"
        )
    return received.data_path, _unread(received, under, context)


def _unread(received: Received, under: tuple[Law, str], context: FactContext) -> tuple[str, ...]:
    """What stays unchecked for want of a letter or of offices; BatchRefused as `run` refuses a letter.

    A letter is prechecked before it is signed: nothing is said of a signature that is missing.
    """
    problem = received.problem
    if problem is not None and (problem.element not in _UNSENT or problem.reason != NOT_ARRIVED):
        raise problem
    if received.letter is None:
        return NO_LETTER
    letter = parse_letter(received.letter)
    day, trust = context.received_on, context.trust
    require_due(letter, under[0].signers, day)
    if trust is not None and trust.requesters:
        require_enrolled(letter, trust, day)
    require_invoked(letter, received, under, day)
    return () if trust is not None and trust.requesters else NO_OFFICES


def _rulings(data: Path, desk: Desk) -> Iterator[tuple[Item, Ruling]]:
    face = face_of(data, desk.context)
    if len(face.counts.rows) == 0:
        raise BatchRefused("R-69", "data_file", "the file holds no row")
    for number, reads in enumerate(read_chunks(data, further=desk.law.further_columns)):
        examined = examine_alone(face, number, reads, desk)
        yield from zip(examined.items, examined.rulings, strict=True)


def _line(item: Item, ruling: Ruling) -> dict[str, Any]:
    disposition = ruling.disposition
    return {
        "row": item.row,
        "request_id": item.request_id,
        "disposition": "passed" if disposition is None else disposition.value,
        "reasons": sorted({str(each) for each in ruling.reasons}),
        "rules": sorted({each.rule for each in ruling.reasons}),
    }


def judge_lines(what: str, lines: IO[bytes], *, is_synthetic: bool) -> Iterator[dict[str, Any]]:
    """The verdict on each line of `lines` by the judge named `what` (contracts 5)."""
    inputs = read_inputs(None)
    texts = (line.decode("utf-8", "replace").rstrip("\r\n") for line in lines)
    if what == "address":
        tables = tables_of(inputs)
        return (_address_verdict(text, judge_address(text, tables)) for text in texts)
    if what == "name":
        lexicon = parse_lexicon(inputs).names
        return (_name_verdict(text, lexicon) for text in texts)
    if what == "identifier":
        return (_identifier_verdict(text, is_synthetic) for text in texts)
    raise UsageError("`judge` takes `name`, `address` or `identifier`")


def told_verdict(verdict: dict[str, Any]) -> str:
    """One verdict as a line to be read: whether it suffices, the line as given, and why (R-69)."""
    because = verdict["reason"] + (f" ({verdict['rule']})" if verdict["rule"] else "")
    is_for_a_person = verdict["verdict"] in _FOR_A_PERSON or verdict.get("located") is True
    word = "passes" if verdict["sufficient"] else "a person" if is_for_a_person else "returned"
    kind = f"{verdict['kind']}: " if verdict.get("kind", "other") != "other" else ""
    return f"{word:<9} {verdict['input'] or '(nothing)'}  --  {kind}{because}"


def _verdict(text: str, judgment: Any, is_sufficient: bool) -> dict[str, Any]:
    return {
        "input": text,
        "verdict": judgment.verdict,
        "sufficient": is_sufficient,
        "rule": judgment.rule,
        "reason": judgment.reason,
    }


def _address_verdict(text: str, judgment: AddressJudgment) -> dict[str, Any]:
    return _verdict(text, judgment, judgment.is_sufficient) | {"located": judgment.located}


def _name_verdict(text: str, lexicon: NameLexicon) -> dict[str, Any]:
    """The judgment on a whole name, or on given, middle, family name and suffix with TABs between."""
    if "\t" in text:
        cells = dict(enumerate(cell.strip() or None for cell in text.split("\t")))
        judgment = judge_name(cells.get(0), cells.get(1), cells.get(2), cells.get(3), lexicon)
    else:
        judgment = judge_whole_name(text, lexicon)
    return _verdict(text, judgment, judgment.verdict == "OK")


def _identifier_verdict(text: str, is_synthetic: bool) -> dict[str, Any]:
    judgment = judge_identifier(text, is_synthetic=is_synthetic)
    return _verdict(text, judgment, judgment.verdict == "VALID") | {"kind": judgment.kind}


def check_law(path: Path) -> list[str]:
    """Every finding on the agreement or statute at `path`; none means that it loads."""
    document = document_path(path)
    data = document.read_bytes()
    if document.name == "statute.md":
        return findings(data, None) or _code_findings(parse_statute(data))
    try:
        statute = read_statute(document.parent.parent.parent, statute_id_of(data))
    except AgreementRefused as refused:
        return [str(refused)]
    found = findings(data, statute)
    if found:
        return found
    law = find_law(path).as_law()
    return _code_findings(law.agreement) + unkept_terms(law) + table_findings(law)


def _code_findings(document: Document) -> list[str]:
    """The clauses whose reason is of no closed list: nobody who is told of it could look it up (R-69)."""
    known, found = REASONS.keys() | CODES, []
    for clause in (each for each in document.clauses if each.code not in known):
        near = "".join(f"; is it `{each}`?" for each in get_close_matches(clause.code, sorted(known), 1))
        said = f"`code` is one of docs/reference/reasons.md, `{clause.code}` is none{near}"
        found.append(f"`rule {clause.id}`: {said}")
    return found


def untidy_parts(path: Path) -> list[str]:
    """Of an agreement that loads, what its recorded proof names as deciding nothing; none without one."""
    if document_path(path).name == "statute.md":
        return []
    return idle_parts(read_proof(path), find_law(path).as_law())
