"""The built book: a Sphinx extension that executes first, renders what changed, and prints.

The extension makes ``jupyter-book build .`` and ``make book`` one and the same: before Sphinx reads anything it
has the notebooks executed (``crossroads.runs``), then reads again exactly the pages that show something that
changed, and after the web pages it sets the PDF from the same doctrees.

Not here: execution and the result store (``crossroads.runs``), what is published (``crossroads.exhibits``).
"""

import contextlib
import hashlib
import json
import time
from pathlib import Path

from myst_nb.sphinx_ext import add_global_html_resources

from crossroads.book import api, cases, catalogue, colophon, directives, lint, mathml, numbering, published, typst
from crossroads.book.errors import BookError

NOTEBOOKS = "notebooks/"


def setup(app):
    """Register the extension with Sphinx."""
    app.add_config_value("crossroads_pdf", True, "")
    app.add_config_value("crossroads_stages", {}, "")  # seconds by stage, filled in for the command line
    directives.setup(app)
    api.setup(app)
    cases.setup(app)
    catalogue.setup(app)
    lint.setup(app)
    mathml.setup(app)
    numbering.setup(app)
    typst.setup(app)
    colophon.setup(app)
    app.connect("config-inited", serve_fonts)
    app.connect("builder-inited", execute_notebooks)
    app.connect("env-get-outdated", find_outdated_pages)
    app.connect("env-before-read-docs", forget_print)
    app.connect("env-purge-doc", forget_page)
    app.connect("source-read", insert_results)
    app.connect("env-updated", check_homes)
    # After Sphinx's own collectors, which number figures in this very event.
    app.connect("env-get-updated", find_pages_to_rewrite, priority=900)
    app.connect("html-collect-pages", tidy_search_index)
    app.connect("build-finished", publish_files)
    app.connect("build-finished", print_book, priority=900)
    app.connect("build-finished", lambda app, exception: app.crossroads_lock.close(), priority=1000)
    return {"version": "1", "env_version": 1, "parallel_read_safe": False, "parallel_write_safe": True}


def serve_fonts(app, config):
    """Put the vendored fonts beside the pages, so that none is asked of another site."""
    wanted = ("Regular", "Italic", "Bold")
    config.html_static_path += [str(typst.FONTS / f"OpenSans-{style}.ttf") for style in wanted]


def execute_notebooks(app):
    """Have every stale notebook executed and read what all of them publish."""
    from crossroads import runs

    if not hasattr(app.env, "crossroads_uses"):
        app.env.crossroads_uses, app.env.crossroads_homes, app.env.crossroads_frame = {}, {}, ""
    started = time.perf_counter()
    # Held until the last page is written: two builds at once would mix their pages. The process lets go at its end.
    app.crossroads_lock = contextlib.ExitStack()
    app.crossroads_lock.enter_context(runs.lock(Path(app.srcdir)))
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


def find_outdated_pages(app, env, added, changed, removed):
    """Name the pages that show something whose digest is no longer the one they were read with."""
    if unfinished(app).exists():
        return sorted(env.found_docs)
    digests = app.crossroads.digests
    return [
        page
        for page, uses in env.crossroads_uses.items()
        if any(digests.get(key) != digest for key, digest in uses.items())
    ]


def forget_print(app, env, pages):
    """Let the PDF be set again once a page is read again."""
    if pages:
        printed(app).unlink(missing_ok=True)


def forget_page(app, env, page):
    """Forget what a page showed, before it is read again."""
    env.crossroads_uses.pop(page, None)
    for identifier in [key for key, home in env.crossroads_homes.items() if home[0] == page]:
        del env.crossroads_homes[identifier]


def insert_results(app, page, source):
    """Put the results of its execution into a notebook that is about to be read."""
    if not page.startswith(NOTEBOOKS):
        return
    name = page.removeprefix(NOTEBOOKS)
    app.env.crossroads_uses.setdefault(page, {})[f"notebook:{name}"] = app.crossroads.digests[f"notebook:{name}"]
    executed = app.crossroads.executed[name].read_text("utf-8")
    source[0], download, shown = directives.executed_source(name, source[0], executed)
    for identifier, metadata in app.crossroads.exhibits.items():
        if metadata["notebook"] == name and identifier not in shown:
            raise BookError(
                f"the exhibit {identifier!r} is published but not shown; make the call the last line of its cell",
                f"{page}.py, code cell {metadata['cell']}",
            )
    published.write_if_changed(published_folder(app) / f"{page}.ipynb", download.encode())


