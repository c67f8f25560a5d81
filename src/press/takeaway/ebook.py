"""The book as an ePub 3, by Sphinx's own builder, from the doctrees that web and print are made of.

It holds the documents that print holds, in the order of the contents, and of each what print shows: parts for the web alone are
left out, and references to pages that are not here are addresses of the site, or words where it has none. Charts are
pictures in fixed colours with their alternative texts, formulas are MathML, and there is no script.

The package says what readers of screens can rely on, in the words of schema.org. Same content, same bytes.

Not here: when it is made (``press.takeaway.making``).
"""

from __future__ import annotations

import copy
import hashlib
import html
import json
import re
import shutil
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from lxml import etree
from sphinx import addnodes
from sphinx.builders.epub3 import Epub3Builder
from sphinx.util._pathlib import _StrPath
from sphinx.util.osutil import relative_uri
from sphinx.util.parallel import SerialTasks
from sphinx.util.tags import Tags
from sphinx_design.tabs import sd_tab_input, sd_tab_label

from press.errors import BookError
from press.fresh import freshness
from press.page import citing, colophon
from press.paper.builder import volumes
from press.published import write_if_changed
from press.session import session
from press.takeaway import content
from press.takeaway.look import CREATED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

HERE = Path(__file__).parent
COVER = "cover.png"
KEPT = "epub-pages"  # documents as they were made the last time, under the digest of what they are made from
IMPRINT = "imprint"
IDENTIFIER = re.compile(r'\sid="([^"]+)"')
# A link to a place in a document of the book.
PLACE = re.compile(r' href="((?!\w+:)[^"#]*)#([^"]+)"')
EXHIBIT = re.compile(r"exhibits/[\w-]+")
EMPTY = re.compile(rb"<path(?![^>]*\sd=)[^>]*/>")
DOCTYPE = re.compile(rb"<!DOCTYPE\b[^>]*>\s*")
OPF = "http://www.idpf.org/2007/opf"
DUBLIN = "http://purl.org/dc/elements/1.1/"
# A page at this many pixels an inch is about as wide as the largest readers.
RESOLUTION = 100
# Sections of a numbered page stand in the navigation; of others the page alone.
FEATURES = ("alternativeText", "MathML", "readingOrder", "structuralNavigation", "tableOfContents", "unlocked")
SUMMARY = (
    "Every chart has an alternative text that says what it shows, tables have headers, formulas are MathML, and headings and"
    " the table of contents follow the structure of the book."
)


# Where links to what is not here lead, until only their words are left. Without an address Sphinx would print the label.
ABSENT = "absent:"


