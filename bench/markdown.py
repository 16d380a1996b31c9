"""Pieces of the results page in Markdown: a table of figures, and under what a result was measured."""

from collections.abc import Mapping, Sequence
from typing import Any


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A Markdown table, figures with separators."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value).replace("|", "\\|")


def stated(result: Mapping[str, Any]) -> str:
    """Under what a result was measured: command, size, commit, machine, load."""
    machine = result["machine"]
    load = ", ".join(str(each) for each in result["load_average"])
    return (
        f"`{result['command']}` · commit {result['commit'][:8]} · {result['at'][:10]} · "
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB · load average {load}"
    )
