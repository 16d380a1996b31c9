"""A law file of another outer form is refused with the line and what to do about it."""

import time

import pytest

from solely.agreement.document import findings, parse_agreement, parse_statute
from solely.agreement.markdown import BYTES_MAX
from solely.errors import AgreementRefused
from tests.support.tree import ROOT

STATUTE_DATA = (ROOT / "law/statutes/26-usc-6103-i-2/statute.md").read_bytes()
STATUTE = parse_statute(STATUTE_DATA)
AGREEMENT = (ROOT / "law/agreements/irs-ice-2025/agreement.md").read_text()
PROSE = "(d) Each item shall carry"
RULE = "assurance = 'active'"
BODY = "# Memorandum of understanding"


def line_of(text):
    return AGREEMENT[: AGREEMENT.index(text)].count("\n") + 1


def with_line(line, before=BODY):
    return AGREEMENT.replace(before, f"{line}\n{before}", 1).encode()


def swapped(old, new):
    assert old in AGREEMENT
    return AGREEMENT.replace(old, new, 1).encode("utf-8", "surrogatepass")


AT_PROSE, AT_RULE, AT_BODY = (f"line {line_of(each)}`" for each in (PROSE, RULE, BODY))
BROKEN = [
    # bytes
    (b"\xef\xbb\xbf" + AGREEMENT.encode(), "line 1`", "save it as UTF-8 without one"),
    (AGREEMENT.encode("utf-16"), "line 1`", "save the file as UTF-8"),
    (swapped(RULE, f"{RULE}\ud800"), AT_RULE, "save the file as UTF-8"),
    (AGREEMENT.replace("\n", "\r\n").encode(), "line 1`", "save the file with LF line ends"),
    (swapped(PROSE, f"{PROSE}\r"), AT_PROSE, "save the file with LF line ends"),
    (swapped(PROSE, f"{PROSE}\t"), AT_PROSE, "use spaces, no tab"),
    (swapped(RULE, f"{RULE}\t"), AT_RULE, "use spaces, no tab"),
    (swapped(PROSE, f"{PROSE} e\u0301"), AT_PROSE, "normalize the file before it is signed"),
    (b"x" * (BYTES_MAX + 1), "file`", "leave annexes out"),
    # what a reader cannot see, or cannot tell from another
    (swapped(PROSE, f"{PROSE} \u202egnihton"), AT_PROSE, "`U+202E`: remove it"),
    (swapped(PROSE, f"{PROSE} \u2066"), AT_PROSE, "`U+2066`: remove it"),
    (swapped(PROSE, f"{PROSE}\u200b"), AT_PROSE, "`U+200B`: remove it"),
    (swapped(PROSE, f"{PROSE}\u3164"), AT_PROSE, "`U+3164`: remove it"),
    (swapped(PROSE, f"{PROSE}\x00"), AT_PROSE, "`U+0000`: remove it"),
    (swapped(PROSE, f"{PROSE}\u2028"), AT_PROSE, "`U+2028`: remove it"),
    (swapped(PROSE, f"{PROSE}\u00a0"), AT_PROSE, "use a plain one"),
    (swapped(RULE, "assurance = 'acti\u200bve'"), AT_RULE, "`U+200B`: remove it"),
    (swapped(RULE, "assurance = '\u0430ctive'"), AT_RULE, "type the word anew"),
    (swapped('["address"]', '["\u0430ddress"]'), "line ", "type the word anew"),
    (swapped('id = "irs', 'id = "\u2062irs'), "line 2`", "`U+2062`: remove it"),
    # fences
    (swapped("```cases 4(d)", "```case 4(d)"), "line ", "a fence is `rule`, `cases` or `schedule`"),
    (with_line("```python\nprint()\n```"), AT_BODY, "a fence is `rule`, `cases` or `schedule`"),
    (with_line("```"), AT_BODY, "has a name, as ```rule 2(a)"),
    (with_line("```rule 9(a) x\n```"), AT_BODY, "has a name, as ```rule 2(a)"),
    (with_line("~~~rule 9(a)\n~~~"), AT_BODY, "a fence opens with ``` at the start of its line"),
    (with_line("  ```rule 9(a)\n  ```"), AT_BODY, "a fence opens with ``` at the start of its line"),
    (with_line("> ```rule 9(a)\n> ```"), AT_BODY, "a fence opens with ``` at the start of its line"),
    (AGREEMENT.encode() + b"```schedule more\nx = 1", "`schedule more`, line ", "end it with a line ```"),
    (swapped("```cases 4(d)", "```rule 4(d)"), "`clause 4(d)`, line ", "give it another"),
    (swapped("```rule 4(d)", "```rule 4(z)"), "`clause 4(z)`, line ", "write what it says"),
    (swapped("```rule 4(d)", "```rule d"), "`clause d`, line ", "an id is written 2, 2(c) or 2(c)(1)"),
    (swapped(PROSE, "(c) Each item shall carry"), "`clause 4(c)`, line ", "number it anew"),
    (swapped(RULE, f"{RULE} or assurance is null"), "`clause 4(d)`, line ", "say what must be given"),
    # what looks like a rule, or like nothing, outside fences
    (with_line("stage: request"), AT_BODY, "open one with ```rule and its id"),
    (with_line("    otherwise: refused"), AT_BODY, "open one with ```rule and its id"),
    (with_line("<!-- a term that no reader sees -->"), AT_BODY, "write plain text"),
    (with_line("<script>x</script>"), AT_BODY, "write plain text"),
    (with_line("<span hidden>except on Sundays</span>"), AT_BODY, "write plain text"),
    (with_line("[//]: # (a term that no reader sees)"), AT_BODY, "write plain text"),
    (with_line("![a picture](https://example.invalid/p.png)"), AT_BODY, "write plain text"),
    # TOML
    (swapped('cost = "', 'cost = "none"\ncost = "'), "`front matter`, line 14", "state each entry once"),
    (swapped("order_days_min = 90", "order_days_min = 90\norder_days_min = 1"), "`schedule limits`, line ",
     "state each entry once"),
    (swapped("order_days_min = 90", "order_days_min == 90"), "`schedule limits`, line ",
     "write `key = value`"),
    (swapped("order_days_min = 90", "order_days_min = " + "9" * 5000), "`schedule limits`, line ",
     "write `key = value`"),
    (swapped("bases = [", 'bases = ["'), "`schedule bases`, line ", "write `key = value`"),
    (swapped("order_days_min = 90", "order_days_min = " + "[" * 5000), "`schedule limits`, line ",
     "write `key = value`"),
]  # fmt: skip


@pytest.mark.rule("R-03")
@pytest.mark.parametrize(("data", "place", "cure"), BROKEN)
def test_another_outer_form_is_refused_with_its_line_and_its_cure(data, place, cure):
    with pytest.raises(AgreementRefused) as caught:
        parse_agreement(data, STATUTE)
    told = str(caught.value)
    assert place in told
    assert cure in told
    assert told.isprintable()
    assert findings(data, STATUTE_DATA)


@pytest.mark.parametrize(
    "body",
    ["(a) x shall\n" * 50_000, "## Clause 1. x\n" * 50_000, "[" * 900_000, "```rule 1(a)\n```\n" * 40_000,
     "`" * 900_000, "```schedule bases\n" + "a.b.c.d=1\n" * 60_000 + "```\n", "((" * 400_000],
)  # fmt: skip
def test_a_file_as_large_as_admitted_is_refused_soon(body):
    started = time.process_time()
    with pytest.raises(AgreementRefused):
        parse_agreement(f"+++\n+++\n{body}".encode(), STATUTE)
    assert time.process_time() - started < 5
