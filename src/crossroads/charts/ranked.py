"""Charts with one row a country, region or practice: dots, bars, arrows, ranks and published effects.

Not here: charts of two measures (`association`), over time (`series`) or in two dimensions (`matrix`).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.path import Path
from matplotlib.transforms import blended_transform_factory

from crossroads.charts import house, plot
from crossroads.charts.house import (
    CATEGORIES,
    CONTEXT,
    FOCUS_TINT,
    INK,
    MARKERS,
    NAVY,
    ORANGE,
    ROW,
    STEPS,
    TEXT,
    ChartError,
)
from crossroads.charts.reading import Column, fitting, interval, read, verdict

DIFFERENCE = ("Different from the average", "Not significantly different")
CHANGE = ("Significant change", "No significant change")

# Heads of arrows, with the tip on the value.
RIGHT = Path([(0, 0), (-1.6, 1), (-1.6, -1), (0, 0)], closed=True)
LEFT = Path([(0, 0), (1.6, 1), (1.6, -1), (0, 0)], closed=True)


@house.house_style
def ranked_dots(
    frame: pd.DataFrame,
    *,
    label: str,
    value: str,
    lower: str | None = None,
    upper: str | None = None,
    group: str | None = None,
    group_order: Sequence | None = None,
    significant: str | None = None,
    significance: tuple[str, str] = DIFFERENCE,
    status: str | None = None,
    average: float | None = None,
    average_label: str = "OECD average",
    focus: str | Sequence[str] | None = None,
    unit: str = "",
    number: str = ".0f",
    ascending: bool = False,
) -> house.Canvas:
    """Draw one dot a row, sorted by value, with intervals, an average line and hollow dots.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per ``label`` (and ``group``).
    label, value : str
        Columns of the names of the rows and of the numbers. A missing number is shown by its letter, last.
    lower, upper : str, optional
        Columns of the interval of 95 %; may be missing in single rows.
    group : str, optional
        Column of two to four groups drawn in one row each with its own marker, joined by a line; rows are
        sorted by the first group.
    group_order : list, optional
        Groups in order; of appearance when not given.
    significant : str, optional
        Column of booleans; a row without significance gets a hollow dot.
    significance : tuple of str
        What filled and hollow mean.
    status : str, optional
        Column with the letter of each missing value; ``m`` when not given.
    average : float, optional
        Where to draw the line of the average.
    average_label : str
        Its name with the number of countries, such as ``"OECD average (33)"``.
    focus : str or list of str, optional
        Rows to set off from the rest.
    unit : str
        Title of the axis: measure and unit.
    number : str or None
        Format of the numbers printed at the end of the rows; None prints none. Groups print none; that theirs are changes is told
        by a sign at its beginning.
    ascending : bool
        Lowest value first.

    Returns
    -------
    Chart
        Its form is "Ranked dot plot", with what was drawn.

    Raises
    ------
    ChartError
        If a column is missing or not of its type, a row occurs twice, or an interval does not hold its value.
    """
    keys = [label] if group is None else [label, group]
    frame = house.check(frame, text=[significant, status], numbers=[value, lower, upper], complete=keys, unique=keys)
    house.check_interval(frame, value, lower, upper)
    focus = house.check_known(focus, frame[label], "row")
    groups = [None] if group is None else house.categories(frame, group, group_order)
    parts = [frame if name is None else frame[frame[group] == name] for name in groups]
    wide = pd.concat([part.set_index(label)[value] for part in parts], axis=1, keys=range(len(parts)))
    order = _order(wide[0], ascending)
    wide = wide.loc[order]
    rows = {name: position for position, name in enumerate(order)}

    form = "Ranked dot plot" + (" with 95 % intervals" if lower else "")
    chart = house.canvas(0.85 + house.row_height(order) * len(order), form)
    axes = chart.subplots()
    missing = wide.index[wide.isna().all(axis=1)]
    marks, first = _marks(frame, label, group, order, groups)
    shown_as = number if number is not None and group is None else fitting(marks[value])
    if group is not None and (number or "").startswith("+"):
        shown_as = f"+{shown_as}"
    chart.reading = read(
        marks,
        [
            *_names(label, group),
            Column(value, unit, "value", shown_as),
            *interval(lower, upper, shown_as),
            *([Column("verdict", "Significance", "text")] if significant else []),
            *([Column("average", average_label, "average", shown_as)] if average is not None else []),
        ],
        house.letters(marks, value, status),
        verdict=verdict(marks, significant, significance),
        average=average,
    )
    looks = plot.by_look(
        marks,
        value,
        group=group,
        groups=groups,
        significant=significant,
        meanings=significance,
        lower=lower,
        upper=upper,
    )
    chart.plot = plot.describe("dots", looks, axis=unit, average=_average(average_label, average))
    positions = house.row_axis(axes, order, focus, missing, first)
    if group is not None:
        axes.hlines(positions, wide.min(axis=1), wide.max(axis=1), color=CONTEXT, linewidth=1.2, zorder=1.8)
    parts = [marks if name is None else marks[marks[group] == name] for name in groups]
    for part, colour, marker in zip(parts, CATEGORIES, MARKERS, strict=False):
        known = part[part[value].notna()]
        colours = [ORANGE if name in focus and group is None else colour for name in known[label]]
        _dots(axes, known, known[label].map(rows), (value, lower, upper), significant, colours, marker)
    letters = frame.assign(letter=house.letters(frame, value, status)).drop_duplicates(label).set_index(label)
    house.missing_letters(
        axes, [rows[name] for name in missing], letters["letter"].reindex(missing), first[wide.isna().all(axis=1)]
    )
    if number is not None and group is None:
        shown = wide[0].dropna()
        places = [rows[name] for name in shown.index]
        texts = [house.amount(entry, number) for entry in shown]
        house.value_column(axes, places, texts, {rows[name] for name in focus}, places)
    house.number_axis(axes.xaxis)
    house.axis_title(axes, unit)
    axes.margins(x=0.04)
    if average is not None:
        house.average_line(axes, average, average_label)
    entries = house.series_key(groups)
    if significant is not None:
        entries += house.significance_key(NAVY if group is None else INK, significance)
    house.key(chart, entries)
    return chart


@house.house_style
def ranked_bars(
    frame: pd.DataFrame,
    *,
    label: str,
    value: str,
    lower: str | None = None,
    upper: str | None = None,
    group: str | None = None,
    group_order: Sequence | None = None,
    status: str | None = None,
    average: float | None = None,
    average_label: str = "OECD average",
    focus: str | Sequence[str] | None = None,
    unit: str = "",
    number: str = ".0f",
    ascending: bool = False,
    sort: bool = True,
) -> house.Canvas:
    """Draw one bar a row from zero, sorted by value; with groups, bars stacked to a whole.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per ``label`` (and ``group``).
    label, value : str
        Columns of the names of the rows and of the numbers. A missing number is shown by its letter, last.
    lower, upper : str, optional
        Columns of the interval of 95 %; not with groups.
    group : str, optional
        Column of two to four parts that are stacked; no part may be negative. Rows are sorted by the first.
    group_order : list, optional
        Parts from left to right; in order of appearance when not given.
    status, average, average_label, focus, unit, number, ascending
        As in `ranked_dots`. Stacked parts carry their numbers inside where these fit.
    sort : bool
        Sort by value; otherwise the rows keep their order, as ordered categories such as age must.

    Returns
    -------
    Chart
        Its form is "Ranked bar chart", "Bar chart" or "Stacked bar chart".

    Raises
    ------
    ChartError
        As in `ranked_dots`, and for a negative part of a stack.
    """
    keys = [label] if group is None else [label, group]
    frame = house.check(frame, text=[status], numbers=[value, lower, upper], complete=keys, unique=keys)
    house.check_interval(frame, value, lower, upper)
    focus = house.check_known(focus, frame[label], "row")
    groups = [None] if group is None else house.categories(frame, group, group_order)
    parts = [frame if name is None else frame[frame[group] == name] for name in groups]
    wide = pd.concat([part.set_index(label)[value] for part in parts], axis=1, keys=range(len(parts)))
    wide = wide.loc[_order(wide[0], ascending) if sort else list(dict.fromkeys(frame[label]))]
    form = "Stacked bar chart" if group else "Ranked bar chart" if sort else "Bar chart"
    form += " with 95 % intervals" if lower else ""
    chart = house.canvas(0.85 + (house.row_height(wide.index) + 0.005) * len(wide), form)
    axes = chart.subplots()
    missing = wide.index[wide.isna().any(axis=1)]
    marks, first = _marks(frame, label, group, list(wide.index), groups)
    shown_as = number if number is not None else fitting(marks[value])
    chart.reading = read(
        marks,
        [
            *_names(label, group),
            Column(value, unit, "value", shown_as),
            *interval(lower, upper, shown_as),
            *([Column("average", average_label, "average", shown_as)] if average is not None else []),
        ],
        house.letters(marks, value, status),
        average=average,
    )
    looks = plot.by_look(marks, value, group=group, groups=groups, lower=lower, upper=upper)
    chart.plot = plot.describe("stack" if group else "bars", looks, axis=unit, average=_average(average_label, average))
    positions = house.row_axis(axes, wide.index, focus, missing, first)
    rows = dict(zip(wide.index, positions, strict=True))
    if group is None:
        _bars(axes, wide[0], positions, focus, pale=lower is not None)
        if lower is not None:
            bounds = marks[marks[lower].notna()]
            lines = axes.hlines(bounds.index, bounds[lower], bounds[upper], color=INK, linewidth=1.4)
            house.tie(lines, bounds.index)
        shown = wide[0].dropna() if number is not None else wide[0].iloc[:0]
        places = [rows[name] for name in shown.index]
        texts = [house.amount(entry, number) for entry in shown]
        house.value_column(axes, places, texts, {rows[name] for name in focus}, places)
    else:
        _stack(axes, wide, positions, number, marks, (label, group, groups))
        swatches = zip(groups, CATEGORIES, strict=False)
        house.key(chart, [(str(name), house.mark(colour, "s", size=9)) for name, colour in swatches])
    axes.axvline(0, color=INK, linewidth=0.9)
    letters = frame.assign(letter=house.letters(frame, value, status)).dropna(subset="letter").drop_duplicates(label)
    house.missing_letters(
        axes, [rows[name] for name in missing], letters.set_index(label)["letter"].reindex(missing),
        first[wide.isna().any(axis=1)],
    )  # fmt: skip
    house.number_axis(axes.xaxis)
    house.axis_title(axes, unit)
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, 0), max(high, 0))
    if average is not None:
        house.average_line(axes, average, average_label)
    return chart


@house.house_style
def change_arrows(
    frame: pd.DataFrame,
    *,
    label: str,
    start: str,
    end: str,
    start_label: str,
    end_label: str,
    change: str | None = None,
    significant: str | None = None,
    significance: tuple[str, str] = CHANGE,
    status: str | None = None,
    average: float | None = None,
    average_label: str = "OECD average",
    focus: str | Sequence[str] | None = None,
    unit: str = "",
    number: str = "+.0f",
    sort_by: str | None = None,
    ascending: bool = False,
) -> house.Canvas:
    """Draw an arrow a row from the value of one year to that of another.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per ``label``.
    label, start, end : str
        Columns of the names of the rows and of the two values. A row that lacks one value shows the other as a dot.
    start_label, end_label : str
        The two years, written above the first arrow.
    change : str, optional
        Column of the change that is printed at the end of the row in the format ``number``.
    significant : str, optional
        Column of booleans; a change that is not significant has a hollow, grey arrow.
    significance : tuple of str
        What filled and hollow mean.
    sort_by : str, optional
        Column to sort by, ``end`` when not given.
    status, average, average_label, focus, unit, ascending
        As in `ranked_dots`.

    Returns
    -------
    Chart
        Its form is "Arrow chart of change".

    Raises
    ------
    ChartError
        As in `ranked_dots`.
    """
    sort_by = sort_by or end
    frame = house.check(
        frame, text=[significant, status], numbers=[start, end, change, sort_by], complete=[label], unique=[label]
    ).set_index(label)
    focus = house.check_known(focus, frame.index, "row")
    frame = frame.loc[_order(frame[sort_by], ascending)]
    chart = house.canvas(1.0 + house.row_height(frame.index) * len(frame), "Arrow chart of change")
    axes = chart.subplots()
    missing = frame.index[frame[[start, end]].isna().any(axis=1)]
    letters = house.letters(frame.assign(both=frame[start] + frame[end]), "both", status)
    chart.reading = _arrow_reading(
        frame, label, (start, end), (start_label, end_label), change, number, unit,
        verdict(frame, significant, significance), letters,
    )  # fmt: skip
    marks = frame.reset_index()
    ends = plot.by_look(marks, end, significant=significant, meanings=_of(end_label, significance), look=1)
    if significant is None:
        ends[0]["label"] = end_label
    chart.plot = plot.describe(
        "dots",
        [plot.series_of(start_label, marks, start), *ends],
        axis=unit.partition(";")[0],  # what is printed of the change is not plotted
        average=_average(average_label, average),
    )
    positions = house.row_axis(axes, frame.index, focus, missing, range(len(frame)))
    for position, (name, row) in zip(positions, frame.iterrows(), strict=True):
        _arrow(axes, position, row[start], row[end],
               ORANGE if name in focus else NAVY, significant is None or bool(row[significant]))  # fmt: skip
    empty = frame[[start, end]].isna().all(axis=1).to_numpy()
    house.missing_letters(axes, positions[empty], letters.reindex(frame.index[empty]), positions[empty])
    if change is not None:
        house.value_column(
            axes, positions, ["m" if pd.isna(entry) else house.amount(entry, number) for entry in frame[change]],
            {position for position, name in zip(positions, frame.index, strict=True) if name in focus}, positions,
        )  # fmt: skip
    house.number_axis(axes.xaxis)
    house.axis_title(axes, unit)
    axes.margins(x=0.05)
    first = frame.dropna(subset=[start, end])
    if first.empty:
        raise ChartError("no row has both values: there is no change to draw")
    if average is not None:
        house.average_line(axes, average, average_label)
    house.key(chart, _arrow_key(frame, (start, end), (start_label, end_label), significant, significance))
    return chart


@house.house_style
def rank_intervals(
    frame: pd.DataFrame,
    *,
    label: str,
    lower: str,
    upper: str,
    rank: str | None = None,
    focus: str | Sequence[str] | None = None,
    unit: str = "Rank (1 = highest)",
) -> house.Canvas:
    """Draw the interval of ranks of every row, sorted by rank.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per ``label``.
    label, lower, upper : str
        Columns of the names of the rows and of the best and the worst rank (a number from 1).
    rank : str, optional
        Column of the rank in the reference build; the middle of the interval sorts when not given.
    focus : str or list of str, optional
        Rows to set off from the rest.
    unit : str
        Title of the axis.

    Returns
    -------
    Chart
        Its form is "Chart of rank intervals".

    Raises
    ------
    ChartError
        As in `ranked_dots`, and for a rank below 1.
    """
    columns = [name for name in (lower, upper, rank) if name is not None]
    frame = house.check(frame, numbers=columns, complete=[label, *columns], unique=[label])
    house.check_interval(frame, rank or lower, lower, upper)
    if (frame[lower] < 1).any():
        raise ChartError(f"column {lower!r} holds the rank {frame[lower].min():g}; ranks begin at 1")
    focus = house.check_known(focus, frame[label], "row")
    by = [rank, lower, upper, label] if rank else [lower, upper, label]
    frame = frame.sort_values(by, ignore_index=True)
    chart = house.canvas(0.75 + house.row_height(frame[label]) * len(frame), "Chart of rank intervals")
    chart.reading = read(
        frame,
        [
            Column(label, "", "label"),
            *([Column(rank, unit, "value", ".0f")] if rank else []),
            Column(lower, "Best rank", "lower", ".0f"),
            Column(upper, "Worst rank", "upper", ".0f"),
        ],
    )
    axes = chart.subplots()
    positions = house.row_axis(axes, frame[label], focus, rows=frame.index)
    colours = [ORANGE if name in focus else NAVY for name in frame[label]]
    # Wide enough that a rank known exactly still shows as a bar.
    for position, low, high, colour in zip(positions, frame[lower], frame[upper], colours, strict=True):
        drawn = axes.plot([low, high], [position] * 2, color=STEPS[1] if colour == NAVY else FOCUS_TINT,
                          linewidth=7, solid_capstyle="round", zorder=1.8)  # fmt: skip
        for end in (low, high):
            drawn += axes.plot([end], [position], marker="|", color=colour, markersize=7, markeredgewidth=1.3, zorder=2)
        house.tie(drawn, [position] * len(drawn))
    if rank is not None:
        for position, middle, colour in zip(positions, frame[rank], colours, strict=True):
            house.tie(axes.plot([middle], [position], **house.mark(colour)), [position])
    house.value_column(
        axes, positions,
        [f"{low:.0f}" + (f"–{high:.0f}" if high > low else "") for low, high in frame[[lower, upper]].to_numpy()],
        {position for position, name in zip(positions, frame[label], strict=True) if name in focus}, frame.index,
    )  # fmt: skip
    house.number_axis(axes.xaxis)
    last = int(frame[upper].max())
    axes.set_xlim(0.2, last + 0.8)
    axes.set_xticks(sorted({1, *range(5, last - 1, 5), last}))
    house.axis_title(axes, unit)
    return chart


@house.house_style
def forest_plot(
    frame: pd.DataFrame,
    *,
    label: str,
    value: str,
    lower: str,
    upper: str,
    group: str | None = None,
    pooled: str | None = None,
    null: float = 0.0,
    unit: str = "",
    number: str = ".2f",
    directions: tuple[str, str] = ("", ""),
) -> house.Canvas:
    """Draw published effects with their intervals, row by row in the order of the data.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row an effect.
    label, value, lower, upper : str
        Columns of the names of the studies, the effects and the bounds of their intervals of 95 %. An effect
        published without an interval has neither bound, and a hollow marker.
    group : str, optional
        Column of headings; rows of a group must follow each other.
    pooled : str, optional
        Column of booleans: rows that sum up others, drawn as diamonds.
    null : float
        Effect that means none.
    unit : str
        Title of the axis: the effect size.
    number : str
        Format of the effects printed beside the rows.
    directions : tuple of str
        What effects left and right of ``null`` mean, written above the axes.

    Returns
    -------
    Chart
        Its form is "Forest plot with 95 % intervals".

    Raises
    ------
    ChartError
        As in `ranked_dots`; an effect itself may not be missing.
    """
    frame = house.check(frame, text=[group, pooled], numbers=[value, lower, upper], complete=[label, value])
    house.check_interval(frame, value, lower, upper)
    entries = _with_headings(frame, group)
    names = [heading if row is None else frame.loc[row, label] for heading, row in entries]
    lines = [1 + house.wrap(name, house.label_width()).count("\n") for name in names]
    chart = house.canvas(0.95 + (ROW + 0.04) * sum(lines), "Forest plot with 95 % intervals")
    chart.reading = read(
        frame,
        [*_names(label, group), Column(value, unit, "value", number), *interval(lower, upper, number)],
    )
    axes = chart.subplots()
    # A label of two lines takes the place of two rows.
    positions = np.cumsum(lines) - (np.array(lines) + 1) / 2
    axes.set_ylim(sum(lines) - 0.4, -0.6)
    for name, (_, row) in zip(house.row_labels(axes, positions, names), entries, strict=True):
        if row is not None:
            house.tie(name, row)
        if row is None or (pooled is not None and frame.loc[row, pooled]):
            name.set(weight="bold")
    axes.axvline(null, color=INK, linewidth=0.9, zorder=1)
    texts, places = [], []
    for position, (_, row) in zip(positions, entries, strict=True):
        if row is None:
            continue
        effect = frame.loc[row]
        summary = pooled is not None and bool(effect[pooled])
        known = pd.notna(effect[lower])
        colour = ORANGE if summary else NAVY
        look = house.mark(colour, "D" if summary else "o", known, 6.5 + 1.5 * summary)
        drawn = axes.plot([effect[value]], [position], **look, zorder=2.1)
        if known:
            drawn += axes.plot([effect[lower], effect[upper]], [position] * 2, color=colour, linewidth=1.6)
        house.tie(drawn, [row] * len(drawn))
        middle, low, high = (house.amount(effect[column], number) for column in (value, lower, upper))
        # On a telephone the interval has no room beside its line; the table gives it.
        texts.append(middle + (f" [{low}, {high}]" if known and not house.is_narrow() else ""))
        places.append(position)
    if frame[lower].isna().any():
        house.key(chart, list(zip(("With interval", "No interval published"),
                                  (house.mark(NAVY), house.mark(NAVY, filled=False)), strict=True)))  # fmt: skip
    house.value_column(axes, places, texts, rows=[row for _, row in entries if row is not None])
    house.number_axis(axes.xaxis, 5)
    axes.margins(x=0.05)
    house.axis_title(axes, unit)
    beside = blended_transform_factory(axes.transData, axes.transAxes)
    for text, side, gap in zip(directions, ("right", "left"), (-6, 6), strict=True):
        if text:
            axes.annotate(text, (null, 1), xycoords=beside, xytext=(gap, 4), textcoords="offset points",
                          ha=side, va="bottom", color=TEXT[CONTEXT], style="italic")  # fmt: skip
    return chart


def _average(label: str, value: float | None) -> tuple[str, float] | None:
    """Return name and value of an average, if there is one."""
    return None if value is None else (label, value)


def _of(year: str, meanings: tuple[str, str]) -> tuple[str, str]:
    """Say of which year it is that is significant or not."""
    filled, hollow = (f"{year}: {meaning[:1].lower()}{meaning[1:]}" for meaning in meanings)
    return filled, hollow


def _names(label: str, group: str | None) -> list[Column]:
    """Return the columns that say what a mark is of."""
    return [Column(label, "", "label"), *([Column(group, "", "group")] if group is not None else [])]


def _marks(
    frame: pd.DataFrame, label: str, group: str | None, order: Sequence[str], groups: Sequence
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return one row a mark in the order of the chart, and the first mark of each row of the chart."""
    place = frame[label].map({name: i for i, name in enumerate(order)})
    part = 0 * place if group is None else frame[group].map({name: i for i, name in enumerate(groups)})
    marks = frame.iloc[np.lexsort([part, place])].reset_index(drop=True)
    return marks, np.flatnonzero(~marks[label].duplicated())


