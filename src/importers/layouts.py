"""Readers of layouts that several publishers' files share: annex workbooks with stacked headers, portal exports.

Not here: what the columns mean (the families), names of countries (``countries``).
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from importers.files import LayoutError, sheet


def annex(path: Path, name: str, header: tuple[int, int]) -> pd.DataFrame:
    """Read an OECD annex table: areas down, pairs of value and standard error across, under stacked headers.

    Parameters
    ----------
    path : pathlib.Path
        Workbook.
    name : str
        Worksheet.
    header : tuple of int
        First and last row of the stacked header (as the sheet numbers them); the last holds ``S.E.`` over each
        column of standard errors.

    Returns
    -------
    pandas.DataFrame
        One row an area and pair: ``area`` as printed, ``row`` of the sheet, ``labels`` (tuple of the header texts above
        the pair, from the top), ``value`` and ``error`` as found.

    Raises
    ------
    LayoutError
        If a header row or the pairs are not where they are expected.
    """
    rows = sheet(path, name)
    first, last = header
    if len(rows) <= last:
        raise LayoutError(
            f"{Path(path).name}, sheet {name}: {len(rows)} rows, expected a header in rows {first}-{last}"
        )
    stacked = [_filled(row) for row in rows[first - 1 : last - 1]]
    bottom = [_plain(cell) for cell in rows[last - 1]]
    errors = [position for position, cell in enumerate(bottom) if cell == "S.E."]
    if not errors:
        raise LayoutError(f"{Path(path).name}, sheet {name}, row {last}: no column is headed 'S.E.'")
    records = []
    for number, cells in enumerate(rows[last:], last + 1):
        area = _plain(cells[0])
        if not area or all(cell is None for cell in cells[1:]):
            continue
        for position in errors:
            labels = (*(level[position - 1] for level in stacked), bottom[position - 1])
            records.append((area, number, labels, cells[position - 1], cells[position]))
    return pd.DataFrame(records, columns=["area", "row", "labels", "value", "error"])


def _plain(cell):
    return " ".join(str(cell).split()) if cell is not None else ""


def _filled(row):
    """Spread the text of a merged header cell over the columns that it covers."""
    texts, current = [], ""
    for cell in row:
        current = _plain(cell) or current
        texts.append(current)
    return texts


def observations(frame: pd.DataFrame, where: str, symbols: Sequence[str] = ("m", "c", "a", "x")) -> pd.DataFrame:
    """Split cells that hold a number or a letter code into values, standard errors and status.

    Parameters
    ----------
    frame : pandas.DataFrame
        With ``value`` and ``error`` as found in the file.
    where : str
        Name of the file or table, for messages.
    symbols : tuple of str
        Letter codes that stand for a missing value.

    Returns
    -------
    pandas.DataFrame
        `frame` with ``obs_value``, ``std_error`` and ``obs_status`` in place of ``value`` and ``error``.

    Raises
    ------
    LayoutError
        If a cell is neither a number nor one of the symbols.
    """
    frame = frame.copy()
    text = frame["value"].map(_plain)
    missing = text.isin(symbols)
    frame["obs_value"] = _numbers(frame["value"].mask(missing), f"{where}, values")
    frame["std_error"] = _numbers(
        frame["error"].mask(frame["error"].map(_plain).isin([*symbols, ""])), f"{where}, errors"
    )
    frame.loc[missing, "std_error"] = float("nan")
    frame["obs_status"] = text.where(missing, "")
    empty = frame["obs_value"].isna() & ~missing
    if empty.any():
        raise LayoutError(f"{where}: {int(empty.sum())} cells hold neither a number nor one of {symbols}")
    return frame.drop(columns=["value", "error"])


def _numbers(cells, where):
    values = pd.to_numeric(cells, errors="coerce")
    wrong = values.isna() & cells.notna()
    if wrong.any():
        raise LayoutError(f"{where}: {cells[wrong].iloc[0]!r} is not a number")
    return values.astype("float64")
