"""Given names and family names of the synthetic people, by origin, and how requests write them otherwise.

- Common names only, drawn at random: no combination means anybody.
- No word is both a given name and a family name, so that a swapped order never makes another person.
- The odd but real ones stand apart (R-94): short, single-letter, repeated, or English words.
"""

import random
from itertools import accumulate
from typing import NamedTuple

_GIVEN = {
    "hispanic": (
        "JOSE JUAN LUIS CARLOS MIGUEL PEDRO RAFAEL MANUEL RICARDO FERNANDO SERGIO JAVIER RAUL ARTURO HECTOR "
        "OSCAR RUBEN ANDRES EDUARDO ALEJANDRO ROBERTO JORGE MARIO JOSUE EMILIO HUGO IGNACIO JULIO PABLO "
        "TOMAS MARIA ANA ROSA CARMEN ELENA LUCIA PATRICIA TERESA SILVIA NORMA GLORIA ALICIA BEATRIZ CLAUDIA "
        "DANIELA ESTELA FRANCISCA GABRIELA INES JUANA LETICIA MARTA NATALIA OLGA PILAR RAQUEL SOFIA "
        "VERONICA YOLANDA LUISA"
    ),
    "english": (
        "JAMES JOHN ROBERT MICHAEL WILLIAM DAVID RICHARD CHARLES JOSEPH DANIEL MATTHEW MARK DONALD STEVEN "
        "ANDREW KENNETH JOSHUA KEVIN BRIAN GEORGE EDWARD RONALD TIMOTHY JASON JEFFREY ERIC STEPHEN PAUL "
        "MARTIN MARVIN MARY LINDA BARBARA ELIZABETH JENNIFER SUSAN MARGARET LISA NANCY KAREN BETTY HELEN "
        "SANDRA DONNA CAROL RUTH SHARON MICHELLE LAURA SARAH KIMBERLY DEBORAH JESSICA CYNTHIA ANGELA "
        "MELISSA BRENDA ERICA JEAN JOAN ANNA"
    ),
    "asian": (
        "WEI MIN JUN HAO YAN LIN HUI XIN YU TAO BAO ANH DUNG HUNG LAN MAI MINH NGA PHUONG QUAN THANH THUY "
        "TUAN JIWOO MINJUN SEOYEON HYUN SOOJIN EUNJI KENJI YUKI HARUTO AKIRA SAKURA MEI LING"
    ),
    "near_east": (
        "MOHAMMED AHMED ALI HASSAN OMAR YOUSSEF IBRAHIM KHALID TARIQ SAMIR FATIMA AISHA LAYLA MARIAM NOUR "
        "HUDA RAJESH SUNIL ANIL VIJAY AMIT PRIYA ANITA SUNITA KAVITA DEEPA"
    ),
    "slavic": (
        "IVAN DMITRI SERGEI ALEKSEI NIKOLAI BORIS PAVEL ANDREI OLENA NATALYA SVETLANA IRINA KATARZYNA "
        "AGNIESZKA PIOTR TOMASZ MAREK EWA"
    ),
    "haitian": "JEANBAPTISTE WIDELINE FRANTZ YVES REGINE MIRLANDE EMMANUELA STANLEY ROSELINE JOCELYNE",
}

