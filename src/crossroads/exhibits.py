"""The one contract for everything that the book publishes: figures, tables, values, statements and families of tests.

A notebook calls :func:`figure`, :func:`table`, :func:`value`, :func:`statements` or :func:`tests`; a page shows the result by its id. What a
reader must be able to trust is derived here and never typed: source line, licence and citation come from the
descriptor of the indicators used, the alternative text from the form of the chart and a computed finding.

While the book is built, the runner names a folder in the environment variable ``PRESS_PUBLISH``, and
everything published is written there, byte-stable. In an interactive session the variable is not set: an
exhibit is then only displayed.

Not here: statistics (floor 1), drawing (``crossroads.charts``), pages (``press``).
"""

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from decimal import Decimal
from numbers import Integral, Real
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
from IPython import get_ipython

from crossroads import intervals, numbers
from crossroads.charts import Chart, drawings
from crossroads.charts.pictures import pictures
from crossroads.columns import AREA, ERROR, LOWER, PERIOD, UPPER, VALUE
from crossroads.evidence import areas, cases, package

ID_PATTERN = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
TITLE_WORDS = 10
MOST_PER_CENT = 1000  # what is more was multiplied by a hundred twice
# What a rule that met missing data leaves in a sentence.
UNFINISHED = re.compile(r"\bnan\b|\bNone\b|<NA>|[{}]|  | [,.;?]|\bthe the\b")
# What missing data leave in a title, a note or an alternative text that was computed.
UNFILLED = re.compile(r"\bnan\b|<NA>|\bNaT\b|[{}]")
# What nobody sees, or no medium can show: it comes with text that is copied from elsewhere.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff\ufffe\uffff]")
UNPRINTABLE = {
    UNSEEN: ", which nobody can see; type the text anew",
    UNFILLED: "; mend what it is computed from",
    numbers.MARKUP: ", which would be printed as it stands; write plain text, and what needs a link or emphasis into the prose",
}
YEAR = re.compile(r"(?<!\d)(?:1[89]|20|21)\d\d(?!\d)")
CODE = re.compile(r"[A-Z][A-Z0-9_]+")
# How numbers may look: a sign, thousands, decimals.
LOOK = re.compile(r"[+-]?,?(?:\.\d+)?[df%]?")
MIXED = "mixed"  # the period of a number from several, which its note names
MIME_TYPE = "application/vnd.crossroads.exhibit+json"
LICENCE = "CC BY 4.0"
# What may stand in the place of an indicator: cases, published studies, and the data package where it is described.
OWN = {
    "cases": cases.DESCRIPTOR,
    # Not imported from the reader of studies, which few notebooks need: a change of it would execute all of them again.
    "studies": {"publisher": "Schools at the Crossroads", "dataset": "Study library", "licence": LICENCE},
    "data-package": {
        "publisher": "Schools at the Crossroads",
        "dataset": "data package of this book",
        "licence": LICENCE,
    },
    "benchmarks": {
        "publisher": "Schools at the Crossroads",
        "dataset": "benchmarks of this book",
        "licence": LICENCE,
    },
}
# What the columns of a printed table are by their names; `crossroads.charts.reading` says what each role is.
CODE_FORMAT = "code"  # of a column of tables
ROLES = {VALUE: "value", LOWER: "lower", UPPER: "upper", ERROR: "std_error", "n_obs": "n", PERIOD: "period"}
# Seven significant digits carry every published precision, and hide the last bits in which processors differ.
FLOAT_FORMAT = "%.7g"
# What this process has written into files that hold many: read and written out anew for each of a hundred, they take seconds.
_entries: dict[Path, dict[str, str]] = {}


class ExhibitError(ValueError):
    """An exhibit or value that cannot be published as it was asked for."""


@dataclass(frozen=True)
class Exhibit:
    """What :func:`figure` and :func:`table` return; shows itself in a notebook.

    Attributes
    ----------
    metadata : dict
        What is published about the exhibit; the content of its JSON file.
    data : pandas.DataFrame
        The frame behind the exhibit, as its CSV file holds it.
    image : bytes or None
        The picture as PNG, for display in notebooks.
    """

    metadata: dict
    data: pd.DataFrame
    image: bytes | None = None

    def __repr__(self) -> str:
        kind, identifier = self.metadata["kind"], self.metadata["id"]
        lines = [f"{kind.capitalize()} {identifier}: {self.metadata['title']}", self.metadata["alt"]]
        return "\n".join([*lines, f"{len(self.data)} rows: {', '.join(self.data.columns)}"])

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> tuple[dict, dict]:
        identity = {"id": self.metadata["id"], "kind": self.metadata["kind"]}
        bundle = {"text/plain": repr(self), MIME_TYPE: identity}
        if self.image is not None:
            return {**bundle, "image/png": self.image}, {"image/png": {"alt": self.metadata["alt"]}}
        return {**bundle, "text/html": self._html()}, {}

    def _html(self) -> str:
        """Print a table as it stands in the book, so that no digit is shown that is not published."""
        cells = pd.DataFrame(self.metadata["rows"], columns=[column["label"] for column in self.columns])
        return cells.to_html(index=False)

    @property
    def columns(self) -> Iterable[dict[str, Any]]:
        """The printed columns of a table."""
        return self.metadata["columns"].values()


