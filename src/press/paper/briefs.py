"""Briefs: pages that are also given out one by one, each a PDF that says all that is needed to read it.

``typst_briefs`` names folders, and for each ``pages``, patterns of names of documents, and ``foot``: a document whose parts of
class ``only-brief`` end every brief, such as how it is read and its sources. A volume, which says that once, leaves them
out. All are set in one call of the typesetter.

Not here: what is in a brief (``translator``), its looks (``book.typ``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from sphinx.errors import ConfigError
from sphinx.util.matching import Matcher

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.config import Config

# What stands in briefs alone.
APART = "only-brief"


class Brief(NamedTuple):
    """One brief.

    Attributes
    ----------
    filename : str
        Of the PDF, with its folder.
    docname : str
        The document that it is made of.
    foot : str
        The document that ends it; empty without one.
    """

    filename: str
    docname: str
    foot: str


def briefs(config: Config, docnames: Iterable[str]) -> list[Brief]:
    """Return the briefs that the configuration asks for, in the order of their names.

    Parameters
    ----------
    config : sphinx.config.Config
    docnames : iterable of str
        The documents of the book.

    Raises
    ------
    sphinx.errors.ConfigError
        If a folder lacks its pages, has something else, or names pages or a foot that are not there.
    """
    known, made = sorted(docnames), []
    for folder, told in config.typst_briefs.items():
        if set(told) - {"foot"} != {"pages"}:
            raise ConfigError(
                f"typst_briefs: {folder} has {', '.join(told) or 'nothing'}; expected pages, and perhaps foot"
            )
        matches, foot = Matcher(told["pages"]), told.get("foot", "")
        found = [name for name in known if matches(name)]
        if not found:
            raise ConfigError(
                f"typst_briefs: no page of the book is one of {told['pages']}; mend the pages of {folder}"
            )
        if foot and foot not in known:
            raise ConfigError(f"typst_briefs: {folder} has the foot {foot!r}, which is no page of the book")
        made += [Brief(f"{folder}/{name.rpartition('/')[2]}.pdf", name, foot) for name in found]
    return made


def take_apart(doctree: nodes.document) -> list[nodes.Element]:
    """Take what stands in briefs alone out of a document, and return it."""
    found = [node for node in doctree.findall(nodes.Element) if APART in node["classes"]]
    for node in found:
        node.parent.remove(node)
    return found
