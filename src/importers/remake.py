"""Remake ``data/`` from a folder of publishers' files: tables, code lists, checks and the one descriptor.

Everything is read, tidied and checked before the first byte is written, so that a fault in a publisher's file
changes nothing. Same publishers' files, same bytes.

Not here: what a table is (the families declare it), reading of ``data/`` (``crossroads.evidence.tables``).
"""

import difflib
import io
import json
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

import importers
from crossroads.evidence import package as evidence
from crossroads.evidence import tables
from importers import checks, codes, controls, countries
from importers.declaration import Table
from importers.files import LayoutError

LEADING = ["ref_area", "ref_area_type", "time_period", "measure"]
TRAILING = ["obs_value", "std_error", "n_obs", "obs_status", "unit_measure"]
OPTIONAL = ["ref_area_type", "std_error", "n_obs"]
AREA_COLUMNS = {
    "code": "string",
    "name": "string",
    "area_type": "string",
    "country": "string",
    "capital_region": "string",
    "oecd_since": "integer",
    "tile_row": "integer",
    "tile_column": "integer",
    "longitude": "number",
    "latitude": "number",
}
# What was fetched from a service and when; lies in a folder of publishers' files that a refresh made.
RECORD = "retrieved.json"
# Ten significant digits hold every published value; what is beyond is binary noise of a publisher's sum.
FLOAT_FORMAT = "%.10g"
FIELDS = {
    "ref_area": ("string", "Area: ISO 3166 alpha-3, NUTS or OECD TL2 code, or an aggregate"),
    "ref_area_type": ("string", "Kind of area"),
    "time_period": ("year", "Year"),
    "measure": ("string", "What is measured"),
    "obs_value": ("number", "Value, in the unit of unit_measure; empty if missing"),
    "std_error": ("number", "Standard error of the value, in the same unit"),
    "n_obs": ("integer", "Number of observations behind the value"),
    "obs_status": ("string", "Flags in alphabetical order; one of m, c, a, x says why a value is missing"),
    "unit_measure": ("string", "Unit"),
}


class RemakeError(ValueError):
    """A publisher's file that does not yield the declared table."""


def tidy(table: Table, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[dict]]:
    """Bring what a family read into the columns and order of the data contract.

    Parameters
    ----------
    table : Table
        The declaration.
    frame : pandas.DataFrame
        Columns ``ref_area``, ``time_period``, ``obs_value``, the declared dimensions, ``measure`` if there is more
        than one, and if the publisher gives them ``ref_area_type``, ``std_error``, ``n_obs`` and ``obs_status``. A
        text in the column ``dropped`` says why a row has no place in the table.

    Returns
    -------
    frame : pandas.DataFrame
        The table.
    dropped : list of dict
        Per reason, the number of rows dropped and the areas concerned.

    Raises
    ------
    RemakeError
        If a column is missing or unknown, a key is repeated, or a code is not declared.
    """
    frame, dropped = _drop(frame)
    if "measure" not in frame:
        if len(table.measures) != 1:
            raise RemakeError(f"{table.name}: read() must name the measure, several are declared")
        frame["measure"] = next(iter(table.measures))
    if "obs_status" not in frame:
        frame["obs_status"] = ""
    unknown = set(frame["measure"]) - set(table.measures)
    if unknown:
        raise RemakeError(f"{table.name}: measures {sorted(unknown)} are not declared")
    frame["unit_measure"] = frame["measure"].map({code: m.unit for code, m in table.measures.items()})
    columns = [*LEADING, *table.dimensions, *TRAILING]
    columns = [column for column in columns if column in frame or column not in OPTIONAL]
    if set(frame) != set(columns):
        raise RemakeError(
            f"{table.name}: read() returned the columns {sorted(frame)}; expected {columns}"
            f" (of which {OPTIONAL} are optional)"
        )
    for dimension, code_list in table.dimensions.items():
        unknown = set(frame[dimension]) - set(code_list.codes)
        if unknown:
            raise RemakeError(f"{table.name}: codes {sorted(unknown)} of {dimension} are not in {code_list.name}")
    key = primary_key(columns)
    repeated = frame[frame.duplicated(key, keep=False)]
    if len(repeated):
        raise RemakeError(f"{table.name}: {len(repeated)} rows share a key, first {repeated[key].iloc[0].to_dict()}")
    return frame[columns].sort_values(key, kind="stable", ignore_index=True), dropped


