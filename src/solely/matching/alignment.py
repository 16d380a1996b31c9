"""Two names side by side: each token of the request explained by one token of the record, one to one.

- Names are not parsed, their tokens are aligned, in any order: dropped or swapped second surnames, swapped
  columns, compound and joined names and initials need no code of their own (matching.md 5).
- A token is explained by an equal one, by an initial, or as a typo. Two real names are never a typo.
- No record token explains two request tokens; a request token without explanation fails the name.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from solely.matching.names import (
    CONJUNCTIONS,
    JOINING,
    SHORT_FAMILY,
    SHORT_GIVEN,
    SPELLED_GIVEN,
    NameStatistics,
    plain_spelling,
)
from solely.model import Candidate, Subject

TOKENS_MAX = 12  # of either side; beyond it only a plain subset is aligned
GIVEN_TYPO_MIN = 0.90  # Jaro-Winkler floors of matching.md 8, G2
FAMILY_TYPO_MIN = 0.92
TYPO_EDITS_MAX = 2
SLIP_LETTERS_MIN = 3
NEAR_MIN = 0.84

MAIN, OTHER, FAMILY, PARTICLE = "main", "other", "family", "particle"
EXACT, INITIAL, TYPO = 0, 1, 2


class NameLevel(StrEnum):
    """How the whole name agrees: STRICT can release, NEAR goes to a person, OTHER is somebody else."""

    __hash__ = str.__hash__  # that of Enum is written in Python, and each pair looks up a dozen levels

    STRICT = "STRICT"
    NEAR = "NEAR"
    OTHER = "OTHER"


class TokenLevel(StrEnum):
    """How one part of the name agrees."""

    __hash__ = str.__hash__  # that of Enum is written in Python, and each pair looks up a dozen levels

    EQUAL = "EQUAL"
    TYPO = "TYPO"
    INITIAL = "INITIAL"
    NEAR = "NEAR"
    MISSING = "MISSING"
    UNEXPLAINED = "UNEXPLAINED"
    CONFLICT = "CONFLICT"


class RecordToken(NamedTuple):
    """One token of a record's name and its role: the main given name, another, a family name, a particle."""

    text: str
    role: str


class NameComparison(NamedTuple):
    """How a request's name agrees with a record's; the texts are the record's tokens, for rarity only."""

    level: NameLevel
    given: TokenLevel
    family: TokenLevel
    rest: TokenLevel
    given_text: str = ""
    family_text: str = ""

    @property
    def is_namesake(self) -> bool:
        """True when main given and family name agree, whatever the rest of the name says (G5)."""
        return self.given in _AGREES and self.family in _AGREES


_AGREES = (TokenLevel.EQUAL, TokenLevel.TYPO)
NOBODY = NameComparison(NameLevel.OTHER, TokenLevel.CONFLICT, TokenLevel.CONFLICT, TokenLevel.UNEXPLAINED)


def compare_names(
    subject: Subject, record: Candidate, names: NameStatistics, *, is_numbered: bool = False
) -> NameComparison:
    """How the name of `subject` agrees with that of `record`, by the best one-to-one alignment.

    `is_numbered` says that the record bears the taxpayer number of the request (`is_slip`).
    The best alignment has the fewest typos and initials; of equal ones the first in token order counts, so
    that the answer never depends on chance.
    """
    if subject.given == record.given and subject.family == record.family and record.given and record.family:
        rest = _plain_rest(subject, record)
        if rest is not None:
            return _equal(record, rest)
    asked, held = token_fields(subject, record)
    found = best_alignment(asked, held, names, is_numbered=is_numbered)
    if found is None:
        return near_comparison(asked, held, names)
    return _strict(asked, held, found)


def _plain_rest(subject: Subject, record: Candidate) -> TokenLevel | None:
    """The level of the middle name where it is plain to see; None where tokens must be aligned."""
    if len(record.given) + len(record.family) != 2 or len(record.given[0]) == 1:
        return None
    if record.family_2 and record.family[0] in JOINING:
        return None
    if not subject.middle:
        return TokenLevel.MISSING
    return TokenLevel.EQUAL if subject.middle == record.middle else None


