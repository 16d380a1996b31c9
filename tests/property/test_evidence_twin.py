"""What is written by hand for speed is what the encoder of JSON writes: evidence never changes its bytes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solely.canonical import canonical_json, sha256_hex
from solely.decision.answer import answer_line, answer_of
from solely.decision.evidence import decision_groups, item_digest
from solely.model import COLUMNS, Decision, Disposition, Item, Reason

texts = (
    st.none() | st.text(max_size=12) | st.sampled_from(['"', "\\", "\n\t\x00\x1f", "\x7f\u2028", "\ud800"])
)
names = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
reasons = st.lists(
    st.builds(
        Reason, st.sampled_from(["name", "row"]), st.sampled_from(["A", "B"]), st.sampled_from(["R-1", "R-2"])
    ),
    max_size=3,
).map(tuple)


@pytest.mark.rule("R-82")
@given(st.lists(texts, min_size=len(COLUMNS), max_size=len(COLUMNS) + 2))
def test_the_digest_of_an_item_is_that_of_its_cells_as_json(cells: list[str | None]) -> None:
    told = json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
    assert item_digest(Item.of(1, cells)) == sha256_hex(told.encode("utf-8", "surrogatepass"))


@pytest.mark.rule("R-82")
@given(st.integers(1, 10**7), names, names, reasons, st.text("ab", max_size=3))
def test_what_an_entry_commits_to_is_canonical(
    row: int, request_id: str | None, record_ref: str | None, why: tuple[Reason, ...], explanation: str
) -> None:
    decision = Decision(row, request_id, Disposition.RETURNED, why)
    groups = decision_groups(decision, "ab" * 32, record_ref, explanation)
    assert groups["A"] == canonical_json(
        {"disposition": "returned", "reasons": decision.reason_codes(), "rules": decision.rules()}
    )
    assert groups["B"] == canonical_json(
        {"item_sha256": "ab" * 32, "record_ref": record_ref, "request_id": request_id, "row": row}
    )
    assert groups["D"] == canonical_json(
        {"counts": {}, "explanation_sha256": sha256_hex(explanation.encode())}
    )


@pytest.mark.rule("R-81")
@given(names, st.sampled_from(Disposition), reasons, st.booleans())
def test_a_line_of_the_answer_is_canonical(
    request_id: str | None, disposition: Disposition, why: tuple[Reason, ...], is_record_read: bool
) -> None:
    decision = Decision(1, request_id, disposition, why)
    codes, rules = decision.reason_codes(), decision.rules()
    word = answer_of(disposition, is_record_read=is_record_read)
    if word not in ("returned", "refused"):
        codes, rules = [], []
    line = answer_line(request_id, disposition, (decision.reason_codes(), decision.rules()), is_record_read)
    assert (
        line
        == canonical_json({"answer": word, "reasons": codes, "request_id": request_id, "rules": rules})
        + b"\n"
    )
