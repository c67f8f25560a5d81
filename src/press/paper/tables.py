"""What print has to know of a table before it is set: where its cells are, and how wide its columns need to be.

Not here: its text and its looks (``translator``, ``book.typ``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docutils import nodes

NUMBER = re.compile(r"[^\w]*\d[\d\s.,:;%‰/()\[\]*†–−+±<>-]*(?:[a-z]|[bdepsu]{2,3})?\)?")
MISSING = re.compile(r"|[-–—.…*]+|n/?a|[macx]")
# So many characters of a table's longest words fit across a page in the smallest size, upright and turned;
# the padding of a column takes as much room as three.
PORTRAIT_CHARACTERS, LANDSCAPE_CHARACTERS, PADDING_CHARACTERS = 120, 185, 3
# So many characters a cell may have that should stand on one line.
SHORT = 18
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


def shares(table: nodes.table, group: nodes.tgroup) -> list[str]:
    """Return the share of the width that the author gave each column, ``none`` where the author gave none."""
    given = "colwidths-given" in table["classes"]
    columns = [child for child in group.children if child.tagname == "colspec"]
    return [f"{column['colwidth']:g}" if given else "none" for column in columns]


def column(placed: list[list[tuple[int, nodes.entry]]], number: int, heads: int) -> dict[str, str]:
    """Describe a column: numbers or text, its longest word, its longest line, and what its short cells need."""
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
    }
