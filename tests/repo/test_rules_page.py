"""The page of rules names every rule that a reason can name, and the strength that the requester is told."""

import ast
import re

from solely.decision.told import strength_of
from tests.support.tree import ROOT, committed_files, parsed, python_files, relative, text_of

RULE = re.compile(r"R-[0-9]{2,3}")


def listed() -> dict[str, str]:
    """Rule → strength, as the page says."""
    text = text_of(ROOT / "docs" / "reference" / "rules.md")
    return dict(re.findall(r"^\| (R-\d+) \| [^|]+ \| ([^|]+) \|$", text, re.MULTILINE))


def named_in_code() -> set[str]:
    """Rules that stand alone as a text in the gate: what a reason or a refusal is made with."""
    return {
        node.value
        for path in python_files("src/solely")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and RULE.fullmatch(node.value)
    }


def named_in_law() -> set[str]:
    """Rules that a clause names."""
    lines = (
        line
        for path in committed_files()
        if relative(path).startswith("law/")
        for line in re.findall(r"^rules: (.+)$", text_of(path), re.MULTILINE)
    )
    return {rule for line in lines for rule in RULE.findall(line)}


def test_the_page_lists_the_rules_that_reasons_name() -> None:
    assert set(listed()) == named_in_code() | named_in_law()


def test_the_page_tells_each_rules_strength() -> None:
    assert {rule: told for rule, told in listed().items() if told != strength_of(rule)} == {}
