"""The same person twice in a batch, seen before any record is read (R-36)."""

import random

import pytest

from solely.intake.same import Keys, Sameness
from solely.model import Item


def found(*rows: tuple[Item, Keys], chunk: int = 2) -> dict[int, list[str]]:
    """What stands against each row, added in chunks."""
    same = Sameness()
    for at in range(0, len(rows), chunk):
        part = rows[at : at + chunk]
        same.add([item for item, _ in part], [keys for _, keys in part])
    said = same.findings()
    return {row: [f"{d.value} {r}" for d, r in findings] for row, findings in said.items()}


def item(row: int, request_id: str | None, address: str = "14 UNKNOWN RD") -> Item:
    """A row about somebody."""
    return Item(row, request_id, "Ana", None, "Lopez", address=address)


@pytest.mark.rule("R-36")
def test_of_equal_rows_the_first_goes_on() -> None:
    rows = [(item(n, f"R{n}"), ("912664821", "ana")) for n in (1, 2, 3)]
    assert found(*rows) == {2: ["returned row:DUPLICATE"], 3: ["returned row:DUPLICATE"]}


@pytest.mark.rule("R-36")
def test_where_one_differs_a_person_decides_about_all() -> None:
    rows = [
        (item(1, "R1"), ("912664821", "a")),
        (item(2, "R2"), ("912664821", "a")),
        (item(3, "R3", "2 ELM ST"), ("912664821", "b")),
    ]
    assert set(found(*rows)) == {1, 2, 3}
    assert {reason for reasons in found(*rows).values() for reason in reasons} == {"referred row:SAME_PERSON"}


@pytest.mark.rule("R-36")
def test_a_row_may_share_its_number_with_one_and_its_address_with_another() -> None:
    rows = [
        (item(1, "R1", "a"), ("1", None)),
        (item(2, "R2", "b"), ("1", "x")),
        (item(3, "R3", "c"), (None, "x")),
    ]
    assert set(found(*rows)) == {1, 2, 3}


@pytest.mark.rule("R-36")
def test_rows_of_whom_nothing_is_known_are_not_one_person() -> None:
    assert (
        found((item(1, "R1"), (None, None)), (item(2, "R2"), (None, None)), (item(3, "R3"), ("1", None)))
        == {}
    )


@pytest.mark.rule("R-13", "R-36")
def test_of_equal_ids_the_first_stands_whatever_their_case() -> None:
    rows = [
        (item(1, "R-a"), ("1", None)),
        (item(2, "r-A"), ("2", None)),
        (item(3, None), ("3", None)),
        (item(4, None), ("4", None)),
    ]
    assert found(*rows) == {2: ["returned request_id:REPEATED"]}


@pytest.mark.rule("R-36")
def test_chunks_make_no_difference_and_agree_with_the_obvious_way() -> None:
    draw = random.Random(36)
    rows = [
        (
            item(n, f"R{n}", draw.choice("ab")),
            (draw.choice([None, *"123456789"]), draw.choice([None, *"uvwxyz"])),
        )
        for n in range(1, 15)
    ]
    assert found(*rows, chunk=1) == found(*rows, chunk=5) == found(*rows, chunk=14) == slowly(rows)


def slowly(rows: list[tuple[Item, Keys]]) -> dict[int, list[str]]:
    """The slow twin: compare every row with every other until nothing changes."""
    group = {item.row: item.row for item, _ in rows}
    changed = True
    while changed:
        changed = False
        for one, keys in rows:
            for other, others in rows:
                alike = any(a is not None and a == b for a, b in zip(keys, others, strict=True))
                if alike and group[one.row] != group[other.row]:
                    group[one.row] = group[other.row] = min(group[one.row], group[other.row])
                    changed = True
    said: dict[int, list[str]] = {}
    for leader in set(group.values()):
        members = [item for item, _ in rows if group[item.row] == leader]
        if len(members) > 1:
            is_equal = len({item[2:] for item in members}) == 1
            marked = members[1:] if is_equal else members
            said |= {
                each.row: ["returned row:DUPLICATE" if is_equal else "referred row:SAME_PERSON"]
                for each in marked
            }
    return said
