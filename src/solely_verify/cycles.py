"""Life cycles: every entry leans on earlier ones of the right kind, and the counts of a batch agree.

The rules are those of `docs/formats/entry.md`, "Life cycles"; each finding names the entry it stands at.
Nothing but the entries is read: a stranger can check all of it.
"""

from array import array
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from solely_verify.afterwards import Afterwards
from solely_verify.attendance import Attendance
from solely_verify.destruction import Destruction
from solely_verify.entries import TYPES, read_unsigned
from solely_verify.once import Once
from solely_verify.recipients import Recipients
from solely_verify.references import find_stray
from solely_verify.refusal import Findings
from solely_verify.replays import Replays
from solely_verify.samples import FAILED, Samples

REFUSED, RETURNED, REFERRED, WITHHELD, RELEASABLE = 1, 2, 3, 4, 5
CONFIRM, DECLINE = 1, 2
ADMITTED = 1
_ENOUGH = 16  # bytes of a digest, by which it is known from all others
_NUMBER = {word: number for number, word in TYPES.items()}
_DECISION = _NUMBER["decision"]
_CONTENT = 1_000_000  # the retention class of what left, in a bucket
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = (253_402_300_799_999).to_bytes(8, "big")  # the last millisecond that a calendar has
_NO_LAW = "no policy before it has put its agreement in force"


class _Request:
    """What is known of one request: its job, first decisions by class, and its tally."""

    __slots__ = ("counts", "decided", "job")

    def __init__(self) -> None:
        self.job: bytes | None = None
        self.counts = [0] * 6
        self.decided: int | None = None


