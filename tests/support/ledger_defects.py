"""One kind of tampering each, on the history of `ledgers.full_history`: what the vectors are made from.

`python -m tests.support.ledger_defects` writes `vectors/ledger/` anew.
"""

import base64
import json
import shutil
from collections.abc import Callable
from pathlib import Path

from solely.ledger import cbor
from solely.ledger.checkpoint import Checkpoint, sign
from solely.ledger.entry import Answer, EntryType, OutcomeClass, Stage, Vote
from solely.ledger.proof import write_proof
from solely.ledger.tiles import bundle_path, node_reader, split_tile, tile_path
from solely.ledger.tree import inclusion_proof
from tests.support.keeping_defects import KEEPING
from tests.support.ledgers import (
    KEY,
    ORIGIN,
    OTHER_KEY,
    VKEY,
    Script,
    digest,
    full_history,
    log_files,
    put,
    signed_log,
)
from tests.support.reference_defects import REFERENCES
from tests.support.sample_defects import SAMPLES
from tests.support.sign_in_defects import SIGN_INS

Files = dict[str, bytes]
FOLDER = Path(__file__).parents[2] / "vectors" / "ledger"
SIZE, AT = len(full_history().entries), full_history().at
BUNDLE, TILE = bundle_path(0, SIZE), tile_path(0, 0, SIZE)


def _changed(data: bytes, at: int) -> bytes:
    return data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]


def _sign_text(text: str) -> bytes:
    """A note whose text is signed whatever it says."""
    line = base64.b64encode(VKEY.key_hash + KEY.sign(text.encode())).decode()
    return f"{text}\n— {ORIGIN} {line}\n".encode()


# -- files that were changed after signing --------------------------------------------------------


def _files(change: Callable[[Files], None]) -> Callable[[], Files]:
    def made() -> Files:
        files = signed_log(full_history().encoded())
        change(files)
        return files

    return made


def _put(name: str, change: Callable[[bytes], bytes | None]) -> Callable[[], Files]:
    def changed(files: Files) -> None:
        data = change(files.pop(name))
        if data is not None:
            files[name] = data

    return _files(changed)


def _note(change: Callable[[str], str]) -> Callable[[], Files]:
    return _put("checkpoint", lambda data: change(data.decode()).encode())


def _signed_text(change: Callable[[list[str]], list[str]]) -> Callable[[], Files]:
    return _put(
        "checkpoint", lambda data: _sign_text("\n".join(change(data.decode().split("\n")[:3])) + "\n")
    )


def _respelled(note: str) -> str:
    # The last sextet before the padding has two unused bits: another spelling of the same signature.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    at = note.rindex("=") - 1
    at -= note[at] == "="
    return note[:at] + alphabet[alphabet.index(note[at]) ^ 1] + note[at + 1 :]


# -- histories that were signed as they stand -----------------------------------------------------


def _told(change: Callable[[Script], None]) -> Callable[[], Files]:
    def made() -> Files:
        script = full_history()
        change(script)
        return signed_log(script.encoded())

    return made


def _replaced(label: str, **fields: object) -> Callable[[], Files]:
    def change(script: Script) -> None:
        at = script.at[label]
        script.entries[at] = script.entries[at]._replace(**fields)  # type: ignore[arg-type]

    return _told(change)


def _raw(change: Callable[[bytes], bytes]) -> Callable[[], Files]:
    def made() -> Files:
        entries = full_history().encoded()
        entries[1] = change(entries[1])
        return signed_log(entries)

    return made


def _rewritten(change: Callable[[dict[int, object]], object]) -> Callable[[], Files]:
    def changed(data: bytes) -> bytes:
        fields = dict(cbor.decode(data))  # type: ignore[arg-type]
        change(fields)
        return cbor.encode(fields)

    return _raw(changed)


def _backwards(data: bytes) -> bytes:
    """The same map with its last two pairs exchanged."""
    nonce = data[-18:]
    body = data[-18 - 35 : -18]
    return data[: -18 - 35] + nonce + body


def _narrow(data: bytes) -> bytes:
    fields = dict(cbor.decode(data))  # type: ignore[arg-type]
    del fields[12]
    return cbor.encode(fields)


