"""A page for each exhibit, to be sent to somebody or embedded in another page: ``exhibits/<id>/``.

It holds the very nodes of the page on which the exhibit stands, written with that page, so that both are renewed together.
Editions that are frozen will lie in ``editions/<edition>/exhibits/<id>/`` beside them.

Not here: what an exhibit looks like (``press.page.directives``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from press.page import citing
from press.published import write_if_changed
from press.session import memory, session
from press.web import file_name, metadata, pictures
from press.web.addresses import seen_from

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# What one exhibit needs of what its home loads.
USED = {"areas.js", "answers.js", "cards.js", "frame.js"}


def file_of(identifier: str) -> str:
    """Return the address of the page of an exhibit, from the root of the site."""
    return f"exhibits/{identifier}/index.html"


def shown(app: Sphinx, page: str, doctree: nodes.document) -> Iterator[tuple[str, nodes.container]]:
    """Yield the exhibits whose home is a page, with the nodes that show them."""
    homes = {identifier for identifier, home in memory(app.env).homes.items() if home[0] == page}
    for container in doctree.findall(nodes.container) if homes else ():
        if "exhibit" in container["classes"]:
            # The theme puts a table into a box, so that it need not be the first that has a name.
            named = {name for node in container.findall(nodes.Element) for name in node["ids"]}
            if homes & named:
                yield (homes & named).pop(), container


def write_pages(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Write the pages of the exhibits that stand on a page that is being written."""
    if doctree is None or app.builder.name != "html":
        return
    builder: Any = app.builder
    for identifier, container in shown(app, page, doctree):
        published = session(app).published.exhibits[identifier]
        work = citing.exhibit(app, published)
        title = f"{work.part}. {work.title}" if work.number else published["title"]
        own = {
            **context,
            "body": pictures.size(app, page, builder.render_partial(container.deepcopy())["fragment"]),
            "title": title,
            # Which the theme takes where the home is the first page.
            "docstitle": f"{title} - {work.book}" if page == app.config.root_doc else context["docstitle"],
            "part": work.part,
            "home": {"address": f"{page.rpartition('/')[2]}.html#{identifier}", "title": app.env.titles[page].astext()},
            "work": work,
            "script_files": [file for file in context["script_files"] if file_name(file) in USED],
            **metadata.of_exhibit(app, work, published),
        }  # fmt: skip
        text = seen_from(builder.templates.render("exhibit.html", own), f"{page}.html", file_of(identifier))
        write_if_changed(Path(app.outdir, file_of(identifier)), text.encode())
