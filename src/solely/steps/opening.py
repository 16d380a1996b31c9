"""Open one package: judged again, entitled, logged, published, and only then unsealed (R-52, R-83, R-95).

- A denial is an entry too, with its reason; the person at the door reads a sentence.
- The echo (own case, requested name) shows before the address; the opener confirms the request's id.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec

from solely.canonical import sha256_hex
from solely.confidential import masked
from solely.errors import Blocked, NotPermitted, SolelyError, UsageError, VerificationFailed
from solely.ledger.entry import EntryType, decode
from solely.model import Enrolment, Item
from solely.orders.force import Filed
from solely.release import opening
from solely.release.content import CONFIRMATION, FORMAT, Opened, parse_payload, requested_name
from solely.release.keys import release_key
from solely.release.package import read_package, unseal
from solely.services import Services
from solely.signing import key_id
from solely.steps import held, journal, objecting, ordering, recipient
from solely.steps.deciding import item_of
from solely.steps.enrolments import officer_keys_at_receipt
from solely.steps.judging_again import Permitted, judge_again
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


class Ground(NamedTuple):
    """What every opening of one instant is judged by, read once for all of them."""

    at: datetime
    orders: Sequence[Filed]
    accepted: frozenset[str]

    @classmethod
    def of(cls, services: Services, at: datetime) -> "Ground":
        """The orders filed, and the officers whose acceptance of the terms lasts."""
        return cls(at, ordering.filed(services), recipient.accepted_by(services, at))


def begin(services: Services, path: Path, private_key: ec.EllipticCurvePrivateKey, at: datetime) -> Opening:
    """The opening of the package at `path` by the holder of the key, up to the echo of the request."""
    data, release = _read_release(services, path)
    try:
        ground = Ground.of(services, at)
        require_file(release, sha256_hex(data))
        officer = officer_of(services, release, private_key.public_key(), ground)
        challenged = opening.challenge(secrets.token_bytes(16), release["package_sha256"], release["id"])
        opening.require_possession(officer, challenged, opening.prove_possession(private_key, challenged))
        (judged,) = judge_releases(services, [release], ground)
        if isinstance(judged, SolelyError):
            raise judged
        services.log(*echo_entry(services, release, officer, at))
    except SolelyError as denied:
        _log_denial(services, release, denied, at)
        raise
    return Opening(release, officer, data, judged.investigation_id or "", requested_name(judged))


def finish(services: Services, begun: Opening, confirmed: str | None, at: datetime) -> dict[str, Any]:
    """What the officer reads; unsealed only when the opening's entry is under a durable checkpoint."""
    release = begun.release
    try:
        opening.require_confirmed(release["request_id"], confirmed)
        services.log(*opened_entry(services, release, begun.officer, at))
        content = _content(services, release, begun.package)
    except SolelyError as denied:
        _log_denial(services, release, denied, at)
        raise
    return shown(content, is_synthetic=services.law.is_synthetic)


def shown(content: Opened, *, is_synthetic: bool) -> dict[str, Any]:
    """What an officer reads of an opened package, with the marking that every lead carries."""
    words: dict[str, Any] = {"format": CONFIRMATION if not content.address else FORMAT} | content._asdict()
    words |= {"officers": list(content.officers), "expires_on": str(content.expires_on)}
    return words | {"synthetic": is_synthetic, "marking": MARKING}


# -- judged, the same for every door -----------------------------------------------------------------------


def find_release(services: Services, release_id: str) -> Mapping[str, Any]:
    """The delivered release of this id; NotPermitted when this gate has none."""
    with services.database.transaction() as tx:
        release = services.cases.find_release(tx, release_id)
    if release is None or not release["is_delivered"]:
        raise NotPermitted("this gate has delivered no such release")
    return release


def require_file(release: Mapping[str, Any], package_sha256: str) -> None:
    """Return when this is the digest of the package that was released."""
    if package_sha256 != release["package_sha256"]:
        raise VerificationFailed("the package is not the file that was released")


