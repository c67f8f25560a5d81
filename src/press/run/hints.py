"""What an author can do about an error of Python or of a library, which says what is wrong and not what to do.

Not here: errors of the book itself, which say so themselves, and the columns of a frame (``inside``, in the kernel).
"""

from __future__ import annotations

import re

EMPTY = (
    "nothing is left of what was selected: print its length, and mind that 2022 is a number and '2022' a text, and that a"
    " name may be written otherwise"
)
# By the name of the error and what it says; the first that fits counts.
HINTS: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (name, re.compile(pattern), hint)
    for name, pattern, hint in [
        ("ValueError", r"arg(?:min|max) of an empty sequence|zero-size array", EMPTY),
        ("IndexError", r"single positional indexer is out-of-bounds|index 0 is out of bounds", EMPTY),
        (
            "TypeError",
            r"^(?P<function>[\w.]+)\(\) (?:got an unexpected keyword argument|missing \d+ required)",
            "help({function}) in a cell says what it takes, and what each is for",
        ),
        (
            "TypeError",
            r"^(?P<function>[\w.]+)\(\) takes .* positional arguments? but",
            "write the names of the arguments, as in label=..., value=...; help({function}) in a cell lists them",
        ),
        (
            "AttributeError",
            r"^module '(?P<module>[\w.]+)' has no attribute",
            "help({module}) in a cell lists what it has",
        ),
        (
            "SyntaxError",
            r"^invalid character '[\u201c\u201d\u2018\u2019\u00ab\u00bb]'",
            "write straight quotation marks, \" or '",
        ),
        (
            "SyntaxError",
            r"^(?:incomplete input|unexpected EOF)",
            "a bracket or a quotation mark of the cell is never closed",
        ),
        ("SystemExit", r"", "a notebook runs to its end; take the call of exit or quit out"),
        (
            "StdinNotImplementedError",
            r"",
            "nobody is there to answer while a notebook runs; write the value into the cell",
        ),
        (
            "FileNotFoundError",
            r"No such file",
            "notebooks load tables of data/ by name; the command `new table` brings one in",
        ),
    ]
)


def hint(name: str, told: str, before: str, after: str) -> str:
    """Say what to do about an error.

    Parameters
    ----------
    name, told : str
        Class and message.
    before, after : str
        What the notebook holds before the cell that failed, and after it.

    Returns
    -------
    str
        Empty where nothing is known.
    """
    missing = re.match(r"name '(\w+)' is not defined", told) if name == "NameError" else None
    if missing:
        return _where_defined(missing[1], before, after)
    for kind, pattern, words in HINTS:
        found = pattern.search(told)
        if kind == name and found:
            return words.format(**found.groupdict())
    return ""


def _where_defined(name: str, before: str, after: str) -> str:
    given = re.compile(
        rf"^[ \t]*(?:{name}\b[^=\n]*=(?!=)|(?:def|class)[ \t]+{name}\b|(?:from|import)\b.*\b{name}\b)", re.MULTILINE
    )
    if given.search(after):
        return "it gets its value in a later cell; move that cell above this one"
    if given.search(before):
        return "a cell above gives it a value only under a condition, or deletes it"
    return "give it a value, or import it, in a cell above"
