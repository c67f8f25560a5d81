"""Whether publishers' files are those of the edition at hand, and what a table made from other files would say otherwise.

``data/controls.json`` holds, for each file that a table is made from, its hash and what an accountant would note of it: how many
rows, and of each column its header, the number of numbers, the smallest, the largest and their total; words where there are few.
A file whose hash is another one is read all the same, since publishers bring out new editions; but a table that becomes another
one by it is refused until somebody has read what moved and accepted it (``crossroads accept``). So a row that got lost, headers
that changed places or a value divided by a thousand cannot pass for what the publisher says.

Files whose hash is the recorded one cost nothing more than that hash.

Not here: reading for tables (``files``, the families), what a table may hold (``declaration``).
"""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

import importers
from importers import files
from importers.declaration import Table
from importers.files import LayoutError

FILE = "controls.json"
# Columns beyond this number are noted as one: what they hold is told by the total of all.
MOST_COLUMNS = 80
# So many words of a column are noted that one which is new can be named.
MOST_WORDS = 12
# Lines of a message; more would hide the cause.
MOST_LINES = 6
Cells = dict[str, list[Any]]


def controlled() -> tuple[str, ...]:
    """Return the files that tables, areas and comparisons are made from, relative to the folder of publishers' files."""
    declared = {file for table in importers.tables().values() for file in of(table)}
    beside = {file for family in importers.all_families() for file in family.beside}
    return tuple(sorted(declared | beside))


def of(table: Table) -> tuple[str, ...]:
    """Return the files that a table is declared to be made from."""
    return tuple(file for source in (table.source, *table.further) for file in source.files)


def digest(path: Path) -> str:
    """Return the hash of a file as descriptors write it."""
    with path.open("rb") as content:
        return f"sha256:{hashlib.file_digest(content, 'sha256').hexdigest()}"


def changed(raw: Path, recorded: Mapping[str, Any]) -> list[str]:
    """Return the files of a folder that are not those recorded; what is not there, or not yet recorded, is no concern here.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of publishers' files.
    recorded : mapping
        As :func:`record` returns it.

    Returns
    -------
    list of str
    """
    there = (file for file in controlled() if file in recorded and (raw / file).is_file())
    return [file for file in there if digest(raw / file) != recorded[file]["hash"]]


def record(raw: Path, recorded: Mapping[str, Any], renew: Iterable[str] | None = None) -> dict[str, Any]:
    """Return what is to be noted of the files of a folder; what is known of the same file is kept.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of publishers' files.
    recorded : mapping
        What was noted before.
    renew : iterable of str, optional
        Files that are noted; of all others the old note stays. All files when not given.

    Returns
    -------
    dict of str to dict
        By file: ``hash`` and ``parts``, by sheet (or ``""``): ``rows`` and ``columns``.
    """
    notes = {}
    wanted = set(controlled() if renew is None else renew)
    for file in controlled():
        if file in wanted and (raw / file).is_file():
            found = digest(raw / file)
            same = found == recorded.get(file, {}).get("hash")
            sheets = {*files.sheets_read.get(raw / file, ()), *recorded.get(file, {}).get("parts", ())}
            notes[file] = recorded[file] if same else {"hash": found, "parts": note(raw / file, sorted(sheets))}
        elif file in recorded:
            notes[file] = recorded[file]
    return notes


def note(path: Path, sheets: Iterable[str] = ()) -> dict[str, Any]:
    """Note of each part of a file how many rows there are, and of each column what it holds.

    Parameters
    ----------
    path : pathlib.Path
    sheets : iterable of str
        Those of a workbook that are read for tables; others are nobody's concern.

    Returns
    -------
    dict of str to dict

    Raises
    ------
    importers.files.LayoutError
        If the file cannot be read at all.
    """
    return {
        part: {
            "rows": max(map(len, columns.values()), default=0),
            "columns": {name: _sum(cells) for name, cells in columns.items()},
        }
        for part, columns in parts(path, sheets).items()
    }


def parts(path: Path, sheets: Iterable[str] = ()) -> dict[str, Cells]:
    """Return the cells of a file by part (sheet of a workbook) and column.

    Columns of a workbook and of a file with very many columns are taken together, row by row.

    Parameters
    ----------
    path : pathlib.Path
    sheets : iterable of str
        As for :func:`note`.

    Returns
    -------
    dict of str to dict

    Raises
    ------
    importers.files.LayoutError
        If the file cannot be read at all.
    """
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        there = files.workbook(path).sheetnames
        return {name: {"cells": _numbered(files.sheet(path, name)[1:])} for name in sheets if name in there}
    readers = {".parquet": _frame, ".json": _tree, ".geojson": _tree, ".xml": _elements}
    return {"": readers.get(suffix, _table)(path)}


