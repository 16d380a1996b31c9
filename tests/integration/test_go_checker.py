"""An outside checker reads our log: the Go checksum database's own library, as Debian packages it.

It needs `go` and the library's source; without them the tests say what to install and are skipped.
"""

import base64
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from solely.ledger.checkpoint import Checkpoint, sign
from solely.ledger.entry import EntryType
from solely.ledger.note import verifier_key
from solely_verify.log import verify_log
from solely_verify.note import read_key
from tests.support import cosigned_defects as cosigned
from tests.support.ledger_defects import DEFECTS, FOLDER
from tests.support.ledgers import KEY, ORIGIN, VKEY, Script, put, signed_log

SOURCE = Path(__file__).parent / "go" / "checker"
LIBRARY = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")
INSTALL = "apt-get install -y golang-go golang-golang-x-mod-dev"
_MISSING = shutil.which("go") is None or not LIBRARY.is_dir()
pytestmark = pytest.mark.skipif(_MISSING, reason=f"SKIPPED: the outside checker needs `{INSTALL}`")

# Defects that are well-formed trees of wrong entries: seen by life cycles, which the checker does not read.
_TREE_DEFECTS = sorted(
    name for name in DEFECTS if name.startswith(("checkpoint-", "tile-", "bundle-", "earlier-"))
)


@pytest.fixture(scope="session")
def checker(tmp_path_factory):
    folder = tmp_path_factory.mktemp("go")
    environment = {
        **os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "", "GOPROXY": "off",
        "GOCACHE": str(folder / "cache"),
    }  # fmt: skip
    program = folder / "checker"
    subprocess.run(["go", "build", "-o", str(program), "."], cwd=SOURCE, env=environment, check=True)

    def run(log: Path, *words: str, key: str = VKEY.text()) -> subprocess.CompletedProcess[str]:
        command = [str(program), *words, str(log), key]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


def _long_log() -> dict[str, bytes]:
    script = Script()
    script.add(EntryType.GENESIS)
    for _ in range(599):
        script.add(EntryType.NOTICE)
    return signed_log(script.encoded())


@pytest.mark.rule("R-56")
def test_the_checker_accepts_what_we_write(checker, tmp_path):
    assert checker(FOLDER / "valid", "-proof", str(FOLDER / "release.tlog-proof")).returncode == 0
    result = checker(put(_long_log(), tmp_path))
    assert (result.returncode, result.stdout[:17]) == (0, "holds: 600 entrie")


@pytest.mark.rule("R-56")
@pytest.mark.parametrize("name", _TREE_DEFECTS)
def test_the_checker_refuses_each_tampering_with_the_tree(checker, name):
    result = checker(FOLDER / "defects" / name)
    assert result.returncode == 1
    assert result.stdout.startswith("refused: ")


@pytest.mark.rule("R-56")
def test_both_verifiers_refuse_any_changed_byte(checker, tmp_path):
    choice = random.Random(20261125)
    files = _long_log()
    key = read_key(VKEY.text())
    samples = [("checkpoint", at) for at in range(0, len(files["checkpoint"]), 2)]
    samples += [(name, choice.randrange(len(files[name]))) for name in sorted(files) for _ in range(12)]
    log = put(files, tmp_path)
    for name, at in samples:
        whole = files[name]
        changed = whole[:at] + bytes((whole[at] ^ choice.randrange(1, 256),)) + whole[at + 1 :]
        (log / name).write_bytes(changed)
        assert checker(log).returncode == 1, (name, at)
        assert verify_log(log, key).findings, (name, at)
        (log / name).write_bytes(whole)
    assert checker(log).returncode == 0


def test_the_checker_refuses_a_receipt_of_another_entry(checker, tmp_path):
    text = (FOLDER / "release.tlog-proof").read_text()
    forged = tmp_path / "forged.tlog-proof"
    forged.write_text(text.replace("index 22", "index 23"))
    assert forged.read_text() != text
    assert checker(FOLDER / "valid", "-proof", str(forged)).returncode == 1


@pytest.mark.rule("R-56")
@pytest.mark.parametrize("name", sorted({*cosigned.HOLD, *cosigned.DEFECTS}))
def test_the_checker_counts_cosignatures_as_we_do(checker, tmp_path, name):
    kind, code = ("hold", 0) if name in cosigned.HOLD else ("defects", 1)
    log = shutil.copytree(cosigned.FOLDER / "log", tmp_path / "log")
    shutil.copy(cosigned.FOLDER / kind / f"{name}.checkpoint", log / "checkpoint")
    result = checker(log, "-policy", str(cosigned.FOLDER / "witness.policy"))
    assert result.returncode == code, result.stdout + result.stderr
    assert result.stdout.startswith("refused: checkpoint" if code else "holds: 3 entries")


@pytest.mark.rule("R-56")
def test_the_checker_reads_the_second_line_of_the_log_too(checker, tmp_path):
    head = Checkpoint(ORIGIN, cosigned.SIZE, base64.b64decode(cosigned.TEXT.split(b"\n")[2]))
    second = ec.derive_private_key(20_261_126, ec.SECP256R1())
    vkey = verifier_key(ORIGIN, second).text()
    log = shutil.copytree(cosigned.FOLDER / "log", tmp_path / "log")
    for keys, held in (((KEY, second), (0, 0)), ((KEY,), (0, 1)), ((second,), (1, 0))):
        (log / "checkpoint").write_bytes(sign(head, *keys))
        assert (checker(log).returncode, checker(log, key=vkey).returncode) == held
        assert [bool(verify_log(log, read_key(each)).findings) for each in (VKEY.text(), vkey)] == list(held)
