"""The built book: a Sphinx extension that executes first, renders what changed, and prints.

The extension makes ``jupyter-book build .`` and ``make book`` one and the same: before Sphinx reads anything it
has the notebooks executed (``press.run``), then reads again exactly the pages that show something that
changed, and sets web pages and PDF from the same doctrees.

Not here: execution and the result store (``press.run``), what is published (by the book's package).
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from myst_nb.sphinx_ext import add_global_html_resources

from press import advice, lint, places, published, scan, settings, stages, web
from press.contract import NOTEBOOKS
from press.errors import BookError
from press.fresh import freshness, patches
from press.page import api, citing, directives, findings, glossary, key_numbers, mathml, quoted, revisions
from press.paper import builder
from press.session import memory, session
from press.takeaway import offering

if TYPE_CHECKING:
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension with Sphinx."""
    app.add_config_value("press_pdf", True, "")
    app.add_config_value("press_current", False, "")  # whether a preview builds only to have all loaded
    app.add_config_value("press_colophon", {}, "")  # what the command line has read for it
    app.add_config_value("press_shown", None, "")  # what a preview has called once pages can be seen
    app.add_config_value("press_stages", {}, "")  # seconds by stage, filled in for the command line
    app.add_config_value("press_built_with", "", "env")  # another value has every page read again
    app.add_config_value("press_synonyms", [], "html")  # phrases that mean the same, for the search
    app.add_config_value("press_footer", "", "html")  # HTML at the foot of each page
    for module in (
        settings, directives, findings, key_numbers, quoted, api, citing, glossary, lint, mathml, revisions, patches, builder, web,
        offering, advice,
    ):  # fmt: skip
        module.setup(app)
    stages.connect(app)
    return {"version": "1", "env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}


def take_lock(app: Sphinx, config: Config) -> None:
    """Keep other builds out from before Sphinx looks at what the last one left until the last page is written.

    Two builds at once would mix their pages. The process lets go at its end.
    """
    from press import run

    session(app).lock.enter_context(run.lock(Path(app.srcdir)))


def execute_notebooks(app: Sphinx) -> None:
    """Have every stale notebook executed and read what all of them publish."""
    from press import run

    started = time.perf_counter()
    results = run.execute(Path(app.srcdir))
    failed = [result for result in results if result.state == "failed"]
    if failed:
        raise BookError(f"{len(failed)} of {len(results)} notebooks failed; the list is above")
    with places.led(Path(app.srcdir)):
        session(app).published = published.read(results)
        published.require_shown(session(app).published, session(app).contract.media_type)
        published.require_loaded(session(app).published, Path(app.srcdir))
    scan.check_names(app)
    published.lay_out(session(app).published, published.folder_of(app))
    if app.builder.format == "html":
        published.drop_old_pictures(published.folder_of(app), Path(app.outdir) / "_images")
    # Jupyter Book has no setting for it, and a warning that scrolls by is a mistake that readers will find.
    app.warningiserror = True
    app.config.press_stages["notebooks"] = time.perf_counter() - started
    session(app).clock = time.perf_counter()


def lay_style_sheet(app: Sphinx) -> None:
    """Lay down the style sheet of myst-nb before the pages.

    It does so after them itself, so that the first build's pages would name it without the digest that those of every
    later build carry.
    """
    if app.builder.format == "html":
        Path(app.outdir, "_static").mkdir(parents=True, exist_ok=True)
        add_global_html_resources(app, None)


def insert_results(app: Sphinx, page: str, source: list[str]) -> None:
    """Put the results of its execution into a notebook that is about to be read."""
    if not page.startswith(NOTEBOOKS):
        return
    name = page.removeprefix(NOTEBOOKS)
    memory(app.env).uses.setdefault(page, {})[f"notebook:{name}"] = session(app).published.digests[f"notebook:{name}"]
    executed = session(app).published.executed[name].read_text("utf-8")
    media_type = session(app).contract.media_type
    source[0], download = directives.executed_source(name, source[0], executed, media_type)
    published.write_if_changed(published.folder_of(app) / f"{page}.ipynb", download.encode())


def check_homes(app: Sphinx, env: BuildEnvironment) -> None:
    """Refuse a published exhibit, or set of statements, that no page shows."""
    missing = [identifier for identifier in session(app).published.exhibits if identifier not in memory(env).homes]
    if missing:
        metadata = session(app).published.exhibits[missing[0]]
        others = f" (nor {', '.join(map(repr, missing[1:]))})" if missing[1:] else ""
        raise BookError(
            f"no page shows the exhibit {missing[0]!r}{others}; show it in a page of book/ with these two lines, or delete the"
            f" cell:\n```{{exhibit}} {missing[0]}\n```",
            places.cell(Path(app.srcdir), metadata["notebook"], metadata["cell"]),
        )
    used = {key for uses in memory(env).uses.values() for key in uses}
    for identifier, metadata in session(app).published.statements.items():
        if f"statements:{identifier}" not in used:
            raise BookError(
                f"no page shows the statements {identifier!r}; show them with a directive of the book, or delete the cell",
                places.cell(Path(app.srcdir), metadata["notebook"], metadata["cell"]),
            )


def publish_files(app: Sphinx, exception: Exception | None) -> None:
    """Copy downloads beside the pages."""
    if exception or app.builder.format != "html":
        return
    published.copy_tree(published.folder_of(app), Path(app.outdir))


def show_pages(app: Sphinx, exception: Exception | None) -> None:
    """Tell a preview that its browser can show the pages."""
    if app.config.press_shown and not exception and app.builder.format == "html":
        app.config.press_shown()


def end_pages(app: Sphinx, exception: Exception | None) -> None:
    """Note that the web pages are whole."""
    if not exception and app.builder.format == "html":
        freshness.finish(app)
        app.config.press_stages["web pages"] = time.perf_counter() - session(app).clock


def release_lock(app: Sphinx, exception: Exception | None) -> None:
    """Let other builds begin."""
    session(app).lock.close()
