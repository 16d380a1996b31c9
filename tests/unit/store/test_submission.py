"""A submission as it arrives: copied by its three names, whatever an archive claims (R-103, R-68)."""

import csv
import errno
import io
import os
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest

from solely.errors import BatchRefused, TroubleError, UsageError
from solely.model import COLUMNS
from solely.store import csv_file
from solely.store.submission import Received, read_chunks, receive
from tests.support.submissions import ROW, Submission, csv_of, new_key, write

FILES = Submission(new_key(), csv_of([ROW])).files()


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    """A .zip of the files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def tarred(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    """A .tar.gz of the members."""
    with tarfile.open(path, "w:gz") as archive:
        for member, data in members:
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def said(received: Received) -> str | None:
    """The element and rule of a problem."""
    return received.problem and f"{received.problem.element} {received.problem.rule}"


@pytest.mark.rule("R-103", "R-12")
@pytest.mark.parametrize("folder", ["", "batch/"])
def test_the_three_ways_to_send_a_batch_arrive_alike(folder: str, tmp_path: Path) -> None:
    named = {folder + name: data for name, data in FILES.items()}
    sent = [
        write(tmp_path / "sent", FILES),
        zipped(tmp_path / "sent.zip", named),
        tarred(tmp_path / "sent.tar.gz", *((tarfile.TarInfo(name), data) for name, data in named.items())),
    ]
    for number, path in enumerate(sent):
        received = receive(path, tmp_path / str(number))
        assert (received.problem, received.letter) == (None, FILES["letter.json"])
        assert received.data_path is not None and received.data_path.read_bytes() == FILES["data.csv"]
        assert len(received.digest) == 64 and received.size > 0


@pytest.mark.rule("R-103")
@pytest.mark.parametrize(
    "data",
    [b"", b"no archive", b"PK\x03\x04 broken", b"\x1f\x8b broken", b"PK\x05\x06" + b"\0" * 18],
    ids=range(5),
)
def test_an_unreadable_arrival_still_has_its_digest(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sent.zip"
    path.write_bytes(data)
    received = receive(path, tmp_path / "in")
    assert received.problem is not None
    assert (received.size, len(received.digest)) == (len(data), 64)


@pytest.mark.rule("R-103")
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_in_trouble_refuses_nobodys_batch(
    call: str, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "batch", FILES)

    def fails(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, fails)
    with pytest.raises(TroubleError, match=os.strerror(number)):
        receive(folder, tmp_path / "in")


def test_a_batch_that_is_not_there_is_no_arrival(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        receive(tmp_path / "none", tmp_path / "in")


@pytest.mark.rule("R-103")
@pytest.mark.parametrize("name", ["../letter.json", "/letter.json", "a/../../letter.json", "..\\letter.json"])
def test_a_path_that_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    for received in (
        receive(zipped(tmp_path / "a.zip", {**FILES, name: b"x"}), tmp_path / "in" / "a"),
        receive(tarred(tmp_path / "a.tar.gz", (tarfile.TarInfo(name), b"x")), tmp_path / "in" / "b"),
    ):
        assert said(received) == "submission R-103"
    assert not (tmp_path / "letter.json").exists() and not (tmp_path / "in" / "letter.json").exists()


@pytest.mark.rule("R-103")
@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_a_link_or_device_in_an_archive_is_refused(kind: bytes, tmp_path: Path) -> None:
    member = tarfile.TarInfo("data.csv")
    member.type, member.linkname = kind, "/etc/hostname"
    assert said(receive(tarred(tmp_path / "a.tar.gz", (member, b"")), tmp_path / "in")) == "data.csv R-103"


@pytest.mark.rule("R-103")
def test_a_link_or_pipe_in_a_folder_is_refused(tmp_path: Path) -> None:
    linked = write(tmp_path / "linked", {n: d for n, d in FILES.items() if n != "data.csv"})
    (linked / "data.csv").symlink_to(tmp_path / "elsewhere")
    piped = write(tmp_path / "piped", {n: d for n, d in FILES.items() if n != "data.csv"})
    os.mkfifo(piped / "data.csv")
    assert said(receive(linked, tmp_path / "1")) == said(receive(piped, tmp_path / "2")) == "data.csv R-103"


@pytest.mark.rule("R-103")
def test_an_archive_that_grows_beyond_reason_is_refused(tmp_path: Path) -> None:
    bomb = b"\0" * 40_000_000
    packed = zipped(tmp_path / "a.zip", {**FILES, "data.csv": bomb})
    assert said(receive(packed, tmp_path / "1")) == "data.csv R-103"
    rolled = tarred(tmp_path / "a.tar.gz", (tarfile.TarInfo("data.csv"), bomb))
    assert said(receive(rolled, tmp_path / "2")) in ("data.csv R-103", "submission R-103")
    assert not list((tmp_path / "1").glob("*.part"))


@pytest.mark.rule("R-103")
def test_an_extended_header_of_any_length_is_not_believed(tmp_path: Path) -> None:
    member = tarfile.TarInfo("letter.json")
    member.pax_headers = {"comment": "x" * 3_000_000}
    assert (
        said(receive(tarred(tmp_path / "a.tar.gz", (member, b"{}")), tmp_path / "in")) == "submission R-103"
    )


@pytest.mark.rule("R-12")
def test_two_data_files_or_one_name_twice_are_refused(tmp_path: Path) -> None:
    both = write(tmp_path / "both", {**FILES, "data.parquet": b"PAR1"})
    assert said(receive(both, tmp_path / "1")) == "data_file R-12"
    members = [(tarfile.TarInfo(name), FILES[name]) for name in ("letter.json", "letter.json")]
    assert said(receive(tarred(tmp_path / "a.tar.gz", *members), tmp_path / "2")) == "letter.json R-12"
    parted = zipped(tmp_path / "b.zip", {f"{n[0]}/{n}": d for n, d in FILES.items()})
    assert said(receive(parted, tmp_path / "3")) == "submission R-103"


# -- rows ---------------------------------------------------------------------------------------------


def rows_of(path: Path, size: int = 3) -> list[tuple[int, str | None, list[str]]]:
    """Row number, request id and reasons of every row."""
    return [
        (each.item.row, each.item.request_id, [str(reason) for _, reason in each.findings])
        for chunk in read_chunks(path, size)
        for each in chunk
    ]


def parquet(path: Path, select: str) -> Path:
    """A Parquet file of a SELECT."""
    duckdb.sql(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path


@pytest.mark.rule("R-68")
def test_parquet_and_csv_give_the_same_items(tmp_path: Path) -> None:
    rows = [{**ROW, "request_id": f"R-{n}"} for n in range(10)]
    (tmp_path / "data.csv").write_bytes(csv_of(rows))
    source = f"read_csv('{tmp_path / 'data.csv'}', all_varchar=true)"
    parquet(tmp_path / "data.parquet", f"SELECT * FROM {source}")  # noqa: S608 -- the path is the test's own
    assert list(read_chunks(tmp_path / "data.csv", 4)) == list(read_chunks(tmp_path / "data.parquet", 4))
    assert [len(chunk) for chunk in read_chunks(tmp_path / "data.parquet", 4)] == [4, 4, 2]


@pytest.mark.rule("R-69")
@pytest.mark.parametrize(
    ("select", "element"),
    [
        ("'R1' AS request_id, DATE '1984-03-09' AS birth_date", "birth_date"),
        ("'R1' AS request_id, 'x' AS remark", "remark"),
    ],
)
def test_a_parquet_column_that_is_no_text_or_unknown_is_named(
    select: str, element: str, tmp_path: Path
) -> None:
    with pytest.raises(BatchRefused) as refusal:
        list(read_chunks(parquet(tmp_path / "data.parquet", f"SELECT {select}")))
    assert refusal.value.element == element


def test_a_folder_name_adds_no_column(tmp_path: Path) -> None:
    (tmp_path / "year=2026").mkdir()
    path = parquet(
        tmp_path / "year=2026" / "data.parquet", "SELECT 'R1' AS request_id, NULL::VARCHAR AS address"
    )
    assert rows_of(path) == [(1, "R1", [])]


@pytest.mark.rule("R-68")
def test_a_quote_that_is_never_closed_spoils_its_own_row_only(tmp_path: Path) -> None:
    lines = csv_of([{**ROW, "request_id": f"R-{n}"} for n in range(1, 200)]).split(b"\r\n")
    lines[100] = lines[100].replace(b"Rosalind", b'"Rosalind', 1)
    (tmp_path / "data.csv").write_bytes(b"\r\n".join(lines))
    rows = rows_of(tmp_path / "data.csv", 50)
    assert [reasons for _, _, reasons in rows if reasons] == [["row:UNCLOSED_QUOTE"]]
    assert (len(rows), rows[99][0], rows[100][1]) == (199, 100, "R-101")


@pytest.mark.rule("R-68")
def test_two_quotes_that_are_not_closed_spoil_two_rows(tmp_path: Path) -> None:
    lines = csv_of([{**ROW, "request_id": f"R-{n}"} for n in range(1, 9)]).split(b"\r\n")
    for place in (2, 5):
        lines[place] = lines[place].replace(b"Rosalind", b'"Rosalind', 1)
    (tmp_path / "data.csv").write_bytes(b"\r\n".join(lines))
    assert [row for row, _, reasons in rows_of(tmp_path / "data.csv") if reasons] == [2, 5]


@pytest.mark.rule("R-68")
def test_a_line_of_any_length_spoils_its_own_row_only(tmp_path: Path) -> None:
    good = csv_of([ROW, ROW]).split(b"\r\n")
    endless = b"x" * (3 * csv_file.ROW_CHARACTERS_MAX + 5)
    (tmp_path / "data.csv").write_bytes(b"\r\n".join([good[0], good[1], endless, good[2]]))
    assert [reasons for _, _, reasons in rows_of(tmp_path / "data.csv")] == [[], ["row:CELL_COUNT"], []]


@pytest.mark.rule("R-69")
@pytest.mark.parametrize("cell", ["x" * 5, '"' + "y" * 9 + '"'])
def test_a_cell_of_any_length_is_at_fault_alone(tmp_path: Path, cell: str) -> None:
    lines = csv_of([{**ROW, "reason": "IN ITS PLACE"}, ROW]).split(b"\r\n")
    long = (cell[0] + cell[1] * (3 * csv_file.ROW_CHARACTERS_MAX) + cell[-1]).encode()
    lines[1] = lines[1].replace(b'"IN ITS PLACE"', long).replace(b"IN ITS PLACE", long)
    (tmp_path / "data.csv").write_bytes(b"\r\n".join(lines))
    first, second = (each for chunk in read_chunks(tmp_path / "data.csv") for each in chunk)
    assert [str(reason) for _, reason in first.findings] == ["reason:TOO_LONG"]
    assert (first.item.request_id, second.findings) == (ROW["request_id"], ())


@pytest.mark.rule("R-69")
def test_a_line_that_is_long_all_over_is_too_long(tmp_path: Path) -> None:
    good = csv_of([ROW, ROW]).split(b"\r\n")
    endless = b"x," * (4 * csv_file.ROW_CHARACTERS_MAX)
    (tmp_path / "data.csv").write_bytes(b"\r\n".join([good[0], good[1], endless, good[2]]))
    assert [reasons for _, _, reasons in rows_of(tmp_path / "data.csv")] == [[], ["row:TOO_LONG"], []]


def test_a_line_end_of_any_kind_stands_inside_quotes(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_bytes(csv_of([{**ROW, "reason": "a\rb\nc\r\nd"}]))
    ((read,),) = read_chunks(tmp_path / "data.csv")
    assert read.item.reason == "a\rb\nc\r\nd"


def test_a_quotation_mark_inside_a_bare_cell_is_itself(tmp_path: Path) -> None:
    text = (
        csv_of([ROW])
        .replace(b"14 UNKNOWN RD, Medford", b'14 "UNKNOWN" RD Medford')
        .replace(b'"14 "', b'14 "', 1)
    )
    (tmp_path / "data.csv").write_bytes(text.replace(b'NJ 08055"', b"NJ 08055"))
    ((read,),) = read_chunks(tmp_path / "data.csv")
    assert read.item.address == '14 "UNKNOWN" RD Medford NJ 08055'


def test_rows_are_numbered_over_chunks(tmp_path: Path) -> None:
    file = io.StringIO()
    csv.writer(file).writerows([COLUMNS, *([f"R{n}", *[""] * (len(COLUMNS) - 1)] for n in range(7))])
    (tmp_path / "data.csv").write_text(file.getvalue(), newline="")
    assert [row for row, _, _ in rows_of(tmp_path / "data.csv", 2)] == [1, 2, 3, 4, 5, 6, 7]
