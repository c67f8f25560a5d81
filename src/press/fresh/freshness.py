"""Which pages a build has to read or to write again: found by content, and whole after any interruption.

Sphinx goes by time stamps and by the file of a page alone. It keeps what is old when a file is put back with its old
time, when a package or this builder has changed, and on every page that only refers to what has changed: to a title,
a number, a citation, a style sheet. Here each page remembers the digest of all that it was read from, and of all
that stands on it but comes from other pages.

Not here: what notebooks publish (``press.published``), and what is stale among them (``press.run``).
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sphinx import addnodes
from sphinx.application import ENV_PICKLE_FILENAME
from sphinx.domains.std import StandardDomain
from sphinx.errors import SphinxWarning
from sphinxcontrib.bibtex.citation_target import parse_citation_targets

from press import published, settings
from press.contract import NOTEBOOKS
from press.forms import SETTINGS
from press.fresh import ahead, halves
from press.page import glossary
from press.run.dependencies import digest, environment, file_digest, files_below
from press.session import memory, session

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

FILE = "file:"
PRESS = Path(__file__).parents[1]
# Pages that are none of the book's documents.
GENERATED = {"index", "search", "404"}
PATIENCE = 60  # seconds that a build which failed waits for pages that are being written


def sources(app: Sphinx) -> list[Path]:
    """Return the files of the code, templates, styles and scripts that pages are made with.

    Parameters
    ----------
    app : sphinx.application.Sphinx

    Returns
    -------
    list of pathlib.Path
    """
    served = session(app).contract
    words = [Path(str(module.__file__)) for module in (served.numbers, served.literature_module) if module]
    own = [path for path in sorted(PRESS.rglob("*")) if path.is_file() and path.parent.name != "__pycache__"]
    return [*own, *words, *session(app).built_with]


def name_builder(app: Sphinx, config: Config) -> None:
    """Name what pages are made with, so that none outlives a change of it."""
    plain = os.environ.get("PRESS_PLAIN", "")  # without the patches nothing is kept for them
    parts = [environment(app.srcdir), plain, [file_digest(path) for path in sources(app)]]
    config.press_built_with = digest(json.dumps(parts).encode())


def prepare(app: Sphinx) -> None:
    """Take up what an interrupted build has left behind."""
    session(app).unfinished = read_mark(app)
    session(app).sources = {}
    for path in [*files_below(app.outdir), *files_below(published.folder_of(app))]:
        if path.endswith(".part") and os.path.basename(path).startswith("."):
            os.unlink(path)


def find_outdated_pages(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Name the pages that were read from something that is another thing now."""
    unfinished = session(app).unfinished
    if unfinished["writing"]:
        return sorted(env.found_docs)
    known = {}

    def now(key):
        if not key.startswith(FILE):
            return session(app).published.digests.get(key)
        if key not in known:
            known[key] = file_digest(Path(app.srcdir, key.removeprefix(FILE)))
        return known[key]

    stale = {page for page, uses in memory(env).uses.items() if any(now(key) != uses[key] for key in uses)}
    # A notebook to download is written when its page is read, and was taken away where a build without the page was killed.
    notebooks = {page for page in env.found_docs if page.startswith(NOTEBOOKS)}
    lost = {page for page in notebooks if not (published.folder_of(app) / f"{page}.ipynb").exists()}
    return sorted((stale | lost | set(unfinished["pages"])) & env.found_docs)


def begin_reading(app: Sphinx, env: BuildEnvironment, pages: list[str]) -> None:
    """Take the digests of what will be read, before it is: what is saved meanwhile is noticed next time."""
    names = {name for page in pages for name in read_from(env, page)}
    session(app).sources = {name: file_digest(Path(app.srcdir, name)) for name in names}
    # Sphinx forgets each page just before it reads it: what has moved from a later page to an earlier one would
    # be there twice meanwhile.
    halves.forget(env, pages)
    if pages:
        mark(app, pages)
        if environment_path(app).exists():
            shutil.copyfile(environment_path(app), kept_path(app))


def forget_page(app: Sphinx, env: BuildEnvironment, page: str) -> None:
    """Forget what a page showed, before it is read again or because it is gone."""
    for known in (memory(env).uses, memory(env).references, memory(env).frames):
        known.pop(page, None)
    for identifier in [key for key, home in memory(env).homes.items() if home[0] == page]:
        del memory(env).homes[identifier]


def record_page(app: Sphinx, doctree: nodes.document) -> None:
    """Record what a page was read from, and to what it refers."""
    env, page, sources = app.env, app.env.docname, session(app).sources
    uses = memory(env).uses.setdefault(page, {})
    for name in read_from(env, page):
        uses[FILE + name] = sources.get(name) or file_digest(Path(app.srcdir, name))
    memory(env).references[page] = sorted(
        {
            (node.get("refdomain") or "", node.get("reftype", ""), node.get("reftarget") or "")
            for node in doctree.findall(addnodes.pending_xref)
        }
    )


