"""What a person may write for the file."""

import pytest

from solely.errors import UsageError
from solely.notes import require_note


@pytest.mark.parametrize(
    "text",
    [
        "one line\nand another",
        "a\ttab",
        "pasted\u00a0from a word processor",
        "«\u202fen français\u202f»",
        "نعم",
        "🎉",
    ],
)
def test_ordinary_writing_is_kept(text: str) -> None:
    require_note("the note", text)


@pytest.mark.parametrize("text", ["", " \n", "zero\u200bwidth", "turned \u202eround", "a\rb", "x" * 1001])
def test_what_says_nothing_hides_something_or_has_no_end_is_not(text: str) -> None:
    with pytest.raises(UsageError, match="the note"):
        require_note("the note", text)


@pytest.mark.rule("R-57")
@pytest.mark.parametrize("space", [" ", "\u00a0", "\u2009", "\u202f", "-"])
def test_a_persons_number_is_not_hidden_by_the_space_between_its_digits(space: str) -> None:
    for groups in (("911", "68", "2276"), ("911", "682", "276")):
        with pytest.raises(UsageError, match="may be a person's number"):
            require_note("the note", f"he is {space.join(groups)}, I think")
