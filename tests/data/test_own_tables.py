"""An author's own table: brought in from what spreadsheets save, or refused with row and column; nothing else changes."""

import datetime
import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

import crossroads
from crossroads.evidence import package
from importers import command, own_cells
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
    own_cells._areas.cache_clear()
    return tmp_path


def change(path, before, after):
    """Edit a file as an author does."""
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


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
    "headers of another language": "\ufeffStaat;Stichtag;Anteil\r\nAustria;31.12.2023;12,5\r\nGermany;31.12.2023;14,1\r\nFrance;31.12.2023;9,9\r\n",
    "days as computers write them": PLAIN.replace("2023", "2023-09-01"),
    "empty lines and columns around": PLAIN.replace("\n", ",,\n") + ",,,,\n,,,,\n",
    "a column for each year": "country,2022,2023\nAUT,11.5,12.5\nDEU,,14.1\nFRA,9,9.9\n",
    "years as R writes them": "country,X2022,X2023\nAUT,11.5,12.5\nDEU,,14.1\nFRA,9,9.9\n",
    "years as the World Bank writes them": "Country Name,2022 [YR2022],2023 [YR2023]\nAUT,11.5,12.5\nDEU,..,14.1\nFRA,9,9.9\n",
    "signs of the per cent": GERMAN.replace("12,5", "12,5%").replace("14,1", "14,1 %").replace("9,9", "9,9%"),
    "numbers that begin with a point, and empty ones": "country,year,share\nAUT,2023,12.5\nDEU,2023,.5\nFRA,2023,9.9\n",
    "codes of two letters": "geo,year,share\nAT,2023,12.5\nEL,2023,14.1\nFR,2023,9.9\n",
    "codes and names": "iso3,Country,year,share\nAUT,Austria,2023,12.5\nDEU,Germany,2023,14.1\nFRA,France,2023,9.9\n",
    "names in another language beside codes": "Land,iso3,year,share\n\u00d6sterreich,AUT,2023,12.5\nDeutschland,DEU,2023,14.1\nFrankreich,FRA,2023,9.9\n",
    "a line end within a header": '"country\nname",year,share\nAUT,2023,12.5\nDEU,2023,14.1\nFRA,2023,9.9\n',
}


@pytest.mark.parametrize("form", FORMS)
def test_what_spreadsheets_save_is_read(project, form):
    assert bring(project, FORMS[form]) == 0
    table = crossroads.load("school-libraries").query("time_period == 2023").set_index("ref_area")["obs_value"]
    assert table["AUT"] == 12.5
    assert table["FRA"] == 9.9
    assert len(table) == 3


def test_minus_signs_of_typographers_are_read(project):
    rows = "country,year,change\nAUT,2023,\u22125.1\nDEU,2023,\u20132\nFRA,2023,-3\n"
    assert bring(project, rows, *["NUMBER" if word == "PERCENT" else word for word in ABOUT]) == 0
    assert sorted(crossroads.load("school-libraries")["obs_value"]) == [-5.1, -3, -2]


@pytest.mark.parametrize(
    "rows",
    [
        "Country;Year;Pupils\nAustria;2023;1.234.567\nGermany;2023;2.345\nFrance;2023;..\nEstonia;2023;905\n",
        'country,year,pupils\nAUT,2023,"1,234,567"\nDEU,2023,"2,345"\nFRA,2023,\nEST,2023,905\n',
    ],
    ids=["points", "commas"],
)
def test_thousands_are_read_where_one_number_says_what_parts_them(project, rows):
    """2.345 below 1.234.567 was said to be one of two numbers."""
    assert bring(project, rows, *["NUMBER" if word == "PERCENT" else word for word in ABOUT]) == 0
    table = crossroads.load("school-libraries").set_index("ref_area")["obs_value"].dropna()
    assert table.to_dict() == {"AUT": 1234567, "DEU": 2345, "EST": 905}


@pytest.mark.parametrize("address", ["me.example", "www.example.org/a", "doi:10.1787/1", "https://a b"])
def test_address_that_nobody_can_follow_is_refused(project, address):
    """It stood in the source line of the table."""
    words = rf"{re.escape(repr(address))}, expected an address that begins with https:// or http://"
    with pytest.raises(SystemExit, match=f"--url: {words}"):
        bring(project, PLAIN, *ABOUT, "--url", address)
    assert bring(project, PLAIN) == 0
    change(project / "data" / "own" / "school-libraries.yaml", "url: https://example.org/libraries", f"url: {address}")
    with pytest.raises(SystemExit, match=rf"data/own/school-libraries\.yaml:9: source\.url: {words}"):
        desk.main(["data", "school-libraries"])


def test_what_a_table_was_taken_to_hold_is_said(project, capsys):
    """A second column was published in the unit of the first, and nobody had said so."""
    assert bring(project, "country,year,sector,share,rooms,se\nAUT,2023,public,12.5,1,2\nDEU,2023,public,9,2,2\n") == 0
    said = capsys.readouterr().out
    assert (
        "Read: 4 cells; areas: 2; years: 2023. Measured: share (PERCENT), rooms (PERCENT). All in one unit; where a measure has"
        " another, say so in the YAML. Categories: sector: public." in said
    )
    assert "Beside each: standard error." in said


