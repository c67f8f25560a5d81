"""Tables of the authors' own: a CSV file or a workbook that somebody brings, without any publisher's file.

``crossroads new table NAME FILE`` reads the file, asks nothing that it tells, and keeps two files in ``data/own/``: the cells as they
were read, and what the table is, as YAML that an author may go on editing. :data:`FAMILY` makes tables of the package from
them as from any publisher's file, so that they are checked, described and remade like all others.

What spreadsheets do to a table is understood (semicolons, decimal commas, byte-order marks, other encodings), and what
they destroy is told with its row and column: numbers turned into dates, thousands separators.

Not here: publishers' files (``importers.families``), the form of tables (``importers.remake``).
"""

import csv
import datetime
import difflib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from crossroads.evidence import package, record_files
from importers import codes, countries, files
from importers.declaration import CodeList, Family, Measure, Source, Spot, Table
from importers.files import LayoutError

FOLDER = "own"
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# Headers by which columns are known, without case and signs; all else that holds numbers is a measure, and what holds
# words a dimension.
HEADERS = {
    "ref_area": (
        "refarea",
        "area",
        "country",
        "countrycode",
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
MISSING = {"", "na", "n/a", "nan", ".", "..", ":", "-", "\u2013", "m", "null", "none"}
YEAR = re.compile(r"(?:19|20)\d\d")
NUMBER, COMMA_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"), re.compile(r"[+-]?\d+(?:,\d+)?")
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:([.,' \u00a0\u202f])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
DATE = re.compile(
    rf"\d{{1,4}}[-./]\d{{1,2}}[-./]\d{{1,4}}(?:[T ].*)?|\d{{1,2}}[-. ]{{1,2}}{MONTH}(?:[-. ]\d+)?|{MONTH}[-. ]\d+",
    re.IGNORECASE,
)
BOUNDS = {"PERCENT": (0.0, 100.0)}


class OwnTableError(LayoutError):
    """A table that cannot be brought in as it stands; the message says where, what was found and what to do."""


def new_table(root: Path, name: str, file: Path, about: dict[str, str]) -> dict[str, Any]:
    """Read an author's file and keep it in ``data/own/``.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    name : str
        Name of the table, e.g. ``"school-libraries"``.
    file : pathlib.Path
        CSV or workbook (``.xlsx``, first sheet). One row an observation, or a column for each year.
    about : dict of str to str
        What the file cannot tell: ``unit``, ``licence``, ``publisher``, ``url``; and if wanted ``label``, ``definition``,
        ``dataset``.

    Returns
    -------
    dict
        The declaration that was written; ``data`` has to be remade with it.

    Raises
    ------
    OwnTableError
        If the name is taken or the file cannot be read as a table. Nothing is written then.
    """
    if not NAME.fullmatch(name):
        raise OwnTableError(f"{name!r} is no name of a table; use lower-case words with hyphens, e.g. school-libraries")
    folder = root / "data" / FOLDER
    if name in package.entries(package.TABLES) or (folder / f"{name}.yaml").exists():
        raise OwnTableError(
            f"a table named {name!r} is there already; choose another name, or edit data/{FOLDER}/{name}.yaml"
        )
    wanted = {
        "unit": f"one of {', '.join(codes.UNITS)}",
        "licence": f"one of {', '.join(codes.LICENCES)}",
        "publisher": "who answers for the numbers",
        "url": "where readers find them",
    }
    missing = [f"--{key} ({said})" for key, said in wanted.items() if not about.get(key)]
    if missing:
        raise OwnTableError("the file does not tell all; say also " + "; ".join(missing))
    for key, known in {"unit": {*codes.UNITS}, "licence": {*codes.LICENCES}}.items():
        if about[key] not in known:
            raise OwnTableError(f"--{key} {about[key]!r} is unknown; expected {wanted[key]}")
    rows = read(file)
    declaration, cells = declare(name, rows, about, file.name)
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.csv").write_bytes(cells.to_csv(index=False, lineterminator="\n").encode())
    text = yaml.safe_dump(declaration, sort_keys=False, allow_unicode=True, width=120)
    (folder / f"{name}.yaml").write_text(
        f"# A table of our own; the cells are in {name}.csv. After an edit: crossroads data {name}\n{text}", "utf-8"
    )
    return declaration


def read(file: Path) -> list[list[Any]]:
    """Read the cells of a table, the header first, without what is empty around it.

    Parameters
    ----------
    file : pathlib.Path

    Returns
    -------
    list of list
        Rows of one length. Text is stripped; of a workbook numbers and dates stay what they are.

    Raises
    ------
    OwnTableError
        If the file cannot be opened, is empty, or has rows of other lengths or a header twice.
    """
    file = Path(file)
    if not file.is_file():
        raise OwnTableError(f"there is no file {file}")
    if file.suffix.lower() == ".xlsx":
        rows = _workbook(file)
    elif file.suffix.lower() in {".csv", ".tsv", ".txt"}:
        rows = _text(file)
    else:
        raise OwnTableError(
            f"{file.name}: expected a file that ends in .csv, .tsv, .txt or .xlsx; save the table as one"
        )
    rows = [[entry.strip() if isinstance(entry, str) else entry for entry in row] for row in rows]
    while rows and not any(entry not in (None, "") for entry in rows[-1]):
        rows.pop()
    if len(rows) < 2:
        raise OwnTableError(f"{file.name}: {len(rows)} rows; expected a header and at least one row of data")
    width = max(position for row in rows for position, entry in enumerate(row, start=1) if entry not in (None, ""))
    rows = [[*row[:width], *[""] * (width - len(row))] for row in rows]
    header = [str(entry) for entry in rows[0]]
    for position, entry in enumerate(header, start=1):
        if not entry:
            raise OwnTableError(f"{file.name}, row 1: column {position} has no header; name it, or delete the column")
        if entry in header[: position - 1]:
            raise OwnTableError(f"{file.name}, row 1: two columns are named {entry!r}; rename one")
    return [header, *rows[1:]]


def _workbook(file: Path) -> list[list[Any]]:
    try:
        book = files.workbook(file)
        return [list(row) for row in files.sheet(file, book.sheetnames[0])]
    except LayoutError as error:
        raise OwnTableError(f"{file.name} cannot be opened as a workbook ({error}); save it again as .xlsx") from error


def _text(file: Path) -> list[list[str]]:
    content = file.read_bytes()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            text = content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise OwnTableError(f"{file.name}: begins like UTF-16 and is not ({error.reason}); save as UTF-8") from None
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            try:
                text = content.decode("cp1252")  # what spreadsheets of Windows write in the west of Europe
            except UnicodeDecodeError as error:
                line = content.count(b"\n", 0, error.start) + 1
                raise OwnTableError(
                    f"{file.name}, row {line}: byte 0x{content[error.start]:02x} is in no encoding that is read; save as UTF-8"
                ) from None
    header = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=header.count)
    if "\0" in text:
        at = text.count("\n", 0, text.index("\0")) + 1
        raise OwnTableError(f"{file.name}, row {at}: a zero byte; save the table as CSV in UTF-8")
    reader = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter=delimiter)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise OwnTableError(f"{file.name}, row {reader.line_num}: cannot be read as CSV ({error})") from None
    for number, row in enumerate(rows, start=1):
        if row and len(row) > len(rows[0]) and any(row[len(rows[0]) :]):
            raise OwnTableError(
                f"{file.name}, row {number}: {len(row)} cells; the header has {len(rows[0])}. Is a {delimiter!r} inside a"
                " number or a text? Put quotation marks around it"
            )
    return [row for row in rows if row]


@dataclass(frozen=True)
class _Layout:
    """Which column of a file is what: headers, and the numbers of those that hold some, by header."""

    header: list[str]
    area: str
    period: str | None
    years: list[str]
    status: str | None
    numbers: dict[str, list[str]]
    measures: dict[str, str]  # header to code
    dimensions: dict[str, str]  # header to name of the column
    errors: dict[str, str]  # std_error and n_obs to header


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
    layout = _lay_out(name, rows, file)
    observed = [
        (index + 2, entry) for index in range(len(rows) - 1) for entry in _observations(layout, rows, index, file)
    ]
    first: dict[tuple[str, ...], int] = {}
    for row, entry in observed:
        key = (entry.get(column, "") for column in ("ref_area", "time_period", "measure", *layout.dimensions.values()))
        _require_once(first, tuple(filter(None, key)), row, file)
    cells = pd.DataFrame([entry for _, entry in observed]).fillna("")
    dimensions = {}
    for label, column in layout.dimensions.items():
        found = _codes(cells[column])
        dimensions[column] = {"label": label, "codes": found}
        cells[column] = cells[column].map({text: code for code, text in found.items()})
    title = name.replace("-", " ").capitalize()
    values = cells.assign(number=pd.to_numeric(cells["obs_value"])).groupby("measure")["number"]
    measures = {
        code: {
            "label": title if code == _slug(name, "_") else header,
            "unit": about["unit"],
            "direction": "neither",
            "bounds": list(BOUNDS.get(about["unit"], (float(values.min()[code]), float(values.max()[code])))),
        }
        for header, code in layout.measures.items()
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


def _lay_out(name: str, rows: list[list[Any]], file: str) -> _Layout:
    """Say what each column is, by its header and what it holds."""
    header, body = rows[0], rows[1:]
    roles = {role: column for column in reversed(header) if (role := _role(column))}
    years = [column for column in header if YEAR.fullmatch(column)]
    if "ref_area" not in roles:
        raise OwnTableError(
            f"{file}, row 1: no column of areas; name it country or region. The columns are {', '.join(header)}"
        )
    if not years and "time_period" not in roles:
        raise OwnTableError(f"{file}, row 1: no column of years; name it year, or give each year a column of its own")
    known = {roles[role] for role in ("ref_area", "time_period", "obs_status") if role in roles}
    errors: dict[str, str] = {role: roles[role] for role in ("std_error", "n_obs") if role in roles}
    named = {*years, *errors.values(), roles.get("obs_value")}
    numbers = {
        column: _numbers(column, [row[index] for row in body], file)
        for index, column in enumerate(header)
        if column not in known and (column in named or _counts(body, index))
    }
    measured = [column for column in numbers if column not in errors.values()]
    if not measured:
        raise OwnTableError(f"{file}: no column holds numbers; expected at least one beside areas and years")
    alone = {*years, roles.get("obs_value")}
    return _Layout(
        header,
        roles["ref_area"],
        roles.get("time_period"),
        years,
        roles.get("obs_status"),
        numbers,
        {column: _slug(name if column in alone else column, "_") for column in measured},
        {column: _slug(column, "_") for column in header if column not in known and column not in numbers},
        errors,
    )


def _observations(layout: _Layout, rows: list[list[Any]], index: int, file: str) -> Iterator[dict[str, str]]:
    """Yield what a row of the file holds, one observation each."""
    cells = dict(zip(layout.header, rows[index + 1], strict=True))
    place = f"{file}, row {index + 2}, column "
    row = {"ref_area": _area(cells[layout.area], place + layout.area)}
    if layout.period:
        row["time_period"] = _year(cells[layout.period], place + layout.period)
    row |= {name: str(cells[column] or "") for column, name in layout.dimensions.items()}
    beside = {role: layout.numbers[column][index] for role, column in layout.errors.items()}
    if layout.status:
        beside["obs_status"] = str(cells[layout.status] or "")
    for column, code in layout.measures.items():
        period = {"time_period": column} if column in layout.years else {}
        yield row | period | {"measure": code, "obs_value": layout.numbers[column][index]} | beside


def _role(header: str) -> str | None:
    plain = re.sub(r"[^a-z0-9]", "", header.lower())
    return next((role for role, names in HEADERS.items() if plain in names), None)


def _counts(body: Sequence[Sequence[Any]], position: int) -> bool:
    """Say whether most cells of a column that are not empty hold numbers, or what was one."""
    given = [row[position] for row in body if str(row[position] or "").strip().lower() not in MISSING]
    like = sum(
        isinstance(entry, int | float | datetime.date)
        or any(form.fullmatch(str(entry)) for form in (NUMBER, COMMA_NUMBER, THOUSANDS))
        for entry in given
    )
    return bool(given) and 2 * like > len(given)


def _numbers(column: str, entries: Iterable[Any], file: str) -> list[str]:
    """Return the numbers of a column as text with a decimal point, empty where there is none."""
    entries = list(entries)
    texts = ["" if entry is None else str(entry) for entry in entries]
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
        elif THOUSANDS.fullmatch(text):
            raise OwnTableError(f"{place}: {text!r} has a thousands separator; write the number without")
        else:
            raise OwnTableError(f"{place}: {text!r} is no number; leave the cell empty where there is no value")
    return found


@cache
def _areas() -> dict[str, str]:
    """Return codes of areas by code and by name, without case."""
    table = pd.read_csv(
        package.project_root() / "data" / package.CODE_LISTS / "areas.csv", dtype=str, keep_default_na=False
    )
    named = table[table["area_type"].isin(["country", "aggregate"])]
    return {**{name.lower(): code for name, code in zip(named["name"], named["code"], strict=True)},
            **{code.lower(): code for code in table["code"]}}  # fmt: skip


def _area(entry: Any, place: str) -> str:
    text, known = str(entry or ""), _areas()
    if text.lower() in known:
        return known[text.lower()]
    try:
        return str(countries.code(pd.Series([text])).iloc[0])
    except ValueError:
        raise OwnTableError(f"{place}: {_unknown(text)}") from None


def _year(entry: Any, place: str) -> str:
    text = str(entry.year if isinstance(entry, datetime.date) else entry or "")
    text = text.removesuffix(".0")
    # As spreadsheets write a day of a year, whichever of its numbers is the month.
    if whole := re.fullmatch(r"(\d{4})-\d{1,2}-\d{1,2}|\d{1,2}([./-])\d{1,2}\2(\d{4})", text):
        text = whole[1] or whole[3]
    if not YEAR.fullmatch(text):
        raise OwnTableError(f"{place}: {text!r} is no year; expected four digits such as 2024")
    return text


def _codes(labels: pd.Series) -> dict[str, str]:
    """Return labels by code, in order of appearance."""
    found: dict[str, str] = {}
    for label in dict.fromkeys(labels):
        code = _slug(label, "_") or "total"
        if found.setdefault(code, label) != label:
            raise OwnTableError(
                f"{label!r} and {found[code]!r} would have the same code {code!r}; write one of them otherwise"
            )
    return found


def _slug(text: str, joint: str) -> str:
    return re.sub(r"[^a-z0-9]+", joint, text.lower()).strip(joint)


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
    place = f"data/{FOLDER}/{path.name}"
    try:
        told = record_files.read_yaml(path)
        measures = {
            code: Measure(
                entry["label"],
                entry["unit"],
                (float(entry["bounds"][0]), float(entry["bounds"][1])),
                direction=entry["direction"],
            )
            for code, entry in told["measures"].items()
        }
        dimensions = {
            code: CodeList(
                f"{path.stem}-{code}".replace("_", "-"),
                entry["label"],
                {str(one): str(label) for one, label in entry["codes"].items()},
            )
            for code, entry in told["dimensions"].items()
        }
        source = Source(**{key: told["source"][key] for key in ("publisher", "dataset", "url", "licence")}, files=())
        unknown = sorted({entry.unit for entry in measures.values()} - set(codes.UNITS)) or sorted(
            {source.licence} - set(codes.LICENCES)
        )
    except yaml.YAMLError as error:
        raise OwnTableError(f"{place}: {record_files.yaml_mistake(error)}") from None
    except UnicodeDecodeError as error:
        raise OwnTableError(f"{place}: not UTF-8 (byte {error.start}); save the file as UTF-8") from None
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise OwnTableError(
            f"{place}: {type(error).__name__}: {error}; expected the entries that `crossroads new table` writes"
        ) from None
    if unknown:
        raise OwnTableError(
            f"{place}: {unknown[0]!r} is no unit or licence that is known; units are {', '.join(codes.UNITS)}"
        )
    cells = path.with_suffix(".csv")
    frame = _cells(cells)
    given = frame[frame["obs_value"] != ""]
    key = [column for column in ("ref_area", "time_period", "measure", *dimensions) if column in frame]
    _require_observations(f"data/{FOLDER}/{cells.name}", frame, key, measures)
    ends = given.iloc[[0, -1]] if len(given) > 1 else given
    spots = tuple(
        Spot(
            {column: int(row[column]) if column == "time_period" else row[column] for column in key},
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
        lambda raw: _read(cells),
        dimensions=dimensions,
        spots=spots,
        made_from=(path, cells),
    )


FORMS = {"time_period": YEAR, "obs_value": NUMBER, "std_error": NUMBER, "n_obs": re.compile(r"\d{1,15}")}


def _cells(path: Path) -> pd.DataFrame:
    """Return the cells of ``data/own/``, which an author may have edited, with every number a number."""
    place = f"data/{FOLDER}/{path.name}"
    if not path.is_file():
        raise OwnTableError(
            f"{place}: there is no such file; it holds the cells of the table, bring them back, or delete the YAML"
        )
    frame = files.csv(path)
    missing = [column for column in ("ref_area", "time_period", "obs_value") if column not in frame]
    if missing:
        raise OwnTableError(f"{place}, row 1: no column {missing[0]!r}; found {', '.join(frame)}")
    for column, form in FORMS.items():
        for row, text in enumerate(frame.get(column, ()), start=2):
            if not form.fullmatch(text) and (text or column == "time_period"):
                wanted = "a year such as 2024" if form is YEAR else "a number with a decimal point, or nothing"
                raise OwnTableError(f"{place}, row {row}, column {column}: {text!r}, expected {wanted}")
    return frame


def _require_observations(place: str, frame: pd.DataFrame, key: list[str], measures: dict[str, Measure]) -> None:
    """Refuse areas that are none, values out of bounds and observations given twice, with their row in the author's file."""
    first: dict[tuple[str, ...], int] = {}
    codes = set(_areas().values())
    only = next(iter(measures)) if len(measures) == 1 else ""
    for row, entry in enumerate(frame.to_dict("records"), start=2):
        area, value = entry["ref_area"], entry["obs_value"]
        if area not in codes:
            raise OwnTableError(f"{place}, row {row}, column ref_area: {_unknown(area)}")
        measure = measures.get(entry.get("measure", only))
        if measure and value and not measure.bounds[0] <= float(value) <= measure.bounds[1]:
            raise OwnTableError(
                f"{place}, row {row}, column obs_value: {value!r}, expected a value between {measure.bounds[0]:g} and"
                f" {measure.bounds[1]:g} ({measure.unit}); mend it, or the bounds in the YAML beside"
            )
        _require_once(first, tuple(entry[column] for column in key), row, place)


def _require_once(first: dict[tuple[str, ...], int], key: tuple[str, ...], row: int, place: str) -> None:
    """Refuse an observation that a row before has given; ``first`` holds the rows by what they are about."""
    if first.setdefault(key, row) != row:
        raise OwnTableError(
            f"{place}, row {row}: {', '.join(key)} is given in row {first[key]} already; keep one, or say in a column of"
            " its own what tells the two apart"
        )


def _unknown(text: str) -> str:
    """Say that a text names no area, and what comes near."""
    known = _areas()
    near = difflib.get_close_matches(text.lower(), known, n=1, cutoff=0.75)
    hint = f"did you mean {known[near[0]]}?" if near else "write the code or the English name, such as AUT or Austria"
    return f"{text!r} is no code or name of data/code-lists/areas.csv; {hint}"


def _read(cells: Path) -> pd.DataFrame:
    """Return the cells as a family returns what it has read of a publisher's file."""
    frame = _cells(cells)
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
    folder = package.project_root() / "data" / FOLDER
    return Family(tuple(table(path) for path in sorted(folder.glob("*.yaml"))))
