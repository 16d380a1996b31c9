#!/bin/sh
# Prints what this machine lacks, with the one line that installs it (Debian names).
set -u
missing=0

look_for() { # program, apt packages, what it is for
    if command -v "$1" >/dev/null 2>&1; then
        printf 'found    %-10s %s\n' "$1" "$3"
    else
        printf 'missing  %-10s %s: apt-get install -y %s\n' "$1" "$3" "$2"
        [ "$4" = needed ] && missing=1
    fi
}

look_for python3 "python3 python3-venv" "runs everything" needed
look_for git git "the source tree" needed
look_for make make "this file's targets" needed
look_for go "golang-go golang-golang-x-mod-dev" "independent ledger checker, one test suite" optional
look_for strace strace "kills the program at each of its disk calls, one test suite" optional
look_for java openjdk-17-jre-headless "runs a batch on Spark, one test suite (with: make .venv/spark.stamp)" optional
[ -x "$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | tail -n 1)" ] && PATH="$PATH:$(dirname "$(ls -d /usr/lib/postgresql/*/bin/initdb | tail -n 1)")"
look_for initdb postgresql "keeps the state of several processes, one test suite" optional
look_for chromium chromium "looks at the HTML report, one test suite" optional

if command -v python3 >/dev/null 2>&1 && ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    echo 'missing  venv       python3 cannot make an environment: apt-get install -y python3-venv'
    command -v uv >/dev/null 2>&1 || missing=1
fi
exit "$missing"
