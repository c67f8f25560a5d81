"""The data package as files: its root, its descriptor, its code lists, its hashes; every read of ``data/`` begins here.

One module finds the root and reads, so that there is one record of what a result depends on (:data:`loaded`). Nothing
here needs pandas: the book reads cases and code lists on every build and must not wait for it.

Not here: what a valid table is (``tables``), what areas are called (``areas``), cases (``cases``).
"""

import copy
import csv
import difflib
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

DESCRIPTOR = "data/datapackage.json"
TABLES, CODE_LISTS, OWN = "indicators/", "code-lists/", "own"
# What git of Windows may make of a checkout; .gitattributes forbids it where git heeds it.
UNDO = "run `git config core.autocrlf false`, then `git rm --cached -rq . && git reset --hard` once your own work is committed"
REMAKE = "restore the file from version control, or remake it with `make data RAW=<folder of publishers' files>`"

loaded: set[str] = set()
"""What this process has read, for whoever records what a result depends on: paths relative to the project, and
``data/datapackage.json#<name>`` for a single entry of the descriptor."""


class DataError(ValueError):
    """Data that cannot be used as it stands; the message says where, what was expected and what to do."""


def project_root() -> Path:
    """Return the folder of the project: the nearest one upwards that holds ``data/datapackage.json``.

    Looks upwards from the working directory first, then from this module.

    Raises
    ------
    DataError
        If there is no such folder.
    """
    for start in (Path.cwd(), Path(__file__).resolve().parent):
        for folder in (start, *start.parents):
            if (folder / DESCRIPTOR).is_file():
                return folder
    raise DataError(
        f"no folder with {DESCRIPTOR} upwards of {Path.cwd()}: run this in a checkout of the project, or remake the"
        " data with `make data RAW=<folder of publishers' files>`"
    )


def data_folder(folder: Path | str | None = None) -> Path:
    """Return the folder ``data`` of the project, or the one given.

    Raises
    ------
    DataError
        As :func:`project_root`.
    """
    return Path(folder) if folder else project_root() / "data"


def read(path: str) -> bytes:
    """Return the bytes of a file of the project and note that it was read.

    Parameters
    ----------
    path : str
        Relative to the root, such as ``"data/checks.json"``.

    Raises
    ------
    DataError
        If the file is missing.
    """
    file = project_root() / path
    if not file.is_file():
        raise DataError(f"{path}: the file is missing; {remedy(path)}")
    loaded.add(path)
    return file.read_bytes()


def is_own(name: str) -> bool:
    """Say whether a table is made from files of the authors' own, which ``data/own/`` keeps."""
    return (project_root() / "data" / OWN / f"{name}.yaml").is_file()


def remedy(path: str) -> str:
    """Say what to do about a file of ``data/`` that cannot be used as it stands.

    Parameters
    ----------
    path : str
        Relative to the root, such as ``"data/indicators/pisa-reading.csv"``.

    Returns
    -------
    str
        The end of a message.
    """
    name = Path(path).stem
    if path == f"data/{TABLES}{name}.csv" and is_own(name):
        return (
            f"it is made from data/{OWN}/{name}.csv: edit that file if a value is to change, and run"
            f" `crossroads data {name}`"
        )
    return REMAKE


def entries(kind: str) -> dict[str, dict]:
    """Return the entries of the descriptor by name, not to be changed: every reader gets the same ones.

    Parameters
    ----------
    kind : {"indicators/", "code-lists/"}
        Folder of the files wanted.

    Raises
    ------
    DataError
        If the descriptor cannot be read.
    """
    file = data_folder() / Path(DESCRIPTOR).name
    return _entries(file, stamp(file), kind)


@lru_cache(maxsize=8)
def _entries(file: Path, state: tuple[int, int], kind: str) -> dict[str, dict]:
    return {entry["name"]: entry for entry in _descriptor(file, state)["resources"] if entry["path"].startswith(kind)}