class Ebook(Epub3Builder):
    """Sphinx's builder, for the documents that print holds."""

    def init(self) -> None:
        """Take over what the configuration says of print."""
        super().init()
        # Names of pictures may end in capitals, as cameras write them.
        pictures = {end.upper(): kind for end, kind in self.media_types.items() if kind.startswith("image/")}
        self.media_types = {**self.media_types, **pictures}
        self.bound = volumes(self.config)
        self.date = session(self.app).colophon["committed"]
        self.finish_tasks = SerialTasks()

    def holds(self, docname: str) -> bool:
        """Say whether a document is in the book."""
        return any(volume.holds(docname) for volume in self.bound)

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """Return the way from one document to another; to one that is not here its address on the site, if that has one."""
        if not self.holds(to):
            base = self.config.html_baseurl
            return f"{base.rstrip('/')}/{to}.html" if base else f"{ABSENT}{to}"
        return relative_uri(self.get_target_uri(from_), self.get_target_uri(to, typ))

    def get_doc_context(self, docname: str, body: str, metatags: str) -> dict[str, Any]:
        """Return what the template shows of a document."""
        return {"title": self.env.titles[docname].astext(), "body": body, "metatags": ""}

    def write_all(self, docnames: list[str], made_with: str) -> None:
        """Write the documents, those anew alone that are made from something else than the last time.

        Parameters
        ----------
        docnames : list of str
        made_with : str
            What all of them are made with.
        """
        self.prepare_writing(set(docnames))
        store, kept = Path(self.srcdir, "_build", KEPT), set()
        store.mkdir(parents=True, exist_ok=True)
        for docname in docnames:
            made_from = f"{made_with} {docname} {freshness.state(self.app, docname)}"
            path = store / f"{hashlib.sha256(made_from.encode()).hexdigest()[:32]}.json"
            kept.add(path)
            if not self.take(docname, path):
                pictures = self.write_one(docname)
                page = Path(self.get_outfilename(docname)).read_bytes().decode()
                write_if_changed(path, json.dumps({"pictures": pictures, "page": page}).encode())
        for path in set(store.iterdir()) - kept:
            path.unlink()

    def take(self, docname: str, path: Path) -> bool:
        """Take a document as it was made the last time, if its pictures have the names that they had."""
        if not path.exists():
            return False
        found = json.loads(path.read_bytes())
        if any(self.env.images.get(file, [None, None])[1] != name for file, name in found["pictures"].items()):
            return False
        self.images.update(found["pictures"])
        target = Path(self.get_outfilename(docname))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(found["page"].encode())
        return True

    def write_one(self, docname: str) -> dict[str, str]:
        """Write a document, without what is for the web alone; returns the names of its pictures by their files."""
        doctree = self.env.get_doctree(docname)
        for node in list(doctree.findall(addnodes.toctree)):
            node.parent.remove(node)
        self.env.resolve_references(doctree, docname, self)
        leave_words(doctree)
        strip(doctree)
        self.lead_to_the_web(doctree)
        others, self.images = self.images, {}
        self.write_doc_serialized(docname, doctree)
        self.write_doc(docname, doctree)
        try:
            etree.fromstring(Path(self.get_outfilename(docname)).read_bytes())
        except etree.XMLSyntaxError as error:
            raise BookError(
                f"the page cannot be in the ePub, where no reader would open it ({error.msg}); write what stands there otherwise",
                self.env.doc2path(docname, base=False),
            ) from None
        pictures, self.images = self.images, others | self.images
        return pictures

    def lead_to_the_web(self, doctree: nodes.document) -> None:
        """Make the pointer of each exhibit a link, where the site has an address."""
        base = self.config.html_baseurl.rstrip("/")
        for pointer in doctree.findall(nodes.paragraph):
            found = EXHIBIT.search(pointer.astext()) if "exhibit-permalink" in pointer["classes"] and base else None
            if found:
                before, name, after = pointer.astext().partition(found[0])
                link = nodes.reference("", name, refuri=f"{base}/{name}/")
                pointer.children = []
                pointer += [nodes.Text(before), link, nodes.Text(after)]

    def copy_static_files(self) -> None:
        """Lay the style sheet down, and no script."""
        static = Path(self.outdir, "_static")
        static.mkdir(parents=True, exist_ok=True)
        self.create_pygments_style_file()
        shutil.copy(HERE / "static" / "ebook.css", static)

    def copy_image_files(self) -> None:
        """Copy pictures; those in SVG without the outer document type, which no package may name, and lines of no length."""
        super().copy_image_files()
        for path in Path(self.outdir, self.imagedir).glob("*.svg"):
            path.write_bytes(EMPTY.sub(b"", DOCTYPE.sub(b"", path.read_bytes(), count=1)))

    def toc_metadata(self, level: int, navpoints: list[Any]) -> dict[str, Any]:
        """Return what the older table of contents says; it is of the book that the package names."""
        return {**super().toc_metadata(level, navpoints), "uid": self.config.epub_identifier}

    def get_toc(self) -> None:
        """List the documents as the contents order them, and the sections of those that have a number."""
        about = self.config
        self.refnodes = [_entry(1, f"{IMPRINT}.xhtml", about.epub_title)]
        for docname, level in _ordered(self.app, about.root_doc, 0):
            if not self.holds(docname):
                continue
            numbers = self.env.toc_secnumbers.get(docname, {})
            title = self.env.titles[docname].astext()
            address = self.get_target_uri(docname)
            self.refnodes.append(_entry(min(level, 2), address, _numbered(numbers.get(""), title)))
            if numbers.get(""):
                for anchor, name in _sections(self.env.tocs[docname]):
                    section = _numbered(numbers.get(anchor), name)
                    self.refnodes.append(_entry(2, f"{address}{self.fix_fragment('', anchor)}", section))

    def content_metadata(self) -> dict[str, Any]:
        """Return what the package says of the book; its date is that of the commit, not of today."""
        return {**super().content_metadata(), "date": f"{self.date}T00:00:00Z"}

    def mend_links(self) -> None:
        """Have links to places that are for the web alone lead to the documents in which these would be."""
        pages = {path: path.read_text("utf-8") for path in sorted(Path(self.outdir).rglob("*.xhtml"))}
        known = {path: set(IDENTIFIER.findall(text)) for path, text in pages.items()}
        for path, text in pages.items():

            def led(found: re.Match[str], path: Path = path) -> str:
                target = (path.parent / found[1]).resolve() if found[1] else path
                return found[0] if found[2] in known.get(target, ()) else f' href="{found[1] or path.name}"'

            write_if_changed(path, PLACE.sub(led, text).encode())

    def build_content(self) -> None:
        """Write the package, and say in it what Sphinx does not: which documents hold formulas, the cover, accessibility."""
        self.mend_links()
        super().build_content()
        path = Path(self.outdir, "content.opf")
        package = etree.fromstring(path.read_bytes())
        complete(package, Path(self.outdir), session(self.app).about["authors"])
        path.write_bytes(etree.tostring(package, xml_declaration=True, encoding="UTF-8"))

    def build_epub(self) -> None:
        """Write the container: its kind first and not compressed, all else in order, with the date that all files bear."""
        names = ["META-INF/container.xml", "content.opf", "toc.ncx", *sorted(self.files)]
        with zipfile.ZipFile(Path(self.outdir, f"{self.config.epub_basename}.epub"), "w") as package:
            for name in ["mimetype", *names]:
                entry = zipfile.ZipInfo(name, CREATED.timetuple()[:6])
                entry.external_attr = 0o644 << 16
                entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
                package.writestr(entry, Path(self.outdir, name).read_bytes())


