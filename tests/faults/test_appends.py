"""Every disk call of a run that crosses a full tile: killed there, or told EIO, then taken up again."""

import random
import shutil
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.faults import appender
from tests.faults.inspection import appended_violations, in_copy, public_violations
from tests.support import strace
from tests.support.campaign import tell
from tests.support.strace import Fault

pytestmark = pytest.mark.skipif(not strace.IS_THERE, reason="strace is missing: apt-get install -y strace")
SHARE = 40  # faults in an ordinary test run, drawn with a seed
strace.preload(["tests.faults.appender"])


class Field:
    """Where gates are made, faulted and inspected."""

    def __init__(self, root: Path) -> None:
        self.root, self.made = root, root / "made"
        self.made.mkdir()
        appender.make(self.made)
        self.first = (self.made / "ledger/checkpoint").read_bytes()

    def faults(self, mutant: str = "") -> list[Fault]:
        """Each fault that a whole run can meet."""
        gate = self.copy()
        ended = strace.run(appender.carry_all, (gate, mutant), self.root / "trace")
        assert ended.code == 0
        return ended.faults()

    def copy(self) -> Path:
        """A new gate to work on."""
        gate = self.root / "gate"
        shutil.rmtree(gate, ignore_errors=True)
        shutil.copytree(self.made, gate)
        return gate

    def violations(self, fault: Fault, mutant: str = "") -> list[str]:
        """What does not hold after a run with a fault, and after the run that follows it."""
        gate = self.copy()
        code = strace.run(appender.carry_all, (gate, mutant), self.root / "trace", fault).code
        found = [f"exit code {code}"] if code not in ({-9, 0} if fault.kind == "KILL" else {3, 0}) else []
        seen = in_copy(gate, self.root / "seen")
        kept = [self.first, (seen / "ledger/checkpoint").read_bytes()]
        found += [*public_violations(seen, kept), *appended_violations(seen, is_ended=False)]
        again = strace.plainly(appender.carry_all, (gate, mutant))
        found += [f"exit code {again} when it was taken up again"] if again != 0 else []
        return [*found, *public_violations(gate, kept), *appended_violations(gate, is_ended=True)]


@pytest.fixture(scope="module")
def field(tmp_path_factory):
    return Field(tmp_path_factory.mktemp("appends"))


def through(field: Field, faults: list[Fault]) -> dict[Fault, list[str]]:
    """The faults after which something does not hold, each with what."""
    return {fault: found for fault in faults if (found := field.violations(fault))}


@pytest.mark.rule("R-13", "R-55", "R-56")
def test_a_share_of_all_faults_of_an_append_run(field):
    faults = field.faults()
    assert len(faults) > 200
    share = random.Random(20260806).sample(faults, SHARE)
    assert through(field, share) == {}


@pytest.mark.campaign
@pytest.mark.rule("R-13", "R-55", "R-56")
def test_campaign_of_all_faults_of_an_append_run(field):
    began, faults = time.monotonic(), field.faults()
    found = through(field, faults)
    kinds = Counter(fault.kind for fault in faults)
    tell("faults of appending", **kinds, violations=len(found), seconds=round(time.monotonic() - began))
    assert found == {}


@pytest.mark.parametrize(
    ("mutant", "invariant"), list(zip(appender.MUTANTS, ("I4", "I3", "I1", "I2 I5 I9"), strict=True))
)
def test_a_planted_mistake_is_caught(field, mutant, invariant):
    faults = [each for each in field.faults(mutant) if each.kind == "KILL"]
    random.Random(20260806).shuffle(faults)
    for fault in faults:
        if any(line.startswith(invariant) for line in field.violations(fault, mutant)):
            return
    pytest.fail(f"no kill shows `{mutant}`")
