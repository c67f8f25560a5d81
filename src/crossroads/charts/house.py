"""What all charts of the house have in common: canvas, colours, checks of the data, typography.

Private to ``crossroads.charts``. Not here: forms of charts, and statistics of any kind.
"""

import functools
import io
import textwrap
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any, ParamSpec, cast

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import font_manager, style
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path as MarkerShape
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import offset_copy

from crossroads.charts import drawings
from crossroads.numbers import MINUS, amount

# Widths in inches. The narrow one is for telephones: shown 358 pixels wide, its text of 10 points is 11 pixels high.
WIDTH, NARROW = 6.3, 358 * 10 / 11 / 72
FONT_SIZE = 10
# Height in inches of a row of one line, and of each line that is added to it or to the text around the axes.
ROW, LINE = 0.19, 0.165

PALETTE = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
NAVY, TEAL, PLUM, ORANGE, INK, VIOLET = PALETTE
# The four categories of a chart, in order, each with a marker of its own: colour never tells alone.
CATEGORIES = PALETTE[:4]
MARKERS = ("o", "s", "^", "D")
# Context is the lightest grey that still has the contrast of 3:1 that a mark needs.
CONTEXT, MUTED, GRID, PALE = "#8A949E", "#5A6570", "#DDE3E8", "#EDF1F4"
# Steps of one hue for ordered classes; every area filled with them has an edge of NAVY.
STEPS = ("#E3ECF3", "#A9C3D9", "#4F86B5", "#12436D")
FOCUS_TINT = "#F9C3A5"
DIVERGING = ("#B4440B", FOCUS_TINT, "#FFFFFF", "#A9C3D9", "#12436D")
# Text in the colour of its mark is darkened where the mark has less than the contrast of 4.5:1 that text needs.
TEXT = {NAVY: NAVY, TEAL: "#1A6E67", PLUM: PLUM, ORANGE: "#B4440B", INK: INK, VIOLET: "#7550AE", CONTEXT: MUTED}

# Shades of ordered and of opposite values, in as many steps as a reader can tell apart.
SHADES = tuple(mpl.colors.to_hex(colour) for colour in sns.blend_palette(STEPS, 7))
OPPOSITES = tuple(mpl.colors.to_hex(colour) for colour in sns.blend_palette(DIVERGING, 9))
# What the colours are called on the page, whose scheme says how they look.
NAMES = {
    **{colour: f"shade-{i + 1}" for i, colour in enumerate(SHADES)},
    **{colour: f"opposite-{i - 4}" for i, colour in enumerate(OPPOSITES)},
    **{colour.lower(): f"step-{i + 1}" for i, colour in enumerate(STEPS)},
    **{TEXT[colour].lower(): f"{name}-text" for colour, name in ((TEAL, "teal"), (ORANGE, "orange"), (VIOLET, "violet"))},
    FOCUS_TINT.lower(): "tint", CONTEXT.lower(): "context", MUTED.lower(): "muted", GRID.lower(): "grid",
    PALE.lower(): "pale", NAVY.lower(): "navy", TEAL.lower(): "teal", PLUM.lower(): "plum", ORANGE.lower(): "orange",
    INK.lower(): "ink", VIOLET.lower(): "violet", "#ffffff": "paper", "#000000": "ink",
}  # fmt: skip

STYLE = Path(__file__).with_name("style.mplstyle")
FONTS = Path(__file__).parents[1] / "fonts"
FAMILY = "Open Sans"
# Signs of printed numbers as wide as a figure; points, commas and brackets take half of that.
WIDE = frozenset(f"0123456789+{MINUS}\u2013%m")


P = ParamSpec("P")


class ChartError(ValueError):
    """Data from which the chart cannot be drawn; the message says what was found and what to do."""


def _vendor_font() -> None:
    """Make the vendored files the only ones of their family: another version would give other bytes."""
    manager = font_manager.fontManager
    manager.ttflist = [entry for entry in manager.ttflist if entry.name != FAMILY]
    for path in sorted(FONTS.glob("OpenSans-*.ttf")):
        manager.addfont(path)


