"""The sample that each approver decides before a batch may be signed, with known answers in it (R-85).

- Drawn after the decision is under a checkpoint, from a cosignature, which nobody picks, or else from the
  checkpoint itself. An entry commits to the draw. Some places show a request beside the record of somebody
  else who is near its person: which they are, only the gate's key tells, and none of them is a case or can
  ever leave.
- An answer is given once, after the showing is in the ledger (R-92). A known answer that was missed, and a
  releasable item that was declined, fail it at once: nothing of the batch leaves, and nobody signs it,
  until another official has answered in writing, as an objection is answered.
- Who has passed stands in the ledger alone (R-82).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from solely.canonical import canonical_json, sha256_hex
from solely.errors import Blocked, Duplicate, NotPermitted, UsageError
from solely.facts.request import subjects_of
from solely.ledger.commitment import kept_tag
from solely.ledger.draw import seed_of_draw
from solely.ledger.entry import EntryType, Sampling, decode
from solely.model import Enrolment
from solely.records.base import AccessRow
from solely.review.near import near_ones
from solely.review.panel import require_approver
from solely.review.sample import Place, places_of, plan_review, wrong_most
from solely.services import Services
from solely.signing import Signer
from solely.steps import held, journal, ordering, sampling_entries, showing, showing_entries
from solely.steps.enrolments import require_enrolled_at_receipt
from solely.steps.examination import context_of, face
from solely.steps.identification import write_access
from solely.steps.judging_again import Read, require_unedited
from solely.store import samples

SIZE_TERM: Final = "review_sample_items"  # of the agreement's obligations
BESIDE: Final = 16  # records on each side of an item's own that are looked through for somebody near
ENOUGH: Final = 2  # who are near: one of them may stand at another place already
GATHERED: Final = "sample"  # the purpose of such a look in the access journal
REF_LENGTH: Final = 64
_NONCE: Final = bytes(12)  # of a key that seals one text
WORDS: Final = {"release": "confirm", "decline": "decline"}
Batch = Mapping[str, Any]


class Standing(NamedTuple):
    """Where one approver's sample of a batch stands."""

    size: int  # asked for by agreement or gate; 0: none is asked
    state: str  # none, drawn, answered, passed, failed
    places: Sequence[Place] = ()
    answered: int = 0
    drawn_index: int = -1
    releasable: int = 0

    @property
    def real(self) -> int:
        """The items drawn of those that may leave, each once; other places have known answers."""
        return len({each.row for each in self.places if not each.is_known})

    @property
    def wrong_most(self) -> float:
        """The share of the batch that may be wrong at most, with 95 % confidence, if no answer was wrong.

        Before all are answered it is that of the size asked for, which does not tell how many are known.
        """
        is_answered = self.state in ("answered", "passed")
        real = self.real if is_answered else min(self.size, self.releasable)
        return wrong_most(real, self.releasable) if real else 0.0


def size_of(services: Services) -> int:
    """How many items each approver decides before signing; 0 where neither agreement nor demo gate says."""
    stated = services.law.obligations.get(SIZE_TERM)
    if stated is not None:
        return int(stated)
    return services.config.review_sample if services.config.is_demo else 0


# -- where it stands --------------------------------------------------------------------------------------


def standing(services: Services, batch: Batch, approver: Enrolment) -> Standing:
    """Where an approver's sample of a decided batch stands, as the ledger has it."""
    size, releasable = size_of(services), int((batch["counts"] or {}).get("releasable", 0))
    tag = _tag(services, batch, approver)
    state, drawn = "none", -1
    for index, outcome, whose in sampling_entries.of_batch(services, batch):
        if whose == tag:
            state = outcome.name.lower()
            drawn = index if outcome is Sampling.DRAWN else drawn
        elif outcome is Sampling.FAILED and state == "passed":
            state = "none"  # a batch that another found wrong is sampled anew
    if drawn < 0:
        return Standing(size, state, releasable=releasable)
    places, answers = _read(services, batch, approver, drawn)
    if state == "drawn" and len(answers) == len(places):
        state = "answered"
    return Standing(size, state, places, len(answers), drawn, releasable)


