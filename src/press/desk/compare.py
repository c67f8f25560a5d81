"""What changed between two editions: rows of tables, exhibits, and the numbers in sentences.

An edition is a commit, or a folder with a checkout of one. What it published is in its repository: the tables of ``data/`` and the
reference outputs, which the tests hold equal to what its notebooks compute. So two editions are compared without building any.

Not here: whether a change was meant (``references`` tells of each that was not agreed on), the page of corrections, which is
made from the changelog.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import tarfile
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from press import contract
from press.desk import references
from press.errors import BookError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

DESCRIPTOR = "data/datapackage.json"
KEPT = ("data", "book", contract.FILE, str(references.FOLDER))
ROLE = re.compile(
    r"\{value\}`(?P<value>[^`:]+)(?::(?P<form>[^`]*))?`|\{study\}`(?P<study>[^`:]+:[^`:]+)(?::(?P<style>[^`]*))?`"
)
SHOWN = 5


@dataclass
class TableChange:
    """What changed in a table: keys of rows added and removed, and cells that were revised."""

    name: str
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.revised)

    def lines(self) -> Iterator[str]:
        """Say it, with the first few of each kind."""
        counts = [f"{len(entries)} {what}" for what, entries in self.parts() if entries]
        yield f"{self.name}: rows {', '.join(counts)}"
        for what, entries in self.parts():
            yield from (f"    {what}: {entry}" for entry in entries[:SHOWN])
            if len(entries) > SHOWN:
                yield f"    {what}: and {len(entries) - SHOWN} more"

    def parts(self) -> list[tuple[str, list[str]]]:
        """Return the three kinds of change with their entries."""
        return [("added", self.added), ("removed", self.removed), ("revised", self.revised)]


@dataclass
class Comparison:
    """What changed between two editions.

    Attributes
    ----------
    tables : list of TableChange
        Of ``data/``.
    exhibits : dict of str to str
        By id: ``new``, ``withdrawn``, or what moved in its data.
    sentences : list of str
        Sentences of the text whose numbers moved, each with its place, the number it had and the one it has.
    statements : list of str
        Computed sentences that are said no longer, or newly.
    untold : list of str
        What could not be compared, and why.
    """

    tables: list[TableChange] = field(default_factory=list)
    exhibits: dict[str, str] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Say what changed, part by part."""
        yield f"Tables: {len(self.tables)} changed"
        for change in self.tables:
            yield from (f"  {line}" for line in change.lines())
        yield f"Exhibits: {len(self.exhibits)} changed"
        yield from (f"  {identifier}: {what}" for identifier, what in sorted(self.exhibits.items()))
        yield f"Sentences whose numbers moved: {len(self.sentences)}"
        yield from (f"  {line}" for line in self.sentences)
        yield f"Computed sentences: {len(self.statements)} changed"
        yield from (f"  {line}" for line in self.statements)
        if self.tables and not (self.exhibits or self.sentences or self.statements):
            yield f"Exhibits and sentences are those of {references.FOLDER}: after a change of numbers, renew it first"
        yield from self.untold

    def entry(self, date: str) -> str:
        """Return a line for the changelog to complete.

        Parameters
        ----------
        date : str
            Such as ``2026-11-29``.

        Returns
        -------
        str
        """
        withdrawn = {identifier for identifier, what in self.exhibits.items() if what == "withdrawn"}
        notes = {"new": " (new)", "withdrawn": " (withdrawn)"}
        named = [f"`{name}`{notes.get(what, '')}" for name, what in sorted(self.exhibits.items())]
        tables = ", ".join(change.name for change in self.tables)
        said = f"Tables that moved: {tables}." if tables else "No table moved."
        return f"- **Revision** ({date}). {said} Exhibits: {', '.join(named) or 'none'}." + (
            f" Withdrawn: {len(withdrawn)}." if withdrawn else ""
        )


def compare(root: Path, old: str, new: str) -> Comparison:
    """Compare two editions.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project; its repository knows the commits, and its package writes the numbers.
    old, new : str
        A commit, tag or branch, or the folder of a checkout.

    Returns
    -------
    Comparison

    Raises
    ------
    BookError
        If one is neither, or holds no edition.
    """
    with ExitStack() as stack:
        before, after = (_edition(root, name, stack) for name in (old, new))
        values = _entries(before, "values"), _entries(after, "values")
        quoted, untold = _quoted(root, {old: before, new: after})
        return Comparison(
            tables=[*_tables(before, after)],
            exhibits=dict(_exhibits(before, after)),
            sentences=[*_moved_sentences(root, after, {"value": values, "study": quoted})],
            statements=[*_statements(before, after)],
            untold=untold,
        )


