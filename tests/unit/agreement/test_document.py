"""A law file that is broken anywhere does not load, and the refusal names the clause or term."""

import re

import pytest

from solely.agreement.document import Law, findings, parse_agreement, parse_statute, statute_id_of
from solely.agreement.terms import AGREEMENT_TERMS, DUTIES
from solely.errors import AgreementRefused
from tests.support.tree import ROOT

STATUTE_DATA = (ROOT / "law/statutes/26-usc-6103-i-2/statute.md").read_bytes()
AGREEMENT = (ROOT / "law/agreements/irs-ice-2025/agreement.md").read_text()
STATUTE = parse_statute(STATUTE_DATA)


def changed(old, new, text=AGREEMENT):
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def refusal(text):
    with pytest.raises(AgreementRefused) as caught:
        parse_agreement(text.encode(), STATUTE)
    assert findings(text.encode(), STATUTE_DATA)
    return str(caught.value)


def without_term(key):
    return "\n".join(line for line in AGREEMENT.split("\n") if not line.startswith(f"{key} = "))


@pytest.mark.rule("R-03")
@pytest.mark.parametrize("key", AGREEMENT_TERMS)
def test_every_term_is_stated(key):
    assert refusal(without_term(key)).startswith(f"`{key}`")


@pytest.mark.rule("R-03")
@pytest.mark.parametrize("key", ["recipients", "amendment", "cost", "contacts", "reviewer", "source"])
@pytest.mark.parametrize("empty", ['""', '"  "', "[]", "{}", '[""]', "{a = []}"])
def test_an_empty_term_does_not_load(key, empty):
    lines = [f"{key} = {empty}" if line.startswith(f"{key} = ") else line for line in AGREEMENT.split("\n")]
    assert refusal("\n".join(lines)).startswith(f"`{key}`")


TERMS = [
    ('id = "irs-ice-2025"', "id = 5", "`id`"),
    ('version = "1"', "version = 1.5", "`version`"),
    ('cost = "not', 'price = "not', "`cost`"),
    ('cost = "not stated in the text"', 'cost = "TBD"', "`cost`: `TBD` states nothing"),
    ('cost = "not stated in the text"', 'cost = "to be determined."', "`cost`"),
    ('cost = "not stated in the text"', 'cost = "n/a"', "`cost`"),
    ('cost = "not', 'price = "none"\ncost = "not', "`price`"),
    ("synthetic = true", 'synthetic = "yes"', "`synthetic`"),
    ('parties = ["treasury", "homeland-security"]', 'parties = ["treasury"]', "`parties`"),
    ('parties = ["treasury", "homeland-security"]', 'parties = ["treasury", "treasury"]', "`parties`"),
    (
        'onward_disclosure = "not stated in the text"',
        'onward_disclosure = ["26 USC 6103"]',
        "`onward_disclosure`",
    ),
    ('authority = "26-usc-6103-i-2"', 'authority = "13-usc-9"', "`authority`"),
    ('authority = "26-usc-6103-i-2"', 'authority = "not stated in the text"', "`authority`"),
    ('purposes = "see schedule purposes"', 'purposes = ["anything"]', "`purposes`"),
    ('fields = "see schedule fields"', 'fields = ["income"]', "`fields`"),
    ('ends_on = "not stated in the text"}', 'ends_on = "soon"}', "`term`"),
    ('ends_on = "not stated in the text"}', "ends_on = 2024-01-01}", "`term`"),
    ('starts_on = 2025-04-07, ends_on = "not stated in the text"}', "starts_on = 2025-04-07}", "`term`"),
    ("synthetic = true", "synthetic = true\nsynthetic = true", "`front matter`"),
    ("+++\nThis text", "This text", "`front matter`"),
    ('+++\nid = "irs', 'id = "irs', "`front matter`"),
]


@pytest.mark.rule("R-03")
@pytest.mark.parametrize(("old", "new", "place"), TERMS)
def test_a_term_of_another_shape_does_not_load(old, new, place):
    assert refusal(changed(old, new)).startswith(place)


