"""An index is built whole from the custodian's files or not at all, and an edited one does not open."""

import ast
import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

import solely
from solely.errors import Blocked, UsageError
from solely.facts.lexicon import parse_lexicon
from solely.facts.name import judge_name
from solely.records.build import build_index
from solely.records.code import is_part
from solely.records.indexed import IndexedRecords
from solely.records.refresh import Changes, refresh_index
from solely.records.source import read_mapping
from solely.store.inputs import read_inputs
from tests.support.records_world import AS_OF, index_of, row, terms, write_csv


def person(folder: Path, record_id: str = "R1"):
    return IndexedRecords(folder).reread([record_id])[record_id]


def test_a_record_is_whole_folded_and_standardised(tmp_path: Path) -> None:
    first = row("R1", given_name="José María", family_name="O'Brien-Núñez", suffix="Jr.", unit="APT 4B",
                taxpayer_number="900-66-1234", period_from="2019-01-01", period_to="2019-12-31")  # fmt: skip
    second = {**first, "street_line": "77 N. Juniper Avenue", "unit": "", "period_from": "2020-01-01",
              "period_to": ""}  # fmt: skip
    found = person(index_of(tmp_path, [second, first]))
    assert (found.given, found.family, found.suffix) == (("JOSE", "MARIA"), ("OBRIEN", "NUNEZ"), "JR")
    assert (found.birth_date, found.taxpayer_number) == (date(1980, 5, 17), "900661234")
    old, new = found.addresses
    assert (old.street_line, old.unit, old.period_to) == ("123 Larkspur Street", "APT 4B", date(2019, 12, 31))
    assert old.standard is not None and new.standard is not None
    assert (old.standard.street, old.standard.suffix, old.standard.unit) == ("LARKSPUR", "ST", "4B")
    assert (new.standard.predirectional, new.standard.suffix, new.period_to) == ("N", "AVE", None)


SUFFIXED = [
    ({"family_name": "Garcia Jr"}, "JR"),
    ({"family_name": "Garcia Júnior"}, "JR"),
    ({"family_name": "Garcia Filho", "suffix": "MD"}, "JR"),
    ({"family_name": "Garcia", "family_name_2": "Neto"}, "NETO"),
    ({"given_name": "Jose 3rd"}, "III"),
    ({"given_name": "Jose Junior"}, "JR"),
    ({"middle_name": "Sr."}, "SR"),
    ({"given_name": "Jose Jr", "suffix": "Jr."}, "JR"),
]


@pytest.mark.rule("R-39")
@pytest.mark.parametrize(("parts", "suffix"), SUFFIXED)
def test_a_suffix_is_found_behind_each_name_on_record(tmp_path: Path, parts, suffix: str) -> None:
    found = person(index_of(tmp_path, [row("R1", **parts)]))
    assert (found.given, found.middle, found.family, found.family_2) == (("JOSE",), (), ("GARCIA",), ())
    assert found.suffix == suffix


@pytest.mark.rule("R-94")
def test_what_is_a_suffix_elsewhere_is_a_name_where_it_stands_alone(tmp_path: Path) -> None:
    found = person(index_of(tmp_path, [row("R1", given_name="Junior", family_name="Neto")]))
    assert (found.given, found.family, found.suffix) == (("JUNIOR",), ("NETO",), "")


@pytest.mark.rule("R-40")
@pytest.mark.parametrize("field", ["given_name", "middle_name", "family_name"])
def test_a_suffix_behind_a_name_is_the_same_in_a_request_and_on_record(tmp_path: Path, field: str) -> None:
    lexicon = parse_lexicon(read_inputs(None)).names
    words = [each for each in lexicon.suffixes if not each.isdigit()]
    plain = {"given_name": "Jose", "middle_name": "Luis", "family_name": "Garcia"}
    names = {word: {**plain, field: f"{plain[field]} {word}"} for word in words}
    index = IndexedRecords(index_of(tmp_path, [row(word, **parts) for word, parts in names.items()]))
    for word, held in index.reread(words).items():
        asked = judge_name(*names[word].values(), None, lexicon).name
        assert (held.given, held.middle, held.family, held.suffix) == asked


@pytest.mark.rule("R-43")
@pytest.mark.rule("R-02")
def test_an_unstated_flag_protects(tmp_path: Path) -> None:
    found = person(index_of(tmp_path, [row("R1", is_protected="", is_impaired="")]))
    assert found.is_protected is True and found.is_impaired is True
    plain = person(index_of(tmp_path, [row("R1")]))
    assert plain.is_protected is False and plain.is_impaired is False


