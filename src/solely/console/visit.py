"""What a page is handed, and what it gives back.

- `Visit.signer` is who acts. At first it only asks: the step runs up to the signature, and what would be
  signed is shown. The same form comes back with the passkey's answer, the step runs again, and signs only if
  it is about to sign exactly what was shown (R-106).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from solely.canonical import sha256_hex
from solely.console.exchange import FIELD_BYTES_MAX
from solely.console.upload import Upload
from solely.errors import NotPermitted
from solely.model import Enrolment
from solely.passkey import Assertion, Shown, Vouched, parse_voucher, require_assertion, write_signature
from solely.services import Services
from solely.signing import Signer

ANALYST, OFFICER, RECIPIENT = "requesters", "approvers", "officers"
COUNSEL, OVERSEER, ADMINISTRATOR = "counsel", "overseers", "administrators"
COURT, PARTY = "courts", "parties"
EVERYBODY: Final = frozenset(
    (ANALYST, OFFICER, RECIPIENT, COUNSEL, OVERSEER, ADMINISTRATOR, COURT, PARTY)
)  # who is signed in
TITLES: Final[Mapping[str, str]] = {
    ANALYST: "analyst of a requester",
    OFFICER: "disclosure officer",
    RECIPIENT: "recipient",
    COUNSEL: "counsel",
    OVERSEER: "overseer",
    ADMINISTRATOR: "administrator",
    COURT: "court",
    PARTY: "party to the agreement",
}


class SignatureNeeded(Exception):
    """A step has come to a signature: these are the statements that it is about."""

    def __init__(self, *statements: bytes) -> None:
        super().__init__("a signature is needed")
        self.statements = statements


@dataclass(frozen=True)
class Asking:
    """Somebody who has not been asked yet."""

    holder: str

    def sign(self, statement: bytes) -> bytes:
        """Never a signature: the visitor is shown the statement first."""
        raise SignatureNeeded(statement)

    def sign_all(self, statements: Sequence[bytes]) -> list[bytes]:
        """Never signatures: the visitor is shown all of it first, and asked once."""
        raise SignatureNeeded(*statements)


@dataclass(frozen=True)
class Answering:
    """Somebody whose passkey has answered what was shown; VerificationFailed where it has not (R-106)."""

    holder: str
    vouched: Vouched
    shown: Shown
    assertion: Assertion

    def __post_init__(self) -> None:
        """Hold the answer to the passkey before any step runs: no step writes what nobody signed."""
        require_assertion(parse_voucher(self.vouched.statement), self.shown.challenge(), self.assertion)

    def sign(self, statement: bytes) -> bytes:
        """The passkey's signature, where this is what was shown; NotPermitted otherwise."""
        if sha256_hex(statement) not in self.shown.statements:
            raise NotPermitted("what you were shown has changed since: look again, then sign")
        return write_signature(self.vouched, self.shown, self.assertion)

    def sign_all(self, statements: Sequence[bytes]) -> list[bytes]:
        """The passkey's one signature for each, where they are what was shown and nothing else was."""
        if sorted(map(sha256_hex, statements)) != sorted(self.shown.statements):
            raise NotPermitted("what you were shown has changed since: look again, then sign")
        return [self.sign(each) for each in statements]


@dataclass(frozen=True)
class Visit:
    """One request for a page by one person, or by nobody in particular.

    `render` makes a page at once, for where showing it is an entry: made, logged, sent (R-92).
    """

    services: Services
    at: datetime
    person: Enrolment | None
    signer: Signer
    render: "Callable[[Page], Rendered]"
    path: Mapping[str, str] = field(default_factory=dict)  # the variable parts of the address
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    upload: Upload | None = None  # of a route that takes files

    @property
    def who(self) -> Enrolment:
        """Who is signed in; the route admits nobody else."""
        assert self.person is not None, "the route admits only people who are signed in"
        return self.person


class Page(NamedTuple):
    """A page: its template and what it shows."""

    template: str
    words: Mapping[str, Any]
    status: int = 200


class Rendered(NamedTuple):
    """A page that is made already: exactly the bytes that are sent."""

    body: bytes
    status: int


class Elsewhere(NamedTuple):
    """On to another page, with a sentence on what was done."""

    path: str
    said: str = ""


class File(NamedTuple):
    """A file to keep."""

    name: str
    kind: str
    data: bytes


class Stream(NamedTuple):
    """A file that is made while it is sent, each part a step of its own."""

    name: str
    kind: str
    parts: Iterator[bytes]


class Later(NamedTuple):
    """An answer that takes long and needs nothing of the gate's state: made beside the thread that acts."""

    make: "Callable[[], Answer]"


Answer = Page | Rendered | Elsewhere | File | Stream | Later


class Route(NamedTuple):
    """One page or act: its address, who may ask for it, and what answers.

    `roles` are folders of the trust folder; none at all: anybody, signed in or not.
    """

    method: str
    path: str
    roles: frozenset[str]
    answer: Callable[[Visit], Answer]
    signs: str = ""  # what the visitor signs, in words for the page that asks for the signature
    takes_files: bool = False  # a form whose files are streamed into the gate
    needs_passkey: bool = False  # shows values of records, or stops something: no provider's word opens it
    field_max: int = FIELD_BYTES_MAX  # bytes of a field, in a form without files
