"""The table of algorithms: every use once, what is refused never used, and no claim about a module."""

import re

import pytest

from solely.crypto_policy import PROFILES, USES, unmet, use_of
from tests.support.tree import ROOT, committed_files, text_of


def test_every_use_has_its_algorithms_in_each_profile_and_refuses_none_of_them():
    assert len({use.name for use in USES}) == len(USES)
    for use in USES:
        for profile in PROFILES:
            assert use.algorithms(profile)
            assert not set(use.algorithms(profile)) & set(use.refused)


def test_a_use_that_does_not_keep_to_the_federal_profile_says_so():
    assert unmet() == tuple(use.name for use in USES if not set(use.default) <= set(use.federal)) == ()
    for use in USES:
        if use.is_met:
            assert set(use.default) <= set(use.federal)
    with pytest.raises(KeyError):
        use_of("checkpoint").algorithms("secret")


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
