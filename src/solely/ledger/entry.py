"""The ledger entry: a deterministic CBOR map that counts and links, and names nobody (R-55, R-57).

- The format is `docs/formats/entry.md`; version 1 writes keys 1-8, 11-13 and 15-18, version 2, in which
  releases are written, adds the subject tags 9 and 10 and the retention bucket 14.
- Nothing in an entry comes from an identifier without a secret key.
- Keys that a type must have are checked when writing too: a build that writes narrower entries fails at
  once, not at the overseer's (R-104).
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple, cast

from solely.errors import VerificationFailed
from solely.ledger import cbor

VERSION = 1
VERSION_TAGGED = 2  # of a release
ENTRY_BYTES_MAX = 65_535
LOG_BYTES_MAX = 16_384  # of key 18


class _Worded(IntEnum):
    """Numbers of the format that people know by a word."""

    @property
    def word(self) -> str:
        """What the format and the reports write, such as `open-refused`."""
        return self.name.lower().replace("_", "-")


class EntryType(_Worded):
    """What happened; counts by type are public on purpose."""

    GENESIS = 1
    KEYSET = 2
    REQUEST = 3
    DECISION = 4
    RELEASE = 5
    OPEN = 6
    OPEN_REFUSED = 7
    RECALL = 8
    PRESERVATION = 9
    PRESERVATION_LIFT = 10
    DESTROY_INTENT = 11
    DELETING = 12
    DESTROY_CERT = 13
    INQUIRY = 14
    EXPORT = 15
    POLICY = 16
    DEGRADED = 17
    ANCHOR = 18
    CLOSED = 19
    ARRIVAL = 20
    APPROVAL = 21
    STAY = 22
    NOTICE = 23
    SAFEGUARD = 24
    REFERRAL = 25
    SHOWING = 26
    OBJECTION = 27
    DUPLICATE = 28
    DECIDED = 29
    CONTEST = 30
    LIFT = 31
    INCIDENT = 32
    ERROR = 33
    TASK = 34
    CERTIFICATE = 35
    ACCEPTANCE = 36
    DUTY = 37
    CORRECTION = 38
    OUTCOME = 39
    REPLAY = 40
    CLOCK = 41
    ANSWER = 42
    ACCESS = 43
    SIGN_IN = 44
    SAMPLING = 45


class OutcomeClass(IntEnum):
    """The class of a decision (key 11); released is a state that a release entry shows."""

    REFUSED = 1
    RETURNED = 2
    REFERRED = 3
    WITHHELD = 4
    RELEASABLE = 5
    RELEASED = 6


class Vote(IntEnum):
    """The class (key 11) of an approval that answers a referred decision."""

    CONFIRM = 1
    DECLINE = 2


class Answer(IntEnum):
    """The class (key 11) of a contest: whether it reopens the item, or what stands behind the return."""

    ADMITTED = 1
    STANDS = 2


class Handed(IntEnum):
    """The class (key 11) of an export: made, or denied because it asked beyond its scope."""

    MADE = 1
    DENIED = 2


class Access(IntEnum):
    """The class (key 11) of an access: a passkey that an enrolled key vouched for, or its end."""

    VOUCHED = 1
    ENDED = 2


class SignIn(IntEnum):
    """The class (key 11) of a sign-in that names no passkey, and of the end of one."""

    PROVIDER = 2  # an identity provider said who is there
    ENDED = 3


class Showing(IntEnum):
    """The class (key 11) of a showing that was none: another officer has the item."""

    DENIED = 2


class Refused(IntEnum):
    """The class (key 11) of what was denied of a release and is no opening: an officer's signature."""

    SIGNATURE = 2


class Sampling(IntEnum):
    """The class (key 11) of an approver's sample of a batch: drawn, and whether every answer was right."""

    DRAWN = 1
    PASSED = 2
    FAILED = 3


class Stage(IntEnum):
    """The class (key 11) of an incident or a task: opened, a step of it, and how it ended."""

    OPENED = 1
    REPORTED = 2
    CLOSED = 3
    DECLINED = 4


