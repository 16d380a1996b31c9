"""How each rule's check is switched off: one small change of one file per line (`make rules PROVE=1`).

- The change is made in a copy of the tree; at least one test that names the rule must then fail.
- `old` must stand exactly once in the file: a check that was rewritten needs its switch rewritten too.
- A rule may have several switches, one per place that upholds it; each must be noticed.
"""

from typing import NamedTuple


class Switch(NamedTuple):
    """One check switched off: in `file`, `old` becomes `new`."""

    rule: str
    file: str
    old: str
    new: str


SWITCHES: tuple[Switch, ...] = (
    Switch(
        "R-82",
        "src/solely/review/states.py",
        "    (State.REFERRED_READ, State.RELEASABLE):",
        "    (State.WITHHELD, State.RELEASABLE):",
    ),
    Switch(
        "R-90",
        "README.md",
        "A disclosure gateway:",
        "A certified and lawful disclosure gateway:",
    ),
)
