"""Who calls: the token and the proof of one call, before the gate is asked (formats.md 3.2, 3.3)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from solely.access import proof, token
from solely.access.jose import PublicKey
from solely.access.proof import AGE_SECONDS, AHEAD_SECONDS, Call
from solely.access.refusal import Used, refuse_unless, using_up
from solely.signing import parse_public_key


class Entrance(NamedTuple):
    """What a service goes by: the public half of its token key (PEM), its address, and whether callers must
    prove their key."""

    token_key: str
    address: str
    needs_proof: bool


class Arrived(NamedTuple):
    """A call as it came: method, path, and every `Authorization` and `DPoP` header."""

    method: str
    path: str
    authorization: Sequence[str]
    proofs: Sequence[str]


class Shown(NamedTuple):
    """A caller whose token and proof hold; the proof's digest is to be used once, until an instant."""

    holder: str
    jkt: str
    proved_key: PublicKey | None
    once: Used


def caller_of(entrance: Entrance, arrived: Arrived, now: datetime) -> Shown:
    """The caller of a call; CallRefused naming the check otherwise."""
    scheme, text = _only_token(arrived)
    grant = token.in_time(_issued(entrance, text), now)
    if not entrance.needs_proof and scheme == "bearer":
        refuse_unless(not grant.jkt, "TOKEN_BOUND")
        return Shown(grant.holder, "", None, ())
    refuse_unless(scheme == "dpop" and bool(grant.jkt), "TOKEN_SCHEME")
    shown = proof_of(entrance, arrived, text, now)
    with using_up(shown.once):
        refuse_unless(shown.jkt == grant.jkt, "DPOP_KEY")
    return shown._replace(holder=grant.holder)


@lru_cache(maxsize=4096)  # the same text holds, or does not, for as long as the token key lives
def _issued(entrance: Entrance, text: str) -> token.Issued:
    return token.read_issued(text, parse_public_key(entrance.token_key.encode()), entrance.address)


def proof_of(entrance: Entrance, arrived: Arrived, text: str, now: datetime) -> Shown:
    """The key that a call proves, bound to this token (none at the call that asks for one)."""
    refuse_unless(len(arrived.proofs) == 1, "DPOP_MISSING")
    call = Call(arrived.method, entrance.address + arrived.path, text)
    proved = proof.proved(arrived.proofs[0], call, now)
    used = token.digest(f"jti {proved.jkt}", proved.jti)
    until = now + timedelta(seconds=AGE_SECONDS + 2 * AHEAD_SECONDS)
    return Shown("", proved.jkt, proved.key, ((used, until),))


def _only_token(arrived: Arrived) -> tuple[str, str]:
    refuse_unless(len(arrived.authorization) == 1, "TOKEN_MISSING")
    scheme, _, text = arrived.authorization[0].partition(" ")
    refuse_unless(bool(text.strip()), "TOKEN_MISSING")
    return scheme.lower(), text.strip()
