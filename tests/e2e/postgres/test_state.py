"""What PostgreSQL adds for a gate: the same outcomes as SQLite, kills, several processes, a dump put back."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.test_kill import end_alike
from tests.support.online import asking
from tests.support.postgres import OPEN_URL, Cluster, find_programs
from tests.support.reading import entries_of, entry_counts, only_batch, rows_of
from tests.support.tree import ROOT, text_of
from tests.support.world import APPROVERS, World, build_world, officer_of

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def decisions(world: World) -> list[dict[str, object]]:
    """The dispositions and what stands for each row, as first decided."""
    (path,) = (only_batch(world) / "chunks").glob("*.decisions.parquet")
    return rows_of(only_batch(world) / "dispositions.parquet") + [
        {name: value for name, value in row.items() if name != "place"}  # within its chunk by chance
        for row in rows_of(path)
    ]


@pytest.mark.rule("R-05")
@pytest.mark.parametrize("seed", [3, 29])
def test_both_engines_decide_log_and_count_alike(tmp_path, server, seed):
    small = build_world(tmp_path / "sqlite", seed=seed, people=500, items=70)
    assert small.init().code == 0
    shutil.copytree(small.root, tmp_path / "postgres", ignore=shutil.ignore_patterns("gate"))
    other = replace(
        small, folders=type(small.folders)(tmp_path / "postgres"), database=OPEN_URL,
        environment=server.new_database(),
    )  # fmt: skip
    assert other.init().code == 0
    results = []
    for world in (small, other):
        first = world.run().result
        second = world.approve_by_two(world.folders.batch).result
        results.append([{**each, "checkpoint": each["checkpoint"]["size"]} for each in (first, second)])
    assert results[0] == results[1]
    assert decisions(small) == decisions(other)
    assert [each.type for each in entries_of(small)] == [each.type for each in entries_of(other)]
    delivered = [Counter(path.name for path in (w.gate / "outbox").iterdir()) for w in (small, other)]
    assert delivered[0] == delivered[1]


@pytest.mark.rule("R-05", "R-13", "R-55")
def test_a_run_and_a_release_killed_at_random_moments_end_like_an_undisturbed_one(tmp_path, server):
    calm = build_world(tmp_path / "calm", seed=5, people=600, items=120)
    end_alike(replace(calm, database=OPEN_URL, environment=server.new_database()), tmp_path)


def test_one_request_at_a_time_is_decided_as_the_batch_is(fresh_world, tmp_path):
    bulk = fresh_world.copied(tmp_path / "bulk")
    assert bulk.run().code == 0
    with asking(fresh_world.gate, fresh_world.folders.batch) as (_, online):
        told = [online.ask(row).entry_index for row in range(1, len(fresh_world.requests.rows) + 1)]
    assert len(set(told)) == len(told)
    assert decisions(fresh_world) == decisions(bulk)
    assert entry_counts(fresh_world) == entry_counts(bulk)


@pytest.mark.rule("R-52", "R-55")
def test_packages_are_opened_by_several_processes_at_once(fresh_world):
    assert fresh_world.run().code == 0
    assert fresh_world.approve_by_two(fresh_world.folders.batch).code == 0
    packages = fresh_world.packages()[:4]
    officers = {row["request_id"]: officer_of(row) for row in fresh_world.requests.rows}
    command = [sys.executable, "-m", "solely.cli.main", "open", "--gate", fresh_world.gate]
    keys = {name: fresh_world.key("officers", each) for name, each in officers.items()}
    for officer in {officers[path.stem] for path in packages}:
        assert fresh_world.accept(officer).code == 0
    processes = [
        subprocess.Popen(
            [*command, path, "--key", keys[path.stem], "--confirm", path.stem],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=fresh_world.root,
        )
        for path in packages
    ]  # fmt: skip
    for path, process in zip(packages, processes, strict=True):
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        assert json.loads(out)["request_id"] == path.stem
    assert entry_counts(fresh_world)["open"] == len(packages)
    verified = fresh_world.solely(
        "verify", fresh_world.gate / "ledger", "--key", fresh_world.gate / "log.vkey"
    )
    assert verified.code == 0, verified.out


@pytest.mark.rule("R-55", "R-82")
def test_four_workers_decide_and_release_nothing_twice(fresh_world):
    """Each batch is given to four processes at once: one decides it, the others are told what stands."""
    batches = [fresh_world.folders.batch, fresh_world.write_batch(fresh_world.fresh_rows(20), "another")]
    solely = [sys.executable, "-m", "solely.cli.main"]
    ended = together(
        fresh_world, [[*solely, "run", each, "--gate", fresh_world.gate] for each in batches * 4]
    )
    assert sorted(ended) == [0] * len(batches) + [4] * 3 * len(batches)  # 4: a duplicate
    items = len(fresh_world.requests.rows) + 20
    assert entry_counts(fresh_world)["decision"] == items
    for office in APPROVERS:
        key = fresh_world.key("approvers", office)
        signed = [*solely, "approve", fresh_world.folders.batch, "--gate", fresh_world.gate, "--as", key]
        assert 0 in together(fresh_world, [signed] * 4)
    packages = [path.stem for path in fresh_world.packages()]
    assert entry_counts(fresh_world)["release"] == len(packages) > 0
    checked = fresh_world.solely(
        "verify", fresh_world.gate / "ledger", "--key", fresh_world.gate / "log.vkey"
    )
    assert checked.code == 0, checked.out


def together(world: World, commands: list[list[object]]) -> list[int]:
    """The exit codes of commands that run at the same time."""
    started = [
        subprocess.Popen(list(map(str, each)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=world.root)
        for each in commands
    ]
    for process in started:
        process.communicate(timeout=300)
    return [process.returncode for process in started]


@pytest.mark.rule("R-56")
def test_a_dump_put_back_stops_the_gate_and_says_why(fresh_world, server):
    name, dump = fresh_world.environment["PGDATABASE"], server.folder / "old.sql"
    dump.write_text(server.program("pg_dump", *server.reach(), "--clean", name).stdout)
    assert fresh_world.run().code == 0
    server.program("psql", *server.reach(), "-q", "-f", str(dump), name)
    for ran in (fresh_world.run(), fresh_world.approve(fresh_world.folders.batch, APPROVERS[0])):
        assert ran.code == 5
        assert "entries, the database only" in ran.err


def test_another_gates_database_is_refused(fresh_world, server: Cluster, tmp_path):
    other = build_world(tmp_path / "other", seed=3, people=300, items=20)
    made = replace(other, database=OPEN_URL, environment=fresh_world.environment).init()
    assert made.code == 2, made.err
    assert "the database holds the ledger of another gate" in made.err
    assert fresh_world.run().code == 0


@pytest.mark.parametrize(
    "stated",
    ["postgresql://solely:secret@host/db", "postgresql://solely@host/db?password=secret", "mysql://secret"],
)
def test_an_address_with_a_password_or_of_another_kind_is_refused_and_not_repeated(tmp_path, stated):
    world = build_world(tmp_path / "world", seed=3, people=300, items=20)
    made = replace(world, database=stated).init()
    assert made.code == 2, made.err
    assert "--database" in made.err
    assert "secret" not in made.out + made.err
    assert not (world.gate / "gate.toml").exists()


def test_the_page_on_running_with_it_works(server, tmp_path):
    """Every shell block of the page, typed as it stands: set-up, backup, drill, an old dump refused."""
    world = build_world(tmp_path / "world", seed=7, people=500, items=60)
    page = text_of(ROOT / "docs/how-to/run-on-postgresql.md")
    programs = f"{Path(sys.executable).parent}:{find_programs()}:{os.environ['PATH']}"
    place = {**os.environ, "PATH": programs, "PGHOST": str(server.folder), "PGUSER": "solely"}
    done = subprocess.run(
        ["sh", "-c", "set -eu\n" + "\n".join(re.findall(r"```sh\n(.*?)```", page, re.DOTALL))],
        cwd=world.root, env=place, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
    assert (world.root / "report.html").exists()
    assert done.stdout.rstrip().endswith("refused with exit code 5")
    assert "an older copy was put back" in done.stderr
    with tarfile.open(world.root / "gate.tar") as backup:
        assert not [name for name in backup.getnames() if name.startswith("gate/keys")]