def test_fillers_are_absent(tmp_path: Path) -> None:
    found = person(index_of(tmp_path, [row("R1", birth_date="1900-01-01", taxpayer_number="000-00-0000")]))
    assert found.birth_date is None and found.taxpayer_number is None


def test_of_two_files_of_one_name_the_message_says_which(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    first = write_csv(tmp_path / "a" / "records.csv", [row("R1")])
    second = write_csv(tmp_path / "b" / "records.csv", [row("R2", status="gone")])
    with pytest.raises(UsageError) as refused:
        build_index([first, second], tmp_path / "index", terms())
    assert str(refused.value).startswith(f"`{second}` row 1: ") and "gone" not in str(refused.value)


@pytest.mark.rule("R-45")
def test_columns_beyond_the_contract_never_enter_the_index(tmp_path: Path) -> None:
    folder = index_of(tmp_path, [row("R1") | {"employer": "CANARY-EMPLOYER", "bank": "CANARY-BANK"}])
    assert not any(b"CANARY" in each.read_bytes() for each in folder.rglob("*") if each.is_file())
    with duckdb.connect() as engine:
        for each in folder.rglob("*.parquet"):
            columns = {
                r[0]
                for r in engine.execute("DESCRIBE SELECT * FROM read_parquet($1)", [str(each)]).fetchall()
            }
            assert columns.isdisjoint({"employer", "bank"})


BAD = [
    ({"record_id": ""}, "record_id"),
    ({"status": "CANARY"}, "status"),
    ({"birth_date": "05/17/CANARY"}, "birth_date"),
    ({"birth_date": "1980-02-30"}, "birth_date"),
    ({"taxpayer_number": "90066CANARY"}, "taxpayer_number"),
    ({"is_protected": "CANARY"}, "is_protected"),
    ({"period_from": "2021-01-01", "period_to": "2020-01-01"}, "period_from"),
    ({"given_name": "CANARY\0"}, "given_name"),
    ({"record_id": "R2\0CANARY"}, "record_id"),
    ({"family_name": "CANARY" * 200_000}, "family_name"),
    ({"street_line": "CANARY " * 200}, "street_line"),
]


@pytest.mark.rule("R-57")
@pytest.mark.parametrize(("parts", "column"), BAD)
def test_a_bad_row_is_named_by_file_row_and_column_never_by_value(tmp_path: Path, parts, column: str) -> None:
    rows = [row("R1"), row("R2") | parts]
    with pytest.raises(UsageError) as refused:
        index_of(tmp_path, rows)
    text = str(refused.value)
    assert "records.csv" in text and "row 2" in text and f"`{column}`" in text
    assert "CANARY" not in text and "1980-02-30" not in text


@pytest.mark.rule("R-57")
def test_what_is_odd_is_told_with_counts_and_places_and_counts_for_nobody(tmp_path: Path) -> None:
    told: list[str] = []
    rows = [
        row("CANARY1"),
        row("Canary1", given_name="Ana"),
        row("R3", birth_date="0001-01-01"),
        row("R4", birth_date="9999-12-31"),
        row("R5", death_date="9999-12-31"),
        row("R6", period_from="0001-01-01"),
        *(row(f"R7{n}", birth_date="1492-10-12") for n in range(3)),
    ]
    folder = index_of(tmp_path, rows, progress=told.append, part_rows=2)
    notes = [each for each in told if each.startswith("note:")]
    assert [each.split("`")[1] for each in notes] == [
        "birth_date", "birth_date", "death_date", "period_from", f"{tmp_path}/records.csv",
    ]  # fmt: skip
    assert "4 rows" in notes[0] and "row 3, " in notes[0] and "row 7, " in notes[0] and "more" in notes[0]
    assert all(f"row {n}" in note for n, note in zip((4, 5, 6, 1), notes[1:], strict=True))
    assert not any(value in note for note in notes for value in ("CANARY", "Canary", "0001-", "1492-"))
    found = IndexedRecords(folder).reread(["R3", "R4", "R5", "R6", "CANARY1", "Canary1"])
    assert len(found) == 6
    assert found["R3"].birth_date is None and found["R4"].birth_date == date(9999, 12, 31)
    assert found["R5"].death_date is not None
    assert found["R6"].addresses[0].period_from is None


def test_plain_records_have_no_note(tmp_path: Path) -> None:
    told: list[str] = []
    index_of(tmp_path, [row("r1"), row("r2", given_name="Ana")], progress=told.append)
    assert not [each for each in told if each.startswith("note:")]


def test_rows_of_one_person_that_differ_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="`given_name`"):
        index_of(tmp_path, [row("R1"), row("R1", given_name="Josue", street_line="9 Elm Street")])
    with pytest.raises(UsageError, match="`birth_date`"):
        index_of(tmp_path, [row("R1"), row("R1", birth_date="")])


