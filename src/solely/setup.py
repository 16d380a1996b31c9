"""Make a gate, or refresh exactly the parts named; every part leaves a ledger entry (contracts 4, R-09).

- What the gate decides by is copied in; `gate.toml` is written last, so a broken-off `init` is no gate.
- The state table says which digest is in force; the ledger's entry commits to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from solely import __version__, clock
from solely.agreement.document import Law, require_cases_hold
from solely.canonical import sha256_hex
from solely.errors import AgreementRefused, Blocked, UsageError
from solely.ledger.commitment import job_of
from solely.ledger.entry import EntryType, decode
from solely.ledger.note import LOG_NAME
from solely.ledger.policy import parse_policy
from solely.model import Trust
from solely.records.build import IndexTerms, build_index
from solely.records.refresh import Changes, refresh_index
from solely.review.panel import is_independent
from solely.services import Services, tell_start
from solely.steps import held, journal
from solely.steps.enrolments import keep_superseded
from solely.steps.loosening import pending_digest
from solely.steps.proving import recorded
from solely.steps.putting import LOOSENED, NOTHING, PENDING, put
from solely.store.cases import Cases
from solely.store.database import Database, opened_state
from solely.store.files import write_durably
from solely.store.gate import (
    MEMORY,
    PROFILES,
    GateConfig,
    GateFolder,
    config_text,
    copy_files,
    folder_digest,
    megabytes,
    outside,
    read_config,
)
from solely.store.inputs import ZIP_TABLE, is_stricter, read_inputs, read_own, tables_of, zip_table
from solely.store.law import PUBLIC, LawFiles, find_law, read_law, read_proof
from solely.store.ledger_heads import COPY_UNSEEN
from solely.store.ledger_store import Ledger
from solely.store.predecessor import claim, last_checkpoint, require_unclaimed
from solely.store.signed_law import (
    load_law,
    read_version,
    require_enrolled,
    require_standing_seals,
    require_successor,
    require_unsealed,
)
from solely.store.subject_keys import (
    create_subject_keys,
    read_subject_keys,
    subject_keys_digest,
    subject_keys_path,
)
from solely.store.trust import parse_trust, read_trust, tightened, trust_digest, trust_files

ORIGIN = "solely.example/demo"
GENESIS_KEY = "genesis"
YEAR_DAYS = 365
# What a broken-off `init` may have left.
OWN = frozenset({
    "batches", "gate.toml", "incoming", "inputs", "keys", "law", "ledger", "lock", "log-p256.vkey",
    "log.vkey", "outbox", "pending", "records", "state.sqlite", "state.sqlite-journal", "superseded", "trust",
    "witness.policy",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parts:
    """What `init` was given; an absent part keeps what the gate has."""

    agreement: Path | None
    records: tuple[Path, ...]
    as_of: date | None
    trust: Path | None
    inputs: Path | None
    mapping: Path | None
    release_until: date | None
    profile: str | None
    changed: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()
    memory: str | None = None
    database: str | None = None
    witnesses: Path | None = None
    log: str | None = None
    succeeds: Path | None = None
    heads: Path | None = None
    review_sample: int | None = None


def init(root: Path, parts: Parts, progress: Any) -> dict[str, Any]:
    """The digests of the parts put in force, and the checkpoint that covers their entries."""
    folder = GateFolder(root)
    is_new = not folder.is_initialised()
    _require_place(folder, parts)
    root.mkdir(parents=True, exist_ok=True)
    root.chmod(0o700)  # requests and state lie here: nobody but the gate's own account reads them
    kept = None if is_new else read_config(folder)
    heads = _heads(folder, parts, kept)
    address = parts.database if parts.database is not None else (kept.database if kept else "")
    with opened_state(root, address) as database:
        database.create()
        for each in (folder.keys, folder.outbox, folder.inputs, folder.trust):
            each.mkdir(exist_ok=True)
        folder.keys.chmod(0o700)
        ledger = Ledger.create(database.engine, root, parts.log or ORIGIN, heads)
        tell_start(ledger, folder, progress)
        _require_own(database, ledger)
        if parts.log not in (None, ledger.vkey.name):
            raise UsageError("`--log` names a new gate's log; this one has its name")
        return _Setting(folder, database, ledger, parts, progress, heads).apply(is_new)


def _heads(folder: GateFolder, parts: Parts, kept: GateConfig | None) -> Path | None:
    """Where the signed heads lie, if not in the folder; that is said once, by the first `init`."""
    if kept is None:
        return None if parts.heads is None else outside(folder, parts.heads)
    if parts.heads is not None and str(parts.heads.resolve()) != kept.heads:
        raise UsageError("`--heads` is for a new gate: where its signed heads lie is said once")
    return Path(kept.heads) if kept.heads else None


def _require_own(database: Database, ledger: Ledger) -> None:
    """Return when what the database holds began with this gate's keys; else UsageError."""
    with database.transaction() as tx:
        begun = ledger.entries(tx, 0, 1) if ledger.size(tx) else []
    if begun and decode(begun[0]).job != job_of(ledger.salt_key, GENESIS_KEY.encode()):
        raise UsageError("the database holds the ledger of another gate; name an empty one")