_vendor_font()


# How wide the chart is that is drawn at the moment.
_width: ContextVar[float] = ContextVar("width", default=WIDTH)


class Canvas(Figure):
    """A figure that a form of chart draws on; it keeps the house style when it is saved.

    Attributes
    ----------
    form, reading, plot
        As of the chart.
    """

    form = ""
    reading: dict[str, Any]
    plot: dict[str, Any] | None = None

    def savefig(self, *args: Any, **kwargs: Any) -> None:
        """Save as ``matplotlib.figure.Figure.savefig`` does, in house style."""
        with style.context(["default", STYLE]):
            self.lay_out()
            super().savefig(*args, **kwargs)

    def lay_out(self) -> None:
        """Make the layout, once: Matplotlib would make it, and draw all, once more for each format."""
        engine = self.get_layout_engine()
        if engine is not None:
            self._place_empty_labels()
            engine.execute(self)
            self.set_layout_engine(None)

    def _place_empty_labels(self) -> None:
        """Give a place to titles of axes that say nothing: Matplotlib looks for one, among all ticks, at every step."""
        for axes in self.axes:
            for axis in (axes.xaxis, axes.yaxis):
                if not axis.label.get_text():
                    axis.set_label_coords(0, 0)


class Chart:
    """A chart in house style, drawn at once unless an earlier execution of the notebook has drawn the same.

    Whatever else is asked of it, such as ``axes``, is asked of its Matplotlib figure. Who does so may change that, and the
    change would be missing in the picture for telephones, which is drawn by itself: such a chart is not published.

    Attributes
    ----------
    form : str
        What kind of chart it is, in words; the alternative text begins with it.
    reading : dict
        What it says, as a table for people: see `crossroads.charts.reading.read`.
    plot : dict or None
        What it plots, for programs that draw it anew: see `crossroads.charts.plot.describe`; None for a form that they do
        not have.
    before : crossroads.charts.drawings.Drawing or None
        What an earlier execution has drawn.
    key : str
        Digest of all that it is drawn from; empty where there is none.
    asked : str
        What was asked of the figure first; empty where nothing was.
    """

    def __init__(self, draw: Callable[[float], Canvas], key: str) -> None:
        self._draw, self._wide = draw, cast(Canvas | None, None)
        self.key, self.before, self.asked = key, drawings.recall(key), ""
        known = self.before or self._figure()
        self.form, self.reading, self.plot = known.form, known.reading, known.plot

    def _figure(self) -> Canvas:
        """Return the figure, always the same one; whoever is not of this package asks for it by ``__getattr__``."""
        self._wide = self._wide or self._draw(WIDTH)
        return self._wide

    def narrow(self) -> Canvas:
        """Draw the chart for a telephone."""
        return self._draw(NARROW)

    def __getattr__(self, name: str) -> Any:
        """Ask the figure."""
        if name.startswith("_"):  # libraries ask any object for names of that kind
            raise AttributeError(name)
        self.asked = self.asked or name
        return getattr(self._figure(), name)

    def _repr_png_(self) -> bytes:
        """Show the chart in a notebook."""
        file = io.BytesIO()
        self._figure().savefig(file, format="png")
        return file.getvalue()


def house_style(function: Callable[P, Canvas]) -> Callable[P, Chart]:
    """Draw in house style, whatever the settings of the session are; the chart knows how to draw itself narrow."""

    @functools.wraps(function)
    def draw(*args: P.args, **kwargs: P.kwargs) -> Chart:
        def at(width: float) -> Canvas:
            before = _width.set(width)
            try:
                with style.context(["default", STYLE]):
                    return function(*args, **kwargs)
            finally:
                _width.reset(before)

        return Chart(at, drawings.key(f"{function.__module__}.{function.__name__}", [args, kwargs]))

    return draw


def is_narrow() -> bool:
    """Say whether the chart that is drawn at the moment is for a telephone."""
    return _width.get() < WIDTH


def width() -> float:
    """Return the width in inches of the chart that is drawn at the moment."""
    return _width.get()