@lru_cache(maxsize=4)
def _descriptor(file: Path, state: tuple[int, int]) -> dict:
    try:
        found = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DataError(f"{DESCRIPTOR}: not valid JSON ({error}); {REMAKE}") from None
    resources = found.get("resources") if isinstance(found, dict) else None
    if not isinstance(resources, list):
        raise DataError(f"{DESCRIPTOR}: there is no list 'resources'; {REMAKE}")
    for number, entry in enumerate(resources, start=1):
        missing = [key for key in ("name", "path") if not (isinstance(entry, dict) and isinstance(entry.get(key), str))]
        if missing or not (entry["name"] and entry["path"]):
            raise DataError(
                f"{DESCRIPTOR}: resource {number} has no {' and no '.join(missing) or 'name or path'}; {REMAKE}"
            )
    return found


def descriptor(folder: Path | str | None = None) -> dict[str, Any]:
    """Return the whole descriptor.

    Parameters
    ----------
    folder : pathlib.Path, optional
        The folder ``data``; found from the current folder when not given.

    Returns
    -------
    dict
        Not to be changed: it is the one that every reader gets.

    Raises
    ------
    DataError
        If the descriptor cannot be read.
    """
    file = data_folder(folder) / Path(DESCRIPTOR).name
    return _descriptor(file, stamp(file))


def described(entry: Mapping[str, Any], folder: Path | str | None = None) -> Path:
    """Return the file that an entry of the descriptor describes.

    Parameters
    ----------
    entry : mapping
        With ``name, path, hash``.
    folder : pathlib.Path, optional
        The folder ``data``; found from the current folder when not given.

    Raises
    ------
    DataError
        If there is no such file, or it is another one than is described.
    """
    path, shown = data_folder(folder) / entry["path"], f"data/{entry['path']}"
    if not path.is_file():
        raise DataError(f"{shown}: the file is missing; {remedy(shown)}")
    require_hash(path.read_bytes(), entry, shown)
    return path


def rows(path: Path) -> list[dict[str, str]]:
    """Return a table or code list as text, by row.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    list of dict of str to str
        In the order of the file, by column.

    Raises
    ------
    DataError
        If the file is no CSV in UTF-8, has no header, or a row has more or fewer cells than it.
    """
    header, found = _read(path)
    return [dict(zip(header, cells, strict=True)) for cells in found]


def columns(path: Path) -> dict[str, Sequence[str]]:
    """Return a table or code list as text, by column: as :func:`rows`, in half of its time.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    dict of str to sequence of str
        In the order of the file.

    Raises
    ------
    DataError
        As :func:`rows` does.
    """
    header, found = _read(path)
    return dict(zip(header, zip(*found, strict=True) if found else [()] * len(header), strict=True))


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of a table or code list."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
        header, *found = [*csv.reader(io.StringIO(text, newline=""), strict=True)] or [[]]
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{path.name}: row {row} holds the byte {content[error.start]:#04x}, expected UTF-8; {REMAKE}"
        ) from None
    except csv.Error as error:
        raise DataError(f"{path.name}: cannot be read as CSV ({error}); {REMAKE}") from None
    if not header:
        raise DataError(f"{path.name}: row 1 is empty, expected the names of columns; {REMAKE}")
    if set(map(len, found)) - {len(header)}:
        row = next(row for row, cells in enumerate(found, start=2) if len(cells) != len(header))
        raise DataError(f"{path.name}: row {row} has more or fewer cells than the header; {REMAKE}")
    return header, found