_FAMILY = {
    "hispanic": (
        "GARCIA RODRIGUEZ MARTINEZ HERNANDEZ LOPEZ GONZALEZ PEREZ SANCHEZ RAMIREZ TORRES FLORES RIVERA "
        "GOMEZ DIAZ REYES MORALES CRUZ ORTIZ GUTIERREZ CHAVEZ RAMOS RUIZ ALVAREZ MENDOZA VASQUEZ CASTILLO "
        "JIMENEZ MORENO ROMERO HERRERA MEDINA AGUILAR VARGAS CASTRO GUZMAN MENDEZ FERNANDEZ MUNOZ SALAZAR "
        "GARZA SOTO VAZQUEZ ALVARADO DELGADO PENA RIOS CONTRERAS SANDOVAL ORTEGA GUERRERO ESTRADA NUNEZ "
        "CABRERA ESPINOZA CERVANTES ZUNIGA FIGUEROA MALDONADO ACOSTA PADILLA SALINAS TREVINO OCHOA ARELLANO "
        "BARAJAS CISNEROS VILLANUEVA ZAMORA"
    ),
    "english": (
        "SMITH JOHNSON WILLIAMS BROWN JONES MILLER DAVIS WILSON ANDERSON TAYLOR MOORE JACKSON WHITE HARRIS "
        "CLARK LEWIS ROBINSON WALKER YOUNG ALLEN KING WRIGHT HILL GREEN ADAMS BAKER NELSON CAMPBELL "
        "MITCHELL ROBERTS CARTER PHILLIPS EVANS TURNER PARKER COLLINS EDWARDS STEWART MORRIS MURPHY COOK "
        "ROGERS MORGAN PETERSON COOPER REED BAILEY BELL KELLY HOWARD WARD COX RICHARDSON WOOD WATSON BROOKS "
        "BENNETT GRAY HUGHES PRICE MYERS LONG FOSTER SANDERS ROSS POWELL SULLIVAN RUSSELL BUTLER BARNES "
        "FISHER O'BRIEN O'CONNOR D'ANGELO MCDONALD SMITH-JONES"
    ),
    "asian": (
        "WANG LI ZHANG LIU CHEN YANG HUANG ZHAO WU ZHOU XU SUN MA ZHU HU GUO HE LUO NGUYEN TRAN LE PHAM "
        "HOANG PHAN VU VO DANG BUI DO NGO KIM PARK CHOI JUNG KANG CHO YOON JANG LIM TANAKA SATO SUZUKI"
    ),
    "near_east": (
        "KHAN HUSSEIN ABDULLAH AL-HASSAN EL-SAYED RAHMAN HAMDAN NASSER QURESHI SIDDIQUI PATEL SHARMA SINGH "
        "GUPTA REDDY MEHTA JOSHI DESAI IYER CHOWDHURY"
    ),
    "slavic": (
        "IVANOV PETROV SMIRNOV KUZNETSOV POPOV VOLKOV SOKOLOV KOWALSKI NOWAK WISNIEWSKI WOJCIK KAMINSKI "
        "LEWANDOWSKI SHEVCHENKO BONDARENKO KOVALENKO"
    ),
    "haitian": "PIERRE JOSEPHIN LOUISSAINT CHARLESTON DORCEUS ETIENNE FRANCOIS LAFLEUR TOUSSAINT DESROSIERS",
}
_LONG_FAMILY = ("DE LA CRUZ", "DE LEON", "DEL TORO", "VAN DER BERG", "DE LOS SANTOS", "ST CLAIR")

# Family names of our own making: the tail of rare names that every registry has.
_HEADS = (
    "ALDER BRAM CALDE DUN EVER FAR GARRO HOL INGLE KES LANG MERRI NOR OAKE PEM QUIL RAVEN STAN THORN "
    "ULVER WEX YAR"
)
_TAILS = "BOURNE BY CASTER DEN FIELD GATE HURST LEY MONT NESS RIDGE SETT STEAD THWAITE WELL WICK"

ORIGINS = ("hispanic", "english", "asian", "near_east", "slavic", "haitian")
ORIGIN_WEIGHTS = tuple(accumulate((46, 24, 12, 8, 6, 4)))

GIVEN = {origin: tuple(dict.fromkeys(words.split())) for origin, words in _GIVEN.items()}
_ALL_GIVEN = frozenset(word for words in GIVEN.values() for word in words)
FAMILY = {
    origin: tuple(word for word in dict.fromkeys(words.split()) if word not in _ALL_GIVEN)
    for origin, words in _FAMILY.items()
}
RARE_FAMILY = tuple(head + tail for head in _HEADS.split() for tail in _TAILS.split())

# Real names that a careless gate would return as placeholders or initials.
SHORT_NAMES = (("NA", "LI"), ("JIN", "O"), ("NG", "NG"), ("CHRIS", "NULL"))

