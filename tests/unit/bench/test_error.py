"""The error measurement: what counts as an error, its interval, and that every gate earns its place."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bench.error import Draw, figures, interval_per_million, make_world
from bench.judging import Tally, Truth, fault_of, judge_world
from bench.profiles import BEYOND
from bench.rules import rules_in_force

GATES = ("G1", "G2", "G3", "G4", "G5", "G6")


def test_a_release_is_wrong_for_the_gravest_reason() -> None:
    truth = Truth("R-1", "T1", "exact_as_it_is", True, True, True)
    assert fault_of(truth, "T1") == ""
    assert fault_of(truth, "T2") == fault_of(truth._replace(record_id=""), "T1") == "wrong_person"
    assert fault_of(truth._replace(is_sufficient=False), "T1") == "insufficient_address"
    assert fault_of(truth._replace(is_own_address=False), "T1") == "address_not_of_record"
    assert fault_of(truth._replace(is_permitted=False), "T1") == "not_permitted"


@pytest.mark.parametrize(
    ("observed", "low", "high"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (3, 0.619, 8.767), (10, 4.795, 18.39)]
)
def test_intervals_are_those_of_garwood(observed: int, low: float, high: float) -> None:
    found = interval_per_million(observed, 1_000_000)
    assert found == pytest.approx([low, high], abs=0.01)
    assert interval_per_million(0, 0) is None


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Tally:
    root: Path = tmp_path_factory.mktemp("world")
    make_world(Draw(5, 12_000, 900, "attacks", ""), root)
    return judge_world(root, root / "index", date(2026, 1, 15))


@pytest.mark.rule("R-37")
@pytest.mark.rule("R-39")
@pytest.mark.slow
def test_no_attack_that_a_gate_can_see_releases_anybody_wrong(attacked: Tally) -> None:
    wrong = {each.truth.kind for each in attacked.wrong}
    assert wrong <= BEYOND
    assert not attacked.faults["insufficient_address"] and not attacked.faults["address_not_of_record"]


@pytest.mark.rule("R-39")
@pytest.mark.rule("R-41")
@pytest.mark.slow
@pytest.mark.parametrize("gate", (*GATES, "two real names are never a typo"))
def test_without_any_one_gate_somebody_would_be_wrongly_released(attacked: Tally, gate: str) -> None:
    assert attacked.without[gate]["wrong_person"] > 0


@pytest.mark.rule("R-42")
@pytest.mark.slow
def test_the_published_figures_name_every_wrong_release(attacked: Tally) -> None:
    made = figures([attacked, attacked], [attacked], [1, 2])
    assert made["total"]["faults"]["wrong_person"] == len(made["wrong"]) == len(attacked.wrong)
    assert sum(Counter(made["outcomes"]).values()) == made["total"]["received"] == 900
    assert all(each["explanation"]["outcome"] == "MATCHED" for each in made["wrong"])


@pytest.mark.rule("R-42")
def test_the_digest_of_the_rules_does_not_depend_on_words_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bench import rules

    before = rules_in_force()["digest"]
    source = tmp_path / "solely"
    for folder in ("matching", "inputs"):
        (source / folder).mkdir(parents=True)
        for path in (rules._SOURCE / folder).iterdir():
            if path.is_file():
                (source / folder / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(rules, "_SOURCE", source)
    gates = source / "matching" / "gates.py"
    gates.write_text(gates.read_text() + "\n# a remark\n")
    assert rules_in_force()["digest"] == before
    gates.write_text(gates.read_text().replace("keys >= 1", "keys >= 0"))
    assert rules_in_force()["digest"] != before
