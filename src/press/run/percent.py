"""The text of a notebook: Jupytext's percent format, read in one way everywhere.

Not here: what is executed of it (``kernel``), and what must not stand in it (``press.scan``).
"""

from __future__ import annotations

import re
from typing import Any

# A comment such as "# cat of the house" is one: without this, Jupytext takes it for a command that is commented out.
FORMAT = {"extension": ".py", "format_name": "percent", "comment_magics": False}
CELL = re.compile(r"# ?%%(?P<title>.*)")
HEADER = re.compile(r"# ---\n(?:#.*\n)*?# ---\n")


def decode(content: bytes) -> str:
    """Return the text of a notebook's file: editors of Windows begin it with a mark and end lines in their own way.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    str

    Raises
    ------
    UnicodeDecodeError
        If it is not UTF-8.
    """
    return content.decode("utf-8-sig").replace("\r\n", "\n")


def read(source: str) -> Any:
    """Read a notebook from its text.

    Parameters
    ----------
    source : str

    Returns
    -------
    nbformat.NotebookNode
    """
    import jupytext

    return jupytext.reads(source, fmt=FORMAT)


def cell_lines(source: str) -> list[int]:
    """Return the line of the file at which each cell begins, that of its mark, counted from one.

    Parameters
    ----------
    source : str

    Returns
    -------
    list of int
        Zero first where a cell without a mark stands before all others.
    """
    lines = source.splitlines()
    marks = [number for number, line in enumerate(lines, start=1) if CELL.match(line)]
    header = HEADER.match(source)
    before = lines[header.group().count("\n") if header else 0 : marks[0] - 1 if marks else None]
    return [0, *marks] if any(line.strip() for line in before) else marks
