"""Text of Typst: literals, calls, arrays and blocks, of which all else in print is written.

Not here: what is written with them (``translator``, ``formulas``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx.errors import SphinxError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


class PrintError(SphinxError):
    """Typst's refusal of what this module wrote: a fault of the machinery, not of an author."""

    category = "PDF error"


def string(text: str) -> str:
    """Write any text as a Typst string literal, which Typst shows exactly as it is.

    Text goes into the file only this way: inside a string Typst knows no markup, no shorthands and no smart
    quotes, so nothing that an author writes needs a rule of its own.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", lambda c: f"\\u{{{ord(c[0]):x}}}", escaped) + '"'


def block(parts: Iterable[str]) -> str:
    """Join Typst expressions to one."""
    lines = "\n".join(part for part in parts if part)
    return "{\n" + lines + "\n}" if "\n" in lines else lines or "[]"


def call(function: str, *arguments: str, **named: Any) -> str:
    """Write a call of a Typst function; named arguments that are None are left to their default."""
    settings = [f"{name.replace('_', '-')}: {value}" for name, value in named.items() if value is not None]
    return f"{function}({', '.join([*settings, *arguments])})"


def array(items: Iterable[str]) -> str:
    """Write a Typst array."""
    return "(" + "".join(f"{item}, " for item in items) + ")"
