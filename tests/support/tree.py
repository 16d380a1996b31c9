"""The source tree as the tests of the house see it: files, modules, functions."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {
    ".venv",
    ".git",
    "__pycache__",
    "out",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
    "build",
    "dist",
}
STAGES = ("intake", "facts", "matching", "decision", "review", "release", "orders", "oversight")
PURE = (*STAGES, "agreement", "ledger")


LEFT_OUT = shutil.ignore_patterns(
    ".git", "__pycache__", ".*_cache", ".hypothesis", "out", "build", "dist", ".venv"
)


class Function(NamedTuple):
    """One function: where it stands, its node, and its length without its docstring."""

    place: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    lines: int


@cache
def committed_files() -> tuple[Path, ...]:
    """Every file that is, or is about to be, in the repository; a copy without git is walked."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, check=True,
        )  # fmt: skip
        names = [name for name in listed.stdout.decode().split("\0") if name]
        return tuple(sorted(ROOT / name for name in names if (ROOT / name).is_file()))
    walked = (path for path in ROOT.rglob("*") if path.is_file())
    return tuple(sorted(path for path in walked if not SKIPPED & set(path.relative_to(ROOT).parts)))


def relative(path: Path) -> str:
    """A file's path inside the tree."""
    return path.relative_to(ROOT).as_posix()


def python_files(*folders: str) -> list[Path]:
    """The Python files below the folders."""
    return [
        path
        for path in committed_files()
        if path.suffix == ".py" and relative(path).startswith(tuple(f"{each}/" for each in folders))
    ]


@cache
def text_of(path: Path) -> str:
    """A file's text; a binary file is empty."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def parsed(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(text_of(path), filename=relative(path))


def functions(*folders: str) -> Iterator[Function]:
    """Every function below the folders, inner ones included."""
    for path in python_files(*folders):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Function(f"{relative(path)}:{node.lineno} {node.name}", node, length(node))


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the last statement, less the docstring's."""
    assert node.end_lineno is not None
    total = node.end_lineno - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is not None and first.end_lineno is not None:
        total -= first.end_lineno - first.lineno + 1
    return total


def copied_tree(target: Path) -> Path:
    """A copy of the working tree at `target`, with the same environment; for tests that change or run it.

    The copy has stamps of its own, so that no `make` in it sets the shared environment up anew.
    """
    shutil.copytree(ROOT, target, ignore=LEFT_OUT)
    environment = target / ".venv"
    environment.mkdir()
    for part in (ROOT / ".venv").iterdir():
        if part.suffix != ".stamp":
            (environment / part.name).symlink_to(part, target_is_directory=part.is_dir())
    for stamp in ("core.stamp", "serve.stamp", "dev.stamp"):
        (environment / stamp).touch()
    return target