class Severity(_Worded):
    """The first number of an error (key 11), as the register counts them (R-102)."""

    NEAR_MISS = 1
    RECORDABLE = 2
    REPORTABLE = 3
    SERIOUS = 4


class Party(_Worded):
    """The second number of an error: on whose side it arose."""

    REQUESTER = 1
    CUSTODIAN = 2
    MATCHER = 3
    SOURCE = 4


class Cause(_Worded):
    """The third number of an error: what went wrong."""

    WRONG_IDENTIFIER = 1
    WRONG_PERSON = 2
    ADDRESS_INSUFFICIENT = 3
    ADDRESS_NOT_OF_RECORD = 4
    RULE_NOT_APPLIED = 5
    NOT_REPEATABLE = 6
    BEYOND_SCOPE = 7
    LATE = 8


class Entry(NamedTuple):
    """One event; field by field the keys of `docs/formats/entry.md`, None or empty where absent.

    `outcome` is key 11: a class, or for `decided` the six counts received, releasable, withheld,
    referred, returned, refused, for `error` severity, party and cause, for `replay` how many decisions came
    out alike, otherwise, and could not be made again. `approvals` is key 17: digest of the
    signature, tag of who signed. `log` is key 18: of a genesis the last checkpoint of the log before, of
    `closed` the name of the log that follows. The three before it are those of version 2.
    """

    type: EntryType
    time: int
    nonce: bytes
    body: bytes
    agreement: bytes | None = None
    request: bytes | None = None
    refs: tuple[int, ...] = ()
    outcome: int | tuple[int, ...] | None = None
    policy: bytes | None = None
    package: bytes | None = None
    job: bytes | None = None
    ordinal: int | None = None
    approvals: tuple[bytes, ...] = ()
    tag_open: bytes | None = None
    tag_sealed: bytes | None = None
    bucket: int | None = None
    log: bytes | None = None


# Key of the map -> field; 1 is the version.
_KEYS = {
    2: "type", 3: "time", 4: "agreement", 5: "request", 6: "refs", 7: "body", 8: "nonce", 11: "outcome",
    12: "policy", 13: "package", 15: "job", 16: "ordinal", 17: "approvals",
    9: "tag_open", 10: "tag_sealed", 14: "bucket", 18: "log",
}  # fmt: skip
_IN_ORDER = [key for name in Entry._fields for key, named in _KEYS.items() if named == name]
_LENGTHS = {4: 32, 5: 32, 7: 32, 8: 16, 9: 16, 10: 16, 12: 32, 13: 80, 15: 16}
_INTEGERS = (2, 3, 14, 16)
_TAGGED = frozenset((9, 10, 14))  # the keys of version 2: all three, or none in version 1
_ALWAYS = frozenset((2, 3, 7, 8))
_IN_FORCE = (4, 12)  # the law and the build under which something was decided
_ONLY_IN = {13: (EntryType.RELEASE,), 18: (EntryType.GENESIS, EntryType.CLOSED)}

_REQUIRED = {
    EntryType.REQUEST: (*_IN_FORCE, 6),
    EntryType.DECISION: (*_IN_FORCE, 5, 6, 11),
    EntryType.DECIDED: (*_IN_FORCE, 6, 11),
    EntryType.APPROVAL: (6, 17),
    EntryType.RELEASE: (*_IN_FORCE, 5, 6, 13),
    EntryType.OPEN: (6,),
    EntryType.OPEN_REFUSED: (6,),
    EntryType.RECALL: (6,),
    EntryType.REFERRAL: (6,),
    EntryType.DUPLICATE: (6,),
    EntryType.SHOWING: (6,),
    EntryType.PRESERVATION_LIFT: (6,),
    EntryType.DESTROY_INTENT: (6, 17),
    EntryType.DELETING: (6,),
    EntryType.DESTROY_CERT: (6,),
    EntryType.POLICY: (12,),
    EntryType.CONTEST: (6, 11, 17),
    EntryType.EXPORT: (11,),
    EntryType.OBJECTION: (6, 17),
    EntryType.ANSWER: (6, 17),
    EntryType.INCIDENT: (11,),
    EntryType.ERROR: (6, 11),
    EntryType.TASK: (6, 11),
    EntryType.REPLAY: (11,),
    EntryType.CLOCK: (6,),
    EntryType.LIFT: (6,),
    EntryType.CERTIFICATE: (6, 17),
    EntryType.ACCEPTANCE: (17,),
    EntryType.DUTY: (6, 17),
    EntryType.CORRECTION: (6,),
    EntryType.OUTCOME: (6, 17),
    EntryType.ACCESS: (11,),
    EntryType.SAMPLING: (6, 11, 17),
}


