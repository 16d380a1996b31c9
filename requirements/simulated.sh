#!/bin/sh
# Makes .venv-simulated, the environment of pseudopeople (bench/simulated_people.py): it needs an older pandas than
# the other peers. Every package must match a hash in requirements/simulated.txt; a stamp is written last.
set -eu
cd "$(dirname "$0")/.."
venv=.venv-simulated
stamp="$venv/$(cksum < requirements/simulated.txt | cut -d' ' -f1).stamp"
[ ! -f "$stamp" ] || exit 0
echo "setting up $venv, once" >&2
if command -v uv >/dev/null 2>&1; then
    uv venv --quiet --clear --python "${PYTHON:-python3}" "$venv"
    uv pip install --quiet --python "$venv/bin/python" --require-hashes -r requirements/simulated.txt
else
    "${PYTHON:-python3}" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/simulated.txt
fi
touch "$stamp"
