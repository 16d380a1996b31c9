"""The labels of a form's fields for the judge's slow twin, one sign or one word at a time."""

_FIELDS = (
    *("CITY", "TOWN", "POST OFFICE", "CITY, TOWN OR POST OFFICE", "CITY, TOWN, OR POST OFFICE"),
    *("STATE", "PROVINCE", "COUNTRY", "CIUDAD", "PUEBLO", "ESTADO"),
    *("ZIP", "ZIPCODE", "ZIP CODE", "ZIP-CODE", "ZIP5", "ZIP 5", "ZIP+4", "ZIP +4", "ZIP+ 4", "ZIP + 4"),
    *("POSTAL", "POSTAL CODE", "CODIGO POSTAL", "CODIGO POSTAL (ZIP)", "ZONA POSTAL"),
    *("LINE 1", "LINE 2", "ADDRESS LINE 1", "ADDRESS LINE 2", "ADDRESS 1", "ADDRESS 2"),
    *("STREET ADDRESS LINE 1", "STREET ADDRESS LINE 2", "ADDR 1", "ADDR 2", "ADDR1", "ADDR2"),
    *("DIRECCION (LINEA 1)", "DIRECCION (LINEA 2)"),
    *(f"CITY, STATE{and_} {code}" for and_ in ("", ",", " AND", ", AND", " &", ", &")
      for code in ("ZIP", "ZIP CODE")),
)  # fmt: skip
_STREET_FIELDS = (
    *("STREET NUMBER AND NAME", "NUMBER AND STREET", "HOUSE NO", "HOUSE NO.", "HOUSE NUMBER", "HOUSE #"),
    *("CALLE Y NUMERO", "NUMERO Y CALLE"),
)
_FIRST = ("ADDRESS", "ADDR", "STREET", "RESIDENCE", "DIRECCION", "DOMICILIO")
_BEFORE_FIRST = (
    *("HOME", "MAILING", "CURRENT", "LAST", "KNOWN", "RESIDENTIAL", "PERMANENT", "PHYSICAL", "RES"),
    *("SERVICE", "BILLING", "DELIVERY", "PRESENT", "PRIMARY", "LEGAL", "STUDENT'S"),
)
_REMARKS = (
    *("NUMBER AND STREET", "NUMBER, STREET", "NUMBER, STREET, APT", "HOUSE NUMBER AND STREET NAME", "IF ANY"),
    *(f"NO {box}{es}" for box in ("PO BOX", "P.O BOX", "PO. BOX", "P.O. BOX") for es in ("", "ES")),
)
_SEE = ". IF YOU HAVE A P.O. BOX, SEE INSTRUCTIONS."
_UNITS = ("APT. STE. FLR.", "APT. STE. FLR. NUMBER", "APT NO", "APT NO.", "APT. NO", "APT. NO.")
_SLASHED_UNITS = (("APT", "UNIT"), ("APT", "SUITE", "UNIT"), ("APT", "STE", "FLR"))
_CUT, _UNIT = "\0", "\1"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SPACES = " \t\n\r\f\v"


def unlabelled(plain: str) -> str:
    """The text without labels of number and street, and with a comma for each of the other fields, such as a
    form prints them (CITY/STATE:)."""
    plain = _without_remarks(plain)
    if not _has_mark(plain):
        plain = _with_marks(plain)
    if not _has_mark(plain):
        return _without_own(plain)
    for is_unlabelled in (_without_street, _without_unit, _without_last):
        said = ""
        for at, sign in enumerate(plain):
            if sign in ":=":
                bare = is_unlabelled(said, plain[at + 1 :])
                said = said + sign if bare is None else bare
            else:
                said += sign
        plain = said.replace(_CUT, " ").replace(_UNIT, " APT ")
    return plain


def _has_mark(plain: str) -> bool:
    return ":" in plain or "=" in plain


def _without_remarks(plain: str) -> str:
    """The text without what a form says in brackets about what to write there."""
    said, *opened = plain.split("(")
    for each in opened:
        inside, closed, rest = each.partition(")")
        is_remark = bool(closed) and inside in _REMARKS
        said += f" {rest.removeprefix(_SEE)}" if is_remark else f"({each}"
    return said


def _without_own(plain: str) -> str:
    """The text without the words HOME ADDRESS or the like before its number."""
    words = plain.split()
    number = next((at for at, word in enumerate(words) if word[0].isdigit()), 0)
    before = [word.removesuffix(".") for word in words[:number]]
    is_own = len(before) > 1 and before[-1] in ("ADDR", "ADDRESS") and {*before} <= {*_FIRST, *_BEFORE_FIRST}
    after = words[number + 1 : number + 2]
    is_followed = bool(after) and (after[0][0].isdigit() or after[0][0] in f"{_LETTERS}#")
    if not (
        is_own and is_followed and all(each.isdigit() or each in f"{_LETTERS}-" for each in words[number])
    ):
        return plain
    return plain[plain.index(words[number]) :]


