"""The life of a release's key as a model: opened, recalled, preserved, lifted, destroyed, by two handlers.

The log is a tuple of words in the order in which they were entered; those before `witnessed` stand under a
published, cosigned checkpoint. A handler takes one act at a time and can lose its memory at any moment.

    step        what it stands for in the program
    open        steps.opening.finish: judged again and entered in one transaction
    witness     store.ledger_store.Ledger.publish
    share       steps.opening.finish: unsealed after its entry is published
    recall      the recall's entry; `acknowledge` is the answer to whoever ordered it
    preserve    a hold on the key; `lift` ends it
    intent      destruction asked for; `deleting` once that is witnessed
    delete      store.release_keys.ReleaseKeys.destroy_many, with its read-back; `certify` after it
"""

from collections.abc import Iterator
from typing import NamedTuple

RULES = {
    "a share only after its opening is witnessed": "J1",
    "an opening is checked and entered in one transaction": "J2",
    "a certificate only after the deletion": "J3",
    "deletion only after its intent is witnessed": "J4",
    "the hold is asked for where the intent is entered": "J5",
    "the hold is asked for again before deletion": "J5",
    "a recall is acknowledged only when witnessed": "J6",
    "an acknowledgment waits for openings in flight": "J7",
}
FULL = frozenset(RULES)
ACTS = ("open", "open", "recall", "preserve", "lift", "destroy")


class Handler(NamedTuple):
    """Where a handler stands, and the place in the log of the entry that it made."""

    at: str = "idle"
    place: int = -1


class State(NamedTuple):
    """The log, what of it is witnessed, the key, what was handed out, the handlers, and the acts to come."""

    crashes: int
    log: tuple[str, ...] = ()
    witnessed: int = 0
    is_key_there: bool = True
    shares: tuple[int, ...] = ()
    is_acknowledged: bool = False
    handlers: tuple[Handler, ...] = (Handler(), Handler())
    acts: tuple[str, ...] = ACTS


Step = tuple[str, State]


def is_held(log: tuple[str, ...]) -> bool:
    """True when a preservation stands at the end of this log."""
    return log.count("preserve") > log.count("lift")


