"""Whatever text comes in, and however it was damaged: read, or refused by the one error that may come out."""

import re
import time
from collections import Counter
from random import Random

import pytest

from solely.agreement.document import parse_agreement, parse_statute
from solely.agreement.expression import facts_of
from solely.agreement.parser import Names, parse_rule
from solely.agreement.pattern import PatternError, canonical_pattern
from solely.agreement.refusals import SIGNS, WORDS
from solely.agreement.tokens import RuleError
from solely.errors import AgreementRefused
from tests.support.campaign import tell
from tests.support.law import SHIPPED, shipped_laws
from tests.support.random_rules import FACTS, LISTS, PATTERNS, TEXTS, random_rule

SEED = 20261125
SECONDS_MAX = 2.0  # of one input
LAWS = shipped_laws()
NAMES = Names(
    FACTS | {fact.name: fact.type for law in LAWS for fact in law.statute.facts}, {"limit": 90}, LISTS
)
RULES = [rule for _, data in SHIPPED for rule in re.findall(r"\n---\n(.*?)\n```", data.decode(), re.DOTALL)]
PIECES = (
    *SIGNS, *WORDS, *TEXTS, "and", "or", "not", "is not null", "(", ")", ",", "'", "''", "=", "<>", "<=", ">",
    "between", "in", "date '2025-04-07'", "0", "-1", "99999999999", "1.5", "true", "null", "filled(",
    "matches(", "within(", "subset_of(", "word", "day", "\n", "not " * 40, "(" * 40, "'" * 40, "```", "+++",
    "---", "|", "## Clause 1. X", "(a) x shall", "```rule 1(a)\n", "[", "]", "{2}", "{0,99}", "*", "?", "+",
    "a" * 500, "= 1\n", "\ufeff", "\r\n", "[[[[", "#",
)  # fmt: skip
SIGNS_OF_PATTERNS = "ab01 []()|{}?*+-,\\^.$:~&Z9é\n"


def damaged(draw: Random, text: str) -> str:
    """The text with up to four pieces put in, cut out, doubled or exchanged."""
    for _ in range(draw.randint(1, 4)):
        at = draw.randint(0, len(text))
        end = min(len(text), at + draw.choice((0, 0, 1, 2, 8, 40)))
        piece = draw.choice((draw.choice(PIECES), text[at:end] * 2, "", chr(draw.randrange(0x3000))))
        text = text[:at] + piece + text[end:]
    return text


def random_text(draw: Random) -> str:
    if draw.random() < 0.5:
        return " ".join(draw.choice(PIECES) for _ in range(draw.randint(0, 14)))
    return "".join(chr(draw.choice((32, 39, 40, 61, draw.randrange(128), draw.randrange(0x11000))))
                   for _ in range(draw.randint(0, 60)))  # fmt: skip


def a_rule(draw: Random) -> str:
    kind = draw.random()
    if kind < 0.4:
        return damaged(draw, draw.choice(RULES))
    return damaged(draw, random_rule(draw)) if kind < 0.75 else random_text(draw)


def a_pattern(draw: Random) -> str:
    if draw.random() < 0.5:
        return damaged(draw, draw.choice(PATTERNS))
    return "".join(draw.choice(SIGNS_OF_PATTERNS) for _ in range(draw.randint(0, 30)))


def read_rule(draw: Random) -> None:
    assert facts_of(parse_rule(a_rule(draw), NAMES)), "every rule reads the request"


def read_pattern(draw: Random) -> None:
    written = canonical_pattern(a_pattern(draw))
    assert written.isascii()


def read_document(draw: Random) -> None:
    place = draw.randrange(len(SHIPPED))
    data = damaged(draw, SHIPPED[place][1].decode()).encode("utf-8", "surrogatepass")
    assert parse_agreement(data, LAWS[place].statute).clauses


def read_statute(draw: Random) -> None:
    data = damaged(draw, draw.choice(SHIPPED)[0].decode()).encode("utf-8", "surrogatepass")
    assert parse_statute(data).clauses


READERS = {
    read_rule: RuleError,
    read_pattern: PatternError,
    read_document: AgreementRefused,
    read_statute: AgreementRefused,
}


def fuzzed(reader, seed: int, count: int) -> Counter[str]:
    """How many of `count` inputs were read and how many refused; the slowest in milliseconds."""
    draw, found, slowest = Random(seed), Counter[str](), 0.0
    for _ in range(count):
        started = time.process_time()
        try:
            reader(draw)
            found["read"] += 1
        except READERS[reader] as error:
            assert str(error)
            found["refused"] += 1
        slowest = max(slowest, time.process_time() - started)
    assert slowest < SECONDS_MAX
    found["slowest_milliseconds"] = round(slowest * 1e3)
    return found


@pytest.mark.rule("R-02")
@pytest.mark.parametrize("reader", READERS)
def test_damaged_text_is_read_or_refused_and_nothing_else(reader):
    count = {read_rule: 4_000, read_pattern: 4_000}.get(reader, 60)
    found = fuzzed(reader, SEED, count)
    assert found["read"] + found["refused"] == count
    assert found["refused"]


@pytest.mark.campaign
@pytest.mark.rule("R-02")
def test_a_million_inputs_are_read_or_refused_and_nothing_else():
    counts = {read_rule: 650_000, read_pattern: 330_000, read_document: 12_000, read_statute: 8_000}
    started = time.process_time()
    found = {reader.__name__: dict(fuzzed(reader, SEED + 1, count)) for reader, count in counts.items()}
    tell("fuzz", seed=SEED + 1, **found, cpu_seconds=round(time.process_time() - started))
    assert sum(each["read"] + each["refused"] for each in found.values()) == 1_000_000
