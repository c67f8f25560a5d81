"""What the cells of an author's table say, as people write it: numbers, areas, years, and labels that need a code.

Not here: how the file is opened (``importers.own_files``), which column is what (``importers.own_layout``).
"""

import contextlib
import datetime
import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import pandas as pd

from crossroads.evidence import package, record_files
from crossroads.numbers import MARKUP
from importers import countries, own_files
from importers.own_files import COMMA_NUMBER, MISSING, NUMBER, THOUSANDS, OwnTableError

YEAR = re.compile(r"(?:19|20)\d\d")
SHARE = re.compile(r"[+\u2212\u2013-]?[\d.,]+ ?%")
FLAGGED = re.compile(rf"({NUMBER.pattern}) ?\(?([a-z]{{1,3}})\)?")
MARKED = re.compile(r"\W*\d[\d.,' \u00a0\u202f]*\W*[a-z]{0,3}\W*")
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
DATE = re.compile(
    rf"\d{{1,4}}[-./]\d{{1,2}}[-./]\d{{1,4}}(?:[T ].*)?|\d{{1,2}}[-. ]{{1,2}}{MONTH}(?:[-. ]\d+)?|{MONTH}[-. ]\d+",
    re.IGNORECASE,
)


def share_of_numbers(entries: Iterable[Any]) -> float:
    """Return how many of the cells of a column that are not empty hold numbers, or what was one.

    Parameters
    ----------
    entries : iterable
        Cells, as :func:`importers.own_files.read` returns them.

    Returns
    -------
    float
        From 0 to 1.
    """
    return _share(
        entries,
        lambda entry: (
            isinstance(entry, int | float | datetime.date)
            or any(
                form.fullmatch(own_files.number(str(entry).rstrip("% "))) for form in (NUMBER, COMMA_NUMBER, THOUSANDS)
            )
        ),
    )


def share_of_marked(entries: Iterable[Any]) -> float:
    """Return how many of the cells of a column that are not empty hold a number, alone or with marks such as an asterisk.

    Parameters
    ----------
    entries : iterable
        Cells, as :func:`importers.own_files.read` returns them.

    Returns
    -------
    float
        From 0 to 1.
    """
    return _share(entries, lambda entry: bool(MARKED.fullmatch(str(entry).strip())))


def _share(entries: Iterable[Any], holds: Callable[[Any], bool]) -> float:
    """Return of how many of the cells that are not empty something holds."""
    given = [entry for entry in entries if str(entry or "").strip().lower() not in MISSING]
    return sum(map(holds, given)) / max(len(given), 1)


def is_share(entry: Any) -> bool:
    """Say whether a cell is a number with a sign of the per cent."""
    return isinstance(entry, str) and bool(SHARE.fullmatch(entry))


def numbers(column: str, entries: Iterable[Any], file: str) -> list[str]:
    """Return the numbers of a column as text with a decimal point, empty where there is none.

    Parameters
    ----------
    column : str
        Its header, for messages.
    entries : iterable
        Its cells, from the second row of the file on.
    file : str
        For messages.

    Returns
    -------
    list of str

    Raises
    ------
    OwnTableError
        That names the row of what is no number, or could be two.
    """
    entries = list(entries)
    texts = ["" if entry is None else own_files.number(str(entry)) for entry in entries]
    texts = _without_signs(column, texts, file)
    # A comma is that of a decimal where it stands in a number that could be nothing else, and no number has a point.
    commas = any("," in text and COMMA_NUMBER.fullmatch(text) and not THOUSANDS.fullmatch(text) for text in texts) or (
        any("," in text for text in texts)
        and all(COMMA_NUMBER.fullmatch(text) or text.strip().lower() in MISSING for text in texts)
    )
    found = []
    for row, (entry, text) in enumerate(zip(entries, texts, strict=True), start=2):
        place = f"{file}, row {row}, column {column}"
        if text.strip().lower() in MISSING:
            found.append("")
        elif isinstance(entry, datetime.date) or DATE.fullmatch(text):
            raise OwnTableError(
                f"{place}: {text!r} is a date; the spreadsheet made one of a number. Format the column as text and type it again"
            )
        elif commas and COMMA_NUMBER.fullmatch(text):
            found.append(text.replace(",", "."))
        elif commas and NUMBER.fullmatch(text):
            raise OwnTableError(
                f"{place}: {text!r} has a point and other numbers of the column a comma; write all alike"
            )
        elif NUMBER.fullmatch(text) and not isinstance(entry, bool):
            found.append(text)
        elif flagged := FLAGGED.fullmatch(text):
            raise OwnTableError(
                f"{place}: {text!r} is a number and a flag; put flags into a column of their own, named flag: {flagged[1]} and"
                f" {flagged[2]}"
            )
        elif re.fullmatch(r"\([\d.,]+\)", text):
            raise OwnTableError(
                f"{place}: {text!r} is a minus in accounts; write -{text[1:-1]}, or {text[1:-1]} if it is none"
            )
        elif THOUSANDS.fullmatch(text):
            raise OwnTableError(f"{place}: {text!r} has a thousands separator; write the number without")
        else:
            raise OwnTableError(f"{place}: {text!r} is no number; leave the cell empty where there is no value")
    return found


