"""Areas: who is a member of the OECD, what countries and regions are called, where they lie.

What notebooks ask again and again of the code list of areas, one call each. Not here: statistics of groups of areas
(``crossroads.indicators``), shapes on a map (``crossroads.charts``).
"""

from collections.abc import Iterable

import pandas as pd

from crossroads.columns import AREA
from crossroads.evidence import tables
from crossroads.evidence.package import DataError

# Members of the OECD from Latin America, which often lie far from the others: means are given without them, too.
LATIN_AMERICA = ("CHL", "COL", "CRI", "MEX")


def table() -> pd.DataFrame:
    """Return the list of areas.

    Returns
    -------
    DataFrame
        By ``code``: ``name, area_type, country, oecd_since, tile_row, tile_column, longitude, latitude``.
    """
    return tables.code_list("areas").set_index("code")


def members() -> pd.Index:
    """Return the codes of the members of the OECD, in the order of the list of areas."""
    areas = table()
    return areas.index[areas["oecd_since"].notna()]


def name(code: str) -> str:
    """Return the name of an area.

    Raises
    ------
    DataError
        If the code list does not know it.
    """
    return names([code])[0]


def names(codes: Iterable[str]) -> list[str]:
    """Return the names of areas, in the order asked for.

    Raises
    ------
    DataError
        If the code list does not know one of them.
    """
    codes, known = [*codes], table()["name"]
    unknown = [code for code in codes if code not in known.index]
    if unknown:
        raise DataError(
            f"{unknown[0]!r} is no code of data/code-lists/areas.csv ({len(unknown)} of {len(codes)} unknown)"
        )
    return known[codes].tolist()


def absent(codes: Iterable[str]) -> list[str]:
    """Return the names of the members of the OECD that are not among the codes."""
    return names(members().difference([*codes], sort=False))


def add(frame: pd.DataFrame, *columns: str, by: str = AREA, **renamed: str) -> pd.DataFrame:
    """Add what the list of areas knows of the area of each row.

    Parameters
    ----------
    frame : DataFrame
    *columns : str
        Columns of the list of areas to add under their own names, such as ``"longitude"``.
    by : str
        Column with the codes.
    **renamed : str
        Columns to add under another name: ``country="name"`` adds the names of countries as ``country``.

    Returns
    -------
    DataFrame
        A copy; missing where the list does not know the code.

    Raises
    ------
    DataError
        If the list of areas has no such column.
    """
    areas = table()
    wanted = {**dict(zip(columns, columns, strict=True)), **renamed}
    for column in wanted.values():
        if column not in areas:
            raise DataError(f"data/code-lists/areas.csv has no column {column!r}; it has {', '.join(areas)}")
    return frame.assign(**{new: frame[by].map(areas[column]) for new, column in wanted.items()})


def n_averaged(code: str) -> int:
    """Return how many countries a published average holds, which its code says: 27 for ``OECD-average-27``.

    Raises
    ------
    DataError
        If the code does not end with a number.
    """
    number = code.rpartition("-")[2]
    if not number.isdecimal():
        raise DataError(
            f"the code {code!r} does not say how many areas it averages; expected such as 'OECD-average-27'"
        )
    return int(number)