class Lifecycle(NamedTuple):
    """The life cycle under these rules."""

    rules: frozenset[str] = FULL
    crashes: int = 1

    def first(self) -> State:
        """A released package that nobody has touched."""
        return State(self.crashes)

    def _has(self, rule: str) -> bool:
        assert rule in RULES, rule
        return rule in self.rules

    def steps(self, state: State) -> Iterator[Step]:
        """Every step that the world or a handler can take."""
        if state.witnessed < len(state.log):
            yield "witness", state._replace(witnessed=len(state.log))
        for number, handler in enumerate(state.handlers):
            if state.crashes and handler.at != "idle":
                yield "crash", _moved(state._replace(crashes=state.crashes - 1), number, Handler())
            yield from getattr(self, f"_{handler.at}")(state, number, handler)

    def _idle(self, state: State, number: int, handler: Handler) -> Iterator[Step]:
        for act in sorted(set(state.acts)):
            yield from getattr(self, f"_begin_{act}")(_taken(state, act), number)
        yield from self._resumed(state, number)

    def _resumed(self, state: State, number: int) -> Iterator[Step]:
        """What the log shows to be unfinished is taken up again by whoever is free."""
        busy = {each.at for each in state.handlers}
        if "recall" in state.log and not state.is_acknowledged and "recalled" not in busy:
            yield "resume", _moved(state, number, Handler("recalled", state.log.index("recall")))
        if "intent" in state.log and "certify" not in state.log and not busy & _DESTROYING:
            is_deleting = "deleting" in state.log
            word = "deleting" if is_deleting else "intent"
            at = "deleting" if is_deleting else "intended"
            yield "resume", _moved(state, number, Handler(at, state.log.index(word)))

    # -- opening --------------------------------------------------------------------------------------

    def _begin_open(self, state: State, number: int) -> Iterator[Step]:
        if "recall" in state.log or not state.is_key_there:
            yield "deny", state
        elif self._has("an opening is checked and entered in one transaction"):
            yield "open", _entered(state, number, "open", "opened")
        else:
            yield "check", _moved(state, number, Handler("checked"))

    def _checked(self, state: State, number: int, handler: Handler) -> Iterator[Step]:
        yield "open", _entered(state, number, "open", "opened")

    def _opened(self, state: State, number: int, handler: Handler) -> Iterator[Step]:
        if not state.is_key_there:
            yield "deny", _moved(state, number, Handler())
        elif handler.place < state.witnessed or not self._has("a share only after its opening is witnessed"):
            given = state._replace(shares=tuple(sorted({*state.shares, handler.place})))
            yield "share", _moved(given, number, Handler())

    # -- recall ---------------------------------------------------------------------------------------

    def _begin_recall(self, state: State, number: int) -> Iterator[Step]:
        yield "recall", _entered(state, number, "recall", "recalled")

    def _recalled(self, state: State, number: int, handler: Handler) -> Iterator[Step]:
        is_witnessed = handler.place < state.witnessed
        is_quiet = all(each.at not in ("opened", "checked") for each in state.handlers)
        if (is_witnessed or not self._has("a recall is acknowledged only when witnessed")) and (
            is_quiet or not self._has("an acknowledgment waits for openings in flight")
        ):
            yield "acknowledge", _moved(state._replace(is_acknowledged=True), number, Handler())

    # -- preservation ---------------------------------------------------------------------------------

    def _begin_preserve(self, state: State, number: int) -> Iterator[Step]:
        if "deleting" in state.log:
            yield "too late", state
        else:
            yield "preserve", state._replace(log=(*state.log, "preserve"))

    def _begin_lift(self, state: State, number: int) -> Iterator[Step]:
        if is_held(state.log):
            yield "lift", state._replace(log=(*state.log, "lift"))

    # -- destruction ----------------------------------------------------------------------------------

    def _begin_destroy(self, state: State, number: int) -> Iterator[Step]:
        if not self._has("the hold is asked for where the intent is entered"):
            if not is_held(state.log):
                yield "check", _moved(state, number, Handler("asked"))
        elif not is_held(state.log):
            yield "intent", _entered(state, number, "intent", "intended")

    def _asked(self, state: State, number: int, handler: Handler) -> Iterator[Step]:
        yield "intent", _entered(state, number, "intent", "intended")

    def _intended(self, state: State, number: int, handler: Handler) -> Iterator[Step]:
        if handler.place >= state.witnessed and self._has("deletion only after its intent is witnessed"):
            return
        if not is_held(state.log) or not self._has("the hold is asked for again before deletion"):
            yield "deleting", _entered(state, number, "deleting", "deleting")

    def _deleting(self, state: State, number: int, handler: Handler) -> Iterator[Step]:
        yield "delete", _moved(state._replace(is_key_there=False), number, Handler("deleted"))
        if not self._has("a certificate only after the deletion"):
            yield "certify", _entered(state, number, "certify", "idle")

    def _deleted(self, state: State, number: int, handler: Handler) -> Iterator[Step]:
        yield "certify", _entered(state, number, "certify", "idle")


_DESTROYING = {"asked", "intended", "deleting", "deleted"}


def _taken(state: State, act: str) -> State:
    acts = list(state.acts)
    acts.remove(act)
    return state._replace(acts=tuple(acts))


def _moved(state: State, number: int, handler: Handler) -> State:
    handlers = (*state.handlers[:number], handler, *state.handlers[number + 1 :])
    return state._replace(handlers=tuple(sorted(handlers)))


def _entered(state: State, number: int, word: str, at: str) -> State:
    grown = state._replace(log=(*state.log, word))
    return _moved(grown, number, Handler() if at == "idle" else Handler(at, len(state.log)))


# -- invariants (ledger.md 4.6) ---------------------------------------------------------------------------


def breaks(before: State, after: State) -> Iterator[str]:
    """The invariants that a step breaks."""
    log = after.log
    recalled = log.index("recall") if "recall" in log else len(log)
    if any(place >= after.witnessed for place in after.shares):
        yield "J1"
    if any(place > recalled for place in after.shares):
        yield "J2"
    if "certify" in log and after.is_key_there:
        yield "J3"
    if not after.is_key_there and "intent" not in log[: after.witnessed]:
        yield "J4"
    if any(word in ("intent", "deleting") and is_held(log[:place]) for place, word in enumerate(log)):
        yield "J5"
    if after.is_acknowledged and recalled >= after.witnessed:
        yield "J6"
    if before.is_acknowledged and after.shares != before.shares:
        yield "J7"


def is_finished(state: State) -> bool:
    """True when nothing that was begun waits: what a hold keeps, and acts that may not begin, may stay."""
    return all(handler.at in ("idle", "intended") for handler in state.handlers) and (
        "recall" not in state.log or state.is_acknowledged
    )
