"""Workbooks must read alike for people, for readers of screens and for programs, and never compute what is text."""

import csv
import io
import zipfile

import openpyxl
import pytest
from taken_away import dots, exhibit

from press.takeaway import workbooks

LONG = "a-name-that-is-longer-than-any-sheet-can-have"


def load(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def cells(sheet):
    return [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]


@pytest.fixture
def many(tmp_path):
    """Exhibits of all kinds, two with names that begin alike and are too long."""
    rows = [["=1+1", "+3%"], ["@x", "\u22122\u202f346.5"]]
    columns = {
        "area": {"label": "=Light", "numeric": False, "role": "label"},
        "obs_value": {"label": "Level", "numeric": True, "role": "value"},
    }
    data = [["area", "obs_value"], ["=1+1", "3"], ["@x", "-2346.5"]]
    return [
        exhibit(
            tmp_path, "tides-level", "Figure 1.1", **dots(["Ness", "Wick"], [1.25, -2.5], [1.0, -3.0], [1.75, -1.0])
        ),
        exhibit(
            tmp_path,
            "lights",
            "Table 1.1",
            data,
            kind="table",
            title="-Lights",
            note="+Read",
            columns=columns,
            rows=rows,
        ),
        exhibit(tmp_path, f"{LONG}-one", "Table", data, kind="table", columns=columns, rows=rows),
        exhibit(tmp_path, f"{LONG}-two", "Table", data, kind="table", columns=columns, rows=rows),
    ]


@pytest.fixture
def book(many):
    return load(workbooks.of_many("Chapter 1", many, {"Book": "=Lights", "How to read": "Look."}))


def test_cover_contents_and_notes_come_first_and_name_every_sheet(book):
    assert book.sheetnames[:6] == ["Cover", "Contents", "Notes", "Figure 1.1", "Figure 1.1 chart", "Figure 1.1 data"]
    listed = [row[0].value for row in book["Contents"].iter_rows(min_row=5) if row[0].value]
    assert listed == book.sheetnames[3:]
    targets = {cell.hyperlink.location for cell in cells(book["Contents"]) if cell.hyperlink}
    assert targets == {f"'{name}'!A1" for name in listed}


def test_names_of_sheets_are_unique_and_short_enough(book):
    names = [name.casefold() for name in book.sheetnames]
    assert len(set(names)) == len(names) == 3 + 3 + 2 * 3
    assert max(map(len, names)) <= workbooks.LONGEST_NAME


def test_nothing_becomes_a_formula(book, many):
    """Who opens a file must not run what somebody has written into a table."""
    found = [cell for sheet in book for cell in cells(sheet) if cell.data_type == "f"]
    assert found == []
    assert book["Table 1.1 data"]["A2"].value == "=1+1"
    single = load(workbooks.of_exhibit(many[1]))
    assert [cell for sheet in single for cell in cells(sheet) if cell.data_type == "f"] == []


def test_every_table_is_marked_and_no_cell_is_merged(book):
    tables = [table for sheet in book for table in sheet.tables.values()]
    assert len({table.name for table in tables}) == len(tables) == len(book.sheetnames) - 1  # the cover has none
    assert [sheet.title for sheet in book if sheet.merged_cells.ranges] == []
    assert {sheet["A1"].data_type for sheet in book} == {"s"}


def test_programs_get_what_the_csv_holds(book, many):
    for name, one in (("Figure 1.1 data", many[0]), ("Table 1.1 data", many[1])):
        with (one.metadata["folder"] / f"{one.metadata['id']}.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        got = [[cell.value for cell in row] for row in book[name].iter_rows()]
        assert got[0] == header
        assert [[str(a), float(b)] for a, b in got[1:]] == [[a, float(b)] for a, b in rows]


def test_people_get_numbers_with_the_rounding_of_the_page(book):
    sheet = book["Table 1.1"]
    found = {cell.value: cell.number_format for cell in cells(sheet) if cell.data_type == "n"}
    assert found == {0.03: "+0%;-0%;0%", -2346.5: "#,##0.0"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("\u221212\u202f346.5", -12346.5),
        ("+0.30", 0.3),
        ("7", 7),
        ("12%", 0.12),
        ("m", None),
        ("1 to 2", None),
        ("", None),
    ],
)
def test_printed_numbers_are_read_and_all_else_stays_text(text, number):
    found = workbooks.printed(text)
    assert (found and found[0]) == number


def test_codes_with_leading_zeros_stay_text(tmp_path):
    one = exhibit(tmp_path, data=[["code", "n"], ["007", "1"], ["010", ""]])
    assert workbooks.columns(one.metadata) == {"code": ["007", "010"], "n": [1.0, None]}


def test_a_chart_that_a_spreadsheet_can_draw_is_drawn_with_its_words(many):
    content = workbooks.of_many("Chapter 1", many, {})
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        charts = [name for name in package.namelist() if name.startswith("xl/charts/")]
        drawing = package.read("xl/drawings/drawing1.xml").decode()
    assert charts == ["xl/charts/chart1.xml"]
    assert 'descr="Dots of levels."' in drawing


def test_the_same_exhibits_give_the_same_bytes(many):
    assert workbooks.of_many("A", many, {"B": "C"}) == workbooks.of_many("A", many, {"B": "C"})
    assert workbooks.of_exhibit(many[0]) == workbooks.of_exhibit(many[0])