def _order(values: pd.Series, ascending: bool) -> list[str]:
    """Return the labels sorted by value, equal values by name, missing ones last."""
    names = values.index.to_series().astype(str)
    table = pd.DataFrame({"value": values if ascending else -values, "name": names}).rename_axis(None)
    return list(table.sort_values(["value", "name"], na_position="last").index)


def _dots(
    axes: Axes,
    part: pd.DataFrame,
    positions: np.ndarray,
    columns: Any,
    significant: str | None,
    colours: Sequence[str],
    marker: str,
) -> None:
    """Draw the dots of one group with their intervals."""
    value, lower, upper = columns
    filled = part[significant].fillna(False).astype(bool) if significant is not None else pd.Series(True, part.index)
    place, shades = pd.Series(np.asarray(positions), part.index), pd.Series(list(colours), part.index, dtype=object)
    if lower is not None:
        known = part[part[lower].notna()]
        lines = axes.hlines(place[known.index], known[lower], known[upper], colors=list(shades[known.index]),
                            linewidth=1.4, zorder=1.9, capstyle="round")  # fmt: skip
        house.tie(lines, known.index)
    for (colour, solid), alike in part.groupby([shades, filled], sort=False):
        look = house.mark(str(colour), marker, bool(solid))
        house.tie(axes.plot(alike[value], place[alike.index], **look, zorder=2.1)[0], alike.index)


