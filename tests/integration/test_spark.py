"""Spark against its twins, in local mode: the same verdicts, people and decisions, byte for byte.

It needs pyspark and Java; without them the tests say what to install and are skipped.
"""

import random
import shutil
from collections import Counter
from datetime import date
from inspect import getsource
from itertools import product
from pathlib import Path
from random import Random
from types import ModuleType

import duckdb
import pytest

from bench import world as bench_world
from bench.process import measure
from demo.world import Folders
from solely.agreement import spark_sql
from solely.canonical import canonical_json
from solely.errors import Blocked
from solely.records import spark as spark_records
from solely.records.indexed import IndexedRecords
from solely.records.reference import ReferenceRecords
from solely.records.spark import SparkRecords
from solely.store import spark_rules
from solely.store.rule_engine import checked
from solely.store.spark import missing, opened_session
from solely.store.spark_rules import SparkRuleEngine
from tests.property.test_records_twin import AT, asked_for, person_rows
from tests.property.test_rule_differential import SEED, differing, of_random_clauses, of_shipped_laws
from tests.support.campaign import tell
from tests.support.law import shipped_laws
from tests.support.matching_world import POLICY, subject
from tests.support.records_world import index_of, row
from tests.support.tree import ROOT
from tests.support.world import World, build_world

LACK = missing()
pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(LACK), reason=f"SKIPPED: {LACK}")]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("spark") / "scratch"


@pytest.fixture(scope="module")
def session(scratch):
    with opened_session("local[2]", scratch, "1GB") as opened:
        yield opened


# -- rules ------------------------------------------------------------------------------------------------


@pytest.mark.rule("R-02")
def test_on_hostile_rows_spark_gives_every_clause_the_plain_verdict(session):
    draw, engine = Random(SEED), SparkRuleEngine(session)
    worlds = [*of_shipped_laws(draw, 500), *(of_random_clauses(draw, 300, 80) for _ in range(2))]
    found = [differing(engine, *world) for world in worlds]
    assert [wrong for _, wrong in found if wrong] == []
    assert sum(count for count, _ in found) > 100_000


@pytest.mark.rule("R-02")
def test_spark_is_held_against_the_region_table_before_it_judges(session, monkeypatch):
    law = shipped_laws()[0]
    engine = SparkRuleEngine(session)
    assert checked(engine, law) is engine
    swap_back_end(monkeypatch, '" OR ".join', '" AND ".join')
    with pytest.raises(Blocked, match=r"Spark 4\.3\.0 reads it"):
        checked(engine, law)


MISTAKES = {
    "the end of a text may be a line feed": ('"\\\\z"', '"\\\\Z"'),
    "a backslash inside a text is lost": ("""if sign in "'\\\\":""", """if sign in "'":"""),
    "a date moves the other way": ("{term.offset})", "{-term.offset})"),
    "unknown is given as false": ("AS BIGINT), 2L)", "AS BIGINT), 0L)"),
    "`subset_of` admits the empty set": ("({column} <> 0L AND ({column}", "(({column}"),
}


@pytest.mark.rule("R-02")
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_spark_back_end_with_a_mistake_is_noticed(session, monkeypatch, mistake):
    swap_back_end(monkeypatch, *MISTAKES[mistake])
    draw, engine = Random(SEED), SparkRuleEngine(session)
    try:
        found = any(differing(engine, *of_random_clauses(draw, 150, 80))[1] for _ in range(6))
    except Blocked:
        found = True
    assert found


def swap_back_end(monkeypatch, old, new):
    """Judge by the back end with one piece of its source replaced."""
    source = getsource(spark_sql)
    assert old in source, old
    module = ModuleType("spark_sql_with_a_mistake")
    exec(compile(source.replace(old, new), "mistake", "exec"), module.__dict__)  # noqa: S102 -- our own source
    spark_rules._prepared.cache_clear()
    monkeypatch.setattr(spark_rules, "verdict_sql", module.verdict_sql)


