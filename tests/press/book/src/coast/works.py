"""What other works on the coast found: the numbers that prose may quote, from ``data/works.json``."""

import json
from pathlib import Path


def causal(folder: Path) -> set[str]:
    """Return the works whose design can carry a causal word: none of these."""
    return set()


def quotable(folder: Path) -> dict[str, dict]:
    """Return the numbers of all works by ``work:number``; a book without such works has none.

    Parameters
    ----------
    folder : pathlib.Path
        The folder ``data``.

    Returns
    -------
    dict of str to dict

    Raises
    ------
    ValueError
        If a number is none.
    """
    path = folder / "works.json"
    works = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    found = {}
    for work, told in works.items():
        for name, number in told["numbers"].items():
            if not isinstance(number["value"], int | float):
                raise ValueError(f"{path.name}: {work}: {name}: found {number['value']!r}; expected a number")
            found[f"{work}:{name}"] = {**number, "work": work, "target": f"work-{work}", "title": told["title"]}
    return found