@pytest.mark.parametrize("counter", ["rank", "No.", "ID", "post code"])
def test_column_that_numbers_rows_is_no_measure(project, counter):
    """Ranks and post codes were published as shares in per cent."""
    with pytest.raises(SystemExit, match=rf"row 1: the column '{re.escape(counter)}' numbers rows or names them"):
        bring(project, f"{counter},country,year,share\n1,AUT,2023,12.5\n2,DEU,2023,9\n")


@pytest.mark.parametrize("part", ["quarter", "Month"])
def test_parts_of_a_year_are_no_measure_and_may_be_told_apart_in_words(project, capsys, part):
    """The numbers of quarters were taken for a second measure, and the rows refused as occurring twice."""
    with pytest.raises(SystemExit, match=f"row 1: the column '{part}' numbers parts of the year"):
        bring(project, f"{part},country,year,share\n1,AUT,2023,12.5\n2,AUT,2023,9\n")
    assert bring(project, f"{part},country,year,share\n{part} 1,AUT,2023,12.5\n{part} 2,AUT,2023,9\n") == 0
    assert f"Categories: {part}: {part} 1, {part} 2" in capsys.readouterr().out


def test_shares_of_one_are_told_and_refused_where_per_cent_stood(project, capsys):
    """A newer file in fractions made all values a hundredth of what they were, without a word."""
    assert bring(project, "country,year,share\nAUT,2023,51.2\nDEU,2023,45.5\n") == 0
    cells = project / "data" / "own" / "school-libraries.csv"
    cells.write_text("country,year,share\nAUT,2023,0.512\nDEU,2023,0.455\n", "utf-8")
    with pytest.raises(SystemExit, match=r"all values of .* lie between 0 and 1, and the unit is PERCENT; multiply"):
        desk.main(["data", "school-libraries"])
    cells.write_text("country,year,share\nAUT,2023,51.2\nDEU,2023,45.5\n", "utf-8")
    capsys.readouterr()
    (project / "fractions.csv").write_text("country,year,share,part\nAUT,2023,12,0.512\nDEU,2023,9,0.455\n", "utf-8")
    assert desk.main(["new", "table", "school-rooms", "fractions.csv", *ABOUT]) == 0
    assert "All between 0 and 1 per cent: part; of shares of one multiply by a hundred" in capsys.readouterr().out


def test_table_whose_only_numbers_seem_to_count_observations_is_told_so(project):
    with pytest.raises(
        SystemExit, match="'n' was taken for the number of observations, and no other column holds numbers"
    ):
        bring(project, "country,year,n\nAUT,2023,51\nDEU,2023,4\n")


def test_cells_without_their_yaml_are_told(project):
    """A table whose YAML was deleted was said to have no name that anybody knows."""
    assert bring(project, "country,year,share\nAUT,2023,51.2\nDEU,2023,45.5\n") == 0
    (project / "data" / "own" / "school-libraries.yaml").unlink()
    with pytest.raises(SystemExit, match=r"data/own/school-libraries\.yaml is missing, which says what"):
        desk.main(["data", "school-libraries"])


def test_kind_of_place_is_no_name_of_the_area(project, capsys):
    """A column called region that says town or village tells rows apart; one that names the country again is left out, and said to be."""
    rows = "country,Land,region,year,share\nAUT,\u00d6sterreich,town,2023,1\nDEU,Deutschland,town,2023,2\nAUT,\u00d6sterreich,village,2023,3\n"
    assert bring(project, rows) == 0
    said = capsys.readouterr().out
    assert "Categories: region: town, village. Left out, as it names the areas again: Land." in said
    assert set(crossroads.load("school-libraries")["region"]) == {"town", "village"}


