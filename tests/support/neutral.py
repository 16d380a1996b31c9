"""What a requester can see of a batch, as numbers, and a plain classifier that tries to tell causes by it.

- Everything counts that reaches the requester or the public: bytes of the answer and of each explanation, the
  outbox, sizes, the time from sending to answer, and (`with_ledger`) each entry that the batch added.
- A logistic regression on standardised features, cross-validated; 0.5 is chance. No library of learning is
  needed for that, and none is a dependency.
"""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from solely import flow
from solely.canonical import sha256_hex
from solely.ledger.entry import Entry, EntryType, OutcomeClass, decode
from solely.services import Services
from solely.steps.explaining import View

FOLDS = 5
STEPS, RATE, DECAY = 400, 0.5, 0.05


class Seen(NamedTuple):
    """One batch as the requester sees it; `ledger` is what the public sees of it besides."""

    answer: tuple[float, ...]
    ledger: tuple[float, ...]
    is_withheld: bool


def seen(services: Services, batch: Path, ids: Sequence[str]) -> Seen:
    """Send a batch and note everything that comes back."""
    before = services.ledger.publish().size
    flow.run(services, batch)
    folder = services.folder.batch(batch_id(batch))
    answer, letter = folder / "answer.jsonl", folder / "submission" / "letter.json"
    told = _masked(answer.read_bytes(), ids)
    why = _masked(b"".join(_explained(services, each) for each in ids), ids)
    outbox = [each.stat().st_size for each in services.folder.outbox.iterdir() if each.stem in ids]
    delay = (answer.stat().st_mtime_ns - letter.stat().st_mtime_ns) / 1e9
    size = services.ledger.publish().size
    entries = [decode(data) for data in services.ledger.entries_at(range(before, size)).values()]
    lengths = [len(data) for data in services.ledger.entries_at(range(before, size)).values()]
    return Seen(
        (delay, len(told), len(why), len(outbox), sum(outbox), *_letters(told), *_letters(why)),
        tuple(_of_entries(entries, lengths)),
        any(each.type is EntryType.DECISION and each.outcome == OutcomeClass.WITHHELD for each in entries),
    )


def batch_id(batch: Path) -> str:
    """The id of a batch by its letter."""
    return sha256_hex((batch / "letter.json").read_bytes())[:16]


def _explained(services: Services, request_id: str) -> bytes:
    return repr(flow.explain(services, request_id, View("requester"))).encode()


def _masked(data: bytes, ids: Sequence[str]) -> bytes:
    for each in ids:
        data = data.replace(each.encode(), b"*")
    return data


def _letters(data: bytes) -> list[float]:
    return [float(data.count(bytes((each,)))) for each in range(256)]


def _of_entries(entries: Sequence[Entry], lengths: Sequence[int]) -> list[float]:
    """How many of each type and class, how long, how far apart, and what repeats an entry before it."""
    kinds = [0.0] * 64
    for each in entries:
        kinds[each.type] += 1
    classes = [float(sum(each.outcome == number for each in entries)) for number in range(1, 8)]
    tallies = [each.outcome for each in entries if isinstance(each.outcome, tuple)]
    times = [each.time for each in entries]
    policies = {each.policy for each in entries if each.policy is not None}
    spread = float(times[-1] - times[0]) / 1000 if times else 0.0
    tally = [float(number) for number in (tallies[0] if tallies else ())][:6]
    return [*kinds, *classes, *tally, *[0.0] * (6 - len(tally)), float(sum(lengths)), spread, len(policies)]


def accuracy(seen_by: Sequence[Sequence[float]], causes: Sequence[bool], seed: int) -> float:
    """The share of batches whose cause the classifier tells, each judged by a fit that has not seen it."""
    values, labels = np.asarray(seen_by, dtype=float), np.asarray(causes, dtype=bool)
    places = list(range(len(labels)))
    random.Random(seed).shuffle(places)
    right = 0
    for fold in range(FOLDS):
        held = places[fold::FOLDS]
        rest = sorted(set(places) - set(held))
        right += int((_fitted(values[rest], labels[rest], values[held]) == labels[held]).sum())
    return right / len(labels)


def _fitted(values: Any, labels: Any, held: Any) -> Any:
    mean, spread = values.mean(axis=0), values.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    weights, bias = np.zeros(values.shape[1]), 0.0
    ready = np.clip((values - mean) / scale, -5, 5)
    for _ in range(STEPS):
        off = 1 / (1 + np.exp(-(ready @ weights + bias))) - labels
        weights -= RATE * (ready.T @ off / len(labels) + DECAY * weights)
        bias -= RATE * float(off.mean())
    return np.clip((held - mean) / scale, -5, 5) @ weights + bias > 0


def balanced(one: Sequence[Any], other: Sequence[Any]) -> tuple[list[Any], list[bool]]:
    """As many of each, and which is which."""
    count = min(len(one), len(other))
    return [*one[:count], *other[:count]], [True] * count + [False] * count


def threshold(count: int, deviations: float) -> float:
    """The accuracy that chance exceeds as seldom as a normal variable exceeds so many deviations."""
    return 0.5 + deviations * 0.5 / count**0.5
