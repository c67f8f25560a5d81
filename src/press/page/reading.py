"""The table behind a chart, made for people: what each mark says, one row a mark, in the words and digits of the chart.

A publisher writes it into the metadata of a figure as ``reading``: ``columns`` (each with ``label``, ``role`` and
``numeric``), ``rows`` of printed cells, and ``areas``, the code of the area that each row is about. Where there is none,
the data of the exhibit stand in for it. A table that is an exhibit itself may say ``areas`` and roles likewise.

Roles: label, group, value, value2 (of a second axis), lower, upper, std_error, n, period, average, text.

Not here: which areas a reader may choose (``press.areas``), what a script makes of the table (``press.web``), and nodes
(``press.page.directives``).
"""

from __future__ import annotations

import csv
import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from press.areas import Areas

# Above it a table costs a phone more than it tells; the rest is one click away in the file.
MOST_ROWS = 600
AREA, ERROR = "ref_area", "std_error"


@dataclass(frozen=True)
class Reading:
    """What the marks of a chart say.

    Attributes
    ----------
    columns : list of dict
        Each with ``label``, ``role`` (which may be empty) and ``numeric``.
    rows : list of list of str
        Printed cells.
    areas : list of str
        Code of the area of each row, empty where it is about none.
    errors : list of tuple
        Estimate and standard error of each row at full precision, where the data hold them; None elsewhere.
    left_out : int
        Rows that are in the file alone.
    """

    columns: list[dict[str, Any]]
    rows: list[list[str]]
    areas: list[str]
    errors: list[tuple[str, str] | None]
    left_out: int = 0


def read(metadata: dict[str, Any], most: int | None = MOST_ROWS) -> Reading:
    """Return what the marks of a figure, or the rows of a table, say.

    Parameters
    ----------
    metadata : dict
        An exhibit's published metadata, with its ``folder``.
    most : int, optional
        Rows of a figure at most; None for all of them.

    Returns
    -------
    Reading
    """
    found = metadata.get("reading")
    if metadata["kind"] == "table":
        columns, rows = list(metadata["columns"].values()), metadata["rows"]
        areas = metadata.get("areas") or _column(metadata, AREA)
    elif found:
        columns, rows, areas = found["columns"], found["rows"], found["areas"]
    else:
        header, *rows = _data(metadata)
        columns = [
            {"label": name, "numeric": all(map(_numeric, cells))} for name, *cells in zip(header, *rows, strict=True)
        ]
        areas = _column(metadata, AREA)
    most = None if metadata["kind"] == "table" else most
    order = (
        sorted(range(len(columns)), key=lambda i: columns[i].get("role") != "label") if found else range(len(columns))
    )
    return Reading(
        [columns[i] for i in order],
        [[cells[i] for i in order] for cells in rows[:most]],
        areas if len(areas) == len(rows) else [""] * len(rows),
        _errors(columns, rows, metadata),
        0 if most is None else max(len(rows) - most, 0),
    )


def table(metadata: dict[str, Any], areas: Areas) -> str:
    """Write the table behind a figure as HTML; ``%PART%`` stands for the exhibit's number.

    Parameters
    ----------
    metadata : dict
        The figure's published metadata, with its ``folder``.
    areas : Areas

    Returns
    -------
    str
    """
    reading = read(metadata)
    names = [html.escape(column["label"], quote=True) for column in reading.columns]
    head = "".join(
        f'<th scope="col"{attribute("data-role", column.get("role"))}{numeric(column)}>{name}</th>'
        for column, name in zip(reading.columns, names, strict=True)
    )
    body = []
    for number, cells in enumerate(reading.rows):
        known = row(reading.areas[number], reading.errors[number], areas)
        about = "".join(attribute(name, text) for name, text in known.items())
        first, *rest = (html.escape(cell, quote=False) for cell in cells)
        line = "".join(
            f"<td{numeric(column)}>{cell}</td>" for column, cell in zip(reading.columns[1:], rest, strict=True)
        )
        body.append(f'<tr{about}><th scope="row"{numeric(reading.columns[0])}>{first}</th>{line}</tr>')
    more = f"<p>{reading.left_out} more rows are in the file.</p>" if reading.left_out else ""
    identifier, title = html.escape(metadata["id"]), html.escape(metadata["title"], quote=True)
    return (
        f'<details class="behind"><summary>Table behind %PART%</summary>'
        f'<div class="exhibit-data" id="{identifier}-rows" tabindex="0" role="region" aria-label="Table behind %PART%">'
        f"<table><caption>%PART%: {title}</caption><thead><tr>{head}</tr></thead>\n"
        f"<tbody>{chr(10).join(body)}</tbody></table></div>{more}</details>"
    )


def row(code: str, errors: tuple[str, str] | None, areas: Areas) -> dict[str, str]:
    """Return the attributes of a row: its area, the one that a reader may have chosen, and what a test needs.

    Parameters
    ----------
    code : str
        Of the area, empty for none.
    errors : tuple of str or None
        Estimate and standard error.
    areas : Areas

    Returns
    -------
    dict of str to str
    """
    about = {"data-area": code, "data-whole": areas.of(code)}
    if errors and about["data-whole"]:
        about |= {"data-value": errors[0], "data-error": errors[1]}
    return {name: text for name, text in about.items() if text}


def attribute(name: str, text: str | None) -> str:
    """Write an attribute with a space before it; nothing where it has no text."""
    return f' {name}="{html.escape(text, quote=True)}"' if text else ""


def numeric(column: dict[str, Any]) -> str:
    """Write the class of a cell, by which numbers stand at the right."""
    return ' class="text-right"' if column["numeric"] else ""


def _data(metadata: dict[str, Any]) -> list[list[str]]:
    """Return header and rows of the data of an exhibit."""
    with (metadata["folder"] / f"{metadata['id']}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def _column(metadata: dict[str, Any], name: str) -> list[str]:
    header, *rows = _data(metadata)
    return [cells[header.index(name)] for cells in rows] if name in header else []


def _errors(
    columns: list[dict[str, Any]], rows: list[list[str]], metadata: dict[str, Any]
) -> list[tuple[str, str] | None]:
    """Return estimate and standard error of each row, where a column holds standard errors."""
    places = {column.get("role"): number for number, column in enumerate(columns)}
    pairs: list[Any] = metadata.get("reading", {}).get("errors") or []
    if not pairs and {"value", ERROR} <= places.keys():
        pairs = [(_plain(cells[places["value"]]), _plain(cells[places[ERROR]])) for cells in rows]
    known = [(str(pair[0]), str(pair[1])) if pair and all(map(str, pair)) else None for pair in pairs]
    return known or [None] * len(rows)


def _plain(cell: str) -> str:
    """Return a printed number as programs read it."""
    return "".join(letter for letter in cell.replace("\u2212", "-") if letter in "0123456789.-")


def _numeric(cell: str) -> bool:
    try:
        float(cell or "nan")
    except ValueError:
        return False
    return True