def workbook(path, sheets, hidden=(), formats=()):
    """Write a workbook of several sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for cell, form in formats:
            sheet[cell].number_format = form
    book.save(path)
    return path


ROWS = [["country", "year", "share"], ["AUT", 2023, 12.5], ["DEU", 2023, 14.1]]
SHARES = [["country", "year", "share"], ["AUT", 2023, 0.125], ["DEU", 2023, 0.141]]
FORMATS = [("C2", "0.0%"), ("C3", "0%")]


def test_share_of_a_workbook_is_read_as_it_is_shown(project):
    """0.451, which the sheet shows as 45.1%, was published as 0.451 per cent."""
    file = workbook(project / "a.xlsx", {"Sheet": SHARES}, formats=FORMATS)
    assert desk.main(["new", "table", "school-libraries", str(file), *ABOUT]) == 0
    assert crossroads.load("school-libraries").set_index("ref_area")["obs_value"].to_dict() == {
        "AUT": 12.5,
        "DEU": 14.1,
    }


def test_share_of_a_workbook_is_refused_under_another_unit(project):
    file = workbook(project / "a.xlsx", {"Sheet": SHARES}, formats=FORMATS)
    about = ["NUMBER" if word == "PERCENT" else word for word in ABOUT]
    with pytest.raises(SystemExit, match=r"row 2, column share: '12\.5%' has a per cent sign, and the unit is NUMBER"):
        desk.main(["new", "table", "school-libraries", str(file), *about])


def test_sign_that_only_stands_behind_a_number_is_none_of_its_format(project):
    file = workbook(project / "a.xlsx", {"Sheet": ROWS}, formats=[("C2", '0.0"%"'), ("C3", r"0.0\%")])
    assert desk.main(["new", "table", "school-libraries", str(file), *ABOUT]) == 0
    assert crossroads.load("school-libraries")["obs_value"].tolist() == [12.5, 14.1]


def test_years_that_a_spreadsheet_made_dates_are_years(project):
    rows = [["country", datetime.datetime(2022, 1, 1), datetime.datetime(2023, 1, 1)], ["AUT", 11.5, 12.5]]
    assert bring(project, rows, suffix=".xlsx") == 0
    assert crossroads.load("school-libraries")["time_period"].tolist() == [2022, 2023]


def test_unit_that_is_not_listed_is_told_with_where_they_are_listed(project):
    about = ["EUR" if word == "PERCENT" else word for word in ABOUT]
    with pytest.raises(
        SystemExit, match=r"--unit 'EUR' is unknown; .* A new one is a line of UNITS in src/importers/codes\.py"
    ):
        bring(project, PLAIN, *about)


def test_sheets_that_were_not_read_are_named_and_hidden_ones_are_none(project, capsys):
    file = workbook(
        project / "a.xlsx", {"old": [["gone"]], "Data": ROWS, "Notes": [["n"]], "Empty": []}, hidden=["old"]
    )
    assert desk.main(["new", "table", "school-libraries", str(file), *ABOUT]) == 0
    assert "Not read: the sheets 'Notes' (--sheet)." in capsys.readouterr().out


SHEETS = {
    "sheets of the same columns": ({"2022": ROWS, "2023": ROWS}, [], r"the sheets '2022', '2023' have the same columns; put all rows .*, or choose one of them: --sheet 2022$"),
    "notes first": ({"Read me": [["About"]], "Data": ROWS}, [], r"a\.xlsx, sheet Read me: 1 rows; expected a header"),
    "no such sheet": ({"Data": ROWS}, ["--sheet", "Dta"], r"no sheet that is shown .* is named 'Dta'; there are Data"),
    "a formula without a result": (
        {"Data": [*ROWS, ["FRA", 2023, "=1+1"]]}, [], r"a\.xlsx, sheet Data, row 4, cell C4: a formula whose result is not in the file",
    ),
    "all hidden or empty": ({"Data": []}, [], r"no sheet that is shown holds anything"),
}  # fmt: skip


@pytest.mark.parametrize("case", SHEETS)
def test_workbook_that_may_mean_another_table_is_refused(project, case):
    sheets, options, words = SHEETS[case]
    file = workbook(project / "a.xlsx", sheets)
    with pytest.raises(SystemExit, match=words):
        desk.main(["new", "table", "school-libraries", str(file), *ABOUT, *options])


def test_sheet_is_chosen(project):
    file = workbook(project / "a.xlsx", {"Read me": [["About"]], "Data": ROWS})
    assert desk.main(["new", "table", "school-libraries", str(file), *ABOUT, "--sheet", "Data"]) == 0
    assert len(crossroads.load("school-libraries")) == 2


HIDDEN = {
    "a row": ([3], [], r"a\.xlsx, sheet Data: hidden rows: 3; expected .* Show them \(a filter hides rows, too: clear it\), or"),
    "columns": ([], ["C", "D"], r"a\.xlsx, sheet Data: hidden columns: C, D; expected .*, or delete them$"),
    "rows and a column": ([2, 3], ["D"], r"hidden rows: 2, 3; hidden columns: D; expected"),
}  # fmt: skip


def hide(path, rows, columns):
    """Hide rows and columns of a workbook, those that hold nothing included."""
    book = openpyxl.load_workbook(path)
    for row in rows:
        book.active.row_dimensions[row].hidden = True
    if columns:
        book.active.column_dimensions.group(columns[0], columns[-1], hidden=True)
    book.save(path)


@pytest.mark.parametrize("case", HIDDEN)
def test_what_a_sheet_does_not_show_is_refused(project, case):
    """Rows that a filter had taken out of sight were published."""
    rows, columns, words = HIDDEN[case]
    file = workbook(project / "a.xlsx", {"Data": [[*row, note] for row, note in zip(ROWS, "abc", strict=True)]})
    hide(file, rows, columns)
    with pytest.raises(SystemExit, match=words):
        desk.main(["new", "table", "school-libraries", str(file), *ABOUT])


def test_hidden_rows_and_columns_that_hold_nothing_are_no_matter(project):
    """Whoever hides all that is beside a table hides sixteen thousand columns."""
    file = workbook(project / "a.xlsx", {"Data": ROWS})
    hide(file, [9], ["D", "XFD"])
    assert desk.main(["new", "table", "school-libraries", str(file), *ABOUT]) == 0


@pytest.mark.parametrize("own", [False, True])
def test_workbook_with_the_name_of_a_text_is_told_to_be_one(project, own):
    """A byte of it was said to be in no encoding."""
    content = workbook(project / "a.xlsx", {"Data": ROWS}).read_bytes()
    words = r"libraries\.csv: this is a workbook, expected text; rename it to libraries\.xlsx, or open it in a spreadsheet and save"
    if own:
        assert bring(project, PLAIN) == 0
        (project / "data" / "own" / "school-libraries.csv").write_bytes(content)
        words = r"data/own/school-libraries\.csv: this is a workbook, expected text; open it in a spreadsheet and save it as CSV under"
    with pytest.raises(SystemExit, match=words):
        desk.main(["data", "school-libraries"]) if own else bring(project, content)


def test_number_with_a_mark_is_told_in_a_table_that_is_made_again(project):
    """No column was said to hold numbers, and the author had to find out which cell was meant."""
    assert bring(project, PLAIN) == 0
    path = project / "data" / "own" / "school-libraries.csv"
    path.write_text("country;year;share\nAUT;2023;12,3*\n", "utf-8")
    with pytest.raises(SystemExit, match=r"data/own/school-libraries\.csv, row 2, column share: '12,3\*' is no number"):
        desk.main(["data", "school-libraries"])


def test_sheet_that_is_named_is_read_though_another_has_its_columns(project, capsys):
    """Who had said which sheet is meant was told to put all rows into one; the cells are kept, so a remake asks no more."""
    file = workbook(project / "a.xlsx", {"2022": ROWS, "2023": [*ROWS, ["FRA", 2023, 9.9]]})
    assert desk.main(["new", "table", "school-libraries", str(file), *ABOUT, "--sheet", "2023"]) == 0
    assert "Not read: the sheets '2022' (--sheet)." in capsys.readouterr().out
    assert desk.main(["data", "school-libraries"]) == 0
    assert crossroads.load("school-libraries")["ref_area"].tolist() == ["AUT", "DEU", "FRA"]


def test_workbook_laid_beside_the_cells_is_told(project):
    """It was ignored, and the checks passed."""
    bring(project, PLAIN)
    workbook(project / "data" / "own" / "school-libraries.xlsx", {"Data": ROWS})
    with pytest.raises(
        SystemExit, match=r"data/own/school-libraries\.xlsx is not read; save it as CSV in the place of"
    ):
        desk.main(["data", "school-libraries"])


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
    change(path, "direction: neither", "direction: higher")
    assert desk.main(["data", "school-libraries"]) == 0
    assert crossroads.evidence.tables.direction("school-libraries") == 1


def test_column_of_another_measure_is_no_newer_file(project):
    """Shares of schools with a kitchen took the place of those with a library."""
    bring(project, PLAIN.replace("share", "Schools with a library"))
    path = project / "data" / "own" / "school-libraries.csv"
    path.write_text(PLAIN.replace("share", "Schools with a kitchen"), "utf-8")
    with pytest.raises(
        SystemExit, match=r"row 1: the column 'Schools with a kitchen' is not what .* 'Schools with a library'; is it"
    ):
        desk.main(["data", "school-libraries"])
    path.write_text(PLAIN.replace("share", "Schools with a library"), "utf-8")
    assert desk.main(["data", "school-libraries"]) == 0


def test_table_that_lost_rows_is_told_with_what_is_gone(project):
    """A newer file without a country took its place without a word."""
    bring(project, PLAIN)
    path = project / "data" / "own" / "school-libraries.csv"
    change(path, "DEU,2023,share,14.1\n", "")
    with pytest.raises(
        SystemExit, match=r"(?s)cover less than before, .*--smaller.*school-libraries: 2 areas, before 3"
    ):
        desk.main(["data", "school-libraries"])
    assert "DEU" in (project / "data" / "indicators" / "school-libraries.csv").read_text("utf-8")
    assert desk.main(["data", "school-libraries", "--smaller"]) == 0
    assert len(crossroads.load("school-libraries")) == 2


def test_publisher_s_table_is_remade_alone_without_the_files_of_others(project, tmp_path_factory):
    """It asked for another table's file, ended in a traceback, and left the descriptor as it was."""
    empty = tmp_path_factory.mktemp("raw")
    with pytest.raises(SystemExit, match=r"Data error: pisa-reading: the publisher's file .* is not in"):
        desk.main(["data", "--raw", str(empty), "pisa-reading"])


