"""Numbers of exhibits: chapter and count, or letter of the annex and count, so that no two are alike.

Parts of ``_toc.yml`` with ``numbered: 1`` number their pages, those with ``style: alphaupper`` by letters. This module
refuses an exhibit on a page without number, and brings the list of exhibits into the order of the book.

Not here: numbering itself, which is that of Sphinx and of sphinx-external-toc (``press.fresh.patches`` mends it).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from press.errors import BookError
from press.page.directives import line_of
from press.session import memory, session

if TYPE_CHECKING:
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def check_numbers(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Refuse an exhibit on a page without number: its "Figure 1" would be taken for the first of another page.

    Members of a collection have no number on any page.
    """
    for identifier, (page, place) in sorted(memory(env).homes.items()):
        if session(app).published.exhibits[identifier].get("collection"):
            continue
        if not env.toc_secnumbers.get(page, {}).get(""):
            raise BookError(
                f"the exhibit {identifier!r} stands on a page without number; move {page} into a numbered part of"
                " _toc.yml, such as the annexes, or the exhibit to a page that has a number",
                place,
            )
    return []


def check_references(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Refuse a reference to the number of what has none: Sphinx prints the label, which tells no reader anything.

    Raises
    ------
    BookError
        With page and line.
    """
    # Print and the ePub number by themselves what stands in another volume.
    for node in doctree.findall(nodes.literal) if app.builder.name == "html" else ():
        if "std-numref" in node["classes"] and not isinstance(node.parent, nodes.reference):
            raise BookError(
                f"{{numref}}`{node.astext()}` leads to what has no number; write {{ref}}`{node.astext()}` for its title",
                f"{app.env.doc2path(page, base=False)}:{line_of(node) or '?'}",
            )


def order(env: BuildEnvironment) -> dict[str, tuple[Any, ...]]:
    """Return the place of each numbered exhibit in the order of the book, by its id; known once all pages are read."""
    return {
        identifier: (isinstance(number[0], str), number[:-1], kind, number[-1])
        for kinds in env.toc_fignumbers.values()
        for kind, numbered in kinds.items()
        for identifier, number in numbered.items()
    }


def order_registry(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Bring the list of exhibits into the order of the book, which is known only once all pages are read."""
    numbers = order(app.env)
    for body in doctree.findall(nodes.tbody):
        if body.children and body[0].get("exhibit"):
            body.children.sort(key=lambda line: numbers[line["exhibit"]])