def _require_place(folder: GateFolder, parts: Parts) -> None:
    """Return when the folder can be this gate's and the parts suffice; else UsageError."""
    if parts.profile not in (None, *PROFILES):
        raise UsageError("`--profile` is `demo` or `production`")
    if folder.root == Path():
        raise UsageError("name the gate's folder; it is not made where you stand")
    if folder.root.exists() and not folder.root.is_dir():
        raise UsageError("`DIR` is a file; name a folder for the gate")
    if folder.is_initialised():
        if parts.profile not in (None, read_config(folder).profile):
            raise UsageError("the profile of a gate is set once, by the first `init`")
        if parts.succeeds is not None:
            raise UsageError(
                "`--succeeds` is for a new gate: what a log continues is said in its first entry"
            )
        return
    _require_complete(parts)
    if folder.root.is_dir() and any(each.name not in OWN for each in folder.root.iterdir()):
        raise UsageError("the folder holds other files; name a new or an empty one")


def _require_complete(parts: Parts) -> None:
    given = {"--agreement": parts.agreement, "--records": parts.records, "--as-of": parts.as_of}
    for option, value in (given | {"--trust": parts.trust}).items():
        if not value:
            raise UsageError(f"a new gate needs `{option}`")
    if not LOG_NAME.fullmatch(parts.log or ORIGIN):
        raise UsageError("`--log` is a name such as `gate.example/2027`")
    if parts.succeeds is not None:
        last_checkpoint(parts.succeeds, parts.log or ORIGIN)
        require_unclaimed(parts.succeeds)