def read_from(env: BuildEnvironment, page: str) -> list[str]:
    """Return the paths of the files that a page is read from, relative to the root."""
    return [os.path.relpath(env.doc2path(page), env.srcdir), *map(str, env.dependencies[page])]


def find_pages_to_rewrite(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages on which something stands that comes from another page and is another thing now."""
    outside = Outside(app)
    frames = {page: outside.frame(page) for page in sorted(env.found_docs)}
    session(app).common = outside.common
    pages = [page for page, frame in frames.items() if frame != memory(env).frames.get(page)]
    memory(env).frames = frames
    # From here on Sphinx saves its environment and writes. If it is killed before the last page, the next build
    # would otherwise take half-written pages for current ones.
    if pages or session(app).sources or not app.config.press_current:
        mark(app, [*read_mark(app)["pages"], *pages], writing=True)
    return pages


class Outside:
    """What stands on pages but comes from elsewhere, as it is now.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    """

    def __init__(self, app: Sphinx) -> None:
        self.env, self.app = app.env, app
        self.standard = cast(StandardDomain, app.env.get_domain("std"))
        cite: Any = app.env.domains.get("cite")
        self.cited: dict[str, list[Any]] = {}
        self.bibliographies: dict[str, list[list[str]]] = {}
        for citation in cite.citations if cite else ():
            entry = self.entry(citation)
            self.cited.setdefault(citation.key, []).append(entry)
            self.bibliographies.setdefault(citation.bibliography_key.docname, []).append(entry)
        trees = {page: [t.attributes for t in toc.findall(addnodes.toctree)] for page, toc in app.env.tocs.items()}
        self.trees = trees
        # With their markup, which stands in lists of pages, too.
        titles = {page: "".join(map(str, title.children)) for page, title in app.env.titles.items()}
        numbers = {page: found.get("") for page, found in app.env.toc_secnumbers.items()}
        static = [
            [path.name, file_digest(path)]
            for folder in app.config.html_static_path
            for path in sorted({Path(app.confdir, folder), *Path(app.confdir, folder).rglob("*")})
            if path.is_file()
        ]
        # Titles, their order and their numbers are in the navigation of every page; styles are named with a digest.
        self.common = self.digest(
            [
                sorted(titles.items()),
                sorted(numbers.items()),
                sorted(trees.items()),
                static,
                session(app).about,
                asdict(session(app).areas),
            ]
        )
        self.targets: dict[tuple[str, str, str], list[Any] | None] = {}
        self.terms = self.digest(sorted(glossary.defined(app.env).items()))
        self.everything = self.digest(
            [
                sorted(self.standard.labels.items()),
                sorted(self.standard.anonlabels.items()),
                sorted(app.env.toc_fignumbers.items()),
                [sorted(domain.get_objects()) for name, domain in sorted(app.env.domains.items()) if name != "cite"],
            ]
        )

    @staticmethod
    def digest(parts: list[Any]) -> str:
        """Return the digest of anything; Sphinx's own titles are lazy translations at first and plain text once unpickled."""
        return digest(json.dumps(parts, default=str).encode())

    def frame(self, page: str) -> str:
        """Return the digest of all that stands on a page but comes from elsewhere.

        Parameters
        ----------
        page : str

        Returns
        -------
        str
        """
        env = self.env
        references = memory(env).references.get(page, [])
        parts = [
            self.common,
            sorted(env.toc_secnumbers.get(page, {}).items()),
            sorted(env.toc_fignumbers.get(page, {}).items()),
            [self.target(reference) for reference in references],
            self.bibliographies.get(page, []),  # they come from all pages that cite
            [str(self.env.tocs[name]) for name in self.below(page)],
            self.terms if settings.tells(page, self.app.config.press_lists) else "",
            [known(env, page) for known in session(self.app).from_elsewhere],
            memory(env).reading if page in memory(env).pages and memory(env).pages[page].report else [],
        ]
        # Tables that list all exhibits stand in the order of the book.
        whole = "registry" in memory(env).uses.get(page, {}) or any(not self.known(*r) for r in references)
        return self.digest([*parts, self.everything if whole else ""])

    def below(self, page: str) -> list[str]:
        """Return the pages whose headings stand on a page, which lists them; a table of contents that is hidden shows nothing."""
        found: list[str] = []
        listing = [tree for tree in self.trees.get(page, ()) if not tree.get("hidden")]
        while listing:
            names = [name for name in listing.pop()["includefiles"] if name not in found]
            found += names
            listing += [tree for name in names for tree in self.trees.get(name, ())]
        return found

    @staticmethod
    def known(domain: str, kind: str, target: str) -> bool:
        """Say whether it is known what a reference of this kind shows."""
        return domain == "cite" or (domain == "std" and kind in {"ref", "numref", "doc"})

    def target(self, reference: tuple[str, str, str]) -> list[Any] | None:
        """Return what a reference shows; many pages refer to the same."""
        if reference not in self.targets:
            self.targets[reference] = self._target(*reference)
        return self.targets[reference]

    def _target(self, domain: str, kind: str, target: str) -> list[Any] | None:
        if domain == "cite":
            keys = sorted({found.key for found in parse_citation_targets(target)})
            return [entry for key in keys for entry in self.cited.get(key, ())]
        place = self.standard.labels.get(target) or self.standard.anonlabels.get(target)
        if not place:
            return None
        page, identifier = place[:2]
        numbers = [found.get(identifier) for found in self.env.toc_fignumbers.get(page, {}).values()]
        return [place, numbers, self.env.toc_secnumbers.get(page, {}).get(f"#{identifier}")]

    @staticmethod
    def entry(citation: Any) -> list[str]:
        """Return what is shown of a work that is cited."""
        return [citation.key, citation.citation_id, citation.formatted_entry.label, repr(citation.entry)]


def end_writing(app: Sphinx, exception: Exception | None) -> None:
    """Let the processes that write pages come to their end, and remove pages and pictures that are no longer made."""
    # What is made beside the pages is waited for at the very end, by those who began it.
    beside = []
    if not exception:
        beside = [*_processes(session(app).printing), *_processes(session(app).making), *ahead.writing()]
    for process in multiprocessing.active_children():
        if not process.daemon and process not in beside:  # a daemon writes what no page shows
            # One that has more to report than a pipe holds would wait for ever for a build that no longer listens. What
            # it was writing is marked, and so written again by the next build.
            process.join(PATIENCE if exception else None)
            process.terminate()
            process.join()
    if isinstance(exception, SphinxWarning) and kept_path(app).exists():
        # A mistake of an author, after which Sphinx would begin from nothing. All pages that were begun are marked.
        kept_path(app).replace(environment_path(app))
        mark(app, read_mark(app)["pages"])
    if exception or app.builder.format != "html":
        return
    root, env = Path(app.outdir), app.env
    made = GENERATED | env.found_docs | {f"exhibits/{identifier}/index" for identifier in memory(env).homes}
    _remove_pages(root, made)
    for folder, files in (("_images", env.images), ("_downloads", env.dlfiles)):
        kept = {entry[1] for entry in files.values()}
        for path in (root / folder).rglob("*"):
            if path.is_file() and path.relative_to(root / folder).as_posix() not in kept:
                path.unlink()


def _processes(tasks: Any) -> list[Any]:
    """Return the processes that are at work on tasks of Sphinx's."""
    return list(getattr(tasks, "_procs", {}).values())


def _remove_pages(root: Path, made: set[str]) -> None:
    """Remove the pages that are no longer made, and the folders that they had for themselves."""
    first = len(str(root)) + 1
    for found in [found for found in files_below(root) if found.endswith(".html")]:
        name = found[first:].replace(os.sep, "/").removesuffix(".html")
        if not name.startswith("_static/") and name not in made:
            path = Path(found)
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()


def state(app: Sphinx, page: str = "") -> str:
    """Return the digest of all that pages are made of, by which another medium knows that it is current.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    page : str, optional
        That page alone.

    Returns
    -------
    str
    """
    uses, frames = memory(app.env).uses, memory(app.env).frames
    # Sphinx itself writes all web pages anew after a change of settings, which decide how figures are called, for one.
    settings = file_digest(Path(app.srcdir, SETTINGS))
    pages = [uses.get(page), frames.get(page)] if page else [uses, frames]
    return digest(json.dumps([app.config.press_built_with, settings, pages], sort_keys=True).encode())


def finish(app: Sphinx) -> None:
    """Note that a build has come to its end."""
    ahead.end(app)
    kept_path(app).unlink(missing_ok=True)
    mark_path(app).unlink(missing_ok=True)


def mark(app: Sphinx, pages: Iterable[str], *, writing: bool = False) -> None:
    """Note which pages a build works on, those of earlier interrupted builds among them.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    pages : iterable of str
    writing : bool
        Whether any page may be half-written from now on.
    """
    content = {"pages": sorted({*pages, *session(app).unfinished["pages"]}), "writing": writing}
    path = mark_path(app)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(content), "utf-8")
    part.replace(path)


def read_mark(app: Sphinx) -> dict[str, Any]:
    """Read what an interrupted build has left unfinished."""
    path = mark_path(app)
    return json.loads(path.read_text("utf-8")) if path.exists() else {"pages": [], "writing": False}


def mark_path(app: Sphinx) -> Path:
    """Return the path of the mark that says that a build did not get to its end."""
    return Path(app.doctreedir) / "unfinished"


def environment_path(app: Sphinx) -> Path:
    """Return the path of what Sphinx remembers of all pages."""
    return Path(app.doctreedir) / ENV_PICKLE_FILENAME


def kept_path(app: Sphinx) -> Path:
    """Return the path of what Sphinx remembered before this build."""
    return environment_path(app).with_suffix(".kept")
