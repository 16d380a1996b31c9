"""What the real ledger does, recorded call by call and cut off at any of them, is a path of the model."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from solely.ledger.entry import EntryType
from solely.store.ledger_store import Ledger
from solely.store.schema import metadata
from tests.model.commit import Commit, State
from tests.model.search import closed, follow
from tests.support.faults import Crash, World, entered
from tests.support.ledgers import Script

# Steps that leave no call of their own: nothing to do, or what stands in memory only.
SILENT = frozenset({"keep", "nothing new"})
BEFORE, AFTER_A, AFTER_B = 250, 262, 265  # A fills a tile, B follows


def entries() -> list[bytes]:
    script = Script()
    script.add(EntryType.GENESIS)
    for _ in range(AFTER_B - 1):
        script.add(EntryType.NOTICE)
    return script.encoded()


ENTRIES = entries()
EVENTS = {"A": ENTRIES[BEFORE:AFTER_A], "B": ENTRIES[AFTER_A:]}


class Told:
    """Stands before a part of the ledger and tells when one of its functions has done its work."""

    def __init__(self, part, told: list[str], words: dict[str, str]) -> None:
        self._part, self._told, self._words = part, told, words

    def __getattr__(self, name):
        found = getattr(self._part, name)
        if name not in self._words:
            return found

        def call(*given, **named):
            result = found(*given, **named)
            self._told.extend(self._words[name].split())
            return result

        return call


class Gate:
    """A real ledger whose steps are told, and an outbox."""

    def __init__(self, root: Path, told: list[str]) -> None:
        self.root, self.told = root, told
        url = f"sqlite:///{root / 'state.sqlite'}"
        self.engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
        metadata.create_all(self.engine, tables=[t for t in metadata.sorted_tables if "ledger" in t.name])
        made = (root / "log.vkey").exists()
        self.ledger = (
            Ledger(self.engine, root) if made else Ledger.create(self.engine, root, "solely.example/x")
        )
        self.ledger.check_start()
        self.outbox = root / "outbox"
        self.outbox.mkdir(exist_ok=True)
        ledger = self.ledger
        ledger._heads = Told(ledger._heads, told, {"swap": "swap"})
        ledger._folder = Told(ledger._folder, told, {"write": "tiles", "write_checkpoint": "checkpoint"})
        # What a witness is asked to cosign is signed: both are told when it has answered, or there is none.
        ledger._sign = Told(ledger, told, {"_sign": "sign cosign"})._sign
        ledger._integrate = Told(ledger, told, {"_integrate": "integrate"})._integrate

    def carry(self, event: str) -> None:
        """Log an event, publish it, and let it leave."""
        with self.engine.connect() as tx:
            is_known = self.ledger.find(tx, event) is not None
        with self.engine.begin() as tx:
            index = self.ledger.append(tx, event, EVENTS[event])
        self.told.append("find" if is_known else "commit")
        assert index < self.ledger.publish().size
        (self.outbox / event).write_bytes(b"")
        self.told.append("release")

    def sizes(self) -> tuple[int, int, int, frozenset[str]]:
        """What is durable: the sizes of database, head and checkpoint, and what has left."""
        with self.engine.connect() as tx:
            size = self.ledger.size(tx)
        left = frozenset(path.name for path in self.outbox.iterdir())
        return size, self.ledger._heads.read().size, self.ledger.published().size, left


def size_of(tree: str) -> int:
    return (BEFORE, AFTER_A, AFTER_B)[len(tree)]


def sizes_of(state: State) -> tuple[int, int, int, frozenset[str]]:
    """The same of a state of the model."""
    store = state.stores[0]
    return size_of(store.log), size_of(store.head), size_of(state.published), state.outbox


MODEL = Commit(crashes=1, restores=0, writers=1)


def reached(told: list[str]) -> set[State]:
    """The states in which the model can be after these steps from a new gate."""
    return reached_from({MODEL.first()}, told)


def reached_from(states: set[State], told: list[str]) -> set[State]:
    """The states in which the model can be after these steps; none when no path of it has them."""
    for label in told:
        states = follow(states, MODEL.steps, label, SILENT)
        assert states, f"in {told} the model knows no `{label}`"
    return states


def one_further(told: list[str]) -> set[State]:
    """The states after one more step that nobody could tell."""
    return {after for state in closed(reached(told), MODEL.steps, SILENT) for _, after in MODEL.steps(state)}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    root = tmp_path_factory.mktemp("traced")
    gate = Gate(root, [])
    with gate.engine.begin() as tx:
        gate.ledger.append(tx, "before", ENTRIES[:BEFORE])
    gate.ledger.publish()
    return root


def crashed(root: Path, told: list[str], world: World, monkeypatch) -> None:
    """Carry both events in a world that may end; what was told until then stays."""
    gate = Gate(root, told)
    with entered(world, monkeypatch):
        for event in EVENTS:
            gate.carry(event)


@pytest.mark.rule("R-55", "R-56")
def test_an_undisturbed_run_is_a_path_of_the_model(prepared, tmp_path, monkeypatch):
    shutil.copytree(prepared, tmp_path / "gate")
    told: list[str] = []
    crashed(tmp_path / "gate", told, World(), monkeypatch)
    assert told == ["commit", "integrate", "swap", "tiles", "sign", "cosign", "checkpoint", "release"] * 2
    assert sizes_of(next(iter(reached(told)))) == (AFTER_B, AFTER_B, AFTER_B, frozenset("AB"))


def cut_traces(prepared: Path, folder: Path, monkeypatch, *, takes_effect: bool):
    """The folder and the story of every run that one call cuts off."""
    world = World()
    shutil.copytree(prepared, folder / "counting")
    crashed(folder / "counting", [], world, monkeypatch)
    for number in range(1, world.calls + 1):
        root, told = folder / str(number), list[str]()
        shutil.copytree(prepared, root)
        with pytest.raises(Crash):
            crashed(root, told, World(number, takes_effect=takes_effect), monkeypatch)
        yield root, told


@pytest.mark.rule("R-55", "R-56")
@pytest.mark.parametrize("takes_effect", [False, True], ids=["failed", "failed-but-saved"])
def test_a_run_cut_off_anywhere_and_taken_up_again_is_a_path_of_the_model(
    prepared, tmp_path, monkeypatch, takes_effect
):
    cut = 0
    for root, told in cut_traces(prepared, tmp_path, monkeypatch, takes_effect=takes_effect):
        gate, again = Gate(root, []), list[str]()
        # The last call may have taken effect before anybody could tell: one more step of the model, or none.
        states = reached(told) | one_further(told)
        standing = {state for state in states if sizes_of(state) == gate.sizes()}
        assert standing, f"after {told} the model knows no {gate.sizes()}"
        gate = Gate(root, again)
        for event in sorted(EVENTS.keys() - gate.sizes()[3]):
            gate.carry(event)
        ended = reached_from(standing, ["crash", "start", *again])
        assert gate.sizes() in {sizes_of(state) for state in ended}
        assert gate.sizes() == (AFTER_B, AFTER_B, AFTER_B, frozenset("AB"))
        cut += 1
    assert cut > 50
