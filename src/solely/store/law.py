"""The law files on disk: an agreement's folder, its signatures, and the statute beside it.

- PATH is a folder that holds `agreement.md` or `statute.md`, or that file itself (contracts 7).
- A statute is found at `../../statutes/<id>` from the agreement, where the tree of `law/` puts it.
"""

from dataclasses import dataclass
from pathlib import Path

from solely.agreement.document import statute_id_of
from solely.errors import AgreementRefused, UsageError


@dataclass(frozen=True, slots=True)
class LawFiles:
    """The bytes of an agreement and its statute; `signatures` by party id."""

    agreement_id: str
    agreement: bytes
    signatures: dict[str, bytes]
    statute_id: str
    statute: bytes

    def as_files(self) -> dict[str, bytes]:
        """The same as a tree of `law/`, by relative name."""
        home = f"agreements/{self.agreement_id}"
        files = {
            f"statutes/{self.statute_id}/statute.md": self.statute,
            f"{home}/agreement.md": self.agreement,
        }
        signed = {f"{home}/agreement.md.{party}.sig": data for party, data in self.signatures.items()}
        return files | signed


def document_path(path: Path) -> Path:
    """The `agreement.md` or `statute.md` that `path` names."""
    candidates = [path] if path.is_file() else [path / "agreement.md", path / "statute.md"]
    for each in candidates:
        if each.is_file():
            return each
    raise UsageError("no `agreement.md` or `statute.md` here; name the folder that holds it")


def read_statute(law: Path, statute_id: str) -> bytes:
    """The statute file under a `law/` tree."""
    path = law / "statutes" / statute_id / "statute.md"
    if not path.is_file():
        raise AgreementRefused(f"`authority`: the statute file `statutes/{statute_id}/statute.md` is missing")
    return path.read_bytes()


def read_reading(law: Path, statute_id: str) -> bytes | None:
    """The record of a statute's review under a `law/` tree, if there is one."""
    path = law / "statutes" / statute_id / "reviewed.toml"
    return path.read_bytes() if path.is_file() else None


def read_signatures(agreement: Path) -> dict[str, bytes]:
    """The detached signatures beside an agreement, by party id."""
    prefix, suffix = agreement.name + ".", ".sig"
    return {
        each.name[len(prefix) : -len(suffix)]: each.read_bytes()
        for each in sorted(agreement.parent.glob(f"{prefix}*{suffix}"))
    }


def read_law(law: Path, agreement_id: str, statute_id: str) -> LawFiles:
    """An agreement and its statute under a `law/` tree."""
    path = law / "agreements" / agreement_id / "agreement.md"
    if not path.is_file():
        raise AgreementRefused(f"`agreements/{agreement_id}/agreement.md` is missing")
    return LawFiles(
        agreement_id=agreement_id,
        agreement=path.read_bytes(),
        signatures=read_signatures(path),
        statute_id=statute_id,
        statute=read_statute(law, statute_id),
    )


def find_law(path: Path) -> LawFiles:
    """The agreement at `path` with its signatures, and the statute that it names, found beside it."""
    document = document_path(path)
    if document.name != "agreement.md":
        raise UsageError("`--agreement` names a statute; name the agreement's folder")
    data = document.read_bytes()
    statute_id = statute_id_of(data)
    return LawFiles(
        agreement_id=document.parent.name,
        agreement=data,
        signatures=read_signatures(document),
        statute_id=statute_id,
        statute=read_statute(document.parent.parent.parent, statute_id),
    )
