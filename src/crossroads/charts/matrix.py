"""Charts in two dimensions: heat matrices and combinations of sets.

Not here: maps (`maps`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.colors import ListedColormap, Normalize

from crossroads.charts import house
from crossroads.charts.house import CONTEXT, INK, MUTED, NAVY, OPPOSITES, ORANGE, PALE, SHADES, ChartError
from crossroads.charts.reading import Column, read, verdict


@house.house_style
def heat_matrix(
    frame: pd.DataFrame,
    *,
    row: str,
    column: str,
    value: str,
    status: str | None = None,
    row_order: Sequence | None = None,
    column_order: Sequence | None = None,
    centre: float | None = None,
    limits: tuple[float, float] | None = None,
    significant: str | None = None,
    focus: str | Sequence[str] | None = None,
    number: str = ".0f",
    unit: str = "",
) -> house.Canvas:
    """Draw a matrix of numbers, each on a colour that grows with it.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per ``row`` and ``column`` of the matrix. A missing number is shown by its letter.
    row, column, value : str
        Columns of the names of rows and columns, and of the numbers.
    status : str, optional
        Column with the letter of each missing value; ``m`` when not given.
    row_order, column_order : list, optional
        Names in order; of appearance when not given.
    centre : float, optional
        Value in the middle of a diverging scale, such as 0; a scale of one hue when not given.
    limits : tuple of float, optional
        Ends of the scale; those of the data when not given.
    significant : str, optional
        Column of booleans; numbers that are significant are bold.
    focus : str or list of str, optional
        Rows to set off from the rest.
    number : str
        Format of the numbers printed in the cells.
    unit : str
        Measure and unit, written above the matrix.

    Returns
    -------
    Chart
        Its form is "Heat matrix".

    Raises
    ------
    ChartError
        If a column is missing or not of its type, or a cell occurs twice.
    """
    frame = house.check(
        frame, text=[status, significant], numbers=[value], complete=[row, column], unique=[row, column]
    )
    focus = house.check_known(focus, frame[row], "row")
    rows = house.categories(frame, row, row_order, most=200)
    columns = house.categories(frame, column, column_order, most=16)
    wide = frame.pivot(index=row, columns=column, values=value).reindex(index=rows, columns=columns).astype(float)
    if wide.isna().all(axis=None):
        raise ChartError(f"column {value!r} has no number")
    cells = pd.MultiIndex.from_product([rows, columns], names=[row, column])
    cells = frame.set_index([row, column]).reindex(cells).reset_index()
    letters = house.letters(cells, value, status)
    bold = {} if significant is None else frame.set_index([row, column])[significant].fillna(False).to_dict()
    norm, scale = _scale(wide, centre, limits)
    side = max(len(line) for name in rows for line in house.wrap(name, house.label_width()).split("\n"))
    room = int((72 * house.width() - 5.5 * side) / 5.9 / len(columns))
    heads = [house.wrap(name, room) for name in columns]
    lines = max(head.count("\n") for head in heads) + 1
    longest = max(len(word) for head in heads for word in head.split("\n"))
    # Heads whose words are wider than their column stand upright.
    upright = longest > room + 1
    if upright:
        heads = [house.wrap(name, 22) for name in columns]
        head_height = 0.1 + 0.078 * max(len(line) for head in heads for line in head.split("\n"))
    height = 0.25 + (head_height if upright else 0.19 * lines) + 0.22 * bool(unit)
    chart = house.canvas(height + (house.row_height(rows) + 0.015) * len(rows), "Heat matrix")
    chart.reading = read(
        cells,
        [
            Column(row, "", "label"),
            Column(column, "", "group"),
            Column(value, unit, "value", number),
            *([Column("verdict", "Significance", "text")] if significant else []),
        ],
        letters,
        verdict=verdict(cells, significant, ("Significant", "Not significant")),
    )
    axes = chart.subplots()
    sns.heatmap(wide, ax=axes, cmap=scale, norm=norm, cbar=False, linewidths=1.2, linecolor="white")
    house.tie(axes.collections[0], cells.index)
    for k, (i, j) in enumerate(np.ndindex(wide.shape)):
        entry, place = wide.iloc[i, j], (rows[i], columns[j])
        if np.isnan(entry):
            text = letters[k]
            look: dict[str, Any] = {"color": MUTED, "style": "italic"}
        else:
            # Chosen by contrast: seaborn's own choice between dark and white text can fall below 4.5:1.
            text = house.amount(entry, number)
            look = {"color": house.text_on(scale(norm(entry))), "weight": "bold" if bold.get(place) else "normal"}
        house.tie(axes.text(j + 0.5, i + 0.5, text, ha="center", va="center_baseline", **look), k)
    axes.set(xlabel="", ylabel="")
    axes.set_yticks(np.arange(len(rows)) + 0.5, [house.wrap(name, house.label_width()) for name in rows], rotation=0)
    for tick, name in zip(axes.get_yticklabels(), rows, strict=True):
        if name in focus:
            tick.set(weight="bold", color=house.TEXT[ORANGE])
    axes.set_xticks(np.arange(len(columns)) + 0.5, heads, rotation=90 if upright else 0)
    axes.xaxis.tick_top()
    for spine in axes.spines.values():
        spine.set_visible(False)
    house.key(chart, [], unit=unit)
    return chart


@house.house_style
def combination_matrix(
    frame: pd.DataFrame,
    *,
    sets: Mapping[str, str],
    value: str,
    n: int | None = None,
    unit: str = "",
    number: str = ".0f",
) -> house.Canvas:
    """Draw how often sets occur together: a matrix of the sets beside bars of their number.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a combination, with a column of booleans for each set.
    sets : dict of str to str
        Columns of the sets, each with its name, two or more.
    value : str
        Column of the number of cases with just that combination.
    n : int, optional
        How many cases there are in all, named beside the unit.
    unit : str
        Title of the axis of the bars.
    number : str
        Format of the numbers at the ends of the bars.

    Returns
    -------
    Chart
        Its form is "Matrix of combinations with bars".

    Raises
    ------
    ChartError
        If a column is missing or not of its type, a set is unknown (neither true nor false) in a row, or a
        combination occurs twice.
    """
    frame = house.check(frame, numbers=[value], complete=[*sets, value], unique=list(sets))
    for name in sets:
        if not frame[name].isin([True, False]).all():
            raise ChartError(f"column {name!r} holds {frame[name].iloc[0]!r}; a set is true or false in every row")
    if len(sets) < 2:
        raise ChartError("a combination needs two sets or more")
    frame = frame.sort_values([value, *sets], ascending=False, kind="stable", ignore_index=True)
    heads = [house.wrap(name, 9) for name in sets.values()]
    pitch = min(0.9, house.width() * 0.71 / len(sets))
    steep = 5.3 * max(len(word) for head in heads for word in head.split("\n")) > 72 * pitch
    chart = house.canvas((1.3 if steep else 0.8) + 0.25 * len(frame), "Matrix of combinations with bars")
    chart.reading = read(
        frame,
        [Column("combination", "", "label"), Column(value, unit, "value", number)],
        combination=_combinations(frame, sets),
    )
    ratios = [len(sets) * pitch, house.width() - 0.2 - len(sets) * pitch]
    left, right = chart.subplots(1, 2, sharey=True, width_ratios=ratios)
    positions = np.arange(len(frame))
    for i, name in enumerate(sets):
        inside = frame[name].astype(bool).to_numpy()
        hollow = house.mark(CONTEXT, filled=False, size=8) | {"markeredgewidth": 0.8}
        house.tie(left.plot([i] * len(frame), positions, zorder=1.9, **hollow)[0], positions)
        full = left.plot([i] * inside.sum(), positions[inside], **house.mark(NAVY, size=10), zorder=2)
        house.tie(full[0], positions[inside])
    for position, row in zip(positions, frame[list(sets)].astype(bool).to_numpy(), strict=True):
        members = np.flatnonzero(row)
        if len(members) > 1:
            ends = [members[0], members[-1]]
            house.tie(left.plot(ends, [position] * 2, color=NAVY, linewidth=2.4, zorder=1.8), [position])
    for axes in (left, right):
        axes.spines["bottom"].set_visible(False)
        for position in positions[::2]:
            axes.axhspan(position - 0.5, position + 0.5, color=PALE, zorder=0, linewidth=0)
    turn = {"rotation": 40, "ha": "left", "rotation_mode": "anchor"} if steep else {}
    left.set_xticks(range(len(sets)), [head.replace("\n", " ") for head in heads] if steep else heads, **turn)
    left.xaxis.tick_top()
    left.set_xlim(-0.6, len(sets) - 0.4)
    left.set_yticks([])
    left.set_ylim(len(frame) - 0.5, -0.5)
    house.tie(right.barh(positions, frame[value], height=0.62, color=NAVY), positions)
    for position, entry in zip(positions, frame[value], strict=True):
        drawn = right.annotate(house.amount(entry, number), (entry, position), xytext=(4, 0),
                               textcoords="offset points", ha="left", va="center", color=INK)  # fmt: skip
        house.tie(drawn, position)
    right.axvline(0, color=INK, linewidth=0.9)
    right.set_xticks([])
    right.set_xlim(0, frame[value].max() * 1.12)
    right.set_title(f"{unit} (n = {n})" if n is not None else unit, weight="normal", pad=6)
    return chart


def _combinations(frame: pd.DataFrame, sets: Mapping[str, str]) -> list[str]:
    """Name each combination by the sets in it."""
    names = np.array(list(sets.values()))
    return [", ".join(names[members]) or "none" for members in frame[list(sets)].to_numpy(bool)]


def _scale(wide: pd.DataFrame, centre: float | None, limits: tuple[float, float] | None) -> Any:
    """Return the normalisation and the colours of a heat matrix."""
    low, high = limits or (np.nanmin(wide), np.nanmax(wide))
    if centre is not None:
        reach = max(abs(high - centre), abs(centre - low)) or 1.0
        low, high = centre - reach, centre + reach
    elif high == low:
        high = low + 1.0
    return Normalize(low, high, clip=True), ListedColormap(OPPOSITES if centre is not None else SHADES)
