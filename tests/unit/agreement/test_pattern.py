"""Patterns: what both engines read alike is admitted, the rest is refused."""

import re
import time

import pytest

from solely.agreement.pattern import PatternError, canonical_pattern, compiled

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


@pytest.mark.parametrize(
    "pattern",
    [
        "", ".", "a.b", "^a", "a$", "\\d", "\\w+", "\\s", "\\b", "\\n", "\\1", "(a)\\1", "\\x41", "\\u0041",
        "\\p{L}", "\\z", "\\A",
        "(?i)a", "(?=a)", "(?!a)", "(?<=a)b", "(?P<n>a)", "(?#x)", "[^a]", "[[:alpha:]]", "[a", "a]", "(a",
        "a)", "a||b", "|a", "a|",
        "()", "(|a)", "*", "+a", "?", "a**", "a*?", "a+?", "a??", "a{2}{3}", "a{2}?", "a{", "a{}", "a{,3}",
        "a{3,}", "a{3,2}", "a{101}",
        "a{0}", "a{0,0}", "a{1000}", "(?:[A-Za-z]+ ?)+", "(a+)+", "(a*)*", "(a|b+){2}", "(a?){20}",
        "((ab)*c){2,3}", "((a{1,2}))*", "(a{100}){11}", "((a{10}){10}){11}",
        "[z-a]", "[A-z]", "[0-z]", "[a-9]", "[+--]", "[]", "[a-]]", "ä", "a\tb", "a\nb", "\x7f", "a" * 201,
        "((((((((((a))))))))))", "\\",
        "a*b*c*d*", "[a-z]{1,9}[a-z]{1,9}[a-z]{1,9}[a-z]{1,9}", "[\\d]", "[a\\",
    ],
)  # fmt: skip
def test_what_engines_read_differently_or_slowly_is_refused(pattern):
    with pytest.raises(PatternError):
        canonical_pattern(pattern)


@pytest.mark.parametrize("pattern", [written for _, written in ADMITTED])
def test_the_whole_text_must_match_to_its_last_character(pattern):
    assert compiled(pattern).flags & re.ASCII
    assert compiled("abc").fullmatch("abc\n") is None


def test_the_costliest_admitted_pattern_stays_quick_on_a_long_reason():
    pattern = compiled(canonical_pattern("[a-z ]*[a-z]{1,100}[a-z ]{0,100}!"))
    started = time.process_time()
    assert pattern.fullmatch("a" * 1000) is None
    assert time.process_time() - started < 5