WRONG = {
    "a day that no calendar has": (
        PLAIN.replace("DEU,2023", "DEU,31.02.2023"),
        r"row 3, column year: '31\.02\.2023' is a day that no calendar has",
    ),
    "two words of one code": (
        "country,year,sex,share\nAUT,2023,Women,12.5\nDEU,2023,women,14.1\n",
        r"libraries\.csv, row 3, column sex: 'women' and 'Women' would have the same code 'women'",
    ),
    "points that may part thousands": (
        "Country;Date;Schools\nAustria;01.02.2023;1.241\nEstonia;01.02.2023;905\n",
        r"libraries\.csv, row 2, column Schools: '1\.241' may be a whole number whose point parts thousands, or a number with three decimals; write 1241 for the first, 1,241 for",
    ),
    "signs of the per cent beside some": (
        GERMAN.replace("14,1", "14,1 %"),
        r"row 3, column Share: '14,1 %'; some numbers of the column have a per cent sign, and some have none",
    ),
    "commas that may part thousands": (
        'country,year,share\nAUT,2023,"1,234"\nDEU,2023,945\n',
        r"libraries\.csv, row 2, column share: '1,234' may be a whole number whose comma parts thousands, or .* three decimals; write 1234 for the first, 1\.234 for",
    ),
    "numbers beside columns of years": (
        "country,2022,2022 SE,2023\nAUT,1,.1,2\n",
        r"row 1: beside columns of years, '2022 SE' holds numbers, and nothing says of which year; put one year in a row",
    ),
    "two columns of one year": (
        "country,2023,X2023\nAUT,1,2\n",
        r"row 1: the columns '2023' and 'X2023' are of one year",
    ),
    "school years as headers": (
        "country,2019/20,2020/21\nAUT,1,2\n",
        r"row 1: no column of years .*; of a school year such as '2019/20' name the year in which it ends",
    ),
    "a code and a name of two countries": (
        "code,country,year,share\nFIN,Finland,2023,1\nFIN,Estonia,2024,2\n",
        r"libraries\.csv, row 3: code says 'FIN' and country 'Estonia', which are two areas; mend one, or name the column",
    ),
    "remarks": (
        "country,year,share,comment\nAUT,2023,1,\nDEU,2023,2,Break in series\n",
        r"row 2, column comment: the cell is empty, and no two rows differ in this column alone; if it holds remarks",
    ),
    "a number and a flag": (
        PLAIN.replace("14.1", "14.1 b"),
        r"row 3, column share: '14\.1 b' is a number and a flag; put flags into a column of their own, named flag: 14\.1 and b",
    ),
    "a standard error below zero": (
        "country,year,share,se\nAUT,2023,1,-3\n",
        r"libraries\.csv, row 2, column se: '-3', expected a standard error of zero or more",
    ),
    "a region of another edition": (
        PLAIN.replace("DEU", "FR24"),
        r"row 3, column country: 'FR24' is no code .*; codes of another edition of NUTS, or of smaller regions, are not in the list$",
    ),
    "lines above the header": (
        "Source: World Bank\nUpdated: 2026\ncountry,year,share\nAUT,2023,1\n",
        r"row 3: 3 cells; the header has 1\. .* Does anything stand above the header\? Delete it",
    ),
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
    "two letters of no country": (PLAIN.replace("DEU", "XX"), r"row 3, column country: 'XX' is no code or name of"),
    "brackets for a minus": (
        PLAIN.replace("14.1", "(14.1)"),
        r"row 3, column share: '\(14\.1\)' is a minus in accounts; write -14\.1",
    ),
    "the TSV of Eurostat": (
        "freq,geo\\TIME_PERIOD\t2022\t2023\nA,AT\t1\t2\n",
        r"no column of areas .*; this is Eurostat's TSV: fetch its SDMX-CSV",
    ),
    "a line for Excel": (
        "sep=;\ncountry;year;share\nAUT;2023;1\n",
        r"row 1: 'sep=;' is told to a spreadsheet; delete the line",
    ),
    "an unknown country": (
        PLAIN.replace("DEU", "Germny"),
        r"row 3, column country: 'Germny' is no code .* mean DEU \(Germany\)\?",
    ),
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
    "more than a hundred per cent": (
        PLAIN.replace("14.1", "141"),
        r": libraries\.csv, row 3, value of share: '141', expected one between 0 and 100; mend it, or choose another unit than PERCENT",
    ),
    "a flag that is none": (
        PLAIN.replace("share", "share,flag").replace("12.5", "12.5,").replace("14.1", "14.1,*").replace("9.9", "9.9,e"),
        r"libraries\.csv, row 3, column flag: '\*', expected letters of data/code-lists/obs-status\.csv",
    ),
    "nothing": ("", r"0 rows; expected a header"),
    "a word in a column of one number": (
        "country;year;share\nDEU;2019;12,5\nAUT;2019;abc\n",
        r"libraries\.csv, row 3, column share: 'abc' is no number; leave the cell empty",
    ),
    "no number at all": (
        "country,year,share\nDEU,2019,high\n",
        r"no column holds numbers .*The columns are country, year, share",
    ),
    "two quarters of a year": (
        "country;date;share\nDEU;31.03.2019;12,5\nDEU;30.06.2019;13\n",
        r"row 3: DEU, 2019, share is given in row 2 already.*; of '30\.06\.2019' the year 2019 was taken, keep one date a year",
    ),
    "an empty row": (PLAIN.replace("DEU", "\nDEU"), r"libraries\.csv, row 3: the row is empty; delete it"),
    "an empty row and a source": (
        PLAIN + "\nSource: office\n",
        r"row 5: the row is empty; delete it, and what stands above the header and below",
    ),
    "a source": (
        PLAIN + "Source: office,,\n",
        r"row 5, column country: 'Source: office' .*delete the row if it is a source",
    ),
    "columns that would have one name": (
        "country,year,share (%),share\nAUT,2023,1,2\n",
        r"row 1: the column 'share' would be called 'share' like another; rename it",
    ),
    "a measure in letters without a code": (
        "country,year,\u03c0\u03bf\u03c3\nAUT,2023,1\n",
        r"row 1: the column '.*' has no letter from a to z; rename it",
    ),
    "numbers of students that are not whole": (
        "country,year,share,n\nAUT,2023,1,2.5\n",
        r"libraries\.csv, row 2, column n: '2\.5', expected a whole number",
    ),
    "a number with a mark where no column holds others": (
        "country;year;sector;share\nAUT;2023;public;12,3*\n",
        r"libraries\.csv, row 2, column share: '12,3\*' is no number; leave the cell empty",
    ),
    "points of thousands beside one of a decimal": (
        "country;year;share\nAUT;2023;1.234.567\nDEU;2023;2.5\n",
        r"row 2, column share: '1\.234\.567' has a thousands separator; write the number without",
    ),
    "a true minus before a point that may part thousands": (
        "country;year;share\nAUT;2023;\u22122.345\n",
        r"row 2, column share: '\u22122\.345' may be a whole number",
    ),
    "ages and no number": (
        "country,year,age\nAUT,2023,15 to 24\n",
        r"no column holds numbers .*The columns are country, year, age",
    ),
    "an old Excel file with the name of a text": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        r"libraries\.csv: this is an old Excel file \(\.xls\), expected text; save it as \.xlsx, or open it in a spreadsheet",
    ),
    "marks in a header": (
        PLAIN.replace("share", "*share*"),
        r"libraries\.csv, row 1: '\*share\*' holds '\*share\*', which pages would print as it stands; write plain text",
    ),
    "marks in a category": (
        "country,year,sector,share\nAUT,2023,public,1\nAUT,2023,<b>all,2\n",
        r"libraries\.csv, row 3, column sector: '<b>all' holds '<b>', which pages would print",
    ),
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


