"""The PDF must say what the web says, lose nothing unseen, and be usable by everyone."""

import json
import re
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
import typst
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util.docutils import docutils_namespace

from press.errors import BookError
from press.paper.builder import build_pdf
from press.paper.code import PrintError, string
from press.paper.formulas import formula
from press.paper.tables import column, grid

# Jupyter Book, once another test of this process has loaded it, calls what docutils has deprecated.
pytestmark = [
    pytest.mark.builds,
    pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning"),
]

SETTINGS = {
    "extensions": ["myst_parser", "sphinxcontrib.bibtex", "press.paper.builder"],
    "project": "Test book",
    "language": "en",
    "bibtex_bibfiles": ["references.bib"],
    "bibtex_reference_style": "author_year",
    "myst_enable_extensions": ["colon_fence", "dollarmath"],
    "myst_heading_anchors": 2,
    "numfig": True,
    "numfig_format": {"figure": "Figure %s", "table": "Table %s"},
    "html_baseurl": "https://book.example/",
    "typst_filename": "test",
    "typst_subtitle": "A subtitle",
    "typst_authors": ["Ada Author", "Ben Author"],
    "typst_keywords": ["lights"],
    "typst_date": "2026-01-02",
    "typst_back": ["What the book is about."],
    "typst_web_only": ["explorer"],
}
INDEX = """
# Front page
```{toctree}
:caption: The report
:numbered:
one
two
```
```{toctree}
references
explorer
```
"""
ONE = r"""
(chapter-one)=
# First chapter
See {numref}`tall`, {numref}`long` and {doc}`two`; {cite:p}`rubin`; the [explorer](explorer.md).[^n] Again.[^n]

[^n]: The note at the foot.

## A section
$\hat{\theta} \le 1$ and `code`, 'single' -- "double" # $ * _ @x [y] ~ \\ {z} 5 % C++ //no comment

:::{container} only-web
ONLY WEB
:::
:::{container} only-print
ONLY PRINT
:::
<!-- RAW HTML -->

```{figure} tall.svg
:alt: What a tall chart shows
:name: tall

The tall one
```
"""
TWO = """
# Second chapter
```{csv-table} The long one
:name: long
:header: Country, Score, Label
:file: long.csv
```
```{csv-table} The wide one
:header-rows: 1
:file: wide.csv
```
"""
REFERENCES = "# References\n```{bibliography}\n```\n"
BIBLIOGRAPHY = """@book{rubin, author={Rubin, Donald}, title={Multiple imputation}, publisher={Wiley}, year={1987}}"""
TALL = """<svg xmlns="http://www.w3.org/2000/svg" width="400pt" height="3000pt" viewBox="0 0 400 3000">
<text x="10" y="40" font-size="40">TOPMOST</text><text x="10" y="2990" font-size="40">LOWEST</text></svg>"""


def write(folder, **files):
    """Write the source files of a small book."""
    long = "\n".join(f"Country {i},{i}.5,label {i}" for i in range(90))
    wide = "\n".join([",".join(f"Column{i}" for i in range(14)), ",".join(map(str, range(14)))])
    book = {"index.md": INDEX, "one.md": ONE, "two.md": TWO, "references.md": REFERENCES, "explorer.md": "# Explorer\n"}
    book |= {"references.bib": BIBLIOGRAPHY, "tall.svg": TALL, "long.csv": long, "wide.csv": wide}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (book | files).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def application(source, builder, **overrides):
    """Return a Sphinx application for a small book, and the stream of its warnings."""
    warnings = StringIO()
    output = source / "_build" / builder
    settings = {**SETTINGS, **overrides}
    app = Sphinx(source, None, output, source / "_build" / "trees", builder, settings, None, warnings, freshenv=True)
    return app, warnings


def print_book(source, **overrides):
    """Build the PDF of a small book and return its path."""
    with docutils_namespace():
        app, _ = application(source, "typst", **overrides)
        app.build()
    return Path(app.outdir) / "test.pdf"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Return the folder of a book of which both the web pages and, from them, the PDF have been built."""
    source = write(tmp_path_factory.mktemp("book"))
    with docutils_namespace():
        app, warnings = application(source, "html")
        app.build()
        build_pdf(app, source / "_build" / "pdf")
        assert app.builder.name == "html"
        assert "typst" not in app.tags
    (source / "warnings").write_text(warnings.getvalue())
    return source


@pytest.fixture(scope="module")
def pdf(book):
    """Return the PDF."""
    return PdfReader(book / "_build" / "pdf" / "test.pdf")


@pytest.fixture(scope="module")
def text(pdf):
    """Return the words of the PDF, with single spaces."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pdf.pages))


