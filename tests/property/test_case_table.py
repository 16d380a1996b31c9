"""Any text at all, handed in as counsel's table, is judged or refused with a sentence."""

from hypothesis import given, settings
from hypothesis import strategies as st

from solely.agreement.case_table import check_cases
from solely.errors import UsageError
from tests.support.law import shipped_laws

LAW = shipped_laws()[0]
FACTS = [fact.name for fact in LAW.statute.facts]
COLUMNS = st.sampled_from([*FACTS, "expect", "clause", "document", "note", "", "Expect"])
CELLS = st.one_of(
    st.sampled_from(
        ["", "null", "true", "2026-01-31", "2026-02-30", "1", "99999999999", "{address}", "{", "'", "''",
         "holds", "permitted", "agreement", "1(a)", "=1+1", "OK"]
    ),
    st.text(max_size=6),
)  # fmt: skip
TABLES = st.builds(
    lambda heading, rows, sign: "\n".join(sign.join(each) for each in [heading, *rows]),
    st.lists(COLUMNS, max_size=4).map(lambda names: [*names, "expect"]),
    st.lists(st.lists(CELLS, max_size=6), max_size=5),
    st.sampled_from(",;\t"),
)


@settings(max_examples=200, deadline=None)
@given(text=st.one_of(st.text(max_size=60), TABLES))
def test_any_text_is_judged_or_refused_with_a_sentence(text):
    try:
        answers = check_cases(LAW, text)
    except UsageError as error:
        assert str(error)[0] in "rct"
        return
    assert answers
    assert all(answer.found for answer in answers)
