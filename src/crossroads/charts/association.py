"""Charts of what goes with what: scatter plots and specification curves.

Lines and bands are data: they come from ``crossroads.models``, never from here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crossroads.charts import house, plot
from crossroads.charts.house import CATEGORIES, CONTEXT, INK, MARKERS, MUTED, NAVY, ORANGE, PLUM, TEXT
from crossroads.charts.reading import Column, fitting, interval, own_name, read, verdict

# From so many points on, markers are small and hollow, so that one does not hide another.
CROWD, CROWD_SIZE = 80, 4.5
SIGNIFICANCE = ("Significant at 5 %", "Not significant")


@house.house_style
def scatter_within(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    fit: pd.DataFrame | None = None,
    fit_label: str = "",
    group: str | None = None,
    group_order: Sequence | None = None,
    label: str | None = None,
    named: Sequence[str] | None = None,
    focus: str | Sequence[str] | None = None,
    x_unit: str = "",
    y_unit: str = "",
    x_average: float | None = None,
    y_average: float | None = None,
    average_label: str = "OECD average",
    height: float = 4.6,
) -> house.Canvas:
    """Draw two measures against each other, with a line and its band that the data bring along.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a country or region. Rows without ``x`` or ``y`` are not drawn: the note of the exhibit should
        give their count.
    x, y : str
        Columns of the two measures. For an association within countries give deviations from the country's mean.
    fit : pandas.DataFrame, optional
        The line, with columns ``x``, ``y`` and, for the band of 95 %, ``lower`` and ``upper``.
    fit_label : str
        What the line is, such as ``"Within countries: +3.1 per 10 points"``.
    group : str, optional
        Column of up to four groups, each with its own colour and marker.
    group_order : list, optional
        Groups in order; of appearance when not given.
    label : str, optional
        Column of the names written beside points; points without a name get none.
    named : list of str, optional
        The names in ``label`` to write; all when not given.
    focus : str or list of str, optional
        Names in ``label`` to set off.
    x_unit, y_unit : str
        Titles of the axes: measure and unit.
    x_average, y_average : float, optional
        Where to draw lines of averages.
    average_label : str
        Their name.
    height : float
        Height in inches.

    Returns
    -------
    Chart
        Its form is "Scatter plot", with what was drawn.

    Raises
    ------
    ChartError
        If a column is missing or not of its type, or no row has both measures.
    """
    frame = house.check(frame, text=[group, label], numbers=[x, y])
    told = frame[frame[x].notna() & frame[y].notna()].reset_index(drop=True)
    if told.empty:
        raise house.ChartError(f"no row has both {x!r} and {y!r}")
    known = told.copy(deep=False)
    if named is not None:
        known[label] = told[label].where(told[label].isin(house.check_known(named, frame[label], "point")))
    focus = house.check_known(focus, frame[label] if label else [], "point")
    groups = [None] if group is None else house.categories(known, group, group_order)
    form = "Scatter plot"
    if fit is not None:
        form += " with fitted line" + (" and 95 % band" if "lower" in fit else "")
    chart = house.canvas(height, form)
    across, along = fitting(told[x]), fitting(told[y])
    chart.reading = read(
        told,
        [
            own_name(told, label),
            *([Column(group, "", "group")] if group is not None else []),
            Column(x, x_unit, "value", across),
            Column(y, y_unit, "value2", along),
            *([Column("average", f"{average_label}: {x_unit}", "average", across)] if x_average is not None else []),
            *([Column("average2", f"{average_label}: {y_unit}", "text", along)] if y_average is not None else []),
        ],
        average=x_average,
        average2=y_average,
    )
    chart.plot = plot.describe(
        "scatter",
        [
            plot.series_of("" if name is None else str(name), part, y, across=x, look=i, named=_named(part, label))
            for i, (name, part) in enumerate(
                (name, known if name is None else known[known[group] == name]) for name in groups
            )
        ],
        axis=y_unit,
        across=x_unit,
        fit=fit,
        fit_label=fit_label,
    )
    axes = chart.subplots()
    size = CROWD_SIZE if len(known) >= CROWD else 6.5
    for name, colour, marker in zip(groups, CATEGORIES, MARKERS, strict=False):
        part = known if name is None else known[known[group] == name]
        look = house.mark(colour, marker, len(known) < CROWD, size) | {"markeredgewidth": 0.8}
        house.tie(axes.plot(part[x], part[y], **look, zorder=2)[0], part.index)
    entries = house.series_key(groups)
    if fit is not None:
        entries += _draw_fit(axes, fit, fit_label)
    house.number_axis(axes.xaxis)
    house.number_axis(axes.yaxis)
    house.axis_title(axes, x_unit, room=house.title_width() - 8)
    axes.margins(0.05)
    for position, horizontal in ((x_average, False), (y_average, True)):
        if position is not None:
            house.average_line(axes, position, average_label, horizontal)
    house.key(chart, entries, unit=y_unit)
    if label is not None:
        marked = known[known[label].isin(focus)]
        points = axes.plot(marked[x], marked[y], **house.mark(ORANGE, "o", True, size + 2), zorder=2.4)
        house.tie(points[0], marked.index)
        named = known[known[label].notna() & (known[label] != "")]
        _name_points(axes, named, (x, y, label), focus, known, size)
    return chart


@house.house_style
def specification_curve(
    frame: pd.DataFrame,
    *,
    value: str,
    lower: str,
    upper: str,
    dimensions: Mapping[str, str],
    significant: str | None = None,
    null: float = 0.0,
    highlight: str | None = None,
    highlight_label: str = "Preferred specification",
    median: float | None = None,
    unit: str = "",
) -> house.Canvas:
    """Draw every estimate of a family of specifications, and below each the choices that it was made with.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a specification, as from ``crossroads.models.specification_curve``.
    value, lower, upper : str
        Columns of the estimate and its interval of 95 %.
    dimensions : dict of str to str
        Columns of the choices, each with its heading, such as ``{"controls": "Controls"}``. A dimension with
        one choice only tells nothing, and is refused.
    significant : str, optional
        Column of booleans; estimates that are not significant are hollow.
    null : float
        Estimate that means none.
    highlight : str, optional
        Column of booleans: the specification that the text quotes.
    highlight_label : str
        What it is.
    median : float, optional
        Where to draw the line of the median estimate.
    unit : str
        What the estimate is, in its unit.

    Returns
    -------
    Chart
        Its form is "Specification curve with 95 % intervals".

    Raises
    ------
    ChartError
        If a column is missing or not of its type, or a dimension has one choice only.
    """
    frame = house.check(
        frame, text=[significant, highlight], numbers=[value, lower, upper], complete=[value, *dimensions]
    )
    house.check_interval(frame, value, lower, upper)
    frame = frame.sort_values(value, kind="stable", ignore_index=True)
    rows = []
    for column, heading in dimensions.items():
        choices = list(dict.fromkeys(frame[column]))
        if len(choices) < 2:
            raise house.ChartError(f"dimension {column!r} has the one choice {choices[0]!r}; leave it out")
        rows += [(heading, None, None)] + [(str(choice), column, choice) for choice in sorted(choices, key=str)]
    below = house.row_height([name for name, _, _ in rows]) * len(rows)
    chart = house.canvas(2.9 + below, "Specification curve with 95 % intervals")
    form = fitting(frame[value])
    chart.reading = read(
        frame,
        [
            Column("position", "Specification", "label"),
            *[Column(column, heading, "text") for column, heading in dimensions.items()],
            Column(value, unit, "value", form),
            *interval(lower, upper, form),
            *([Column("verdict", "Significance", "text")] if significant else []),
        ],
        verdict=verdict(frame, significant, SIGNIFICANCE),
    )
    top, bottom = chart.subplots(2, 1, sharex=True, height_ratios=[2.3, below])
    filled = frame[significant].astype(bool) if significant else pd.Series(True, frame.index)
    special = frame[highlight].astype(bool) if highlight else pd.Series(False, frame.index)
    place = np.arange(len(frame))
    size, line = float(np.clip(220 / len(frame), 2.2, 6)), float(np.clip(90 / len(frame), 0.6, 1.6))
    for part, colour, shade, marker in ((~special, NAVY, CONTEXT, "o"), (special, ORANGE, ORANGE, "D")):
        bars = top.vlines(place[part], frame.loc[part, lower], frame.loc[part, upper], zorder=1.8, color=shade,
                          linewidth=line)  # fmt: skip
        house.tie(bars, place[part])
        for solid in (True, False):
            chosen = part & (filled == solid)
            look = house.mark(colour, marker, solid, size + 3 * (marker == "D"))
            look["markeredgewidth"] = 0.3 if solid else 0.9
            house.tie(top.plot(place[chosen], frame.loc[chosen, value], **look)[0], place[chosen])
    top.axhline(null, color=INK, linewidth=0.9, zorder=1)
    house.number_axis(top.yaxis, 5)
    top.tick_params(labelbottom=False)
    top.spines["bottom"].set_visible(False)
    _choices(bottom, frame, rows, special, size)
    entries = house.significance_key(NAVY, SIGNIFICANCE) if significant else []
    if highlight:
        entries.append((highlight_label, house.mark(ORANGE, "D", size=7)))
    if median is not None:
        top.axhline(median, color=PLUM, linewidth=1.3, zorder=1.5)
        entries.append((f"Median {house.amount(median, '.2f')}", {"color": PLUM, "linewidth": 1.3}))
    house.key(chart, entries, unit=unit)
    return chart


def _named(part: pd.DataFrame, label: str | None) -> list[int]:
    """Return the rows beside whose points their name stands."""
    return [] if label is None else list(part.index[part[label].notna() & (part[label] != "")])


def _draw_fit(axes: Axes, fit: pd.DataFrame, label: str) -> list:
    """Draw a line with its band and return its entry in the key."""
    banded = "lower" in fit
    fit = house.check(fit, numbers=["x", "y", *(["lower", "upper"] if banded else [])]).sort_values("x")
    if banded:
        axes.fill_between(fit["x"], fit["lower"], fit["upper"], color=PLUM, alpha=0.18, linewidth=0, zorder=1.4)
    axes.plot(fit["x"], fit["y"], color=PLUM, linewidth=2.2, zorder=2.3)
    return [(label, {"color": PLUM, "linewidth": 2.2})] if label else []


def _choices(axes: Axes, frame: pd.DataFrame, rows: Any, special: Any, size: float) -> None:
    """Draw the panel that shows which choices each specification made."""
    house.row_axis(axes, [name for name, _, _ in rows])
    for text, (_, column, _) in zip(axes.texts, rows, strict=True):
        text.set(weight="bold" if column is None else "normal", color=INK if column is None else MUTED)
    for position, (_, column, choice) in enumerate(rows):
        if column is not None:
            for part, colour in ((~special, NAVY), (special, ORANGE)):
                chosen = np.flatnonzero((frame[column] == choice) & part)
                ticks = axes.plot(chosen, [position] * len(chosen), "|", color=colour, markersize=7.5,
                                      zorder=2 if colour == NAVY else 2.2,
                                      markeredgewidth=max(size / 2, 1) if colour == NAVY else size)  # fmt: skip
                house.tie(ticks[0], chosen)
    axes.set_xlim(-1, len(frame))
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.set_xlabel(f"{len(frame)} specifications, sorted by estimate")


def _name_points(
    axes: Axes, named: pd.DataFrame, columns: Any, focus: Sequence[str], known: pd.DataFrame, size: float
) -> None:
    """Write names beside points, clear of other points and of the names of averages."""
    x, y, label = columns
    settings = [
        {"s": name, "color": TEXT[ORANGE] if name in focus else INK, "weight": "bold" if name in focus else "normal"}
        for name in named[label]
    ]
    spots, points = named[[x, y]].to_numpy(float), known[[x, y]].to_numpy(float)
    house.place_names(axes, settings, spots, points, size, rows=named.index)
