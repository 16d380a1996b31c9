"""Rule text outside the language: each is refused with one sentence that says what to write instead."""

import pytest

from solely.agreement.parser import parse_rule
from solely.agreement.refusals import SIGNS, WORDS, cure_of_unreadable
from solely.agreement.tokens import RuleError
from tests.unit.agreement.test_language import NAMES

# What the sentence tells the author to write, and the texts that meet it.
REFUSED = {
    "say what must be given, as `basis is not null`": ("basis is null",),
    "nothing is permitted for being missing, so say what must be given": (
        "not basis is not null",
        "not (active or name is not null)",
        "not not (basis is not null)",
        "not (basis is not null and active)",
    ),
    "write `active = true`; unknown stays unknown": ("active is true", "active is not false"),
    "write `active = false`; unknown stays unknown": ("active is not true",),
    "a missing fact stays unknown, and unknown never permits; say what must be given": (
        "active is unknown",
        "coalesce(active, true)",
        "ifnull(active, true)",
        "nullif(basis, 'x') = 'y'",
        "nvl(active, true)",
        "COALESCE(active, TRUE)",
    ),
    "write `=` or `<>`; a missing fact stays unknown": (
        "basis is distinct from 'x'",
        "basis is not distinct from 'x'",
        "active IS NOT DISTINCT FROM active",
    ),
    "alternatives are written with `or`": ("case when active then true end", "if(active, true, false)"),
    "write `x is not null`; the test of a missing fact is unknown by itself": (
        "basis = null",
        "null",
        "not null",
        "basis in ('a', null)",
    ),
    "join tests with `and`, `or`, `not`": (
        "(basis is not null) = false",
        "basis is not null = false",
        "filled(name) = true",
        "matches(name, 'a') = false",
    ),
    "every test reads a fact, as `cases < 5`": (
        "true",
        "not false",
        "'x'",
        "1",
        "strict",
        "active and true",
        "active or 1",
        "'" + "x" * 3990 + "'",
    ),
    "put a declared fact on one side": (
        "1 = 1",
        "'a' = 'a'",
        "order_days = 90",
        "true = true",
        "1 between 0 and 2",
        "first_day + 1 > first_day",
        "date '2025-01-01' < date '2026-01-01'",
        "basis = 'x' or 1 = 1",
    ),
    "both sides have one type: write the other side as in `x = 'word'`": ("basis = 1",),
    "both sides have one type: write the other side as in `x = 5`": (
        "cases = '1'",
        "cases = true",
        "cases between 1 and 'x'",
    ),
    "both sides have one type: write the other side as in `x = true`": ("active = 1",),
    "write `=`, `<>` or `in`, or an integer fact": (
        "basis < 'x'",
        "active > false",
        "basis between 'a' and 'b'",
    ),
    "both sides have one type: write the other side as in `x = date '2025-04-07'`": (
        "ordered_on = '2025-04-07'",
    ),
    "both sides have one type: write the other side as in `subset_of(x, list)`": ("fields = 'address'",),
    "a list holds texts, integers or dates of the fact's type; else write `subset_of(fields, list)`": (
        "fields in ('address')",
    ),
    "a list holds texts, integers or dates of the fact's type; else write `active = true`": (
        "active in (true)",
    ),
    "a list holds texts, integers or dates of the fact's type; else write `cases = 5`": ("cases in ('1')",),
    "a list holds texts, integers or dates of the fact's type; else write `basis = 'word'`": (
        "basis in (1)",
    ),
    "write `cases = 5`": ("filled(cases)", "within(cases, bases)"),
    "write `subset_of(fields, list)`": ("matches(fields, 'a')", "within(fields, bases)"),
    "write `basis = 'word'`": ("subset_of(basis, agreed)",),
    "give another result as a fact": ("cases + 1 > 2", "basis + 'x' = 'y'", "cases - 1 > 2"),
    "compare dates as `a > b + 90 days`": (
        "ordered_on + cases > received_on",
        "ordered_on + ordered_on > received_on",
        "ordered_on + 'x' > received_on",
        "ordered_on - received_on > 90",
    ),
    "write one, not float": ("ratio > 1", "cases = ratio"),
    "compare it, as `basis = 'word'`": ("basis and active", "basis"),
    "compare it, as `cases = 5`": ("cases or active", "not cases"),
    "compare it, as `ordered_on = date '2025-04-07'`": ("ordered_on",),
    "compare it, as `subset_of(fields, list)`": ("fields",),
    "say what must be given, as `fields is not null`": ("fields is null",),
    "name one that is, or put a text in quotes": ("basi = 'x'",),
    "name one that a schedule states": (
        "within(basis, nobody)",
        "within(basis, order_days)",
        "subset_of(fields, fields)",
    ),
    "the name of a list, or `in` for literals, is expected": (
        "within(basis, ('a'))",
        "within(basis, 'a')",
        "subset_of(fields, 'address')",
        "subset_of(fields, ('address'))",
    ),
    "hold a fact against it, as `within(basis, bases)`": ("bases = 'x'",),
    "facts, parameters and lists are written in lower case": ("Basis = 'x'", "BASIS = 'x'", "NAME LIKE 'A%'"),
    "a text stands in single quotes, a name in none": ("\"basis\" = 'x'", 'basis = "x"'),
    "a name stands in no quotes": ("`basis` = 'x'",),
    "a fact is written by its name alone, and a number is whole": ("request.basis = 'x'",),
    "`(` is expected": ("filled",),
    "`)` is expected": ("filled(name, name)", "basis in ('a' 'b')"),
    "a fact, a parameter or a literal is expected": (
        "filled()",
        "active and",
        "and active",
        "or",
        "not",
        "()",
        "active or or active",
        "not in ('a')",
        "cases = - - 1",
        "cases = +1",
        "strict = active or",
    ),
    "put a declared fact first": (
        "filled('x')",
        "matches('x', 'x')",
        "within('final_order', bases)",
        "filled(strict)",
    ),
    "`,` is expected": ("matches(name)",),
    "a pattern in quotes is expected": ("matches(name, basis)",),
    "text is compared as it is; fold it in the facts step": ("lower(basis) = 'x'",),
    "the length of a text is stated by a pattern, as `[A-Z]{2,5}`": ("length(name) > 3",),
    "it has `filled`, `matches`, `within`, `subset_of`": ("foo(name)", "name(basis)", "active()"),
    "a rule reads one request; a count is a fact, compared with a limit": ("count(cases) > 1",),
    "write a test of a fact": ("", " "),
    "`and`, `or` or the end is expected": ("active active", "active)", "active, active"),
    "`and`, `or` or `)` is expected": ("(active",),
    "join two with `and`, or write `between`": (
        "not basis = 'x' = true",
        "1 < cases < 5",
        "cases = cases = cases",
        "cases = 1 = 1",
    ),
    "a literal is expected": ("basis in ()", "basis in ('a',)", "basis in (name)"),
    "a list in round brackets is expected": ("basis in 'a'",),
    "write it once": ("basis in ('a', 'a')",),
    "`and` is expected": ("cases between 1 or 5", "cases between 1"),
    "write `not x = 5`, or `x <> 5`": ("basis not = 'x'",),
    "the text is not closed; end it with a single quote, and double one that stands inside": (
        "basis = 'x",
        "basis = 'a\\'b'",
    ),
    "write `=`": ("basis == 'x'", "basis === 'x'"),
    "write `<>`": ("basis != 'x'", "basis !== 'x'"),
    "write `and`": ("active && active", "active & active"),
    "write `or`; texts are not joined": ("active || active", "basis = 'a' || 'b'"),
    "write `not`": ("!active",),
    "a clause has one rule; join two with `and`, or write two clauses": ("active; active",),
    "there are no comments; what is to be said stands in the prose": (
        "active -- comment",
        "active /* x */",
        "cases // comment",
        "active # comment",
    ),
    "a number is whole and written in digits alone; count in a smaller unit, or quote a text": (
        "cases = 1.5",
        "cases = 1e3",
        "cases = 0x1f",
        "cases = 1_000",
    ),
    "a number lies between -2147483648 and 2147483647": (
        "cases = 2147483648",
        "cases = -2147483649",
        "cases = 99999999999999999999",
    ),
    "there is no arithmetic but a date by whole days; give the result as a fact or a parameter": (
        "cases * 2 = 4",
        "cases % 2 = 0",
        "name = *",
        "*",
        "cases ^ 2 = 4",
        "cases / 2 = 1",
    ),
    "use `+` or `-` for the direction": ("ordered_on + 36601 > received_on", "ordered_on + -1 > received_on"),
    "add the days up": ("ordered_on + 1 + 1 > received_on", "ordered_on + 1 days + 1 days > received_on"),
    "a date moves by whole days: `d + 90 days`": (
        "ordered_on + 1 months > received_on",
        "ordered_on + interval '1' month > received_on",
        "weeks = 1",
        "ordered_on + 3 weeks > received_on",
    ),
    "write `date '2025-04-07'`, from 1900 to 2199": (
        "received_on = date '2025-02-30'",
        "received_on = date '2025-2-3'",
        "received_on = date '1899-12-31'",
        "received_on = date '2200-01-01'",
    ),
    "a day in quotes, as `'2025-04-07'`, is expected": ("received_on = date 20250407", "date = 1"),
    "the day of receipt is the fact `received_on`": ("received_on = now()", "received_on = current_date"),
    "write `filled(x)`, or `not filled(x)`": ("basis = ''",),
    "write it all lower or all upper case": ("And active", "active aNd active", "active AND Not active"),
    "use spaces, no tab": ("basis = 'a\tb'", "active\tand active"),
    "remove it": (
        "basis = 'a\nb'",
        "basis = 'a\u200bb'",
        "basis = 'a\u202eb'",
        "basis = 'a\u3164b'",
        "basis = 'a\ufe0fb'",
        "basis = 'a\ud800b'",
        "basis = 'a\U000e0041b'",
        "basis = 'a\x00b'",
    ),
    "write each accented letter as one character": ("basis = 'e\u0301'",),
    "outside quotes a rule is ASCII; type it on a plain keyboard, or name the fact in ASCII": (
        "act\u0456ve",
        "b\u0430sis = 'x'",
        "cases = \u0661",
    ),
    "it only looks like a space; use a plain one": ("active\xa0and active", "active\u3000and active"),
    "end a line with a line feed alone": ("active\r\nand active",),
    "it is invisible; remove it": (
        "active\x00",
        "a\ufeffctive",
        "active\u200b and active",
        "\u202eactive",
        "active\u2028and active",
        "active\u3164",
    ),
    "it only looks like it; write `'`": ("\u2018x\u2019 = basis", "basis = \u201cx\u201d"),
    "it only looks like it; write `or`": ("basis = 'x' \u2228 active",),
    "split the clause": (
        "(" * 200 + "active" + ")" * 200,
        "not " * 200 + "active",
        "active and " * 2000 + "active",
        "(" * 40 + "active" + ")" * 40,
        "x" * 5000,
    ),
    "a form is written with `matches`; a person is named and never searched for": (
        "name like 'A%'",
        "name ilike 'a%'",
    ),
    "a form is written with `matches`": (
        "name similar to 'A.*'",
        "name ~ 'A'",
        "basis rlike 'a'",
        "regexp_matches(basis, 'a')",
    ),
    "a request names one person and a rule selects nobody; test a fact": (
        "select name",
        "exists (name)",
        "any(cases) > 1",
        "all(cases) > 1",
        "basis in (select basis)",
        "exists (select 1)",
        "Select name",
    ),
    "a rule neither scores nor ranks; compare a fact with a limit": ("score > 1", "rank(cases) < 5"),
    "list the characters that are allowed, as `[A-Za-z0-9 ]`, or quote it, `\\.`": (
        "matches(name, '.*')",
        "matches(name, 'A.')",
    ),
    "write `x is not null` for what must be given": ("basis is None",),
    "a fact has one type; compare it with a literal of that type": (
        "cases::text = '1'",
        "cast(cases as text) = '1'",
    ),
    "a parameter is written by its name alone": ("cases = :limit", "cases = $1", "cases = @x"),
    "write `=`; a missing fact stays unknown": ("cases <=> 5",),
    "write `>=`": ("cases => 5",),
    "write `<=`": ("cases =< 5",),
    "write the number without it, or a text in quotes": ("cases = 007",),
    "a form is written with `not matches`": ("basis !~ 'a'",),
    "write `or`": ("active | active",),
    "a list stands in round brackets, as `x in ('a', 'b')`": ("basis in ['a']", "basis in {'a'}"),
    "a parameter is written by its name; alternatives with `or`": ("active ? active : active",),
    "a line ends without a sign, and a quote is doubled": ("active \\\n and active",),
    "a rule reads one request; a total is a fact": ("sum(cases) > 1", "max(cases) > 1"),
    "a day is written `date '2025-04-07'`": ("timestamp '2025-04-07' < ordered_on",),
    "blank text is tested with `filled`": ("trim(name) = 'x'",),
    "write it with `and`, `or`, `not`": ("active xor active",),
    "type the word anew": ("basis = 'x\u0430x'",),
    "it only looks like `=`; type it on a plain keyboard": ("basis \uff1d 'x'",),
    "it only looks like `n`; type it on a plain keyboard": ("\uff4eot active",),
    "it only looks like it; write `<=`": ("cases \u2264 5",),
    "it only looks like it; write `>=`": ("cases \u2265 5",),
    "it only looks like it; write `<>`": ("basis \u2260 'x'",),
    "it only looks like it; write `-`": ("cases = \u22121",),
    "it only looks like it; write `in`": ("basis \u2208 ('a')",),
    "it only looks like it; write `and`": ("active \u2227 active",),
    "it only looks like it; write `not`": ("\xacactive",),
    "it only looks like `s`; type it on a plain keyboard": ("\u017fet = 1",),
    "it only looks like `K`; type it on a plain keyboard": ("\u212acases = 1",),
    "use a plain one": ("basis = 'a\xa0b'",),
    "a pattern has 1 to 200 characters: split the clause": ("matches(name, '" + "a" * 300 + "')",),
}
CASES = [(rule, cure) for cure, rules in REFUSED.items() for rule in rules]


