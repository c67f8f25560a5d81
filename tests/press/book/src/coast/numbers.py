"""How numbers and sources read in print: all that the press asks of a book's package when it makes pages."""


class WordingError(ValueError):
    """A number that cannot be printed as it was asked for."""


def typeset(number: str) -> str:
    """Give a formatted number a true minus sign and narrow spaces between thousands."""
    return number.replace("-", "\u2212").replace(",", "\u202f")


def format_value(metadata: dict, specification: str | None = None) -> str:
    """Print a value, in its own format where no other is asked for."""
    number = metadata["obs_value"]
    specification = metadata["format"] if specification is None else specification
    try:
        text = format(number, specification)
    except ValueError:
        raise WordingError(f"{metadata['id']}: the format {specification!r} does not fit {number!r}") from None
    return text if isinstance(number, str) else typeset(text)


def describe_value(metadata: dict) -> str:
    """Say in one line what a value is."""
    parts = [f"{format_value(metadata)} {metadata['unit']}".strip()]
    if metadata["std_error"] is not None:
        parts.append(f"standard error {metadata['std_error']:.2g}")
    if metadata["n_obs"] is not None:
        parts.append(f"n = {metadata['n_obs']}")
    return ", ".join([*parts, *filter(None, [metadata["time_period"], metadata["note"]])])


def describe_tests(metadata: dict) -> str:
    """Say in one line what a family of tests is."""
    return f"{metadata['n_tests']} tests, {metadata['n_significant']} significant"


def mention_tests(metadata: dict) -> str:
    """Say in brackets after a verdict how many tests it is one of."""
    return f"{metadata['n_tests']} tests, {metadata['adjustment']}"


def source_line(metadata: dict) -> str:
    """Name the sources of an exhibit or value."""
    return "; ".join(f"{one['publisher']}, {one['dataset']} ({one['edition']})" for one in metadata["sources"])


def licence_line(metadata: dict) -> str:
    """Say under which licences an exhibit and its data may be used."""
    data = dict.fromkeys(source["licence"] for source in metadata["sources"])
    return f"Exhibit: {metadata['licence']}. Data: {', '.join(data)}."


def format_quoted(metadata: dict, specification: str | None = None) -> str:
    """Print a number of another work, with its range where that is asked for."""
    text = typeset(str(metadata["value"]))
    if specification not in (None, "range"):
        raise WordingError(f"{specification!r} is no way to print a number of another work; write range, or nothing")
    return f"{text} ({metadata['low']} to {metadata['high']})" if specification else text


def describe_quoted(metadata: dict) -> str:
    """Say in one line what a number of another work is."""
    return f"{metadata['text']}: {format_quoted(metadata)}, in {metadata['title']}"
