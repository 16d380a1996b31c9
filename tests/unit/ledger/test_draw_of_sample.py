"""The draw of an audit sample: every index once, equally likely, and alike in gate and verifier (R-105)."""

from collections import Counter
from itertools import islice

import pytest

from solely.ledger.draw import drawn, seed_of_sample
from solely_verify.export import draw, seed_of


@pytest.mark.rule("R-105")
@pytest.mark.parametrize("size", [0, 1, 2, 7, 256, 1_000])
def test_gate_and_verifier_draw_alike_and_every_index_once(size):
    seed = seed_of_sample(b"checkpoint", "nonce")
    assert seed == seed_of(b"checkpoint", "nonce")
    order = list(drawn(seed, size))
    assert order == list(draw(seed, size))
    assert sorted(order) == list(range(size))


@pytest.mark.rule("R-105")
def test_checkpoint_and_nonce_each_change_the_draw():
    orders = {
        tuple(drawn(seed_of_sample(note, nonce), 50)) for note in (b"one", b"two") for nonce in ("", "a", "b")
    }
    assert len(orders) == 6


def test_no_index_is_drawn_first_more_often_than_another():
    firsts = Counter(next(drawn(seed_of_sample(b"x", str(each)), 5)) for each in range(5_000))
    assert all(900 < firsts[each] < 1_100 for each in range(5))


def test_a_draw_from_a_tree_of_any_size_costs_what_is_taken():
    assert len(set(islice(drawn(bytes(32), 1 << 48), 299))) == 299
