"""Switches of what a person is told and of what is destroyed; see `rule_switches`."""

from tests.switch import SOLELY, Switch

SUBJECT = SOLELY + "ledger/subject.py"

SWITCHES: tuple[Switch, ...] = (
    Switch(
        "R-93",
        SUBJECT,
        "    return Tags(chance, tag_of(sealed_key(keys, delay_id, record_id), nonce))",
        "    return Tags(tag_of(sealed_key(keys, delay_id, record_id), nonce), chance)",
    ),
)
