"""What other languages offer and this one leaves out, each with what the author writes instead.

- A refusal is one sentence that names the construct and the cure; `docs/reference/language.md` lists them.
- What is invisible, or only looks like a sign of the language, is named by its code point, never shown.
"""

import re
import unicodedata

_UNKNOWN = "a missing fact stays unknown, and unknown never permits; say what must be given"
_ONE_PERSON = "a request names one person and a rule selects nobody; test a fact"
_RECEIVED = "the day of receipt is the fact `received_on`"
_WHOLE_DAYS = "a date moves by whole days: `d + 90 days`"
_AS_IT_IS = "text is compared as it is; fold it in the facts step"
_NO_RANK = "a rule neither scores nor ranks; compare a fact with a limit"

# Words of other languages, by what is written instead.
WORDS = {
    **dict.fromkeys(("coalesce", "ifnull", "nullif", "nvl", "isnull", "unknown"), _UNKNOWN),
    **dict.fromkeys(("case", "when", "then", "else", "if", "iif"), "alternatives are written with `or`"),
    "distinct": "write `=` or `<>`; a missing fact stays unknown",
    "none": "write `x is not null` for what must be given",
    **dict.fromkeys(
        ("like", "ilike", "glob"),
        "a form is written with `matches`; a person is named and never searched for",
    ),
    **dict.fromkeys(("similar", "regexp", "rlike", "regexp_matches"), "a form is written with `matches`"),
    **dict.fromkeys(
        ("any", "all", "some", "exists", "select", "from", "where", "join", "union", "having"), _ONE_PERSON
    ),
    "count": "a rule reads one request; a count is a fact, compared with a limit",
    **dict.fromkeys(("sum", "avg", "min", "max", "over"), "a rule reads one request; a total is a fact"),
    **dict.fromkeys(("score", "rank", "order", "limit"), _NO_RANK),
    **dict.fromkeys(("now", "today", "current_date", "current_timestamp"), _RECEIVED),
    **dict.fromkeys(("interval", "day", "week", "weeks", "month", "months", "year", "years"), _WHOLE_DAYS),
    **dict.fromkeys(("timestamp", "time", "datetime"), "a day is written `date '2025-04-07'`"),
    **dict.fromkeys(("cast", "convert"), "a fact has one type; compare it with a literal of that type"),
    **dict.fromkeys(("upper", "lower", "substr", "substring", "replace", "concat"), _AS_IT_IS),
    **dict.fromkeys(("trim", "ltrim", "rtrim"), "blank text is tested with `filled`"),
    **dict.fromkeys(("length", "len"), "the length of a text is stated by a pattern, as `[A-Z]{2,5}`"),
    **dict.fromkeys(("xor", "implies"), "write it with `and`, `or`, `not`"),
}
_ARITHMETIC = "there is no arithmetic but a date by whole days; give the result as a fact or a parameter"
# Signs of other languages; the longer first, because one may begin with another.
SIGNS = {
    "--": "there are no comments; what is to be said stands in the prose",
    "/*": "there are no comments; what is to be said stands in the prose",
    "//": "there are no comments; what is to be said stands in the prose",
    "#": "there are no comments; what is to be said stands in the prose",
    "<=>": "write `=`; a missing fact stays unknown",
    "===": "write `=`",
    "==": "write `=`",
    "!==": "write `<>`",
    "!=": "write `<>`",
    "=<": "write `<=`",
    "=>": "write `>=`",
    "!~": "a form is written with `not matches`",
    "~": "a form is written with `matches`",
    "!": "write `not`",
    "&&": "write `and`",
    "&": "write `and`",
    "||": "write `or`; texts are not joined",
    "|": "write `or`",
    "::": "a fact has one type; compare it with a literal of that type",
    ":": "a parameter is written by its name alone",
    ";": "a clause has one rule; join two with `and`, or write two clauses",
    '"': "a text stands in single quotes, a name in none",
    "`": "a name stands in no quotes",
    "'": "the text is not closed; end it with a single quote, and double one that stands inside",
    ".": "a fact is written by its name alone, and a number is whole",
    "*": _ARITHMETIC,
    "/": _ARITHMETIC,
    "%": _ARITHMETIC,
    "^": _ARITHMETIC,
    "[": "a list stands in round brackets, as `x in ('a', 'b')`",
    "]": "a list stands in round brackets, as `x in ('a', 'b')`",
    "{": "a list stands in round brackets, as `x in ('a', 'b')`",
    "}": "a list stands in round brackets, as `x in ('a', 'b')`",
    "\\": "a line ends without a sign, and a quote is doubled",
    "$": "a parameter is written by its name alone",
    "@": "a parameter is written by its name alone",
    "?": "a parameter is written by its name; alternatives with `or`",
}
# Signs that look like one of the language, by the one they are taken for.
_LOOK_ALIKES = {
    **dict.fromkeys("‘’‚‛′＇´“”„″«»", "'"),
    **dict.fromkeys("−–—‐‑‒－", "-"),
    **dict.fromkeys("≤⩽", "<="),
    **dict.fromkeys("≥⩾", ">="),
    "≠": "<>",
    **dict.fromkeys("∧＆", "and"),
    **dict.fromkeys("∨｜", "or"),
    **dict.fromkeys("¬！", "not"),
    "∈": "in",
    "∉": "not in",
}
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
# Letters and marks that are drawn as nothing, though their category is that of visible ones.
_UNDRAWN = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
_SPACES = {"\t": "use spaces, no tab", "\r": "end a line with a line feed alone"}
_SCRIPTS = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "FULLWIDTH", "MATHEMATICAL", "LISU")


