"""A header and its rows: what refuses the batch, what returns a row, which ids are kept (R-68, R-69)."""

import unicodedata

import pytest

from solely.errors import BatchRefused
from solely.folding import UNSEEN
from solely.intake.rows import items_of, read_header, request_id_fault
from solely.model import COLUMNS, TO_CURE, Item, Reason
from tests.support.submissions import ROW

HEADER = read_header(COLUMNS)


def cells(**words: str | None) -> list[str | None]:
    """The good row as cells in the order of the columns."""
    row = {**ROW, **words}
    return [row.get(each) for each in COLUMNS]


def item(**words: str | None) -> Item:
    """The good row as an item."""
    return Item(1, **{**ROW, **words})


@pytest.mark.rule("R-02")
@pytest.mark.parametrize(
    ("names", "element"),
    [
        ((*COLUMNS, "ssn_verified"), "ssn_verified"),
        ((*COLUMNS, "given_name"), "given_name"),
        ((*COLUMNS[1:], "Request_ID"), "Request_ID"),
        ((*COLUMNS, "912-66-4821"), "header"),
        (("Rosalind", "Varga", "1984-03-09"), "header"),
        (("",), "header"),
    ],
)
def test_an_unknown_or_repeated_column_refuses_the_batch(names: tuple[str, ...], element: str) -> None:
    with pytest.raises(BatchRefused) as refusal:
        read_header(names)
    assert refusal.value.element == element
    assert "Varga" not in str(refusal.value)


def test_the_gates_own_column_left_in_a_table_is_named_with_its_cure() -> None:
    with pytest.raises(BatchRefused) as refused:
        read_header((*COLUMNS, TO_CURE))
    assert refused.value.element == "to_cure"
    assert "delete it" in str(refused.value)


@pytest.mark.rule("R-69")
def test_an_absent_column_is_given_nowhere() -> None:
    header = read_header(("family_name", "request_id"))
    (read,) = items_of(header, [["Lopez", "R-1"]], 1)
    assert (read.item, read.findings) == (Item(1, request_id="R-1", family_name="Lopez"), ())


@pytest.mark.rule("R-68", "R-69")
def test_a_bad_row_never_sinks_another() -> None:
    rows = [
        cells(),
        cells()[:-1],
        cells(request_id="R-0003", reason="x\0y"),
        Reason("row", "UNCLOSED_QUOTE", "R-69"),
        cells(),
    ]
    reads = items_of(HEADER, rows, 11)
    assert [each.item.row for each in reads] == [11, 12, 13, 14, 15]
    assert [[str(reason) for _, reason in each.findings] for each in reads] == [
        [], ["row:CELL_COUNT"], ["reason:CONTROL_CHARACTER"], ["row:UNCLOSED_QUOTE"], [],
    ]  # fmt: skip
    assert (reads[2].item.request_id, reads[2].item.reason) == ("R-0003", None)


@pytest.mark.rule("R-24")
@pytest.mark.parametrize(
    "blank", ["", " ", "\t \n", "\u00a0", "\u200b\ufeff", "\u2007 \u3000", "\u3164\uffa0", None]
)
def test_white_space_alone_is_nothing_given(blank: str | None) -> None:
    (read,) = items_of(HEADER, [cells(address=blank)], 1)
    assert (read.item.address, read.findings) == (None, ())


@pytest.mark.rule("R-24")
def test_every_character_that_shows_as_nothing_is_known() -> None:
    """Format characters, fillers, selectors and blanks; some format characters are a sign above numbers."""
    blank = (
        "SEONG FILLER",
        "HANGUL FILLER",
        "VARIATION SELECTOR",
        "PATTERN BLANK",
        "NULL NOTEHEAD",
        "GRAPHEME JOINER",
    )
    shown = {
        *range(0x600, 0x606),
        0x6DD,
        0x70F,
        0x890,
        0x891,
        0x8E2,
        0x110BD,
        0x110CD,
        *range(0x13430, 0x13440),
    }
    for code in range(0x110000):
        name, category = unicodedata.name(chr(code), ""), unicodedata.category(chr(code))
        if (category == "Cf" and code not in shown) or any(word in name for word in blank):
            assert UNSEEN.fullmatch(chr(code)), name


@pytest.mark.parametrize("text", ["Ng Thị Hương", "  two  spaces ", "a\nb", "=1+1", "00123", "TRUE", "1e5"])
def test_nothing_is_coerced(text: str) -> None:
    (read,) = items_of(HEADER, [cells(reason=text)], 1)
    assert (read.item.reason, read.findings) == (text, ())


@pytest.mark.rule("R-57")
@pytest.mark.parametrize(
    ("request_id", "words"),
    [
        ("rosalind", {}),
        ("Okonkwo-Varga", {}),
        ("ROSALIND_okonkwo_varga", {}),
        ("jose", {"given_name": "José"}),
        ("912664821", {}),
        ("912-66-4821", {}),
        ("A204117396", {}),
        ("204-117-396", {}),
        ("001234567", {"alien_number": "A1234567"}),
        ("19840309", {}),
        ("1984-3-9", {}),
        ("03091984", {}),
        ("3-9-1984", {"birth_date": "3/9/1984"}),
        ("2024-11-05", {}),
        ("C881203", {}),
        ("555-12-3456-A", {}),  # nobody's of this row
        ("R-912664821", {}),
        ("R-912-66-48-21-b", {}),
        ("q9126648", {}),
        ("REQ2664821", {}),
        ("case204117396", {}),
        ("7-1234567", {"alien_number": "A001234567"}),
        ("R19840309x", {}),
        ("R-1984-03-09-7", {}),
        ("20240309031984", {"birth_date": "3/9/1984"}),
        ("R19840309", {"birth_date": "19840309"}),
        ("4821", {}),  # the last four
        ("R-4821", {}),
        ("q4821b", {}),
        ("128466219", {}),  # the number backwards
        ("R-1284662", {}),
    ],
)
def test_an_id_that_says_who_it_is_about_is_not_kept(request_id: str, words: dict[str, str]) -> None:
    assert request_id_fault(item(request_id=request_id, **words)) == Reason("request_id", "PERSONAL", "R-57")
    (read,) = items_of(HEADER, [cells(request_id=request_id, **words)], 1)
    assert read.item.request_id is None


@pytest.mark.rule("R-57")
@pytest.mark.parametrize(
    "request_id",
    [
        "R-0001",
        "R-00000001",
        "2025-04-0001",
        "R-1555-12-34567",
        "R-912664",
        "R-2041-1",
        "R198403",
        "20260601-0001",
        "rosalind-1",
        "4822",
        "R-48210",
        "2-4821",
        "A1",
        "1984",
        "x" * 64,
        "0_-",
    ],
)
def test_an_id_of_its_own_is_kept(request_id: str) -> None:
    assert request_id_fault(item(request_id=request_id)) is None


@pytest.mark.rule("R-69")
@pytest.mark.parametrize("request_id", [" R1", "R 1", "-R1", "R/1", "x" * 65, "é", "R1\n", "..", "١٢"])
def test_a_malformed_id_is_never_kept(request_id: str) -> None:
    assert request_id_fault(item(request_id=request_id)) == Reason("request_id", "MALFORMED", "R-69")


def test_a_cell_may_be_as_long_as_four_thousand_characters() -> None:
    whole, beyond = items_of(HEADER, [cells(reason="x" * 4000), cells(reason="x" * 4001)], 1)
    assert whole.findings == () and [str(r) for _, r in beyond.findings] == ["reason:TOO_LONG"]
