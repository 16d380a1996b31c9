"""What callers ask a gate for, as plain values: who calls, what for, what the call uses up; and an echo."""

from typing import NamedTuple

from solely.access.refusal import CallRefused
from solely.access.signed_request import SignedRequest
from solely.confidential import masked


class Once(NamedTuple):
    """Something that may be used once, and the instant (in milliseconds) from which it is void anyway."""

    digest: str
    until: int


class Caller(NamedTuple):
    """Who calls, by a token that holds: the name of the enrolled key, and the key that was proved."""

    holder: str
    jkt: str


class TokenAsked(NamedTuple):
    """An officer's or a requester's signed answer to a challenge."""

    challenge: str
    holder: str
    jkt: str
    signature: str
    once: tuple[Once, ...]


class EchoAsked(NamedTuple):
    """A caller who has a package and asks what it is about."""

    caller: Caller
    release_id: str
    package_sha256: str
    once: tuple[Once, ...]


@masked
class Echo(NamedTuple):
    """The own case and the requested name, and the word by which the officer's confirmation is known."""

    investigation_id: str
    requested_name: str
    confirmation: str


class KeyAsked(NamedTuple):
    """A caller who asks for a release's key; without `needs_echo` nobody has confirmed anything."""

    caller: Caller
    release_id: str
    request: SignedRequest
    needs_echo: bool
    once: tuple[Once, ...]


class ItemAsked(NamedTuple):
    """A requester who asks for one row of a batch that its office has sent."""

    caller: Caller
    batch_id: str
    row: int
    once: tuple[Once, ...]


class Refused(NamedTuple):
    """A call that failed at the door, for the ledger; release and digest as far as it has them."""

    reason: CallRefused
    release_id: str
    sha256: str
    size: int
    once: tuple[Once, ...] = ()
    what: str = "opening"  # for the alarm: opening, item, token or order


class OrderFiled(NamedTuple):
    """An order under its signature."""

    text: bytes
    signature: bytes
    once: tuple[Once, ...] = ()


CallAsked = TokenAsked | EchoAsked | KeyAsked | ItemAsked | Refused | OrderFiled
