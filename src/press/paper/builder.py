"""The book on paper: a Sphinx builder that writes tagged PDFs through Typst, the book and its companion volumes.

TeX is half a gigabyte and writes untagged files; the ``typst`` wheel compiles a book in seconds and needs only
pip. No published Sphinx builder for Typst works offline with this stack, hence this small one.

Not here: what is in the file (``translator``), its looks (``book.typ``), when it is set (``printing``).
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import re
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from docutils import nodes
from sphinx.builders import Builder
from sphinx.errors import ConfigError, NoUri
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util._pathlib import _StrPath
from sphinx.util.matching import Matcher
from sphinx.util.tags import Tags

from press import published
from press.errors import BookError
from press.fresh import freshness
from press.paper import finishing, setting
from press.paper.briefs import Brief, briefs, take_apart
from press.paper.code import PrintError, array, call, string
from press.paper.translator import WITH_DATA, Translator
from press.session import memory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.config import Config

logger = logging.getLogger(__name__)

TEMPLATE = Path(__file__).with_name("book.typ")
# All that decides how a page becomes a PDF.
MACHINERY = sorted(path for path in Path(__file__).parent.iterdir() if path.suffix in (".py", ".typ"))
# Where the template lies among what is set: a volume may have any name.
FRAME = "frame"
# Archivable and accessible: what libraries keep and what screen readers need.
PDF_STANDARDS = ["a-2a", "ua-1"]
PAPERS = {"a4": "a4", "letter": "us-letter"}
MEND = "write it otherwise, or add a font that has it to typst_font_paths"
# Where the files of exhibits lie, from the root of the book.
DATA = "_build/published/exhibits"
IMAGE_TYPES = ["image/svg+xml", "image/png", "image/jpeg", "image/gif"]
# Outputs of notebooks, best for print first; myst-nb drops them for a builder of which it does not know.
OUTPUT_TYPES = [*IMAGE_TYPES, "text/markdown", "text/latex", "text/plain"]


class Volume(NamedTuple):
    """What is bound together: the book, or a companion volume that takes some of its pages."""

    filename: str
    title: str
    subtitle: str
    holds: Callable[[str], bool]
    indexed: bool = False


class Page(NamedTuple):
    """What is set of a volume: its file, and what only the translator knows of it."""

    main: Path
    places: dict[str, str]
    exhibits: dict[str, str]


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
        named = f"{config.typst_filename}-{name}.pdf", told["title"], told["subtitle"]
        companions.append(Volume(*named, held, told.get("index", False)))
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
        marks = {str(path.relative_to(source)): path.read_text("utf-8") for path in source.rglob("*.mark")}
        self._lay_out(source)
        unlinked, pages, compiled = 0, [], []
        # Side by side, as far as there are cores for it; each is computed by a process of its own, while the next is translated.
        with ThreadPoolExecutor(1 if setting.is_kept() else max(os.cpu_count() or 1, 1)) as pool:
            for volume in self.volumes:
                translator = Translator(self, doctrees, volume.holds, volume.indexed)
                body = translator.book()
                if not body:
                    raise ConfigError(
                        f"typst_volumes: no page that the contents list is in {volume.filename}; mend its pages"
                    )
                unlinked += translator.unlinked
                main = (source / volume.filename).with_suffix(".typ")
                main.write_text(self._front(volume) + "#{\n" + body + "\n}\n", encoding="utf-8", newline="\n")
                pages.append(Page(main, translator.places(), translator.exhibits))
                compiled.append(pool.submit(self._compile, pages[-1], marks, doctrees))
            for one in compiled:
                one.result()
        if self.briefs:
            unlinked += self._write_briefs(source, marks, doctrees)
        if self.config.typst_with_data:
            self._attach(
                pages[0].main, {name: said for page in reversed(pages) for name, said in page.exhibits.items()}
            )
        if unlinked:
            logger.info("html_baseurl is not set: %d links to the web edition are words", unlinked)

    def _write_briefs(self, source: Path, marks: dict[str, str], doctrees: dict[str, nodes.document]) -> int:
        """Translate and set the briefs, all by one process; returns how many links to the web edition are words."""
        started, unlinked = time.perf_counter(), 0
        with nullcontext() if setting.is_kept() else setting.kept():
            for brief in self.briefs:
                translator = Translator(self, doctrees, partial(_is, held=brief.docname))
                body = translator.brief(brief.docname, brief.foot, self.feet.get(brief.foot, []))
                unlinked += translator.unlinked
                main = (source / brief.filename).with_suffix(".typ")
                main.parent.mkdir(exist_ok=True)
                Path(self.outdir, brief.filename).parent.mkdir(exist_ok=True)
                front = self._brief_front(brief, doctrees)
                main.write_text(front + "#{\n" + body + "\n}\n", encoding="utf-8", newline="\n")
                self._compile(Page(main, translator.places(), translator.exhibits), marks, doctrees)
        logger.info("%d briefs in %.1f s", len(self.briefs), time.perf_counter() - started)
        return unlinked

    def _brief_front(self, brief: Brief, doctrees: dict[str, nodes.document]) -> str:
        """Return how the file of a brief begins: what it is, of which book and edition, and where it stands on the web."""
        config = self.config
        language, _none, region = config.language.partition("_")
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
        return f'#import "/{FRAME}/{TEMPLATE.name}": *\n#show: {call("brief.with", **named)}\n'

    def _typst_date(self) -> str:
        return f"datetime(year: {self.date.year}, month: {self.date.month}, day: {self.date.day})"

    def _lay_out(self, source):
        """Lay down all that volumes share."""
        shutil.rmtree(source, ignore_errors=True)
        (source / "images").mkdir(parents=True)
        frame = source / FRAME
        frame.mkdir()
        shutil.copy(TEMPLATE, frame / TEMPLATE.name)
        (frame / "font.typ").write_text(looks(self.config), encoding="utf-8", newline="\n")
        if self.config.typst_cover:
            cover = Path(self.srcdir, self.config.typst_cover)
            foreign = re.search(r'"@[\w-]+/', cover.read_text("utf-8"))
            if foreign:
                raise ConfigError(
                    f"typst_cover: {self.config.typst_cover} imports {foreign[0][1:]}..., but packages are off: a build asks no"
                    " other site; draw the cover without it"
                )
            shutil.copy(cover, frame / "cover.typ")
        for file, name in self.images.items():
            shutil.copy(Path(self.srcdir) / file, source / "images" / name)

    def _resolve(self, docname, doctrees):
        """Collect the resolved doctrees of a document and of all beneath it; what is not in print is read for its contents only."""
        included, printed = self.env.toctree_includes.get(docname, []), self._prints(docname)
        if not printed and not included:
            return
        if printed:
            doctrees[docname], self.feet[docname] = self._printed(docname)
            self.post_process_images(doctrees[docname])
        else:
            doctrees[docname] = self.env.get_doctree(docname)
        for name in included:
            if name not in doctrees:
                self._resolve(name, doctrees)

    def _printed(self, docname):
        """Return what of a document is in print, and its foot: as the last time, if it is made from the same."""
        if docname not in memory(self.env).frames:  # a builder for print alone looks for no frames
            return self._resolved(docname)
        path = Path(self.doctreedir, f"{docname}.printed")
        state = freshness.state(self.app, docname)
        if path.exists():
            with path.open("rb") as file:
                if pickle.load(file) == state:
                    return pickle.load(file)
        resolved = self._resolved(docname)
        picklable(resolved[0])
        published.write_if_changed(path, pickle.dumps(state) + pickle.dumps(resolved, pickle.HIGHEST_PROTOCOL))
        return resolved

    def _resolved(self, docname):
        doctree = self.env.get_doctree(docname)
        self.env.resolve_references(doctree, docname, self)
        for node in [n for n in doctree.findall(nodes.Element) if "only-web" in n["classes"]]:
            if node.parent is not None:
                node.parent.remove(node)
        return doctree, take_apart(doctree)

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
            art, named["art"] = f'#import "{FRAME}/cover.typ": art\n', "art"
        return f'#import "{FRAME}/{TEMPLATE.name}": *\n{art}#show: {call("book.with", **named)}\n'

    def _compile(self, page, marks, doctrees):
        """Set a volume, unless it was set from the same already."""
        started = time.perf_counter()
        source = Path(self.outdir) / "source"
        named, mark = page.main.relative_to(source), page.main.with_suffix(".mark")
        path, marked = Path(self.outdir) / named.with_suffix(".pdf"), marks.get(str(named.with_suffix(".mark")))
        made_from = self._made_from(page)
        if path.exists() and marked == f"{made_from} {_digest(path.read_bytes())}":
            mark.write_text(marked, "utf-8")
            return
        compiler = {
            "input": str(page.main),
            "root": str(source),
            "font_paths": [str(Path(self.srcdir, folder)) for folder in self.config.typst_font_paths],
            "ignore_system_fonts": True,
        }
        labels = "".join(f"{string(label)}, " for label in page.places)
        question = f"({labels}).map(name => (name, locate(label(name)).position()))"
        question += ".map(((name, place)) => (name, place.page, place.x.pt(), place.y.pt()))"
        told, pdf = setting.set_pages({"compiler": compiler, "standards": PDF_STANDARDS, "question": question})
        if "error" in told:
            raise self._refusal(page.main, told["error"], doctrees)
        for message in dict.fromkeys(told["warnings"]):
            logger.warning("Typst: %s", message, type="typst")
        places = {label: (number, x, y) for label, number, x, y in told["answer"]}
        pdf = finishing.finish(pdf, places, page.places, _("page"))
        path.write_bytes(pdf)
        mark.write_text(f"{made_from} {_digest(pdf)}", "utf-8")
        if named.parent == Path("."):  # briefs are told together
            logger.info("%s: %d kB in %.1f s", path.name, len(pdf) / 1000, time.perf_counter() - started)

    def _made_from(self, page):
        """Return the digest of all that decides what a volume looks like."""
        text = page.main.read_bytes()
        shown = {name for name in self.images.values() if f'"/images/{name}"'.encode() in text}
        fonts = [
            path for folder in self.config.typst_font_paths for path in sorted(Path(self.srcdir, folder).rglob("*.*"))
        ]
        source = Path(self.outdir) / "source"
        frame = sorted((source / FRAME).iterdir())
        files = [*(source / "images" / name for name in sorted(shown)), *frame, *MACHINERY, *fonts]
        made_with = [*(version(name) for name in ("typst", "pikepdf")), _("page"), *PDF_STANDARDS, repr(page.places)]
        return _digest(text, *(path.read_bytes() for path in files), *(part.encode() for part in made_with))

    def _attach(self, main, exhibits):
        """Write the variant of the book that carries the data of each exhibit, those of companion volumes too."""
        path, folder = Path(self.outdir) / f"{main.stem}.pdf", Path(self.srcdir, DATA)
        files = {folder / f"{name}.csv": said for name, said in exhibits.items()}
        data = finishing.with_data(path.read_bytes(), files, self.date)
        path.with_stem(f"{path.stem}{WITH_DATA}").write_bytes(data)

    def _refusal(self, main: Path, messages: str, doctrees: dict[str, nodes.document]) -> BookError | PrintError:
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
                        f"no font of the book has the character {missing[1]!r}; {MEND}",
                        f"{self.env.doc2path(name, base=False)}{line}",
                    )
            drawing = self._picture_with(missing[1])
            if drawing is not None:
                return BookError(
                    f"no font of the book has the character {missing[1]!r} of this drawing; {MEND}", drawing
                )
        wide = re.search(r'assertion failed: the formula ("(?:[^"\\]|\\.)*") (is wider than the page; .+)', messages)
        if wide:
            begins = json.loads(wide[1])
            name, line = next(
                (name, line) for name in doctrees if (line := _line_of(begins, doctrees[name])) is not None
            )
            said = f"the formula {' '.join(begins.split())!r} {wide[2]}"
            return BookError(said, f"{self.env.doc2path(name, base=False)}{line}")
        where = f", in what {self.env.doc2path(page, base=False)} is printed as" if page else ""
        return PrintError(f"Typst cannot compile {main}{where}:\n{messages}")

    def _picture_with(self, text: str) -> str | None:
        """Return the drawing whose lettering holds a text, or None."""
        for file in sorted(self.images):
            if file.endswith(".svg") and text in Path(self.srcdir, file).read_text("utf-8"):
                return file
        return None

    def _prints(self, docname: str) -> bool:
        return any(volume.holds(docname) for volume in self.volumes)

    def finish(self) -> None:
        """Nothing is left to do."""


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


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


def picklable(doctree: nodes.document) -> None:
    """Take out of a document what cannot be written, as Sphinx does with those that it has read."""
    doctree.reporter = doctree.transformer = cast(Any, None)
    doctree.settings = doctree.settings.copy()
    doctree.settings.warning_stream = doctree.settings.env = doctree.settings.record_dependencies = None


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
    return [Path(outdir, name) for name in filenames(app.config, app.env.found_docs)]


def filenames(config: Config, docnames: Iterable[str]) -> list[str]:
    """Return the names of all files that are written, that of the book first, those of the briefs last."""
    names = [volume.filename for volume in volumes(config)]
    with_data = [Path(names[0]).stem + WITH_DATA + ".pdf"] if config.typst_with_data else []
    return [*names, *with_data, *(brief.filename for brief in briefs(config, docnames))]


def _is(docname: str, held: str) -> bool:
    return docname == held


def looks(config: Config) -> str:
    """Return what the template asks of the configuration: its font and its paper, as the file ``font.typ`` beside it."""
    sans = string(config.typst_sans) if config.typst_sans else "none"
    return f"#let font = {sans}\n#let paper = {string(_paper(config))}\n"


def _paper(config: Config) -> str:
    """Return the paper as Typst names it."""
    if config.typst_paper not in PAPERS:
        raise ConfigError(f"typst_paper is {config.typst_paper!r}; expected {' or '.join(PAPERS)}")
    return PAPERS[config.typst_paper]


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
        "typst_with_data": False,  # the book a second time, with the data of its exhibits attached
        "typst_font_paths": [],  # folders of fonts, relative to the book
        "typst_sans": "",  # the font of headings, exhibits and tables; that of the text when empty
        "typst_cover": "",  # a Typst file that defines `art`, the picture of the cover
    }.items():
        app.add_config_value(name, default, "")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
