"""What a reader gets must not depend on the medium: web, paper, ePub, slides and workbooks hold the same exhibits and numbers.

The pages for the web alone are those that the configuration names.
"""

import csv
import io
import re
import zipfile
from collections import Counter

import articles
import epub as epub_files
import openpyxl
import pikepdf
import pytest
import yaml
from bs4 import BeautifulSoup
from pptx import Presentation
from sphinx.util.matching import Matcher
from test_built import ROOT, SITE

NAME = "schools-at-the-crossroads"
# What a page of the web has beside what is in every medium: tools, tables behind charts, and what only a screen can do.
BESIDE = ".only-web, .exhibit-links, .behind, .takeaway, details.cite-chapter, details.embed, form, .case-downloads"
KINDS = {
    "exhibits": "div.exhibit:has(.exhibit-permalink)",
    "figures": "figure, div.chart:not(figure div.chart)",
    "tables": "table",
    "footnotes": "aside.footnote",
    "references": ".citation",
    "values": "span.value",
    "formulas": "math",
    "boxes": ".admonition",
}


@pytest.fixture(scope="module")
def settings():
    return yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["sphinx"]["config"]


@pytest.fixture(scope="module")
def web(built, settings):
    """The articles of the printed pages, by name."""
    web_only = Matcher([*settings["typst_web_only"], "_static/**", "index", "search", "404", "exhibits/**"])
    found = {}
    for path in sorted(SITE.rglob("*.html")):
        name = path.relative_to(SITE).with_suffix("").as_posix()
        if not web_only(name):
            found[name] = articles.parse(path).find("article")
            for tag in found[name].select(BESIDE):
                tag.decompose()
    return found


@pytest.fixture(scope="module")
def epub(built):
    """The documents of the ePub, by name."""
    with zipfile.ZipFile(SITE / f"{NAME}.epub") as package:
        names = [name for name in package.namelist() if name.startswith("book/") and name.endswith(".xhtml")]
        return {
            name.removesuffix(".xhtml"): BeautifulSoup(package.read(name), "html.parser").find("body") for name in names
        }


def count(pages):
    """Count what there is of each kind, page by page."""
    return {name: {kind: len(page.select(rule)) for kind, rule in KINDS.items()} for name, page in pages.items()}


def numbers(page):
    """Return the published numbers that a page quotes, in their order."""
    return [" ".join(tag.get_text().split()) for tag in page.select("span.value")]


def words(page):
    return re.sub(r"\s+", "", page.get_text())


def test_web_and_epub_have_the_same_pages_and_as_much_of_each_kind(web, epub):
    assert set(web) == set(epub)
    on_the_web, in_the_epub = count(web), count(epub)
    wrong = {name: (told, in_the_epub[name]) for name, told in on_the_web.items() if told != in_the_epub[name]}
    assert wrong == {}
    totals = Counter()
    for told in on_the_web.values():
        totals.update(told)
    # A rule that finds nothing would prove nothing.
    assert totals["exhibits"] > 150 and totals["values"] > 700 and totals["references"] > 60 and totals["tables"] > 80


def test_no_reference_is_printed_as_its_label(web, epub):
    """Sphinx prints the label of what it cannot lead to: "methods-recomputed" in place of "Table I.1"."""
    for pages in (web, epub):
        found = {name: [tag.get_text() for tag in page.select("code.xref")] for name, page in pages.items()}
        assert {name: told for name, told in found.items() if told} == {}


def test_web_and_epub_quote_the_same_numbers(web, epub):
    assert {name for name, page in web.items() if numbers(page) != numbers(epub[name])} == set()


def test_paper_shows_the_same_exhibits(web, paper_pages, profile_pages, method_pages):
    text = re.sub(r"\s+", "", " ".join(paper_pages + profile_pages + method_pages))
    shown = [tag["id"] for page in web.values() for tag in page.select(".exhibit figure[id], .exhibit table[id]")]
    assert len(shown) == len(set(shown)) > 150
    # Whether a hyphen at the end of a line is one of the name or of the line is not in the text of a PDF.
    text = re.sub("[-\u2010\ufffe]", "", text)
    assert [name for name in shown if f"Data:{name}.csv,attachedto".replace("-", "") not in text] == []


def elements(path):
    """Count the elements of the structure of a PDF, by kind."""
    found = Counter()
    with pikepdf.open(path) as pdf:
        waiting = [pdf.Root.StructTreeRoot]
        while waiting:
            node = waiting.pop()
            if not isinstance(node, pikepdf.Dictionary):
                continue
            if "/S" in node:
                found[str(node.S)] += 1
            children = node.get("/K")
            waiting += (
                list(children) if isinstance(children, pikepdf.Array) else [children] if children is not None else []
            )
    return found


def test_paper_has_as_many_tables(web, settings):
    """Of the pages of each volume; what print adds of its own, such as a contents, is no table."""
    volumes = {name: told["pages"] for name, told in settings["typst_volumes"].items()}
    taken = Matcher([page for pages in volumes.values() for page in pages])
    for name, pages in {"": None, **volumes}.items():
        held = [page for doc, page in web.items() if (Matcher(pages)(doc) if pages else not taken(doc))]
        expected = sum(len(page.select("table")) for page in held)
        path = ROOT / "_build" / "pdf" / f"{NAME}{f'-{name}' if name else ''}.pdf"
        assert elements(path)["/Table"] >= expected > 0, name


