"""Rows of a batch as the requester wrote them: a header, then one item per row (contracts 1).

- Nothing is coerced: a cell is text, and white space alone is nothing given.
- A row that cannot be read is an item too, with the element named; it never sinks another (R-68, R-69).
- A request id that is malformed or says who the person is, is not kept, so that it is never printed (R-57).
"""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

from solely.confidential import masked
from solely.errors import BatchRefused
from solely.folding import UNSEEN, fold
from solely.model import COLUMNS, REQUEST_ID, TO_CURE, Disposition, Item, Reason

CELL_CHARACTERS_MAX = 4_000
TELLING_DIGITS = 7  # so many digits in a row of a person's number give the number away
DAY_DIGITS = 8
ROWS_MAX = 20_000_000

Finding = tuple[Disposition, Reason]
Cells = Sequence[str | None]

_COLUMN = re.compile(r"[A-Za-z][A-Za-z0-9_ -]{0,39}")
# Bidirectional marks belong here: they make a text show as another than it is.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_BROKEN = re.compile("[\ud800-\udfff]")
_DIGITS = re.compile(r"[0-9]{7,}")
_FOUR_DIGITS = re.compile(r"[A-Z]*([0-9]{4})[A-Z]*")
_JOINTS = str.maketrans("", "", "-_")


@masked
class RowRead(NamedTuple):
    """An item as far as it could be read, and what stands against the row itself."""

    item: Item
    findings: tuple[Finding, ...] = ()


_TAXPAYER_NUMBER = re.compile(r"(?<![0-9])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9])")


class Header(NamedTuple):
    """How a row is read: `pick` takes the cells of `columns` from a row with one empty cell put behind it."""

    pick: Callable[[Cells], tuple[str | None, ...]]
    width: int
    columns: tuple[str, ...] = COLUMNS


def _unknown(name: str, columns: tuple[str, ...]) -> str:
    if name == TO_CURE:
        return "the column is the gate's own and says what to cure; delete it"
    near = difflib.get_close_matches(name, columns, 1)
    return f"the column is unknown{f'; there is `{near[0]}`' if near else ''}"


def read_header(cells: Cells, further: tuple[str, ...] = ()) -> Header:
    """The header in `cells`, in any order; raises BatchRefused naming an unknown or repeated column (R-02).

    `further` are the columns that the law in force declares besides `COLUMNS`. Where most cells are no
    column the file has no header: then nothing is named, for it may be a person.
    """
    names = [(cell or "").strip().removeprefix("\ufeff") for cell in cells]
    columns = (*COLUMNS, *further)
    if sum(name in columns for name in names) * 2 < len(names):
        said = "the first row is to name the agreed columns, in lower case; save the file as `CSV UTF-8`"
        raise BatchRefused("R-69", "header", said)
    for name in names:
        if name not in columns:
            shown = name if _COLUMN.fullmatch(name) else "header"
            raise BatchRefused("R-02", shown, _unknown(name, columns))
        if names.count(name) > 1:
            raise BatchRefused("R-02", name, "the column is repeated")
    # The last place is the empty cell: an absent column is a column in which nothing is given.
    places = [names.index(each) if each in names else len(names) for each in columns]
    return Header(itemgetter(*places), len(names), columns)


def items_of(header: Header, rows: Iterable[Cells | Reason], first_row: int) -> list[RowRead]:
    """The items in `rows`, numbered from `first_row`; a Reason stands for a row that could not be parsed."""
    return [_row_read(header, cells, row) for row, cells in enumerate(rows, first_row)]


def unreadable(row: int, element: str, code: str) -> RowRead:
    """An item of which nothing can be kept but its place."""
    return RowRead(Item(row), (_returned(element, code, "R-69"),))


def _row_read(header: Header, cells: Cells | Reason, row: int) -> RowRead:
    if isinstance(cells, Reason):
        return RowRead(Item(row), ((Disposition.RETURNED, cells),))
    if len(cells) != header.width:
        return unreadable(row, "row", "CELL_COUNT")
    placed: Cells = header.pick((*cells, None))
    findings: list[Finding] = []
    if not _is_plain(placed):
        placed = [_checked(name, cell, findings) for name, cell in zip(header.columns, placed, strict=True)]
    item = Item.of(row, [cell if cell and not cell.isspace() else None for cell in placed])
    is_unread = any(reason.element == "request_id" for _, reason in findings)
    reason = None if is_unread else request_id_fault(item)
    if reason is None:
        return RowRead(item, tuple(findings))
    return RowRead(item._replace(request_id=None), ((Disposition.RETURNED, reason), *findings))