@pytest.mark.parametrize("words", [["--help"], ["school-libraries", "--help"]])
def test_help_lists_what_a_table_is_told(project, capsys, words):
    with pytest.raises(SystemExit, match="0"):
        desk.main(["new", "table", *words])
    said = " ".join(capsys.readouterr().out.split())
    assert "--licence LICENCE one of CC BY 4.0" in said
    assert "--definition DEFINITION what the numbers are" in said


@pytest.mark.parametrize("words", [["--help"], ["case", "-h"]])
def test_help_of_other_kinds_is_that_of_new(project, capsys, words):
    with pytest.raises(SystemExit, match="0"):
        desk.main(["new", *words])
    assert "name of the file without its suffix" in " ".join(capsys.readouterr().out.split())


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
        r"data/own/school-libraries\.csv, row 3, value of share: '141', expected one between 0 and 100; mend it, or the bounds in data/own",
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
    change(path, before, after)
    with pytest.raises(SystemExit, match=words):
        desk.main(["data", "school-libraries"])


@pytest.mark.parametrize(
    ("suffix", "before", "after"), [("csv", "14.1", "15.1"), ("yaml", "direction: neither", "direction: higher")]
)
def test_edit_that_the_table_was_not_remade_with_is_noticed(project, suffix, before, after):
    """The table went on with the numbers of before, and nobody was told."""
    assert bring(project, PLAIN) == 0
    path = project / "data" / "own" / f"school-libraries.{suffix}"
    change(path, before, after)
    with pytest.raises(
        package.DataError, match=rf"school-libraries\.{suffix} was edited .*run `crossroads data school-libraries`"
    ):
        crossroads.load("school-libraries")
    assert desk.main(["data", "school-libraries"]) == 0
    assert len(crossroads.load("school-libraries")) == 3


