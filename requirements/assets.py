"""Fetch the console's style sheet, fonts and script into the tree: two packages of npm, each by its hash.

    python requirements/assets.py [--from FOLDER]

- Uses the npm of this machine, configured as it is; FOLDER holds the two archives where there is no network.
- Only files that the style sheet names are written, with their licences. Nothing of it is committed; it goes
  into the wheel. Without it the console is plainly styled by its own small sheet, and works the same.
"""

import argparse
import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

PACKAGES = {
    "@uswds/uswds@3.14.0": (
        "uswds-uswds-3.14.0.tgz",
        "kwZ50TqGszxj3+MQhm+c84hI0y8rIKoc7ZLKbuHg+8rTkFisp9lXOMRD2wclyyuYZahpADxMvaPong7bwL7cew==",
    ),
    "htmx.org@4.0.1": (
        "htmx.org-4.0.1.tgz",
        "oF7JgXhDW9UXCy/k1ZYFUQgzu/rm19ORWPSPNL91vPluB2PB9+MV55tyQdH/w7o2EAbTYUG5SDW1R60mdkdqGg==",
    ),
}
OUT = Path(__file__).parents[1] / "src" / "solely" / "console" / "static" / "fetched"
STYLE, SCRIPT = "package/dist/css/uswds.min.css", "package/dist/htmx.min.js"
_NAMED = re.compile(r"url\(\"?\.\./([^)\"?#]+)")


def main() -> int:
    """Fetch, check, unpack; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path)
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as work:
        where = folder or Path(work)
        if folder is None and not _packed(where):
            return 0
        archives = {name: _checked(where / file, hashed) for name, (file, hashed) in PACKAGES.items()}
        made = Path(work) / "fetched"
        _unpack(archives, made)
        shutil.rmtree(OUT, ignore_errors=True)
        shutil.move(made, OUT)
    files = [each for each in OUT.rglob("*") if each.is_file()]
    size = sum(each.stat().st_size for each in files)
    print(f"the console's assets: {len(files)} files, {size:,} bytes", file=sys.stderr)
    return 0


def _packed(where: Path) -> bool:
    npm = shutil.which("npm")
    if npm is None:
        print("npm is missing: the console is plainly styled (apt-get install -y npm)", file=sys.stderr)
        return False
    done = subprocess.run([npm, "pack", "--silent", *PACKAGES], cwd=where, check=False)  # noqa: S603
    if done.returncode:
        print("npm could not fetch the console's assets: it is plainly styled", file=sys.stderr)
    return done.returncode == 0


def _checked(path: Path, expected: str) -> Path:
    found = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    if found != expected:
        sys.exit(f"{path.name} is not the archive whose SHA-512 is pinned; nothing was written")
    return path


def _unpack(archives: dict[str, Path], out: Path) -> None:
    with tarfile.open(archives["@uswds/uswds@3.14.0"]) as uswds:
        style = _bytes(uswds, STYLE)
        named = sorted(set(_NAMED.findall(style.decode())))
        files = {"css/uswds.min.css": style, "LICENSE-uswds.md": _bytes(uswds, "package/LICENSE.md")}
        files |= {each: _bytes(uswds, f"package/dist/{PurePosixPath(each)}") for each in named}
    with tarfile.open(archives["htmx.org@4.0.1"]) as htmx:
        files |= {"htmx.min.js": _bytes(htmx, SCRIPT), "LICENSE-htmx": _bytes(htmx, "package/LICENSE")}
    for name, data in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(data)


def _bytes(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    if member is None:
        sys.exit(f"{name} is no file of its archive; nothing was written")
    return member.read()


if __name__ == "__main__":
    sys.exit(main())
