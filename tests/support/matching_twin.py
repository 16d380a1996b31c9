"""The slow, obvious twin of the kernel: every permutation of tokens, every gate spelled out once more.

It shares with the product the levels' names and the measure of likeness, and none of the search, ranking
or order of reasons.
"""

from datetime import date
from itertools import permutations

from rapidfuzz.distance import OSA, JaroWinkler

from solely.matching.keys import street_hash
from solely.matching.names import PARTICLES, NameStatistics, suffix_of
from solely.model import Address, Candidate, MatchingPolicy, RecordAddress, Subject

AGREES = ("EQUAL", "TYPO")
FILLERS = {digit * 9 for digit in "0123456789"} | {"123456789", "987654321"}


def join_runs(field, other_fields):
    """The field with every run joined that the other side writes as one token, longest runs first."""
    bag = {token for each in other_fields for token in each}
    if len(field) < 2 or set(field) <= bag:
        return list(field)
    whole = "".join(field)
    if whole in bag or any(
        len(each) > 1 and each != field and "".join(each) == whole for each in other_fields
    ):
        return [whole]
    for size in range(len(field), 1, -1):
        for start in range(len(field) - size + 1):
            run = "".join(field[start : start + size])
            if start == 0 and run in bag:
                return [run, *join_tail(field[size:], bag)]
    return [field[0], *join_tail(field[1:], bag)]


def join_tail(field, bag):
    """The rest of a field, its runs joined from the left."""
    for size in range(len(field), 1, -1):
        if "".join(field[:size]) in bag:
            return ["".join(field[:size]), *join_tail(field[size:], bag)]
    return [field[0], *join_tail(field[1:], bag)] if field else []


def as_filed(families, filed):
    """The family tokens as the record spells them, where some spelling of both with umlauts is the same."""
    own = sorted({token for field in filed for token in field})
    out = []
    for token in families:
        alike = [each for each in own if spellings_of(each) & spellings_of(token)]
        out.append(token if token in own or not alike else alike[-1])
    return tuple(out)


def spellings_of(token):
    """The token and, where four letters are left, the one with AE, OE, UE, AA before a consonant short."""
    short, place = "", 0
    while place < len(token):
        pair, after = token[place : place + 2], token[place + 2 : place + 3]
        before = token[place - 1] if place else ""
        is_two = pair in ("AE", "OE", "UE", "AA") and after and after not in "AEIOUY"
        is_two = is_two and (not before or before not in "AEIOUY")
        short += token[place]
        place += 2 if is_two else 1
    return {token, short} if len(short) >= 4 else {token}


def roles_of(record, asked_fields):
    """(text, role) of every token of the record."""
    given, middle, family, family_2 = (
        join_runs(each, asked_fields)
        for each in (record.given, record.middle, record.family, record.family_2)
    )
    full = [place for place, each in enumerate(given) if len(each) > 1]
    main = full[0] if full else 0
    out = [(each, "main" if place == main else "other") for place, each in enumerate(given)]
    out += [(each, "other") for each in middle]
    only_particles = all(each in PARTICLES for each in family + family_2)
    for names in (family, family_2):
        is_whole = only_particles or len(names) == 1
        out += [(t, "particle" if t in PARTICLES and not is_whole else "family") for t in names]
    return out


def explains(asked, text, role, names: NameStatistics, is_numbered=False):
    """0 equal, 1 initial, 2 typo, None for no explanation."""
    if asked == text:
        return 0
    if 1 in (len(asked), len(text)):
        return 1 if asked[0] == text[0] else None
    if names.is_name(asked):
        return None
    if is_numbered and min(len(asked), len(text)) > 2 and OSA.distance(asked, text) == 1:
        return 2
    floor = 0.92 if role in ("family", "particle") else 0.90
    return 2 if JaroWinkler.similarity(asked, text) >= floor and OSA.distance(asked, text) <= 2 else None


def name_levels(subject: Subject, record: Candidate, names: NameStatistics):
    """(level, given, family, rest) over all permutations of the record's tokens."""
    is_numbered = number_level(subject.taxpayer_number, record.taxpayer_number) == "EQUAL"
    held_fields = [record.given, record.middle, record.family, record.family_2]
    family = as_filed(subject.family, held_fields[2:])
    asked_fields = [subject.given, subject.middle, family]
    asked = [t for field in asked_fields for t in join_runs(field, held_fields)]
    held = roles_of(record, asked_fields)
    found = []
    for places in permutations(range(len(held)), len(asked)) if asked else ():
        costs = [explains(a, *held[p], names, is_numbered) for a, p in zip(asked, places, strict=True)]
        full = {held[p][1] for c, p in zip(costs, places, strict=True) if c in (0, 2)}
        if None not in costs and {"main", "family"} <= full:
            found.append((sum(costs), tuple(zip(costs, places, strict=True))))
    return strict_levels(min(found)[1], held) if found else near_levels(asked, held, names)