CLAUSES = [
    ("```cases 4(d)", "```case 4(d)", "`line "),
    ("```cases 4(d)", "```python", "`line "),
    ("```cases 4(d)", " ```cases 4(d)", "`line "),
    ("```cases 4(d)", "~~~\n```cases 4(d)", "`line "),
    ("| null | unknown |\n```\n\n## Clause 5", "| null | unknown |\n\n## Clause 5", "`cases 4(d)`"),
    ("```rule 4(d)", "```rule 4(a)", "`clause 4(a)`"),
    ("```rule 4(d)", "```rule 4(z)", "`clause 4(z)`"),
    ("```rule 4(d)", "```rule four", "`clause four`"),
    ("```cases 4(d)", "```cases 4(e)", "`clause 4(d)`"),
    ("(d) Each item shall carry", "(a) Each item shall carry", "`clause 4(a)`"),
    ("(d) Each item shall carry", "Each item shall carry", "`clause 4(d)`"),
    ("(b) An item that cures", "(z) An item shall bear a seal.\n\n(b) An item that cures", "`clause 5(z)`"),
    ("element: assurance", "elements: assurance", "`clause 4(d)`"),
    ("element: assurance", "element: assurance\nelement: assurance", "`clause 4(d)`"),
    ("element: assurance\n", "", "`clause 4(d)`"),
    ("element: assurance", "element: Assurance!", "`clause 4(d)`"),
    ("element: assurance", "element: assurance\nscope: batch", "`clause 4(d)`"),
    ("element: assurance", "element: assurance\nunknown: releasable", "`clause 4(d)`"),
    ("element: assurance", "element: assurance\noverride: director", "`clause 4(d)`"),
    ("code: UNKNOWN_CODE", "code: unknown code", "`clause 4(d)`"),
    ("rules: R-20", "rules: twenty", "`clause 4(d)`"),
    ("rules: R-20", "rules: ,", "`clause 4(d)`"),
    ("say: give the assurance", "say: a lawful request gives the assurance", "`clause 4(d)`"),
    ("---\nassurance = 'active'", "assurance = 'active'", "`clause 4(d)`"),
    ("assurance = 'active'", "assurance = 'active' or true", "`clause 4(d)`"),
    ("assurance = 'active'", "assurance is null", "`clause 4(d)`"),
    ("assurance = 'active'", "assurance = 1", "`clause 4(d)`"),
    ("assurance = 'active'", "asurance = 'active'", "`clause 4(d)`"),
    ("assurance = 'active'", "case when true then assurance end", "`clause 4(d)`"),
    ("assurance = 'active'", "coalesce(assurance, 'active') = 'active'", "`clause 4(d)`"),
    ("assurance = 'active'", "matches(assurance, '(a+)+')", "`clause 4(d)`"),
    ("assurance = 'active'", "assurance = 'active' and identified = true", "`clause 4(d)`"),
    ("identified = true", "identified = true and basis = 'final_order'", "`clause 5(c)`"),
    ("stage: match\notherwise: withheld", "stage: match\notherwise: refused", "`clause 5(c)`"),
    ("stage: match", "stage: later", "`clause 5(c)`"),
    ("| assurance | expect |", "| assurance | purpose | expect |", "`cases 4(d)`"),
    ("| active | holds |", "| active | true |", "`cases 4(d)`"),
    ("| active | holds |", "| active | x | holds |", "`cases 4(d)`"),
    ("| active | holds |\n", "", "`cases 4(d)`"),
    ("| active | holds |", "active | holds |", "`cases 4(d)`"),
    ("| 2026-01-05 | 2026-06-01 | holds |", "| January | 2026-06-01 | holds |", "`cases 4(c)(2)`"),
]


@pytest.mark.rule("R-02")
@pytest.mark.parametrize(("old", "new", "place"), CLAUSES)
def test_a_broken_clause_is_named(old, new, place):
    assert refusal(changed(old, new)).startswith(place)


@pytest.mark.rule("R-01")
def test_a_clause_about_the_request_cannot_read_a_fact_about_a_record():
    text = changed("assurance = 'active'", "assurance = 'active' and keys_equal > 0")
    assert "no record is read before the request has passed (R-01)" in refusal(text)


@pytest.mark.rule("R-11", "R-04")
def test_an_agreement_lets_no_office_sign_that_its_statute_does_not():
    office = '"secretary-of-homeland-security"'
    said = refusal(changed(f"offices = [{office}]", f'offices = [{office}, "field-office-director"]'))
    assert (
        said == "`schedule signers`: the statute does not let sign `field-office-director`; remove it (R-11)"
    )
    parse_agreement(changed(f"offices = [{office}]", 'offices = ["attorney-general"]').encode(), STATUTE)


