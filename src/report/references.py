"""Whether the records of studies agree with the bibliography: a work is told from its record and cited from its entry.

Not here: what a record holds (``crossroads.evidence.studies``), and how works are listed (``press.page.bibliography``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pybtex.database import parse_string
from pybtex.exceptions import PybtexError

from crossroads.evidence import record_files
from press.errors import BookError
from press.page import bibliography

if TYPE_CHECKING:
    from crossroads.evidence.studies import Study

REFERENCES = "book/references.bib"


def works(root: Path) -> dict[str, Any]:
    """Read the bibliography.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Returns
    -------
    dict of str to pybtex.database.Entry
        By key, as it is written.

    Raises
    ------
    BookError
        If it cannot be read.
    """
    try:
        entries = parse_string((root / REFERENCES).read_text("utf-8"), "bibtex").entries
    except PybtexError as error:
        raise BookError(str(error), f"{REFERENCES}:{getattr(error, 'lineno', None) or '?'}") from None
    return dict(entries.items())


def check(studies: Mapping[str, Study], known: Mapping[str, Any]) -> list[str]:
    """List the studies that the bibliography of the book does not have, or has of another year or by somebody else.

    Parameters
    ----------
    studies : dict of str to dict
        Studies by their keys.
    known : dict of str to pybtex.database.Entry
        What the bibliography has.

    Returns
    -------
    list of str
        One line for each mistake: ``file: field: what is wrong``.
    """
    mistakes = []
    for key, study in studies.items():
        if key not in known:
            mistakes.append(f"{key}.yaml: id: {REFERENCES} has no work {key!r}{record_files.closest(key, known)}")
            continue
        year, author = known[key].fields.get("year", "")[:4], bibliography.first_author(known[key])
        if isinstance(study.get("year"), int) and year.isdigit() and study["year"] != int(year):
            mistakes.append(
                f"{key}.yaml: year: found {study['year']}, but {REFERENCES} has {year} for {key!r}; correct the one that is"
                " wrong"
            )
        if author and isinstance(study.get("authors"), str) and not _begins(study["authors"], author):
            mistakes.append(
                f"{key}.yaml: authors: found {study['authors']!r}, but {REFERENCES} has {author!r} first for {key!r}; correct"
                " the one that is wrong"
            )
    return mistakes


def _begins(authors: str, first: str) -> bool:
    """Say whether authors, as a record writes them, begin with a name, or are the body that it ends with."""
    found, wanted = record_files.letters(authors), record_files.letters(first)
    return found.startswith(wanted) or wanted.endswith(found)
