"""Switches of the rules on record and proof, and of what comes after a mistake: R-55 on, R-92 on."""

from tests.switch import SOLELY, Switch

SWITCHES: tuple[Switch, ...] = (
    Switch(
        "R-59",
        SOLELY + "steps/replaying.py",
        "        if stored.entry.body == expected and stored.entry.outcome == journal.CLASS_OF[word]:\n",
        "        if True:\n",
    ),
    Switch(
        "R-59",
        SOLELY + "setup.py",
        '            keep_superseded(self.folder, name, self._part_rows()[name]["entry_index"])\n',
        "                pass\n",
    ),
    Switch(
        "R-60",
        "src/solely_verify/withheld.py",
        "        for group in sorted(due):\n",
        "        for group in sorted(due & set(withheld)):\n",
    ),
    Switch(
        "R-59",
        "src/solely_verify/cycles.py",
        "        return self._replays.take(index, entry[11], refs)\n",
        "        return None\n",
    ),
    Switch("R-60", SOLELY + "oversight/scope.py", "    if beyond:\n", "    if False:\n"),
    Switch(
        "R-105",
        "src/solely_verify/export.py",
        '        if type(line["index"]) is not int or line["index"] != wanted:\n'
        '            raise Refusal(f"{place}: the draw comes',
        '        if False:\n            raise Refusal(f"{place}: the draw comes',
    ),
    Switch("R-100", SOLELY + "oversight/published.py", " if number < SMALL else ", " if number < 0 else "),
    Switch("R-100", SOLELY + "oversight/published.py", "    while hidden and ", "    while False and "),
    Switch("R-58", SOLELY + "oversight/accounting.py", "    if ledger != state:\n", "    if False:\n"),
    Switch("R-102", SOLELY + "oversight/register.py", "    if missing:\n", "    if False:\n"),
    Switch(
        "R-102",
        SOLELY + "oversight/register.py",
        "                found |= set(entry.refs[-otherwise:])\n",
        "                pass\n",
    ),
    Switch(
        "R-82",
        SOLELY + "steps/rejudging.py",
        "    if sorted(named) != services.ledger.places((EntryType.TASK,)) or len(releases) != len(rows):\n",
        "    if False:\n",
    ),
    Switch("R-63", SOLELY + "steps/rejudging.py", "        if causes:\n", "        if False:\n"),
    Switch(
        "R-92",
        SOLELY + "steps/releasing.py",
        "    objecting.require_unobjected(services, batch)\n",
        "",
    ),
    Switch("R-92", SOLELY + "steps/releasing.py", "        objecting.require_unobjected(services, of)\n", ""),
    Switch("R-06", SOLELY + "steps/releasing.py", "        require_standing(services, of, at.date())\n", ""),
    Switch(
        "R-92",
        SOLELY + "steps/objecting.py",
        "    if tag == entry.approvals[1]:\n",
        "    if False:\n",
    ),
    Switch(
        "R-92",
        SOLELY + "steps/opening.py",
        '    objecting.require_item_unobjected(services, batch, case["decision_index"], open_ones)\n',
        "    pass\n",
    ),
    Switch(
        "R-92",
        "src/solely_verify/cycles.py",
        '        return line or self._recipients.take("open", release)\n',
        '        return self._recipients.take("open", release)\n',
    ),
    Switch(
        "R-82",
        "src/solely_verify/cycles.py",
        "        if new == RELEASABLE and earlier in self._declined:\n",
        "        if False:\n",
    ),
    Switch("R-56", "src/solely_verify/once.py", "        if value in first:\n", "        if not first:\n"),
    Switch(
        "R-56",
        "src/solely_verify/cycles.py",
        "        return None if 4 not in entry or entry[4] in self._laws else _NO_LAW\n",
        "        return None\n",
    ),
    Switch(
        "R-56",
        "src/solely_verify/cycles.py",
        "        is_of_its_month = entry[14] == _bucket(entry[3])\n",
        "        is_of_its_month = entry[14] > 0\n",
    ),
    Switch(
        "R-84",
        "src/solely_verify/destruction.py",
        "        return preservation in self._ends and self._ends[preservation] <= time\n",
        "        return preservation in self._ends\n",
    ),
    Switch("R-96", "src/solely_verify/references.py", '    "duty": Rests(("release", "correction")),\n', ""),
    Switch(
        "R-93",
        SOLELY + "steps/rejudging.py",
        "                _open_task(services, tx, each, at)\n",
        "                pass\n",
    ),
)
