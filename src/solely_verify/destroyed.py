"""Was the key of a release destroyed? The three entries that say so, in a log that holds as a whole.

- The log is verified first, as by `log`: that each entry rests on the one before, that two custodians ordered
  it, and that no preservation stood against it is what its life cycles say.
- A certificate is the custodian's signed word that a read-back found the key gone; nobody outside sees a key.
"""

from pathlib import Path
from typing import Any

from solely_verify.entries import TYPES, read_entry
from solely_verify.log import entries_of, verify_log
from solely_verify.note import LogKey
from solely_verify.policy import Policy

_KINDS = {"destroy-intent", "deleting", "destroy-cert"}
_LIMIT = (
    "the certificate is the custodian's word that the key is gone; a copy made before is seen by no ledger"
)


def verify_destroyed(folder: Path, key: LogKey, release: int, policy: Policy | None = None) -> dict[str, Any]:
    """The report of `log`, and intent, deleting and certificate of one release, each with index and time."""
    report = verify_log(folder, key, policy=policy).as_json() | {"release": release, "chain": {}}
    if not report["ok"]:
        return report
    chain, kind = _chain(folder, report["size"], release)
    report["chain"] = chain
    if kind != "release":
        report |= {"ok": False, "is_log_whole": True, "findings": [f"entry {release}: no `release`"]}
    elif "destroy-cert" not in chain:
        found = f"entry {release}: no certificate that its key is destroyed"
        report |= {"ok": False, "is_log_whole": True, "findings": [found]}
    else:
        report["notes"] = [*report["notes"], _LIMIT]
    return report


def _chain(folder: Path, size: int, release: int) -> tuple[dict[str, dict[str, int]], str | None]:
    """The entries that lead from the release to its certificate, by type; and the release's own type."""
    chain: dict[str, dict[str, int]] = {}
    last, kind = release, None
    for index, data in entries_of(folder, size):
        if index == release:
            kind = TYPES[read_entry(data)[2]]
        if data[3:4] != b"\x02" or data[4] not in (11, 12, 13):
            continue
        entry = read_entry(data)
        word = TYPES[entry[2]]
        if word in _KINDS and last in entry[6]:
            chain[word] = {"index": index, "time": entry[3]}
            last = index
    return chain, kind
