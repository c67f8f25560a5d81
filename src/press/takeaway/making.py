"""When slides, workbooks and the ePub are made: in processes of their own, beside the writing of the web pages.

Each is kept under the digest of what it is made from, so that a build makes those alone that an edit concerns. Workbooks of
single exhibits are made whenever web pages are; all else, as the PDFs, not in a preview.

Not here: what is in them (the other modules of this package).
"""

from __future__ import annotations

import gc
import hashlib
import json
import logging
import multiprocessing
import os
import time
from collections.abc import Callable
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx.util.parallel import ParallelTasks, SerialTasks, parallel_available

from press.errors import BookError
from press.fresh import freshness
from press.page import citing, colophon, numbering
from press.published import copy_if_changed, write_if_changed
from press.session import memory, session
from press.takeaway import content

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

    from sphinx.application import Sphinx
    from sphinx.builders import Builder

STORE = "takeaway"
SLIDES, WORKBOOKS, EXHIBITS = "slides", "workbooks", "exhibits"


class Job(NamedTuple):
    """A file to make.

    Attributes
    ----------
    path : str
        Where it lies in the site.
    kept : pathlib.Path
        Where it is kept, under the digest of what it is made from.
    make : callable
        Returns its content.
    source : str
        What it is read from: files of one source are made by one process, which reads it once.
    """

    path: str
    kept: Path
    make: Callable[[], bytes]
    source: str


def all_name(app: Sphinx) -> str:
    """Return the address of the workbook of all exhibits."""
    return f"{WORKBOOKS}/{app.config.typst_filename}.xlsx"


def epub_name(app: Sphinx) -> str:
    """Return the address of the ePub."""
    return f"{app.config.typst_filename}.epub"


def jobs(app: Sphinx) -> list[Job]:
    """Return what has to lie beside the web pages, in the order of making: what takes longest first.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        Once all pages have been read.

    Returns
    -------
    list of Job
    """
    store, about = Path(app.srcdir, "_build", STORE), session(app).about
    shared = [
        app.config.press_built_with,
        about,
        app.config.html_baseurl,
        app.config.typst_licence,
        app.config.language,
    ]
    found: list[Job] = []

    def add(path: str, made_from: Any, make: Callable[[], bytes], source: str = "") -> None:
        digest = hashlib.sha256(json.dumps([shared, made_from], default=str).encode()).hexdigest()
        name = f"{path.replace('/', '.').rpartition('.')[0]}-{digest[:16]}.{path.rpartition('.')[2]}"
        found.append(Job(path, store / name, make, source or path))

    read = _Reader(app)
    digests = session(app).published.digests

    def exhibit(identifier: str) -> list[Any]:
        """Say what stands in a workbook of an exhibit."""
        metadata = session(app).published.exhibits[identifier]
        address = citing.exhibit(app, metadata).address
        return [identifier, digests[f"exhibit:{identifier}"], content.part_of(app, metadata), address]

    if app.config.press_pdf:
        pages = session(app).portable
        made_from = {page: [memory(app.env).uses[page], memory(app.env).frames.get(page)] for page in pages}
        made_with = json.dumps([shared, _settings(app)], default=str)
        state = [freshness.state(app), session(app).colophon, made_with]
        add(epub_name(app), state, partial(read.epub, made_with))
        if pages:
            add(all_name(app), [exhibit(identifier) for identifier in numbered(app)], read.all_exhibits)
        for page in pages:
            stem = content.stem(page)
            add(f"{SLIDES}/{stem}.pptx", made_from[page], partial(read.slides, page), page)
            add(f"{WORKBOOKS}/{stem}.xlsx", made_from[page], partial(read.workbook, page), page)
    for identifier in session(app).published.exhibits:
        add(f"{EXHIBITS}/{identifier}.xlsx", exhibit(identifier), partial(read.exhibit, identifier))
    return found


def numbered(app: Sphinx) -> list[str]:
    """Return the exhibits that stand on pages of the book under a number, in their order."""
    homes, order = memory(app.env).homes, session(app).portable
    published, places = session(app).published.exhibits, numbering.order(app.env)
    wanted = [key for key in published if not published[key].get("collection") and homes[key][0] in order]
    return sorted(wanted, key=lambda key: places[key])


def _settings(app: Sphinx) -> dict[str, Any]:
    """Return the settings that the ePub is made with, but for what print adds to them of its own."""
    names = [name for name in sorted(app.config.values) if name.startswith(("epub_", "typst_"))]
    settings = {name: getattr(app.config, name) for name in names if name not in ("typst_date", "typst_commit")}
    added = {f"Cite as: {citing.book(app).apa()}", colophon.text(session(app).colophon)}
    return settings | {"typst_imprint": [line for line in settings["typst_imprint"] if line not in added]}