@dataclass(frozen=True)
class Value:
    """What :func:`value` returns; shows itself in a notebook."""

    metadata: dict

    def __repr__(self) -> str:
        return f"Value {self.metadata['id']}: {numbers.describe_value(self.metadata)}"


class Values(list):
    """What :func:`values` returns; shows itself in a notebook, a line each."""

    def __repr__(self) -> str:
        return "\n".join(map(repr, self))


@dataclass(frozen=True)
class Statements:
    """What :func:`statements` returns; shows itself in a notebook."""

    metadata: dict

    def __repr__(self) -> str:
        lines = [f"{entry['kind']}: {entry['text']}" for entry in self.metadata["sentences"]]
        return "\n".join([f"Statements {self.metadata['id']}", *lines])


@dataclass(frozen=True)
class Tests:
    """What :func:`tests` returns; shows itself in a notebook."""

    metadata: dict

    def __repr__(self) -> str:
        return f"Tests {self.metadata['id']}: {numbers.describe_tests(self.metadata)}"


def figure(
    identifier: str,
    chart: Chart,
    *,
    data: pd.DataFrame,
    title: str,
    subtitle: str,
    shows: str,
    finding: str,
    indicators: Sequence[str],
    note: str = "",
    limits: str = "",
    collection: str = "",
) -> Exhibit:
    """Publish a chart as an exhibit.

    Parameters
    ----------
    identifier : str
        Id of the exhibit, unique in the book, e.g. ``"ch1-spending"``.
    chart : crossroads.charts.Chart
        A figure made by ``crossroads.charts``, which names its form in ``chart.form``.
    data : pandas.DataFrame
        The tidy frame behind the chart; published as CSV, of which the press makes workbooks.
    title : str
        The message: a finding, at most ten words, without a full stop.
    subtitle : str
        The statistics: measure, unit, population, place, period.
    shows, finding : str
        What is plotted, and what it shows as a computed clause. The alternative text is
        ``"{form} of {shows} where {finding}"``.
    indicators : list of str
        Names of the indicator tables used; source and licence are derived from their descriptors.
    note : str, optional
        What a reader has to know to read the exhibit: method, exclusions, n.
    limits : str, optional
        What the exhibit does not show.
    collection : str, optional
        Name of the set of exhibits that this is one of, where the same exhibit is made for many subjects, such as
        ``"countries"``. Its members carry no number, and the notebook need not show each of them.

    Returns
    -------
    Exhibit

    Raises
    ------
    ExhibitError
        If a part is missing or breaks the contract.
    crossroads.evidence.package.DataError
        If an indicator is unknown.
    """
    if not isinstance(chart, Chart) or not chart.form:
        raise ExhibitError(f"{identifier}: the chart must be a figure made by crossroads.charts, not {chart!r}")
    if chart.asked:
        raise ExhibitError(
            f"{identifier}: the chart was asked for its {chart.asked!r}; what is changed there would be missing in the picture"
            " for telephones: use the arguments of the form, or add what it lacks to its function in src/crossroads/charts"
        )
    data = _publishable(identifier, data)
    alt = _alternative(identifier, chart.form, shows, finding)
    metadata = _metadata("figure", identifier, data, title, subtitle, alt, note, limits, indicators, collection)
    metadata["reading"] = _reading(chart)
    _require_same_areas(identifier, data, metadata["reading"]["areas"])
    if chart.plot is not None:
        metadata["plot"] = chart.plot
    files = pictures(chart)
    published = Exhibit(metadata, data, files["png"])
    _write(published, files)
    if chart.key:
        drawn = {"key": chart.key, "form": chart.form, "reading": chart.reading, "plot": chart.plot}
        _add(drawings.FILE, identifier, drawn)
    return published


