"""The demo of the other agreements: every shipped one has a batch, in the columns that its law admits."""

import pytest

from demo import __main__ as demo
from demo.other import EXAMPLES, columns_of
from demo.submission import AGREEMENT, parties_of
from solely.model import COLUMNS
from solely.store.law import find_law
from tests.support.tree import ROOT

FOLDERS = [path for path in sorted((ROOT / "law/agreements").iterdir()) if path.name != AGREEMENT]


def test_every_shipped_agreement_has_a_demo():
    assert {path.name for path in FOLDERS} == set(EXAMPLES)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_demo_has_the_parties_office_and_columns_of_its_law(folder):
    example, law = EXAMPLES[folder.name], find_law(folder).as_law()
    assert tuple(parties_of(folder / "agreement.md")) == law.parties == tuple(example.parties)
    assert law.signers == (example.office,)
    assert example.further == law.further_columns
    assert set(columns_of(example)) <= {*COLUMNS, *law.further_columns}


def test_an_agreement_without_a_demo_is_named_with_those_that_have_one(capsys):
    assert demo.main(["--agreement", "nobody-2026"]) == 2
    assert "census-statistics-2026" in capsys.readouterr().err
