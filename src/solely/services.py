"""What a step is handed: the gate's folder, state, ledger, keys, law, tables and records, opened once.

- Opening refuses when anything the gate decides by differs from what the ledger says was put in force
  (R-09, R-82): an edited file stops the gate, it never changes a decision.
- Records are opened only by the steps that may read them.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from solely import __version__, clock
from solely.agreement.document import Clause, Law
from solely.agreement.evaluate import verdicts
from solely.canonical import canonical_json, sha256_hex
from solely.errors import Blocked, TroubleError, Unwitnessed, UsageError
from solely.facts.address_tables import AddressTables
from solely.facts.lexicon import Lexicon, parse_lexicon
from solely.ledger.commitment import body_of, job_of, released_body, request_of, seed_of
from solely.ledger.entry import Entry, EntryType, encode
from solely.ledger.subject import EpochKeys
from solely.model import Trust
from solely.orders.order import parse_order
from solely.pace import GiveWay
from solely.records.base import Records
from solely.records.indexed import IndexedRecords
from solely.records.reference import ReferenceRecords
from solely.records.spark import SparkRecords
from solely.store import shredding
from solely.store.cases import Cases
from solely.store.database import Database, opened_state
from solely.store.engine import BatchFiles, open_engine
from solely.store.files import open_to_others
from solely.store.gate import GateConfig, GateFolder, folder_digest, megabytes, read_config
from solely.store.inputs import read_own, tables_of
from solely.store.known_files import KnownFiles
from solely.store.law import LawFiles, read_law
from solely.store.ledger_accesses import Accesses
from solely.store.ledger_heads import COPY_UNSEEN
from solely.store.ledger_spent import Spent
from solely.store.ledger_store import Ledger
from solely.store.orders import filed
from solely.store.release_keys import ReleaseKeys, count_seeds, seeded
from solely.store.rule_engine import checked, checked_engine
from solely.store.signed_law import find_version, load_law, read_version
from solely.store.spark import LOCAL, opened_session
from solely.store.spark_rules import SparkRuleEngine
from solely.store.subject_keys import read_subject_keys, subject_keys_digest, subject_keys_path
from solely.store.submission import ChunkReader
from solely.store.trust import read_trust, trust_digest

ENGINES = ("duckdb", "reference", "spark")
Progress = Callable[[str], None]
Verdicts = Sequence[bool | None]
Judge = Callable[[Sequence[Clause], Mapping[str, Sequence[Any]]], Sequence[Verdicts]]


@dataclass
class Services:
    """One opened gate; everything below is opened on first use and closed together."""

    folder: GateFolder
    config: GateConfig
    database: Database
    ledger: Ledger
    engine_name: str
    progress: Progress
    engine: Any  # a DuckDB connection; none while a gate is only set up
    session: Any = None  # of Spark, where that is the engine
    cases: Cases = field(default_factory=Cases)
    is_served: bool = False  # the service answers many by it
    give_way: GiveWay | None = None  # of a service: files the orders that wait
    address: str = ""  # where people open the console; none while nobody serves
    spent: Spent = field(default_factory=Spent)  # decisions used up, as far as the ledger was read
    known_files: KnownFiles = field(default_factory=KnownFiles)
    chunk_reader: ChunkReader = field(default_factory=ChunkReader)
    read_trusts: dict[str, Trust] = field(default_factory=dict)  # the last one, by its digest
    accesses: Accesses = field(default_factory=Accesses)  # passkeys, as far as the ledger was read
    waiting: dict[str, tuple[str, ...]] = field(default_factory=dict)  # batches that wait, by what codes
    rows_read: dict[str, int] = field(default_factory=dict)  # of each batch that was read here, so far
    singly_seconds: float = 0.0  # for which a received batch is left to those who ask for its rows
    singly: dict[str, float] = field(default_factory=dict)  # batches left to them, until what second
    takes_paths: bool = True  # a batch may be named by a path; whoever is served is no user of this machine
    revoked: frozenset[str] = frozenset()  # keys that orders in force have revoked, as last asked

    @cached_property
    def law(self) -> Law:
        """The law in force here: files as the ledger knows them, signed as they must be (R-06, R-09)."""
        law = load_law(self.law_files, self.trust)
        if not self.config.is_demo and law.is_synthetic:
            raise Blocked("AGREEMENT", "a synthetic agreement is no agreement under profile `production`")
        return law

    @cached_property
    def law_files(self) -> LawFiles:
        """The files of the law in force and of the versions before, unchanged since their ledger entry."""
        files = read_law(self.folder.law, self.config.agreement, self.config.statute)
        self._require_unchanged("agreement", folder_digest(files.as_files()), "AGREEMENT")
        return files

    def by_row(self) -> "Services":
        """The same gate where the bulk engine's twin judges clauses row by row: quickest for one row."""
        single = copy(self)
        single.__dict__["judge"] = judge_plainly
        return single

    def under(self, digest: bytes) -> "Services":
        """The same gate under the version of the law that an entry names (R-83)."""
        if digest.hex() == self.law.digest:
            return self
        versions: dict[bytes, Services] = self.__dict__.setdefault("_versions", {})
        if digest not in versions:
            versions[digest] = self._under(digest)
        return versions[digest]

    @cached_property
    def every_version(self) -> tuple[Law, ...]:
        """Every version of the agreement, the one in force first."""
        return (self.law, *(read_version(each) for each in self.law_files.superseded))

    @property
    def has_urgent_path(self) -> bool:
        """True when a version of the agreement, in force or before, has an urgent path (R-99)."""
        return any(each.urgent_check_days is not None for each in self.every_version)

    def _under(self, digest: bytes) -> "Services":
        law = find_version(self.law_files, digest.hex())
        if law is None:
            raise Blocked("AGREEMENT", "the version of the agreement at receipt is not kept here")
        earlier = copy(self)
        stale = {"judge", "in_force"}  # made for the law in force now
        if law.matching.block_records_max != self.law.matching.block_records_max:
            stale.add("records")
        for name in stale:
            earlier.__dict__.pop(name, None)
        earlier.__dict__["law"] = law
        return earlier

    @cached_property
    def enrolled(self) -> Trust:
        """Who is enrolled here, unchanged since its ledger entry, whether or not the key is revoked."""
        digest = trust_digest(self.folder.trust, self.known_files.digest)
        self._require_unchanged("trust", digest, "STATE_EDITED")
        if digest not in self.read_trusts:
            self.read_trusts.clear()
            self.read_trusts[digest] = read_trust(self.folder.trust)
        return self.read_trusts[digest]

    @cached_property
    def trust(self) -> Trust:
        """Who is enrolled here, but for those whose keys are revoked."""
        return self._unrevoked(self.enrolled)

    def yield_turn(self) -> None:
        """Give way to the orders that wait, where the gate is served; no transaction is open here."""
        if self.give_way is not None:
            self.give_way()

    def reread_trust(self) -> None:
        """Read anew who is enrolled, when it is asked for next: an order may have revoked a key since."""
        for each in (self, *self.__dict__.get("_versions", {}).values()):
            for name in ("enrolled", "trust"):
                each.__dict__.pop(name, None)

    def go_by_revoked(self, keys: frozenset[str]) -> None:
        """Go by these keys as the revoked ones: a wait may have ended, or a suspension."""
        for each in (self, *self.__dict__.get("_versions", {}).values()):
            if keys != each.revoked:
                each.revoked = keys
                each.__dict__.pop("trust", None)

    def _unrevoked(self, trust: Trust) -> Trust:
        """Those enrolled whose keys no order has revoked; of offices and parties it is asked elsewhere."""
        with self.database.transaction() as tx:
            orders = [parse_order(row["text"].encode()) for row in filed(tx)]
        # What is final acts with its entry, also before anybody has asked what is in force.
        final = {each.revoked_key for each in orders if each.is_final and not each.is_loosening}
        revoked = self.revoked | final
        acting = ("approvers", "officers", "courts", "inquiries", "counsel", "overseers", "administrators")
        kept = {
            role: {name: each for name, each in getattr(trust, role).items() if each.key_id not in revoked}
            for role in acting
        }
        return replace(trust, **kept)

    @cached_property
    def inputs(self) -> dict[str, bytes]:
        """The tables in force, unchanged since their ledger entry."""
        files = read_own(self.folder.inputs)
        self._require_unchanged("inputs", folder_digest(files), "STATE_EDITED")
        return files

    @cached_property
    def tables(self) -> AddressTables:
        """The address judge's tables."""
        return tables_of(self.inputs)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The lists by which names, reasons and statutes are read."""
        return parse_lexicon(self.inputs)

    @cached_property
    def records(self) -> Records:
        """The custodian's records, opened by the steps that may read them and by no other."""
        where, block = self.folder.records, self.law.matching.block_records_max
        records: Records
        match self.engine_name:
            case "spark":
                records = SparkRecords(where, block, self.session, self.folder.spark / "tables")
            case "reference":
                records = ReferenceRecords(where, self.config.memory_limit, block)
            case _:
                records = IndexedRecords(where, self.config.memory_limit, block)
        self._require_unchanged("records", records.digest, "STATE_EDITED")
        return records

    @cached_property
    def release_keys(self) -> ReleaseKeys:
        """The seeds that release keys grow from; Blocked while some that were never destroyed are missing."""
        lost = self.lost_release_keys()
        if lost is not None:
            raise Blocked("STATE_EDITED", lost)
        return ReleaseKeys(self.folder.release_keys)

    def lost_release_keys(self) -> str | None:
        """What is missing of the keys of releases whose destruction nobody has ordered; None: nothing (R-61).

        Without them no package opens and none is destroyed; replay and verification need none.
        """
        kept, there, _ = self._release_keys_apart()
        if there == kept:
            return None
        return (
            f"`keys/{self.folder.release_keys.name}` holds {there:,} keys of releases, and {kept:,} were "
            "made that no order has destroyed; put that very file back, or, where it is lost, close the log "
            "by `solely keys close` and let a new gate continue it"
        )

    def returned_release_keys(self) -> str | None:
        """What is there again of the keys that a certificate says are destroyed; None: nothing (R-61)."""
        _, _, returned = self._release_keys_apart()
        if not returned:
            return None
        return (
            f"`keys/{self.folder.release_keys.name}` holds {returned:,} keys of which a certificate says "
            "that they are destroyed: an older copy was put back; `solely shred --gate` destroys them again"
        )

    def uncertified_destructions(self) -> str | None:
        """What the tables lack of the certificates in the ledger; None: nothing (R-61).

        Without its rows a key that an older copy has brought back would pass for one that nobody destroyed.
        """
        with self.database.transaction() as tx:
            stored = shredding.count_certificates(tx)
        logged = len(self.ledger.places((EntryType.DESTROY_CERT,)))
        if stored == logged:
            return None
        return (
            f"the ledger has {logged:,} certificates of destruction, and the table `shred_order` {stored:,}: "
            "rows were deleted, and keys that an older copy brought back would not be noticed; "
            "put the state back as it was"
        )

    def _release_keys_apart(self) -> tuple[int, int, int]:
        """How many releases must have a key, how many of these have it, and how many keys came back."""
        path = self.folder.release_keys
        with self.database.transaction() as tx:
            kept, last = shredding.count_kept(tx), shredding.last_certified(tx)
            # An older copy of the file that has as many lacks newer keys, and has the one destroyed last.
            if count_seeds(path) == kept and not (last and seeded(path, last)):
                return kept, kept, 0
            own, gone = shredding.kept(tx), shredding.certified(tx)
        there = seeded(path)  # seeds of a broken-off release too, which make up for none that is lost
        return kept, len(own & there), len(gone & there)

    @cached_property
    def subject_keys(self) -> EpochKeys:
        """The keys that subject tags grow from, unchanged since their ledger entry (R-93)."""
        keys = read_subject_keys(subject_keys_path(self.folder.keys))
        self._require_unchanged("subjects", subject_keys_digest(keys), "STATE_EDITED")
        return keys

    @cached_property
    def files(self) -> BatchFiles:
        """The Parquet files of this gate's batches."""
        return BatchFiles(self.engine)

    @cached_property
    def judge(self) -> Judge:
        """The engine that rules on clauses, held against the region table; or its plain twin."""
        match self.engine_name:
            case "spark":
                return checked(SparkRuleEngine(self.session), self.law).judge
            case "reference":
                return judge_plainly
        return checked_engine(self.engine, self.law).judge

    def now(self) -> datetime:
        """The present instant, never before the ledger's last entry.

        A set clock is read by a demo gate with a synthetic agreement and by no other (contracts 3).
        """
        may_be_set = clock.is_stated() and self.config.is_demo and self.law.is_synthetic
        stated = clock.now(may_be_set=may_be_set)
        with self.database.transaction() as tx:
            return clock.instant(self.ledger.time(tx, clock.milliseconds(stated)))

    @property
    def build(self) -> str:
        """The build that decides here, as entries commit to it."""
        return f"solely {__version__}"

    def with_parts(self, trust: Trust | None, inputs: Mapping[str, bytes] | None) -> "Services":
        """The same gate with enrolments or tables that were in force before; None leaves those of now."""
        earlier = copy(self)
        if trust is not None:
            earlier.__dict__["trust"] = trust
        if inputs is not None:
            for name in ("tables", "lexicon"):
                earlier.__dict__.pop(name, None)
            earlier.__dict__["inputs"] = dict(inputs)
        return earlier

    @property
    def salt_key(self) -> bytes:
        """The key from which the ledger's salts are drawn."""
        return self.ledger.salt_key

    @cached_property
    def _parts(self) -> dict[str, str]:
        with self.database.transaction() as tx:
            return self.cases.parts(tx)

    def part_digest(self, name: str) -> str:
        """The digest of a part in force here: agreement, records, trust or inputs."""
        return self._parts.get(name, "")

    @cached_property
    def in_force(self) -> dict[str, bytes]:
        """Keys 4 and 12 of an entry: the law's digest; that of tables, enrolments, records and build."""
        parts = {name: self.part_digest(name) for name in ("inputs", "trust", "records")}
        policy = policy_of(parts, self.build)
        return {"agreement": bytes.fromhex(self.law.digest), "policy": bytes.fromhex(policy)}

    def refresh(self, config: GateConfig) -> None:
        """Go by parts that were put in force only now; what was read of those before is forgotten."""
        self.config = config
        for name in (
            "enrolled",
            "trust",
            "inputs",
            "tables",
            "lexicon",
            "law",
            "_parts",
            "in_force",
            "judge",
            "_versions",
            "every_version",
        ):
            self.__dict__.pop(name, None)

    def note_clocks(self) -> None:
        """Log that an entry's time and a witness's lie far apart, where one of this session did (I8)."""
        apart = self.ledger.clocks_apart()
        if apart is None:
            return
        index, seconds = apart
        key, said = f"clock/{index}", {"entry": index, "seconds": seconds}
        try:
            entry = entry_of_event(self.salt_key, EntryType.CLOCK, self.now(), key, said, refs=(index,))
            self.log(key, entry)
        except (Unwitnessed, TroubleError) as waiting:
            self.progress(str(waiting))

    def log(self, event_key: str, entry: bytes) -> int:
        """Append one entry of its own and publish it; its index comes back."""
        with self.database.transaction() as tx:
            index = self.ledger.append(tx, event_key, [self.ledger.timed(tx, entry)])
        self.ledger.publish()
        return index

    def _require_unchanged(self, name: str, digest: str, code: str) -> None:
        if self.part_digest(name) != digest:
            raise Blocked(
                code, f"`{name}` differs from what the ledger put in force; `solely init` renews it"
            )


