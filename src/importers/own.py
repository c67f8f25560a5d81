"""Tables of the authors' own: a CSV file or a workbook that somebody brings, without any publisher's file.

``crossroads new table NAME FILE`` reads the file, asks nothing that it tells, and keeps two files in ``data/own/``: the
cells as they were read, and what the table is, as YAML that an author may go on editing. :func:`family` makes tables of the
package from them as from any publisher's file, so that they are checked, described and remade like all others.

The file that is brought and the cells that are kept are read by one reader: a table which a spreadsheet has saved back, or
a new file in the place of the old one, is as welcome as the first. What cannot be read is told with its row and column.

Not here: how the file is opened (``importers.own_files``), publishers' files (``importers.families``), the form of tables
(``importers.remake``).
"""

import contextlib
import datetime
import difflib
import math
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from crossroads.evidence import package, record_files
from crossroads.evidence.tables import DIRECTIONS, STATUS
from importers import codes, countries, own_files
from importers.declaration import CodeList, Family, Measure, Source, Spot, Table
from importers.own_files import COMMA_NUMBER, MISSING, NUMBER, THOUSANDS, OwnTableError

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
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
# Years as headers: as they are, and as the World Bank and R write them.
YEAR, YEAR_HEADER = re.compile(r"(?:19|20)\d\d"), re.compile(r"(?:[XxYy]|yr|year)?[ _]?((?:19|20)\d\d)(?: \[YR\1\])?")
SCHOOL_YEAR = re.compile(r"(?:19|20)\d\d[/-]\d\d(?:\d\d)?")
SHARE = re.compile(r"[+\u2212\u2013-]?[\d.,]+ ?%")
COUNT = re.compile(r"\d{1,15}")
FLAGGED = re.compile(rf"({NUMBER.pattern}) ?\(?([a-z]{{1,3}})\)?")
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
DATE = re.compile(
    rf"\d{{1,4}}[-./]\d{{1,2}}[-./]\d{{1,4}}(?:[T ].*)?|\d{{1,2}}[-. ]{{1,2}}{MONTH}(?:[-. ]\d+)?|{MONTH}[-. ]\d+",
    re.IGNORECASE,
)
BOUNDS = {"PERCENT": (0.0, 100.0), "SCORE_0_10": (0.0, 10.0), "SCORE_0_60": (0.0, 60.0)}
# What a file cannot tell, and what it may be told besides.
ASKED = {
    "unit": f"one of {', '.join(codes.UNITS)}",
    "licence": f"one of {', '.join(codes.LICENCES)}",
    "publisher": "who answers for the numbers",
    "url": "where readers find them",
}
BESIDES = {
    "label": "title of the table; its name when not given",
    "definition": "what the numbers are",
    "dataset": "what the publisher calls them; the name of the file when not given",
    "sheet": "of a workbook, the sheet that holds the table; the first that is shown when not given",
}
BESIDE = {"std_error": "standard error", "n_obs": "number of observations", "obs_status": "status"}
# What the YAML of a table says.
FIELDS = ("label", "definition", "source", "measures", "dimensions")
SOURCE_FIELDS = ("publisher", "dataset", "url", "licence")
MEASURE_FIELDS = ("label", "unit", "direction", "bounds")
DIMENSION_FIELDS = ("label", "codes")


