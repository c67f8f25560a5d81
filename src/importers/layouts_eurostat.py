"""Readers of the layouts in which Eurostat hands out data: SDMX-CSV, wide TSV, and sheets of its data browser.

Not here: what the columns mean (the families ``eurostat``, ``eurostat_regional`` and ``cedefop``), regions (``nuts``).
"""

import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from importers import files

SDMX_CSV = {"OBS_VALUE", "OBS_FLAG", "CONF_STATUS", "TIME_PERIOD", "geo", "freq"}
FLAGS = frozenset("bdepu")


def require(frame: pd.DataFrame, path: Path, columns: Iterable[str], **constant: str) -> None:
    """Require the columns of a file, and one code in each of the columns that must not vary.

    Parameters
    ----------
    frame : pandas.DataFrame
        Cells as text.
    path : pathlib.Path
        File, for messages.
    columns : collection of str
        Columns that there must be.
    **constant : str
        Column and its only code.

    Raises
    ------
    importers.files.LayoutError
        If a column is missing or holds another code.
    """
    missing = [column for column in (*columns, *constant) if column not in frame]
    if missing:
        raise files.LayoutError(f"{path.name}, row 1: no column {missing}, found {list(frame)}")
    for column, code in constant.items():
        other = sorted(set(frame[column]) - {code})
        if other:
            row = int((frame[column] != code).to_numpy().argmax()) + 2
            raise files.LayoutError(
                f"{path.name}, row {row}, column {column}: {other[0]!r}, expected {code!r} throughout"
            )


def sdmx_csv(path: Path, **constant: str) -> pd.DataFrame:
    """Read an SDMX-CSV file with labels, as the data browser exports it.

    Parameters
    ----------
    path : pathlib.Path
        File.
    **constant : str
        Column and its only code, e.g. ``unit="PC"``.

    Returns
    -------
    pandas.DataFrame
        Columns ``geo, time_period, obs_value, obs_status`` and the columns of the file that hold codes of several kinds
        (e.g. ``sex``).

    Raises
    ------
    importers.files.LayoutError
        If columns, codes, flags or numbers are not as expected.
    """
    frame = files.csv(path)
    require(frame, path, SDMX_CSV, freq="A", **constant)
    values = files.numbers(frame["OBS_VALUE"], path)
    varying = [column for column in ("sex", "age") if column in frame and column not in constant]
    other = sorted(set(frame["CONF_STATUS"]) - {"", "C"})
    if other:
        raise files.LayoutError(f"{path.name}, column CONF_STATUS: {other[0]!r}, expected nothing or 'C'")
    return pd.DataFrame(
        {
            "geo": frame["geo"],
            "time_period": files.years(frame["TIME_PERIOD"], path),
            **{column: frame[column] for column in varying},
            "obs_value": values,
            "obs_status": status(frame["OBS_FLAG"], values, path, confidential=frame["CONF_STATUS"] == "C"),
        }
    )


def status(flags: pd.Series, values: pd.Series, path: Path, confidential: pd.Series | None = None) -> pd.Series:
    """Turn Eurostat's flags into those of this project.

    Parameters
    ----------
    flags : pandas.Series of str
        Letters, e.g. ``"bu"``.
    values : pandas.Series of float
        The observations.
    path : pathlib.Path
        File, for messages.
    confidential : pandas.Series of bool, optional
        Whether a value is withheld as confidential.

    Returns
    -------
    pandas.Series of str
        Flags in alphabetical order; a missing value that is confidential or flagged ``u`` (too few persons to publish)
        has ``c``, another ``m``.

    Raises
    ------
    importers.files.LayoutError
        If there is another flag.
    """
    other = sorted(set("".join(flags)) - FLAGS)
    if other:
        raise files.LayoutError(f"{path.name}: unexpected flags {other}, expected {sorted(FLAGS)}")
    withheld = flags.str.contains("u") if confidential is None else confidential | flags.str.contains("u")
    reason = pd.Series("", index=flags.index).mask(values.isna() & withheld, "c").mask(values.isna() & ~withheld, "m")
    return (flags + reason).map(lambda letters: "".join(sorted(set(letters))))