def policy_of(parts: Mapping[str, str], build: str) -> str:
    """Key 12 of an entry: the digest over the digests of tables, enrolments, records, and the build."""
    return sha256_hex(canonical_json({**parts, "build": build}))


def entry_of_event(
    salt_key: bytes, kind: EntryType, at: datetime, event_key: str, content: Mapping[str, Any], **fields: Any
) -> bytes:
    """One entry whose group A holds `content`, canonically encoded; `fields` are those of `Entry`."""
    groups = fields.pop("groups", None) or {"A": canonical_json(dict(content))}
    released = fields.pop("left", None)  # of a release: the commitment that its own seed opens
    job = job_of(salt_key, event_key.encode())
    seed = seed_of(salt_key, job, 0)
    request_id = fields.pop("request_id", None)
    return encode(
        Entry(
            kind,
            clock.milliseconds(at),
            fields.pop("nonce", None) or os.urandom(16),
            body_of(seed, groups) if released is None else released_body(seed, groups, released),
            request=None if request_id is None else request_of(seed, request_id),
            job=job,
            ordinal=0,
            **fields,
        )
    )


def judge_plainly(clauses: Sequence[Clause], columns: Mapping[str, Sequence[Any]]) -> Sequence[Verdicts]:
    """The verdicts of each row by the plain evaluator: the twin of the bulk engine."""
    names = list(columns)
    rows = zip(*columns.values(), strict=True)
    return [verdicts(clauses, dict(zip(names, row, strict=True))) for row in rows]


