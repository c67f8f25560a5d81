"""The house style and the few forms of chart that the book uses, one function a form.

Each function takes a tidy frame and the names of its columns and returns a Matplotlib figure; ``figure.form`` says
what kind of chart it is, from which the alternative text is built. A chart never computes a statistic: intervals,
averages, fits and tests come in as data. Title, subtitle, note and source stand on the page, not in the picture.

Pictures are 5.6 inches wide, so that 9-point text is still 8 pixels high on a phone 390 pixels wide. Text is drawn
as outlines in a vendored font: the same shapes on every machine, and no font for readers to load.

Not here: publication (``crossroads.exhibits``), statistics (floor 1).
"""

import itertools
from pathlib import Path

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib import font_manager, ticker
from matplotlib.figure import Figure

NAVY, TEAL, PLUM, ORANGE, INK, LILAC = "#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1"
PALETTE = (NAVY, TEAL, PLUM, ORANGE, INK, LILAC)
GREY = "#767676"  # 4.5:1 on white, so that it also serves for text
RULE = "#D9D9D9"
WIDTH = 5.6
ROW = 0.205  # height of a row of a ranked chart in inches
FONTS = Path(__file__).with_name("fonts")

STYLE = {
    "font.family": "Open Sans",
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.labelsize": 9,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": RULE,
    "grid.linewidth": 0.7,
    "xtick.major.size": 3,
    "ytick.major.size": 0,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "crossroads",  # otherwise the ids in the file are random
}


class ChartError(ValueError):
    """Data from which the chart cannot be drawn."""


for path in sorted(FONTS.glob("*.ttf")):
    font_manager.fontManager.addfont(path)
# For the whole process, because a figure is drawn when it is saved, long after the function has returned.
mpl.rcParams.update(STYLE)


def ranked_dots(frame, *, label, value, low=None, high=None, average=None, focus=(), unit="", specification=".0f"):
    """Draw one dot a row with its interval, ranked by value, with the number beside it.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a dot; a missing value is listed at the end with ``m``.
    label, value : str
        Columns with the name of the row and its value.
    low, high : str, optional
        Columns with the ends of the interval.
    average : tuple of (float, str), optional
        Position and label of the line of comparison, e.g. ``(472.4, "OECD average (37)")``.
    focus : collection of str
        Names of rows to set apart in colour and weight.
    unit : str
        Label of the axis.
    specification : str
        Format of the numbers.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ChartError
        If a column is missing or there is nothing to draw.
    """
    rows = _ranked(frame, label, value, [low, high])
    figure, axes = _rows(rows, label, extra=0.75)
    places = np.arange(len(rows))
    colours = [ORANGE if name in focus else NAVY for name in rows[label]]
    if low:
        axes.hlines(places, rows[low], rows[high], colors=colours, linewidth=1.6, alpha=0.75)
    axes.scatter(rows[value], places, s=26, c=colours, zorder=3)
    if average:
        _reference(axes, *average)
    _numbers(axes, rows, value, specification)
    _emphasise(axes, rows[label], focus)
    _finish_rows(axes, unit)
    figure.form = "Ranked dot plot" + (" with 95% intervals" if low else "")
    return figure


def change_arrows(frame, *, label, start, end, significant, periods, unit="", specification="+.0f", focus=()):
    """Draw an arrow a row from an earlier to a later value, ranked by change; hollow where it may be chance.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row an arrow.
    label, start, end : str
        Columns with the name, the earlier and the later value.
    significant : str
        Boolean column: whether the change is statistically significant.
    periods : tuple of (str, str)
        What the two values are, e.g. ``("2012", "2022")``.
    unit, specification, focus
        As in :func:`ranked_dots`; the number beside a row is its change.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ChartError
        If a column is missing or there is nothing to draw.
    """
    _require(frame, [label, start, end, significant])
    rows = frame.dropna(subset=[start, end]).assign(_change=lambda table: table[end] - table[start])
    rows = _ranked(rows, label, "_change", [])
    figure, axes = _rows(rows, label, extra=0.95)
    for place, (_, row) in enumerate(rows.iterrows()):
        colour = (PLUM if row["_change"] < 0 else TEAL) if row[significant] else GREY
        axes.plot([row[start], row[end]], [place, place], color=colour, linewidth=1.6, solid_capstyle="butt", zorder=2)
        axes.plot(row[start], place, "|", color=colour, markersize=6, markeredgewidth=1.6, zorder=3)
        head = "<" if row["_change"] < 0 else ">"
        face = colour if row[significant] else "white"
        axes.plot(row[end], place, head, color=colour, markerfacecolor=face, markersize=6, zorder=4)
    _numbers(axes, rows, "_change", specification)
    _emphasise(axes, rows[label], focus)
    _finish_rows(axes, unit)
    _legend_of_arrows(axes, periods)
    figure.form = "Arrow chart of change, ranked by change"
    return figure