@dataclass
class _Setting:
    """One `init` at work."""

    folder: GateFolder
    database: Database
    ledger: Ledger
    parts: Parts
    progress: Any
    heads: Path | None
    put: LawFiles | None = None  # what of the law is put in force only now
    proposed: dict[str, dict[str, bytes]] = field(default_factory=dict)  # files of what loosens, by part

    def apply(self, is_new: bool) -> dict[str, Any]:
        """Check everything, copy, then put in force with one entry per part."""
        if not is_new:
            self._require_held()
        enrolled = self._enrolled(is_new)
        trust = parse_trust(enrolled)
        files, config = self._law_and_config(is_new, trust)
        self._require_copies_seen(config, is_new=is_new)
        law = load_law(files, trust)
        if not config.is_demo and self.parts.agreement is not None and PUBLIC not in files.beside:
            raise AgreementRefused(
                "`agreement.public.json`: nothing is released under a secret agreement (R-89)"
            )
        proof = None if self.parts.agreement is None else recorded(read_proof(self.parts.agreement), law)
        _require_profile(config, law, trust)
        today = self._require_days(config, law)
        if self.put is not None:
            require_enrolled(self.put, trust, today)
        if not is_new and self.parts.trust is not None:
            _require_two(trust, today)
        text = config_text(config)
        digests = self._put_parts(files, law, config, enrolled, is_new=is_new)
        digests |= self._propose()
        if is_new or text != self.folder.config.read_bytes():
            digests["config"] = sha256_hex(text)
        self._tell_void(digests)
        write_durably(self.folder.next_config, text)
        self._log(law, config, digests)
        # Last: a crash before this leaves no gate, or one that stops until `init` is run again.
        write_durably(self.folder.config, text)
        self.folder.next_config.unlink()
        if self.parts.succeeds is not None:
            claim(self.parts.succeeds, self.ledger.vkey)
        published = self.ledger.publish()
        return {
            "gate": str(self.folder.root),
            "parts": digests,
            **({} if proof is None else {"proof": proof}),
            **({"waits_for_two_and_a_day": sorted(self.proposed)} if self.proposed else {}),
            "checkpoint": {"size": published.size, "root": published.root},
        }

    def _require_copies_seen(self, config: GateConfig, *, is_new: bool) -> None:
        """Return when an old copy of the folder would be noticed, or a demo gate was told that none is."""
        is_seen = self.ledger.is_held_outside or self.parts.witnesses is not None
        if not is_seen and not config.is_demo:
            raise UsageError(f"profile `production`: {COPY_UNSEEN}")
        if not is_seen and is_new:
            self.progress(f"note: {COPY_UNSEEN}")

    def _require_held(self) -> None:
        """Return when everything that a change is compared with is what the ledger put in force (R-82, R-84).

        What a broken-off `init` left is put right first, from the copies that it kept; an edit by hand stops.
        """
        rows, folder = self._part_rows(), self.folder
        next_config = folder.next_config
        if next_config.is_file() and sha256_hex(next_config.read_bytes()) == rows["config"]["digest"]:
            write_durably(folder.config, next_config.read_bytes())
        for name in ("trust", "inputs"):
            place, kept = folder.root / name, folder.superseded(name) / str(rows[name]["entry_index"])
            if _digest_of(name, place) != rows[name]["digest"] and kept.is_dir():
                copy_files(_files_of(kept), place)
            if _digest_of(name, place) != rows[name]["digest"]:
                raise Blocked("STATE_EDITED", f"`{name}` is not what the ledger put in force; put it back")
        bare = Services(
            folder, read_config(folder), self.database, self.ledger, "duckdb", self.progress, engine=None
        )
        held.require_parts(bare)

    def _part_rows(self) -> dict[str, Mapping[str, Any]]:
        """What the tables have of each part, by name."""
        with self.database.transaction() as tx:
            return {row["name"]: row for row in Cases().part_rows(tx)}

    def _enrolled(self, is_new: bool) -> dict[str, bytes]:
        """The enrolments that act from now on; what loosens of those given is proposed (R-84)."""
        if self.parts.trust is None:
            return trust_files(self.folder.trust)
        _require_own_keys(read_trust(self.parts.trust))
        given = trust_files(self.parts.trust)
        if is_new:
            return given
        kept = tightened(trust_files(self.folder.trust), given)
        if kept != given:
            self.proposed["trust"] = given
        return kept

    def _propose(self) -> dict[str, str]:
        """Keep the files of what loosens beside the gate's own; the digest of each proposal.

        What is proposed already stands as it is, its countersignatures with it.
        """
        fresh = {name: files for name, files in self.proposed.items() if not self._is_proposed(name)}
        for name, files in fresh.items():
            copy_files(files, self.folder.pending(name))
        for name in self.proposed:
            already = "" if name in fresh else "exactly this was proposed already, and stands; "
            self.progress(
                f"`{name}`: {already}what loosens waits for two approvers and a day; "
                f"`solely pending` shows it, `solely countersign {name}` signs"
            )
        return {PENDING + name: pending_digest(self.folder, name) for name in fresh}

    def _is_proposed(self, name: str) -> bool:
        """True when exactly these files are what stands proposed for a part."""
        return name in self._proposals() and self.proposed[name] == _files_of(self.folder.pending(name))

    def _proposals(self) -> dict[str, int]:
        """The entry of each proposal that stands: the part has not changed since."""
        rows, found = self._part_rows(), {}
        for name in LOOSENED:
            row, part = rows.get(PENDING + name), rows.get(name)
            is_older = row is not None and part is not None and part["entry_index"] > row["entry_index"]
            if row is not None and row["digest"] != NOTHING and not is_older:
                found[name] = row["entry_index"]
        return found

    def _tell_void(self, digests: Mapping[str, str]) -> None:
        """Say which proposals end because their part is changed, or because another takes their place."""
        for name in self._proposals():
            if name in digests or PENDING + name in digests:
                self.progress(
                    f"`{name}`: what was proposed before is void, and so is every countersignature of it"
                )

    def _put_parts(
        self, files: LawFiles, law: Law, config: GateConfig, enrolled: Mapping[str, bytes], *, is_new: bool
    ) -> dict[str, str]:
        """Copy the parts that were named into the gate; their digests."""
        digests: dict[str, str] = {}
        is_same = "trust" in self.proposed and enrolled == trust_files(self.folder.trust)
        if self.parts.trust is not None and not is_same:  # what only proposes puts nothing in force
            self._keep("trust", is_new)
            copy_files(enrolled, self.folder.trust)
            digests["trust"] = trust_digest(self.folder.trust)
        if self.parts.inputs is not None or is_new:
            digests |= self._put_inputs(is_new)
        if self.parts.agreement is not None:
            copy_files(files.as_files(), self.folder.law)
            digests["agreement"] = folder_digest(files.as_files())
        if self.parts.records or self.parts.changed or self.parts.removed:
            digests["records"] = self._put_records(law, config)
        if self.parts.witnesses is not None:
            digests |= self._put_witnesses(self.parts.witnesses)
        return digests | self._subject_keys()

    def _keep(self, name: str, is_new: bool) -> None:
        """Keep a part in force under its entry just before another takes its place; at no other time, since a
        copy that lies there says that an `init` was broken off."""
        if not is_new:
            keep_superseded(self.folder, name, self._part_rows()[name]["entry_index"])

    def _law(self, old: GateConfig | None, trust: Trust) -> LawFiles:
        """The law files named, after the version in force; without a name, those in force (R-09)."""
        given = None if self.parts.agreement is None else find_law(self.parts.agreement)
        if old is None:
            assert given is not None, "a new gate names its agreement"
            require_cases_hold(read_version(given))
            self.put = given
            return given
        kept = read_law(self.folder.law, old.agreement, old.statute)
        if given is None:
            return kept
        require_standing_seals(given, kept)
        if given.is_signed_as(kept):
            return replace(given, superseded=kept.superseded)  # a public copy, or one more signature
        self.put = replace(given, superseded=())
        chained = require_successor(given, kept, trust)
        require_cases_hold(read_version(given))
        return chained

    def _law_and_config(self, is_new: bool, trust: Trust) -> tuple[LawFiles, GateConfig]:
        old = None if is_new else read_config(self.folder)
        files = self._law(old, trust)
        until = self.parts.release_until or (old.release_until if old is not None else None)
        if old is not None and until is not None and until > old.release_until:
            self.proposed["config"] = {"config": until.isoformat().encode()}
            until = old.release_until
        if until is None:
            # A term without an end needs one from the gate; unstated, a year from the records' day (R-03).
            assert self.parts.as_of is not None, "a new gate states the day of its records"
            until = self.parts.as_of + timedelta(days=YEAR_DAYS)
        stated = self.parts.database
        config = GateConfig(
            profile=(self.parts.profile or "demo") if old is None else old.profile,
            origin=self.ledger.vkey.name if old is None else old.origin,
            agreement=files.agreement_id,
            statute=files.statute_id,
            release_until=until,
            memory_limit=self.parts.memory or (MEMORY if old is None else old.memory_limit),
            database=stated if stated is not None else ("" if old is None else old.database),
            heads=str(self.heads or ""),
            review_sample=_sample(self.parts.review_sample, 0 if old is None else old.review_sample),
        )
        megabytes(config.memory_limit)
        return files, config

    def _require_days(self, config: GateConfig, law: Law) -> date:
        """Today, when no day that was stated is impossible; else UsageError (R-83)."""
        today = clock.utc_date(clock.now(may_be_set=law.is_synthetic and config.is_demo))
        require_unsealed(law, today)
        if self.parts.as_of is not None and self.parts.as_of > today:
            raise UsageError("`--as-of` lies in the future: records show a day that has been")
        if self.parts.release_until is not None and self.parts.release_until < today:
            raise UsageError("`--release-until` has passed: nothing could be released")
        return today

    def _put_witnesses(self, path: Path) -> dict[str, str]:
        """The digest of a first witness policy, put in force: the next checkpoint needs its quorum.

        Another policy in its place is proposed: with other witnesses the log is seen by others (R-84).
        """
        try:
            policy = path.read_bytes()
        except OSError:
            raise UsageError("`--witnesses` names a policy file") from None
        if self.folder.witnesses.exists() and self.folder.witnesses.read_bytes() != policy:
            parse_policy(policy)
            self.proposed["witnesses"] = {"witnesses": policy}
            return {}
        self.ledger.go_by(policy)
        write_durably(self.folder.witnesses, policy)
        return {"witnesses": sha256_hex(policy)}

    def _put_inputs(self, is_new: bool) -> dict[str, str]:
        """Copy every table into the gate, shipped ones too: what it decides by changes only by `init`."""
        files = read_inputs(self.parts.inputs)
        files.setdefault(ZIP_TABLE, zip_table())
        if not is_new and not is_stricter(read_own(self.folder.inputs), files):
            self.proposed["inputs"] = files
            return {}
        self._keep("inputs", is_new)
        copy_files(files, self.folder.inputs)
        return {"inputs": folder_digest(files)}

    def _put_records(self, law: Law, config: GateConfig) -> str:
        """The digest of the index put in force: built whole, or the one in force with its changes."""
        parts = self.parts
        if parts.as_of is None:
            raise UsageError("`--records` needs `--as-of`, the day that they show")
        if parts.records and (parts.changed or parts.removed):
            raise UsageError("`--records` replaces all; `--changed` and `--removed` go without it")
        inputs = read_own(self.folder.inputs)
        terms = IndexTerms(
            as_of=parts.as_of,
            tables=tables_of(inputs),
            is_synthetic=law.is_synthetic,
            mapping=parts.mapping,
            made_with=f"solely {__version__}, inputs {folder_digest(inputs)}",
            memory_mb=megabytes(config.memory_limit),
            progress=self.progress,
        )
        if parts.records:
            self.progress("building the index of the records")
            return str(build_index(parts.records, self.folder.records, terms)["digest"])
        self.progress("refreshing the index of the records")
        told = refresh_index(Changes(parts.changed, parts.removed), self.folder.records, terms)
        people = ", ".join(f"{told[word]:,} {word}" for word in ("added", "changed", "removed"))
        self.progress(f"people of the records: {people}; {told['unknown']:,} ids to remove were not there")
        return str(told["digest"])

    def _subject_keys(self) -> dict[str, str]:
        """The digest of the keys of subject tags, where they are made only now (ledger.md 3.3)."""
        path = subject_keys_path(self.folder.keys)
        create_subject_keys(path)
        with self.database.transaction() as tx:
            is_known = "subjects" in Cases().parts(tx)
        return {} if is_known else {"subjects": subject_keys_digest(read_subject_keys(path))}

    def _log(self, law: Law, config: GateConfig, digests: Mapping[str, str]) -> None:
        at = clock.now(may_be_set=law.is_synthetic and config.is_demo)
        with self.database.transaction() as tx:
            at = clock.instant(self.ledger.time(tx, clock.milliseconds(at)))
            if self.ledger.find(tx, GENESIS_KEY) is None:
                said, before = {"origin": config.origin}, self.parts.succeeds
                log = None if before is None else last_checkpoint(before, config.origin)
                kind = EntryType.GENESIS
                entry = journal.write(self.ledger.salt_key, kind, at, GENESIS_KEY, said, log=log)
                self.ledger.append(tx, GENESIS_KEY, [entry])
            for part in digests.items():
                put(self.ledger, tx, part, at, law.digest if part[0] == "agreement" else None)


