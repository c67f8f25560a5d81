"""The book on paper: a Sphinx builder that writes tagged PDFs through Typst, the book and its companion volumes.

TeX is half a gigabyte and writes untagged files; the ``typst`` wheel compiles a book in seconds and needs only
pip. No published Sphinx builder for Typst works offline with this stack, hence this small one.

Not here: what is in the file (``translator``), its looks (``book.typ``), when it is set (``printing``).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.errors import ConfigError, NoUri
from sphinx.util import logging
from sphinx.util._pathlib import _StrPath
from sphinx.util.matching import Matcher
from sphinx.util.tags import Tags

from press.errors import BookError
from press.paper.briefs import Brief, briefs, take_apart
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
PAPERS = {"a4": "a4", "letter": "us-letter"}
IMAGE_TYPES = ["image/svg+xml", "image/png", "image/jpeg"]
# Outputs of notebooks, best for print first; myst-nb drops them for a builder of which it does not know.
OUTPUT_TYPES = [*IMAGE_TYPES, "text/markdown", "text/latex", "text/plain"]


class Volume(NamedTuple):
    """What is bound together: the book, or a companion volume that takes some of its pages."""

    filename: str
    title: str
    subtitle: str
    holds: Callable[[str], bool]
    index: bool = False


def volumes(config: Config) -> list[Volume]:
    """Return the volumes that the configuration asks for, the book first.

    Parameters
    ----------
    config : sphinx.config.Config
        With ``typst_volumes``: for each companion volume its name, and under it ``title``, ``subtitle`` and ``pages``,
        patterns of names of documents. The book holds what is in the ``pages`` of no companion and not only for the web.
        A companion may have, by ``also``, pages that the book keeps as well, and by ``index`` an index of its own.

    Raises
    ------
    sphinx.errors.ConfigError
        If a volume lacks one of these or has another.
    """
    web_only, taken, companions = Matcher(config.typst_web_only), [], []
    for name, told in config.typst_volumes.items():
        if set(told) - {"also", "index"} != {"title", "subtitle", "pages"}:
            raise ConfigError(
                f"typst_volumes: {name} has {', '.join(told) or 'nothing'}; expected title, subtitle and pages"
            )
        taken.append(Matcher(told["pages"]))
        held = partial(_holds, web_only=web_only, pages=Matcher([*told["pages"], *told.get("also", [])]))
        companions.append(
            Volume(
                f"{config.typst_filename}-{name}.pdf", told["title"], told["subtitle"], held, told.get("index", False)
            )
        )
    rest = partial(_left, web_only=web_only, taken=taken)
    title = config.typst_title or config.project
    book = Volume(f"{config.typst_filename}.pdf", title, config.typst_subtitle, rest, config.typst_index)
    return [book, *companions]


def _holds(docname: str, web_only: Matcher, pages: Matcher) -> bool:
    return pages(docname) and not web_only(docname)


def _left(docname: str, web_only: Matcher, taken: list[Matcher]) -> bool:
    return not web_only(docname) and not any(pages(docname) for pages in taken)


class TypstBuilder(Builder):
    """Writes a PDF for each volume, and the Typst source that it is made of beside it."""

    name = "typst"
    format = "typst"
    epilog = "The PDF is in %(outdir)s."
    supported_image_types = IMAGE_TYPES

    def init(self) -> None:
        """Read from the configuration what is bound where, and when the book was made."""
        self.volumes = volumes(self.config)
        self.briefs = briefs(self.config, self.env.found_docs)
        self.feet: dict[str, list[nodes.Element]] = {}
        self.date = _date(self.config)

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
        """Translate all documents that the contents list, and compile the volumes."""
        doctrees: dict[str, nodes.document] = {}
        self._resolve(self.config.root_doc, doctrees)
        source = Path(self.outdir) / "source"
        shutil.rmtree(source, ignore_errors=True)
        (source / "images").mkdir(parents=True)
        shutil.copy(TEMPLATE, source / TEMPLATE.name)
        sans = string(self.config.typst_sans) if self.config.typst_sans else "none"
        looks = f"#let font = {sans}\n#let paper = {string(_paper(self.config))}\n"
        (source / "font.typ").write_text(looks, encoding="utf-8", newline="\n")
        if self.config.typst_cover:
            shutil.copy(Path(self.srcdir, self.config.typst_cover), source / "cover.typ")
        for file, name in self.images.items():
            shutil.copy(Path(self.srcdir) / file, source / "images" / name)
        unlinked = 0
        for volume in self.volumes:
            translator = Translator(self, doctrees, volume.holds, volume.index)
            body = translator.book()
            if not body:
                raise ConfigError(
                    f"typst_volumes: no page that the contents list is in {volume.filename}; mend its pages"
                )
            unlinked += translator.unlinked
            main = (source / volume.filename).with_suffix(".typ")
            main.write_text(self._front(volume) + "#{\n" + body + "\n}\n", encoding="utf-8", newline="\n")
            self._compile(main, doctrees)
        if self.briefs:
            unlinked += self._write_briefs(source, doctrees)
        if unlinked:
            logger.info("html_baseurl is not set: %d links to the web edition are words", unlinked)

    def _write_briefs(self, source: Path, doctrees: dict[str, nodes.document]) -> int:
        """Translate and compile the briefs; returns how many of their links lead to the web edition in vain."""
        started, unlinked, order = time.perf_counter(), 0, []
        for brief in self.briefs:
            translator = Translator(self, doctrees, lambda name, held=brief.docname: name == held)
            body = translator.brief(brief.docname, brief.foot, self.feet.get(brief.foot, []))
            unlinked += translator.unlinked
            main = (source / brief.filename).with_suffix(".typ")
            main.parent.mkdir(exist_ok=True)
            main.write_text(
                self._brief_front(brief, doctrees) + "#{\n" + body + "\n}\n", encoding="utf-8", newline="\n"
            )
            path = Path(self.outdir, brief.filename)
            path.parent.mkdir(exist_ok=True)
            order.append({"input": str(main), "output": str(path)})
        messages, _, code = self._typeset(source, many=order)
        if code:
            failed = messages.partition("\n")[0]  # the typesetter names it first
            raise self._refusal(Path(failed), messages, doctrees, code)
        logger.info("%d briefs in %.1f s", len(order), time.perf_counter() - started)
        return unlinked

    def _brief_front(self, brief: Brief, doctrees: dict[str, nodes.document]) -> str:
        """Return how the file of a brief begins: what it is, of which book and edition, and where it stands on the web."""
        config = self.config
        language, _, region = config.language.partition("_")
        base = config.html_baseurl.rstrip("/")
        title = next(doctrees[brief.docname].findall(nodes.title)).astext()
        named = {
            "title": string(title),
            "book-title": string(config.typst_title or config.project),
            "authors": array(map(string, config.typst_authors or [config.author])),
            "keywords": array(map(string, config.typst_keywords)),
            "edition": string(config.typst_edition),
            "cite": string(config.typst_cite),
            "licence": string(config.typst_licence),
            "address": string(f"{base}/{brief.docname}.html" if base else ""),
            "date": self._typst_date(),
            "language": string(language),
            "region": string(region) if region else "none",
        }
        return f'#import "/{TEMPLATE.name}": *\n#show: {call("brief.with", **named)}\n'

    def _typst_date(self) -> str:
        return f"datetime(year: {self.date.year}, month: {self.date.month}, day: {self.date.day})"

    def _resolve(self, docname, doctrees):
        """Collect the resolved doctrees of a document and of all beneath it."""
        doctree = self.env.get_doctree(docname)
        doctrees[docname] = doctree
        included = [name for toctree in doctree.findall(addnodes.toctree) for name in toctree["includefiles"]]
        if any(volume.holds(docname) for volume in self.volumes):
            self.env.resolve_references(doctree, docname, self)
            for node in [n for n in doctree.findall(nodes.Element) if "only-web" in n["classes"]]:
                if node.parent is not None:
                    node.parent.remove(node)
            self.feet[docname] = take_apart(doctree)
            self.post_process_images(doctree)
        for name in included:
            if name not in doctrees:
                self._resolve(name, doctrees)

    def _front(self, volume):
        config = self.config
        language, _, region = config.language.partition("_")
        authors = config.typst_authors or [config.author]
        named = {
            "title": string(volume.title),
            "subtitle": string(volume.subtitle),
            "authors": array(map(string, authors)),
            "keywords": array(map(string, config.typst_keywords)),
            "edition": string(config.typst_edition),
            "date": self._typst_date(),
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

    def _compile(self, main, doctrees):
        started = time.perf_counter()
        messages, pdf, code = self._typeset(main.parent, input=str(main))
        if code:
            raise self._refusal(main, messages, doctrees, code)
        for message in dict.fromkeys(messages.splitlines()):
            logger.warning("Typst: %s", message, type="typst")
        path = Path(self.outdir) / f"{main.stem}.pdf"
        path.write_bytes(pdf)
        logger.info("%s: %d kB in %.1f s", path.name, len(pdf) / 1000, time.perf_counter() - started)

    def _typeset(self, root: Path, **work: Any) -> tuple[str, bytes, int]:
        """Have Typst compile one file, or many, in a process of its own; returns its messages, the PDF and its exit code."""
        order = {
            **work,
            "root": str(root),
            "font_paths": [str(Path(self.srcdir, folder)) for folder in self.config.typst_font_paths],
            "ignore_system_fonts": True,
            "pdf_standards": PDF_STANDARDS,
        }
        # -P: beside that script lie modules of the names of those that it imports.
        command = [sys.executable, "-P", str(TYPESETTER)]
        process = subprocess.run(command, input=json.dumps(order).encode(), capture_output=True, check=False)
        return process.stderr.decode(), process.stdout, process.returncode

    def _refusal(
        self, main: Path, messages: str, doctrees: dict[str, nodes.document], code: int
    ) -> BookError | PrintError:
        """Return Typst's refusal as an error that names the page that it comes from, and its line where that is known."""
        lines = main.read_text("utf-8").split("\n")
        found = re.search(rf"{re.escape(main.name)}:(\d+):\d+", messages)
        above = lines[: int(found[1])] if found else []
        page = next((line[3:] for line in reversed(above) if line.startswith("// ") and line[3:] in doctrees), "")
        missing = re.search(r'the text `"(.+?)"` could not be displayed with font', messages)
        if missing:
            # Typst does not say where; a text that no page holds was computed, and is told as it is.
            pages = [page] if page else doctrees
            places = [(name, _line_of(missing[1], doctrees[name])) for name in pages if self._prints(name)]
            for name, line in places:
                if line is not None:
                    return BookError(
                        f"no font of the book has the character {missing[1]!r}; write it otherwise, or add a font that has it"
                        " to typst_font_paths",
                        f"{self.env.doc2path(name, base=False)}{line}",
                    )
        where = f", in what {self.env.doc2path(page, base=False)} is printed as" if page else ""
        return PrintError(f"Typst cannot compile {main}{where} (exit code {code}):\n{messages}")

    def _prints(self, docname: str) -> bool:
        return any(volume.holds(docname) for volume in self.volumes)

    def finish(self) -> None:
        """Nothing is left to do."""


