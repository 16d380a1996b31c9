"""A day's volume against the days before (R-66), and how long attempts are kept (R-87)."""

from datetime import date

import pytest
import sqlalchemy as sa

from solely.steps.history import percent_of_usual
from solely.store import tallies
from solely.store.schema import batch, metadata


@pytest.mark.rule("R-66")
@pytest.mark.parametrize(
    ("items", "volumes", "percent"),
    [
        (10, {}, 0),
        (10, {"2026-01-01": 10}, 100),
        (11, {"2026-01-01": 10}, 110),
        (1, {"2026-01-01": 1, "2026-01-02": 2}, 67),  # rounded up, so that the limit is never passed unseen
        (1_280_000, {"2026-01-01": 5_000, "2026-01-02": 5_000}, 25_600),
    ],
)
def test_percent_of_the_mean_of_days_with_receipts(items, volumes, percent):
    assert percent_of_usual(items, volumes) == percent


@pytest.mark.rule("R-87")
def test_tags_of_attempts_count_to_the_last_day_and_are_then_forgotten():
    engine = sa.create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as tx:
        received = {"state": "decided", "requester": "", "submitter_key_id": "", "data_file": "", "items": 1}
        received |= {"received_at": "2026-01-01T23:59:59+00:00", "request_index": 1}
        tx.execute(batch.insert().values(id="one", **received))
        tallies.add_attempts(tx, "one", [b"a" * 16])
        assert tallies.attempts_since(tx, date(2026, 1, 1), "one") == []
        assert tallies.attempts_since(tx, date(2026, 1, 1), "other") == [b"a" * 16]
        assert tallies.attempts_since(tx, date(2026, 1, 2), "other") == []
        tallies.forget_attempts(tx, date(2026, 1, 1))
        assert tallies.attempts_since(tx, date(2026, 1, 1), "other") == [b"a" * 16]
        tallies.forget_attempts(tx, date(2026, 1, 2))
        assert tallies.attempts_since(tx, date(2026, 1, 1), "other") == []
