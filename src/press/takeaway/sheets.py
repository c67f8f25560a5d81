"""Sheets of a workbook that are written in half of the library's time, to the same bytes.

A sixth of a build from nothing was XlsxWriter, which tells for each cell what kind it is, checks its place twice and writes
it by itself: 10 s for the 2.7 million cells of the tables of this book. Here a table of plain text and numbers is taken by its columns,
and written by its rows.

Not here: what stands on a sheet (``press.takeaway.workbooks``). All that is overridden is private to the library, whose
version is pinned; a test compares every byte with what the library writes by itself.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import CellNumberTuple, CellStringTuple, Worksheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter.format import Format

SPAN = 16  # rows that tell together from which column to which they reach
LONGEST = 32_767  # signs of a cell


class Sheet(Worksheet):
    """A sheet of text and numbers."""

    ROWS = 1_048_576  # of a sheet, its headers among them

    def __init__(self) -> None:
        super().__init__()
        self.plain: list[list[str]] = []  # the columns of its table as they are written, with an empty text for no cell

    def fill(self, columns: Mapping[str, Sequence], look: Format) -> list[int]:
        """Write a table of text and numbers, with its headers in the first row, on a sheet that has nothing else.

        Parameters
        ----------
        columns : dict of str to sequence
            The cells of each column by its header; None for an empty cell. Numbers stay numbers.
        look : xlsxwriter.format.Format
            Of the headers.

        Returns
        -------
        list of int
            How many signs the longest text of each column has; ten for a number.

        Raises
        ------
        ValueError
            If a number is not finite, or a text is longer than a cell holds.
        """
        index, longest = self.str_table._get_shared_string_index, []
        for place, (head, entries) in enumerate(columns.items()):
            name, length = xl_col_to_name(place), len(head)
            self._write_string(0, place, head, look)
            cells = [head]  # in its place: the numbers of formats are given once all are known
            for row, entry in enumerate(entries, start=2):
                # The types of tables first: whether something is any kind of number takes longer to tell than to write.
                if type(entry) is float or type(entry) is int:
                    if not math.isfinite(entry):
                        raise ValueError(f"column {head!r}, row {row}: {entry} is no number that a cell can hold")
                    cells.append(f'<c r="{name}{row}"><v>{entry:.16G}</v></c>')
                    length = length if length > 10 else 10
                elif entry is None:
                    cells.append("")
                else:
                    text = str(entry)
                    cells.append(f'<c r="{name}{row}" t="s"><v>{index(text)}</v></c>')
                    length = max(length, len(text))
            if length > LONGEST or len(cells) > self.ROWS:
                raise ValueError(
                    f"column {head!r} has {len(cells) - 1:,} cells, of up to {length:,} signs; a sheet has room for"
                    f" {self.ROWS - 1:,}, of {LONGEST:,}"
                )
            self._check_dimensions(max(row for row, cell in enumerate(cells) if cell or not row), place)
            self.plain.append(cells)
            longest.append(length)
        return longest

    def add_table(
        self, first_row: int, first_col: int, last_row: int, last_col: int, options: Any = None
    ) -> Literal[0]:
        """Mark a table as one, the only one of its sheet: for a second one the library would look at each cell of the first."""
        done = super().add_table(first_row, first_col, first_row + 1, last_col, options)
        if done or len(self.tables) > 1:
            raise ValueError(f"{self.get_name()}: no table can be marked in row {first_row + 1} (answer {done})")
        self.tables[0]["range"] = xl_range(first_row, first_col, last_row, last_col)
        return 0

    def _write_rows(self) -> None:
        if not self.plain:
            super()._write_rows()
            return
        for place, cells in enumerate(self.plain):
            cells[0] = self._cell(0, place, self.table[0][place])
        rows = ["".join(row) for row in zip(*self.plain, strict=True)]
        for first in range(0, len(rows), SPAN):
            filled = [place for place, cells in enumerate(self.plain, start=1) if any(cells[first : first + SPAN])]
            for number, row in enumerate(rows[first : first + SPAN], start=first):
                if row:
                    self._write_row(number, f"{filled[0]}:{filled[-1]}")
                    self.fh.write(f"{row}</row>")

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if type(cell) is CellStringTuple or type(cell) is CellNumberTuple:
            self.fh.write(self._cell(row, col, cell))
        else:
            super()._write_cell(row, col, cell)

    def _cell(self, row: int, col: int, cell: Any) -> str:
        """Return a cell of text or a number, with its own format, that of its row or that of its column."""
        look = cell.format
        if not look and row in self.row_info:
            look = self.row_info[row].row_format
        if not look and col in self.col_info:
            look = self.col_info[col].column_format
        told = f' s="{look._get_xf_index()}"' if look else ""
        if type(cell) is CellStringTuple:
            return f'<c r="{xl_col_to_name(col)}{row + 1}"{told} t="s"><v>{cell.string}</v></c>'
        return f'<c r="{xl_col_to_name(col)}{row + 1}"{told}><v>{cell.number:.16G}</v></c>'
