"""Switches of the rules that hold before a record is read: R-01 to R-36."""

from tests.switch import AGREEMENT, SIGNED, SOLELY, STATED, STATUTE, Switch

SWITCHES: tuple[Switch, ...] = (
    Switch(
        "R-94",
        SOLELY + "facts/name.py",
        '        if given.kind in (BORNE, SET_OFF):\n            return "UNCLEAR", "given_name"\n',
        "",
    ),
    Switch(
        "R-01",
        SOLELY + "steps/identification.py",
        "    places = examined.passed()\n",
        "    places = list(range(len(examined.items)))\n",
    ),
    Switch(
        "R-02",
        SOLELY + "decision/ruling.py",
        "        if verdict is not True\n",
        "        if verdict is False\n",
    ),
    Switch(
        "R-02",
        SOLELY + "store/rule_engine.py",
        "        if verdicts[places[clause.document, clause.id]] is not region.verdict:\n",
        "        if False:\n",
    ),
    Switch(
        "R-02",
        SOLELY + "release/content.py",
        '    _require(is_confirmation or words["format"] == FORMAT, "format")\n',
        "",
    ),
    Switch(
        "R-02",
        SOLELY + "steps/serving.py",
        "            self._confirming = confirming  # nothing was logged or answered\n",
        "            raise\n",
    ),
    Switch("R-103", SOLELY + "canonical.py", '        if b"\\\\u" in data:', "        if not data:"),
    Switch("R-03", AGREEMENT, 'cost = "not stated in the text"\n', 'cost = "none"\n'),
    Switch(
        "R-04",
        SOLELY + "agreement/narrowing.py",
        "        found += _substitution(clause, alone, statute_clauses)\n",
        "        pass\n",
    ),
    Switch(
        "R-04",
        SOLELY + "agreement/proofs.py",
        "        if is_any and questions.is_found(",
        "        if False and questions.is_found(",
    ),
    Switch(
        "R-09",
        SOLELY + "agreement/amendment.py",
        "    is_wider = not upholding(by, clause)\n",
        "    is_wider = False\n",
    ),
    Switch(
        "R-05", SOLELY + "model.py", "        return self.received == sum(parts)\n", "        return True\n"
    ),
    Switch(
        "R-06",
        SOLELY + "steps/judging_again.py",
        "    if today > last_day_of(services):\n",
        "    if False:\n",
    ),
    Switch(
        "R-09",
        SOLELY + "intake/letter.py",
        "    if letter.agreement_version != version:\n",
        "    if False:\n",
    ),
    Switch(
        "R-09", SOLELY + "agreement/document.py", '                    "statute": self.statute.sha256,\n', ""
    ),
    Switch("R-09", SIGNED, "    if statement.supersedes != statement_of(old).root:\n", "    if False:\n"),
    Switch("R-09", STATED, '        ("root", "the text differs from the one that was signed (R-09)"),\n', ""),
    Switch(
        "R-06",
        SIGNED,
        "    signers: Sequence[str] = law.parties\n",
        "    signers: Sequence[str] = law.parties[1:]\n",
    ),
    Switch(
        "R-11",
        SOLELY + "intake/letter.py",
        "    if letter.signer_office not in signers:\n",
        "    if False:\n",
    ),
    Switch(
        "R-12", SOLELY + "intake/letter.py", "    if data_sha256 != letter.data_sha256:\n", "    if False:\n"
    ),
    Switch("R-13", SOLELY + "store/ledger_store.py", "        if known is None:\n", "        if True:\n"),
    Switch("R-14", SOLELY + "intake/letter.py", "    if unknown is not None:\n", "    if False:\n"),
    Switch(
        "R-15",
        STATUTE,
        "\nstatute_is_civil = false\n",
        "\nstatute_is_civil = false or statute_is_civil = true\n",
    ),
    Switch("R-16", STATUTE, "\npurpose <> 'civil_removal'\n", "\npurpose <> 'civil'\n"),
    Switch(
        "R-16",
        SOLELY + "facts/reason.py",
        '    if "location?" in held or "aimed" in held:\n',
        '    if "location?" in held:\n',
    ),
    Switch("R-17", STATUTE, "\npurpose <> 'location'\n", "\npurpose <> 'place'\n"),
    Switch(
        "R-18", AGREEMENT, "\nremovability_section = '1227'\n", "\nremovability_section in ('1227', '1182')\n"
    ),
    Switch(
        "R-19",
        AGREEMENT,
        "\nsame_reason_percent <= boilerplate_percent_max or ",
        "\nsame_reason_percent >= boilerplate_percent_max or ",
    ),
    Switch(
        "R-19",
        SOLELY + "facts/batchwide.py",
        '    own = set(folded_words(item.address or ""))\n',
        "    own = set()\n",
    ),
    Switch(
        "R-19",
        AGREEMENT,
        "\nfilled(investigation_id)\n",
        "\nfilled(investigation_id) or not filled(investigation_id)\n",
    ),
    Switch(
        "R-19",
        SOLELY + "facts/reason.py",
        "    return NOTHING if is_specific and not is_strayed else VAGUE\n",
        "    return NOTHING\n",
    ),
    Switch(
        "R-19",
        SOLELY + "facts/reason.py",
        '    is_strayed = "stray" in held and _is_strayed(said)\n',
        "    is_strayed = False\n",
    ),
    Switch("R-20", AGREEMENT, "\nassurance = 'active'\n", "\nassurance in ('active', 'closed')\n"),
    Switch("R-21", STATUTE, "\nperiod_first >= 1950 and ", "\nperiod_first >= 1901 and "),
    Switch(
        "R-22",
        SOLELY + "matching/release_address.py",
        "    meeting = [each for each in addresses if meets(each, subject.periods)]\n",
        "    meeting = list(addresses)\n",
    ),
    Switch(
        "R-23",
        STATUTE,
        "\nname_verdict in ('OK', 'SINGLE', 'PLACEHOLDER', 'INITIALS')\n",
        "\nname_verdict in ('OK', 'SINGLE', 'PLACEHOLDER', 'INITIALS', 'MISSING')\n",
    ),
    Switch(
        "R-24",
        SOLELY + "intake/rows.py",
        '        return cell if UNSEEN.sub("", cell).strip() else None\n',
        "        return cell\n",
    ),
    Switch(
        "R-25", AGREEMENT, "\naddress_verdict <> 'PLACEHOLDER'\n", "\naddress_verdict <> 'PLACEHOLDERS'\n"
    ),
    Switch(
        "R-26",
        SOLELY + "facts/address_reasons.py",
        '    "digits": (\n        "INCOMPLETE", "R-26",',
        '    "digits": (\n        "OK", "R-26",',
    ),
    Switch("R-27", AGREEMENT, "\naddress_verdict <> 'INCOMPLETE'\n", "\naddress_verdict <> 'PARTIAL'\n"),
    Switch(
        "R-27",
        SOLELY + "facts/address_reasons.py",
        '    "no_street": ("INCOMPLETE", "R-27",',
        '    "no_street": ("OK", "R-27",',
    ),
    Switch("R-28", AGREEMENT, "\naddress_verdict <> 'UNCLEAR'\n", "\naddress_verdict <> 'DIM'\n"),
    Switch(
        "R-28",
        SOLELY + "facts/address_reasons.py",
        '    "zip_conflict": ("UNCLEAR", "R-28",',
        '    "zip_conflict": ("OK", "R-28",',
    ),
    Switch(
        "R-29",
        AGREEMENT,
        "\naddress_verdict <> 'FACILITY' or address_located = true\n",
        "\naddress_verdict <> 'FACILITY' or address_located = true or address_located = false\n",
    ),
    Switch(
        "R-30",
        AGREEMENT,
        "\npersons_at_address <= persons_per_address_max\n",
        "\npersons_at_address <= items_without_history_max\n",
    ),
    Switch(
        "R-31",
        SOLELY + "facts/address_reasons.py",
        '    "agency": ("INCOMPLETE", "R-31",',
        '    "agency": ("OK", "R-31",',
    ),
    Switch("R-32", AGREEMENT, "\naddress_verdict <> 'FOREIGN'\n", "\naddress_verdict <> 'ABROAD'\n"),
    Switch(
        "R-33",
        STATUTE,
        "\naddress_sufficient = true\n",
        "\naddress_sufficient = true or address_sufficient = false\n",
    ),
    Switch(
        "R-34",
        AGREEMENT,
        "\ntaxpayer_number_verdict in ('ABSENT', 'VALID')\n",
        "\ntaxpayer_number_verdict in ('ABSENT', 'VALID', 'INVALID')\n",
    ),
    Switch(
        "R-35",
        AGREEMENT,
        "\nalien_number_verdict in ('ABSENT', 'VALID')\n",
        "\nalien_number_verdict in ('ABSENT', 'VALID', 'INVALID')\n",
    ),
    Switch(
        "R-36",
        SOLELY + "intake/same.py",
        "        yield from ((place, SAME_PERSON) for place in places)\n",
        "        yield from ()\n",
    ),
    Switch(
        "R-24", SOLELY + "facts/address.py", "    if words.count(BREAK) == len(words):\n", "    if False:\n"
    ),
    Switch(
        "R-25",
        SOLELY + "facts/address.py",
        "    phrase = first_phrase(solid, tables.placeholder_phrases)\n",
        "    phrase = None\n",
    ),
    Switch(
        "R-94",
        SOLELY + "facts/name_phrases.py",
        "if given != family and not self._common",
        "if False and not self._common",
    ),
    Switch(
        "R-11",
        SOLELY + "steps/receiving.py",
        "    if letter.requester == law.parties[0]:\n",
        "    if False:\n",
    ),
    Switch("R-18", SOLELY + "facts/day.py", "    if find_day(text) in FILLERS:\n", "    if False:\n"),
    Switch(
        "R-26",
        SOLELY + "facts/address.py",
        "    if all(_is_digits(word) for word in plain if word != BREAK):\n",
        "    if False:\n",
    ),
    Switch(
        "R-27",
        SOLELY + "facts/address_findings.py",
        "    fault = _delivery_fault(reading, tables)\n",
        '    fault = ""\n',
    ),
    Switch(
        "R-28",
        SOLELY + "facts/address_findings.py",
        '    if line.fault in ("zip_conflict", "zip_unknown"):\n',
        "    if False:\n",
    ),
    Switch(
        "R-29",
        SOLELY + "facts/address_facilities.py",
        "    if place in tables.facilities:\n",
        "    if False:\n",
    ),
    Switch(
        "R-31",
        SOLELY + "facts/address_findings.py",
        "    if not found and (reading.number(), reading.line.zip5) not in tables.agencies:\n",
        "    if True:\n",
    ),
    Switch(
        "R-32",
        SOLELY + "facts/address_findings.py",
        "        if tail in tables.countries and len(words) > count:\n",
        "        if False:\n",
    ),
    Switch(
        "R-33",
        SOLELY + "facts/address.py",
        "    if all(_is_digits(word) for word in plain if word != BREAK):\n",
        "    if False:\n",
    ),
    Switch(
        "R-88",
        SOLELY + "facts/reason.py",
        '    if "beyond" in held:\n',
        "    if False:\n",
    ),
    Switch(
        "R-88",
        SOLELY + "facts/address_reasons.py",
        '    "whoever": (\n        "PLACEHOLDER", "R-88",',
        '    "whoever": (\n        "OK", "R-88",',
    ),
    Switch(
        "R-80",
        SOLELY + "facts/address_beside.py",
        '    if reading.is_loose() and "C" not in ahead'
        " and _is_related(before, reading.line.state, tables):\n",
        "    if False:\n",
    ),
    Switch("R-80", SOLELY + "facts/address_beside.py", "    if surmised:\n", "    if False:\n"),
    Switch(
        "R-80",
        SOLELY + "facts/address_invented.py",
        '    if name[0] in _PARTING or "OR" in name or not tables.pronouns.isdisjoint(name):\n',
        "    if not tables.pronouns.isdisjoint(name):\n",
    ),
    Switch(
        "R-27",
        SOLELY + "facts/address_findings.py",
        '    if form.form == "calle_first" and state not in _ISLANDS and _is_number_last(reading):\n',
        "    if False:\n",
    ),
    Switch("R-27", SOLELY + "facts/address_findings.py", " _is_area,", ""),
    Switch(
        "R-25",
        SOLELY + "facts/address.py",
        'plain += ["N", "A"] if is_street else ["N/A"]\n',
        'plain += ["N", "A"]\n',
    ),
    Switch(
        "R-70",
        SOLELY + "facts/address_facilities.py",
        "    if reading.has_generic_type():\n",
        "    if False:\n",
    ),
    Switch(
        "R-29",
        SOLELY + "facts/address_facilities.py",
        "    return start, typed\n",
        "    return start, stop\n",
    ),
    Switch(
        "R-25",
        SOLELY + "facts/address_tables.py",
        "    words, fakes = words | joined, fakes | joined\n",
        "",
    ),
    Switch(
        "R-87",
        SOLELY + "steps/contesting.py",
        "    _require_uncured(services, stored)\n",
        "",
    ),
    Switch(
        "R-87",
        SOLELY + "steps/history.py",
        "    gone = reopened | _cured_before(services, decided, holding, names)\n",
        "    gone = reopened\n",
    ),
)
