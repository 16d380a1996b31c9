"""What national batches are made of: named profiles of requests, and attacks that are built to fail.

- A profile is a class of the demo with a pool of its own: `any` is everybody on record with a number, their
  namesakes included, where the demo's own classes draw only from people who cannot be mistaken.
- Honest profiles state both keys in 35 % of requests, the birth date alone in 40 %, the number alone in 25 %.
- Attacks are built to fail: the truth of each is that nobody may be released.
"""

from datetime import timedelta
from typing import NamedTuple

from demo.classes import KINDS, UNSEEN, Change, Kind
from demo.desk import Desk, Draft

_BY_NAME = {kind.name: kind for kind in (*KINDS, *UNSEEN)}
EXACT, TYPO, SIMULATED = "exact", "typo", "simulated"


class Mix(NamedTuple):
    """The shares of a batch, in thousandths: honest requests, and the rest as a custodian may receive it."""

    name: str
    kinds: tuple[Kind, ...]


def _keyed(change: Change) -> Change:
    """The change, and then one key or both."""

    def changed(draft: Draft, desk: Desk) -> None:
        change(draft, desk)
        chance = desk.rng.random()
        if chance < 0.40:
            draft.row["taxpayer_number"] = ""
        elif chance < 0.65 and draft.row["taxpayer_number"]:
            draft.row["birth_date"] = ""

    return changed


def _of(source: str, name: str, pool: str = "any", *, is_keyed: bool = True) -> Kind:
    kind = _BY_NAME[source]
    change = _keyed(kind.change) if is_keyed else kind.change
    return kind._replace(name=name, pool=pool, change=change, must_release=False)


# Shares within the honest part, in thousandths.
_HONEST: tuple[tuple[Kind, float], ...] = (
    (_of("valid_two_keys", "exact_as_it_is"), 300),
    (_of("one_key_no_number_on_record", "exact_no_number_on_record", "numberless"), 180),
    (_of("variant_street_words", "exact_street_words", "form_street"), 70),
    (_of("variant_unit_style", "exact_unit_style", "unit"), 30),
    (_of("variant_case_and_commas", "exact_case_and_commas", "form_street"), 40),
    (_of("variant_accents", "exact_accents", "accent"), 30),
    (_of("variant_middle_initial", "exact_middle_initial", "middle"), 40),
    (_of("variant_name_order", "exact_name_order"), 20),
    (_of("variant_second_surname_dropped", "exact_second_surname_dropped", "two_surnames"), 50),
    (_of("variant_surnames_hyphenated", "exact_surnames_hyphenated", "two_surnames"), 30),
    (_of("variant_compound_given_dropped", "exact_compound_given_dropped", "compound"), 20),
    (_of("known_former_address", "exact_former_address", "mover"), 60),
    (_of("typo_name", "typo_name"), 70),
    (_of("typo_street", "typo_street", "form_street"), 30),
    (_of("typo_number", "typo_number", is_keyed=False), 15),
    (_of("typo_birth_date", "typo_birth_date", is_keyed=False), 15),
)
_ELSEWHERE: tuple[tuple[Kind, float], ...] = (
    (_of("unknown_move", "unknown_move", "unknown_move"), 160),
    (_of("t7_address_of_another", "address_of_another"), 170),
    (_of("former_outside_periods", "former_outside_periods", "mover"), 40),
    (_of("current_outside_periods", "current_outside_periods", "mover"), 20),
    (_of("house_number_near", "house_number_near", "form_street"), 20),
    (_of("street_type_differs", "street_type_differs", "form_street"), 10),
    (_of("unit_differs", "unit_differs", "form_building"), 10),
    (_of("wrong_number", "number_of_another", is_keyed=False), 30),
    (_of("borrowed_identity", "borrowed_identity", is_keyed=False), 10),
    (_of("absent_spouse", "absent_spouse", "absent_spouse"), 230),
    (_of("absent_spouse_heads_number", "absent_spouse_heads_number", "absent_spouse", is_keyed=False), 10),
    (_of("absent_child_heads_number", "absent_child_heads_number", "absent_child", is_keyed=False), 8),
    (_of("absent_son_own_keys", "absent_son", "absent_son"), 6),
    (_of("absent_twin", "absent_twin", "absent_twin", is_keyed=False), 3),
    (_of("inactive", "inactive", "inactive"), 25),
    (_of("deceased", "deceased", "deceased"), 12),
    (_of("dependent", "dependent", "dependent"), 20),
    (_of("protected", "protected", "protected"), 6),
)
_DEFICIENT: tuple[tuple[Kind, float], ...] = tuple(
    (_BY_NAME[name]._replace(pool="any"), share)
    for name, share in (
        ("t1_placeholder_zip", 220), ("t1_placeholder_last_line", 160), ("t1_placeholder_only", 60),
        ("t2_digits_only", 60), ("t2_zip_only", 80), ("t2_dont_care", 30), ("t3_no_street_name", 70),
        ("t4_no_house_number", 80), ("t5_facility_name", 50), ("t5_facility_with_last_line", 70),
        ("t5_facility_located", 15), ("t6_blank", 70),
    )
)  # fmt: skip
_NO_KEY: tuple[tuple[Kind, float], ...] = ((_of("no_key", "no_key", is_keyed=False), 1000),)


