"""The one error of the book: a mistake that its author can mend.

Not here: failures of the machinery itself, which keep their tracebacks.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PLACE = re.compile(r"(?P<file>[^:\n]+\.md):(?P<line>\d+): ")
QUOTED = re.compile(r"'([^']+)'|\u201c([^\u201d]+)\u201d|`([^`]+)`")


class BookError(SystemExit):
    """An author's mistake, told in one line that names file and line.

    It derives from ``SystemExit`` because Jupyter Book wraps every other exception in a traceback of its own,
    in which the line that matters is lost.
    """

    def __init__(self, message: str, place: str = "") -> None:
        self.message = f"{place}: {message}" if place else message
        super().__init__(f"Book error: {self.message}")

    def __reduce__(self) -> tuple[type[BookError], tuple[str]]:
        """Come back the same from another process."""
        return BookError, (self.message,)


def lead_to_line(message: str, root: Path) -> str:
    """Correct the line of a message to that which holds what the message quotes.

    Whoever reads Markdown knows in which line a paragraph begins, and an author looks for a mistake in a line.

    Parameters
    ----------
    message : str
        Of one line, ``file:line: words``.
    root : pathlib.Path
        What the file is relative to.

    Returns
    -------
    str
        As it was where the paragraph does not hold it as it is quoted.
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
