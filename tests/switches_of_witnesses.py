"""Switches of the checks around witnesses: quorum, copies, restored gates, draws."""

from tests.switch import Switch

SOLELY, VERIFY, WITNESS = "src/solely/", "src/solely_verify/", "src/solely_witness/"

SWITCHES: tuple[Switch, ...] = (
    Switch("R-56", SOLELY + "store/witnesses.py", "if not self.policy.is_met(cosigned):", "if False:"),
    Switch("R-56", SOLELY + "store/ledger_store.py", "    if seen > head:\n", "    if False:\n"),
    Switch("R-56", VERIFY + "policy.py", "    if not policy.holds(seen):\n", "    if False:\n"),
    Switch("R-56", WITNESS + "cosigning.py", "            copy.follow(head)\n", "            pass\n"),
    Switch("R-56", WITNESS + "cosigning.py", "if request.old != last.size:  # 5", "if False:  # 5"),
    Switch("R-82", SOLELY + "steps/held.py", 'digests.get("witnesses") == there', "True"),
    Switch("R-86", SOLELY + "ledger/draw.py", "        if line is not None:\n", "        if False:\n"),
    Switch(
        "R-56",
        SOLELY + "store/ledger_files.py",
        '        return self.heads_outside or self.keys / "heads.sqlite"\n',
        '        return self.keys / "heads.sqlite"\n',
    ),
    Switch(
        "R-56",
        SOLELY + "services.py",
        "            if not config.is_demo and not ledger.is_held_outside:\n",
        "            if False:\n",
    ),
    Switch(
        "R-56", SOLELY + "setup.py", "        if not is_seen and not config.is_demo:\n", "        if False:\n"
    ),
    Switch("R-59", SOLELY + "steps/replaying.py", "    services.ledger.require_open()", "    pass"),
    Switch(
        "R-84",
        SOLELY + "steps/loosening.py",
        "    if services.ledger.is_closed:\n",
        "    if False:\n",
    ),
)
