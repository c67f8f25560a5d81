"""Indicator tables as validated frames: the one door between the files of ``data/`` and analyses.

Notebooks call :func:`load` and :func:`catalogue`. A table that breaks the data contract is refused with one error
that names file, row, column and value, what was expected and what to do; nothing is repaired, guessed or dropped.
Tables are written by ``importers`` only, and a hash in the descriptor tells a remade table from an edited one.

Not here: finding and reading files (``package``), names and groups of areas (``areas``), cases (``cases``), publishers'
files (``importers``), statistics.
"""

import io
import json
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, NoReturn

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from crossroads.columns import MISSING
from crossroads.evidence import package
from crossroads.evidence.package import CODE_LISTS, DESCRIPTOR, REMAKE, TABLES, DataError, indicator, loaded

CHECKS = "data/checks.json"
BENCHMARKS, SIMULATIONS = "data/benchmarks.json", "data/simulations.csv"
TRUST, TRIED = "data/trust.json", ["asks", "command", "n", "wrong", "result", "date", "commit", "machine"]
STATUS = r"a?b?c?d?e?m?p?r?s?u?x?"
NUMBER = r"-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?"
INTEGER = r"[0-9]+"
DIRECTIONS = {"higher": 1, "lower": -1, "neither": 0}
YEAR = r"(19|20)[0-9]{2}"
# Of each file what was checked last and the frame that it gave: a notebook asks for a table several times.
_checked: dict[str, tuple[tuple[Any, ...], pd.DataFrame]] = {}


def load(name: str) -> pd.DataFrame:
    """Load an indicator table and check every row of it against the data contract.

    Parameters
    ----------
    name : str
        Name of the table, e.g. ``"pisa-mathematics"``; :func:`catalogue` lists them.

    Returns
    -------
    pandas.DataFrame
        One observation a row, sorted by key. ``time_period`` is an integer year (text if the table has spans),
        ``obs_value`` and ``std_error`` are floats in the unit of ``unit_measure``, ``n_obs`` a nullable integer, all
        else text; ``obs_status`` is empty for a normal value.

    Raises
    ------
    DataError
        If there is no such table, or its file breaks the contract.
    """
    entry = package.facts(name)
    path = f"data/{entry['path']}"
    content = package.read(path)
    if "madeFrom" in entry:  # whatever is wrong with it, it is not to be mended here
        package.require_hash(content, entry, path)
    lists = {key["reference"]["resource"] for key in entry["schema"]["foreignKeys"]}
    state = (content, entry, {name: _codes(*_read_list(name)) for name in sorted(lists)})
    if path not in _checked or _checked[path][0] != state:
        _checked[path] = state, validate(content, entry, path, state[-1])
    package.require_hash(content, entry, path)
    for file, known in entry.get("madeFrom", {}).items():
        if not (package.project_root() / "data" / file).is_file():
            raise DataError(
                f"data/{file}: the file is missing, from which {path} was made; bring it back, or delete the other file of"
                f" data/own/ that is named {name}, too, and run `crossroads data {name}`, which takes the table out"
            )
        if package.digest(package.read(f"data/{file}")) != known:
            raise DataError(f"data/{file} was edited after {path} was made from it; run `crossroads data {name}`")
    return _checked[path][1].copy(deep=False)  # what a caller writes into it is written into a copy


def direction(name: str, rows: str = "") -> int:
    """Say which way an indicator is better, as the descriptor has it.

    Parameters
    ----------
    name : str
        Name of the table.
    rows : str
        A query that selects the rows of the indicator; all rows when empty.

    Returns
    -------
    int
        1 if more is better, -1 if less is, 0 if there is no better side.

    Raises
    ------
    DataError
        If the rows hold measures of several directions, or there are none.
    """
    table = load(name)
    measures = set((table.query(rows) if rows else table)["measure"])
    found = {measure["direction"] for measure in indicator(name)["measures"] if measure["code"] in measures}
    if len(found) != 1:
        what = f"measures of several directions: {', '.join(sorted(measures))}" if found else "no rows"
        raise DataError(f"{name}: the query {rows!r} selects {what}; name one measure")
    return DIRECTIONS[found.pop()]


