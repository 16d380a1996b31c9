"""The tree stays readable: lengths, names, places, and nothing of any one machine in it."""

import ast
import re

import pytest

from tests.support.tree import PURE, ROOT, committed_files, functions, parsed, python_files, relative, text_of

CODE = ("src", "demo", "bench", "docs", "tests")
BANNED_STEMS = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
# A bracket in each, so that this file does not hold what it forbids.
UNFINISHED = re.compile(r"\b(?:TOD[O]|FIXM[E]|HAC[K])\b")
MACHINE = re.compile(r"(?<![\w.])/(?:wo[r]k|ho[m]e|ro[o]t|Use[r]s|tm[p])/")
REGISTRY = re.compile(
    r"pyp[i]\.org|pythonhoste[d]\.org|registry\.npmj[s]|proxy\.golan[g]|index-url[\s=]+https?:"
)
EXCEPTION = re.compile(r"#\s*noqa")
REASONED = re.compile(
    r"#\s*noqa: [A-Z0-9, ]+ -- \w|#\s*noqa: D102"
)  # a Protocol's members say it in their names
LOOKS_AT_THE_WORLD = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}


def percentile_90(lengths: list[int]) -> int:
    """The length that nine functions of ten do not exceed."""
    return sorted(lengths)[(len(lengths) * 9 - 1) // 10]


def test_a_function_is_short() -> None:
    own = [folder for folder in CODE if folder != "tests"]  # a test may hold a long table of cases
    long = [f"{each.place}: {each.lines} lines" for each in functions(*own) if each.lines > 50]
    assert long == []


def test_nine_functions_of_ten_fit_in_25_lines() -> None:
    assert percentile_90([each.lines for each in functions("src")]) <= 25


def test_a_module_is_short() -> None:
    lengths = {relative(path): text_of(path).count("\n") for path in python_files(*CODE)}
    assert {name: lines for name, lines in lengths.items() if lines > 600} == {}


def test_a_function_takes_few_parameters() -> None:
    crowded = []
    for each in functions("src", "demo"):
        arguments = each.node.args
        names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        is_command = "src/solely/cli/" in each.place  # a command's options are its interface
        if len([name for name in names if name not in ("self", "cls")]) > 6 and not is_command:
            crowded.append(each.place)
    assert crowded == []


def test_no_file_is_a_drawer() -> None:
    named = [
        relative(path)
        for path in committed_files()
        if BANNED_STEMS & set(path.relative_to(ROOT).with_suffix("").parts)
    ]
    assert named == []


@pytest.mark.parametrize(
    "pattern", [UNFINISHED, MACHINE, REGISTRY], ids=["unfinished", "machine", "registry"]
)
def test_no_committed_file_holds(pattern: re.Pattern[str]) -> None:
    found = [
        f"{relative(path)}:{number}: {line.strip()[:80]}"
        for path in committed_files()
        if not relative(path).startswith("vectors/")  # partly the files of others, byte for byte
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_a_stage_never_opens_a_file_or_reads_the_time() -> None:
    found = []
    for path in python_files(*(f"src/solely/{each}" for each in PURE)):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and is_look_at_the_world(node.func):
                found.append(f"{relative(path)}:{node.lineno}")
    assert found == []


def is_look_at_the_world(function: ast.expr) -> bool:
    """True for `open`, `input`, `print`, `exec`, `eval` and for the clocks of datetime."""
    if isinstance(function, ast.Name):
        return function.id in ("open", "input", "print", "exec", "eval", "__import__")
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return (function.value.id, function.attr) in LOOKS_AT_THE_WORLD
    return False


def test_an_exception_from_the_linter_gives_its_reason() -> None:
    bare = [
        f"{relative(path)}:{number}"
        for path in python_files("src")
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if EXCEPTION.search(line) and not REASONED.search(line)
    ]
    assert bare == []


def recipes() -> dict[str, int]:
    """Makefile target → number of recipe lines."""
    counted: dict[str, int] = {}
    target = ""
    for line in text_of(ROOT / "Makefile").splitlines():
        if line.startswith("\t"):
            counted[target] += 1
        elif found := re.match(r"([\w./-]+):(?!=)", line):
            target = found.group(1)
            counted[target] = counted.get(target, 0)
    return counted


def test_a_make_target_is_at_most_three_lines() -> None:
    assert {name: lines for name, lines in recipes().items() if lines > 3} == {}


def test_decisions_are_numbered_one_by_one_and_titled_alike() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [path.name[:5] for path in files] == [f"{number:04}-" for number in range(1, len(files) + 1)]
    titles = [text_of(path).partition("\n")[0] for path in files]
    assert [each for number, each in enumerate(titles, 1) if not each.startswith(f"# {number}. ")] == []