def ranked_bars(frame, *, label, value, low=None, high=None, unit="", specification=".0f", limit=None):
    """Draw one bar a row from zero, in the order of the frame, with interval and number.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a bar, drawn from the top.
    label, value, low, high, unit, specification
        As in :func:`ranked_dots`.
    limit : float, optional
        End of the axis, e.g. 100 for shares.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ChartError
        If a column is missing or there is nothing to draw.
    """
    _require(frame, [label, value, low, high])
    rows = frame.iloc[::-1]
    figure, axes = _rows(rows, label, extra=0.65, row=0.42)
    places = np.arange(len(rows))
    axes.barh(places, rows[value], color=NAVY, height=0.62)
    if low:
        axes.hlines(places, rows[low], rows[high], color=ORANGE, linewidth=2.4)
    axes.set_xlim(0, limit)
    _numbers(axes, rows, value, specification)
    _finish_rows(axes, unit)
    figure.form = "Bar chart" + (" with 95% intervals" if low else "")
    return figure


def scatter(frame, *, x, y, x_label, y_label, label=None, annotate=(), group=None, fit=None, split=None, log_x=False):
    """Draw one dot an observation, with a fitted line and band where they are given.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a dot.
    x, y : str
        Columns with the coordinates.
    x_label, y_label : str
        Labels of the axes, with unit.
    label : str, optional
        Column with the names from which ``annotate`` chooses.
    annotate : collection of str
        Names of the dots to label.
    group : str, optional
        Boolean column: dots for which it is true are set apart by shape and colour.
    fit : pandas.DataFrame, optional
        Line and band, columns ``x, y, low, high``, from left to right.
    split : tuple of (float, str, str), optional
        Position of a vertical line and what lies left and right of it.
    log_x : bool
        Whether the horizontal axis is logarithmic.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ChartError
        If a column is missing or there is nothing to draw.
    """
    _require(frame, [x, y, label, group])
    rows = frame.dropna(subset=[x, y])
    figure = Figure(figsize=(WIDTH, 4.1), layout="constrained")
    axes = figure.add_subplot()
    apart = rows[group].astype(bool).to_numpy() if group else np.zeros(len(rows), dtype=bool)
    size = 30 if len(rows) < 80 else 14
    axes.scatter(rows[x][~apart], rows[y][~apart], s=size, c=NAVY, alpha=0.8, linewidths=0)
    axes.scatter(rows[x][apart], rows[y][apart], s=size + 8, c=ORANGE, marker="D", linewidths=0)
    if fit is not None:
        axes.fill_between(fit["x"], fit["low"], fit["high"], color=PLUM, alpha=0.18, linewidth=0)
        axes.plot(fit["x"], fit["y"], color=PLUM, linewidth=2)
    if log_x:
        axes.set_xscale("log")
        axes.xaxis.set_minor_formatter(ticker.NullFormatter())
    _annotate(axes, rows, x, y, label, annotate)
    if split:
        place, left, right = split
        axes.axvline(place, color=GREY, linewidth=1, linestyle=(0, (4, 3)))
        for text, side, offset in ((left, "right", -5), (right, "left", 5)):
            axes.annotate(text, (place, 1), (offset, 4), xycoords=("data", "axes fraction"), ha=side,
                          textcoords="offset points", color=INK)  # fmt: skip
    axes.margins(y=0.09)
    axes.grid(visible=True)
    axes.set_xlabel(x_label)
    # Read from left to right above the axis: a turned label is slow to read on a phone.
    axes.set_title(y_label, loc="left", pad=20 if split else 8)
    axes.xaxis.set_major_formatter(ticker.FuncFormatter(_thousands))
    figure.form = "Scatter plot" + (" with fitted line and 95% band" if fit is not None else "")
    return figure


def region_map(frame, *, value, longitude, latitude, bounds, unit, label=None, annotate=(), extent=(-11, 32, 35, 70)):
    """Draw one dot a region at its centroid; darker and larger dots stand for higher classes.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a region.
    value, longitude, latitude : str
        Columns with the value and the place in degrees.
    bounds : sequence of float
        Inner bounds of the classes, rising; at most four.
    unit : str
        What the classes measure, for the legend.
    label : str, optional
        Column with the names from which ``annotate`` chooses.
    annotate : collection of str
        Names of regions to label.
    extent : tuple of float
        West, east, south and north end of the map in degrees; regions outside are not drawn.

    Returns
    -------
    matplotlib.figure.Figure
        ``figure.outside`` counts the regions that lie outside the map, for the note.

    Raises
    ------
    ChartError
        If a column is missing or there is nothing to draw.
    """
    _require(frame, [value, longitude, latitude, label])
    west, east, south, north = extent
    rows = frame.dropna(subset=[value])
    inside = rows[longitude].between(west, east) & rows[latitude].between(south, north)
    drawn = rows[inside].sort_values(value)
    figure = Figure(figsize=(WIDTH, 5.9), layout="constrained")
    axes = figure.add_subplot()
    colours = sns.blend_palette(["#C9DDEE", "#5B97C4", NAVY, "#061726"], len(bounds) + 1)
    sizes = np.linspace(14, 62, len(bounds) + 1)
    classes = np.digitize(drawn[value], bounds)
    axes.scatter(drawn[longitude], drawn[latitude], s=sizes[classes], c=[colours[one] for one in classes],
                 edgecolors=NAVY, linewidths=0.5)  # fmt: skip
    _annotate(axes, drawn, longitude, latitude, label, annotate)
    edges = [f"under {bounds[0]:g}", *(f"{a:g} to {b:g}" for a, b in itertools.pairwise(bounds))]
    for number, text in enumerate([*edges, f"{bounds[-1]:g} or more"]):
        axes.scatter([], [], s=sizes[number], color=colours[number], edgecolors=NAVY, linewidths=0.5, label=text)
    axes.legend(title=unit, loc="upper left", frameon=False, alignment="left", borderaxespad=0, handletextpad=0.3)
    # One degree of longitude at the middle of the map is that much shorter than one of latitude.
    axes.set_aspect(1 / np.cos(np.radians((south + north) / 2)))
    axes.set(xlim=(west, east), ylim=(south, north))
    axes.set_axis_off()
    figure.form, figure.outside = "Dot map of regions at their centroids", int((~inside).sum())
    return figure


