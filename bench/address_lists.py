"""Lists of address texts with known answers, drawn from a seed; written apart from the judge.

- `insufficient` draws placeholders, incomplete lines, facilities, with real cities and ZIPs added.
- `written` draws an address of a usual United States form as parts, and `texts` writes it in many ways.
- Only the ZIP table is shared with the judge. A list whose failures have been read is spent: draw a new seed.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from solely.store.inputs import ZipEntry

PHRASES = """
address not known|addr. unknown|unknown address|whereabouts unknown|current whereabouts unknown
last address unknown|not provided|address not provided|did not provide an address|failed to provide
failed to provide address|fail to provide|refused|refused to answer|refused to give address
subject refused|declined|declined to answer|would not say|no address|no address given|no address on file
no fixed address|no fixed abode|no known address|no permanent address|no current address|none|none given
none provided|none on file|not on file|not available|n/a|n.a.|na|not applicable|not stated|not listed
not reported|not disclosed|withheld|address withheld|redacted|confidential address|undisclosed|homeless
homeless - no address|transient|transient/homeless|lives on street|living on the streets|in the streets
various|various addresses|multiple addresses|general area|to be determined|tbd|tba|to follow
address to follow|pending|same|same as above|same as before|same address|see above|see file|see attached
as above|on file|in file|unk|unk unk|unknown unknown|unknown st|unknown street|street unknown
unknown city|unknown unknown unknown|dont know|don't know|do not know|does not know|doesn't remember
cannot recall|can't remember|unable to obtain|not found|no record|no data|no info
no information available|no response|null|null null|nil|blank|xxx|xxxx|xxxxx xxxx|test|test test
test address|sample address|fake address|dummy|asdf|asdf asdf|qwerty|aaa|aaaa bbbb|abc|blah blah|address
street address|home address|mailing address|enter address here|your address|address line 1|street name
insert street|return to sender|undeliverable|bad address|invalid address|incomplete address
moved, left no address|moved|deported|removed from us|left the country|deceased|in custody|incarcerated
detained|at large|fugitive|to be advised|will provide later|awaiting information|illegible|unreadable
unclear|question mark|missing|missing data|nowhere|somewhere|anywhere|everywhere|whatever|who cares
don't care|doesn't matter|none of your business|shelter|homeless shelter|under bridge|under the bridge
tent|lives in car|lives in vehicle|lives with friend|couch surfing|desconocido|desconocida
direccion desconocida|domicilio desconocido|se desconoce|no sabe|no se sabe|no proporciono
no proporcionado|no proporciona|no proporcionada|no tiene|no tiene direccion|no tiene domicilio
sin direccion|sin domicilio|sin domicilio fijo|sin hogar|sin casa|sin datos|sin informacion|ninguno
ninguna|no aplica|no disponible|no dio direccion|no contesto|se nego|se nego a responder|rehuso
pendiente|varios|misma direccion|la misma|la misma de arriba|en la calle|vive en la calle|indigente
no recuerda|no especificado|por confirmar|no address unknown|address unk|unk address provided
unknown at this time|not known at this time|unknown last address|no residence|no home|no house|no place
no street|no se|quien sabe|ningun domicilio|calle desconocida|sin calle
""".replace("\n", "|").strip("|")

FACILITY_PARTS = (
    ("COUNTY", "CITY", "REGIONAL", "STATE", "FEDERAL", "PARISH", "MUNICIPAL", "{city} COUNTY", "{city}",
    "NORTH {city}"),
    ("JAIL", "DETENTION CENTER", "PRISON", "CORRECTIONAL FACILITY", "CORRECTIONAL INSTITUTION",
    "DETENTION FACILITY",
     "CORRECTIONAL CENTER", "SHERIFF'S OFFICE", "SHERIFF DEPT", "JAIL ANNEX", "PENITENTIARY",
    "PROCESSING CENTER",
     "CORRECTIONS", "HOLDING FACILITY", "ADULT DETENTION", "JUVENILE DETENTION CENTER", "POLICE DEPARTMENT",
     "JUSTICE CENTER JAIL", "DEPT OF CORRECTIONS", "WORKHOUSE JAIL"),
)  # fmt: skip
OFFICES = """
ICE FIELD OFFICE|ERO FIELD OFFICE|ICE ERO|ICE/ERO {city} FIELD OFFICE|ICE PROCESSING CENTER
{city} ICE OFFICE|ICE DETENTION|ICE CUSTODY|IN ICE CUSTODY|ICE SERVICE PROCESSING CENTER
{city} SERVICE PROCESSING CENTER|ICE HOLD ROOM|US IMMIGRATION AND CUSTOMS ENFORCEMENT
ENFORCEMENT AND REMOVAL OPERATIONS|BORDER PATROL STATION|CBP HOLDING|IMMIGRATION COURT|USCIS OFFICE
DHS OFFICE|DEPARTMENT OF HOMELAND SECURITY|BUREAU OF PRISONS|FCI {city}|USP {city}|FDC {city}|MDC {city}
CARCEL DEL CONDADO|CENTRO DE DETENCION|PRISION ESTATAL|{city} STATE PRISON|CELL BLOCK {n} COUNTY JAIL
COUNTY JAIL POD {n}|INMATE {n} STATE PRISON|DORM {n} COUNTY JAIL|UNIT {n} DETENTION CENTER
{n} COUNTY JAIL|JAIL|PRISON|DETENTION CENTER|DETAINED AT COUNTY JAIL|HELD AT COUNTY JAIL|SHERIFF
C/O COUNTY JAIL|C/O ICE
""".replace("\n", "|").strip("|")

STREET_NAMES = """
OAK MAPLE CEDAR PINE ELM WASHINGTON JEFFERSON LINCOLN MADISON JACKSON ADAMS FRANKLIN HIGHLAND SUNSET
HILLCREST
MEADOW WILLOW CHESTNUT WALNUT SPRUCE BIRCH DOGWOOD MAGNOLIA LAUREL HICKORY SYCAMORE CHERRY PEACH
MULBERRY JUNIPER
MAIN CHURCH MARKET HIGH SCHOOL COLLEGE UNIVERSITY MILL BRIDGE WATER RIVER LAKE SPRING FOREST VALLEY
RIDGE PARK
GRANT SHERMAN SHERIDAN HARRISON TAYLOR MONROE CLEVELAND ROOSEVELT KENNEDY WILSON TYLER FILLMORE BUCHANAN
GARFIELD
DELAWARE VIRGINIA TENNESSEE GEORGIA CAROLINA TEXAS CALIFORNIA NEVADA OHIO INDIANA MICHIGAN KENTUCKY
ARIZONA UTAH
ALDER ASPEN BEECH CYPRESS HAWTHORNE HEMLOCK IVY LINDEN LOCUST POPLAR REDWOOD SEQUOIA SUMAC TAMARACK
ABERDEEN BRISTOL CAMBRIDGE DEVON ESSEX FAIRFAX GLOUCESTER HAMPTON KENSINGTON LANCASTER OXFORD SHEFFIELD
WINDSOR YORK
EAGLE FALCON HAWK HERON QUAIL ROBIN SPARROW SWAN CARDINAL FOX DEER BEAR WOLF ANTELOPE BUFFALO MUSTANG
AMBER CORAL CRYSTAL DIAMOND EMERALD GARNET JADE OPAL PEARL RUBY SAPPHIRE SILVER GOLDEN COPPER
LOGAN CLARK LEWIS MARSHALL MORGAN CALHOUN CARVER DOUGLAS EDISON FULTON HAMILTON HANCOCK HOUSTON PENN
PERRY WEBSTER
COUNTRY CLUB|SUGAR MAPLE|STONE BRIDGE|ROLLING HILLS|WHISPERING PINES|QUAIL RUN|INDIAN CREEK|BEAR CREEK
SAND HILL
OLD MILL|NEW HOPE|PLEASANT VIEW|MARTIN LUTHER KING|JOHN F KENNEDY|VAN BUREN|LA SALLE|SAN PABLO|SANTA FE
EL CAMINO
DEER PATH|FOX HOLLOW|TIMBER RIDGE|COTTON WOOD|CHERRY HILL|ROSE GARDEN|GRAND VIEW|LAKE SHORE|MOUNT VERNON
SAINT CHARLES
FORT HILL|CAMP GROUND|CHURCH HILL|COURT HOUSE|MILL POND|STATE LINE|COUNTY LINE|SCHOOL HOUSE|RIVER BEND
ISLAND VIEW
NORTH FORK|SOUTH SHORE|EAST LAKE|WEST END|NORTHERN PINES|SOUTHERN OAKS|BAY VIEW|OCEAN BREEZE
HARBOR POINT
"""

TYPES = {
    "ST": ("ST", "STREET", "STR", "ST."), "AVE": ("AVE", "AVENUE", "AV", "AVE."), "RD": ("RD", "ROAD",
    "RD."),
    "DR": ("DR", "DRIVE", "DR.", "DRV"), "LN": ("LN", "LANE", "LN."), "CT": ("CT", "COURT", "CT."),
    "PL": ("PL", "PLACE", "PL."), "BLVD": ("BLVD", "BOULEVARD", "BLVD."), "CIR": ("CIR", "CIRCLE", "CIRC"),
    "WAY": ("WAY",), "TER": ("TER", "TERRACE", "TERR"), "TRL": ("TRL", "TRAIL"), "PKWY": ("PKWY",
    "PARKWAY"),
    "LOOP": ("LOOP",), "SQ": ("SQ", "SQUARE"), "RUN": ("RUN",), "CV": ("CV", "COVE"), "XING": ("XING",
    "CROSSING"),
    "HTS": ("HTS", "HEIGHTS"), "RDG": ("RDG", "RIDGE"), "PT": ("PT", "POINT"), "HWY": ("HWY", "HIGHWAY"),
    "PIKE": ("PIKE",), "ALY": ("ALY", "ALLEY"), "VW": ("VW", "VIEW"),
}  # fmt: skip
DIRECTIONS = {
    "N": ("N", "NORTH", "N."), "S": ("S", "SOUTH", "S."), "E": ("E", "EAST", "E."), "W": ("W", "WEST", "W."),
    "NW": ("NW", "N.W.", "NORTHWEST"), "SE": ("SE", "S.E.", "SOUTHEAST"), "NE": ("NE", "NORTHEAST"),
    "SW": ("SW", "SOUTHWEST", "S.W."),
}  # fmt: skip
UNITS = ("APT", "APARTMENT", "#", "UNIT", "STE", "SUITE", "Apt.", "RM", "LOT", "SPC", "TRLR")
STATES = {
    "AL": "Alabama", "AZ": "Arizona", "CA": "California", "CO": "Colorado", "FL": "Florida",
    "GA": "Georgia",
    "IL": "Illinois", "IN": "Indiana", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MO": "Missouri",
    "NC": "North Carolina", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "OH": "Ohio",
    "OR": "Oregon",
    "PA": "Pennsylvania", "SC": "South Carolina", "TN": "Tennessee", "TX": "Texas", "UT": "Utah",
    "VA": "Virginia",
    "WA": "Washington", "WI": "Wisconsin", "WV": "West Virginia",
}  # fmt: skip


class Place(NamedTuple):
    """A real last line: one city that its ZIP accepts."""

    city: str
    state: str
    zip5: str


class Written(NamedTuple):
    """An address as a record holds it (R-40): what every text of it must standardise to."""

    form: str
    number: str
    pre: str
    name: str
    type: str
    post: str
    unit: str
    line: str
    place: Place


def places(zips: Mapping[str, ZipEntry], kinds: Sequence[str] = ("STANDARD",)) -> list[Place]:
    """Every (city, state, ZIP) of the table whose city is written in letters."""
    return [
        Place(city, entry.state, code)
        for code, entry in sorted(zips.items())
        if entry.kind in kinds
        for city in entry.cities
        if city.replace(" ", "").replace("'", "").replace("-", "").isalpha()
    ]


def insufficient(draw: random.Random, zips: Mapping[str, ZipEntry], count: int) -> list[str]:
    """`count` texts, none of which is an address."""
    where = places(zips)
    kinds = [_placeholder, _placeholder, _placeholder, _incomplete, _facility]
    return [draw.choice(kinds)(draw, draw.choice(where)) for _ in range(count)]


def last_line(draw: random.Random, place: Place) -> str:
    city = draw.choice((place.city, place.city.title(), place.city.lower()))
    return draw.choice(
        (
            f", {city}, {place.state} {place.zip5}", f", {city} {place.state} {place.zip5}",
            f" {city} {place.state} {place.zip5}", f" {place.zip5}", f", {city}, {place.state}", f", {city}",
            f" {city} {place.state}", f"\n{city}, {place.state} {place.zip5}-{draw.randint(1, 9999):04}",
            f" {place.state} {place.zip5}", "",
            f", {city}, {STATES.get(place.state, place.state)} {place.zip5}",
        )
    )  # fmt: skip


BEFORE = ("0 ", "00 ", "0000 ", "000 ", "# ", "APT ", "123 ", "1 ", "999 ")
AFTER = (" 0", " 00000", " APT 1", " #1", " unit na", " apt unknown", ", 0")
AROUND = (("***", "***"), ("(", ")"), ("[", "]"), ('"', '"'), ("-- ", " --"), ("?? ", "??"), ("", "!"))
TWISTS: tuple[Callable[[random.Random, str], str], ...] = (
    lambda draw, phrase: phrase.translate(str.maketrans("oOiIeEaAsS", "0011334455")),
    lambda draw, phrase: phrase.replace("o", "0").replace("O", "0"),
    lambda draw, phrase: draw.choice((" ", ".", "-", " ")).join(phrase.replace(" ", "")),
    lambda draw, phrase: phrase.replace(" ", draw.choice(("  ", "_", "-", ".", "/", ", ", "\n"))),
    lambda draw, phrase: _slip(draw, phrase) if len(phrase) > 6 else phrase,
    lambda draw, phrase: phrase.join(draw.choice(AROUND)),
    lambda draw, phrase: draw.choice(BEFORE) + phrase,
    lambda draw, phrase: phrase + draw.choice(AFTER),
    *(lambda draw, phrase: phrase for _ in range(4)),
)


def _placeholder(draw: random.Random, place: Place) -> str:
    phrase = draw.choice(PHRASES.split("|"))
    phrase = draw.choice((phrase, phrase.upper(), phrase.title(), phrase))
    return draw.choice(TWISTS)(draw, phrase) + last_line(draw, place)


def _slip(draw: random.Random, phrase: str) -> str:
    at = draw.randrange(1, len(phrase) - 2)
    kind = draw.randrange(3)
    if kind == 0:
        return phrase[:at] + phrase[at + 1 :]
    if kind == 1:
        return phrase[:at] + phrase[at + 1] + phrase[at] + phrase[at + 2 :]
    return phrase[:at] + phrase[at] + phrase[at:]


BOXES = ("PO BOX", "P.O. Box", "POST OFFICE BOX", "RR 2", "RURAL ROUTE", "HC 1", "BOX", "PMB 22")
WITHOUT_NAME = (" STREET", " AVENUE", "TH ST", " MILE RD", "TH AVE", " ST")


def _incomplete(draw: random.Random, place: Place) -> str:
    if draw.random() < 0.25:
        return _part(draw, place)
    street = f"{draw.choice(_names())} {draw.choice(draw.choice(list(TYPES.values())))}"
    number = str(draw.randint(1, 19999))
    units = (
        f"APT {number}",
        f"UNIT {number}",
        f"{number} APT 5",
        f"ROOM {number}",
        f"#{number}",
        f"{number} #2",
    )
    lines = (
        *(street + unit for unit in ("", " APT 3", " #4", " N", ", UNIT B")),
        number,
        draw.choice(BOXES),
        f"{draw.choice(_names())} & {draw.choice(_names())}",
        draw.choice(units),
        f"{draw.randint(1, 99)}{draw.choice(WITHOUT_NAME)}",
        f"corner of {draw.choice(_names())} and {street}",
    )
    return draw.choice(lines) + last_line(draw, place)


def _part(draw: random.Random, place: Place) -> str:
    """A street without its last line, a last line without a street, digits or signs alone."""
    number = str(draw.randint(1, 19999))
    street = f"{number} {draw.choice(_names())} {draw.choice(list(TYPES))}"
    digits = (place.zip5, number, f"{place.zip5}-{number[:4]:0>4}", "0" * draw.randint(1, 9))
    streets = (street, f"{street} {place.zip5}", f"{street}, {place.city}", f"{street} APT 2 {place.zip5}")
    lines = (
        f"{place.city}, {place.state}",
        f"{place.city} {place.state} {place.zip5}",
        place.state,
        place.city,
    )
    return draw.choice(draw.choice((digits, streets, lines, ("-", "", " ", ".", "/", "?"))))


def _facility(draw: random.Random, place: Place) -> str:
    if draw.random() < 0.5:
        text = " ".join(draw.choice(part) for part in FACILITY_PARTS)
    else:
        text = draw.choice(OFFICES.split("|"))
    text = text.format(city=place.city, n=draw.randint(1, 900))
    return draw.choice((text, text.title(), text.lower())) + last_line(draw, place)


def _names() -> list[str]:
    return [
        name
        for line in STREET_NAMES.split("\n")
        for name in (line.split("|") if "|" in line else line.split())
    ]


def written(draw: random.Random, zips: Mapping[str, ZipEntry]) -> Iterator[Written]:
    """Addresses of usual and unusual real forms, without end, with real last lines."""
    where = [
        place for place in places(zips) if place.state not in ("PR", "GU", "VI", "AS", "MP", "FM", "MH", "PW")
    ]
    island = [place for place in places(zips) if place.state == "PR"]
    abroad = [place for place in places(zips, ("MILITARY",)) if place.state in ("AA", "AE", "AP")]
    names = _names()
    while True:
        yield _one(draw, draw.choice(where), draw.choice(island), draw.choice(abroad), names)


SHARES = {
    "street": 60, "numbered": 12, "queens": 3, "grid": 2, "utah": 2, "highway": 5, "po_box": 6, "rural": 3,
    "military": 2, "calle": 3, "typeless": 2,
}  # fmt: skip
CALLES = ("A", "B", "5", "12", "LUNA", "SOL", "DEL PARQUE", "LAS FLORES")
AREAS = ("", "URB LAS GLADIOLAS ", "URB VILLA DEL REY ", "BO OBRERO ", "COND EL MONTE ")


def _one(draw: random.Random, place: Place, island: Place, abroad: Place, names: Sequence[str]) -> Written:
    kind = draw.choices(list(SHARES), list(SHARES.values()))[0]
    number = str(draw.choice((draw.randint(1, 999), draw.randint(100, 9999), draw.randint(1000, 29999))))
    line = _line(draw, kind, number)
    if line:
        where = {"military": abroad, "calle": island}.get(kind, place)
        return Written(kind, number, "", "", "", "", "", line, where)
    name, type_ = draw.choice(names), draw.choice(list(TYPES))
    pre, post = draw.choice(("", "", "", *DIRECTIONS)), draw.choice(("", "", "", "", "", "", *DIRECTIONS))
    unit = draw.choice(("", "", "", "", "3", "12", "3F", "B", "204", "1A", "C12"))
    if kind in ("numbered", "queens"):
        name, type_ = _ordinal(draw.randint(1, 180)), draw.choice(("ST", "AVE", "PL", "CT"))
    if kind == "queens":
        number = f"{draw.randint(10, 99)}-{draw.randint(10, 99)}"
    if kind == "grid":
        number, pre, post = f"W{draw.randint(100, 260)}N{draw.randint(4000, 9999)}", "", ""
    if kind == "typeless":
        name, type_, pre, post = draw.choice(("BROADWAY", name)), "", "", ""
    line = " ".join(part for part in (number, pre, name, type_, post) if part)
    return Written(kind, number, pre, name, type_, post, unit, line, place)


def _line(draw: random.Random, kind: str, number: str) -> str:
    """The delivery line of a form that is written as a whole; "" for the others."""
    n, box = draw.randint(1, 99), draw.randint(1, 9999)
    roads = (f"HIGHWAY {n}", f"COUNTY ROAD {n}", f"STATE ROUTE {n}", f"US HIGHWAY {n}", f"FM {1000 + n}")
    lines = {
        "utah": f"{number} {draw.choice('NS')} {n}00 {draw.choice('EW')}",
        "highway": f"{number} {draw.choice(roads)}",
        "po_box": f"PO BOX {box}",
        "rural": f"{draw.choice(('RR', 'HC'))} {n} BOX {box}",
        "military": f"{draw.choice(('PSC', 'CMR', 'UNIT'))} {n} BOX {box}",
        "calle": f"{draw.choice(AREAS)}{number} CALLE {draw.choice(CALLES)}",
    }
    return lines.get(kind, "")


def _ordinal(number: int) -> str:
    tail = "TH" if number % 100 in (11, 12, 13) else {1: "ST", 2: "ND", 3: "RD"}.get(number % 10, "TH")
    return f"{number}{tail}"


def text(draw: random.Random, address: Written) -> str:
    """One of the many ways in which people write `address`."""
    parts = [address.number, *_said(draw, address.pre, DIRECTIONS), address.name]
    parts += [*_said(draw, address.type, TYPES), *_said(draw, address.post, DIRECTIONS)]
    line = " ".join(part for part in parts if part) if address.name else _said_line(draw, address.line)
    unit = _unit(draw, address.unit)
    if unit:
        line = draw.choice((f"{line} {unit}", f"{line}, {unit}", f"{line}\n{unit}", f"{unit}, {line}"))
    place = address.place
    state = draw.choice((place.state, place.state, STATES.get(place.state, place.state)))
    code = draw.choice((place.zip5, place.zip5, f"{place.zip5}-{draw.randint(1, 9999):04}"))
    between = draw.choice((", ", ", ", " ", "\n", ",", "  "))
    whole = f"{line}{between}{place.city}{draw.choice((', ', ' ', ' , '))}{state} {code}"
    whole = draw.choice((whole, whole, whole.title(), whole.lower(), whole.upper()))
    whole += draw.choice(("", "", "", "", " USA", ", USA", ", United States", "."))
    return draw.choice(("", "", "", "", "", "", "", "", "c/o Maria Lopez, ", "C/O J SMITH\n")) + whole


def _said(draw: random.Random, part: str, forms: Mapping[str, Sequence[str]]) -> list[str]:
    return [draw.choice(forms[part])] if part else []


SAID = {
    "PO BOX": ("PO BOX", "P.O. Box", "P O BOX", "Post Office Box", "POBOX"),
    "RR ": ("RR ", "R.R. ", "Rural Route ", "RURAL RT "),
    "HC ": ("HC ", "Highway Contract ", "Star Route "),
    "COUNTY ROAD": ("COUNTY ROAD", "County Rd", "CR", "CO RD"),
    "US HIGHWAY": ("US HIGHWAY", "US HWY", "U.S. Hwy"),
    "STATE ROUTE": ("STATE ROUTE", "State Rte", "SR", "ST RT"),
    "FM ": ("FM ", "Farm to Market Rd ", "F.M. "),
}


def _said_line(draw: random.Random, line: str) -> str:
    for said, forms in SAID.items():
        if said in line:
            return line.replace(said, draw.choice(forms))
    return line.replace("HIGHWAY", draw.choice(("HIGHWAY", "HWY", "Hwy")))


def _unit(draw: random.Random, unit: str) -> str:
    if not unit:
        return ""
    word = draw.choice(UNITS)
    return f"{word}{draw.choice(('', ' '))}{unit}" if word == "#" else f"{word} {unit}"
