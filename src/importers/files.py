"""Publishers' files opened: the one door through which the families read, so that a damaged file is told as what it is.

Whatever a library says of a file that it cannot read becomes one kind of error here, with the name of the file, the sheet or
row, what was expected and what to do. A file that says it is small and unpacks to gigabytes is not unpacked.

Not here: what files hold (``layouts`` and the families), whether they are those of the edition at hand (``controls``).
"""

import csv as lines_of
import errno
import io
import json as notation
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pyarrow as pa

AGAIN = "fetch the file again from its publisher"
# The largest workbook at hand unpacks to a tenth of it.
MOST_UNPACKED = 400_000_000
ARCHIVE, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
BEGINNINGS = {
    ARCHIVE: "a workbook or another archive",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
    OLD_WORKBOOK: "a workbook of Excel before 2007",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
}

# The sheets that were read, by workbook: those that matter, for whoever notes what a workbook holds.
sheets_read: dict[Path, set[str]] = {}


class LayoutError(ValueError):
    """A publisher's file that is not laid out as the reader expects."""


def csv(path: Path, columns: Sequence[str] = (), **options: Any) -> pd.DataFrame:
    """Read a CSV file as text.

    Parameters
    ----------
    path : pathlib.Path
    columns : sequence of str
        Columns that there must be, in this order and no others, if any are named.
    **options
        Passed to :func:`pandas.read_csv`.

    Returns
    -------
    pandas.DataFrame
        Cells as text, empty where nothing stands.

    Raises
    ------
    LayoutError
        If the file is empty, no text in UTF-8 or another kind of file, or a row has more or fewer cells than the header.
    """
    path = Path(path)
    content = text(path)
    options = {"dtype": str, "keep_default_na": False} | options
    with named(path):
        frame = pd.read_csv(io.StringIO(content), **options)
    if not isinstance(frame.index, pd.RangeIndex):
        raise LayoutError(f"{path.name}, row 2: more cells than row 1 has headers; a decimal comma does this; {AGAIN}")
    if "skiprows" not in options:
        _require_cells(path, content, str(options.get("sep", ",")))
    if columns and list(frame) != list(columns):
        raise LayoutError(f"{path.name}, row 1: columns {list(frame)}, expected {list(columns)}; {AGAIN}")
    return frame


def _require_cells(path: Path, content: str, separator: str) -> None:
    """Refuse a row with fewer cells than there are headers: pandas fills it up without a word."""
    cells = lines_of.reader(io.StringIO(content, newline=""), delimiter=separator)
    with named(path):
        width = len(next(cells))
        for row in cells:
            if row and len(row) < width:
                raise LayoutError(
                    f"{path.name}, row {cells.line_num}: {len(row)} cells, expected {width} as in row 1; the row is cut, or cells"
                    f" are missing; {AGAIN}"
                )


def rows(path: Path) -> list[list[str]]:
    """Read a CSV file row by row, for those that have lines of another kind before the header.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    list of list of str

    Raises
    ------
    LayoutError
        If the file is empty, no text in UTF-8 or another kind of file.
    """
    with named(path):
        return list(lines_of.reader(io.StringIO(text(path), newline="")))


def numbers(cells: pd.Series, path: Path) -> pd.Series:
    """Return the cells of a column as numbers; what is empty stays missing.

    Parameters
    ----------
    cells : pandas.Series of str
        With the name of the column; the index counts the rows below the header.
    path : pathlib.Path
        For the message.

    Returns
    -------
    pandas.Series of float

    Raises
    ------
    LayoutError
        If a cell is no finite number, with its row.
    """
    given = cells.notna() & (cells != "")
    plain = cells.where(given, None)
    values = pd.to_numeric(plain, errors="coerce").astype("float64")
    wrong = given & ~(values.abs() < float("inf"))
    if wrong.any():
        first = wrong.idxmax()
        raise LayoutError(
            f"{path.name}, row {int(first) + 2}, column {cells.name}: {cells[first]!r}, expected a number; {AGAIN}"
        )
    return values


def years(cells: pd.Series, path: Path) -> pd.Series:
    """Return the cells of a column as years.

    Parameters
    ----------
    cells : pandas.Series of str
        As for :func:`numbers`.
    path : pathlib.Path
        For the message.

    Returns
    -------
    pandas.Series of int

    Raises
    ------
    LayoutError
        If a cell is no year of four digits, with its row.
    """
    wrong = ~cells.astype(str).str.fullmatch(r"[12]\d{3}", flags=re.ASCII)
    if wrong.any():
        first = wrong.idxmax()
        raise LayoutError(
            f"{path.name}, row {int(first) + 2}, column {cells.name}: {cells[first]!r}, expected a year; {AGAIN}"
        )
    return cells.astype(int)


def json(path: Path) -> Any:
    """Read a JSON file.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    object

    Raises
    ------
    LayoutError
        If it is none; with line and column.
    """

    def refuse(constant: str) -> None:
        raise LayoutError(f"{path.name}: {constant} is no number of JSON; {AGAIN}")

    content = text(path)
    with named(path):
        return notation.loads(content, parse_constant=refuse)


def xml(path: Path) -> ElementTree.Element:
    """Read an XML file.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    xml.etree.ElementTree.Element
        Its root.

    Raises
    ------
    LayoutError
        If it is none, or declares entities, of which a few lines can make gigabytes.
    """
    content = _bytes(path)
    if b"<!ENTITY" in content or b"<!DOCTYPE" in content:
        raise LayoutError(
            f"{path.name}: it declares a document type, as pages of HTML do; expected data alone; {AGAIN}"
        )
    with named(path):
        return ElementTree.fromstring(content)


