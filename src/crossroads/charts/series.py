"""Charts over time, and of whole distributions.

Not here: change between two years (`ranked.change_arrows`).
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, cast

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Annotation

from crossroads.charts import house, plot
from crossroads.charts.house import CATEGORIES, CONTEXT, MARKERS, MUTED, NAVY, ORANGE, TEXT, ChartError
from crossroads.charts.reading import Column, fitting, interval, own_name, read
from crossroads.columns import AREA

LINES = ("-", "--", "-.", ":")


@house.house_style
def small_multiples(
    frame: pd.DataFrame,
    *,
    panel: str,
    x: str,
    value: str,
    lower: str | None = None,
    upper: str | None = None,
    group: str | None = None,
    group_order: Sequence | None = None,
    reference: pd.DataFrame | None = None,
    reference_label: str = "OECD average",
    panel_order: Sequence | None = None,
    columns: int = 4,
    shared: bool = True,
    unit: str = "",
    number: str | dict[str, str] | None = ".0f",
) -> house.Canvas:
    """Draw lines over time, one small panel a country, all on the same axes unless told otherwise.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per ``panel``, ``x`` (and ``group``).
    panel, x, value : str
        Columns of the panels' names, the years (numbers) and the values. A missing value breaks the line.
    lower, upper : str, optional
        Columns of the interval of 95 %.
    group : str, optional
        Column of up to four lines a panel, each with its own colour, dash and marker.
    group_order : list, optional
        Groups in order; of appearance when not given.
    reference : pandas.DataFrame, optional
        A line drawn in grey in every panel, with columns ``x`` and ``value``.
    reference_label : str
        Its name, such as ``"OECD average (33)"``.
    panel_order : list, optional
        Panels in order; of appearance when not given.
    columns : int
        Panels side by side, 1 to 4.
    shared : bool
        All panels have one axis of values; False gives each its own, for panels of different units.
    unit : str
        Title of the value axis: measure and unit, set above the panels.
    number : str, dict of str to str, or None
        Format of the last value of each line, printed at its end, or one format a panel; None prints none.

    Returns
    -------
    Chart
        Its form is "Line chart" or "Small multiples of line charts".

    Raises
    ------
    ChartError
        If a column is missing or not of its type, a point occurs twice, or an interval does not hold its value.
    """
    keys = [name for name in (panel, x, group) if name is not None]
    frame = house.check(frame, numbers=[x, value, lower, upper], complete=keys, unique=keys)
    house.check_interval(frame, value, lower, upper)
    if reference is not None:
        reference = house.check(reference, numbers=[x, value], complete=[x], unique=[x]).sort_values(x)
    panels = house.categories(frame, panel, panel_order, most=60)
    groups = [None] if group is None else house.categories(frame, group, group_order)
    columns = min(columns, len(panels), 2 if house.is_narrow() else 4)
    n_rows = -(-len(panels) // columns)
    form = "Line chart" if len(panels) == 1 else "Small multiples of line charts"
    height = 0.7 + (3.0 if len(panels) == 1 else n_rows * (1.5 if columns > 2 else 1.9))
    chart = house.canvas(height, form + (" with 95 % intervals" if lower else ""))
    ranks = [frame[x], *(frame[name].map({entry: i for i, entry in enumerate(known)})
                         for name, known in ((group, groups), (panel, panels)) if name is not None)]  # fmt: skip
    frame = frame.iloc[np.lexsort(ranks)].reset_index(drop=True)
    # A gap in a line is no mark.
    chart.reading = _series_reading(
        frame[frame[value].notna()], (panel, x, value, group), (lower, upper), (unit, number), len(panels)
    )
    rows = frame[value].notna().cumsum() - 1
    if len(panels) == 1:
        chart.plot = _one_panel(frame, (x, value, group, groups), (lower, upper), unit, reference, reference_label)
    grid = chart.subplots(n_rows, columns, sharex=True, sharey=shared, squeeze=False)
    for axes, name in zip(grid.flat, panels, strict=False):
        part = frame[frame[panel] == name]
        last = number[name] if isinstance(number, dict) else number
        if reference is not None:
            axes.plot(reference[x], reference[value], color=CONTEXT, linewidth=1.4, zorder=1.5)
        for entry, colour, dash, marker in zip(groups, CATEGORIES, LINES, MARKERS, strict=False):
            line = part if entry is None else part[part[group] == entry]
            _line(axes, line, (x, value, lower, upper), (colour, dash, marker), last, rows)
        axes.set_title(house.wrap(name, int(house.title_width() / 1.15 / columns) - 2), pad=4)
        axes.grid(True, axis="y")
    for axes in grid.flat[len(panels) :]:
        axes.set_visible(False)
    _time_axes(grid, frame[x], len(panels), columns)
    entries = [
        (name, look | {"linestyle": dash, "linewidth": 1.8})
        for (name, look), dash in zip(house.series_key(groups), LINES, strict=False)
    ]
    if reference is not None:
        entries.append((reference_label, {"color": CONTEXT, "linewidth": 1.6}))
    cast(ConstrainedLayoutEngine, chart.get_layout_engine()).set(h_pad=0.08)
    house.key(chart, entries, unit=unit)
    _part_ends(chart)
    return chart


@house.house_style
def distribution_strips(
    frame: pd.DataFrame,
    *,
    label: str,
    value: str,
    highlight: str | None = None,
    highlight_label: str = "Capital region",
    other_label: str = "Other regions",
    middle: str | None = None,
    middle_label: str = "Country",
    average: float | None = None,
    average_label: str = "OECD average",
    focus: str | Sequence[str] | None = None,
    unit: str = "",
) -> house.Canvas:
    """Draw every observation of every row on one line, so that the spread within rows can be compared.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row an observation, such as a region; rows of the chart follow the order of the data.
    label, value : str
        Columns of the names of the rows of the chart and of the numbers. Rows of the data without a number are
        not drawn: the note of the exhibit should give their count. A row of the chart with none shows ``m``.
    highlight : str, optional
        Column of booleans: observations to set off.
    highlight_label, other_label : str
        What they are and what the others are.
    middle : str, optional
        Column of one value per ``label``, such as the country's, drawn as a line across its row.
    middle_label : str
        What it is.
    average, average_label, focus, unit
        As in `ranked_dots`.

    Returns
    -------
    Chart
        Its form is "Strip plot".

    Raises
    ------
    ChartError
        If a column is missing or not of its type, or ``middle`` differs within a row.
    """
    frame = house.check(frame, text=[highlight], numbers=[value, middle], complete=[label])
    names = list(dict.fromkeys(frame[label]))
    focus = house.check_known(focus, names, "row")
    if middle is not None and (frame.groupby(label)[middle].nunique() > 1).any():
        raise ChartError(f"column {middle!r} has more than one value in a row of the chart")
    chart = house.canvas(0.95 + (house.row_height(names) + 0.02) * len(names), "Strip plot")
    axes = chart.subplots()
    missing = [name for name in names if frame.loc[frame[label] == name, value].isna().all()]
    # One mark an observation, and one for the letter of each row that has none.
    marks = frame[frame[value].notna() | (frame[label].isin(missing) & ~frame[label].duplicated())]
    marks = marks.reset_index(drop=True)
    known = marks[marks[value].notna()]
    form = fitting(known[value])
    chart.reading = read(
        marks,
        [
            own_name(marks, label),
            *([Column(label, "", "group")] if AREA in marks else []),
            Column(value, unit, "value", form),
            *([Column("kind", "Kind", "text")] if highlight else []),
            *([Column(middle, middle_label, "average", form)] if middle else []),
            *([Column("overall", average_label, "average", form)] if average is not None else []),
        ],
        kind=np.where(marks[highlight].fillna(False), highlight_label, other_label) if highlight else "",
        overall=average,
    )
    positions = dict(zip(names, house.row_axis(axes, names, focus, missing), strict=True))
    special = known[highlight].fillna(False).astype(bool) if highlight else pd.Series(False, known.index)
    place = known[label].map(positions)
    for part, order, look in (
        (~special, 2, house.mark(NAVY, filled=False, size=5)),
        (special, 2.2, house.mark(ORANGE, "D", size=6.5)),
    ):
        house.tie(axes.plot(known.loc[part, value], place[part], zorder=order, **look)[0], known.index[part])
    entries = [(other_label, house.mark(NAVY, filled=False, size=5))]
    if highlight:
        entries.append((highlight_label, house.mark(ORANGE, "D", size=6.5)))
    if middle is not None:
        lines = frame.drop_duplicates(label).set_index(label)[middle].dropna()
        spot = lines.index.map(positions).to_numpy()
        axes.vlines(lines, spot - 0.42, spot + 0.42, color=house.INK, linewidth=2, zorder=2.1)
        dash = {"color": house.INK, "linestyle": "none", "marker": "|", "markersize": 9, "markeredgewidth": 2}
        entries.append((middle_label, dash))
    empty = marks[marks[value].isna()]
    house.missing_letters(axes, empty[label].map(positions), ["m"] * len(empty), empty.index)
    house.number_axis(axes.xaxis)
    house.axis_title(axes, unit)
    axes.margins(x=0.03)
    if average is not None:
        house.average_line(axes, average, average_label)
    house.key(chart, entries)
    return chart


def _line(
    axes: Axes, line: pd.DataFrame, columns: Any, look: tuple[str, str, str], number: str | None, rows: pd.Series
) -> None:
    """Draw one line with its interval, markers and the number of its last point; tie them to the rows of the reading."""
    (x, value, lower, upper), (colour, dash, marker) = columns, look
    if lower is not None:
        axes.fill_between(line[x], line[lower], line[upper], color=colour, alpha=0.18, linewidth=0)
    axes.plot(line[x], line[value], color=colour, linestyle=dash)
    known = line.dropna(subset=[value])
    if known.empty:
        return
    house.tie(
        axes.plot(known[x], known[value], **house.mark(colour, marker, size=4.5), zorder=2.2)[0], rows[known.index]
    )
    if number is None:
        return
    last = known.iloc[-1]
    end = axes.annotate(
        house.amount(last[value], number), (last[x], last[value]), xytext=(5, 0), textcoords="offset points",
        ha="left", va="center", color=TEXT[colour], weight="semibold", annotation_clip=False,
    )  # fmt: skip
    house.tie(end, rows[last.name])


def _series_reading(frame: pd.DataFrame, names: Any, bounds: Any, told: Any, n_panels: int) -> dict[str, Any]:
    """Return the table behind lines: one row a point, with the format of its panel."""
    (panel, x, value, group), (lower, upper), (unit, number) = names, bounds, told
    form = frame[panel].map(number) if isinstance(number, dict) else fitting(frame[value]) if number is None else number
    keys = [name for name in (panel, group) if name is not None and (name == group or n_panels > 1 or group is None)]
    return read(
        frame,
        [
            *[Column(name, "", role) for name, role in zip(keys, ("label", "group"), strict=False)],
            Column(x, "Year", "period"),
            Column(value, unit, "value", form),
            *interval(lower, upper, form),
        ],
    )


def _one_panel(
    frame: pd.DataFrame, names: Any, bounds: Any, unit: str, reference: pd.DataFrame | None, reference_label: str
) -> dict[str, Any]:
    """Return what one panel plots; many panels are no chart that other programs have."""
    (x, value, group, groups), (lower, upper) = names, bounds
    marks = frame[frame[value].notna()].reset_index(drop=True)
    looks = plot.by_look(marks, value, group=group, groups=groups, lower=lower, upper=upper, across=x)
    line = None if reference is None else reference[[x, value]].set_axis(["x", "y"], axis="columns")
    return plot.describe("lines", looks, axis=unit, across="Year", fit=line, fit_label=reference_label)


def _time_axes(grid: Any, years: Any, n_panels: int, columns: int) -> None:
    """Label years and values once a row and column; name only the first and last year where panels are narrow."""
    first, last = years.min(), years.max()
    years = sorted(years.unique())
    for index, axes in enumerate(grid.flat[:n_panels]):
        house.number_axis(axes.yaxis, 4)
        axes.set_xlim(first - 0.06 * (last - first or 1), last + 0.06 * (last - first or 1))
        axes.spines["bottom"].set_visible(True)
        shown = years if columns == 1 and len(years) <= 12 else [first, last] if last > first else [first]
        axes.set_xticks(shown, [f"{year:g}" for year in shown])
        axes.tick_params(labelbottom=index + columns >= n_panels, colors=MUTED)


def _part_ends(chart: house.Canvas, gap: float = 11.5) -> None:
    """Move numbers at the ends of lines apart, at least ``gap`` points from one to the next."""
    chart.lay_out()
    for axes in chart.axes:
        ends = [cast(Annotation, text) for text in axes.texts if text.get_text()]
        heights = [axes.transData.transform(text.xy)[1] * 72 / chart.dpi for text in ends]
        order = sorted(range(len(ends)), key=heights.__getitem__)
        for below, above in pairwise(order):
            lack = gap - (heights[above] - heights[below])
            if lack > 0:
                heights[below], heights[above] = heights[below] - lack / 2, heights[above] + lack / 2
        low, high = (edge * 72 / chart.dpi for edge in (axes.bbox.y0, axes.bbox.y1))
        # Above the axes is the title, below them are the years.
        excess = max(heights, default=0) - (high - 3)
        lack = low - min(heights, default=low)
        shift = -excess if excess > 0 else max(lack, 0)
        heights = [height + shift for height in heights]
        for text, height in zip(ends, heights, strict=True):
            text.xyann = (5, height - axes.transData.transform(text.xy)[1] * 72 / chart.dpi)
