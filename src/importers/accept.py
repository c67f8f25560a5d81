"""Accept an edit of a table made by hand: ``crossroads accept NAME``.

Tables are made from publishers' files, and the loader refuses one whose bytes are not those that the descriptor
names. Somebody who corrects a value on purpose accepts it here; the descriptor then says that the table was edited,
until it is remade.

Not here: remaking (``remake``), checks of the content (the loader makes them, before and after).
"""

import hashlib
import json

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
        If there is no such table, or its file breaks the contract.
    """
    entry = tables.indicator(name)
    folder = package.project_root() / "data"
    content = (folder / entry["path"]).read_bytes()
    frame = tables.validate(content, entry, f"data/{entry['path']}")
    descriptor = json.loads((folder / "datapackage.json").read_bytes())
    entry = next(entry for entry in descriptor["resources"] if entry["name"] == name)
    entry["bytes"] = len(content)
    entry["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
    entry["coverage"] = remake.coverage(frame)
    entry["edited"] = True
    remake.replace(folder, {"datapackage.json": remake.as_json(descriptor)}, complete=False)
