"""The law files that ship: every agreement beside its statute, as bytes and parsed."""

from solely.agreement.document import Law, parse_agreement, parse_statute, statute_id_of
from tests.support.tree import ROOT

FIRST = "irs-ice-2025"
# The first agreement stands first: tests that need one law in particular take it.
AGREEMENTS = sorted(
    (ROOT / "law/agreements").glob("*/agreement.md"), key=lambda path: (path.parent.name != FIRST, path)
)


def statute_bytes(agreement: bytes) -> bytes:
    """The statute file that an agreement stands under."""
    return (ROOT / "law/statutes" / statute_id_of(agreement) / "statute.md").read_bytes()


SHIPPED = [(statute_bytes(path.read_bytes()), path.read_bytes()) for path in AGREEMENTS]


def shipped_laws() -> list[Law]:
    """Every shipped agreement with its statute."""
    laws = []
    for statute_data, agreement_data in SHIPPED:
        statute = parse_statute(statute_data)
        laws.append(Law(statute, parse_agreement(agreement_data, statute)))
    return laws
