"""Sheets that are written by columns must be those that the library writes by cells, to the last byte."""

import io

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from press.takeaway import workbooks
from press.takeaway.sheets import Sheet

CELLS = st.one_of(
    st.none(),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_characters="\ufffe\uffff"), max_size=12),
    st.sampled_from(["=1+1", "@x", " two  blanks ", "a\nb", "<i>&amp;", "_x0041_", "\x07", "007", "http://a.org"]),
)


@st.composite
def tables(draw):
    heads = draw(
        st.lists(st.text("abcXYZ _&<", min_size=1, max_size=8), min_size=1, max_size=4, unique_by=str.casefold)
    )
    rows = draw(st.integers(0, 40))
    gaps = st.lists(CELLS, min_size=rows, max_size=rows) | st.just([None] * rows)
    return {head: draw(gaps) for head in heads}


def written(sheet_class, columns):
    """Write one table with all that a sheet may have around its cells."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, workbooks.OPTIONS) as book:
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        words = book.add_worksheet("Words", sheet_class)
        words.set_column(1, 1, 30, wrap)
        words.set_row(1, 30)
        words.set_row(2, 30, bold)
        for row in range(4):
            words.write_string(row, 0, f"row {row}", bold if row == 3 else None)
            words.write_number(row, 1, row / 3)
            words.write_blank(row, 2, None, wrap)
        sheet = book.add_worksheet("Data", sheet_class)
        if sheet_class is Sheet:
            sheet.fill(columns, bold)
        else:
            for column, (head, entries) in enumerate(columns.items()):
                sheet.write_string(0, column, head, bold)
                for row, entry in enumerate(entries, start=1):
                    if isinstance(entry, str):
                        sheet.write_string(row, column, entry)
                    elif entry is not None:
                        sheet.write_number(row, column, entry)
        marked = {"name": "Table1", "columns": [{"header": head, "header_format": bold} for head in columns]}
        rows = len(next(iter(columns.values())))
        sheet.add_table(0, 0, max(rows, 1), len(columns) - 1, marked | {"autofilter": False})
        book.set_properties({"created": workbooks.CREATED})
    return buffer.getvalue()


@given(tables())
def test_sheet_has_the_bytes_of_the_library(columns):
    assert written(Sheet, columns) == written(xlsxwriter.worksheet.Worksheet, columns)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"level": [1.0, float("nan")]}, "column 'level', row 3: nan is no number"),
        ({"level": [float("inf")]}, "column 'level', row 2: inf is no number"),
        # The library cuts it without a word.
        ({"note": ["x" * 32_768]}, "column 'note' has 1 cells, of up to 32,768 signs"),
    ],
)
def test_what_a_cell_cannot_hold_is_refused(columns, words):
    with pytest.raises(ValueError, match=words):
        workbooks.plain({"Title": "Tides"}, columns)


def test_rows_that_a_sheet_has_no_room_for_are_refused(monkeypatch):
    # The library leaves them out without a word.
    monkeypatch.setattr(Sheet, "ROWS", 3)
    with pytest.raises(ValueError, match="column 'level' has 3 cells, of up to 10 signs; a sheet has room for 2"):
        workbooks.plain({"Title": "Tides"}, {"level": [1, 2, 3]})


def test_a_second_table_on_a_sheet_is_refused():
    with xlsxwriter.Workbook(io.BytesIO()) as book:
        sheet = book.add_worksheet("Data", Sheet)
        sheet.add_table(0, 0, 2, 0, {})
        with pytest.raises(ValueError, match="Data: no table can be marked in row 6"):
            sheet.add_table(5, 0, 7, 0, {})