def _require(frame, columns):
    missing = [column for column in columns if column and column not in frame.columns]
    if missing:
        raise ChartError(f"no column {missing[0]!r} in the data; it has {', '.join(map(str, frame.columns))}")
    if frame.empty:
        raise ChartError("the data have no rows; there is nothing to draw")


def _ranked(frame, label, value, others):
    """Sort rows for drawing from the bottom: missing first, then rising values, ties by name."""
    _require(frame, [label, value, *others])
    if frame[value].isna().all():
        raise ChartError(f"every value of {value!r} is missing; there is nothing to draw")
    ordered = frame.sort_values(label, ascending=False, key=lambda names: names.astype(str))
    return ordered.sort_values(value, kind="stable", na_position="first")


def _rows(rows, label, extra, row=ROW):
    figure = Figure(figsize=(WIDTH, max(len(rows), 2) * row + extra), layout="constrained")
    axes = figure.add_subplot()
    axes.set_yticks(np.arange(len(rows)), rows[label].astype(str))
    axes.set_ylim(-0.7, len(rows) - 0.3)
    return figure, axes


def _finish_rows(axes, unit):
    axes.grid(visible=True, axis="x")
    axes.hlines(axes.get_yticks(), 0, 1, transform=axes.get_yaxis_transform(), color=RULE, linewidth=0.5, zorder=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(unit)
    axes.xaxis.set_major_formatter(ticker.FuncFormatter(_thousands))


def _numbers(axes, rows, value, specification):
    """Write the numbers in a column at the right, where the eye finds them."""
    for place, number in enumerate(rows[value]):
        text = "m" if np.isnan(number) else format(number, specification).replace("-", "\u2212").replace(",", "\u2009")
        axes.annotate(text, (1, place), (30, 0), xycoords=axes.get_yaxis_transform(), textcoords="offset points",
                      ha="right", va="center")  # fmt: skip


def _reference(axes, place, label):
    axes.axvline(place, color=PLUM, linewidth=1.4, zorder=1)
    axes.annotate(label, (place, 1), (0, 3), xycoords=("data", "axes fraction"), textcoords="offset points",
                  ha="center", color=PLUM, weight="semibold")  # fmt: skip


def _emphasise(axes, names, focus):
    for tick, name in zip(axes.get_yticklabels(), names, strict=True):
        if name in focus:
            tick.set(color="#B3440D", weight="bold")


def _legend_of_arrows(axes, periods):
    start, end = periods
    key = [
        ("|", GREY, GREY, start),
        ("<", PLUM, PLUM, f"{end}, lower"),
        (">", TEAL, TEAL, f"{end}, higher"),
        ("<", GREY, "white", f"{end}, may be chance"),
    ]
    for marker, colour, face, text in key:
        axes.plot([], [], marker, color=colour, markerfacecolor=face, markeredgewidth=1.4, markersize=6, label=text)
    axes.legend(loc="lower center", bbox_to_anchor=(0.45, 1), ncols=4, frameon=False, columnspacing=1,
                handletextpad=0.1, borderaxespad=0.2)  # fmt: skip


def _annotate(axes, rows, x, y, label, names):
    unknown = [name for name in names if label is None or name not in set(rows[label])]
    if unknown:
        raise ChartError(f"{unknown[0]!r} cannot be labelled: it is not among the rows drawn")
    middle = (rows[x].min() + rows[x].max()) / 2
    for _, row in rows[rows[label].isin(list(names))].iterrows() if label else ():
        right = row[x] > middle
        axes.annotate(row[label], (row[x], row[y]), (-6 if right else 6, 1), textcoords="offset points",
                      ha="right" if right else "left", va="bottom", weight="semibold")  # fmt: skip


def _thousands(number, _):
    text = f"{number:,.10g}" if abs(number) < 1000 else f"{number:,.0f}"
    return text.replace("-", "\u2212").replace(",", "\u2009")