def _is_plain(cells: Cells) -> bool:
    """True when every character shows and the whole row is no longer than one cell may be: the usual case."""
    joined = "".join([cell for cell in cells if cell])
    if len(joined) > CELL_CHARACTERS_MAX or not joined.isprintable():
        return False
    return joined.isascii() or UNSEEN.search(joined) is None


def _checked(name: str, cell: str | None, findings: list[Finding]) -> str | None:
    """The cell if it can be read, else None with the reason added to `findings`."""
    if not cell:
        return None
    code = _fault(cell)
    if code is None:
        return cell if UNSEEN.sub("", cell).strip() else None
    findings.append(_returned(name, code, "R-69"))
    return None


def _fault(cell: str) -> str | None:
    if len(cell) > CELL_CHARACTERS_MAX:
        return "TOO_LONG"
    if _BROKEN.search(cell):
        return "INVALID_TEXT"
    return "CONTROL_CHARACTER" if _CONTROLS.search(cell) else None


def _returned(element: str, code: str, rule: str) -> Finding:
    return Disposition.RETURNED, Reason(element, code, rule)


def request_id_fault(item: Item) -> Reason | None:
    """Why the item's request id is not kept: missing, malformed, or a name, date or number of its row.

    An id that holds the birth date, or most of a taxpayer number or A-number, is personal as well; so is one
    with anything written as a taxpayer number, whosesoever it is: ids stand in addresses and file names.
    """
    request_id = item.request_id
    if request_id is None:
        return Reason("request_id", "MISSING", "R-69")
    if not REQUEST_ID.fullmatch(request_id):
        return Reason("request_id", "MALFORMED", "R-69")
    bare = request_id.translate(_JOINTS).upper()
    if _TAXPAYER_NUMBER.search(request_id):
        is_personal = True
    elif bare.isalpha():
        is_personal = bare in _names(item)
    elif _holds_person(bare, item) or _is_last_four(bare, item):
        is_personal = True
    elif bare.removeprefix("A").isdigit():
        is_personal = bare in _dates(item) or bare in _numbers(item)
    else:
        is_personal = item.case_number is not None and bare == fold(item.case_number).replace(" ", "")
    return Reason("request_id", "PERSONAL", "R-57") if is_personal else None


def _holds_person(bare: str, item: Item) -> bool:
    """True when digits in a row within `bare` are those of the birth date or of a person's number."""
    runs = _DIGITS.findall(bare)
    if not runs:
        return False
    numbers = [
        "".join(c for c in text if c.isdigit()).lstrip("0")
        for text in (item.taxpayer_number, item.alien_number)
        if text
    ]
    parts = {
        number[place : place + TELLING_DIGITS]
        for number in (*numbers, *[each[::-1] for each in numbers])
        for place in range(len(number) - TELLING_DIGITS + 1)
    } | {each for each in _days(item.birth_date) if len(each) == DAY_DIGITS}
    return any(part in run for run in runs for part in parts)


def _is_last_four(bare: str, item: Item) -> bool:
    """True when the digits of `bare` are the last four of the taxpayer number, by which one is often told."""
    last = _FOUR_DIGITS.fullmatch(bare)
    return last is not None and "".join(filter(str.isdigit, item.taxpayer_number or ""))[-4:] == last[1]


def _names(item: Item) -> set[str]:
    given, middle, family = (
        fold(each).replace(" ", "") if each else ""
        for each in (item.given_name, item.middle_name, item.family_name)
    )
    return {
        given,
        middle,
        family,
        given + family,
        family + given,
        given + middle + family,
        family + given + middle,
    }


def _dates(item: Item) -> set[str]:
    found: set[str] = set()
    stated = (item.birth_date, item.order_date, item.order_final_by_court_on, item.investigation_opened_on)
    for text in stated:
        found |= _days(text)
    return found


def _days(text: str | None) -> set[str]:
    """A day written in digits alone, in every order of its parts."""
    parts = re.findall(r"[0-9]+", text or "")
    if len(parts) == 1 and len(parts[0]) == DAY_DIGITS:
        return {parts[0]}
    if len(parts) != 3:
        return set()
    year, month, day = parts if len(parts[0]) == 4 else (parts[2], parts[0], parts[1])
    found: set[str] = set()
    for m, d in ((month.zfill(2), day.zfill(2)), (month.lstrip("0"), day.lstrip("0"))):
        found |= {year + m + d, m + d + year, d + m + year}
    return found


def _numbers(item: Item) -> set[str]:
    found: set[str] = set()
    for text in (item.taxpayer_number, item.alien_number, item.case_number):
        bare = fold(text).replace(" ", "") if text else ""
        if bare:
            found |= {bare, bare.removeprefix("A"), "A" + bare.removeprefix("A")}
            found |= {bare.removeprefix("A").zfill(9), "A" + bare.removeprefix("A").zfill(9)}
    return found
