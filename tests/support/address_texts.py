"""Random texts that look like addresses without being any in particular: the twins' food."""

import random
from collections.abc import Sequence

_TEXT = """
OAK MAIN PARK LAKE 5TH 82ND FIRST N S E W NW NORTH SOUTHEAST ST STREET AVE AVENUE RD ROAD LN DR CT HWY
HIGHWAY ROUTE PL HILL HILLS COURT APT UNIT STE # BLDG FL REAR UPPER PH LOT RM NO NUMBER PO BOX P.O. RR
HC RURAL PMB PSC CMR GENERAL DELIVERY CALLE AVENIDA URB COND BO KM CARR FM US COUNTY STATE MILE C/O ATTN
AND & , , , , 12 123 1 0 00 1234 45-12 12B W204 N11912 B12 1/2 5.2 12-3F 60629 19901 00926 77002 90012
09012 60629-1234 99999 DOVER DE CHICAGO IL ILLINOIS NEW YORK NY SAN JUAN PR HOUSTON TX SAINT LOUIS MO
APO AE WASHINGTON DC WEST VIRGINIA USA UNITED STATES MEXICO CANADA UNKNOWN UNKN0WN UNKNWON NA N/A NONE
HOMELESS NOT PROVIDED FAILED TO PROVIDE SAME AS ABOVE DESCONOCIDO SIN DOMICILIO TEST FAKE XXXX JAIL
COUNTY PRISON CAMP DETENTION CENTER ICE FIELD OFFICE ERO UPS STORE NEAR BEHIND LIVES WITH ADDRESS HOME A
B C X THE OF LA EL DEL APT3F POBOX44 RR2 STE200 O'BRIEN ST. N.W. INTERSTATE I-35 2ND FLOOR BROADWAY
ESPAÑA SUEÑO USS NIMITZ EDIF RES TORRES 9001 6100 COLONIA K1A 0B1 U N K O DET CTR DETENSION COUNTYJAIL SPC
HCJ INC FACILITY GEO GROUP CORR 1** M* RM 2222 I KY 80 A1A 1/4 F MILE 52 INT 3.2 M52 NULL ABC ANY SN NJ07105
IL60629 TWENTY ONE TEN HUNDRED THIRD SO STAR ROUTE KNOWS I IDEA SEE FILE FORGOT NAME ASDF ZXCVBN ОАК УЛИЦА
STREEET BOULVARD JL PRSN DTNTN 1021-1/2 6-- 5__ VIA GADE TEXAS MIAMI JUAN PEREZ NOTHING HERE FROM CHICAGO
MILEPOST BIN ALT XX MAYBE N.A. 24-CR-7 MUNICIPAL CONCOURSE NAVAJO THIS YOUR NOTGIVEN DISTRICT AVE 0000 BSMT
EVERYBODY AT RESIDENTS OWNER OR WHO LIVES TODOS EN SEEN LAST USED LOFTS PPP EXT STATION GMF EEE III ZZZZT
XYZZY GET LOST UN K TB D 456 999 4321 1200-1299 AVENUE S VIRGINIA GEORGIA AMIGOS CAMINO RINCON ABAJO % * ~
TEMP ELSEWHERE 9021234 BYPASS TWIN TWO JAIL BRANCH ATTN MAILROOM MOTHERS HOUSE HOLD
ROOM CUSTODY ATTORNEYS OFFICE PICKED UP BY BLANK FIELD SYSTEM IN MY CERTAIN CALLED
SEE VER CASA VILLA COVE LGT RANCHO QUIEN SABE
I-213 I-94 SERVICE MILES OF JLS 4471 AVC CFR ENGLAND UK COL ZONA 0N TWELVE 14AB ESTATE (I)(2)
NADA SIN NOMBRE NWONKNU UNKWN INCONNU LEFT DATOS CALLE CITY: STATE: ZIP: ZIP CODE APT: CIUDAD: STORE #
APTC UNITB APTS UNITY BZN
HWY RTE KENTUCKY TX SD ND NORTH SOUTH DAKOTA CT MI M KY80 ND5 CTH WI 53528 MADISON 65201 KP AC
"""
_WORDS = _TEXT.split()
_LINES = (
    ", CHICAGO, IL 60629",
    " CHICAGO IL 60629",
    " DOVER DE 19901",
    ", SAN JUAN PR 00926",
    ", APO AE 09012",
    ", E DUNDEE IL 60118",
    " E. DUNDEE, IL 60118, United States",
    " W HARTFORD CT 06119",
    ", N TONAWANDA NEW YORK 14120",
    ", SOMERSET KY 42501",
    " NEWARK NJ07105",
    ", NEWARK NJ07102-1234",
    ", WASILLA AK 99654",
    ", FREDERIKSTED VI 00840",
    ", PERU, CHICAGO IL 60629",
    ", HOUSTON, TX, CHICAGO IL 60629",
    " City: CHICAGO State: IL Zip: 60629",
    ", CITY/STATE/ZIP: DOVER, DE ZIP CODE 19901",
    " AUSTIN TX 78730",
    " PHOENIX AZ 85001",
    ", L.A. CA 90022",
    "",
)
# What takes a judge longest, or is longer than any address: each must be judged at once.
HOSTILE = (
    "1 A ST " * 40, "," * 300, "1," * 150, "A " * 150, "1" * 300, "A" * 300, "N S E W " * 30, "12-12-" * 50,
    "#1 " * 100, "APT " * 75, "12 " + "X" * 280, "12 ST " * 49, "\u00e9" * 300, "CALLE 1 " * 37,
    "x" * 5_000_000, "12 OAK ST, " * 27, "UNKNOW " * 42, "P O BOX " * 37, "@$!|+" * 60, "\ufdfa" * 300,
    "1/2 " * 75, "(" * 10_000, "((12 OAK ST)) " * 700, "e\u0301\u0301\u0301" * 75, "a " * 5_000, "OAK " * 500,
    "1? " * 100, "12, " * 75, "\n" * 299 + "1", "NO 1234567 " * 18 + ", CHICAGO IL 60629",
    "1A CT HC NO 1234567 BX NO Q 1234567 NO BO HC NO CT HC NO 1-1 HC NO BR HC NO PSC W1N1, CHICAGO IL 60629",
    "USS PO BOX USS NO B12 , BR PO BOX 1-1 , B12, CHICAGO IL 60629",
    "W1N1 NO 1234567 NO 1234567 NO 1234567 1A 1234567 NO CAM NO 1234567 NO B12 NO, CHICAGO IL 60629",
    "CITY " * 55 + "STATE IL ZIP 60629", "CITY A STATE " * 20 + "IL ZIP 60629", "CITY/" * 59 + "X:",
    "HOME ADDRESS " * 22 + "12 OAK", "CITY" + ", " * 130 + "STATE IL ZIP 60629", "ZIP " + "APT. NO. " * 32,
)  # fmt: skip
# what a form prints before its fields
LABELS = (
    *("CITY", "STATE", "ZIP", "ZIP CODE", "TOWN", " OR ", "POST OFFICE", "ST", "STREET", "ADDRESS LINE 1"),
    *("IN CARE OF", " NAME", " (IF ANY)", "APT. STE. FLR.", " NUMBER", "COUNTRY", "LINE 2", "N/A", "UNIT"),
    *("NUMBER AND STREET", "HOUSE NO.", "(NO PO BOX)", "ADDR2", "APT", "ESTADO", "HOUSE #", "STREET NAME"),
    *("SERVICE ADDRESS", "RES. ADDR.", "DIRECCION POSTAL", "DIRECCION (LINEA 2)", "CALLE Y NUMERO", "ZIP4"),
    *("NUM. DE APTO.", "APT NO.", "ZIP+4", "60629 ", "PROVINCE", "POSTAL", "CODIGO POSTAL (ZIP)", " O "),
    *("PUEBLO", "(NUMBER AND STREET)", "APT/STE/FLR", "STREET NUMBER AND NAME:", "IN CARE OF NAME: N/A, "),
)
PRINTED = (
    *("CITY", "OR", "TOWN", "STATE", "ST", "ZIP", "-", "5A.", ",", "IL", "12", "12 OAK ST", "STREET", "#"),
    *("ADDRESS", "HOME", "RES.", "ADDR.", "(STREET)", "STREET NUMBER AND NAME", "APT.", "APT. NO.", "4", "B"),
    *("APT. STE. FLR. NUMBER", "APT/SUITE/UNIT", "SALT LAKE CITY"),
    "(NUMBER AND STREET). IF YOU HAVE A P.O. BOX, SEE INSTRUCTIONS.",
)
CITIES = ("CITY", "CITY OR TOWN", "CITY, TOWN, OR POST OFFICE", "(CITY)", "5C. CITY OR TOWN")
STATES = ("STATE", "ST", "(STATE)", "5D. STATE")
CODES = ("ZIP", "ZIP CODE", "(ZIP)", "5E. ZIP CODE")


