"""Tables of the authors' own: a CSV file or a workbook that somebody brings, without any publisher's file.

``crossroads new table NAME FILE`` reads the file, asks nothing that it tells, and keeps two files in ``data/own/``: the
cells as they were read, and what the table is, as YAML that an author may go on editing. :func:`family` makes tables of the
package from them as from any publisher's file, so that they are checked, described and remade like all others.

The file that is brought and the cells that are kept are read by one reader: a table which a spreadsheet has saved back, or
a new file in the place of the old one, is as welcome as the first. What cannot be read is told with its row and column.

Not here: how the file is opened (``importers.own_files``), what its cells and columns are (``importers.own_cells``,
``importers.own_layout``), publishers' files (``importers.families``), the form of tables
(``importers.remake``).
"""

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from crossroads.evidence import package, record_files
from crossroads.evidence.tables import DIRECTIONS
from importers import codes, own_cells, own_files, own_layout
from importers.declaration import CodeList, Family, Measure, Source, Spot, Table
from importers.own_files import OwnTableError

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
ADDRESS = re.compile(r"https?://[^\s<>\"]+")  # as the schema of cases has it
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
# What is printed of what is said of a table.
PLAIN = ("label", "definition", "publisher", "dataset")
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
    _require_address(about["url"], "--url")
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
    below_one = [entry["label"] for entry in declaration["measures"].values() if entry["bounds"] == [0, 1]]
    return (
        f"Read: {len(cells)} cells; areas: {cells['ref_area'].nunique()}; years: {'-'.join(dict.fromkeys([years[0], years[-1]]))}."
        f" Measured: {measures}."
        + " All in one unit; where a measure has another, say so in the YAML." * (len(declaration["measures"]) > 1)
        + f" All between 0 and 1 per cent: {', '.join(below_one)}; of shares of one multiply by a hundred, and bring the file again."
        * bool(below_one)
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
    layout, cells = own_layout.observed(name, rows, file)
    _require_per_cent(layout, {about["unit"]}, file)
    _refuse_notes(layout, cells, file)
    labels = {code: header for header, code in layout.measures.items()}
    if layout.measure:
        labels = own_cells.codes_of(cells["measure"], file)
        cells["measure"] = cells["measure"].map({text: code for code, text in labels.items()})
    dimensions = {}
    for label, column in layout.dimensions.items():
        found = own_cells.codes_of(cells[column], file)
        dimensions[column] = {"label": label, "codes": found}
        cells[column] = cells[column].map({text: code for code, text in found.items()})
    title = name.replace("-", " ").capitalize()
    values = cells.assign(number=pd.to_numeric(cells["obs_value"])).groupby("measure")["number"]
    bounds = {code: _bounds(about["unit"], values.get_group(code)) for code in labels}
    _require_within(cells, bounds, f"; mend it, or choose another unit than {about['unit']}", file)
    measures = {
        code: {
            "label": title if code == own_cells.slug(name, "_") else label,
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
    for header in [*layout.measures, *layout.dimensions]:
        own_cells.require_plain(header, f"{file}, row 1")
    for key in PLAIN:
        own_cells.require_plain(str((declaration | source)[key]), f"--{key}")
    return declaration, cells


def _refuse_notes(layout: own_layout.Layout, cells: pd.DataFrame, file: str) -> None:
    """Refuse a column that has words in some rows only and tells none apart: remarks became the categories of a table."""
    about = ["ref_area", "time_period", "measure", *layout.dimensions.values()]
    for label, column in layout.dimensions.items():
        empty = cells.index[cells[column] == ""]
        if len(empty) and not cells.duplicated([name for name in about if name != column]).any():
            raise OwnTableError(
                f"{file}, row {empty[0]}, column {label}: the cell is empty, and no two rows differ in this column alone; if it holds"
                " remarks, delete it and say them in the definition; if it holds categories, write one in each row"
            )


def _are_fractions(values: pd.Series) -> bool:
    """Say whether all values lie between nothing and one, as shares of one do, and some between the two."""
    found = pd.to_numeric(values).dropna()
    return bool(found.between(0, 1).all() and (found % 1 != 0).any())


def _bounds(unit: str, values: pd.Series) -> list[float]:
    """Return the bounds of a unit, or else ten times the largest value: finds a slip of the point, and leaves room."""
    if unit == "PERCENT" and _are_fractions(values):
        return [0.0, 1.0]  # so that a later file in per cent is noticed, and so is this one, if it is in shares
    largest = values.abs().max()
    widest = float(f"{10 * largest:.10g}") if largest > 0 else 10.0
    return list(BOUNDS.get(unit, (-widest, widest)))


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
    _require_plain(told, path)
    _require_address(source.url, _place(path, ("source", "url")))
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


def _require_plain(told: dict[str, Any], path: Path) -> None:
    """Refuse marks in what is printed of a table, with the line of its YAML."""
    for field, text in record_files.texts(told):
        if (field and field[-1] in PLAIN) or field[-2:-1] == ("codes",):
            own_cells.require_plain(text, _place(path, field))


def _place(path: Path, field: Sequence[str | int]) -> str:
    """Return where a field of the YAML stands: file, line and field."""
    place = record_files.with_lines(path.parent, [f"{path.name}: {record_files.field_name(field)}"])[0]
    return f"data/{package.OWN}/{place}"


def _require_address(text: str, place: str) -> None:
    """Refuse what no reader could follow."""
    if not ADDRESS.fullmatch(text):
        raise OwnTableError(
            f"{place}: {text!r}, expected an address that begins with https:// or http:// and holds no blank; write it in full, a"
            " DOI as https://doi.org/10.1787/..."
        )


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
    layout, frame = own_layout.observed(path.stem, own_files.read(path, place), place, dimensions)
    if not layout.measure and len(set(layout.measures.values())) == len(measures) == 1:
        code, measure = next(iter(measures.items()))
        for column, found in layout.measures.items():
            if found not in {code, own_cells.slug(path.stem, "_"), own_cells.slug(measure.label, "_")}:
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
    for code, found in frame.groupby("measure")["obs_value"]:
        if measures[code].unit == "PERCENT" and bounds[code][1] > 1 and _are_fractions(found):
            raise OwnTableError(
                f"{place}: all values of {code} lie between 0 and 1, and the unit is PERCENT; multiply shares of one by a hundred,"
                f" or write bounds: [0, 1] in {about} if they are per cent"
            )
    _require_within(frame, bounds, f"; mend it, or the bounds in {about}", place)
    return frame


def _require_per_cent(layout: own_layout.Layout, units: set[str], place: str) -> None:
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


def _require_measures(layout: own_layout.Layout, measures: Collection[str], place: str, about: str) -> None:
    """Refuse a column of numbers that is no measure which the YAML describes."""
    for column, code in layout.measures.items():
        if not layout.measure and code not in measures:
            raise OwnTableError(
                f"{place}, row 1: no column 'measure', and {column!r} is none of the measures that {about} describes"
                f" ({', '.join(measures)}); name it as one, or say in a column 'measure' what is measured. {own_layout.told_columns(layout.header)}"
            )


def _require_dimensions(layout: own_layout.Layout, dimensions: Collection[str], place: str, about: str) -> None:
    """Refuse columns of words that are not the dimensions which the YAML describes."""
    for name in dimensions:
        if name not in layout.dimensions.values():
            raise OwnTableError(
                f"{place}, row 1: no column {name!r}, which {about} describes; name a column so, or take it out there."
                f" {own_layout.told_columns(layout.header)}"
            )
    for column, name in layout.dimensions.items():
        if name not in dimensions:
            raise OwnTableError(
                f"{place}, row 1: {about} describes no column {column!r}; delete it, or describe it there under dimensions."
                f" {own_layout.told_columns(layout.header)}"
            )


def _require_described(found: pd.Series, known: Collection[str], place: str, about: str) -> None:
    """Refuse a cell that is no code which the YAML describes."""
    unknown = found[~found.isin(list(known))]
    if len(unknown):
        raise OwnTableError(
            f"{place}, row {unknown.index[0]}, column {found.name}: {unknown.iloc[0]!r}, expected one of {', '.join(known)}; mend"
            f" it, or describe it in {about}"
        )


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