def _line_of(text: str, doctree: nodes.document) -> str | None:
    """Return where a text stands on its page, as ``:line``, empty where no node knows it; None where it does not."""
    found = None
    for node in doctree.findall(nodes.Text):
        around: Any = node.parent if text in node else None
        found = "" if around is not None else found
        while around is not None:
            if around.line:
                return f":{around.line}"
            around = around.parent
    return found


def _paper(config: Config) -> str:
    """Return the paper as Typst names it."""
    if config.typst_paper not in PAPERS:
        raise ConfigError(f"typst_paper is {config.typst_paper!r}; expected {' or '.join(PAPERS)}")
    return PAPERS[config.typst_paper]


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


def build_pdf(app: Sphinx, outdir: Path) -> list[Path]:
    """Write the PDF of each volume from what another builder has just read, without reading again.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The application after its build.
    outdir : path-like
        Where they go.

    Returns
    -------
    list of pathlib.Path
        The PDFs, that of the book first.
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
    return [Path(outdir, volume.filename) for volume in builder.volumes]


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
        "typst_paper": "a4",  # or letter
        "typst_index": False,  # whether the book ends with an index
        "typst_briefs": {},  # PDFs of single pages: folder, and for each its pages (patterns) and the page of its foot
        "typst_cite": "",  # how the book is cited
        "typst_volumes": {},  # companion volumes: name, and for each its title, subtitle and pages (patterns)
        "typst_font_paths": [],  # folders of fonts, relative to the book
        "typst_sans": "",  # the font of headings, exhibits and tables; that of the text when empty
        "typst_cover": "",  # a Typst file that defines `art`, the picture of the cover
    }.items():
        app.add_config_value(name, default, "")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