def _with_marks(plain: str) -> str:
    """The text with colons and commas for labels that have none, where city, state and ZIP have theirs."""
    words = plain.replace(",", " , ").split()
    code = _value_at_end(words)
    if not _is_zip(code) or not _popped(words, ("ZIP", "CODE"), ("ZIP",), ("(ZIP)",)):
        return plain
    state = _value_at_end(words)
    if len(state) != 2 or not (state.isascii() and state.isalpha()):
        return plain
    if not _popped(words, ("ST",), ("STATE",), ("(STATE)",)):
        return plain
    _strip(words)
    for at in range(len(words) - 1, 0, -1):
        city = _city_at(words[at:])
        line = words[:at]
        _strip(line)
        if city and line:
            if _is_item(line[-1]):
                line.pop()
                _strip(line)
            return " ".join([*_units_marked(_street_marked(line)), ",", *city, ",", state, code])
    return plain


def _strip(words: list[str]) -> None:
    while words and words[-1] == ",":
        words.pop()


def _value_at_end(words: list[str]) -> str:
    """The last word, taken off with a stroke before it."""
    _strip(words)
    value = words.pop() if words else ""
    at = len(words)
    while at and words[at - 1] == ",":
        at -= 1
    if at and words[at - 1] == "-":
        del words[at - 1 :]
    return value


def _popped(words: list[str], *labels: tuple[str, ...]) -> bool:
    """True where one of the labels stands at the end; it is taken off with an item's number before it."""
    for label in labels:
        left = list(words)
        for each in reversed(label):
            _strip(left)
            if not left or left.pop() != each:
                break
        else:
            _strip(left)
            if left and _is_item(left[-1]):
                left.pop()
            words[:] = left
            return True
    return False


def _is_zip(word: str) -> bool:
    five, stroke, four = word.partition("-")
    return five.isdecimal() and len(five) == 5 and (not stroke or (four.isdecimal() and len(four) == 4))


def _is_item(word: str) -> bool:
    return len(word) == 3 and word[0].isdecimal() and word[1] in _LETTERS and word[2] == "."


def _city_at(words: list[str]) -> list[str]:
    """What stands behind a city's label at the start of the words, else nothing."""
    if words[0] not in ("CITY", "(CITY)"):
        return []
    rest = words[1:]
    for more in (("OR", "TOWN"), ("TOWN", "OR", "POST", "OFFICE")) if words[0] == "CITY" else ():
        bare = [(at, word) for at, word in enumerate(rest) if word != ","]
        if tuple(word for _, word in bare[: len(more)]) == more and len(bare) > len(more):
            rest = rest[bare[len(more) - 1][0] + 1 :]
            break
    return _behind_stroke(rest)


def _behind_stroke(words: list[str]) -> list[str]:
    """The words without commas and one stroke at their start."""
    rest = _from_word(words)
    return _from_word(rest[1:]) if rest[:1] == ["-"] and rest[1:] else rest


def _from_word(words: list[str]) -> list[str]:
    return _from_word(words[1:]) if words[:1] == [","] else words


def _street_marked(line: list[str]) -> list[str]:
    """The line with STREET: for the label at its start."""
    words = _from_word(line)
    if words and _is_item(words[0]):
        words = _from_word(words[1:])
    if words[:4] == ["STREET", "NUMBER", "AND", "NAME"] and words[4:]:
        return ["STREET:", *_behind_stroke(words[4:])]
    if words[:1] in (["(STREET)"], ["(ADDRESS)"]) and words[1:]:
        return ["STREET:", *_behind_stroke(words[1:])]
    size = 0
    for at, word in enumerate(words[:-1]):
        bare = word.removesuffix(".")
        is_spanish = bare in ("POSTAL", "RESIDENCIAL") and words[at - 1] == "DIRECCION"
        if bare in _FIRST or (at and is_spanish):
            size = at + 1
        if bare not in (*_FIRST, *_BEFORE_FIRST):
            break
    return ["STREET:", *_behind_stroke(words[size:])] if size else line


def _units_marked(line: list[str]) -> list[str]:
    """The line with a colon behind each label of a unit in it."""
    labels = sorted((each.split() for each in _UNITS), key=len, reverse=True)
    labels += [["/".join(each)] for each in _SLASHED_UNITS] + [["APT."]]
    said: list[str] = []
    at = 0
    while at < len(line):
        label = next((each for each in labels if line[at : at + len(each)] == each), None)
        if label is None or at == 0:
            said.append(line[at])
            at += 1
            continue
        _strip_item(said)
        said += [*label[:-1], f"{label[-1]}:"]
        at += len(label)
    return said


def _strip_item(said: list[str]) -> None:
    bare = [at for at, word in enumerate(said) if word != ","]
    if bare and bare[-1] > 0 and _is_item(said[bare[-1]]):
        del said[bare[-1] :]


