"""Random request rows, good, bad and hostile by turns: every column drawn from a pool of its own."""

import random
from collections.abc import Iterator

from solely.model import COLUMNS

ODD = (
    "",
    " ",
    "-",
    "N/A",
    "null",
    "0",
    "UNKNOWN",
    "*",
    "%",
    "x" * 300,
    "é",
    "\u200b",
    "'; --",
    "=1+1",
    "１２３",
)
POOLS: dict[str, tuple[str, ...]] = {
    "given_name": ("Ana", "JOSÉ", "Fnu", "J", "Na", "Maria del Carmen", "Unknown", "Ng"),
    "middle_name": ("", "", "Q.", "Luz"),
    "family_name": ("Lopez", "García-Ruiz", "Lnu", "Null", "O'Neil", "D", "De la Cruz", "Li"),
    "suffix": ("", "", "Jr.", "III", "Esq"),
    "birth_date": ("1980-02-29", "2/29/1981", "01/02/1990", "1900-01-01", "2031-05-05", "19800102", ""),
    "taxpayer_number": ("912-66-1234", "900690001", "666-12-3456", "123456789", "91266123", ""),
    "alien_number": ("", "A123456789", "A12345", "1234567"),
    "address": (
        "14 UNKNOWN RD, Medford NJ 08055", "45-12 82nd St Apt 3F, Elmhurst, NY 11373", "Don't Care 12345",
        "FAILED TO PROVIDE 60629", "NA NA 77002", "00000", "MAIN ST, Chicago IL 60629", "12 OAK ST",
        "PO BOX 44, Dover DE 19901", "COUNTY JAIL", "Calle 5, Puebla MX", "120 LARKSPUR, Dover DE 19901",
        "500 W Madison St, Chicago IL 90012", "RR 2 BOX 152, Ames IA 50010", "PSC 3 BOX 4120, APO AE 09021",
    ),
    "basis": ("final_order", "Final_Order", "criminal_investigation", "overstay", ""),
    "statute": (
        "8 USC 1253(a)(1)", "8 U.S.C. § 1253(a)(1)(A)", "8 USC 1229a", "18 USC 1001", "immigration laws",
        "",
    ),
    "purpose": ("criminal_investigation", "criminal_proceeding", "civil_removal", "location", "research", ""),
    "reason": (
        "The subject's residence shows knowledge of the order.", "locate for removal",
        "current whereabouts, serve warrant", "The address tests the alibi of this investigation.", "",
    ),
    "investigation_id": ("INV-1", "INV-77Q", "", "2"),
    "investigation_opened_on": ("2025-01-05", "5/6/2024", "2035-01-01", ""),
    "assurance": ("active", "ACTIVE", "closed", ""),
    "order_date": ("2022-03-04", "3/4/2022", "1900-01-01", "2035-01-01", ""),
    "order_final_by_court_on": ("", "", "2023-01-01", "soon"),
    "case_number": ("IC-1-2", "A-77", ""),
    "removability_class": ("1227(a)(1)(B)", "1182(a)(6)", "1227", "237(a)", ""),
    "periods": ("2023", "2022;2023", "ALL", "2031", "1949", ""),
    "officers": ("shared-mailbox", "nobody", "somebody", ""),
    "fields": ("address", "address;address", "agi", ""),
    "cures": ("", "", "R-0"),
    "source": ("", "court file"),
}  # fmt: skip


def hostile_rows(
    seed: int, count: int, officers: tuple[str, ...], odd_share: float = 0.03
) -> Iterator[dict[str, str]]:
    """`count` rows; each cell is odd with the given chance.

    Each of `officers` is named in at most 400 rows, below the caseload that blocks a batch (R-51).
    """
    share = min(0.6, 400 * len(officers) / count)
    rng = random.Random(seed)
    for number in range(1, count + 1):
        row = {
            column: rng.choice(ODD) if rng.random() < odd_share else rng.choice(POOLS[column])
            for column in COLUMNS
            if column != "request_id"
        }
        if rng.random() < share:
            row["officers"] = rng.choice(officers)
        row["request_id"] = rng.choice(
            (f"R-{number}",) * 20 + (f"r-{max(1, number - 1)}", "", "has space", row["family_name"])
        )
        yield row
