"""Switches of the rules on people at the console: who acts, what they saw, what they signed."""

from tests.switch import SOLELY, Switch

SWITCHES: tuple[Switch, ...] = (
    Switch(
        "R-106",
        SOLELY + "passkey.py",
        "    if sha256_hex(statement) not in shown.statements:  # 1\n",
        "    if False:  # 1\n",
    ),
    Switch(
        "R-84",
        SOLELY + "signing.py",
        "        if passkey.is_signature(vouched.signature):\n",
        "        if False:\n",
    ),
    Switch(
        "R-84",
        SOLELY + "signing.py",
        "        verify(public_key, vouched.signature, vouched.statement)\n",
        "",
    ),
)
