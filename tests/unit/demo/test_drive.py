"""The demo's own judgment and options: what makes it fail, and that generating alone leaves a whole world."""

from pathlib import Path

import pytest

from demo import __main__ as command
from demo import august, drive
from demo.august import Release
from demo.desk import Truth


def judged(releases: list[Release], truth: list[Truth]) -> august.Judgment:
    return august.judge(releases, truth)


def test_a_demo_without_a_wrong_or_missed_release_is_clean() -> None:
    truth = [Truth("T1", "valid", must_release=True), Truth("", "absent_son", is_own_address=False)]
    assert drive.is_clean(judged([Release(1, "T1", "gate")], truth))


@pytest.mark.parametrize(
    ("releases", "truth"),
    [
        pytest.param([Release(1, "T2", "gate")], [Truth("T1", "x")], id="wrong person"),
        pytest.param([Release(1, "T1", "gate")], [Truth("T1", "x", is_permitted=False)], id="not permitted"),
        pytest.param(
            [Release(1, "T1", "gate")], [Truth("T1", "x", is_own_address=False)], id="not own address"
        ),
        pytest.param([], [Truth("T1", "x", must_release=True)], id="missed"),
    ],
)
def test_one_wrong_or_missed_release_fails_the_demo(releases: list[Release], truth: list[Truth]) -> None:
    assert not drive.is_clean(judged(releases, truth))


def test_generating_alone_leaves_a_whole_world_and_the_next_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--seed", "3", "--people", "400", "--items", "30", "--no-run", "--out", str(tmp_path / "out")]
    assert command.main(words) == 0
    parts = {each.name for each in (tmp_path / "out").iterdir()}
    assert parts == {"batch", "records", "trust", "law", "keys", "truth.csv", "next.zip"}
    first = capsys.readouterr()
    assert "kept" not in first.err
    (tmp_path / "out" / "gate").mkdir()
    (tmp_path / "out" / "gate" / "gate.toml").write_text("a gate with entries")
    assert command.main(words) == 0
    told = capsys.readouterr()
    assert f"it is kept, with its keys, in {tmp_path / 'out-before-1'}" in told.err
    assert (tmp_path / "out-before-1" / "gate" / "gate.toml").read_text() == "a gate with entries"
    assert {each.name for each in (tmp_path / "out").iterdir()} == parts
    shown = first.out
    assert "solely init" in shown and "solely run" in shown and shown.count("solely approve") == 2