MARKS = ["A & B <c>", "*provisional*", "_draft_", "`code`"]


@pytest.mark.parametrize("text", MARKS)
@pytest.mark.parametrize("option", ["--publisher", "--label", "--definition", "--dataset"])
def test_mark_in_what_is_said_of_a_table_is_refused_with_the_option(project, option, text):
    """It was taken, and the next build failed in a notebook that the author had never seen."""
    with pytest.raises(SystemExit, match=rf"{option}: {re.escape(repr(text))} holds .*; write plain text"):
        bring(project, PLAIN, *ABOUT, option, text)
    assert not (project / "data" / "own" / "school-libraries.yaml").exists()


def test_plain_ampersand_is_no_mark(project):
    assert bring(project, PLAIN, *ABOUT, "--publisher", "Books & Co") == 0
    assert desk.main(["data", "school-libraries"]) == 0


SECTORS = "country,year,sector,share\nAUT,2023,public,12.5\nAUT,2023,private,9.9\n"
STORED = "ref_area,time_period,sector,measure,obs_value\nAUT,2023,public,share,12.5\nAUT,2023,private,share,9.9\n"
SAVED = {
    "as it was stored": STORED,
    "by a German spreadsheet": "\ufeff" + STORED.replace(",", ";").replace(".", ",").replace("\n", "\r\n"),
    "with days in the place of years": STORED.replace("2023", "31.12.2023"),
    "in the encoding of Windows, with names": STORED.replace("AUT", "Austria").encode("cp1252"),
    "a new file as the first one was": SECTORS,
    "a column for each year": "country;sector;2023\nAUT;public;12,5\nAUT;private;9,9\n",
}