def check_homes(app, env):
    """Refuse a published exhibit that no chapter shows."""
    missing = [identifier for identifier in app.crossroads.exhibits if identifier not in env.crossroads_homes]
    if missing:
        metadata = app.crossroads.exhibits[missing[0]]
        raise BookError(
            f"no page shows the exhibit {missing[0]!r}; show it with ```{{exhibit}} {missing[0]}``` in a page of"
            " book/ or delete the cell",
            f"notebooks/{metadata['notebook']}.py, code cell {metadata['cell']}",
        )


def find_pages_to_rewrite(app, env):
    """Name all pages when something that frames every page has changed: titles, numbers, order, labels.

    Sphinx itself rewrites only pages that were read again, and so leaves old chapter titles in the navigation
    and old figure numbers in cross-references of the others.
    """
    standard = env.get_domain("std")
    parts = [
        sorted((page, title.astext()) for page, title in env.titles.items()),
        sorted(env.toc_secnumbers.items()),
        sorted(env.toc_fignumbers.items()),
        sorted(env.toctree_includes.items()),
        sorted(standard.labels.items()),
        sorted(standard.anonlabels.items()),
    ]
    # As JSON, because Sphinx's own titles are lazy translations at first and plain text once unpickled.
    frame = hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()
    changed, env.crossroads_frame = frame != env.crossroads_frame, frame
    # The mark stays behind if this build is killed between here, where Sphinx saves its environment, and the
    # last page: the next build would otherwise take half-written pages for current ones.
    unfinished(app).parent.mkdir(parents=True, exist_ok=True)
    unfinished(app).touch()
    if changed:
        printed(app).unlink(missing_ok=True)
    return sorted(env.found_docs) if changed else []


def tidy_search_index(app):
    """Forget words that no page holds any more, of which Sphinx keeps empty entries in the index of a later build."""
    indexer = getattr(app.builder, "indexer", None)
    for mapping in (indexer._mapping, indexer._title_mapping) if indexer else ():
        for word in [word for word, pages in mapping.items() if not pages]:
            del mapping[word]
    return []


def publish_files(app, exception):
    """Copy downloads beside the pages."""
    if exception or app.builder.format != "html":
        return
    target = Path(app.outdir)
    published.copy_tree(published_folder(app), target)
    unfinished(app).unlink(missing_ok=True)
    app.config.crossroads_stages["web pages"] = time.perf_counter() - app.crossroads_clock


def print_book(app, exception):
    """Set the PDF from the doctrees of the web pages, unless it is that of these pages already."""
    if exception or app.builder.name != "html" or not app.config.crossroads_pdf:
        return
    started = time.perf_counter()
    root = Path(app.srcdir)
    path = root / "_build" / "pdf" / f"{app.config.typst_filename}.pdf"
    entries = colophon.read(root)
    made_with = typst.TEMPLATE.read_bytes() + Path(typst.__file__).read_bytes()
    stamp = hashlib.sha256(colophon.text(entries).encode() + made_with).hexdigest()
    if not (path.exists() and printed(app).exists() and printed(app).read_text("utf-8") == stamp):
        app.config.typst_date = entries["committed"]
        app.config.typst_commit = entries["commit"]
        app.config.typst_imprint = [*app.config.typst_imprint, colophon.text(entries)]
        typst.build_pdf(app, path.parent)
        printed(app).write_text(stamp, "utf-8")
    published.write_if_changed(Path(app.outdir) / path.name, path.read_bytes())
    app.config.crossroads_stages["PDF"] = time.perf_counter() - started


def printed(app):
    """Return the path of the mark that says from what the PDF was set; gone once a page has changed."""
    return Path(app.doctreedir) / "printed"


def published_folder(app):
    """Return the folder in which published files have stable names."""
    return Path(app.srcdir) / "_build" / "published"


def unfinished(app):
    """Return the path of the mark that says that a build did not get to its end."""
    return Path(app.doctreedir) / "unfinished"