class _Reader:
    """Makes the files of a build; pages are read once for all that is made of them."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.pages: dict[str, content.Page] = {}

    def page(self, name: str) -> content.Page:
        if name not in self.pages:
            self.pages[name] = content.read(self.app, name)
        return self.pages[name]

    def slides(self, name: str) -> bytes:
        from press.takeaway import deck

        app = self.app
        work, about = citing.book(app), session(app).about
        language = app.config.language.replace("_", "-") or "en"
        shared = deck.About(
            about["book"], about["edition"], app.config.typst_licence, work.apa(), app.config.html_baseurl,
            "en-GB" if language == "en" else language, about["authors"],
        )  # fmt: skip
        return deck.make(self.page(name), shared)

    def _cover(self, address: str) -> dict[str, str]:
        app, about = self.app, session(self.app).about
        return {
            "Book": about["book"],
            "Edition": about["edition"],
            "Authors": "; ".join(about["authors"]),
            "Licence": app.config.typst_licence,
            "Cite as": citing.book(app).apa(),
            "Address": address,
            "How to read": "Contents lists all sheets. Notes says what to know of each exhibit. Of each exhibit there is a sheet as"
            " people read it, a sheet with its chart where a spreadsheet can draw it, and a sheet as programs read it.",
        }

    def workbook(self, name: str) -> bytes:
        from press.takeaway import workbooks

        page = self.page(name)
        title = f"{page.part}: {page.title}" if page.part else page.title
        return workbooks.of_many(title, page.exhibits, self._cover(page.address))

    def all_exhibits(self) -> bytes:
        from press.takeaway import workbooks

        app = self.app
        exhibits = [content.exhibit(app, identifier, []) for identifier in numbered(app)]
        more = {"Not here": "Exhibits without a number, which lie in the workbooks of their pages."}
        return workbooks.of_many(session(app).about["book"], exhibits, self._cover(app.config.html_baseurl) | more)

    def exhibit(self, identifier: str) -> bytes:
        from press.takeaway import workbooks

        return workbooks.of_exhibit(content.exhibit(self.app, identifier, []))

    def epub(self, made_with: str) -> bytes:
        from press.takeaway import ebook

        return ebook.make(self.app, made_with)


def begin(app: Sphinx, builder: Builder) -> None:
    """Begin to make what is not there yet.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The application, once all pages have been read.
    builder : sphinx.builders.Builder
    """
    if builder.name != "html":
        return
    session(app).takeaway = wanted = jobs(app)
    missing = [job for job in wanted if not job.kept.exists()]
    bundles = [list(bundle) for _, bundle in groupby(missing, key=lambda job: job.source)]
    # The ePub changes the builder and the settings for all that is made after it: once the speaker's notes of slides held
    # names of pages in place of their titles.
    alone = [bundle for bundle in bundles if bundle[0].path == epub_name(app)]
    others = [bundle for bundle in bundles if bundle[0].path != epub_name(app)]
    cores = min(os.cpu_count() or 1, 4)
    session(app).making = tasks = ParallelTasks(cores + 1) if parallel_available else SerialTasks()
    for shared, workers in ((alone, 1), (others, cores)):
        begun = multiprocessing.Value("i", 0)
        for _ in range(min(workers, len(shared))):
            tasks.add_task(partial(make, begun), shared, partial(note, app))


def note(app: Sphinx, bundles: list[list[Job]], error: BookError | None) -> None:
    """Keep what went wrong in another process; raised there it would be lost among the tasks."""
    if error is not None:
        session(app).misprints.append(error)


def make(begun: Synchronized[int], bundles: list[list[Job]]) -> BookError | None:
    """Make files, beside others who do; returns what an author can mend.

    Parameters
    ----------
    begun : multiprocessing.Value
        How many bundles have been begun by all: whoever has made one takes the next, so that all end together.
    bundles : list of list of Job
    """
    if multiprocessing.parent_process():
        # The PDFs are one long way that cannot be shared, and the build ends no sooner than they.
        os.nice(10)
    gc.disable()
    # Sphinx sends what is told here through a pipe, which nobody reads before the pages are written: more than a pipe
    # holds would keep this process, and then the build, waiting for ever. Warnings are heard.
    logging.getLogger("sphinx").setLevel(logging.WARNING)
    try:
        while True:
            with begun.get_lock():
                mine, begun.value = begun.value, begun.value + 1
            if mine >= len(bundles):
                return None
            for job in bundles[mine]:
                write_if_changed(job.kept, job.make())
    except BookError as error:
        return error


def end(app: Sphinx, exception: Exception | None) -> None:
    """Wait for what is being made, and lay it beside the pages; what is no longer wanted is taken away."""
    if app.builder.name != "html":
        return
    if exception:
        if session(app).making:
            session(app).making.terminate()
        return
    started = time.perf_counter()
    if session(app).making is None:  # no page had to be written
        begin(app, app.builder)
    session(app).making.join()
    for error in session(app).misprints:
        raise error
    lay_out(app)
    app.config.press_stages["slides, workbooks and ePub"] = time.perf_counter() - started


def lay_out(app: Sphinx) -> None:
    """Lay what is wanted beside the pages, and take away what is not wanted any more; a preview leaves all else as it is."""
    root, wanted = Path(app.outdir), session(app).takeaway
    for job in wanted:
        copy_if_changed(job.kept, root / job.path)
    kept = {job.kept for job in wanted} | {root / job.path for job in wanted}
    old = list((root / EXHIBITS).glob("*.xlsx"))
    if app.config.press_pdf:
        old += Path(app.srcdir, "_build", STORE).glob("*")
        old += [path for folder in (SLIDES, WORKBOOKS) for path in (root / folder).rglob("*.*")]
    for path in old:
        if path not in kept:
            path.unlink()