def _before_mark(said: str) -> str:
    """The text before a mark, without the star of a field that must be filled in."""
    return said.rstrip().removesuffix("*").rstrip()


def _without_street(said: str, _: str) -> str | None:
    rest = _before_mark(said)
    if _is_own(rest):
        return _CUT
    if _ends(rest, "STREET NUMBER AND NAME"):
        before = rest.removesuffix("STREET NUMBER AND NAME")
        return _without_care(before) + _CUT
    for label in _STREET_FIELDS:
        if _ends(rest, label):
            return rest.removesuffix(label) + _CUT
    if _ends(rest, "IN CARE OF NAME"):
        return rest.removesuffix(" NAME") + _CUT
    return _without_second(rest)


def _without_second(rest: str) -> str | None:
    """The text without ZIP4 behind a ZIP and without STREET behind a number."""
    for label in ("ZIP4", "ZIP 4"):
        before = rest.removesuffix(label)
        if before != rest and before[-1:] in {*_SPACES, ","} and _behind_five(before):
            return before + _CUT
    rest = rest.removesuffix(" NAME") if rest.endswith("STREET NAME") else rest
    before = rest.removesuffix("STREET").rstrip(_SPACES + ",")
    if rest.endswith("STREET") and rest[-7:-6] in {*_SPACES, ","} and before[-1:].isdigit():
        return before + _CUT
    return None


def _is_own(said: str) -> bool:
    """True where the text is all words of a label of the person's own street."""
    words = [word.removesuffix(".") for word in said.split()]
    if len(words) > 1 and words[-1] in ("POSTAL", "RESIDENCIAL") and said.split()[-2] == "DIRECCION":
        words.pop()
    return bool(words) and words[-1] in _FIRST and {*words} <= {*_FIRST, *_BEFORE_FIRST}


def _behind_five(before: str) -> bool:
    code = before.rstrip(_SPACES + ",")[-5:]
    return len(code) == 5 and code.isdecimal()


def _without_care(before: str) -> str:
    """The text without IN CARE OF and its empty name."""
    rest = before.rstrip(_SPACES + ",")
    for nobody in ("N/A", "NONE"):
        if rest.endswith(nobody):
            rest = rest.removesuffix(nobody).rstrip()
            break
    care = rest.removesuffix(_CUT)
    return care.removesuffix("IN CARE OF") if care != rest and _ends(care, "IN CARE OF") else before


def _without_unit(said: str, following: str) -> str | None:
    after = following.lstrip()
    size = next((at for at, c in enumerate(after) if not c.isdigit()), len(after))
    size += after[size : size + 1].isascii() and after[size : size + 1].isalpha()
    is_bare = size > 0 and not (after[size : size + 1].isalnum() or after[size : size + 1] in ("_", "-"))
    bare = _before_unit(said)
    return bare + _UNIT if is_bare and bare is not None else None


def _before_unit(said: str) -> str | None:
    """What stands before APT/UNIT, APT NO. or what a federal form calls it, at the end."""
    rest = _before_mark(said)
    for label in (*_UNITS, "NUM. DE APTO", "NUM. DE APTO."):
        if _ends(rest, label):
            return rest.removesuffix(label)
    for first, *others in _SLASHED_UNITS:
        left = rest
        for word in reversed(others):
            left = left.removesuffix(word).rstrip() if left.endswith(word) else ""
            left = left.removesuffix("/").rstrip() if left.endswith("/") else ""
        if _ends(left, first):
            return left.removesuffix(first)
    return None


def _without_last(said: str, following: str) -> str | None:
    bare, rest = None, said.rstrip()
    after = following.lstrip()
    is_code = len(after) > 1 and after[:2].isascii() and after[:2].isalpha()
    if _ends(rest, "ST") and is_code and not (after[2:3].isalnum() or after[2:3] == "_"):
        return rest.removesuffix("ST") + ","
    if _before_unit(said) is not None:
        return f"{_before_unit(said)},"
    rest = _before_mark(said)
    while label := max((each for each in _FIELDS if _ends(rest, each)), key=len, default=""):
        bare = rest.removesuffix(label)
        rest = bare.rstrip()
        or_ = rest.removesuffix("OR") if rest.endswith("OR") else rest.removesuffix("O")
        if rest[-1:] in ("/", "&"):
            rest = rest[:-1].rstrip()
        elif rest not in (bare, or_) and or_[-1:] in {*_SPACES}:
            rest = or_.rstrip()
        else:
            break
    if bare is None:
        return None
    before = bare.rstrip(_SPACES + ",")
    unit = before[:-1].rstrip()
    if before[-1:] in (":", "="):
        bare = next(
            (unit.removesuffix(each) for each in ("APT", "APARTMENT", "UNIT") if _ends(unit, each)), bare
        )
    return bare + ","


def _ends(said: str, word: str) -> bool:
    """True where the text ends with the word, and no letter stands right before it."""
    before = said.removesuffix(word)
    return before != said and not (before[-1:].isalnum() or before[-1:] == "_")