def _without_signs(column: str, texts: list[str], file: str) -> list[str]:
    """Take the signs of the per cent from the numbers of a column, which all have one or none."""
    signed = [text.endswith("%") for text in texts]
    given = [text.strip().lower() not in MISSING for text in texts]
    if not any(signed):
        return texts
    if signed != given:
        first = signed[given.index(True)]
        row = next(row for row, sign in enumerate(signed) if given[row] and sign != first)
        raise OwnTableError(
            f"{file}, row {row + 2}, column {column}: {texts[row]!r}; some numbers of the column have a per cent sign, and some have none;"
            " write all alike"
        )
    return [text.rstrip("% ") for text in texts]


@cache
def _areas() -> dict[str, str]:
    """Return codes of areas by code and by name, without case."""
    table = pd.read_csv(
        package.project_root() / "data" / package.CODE_LISTS / "areas.csv", dtype=str, keep_default_na=False
    )
    named = table[table["area_type"].isin(["country", "aggregate"])]
    return {**{name.lower(): code for name, code in zip(named["name"], named["code"], strict=True)},
            **{code.lower(): code for code in table["code"]}}  # fmt: skip


def is_area(entry: Any) -> bool:
    """Say whether a cell is a code or name of an area that the code list has."""
    return str(entry or "").lower() in _areas()


def is_period(entry: Any) -> bool:
    """Say whether a cell is a year, or a day of one."""
    try:
        return bool(year(entry, ""))
    except OwnTableError:
        return False


def area(entry: Any, place: str) -> str:
    """Return the code of an area.

    Parameters
    ----------
    entry : object
        A cell: a code, a name, or a code of two letters.
    place : str
        File, row and column, for the message.

    Returns
    -------
    str

    Raises
    ------
    OwnTableError
        If no area is called so.
    """
    text, known = str(entry or ""), _areas()
    if text.lower() in known:
        return known[text.lower()]
    for translated in (countries.code, countries.from_iso2):
        with contextlib.suppress(ValueError):
            return str(translated(pd.Series([text])).iloc[0])
    raise OwnTableError(f"{place}: {_unknown(text)}")


def year(entry: Any, place: str) -> str:
    """Return the year that a cell says.

    Parameters
    ----------
    entry : object
        A cell: a year, or a day of one.
    place : str
        File, row and column, for the message.

    Returns
    -------
    str

    Raises
    ------
    OwnTableError
        If it is neither.
    """
    text = str(entry.year if isinstance(entry, datetime.date) else entry or "")
    text = text.removesuffix(".0")
    # As spreadsheets write a day of a year, whichever of its numbers is the month.
    if whole := re.fullmatch(r"(\d{4})-\d{1,2}-\d{1,2}|\d{1,2}([./-])\d{1,2}\2(\d{4})", text):
        _require_day(text, place)
        text = whole[1] or whole[3]
    if not YEAR.fullmatch(text):
        raise OwnTableError(
            f"{place}: {text!r} is no year; expected one such as 2024, from 1900 to 2099; of a school year keep the"
            " year in which it ends, and say so in the definition"
        )
    return text


def _require_day(text: str, place: str) -> None:
    """Refuse a day that no calendar has, whichever of its numbers is the month."""
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%m.%d.%Y"):
        with contextlib.suppress(ValueError):
            datetime.datetime.strptime(re.sub(r"[./-]", form[2], text), form)
            return
    raise OwnTableError(f"{place}: {text!r} is a day that no calendar has; mend it, or write the year alone")


def _unknown(text: str) -> str:
    """Say that a text names no area, and what comes near."""
    known = _areas()
    # A code with figures that is near is another region, as those of an older edition of NUTS are.
    coded = any(sign.isdigit() for sign in text)
    near = [] if coded else difflib.get_close_matches(text.lower(), known, n=1, cutoff=0.75)
    hint = "write the code or the English name, such as AUT or Austria; delete the row if it is a source or a note"
    if len(text) == 2:
        hint += record_files.closest_area(text, package.code_list("areas"))
    elif coded:
        hint += "; codes of another edition of NUTS, or of smaller regions, are not in the list"
    elif near:
        code = known[near[0]]
        hint = f"did you mean {code} ({package.code_list('areas')[code]['name']})?"
    return f"{text!r} is no code or name of data/code-lists/areas.csv; {hint}"


def codes_of(labels: pd.Series, file: str) -> dict[str, str]:
    """Return the labels in a column by codes made of them, in order of appearance.

    Parameters
    ----------
    labels : pandas.Series
        Under the rows of the file.
    file : str
        For the message.

    Returns
    -------
    dict of str to str

    Raises
    ------
    OwnTableError
        If two labels would have one code, or one is no plain text.
    """
    found: dict[str, str] = {}
    for row, label in labels.drop_duplicates().items():
        code, place = slug(label, "_") or "total", f"{file}, row {row}, column {labels.name}"
        require_plain(label, place)
        if found.setdefault(code, label) != label:
            raise OwnTableError(
                f"{place}: {label!r} and {found[code]!r} would have the same code {code!r}; write one of them otherwise"
            )
    return found


def require_plain(text: str, place: str) -> None:
    """Refuse a text that pages would print with its marks.

    Parameters
    ----------
    text : str
    place : str
        Where it stands, for the message.

    Raises
    ------
    OwnTableError
        If it holds marks of Markdown or HTML.
    """
    if found := MARKUP.search(text):
        raise OwnTableError(
            f"{place}: {text[:80]!r} holds {found.group()!r}, which pages would print as it stands; write plain text"
        )


def slug(text: str, joint: str) -> str:
    """Return a text in letters of ASCII, those with marks without them.

    Parameters
    ----------
    text : str
    joint : str
        Stands for all between them.

    Returns
    -------
    str
        Empty where there is no such letter.
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", joint, plain).strip(joint)
