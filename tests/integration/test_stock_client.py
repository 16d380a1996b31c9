"""A client that nobody here wrote opens a release through the service, under the compatibility profile."""

import json
import socket
import subprocess

import pytest

from solely.access import token
from solely.signing import key_id, parse_private_key, sign
from tests.support.service import served
from tests.support.tree import ROOT
from tests.support.world import build_world

PYTHON = ROOT / ".venv-client" / "bin" / "python"
CURE = (
    "uv venv .venv-client && uv pip install --python .venv-client --require-hashes -r requirements/client.txt"
)
CLIENT = """
import sys
from otdf_python.sdk_builder import SDKBuilder
builder = SDKBuilder()
builder.set_platform_endpoint("http://127.0.0.1")
builder.use_insecure_plaintext_connection(True)
builder.bearer_token(sys.stdin.readline().strip())
sys.stdout.buffer.write(builder.build().load_tdf(open(sys.argv[1], "rb").read()).payload)
"""


def may_listen_where_packages_point() -> bool:
    """True when port 80, which stands in every package, is free and ours to take."""
    try:
        with socket.create_server(("127.0.0.1", 80)):
            return True
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.e2e
@pytest.mark.skipif(not PYTHON.exists(), reason=f"the client is not installed: {CURE}")
@pytest.mark.skipif(not may_listen_where_packages_point(), reason="nobody but root listens on port 80")
def test_the_unofficial_python_client_opens_a_release(tmp_path):
    world = build_world(tmp_path / "world", seed=11, people=600, items=60)
    assert world.init().code == 0
    (row,) = world.fresh_rows(1)
    batch = world.run(world.write_batch([row], "valid")).result["batch"]
    assert world.approve_by_two(batch).result["released"] == 1
    officer = row["officers"].split(";")[0].strip()
    assert world.accept(officer).code == 0
    key = parse_private_key(world.key("officers", officer).read_bytes())
    holder, kind = key_id(key.public_key()), {"Content-Type": "application/json"}
    with served(world, "--compat", port=80) as service:
        challenge = json.loads(service.send("/token/challenge", b"{}", kind)[1])["challenge"]
        said = sign(key, token.statement(challenge, holder, "")).decode()
        words = {"challenge": challenge, "key_id": holder, "signature": said}
        bearer = json.loads(service.send("/token", json.dumps(words).encode(), kind)[1])["access_token"]
        package = world.gate / "outbox" / f"{row['request_id']}.tdf"
        done = subprocess.run(
            [PYTHON, "-c", CLIENT, package], input=bearer, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr[-500:]
    assert json.loads(done.stdout)["request_id"] == row["request_id"]