def strict_levels(alignment, held):
    """The levels of the best alignment."""
    words = {0: "EQUAL", 1: "INITIAL", 2: "TYPO"}
    main = next(each for each in alignment if held[each[1]][1] == "main")
    families = [each for each in alignment if held[each[1]][1] == "family" and each[0] != 1]
    family = sorted(families)[0]
    rest = [cost for cost, place in alignment if place not in (main[1], family[1])]
    worst = max(cost for cost, _ in families)
    return "STRICT", words[main[0]], words[worst], words[max(rest)] if rest else "MISSING"


def likeness(asked, text, role, names):
    """0 equal, 1 typo, 2 near, 9 nothing alike."""
    cost = explains(asked, text, role, names)
    if cost in (0, 2):
        return cost // 2
    if cost == 1 or (len(asked) >= 3 and text.startswith(asked)):
        return 2
    is_slip = min(len(asked), len(text)) > 2 and OSA.distance(asked, text) == 1
    return 2 if is_slip or JaroWinkler.similarity(asked, text) >= 0.84 else 9


def near_levels(asked, held, names):
    """The levels of a name that no alignment explains."""
    words = {0: "EQUAL", 1: "TYPO", 2: "NEAR", 9: "CONFLICT"}
    choices = []
    for i, one in enumerate(asked):
        for j, two in enumerate(asked):
            if i != j:
                given = min([likeness(one, t, r, names) for t, r in held if r == "main"], default=9)
                if len(one) > 1 and (one, "other") in held:
                    given = min(given, 2)
                family = min([likeness(two, t, r, names) for t, r in held if r == "family"], default=9)
                choices.append((given + family, given, family))
    total, given, family = min(choices, default=(18, 9, 9))
    return "NEAR" if total < 9 else "OTHER", words[given], words[family], "UNEXPLAINED"


def number_level(one, two):
    """How two numbers agree."""
    if not one or not two or one in FILLERS or two in FILLERS:
        return "MISSING"
    return "EQUAL" if one == two else "CONFLICT"


def birth_level(one, two):
    """How two birth dates agree."""
    if one is None or two is None or date(1900, 1, 1) in (one, two):
        return "MISSING"
    if one == two:
        return "NEW_YEAR" if one.replace(year=2000) == date(2000, 1, 1) else "EQUAL"
    same = [one.year == two.year, one.month == two.month, one.day == two.day]
    if same[0] and one.month == two.day and one.day == two.month:
        return "SWAPPED"
    if sum(same) == 2 and abs(one.year - two.year) <= 10:
        return "ONE_PART_OFF"
    return "CONFLICT"


def suffix_level(one, two):
    """How two suffixes agree."""
    one, two = suffix_of(one), suffix_of(two)
    return "MISSING" if one == two == "" else "EQUAL" if one == two else "CONFLICT"


def is_same_street(asked: Address, held: Address, names: NameStatistics, is_exact: bool):
    """True when the two are one door and street (contracts 5)."""
    aside = {"street": "", "unit": ""} | ({"city": "", "state": ""} if asked.zip5 else {"zip5": ""})
    if asked._replace(**aside) != held._replace(**aside):
        return False
    if not (asked.zip5 or (asked.city and asked.state)) or (asked.kind == "street" and not asked.number):
        return False
    if asked.street == held.street:
        return True
    if not is_exact and asked.zip5 and is_one_road(asked.zip5, {asked.street, held.street}, names):
        return True
    digits = any(c.isdigit() for c in asked.street + held.street)
    short = min(len(asked.street), len(held.street)) < 4
    if is_exact or not asked.zip5 or digits or short or OSA.distance(asked.street, held.street) != 1:
        return False
    known = asked.street in names.common_streets or street_hash(asked.zip5, asked.street) in names.streets
    return not known


