"""Pages made by rule: many of one kind, for which nobody keeps a file or an entry in the table of contents.

A book's own extension puts collections into ``session.collections`` before Sphinx looks for documents. They get
their entries below a page that is listed, and their source text lies in ``_build/made``, because Sphinx opens a file for
each document and asks for its time. Everywhere else such a page lies where its name says: addresses, relative links
and messages are those of a page with a file of its own.

Not here: what stands on the pages, which is a directive's business.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx import project
from sphinx_external_toc.api import Document, FileItem, TocTree

from press.errors import BookError
from press.published import write_if_changed
from press.session import session

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

FOLDER = "_build/made"
SUFFIX = ".md"
CONTENTS = "_toc.yml"


@dataclass(frozen=True)
class Collection:
    """Pages made by rule.

    Attributes
    ----------
    parent : str
        Name of the document below which they are listed, such as ``"book/lamps"``.
    pages : mapping of str to str
        Source text of each in MyST by name of the document, in the order in which they are listed.
    """

    parent: str
    pages: Mapping[str, str]


class Project(project.Project):
    """Sphinx's list of documents, to which those made by rule are added.

    Parameters
    ----------
    found : sphinx.project.Project
    made : iterable of str
        Names of the documents made by rule.
    """

    def __init__(self, found: project.Project, made: Iterable[str]) -> None:
        super().__init__(found.srcdir, found.source_suffix)
        self.restore(found)
        self.made = frozenset(made)

    def discover(self, exclude_paths: Iterable[str] = (), include_paths: Iterable[str] = ("**",)) -> set[str]:
        """Find all documents."""
        super().discover(exclude_paths, include_paths)
        self.docnames |= self.made
        return self.docnames

    def doc2path(self, docname: str, absolute: bool) -> str:
        """Return where the text of a document lies; if not ``absolute``, where its name says."""
        if docname not in self.made:
            return super().doc2path(docname, absolute)
        return os.path.join(self.srcdir, FOLDER, docname + SUFFIX) if absolute else docname + SUFFIX


def enter(app: Sphinx, config: Config) -> None:
    """Enter all collections in the table of contents, and lay down the text of their pages, touching what changed.

    Raises
    ------
    BookError
        If a parent is not listed, or a page is listed or has a file already.
    """
    contents, wanted = config.external_site_map, {}
    for collection in filter(lambda found: found.pages, session(app).collections):
        if collection.parent not in contents:
            raise BookError(
                f"lists no page {collection.parent}; below it stand {len(collection.pages)} pages that are made by rule",
                CONTENTS,
            )
        for page, text in collection.pages.items():
            if page in contents:
                raise BookError(
                    f"{page} is made by rule and listed below {collection.parent}; delete the entry", CONTENTS
                )
            if Path(app.srcdir, page + SUFFIX).exists():
                raise BookError("the page is made by rule; delete the file", page + SUFFIX)
            contents[page] = Document(page)
            wanted[Path(app.srcdir, FOLDER, page + SUFFIX)] = text
        contents[collection.parent].subtrees.append(TocTree([*map(FileItem, collection.pages)], titlesonly=True))
    for path in Path(app.srcdir, FOLDER).rglob("*"):
        if path.is_file() and path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        write_if_changed(path, text.encode())


def list_documents(app: Sphinx) -> None:
    """Have Sphinx find the pages that are made by rule."""
    made = [page for collection in session(app).collections for page in collection.pages]
    app.project = app.env.project = Project(app.project, made)
