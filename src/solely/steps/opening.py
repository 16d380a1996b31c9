"""Open one package: judged again, entitled, logged, published, and only then unsealed (R-52, R-83, R-95).

- A denial is an entry too, with its reason; the person at the door reads a sentence.
- The echo (own case, requested name) shows before the address; the opener confirms the request's id.
"""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from cryptography.hazmat.primitives.asymmetric import ec

from solely.canonical import sha256_hex
from solely.confidential import masked
from solely.errors import Blocked, NotPermitted, SolelyError, UsageError, VerificationFailed
from solely.ledger.entry import EntryType
from solely.model import Enrolment, Item
from solely.orders.force import Filed, Stop, in_force
from solely.release import opening
from solely.release.content import CONFIRMATION, FORMAT, Opened, parse_payload, requested_name
from solely.release.keys import ReleaseKey
from solely.release.package import read_package, unseal
from solely.services import Services
from solely.signing import key_id
from solely.steps import held, journal, objecting, ordering, recipient, urgent
from solely.steps.deciding import item_of
from solely.steps.enrolments import officer_keys_at_receipt
from solely.steps.judging_again import Permitted, judge_again
from solely.steps.releasing import address_digest
from solely.store import shredding

T = TypeVar("T")
_NO_MORE = "judged again, this release is not permitted now"
MARKING = "a lead, not proof of identity: verify before any action"


@masked
class Opening(NamedTuple):
    """A begun opening: the officer is entitled; nothing is unsealed yet."""

    release: Mapping[str, Any]
    officer: Enrolment
    package: bytes
    investigation_id: str
    requested_name: str


# What openings themselves write, at whatever door, and what permits or forbids no opening: sign-ins too, or
# whoever signs in over and over would have everything read anew each time.
QUIET: Final = (
    EntryType.SHOWING,
    EntryType.OPEN,
    EntryType.OPEN_REFUSED,
    EntryType.ARRIVAL,
    EntryType.SIGN_IN,
)


class Known(NamedTuple):
    """What the ledger says that openings are judged by, whatever the instant."""

    orders: Sequence[Filed]
    acceptances: Mapping[str, datetime]
    destroying: frozenset[int]  # releases, by their entries, whose keys are to be destroyed, or are
    attested: frozenset[int]  # releases that an officer has signed to have destroyed
    objections: Mapping[int, int]
    officer_keys: dict[str, frozenset[str]]  # those of the day of receipt, by batch, as far as asked for
    found: dict[str, "Found"]  # delivered releases, by id, as far as asked for

    @classmethod
    def of(cls, services: Services) -> "Known":
        """All of it, held against the ledger."""
        return cls(
            ordering.filed(services),
            recipient.acceptances(services),
            held.named_by(services, EntryType.DESTROY_INTENT),
            held.named_by(services, EntryType.CERTIFICATE),
            objecting.open_objections(services),
            {},
            {},
        )


class Found(NamedTuple):
    """A delivered release and how it stands."""

    release: Mapping[str, Any]
    standing: "Standing"


class Ground(NamedTuple):
    """What every opening of one instant is judged by, read once for all of them."""

    at: datetime
    known: Known
    accepted: frozenset[str]
    revoked: frozenset[str | None]

    @classmethod
    def of(cls, services: Services, at: datetime, known: Known | None = None) -> "Ground":
        """What is known, as of an instant: whose acceptance of the terms lasts, whose key is revoked."""
        known = Known.of(services) if known is None else known
        revoked = frozenset(each.order.revoked_key for each in in_force(known.orders, at))
        return cls(at, known, recipient.lasting(services, known.acceptances, at), revoked)


class Standing(NamedTuple):
    """A release before anybody asks for it: what keeps it from opening, and whether it was signed away."""

    defect: SolelyError | None
    is_destroyed: bool


