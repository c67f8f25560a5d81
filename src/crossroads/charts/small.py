"""A chart small enough to stand beside the sentence whose numbers it shows.

Printed at its own size it takes a third of the measure, and its type is that of the large charts. Not here: charts with
axes; a few bars whose numbers stand at their ends need none.
"""

from collections.abc import Sequence

import pandas as pd

from crossroads.charts import house, plot
from crossroads.charts.house import CONTEXT, INK, NAVY, STEPS
from crossroads.charts.reading import Column, interval, read

WIDTH = 2.9
# Height in inches of a bar with the line of its label above it.
PAIR = 0.4
MOST = 4


@house.house_style
def small_bars(
    frame: pd.DataFrame,
    *,
    label: str,
    value: str,
    lower: str | None = None,
    upper: str | None = None,
    focus: str | Sequence[str] | None = None,
    number: str = ".0f",
    unit: str = "",
) -> house.Canvas:
    """Draw up to four bars from zero, each with its label above it and its number at its end.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per ``label``, in the order in which to draw them.
    label, value : str
        Columns of the names of the bars and of the numbers, none of them missing or below zero.
    lower, upper : str, optional
        Columns of the interval of 95 %; may be missing in single rows.
    focus : str or list of str, optional
        Bars to set off from the rest, which are grey then.
    number : str
        Format of the numbers.
    unit : str
        What is printed behind each number, such as ``"%"``.

    Returns
    -------
    Chart
        Its form is "Small bar chart".

    Raises
    ------
    ChartError
        If a column is missing or not of its type, a row occurs twice, there are more than four rows, or a number is missing
        or below zero.
    """
    frame = house.check(frame, numbers=[value, lower, upper], complete=[label, value], unique=[label])
    house.check_interval(frame, value, lower, upper)
    focus = house.check_known(focus, frame[label], "row")
    if len(frame) > MOST or (frame[value] < 0).any():
        raise house.ChartError(
            f"{len(frame)} rows, the lowest {frame[value].min():g}: a small chart has at most {MOST}, none below zero"
        )
    form = "Small bar chart" + (" with 95 % intervals" if lower else "")
    chart = house.canvas(PAIR * len(frame) + 0.06, form)
    chart.set_figwidth(WIDTH)
    columns = [Column(label, "", "label"), Column(value, f"Value ({unit})" if unit else "Value", "value", number)]
    chart.reading = read(frame, [*columns, *interval(lower, upper, number)])
    looks = plot.by_look(frame, value, lower=lower, upper=upper)
    chart.plot = plot.describe("bars", looks, axis=unit)
    axes = chart.subplots()
    axes.set_axis_off()
    colours = [NAVY if not focus or name in focus else CONTEXT for name in frame[label]]
    # An interval does not show on a dark bar.
    faces = colours if lower is None else STEPS[1]
    bars = axes.barh(frame.index, frame[value], height=0.4, color=faces, edgecolor=colours, linewidth=0.8)
    house.tie(bars, frame.index)
    ends = frame[value]
    if lower is not None and upper is not None:
        house.tie(axes.hlines(frame.index, frame[lower], frame[upper], color=INK, linewidth=1.4), frame.index)
        ends = ends.clip(frame[upper])
    for place, name, end, amount in zip(frame.index, frame[label], ends, frame[value], strict=True):
        axes.annotate(str(name), (0, place - 0.24), xytext=(3, 0), textcoords="offset points", va="bottom")
        axes.annotate(
            house.amount(amount, number) + unit, (end, place), xytext=(4, 0), textcoords="offset points", va="center",
            weight="bold",
        )  # fmt: skip
    axes.axvline(0, color=INK, linewidth=0.9)
    axes.set(xlim=(0, ends.max() * 1.22), ylim=(len(frame) - 0.75, -0.8))
    return chart
