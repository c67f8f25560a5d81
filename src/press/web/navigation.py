"""The list of pages at the side of each page: what a reader chooses from at first, and where this page stands.

Pages of a collection stand on the page of their collection, where they can be compared and
filtered: listed on every page, they would bury the chapters and weigh more than many a page.

Not here: the page's own headings at its other side, which the theme lists.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

FOLDS = 6  # a part with more entries is folded, unless the page stands in it
PART = re.compile(r'<p class="caption" role="heading"><span class="caption-text">(.*?)</span></p>\s*')
# A page below another one that this page is not, and that is not above it: it holds no list, since lists elsewhere are left out.
ELSEWHERE = re.compile(r'<li class="toctree-l(?:[2-9]|\d\d)">.*?</li>\s*', re.DOTALL)
LISTED = re.compile(r'<li class="toctree-l1')


def list_pages(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Make the list of pages; the theme makes none of its own, which would hold all pages on each of them."""
    contents = context.pop("toctree", None)
    context["navigation"] = (
        fold(contents(collapse=True, titles_only=True, maxdepth=-1, includehidden=True) or "") if contents else ""
    )


def fold(contents: str) -> str:
    """Fold parts with many entries, and leave out of a collection all pages but the one that is shown.

    Parameters
    ----------
    contents : str
        The table of contents as HTML by Sphinx, what is below other pages left out.

    Returns
    -------
    str
        A part whose first page has its name stands without it.
    """
    contents = ELSEWHERE.sub("", contents).replace('href="#"', 'href="#" aria-current="page"')
    first, *parts = PART.split(contents)
    made = [first]
    for name, pages in zip(parts[::2], parts[1::2], strict=True):
        begins = re.match(r"<ul[^>]*>\s*<li[^>]*><a[^>]*>(.*?)</a>", pages)
        if begins and begins[1] == name:
            made.append(pages)
        elif len(LISTED.findall(pages)) > FOLDS:
            state = " open" if "aria-current" in pages else ""
            made.append(f'<details{state}><summary class="caption">{name}</summary>\n{pages}</details>\n')
        else:
            made.append(f'<p class="caption">{name}</p>\n{pages}')
    return "".join(made)