# -- text arrives as it is ---------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=20))
def test_typst_reads_any_text_as_it_was_written(texts):
    source = "".join(f"#metadata({string(text)})\n" for text in texts)
    assert json.loads(typst.query(source.encode(), "metadata", field="value")) == texts


def test_markup_characters_arrive_in_the_pdf(text):
    assert "# $ * _ @x [y] ~ \\ {z} 5 % C++ //no comment" in text


# -- web and print agree -----------------------------------------------------------------------------------


def test_numbers_are_those_of_the_web_pages(book, text):
    for page, numbered in {"one": ["h1", "h2", "figcaption"], "two": ["h1", "caption"]}.items():
        soup = BeautifulSoup((book / "_build/html" / f"{page}.html").read_text("utf-8"), "html.parser")
        for link in soup.select(".headerlink"):
            link.decompose()
        for element in soup.select_one("div.body").select(", ".join(numbered)):
            words = re.sub(r"\s+", " ", element.get_text()).strip()
            number, title = re.match(r"((?:Figure |Table )?[\d.]+?)\.? ([A-Z].*)", words).groups()
            assert f"{number} {title}" in text


def test_printing_after_the_web_pages_gives_the_bytes_of_printing_alone(book, tmp_path):
    # bibtex alters its entries whenever a page is resolved, and builders share images and tags.
    alone = print_book(write(tmp_path / "alone"))
    assert alone.read_bytes() == (book / "_build/pdf/test.pdf").read_bytes()


def test_an_entry_of_the_references_is_printed_once(text):
    assert text.count("Multiple imputation") == 1


def test_only_what_is_for_print_is_printed(text):
    assert "ONLY PRINT" in text
    assert "ONLY WEB" not in text
    assert "RAW HTML" not in text  # a comment of the author


def test_what_stands_beneath_a_figure_is_printed_after_its_title(tmp_path):
    # A rule that was meant for pages of one kind once dropped it from all other figures.
    figure = "```{figure} tall.svg\n:alt: a\n:name: tall\n\nThe title\n```"
    page = f"# T\n\n::::{{container}} exhibit\n{figure}\n\nNote: what stands beneath.\n::::\n"
    path = print_book(write(tmp_path, **{"index.md": page}))
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())
    text = re.sub("[-\u2010\u00ad] ", "", text)  # the margin is narrow, and divides words
    assert text.index("The title") < text.index("Note: what stands beneath.")


def test_a_footnote_referred_to_twice_is_printed_once(text):
    assert text.count("The note at the foot.") == 1


def test_a_page_of_the_web_alone_is_linked_to_and_not_printed(pdf, text):
    assert "https://book.example/explorer.html#explorer" in _uris(pdf) or (
        "https://book.example/explorer.html" in _uris(pdf)
    )
    assert text.count("Explorer") == 0


def test_a_link_to_what_is_not_printed_leads_to_the_web(tmp_path):
    page = """# T\n\n[there](#hidden)\n\n:::{container} only-web\n(hidden)=\n## Hidden\n:::\n"""
    page = page.replace("## Hidden", "```{figure} tall.svg\n:alt: a\n:name: hidden\n\nHidden\n```").replace(
        "(hidden)=\n", ""
    )
    path = print_book(write(tmp_path, **{"index.md": page}))
    front, *within, back = _uris(PdfReader(path))
    assert front == back == "https://book.example/"
    assert within == ["https://book.example/index.html#hidden"]


def test_links_to_the_web_are_words_while_it_has_no_address(tmp_path):
    path = print_book(write(tmp_path), html_baseurl="")
    assert not any("explorer" in uri for uri in _uris(PdfReader(path)))


def test_links_lead_to_pages_of_the_book(pdf):
    inward = [a for a in _annotations(pdf) if "/Dest" in a or a.get("/A", {}).get("/S") == "/GoTo"]
    # figure, table, chapter, citation, and the contents with five headings
    assert len(inward) >= 9


def _annotations(pdf):
    return [a.get_object() for page in pdf.pages for a in page.get("/Annots", [])]


def _uris(pdf):
    return [a["/A"]["/URI"] for a in _annotations(pdf) if "/URI" in a.get("/A", {})]


# -- the file is usable by everyone ------------------------------------------------------------------------


def test_the_file_says_what_it_is(pdf):
    assert pdf.metadata.title == "Test book"
    assert pdf.metadata.author == "Ada Author, Ben Author"
    assert pdf.metadata["/Keywords"] == "lights"
    assert pdf.metadata.creation_date_raw.startswith("D:20260102")
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    claims = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1<" in claims
    assert "<pdfaid:part>2<" in claims