class Cycles:
    """Takes entries in order and adds what does not hold to the findings."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._types = bytearray()
        self._rests_on = array("q")  # of a decision and decided its request, of a release its decision, or -1
        self._classes = bytearray()
        self._times = b"\0" * 8
        self._requests: dict[int, _Request] = {}
        self._newer: dict[int, int] = {}  # decision -> the decision that supersedes it
        self._older: dict[int, int] = {}
        self._first: dict[int, int] = {}  # later decision -> the first one of its item
        self._declined: set[int] = set()  # decisions of an item whose referral a vote has ended
        self._approvals: dict[int, tuple[int, tuple[bytes, bytes], int | None]] = {}
        self._voters: dict[int, set[bytes]] = {}  # what is signed -> who has signed it
        self._contests: dict[int, tuple[int, bool]] = {}  # contest -> decision, and whether it was admitted
        self._contested: set[int] = set()  # the first decisions of the chains that were contested
        self._barred: dict[int, set[bytes]] = {}  # decision -> who voted before its chain was reopened
        self._released: set[int] = set()
        self._left: dict[bytes, int] = {}  # beginning of a package's digest or request's name -> its release
        self._recalled: set[int] = set()
        self._is_tagged = False  # a release of version 2 was seen
        self._laws: set[bytes] = set()  # agreements that a policy put in force
        self._nonces, self._tags, self._jobs = Once(), Once(), Once()
        self._used_arrivals: set[int] = set()
        self._signed: dict[int, bytes] = {}  # objection -> tag of who objects
        self._objections: dict[int, deque[int]] = {}  # decided or first decision -> objections, as they came
        self._answered: set[int] = set()
        self._afterwards = Afterwards()
        self._replays = Replays(self._decided_in)
        self._recipients = Recipients()
        self._attendance = Attendance()
        self._samples = Samples()
        self._destruction = Destruction(lambda release: self._rests_on[self._rests_on[release]])
        self._orders: set[int] = set()  # notices that are orders
        self._drawn: dict[tuple[int, bytes | None], int] = {}  # decided and job of a notice -> the notice
        self._closed: int | None = None
        self._special: dict[str, Callable[[int, dict[int, Any]], str | None]] = {
            "request": self._request, "decision": self._decision, "decided": self._decided,
            "approval": self._approval, "release": self._release, "open": self._open, "recall": self._recall,
            "contest": self._contest, "objection": self._objection, "answer": self._answer,
            "notice": self._notice, "lift": self._lift,
            "preservation": self._kept, "preservation-lift": self._kept,
            "destroy-intent": self._kept, "deleting": self._kept, "destroy-cert": self._kept,
            "certificate": self._recipient, "duty": self._recipient, "outcome": self._recipient,
            "keyset": self._custody, "closed": self._custody, "degraded": self._custody,
            "referral": self._referral, "clock": self._clock, "sampling": self._sampling,
            "incident": self._later, "task": self._later, "error": self._later,
            "replay": self._replay, "access": self._access, "sign-in": self._sign_in,
        }  # fmt: skip

    # -- taking entries -------------------------------------------------------------------------------

    def take_decision(
        self, index: int, found: tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes]
    ) -> None:
        """Take a first decision in its common form (the groups of `entries.DECISION`)."""
        time, law, request_at, nonce, outcome, job, ordinal = found
        self._note(index, time, _DECISION)
        self._nonces.take(nonce, index)
        request = read_unsigned(request_at)
        self._rests_on.append(request if request < index else -1)
        self._classes.append(outcome[0])
        line = self._first_decision(request, outcome[0], job, read_unsigned(ordinal))
        if line or law not in self._laws:
            line = line or _NO_LAW
            self._findings.add(f"entry {index}: {line}")

    def take(self, index: int, entry: dict[int, Any]) -> None:
        """Take any entry."""
        self._note(index, entry[3].to_bytes(8, "big"), entry[2])
        self._nonces.take(entry[8], index)
        refs = entry.get(6, [])
        word = TYPES[entry[2]]
        line = next((f"it refers to entry {ref}, which is not earlier" for ref in refs if ref >= index), None)
        is_decision = entry[2] == _DECISION
        rests = is_decision or (word == "decided" and refs) or (word == "release" and len(refs) > 3)
        self._rests_on.append(-1 if line or not rests else refs[0])
        self._classes.append(entry[11] if is_decision else 0)
        line = line or find_stray(word, refs, self._word_at)
        if 15 in entry and not (is_decision and len(refs) == 1):
            self._jobs.take(entry[15], index)
            line = line or (f"`{word}` is no first decision, and its ordinal is not 0" if entry[16] else None)
        if not line and word in self._special:
            line = self._special[word](index, entry)
        line = line or self._in_force(word, entry)
        if line:
            self._findings.add(f"entry {index}: {line}")

    def skip(self, index: int) -> None:
        """Keep the place of an entry that cannot be read, so that later references still find theirs."""
        self._types.append(0)
        self._rests_on.append(-1)
        self._classes.append(0)

    def _note(self, index: int, time: bytes, kind: int) -> None:
        if time < self._times:
            self._findings.add(f"entry {index}: its time is before that of the entry before it")
        self._times = time
        if self._closed is not None:
            self._findings.add(f"entry {index}: the log was closed by entry {self._closed}")
        if (kind == _NUMBER["genesis"]) != (index == 0):
            self._findings.add(f"entry {index}: the first entry, and no other, is `genesis`")
        if kind == _NUMBER["closed"]:
            self._closed = index
        self._types.append(kind)

    def _word_at(self, index: int) -> str:
        return TYPES.get(self._types[index], "")

    def _not_a(self, ref: int, expected: str) -> str | None:
        if self._types[ref] == _NUMBER[expected]:
            return None
        return f"entry {ref}, to which it refers, is no `{expected}`"

    def _in_force(self, word: str, entry: dict[int, Any]) -> str | None:
        if word == "policy" and 4 in entry:
            self._laws.add(entry[4])
        return None if 4 not in entry or entry[4] in self._laws else _NO_LAW

    # -- one rule each --------------------------------------------------------------------------------

    def _request(self, index: int, entry: dict[int, Any]) -> str | None:
        arrival = entry[6][0]
        if arrival in self._used_arrivals:
            return f"the arrival, entry {arrival}, already has a request"
        self._used_arrivals.add(arrival)
        self._requests[index] = _Request()
        return None

    def _first_decision(self, ref: int, outcome: int, job: bytes | None, ordinal: int | None) -> str | None:
        request = self._requests.get(ref)
        if request is None:
            return f"entry {ref}, to which it refers, is no `request`"
        if request.decided is not None:
            return f"the batch was already decided in entry {request.decided}"
        expected = sum(request.counts)
        request.counts[outcome] += 1
        if request.job is None and job is not None:
            request.job = job
            self._jobs.take(job, len(self._types) - 1)
        if job is None or job != request.job:
            return "its job is not that of the batch"
        if ordinal != expected:
            return f"its ordinal is not {expected}, the number of decisions before it"
        return None

    def _decision(self, index: int, entry: dict[int, Any]) -> str | None:
        refs = entry[6]
        if len(refs) == 1:
            return self._first_decision(refs[0], entry[11], entry.get(15), entry.get(16))
        request, earlier, *votes = refs
        contests = [each for each in votes if each in self._contests]
        if contests:
            return self._reopening(index, entry, contests)
        line = self._not_a(earlier, "decision") or next(
            (self._not_a(vote, "approval") for vote in votes if self._not_a(vote, "approval")), None
        )
        return line or self._supersede(index, earlier, request) or self._transition(entry, earlier, votes)

    def _supersede(self, index: int, earlier: int, request: int) -> str | None:
        if self._rests_on[earlier] != request:
            return "it supersedes a decision of another request"
        if earlier in self._newer:
            return f"entry {earlier} was already superseded by entry {self._newer[earlier]}"
        if self._first_of(earlier) in self._released:
            return "it supersedes a decision by which an item was released"
        self._newer[earlier] = index
        self._older[index] = earlier
        self._first[index] = self._first_of(earlier)
        if earlier in self._declined:
            self._declined.add(index)
        if earlier in self._barred:
            self._barred[index] = self._barred[earlier]
        return None

    def _transition(self, entry: dict[int, Any], earlier: int, votes: list[int]) -> str | None:
        old, new = self._classes[earlier], entry[11]
        cast = [self._approvals[vote] for vote in votes if vote in self._approvals]
        if any(target != earlier for target, _, _ in cast) or len(cast) != len(votes):
            return "a vote that it names is not about the decision that it supersedes"
        confirming = {digests[1] for _, digests, outcome in cast if outcome == CONFIRM}
        if new == RELEASABLE and (old != REFERRED or len(confirming) < 2):
            return "it becomes releasable without a referral and two different reviewers who confirm"
        if new == RELEASABLE and earlier in self._declined:
            return "it becomes releasable although a reviewer has declined, which ends a referral"
        is_eased = old in (REFUSED, WITHHELD) and new not in (REFUSED, WITHHELD)
        if is_eased or (old == RETURNED and new == REFERRED):
            return "it reopens what was already decided against release"
        return None

    def _first_of(self, decision: int) -> int:
        return self._first.get(decision, decision)

    def _chain(self, decision: int) -> list[int]:
        """A decision and those that it superseded, the first decision last."""
        found = [decision]
        while found[-1] in self._older:
            found.append(self._older[found[-1]])
        return found

    def _contest(self, index: int, entry: dict[int, Any]) -> str | None:
        decision = entry[6][0]
        if self._classes[decision] != RETURNED or decision in self._newer:
            return f"entry {decision} is not a decision in force that returned an item"
        first = self._first_of(decision)
        if first in self._contested:
            return f"the item of entry {first} was already contested"
        self._contested.add(first)
        self._contests[index] = (decision, entry[11] == ADMITTED)
        return None

    def _reopening(self, index: int, entry: dict[int, Any], contests: list[int]) -> str | None:
        """A returned item goes to other people on one admitted contest of that very decision."""
        request, earlier, *others = entry[6]
        if len(others) != 1 or self._contests[contests[0]] != (earlier, True):
            return "it rests on no single admitted contest of the decision that it supersedes"
        if entry[11] != REFERRED:
            return "a contest leads to a referral and to nothing else"
        line = self._supersede(index, earlier, request)
        if line:
            return line
        self._declined.discard(index)
        self._barred[index] = set().union(*(self._voters.get(each, set()) for each in self._chain(earlier)))
        return None

    def _decided(self, index: int, entry: dict[int, Any]) -> str | None:
        request = self._requests.get(entry[6][0])
        if request is None or request.decided is not None:
            return "the request was already decided"
        request.decided = index
        received, releasable, withheld, referred, returned, refused = entry[11]
        counted = request.counts
        shown = (refused, returned, referred, withheld, releasable)
        if shown != tuple(counted[1:]) or received != sum(counted):
            return f"its tally does not equal the {sum(counted)} decisions of the request"
        return None

    def _approval(self, index: int, entry: dict[int, Any]) -> str | None:
        target = entry[6][0]
        is_vote = self._types[target] == _DECISION
        if is_vote != (11 in entry):
            return "a vote on a decision says confirm or decline, an approval of a batch neither"
        if is_vote and (self._classes[target] != REFERRED or target in self._newer):
            return f"entry {target} is not a decision in force that refers an item"
        digests = (entry[17][0], entry[17][1])
        self._approvals[index] = (target, digests, entry.get(11))
        if digests[1] in self._barred.get(target, ()):
            return f"who voted before the contest votes on entry {target}"
        voters = self._voters.setdefault(target, set())
        if digests[1] in voters:
            return f"the same person already answered entry {target}"
        voters.add(digests[1])
        if len(voters) == 2:
            self._destruction.sign(target, entry[3])
        if entry.get(11) == DECLINE:
            self._declined.add(target)
        return self._samples.approve(target, digests[1])

    def _release(self, index: int, entry: dict[int, Any]) -> str | None:
        refs = entry[6]
        kinds = [TYPES.get(self._types[ref]) for ref in refs]
        if kinds[:4] != ["decision", "approval", "approval", "request"] or set(kinds[4:]) - {"approval"}:
            return "`release` refers to a decision, two approvals and a request"
        decision, request = refs[0], refs[3]
        if self._rests_on[decision] != request:
            return "its decision belongs to another request"
        if self._classes[decision] != RELEASABLE or decision in self._newer:
            return f"entry {decision} is not a decision in force that makes it releasable"
        line = self._approved(request, refs[1:3] + refs[4:])
        if line:
            return line
        first = self._first_of(decision)
        if first in self._released:
            return f"the item of entry {first} was already released"
        line = self._objected(request, first) or self._left_before(index, entry)
        if line:
            return line
        self._released.add(first)
        return self._tagged(index, entry)

    def _tagged(self, index: int, entry: dict[int, Any]) -> str | None:
        if self._is_tagged and 9 not in entry:
            return "a release of version 1 after one of version 2"
        self._is_tagged = 9 in entry
        if not self._is_tagged:
            return None
        for key in (9, 10):
            self._tags.take(entry[key], index)
        is_of_its_month = entry[14] == _bucket(entry[3])
        return None if is_of_its_month else "its bucket is not content of the month of its time"

    def _left_before(self, index: int, entry: dict[int, Any]) -> str | None:
        for what, name in (("package", entry[13]), ("request", entry[5])):
            earlier = self._left.setdefault(what.encode() + name[:_ENOUGH], index)
            if earlier != index:
                return f"its {what} is that of the release, entry {earlier}"
        return None

    def _approved(self, request: int, approvals: list[int]) -> str | None:
        known = self._requests.get(request)
        tally = known.decided if known else None
        cast = [self._approvals[each] for each in approvals if each in self._approvals]
        if tally is None or len(cast) < len(approvals) or any(target != tally for target, _, _ in cast):
            return "one of its approvals is not of this request's tally"
        if any(self._samples.is_void(tally, each) for each in approvals):
            return "one of its approvals was signed before a sample of the batch was drawn or failed"
        signatures, people = ({digests[at] for _, digests, _ in cast} for at in (0, 1))
        if len(signatures) == len(people) == len(approvals):
            return None
        return "two of its approvals are of one person"

    def _open(self, index: int, entry: dict[int, Any]) -> str | None:
        release = entry[6][0]
        if self._destruction.is_ordered(release):
            return f"the destruction of the key of the release, entry {release}, was ordered before"
        if release in self._recalled:
            return f"the release, entry {release}, was recalled"
        decision = self._rests_on[release]
        line = self._objected(self._rests_on[decision], self._first_of(decision))
        return line or self._recipients.take("open", release)

    def _recipient(self, index: int, entry: dict[int, Any]) -> str | None:
        target = entry[6][0]
        is_release = self._word_at(target) == "release"
        return self._recipients.take(TYPES[entry[2]], target) if is_release else None

    def _referral(self, index: int, entry: dict[int, Any]) -> str | None:
        decision = entry[6][0]
        return None if self._classes[decision] == REFERRED else f"entry {decision} refers no item"

    def _notice(self, index: int, entry: dict[int, Any]) -> str | None:
        refs = entry.get(6, [])
        if not refs:
            self._orders.add(index)
        elif self._word_at(refs[0]) == "decided":
            first = self._drawn.setdefault((refs[0], entry.get(15)), index)
            if first != index:
                return f"entry {first} is the same draw, or shows the same, of the batch"
        return self._not_an_order(refs)

    def _lift(self, index: int, entry: dict[int, Any]) -> str | None:
        return self._not_an_order(entry[6])

    def _not_an_order(self, refs: list[int]) -> str | None:
        strays = [ref for ref in refs if self._word_at(ref) == "notice" and ref not in self._orders]
        return f"the notice, entry {strays[0]}, is no order" if strays else None

    def _custody(self, index: int, entry: dict[int, Any]) -> str | None:
        tags, word = entry.get(17, []), TYPES[entry[2]]
        if not tags:
            return None if word == "keyset" else f"`{word}` shows no two custodians"
        return "its two custodians are one person" if tags[0] == tags[1] else None

    def _clock(self, index: int, entry: dict[int, Any]) -> str | None:
        return None if len(entry[6]) == 1 else "`clock` refers to the one entry whose time it doubts"

    def _access(self, index: int, entry: dict[int, Any]) -> str | None:
        return self._attendance.take_access(index, entry[11], entry.get(6, []))

    def _sign_in(self, index: int, entry: dict[int, Any]) -> str | None:
        return self._attendance.take_sign_in(index, entry.get(11), entry.get(6, []))

    def _recall(self, index: int, entry: dict[int, Any]) -> str | None:
        self._recalled.update(entry[6])
        return None

    # -- after the decision: objections, and what follows from a mistake ------------------------------

    def _objection(self, index: int, entry: dict[int, Any]) -> str | None:
        target = entry[6][0]
        self._objections.setdefault(self._first_of(target), deque()).append(index)
        self._signed[index] = entry[17][1]
        return None

    def _sampling(self, index: int, entry: dict[int, Any]) -> str | None:
        decided, tag = entry[6][0], entry[17][1]
        if self._samples.voids(decided, entry[11]):
            self._voters.pop(decided, None)
        if entry[11] == FAILED:
            self._objections.setdefault(decided, deque()).append(index)
            self._signed[index] = tag
        return self._samples.take(index, decided, entry[11], tag)

    def _answer(self, index: int, entry: dict[int, Any]) -> str | None:
        objection = entry[6][0]
        if objection not in self._signed:
            return f"entry {objection} is no failed sample"
        if self._signed[objection] == entry[17][1]:
            return f"who objected in entry {objection} answers it"
        if objection in self._answered:
            return f"the objection, entry {objection}, was already answered"
        self._answered.add(objection)
        return None

    def _objected(self, request: int, first: int) -> str | None:
        """The earliest objection without an answer, to the tally or to the item of this first decision."""
        known = self._requests.get(request)
        tally = None if known is None else known.decided
        found = [each for target in (tally, first) for each in self._open_objections(target)]
        return f"the objection, entry {min(found)}, stands against it without an answer" if found else None

    def _open_objections(self, target: int | None) -> list[int]:
        """The earliest of these objections that has no answer; those before it are asked about only once."""
        waiting = deque[int]() if target is None else self._objections.get(target, deque[int]())
        while waiting and waiting[0] in self._answered:
            waiting.popleft()
        return list(waiting)[:1]

    def _kept(self, index: int, entry: dict[int, Any]) -> str | None:
        return self._destruction.take(TYPES[entry[2]], index, entry)

    def _later(self, index: int, entry: dict[int, Any]) -> str | None:
        word = TYPES[entry[2]]
        refs = [(each, TYPES.get(self._types[each], "")) for each in entry.get(6, [])]
        return self._afterwards.take(word, index, entry[11], refs)

    def _replay(self, index: int, entry: dict[int, Any]) -> str | None:
        refs = [(each, self._word_at(each)) for each in entry.get(6, [])]
        self._afterwards.replayed(refs)
        return self._replays.take(index, entry[11], refs)

    def _decided_in(self, index: int) -> tuple[int, int]:
        """Of a decided or first decision its request, and how many first decisions it has; else -1 and 0."""
        request = self._requests.get(self._rests_on[index])
        if request is None or index in self._older:
            return -1, 0
        return self._rests_on[index], sum(request.counts)

    # -- at the end -----------------------------------------------------------------------------------

    def compare(self) -> None:
        """Say what only the whole log shows: what stands twice, and replays that count too little."""
        stand_once = {"its nonce": self._nonces, "its job": self._jobs, "one of its subject tags": self._tags}
        for what, once in stand_once.items():
            for index, first in once.repeated():
                self._findings.add(f"entry {index}: {what} is that of entry {first}")
        if self._times > _LAST:
            self._findings.add(f"entry {len(self._types) - 1}: its time is after the year 9999")
        for index, number in self._replays.short():
            self._findings.add(f"entry {index}: it counts {number} decisions fewer than its batches have")

    def counts(self) -> dict[str, int]:
        """The number of entries by type."""
        return {word: self._types.count(number) for number, word in TYPES.items() if number in self._types}

    def degraded(self) -> int:
        """How often two custodians let releases go without their witnesses."""
        return self._types.count(_NUMBER["degraded"])

    def unregistered(self) -> int:
        """Errors that a replay found and that the register has no line about (R-102)."""
        return self._afterwards.unregistered()

    def undecided(self) -> int:
        """Requests that have no tally yet: a run that is going on, or one that was broken off."""
        return sum(request.decided is None for request in self._requests.values())


def _bucket(time: int) -> int | None:
    """The bucket of what leaves at this time; None beyond the calendar."""
    try:
        day = _BEGIN + timedelta(milliseconds=time)
    except OverflowError:
        return None
    return _CONTENT + day.year * 100 + day.month
