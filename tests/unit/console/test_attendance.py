"""What waits at the console waits by whose it is: nobody's flood takes another's."""

import hashlib
from dataclasses import replace

import pytest
from webauthn.helpers import encode_cbor

from solely.access import jose
from solely.console import attendance
from solely.console.attendance import Once, Registrar
from solely.errors import NotPermitted, UsageError
from tests.support.authenticator import Authenticator

ADDRESS = "http://localhost:8700"
FLOOD = 1500


@pytest.mark.rule("R-103")
def test_who_asks_without_end_takes_nobody_elses_turn() -> None:
    kept: Once[int] = Once()
    kept.keep("the court", "its stay", 1)
    for number in range(FLOOD):
        kept.keep("an analyst", f"ask {number}", number)
    assert kept.take("its stay") == 1
    assert kept.find("ask 0") is None
    assert kept.find(f"ask {FLOOD - 1}") == FLOOD - 1


@pytest.mark.rule("R-103")
def test_a_flood_of_challenges_takes_none_away(monkeypatch) -> None:
    registrar = Registrar("http://localhost:8700")
    own = registrar.challenge()
    for _ in range(FLOOD):
        registrar.challenge()
    registrar.require_given(own)
    registrar.use("a passkey", own)
    for wrong in (own, bytes(32), own[:-1], Registrar("http://localhost:8700").challenge()):
        with pytest.raises(NotPermitted, match="sign in again"):
            registrar.require_given(wrong)
    late = registrar.challenge()
    now = attendance.time.monotonic()
    monkeypatch.setattr(attendance.time, "monotonic", lambda: now + 60 * attendance.MINUTES + 2)
    with pytest.raises(NotPermitted, match="took too long"):
        registrar.require_given(late)


@pytest.mark.rule("R-84")
def test_a_stranger_puts_no_other_id_in_the_place_of_a_passkey_that_waits() -> None:
    registrar = Registrar(ADDRESS)
    own = Authenticator()

    def registered(peer: str, device: Authenticator) -> str:
        challenge = jose.encode(registrar.challenge())
        return registrar.register(peer, challenge, device.made(challenge, ADDRESS))

    code = registered("an officer", own)
    waiting = registrar.waiting(code)
    with pytest.raises(NotPermitted, match="waits already"):
        registered("a stranger", replace(own, credential=bytes(16)))
    assert registrar.waiting(code) == waiting
    assert registered("an officer", own) == code


@pytest.mark.parametrize("missing", [b"\xa4\x01\x02\x03\x26\x20\x01\x21\x41x", b"\xa1\x81\x01\x01"])
def test_a_new_passkey_whose_key_lacks_a_part_is_refused_as_unreadable(missing: bytes) -> None:
    registrar = Registrar(ADDRESS)
    challenge, own = jose.encode(registrar.challenge()), Authenticator()
    made = own.made(challenge, ADDRESS)
    data = hashlib.sha256(b"localhost").digest() + b"\x45" + bytes(20) + b"\0\x10" + own.credential + missing
    attested = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
    made["response"] = dict(made["response"]) | {"attestationObject": jose.encode(attested)}
    with pytest.raises(UsageError, match="cannot be read"):
        registrar.register("a stranger", challenge, made)
