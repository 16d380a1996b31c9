"""What the requester is told for each finding: verdict, rule, and one sentence on how to cure it."""

REASONS: dict[str, tuple[str, str | None, str]] = {
    "blank": ("INCOMPLETE", "R-24", "No address is given; give house number, street, city, state and ZIP."),
    "long": ("INCOMPLETE", "R-27", "The text is too long for one address; give one address on one line."),
    "digits": (
        "INCOMPLETE", "R-26",
        "Digits alone are not an address; give house number, street, city and state.",
    ),
    "placeholder": (
        "PLACEHOLDER", "R-25",
        "These words stand where an address should; give the person's own address.",
    ),
    "facility": (
        "FACILITY", "R-29",
        "This names a facility or office, not where it lies; give its street address in full.",
    ),
    "facility_located": (
        "FACILITY", "R-29",
        "This is where a facility or office lies; a person at the custodian must decide.",
    ),
    "foreign": (
        "FOREIGN", "R-32",
        "This address is outside the United States; give one inside, if the person has one.",
    ),
    "no_street": ("INCOMPLETE", "R-27", "The house number has no street; give the street's name and type."),
    "no_number": (
        "INCOMPLETE", "R-27",
        "A house number with its street is missing; give both, or a PO box or route box.",
    ),
    "no_delivery": ("INCOMPLETE", "R-27", "Only city, state or ZIP are given; add house number and street."),
    "no_last_line": ("INCOMPLETE", "R-28", "City and state are missing; add both, and the ZIP."),
    "no_state": ("INCOMPLETE", "R-28", "The state is missing; add it."),
    "no_city": ("INCOMPLETE", "R-28", "The city is missing; add it."),
    "zip_conflict": ("UNCLEAR", "R-28", "The ZIP belongs to another state than the one given; correct one."),
    "zip_unknown": ("UNCLEAR", "R-28", "The ZIP is not a ZIP in use; correct it."),
    "city_nowhere": (
        "UNCLEAR", "R-28",
        "No such city is known in that state and no ZIP is given; correct it or add the ZIP.",
    ),
    "unclear": (
        "UNCLEAR", "R-27",
        "Number and street cannot be told apart; write number, street, type, city, state, ZIP.",
    ),
    "doubted": (
        "UNCLEAR", "R-80",
        "A word or sign of doubt stands beside the address; give the person's own address without it.",
    ),
    "whoever": (
        "PLACEHOLDER", "R-88",
        "Whoever lives at a place is no person; give the address of the person who is named.",
    ),
    "sign": (
        "UNCLEAR", "R-88",
        "A sign that may stand for other text (*, %, ~, ^, _) stands in the address; write it out.",
    ),
    "agency": ("INCOMPLETE", "R-31", "A mail-receiving agency; add the private mailbox number (PMB)."),
    "agency_box": ("NONRESIDENTIAL", "R-31", "A private mailbox with its number; it is complete."),
    "box": ("NONRESIDENTIAL", "R-31", "A box or general delivery; as a mailing address it is complete."),
    "no_zip": ("REVIEW", "R-80", "The ZIP is missing; only exactly this address on file will confirm it."),
    "unusual": (
        "REVIEW", "R-80",
        "The form is unusual but complete; only exactly this address on file will confirm it.",
    ),
    "ok": ("OK", None, "The address is complete."),
}  # fmt: skip

# Of an incomplete address, which part is missing: a reason code by the sentence that says so.
PARTS: dict[str, str] = {
    REASONS[code][2]: part
    for code, part in (
        ("no_street", "NO_STREET"), ("no_number", "NO_NUMBER"), ("no_last_line", "NO_CITY_AND_STATE"),
        ("no_state", "NO_STATE"), ("no_city", "NO_CITY"), ("agency", "NO_BOX"),
    )
}  # fmt: skip
