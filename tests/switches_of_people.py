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
        "R-106",
        SOLELY + "console/visit.py",
        "require_assertion(parse_voucher(self.vouched.statement), self.shown.challenge(), self.assertion)",
        "pass",
    ),
    Switch(
        "R-84",
        SOLELY + "signing.py",
        "    verify(public_key, vouched.signature, vouched.statement)\n",
        "",
    ),
    Switch("R-84", SOLELY + "steps/vouching.py", "    if entry is None:\n", "    if False:\n"),
    Switch(
        "R-84",
        SOLELY + "steps/vouching.py",
        "        _require_standing(services, voucher, entry, at)\n",
        "        pass\n",
    ),
    Switch(
        "R-82",
        SOLELY + "steps/attending.py",
        '    held.require_said(services, entry, *_sign_in_of(row, person), "a sign-in")\n',
        "",
    ),
    Switch(
        "R-84", SOLELY + "review/panel.py", "    if fold(one.name) == fold(other.name):\n", "    if False:\n"
    ),
    Switch(
        "R-103",
        SOLELY + "console/app.py",
        "            return await self._sign_in.failed(error, call)\n",
        "            return error\n",
    ),
    Switch("R-103", SOLELY + "api/server.py", "    tell = never_waiting(tell)\n", ""),
    Switch("R-103", SOLELY + "steps/turning_away.py", "is_due = call == UPLOAD or ", "is_due = "),
    Switch("R-103", SOLELY + "console/app.py", "if isinstance(error, Unreadable):", "if False:"),
    Switch("R-92", SOLELY + "console/app.py", "        if route.needs_passkey and ", "        if False and "),
    Switch("R-106", SOLELY + "passkey.py", 'client.get("origin") != voucher.address or ', ""),
    Switch(
        "R-84",
        SOLELY + "steps/attending.py",
        " or vouching.find(services, voucher.passkey) is not None",
        "",
    ),
    Switch(
        "R-84",
        SOLELY + "console/app.py",
        "        if known.person != signed_in.person:\n",
        "        if False:\n",
    ),
    Switch(
        "R-82",
        SOLELY + "steps/attending.py",
        "    if len(found) != 1 or found[0].role not in named.roles:\n",
        "    if not found:\n",
    ),
    Switch(
        "R-103", SOLELY + "console/openid.py", "            claims.validate(now=now, leeway=LEEWAY)\n", ""
    ),
    Switch(
        "R-85", SOLELY + "steps/approving.py", "    sampling.require_passed(services, batch, approver)\n", ""
    ),
    Switch("R-85", SOLELY + "steps/sampling.py", '(word == "release") == place.is_known', "False"),
    Switch("R-85", SOLELY + "review/sample.py", "Place(row, known.get(place))", "Place(row)"),
    Switch("R-85", SOLELY + "review/sample.py", " if each not in shown), None)", "), None)"),
    Switch(
        "R-85",
        SOLELY + "review/near.py",
        "        if is_told_apart(subject, each) and",
        "        if True and",
    ),
    Switch("R-85", SOLELY + "review/near.py", "(-_nearness(subject, o), o.record_id)", "o.record_id"),
    Switch("R-85", SOLELY + "steps/sampling_entries.py", ' if each["entry_index"] > voiding', ""),
    Switch(
        "R-85",
        "src/solely_verify/samples.py",
        "        return approval < self._voiding.get(decided, -1)\n",
        "        return False\n",
    ),
    Switch(
        "R-85",
        SOLELY + "steps/sampling_entries.py",
        "default=found[0][0] if found else -1)",
        "default=-1)",
    ),
    Switch("R-85", "src/solely_verify/samples.py", " and tag not in self._passed[decided]", " and False"),
    Switch(
        "R-92", SOLELY + "steps/reviewing.py", "        _require_opened(services, cast)\n", "        pass\n"
    ),
    Switch(
        "R-92",
        SOLELY + "steps/showing_entries.py",
        'entry.refs == (case["decision_index"],)\n',
        "entry.refs != ()\n",
    ),
    Switch(
        "R-92",
        SOLELY + "steps/queueing.py",
        "    if holder == officer.id or until <= clock.milliseconds(at):\n",
        "    if True:\n",
    ),
    Switch("R-57", SOLELY + "api/observed.py", 'method if method in _METHODS else "other"', "method"),
    Switch(
        "R-57",
        SOLELY + "console/inbox.py",
        'named_release.own_request(visit.services, visit.path["request_id"], visit.who)',
        'visit.path["request_id"]',
    ),
    Switch("R-57", SOLELY + "steps/reviewing.py", '    require_note("the note", vote.note)\n', ""),
    Switch("R-87", SOLELY + "decision/ruling.py", "frozenset(reasons - stopping))", "frozenset())"),
    Switch("R-92", SOLELY + "steps/showing.py", "    showing_entries.log(services, officer, case, at)\n", ""),
    Switch(
        "R-92",
        SOLELY + "steps/showing.py",
        "    made = make(_shown(services, case, at))\n    showing_entries.log(services, officer, case, at)\n",
        "    showing_entries.log(services, officer, case, at)\n    made = make(_shown(services, case, at))\n",
    ),
    Switch(
        "R-92",
        SOLELY + "steps/sampling.py",
        "    if not all(showing_entries.are_seen(services, approver, [case], _place_of(found))):\n",
        "    if False:\n",
    ),
    Switch(
        "R-106",
        SOLELY + "console/templates/item.html",
        '<span class="mark-unread">cannot be read</span>',
        '<span class="mark-equal">equal</span>',
    ),
)
