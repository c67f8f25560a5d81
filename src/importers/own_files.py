"""The file in which an author brings a table: CSV or a workbook, as spreadsheets save them, read as rows of cells.

What spreadsheets do to a table is understood (semicolons, decimal commas, byte-order marks, other encodings, formats of per
cent, true minus signs), and what they destroy is told with its row and column: formulas without a result, points and commas
of which nobody can say whether they part thousands.

Not here: what the columns are (``importers.own_layout``), publishers' files (``importers.files``).
"""

import contextlib
import csv
import datetime
import io
import re
import shlex
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from importers import files
from importers.files import LayoutError

MISSING = {"", "na", "n/a", "nan", ".", "..", ":", "-", "\u2013", "m", "null", "none"}
NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?")
COMMA_NUMBER = re.compile(r"[+-]?(?:\d+(?:,\d+)?|,\d+)")
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:([.,' \u00a0\u2009\u202f])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")
# A minus sign of typographers, and the dashes that text programs make of one.
DASH = re.compile(r"^[\u2212\u2013\u2014](?=[\d.,])")
MINUS = r"[+\u2212\u2013\u2014-]?"
# What a format of cells says as it stands, such as a sign of the per cent after a number that is one already.
LITERAL = re.compile(r'"[^"]*"|\\.')


class OwnTableError(LayoutError):
    """A table that cannot be brought in as it stands; the message says where, what was found and what to do."""


def read(file: Path, place: str = "", sheet: str = "") -> list[list[Any]]:
    """Read the cells of a table, the header first, without what is empty around it.

    Parameters
    ----------
    file : pathlib.Path
    place : str
        What messages call it; its name when not given.
    sheet : str
        Of a workbook; its first visible sheet when not given.

    Returns
    -------
    list of list
        Rows of one length. Text is stripped; of a workbook numbers and dates stay what they are, but for numbers that it
        shows with a sign of the per cent: they are text, as shown.

    Raises
    ------
    OwnTableError
        If the file cannot be opened, is empty, or has an empty row, rows of other lengths or a header twice.
    """
    file = Path(file)
    place = place or file.name
    if not file.is_file():
        raise OwnTableError(f"there is no file {file}")
    if file.suffix.lower() == ".xlsx":
        shown = visible_sheets(file, place)
        sheet = sheet or _first_sheet(file, place, shown)
        rows = _workbook(file, place, sheet, shown)
        place = f"{place}, sheet {sheet}"
    elif file.suffix.lower() in {".csv", ".tsv", ".txt"}:
        rows = _text(file, place)
    else:
        raise OwnTableError(f"{place}: expected a file that ends in .csv, .tsv, .txt or .xlsx; save the table as one")
    rows = [[_stripped(entry) for entry in row] for row in rows]
    while rows and not any(map(_is_given, rows[-1])):
        rows.pop()
    if len(rows) < 2:
        raise OwnTableError(f"{place}: {len(rows)} rows; expected a header and at least one row of data")
    empty = next((number for number, row in enumerate(rows, start=1) if not any(map(_is_given, row))), 0)
    if empty:
        raise OwnTableError(
            f"{place}, row {empty}: the row is empty; delete it, and what stands above the header and below the table"
        )
    width = max(position for row in rows for position, entry in enumerate(row, start=1) if _is_given(entry))
    rows = [[*row[:width], *[""] * (width - len(row))] for row in rows]
    header = [" ".join(_headed(entry).split()) for entry in rows[0]]
    for position, entry in enumerate(header, start=1):
        if not entry:
            raise OwnTableError(
                f"{place}, row 1: column {position} has no header; name it, or delete the column, or what stands above the header"
            )
        if entry in header[: position - 1]:
            raise OwnTableError(f"{place}, row 1: two columns are named {entry!r}; rename one")
    return [header, *rows[1:]]


def visible_sheets(file: Path, place: str = "") -> list[str]:
    """Return the names of the sheets of a workbook that are not hidden and hold anything.

    Parameters
    ----------
    file : pathlib.Path
    place : str
        What messages call it; its name when not given.

    Raises
    ------
    OwnTableError
        If the file is no workbook, or all is hidden or empty.
    """
    place = place or file.name
    with _opened(place):
        book = files.workbook(file)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        found = [sheet.title for sheet in shown if any(any(map(_is_given, row)) for row in sheet.values)]
    if not found:
        raise OwnTableError(
            f"{place}: no sheet that is shown holds anything; 0 rows; expected a header and a row of data"
        )
    return found


def number(text: str) -> str:
    """Return a text with a plain minus sign before what is a number."""
    return DASH.sub("-", text)


def _stripped(entry: Any) -> Any:
    return entry.strip() if isinstance(entry, str) else entry


def _headed(entry: Any) -> str:
    """Return a header as text; a date, which a spreadsheet makes of a year, as its year."""
    return str(entry.year if isinstance(entry, datetime.date) else entry or "")


def _is_given(entry: Any) -> bool:
    return entry not in (None, "")


@contextlib.contextmanager
def _opened(place: str) -> Iterator[None]:
    """Tell what is wrong with a workbook as an author can mend it."""
    try:
        yield
    except OwnTableError:
        raise
    except LayoutError as error:
        words = str(error).removesuffix(f"; {files.AGAIN}")
        raise OwnTableError(f"{place} cannot be opened as a workbook ({words}); save it again as .xlsx") from error


def _workbook(file: Path, place: str, sheet: str, shown: list[str]) -> list[list[Any]]:
    """Return the rows of a sheet, refused where they are not what an author sees."""
    if sheet not in shown:
        raise OwnTableError(
            f"{place}: no sheet that is shown and holds anything is named {sheet!r}; there are {', '.join(shown)}"
        )
    with _opened(place), files.named(file):
        book = files.workbook(file)
        rows = [[_as_shown(cell) for cell in row] for row in book[sheet].iter_rows()]
        # As a whole: where rows are read one by one, nothing says which are hidden.
        whole = openpyxl.load_workbook(file, keep_links=False)[sheet]
        _refuse_hidden(whole, rows, f"{place}, sheet {sheet}")
        for number, (row, cells) in enumerate(zip(rows, whole.iter_rows(), strict=False), start=1):
            for entry, cell in zip(row, cells, strict=False):
                if entry is None and cell.value is not None:
                    raise OwnTableError(
                        f"{place}, sheet {sheet}, row {number}, cell {cell.coordinate}: a formula whose result is not in the file; open"
                        " and save it in a spreadsheet, or write the number"
                    )
    return rows


def _refuse_hidden(sheet: Any, rows: list[list[Any]], place: str) -> None:
    """Refuse rows and columns that hold something and are not shown: who does not see them may not mean to publish them."""
    given = [(row, column) for row, cells in enumerate(rows, start=1) for column, entry in enumerate(cells, start=1)
             if _is_given(entry)]  # fmt: skip
    lines = {number for number, line in sheet.row_dimensions.items() if line.hidden}
    # Neighbours that are alike are kept as one.
    ranges = [range(one.min, one.max + 1) for one in sheet.column_dimensions.values() if one.hidden]
    columns = sorted({column for _, column in given if any(column in one for one in ranges)})
    hidden = {
        "rows": [str(row) for row in sorted({row for row, _ in given} & lines)],
        "columns": [get_column_letter(column) for column in columns],
    }
    told = [
        f"hidden {kind}: {', '.join(names[:10])}" + f" and {len(names) - 10} more" * (len(names) > 10)
        for kind, names in hidden.items()
        if names
    ]
    if told:
        raise OwnTableError(
            f"{place}: {'; '.join(told)}; expected a sheet that shows all it holds, as all would be published. Show them (a"
            " filter hides rows, too: clear it), or delete them"
        )


def _first_sheet(file: Path, place: str, shown: list[str]) -> str:
    """Return the first sheet that is shown; refused where others are parts of the same table, and nobody chose one."""
    with _opened(place), files.named(file):
        book = files.workbook(file)
        heads = {name: _head(book[name].values) for name in shown}
    alike = [name for name in shown if heads[name] == heads[shown[0]]]
    if len(alike) > 1:
        raise OwnTableError(
            f"{place}: the sheets {', '.join(map(repr, alike))} have the same columns; put all rows into one sheet, with a column for"
            f" what tells the sheets apart, or choose one of them: --sheet {shlex.quote(alike[0])}"
        )
    return shown[0]


def _head(rows: Iterable[Iterable[Any]]) -> list[str]:
    """Return the texts of the first row; numbers in it may be years."""
    return [str(entry).strip() for entry in next(iter(rows), ()) if _is_given(entry)]


def _as_shown(cell: Any) -> Any:
    """Return the value of a cell; a share that is shown with a sign of the per cent as it is shown."""
    entry = cell.value
    if isinstance(entry, int | float) and not isinstance(entry, bool):
        form = LITERAL.sub("", getattr(cell, "number_format", None) or "")
        if "%" in form:
            return f"{entry * 100:.12g}%"
    return entry


def _text(file: Path, place: str) -> list[list[str]]:
    content = file.read_bytes()
    _refuse_workbook(content, file, place)
    text = _decoded(content, place).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        at = text.count("\n", 0, text.index("\0")) + 1
        raise OwnTableError(f"{place}, row {at}: a zero byte; save the table as CSV in UTF-8")
    if re.match(r"sep=.\n", text):
        raise OwnTableError(f"{place}, row 1: {text[:5]!r} is told to a spreadsheet; delete the line")
    try:
        delimiter = _delimiter(text)
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise OwnTableError(f"{place}: cannot be read as CSV ({error})") from None
    for number, row in enumerate(rows, start=1):
        if len(row) > len(rows[0]) and any(row[len(rows[0]) :]):
            raise OwnTableError(
                f"{place}, row {number}: {len(row)} cells; the header has {len(rows[0])}. Is a {delimiter!r} inside a"
                " number or a text? Put quotation marks around it. Does anything stand above the header? Delete it"
            )
    if rows:
        _settle_groups(rows, place, "." if delimiter == ";" else ",")
    return rows


def _refuse_workbook(content: bytes, file: Path, place: str) -> None:
    """Refuse a workbook that was given the name of a text: only its name was changed, and nothing was saved as CSV."""
    as_csv = f"open it in a spreadsheet and save it as CSV under the name {file.name}"
    # In the place of cells that are kept only CSV is read.
    kept = place != file.name
    renamed = "" if kept else f"rename it to {file.stem}.xlsx, or "
    saved = "" if kept else "save it as .xlsx, or "
    if content.startswith(files.ARCHIVE):
        raise OwnTableError(f"{place}: this is a workbook, expected text; {renamed}{as_csv}")
    if content.startswith(files.OLD_WORKBOOK):
        raise OwnTableError(f"{place}: this is an old Excel file (.xls), expected text; {saved}{as_csv}")


def _delimiter(text: str) -> str:
    """Return the sign between cells: that of the header, or of the widest row where a line without any stands above."""
    widths = {sign: [len(row) for row in islice(csv.reader(io.StringIO(text), delimiter=sign), 20)] for sign in ";,\t"}
    return max(widths, key=lambda sign: (widths[sign][:1], max(widths[sign], default=0)))


def _decoded(content: bytes, place: str) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise OwnTableError(f"{place}: begins like UTF-16 and is not ({error.reason}); save as UTF-8") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return content.decode("cp1252")  # what spreadsheets of Windows write in the west of Europe
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise OwnTableError(
                f"{place}, row {line}: byte 0x{content[error.start]:02x} is in no encoding that is read; save as UTF-8"
            ) from None


def _settle_groups(rows: list[list[str]], place: str, sign: str) -> None:
    """Take from numbers the points (or commas) that part thousands, as one with two of them says; refused where none says so.

    1.241 where commas are those of decimals, and 1,241 where they are not, may be twelve hundred.
    """
    point, other = re.escape(sign), {".": ",", ",": "."}[sign]
    name = {".": "point", ",": "comma"}[sign]
    like, grouped = re.compile(rf"{MINUS}\d+{point}\d+"), re.compile(rf"{MINUS}[1-9]\d{{0,2}}(?:{point}\d{{3}})+")
    for position, header in enumerate(rows[0]):
        cells = {at: row[position].strip() for at, row in enumerate(rows[1:], start=2) if position < len(row)}
        parted = {at: text for at, text in cells.items() if like.fullmatch(text) or grouped.fullmatch(text)}
        if not all(map(grouped.fullmatch, parted.values())):
            continue
        if any(text.count(sign) > 1 for text in parted.values()):
            if all(at in parted or _is_ungrouped(text, sign) for at, text in cells.items()):
                for at, text in parted.items():
                    rows[at - 1][position] = text.replace(sign, "")
        elif parted:
            at, text = next(iter(parted.items()))
            whole, decimal = text.replace(sign, ""), text.replace(sign, other)
            raise OwnTableError(
                f"{place}, row {at}, column {header}: {text!r} may be a whole number whose {name} parts thousands, or a number with"
                f" three decimals; write {whole} for the first, {decimal} for the second, in the whole column"
            )


def _is_ungrouped(text: str, sign: str) -> bool:
    """Say whether a cell is a number without a sign of thousands, or stands for none."""
    plain = number(text)
    return text.lower() in MISSING or (
        sign not in plain and bool(NUMBER.fullmatch(plain) or COMMA_NUMBER.fullmatch(plain))
    )