def is_one_road(zip5, streets, names: NameStatistics):
    """True for two of HIGHWAY 80, ROUTE 80 and a state's or the nation's, unless the ZIP has another's."""
    number = min(streets, key=len).partition(" ")[2]
    any_road, state, nation = (
        {f"HIGHWAY {number}", f"ROUTE {number}"},
        f"STATE HIGHWAY {number}",
        f"US HIGHWAY {number}",
    )
    in_zip = {each for each in (state, nation) if street_hash(zip5, each) in names.streets}
    if streets == any_road:
        return in_zip != {state, nation}
    return any(
        own in streets and streets - {own} <= any_road and other not in in_zip
        for own, other in ((state, nation), (nation, state))
    )


def in_period(address: RecordAddress, years):
    """True when the address's period meets a requested one."""
    return address.period_from is not None and any(
        address.period_from <= date(y, 12, 31)
        and (address.period_to is None or address.period_to >= date(y, 1, 1))
        for y in years
    )


def is_confirmed(subject: Subject, record: Candidate, names: NameStatistics):
    """True when an address of a requested period is the request's, units not in conflict."""
    return any(
        is_same_street(subject.address, each.standard, names, subject.is_exact_required)
        and in_period(each, subject.periods)
        and (not subject.address.unit or not each.standard.unit or subject.address.unit == each.standard.unit)
        for each in record.addresses
        if each.standard is not None
    )


def is_shared(subject: Subject, record: Candidate, names: NameStatistics):
    """True when the record ever had the request's door and street."""
    return any(
        is_same_street(subject.address, each.standard, names, False)
        for each in record.addresses
        if each.standard is not None
    )


def may_be_released(
    subject: Subject, record: Candidate, others, policy: MatchingPolicy, names: NameStatistics
) -> bool:
    """True when every gate but the margin and the weight lets `record` pass, under the default periods."""
    level, _, _, _ = name_levels(subject, record, names)
    number = number_level(subject.taxpayer_number, record.taxpayer_number)
    birth = birth_level(subject.birth_date, record.birth_date)
    keys = (number == "EQUAL") + (birth == "EQUAL")
    if record.status != "active" or record.death_date is not None or level != "STRICT":
        return False
    if "CONFLICT" in (number, birth, suffix_level(subject.suffix, record.suffix)):
        return False
    if keys == 0 or not is_confirmed(subject, record, names):
        return False
    if any(stops(subject, record, other, names) for other in others):
        return False
    needs_two = policy.is_two_keys_required or not subject.address.zip5
    needs_two = needs_two or bool(suffix_of(subject.suffix) or suffix_of(record.suffix))
    if (needs_two or any(is_namesake(subject, record, other, names) for other in others)) and keys < 2:
        return False
    order = subject.order_date or subject.received_on
    births = [each for each in (subject.birth_date, record.birth_date) if each]
    return order <= subject.received_on and all(each < order for each in births)


def stops(subject: Subject, record: Candidate, other: Candidate, names: NameStatistics) -> bool:
    """True when `other` bears the number, or could be meant just as well, or better by name and birth."""
    number = number_level(subject.taxpayer_number, other.taxpayer_number)
    birth = birth_level(subject.birth_date, other.birth_date)
    if number == "EQUAL":
        return True
    is_named = name_levels(subject, other, names)[0] == "STRICT"
    if not is_named or not is_shared(subject, other, names):
        return False
    if suffix_level(subject.suffix, other.suffix) == "CONFLICT":
        return False
    written = subject.given + subject.middle + subject.family
    is_better = set(other.given) <= set(written) and not set(record.given) <= set(written)
    return "CONFLICT" not in (number, birth) or (birth in ("EQUAL", "NEW_YEAR") and is_better)


def is_namesake(subject: Subject, record: Candidate, other: Candidate, names: NameStatistics) -> bool:
    """True when `other` has the same given and family name and ever had the address."""
    level, given, family, _ = name_levels(subject, other, names)
    if level == "OTHER" or not is_shared(subject, other, names):
        return False
    firsts = record.given[:1] + other.given[:1]
    same_first = len(firsts) == 2 and (
        firsts[0] == firsts[1] or min(firsts, key=len) == max(firsts, key=len)[0]
    )
    same_family = bool({*record.family, *record.family_2} & {*other.family, *other.family_2})
    agrees = given in AGREES and family in AGREES
    if agrees and level != "STRICT" and given == name_levels(subject, record, names)[1] == "EQUAL":
        one, two = main_name(subject, record), main_name(subject, other)
        agrees = one[: len(two)] == two[: len(one)]
    return agrees or (same_first and same_family)


def main_name(subject: Subject, record: Candidate) -> str:
    """The first name under which a record would answer to the request."""
    tokens = roles_of(record, [subject.given, subject.middle, subject.family])
    return next(text for text, role in tokens if role == "main")