def table(
    identifier: str,
    data: pd.DataFrame,
    *,
    columns: Mapping[str, str],
    title: str,
    subtitle: str,
    shows: str,
    finding: str,
    indicators: Sequence[str],
    formats: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    note: str = "",
    limits: str = "",
    collection: str = "",
) -> Exhibit:
    """Publish a frame as a table of the book.

    Parameters
    ----------
    data : pandas.DataFrame
        The tidy frame; published whole as CSV, of which the press makes workbooks.
    columns : dict of str to str
        The columns to print, in order, each with its header (with unit).
    formats : dict of str to str, optional
        Format specification by column, as in ``format(number, ".1f")``, or ``"code"`` for what is typed as it stands, such as
        commands.
    links : dict of str to str, optional
        By column, the column of the pages that its cells lead to on the web, such as ``"book/studies?design=randomised"``;
        without a page (an empty text) a cell leads nowhere.
    identifier, title, subtitle, shows, finding, indicators, note, limits, collection
        As in :func:`figure`.

    Returns
    -------
    Exhibit

    Raises
    ------
    ExhibitError
        If a part is missing or breaks the contract.
    """
    data = _publishable(identifier, data)
    if not isinstance(columns, Mapping):
        raise ExhibitError(
            f"{identifier}: columns is {columns!r}; write each with its header, as {{'name': 'Country'}}"
        )
    columns, formats, links = (
        {_name(key): to for key, to in (given or {}).items()} for given in (columns, formats, links)
    )
    unknown = [name for name in [*columns, *formats, *links, *links.values()] if name not in data.columns]
    if unknown:
        raise ExhibitError(f"{identifier}: no column {unknown[0]!r} in the data; it has {list(data.columns)}")
    heads = [str(head).strip() for head in columns.values()]
    for position, head in enumerate(heads):
        if not head or head in heads[:position]:
            told = f"is headed {head!r} as another one is" if head else "has no head"
            raise ExhibitError(
                f"{identifier}: the column {[*columns][position]!r} {told}; say in columns what tells it apart"
            )
    alt = _alternative(identifier, "Table", shows, finding)
    metadata = _metadata("table", identifier, data, title, subtitle, alt, note, limits, indicators, collection)
    numeric = {name: bool(pd.api.types.is_numeric_dtype(data[name])) for name in columns}
    label = next((name for name in columns if not numeric[name]), next(iter(columns)))
    metadata["columns"] = {
        name: {"label": head, "numeric": numeric[name], "role": "label" if name == label else ROLES.get(name, "text")}
        | ({"code": True} if formats.get(name) == CODE_FORMAT else {})
        for name, head in columns.items()
    }
    cells = {name: _cells(identifier, data[name], formats.get(name, "")) for name in columns}
    for name, printed in cells.items():
        for row, text in enumerate(printed, start=1):
            if not numeric[name] and (found := numbers.MARKUP.search(text)):
                raise ExhibitError(
                    f"{identifier}: row {row} of the column {name!r} holds {found.group()!r}, which would be printed as it stands:"
                    f" {text[:80]!r}; write plain text, and where cells lead in links={{column: column of pages}}"
                )
    _require_named(identifier, data[label], cells[label])
    metadata["rows"] = [list(row) for row in zip(*cells.values(), strict=True)]
    again = pd.Series(map(tuple, metadata["rows"])).duplicated()
    if again.any():
        row = int(again.to_numpy().argmax())
        raise ExhibitError(
            f"{identifier}: row {row + 1} of the table is printed twice, {', '.join(metadata['rows'][row])[:80]}; drop one with"
            " drop_duplicates(), or print a column that tells them apart"
        )
    metadata["areas"] = _areas(data.get(AREA, pd.Series("", data.index)), metadata["rows"])
    if links:
        pages = [[""] * len(data) if name not in links else list(data[links[name]]) for name in columns]
        metadata["links"] = [list(row) for row in zip(*pages, strict=True)]
    published = Exhibit(metadata, data)
    _write(published, {})
    return published


