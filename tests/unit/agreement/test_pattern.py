"""Patterns: what both engines read alike is admitted, the rest is refused."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solely.agreement.matcher import Matcher, matcher
from solely.agreement.pattern import PatternError, canonical_pattern

ADMITTED = [
    ("abc", "abc"),
    ("[0-9]{5}(-[0-9]{4})?", "[0-9]{5}(?:\\-[0-9]{4})?"),
    ("(?:a|bc)+", "(?:a|bc)+"),
    ("\\(a\\)", "\\(a\\)"),
    ("[A-Za-z0-9 .#/-]*", "[A-Za-z0-9 \\.#/\\-]*"),
    ("a{3,3}", "a{3}"),
    ("([0-9]{2}){3}", "(?:[0-9]{2}){3}"),
    ("(a+)?", "(?:a+)?"),
    ("[-a]", "[\\-a]"),
    ("~&", "\\~\\&"),
    ("(a{100}){10}", "(?:a{100}){10}"),
]


@pytest.mark.parametrize(("pattern", "written"), ADMITTED)
def test_a_pattern_is_written_in_one_spelling(pattern, written):
    assert canonical_pattern(pattern) == written
    assert canonical_pattern(written) == written


REFUSED = {
    "split the clause": ("", "a" * 201),
    "list the characters that are allowed, as `[A-Za-z0-9 ]`, or quote it, `\\.`": (".", "a.b"),
    "leave it out, the whole text always matches": ("^a", "a$", "\\b", "\\z", "\\A", "\\Ba", "\\G"),
    "write `[0-9]`": ("\\d", "[\\d]"),
    "write `[A-Za-z0-9_]`": ("\\w+", "[\\w]"),
    "write the space itself": ("\\s",),
    "a backslash only quotes punctuation; list the characters in a class": (
        "\\n",
        "\\x41",
        "\\u0041",
        "\\p{L}",
        "\\-\\q",
    ),
    "write the text itself again": ("\\1", "(a)\\1"),
    "instead of a flag list both cases, as `[Aa]`; instead of looking around write the text out": (
        "(?i)a",
        "(?=a)",
        "(?!a)",
        "(?<=a)b",
        "(?P<n>a)",
        "(?#x)",
        "(?s)a",
        "(?<n>a)",
    ),
    "list what is allowed": ("[^a]", "[a&&b]x[^b]"),
    "a class is not nested": ("[[:alpha:]]", "[]"),
    "close the class, or finish the quoted sign": ("[a", "\\", "[a\\"),
    "quote it with a backslash": ("a]", "a)", "*", "+a", "?", "[a-]]"),
    "end it with `)`": ("(a",),
    "write `?` after the group": ("a||b", "|a", "a|", "()", "(|a)", "(?:a|)"),
    "every repeat takes what it can; write one": ("a**", "a*?", "a+?", "a??", "a{2}{3}", "a{2}?", "a++"),
    "give both numbers, or use `*` or `+`": ("a{", "a{}", "a{,3}", "a{3,}", "a{1000}"),
    "write the smaller first, and 1 or more last": ("a{3,2}", "a{101}", "a{0}", "a{0,0}"),
    "write one of them out": (
        "(?:[A-Za-z]+ ?)+",
        "(a+)+",
        "(a*)*",
        "(a|b+){2}",
        "(a?){20}",
        "((ab)*c){2,3}",
        "((a{1,2}))*",
    ),
    "write them apart": ("[z-a]", "[A-z]", "[0-z]", "[a-9]", "[+--]"),
    "list other letters with `in`, or fold them in the facts step": ("ä", "a\tb", "a\nb", "\x7f"),
    "write the alternatives side by side": ("((((((((((a))))))))))",),
    "state a fixed length for some": ("a*b*c*d*", "[a-z]{1,9}[a-z]{1,9}[a-z]{1,9}[a-z]{1,9}"),
    "shorten its bounds": ("([a-z]{100}){11}", "(a{100}){11}", "((a{10}){10}){11}", "(([0-9]{50}){50}){2}"),
}
CASES = [(pattern, cure) for cure, patterns in REFUSED.items() for pattern in patterns]


@pytest.mark.rule("R-02")
@pytest.mark.parametrize(("pattern", "cure"), CASES)
def test_what_engines_read_differently_or_slowly_is_refused_with_its_cure(pattern, cure):
    with pytest.raises(PatternError) as caught:
        canonical_pattern(pattern)
    assert str(caught.value).endswith(cure)


def test_the_whole_text_must_match_to_its_last_character():
    assert matcher("abc").matches("abc")
    assert not matcher("abc").matches("abc\n")
    assert not matcher("abc").matches("\nabc")


PIECES = ["a", "b", "[ab]", "[a-c]", "(", "|", ")", "?", "*", "+", "{2}", "{0,2}", "{1,3}", "c"]


@settings(max_examples=400, deadline=None)
@given(
    pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=10),
    texts=st.lists(st.text(alphabet="abc\n", max_size=8), min_size=1, max_size=8),
)
def test_a_matcher_says_what_the_engine_of_python_says(pieces, texts):
    try:
        pattern = canonical_pattern("".join(pieces))
    except PatternError:
        return
    for text in texts:
        assert Matcher(pattern).matches(text) == (re.fullmatch(pattern, text, re.ASCII) is not None)


SLOW_ELSEWHERE = [
    "a?" * 60 + "a" * 60,
    "(a|b[cd])?" * 19,
    "(a|ab)(b|c)?" * 15,
    "([a-z]{100}){10}",
    "[a-z ]*[a-z]{1,100}[a-z ]{0,100}!",
]


@pytest.mark.rule("R-02")
@pytest.mark.parametrize("pattern", SLOW_ELSEWHERE)
def test_no_admitted_pattern_is_slow_on_any_text(pattern):
    found = Matcher(canonical_pattern(pattern))
    started = time.process_time()
    assert not found.matches("a" * 60 + "!" + "a" * 1000)
    assert not found.matches("a" * 2000 + "!!")
    assert time.process_time() - started < 1
