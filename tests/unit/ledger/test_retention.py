"""What is kept how long is one table, and nothing of the accounting is in a bucket that ends (R-61)."""

from datetime import date

import pytest

from solely.ledger.retention import CLASSES, CONTENT, bucket_of, bucket_word, class_of

pytestmark = pytest.mark.rule("R-61")


def test_only_content_and_attempts_ever_go_and_each_class_names_its_authority():
    assert {each.word for each in CLASSES.values() if each.is_destroyed} == {"content", "attempts"}
    assert all(each.authority and each.kept and each.shredding for each in CLASSES.values())
    assert CLASSES["accounting"].kept == "permanently"
    assert [each.word for each in CLASSES.values() if each.number is not None] == ["content"]


def test_a_bucket_is_a_class_and_a_month():
    bucket = bucket_of(date(2026, 11, 30))
    assert (bucket, bucket_word(bucket)) == (1_202_611, "content-2026-11")
    assert class_of("content-2026-11") is CONTENT
    assert class_of("accounting-2026-11") is CLASSES["accounting"]


@pytest.mark.parametrize("word", ["content", "content-2026-13", "content-26-11", "ledger-2026-11", ""])
def test_what_is_no_bucket_has_no_class(word):
    assert class_of(word) is None
