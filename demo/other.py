"""The demo of the other agreements: a small batch of stated kinds, decided by the same gate.

- An example says who the parties are, which columns its statute adds, and kinds of items: what differs from
  an ordinary item, and what must become of it.
- `main` drives the real command line as the first demo does; exit code 1 when an item of any kind became
  something else, or a release reached another person's record.
"""

import argparse
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from demo import desk, drive, people, submission, world
from demo.batch import TRUTH_COLUMNS, Batch, officer_ids
from demo.drive import Demo, Say
from demo.population import Person, Population
from demo.submission import Sender
from demo.world import LAW, Folders, Size
from solely.model import COLUMNS

PEOPLE = 1_000
ITEMS_PER_KIND = 5
OFFICERS = officer_ids(1)
# What every item gives, whatever the agreement: the person, the matter, the years, the recipients.
PERSON = (
    "request_id", "given_name", "middle_name", "family_name", "suffix", "birth_date", "taxpayer_number",
    "address", "investigation_id", "periods", "officers", "fields",
)  # fmt: skip
RELEASABLE, WITHHELD, RETURNED, REFUSED = "releasable", "withheld", "returned", "refused"


@dataclass(frozen=True, slots=True)
class Kind:
    """Items alike: what differs from an ordinary one, what must become of them, and why.

    `is_household_marked`: the custodian's records mark everybody who lives with the person as protected.
    """

    name: str
    expected: str
    changes: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    is_household_marked: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """One other agreement: its people, its further columns, an ordinary item, and kinds of items.

    `below` are offices that are enrolled and may not sign.
    """

    parties: Mapping[str, str]
    requester: str
    office: str
    further: tuple[str, ...]
    ordinary: Mapping[str, str]
    kinds: Sequence[Kind]
    below: tuple[str, ...] = ()


NO_ADDRESS = Kind("a placeholder for an address", RETURNED, {"address": "UNKNOWN"}, "address:PLACEHOLDER")
NOT_STATISTICAL = "purpose:NOT_STATISTICAL"

