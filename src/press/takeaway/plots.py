"""What a chart plots, and native charts made of it, which readers of workbooks and slides can edit.

A publisher may write into the metadata of a figure, as ``plot``, what it plots: ``form`` (``bars``, ``stack``, ``dots``,
``lines`` or ``scatter``), ``axis`` and ``across`` (what the values and the numbers across are, with unit), and ``series``,
each with ``label``, ``look`` (the number of its colour), ``rows`` (of the ``reading``, which names the marks), ``values``,
and where it has them ``lower`` and ``upper``, ``across``, ``hollow`` and ``named`` (rows beside whose marks their name
stands). ``average`` is a line with ``label`` and ``value``; ``fit`` one with ``label``, ``across``, ``values`` and perhaps
``lower`` and ``upper``. A figure without it is shown by its picture.

One writer serves both media: a chart of a spreadsheet and one of a slide are the same XML beside the same sheet of numbers.

Not here: sheets of a workbook (``press.takeaway.workbooks``), and where a chart stands on a slide (``press.takeaway.deck``).
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import xlsxwriter

from press.takeaway.look import CONTEXT, CREATED, GRID, INK, PALE, PALETTE, PAPER, PLUM, STILL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MARKERS = ("circle", "square", "triangle", "diamond")
# So many names stand legibly beneath a chart as wide as a slide.
MOST_CATEGORIES = 60
# Bars with few or long names lie.
LYING, LONG = 14, 22
# So many letters stand side by side beneath a chart, and so many lines of a name below each other.
ROOM, MOST_LINES = 125, 4
CROWD = 80  # from so many points on, markers are small and hollow
FONT = "Arial"


@dataclass
class Series:
    """Marks of one look.

    Attributes
    ----------
    label : str
    look : int
        Number of its colour and marker.
    hollow : bool
    names : list of str
        What each mark is of.
    values, lower, upper, across : list of float or None
        One entry a mark; of a chart with categories, one a category. Empty where the series has none.
    named : list of str
        The names that stand beside their marks, empty for the others.
    """

    label: str
    look: int
    hollow: bool
    names: list[str]
    values: list[float | None]
    lower: list[float | None] = field(default_factory=list)
    upper: list[float | None] = field(default_factory=list)
    across: list[float | None] = field(default_factory=list)
    named: list[str] = field(default_factory=list)


@dataclass
class Plot:
    """What a chart plots.

    Attributes
    ----------
    form, axis, across : str
    head : str
        What the names of the marks are, such as ``Month``.
    categories : list of str
        Empty for a chart with numbers on both axes.
    series : list of Series
    average : tuple of (str, float) or None
    fit : dict or None
    """

    form: str
    axis: str
    across: str
    head: str
    categories: list[str]
    series: list[Series]
    average: tuple[str, float] | None
    fit: dict[str, Any] | None

    @property
    def lying(self) -> bool:
        """Whether bars lie: few of them, or such with long names."""
        longest = max(map(len, self.categories), default=0)
        return self.form in ("bars", "stack") and (len(self.categories) <= LYING or longest > LONG)


def read(metadata: dict[str, Any]) -> Plot | None:
    """Return what a figure plots; nothing where only its picture can show it.

    Parameters
    ----------
    metadata : dict
        Its published metadata.

    Returns
    -------
    Plot or None
    """
    told, reading = metadata.get("plot"), metadata.get("reading")
    if not told or not reading:
        return None
    place = next((i for i, column in enumerate(reading["columns"]) if column.get("role") == "label"), 0)
    value = next((i for i, column in enumerate(reading["columns"]) if column.get("role") == "value"), None)
    names = [cells[place] for cells in reading["rows"]]
    categories: dict[str, str] = {}
    if told["form"] in ("bars", "stack", "dots"):
        known = {names[row] for one in told["series"] for row, entry in _pairs(one) if entry is not None}
        for row in sorted(row for one in told["series"] for row in one["rows"]):
            # A category without any number shows the letter that says why.
            letter = "" if names[row] in known or value is None else f" ({reading['rows'][row][value]})"
            categories.setdefault(names[row], names[row] + letter)
        if len(categories) > MOST_CATEGORIES:
            return None
    series = [_series(one, names, list(categories)) for one in told["series"]]
    average = told.get("average")
    return Plot(
        told["form"], told["axis"], told["across"], reading["columns"][place]["label"], list(categories.values()), series,
        (average["label"], average["value"]) if average else None, told.get("fit"),
    )  # fmt: skip


def _pairs(series: dict[str, Any]) -> zip[tuple[int, float | None]]:
    return zip(series["rows"], series["values"], strict=True)


def _series(told: dict[str, Any], names: list[str], categories: list[str]) -> Series:
    """Return a series with one entry a mark, or one a category."""
    own = [names[row] for row in told["rows"]]
    lists: dict[str, list[Any]] = {key: told.get(key, []) for key in ("values", "lower", "upper", "across")}
    named = [names[row] if row in told.get("named", ()) else "" for row in told["rows"]]
    if categories:
        places = {name: i for i, name in enumerate(own)}
        lists = {
            key: [entries[places[name]] if name in places else None for name in categories] if entries else []
            for key, entries in lists.items()
        }
        own, named = categories, []
    return Series(
        told["label"], told.get("look", 0), told.get("hollow", False), own, **lists, named=named if any(named) else []
    )


# -- the sheet that a chart is drawn from ------------------------------------------------------------------


@dataclass
class Written:
    """Where the numbers of a chart stand in their sheet: of each series the cells of names, values and what else it has."""

    sheet: str
    top: int
    rows: int
    heads: list[str]
    series: list[dict[str, list[Any]]]


def write(sheet: Worksheet, plot: Plot, top: int = 0, head: Any = None) -> Written:
    """Write the numbers that a chart is drawn from into a sheet, the headers in its row ``top``.

    Parameters
    ----------
    sheet : xlsxwriter.worksheet.Worksheet
    plot : Plot
    top : int
    head : xlsxwriter.format.Format, optional
        Of the headers.

    Returns
    -------
    Written
    """
    heads, columns, series = _by_category(plot) if plot.categories else _by_mark(plot)
    for column, (name, entries) in enumerate(zip(heads, columns, strict=True)):
        sheet.write_string(top, column, name, head)
        for row, entry in enumerate(entries, start=top + 1):
            if isinstance(entry, str):
                sheet.write_string(row, column, entry)
            elif entry is not None:
                sheet.write_number(row, column, entry)
    name = sheet.get_name()
    cells = [
        {key: [name, top + first, column, top + last, column] for key, (column, first, last) in one.items()}
        # The writer keeps beside each range what stands in it, but for intervals.
        | {
            f"{key}_data": columns[one[key][0]][one[key][1] - 1 : one[key][2]]
            for key in ("minus", "plus")
            if key in one
        }
        for one in series
    ]
    return Written(name, top, max(map(len, columns)), heads, cells)


Table = tuple[list[str], list[list[Any]], list[dict[str, tuple[int, int, int]]]]


def _by_category(plot: Plot) -> Table:
    """Lay out one row a category, and for each series its values and how far the interval reaches to both sides."""
    order, n, bars = plot.categories, len(plot.categories), plot.form == "bars" and plot.average is not None
    series = plot.series
    if bars and plot.average:
        order, series = _with_average(plot, *plot.average)
        n = len(order)
    heads: list[str] = [plot.head]
    columns: list[list[Any]] = [list(order)]
    cells: list[dict[str, tuple[int, int, int]]] = []
    for one in series:
        told = {"names": (0, 1, n), "label": (len(heads), 0, 0), "values": (len(heads), 1, n)}
        heads.append(one.label or plot.axis or "Value")
        columns.append(one.values)
        if one.lower:
            for key, ends in (("minus", one.lower), ("plus", one.upper)):
                told[key] = (len(heads), 1, n)
                heads.append(f"{heads[told['values'][0]]}: interval {key}")
                columns.append(_reach(one.values, ends))
        cells.append(told)
    if plot.average and plot.form == "dots":
        cells.append({"names": (0, 1, n), "label": (len(heads), 0, 0), "values": (len(heads), 1, n)})
        heads.append(plot.average[0])
        columns.append([plot.average[1]] * n)
    return heads, columns, cells


def _with_average(plot: Plot, label: str, value: float) -> tuple[list[str], list[Series]]:
    """Set the average among the bars, where it belongs by its size; last where they are not in order of size."""
    (one,) = plot.series
    known = [entry for entry in one.values if entry is not None]
    falls, rises = (known == sorted(known, reverse=down) for down in (True, False))
    place = len(known)
    if falls or rises:
        place = sum((entry > value) if falls else (entry < value) for entry in known)
    gap: list[float | None] = [None]

    def widened(entries: list[float | None]) -> list[float | None]:
        return entries[:place] + gap + entries[place:] if entries else []

    order = [*plot.categories[:place], label, *plot.categories[place:]]
    own = Series(one.label, one.look, one.hollow, order, widened(one.values), widened(one.lower), widened(one.upper))
    mean: list[float | None] = [value if name == label else None for name in order]
    return order, [own, Series(label, 2, False, order, mean)]


def _by_mark(plot: Plot) -> Table:
    """Lay out one row a mark, a series after the other, and at the end the line through them."""
    banded = bool(plot.fit and "lower" in plot.fit)
    ranged = any(one.lower for one in plot.series)
    heads = [plot.head, "Series", plot.across or "Across", plot.axis or "Value"]
    heads += ["Interval minus", "Interval plus"] if ranged else []
    columns: list[list[Any]] = [[] for _ in heads]
    cells: list[dict[str, tuple[int, int, int]]] = []
    parts: list[tuple[str, list[str], list[Any], list[Any], list[Any], list[Any]]] = [
        (one.label or plot.axis or "Value", one.names, one.across, one.values, one.lower, one.upper)
        for one in plot.series
    ]
    if plot.fit:
        lines = [(plot.fit["label"] or "Fitted line", plot.fit["values"])]
        if banded:
            lines += [(f"Band, {end}", plot.fit[end]) for end in ("lower", "upper")]
        parts += [(label, [""] * len(line), plot.fit["across"], line, [], []) for label, line in lines]
    for label, names, across, values, lower, upper in parts:
        first, n = len(columns[0]) + 1, len(values)
        last = first + n - 1
        told = {
            "label": (1, first, first),
            "names": (0, first, last),
            "across": (2, first, last),
            "values": (3, first, last),
        }
        filled: list[list[Any]] = [names, [label] * n, across, values]
        if ranged:
            told |= {"minus": (4, first, last), "plus": (5, first, last)} if lower else {}
            filled += [_reach(values, lower), _reach(values, upper)] if lower else [[None] * n] * 2
        for column, entries in zip(columns, filled, strict=True):
            column.extend(entries)
        cells.append(told)
    return heads, columns, cells


def _reach(values: Sequence[float | None], ends: Sequence[float | None]) -> list[float | None]:
    """Return how far intervals reach from their values to one side."""
    return [
        None if value is None or end is None else float(f"{abs(end - value):.7g}")
        for value, end in zip(values, ends, strict=True)
    ]


# -- the chart ---------------------------------------------------------------------------------------------


def chart(book: Workbook, plot: Plot, written: Written, size: float) -> Any:
    """Make the native chart of a plot, whose text has the given size in points.

    Parameters
    ----------
    book : xlsxwriter.workbook.Workbook
    plot : Plot
    written : Written
        Where its numbers stand.
    size : float

    Returns
    -------
    xlsxwriter.chart.Chart
    """
    kinds = {
        "bars": {"type": "bar" if plot.lying else "column"},
        "stack": {"type": "bar" if plot.lying else "column", "subtype": "stacked"},
        "dots": {"type": "line"},
        "lines": {"type": "scatter", "subtype": "straight_with_markers"},
        "scatter": {"type": "scatter"},
    }
    made = book.add_chart(kinds[plot.form])
    font = {"name": FONT, "size": size, "color": INK}
    drawn = {"bars": _bars, "stack": _bars, "dots": _dots}.get(plot.form, _points)(book, made, plot, written, font)
    made.set_title({"none": True})
    made.set_chartarea({"border": {"none": True}, "fill": {"color": PAPER}})
    made.set_plotarea({"fill": {"none": True}})
    made.set_legend({"position": "top", "font": font} if drawn > 1 else {"none": True})
    return made


def _axis(plot: Plot, title: str, values: Sequence[float | None], font: dict[str, Any], zero: bool) -> dict[str, Any]:
    """Return the settings of an axis of numbers, with few round steps; bars begin at zero."""
    low, high, step = limits([*values, 0] if zero else values)
    places = f"{step:.10f}".rstrip("0").partition(".")[2]
    shown = f"#,##0{'.' if places else ''}{'0' * len(places)}"
    line = {"color": CONTEXT, "width": 0.75}
    return {
        "name": title, "name_font": font | {"bold": False}, "num_font": font, "num_format": shown, "min": low, "max": high,
        "major_unit": step, "major_gridlines": {"visible": True, "line": {"color": GRID, "width": 0.75}}, "line": line,
        "label_position": "low", "major_tick_mark": "outside", "minor_tick_mark": "none",
    }  # fmt: skip


def limits(values: Sequence[float | None]) -> tuple[float, float, float]:
    """Return both ends of an axis and its step, all round numbers.

    Parameters
    ----------
    values : sequence of float or None
        At least one of them known.

    Returns
    -------
    tuple of float
    """
    known = [float(entry) for entry in values if entry is not None and not math.isnan(entry)]
    low, high = min(known), max(known)
    spread = (high - low) or abs(high) or 1.0
    raw = spread / 5
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * (1 - 1e-9))
    ends = [math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step]
    if ends[0] == ends[1]:
        ends = [ends[0] - step, ends[1] + step]
    return float(f"{ends[0]:.10g}"), float(f"{ends[1]:.10g}"), float(f"{step:.10g}")


def _spread(plot: Plot) -> list[float | None]:
    """Return all numbers along the axis of values."""
    found = [entry for one in plot.series for part in (one.values, one.lower, one.upper) for entry in part]
    found += [plot.average[1]] if plot.average else []
    return found + (plot.fit["values"] if plot.fit else [])


def _names(font: dict[str, Any], upright: bool) -> dict[str, Any]:
    """Return the settings of an axis of names."""
    turned = {"rotation": -90} if upright else {}
    return {
        "num_font": font | turned, "label_position": "low", "line": {"color": CONTEXT, "width": 0.75},
        "major_tick_mark": "none", "minor_tick_mark": "none", "interval_unit": 1,
    }  # fmt: skip


def _stands(names: Sequence[str]) -> bool:
    """Say whether names beneath a chart have to stand upright: where a word is wider than its place, or lines are many."""
    room = ROOM / len(names)
    return any(max(map(len, name.split() or [""])) > room or len(name) > MOST_LINES * room for name in names)


def _errors(cells: dict[str, list[Any]], colour: str) -> dict[str, Any]:
    """Return the bars of an interval, if a series has one."""
    if "minus" not in cells:
        return {}
    formulas: dict[str, Any] = {f"{key}_values": _formula(cells[key]) for key in ("plus", "minus")}
    formulas |= {f"{key}_data": cells[f"{key}_data"] for key in ("plus", "minus")}
    return {"type": "custom", **formulas, "end_style": 0, "line": {"color": colour, "width": 1.25}}


def _formula(cells: list[Any]) -> str:
    from xlsxwriter.utility import xl_range_formula

    return f"={xl_range_formula(*cells)}"


def _label(cells: dict[str, list[Any]]) -> list[Any]:
    return cells["label"][:3]


def _bars(book: Workbook, made: Any, plot: Plot, written: Written, font: dict[str, Any]) -> int:
    """Draw bars or stacks; returns how many entries the key has."""
    series = plot.series
    if plot.form == "bars" and plot.average:
        series = [*series, Series(plot.average[0], 2, False, [], [])]
    for one, cells in zip(series, written.series, strict=True):
        colour = PALETTE[one.look % len(PALETTE)]
        pale = "minus" in cells
        errors = _errors(cells, INK)
        made.add_series({
            "name": _label(cells), "categories": cells["names"], "values": cells["values"], "gap": 45,
            "overlap": 100,
            "fill": {"color": PALE if pale else colour}, "border": {"color": colour if pale else PAPER, "width": 0.75},
            **({"y_error_bars": errors} if errors else {}),
        })  # fmt: skip
    total = _spread(plot)
    if plot.form == "stack":
        sums = [sum(entry or 0 for entry in parts) for parts in zip(*(one.values for one in series), strict=True)]
        total = [float(f"{max(sums):.6g}")]
    names = _names(font, not plot.lying and _stands(plot.categories))
    values = _axis(plot, plot.axis, total, font, zero=True)
    if plot.lying:
        # The first name stands highest, and the axis of values beneath the last.
        made.set_y_axis(names | {"reverse": True, "crossing": "max"})
        made.set_x_axis(values | {"label_position": "next_to"})
    else:
        made.set_x_axis(names)
        made.set_y_axis(values)
    return len(series)


def _dots(book: Workbook, made: Any, plot: Plot, written: Written, font: dict[str, Any]) -> int:
    """Draw dots above their names; returns how many entries the key has."""
    for one, cells in zip(plot.series, written.series, strict=False):
        colour = PALETTE[one.look % len(PALETTE)]
        errors = _errors(cells, colour)
        made.add_series({
            "name": _label(cells), "categories": cells["names"], "values": cells["values"], "line": {"none": True},
            "marker": _marker(one, colour, 8), **({"y_error_bars": errors} if errors else {}),
        })  # fmt: skip
    looks = {one.look for one in plot.series}
    if len(looks) > 1 and not any(one.lower for one in plot.series):
        made.set_high_low_lines({"line": {"color": CONTEXT, "width": 1.25}})
    if plot.average:
        # In a group of its own, so that lines from group to group leave it out.
        line, cells = book.add_chart({"type": "line"}), written.series[-1]
        line.add_series({
            "name": _label(cells), "categories": cells["names"], "values": cells["values"],
            "line": {"color": PLUM, "width": 1.75}, "marker": {"type": "none"},
        })  # fmt: skip
        made.combine(line)
    made.set_x_axis(_names(font, _stands(plot.categories)))
    made.set_y_axis(_axis(plot, plot.axis, _spread(plot), font, zero=False))
    return len(written.series)


def _points(book: Workbook, made: Any, plot: Plot, written: Written, font: dict[str, Any]) -> int:
    """Draw points, or lines through them; returns how many entries the key has."""
    crowd = sum(len(one.values) for one in plot.series) >= CROWD
    for one, cells in zip(plot.series, written.series, strict=False):
        colour = PALETTE[one.look % len(PALETTE)]
        line = {"color": colour, "width": 2.25, "dash_type": STILL[one.look % len(STILL)]}
        errors = _errors(cells, colour)
        labels = {}
        if one.named:
            custom = [{"value": name, "font": font} if name else {"delete": True} for name in one.named]
            labels = {"data_labels": {"value": True, "custom": custom, "position": "right"}}
        made.add_series({
            "name": _label(cells), "categories": cells["across"], "values": cells["values"],
            "line": line if plot.form == "lines" else {"none": True}, "marker": _marker(one, colour, 6 if crowd else 8, crowd),
            **labels, **({"y_error_bars": errors} if errors else {}),
        })  # fmt: skip
    for number, cells in enumerate(written.series[len(plot.series) :]):
        line = {"color": PLUM if plot.form == "scatter" else CONTEXT, "width": 2 if not number else 1}
        made.add_series({
            "name": _label(cells), "categories": cells["across"], "values": cells["values"], "marker": {"type": "none"},
            "line": line | ({"dash_type": "dash"} if number else {}),
        })  # fmt: skip
    across: list[float | None] = [entry for one in plot.series for entry in one.across]
    shown = _axis(plot, plot.across, across, font, zero=False) | {"major_gridlines": {"visible": plot.form == "scatter",
        "line": {"color": GRID, "width": 0.75}}}  # fmt: skip
    if plot.form == "lines":
        shown["num_format"] = "0"  # a year
    made.set_x_axis(shown)
    made.set_y_axis(_axis(plot, plot.axis, _spread(plot), font, zero=False))
    return len(written.series)


def _marker(one: Series, colour: str, size: int, crowd: bool = False) -> dict[str, Any]:
    """Return the look of a mark; grey within its colour stands for hollow, since not every program draws edges."""
    face = {"color": CONTEXT} if one.hollow else {"color": colour, **({"transparency": 50} if crowd else {})}
    edge = {"color": colour, "width": 1.25} if one.hollow else {"color": PAPER, "width": 0.5}
    return {"type": MARKERS[one.look % len(MARKERS)], "size": size, "fill": face, "border": edge}


def embedded(plot: Plot, size: float, language: str) -> tuple[bytes, bytes]:
    """Return a native chart as XML, and the workbook that readers edit it in.

    Parameters
    ----------
    plot : Plot
    size : float
        Of the text, in points.
    language : str
        Of the text.

    Returns
    -------
    tuple of bytes
    """
    drawn, plain = (_workbook(plot, size, with_chart=shown) for shown in (True, False))
    with zipfile.ZipFile(io.BytesIO(drawn)) as package:
        drawing = package.read("xl/charts/chart1.xml")
    # How a sheet is printed says nothing of a slide.
    drawing = re.sub(rb"<c:printSettings>.*</c:printSettings>", b"", drawing, flags=re.DOTALL)
    return drawing.replace(b'lang="en-US"', f'lang="{language}"'.encode()), plain


def _workbook(plot: Plot, size: float, *, with_chart: bool) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        sheet = book.add_worksheet("Data")
        written = write(sheet, plot)
        if with_chart:
            sheet.insert_chart(0, 6, chart(book, plot, written, size))
    return buffer.getvalue()
