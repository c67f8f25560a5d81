"""Where readers find what can be taken away: on each page its slides and its workbook, and on one page all of it.

    ```{takeaway}```     a list of the ePub, the workbook of all exhibits, and the slides and the workbook of each page

Not here: making any of it (``press.takeaway.making``).
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from press.page import citing
from press.session import session
from press.takeaway import content
from press.takeaway.making import SLIDES, WORKBOOKS, all_name, epub_name

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

LISTS = "takeaway"  # by which a page notes that it lists all that can be taken away


class TakeawayDirective(SphinxDirective):
    """```{takeaway}```: all that can be taken away."""

    def run(self) -> list[nodes.Node]:
        """Return a place for the list, which is filled once all pages are known; paper has no files."""
        self.env.metadata[self.env.docname][LISTS] = "yes"
        return [nodes.container(classes=["takeaway-list", "only-web"])]


def introduce(app: Sphinx, config: Config) -> None:
    """Have a page written again when there is something else to take away from it."""
    session(app).from_elsewhere.append(from_elsewhere)


def list_pages(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Note whose exhibits can be taken away, once all pages have been read."""
    session(app).portable = content.pages(app)
    return []


def from_elsewhere(env: BuildEnvironment, page: str) -> object:
    """Return what a page offers, which depends on other pages and on what is printed."""
    known = session(env.app).portable
    return known if LISTS in env.metadata.get(page, {}) else page in known


def offer(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Offer slides and workbook beneath the title of a page, and fill the list of all."""
    if app.builder.name != "html":
        return
    root, known = "../" * page.count("/"), session(app).portable
    if page in known:
        stem = content.stem(page)
        links = f"{_slides(root, stem)}, {_workbook(root, stem)}"
        line = nodes.raw("", f'<p class="takeaway">Take away: {links}</p>', format="html")
        section = doctree[doctree.first_child_matching_class(nodes.section)]
        place = section.first_child_matching_class(nodes.title)
        abstract = [
            i for i, node in enumerate(section) if "abstract" in getattr(node, "attributes", {}).get("classes", ())
        ]
        section.insert((abstract or [place])[0] + 1, line)
    for container in doctree.findall(nodes.container):
        if "takeaway-list" in container["classes"]:
            container.append(nodes.raw("", listed(app, known, root), format="html"))


def _slides(root: str, stem: str, of: str = "") -> str:
    return f'<a href="{root}{SLIDES}/{stem}.pptx" download>slides (PowerPoint){of}</a>'


def _workbook(root: str, stem: str, of: str = "") -> str:
    return f'<a href="{root}{WORKBOOKS}/{stem}.xlsx" download>workbook (Excel){of}</a>'


def listed(app: Sphinx, pages: list[str], root: str) -> str:
    """Write the list of all that can be taken away.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    pages : list of str
        Those with exhibits, in the order of the contents.
    root : str
        Path from the page to the root of the site.

    Returns
    -------
    str
        HTML.
    """
    whole = f'<a href="{root}{epub_name(app)}" download>The book for e-readers (ePub)</a>'
    every = f'<a href="{root}{all_name(app)}" download>All numbered figures and tables in one workbook (Excel)</a>'
    lines = [f"<li>{whole}</li>", *([f"<li>{every}</li>"] if pages else [])]
    folded: dict[str, list[str]] = {}
    for page in pages:
        work, title, stem = citing.chapter(app, page), app.env.titles[page].astext(), content.stem(page)
        name = html.escape(f"{work.part}: {title}" if work else title)
        of = f'<span class="unseen"> of {name}</span>'
        line = f"<li>{name}: {_slides(root, stem, of)}, {_workbook(root, stem, of)}</li>"
        folder = page.rpartition("/")[0]
        if folder in app.env.found_docs:  # pages beneath another one are many
            folded.setdefault(folder, []).append(line)
        else:
            lines.append(line)
    for folder, entries in folded.items():
        title = html.escape(app.env.titles[folder].astext())
        lines.append(
            f"<li><details><summary>{title} ({len(entries)})</summary><ul>{''.join(entries)}</ul></details></li>"
        )
    return f"<ul>{''.join(lines)}</ul>"


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("takeaway", TakeawayDirective)