SCHEDULES = [
    ("```schedule limits", "```schedule numbers", "`schedule numbers`"),
    ("```schedule limits", "```schedule purposes", "`schedule purposes`"),
    ('contestable = ["policy"]', 'contestable = ["statute"]', "`schedule obligations`"),
    ('contestable = ["policy"]', "contestable = []", "`schedule obligations`"),
    ("reconsider_days = 30\n", "", "`schedule obligations`"),
    *(
        ("approvers_min = 2", f"approvers_min = 2\n{slip}", "`schedule obligations`")
        for slip in ("confirm_onyl = 1", "release_days = 3", "view_from_hour = 18\nview_until_hour = 8")
    ),
    ("order_days_min = 90\n", "", "`schedule limits`"),
    ("order_days_min = 90", 'order_days_min = "90"', "`schedule limits`"),
    ("order_days_min = 90", "order_days_min = -1", "`schedule limits`"),
    ("order_days_min = 90", "order_days_min = true", "`schedule limits`"),
    ("order_days_min = 90", "order_days_min = 90.0", "`schedule limits`"),
    ("order_days_min = 90", "order_days_min = 90\ngrace = 5", "`schedule limits`"),
    ("order_days_min = 90", "order_days_min = = 90", "`schedule limits`"),
    ('bases = ["final_order", "criminal_investigation"]', "bases = []", "`schedule bases`"),
    ('bases = ["final_order", "criminal_investigation"]', 'bases = "final_order"', "`schedule bases`"),
    (
        'bases = ["final_order", "criminal_investigation"]',
        'bases = ["final_order", "final_order"]',
        "`schedule bases`",
    ),
    ("record_age_days_max = 30\n", "", "`schedule matching`"),
    ("record_age_days_max = 30", "record_age_days_max = 31", "`schedule matching`"),
    ("weight_bits_min = 40", "weight_bits_min = 39", "`schedule matching`"),
    ("margin_bits_min = 10", "margin_bits_min = 9", "`schedule matching`"),
    ("block_records_max = 200", "block_records_max = 201", "`schedule matching`"),
    ('address_periods = "requested"', 'address_periods = "any"', "`schedule matching`"),
    ("is_two_keys_required = false", "is_two_keys_required = 0", "`schedule matching`"),
    ("margin_bits_min = 10", "margin_bits_min = 10\nscore_min = 5", "`schedule matching`"),
]


@pytest.mark.rule("R-03")
@pytest.mark.parametrize(("old", "new", "place"), SCHEDULES)
def test_a_broken_schedule_is_named(old, new, place):
    assert refusal(changed(old, new)).startswith(place)


def test_parameters_of_matching_may_be_stricter_than_the_floor():
    text = changed("weight_bits_min = 40", "weight_bits_min = 60")
    text = changed("is_two_keys_required = false", "is_two_keys_required = true", text)
    policy = Law(STATUTE, parse_agreement(text.encode(), STATUTE)).matching
    assert (policy.weight_bits_min, policy.is_two_keys_required) == (60, True)


@pytest.mark.rule("R-02")
@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (
            "\nwithin(basis, bases)\n",
            "\nbasis in ('final_order', 'criminal_investigation')\n",
            "`schedule bases`",
        ),
        ("\nsubset_of(fields, agreed_fields)\n", "\nfields is not null\n", "`schedule fields`"),
    ],
)
def test_a_list_that_no_clause_reads_does_not_load(old, new, place):
    assert refusal(changed(old, new)).startswith(place)


def test_a_broken_statute_is_told_apart_from_its_agreement():
    assert findings(AGREEMENT.encode(), b"+++")[0].startswith("the statute above does not load")


# -- an agreement only narrows (R-04, R-48) -----------------------------------------------------------


@pytest.mark.rule("R-48")
def test_an_agreement_that_wants_more_fields_than_its_statute_opens_does_not_load():
    text = changed('agreed_fields = ["address"]', 'agreed_fields = ["address", "adjusted_gross_income"]')
    assert "the statute does not open `adjusted_gross_income`" in refusal(text)


@pytest.mark.rule("R-04")
def test_an_agreement_that_adds_a_purpose_does_not_load():
    text = changed('agreed_purposes = ["criminal_investigation"', 'agreed_purposes = ["civil_removal"')
    assert "the statute does not open `civil_removal`" in refusal(text)


@pytest.mark.rule("R-04")
@pytest.mark.parametrize("more", ["purpose = 'tax_leads'", "filled(purpose)"])
def test_a_purpose_beside_the_list_does_not_load(more):
    text = with_rule(
        "4(a)", "within(purpose, agreed_purposes)", f"within(purpose, agreed_purposes) or {more}"
    )
    assert "lets a purpose pass that the statute does not open" in refusal(text)


