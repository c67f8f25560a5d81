"""How published numbers and sources read in print.

Kept apart from ``crossroads.exhibits`` because the book needs these few functions on every build and must not
import pandas or Matplotlib for them. Not here: anything that computes or publishes.
"""

import re


class WordingError(ValueError):
    """A value that cannot be printed as it was asked for."""


def format_value(metadata, specification=None):
    """Print a published value.

    Parameters
    ----------
    metadata : dict
        A value as ``crossroads.exhibits.value`` publishes it.
    specification : str, optional
        Format specification; the value's own when not given.

    Returns
    -------
    str
        With a true minus sign, a narrow space between thousands, and ``%`` where that is the unit.

    Raises
    ------
    WordingError
        If the specification does not fit the value.
    """
    number = metadata["obs_value"]
    specification = metadata["format"] if specification is None else specification
    try:
        text = format(number, specification)
    except ValueError as error:
        raise WordingError(
            f"{metadata['id']}: the format {specification!r} does not fit {number!r} ({error});"
            " write for example '.1f' for one decimal or ',.0f' for thousands"
        ) from None
    return text if isinstance(number, str) else typeset(text) + ("%" if metadata["unit"] == "%" else "")


def typeset(number):
    """Give a formatted number a true minus sign and narrow spaces between thousands; one that rounds to zero no sign.

    Parameters
    ----------
    number : str

    Returns
    -------
    str
    """
    number = number if re.search("[1-9]", number) else number.lstrip("+-")
    return number.replace("-", "\u2212").replace(",", "\u202f")


def describe_value(metadata):
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
    note = re.sub(r"(?<![\w-])-(?=\d)", "\u2212", metadata["note"])
    return ", ".join([*parts, *filter(None, [metadata["time_period"], note])])


def source_line(metadata):
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


def licence_line(metadata):
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


def notice_line(metadata):
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
