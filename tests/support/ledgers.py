"""Small ledgers for tests and vectors: whole log folders from entries, with a key that everybody knows."""

import hashlib
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from solely.ledger.checkpoint import Checkpoint, sign
from solely.ledger.commitment import body_of, job_of, request_of, seed_of
from solely.ledger.entry import (
    Access,
    Answer,
    Cause,
    Entry,
    EntryType,
    Handed,
    OutcomeClass,
    Party,
    Sampling,
    Severity,
    SignIn,
    Stage,
    Vote,
    encode,
)
from solely.ledger.note import verifier_key
from solely.ledger.retention import bucket_of
from solely.ledger.subject import EpochKeys, tags_of
from solely.ledger.tiles import bundle_path, encode_bundle, tile_path
from solely.ledger.tree import WIDTH, Edge, leaf_hash

ORIGIN = "solely.example/vectors"
START = 1_764_547_200_000  # 2025-12-01T00:00:00Z


def digest(*words: object) -> bytes:
    """32 bytes that stand for something, always the same."""
    return hashlib.sha256("/".join(map(str, words)).encode()).digest()


KEY = Ed25519PrivateKey.from_private_bytes(digest("a key that everybody knows"))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(digest("another key"))
SALT_KEY = digest("a salt key that everybody knows")
LAW, BUILD = digest("law"), digest("build")
EPOCH = EpochKeys(digest("open epoch"), digest("sealed epoch"))
VKEY = verifier_key(ORIGIN, KEY)
NOTED = ["1 time(s) two custodians let releases go without the quorum of witnesses"]  # of `full_history`


def log_files(entries: list[bytes]) -> tuple[dict[str, bytes], bytes]:
    """Tiles and bundles of a log by path, and its root."""
    edge, files = Edge(), {}
    tiles = edge.extend([leaf_hash(each) for each in entries])
    for tile in tiles + edge.partial_tiles():
        files[tile_path(tile.level, tile.place, len(tile.hashes))] = b"".join(tile.hashes)
    for place, at in enumerate(range(0, len(entries), WIDTH)):
        part = entries[at : at + WIDTH]
        files[bundle_path(place, len(part))] = encode_bundle(part)
    return files, edge.root()


def signed_log(entries: list[bytes], key: Ed25519PrivateKey = KEY) -> dict[str, bytes]:
    """Every file of a log folder by path."""
    files, root = log_files(entries)
    return files | {"checkpoint": sign(Checkpoint(ORIGIN, len(entries), root), key)}


