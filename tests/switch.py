"""One check switched off by a small change of one file, and the files that switches name most."""

from typing import NamedTuple


class Switch(NamedTuple):
    """One check switched off: in `file`, `old` becomes `new`."""

    rule: str
    file: str
    old: str
    new: str


SOLELY = "src/solely/"
STATUTE = "law/statutes/26-usc-6103-i-2/statute.md"
SIGNED, STATED = SOLELY + "store/signed_law.py", SOLELY + "agreement/statement.py"
REDACTED = SOLELY + "agreement/redaction.py"
AGREEMENT = "law/agreements/irs-ice-2025/agreement.md"