def _equal(record: Candidate, rest: TokenLevel) -> NameComparison:
    equal = TokenLevel.EQUAL
    return NameComparison(NameLevel.STRICT, equal, equal, rest, record.given[0], record.family[0])


def is_unlike(subject: Subject, record: Candidate) -> bool:
    """True when no token of the request is like the record's given name: surely NameLevel.OTHER.

    A cheap look that spares most pairs the alignment. A prefix counts as like, which also covers initials and
    names that one side writes joined.
    """
    for asked in (*subject.given, *subject.family, *subject.middle):
        for held in record.given:
            if asked.startswith(held) or held.startswith(asked):
                return False
            if is_near(asked, held):
                return False
        if len(asked) > 1 and asked in record.middle:
            return False
    return True


def token_fields(subject: Subject, record: Candidate) -> tuple[tuple[str, ...], tuple[RecordToken, ...]]:
    """The request's tokens and the record's with their roles, spaces inside compound names removed alike."""
    asked_fields = [subject.given, subject.middle, subject.family]
    held_fields = [record.given, record.middle, record.family, record.family_2]
    asked_fields, held_fields = _in_full(asked_fields, held_fields), _in_full(held_fields, asked_fields)
    asked_fields, held_fields = _as_one(asked_fields, held_fields), _as_one(held_fields, asked_fields)
    asked_bag, held_bag = _bag(asked_fields), _bag(held_fields)
    asked_fields[2] = _as_filed(_without_conjunction(asked_fields[2], held_bag), held_fields[2:])
    asked = tuple(t for field in asked_fields for t in _joined(field, held_bag, held_fields))
    given, middle, family, family_2 = (_joined(field, asked_bag, asked_fields) for field in held_fields)
    return asked, _with_roles(given, middle, (family, family_2))


_OF_SEVERAL_GIVEN = {**SPELLED_GIVEN, **SHORT_GIVEN}
_OF_MIDDLE = {**SPELLED_GIVEN, **SHORT_FAMILY}
Fields = list[tuple[str, ...]]  # given, middle and family names; of a record, the second family name too


def _bag(fields: Fields) -> set[str]:
    return {each for field in fields for each in field}


def _in_full(fields: Fields, others: Fields) -> Fields:
    """Words as the other side writes them: short ones in full (MA THERESA, ST CLAIR), JOERG as JORG."""
    given, middle, *families = fields
    bag = _bag(others)
    return [
        _spelled(given, _OF_SEVERAL_GIVEN if len(given) > 1 else SPELLED_GIVEN, bag),
        _spelled(middle, _OF_MIDDLE, bag),
        *(_spelled(each, SHORT_FAMILY, bag) for each in families),
    ]


def _spelled(field: tuple[str, ...], forms: Mapping[str, str], other: set[str]) -> tuple[str, ...]:
    return tuple(forms[each] if each not in other and forms.get(each) in other else each for each in field)


def _as_one(fields: Fields, others: Fields) -> Fields:
    """Given and middle name as one where the other side writes them joined (JIN | SOOK, JINSOOK)."""
    given, middle, *families = fields
    parts = (*given, *middle)
    whole = "".join(parts)
    if given and middle and whole in others[0] and min(map(len, parts)) > 1:
        return [(whole,), (), *families]
    return fields


def _without_conjunction(family: tuple[str, ...], other: set[str]) -> tuple[str, ...]:
    """The family names of a request without the Y or E between two of them, where the record has none."""
    last = len(family) - 1
    return tuple(
        each
        for place, each in enumerate(family)
        if each not in CONJUNCTIONS or each in other or place in (0, last)
    )


def _as_filed(family: tuple[str, ...], filed: Fields) -> tuple[str, ...]:
    """The family names of a request in the record's spelling, where an umlaut stands in one letter or two."""
    own = _bag(filed)
    spellings = {plain_spelling(each): each for each in sorted(own)}
    return tuple(each if each in own else spellings.get(plain_spelling(each), each) for each in family)


