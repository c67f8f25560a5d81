"""The list of pages at the side of each page: what a reader chooses from at first, and where this page stands.

Pages of a collection stand on the page of their collection, where they can be compared and
filtered: listed on every page, they would bury the chapters and weigh more than many a page.

Sphinx resolves the table of contents once, for the root page. Each page has its list from that: resolved for each page
anew, it took two fifths of the time in which pages are written.

Not here: the page's own headings at its other side, which the theme lists.
"""

from __future__ import annotations

import html
import re
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx

from press.session import session

if TYPE_CHECKING:
    from collections.abc import Callable

# Where a page has more pages below it, as a collection has, none of them is listed but those that lead to the page that is shown.
BELOW = 12
FOLDS = 6  # a part with more entries is folded, unless the page stands in it
FOUND = re.compile(
    r'<p class="caption" role="heading"><span class="caption-text">(?P<part>.*?)</span></p>'
    r"|(?P<list><ul[ >])|(?P<end></ul>)"
    r'|<li[^>]*><a class="(?P<kind>[^"]*)" href="(?P<address>[^"]*)">(?P<title>.*?)</a>',
    re.DOTALL,
)


class Entry(NamedTuple):
    """A line of the table of contents.

    Attributes
    ----------
    page : str
        Name of the page, or the address of one elsewhere.
    title, kind : str
        Its title as HTML, and the classes of the link to it.
    level : int
        From one; an entry stands below the last one before it of a lower level.
    """

    page: str
    title: str
    kind: str
    level: int


class Part(NamedTuple):
    """A part of the table of contents, with its name as HTML, if it has one, and its entries in order."""

    name: str
    entries: list[Entry]


def list_pages(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Make the list of pages; the theme makes none of its own, which would hold all pages on each of them."""
    if not context.pop("toctree", None):
        context["navigation"] = ""
        return
    context["navigation"] = write(_remembered(app), page, lambda other: app.builder.get_relative_uri(page, other))


_known: dict[
    tuple[str, str], list[Part]
] = {}  # of the last build in this process, by all that it was made of; at most one


def _remembered(app: Sphinx) -> list[Part]:
    """Return the table of contents, the one of the build before as long as no title has changed: a preview asks after each saving."""
    state = session(app).common, str(app.config.root_doc)
    if state not in _known or not session(app).common:
        _known.clear()
        _known[state] = read(*_resolve(app))
    return _known[state]


def _resolve(app: Sphinx) -> tuple[str, dict[str, str]]:
    """Return the table of contents as HTML on the root page, and the pages of the book by their addresses there."""
    builder: Any = app.builder
    root = app.config.root_doc
    contents = builder._get_local_toctree(root, collapse=False, titles_only=True, maxdepth=-1, includehidden=True)
    return contents, {builder.get_relative_uri(root, page): page for page in app.env.found_docs}


def read(contents: str, pages: dict[str, str]) -> list[Part]:
    """Read a table of contents.

    Parameters
    ----------
    contents : str
        The whole table of contents as HTML by Sphinx.
    pages : dict of str to str
        Names of the book's own pages by their addresses there.

    Returns
    -------
    list of Part
    """
    parts: list[Part] = []
    level = 0
    for found in FOUND.finditer(contents):
        if found["part"] is not None:
            parts.append(Part(found["part"], []))
        elif found["list"]:
            level += 1
            if level == 1 and (not parts or parts[-1].entries):
                parts.append(Part("", []))
        elif found["end"]:
            level -= 1
        else:
            address = html.unescape(found["address"])
            parts[-1].entries.append(Entry(pages.get(address, address), found["title"], found["kind"], level))
    return parts


def write(parts: list[Part], page: str, address: Callable[[str], str]) -> str:
    """Write the list of pages for one of them.

    Parts with many entries are folded. Pages below others are listed on that page, and on each of them.

    Parameters
    ----------
    parts : list of Part
    page : str
    address : callable
        Takes the name of a page of the book and returns its address as seen from this page.

    Returns
    -------
    str
        HTML. A part whose first page has its name stands without it.
    """
    return "".join(_part(part, page, address) for part in parts if part.entries)


def _part(part: Part, page: str, address: Callable[[str], str]) -> str:
    trail = _trail(part.entries, page)
    lines = [_item(entry, part.entries, trail, address) for entry in part.entries if entry.level == 1]
    opening = '<ul class="current">' if trail else "<ul>"
    pages = f"{opening}\n{''.join(lines)}</ul>\n"
    if not part.name or part.entries[0].title == part.name:
        return pages
    if len(lines) > FOLDS:
        state = " open" if trail else ""
        return f'<details{state}><summary class="caption">{part.name}</summary>\n{pages}</details>\n'
    return f'<p class="caption">{part.name}</p>\n{pages}'


def _trail(entries: list[Entry], page: str) -> list[Entry]:
    """Return the entries that lead to a page, from the first level to its own; none if it is not among them."""
    trail: list[Entry] = []
    for entry in entries:
        trail = [*trail[: entry.level - 1], entry]
        if entry.page == page:
            return trail
    return []


def _item(entry: Entry, entries: list[Entry], trail: list[Entry], address: Callable[[str], str]) -> str:
    """Write an entry, and below it those that stand there."""
    current = any(entry is one for one in trail)
    if current and entry is trail[-1]:
        link = f'<a class="current {entry.kind}" href="#" aria-current="page">{entry.title}</a>'
    else:
        href = address(entry.page) if "internal" in entry.kind else entry.page
        link = f'<a class="{entry.kind}" href="{html.escape(href)}">{entry.title}</a>'
    below = _below(entry, entries) if current else []
    if len(below) > BELOW:
        below = [child for child in below if any(child is one for one in trail)]
    lines = "".join(_item(child, entries, trail, address) for child in below)
    leads_on = ' class="current"' if current and entry is not trail[-1] else ""
    inside = f"<ul{leads_on}>\n{lines}</ul>\n" if below else ""
    return f'<li class="toctree-l{entry.level}{" current" if current else ""}">{link}{inside}</li>\n'


def _below(entry: Entry, entries: list[Entry]) -> list[Entry]:
    """Return the entries directly below one."""
    after = entries[next(at for at, one in enumerate(entries) if one is entry) + 1 :]
    inside = list(takewhile(lambda one: one.level > entry.level, after))
    return [one for one in inside if one.level == entry.level + 1]