EXAMPLES: Mapping[str, Example] = {
    "census-statistics-2026": Example(
        parties={"census-bureau": "Census Bureau", "commerce": "Department of Commerce"},
        requester="commerce",
        office="chief-of-survey-operations",
        further=("recipient_body", "recipient_sworn"),
        ordinary={
            "purpose": "statistics",
            "reason": "second visit of the housing survey",
            "recipient_body": "bureau",
            "recipient_sworn": "yes",
        },
        kinds=(
            Kind("a survey visit by sworn staff", RELEASABLE),
            *(
                Kind(f"purpose {purpose}", REFUSED, {"purpose": purpose}, NOT_STATISTICAL)
                for purpose in (
                    "criminal investigation", "criminal proceeding", "civil removal", "location",
                    "tax collection", "national security",
                )
            ),
            Kind("removal behind a statistical word", REFUSED, {"reason": "locate the subject for removal"},
                 "reason:NOT_STATISTICAL"),
            Kind("a recipient in an enforcement agency", REFUSED, {"recipient_body": "enforcement agency"},
                 "recipient_body:OUTSIDE_THE_DEPARTMENT"),
            Kind("staff who are not sworn", REFUSED, {"recipient_sworn": "no"}, "recipient_sworn:NOT_SWORN"),
            Kind("nothing said of an oath", RETURNED, {"recipient_sworn": ""}, "recipient_sworn:MISSING"),
            Kind("a field that is not agreed", REFUSED, {"fields": "address;income"}, "fields:NOT_AGREED"),
            NO_ADDRESS,
        ),
    ),
    "provider-records-2026": Example(
        parties={"mail-provider": "Provider of mail accounts", "justice": "Department of Justice"},
        requester="justice",
        office="assistant-attorney-general",
        further=("instrument", "instrument_number", "instrument_issued_on"),
        ordinary={
            "purpose": "criminal_investigation",
            "reason": "the account received the transfer of 4 March that the indictment describes",
            "instrument": "subpoena",
            "instrument_number": "SP-26-1187",
            "instrument_issued_on": "{issued}",
        },
        kinds=(
            Kind("subscriber address on a subpoena", RELEASABLE),
            Kind("address on a court order", RELEASABLE, {"instrument": "court order"}),
            Kind("address on a warrant", RELEASABLE, {"instrument": "warrant"}),
            Kind("content on a subpoena", REFUSED, {"fields": "address;content"},
                 "fields:CONTENT_WITHOUT_WARRANT"),
            Kind("records on a subpoena", REFUSED, {"fields": "transaction_records"},
                 "fields:BEYOND_SUBSCRIBER_FIELDS"),
            Kind("content on a court order", REFUSED, {"instrument": "court_order", "fields": "content"},
                 "fields:CONTENT_WITHOUT_WARRANT"),
            Kind("session times on a subpoena", REFUSED, {"fields": "session_times"},
                 "fields:NOT_ON_SUBPOENA"),
            Kind("content on a warrant, which no record holds", WITHHELD,
                 {"instrument": "warrant", "fields": "address;content"}, "match:FIELD_NOT_HELD"),
            Kind("a letterhead alone", REFUSED, {"instrument": "letterhead"}, "instrument:NO_INSTRUMENT"),
            Kind("an emergency without its own path", REFUSED, {"instrument": "emergency"},
                 "instrument:NO_INSTRUMENT"),
            Kind("no instrument", RETURNED, {"instrument": ""}, "instrument:MISSING"),
            Kind("an instrument of two months ago", RETURNED, {"instrument_issued_on": "{stale}"},
                 "instrument_issued_on:STALE"),
            NO_ADDRESS,
        ),
    ),
    "motor-vehicle-records-2026": Example(
        parties={"motor-vehicle-department": "Motor Vehicle Department", "highway-police": "Highway Police"},
        requester="highway-police",
        office="superintendent-of-highway-police",
        further=("permissible_use", "express_consent"),
        ordinary={"permissible_use": "2721(b)(1)"},
        kinds=(
            Kind("address for a function of an agency, (b)(1)", RELEASABLE),
            Kind("address for a check by a business, (b)(3)", RELEASABLE, {"permissible_use": "2721(b)(3)"}),
            Kind("photograph for (b)(3)", REFUSED,
                 {"permissible_use": "2721(b)(3)", "fields": "address;photograph"},
                 "fields:HIGHLY_RESTRICTED"),
            Kind("photograph for (b)(3), consent denied", REFUSED,
                 {"permissible_use": "2721(b)(3)", "fields": "photograph", "express_consent": "no"},
                 "fields:HIGHLY_RESTRICTED"),
            Kind("photograph for (b)(3) with consent, not on record", WITHHELD,
                 {"permissible_use": "2721(b)(3)", "fields": "photograph", "express_consent": "yes"},
                 "match:FIELD_NOT_HELD"),
            Kind("photograph for (b)(1), not on record", WITHHELD, {"fields": "address;photograph"},
                 "match:FIELD_NOT_HELD"),
            Kind("a fifteenth use", REFUSED, {"permissible_use": "2721(b)(15)"},
                 "permissible_use:NOT_PERMISSIBLE"),
            Kind("a use that is not agreed, (b)(12)", REFUSED, {"permissible_use": "2721(b)(12)"},
                 "permissible_use:NOT_AGREED"),
            Kind("a field that is not agreed", REFUSED, {"fields": "address;medical_or_disability"},
                 "fields:NOT_AGREED"),
            Kind("no use stated", RETURNED, {"permissible_use": ""}, "permissible_use:MISSING"),
            Kind("a ZIP alone for an address", RETURNED, {"address": "60629"}, "address:INCOMPLETE"),
        ),
    ),
    "patient-records-2026": Example(
        parties={"hospital-network": "Hospital network", "state-police": "State Police"},
        requester="state-police",
        office="superintendent-of-state-police",
        further=("sought_as", "stated_authority"),
        ordinary={"sought_as": "fugitive", "stated_authority": "state code, warrant of 2 June"},
        kinds=(
            Kind("address of a fugitive", RELEASABLE),
            Kind("address of a missing person", RELEASABLE, {"sought_as": "missing person"}),
            *(
                Kind(f"{field} of a suspect", REFUSED,
                     {"sought_as": "suspect", "fields": f"address;{field}"}, "fields:NOT_LISTED")
                for field in ("DNA", "dental records", "tissue typing")
            ),
            Kind("a listed item that is not agreed", REFUSED, {"fields": "blood type and rh factor"},
                 "fields:NOT_AGREED"),
            Kind("time of treatment, which no record holds", WITHHELD, {"fields": "address;treatment_time"},
                 "match:FIELD_NOT_HELD"),
            Kind("a victim, under another paragraph", REFUSED, {"sought_as": "victim"},
                 "sought_as:NOT_LISTED"),
            Kind("a material witness, not agreed", REFUSED, {"sought_as": "material_witness"},
                 "sought_as:NOT_AGREED"),
            Kind("no authority stated", RETURNED, {"stated_authority": ""}, "stated_authority:MISSING"),
            NO_ADDRESS,
        ),
    ),
    "social-security-records-2026": Example(
        parties={"social-security-agency": "Social Security Agency", "federal-police": "Federal Police"},
        requester="federal-police",
        office="chief-of-section",
        below=("squad-supervisor",),
        further=("crime", "standing", "docket_number", "indicted_on"),
        ordinary={
            "reason": "where the accused lived on 4 March, the day of the kidnapping in the indictment",
            "crime": "kidnapping",
            "standing": "indicted",
            "docket_number": "CR-26-0114",
            "indicted_on": "{stale}",
        },
        kinds=(
            Kind("address of one indicted for kidnapping", RELEASABLE),
            Kind("address of one convicted of murder", RELEASABLE,
                 {"crime": "murder", "standing": "convicted"}),
            *(
                Kind(f"one who is {standing} only", REFUSED, {"standing": standing},
                     "standing:NOT_INDICTED")
                for standing in ("suspect", "arrested", "wanted as a witness")
            ),
            Kind("one indicted for fraud", REFUSED, {"crime": "program fraud"}, "crime:NOT_LISTED"),
            Kind("another violent crime, not agreed", REFUSED, {"crime": "other violent crime"},
                 "crime:NOT_AGREED"),
            Kind("a field that is not agreed", REFUSED, {"fields": "address;benefit_status"},
                 "fields:NOT_AGREED"),
            Kind("no number of the court", RETURNED, {"docket_number": ""}, "docket_number:MISSING"),
            Kind("number without birth date", RETURNED, {"birth_date": ""}, "birth_date:NO_SECOND_KEY"),
            NO_ADDRESS,
        ),
    ),
    "electronic-evidence-2026": Example(
        parties={"service-provider": "Service provider", "central-authority": "Central authority"},
        requester="central-authority",
        office="head-of-central-authority",
        further=("issuing_authority", "validated_by", "threshold_met", "certificate_number", "emergency"),
        ordinary={
            "purpose": "criminal_investigation",
            "issuing_authority": "prosecutor",
            "threshold_met": "yes",
            "certificate_number": "EPOC-26-0455",
            "emergency": "no",
        },
        kinds=(
            Kind("subscriber address for a prosecutor", RELEASABLE),
            Kind("subscriber address for a judge", RELEASABLE, {"issuing_authority": "judge"}),
            Kind("subscriber address, a prosecutor validated", RELEASABLE,
                 {"issuing_authority": "other authority", "validated_by": "prosecutor"}),
            Kind("content for a prosecutor", REFUSED, {"fields": "address;content"},
                 "fields:NOT_BY_THIS_ISSUER"),
            Kind("traffic data for a prosecutor", REFUSED, {"fields": "traffic_data"},
                 "fields:NOT_BY_THIS_ISSUER"),
            Kind("content, a prosecutor validated", REFUSED,
                 {"issuing_authority": "other authority", "validated_by": "prosecutor", "fields": "content"},
                 "fields:NOT_BY_THIS_ISSUER"),
            Kind("content for a judge, below the threshold", REFUSED,
                 {"issuing_authority": "judge", "fields": "content", "threshold_met": "no"},
                 "fields:BELOW_THRESHOLD"),
            Kind("content for a judge, which no record holds", WITHHELD,
                 {"issuing_authority": "judge", "fields": "address;content"}, "match:FIELD_NOT_HELD"),
            Kind("police whose order nobody validated", RETURNED, {"issuing_authority": "other authority"},
                 "validated_by:MISSING"),
            Kind("an order in an emergency", REFUSED, {"emergency": "yes"}, "emergency:ANOTHER_PATH"),
            NO_ADDRESS,
        ),
    ),
    "medicaid-records-2026": Example(
        parties={"medicaid-agency": "Medicaid Agency", "enforcement-agency": "Enforcement Agency"},
        requester="enforcement-agency",
        office="director-of-enforcement-operations",
        further=("outside_excluded",),
        ordinary={"purpose": "immigration enforcement", "outside_excluded": "yes"},
        kinds=(
            Kind("address of one in no excluded population", RELEASABLE),
            Kind("a citizen in the household", WITHHELD, reason="record:EXCLUDED_POPULATION",
                 is_household_marked=True),
            *(
                Kind(f"{field} besides the address", REFUSED, {"fields": f"address;{field}"},
                     "fields:NOT_LISTED")
                for field in ("other information", "other", "diagnosis")
            ),
            Kind("telephone, which no record holds", WITHHELD, {"fields": "address;telephone"},
                 "match:FIELD_NOT_HELD"),
            Kind("a listed field that is not agreed", REFUSED, {"fields": "immigration_status"},
                 "fields:NOT_AGREED"),
            Kind("known to be excluded, by the requester", REFUSED, {"outside_excluded": "no"},
                 "outside_excluded:EXCLUDED_POPULATION"),
            Kind("nothing said of excluded populations", RETURNED, {"outside_excluded": ""},
                 "outside_excluded:MISSING"),
            Kind("another purpose", REFUSED, {"purpose": "debt collection"}, "purpose:NOT_AGREED"),
            NO_ADDRESS,
        ),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A world for one example: where it lies, who lives in it, and what is asked."""

    example: Example
    folders: Folders
    population: Population
    requests: Batch


def columns_of(example: Example) -> tuple[str, ...]:
    """The columns of the example's batch: those that its items fill, and those that its statute adds."""
    used = {*PERSON, *example.ordinary, *(name for kind in example.kinds for name in kind.changes)}
    return (*(each for each in COLUMNS if each in used), *example.further)


def make(agreement: str, root: Path, seed: int, today: date) -> Made:
    """The world of one example, written under `root`, its batch signed by its office."""
    example = EXAMPLES[agreement]
    made, _ = world.generate(Size(seed, PEOPLE, 60), today)
    requests = _requests(example, made, seed)
    enrolled = people.everybody(today, OFFICERS, example.parties, (example.office, *example.below))
    folders = world.prepare(Folders(root, agreement), enrolled, LAW)
    submission.write_records(folders.records, made.records())
    submission.write_csv(folders.truth, TRUTH_COLUMNS, requests.truth_cells())
    columns = columns_of(example)
    cells = [[row.get(column, "") for column in columns] for row in requests.rows]
    submission.write_batch(folders.batch, cells, root, sender(agreement, today), columns)
    return Made(example, folders, made, requests)


def sender(agreement: str, today: date) -> Sender:
    """Who signs the batches of an example."""
    example = EXAMPLES[agreement]
    return Sender(example.office, today, agreement, words={"requester": example.requester})


def _requests(example: Example, made: Population, seed: int) -> Batch:
    """Items of every kind in turn, each about a person whom no other item names."""
    rng = random.Random(f"other:{seed}")
    size = len(example.kinds) * ITEMS_PER_KIND
    own = desk.open_desk(made, desk.prepare(rng, made, size, OFFICERS), rng)
    drafts = [_draft(own, example, kind) for _ in range(ITEMS_PER_KIND) for kind in example.kinds]
    return Batch([each.row for each in drafts], [each.truth for each in drafts])


def _draft(own: desk.Desk, example: Example, kind: Kind) -> desk.Draft:
    person = _take(own, kind)
    draft = desk.valid_draft(own, person, kind.name)
    days = {"{issued}": own.ago(5), "{stale}": own.ago(60)}
    words = {**example.ordinary, **kind.changes}
    draft.row = {name: draft.row[name] for name in PERSON} | {
        name: days.get(word, word) for name, word in words.items()
    }
    draft.truth.request_id = draft.row["request_id"]
    draft.truth.must_release = kind.expected == RELEASABLE
    return draft


def _take(own: desk.Desk, kind: Kind) -> Person:
    """A person whom no item has used; one whose household is marked lives with nobody whom an item has."""
    while person := own.take("good"):
        if not kind.is_household_marked:
            return person
        household = [each for each in own.population.people if each.home.place == person.home.place]
        if sum(each.id in own.used for each in household) == 1 < len(household):
            own.used |= {each.id for each in household}
            for each in household:
                each.is_protected = "true"
            return person
    raise ValueError("too few ordinary people for a batch of this size")


# -- the run ------------------------------------------------------------------------------------------


def main(agreement: str, options: argparse.Namespace, say: Say) -> int:
    """Make the world of one example, drive the gate, print what became of each kind; gives the exit code."""
    if agreement not in EXAMPLES:
        say(f"demo: there are batches for {', '.join((submission.AGREEMENT, *EXAMPLES))}")
        return 2
    today = options.today or datetime.now(UTC).date()
    world.keep_gate(Folders(options.out, agreement), say)
    made = make(agreement, options.out, options.seed, today)
    say(f"{agreement}: {PEOPLE:,} people of record, {len(made.requests.rows)} requests, today {today}")
    if not options.is_run:
        print(f"written under {options.out}: batch records trust law keys truth.csv")
        return 0
    run = Demo(made.folders, made.population, made.requests, options.seed, options.today)
    try:
        final = drive.decide_and_release(run, say)
        opened = drive.open_one(run, drive.gate_releases(run, final["batch"]), say)
    except drive.StepFailed as failure:
        say(f"demo: {failure}")
        return 1
    lines, is_clean = outcome_lines(run, made, final["batch"])
    counts = ", ".join(f"{final[name]} {name}" for name in ("released", WITHHELD, RETURNED, REFUSED))
    print(
        "\n".join(
            [f"{agreement}: {final['received']} received, {counts}", "", *lines, "", f"opening: {opened}"]
        )
    )
    print(f"gate    {made.folders.gate}")
    return 0 if is_clean else 1


def outcome_lines(run: Demo, made: Made, batch_id: str) -> tuple[list[str], bool]:
    """A line per kind: what became of its items and why; and whether each became what it must."""
    decided = drive.query(run, batch_id, "dispositions", "row, disposition, reasons")
    released = {each.row: each.record_id for each in drive.gate_releases(run, batch_id)}
    truth = made.requests.truth
    is_clean = all(record == truth[row - 1].record_id for row, record in released.items())
    lines = [f"{'what the item is':<50} {'items':>5}  {'became':<11} because"]
    for kind in made.example.kinds:
        rows = [each for each in decided if truth[each[0] - 1].kind == kind.name]
        became = Counter(disposition for _, disposition, _ in rows)
        is_right = set(became) == {kind.expected} and all(
            kind.reason in reasons if kind.reason else not reasons for _, _, reasons in rows
        )
        is_right &= all((row in released) == (kind.expected == RELEASABLE) for row, _, _ in rows)
        is_clean &= is_right
        shown = "released" if set(became) == {RELEASABLE} else " ".join(sorted(became))
        lines.append(
            f"{kind.name:<50} {len(rows):>5}  {shown:<11} {kind.reason}{'' if is_right else '  WRONG'}"
        )
    return lines, is_clean
