"""How to cite the book, a chapter and an exhibit: as text in the style of the APA, as BibTeX and as RIS.

    ```{cite-book}```     the citation of the book, on the page about it; with ``:short:`` the text and what the book was
                          built from, and for BibTeX and RIS the files alone

Who wrote what and when stands in ``CITATION.cff`` alone. Chapters and annexes get a fold "Cite this chapter" at their
end, exhibits the lines in their fold "Cite and reuse"; the files for reference managers lie in ``cite/`` of the site.
Addresses are given once ``html_baseurl`` says where the site is.

Not here: the works that the book cites (``press.page.bibliography``).
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from press import notation
from press.page import colophon
from press.published import write_if_changed
from press.session import memory, session

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

FILE = "CITATION.cff"
FOLDER = "cite"
# Kinds of reference of the RIS format.
RIS = {"book": "BOOK", "chapter": "CHAP", "annex": "CHAP", "figure": "FIGURE", "table": "CHART"}


@dataclass(frozen=True)
class Work:
    """What is cited: the book or a part of it.

    Attributes
    ----------
    key : str
        Name of its files and, for reference managers, of the work.
    kind : str
        ``book``, ``chapter``, ``annex``, ``figure`` or ``table``.
    title, number, address : str
        The number is that of the chapter, annex or exhibit, empty where an exhibit has none; the address is empty
        while the site has none.
    book, year, edition : str
    authors, persons : tuple of str
        All names as lists give them, and those that are names of persons.
    """

    key: str
    kind: str
    title: str
    number: str
    address: str
    book: str
    authors: tuple
    persons: tuple
    year: str
    edition: str

    @property
    def part(self) -> str:
        """The part in words, such as ``Figure 1.3``."""
        return f"{self.kind.capitalize()} {self.number}".strip()

    def apa(self, emphasise: Callable[[str], str] = str) -> str:
        """Write the citation as text.

        Parameters
        ----------
        emphasise : callable
            Sets the title of the book apart.

        Returns
        -------
        str
        """
        *others, last = self.authors
        names = f"{', '.join(others)}, & {last}" if others else last
        head = f"{names.removesuffix('.')}. ({self.year})."
        if self.kind == "book":
            text = f"{head} {emphasise(self.book)} (Edition {self.edition})."
        else:
            stop = "" if self.title.endswith(("?", "!")) else "."
            text = f"{head} {self.title}{stop} In {emphasise(self.book)} (Edition {self.edition}, {self.part})."
        return f"{text} {self.address}".strip()

    def bibtex(self) -> str:
        """Write an entry for BibTeX.

        Returns
        -------
        str
        """
        where = f"Edition {self.edition}"
        if self.kind != "book":
            where = f"{self.part} in: {self.book}, edition {self.edition}"
        # In braces BibTeX takes a name as it stands: it would see surnames in "Ministry of Education".
        authors = [name if name in self.persons else f"{{{name}}}" for name in self.authors]
        fields = {"author": " and ".join(authors), "title": f"{{{self.title}}}"}
        fields = {name: re.sub(r"([%&#$_])", r"\\\1", text) for name, text in {**fields, "howpublished": where}.items()}
        fields |= {"year": self.year} | ({"url": self.address} if self.address else {})
        # A booklet is what BibTeX calls a work without a publishing house.
        lines = ",\n".join(f"  {name} = {{{text}}}" for name, text in fields.items())
        return f"@{'booklet' if self.kind == 'book' else 'misc'}{{{self.key},\n{lines}\n}}\n"

    def ris(self) -> str:
        """Write an entry for reference managers that read RIS, whose lines end as the format asks.

        Returns
        -------
        str
        """
        lines = [("TY", RIS[self.kind]), ("ID", self.key), *(("AU", name) for name in self.authors), ("TI", self.title)]
        if self.kind != "book":
            lines += [("T2", self.book), ("SE" if RIS[self.kind] == "CHAP" else "M1", self.part)]
        lines += [
            ("PY", self.year),
            ("ET", self.edition),
            *([("UR", self.address)] if self.address else []),
            ("ER", ""),
        ]
        return "".join(f"{tag}  - {text}\r\n" for tag, text in lines)

    def linked_authors(self) -> list[dict[str, str]]:
        """Write the authors as linked data.

        Returns
        -------
        list of dict
        """
        return [{"@type": "Person" if name in self.persons else "Organization", "name": name} for name in self.authors]


# For reference managers: suffix of the file, name, and what writes it.
FORMATS = (("bib", "BibTeX", Work.bibtex), ("ris", "RIS", Work.ris))


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("cite-book", CiteBookDirective)


def know(app: Sphinx) -> None:
    """Read who wrote the book before any page asks."""
    session(app).about = read(app.srcdir)


def read(root: Path) -> dict[str, Any]:
    """Read who wrote the book, as what, and when.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Returns
    -------
    dict
        The fields of a :class:`Work` that all parts of the book share.
    """
    entries = notation.read_yaml(FILE, (Path(root) / FILE).read_text("utf-8-sig"))
    persons = tuple(_person(entry) for entry in entries["authors"] if not entry.get("name"))
    authors = tuple(entry.get("name") or _person(entry) for entry in entries["authors"])
    year, edition = str(entries["date-released"])[:4], str(entries["version"])
    return {"book": entries["title"], "authors": authors, "persons": persons, "year": year, "edition": edition}


def _person(entry: dict[str, str]) -> str:
    """Name a person as lists do: "van Gogh, Vincent" or "Lee, Ann, Jr."."""
    family = " ".join(filter(None, [entry.get("name-particle"), entry["family-names"]]))
    return ", ".join(filter(None, [family, entry["given-names"], entry.get("name-suffix")]))


def book(app: Sphinx) -> Work:
    """Return the book as a work."""
    about = session(app).about
    return Work(app.config.typst_filename, "book", about["book"], "", app.config.html_baseurl, **about)


def chapter(app: Sphinx, page: str) -> Work | None:
    """Return a page as a work; nothing for a page without number."""
    number = app.env.toc_secnumbers.get(page, {}).get("")
    if not number:
        return None
    kind = "annex" if isinstance(number[0], str) else "chapter"
    title, key = app.env.titles[page].astext(), page.rpartition("/")[2]
    return Work(key, kind, title, str(number[0]), address(app, f"{page}.html"), **session(app).about)


def exhibit(app: Sphinx, metadata: dict[str, Any]) -> Work:
    """Return an exhibit as a work."""
    identifier = metadata["id"]
    page, _ = memory(app.env).homes[identifier]
    place = address(app, f"{page}.html#{identifier}")
    number = ".".join(map(str, number_of(app.env, metadata)))
    return Work(identifier, metadata["kind"], metadata["title"], number, place, **session(app).about)


def number_of(environment: BuildEnvironment, metadata: dict[str, Any]) -> tuple[int | str, ...]:
    """Return the number of an exhibit in its parts; none for a member of a collection.

    Parameters
    ----------
    environment : sphinx.environment.BuildEnvironment
        Once all pages are read.
    metadata : dict
        What was published of the exhibit.

    Returns
    -------
    tuple
    """
    if metadata.get("collection"):
        return ()
    page, _ = memory(environment).homes[metadata["id"]]
    return tuple(environment.toc_fignumbers[page][metadata["kind"]][metadata["id"]])


def address(app: Sphinx, path: str) -> str:
    """Return the address of a file of the site; nothing while the site has none."""
    base = app.config.html_baseurl
    return f"{base.rstrip('/')}/{path}" if base else ""


def as_html(work: Work, root: str) -> str:
    """Write a citation for a page: the text, and links to the files.

    Parameters
    ----------
    work : Work
    root : str
        Path from the page to the root of the site.

    Returns
    -------
    str
    """
    text = html.escape(work.apa(emphasise=lambda title: f"\0{title}\1")).replace("\0", "<em>").replace("\1", "</em>")
    key = html.escape(work.key)
    files = " ".join(f'<a href="{root}{FOLDER}/{key}.{suffix}" download>{name}</a>' for suffix, name, _ in FORMATS)
    return f'<p class="citation-text">{text}</p><p>For reference managers: {files}</p>'


class CiteBookDirective(SphinxDirective):
    """```{cite-book}```: how to cite the book."""

    option_spec = {"short": directives.flag}  # noqa: RUF012 - docutils reads a class attribute

    def run(self) -> list[nodes.Node]:
        """Return a place for the citation, which is filled when the page is written."""
        return [nodes.container(classes=["cite-book"], short="short" in self.options)]


def complete_page(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Write the citation of the book where it is asked for, and on the web that of the chapter at its end."""
    root = "../" * page.count("/")
    for container in doctree.findall(nodes.container):
        if "cite-book" in container["classes"]:
            work = book(app)
            on_web = app.builder.name == "html"
            shown = nodes.raw("", as_html(work, root), format="html") if on_web else nodes.paragraph("", work.apa())
            if container["short"]:
                built = nodes.raw("", f'<p class="edition">{colophon.EMPTY}</p>', format="html")
                container.extend([shown, built])
            else:
                container.extend([shown, *(copyable(name, write(work)) for _, name, write in FORMATS)])
    part = chapter(app, page)
    if part and app.builder.name == "html":
        # Lines of RIS end as reference managers ask; on a page they end as all others do.
        texts = (html.escape(write(part).replace("\r\n", "\n")) for _, _, write in FORMATS)
        content = as_html(part, root) + "".join(f"<pre>{text}</pre>" for text in texts)
        fold = f'<details class="cite-chapter"><summary>Cite this {part.kind}</summary>{content}</details>'
        doctree[doctree.first_child_matching_class(nodes.section)] += nodes.raw("", fold, format="html")


def copyable(name: str, text: str) -> nodes.container:
    """Return a citation in one of the formats, to be copied."""
    code = nodes.literal_block("", text.replace("\r\n", "\n"), language="text")
    return nodes.container("", nodes.paragraph("", "", nodes.strong("", name)), code)


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Lay the files for reference managers beside the pages."""
    if exception or app.builder.format != "html":
        return
    works = [book(app), *(chapter(app, page) for page in app.env.toc_secnumbers)]
    works += [exhibit(app, metadata) for metadata in session(app).published.exhibits.values()]
    folder = Path(app.outdir) / FOLDER
    kept = set()
    for work in filter(None, works):
        for suffix, _, write in FORMATS:
            path = folder / f"{work.key}.{suffix}"
            write_if_changed(path, write(work).encode())
            kept.add(path)
    for path in set(folder.glob("*")) - kept:
        path.unlink()
