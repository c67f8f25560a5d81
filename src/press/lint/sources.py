"""Works cited and terms defined: each resolves, and each is used.

Not here: unknown keys of citations and terms defined twice, on which Sphinx itself stops the build; the links from
terms to the glossary (``press.page.glossary``).
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from press import settings
from press.page import glossary as terms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from press.lint.pages import Block, Page

DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}]*[^\s\"<>{}.,;]")
ENTRY = re.compile(r"^@(\w+)\{([^,\s]+),(.*?)^\}", re.MULTILINE | re.DOTALL)
ABBREVIATION = re.compile(r"(?<![\w/.-])[A-Z][A-Z0-9]+(?![\w/-])")
WRITTEN = ("heading", "text", "cell", "term")
FIELD = re.compile(r"^\s*(\w+) = \{(.*)\},?$", re.MULTILINE)


def bibliography(text: str, pages: Iterable[Page], path: str = "book/references.bib") -> list[str]:
    """Say which references are never cited, cannot be found, or have an address that is none.

    Parameters
    ----------
    text : str
        The bibliography in BibTeX's format.
    pages : iterable of press.lint.pages.Page
    path : str, optional
        File of the bibliography, for the messages.

    Returns
    -------
    list of str
    """
    pages = [*pages]
    cited = {key for page in pages for block in page.blocks for key in block.keys}
    cited |= {key for page in pages for key in page.listed}
    dois: dict[str, str] = {}
    wrong, seen = [], set()
    for match in ENTRY.finditer(text):
        key, fields = match.group(2), dict(FIELD.findall(match.group(3)))
        place = f"{path}:{text.count(chr(10), 0, match.start()) + 1}"
        if key in seen:
            wrong.append(f"{place}: the key {key!r} stands twice; keep one entry")
        seen.add(key)
        if key not in cited:
            wrong.append(f"{place}: no page cites {key!r}; cite it where it belongs, or delete the entry")
        doi = fields.get("doi", "")
        if doi and not DOI.fullmatch(doi):
            wrong.append(
                f"{place}: {key}: {doi!r} is no DOI; expected 10.<registrant>/<suffix> without address or full stop"
            )
        if doi and dois.setdefault(doi.lower(), key) != key:
            wrong.append(f"{place}: {key} has the DOI of {dois[doi.lower()]}; one of them is wrong")
        if not {"doi", "url", "journal", "publisher", "institution", "howpublished"} & fields.keys():
            wrong.append(f"{place}: {key} cannot be found: give a DOI, an address, a journal or who published it")
    wrong += [f"{path}: the cited work {key!r} is missing" for key in sorted(cited - seen)]
    return wrong


def abbreviations(pages: Iterable[Page], name: str = "book/abbreviations") -> list[str]:
    """Say which abbreviations are not in the list of them, stand out of order, or are used nowhere.

    Parameters
    ----------
    pages : iterable of press.lint.pages.Page
    name : str, optional
        The page with the list: a table whose first column holds the abbreviations.

    Returns
    -------
    list of str
    """
    prose = [page for page in pages if page.name.startswith("book/")]
    listed = [
        (page, block)
        for page in prose
        if page.name == name
        for block in page.blocks
        if (block.kind, block.level) == ("cell", 1)
    ]
    wrong, known = [], {block.text for _, block in listed}
    if not listed:
        return [f"{name}: the page does not hold a table of abbreviations"]
    texts = [(page, block) for page in prose if page.name != name for block in page.blocks if block.kind in WRITTEN]
    for page, block in texts:
        for short in ABBREVIATION.findall(block.text):
            if not any(short in entry.split() for entry in known):
                known.add(short)
                wrong.append(f"{page.place(block)}: {short!r} is not in {name}.md; add it, or write it out")
    for page, block in listed:
        if not any(re.search(rf"(?<!\w){re.escape(block.text)}(?!\w)", text.text) for _, text in texts):
            wrong.append(f"{page.place(block)}: no page uses {block.text!r}; delete it")
    wrong += [
        f"{page.place(two)}: {two.text!r} stands after {one.text!r}; sort the abbreviations"
        for (_, one), (page, two) in pairwise(listed)
        if two.text.casefold() <= one.text.casefold()
    ]
    return wrong


def glossary(pages: Iterable[Page], lists: list[str] = settings.LISTS) -> list[str]:
    """Say which terms of the glossary are out of order, defined twice or used nowhere.

    Parameters
    ----------
    pages : iterable of press.lint.pages.Page
    lists : list of str, optional
        Pages that list rather than tell.

    Returns
    -------
    list of str
    """
    pages = list(pages)
    listed = _listed(pages)
    if not listed:
        return ["book/glossary.md: the page does not hold a ```{glossary}"]
    pattern = terms.matcher({terms.normal(block.text) for _, block in listed})
    texts = [
        block.text
        for page in pages
        for block in page.blocks
        if settings.tells(page.name, lists) and block.kind == "text"
    ]
    used = {terms.normal(match.group()) for text in texts for match in pattern.finditer(text)}
    wrong = [
        f"{page.place(term)}: no page uses the term \u201c{term.text}\u201d; use it, or delete it"
        for page, term in listed
        if terms.normal(term.text) not in used
    ]
    return [*wrong, *defined_twice(pages)] + [
        f"{page.place(two)}: the term \u201c{two.text}\u201d stands after \u201c{one.text}\u201d; sort the terms"
        for (_, one), (page, two) in pairwise(listed)
        if two.text.casefold() < one.text.casefold()
    ]


def defined_twice(pages: Iterable[Page]) -> list[str]:
    """Say which terms of the glossary are one but for their capitals, which Sphinx takes for two.

    Parameters
    ----------
    pages : iterable of press.lint.pages.Page

    Returns
    -------
    list of str
    """
    listed = _listed(pages)
    first = {terms.normal(term.text): term for _, term in reversed(listed)}
    return [
        f"{page.place(term)}: \u201c{term.text}\u201d is the term \u201c{before.text}\u201d once more; keep one definition"
        for page, term in listed
        if (before := first[terms.normal(term.text)]) is not term
    ]


def _listed(pages: Iterable[Page]) -> list[tuple[Page, Block]]:
    """Return the terms of the glossary in their order, each with its page."""
    return [(page, block) for page in pages for block in page.blocks if block.kind == "term"]