def _files_of(place: Path) -> dict[str, bytes]:
    """The files under a folder, by relative name."""
    return {
        each.relative_to(place).as_posix(): each.read_bytes() for each in place.rglob("*") if each.is_file()
    }


def _digest_of(name: str, place: Path) -> str:
    """The digest of the files of `trust` or `inputs`."""
    return trust_digest(place) if name == "trust" else folder_digest(read_own(place))


def _require_own_keys(trust: Trust) -> None:
    """Return when no two officers and no two approvers have one key: who acts would not be known (R-52)."""
    for people in (trust.officers, trust.approvers):
        holders: dict[str, str] = {}
        for name, each in sorted(people.items()):
            other = holders.setdefault(each.key_id, name)
            if other != name:
                raise UsageError(
                    f"`{each.role}/{other}` and `{each.role}/{name}` have one key; give each its own"
                )


def _require_two(trust: Trust, today: date) -> None:
    """Return while two who are independent may approve today or later; else UsageError (R-84).

    One person takes approvers away, but never so that who is left answers to one person.
    """
    left = [each for each in trust.approvers.values() if each.valid_to >= today]
    if not any(is_independent(one, other) for one in left for other in left if one is not other):
        raise UsageError(
            "`approvers`: fewer than two who are independent would remain, and nobody could approve or "
            "countersign any more; propose others first"
        )


def _sample(stated: int | None, before: int) -> int:
    """The size of the review sample of a demo gate, which is only ever made larger (R-84, R-85)."""
    if stated is not None and stated < before:
        raise UsageError(f"`--review-sample` is only made larger; it is {before} here")
    return before if stated is None else stated


def _require_profile(config: GateConfig, law: Law, trust: Trust) -> None:
    """Return when the profile admits what it is given: `production` takes nothing made for a demo."""
    if config.is_demo:
        return
    if law.is_synthetic:
        raise AgreementRefused("a synthetic agreement is refused under profile `production`")
    roles = (trust.parties, trust.requesters, trust.approvers, trust.officers, trust.courts, trust.inquiries)
    for enrolled in (each for role in roles for each in role.values()):
        if enrolled.is_demo:
            raise UsageError(f"`{enrolled.role}/{enrolled.id}` is a demo key, refused under `production`")