@pytest.mark.rule("R-04")
def test_an_agreement_declares_no_facts_of_its_own():
    entry = 'x = {type = "bool", stage = "request", source = "address", normaliser = "flag"}'
    assert "uses the facts of its statute" in refusal(f"{AGREEMENT}```schedule facts\n{entry}\n```\n")


SUBSTITUTES = [
    "address_sufficient = true or taxpayer_number_verdict = 'VALID'",
    "taxpayer_number is not null or address_sufficient",
    "not (address_sufficient = false and taxpayer_number_verdict <> 'VALID')",
    "address_verdict in ('OK', 'REVIEW') or filled(taxpayer_number)",
    "(address_verdict <> 'PLACEHOLDER' or taxpayer_number_verdict = 'VALID') and filled(case_number)",
    "matches( address_verdict , 'OK') or taxpayer_number_verdict = 'VALID'",
    "address_sufficient and filled(case_number) or filled(reason) and taxpayer_number_verdict = 'VALID'",
]


@pytest.mark.rule("R-04", "R-33")
@pytest.mark.parametrize("rule", SUBSTITUTES)
def test_a_number_that_stands_in_for_an_address_does_not_load(rule):
    message = refusal(with_rule("4(d)", "assurance = 'active'", rule))
    assert "`clause 4(d)`" in message
    assert "counterexample: a request with" in message
    assert "address" in message.split("counterexample")[1]


@pytest.mark.parametrize(
    "rule",
    [
        "address_sufficient = true and filled(case_number)",
        "address_verdict <> 'FACILITY' and (assurance = 'active' or filled(case_number))",
        "(address_verdict = 'OK' or address_located = true) and purpose <> 'location'",
    ],
)
def test_a_clause_that_only_adds_a_demand_beside_the_address_loads(rule):
    loaded = parse_agreement(with_rule("4(d)", "assurance = 'active'", rule).encode(), STATUTE)
    assert "address" in " ".join(next(each.facts for each in loaded.clauses if each.id == "4(d)"))


def with_rule(clause_id, old, rule):
    """The agreement with another rule under one clause, and a cases table that fits its facts."""
    facts = [
        fact.name for fact in STATUTE.facts if fact.name in rule.replace("(", " ").replace(")", " ").split()
    ]
    heading = "| " + " | ".join([*facts, "expect"]) + " |\n|" + "---|" * (len(facts) + 1) + "\n"
    nulls = "".join(
        "| " + " | ".join(["null"] * len(facts)) + f" | {word} |\n" for word in ("holds", "unknown")
    )
    text = changed(f"---\n{old}", f"---\n{rule}")
    start = text.index(f"```cases {clause_id}\n") + len(f"```cases {clause_id}\n")
    return text[:start] + heading + nulls + text[text.index("```", start) :]


# -- the outer form -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (AGREEMENT.replace("\n", "\r\n").encode(), "`line 1`: it has a carriage return"),
        (AGREEMENT.replace("memorandum", "memor\u0065\u0301ndum", 1).encode(), "NFC"),
        (AGREEMENT.encode("utf-16"), "not UTF-8"),
        (b"\xef\xbb\xbf" + AGREEMENT.encode(), "`line 1`"),
        (AGREEMENT.replace("nobody", "no\u202ebody", 1).encode(), "invisible character"),
        (AGREEMENT.replace("nobody", "no\x00body", 1).encode(), "invisible character"),
        (b"", "`front matter`"),
        (b"+++\n+++\n", "the term is missing"),
    ],
)  # fmt: skip
def test_a_file_of_another_form_does_not_load(data, words):
    with pytest.raises(AgreementRefused, match=words):
        parse_agreement(data, STATUTE)


