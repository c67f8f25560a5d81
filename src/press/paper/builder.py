"""The book on paper: a Sphinx builder that writes one tagged PDF through Typst.

TeX is half a gigabyte and writes untagged files; the ``typst`` wheel compiles a book in seconds and needs only
pip. No published Sphinx builder for Typst works offline with this stack, hence this small one.

Not here: what is in the file (``translator``), its looks (``book.typ``), when it is set (``printing``).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.errors import ConfigError, NoUri
from sphinx.util import logging
from sphinx.util._pathlib import _StrPath
from sphinx.util.matching import Matcher
from sphinx.util.tags import Tags

from press.paper.code import PrintError, array, call, string
from press.paper.translator import Translator

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.config import Config

logger = logging.getLogger(__name__)

TEMPLATE = Path(__file__).with_name("book.typ")
TYPESETTER = Path(__file__).with_name("typesetter.py")
# Archivable and accessible: what libraries keep and what screen readers need.
PDF_STANDARDS = ["a-2a", "ua-1"]
IMAGE_TYPES = ["image/svg+xml", "image/png", "image/jpeg"]
# Outputs of notebooks, best for print first; myst-nb drops them for a builder of which it does not know.
OUTPUT_TYPES = [*IMAGE_TYPES, "text/markdown", "text/latex", "text/plain"]


class TypstBuilder(Builder):
    """Writes the whole book as one PDF, and the Typst source that it is made of beside it."""

    name = "typst"
    format = "typst"
    epilog = "The PDF is in %(outdir)s."
    supported_image_types = IMAGE_TYPES

    def init(self) -> None:
        """Read from the configuration what is not for print, and when the book was made."""
        self.web_only = Matcher(self.config.typst_web_only)
        self.date = _date(self.config)
        self.filename = f"{self.config.typst_filename}.pdf"

    def get_outdated_docs(self) -> str:
        """One file holds all documents, so one change concerns the whole."""
        return "the book"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return a URI that :class:`Translator` understands: ``%`` and the name of the document."""
        if docname not in self.env.found_docs:
            raise NoUri(docname, typ)
        return f"%{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """Return the target's URI: in one file all are equally near."""
        return self.get_target_uri(to, typ)

    def write(
        self, build_docnames: Iterable[str] | None, updated_docnames: Iterable[str] = (), method: str = "update"
    ) -> None:
        """Translate all documents that the contents list, and compile them."""
        doctrees: dict[str, nodes.document] = {}
        self._resolve(self.config.root_doc, doctrees)
        translator = Translator(self, doctrees)
        body = translator.book()
        if translator.unlinked:
            logger.info("html_baseurl is not set: %d links to the web edition are words", translator.unlinked)
        source = Path(self.outdir) / "source"
        shutil.rmtree(source, ignore_errors=True)
        (source / "images").mkdir(parents=True)
        shutil.copy(TEMPLATE, source / TEMPLATE.name)
        sans = string(self.config.typst_sans) if self.config.typst_sans else "none"
        (source / "font.typ").write_text(f"#let font = {sans}\n", encoding="utf-8", newline="\n")
        if self.config.typst_cover:
            shutil.copy(Path(self.srcdir, self.config.typst_cover), source / "cover.typ")
        for file, name in self.images.items():
            shutil.copy(Path(self.srcdir) / file, source / "images" / name)
        main = source / f"{self.config.typst_filename}.typ"
        main.write_text(self._front() + "#{\n" + body + "\n}\n", encoding="utf-8", newline="\n")
        self._compile(main)

    def _resolve(self, docname, doctrees):
        """Collect the resolved doctrees of a document and of all beneath it."""
        doctree = self.env.get_doctree(docname)
        doctrees[docname] = doctree
        included = [name for toctree in doctree.findall(addnodes.toctree) for name in toctree["includefiles"]]
        if not self.web_only(docname):
            self.env.resolve_references(doctree, docname, self)
            for node in [n for n in doctree.findall(nodes.Element) if "only-web" in n["classes"]]:
                if node.parent is not None:
                    node.parent.remove(node)
            self.post_process_images(doctree)
        for name in included:
            if name not in doctrees:
                self._resolve(name, doctrees)

    def _front(self):
        config = self.config
        language, _, region = config.language.partition("_")
        authors = config.typst_authors or [config.author]
        named = {
            "title": string(config.typst_title or config.project),
            "subtitle": string(config.typst_subtitle),
            "authors": array(map(string, authors)),
            "keywords": array(map(string, config.typst_keywords)),
            "edition": string(config.typst_edition),
            "date": f"datetime(year: {self.date.year}, month: {self.date.month}, day: {self.date.day})",
            "commit": string(config.typst_commit),
            "licence": string(config.typst_licence),
            "imprint": array(map(string, config.typst_imprint)),
            "back": array(map(string, config.typst_back)),
            "web": string(config.html_baseurl),
            "language": string(language),
            "region": string(region) if region else "none",
        }
        art = ""
        if config.typst_cover:
            art, named["art"] = '#import "cover.typ": art\n', "art"
        return f'#import "{TEMPLATE.name}": *\n{art}#show: {call("book.with", **named)}\n'

    def _compile(self, main):
        started = time.perf_counter()
        order = {
            "input": str(main),
            "root": str(main.parent),
            "font_paths": [str(Path(self.srcdir, folder)) for folder in self.config.typst_font_paths],
            "ignore_system_fonts": True,
            "pdf_standards": PDF_STANDARDS,
        }
        # -P: beside that script lie modules of the names of those that it imports.
        command = [sys.executable, "-P", str(TYPESETTER)]
        process = subprocess.run(command, input=json.dumps(order).encode(), capture_output=True, check=False)
        messages, pdf = process.stderr.decode(), process.stdout
        if process.returncode:
            raise PrintError(f"Typst cannot compile {main} (exit code {process.returncode}):\n{messages}")
        for message in dict.fromkeys(messages.splitlines()):
            logger.warning("Typst: %s", message, type="typst")
        (Path(self.outdir) / self.filename).write_bytes(pdf)
        logger.info("%s: %d kB in %.1f s", self.filename, len(pdf) / 1000, time.perf_counter() - started)

    def finish(self) -> None:
        """Nothing is left to do."""