def begin(services: Services, path: Path, private_key: ec.EllipticCurvePrivateKey, at: datetime) -> Opening:
    """The opening of the package at `path` by the holder of the key, up to the echo of the request."""
    data, release = _read_release(services, path)
    try:
        ground = Ground.of(services, at)
        require_file(release, sha256_hex(data))
        officer = _officer_by_key(services, release, private_key.public_key(), ground)
        challenged = opening.challenge(secrets.token_bytes(16), release["package_sha256"], release["id"])
        opening.require_possession(officer, challenged, opening.prove_possession(private_key, challenged))
        judged = judge_releases(services, [release], ground)[release["id"]]
        if isinstance(judged, SolelyError):
            raise judged
        services.log(*echo_entry(services, release, officer, judged, at))
    except SolelyError as denied:
        _log_denial(services, release, denied, at)
        raise
    item = judged.item
    return Opening(release, officer, data, item.investigation_id or "", requested_name(item))


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
    words: dict[str, Any] = {"format": FORMAT} | content._asdict()
    if not content.address:  # of an agreement that only confirms
        del words["address"]
        words |= {"format": CONFIRMATION, "corresponds": True}
    words |= {"officers": list(content.officers), "expires_on": str(content.expires_on)}
    return words | {"synthetic": is_synthetic, "marking": MARKING}


# -- judged, the same for every door -----------------------------------------------------------------------


def find_release(services: Services, release_id: str) -> Mapping[str, Any]:
    """The delivered release of this id; NotPermitted when this gate has none."""
    release = find_releases(services, [release_id]).get(release_id)
    if release is None:
        raise NotPermitted("this gate has delivered no such release")
    return release