def put(files: dict[str, bytes], folder: Path) -> Path:
    """Write files below a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


class Script:
    """A history that is told entry by entry; every `add` gives the index that later ones refer to."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.at: dict[str, int] = {}
        self._start = START

    def add(self, kind: EntryType, label: str = "", **fields: object) -> int:
        """Tell one more event."""
        index = len(self.entries)
        job = job_of(SALT_KEY, str(index).encode())
        seed = seed_of(SALT_KEY, job, 0)
        words = {
            "nonce": digest("nonce", index)[:16],
            "body": body_of(seed, {"A": b"[]", "D": b"{}"}),
            "time": self._start + 1000 * index,
        }
        self.entries.append(Entry(**{"type": kind, **words, **fields}))  # type: ignore[arg-type]
        if label:
            self.at[label] = index
        return index

    def wait(self, hours: int) -> None:
        """Nothing happens for so long."""
        self._start += 3_600_000 * hours

    def batch(self, name: str, classes: str, tally: tuple[int, ...] | None = None) -> int:
        """A batch from arrival to tally; per item f refused, t returned, r referred, w withheld, p passes."""
        law = {"agreement": LAW, "policy": BUILD}
        arrival = self.add(EntryType.ARRIVAL, f"{name}-arrival")
        request = self.add(EntryType.REQUEST, f"{name}-request", refs=(arrival,), **law)
        job = job_of(SALT_KEY, name.encode())
        for ordinal, letter in enumerate(classes):
            self.add(
                EntryType.DECISION, f"{name}-{letter}{classes[:ordinal].count(letter)}", refs=(request,),
                outcome="ftrwp".index(letter) + 1, job=job, ordinal=ordinal,
                request=request_of(seed_of(SALT_KEY, job, ordinal), f"{name}-{ordinal}"), **law,
            )  # fmt: skip
        counted = tuple(classes.count(each) for each in "pwrtf")
        outcome = tally or (len(classes), *counted)
        return self.add(EntryType.DECIDED, f"{name}-decided", refs=(request,), outcome=outcome, **law)

    def approve(self, target: int, person: str, label: str = "", vote: Vote | None = None) -> int:
        """One person's approval of a tally, or a vote on a decision."""
        approvals = (digest("signature", person, len(self.entries)), digest("tag", person))
        outcome = None if vote is None else int(vote)
        return self.add(EntryType.APPROVAL, label, refs=(target,), approvals=approvals, outcome=outcome)

    def contest(self, decision: int, answer: Answer, label: str = "") -> int:
        """The requester contests a decision that returned an item."""
        signed = (digest("signature", "office", len(self.entries)), digest("tag", "office"))
        return self.add(EntryType.CONTEST, label, refs=(decision,), approvals=signed, outcome=int(answer))

    def sign(self, kind: EntryType, target: int | None, person: str, label: str = "") -> int:
        """One person objects, answers, or signs for something that was received."""
        signed = (digest("signature", person, len(self.entries)), digest("tag", person))
        return self.add(kind, label, refs=() if target is None else (target,), approvals=signed)

    def sample(self, decided: int, person: str, outcome: Sampling, label: str = "") -> int:
        """An approver's sample of a batch is drawn, or ends."""
        signed = (digest("signature", person, len(self.entries)), digest("tag", person))
        return self.add(EntryType.SAMPLING, label, refs=(decided,), approvals=signed, outcome=int(outcome))

    def error(self, about: int, label: str = "", severity: Severity = Severity.RECORDABLE) -> int:
        """A line of the error register."""
        outcome = (severity, Party.MATCHER, Cause.WRONG_PERSON)
        return self.add(EntryType.ERROR, label, refs=(about,), outcome=outcome)

    def decide_again(self, refs: tuple[int, ...], outcome: OutcomeClass, label: str = "") -> int:
        """A later decision that supersedes an earlier one."""
        return self.add(
            EntryType.DECISION, label, refs=refs, outcome=int(outcome), agreement=LAW, policy=BUILD,
            request=digest("request", *refs),
        )  # fmt: skip

    def release(self, refs: tuple[int, ...], label: str = "", record: str = "") -> int:
        """One package leaves; about a record in version 2, else in version 1."""
        package = digest("package", *refs) + digest("recipients") + digest("rest")[:16]
        return self.add(
            EntryType.RELEASE, label, refs=refs, package=package, request=digest("request", *refs),
            agreement=LAW, policy=BUILD, **(self.tagged(record) if record else {}),
        )  # fmt: skip

    def destroy(
        self, refs: tuple[int, ...], label: str = "", people: tuple[str, str] = ("ann", "bob")
    ) -> int:
        """Two custodians order that the keys of these releases be destroyed."""
        tags = tuple(digest("tag", each) for each in people)
        return self.add(EntryType.DESTROY_INTENT, label, refs=refs, approvals=tags)

    def tagged(self, record: str, delay: str | None = None) -> dict[str, object]:
        """The keys of version 2, and the nonce that the tags are made under."""
        nonce, chance = digest("nonce", len(self.entries))[:16], digest("chance", len(self.entries))[:16]
        tags = tags_of(EPOCH, record, delay, nonce, chance)
        bucket = bucket_of(date(2025, 12, 1))
        return {"nonce": nonce, "tag_open": tags.open, "tag_sealed": tags.sealed, "bucket": bucket}

    def encoded(self) -> list[bytes]:
        """The bytes of every entry."""
        return [encode(each) for each in self.entries]


