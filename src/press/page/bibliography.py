"""References as a list has them: works in the order of the alphabet, those that share authors and year told apart by a letter.

sphinxcontrib-bibtex cites by author and year and leaves Ito, 2014a and Ito, 2014b alike. Here the letter becomes part of the
year once the bibliography has been read, so that text, list and print show the same. pybtex compares letters by their
codes, so that {Ministry} and Łukasz came after Z. The file of references stays plain BibTeX; what BibTeX does not know, and
would lose or print as it stands, is refused.

Not here: how to cite this book (``press.page.citing``).
"""

from __future__ import annotations

import re
import unicodedata
from string import ascii_lowercase
from typing import TYPE_CHECKING

import pybtex.plugin
from pybtex.richtext import Text
from pybtex.style.formatting.plain import Style
from pybtex.style.sorting.author_year_title import SortingStyle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from sphinx.application import Sphinx

# Letters that are no letter with a mark.
PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"})
# Fields of BibLaTeX, which no style of BibTeX reads, and those that say the same.
BIBLATEX = {"date": "year", "journaltitle": "journal"}
RESOLVER = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
# Addresses may hold what in a text would be a command.
NO_TEXT = {"url", "doi", "eprint", "file", "abstract", "keywords", "annote", "annotation"}
COMMAND = re.compile(r"\\[a-zA-Z]+|(?<!\\)\$[^$]*\$")


class Alphabet(SortingStyle):
    """Works by authors, year and title, with letters as readers look for them."""

    def person_key(self, person: Any) -> str:
        """Return what is compared of an author's name: no braces, and every letter without its marks."""
        plain = unicodedata.normalize("NFKD", _plain(super().person_key(person)).lower().translate(PLAIN))
        return "".join(letter for letter in plain if not unicodedata.combining(letter))


# What lists of references ask pybtex for by this name.
pybtex.plugin.register_plugin("pybtex.style.sorting", "author_year_title", Alphabet, force=True)


def slips(entries: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Find what the list of references would lose, or print as it stands.

    Parameters
    ----------
    entries : mapping of str to pybtex.database.Entry

    Yields
    ------
    key, message
    """
    for key, entry in entries.items():
        for name, known in BIBLATEX.items():
            if name in entry.fields and known not in entry.fields:
                yield key, f"{name} is a field of BibLaTeX, which no list here reads; write {known} = {{...}}"
        for name, text in entry.fields.items():
            left = None if name.lower() in NO_TEXT else COMMAND.search(_plain(text))
            if left:
                yield key, f"{name} would be printed with {left[0]!r}; write the text without commands and formulas"


def _plain(text: str) -> str:
    """Return a text of BibTeX without its braces and commands for letters."""
    return str(Text.from_latex(text)) if re.search(r"[\\{}$~]", text) else text


def mark_alike(app: Sphinx) -> None:
    """Mark the years once sphinxcontrib-bibtex has read the file, and leave of DOIs what a list puts an address before."""
    domain: Any = app.env.get_domain("cite")
    entries = domain.bibdata.data.entries
    for entry in entries.values():
        if "doi" in entry.fields:
            entry.fields["doi"] = RESOLVER.sub("", entry.fields["doi"].strip())
    mark_years(entries)


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