def officer_of(
    services: Services, release: Mapping[str, Any], public_key: ec.EllipticCurvePublicKey, ground: Ground
) -> Enrolment:
    """The officer who holds the key and may open this release by what is known of officer, release and terms.

    The release is what was released, and has its key; the officer is enrolled, certified, named and in time,
    has accepted the terms, and no order has revoked the key. Possession is shown elsewhere.
    """
    held.require_released(services, [release])
    _require_key(services, release)
    if ordering.is_revoked_in(ground.orders, key_id(public_key), ground.at):
        raise NotPermitted("this key is revoked by an order")
    officer = opening.require_entitled(
        opening.find_officer(services.trust.officers, public_key),
        release["officers"],
        date.fromisoformat(release["expires_on"]),
        ground.at,
    )
    if key_id(public_key) not in officer_keys_at_receipt(services, release["batch_id"]):
        raise opening.OpeningDenied("OFFICER_NOT_VALID")  # enrolled since, or with another key
    if officer.id not in ground.accepted:
        raise opening.OpeningDenied("TERMS_NOT_ACCEPTED")
    opening.require_hours(services.law.obligations, ground.at)
    recipient.require_kept(services, release)
    return officer


def judge_releases(
    services: Services, releases: Sequence[Mapping[str, Any]], ground: Ground
) -> list[Item | SolelyError]:
    """For each release its item when it is still permitted now, else why not; batch by batch (R-83)."""
    found: dict[str, Item | SolelyError] = {}
    for batch_id in dict.fromkeys(each["batch_id"] for each in releases):
        own = {each["id"]: each for each in releases if each["batch_id"] == batch_id}
        try:
            found |= _judged_of_batch(services, batch_id, list(own.values()), ground)
        except SolelyError as denied:
            found |= dict.fromkeys(own, denied)
    return [found[each["id"]] for each in releases]


def _judged_of_batch(
    services: Services, batch_id: str, releases: Sequence[Mapping[str, Any]], ground: Ground
) -> dict[str, Item | SolelyError]:
    batch, cases = _cases_of(services, batch_id, releases)
    stopped = _stopped(services, batch, list(zip(releases, cases, strict=True)), ground)
    found: dict[str, Item | SolelyError] = {**stopped}
    free = [case for release, case in zip(releases, cases, strict=True) if release["id"] not in found]
    permitted = (
        {each.case["row"]: each for each in judge_again(services, batch, free, ground.at)} if free else {}
    )
    for release in releases:
        if release["id"] not in found:
            found[release["id"]] = _still_permitted(release, permitted.get(release["row"]))
    return found


def require_unstopped(services: Services, release: Mapping[str, Any], ground: Ground) -> None:
    """Return while no order and no objection stops this release; OpeningDenied, or Blocked, otherwise."""
    batch, cases = _cases_of(services, release["batch_id"], [release])
    for stopped in _stopped(services, batch, [(release, cases[0])], ground).values():
        raise stopped


