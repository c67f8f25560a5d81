"""How numbers, small counts, lists of names and sources read: in prose, tables, charts and sentences alike.

The one place that knows the minus sign, the space between thousands, the per cent sign, and which marks print shows as typed. Kept apart from
``crossroads.exhibits`` because the book needs these few functions on every build and must not import pandas or
Matplotlib for them. Not here: anything that computes or publishes.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

MINUS, THIN_SPACE = "\u2212", "\u202f"  # the narrow space that does not break: a number stays on its line
NOT_ADJUSTED = "not adjusted"  # what a family of tests is called that was left as it is
MOST_DIGITS = 5  # that are printed of a number which nobody has given a format
# What would stand in print as it was typed: the texts of exhibits and labels are plain.
MARKUP = re.compile(
    r"\*\*\S|(?<![\w*])\*\w(?:[^*]*\w)?\*(?![\w*])|(?<!\w)__?\w[^_]*\w__?(?!\w)|\]\(|`[^`]+`|</?[a-zA-Z]\w*(?:\s[^<>]*)?/?>"
    r"|&(?:[a-z]{2,}|#\d+);|\$[^$\d\s][^$]*\$"
)
COUNTED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class WordingError(ValueError):
    """A value that cannot be printed as it was asked for."""


def typeset(number: str) -> str:
    """Give a formatted number a true minus sign and narrow spaces between thousands; one that rounds to zero no sign.

    Parameters
    ----------
    number : str
        As ``format`` writes it.

    Returns
    -------
    str
    """
    number = number if re.search("[1-9]", number) else number.lstrip("+-")
    return number.replace("-", MINUS).replace(",", THIN_SPACE)


def amount(number: float, form: str = "", unit: str = "") -> str:
    """Write a number with its unit: a per cent sign without space, any other unit after one.

    Parameters
    ----------
    number : float
    form : str
        Format specification, such as ``".1f"`` or ``"+,.0f"``.
    unit : str

    Returns
    -------
    str
        Such as ``"12\u202f346 US dollars"`` or ``"\u22123%"``.
    """
    text = typeset(format(number, form))
    return text + (unit if unit.startswith("%") or not unit else f" {unit}")


def span(lower: float, upper: float, form: str = "", unit: str = "") -> str:
    """Write the two ends of an interval or range: ``"\u22120.12 to 0.40"``.

    Parameters
    ----------
    lower, upper : float
    form, unit : str
        As in :func:`amount`; the unit stands behind the upper end.

    Returns
    -------
    str
    """
    return f"{amount(lower, form)} to {amount(upper, form, unit)}"


def in_words(n: int, none: str = "none", largest: int = 10) -> str:
    """Write a small count in words, a larger one in figures.

    Parameters
    ----------
    n : int
    none : str
        The word for zero: ``"none"`` by itself, ``"no"`` before a noun.
    largest : int
        The largest count that is written as a word, at most ten; 1 where figures stand beside it.

    Returns
    -------
    str
    """
    return none if n == 0 else COUNTED[n] if 0 < n <= min(largest, 10) else str(n)


def enumerate_words(words: Iterable[str]) -> str:
    """Join words with commas and a last ``and``.

    Parameters
    ----------
    words : iterable of str

    Returns
    -------
    str
        Empty without words.
    """
    words = [*words]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def format_value(metadata: Mapping[str, Any], specification: str | None = None) -> str:
    """Print a published value.

    Parameters
    ----------
    metadata : mapping
        A value as ``crossroads.exhibits.value`` publishes it.
    specification : str, optional
        Format specification; the value's own when not given.

    Returns
    -------
    str
        A number as :func:`amount` writes it, with ``%`` where that is the unit; a text as it is.

    Raises
    ------
    WordingError
        If the specification does not fit the value, or there is none and it has many digits.
    """
    number = metadata["obs_value"]
    specification = metadata["format"] if specification is None else specification
    if isinstance(number, float) and not specification and _digits(number) > MOST_DIGITS:
        raise WordingError(
            f"{metadata['id']}: without a format it would be printed as {number!r}; write {{value}}`{metadata['id']}:.1f` for one"
            " decimal, or format='.1f' where it is published"
        )
    try:
        if isinstance(number, str):
            return format(number, specification)
        return amount(number, specification, "%" if metadata["unit"] == "%" else "")
    except ValueError as error:
        raise WordingError(
            f"{metadata['id']}: the format {specification!r} does not fit {number!r} ({error});"
            " write for example '.1f' for one decimal or ',.0f' for thousands"
        ) from None


def _digits(number: float) -> int:
    """Return how many digits a number is printed with that has no format, without zeros before the first other one."""
    return len(re.sub(r"^[-+0.]*|\.|e.*", "", repr(number)))


def describe_value(metadata: Mapping[str, Any]) -> str:
    """Say in one line what a published value is: number, unit, error, n, period.

    Parameters
    ----------
    metadata : dict
        A value as ``crossroads.exhibits.value`` publishes it.

    Returns
    -------
    str
    """
    parts = [format_value(metadata)]
    if metadata["unit"] not in ("", "%") and not isinstance(metadata["obs_value"], str):
        parts[0] += f" {metadata['unit']}"
    if metadata["std_error"] is not None:
        parts.append(f"standard error {metadata['std_error']:.2g}")
    if metadata["n_obs"] is not None:
        parts.append(f"n = {metadata['n_obs']}")
    # A hyphen before a digit, as number formats write it, is a minus sign unless it joins two numbers.
    note = re.sub(r"(?<![\w-])-(?=\d)", MINUS, metadata["note"])
    return ", ".join([*parts, *filter(None, [metadata["time_period"], note])])


def format_quoted(metadata: Mapping[str, Any], specification: str | None = None) -> str:
    """Print a number from literature.

    Parameters
    ----------
    metadata : mapping
        A number as ``crossroads.evidence.studies.quotable`` returns it.
    specification : str, optional
        ``"interval"`` adds the interval, ``"size"`` leaves out the sign, anything else is a format specification. By
        itself the number has the digits of its source.

    Returns
    -------
    str
        With ``%`` where that is the unit, and otherwise without one.

    Raises
    ------
    WordingError
        If no interval is known, or the specification does not fit.
    """
    number, unit = metadata["value"], "%" if metadata["unit"] == "percent" else ""
    plain = ",d" if float(number).is_integer() else ",.10g"
    number = int(number) if plain == ",d" else number
    if specification == "interval":
        low, high, level = (metadata[name] for name in ("low", "high", "level"))
        if low is None or high is None:
            raise WordingError(f"{metadata['id']}: its source gives no interval that was read; leave out :interval")
        named = f"{level:g}% interval" if level else "interval"
        return f"{amount(number, plain, unit)} ({named} {span(low, high, ',.10g', unit)})"
    if specification == "size":
        return amount(abs(number), plain, unit)
    try:
        return amount(number, specification or plain, unit)
    except ValueError as error:
        raise WordingError(
            f"{metadata['id']}: {specification!r} does not fit {number!r} ({error}); write interval, size, or a format"
            " such as '.1f'"
        ) from None


def describe_quoted(metadata: Mapping[str, Any]) -> str:
    """Say in one line what a number from literature is: number, unit, uncertainty, meaning, study, design, what was read.

    Parameters
    ----------
    metadata : mapping
        A number as ``crossroads.evidence.studies.quotable`` returns it.

    Returns
    -------
    str
    """
    interval = metadata["low"] is not None
    said = format_quoted(metadata, "interval" if interval else None)
    if metadata["unit"] not in ("percent", "count"):
        said += f" {metadata['unit_label']}"
    error = [] if metadata["std_error"] is None else [f"standard error {amount(metadata['std_error'])}"]
    p_value = [] if metadata["p_value"] is None else [f"p = {amount(metadata['p_value'])}"]
    parts = [said, *error, *p_value, metadata["text"].rstrip(".")]
    return f"{', '.join(parts)}. {metadata['study']}; {metadata['design'].lower()}. {metadata['read']}."


def describe_tests(metadata: Mapping[str, Any]) -> str:
    """Say in one line what a family of tests is: how many, how adjusted, how many are significant.

    Parameters
    ----------
    metadata : mapping
        A family as ``crossroads.exhibits.tests`` publishes it.

    Returns
    -------
    str
        Such as ``"38 tests, false-discovery rate of Benjamini and Hochberg; 12 significant at 5%"``.
    """
    count = metadata["n_tests"]
    adjustment = f", {metadata['adjustment']}" if metadata["adjustment"] else ""
    found = (
        f"{metadata['n_significant']} significant"
        if count > 1
        else "not " * (not metadata["n_significant"]) + "significant"
    )
    return f"{count} test{'s' * (count > 1)}{adjustment}; {found} at 5%"


def mention_tests(metadata: Mapping[str, Any]) -> str:
    """Say in brackets after a verdict how many tests it was adjusted for; the register of tests says how.

    Parameters
    ----------
    metadata : mapping
        A family as ``crossroads.exhibits.tests`` publishes it.

    Returns
    -------
    str
        Such as ``"adjusted for 38 tests"``, ``"2 tests, not adjusted"`` or ``"one test"``.
    """
    count = metadata["n_tests"]
    if count == 1:
        return "one test"
    return f"{count} tests, {NOT_ADJUSTED}" if metadata["adjustment"] == NOT_ADJUSTED else f"adjusted for {count} tests"


def source_line(metadata: Mapping[str, Any]) -> str:
    """Return the source line of an exhibit or value, derived from the descriptors of its indicators.

    Parameters
    ----------
    metadata : dict
        An exhibit's or value's published metadata.

    Returns
    -------
    str
        ``publisher, data set (edition)`` for each distinct source, separated by semicolons.
    """
    entries = []
    for source in metadata["sources"]:
        edition = f" ({source['edition']})" if source["edition"] else ""
        # A table made from several publications names them one after the other; each is said once.
        entries += f"{source['publisher']}, {source['dataset']}{edition}".split("; ")
    return "; ".join(dict.fromkeys(entries))


def licence_line(metadata: Mapping[str, Any]) -> str:
    """Say under which licences an exhibit and the data behind it may be used.

    Parameters
    ----------
    metadata : dict
        An exhibit's published metadata.

    Returns
    -------
    str
    """
    data = dict.fromkeys(source["licence"] for source in metadata["sources"] if source["licence"])
    return f"Exhibit: {metadata['licence']}. Data: {', '.join(data) or 'see the catalogue'}."


def notice_line(metadata: Mapping[str, Any]) -> str:
    """Repeat what the publishers of the data ask those to say who pass an adaptation on.

    Parameters
    ----------
    metadata : dict
        An exhibit's published metadata.

    Returns
    -------
    str
        Each sentence once; empty if no publisher asks for any.
    """
    return " ".join(dict.fromkeys(source["notice"] for source in metadata["sources"] if source.get("notice")))