def catalogue() -> pd.DataFrame:
    """List the indicator tables.

    Returns
    -------
    pandas.DataFrame
        One row a table, in alphabetical order: ``name, label, definition, publisher, dataset, edition, doi, url,
        licence, measures, units, dimensions, areas, oecd_members, first, last, rows, values, file, bytes``.
        Lists are joined with ``", "``.
    """
    loaded.add(DESCRIPTOR)
    rows = []
    for entry in package.entries(TABLES).values():
        measures, coverage = entry["measures"], entry["coverage"]
        columns = [field["name"] for field in entry["schema"]["fields"]]
        key = columns[: columns.index("obs_value")]
        rows.append(
            {
                "name": entry["name"],
                "label": entry["title"],
                "definition": entry["description"],
                **{k: entry[k] for k in ("publisher", "dataset", "edition", "doi", "url", "licence")},
                "measures": ", ".join(measure["label"] for measure in measures),
                "units": ", ".join(dict.fromkeys(measure["unit"] for measure in measures)),
                "dimensions": ", ".join(key[key.index("measure") + 1 :]),
                "areas": coverage["areas"],
                "oecd_members": coverage["oecd_members"],
                "first": coverage["periods"][0],
                "last": coverage["periods"][-1],
                "rows": coverage["rows"],
                "values": coverage["values"],
                "file": f"data/{entry['path']}",
                "bytes": entry["bytes"],
            }
        )
    return pd.DataFrame(rows).sort_values("name", ignore_index=True)


def code_list(name: str) -> pd.DataFrame:
    """Return a code list.

    Parameters
    ----------
    name : str
        Name of the list, e.g. ``"areas"``, ``"units"``, ``"obs-status"`` or the list of a dimension.

    Returns
    -------
    pandas.DataFrame
        Columns ``code`` and ``label``; ``areas`` has ``code, name, area_type, country, oecd_since, tile_row,
        tile_column, longitude, latitude``.

    Raises
    ------
    DataError
        If there is no such list, or its file is damaged.
    """
    return _code_list(*_read_list(name)).copy()


def _read_list(name: str) -> tuple[bytes, str, str]:
    """Return the file of a code list, its name and the hash that the descriptor has of it."""
    lists = package.entries(CODE_LISTS)
    if name not in lists:
        raise DataError(f"no code list is named {name!r}; there are {', '.join(lists)}")
    content = package.read(f"data/{lists[name]['path']}")
    return content, name, lists[name]["hash"]


def labels(name: str) -> pd.Series:
    """Return what the codes of a list stand for.

    Parameters
    ----------
    name : str
        As in :func:`code_list`.

    Returns
    -------
    Series
        ``label`` by ``code``.
    """
    return code_list(name).set_index("code")["label"]


def measures(name: str) -> pd.DataFrame:
    """Return the measures of an indicator table as its descriptor has them.

    Parameters
    ----------
    name : str
        As in :func:`load`.

    Returns
    -------
    DataFrame
        By ``code``: ``label``, ``unit`` and what else the descriptor says of each.
    """
    return pd.DataFrame(indicator(name)["measures"]).set_index("code")


def checks() -> dict[str, pd.DataFrame]:
    """Return what was checked when the tables were last remade.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``spots`` (published numbers looked up), ``averages`` (published averages recomputed from members), ``sums``
        (parts that add up) and ``comparisons`` (of two sources); one row a check, with ``passed`` and what was found.

    Raises
    ------
    DataError
        If ``data/checks.json`` is missing.
    """
    return {kind: pd.DataFrame(rows) for kind, rows in json.loads(package.read(CHECKS)).items()}


def benchmarks() -> dict[str, pd.DataFrame]:
    """Return what the benchmarks found when they were last run: times of builds, and promises of tests and intervals.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``about`` (one row: machine, date, commit), ``cold`` (one row a pair of builds from nothing, with the seconds of
        each system), ``edits`` (one row an edit and system, with seconds and the number of wrong pages), ``preview``
        (one row a kind of file, with seconds) and ``growth`` (one row a size and system). ``simulations`` has one row a
        ``benchmark``, ``method``, ``design`` and ``variant``: per cent of ``n_runs`` in which a test ``rejected`` or an
        interval ``covered`` the truth (``obs_value``), with what is ``promised`` and the 95 % interval of the simulation.

    Raises
    ------
    DataError
        If ``data/benchmarks.json`` or ``data/simulations.csv`` is missing.
    """
    measured = {kind: pd.DataFrame(rows) for kind, rows in json.loads(package.read(BENCHMARKS)).items()}
    simulations = pd.read_csv(io.BytesIO(package.read(SIMULATIONS)), keep_default_na=False)
    return measured | {"simulations": simulations}


