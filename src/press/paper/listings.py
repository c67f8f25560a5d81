r"""Blocks of code on paper: numbers of lines, lines that are emphasised, and the colours of a terminal.

Not here: code within a line (``translator``), the looks of any (``book.typ``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from press.paper.code import array, call, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes

LANGUAGES = {"ipython3": "python", "ipython": "python", "default": "text", "none": "text", "myst-ansi": "text"}
# What a terminal does not show; of its escapes those for colours are read, the others move the cursor.
ESCAPE = re.compile(r"\x1b(?:\[([0-9;]*)([A-Za-z])|\].*?(?:\x07|\x1b\\)|.)", re.DOTALL)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f]")
COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]


def listing(node: nodes.literal_block) -> str:
    """Write a block of code as a call.

    Parameters
    ----------
    node : docutils.nodes.literal_block
        With ``linenos`` and, in ``highlight_args``, the first number and the lines that are emphasised, counted from one.

    Returns
    -------
    str
    """
    text = CONTROL.sub("", node.astext().replace("\r\n", "\n"))
    if "\x1b" in text:
        return call(
            "terminal", *(array([string(part), string(colour), str(bold).lower()]) for part, colour, bold in runs(text))
        )
    language = node.get("language", "text")
    given = node.get("highlight_args", {})
    emphasised = [str(number) for number in given.get("hl_lines", ())]
    code = call("raw", string(text), block="true", lang=string(LANGUAGES.get(language, language)))
    if not emphasised and not node.get("linenos"):
        return code
    first = str(given.get("linenostart", 1)) if node.get("linenos") else None
    return call("numbered-code", code, first=first, emphasised=array(emphasised) if emphasised else None)


def runs(text: str) -> Iterator[tuple[str, str, bool]]:
    """Divide what a terminal was sent by colour.

    Parameters
    ----------
    text : str
        With escapes of ANSI.

    Yields
    ------
    text, colour, bold
        The colour is one of :data:`COLOURS`, or empty.
    """
    colour, bold, place = "", False, 0
    for found in ESCAPE.finditer(text):
        if found.start() > place:
            yield text[place : found.start()], colour, bold
        place = found.end()
        if found[2] == "m":
            colour, bold = _state([int(code or 0) for code in (found[1] or "0").split(";")], colour, bold)
    if place < len(text):
        yield text[place:], colour, bold


def _state(codes, colour, bold):
    """Return colour and weight after the codes of one escape."""
    while codes:
        code = codes.pop(0)
        if code == 0:
            colour, bold = "", False
        elif code in (1, 22):
            bold = code == 1
        elif code == 39:
            colour = ""
        elif code in (38, 48):  # of 256 colours or of all: paper has no names for them
            del codes[: 2 if codes[:1] == [5] else 4]
            colour = "" if code == 38 else colour
        elif code // 10 in (3, 9) and code % 10 < 8:
            colour = COLOURS[code % 10]
    return colour, bold