@pytest.fixture(autouse=True)
def no_prepared_query_outlives_its_test():
    yield
    spark_rules._prepared.cache_clear()


@pytest.mark.rule("R-02")
@pytest.mark.parametrize("values", [[None, 1], [None, "true"]])
def test_a_value_of_another_type_blocks(session, values):
    clauses = [each for each in shipped_laws()[0].clauses("match") if "identified" in each.facts]
    with pytest.raises(Blocked) as caught:
        SparkRuleEngine(session).judge(clauses, {"identified": values})
    assert caught.value.codes == ("ENGINE_ERROR",)


# -- records ----------------------------------------------------------------------------------------------


def crowded(folder: Path, seed: int):
    """An index in which everybody is somebody's namesake, and requests about its people."""
    chance = random.Random(seed)
    rows = [each for number in range(150) for each in person_rows(chance, number)]
    index, cap = index_of(folder, rows), (200, 5)[seed % 2]
    people = IndexedRecords(index).reread([f"R{number:03}" for number in range(150)])
    return index, cap, [asked_for(chance, list(people.values()), number) for number in range(1, 201)]


@pytest.mark.rule("R-37", "R-39")
@pytest.mark.parametrize("seed", range(2))
def test_spark_names_whom_its_twins_name_with_the_same_explanation(session, tmp_path, seed):
    index, cap, asked = crowded(tmp_path, seed)
    on_spark = SparkRecords(index, cap, session, tmp_path / "tables").search(asked, POLICY, AT)
    for twin in (
        IndexedRecords(index, block_records_max=cap),
        ReferenceRecords(index, block_records_max=cap),
    ):
        found = twin.search(asked, POLICY, AT)
        assert on_spark.found == found.found
        assert sorted(on_spark.access) == sorted(found.access)
        for place, each in found.found.items():
            assert canonical_json(on_spark.found[place].explanation) == canonical_json(each.explanation)
    assert any(each.abstention is None for each in on_spark.found.values())
    assert any(each.purpose == "rival" for each in on_spark.access)


@pytest.mark.rule("R-37")
def test_the_streets_of_a_whole_country_reach_the_executors(session, tmp_path):
    """With encryption on, Spark cannot write the array of so many where it packs it itself."""
    ends = map("".join, product("ABDEFGKLMNOPRSTUVXYZ", repeat=3))
    streets = [f"{start}{end}" for end in ends for start in ("LARK", "OAK")]
    rows = [row("R1"), *(row("R2", street_line=f"7 {name} ST") for name in streets)]
    index, asked = index_of(tmp_path, rows), [subject()]
    on_spark = SparkRecords(index, 200, session, tmp_path / "tables").search(asked, POLICY, AT)
    assert on_spark.found[1].record_id == "R1"
    assert on_spark.found == IndexedRecords(index, block_records_max=200).search(asked, POLICY, AT).found


def test_nobody_is_found_for_nobody(session, tmp_path):
    index, cap, _ = crowded(tmp_path, 0)
    assert SparkRecords(index, cap, session, tmp_path / "tables").search([], POLICY, AT) == ({}, [])


@pytest.mark.rule("R-02")
def test_an_executor_of_another_build_blocks(session, tmp_path, monkeypatch):
    index, cap, asked = crowded(tmp_path, 0)
    records = SparkRecords(index, cap, session, tmp_path / "tables")
    monkeypatch.setattr(spark_records, "BUILD", "solely 0.0.0, matcher 0")
    with pytest.raises(Blocked, match="another build"):
        records.search(asked[:3], POLICY, AT)