def leave_words(doctree: nodes.document) -> None:
    """Leave of links to documents that are not here their words, such as a number or a title."""
    for link in list(doctree.findall(nodes.reference)):
        if str(link.get("refuri", "")).startswith(ABSENT):
            link.replace_self(link.children)


def complete(package: Any, folder: Path, authors: Sequence[str]) -> None:
    """Say in the package what Sphinx does not.

    Parameters
    ----------
    package : lxml.etree.Element
    folder : pathlib.Path
        Where the files are that it names.
    authors : sequence of str
    """
    for item in package.iter(f"{{{OPF}}}item"):
        file = folder / item.get("href")
        if item.get("href") == COVER:
            item.set("properties", "cover-image")
        elif item.get("properties") is None and file.suffix == ".xhtml" and b"<math" in file.read_bytes():
            item.set("properties", "mathml")
    for reference in package.iter(f"{{{OPF}}}reference"):
        if reference.get("type") == "toc":
            reference.set("href", "nav.xhtml")
    metadata = package.find(f"{{{OPF}}}metadata")
    for meta in list(metadata.iter(f"{{{OPF}}}meta")):
        if (meta.get("property") or "").startswith("ibooks:") and meta.get("property") != "ibooks:version":
            metadata.remove(meta)
    creator, publisher = (metadata.find(f"{{{DUBLIN}}}{name}") for name in ("creator", "publisher"))
    creator.text = publisher.text = authors[0]
    for author in reversed(authors[1:]):
        another = copy.deepcopy(creator)
        another.text = author
        creator.addnext(another)
    told = [("accessMode", "textual"), ("accessMode", "visual"), ("accessModeSufficient", "textual")]
    told += [("accessibilityFeature", feature) for feature in FEATURES]
    told += [("accessibilityHazard", "none"), ("accessibilitySummary", SUMMARY)]
    for name, text in told:
        etree.SubElement(metadata, f"{{{OPF}}}meta", property=f"schema:{name}").text = text


