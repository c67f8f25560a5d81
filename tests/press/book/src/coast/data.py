"""The one door to ``data/``: it remembers what was read, for whoever records what a result depends on."""

import csv
import json
from pathlib import Path

loaded: set[str] = set()


def load(name: str) -> list[dict]:
    """Load a table.

    Parameters
    ----------
    name : str
        As the descriptor has it.

    Returns
    -------
    list of dict
        A row each, with numbers as numbers.
    """
    path = f"data/{describe(name)['path']}"
    loaded.add(path)
    with Path(path).open(encoding="utf-8", newline="") as lines:
        return [{column: _number(text) for column, text in row.items()} for row in csv.DictReader(lines)]


def _number(text: str) -> float | str:
    try:
        return int(text) if text.isdecimal() else float(text)
    except ValueError:
        return text


def describe(name: str) -> dict[str, str]:
    """Return what the descriptor says of a table.

    Parameters
    ----------
    name : str

    Returns
    -------
    dict of str to str
    """
    loaded.add(f"data/datapackage.json#{name}")
    entries = json.loads(Path("data/datapackage.json").read_text("utf-8"))["resources"]
    return next(entry for entry in entries if entry["name"] == name)
