"""Open one package: judged again, entitled, logged, published, and only then unsealed (R-52, R-83, R-95).

- A denial is an entry too, with its reason; the person at the door reads a sentence.
- The echo (own case, requested name) shows before the address; the opener confirms the request's id.
"""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec

from solely.canonical import sha256_hex
from solely.confidential import masked
from solely.errors import Blocked, NotPermitted, SolelyError, UsageError, VerificationFailed
from solely.ledger.entry import EntryType
from solely.model import Enrolment, Item
from solely.release import opening
from solely.release.content import CONFIRMATION, FORMAT, Opened, parse_payload, requested_name
from solely.release.keys import release_key
from solely.release.package import read_package, unseal
from solely.services import Services
from solely.signing import key_id
from solely.steps import held, journal, objecting, ordering, recipient
from solely.steps.deciding import item_of
from solely.steps.judging_again import judge_again
from solely.steps.releasing import address_digest
from solely.store import shredding

MARKING = "a lead, not proof of identity: verify before any action"


@masked
class Opening(NamedTuple):
    """A begun opening: the officer is entitled; nothing is unsealed yet."""

    release: Mapping[str, Any]
    officer: Enrolment
    package: bytes
    investigation_id: str
    requested_name: str


def begin(services: Services, path: Path, private_key: ec.EllipticCurvePrivateKey, at: datetime) -> Opening:
    """The opening of the package at `path` by the holder of the key, up to the echo of the request."""
    data, release = _find_release(services, path)
    try:
        if sha256_hex(data) != release["package_sha256"]:
            raise VerificationFailed("the package is not the file that was released")
        held.require_released(services, [release])
        _require_key(services, release)
        officer = _require_officer(services, release, private_key, at)
        recipient.require_accepted(services, officer, at)
        opening.require_hours(services.law.obligations, at)
        item = _require_still_permitted(services, release, at)
        _log_echo(services, release, officer, at)
    except SolelyError as denied:
        _log_denial(services, release, denied, at)
        raise
    return Opening(release, officer, data, item.investigation_id or "", requested_name(item))


def finish(services: Services, begun: Opening, confirmed: str | None, at: datetime) -> dict[str, Any]:
    """What the officer reads; unsealed only when the opening's entry is under a durable checkpoint."""
    release = begun.release
    try:
        opening.require_confirmed(release["request_id"], confirmed)
        key = f"open/{release['id']}/{secrets.token_hex(8)}"
        said = {"officer": begun.officer.id, "package_sha256": release["package_sha256"]}
        refs = (release["entry_index"],)
        services.log(key, journal.write(services.salt_key, EntryType.OPEN, at, key, said, refs=refs))
        content = _content(services, release, begun.package)
    except SolelyError as denied:
        _log_denial(services, release, denied, at)
        raise
    shown = (
        {"format": CONFIRMATION if not content.address else FORMAT}
        | content._asdict()
        | {"officers": list(content.officers), "expires_on": str(content.expires_on)}
    )
    return shown | {"synthetic": services.law.is_synthetic, "marking": MARKING}


def find_delivered(services: Services, path: Path) -> Mapping[str, Any]:
    """The release whose package this is, unchanged; VerificationFailed when it is another file."""
    data, release = _find_release(services, path)
    if sha256_hex(data) != release["package_sha256"]:
        raise VerificationFailed("the package is not the file that was released")
    return release


def _find_release(services: Services, path: Path) -> tuple[bytes, Mapping[str, Any]]:
    try:
        data = path.read_bytes()
    except OSError:
        raise UsageError("the package cannot be read") from None
    package = read_package(data)
    with services.database.transaction() as tx:
        release = services.cases.find_release(tx, package.release_id)
    if release is None or not release["is_delivered"]:
        raise NotPermitted("this gate has delivered no such release")
    return data, release


def _require_key(services: Services, release: Mapping[str, Any]) -> None:
    """Return while the release has its key; NotPermitted once its destruction is ordered."""
    with services.database.transaction() as tx:
        is_gone = shredding.is_shredded(tx, release["id"])
    if is_gone:
        raise NotPermitted("the key of this release is destroyed, or about to be; nothing opens it any more")


def _require_officer(
    services: Services, release: Mapping[str, Any], private_key: ec.EllipticCurvePrivateKey, at: datetime
) -> Enrolment:
    """The entitled officer, who has shown possession of the enrolled key; no order has revoked that key."""
    ordering.require_unrevoked(services, key_id(private_key.public_key()), at)
    officer = opening.require_entitled(
        opening.find_officer(services.trust.officers, private_key.public_key()),
        release["officers"],
        date.fromisoformat(release["expires_on"]),
        at,
    )
    challenged = opening.challenge(secrets.token_bytes(16), release["package_sha256"], release["id"])
    opening.require_possession(officer, challenged, opening.prove_possession(private_key, challenged))
    return officer


def _require_still_permitted(services: Services, release: Mapping[str, Any], at: datetime) -> Item:
    """The item of a release that is still permitted, judged now (R-83)."""
    with services.database.transaction() as tx:
        batch = services.cases.find_batch(tx, release["batch_id"])
        case = services.cases.find_case(tx, release["request_id"])
    if batch is None or case is None or case["row"] != release["row"]:
        raise Blocked("STATE_EDITED", "the release's case is missing")
    stopped = ordering.stopped_rows(services, batch, [(item_of(case), release["id"])], at)
    if stopped:
        raise opening.OpeningDenied(stopped[case["row"]].code)
    objecting.require_item_unobjected(services, batch, case["decision_index"])
    permitted = judge_again(services, batch, [case], at)
    if not permitted or permitted[0].record_ref != release["record_ref"]:
        raise NotPermitted("judged again, this release is not permitted now")
    if address_digest(permitted[0].address) != release["address_sha256"]:
        raise NotPermitted("judged again, another address would be released now; ask for a new release")
    return permitted[0].item


def _content(services: Services, release: Mapping[str, Any], data: bytes) -> Opened:
    """The opened payload, held against what was released."""
    seed = services.release_keys.find(release["id"])
    if seed is None:
        raise NotPermitted("the key of this release is destroyed")
    content = parse_payload(unseal(read_package(data), release_key(seed)))
    expires_on = date.fromisoformat(release["expires_on"])
    opening.require_same_release(content, release["request_id"], release["officers"], expires_on)
    return content


def _log_echo(services: Services, release: Mapping[str, Any], officer: Enrolment, at: datetime) -> None:
    """Put the showing of the own case and requested name into the ledger before it shows (R-92)."""
    with services.database.transaction() as tx:
        case = services.cases.find_case(tx, release["request_id"])
    assert case is not None, "a released item has a case"
    key = f"showing/{release['id']}/{secrets.token_hex(8)}"
    said = {"officer": officer.id, "shown": "echo"}
    refs = (case["decision_index"],)
    services.log(key, journal.write(services.salt_key, EntryType.SHOWING, at, key, said, refs=refs))


def _log_denial(services: Services, release: Mapping[str, Any], denied: SolelyError, at: datetime) -> None:
    key = f"open-refused/{release['id']}/{secrets.token_hex(8)}"
    reason = getattr(denied, "reason", denied.code)
    entry = journal.write(
        services.salt_key, EntryType.OPEN_REFUSED, at, key, {"reason": reason}, refs=(release["entry_index"],)
    )
    services.log(key, entry)
    services.progress("alarm: a denied opening is in the ledger")