@pytest.mark.rule("R-57")
def test_a_broken_file_shows_no_value(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "records.csv", [row("R1")])
    path.write_text(path.read_text() + 'R2,active,"CANARY\n', encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        build_index([path], tmp_path / "out", terms())
    assert "CANARY" not in str(refused.value)
    assert list((tmp_path / "out").iterdir()) == []


def test_zips_that_lost_their_zeros_are_counted(tmp_path: Path) -> None:
    rows = [row("R1", state="NJ", zip="7042"), row("R2", zip="7042-1234"), row("R3", state="", zip="1010")]
    path = write_csv(tmp_path / "records.csv", [*rows, row("R4", state="NJ", zip="07042")])
    said: list[str] = []
    build_index([path], tmp_path / "index", terms(progress=said.append))
    (note,) = [each for each in said if each.startswith("note: ")]
    assert note.startswith("note: 2 rows of the records") and "`zip`" in note and "7042" not in note


BROKEN = [
    (b"R2,active,MARIA,,NU\xd1EZ" + b"," * 14, "line 3 is not UTF-8"),  # as an old Windows program saves it
    (b"R2,active,CANARY", "mixes line ends"),  # the lines before it end in CR LF
    (b"R2,active,CANARY\r", "line 3 has more or fewer cells than the header"),
    (b'R2,active,"CANARY"X",' + b"," * 16, "line 3 opens a quotation mark that does not close"),
    (b"R2,active," + b"CANARY" * 400_000 + b"," * 17, "line 3 is too long for a row"),
]


@pytest.mark.rule("R-57")
@pytest.mark.parametrize(("line", "said"), BROKEN)
def test_a_line_that_cannot_be_read_is_named_with_its_fault(tmp_path: Path, line: bytes, said: str) -> None:
    path = write_csv(tmp_path / "records.csv", [row("R1")])
    path.write_bytes(path.read_bytes() + line + b"\n")
    with pytest.raises(UsageError) as refused:
        build_index([path], tmp_path / "out", terms())
    assert f"`{path}` {said}" in str(refused.value) and "CANARY" not in str(refused.value)


@pytest.mark.parametrize(("header", "said"), [("", "has no header"), ("record_id;status;zip\n", "a comma")])
def test_a_header_that_is_none_is_said(tmp_path: Path, header: str, said: str) -> None:
    path = tmp_path / "records.csv"
    path.write_text(header, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        build_index([path], tmp_path / "out", terms())


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("record_id = 'PERSON_KEY'", "a table `columns`"),
        ("columns = 3", "a table `columns`"),
        ("[columns]\nperson = 'PERSON_KEY'", "no column `person`"),
        ("[columns]\nrecord_id = 3", "`record_id` is your own column's name"),
    ],
)
def test_a_mapping_that_does_not_serve_is_named_with_its_cure(tmp_path: Path, text: str, cure: str) -> None:
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=cure):
        read_mapping(tmp_path / "mapping.toml")


def test_a_missing_column_is_named_and_a_mapping_renames(tmp_path: Path) -> None:
    theirs = {("PERSON_KEY" if k == "record_id" else k): v for k, v in row("R1").items()}
    path = write_csv(tmp_path / "theirs.csv", [theirs])
    with pytest.raises(UsageError, match="record_id"):
        build_index([path], tmp_path / "out", terms())
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('[columns]\nrecord_id = "PERSON_KEY"\n', encoding="utf-8")
    summary = build_index([path], tmp_path / "out", terms(mapping=mapping))
    assert summary["counts"]["persons"] == 1
    assert person(tmp_path / "out").record_id == "R1"