def new_table(root: Path, name: str, file: Path, about: dict[str, str]) -> str:
    """Read an author's file and keep it in ``data/own/``.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    name : str
        Name of the table, e.g. ``"school-libraries"``.
    file : pathlib.Path
        CSV or workbook (``.xlsx``). One row an observation, or a column for each year.
    about : dict of str to str
        What the file cannot tell: ``unit``, ``licence``, ``publisher``, ``url``; and if wanted ``label``, ``definition``,
        ``dataset``, ``sheet``.

    Returns
    -------
    str
        What was understood, in words; ``data`` has to be remade with it.

    Raises
    ------
    OwnTableError
        If the name is taken or the file cannot be read as a table. Nothing is written then.
    """
    if not NAME.fullmatch(name):
        raise OwnTableError(f"{name!r} is no name of a table; use lower-case words with hyphens, e.g. school-libraries")
    folder = root / "data" / package.OWN
    brought = (folder / f"{name}.yaml").exists()
    if brought or name in package.entries(package.TABLES):
        raise OwnTableError(
            f"a table named {name!r} is there already; choose another name"
            + f", or put the new file in the place of data/{package.OWN}/{name}.csv and run `crossroads data {name}`"
            * brought
        )
    missing = [f"--{key} ({said})" for key, said in ASKED.items() if not about.get(key)]
    if missing:
        raise OwnTableError("the file does not tell all; say also " + "; ".join(missing))
    for key, known in {"unit": {*codes.UNITS}, "licence": {*codes.LICENCES}}.items():
        if about[key] not in known:
            raise OwnTableError(
                f"--{key} {about[key]!r} is unknown; expected {ASKED[key]}. A new one is a line of {key.upper()}S in src/importers/codes.py"
            )
    sheet = about.get("sheet", "")
    declaration, cells = declare(name, own_files.read(file, sheet=sheet), about, file.name)
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.csv").write_bytes(cells.to_csv(index=False, lineterminator="\n").encode())
    text = yaml.safe_dump(declaration, sort_keys=False, allow_unicode=True, width=120)
    (folder / f"{name}.yaml").write_text(
        f"# A table of our own; the cells are in {name}.csv. After an edit: crossroads data {name}\n"
        "# Values out of bounds are refused. Where the unit has none, they are ten times the largest value of the first file:\n"
        f"# widen them where a value may be larger.\n{text}",
        "utf-8",
    )
    return _understood(declaration, cells) + _unread(file, sheet)


def _understood(declaration: dict[str, Any], cells: pd.DataFrame) -> str:
    """Say what a table was taken to hold, so that a column that was taken for another is seen."""
    years = sorted(set(cells["time_period"]))
    measures = ", ".join(f"{entry['label']} ({entry['unit']})" for entry in declaration["measures"].values())
    kinds = "; ".join(
        f"{entry['label']}: {', '.join(entry['codes'].values())}" for entry in declaration["dimensions"].values()
    )
    beside = [said for column, said in BESIDE.items() if column in cells]
    return (
        f"Read: {len(cells)} cells; areas: {cells['ref_area'].nunique()}; years: {'-'.join(dict.fromkeys([years[0], years[-1]]))}."
        f" Measured: {measures}."
        + f" Categories: {kinds}." * bool(kinds)
        + f" Beside each: {', '.join(beside)}." * bool(beside)
        + f" Left out, as it names the areas again: {', '.join(cells.attrs['again'])}." * bool(cells.attrs["again"])
    )


def _unread(file: Path, sheet: str) -> str:
    """Name the sheets of a workbook that were not read."""
    if file.suffix.lower() != ".xlsx":
        return ""
    first, *others = own_files.visible_sheets(file)
    left = [name for name in [first, *others] if name != (sheet or first)]
    return f" Not read: the sheets {', '.join(map(repr, left))} (--sheet)." * bool(left)


@dataclass(frozen=True)
class _Layout:
    """Which column of a file is what: headers, and the numbers of those that hold some, by header."""

    header: list[str]
    area: str
    period: str | None
    years: dict[str, str]  # header to year
    status: str | None
    measure: str | None  # says what is measured, where a row has one value
    numbers: dict[str, list[str]]
    measures: dict[str, str]  # header to code
    dimensions: dict[str, str]  # header to name of the column
    errors: dict[str, str]  # std_error and n_obs to header
    shares: dict[str, str]  # header of what has signs of the per cent to the first such cell
    again: list[str]  # name the areas once more