def _tag(services: Services, batch: Batch, approver: Enrolment) -> bytes:
    return journal.approver_digests(services, batch["id"], approver, b"")[1]


def _read(
    services: Services, batch: Batch, approver: Enrolment, drawn: int
) -> tuple[list[Place], list[Mapping[str, Any]]]:
    """The places of a sample and its answers, each as the gate wrote it; else Blocked (R-82)."""
    with services.database.transaction() as tx:
        row, answers = samples.find_sample(tx, drawn), samples.answers(tx, drawn)
    what = "a review sample differs from its ledger entry"
    if row is None or (row["batch_id"], row["approver_id"]) != (batch["id"], approver.id):
        raise Blocked("STATE_EDITED", what)
    said = json.loads(row["said"])
    entry = held.entry_of(services, drawn, "a review sample")
    held.require_said(services, entry, _key(batch, approver, said["round"], "drawn"), said, "a review sample")
    if sha256_hex(row["places"].encode()) != said["places_sha256"]:
        raise Blocked("STATE_EDITED", what)
    if any(each["tag"] != held.row_tag(services, each) for each in answers):
        raise Blocked("STATE_EDITED", "an answer of a review sample is not as it was given")
    return _unsealed(services, batch, said, row["places"]), answers


def _key(batch: Batch, approver: Enrolment, number: int, what: str) -> str:
    return f"sampling/{batch['id']}/{approver.id}/{number}/{what}"


# -- drawing ----------------------------------------------------------------------------------------------


def draw(services: Services, batch: Batch, holder: str, at: datetime) -> Standing:
    """Draw the sample of the approver who holds the key; Duplicate while one is not ended, or has passed."""
    approver = require_sampler(services, batch, holder, at)
    found = standing(services, batch, approver)
    if not found.size:
        raise UsageError("neither agreement nor gate asks for a sample of this batch")
    if found.state in ("drawn", "answered", "passed"):
        raise Duplicate("your sample of this batch is drawn already")
    require_unfailed(services, batch)
    published = services.ledger.publish()
    assert published.size > batch["decided_index"], "a sample is drawn under a checkpoint of the decision"
    seed = seed_of_draw(published.checkpoint, services.ledger.policy)
    services.progress(f"a sample before a signature: {seed.said}")
    number = sum(
        1
        for _, outcome, tag in sampling_entries.of_batch(services, batch)
        if outcome is Sampling.DRAWN and tag == _tag(services, batch, approver)
    )
    said: dict[str, Any] = {"approver": approver.id, "round": number, "seed": seed.hex, "size": found.size}
    said |= {"witness": seed.witness or ""}
    text = _sealed(services, batch, said, _draw(services, batch, said, at))
    said["places_sha256"] = sha256_hex(text.encode())
    row = {"batch_id": batch["id"], "approver_id": approver.id, "places": text}
    with services.database.transaction() as tx:
        index = _append(services, tx, (batch, approver), (Sampling.DRAWN, said), at)
        samples.add_sample(tx, row | {"said": canonical_json(said).decode(), "entry_index": index})
    services.ledger.publish()
    return standing(services, batch, approver)


def _draw(services: Services, batch: Batch, said: Mapping[str, Any], at: datetime) -> list[Place]:
    """The places of a draw, from the items that were first decided to be releasable; what two officers have
    decided each for itself since is not drawn."""
    public = sha256_hex(canonical_json([batch["id"], said["approver"], said["round"], said["seed"]]))
    secret = kept_tag(services.salt_key, public.encode())
    with services.database.transaction() as tx:
        rows = samples.releasable_rows(tx, batch["id"])
        plan = plan_review(public, secret, rows, said["size"])
        cases = services.cases.find_cases(tx, batch["id"], sorted(set(plan.rows)))
    read = require_unedited(services, list(cases.values()))
    own = {each.case["row"]: each.identity["record_ref"] for each in read}
    besides = {plan.rows[place] for place in plan.hiding}
    near = _near(services, batch, [each for each in read if each.case["row"] in besides], at)
    return places_of(plan, secret, own, near)


