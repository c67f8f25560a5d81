"""Charts in which place is the message: a tile for every country, a circle for every region.

There are no boundaries here, since the licences of boundary files do not let others pass them on: places come
with the data, as rows and columns of a tile grid or as the coordinates of centroids.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Patch, Rectangle, RegularPolygon

from crossroads.charts import house
from crossroads.charts.house import CATEGORIES, INK, MARKERS, MUTED, NAVY, ORANGE, PALE, STEPS, ChartError
from crossroads.charts.reading import Column, fitting, own_name, read
from crossroads.columns import AREA

# Behind names that are written upon circles.
PLATE = {"facecolor": "white", "alpha": 0.7, "linewidth": 0, "boxstyle": "round,pad=0.08"}


@house.house_style
def tile_grid(
    frame: pd.DataFrame,
    *,
    layout: pd.DataFrame,
    code: str,
    value: str | None = None,
    bins: Sequence[float] | None = None,
    group: str | None = None,
    group_order: Sequence | None = None,
    status: str | None = None,
    focus: str | Sequence[str] | None = None,
    number: str = ".0f",
    unit: str = "",
) -> house.Canvas:
    """Draw one tile a country, roughly where the country lies.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a country.
    layout : pandas.DataFrame
        Where tiles lie: columns ``code`` (of that name in both frames), ``tile_row`` and ``tile_column``; countries
        that are not in it are refused, tiles without a row in ``frame`` are shown with ``m``.
    code : str
        Column of the code of the country, written in its tile.
    value : str, optional
        Column of the numbers, printed in the tiles.
    bins : list of float, optional
        The one to three inner limits between classes; needed with ``value`` when there is no ``group``. A value on a
        limit belongs to the higher class.
    group : str, optional
        Column of up to four types that colour the tiles in place of classes of the value.
    group_order : list, optional
        Types in order; of appearance when not given.
    status : str, optional
        Column with the letter of each missing value; ``m`` when not given.
    focus : str or list of str, optional
        Codes of tiles to set off with a frame.
    number : str
        Format of the numbers.
    unit : str
        Measure and unit, written above the tiles.

    Returns
    -------
    Chart
        Its form is "Tile grid map".

    Raises
    ------
    ChartError
        If a column is missing or not of its type, or a country has no tile.
    """
    frame = house.check(frame, text=[status, group], numbers=[value], complete=[code], unique=[code])
    layout = house.check(layout, numbers=["tile_row", "tile_column"], complete=[code, "tile_row", "tile_column"],
                         unique=["tile_row", "tile_column"])  # fmt: skip
    strangers = sorted(set(frame[code]) - set(layout[code]))
    if strangers:
        raise ChartError(f"no tile for {strangers}; leave these rows out or give them a place in the layout")
    focus = house.check_known(focus, layout[code], "country")
    frame = frame.drop(columns=["tile_row", "tile_column"], errors="ignore")
    tiles = layout[[code, "tile_row", "tile_column"]].merge(frame, on=code, how="left")
    names, colours, place = _classes(tiles, value, bins, group, group_order, number)
    n_columns, n_rows = int(tiles["tile_column"].max()) + 1, int(tiles["tile_row"].max()) + 1
    side = house.width() / n_columns
    chart = house.canvas(side * n_rows + 0.3 + 0.2 * bool(unit), "Tile grid map")
    axes = chart.subplots()
    letters = house.letters(tiles, value, status) if value is not None else pd.Series("m", tiles.index)
    chart.reading = read(
        tiles.assign(**{AREA: tiles[code]}),
        [
            Column(AREA, "", "label"),
            *([Column(group, "", "group")] if group is not None else []),
            *([Column(value, unit, "value", number)] if value is not None else []),
        ],
        letters,
    )
    for index, tile in tiles.iterrows():
        column, row, step = tile["tile_column"], tile["tile_row"], place[index]
        known = step >= 0
        face = colours[step] if known else "white"
        edge: dict[str, Any] = (
            {"edgecolor": ORANGE, "linewidth": 3} if tile[code] in focus else {"edgecolor": NAVY, "linewidth": 0.8}
        )
        box = Rectangle((column + 0.05, row + 0.05), 0.9, 0.9, facecolor=face, **edge,
                        linestyle="-" if known else ":", zorder=2 if tile[code] in focus else 1)  # fmt: skip
        ink = house.text_on(face) if known else MUTED
        if not known:
            text = letters.get(index, "m")
        else:
            text = "ABCD"[step] if value is None else house.amount(tile[value], number)
        drawn = [
            axes.add_patch(box),
            axes.text(column + 0.5, row + 0.31, tile[code], ha="center", va="center", weight="bold", color=ink),
            axes.text(column + 0.5, row + 0.69, text, ha="center", va="center", color=ink),
        ]
        house.tie(drawn, [index] * len(drawn))
    axes.set_xlim(0, n_columns)
    axes.set_ylim(n_rows, 0)
    axes.set_aspect("equal")
    axes.axis("off")
    if group is not None and value is None:
        names = [f"{letter}  {name}" for letter, name in zip("ABCD", names, strict=False)]
    entries = [(name, _swatch(colour)) for name, colour in zip(names, colours, strict=False)]
    if (place < 0).any():
        entries.append(("m  No data", _swatch("white", missing=True)))
    house.key(chart, entries, unit=unit)
    return chart


@house.house_style
def region_map(
    frame: pd.DataFrame,
    *,
    longitude: str,
    latitude: str,
    value: str | None = None,
    bins: Sequence[float] | None = None,
    group: str | None = None,
    group_order: Sequence | None = None,
    size: str | None = None,
    country: str | None = None,
    label: str | None = None,
    number: str = ".0f",
    unit: str = "",
    height: float | None = None,
) -> house.Canvas:
    """Draw one circle a region at its centroid, coloured by class or type.

    Circles that would overlap are moved apart as far as needed (a Dorling cartogram).

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a region, with coordinates. Leave out overseas regions, and say so in the note.
    longitude, latitude : str
        Columns of the centroids in degrees.
    value : str, optional
        Column of the numbers, shown by ``bins``.
    bins : list of float, optional
        The one to three inner limits between classes; needed with ``value`` when there is no ``group``.
    group : str, optional
        Column of up to four types, each with its own colour and marker.
    group_order : list, optional
        Types in order; of appearance when not given.
    size : str, optional
        Column of positive numbers, such as population, to which the areas of circles are in proportion.
    country : str, optional
        Column of country codes, written in the middle of their regions.
    label : str, optional
        Column of names written beside regions; regions without a name get none.
    number : str
        Format of the limits of the classes.
    unit : str
        Measure and unit, written above the map.
    height : float, optional
        Height in inches; from the shape of the map when not given.

    Returns
    -------
    Chart
        Its form is "Map of regions as circles".

    Raises
    ------
    ChartError
        If a column is missing or not of its type, a coordinate is missing, or a size is not positive.

    Notes
    -----
    Lambert azimuthal equal-area projection around the middle of the data: areas, and so densities, compare.
    """
    frame = house.check(
        frame, text=[group, country, label], numbers=[value, longitude, latitude, size], complete=[longitude, latitude]
    )
    if size is not None and not (frame[size] > 0).all():
        raise ChartError(f"column {size!r} holds {frame[size].min():g}; the size of a circle must be positive")
    names, colours, place = _classes(frame, value, bins, group, group_order, number)
    points = _project(frame[longitude].to_numpy(float), frame[latitude].to_numpy(float))
    span = np.ptp(points, axis=0)
    weight = np.ones(len(frame)) if size is None else frame[size].to_numpy(float) / frame[size].mean()
    # Together the circles cover a tenth of the map: large enough to see, and few have to move.
    radius = np.sqrt(weight * 0.1 * span[0] * span[1] / weight.sum() / np.pi)
    points = _move_apart(points, radius * 1.06)
    # Pale ground under and around the circles lets the reader see land where no boundary may be drawn.
    ground = radius + 1.9 * radius.mean()
    low, high = (points - ground[:, None]).min(axis=0), (points + ground[:, None]).max(axis=0)
    shape = (high - low)[1] / (high - low)[0]
    tall = house.width() * shape + 0.35 + 0.25 * bool(unit)
    tall = min(8.4, tall) if height is None else min(height, tall) if house.is_narrow() else height
    chart = house.canvas(tall, "Map of regions as circles")
    chart.reading = read(
        frame,
        [
            own_name(frame, label),
            *([Column(country, "Country", "text")] if country else []),
            *([Column(group, "", "group")] if group is not None else []),
            *([Column(value, unit, "value", fitting(frame[value]))] if value is not None else []),
        ],
    )
    axes = chart.subplots()
    axes.set_aspect("equal")
    axes.axis("off")
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    for row, (centre, reach, around, step) in enumerate(zip(points, radius, ground, place, strict=True)):
        marker = MARKERS[step] if group is not None and step >= 0 else "o"
        shape = _shape(centre, reach, marker, colours[step] if step >= 0 else "white", step >= 0)
        # The limits are known: as patches each would be measured for them.
        house.tie(axes.add_artist(shape), row)
        axes.add_artist(Circle(centre, around, facecolor=PALE, linewidth=0, zorder=0.5))
    marks = MARKERS if group is not None else "oooo"
    entries = [(name, _swatch(colour, marker)) for name, colour, marker in zip(names, colours, marks, strict=False)]
    if (place < 0).any():
        entries.append(("No data", _swatch("white", "o", missing=True)))
    house.key(chart, entries, unit=unit)
    if country is not None:
        _name_places(axes, points, radius, frame[country], weight="bold")
    if label is not None:
        _name_places(axes, points, radius, frame[label].replace("", None))
    return chart


def _name_places(axes: Axes, points: np.ndarray, radius: np.ndarray, names: pd.Series, **look: Any) -> None:
    """Write each name once, in or beside the middle of the circles that bear it."""
    chart = house.chart_of(axes)
    chart.lay_out()
    axes.apply_aspect()  # it has the scale of the drawn map only from then on
    scale = np.ptp(axes.transData.transform([(0, 0), (1, 0)])[:, 0]) * 72 / chart.dpi
    middles = pd.DataFrame(points).groupby(names.to_numpy()).mean()
    settings = [{"s": name, "color": INK, "bbox": PLATE} | look for name in middles.index]
    own = names.notna().sum() == len(middles)
    house.place_names(
        axes, settings, middles.to_numpy(), points, 2 * radius * scale, reach=(-6, 0, 8, 16, 24, 36), leaders=own
    )


def _classes(
    frame: pd.DataFrame,
    value: str | None,
    bins: Sequence[float] | None,
    group: str | None,
    order: Sequence | None,
    number: str,
) -> Any:
    """Return names, colours and, per row, the number of the class (-1 for none)."""
    if group is not None:
        names = house.categories(frame, group, order)
        place = frame[group].map({name: step for step, name in enumerate(names)}).fillna(-1).astype(int)
        return [str(name) for name in names], CATEGORIES, place
    if value is None or bins is None:
        raise ChartError("give value with bins, or group: a map needs classes or types for its colours")
    bins = list(bins)
    if not 1 <= len(bins) <= 3 or bins != sorted(set(bins)):
        raise ChartError(f"bins is {bins}; expected one to three inner limits in rising order")
    limits = [house.amount(limit, number) for limit in bins]
    between = [f"{low} to {high}" for low, high in pairwise(limits)]
    names = [f"below {limits[0]}", *between, f"{limits[-1]} and over"]
    steps = {2: (STEPS[0], STEPS[3]), 3: (STEPS[0], STEPS[2], STEPS[3]), 4: STEPS}[len(names)]
    place = pd.Series(np.digitize(frame[value], bins), frame.index).where(frame[value].notna(), -1)
    return names, steps, place


def _swatch(colour: str, marker: str = "s", missing: bool = False) -> dict[str, Any]:
    """Return the settings of a key's sample of an area."""
    return {
        "linestyle": "none", "marker": marker, "markersize": 10, "markerfacecolor": colour,
        "markeredgecolor": MUTED if missing else NAVY, "markeredgewidth": 0.8,
    }  # fmt: skip


