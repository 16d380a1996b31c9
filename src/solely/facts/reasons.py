"""The closed list of reason codes of intake and of the request's facts, each with what it means and its cure.

- A code is stable for ever; the sentence beside it may be bettered.
- The element (a column, or a file of the submission) stands before the code: `order_date:FUTURE`.
- No sentence and no reason ever holds a value of a row (R-57, R-69).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

FOR_A_PERSON = "none; a person at the custodian decides"


class ReasonText(NamedTuple):
    """What a code says of its element, and how the requester cures it."""

    meaning: str
    cure: str


REASONS: Mapping[str, ReasonText] = MappingProxyType(
    {
        # -- the row itself ------------------------------------------------------------------------
        "CELL_COUNT": ReasonText(
            "the row has more or fewer cells than the header", "give one cell for every column of the header"
        ),
        "UNCLOSED_QUOTE": ReasonText(
            "a quotation mark opens a cell and never closes it, or text follows its close",
            "double every quotation mark inside a quoted cell and close the cell",
        ),
        "INVALID_TEXT": ReasonText(
            "the cell is not UTF-8, or letters of it were lost on the way (NU?EZ)",
            "save the file as UTF-8, and write lost letters anew",
        ),
        "CONTROL_CHARACTER": ReasonText(
            "the cell holds a control character", "remove characters that cannot be seen"
        ),
        "TOO_LONG": ReasonText("the cell is longer than 4,000 characters", "shorten the cell"),
        "REPEATED": ReasonText(
            "the request id was used before, in this batch or an earlier one",
            "give every row an id of its own",
        ),
        "PERSONAL": ReasonText(
            "the request id is a name, date or number of its row, or holds its birth date or number",
            "use an id that says nothing of the person",
        ),
        "DECLINED": ReasonText(
            "an approver at the custodian declined the item",
            "none in the row; ask the custodian why, and contest it once by the day to reply if it never was",
        ),
        "CONTESTED": ReasonText(
            "the requester contests the return of this item", "none; other officers decide, once"
        ),
        "NO_PERSON_CAN_LIFT": ReasonText(
            "no person can lift what stands against the item", "none; send a request that passes by itself"
        ),
        "DUPLICATE": ReasonText(
            "the row equals an earlier one in every column but the request id", "send each person once"
        ),
        "SAME_PERSON": ReasonText(
            "several differing rows name what looks like one person",
            FOR_A_PERSON,
        ),
        # -- any element ---------------------------------------------------------------------------
        "MISSING": ReasonText("the element is not given", "fill in the element"),
        "MALFORMED": ReasonText(
            "the value has not the form that its column asks for", "write the value in the form of its column"
        ),
        "IMPLAUSIBLE": ReasonText(
            "the value cannot be true, or is what systems write for none",
            "give the true value, or leave it empty",
        ),
        "FUTURE": ReasonText("the value lies after the day of receipt", "give a day or year that has passed"),
        "UNKNOWN_CODE": ReasonText("the code is not on the column's list", "use a code of the column's list"),
        "PLACEHOLDER": ReasonText("a phrase stands where the value belongs", "give the true value"),
        "FAULT": ReasonText("the value could not be judged", FOR_A_PERSON),
        # -- the name ------------------------------------------------------------------------------
        "INITIALS": ReasonText("initials alone are no name", "give the names in full"),
        "SINGLE": ReasonText("the person bears a single name, in its passport form", FOR_A_PERSON),
        "NOT_ONE_PERSON": ReasonText(
            "a wildcard, list or number stands where a name belongs", "name one person, in letters"
        ),
        # -- numbers -------------------------------------------------------------------------------
        "NEVER_ASSIGNED": ReasonText(
            "no taxpayer number has this area, group or serial", "correct the number, or leave it empty"
        ),
        "EMPLOYER_NUMBER": ReasonText(
            "two digits, a hyphen and seven digits is an employer's number",
            "give the person's own number, or leave it empty",
        ),
        "RECEIPT_NUMBER": ReasonText(
            "three letters and ten digits is a case's receipt number",
            "give the A-number of seven to nine digits, or leave it empty",
        ),
        "OTHER_DIGITS": ReasonText(
            "the digits are of another script or width", "write the number in the digits 0 to 9"
        ),
        "ALIEN_NUMBER": ReasonText(
            "the taxpayer number repeats the A-number", "give the taxpayer number, or leave it empty"
        ),
        # -- the address ---------------------------------------------------------------------------
        "INCOMPLETE": ReasonText(
            "a part of the address is missing", "give number and street (or box), city, state and ZIP Code"
        ),
        "NO_NUMBER": ReasonText(
            "a house number with its street is missing", "give both, or a PO box, or a route with its box"
        ),
        "NO_STREET": ReasonText("the house number has no street", "give the street's name and type"),
        "NO_CITY_AND_STATE": ReasonText("city and state are missing", "add city and state, and the ZIP Code"),
        "NO_CITY": ReasonText("the city is missing", "add the city"),
        "NO_STATE": ReasonText("the state is missing", "add the state"),
        "NO_BOX": ReasonText(
            "a mail-receiving agency is named without a box", "add the number of the private mailbox (PMB)"
        ),
        "FACILITY": ReasonText(
            "a facility or office is named", "give the street address at which the person lives"
        ),
        "FACILITY_LOCATED": ReasonText("the address is that of a facility or office", FOR_A_PERSON),
        "FOREIGN": ReasonText(
            "the address lies outside the United States", "give an address in the United States"
        ),
        "UNCLEAR": ReasonText("the words can be read in more than one way", FOR_A_PERSON),
        "NOT_SPECIFIC": ReasonText(
            "the reason names no crime or case, or does not say what the information tells of it",
            "say what the matter is and what the information would show; until then a person decides",
        ),
        "NOT_ASKABLE": ReasonText(
            "the reason asks for word of changes, who lives where, that someone is not on file, or a score",
            "ask only for the address of the one person named, and say what it would show of the crime",
        ),
        # -- dates, officers, cures ----------------------------------------------------------------
        "BEFORE_BIRTH": ReasonText(
            "the day lies on or before the birth date that the row gives", "correct one of the two dates"
        ),
        "BEFORE_ORDER": ReasonText(
            "the court's final order lies before the order that it reviews", "correct one of the two dates"
        ),
        "TOO_MANY": ReasonText(
            "more than 20 taxable years are asked for, as good as all",
            "ask only for the years that the matter concerns",
        ),
        "UNKNOWN_OFFICER": ReasonText("a named officer is not enrolled", "name enrolled officers only"),
        "NOT_A_PERSON": ReasonText(
            "a mailbox or group is named as an officer", "name persons who are engaged in the matter"
        ),
        "NOT_IN_DATE": ReasonText(
            "a named officer's enrolment has not begun or has ended on the day of receipt",
            "have the custodian renew the enrolment, or name another officer",
        ),
        "NOT_CERTIFIED": ReasonText(
            "a named officer's certification is not valid on the day of receipt",
            "name officers who are certified as directly engaged",
        ),
        "NOT_A_RETURNED_ROW": ReasonText(
            "the row says that it cures one that this gate has not returned or another row has cured",
            "give the request id of the row returned last for this person, or leave the element empty",
        ),
        "CURES_ANOTHER": ReasonText(
            "the row names somebody else than the one that it cures: name, birth date and number all differ",
            "give the request id of the row that was returned for this person, or leave the element empty",
        ),
        # -- many rows together --------------------------------------------------------------------
        "BOILERPLATE": ReasonText(
            "one reason stands behind too many items of the batch",
            "state the specific reason for each person; until then a person at the custodian decides",
        ),
        "TOO_MANY_PERSONS": ReasonText(
            "one address or one investigation stands for too many persons",
            FOR_A_PERSON,
        ),
        "TOO_MANY_ADDRESSES": ReasonText(
            "too many addresses are given for one person", "give the one address at which the person lives"
        ),
        "TOO_MANY_OPENED": ReasonText("too many investigations were opened on one day", FOR_A_PERSON),
        "SEQUENTIAL": ReasonText("too many investigations bear consecutive numbers", FOR_A_PERSON),
        "VOLUME": ReasonText(
            "more items were received on one day than the agreement foresees",
            FOR_A_PERSON,
        ),
        "ATTEMPTS": ReasonText(
            "the records were searched for this person too often of late",
            FOR_A_PERSON,
        ),
    }
)

_DAY = "write the day as YYYY-MM-DD"
_TRUE_DAY = "give the true day, as YYYY-MM-DD"
_ONE_NAME = (
    "fill in the element: a name in one cell (LOPEZ, MARIA) goes into two; who bears one name only has it as "
    "`family_name` and FNU as `given_name`"
)

CURES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("given_name", "MISSING"): _ONE_NAME,
        ("family_name", "MISSING"): _ONE_NAME,
        (
            "request_id",
            "MALFORMED",
        ): "write 1 to 64 of the letters A to Z, digits, `_` and `-`, a letter or digit first",
        ("birth_date", "MALFORMED"): _DAY,
        ("order_date", "MALFORMED"): _DAY,
        ("order_final_by_court_on", "MALFORMED"): _DAY,
        ("investigation_opened_on", "MALFORMED"): _DAY,
        ("order_date", "IMPLAUSIBLE"): _TRUE_DAY,
        ("investigation_opened_on", "IMPLAUSIBLE"): _TRUE_DAY,
        ("periods", "IMPLAUSIBLE"): "give taxable years from 1950 to that of receipt",
        ("periods", "MALFORMED"): "write each year in four digits, with semicolons between: 2022;2023",
        ("taxpayer_number", "MALFORMED"): "write its nine digits, or leave it empty",
        ("alien_number", "MALFORMED"): "write A and its seven to nine digits, or leave it empty",
        ("statute", "MALFORMED"): "cite title, section and paragraph: 8 USC 1253(a)(1)",
        ("removability_class", "MALFORMED"): "cite section and paragraph: 1227(a)(2)(A)(iii)",
        ("statute", "IMPLAUSIBLE"): "cite one of the titles 1 to 54 of the United States Code",
        (
            "assurance",
            "UNKNOWN_CODE",
        ): "write active, where the person is under active criminal investigation",
        ("purpose", "UNKNOWN_CODE"): "write criminal_investigation or criminal_proceeding, or what else the "
        "agreement lists",
        ("suffix", "UNKNOWN_CODE"): "write JR, SR, or II to V, or leave it empty",
        ("investigation_id", "PLACEHOLDER"): "give the number by which this one investigation is kept",
        ("case_number", "PLACEHOLDER"): "give the number of the case in which the order was made",
        ("officers", "MALFORMED"): "write the ids of the officers, with semicolons between",
        (
            "reason",
            "PLACEHOLDER",
        ): "say what the criminal matter is and what the information would show",
    }
)


def cure_of(element: str, code: str) -> ReasonText | None:
    """What a code says of an element, with the cure that fits the element best; None for an unlisted code."""
    text = REASONS.get(code)
    return None if text is None else text._replace(cure=CURES.get((element, code), text.cure))