def _drop(frame):
    """Take out the rows that a family marked, and count them by reason."""
    if "dropped" not in frame:
        return frame.copy(), []
    dropped = [
        {"reason": reason, "rows": len(rows), "areas": sorted(rows["ref_area"].unique())}
        for reason, rows in frame[frame["dropped"] != ""].groupby("dropped")
    ]
    return frame[frame["dropped"] == ""].drop(columns="dropped"), dropped


def primary_key(columns: Iterable[str]) -> list[str]:
    """Return the columns of a table that identify a row: those before the value."""
    columns = list(columns)
    return columns[: columns.index("obs_value")]


def table_bytes(frame: pd.DataFrame) -> bytes:
    """Return a table as the bytes of its CSV file."""
    return frame.to_csv(index=False, float_format=FLOAT_FORMAT, lineterminator="\n").encode("utf-8")


def code_lists(raw: Path, declared: dict[str, Table]) -> dict[str, tuple[str, pd.DataFrame]]:
    """Return all code lists of the package.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of publishers' files.
    declared : dict of str to Table
        All declared tables.

    Returns
    -------
    dict of str to (str, pandas.DataFrame)
        Label and frame by name; every frame has the columns ``code`` and ``label`` except ``areas``.
    """
    units = pd.DataFrame([(code, *words) for code, words in codes.UNITS.items()], columns=["code", "label", "symbol"])
    status = pd.DataFrame(codes.OBS_STATUS.items(), columns=["code", "label"])
    lists = {
        "areas": ("Areas", _areas(raw)),
        "obs-status": ("Flags of an observation", status),
        "units": ("Units of measurement", units),
    }
    lists |= dimension_lists(declared)
    both = set(lists) & set(declared)
    if both:
        raise RemakeError(f"tables and code lists share the names {sorted(both)}; rename the code lists")
    return dict(sorted(lists.items()))


def dimension_lists(declared: dict[str, Table]) -> dict[str, tuple[str, pd.DataFrame]]:
    """Return label and frame of the code lists of all dimensions, by name."""
    lists: dict[str, tuple[str, pd.DataFrame]] = {}
    for table in declared.values():
        for code_list in table.dimensions.values():
            frame = pd.DataFrame(code_list.codes.items(), columns=["code", "label"])
            if code_list.name in lists and not lists[code_list.name][1].equals(frame):
                raise RemakeError(f"two different code lists are named {code_list.name!r}; rename one")
            lists[code_list.name] = (code_list.label, frame)
    return lists


def _areas(raw):
    frames = [countries.areas(), *(family.areas(raw) for family in importers.all_families() if family.areas)]
    frame = pd.concat(frames, ignore_index=True).reindex(columns=list(AREA_COLUMNS)).astype("object").fillna("")
    clash = frame[frame.duplicated("code", keep=False)].sort_values("code")
    if len(clash):
        raise RemakeError(f"areas declared twice: {clash[['code', 'name']].head(6).values.tolist()}")
    order = frame["area_type"].map({"aggregate": 0, "country": 1, "system": 2}).fillna(3)
    return frame.assign(order=order).sort_values(["order", "code"], ignore_index=True).drop(columns="order")


