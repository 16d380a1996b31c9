"""What the command line refuses before anything is opened, by the name of the option or the file."""

import pytest

from solely.cli.door import parse_address
from solely.errors import UsageError
from solely.store.gate import GateFolder, read_config


@pytest.mark.parametrize(
    "text",
    ["ftp://x", "gate.example", "https://", "http://[", "http://x:99999", "https://me@x", "https://x/?a=1"],
)
def test_an_address_that_no_caller_could_use_is_refused_by_its_option(text):
    with pytest.raises(UsageError, match="`--address`"):
        parse_address(text, "--address")


def test_an_address_with_port_and_path_stands_as_it_is():
    for text in ("https://gate.example", "http://127.0.0.1:8700", "https://gate.example/kas"):
        assert parse_address(text, "--address") == text


def test_a_folder_without_a_gate_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"no gate in `.*nogate`"):
        read_config(GateFolder(tmp_path / "nogate"))