def _cases_of(
    services: Services, batch_id: str, releases: Sequence[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    with services.database.transaction() as tx:
        batch = services.cases.find_batch(tx, batch_id)
        cases = [services.cases.find_case(tx, each["request_id"]) for each in releases]
    found = [each for each in cases if each is not None]
    rows = [each["row"] for each in found]
    if batch is None or rows != [each["row"] for each in releases]:
        raise Blocked("STATE_EDITED", "the release's case is missing")
    return batch, found


def _stopped(
    services: Services,
    batch: Mapping[str, Any],
    released: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
    ground: Ground,
) -> dict[str, SolelyError]:
    """By release, the strictest order that stops it, else the objection that nobody has answered."""
    items = [(item_of(case), release["id"]) for release, case in released]
    stopped = ordering.stopped_rows(services, batch, items, ground.at, ground.orders)
    found: dict[str, SolelyError] = {}
    for release, case in released:
        if case["row"] in stopped:
            found[release["id"]] = opening.OpeningDenied(stopped[case["row"]].code)
            continue
        try:
            objecting.require_item_unobjected(services, batch, case["decision_index"])
        except SolelyError as objected:
            found[release["id"]] = objected
    return found


def _still_permitted(release: Mapping[str, Any], permitted: Permitted | None) -> Item | SolelyError:
    if permitted is None or permitted.record_ref != release["record_ref"]:
        return NotPermitted("judged again, this release is not permitted now")
    if address_digest(permitted.address) != release["address_sha256"]:
        return NotPermitted("judged again, another address would be released now; ask for a new release")
    return permitted.item


def find_delivered(services: Services, path: Path) -> Mapping[str, Any]:
    """The release whose package this is, unchanged; VerificationFailed when it is another file."""
    data, release = _read_release(services, path)
    require_file(release, sha256_hex(data))
    return release


def _read_release(services: Services, path: Path) -> tuple[bytes, Mapping[str, Any]]:
    try:
        data = path.read_bytes()
    except OSError:
        raise UsageError("the package cannot be read") from None
    return data, find_release(services, read_package(data).release_id)


def _require_key(services: Services, release: Mapping[str, Any]) -> None:
    """Return while the release has its key; NotPermitted once its destruction is ordered."""
    with services.database.transaction() as tx:
        is_gone = shredding.is_shredded(tx, release["id"])
    # The ledger's word too: a row that is deleted brings no key back.
    intents = services.ledger.entries_at(services.ledger.places((EntryType.DESTROY_INTENT,)))
    is_ordered = any(release["entry_index"] in decode(data).refs for data in intents.values())
    if is_gone or is_ordered:
        raise NotPermitted("the key of this release is destroyed, or about to be; nothing opens it any more")


def _content(services: Services, release: Mapping[str, Any], data: bytes) -> Opened:
    """The opened payload, held against what was released."""
    seed = services.release_keys.find(release["id"])
    if seed is None:
        raise NotPermitted("the key of this release is destroyed")
    content = parse_payload(unseal(read_package(data), release_key(seed)))
    expires_on = date.fromisoformat(release["expires_on"])
    opening.require_same_release(content, release["request_id"], release["officers"], expires_on)
    return content


# -- what the ledger says of an opening --------------------------------------------------------------------


def echo_entry(
    services: Services, release: Mapping[str, Any], officer: Enrolment, at: datetime
) -> tuple[str, bytes]:
    """The showing of the own case and requested name, in the ledger before it shows (R-92)."""
    with services.database.transaction() as tx:
        case = services.cases.find_case(tx, release["request_id"])
    assert case is not None, "a released item has a case"
    said = {"officer": officer.id, "shown": "echo"}
    return _entry(services, EntryType.SHOWING, release, (said, case["decision_index"]), at)


def opened_entry(
    services: Services, release: Mapping[str, Any], officer: Enrolment, at: datetime
) -> tuple[str, bytes]:
    """An opening, in the ledger before anything is unsealed."""
    said = {"officer": officer.id, "package_sha256": release["package_sha256"]}
    return _entry(services, EntryType.OPEN, release, (said, release["entry_index"]), at)


def denied_entry(
    services: Services, release: Mapping[str, Any], denied: SolelyError, at: datetime
) -> tuple[str, bytes]:
    """A denial with its reason, which the entry commits to and does not show (R-52)."""
    said = {"reason": getattr(denied, "reason", denied.code)}
    return _entry(services, EntryType.OPEN_REFUSED, release, (said, release["entry_index"]), at)


def _entry(
    services: Services,
    kind: EntryType,
    release: Mapping[str, Any],
    said: tuple[Mapping[str, Any], int],
    at: datetime,
) -> tuple[str, bytes]:
    key = f"{kind.word}/{release['id']}/{secrets.token_hex(8)}"
    return key, journal.write(services.salt_key, kind, at, key, said[0], refs=(said[1],))


def _log_denial(services: Services, release: Mapping[str, Any], denied: SolelyError, at: datetime) -> None:
    services.log(*denied_entry(services, release, denied, at))
    services.progress("alarm: a denied opening is in the ledger")