def test_bookmarks_follow_parts_chapters_and_sections(pdf):
    def flat(items, depth=0):
        for item in items:
            if isinstance(item, list):
                yield from flat(item, depth + 1)
            else:
                yield depth, item.title

    assert list(flat(pdf.outline)) == [
        (0, "Contents"),
        (0, "Figures"),
        (0, "Tables"),
        (0, "Front page"),
        (0, "The report"),
        (1, "1 First chapter"),
        (2, "1.1 A section"),
        (1, "2 Second chapter"),
        (0, "References"),
    ]


def test_pictures_and_formulas_have_alternative_texts(pdf):
    alternatives = {}
    for element in _structure(pdf.trailer["/Root"]["/StructTreeRoot"]):
        alternatives.setdefault(element.get("/S"), []).append(element.get("/Alt"))
    assert alternatives["/Figure"] == ["What a tall chart shows"]
    assert alternatives["/Formula"] == [r"\hat{\theta} \le 1"]
    assert "/TH" in alternatives
    assert "/Caption" in alternatives


def _structure(element):
    children = element.get("/K", [])
    for child in (kid.get_object() for kid in (children if isinstance(children, list) else [children])):
        if isinstance(child, dict) and "/S" in child:
            yield child
            yield from _structure(child)


def test_each_chapter_opens_a_page(pdf):
    pages = [page.extract_text().strip() for page in pdf.pages]
    for title in ["First chapter", "Second chapter", "References"]:
        assert sum(re.match(rf"(The report\s+)?(\d\s+)?{title}\b", page) is not None for page in pages) == 1


def test_the_back_cover_is_the_last_page_and_has_no_number(pdf):
    page, *others = [page.extract_text() for page in reversed(pdf.pages)]
    assert "What the book is about." in page
    assert "https://book.example/" in page
    assert not re.search(r"^\d+$", page, re.M)
    assert not any("What the book is about." in other for other in others)


def test_a_long_table_repeats_its_header(pdf):
    pages = [page.extract_text() for page in pdf.pages]
    assert sum("Country" in page and "label" in page for page in pages) >= 2
    assert all("Score" in page for page in pages if "label 8" in page or "label 1" in page)


def test_a_wide_table_turns_the_page(pdf):
    (page,) = [page for page in pdf.pages if "Column13" in page.extract_text()]
    assert page.mediabox.width > page.mediabox.height


def test_a_term_never_stands_alone_at_the_foot_of_a_page(tmp_path):
    meaning = "What it means, in so many words that the entry has two lines on every page of the book. " * 2
    terms = "".join(f"TERM{i}\n: {meaning}\n\n  Another paragraph.\n\n" for i in range(60))
    extensions = [*SETTINGS["myst_enable_extensions"], "deflist"]
    source = write(tmp_path, **{"two.md": f"# Second chapter\n\n{terms}"})
    pages = [page.extract_text() for page in PdfReader(print_book(source, myst_enable_extensions=extensions)).pages]
    pages = [page for page in pages if "TERM" in page]
    assert len(pages) > 3
    # The last line is the number of the page.
    assert [page.splitlines()[-2:] for page in pages if "TERM" in "".join(page.splitlines()[-2:])] == []


def test_nothing_lies_outside_its_page(pdf):
    for page in pdf.pages:
        places = []

        def note(words, user, text, font, size, places=places):
            if words.strip():
                places.append((user[0] * text[4] + user[2] * text[5] + user[4], user[3] * text[5] + user[5], words))

        page.extract_text(visitor_text=note)
        for x, y, words in places:
            assert -1 <= x <= page.mediabox.width, words
            assert -1 <= y <= page.mediabox.height, words


def test_a_chart_taller_than_a_page_is_fitted_with_its_title(pdf):
    (page,) = [page for page in pdf.pages if "TOPMOST" in page.extract_text()]
    assert "LOWEST" in page.extract_text()
    assert "The tall one" in page.extract_text()


# -- what cannot be printed stops the build, with the place and the reason -----------------------------------


class unheard(nodes.General, nodes.Element):
    """A node of which print knows nothing."""


def test_an_unknown_node_is_not_dropped(tmp_path):
    def add(app, doctree, page):
        doctree[0].append(unheard())

    source = write(tmp_path, **{"index.md": "# Title\n"})
    with docutils_namespace():
        app, _ = application(source, "typst")
        app.connect("doctree-resolved", add)
        with pytest.raises(BookError, match=r"index\.md.*'unheard'"):
            app.build()


