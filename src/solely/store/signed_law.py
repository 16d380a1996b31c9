"""The law of a gate from its files: loaded when it is signed as it must be, else refused (R-06, R-09).

0. Statute and agreement parse, the agreement under its statute (R-03, R-04).
1. The statement names this very text, statute and meaning of facts.
2. Every party has signed it; a version that narrows needs one party or a court, and the version before it.
3. A public copy beside it hides no permission without an order and an end (R-89).
4. Every term that was signed is one that this build keeps.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from solely.agreement.document import Law
from solely.agreement.parts import cut
from solely.agreement.redaction import parse_copy, require_open
from solely.agreement.statement import (
    AGREED,
    Parted,
    Statement,
    parse_salts,
    parse_statement,
    require_stated,
)
from solely.agreement.succession import not_shown_to_narrow
from solely.errors import AgreementRefused, VerificationFailed
from solely.model import Enrolment, Trust
from solely.signing import parse_public_key, verify
from solely.store.law import PUBLIC, SALTS, STATEMENT, LawFiles

KEPT_TERMS = {"approvers_min": 2, "approval_mode": "batch"}


def load_law(files: LawFiles, trust: Trust) -> Law:
    """Statute and agreement, signed as they must be; AgreementRefused names what is not."""
    law = Law.of(files.agreement, files.statute)
    if STATEMENT not in files.beside:
        _require_form_1(files, trust, law)
    else:
        law = _require_form_2(files, trust, law)
    for finding in unkept_terms(law):
        raise AgreementRefused(finding)
    return law


def unkept_terms(law: Law) -> list[str]:
    """The terms that this build does not keep: what is signed is kept, or it does not load (R-02, R-03)."""
    return [
        f"`{term}`: this build keeps `{kept}` and no other value"
        for term, kept in KEPT_TERMS.items()
        if law.obligations[term] != kept
    ]


def _require_form_1(files: LawFiles, trust: Trust, law: Law) -> None:
    """The first form: every party signed the bytes of the file."""
    for party in law.parties:
        _require_signature(files, trust.parties, party, files.agreement)


def _require_form_2(files: LawFiles, trust: Trust, law: Law) -> Law:
    statement, parted = statement_of(files), parted_of(files)
    require_stated(statement, law.agreement, law.statute, parted)
    if statement.act == AGREED:
        for party in law.parties:
            _require_signature(files, trust.parties, party, statement.signed_bytes)
    else:
        _require_one_signature(files, trust, law, statement)
    until = None
    if PUBLIC in files.beside:
        copy = parse_copy(files.beside[PUBLIC])
        until = require_open(copy, statement, parted, law.agreement)
    return Law(law.statute, law.agreement, statement.digest, until)


def statement_of(files: LawFiles) -> Statement:
    """The statement beside an agreement; AgreementRefused when there is none."""
    if STATEMENT not in files.beside:
        raise AgreementRefused("`agreement.statement.json`: it is missing; `solely sign` makes it")
    return parse_statement(files.beside[STATEMENT])


def parted_of(files: LawFiles) -> Parted:
    """The parts of an agreement with their salts; AgreementRefused when the salts are missing or too few."""
    if SALTS not in files.beside:
        raise AgreementRefused("`agreement.salts.json`: it is missing; it was made with the first signature")
    return Parted(cut(files.agreement), parse_salts(files.beside[SALTS]))


def _require_signature(
    files: LawFiles, enrolments: Mapping[str, Enrolment], signer: str, message: bytes
) -> None:
    signature, enrolled = files.signatures.get(signer), enrolments.get(signer)
    if signature is None or enrolled is None:
        missing = "signature" if signature is None else "enrolment"
        raise AgreementRefused(f"`{signer}`: the {missing} of this party is missing (R-06)")
    try:
        verify(parse_public_key(enrolled.public_key_pem), signature, message)
    except VerificationFailed:
        raise AgreementRefused(f"`{signer}`: its signature is not over this text (R-09)") from None


def _require_one_signature(files: LawFiles, trust: Trust, law: Law, statement: Statement) -> None:
    """A narrowing: whoever signed it is a party or a court, and the version that it narrows is kept here."""
    may_sign = {
        **trust.courts,
        **{party: trust.parties[party] for party in law.parties if party in trust.parties},
    }
    signers = [each for each in files.signatures if each in may_sign]
    if not signers:
        raise AgreementRefused(
            "`signatures`: a version that narrows bears that of one party or a court (R-83)"
        )
    for signer in signers:
        _require_signature(files, may_sign, signer, statement.signed_bytes)
    if not files.superseded or root_of_files(files.superseded[-1]) != statement.supersedes:
        raise AgreementRefused(
            "`supersedes`: a version that narrows stands only after the one it narrows (R-83)"
        )


def root_of_files(files: LawFiles) -> str | None:
    """The root that a next version must name: None after an agreement signed in form 1."""
    return statement_of(files).root if STATEMENT in files.beside else None


def require_successor(new: LawFiles, old: LawFiles, trust: Trust) -> LawFiles:
    """The next version's files with the chain behind it, when it may follow (R-09, R-83).

    1. It is of the same agreement, states the root that it supersedes, and has a later number.
    2. It is signed; by one signature alone only when its form shows that it takes away and gives nothing.
    """
    statement = statement_of(new)
    if statement.supersedes != root_of_files(old):
        raise AgreementRefused(
            "`supersedes`: it does not follow the version in force (R-09); sign it with `--supersedes` and "
            "that version's folder"
        )
    chained = replace(new.after(old), agreement_id=old.agreement_id)
    law, before = load_law(chained, trust), read_version(old)
    if law.agreement.id != before.agreement.id:
        raise AgreementRefused(
            f"`id`: this gate serves `{before.agreement.id}`; another agreement has its own gate"
        )
    if _number(law) <= _number(before):
        raise AgreementRefused("`version`: a next version has a higher number (R-09)")
    if statement.act != AGREED:
        found = not_shown_to_narrow(law, before, (cut(new.agreement), cut(old.agreement)))
        if found:
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            raise AgreementRefused(
                f"{found[0]}{more}; what is not shown to narrow needs the signature of every party (R-83)"
            )
    return chained


def read_version(files: LawFiles) -> Law:
    """The law of an agreement, whoever has signed it: a draft, or a version whose signatures held before."""
    law = Law.of(files.agreement, files.statute)
    return replace(law, statement=statement_of(files).digest) if STATEMENT in files.beside else law


def find_version(files: LawFiles, digest: str) -> Law | None:
    """The law of a version before, by the digest that entries name it by; None when it is not kept."""
    versions = (read_version(each) for each in reversed(files.superseded))
    return next((law for law in versions if law.digest == digest), None)


def _number(law: Law) -> int:
    try:
        return int(law.agreement.version)
    except ValueError:
        raise AgreementRefused("`version`: the version of a signed agreement is a whole number") from None


def require_unsealed(law: Law, today: date) -> None:
    """Return while no order that seals a permission has ended; else AgreementRefused (R-89)."""
    if law.sealed_until is not None and today > law.sealed_until:
        raise AgreementRefused(
            "`agreement.public.json`: an order that seals a permission has ended; publish that part (R-89)"
        )