def declare(name: str, rows: list[list[Any]], about: dict[str, str], file: str) -> tuple[dict[str, Any], pd.DataFrame]:
    """Find out what a table holds.

    Parameters
    ----------
    name : str
    rows : list of list
        As :func:`read` returns them.
    about : dict of str to str
        As for :func:`new_table`.
    file : str
        Name of the file, for messages.

    Returns
    -------
    declaration : dict
        What ``data/own/<name>.yaml`` holds.
    cells : pandas.DataFrame
        One observation a row, all as text: ``ref_area, time_period, measure``, dimensions, ``obs_value`` and what else there is.

    Raises
    ------
    OwnTableError
        That names row and column of the file.
    """
    layout, cells = _observed(name, rows, file)
    _require_per_cent(layout, {about["unit"]}, file)
    _refuse_notes(layout, cells, file)
    labels = {code: header for header, code in layout.measures.items()}
    if layout.measure:
        labels = _codes(cells["measure"], file)
        cells["measure"] = cells["measure"].map({text: code for code, text in labels.items()})
    dimensions = {}
    for label, column in layout.dimensions.items():
        found = _codes(cells[column], file)
        dimensions[column] = {"label": label, "codes": found}
        cells[column] = cells[column].map({text: code for code, text in found.items()})
    title = name.replace("-", " ").capitalize()
    values = cells.assign(number=pd.to_numeric(cells["obs_value"])).groupby("measure")["number"]
    bounds = {code: _bounds(about["unit"], values.get_group(code)) for code in labels}
    _require_within(cells, bounds, f"; mend it, or choose another unit than {about['unit']}", file)
    measures = {
        code: {
            "label": title if code == _slug(name, "_") else label,
            "unit": about["unit"],
            "direction": "neither",
            "bounds": bounds[code],
        }
        for code, label in labels.items()
    }
    source = {"publisher": about["publisher"], "dataset": about.get("dataset") or file} | {
        key: about[key] for key in ("url", "licence")
    }
    declaration = {
        "label": about.get("label") or title,
        "definition": about.get("definition") or f"As in the file {file}.",
        "source": source,
        "measures": measures,
        "dimensions": dimensions,
    }
    return declaration, cells


def _refuse_notes(layout: _Layout, cells: pd.DataFrame, file: str) -> None:
    """Refuse a column that has words in some rows only and tells none apart: remarks became the categories of a table."""
    about = ["ref_area", "time_period", "measure", *layout.dimensions.values()]
    for label, column in layout.dimensions.items():
        empty = cells.index[cells[column] == ""]
        if len(empty) and not cells.duplicated([name for name in about if name != column]).any():
            raise OwnTableError(
                f"{file}, row {empty[0]}, column {label}: the cell is empty, and no two rows differ in this column alone; if it holds"
                " remarks, delete it and say them in the definition; if it holds categories, write one in each row"
            )


def _bounds(unit: str, values: pd.Series) -> list[float]:
    """Return the bounds of a unit, or else ten times the largest value: finds a slip of the point, and leaves room."""
    largest = values.abs().max()
    widest = float(f"{10 * largest:.10g}") if largest > 0 else 10.0
    return list(BOUNDS.get(unit, (-widest, widest)))


def _observed(
    name: str, rows: list[list[Any]], file: str, dimensions: Collection[str] = ()
) -> tuple[_Layout, pd.DataFrame]:
    """Return what each column of a file is, and one observation a row, under the row of the file that it stands in."""
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


def _lay_out(name: str, rows: list[list[Any]], file: str, dimensions: Collection[str]) -> _Layout:
    """Say what each column is, by its header and what it holds; some are known to be dimensions, whatever they hold."""
    header, body = rows[0], rows[1:]
    there, years, roles = _told(header), _years(header, file), _roles(header, body)
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
    share = {column: _share_of_numbers(entries) for column, entries in columns.items()}
    numbers = {
        column: _numbers(column, entries, file)
        for column, entries in columns.items()
        if column in {*alone, *errors.values()} or share[column] > 0.5
    }
    measured = [column for column in numbers if column not in errors.values()]
    if not measured:
        nearest = max(columns, key=share.__getitem__, default="")
        if share.get(nearest):
            _numbers(nearest, columns[nearest], file)  # tells the cell for which the column holds no numbers
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
    return _Layout(
        header,
        roles["ref_area"],
        roles.get("time_period"),
        years,
        roles.get("obs_status"),
        measure,
        numbers,
        dict.fromkeys(measured, _slug(name, "_")) | _named(other, file),
        {column: column for column in dimension if column in dimensions}
        | _named([column for column in dimension if column not in dimensions], file),
        errors,
        {column: signed for column in numbers if (signed := next(filter(_is_share, columns[column]), ""))},
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
    holds: dict[str, Callable[[Any], bool]] = {"ref_area": _is_area, "time_period": _is_period}
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
            if all(map(_is_area, pair)) and len(set(map(_code, pair))) > 1
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
            and (_role(column) == "ref_area" or all(_is_area(other) for _, other in pairs))
        ):
            found.append(column)
    return found


