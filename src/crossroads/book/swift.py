"""What Sphinx and its extensions do again and again although the answer cannot have changed.

Measured on this book: two thirds of the time in which cross-references were resolved went into reading whole pages
anew for each reference to a figure in them, and a sixth into searching all installed packages for each citation; half
of the time in which pages were written went into copying the headings of all pages for each, to keep their titles.
Nothing here changes a byte of what is built.

Not here: what has to be built (``crossroads.book``).
"""

import gc
import os

from docutils import nodes
from pybtex.plugin import find_plugin, register_plugin
from sphinx import addnodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.domains.std import StandardDomain
from sphinx.environment.adapters.toctree import global_toctree_for_doc


class RememberedPages:
    """The environment, for those who only look things up in pages that have been read.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment
    """

    def __init__(self, env):
        self.env, self.doctrees = env, {}

    def __getattr__(self, name):
        return getattr(self.env, name)

    def get_doctree(self, page):
        """Return the doctree of a page, always the same one: it must not be changed."""
        if page not in self.doctrees:
            self.doctrees[page] = self.env.get_doctree(page)
        return self.doctrees[page]


class References(StandardDomain):
    """Sphinx's own domain, which unpickles the page of a figure only once, not once for each reference to it."""

    remembered = None

    def _resolve_numref_xref(self, env, *arguments):
        self.remembered = self.remembered or RememberedPages(env)
        return super()._resolve_numref_xref(self.remembered, *arguments)


class Titles:
    """The environment, for those who list pages by their titles and would throw away all other headings.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment
        Once all pages have been read.
    """

    def __init__(self, env):
        self.env, self.master_doctree = env, env.master_doctree
        # Sphinx cuts at a page's own depth of contents before it looks for titles.
        self.tocs = {
            page: toc if env.metadata[page].get("tocdepth") else self.title(toc) for page, toc in env.tocs.items()
        }

    def __getattr__(self, name):
        return getattr(self.env, name)

    @staticmethod
    def title(contents):
        """Return the contents of a page with nothing beneath its title but the pages that it lists."""
        contents = contents.deepcopy()
        for entry in contents.children:
            if isinstance(entry, nodes.list_item) and len(entry) > 1:
                listed = list(entry.findall(addnodes.toctree))
                entry[1:] = [nodes.bullet_list("", *listed)] if listed else []
        return contents


class Pages(StandaloneHTMLBuilder):
    """Sphinx's own web pages, with :class:`Titles` for the list of all pages that stands on each."""

    titles = None

    def _get_local_toctree(self, docname, collapse=True, **settings):
        if not settings.get("titles_only"):
            return super()._get_local_toctree(docname, collapse, **settings)
        self.titles = self.titles or Titles(self.env)
        settings = {"includehidden": False, **settings}
        return self.render_partial(global_toctree_for_doc(self.titles, docname, self, collapse, **settings))["fragment"]


def prepare_writing(app, env):
    """Once all pages have been read, look at them anew, and write on all cores where Sphinx can do that.

    Not earlier: some extensions of Jupyter Book do not say whether they can read in parallel.
    """
    env.get_domain("std").remembered = None
    # One more than cores: Sphinx counts the process that hands out the pages.
    app.parallel = max(app.parallel, (os.cpu_count() or 1) + 1)


def setup(app):
    """Register all of it."""
    app.add_domain(References, override=True)
    app.add_builder(Pages, override=True)
    app.connect("env-updated", prepare_writing)
    # bibtex asks for it at each citation, and is answered by a search through the metadata of all packages.
    register_plugin("pybtex.backends", "plaintext", find_plugin("pybtex.backends", "plaintext"), force=True)
    # A book is millions of small objects that live until its end; looking through them for garbage is in vain.
    gc.set_threshold(200_000, 20, 100)
