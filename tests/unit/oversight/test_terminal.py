"""The summary at a terminal shows the run object's own numbers, and only text."""

import pytest

from solely.oversight.terminal import bar, listed_lines, result_lines

RUN = {
    "batch": "0123456789abcdef", "received": 5000, "releasable": 0, "released": 1234, "withheld": 300,
    "referred": 41, "returned": 3400, "refused": 25, "blocked": [],
    "checkpoint": {"size": 12345, "root": "abc="},
}  # fmt: skip


@pytest.mark.rule("R-05")
def test_every_state_and_the_checkpoint_is_shown():
    text = "\n".join(result_lines(RUN))
    for word in ("0123456789abcdef", "5,000", "1,234", "300", "41", "3,400", "25", "12,345", "abc="):
        assert word in text
    assert "blocked" not in text


def test_no_line_moves_a_cursor():
    assert not any("\x1b" in line or "\r" in line for line in result_lines(RUN))


def test_lines_fit_a_narrow_terminal():
    assert max(map(len, result_lines(RUN))) <= 110


@pytest.mark.rule("R-13")
def test_a_duplicate_says_that_nothing_was_decided_twice():
    assert any("twice" in line for line in result_lines(RUN | {"duplicate": True}))


@pytest.mark.rule("R-02")
def test_a_block_names_its_codes():
    text = "\n".join(result_lines(RUN | {"blocked": ["COUNTS", "RECORDS_TOO_OLD"]}))
    assert "blocked by COUNTS, RECORDS_TOO_OLD" in text


def test_a_batch_that_is_not_decided_is_not_said_to_have_received_nothing():
    counts = dict.fromkeys(("received", "releasable", "released", "withheld", "referred", "returned"), 0)
    text = "\n".join(result_lines(RUN | counts | {"blocked": ["CASELOAD"], "undecided": 2501}))
    assert "received and not decided yet: 2,501" in text and "blocked by CASELOAD" in text
    assert "in the signed file" not in text


@pytest.mark.rule("R-103")
def test_a_refused_batch_names_element_and_rule_without_a_funnel():
    refused = {"rule": "R-12", "element": "data_sha256", "reason": "the data file differs"}
    text = "\n".join(result_lines({"batch": None, "received": 0, "batch_refused": refused}))
    assert "`data_sha256`: the data file differs (R-12)" in text
    assert "no letter could be read" in text
    assert "released" not in text


def test_a_bar_is_as_long_as_its_share():
    assert len(bar(5, 5)) == 32
    assert len(bar(5, 10)) == 16
    assert len(bar(1, 10**9)) == 1
    assert bar(0, 10) == ""
    assert bar(0, 0) == ""


@pytest.mark.rule("R-69")
def test_an_explanation_is_a_wrapped_list_that_says_everything():
    meaning = "word " * 60
    shown = listed_lines(
        {
            "request_id": "R-1",
            "reasons": ["address:INCOMPLETE", "periods:MISSING"],
            "deficiencies": [{"element": "address", "meaning": meaning, "reply_by": None}],
            "law": {"version": "1", "synthetic": True},
            "later": [],
        }
    )
    assert shown[:4] == ["request_id: R-1", "reasons:", "  - address:INCOMPLETE", "  - periods:MISSING"]
    assert shown[4:6] == ["deficiencies:", "  - element: address"]
    assert shown[-5:] == ["    reply_by: none", "law:", "  version: 1", "  synthetic: yes", "later: none"]
    assert max(map(len, shown)) <= 100
    assert " ".join(shown).split().count("word") == 60
