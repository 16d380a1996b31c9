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
ESPAÑA SUEÑO USS NIMITZ EDIF RES TORRES 9001 6100 COLONIA K1A 0B1 U N K O
"""
_WORDS = _TEXT.split()
_LINES = (
    ", CHICAGO, IL 60629",
    " CHICAGO IL 60629",
    " DOVER DE 19901",
    ", SAN JUAN PR 00926",
    ", APO AE 09012",
    "",
)


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
        text = text[:at] + draw.choice(",.-#é\t\n!;|$@0") + text[at:]
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
            ),
            0.2,
        ),
        *some(("12", "0", "45-12", "123", "12B", "W204 N11912", "B12", "9001", "12 1/2", "6100"), 0.9),
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
