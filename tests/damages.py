"""Publishers' files damaged in the ways that life damages them, and what the remake of the tables says of it.

For the benchmark, which tries every way on every file, and for tests, which try a few. A damaged file must be refused with
an error of ours that names the file, or leave the tables as they are; what must not be is a library's traceback, or a table
that says something else.
"""

import io
import os
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import importers
from crossroads.evidence.package import DataError
from importers import controls, remake
from importers.files import LayoutError

ROOT = Path(__file__).parents[1]
NUMBER = re.compile(rb"(?<![\w.])(\d+\.\d+|\d{2,})(?![\w.])")
Damage = Callable[[bytes, random.Random], bytes]


def _lines(content: bytes) -> list[bytes]:
    return content.split(b"\n")


def _body(lines: list[bytes], chance: random.Random) -> int:
    """Choose a line in the last three quarters that is not empty: headers stand before."""
    told = [i for i in range(len(lines) // 4 or 1, len(lines)) if lines[i].strip()]
    return chance.choice(told or [0])


def truncated(content, chance):
    return content[: int(len(content) * chance.uniform(0.2, 0.95))]


def empty(content, chance):
    return b""


def html(content, chance):
    return b"<!DOCTYPE html>\n<html><head><title>503 Service Unavailable</title></head><body>Try later</body></html>\n"


def noise(content, chance):
    return chance.randbytes(4000)


def row_deleted(content, chance):
    lines = _lines(content)
    del lines[_body(lines, chance)]
    return b"\n".join(lines)


def row_twice(content, chance):
    lines = _lines(content)
    place = _body(lines, chance)
    return b"\n".join([*lines[:place], lines[place], *lines[place:]])


def _header(lines: list[bytes], separator: bytes) -> int:
    return next((i for i, line in enumerate(lines) if line.count(separator) > 1), 0)


def _separator(content: bytes) -> bytes:
    return b"\t" if content.count(b"\t") > content.count(b",") / 2 else b","


def headers_swapped(content, chance):
    separator, lines = _separator(content), _lines(content)
    place = _header(lines, separator)
    cells = lines[place].rstrip(b"\r").split(separator)
    first = chance.randrange(len(cells) - 1)
    cells[first], cells[first + 1] = cells[first + 1], cells[first]
    lines[place] = separator.join(cells)
    return b"\n".join(lines)


def column_shifted(content, chance):
    separator, lines = _separator(content), _lines(content)
    place = _body(lines, chance)
    cells = lines[place].split(separator)
    cells.insert(chance.randrange(len(cells)), b"")
    lines[place] = separator.join(cells)
    return b"\n".join(lines)


def _one_number(content: bytes, chance: random.Random, change: Callable[[bytes], bytes]) -> bytes:
    """Change one number that stands in the body of a text file."""
    found = [match for match in NUMBER.finditer(content, len(content) // 4)]
    match = chance.choice(found)
    return content[: match.start()] + change(match.group()) + content[match.end() :]


def thousandth(content, chance):
    return _one_number(content, chance, lambda number: repr(float(number) / 1000).encode())


def sign(content, chance):
    return _one_number(content, chance, lambda number: b"-" + number)


def word(content, chance):
    return _one_number(content, chance, lambda number: b"n.a.?")


def decimal_comma(content, chance):
    return _one_number(content, chance, lambda number: number.replace(b".", b",") if b"." in number else number + b",5")


def enormous(content, chance):
    return _one_number(content, chance, lambda number: b"1e999")


def other_encoding(content, chance):
    return content.decode("utf-8-sig").encode("utf-16")


def latin(content, chance):
    lines = _lines(content)
    place = _body(lines, chance)
    lines[place] = lines[place].replace(b",", b"\xe9,", 1) if b"," in lines[place] else lines[place] + b"\xe9"
    return b"\n".join(lines)


def semicolons(content, chance):
    return content.replace(b",", b";")


def two_files_in_one(content, chance):
    """What a careless `cat` makes: the header stands again in the middle."""
    return content + (b"" if content.endswith(b"\n") else b"\n") + content


def merge_marks(content, chance):
    lines = _lines(content)
    place = _body(lines, chance)
    return b"\n".join(
        [*lines[:place], b"<<<<<<< HEAD", lines[place], b"=======", lines[place], b">>>>>>> new", *lines[place + 1 :]]
    )


ANY = (truncated, empty, html, noise)
TEXT = (row_deleted, row_twice, thousandth, sign, word, decimal_comma, enormous, other_encoding, latin, merge_marks)
TABLE = (headers_swapped, column_shifted, semicolons, two_files_in_one)


def _sheet(
    content: bytes, chance: random.Random, change: Callable[[bytes, random.Random], bytes], pattern: str
) -> bytes:
    """Change one member of a workbook, as a program that writes workbooks would."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        names = [name for name in old.namelist() if re.fullmatch(pattern, name)]
        chosen = chance.choice(names)
        for name in old.namelist():
            new.writestr(name, change(old.read(name), chance) if name == chosen else old.read(name))
    return made.getvalue()


SHEETS = r"xl/worksheets/sheet\d+\.xml"
VALUE = re.compile(rb'(<c r="[A-Z]+\d+"(?: s="\d+")?><v>)(-?\d+\.\d+(?:[eE]-?\d+)?)(</v>)')
ROW = re.compile(rb"<row [^>]*>.*?</row>", re.DOTALL)


def _cell(change: Callable[[bytes], bytes]) -> Damage:
    def damage(content: bytes, chance: random.Random) -> bytes:
        def edit(sheet: bytes, chance: random.Random) -> bytes:
            found = list(VALUE.finditer(sheet))
            if not found:
                return sheet
            match = chance.choice(found)
            return sheet[: match.start()] + match[1] + change(match[2]) + match[3] + sheet[match.end() :]

        return _sheet(content, chance, edit, SHEETS)

    return damage


def _row(change: Callable[[bytes], bytes]) -> Damage:
    def damage(content: bytes, chance: random.Random) -> bytes:
        def edit(sheet: bytes, chance: random.Random) -> bytes:
            found = [match for match in ROW.finditer(sheet)][8:]
            if not found:
                return sheet
            match = chance.choice(found)
            return sheet[: match.start()] + change(match[0]) + sheet[match.end() :]

        return _sheet(content, chance, edit, SHEETS)

    return damage


def _numbered_again(row: bytes) -> bytes:
    """Leave a row out in such a way that what follows moves up: its cells are emptied."""
    return re.sub(rb"<v>.*?</v>", b"", row)


WORKBOOK: dict[str, Damage] = {
    "thousandth": _cell(lambda number: repr(float(number) / 1000).encode()),
    "sign": _cell(lambda number: b"-" + number.lstrip(b"-")),
    "enormous": _cell(lambda number: b"1E300"),
    "row_deleted": _row(lambda row: b""),
    "row_emptied": _row(_numbered_again),
    "row_twice": _row(lambda row: row + row),
    "sheet_renamed": lambda content, chance: _sheet(
        content,
        chance,
        lambda book, chance: re.sub(rb'(<sheet [^>]*name=")([^"]*)"', rb'\1X \2"', book),
        r"xl/workbook\.xml",
    ),
    "sheet_not_xml": lambda content, chance: _sheet(
        content, chance, lambda sheet, chance: sheet[: len(sheet) // 2], SHEETS
    ),
    "member_lost": lambda content, chance: _without(content, "xl/sharedStrings.xml"),
}


def _without(content: bytes, gone: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            if name != gone:
                new.writestr(name, old.read(name))
    return made.getvalue()


def _frame(change: Callable[[pd.DataFrame, random.Random], pd.DataFrame]) -> Damage:
    def damage(content: bytes, chance: random.Random) -> bytes:
        frame = change(pd.read_parquet(io.BytesIO(content)), chance)
        made = io.BytesIO()
        frame.to_parquet(made)
        return made.getvalue()

    return damage


def _one_cell(frame, chance):
    numbers = [name for name in frame.select_dtypes("number") if frame[name].notna().any()]
    name = chance.choice(numbers)
    place = chance.choice(list(frame.index[frame[name].notna()]))
    frame[name] = frame[name].astype("float64")
    frame.loc[place, name] = frame.loc[place, name] / 1000 + 0.001
    return frame


def _swap(frame, chance):
    names = list(frame)
    first = chance.randrange(len(names) - 1)
    names[first], names[first + 1] = names[first + 1], names[first]
    return frame.set_axis(names, axis=1)


PARQUET: dict[str, Damage] = {
    "thousandth": _frame(_one_cell),
    "headers_swapped": _frame(_swap),
    "row_deleted": _frame(lambda frame, chance: frame.drop(index=frame.index[chance.randrange(len(frame))])),
    "row_twice": _frame(lambda frame, chance: pd.concat([frame, frame.iloc[[chance.randrange(len(frame))]]])),
    "column_lost": _frame(lambda frame, chance: frame.drop(columns=chance.choice(list(frame)))),
}


def damages(file: str) -> dict[str, Damage]:
    """Return the ways in which a file of this kind is damaged, by name."""
    general = {way.__name__: way for way in ANY}
    suffix = Path(file).suffix.lower()
    if suffix == ".xlsx":
        return general | WORKBOOK
    if suffix == ".parquet":
        return general | PARQUET
    text = {way.__name__: way for way in TEXT}
    return general | text | ({way.__name__: way for way in TABLE} if suffix in {".csv", ".tsv"} else {})


def users(file: str) -> list[str]:
    """Return the tables that are declared to be made from a file."""
    return [name for name, table in importers.tables().items() if file in controls.of(table)]


def lay(raw: Path, folder: Path, file: str, content: bytes) -> Path:
    """Return a folder of publishers' files in which one is another; all others are links."""
    for other in controls.controlled():
        place = folder / other
        place.parent.mkdir(parents=True, exist_ok=True)
        if other == file:
            place.write_bytes(content)
        elif not place.exists():
            os.symlink(raw / other, place)
    return folder


@dataclass(frozen=True)
class Outcome:
    """What became of a damaged file."""

    file: str
    way: str
    state: str  # refused, same, another, traceback
    words: str


def attempt(raw: Path, folder: Path, file: str, way: str, seed: int = 0) -> Outcome:
    """Damage a file, and remake the tables that are made from it."""
    chance = random.Random(f"{file} {way} {seed}")
    old = (raw / file).read_bytes()
    content = damages(file)[way](old, chance)
    if content == old:
        return Outcome(file, way, "same", "nothing to damage")
    lay(raw, folder, file, content)
    try:
        _, made, _ = remake.build(folder, users(file) or None, say=lambda line: None)
    except (LayoutError, remake.RemakeError, DataError) as error:
        return Outcome(file, way, "refused", str(error))
    except Exception as error:
        return Outcome(file, way, "traceback", f"{type(error).__name__}: {error}")
    other = [
        path
        for path, found in made.items()
        if path.startswith(("indicators/", "code-lists/")) and (ROOT / "data" / path).read_bytes() != found
    ]
    return Outcome(file, way, "another" if other else "same", ", ".join(other))


ALL = tuple(dict.fromkeys([*(way.__name__ for way in (*ANY, *TEXT, *TABLE)), *WORKBOOK, *PARQUET]))


def every() -> list[tuple[str, str]]:
    """Return each file with each way, in an order in which any number from the beginning is a fair choice."""
    pairs = [(file, way) for file in controls.controlled() for way in damages(file)]
    random.Random(2026).shuffle(pairs)
    return pairs


def is_light(raw: Path, file: str) -> bool:
    """Say whether the tables of a file take seconds: files of respondents take minutes, those beside tables a whole remake."""
    return bool(users(file)) and not file.startswith(("microdata/", "new/iea/"))


def is_wrong(outcome: Outcome) -> bool:
    """Say whether a damaged file had what it must not have: a traceback, another table, or an error without file or place."""
    told = outcome.state == "same" or (outcome.state == "refused" and named(outcome) and placed(outcome))
    return not told


def named(outcome: Outcome) -> bool:
    """Say whether a refusal tells the file, what is wrong with it and what to do."""
    words = outcome.words
    return Path(outcome.file).name in words and bool(re.search(r"fetch|expected|accept", words))


def placed(outcome: Outcome) -> bool:
    """Say whether a refusal tells a row, column, sheet or key."""
    return bool(re.search(r"\brow|column|sheet|first |begins|empty|HTML|workbook|cannot be read", outcome.words))