def full_history() -> Script:
    """A history in which every kind of event happens once or more, as it should."""
    script = Script()
    script.add(EntryType.GENESIS)
    script.add(EntryType.KEYSET)
    script.add(EntryType.POLICY, policy=BUILD, agreement=LAW)
    decided = script.batch("first", "pfrtwrp")
    at = script.at
    request = at["first-request"]
    for label in ("first-r0", "first-r1"):
        script.add(EntryType.REFERRAL, refs=(at[label],))
    votes = [script.approve(at["first-r0"], each, f"vote-{each}", Vote.CONFIRM) for each in ("ann", "bob")]
    script.decide_again((request, at["first-r0"], *votes), OutcomeClass.RELEASABLE, "reviewed")
    decline = script.approve(at["first-r1"], "ann", "vote-decline", Vote.DECLINE)
    script.decide_again((request, at["first-r1"], decline), OutcomeClass.WITHHELD, "declined")
    pair = tuple(script.approve(decided, each, f"approval-{each}") for each in ("ann", "bob"))
    script.release((at["first-p0"], *pair, request), "release")
    script.release((at["reviewed"], *pair, request), "release-reviewed", "record-1")
    script.add(EntryType.SHOWING, refs=(at["first-w0"],))
    script.add(EntryType.OPEN, "open", refs=(at["release"],))
    script.add(EntryType.RECALL, "recall", refs=(at["release-reviewed"],))
    script.add(EntryType.OPEN_REFUSED, refs=(at["release-reviewed"],))
    script.add(EntryType.DUPLICATE, refs=(request,))
    script.add(EntryType.ARRIVAL, "refused-arrival")
    kept = script.add(EntryType.PRESERVATION, "preservation", refs=(0, request))
    lift = script.add(EntryType.PRESERVATION_LIFT, refs=(kept,))
    for each in ("ann", "bob"):
        script.approve(lift, each)
    script.wait(24)
    intent = script.destroy((at["release"],), "intent")
    deleting = script.add(EntryType.DELETING, "deleting", refs=(intent,))
    script.add(EntryType.DESTROY_CERT, refs=(deleting,))
    second = script.batch("second", "pw")
    for each in ("ann", "bob"):
        script.sample(second, each, Sampling.DRAWN)
        script.sample(second, each, Sampling.PASSED, "passed")
        script.approve(second, each, f"second-{each}")
    script.add(EntryType.INQUIRY)
    script.add(EntryType.EXPORT, outcome=Handed.MADE)
    script.add(EntryType.DEGRADED, approvals=(digest("tag", "ann"), digest("tag", "bob")))
    for kind in (
        EntryType.ANCHOR, EntryType.STAY, EntryType.NOTICE, EntryType.SAFEGUARD
    ):  # fmt: skip
        script.add(kind)
    script.sign(EntryType.OBJECTION, second, "counsel", "objection")
    script.batch("contested", "tt")
    request = at["contested-request"]
    contest = script.contest(at["contested-t0"], Answer.ADMITTED, "contest")
    again = script.decide_again((request, at["contested-t0"], contest), OutcomeClass.REFERRED, "reopened")
    votes = [script.approve(again, each, f"again-{each}", Vote.CONFIRM) for each in ("ann", "bob")]
    script.decide_again((request, again, *votes), OutcomeClass.RELEASABLE, "reconsidered")
    script.contest(at["contested-t1"], Answer.STANDS, "stands")
    script.sign(EntryType.ANSWER, at["objection"], "deputy", "answer")
    script.sample(second, "carl", Sampling.DRAWN, "drawn")
    script.sample(second, "carl", Sampling.FAILED, "failed")
    script.sign(EntryType.ANSWER, at["failed"], "deputy", "answered")
    incident = script.add(EntryType.INCIDENT, "incident", outcome=Stage.OPENED)
    for stage in (Stage.REPORTED, Stage.CLOSED):
        script.add(EntryType.INCIDENT, refs=(incident,), outcome=stage)
    script.add(EntryType.REPLAY, "replay", refs=(decided, at["first-w0"]), outcome=(6, 1, 0))
    line = script.error(at["release"], "error")
    script.error(at["first-w0"])
    script.error(line, "corrected")
    task = script.add(EntryType.TASK, "task", refs=(at["release"],), outcome=Stage.OPENED)
    script.add(EntryType.TASK, refs=(task,), outcome=Stage.DECLINED)
    script.add(EntryType.CLOCK, "clock", refs=(task,))
    passkey = script.add(EntryType.ACCESS, "passkey", outcome=Access.VOUCHED)
    signed_in = script.add(EntryType.SIGN_IN, refs=(passkey,))
    script.add(EntryType.SIGN_IN, "sign-out", refs=(signed_in,), outcome=SignIn.ENDED)
    script.add(EntryType.ACCESS, "passkey-ended", refs=(passkey,), outcome=Access.ENDED)
    script.add(EntryType.SIGN_IN, "sign-in-by-provider", outcome=SignIn.PROVIDER)
    script.sign(EntryType.LIFT, script.add(EntryType.STAY), "ann", "lift")
    script.add(EntryType.NOTICE, "sample", refs=(second,))
    script.sign(EntryType.ACCEPTANCE, None, "officer")
    told = script.add(EntryType.CORRECTION, "correction", refs=(at["release"], at["release-reviewed"]))
    script.sign(EntryType.DUTY, told, "officer")
    script.sign(EntryType.DUTY, at["release"], "officer", "verified")
    script.sign(EntryType.OUTCOME, at["release"], "officer", "outcome")
    script.sign(EntryType.CERTIFICATE, at["release"], "officer", "attested")
    return script