def value(
    identifier: str,
    obs_value: float | str,
    *,
    indicators: Sequence[str],
    unit: str = "",
    format: str = "",
    time_period: str | int = "",
    std_error: float | None = None,
    n_obs: int | None = None,
    note: str = "",
    interval: tuple[float, float] | None = None,
    exhibit: str = "",
) -> Value:
    """Publish a number (or a computed name) that prose may quote with the ``value`` role.

    Parameters
    ----------
    identifier : str
        Id of the value, unique in the book.
    obs_value : int, float or str
        The statistic at full precision; a string for a computed name such as that of a country.
    indicators : list of str
        Names of the indicator tables it was computed from.
    unit : str
        Unit of the number. A per cent sign is printed behind the number, other units only on hover.
    format : str
        Format specification used where the prose asks for no other, e.g. ``".1f"``.
    time_period : str
        Year or span that the value describes.
    std_error : float, optional
        Standard error, in the unit of the value; required by the house rules where the source gives one.
    n_obs : int, optional
        Number of observations (countries, regions, persons) behind it.
    note : str, optional
        What the number is, in words.
    interval : tuple of float, optional
        Lower and upper end of the 95 % interval; it is told in the note, in the format and unit of the value.
    exhibit : str, optional
        Id of the exhibit that shows the number; the number in the prose links to it.

    Returns
    -------
    Value

    Raises
    ------
    ExhibitError
        If the value is missing or published twice, or what is said of it cannot be so.
    crossroads.numbers.WordingError
        If it cannot be printed with its format.
    """
    _check_identifier(identifier)
    n_obs = _checked(identifier, obs_value, unit, format, str(time_period), std_error, n_obs, interval)
    if not len(indicators):
        raise ExhibitError(f"{identifier}: name the indicator tables used, so that the source can be derived")
    if interval is not None:
        lower, upper = (f"{end:{format.lstrip('+')}}" for end in interval)
        note = "; ".join(filter(None, [note, f"95% interval {lower} to {upper}{'%' if unit == '%' else ''}"]))
    _require_printable(identifier, note=note)
    metadata = {
        "id": identifier,
        "obs_value": _plain(obs_value),
        "unit": unit,
        "format": format,
        "time_period": str(time_period),
        "std_error": _plain(std_error),
        "n_obs": _plain(n_obs),
        "note": note,
        "exhibit": exhibit,
        "indicators": list(indicators),
        "sources": _sources(identifier, indicators),
        "cell": _cell_number(),
    }
    _require_covered(identifier, str(time_period), indicators)
    numbers.format_value(metadata)
    _add("values.json", identifier, metadata)
    return Value(metadata)


def values(
    entries: Mapping[str, float | str | pd.Series] | pd.DataFrame,
    *,
    prefix: str = "",
    column: str = VALUE,
    std_error: str = ERROR,
    n_obs: str | int | None = None,
    notes: str | None = None,
    country: str | None = None,
    interval: bool = False,
    **about: Any,
) -> Values:
    """Publish several values at once: numbers, names, or rows of a table of estimates.

    Parameters
    ----------
    entries : mapping of str to (int, float, str or pandas.Series), or pandas.DataFrame
        By identifier; of a frame each row by its index. Of a row ``column`` is published, with what else of it is asked
        for.
    prefix : str, optional
        What all identifiers begin with; a hyphen follows, and underscores in the names become hyphens.
    column : str
        Column of a row with the value.
    std_error : str
        Column of a row with the standard error, if the row has it.
    n_obs : str or int, optional
        Column of a row with the number of observations, or one number for all entries.
    notes : str, optional
        Column of a row with what the number is, in words.
    country : str, optional
        Column of a row with the name of its country, which is published too, as ``<identifier>-country``.
    interval : bool
        Tell the interval of a row, ``lower`` to ``upper``, in place of its standard error.
    **about
        As in :func:`value`, for all entries.

    Returns
    -------
    Values

    Raises
    ------
    ExhibitError
        As :func:`value`.
    """
    # Pairs and no dictionary: two rows of one name must be refused, not become one.
    pairs: Iterable[tuple[str, Any]] = entries.iterrows() if isinstance(entries, pd.DataFrame) else entries.items()
    published = Values()
    for name, entry in pairs:
        identifier = f"{prefix}-{name}".replace("_", "-") if prefix else str(name)
        number = entry
        own: dict[str, Any] = {"n_obs": None if isinstance(n_obs, str) else n_obs}
        if isinstance(entry, pd.Series):
            number = entry[column]
            own |= {"n_obs": entry[n_obs]} if isinstance(n_obs, str) else {}
            own |= {"note": entry[notes]} if notes else {}
            own |= {"interval": (entry[LOWER], entry[UPPER])} if interval else {}
            if not interval and pd.notna(entry.get(std_error)):
                own["std_error"] = entry[std_error]
        published.append(value(identifier, number, **own, **about))
        if country is not None:
            own = {"n_obs": own["n_obs"], "unit": "", "format": ""}
            published.append(value(f"{identifier}-country", entry[country], **about | own))
    return published


def statements(identifier: str, sentences: pd.DataFrame, *, indicators: Sequence[str]) -> Statements:
    """Publish sentences that were computed, such as those of a country profile.

    Parameters
    ----------
    identifier : str
        Id of the set of sentences, unique in the book.
    sentences : pandas.DataFrame
        Columns ``kind`` (the list of the page that a sentence belongs to) and ``text``, in order.
    indicators : list of str
        Names of the indicator tables they were computed from.

    Returns
    -------
    Statements

    Raises
    ------
    ExhibitError
        If a text is no complete sentence, or holds what a rule left unfilled.
    """
    _check_identifier(identifier)
    entries = [{"kind": row.kind, "text": row.text} for row in sentences.itertuples()]
    for text in [entry["text"] for entry in entries]:
        mistake = UNFINISHED.search(text)
        if mistake or not text.endswith((".", "?")):
            found = f"holds {mistake.group()!r}" if mistake else "does not end with a full stop or question mark"
            raise ExhibitError(f"{identifier}: the sentence {text!r} {found}; mend the rule that wrote it")
    metadata = {
        "id": identifier,
        "kind": "statements",
        "sentences": entries,
        "indicators": list(indicators),
        "sources": _sources(identifier, indicators),
        "cell": _cell_number(),
    }
    _add("statements.json", identifier, metadata)
    return Statements(metadata)