def _narrowed() -> Files:
    script = full_history()
    entries = script.encoded()
    entries[script.at["first-p0"]] = _narrow(entries[script.at["first-p0"]])
    return signed_log(entries)


def _other_tree() -> Files:
    files, _ = log_files(full_history().encoded())
    return files | {"checkpoint": sign(Checkpoint(ORIGIN, SIZE, digest("another root")), KEY)}


def _again(script: Script, label: str) -> None:
    script.entries.append(script.entries[script.at[label]]._replace(time=script.entries[-1].time))


def _decided_twice(script: Script) -> None:
    _again(script, "first-decided")


def _release(*labels: str, record: str = "record-2") -> Callable[[], Files]:
    def change(script: Script) -> None:
        script.release(tuple(script.at[each] for each in labels), record=record)

    return _told(change)


def _superseded(earlier: str, outcome: OutcomeClass) -> Callable[[], Files]:
    def change(script: Script) -> None:
        request = script.at[f"{earlier.split('-', maxsplit=1)[0]}-request"]
        script.decide_again((request, script.at[earlier]), outcome)

    return _told(change)


def _third_batch(change: Callable[[Script], None]) -> Callable[[], Files]:
    def told(script: Script) -> None:
        script.batch("third", "rrp")
        change(script)

    return _told(told)


def _votes_of(*cast: tuple[str, Vote]) -> Callable[[], Files]:
    def change(script: Script) -> None:
        at = script.at["third-r0"]
        votes = [script.approve(at, person, vote=vote) for person, vote in cast]
        script.decide_again((script.at["third-request"], at, *votes), OutcomeClass.RELEASABLE)

    return _third_batch(change)


def _declined_unnamed(script: Script) -> None:
    """A reviewer declines, two others confirm, and the later decision names these two alone."""
    at = script.at["third-r0"]
    script.approve(at, "carl", vote=Vote.DECLINE)
    votes = [script.approve(at, each, vote=Vote.CONFIRM) for each in ("ann", "bob")]
    script.decide_again((script.at["third-request"], at, *votes), OutcomeClass.RELEASABLE)


def _declined_then_referred(script: Script) -> None:
    """A reviewer declines, and the item is referred to two others."""
    script.approve(script.at["third-r0"], "carl", vote=Vote.DECLINE)
    again = script.decide_again((script.at["third-request"], script.at["third-r0"]), OutcomeClass.REFERRED)
    votes = [script.approve(again, each, vote=Vote.CONFIRM) for each in ("ann", "bob")]
    script.decide_again((script.at["third-request"], again, *votes), OutcomeClass.RELEASABLE)


def _left_twice(field: str) -> Callable[[], Files]:
    """Another item's release that shares this with one of the history."""

    def change(script: Script) -> None:
        labels = ("first-p1", *_PAIR, "first-request")
        at = script.release(tuple(script.at[each] for each in labels), record="record-2")
        same = getattr(script.entries[script.at["release"]], field)
        script.entries[at] = script.entries[at]._replace(**{field: same})

    return _told(change)


def _after_closing(script: Script) -> None:
    script.add(EntryType.CLOSED, approvals=(digest("tag", "ann"), digest("tag", "bob")))
    script.add(EntryType.NOTICE)


def _foreign_vote(script: Script) -> None:
    votes = [script.approve(script.at["third-r1"], each, vote=Vote.CONFIRM) for each in ("ann", "bob")]
    script.decide_again((script.at["third-request"], script.at["third-r0"], *votes), OutcomeClass.RELEASABLE)


def _released_after_withdrawal(script: Script) -> None:
    at = script.at
    tally = [script.approve(at["third-decided"], each) for each in ("ann", "bob")]
    script.decide_again((at["third-request"], at["third-p0"]), OutcomeClass.WITHHELD)
    script.release((at["third-p0"], *tally, at["third-request"]), record="record-2")


def _tagged(change: Callable[[dict[int, object]], object]) -> Callable[[], Files]:
    """The release of version 2, its keys changed."""

    def made() -> Files:
        script = full_history()
        entries, at = script.encoded(), script.at["release-reviewed"]
        fields = dict(cbor.decode(entries[at]))  # type: ignore[arg-type]
        change(fields)
        entries[at] = cbor.encode(fields)
        return signed_log(entries)

    return made


