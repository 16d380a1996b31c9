"""Random rules and hostile rows from a seed: for campaigns, where Hypothesis would be too slow."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from solely.agreement.expression import BLANKS, EARLIEST, INT_MAX, INT_MIN, LATEST, Constant, NamedList, walk
from solely.agreement.parser import Names, parse_rule

FACTS = {
    "word": "text", "other_word": "text", "number": "int", "other_number": "int", "day": "date",
    "other_day": "date", "flag": "bool", "other_flag": "bool", "fields": "set",
}  # fmt: skip
LISTS = {"cities": ("DOVER", "ß", "it's", "Zürich"), "open_fields": ("address", "name"), "one": ("phone",)}
NAMES = Names(FACTS, {"limit": 90, "first_day": date(2025, 4, 7), "is_open": True, "town": "DOVER"}, LISTS)
PATTERNS = (
    "DOVER", "[A-Z]+", "[a-z]*", "[0-9]{5}(-[0-9]{4})?", "a?b", "(a|ab)(b|c)?", "[ ]*", "k", "''", "\\\\",
    "[\\]\\[^]", "8 USC 1253\\(a\\)\\(1\\)(\\([A-Z]\\))?", "a{0,3}b{0,3}", "~&&~",
)  # fmt: skip
TEXTS = (
    "", *BLANKS, "\x00", "\x1b", "DOVER", "DOVER\n", "\nDOVER", "dover", " DOVER", "DOVER\x00", "DO\u200bVER",
    "ß", "ẞ", "SS", "it's", "it''s", "Zürich", "Zu\u0308rich", "00000", "12345\n", "12345-6789", "\u0661",
    "NULL", "null", "\U0001f600", "\ud800", "\udfffb", "ab", "aab", "abc", "8 USC 1253(a)(1)", "İ", "ı", "K",
    "k", "K", "'", '"', "\\", "%", "~&&~", "\xa0\u3000\t", "x" * 2000,
)  # fmt: skip
DAYS = (
    date.min, EARLIEST - timedelta(1), EARLIEST, date(1969, 12, 31), date(1970, 1, 1), date(2024, 2, 29),
    date(2025, 4, 6), date(2025, 4, 7), date(2025, 7, 6), LATEST, LATEST + timedelta(1), date.max,
)  # fmt: skip
NUMBERS = (INT_MIN - 1, INT_MIN, -1, 0, 1, 89, 90, 91, INT_MAX, INT_MAX + 1, 2**63, -(2**63), 10**30)
ELEMENTS = ("address", "name", "phone", "", "ADDRESS", "address ", "agi", None)


class Clause(NamedTuple):
    """A clause, as far as a verdict reads one."""

    expression: Any


def random_clause(draw: Random) -> Clause:
    """A clause over the facts above, of any shape that the language has."""
    return Clause(parse_rule(random_rule(draw), NAMES))


def random_rule(draw: Random, depth: int = 3, *, is_negatable: bool = False) -> str:
    """The text of a rule."""
    kind = draw.random()
    if depth == 0 or kind < 0.4:
        return _given(draw) if not is_negatable and kind < 0.04 else _test(draw)
    if kind < 0.55:
        return f"not ({random_rule(draw, depth - 1, is_negatable=True)})"
    parts = [random_rule(draw, depth - 1, is_negatable=is_negatable) for _ in range(draw.randint(2, 3))]
    return "(" + draw.choice((" and ", " or ")).join(parts) + ")"


def _fact(draw: Random, kind: str) -> str:
    return draw.choice([name for name, found in FACTS.items() if found == kind])


def _given(draw: Random) -> str:
    return f"{draw.choice(list(FACTS))} is not null"


def _literal(draw: Random, kind: str) -> str:
    return draw.choice({
        "text": ("'DOVER'", "'ß'", "'it''s'", "'Zürich'", "'00000'", "'NULL'", "town"),
        "int": ("0", "-1", "90", str(INT_MAX), str(INT_MIN), "limit"),
        "date": ("date '1900-01-01'", "date '2025-04-07'", "date '2199-12-31'", "first_day"),
        "bool": ("true", "false", "is_open"),
    }[kind])  # fmt: skip


def _term(draw: Random, kind: str) -> str:
    plain = _fact(draw, kind) if draw.random() < 0.4 else _literal(draw, kind)
    if kind != "date" or draw.random() < 0.5:
        return plain
    return f"{plain} {draw.choice('+-')} {draw.choice(('0', '1 days', 'limit days', '36600'))}"


def _test(draw: Random) -> str:
    kind = draw.choice(("text", "int", "date", "bool"))
    text, fact = _fact(draw, "text"), _fact(draw, kind)
    signs = ("=", "<>") if kind in ("text", "bool") else ("=", "<>", "<", "<=", ">", ">=")
    listed = sorted({_literal(draw, "text") for _ in range(3)} - {"town"}) or ["'x'"]
    return draw.choice((
        *[f"{fact} {draw.choice(signs)} {_term(draw, kind)}"] * 6,
        f"{_fact(draw, 'int')} between {_term(draw, 'int')} and {_term(draw, 'int')}",
        f"{_fact(draw, 'date')} between {_term(draw, 'date')} and {_term(draw, 'date')}",
        _fact(draw, "bool"),
        f"filled({text})",
        f"matches({text}, '{draw.choice(PATTERNS)}')",
        f"within({text}, cities)",
        f"subset_of(fields, {draw.choice(('open_fields', 'one'))})",
        f"{text} {draw.choice(('in', 'not in'))} ({', '.join(listed)})",
        f"{_fact(draw, 'int')} {draw.choice(('in', 'not in'))} (0, -1, 90)",
        f"{_fact(draw, 'date')} {draw.choice(('in', 'not in'))} (date '2025-04-07')",
    ))  # fmt: skip


def named_values(clauses: Iterable[Any]) -> dict[type, list[Any]]:
    """The values that clauses name, by type, numbers and days with their neighbors."""
    found: dict[type, list[Any]] = {str: [], int: [], date: []}
    for clause in clauses:
        for node in walk(clause.expression):
            if isinstance(node, NamedList):
                found[str] += node.values
            elif isinstance(node, Constant) and type(node.value) in (int, date):
                step = 1 if type(node.value) is int else timedelta(1)
                found[type(node.value)] += [node.value - step, node.value, node.value + step]
            elif isinstance(node, Constant) and type(node.value) is str:
                found[str].append(node.value)
    return found


def hostile_columns(
    draw: Random, types: Mapping[str, str], named: Mapping[type, Sequence[Any]], count: int
) -> dict[str, list[Any]]:
    """Columns of `count` rows: a fifth missing, else values that clauses name or that engines differ on."""
    texts = [*named[str], *[f"{each}\n" for each in named[str]], *[f" {each}" for each in named[str]]]
    pools: dict[str, Sequence[Any]] = {
        "text": [*TEXTS, *(texts * 2)],
        "int": [*NUMBERS, *(list(named[int]) * 2)],
        "date": [*DAYS, *(list(named[date]) * 2)],
        "bool": (True, False),
        "set": [frozenset(draw.sample(ELEMENTS, draw.randint(0, 3))) for _ in range(40)] + [frozenset()],
    }
    return {
        name: [None if draw.random() < 0.2 else draw.choice(pools[kind]) for _ in range(count)]
        for name, kind in types.items()
    }
