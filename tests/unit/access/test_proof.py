"""A DPoP proof holds for one call, one token and one minute; every defect is refused by name."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from solely.access import jose, proof, token
from solely.access.admission import Arrived, Entrance, caller_of
from solely.access.refusal import CallRefused
from solely.access.token import Grant
from tests.support.submissions import public_pem

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
ADDRESS = "http://127.0.0.1:8700"
GATE, OFFICER, OTHER = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
JKT = jose.thumbprint(jose.jwk_of(OFFICER.public_key()))
TOKEN = token.issue(GATE, ADDRESS, Grant("0123456789abcdef", JKT), "one", NOW)
CALL = proof.Call("POST", ADDRESS + "/kas.AccessService/Rewrap", TOKEN)
ENTRANCE = Entrance(public_pem(GATE).decode(), ADDRESS, True)


def claims(**changes):
    good = {"jti": "12345678", "htm": "POST", "htu": CALL.address, "iat": int(NOW.timestamp())}
    found = good | {"ath": proof.token_hash(TOKEN)} | changes
    return {name: value for name, value in found.items() if value is not None}


def written(key=OFFICER, header=None, **changes):
    head = {"typ": "dpop+jwt", "jwk": jose.jwk_of(key.public_key())} | (header or {})
    return jose.write(head, claims(**changes), key)


@pytest.mark.rule("R-103")
@pytest.mark.parametrize("changes", [{"iat": 10**400}, {"iat": -(10**400)}, {"jti": "\ud800" * 9}])
def test_a_proof_with_a_number_or_text_out_of_range_is_refused(changes):
    assert refused_as(written(**changes)) == "DPOP_UNREADABLE"


def refused_as(text) -> str:
    with pytest.raises(CallRefused) as refusal:
        proof.proved(text, CALL, NOW)
    return refusal.value.reason


def test_a_proof_of_the_call_holds_and_names_its_key():
    proved = proof.proved(proof.write_proof(OFFICER, CALL, "12345678", NOW), CALL, NOW)
    assert (proved.jkt, proved.jti) == (JKT, "12345678")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"htm": "GET"}, "DPOP_METHOD"),
        ({"htu": "/kas.AccessService/Rewrap"}, "DPOP_ADDRESS"),
        ({"htu": CALL.address + "/"}, "DPOP_ADDRESS"),
        ({"htu": CALL.address + "?a=b"}, "DPOP_ADDRESS"),
        ({"ath": proof.token_hash("another")}, "DPOP_TOKEN"),
        ({"ath": None}, "DPOP_TOKEN"),
        ({"iat": int(NOW.timestamp()) - 61}, "DPOP_AGE"),
        ({"iat": int(NOW.timestamp()) + 6}, "DPOP_AGE"),
        ({"iat": None}, "DPOP_AGE"),
        ({"iat": True}, "DPOP_AGE"),
        ({"iat": "1"}, "DPOP_AGE"),
        ({"jti": None}, "DPOP_JTI"),
        ({"jti": "short"}, "DPOP_JTI"),
        ({"jti": "x" * 257}, "DPOP_JTI"),
        ({"jti": 12345678}, "DPOP_JTI"),
    ],
)
def test_a_proof_of_another_call_token_or_time_is_refused(changes, reason):
    assert refused_as(written(**changes)) == reason


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"typ": "JWT"}, "DPOP_TYPE"),
        ({"jwk": jose.jwk_of(OTHER.public_key())}, "DPOP_SIGNATURE"),
        ({"jwk": jose.jwk_of(OFFICER.public_key()) | {"d": "AA"}}, "DPOP_UNREADABLE"),
        ({"jwk": {"kty": "oct", "k": "AA"}}, "DPOP_UNREADABLE"),
        ({"jwk": None}, "DPOP_UNREADABLE"),
        ({"alg": "none"}, "DPOP_SIGNATURE"),
        ({"alg": "HS256"}, "DPOP_SIGNATURE"),
        ({"crit": ["b64"]}, "DPOP_UNREADABLE"),
    ],
)
def test_a_proof_that_is_signed_otherwise_is_refused(header, reason):
    assert refused_as(written(header=header)) == reason


@pytest.mark.parametrize(
    "text", ["", "a.b", "a.b.c.d", "é.é.é", "." * 70_000, written()[:-1], written() + "="]
)
def test_what_is_no_proof_is_refused(text):
    assert refused_as(text).startswith("DPOP_")


def arrived(proofs, authorization=(f"DPoP {TOKEN}",)):
    return Arrived("POST", "/kas.AccessService/Rewrap", authorization, proofs)


def test_a_caller_is_who_the_token_names_and_the_proof_is_used_once():
    shown = caller_of(ENTRANCE, arrived([written()]), NOW)
    assert (shown.holder, shown.jkt, len(shown.once)) == ("0123456789abcdef", JKT, 1)
    assert caller_of(ENTRANCE, arrived([written()]), NOW).once == shown.once


@pytest.mark.parametrize(
    ("came", "reason"),
    [
        (arrived([]), "DPOP_MISSING"),
        (arrived([written(), written()]), "DPOP_MISSING"),
        (arrived([written(key=OTHER)]), "DPOP_KEY"),
        (arrived([written()], ()), "TOKEN_MISSING"),
        (arrived([written()], (f"DPoP {TOKEN}", f"DPoP {TOKEN}")), "TOKEN_MISSING"),
        (arrived([written()], (f"Bearer {TOKEN}",)), "TOKEN_SCHEME"),
        (arrived([written()], ("DPoP nothing",)), "TOKEN_UNREADABLE"),
    ],
)
def test_a_caller_without_the_one_token_and_proof_is_refused(came, reason):
    with pytest.raises(CallRefused) as refusal:
        caller_of(ENTRANCE, came, NOW)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("made", "at", "reason"),
    [
        (token.issue(OTHER, ADDRESS, Grant("a", JKT), "one", NOW), NOW, "TOKEN_SIGNATURE"),
        (token.issue(GATE, "http://elsewhere", Grant("a", JKT), "one", NOW), NOW, "TOKEN_AUDIENCE"),
        (TOKEN, NOW + timedelta(seconds=token.TOKEN_SECONDS), "TOKEN_EXPIRED"),
        (jose.write({"typ": "JWT"}, {"aud": ADDRESS}, GATE), NOW, "TOKEN_SIGNATURE"),
    ],
)
def test_a_token_of_another_gate_audience_or_time_is_refused(made, at, reason):
    with pytest.raises(CallRefused) as refusal:
        token.in_time(token.read_issued(made, GATE.public_key(), ADDRESS), at)
    assert refusal.value.reason == reason


def test_a_bearer_token_serves_in_the_compatibility_profile_alone():
    bearer = token.issue(GATE, ADDRESS, Grant("a", ""), "one", NOW)
    came = arrived([], (f"Bearer {bearer}",))
    assert caller_of(ENTRANCE._replace(needs_proof=False), came, NOW).proved_key is None
    with pytest.raises(CallRefused):
        caller_of(ENTRANCE, came, NOW)
    with pytest.raises(CallRefused):  # a token that is bound to a key is never a bearer token
        caller_of(ENTRANCE._replace(needs_proof=False), arrived([], (f"Bearer {TOKEN}",)), NOW)


def test_a_challenge_is_known_again_for_a_minute_and_by_its_gate_alone():
    made = token.challenge(GATE, b"n" * 16, NOW)
    token.require_challenge(GATE, made, NOW + timedelta(seconds=60))
    wrong = [(OTHER, made, NOW), (GATE, made, NOW + timedelta(seconds=61)), (GATE, made[:-2], NOW)]
    wrong += [(GATE, "", NOW), (GATE, made, NOW - timedelta(seconds=6))]
    for key, text, at in wrong:
        with pytest.raises(CallRefused):
            token.require_challenge(key, text, at)