def remake(
    raw: Path | str,
    target: Path | str,
    only: Iterable[str] | None = None,
    say: Callable[[str], object] = print,
    smaller: bool = False,
    accepted: Collection[str] = (),
) -> dict[str, pd.DataFrame]:
    """Remake the data package from the publishers' files.

    Parameters
    ----------
    raw : path
        Folder of publishers' files, with the sub-folders that the declarations name.
    target : path
        Folder to write to, e.g. ``data``.
    only : iterable of str, optional
        Names of tables; then only these are read and written, with their entries of the descriptor: all others stay as they are.
    say : callable
        Receives one line of progress a table.
    smaller : bool
        Whether a table may cover less than the one that it replaces.
    accepted : collection of str
        Names of tables that may become other ones by publishers' files other than those recorded; see :func:`build`.

    Returns
    -------
    dict of str to pandas.DataFrame
        The tables.

    Raises
    ------
    RemakeError
        If a publisher's file is missing or yields something else than declared, a check fails, or a file that is not the
        one recorded makes another table that nobody accepted. Nothing is written then.
    crossroads.evidence.tables.DataError
        If a table breaks the data contract. Nothing is written then.
    """
    raw, target = Path(raw), Path(target)
    declared = importers.tables()
    unknown = set(only or ()) - set(declared)
    if only and (gone := _withdrawn(target) & unknown):
        _withdraw(target, gone)
        say(f"{', '.join(sorted(gone))}: no longer in data/own/, and taken out of the package")
        only, unknown = sorted(set(only) - gone), unknown - gone
        if not only:
            return {}
    if unknown:
        name = sorted(unknown)[0]
        if (target / evidence.OWN / f"{name}.csv").is_file():
            raise RemakeError(
                f"data/{evidence.OWN}/{name}.yaml is missing, which says what data/{evidence.OWN}/{name}.csv holds; bring it back, or"
                " delete the CSV"
            )
        near = difflib.get_close_matches(name, declared, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else "; crossroads.catalogue() lists all"
        raise RemakeError(f"no table is named {name!r}{hint}")
    frames, contents, report = build(raw, only, say, accepted)
    shrunk = [] if smaller else shrinkage(target, json.loads(contents["datapackage.json"]), only)
    if shrunk:
        raise RemakeError(
            "tables would cover less than before, nothing was written; call it with --smaller if that is meant:\n  "
            + "\n  ".join(shrunk)
        )
    if only:
        contents |= _into_package(target, contents, list(frames))
    replace(target, contents, complete=not only)
    say(checks.summary(report))
    return frames


def build(
    raw: Path,
    only: Iterable[str] | None = None,
    say: Callable[[str], object] = print,
    accepted: Collection[str] | None = (),
) -> tuple[dict[str, pd.DataFrame], dict[str, bytes], dict[str, list[dict]]]:
    """Read, check and validate everything in memory.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of publishers' files.
    only : iterable of str, optional
        Names of tables.
    say : callable
        Receives one line of progress a table.
    accepted : collection of str, optional
        Names of tables (and ``areas``, the code list, and ``checks``) that may become other ones by files that are not
        those of ``data/controls.json``; None accepts all.

    Returns
    -------
    frames : dict of str to pandas.DataFrame
        Tables by name.
    contents : dict of str to bytes
        Files to write, by path in the folder of the package. Where only some tables are wanted, the descriptor and the results
        of checks hold these alone, and the list of areas is not made.
    report : dict
        What the checks found, see :func:`importers.checks.run`.
    """
    declared = importers.tables()
    only = sorted(only) if only else None
    recorded = _recorded()
    for name in only or declared:
        _require(raw, declared[name])
    others = controls.changed(raw, recorded)
    with _told_with_files(raw, others, recorded):
        frames, resources, contents = _read(
            raw, {name: declared[name] for name in only or sorted(declared)}, others, say
        )
        report = checks.run({name: declared[name] for name in frames}, frames, raw, complete=not only)
        failed = checks.failures(report)
        if failed:
            raise RemakeError("checks failed, nothing was written:\n  " + "\n  ".join(failed))
        lists = dimension_lists({name: declared[name] for name in frames}) if only else code_lists(raw, declared)
        known = {name: set(frame["code"]) for name, (_, frame) in lists.items()}
        if only:
            known |= {name: set(tables.code_list(name)["code"]) for name in ("areas", "units", "obs-status")}
        for entry in resources:
            tables.validate(contents[entry["path"]], entry, f"data/{entry['path']}", known)
    for name, (label, frame) in lists.items():
        content = table_bytes(frame)
        contents[f"code-lists/{name}.csv"] = content
        resources.append(_code_list_resource(name, label, frame, content))
    contents["checks.json"] = as_json(report)
    if others and accepted is not None:
        _require_the_same(raw, frames, contents, others, recorded, accepted, say)
    renew = {file for name in only for file in controls.of(declared[name])} if only else None
    contents[controls.FILE] = controls.as_json(controls.record(raw, recorded, renew))
    contents["datapackage.json"] = as_json(package(resources))
    return frames, contents, report


def _read(
    raw: Path, declared: Mapping[str, Table], others: list[str], say: Callable[[str], object]
) -> tuple[dict[str, pd.DataFrame], list[dict], dict[str, bytes]]:
    """Return the tables, their entries of the descriptor and their files."""
    frames: dict[str, pd.DataFrame] = {}
    resources, contents = [], {}
    for name, table in declared.items():
        began = time.perf_counter()
        try:
            frame, dropped = tidy(table, table.read(raw))
        except (LayoutError, RemakeError) as error:
            where = "" if str(error).startswith(name) else f"{name}: "
            raise RemakeError(f"{where}{error}") from error
        except Exception as error:  # what pandas raises where a file has no such column, code or number
            suspects = [file for file in controls.of(table) if file in others] or controls.of(table)
            again = f"fetch the files again from {table.source.url}"
            if table.made_from:
                suspects, again = [f"data/{evidence.OWN}/{path.name}" for path in table.made_from], "mend them"
            raise RemakeError(
                f"{name}: what {', '.join(suspects) or 'its files'} hold is not what its reader expects"
                f" ({type(error).__name__}: {' '.join(str(error).split())[:200]}); {again}"
            ) from error
        path = f"indicators/{name}.csv"
        contents[path] = table_bytes(frame)
        frames[name] = frame
        resources.append(resource(table, frame, contents[path], raw, dropped))
        say(f"{name:45} {len(frame):7} rows  {time.perf_counter() - began:6.1f} s")
    return frames, resources, contents


def _recorded() -> dict[str, Any]:
    """Return what is noted of the publishers' files of the edition at hand."""
    file = evidence.data_folder() / controls.FILE
    return json.loads(file.read_bytes()) if file.is_file() else {}


@contextmanager
def _told_with_files(raw: Path, others: list[str], recorded: Mapping[str, Any]) -> Iterator[None]:
    """Say with any error in what the publishers' files are other ones than those recorded: there it comes from."""
    try:
        yield
    except (RemakeError, LayoutError, tables.DataError) as error:
        # Advice to remake the table does not help whoever is remaking it.
        words = str(error).removesuffix(f"; {evidence.REMAKE}")
        raise RemakeError(
            words + controls.told(raw, others, recorded) + "\n  Fetch these again." * bool(others)
        ) from error
    except Exception as error:  # comparisons and areas read files too
        if not others:
            raise
        words = f"comparing tables stopped ({type(error).__name__}: {' '.join(str(error).split())[:200]})"
        raise RemakeError(
            words + controls.told(raw, others, recorded) + "\n  Fetch these again." * bool(others)
        ) from error


def _require_the_same(
    raw: Path,
    frames: Mapping[str, pd.DataFrame],
    contents: Mapping[str, bytes],
    others: list[str],
    recorded: Mapping[str, Any],
    accepted: Collection[str],
    say: Callable[[str], object],
) -> None:
    """Refuse tables that files which are not those recorded would make other ones."""
    data = evidence.data_folder()
    lines: dict[str, list[str]] = {}
    for path, content in contents.items():
        name = "checks" if path == "checks.json" else Path(path).stem
        old = data / path
        partly = name == "checks" and "areas" not in {Path(path).stem for path in contents}
        if partly or not old.is_file() or old.read_bytes() == content:
            continue
        if name in frames:
            was, now = (pd.read_csv(io.BytesIO(state), dtype=str, keep_default_na=False)
                        for state in (old.read_bytes(), content))  # fmt: skip
            lines[name] = controls.moved(name, was, now, primary_key(frames[name].columns))
        else:
            lines[name] = [f"{name}: data/{path} would become another one"]
    for name in sorted({*lines} & {*accepted}):
        say("\n".join(lines.pop(name)))
    if lines:
        raise RemakeError(
            "publishers' files that are not those of the edition at hand would change tables; nothing was written:\n    "
            + "\n    ".join(line for said in lines.values() for line in said)
            + controls.told(raw, others, recorded)
            + "\n  If this is what the publisher now says, call `crossroads accept --raw"
            f" {raw} {' '.join(lines)}`; otherwise fetch the files again"
        )


def _into_package(target: Path, contents: dict[str, bytes], names: list[str]) -> dict[str, bytes]:
    """Return descriptor and results of checks with some tables in the place of their old entries."""
    made = json.loads(contents["datapackage.json"])["resources"]
    descriptor = json.loads((target / "datapackage.json").read_bytes())
    entries = {entry["name"]: entry for entry in descriptor["resources"]} | {entry["name"]: entry for entry in made}
    first, last = (sorted(name for name, entry in entries.items() if entry["path"].startswith(kind))
                   for kind in ("indicators/", "code-lists/"))  # fmt: skip
    report = json.loads((target / "checks.json").read_bytes())
    for kind, found in json.loads(contents["checks.json"]).items():
        kept = [entry for entry in report[kind] if entry.get("table") not in names]
        report[kind] = sorted([*kept, *found], key=lambda entry: entry.get("table", "")) if found else kept
    return {
        "checks.json": as_json(report),
        "datapackage.json": as_json(package([entries[name] for name in [*first, *last]])),
    }


def _withdrawn(target: Path) -> set[str]:
    """Return the tables that were made from files of authors which these have deleted."""
    file = target / "datapackage.json"
    entries = json.loads(file.read_bytes())["resources"] if file.is_file() else []
    made_from = {entry["name"]: entry.get("madeFrom", {}) for entry in entries}
    return {name for name, files in made_from.items() if files and not any((target / path).is_file() for path in files)}


def _withdraw(target: Path, names: Collection[str]) -> None:
    """Take tables out of the package, and the code lists that no other table uses."""
    entries = json.loads((target / "datapackage.json").read_bytes())["resources"]
    used = [
        {key["reference"]["resource"] for key in entry.get("schema", {}).get("foreignKeys", ())} for entry in entries
    ]
    mine, others = set[str](), set[str]()
    for entry, lists in zip(entries, used, strict=True):
        (mine if entry["name"] in names else others).update(lists)
    kept = [entry for entry in entries if entry["name"] not in {*names, *(mine - others)}]
    report = json.loads((target / "checks.json").read_bytes())
    report = {kind: [entry for entry in found if entry.get("table") not in names] for kind, found in report.items()}
    replace(target, {"checks.json": as_json(report), "datapackage.json": as_json(package(kept))}, complete=False)
    for entry in entries:
        if entry not in kept:
            (target / entry["path"]).unlink(missing_ok=True)


def shrinkage(target: Path, descriptor: dict[str, Any], only: Iterable[str] | None = None) -> list[str]:
    """Say where a new descriptor covers less than the one in `target`.

    Parameters
    ----------
    target : pathlib.Path
        Folder of the package; nothing is compared if it has no descriptor yet.
    descriptor : dict
        The new descriptor.
    only : iterable of str, optional
        Names of the tables that were remade; all when none is given.

    Returns
    -------
    list of str
        One line a loss.
    """
    file = target / "datapackage.json"
    if not file.is_file():
        return []
    new = {entry["name"]: entry.get("coverage") for entry in descriptor["resources"]}
    lost, wanted = [], set(only or ())
    for entry in json.loads(file.read_bytes())["resources"]:
        before, after = entry.get("coverage"), new.get(entry["name"])
        if not before or (wanted and entry["name"] not in wanted):
            continue
        if not after:
            lost.append(f"{entry['name']}: the whole table is gone")
        else:
            gone = sorted(set(before["periods"]) - set(after["periods"]))
            lost += [f"{entry['name']}: periods {', '.join(gone)} are gone"] if gone else []
            lost += [
                f"{entry['name']}: {after[count]} {count.replace('_', ' ')}, before {before[count]}"
                for count in ("areas", "oecd_members", "values")
                if after[count] < before[count]
            ]
    return lost


def replace(target: Path, contents: dict[str, bytes], complete: bool = True) -> None:
    """Write all files aside, then put them in place; the descriptor comes last, so that a half-way state is refused.

    Parameters
    ----------
    target : pathlib.Path
        Folder of the package.
    contents : dict of str to bytes
        Files by path.
    complete : bool
        Whether these are all tables and code lists; those that the old descriptor names and the new one does not are
        removed.
    """
    stale = set()
    if complete and (target / "datapackage.json").is_file():
        old = json.loads((target / "datapackage.json").read_bytes())
        stale = {entry["path"] for entry in old["resources"]} - set(contents)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".remake-", dir=target) as aside:
        for path, content in contents.items():
            file = Path(aside) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        for path in sorted(contents, key=lambda path: path == "datapackage.json"):
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(aside) / path).replace(target / path)
    for path in stale:
        (target / path).unlink(missing_ok=True)


