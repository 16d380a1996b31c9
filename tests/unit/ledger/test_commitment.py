"""Commitments: bound to group, salt and content; silent without the salt."""

import hashlib
import hmac

import pytest

from solely.ledger.commitment import (
    approver_tag,
    body_of,
    body_root,
    commit,
    job_of,
    permutation,
    request_of,
    salt_from,
    seed_of,
)

KEY = bytes(range(32))
JOB = job_of(KEY, b"0123456789abcdef")


def test_a_commitment_is_the_hash_that_the_format_states():
    salt = bytes(32)
    expected = hashlib.sha256(b"solely/commit/v1" + b"A" + salt + b"[]").digest()
    assert commit("A", salt, b"[]") == expected


def test_a_salt_grows_from_the_entry_s_seed_as_the_format_states():
    secret = hmac.digest(KEY, b"solely/seed/v1" + JOB, "sha256")
    seed = hmac.digest(secret, (7).to_bytes(8, "big"), "sha256")
    assert seed_of(KEY, JOB, 7) == seed
    assert salt_from(seed, "B") == hashlib.sha256(b"solely/salt/v1" + b"B" + seed).digest()


def test_an_opened_group_leads_to_the_body_with_the_others_closed():
    seed = seed_of(KEY, JOB, 0)
    body = body_of(seed, {"A": b"rules", "D": b"internal"})
    closed = commit("D", salt_from(seed, "D"), b"internal")
    assert body_root({"A": commit("A", salt_from(seed, "A"), b"rules"), "D": closed}) == body
    assert body_root({"A": commit("A", salt_from(seed, "A"), b"other"), "D": closed}) != body
    assert body_root({"B": closed, "A": closed}) != body_root({"B": closed, "C": closed})


@pytest.mark.rule("R-57")
def test_the_same_content_twice_shows_nothing_in_common():
    seeds = [seed_of(KEY, JOB, ordinal) for ordinal in range(50)]
    assert len({body_of(seed, {"A": b"same"}) for seed in seeds}) == 50
    assert len({request_of(seed, "REQ-1") for seed in seeds}) == 50


@pytest.mark.rule("R-57")
def test_a_job_s_public_name_cannot_be_guessed_without_the_key():
    assert job_of(KEY, b"batch") != job_of(bytes(32), b"batch")
    assert hashlib.sha256(b"batch").digest()[:16] != job_of(KEY, b"batch")


def test_an_approver_s_tag_is_equal_within_a_job_and_unlinkable_across():
    other = job_of(KEY, b"another batch")
    assert approver_tag(KEY, JOB, "aa") == approver_tag(KEY, JOB, "aa")
    assert (
        len({approver_tag(KEY, JOB, "aa"), approver_tag(KEY, JOB, "bb"), approver_tag(KEY, other, "aa")}) == 3
    )


@pytest.mark.parametrize("n", [0, 1, 2, 255, 4096])
def test_the_order_of_a_chunk_is_a_permutation(n):
    assert sorted(permutation(KEY, JOB, 0, n)) == list(range(n))


@pytest.mark.rule("R-57")
def test_the_order_differs_by_chunk_job_and_key():
    orders = [
        permutation(KEY, JOB, 0, 500),
        permutation(KEY, JOB, 1, 500),
        permutation(KEY, bytes(16), 0, 500),
        permutation(bytes(32), JOB, 0, 500),
    ]
    assert len({tuple(each) for each in orders}) == 4
    assert all(sum(each == place for place, each in enumerate(order)) < 10 for order in orders)