def _without(label: str, key: int) -> Callable[[], Files]:
    def made() -> Files:
        script = full_history()
        entries = script.encoded()
        fields = dict(cbor.decode(entries[script.at[label]]))  # type: ignore[arg-type]
        del fields[key]
        entries[script.at[label]] = cbor.encode(fields)
        return signed_log(entries)

    return made


def _contest(label: str, answer: Answer = Answer.ADMITTED) -> Callable[[], Files]:
    return _told(lambda script: script.contest(script.at[label], answer) and None)


def _reopened(earlier: str, contest: str, outcome: OutcomeClass) -> Callable[[], Files]:
    """A returned decision superseded on a contest of the history."""
    request = f"{earlier.split('-', maxsplit=1)[0]}-request"
    refs = (request, earlier, contest)
    return _told(
        lambda script: script.decide_again(tuple(script.at[each] for each in refs), outcome) and None
    )


def _declined(script: Script) -> int:
    """A fourth batch: referred, declined by ann, contested and referred again; that last decision."""
    script.batch("fourth", "r")
    request, first = script.at["fourth-request"], script.at["fourth-r0"]
    vote = script.approve(first, "ann", vote=Vote.DECLINE)
    returned = script.decide_again((request, first, vote), OutcomeClass.RETURNED)
    contest = script.contest(returned, Answer.ADMITTED)
    return script.decide_again((request, returned, contest), OutcomeClass.REFERRED)


def _votes_again(script: Script) -> None:
    script.approve(_declined(script), "ann", vote=Vote.CONFIRM)


def _contested_again(script: Script) -> None:
    again = _declined(script)
    vote = script.approve(again, "bob", vote=Vote.DECLINE)
    returned = script.decide_again((script.at["fourth-request"], again, vote), OutcomeClass.RETURNED)
    script.contest(returned, Answer.ADMITTED)


def _skips_referral(script: Script) -> None:
    script.batch("fifth", "t")
    contest = script.contest(script.at["fifth-t0"], Answer.ADMITTED)
    refs = (script.at["fifth-request"], script.at["fifth-t0"], contest)
    script.decide_again(refs, OutcomeClass.RELEASABLE)


def _two_contests(script: Script) -> None:
    script.batch("fifth", "t")
    contest = script.contest(script.at["fifth-t0"], Answer.ADMITTED)
    refs = (script.at["fifth-request"], script.at["fifth-t0"], contest, script.at["contest"])
    script.decide_again(refs, OutcomeClass.REFERRED)


def _objected(script: Script) -> None:
    script.sign(EntryType.OBJECTION, script.at["first-p1"], "counsel")
    script.release(tuple(script.at[each] for each in ("first-p1", *_PAIR, "first-request")))


def _own_answer(script: Script) -> None:
    objection = script.sign(EntryType.OBJECTION, script.at["first-decided"], "counsel")
    script.sign(EntryType.ANSWER, objection, "counsel")


def _step(kind: EntryType, label: str, stage: Stage) -> Callable[[], Files]:
    return _told(lambda script: script.add(kind, refs=(script.at[label],), outcome=stage) and None)


def _rewritten_at(label: str, changes: dict[int, object]) -> Callable[[], Files]:
    """The entry of a label with other values, or without the keys that are None."""

    def made() -> Files:
        script = full_history()
        entries = script.encoded()
        fields = {**dict(cbor.decode(entries[script.at[label]])), **changes}  # type: ignore[arg-type]
        entries[script.at[label]] = cbor.encode({k: v for k, v in fields.items() if v is not None})
        return signed_log(entries)

    return made


_CONFIRM, _DECLINE = Vote.CONFIRM, Vote.DECLINE
_PAIR = ("approval-ann", "approval-bob")