# Twins' names: two real names that similarity cannot tell from a typo (matching.md 5).
NEAR_NAMES = (
    ("MARIA", "MARIO"), ("JOSE", "JOSUE"), ("DANIEL", "DANIELA"), ("ERIC", "ERICA"), ("JEAN", "JOAN"),
    ("LUIS", "LUISA"), ("MARTIN", "MARVIN"), ("JUAN", "JUANA"), ("ANA", "ANNA"), ("MARTA", "MARIA"),
    ("JAMES", "JASON"), ("SANDRA", "SHARON"), ("ANITA", "SUNITA"), ("MARY", "MARK"),
)  # fmt: skip

_ACCENTS = {
    "JOSE": "JOSÉ", "MARIA": "MARÍA", "ANDRES": "ANDRÉS", "HECTOR": "HÉCTOR", "RAUL": "RAÚL",
    "RUBEN": "RUBÉN", "SOFIA": "SOFÍA", "LUCIA": "LUCÍA", "INES": "INÉS", "TOMAS": "TOMÁS",
    "VERONICA": "VERÓNICA", "GARCIA": "GARCÍA", "RODRIGUEZ": "RODRÍGUEZ", "MARTINEZ": "MARTÍNEZ",
    "HERNANDEZ": "HERNÁNDEZ", "LOPEZ": "LÓPEZ", "GONZALEZ": "GONZÁLEZ", "PEREZ": "PÉREZ",
    "SANCHEZ": "SÁNCHEZ", "RAMIREZ": "RAMÍREZ", "GOMEZ": "GÓMEZ", "DIAZ": "DÍAZ",
    "GUTIERREZ": "GUTIÉRREZ", "CHAVEZ": "CHÁVEZ", "ALVAREZ": "ÁLVAREZ", "JIMENEZ": "JIMÉNEZ",
    "FERNANDEZ": "FERNÁNDEZ", "MUNOZ": "MUÑOZ", "PENA": "PEÑA", "NUNEZ": "NÚÑEZ", "ZUNIGA": "ZÚÑIGA",
    "TREVINO": "TREVIÑO", "RIOS": "RÍOS", "FRANCOIS": "FRANÇOIS",
}  # fmt: skip


class FamilyName(NamedTuple):
    """A household's surnames; `second` is "" where custom gives one only."""

    origin: str
    first: str
    second: str


def draw_origin(rng: random.Random) -> str:
    """An origin of names, in the proportions of the demo."""
    return rng.choices(ORIGINS, cum_weights=ORIGIN_WEIGHTS)[0]


def draw_family(rng: random.Random, origin: str) -> FamilyName:
    """Surnames for a household; half of the Hispanic ones have two, some are rare, long or hyphenated."""
    chance = rng.random()
    if chance < 0.12:
        first = rng.choice(RARE_FAMILY)
    elif chance < 0.15:
        first = rng.choice(_LONG_FAMILY)
    else:
        first = rng.choice(FAMILY[origin])
    second = rng.choice(FAMILY[origin]) if origin == "hispanic" and rng.random() < 0.5 else ""
    return FamilyName(origin, first, "" if second == first else second)


def draw_given(rng: random.Random, origin: str) -> str:
    """A given name; one in eight Hispanic ones is compound."""
    first = rng.choice(GIVEN[origin])
    if origin != "hispanic" or rng.random() >= 0.125:
        return first
    second = rng.choice(GIVEN[origin])
    return first if second == first else f"{first} {second}"


def draw_middle(rng: random.Random, origin: str, given: str) -> str:
    """A middle name for about half of the people, never one of the given names."""
    if rng.random() < 0.5:
        return ""
    middle = rng.choice(GIVEN[origin])
    return "" if middle in given.split() else middle


def accented(text: str) -> str:
    """The name as its own language writes it."""
    return " ".join(_ACCENTS.get(word, word) for word in text.split())


def is_accentable(text: str) -> bool:
    """True when the name loses accents in a plain record."""
    return any(word in _ACCENTS for word in text.split())
