"""Workbooks: the tables behind exhibits, after the guidance of the United Kingdom's statisticians on accessible spreadsheets.

A cover, contents with links and notes come first. Each exhibit has a sheet as people read it, with the words and the rounding
of the page; where its form allows a native chart beside the numbers that it is drawn from; and a sheet as programs read it,
which is its CSV file. One table a sheet, marked as one; no merged cells, no colour that tells; text never becomes a formula,
whatever it begins with. Same content, same bytes.

Not here: what an exhibit says (its publisher), and native charts (``press.takeaway.plots``).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import xlsxwriter

from press.page import reading
from press.takeaway import plots
from press.takeaway.look import CREATED, NAVY
from press.takeaway.sheets import Sheet

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from press.takeaway.content import Exhibit

LONGEST_NAME, LONGEST_HEAD = 31, 250  # of a sheet, and of a column of a table
NARROWEST, WIDEST = 12, 60  # of a column, in characters
LINE = 15  # points
LONG = 40  # rows: above it the header of a table for programs stays in sight
FONT_SIZE = 11
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
PRINTED = re.compile(r"(?P<sign>[+\u2212-]?)(?P<whole>\d[\d\u202f\u00a0,]*)(?:\.(?P<places>\d+))?(?P<percent>%?)")
# What a programme must not do to text, and must not refuse.
OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}  # fmt: skip


def plain(about: Mapping[str, str], columns: Mapping[str, Sequence]) -> bytes:
    """Write a workbook of one table: a cover that says what it is, and the table as programs read it.

    Parameters
    ----------
    about : dict of str to str
        Lines of the cover by label; ``Title`` becomes the title of the file too.
    columns : dict of str to sequence
        The cells of each column by its header; None for an empty cell. Numbers stay numbers.

    Returns
    -------
    bytes
        The content of an ``.xlsx`` file.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        made = _Book(book, about["Title"])
        made.lines("About", about["Title"], about)
        made.data("Data", columns)
    return buffer.getvalue()


def of_exhibit(exhibit: Exhibit) -> bytes:
    """Write the workbook of one exhibit.

    Parameters
    ----------
    exhibit : press.takeaway.content.Exhibit

    Returns
    -------
    bytes
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        made = _Book(book, exhibit.metadata["title"])
        made.lines("About", _title(exhibit), _about(exhibit))
        made.exhibit(exhibit, names=("Table", "Chart", "Data"), back="")
    return buffer.getvalue()


def of_many(title: str, exhibits: Sequence[Exhibit], cover: Mapping[str, str]) -> bytes:
    """Write the workbook of many exhibits, such as all of a chapter.

    Parameters
    ----------
    title : str
    exhibits : sequence of press.takeaway.content.Exhibit
        In their order.
    cover : dict of str to str
        Lines of the cover by label.

    Returns
    -------
    bytes
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        made = _Book(book, title)
        made.lines("Cover", title, cover)
        contents, notes = made.sheet("Contents"), made.sheet("Notes")
        listed, told = [], []
        for exhibit in exhibits:
            base = _base(exhibit)
            names = made.exhibit(exhibit, names=(base, f"{base} chart", f"{base} data"), back="Contents")
            listed += [(name, exhibit.metadata["title"], what) for name, what in names]
            metadata = exhibit.metadata
            told.append(
                (
                    names[0][0],
                    metadata["note"],
                    metadata["limits"],
                    f"{exhibit.source}.",
                    exhibit.licence,
                    exhibit.notice,
                )
            )
        made.heading(contents, "Contents", [f"{len(listed)} sheets; each name leads to its sheet."])
        made.table(contents, 3, ["Sheet", "Title", "What is on it"], listed, links=True)
        made.heading(notes, "Notes", [
            "What one has to know to read each exhibit, what it does not show, and where it comes from.",
            "A letter in place of a number says why there is none; the book says what each letter means.",
        ])  # fmt: skip
        made.table(
            notes, 4, ["Sheet", "Note", "What it does not show", "Source", "Licence", "Notice"], told, links=True
        )
    return buffer.getvalue()


