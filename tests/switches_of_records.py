"""Switches of the rules from the first look at a record on: R-37 and above."""

from tests.switch import AGREEMENT, REDACTED, SIGNED, SOLELY, STATUTE, Switch

SWITCHES: tuple[Switch, ...] = (
    Switch(
        "R-90",
        SOLELY + "agreement/questions.py",
        '    if word not in ("sat", "unsat"):\n',
        "    if False:\n",
    ),
    Switch(
        "R-90",
        SOLELY + "steps/proving.py",
        "    first = [*differences(law.statute, reading), *_laxer(claims, above)]\n",
        "    first: list[str] = []\n",
    ),
    Switch(
        "R-37",
        SOLELY + "matching/compare.py",
        "        confirmed = enough and counted and unit is not Level.CONFLICT\n",
        "        confirmed = True\n",
    ),
    Switch(
        "R-38",
        SOLELY + "matching/compare.py",
        '    return policy.address_periods == "requested" and meets(address, subject.periods)\n',
        '    return policy.address_periods == "requested"\n',
    ),
    Switch(
        "R-39",
        SOLELY + "matching/gates.py",
        "    if any(is_rival(each, field.best, subject) for each in field.others):\n",
        "    if False:\n",
    ),
    Switch(
        "R-39",
        SOLELY + "decision/match.py",
        "    {Abstention.NAME_NOT_STRICT, Abstention.RIVAL, ",
        "    {*Abstention, Abstention.NAME_NOT_STRICT, Abstention.RIVAL, ",
    ),
    Switch(
        "R-40",
        SOLELY + "matching/alignment.py",
        "    return TYPO if OSA.distance(asked, text) <= TYPO_EDITS_MAX else None\n",
        "    return None\n",
    ),
    Switch(
        "R-41",
        SOLELY + "matching/compare.py",
        "    if any(each.isdigit() for each in written + filed):\n",
        "    if False:\n",
    ),
    Switch(
        "R-41",
        SOLELY + "matching/compare.py",
        "    if around == (held.suffix, held.predirectional, held.postdirectional):\n",
        "    if around:\n",
    ),
    Switch("R-42", SOLELY + "matching/weight.py", "WEIGHT_BITS_FLOOR = 40  #", "WEIGHT_BITS_FLOOR = 39  #"),
    Switch(
        "R-42",
        SOLELY + "matching/gates.py",
        "    is_named = other.name.level is NameLevel.STRICT and other.suffix is not Level.CONFLICT\n",
        "    is_named = other.name.level is NameLevel.STRICT\n",
    ),
    Switch("R-43", SOLELY + "decision/answer.py", '    if is_record_read:\n        return "accepted"\n', ""),
    Switch(
        "R-43",
        SOLELY + "matching/identify.py",
        '        "is_protected": best.record.is_protected is not False,\n',
        '        "is_protected": best.record.is_protected,\n',
    ),
    Switch("R-43", STATUTE, "\nis_impaired = false\n", "\nis_impaired = false or is_impaired = true\n"),
    Switch(
        "R-43",
        SOLELY + "decision/match.py",
        "        is_referred = found.abstention in REFERABLE and not is_guarded(found.facts)\n",
        "        is_referred = found.abstention in REFERABLE\n",
    ),
    Switch(
        "R-43",
        SOLELY + "decision/match.py",
        "    if is_open and is_guarded(found.facts):\n",
        "    if False and is_guarded(found.facts):\n",
    ),
    Switch(
        "R-44",
        SOLELY + "steps/identification.py",
        "    places = examined.passed()\n",
        "    places = list(range(len(examined.items)))\n",
    ),
    Switch(
        "R-45",
        SOLELY + "release/content.py",
        '    _require(isinstance(address, dict) and set(address) == expected, "address")\n',
        '    _require(isinstance(address, dict), "address")\n',
    ),
    Switch(
        "R-45",
        AGREEMENT,
        "\nsubset_of(fields, agreed_fields)\n",
        "\nsubset_of(fields, agreed_fields) or not subset_of(fields, agreed_fields)\n",
    ),
    Switch(
        "R-46",
        SOLELY + "release/content.py",
        "    return not any(_OTHER_PERSON.search(line) for line in (",
        "    return not any(False for line in (",
    ),
    Switch(
        "R-48",
        SOLELY + "agreement/narrowing.py",
        "            if opened != NOT_STATED and value not in opened:\n",
        "            if False:\n",
    ),
    Switch(
        "R-49", STATUTE, "\nofficers_valid = true\n", "\nofficers_valid = true or officers_valid = false\n"
    ),
    Switch(
        "R-49",
        SOLELY + "model.py",
        '        is_person = self.kind in ("person", "contractor")\n',
        "        is_person = True\n",
    ),
    Switch(
        "R-50", STATUTE, "\nofficers_valid = true\n", "\nofficers_valid = true or officers_valid = false\n"
    ),
    Switch("R-50", SOLELY + "steps/history.py", "        if over:\n", "        if False:\n"),
    Switch("R-51", SOLELY + "steps/history.py", "        if over:\n", "        if False:\n"),
    Switch("R-87", SOLELY + "steps/history.py", "        held.require_sent_on(services, since)\n", ""),
    Switch("R-87", SOLELY + "steps/deciding.py", "tries.get(place, 0) >= most", "False"),
    Switch(
        "R-51",
        SOLELY + "steps/history.py",
        '        tallies.admit(tx, batch["id"], face.caseload)\n',
        "",
    ),
    Switch("R-52", SOLELY + "release/opening.py", "    if day > expires_on:\n", "    if False:\n"),
    Switch("R-52", SOLELY + "release/opening.py", "    if officer.id not in named:\n", "    if False:\n"),
    Switch(
        "R-56",
        "src/solely_verify/succession.py",
        "    if old.head.size > head.size:\n",
        "    if False:\n",
    ),
    Switch(
        "R-56",
        "src/solely_verify/succession.py",
        "    elif old.after != new.origin.encode():\n",
        "    elif False:\n",
    ),
    Switch(
        "R-55",
        "src/solely_verify/receipt.py",
        "    require_path(hash_leaf(entry), index, head.size, ",
        "    isinstance(hash_leaf(entry), bytes) or require_path(hash_leaf(entry), index, head.size, ",
    ),
    Switch("R-82", SOLELY + "store/ledger_store.py", "        self._require_event(tx, known, entries)\n", ""),
    Switch(
        "R-82",
        SOLELY + "store/database.py",
        "    if connection.exec_driver_sql(query).scalar():\n",
        "    if False:\n",
    ),
    Switch("R-56", SOLELY + "store/ledger_store.py", "            self._require_last(tx, edge)\n", ""),
    Switch(
        "R-56",
        SOLELY + "store/ledger_files.py",
        "                if self._has(name, data):\n",
        "                if not name:\n",
    ),
    Switch("R-56", "src/solely_verify/tree.py", "    if reached != root:\n", "    if not root:\n"),
    Switch(
        "R-56", "src/solely_verify/log.py", "        if held == expected:  # 5\n", "        if True:  # 5\n"
    ),
    Switch(
        "R-57",
        SOLELY + "ledger/commitment.py",
        "    return hashlib.sha256(COMMIT + group.encode() + salt + content).digest()\n",
        "    return hashlib.sha256(COMMIT + group.encode() + content).digest()\n",
    ),
    Switch(
        "R-57",
        SOLELY + "confidential.py",
        '        return f"{type(self).__name__}([confidential])"\n',
        '        return f"{type(self).__name__}{tuple(self)}"\n',
    ),
    Switch(
        "R-59",
        SOLELY + "facts/request.py",
        '        "name_verdict": Column.of(verdicts),\n',
        '        "name_verdict": Column.of(verdicts[:1] * size),\n',
    ),
    Switch(
        "R-66",
        AGREEMENT,
        "\nitems_that_day <= items_without_history_max\n",
        "\nitems_that_day <= items_without_history_max or items_that_day > items_per_officer_max\n",
    ),
    Switch(
        "R-66",
        AGREEMENT,
        "\nand (items_that_day <= volume_floor_items or items_percent_of_history <= volume_percent_max)\n",
        "\nand (items_that_day <= volume_floor_items or items_percent_of_history >= 0)\n",
    ),
    Switch("R-67", SOLELY + "matching/weight.py", "WEIGHT_BITS_FLOOR = 40 ", "WEIGHT_BITS_FLOOR = 400 "),
    Switch(
        "R-68",
        SOLELY + "steps/examination.py",
        "unmet = unmet_by_place[place]",
        "unmet = unmet_by_place[0]",
    ),
    Switch(
        "R-69",
        SOLELY + "decision/ruling.py",
        "for reason in reasons_of(each, found))]",
        "for reason in ())]",
    ),
    Switch("R-70", SOLELY + "release/content.py", "|\\bCARE OF\\b|", "|\\bCARE OF\\b|\\bUNKNOWN\\b|"),
    Switch(
        "R-79",
        SOLELY + "matching/gates.py",
        '    return Gate("G3", keys >= 1, ',
        '    return Gate("G3", True, ',
    ),
    Switch(
        "R-79",
        AGREEMENT,
        "\nbirth_date is not null or taxpayer_number_verdict = 'VALID'\n",
        "\nbirth_date is not null or taxpayer_number_verdict in ('VALID', 'ABSENT')\n",
    ),
    Switch(
        "R-80",
        SOLELY + "matching/compare.py",
        "        enough = level is AddressLevel.EQUAL or (is_same and not subject.is_exact_required)\n",
        "        enough = is_same\n",
    ),
    Switch(
        "R-80",
        SOLELY + "facts/address_reasons.py",
        '    "no_zip": ("REVIEW", "R-80",',
        '    "no_zip": ("OK", "R-80",',
    ),
    Switch("R-81", SOLELY + "decision/answer.py", '    if is_record_read:\n        return "accepted"\n', ""),
    Switch(
        "R-82",
        SOLELY + "review/states.py",
        "    (State.REFERRED_READ, State.RELEASABLE):",
        "    (State.WITHHELD, State.RELEASABLE):",
    ),
    Switch("R-82", SOLELY + "steps/judging_again.py", ' or shown not in (disposition, "released"):\n', ":\n"),
    Switch(
        "R-82", SOLELY + "review/states.py", "    if (before, after) not in TRANSITIONS:\n", "    if False:\n"
    ),
    Switch(
        "R-83",
        SOLELY + "steps/identification.py",
        "    if (today - records.as_of).days > policy.record_age_days_max:\n",
        "    if False:\n",
    ),
    Switch("R-83", SIGNED, "    if found:\n", "    if False:\n"),
    Switch("R-83", SOLELY + "agreement/strike.py", "    if not covers:\n", "    if False:\n"),
    Switch(
        "R-84",
        SOLELY + "review/panel.py",
        "    if not first or not second or first == second:\n",
        "    if False:\n",
    ),
    Switch("R-85", SOLELY + "steps/releasing.py", "    if len(approvals) < NEEDED:\n", "    if False:\n"),
    Switch(
        "R-97",
        SOLELY + "steps/opening.py",
        '    if address_digest(permitted.address) != release["address_sha256"]:\n',
        "    if False:\n",
    ),
    Switch("R-84", SOLELY + "review/panel.py", "    if one.key_id == other.key_id:\n", "    if False:\n"),
    Switch(
        "R-86",
        AGREEMENT,
        "\npersons_of_investigation <= persons_per_investigation_max\n",
        "\npersons_of_investigation <= items_without_history_max\n",
    ),
    Switch(
        "R-86",
        AGREEMENT,
        "\ninvestigations_opened_that_day <= investigations_opened_per_day_max\n",
        "\ninvestigations_opened_that_day <= items_per_officer_max\n",
    ),
    Switch(
        "R-86",
        AGREEMENT,
        "\nsequential_investigations <= sequential_investigations_max\n",
        "\nsequential_investigations <= items_per_officer_max\n",
    ),
    Switch(
        "R-86",
        SOLELY + "steps/evidencing.py",
        "    if found is None or not found.missing:\n",
        "    if found is not None:\n",
    ),
    Switch(
        "R-86", SOLELY + "steps/evidencing.py", "    if at.date() > found.evidence_by:\n", "    if False:\n"
    ),
    Switch(
        "R-86",
        SOLELY + "steps/evidencing.py",
        '    _require(logged <= {each["entry_index"] for each in (stored, *rows) if each is not None})\n',
        "",
    ),
    Switch(
        "R-86", "src/solely_verify/cycles.py", "            if first != index:\n", "            if False:\n"
    ),
    Switch("R-86", SOLELY + "steps/held.py", " or office.key_id != holder", ""),
    Switch("R-82", SOLELY + "decision/told.py", "strength_of(rule) in lifted", "lifted"),
    Switch("R-82", SOLELY + "steps/examination.py", "            and place not in self.statutory\n", ""),
    Switch("R-87", SOLELY + "steps/contesting.py", "    if at.date() > last:\n", "    if False:\n"),
    Switch("R-87", SOLELY + "steps/contesting.py", "    if known is not None:\n", "    if False:\n"),
    Switch("R-87", SOLELY + "steps/queueing.py", "tag in held.", "tag in () and held."),
    Switch(
        "R-87",
        AGREEMENT,
        "\nattempts_before < attempts_per_person_max\n",
        "\nattempts_before < items_per_officer_max\n",
    ),
    Switch(
        "R-87",
        AGREEMENT,
        "\naddresses_of_person <= addresses_per_person_max\n",
        "\naddresses_of_person <= items_per_officer_max\n",
    ),
    Switch(
        "R-87",
        SOLELY + "steps/history.py",
        "            unknown.append((row, UNKNOWN_CURE))\n",
        "            pass\n",
    ),
    Switch(
        "R-87", AGREEMENT, "\nsource_stated = true\n", "\nsource_stated = true or source_stated = false\n"
    ),
    Switch(
        "R-88",
        SOLELY + "matching/keys.py",
        '    if number is not None:\n        yield f"T|{number}"\n',
        '    if number is not None:\n        yield f"T|{number[:5]}"\n',
    ),
    Switch("R-90", "README.md", "A disclosure gateway:", "A certified and lawful disclosure gateway:"),
    Switch(
        "R-92", SOLELY + "steps/explaining.py", "    showing_entries.log(services, officer, case, at)\n", ""
    ),
    Switch(
        "R-94",
        SOLELY + "matching/alignment.py",
        "    if asked == text:\n        return EXACT\n    if len(asked) == 1",
        "    if len(asked) == 1",
    ),
    Switch(
        "R-95",
        SOLELY + "release/opening.py",
        "    if held != (request_id, tuple(named), expires_on):\n",
        "    if False:\n",
    ),
    Switch(
        "R-95",
        SOLELY + "release/opening.py",
        "    if confirmed is None or not is_confirmed(request_id, confirmed):\n",
        "    if False:\n",
    ),
    Switch(
        "R-100",
        SOLELY + "oversight/outcomes.py",
        "if each.disposition in _TOLD and not each.is_record_read]\n",
        "if each.disposition in _TOLD]\n",
    ),
    Switch(
        "R-103", SOLELY + "oversight/terminal.py", '    if run.get("batch_refused"):\n', "    if False:\n"
    ),
    Switch(
        "R-104",
        SOLELY + "ledger/entry.py",
        "    EntryType.DECISION: (*_IN_FORCE, 5, 6, 11),\n",
        "    EntryType.DECISION: (),\n",
    ),
    Switch(
        "R-40", SOLELY + "facts/address_parts.py", "    return spelled.get(word, word)\n", "    return word\n"
    ),
    Switch(
        "R-70",
        SOLELY + "facts/address_findings.py",
        "    if named[0] in tables.fakes or reading.number() in _DUMMIES or not is_written_so:\n",
        "    if True:\n",
    ),
    Switch(
        "R-80", SOLELY + "facts/address_findings.py", '    if line.fault == "no_zip":\n', "    if False:\n"
    ),
    Switch("R-89", REDACTED, '        if kind == "permission" and seal is None:\n', "        if False:\n"),
    Switch("R-89", REDACTED, '        if kind == "open" or shown.seal is None:\n', "        if False:\n"),
    Switch("R-89", SOLELY + "agreement/parts.py", '(b"\\0" + salt + len(label)', '(b"\\0" + len(label)'),
    Switch("R-107", AGREEMENT, "\nwithin(basis, bases)\n", "\nwithin(basis, bases) or filled(basis)\n"),
)
