"""The judge's tables from the input files that a gate keeps."""

import pytest

from solely.errors import UsageError
from solely.facts.address_tables import parse_tables
from solely.store.inputs import read_inputs


@pytest.mark.rule("R-103")
def test_tables_of_an_older_build_are_told_with_the_list_that_they_lack():
    files = read_inputs(None)
    older = b"\n".join(line for line in files["placeholders.toml"].splitlines() if b"telling" not in line)
    with pytest.raises(UsageError, match="lack `telling`"):
        parse_tables(files | {"placeholders.toml": older}, {})
