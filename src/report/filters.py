"""Filters of a library on the web: one form, one script, one style for cases and studies.

Each entry of the list carries a class ``<field>-<code>`` for everything that it can be filtered by. The form is hidden until
the script that serves it has run: without script, the page is the complete list. The state is in the address, so that a
link can open the library filtered.

Not here: what the entries are (``report.cases``, ``report.studies``).
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SCRIPT = "library.js"


def classes(facets: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the classes of an entry from what it can be filtered by."""
    return [f"{facet}-{code}" for facet, codes in facets.items() for code in codes]


def form(
    entries: Sequence[Mapping[str, Iterable[str]]],
    titles: Mapping[str, str],
    labels: Mapping[str, Mapping[str, str]],
    *,
    listed: str,
    noun: str,
) -> str:
    """Write the form of the filters.

    Parameters
    ----------
    entries : sequence of mapping
        Codes by field, for each entry of the list.
    titles : mapping of str to str
        What each field is called.
    labels : mapping of str to mapping
        By field, the label of each code that may be chosen, in order.
    listed : str
        Selector of the entries.
    noun : str
        What the entries are, such as ``"cases"``.

    Returns
    -------
    str
    """
    fields = ['<label>Words <input type="search" name="words" autocomplete="off"></label>']
    for facet, title in titles.items():
        counts = Counter(code for entry in entries for code in dict.fromkeys(entry[facet]))
        options = "".join(
            f'<option value="{html.escape(code)}">{html.escape(label)} ({counts[code]})</option>'
            for code, label in labels[facet].items()
        )
        fields.append(f'<label>{title} <select name="{facet}"><option value="">All</option>{options}</select></label>')
    return (
        f'<form class="library-filters" data-list="{html.escape(listed)}" data-noun="{noun}" hidden'
        f' aria-label="Filter the {noun}">{"".join(fields)}<button type="reset">Show all</button></form>'
        '<p class="library-count" role="status" aria-live="polite" hidden></p>'
    )


def add_script(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Load the script on the pages that have filters."""
    forms = doctree.findall(nodes.raw) if doctree else ()
    if any('class="library-filters"' in node.astext() for node in forms):
        app.add_js_file(SCRIPT, loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the style sheet."""
    app.add_css_file("library.css")
