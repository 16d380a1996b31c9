"""The law files on disk: an agreement's folder, what its parties signed, and the statute beside it.

- PATH is a folder that holds `agreement.md` or `statute.md`, or that file itself (contracts 7).
- A statute is found at `../../statutes/<id>` from the agreement, where the tree of `law/` puts it.
- A gate keeps each version that another one superseded, under `superseded/<number>/`.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

from solely.agreement.document import Law, statute_id_of
from solely.errors import AgreementRefused, UsageError
from solely.store.files import PRIVATE, write_durably

STATEMENT, SALTS = "agreement.statement.json", "agreement.salts.json"
PUBLIC = "agreement.public.json"
SUPERSEDED = "superseded"
READING = "reviewed.toml"
_BESIDE = (STATEMENT, SALTS, PUBLIC)


@dataclass(frozen=True, slots=True)
class LawFiles:
    """The bytes of an agreement and its statute, what was signed, and the versions before, oldest first.

    `beside` holds statement, salts and public copy by file name; `signatures` are by signer over the
    statement. `reading` is the record of the statute's review, where there is one.
    """

    agreement_id: str
    agreement: bytes
    signatures: dict[str, bytes]
    statute_id: str
    statute: bytes
    beside: dict[str, bytes] = field(default_factory=dict)
    superseded: tuple["LawFiles", ...] = ()
    reading: bytes | None = None

    @property
    def before(self) -> "LawFiles | None":
        """The version that this one superseded, with those before it; None without one."""
        if not self.superseded:
            return None
        return replace(self.superseded[-1], superseded=self.superseded[:-1])

    def as_law(self) -> Law:
        """The law in these files, whoever has signed them; raises AgreementRefused (R-03, R-04)."""
        return Law.of(self.agreement, self.statute)

    def as_files(self) -> dict[str, bytes]:
        """The same as a tree of `law/`, by relative name."""
        home = f"agreements/{self.agreement_id}"
        statute = f"statutes/{self.statute_id}"
        files = {f"{statute}/statute.md": self.statute} | self._in(home)
        if self.reading is not None:
            files[f"{statute}/{READING}"] = self.reading
        for number, each in enumerate(self.superseded, start=1):
            place = f"{home}/{SUPERSEDED}/{number}"
            files |= each._in(place) | {f"{place}/statute.md": each.statute}
        return files

    def _in(self, home: str) -> dict[str, bytes]:
        signed = {f"{STATEMENT}.{signer}.sig": data for signer, data in self.signatures.items()}
        own = {"agreement.md": self.agreement} | self.beside | signed
        return {f"{home}/{name}": data for name, data in own.items()}

    def is_signed_as(self, other: "LawFiles") -> bool:
        """True when both are the same text and statute under the same statement."""
        return (self.agreement_id, self.agreement, self.statute) == (
            other.agreement_id,
            other.agreement,
            other.statute,
        ) and self.beside.get(STATEMENT) == other.beside.get(STATEMENT)

    def after(self, old: "LawFiles") -> "LawFiles":
        """The same with `old`, and what that one superseded, as the versions before."""
        return replace(self, superseded=(*old.superseded, replace(old, superseded=(), reading=None)))


def document_path(path: Path) -> Path:
    """The `agreement.md` or `statute.md` that `path` names."""
    candidates = [path] if path.is_file() else [path / "agreement.md", path / "statute.md"]
    for each in candidates:
        if each.is_file():
            return each
    raise UsageError(
        f"`{path.name or path}`: no `agreement.md` or `statute.md` here; name the folder that holds it"
    )


def read_statute(law: Path, statute_id: str) -> bytes:
    """The statute file under a `law/` tree."""
    path = law / "statutes" / statute_id / "statute.md"
    if not path.is_file():
        raise AgreementRefused(f"`authority`: the statute file `statutes/{statute_id}/statute.md` is missing")
    return path.read_bytes()


def read_reading(law: Path, statute_id: str) -> bytes | None:
    """The record of a statute's review under a `law/` tree, if there is one."""
    path = law / "statutes" / statute_id / READING
    return path.read_bytes() if path.is_file() else None


def proof_path(agreement: Path) -> Path:
    """Where the record of an agreement's proof is kept."""
    return document_path(agreement).parent / "proof.json"


def read_proof(agreement: Path) -> bytes | None:
    """The record of an agreement's proof, if there is one."""
    path = proof_path(agreement)
    return path.read_bytes() if path.is_file() else None


def read_law(law: Path, agreement_id: str, statute_id: str) -> LawFiles:
    """An agreement and its statute under a `law/` tree."""
    path = law / "agreements" / agreement_id / "agreement.md"
    if not path.is_file():
        raise AgreementRefused(f"`agreements/{agreement_id}/agreement.md` is missing")
    found = _read(path, statute_id, read_statute(law, statute_id))
    earlier = _read_superseded(path.parent / SUPERSEDED, statute_id)
    return replace(found, superseded=earlier, reading=read_reading(law, statute_id))


def find_law(path: Path) -> LawFiles:
    """The agreement at `path` with what was signed, and the statute that it names, found beside it."""
    document = document_path(path)
    if document.name != "agreement.md":
        raise UsageError("`--agreement` names a statute; name the agreement's folder")
    document = document.resolve()
    statute_id = statute_id_of(document.read_bytes())
    return read_law(document.parent.parent.parent, document.parent.name, statute_id)


def _read(path: Path, statute_id: str, statute: bytes) -> LawFiles:
    beside = {name: (path.parent / name).read_bytes() for name in _BESIDE if (path.parent / name).is_file()}
    prefix = f"{STATEMENT}."
    signatures = {
        each.name[len(prefix) : -len(".sig")]: each.read_bytes()
        for each in sorted(path.parent.glob(f"{prefix}*.sig"))
        if STATEMENT in beside
    }
    return LawFiles(path.parent.name, path.read_bytes(), signatures, statute_id, statute, beside)


def _read_superseded(folder: Path, statute_id: str) -> tuple[LawFiles, ...]:
    found: list[LawFiles] = []
    while (path := folder / str(len(found) + 1) / "agreement.md").is_file():
        each = _read(path, statute_id, (path.parent / "statute.md").read_bytes())
        found.append(replace(each, agreement_id=folder.parent.name))
    return tuple(found)


def write_signed(path: Path, signer: str, statement: bytes, salts: bytes, signature: bytes) -> None:
    """Put statement, salts and one signature beside an agreement; the salts are for their owner alone."""
    folder = document_path(path).parent
    if not (folder / STATEMENT).is_file():
        write_durably(folder / SALTS, salts, mode=PRIVATE)
        write_durably(folder / STATEMENT, statement)
    write_durably(folder / f"{STATEMENT}.{signer}.sig", signature + b"\n")
