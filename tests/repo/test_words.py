"""What the project says: one term with one meaning, commands that exist, and no claim it cannot make."""

import ast
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from solely import model
from solely.cli.main import app
from solely_verify import __main__ as verifier
from tests.support.tree import ROOT, committed_files, parsed, python_files, relative, text_of

# An officer is a certified person: that is the custodian's statement about a person, no claim of ours.
CLAIM = re.compile(
    r"\b(lawful|lawfully|legal|legally|compliant|compliance|certified(?! person))\b", re.IGNORECASE
)
DENIAL = re.compile(r"\b(no|not|never|none|nothing|cannot)\b", re.IGNORECASE)
# An officer is certified as engaged in the matter: the custodian's statement, no claim of ours.
OFFICER = re.compile(r"\b(officers?|persons?|enrol\w*)\b", re.IGNORECASE)
FENCE = re.compile(r"```(?:sh|bash|console)\n(.*?)```", re.DOTALL)
VERBS = {"log", "receipt", "redacted", "agreement", "release", "subject", "destroyed", "export", "sample"}
OWN_OPTIONS = {
    "log": ("--since", "--policy"),
    "receipt": ("--policy",),
    "release": ("--receipt", "--policy"),
    "subject": ("--subject-key", "--policy"),
    "destroyed": ("--release", "--policy"),
    "export": ("--policy",),
    "sample": ("--checkpoint", "--nonce", "--count", "--policy"),
}
PAGES = [path for path in committed_files() if path.suffix == ".md" and not relative(path).startswith("law/")]


def entries() -> list[str]:
    """The terms of the glossary, in order."""
    return re.findall(r"^\*\*(.+?)\*\*", text_of(ROOT / "GLOSSARY.md"), re.MULTILINE)


def test_every_noun_of_the_model_has_one_meaning_in_the_glossary() -> None:
    nouns = {node.name for node in parsed(Path(model.__file__)).body if isinstance(node, ast.ClassDef)}
    terms = {term.replace(" ", "").lower() for term in entries()}
    assert {noun for noun in nouns if noun.lower() not in terms} == set()


def test_no_term_is_explained_twice() -> None:
    terms = [term.lower() for term in entries()]
    assert sorted(terms) == sorted(set(terms))


def spoken(path: Path) -> list[str]:
    """The string literals of a module: docstrings, messages, pages."""
    constants = (node for node in ast.walk(parsed(path)) if isinstance(node, ast.Constant))
    texts = [node.value for node in constants if isinstance(node.value, str)]
    return [
        line for text in texts if "\\b" not in text for line in text.splitlines()
    ]  # a pattern says nothing


def claims(lines: list[str]) -> list[str]:
    """Lines that use a word of R-90 without denying it."""
    found = [(line.strip(), match.group(1).lower()) for line in lines if (match := CLAIM.search(line))]
    stated = [(line, word) for line, word in found if not DENIAL.search(line)]
    return [line for line, word in stated if word != "certified" or not OFFICER.search(line)]


@pytest.mark.rule("R-90")
def test_no_output_claims_more_than_it_can_show() -> None:
    found = {relative(path): claims(spoken(path)) for path in python_files("src", "demo")}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.rule("R-90")
def test_no_page_claims_more_than_it_can_show() -> None:
    found = {relative(path): claims(text_of(path).splitlines()) for path in PAGES}
    assert {name: lines for name, lines in found.items() if lines} == {}


def command_lines() -> list[tuple[str, str]]:
    """Every command shown in a page, joined over its continuation lines: (page, command)."""
    found = []
    for path in PAGES:
        for block in FENCE.findall(text_of(path)):
            for line in block.replace("\\\n", " ").splitlines():
                shown = line.strip().removeprefix("$ ")
                if shown and not shown.startswith("#"):
                    found.extend((relative(path), part.strip()) for part in re.split(r"\||&&|;", shown))
    return found


def test_every_make_target_in_a_page_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    shown = {
        (page, words[1])
        for page, line in command_lines()
        if (words := line.split()) and words[0] == "make" and len(words) > 1
    }
    assert {(page, target) for page, target in shown if target not in targets} == set()


def unknown_parts(line: str) -> list[str]:
    """What a `solely` command in a page names that the command line does not have."""
    words = [word for word in shlex.split(line, comments=True) if word not in (">", "<")][1:]
    if not words or words[0].startswith("-"):
        return []
    command = get_command(app).commands.get(words[0])  # type: ignore[attr-defined]
    if command is None:
        return [words[0]]
    options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    return [word for word in words[1:] if word.startswith("--") and word not in options]


def test_every_solely_command_in_a_page_exists_with_its_options() -> None:
    found = {}
    for page, line in command_lines():
        if re.match(r"(\S*/)?solely\s", line) and (unknown := unknown_parts(line)):
            found[f"{page}: {line}"] = unknown
    assert found == {}


def unknown_verifier_parts(line: str) -> list[str]:
    """What a `solely-verify` command in a page names that the verifier does not have."""
    words = shlex.split(line, comments=True)[1:]
    if not words or words[0] not in VERBS:
        return words[:1]
    known = {"--key", "--json", "--help", *OWN_OPTIONS.get(words[0], ())}
    return [word for word in words[1:] if word.startswith("--") and word not in known]


def test_every_verifier_command_in_a_page_exists_with_its_options() -> None:
    shown = [(page, line) for page, line in command_lines() if re.match(r"(\S*/)?solely-verify\s", line)]
    assert {line.split()[1] for _, line in shown} == VERBS
    assert {f"{page}: {line}": parts for page, line in shown if (parts := unknown_verifier_parts(line))} == {}


def test_the_verifiers_page_has_a_row_for_every_option_of_every_verb() -> None:
    page = (ROOT / "docs" / "reference" / "solely-verify.md").read_text(encoding="utf-8")
    parts = {part.split("\n", 1)[0]: part for part in page.split("\n## solely-verify ")}
    (verbs,) = (each for each in verifier._parser()[0]._actions if each.dest == "verb")
    missing = [
        f"{verb} {option}"
        for verb, own in dict(verbs.choices or {}).items()
        for action in own._actions
        for option in action.option_strings
        if option.startswith("--") and option != "--help" and f"| `{option}" not in parts[verb]
    ]
    assert missing == []


def test_no_refusal_that_no_option_lifts_names_an_option() -> None:
    named = [
        f"{relative(path)}:{node.lineno}"
        for path in python_files("src")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "NotPermitted"
        and any("`--" in str(each.value) for each in ast.walk(node) if isinstance(each, ast.Constant))
    ]
    assert named == []


def test_every_command_has_help_with_an_example() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    bare = [
        name
        for name, each in commands.items()
        if not each.help or not (each.epilog or "").startswith("Example: ")
    ]
    assert bare == []


def test_make_help_lists_every_target() -> None:
    text = text_of(ROOT / "Makefile")
    phony = set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE).group(1).split())  # type: ignore[union-attr]
    explained = set(re.findall(r"^([a-z]+):[^#\n]*## \S", text, re.MULTILINE))
    assert phony == explained


LINK = re.compile(r"\[[^\]]+\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = [
        f"{relative(path)} -> {target}"
        for path in PAGES
        for target in LINK.findall(text_of(path))
        if not (path.parent / target).exists()
    ]
    assert broken == []
