"""The switches that the other agreements brought: rule, file, what stands there, what is put in its place."""

from tests.switch import Switch

SOLELY = "src/solely/"
LAW = "law/"

SWITCHES: tuple[Switch, ...] = (
    Switch(
        "R-45",
        SOLELY + "decision/match.py",
        "    return [] if asked is not None and asked <= HELD_FIELDS else",
        "    return [] if asked is not None else",
    ),
    Switch("R-03", SOLELY + "agreement/terms.py", "DUTIES.keys() & entries.keys()", "entries.keys()"),
    Switch(
        "R-76", SOLELY + "agreement/terms.py", "        _require_duties(place, entries)\n", "        pass\n"
    ),
    Switch(
        "R-48",
        SOLELY + "agreement/narrowing.py",
        "chain.from_iterable(schedules.get(schedule, {}).values())",
        "chain.from_iterable(list(schedules.get(schedule, {}).values())[:1])",
    ),
    Switch(
        "R-71",
        LAW + "statutes/45-cfr-164-512-f/statute.md",
        "\nsubset_of(fields, releasable_by_statute)\n",
        "\nfields is not null\n",
    ),
    Switch(
        "R-72",
        LAW + "statutes/18-usc-2721/statute.md",
        "or express_consent is not null and express_consent = true\n",
        "or permissible_use = '2721(b)(3)'\n",
    ),
    Switch(
        "R-72",
        LAW + "agreements/motor-vehicle-records-2026/agreement.md",
        "onward_record_years_min = 5\n",
        "onward_record_years_min = 1\n",
    ),
    Switch(
        "R-73",
        LAW + "statutes/18-usc-2703/statute.md",
        "\ninstrument = 'warrant' or subset_of(fields, record_fields)\n",
        "\ninstrument in ('warrant', 'court_order') or subset_of(fields, record_fields)\n",
    ),
    Switch(
        "R-74",
        LAW + "statutes/20-cfr-401-155/statute.md",
        "\nstanding in ('indicted', 'convicted')\n",
        "\nstanding in ('indicted', 'convicted', 'suspect')\n",
    ),
    Switch(
        "R-74",
        LAW + "statutes/20-cfr-401-155/statute.md",
        '"chief-of-division", "chief-of-section"]',
        '"chief-of-division", "chief-of-section", "squad-supervisor"]',
    ),
    Switch(
        "R-75",
        LAW + "statutes/medicaid-order-2025-12/statute.md",
        "\nsubset_of(fields, releasable_by_statute)\n",
        "\nfields is not null\n",
    ),
    Switch(
        "R-75",
        LAW + "statutes/medicaid-order-2025-12/statute.md",
        "\nis_protected = false\n",
        "\nis_protected is not null\n",
    ),
    Switch(
        "R-77",
        LAW + "statutes/eu-2023-1543/statute.md",
        "\nor issuing_authority in ('judge', 'court', 'investigating_judge')\n",
        "\nor issuing_authority in ('judge', 'court', 'investigating_judge', 'prosecutor')\n",
    ),
    Switch(
        "R-77",
        SOLELY + "oversight/open_work.py",
        "is_late=now > self.answer_by",
        "is_late=False",
    ),
    Switch(
        "R-78",
        LAW + "statutes/13-usc-9/statute.md",
        "\nstated_purpose = 'statistics'\n",
        "\nstated_purpose <> 'civil_removal'\n",
    ),
)
