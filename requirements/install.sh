#!/bin/sh
# Makes .venv and installs this tree into it: `requirements/install.sh core` or `requirements/install.sh dev`.
# - Uses uv when it is there, else python3 -m venv and pip; both as this machine has them configured.
# - Every package must match a hash in requirements/*.txt; no file here names an index.
# - A half-made .venv (an interrupted set-up) is made anew; a stamp file is written last.
set -eu
cd "$(dirname "$0")/.."
set_up="$1"
venv=.venv
python="${PYTHON:-python3}"

fail() { echo "make: $1" >&2; exit 1; }

[ ! -L "$venv" ] && [ ! -L "$venv/bin" ] || fail "$venv belongs to another tree; nothing was installed"
command -v "$python" >/dev/null 2>&1 || fail "python3 is missing: apt-get install -y python3 python3-venv"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "python3 3.11 or newer is needed"

if command -v uv >/dev/null 2>&1; then
    [ -x "$venv/bin/python" ] || uv venv --quiet --python "$python" "$venv"
    install() { uv pip install --quiet --compile-bytecode --python "$venv/bin/python" "$@"; }
else
    if ! "$venv/bin/python" -c 'import pip' >/dev/null 2>&1; then
        "$python" -c 'import ensurepip, venv' 2>/dev/null ||
            fail "python3 cannot make an environment: apt-get install -y python3-venv"
        "$python" -m venv --clear "$venv"
    fi
    install() { "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"; }
fi

has_console() { case "$set_up" in serve|dev|browser|spark|bench) true ;; *) false ;; esac; }

echo "setting up $venv ($set_up), once" >&2
install --require-hashes -r "requirements/$set_up.txt" -r requirements/build.txt ||
    fail "packages could not be installed; behind a proxy or mirror set PIP_INDEX_URL or UV_DEFAULT_INDEX, and PIP_CERT or SSL_CERT_FILE"
install --no-deps --no-build-isolation --editable . || fail "this tree could not be installed into $venv"
if has_console && [ ! -d src/solely/console/static/fetched ]; then
    "$venv/bin/python" requirements/assets.py || fail "the console's assets do not match their hashes"
fi
touch "$venv/$set_up.stamp"
[ "$set_up" = core ] || touch "$venv/core.stamp"
