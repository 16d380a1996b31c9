"""Checkpoints of a small log with lines of witnesses: those that hold, and one kind of tampering each.

`python -m tests.support.cosigned_defects` writes `vectors/cosigned/` anew.
"""

import base64
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from solely.ledger.checkpoint import Checkpoint, sign
from solely.ledger.entry import EntryType
from solely.ledger.note import Kind, VerifierKey, line_text, verifier_key
from tests.support.ledgers import ORIGIN, OTHER_KEY, VKEY, Script, put, signed_log

FOLDER = Path(__file__).parents[2] / "vectors" / "cosigned"
AT = 1_786_000_000
NAMES = ("inspector", "court", "press")
KEYS = {
    name: Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32, b".")) for name in (*NAMES, "stranger")
}
WITNESSES = {
    name: VerifierKey(f"witness.example/{name}", key.public_key().public_bytes_raw(), Kind.WITNESS)
    for name, key in KEYS.items()
}


def _entries() -> list[bytes]:
    script = Script()
    for kind in (EntryType.GENESIS, EntryType.NOTICE, EntryType.NOTICE):
        script.add(kind)
    return script.encoded()


ENTRIES = _entries()
SIZE = len(ENTRIES)
NOTE = signed_log(ENTRIES)["checkpoint"]
TEXT = NOTE.partition(b"\n\n")[0] + b"\n"
POLICY = (
    f"log {VKEY.text()}\n"
    + "".join(f"witness {name} {WITNESSES[name].text()}\n" for name in NAMES)
    + "group branches 2 inspector court press\nquorum branches\n"
).encode()


def cosignature(name: str, *, at: int = AT, text: bytes = TEXT, header: str = "cosignature/v1") -> bytes:
    """A witness's line on `text`."""
    signature = KEYS[name].sign(f"{header}\ntime {at}\n".encode() + text)
    return line_text(WITNESSES[name], at.to_bytes(8, "big") + signature).encode()


def _raw(name: str, signature: bytes) -> bytes:
    return line_text(WITNESSES[name], signature).encode()


def _changed(line: bytes, at: int) -> bytes:
    name, _, encoded = line.decode().rstrip("\n").rpartition(" ")
    data = bytearray(base64.b64decode(encoded))
    data[at] ^= 1
    return f"{name} {base64.b64encode(bytes(data)).decode()}\n".encode()


def _renamed(line: bytes, name: str) -> bytes:
    words = line.decode().split(" ")
    return f"{words[0]} {WITNESSES[name].name} {words[2]}".encode()


def _as_log_signs(name: str) -> bytes:
    """The plain Ed25519 line of a witness's key, under the name and hash that such a key has."""
    key = WITNESSES[name]._replace(kind=Kind.ED25519)
    return line_text(key, KEYS[name].sign(TEXT)).encode()


_COURT = cosignature("court")
_OTHER = Checkpoint(ORIGIN, SIZE, bytes(32)).text().encode()
_EARLIER = Checkpoint(ORIGIN, SIZE - 1, bytes(32)).text().encode()
_ELSEWHERE = Checkpoint("solely.example/other", SIZE, bytes(32)).text().encode()

