"""Whatever is changed in a public copy is refused by gate and verifier; no sealed part is guessed."""

import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solely.agreement.parts import SALT_BYTES, cut, leaf_hash
from solely.agreement.redaction import Sealed, parse_copy, require_whole, unseal
from solely.agreement.statement import Statement
from solely.errors import SolelyError, VerificationFailed
from solely.signing import verify
from solely_verify.agreement import verify_redacted
from tests.support.agreements import (
    CONTACTS,
    FOLDER,
    HIDDEN,
    PARTIES,
    TEXT,
    copy_of,
    key_of,
    parted,
    with_text,
)

KEYS = {party: key_of(party).public_key() for party in PARTIES}


@cache
def public() -> bytes:
    return copy_of(parted(), HIDDEN, CONTACTS).content


def holds_here(data: bytes) -> bool:
    """Whether the gate's own reader takes the copy with both signatures."""
    try:
        copy = parse_copy(data)
        statement: Statement = require_whole(copy)
        for party, key in KEYS.items():
            verify(key, copy.signatures[party].encode(), statement.signed_bytes)
    except (SolelyError, KeyError):
        return False
    return True


def paths(value, path=()):
    """Every place in a JSON value that holds a text."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict | list):
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(below, (*path, key))


@given(st.data())
@settings(max_examples=300)
@pytest.mark.rule("R-09", "R-89")
def test_a_changed_text_anywhere_is_refused_by_both(tmp_path_factory, data):
    words = json.loads(public())
    path = data.draw(st.sampled_from(sorted(paths(words), key=str)))
    holder = words
    for key in path[:-1]:
        holder = holder[key]
    old = holder[path[-1]]
    place = data.draw(st.integers(0, len(old)))
    new = old[:place] + data.draw(st.text(max_size=2)) + old[place + data.draw(st.integers(0, 2)) :]
    holder[path[-1]] = new
    changed = (json.dumps(words, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")
    assert holds_here(changed) == (new == old)
    file = tmp_path_factory.mktemp("copy") / "redacted.json"
    file.write_bytes(changed)
    assert verify_redacted(file, KEYS)["ok"] == (new == old)


@given(st.data())
@pytest.mark.rule("R-89")
def test_a_dropped_repeated_or_moved_part_is_refused_by_both(tmp_path_factory, data):
    words = json.loads(public())
    parts = list(words["parts"])
    one, other = (data.draw(st.integers(0, len(parts) - 1)) for _ in range(2))
    kind = data.draw(st.sampled_from(["drop", "repeat", "move", "replace"]))
    if kind == "drop":
        del parts[one]
    elif kind == "repeat":
        parts.insert(one, parts[other])
    elif kind == "move":
        parts.insert(one, parts.pop(other))
    else:
        parts[one] = parts[other]
    is_same = parts == words["parts"]
    changed = (json.dumps(words | {"parts": parts}, ensure_ascii=False, indent=1) + "\n").encode()
    assert holds_here(changed) == is_same
    file = tmp_path_factory.mktemp("copy") / "redacted.json"
    file.write_bytes(changed)
    assert verify_redacted(file, KEYS)["ok"] == is_same


@given(st.binary(max_size=200))
def test_no_bytes_at_all_break_the_verifier(tmp_path_factory, data):
    file = tmp_path_factory.mktemp("copy") / "redacted.json"
    file.write_bytes(data)
    assert verify_redacted(file, KEYS)["ok"] is False


@pytest.mark.rule("R-89")
@pytest.mark.parametrize("label", [HIDDEN, CONTACTS])
def test_a_part_is_unsealed_by_its_salt_alone_against_the_old_signatures(label):
    of, copy = parted(), parse_copy(public())
    place = next(place for place, part in enumerate(of.parts) if part.label == label)
    opened = unseal(copy, of.salts[place], of.parts[place])
    assert holds_here(opened.content)
    assert (opened.statement, opened.signatures) == (copy.statement, copy.signatures)
    assert sum(isinstance(each, Sealed) for each in opened.parts) == 1


@pytest.mark.rule("R-89")
def test_another_text_or_salt_unseals_nothing():
    of, copy = parted(), parse_copy(public())
    place = next(place for place, part in enumerate(of.parts) if part.label == HIDDEN)
    other = with_text(of, HIDDEN, of.parts[place].data.decode().replace("37", "38"))
    for salt, part in ((of.salts[place], other), (b"\0" * 16, of.parts[place])):
        with pytest.raises(VerificationFailed):
            unseal(copy, salt, part)


@pytest.mark.rule("R-89")
def test_trying_every_number_finds_a_sealed_cap_only_with_its_salt():
    of = parted()
    place = next(place for place, part in enumerate(of.parts) if part.label == HIDDEN)
    sealed = {each.hash for each in parse_copy(public()).parts if isinstance(each, Sealed)}
    text = of.parts[place].data.decode()
    guesses = [with_text(of, HIDDEN, text.replace("37", str(number))) for number in range(1_000)]
    known = [part for part in guesses if leaf_hash(of.salts[place], part) in sealed]
    assert [part.data for part in known] == [of.parts[place].data]
    # What an outsider holds: the salts of visible parts, and whatever salt one would write without thinking.
    shown = json.loads(public())["parts"]
    salts = [bytes.fromhex(each["salt"]) for each in shown if "salt" in each]
    salts += [b"\0" * SALT_BYTES, b"\xff" * SALT_BYTES]
    assert not [1 for salt in salts for part in guesses if leaf_hash(salt, part) in sealed]


@pytest.mark.rule("R-89")
def test_a_sealed_part_cannot_be_followed_from_one_version_to_the_next():
    first, second = (copy_of(parted(TEXT, seed), HIDDEN) for seed in ("one", "two"))
    assert not {each.hash for each in first.parts} & {each.hash for each in second.parts}


def test_the_vector_of_a_part_unseals_it():
    words = json.loads((FOLDER / "valid" / "part.json").read_bytes())
    copy = parse_copy((FOLDER / "valid" / "redacted.json").read_bytes())
    part = with_text(parted(), words["label"], words["text"])
    assert part in cut(TEXT.encode())
    assert holds_here(unseal(copy, bytes.fromhex(words["salt"]), part).content)
