"""The core passes its tests where no extra is installed: no optional package changes what is decided."""

import os
import subprocess
import sys

import pytest

from tests.support.tree import ROOT
from tests.support.without_extras import packages_of_extras

pytestmark = [pytest.mark.slow, pytest.mark.e2e, pytest.mark.first]
PLUGINS = ("-p", "_hypothesis_pytestplugin", "-p", "tests.support.without_extras")


def test_the_core_passes_without_any_extra() -> None:
    assert {"fastapi", "z3", "psycopg", "pyspark", "webauthn", "jinja2"} <= packages_of_extras()
    words = [
        "-q",
        *PLUGINS,
        "-m",
        "not slow and not campaign",
        "tests/unit",
        "tests/agreements",
        "tests/vectors",
    ]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=ROOT,
        env=alone,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
