"""Which decisions are used up: those that a release or a later decision refers to, and no others."""

from solely.ledger.entry import Entry, EntryType, encode
from solely.store.ledger_spent import Spent


def entry(kind: EntryType, refs: tuple[int, ...]) -> bytes:
    """An entry of this type with these references."""
    package = b"p" * 80 if kind is EntryType.RELEASE else None
    return encode(
        Entry(
            kind, 1_764_547_200_000, b"n" * 16, b"b" * 32, b"l" * 32, b"r" * 32, refs,
            None if package else 5, b"p" * 32, package, b"j" * 16, 0,
        )
    )  # fmt: skip


def test_a_first_decision_spends_none_a_later_one_and_a_release_one_each() -> None:
    spent = Spent()
    first = [(9, entry(EntryType.DECISION, (2,))), (10, entry(EntryType.DECISION, (2, 7, 300, 70_000)))]
    assert spent.follow(first, 11) == {7}
    assert spent.read == 11
    assert spent.follow([(11, entry(EntryType.RELEASE, (9, 8)))], 12) == {7, 9}