@pytest.mark.parametrize("form", SAVED)
def test_table_is_read_again_whatever_a_spreadsheet_saved(project, form):
    """What the first import took from Excel was refused when it was saved back, with the advice to ask a publisher."""
    assert bring(project, SECTORS) == 0
    path, content = project / "data" / "own" / "school-libraries.csv", SAVED[form]
    assert path.read_text("utf-8") == STORED
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert desk.main(["data", "school-libraries"]) == 0
    table = crossroads.load("school-libraries").set_index(["ref_area", "time_period", "measure", "sector"])["obs_value"]
    assert table.to_dict() == {("AUT", 2023, "share", "private"): 9.9, ("AUT", 2023, "share", "public"): 12.5}


BROKEN = {
    "a column deleted": (
        "ref_area,time_period,measure,obs_value\nAUT,2023,share,12.5\n",
        r"data/own/school-libraries\.csv, row 1: no column 'sector', which data/own/school-libraries\.yaml describes; name a"
        r" column so, .*The columns are ref_area, time_period, measure, obs_value",
    ),
    "areas renamed": (
        STORED.replace("ref_area", "where").replace("AUT,2023,public", "Wien,2023,public"),
        r"own/school-libraries\.csv, row 1: no column of areas \(ref_area\).* where,",
    ),
    "years renamed": (
        STORED.replace("time_period", "when").replace("2023,public", "soon,public"),
        r"own/school-libraries\.csv, row 1: no column of years \(time_period\).* when,",
    ),
    "values renamed": (
        STORED.replace("obs_value", "shown"),
        r"own/school-libraries\.csv, row 1: column 'shown' holds numbers; .*have to stand in obs_value; rename",
    ),
    "a column of words too many": (
        STORED.replace("\n", ",note\n"),
        r"own/school-libraries\.csv, row 1: data/own/school-libraries\.yaml describes no column 'note'; delete it",
    ),
    "a code that nobody described": (
        STORED.replace("private", "privat"),
        r"own/school-libraries\.csv, row 3, column sector: 'privat', expected one of public, private; mend it, or describe",
    ),
    "a measure that nobody described": (
        STORED.replace("private,share", "private,shares"),
        r"own/school-libraries\.csv, row 3, column measure: 'shares', expected one of share; mend it, or describe",
    ),
    "a thousands separator": (
        STORED.replace("9.9", '"1,400.5"'),
        r"own/school-libraries\.csv, row 3, column obs_value: '1,400\.5' has a thousands separator",
    ),
    "nothing": ("", r"own/school-libraries\.csv: 0 rows"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_table_that_was_broken_is_told_with_its_file_and_what_to_do(project, case):
    content, words = BROKEN[case]
    assert bring(project, SECTORS) == 0
    (project / "data" / "own" / "school-libraries.csv").write_text(content, "utf-8")
    with pytest.raises(SystemExit, match=words) as told:
        desk.main(["data", "school-libraries"])
    assert "publisher" not in str(told.value)


def test_measures_are_those_that_a_column_names(project):
    rows = "country,year,measure,value\nAUT,2023,Boys,12.5\nAUT,2023,Girls (all),9.9\n"
    assert bring(project, rows) == 0
    assert crossroads.load("school-libraries").set_index("measure")["obs_value"].to_dict() == {
        "boys": 12.5,
        "girls_all": 9.9,
    }
    path = project / "data" / "own" / "school-libraries.csv"
    path.write_text("country,year,value\nAUT,2023,12.5\n", "utf-8")
    words = r"own/school-libraries\.csv, row 1: no column 'measure', and 'value' is none of the measures .* \(boys, girls_all\)"
    with pytest.raises(SystemExit, match=words):
        desk.main(["data", "school-libraries"])


WORDS = {
    "direction": (
        "direction: neither",
        "direction: sideways",
        r"share, direction: 'sideways', expected one of higher, lower, neither",
    ),
    "unit": ("unit: PERCENT", "unit: percents", r"share, unit: 'percents', expected one of PERCENT, "),
    "licence": ("licence: CC BY 4.0", "licence: CC", r"source, licence: 'CC', expected one of CC BY 4\.0, "),
    "a field that is none": (
        "direction:",
        "directions:",
        r"share: no field 'direction'; expected .*found label, unit, directions",
    ),
    "a field too many": (
        "label: School libraries\ndef",
        "colour: red\nlabel: School libraries\ndef",
        r"no field is named 'colour'; expected label",
    ),
    "a label that is a number": ("label: share", "label: 12", r"share, label: 12, expected a text"),
    "bounds the wrong way round": (
        "- 0.0\n    - 100.0",
        "- 100.0\n    - 0.0",
        r"share, bounds: \[100\.0, 0\.0\], expected the smallest",
    ),
    "bounds in words": ("- 100.0", "- many", r"share, bounds: \[0\.0, 'many'\], expected the smallest"),
    "a mark in the label": (
        "label: School libraries\nd",
        "label: '*School* libraries'\nd",
        r"4: label: '\*School\* libraries' holds '\*School\*', which pages would print as it stands; write plain text",
    ),
    "a mark in the publisher": (
        "publisher: Library office",
        "publisher: A & B <c> *x*",
        r"7: source\.publisher: 'A & B <c> \*x\*' holds '<c>', which pages",
    ),
    "a mark in the label of a code": (
        "private: private",
        "private: _private_",
        r"\d+: dimensions\.sector\.codes\.private: '_private_' holds '_private_', which pages",
    ),
    "dimensions as a list": ("dimensions:\n", "dimensions: []\nother:\n", r"no field is named 'other'"),
    "codes as a text": (
        "codes:\n      public: public\n      private: private",
        "codes: public",
        r"sector, codes: 'public', expected entries",
    ),
}


@pytest.mark.parametrize("case", WORDS)
def test_yaml_is_refused_with_field_value_and_what_is_expected(project, case):
    """A direction that is none was accepted, and stopped whoever asked for it."""
    before, after, words = WORDS[case]
    assert bring(project, SECTORS) == 0
    path = project / "data" / "own" / "school-libraries.yaml"
    assert path.read_text("utf-8").count(before) == 1
    change(path, before, after)
    with pytest.raises(SystemExit, match=rf"data/own/school-libraries\.yaml(, \w+)*:( |(?=\d)){words}|yaml, .*{words}"):
        desk.main(["data", "school-libraries"])


def test_correction_beyond_the_first_values_is_accepted_where_the_unit_has_no_bounds(project):
    """The smallest and largest value of the first file were the bounds of all that came later."""
    assert bring(project, PLAIN, *["NUMBER" if word == "PERCENT" else word for word in ABOUT]) == 0
    assert package.indicator("school-libraries")["measures"][0]["bounds"] == [-141, 141]
    path = project / "data" / "own" / "school-libraries.csv"
    change(path, "14.1", "19.5")
    assert desk.main(["data", "school-libraries"]) == 0
    change(path, "19.5", "1950")
    with pytest.raises(
        SystemExit,
        match=r"'1950', expected one between -141 and 141; mend it, or the bounds in data/own",
    ):
        desk.main(["data", "school-libraries"])


EDIT = r"made from data/own/school-libraries\.csv: edit that file if a value is to change, and run `crossroads data school-libraries`"


@pytest.mark.parametrize(("before", "after"), [("14.1", "15.1"), ("14.1", "many"), ("DEU", "DEX"), ("\n", "\r\n")])
def test_edit_of_what_is_made_from_the_author_s_file_is_sent_to_that_file(project, before, after):
    """It could be accepted, and the next remake put the old number back without a word."""
    assert bring(project, PLAIN) == 0
    path = project / "data" / "indicators" / "school-libraries.csv"
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8", newline="")
    with pytest.raises(package.DataError, match=EDIT) as told:
        crossroads.load("school-libraries")
    assert "accept" not in str(told.value)
    assert "RAW" not in str(told.value)
    with pytest.raises(SystemExit, match=rf"an edit here would be gone with the next remake; .*{EDIT}"):
        desk.main(["accept", "school-libraries"])
    assert desk.main(["data", "school-libraries"]) == 0
    assert len(crossroads.load("school-libraries")) == 3


@pytest.mark.parametrize("lost", ["indicators/school-libraries.csv", "datapackage.json"])
def test_what_is_made_from_the_author_s_file_is_made_again_when_it_is_lost(project, lost):
    """Who restored the descriptor of before was told to move the table away and to bring it in anew."""
    path = project / "data" / lost
    before = path.read_bytes() if path.is_file() else b""
    assert bring(project, PLAIN) == 0
    path.write_bytes(before) if before else path.unlink()
    with pytest.raises(package.DataError, match=EDIT):
        crossroads.load("school-libraries")
    assert desk.main(["data", "school-libraries"]) == 0
    assert len(crossroads.load("school-libraries")) == 3


@pytest.mark.parametrize("suffix", ["csv", "yaml"])
def test_author_s_file_that_is_gone_is_named(project, suffix):
    assert bring(project, PLAIN) == 0
    (project / "data" / "own" / f"school-libraries.{suffix}").unlink()
    with pytest.raises(
        package.DataError, match=rf"data/own/school-libraries\.{suffix}: the file is missing.*bring it back"
    ):
        crossroads.load("school-libraries")


def test_letters_with_marks_keep_their_letters(project):
    assert bring(project, "country,year,Anteil M\u00e4nner,Gr\u00f6\u00dfe\nAUT,2023,12.5,3\n") == 0
    assert set(crossroads.load("school-libraries")["measure"]) == {"anteil_manner", "grosse"}


def test_file_that_comes_again_is_told_where_to_put_it(project):
    assert bring(project, PLAIN) == 0
    words = (
        r"put the new file in the place of data/own/school-libraries\.csv and run `crossroads data school-libraries`"
    )
    with pytest.raises(SystemExit, match=words):
        bring(project, PLAIN)


def test_tab_in_the_yaml_is_told_with_its_line(project):
    assert bring(project, PLAIN) == 0
    path = project / "data" / "own" / "school-libraries.yaml"
    change(path, "    unit:", "\tunit:")
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