_OUTCOMES = {
    EntryType.DECISION: range(1, 6),
    EntryType.APPROVAL: (None, *Vote),
    EntryType.RELEASE: (None, OutcomeClass.RELEASED),
    EntryType.CONTEST: tuple(Answer),
    EntryType.EXPORT: tuple(Handed),
    EntryType.ACCESS: tuple(Access),
    EntryType.SIGN_IN: (None, *SignIn),
    EntryType.SHOWING: (None, Showing.DENIED),
    EntryType.OPEN_REFUSED: (None, Refused.SIGNATURE),
    EntryType.SAMPLING: tuple(Sampling),
    EntryType.INCIDENT: (Stage.OPENED, Stage.REPORTED, Stage.CLOSED),
    EntryType.TASK: (Stage.OPENED, Stage.CLOSED, Stage.DECLINED),
}
_COUNTS = {EntryType.DECIDED: 6, EntryType.REPLAY: 3}  # types whose key 11 is so many counts


def find_defect(fields: Mapping[int, object]) -> str | None:
    """What is wrong with the keys of an entry, or None; `fields` are those present, without the version."""
    for key, value in fields.items():
        if key not in _KEYS:
            return f"key {key} is not of this format"
        if not _is_well_formed(key, value):
            return f"key {key} has the wrong form"
    if not fields.keys() >= _ALWAYS:
        return "one of the keys 2, 3, 7, 8 is missing"
    try:
        kind = EntryType(cast(int, fields[2]))
    except ValueError:
        return "its type is not in the table"
    missing = [key for key in _REQUIRED.get(kind, ()) if key not in fields]
    if missing:
        return f"`{kind.word}` lacks key {missing[0]}"
    return _together_defect(kind, fields) or _outcome_defect(kind, fields.get(11))


def _together_defect(kind: EntryType, fields: Mapping[int, object]) -> str | None:
    if (15 in fields) != (16 in fields):
        return "keys 15 and 16 stand together"
    tagged = _TAGGED & fields.keys()
    if tagged and (kind is not EntryType.RELEASE or tagged != _TAGGED):
        return "keys 9, 10 and 14 stand together, in a `release`"
    astray = [key for key, kinds in _ONLY_IN.items() if key in fields and kind not in kinds]
    if astray:
        return f"`{kind.word}` has no key {astray[0]}"
    if kind is EntryType.SIGN_IN and (6 in fields) == (fields.get(11) == SignIn.PROVIDER):
        return "`sign-in` has key 6, or class 2 and no key 6"
    return None


def _outcome_defect(kind: EntryType, outcome: object) -> str | None:
    if kind in _COUNTS:
        is_whole = isinstance(outcome, list | tuple) and len(outcome) == _COUNTS[kind]
        return None if is_whole else f"key 11 is {_COUNTS[kind]} counts"
    if kind is EntryType.ERROR:
        return None if _is_error(outcome) else "key 11 is severity, party and cause"
    return None if outcome in _OUTCOMES.get(kind, (None,)) else "key 11 holds no class of this type"