def _arrow(axes: Axes, position: float, start: float, end: float, colour: str, significant: bool) -> None:
    """Draw one arrow; a row with a single value has a dot."""
    shade = colour if significant or colour != NAVY else CONTEXT
    if pd.isna(start) or pd.isna(end):
        known = end if pd.isna(start) else start
        if pd.notna(known):
            house.tie(axes.plot([known], [position], **house.mark(CONTEXT, "o", pd.notna(end), 5)), [position])
        return
    head = RIGHT if end >= start else LEFT
    drawn = [
        *axes.plot([start, end], [position] * 2, color=shade, linewidth=1.8 if significant else 1.4, zorder=1.9),
        *axes.plot([start], [position], marker="|", color=shade, markersize=6, markeredgewidth=1.6, zorder=2),
        *axes.plot([end], [position], **_head(shade, head, significant), zorder=2.1),
    ]
    house.tie(drawn, [position] * len(drawn))


def _arrow_reading(
    frame: pd.DataFrame,
    label: str,
    columns: Any,
    years: Any,
    change: str | None,
    number: str,
    unit: str,
    verdicts: pd.Series,
    letters: pd.Series,
) -> dict[str, Any]:
    """Return the table behind arrows: the change is what they show, or the second value where none is given."""
    (start, end), (first, last) = columns, years
    form, measure = fitting(frame[start], frame[end]), unit.partition(";")[0]
    heads = [f"{measure}: {year}" if measure else year for year in years]
    ends = [
        Column(start, heads[0], "text" if change else "value2", form),
        Column(end, heads[1], "text" if change else "value", form),
    ]
    told = "Change" if any(sign.isdigit() for sign in last) else f"{last} minus {first[:1].lower()}{first[1:]}"
    return read(
        frame.reset_index(),
        [
            Column(label, "", "label"),
            *ends,
            *([Column(change, told, "value", number)] if change else []),
            *([Column("verdict", "Significance", "text")] if verdicts.any() else []),
        ],
        letters.set_axis(frame.index.get_indexer(letters.index)),
        verdict=verdicts.to_numpy(),
    )