def strip(doctree: nodes.document) -> None:
    """Leave out what is for the web alone, as print does; tabs stand one below the other, and boxes of tasks are signs."""
    for node in list(doctree.findall(nodes.Element)):
        # The extension sets no parents.
        node.children = [_label(child) for child in node.children if not isinstance(child, sd_tab_input)]
        if isinstance(node, nodes.raw) and "task-list-item-checkbox" in node.astext():
            node.replace_self(nodes.Text("\u2611" if "checked" in node.astext() else "\u2610"))
        elif (isinstance(node, nodes.raw) or "only-web" in node.get("classes", ())) and node.parent is not None:
            node.parent.remove(node)


def _label(node: nodes.Node) -> nodes.Node:
    """Return the label of a tab as a line of its own, and any other node as it is."""
    return nodes.paragraph("", "", nodes.strong("", node.astext())) if isinstance(node, sd_tab_label) else node


def _ordered(app: Sphinx, page: str, level: int) -> Any:
    """Yield documents with their level, as the contents order them."""
    yield page, level
    for below in app.env.toctree_includes.get(page, []):
        yield from _ordered(app, below, level + 1)


def _entry(level: int, address: str, title: str) -> dict[str, Any]:
    return {"level": level, "refuri": html.escape(address), "text": html.escape(title)}


def _numbered(number: tuple[Any, ...] | None, title: str) -> str:
    return f"{'.'.join(map(str, number))}. {title}" if number else title


def _sections(contents: nodes.Element) -> list[tuple[str, str]]:
    """Return anchor and title of the sections of a document, the highest level alone."""
    (first,) = [item for item in contents.children if isinstance(item, nodes.list_item)][:1] or [None]
    found = []
    for listed in first.children if first is not None else ():
        for item in listed.children if isinstance(listed, nodes.bullet_list) else ():
            link = next(item.findall(nodes.reference), None) if isinstance(item, nodes.list_item) else None
            if link is not None and link.get("anchorname"):
                found.append((link["anchorname"], link.astext()))
    return found


def make(app: Sphinx, made_with: str = "") -> bytes:
    """Make the ePub from what another builder has just read.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        In a process of its own: its settings are changed.
    made_with : str, optional
        What all documents are made with, beside what each is made from: one is made anew where either has changed.

    Returns
    -------
    bytes
    """
    root, config = Path(app.srcdir), app.config
    folder = root / "_build" / "epub"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    entries, about = session(app).colophon, session(app).about
    _set(app, about)
    # What dresses web pages has nothing to do here.
    for event in ("html-page-context", "html-collect-pages"):
        app.events.listeners[event] = []
    app.registry.css_files, app.registry.js_files = [], []
    other = {app.builder.name, app.builder.format, f"builder_{app.builder.name}", f"format_{app.builder.format}"}
    app.tags = Tags([tag for tag in app.tags if tag not in other] + [Ebook.name])
    builder = cast(Ebook, Ebook(app, app.env))
    builder.outdir = _StrPath(folder)
    app.builder = builder
    builder.init()
    builder.copy_static_files()
    (folder / COVER).write_bytes(cover(app))
    pages = [page for page in content.in_order(app, config.root_doc) if builder.holds(page)]
    builder.write_all(pages, made_with)
    builder.handle_page(IMPRINT, {"title": config.epub_title, "body": imprint(app, entries), "metatags": ""})
    builder.finish()
    builder.finish_tasks.join()
    return (folder / f"{config.epub_basename}.epub").read_bytes()


