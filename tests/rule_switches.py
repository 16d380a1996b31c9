"""How each rule's check is switched off: one small change of one file per line (`make rules PROVE=1`).

- The change is made in a copy of the tree; at least one test that names the rule must then fail.
- `old` must stand exactly once in the file: a check that was rewritten needs its switch rewritten too.
- A rule may have several switches, one per place that upholds it; each must be noticed.
"""

from tests import (
    switches_of_agreements,
    switches_of_orders,
    switches_of_oversight,
    switches_of_people,
    switches_of_records,
    switches_of_requests,
    switches_of_subjects,
    switches_of_witnesses,
)
from tests.switch import Switch

__all__ = ["SWITCHES", "Switch"]

SWITCHES: tuple[Switch, ...] = (
    *switches_of_requests.SWITCHES,
    *switches_of_records.SWITCHES,
    *switches_of_agreements.SWITCHES,
    *switches_of_orders.SWITCHES,
    *switches_of_witnesses.SWITCHES,
    *switches_of_subjects.SWITCHES,
    *switches_of_oversight.SWITCHES,
    *switches_of_people.SWITCHES,
)
