"""What a chart plots, for programs that draw it anew: its form and its series, with numbers at full precision.

Slides and workbooks hold native charts that readers can edit, and make them of nothing else. Names are those of the
reading (`reading.read`), to whose rows each number belongs. Forms that no spreadsheet program has, such as maps and
forest plots, have no description; their picture stands for them. Private to ``crossroads.charts``.

Not here: how a native chart looks (``press.takeaway``).
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

# Dots stand above their categories, bars lie beside theirs or stand; lines and scatter plots have numbers on both axes.
FORMS = ("bars", "stack", "dots", "lines", "scatter")


def describe(
    form: str,
    series: Iterable[dict[str, Any]],
    *,
    axis: str,
    across: str = "",
    average: tuple[str, float] | None = None,
    fit: pd.DataFrame | None = None,
    fit_label: str = "",
) -> dict[str, Any]:
    """Return the description of a chart.

    Parameters
    ----------
    form : str
        One of `FORMS`.
    series : iterable of dict
        As `series_of` makes them, in the order of the key.
    axis, across : str
        What the values are, and the numbers across, each with its unit.
    average : tuple of (str, float), optional
        Name and value of the line of the average.
    fit : pandas.DataFrame, optional
        A line through the marks: columns ``x`` and ``y``, and where it has a band ``lower`` and ``upper``.
    fit_label : str
        What the line is.

    Returns
    -------
    dict
        ``form``, ``axis``, ``across``, ``series``, and where there are such ``average`` and ``fit``.
    """
    told: dict[str, Any] = {"form": form, "axis": axis, "across": across, "series": list(series)}
    if average is not None:
        told["average"] = {"label": average[0], "value": _plain([average[1]])[0]}
    if fit is not None:
        line = fit.sort_values("x")
        told["fit"] = {"label": fit_label, "across": _plain(line["x"]), "values": _plain(line["y"])}
        told["fit"] |= {name: _plain(line[name]) for name in ("lower", "upper") if name in line}
    return told


def series_of(
    label: str,
    part: pd.DataFrame,
    value: str,
    *,
    lower: str | None = None,
    upper: str | None = None,
    across: str | None = None,
    look: int = 0,
    hollow: bool = False,
    named: Sequence[int] = (),
) -> dict[str, Any]:
    """Return one series: marks of one look.

    Parameters
    ----------
    label : str
        What the marks are; empty for the only series of a chart.
    part : pandas.DataFrame
        One row a mark; the index is the row of the reading.
    value : str
        Column of the values.
    lower, upper : str, optional
        Columns of the interval of 95 %.
    across : str, optional
        Column of the numbers across, such as years.
    look : int
        Number of its colour and marker; series that differ only in being hollow have the same.
    hollow : bool
        Whether the marks are hollow, as those of what is not significant are.
    named : sequence of int
        Rows beside whose marks their name stands.

    Returns
    -------
    dict
        ``label``, ``rows``, ``values`` and what else was given; None for what is missing.
    """
    rows = [int(row) for row in part.index]
    told: dict[str, Any] = {"label": label, "look": look, "rows": rows, "values": _plain(part[value])}
    if lower is not None and upper is not None and part[lower].notna().any():
        told |= {"lower": _plain(part[lower]), "upper": _plain(part[upper])}
    if across is not None:
        told["across"] = _plain(part[across])
    if hollow:
        told["hollow"] = True
    if len(named):
        told["named"] = [int(row) for row in named]
    return told


def by_look(
    marks: pd.DataFrame,
    value: str,
    *,
    group: str | None = None,
    groups: Sequence = (),
    significant: str | None = None,
    meanings: tuple[str, str] = ("", ""),
    **columns: Any,
) -> list[dict[str, Any]]:
    """Return a series for each group, and within it for what is significant and what is not.

    Parameters
    ----------
    marks : pandas.DataFrame
        One row a mark; the index is the row of the reading.
    value : str
        Column of the values.
    group : str, optional
        Column of the groups.
    groups : sequence
        The groups in order.
    significant : str, optional
        Column of booleans.
    meanings : tuple of str
        What filled and hollow marks mean.
    **columns
        As in `series_of`; ``look`` is that of the first group.

    Returns
    -------
    list of dict
    """
    found = []
    look = columns.pop("look", 0)
    for number, name in enumerate(groups if group is not None else [None], start=look):
        part = marks if name is None else marks[marks[group] == name]
        if significant is None:
            found.append(series_of("" if name is None else str(name), part, value, look=number, **columns))
            continue
        filled = part[significant].astype(object).fillna(False).astype(bool)
        for solid, meaning in ((True, meanings[0]), (False, meanings[1])):
            if (filled == solid).any():
                label = meaning if name is None else f"{name}: {meaning[:1].lower()}{meaning[1:]}"
                found.append(series_of(label, part[filled == solid], value, look=number, hollow=not solid, **columns))
    return found


def _plain(values: Iterable[Any]) -> list[float | None]:
    """Return numbers as they are published: seven significant digits, whole ones without a point, None where missing."""
    told: list[float | None] = []
    for entry in values:
        number = float("nan") if pd.isna(entry) else float(f"{float(entry):.7g}")
        told.append(None if np.isnan(number) else int(number) if number.is_integer() else number)
    return told