def _near(services: Services, batch: Batch, read: Sequence[Read], at: datetime) -> dict[int, list[str]]:
    """The records of others near each of these items, the nearest first; every record read is journalled.

    Looked through are those whom its own keys reach and, where these are too few, those beside its record.
    """
    items = [each.item for each in read]
    facts = face(items, context_of(services, at.date())).facts
    places = [place for place, judged in enumerate(facts.addresses) if judged.address is not None]
    subjects = subjects_of(items, facts, places, at.date())
    retrieved = services.records.retrieve(subjects, at)
    access = [each._replace(purpose=GATHERED) for each in retrieved.access]
    near: dict[int, list[str]] = {}
    for subject, place in zip(subjects, places, strict=True):
        own = read[place].identity["record_ref"]
        found = {each.record_id: each for each in retrieved.candidates[subject.row]}
        if len(near_ones(subject, found.values())) < ENOUGH:
            beside = services.records.beside(own, BESIDE)
            access += [AccessRow(subject.row, each.record_id, GATHERED, at) for each in beside]
            found |= {each.record_id: each for each in beside}
        near[subject.row] = [each for each in near_ones(subject, found.values()) if each != own]
    names = {each.case["row"]: each.case["request_id"] for each in read}
    write_access(services, batch["id"], access, names)
    return near


def _sealed(services: Services, batch: Batch, said: Mapping[str, Any], places: Sequence[Place]) -> str:
    """The places as they are stored: the rows, and under the gate's key beside whose record each stands.

    What is sealed has one length however many are known.
    """
    besides = [each.beside or "" for each in places]
    width = max([REF_LENGTH, *map(len, besides)])
    text = json.dumps([each.ljust(width) for each in besides]).encode()
    sealed = _cipher(services, batch["id"], said).encrypt(_NONCE, text, None)
    return json.dumps({"rows": [each.row for each in places], "besides": sealed.hex()})


def _unsealed(services: Services, batch: Batch, said: Mapping[str, Any], text: str) -> list[Place]:
    stored = json.loads(text)
    cipher = _cipher(services, batch["id"], said)
    besides = json.loads(cipher.decrypt(_NONCE, bytes.fromhex(stored["besides"]), None))
    return [Place(row, each.strip() or None) for row, each in zip(stored["rows"], besides, strict=True)]


def _cipher(services: Services, batch_id: str, said: Mapping[str, Any]) -> AESGCM:
    """The cipher of one draw, which seals one text."""
    whose = ["review sample", batch_id, said["approver"], said["round"], said["seed"]]
    return AESGCM(bytes.fromhex(kept_tag(services.salt_key, canonical_json(whose))))


def require_sampler(services: Services, batch: Batch, holder: str, at: datetime) -> Enrolment:
    """The approver who holds the key and may approve this batch; else NotPermitted."""
    if batch["decided_index"] is None:
        raise NotPermitted("this batch is not decided yet; run it again, and mend what blocks it")
    ordering.require_unrevoked(services, holder, at)
    require_enrolled_at_receipt(services, batch, holder)
    return require_approver(services.trust, holder, batch["submitter_key_id"], at.date(), ())


def _append(
    services: Services,
    tx: Any,
    whose: tuple[Batch, Enrolment],
    step: tuple[Sampling, Mapping[str, Any]],
    at: datetime,
    signature: bytes | None = None,
) -> int:
    (batch, approver), (outcome, said) = whose, step
    key = _key(batch, approver, said["round"], outcome.name.lower())
    digests = journal.approver_digests(services, batch["id"], approver, signature or b"")
    if signature is None:
        digests = (bytes.fromhex(sha256_hex(canonical_json(dict(said)))), digests[1])
    entry = journal.write(
        services.salt_key,
        EntryType.SAMPLING,
        at,
        key,
        said,
        refs=(batch["decided_index"],),
        outcome=int(outcome),
        approvals=digests,
    )
    return services.ledger.append(tx, key, [entry])