@pytest.mark.rule("R-57")
def test_what_spark_writes_on_its_way_holds_no_plain_value(session, scratch, tmp_path):
    index, cap, asked = crowded(tmp_path, 1)
    records = SparkRecords(index, cap, session, tmp_path / "tables")
    read = records.search(asked, POLICY, AT).access
    written = [path.read_bytes() for path in scratch.rglob("*") if path.is_file()]
    assert len(read) > 200 and sum(map(len, written)) > 10_000, "Spark wrote what it shuffled"
    values = (b"LARKSPUR", b"Larkspur", b"GARCIA", b"90066", b'"R00', b"60629")
    assert [value for value in values if any(value in data for data in written)] == []
    conf = session.sparkContext.getConf()
    assert (conf.get("spark.ui.enabled"), conf.get("spark.eventLog.enabled")) == ("false", "false")


# -- the command line ---------------------------------------------------------------------------------------

DECIDED = """SELECT row, request_id, disposition, reasons, rules, is_record_read, record_ref, item_sha256,
explanation, counts FROM read_parquet(?) ORDER BY row"""
READ = 'SELECT row, request_id, record_ref, purpose, "at" FROM read_parquet(?) ORDER BY ALL'


@pytest.mark.e2e
@pytest.mark.rule("R-01", "R-05")
def test_a_batch_is_decided_alike_on_every_engine(tmp_path):
    world = build_world(tmp_path / "world", seed=23, people=800, items=150)
    assert world.init().code == 0
    found = {}
    for engine in (("spark", "--master", "local[2]"), ("duckdb",), ("reference",)):
        shutil.copytree(world.root, tmp_path / engine[0])
        copy = World(Folders(tmp_path / engine[0]), world.population, world.requests, world.today)
        copy.environment = {"SOLELY_NOW": f"{world.today}T12:00:00Z"}
        ran = copy.run(None, "--engine", *engine)
        assert ran.code == 0, ran.err
        assert not (copy.gate / "spark").exists()
        found[engine[0]] = what_was_decided(copy.gate)
    assert found["spark"] == found["duckdb"] == found["reference"]
    assert len({row[2] for row in found["spark"][0]}) >= 4


@pytest.mark.campaign
@pytest.mark.rule("R-01", "R-05")
def test_a_hundred_thousand_requests_are_decided_alike_on_every_engine(tmp_path):
    items, people, seed = 100_000, 200_000, 20261125
    made = bench_world.World(seed, people, date.today())
    folders = bench_world.write(tmp_path / "world", made, "national", items, ROOT / "law")
    environment = {"SOLELY_NOW": f"{made.today}T12:00:00Z"}
    files = [argument for path in folders.record_files() for argument in ("--records", path)]
    init = ["init", folders.gate, "--agreement", folders.agreement, *files]
    init += ["--as-of", made.today.isoformat(), "--trust", folders.trust]
    assert measure(init, ["init"], environment).exit_code == 0
    found, cpu = {}, {}
    for engine in ("duckdb", "spark", "reference"):
        gate = tmp_path / f"gate-{engine}"
        shutil.copytree(folders.gate, gate)
        words = ["run", folders.batch, "--gate", gate, "--engine", engine, "--master", "local[2]"]
        ran = measure(words, ["run"], environment)
        assert ran.exit_code == 0
        found[engine], cpu[engine] = what_was_decided(gate), ran.cpu_seconds
        shutil.rmtree(gate)
    differ = {
        engine: [sum(one != other for one, other in zip(mine, theirs, strict=True)) for mine, theirs in
                 zip(found[engine], found["duckdb"], strict=True)]
        for engine in ("spark", "reference")
    }  # fmt: skip
    counts = dict(Counter(row[2] for row in found["spark"][0]))
    tell("spark", seed=seed, people=people, items=items, differences=differ, cpu_seconds=cpu, counts=counts)
    assert found["spark"] == found["duckdb"] == found["reference"]


def what_was_decided(gate: Path):
    """Every decision with its explanation, every record read, and the bytes that the requester gets."""
    (folder,) = (gate / "batches").iterdir()
    decided = duckdb.execute(DECIDED, [str(folder / "chunks" / "*.decisions.parquet")]).fetchall()
    read = duckdb.execute(READ, [str(folder / "access.parquet")]).fetchall()
    return decided, read, (folder / "answer.jsonl").read_bytes()
