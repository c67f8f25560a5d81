"""All that is changed of Sphinx's own behaviour, and of that of its extensions.

Some of what they do again and again has an answer that cannot have changed, and some of it goes wrong in a second
build.

``PRESS_PLAIN=1`` in the environment leaves all of it out: a build from nothing then gives the same bytes, later and
without what the table :data:`PATCHES` says. A test builds both ways.

Not here: what has to be built (``freshness``), what a book adds to Sphinx (its directives, roles and stages).
"""

from __future__ import annotations

import fnmatch
import gc
import glob
import importlib.metadata
import os
import re
from collections.abc import Callable
from functools import cache, cached_property, partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, cast

import pybtex.plugin
import sphinx.domains.c
import sphinx.domains.cpp
import sphinx_external_toc.events
import sphinxcontrib.bibtex.plugin
from docutils import nodes
from docutils.transforms import Transformer
from jinja2.bccache import Bucket, BytecodeCache
from myst_nb.ext.execution_tables import ExecutionStatsNode
from myst_nb.ext.glue.crossref import PendingGlueReference
from pybtex.style.formatting.plain import Style
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment
from sphinx.environment.adapters.toctree import global_toctree_for_doc
from sphinx.environment.collectors import asset
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.transforms import SphinxSmartQuotes, SphinxTransformer
from sphinx.util.build_phase import BuildPhase
from sphinx.util.matching import Matcher
from sphinx.util.parallel import ParallelTasks
from sphinxcontrib.bibtex import bibfile
from sphinxcontrib.bibtex.domain import BibtexDomain
from sphinxcontrib.bibtex.nodes import bibliography

from press.fresh import ahead, halves
from press.run.dependencies import file_digest
from press.session import memory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


AFTER = 700  # when what no page shows is made, in the table of stages
BEHIND = 5  # how far the processes that write pages stand back
TITLES = nodes.caption | nodes.title | nodes.literal_block
entry_points = cache(importlib.metadata.entry_points)


class View:
    """The environment, but for what a subclass answers or its user sets itself.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment
        Once all pages have been read.
    """

    def __init__(self, env: BuildEnvironment) -> None:
        self.env = env

    def __getattr__(self, name: str) -> Any:
        return getattr(self.env, name)


class Places:
    """The places of a page by their ids: what has a number from its outline, the rest from the page, which is read for it.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment
    page : str
    """

    def __init__(self, env: BuildEnvironment, page: str) -> None:
        self.env, self.page = env, page
        outline = memory(env).outlines[page]
        self.known = {name: node for node in outline.findall(nodes.Element) for name in node["ids"]}

    @property
    def ids(self) -> Places:
        """Answer as a doctree does."""
        return self

    @cached_property
    def whole(self) -> nodes.document:
        """The page itself."""
        return self.env.get_doctree(self.page)

    def get(self, name: str) -> nodes.Element | None:
        """Return what has an id."""
        return self.known.get(name) or self.whole.ids.get(name)


class RememberedPlaces(View):
    """For those who only look things up in pages."""

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self.places: dict[str, Places] = {}

    def get_doctree(self, page: str) -> Places:
        """Return the places of a page, always the same: they must not be changed."""
        if page not in self.places:
            self.places[page] = Places(self.env, page)
        return self.places[page]


