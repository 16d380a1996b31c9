"""The law of a gate from its files: loaded when it is signed as it must be, else refused (R-06, R-09).

0. Statute and agreement parse, the agreement under its statute (R-03, R-04).
1. The statement names this very text, statute and meaning of facts.
2. Every party has signed it, each with a key of its own. A version that narrows needs one party or a court,
   and is shown to narrow the version before it: so back to one that every party signed (R-83).
3. A public copy beside it hides no permission without an order and an end, signed as such (R-89).
4. Every term that was signed is one that this build keeps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from solely.agreement.document import Law
from solely.agreement.parts import cut
from solely.agreement.redaction import Copy, parse_copy, require_open, require_seals_kept, sealed_days
from solely.agreement.statement import AGREED, Parted, Statement, parse_salts, parse_statement, require_stated
from solely.agreement.succession import not_shown_to_narrow
from solely.errors import AgreementRefused, VerificationFailed
from solely.model import Enrolment, Trust
from solely.signing import parse_public_key, verify
from solely.store.law import PUBLIC, SALTS, STATEMENT, LawFiles

KEPT_TERMS = {"approvers_min": 2, "approval_mode": "batch"}


def load_law(files: LawFiles, trust: Trust) -> Law:
    """Statute and agreement, signed as they must be; AgreementRefused names what is not."""
    law = _require_founded(files, trust)
    for finding in unkept_terms(law):
        raise AgreementRefused(finding)
    if PUBLIC not in files.beside:
        return law
    copy = parse_copy(files.beside[PUBLIC])
    _require_seals_signed(copy, law, trust)
    return replace(law, sealed_until=require_open(copy, statement_of(files), parted_of(files), law.agreement))


def unkept_terms(law: Law) -> list[str]:
    """The terms that this build does not keep: what is signed is kept, or it does not load (R-02, R-03)."""
    return [
        f"`{term}`: this build keeps `{kept}` and no other value"
        for term, kept in KEPT_TERMS.items()
        if law.obligations[term] != kept
    ]


def _require_seals_signed(copy: Copy, law: Law, trust: Trust) -> None:
    """Return when a court, or else every party, has signed each seal of a copy (R-89)."""
    root = parse_statement(copy.statement).root
    for part, seal in copy.seals:
        signatures = {name: each.encode() for name, each in seal.signatures.items()}
        for signer in [each for each in signatures if each in trust.courts] or law.parties:
            try:
                _require_signature(
                    signatures, {**trust.parties, **trust.courts}, signer, part.signed_bytes(root)
                )
            except AgreementRefused as error:
                raise AgreementRefused(
                    f"`agreement.public.json`: the seal until {seal.until.isoformat()}: {error}"
                ) from None


def require_standing_seals(new: LawFiles, old: LawFiles) -> None:
    """Return when the seals of the version in force stand, or show what they hid; else AgreementRefused."""
    if PUBLIC in old.beside:
        parts = cut(new.agreement)
        before = sealed_days(parse_copy(old.beside[PUBLIC]), cut(old.agreement))
        after = sealed_days(parse_copy(new.beside[PUBLIC]), parts) if PUBLIC in new.beside else None
        require_seals_kept(after, before, {part.label for part in parts})


def _require_founded(files: LawFiles, trust: Trust) -> Law:
    """The law of a version that every party signed, or that narrows one founded so itself (R-06, R-83)."""
    law = _require_signed(files, trust)
    if statement_of(files).act != AGREED:
        before = files.before
        if before is None:
            raise AgreementRefused(
                "`supersedes`: a version that narrows stands only after the one it narrows (R-83)"
            )
        _require_next(files, before, law, _require_founded(before, trust))
    return law


def _require_signed(files: LawFiles, trust: Trust) -> Law:
    """The law of a version whose own statement is signed as its act demands."""
    statement = statement_of(files)
    law = read_version(files)
    enrolments = _who_may_sign(trust, law, statement)
    signers: Sequence[str] = law.parties
    if statement.act != AGREED:
        signers = [each for each in files.signatures if each in enrolments]
    if not signers:
        raise AgreementRefused(
            "`signatures`: a version that narrows bears that of one party or a court (R-83)"
        )
    for signer in signers:
        _require_signature(files.signatures, enrolments, signer, statement.signed_bytes)
    if len({enrolments[signer].key_id for signer in signers}) < len(signers):
        raise AgreementRefused("`parties`: one key is enrolled for two who signed; each has its own (R-06)")
    return law


def _who_may_sign(trust: Trust, law: Law, statement: Statement) -> dict[str, Enrolment]:
    parties = {party: trust.parties[party] for party in law.parties if party in trust.parties}
    return parties if statement.act == AGREED else {**trust.courts, **parties}


def require_enrolled(files: LawFiles, trust: Trust, day: date) -> None:
    """Return when all who signed this, and what it rests on, are enrolled on the day of putting it in force.

    R-06. A version in force stays in force when an enrolment ends; what ends it is its term, or another act.
    """
    statement = statement_of(files)
    enrolments = _who_may_sign(trust, read_version(files), statement)
    for signer in files.signatures:
        if signer in enrolments and not enrolments[signer].is_valid_on(day):
            raise AgreementRefused(
                f"`{signer}`: its enrolment does not cover the day of putting this in force"
            )
    if statement.act != AGREED and files.before is not None:
        require_enrolled(files.before, trust, day)


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
    signatures: Mapping[str, bytes], enrolments: Mapping[str, Enrolment], signer: str, message: bytes
) -> None:
    signature, enrolled = signatures.get(signer), enrolments.get(signer)
    if signature is None or enrolled is None:
        missing = "signature" if signature is None else "enrolment"
        raise AgreementRefused(f"`{signer}`: the {missing} of this party is missing (R-06)")
    try:
        verify(parse_public_key(enrolled.public_key_pem), signature, message)
    except VerificationFailed:
        raise AgreementRefused(
            f"`{signer}`: its signature is not over this text, or not by its enrolled key (R-09)"
        ) from None


def require_successor(new: LawFiles, old: LawFiles, trust: Trust) -> LawFiles:
    """The next version's files with the chain behind it, when it may follow what is in force (R-09, R-83)."""
    chained = replace(new.after(old), agreement_id=old.agreement_id)
    _require_next(chained, old, _require_signed(chained, trust), read_version(old))
    return chained


