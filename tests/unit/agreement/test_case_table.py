"""Tables of cases: what is written holds when it is read again, and counsel's own table is judged by row."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from solely.agreement.case_table import cell_of, check_cases, outcome_of, write_cases
from solely.agreement.clause import cell_value
from solely.agreement.evaluate import verdict, verdicts
from solely.agreement.expression import Not
from solely.agreement.ordinary import ordinary_request
from solely.agreement.regions import region_table
from solely.decision.ruling import rule, unmet_of
from solely.errors import AgreementRefused, UsageError
from tests.support.law import shipped_laws

LAWS = shipped_laws()
(LAW,) = [law for law in LAWS if law.agreement.id == "irs-ice-2025"]


def answered(text, law=LAW):
    return [(answer.found, answer.differs) for answer in check_cases(law, text)]


def deciding(text):
    (answer,) = check_cases(LAW, text)
    return [(clause.document, clause.id) for clause in answer.outcome.deciding]


def test_the_table_of_every_shipped_law_holds_in_every_row_when_it_is_read_again():
    for law in LAWS:
        file = io.StringIO()
        csv.writer(file).writerows(write_cases(law, region_table(law)))
        answers = check_cases(law, file.getvalue())
        assert len(answers) == len(region_table(law))
        assert [answer.case.line for answer in answers if answer.differs] == []


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "a b"), ("text", ""), ("text", " "), ("text", "null"), ("text", "=1+1"), ("text", "'"),
        ("text", "'a'"), ("text", "-"), ("text", "null "), ("bool", True), ("bool", False), ("int", -3),
        ("date", date(2026, 1, 31)), ("set", frozenset()), ("set", frozenset(["a", "b"])),
        ("set", frozenset(["a", None])), ("text", None), ("set", None),
    ],
)  # fmt: skip
def test_a_value_is_read_again_as_it_was_written(kind, value):
    assert cell_value(kind, cell_of(value), "here") == value


@pytest.mark.rule("R-67")
def test_an_ordinary_request_meets_every_clause_of_every_shipped_law():
    for law in LAWS:
        row = ordinary_request(law)
        for clause in (*law.statute.clauses, *law.agreement.clauses):
            assert verdict(clause.expression, row) is True, clause.id
        assert outcome_of(law, row) == ("permitted", ())


def test_a_row_without_a_clause_expects_what_becomes_of_the_request():
    text = (
        "address_verdict,expect\nOK,permitted\nPLACEHOLDER,returned\nFOREIGN,not permitted\nnull,permitted\n"
    )
    assert answered(text) == [
        ("permitted", False),
        ("returned", False),
        ("referred", False),
        ("returned", True),
    ]


def test_a_row_with_a_clause_expects_what_the_clause_says_or_what_becomes_of_the_request():
    text = (
        "document;clause;basis;expect\nagreement;1(a);overstay;fails\nagreement;1(a);overstay;refused\n"
        ";1(a);null;unknown\n"
    )
    with pytest.raises(UsageError, match=r"row 4, column `document`: statute and agreement both have"):
        check_cases(LAW, text)
    assert answered(text.replace(";1(a);null", "agreement;1(a);null")) == [
        ("fails", False), ("refused", False), ("unknown", False),
    ]  # fmt: skip


@pytest.mark.rule("R-02")
def test_the_clause_that_decides_is_the_one_with_the_strictest_outcome():
    assert deciding("basis,address_verdict,expect\noverstay,PLACEHOLDER,refused") == [("agreement", "1(a)")]
    assert deciding("basis,expect\ncriminal_investigation,permitted") == []


@pytest.mark.rule("R-01")
def test_the_clauses_of_the_match_decide_only_where_the_request_met_all_others():
    assert deciding("is_protected,basis,expect\ntrue,overstay,refused") == [("agreement", "1(a)")]
    assert {document for document, _ in deciding("is_protected,expect\ntrue,withheld")} == {"agreement"}


@pytest.mark.rule("R-02")
def test_the_outcome_in_a_table_is_the_ruling_that_the_gate_would_make():
    for law in LAWS:
        ordinary = ordinary_request(law)
        for _, changed, _ in region_table(law):
            row = {**ordinary, **changed}
            rulings = [
                rule(unmet_of(law.clauses(stage), verdicts(law.clauses(stage), row)), {}).disposition
                for stage in ("request", "match")
            ]
            ruled = next((each.value for each in rulings if each is not None), "permitted")
            assert outcome_of(law, row).word == ruled


def test_a_cell_that_is_empty_is_as_in_an_ordinary_request_and_null_is_not_known():
    assert answered("address_sufficient,expect\n ,permitted\nnull,returned") == [
        ("permitted", False), ("returned", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no row"),
        ("expect\n", "no row"),
        ("basis\nfinal_order", "column `expect` is missing"),
        (
            "bases,expect\nx,permitted",
            "column `bases`: no clause reads a fact of that name; did you mean `basis`",
        ),
        ("zzz,expect\nx,permitted", "column `zzz`: no clause reads a fact of that name; `--out` writes"),
        ("basis,basis,expect\na,b,permitted", "column `basis`: it stands twice"),
        (
            "order_date,expect\n1/31/2026,refused",
            "row 2, column `order_date`: it is a day such as 2026-01-31",
        ),
        ("keys_equal,expect\none,refused", "row 2, column `keys_equal`: it is a whole number"),
        ("fields,expect\naddress,refused", "row 2, column `fields`: it is names in braces"),
        ("is_protected,expect\nyes,withheld", "row 2, column `is_protected`: it is true or false"),
        ("basis,expect\na,denied", "row 2, column `expect`: it is one of permitted, not permitted, refused"),
        ("basis,expect\na,holds", "name the clause in a column `clause`"),
        ("basis,expect\na,", "row 2, column `expect`"),
        ("clause,expect\n9(z),holds", "row 2, column `clause`: there is no such clause"),
        ("basis,expect\na,refused,more", "row 2: it has 3 cells, the heading 2"),
        ('basis,expect\n"a,refused', "row 2: a quotation mark is not closed"),
        ("basis,expect\na,no\nb,no\nc,no", r"row 2.*\(and 2 more rows\)"),
    ],
)
def test_a_fault_names_row_and_column_and_the_cure(text, words):
    with pytest.raises(UsageError, match=words):
        check_cases(LAW, text)


def test_no_message_shows_a_cell():
    with pytest.raises(UsageError) as caught:
        check_cases(LAW, "order_date,expect\nSOMETHING SECRET,refused")
    assert "SECRET" not in str(caught.value)


def test_a_law_that_no_request_meets_has_no_ordinary_request():
    basis = next(clause for clause in LAW.agreement.clauses if clause.id == "1(a)")
    against = replace(basis, id="1(z)", expression=Not(basis.expression))
    law = replace(LAW, agreement=replace(LAW.agreement, clauses=(*LAW.agreement.clauses, against)))
    with pytest.raises(AgreementRefused, match="no request was found that meets"):
        ordinary_request(law)


def test_a_value_that_is_nearly_one_that_a_clause_names_is_pointed_out():
    doubted, meant, known = check_cases(
        LAW, "basis,expect\nfinal_oder,refused\nsomething else,refused\nfinal_order,permitted"
    )
    assert doubted.doubts == ("column `basis`: no clause names this value; did you mean `final_order`",)
    assert (meant.doubts, known.doubts) == ((), ())