def is_hidden(sign: str) -> bool:
    """True for a character that a reader cannot see: control, format, unassigned, filler, line mark."""
    return unicodedata.category(sign) in _HIDDEN or sign in _UNDRAWN


def cure_of_unreadable(text: str) -> str:
    """What in a text its reader cannot tell, with the cure: hidden, odd space, mixed alphabets; or ""."""
    if text.isascii() and text.isprintable():
        return ""
    for sign in text:
        if is_hidden(sign):
            return f"the control or invisible character `{shown(sign)}`: {_SPACES.get(sign, 'remove it')}"
        if sign != " " and unicodedata.category(sign) == "Zs":
            return f"`{shown(sign)}`, which only looks like a space: use a plain one"
    return _cure_of_mixed_alphabets(text)


def _cure_of_mixed_alphabets(text: str) -> str:
    for word in re.findall(r"[^\W\d_]+", text):
        scripts = {sign: unicodedata.name(sign, "").split(" ")[0] for sign in word}
        foreign = [sign for sign, script in scripts.items() if script in _SCRIPTS]
        if foreign and "LATIN" in scripts.values():
            return f"`{shown(foreign[0])}` among Latin letters, which it only looks like: type the word anew"
    return ""


def shown(sign: str) -> str:
    """A character as a message names it: itself when it is plain, else its code point."""
    return sign if " " < sign <= "~" else f"U+{ord(sign):04X}"


def cure_of_sign(text: str, at: int) -> tuple[str, str]:
    """The construct that begins at `at` as a message names it, and what is written instead."""
    for sign, cure in SIGNS.items():
        if text.startswith(sign, at):
            return "backtick" if sign == "`" else sign, cure
    return shown(text[at]), _cure_of_character(text[at])


def _cure_of_character(sign: str) -> str:
    if sign in _SPACES:
        return _SPACES[sign]
    if sign in _LOOK_ALIKES:
        return f"it only looks like it; write `{_LOOK_ALIKES[sign]}`"
    if is_hidden(sign):
        return "it is invisible; remove it"
    if unicodedata.category(sign) == "Zs":
        return "it only looks like a space; use a plain one"
    plain = unicodedata.normalize("NFKC", sign)
    if plain.isascii() and plain.isprintable():
        return f"it only looks like `{plain}`; type it on a plain keyboard"
    return "outside quotes a rule is ASCII; type it on a plain keyboard, or name the fact in ASCII"
