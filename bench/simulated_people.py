"""A registry and requests of people whom nobody here wrote: pseudopeople's simulated households and noise.

    PYTHON bench/simulated_people.py OUT --year 2020 --seed 1 --noise 1 --places PLACES.csv

- Runs in an environment of its own (`requirements/simulated.sh`), because pseudopeople needs an older pandas.
- Registry: filers, spouses, dependents of the tax returns of four years, with birth dates of the social
  security file. Requests: census (name, address, birth date) and wage statements (name, address, number).
- Its one place is replaced: each true address gets a city and ZIP Code of PLACES. Each social security number
  is exchanged for one that is never assigned, equal for equal.
- Truth is pseudopeople's own `simulant_id`; that of a spouse or dependent is found by number.
"""

import argparse
import csv
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pseudopeople

GROUPS = (66, 67, 68, 69, 89)
RECORD = (
    "record_id", "status", "given_name", "middle_name", "family_name", "family_name_2", "suffix",
    "birth_date", "death_date", "taxpayer_number", "street_line", "unit", "city", "state", "zip",
    "period_from", "period_to", "is_protected", "is_impaired",
)  # fmt: skip
REQUEST = (
    "request_id", "given_name", "middle_name", "family_name", "birth_date", "taxpayer_number", "address",
    "order_date", "periods",
)  # fmt: skip
TRUTH = (
    "request_id", "record_id", "class", "address_sufficient", "must_release", "is_own_address",
    "is_permitted",
)  # fmt: skip
YEARS_BEFORE = 3


class Numbers:
    """Never assigned numbers in place of social security numbers, equal for equal."""

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}

    def of(self, number: Any) -> str:
        """The number that stands for this one; "" for none."""
        if pd.isna(number) or not str(number).strip():
            return ""
        text = str(number)
        if text not in self._seen:
            rest, serial = divmod(len(self._seen) * 7919 % 4_999_500, 9999)
            area, group = divmod(rest, len(GROUPS))
            self._seen[text] = f"9{area:02d}{GROUPS[group]}{serial + 1:04d}"
        return self._seen[text]


class Places:
    """Cities with ZIP Codes; one for each true address."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as file:
            self._all = list(csv.DictReader(file))

    def of(self, home: str) -> dict[str, str]:
        """The city, state and ZIP Code of an address."""
        return self._all[int(sha256(home.encode()).hexdigest()[:8], 16) % len(self._all)]


def scaled(config: Any, factor: float) -> Any:
    """The noise configuration with every probability multiplied, at most 1."""
    if isinstance(config, dict):
        return {
            key: min(1.0, value * factor)
            if key in ("row_probability", "cell_probability") and isinstance(value, int | float)
            else scaled(value, factor)
            for key, value in config.items()
        }
    return config


def text(value: Any) -> str:
    """A cell as text, "" for a missing one."""
    return "" if pd.isna(value) else str(value).strip()


def street_of(row: Any, prefix: str) -> tuple[str, str]:
    """Street line and unit of a row; a PO box where it has one."""
    box = text(row.get(f"{prefix}po_box"))
    if box:
        return f"PO BOX {box}", ""
    unit = text(row.get(f"{prefix}unit_number"))
    return f"{text(row[f'{prefix}street_number'])} {text(row[f'{prefix}street_name'])}".strip(), unit


class Registry:
    """People by id, and where each filed from in each year."""

    def __init__(self, social: pd.DataFrame, truth: pd.DataFrame) -> None:
        created = social.drop_duplicates("simulant_id", keep="last")
        self._births = dict(zip(created["simulant_id"], created["date_of_birth"], strict=True))
        plain = truth.dropna(subset=["ssn"]).drop_duplicates("ssn")
        self._by_number = dict(zip(plain["ssn"], plain["simulant_id"], strict=True))
        self.people: dict[str, dict[str, Any]] = {}
        self.stays: dict[str, dict[int, tuple[str, str, str]]] = {}

    def add_return(self, row: Any, year: int, home: str) -> None:
        """Everybody on one tax return that was filed from `home`, the filer first."""
        line = (*street_of(row, "mailing_address_"), home)
        self._add(row["simulant_id"], "", row, (line, year, "active"))
        for prefix in ("spouse_", *(f"dependent_{n}_" for n in range(1, 5))):
            person = self._by_number.get(row.get(f"{prefix}ssn"))
            if person is not None:
                status = "active" if prefix == "spouse_" else "dependent"
                self._add(person, prefix, row, (line, year, status))

    def _add(self, person: str, prefix: str, row: Any, filed: tuple[Any, int, str]) -> None:
        line, year, status = filed
        names = {
            name: text(row.get(f"{prefix}{name}")) for name in ("first_name", "middle_initial", "last_name")
        }
        if not names["first_name"] or not names["last_name"] or not line[0]:
            return
        held = self.people.get(person)
        if held is None or year >= held["year"]:
            self.people[person] = {**names, "ssn": row.get(f"{prefix}ssn"), "year": year, "status": status}
        self.stays.setdefault(person, {})[year] = line

    def rows(self, year: int, places: Places, numbers: Numbers) -> Any:
        """The custodian's rows; whoever did not file this year is inactive."""
        for person in sorted(self.people):
            held, stays = self.people[person], self.stays[person]
            status = held["status"] if held["year"] == year else "inactive"
            born = text(self._births.get(person))
            day = f"{born[:4]}-{born[4:6]}-{born[6:8]}" if len(born) == 8 and born.isdigit() else ""
            head = (
                person, status, held["first_name"], held["middle_initial"], held["last_name"], "", "",
                day if is_day(day) else "", "", numbers.of(held["ssn"]),
            )  # fmt: skip
            for since, until, (line, unit, home) in spans(stays):
                place = places.of(home)
                last = "" if until == max(stays) else f"{until}-12-31"
                yield (
                    *head, line, f"APT {unit}" if unit else "", place["city"], place["state"], place["zip"],
                    f"{since}-01-01", last, "false", "false",
                )  # fmt: skip


