"""The law files that ship: every agreement beside its statute, as bytes and parsed."""

from solely.agreement.clause import EXPECTATIONS
from solely.agreement.document import Law, parse_agreement, parse_statute, statute_id_of
from solely.agreement.evaluate import verdict
from solely.errors import AgreementRefused
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


def with_true_cases(agreement: str) -> str:
    """The text of an edited agreement whose cases expect what its rules give now; one that does not parse as
    it is."""
    data = agreement.encode()
    try:
        law = Law.of(data, statute_bytes(data))
    except AgreementRefused:
        return agreement
    words = {value: word for word, value in EXPECTATIONS.items()}
    for clause in law.agreement.clauses:
        head, mark, tail = agreement.partition(f"```cases {clause.id}\n")
        table, end, rest = tail.partition("```")
        heading, rule, *rows = table.splitlines()
        given = (words[verdict(clause.expression, each.row)] for each in law.agreement.cases[clause.id])
        said = [
            each.rstrip(" |").rpartition("|")[0] + f"| {word} |"
            for each, word in zip(rows, given, strict=True)
        ]
        agreement = head + mark + "\n".join((heading, rule, *said, "")) + end + rest
    return agreement