# -- deciding it ------------------------------------------------------------------------------------------


class Sampled(NamedTuple):
    """The next item of a sample, as its approver sees it; no comparison is shown beside it."""

    number: int
    of: int
    request_id: str
    pairs: Sequence[showing.Pair]
    others: Sequence[tuple[str, str]]


def show_next(
    services: Services,
    batch: Batch,
    holder: str,
    at: datetime,
    make: Callable[[Sampled | None], showing.Made],
) -> showing.Made:
    """What `make` makes of the next item to decide; the showing is logged before it is handed out (R-92).

    Of None, once all are answered.
    """
    approver = require_sampler(services, batch, holder, at)
    found = _require_drawn(services, batch, approver)
    if found.answered == len(found.places):
        return make(None)
    case = _case_of(services, batch, found)
    made = make(_sampled(services, case, found, at))
    showing_entries.log(services, approver, case, at, _place_of(found))
    return made


def _case_of(services: Services, batch: Batch, found: Standing) -> Mapping[str, Any]:
    """The case of the next place."""
    row = found.places[found.answered].row
    with services.database.transaction() as tx:
        return services.cases.find_cases(tx, batch["id"], [row])[row]


def _place_of(found: Standing) -> str:
    return f"sample/{found.drawn_index}/{found.answered}"


def _sampled(services: Services, case: Mapping[str, Any], found: Standing, at: datetime) -> Sampled:
    place = found.places[found.answered]
    (read,) = require_unedited(services, [case])
    record = showing.read_record(services, case, place.beside or read.identity["record_ref"], at)
    return Sampled(
        found.answered + 1,
        len(found.places),
        case["request_id"],
        showing.pairs(read.item, record, None),
        showing.others(read.item, services.law),
    )


def _require_drawn(services: Services, batch: Batch, approver: Enrolment) -> Standing:
    found = standing(services, batch, approver)
    if found.state not in ("drawn", "answered"):
        raise NotPermitted("no sample of this batch waits for you; draw one first")
    return found


def add_answer(services: Services, batch: Batch, holder: str, given: tuple[int, str], at: datetime) -> str:
    """Where the sample stands after one answer: the number of the item, and `release` or `decline`."""
    approver = require_sampler(services, batch, holder, at)
    found = _require_drawn(services, batch, approver)
    number, word = given
    if word not in WORDS:
        raise UsageError("an answer is `release` or `decline`")
    if not 0 < number <= len(found.places):
        raise UsageError("`number` is that of an item of your sample")
    if number > found.answered + 1:
        raise UsageError("the items before this one come first; open your sample again")
    if number <= found.answered:
        raise Duplicate("this item is answered already; an answer is given once")
    case = _case_of(services, batch, found)
    if not all(showing_entries.are_seen(services, approver, [case], _place_of(found))):
        raise NotPermitted("you answer what you have looked at: open your sample's next item first (R-92)")
    place = found.places[found.answered]
    row: dict[str, Any] = {"drawn_index": found.drawn_index, "place": found.answered, "decide": WORDS[word]}
    is_wrong = (word == "release") == place.is_known
    with services.database.transaction() as tx:
        samples.add_answer(tx, row | {"tag": held.row_tag(services, row)})
        if is_wrong:
            said = _said_of(tx, found) | {"place": found.answered, "is_known": place.is_known}
            _append(services, tx, (batch, approver), (Sampling.FAILED, said), at)
    if is_wrong:
        services.ledger.publish()
        services.progress("alarm: a review sample has failed; nothing of its batch leaves")
        return "failed"
    return "answered" if number == len(found.places) else "drawn"


