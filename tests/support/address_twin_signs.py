"""Signs of doubt in a text, and signs that stand for other text, for the judge's slow twin."""


def is_asked(text: str) -> bool:
    """A question mark at an edge of the text or of a word."""
    for at, sign in enumerate(text):
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        is_edge = before in ("", "(") or before.isspace() or after in ("", ")", ".", ",") or after.isspace()
        if sign == "?" and is_edge:
            return True
    return False


def is_cited(text: str) -> bool:
    """A number, one to three letters in brackets, and a bracket more: 6103(i)(2)."""
    for at, sign in enumerate(text):
        letters, _, rest = text[at + 1 :].partition(")")
        is_paragraph = sign == "(" and rest[:1] == "(" and letters.isascii() and letters.isalpha()
        if is_paragraph and len(letters) < 4 and text[:at].rstrip()[-1:].isdigit():
            return True
    return False


def is_wild(text: str) -> bool:
    """A sign that stands for other text; % may stand for C/O, but before no number and behind no word."""
    for at, sign in enumerate(text):
        before = text[max(at - 3, 0) : at]
        is_field = len(before) == 3 and before.isascii() and before.isalpha()
        is_field = is_field and text[at + 1 :].lstrip()[:1] in tuple(":=")
        if sign in "~^{}" or (sign == "*" and not is_field):
            return True
        stop = at
        while sign == "_" and text[stop : stop + 1] == "_":
            stop += 1
        is_first = sign == "_" and text[at - 1 : at] != "_"
        if is_first and text[at - 1 : at].isalnum() != text[stop : stop + 1].isalnum():
            return True
        after = text[at + 1 :].lstrip()
        if sign == "%" and (text[at - 1 : at].isalnum() or after[:1].isdecimal()):
            return True
    return False