def _pairs_off(pairs: Collection[tuple[Any, Any]]) -> bool:
    """Say whether each area has one word of its own, as a name in another language is, and a kind of place is not."""
    distinct = set(pairs)
    return len({one for one, _ in distinct}) == len({other for _, other in distinct}) == len(distinct) and (
        len(distinct) > 1 or all(_is_area(entry) for pair in distinct for entry in pair)
    )


def _told(header: Iterable[str]) -> str:
    return f"The columns are {', '.join(header)}"


def _named(columns: Iterable[str], file: str) -> dict[str, str]:
    """Return the codes of columns by header."""
    found: dict[str, str] = {}
    for column in columns:
        code = _slug(column, "_")
        if not code or code in found.values():
            why = f"would be called {code!r} like another" if code else "has no letter from a to z"
            raise OwnTableError(f"{file}, row 1: the column {column!r} {why}; rename it")
        found[column] = code
    return found


def _observations(layout: _Layout, rows: list[list[Any]], number: int, file: str) -> Iterator[dict[str, str]]:
    """Yield what a row of the file holds, one observation each."""
    cells = dict(zip(layout.header, rows[number - 1], strict=True))
    place = f"{file}, row {number}, column "
    row = {"ref_area": _area(cells[layout.area], place + layout.area)}
    if layout.period:
        row["time_period"] = _year(cells[layout.period], place + layout.period)
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
    plain = re.sub(r"[^a-z0-9]", "", header.lower())
    return next((role for role, names in HEADERS.items() if plain in names), None)


def _share_of_numbers(entries: Iterable[Any]) -> float:
    """Return how many of the cells of a column that are not empty hold numbers, or what was one."""
    given = [entry for entry in entries if str(entry or "").strip().lower() not in MISSING]
    like = sum(
        isinstance(entry, int | float | datetime.date)
        or any(form.fullmatch(own_files.number(str(entry).rstrip("% "))) for form in (NUMBER, COMMA_NUMBER, THOUSANDS))
        for entry in given
    )
    return like / max(len(given), 1)


def _is_share(entry: Any) -> bool:
    """Say whether a cell is a number with a sign of the per cent."""
    return isinstance(entry, str) and bool(SHARE.fullmatch(entry))


