"""Which rule of the rule book has which tests, and whether they can fail (`make rules`; `PROVE=1`).

- Every rule is listed, also one without a test.
- Every way between the states of an item is listed, and no way leads from refused or withheld to releasable,
  from returned only a contest (R-82, R-87).
- `--prove` switches each rule's check off in a copy of the tree (`rule_switches.py`) and expects one of the
  rule's tests to fail there; the working tree is never touched.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

import pytest

from solely.review.states import TRANSITIONS, State
from tests.rule_switches import SWITCHES, Switch
from tests.support.tree import copied_tree

RULES = [f"R-{number:02}" for number in range(1, 108)]
WORKERS = 2


class Tested:
    """A pytest plugin that gathers, per rule, the outcome of each of its tests."""

    def __init__(self) -> None:
        self.outcomes: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note one report under every rule that its test names; cases of one test count as one."""
        if report.when != "call" and report.outcome == "passed":
            return
        test = report.nodeid.split("[", 1)[0]
        for key, rule in report.user_properties:
            if key == "rule":
                self.outcomes[str(rule)][test].add(report.outcome)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print every rule with its tests, and every way between the states of an item."""
        only = terminalreporter.config.getoption("--rule")
        for rule in [only] if only else RULES:
            terminalreporter.write_line(self.line(rule))
        terminalreporter.write_line(f"{len(self.tested())} of {len(RULES)} rules have a test")
        for line in transition_lines():
            terminalreporter.write_line(line)

    def tested(self) -> list[str]:
        """The rules that some test names, in order."""
        return [rule for rule in RULES if self.outcomes.get(rule)]

    def line(self, rule: str) -> str:
        """One rule as `R-27  3 tests  pass`."""
        tests = self.outcomes.get(rule)
        if not tests:
            return f"{rule:<6} no test"
        return f"{rule:<6} {len(tests):>3} {'test ' if len(tests) == 1 else 'tests'}  {self.verdict(rule)}"

    def verdict(self, rule: str) -> str:
        """`fail` when one of the tests failed, `skipped` when none ran, else `pass`."""
        seen = set().union(*self.outcomes[rule].values())
        return "fail" if "failed" in seen else "pass" if "passed" in seen else "skipped"


def ways_out_of_ends() -> list[str]:
    """Every end from which some sequence of ways reaches `releasable`: must be empty (R-82).

    The contest of a return is left out: it is the one way, and the ledger shows it (R-87).
    """
    ways = set(TRANSITIONS) - {(State.RETURNED, State.REFERRED_UNREAD)}
    found = []
    for end in (State.REFUSED, State.RETURNED, State.WITHHELD):
        reached, frontier = {end}, [end]
        while frontier:
            here = frontier.pop()
            following = {after for before, after in ways if before is here} - reached
            reached |= following
            frontier.extend(following)
        if State.RELEASABLE in reached:
            found.append(str(end))
    return found


def transition_lines() -> Iterator[str]:
    """The table of ways, and what it shows."""
    yield "states of an item"
    for (before, after), cause in TRANSITIONS.items():
        yield f"  {before.value:<16} -> {after.value:<16} {cause}"
    loose = ways_out_of_ends()
    if loose:
        yield f"  FAIL: releasable can be reached from {', '.join(loose)}"
        return
    yield "  no way leads from refused or withheld to releasable, and from returned only a contest, once; a"
    yield "  referral, shown in the ledger, is the only state from which people carry an item on"


class Proof(NamedTuple):
    """What happened when one check was switched off."""

    switch: Switch
    is_caught: bool
    text: str

    def line(self) -> str:
        """One switch as a line."""
        return f"{self.switch.rule:<6} {'caught' if self.is_caught else 'NOT CAUGHT':<11} {self.text}"


class Named:
    """A pytest plugin that gathers, per rule, the files of the tests that name it, the slow kind apart."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note the file of every collected test under its rules."""
        for test in session.items:
            is_slow = test.get_closest_marker("e2e") is not None
            for key, rule in test.user_properties:
                if key == "rule":
                    self.files[str(rule)][is_slow].add(test.nodeid.split("::", 1)[0])


def collected() -> tuple[Named, int]:
    """The rules that tests name, without running one, and pytest's exit code."""
    named = Named()
    code = pytest.main(["--collect-only", "-qq", "-m", "rule and not campaign", "tests"], plugins=[named])
    return named, int(code)


