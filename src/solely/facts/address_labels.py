"""The labels that a form prints before the fields of an address, read as the breaks they stand for.

- A label is of a closed list: one that says whose else the address is, or that it is none (EMPLOYER ADDRESS,
  FORMER ADDRESS), is left where it stands.
- Labels without colons are labels only where city, state and ZIP each have theirs, in this order.
"""

import re

_MARK = r"\s*(?:\*\s*)?[:=]"
# what a form says behind a label about what to write there
_REMARKS = re.compile(
    r"\((?:NUMBER AND STREET|NUMBER, STREET(?:, APT)?|HOUSE NUMBER AND STREET NAME|IF ANY"
    r"|NO P\.?O\.? BOX(?:ES)?)\)"
    r"(?:\. IF YOU HAVE A P\.O\. BOX, SEE INSTRUCTIONS\.)?"
)
# what a form prints before its lines, city, state and ZIP, and before a unit that is left empty
_FIELD = (
    r"(?:CITY, TOWN,? OR POST OFFICE|CITY, STATE,? (?:AND |& )?ZIP(?: CODE)?|CITY|TOWN|POST OFFICE"
    r"|STATE|PROVINCE|ZIP(?:[ -]?CODE| ?5| ?\+ ?4)?|POSTAL(?: CODE)?|CIUDAD|PUEBLO|ESTADO"
    r"|CODIGO POSTAL(?: \(ZIP\))?|ZONA POSTAL|COUNTRY|(?:(?:STREET )?ADDRESS )?LINE [12]"
    r"|ADDRESS [12]|ADDR ?[12]|DIRECCION \(LINEA [12]\))"
)
_UNIT = (
    r"\b(?:APT(?:\s*/\s*(?:(?:SUITE\s*/\s*)?UNIT|STE\s*/\s*FLR)|\. STE\. FLR\.(?: NUMBER)?|\.? NO\.?)"
    r"|NUM\. DE APTO\.?)"
)
_LEFT_EMPTY = r"(?:\b(?:APT|APARTMENT|UNIT)\s*[:=][\s,]*)?"
_LABELLED = re.compile(
    rf"{_LEFT_EMPTY}\b{_FIELD}(?:(?:\s*[/&]\s*|\s+OR?\s+){_FIELD})*{_MARK}"
    rf"|\bST\s*[:=](?=\s*[A-Z]{{2}}\b)|{_UNIT}{_MARK}"
)
# before a number or letter alone, which has no designator of its own
_UNIT_LABELLED = re.compile(rf"{_UNIT}{_MARK}(?=\s*(?:\d+[A-Z]?|[A-Z])(?![\w-]))")
# and before number and street: words that leave the address the person's own
_OWN = (
    r"\b(?:ADDRESS|ADDR|STREET|HOME|MAILING|CURRENT|LAST|KNOWN|RESIDENCE|RESIDENTIAL|PERMANENT|PHYSICAL|RES"
    r"|SERVICE|BILLING|DELIVERY|PRESENT|PRIMARY|LEGAL|STUDENT'S|DIRECCION|DOMICILIO)\.?\s+"
)
_ADDRESS = r"(?:ADDRESS|ADDR|STREET|RESIDENCE|DIRECCION(?:\s+(?:POSTAL|RESIDENCIAL))?|DOMICILIO)\.?"
_NUMBER_AND_STREET = (
    r"(?:STREET NUMBER AND NAME|NUMBER AND STREET|CALLE Y NUMERO|NUMERO Y CALLE|HOUSE (?:NO\.?|NUMBER|#))"
)
_STREET_LABELLED = re.compile(
    rf"\A\s*(?:{_OWN})*{_ADDRESS}{_MARK}"
    rf"|\b{_NUMBER_AND_STREET}{_MARK}|(?<=\d)[\s,]+STREET(?: NAME)?{_MARK}"
    rf"|(?<=\d{{5}})[\s,]+ZIP ?4{_MARK}"
    rf"|\bIN CARE OF NAME{_MARK}\s*(?:N/A|NONE)?[\s,]*(?=\bSTREET NUMBER AND NAME{_MARK})"
    rf"|(?<=\bIN CARE OF) NAME{_MARK}"
)
_NUMBERED = re.compile(rf"\A\s*(?:{_OWN})+ADDR(?:ESS)?\.?\s+(?=\d[\dA-Z-]*\s+[A-Z\d#])")
# the same without colons, an item's number before it: 5C. CITY OR TOWN ELGIN 5D. STATE IL 5E. ZIP CODE 60120
_ITEM = r"(?:\d[A-Z]\.[ ,]+)?"
_THEN = r"(?:[ ,]+-(?=[ ,]))?+[ ,]+"
_LAST_PRINTED = re.compile(
    rf"[ ,]+{_ITEM}(?:ST|STATE|\(STATE\)){_THEN}([A-Z]{{2}})"
    rf"[ ,]+{_ITEM}(?:ZIP(?:[ ,]+CODE)?|\(ZIP\)){_THEN}(\d{{5}}(?:-\d{{4}})?)[ ,]*\Z"
)
_CITY_PRINTED = re.compile(
    r"(.*[^ ,])[ ,]+(?:CITY(?:[ ,]+(?:OR[ ,]+TOWN|TOWN[ ,]+OR[ ,]+POST[ ,]+OFFICE)(?=[ ,]))?+|\(CITY\))"
    rf"{_THEN}([^ ,].*)"
)
_ITEM_BEFORE_CITY = re.compile(r"(?:\A|[ ,]+)\d[A-Z]\.\Z")
_STREET_PRINTED = re.compile(
    rf"[ ,]*{_ITEM}(?:\((?:STREET|ADDRESS)\)|STREET NUMBER AND NAME|(?:{_OWN})*{_ADDRESS}){_THEN}"
)
_UNIT_PRINTED = re.compile(
    rf"(?<=[ ,]){_ITEM}(APT(?:\. STE\. FLR\.(?: NUMBER)?|\.? NO\.?|/SUITE/UNIT|/STE/FLR|/UNIT|\.))(?=[ ,]|\Z)"
)


def unlabelled(upper: str) -> str:
    """The folded text with a comma for each label of a line, city, state or ZIP, and none of the others."""
    if "(" in upper:
        upper = _REMARKS.sub(" ", upper)
    if "ZIP" in upper and ":" not in upper and "=" not in upper:
        upper = _with_colons(upper)
    if ":" in upper or "=" in upper:
        upper = _UNIT_LABELLED.sub(" APT ", _STREET_LABELLED.sub(" ", upper))
        return _LABELLED.sub(",", upper)
    return _NUMBERED.sub("", upper, 1) if "ADDR" in upper else upper


def _with_colons(upper: str) -> str:
    """The text with colons behind labels of street and unit, and commas for those of city, state and ZIP."""
    flat = " ".join(upper.replace(",", " , ").split())
    last = _LAST_PRINTED.search(flat)
    city = _CITY_PRINTED.fullmatch(flat, 0, last.start()) if last else None
    if last is None or city is None:
        return upper
    line = _ITEM_BEFORE_CITY.sub("", city[1])
    street = _STREET_PRINTED.match(line)
    line = _UNIT_PRINTED.sub(r"\1:", f"STREET: {line[street.end() :]}" if street else line)
    return f"{line}, {city[2]}, {last[1]} {last[2]}"