def _head(colour: str, marker: str | Path, significant: bool) -> dict[str, Any]:
    """Return the settings of an arrow's head, whose tip is the value."""
    return house.mark(colour, marker, significant, 13) | {"markeredgecolor": colour, "markeredgewidth": 1}


def _arrow_key(
    frame: pd.DataFrame, columns: Any, years: Any, significant: str | None, meanings: tuple[str, str]
) -> list:
    """Say what arrows and dots mean, as far as they occur."""
    (start, end), (first, last) = columns, years
    filled = _head(NAVY, ">", True) | {"markersize": 7}
    entries = [(f"{first} to {last}", filled)]
    if significant is not None:
        entries = [
            (f"{first} to {last}: {meanings[0][0].lower()}{meanings[0][1:]}", filled),
            (meanings[1], _head(CONTEXT, ">", False) | {"markersize": 7}),
        ]
    for known, lacking, year in ((start, end, first), (end, start, last)):
        if (frame[known].notna() & frame[lacking].isna()).any():
            entries.append((f"{year} only", house.mark(CONTEXT, "o", known == end, 5)))
    return entries


def _bars(axes: Axes, values: pd.Series, positions: np.ndarray, focus: Sequence[str], pale: bool) -> None:
    """Draw simple bars; pale ones with an edge, where an interval must be seen upon them."""
    strong = values.index.isin(focus)
    edges = np.where(strong, ORANGE, NAVY if pale or not len(focus) else CONTEXT)
    faces = np.where(strong, FOCUS_TINT, STEPS[1]) if pale else edges
    bars = axes.barh(positions, values, height=0.68, color=faces, edgecolor=edges, linewidth=0.9)
    house.tie(bars, range(len(bars)))


