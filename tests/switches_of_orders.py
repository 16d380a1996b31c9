"""Switches for orders: what stops, who may lift, who is protected."""

from tests.switch import Switch

SOLELY = "src/solely/"
FORCE = SOLELY + "orders/force.py"

DUTIES = SOLELY + "release/duties.py"
RECIPIENT = SOLELY + "steps/recipient.py"
SHARING = SOLELY + "steps/sharing.py"

SWITCHES: tuple[Switch, ...] = (
    Switch("R-08", SOLELY + "steps/serving.py", "        services.give_way = self._file_waiting\n", ""),
    Switch(
        "R-84",
        SOLELY + "steps/releasing.py",
        "        if len(approved & services.trust.approvers.keys()) < NEEDED:\n",
        "        if False:\n",
    ),
    Switch(
        "R-91",
        SOLELY + "api/app.py",
        "await asyncio.to_thread(require_signed, door.serving.enrolled, asked.text, asked.signature)",
        "pass",
    ),
    Switch(
        "R-91",
        SOLELY + "steps/ordering.py",
        "    _require_authority(services, order, (text, signature), at, known)\n",
        "    if not any(each.order.id == order.id for each in known):\n"
        "        _require_authority(services, order, (text, signature), at, known)\n",
    ),
    Switch(
        "R-06",
        FORCE,
        '        case Kind.STAY:\n            return "STAYED"\n',
        "        case Kind.STAY:\n            return None\n",
    ),
    Switch(
        "R-07", FORCE, '            return "SAFEGUARDS" if is_open else None\n', "            return None\n"
    ),
    Switch("R-07", FORCE, "is_answer_to(earlier) and stays > max(begins, at)", "is_answer_to(earlier)"),
    Switch("R-67", FORCE, "comes or (each.order.is_answer_to(earlier)", "comes or (False"),
    Switch(
        "R-08",
        FORCE,
        '            return "NOTICE" if ends is None or at < ends else None\n',
        "            return None\n",
    ),
    Switch(
        "R-12",
        FORCE,
        '            return "KEY_REVOKED" if is_revoked(order, touched) else None\n',
        "            return None\n",
    ),
    Switch(
        "R-53",
        SOLELY + "model.py",
        "(self.certificate_until is None or self.certificate_until < day):\n",
        "False:\n",
    ),
    Switch(
        "R-10",
        SOLELY + "steps/judging_again.py",
        "services.law.awaits_until is not None and today <",
        "False and today <",
    ),
    Switch(
        "R-47", SOLELY + "release/content.py", "    if not release.is_confirmed_only:\n", "    if True:\n"
    ),
    Switch(
        "R-54",
        SHARING,
        '        if words["authority"] not in services.law.onward_authorities:\n',
        "        if False:\n",
    ),
    Switch(
        "R-76",
        SOLELY + "release/opening.py",
        "    if is_weekend or not first <= then.hour < last:\n",
        "    if False:\n",
    ),
    Switch(
        "R-65",
        SOLELY + "oversight/incident.py",
        "        return self.reported_at is None and at > self.report_by\n",
        "        return False\n",
    ),
    Switch("R-62", DUTIES, "each.act is not Act.OUTCOME and today > each.by]", "False]"),
    Switch(
        "R-96",
        RECIPIENT,
        "    elif officer.id not in openers and (kind in OWN or absent != openers):\n",
        "    elif False:\n",
    ),
    Switch(
        "R-96",
        RECIPIENT,
        '        if kind not in OWN or words["for"] not in absent:\n',
        "        if False:\n",
    ),
    Switch(
        "R-64",
        DUTIES,
        "return bool(self.opened) and self.opened.keys() <= signed\n",
        "return bool(signed)\n",
    ),
    Switch("R-57", SOLELY + "notes.py", "    if holds_number(text):\n", "    if False:\n"),
    Switch("R-64", DUTIES, "    if owed.recalled_on is None:\n", "    if True:\n"),
    Switch(
        "R-49",
        SOLELY + "steps/held.py",
        "    require(entry.package[-len(recipients) :] == recipients, what)\n",
        "",
    ),
    Switch(
        "R-61",
        SOLELY + "steps/held.py",
        "    require(stated == (entry.time, last.isoformat()), what)\n",
        "",
    ),
    Switch("R-91", SOLELY + "steps/known.py", "        if word not in known:\n", "        if False:\n"),
    Switch(
        "R-81",
        SOLELY + "steps/known.py",
        'if name in ("request", "release") else',
        'if name == "release" else',
    ),
    Switch("R-91", SOLELY + "steps/listed.py", "if text and not readers", "if False and not readers"),
    Switch("R-91", FORCE, "    named = (touched.item, touched.record)\n", "    named = (touched.item,)\n"),
    Switch(
        "R-91",
        SOLELY + "steps/listed.py",
        "        if not (person.given_name or person.family_name or person.taxpayer_number):\n",
        "        if False:\n",
    ),
    Switch("R-91", FORCE, "        return bool(self.order.scope.people) and ", "        return False and "),
    Switch("R-99", SOLELY + "steps/urgent.py", "        if by is not None:\n", "        if False:\n"),
    Switch(
        "R-62",
        DUTIES,
        "recalled_on is None or Act.DESTROYED.value not in each.signed_by(officer)",
        "recalled_on is None",
    ),
    Switch(
        "R-84",
        SOLELY + "store/trust.py",
        "    if replace(one, valid_to=",
        "    if False and replace(one, valid_to=",
    ),
    Switch(
        "R-84", SOLELY + "store/trust.py", "    return one.valid_to <= other.valid_to and ", "    return "
    ),
    Switch("R-84", SOLELY + "store/inputs.py", "    if not (is_same and ", "    if not ("),
    Switch("R-84", SOLELY + "store/inputs.py", " and set(before) <= set(after)", ""),
    Switch("R-84", SOLELY + "store/inputs.py", "known.issuperset(words)) for words", "True) for words"),
    Switch("R-84", SOLELY + "store/inputs.py", "is_even and set(old) <= set(new)", "is_even"),
    Switch("R-84", SOLELY + "store/inputs.py", "is_even and set(old) <= ", "set(old) <= "),
    Switch("R-14", SOLELY + "steps/urgent.py", "not is_independent(official, other)", "False"),
    Switch(
        "R-84",
        SOLELY + "setup.py",
        "        return name in self._proposals() and ",
        "        return False and ",
    ),
    Switch(
        "R-93",
        SOLELY + "steps/delaying.py",
        "policy = bytes.fromhex(kept_tag(services.salt_key, statement))",
        'policy = services.in_force["policy"]',
    ),
    Switch("R-96", DUTIES, "due.append((officer, Act.VERIFIED, ", "due.append((officer, Act.OUTCOME, "),
    Switch(
        "R-97", RECIPIENT, '    if places != [each["entry_index"] for each in stored]:\n', "    if False:\n"
    ),
    Switch(
        "R-98",
        DUTIES,
        '    return missing * 100 > len(due) * days["outcome_overdue_percent_max"]\n',
        "    return False\n",
    ),
    Switch(
        "R-101",
        SOLELY + "steps/opening.py",
        "    if officer.id not in ground.accepted:\n",
        "    if False:\n",
    ),
    Switch("R-84", SOLELY + "steps/loosening.py", "[NEEDED - 1][1] + WAIT if", "[NEEDED - 1][1] if"),
    Switch(
        "R-84",
        SOLELY + "steps/ordering.py",
        "for each, index in standing if each.key_id in known - revoked]",
        "for each, index in standing if each.key_id not in revoked]",
    ),
    Switch(
        "R-84",
        SOLELY + "setup.py",
        "        return kept\n\n    def _propose",
        "        return given\n\n    def _propose",
    ),
    Switch(
        "R-91",
        SOLELY + "orders/order.py",
        "        return lasts and (self.hours or 0)",
        "        return True or (self.hours or 0)",
    ),
    Switch("R-91", FORCE, "        and each.order.id not in superseded\n", ""),
    Switch("R-92", SOLELY + "steps/receiving.py", "services.takes_paths and os", "os"),
    Switch(
        "R-84",
        SOLELY + "orders/order.py",
        "            return self._silences and not self.is_suspension\n",
        "            return False\n",
    ),
    Switch("R-84", SOLELY + "steps/known.py", "    _require_own_agency(services, order, named)\n", ""),
    Switch(
        "R-84",
        FORCE,
        "spoiled, found.in_effect_at or NEVER) for each in signed):",
        "spoiled, found.in_effect_at or NEVER) and False for each in signed):",
    ),
    Switch(
        "R-07",
        SOLELY + "steps/ordering.py",
        "order.is_loosening and order.office in services.law.parties[1:]:",
        "False:",
    ),
    Switch("R-84", FORCE, "self.filed_at + SUSPENSION if", "self.order.ends_at if"),
    Switch("R-84", FORCE, "if signed.at <= each.until]", "if False]"),
    Switch(
        "R-84",
        SOLELY + "steps/enrolments.py",
        "key_id != approver.key_id):",
        "key_id != approver.key_id) and False:",
    ),
    Switch(
        "R-84",
        FORCE,
        "    return found._replace(countersigned_at=None) if is_void",
        "    return found if is_void",
    ),
    Switch(
        "R-84",
        SOLELY + "steps/objecting.py",
        "    _require_not_silenced(services, batch, entry, official)\n",
        "",
    ),
    Switch("R-64", FORCE, '            return "RECALLED"\n', "            return None\n"),
    Switch("R-84", FORCE, "else max(begins, self.countersigned_at + WAIT)\n", "else begins\n"),
    Switch(
        "R-91",
        FORCE,
        "    if lift.authority == earlier.authority:\n        return True\n",
        "    return True\n",
    ),
    Switch(
        "R-91",
        SOLELY + "orders/people.py",
        "    return longer > 1 and OSA.distance(one, other, score_cutoff=slips) <= slips\n",
        "    return False\n",
    ),
    Switch(
        "R-91",
        SOLELY + "orders/people.py",
        "    if one == other or (1 in (len(one), len(other)) and one[0] == other[0]):\n",
        "    if True:\n        return one == other\n    if True:\n",
    ),
    Switch(
        "R-82",
        SOLELY + "steps/ordering.py",
        '    if places != {row["entry_index"] for row in stored}:\n',
        "    if False:\n",
    ),
    Switch("R-84", SOLELY + "setup.py", "            _require_two(trust, today)\n", "            pass\n"),
    Switch(
        "R-84",
        SOLELY + "setup.py",
        "    left = [each for each in trust.approvers.values() if each.valid_to >= today]\n",
        "    left = [*trust.approvers.values()]\n",
    ),
    Switch("R-52", SOLELY + "access/refusal.py", "        refusal.used += used\n", ""),
    Switch(
        "R-61",
        SOLELY + "steps/destroying.py",
        "        _require_ordered(services, rows[0], named.order, at)\n",
        "",
    ),
    Switch("R-52", SOLELY + "setup.py", "            if other != name:\n", "            if False:\n"),
    Switch(
        "R-08",
        SOLELY + "steps/ordering.py",
        "    last = max(found.noticed, default=None)\n",
        "    last = None\n",
    ),
)