def _is_error(outcome: object) -> bool:
    if not isinstance(outcome, list | tuple) or len(outcome) != 3:
        return False
    return all(
        number in tuple(words) for number, words in zip(outcome, (Severity, Party, Cause), strict=True)
    )


def _is_integers(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(each, int) for each in value)


def _is_well_formed(key: int, value: object) -> bool:
    if key in _LENGTHS:
        return isinstance(value, bytes) and len(value) == _LENGTHS[key]
    if key in _INTEGERS:
        return isinstance(value, int)
    if key == 18:
        return isinstance(value, bytes) and 0 < len(value) <= LOG_BYTES_MAX
    if key == 6:
        return _is_integers(value)
    if key == 11:
        return isinstance(value, int) or _is_integers(value)
    digests = value if isinstance(value, list | tuple) else ()  # key 17
    return len(digests) == 2 and all(isinstance(each, bytes) and len(each) == 32 for each in digests)


def encode(entry: Entry) -> bytes:
    """The entry's one encoding; a wrong or missing key is a fault of ours."""
    present = {
        key: each for key, each in zip(_IN_ORDER, entry, strict=True) if each is not None and each != ()
    }
    defect = find_defect(present)
    assert defect is None, f"an entry is written as the format says: {defect}"
    return cbor.encode({1: VERSION if entry.tag_open is None else VERSION_TAGGED, **present})


def decode(data: bytes) -> Entry:
    """The entry whose one encoding is `data`; raises VerificationFailed for anything else."""
    fields = cbor.decode(data)
    version = fields.pop(1, None) if isinstance(fields, dict) else None
    if not isinstance(fields, dict) or version not in (VERSION, VERSION_TAGGED):
        raise VerificationFailed(f"an entry is a map of version {VERSION} or {VERSION_TAGGED}")
    defect = find_defect(fields)
    if defect is None and (version == VERSION_TAGGED) != (9 in fields):
        defect = "the keys of version 2 stand in version 2, and all of them"
    if defect is not None:
        raise VerificationFailed(f"an entry does not follow its format: {defect}")
    words = {name: fields[key] for key, name in _KEYS.items() if key in fields}
    words = {name: tuple(word) if isinstance(word, list) else word for name, word in words.items()}
    words["type"] = EntryType(words["type"])
    return Entry(**words)


def type_of(data: bytes) -> int:
    """The type of an encoded entry of ours, without reading the rest."""
    return data[5] if data[4] == 24 else data[4]


def time_of(data: bytes) -> int:
    """The time (milliseconds) of an encoded entry of ours, without reading the rest."""
    return _time_in(data)[0]


def refs_of(data: bytes) -> tuple[int, ...]:
    """The entries that an encoded decision or release of ours refers to, without reading the rest."""
    at = _time_in(data)[1]
    for key in (4, 5):  # two byte strings of 32 bytes, which both types must have
        if data[at : at + 3] != bytes((key, 0x58, 32)):
            raise VerificationFailed("an entry's keys do not stand where the format has them")
        at += 35
    refs = cbor.read_at(data, at + 1)[0] if data[at : at + 1] == b"\x06" else None
    if not _is_integers(refs):
        raise VerificationFailed("an entry's references do not stand where the format has them")
    return tuple(cast(list[int], refs))


def is_first_decision(data: bytes) -> bool:
    """True of an encoded decision of ours that refers to its batch's request alone: it replaces no other."""
    at = _time_in(data)[1] + 70  # behind keys 4 and 5
    return data[at : at + 2] == b"\x06\x81"


def _time_in(data: bytes) -> tuple[int, int]:
    """The time of an entry, and the place behind it."""
    at = 6 if data[4] == 24 else 5  # after map head, version, key 2 and its one- or two-byte type
    if data[at : at + 1] != b"\x03":
        raise VerificationFailed("an entry's time does not stand where the format has it")
    width = {24: 1, 25: 2, 26: 4, 27: 8}.get(data[at + 1], 0)
    end = at + 2 + width
    return (int.from_bytes(data[at + 2 : end], "big") if width else data[at + 1]), end