def _require(raw, table):
    for source in (table.source, *table.further):
        for file in source.files:
            if not (raw / file).is_file():
                raise RemakeError(
                    f"{table.name}: the publisher's file {file} is not in {raw}; get it from {source.url}"
                )


def as_json(content: Mapping[str, Any]) -> bytes:
    """Return a descriptor as the bytes of its file."""
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _source(source, raw):
    note = codes.LICENCE_NOTES.get(source.publisher, "")
    if source.licence == "OECD Terms and Conditions":
        note = codes.OECD_TERMS_NOTE
    licence = _licence(source.licence) | ({"note": note} if note else {})
    record = json.loads((raw / RECORD).read_bytes()) if source.files and (raw / RECORD).is_file() else {}
    files, obtained, retrieved = [], source.obtained, source.retrieved
    for file in source.files:
        content = (raw / file).read_bytes()
        files.append({"path": file, "bytes": len(content), "hash": evidence.digest(content)})
        if file in record:
            obtained, retrieved = record[file]["url"], max(retrieved, record[file]["retrieved"])
    return {
        "title": f"{source.publisher}, {source.dataset}" + (f" ({source.edition})" if source.edition else ""),
        "path": source.url,
        "publisher": source.publisher,
        "dataset": source.dataset,
        "edition": source.edition,
        "doi": source.doi,
        "licence": licence,
        "retrieved": retrieved,
        "obtained": obtained,
        "files": files,
    }


