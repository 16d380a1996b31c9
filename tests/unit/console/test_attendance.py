"""What waits at the console waits by whose it is: nobody's flood takes another's."""

from dataclasses import replace

import pytest

from solely.access import jose
from solely.console import attendance
from solely.console.attendance import Once, Registrar
from solely.errors import NotPermitted
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
