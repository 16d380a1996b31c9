"""Every measurement of one size, one after the other, and the results page (`make bench`).

    python -m bench.every [--size small|national]

`small` takes about ten minutes on two idle cores. `national` is the size of the real request, takes hours and
tens of gigabytes of disk; each part can be run alone (bench/README.md).
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence

Words = Sequence[str]

SIZES: dict[str, tuple[Words, ...]] = {
    "small": (
        ("bench", "--people", "200000", "--items", "10000"),
        ("bench", "--people", "200000", "--items", "25000"),
        ("bench", "--people", "400000", "--items", "25000"),
        ("bench.error",),
        ("bench.peers",),
        ("bench.pressure",),
    ),
    "national": (
        ("bench", "--people", "10000000", "--items", "100000"),
        ("bench", "--people", "1000000", "--items", "100000"),
        ("bench", "--people", "50000000", "--items", "100000"),
        ("bench", "--people", "10000000", "--items", "1280000"),
        ("bench", "--people", "10000000", "--items", "1280000", "--mix", "thorough"),
        ("bench.error", "--people", "1000000", "--items", "200000"),
        ("bench.peers", "--people", "10000000", "--items", "1280000", "--draws", "1"),
        ("bench.simulated",),
        ("bench.pressure",),
    ),
}


def main(words: list[str] | None = None) -> int:
    """Run every measurement of the size and write the page; the exit code is the first that is not 0."""
    parser = argparse.ArgumentParser(prog="bench.every", description="Every measurement of one size.")
    parser.add_argument("--size", choices=sorted(SIZES), default="small")
    size = parser.parse_args(words).size
    for module, *options in (*SIZES[size], ("bench.page",)):
        print(f"python -m {module} {' '.join(options)}", file=sys.stderr, flush=True)
        done = subprocess.run([sys.executable, "-m", module, *options], check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