def _licence(name):
    """Return the entry of a licence; one whose text is not to be had has no path."""
    path = codes.LICENCES[name]
    return {"name": name} | ({"path": path} if path else {})


def resource(table: Table, frame: pd.DataFrame, content: bytes, raw: Path, dropped: list[dict]) -> dict[str, Any]:
    """Return the entry of the descriptor for one table (a Frictionless table resource with our own words added)."""
    everything = (table.source, *table.further)
    licences = dict.fromkeys(source.licence for source in everything)
    publishers = list(dict.fromkeys(source.publisher for source in everything))
    origins = [_source(source, raw) for source in everything]
    datasets = [s.dataset + (f" ({s.edition})" if s.edition and table.further else "") for s in everything]
    edited = {f"{path.parent.name}/{path.name}": evidence.digest(path.read_bytes()) for path in table.made_from}
    return {
        "name": table.name,
        "type": "table",
        "profile": "tabular-data-resource",
        "path": f"indicators/{table.name}.csv",
        "title": table.label,
        "description": table.definition,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": evidence.digest(content),
        "licenses": [_licence(name) for name in licences],
        "notice": " ".join(codes.NOTICES[name] for name in publishers if name in codes.NOTICES),
        "sources": origins,
        "schema": schema(table, frame),
        "publisher": "; ".join(publishers),
        "dataset": "; ".join(dict.fromkeys(datasets)),
        "edition": "" if table.further else table.source.edition,
        "doi": table.source.doi,
        "url": table.source.url,
        "licence": ", ".join(licences),
        "retrieved": max(origin["retrieved"] for origin in origins),
        "measures": [
            {
                "code": code,
                "label": measure.label,
                "definition": measure.definition,
                "unit": measure.unit,
                "direction": measure.direction,
                "bounds": list(measure.bounds),
                "typical": list(measure.typical) if measure.typical else None,
            }
            for code, measure in table.measures.items()
        ],
        "coverage": coverage(frame),
        "dropped": dropped,
        "caveats": list(table.caveats),
        "spotChecks": [
            {"key": spot.key, "value": spot.value, "std_error": spot.std_error, "tolerance": spot.tolerance}
            for spot in table.spots
        ],
    } | ({"madeFrom": edited} if edited else {})


