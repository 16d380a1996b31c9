"""Every vector of `vectors/submission` is read, or refused at the named element, as its page says."""

import json
from pathlib import Path
from typing import Any

import pytest

from solely.errors import BatchRefused
from solely.intake.letter import parse_letter, require_agreement, require_data, require_genuine
from solely.store.submission import Received, read_chunks, receive
from tests.support.submissions import AGREEMENT, RECEIVED_ON, SIGNERS, VERSION, kept_key, trusting
from tests.support.tree import ROOT

FOLDER = ROOT / "vectors" / "submission"
CASES = sorted(each.name for each in FOLDER.iterdir() if each.is_dir())


def outcome(received: Received) -> dict[str, Any]:
    """What intake says of a submission, in the words of `expected.json`."""
    try:
        if received.problem is not None:
            raise received.problem
        assert received.letter is not None and received.signature is not None
        letter = parse_letter(received.letter)
        trust = trusting(kept_key(FOLDER / "signer.pem"))
        require_genuine(letter, received.letter, received.signature, trust, SIGNERS, RECEIVED_ON)
        require_agreement(letter, AGREEMENT, VERSION)
        require_data(letter, received.data_sha256(letter.data_file))
        assert received.data_path is not None
        rows = [
            {
                "row": each.item.row,
                "request_id": each.item.request_id,
                "findings": [
                    f"{disposition.value} {reason} {reason.rule}" for disposition, reason in each.findings
                ],
            }
            for chunk in read_chunks(received.data_path, size=2)
            for each in chunk
        ]
    except BatchRefused as refusal:
        return {"refused": {"rule": refusal.rule, "element": refusal.element}, "rows": []}
    return {"refused": None, "rows": rows}


@pytest.mark.rule("R-11")
@pytest.mark.rule("R-12")
@pytest.mark.rule("R-13")
@pytest.mark.rule("R-68")
@pytest.mark.rule("R-69")
@pytest.mark.parametrize("case", CASES)
def test_a_submission_is_read_as_its_vector_says(case: str, tmp_path: Path) -> None:
    expected = json.loads((FOLDER / case / "expected.json").read_text())
    assert expected.pop("received_on") == RECEIVED_ON.isoformat()
    assert outcome(receive(FOLDER / case, tmp_path / "received")) == expected
