"""Accept what is another one than it was, on purpose: an edit by hand, or a publisher's new edition.

Tables are made from publishers' files, and the loader refuses one whose bytes are not those that the descriptor
names. Somebody who corrects a value on purpose accepts it here (``crossroads accept NAME``); the descriptor then says that
the table was edited, until it is remade. ``crossroads accept --raw FOLDER NAME`` remakes tables from files that are not those
recorded, after ``crossroads data`` has refused them and said what moves.

Not here: remaking (``remake``), checks of the content (the loader makes them, before and after).
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from crossroads.evidence import package, tables
from importers import remake


def accept(name: str) -> None:
    """Enter the present bytes of a table in the descriptor, provided that they keep the data contract.

    Parameters
    ----------
    name : str
        Name of the table.

    Raises
    ------
    crossroads.evidence.tables.DataError
        If there is no such table, it is made from a file of the authors' own, nothing was edited, or its file breaks the
        contract.
    """
    entry = tables.indicator(name)
    folder, path = package.project_root() / "data", f"data/{entry['path']}"
    if package.is_own(name):
        raise package.DataError(f"{path}: an edit here would be gone with the next remake; {package.remedy(path)}")
    content = package.read(path)
    if package.digest(content) == entry["hash"]:
        raise package.DataError(f"{path}: nothing was edited, the file is the one that {package.DESCRIPTOR} describes")
    frame = tables.validate(content, entry, path)
    descriptor = json.loads((folder / "datapackage.json").read_bytes())
    entry = next(entry for entry in descriptor["resources"] if entry["name"] == name)
    entry["bytes"] = len(content)
    entry["hash"] = package.digest(content)
    entry["coverage"] = remake.coverage(frame)
    entry["edited"] = True
    remake.replace(folder, {"datapackage.json": remake.as_json(descriptor)}, complete=False)


def accept_edition(raw: Path, target: Path, names: Iterable[str], say: Callable[[str], object] = print) -> None:
    """Remake tables from publishers' files that are not those recorded, and record these.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of publishers' files.
    target : pathlib.Path
        Folder of the package.
    names : iterable of str
        Tables; ``areas`` and ``checks`` stand for the code list of areas and the results of comparisons, which are made from
        all tables at once.
    say : callable
        Receives a line of progress a table.

    Raises
    ------
    importers.remake.RemakeError
        As :func:`importers.remake.remake`; also if a name is not accepted that would become another one.
    """
    names = list(names)
    alone = None if {"areas", "checks"} & set(names) else names
    remake.remake(raw, target, alone, say, accepted=names)
    say(f"{', '.join(names)}: accepted; data/controls.json records the files that they were made from")