def _stack(
    axes: Axes, wide: pd.DataFrame, positions: np.ndarray, number: str | None, marks: pd.DataFrame, keys: Any
) -> None:
    """Draw stacked bars with white gaps, their numbers inside where these fit."""
    label, group, groups = keys
    rows = marks.reset_index(names="reading").pivot(index=label, columns=group, values="reading")
    if (wide < 0).any(axis=None):
        raise ChartError("a part of a stack is negative; stack only shares of a whole, or use ranked_dots")
    wide = wide.where(wide.notna().all(axis=1))
    total = wide.sum(axis=1).max()
    left = np.zeros(len(wide))
    # So many figures of the base size fit into the axes.
    room = 20 if house.is_narrow() else 40
    for column, name, colour in zip(wide, groups, CATEGORIES, strict=False):
        part = wide[column].dropna()
        known = rows.loc[part.index, name].to_numpy()
        ticked, begins = positions[wide[column].notna()], left[wide[column].notna()]
        house.tie(
            axes.barh(ticked, part, left=begins, height=0.74, color=colour, edgecolor="white", linewidth=1), known
        )
        for position, begin, size, row in zip(ticked, begins, part, known, strict=True):
            if number is not None and size / total * room >= len(house.amount(size, number)) + 1:
                house.tie(axes.text(begin + size / 2, position, house.amount(size, number),
                                    ha="center", va="center_baseline", color=house.text_on(colour)), row)  # fmt: skip
        left = left + wide[column].fillna(0)
    axes.set_xlim(0, total)


def _with_headings(frame: pd.DataFrame, group: str | None) -> list[tuple[str | None, Any]]:
    """Return the rows of a forest plot as pairs of heading and row, one of which is None."""
    if group is None:
        return [(None, row) for row in frame.index]
    runs = (frame[group] != frame[group].shift()).cumsum()
    if frame.groupby(runs)[group].first().duplicated().any():
        raise ChartError(f"the rows of a group in {group!r} do not follow each other; sort the data by group")
    entries: list[tuple[str | None, Any]] = []
    seen = None
    for row in frame.index:
        if frame.loc[row, group] != seen:
            seen = frame.loc[row, group]
            entries.append((str(seen), None))
        entries.append((None, row))
    return entries
