"""Works that share authors and year are told apart by a letter: Ito, 2014a and Ito, 2014b.

sphinxcontrib-bibtex cites by author and year and leaves such works alike. Here the letter becomes part of the year once
the bibliography has been read, so that text, list and print show the same. The file of references stays plain BibTeX.

Not here: how to cite this book (``press.page.citing``).
"""

from __future__ import annotations

import re
from string import ascii_lowercase
from typing import TYPE_CHECKING

from pybtex.style.formatting.plain import Style

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sphinx.application import Sphinx


def mark_alike(app: Sphinx) -> None:
    """Mark the years once sphinxcontrib-bibtex has read the file."""
    domain: Any = app.env.get_domain("cite")
    mark_years(domain.bibdata.data.entries)


def mark_years(entries: Mapping[str, Any]) -> None:
    """Give works that share authors and year a letter each, in the order of the list.

    Parameters
    ----------
    entries : mapping of str to pybtex.database.Entry
        Changed in place; the letters of an earlier build are taken back first.
    """
    dated = [entry for entry in entries.values() if "year" in entry.fields]
    for entry in dated:
        entry.fields["year"] = re.sub(r"(?<=\d)[a-z]$", "", entry.fields["year"])
    alike: dict[tuple[str, str], list[Any]] = {}
    for entry in Style().sort(dated):
        alike.setdefault((authors(entry), entry.fields["year"]), []).append(entry)
    for (_, year), works in alike.items():
        for letter, entry in zip(ascii_lowercase, works, strict=False):
            entry.fields["year"] = year + letter * (len(works) > 1)


def authors(entry: Any) -> str:
    """Name the authors, or else the editors, or else the work, as the text does.

    Parameters
    ----------
    entry : pybtex.database.Entry

    Returns
    -------
    str
    """
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [" ".join([*person.prelast_names, *person.last_names]) for person in people]
    if not names:
        return entry.fields["title"]
    return " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