def _shape(centre: tuple[float, float], radius: float, marker: str, face: str, known: bool) -> Patch:
    """Return a circle, or for types the shape of their marker with the same reach."""
    look: dict[str, Any] = {"facecolor": face, "edgecolor": NAVY if known else MUTED, "linewidth": 0.7, "zorder": 2}
    if marker == "o":
        return Circle(centre, radius, **look)
    corners, turn = {"s": (4, np.pi / 4), "^": (3, 0), "D": (4, 0)}[marker]
    return RegularPolygon(centre, corners, radius=radius * 1.1, orientation=turn, **look)


def _project(longitude: np.ndarray, latitude: np.ndarray) -> np.ndarray:
    """Return the Lambert azimuthal equal-area projection around the middle of the points, on a sphere of radius 1."""
    longitude, latitude = np.radians(longitude), np.radians(latitude)
    middle = (longitude.min() + longitude.max()) / 2, (latitude.min() + latitude.max()) / 2
    turn = longitude - middle[0]
    depth = 1 + np.sin(middle[1]) * np.sin(latitude) + np.cos(middle[1]) * np.cos(latitude) * np.cos(turn)
    if (depth < 1e-6).any():
        raise ChartError("the regions lie on opposite sides of the globe; draw fewer of them")
    scale = np.sqrt(2 / depth)
    east = np.cos(latitude) * np.sin(turn)
    north = np.cos(middle[1]) * np.sin(latitude) - np.sin(middle[1]) * np.cos(latitude) * np.cos(turn)
    return np.column_stack([scale * east, scale * north])


def _move_apart(points: np.ndarray, radius: np.ndarray, rounds: int = 120) -> np.ndarray:
    """Move circles apart until none overlaps: each pair shares the way, small circles go further."""
    points = points.copy()
    # Two regions at one place would have no direction in which to part.
    points += 1e-9 * np.arange(len(points))[:, None] * np.array([1, -1])
    share = radius[None, :] ** 2 / (radius[:, None] ** 2 + radius[None, :] ** 2)
    for _ in range(rounds):
        between = points[:, None, :] - points[None, :, :]
        distance = np.hypot(between[..., 0], between[..., 1])
        np.fill_diagonal(distance, np.inf)
        overlap = np.clip(radius[:, None] + radius[None, :] - distance, 0, None)
        if overlap.max() < 1e-3 * radius.min():
            break
        points += 0.7 * ((overlap * share / distance)[..., None] * between).sum(axis=1)
    return points
