"""Many callers served by one thread: judged in groups, logged in one transaction, published once, answered.

    unused       every proof, request and challenge is new, also over restarts (formats.md 3.3)
    judged       by `steps.opening`, as at the command line; a group at once, because that is cheaper
    logged       one transaction: an entry for each opening, echo and refusal, and what is used up
    published    one checkpoint for the group; without it nobody is answered (log, then act)
    answered     only now is a key unwrapped

- Between two groups, what was received is decided a stretch at a time; who comes meanwhile waits that long.
- An order goes before all who wait, alone: who is judged after it is judged under it (R-06 to R-08, R-91).
  A step that takes long, as a release does, gives way to orders between two of its slices. At the door an
  order is held against the enrolled keys (`orders/giver.py`), so that a stranger's takes no place of theirs.
- A confirmed opening was judged in full at its echo, at most `CONFIRM_SECONDS` before, on the same day. Law,
  enrolments, tables and records cannot change while this process holds the gate; what can is asked again:
  orders, key, terms, expiry. Without an echo (compatibility profile) everything is judged at the one call.
"""

import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from threading import Condition, Thread
from typing import Any, Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec

from solely import clock
from solely.access import token
from solely.access.allowance import Allowance
from solely.access.asked import (
    Caller,
    Echo,
    EchoAsked,
    ItemAsked,
    KeyAsked,
    Once,
    OrderFiled,
    Refused,
    TokenAsked,
)
from solely.access.refusal import EXHAUSTED, CallRefused, Denied, refuse_unless
from solely.access.signed_request import SignedRequest
from solely.errors import NotPermitted, SolelyError, TroubleError, VerificationFailed, fault_line
from solely.ledger.entry import EntryType
from solely.model import Enrolment
from solely.release import opening as entitled
from solely.release.content import requested_name
from solely.release.keys import NONCE_BYTES, ReleaseKey
from solely.release.package import ReleasePolicy
from solely.release.rewrap import Stated, share_of, wrapped_for
from solely.services import Services
from solely.signing import parse_public_key, verify
from solely.steps import held, journal, opening, ordering
from solely.steps.calls import Asked, Step
from solely.steps.identification import put_looks
from solely.steps.judging_again import get_ready
from solely.steps.opening import QUIET, Found, Ground, Judged, Known
from solely.steps.singly import Prepare, Singly, requester_of
from solely.store import replays

GROUP_MAX: Final = 128
WAITING_MAX: Final = 1024  # calls; whoever comes while so many wait is turned away, and counted in the ledger
ORDERS_WAITING_MAX: Final = 64
OPENINGS_MINUTE_MAX: Final = 600  # begun by one officer
CONFIRM_SECONDS: Final = 120
WORK_SECONDS: Final = 2.0  # as long as work may stand still because others are always asking
Release = Mapping[str, Any]
_DONE: Final = object()


class Deciding(NamedTuple):
    """How received batches are decided between two calls: in bulk, and one that is asked for rows."""

    in_bulk: Callable[[Services], Iterator[None]]
    singly: Prepare


class _Confirming(NamedTuple):
    caller: Caller
    release_id: str
    officer: Enrolment
    shown_at: datetime


class _Group(NamedTuple):
    """What the calls of one group are judged by, and the releases that they name, read once for all."""

    ground: Ground
    found: Mapping[str, Found]
    stopped: Mapping[str, SolelyError]  # of those whose echo was confirmed

    @property
    def at(self) -> datetime:
        """The instant of the group."""
        return self.ground.at


class _Done(NamedTuple):
    """What comes of one call: its entries, and the answer once they are published."""

    entries: tuple[tuple[str, bytes], ...]
    answer: Callable[[], Any] | SolelyError
    row: int = 0  # of the open batch, to be decided in the same transaction


class _Waiting(NamedTuple):
    asked: Asked
    answer: Future[Any]


