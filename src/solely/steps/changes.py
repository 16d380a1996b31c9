"""What a proposed part would change, in words that who countersigns can read (R-84).

A digest says that two see the same; it does not say what they see.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from solely.model import Enrolment, Trust
from solely.store.gate import GateFolder, read_config
from solely.store.inputs import read_own
from solely.store.trust import ROLES, read_trust

_SHOWN = ("key_id", "name", "enrolled_by", "valid_from", "valid_to", "kind", "certified_on", "is_demo")
_FURTHER = ("certificate_until", "above")


def changes_of(folder: GateFolder, name: str) -> list[dict[str, Any]]:
    """Every enrolment, table or term that what is proposed for a part would change, as it is and would be."""
    place = folder.pending(name)
    match name:
        case "trust":
            return list(_of_trust(read_trust(folder.trust), read_trust(place)))
        case "inputs":
            return list(_of_files(read_own(folder.inputs), read_own(place)))
        case "witnesses":
            return list(_of_files({name: folder.witnesses.read_bytes()}, {name: (place / name).read_bytes()}))
    until = (place / name).read_text(encoding="utf-8").strip()
    return [{"release_until": [read_config(folder).release_until.isoformat(), until]}]


def _of_trust(now: Trust, then: Trust) -> Iterator[dict[str, Any]]:
    for role in ROLES:
        before, after = _enrolled(now, role), _enrolled(then, role)
        for name in sorted(before.keys() | after.keys()):
            old, new = before.get(name), after.get(name)
            if old != new:
                yield {"enrolment": f"{role}/{name}"} | _difference(old, new)


def _enrolled(trust: Trust, role: str) -> Mapping[str, Enrolment]:
    found: Mapping[str, Enrolment] = getattr(trust, role)
    return found


def _difference(old: Enrolment | None, new: Enrolment | None) -> dict[str, Any]:
    one, other = _words(old), _words(new)
    if old is None:
        return {"change": "added"} | _stated(other)
    if new is None:
        return {"change": "removed"} | _stated(one)
    return {"change": "changed"} | {key: [one[key], other[key]] for key in one if one[key] != other[key]}


def _stated(words: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in words.items() if value is not None}


def _words(enrolment: Enrolment | None) -> dict[str, Any]:
    if enrolment is None:
        return {}
    words = {key: getattr(enrolment, key) for key in (*_SHOWN, *_FURTHER)}
    return {
        key: list(value) if isinstance(value, tuple) else str(value) if isinstance(value, date) else value
        for key, value in words.items()
    }


def _of_files(now: Mapping[str, bytes], then: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
    for name in sorted(now.keys() | then.keys()):
        before, after = (Counter(files.get(name, b"").splitlines()) for files in (now, then))
        if before != after:
            added, removed = (after - before).total(), (before - after).total()
            yield {"file": name, "lines_added": added, "lines_removed": removed}