class References(StandardDomain):
    """Sphinx's own domain, which asks the outline of the page of a figure, and does not unpickle it for each reference."""

    remembered: RememberedPlaces | None = None

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Note the labels of a page that was read: what was remembered of pages may be another one now."""
        self.remembered = None
        super().process_doc(env, docname, document)

    def _resolve_numref_xref(self, env, *arguments):
        self.remembered = self.remembered or RememberedPlaces(env)
        return super()._resolve_numref_xref(cast(BuildEnvironment, self.remembered), *arguments)


class Titles(View):
    """For those who list pages by their titles and would throw away all other headings."""

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self.master_doctree = env.master_doctree
        # Sphinx cuts at a page's own depth of contents before it looks for titles.
        self.tocs = {
            page: toc if env.metadata[page].get("tocdepth") else self.title(toc) for page, toc in env.tocs.items()
        }

    @staticmethod
    def title(contents: nodes.Element) -> nodes.Element:
        """Return the contents of a page with nothing beneath its title but the pages that it lists."""
        found = contents.copy()
        for entry in contents.children:
            if isinstance(entry, nodes.list_item) and len(entry) > 1:
                title, *below = entry.children
                listed = [toctree.deepcopy() for part in below for toctree in part.findall(addnodes.toctree)]
                found += entry.copy()
                found[-1] += [title.deepcopy(), *([nodes.bullet_list("", *listed)] if listed else [])]
            else:
                found += entry.deepcopy()
        return found


class Compiled(BytecodeCache):
    """Templates as Python code, kept while the process lives; each is known by the digest of its text."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the code of a template that was compiled before."""
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        self.known[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()


def remember_templates(app: Sphinx) -> None:
    """Have templates compiled once in a process, not in each build of a preview."""
    app.connect("builder-inited", _remember_templates)


def _remember_templates(app: Sphinx) -> None:
    templates: Any = getattr(app.builder, "templates", None)
    if templates is not None:
        templates.environment.bytecode_cache = COMPILED


class Pages(StandaloneHTMLBuilder):
    """Sphinx's own web pages, read by two processes, with :class:`Titles` for the list of all pages that stands on each."""

    def init(self) -> None:
        """Note which process hands out the pages."""
        super().init()
        self.process = os.getpid()

    def _read_serial(self, docnames: list[str]) -> None:
        halves.read(self, docnames, super()._read_serial)

    def write(
        self,
        build_docnames: Iterable[str] | None,
        updated_docnames: Sequence[str],
        method: Literal["all", "specific", "update"] = "update",
    ) -> None:
        """Write the pages that have changed, or on which something else has: not the first one, and those that list others, for all."""
        asked = None if build_docnames is None else [*build_docnames]
        self.asked = None if asked in (None, ["__all__"]) else {*(asked or ()), *updated_docnames}
        super().write(asked, updated_docnames, method)

    def _write_parallel(self, docnames: Sequence[str], nproc: int) -> None:
        """Begin with the other pages where they are few: Sphinx writes the first one alone, for the templates, which are known."""
        pages = [page for page in docnames if self.asked is None or page in self.asked]
        if len(pages) > nproc or not COMPILED.known:
            super()._write_parallel(pages or docnames, nproc)
            return
        tasks = ParallelTasks(nproc)
        first, *others = pages or docnames
        for page in others:
            tasks.add_task(partial(self.write_doc, page), self._resolve(page))
        self.write_doc(first, self._resolve(first))
        tasks.join()

    def _resolve(self, page: str) -> nodes.document:
        """Return a page with its references resolved."""
        self.app.phase = BuildPhase.RESOLVING
        doctree = self.env.get_and_resolve_doctree(page, self)
        self.app.phase = BuildPhase.WRITING
        self.write_doc_serialized(page, doctree)
        return doctree

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Write a page, in another process behind the PDFs: they are one long way, and the build ends no sooner than they."""
        if os.getpid() != self.process:
            os.nice(max(0, BEHIND - os.nice(0)))
        super().write_doc(docname, doctree)

    def dump_inventory(self) -> None:
        """List what other books can link to once the pages are shown: none needs it."""
        write = super().dump_inventory
        self.app.connect("build-finished", lambda app, exception: exception or write(), AFTER)

    def _get_local_toctree(self, docname, collapse=True, **settings):
        if not settings.get("titles_only"):
            return super()._get_local_toctree(docname, collapse, **settings)
        settings = {"includehidden": False, **settings}
        titles = cast(BuildEnvironment, Titles(self.env))
        return self.render_partial(global_toctree_for_doc(titles, docname, self, collapse, **settings))["fragment"]


class Outlines(View):
    """For those who number figures, and look at every page for what has a number or gives one."""

    def get_doctree(self, page: str) -> nodes.Element:
        """Return the outline of a page."""
        return memory(self.env).outlines[page]


def record_outline(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the outline of a page that was read."""
    outline = nodes.Element("", *numbered(doctree, app.env.domains.values()))
    for node in outline.findall():
        node.document = None  # it would be pickled with each
    memory(app.env).outlines[app.env.docname] = outline


def numbered(node: nodes.Element, domains: Iterable[Any]) -> list[nodes.Element]:
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


def forget_outline(app: Sphinx, env: BuildEnvironment, page: str) -> None:
    """Forget the outline of a page that is read again or gone."""
    memory(env).outlines.pop(page, None)


def count_from_outlines(app: Sphinx) -> None:
    """Keep outlines of pages, and have figures numbered from them."""
    app.connect("builder-inited", number_from_outlines)
    app.connect("env-purge-doc", forget_outline)
    app.connect("doctree-read", record_outline, priority=900)


def remember_styles(app: Sphinx) -> None:
    """Look for styles of citations once, and format each entry once."""
    pybtex.plugin.entry_points = entry_points
    cast(Any, sphinxcontrib.bibtex.plugin).entry_points = entry_points
    pybtex.plugin.register_plugin("pybtex.style.formatting", "plain", Entries, force=True)


def number_from_outlines(app: Sphinx) -> None:
    """Have figures numbered from outlines, by the collector that is there."""
    for listener in app.events.listeners["env-get-updated"]:
        collector = getattr(listener.handler, "__self__", None)
        if isinstance(collector, TocTreeCollector):
            own: Any = collector
            own.assign_figure_numbers = partial(_assign_figure_numbers, own.assign_figure_numbers)


def _assign_figure_numbers(assign, env):
    outlines = Outlines(env)
    pages = assign(outlines)
    env.toc_fignumbers = outlines.toc_fignumbers
    return pages


class Cited:
    """The domain of citations, which knows of each work who cites it: its own way asks all citations for each work.

    Parameters
    ----------
    domain : sphinxcontrib.bibtex.domain.BibtexDomain
    """

    def __init__(self, domain: BibtexDomain) -> None:
        self.domain, self.citation_refs = domain, cast(list[Any], [])
        self.by_key: dict[str, list[Any]] = {}
        for reference in domain.citation_refs:
            for key in dict.fromkeys(target.key for target in reference.targets):
                self.by_key.setdefault(key, []).append(reference)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.domain, name)

    def filtered(self, bibliography_key: Any) -> Iterator[Any]:
        """Yield the works that a bibliography lists."""
        self.prefix = self.bibliographies[bibliography_key].keyprefix
        yield from plain_filter(cast(BibtexDomain, self), bibliography_key)

    def get_entries(self, bibfiles: list[Any]) -> Iterator[Any]:
        """Yield all works; who cites the one that was yielded last is what is told of citations."""
        for entry in self.domain.get_entries(bibfiles):
            self.citation_refs = self.by_key.get(self.prefix + entry.key, [])
            yield entry


