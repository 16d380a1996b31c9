"""What pages show of a batch's states is what counting every case finds; ids are found in any case."""

from pathlib import Path
from typing import Any

import pytest

from solely.canonical import canonical_json
from solely.store.cases import Cases
from solely.store.database import Database

CASES = Cases()


def _case(row: int, state: str, record: str | None = None) -> dict[str, Any]:
    about = canonical_json({"record_ref": record}).decode()
    return {
        "batch_id": "b", "row": row, "request_id": f"R-{row}", "state": state, "version": 0, "item": "[]",
        "evidence": canonical_json({"B": about}).decode(), "decision_index": row, "decision_key": None,
    }  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(tmp_path / "state.sqlite")
    made.create()
    with made.transaction() as tx:
        CASES.add_cases(
            tx, [_case(n, "referred_read" if n % 3 else "releasable", f"T{n}") for n in range(30)]
        )
    return made


def test_noted_counts_are_those_of_every_case(database: Database) -> None:
    with database.transaction() as tx:
        CASES.add_cases(tx, [_case(40, "returned")])
        found = CASES.find_cases(tx, "b", range(30))
        CASES.move_case(tx, found[1], {"state": "withheld"})
        CASES.move_case(tx, found[2], {"decision_key": "the state stays"})
        CASES.move_cases(tx, [found[n] for n in range(0, 30, 3)], "released")
        assert CASES.noted_states(tx, "b") == CASES.count_states(tx, "b")
        assert CASES.noted_states(tx, "b") == {
            "released": 10, "referred_read": 19, "withheld": 1, "returned": 1,
        }  # fmt: skip


def test_a_case_is_found_by_its_id_in_any_case_and_by_no_other(database: Database) -> None:
    with database.transaction() as tx:
        found = CASES.find_case(tx, "r-7")
        assert found is not None and found["request_id"] == "R-7"
        assert CASES.find_case(tx, "R-77") is None


@pytest.mark.rule("R-36")
def test_what_rests_on_a_record_and_may_leave_is_found_as_its_evidence_says(database: Database) -> None:
    with database.transaction() as tx:
        found = CASES.find_cases(tx, "b", range(30))
        moved = {"evidence": _case(1, "", "T0")["evidence"], "state": "releasable"}
        CASES.move_case(tx, found[1], moved)
        assert [each["row"] for each in CASES.rows_resting_on(tx, "b", ["T0", "T2"])] == [0, 1]
