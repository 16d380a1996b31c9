"""What is done with an agreement's text as an act: sign, strike, seal parts from the public, unseal one.

- No gate is in reach here: parties, a court's clerk and the public run it where they are.
- The salts beside an agreement are the key to every sealed part: its keepers are the parties and their gates.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from solely import clock
from solely.agreement.document import Law, require_cases_hold
from solely.agreement.parts import SALT_BYTES, Part, cut, salts_of
from solely.agreement.redaction import (
    Copy,
    Sealed,
    covering,
    find_kind,
    parse_copy,
    parse_seal,
    redact,
    sign_seals,
    unseal,
    visible_clauses,
)
from solely.agreement.statement import (
    NARROWED,
    Parted,
    Statement,
    parse_statement,
    require_stated,
    salts_text,
    state,
)
from solely.agreement.strike import strike
from solely.agreement.succession import not_shown_to_narrow
from solely.errors import AgreementRefused, NotPermitted, UsageError, VerificationFailed
from solely.signing import parse_private_key, sign, verify
from solely.store.files import write_durably
from solely.store.given import read_given_key
from solely.store.law import PUBLIC, SALTS, STATEMENT, LawFiles, find_law, write_signed
from solely.store.signed_law import parted_of, read_version, require_same_agreement, statement_of


@dataclass(frozen=True, slots=True)
class Signing:
    """What `sign` was given besides the agreement."""

    keyfile: Path
    signer: str
    supersedes: Path | None = None
    is_narrowing: bool = False


def sign_agreement(path: Path, signing: Signing) -> dict[str, Any]:
    """Sign the statement beside an agreement; the first signer makes it, with a fresh salt for each part."""
    files, private = find_law(path), read_given_key("--as", signing.keyfile, parse_private_key)
    law = files.as_law()
    is_narrowing = signing.is_narrowing or (STATEMENT in files.beside and statement_of(files).act == NARROWED)
    if signing.signer not in law.parties and not is_narrowing:
        raise UsageError(f"`--party`: one of {', '.join(law.parties)}; a court signs what narrows")
    if STATEMENT in files.beside:
        statement, parted = _stated_before(files, law, signing)
    else:
        parts = cut(files.agreement)
        parted = Parted(parts, salts_of(secrets.token_bytes(SALT_BYTES * len(parts)), len(parts)))
        statement = state(law.agreement, law.statute, parted.parts, parted.salts, _superseded(signing, law))
        if signing.is_narrowing:
            statement = replace(statement, act=NARROWED)
            _require_narrowing(files, law, signing)
    if signing.keyfile.stem in {*law.parties} - {signing.signer}:
        raise UsageError(f"`--as`: this is the key file of `{signing.keyfile.stem}`, and `--party` another")
    _require_own_key(files, private, signing.signer, statement)
    require_cases_hold(law)
    signature = sign(private, statement.signed_bytes)
    write_signed(path, signing.signer, statement.content, salts_text(parted.salts), signature)
    return {
        "agreement": statement.id,
        "version": statement.version,
        "act": statement.act,
        "parts": statement.parts,
        "root": statement.root,
        "supersedes": statement.supersedes,
        "signed_by": sorted({*files.signatures, signing.signer}),
    }


def _stated_before(files: LawFiles, law: Law, signing: Signing) -> tuple[Statement, Parted]:
    """What an earlier signer stated, and the parts it is about; a later one may repeat the same options."""
    try:
        statement, parted = statement_of(files), parted_of(files)
        require_stated(statement, law.agreement, law.statute, parted)
    except AgreementRefused as refused:
        raise AgreementRefused(
            f"{refused}; if the files were copied with another version's text, remove "
            f"`{STATEMENT}*`, `{SALTS}` and `{PUBLIC}` from this folder, then sign"
        ) from None
    if signing.supersedes is not None and _superseded(signing, law) != statement.supersedes:
        raise UsageError("`--supersedes`: the first signer's statement names another version before this one")
    if signing.is_narrowing and statement.act != NARROWED:
        raise UsageError("`--narrowing`: the first signer's statement wants every party's signature")
    return statement, parted


def _require_own_key(
    files: LawFiles, private: EllipticCurvePrivateKey, signer: str, statement: Statement
) -> None:
    """Return when no other signature beside the statement is by this very key; else UsageError."""
    for other, signature in files.signatures.items():
        try:
            verify(private.public_key(), signature, statement.signed_bytes)
        except VerificationFailed:
            continue
        if other != signer:
            raise UsageError(
                f"`--as`: this key has signed as `{other}`; each party signs with its own; "
                f"where that was the mistake, remove `{STATEMENT}.{other}.sig` and sign again"
            )


def _superseded(signing: Signing, law: Law) -> str | None:
    """The root that the statement names: none for a first version."""
    if signing.supersedes is None:
        return None
    old = find_law(signing.supersedes)
    require_same_agreement(law, read_version(old))
    if STATEMENT not in old.beside or not old.signatures:
        raise UsageError("`--supersedes`: nobody has signed that version; name the folder of one in force")
    return statement_of(old).root


def _require_narrowing(files: LawFiles, law: Law, signing: Signing) -> None:
    if signing.supersedes is None:
        raise UsageError("`--narrowing` needs `--supersedes`: what it narrows")
    old = find_law(signing.supersedes)
    found = not_shown_to_narrow(law, read_version(old), (cut(files.agreement), cut(old.agreement)))
    if found:
        raise AgreementRefused(
            f"{found[0]}; what is not shown to narrow needs every party's signature (R-83)"
        )


def strike_clause(path: Path, what: str, order: str, out: Path) -> list[str]:
    """Write the agreement that remains to a new folder; what was struck, and what it did, comes back."""
    if out.exists() and any(out.iterdir()):
        raise UsageError("`--out`: the folder holds files; name a new one")
    files = find_law(path)
    if not (out.resolve().parent.parent / "statutes" / files.statute_id / "statute.md").is_file():
        raise UsageError("`--out`: name a new folder under `agreements`, in a tree that holds the statute")
    law = read_version(files)
    struck = strike(files.agreement, law, what, order)
    remaining = replace(files, agreement=struck.data, agreement_id=out.name, beside={}, signatures={})
    if what not in {each.id for each in law.agreement.clauses}:
        # A list only got shorter: the same check that a gate makes, before anything is written.
        found = not_shown_to_narrow(read_version(remaining), law, (cut(struck.data), cut(files.agreement)))
        if found:
            raise NotPermitted(
                f"{found[0]}: this list holds back, and without the entry more could leave (R-83)"
            )
    read_version(remaining)
    write_durably(out / "agreement.md", struck.data)
    return list(struck.said)


# -- the public copy ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Redacting:
    """What `redact` was given besides the agreement."""

    labels: Sequence[str]
    order: str | None
    until: str | None
    out: Path | None
    keyfile: Path | None = None  # it bears the name of its signer


def list_parts(path: Path) -> list[str]:
    """Every part of an agreement: what it may be sealed as, and its label."""
    files = find_law(path)
    document = read_version(files).agreement
    return [f"{find_kind(part.label, document):<10} {part.label}" for part in cut(files.agreement)]


def provable(path: Path, labels: Sequence[str]) -> dict[str, list[str]]:
    """Which requirements of the statute the visible clauses secure, which are lost, which none ever did."""
    law = read_version(find_law(path))
    before = covering(law.statute, law.agreement.clauses)
    after = covering(law.statute, visible_clauses(law.agreement, labels))
    said = {
        each.id: f"{each.id} ({', '.join(after[each.id] or before[each.id])})" for each in law.statute.clauses
    }
    return {
        "stays": [said[id_] for id_ in after if after[id_]],
        "lost": [said[id_] for id_ in after if before[id_] and not after[id_]],
        "by_statute_alone": [id_ for id_ in after if not before[id_]],
    }


def provable_lines(found: Mapping[str, Sequence[str]]) -> list[str]:
    """The same for people."""
    return [
        f"stays publicly provable from the visible clauses: {', '.join(found['stays']) or 'nothing'}",
        f"is lost to the public: {', '.join(found['lost']) or 'nothing'}",
        "rests on the statute's own clauses, which the gate holds in any case: "
        + (", ".join(found["by_statute_alone"]) or "nothing"),
    ]


def write_public_copy(path: Path, redacting: Redacting) -> dict[str, Any]:
    """Write the public copy of a signed agreement; sealed parts and their kinds come back."""
    files = find_law(path)
    law, statement, parted = read_version(files), statement_of(files), parted_of(files)
    require_stated(statement, law.agreement, law.statute, parted)
    seal = parse_seal(redacting.order, redacting.until)
    if seal is not None and seal.until < clock.utc_date(clock.now(may_be_set=law.is_synthetic)):
        raise UsageError("`--until` has passed: what that order sealed is public now (R-89)")
    parts = redact(parted, law.agreement, redacting.labels, seal)
    signatures = {name: each.decode().strip() for name, each in files.signatures.items()}
    copy, target = Copy(statement.content, signatures, parts), redacting.out or path / PUBLIC
    if seal is not None:
        copy = _signed_seals(copy, redacting, target)
    write_durably(target, copy.content)
    return {
        "file": str(target),
        "root": statement.root,
        "parts": len(parts),
        "sealed": sum(isinstance(each, Sealed) for each in parts),
        "sealed_permissions": len(copy.seals),
        "seals_signed_by": sorted({name for _, seal in copy.seals for name in seal.signatures}),
    }


def _signed_seals(copy: Copy, redacting: Redacting, target: Path) -> Copy:
    """The copy whose seals bear one more signature than the one at `target`, if that is the same copy."""
    if redacting.keyfile is None:
        raise UsageError(
            "`--as`: every party signs a seal of what permits, or a court; the key file bears its name (R-89)"
        )
    private = read_given_key("--as", redacting.keyfile, parse_private_key)
    kept = parse_copy(target.read_bytes()) if target.is_file() else None
    return sign_seals(copy, redacting.keyfile.stem, lambda message: sign(private, message).decode(), kept)


def write_part(path: Path, label: str, out: Path) -> dict[str, Any]:
    """Write one part with its salt: what unseals it, and nothing more."""
    parted = parted_of(find_law(path))
    for salt, part in zip(parted.salts, parted.parts, strict=True):
        if part.label == label:
            words = {"label": label, "salt": salt.hex(), "text": part.data.decode()}
            write_durably(out, (json.dumps(words, ensure_ascii=False, indent=1) + "\n").encode())
            return {"file": str(out), "part": label}
    raise UsageError(f"`{label}`: no part has this label")


def unseal_part(public: Path, part: Path, out: Path) -> dict[str, Any]:
    """Write the public copy with one more part shown, which leads to the root that was signed long before."""
    copy = parse_copy(public.read_bytes())
    try:
        words = json.loads(part.read_bytes())
        salt, shown = bytes.fromhex(words["salt"]), Part(words["label"], words["text"].encode())
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UsageError("`--part`: a JSON object with `label`, `salt` and `text`") from None
    if len(salt) != SALT_BYTES:
        raise UsageError("`--part`: a salt has 16 bytes")
    opened = unseal(copy, salt, shown)
    write_durably(out, opened.content)
    return {
        "file": str(out),
        "part": shown.label,
        "root": parse_statement(copy.statement).root,
        "sealed": sum(isinstance(each, Sealed) for each in opened.parts),
    }