def wide_tsv(path: Path, **constant: str) -> pd.DataFrame:
    """Read a TSV file of Eurostat's bulk download: years across, flags beside the numbers.

    Parameters
    ----------
    path : pathlib.Path
        File whose first column joins the dimensions, ``geo`` last.
    **constant : str
        Dimension and its only code.

    Returns
    -------
    pandas.DataFrame
        Columns ``geo, time_period, obs_value, obs_status``; a bare ``:`` fills the grid where there is no
        observation and yields no row, ``: @C`` is a confidential value.

    Raises
    ------
    importers.files.LayoutError
        If the layout, a code or a cell is not as expected.
    """
    wide = files.csv(path, sep="\t")
    head = wide.columns[0]
    dimensions, _, time = head.partition("\\")
    if time != "TIME_PERIOD" or not dimensions.endswith(",geo"):
        raise files.LayoutError(f"{path.name}, row 1: first column {head!r}, expected 'freq,...,geo\\TIME_PERIOD'")
    names, parts = dimensions.split(","), wide[head].str.split(",")
    odd = parts.map(len) != len(names)
    if odd.any() or wide.empty:
        row = int(odd.to_numpy().argmax()) + 2 if len(odd) else 1
        raise files.LayoutError(
            f"{path.name}, row {row}, column 1: expected {len(names)} codes, of {dimensions}; {files.AGAIN}"
        )
    keys = pd.DataFrame(parts.tolist(), columns=names)
    require(keys, path, ["geo"], freq="A", **constant)
    wide = wide.rename(columns=str.strip)
    wrong = [name for name in wide.columns[1:] if not re.fullmatch(r"[12][0-9]{3}", name)]
    if wrong:
        raise files.LayoutError(f"{path.name}, row 1: {wrong[0]!r}, expected a year; {files.AGAIN}")
    cells = (
        wide.drop(columns=wide.columns[0])
        .assign(geo=keys["geo"])
        .melt("geo", var_name="time_period", value_name="cell")
    )
    cells["cell"] = cells["cell"].str.strip()
    cells = cells[cells["cell"] != ":"].reset_index(drop=True)
    parts = cells["cell"].str.extract(
        r"^(?P<number>-?[0-9]+(?:\.[0-9]+)?|:)(?: (?P<flags>[a-z]+))?(?: ?@(?P<hidden>C))?$"
    )
    if parts["number"].isna().any():
        wrong = cells[parts["number"].isna()].iloc[0]
        raise files.LayoutError(f"{path.name}, {wrong['geo']}, {wrong['time_period']}: cannot read {wrong['cell']!r}")
    values = pd.to_numeric(parts["number"].mask(parts["number"] == ":")).astype(float)
    return pd.DataFrame(
        {
            "geo": cells["geo"],
            "time_period": cells["time_period"].astype(int),
            "obs_value": values,
            "obs_status": status(parts["flags"].fillna(""), values, path, confidential=parts["hidden"].notna()),
        }
    )


def browser_sheet(path: Path, name: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """Read a sheet of the data browser's Excel export: labels down, pairs of value and flag by year across.

    Parameters
    ----------
    path : pathlib.Path
        Workbook.
    name : str
        Sheet.

    Returns
    -------
    frame : pandas.DataFrame
        Columns ``geo`` (label), ``time_period, obs_value, obs_status``; ``:`` is the missing value ``m``.
    about : dict
        What the head of the sheet says, e.g. ``{"Age class": "From 25 to 64 years"}``.

    Raises
    ------
    importers.files.LayoutError
        If the layout, a cell or a flag is not as expected.
    """
    rows = files.sheet(path, name)
    first = next((i for i, row in enumerate(rows) if row[0] == "TIME"), None)
    if first is None or rows[first + 1][0] != "GEO (Labels)":
        raise files.LayoutError(f"{path.name}, sheet {name}: no row 'TIME' above a row 'GEO (Labels)'")
    about = {row[0]: row[2] for row in rows[:first] if row[0] and len(row) > 2 and row[2]}
    years = {position: int(cell) for position, cell in enumerate(rows[first]) if position and cell not in (None, "")}
    records = []
    for row in rows[first + 2 :]:
        if row[0] in (None, "Special value", "Available flags:"):
            break
        records += [(row[0], year, row[position], row[position + 1]) for position, year in years.items()]
    frame = pd.DataFrame(records, columns=["geo", "time_period", "value", "flags"])
    flags = frame.pop("flags").map(lambda cell: "" if cell is None else str(cell))
    cells = frame.pop("value")
    frame["obs_value"] = pd.to_numeric(cells.mask(cells == ":")).astype(float)
    frame["obs_status"] = status(flags, frame["obs_value"], path)
    return frame, about
