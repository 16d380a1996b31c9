"""What `solely judge` says of a line, for a reader and for a program (R-69)."""

from io import BytesIO

import pytest

from solely.precheck import judge_lines, told_verdict


def told(what: str, line: str) -> str:
    """The line that a reader sees."""
    (verdict,) = judge_lines(what, BytesIO(line.encode()), is_synthetic=False)
    assert {"input", "verdict", "sufficient", "rule", "reason"} <= verdict.keys()
    return told_verdict(verdict)


@pytest.mark.rule("R-69", "R-34", "R-35", "R-94")
@pytest.mark.parametrize(
    ("what", "line", "begins", "holds"),
    [
        ("identifier", "abc", "returned  abc", "this is no number"),
        (
            "identifier",
            "12-3456780",
            "returned  12-3456780",
            "employer's number; a person's is written 3-2-4 (R-34)",
        ),
        ("identifier", "912-50-4021", "passes    912-50-4021", "itin: the form is valid"),
        ("identifier", "", "returned  (nothing)", "no number is given (R-34)"),
        ("name", "Pending Moyo", "a person  Pending Moyo", "(R-94)"),
        ("name", "JOSE OR MARIA GARCIA", "returned  JOSE", "a request names one person, in letters (R-88)"),
        ("name", "Chris Null", "passes    Chris Null", "the name is complete"),
        ("address", "Don't Care 12345", "returned  Don't", "(R-2"),
    ],
)
def test_a_reader_sees_whether_a_line_passes_and_why(what: str, line: str, begins: str, holds: str) -> None:
    said = told(what, f"{line}\n")
    assert said.startswith(begins) and holds in said