def coverage(frame: pd.DataFrame) -> dict[str, Any]:
    """Count what a table holds."""
    periods = sorted(frame["time_period"].astype(str).unique())
    return {
        "areas": int(frame["ref_area"].nunique()),
        "oecd_members": len(set(frame.loc[frame["obs_value"].notna(), "ref_area"]) & set(countries.members())),
        "periods": periods,
        "rows": len(frame),
        "values": int(frame["obs_value"].notna().sum()),
    }


def schema(table: Table, frame: pd.DataFrame) -> dict[str, Any]:
    """Return the Frictionless table schema of a table."""
    foreign = {"ref_area": "areas", "unit_measure": "units"}
    foreign |= {dimension: code_list.name for dimension, code_list in table.dimensions.items()}
    key = primary_key(frame.columns)
    bounds = [measure.bounds for measure in table.measures.values()]
    fields = []
    for column in frame.columns:
        if column in table.dimensions:
            kind, description = "string", table.dimensions[column].label
        else:
            kind, description = FIELDS[column]
        field = {"name": column, "type": kind, "description": description}
        constraints: dict[str, Any] = {"required": True} if column in [*key, "unit_measure"] else {}
        if column == "time_period" and table.spans:
            field |= {"type": "string", "description": "Year, or span of years"}
            constraints["pattern"] = "[0-9]{4}(-[0-9]{4})?"
        if column == "measure":
            constraints["enum"] = list(table.measures)
        if column == "obs_value":
            constraints |= {"minimum": min(low for low, _ in bounds), "maximum": max(high for _, high in bounds)}
        if column in ["std_error", "n_obs"]:
            constraints["minimum"] = 0
        if column == "obs_status":
            constraints["pattern"] = tables.STATUS
        fields.append(field | ({"constraints": constraints} if constraints else {}))
    keys = [
        {"fields": [column], "reference": {"resource": name, "fields": ["code"]}}
        for column, name in foreign.items()
        if column in frame
    ]
    return {"fields": fields, "primaryKey": key, "foreignKeys": keys, "missingValues": [""]}