LEVEL = 'address_level = {type = "text", stage = "match"'
STATUTES = [
    ('normaliser = "period_last"', 'normaliser = "magic"', "`schedule facts: period_last`"),
    ('basis = {type = "text"', 'basis = {type = "float"', "`schedule facts: basis`"),
    ('source = "basis"', 'source = "record"', "`schedule facts: basis`"),
    ('source = "basis"', 'source = "kernel"', "`schedule facts: basis`"),
    (LEVEL, LEVEL.replace('match', 'request'), '`schedule facts: address_level`'),
    ('basis = {type = "text"', 'Basis = {type = "text"', "`schedule facts: Basis`"),
    ('basis = {type = "text"', 'between = {type = "text"', "`schedule facts: between`"),
    ('basis = {type = "text", stage', 'basis = {stage', "`schedule facts: basis`"),
    ('  "address_verdict", "address_located"', '  "address_verdict", "nothing"', "`schedule no_substitute`"),
    ('title = "', 'heading = "', "`title`"),
    ("releasable_by_statute", "reason", "`schedule releasable`"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place"), STATUTES)
def test_a_broken_statute_is_named(old, new, place):
    text = changed(old, new, STATUTE_DATA.decode())
    assert findings(text.encode(), None)[0].startswith(place)
    with pytest.raises(AgreementRefused):
        parse_statute(text.encode())


def test_a_case_that_does_not_hold_is_a_finding_of_the_check():
    text = changed("| active | holds |", "| closed | holds |")
    assert findings(text.encode(), STATUTE_DATA) == ["`cases 4(d)`: case 1 expects holds, not fails"]


def test_every_finding_is_told_at_once():
    text = changed("assurance = 'active'", "asurance = 'active'")
    text = changed("order_days_min = 90", "order_days_min = -1", text)
    places = " ".join(findings(text.encode(), STATUTE_DATA))
    assert "`clause 4(d)`" in places
    assert "`schedule limits`" in places


@pytest.mark.rule("R-09")
@pytest.mark.parametrize(
    ("old", "new", "schedule"),
    [
        ("order_days_min = 90", "order_days_min = -1", "limits"),
        ("agreed_fields = [", "agreed_fieldz = [", "fields"),
        ('bases = ["', 'bases = ["", "', "bases"),
        ('bases = ["', 'bases = [["', "bases"),
        ("```schedule bases", "```schedule bases_agreed", "bases_agreed"),
    ],
)
def test_a_wrong_entry_of_a_schedule_is_told_and_not_the_clauses_that_read_it(old, new, schedule):
    told = findings(changed(old, new).encode(), STATUTE_DATA)
    assert f"`schedule {schedule}`" in told[0]
    assert [each for each in told if "`clause " in each or "no clause reads" in each] == []


@pytest.mark.rule("R-02", "R-03", "R-47", "R-76")
@pytest.mark.parametrize("duty", DUTIES)
def test_a_duty_loads_within_its_bounds_and_with_no_slip_in_its_word(duty):
    def told(word, value):
        return findings(
            changed("approvers_min = 2", f"approvers_min = 2\n{word} = {value}").encode(), STATUTE_DATA
        )

    least, most = DUTIES[duty]
    assert told(duty, least) == told(duty, most) == []
    for word, value in ((duty, least - 1), (duty, most + 1), (duty, "true"), (f"{duty}s", least)):
        (said,) = told(word, value)
        assert f"`{word}`" in said


@pytest.mark.rule("R-03")
@pytest.mark.parametrize(
    "entry", ["release_days_max", "reply_days", "reconsider_days", "attempts_days", "volume_days"]
)
def test_more_days_than_dates_can_count_do_not_load(entry):
    (line,) = re.findall(rf"^{entry} = \d+$", AGREEMENT, re.MULTILINE)
    assert findings(changed(line, f"{entry} = 36600").encode(), STATUTE_DATA) == []
    (told,) = findings(changed(line, f"{entry} = 36601").encode(), STATUTE_DATA)
    assert f"`{entry}` is at most 36,600 days" in told


def test_a_schedule_that_a_statute_does_not_ask_for_excuses_no_clause():
    text = (ROOT / "law/agreements/census-statistics-2026/agreement.md").read_text()
    statute = (ROOT / "law/statutes/13-usc-9/statute.md").read_bytes()
    assert "```schedule bases" not in text
    (rule,) = re.findall(r"```rule 1\(a\).*?---\n", text, re.DOTALL)
    told = findings(changed(rule, f"{rule}within(purpose, bases) and ", text).encode(), statute)
    assert "`clause 1(a)`" in told[0]


@pytest.mark.rule("R-09")
def test_the_digest_of_the_law_changes_with_any_byte_of_either_file():
    law = Law(STATUTE, parse_agreement(AGREEMENT.encode(), STATUTE))
    other = Law(STATUTE, parse_agreement(changed("binds nobody.", "binds nobody!").encode(), STATUTE))
    statute = parse_statute(
        changed("It is one reading", "This is one reading", STATUTE_DATA.decode()).encode()
    )
    digests = {law.digest, other.digest, Law(statute, parse_agreement(AGREEMENT.encode(), statute)).digest}
    assert len(digests) == 3
    assert law.digest == Law(STATUTE, parse_agreement(AGREEMENT.encode(), STATUTE)).digest


def test_an_agreement_names_its_statute_before_it_is_loaded():
    assert statute_id_of(AGREEMENT.encode()) == STATUTE.id
    with pytest.raises(AgreementRefused, match="`authority`"):
        statute_id_of(without_term("authority").encode())
