"""What is taken away from a small book: slides, workbooks and an ePub hold what its pages show, and are kept while these stay."""

import io
import os
import re
import zipfile
from pathlib import Path

import epub as epub_files
import openpyxl
import pytest
from bs4 import BeautifulSoup
from forked_builds import Forked
from lxml import etree
from pptx import Presentation
from small_book import SECOND, copy_second

pytestmark = pytest.mark.builds
XHTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """The root of the book, built."""
    root = tmp_path_factory.mktemp("takeaway") / "book"
    copy_second(root)
    Forked().build(root)
    return root


@pytest.fixture(scope="module")
def site(root):
    return root / "_build" / "html"


@pytest.fixture(scope="module")
def epub(site):
    """The files of the ePub by name."""
    with zipfile.ZipFile(site / "lights-and-tides.epub") as package:
        return {name: package.read(name) for name in package.namelist()}


def page(site, name):
    return BeautifulSoup((site / f"{name}.html").read_text("utf-8"), "html.parser")


def slides(site, name):
    return list(Presentation(site / "slides" / f"{name}.pptx").slides)


def notes(slide):
    return slide.notes_slide.notes_text_frame.text


@pytest.mark.parametrize("name", ["book/chapter1", "book/chapter2", "book/lights/ness"])
def test_a_page_with_exhibits_offers_slides_and_workbook(site, name):
    links = [link["href"] for link in page(site, name).select(".takeaway a")]
    assert [Path(link).suffix for link in links] == [".pptx", ".xlsx"]
    assert all((site / name).parent.joinpath(link).is_file() for link in links)


def test_a_page_without_exhibits_offers_nothing(site):
    assert page(site, "book/method").select(".takeaway") == []
    assert not (site / "slides" / "method.pptx").exists()


def test_one_page_lists_all_and_every_link_leads_to_a_file(site):
    links = [link["href"] for link in page(site, "book/about").select(".takeaway-list a")]
    assert links[0].endswith("lights-and-tides.epub") and links[1].endswith("workbooks/lights-and-tides.xlsx")
    assert all((site / "book" / link).is_file() for link in links)
    made = {path for kind in ("slides", "workbooks") for path in (site / kind).rglob("*.*")}
    assert {(site / "book" / link).resolve() for link in links[1:]} == {path.resolve() for path in made}


def test_slides_have_the_findings_the_chart_and_what_the_text_says_of_it(site):
    first, brief, shown, last = slides(site, "chapter2")
    assert first.shapes.title.text_frame.text == "Chapter 2: Tides"
    assert "How far does the sea move" in first.placeholders[1].text_frame.text
    assert brief.shapes.title.text_frame.text == "In brief"
    assert brief.placeholders[1].text_frame.text == "The range of the year is 1.1 metres."
    (chart,) = [shape.chart for shape in shown.shapes if shape.has_chart]
    rows = (SECOND / "data" / "tides.csv").read_text("utf-8").splitlines()[1:]
    assert list(chart.plots[0].series[0].values) == [float(row.split(",")[1]) for row in rows]
    assert notes(shown).startswith("Figure 2.1 has the level by month. The range is 1.1 metres")
    assert last.shapes.title.text_frame.text == "About these slides"


def test_notes_of_slides_call_a_page_by_its_title_wherever_the_ePub_is_made(site):
    """Slides that were made after the ePub in one process had its builder, which knows no page of the web alone."""
    shown = slides(site, "chapter2")[2]
    assert "In the web edition, The package says how it is read." in notes(shown)


def test_a_page_made_by_rule_has_slides_of_its_own(site):
    titles = [slide.shapes.title.text_frame.text for slide in slides(site, "lights/ness")]
    assert titles == ["Ness", "The light of Ness", "About these slides"]


def test_workbook_of_all_has_every_numbered_exhibit(site):
    book = openpyxl.load_workbook(site / "workbooks" / "lights-and-tides.xlsx")
    assert book.sheetnames == [
        "Cover", "Contents", "Notes", "Table 1.1", "Table 1.1 data", "Figure 2.1", "Figure 2.1 chart", "Figure 2.1 data",
    ]  # fmt: skip
    single = openpyxl.load_workbook(site / "exhibits" / "tides-level.xlsx")
    assert single.sheetnames == ["About", "Table", "Chart", "Data"]


