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
    Switch(
        "R-93",
        SOLELY + "oversight/inquiry.py",
        "    if not is_theirs or not is_fresh or office",
        "    if office",
    ),
    Switch(
        "R-93",
        SOLELY + "steps/delaying.py",
        "    return None if row is None or is_ended(row, today) else batch_id",
        "    return None",
    ),
    Switch("R-61", SOLELY + "steps/destroying.py", "    if not kept.is_destroyed:", "    if False:"),
    Switch(
        "R-61",
        SOLELY + "steps/destroying.py",
        "        if each.order.kind is not Kind.PRESERVATION:",
        "        if each.order.kind is not Kind.STAY:",
    ),
    Switch("R-61", SOLELY + "steps/destroying.py", "    if at.date() <= last:", "    if False:"),
)