def tests(
    identifier: str,
    table: pd.DataFrame,
    *,
    question: str,
    indicators: Sequence[str],
    adjust: str | None = None,
    exhibit: str = "",
) -> Tests:
    """Publish a family of tests, which the register of tests lists and prose may name with the ``tests`` role.

    Parameters
    ----------
    identifier : str
        Id of the family, unique in the book.
    table : pandas.DataFrame
        One row a test: ``p_value`` and, where they were adjusted, ``p_adjusted``; rows without a p-value are no tests.
        Such as `intervals.with_test` returns it.
    question : str
        What each test asks, in words, such as ``"Is the country's change in mathematics zero?"``.
    indicators : list of str
        Names of the indicator tables tested.
    adjust : str, optional
        How the p-values were adjusted for the number of tests of the family, as in `intervals.adjusted`; None for a
        family of one, or where they were not.
    exhibit : str, optional
        Id of the exhibit that shows the verdicts.

    Returns
    -------
    Tests

    Raises
    ------
    ExhibitError
        If nothing was tested, a p-value is none, or the method is not known.
    """
    _check_identifier(identifier)
    column = "p_adjusted" if adjust else "p_value"
    if column not in table or adjust not in intervals.METHODS:
        known = ", ".join(map(repr, intervals.METHODS))
        raise ExhibitError(f"{identifier}: expected a column {column!r} and one of the methods {known}, not {adjust!r}")
    values = table[column].dropna().to_numpy(float)
    if not len(values) or not ((values >= 0) & (values <= 1)).all():
        raise ExhibitError(
            f"{identifier}: {len(values)} tests with values in {column!r}; expected p-values from 0 to 1"
        )
    metadata = {
        "id": identifier,
        "kind": "tests",
        "question": question,
        "n_tests": len(values),
        "n_significant": int((values < 1 - intervals.LEVEL).sum()),
        "adjustment": intervals.METHODS[adjust] if len(values) > 1 else "",
        "exhibit": exhibit,
        "indicators": list(indicators),
        "sources": _sources(identifier, indicators),
        "cell": _cell_number(),
    }
    _add("tests.json", identifier, metadata)
    return Tests(metadata)


def _metadata(
    kind: str,
    identifier: str,
    frame: pd.DataFrame,
    title: str,
    subtitle: str,
    alt: str,
    note: str,
    limits: str,
    indicators: Sequence[str],
    collection: str,
) -> dict[str, Any]:
    """Check what is common to figures and tables and bring it into the published form."""
    _check_identifier(identifier)
    words = len(title.split())
    if not title or words > TITLE_WORDS or title.endswith("."):
        raise ExhibitError(
            f"{identifier}: the title {title!r} has {words} words; expected a finding of one to {TITLE_WORDS}"
            " words without a full stop"
        )
    if not subtitle:
        raise ExhibitError(f"{identifier}: the subtitle is empty; give measure, unit, population, place, period")
    if frame.empty:
        raise ExhibitError(f"{identifier}: the data are empty: {len(frame)} rows of {len(frame.columns)} columns")
    if not indicators:
        raise ExhibitError(f"{identifier}: name the indicator tables used, so that the source can be derived")
    _require_printable(identifier, title=title, subtitle=subtitle, alt=alt, note=note, limits=limits)
    return {
        "id": identifier,
        "kind": kind,
        "title": title,
        "subtitle": subtitle,
        "alt": alt,
        "note": note,
        "limits": limits,
        "indicators": list(indicators),
        "sources": _sources(identifier, indicators),
        "licence": LICENCE,
        "n_rows": len(frame),
        "cell": _cell_number(),
        **({"collection": collection} if collection else {}),
    }


def _alternative(identifier: str, form: str, shows: str, finding: str) -> str:
    """Return the alternative text of an exhibit."""
    for name, text in (("shows", shows), ("finding", finding)):
        if not text.strip(" ."):
            raise ExhibitError(
                f"{identifier}: {name} is empty; the alternative text would be '{form} of ... where ...'"
            )
    return f"{form} of {shows} where {finding}".rstrip(".") + "."