def _joined(field: tuple[str, ...], other: set[str], fields: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """`field` with runs of tokens joined where the other side writes them as one (DE LA CRUZ, DELACRUZ)."""
    if len(field) < 2 or other.issuperset(field):
        return field
    whole = "".join(field)
    if whole in other or any(len(each) > 1 and "".join(each) == whole for each in fields if each != field):
        return (whole,)
    out: list[str] = []
    place = 0
    while place < len(field):
        for end in range(len(field), place + 1, -1):
            if "".join(field[place:end]) in other:
                out.append("".join(field[place:end]))
                place = end
                break
        else:
            out.append(field[place])
            place += 1
    return tuple(out)


def _with_roles(
    given: tuple[str, ...], middle: tuple[str, ...], families: tuple[tuple[str, ...], ...]
) -> tuple[RecordToken, ...]:
    main = next((place for place, each in enumerate(given) if len(each) > 1), 0)
    tokens = [RecordToken(each, MAIN if place == main else OTHER) for place, each in enumerate(given)]
    tokens += [RecordToken(each, OTHER) for each in middle]
    has_more = any(each not in JOINING for field in families for each in field)
    for field in families:
        # LE and O are whole family names where nothing stands beside them, also before a second one.
        is_joining = has_more and len(field) > 1
        tokens += [RecordToken(t, PARTICLE if is_joining and t in JOINING else FAMILY) for t in field]
    return tuple(tokens)


def explanation_cost(
    asked: str, held: RecordToken, names: NameStatistics, *, is_numbered: bool = False
) -> int | None:
    """EXACT, INITIAL or TYPO when `held` explains `asked`; None when it does not."""
    text = held.text
    if asked == text:
        return EXACT
    if len(asked) == 1 or len(text) == 1:
        return INITIAL if asked[0] == text[0] else None
    if abs(len(asked) - len(text)) > TYPO_EDITS_MAX or names.is_name(asked):
        return None
    if is_numbered and is_slip(asked, text):
        return TYPO
    floor = FAMILY_TYPO_MIN if held.role in (FAMILY, PARTICLE) else GIVEN_TYPO_MIN
    if JaroWinkler.similarity(asked, text, score_cutoff=floor) < floor:
        return None
    return TYPO if OSA.distance(asked, text) <= TYPO_EDITS_MAX else None


def is_slip(asked: str, held: str) -> bool:
    """True when one letter is wrong, missing, too many or out of place.

    In a short name one letter takes the likeness below the floors, which are there for two people of like
    names in one house. Beside an equal number one letter is enough, in names of any length from three on.
    """
    return min(len(asked), len(held)) >= SLIP_LETTERS_MIN and OSA.distance(asked, held, score_cutoff=1) == 1


def is_near(asked: str, held: str) -> bool:
    """True when two tokens are alike enough that a person should look."""
    return JaroWinkler.similarity(asked, held, score_cutoff=NEAR_MIN) >= NEAR_MIN or is_slip(asked, held)


def is_covered(held: Sequence[RecordToken], used: Sequence[tuple[int, int]]) -> bool:
    """True when the main given name and one family name are explained in full, not by an initial."""
    roles = {held[place].role for cost, place in used if cost != INITIAL}
    return MAIN in roles and FAMILY in roles


Alignment = tuple[tuple[int, int], ...]  # (cost, place in the record) for each token of the request


def best_alignment(
    asked: tuple[str, ...], held: tuple[RecordToken, ...], names: NameStatistics, *, is_numbered: bool = False
) -> Alignment | None:
    """The cheapest one-to-one explanation of every token of `asked`; None when there is none."""
    if not asked or len(asked) > len(held) or len(asked) > TOKENS_MAX:
        return None
    options: list[list[tuple[int, int]]] = []
    for each in asked:
        costs = (
            (explanation_cost(each, token, names, is_numbered=is_numbered), place)
            for place, token in enumerate(held)
        )
        own = [(cost, place) for cost, place in costs if cost is not None]
        if not own:
            return None
        options.append(own)
    return _search(options, held)


def _search(options: list[list[tuple[int, int]]], held: tuple[RecordToken, ...]) -> Alignment | None:
    best: tuple[int, Alignment] | None = None
    chosen: list[tuple[int, int]] = []

    def extend(spent: int, used: int) -> None:
        nonlocal best
        if best is not None and spent > best[0]:
            return
        if len(chosen) == len(options):
            found = (spent, tuple(chosen))
            if is_covered(held, chosen) and (best is None or found < best):
                best = found
            return
        for cost, place in options[len(chosen)]:
            if not used >> place & 1:
                chosen.append((cost, place))
                extend(spent + cost, used | 1 << place)
                chosen.pop()

    extend(0, 0)
    return None if best is None else best[1]


def _strict(asked: Sequence[str], held: Sequence[RecordToken], found: Alignment) -> NameComparison:
    levels = {EXACT: TokenLevel.EQUAL, INITIAL: TokenLevel.INITIAL, TYPO: TokenLevel.TYPO}
    main = next(each for each in found if held[each[1]].role == MAIN and each[0] != INITIAL)
    family = min(each for each in found if held[each[1]].role == FAMILY and each[0] != INITIAL)
    rest = [cost for cost, place in found if place not in (main[1], family[1])]
    return NameComparison(
        NameLevel.STRICT,
        levels[main[0]],
        # A typo in either surname is a typo of the family name, even where the other one is equal.
        levels[max(c for c, p in found if held[p].role == FAMILY and c != INITIAL)],
        levels[max(rest)] if rest else TokenLevel.MISSING,
        held[main[1]].text,
        held[family[1]].text,
    )


def near_comparison(
    asked: tuple[str, ...], held: tuple[RecordToken, ...], names: NameStatistics
) -> NameComparison:
    """How a name that is not strict agrees: NEAR when given and family name are each like some token."""
    given = [_likeness_of_given(each, held, names) for each in asked]
    family = [_likeness(each, held, FAMILY, names) for each in asked]
    pairs = [(given[i], family[j]) for i in range(len(asked)) for j in range(len(asked)) if i != j]
    if not pairs:
        return NOBODY
    one, two = min(pairs, key=lambda pair: (sum(_ORDER[x] for x in pair), _ORDER[pair[0]]))
    is_near = TokenLevel.CONFLICT not in (one, two)
    rest = TokenLevel.UNEXPLAINED
    texts = (_text(held, MAIN), _text(held, FAMILY))
    return NameComparison(NameLevel.NEAR if is_near else NameLevel.OTHER, one, two, rest, *texts)


_ORDER = {TokenLevel.EQUAL: 0, TokenLevel.TYPO: 1, TokenLevel.NEAR: 2, TokenLevel.CONFLICT: 9}


def _text(held: Sequence[RecordToken], role: str) -> str:
    return next((each.text for each in held if each.role == role), "")


def _likeness_of_given(asked: str, held: Sequence[RecordToken], names: NameStatistics) -> TokenLevel:
    """How `asked` is like the main given name; whoever is called by another of the given names is near."""
    level = _likeness(asked, held, MAIN, names)
    if level is TokenLevel.CONFLICT and len(asked) > 1 and RecordToken(asked, OTHER) in held:
        return TokenLevel.NEAR
    return level


def _likeness(asked: str, held: Sequence[RecordToken], role: str, names: NameStatistics) -> TokenLevel:
    """The best level at which any token in `role` is like `asked`."""
    best = TokenLevel.CONFLICT
    for token in held:
        if token.role == role:
            level = _token_likeness(asked, token, names)
            if _ORDER[level] < _ORDER[best]:
                best = level
    return best


def _token_likeness(asked: str, token: RecordToken, names: NameStatistics) -> TokenLevel:
    cost = explanation_cost(asked, token, names)
    if cost == EXACT:
        return TokenLevel.EQUAL
    if cost == TYPO:
        return TokenLevel.TYPO
    if cost == INITIAL or (len(asked) >= 3 and token.text.startswith(asked)):
        return TokenLevel.NEAR
    return TokenLevel.NEAR if is_near(asked, token.text) else TokenLevel.CONFLICT
