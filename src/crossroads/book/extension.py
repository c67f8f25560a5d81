"""The built book: a Sphinx extension that executes first, renders what changed, and prints.

The extension makes ``jupyter-book build .`` and ``make book`` one and the same: before Sphinx reads anything it
has the notebooks executed (``crossroads.runs``), then reads again exactly the pages that show something that
changed, and sets web pages and PDF from the same doctrees.

Not here: execution and the result store (``crossroads.runs``), what is published (``crossroads.exhibits``).
"""

import contextlib
import time
from pathlib import Path

from myst_nb.sphinx_ext import add_global_html_resources
from sphinx.util.index_entries import split_index_msg

from crossroads.book import (
    api,
    bibliography,
    cases,
    catalogue,
    citing,
    colophon,
    countries,
    directives,
    freshness,
    glossary,
    lint,
    mathml,
    numbering,
    printing,
    published,
    revisions,
    swift,
    typst,
    weights,
)
from crossroads.book.errors import BookError

NOTEBOOKS = "notebooks/"


def setup(app):
    """Register the extension with Sphinx."""
    app.add_config_value("crossroads_pdf", True, "")
    app.add_config_value("crossroads_stages", {}, "")  # seconds by stage, filled in for the command line
    freshness.setup(app)
    directives.setup(app)
    api.setup(app)
    bibliography.setup(app)
    cases.setup(app)
    countries.setup(app)
    catalogue.setup(app)
    citing.setup(app)
    glossary.setup(app)
    lint.setup(app)
    mathml.setup(app)
    numbering.setup(app)
    printing.setup(app)
    revisions.setup(app)
    swift.setup(app)
    typst.setup(app)
    weights.setup(app)
    colophon.setup(app)
    app.connect("config-inited", take_lock, priority=100)
    app.connect("config-inited", serve_fonts)
    app.connect("builder-inited", execute_notebooks)
    app.connect("source-read", insert_results)
    app.connect("env-updated", check_homes)
    app.connect("html-collect-pages", tidy_search_index)
    app.connect("build-finished", publish_files)
    app.connect("build-finished", end_pages, priority=800)
    app.connect("build-finished", lambda app, exception: app.crossroads_lock.close(), priority=1000)
    return {"version": "1", "env_version": 1, "parallel_read_safe": False, "parallel_write_safe": True}


def serve_fonts(app, config):
    """Put the vendored fonts beside the pages, so that none is asked of another site."""
    wanted = ("Regular", "Italic", "Bold")
    config.html_static_path += [str(typst.FONTS / f"OpenSans-{style}.ttf") for style in wanted]


def take_lock(app, config):
    """Keep other builds out from before Sphinx looks at what the last one left until the last page is written.

    Two builds at once would mix their pages. The process lets go at its end.
    """
    from crossroads import runs

    app.crossroads_lock = contextlib.ExitStack()
    app.crossroads_lock.enter_context(runs.lock(Path(app.srcdir)))


def execute_notebooks(app):
    """Have every stale notebook executed and read what all of them publish."""
    from crossroads import runs

    started = time.perf_counter()
    results = runs.execute(Path(app.srcdir))
    failed = [result for result in results if result.state == "failed"]
    if failed:
        raise BookError(f"{len(failed)} of {len(results)} notebooks failed; the list is above")
    app.crossroads = published.read(results)
    published.lay_out(app.crossroads, published_folder(app))
    if app.builder.format == "html":
        # myst-nb lays its stylesheet down after the pages, so that the first build's pages would name it without
        # the digest that those of every later build carry.
        Path(app.outdir, "_static").mkdir(parents=True, exist_ok=True)
        add_global_html_resources(app, None)
        published.drop_old_pictures(published_folder(app), Path(app.outdir) / "_images")
    # Jupyter Book has no setting for it, and a warning that scrolls by is a mistake that readers will find.
    app.warningiserror = True
    app.config.crossroads_stages["notebooks"] = time.perf_counter() - started
    app.crossroads_clock = time.perf_counter()


def insert_results(app, page, source):
    """Put the results of its execution into a notebook that is about to be read."""
    if not page.startswith(NOTEBOOKS):
        return
    name = page.removeprefix(NOTEBOOKS)
    app.env.crossroads_uses.setdefault(page, {})[f"notebook:{name}"] = app.crossroads.digests[f"notebook:{name}"]
    executed = app.crossroads.executed[name].read_text("utf-8")
    source[0], download, shown = directives.executed_source(name, source[0], executed)
    for identifier, metadata in app.crossroads.exhibits.items():
        if metadata["notebook"] == name and identifier not in shown and not metadata.get("collection"):
            raise BookError(
                f"the exhibit {identifier!r} is published but not shown; make the call the last line of its cell",
                f"{page}.py, code cell {metadata['cell']}",
            )
    published.write_if_changed(published_folder(app) / f"{page}.ipynb", download.encode())


def check_homes(app, env):
    """Refuse a published exhibit, or set of statements, that no page shows."""
    missing = [identifier for identifier in app.crossroads.exhibits if identifier not in env.crossroads_homes]
    if missing:
        metadata = app.crossroads.exhibits[missing[0]]
        raise BookError(
            f"no page shows the exhibit {missing[0]!r}; show it with ```{{exhibit}} {missing[0]}``` in a page of"
            " book/ or delete the cell",
            f"notebooks/{metadata['notebook']}.py, code cell {metadata['cell']}",
        )
    used = {key for uses in env.crossroads_uses.values() for key in uses}
    for identifier, metadata in app.crossroads.statements.items():
        if f"statements:{identifier}" not in used:
            raise BookError(
                f"no page shows the statements {identifier!r}; ```{{country}} CODE``` in book/countries does",
                f"notebooks/{metadata['notebook']}.py, code cell {metadata['cell']}",
            )


def tidy_search_index(app):
    """Make the search index of a later build the one of a build from nothing.

    Sphinx keeps empty entries for words that no page holds any more, and forgets the glossary's terms unless their
    page is written again, because it saves its environment before it writes.
    """
    indexer = getattr(app.builder, "indexer", None)
    if not indexer:
        return []
    for mapping in (indexer._mapping, indexer._title_mapping):
        for word in [word for word, pages in mapping.items() if not pages]:
            del mapping[word]
    for page, entries in sorted(app.env.get_domain("index").entries.items()):
        terms = {
            (term, target, main) for kind, text, target, main, _ in entries for term in split_index_msg(kind, text)
        }
        indexer._index_entries[page] = sorted(terms)
    return []


def publish_files(app, exception):
    """Copy downloads beside the pages."""
    if exception or app.builder.format != "html":
        return
    published.copy_tree(published_folder(app), Path(app.outdir))


def end_pages(app, exception):
    """Note that the web pages are whole."""
    if not exception and app.builder.format == "html":
        freshness.finish(app)
        app.config.crossroads_stages["web pages"] = time.perf_counter() - app.crossroads_clock


def published_folder(app):
    """Return the folder in which published files have stable names."""
    return Path(app.srcdir) / "_build" / "published"
