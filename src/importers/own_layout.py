"""Which column of an author's table is what: areas, years, measures, dimensions, and what stands beside a value.

Not here: what a single cell says (``importers.own_cells``), what the table is besides (``importers.own``).
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crossroads.evidence.tables import STATUS
from importers import own_cells
from importers.own_files import OwnTableError

# Headers by which columns are known, without case and signs; a column "measure" says what is measured; all else that holds
# numbers is a measure, and what holds words a dimension.
HEADERS = {
    "ref_area": (
        "refarea",
        "area",
        "country",
        "countrycode",
        "countryname",
        "iso3",
        "iso",
        "code",
        "geo",
        "land",
        "region",
        "nuts",
        "location",
    ),
    "time_period": ("timeperiod", "year", "time", "period", "date", "jahr", "datum"),
    "std_error": ("stderror", "standarderror", "se", "stderr"),
    "n_obs": ("nobs", "n", "observations", "samplesize"),
    "obs_status": ("obsstatus", "status", "flag", "flags"),
    "obs_value": ("obsvalue", "value"),
}
# What tells rows apart and is counted by nobody.
COUNTERS = {
    "id",
    "no",
    "nr",
    "index",
    "rank",
    "ranking",
    "position",
    "postcode",
    "postalcode",
    "zip",
    "zipcode",
    "phone",
}
# Parts of a year, of which a row holds the number.
PARTS = {"halfyear", "semester", "term", "trimester", "quarter", "month", "week", "day", "hour"}
# As they are, and as the World Bank and R write them.
YEAR_HEADER = re.compile(r"(?:[XxYy]|yr|year)?[ _]?((?:19|20)\d\d)(?: \[YR\1\])?")
SCHOOL_YEAR = re.compile(r"(?:19|20)\d\d[/-]\d\d(?:\d\d)?")
COUNT = re.compile(r"\d{1,15}")


@dataclass(frozen=True)
class Layout:
    """Which column of a file is what: headers, and the numbers of those that hold some, by header.

    Attributes
    ----------
    header : list of str
    area, period, status : str
        Headers of those columns; the last two may be missing.
    years : dict of str to str
        Header to year, where each year has a column.
    measure : str or None
        Header of what says what is measured, where a row has one value.
    numbers : dict of str to list of str
    measures, dimensions : dict of str to str
        Header to code.
    errors : dict of str to str
        ``std_error`` and ``n_obs`` to header.
    shares : dict of str to str
        Header of what has signs of the per cent to the first such cell.
    again : list of str
        Headers of what names the areas once more.
    """

    header: list[str]
    area: str
    period: str | None
    years: dict[str, str]
    status: str | None
    measure: str | None
    numbers: dict[str, list[str]]
    measures: dict[str, str]
    dimensions: dict[str, str]
    errors: dict[str, str]
    shares: dict[str, str]
    again: list[str]


def observed(
    name: str, rows: list[list[Any]], file: str, dimensions: Collection[str] = ()
) -> tuple[Layout, pd.DataFrame]:
    """Return what each column of a file is, and one observation a row, under the row of the file that it stands in.

    Parameters
    ----------
    name : str
        Name of the table.
    rows : list of list
        As :func:`importers.own_files.read` returns them.
    file : str
        Name of the file, for messages.
    dimensions : collection of str
        Columns that are known to be dimensions, whatever they hold.

    Returns
    -------
    layout : Layout
    cells : pandas.DataFrame
        All as text: ``ref_area, time_period, measure``, dimensions, ``obs_value`` and what else there is.

    Raises
    ------
    OwnTableError
        That names row and column of what cannot be understood.
    """
    layout = _lay_out(name, rows, file, dimensions)
    found = [(row, entry) for row in range(2, len(rows) + 1) for entry in _observations(layout, rows, row, file)]
    cells = pd.DataFrame([entry for _, entry in found], index=[row for row, _ in found]).fillna("")
    first: dict[tuple[str, ...], int] = {}
    key = cells[["ref_area", "time_period", "measure", *layout.dimensions.values()]]
    for row, *about in key.itertuples(name=None):
        before = first.setdefault(tuple(about), row)
        if before != row:
            written = str(rows[row - 1][layout.header.index(layout.period)]) if layout.period else about[1]
            dated = (
                f"; of {written!r} the year {about[1]} was taken, keep one date a year" if written != about[1] else ""
            )
            raise OwnTableError(
                f"{file}, row {row}: {', '.join(filter(None, about))} is given in row {before} already; keep one, or say in"
                f" a column of its own what tells the two apart{dated}"
            )
    cells.attrs["again"] = layout.again
    return layout, cells


def _lay_out(name: str, rows: list[list[Any]], file: str, dimensions: Collection[str]) -> Layout:
    """Say what each column is, by its header and what it holds; some are known to be dimensions, whatever they hold."""
    header, body = rows[0], rows[1:]
    there, years, roles = told_columns(header), _years(header, file), _roles(header, body)
    if "ref_area" not in roles:
        tsv = "; this is Eurostat's TSV: fetch its SDMX-CSV, which has a column for each dimension" * any(
            "\\" in one for one in header
        )
        raise OwnTableError(f"{file}, row 1: no column of areas (ref_area); name it country or region{tsv}. {there}")
    if not years and "time_period" not in roles:
        school = next((f"; of a school year such as {column!r} name the year in which it ends" for column in header if
                       SCHOOL_YEAR.fullmatch(column)), "")  # fmt: skip
        raise OwnTableError(
            f"{file}, row 1: no column of years (time_period); name it year, or give each year a column of its own, named 2024"
            f" or the like{school}. {there}"
        )
    measure = next((column for column in header if column.lower() == "measure"), None)
    again = [column for column in _areas_again(header, body, roles["ref_area"], file) if column not in dimensions]
    known = {roles[role] for role in ("ref_area", "time_period", "obs_status") if role in roles} | {measure, *again}
    errors: dict[str, str] = {role: roles[role] for role in ("std_error", "n_obs") if role in roles}
    alone = {*years, roles.get("obs_value")}
    columns = {
        column: [row[index] for row in body]
        for index, column in enumerate(header)
        if column not in known and column not in dimensions
    }
    share = {column: own_cells.share_of_numbers(entries) for column, entries in columns.items()}
    numbers = {
        column: own_cells.numbers(column, entries, file)
        for column, entries in columns.items()
        if column in {*alone, *errors.values()} or share[column] > 0.5
    }
    measured = [column for column in numbers if column not in errors.values()]
    counters = [column for column in measured if _plain(column) in COUNTERS]
    if counters:
        raise OwnTableError(
            f"{file}, row 1: the column {counters[0]!r} numbers rows or names them, and measures nothing; delete it, or name it by"
            f" what it measures. {there}"
        )
    parts = [column for column in measured if _plain(column) in PARTS]
    if parts:
        raise OwnTableError(
            f"{file}, row 1: the column {parts[0]!r} numbers parts of the year, and measures nothing; write them in words, such as"
            f" {parts[0]} 1, if they are to be told apart, or give one value a year and delete the column. {there}"
        )
    if not measured and "n_obs" in errors:
        raise OwnTableError(
            f"{file}, row 1: {errors['n_obs']!r} was taken for the number of observations, and no other column holds numbers;"
            f" name it by what it counts. {there}"
        )
    if not measured:
        nearness = {column: (share[column], own_cells.share_of_marked(entries)) for column, entries in columns.items()}
        nearest = max(columns, key=nearness.__getitem__, default="")
        if any(nearness.get(nearest, ())):
            own_cells.numbers(nearest, columns[nearest], file)  # tells the cell for which the column holds no numbers
        raise OwnTableError(
            f"{file}: no column holds numbers (obs_value); expected at least one beside areas and years. {there}"
        )
    other = [column for column in measured if column not in alone]
    if years and other:
        raise OwnTableError(
            f"{file}, row 1: beside columns of years, {other[0]!r} holds numbers, and nothing says of which year; put one year in a"
            f" row, with the columns year and value, or delete the column. {there}"
        )
    if measure and other:
        raise OwnTableError(
            f"{file}, row 1: column {other[0]!r} holds numbers; beside a column {measure!r}, which says what is measured, they"
            f" have to stand in obs_value; rename the column, or delete it. {there}"
        )
    dimension = [column for column in header if column not in known and column not in numbers]
    return Layout(
        header,
        roles["ref_area"],
        roles.get("time_period"),
        years,
        roles.get("obs_status"),
        measure,
        numbers,
        dict.fromkeys(measured, own_cells.slug(name, "_")) | _named(other, file),
        {column: column for column in dimension if column in dimensions}
        | _named([column for column in dimension if column not in dimensions], file),
        errors,
        {column: signed for column in numbers if (signed := next(filter(own_cells.is_share, columns[column]), ""))},
        again,
    )


def _years(header: Sequence[str], file: str) -> dict[str, str]:
    """Return the columns that are named by a year, and the year."""
    found = {column: like[1] for column in header if (like := YEAR_HEADER.fullmatch(column))}
    for column, year in found.items():
        first = next(one for one in found if found[one] == year)
        if first != column:
            raise OwnTableError(f"{file}, row 1: the columns {first!r} and {column!r} are of one year; keep one")
    return found


def _roles(header: Sequence[str], body: Sequence[Sequence[Any]]) -> dict[str, str]:
    """Return the columns of areas, years and what stands beside each value, by role."""
    holds: dict[str, Callable[[Any], bool]] = {"ref_area": own_cells.is_area, "time_period": own_cells.is_period}
    whole = {
        (role, column)
        for role, fits in holds.items()
        for index, column in enumerate(header)
        if all(fits(row[index]) for row in body)
    }
    # Of two columns called so, the one of which each cell is one: names in another language may stand beside codes.
    named = [(role, column) for column in header if (role := _role(column))]
    roles = {role: column for role, column in sorted(reversed(named), key=whole.__contains__)}
    for role in holds:
        # What a column is called in another language, its cells tell.
        like = [column for column in header if (role, column) in whole and column not in roles.values()]
        if role not in roles and len(like) == 1:
            roles[role] = like[0]
    return roles


def _areas_again(header: Sequence[str], body: Sequence[Sequence[Any]], area: str, file: str) -> list[str]:
    """Return the columns that name the areas once more; refused where one names another area than the row's."""
    found, main = [], header.index(area)
    for index, column in enumerate(header):
        pairs = [(row[main], row[index]) for row in body]
        if index == main:
            continue
        apart = [
            number
            for number, pair in enumerate(pairs, start=2)
            if all(map(own_cells.is_area, pair)) and len(set(map(_code, pair))) > 1
        ]
        if apart and _role(column) == "ref_area":
            one, other = pairs[apart[0] - 2]
            raise OwnTableError(
                f"{file}, row {apart[0]}: {area} says {str(one)!r} and {column} {str(other)!r}, which are two areas; mend one, or name"
                f" the column {column!r} by what else it says"
            )
        if (
            not apart
            and _pairs_off(pairs)
            and (_role(column) == "ref_area" or all(own_cells.is_area(other) for _, other in pairs))
        ):
            found.append(column)
    return found