# name -> (how it is made, what the first finding begins with)
DEFECTS: dict[str, tuple[Callable[[], Files], str]] = {
    "checkpoint-missing": (_put("checkpoint", lambda _: None), "checkpoint"),
    "checkpoint-origin-changed": (_put("checkpoint", lambda data: _changed(data, 3)), "checkpoint line 5"),
    "checkpoint-size-changed": (
        _note(lambda note: note.replace(f"\n{SIZE}\n", f"\n{SIZE - 1}\n")),
        "checkpoint line 5",
    ),
    "checkpoint-root-changed": (_put("checkpoint", lambda data: _changed(data, 30)), "checkpoint line 5"),
    "checkpoint-signature-changed": (
        _note(lambda note: note[:-20] + ("A" if note[-20] != "A" else "B") + note[-19:]),
        "checkpoint line 5",
    ),
    "checkpoint-signature-respelled": (_note(_respelled), "checkpoint line 5"),
    "checkpoint-line-inserted": (_note(lambda note: note.replace("\n\n", "\nmore\n\n", 1)), "checkpoint"),
    "checkpoint-no-final-line-feed": (_note(lambda note: note[:-1]), "checkpoint"),
    "checkpoint-other-key": (lambda: signed_log(full_history().encoded(), OTHER_KEY), "checkpoint"),
    "checkpoint-signed-size-2-62": (
        _signed_text(lambda text: [text[0], str(2**62), text[2]]),
        "checkpoint line 2",
    ),
    "checkpoint-signed-size-2-40": (
        _signed_text(lambda text: [text[0], str(2**40), text[2]]),
        "entry bundle tile/entries/000",
    ),
    "checkpoint-signed-leading-zero": (
        _signed_text(lambda text: [text[0], "0" + text[1], text[2]]),
        "checkpoint line 2",
    ),
    "checkpoint-signed-other-origin": (
        _signed_text(lambda text: ["solely.example/other", *text[1:]]),
        "checkpoint line 1",
    ),
    "checkpoint-signed-root-respelled": (
        _signed_text(lambda text: [*text[:2], _respelled(text[2])]),
        "checkpoint line 3",
    ),
    "checkpoint-signed-extension": (_signed_text(lambda text: [*text, "an extension"]), "checkpoint"),
    "log-without-entries": (lambda: signed_log([]), "checkpoint line 2"),
    "checkpoint-signed-other-root": (_other_tree, "checkpoint line 3"),
    "tile-changed": (_put(TILE, lambda data: _changed(data, 40)), TILE),
    "tile-short": (_put(TILE, lambda data: data[:-1]), TILE),
    "tile-long": (_put(TILE, lambda data: data + b"\0"), TILE),
    "tile-missing": (_put(TILE, lambda _: None), TILE),
    "bundle-changed": (_put(BUNDLE, lambda data: _changed(data, 60)), "entry 0 in entry bundle"),
    "bundle-length-changed": (_put(BUNDLE, lambda data: _changed(data, 1)), "entry bundle"),
    "bundle-short": (_put(BUNDLE, lambda data: data[:-1]), "entry bundle"),
    "bundle-long": (_put(BUNDLE, lambda data: data + b"\0"), "entry bundle"),
    "bundle-missing": (_put(BUNDLE, lambda _: None), "entry bundle"),
    "earlier-part-differs": (
        _files(lambda files: files.update({"tile/0/000.p/1": bytes(32)})),
        "tile/0/000.p/1",
    ),
    "entry-integer-too-long": (
        _raw(lambda data: data.replace(b"\x02\x02\x03", b"\x02\x18\x02\x03", 1)),
        "entry 1",
    ),
    "entry-keys-unordered": (_raw(_backwards), "entry 1"),
    "entry-key-repeated": (_raw(lambda data: b"\xa6\x01\x01" + data[1:]), "entry 1"),
    "entry-bytes-after-end": (_raw(lambda data: data + b"\0"), "entry 1"),
    "entry-torn": (_raw(lambda data: data[:-1]), "entry 1"),
    "entry-text-value": (_rewritten(lambda fields: fields.pop(8)), "entry 1"),
    "entry-unknown-key": (_rewritten(lambda fields: fields.update({99: 1})), "entry 1"),
    "entry-unknown-version": (_rewritten(lambda fields: fields.update({1: 9})), "entry 1"),
    "entry-unknown-type": (_rewritten(lambda fields: fields.update({2: 99})), "entry 1"),
    "entry-short-body": (_rewritten(lambda fields: fields.update({7: b"short"})), "entry 1"),
    "entry-ordinal-without-job": (_rewritten(lambda fields: fields.update({16: 3})), "entry 1"),
    "entry-narrower": (_narrowed, "entry 5"),
    **SIGN_INS,
    "time-backwards": (_replaced("recall", time=1), "entry 26"),
    "genesis-second": (_told(lambda script: script.add(EntryType.GENESIS) and None), f"entry {SIZE}"),
    "entry-after-closing": (_told(_after_closing), f"entry {SIZE + 1}"),
    "request-without-arrival": (_replaced("first-request", refs=(0,)), "entry 4"),
    "request-second-of-arrival": (_told(lambda script: _again(script, "first-request")), f"entry {SIZE}"),
    "reference-forward": (_replaced("open", refs=(SIZE - 1,)), "entry 25"),
    "reference-beyond-64-bits-sum": (_replaced("open", refs=(2**63 + 5,)), "entry 25"),
    "decision-without-request": (_replaced("first-p0", refs=(3,)), "entry 5"),
    "decision-missing": (
        _replaced("first-w0", type=EntryType.INQUIRY, refs=(), outcome=None, job=None, ordinal=None),
        "entry 10",
    ),
    "decision-twice": (_replaced("first-w0", ordinal=3), "entry 9"),
    "decision-of-other-job": (_replaced("first-w0", job=bytes(16)), "entry 9"),
    "decision-after-tally": (_told(lambda script: _again(script, "first-w0")), f"entry {SIZE}"),
    "tally-second": (_told(_decided_twice), f"entry {SIZE}"),
    "tally-moved": (_replaced("first-decided", outcome=(7, 3, 0, 2, 1, 1)), "entry 12"),
    "tally-one-lost": (_replaced("first-decided", outcome=(8, 2, 1, 2, 1, 1)), "entry 12"),
    "approval-of-request": (_replaced("approval-ann", refs=(4,)), "entry 20"),
    "approval-twice-by-one": (
        _told(lambda script: script.approve(script.at["first-decided"], "ann") and None),
        f"entry {SIZE}",
    ),
    "approval-of-batch-with-vote": (_replaced("approval-ann", outcome=1), "entry 20"),
    "vote-without-class": (_replaced("vote-ann", outcome=None), "entry 15"),
    "release-one-approval": (_release("first-p1", "approval-ann", "first-request"), f"entry {SIZE}"),
    "release-approval-repeated": (
        _release("first-p1", "approval-ann", "approval-ann", "first-request"),
        f"entry {SIZE}",
    ),
    "release-approvals-of-one-person": (
        _replaced("approval-bob", approvals=(digest("x"), digest("tag", "ann"))),
        "entry 21",
    ),
    "release-of-other-tally": (
        _release("first-p1", "second-ann", "second-bob", "first-request"),
        f"entry {SIZE}",
    ),
    "release-of-other-request": (_release("first-p1", *_PAIR, "second-request"), f"entry {SIZE}"),
    "release-of-withheld": (_release("first-w0", *_PAIR, "first-request"), f"entry {SIZE}"),
    "release-of-referred": (_release("first-r1", *_PAIR, "first-request"), f"entry {SIZE}"),
    "release-of-refused": (_release("first-f0", *_PAIR, "first-request"), f"entry {SIZE}"),
    "release-second": (_release("first-p0", *_PAIR, "first-request"), f"entry {SIZE}"),
    "release-second-after-review": (_release("reviewed", *_PAIR, "first-request"), f"entry {SIZE}"),
    "release-of-one-package-twice": (_left_twice("package"), f"entry {SIZE}"),
    "release-of-one-request-twice": (_left_twice("request"), f"entry {SIZE}"),
    "release-after-withdrawal": (_third_batch(_released_after_withdrawal), f"entry {SIZE + 9}"),
    "release-without-approvals": (_release("first-p1", "first-request"), f"entry {SIZE}"),
    "withheld-becomes-releasable": (_superseded("first-w0", OutcomeClass.RELEASABLE), f"entry {SIZE}"),
    "refused-becomes-releasable": (_superseded("first-f0", OutcomeClass.RELEASABLE), f"entry {SIZE}"),
    "returned-becomes-referred": (_superseded("first-t0", OutcomeClass.REFERRED), f"entry {SIZE}"),
    "contest-without-class": (_without("stands", 11), f"entry {AT['stands']}"),
    "contest-without-signature": (_without("stands", 17), f"entry {AT['stands']}"),
    "contest-of-withheld": (_contest("first-w0"), f"entry {SIZE}"),
    "contest-of-refused": (_contest("first-f0"), f"entry {SIZE}"),
    "contest-of-superseded": (_contest("contested-t0"), f"entry {SIZE}"),
    "contest-second": (_contest("contested-t1"), f"entry {SIZE}"),
    "contest-second-of-chain": (_told(_contested_again), f"entry {SIZE + 10}"),
    "contest-that-stands-reopens": (
        _reopened("contested-t1", "stands", OutcomeClass.REFERRED),
        f"entry {SIZE}",
    ),
    "contest-of-another-reopens": (_reopened("first-t0", "contest", OutcomeClass.REFERRED), f"entry {SIZE}"),
    "contest-reopens-to-release": (_told(_skips_referral), f"entry {SIZE + 5}"),
    "contest-reopens-with-two": (_told(_two_contests), f"entry {SIZE + 5}"),
    "contest-before-the-same-officer": (_told(_votes_again), f"entry {SIZE + 8}"),
    "release-tag-open-missing": (_tagged(lambda fields: fields.pop(9)), "entry 23"),
    "release-tag-sealed-missing": (_tagged(lambda fields: fields.pop(10)), "entry 23"),
    "release-bucket-missing": (_tagged(lambda fields: fields.pop(14)), "entry 23"),
    "release-tag-short": (_tagged(lambda fields: fields.update({9: bytes(15)})), "entry 23"),
    "release-tags-in-version-1": (_tagged(lambda fields: fields.update({1: 1})), "entry 23"),
    "entry-names-a-log": (_rewritten(lambda fields: fields.update({18: b"log.example"})), "entry 1"),
    "entry-names-a-package": (_rewritten(lambda fields: fields.update({13: bytes(80)})), "entry 1"),
    "entry-version-2-without-tags": (_rewritten(lambda fields: fields.update({1: 2})), "entry 1"),
    "entry-tags-of-no-release": (
        _rewritten(lambda fields: fields.update({1: 2, 9: bytes(16), 10: bytes(16), 14: 1202512})),
        "entry 1",
    ),
    "release-version-back": (_release("first-p1", *_PAIR, "first-request", record=""), f"entry {SIZE}"),
    "superseded-twice": (_superseded("first-r1", OutcomeClass.RETURNED), f"entry {SIZE}"),
    "referred-releasable-one-vote": (_votes_of(("ann", _CONFIRM)), f"entry {SIZE + 7}"),
    "referred-releasable-one-person": (_votes_of(("ann", _CONFIRM), ("ann", _CONFIRM)), f"entry {SIZE + 7}"),
    "referred-releasable-one-declines": (
        _votes_of(("ann", _CONFIRM), ("bob", _DECLINE)),
        f"entry {SIZE + 8}",
    ),
    "referred-releasable-after-decline": (_third_batch(_declined_unnamed), f"entry {SIZE + 9}"),
    "referred-again-after-decline": (_third_batch(_declined_then_referred), f"entry {SIZE + 10}"),
    "referred-releasable-votes-on-another": (_third_batch(_foreign_vote), f"entry {SIZE + 8}"),
    "referred-releasable-no-vote": (_votes_of(), f"entry {SIZE + 6}"),
    "open-without-release": (_replaced("open", refs=(5,)), "entry 25"),
    "open-after-recall": (
        _told(lambda script: script.add(EntryType.OPEN, refs=(script.at["release-reviewed"],)) and None),
        f"entry {SIZE}",
    ),
    "objection-without-signature": (_without("objection", 17), f"entry {AT['objection']}"),
    "objection-to-an-arrival": (
        _told(lambda script: script.sign(EntryType.OBJECTION, 3, "counsel") and None),
        f"entry {SIZE}",
    ),
    "release-against-objection": (_told(_objected), f"entry {SIZE + 1}"),
    "answer-by-who-objected": (_told(_own_answer), f"entry {SIZE + 1}"),
    "answer-second": (
        _told(lambda script: script.sign(EntryType.ANSWER, script.at["objection"], "chief") and None),
        f"entry {SIZE}",
    ),
    "export-without-class": (_rewritten_at("error", {2: 15, 11: None}), f"entry {AT['error']}"),
    "incident-closed-twice": (_step(EntryType.INCIDENT, "incident", Stage.CLOSED), f"entry {SIZE}"),
    "task-without-release": (
        _told(lambda script: script.add(EntryType.TASK, refs=(5,), outcome=Stage.OPENED) and None),
        f"entry {SIZE}",
    ),
    "task-second-of-release": (_step(EntryType.TASK, "release", Stage.OPENED), f"entry {SIZE}"),
    "task-declined-twice": (_step(EntryType.TASK, "task", Stage.DECLINED), f"entry {SIZE}"),
    "error-counted-twice": (
        _told(lambda script: script.error(script.at["release"]) and None),
        f"entry {SIZE}",
    ),
    "error-corrected-twice": (
        _told(lambda script: script.error(script.at["error"]) and None),
        f"entry {SIZE}",
    ),
    "error-of-unknown-severity": (_rewritten_at("error", {11: [5, 1, 1]}), f"entry {AT['error']}"),
    "error-without-party": (_rewritten_at("error", {11: [1, 1]}), f"entry {AT['error']}"),
    "replay-of-two-counts": (_rewritten_at("error", {2: 40, 11: [1, 1]}), f"entry {AT['error']}"),
    "lift-without-preservation": (
        _told(lambda script: script.add(EntryType.PRESERVATION_LIFT, refs=(0,)) and None),
        f"entry {SIZE}",
    ),
    "destruction-without-custodians": (_without("intent", 17), f"entry {AT['intent']}"),
    "certificate-without-deleting": (
        _told(lambda script: script.add(EntryType.DESTROY_CERT, refs=(0,)) and None),
        f"entry {SIZE}",
    ),
    "clock-of-two": (
        _told(lambda script: script.add(EntryType.CLOCK, refs=(0, 1)) and None),
        f"entry {SIZE}",
    ),
    "lift-of-nothing": (
        _told(lambda script: script.add(EntryType.LIFT, refs=(0,)) and None),
        f"entry {SIZE}",
    ),
    "correction-of-nothing": (
        _told(lambda script: script.add(EntryType.CORRECTION, refs=(0,)) and None),
        f"entry {SIZE}",
    ),
}
FURTHER = KEEPING | REFERENCES | SAMPLES
DEFECTS |= {name: (_told(change), f"entry {SIZE + more}") for name, (change, more) in FURTHER.items()}


def receipt(index: int) -> str:
    """The receipt of one entry of the valid log."""
    files = signed_log(full_history().encoded())

    def read(level: int, place: int, width: int) -> list[bytes]:
        return split_tile(files[tile_path(level, place, width)], width)

    path = inclusion_proof(node_reader(read, SIZE), index, SIZE)
    return write_proof(full_history().encoded()[index], index, path, files["checkpoint"])


def write_vectors(folder: Path = FOLDER) -> None:
    """Write every vector below `folder`."""
    for name in ("valid", "defects"):
        shutil.rmtree(folder / name, ignore_errors=True)
    put(signed_log(full_history().encoded()), folder / "valid")
    for name, (make, _) in DEFECTS.items():
        put(make(), folder / "defects" / name)
    places = {name: place for name, (_, place) in DEFECTS.items()}
    (folder / "expected.json").write_text(json.dumps(places, indent=1, sort_keys=True) + "\n")
    (folder / "log.vkey").write_text(VKEY.text() + "\n")
    (folder / "release.tlog-proof").write_text(receipt(full_history().at["release"]))


if __name__ == "__main__":
    write_vectors()
