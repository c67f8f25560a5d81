"""Where in a source of the book a message belongs: the line of a page, or of a notebook, that its author has to look at.

Not here: the message (whoever found the mistake), and the error that carries it (``press.errors``).
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from itertools import takewhile
from typing import TYPE_CHECKING

from press.contract import NOTEBOOKS
from press.errors import BookError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLACE = re.compile(r"(?P<file>[^:\n]+\.md):(?P<line>\d+): ")
QUOTED = re.compile(r"'([^']+)'|\u201c([^\u201d]+)\u201d|`([^`]+)`")
CELL = re.compile(rf"{NOTEBOOKS}(?P<notebook>[\w-]+)\.py, code cell (?P<number>\d+)")


def lead_to_line(message: str, root: Path) -> str:
    """Add to each code cell that a message names its line, and correct the line of a page to that which is quoted.

    Parameters
    ----------
    message : str
        Of one line or several, such as ``file:line: words``.
    root : pathlib.Path
        What the files are relative to.

    Returns
    -------
    str
        As it was where the file does not hold what is said of it.
    """
    lines = [_to_what_is_quoted(line, root) for line in message.split("\n")]
    return CELL.sub(lambda found: cell(root, found["notebook"], int(found["number"])), "\n".join(lines))


def cell(root: Path, notebook: str, number: int) -> str:
    """Name a code cell with the line at which it begins.

    Parameters
    ----------
    root : pathlib.Path
    notebook : str
        Its name, without folder and ending.
    number : int
        That of the cell among the code cells, counted from one.

    Returns
    -------
    str
        Such as ``notebooks/tides.py:41, code cell 3``; without line where the file has no such cell any more.
    """
    from press.run import percent

    path = root / NOTEBOOKS / f"{notebook}.py"
    source = percent.decode(path.read_bytes()) if path.is_file() else ""
    begins, cells = percent.cell_lines(source), percent.read(source).cells
    # Where a cell without a mark stands before all others, it begins at the first line.
    lines = [max(line, 1) for line, one in zip(begins, cells, strict=False) if one.cell_type == "code"]
    known = len(begins) == len(cells) and 0 < number <= len(lines)
    return f"{NOTEBOOKS}{notebook}.py{f':{lines[number - 1]}' if known else ''}, code cell {number}"


@contextmanager
def led(root: Path) -> Iterator[None]:
    """Have errors that name code cells name their lines, too.

    Parameters
    ----------
    root : pathlib.Path
    """
    try:
        yield
    except BookError as error:
        raise BookError(lead_to_line(error.message, root)) from None


def _to_what_is_quoted(message: str, root: Path) -> str:
    """Correct the line of a message to that which holds what the message quotes.

    Whoever reads Markdown knows in which line a paragraph begins, and an author looks for a mistake in a line.
    """
    place = PLACE.match(message)
    if not place or not (root / place["file"]).is_file():
        return message
    begins = int(place["line"])
    lines = (root / place["file"]).read_text("utf-8-sig").splitlines()[begins - 1 :]
    paragraph = list(takewhile(str.strip, lines))
    for quoted in QUOTED.findall(message[place.end() :]):
        said = re.compile(rf"(?<!\w){re.escape(''.join(quoted))}(?!\w)")
        for number, line in enumerate(paragraph, start=begins):
            if said.search(line):
                return f"{place['file']}:{number}: {message[place.end() :]}"
    return message