def _pairs_off(pairs: Collection[tuple[Any, Any]]) -> bool:
    """Say whether each area has one word of its own, as a name in another language is, and a kind of place is not."""
    distinct = set(pairs)
    return len({one for one, _ in distinct}) == len({other for _, other in distinct}) == len(distinct) and (
        len(distinct) > 1 or all(own_cells.is_area(entry) for pair in distinct for entry in pair)
    )


def _code(entry: Any) -> str:
    return own_cells.area(entry, "")


def told_columns(header: Iterable[str]) -> str:
    """Name the columns of a file, for a message."""
    return f"The columns are {', '.join(header)}"


def _named(columns: Iterable[str], file: str) -> dict[str, str]:
    """Return the codes of columns by header."""
    found: dict[str, str] = {}
    for column in columns:
        code = own_cells.slug(column, "_")
        if not code or code in found.values():
            why = f"would be called {code!r} like another" if code else "has no letter from a to z"
            raise OwnTableError(f"{file}, row 1: the column {column!r} {why}; rename it")
        found[column] = code
    return found


def _observations(layout: Layout, rows: list[list[Any]], number: int, file: str) -> Iterator[dict[str, str]]:
    """Yield what a row of the file holds, one observation each."""
    cells = dict(zip(layout.header, rows[number - 1], strict=True))
    place = f"{file}, row {number}, column "
    row = {"ref_area": own_cells.area(cells[layout.area], place + layout.area)}
    if layout.period:
        row["time_period"] = own_cells.year(cells[layout.period], place + layout.period)
    row |= {name: str(cells[column] or "") for column, name in layout.dimensions.items()}
    beside = {role: layout.numbers[column][number - 2] for role, column in layout.errors.items()}
    if (count := beside.get("n_obs")) and not COUNT.fullmatch(count):
        raise OwnTableError(f"{place}{layout.errors['n_obs']}: {count!r}, expected a whole number, or nothing")
    if (error := beside.get("std_error")) and float(error) < 0:
        raise OwnTableError(
            f"{place}{layout.errors['std_error']}: {error!r}, expected a standard error of zero or more"
        )
    if layout.status:
        beside["obs_status"] = str(cells[layout.status] or "")
        if not re.fullmatch(STATUS, beside["obs_status"]):
            raise OwnTableError(
                f"{place}{layout.status}: {beside['obs_status']!r}, expected letters of data/code-lists/obs-status.csv in"
                " alphabetical order, or nothing"
            )
    for column, code in layout.measures.items():
        period = {"time_period": layout.years[column]} if column in layout.years else {}
        measure = str(cells[layout.measure] or "") if layout.measure else code
        yield row | period | {"measure": measure, "obs_value": layout.numbers[column][number - 2]} | beside


def _role(header: str) -> str | None:
    return next((role for role, names in HEADERS.items() if _plain(header) in names), None)


def _plain(header: str) -> str:
    """Return a header without case and signs, by which it is known."""
    return re.sub(r"[^a-z0-9]", "", header.lower())
