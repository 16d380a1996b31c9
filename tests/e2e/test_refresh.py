"""The custodian's changes of a day, put in force beside the old index and in the ledger."""

import csv
from datetime import timedelta

import pytest

from tests.support.reading import entries_of
from tests.support.records_world import write_csv
from tests.support.world import build_world

pytestmark = pytest.mark.e2e


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.rule("R-83")
def test_changes_of_a_day_decide_as_the_whole_records_of_that_day(tmp_path):
    made = build_world(tmp_path, seed=8, people=600, items=60)
    whole = read(made.folders.record_files()[0])
    named = {truth.record_id: truth.request_id for truth in made.requests.truth if truth.must_release}
    gone, moved = sorted(named)[:2]
    earlier = (made.today - timedelta(days=1)).isoformat()
    # Yesterday one person was not yet known, and another was who has gone since.
    yesterday = [each for each in whole if each["record_id"] != moved]
    files = [write_csv(tmp_path / "yesterday.csv", yesterday)]
    changed = write_csv(tmp_path / "changed.csv", [each for each in whole if each["record_id"] == moved])
    removed = write_csv(tmp_path / "removed.csv", [{"record_id": gone}])

    new = made.solely("init", made.gate, "--agreement", made.folders.agreement, "--records", *files,
                      "--as-of", earlier, "--trust", made.folders.trust)  # fmt: skip
    assert new.code == 0, new.err
    ran = made.solely("init", made.gate, "--changed", changed, "--removed", removed,
                      "--as-of", made.today.isoformat())  # fmt: skip
    assert ran.code == 0, ran.err
    assert "1 added, 0 changed, 1 removed" in ran.err
    assert list(ran.result["parts"]) == ["records"]
    assert sum(each.type.word == "policy" for each in entries_of(made)) >= 2
    assert made.run().code == 0
    made.approve_by_two(made.folders.batch)
    left = {path.stem for path in made.packages()}
    assert {id_ for record, id_ in named.items() if id_ not in left} == {named[gone]}

    both = made.solely("init", made.gate, "--records", *files, "--changed", changed, "--as-of", earlier)
    assert both.code == 2 and "--records" in both.err
    assert made.solely("init", made.gate, "--changed", changed).code == 2