def prove(switch: Switch, tree: Path, files: tuple[set[str], set[str]]) -> Proof:
    """Switch one check off in the copy `tree`, run the rule's tests there, put it back."""
    target = tree / switch.file
    original = target.read_text(encoding="utf-8") if target.exists() else ""
    if original.count(switch.old) != 1:
        return Proof(switch, False, f"`{switch.file}` does not hold the text to switch off exactly once")
    target.write_text(original.replace(switch.old, switch.new), encoding="utf-8")
    proof = Proof(switch, False, "no test names this rule")
    try:
        for each in files:  # the quick tests first, the slow ones only if those notice nothing
            if each and not proof.is_caught:
                proof = judged(switch, run_tests(switch.rule, tree, sorted(each)))
        return proof
    finally:
        target.write_text(original, encoding="utf-8")


def run_tests(rule: str, tree: Path, files: list[str]) -> subprocess.CompletedProcess[str]:
    """The tests of one rule in these files, in a copy of the tree, up to the first failure."""
    place = {**os.environ, "PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "--rule", rule, "-m", "not campaign", "--tb=no", *files]
    return subprocess.run(command, cwd=tree, env=place, capture_output=True, text=True, check=False)


def judged(switch: Switch, done: subprocess.CompletedProcess[str]) -> Proof:
    """Caught when a test failed; a tree that cannot even be collected proves nothing."""
    failed = re.search(r"^(?:FAILED|ERROR) (\S+::\S+)", done.stdout, re.MULTILINE)
    if done.returncode == 1 and failed:
        return Proof(switch, True, f"{switch.file}: {failed.group(1)}")
    last = (done.stdout.strip() or done.stderr.strip() or "no output").splitlines()[-1]
    return Proof(switch, False, f"{switch.file}: pytest ended with {done.returncode}: {last}")


def prove_all(rules: list[str]) -> list[Proof]:
    """Every switch of the rules, in two copies of the tree at a time."""
    wanted, named = [switch for switch in SWITCHES if switch.rule in rules], collected()[0]
    with tempfile.TemporaryDirectory(prefix="rules-") as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(WORKERS):
            copies.put(copied_tree(Path(folder) / str(number)))

        def one(switch: Switch) -> Proof:
            tree = copies.get()
            try:
                return prove(switch, tree, named.files[switch.rule])
            finally:
                copies.put(tree)

        proofs = []
        with ThreadPoolExecutor(WORKERS) as pool:
            for proof in pool.map(one, wanted):
                print(proof.line(), flush=True)
                proofs.append(proof)
    return proofs


def proof_failures(tested: list[str]) -> list[str]:
    """What `--prove` finds missing: tested rules without a switch, and switches that no test notices."""
    switched = {switch.rule for switch in SWITCHES}
    missing = [
        f"{rule}: has tests but no switch in tests/rule_switches.py"
        for rule in tested
        if rule not in switched
    ]
    return missing + [proof.line() for proof in prove_all(tested) if not proof.is_caught]


def print_names() -> int:
    """Print every rule that some test names, without running one; 0 when all tests can be collected."""
    named, code = collected()
    print("named:", *sorted(named.files, key=RULES.index))
    return code


def main(arguments: list[str]) -> int:
    """Run the rules' tests, print the table, and prove it if asked; 0 when all of it holds."""
    if "--names" in arguments:
        return print_names()
    only = [each for each in arguments if each.startswith("R-")]
    if "--prove-only" in arguments:  # while switches are written: without the run before it
        return 0 if all(proof.is_caught for proof in prove_all(only or RULES)) else 1
    tested = Tested()
    if not only:
        print("the tests of every rule: about 15 minutes on two cores; at the right, how many are done")
    choice = ["-n", str(WORKERS), "-o", "console_output_style=count", "-m", "rule and not campaign", "tests"]
    code = pytest.main([*(["--rule", only[0]] if only else []), *choice], plugins=[tested])
    with_tests = tested.tested()
    failures = [f"{rule}: a test fails" for rule in with_tests if tested.verdict(rule) == "fail"]
    failures += [f"releasable can be reached from {end}" for end in ways_out_of_ends()]
    if "--prove" in arguments:
        print("each check switched off in turn")
        failures += proof_failures(with_tests)
    print("\n".join(failures) or "all of it holds")
    return 1 if failures or code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