def _require_printable(identifier: str, **texts: str) -> None:
    """Refuse texts that were computed from what is missing, and Markdown and HTML, which are printed as they stand."""
    for name, text in texts.items():
        for pattern, remedy in UNPRINTABLE.items():
            found = pattern.search(text)
            if found:
                raise ExhibitError(f"{identifier}: {name} holds {found.group()!r}{remedy}: {text[:120]!r}")


def _wrong_look(form: str, unit: Any = "") -> str:
    """Say what is wrong with how a number would look; nothing where all is well."""
    places = re.search(r"\.\d+$", form)
    if places:
        return f"the format {form!r} has no letter at its end and counts digits; write '{places.group()}f' for so many decimals"
    if form.endswith(("f", "e")) and "." not in form:
        return f"the format {form!r} says no number of decimals; write for example '.1f', or ',.0f' for thousands"
    if not LOOK.fullmatch(form):
        return f"the format {form!r} may print powers of ten, or signs that fill; write for example '.1f', or ',.0f' for thousands"
    if form.endswith("%") and unit:
        return f"the format {form!r} prints hundredfold with a per cent sign, beside the unit {unit!r}; leave one out"
    return _wrong_unit(unit)


def _wrong_unit(unit: Any) -> str:
    """Say what is wrong with a unit; nothing where all is well."""
    if not isinstance(unit, str):
        return f"the unit is {unit!r}; expected a text, such as '%' or 'score points'"
    if CODE.fullmatch(unit):
        return f"the unit is the code {unit!r}; write it as readers get it, such as '%', which prose prints, or 'score points'"
    return ""


def _checked(
    identifier: str,
    obs_value: Any,
    unit: str,
    form: str,
    time_period: str,
    std_error: float | None,
    n_obs: float | None,
    interval: tuple[float, float] | None,
) -> int | None:
    """Refuse a value, or what is said of it, that cannot be so; return the number of observations as a whole number."""
    wrong = ""
    number = isinstance(obs_value, Real | Decimal) and not isinstance(obs_value, bool | np.bool_)
    if not isinstance(obs_value, str) and not (number and np.isfinite(float(obs_value))):
        found = f"{type(obs_value).__name__} of {len(obs_value)}" if isinstance(obs_value, Sized) else f"{obs_value}"
        wrong = (
            f"the value is {found}; expected a finite number or a name: one, such as .loc[row, column], and not missing"
        )
    elif isinstance(obs_value, str) and not obs_value.strip():
        wrong = "the value is a text without a letter; expected a number, or a name that the prose shows"
    elif said := _wrong_look(form, unit):
        wrong = said
    elif number and unit.startswith("%") and abs(obs_value) > MOST_PER_CENT:
        wrong = f"the value is {obs_value:g} {unit}, more than a thousand per cent; it is multiplied by a hundred already, or twice"
    elif std_error is not None and not (np.isfinite(std_error) and std_error >= 0):
        wrong = f"the standard error is {std_error}; expected a number that is not negative, or None"
    elif n_obs is not None and not (np.isfinite(n_obs) and n_obs >= 1 and float(n_obs).is_integer()):
        wrong = f"n_obs is {n_obs}; expected a whole number from 1, or None"
    elif interval is not None and number and not interval[0] <= obs_value <= interval[1]:
        wrong = (
            f"the interval {interval[0]} to {interval[1]} does not hold the value {obs_value}; give lower and upper end"
        )
    elif time_period not in ("", MIXED) and not YEAR.search(time_period):
        wrong = f"the period is {time_period!r}; expected a year or years such as 2022 or 2012-2022, or {MIXED!r}"
    if wrong:
        raise ExhibitError(f"{identifier}: {wrong}")
    return None if n_obs is None else int(n_obs)