def _edition(root: Path, name: str, stack: ExitStack) -> Path:
    """Return the folder of an edition; of a commit what is compared is laid into a temporary one."""
    folder = Path(name)
    if folder.is_dir():
        if not (folder / DESCRIPTOR).is_file():
            raise BookError(f"{name} holds no {DESCRIPTOR}; expected the folder of a checkout")
        return folder
    listed = subprocess.run(
        ["git", "ls-tree", "--name-only", name, "--", *KEPT], cwd=root, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        raise BookError(f"{name!r} is neither a folder nor a commit: {listed.stderr.strip().splitlines()[-1]}")
    there = listed.stdout.split("\n")[:-1]
    packed = subprocess.run(["git", "archive", name, *there], cwd=root, capture_output=True, check=True).stdout
    target = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(target, filter="data")
    if not (target / DESCRIPTOR).is_file():
        raise BookError(f"the commit {name} holds no {DESCRIPTOR}; it is of no edition")
    return target


def _tables(before: Path, after: Path) -> Iterator[TableChange]:
    """Compare the tables that the descriptors name, row by row."""
    entries = [
        {entry["name"]: entry for entry in json.loads((folder / DESCRIPTOR).read_bytes())["resources"]}
        for folder in (before, after)
    ]
    for name in sorted({**entries[0], **entries[1]}):
        rows = [_rows(folder, found.get(name)) for folder, found in zip((before, after), entries, strict=True)]
        change = TableChange(name)
        change.added = [key for key in rows[1] if key not in rows[0]]
        change.removed = [key for key in rows[0] if key not in rows[1]]
        for key in rows[0]:
            if key in rows[1] and rows[0][key] != rows[1][key]:
                change.revised += [f"{key}, {said}" for said in _cells(rows[0][key], rows[1][key])]
        if change:
            yield change


def _rows(folder: Path, entry: dict[str, Any] | None) -> dict[str, dict[str, str]]:
    """Return the rows of a table by their key as text; none where an edition has no such table."""
    if entry is None:
        return {}
    keys = entry.get("schema", {}).get("primaryKey", [])
    with (folder / "data" / entry["path"]).open(encoding="utf-8", newline="") as file:
        found = [*csv.DictReader(file)]
    return {" ".join(row[key] for key in keys) if keys else f"row {number}": row for number, row in enumerate(found, 1)}


def _cells(old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    for column in dict.fromkeys([*old, *new]):
        before, after = old.get(column), new.get(column)
        if not references.same(before, after):
            yield f"{column}: was {_shown(before)}, is {_shown(after)}"


def _shown(cell: str | None) -> str:
    return "not there" if cell is None else cell or "empty"


def _exhibits(before: Path, after: Path) -> Iterator[tuple[str, str]]:
    """Say of each exhibit what moved in the data behind it."""
    old, new = (
        {path.stem: path for path in (folder / references.FOLDER / "exhibits").glob("*.csv")}
        for folder in (before, after)
    )
    for identifier in sorted({*old, *new}):
        if identifier not in old:
            yield identifier, "new"
        elif identifier not in new:
            yield identifier, "withdrawn"
        else:
            moved = references.compare_tables(identifier, old[identifier], new[identifier])
            if moved:
                first = moved[0].removeprefix(f"exhibit {identifier}").lstrip(":, ")
                yield identifier, first + (f"; and {len(moved) - 1} cells more" if len(moved) > 1 else "")


def _quoted(root: Path, folders: dict[str, Path]) -> tuple[tuple[dict[str, Any], dict[str, Any]], list[str]]:
    """Return the numbers of other works that each edition may quote, as the code of this one reads them."""
    module = contract.read(root).literature_module
    if module is None:
        return ({}, {}), []
    found, untold = [], []
    for name, folder in folders.items():
        try:
            found.append(module.quotable(folder / "data"))
        except ValueError as error:
            found.append({})
            first = str(error).splitlines()[0]
            untold.append(f"Numbers of other works are not compared: those of {name} are of another form ({first})")
    return (found[0], found[-1]), untold


def _moved_sentences(root: Path, after: Path, known: dict[str, tuple[dict[str, Any], dict[str, Any]]]) -> Iterator[str]:
    """Yield the sentences of the newer text that quote a number, ours or another work's, which moved as it is printed."""
    for path in sorted((after / contract.BOOK).rglob("*.md")):
        for line, sentence in _sentences(path.read_text("utf-8")):
            moved = []
            for role in ROLE.finditer(sentence):
                kind = "value" if role["value"] else "study"
                old, new = known[kind]
                if role[kind] in old and role[kind] in new:
                    was, now = (_printed(root, role, entries[role[kind]]) for entries in (old, new))
                    moved += [f"{role[kind]} was {was}, is {now}"] if was != now else []
            if moved:
                said = " ".join(ROLE.sub(lambda role: f"[{role['value'] or role['study']}]", sentence).split())
                yield f"{path.relative_to(after).as_posix()}:{line}: {'; '.join(moved)}: {said}"


def _printed(root: Path, role: re.Match[str], entry: dict[str, Any]) -> str:
    """Return a number as the text prints it."""
    numbers = contract.read(root).numbers
    if role["value"]:
        return numbers.format_value({"format": "", **entry}, role["form"] or None)
    return numbers.format_quoted(entry, role["style"] or None)


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a page that quote a value, each with its line."""
    for block in re.finditer(r"(?:.+\n?)+", text):
        for found in re.finditer(r".+?(?:[.!?](?=\s)|$)", block[0], re.DOTALL):
            if ROLE.search(found[0]):
                start = block.start() + found.start() + len(found[0]) - len(found[0].lstrip())
                yield text.count("\n", 0, start) + 1, found[0].strip()


def _statements(before: Path, after: Path) -> Iterator[str]:
    yield from references.compare_sentences(_entries(before, "statements"), _entries(after, "statements"))


def _entries(folder: Path, name: str) -> dict[str, Any]:
    return references.agreed(folder / references.FOLDER, name)