def _date(config):
    """Return the date of the book, the same for the same source."""
    if config.typst_date:
        try:
            return datetime.fromisoformat(config.typst_date)
        except ValueError as error:
            raise ConfigError(f"typst_date is {config.typst_date!r}; expected a date such as 2026-11-24") from error
    if "SOURCE_DATE_EPOCH" in os.environ:
        return datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
    raise ConfigError("the PDF needs its date from typst_date or SOURCE_DATE_EPOCH: same source, same bytes")


def build_pdf(app: Sphinx, outdir: Path) -> Path:
    """Write the PDF from what another builder has just read, without reading again.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The application after its build.
    outdir : path-like
        Where the PDF goes.

    Returns
    -------
    pathlib.Path
        The PDF.
    """
    reader, tags = app.builder, app.tags
    # Post-transforms and ``only`` blocks ask the application which builder and tags are at work.
    other = {reader.name, reader.format, f"builder_{reader.name}", f"format_{reader.format}"}
    app.tags = Tags([tag for tag in tags if tag not in other])
    builder = cast(TypstBuilder, app.registry.create_builder(app, TypstBuilder.name, app.env))
    builder.outdir = _StrPath(outdir)
    builder.outdir.mkdir(parents=True, exist_ok=True)
    app.builder = builder
    try:
        builder.init()
        builder.write(None)
    finally:
        app.builder, app.tags = reader, tags
    return Path(outdir, builder.filename)


def prefer_print(app: Sphinx, config: Config) -> None:
    """Tell myst-nb which form of a notebook's output is best in print."""
    if "nb_mime_priority_overrides" in config:
        own = [(TypstBuilder.name, kind, rank) for rank, kind in enumerate(OUTPUT_TYPES, start=1)]
        config.nb_mime_priority_overrides = [*config.nb_mime_priority_overrides, *own]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the builder and its configuration with Sphinx."""
    app.add_builder(TypstBuilder)
    # None of these changes what is read, so that changing one does not read the book again.
    for name, default in {
        "typst_filename": "book",  # of the PDF, without suffix
        "typst_title": "",  # the project's when empty
        "typst_subtitle": "",
        "typst_authors": [],  # the project's author when empty
        "typst_keywords": [],
        "typst_edition": "",
        "typst_date": "",  # ISO 8601; SOURCE_DATE_EPOCH when empty
        "typst_commit": "",
        "typst_licence": "",
        "typst_imprint": [],  # paragraphs on the page after the cover
        "typst_back": [],  # paragraphs on the back cover, which is left out without any
        "typst_web_only": [],  # patterns of document names
        "typst_font_paths": [],  # folders of fonts, relative to the book
        "typst_sans": "",  # the font of headings, exhibits and tables; that of the text when empty
        "typst_cover": "",  # a Typst file that defines `art`, the picture of the cover
    }.items():
        app.add_config_value(name, default, "")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