def _publishable(identifier: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame as it is published, without its index and with names of columns as text; refuse what would be lost."""
    if not isinstance(frame, pd.DataFrame):
        raise ExhibitError(
            f"{identifier}: the data are of the type {type(frame).__name__}; expected a pandas.DataFrame"
        )
    index, columns = frame.index, frame.columns
    if index.nlevels > 1 or any(name is not None for name in index.names) or not pd.api.types.is_integer_dtype(index):
        named = " and ".join(repr(name) for name in index.names if name is not None) or repr(index[:1].tolist())[1:-1]
        raise ExhibitError(
            f"{identifier}: the index {named} of the data is not published; make it a column with reset_index(), or drop it"
            " with reset_index(drop=True)"
        )
    if columns.nlevels > 1:
        raise ExhibitError(
            f"{identifier}: the columns of the data have {columns.nlevels} levels, first {columns[0]!r}; give each one name, as"
            ' with data.columns = ["_".join(names) for names in data.columns]'
        )
    frame = frame.set_axis([_name(name) for name in columns], axis="columns")
    if frame.columns.has_duplicates:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise ExhibitError(f"{identifier}: the data have two columns {twice!r}; rename one of them, or drop it")
    for position, name in enumerate(frame.columns):
        if not isinstance(name, str):
            raise ExhibitError(f"{identifier}: the column {name!r} of the data has no name; give it one that is text")
        column = frame.iloc[:, position]
        if pd.api.types.is_float_dtype(column):
            wrong, told = (
                np.isinf(column.to_numpy(float, na_value=np.nan)),
                "is infinite; publish a number, or leave the row out",
            )
        elif pd.api.types.is_object_dtype(column):
            wrong = np.array([not pd.api.types.is_scalar(entry) for entry in column])
            told = 'is no single value; write it as text, such as ", ".join(...), or give it rows of its own'
        else:
            continue
        if wrong.any():
            row = int(wrong.argmax())
            raise ExhibitError(f"{identifier}: {column.iloc[row]!s} in row {row + 1} of the column {name!r} {told}")
    _require_seen(identifier, frame)
    return frame


def _require_seen(identifier: str, frame: pd.DataFrame) -> None:
    """Refuse texts with signs that nobody can see; the web would drop them without a word, and print stop on them."""
    for name, column in frame.items():
        if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
            continue
        for row, entry in enumerate(column, start=1):
            if isinstance(entry, str) and (found := UNSEEN.search(entry)):
                raise ExhibitError(
                    f"{identifier}: {entry!r} in row {row} of the column {name!r} holds {found.group()!r}, which nobody can see;"
                    " take it out, as with .str.replace"
                )


def _name(name: Any) -> Any:
    """Return the name of a column as text where it is a whole number, such as a year after a pivot."""
    return str(name) if isinstance(name, Integral) else name


def _sources(identifier: str, indicators: Sequence[str]) -> list[dict[str, str]]:
    """Derive the sources of what is published."""
    if isinstance(indicators, str):
        raise ExhibitError(
            f"{identifier}: indicators is the text {indicators!r}; write a list, indicators=[{indicators!r}]"
        )
    return [_source(name) for name in indicators]


def _require_covered(identifier: str, time_period: str, indicators: Sequence[str]) -> None:
    """Refuse a period of which no table knows: after its last year, or before its first; a change may begin earlier."""
    if any(name in OWN for name in indicators):
        return
    told = [int(year) for year in YEAR.findall(time_period)]
    known = [
        int(year)
        for name in indicators
        for period in package.facts(name)["coverage"]["periods"]
        for year in YEAR.findall(period)
    ]
    if told and known and (max(told) > max(known) or max(told) < min(known)):
        raise ExhibitError(
            f"{identifier}: the period is {time_period!r}, and {', '.join(indicators)} has {min(known)} to {max(known)}; write the"
            " year that was selected"
        )


def _source(name: str) -> dict[str, str]:
    """Derive the source of an indicator from its descriptor."""
    descriptor = OWN.get(name) or package.facts(name)
    wanted = ["publisher", "dataset", "edition", "doi", "url", "licence", "notice", "retrieved"]
    return {"indicator": name, **{key: descriptor.get(key) or "" for key in wanted}}


def _check_identifier(identifier: str) -> None:
    if not ID_PATTERN.fullmatch(identifier):
        raise ExhibitError(f"{identifier!r} is no id; expected lower-case words with hyphens, e.g. 'ch1-spending'")


def _cell_number() -> int | None:
    """Return the number of the code cell that is running, or None outside a notebook."""
    shell = get_ipython()
    # Not execution_count, which newer versions of IPython raise before the cell runs.
    return None if shell is None else len(shell.user_ns["In"]) - 1


def _publish_folder() -> Path | None:
    folder = os.environ.get("PRESS_PUBLISH")
    return Path(folder) if folder else None


def _add(name: str, identifier: str, metadata: dict[str, Any]) -> None:
    """Add an entry to one of the files that hold many; nothing where the runner named no folder."""
    folder = _publish_folder()
    if folder is None:
        return
    path = folder / name
    if not path.exists():
        _entries[path] = {}
    entries = _entries[path]
    if identifier in entries:
        raise ExhibitError(f"{identifier}: this notebook publishes two {path.stem} of that name; rename one")
    entries[identifier] = _json(metadata).rstrip("\n").replace("\n", "\n ")
    lines = [f' "{key}": {entry}' for key, entry in sorted(entries.items())]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def _write(exhibit: Exhibit, images: Mapping[str, bytes]) -> None:
    """Write an exhibit's files into the folder that the runner named; nothing where it named none."""
    folder = _publish_folder()
    if folder is None:
        return
    folder = folder / "exhibits"
    folder.mkdir(exist_ok=True)
    stem = exhibit.metadata["id"]
    if (folder / f"{stem}.json").exists():
        raise ExhibitError(f"{stem}: this notebook publishes two exhibits of that id; rename one")
    for suffix, content in images.items():
        (folder / f"{stem}.{suffix}").write_bytes(content)
    exhibit.data.to_csv(
        folder / f"{stem}.csv", index=False, float_format=FLOAT_FORMAT, lineterminator="\n", encoding="utf-8"
    )
    (folder / f"{stem}.json").write_text(_json(exhibit.metadata), "utf-8")


def _areas(codes: Iterable[Any], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the code of the area that each row is of: the one given, else that of the country named in it, else none."""
    known = areas.table()
    known = known[known["area_type"] != "aggregate"]
    countries = known[known["area_type"] == "country"]
    named = dict(zip(countries["name"], countries.index, strict=True))
    return [
        code if code in known.index else next((named[cell] for cell in row if cell in named), "")
        for code, row in zip(codes, rows, strict=True)
    ]


def _require_same_areas(identifier: str, data: pd.DataFrame, shown: Iterable[str]) -> None:
    """Refuse data of other areas than the chart shows: readers would download what they do not see."""
    drawn, told = {code for code in shown if code}, set(data[AREA].dropna()) if AREA in data else set()
    if drawn and told and (drawn - told or len(told - drawn) > len(drawn)):
        raise ExhibitError(
            f"{identifier}: the chart shows {len(drawn)} areas and the data hold {len(told)}, of which {len(drawn & told)} are the"
            " same; publish the frame that the chart was drawn from"
        )


def _reading(chart: Chart) -> dict[str, Any]:
    """Return the table behind a chart with the areas of its rows, and their names in place of codes."""
    columns, rows = chart.reading["columns"], chart.reading["rows"]
    found = _areas(chart.reading["areas"], rows)
    known = areas.table()
    for position, column in enumerate(columns):
        if column["role"] in ("label", "text") and not column["numeric"]:
            rows = [
                [*row[:position], known["name"].get(row[position], row[position]), *row[position + 1 :]] for row in rows
            ]
        if column["role"] == "label" and column["name"] == AREA:
            of_countries = known["area_type"].reindex([code for code in found if code]).eq("country")
            head = "Country" if of_countries.all() else "Area" if of_countries.any() else "Region"
            columns = [column | {"label": head}, *columns[1:]]
    return {**chart.reading, "columns": columns, "rows": rows, "areas": found}


def _cells(identifier: str, column: pd.Series, specification: str) -> list[str]:
    """Print the cells of a column of a table."""
    specification = "" if specification == CODE_FORMAT else specification
    unread = (pd.api.types.is_bool_dtype, pd.api.types.is_datetime64_any_dtype, pd.api.types.is_timedelta64_dtype)
    if any(is_kind(column) for is_kind in (*unread, pd.api.types.is_complex_dtype)):
        raise ExhibitError(
            f"{identifier}: the column {column.name!r} is of the type {column.dtype} and would be printed as"
            f" {column.iloc[0]}; write the words that readers get, as with .map({{True: 'yes', False: 'no'}}) or .dt.strftime('%Y')"
        )
    said = _wrong_look(specification)
    if pd.api.types.is_float_dtype(column) and not specification and column.notna().any():
        said = f"its numbers would be printed as {column.dropna().iloc[0]}; write formats={{{column.name!r}: '.1f'}}, or '.0f'"
    if said:
        raise ExhibitError(f"{identifier}, column {column.name!r}: {said}")
    try:
        return [_cell(entry, specification) for entry in column]
    except ValueError as error:
        raise ExhibitError(
            f"{identifier}: the format {specification!r} does not fit the column {column.name!r} ({error}); write for example"
            " '.1f' for one decimal or ',.0f' for thousands"
        ) from None


def _require_named(identifier: str, column: pd.Series, printed: Sequence[str]) -> None:
    """Refuse rows whose name is missing or empty."""
    unnamed = column.isna().to_numpy() | np.array([not text.strip() for text in printed])
    if unnamed.any():
        raise ExhibitError(
            f"{identifier}: row {int(unnamed.argmax()) + 1} has no name in the column {column.name!r}; name it, or leave it out"
        )


def _cell(entry: Any, specification: str) -> str:
    """Print one cell of a table."""
    if entry is None or (not isinstance(entry, str) and pd.isna(entry)):
        return "m"
    # Of anything else, such as an interval, the comma parts no thousands.
    if isinstance(entry, Real | Decimal):
        return numbers.amount(cast(float, entry), specification)
    return format(str(entry), specification)


def _plain(number: float | str | None) -> float | str | None:
    """Turn a numpy scalar into a Python number of the precision that is published."""
    if number is None or isinstance(number, str):
        return number
    return int(number) if isinstance(number, Integral) else float(FLOAT_FORMAT % number)


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