def trust() -> pd.DataFrame:
    """Return what was found when the book was last put to the test: built twice, damaged, killed, fuzzed, mutated.

    Returns
    -------
    pandas.DataFrame
        One row an ``item``: the question that it ``asks``, the ``command`` that tries it again, how many were tried (``n``)
        and went ``wrong``, the ``result`` in words, and the ``date``, ``commit`` and ``machine`` of the last trial.

    Raises
    ------
    DataError
        If ``data/trust.json`` is missing or is not what ``benchmarks/trust.py`` writes.
    """
    content = package.read(TRUST)
    try:
        rows = [{"item": item, **{key: entry[key] for key in TRIED}} for item, entry in json.loads(content).items()]
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise DataError(
            f"{TRUST}: {type(error).__name__}: {error}; expected an object with {', '.join(TRIED)} for each item, as"
            " `python benchmarks/trust.py` prints it; take the file of the last commit again"
        ) from None
    return pd.DataFrame(rows, columns=["item", *TRIED])


def validate(
    content: bytes, entry: Mapping[str, Any], path: str, codes: Mapping[str, Collection[str]] | None = None
) -> pd.DataFrame:
    """Check the bytes of a table against its descriptor and return it as a frame.

    Parameters
    ----------
    content : bytes
        The CSV file.
    entry : dict
        Its entry of the descriptor.
    path : str
        Name of the file, for messages.
    codes : dict of str to collection of str, optional
        Known codes by name of the code list; by default those in ``data/code-lists``.

    Returns
    -------
    pandas.DataFrame
        See :func:`load`.

    Raises
    ------
    DataError
        At the first rule that is broken, with file, row (line of the file), column and value.
    """
    fields = {field["name"]: field for field in entry["schema"]["fields"]}
    frame = _parse(content, list(fields), path)
    measures = {measure["code"]: measure for measure in entry["measures"]}
    lists = {key["fields"][0]: key["reference"]["resource"] for key in entry["schema"]["foreignKeys"]}
    for column in entry["schema"]["primaryKey"]:
        _refuse(frame, frame[column] == "", path, column, "a value: this column is part of the key")
    for column, name in lists.items():
        # A column repeats a few codes; a list may have thousands.
        known = _codes(*_read_list(name)) if codes is None else codes[name]
        unknown = set(frame[column].unique()).difference(known)
        _refuse(frame, frame[column].isin(unknown), path, column, f"a code of data/code-lists/{name}.csv")
    _refuse(frame, ~frame["measure"].isin(measures), path, "measure", f"one of {', '.join(measures)}")
    units = frame["measure"].map({code: measure["unit"] for code, measure in measures.items()})
    _refuse(frame, frame["unit_measure"] != units, path, "unit_measure", "the unit of the measure", units)
    if fields["time_period"]["type"] == "year":
        _refuse(frame, ~frame["time_period"].str.fullmatch(YEAR), path, "time_period", "a year such as 2022")
    else:
        span = ~frame["time_period"].str.fullmatch(f"{YEAR}(-{YEAR})?")
        _refuse(frame, span, path, "time_period", "a year or span such as 2019-2021")
    _check_numbers(frame, path)
    _check_status(frame, path)
    repeated = frame.duplicated(entry["schema"]["primaryKey"])
    _refuse(frame, repeated, path, entry["schema"]["primaryKey"], "a key that no row above has")
    written = frame["obs_value"]
    return _check_magnitudes(_typed(frame, fields), written, measures, path)


def _decode(content: bytes, columns: list[str], path: str) -> str:
    """Turn the bytes of a file into text, refusing what a spreadsheet, an editor or a broken copy does to it."""
    if not content:
        raise DataError(f"{path}: the file is empty; expected the columns {','.join(columns)}; {REMAKE}")
    if content.startswith(b"PK"):
        raise DataError(f"{path}: this is an Excel workbook or a zip file, expected CSV text; {REMAKE}")
    if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise DataError(f"{path}: row 1 begins with a byte-order mark, expected plain UTF-8 without; {REMAKE}")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        found = f"the byte {content[error.start]:#04x}"
        raise DataError(f"{path}: row {row} holds {found}, expected UTF-8; {REMAKE}") from None
    if 0 < text.count("\r\n") == text.count("\n"):
        raise DataError(f"{path}: the lines end as on Windows (CRLF), expected line feeds only; {package.UNDO}")
    for sign, words in (("\r", "a carriage return, expected line feeds only"), ("\0", "a zero byte, expected text")):
        if sign in text:
            row = text.count("\n", 0, text.index(sign)) + 1
            raise DataError(f"{path}: row {row} holds {words}; {REMAKE}")
    return text