@epub_files.needs_checker
def test_epub_is_valid(built):
    epub_files.check(SITE / f"{NAME}.epub")


@pytest.fixture(scope="module")
def decks(built):
    """All decks by the path of their pages."""
    folder = SITE / "slides"
    return {path.relative_to(folder).with_suffix("").as_posix(): Presentation(path) for path in folder.rglob("*.pptx")}


def shown_on(slide):
    """Return the shapes of a slide that show something: charts, tables and pictures."""
    return [shape for shape in slide.shapes if not shape.is_placeholder]


def alternative(shape):
    return shape._element.xpath(".//p:cNvPr")[0].get("descr")


def test_there_is_a_deck_and_a_workbook_of_each_printed_page_with_exhibits(web, decks):
    wanted = {name.removeprefix("book/") for name, page in web.items() if page.select(".exhibit")}
    assert set(decks) == wanted
    assert {"chapter1", "chapter5", "executive-summary", "countries/est"} <= wanted
    assert all((SITE / "workbooks" / f"{name}.xlsx").is_file() for name in wanted)


def test_slides_show_every_exhibit_of_their_page_in_its_order(web, decks, content):
    by_words = {metadata["alt"]: name for name, metadata in content.exhibits.items()}
    for name, deck in decks.items():
        told = [by_words[alternative(shape)] for slide in deck.slides for shape in shown_on(slide)]
        page = web[f"book/{name}"]
        expected = [tag["id"] for tag in page.select(".exhibit figure[id], .exhibit table[id]")]
        if name != "executive-summary":  # whose exhibits have their home, and so their name, on the first page
            assert list(dict.fromkeys(told)) == expected, name
        else:
            assert len(set(told)) == len(page.select(".exhibit"))


def test_native_charts_hold_numbers_of_the_published_data(decks, content):
    by_words = {metadata["alt"]: name for name, metadata in content.exhibits.items()}
    seen = 0
    for deck in decks.values():
        for shape in [shape for slide in deck.slides for shape in shown_on(slide) if shape.has_chart]:
            metadata = content.exhibits[by_words[alternative(shape)]]
            with (metadata["folder"] / f"{metadata['id']}.csv").open(encoding="utf-8", newline="") as file:
                known = {round_(cell) for row in csv.reader(file) for cell in row} - {None}
            labels = {one["label"] for one in metadata["plot"]["series"]} | {metadata["plot"]["axis"], "Value"}
            for series in [one for plot in shape.chart.plots for one in plot.series if one.name in labels]:
                assert {round_(value) for value in series.values if value is not None} <= known, metadata["id"]
                seen += len(series.values)
    assert seen > 1000


def round_(text):
    try:
        return float(f"{float(text):.6g}")
    except ValueError:
        return None


def test_slides_can_be_used_by_those_who_do_not_see_them(decks):
    for name, deck in decks.items():
        titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
        assert len(set(titles)) == len(titles) and all(titles), name
        assert all(alternative(shape) for slide in deck.slides for shape in shown_on(slide)), name


def test_nothing_leaves_a_slide(decks):
    wrong = []
    for name, deck in decks.items():
        for number, slide in enumerate(deck.slides, start=1):
            for shape in slide.shapes:
                right, bottom = shape.left + shape.width, shape.top + shape.height
                # A table grows with its rows, which were measured generously.
                if shape.left < 0 or shape.top < 0 or right > deck.slide_width or bottom > deck.slide_height:
                    wrong.append(f"{name}, slide {number}: {shape.name}")
    assert wrong == []


def test_workbook_of_all_has_the_data_of_every_numbered_exhibit(web, content):
    book = openpyxl.load_workbook(SITE / "workbooks" / f"{NAME}.xlsx", read_only=True)
    shown = [tag for page in web.values() for tag in page.select(".exhibit figure[id], .exhibit table[id]")]
    numbered = {
        " ".join(tag.select_one(".caption-number").get_text().split()): tag["id"]
        for tag in shown
        if tag.select_one(".caption-number")
    }
    assert [name for name in numbered if name not in book.sheetnames or f"{name} data" not in book.sheetnames] == []
    for name, identifier in numbered.items():
        rows = book[f"{name} data"].iter_rows(max_row=1, values_only=True)
        header = next(csv.reader(io.StringIO((SITE / "exhibits" / f"{identifier}.csv").read_text("utf-8"))))
        assert list(next(rows)) == header


def test_notes_of_slides_name_no_page_or_exhibit_by_its_file(built):
    """The notes of eight slides did, in place of titles and numbers."""
    pages = [path.relative_to(SITE).with_suffix("").as_posix() for path in SITE.rglob("*.html")]
    pages = {name.removeprefix("book/") for name in pages if not name.startswith("exhibits/")}
    names = {name for name in pages if "/" in name} | {path.parent.name for path in SITE.glob("exhibits/*/index.html")}
    read, found = 0, []
    for path in sorted(SITE.glob("slides/**/*.pptx")):
        for slide in Presentation(path).slides:
            text = slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""
            read += bool(text)
            written = re.findall(r"[\w-]+(?:/[\w-]+)*", re.sub(r"\S*exhibits/\S*", "", text))
            found += [(path.stem, word) for word in written if word.removeprefix("../") in names]
    assert read > 100
    assert found == []
