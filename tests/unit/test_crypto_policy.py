"""The table of algorithms: every use once, what is refused never used, and no claim about a module."""

import re

from solely.crypto_policy import USES
from tests.support.tree import ROOT, committed_files, text_of


def test_what_serves_each_use_is_admitted_under_a_federal_profile_and_refused_by_none():
    assert len({use.name for use in USES}) == len(USES)
    for use in USES:
        assert use.default and set(use.default) <= set(use.federal)
        assert not {*use.default, *use.federal} & set(use.refused)


def test_no_page_and_no_program_calls_its_cryptography_validated():
    programs = [
        path for path in committed_files() if path.is_relative_to(ROOT / "src") and path.suffix == ".py"
    ]
    pages = [path for path in committed_files() if path.suffix == ".md"]
    said = [
        str(path.relative_to(ROOT))
        for path in (*programs, *pages)
        if re.search(r"(?<!in)\bvalidated\b", text_of(path), re.IGNORECASE)
    ]
    assert said == []
