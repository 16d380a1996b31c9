"""What an error measurement stands for: the digest of rules, lexicons and thresholds (R-42).

- It covers what decides who is identified: the modules of `solely.matching` as syntax trees (comments and
  docstrings change nothing), the defaults of the matching policy, and the shipped lists.
- `make bench` writes it beside the published table; a test compares the two, so a rule that changes without a
  new measurement fails the build.
"""

import ast
import hashlib
from dataclasses import fields
from pathlib import Path
from typing import Any

from solely.matching.identify import MATCHER_VERSION
from solely.model import MatchingPolicy

_SOURCE = Path(__file__).resolve().parents[1] / "src" / "solely"
_LISTS = ("real_names.txt", "names.toml", "placeholders.toml", "facility_words.toml", "street_suffixes.csv",
          "street_words.toml", "common_words.toml", "unit_designators.csv", "states.csv")  # fmt: skip


def rules_in_force() -> dict[str, Any]:
    """The version of the kernel, the digest of everything it decides by, and the digests of its parts."""
    parts = {path.name: _code_digest(path) for path in sorted((_SOURCE / "matching").glob("*.py"))}
    parts |= {name: hashlib.sha256((_SOURCE / "inputs" / name).read_bytes()).hexdigest() for name in _LISTS}
    policy = MatchingPolicy()
    stated = {each.name: getattr(policy, each.name) for each in fields(policy)}
    whole = hashlib.sha256(repr((MATCHER_VERSION, sorted(parts.items()), stated)).encode()).hexdigest()
    return {"matcher_version": MATCHER_VERSION, "digest": whole, "policy": stated, "parts": parts}


def _code_digest(path: Path) -> str:
    """The digest of a module's lines of code: without docstrings, comment lines and blank ones.

    Of lines and not of the syntax tree, whose written form differs from one Python to the next.
    """
    text = path.read_text(encoding="utf-8")
    told: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and ast.get_docstring(node) is not None
        ):
            told.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    lines = [line for number, line in enumerate(text.splitlines(), 1) if number not in told]
    code = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return hashlib.sha256("\n".join(code).encode()).hexdigest()
