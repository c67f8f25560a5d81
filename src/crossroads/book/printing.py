"""When the PDF is set: in a process of its own, beside the writing of the web pages.

Both are made from the same pages and write nothing that the other reads. The PDF is left as it is where it was set
from these very pages.

Not here: how it is set (``crossroads.book.typst``).
"""

import hashlib
import json
import time
from pathlib import Path

from sphinx.util.parallel import ParallelTasks, SerialTasks, parallel_available

from crossroads.book import citing, colophon, freshness, published, typst
from crossroads.book.errors import BookError


def setup(app):
    """Register events."""
    app.connect("builder-inited", prepare)
    app.connect("write-started", begin)
    app.connect("build-finished", end, priority=900)


def prepare(app):
    """Nothing is being printed yet."""
    app.crossroads_printing, app.crossroads_misprints = None, []


def begin(app, builder):
    """Begin to set the PDF, unless it is that of these pages already.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The application, once all pages have been read.
    builder : sphinx.builders.Builder
    """
    if builder.name != "html" or not app.config.crossroads_pdf:
        return
    root = Path(app.srcdir)
    path, mark = pdf_path(app), Path(app.doctreedir) / "printed"
    entries = colophon.read(root)
    settings = {name: getattr(app.config, name) for name in sorted(app.config.values) if name.startswith("typst_")}
    imprint = [f"Cite as: {citing.book(app).apa()}", colophon.text(entries)]
    made_from = [freshness.state(app), app.config.html_baseurl, settings, imprint]
    made_with = typst.TEMPLATE.read_bytes()
    stamp = hashlib.sha256(json.dumps(made_from, default=str).encode() + made_with).hexdigest()
    app.crossroads_printing = tasks = ParallelTasks(1) if parallel_available else SerialTasks()
    if path.exists() and mark.exists() and mark.read_text("utf-8") == stamp:
        return
    app.config.typst_date = entries["committed"]
    app.config.typst_commit = entries["commit"]
    app.config.typst_imprint = [*app.config.typst_imprint, *imprint]
    mark.unlink(missing_ok=True)

    def set_pdf(folder):
        try:
            typst.build_pdf(app, folder)
        except (BookError, typst.PrintError) as error:
            return error
        return None

    def note(folder, error):
        if error:  # raised here it would be lost among the tasks
            app.crossroads_misprints.append(error)
        else:
            mark.write_text(stamp, "utf-8")

    tasks.add_task(set_pdf, path.parent, note)


def end(app, exception):
    """Wait for the PDF and lay it beside the pages."""
    if app.builder.name != "html" or not app.config.crossroads_pdf:
        return
    started = time.perf_counter()
    if exception:
        if app.crossroads_printing:
            app.crossroads_printing.terminate()
        return
    if app.crossroads_printing is None:  # no page had to be written
        begin(app, app.builder)
    app.crossroads_printing.join()
    for error in app.crossroads_misprints:
        raise error
    path = pdf_path(app)
    published.copy_if_changed(path, Path(app.outdir) / path.name)
    app.config.crossroads_stages["PDF"] = time.perf_counter() - started


def pdf_path(app):
    """Return the path of the PDF."""
    return Path(app.srcdir) / "_build" / "pdf" / f"{app.config.typst_filename}.pdf"