def _frame(path: Path) -> Cells:
    frame = files.parquet(path)
    if len(frame.columns) > MOST_COLUMNS:
        return {"cells": frame.select_dtypes("number").sum(axis=1).tolist()}
    return {str(name): frame[name].astype(object).where(frame[name].notna(), None).tolist() for name in frame}


def _tree(path: Path) -> Cells:
    columns: Cells = {}
    for key, leaf in _leaves(files.json(path)):
        columns.setdefault(key, []).append(leaf)
    return columns


def _elements(path: Path) -> Cells:
    columns: Cells = {}
    for element in files.xml(path).iter():
        for key, text in element.attrib.items():
            columns.setdefault(f"{element.tag.rpartition('}')[2]}/{key.rpartition('}')[2]}", []).append(text)
    return columns


def _table(path: Path) -> Cells:
    """Return the columns of a CSV or TSV file, whose header is its first row of more than two cells that hold something."""
    lines = (
        [line.split("\t") for line in files.text(path).splitlines()]
        if path.suffix.lower() == ".tsv"
        else files.rows(path)
    )
    start = next((number for number, line in enumerate(lines) if sum(map(bool, line)) > 2), 0)
    # The rows above count, so that a cell's place in a column tells its row.
    header, body = lines[start], [*[[]] * start, *lines[start + 1 :]]
    names = [name if name not in header[:i] else f"{name} ({i + 1})" for i, name in enumerate(header)]
    columns: Cells = {name: [line[i] if i < len(line) else None for line in body] for i, name in enumerate(names)}
    if any(len(line) > len(header) for line in body):
        columns["beyond the header"] = [" ".join(line[len(header) :]) for line in body]
    if len(columns) > MOST_COLUMNS:
        return {"cells": _numbered(list(zip(*columns.values(), strict=True)))}
    return columns


def _numbered(rows: list[tuple]) -> list[float]:
    """Return the sum of the numbers of each row, so that one that moves has a row."""
    return [math.fsum(number for cell in row if (number := _number(cell)) is not None) for row in rows]