def _set(app: Sphinx, about: dict[str, Any]) -> None:
    """Set what Sphinx's builder asks of the configuration, from what is said already."""
    config = app.config
    told = {
        "epub_basename": config.typst_filename,
        "epub_title": config.typst_title or config.project,
        "epub_author": ", ".join(about["authors"]),
        "epub_publisher": ", ".join(about["authors"]),
        "epub_contributor": about["authors"][0],
        "epub_description": config.typst_subtitle or config.project,
        "epub_copyright": config.typst_licence or config.copyright,
        "epub_language": config.language.replace("_", "-") or "en",
        "epub_identifier": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{config.html_baseurl} {config.project} {config.version}')}",
        "epub_uid": "BookId",
        "epub_cover": (COVER, "epub-cover.html"),
        "epub_tocscope": "includehidden",
        "epub_tocdup": False,
        "epub_tocdepth": 3,
        "epub_show_urls": "no",
        "epub_css_files": [],
        "epub_use_index": False,
        "epub_theme_options": {},
        "templates_path": [str(HERE / "templates")],
        "html_static_path": [],
        "html_css_files": [],
        "html_js_files": [],
        "html_favicon": None,
        "html_logo": None,
        "html_extra_path": [],
        "html_domain_indices": False,
        "html_context": {
            "cover_alt": f"Cover: {config.typst_title or config.project}. {config.typst_subtitle}".strip()
        },
    }
    for name, value in told.items():
        setattr(config, name, value)


def imprint(app: Sphinx, entries: dict[str, str]) -> str:
    """Write the page after the cover: what the book is, by whom, under which licence, and how to cite it."""
    config = app.config
    lines = [
        config.typst_subtitle, ", ".join(session(app).about["authors"]), config.typst_edition, config.typst_licence,
        *config.typst_imprint, f"Cite as: {citing.book(app).apa()}", colophon.text(entries), config.html_baseurl,
    ]  # fmt: skip
    # Print adds some of them to the configuration itself.
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in dict.fromkeys(lines) if line)
    return f'<section class="imprint"><h1>{html.escape(config.epub_title)}</h1>{paragraphs}</section>'


def cover(app: Sphinx) -> bytes:
    """Draw the cover: the first page of the book on paper, by the same template.

    Parameters
    ----------
    app : sphinx.application.Sphinx

    Returns
    -------
    bytes
        A PNG.
    """
    from press.paper.builder import TEMPLATE, looks

    config, root = app.config, Path(app.srcdir)
    folder = root / "_build" / "epub-cover"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(TEMPLATE, folder / TEMPLATE.name)
    (folder / "font.typ").write_text(looks(config), "utf-8")
    art = "none"
    lines = [f'#import "{TEMPLATE.name}": cover']
    if config.typst_cover:
        shutil.copy(root / config.typst_cover, folder / "cover.typ")
        lines.append('#import "cover.typ": art')
        art = "art"

    def text(entry: str) -> str:
        return json.dumps(entry, ensure_ascii=False)

    authors = ", ".join(map(text, config.typst_authors or [config.author])) + ","
    year, month, day = (int(part) for part in session(app).colophon["committed"].split("-"))
    lines.append(
        f"#cover({art}, {text(config.typst_title or config.project)}, {text(config.typst_subtitle)}, ({authors}),"
        f' {text(config.typst_edition)}, datetime(year: {year}, month: {month}, day: {day}), "", {text(config.typst_licence)})'
    )
    main = folder / "main.typ"
    main.write_text("\n".join(lines) + "\n", "utf-8")
    order = {
        "input": str(main), "root": str(folder), "ignore_system_fonts": True, "format": "png", "ppi": RESOLUTION,
        "font_paths": [str(root / path) for path in config.typst_font_paths],
    }  # fmt: skip
    # In an interpreter of its own: Typst's threads do not outlive a fork.
    script = "import json, sys, typst; sys.stdout.buffer.write(typst.compile(**json.load(sys.stdin)))"
    process = subprocess.run(
        [sys.executable, "-P", "-c", script], input=json.dumps(order).encode(), capture_output=True, check=False
    )
    if process.returncode:
        raise BookError(f"the cover cannot be drawn: {process.stderr.decode()[-600:]}", config.typst_cover)
    shutil.rmtree(folder)
    return process.stdout
