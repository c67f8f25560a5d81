"""What Sphinx and its extensions do again and again although the answer cannot have changed.

Measured on this book: two thirds of the time in which cross-references were resolved went into reading whole pages
anew for each reference to a figure in them, and a sixth into searching all installed packages for each citation; half
of the time in which pages were written went into copying the headings of all pages for each, to keep their titles; a
third of the time that it took to show one edited page went into reading all others anew, to number figures. Nothing
here changes a byte of what is built.

Not here: what has to be built (``freshness``).
"""

import gc
import importlib.metadata
import os
from functools import cache, partial
from typing import ClassVar

import pybtex.plugin
from docutils import nodes
from pybtex.style.formatting.plain import Style
from sphinx import addnodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.domains.std import StandardDomain
from sphinx.environment.adapters.toctree import global_toctree_for_doc
from sphinx.environment.collectors.toctree import TocTreeCollector

TITLES = nodes.caption | nodes.title | nodes.literal_block
entry_points = cache(importlib.metadata.entry_points)


class View:
    """The environment, but for what a subclass answers or its user sets itself.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment
        Once all pages have been read.
    """

    def __init__(self, env):
        self.env = env

    def __getattr__(self, name):
        return getattr(self.env, name)


class RememberedPages(View):
    """For those who only look things up in pages."""

    def __init__(self, env):
        super().__init__(env)
        self.doctrees = {}

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


class Titles(View):
    """For those who list pages by their titles and would throw away all other headings."""

    def __init__(self, env):
        super().__init__(env)
        self.master_doctree = env.master_doctree
        # Sphinx cuts at a page's own depth of contents before it looks for titles.
        self.tocs = {
            page: toc if env.metadata[page].get("tocdepth") else self.title(toc) for page, toc in env.tocs.items()
        }

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
    """Sphinx's own web pages, with :class:`Titles` for the list of all pages that stands on each.

    The stem of a word, by which it is found in a search, is looked for once.
    """

    titles = None

    def load_indexer(self, docnames):
        """Begin the search index."""
        super().load_indexer(docnames)
        self.indexer.lang.stem = cache(self.indexer.lang.stem)

    def _get_local_toctree(self, docname, collapse=True, **settings):
        if not settings.get("titles_only"):
            return super()._get_local_toctree(docname, collapse, **settings)
        self.titles = self.titles or Titles(self.env)
        settings = {"includehidden": False, **settings}
        return self.render_partial(global_toctree_for_doc(self.titles, docname, self, collapse, **settings))["fragment"]


class Outlines(View):
    """For those who number figures, and look at every page for what has a number or gives one."""

    def get_doctree(self, page):
        """Return the outline of a page."""
        return self.env.crossroads_outlines[page]


def record_outline(app, doctree):
    """Keep the outline of a page that was read."""
    outline = nodes.Element("", *numbered(doctree, app.env.domains.values()))
    for node in outline.findall():
        node.document = None  # it would be pickled with each
    app.env.crossroads_outlines[app.env.docname] = outline


def numbered(node, domains):
    """Copy what is numbered in a node, and the sections and lists of pages that number it, in their order."""
    found = []
    for child in node.children:
        if not isinstance(child, nodes.Element):
            continue
        inside = numbered(child, domains)
        if isinstance(child, nodes.section | addnodes.toctree):
            titles = []
        elif child["ids"] and any(domain.get_enumerable_node_type(child) for domain in domains):
            # Without them it would have no number.
            titles = [part.deepcopy() for part in child if isinstance(part, TITLES)]
        else:
            found += inside
            continue
        found.append(child.copy())
        found[-1].extend([*titles, *inside])
    return found


def forget_outline(app, env, page):
    """Forget the outline of a page that is read again or gone."""
    env.crossroads_outlines.pop(page, None)


def number_from_outlines(app):
    """Have figures numbered from outlines, by the collector that is there."""
    if not hasattr(app.env, "crossroads_outlines"):
        app.env.crossroads_outlines = {}
    for listener in app.events.listeners["env-get-updated"]:
        collector = getattr(listener.handler, "__self__", None)
        if isinstance(collector, TocTreeCollector):
            collector.assign_figure_numbers = partial(_assign_figure_numbers, collector.assign_figure_numbers)


def _assign_figure_numbers(assign, env):
    outlines = Outlines(env)
    pages = assign(outlines)
    env.toc_fignumbers = outlines.toc_fignumbers
    return pages


class Entries(Style):
    """Pybtex's own style, which formats an entry once, not again for its tooltip and in each build of a preview."""

    known: ClassVar = {}

    def format_entry(self, label, entry, bib_data=None):
        """Return the entry, formatted, always the same one: it must not be changed."""
        if bib_data:  # an entry may then take fields from another one
            return super().format_entry(label, entry, bib_data)
        key = label, entry.key, repr(entry)
        if key not in self.known:
            self.known[key] = super().format_entry(label, entry)
        return self.known[key]


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
    app.connect("builder-inited", number_from_outlines)
    app.connect("env-purge-doc", forget_outline)
    app.connect("doctree-read", record_outline, priority=900)
    app.connect("env-updated", prepare_writing)
    # It asks at each citation, and would search through the metadata of all packages.
    pybtex.plugin.entry_points = entry_points
    pybtex.plugin.register_plugin("pybtex.style.formatting", "plain", Entries, force=True)
    # A book is millions of small objects that live until its end; looking through them for garbage is in vain.
    gc.set_threshold(200_000, 20, 100)