def spans(stays: dict[int, tuple[str, str, str]]) -> list[tuple[int, int, tuple[str, str, str]]]:
    """First year, last year and line of each address; a year without a return continues the one before."""
    found: list[tuple[int, int, tuple[str, str, str]]] = []
    for year in sorted(stays):
        if found and found[-1][2] == stays[year]:
            found[-1] = (found[-1][0], year, stays[year])
        else:
            if found:
                found[-1] = (found[-1][0], year - 1, found[-1][2])
            found.append((year, year, stays[year]))
    return found


def is_day(text_: str) -> bool:
    """True for a date that exists."""
    return not pd.isna(pd.to_datetime(text_, format="%Y-%m-%d", errors="coerce"))


def request_of(row: Any, place: dict[str, str], numbers: Numbers, kind: str) -> dict[str, str]:
    """One request as a row of the batch's columns, without id and periods."""
    line, unit = street_of(row, "" if kind == "census" else "mailing_address_")
    born = (
        pd.to_datetime(row.get("date_of_birth"), format="%m/%d/%Y", errors="coerce")
        if kind == "census"
        else None
    )
    address = " ".join(filter(None, (line, f"APT {unit}" if unit else "")))
    return {
        "given_name": text(row["first_name"]),
        "middle_name": text(row["middle_initial"]),
        "family_name": text(row["last_name"]),
        "birth_date": born.strftime("%Y-%m-%d") if born is not None and not pd.isna(born) else "",
        "taxpayer_number": numbers.of(row.get("ssn")) if kind == "wages" else "",
        "address": f"{address}, {place['city']}, {place['state']} {place['zip']}" if address else "",
    }


def generate(name: str, year: int, seed: int, noise: float | None) -> pd.DataFrame:
    """One of pseudopeople's files, without noise where `noise` is None."""
    make = getattr(pseudopeople, f"generate_{name}")
    config = (
        pseudopeople.NO_NOISE if noise is None else {name: scaled(pseudopeople.get_config()[name], noise)}
    )
    return make(year=year, seed=seed, config=config)


def homes_of(name: str, year: int, seed: int) -> dict[str, str]:
    """The true address of each person of a file, from the noiseless one: what fixes the city and ZIP Code."""
    made = generate(name, year, seed, None)
    prefix = "" if name == "decennial_census" else "mailing_address_"
    return {row["simulant_id"]: " ".join(street_of(row, prefix)) for row in made.to_dict("records")}


def write(path: Path, columns: tuple[str, ...], rows: Any) -> None:
    """Rows of text under a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def main() -> int:
    """Write records, batch and truth of one year, seed and noise."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--year", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--noise", type=float, required=True)
    parser.add_argument("--places", type=Path, required=True)
    given = parser.parse_args()
    for folder in ("records", "batch"):
        (given.out / folder).mkdir(parents=True, exist_ok=True)
    places, numbers = Places(given.places), Numbers()
    registry = Registry(
        generate("social_security", given.year, given.seed, given.noise),
        generate("social_security", given.year, given.seed, None),
    )
    for year in range(max(given.year - YEARS_BEFORE, 2018), given.year + 1):
        homes = homes_of("taxes_1040", year, given.seed)
        for row in generate("taxes_1040", year, given.seed, given.noise).to_dict("records"):
            registry.add_return(row, year, homes[row["simulant_id"]])
    write(given.out / "records" / "records.csv", RECORD, registry.rows(given.year, places, numbers))
    _write_batch(given, registry, places, numbers)
    return 0


def _write_batch(given: Any, registry: Registry, places: Places, numbers: Numbers) -> None:
    """The requests of census and wage statements, and what is true of each."""
    requests, truths = [], []
    for kind, name in (("census", "decennial_census"), ("wages", "taxes_w2_and_1099")):
        homes = homes_of(name, given.year, given.seed)
        for place, row in enumerate(generate(name, given.year, given.seed, given.noise).to_dict("records")):
            id_, person = f"S-{kind}-{place}", row["simulant_id"]
            made = request_of(row, places.of(homes[person]), numbers, kind)
            requests.append([id_, *made.values(), f"{given.year}-12-01", str(given.year)])
            held = person if person in registry.people else ""
            stay = registry.stays.get(person, {}).get(given.year)
            is_own = stay is not None and stay[2] == homes[person]
            truths.append([id_, held, f"simulated_{kind}", "true", "false", str(is_own).lower(), "true"])
    write(given.out / "batch" / "data.csv", REQUEST, requests)
    write(given.out / "truth.csv", TRUTH, truths)


if __name__ == "__main__":
    sys.exit(main())