plain_filter = BibtexDomain.get_filtered_entries


def know_who_cites(app: Sphinx) -> None:
    """Have bibliographies ask of each work those who cite it."""
    cast(Any, BibtexDomain).get_filtered_entries = lambda domain, key: Cited(domain).filtered(key)


class Entries(Style):
    """Pybtex's own style, which formats an entry once, not again for its tooltip and in each build of a preview."""

    known: ClassVar[dict[tuple[str, str, str], Any]] = {}

    def format_entry(self, label: str, entry: Any, bib_data: Any = None) -> Any:
        """Return the entry, formatted, always the same one: it must not be changed."""
        if bib_data:  # an entry may then take fields from another one
            return super().format_entry(label, entry, bib_data)
        key = label, entry.key, repr(entry)
        if key not in self.known:
            self.known[key] = super().format_entry(label, entry)
        return self.known[key]


def write_on_all_cores(app: Sphinx, env: BuildEnvironment) -> None:
    """Once all pages have been read, write on all cores where Sphinx can do that.

    Not earlier: some extensions of Jupyter Book do not say whether they can read in parallel.
    """
    # One more than cores: Sphinx counts the process that hands out the pages.
    app.parallel = max(app.parallel, (os.cpu_count() or 1) + 1)


def take_letters_back(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Turn letters of the last build into the numbers that they were made from, which go on after the chapters.

    The collector compares its numbers with those of the last build before it makes letters of them, and would
    otherwise find every annex changed in every build.
    """
    first = [number[0] for numbers in env.toc_secnumbers.values() for number in numbers.values() if number]
    chapters = max((number for number in first if isinstance(number, int)), default=0)
    for numbers in env.toc_secnumbers.values():
        for anchor, number in numbers.items():
            if number and isinstance(number[0], str):
                numbers[anchor] = (chapters + ord(number[0]) - ord("A") + 1, *number[1:])
    return []


def look_through_at_once(app: Sphinx) -> None:
    """Have the nodes of a tree looked through by one generator."""
    if nodes.Node.findall is not find_nodes:
        cast(Any, nodes.Node).findall = find_nodes


plain_findall = nodes.Node.findall


def find_nodes(
    self: nodes.Node, condition: Any = None, include_self: bool = True, descend: bool = True, *others: Any, **more: Any
) -> Iterator[Any]:
    """Yield the nodes of a tree that are what is looked for, as docutils does, whatever is done to the tree meanwhile.

    Parameters
    ----------
    condition : type or callable, optional
    include_self, descend : bool
    *others, **more
        What docutils answers itself: siblings and what comes after.

    Yields
    ------
    docutils.nodes.Node
    """
    if others or more or not descend:
        yield from plain_findall(self, condition, include_self, descend, *others, **more)
        return
    kind = condition if isinstance(condition, type) else object
    asked = condition if condition is not None and kind is object else None
    if include_self and isinstance(self, kind) and (asked is None or asked(self)):
        yield self
    # The lists themselves and no copies of them: who looks for nodes often replaces those that are found.
    around = [iter(self.children)]
    while around:
        for node in around[-1]:
            if isinstance(node, kind) and (asked is None or asked(node)):
                yield node
            if node.children:
                around.append(iter(node.children))
                break
        else:
            around.pop()


# What smart quotes change, or the text of an escape that they would take for their own.
CURLED = re.compile(r"""["'`\\&]|--|\.\.\.|\. \. \.""")
plain_quotes = SphinxSmartQuotes.apply


class Quoted:
    """A page for smart quotes, which curl every text of it anew: only what has anything to curl.

    Parameters
    ----------
    page : docutils.nodes.document
    """

    def __init__(self, page: nodes.document) -> None:
        self.page = page

    def __getattr__(self, name: str) -> Any:
        return getattr(self.page, name)

    def findall(self, condition: Any) -> Iterator[Any]:
        """Yield what has a quotation mark, a dash of hyphens or three points."""
        return (node for node in self.page.findall(condition) if CURLED.search(node.astext()))


def curl_what_is_quoted(app: Sphinx) -> None:
    """Have smart quotes look at texts that have something to curl."""
    cast(Any, SphinxSmartQuotes).apply = _curl


def _curl(self: SphinxSmartQuotes, **settings: Any) -> None:
    page = self.document
    self.document = cast(Any, Quoted(page))
    try:
        plain_quotes(self, **settings)
    finally:
        self.document = page


class Listings:
    """Names in folders, each listed once as long as nothing is added to it: a stand-in for ``glob`` of pictures in any format."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[int, list[str]]] = {}

    def __call__(self, pattern: str) -> list[str]:
        """Return the paths of a pattern such as ``folder/chart.*``."""
        folder, name = os.path.split(pattern)
        stem = name.removesuffix("*")
        if not stem.endswith(".") or glob.escape(stem) != stem or not os.path.isdir(folder):
            return glob.glob(pattern)
        changed = os.stat(folder).st_mtime_ns
        if folder not in self.known or self.known[folder][0] != changed:
            self.known[folder] = changed, os.listdir(folder)
        return [os.path.join(folder, name) for name in self.known[folder][1] if name.startswith(stem)]


def list_folders_once(app: Sphinx) -> None:
    """Have the formats of a picture looked up in one listing of its folder."""
    cast(Any, asset).glob = Listings()


def know_works_by_content(app: Sphinx) -> None:
    """Have the bibliography read again where its files have another content."""
    cast(Any, bibfile).get_mtime = number_of_content


def number_of_content(path: Path) -> float:
    """Return what stands in place of the time of a file: another number for another content.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    float
    """
    return float(int(file_digest(path)[:13] or "0", 16))


def _has(name: str, wanted: object) -> Callable[[nodes.Element], bool]:
    """Return a question to a node: whether it has an attribute of this value, or any value where that is ``True``."""
    return lambda node: bool(node.get(name)) if wanted is True else node.get(name) == wanted


# Transforms of pages before they are written, and what each looks for; all of it stands on a page when it is read, or never.
SEEKERS: dict[str, type | tuple[type, ...] | Callable[[nodes.Element], bool]] = {
    "myst_nb.ext.execution_tables.ExecutionStatsPostTransform": ExecutionStatsNode,
    "myst_nb.ext.glue.crossref.ReplacePendingGlueReferences": PendingGlueReference,
    "myst_nb.sphinx_.HideInputCells": _has("hide_mode", True),
    "myst_nb.sphinx_.SelectMimeType": _has("nb_element", "mime_bundle"),
    "sphinx.builders.html.transforms.KeyboardTransform": _has("classes", ["kbd"]),
    "sphinx.domains.c.AliasTransform": sphinx.domains.c.AliasNode,
    "sphinx.domains.cpp.AliasTransform": sphinx.domains.cpp.AliasNode,
    "sphinx.transforms.post_transforms.OnlyNodeTransform": addnodes.only,
    "sphinx.transforms.post_transforms.PropagateDescDomain": addnodes.desc_signature,
    "sphinx.transforms.post_transforms.code.HighlightLanguageTransform": (nodes.literal_block, addnodes.highlightlang),
    "sphinx.transforms.post_transforms.code.TrimDoctestFlagsTransform": (nodes.literal_block, nodes.doctest_block),
    "sphinx.transforms.post_transforms.images.DataURIExtractor": nodes.image,
    "sphinx.transforms.post_transforms.images.ImageDownloader": nodes.image,
    "sphinx_design.aside.AsideHtmlTransform": _has("design_component", "aside"),
    "sphinx_design.badges_buttons.BadgeRefTooltipStash": lambda node: "sd_tooltip" in node,
    "sphinx_design.badges_buttons.ButtonRefContentStash": lambda node: "sd-btn" in node["classes"],
    "sphinx_design.dropdown.DropdownHtmlTransform": _has("design_component", "dropdown"),
    "sphinx_design.tabs.TabSetHtmlTransform": _has("design_component", "tab-set"),
    "sphinxcontrib.bibtex.transforms.BibliographyTransform": bibliography,
}


def leave_out_idle_transforms(app: Sphinx) -> None:
    """Have each page looked through once for what transforms look for, and only by those that find something."""
    cast(Any, SphinxTransformer).add_transforms = add_transforms


def add_transforms(self: SphinxTransformer, transforms: Iterable[type]) -> None:
    """Add those transforms that have something to do on the page.

    Parameters
    ----------
    self : sphinx.transforms.SphinxTransformer
    transforms : iterable of type
    """
    wanted = list(transforms)
    if any(_name(one) in SEEKERS for one in wanted):
        idle = idle_transforms(self.document)
        wanted = [one for one in wanted if _name(one) not in idle]
    Transformer.add_transforms(self, wanted)


def idle_transforms(doctree: nodes.document) -> set[str]:
    """Return the names of the transforms in :data:`SEEKERS` that would find nothing on a page.

    Parameters
    ----------
    doctree : docutils.nodes.document

    Returns
    -------
    set of str
    """
    kinds, elements = set(), []
    for node in doctree.findall():
        kinds.add(type(node))
        # All that is asked for by an attribute is asked of few: containers, references, and what has a class of its own.
        if isinstance(node, nodes.container | addnodes.pending_xref) or (
            isinstance(node, nodes.literal) and node["classes"]
        ):
            elements.append(node)
    found = {
        name
        for name, wanted in SEEKERS.items()
        if (
            any(issubclass(kind, wanted) for kind in kinds)
            if isinstance(wanted, type | tuple)
            else any(map(wanted, elements))
        )
    }
    return SEEKERS.keys() - found


def _name(transform: type) -> str:
    return f"{transform.__module__}.{transform.__qualname__}"


def leave_out_what_is_excluded(app: Sphinx) -> None:
    """Have files that no contents list looked for without going into folders that are excluded anyway."""

    def found(pattern: str, recursive: bool) -> list[str]:
        del recursive  # always
        root, name = Path(app.srcdir), Path(pattern).name
        excluded, paths = Matcher(app.config.exclude_patterns), []
        for folder, folders, files in os.walk(root):
            here = Path(folder).relative_to(root)
            folders[:] = [one for one in folders if not one.startswith(".") and not excluded((here / one).as_posix())]
            paths += [str(Path(folder, file)) for file in fnmatch.filter(files, name) if not file.startswith(".")]
        return sorted(paths)

    cast(Any, sphinx_external_toc.events).glob = SimpleNamespace(iglob=found)


class Patch(NamedTuple):
    """A change of behaviour, and the measurement or failure that justifies it.

    Attributes
    ----------
    apply : callable
        Takes the application.
    why : str
    """

    apply: Callable[[Sphinx], object]
    why: str


# Times are of this book: 143 pages, 72 figures and 1,900 references to them, on two cores.
PATCHES = (
    Patch(
        lambda app: app.add_domain(References, override=True),
        "two thirds of the time in which cross-references are resolved went into reading whole pages anew, once for each"
        " reference to a figure in them",
    ),
    Patch(
        lambda app: app.add_builder(Pages, override=True),
        "0.2 s of each build went into copying the headings of all pages, to keep their titles: 0.08 s without; while all"
        " pages of the book were read, one of two cores waited for half of the time, and at the end again for the PDFs; a"
        " preview waited 0.02 s for the list of what other books can link to",
    ),
    Patch(
        look_through_at_once,
        "a seventh of the time of pages went into looking through their nodes with a generator for each: through 60 pages"
        " 0.10 s for an answer and 0.06 s for a kind, and 0.05 s with one for all",
    ),
    Patch(
        leave_out_idle_transforms,
        "a third of the time in which pages are resolved for web, print, slides and ePub went into looking for what hardly"
        " any page has, such as tabs: 19 transforms go through the whole page, where once is enough",
    ),
    Patch(
        curl_what_is_quoted,
        "a seventh of the time in which pages are read went into curling the quotation marks of texts that have none, most of"
        " them cells of tables, each of which was replaced by a copy of itself",
    ),
    Patch(
        list_folders_once,
        "0.3 s of the reading of pages went into listing the folder of all pictures anew for each of 122",
    ),
    Patch(
        remember_templates,
        "three tenths of the time in which a preview shows an edited page of a small book went into compiling the same"
        " templates again: 0.24 s, and 0.17 s with those of the build before",
    ),
    Patch(
        count_from_outlines,
        "a third of the time that it takes to show one edited page went into reading all others anew, to number figures:"
        " 1.0 s, and 0.01 s from outlines",
    ),
    Patch(
        remember_styles,
        "a sixth of the time in which cross-references are resolved went into searching all installed packages for each"
        " citation; each entry of the bibliography was formatted twice",
    ),
    Patch(
        ahead.use,
        "a tenth of the time in which a preview shows an edited page went into writing and reading what Sphinx remembers of"
        " all others: 0.10 and 0.07 s, which other cores and the time in which the author reads have to spare",
    ),
    Patch(
        know_who_cites,
        "a thirtieth of the time in which a preview shows an edited page went into asking all citations of the book for each"
        " work of its bibliography",
    ),
    Patch(
        lambda app: app.connect("env-updated", write_on_all_cores, priority=950),
        "extensions of Jupyter Book that do not say whether they read in parallel keep Sphinx from writing in parallel",
    ),
    Patch(
        lambda app: gc.set_threshold(200_000, 100, 100),
        "a book is millions of small objects that live until its end; looking through them for garbage is in vain, and"
        " takes 0.9 s each time that it goes through more than the youngest",
    ),
    Patch(
        leave_out_what_is_excluded,
        "a tenth of the time in which a preview begins went into walking through all that was built, once for each suffix"
        " of a page: 0.08 s, and 0.02 s without",
    ),
    Patch(
        know_works_by_content,
        "a bibliography that was put back twice with the same old time, as by an archive, stayed that of the first time",
    ),
    Patch(
        lambda app: app.connect("env-get-updated", take_letters_back, priority=400),
        "sphinx-external-toc found every annex changed in every build, and all of them were written again",
    ),
)


def setup(app: Sphinx) -> None:
    """Apply all of them, or none."""
    for patch in () if os.environ.get("PRESS_PLAIN") == "1" else PATCHES:
        patch.apply(app)
