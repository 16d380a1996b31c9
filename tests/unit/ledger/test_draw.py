"""The seed of a draw: a witness's signature where there is one, and nothing that the custodian can choose."""

import hashlib

import pytest

from solely.errors import VerificationFailed
from solely.ledger.draw import Seed, seed_of_draw
from solely.ledger.policy import Policy, parse_policy
from tests.support import cosigned_defects as cosigned

POLICY = parse_policy(cosigned.POLICY)


@pytest.mark.rule("R-86")
def test_the_seed_is_the_signature_of_the_first_witness_of_the_policy():
    for lines in (("court", "inspector", "press"), ("press", "inspector"), ("inspector",)):
        note = cosigned.NOTE + b"".join(cosigned.cosignature(each) for each in lines)
        at = cosigned.AT.to_bytes(8, "big")
        signed = cosigned.KEYS["inspector"].sign(b"cosignature/v1\ntime %d\n" % cosigned.AT + cosigned.TEXT)
        assert seed_of_draw(note, POLICY) == Seed(hashlib.sha256(at + signed).hexdigest(), "inspector")
    assert seed_of_draw(cosigned.NOTE + cosigned.cosignature("press"), POLICY).witness == "press"


@pytest.mark.rule("R-86")
def test_what_the_custodian_adds_to_a_checkpoint_does_not_move_the_seed():
    note = cosigned.NOTE + cosigned.cosignature("court")
    seed = seed_of_draw(note, POLICY)
    for number in range(5):
        more = cosigned.cosignature("stranger", at=number)
        assert seed_of_draw(note + more, POLICY) == seed
    assert seed_of_draw(cosigned.NOTE + cosigned.cosignature("court", at=1), POLICY) != seed


@pytest.mark.rule("R-86")
def test_a_forged_cosignature_gives_no_seed():
    forged = cosigned.cosignature("court", text=b"another checkpoint\n")
    with pytest.raises(VerificationFailed):
        seed_of_draw(cosigned.NOTE + forged, POLICY)


def test_without_witnesses_the_checkpoint_is_the_seed():
    assert seed_of_draw(cosigned.NOTE, Policy()) == (hashlib.sha256(cosigned.NOTE).hexdigest(), None)
