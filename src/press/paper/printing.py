"""When the PDFs are set: in a process of their own, beside the writing of the web pages.

Both are made from the same pages and write nothing that the other reads. The PDFs are left as they are where they were
set from these very pages.

Not here: how it is set (``press.paper.builder``).
"""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util.parallel import ParallelTasks, SerialTasks, parallel_available

from press import published
from press.errors import BookError
from press.fresh import freshness
from press.page import citing, colophon
from press.paper import setting
from press.paper.builder import MACHINERY, build_pdf, filenames
from press.paper.code import PrintError
from press.session import session

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder


def begin(app: Sphinx, builder: Builder) -> None:
    """Begin to set the PDFs, unless they are those of these pages already.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The application, once all pages have been read.
    builder : sphinx.builders.Builder
    """
    if builder.name != "html" or not app.config.press_pdf:
        return
    root = Path(app.srcdir)
    paths, mark = pdf_paths(app), Path(app.doctreedir) / "printed"
    entries = session(app).colophon
    settings = {name: getattr(app.config, name) for name in sorted(app.config.values) if name.startswith("typst_")}
    cited = citing.book(app).apa()
    imprint = [f"Cite as: {cited}", colophon.text(entries)]
    made_from = [freshness.state(app), app.config.html_baseurl, settings, imprint]
    art = [Path(root, app.config.typst_cover).read_bytes()] if app.config.typst_cover else []
    made_with = b"".join([*(path.read_bytes() for path in MACHINERY), *art])
    stamp = hashlib.sha256(json.dumps(made_from, default=str).encode() + made_with).hexdigest()
    session(app).printing = tasks = ParallelTasks(1) if parallel_available else SerialTasks()
    if all(path.exists() for path in paths) and mark.exists() and mark.read_text("utf-8") == stamp:
        return
    app.config.typst_date = entries["committed"]
    app.config.typst_commit = entries["commit"]
    app.config.typst_cite = cited
    app.config.typst_imprint = [*app.config.typst_imprint, *imprint]
    mark.unlink(missing_ok=True)

    def set_pdf(folder):
        try:
            build_pdf(app, folder)
        except (BookError, PrintError) as error:
            return error
        return None

    def note(folder, error):
        if error:  # raised here it would be lost among the tasks
            session(app).misprints.append(error)
        else:
            mark.write_text(stamp, "utf-8")

    tasks.add_task(set_pdf, paths[0].parent, note)


def end(app: Sphinx, exception: Exception | None) -> None:
    """Wait for the PDFs and lay them beside the pages."""
    if app.builder.name != "html" or not app.config.press_pdf:
        return
    started = time.perf_counter()
    if exception:
        if session(app).printing:
            session(app).printing.terminate()
            setting.renew()
        return
    if session(app).printing is None:  # no page had to be written
        begin(app, app.builder)
    session(app).printing.join()
    for error in session(app).misprints:
        raise error
    paths, folder = pdf_paths(app), Path(app.srcdir) / "_build" / "pdf"
    laid = [Path(app.outdir) / path.relative_to(folder) for path in paths]
    for path, copy in zip(paths, laid, strict=True):
        copy.parent.mkdir(exist_ok=True)
        published.copy_if_changed(path, copy)
    for name in app.config.typst_briefs:
        for left in set(Path(app.outdir, name).glob("*.pdf")) - set(laid):
            left.unlink()  # the brief of a page that is no more
    app.config.press_stages["PDF"] = time.perf_counter() - started


def pdf_paths(app: Sphinx) -> list[Path]:
    """Return the paths of the PDFs, that of the book first, those of the briefs last."""
    return [Path(app.srcdir) / "_build" / "pdf" / name for name in filenames(app.config, app.env.found_docs)]
