"""An author's own table: brought in from what spreadsheets save, or refused with row and column; nothing else changes."""

import json
import shutil
from pathlib import Path

import openpyxl
import pytest

import crossroads
from crossroads.evidence import package
from importers import command, own
from press.desk import command as desk

ROOT = Path(__file__).parents[2]
ABOUT = [
    "--unit",
    "PERCENT",
    "--licence",
    "CC BY 4.0",
    "--publisher",
    "Library office",
    "--url",
    "https://example.org/libraries",
]
PLAIN = "country,year,share\nAUT,2023,12.5\nDEU,2023,14.1\nFRA,2023,9.9\n"
GERMAN = "Country;Year;Share\r\nAustria;2023;12,5\r\nT\u00fcrkiye;2023;14,1\r\nFrance;2023;9,9\r\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of the package, which the commands work on."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    for name in ("pyproject.toml", "_toc.yml", "_config.yml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "src").symlink_to(ROOT / "src")
    monkeypatch.chdir(tmp_path)
    own._areas.cache_clear()
    return tmp_path


def bring(project, content, *options, name="school-libraries", suffix=".csv"):
    """Call the command as an author does."""
    file = project / f"libraries{suffix}"
    if isinstance(content, list):
        book = openpyxl.Workbook()
        for row in content:
            book.active.append(row)
        book.save(file)
    else:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return desk.main(["new", "table", name, str(file), *(options or ABOUT)])


FORMS = {
    "plain": PLAIN,
    "semicolons and decimal commas": GERMAN,
    "a byte-order mark": b"\xef\xbb\xbf" + GERMAN.encode(),
    "the encoding of Windows": GERMAN.replace("T\u00fcrkiye", "C\u00f4te d'Ivoire").encode("cp1252"),
    "sixteen bits and tabs": PLAIN.replace(",", "\t").encode("utf-16"),
    "German Excel": "\ufeffLand;Datum;Anteil\r\nAustria;01.09.2023;12,5\r\nGermany;1.9.2023;14,1\r\nFrance;30/9/2023;9,9\r\n",
    "days as computers write them": PLAIN.replace("2023", "2023-09-01"),
    "empty lines and columns around": PLAIN.replace("\n", ",,\n") + ",,,,\n,,,,\n",
    "a column for each year": "country,2022,2023\nAUT,11.5,12.5\nDEU,,14.1\nFRA,9,9.9\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_what_spreadsheets_save_is_read(project, form):
    assert bring(project, FORMS[form]) == 0
    table = crossroads.load("school-libraries").query("time_period == 2023").set_index("ref_area")["obs_value"]
    assert table["AUT"] == 12.5
    assert table["FRA"] == 9.9
    assert len(table) == 3


def test_workbook_is_read_with_its_numbers(project):
    rows = [["country", "year", "sector", "share", "se", "n"], ["AUT", 2023, "public", 12.5, 0.5, 100],
            ["AUT", 2023, "private", None, None, 3]]  # fmt: skip
    assert bring(project, rows, suffix=".xlsx") == 0
    table = crossroads.load("school-libraries").set_index("sector")
    assert (table.loc["public", "std_error"], table.loc["public", "n_obs"]) == (0.5, 100)
    assert table.loc["private", "obs_status"] == "m"
    assert list(package.code_list("school-libraries-sector")) == ["public", "private"]


def test_nothing_else_of_the_package_changes_and_the_table_is_remade_alone(project):
    before = json.loads((project / "data" / "datapackage.json").read_bytes())
    assert bring(project, PLAIN) == 0
    after = json.loads((project / "data" / "datapackage.json").read_bytes())
    entries = {entry["name"]: entry for entry in after["resources"]}
    mine = entries.pop("school-libraries")
    assert list(entries.values()) == before["resources"]
    assert [spot["value"] for spot in mine["spotChecks"]] == [12.5, 9.9]
    assert mine["measures"][0]["bounds"] == [0, 100]
    path = project / "data" / "own" / "school-libraries.yaml"
    path.write_text(path.read_text("utf-8").replace("direction: neither", "direction: higher"), "utf-8")
    assert desk.main(["data", "school-libraries"]) == 0
    assert crossroads.evidence.tables.direction("school-libraries") == 1


def test_publisher_s_table_is_remade_alone_without_the_files_of_others(project, tmp_path_factory):
    """It asked for another table's file, ended in a traceback, and left the descriptor as it was."""
    empty = tmp_path_factory.mktemp("raw")
    with pytest.raises(SystemExit, match=r"Data error: pisa-reading: the publisher's file .* is not in"):
        desk.main(["data", "--raw", str(empty), "pisa-reading"])


WRONG = {
    "a thousands separator among decimal commas": (
        GERMAN.replace("14,1", "1.014,1"),
        r"row 3, column Share: '1\.014,1' has a thousands separator",
    ),
    "a point among decimal commas": (
        GERMAN.replace("14,1", "14.12"),
        r"row 3, column Share: '14\.12' has a point and other numbers of the column a comma",
    ),
    "a country in another language": (
        PLAIN.replace("DEU", "Deutschland"),
        r"row 3, column country: 'Deutschland' is no code or name of data/code-lists/areas\.csv; write the code or the English",
    ),
    "a date in place of a number": (
        PLAIN.replace("14.1", "14.Jan"),
        r"libraries\.csv, row 3, column share: '14\.Jan' is ",
    ),
    "a date of a spreadsheet": (PLAIN.replace("14.1", "2014-01-01"), r"row 3, column share: '2014-01-01' is a date"),
    "a thousands separator": (PLAIN.replace("14.1", '"1,400.5"'), r"row 3, column share: '1,400\.5' has a thousands"),
    "a word in place of a number": (PLAIN.replace("14.1", "about 14"), r"row 3, column share: 'about 14' is no number"),
    "an unknown country": (PLAIN.replace("DEU", "Germny"), r"row 3, column country: 'Germny' is no code .* mean DEU\?"),
    "a year that is none": (PLAIN.replace("DEU,2023", "DEU,23"), r"row 3, column year: '23' is no year"),
    "no column of years": ("country,share\nAUT,12\n", r"row 1: no column of years"),
    "no column of areas": ("school,year,share\nA,2023,12\n", r"row 1: no column of areas"),
    "a cell too many": (PLAIN.replace("14.1", "14,1"), r"row 3: 4 cells; the header has 3"),
    "a header that stands twice": ("country,year,share,share\nAUT,2023,1,2\n", r"row 1: two columns are named 'share'"),
    "a header too few": ("country,,share\nAUT,2023,1\n", r"row 1: column 2 has no header"),
    "a row that stands twice": (
        PLAIN + "AUT,2023,12.6\n",
        r"libraries\.csv, row 5: AUT, 2023, share is given in row 2 already; keep one",
    ),
    "more than a hundred per cent": (PLAIN.replace("14.1", "141"), r"school-libraries.*141"),
    "nothing": ("", r"0 rows; expected a header"),
    "a workbook that is none": (b"PK\x03\x04 broken", r"cannot be opened as a workbook"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_destroyed_is_told_and_nothing_is_written(project, case):
    content, words = WRONG[case]
    before = {path: path.read_bytes() for path in sorted((project / "data").rglob("*.json"))}
    with pytest.raises(SystemExit, match=words):
        bring(project, content, suffix=".xlsx" if case.startswith("a workbook") else ".csv")
    assert not list((project / "data" / "own").glob("*")) if (project / "data" / "own").exists() else True
    assert {path: path.read_bytes() for path in sorted((project / "data").rglob("*.json"))} == before


def test_what_the_file_does_not_tell_is_asked_for_at_once(project):
    with pytest.raises(SystemExit, match=r"say also --licence \(one of CC BY 4\.0.*--publisher .*--url"):
        bring(project, PLAIN, "--unit", "PERCENT")
    with pytest.raises(SystemExit, match="a table named 'pisa-reading' is there already"):
        bring(project, PLAIN, *ABOUT, name="pisa-reading")
    assert command.TEMPLATES


EDITS = {
    "an area that is none": ("DEU", "DEX", r"data/own/school-libraries\.csv, row 3, column ref_area: 'DEX' is no code"),
    "a value out of bounds": (
        "14.1",
        "141",
        r"data/own/school-libraries\.csv, row 3, column obs_value: '141', expected a value between 0",
    ),
    "an observation twice": (
        "DEU",
        "AUT",
        r"data/own/school-libraries\.csv, row 3: AUT, 2023, .* is given in row 2 already",
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_edit_is_refused_with_the_row_of_the_file_that_was_edited(project, edit):
    """The row told was that of the table made from it, which is sorted otherwise."""
    before, after, words = EDITS[edit]
    assert bring(project, PLAIN) == 0
    path = project / "data" / "own" / "school-libraries.csv"
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
    with pytest.raises(SystemExit, match=words):
        desk.main(["data", "school-libraries"])


@pytest.mark.parametrize(
    ("suffix", "before", "after"), [("csv", "14.1", "15.1"), ("yaml", "direction: neither", "direction: higher")]
)
def test_edit_that_the_table_was_not_remade_with_is_noticed(project, suffix, before, after):
    """The table went on with the numbers of before, and nobody was told."""
    assert bring(project, PLAIN) == 0
    path = project / "data" / "own" / f"school-libraries.{suffix}"
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
    with pytest.raises(
        package.DataError, match=rf"school-libraries\.{suffix} was edited .*run `crossroads data school-libraries`"
    ):
        crossroads.load("school-libraries")
    assert desk.main(["data", "school-libraries"]) == 0
    assert len(crossroads.load("school-libraries")) == 3


def test_tab_in_the_yaml_is_told_with_its_line(project):
    assert bring(project, PLAIN) == 0
    path = project / "data" / "own" / "school-libraries.yaml"
    path.write_text(path.read_text("utf-8").replace("    unit:", "\tunit:"), "utf-8")
    with pytest.raises(SystemExit, match=r"school-libraries\.yaml: line \d+: .*indent with blanks"):
        desk.main(["data", "school-libraries"])


def test_table_whose_files_were_deleted_is_taken_out_with_all_that_was_made_of_it(project):
    before = {path: path.read_bytes() for path in (project / "data").rglob("*") if path.is_file()}
    rows = "country,year,sector,share\nAUT,2023,public,12.5\nAUT,2023,private,9\n"
    assert bring(project, rows) == 0
    assert (project / "data" / "code-lists" / "school-libraries-sector.csv").is_file()
    shutil.rmtree(project / "data" / "own")
    assert desk.main(["data", "school-libraries"]) == 0
    assert {path: path.read_bytes() for path in (project / "data").rglob("*") if path.is_file()} == before
    with pytest.raises(SystemExit, match="no table is named 'school-libraries'"):
        desk.main(["data", "school-libraries"])