@pytest.mark.rule("R-02", "R-88")
@pytest.mark.parametrize(("rule", "cure"), CASES)
def test_what_is_outside_the_language_is_refused_with_its_cure(rule, cure):
    with pytest.raises(RuleError) as caught:
        parse_rule(rule, NAMES)
    told = str(caught.value)
    assert cure in told
    assert told == told.strip(" .")
    assert told.isascii()
    assert told.isprintable()
    assert len(told) < 240


@pytest.mark.parametrize("word", WORDS)
def test_a_word_of_another_language_is_refused_wherever_it_stands(word):
    for rule in (word, f"{word}(active)", f"active and {word}", f"active {word} active", word.upper()):
        with pytest.raises(RuleError, match=word):
            parse_rule(rule, NAMES)


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_of_another_language_is_refused_wherever_it_stands(sign):
    for rule in (f"{sign} active", f"active {sign} active", f"cases {sign} 5", f"active {sign}"):
        with pytest.raises(RuleError):
            parse_rule(rule, NAMES)


def test_a_declared_name_is_never_taken_for_a_word_of_another_language():
    names = type(NAMES)({**NAMES.facts, "count": "int", "day": "date"}, NAMES.parameters, NAMES.lists)
    assert parse_rule("count <= 5 and day <= received_on", names)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Zürich", ""),
        ("Αθήνα", ""),
        ("Москва and Dover", ""),
        ("8 U.S.C. § 1253", ""),
        ("Dоver", "U+043E"),
        ("a\u2009b", "U+2009"),
        ("a\u2066b", "U+2066"),
        ("\ufeffa", "U+FEFF"),
    ],
)
def test_what_a_reader_could_not_tell_is_named_by_its_code_point(text, told):
    found = cure_of_unreadable(text)
    assert (told in found) if told else not found