def tell_start(ledger: Ledger, folder: GateFolder, progress: Progress) -> None:
    """Return when the ledger holds; what was put right in it is told, and which keys others may read."""
    if mended := ledger.check_start():
        progress(f"alarm: {mended}")
    for name in open_to_others(folder.keys):
        progress(f"alarm: other accounts of this machine may read `keys/{name}`; `chmod 600` mends that")


@contextmanager
def opened(
    gate: Path,
    *,
    engine_name: str = "duckdb",
    memory: str | None = None,
    master: str = LOCAL,
    progress: Progress = lambda _: None,
    is_shared: bool = False,
) -> Iterator[Services]:
    """One gate, held by this process, its ledger checked; everything is closed at the end.

    `master` is the address of the cluster where the engine is Spark. A step whose outcome depends on nothing
    that others of its kind write may share the gate with them (decision 0019).
    """
    if engine_name not in ENGINES:
        raise UsageError(f"`--engine` is one of {', '.join(ENGINES)}")
    folder = GateFolder(gate)
    config = read_config(folder)
    if memory is not None:
        megabytes(memory)
        config = replace(config, memory_limit=memory)
    with opened_state(folder.root, config.database, must_exist=True, is_shared=is_shared) as database:
        engine = open_engine(folder.root, config.memory_limit, threads=1)
        try:
            ledger = Ledger(database.engine, folder.root, Path(config.heads) if config.heads else None)
            if not config.is_demo and not ledger.is_held_outside:
                raise Blocked("WITNESS", f"profile `production`: {COPY_UNSEEN}")
            tell_start(ledger, folder, progress)
            try:
                ledger.publish()  # what a crash left between its commit and its checkpoint
            except Unwitnessed as waiting:
                progress(str(waiting))  # what only reads goes on; what acts publishes, and stops there
            # What a crash left: submissions that came in and became no batch, and tables for Spark.
            for left in () if is_shared else (folder.incoming, folder.spark):
                shutil.rmtree(left, ignore_errors=True)
            with _session(folder, config, engine_name, master) as session:
                made = Services(folder, config, database, ledger, engine_name, progress, engine, session)
                for wrong in (
                    made.lost_release_keys(),
                    made.returned_release_keys(),
                    made.uncertified_destructions(),
                ):
                    if wrong is not None:  # what needs a lost key is refused; everything else goes on
                        progress(f"alarm: {wrong}")
                try:
                    yield made
                finally:
                    made.note_clocks()
        finally:
            engine.close()


@contextmanager
def _session(folder: GateFolder, config: GateConfig, engine_name: str, master: str) -> Iterator[Any]:
    """The Spark session of a gate whose engine that is; None of any other."""
    if engine_name != "spark":
        yield None
        return
    with opened_session(master, folder.spark, config.memory_limit) as session:
        yield session
