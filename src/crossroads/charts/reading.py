"""What a chart says, as a table for people: one row a mark, the columns in the chart's words and with its rounding.

The page shows it behind the chart, reads a mark out from it, and finds the reader's country in it. Private to
``crossroads.charts``. Not here: which marks show which row (`house.tie`), the codes of areas (``crossroads.exhibits``).
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from crossroads.charts import house
from crossroads.columns import AREA, ERROR, PERIOD, VALUE
from crossroads.numbers import amount

# Number of the mark in the chart, which names it where nothing else does.
N_OBS, POSITION = "n_obs", "position"
# Headers of columns whose names do not read well once their underscores are spaces.
HEADS = {N_OBS: "n", ERROR: "Standard error", PERIOD: "Period", VALUE: "Value", "label": "Name", "row": "Name"}
BOUNDS = ("95 % interval, from", "95 % interval, to")


class Column(NamedTuple):
    """A column of a reading.

    Attributes
    ----------
    name : str
        Column of the frame drawn.
    label : str
        Header; made from the name when empty.
    role : str
        ``label``, ``group``, ``value``, ``value2`` (of the second axis), ``lower``, ``upper``, ``std_error``, ``n``,
        ``period``, ``average`` or ``text``.
    form : str, pandas.Series of str, or None
        Format specification of the numbers, or one a row; None for text.
    """

    name: str
    label: str
    role: str
    form: str | pd.Series | None = None


def read(
    frame: pd.DataFrame, columns: Iterable[Column], letters: pd.Series | None = None, **more: Any
) -> dict[str, Any]:
    """Return the table behind a chart.

    Standard errors, numbers of observations and periods that the frame holds join what was asked for.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a mark, in the order of the chart.
    columns : iterable of Column
    letters : pandas.Series, optional
        Letters of the rows without a value, by the index of the frame; ``m`` where there is none.
    **more
        Columns that the frame has not, such as one number for all rows.

    Returns
    -------
    dict
        ``columns``, ``rows`` as they are printed, ``areas``, the code of the area of each row as far as the frame
        says it, and where the frame has standard errors ``errors``: estimate and error of each row at full precision, so
        that no test is made with what is printed; None for a row without them.
    """
    frame, columns = frame.assign(**{POSITION: np.arange(1, len(frame) + 1), **more}), list(columns)
    taken = {column.name for column in columns}
    columns += [column for column in _extras(frame, columns) if column.name not in taken]
    gaps = pd.Series("m", frame.index) if letters is None else letters.reindex(frame.index).fillna("m")
    none = pd.Series("", frame.index)
    cells = [
        _printed(frame[column.name], column.form, gaps if column.role.startswith("value") else none)
        for column in columns
    ]
    _require_digits(frame, columns, cells)
    codes = frame[AREA].fillna("").astype(str) if AREA in frame else pd.Series("", frame.index)
    return {
        "columns": [
            {"name": name, "label": label or _head(name), "role": role, "numeric": form is not None}
            for name, label, role, form in columns
        ],
        "rows": [list(row) for row in zip(*cells, strict=True)],
        "areas": codes.tolist(),
        **_errors(frame, columns),
    }


def _require_digits(frame: pd.DataFrame, columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> None:
    """Refuse values that would all be printed as zero or one, as shares of one are without decimals."""
    shown = [
        (column, printed)
        for column, printed in zip(columns, cells, strict=True)
        if column.role.startswith("value") and isinstance(column.form, str)
    ]
    values = pd.concat([frame[column.name].astype(float) for column, _ in shown]) if shown else pd.Series(dtype=float)
    largest = values.abs().max()
    digits = {sign for _, printed in shown for text in printed for sign in text} & set("0123456789.")
    if (largest > 0 and digits <= {"0", "."}) or (
        largest <= 1 and digits == {"0", "1"} and (values.dropna() % 1).any()
    ):
        alike = " or ".join(amount(float(digit), str(shown[0][0].form)) for digit in sorted(digits - {"."}))
        raise house.ChartError(
            f"all values of {shown[0][0].name!r} would be printed as {alike}, the largest is {largest:.2g}; give the chart a number"
            f" format with decimals, such as number='{fitting(values)}', or multiply shares by a hundred"
        )


def _errors(frame: pd.DataFrame, columns: Sequence[Column]) -> dict[str, Any]:
    """Return estimates and their standard errors, where the chart shows the column that these belong to."""
    if ERROR not in frame or not any(column.name == VALUE and column.role == "value" for column in columns):
        return {}
    pairs = frame[[VALUE, ERROR]].astype(float).to_numpy()
    known = np.isfinite(pairs).all(axis=1) & (pairs[:, 1] > 0)
    told = [[float(f"{number:.7g}") for number in pair] for pair in pairs]
    return {"errors": [pair if tested else None for pair, tested in zip(told, known, strict=True)]}


def own_name(frame: pd.DataFrame, label: str | None) -> Column:
    """Return the column that names each mark where a row of the chart has many: its area, else what is written."""
    name = AREA if AREA in frame else label
    return Column(name or POSITION, "", "label")


def interval(lower: str | None, upper: str | None, form: str | pd.Series) -> list[Column]:
    """Return the two columns of an interval of 95 %, or none."""
    if lower is None or upper is None:
        return []
    ends = zip((lower, upper), BOUNDS, ("lower", "upper"), strict=True)
    return [Column(name, head, role, form) for name, head, role in ends]


def fitting(*values: pd.Series) -> str:
    """Return the format that tells numbers apart which no chart prints: three digits of their spread, whole numbers as such."""
    known = np.concatenate([column.dropna().to_numpy(float) for column in values])
    spread = (np.ptp(known) or np.abs(known).max()) if len(known) else 0.0
    # Decimals of numbers that were published whole say more than is known.
    whole = np.array_equal(known, np.round(known))
    places = int(np.clip(2 - np.floor(np.log10(spread)), 0, 4)) if spread and not whole else 0
    return f",.{places}f" if len(known) and np.abs(known).max() >= 10_000 else f".{places}f"


def finer(form: str) -> str:
    """Return a format with one decimal more and without the sign of a change, as standard errors are printed."""
    before, point, after = form.lstrip("+").partition(".")
    digits = "".join(sign for sign in after if sign.isdigit())
    return f"{before}.{int(digits) + 1}{after[len(digits) :]}" if point and digits else form.lstrip("+")


def _extras(frame: pd.DataFrame, columns: Sequence[Column]) -> list[Column]:
    """Return the columns of errors, counts and periods that the frame has; errors and counts are of ``obs_value`` only."""
    form = next((column.form for column in columns if (column.name, column.role) == (VALUE, "value")), None)
    known = [Column(PERIOD, "", "period")]
    if isinstance(form, str):
        known = [Column(ERROR, "", "std_error", finer(form)), Column(N_OBS, "", "n", ",.0f"), *known]
    return [column for column in known if column.name in frame and frame[column.name].notna().any()]


def _printed(values: pd.Series, form: str | pd.Series | None, gaps: pd.Series) -> list[str]:
    """Print a column; a missing value is its letter, other missing entries are empty."""
    if form is None:
        return ["" if pd.isna(entry) else _text(entry) for entry in values]
    forms = [form] * len(values) if isinstance(form, str) else form
    return [
        gap if np.isnan(number) else amount(number, each)
        for number, each, gap in zip(values.astype(float), forms, gaps, strict=True)
    ]


def _text(entry: object) -> str:
    return f"{entry:g}" if isinstance(entry, float) else str(entry)


def _head(name: str) -> str:
    return HEADS.get(name, name[:1].upper() + name[1:].removesuffix("_label").removesuffix("_name").replace("_", " "))


def verdict(frame: pd.DataFrame, significant: str | None, meanings: tuple[str, str]) -> pd.Series:
    """Return in words what filled and hollow marks mean, row by row; empty where the frame does not say."""
    if significant is None:
        return pd.Series("", frame.index)
    return frame[significant].astype(object).map({True: meanings[0], False: meanings[1]}).fillna("")
