"""A solver in its child process: it answers within its limits, or nothing counts as decided."""

import sys
import time

import pytest

from solely.agreement.questions import Questions, asked_again
from solely.errors import NotDecided, UsageError
from solely.store.solver import require_installed, solver

pytestmark = pytest.mark.needs("prove")

# Linear, yet far beyond what any solver settles at once: a pigeonhole of 14 in 13.
HOLES = 13
HARD = (
    "(set-logic QF_LIA)\n"
    + "".join(f"(declare-const p{each} Int)(assert (<= 1 p{each} {HOLES}))\n" for each in range(HOLES + 1))
    + f"(assert (distinct {' '.join(f'p{each}' for each in range(HOLES + 1))}))\n(check-sat)\n"
)


@pytest.mark.rule("R-90")
@pytest.mark.parametrize("name", ["z3", "cvc5"])
def test_one_child_answers_question_after_question(name):
    with solver(name) as running:
        assert running.ask("(set-logic QF_LIA)\n(declare-const |a b| Int)\n") == ""
        assert running.ask("(push 1)\n(assert (> |a b| 3))\n(check-sat)\n").strip() == "sat"
        assert (
            running.ask("(pop 1)\n(assert (and (> |a b| 3) (< |a b| 4)))\n(check-sat)\n").strip() == "unsat"
        )
        assert running.version.startswith(name)
        child = running.process
    assert child.returncode is not None  # no child outlives its questions


@pytest.mark.rule("R-90")
def test_a_question_without_an_answer_in_time_is_killed_and_not_decided():
    start = time.monotonic()
    with solver("z3", seconds_max=5.0) as running:
        running.seconds_max = 0.3
        with pytest.raises(NotDecided, match=r"no answer within 0\.3 s"):
            running.ask(HARD)
        assert running.process.returncode is not None
        with pytest.raises(NotDecided, match="ended before it answered"):
            running.ask("(check-sat)\n")
    assert time.monotonic() - start < 20


@pytest.mark.rule("R-90")
def test_a_child_that_dies_or_lacks_memory_decides_nothing():
    with solver("z3") as running:
        running.process.terminate()
        with pytest.raises(NotDecided, match="ended before it answered"):
            running.ask("(check-sat)\n")
    with pytest.raises(NotDecided), solver("z3", megabytes=16) as running:
        running.ask("(check-sat)\n")


@pytest.mark.rule("R-90")
@pytest.mark.parametrize(
    "answer", ["unknown\n", "timeout", "", "unsupported\n", 'error: (error "line 1")', "sat sat"]
)
def test_whatever_is_no_answer_is_not_decided(answer):
    def ask(text):
        return answer if "check-sat" in text else ""

    with pytest.raises(NotDecided, match="nothing counts as proved"):
        Questions(ask, {}).is_found("anything", ["true"])
    with pytest.raises(NotDecided):
        asked_again(ask, "", Questions(lambda text: "sat" if "check" in text else "", {}).asked or [_asked()])


def _asked():
    questions = Questions(lambda text: "sat" if "check-sat" in text else "", {})
    questions.is_found("anything", ["true"])
    return questions.asked[0]


@pytest.mark.rule("R-90")
def test_a_solver_that_cannot_read_the_question_decides_nothing():
    with pytest.raises(NotDecided, match="does not read the question"):
        Questions(lambda _: 'error: (error "unknown constant")', {})


@pytest.mark.rule("R-90")
def test_the_other_solver_must_answer_alike():
    assert asked_again(lambda text: "sat" if "check-sat" in text else "", "", [_asked()]) == []
    assert asked_again(lambda text: "unsat" if "check-sat" in text else "", "", [_asked()]) == ["anything"]


def test_an_unknown_solver_is_refused_and_a_missing_one_names_the_line_that_installs_it(monkeypatch):
    with pytest.raises(UsageError, match="one of z3, cvc5, both"):
        require_installed("yices")
    monkeypatch.setitem(sys.modules, "z3", None)
    with pytest.raises(NotDecided, match=r"pip install 'solely\[prove\]'"):
        require_installed("z3")


def test_the_child_imports_nothing_of_solely():
    assert "solely.agreement.smt" in sys.modules
    with solver("z3") as running:
        assert "solver_child" in running.process.args[3]
