"""A session on a Spark cluster, so set that nothing confidential is left behind on the way.

- Shuffle, spill and broadcast files are encrypted with a key of this session; what the driver sends travels
  over a socket and never through a file (both by `spark.io.encryption.enabled`).
- No user interface, no event log, no progress bar, no console of plans: what is asked for shows nowhere.
- What else a cluster needs (memory, queues, authentication between its hosts) stands in its own
  `spark-defaults.conf`; these settings stand above it.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from solely.errors import Blocked, SolelyError, TroubleError, UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[*]"  # every core of this machine
JAVA_MIN = 17
PYSPARK_CURE = "pip install 'solely[spark]'"
JAVA_CURE = "apt-get install -y openjdk-17-jre-headless"
_CONFIDENTIAL = {
    "spark.io.encryption.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.eventLog.enabled": "false",
    "spark.sql.redaction.string.regex": ".+",  # plans of our queries hold no value; should one, it is masked
    "spark.log.level": "FATAL",
}
_MEANING = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.parser.escapedStringLiterals": "false",
}


def missing() -> str:
    """What keeps Spark from starting here, with the line that installs it; "" when nothing does."""
    if find_spec("pyspark") is None:
        return f"pyspark is missing: {PYSPARK_CURE}"
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    return "" if java else f"Java {JAVA_MIN} or later is missing: {JAVA_CURE}"


@contextmanager
def opened_session(master: str, scratch: Path, memory_limit: str) -> Iterator["SparkSession"]:
    """A session on the cluster at `master`; what it wrote below `scratch` is removed at the end."""
    lack = missing()
    if lack:
        raise UsageError(f"`--engine spark` cannot start: {lack}")
    from pyspark.sql import SparkSession

    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700, parents=True)
    builder = SparkSession.builder.master(master).appName("solely")
    for name, value in (_settings(master, scratch, memory_limit) | _CONFIDENTIAL | _MEANING).items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:  # noqa: BLE001 -- whatever Java says, it is trouble of the cluster
        shutil.rmtree(scratch, ignore_errors=True)
        raise TroubleError(f"Spark at `{master}` does not start: {type(error).__name__}") from None
    try:
        yield session
    finally:
        session.stop()
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def trouble_of(what: str) -> Iterator[None]:
    """Trouble of the cluster as Blocked `ENGINE_ERROR`: its kind, never its text (R-02, R-57)."""
    try:
        yield
    except SolelyError:
        raise
    except Exception as error:  # noqa: BLE001 -- the text of an error of the cluster may hold a value
        raise Blocked("ENGINE_ERROR", f"{what}: {type(error).__name__}") from None


def _settings(master: str, scratch: Path, memory_limit: str) -> dict[str, str]:
    where = {"spark.local.dir": str(scratch), "spark.sql.warehouse.dir": str(scratch / "warehouse")}
    if not master.startswith("local"):
        return where
    # Read from the environment only: the workers' Python, and an address that needs no network.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    memory = memory_limit.lower().removesuffix("b").replace(" ", "")
    # Few partitions: one machine is shared by all, and a small task costs more than it does.
    return where | {"spark.driver.memory": memory, "spark.sql.shuffle.partitions": "4"}
