"""CPU time of one sealing, check and unsealing of the shipped agreement.

python -m bench.redaction
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.about import about, write
from solely.agreement.parts import Part, cut, leaf_hash, root_of
from solely.agreement.redaction import Sealed, Shown, parse_copy, require_whole, unseal
from solely.signing import verify
from solely_verify.agreement import verify_redacted
from tests.support.agreements import copy_of, key_of, parted
from tests.support.tree import ROOT

TEXT = (ROOT / "law/agreements/irs-ice-2025/agreement.md").read_text(encoding="utf-8")
PARTIES = ("treasury", "homeland-security")
LABEL = "schedule limits: order_days_min"
ROUNDS = 300


def microseconds(act: Callable[[], object]) -> float:
    """CPU microseconds of one act, the best third of many."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time_ns()
        act()
        times.append((time.process_time_ns() - start) / 1_000)
    times.sort()
    return sum(times[: ROUNDS // 3]) / (ROUNDS // 3)


def main() -> None:
    """Print one line an operation, and write them all to `results/redaction.json`."""
    measured = about("python -m bench.redaction")
    of = parted(TEXT)
    copy = copy_of(of, LABEL, id="irs-ice-2025", parties=PARTIES, starts_on="2025-04-07")
    keys = {party: key_of(party).public_key() for party in PARTIES}
    place = next(place for place, part in enumerate(of.parts) if part.label == LABEL)
    salt, part = of.salts[place], of.parts[place]
    statement = require_whole(copy)

    def seal() -> tuple[Shown | Sealed, ...]:
        pairs = zip(of.salts, of.parts, strict=True)
        return tuple(
            Sealed(leaf_hash(salt, part), None) if part.label == LABEL else Shown(salt, part)
            for salt, part in pairs
        )

    def check() -> None:
        require_whole(copy)
        for party, key in keys.items():
            verify(key, copy.signatures[party].encode(), statement.signed_bytes)

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "public.json"
        file.write_bytes(copy.content)
        assert verify_redacted(file, keys)["ok"], "what is timed holds"
        found = {
            "cut the text into parts": microseconds(lambda: cut(TEXT.encode())),
            "hash all parts to the root": microseconds(lambda: _root(of.salts, of.parts)),
            "seal one part": microseconds(seal),
            "check a public copy in memory, both signatures": microseconds(check),
            "unseal one part and rebuild the root": microseconds(lambda: unseal(copy, salt, part)),
            "read a public copy from its file": microseconds(lambda: parse_copy(file.read_bytes())),
            "solely-verify redacted, file to verdict": microseconds(lambda: verify_redacted(file, keys)),
        }
    sizes = {"parts": len(of.parts), "characters": len(TEXT), "rounds": ROUNDS}
    print(write("redaction", measured | sizes | {"microseconds": found}))
    for name, value in found.items():
        print(f"{value:>9.0f} us  {name}")


def _root(salts: tuple[bytes, ...], parts: tuple[Part, ...]) -> bytes:
    return root_of([leaf_hash(salt, part) for salt, part in zip(salts, parts, strict=True)])


if __name__ == "__main__":
    main()