class Serving:
    """A gate that answers many callers; one thread acts."""

    def __init__(self, services: Services, deciding: Deciding) -> None:
        self._whole = services
        services.give_way = self._file_waiting
        services.takes_paths = False
        self._in_bulk, self._singly = deciding.in_bulk, Singly(deciding.singly)
        self._work: Iterator[None] | None = self._in_bulk(services)
        self._worked = time.monotonic()
        put_looks(services)  # what a crash left
        held.spent_decisions(services)  # gone through now, so that no vote waits for it
        self._take_gate()
        self._position = -1  # how much of the ledger that comes from
        self._stepped = -1  # the same, when a step last read who is enrolled
        self._officers: dict[str, tuple[Enrolment, ec.EllipticCurvePublicKey] | None] = {}
        self._confirming: dict[str, _Confirming] = {}
        self._asked: deque[_Waiting] = deque()
        self._orders: deque[_Waiting] = deque()
        self._allowance = Allowance(OPENINGS_MINUTE_MAX, 60)
        self._turned_away = 0
        self._turn, self._is_closed = Condition(), False
        self.lost: Callable[[], None] = lambda: None  # told once the gate is held no more
        self._thread = Thread(target=self._serve, name="serving", daemon=True)
        self._thread.start()

    def ask(self, asked: Asked) -> Future[Any]:
        """The answer to come; nothing of it leaves before its entries are under a durable checkpoint."""
        waiting = _Waiting(asked, Future())
        with self._turn:
            if self._is_closed:
                waiting.answer.set_exception(CallRefused("CLOSED", "unavailable"))
                return waiting.answer
            is_order = isinstance(asked, OrderFiled)
            queue, most = (self._orders, ORDERS_WAITING_MAX) if is_order else (self._asked, WAITING_MAX)
            if len(queue) >= most:
                self._turned_away += 1
                waiting.answer.set_exception(CallRefused("BUSY", "unavailable"))
                return waiting.answer
            queue.append(waiting)
            self._turn.notify()
        return waiting.answer

    def close(self) -> None:
        """Answer who has asked, then nobody more."""
        with self._turn:
            self._is_closed = True
            self._turn.notify()
        self._thread.join()
        put_looks(self._services)

    # -- one group -----------------------------------------------------------------------------------------

    def _serve(self) -> None:
        while (group := self._next_group()) is not None:
            try:
                self._act(group)
            except BaseException as error:  # noqa: BLE001 -- each of those who wait is told; nothing has left
                for each in group:
                    if not each.answer.done():
                        each.answer.set_exception(error)
            if self._whole.database.is_lost:
                self.lost()

    def _act(self, group: Sequence[_Waiting]) -> None:
        """Answer a group, an order, a step; for nobody, go on with the work."""
        if not group:
            self._go_on()
        elif isinstance(group[0].asked, OrderFiled):
            self._file(group[0], group[0].asked)
        elif isinstance(group[0].asked, Step):
            self._step(group[0], group[0].asked)
        else:
            self._answer(group)

    def _next_group(self) -> list[_Waiting] | None:
        """Who is answered next; nobody, where it is the work's turn; None once the last one is answered."""
        with self._turn:
            self._look_for_work()
            while not (self._orders or self._asked or self._is_closed or self._work):
                self._turn.wait(self._singly.seconds_left(self._whole))
                self._look_for_work()
            if self._orders:
                return [self._orders.popleft()]
            is_due = not self._asked or time.monotonic() - self._worked > WORK_SECONDS
            if self._work and is_due and not self._is_closed:
                return []
            return self._next_calls() or None

    def _next_calls(self) -> list[_Waiting]:
        """A step alone, or the calls before the next step."""
        group: list[_Waiting] = []
        while self._asked and len(group) < GROUP_MAX:
            if isinstance(self._asked[0].asked, Step):
                return group or [self._asked.popleft()]
            group.append(self._asked.popleft())
        return group

    def _look_for_work(self) -> None:
        """What was left to those who ask for rows is decided in bulk once nobody has asked for a while."""
        if self._work is None and self._singly.seconds_left(self._whole) == 0:
            self._find_work()

    def _find_work(self) -> None:
        self._singly.leave()
        self._work = self._in_bulk(self._whole)

    def _take_gate(self) -> None:
        """Go by what is in force now: one call is judged row by row, a step by the bulk engine."""
        get_ready(self._whole)
        self._services = self._whole.by_row()
        self._services.is_served = True
        self.enrolled = self._whole.enrolled  # as it was read, for the doors
        self._known: Known | None = None
        self._in_force = dict(self._whole.in_force)
        self._whole.waiting.clear()

    def _step(self, waiting: _Waiting, asked: Step) -> None:
        """Do one step; what it put in force is what later calls are judged by."""
        position = self._position_now()
        if position != self._stepped:
            self._whole.reread_trust()
            self._stepped = position
        try:
            self._use_up(asked.once)
            waiting.answer.set_result(asked.call(self._whole))
        finally:
            if self._position_now() != position:
                self._singly.leave()
            if self._work is None and not self._singly.is_open:
                self._find_work()
            if self._whole.in_force != self._in_force:
                self._take_gate()

    def _use_up(self, once: Sequence[Once]) -> None:
        """Return when none of this was used before; from now on it was (formats.md 3.3)."""
        if not once:
            return
        until = {each.digest: each.until for each in once}
        with self._services.database.transaction() as tx:
            refuse_unless(not replays.used(tx, set(until)), "REPLAYED")
            replays.use(tx, until, clock.milliseconds(clock.real()))

    def _go_on(self) -> None:
        """Do the next stretch of the work; what is left when the service ends, its next start takes up."""
        assert self._work is not None, "it is the work's turn"
        work, self._work = self._work, None
        try:
            self._work = None if next(work, _DONE) is _DONE else work
        except Exception as fault:  # noqa: BLE001 -- nobody waits for it here; the next step looks for work again
            self._services.progress(fault_line(fault))
        self._worked = time.monotonic()
        if self._whole.in_force != self._in_force:
            self._take_gate()

    def _file(self, waiting: _Waiting, asked: OrderFiled) -> None:
        services, at = self._services, self._services.now()
        self._known_now(at)
        filed = ordering.file_order(services, asked.text, asked.signature, at)
        waiting.answer.set_result(ordering.told_filed(services, filed, services.now()))

    def _file_waiting(self) -> None:
        """File the orders that wait, between two slices of a step: what is left is judged under them."""
        while True:
            with self._turn:
                if not self._orders:
                    return
                waiting = self._orders.popleft()
            try:
                self._act([waiting])
            except BaseException as error:  # noqa: BLE001 -- who waits is told; the step goes on, or fails by itself
                if not waiting.answer.done():
                    waiting.answer.set_exception(error)
            self._whole.reread_trust()
            ordering.go_by_revoked(self._whole, ordering.filed(self._whole), self._whole.now())

    def _answer(self, group: Sequence[_Waiting]) -> None:
        """Answer a group; where a fault ends its judging, each call alone, and the faulty one is denied."""
        confirming = dict(self._confirming)
        settled = self._settled([each.asked for each in group])
        if isinstance(settled, SolelyError | TroubleError):
            raise settled  # the gate's own state: it is everybody's
        if isinstance(settled, Exception):  # of one call, and it must not reach the others
            self._confirming = confirming  # nothing was logged or answered
            if len(group) > 1:
                for each in group:
                    self._answer([each])
                return
            self._services.progress(fault_line(settled))
            denied, once = CallRefused("FAULT", "permission_denied"), group[0].asked.once
            settled = self._settled([Refused(denied, "", "", 0, once, _what(group[0].asked))])
            if isinstance(settled, Exception):
                raise settled
        self._services.ledger.publish()
        for each, one in zip(group, settled, strict=True):
            _settle(each.answer, one.answer)
        self._work = self._singly.opening(self._whole) or self._work

    def _settled(self, calls: Sequence[Asked]) -> Sequence[_Done] | Exception:
        """What comes of these calls, each judged and logged in one transaction; or what ended their judging.

        A crash before its end leaves nothing of them; nobody was answered. Which records were looked at stays
        also where the judging ended early.
        """
        with self._services.database.as_whole() as tx:
            try:
                fresh = self._require_unused(calls)
                read = self._read(calls)
                done = self._judged(calls, fresh, read)
            except Exception as error:  # noqa: BLE001 -- told to whoever asks
                return error
            entries = [*self._crowd(read.at), *(each for one in done for each in one.entries)]
            self._services.ledger.append_each(tx, entries)
            used = {each.digest: each.until for one in calls for each in one.once if each.digest in fresh}
            replays.use(tx, used, clock.milliseconds(clock.real()))
            self._singly.decide([one.row for one in done])
            return done

    def _crowd(self, at: datetime) -> list[tuple[str, bytes]]:
        """One entry for those who were turned away since the last group, where some were."""
        with self._turn:
            turned, self._turned_away = self._turned_away, 0
        said = {"unaccepted": {"call": "BUSY", "times": turned}}
        return [journal.arrival(self._services, said, at)] if turned else []

    def _read(self, calls: Sequence[Asked]) -> _Group:
        services = self._services
        at = services.now()
        ground = Ground.of(services, at, self._known_now(at))
        named = {each.release_id for each in calls if isinstance(each, EchoAsked | KeyAsked | Refused)}
        found = opening.look_up(services, named - {""}, ground)
        confirmed = {each.release_id for each in calls if isinstance(each, KeyAsked) and each.needs_echo}
        asked = [each.release for release_id, each in found.items() if release_id in confirmed]
        return _Group(ground, found, opening.stopped_releases(services, asked, ground))

    def _known_now(self, at: datetime) -> Known:
        """What the ledger says that calls are judged by: read anew once it says anything more.

        No other process changes the tables meanwhile, and what is in memory was held against the ledger.
        """
        services = self._services
        held.require_files(services)
        position = self._position_now()
        if self._known is None or position != self._position:
            self._known = None
            held.require_parts(services)
            services.reread_trust()
            self._officers.clear()
            self._known, self._position = Known.of(services), position
        ordering.go_by_revoked(services, self._known.orders, at)
        return self._known

    def _position_now(self) -> int:
        """How much of the ledger there is, but for what permits or forbids no call."""
        return self._services.ledger.count_others((*QUIET, EntryType.DECISION))

    def _require_unused(self, group: Sequence[Asked]) -> frozenset[str]:
        """What is used for the first time by these calls; of two that use one thing, the first has it."""
        digests = {each.digest for asked in group for each in asked.once}
        with self._services.database.transaction() as tx:
            return frozenset(digests) - replays.used(tx, digests)

    def _judged(self, calls: Sequence[Asked], fresh: frozenset[str], group: _Group) -> list[_Done]:
        left, done = set(fresh), dict[int, _Done]()
        echoes: list[tuple[int, EchoAsked | KeyAsked, Release, Enrolment]] = []
        for place, asked in enumerate(calls):
            own = {each.digest for each in asked.once}
            is_new, left = own <= left and len(own) == len(asked.once), left - own
            try:
                if isinstance(asked, Refused):
                    raise asked.reason
                refuse_unless(is_new, "REPLAYED")
                if isinstance(asked, TokenAsked | ItemAsked):
                    done[place] = self._alone(asked, group.ground)
                elif isinstance(asked, KeyAsked) and asked.needs_echo:
                    done[place] = self._confirmed(asked, group)
                elif isinstance(asked, EchoAsked | KeyAsked):
                    echoes.append((place, asked, *self._entitled(asked, group)))
            except SolelyError as denied:
                done[place] = self._denied(asked, denied, group)
        judged = opening.judge_releases(self._services, [each[2] for each in echoes], group.ground)
        for place, asked, release, officer in echoes:
            done[place] = self._shown(asked, (release, officer), judged[release["id"]], group)
        return [done[place] for place in range(len(calls))]

    # -- who calls -----------------------------------------------------------------------------------------

    def _officer(self, holder: str) -> tuple[Enrolment, ec.EllipticCurvePublicKey]:
        """The one enrolled officer with this key, and the key."""
        if holder not in self._officers:
            officers = self._services.trust.officers.values()
            found = [each for each in officers if each.key_id == holder]
            known = (found[0], parse_public_key(found[0].public_key_pem)) if len(found) == 1 else None
            self._officers[holder] = known
        known = self._officers[holder]
        if known is None:
            raise entitled.OpeningDenied("OFFICER_UNKNOWN")
        return known

    def _alone(self, asked: TokenAsked | ItemAsked, ground: Ground) -> _Done:
        """What is judged without a release."""
        return self._token(asked, ground) if isinstance(asked, TokenAsked) else self._item(asked, ground)

    def _token(self, asked: TokenAsked, ground: Ground) -> _Done:
        opening.require_unrevoked(ground, asked.holder)
        enrolled, key = self._holder(asked.holder, ground)
        signed = token.statement(asked.challenge, asked.holder, asked.jkt)
        try:
            verify(key, asked.signature.encode(), signed)
        except VerificationFailed:
            raise CallRefused("TOKEN_SIGNATURE") from None
        if not enrolled.is_valid_on(ground.at.date()):
            raise CallRefused("OFFICER_NOT_VALID")
        return _Done((), lambda: token.Grant(asked.holder, asked.jkt))

    def _holder(self, holder: str, ground: Ground) -> tuple[Enrolment, ec.EllipticCurvePublicKey]:
        """The one officer, or else the one requester, with this key, and the key."""
        if not any(each.key_id == holder for each in self._services.trust.requesters.values()):
            return self._officer(holder)
        enrolled = requester_of(self._services, holder, ground.at.date())
        return enrolled, parse_public_key(enrolled.public_key_pem)

    def _item(self, asked: ItemAsked, ground: Ground) -> _Done:
        """One row of a requester's own batch: decided with the group, told once that is published."""
        opening.require_unrevoked(ground, asked.caller.holder)
        who = requester_of(self._services, asked.caller.holder, ground.at.date())
        try:
            answer = self._singly.require(self._services, who, asked.batch_id, asked.row)
        except CallRefused as refusal:
            if refusal.kind in ("unavailable", EXHAUSTED):  # nothing was denied: to be asked again
                return _Done((), refusal)
            raise
        return _Done((), answer, asked.row if self._singly.is_asked(asked.batch_id) else 0)

    def _entitled(self, asked: EchoAsked | KeyAsked, group: _Group) -> tuple[Release, Enrolment]:
        opening.require_unrevoked(group.ground, asked.caller.holder)
        found = group.found.get(asked.release_id)
        if found is None:
            raise NotPermitted("this gate has delivered no such release")
        holder, _ = self._officer(asked.caller.holder)
        is_begun = isinstance(asked, EchoAsked) or not asked.needs_echo
        may_begin = not is_begun or self._allowance.take(holder.id, time.monotonic())
        refuse_unless(may_begin, "RATE", EXHAUSTED)
        release = found.release
        officer = opening.require_officer(self._services, found, holder, group.ground)
        if isinstance(asked, EchoAsked):
            opening.require_file(release, asked.package_sha256)
        return release, officer

    # -- what comes of it ----------------------------------------------------------------------------------

    def _shown(
        self,
        asked: EchoAsked | KeyAsked,
        about: tuple[Release, Enrolment],
        judged: Judged | SolelyError,
        group: _Group,
    ) -> _Done:
        release, officer = about
        if isinstance(judged, SolelyError):
            return self._denied(asked, judged, group)
        if isinstance(asked, KeyAsked):
            return self._opened(asked, about, group)
        word = secrets.token_urlsafe(24)
        self._forget(group.at)
        self._confirming[word] = _Confirming(asked.caller, release["id"], officer, group.at)
        echo = Echo(judged.item.investigation_id or "", requested_name(judged.item), word)
        return _Done((opening.echo_entry(self._services, release, officer, judged, group.at),), lambda: echo)

    def _confirmed(self, asked: KeyAsked, group: _Group) -> _Done:
        """An opening whose echo the officer has just confirmed, judged again by all that can have changed."""
        self._forget(group.at)
        begun = self._confirming.pop(asked.request.confirmation, None)
        if begun is None or (begun.caller, begun.release_id) != (asked.caller, asked.release_id):
            raise entitled.OpeningDenied("NOT_CONFIRMED")
        release, officer = self._entitled(asked, group)
        entitled.require_confirmed(release["request_id"], asked.request.request_id)
        if release["id"] in group.stopped:
            raise group.stopped[release["id"]]
        return self._opened(asked, (release, officer), group)

    def _opened(self, asked: KeyAsked, about: tuple[Release, Enrolment], group: _Group) -> _Done:
        release, officer = about
        try:
            share = self._share(asked.request, release)
        except SolelyError as denied:
            return self._denied(asked, denied, group)
        entry = opening.opened_entry(self._services, release, officer, group.at)
        client, nonce = asked.request.client_key, secrets.token_bytes(NONCE_BYTES)
        return _Done((entry,), lambda: wrapped_for(share, client, nonce))

    def _share(self, request: SignedRequest, release: Release) -> bytes:
        seed = self._services.release_keys.find(release["id"])
        if seed is None:
            raise NotPermitted("the key of this release is destroyed")
        access = request.access
        stated = Stated(request.policy, access.kind, access.wrapped, access.binding, access.ephemeral)
        policy = ReleasePolicy(release["id"], tuple(release["officers"]), self._services.law.is_synthetic)
        return share_of(stated, ReleaseKey(seed), policy)

    def _denied(self, asked: Asked, denied: SolelyError, group: _Group) -> _Done:
        services = self._services
        if isinstance(asked, TokenAsked):
            return _Done((), denied)  # its door tells the ledger: of each, or of many together
        services.progress(f"alarm: a denied {_what(asked)} is in the ledger")
        answer = denied if isinstance(denied, CallRefused) else Denied(getattr(denied, "reason", ""))
        found = group.found.get(getattr(asked, "release_id", ""))
        if found is not None:
            return _Done((opening.denied_entry(services, found.release, denied, group.at),), answer)
        return _Done((_arrival(services, asked, denied, group.at),), answer)

    def _forget(self, at: datetime) -> None:
        """Forget the echoes that nobody confirmed in time, or that are of another day: the first of all that
        are kept, for the ledger's time never goes back."""
        while self._confirming:
            word, each = next(iter(self._confirming.items()))
            age = (at - each.shown_at).total_seconds()
            if age <= CONFIRM_SECONDS and at.date() == each.shown_at.date():
                return
            del self._confirming[word]


def _what(asked: Asked) -> str:
    """What a call is about: an opening, an item, a token or an order."""
    if isinstance(asked, Refused):
        return asked.what
    if isinstance(asked, ItemAsked):
        return "item"
    return "token" if isinstance(asked, TokenAsked) else "opening"


def _settle(answer: Future[Any], what: Callable[[], Any] | SolelyError) -> None:
    if answer.cancelled():
        return
    if isinstance(what, SolelyError):
        answer.set_exception(what)
        return
    try:
        answer.set_result(what())
    except Exception as fault:  # noqa: BLE001 -- who waits is told; the entry stands
        answer.set_exception(fault)


def _arrival(services: Services, asked: Asked, denied: SolelyError, at: datetime) -> tuple[str, bytes]:
    """The entry of a call that names no release of this gate: that it came, and why it failed (R-103)."""
    said: dict[str, Any] = {"unaccepted": {"call": getattr(denied, "reason", denied.code)}}
    if isinstance(asked, Refused) and asked.sha256:
        said |= {"sha256": asked.sha256, "size": asked.size}
    return journal.arrival(services, said, at)
