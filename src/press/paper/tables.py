"""What print has to know of a table before it is set: where its cells are, and how wide its columns need to be.

Not here: its text and its looks (``translator``, ``book.typ``).
"""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable

NUMBER = re.compile(r"[^\w]*\d[\d\s.,:;%‰/()\[\]*†–−+±<>-]*(?:[a-z]|[bdepsu]{2,3})?\)?")
MISSING = re.compile(r"|[-–—.…*]+|n/?a|[macx]")
# So many characters of a table's longest words fit across a page in the smallest size, upright and turned;
# the padding of a column takes as much room as three.
PORTRAIT_CHARACTERS, LANDSCAPE_CHARACTERS, PADDING_CHARACTERS = 120, 185, 3
# So many characters a cell may have that should stand on one line.
SHORT = 18
# Such a share of the cells of a column are no longer than its usual one.
USUAL = 0.8
# A row with a cell of more characters may go on overleaf; others stay whole.
WHOLE = 1200
# By which the height of a table is estimated: characters across a page, those that a column of text asks for at
# most, and the heights of a line and of what is between two rows, in shares of a page.
ACROSS, WISHED, LINE, BETWEEN = 115, 45, 0.016, 0.012
# A space that does not break keeps words together in a cell, too.
BREAK = re.compile(r"[ \t\r\n]+|(?<=[/–-])(?![\d\u2060])")


def grid(rows: Iterable[nodes.row], width: int) -> list[list[tuple[int, nodes.entry]]]:
    """Return, for each row, pairs of column number and entry; spans of earlier cells are stepped over."""
    taken: dict[int, int] = {}
    grid = []
    for row in rows:
        column, placed = 0, []
        for entry in row.children:
            while taken.get(column, 0):
                taken[column] -= 1
                column += 1
            placed.append((column, entry))
            for covered in range(column, column + entry.get("morecols", 0) + 1):
                taken[covered] = entry.get("morerows", 0)
            column += entry.get("morecols", 0) + 1
        for rest in range(column, width):
            taken[rest] = max(taken.get(rest, 0) - 1, 0)
        grid.append(placed)
    return grid


def height(table: nodes.table) -> float:
    """Estimate how high the body of a table is, as a share of a page.

    Good to a tenth or two, which is enough to tell a table that goes on overleaf from one that stands on a page.

    Parameters
    ----------
    table : docutils.nodes.table

    Returns
    -------
    float
    """
    _, _, body = _parts(table)
    rows = [[len(entry.astext()) for entry in row.children] for row in body]
    columns = list(itertools.zip_longest(*rows, fillvalue=0))
    wished = [min(max(column), WISHED) + PADDING_CHARACTERS for column in columns]
    squeeze = min(ACROSS / max(sum(wished), 1), 1)
    widths = [max(width * squeeze - PADDING_CHARACTERS, 1) for width in wished]
    lines = sum(max([1, *(math.ceil(cell / width) for cell, width in zip(row, widths, strict=False))]) for row in rows)
    return lines * LINE + len(rows) * BETWEEN


def described(table: nodes.table) -> tuple[list[list[tuple[int, nodes.entry]]], int, list[dict[str, str]]]:
    """Return the cells of a table as :func:`grid` does, how many of its rows are its head, and its columns."""
    group, head, body = _parts(table)
    width = int(group["cols"])
    placed = grid(head + body, width)
    return placed, len(head), [column(placed, number, len(head)) for number in range(width)]


def _parts(table: nodes.table) -> tuple[nodes.tgroup, list[nodes.row], list[nodes.row]]:
    """Return the group of a table's columns, the rows of its head and those of its body."""
    (group,) = (child for child in table.children if isinstance(child, nodes.tgroup))
    head, body = (
        [row for part in group.children if isinstance(part, kind) for row in part.children]
        for kind in (nodes.thead, nodes.tbody)
    )
    return group, head, body


def characters(columns: list[dict[str, str]]) -> int:
    """Return how many characters the longest words of a table need beside each other."""
    return sum(len(column["word"]) + PADDING_CHARACTERS for column in columns)


def is_turned(columns: list[dict[str, str]]) -> bool:
    """Say whether a table of such columns is so wide that its page is turned."""
    return characters(columns) > PORTRAIT_CHARACTERS


def shares(table: nodes.table) -> list[str]:
    """Return the share of the width that the author gave each column, ``none`` where the author gave none."""
    given, (group, _, _) = "colwidths-given" in table["classes"], _parts(table)
    columns = [child for child in group.children if child.tagname == "colspec"]
    return [f"{column['colwidth']:g}" if given else "none" for column in columns]


def column(placed: list[list[tuple[int, nodes.entry]]], number: int, heads: int) -> dict[str, str]:
    """Describe a column: numbers or text, its longest word, its longest and its usual line, and what its short cells need."""
    texts = [
        (index >= heads, entry.astext())
        for index, row in enumerate(placed)
        for place, entry in row
        if place == number and not entry.get("morecols")
    ]
    body = [text.strip() for is_body, text in texts if is_body]
    numeric = any(map(NUMBER.fullmatch, body)) and all(
        NUMBER.fullmatch(text) or MISSING.fullmatch(text) for text in body
    )
    # A number is not broken over lines; words are, and those with a stroke or hyphen after it.
    words = [word for text in body for word in ([text] if numeric else BREAK.split(text))]
    words += [word for is_body, text in texts if not is_body for word in BREAK.split(text)]
    return {
        "kind": "number" if numeric else "text",
        "word": max(words, key=len, default=""),
        "short": max([*words, *(text for text in body if len(text) <= SHORT)], key=len, default=""),
        "line": max((text for _, text in texts), key=len, default="").replace("\n", " "),
        "usual": sorted(body, key=len)[int(USUAL * (len(body) - 1))].replace("\n", " ") if body else "",
    }
