"""The index at the end of a volume: what it names, and where in the text each name stands.

Nobody marks a word for it. Named are the terms of the glossary, the areas that a reader may choose, the pages made by rule
to which the text links, the authors of the works that it cites, and what an author asks for with Sphinx's own ``index``
directive or role. Only running text counts: a name in a heading, a table or an exhibit is found by their lists.

Not here: on which page a name stands, which only Typst knows (``book.typ``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.index_entries import split_index_msg

from press import settings
from press.page import glossary
from press.page.directives import ancestors
from press.paper.code import array, call, string
from press.session import session

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# The two lists of an index.
SUBJECTS, AUTHORS = "subjects", "authors"
APART = (
    nodes.title,
    nodes.caption,
    nodes.table,
    nodes.figure,
    nodes.literal,
    nodes.literal_block,
    nodes.citation,
    nodes.math,
)


class Register:
    """Finds what the index names, and notes what it has found.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    """

    def __init__(self, app: Sphinx) -> None:
        self.config = app.config
        self.apart = session(app).apart
        self.found: set[tuple[str, str]] = set()
        terms = glossary.defined(app.env)
        areas = session(app).areas
        self.names = {**terms, **{glossary.normal(name): name for name in areas.names.values()}}
        self.pattern = glossary.matcher(self.names.values()) if self.names else None
        made = {page for collection in session(app).collections for page in collection.pages}
        self.pages = {page: app.env.titles[page].astext() for page in made if page in app.env.titles}
        domain: Any = app.env.domains.get("cite")
        self.works = {c.citation_id: list(authors(c.entry)) for c in domain.citations} if domain else {}

    def speaks(self, docname: str) -> bool:
        """Say whether a page is prose, and no list or glossary."""
        return settings.tells(docname, self.config.press_lists)

    def parts(self, node: nodes.Text, text: str) -> Iterator[str]:
        """Yield a text as code, in parts, each name marked where it begins."""
        begin = 0
        if self.pattern is not None and self._runs(node):
            for match in self.pattern.finditer(text):
                name = self.names[glossary.normal(match.group())]
                yield from ([string(text[begin : match.start()])] if match.start() > begin else [])
                yield self.mark(SUBJECTS, name)
                begin = match.start()
        if begin < len(text) or not begin:
            yield string(text[begin:])

    def of_link(self, node: nodes.Element, docname: str, identifier: str) -> str:
        """Mark what a link leads to, if the index names it: a page made by rule, or a work."""
        if not self._runs(node):
            return ""
        named = [(SUBJECTS, self.pages[docname])] if docname in self.pages else []
        named += [(AUTHORS, name) for name in self.works.get(identifier, ())]
        return "\n".join(self.mark(*name) for name in named)

    def asked(self, node: nodes.Element) -> str:
        """Mark what an author asks for with the ``index`` directive or role."""
        marks = []
        for kind, entry, *_ in node["entries"]:
            parts = split_index_msg(kind, entry)
            names = [", ".join(parts), *([", ".join(reversed(parts))] if kind == "pair" else [])]
            marks += [self.mark(SUBJECTS, name) for name in names if kind in ("single", "pair", "triple")]
        return "\n".join(marks)

    def mark(self, group: str, name: str) -> str:
        """Note a name, and return the mark of its place."""
        self.found.add((group, name))
        return call("indexed", string(group), string(name))

    def code(self) -> str:
        """Return the index, its names in the order of the alphabet; nothing where nothing was found."""
        named = {
            group: array(string(name) for _, name in sorted((n for n in self.found if n[0] == group), key=_order))
            for group in (SUBJECTS, AUTHORS)
        }
        return call("index-pages", **named) if self.found else ""

    def _runs(self, node: nodes.Node) -> bool:
        """Say whether a node is in running text."""
        return not any(isinstance(n, APART) or self.apart & set(n["classes"]) - {"case"} for n in ancestors(node))


def authors(entry: Any) -> Iterator[str]:
    """Yield the names of a work's authors, or else editors, as an index has them: the last name first.

    Parameters
    ----------
    entry : pybtex.database.Entry
    """
    for person in entry.persons.get("author") or entry.persons.get("editor") or []:
        last = " ".join([*person.prelast_names, *person.last_names]).strip("{}")
        first = " ".join(f"{name[0]}." for name in [*person.first_names, *person.middle_names] if name.strip("{}"))
        yield f"{last}, {first}" if first else last


def _order(found: tuple[str, str]) -> tuple[str, str]:
    """Return by what a name is sorted: its letters without accents, whatever their case."""
    plain = unicodedata.normalize("NFKD", found[1])
    return re.sub(r"[^\w ]", "", plain).casefold(), found[1]