def _numbers(column: str, entries: Iterable[Any], file: str) -> list[str]:
    """Return the numbers of a column as text with a decimal point, empty where there is none."""
    entries = list(entries)
    texts = ["" if entry is None else own_files.number(str(entry)) for entry in entries]
    texts = _without_signs(column, texts, file)
    # A comma is that of a decimal where it stands in a number that could be nothing else, and no number has a point.
    commas = any("," in text and COMMA_NUMBER.fullmatch(text) and not THOUSANDS.fullmatch(text) for text in texts) or (
        any("," in text for text in texts)
        and all(COMMA_NUMBER.fullmatch(text) or text.strip().lower() in MISSING for text in texts)
    )
    found = []
    for row, (entry, text) in enumerate(zip(entries, texts, strict=True), start=2):
        place = f"{file}, row {row}, column {column}"
        if text.strip().lower() in MISSING:
            found.append("")
        elif isinstance(entry, datetime.date) or DATE.fullmatch(text):
            raise OwnTableError(
                f"{place}: {text!r} is a date; the spreadsheet made one of a number. Format the column as text and type it again"
            )
        elif commas and COMMA_NUMBER.fullmatch(text):
            found.append(text.replace(",", "."))
        elif commas and NUMBER.fullmatch(text):
            raise OwnTableError(
                f"{place}: {text!r} has a point and other numbers of the column a comma; write all alike"
            )
        elif NUMBER.fullmatch(text) and not isinstance(entry, bool):
            found.append(text)
        elif flagged := FLAGGED.fullmatch(text):
            raise OwnTableError(
                f"{place}: {text!r} is a number and a flag; put flags into a column of their own, named flag: {flagged[1]} and"
                f" {flagged[2]}"
            )
        elif re.fullmatch(r"\([\d.,]+\)", text):
            raise OwnTableError(
                f"{place}: {text!r} is a minus in accounts; write -{text[1:-1]}, or {text[1:-1]} if it is none"
            )
        elif THOUSANDS.fullmatch(text):
            raise OwnTableError(f"{place}: {text!r} has a thousands separator; write the number without")
        else:
            raise OwnTableError(f"{place}: {text!r} is no number; leave the cell empty where there is no value")
    return found


def _without_signs(column: str, texts: list[str], file: str) -> list[str]:
    """Take the signs of the per cent from the numbers of a column, which all have one or none."""
    signed = [text.endswith("%") for text in texts]
    given = [text.strip().lower() not in MISSING for text in texts]
    if not any(signed):
        return texts
    if signed != given:
        first = signed[given.index(True)]
        row = next(row for row, sign in enumerate(signed) if given[row] and sign != first)
        raise OwnTableError(
            f"{file}, row {row + 2}, column {column}: {texts[row]!r}; some numbers of the column have a per cent sign, and some have none;"
            " write all alike"
        )
    return [text.rstrip("% ") for text in texts]


@cache
def _areas() -> dict[str, str]:
    """Return codes of areas by code and by name, without case."""
    table = pd.read_csv(
        package.project_root() / "data" / package.CODE_LISTS / "areas.csv", dtype=str, keep_default_na=False
    )
    named = table[table["area_type"].isin(["country", "aggregate"])]
    return {**{name.lower(): code for name, code in zip(named["name"], named["code"], strict=True)},
            **{code.lower(): code for code in table["code"]}}  # fmt: skip


def _is_area(entry: Any) -> bool:
    return str(entry or "").lower() in _areas()


def _is_period(entry: Any) -> bool:
    try:
        return bool(_year(entry, ""))
    except OwnTableError:
        return False


def _code(entry: Any) -> str:
    return _area(entry, "")


def _area(entry: Any, place: str) -> str:
    text, known = str(entry or ""), _areas()
    if text.lower() in known:
        return known[text.lower()]
    for translated in (countries.code, countries.from_iso2):
        with contextlib.suppress(ValueError):
            return str(translated(pd.Series([text])).iloc[0])
    raise OwnTableError(f"{place}: {_unknown(text)}")


def _year(entry: Any, place: str) -> str:
    text = str(entry.year if isinstance(entry, datetime.date) else entry or "")
    text = text.removesuffix(".0")
    # As spreadsheets write a day of a year, whichever of its numbers is the month.
    if whole := re.fullmatch(r"(\d{4})-\d{1,2}-\d{1,2}|\d{1,2}([./-])\d{1,2}\2(\d{4})", text):
        _require_day(text, place)
        text = whole[1] or whole[3]
    if not YEAR.fullmatch(text):
        raise OwnTableError(
            f"{place}: {text!r} is no year; expected one such as 2024, from 1900 to 2099; of a school year keep the"
            " year in which it ends, and say so in the definition"
        )
    return text


def _require_day(text: str, place: str) -> None:
    """Refuse a day that no calendar has, whichever of its numbers is the month."""
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%m.%d.%Y"):
        with contextlib.suppress(ValueError):
            datetime.datetime.strptime(re.sub(r"[./-]", form[2], text), form)
            return
    raise OwnTableError(f"{place}: {text!r} is a day that no calendar has; mend it, or write the year alone")