def facts(name: str) -> Mapping[str, Any]:
    """Return what the descriptor says of an indicator table, for whoever only reads it: a copy takes milliseconds.

    As :func:`indicator`, but not to be changed.
    """
    tables = entries(TABLES)
    if name not in tables:
        file = f"data/{TABLES}{name}.csv"
        if is_own(name):
            raise DataError(f"{DESCRIPTOR} does not describe {file}; {remedy(file)}")
        if (project_root() / file).is_file():
            raise DataError(
                f"{file}: the file is there, but {DESCRIPTOR} does not describe it; move it away and bring it in with `crossroads"
                f" new table {name} FILE`, or declare a publisher's table in src/importers/families, as those there are, and"
                f" make it with `crossroads data --raw <folder> {name}`"
            )
        close = difflib.get_close_matches(str(name), tables, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(map(repr, close))}? " if close else ""
        raise DataError(f"no indicator table is named {name!r}: {hint}crossroads.catalogue() lists all {len(tables)}")
    loaded.add(f"{DESCRIPTOR}#{name}")
    return tables[name]


def indicator(name: str) -> dict[str, Any]:
    """Return the descriptor of an indicator table.

    Parameters
    ----------
    name : str
        Name of the table.

    Returns
    -------
    dict
        Entry of ``data/datapackage.json``; besides the Frictionless properties it has ``publisher, dataset, edition,
        doi, url, licence, retrieved, measures, coverage, dropped, caveats, spotChecks``.

    Raises
    ------
    DataError
        If there is no such table.
    """
    return copy.deepcopy(dict(facts(name)))


def code_list(name: str, folder: Path | str | None = None) -> dict[str, dict[str, str]]:
    """Return a code list as text.

    Parameters
    ----------
    name : str
        Such as ``"case-partner-kinds"``.
    folder : pathlib.Path, optional
        The folder ``data``; found from the current folder when not given.

    Returns
    -------
    dict of str to dict
        By code, in the order of the file: the row with all its columns (``code``, ``label``, ``definition``...).

    Raises
    ------
    DataError
        If there is no such list.
    """
    path = data_folder(folder) / CODE_LISTS / f"{name}.csv"
    if not path.is_file():
        raise DataError(f"{path}: the file is missing; {REMAKE}")
    loaded.add(f"data/{CODE_LISTS}{name}.csv")
    return dict(_code_list(path, stamp(path)))


@lru_cache(maxsize=64)
def _code_list(path: Path, state: tuple[int, int]) -> dict[str, dict[str, str]]:
    """Read a code list once for each state of its file; the list of areas is long and asked for by every case."""
    found: dict[str, dict[str, str]] = {}
    for row, entry in enumerate(rows(path), start=2):
        if not entry.get("code"):
            raise DataError(
                f"{path.name}: row {row} has no code; expected a column 'code' with one in each row; {REMAKE}"
            )
        if entry["code"] in found:
            raise DataError(
                f"{path.name}: row {row}, column code: {entry['code']!r} stands in a row above, too; {REMAKE}"
            )
        found[entry["code"]] = entry
    return found


def stamp(path: Path) -> tuple[int, int]:
    """Return when a file was changed last, by its own time, which copies keep, and by that of the file system."""
    status = path.stat()
    return status.st_mtime_ns, status.st_ctime_ns


def digest(content: bytes) -> str:
    """Return the hash of a file as the descriptor writes it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def require_hash(content: bytes, entry: Mapping[str, Any], path: str) -> None:
    """Refuse a file that is not the one which the descriptor describes.

    Parameters
    ----------
    content : bytes
        Of the file.
    entry : mapping
        Its entry of the descriptor, with ``name`` and ``hash``.
    path : str
        Name of the file, for the message.

    Raises
    ------
    DataError
        If the hash is another one.
    """
    found = digest(content)
    if found == entry["hash"]:
        return
    other = (
        f"{path}: the file is not the one that {DESCRIPTOR} describes (sha256 {found[7:19]}, expected"
        f" {entry['hash'][7:19]}): a value was edited by hand, or the two are of different editions; "
    )
    if (advice := remedy(path)) != REMAKE:
        raise DataError(other + advice)
    raise DataError(
        f"{other}restore both files from version control, which belong together (an edit that was accepted stands in"
        f" both): `git checkout {path} {DESCRIPTOR}`; or remake the table with `make data RAW=<folder of publishers'"
        f" files>`; to accept an edit on purpose, run `crossroads accept {entry['name']}`"
    )