def _require_next(new: LawFiles, old: LawFiles, law: Law, before: Law) -> None:
    """Return when one version may follow another; else AgreementRefused.

    1. It is of the same agreement, states the root that it supersedes, and has the next number.
    2. One signature alone: its form shows that it takes away and gives nothing.
    """
    statement = statement_of(new)
    if statement.supersedes != statement_of(old).root:
        raise AgreementRefused(
            "`supersedes`: it does not follow the version before it (R-09); sign it with `--supersedes` and "
            "that version's folder"
        )
    require_same_agreement(law, before)
    if _number(law) != _number(before) + 1:
        raise AgreementRefused("`version`: a next version has the next number (R-09)")
    if statement.act == AGREED:
        return
    found = not_shown_to_narrow(law, before, (cut(new.agreement), cut(old.agreement)))
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise AgreementRefused(
            f"{found[0]}{more}; what is not shown to narrow needs the signature of every party (R-83)"
        )


def require_same_agreement(law: Law, before: Law) -> None:
    """Return when both are versions of one agreement; else AgreementRefused."""
    if law.agreement.id != before.agreement.id:
        raise AgreementRefused(
            f"`id`: the version before is one of `{before.agreement.id}`; another agreement has its own gate"
        )


def read_version(files: LawFiles) -> Law:
    """The law of an agreement, whoever has signed it: a draft, or the very text that its statement is of."""
    law = files.as_law()
    if STATEMENT not in files.beside:
        return law
    statement = statement_of(files)
    require_stated(statement, law.agreement, law.statute, parted_of(files))
    return replace(law, statement=statement.digest)


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