def parquet(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a Parquet file.

    Parameters
    ----------
    path : pathlib.Path
    columns : sequence of str, optional
        All when not given.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    LayoutError
        If it is none, or lacks a column.
    """
    with named(path):
        frame = pd.read_parquet(path, columns=None if columns is None else list(columns))
    missing = [column for column in columns or () if column not in frame]
    if missing:
        raise LayoutError(f"{path.name}: no column {missing[0]!r}; {AGAIN}")
    return frame


def workbook(path: Path) -> openpyxl.Workbook:
    """Open a workbook to read values from it.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    openpyxl.Workbook

    Raises
    ------
    LayoutError
        If it is none, or would unpack to more than :data:`MOST_UNPACKED` bytes.
    """
    path = Path(path)
    return _workbook(path, path.stat().st_mtime_ns, path.stat().st_size)


@lru_cache(maxsize=4)
def _workbook(path: Path, modified: int, size: int) -> openpyxl.Workbook:
    with named(path):
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise LayoutError(f"{path.name}: unpacks to {unpacked} bytes, expected at most {MOST_UNPACKED}; {AGAIN}")
        return openpyxl.load_workbook(path, read_only=True, data_only=True)


def sheet(path: Path, name: str) -> list[tuple]:
    """Return the cells of a worksheet.

    Parameters
    ----------
    path : pathlib.Path
        Workbook.
    name : str
        Name of a visible worksheet.

    Returns
    -------
    list of tuple
        Rows from the first, as values; index 0 is row 1 of the sheet.

    Raises
    ------
    LayoutError
        If there is no such sheet, it is hidden, or it cannot be read.
    """
    path = Path(path)
    book = workbook(path)
    if name not in book.sheetnames:
        raise LayoutError(
            f"{path.name}: no sheet is named {name!r}; there are {', '.join(book.sheetnames[:60])}; {AGAIN}"
        )
    worksheet = book[name]
    if worksheet.sheet_state != "visible":
        raise LayoutError(f"{path.name}: sheet {name!r} is hidden; expected the sheet that the publisher shows")
    sheets_read.setdefault(path, set()).add(name)
    with named(path, f", sheet {name}"):
        return list(worksheet.iter_rows(values_only=True))


@contextmanager
def named(path: Path, part: str = "") -> Iterator[None]:
    """Turn what a library raises while it reads a file into an error that names the file.

    Parameters
    ----------
    path : pathlib.Path
    part : str
        Sheet or row, as it is to follow the name.

    Raises
    ------
    LayoutError
        In the place of any other exception but those of missing files and of the system.
    """
    try:
        yield
    except (LayoutError, OSError, MemoryError) as error:
        # pyarrow tells a broken file as an error of the system without a number, and an archive may send a reader to a place
        # before its beginning.
        if isinstance(error, OSError) and error.errno in {None, errno.EINVAL}:
            raise LayoutError(f"{path.name}{part}: cannot be read ({_told(error)}); {AGAIN}") from error
        raise
    except notation.JSONDecodeError as error:
        raise LayoutError(
            f"{path.name}, row {error.lineno}, character {error.colno}: no valid JSON ({error.msg}); {AGAIN}"
        ) from error
    except ElementTree.ParseError as error:
        row, character = error.position
        raise LayoutError(f"{path.name}, row {row}, character {character}: no complete XML ({error.msg.split(':')[0]}); {AGAIN}"
                          ) from error  # fmt: skip
    except zipfile.BadZipFile as error:
        with path.open("rb") as start:
            begins = start.read(24)
        raise LayoutError(
            f"{path.name}{part}: no complete workbook ({_told(error)}); it begins with {begins!r}; {AGAIN}"
        ) from error
    except (pa.ArrowException, pd.errors.ParserError) as error:
        raise LayoutError(f"{path.name}{part}: cannot be read ({_told(error)}); {AGAIN}") from error
    except Exception as error:  # openpyxl and pandas let through whatever a broken file raises in them
        raise LayoutError(
            f"{path.name}{part}: cannot be read ({type(error).__name__}: {_told(error)}); {AGAIN}"
        ) from error


def _told(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]


def _bytes(path: Path) -> bytes:
    content = Path(path).read_bytes()
    if not content.strip():
        raise LayoutError(f"{path.name}: the file is empty; {AGAIN}")
    for beginning, what in BEGINNINGS.items():
        if content.startswith(beginning):
            raise LayoutError(f"{path.name}, row 1: this is {what}, expected text in UTF-8; {AGAIN}")
    if content[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<!doctype html", b"<html")):
        raise LayoutError(
            f"{path.name}, row 1: this is a page of HTML, such as a service answers when it fails; {AGAIN}"
        )
    return content


def text(path: Path) -> str:
    """Return the text of a file, with the line ends that it has and without a byte-order mark.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    str

    Raises
    ------
    LayoutError
        If the file is empty, no text in UTF-8 or another kind of file.
    """
    path = Path(path)
    content = _bytes(path)
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise LayoutError(
            f"{path.name}, row {row}: the byte {content[error.start]:#04x}, expected text in UTF-8; save it as that, or {AGAIN}"
        ) from None
    if "\0" in decoded:
        row = decoded.count("\n", 0, decoded.index("\0")) + 1
        raise LayoutError(f"{path.name}, row {row}: a zero byte, expected text; {AGAIN}")
    return decoded