def test_epub_holds_what_is_printed_in_the_order_of_the_contents(epub):
    package = etree.fromstring(epub["content.opf"])
    items = {item.get("id"): item.get("href") for item in package.iter(f"{OPF}item")}
    spine = [items[entry.get("idref")] for entry in package.iter(f"{OPF}itemref")]
    assert spine == [
        "epub-cover.xhtml", "imprint.xhtml", "book/chapter1.xhtml", "book/chapter2.xhtml", "book/method.xhtml",
        "book/lights.xhtml", "book/lights/ness.xhtml", "book/lights/skerry.xhtml", "book/lights/wick.xhtml",
        "book/exhibits.xhtml", "book/glossary.xhtml", "book/abbreviations.xhtml", "book/references.xhtml", "book/about.xhtml",
    ]  # fmt: skip
    assert next(iter(epub)) == "mimetype"
    assert epub["cover.png"].startswith(b"\x89PNG")


def test_epub_says_what_readers_of_screens_can_rely_on(epub):
    package = etree.fromstring(epub["content.opf"])
    told = {meta.get("property"): meta.text for meta in package.iter(f"{OPF}meta")}
    assert told["schema:accessibilityHazard"] == "none" and told["schema:accessibilitySummary"]
    assert [entry.text for entry in package.iter("{http://purl.org/dc/elements/1.1/}creator")] == [
        "The keepers",
        "Lamp, Ada",
    ]
    assert [entry.text for entry in package.iter("{http://purl.org/dc/elements/1.1/}language")] == ["en"]
    formulas = [item for item in package.iter(f"{OPF}item") if "mathml" in (item.get("properties") or "")]
    assert [item.get("href") for item in formulas] == ["book/chapter2.xhtml", "book/method.xhtml"]


def test_epub_has_charts_with_words_tables_notes_and_no_script(epub):
    chapters = {name: etree.fromstring(text) for name, text in epub.items() if name.endswith(".xhtml")}
    images = [image for tree in chapters.values() for image in tree.iter(f"{XHTML}img")]
    assert len(images) == 3 and all(image.get("alt") for image in images)  # the cover, a chart and a finding
    assert [name for name, tree in chapters.items() if list(tree.iter(f"{XHTML}script"))] == []
    first = chapters["book/chapter1.xhtml"]
    assert "Table 1.1" in "".join(first.itertext()) and list(first.iter(f"{XHTML}caption"))
    assert [tag.get("role") for tag in first.iter(f"{XHTML}aside") if tag.get("role")] == ["doc-footnote"]
    assert "DOCTYPE" not in epub["_images/tides-level.svg"].decode()


def test_every_link_within_the_epub_leads_somewhere(epub):
    trees = {name: etree.fromstring(text) for name, text in epub.items() if name.endswith(".xhtml")}
    known = {name: {tag.get("id") for tag in tree.iter() if tag.get("id")} for name, tree in trees.items()}
    for name, tree in trees.items():
        for link in tree.iter(f"{XHTML}a"):
            address, _, place = link.get("href", "").partition("#")
            if re.match(r"\w+:", address):
                continue
            target = os.path.normpath(os.path.join(os.path.dirname(name), address)) if address else name
            assert target in epub, f"{name}: {link.get('href')}"
            assert not place or place in known[target], f"{name}: {link.get('href')}"


@epub_files.needs_checker
def test_epub_is_valid(site):
    epub_files.check(site / "lights-and-tides.epub")


def test_an_edit_makes_only_what_it_concerns_and_a_second_book_gives_the_same_bytes(root, site, tmp_path):
    store, documents = root / "_build" / "takeaway", root / "_build" / "epub-pages"
    before = {path.name: path.stat().st_mtime_ns for path in store.iterdir()}
    pages = {*documents.iterdir()}
    chapter = root / "book" / "chapter1.md"
    original = chapter.read_text("utf-8")
    chapter.write_text(
        original.replace("an earth that is round", "a round earth").replace("This chapter asks", "Here we ask"), "utf-8"
    )
    Forked().build(root)
    after = {path.name: path.stat().st_mtime_ns for path in store.iterdir()}
    made = {name.rpartition("-")[0] for name in after if name not in before}
    # The workbook of the book tells no text.
    assert made == {"slides.chapter1", "workbooks.chapter1", "lights-and-tides"}
    assert len({*documents.iterdir()} - pages) == 1 and len(pages) == len({*documents.iterdir()})
    assert all(after[name] == time for name, time in before.items() if name in after)
    chapter.write_text(original, "utf-8")
    Forked().build(root)
    other = tmp_path / "other"
    copy_second(other)
    Forked().build(other, PYTHONHASHSEED="7")
    for path in (*site.rglob("*.pptx"), *site.rglob("*.xlsx"), *site.glob("*.epub")):
        same = (other / "_build" / "html" / path.relative_to(site)).read_bytes() == path.read_bytes()
        assert same, path.relative_to(site)


def test_slides_open_in_a_program_that_reads_them(site):
    for path in (site / "slides").rglob("*.pptx"):
        assert Presentation(io.BytesIO(path.read_bytes())).core_properties.language == "en-GB"