def _codes(labels: pd.Series, file: str) -> dict[str, str]:
    """Return labels by code, in order of appearance."""
    found: dict[str, str] = {}
    for label in dict.fromkeys(labels):
        code = _slug(label, "_") or "total"
        if found.setdefault(code, label) != label:
            row = labels.index[labels == label][0]
            raise OwnTableError(
                f"{file}, row {row}, column {labels.name}: {label!r} and {found[code]!r} would have the same code {code!r}; write"
                " one of them otherwise"
            )
    return found


def _slug(text: str, joint: str) -> str:
    """Return a text in letters of ASCII, those with marks without them."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", joint, plain).strip(joint)


def table(path: Path) -> Table:
    """Return the declaration of a table of ``data/own/``.

    Parameters
    ----------
    path : pathlib.Path
        Its YAML file.

    Returns
    -------
    Table

    Raises
    ------
    OwnTableError
        If an entry is missing or is not what it has to be.
    """
    place = f"data/{package.OWN}/{path.name}"
    try:
        told = _fields(record_files.read_yaml(path), FIELDS, place)
    except yaml.YAMLError as error:
        line, problem = record_files.yaml_mistake(error)
        raise OwnTableError(f"{place}: {f'line {line}: ' if line else ''}{problem}") from None
    except UnicodeDecodeError as error:
        raise OwnTableError(f"{place}: not UTF-8 (byte {error.start}); save the file as UTF-8") from None
    for key in ("label", "definition"):
        _text_of(told, key, place)
    measures = {
        code: _measure(entry, f"{place}, measures, {code}") for code, entry in _entries(told, "measures", place)
    }
    if not measures:
        raise OwnTableError(f"{place}, measures: none; expected at least one, with {', '.join(MEASURE_FIELDS)}")
    dimensions = {
        code: _dimension(path.stem, code, entry, f"{place}, dimensions, {code}")
        for code, entry in _entries(told, "dimensions", place)
    }
    said = _fields(told["source"], SOURCE_FIELDS, f"{place}, source")
    _require_word(said, "licence", codes.LICENCES, f"{place}, source")
    source = Source(**{key: _text_of(said, key, f"{place}, source") for key in SOURCE_FIELDS}, files=())
    cells = path.with_suffix(".csv")
    frame = _cells(cells, measures, dimensions)
    given = frame[frame["obs_value"] != ""]
    columns = ["ref_area", "time_period", "measure", *dimensions]
    ends = given.iloc[[0, -1]] if len(given) > 1 else given
    spots = tuple(
        Spot(
            {column: int(row[column]) if column == "time_period" else row[column] for column in columns},
            float(row["obs_value"]),
            tolerance=1e-9,
        )
        for _, row in ends.iterrows()
    )
    return Table(
        path.stem,
        told["label"],
        told["definition"],
        measures,
        source,
        lambda raw: _typed(frame),
        dimensions=dimensions,
        spots=spots,
        made_from=(path, cells),
    )


def _fields(told: Any, wanted: Sequence[str], place: str) -> dict[str, Any]:
    """Return an entry of the YAML, refused if a field is missing or unknown."""
    if not isinstance(told, dict):
        raise OwnTableError(f"{place}: {told!r}, expected the fields {', '.join(wanted)}")
    missing, unknown = [key for key in wanted if key not in told], [key for key in told if key not in wanted]
    if missing or unknown:
        what = f"no field {missing[0]!r}" if missing else f"no field is named {unknown[0]!r}"
        raise OwnTableError(f"{place}: {what}; expected {', '.join(wanted)}, found {', '.join(map(str, told))}")
    return told


def _entries(told: dict[str, Any], key: str, place: str) -> Iterable[tuple[str, Any]]:
    """Return entries of the YAML by their codes."""
    if not isinstance(told[key], dict):
        raise OwnTableError(f"{place}, {key}: {told[key]!r}, expected entries by their codes, or {{}} for none")
    return [(str(code), entry) for code, entry in told[key].items()]


def _text_of(told: dict[str, Any], key: str, place: str) -> str:
    if not isinstance(told[key], str) or not told[key].strip():
        raise OwnTableError(f"{place}, {key}: {told[key]!r}, expected a text; put quotation marks around it")
    return told[key]


def _require_word(told: dict[str, Any], key: str, known: Collection[str], place: str) -> None:
    if told[key] not in list(known):
        raise OwnTableError(f"{place}, {key}: {told[key]!r}, expected one of {', '.join(known)}")


def _measure(told: Any, place: str) -> Measure:
    told = _fields(told, MEASURE_FIELDS, place)
    _require_word(told, "unit", codes.UNITS, place)
    _require_word(told, "direction", DIRECTIONS, place)
    bounds = told["bounds"]
    if (
        not isinstance(bounds, list)
        or len(bounds) != 2
        or not all(type(bound) in {int, float} and math.isfinite(bound) for bound in bounds)
        or bounds[0] >= bounds[1]
    ):
        raise OwnTableError(
            f"{place}, bounds: {bounds!r}, expected the smallest and the largest value possible, as [0, 100]"
        )
    return Measure(
        _text_of(told, "label", place),
        told["unit"],
        (float(bounds[0]), float(bounds[1])),
        direction=told["direction"],
    )


def _dimension(table: str, code: str, told: Any, place: str) -> CodeList:
    told = _fields(told, DIMENSION_FIELDS, place)
    labels = {one: str(label) for one, label in _entries(told, "codes", place)}
    return CodeList(f"{table}-{code}".replace("_", "-"), _text_of(told, "label", place), labels)


def _cells(path: Path, measures: dict[str, Measure], dimensions: dict[str, CodeList]) -> pd.DataFrame:
    """Return what is in ``data/own/``, which an author may have edited or replaced, as text, under its rows there."""
    place, about = f"data/{package.OWN}/{path.name}", f"data/{package.OWN}/{path.stem}.yaml"
    if not path.is_file():
        raise OwnTableError(
            f"{place}: there is no such file; it holds the cells of the table, bring them back, or delete the YAML"
        )
    beside = [other for other in path.parent.glob(f"{path.stem}.*") if other.suffix not in {".csv", ".yaml"}]
    if beside:
        raise OwnTableError(
            f"data/{package.OWN}/{beside[0].name} is not read; save it as CSV in the place of {path.name}, and delete it"
        )
    layout, frame = _observed(path.stem, own_files.read(path, place), place, dimensions)
    if not layout.measure and len(set(layout.measures.values())) == len(measures) == 1:
        code, measure = next(iter(measures.items()))
        for column, found in layout.measures.items():
            if found not in {code, _slug(path.stem, "_"), _slug(measure.label, "_")}:
                raise OwnTableError(
                    f"{place}, row 1: the column {column!r} is not what {about} describes, {measure.label!r}; is it another measure? Name"
                    " the column so, or change the label there"
                )
        frame["measure"] = code
    else:
        _require_measures(layout, measures, place, about)
    _require_dimensions(layout, dimensions, place, about)
    for name, code_list in dimensions.items():
        known = {label: code for code, label in code_list.codes.items()} | {code: code for code in code_list.codes}
        frame[name] = frame[name].map(known).fillna(frame[name])
        _require_described(frame[name], code_list.codes, place, about)
    _require_described(frame["measure"], measures, place, about)
    _require_per_cent(layout, {measure.unit for measure in measures.values()}, place)
    bounds = {code: measure.bounds for code, measure in measures.items()}
    _require_within(frame, bounds, f"; mend it, or the bounds in {about}", place)
    return frame


def _require_per_cent(layout: _Layout, units: set[str], place: str) -> None:
    """Refuse signs of the per cent where the unit is another one."""
    if layout.shares and units != {"PERCENT"}:
        column, text = next(iter(layout.shares.items()))
        row = 1 + next(number for number, entry in enumerate(layout.numbers[column], start=1) if entry)
        raise OwnTableError(
            f"{place}, row {row}, column {column}: {text!r} has a per cent sign, and the unit is {', '.join(sorted(units))}; write the"
            " number without the sign, or choose the unit PERCENT"
        )


def _require_within(cells: pd.DataFrame, bounds: Mapping[str, Sequence[float]], otherwise: str, place: str) -> None:
    """Refuse a value out of the bounds of its measure."""
    for row, code, value in cells[["measure", "obs_value"]].itertuples(name=None):
        low, high = bounds[code]
        if value and not low <= float(value) <= high:
            raise OwnTableError(
                f"{place}, row {row}, value of {code}: {value!r}, expected one between {low:.15g} and {high:.15g}{otherwise}"
            )


def _require_measures(layout: _Layout, measures: Collection[str], place: str, about: str) -> None:
    """Refuse a column of numbers that is no measure which the YAML describes."""
    for column, code in layout.measures.items():
        if not layout.measure and code not in measures:
            raise OwnTableError(
                f"{place}, row 1: no column 'measure', and {column!r} is none of the measures that {about} describes"
                f" ({', '.join(measures)}); name it as one, or say in a column 'measure' what is measured. {_told(layout.header)}"
            )


def _require_dimensions(layout: _Layout, dimensions: Collection[str], place: str, about: str) -> None:
    """Refuse columns of words that are not the dimensions which the YAML describes."""
    for name in dimensions:
        if name not in layout.dimensions.values():
            raise OwnTableError(
                f"{place}, row 1: no column {name!r}, which {about} describes; name a column so, or take it out there."
                f" {_told(layout.header)}"
            )
    for column, name in layout.dimensions.items():
        if name not in dimensions:
            raise OwnTableError(
                f"{place}, row 1: {about} describes no column {column!r}; delete it, or describe it there under dimensions."
                f" {_told(layout.header)}"
            )


def _require_described(found: pd.Series, known: Collection[str], place: str, about: str) -> None:
    """Refuse a cell that is no code which the YAML describes."""
    unknown = found[~found.isin(list(known))]
    if len(unknown):
        raise OwnTableError(
            f"{place}, row {unknown.index[0]}, column {found.name}: {unknown.iloc[0]!r}, expected one of {', '.join(known)}; mend"
            f" it, or describe it in {about}"
        )


def _unknown(text: str) -> str:
    """Say that a text names no area, and what comes near."""
    known = _areas()
    # A code with figures that is near is another region, as those of an older edition of NUTS are.
    coded = any(sign.isdigit() for sign in text)
    near = [] if coded else difflib.get_close_matches(text.lower(), known, n=1, cutoff=0.75)
    hint = "write the code or the English name, such as AUT or Austria; delete the row if it is a source or a note"
    if len(text) == 2:
        hint += record_files.closest_area(text, package.code_list("areas"))
    elif coded:
        hint += "; codes of another edition of NUTS, or of smaller regions, are not in the list"
    elif near:
        code = known[near[0]]
        hint = f"did you mean {code} ({package.code_list('areas')[code]['name']})?"
    return f"{text!r} is no code or name of data/code-lists/areas.csv; {hint}"


def _typed(cells: pd.DataFrame) -> pd.DataFrame:
    """Return observations as a family returns what it has read of a publisher's file."""
    frame = cells.reset_index(drop=True)
    frame["time_period"] = frame["time_period"].astype(int)
    for column in ("obs_value", "std_error"):
        if column in frame:
            frame[column] = pd.to_numeric(frame[column])
    if "n_obs" in frame:
        frame["n_obs"] = pd.to_numeric(frame["n_obs"]).astype("Int64")
    if "obs_status" not in frame:
        frame["obs_status"] = ""
    # Why a value is missing the file does not say.
    silent = frame["obs_value"].isna() & ~frame["obs_status"].str.contains("[acmx]")
    frame.loc[silent, "obs_status"] += "m"
    return frame


def family() -> Family:
    """Return the tables of ``data/own/``.

    Returns
    -------
    Family
    """
    folder = package.project_root() / "data" / package.OWN
    return Family(tuple(table(path) for path in sorted(folder.glob("*.yaml"))))
