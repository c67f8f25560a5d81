"""The same number is never stated in two ways.

A value is printed in one format everywhere; two values do not hold the same statistic with different roundings or
different results; and the number of observations that a value states is the one it was computed from.

Not here: whether a number is right; ``tests/reference`` says whether it moved.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from press.lint.pages import COMPUTED, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from press.lint.pages import Block, Page

PER_CENT = re.compile(r"\s?(%|per ?cent\b(?!age)|(?:percentage )?points?\b)")
THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}[ ,]\d{3}(?!\d)")


def thousands(page: Page, typeset: Callable[[str], str]) -> Iterator[tuple[Block, str, str]]:
    """Find large numbers whose thousands are not set apart as those of computed numbers are.

    Parameters
    ----------
    page : press.lint.pages.Page
    typeset : callable
        Sets the thousands of a number apart, as the package of the book does.

    Yields
    ------
    block, sentence, message
    """
    for block in page.blocks:
        for sentence in block.sentences:
            for match in THOUSANDS.finditer(sentence):
                number = match.group()
                expected = typeset(number.replace(" ", ","))
                if number != expected:
                    message = (
                        f"the number {number!r} stands in \u201c{shorten(sentence, number)}\u201d; write {expected!r}, as"
                        " computed numbers are printed"
                    )
                    yield block, sentence, message


def twice(page: Page) -> Iterator[tuple[Block, str, str]]:
    """Find a unit behind a value that is printed with a per cent sign.

    Parameters
    ----------
    page : press.lint.pages.Page

    Yields
    ------
    block, sentence, message
    """
    for block in page.blocks:
        behind = block.text.split(COMPUTED)[1:]
        # What another work found has the same mark, and is no value.
        if len(behind) != len(block.values):
            continue
        for (identifier, printed), text in zip(block.values, behind, strict=True):
            sign = PER_CENT.match(text)
            if sign and printed.endswith("%"):
                message = (
                    f"the value {identifier!r} is printed as {printed!r}, and {sign[1]!r} follows it; take that out"
                )
                yield block, block.text, message


def formats(pages: Iterable[Page]) -> list[str]:
    """Say which values are printed in more than one way.

    Parameters
    ----------
    pages : iterable of press.lint.pages.Page

    Returns
    -------
    list of str
    """
    seen: dict[str, tuple[str, str]] = {}
    wrong = []
    for page in pages:
        for block in page.blocks:
            for identifier, printed in block.values:
                first, where = seen.setdefault(identifier, (printed, page.place(block)))
                if printed != first:
                    wrong.append(
                        f"{page.place(block)}: the value {identifier!r} is printed as {printed!r} here and as {first!r} at"
                        f" {where}; use one format, best that of the notebook"
                    )
    return wrong


def statistics(
    values: dict[str, dict[str, Any]], write: Callable[[dict[str, Any]], str], chapter_ids: str = ""
) -> list[str]:
    """Say which two values state one statistic in two ways.

    Parameters
    ----------
    values : dict of str to dict
        Metadata of published values by id.
    write : callable
        Writes the number of a value, as the package of the book does.
    chapter_ids : str, optional
        Matches how the ids of what a chapter publishes begin: the rest is what it calls a statistic.

    Returns
    -------
    list of str
    """
    return _same_number(values, write) + _same_name(values, chapter_ids) + _observations(values)


def _same_number(values, write):
    """Ask that two values with the same number, source and period are printed alike."""
    groups = defaultdict(list)
    for identifier, metadata in sorted(values.items()):
        number = metadata["obs_value"]
        # Whole numbers, such as counts, agree by chance.
        if not isinstance(number, str) and number != round(number):
            groups[f"{number:.7g}", metadata["time_period"], *sorted(metadata["indicators"])].append(identifier)
    wrong = []
    for first, *others in groups.values():
        for other in others:
            one, two = (
                (write(values[name]), values[name]["n_obs"], values[name]["std_error"]) for name in (first, other)
            )
            if one != two:
                wrong.append(
                    f"{_where(values[other])}: the value {other!r} is the number of {first!r} ({_where(values[first])}), but"
                    f" they state print, n and standard error as {two} and {one}; publish it once, or alike"
                )
    return wrong


def _same_name(values, chapter_ids):
    """Ask that a statistic that two chapters give the same name, from the same data, is the same number."""
    groups = defaultdict(list)
    for identifier, metadata in sorted(values.items()) if chapter_ids else ():
        begins = re.match(chapter_ids, identifier)
        if begins and not isinstance(metadata["obs_value"], str):
            name = identifier[begins.end() :]
            groups[name, metadata["unit"], metadata["time_period"], *sorted(metadata["indicators"])].append(identifier)
    return [
        f"{_where(values[other])}: {other!r} is {values[other]['obs_value']:.7g} and {first!r}"
        f" ({_where(values[first])}) is {values[first]['obs_value']:.7g}, of the same name, data and period; compute it in"
        " one way, or give it a name that says the difference"
        for first, *others in groups.values()
        for other in others
        if f"{values[first]['obs_value']:.7g}" != f"{values[other]['obs_value']:.7g}"
    ]


def _observations(values):
    """Ask that the value ``<name>-n`` is the n from which ``<name>`` was computed."""
    wrong = []
    for identifier, metadata in sorted(values.items()):
        of = values.get(identifier.removesuffix("-n")) if identifier.endswith("-n") else None
        if of and of["n_obs"] is not None and of["n_obs"] != metadata["obs_value"]:
            wrong.append(
                f"{_where(metadata)}: {identifier!r} says {metadata['obs_value']}, but {of['id']!r} was computed from n ="
                f" {of['n_obs']}; publish the n of that number"
            )
    return wrong


def _where(metadata):
    return f"notebooks/{metadata['notebook']}.py, code cell {metadata['cell']}"