def test_parquet_gives_the_same_people_as_csv(tmp_path: Path) -> None:
    rows = [row("R1"), row("R2", given_name="Ana", death_date="2020-02-02", is_impaired="true")]
    folder = index_of(tmp_path, rows)
    other = tmp_path / "typed.parquet"
    with duckdb.connect() as engine:
        engine.execute(
            "COPY (SELECT * REPLACE (nullif(birth_date, '')::DATE AS birth_date, "
            "period_from::DATE AS period_from, is_protected::BOOLEAN AS is_protected) "
            "FROM read_csv($1, all_varchar=true)) TO $2 (FORMAT parquet)",
            [str(tmp_path / "records.csv"), str(other)],
        )
    build_index([other], tmp_path / "two", terms())
    assert IndexedRecords(folder).reread(["R1", "R2"]) == IndexedRecords(tmp_path / "two").reread(
        ["R1", "R2"]
    )


def test_a_new_index_replaces_the_old_one_whole(tmp_path: Path) -> None:
    folder = index_of(tmp_path, [row("R1")])
    before = IndexedRecords(folder)
    index_of(tmp_path, [row("R2")])
    after = IndexedRecords(folder)
    assert before.digest != after.digest
    assert list(after.reread(["R1", "R2"])) == ["R2"]
    assert len([each for each in folder.iterdir() if each.is_dir()]) == 1


def test_a_build_that_fails_leaves_the_old_index(tmp_path: Path) -> None:
    folder = index_of(tmp_path, [row("R1")])
    digest = IndexedRecords(folder).digest
    with pytest.raises(UsageError):
        index_of(tmp_path, [row("R2", status="gone")])
    assert IndexedRecords(folder).digest == digest


def test_the_index_states_its_day_and_the_summary_its_digest(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "r.csv", [row("R1")])
    summary = build_index([source], tmp_path / "out", terms())
    records = IndexedRecords(tmp_path / "out")
    assert (records.as_of, records.digest) == (AS_OF, summary["digest"])


@pytest.mark.rule("R-82")
def test_an_edited_index_does_not_open(tmp_path: Path) -> None:
    folder = index_of(tmp_path, [row("R1")])
    manifest = json.loads((folder / "index.json").read_text())
    path = folder / manifest["folder"] / "people.jsonl"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(Blocked, match="people"):
        IndexedRecords(folder)
    with pytest.raises(Blocked):
        IndexedRecords(tmp_path / "nowhere")


def test_an_index_of_another_build_is_refused_with_the_cure(tmp_path: Path) -> None:
    folder = index_of(tmp_path, [row("R1")])
    path = folder / "index.json"
    manifest = json.loads(path.read_text())
    for stated in ({"code": "0" * 64}, {}):
        path.write_text(
            json.dumps({name: each for name, each in manifest.items() if name != "code"} | stated)
        )
        with pytest.raises(Blocked, match=r"another build of the gate .+ build it whole: `solely init"):
            IndexedRecords(folder)
        more = write_csv(tmp_path / "more.csv", [row("R2")])
        with pytest.raises(Blocked, match="build it whole"):
            refresh_index(Changes([more]), folder, terms())
    index_of(tmp_path, [row("R1")])
    assert IndexedRecords(folder).reread(["R1"])


def test_the_digest_of_the_code_covers_every_module_that_makes_an_index() -> None:
    made_by = imported_by("solely.records.refresh")
    assert "solely.matching.keys" in made_by and is_part("matching/keys.py")
    # How things are said, stored and hashed, and not what of a record an index holds.
    aside = ("solely.store.", "solely.canonical", "solely.confidential", "solely.errors", "solely.pace")
    for module in made_by:
        path = f"{module.removeprefix('solely.').replace('.', '/')}.py"
        assert is_part(path) or module.startswith(aside), path


def imported_by(name: str) -> set[str]:
    """A module of the product and every one that it imports, at any distance."""
    source, found, ahead = Path(solely.__file__).parent.parent, {name}, [name]
    while ahead:
        tree = ast.parse((source / f"{ahead.pop().replace('.', '/')}.py").read_text())
        froms = [each for each in ast.walk(tree) if isinstance(each, ast.ImportFrom) and each.module]
        names = {each.module for each in froms} | {f"{e.module}.{a.name}" for e in froms for a in e.names}
        new = {each for each in names if (source / f"{each.replace('.', '/')}.py").is_file()} - found
        found |= new
        ahead += new
    return found


def test_names_and_streets_are_counted(tmp_path: Path) -> None:
    rows = [row("R1"), row("R2", given_name="Ana", family_name="Garcia Garcia"), row("R2b", given_name="Zed")]
    names = IndexedRecords(index_of(tmp_path, rows)).names
    assert names.records == 3 and names.bearers["GARCIA"] == 3 and names.bearers["ANA"] == 1
    assert "SMITH" in names.shipped and "LARKSPUR" in names.common_streets