# What stands below the log's own line; the empty list is the checkpoint as the log signs it.
HOLD: Mapping[str, bytes] = {
    "two-of-three": cosignature("inspector") + _COURT,
    "all": b"".join(cosignature(each) for each in NAMES),
    "other-times": cosignature("inspector", at=0) + cosignature("press", at=2**63 - 1),
    "lines-of-strangers": cosignature("stranger")
    + cosignature("inspector")
    + _as_log_signs("press")
    + _COURT,
    "unknown-kind-of-line": b"\xe2\x80\x94 grease.example AAAAAAA=\n" + cosignature("inspector") + _COURT,
    "sixty-four-lines": b"".join(_raw("stranger", bytes([n])) for n in range(61))
    + cosignature("press")
    + _COURT,
}
_NONE = "checkpoint: cosigned by "
DEFECTS: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "nobody": (lambda: b"", _NONE),
    "one-only": (lambda: _COURT, _NONE),
    "one-twice": (lambda: _COURT + cosignature("court", at=AT + 1), _NONE),
    "one-and-a-stranger": (lambda: _COURT + cosignature("stranger"), _NONE),
    "stranger-under-a-known-name": (lambda: _COURT + _renamed(cosignature("stranger"), "press"), _NONE),
    "known-key-under-another-name": (lambda: _COURT + _renamed(cosignature("press"), "stranger"), _NONE),
    "signed-as-a-log-signs": (lambda: _COURT + _as_log_signs("press"), _NONE),
    "time-changed": (lambda: _COURT + _changed(cosignature("press"), 11), "checkpoint line 7"),
    "signature-changed": (lambda: _COURT + _changed(cosignature("press"), 60), "checkpoint line 7"),
    "a-third-that-does-not-hold": (
        lambda: cosignature("inspector") + _COURT + _changed(cosignature("press"), 60),
        "checkpoint line 8",
    ),
    "of-another-root": (lambda: _COURT + cosignature("press", text=_OTHER), "checkpoint line 7"),
    "of-an-earlier-size": (lambda: _COURT + cosignature("press", text=_EARLIER), "checkpoint line 7"),
    "of-another-log": (lambda: _COURT + cosignature("press", text=_ELSEWHERE), "checkpoint line 7"),
    "under-another-header": (
        lambda: _COURT + cosignature("press", header="cosignature/v2"),
        "checkpoint line 7",
    ),
    "time-beyond-2-63": (lambda: _COURT + cosignature("press", at=2**63), "checkpoint line 7"),
    "signature-short": (lambda: _COURT + _raw("press", bytes(40)), "checkpoint line 7"),
    "signature-long": (lambda: _COURT + _raw("press", bytes(80)), "checkpoint line 7"),
    "signature-of-nothing": (lambda: _COURT + _raw("press", bytes(72)), "checkpoint line 7"),
    "sixty-five-lines": (
        lambda: b"".join(_raw("stranger", bytes([n])) for n in range(62)) + cosignature("press") + _COURT,
        "checkpoint: more than 64 signature lines",
    ),
    "beyond-64-kib": (
        lambda: cosignature("press") + _COURT + _raw("stranger", bytes(50_000)),
        "checkpoint: longer than 64 KiB",
    ),
    "log-s-line-missing": (
        lambda: cosignature("press") + _COURT,
        "checkpoint: no signature of the given key",
    ),
    "log-s-line-of-another-key": (
        lambda: cosignature("press") + _COURT,
        "checkpoint: no signature of the given key",
    ),
}


def checkpoint(name: str) -> bytes:
    """The checkpoint of one vector."""
    if name in HOLD:
        return NOTE + HOLD[name]
    lines = DEFECTS[name][0]()
    match name:
        case "log-s-line-missing":
            return TEXT + b"\n" + lines
        case "log-s-line-of-another-key":
            return sign(Checkpoint(ORIGIN, SIZE, _root()), OTHER_KEY) + lines
    return NOTE + lines


def other_log() -> str:
    """The verifier key of a log that is not this one."""
    return verifier_key("solely.example/other", OTHER_KEY).text()


def _root() -> bytes:
    return base64.b64decode(TEXT.split(b"\n")[2])


def write_vectors(folder: Path = FOLDER) -> None:
    """Write every checkpoint, the policy and the places below `folder`."""
    for kind in ("hold", "defects", "log"):
        shutil.rmtree(folder / kind, ignore_errors=True)
    put(signed_log(ENTRIES), folder / "log")
    (folder / "log.vkey").write_text(VKEY.text() + "\n")
    for kind, names in (("hold", HOLD), ("defects", DEFECTS)):
        (folder / kind).mkdir(parents=True)
        for name in names:
            (folder / kind / f"{name}.checkpoint").write_bytes(checkpoint(name))
    (folder / "witness.policy").write_bytes(POLICY)
    places = {name: place for name, (_, place) in DEFECTS.items()}
    (folder / "expected.json").write_text(json.dumps(places, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    write_vectors()
