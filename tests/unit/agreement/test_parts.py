"""An agreement cut into parts gives itself back byte for byte; the tree over them is RFC 9162's."""

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solely.agreement.parts import Part, cut, leaf_hash, root_of, salts_of
from solely.errors import AgreementRefused
from solely_verify import parts as verifier
from tests.support.agreements import TEXT
from tests.support.law import SHIPPED

TEXTS = [TEXT.encode(), *(agreement for _, agreement in SHIPPED)]


def root_by_definition(hashes: list[bytes]) -> bytes:
    """The root as the definition splits: at the largest power of two below the count."""
    if len(hashes) == 1:
        return hashes[0]
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return hashlib.sha256(
        b"\1" + root_by_definition(hashes[:half]) + root_by_definition(hashes[half:])
    ).digest()


@pytest.mark.rule("R-09", "R-89")
@pytest.mark.parametrize("data", TEXTS)
def test_the_parts_are_the_file_and_each_label_stands_once(data):
    parts = cut(data)
    assert b"".join(part.data for part in parts) == data
    assert len({part.label for part in parts}) == len(parts)
    assert all(part.data for part in parts)


@pytest.mark.parametrize("data", TEXTS)
def test_the_verifier_cuts_alike(data):
    assert [tuple(part) for part in verifier.cut(data)] == [(part.label, part.data) for part in cut(data)]


LINES = st.lists(
    st.sampled_from(
        ["", "words", "(a) An item.", "(b) Another.", "## Clause 2. Next", "## Schedules", "# Title", "more",
         "```rule 1(a)\nx = 1\n```", "```cases 1(a)\n| x |\n```",
         "```schedule limits\na = 1\n# why\nb = 2\n```",
         "```schedule purposes\nlist = [\n  'one',\n]\n\n```",
         "```schedule text\na = '''\nb = 2\n'''\n```"]
    ), max_size=14,
)  # fmt: skip


@given(LINES, st.booleans())
def test_any_order_of_prose_and_fences_is_cut_alike_by_both(lines, is_ended):
    text = "+++\nid = 'x'\n+++\n" + "\n".join(lines) + ("\n" if is_ended else "")
    parts = cut(text.encode())
    assert b"".join(part.data for part in parts) == text.encode()
    assert len({part.label for part in parts}) == len(parts)
    assert verifier.cut(text.encode()) == [(part.label, part.data) for part in parts]


def test_each_entry_of_a_schedule_is_a_part_with_the_comment_before_it():
    parts = {part.label: part.data for part in cut(TEXT.encode())}
    assert parts["schedule limits: max_cases"].endswith(b"to themselves\nmax_cases = 37\n")
    assert parts["schedule purposes: agreed_purposes"].count(b"\n") == 4


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("\n", "\r\n"),
        unicodedata.normalize("NFD", TEXT.replace("room 12", "Zürich")),
        TEXT.replace("days = 30\n", "[days]\nmax = 30\n"),
        TEXT.removesuffix("```\n"),
    ],
)
def test_a_file_that_cannot_be_cut_for_good_is_refused(text):
    with pytest.raises(AgreementRefused):
        cut(text.encode())


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70))
def test_the_root_is_that_of_the_definition(hashes):
    assert root_of(hashes) == root_by_definition(hashes)


@given(st.binary(max_size=40), st.binary(max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_label_and_bytes_cannot_run_into_each_other(data, other, label, another):
    salt = b"s" * 16
    same = leaf_hash(salt, Part(label, data)) == leaf_hash(salt, Part(another, other))
    assert same == ((label, data) == (another, other))


def test_each_part_has_a_salt_of_its_own():
    assert salts_of(bytes(range(48)), 3) == (bytes(range(16)), bytes(range(16, 32)), bytes(range(32, 48)))
