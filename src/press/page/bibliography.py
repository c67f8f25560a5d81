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
from difflib import get_close_matches
from string import ascii_lowercase
from typing import TYPE_CHECKING

import pybtex.plugin
from pybtex.richtext import Text
from pybtex.style.formatting.plain import Style
from pybtex.style.sorting.author_year_title import SortingStyle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
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
# The kinds of works that the style knows, and what it cannot print one without.
REQUIRED = {
    "article": ("author", "title", "journal", "year"), "book": ("title", "publisher", "year"),
    "booklet": ("author", "title", "year"), "dataset": (), "inbook": ("title", "publisher", "year"),
    "incollection": ("author", "title", "booktitle", "year"), "inproceedings": ("author", "title", "booktitle", "year"),
    "manual": ("title",), "mastersthesis": ("author", "title", "school", "year"), "misc": (), "online": (), "patent": (),
    "phdthesis": ("author", "title", "school", "year"), "proceedings": ("title", "year"), "software": (),
    "techreport": ("author", "title", "institution", "year"), "unpublished": ("author", "title", "note"),
}  # fmt: skip
# Those whose titles keep their capitals; of all others the first one and what stands in braces.
AS_WRITTEN = {"book", "inbook", "manual", "phdthesis", "proceedings"}
# Words that no surname begins with, but names of organisations hold; "in 't Veld" is a surname.
SMALL_WORDS = {"of", "for", "the", "and"}
ET_AL = re.compile(r"\bet\.? al\b", re.IGNORECASE)
ACRONYM = re.compile(r"\b\w*[A-Z]\w*[A-Z]\w*")
INNERMOST = re.compile(r"\{[^{}]*\}")
PERCENT = re.compile(r"(?<!\\)%")


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
    first: dict[tuple[str, ...], str] = {}
    for key, entry in entries.items():
        for said in (*_kind(entry), *_people(entry), *_fields(entry)):
            yield key, said
        for mark in _marks(entry):
            other = first.setdefault(mark, key)
            if other != key:
                yield (
                    key,
                    f"is the work {other!r} once more, with the same {mark[0]}; cite that one, and take this entry out",
                )
                break


def _marks(entry: Any) -> Iterator[tuple[str, ...]]:
    """Yield what no two works share; one that is brought in twice would be listed, and counted, as two."""
    fields = {name.lower(): text.strip() for name, text in entry.fields.items()}
    if doi := fields.get("doi"):
        yield "doi", re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)", "", doi.lower())
    if {"title", "year"} <= fields.keys():
        words = "".join(sign for sign in fields["title"].casefold() if sign.isalnum())
        yield "title, year and first author", words, fields["year"], first_author(entry).casefold()


def _kind(entry: Any) -> Iterator[str]:
    """Find a kind of work that no style prints, and what one of this kind cannot be printed without."""
    kind, given = entry.type.lower(), {name.lower() for name in entry.fields} | {name.lower() for name in entry.persons}
    if kind not in REQUIRED:
        yield f"@{entry.original_type} is no kind of work{_meant(kind, REQUIRED)}; expected one of {', '.join(REQUIRED)}"
    for name, known in BIBLATEX.items():
        if name in given and known not in given:
            yield f"{name} is a field of BibLaTeX, which no list here reads; write {known} = {{...}}"
            return
    # What a part lacks, such as its year, the whole may have.
    for name in () if "crossref" in given else REQUIRED.get(kind, ()):
        if name not in given:
            yield f"{name} is missing{_meant(name, given)}; every @{kind} has one"


def _meant(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, [*known], n=1)
    return f" (there is {close[0]!r})" if close else ""


def _people(entry: Any) -> Iterator[str]:
    """Find names that would be taken apart in the wrong place."""
    for role, people in entry.persons.items():
        for person in people:
            name = INNERMOST.sub("", INNERMOST.sub("", str(person)))
            if ";" in name:
                yield f"{role} has {str(person)!r}; write and between two names, not a semicolon"
            elif "&" in name:
                yield f"{role} has {str(person)!r}; write and between two names, or {{{{A & B}}}} for one organisation"
            elif ET_AL.search(name):
                yield f"{role} has {str(person)!r}; write and others"
            elif SMALL_WORDS & set(person.prelast_names):
                told = f"would be printed as {' '.join([*person.prelast_names, *person.last_names])!r}"
                yield f"{role} {told}; an organisation stands in braces of its own: {{{{Ministry of Education and Science}}}}"


def _fields(entry: Any) -> Iterator[str]:
    """Find texts that would be printed with commands or without capitals, and addresses that lead nowhere."""
    for name, text in entry.fields.items():
        if name.lower() == "url" and not re.match(r"https?://", text.strip(), re.IGNORECASE):
            yield f"url is {text!r}; expected an address that begins with https:// or http://"
        if name.lower() in NO_TEXT:
            continue
        if PERCENT.search(text):
            yield f"{name} has a percent sign, with which a comment begins; write \\%"
            continue
        left = COMMAND.search(_plain(text))
        if left:
            yield f"{name} would be printed with {left[0]!r}; write the text without commands and formulas"
        outside = re.sub(r"\{[^{}]*\}|\\\w+", " ", INNERMOST.sub(" ", text))
        small = name.lower() == "title" and entry.type.lower() not in AS_WRITTEN and ACRONYM.search(outside)
        if small:
            yield f"title would be printed with {small[0].lower()!r}; write {{{small[0]}}}, or the whole title in a second pair of braces"


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


def first_author(entry: Any) -> str:
    """Return the surname, or the organisation, that a work names first; empty where it names nobody.

    Parameters
    ----------
    entry : pybtex.database.Entry

    Returns
    -------
    str
    """
    return _plain(next(iter(_surnames(entry)), ""))


def _surnames(entry: Any) -> list[str]:
    """Return the surnames of the authors, or else of the editors, as the file has them."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    return [" ".join([*person.prelast_names, *person.last_names]) for person in people]


def authors(entry: Any) -> str:
    """Name the authors, or else the editors, or else the work, as the text does.

    Parameters
    ----------
    entry : pybtex.database.Entry

    Returns
    -------
    str
    """
    names = _surnames(entry)
    if not names:
        return entry.fields["title"]
    return " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