def label_width() -> int:
    """Return how many signs a line of a row's label holds."""
    return 23 if is_narrow() else 32


def canvas(height: float, form: str) -> Canvas:
    """Return an empty chart of the house width and the given height in inches."""
    chart = Canvas(figsize=(width(), height), layout="constrained")
    chart.form = form
    return chart


def tie(drawn: Any, rows: Any) -> None:
    """Tie what is drawn to the rows of the reading that it shows.

    Parameters
    ----------
    drawn : matplotlib.artist.Artist or iterable of them
    rows : int or iterable of int
        Of one artist its row, or the row of each of its shapes in turn; of several artists the row of each.
    """
    if isinstance(drawn, Artist):
        drawn.set_gid("row-" + ",".join(str(int(row)) for row in np.atleast_1d(rows)) if np.size(rows) else None)
        return
    for artist, row in zip(drawn, rows, strict=True):
        tie(artist, row)


# -- data ---------------------------------------------------------------------------------------------------


def check(
    frame: pd.DataFrame,
    *,
    text: Iterable[str | None] = (),
    numbers: Iterable[str | None] = (),
    complete: Iterable[str] = (),
    unique: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the frame with a new index after checking the columns that a chart needs.

    Parameters
    ----------
    frame : pandas.DataFrame
    text, numbers : iterable of (str or None)
        Columns that must be there; None stands for a column not asked for.
    complete : iterable of str
        Columns without missing values.
    unique : list of str
        Columns that together name a row.

    Raises
    ------
    ChartError
    """
    if not isinstance(frame, pd.DataFrame):
        raise ChartError(f"expected a DataFrame, not {type(frame).__name__}")
    numbers = [name for name in numbers if name is not None]
    wanted = [name for name in [*text, *numbers, *complete] if name is not None]
    for name in wanted:
        if name not in frame.columns:
            raise ChartError(f"no column {name!r} in the data; it has {list(frame.columns)}")
    if frame.empty:
        raise ChartError("the data have no rows; check the query that they come from")
    # Categories are what they stand for: their own type counts those that no row has, and cannot be added up.
    sorts = {name: frame[name].astype(object).infer_objects() for name in frame if frame[name].dtype == "category"}
    frame = frame.assign(**sorts).reset_index(drop=True)
    _check_values(frame, numbers, complete)
    if unique and frame.duplicated(unique).any():
        twice = frame.loc[frame.duplicated(unique), unique].iloc[0].to_dict()
        raise ChartError(f"two rows for {twice}: expected one row per {', '.join(unique)}")
    return frame


def _check_values(frame: pd.DataFrame, numbers: Iterable[str | None], complete: Iterable[str]) -> None:
    """Refuse text in a column of numbers, infinite numbers, and gaps where none may be."""
    for name in numbers:
        if not pd.api.types.is_numeric_dtype(frame[name]) or pd.api.types.is_bool_dtype(frame[name]):
            wrong = pd.to_numeric(frame[name].astype(str), errors="coerce").isna() & frame[name].notna()
            row = int(wrong.argmax())
            found = f", such as {frame[name].iloc[row]!r} in row {row + 1}" if wrong.any() else ""
            raise ChartError(
                f"column {name!r} holds {frame[name].dtype}, not numbers{found}; mend the data, or use pd.to_numeric"
            )
        if np.isinf(frame[name].to_numpy(float, na_value=np.nan)).any():
            raise ChartError(f"column {name!r} holds an infinite number")
    for name in dict.fromkeys(complete):
        if frame[name].isna().any():
            row = frame.index[frame[name].isna()][0]
            raise ChartError(f"column {name!r} has no value in row {row} ({frame.loc[row].to_dict()})")


def check_interval(frame: pd.DataFrame, value: str, lower: str | None, upper: str | None) -> None:
    """Refuse half an interval, or one that does not hold its value."""
    if (lower is None) != (upper is None):
        raise ChartError("an interval needs both columns, lower and upper")
    if lower is None:
        return
    half = frame[lower].isna() != frame[upper].isna()
    slack = 1e-9 * frame[[lower, upper]].abs().max().max()
    outside = (frame[lower] > frame[value] + slack) | (frame[upper] < frame[value] - slack)
    wrong = half | outside
    if wrong.any():
        row = frame.loc[wrong, [value, lower, upper]].iloc[0].to_dict()
        raise ChartError(f"row {frame.index[wrong][0]} has the interval {row}: expected lower <= value <= upper")


def check_known(names: Any, known: Iterable, what: str) -> list:
    """Return names as a list after checking that each is in the data."""
    names = [] if names is None else [names] if isinstance(names, str) else list(names)
    known = list(known)
    for name in names:
        if name not in known:
            raise ChartError(f"no {what} {name!r} in the data; there are {sorted(map(str, known))}")
    return names


def categories(frame: pd.DataFrame, column: str, order: Sequence | None = None, most: int = 4) -> list:
    """Return the categories of a column in order (of appearance if none is given), at most four."""
    found = list(dict.fromkeys(frame[column].dropna()))
    if order is not None:
        unknown = sorted(map(str, set(found) ^ set(order)))
        if unknown:
            raise ChartError(f"the order {list(order)} and the column {column!r} differ in {unknown}")
        found = list(order)
    if len(found) > most:
        raise ChartError(f"column {column!r} has {len(found)} categories ({found}); a chart shows at most {most}")
    return found


def letters(frame: pd.DataFrame, value: str, status: str | None) -> pd.Series:
    """Return the letter shown in place of each missing value: its status, else ``m`` (not available)."""
    marks = pd.Series("m", frame.index)
    if status is not None:
        marks = frame[status].fillna("").astype(str).replace("", "m")
    return marks[frame[value].isna()]


# -- typography ---------------------------------------------------------------------------------------------


def wrap(text: object, width: int) -> str:
    """Break a label into as few lines of at most ``width`` characters as can be, of about the same length."""
    text = str(text)
    break_at = functools.partial(textwrap.wrap, text, break_long_words=False)
    lines = break_at(width)
    # The narrowest width with as many lines: no word is left alone on the last.
    return "\n".join(next((tried for tried in map(break_at, range(1, width)) if len(tried) == len(lines)), lines))


def number_axis(axis: Axis, n_ticks: int = 6, grid: bool = True) -> None:
    """Give an axis few round ticks and pale grid lines."""
    axis.set_major_locator(MaxNLocator(n_ticks, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(_tick))
    if grid:
        axis.grid(True)


def _tick(number: float, _: object) -> str:
    return amount(number, ",.6g" if abs(number) >= 10_000 else ".6g")


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour as WCAG 2.2 defines it."""
    channels = np.array(mpl.colors.to_rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(colour: str, other: str = "white") -> float:
    """Return the contrast ratio of two colours as WCAG 2.2 defines it."""
    light, dark = sorted((luminance(colour), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_on(colour: str) -> str:
    """Return white or black, whichever is easier to read on a colour."""
    return "white" if contrast(colour, "white") >= contrast(colour, "black") else "black"


# -- pieces -------------------------------------------------------------------------------------------------


def mark(
    colour: str, marker: str | MarkerShape = "o", filled: bool = True, size: float = 6, **line: Any
) -> dict[str, Any]:
    """Return the settings of one marker; a hollow one has an edge of the same colour."""
    edge = 1.3 if not filled else 0.8
    face = colour if filled else "white"
    line = {"linestyle": "none"} | line
    return {
        "color": colour, "marker": marker, "markersize": size, "markerfacecolor": face,
        "markeredgecolor": colour if not filled else "white", "markeredgewidth": edge, **line,
    }  # fmt: skip


def key(chart: Figure, entries: Sequence[tuple[str, dict[str, Any]]], unit: str = "") -> None:
    """Set unit and key of a chart above it; the key is a list of pairs of label and marker settings."""
    if not entries:
        if unit:
            chart.suptitle(wrap(unit, title_width()), x=0.01, ha="left", size=FONT_SIZE)
            grow(chart, wrap(unit, title_width()).count("\n"))
        return
    handles = [Line2D([], [], **settings) for _, settings in entries]
    labels = [label for label, _ in entries]
    widths = [36 + 5.3 * len(label) for label in labels]
    columns = next(n for n in range(len(entries), 0, -1) if n == 1 or _key_width(widths, n) < 72 * width())
    labels = [wrap(label, title_width() - 6) for label in labels]
    unit = wrap(unit, title_width())
    chart.legend(handles, labels, loc="outside upper left", ncols=columns, title=unit or None, alignment="left")
    if is_narrow():
        lines = -(-len(entries) // columns) + sum(label.count("\n") for label in labels)
        grow(chart, lines - 1 + unit.count("\n"))


def title_width() -> int:
    """Return how many signs a line across the whole chart holds."""
    return int(72 * width() / 5.6)


def axis_title(axes: Axes, text: str, room: int | None = None) -> None:
    """Set the title of the axis below, in as many lines as it needs; ``room`` is how many signs one of them holds."""
    wrapped = wrap(text, room or (title_width() // 2 if is_narrow() else 56))
    axes.set_xlabel(wrapped)
    grow(chart_of(axes), wrapped.count("\n"))


def grow(chart: Figure, lines: int) -> None:
    """Make a chart higher by lines of text, so that they take nothing from the axes."""
    chart.set_figheight(chart.get_figheight() + LINE * lines)


def _key_width(widths: Sequence[float], columns: int) -> float:
    """Return the width in points of a key that fills its columns one after the other, as Matplotlib's does."""
    return sum(max(part) for part in np.array_split(widths, columns))


def series_key(groups: Iterable) -> list[tuple[str, dict[str, Any]]]:
    """Return the entries of a key that name groups by colour and marker."""
    return [
        (str(name), mark(colour, marker))
        for name, colour, marker in zip(groups, CATEGORIES, MARKERS, strict=False)
        if name is not None
    ]


def significance_key(colour: str, labels: tuple[str, str], marker: str = "o") -> list[tuple[str, dict[str, Any]]]:
    """Return the two entries of a key that say what filled and hollow markers mean."""
    return [(label, mark(colour, marker, filled)) for label, filled in zip(labels, (True, False), strict=True)]


def average_line(axes: Axes, position: float, label: str, horizontal: bool = False) -> None:
    """Draw the line of an average and write its name at the end of the line."""
    if horizontal:
        axes.axhline(position, color=PLUM, linewidth=1.3, zorder=1.5)
        axes.annotate(
            label, (1, position), xycoords=("axes fraction", "data"), xytext=(0, 3), textcoords="offset points",
            ha="right", va="bottom", color=PLUM, weight="semibold",
        )  # fmt: skip
        return
    axes.axvline(position, color=PLUM, linewidth=1.3, zorder=1.5)
    share = axes.transLimits.transform((position, 0))[0]
    side = "left" if share < 0.3 else "right" if share > 0.7 else "center"
    axes.annotate(
        label, (position, 1), xycoords=("data", "axes fraction"), xytext=(0, 3), textcoords="offset points",
        ha=side, va="bottom", color=PLUM, weight="semibold",
    )  # fmt: skip


def row_height(labels: Iterable[str]) -> float:
    """Return the height in inches of a row, which is that of its longest label, wrapped."""
    lines = max(wrap(label, label_width()).count("\n") for label in labels) + 1
    return ROW if lines == 1 else 0.06 + LINE * lines


def row_axis(
    axes: Axes,
    labels: Sequence[str],
    strong: Iterable[str] = (),
    missing: Iterable[str] = (),
    rows: Iterable[int] | None = None,
) -> np.ndarray:
    """Name the rows of a chart from top to bottom; strong ones in bold, missing ones in grey; tie them to a reading."""
    positions = np.arange(len(labels))
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.hlines(positions, 0, 1, transform=axes.get_yaxis_transform(), color=PALE, linewidth=0.7, zorder=0.5)
    drawn = row_labels(axes, positions, labels)
    for text, label in zip(drawn, labels, strict=True):
        if label in strong:
            text.set(weight="bold", color=TEXT[ORANGE])
        elif label in missing:
            text.set(color=MUTED)
    if rows is not None:
        tie(drawn, rows)
    return positions


def row_labels(axes: Axes, positions: Iterable[float], labels: Iterable[object]) -> list[Text]:
    """Write names of rows left of the axes; Matplotlib's own ticks take five artists each and thrice the time."""
    axes.set_yticks([])
    wrapped = [wrap(label, label_width()) for label in labels]
    return beside(axes, 0, -5, positions, wrapped, ha="right")


def beside(
    axes: Axes, side: float, gap: float, positions: Iterable[float], texts: Iterable[str], **look: Any
) -> list[Text]:
    """Write texts at rows, ``gap`` points from the left (0) or right (1) side of the axes."""
    place = offset_copy(axes.get_yaxis_transform(), chart_of(axes), gap, 0, units="points")
    look |= {"va": "center_baseline", "transform": place}
    return [axes.text(side, position, text, **look) for position, text in zip(positions, texts, strict=True)]


def value_column(
    axes: Axes,
    positions: Iterable[float],
    texts: Sequence[str],
    strong: Iterable[float] = (),
    rows: Iterable[int] | None = None,
) -> None:
    """Print the values of the rows as a column of figures right of the axes."""
    gap = 8 + max((sum(5.75 if sign in WIDE else 3.1 for sign in text) for text in texts), default=0)
    positions = list(positions)
    drawn = beside(axes, 1, gap, positions, texts, ha="right")
    for text, position in zip(drawn, positions, strict=True):
        if position in strong:
            text.set(weight="bold", color=TEXT[ORANGE])
    if rows is not None:
        tie(drawn, rows)


def missing_letters(
    axes: Axes, positions: Iterable[float], marks: Iterable[str], rows: Iterable[int] | None = None
) -> None:
    """Write the letter of each missing value where its mark would begin."""
    drawn = beside(axes, 0, 4, positions, marks, ha="left", color=MUTED, style="italic")
    if rows is not None:
        tie(drawn, rows)


def chart_of(axes: Axes) -> Canvas:
    """Return the chart that axes belong to; none of ours is part of another figure."""
    return cast(Canvas, axes.figure)


def place_names(
    axes: Axes,
    names: Sequence[dict[str, Any]],
    spots: np.ndarray,
    points: np.ndarray,
    size: float | np.ndarray,
    reach: tuple[float, ...] = (0.0, 9.0, 18.0),
    leaders: bool = True,
    rows: Sequence[int] | None = None,
) -> None:
    """Write names beside places where they cover least of each other and of what is drawn.

    Every name starts at its best spot alone, then all are moved in turn until none can do better: the same
    names always end at the same places.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Of a chart that is otherwise complete.
    names : list of dict
        Settings of each text, among them the text itself as ``s``.
    spots : (n, 2) array
        Places of the names in data coordinates.
    points : (m, 2) array
        Markers that should stay uncovered, in data coordinates.
    size : float or (m,) array
        Their diameter in points.
    reach : tuple of float
        Gaps between a place and its name that may be tried, in points; from the second on a line leads there if
        ``leaders`` says so.
    rows : sequence of int, optional
        Rows of the reading that the names belong to.
    """
    chart = chart_of(axes)
    renderer = FigureCanvasAgg(chart).get_renderer()
    # The axes have their place only once the chart is laid out, and their shape once it is drawn.
    chart.lay_out()
    chart.draw_without_rendering()
    scale = 72 / chart.dpi
    centres = axes.transData.transform(spots) * scale
    frame = np.array(axes.bbox.extents) * scale
    markers = axes.transData.transform(points) * scale
    half = np.broadcast_to(np.asarray(size, float) / 2, len(markers))[:, None]
    obstacles = np.hstack([markers - half, markers + half])
    written = [text.get_window_extent(renderer).extents for text in axes.texts]
    obstacles = np.vstack([obstacles, np.reshape(written, (-1, 4)) * scale])
    sides = np.array([(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)])
    sizes = []
    for settings in names:
        text = axes.text(0, 0, **settings)
        sizes.append(np.array(text.get_window_extent(renderer).size) * scale)
        text.remove()
    # Each try is a gap and a side; corners are nearer, since their names touch the place with a corner only.
    gaps, tries = np.repeat(reach, len(sides))[:, None], np.tile(sides, (len(reach), 1))
    corner = np.abs(tries).sum(axis=1, keepdims=True) == 2
    dislike = (1.5 * gaps + 0.5 * corner)[:, 0] + (tries[:, 0] < 0)
    boxes, costs = [], []
    for centre, extent in zip(centres, sizes, strict=True):
        middles = centre + tries * (extent / 2 + np.where(corner, 0.7, 1) * (half.mean() + 2 + gaps))
        tried = np.hstack([middles - extent / 2, middles + extent / 2])
        outside = np.clip(np.hstack([frame[:2] - tried[:, :2], tried[:, 2:] - frame[2:]]), 0, None).sum(axis=1)
        boxes.append(tried)
        cost = 3 * _overlap(tried, obstacles).sum(axis=1) + 30 * outside + dislike
        # A line that passes behind a mark seems to end at it: the region with the lowest share seemed to be its neighbour.
        cost[len(sides) :] += 60 * leaders * _crossed(centre, tried[len(sides) :], markers, half[:, 0])
        costs.append(cost)
    chosen = [int(np.argmin(cost)) for cost in costs]
    for _ in range(8):
        before = list(chosen)
        for i in range(len(names)):
            others = np.array([boxes[j][chosen[j]] for j in range(len(names)) if j != i]).reshape(-1, 4)
            chosen[i] = int(np.argmin(costs[i] + 3 * _overlap(boxes[i], others).sum(axis=1)))
        if chosen == before:
            break
    to_data = axes.transData.inverted()
    taken = np.empty((0, 4))
    for i, (settings, centre, tried, pick) in enumerate(zip(names, centres, boxes, chosen, strict=True)):
        # A telephone has no room for all names of a crowd: one that would cover another is left out.
        if is_narrow() and _overlap(tried[[pick]], taken).max(initial=0) > 1:
            continue
        taken = np.vstack([taken, tried[pick]])
        left, bottom, right, top = tried[pick]
        middle = np.array([(left + right) / 2, (bottom + top) / 2])
        text = axes.text(*to_data.transform(middle / scale), ha="center", va="center", zorder=2.6, **settings)
        if rows is not None:
            tie(text, rows[i])
        if leaders and pick >= len(sides):
            nearest = np.clip(centre, [left, bottom + 2], [right, top - 2])
            own = half[np.argmin(np.hypot(*(markers - centre).T)), 0]
            edge = centre + (nearest - centre) * min(1, own / max(np.hypot(*(nearest - centre)), 1e-9))
            # Above other marks, where it cannot go around them: it ends at the edge of its own.
            axes.plot(*to_data.transform(np.array([edge, nearest]) / scale).T, color=INK, linewidth=0.8, zorder=2.4)


def _crossed(centre: np.ndarray, boxes: np.ndarray, markers: np.ndarray, half: np.ndarray) -> np.ndarray:
    """Return how many markers but its own a line from a place to each of several boxes would touch."""
    others = np.hypot(*(markers - centre).T) > 1e-6
    ends = np.clip(centre, boxes[:, :2], boxes[:, 2:]) - centre
    away, length = markers[others] - centre, (ends**2).sum(axis=1, keepdims=True)
    along = np.clip(ends @ away.T / np.where(length > 0, length, 1), 0, 1)
    apart = along[..., None] * ends[:, None] - away[None]
    return (np.hypot(apart[..., 0], apart[..., 1]) < half[others]).sum(axis=1)


def _overlap(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return the areas that boxes share with others, as a matrix."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    return np.clip(high - low, 0, None).prod(axis=2)
