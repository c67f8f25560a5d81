"""All cases as files: CSV, JSON, both codings and the code book.

Not here: what is in them (``crossroads.evidence.cases``).
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from crossroads.evidence import cases

if TYPE_CHECKING:
    from report.cases.library import Library


def downloads(page: str) -> str:
    """Write the links to the files with all cases."""
    root = "../" * page.count("/")
    files = {
        "cases.csv": "All cases (CSV)",
        "cases.json": "All cases with sources (JSON)",
        "codings.csv": "Both codings (CSV)",
        "code-book.json": "Code book (JSON)",
    }
    links = " ".join(f'<a href="{root}cases/{name}" download>{label}</a>' for name, label in files.items())
    return f'<p class="case-downloads">Download: {links}. Licence: CC BY 4.0.</p>'


def files(library: Library) -> dict[str, bytes]:
    """Return all cases as CSV and JSON, the codings and the code book.

    Parameters
    ----------
    library : Library

    Returns
    -------
    dict of str to bytes
        Their content by name.
    """
    rows, names = cases.records(library.cases), list(library.code_book["codes"])
    coded = [
        (identifier, coding, *("" if values[code] is None else values[code] for code in names))
        for identifier in library.cases
        for coding, by_case in library.codings.items()
        for values in [by_case.get(identifier, dict.fromkeys(names))]
    ]
    lists = {name: entries for name, entries in library.lists.items() if name != "areas"}
    return {
        "cases.csv": _csv(list(rows[0]), [row.values() for row in rows]),
        "cases.json": _json(list(library.cases.values())),
        "codings.csv": _csv(["case", "coding", *names], coded),
        "code-book.json": _json({**library.code_book, "code_lists": lists}),
    }


def _csv(header, rows):
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return lines.getvalue().encode()


def _json(content):
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
