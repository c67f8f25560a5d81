"""What Sphinx and its extensions do again and again although the answer cannot have changed.

Measured on this book: two thirds of the time in which cross-references were resolved went into reading whole pages
anew for each reference to a figure in them, and a sixth into searching all installed packages for each citation.
Nothing here changes a byte of what is built.

Not here: what has to be built (``crossroads.book``).
"""

import gc
import os

from pybtex.plugin import find_plugin, register_plugin
from sphinx.domains.std import StandardDomain


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


def prepare_writing(app, env):
    """Once all pages have been read, look at them anew, and write on all cores where Sphinx can do that.

    Not earlier: some extensions of Jupyter Book do not say whether they can read in parallel.
    """
    env.get_domain("std").remembered = None
    app.parallel = max(app.parallel, os.cpu_count() or 1)


def setup(app):
    """Register all of it."""
    app.add_domain(References, override=True)
    app.connect("env-updated", prepare_writing)
    # bibtex asks for it at each citation, and is answered by a search through the metadata of all packages.
    register_plugin("pybtex.backends", "plaintext", find_plugin("pybtex.backends", "plaintext"))
    # A book is millions of small objects that live until its end; looking through them for garbage is in vain.
    gc.set_threshold(200_000, 20, 100)