class _Book:
    """A workbook with its formats, whose sheets and tables have names of their own."""

    def __init__(self, book: Workbook, title: str) -> None:
        self.book = book
        book.set_properties({"title": title, "created": CREATED})
        self.bold, self.wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        self.large = book.add_format({"bold": True, "font_size": 15, "font_color": NAVY})
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.link = book.add_format({"font_color": "#0000EE", "underline": 1, "valign": "top"})
        self.formats: dict[str, Any] = {}
        self.tables = 0

    def sheet(self, wanted: str) -> Sheet:
        """Add a sheet of a name that none has yet."""
        known = {sheet.get_name().casefold() for sheet in self.book.worksheets()}
        name, number = wanted[:LONGEST_NAME], 2
        while name.casefold() in known:
            ending = f" {number}"
            name, number = wanted[: LONGEST_NAME - len(ending)] + ending, number + 1
        return self.book.add_worksheet(name, Sheet)

    def heading(self, sheet: Worksheet, title: str, lines: Iterable[str]) -> int:
        """Write a title and lines beneath it; returns the row after them."""
        sheet.write_string(0, 0, title, self.large)
        lines = [line for line in lines if line]
        for row, line in enumerate(lines, start=1):
            sheet.write_string(row, 0, line)
        return len(lines) + 1

    def lines(self, name: str, title: str, lines: Mapping[str, str]) -> None:
        """Add a cover: labelled lines."""
        sheet = self.sheet(name)
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 110, self.wrap)
        sheet.write_string(0, 0, title, self.large)
        row = 1
        for label, text in lines.items():
            if text and label != "Title":
                sheet.write_string(row, 0, label, self.bold)
                sheet.write_string(row, 1, text)
                self._high(sheet, row, [(text, 110)])
                row += 1

    def data(self, name: str, columns: Mapping[str, Sequence]) -> str:
        """Add a table as programs read it, its headers in the first row; returns the name of its sheet."""
        sheet = self.sheet(name)
        rows = max(map(len, columns.values()), default=0)
        if rows > LONG:
            sheet.freeze_panes(1, 0)
        for column, longest in enumerate(sheet.fill(columns, self.bold)):
            sheet.set_column(column, column, min(max(longest + 1, NARROWEST), WIDEST))
        self._mark(sheet, 0, list(columns), rows, self.bold)
        return sheet.get_name()

    def table(
        self,
        sheet: Worksheet,
        top: int,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        numeric: Sequence[bool] = (),
        links: bool = False,
    ) -> None:
        """Write a table as people read it; with links the first cells lead to the sheets that they name."""
        widths = []
        for column, head in enumerate(heads):
            cells = [row[column] for row in rows]
            longest = max(map(len, [*cells, *head.split()]), default=0)
            widths.append(min(max(longest + 2, NARROWEST), WIDEST))
            sheet.set_column(column, column, widths[-1])
            for place, cell in enumerate(cells, start=top + 1):
                found = printed(cell) if numeric and numeric[column] else None
                if links and column == 0:
                    sheet.write_url(place, 0, f"internal:'{cell}'!A1", self.link, string=cell)
                elif found:
                    sheet.write_number(place, column, found[0], self._format(found[1]))
                else:
                    sheet.write_string(place, column, cell, self.wrap)
        for place, row in enumerate([heads, *rows], start=top):
            self._high(sheet, place, list(zip(row, widths, strict=True)))
        self._mark(sheet, top, heads, len(rows), self.head)

    @staticmethod
    def _high(sheet: Worksheet, row: int, cells: Sequence[tuple[str, float]]) -> None:
        """Make a row as high as its longest cell needs; not every program does so by itself."""
        lines = max(-(-len(text) // max(1, int(width) - 2)) for text, width in cells)
        if lines > 1:
            sheet.set_row(row, LINE * lines)

    def exhibit(self, exhibit: Exhibit, names: tuple[str, str, str], back: str) -> list[tuple[str, str]]:
        """Add the sheets of an exhibit; returns their names and what is on them."""
        metadata, plot, made = exhibit.metadata, plots.read(exhibit.metadata), []
        people, sheet = reading.read(metadata, most=None), self.sheet(names[0])
        top = self.heading(sheet, _title(exhibit), [
            metadata["subtitle"], f"Note: {metadata['note']}" if metadata["note"] else "",
            f"What it does not show: {metadata['limits']}" if metadata["limits"] else "", f"Source: {exhibit.source}.",
        ])  # fmt: skip
        top = self._back(sheet, top, back)
        heads = [column["label"] for column in people.columns]
        self.table(sheet, top + 1, heads, people.rows, [column["numeric"] for column in people.columns])
        made.append((sheet.get_name(), "The table as people read it"))
        if plot is not None:
            sheet = self.sheet(names[1])
            top = self.heading(sheet, f"{_title(exhibit)}: chart", [metadata["alt"]])
            top = self._back(sheet, top, back) + 1
            written = plots.write(sheet, plot, top, self.head)
            chart = plots.chart(self.book, plot, written, FONT_SIZE)
            chart.set_size({"width": 1080, "height": 560})
            place = {"description": metadata["alt"], "object_position": 2}
            sheet.insert_chart(top, len(written.heads) + 1, chart, place)
            sheet.set_column(0, 0, 24)
            sheet.set_column(1, len(written.heads) - 1, 16)
            self._high(sheet, top, [(head, 16) for head in written.heads])
            self._mark(sheet, top, written.heads, written.rows, self.head)
            made.append((sheet.get_name(), "The chart, and the numbers that it is drawn from"))
        made.append((self.data(names[2], columns(metadata)), "The data as programs read them"))
        return made

    def _back(self, sheet: Worksheet, row: int, back: str) -> int:
        if back:
            sheet.write_url(row, 0, f"internal:'{back}'!A1", self.link, string=f"Back to: {back}")
            row += 1
        return row

    def _format(self, form: str) -> Any:
        if form not in self.formats:
            self.formats[form] = self.book.add_format({"num_format": form, "valign": "top"})
        return self.formats[form]

    def _mark(self, sheet: Worksheet, top: int, heads: Sequence[str], rows: int, look: Any) -> None:
        """Mark a table as one, by which readers of screens know its headers; none of its headers may occur twice."""
        unique: list[str] = []
        for head in heads:
            name, number = head[:LONGEST_HEAD] or "Column", 2
            while name.casefold() in {one.casefold() for one in unique}:
                name, number = f"{head} ({number})", number + 1
            unique.append(name)
        self.tables += 1
        sheet.add_table(top, 0, top + max(rows, 1), len(heads) - 1, {
            "name": f"Table{self.tables}", "autofilter": False, "style": "Table Style Light 1", "banded_rows": False,
            "columns": [{"header": name, "header_format": look} for name in unique],
        })  # fmt: skip


def columns(metadata: Mapping[str, Any]) -> dict[str, list[str | float | None]]:
    """Return the data of an exhibit by column, with numbers as numbers and None where a cell is empty.

    Parameters
    ----------
    metadata : dict
        As published, with its ``folder``.

    Returns
    -------
    dict of str to list
    """
    with (metadata["folder"] / f"{metadata['id']}.csv").open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    found: dict[str, list[str | float | None]] = {}
    for place, name in enumerate(header):
        cells = [row[place] for row in rows]
        known = [cell for cell in cells if cell]
        # A code such as 007 is no number.
        numeric = bool(known) and all(NUMBER.fullmatch(cell) and not re.match(r"-?0\d", cell) for cell in known)
        found[name] = [None if not cell else float(cell) if numeric else cell for cell in cells]
    return found


def printed(cell: str) -> tuple[float, str] | None:
    """Return the number that a cell prints and the format that prints it so; nothing for a cell that prints none.

    Parameters
    ----------
    cell : str
        Such as ``"\u221212\u202f346.5"`` or ``"+3%"``.

    Returns
    -------
    tuple of (float, str) or None
    """
    found = PRINTED.fullmatch(cell.strip())
    if not found:
        return None
    whole, places, percent = re.sub(r"\D", "", found["whole"]), found["places"] or "", found["percent"]
    number = float(f"{whole}.{places or 0}") * (-1 if found["sign"] in "\u2212-" and found["sign"] else 1)
    form = ("#,##0" if len(whole) > 3 else "0") + (f".{'0' * len(places)}" if places else "") + percent
    if percent:
        number = float(f"{number / 100:.12g}")
    return number, f"+{form};-{form};{form}" if found["sign"] == "+" else form


def _base(exhibit: Exhibit) -> str:
    """Return how the names of the sheets of an exhibit begin: with room for what is on them."""
    return (exhibit.part if exhibit.numbered else exhibit.metadata["id"])[: LONGEST_NAME - len(" chart") - 2]


def _title(exhibit: Exhibit) -> str:
    return f"{exhibit.part}. {exhibit.metadata['title']}" if exhibit.numbered else exhibit.metadata["title"]


def _about(exhibit: Exhibit) -> dict[str, str]:
    """Say what an exhibit is, as labelled lines for the cover sheet."""
    metadata = exhibit.metadata
    return {
        "Measure": metadata["subtitle"],
        "What it shows": metadata["alt"],
        "Note": metadata["note"],
        "Limits": metadata["limits"],
        "Source": exhibit.source,
        "Licence": exhibit.licence,
        "Notice": exhibit.notice,
        "Cite as": exhibit.cited,
        "Exhibit": metadata["id"],
        "Address": exhibit.address,
    }