def _said_of(tx: Any, found: Standing) -> dict[str, Any]:
    """What an entry that ends a sample commits to: the draw, and every answer so far."""
    row, answers = samples.find_sample(tx, found.drawn_index), samples.answers(tx, found.drawn_index)
    assert row is not None, "the sample was read before"
    words = [each["decide"] for each in answers]
    drawn = json.loads(row["said"])
    said = {"approver": drawn["approver"], "round": drawn["round"], "places_sha256": drawn["places_sha256"]}
    return said | {"answers_sha256": sha256_hex(canonical_json(words)), "answers": len(words)}


def finish(services: Services, batch: Batch, signer: Signer, at: datetime) -> Standing:
    """The sample passed, under the approver's signature over all of its answers."""
    approver = require_sampler(services, batch, signer.holder, at)
    found = _require_drawn(services, batch, approver)
    if found.state != "answered":
        raise NotPermitted(f"{len(found.places) - found.answered} items of your sample are not decided yet")
    with services.database.transaction() as tx:
        said = _said_of(tx, found)
    signature = signer.sign(canonical_json(said | {"batch": batch["id"], "sample": "passed"}))
    with services.database.transaction() as tx:
        _append(services, tx, (batch, approver), (Sampling.PASSED, said), at, signature)
    services.ledger.publish()
    return standing(services, batch, approver)


# -- what it permits --------------------------------------------------------------------------------------


def require_unfailed(services: Services, batch: Batch) -> None:
    """Return while no failed sample of the batch waits for another official's answer; else NotPermitted."""
    waiting = unanswered(services)
    if any(index in waiting for index, _, _ in sampling_entries.of_batch(services, batch)):
        raise NotPermitted(
            "a sample of this batch failed: nobody signs it until another official has answered in writing"
        )


def unanswered(services: Services) -> dict[int, int]:
    """Every failed sample without an answer, and the `decided` that it is about, as the ledger has them."""
    found: dict[int, int] = {}
    places = services.ledger.places((EntryType.SAMPLING, EntryType.ANSWER))
    for index, data in services.ledger.entries_at(places).items():
        entry = decode(data)
        if entry.type is EntryType.ANSWER:
            found.pop(entry.refs[0], None)
        elif entry.outcome == Sampling.FAILED:
            found[index] = entry.refs[0]
    return found


def failures(services: Services) -> list[dict[str, Any]]:
    """Every failed sample: its entry, the batch, whose it was, and on which answer it failed."""
    with services.database.transaction() as tx:
        batches = [each for each in services.cases.list_batches(tx) if each["decided_index"] is not None]
    found = []
    for batch in batches:
        drawn: dict[bytes, int] = {}
        for index, outcome, tag in sampling_entries.of_batch(services, batch):
            if outcome is Sampling.DRAWN:
                drawn[tag] = index
            elif outcome is Sampling.FAILED:
                whose, note = _failed_on(services, drawn[tag])
                found.append({"objection": index, "batch": batch["id"], "by": whose, "note": note})
    return found


def _failed_on(services: Services, drawn: int) -> tuple[str, str]:
    with services.database.transaction() as tx:
        row, answers = samples.find_sample(tx, drawn), samples.answers(tx, drawn)
        if row is None or not answers:
            raise Blocked("STATE_EDITED", "a review sample is missing")
        number = json.loads(row["places"])["rows"][answers[-1]["place"]]
        case = services.cases.find_cases(tx, row["batch_id"], [number]).get(number)
    if answers[-1]["decide"] == "confirm":
        return row["approver_id"], "a review sample failed: a known answer was missed"
    name = "an item" if case is None else case["request_id"]
    return row["approver_id"], f"a review sample failed: {name} was declined, which the batch would release"


def require_passed(services: Services, batch: Batch, approver: Enrolment) -> None:
    """Return when this approver may sign the batch: its sample, where one is asked, has passed (R-85)."""
    if not size_of(services) and not sampling_entries.of_batch(services, batch):
        return
    if not int((batch["counts"] or {}).get("releasable", 0)):
        return
    require_unfailed(services, batch)
    found = standing(services, batch, approver)
    if found.state != "passed":
        raise NotPermitted(
            "before you sign this batch you decide a random sample of it, with known answers among them "
            "(R-85); the console's page of the batch begins it"
        )