def _mixed(name: str, honest: float, elsewhere: float, deficient: float, no_key: float) -> Mix:
    parts = ((_HONEST, honest), (_ELSEWHERE, elsewhere), (_DEFICIENT, deficient), (_NO_KEY, no_key))
    kinds = tuple(
        kind._replace(share=share * weight / sum(each for _, each in part))
        for part, weight in parts
        for kind, share in part
    )
    return Mix(name, kinds)


# Calibrated so that 1.28 million requests yield about 47,289 and about 365,000 releases (issue 5).
MIXES = {
    "national": _mixed("national", 38.5, 381.5, 330, 250),
    "thorough": _mixed("thorough", 313, 337, 150, 200),
}

# -- attacks built to fail -----------------------------------------------------------------------------------


class Attack(NamedTuple):
    """One attack: its class of requests, and whether one key makes it word for word an honest request.

    `is_beyond` marks the limit of what can be told (matching.md 6): a son whom no record knows, under his
    father's name with one of his father's keys. Only two keys or a visible namesake stop it.
    """

    kind: Kind
    is_beyond: bool = False


def _own_birth_date_heads(draft: Draft, desk: Desk) -> None:
    draft.row["birth_date"] = desk.relative_of(draft.person).birth_date.isoformat()
    draft.row["taxpayer_number"] = ""


def _keys_of_father(draft: Draft, desk: Desk) -> None:
    father = desk.relative_of(draft.person)
    draft.row["birth_date"], draft.row["taxpayer_number"] = father.birth_date.isoformat(), father.number


def _birth_date_of_son_after_order(draft: Draft, desk: Desk) -> None:
    """The father's name with the son's birth date, beside an order older than the son."""
    born = desk.relative_of(draft.person).birth_date
    draft.row["birth_date"], draft.row["taxpayer_number"] = born.isoformat(), ""
    draft.row["order_date"] = (born - timedelta(days=100)).isoformat()


_ABSENT_CHILD = _BY_NAME["absent_child_heads_number"]
ATTACKS: tuple[Attack, ...] = (
    Attack(_BY_NAME["absent_twin"]),
    Attack(_BY_NAME["absent_twin_siblings_number"]),
    Attack(_BY_NAME["absent_son_own_keys"]),
    Attack(_BY_NAME["absent_son_own_birth_fathers_number"]),
    Attack(_BY_NAME["absent_son_fathers_number"], is_beyond=True),
    Attack(_BY_NAME["absent_son_fathers_birth_date"], is_beyond=True),
    Attack(_BY_NAME["lapsed_son_fathers_number"]),
    Attack(_BY_NAME["lapsed_son_fathers_birth_date"]),
    Attack(_BY_NAME["son_with_fathers_number"]),
    Attack(_BY_NAME["son_number_only"]),
    Attack(_BY_NAME["borrowed_identity"]._replace(pool="any")),
    Attack(_BY_NAME["absent_spouse_heads_number"]),
    Attack(_ABSENT_CHILD),
    Attack(_ABSENT_CHILD._replace(name="absent_child_heads_birth_date", change=_own_birth_date_heads)),
    Attack(_BY_NAME["wrong_number"]._replace(pool="any")),
    Attack(Kind("keyless_son_fathers_keys", 1, "keyless_son", _keys_of_father)),
    Attack(Kind("absent_father_sons_birth_date", 1, "absent_father", _birth_date_of_son_after_order)),
)
ATTACK_MIX = Mix("attacks", tuple(attack.kind._replace(share=1.0) for attack in ATTACKS))
BEYOND = frozenset(attack.kind.name for attack in ATTACKS if attack.is_beyond)


def mix_of(name: str) -> Mix:
    """The mix of requests of this name; `attacks` is the one built to fail."""
    return ATTACK_MIX if name == "attacks" else MIXES[name]


def evidence_class(kind: str) -> str:
    """`exact`, `typo` or `simulated` for honest profiles, "" for all others."""
    head = kind.split("_", 1)[0]
    return head if head in (EXACT, TYPO, SIMULATED) else ""
