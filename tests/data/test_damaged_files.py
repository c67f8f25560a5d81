"""Failures guarded against: a publisher's file that is damaged and makes another table, or ends in a library's traceback.

``benchmarks/trust_damaged_files.py`` damages every file in every way; here those that once passed, and what needs no file at hand.
"""

import json
import os
import random
from pathlib import Path

import damages
import pytest

import importers
from importers import controls, files

ROOT = Path(__file__).parents[2]
RAW = os.environ.get("CROSSROADS_RAW", "")
needs_files = pytest.mark.skipif(
    not RAW,
    reason="publishers' files are not at hand: set CROSSROADS_RAW to the folder that holds them; data/README.md and "
    "the entries of data/datapackage.json say where to get each file",
)
TRIED = [
    *((file, way)
      for file in ("new/oecd/pisa_canada_provinces_2000_2025.csv", "country/eurostat/trng_lfse_01_25_74.csv")
      for way in ("thousandth", "row_deleted", "headers_swapped", "column_shifted", "word", "two_files_in_one", "html", "empty")),
    ("new/eurostat/URE2026_F2A_arope_degurba_2025.json", "thousandth"),
    ("country/oecd/sti_scoreboard_raw/UNIV_XINN_V8.xml", "truncated"),
    ("regional/eurostat/estat_tgs00042.tsv", "row_deleted"),
    ("regional/eurostat/edat_lfse_22.xlsx", "sheet_renamed"),
]  # fmt: skip


@needs_files
@pytest.mark.parametrize(("file", "way"), TRIED)
def test_damaged_file_is_refused_with_its_place_or_changes_nothing(file, way, tmp_path):
    outcome = damages.attempt(Path(RAW), tmp_path, file, way)
    assert not damages.is_wrong(outcome), outcome


def test_every_file_that_tables_are_made_from_is_recorded():
    """A file without a record could be any other."""
    recorded = json.loads((ROOT / "data" / controls.FILE).read_bytes())
    assert sorted(recorded) == sorted(controls.controlled())
    descriptor = json.loads((ROOT / "data" / "datapackage.json").read_bytes())
    declared = {file["path"]: file["hash"] for entry in descriptor["resources"] for source in entry.get("sources", ()) for file in source["files"]}  # fmt: skip
    assert {file: recorded[file]["hash"] for file in declared} == declared
    assert all(importers.tables()[name] for name in damages.users(next(iter(declared))))


GOOD = b"geo,year,value,flag\nAT,2020,10.5,\nFI,2020,20.5,b\nFR,2020,,\nSE,2020,40.5,\nDE,2020,30.5,\n"
SAID = {
    "row_deleted": r"x\.csv: 4 rows below the first, expected 5",
    "row_twice": r"x\.csv: 6 rows below the first, expected 5",
    "headers_swapped": r"x\.csv, row 1: the columns \[.*\] changed places",
    "word": r"x\.csv, column (value|year), row \d: 'n\.a\.\?', expected a number",
    "html": r"x\.csv, row 1: this is a page of HTML",
    "empty": r"x\.csv: the file is empty",
    "other_encoding": r"x\.csv, row 1: this is text in UTF-16",
    "latin": r"x\.csv, row \d: the byte 0xe9, expected text in UTF-8",
    "semicolons": r"x\.csv, row 1: columns .* are gone",
    "two_files_in_one": r"x\.csv: 11 rows below the first, expected 5",
    "merge_marks": r"x\.csv: 9 rows below the first, expected 5",
}


@pytest.mark.parametrize("way", SAID)
def test_what_is_wrong_with_a_file_is_said_with_its_place(way, tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(GOOD)
    noted = {"parts": controls.note(path)}
    path.write_bytes(damages.damages("x.csv")[way](GOOD, random.Random(1)))
    assert any(damages.re.search(SAID[way], line) for line in controls.differences(path, "x.csv", noted)), (
        controls.differences(path, "x.csv", noted)
    )


def test_value_divided_by_a_thousand_is_told_with_row_and_range(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(GOOD)
    noted = {"parts": controls.note(path)}
    path.write_bytes(GOOD.replace(b"20.5", b"0.0205"))
    assert controls.differences(path, "x.csv", noted) == ["x.csv, column value, row 3: 0.0205, expected 10.5 to 40.5"]


def test_value_that_moves_within_the_range_changes_the_total(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(GOOD)
    noted = {"parts": controls.note(path)}
    path.write_bytes(GOOD.replace(b"20.5", b"21.5"))
    assert controls.differences(path, "x.csv", noted) == ["x.csv, column value: total 103.0, expected 102.0"]


WRONG = {
    "an archive": (b"PK\x03\x04 broken", r"x\.csv, row 1: this is a workbook or another archive"),
    "a zero byte": (b"a,b\n1,\x002\n", r"x\.csv, row 2: a zero byte"),
    "a cell too few": (b"a,b\n1,2\n3\n", r"x\.csv, row 3: 1 cells, expected 2"),
    "a cell too many": (b"a,b\n1,2\n3,4,5\n", r"x\.csv: cannot be read \(.*line 3"),
    "a decimal comma in each row": (b"a,b\n1,2,5\n3,4,5\n", r"x\.csv, row 2: more cells than row 1 has headers"),
    "a quotation mark too few": (b'a,b\n1,"2\n3,4\n', r"x\.csv: cannot be read|fewer cells"),
}


@pytest.mark.parametrize("slip", WRONG)
def test_csv_file_that_is_none_is_named(slip, tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(WRONG[slip][0])
    with pytest.raises(files.LayoutError, match=WRONG[slip][1]):
        files.csv(path)


def test_workbook_that_is_none_is_named(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"<html>503</html>")
    with pytest.raises(files.LayoutError, match=r"x\.xlsx: no complete workbook .*it begins with b'<html>503"):
        files.sheet(path, "Sheet")