def _code_list_resource(name, label, frame, content):
    return {
        "name": name,
        "type": "table",
        "profile": "tabular-data-resource",
        "path": f"code-lists/{name}.csv",
        "title": label,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": evidence.digest(content),
        "schema": {
            "fields": [{"name": column, "type": AREA_COLUMNS.get(column, "string")} for column in frame.columns],
            "primaryKey": ["code"],
            "missingValues": [""],
        },
    }


def package(resources: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the descriptor of the whole package."""
    licences = dict.fromkeys(licence["name"] for entry in resources for licence in entry.get("licenses", []))
    return {
        "name": "schools-at-the-crossroads",
        "title": "Schools at the Crossroads: the evidence as tidy tables",
        "description": (
            "Indicators of education, innovation and local well-being in OECD countries and their regions, one tidy "
            "table each, remade by code from the publishers' files that each entry names. Every table keeps the "
            "licence of its publisher."
        ),
        "profile": "tabular-data-package",
        "licenses": [_licence(name) for name in licences],
        "notice": codes.TERRITORIES,
        "resources": resources,
    }


def main() -> None:
    """Remake into a folder: ``python -m importers.remake RAW TARGET [table ...]``."""
    raw, target, *only = sys.argv[1:]
    remake(raw, target, only)


if __name__ == "__main__":
    main()