def random_text(draw: random.Random) -> str:
    """A random text: words of addresses in any order, often with a last line, sometimes with noise."""
    kind = draw.randrange(10)
    if kind == 0:
        return "".join(draw.choice("AEN05/-.,# \n'&@1Z") for _ in range(draw.randint(0, 40)))
    words = [draw.choice(_WORDS) for _ in range(draw.randint(1, 9))]
    if kind < 6:
        words = _in_order(draw)
    text = " ".join(words) + draw.choice(_LINES)
    if draw.random() < 0.2:
        text = text.lower()
    if draw.random() < 0.1:
        at = draw.randrange(len(text) + 1)
        text = text[:at] + draw.choice(",.-#é\t\n!;|$@0*~^%_") + text[at:]
    return text


def _in_order(draw: random.Random) -> list[str]:
    def some(words: Sequence[str], share: float) -> list[str]:
        return [draw.choice(words)] if draw.random() < share else []

    return [
        *some(
            (
                "C/O JOHN,",
                "APT 3",
                "URB SOL",
                "UNKNOWN,",
                "COUNTY JAIL,",
                "HOME ADDRESS:",
                "PO BOX 4,",
                "JOHN",
                "DELANEY HALL,",
                "MOTHERS HOUSE,",
                "SUNNY ACRES,",
                "LAST SEEN AT",
                "ALL TENANTS OF",
            ),
            0.2,
        ),
        *some(("12", "0", "45-12", "123", "12B", "W204 N11912", "B12", "9001", "12 1/2", "6100", "999"), 0.9),
        *some(("N", "SOUTH", "NW", "E"), 0.3),
        *some(_WORDS, 0.95),
        *some(_WORDS, 0.4),
        *some(("ST", "AVE", "ROAD", "LN", "HILL", "PARK", "HWY", "CT", "CENTER"), 0.8),
        *some(("N", "SW", "EAST"), 0.2),
        *some(
            (
                "APT 3",
                "# 3F",
                "UNIT B",
                "3F",
                "BLDG 2 APT 5",
                "REAR",
                "APT NA",
                "2ND FLOOR",
                "PMB 12",
                ", STE 5",
            ),
            0.4,
        ),
        *some(_WORDS, 0.15),
    ]