def _leaves(entry: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(entry, dict):
        for name, inner in entry.items():
            # Names that count or are codes would make a column of each.
            yield from _leaves(inner, name if not isinstance(inner, dict | list) and len(entry) < MOST_COLUMNS else key)
    elif isinstance(entry, list):
        for inner in entry:
            yield from _leaves(inner, key)
    else:
        yield key, entry


def _number(cell: Any) -> float | None:
    if isinstance(cell, bool) or cell is None:
        return None
    try:
        number = float(cell)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _sum(cells: list[Any]) -> dict[str, Any]:
    """Note what a column holds."""
    numbers = [number for cell in cells if (number := _number(cell)) is not None]
    words = sorted({str(cell).strip() for cell in cells if cell is not None and _number(cell) is None})
    noted: dict[str, Any] = {"numbers": len(numbers)}
    if numbers:
        noted |= {"least": _short(min(numbers)), "most": _short(max(numbers)), "total": _short(math.fsum(numbers))}
    return noted | ({"words": words} if len(words) <= MOST_WORDS else {"different_words": len(words)})


def _short(number: float) -> float:
    return float(f"{number:.10g}")


def differences(path: Path, file: str, recorded: Mapping[str, Any]) -> list[str]:
    """Say in what a file is another one than was recorded.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    file : str
        How it is called.
    recorded : mapping
        The note of it.

    Returns
    -------
    list of str
        A line each, with sheet, row and column where they can be known.
    """
    try:
        with files.named(path):
            found = parts(path, recorded["parts"])
    except LayoutError as error:
        return [str(error)]
    lines: list[str] = []
    for part in dict.fromkeys([*recorded["parts"], *found]):
        place = f"{file}, sheet {part}" if part else file
        if part not in found or part not in recorded["parts"]:
            lines.append(f"{place}: {'is gone' if part not in found else 'is new'}")
            continue
        what = "row" if path.suffix.lower() in {".csv", ".tsv", ".xlsx", ".parquet"} else "entry"
        lines += _part(place, found[part], recorded["parts"][part], what)
    return lines or [f"{file}: the file is another one, but its rows, words and totals are those recorded"]


def _part(place: str, columns: Cells, noted: Mapping[str, Any], what: str) -> Iterator[str]:
    was, now = list(noted["columns"]), list(columns)
    if was != now:
        gone, new = [name for name in was if name not in now], [name for name in now if name not in was]
        if gone or new:
            yield f"{place}, row 1: columns {gone} are gone, {new} are new; expected {was}"
        else:
            moved = [name for name, old in zip(now, was, strict=True) if name != old]
            yield f"{place}, row 1: the columns {moved} changed places; expected {was}"
    length = max(map(len, columns.values()), default=0)
    if length != noted["rows"]:
        yield f"{place}: {length} {what.replace('row', 'rows below the first').replace('entry', 'entries')}, expected {noted['rows']}"
    for name, cells in columns.items():
        if name in noted["columns"]:
            yield from _column(
                place if name == "cells" else f"{place}, column {name}", cells, noted["columns"][name], what
            )


def _column(place: str, cells: list[Any], noted: Mapping[str, Any], what: str) -> Iterator[str]:
    numbers = [_number(cell) for cell in cells]
    found = _sum(cells)
    words = noted.get("words")
    for row, (cell, number) in enumerate(zip(cells, numbers, strict=True), start=2):
        if number is None:
            if words is not None and cell is not None and str(cell).strip() not in words:
                yield f"{place}, {what} {row}: {str(cell)[:60]!r}, expected a number" + (
                    f" or one of {words}" if words else ""
                )
                return
        elif "least" not in noted:
            yield f"{place}, {what} {row}: the number {cell!r}, expected words"
            return
        elif not noted["least"] <= _short(number) <= noted["most"]:
            yield f"{place}, {what} {row}: {number:g}, expected {noted['least']:g} to {noted['most']:g}"
            return
    if found != noted:
        said = {key: (value, noted.get(key)) for key, value in found.items() if value != noted.get(key)}
        yield f"{place}: " + "; ".join(
            f"{key.replace('_', ' ')} {str(value)[:80]}, expected {str(old)[:80]}" for key, (value, old) in said.items()
        )


def moved(name: str, old: pd.DataFrame, new: pd.DataFrame, key: list[str]) -> list[str]:
    """Say which rows of a table would be others.

    Parameters
    ----------
    name : str
        Name of the table.
    old, new : pandas.DataFrame
    key : list of str
        Columns that identify a row.

    Returns
    -------
    list of str
        A line for each way of moving, with the first row concerned.
    """
    if list(old) != list(new):
        return [f"{name}: the columns {list(new)}, before {list(old)}"]
    rest = [column for column in old if column not in key]
    before, after = (frame.astype({column: str for column in key}).set_index(key)[rest] for frame in (old, new))
    gone, added = before.index.difference(after.index), after.index.difference(before.index)
    lines = [
        f"{name}: {len(rows)} rows are {word}, first {_row(rows[0])}"
        for rows, word in ((gone, "gone"), (added, "new"))
        if len(rows)
    ]
    both = before.index.intersection(after.index)
    left, right = before.loc[both], after.loc[both]
    for column in rest:
        same = (left[column] == right[column]) | (left[column].isna() & right[column].isna())
        other = ~same.fillna(False).to_numpy(dtype=bool)
        if other.any():
            first = both[other][0]
            was, now = left.loc[[first], column].iloc[0], right.loc[[first], column].iloc[0]
            lines.append(f"{name}, column {column}: {int(other.sum())} moved, first {_row(first)}: {now}, before {was}")
    return lines


def _row(key: Any) -> str:
    return ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def told(raw: Path, changed_files: Iterable[str], recorded: Mapping[str, Any]) -> str:
    """Say of each changed file in what it is another one, for the end of a message.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of publishers' files.
    changed_files : iterable of str
    recorded : mapping

    Returns
    -------
    str
        Empty if no file is another one.
    """
    lines: list[str] = []
    for file in changed_files:
        said = differences(raw / file, file, recorded[file])
        lines += [
            *said[:MOST_LINES],
            *([f"{file}: and {len(said) - MOST_LINES} more"] if len(said) > MOST_LINES else []),
        ]
    if not lines:
        return ""
    return f"\n  publishers' files that are not those of data/{FILE}:\n    " + "\n    ".join(lines)


def as_json(notes: Mapping[str, Any]) -> bytes:
    """Return the notes as the bytes of their file, a line for each column."""
    text = json.dumps(notes, ensure_ascii=False, indent=1)
    return (text + "\n").encode("utf-8")