def _parse(content: bytes, columns: list[str], path: str) -> pd.DataFrame:
    """Read CSV bytes as text columns."""
    text = _decode(content, columns, path)
    header, _, rest = text.partition("\n")
    if header != ",".join(columns):
        _refuse_header(header, columns, path)
    if not rest:
        raise DataError(f"{path}: there are no rows below the header; {REMAKE}")
    if not text.endswith("\n"):
        row = text.count("\n") + 1
        found = text.rpartition("\n")[2]
        raise DataError(f"{path}: row {row} is cut off ({found!r}), expected a line feed at its end; {REMAKE}")
    wrong = []

    def note(row: Any) -> str:
        wrong.append(row)
        return "error"

    # Bytes and line numbers stand in a one-to-one relation only without threads and without multi-line fields.
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(content),
            read_options=arrow_csv.ReadOptions(use_threads=False),
            parse_options=arrow_csv.ParseOptions(ignore_empty_lines=False, invalid_row_handler=note),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        if not wrong:
            raise DataError(f"{path}: {error}; {REMAKE}") from None
        row = wrong[0]
        raise DataError(
            f"{path}: row {row.number} has {row.actual_columns} fields ({row.text!r}), expected {row.expected_columns}"
            f" ({','.join(columns)}); a decimal comma or a comma within a text does this; {REMAKE}"
        ) from None
    frame = table.to_pandas()
    if len(frame) != rest.count("\n"):
        row = next(i for i, line in enumerate(text.split("\n"), 1) if '"' in line)
        raise DataError(f"{path}: row {row} has a quotation mark, expected plain fields; {REMAKE}")
    return frame


def _refuse_header(header: str, columns: list[str], path: str) -> NoReturn:
    found = header.split(",")
    missing = [column for column in columns if column not in found]
    extra = [column for column in found if column not in columns]
    why = "the order of the columns differs"
    for delimiter, word in ((";", "semicolon"), ("\t", "tab"), ("|", "bar")):
        if header.split(delimiter) == columns:
            why = f"the delimiter is a {word}, expected a comma"
            break
    else:
        if missing or extra:
            why = "; ".join(
                ([f"missing {', '.join(missing)}"] if missing else [])
                + ([f"unexpected {', '.join(map(repr, extra[:5]))}"] if extra else [])
            )
    raise DataError(f"{path}: row 1 is {header[:200]!r}, expected {','.join(columns)!r}: {why}; {REMAKE}")


def _refuse(
    frame: pd.DataFrame,
    wrong: pd.Series,
    path: str,
    column: str | list[str],
    expected: str,
    wanted: pd.Series | None = None,
) -> None:
    """Raise for the first row where `wrong` is true."""
    wrong = np.asarray(wrong, dtype=bool)
    if not wrong.any():
        return
    position = int(wrong.argmax())
    if isinstance(column, str):
        value = repr(frame[column].iloc[position])
    else:
        value, column = repr(",".join(frame[column].iloc[position])), ", ".join(column)
    if wanted is not None:
        expected += f", {wanted.iloc[position]!r}"
    more = int(wrong.sum()) - 1
    others = f" ({more} more such row{'s' if more > 1 else ''})" if more else ""
    raise DataError(f"{path}: row {position + 2}, column {column}: {value}, expected {expected}{others}; {REMAKE}")


def _check_numbers(frame: pd.DataFrame, path: str) -> None:
    for column, pattern, expected in (
        ("obs_value", NUMBER, "a number with a decimal point, or nothing"),
        ("std_error", NUMBER, "a number with a decimal point, or nothing"),
        ("n_obs", INTEGER, "a whole number, or nothing"),
    ):
        if column in frame:
            wrong = (frame[column] != "") & ~frame[column].str.fullmatch(pattern)
            _refuse(frame, wrong, path, column, expected)


