"""An error in one item refers that item and touches no other; it never permits (R-02)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import cast

import pytest

from solely.agreement.document import Law, parse_agreement, parse_statute
from solely.facts.lexicon import parse_lexicon
from solely.facts.request import FactContext
from solely.matching.names import NameStatistics
from solely.model import Candidate, Disposition, Enrolment, Item, Subject, Trust
from solely.records.base import Retrieved
from solely.records.kernel import search_here
from solely.services import judge_plainly
from solely.steps.examination import Desk, examine
from solely.steps.identification import Bench, match_passed
from solely.store.inputs import read_inputs, tables_of
from tests.support.submissions import ROW, enrolled, new_key
from tests.support.tree import ROOT

FILES = read_inputs(None)
TODAY = date(2026, 6, 2)
STATUTE = parse_statute((ROOT / "law/statutes/26-usc-6103-i-2/statute.md").read_bytes())
AGREEMENT = parse_agreement((ROOT / "law/agreements/irs-ice-2025/agreement.md").read_bytes(), STATUTE)
LAW = Law(statute=STATUTE, agreement=AGREEMENT)


class BrokenShelf(Mapping[str, Enrolment]):
    """Enrolments on a disk that fails for one officer and no other."""

    def __init__(self) -> None:
        self._sound = {"officer-01": enrolled("officers", "officer-01", new_key())}

    def __getitem__(self, name: str) -> Enrolment:
        if name == "officer-broken":
            raise RuntimeError("the shelf broke")
        return self._sound[name]

    def get(self, name: str, default: Enrolment | None = None) -> Enrolment | None:  # type: ignore[override]
        """As of a dict, but for the broken place."""
        return self[name] if name == "officer-broken" or name in self._sound else default

    def __iter__(self) -> Iterator[str]:
        return iter(self._sound)

    def __len__(self) -> int:
        return len(self._sound)


def desk() -> Desk:
    """A desk whose officers' shelf is broken in one place."""
    tables = tables_of(FILES)
    context = FactContext(TODAY, True, Trust(officers=BrokenShelf()), tables, parse_lexicon(FILES))
    return Desk(LAW, context, judge_plainly)


def item(row: int, **words: str) -> Item:
    """The good row under another id."""
    return Item(row, **{**ROW, "request_id": f"R-{row}", **words})


def wide(count: int) -> dict[str, list[object]]:
    """Counts over batch and gate that stand against nothing."""
    named = [fact.name for fact in STATUTE.facts if fact.source in ("batch", "gate")]
    return {name: [0] * count for name in named}


@pytest.mark.rule("R-02", "R-68")
def test_an_item_whose_facts_raise_is_referred_unread_and_its_neighbours_go_on() -> None:
    items = [item(1), item(2, officers="officer-broken"), item(3)]
    examined = examine(items, [(), (), ()], desk(), wide(3))
    assert [ruling.disposition for ruling in examined.rulings] == [None, Disposition.REFERRED, None]
    assert [str(each) for each in examined.rulings[1].reasons] == ["row:ENGINE_ERROR"]
    assert examined.passed() == [0, 2]


class OddRecords:
    """Records that hold, for every subject, a person without any field of a name."""

    as_of, digest = TODAY, "0" * 64
    names = NameStatistics(records=1, bearers={}, shipped=frozenset(), streets={}, common_streets=frozenset())

    def retrieve(self, subjects: Sequence[Subject], at: datetime) -> Retrieved:
        """One broken candidate each."""
        nobody = cast(tuple[str, ...], None)
        broken = Candidate("T1", "active", nobody, nobody, nobody, (), "", None, None, None, (), False, False)
        return Retrieved({each.row: [broken] for each in subjects}, frozenset(), ())

    search = search_here


@pytest.mark.rule("R-02")
def test_an_error_while_a_person_is_identified_refers_the_item_and_releases_nothing() -> None:
    examined = examine([item(1)], [()], desk(), wide(1))
    assert examined.passed() == [0]
    bench = Bench(OddRecords(), LAW, judge_plainly)  # type: ignore[arg-type]
    match = match_passed(examined, bench, datetime(2026, 6, 2, tzinfo=UTC)).by_place[0]
    assert match.found.record_id is None
    assert match.ruling.disposition is Disposition.REFERRED
    assert "row:ENGINE_ERROR" in {str(each) for each in match.ruling.reasons}
