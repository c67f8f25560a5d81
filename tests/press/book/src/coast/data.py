"""The one door to ``data/``: it remembers what was read, for whoever records what a result depends on."""

import json
from pathlib import Path

import pandas as pd

loaded: set[str] = set()


def load(name: str) -> pd.DataFrame:
    """Load a table.

    Parameters
    ----------
    name : str
        As the descriptor has it.

    Returns
    -------
    pandas.DataFrame
    """
    path = f"data/{describe(name)['path']}"
    loaded.add(path)
    return pd.read_csv(path)


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