def _check_status(frame: pd.DataFrame, path: str) -> None:
    status = frame["obs_status"]
    _refuse(
        frame,
        ~status.str.fullmatch(STATUS),
        path,
        "obs_status",
        "flags of obs-status.csv in alphabetical order",
    )
    reasons = status.str.count(f"[{MISSING}]")
    empty = frame["obs_value"] == ""
    why = f"exactly one of {', '.join(MISSING)}, because obs_value is empty"
    _refuse(frame, empty & (reasons != 1), path, "obs_status", why)
    why = f"none of {', '.join(MISSING)}, because obs_value is {{}}"
    filled = ~empty & (reasons != 0)
    if filled.any():
        _refuse(frame, filled, path, "obs_status", why.format(frame["obs_value"][filled].iloc[0]))
    for column in ("std_error", "n_obs"):
        if column == "std_error" and column in frame:
            _refuse(frame, empty & (frame[column] != ""), path, column, "nothing, because obs_value is empty")


def _typed(frame: pd.DataFrame, fields: Mapping[str, Mapping]) -> pd.DataFrame:
    if fields["time_period"]["type"] == "year":
        frame["time_period"] = frame["time_period"].astype("int64")
    for column in ("obs_value", "std_error"):
        if column in frame:
            frame[column] = pd.to_numeric(frame[column].mask(frame[column] == ""))
            frame[column] = frame[column].astype("float64")
    if "n_obs" in frame:
        frame["n_obs"] = pd.to_numeric(frame["n_obs"].mask(frame["n_obs"] == "")).astype("Int64")
    return frame


def _check_magnitudes(
    frame: pd.DataFrame, written: pd.Series, measures: Mapping[str, Mapping], path: str
) -> pd.DataFrame:
    """Refuse values out of bounds, told as written, and a measure whose median says that its unit is another one."""
    # As numbers of measures: to look each row's up by name takes most of the time of all checks.
    numbers, names = pd.factorize(frame["measure"])
    low, high = np.array([measures[code]["bounds"] for code in names], dtype="float64").T[:, numbers]
    wrong = (frame["obs_value"] < low) | (frame["obs_value"] > high)
    if wrong.any():
        first = wrong.idxmax()
        expected = f"a value between {low[first]:.15g} and {high[first]:.15g} ({frame['unit_measure'][first]})"
        _refuse(frame.assign(obs_value=written), wrong, path, "obs_value", expected)
    if "std_error" in frame:
        wrong = (frame["std_error"] < 0) | (frame["std_error"] > high - low)
        _refuse(
            frame,
            wrong,
            path,
            "std_error",
            "a standard error of at least 0, less than the range of the measure",
        )
    values = frame["obs_value"].to_numpy()
    for number, code in enumerate(names):
        found, measure = values[numbers == number], measures[code]
        if measure["typical"]:
            smallest, largest = measure["typical"]
            median = np.nan if np.isnan(found).all() else np.nanmedian(found)
            if not smallest <= median <= largest:
                raise DataError(
                    f"{path}: rows 2 to {len(frame) + 1}, column obs_value: the median of {code} is {median:g},"
                    f" expected {smallest:g} to {largest:g} ({measure['unit']}): the unit is off; {REMAKE}"
                )
    return frame


@lru_cache(maxsize=256)
def _codes(content: bytes, name: str, expected: str) -> frozenset[str]:
    """Return the codes of a list."""
    return frozenset(_code_list(content, name, expected)["code"])


@lru_cache(maxsize=256)
def _code_list(content: bytes, name: str, expected: str) -> pd.DataFrame:
    """Check a code list once for each state of its file and of its entry in the descriptor."""
    entry = package.entries(CODE_LISTS)[name]
    path = f"data/{entry['path']}"
    fields = {field["name"]: field["type"] for field in entry["schema"]["fields"]}
    frame = _parse(content, list(fields), path)
    _refuse(frame, frame.duplicated("code") | (frame["code"] == ""), path, "code", "a code that no row above has")
    for column, kind in fields.items():
        if kind in ("integer", "number"):
            wrong = (frame[column] != "") & ~frame[column].str.fullmatch(NUMBER)
            _refuse(frame, wrong, path, column, "a number, or nothing")
            values = pd.to_numeric(frame[column].mask(frame[column] == ""))
            frame[column] = values.astype("Int64" if kind == "integer" else "float64")
    package.require_hash(content, entry, path)
    return frame