def test_a_table_too_wide_for_any_page_is_refused(tmp_path):
    wide = ",".join("Unbreakableword" for _ in range(14))
    with pytest.raises(BookError, match=r"two\.md:\d+: a table of 14 columns is too wide"):
        print_book(write(tmp_path, **{"wide.csv": f"{wide}\n{wide}\n"}))


def test_a_link_to_a_place_without_a_mark_is_no_dead_link(tmp_path):
    def add(app, doctree, page):
        row = next(doctree.findall(nodes.row))
        row["ids"] = ["row"]
        doctree[0].append(nodes.paragraph("", "", nodes.reference("", "to the row", refid="row")))

    source = write(tmp_path, **{"index.md": "# T\n\n| a |\n|---|\n| b |\n"})
    with docutils_namespace():
        app, _ = application(source, "typst")
        app.connect("doctree-resolved", add)
        with pytest.raises(PrintError, match="index#row"):
            app.build()


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("# T\n\n![](tall.svg)\n", r"index\.md:\d+: .*no alternative text"),
        ("# T\n\n![a](https://example.org/a.png)\n", r"not a file of the book"),
        ("# T\n\n$$\n\\unheard{x}\n$$\n", r"index\.md:\d+: cannot read the formula.*unheard"),
        ("# T\n\n:::{container} exhibit\nNothing\n:::\n", r"one figure or table, this one holds 0"),
    ],
)
def test_an_authors_mistake_is_named_with_its_line(tmp_path, page, message):
    with pytest.raises(BookError, match=message):
        print_book(write(tmp_path, **{"index.md": page}))


def test_a_book_without_a_date_is_not_printed(tmp_path, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    with pytest.raises(ConfigError, match="same source, same bytes"):
        print_book(write(tmp_path), typst_date="")


def test_a_wrong_date_is_named(tmp_path):
    with pytest.raises(ConfigError, match="'yesterday'"):
        print_book(write(tmp_path), typst_date="yesterday")


def test_nothing_is_warned_of(book):
    # A font that is missing, or a layout that does not settle, would otherwise show only on paper.
    assert "Typst" not in (book / "warnings").read_text()


# -- tables and formulas -----------------------------------------------------------------------------------


def _entry(text, **spans):
    return nodes.entry("", nodes.paragraph("", text), **spans)


def test_cells_beneath_a_span_keep_their_columns():
    rows = [
        nodes.row("", _entry("a", morerows=1), _entry("b", morecols=1)),
        nodes.row("", _entry("c"), _entry("d")),
        nodes.row("", _entry("e"), _entry("f"), _entry("g")),
    ]
    placed = [[(column, entry.astext()) for column, entry in row] for row in grid(rows, 3)]
    assert placed == [[(0, "a"), (1, "b")], [(1, "c"), (2, "d")], [(0, "e"), (1, "f"), (2, "g")]]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "−2.5*", "3 (0.4)"], "number"),
        (["1,234.5", "12 %", "–", ""], "number"),
        (["[1.2, 3.4]", "m", ".."], "number"),
        (["", "–"], "text"),
        (["2022", "not yet"], "text"),
        (["12 lights"], "text"),
        (["DE212", "AT13"], "text"),
    ],
)
def test_a_column_is_right_aligned_only_if_it_holds_numbers(cells, kind):
    rows = [nodes.row("", _entry("Head")), *(nodes.row("", _entry(cell)) for cell in cells)]
    assert column(grid(rows, 1), 0, 1)["kind"] == kind


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\frac{1}{R(1-k)^2}", r"frac(1, R \( 1 − k attach(\), t: 2))"),
        (r"\hat{\theta}_i", "attach(hat(θ), b: i)"),
        (r"\bar{x}", "overline(x)"),
        (r"\left(x\right)", r"lr(\( x \))"),
        (r"\text{SE} = \sqrt{V}", 'upright("SE") \\= sqrt(V)'),
        (r"\sum_{i=1}^n x_i", r"attach(∑, b: i \= 1, t: n) attach(x, b: i)"),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", r"lr(\( mat(delim: #none, 1, 2; 3, 4) \))"),
        (r"\begin{cases} 1 & x \\ 0 & y \end{cases}", r"lr(\{ mat(delim: #none, 1, x; 0, y))"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "a& \\= b \\ c& \\= d"),
    ],
)
def test_formulas_are_translated(latex, expected):
    translated = formula(ElementTree.fromstring(str(tex2mathml(latex, True))))
    assert translated == expected
    typst.compile(f"${translated}$".encode(), format="svg")