def find_releases(services: Services, release_ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """The delivered releases among these ids, by id."""
    with services.database.transaction() as tx:
        found = services.cases.find_releases(tx, list(release_ids)) if release_ids else []
    return {each["id"]: each for each in found if each["is_delivered"]}


def require_file(release: Mapping[str, Any], package_sha256: str) -> None:
    """Return when this is the digest of the package that was released."""
    if package_sha256 != release["package_sha256"]:
        raise VerificationFailed("the package is not the file that was released")


def look_up(services: Services, release_ids: Collection[str], ground: Ground) -> dict[str, Found]:
    """The delivered releases among these ids, by id, each held against the ledger once for what is known."""
    known = ground.known.found
    new = find_releases(services, {each for each in release_ids if each not in known})
    for release_id, standing in standings(services, list(new.values()), ground).items():
        known[release_id] = Found(new[release_id], standing)
    return {each: known[each] for each in release_ids if each in known}


def standings(
    services: Services, releases: Sequence[Mapping[str, Any]], ground: Ground
) -> dict[str, Standing]:
    """For each release, by id, whether it is what was released and has its key, whoever asks."""
    defects: dict[str, SolelyError] = {}
    try:
        _require_openable(services, releases, ground)
    except SolelyError:  # of one of them: each is asked alone
        for release in releases:
            try:
                _require_openable(services, [release], ground)
            except SolelyError as defect:
                defects[release["id"]] = defect
    attested = ground.known.attested  # the ledger's word: a row that is deleted opens nothing again
    return {
        each["id"]: Standing(defects.get(each["id"]), each["entry_index"] in attested) for each in releases
    }


def _require_openable(services: Services, releases: Sequence[Mapping[str, Any]], ground: Ground) -> None:
    held.require_released(services, releases)
    with services.database.transaction() as tx:
        shredded = shredding.shredded_among(tx, [each["id"] for each in releases])
    # The ledger's word too: a row that is deleted brings no key back.
    if shredded or any(each["entry_index"] in ground.known.destroying for each in releases):
        raise NotPermitted("the key of this release is destroyed, or about to be; nothing opens it any more")


def _officer_by_key(
    services: Services, release: Mapping[str, Any], public_key: ec.EllipticCurvePublicKey, ground: Ground
) -> Enrolment:
    require_unrevoked(ground, key_id(public_key))
    officer = opening.find_officer(services.trust.officers, public_key)
    standing = standings(services, [release], ground)[release["id"]]
    return require_officer(services, Found(release, standing), officer, ground)


def require_unrevoked(ground: Ground, holder: str) -> None:
    """Return when no order in force has revoked the key of this name; NotPermitted otherwise."""
    if holder in ground.revoked:
        raise NotPermitted("this key is revoked by an order")


def require_officer(services: Services, found: Found, officer: Enrolment | None, ground: Ground) -> Enrolment:
    """The officer, who may open this release by what is known of officer, release and terms.

    The release is what was released, and has its key; the officer is enrolled, certified, named and in time,
    and has accepted the terms. Possession of the key is shown elsewhere.
    """
    release, (defect, is_destroyed) = found
    if defect is not None:
        raise defect
    officer = opening.require_entitled(
        officer, release["officers"], date.fromisoformat(release["expires_on"]), ground.at
    )
    if officer.key_id not in _officer_keys(services, release["batch_id"], ground):
        raise opening.OpeningDenied("OFFICER_NOT_VALID")  # enrolled since, or with another key
    if officer.id not in ground.accepted:
        raise opening.OpeningDenied("TERMS_NOT_ACCEPTED")
    opening.require_hours(services.law.obligations, ground.at)
    if is_destroyed:
        raise opening.OpeningDenied("DESTROYED")
    urgent.require_checked(services, release, ground.at)
    return officer


def _officer_keys(services: Services, batch_id: str, ground: Ground) -> frozenset[str]:
    known = ground.known.officer_keys
    if batch_id not in known:
        known[batch_id] = officer_keys_at_receipt(services, batch_id)
    return known[batch_id]


class Judged(NamedTuple):
    """A release that is permitted now: its item, and the entry of the decision behind it."""

    item: Item
    decision_index: int


def judge_releases(
    services: Services, releases: Sequence[Mapping[str, Any]], ground: Ground
) -> dict[str, Judged | SolelyError]:
    """For each release, by id, its item when it is still permitted now, else why not (R-83)."""
    return _of_each(releases, lambda batch_id, own: _judged_of_batch(services, batch_id, own, ground))


def stopped_releases(
    services: Services, releases: Sequence[Mapping[str, Any]], ground: Ground
) -> dict[str, SolelyError]:
    """By release, the strictest order that stops it, else the objection that nobody has answered."""
    if not ground.known.objections and not in_force(ground.known.orders, ground.at):
        return {}  # no release is looked at while nothing could stop one

    def stopped(batch_id: str, own: Sequence[Mapping[str, Any]]) -> dict[str, SolelyError]:
        batch, cases = _cases_of(services, batch_id, own)
        return _stopped(services, batch, list(zip(own, cases, strict=True)), ground)

    return _of_each(releases, stopped)


def _of_each(
    releases: Sequence[Mapping[str, Any]],
    look: Callable[[str, list[Mapping[str, Any]]], dict[str, T | SolelyError]],
) -> dict[str, T | SolelyError]:
    """What is found of each release, batch by batch; what is wrong with one is not told of another."""
    found: dict[str, T | SolelyError] = {}
    for batch_id, own in _by_batch(releases):
        try:
            found |= look(batch_id, own)
        except SolelyError as denied:
            alone = [_of_each([each], look) for each in own] if len(own) > 1 else [{own[0]["id"]: denied}]
            for each in alone:
                found |= each
    return found


def _by_batch(releases: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """The releases, each once, under their batches."""
    once = {each["id"]: each for each in releases}.values()
    batches = dict.fromkeys(each["batch_id"] for each in once)
    return [(batch_id, [each for each in once if each["batch_id"] == batch_id]) for batch_id in batches]


def _judged_of_batch(
    services: Services, batch_id: str, releases: Sequence[Mapping[str, Any]], ground: Ground
) -> dict[str, Judged | SolelyError]:
    batch, cases = _cases_of(services, batch_id, releases)
    stopped = _stopped(services, batch, list(zip(releases, cases, strict=True)), ground)
    found: dict[str, Judged | SolelyError] = {**stopped}
    free = [case for release, case in zip(releases, cases, strict=True) if release["id"] not in found]
    permitted = (
        {each.case["row"]: each for each in judge_again(services, batch, free, ground.at)} if free else {}
    )
    for release in releases:
        if release["id"] not in found:
            found[release["id"]] = _still_permitted(release, permitted.get(release["row"]))
    return found


def _cases_of(
    services: Services, batch_id: str, releases: Sequence[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    rows = [each["row"] for each in releases]
    with services.database.transaction() as tx:
        batch = services.cases.find_batch(tx, batch_id)
        by_row = services.cases.find_cases(tx, batch_id, rows)
    found = [by_row[row] for row in rows if row in by_row]
    same = [each["request_id"].lower() for each in found] == [each["request_id"].lower() for each in releases]
    if batch is None or not same:
        raise Blocked("STATE_EDITED", "the release's case is missing")
    return batch, found


def _stopped(
    services: Services,
    batch: Mapping[str, Any],
    released: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
    ground: Ground,
) -> dict[str, SolelyError]:
    acts = [ordering.Act(item_of(case), release["record_ref"], release["id"]) for release, case in released]
    stopped = ordering.stopped_rows(services, batch, acts, ground.at, ground.known.orders)
    open_ones = ground.known.objections
    found: dict[str, SolelyError] = {}
    for release, case in released:
        if case["row"] in stopped:
            found[release["id"]] = _denial(stopped[case["row"]])
            continue
        try:
            objecting.require_item_unobjected(services, batch, case["decision_index"], open_ones)
        except SolelyError as objected:
            found[release["id"]] = objected
    return found


def _denial(stop: Stop) -> SolelyError:
    """The denial under an order; under a list of people the one that any change since the release gives."""
    return NotPermitted(_NO_MORE) if stop.is_by_list else opening.OpeningDenied(stop.code)


def _still_permitted(release: Mapping[str, Any], permitted: Permitted | None) -> Judged | SolelyError:
    if permitted is None or permitted.record_ref != release["record_ref"]:
        return NotPermitted(_NO_MORE)
    if address_digest(permitted.address) != release["address_sha256"]:
        return NotPermitted("judged again, another address would be released now; ask for a new release")
    return Judged(permitted.item, permitted.case["decision_index"])


def find_delivered(services: Services, path: Path) -> Mapping[str, Any]:
    """The release whose package this is, unchanged; VerificationFailed when it is another file."""
    data, release = _read_release(services, path)
    require_file(release, sha256_hex(data))
    return release


def _read_release(services: Services, path: Path) -> tuple[bytes, Mapping[str, Any]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"the package `{path.name or path}` cannot be read: {error.strerror}") from None
    return data, find_release(services, read_package(data).release_id)


def _content(services: Services, release: Mapping[str, Any], data: bytes) -> Opened:
    """The opened payload, held against what was released."""
    seed = services.release_keys.find(release["id"])
    if seed is None:
        raise NotPermitted("the key of this release is destroyed")
    content = parse_payload(unseal(read_package(data), ReleaseKey(seed)))
    expires_on = date.fromisoformat(release["expires_on"])
    opening.require_same_release(content, release["request_id"], release["officers"], expires_on)
    return content


# -- what the ledger says of an opening --------------------------------------------------------------------


def echo_entry(
    services: Services, release: Mapping[str, Any], officer: Enrolment, judged: Judged, at: datetime
) -> tuple[str, bytes]:
    """The showing of the own case and requested name, in the ledger before it shows (R-92)."""
    said = {"officer": officer.id, "shown": "echo"}
    return _entry(services, EntryType.SHOWING, release, (said, judged.decision_index), at)


def opened_entry(
    services: Services, release: Mapping[str, Any], officer: Enrolment, at: datetime
) -> tuple[str, bytes]:
    """An opening, in the ledger before anything is unsealed."""
    return _entry(
        services, EntryType.OPEN, release, (recipient.opened_by(officer.id), release["entry_index"]), at
    )


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
