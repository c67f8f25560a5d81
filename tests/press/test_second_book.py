"""A book about something else is printed by the press alone, with everything that the press can do."""

import json
import os
import re
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pikepdf
import pytest
import tagged
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.utils import new_document
from forked_builds import Forked
from pypdf import PdfReader
from small_book import SECOND, copy_second
from sphinx.config import Config
from sphinx.errors import ConfigError

from press import lint, web
from press.paper.builder import volumes

pytestmark = pytest.mark.builds
OTHERS = {"crossroads", "importers", "report"}


def build(root, **variables):
    """Copy the book and build it in a process of its own; returns what it said."""
    copy_second(root)
    Forked().build(root, **variables)
    return Path(f"{root}.said").read_text("utf-8")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """The root of the book, built."""
    root = tmp_path_factory.mktemp("second") / "book"
    build(root)
    return root


@pytest.fixture(scope="module")
def pages(root):
    """All pages, parsed, by name."""
    site = root / "_build" / "html"
    paths = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    return {
        path.relative_to(site).with_suffix("").as_posix(): BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for path in paths
    }


@pytest.fixture(scope="module")
def paper(root):
    """The text of the book on paper, with single blanks."""
    return printed(root, "lights-and-tides")


@pytest.fixture(scope="module")
def companion(root):
    """The text of the companion volume."""
    return printed(root, "lights-and-tides-lights")


def printed(root, name):
    pdf = PdfReader(root / "_build" / "pdf" / f"{name}.pdf")
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def text(page, selector):
    return " ".join(page.select_one(selector).get_text().split())


def test_nothing_of_the_report_is_imported_by_the_build_or_by_a_notebook(root):
    (line,) = re.findall("^imported: (.+)$", (root.parent / "book.said").read_text("utf-8"), re.M)
    imported = set(line.split())
    assert {"press", "coast", "keeper"} <= imported
    assert imported & OTHERS == set()
    records = list((root / "_build" / "runs").rglob("record.json"))
    used = {use.partition("#")[0] for path in records for use in json.loads(path.read_text("utf-8"))["dependencies"]}
    assert len(records) == 2
    assert {use.partition("/")[0] for use in used} == {"data", "src"}
    assert {use for use in used if use.startswith("src/")} == {
        "src/coast/__init__.py", "src/coast/data.py", "src/coast/exhibits.py", "src/coast/numbers.py",
    }  # fmt: skip


def test_contract_has_three_lines():
    """A book should not have to say more than which package it is and what reads its data and other works."""
    assert (SECOND / "pyproject.toml").read_text("utf-8").split("\n") == [
        "[tool.press]", 'package = "coast"', 'loaders = ["data"]', 'literature = "works"', "",
    ]  # fmt: skip


def test_book_says_that_it_is_made_up(pages, paper):
    assert "All that it says is made up" in text(pages["book/index"], "article")
    assert "made up for a test" in paper


def test_text_is_finished(root):
    assert lint.unfinished(root) == []


def test_every_link_inside_the_book_leads_somewhere(root, pages):
    anchors = {name: {tag["id"] for tag in page.find_all(id=True)} for name, page in pages.items()}
    broken = []
    for name, page in pages.items():
        for tag in page.find_all(["a", "link", "img", "script"]):
            address = tag.get("href") or tag.get("src")
            if not address or urlsplit(address).scheme or address.startswith("//"):
                continue
            file, fragment = urldefrag(address.split("?")[0] if "#" not in address else address)
            # What is shown for a page that is not there counts from the root of the server.
            file = file.removeprefix("/") if name == "404" else str(Path(name).parent / file) if file else ""
            path = os.path.normpath(unquote(file.split("?")[0])) if file else f"{name}.html"
            there = (root / "_build" / "html" / path).exists()
            if not there or (fragment and unquote(fragment) not in anchors.get(path.removesuffix(".html"), {fragment})):
                broken.append(f"{name}: {address}")
    assert broken == []


def test_figure_and_table_have_number_note_data_and_code(root, pages):
    for page, identifier, number, suffixes in (
        ("book/chapter1", "lights-heights", "Table 1.1", ["csv", "xlsx", "json"]),
        ("book/chapter2", "tides-level", "Figure 2.1", ["csv", "xlsx", "json", "svg", "png"]),
    ):
        assert text(pages[page], f"#{identifier} .caption-number") == number
        assert pages[page].select_one(".exhibit-source").get_text().startswith("Source: Nobody, ")
        for suffix in suffixes:
            assert (root / "_build" / "html" / "exhibits" / f"{identifier}.{suffix}").stat().st_size > 0
            assert pages[page].select_one(f'a[href="../exhibits/{identifier}.{suffix}"]')
        assert pages[page].select_one(f'a[href$="notebooks/{identifier.split("-")[0]}.html#code-{identifier}"]')
        assert (root / "_build" / "html" / "cite" / f"{identifier}.ris").exists()


def test_finding_has_its_chart_beside_it_and_its_notes_on_the_first_page(pages, paper):
    for name in ("book/index", "book/about"):
        assert text(pages[name], ".finding h2").startswith("The sea stands highest in spring")
        assert "metres" in text(pages[name], ".finding .finding-text")
        assert pages[name].select_one(".finding .exhibit [role=img]")["aria-label"]
    assert pages["book/index"].select(".finding details a[href='../exhibits/tides-small.csv']")
    assert pages["book/about"].select_one(".finding .exhibit-home a")["href"] == "index.html#tides-small"
    assert "The sea stands highest in spring The range of the year" in paper


def test_values_in_prose_are_those_of_the_data(pages, paper):
    words = text(pages["book/chapter1"], "article")
    assert "the mean of 3 lights is 30.6 metres" in words
    assert "The highest one is Wick" in words
    assert "the mean of 3 lights is 30.6 metres" in paper


def test_cell_of_a_table_leads_to_its_page_in_the_state_that_it_names(pages, paper):
    links = pages["book/chapter1"].select("#lights-heights tbody th a")
    assert links and all(
        link["href"] == f"lights/{link['href'][7:].partition('.')[0]}.html?from=table" for link in links
    )
    assert not pages["book/chapter1"].select("#lights-heights tbody td a")
    assert all(link.get_text() in paper for link in links)


def test_numbers_of_other_works_lead_to_what_the_book_says_of_them(pages, paper):
    quoted = "[data-record]"
    sources = pages["book/chapter1"].select_one(quoted)
    assert sources.get_text() == "17 (12 to 22)"
    assert sources["data-what"] == "Miles from which a light is seen: 17, in On lights"
    assert sources.a["href"] == "references.html#work-lamp2014"
    assert [tag.get_text() for tag in pages["book/chapter2"].select(quoted)] == ["17", "\u22123"]
    assert "from 17 (12 to 22) miles" in paper and "by \u22123 days" in paper


def test_figure_stands_in_the_page_with_its_table_behind(pages):
    """A script reads a mark from the row that it names; without one, picture and table are there to be read."""
    exhibit = pages["book/chapter2"].select_one(".exhibit:has(#tides-level)")
    chart = exhibit.select_one("figure > .chart[role=img]")
    assert chart["aria-label"].startswith("Level by month, metres, 2025; the highest level")
    assert not exhibit.select("img")
    rows = exhibit.select("details.behind tbody tr")
    assert [svg["class"] for svg in chart.select("svg")] == [["wide"], ["narrow"]]
    for svg in chart.select("svg"):
        assert [mark["data-row"] for mark in svg.select(".mark")] == [str(i) for i in range(len(rows))]
    assert text(exhibit, "details.behind summary") == "Table behind Figure 2.1"
    assert [th.get_text() for th in exhibit.select("details.behind thead th")] == ["Month", "Level (m)"]
    assert all(row.select_one("th[scope=row]") for row in rows)


def test_areas_are_offered_on_every_page_and_marked_in_tables(pages):
    for name, page in pages.items():
        form = page.select_one("form.areas")
        if form is None:
            assert name in {"index"}, name
            continue
        assert text(page, "form.areas label") == "My light"
        assert [option["value"] for option in form.select("#my-area option")] == ["", "ness", "skerry", "wick"]
    page = pages["book/lights/ness"]
    assert page.select_one('#my-area option[value="wick"]')["data-page"] == "book/lights/wick.html"
    rows = pages["book/chapter1"].select("#lights-heights tbody tr")
    assert [row["data-area"] for row in rows] == [row["data-whole"] for row in rows] == ["ness", "skerry", "wick"]
    assert [th["scope"] for th in pages["book/chapter1"].select("#lights-heights th")] == [
        "col",
        "col",
        "row",
        "row",
        "row",
    ]


def test_number_carries_what_its_card_says_and_leads_to_its_exhibit_without_script(pages):
    number = pages["book/chapter1"].select_one('.value[data-error="0.4"]')
    assert "title" not in number.attrs
    assert (number["data-unit"], number["data-n"], number["data-period"]) == ("m", "3", "2025")
    assert number["data-source"].startswith("Nobody, ")
    assert number["data-cell"] == "notebooks/lights.html#code-lights-heights"
    assert number.a["href"].endswith("#lights-heights")


def test_exhibit_says_how_to_embed_it(pages):
    code = text(pages["book/chapter2"], ".exhibit:has(#tides-level) .embed pre")
    assert code.startswith('<iframe src="../exhibits/tides-level/" title="The tide is highest in spring"')


def test_verdict_leads_to_its_family_of_tests(pages):
    (link,) = pages["book/chapter2"].select('a[href$="#tests-tides-months"]')
    assert link.get_text() == "2 tests, not adjusted"
    assert "Is the level of a month the mean?" in text(pages["book/exhibits"], "article")


def test_pages_made_by_rule_stand_in_contents_and_in_the_companion_volume(root, pages, paper, companion):
    """There is one page a row of a table, and no file and no entry of the contents for any."""
    assert not (root / "book" / "lights").exists()
    assert "book/lights/" not in (root / "_toc.yml").read_text("utf-8")
    links = [link["href"] for link in pages["book/lights"].select("article li a")]
    for key, name, height in (("ness", "Ness", "31.5"), ("skerry", "Skerry", "18.25"), ("wick", "Wick", "42")):
        assert f"lights/{key}.html#light-{key}" in links
        page = pages[f"book/lights/{key}"]
        assert text(page, "article h1").startswith(name)
        told = f"{name} stands {height} metres high."
        assert told in text(page, "article")
        assert told in companion
        assert told not in paper
        # One of a collection has a title and no number.
        assert page.select_one(f"#light-{key}-facts .caption-number") is None


def test_terms_works_and_notes_are_linked_where_they_are_used(pages):
    page = pages["book/chapter2"]
    assert {tag.get_text() for tag in page.select("a > .glossary-term")} == {"tide", "range"}
    assert {"Lamp, 2014a", "Lamp, 2014b"} <= {tag.get_text() for tag in page.select("article a")}
    assert len(pages["book/references"].select("article .citation")) == 2
    assert pages["book/chapter1"].select_one("aside.footnote")


def test_formulas_are_made_when_the_book_is_built(pages, paper):
    assert pages["book/chapter2"].select_one("div.math math")
    assert pages["book/method"].select_one("p math msqrt")
    assert not any("mathjax" in (tag.get("src") or "").lower() for tag in pages["book/chapter2"].select("script"))


def test_annex_has_a_letter_and_lists_are_complete(pages):
    assert text(pages["book/method"], "article h1").startswith("A. Method")
    shown = text(pages["book/exhibits"], "article")
    for word in ("Lights differ in height", "The tide is highest in spring", "lights-mean", "tides-range"):
        assert word in shown
    assert "data.load" in text(pages["book/api"], "article") or "load(name)" in text(pages["book/api"], "article")
    about = text(pages["book/about"], "article")
    assert "The keepers, & Lamp, Ada. (2026). Lights and tides: a coast that is not (Edition 1.2)." in about
    assert about.index("3 February 2026, correction.") < about.index("2 January 2026, first edition.")


@pytest.mark.parametrize("name", ["", "-lights", "-with-data"])
def test_every_volume_is_heard_as_it_is_read(root, name):
    assert tagged.faults(root / "_build" / "pdf" / f"lights-and-tides{name}.pdf")[0] == []


def test_variant_carries_the_data_of_each_exhibit_and_each_exhibit_says_so(root, paper, companion):
    site = root / "_build" / "html"
    with pikepdf.open(site / "lights-and-tides-with-data.pdf") as book:
        attached = {name: book.attachments[name].get_file().read_bytes() for name in book.attachments}
    assert attached == {name: (site / "exhibits" / name).read_bytes() for name in attached}
    said = set(re.findall(r"Data: (\S+\.csv), attached to lights-and-tides-with-data\.pdf", f"{paper} {companion}"))
    assert said
    assert said <= set(attached)


def test_pdf_is_tagged_and_has_title_language_and_every_exhibit(root, paper):
    pdf = PdfReader(root / "_build" / "pdf" / "lights-and-tides.pdf")
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    assert pdf.metadata.title == "Lights and tides"
    for word in ("Table 1.1", "Figure 2.1", "On a round earth", "Built from commit"):
        assert word in paper


def test_companion_volume_has_its_own_title_and_all_of_its_pages_and_no_other(root, paper, companion):
    pdf = PdfReader(root / "_build" / "pdf" / "lights-and-tides-lights.pdf")
    assert pdf.metadata.title == "Lights"
    assert companion.startswith("Lights All that there are")
    assert "On a round earth" not in companion
    titles = [entry.title for entry in pdf.outline if not isinstance(entry, list)]
    # A part of the name of its only chapter would say it twice. References stand in both volumes.
    assert titles == ["Contents", "Lights", "Back matter"]
    assert "On lights" in paper and "On lights" in companion
    assert (root / "_build" / "html" / "lights-and-tides-lights.pdf").exists()


@pytest.mark.parametrize(
    ("told", "match"),
    [
        ({"title": "Lights", "pages": ["book/lights"]}, "lights has title, pages; expected title, subtitle and pages"),
        ({}, "lights has nothing; expected title, subtitle and pages"),
    ],
)
def test_a_volume_that_lacks_something_is_refused(told, match):
    config = Config(overrides={"typst_filename": "book"})
    config.add("typst_volumes", {"lights": told}, "", ())
    config.add("typst_web_only", [], "", ())
    with pytest.raises(ConfigError, match=match):
        volumes(config)


def test_pages_hold_no_script_or_style_and_say_that_nothing_else_may_run(root, pages):
    """Whatever slips into a page is not run; the policy would also forbid what the page itself holds."""
    for name, page in pages.items():
        policy = page.select_one('meta[http-equiv="Content-Security-Policy"]')
        if name == "index":  # leads on to the first page
            continue
        assert policy["content"].startswith("default-src 'self'; "), name
        assert [tag for tag in page.select("script:not([src])") if not tag.get("type", "").endswith("json")] == [], name
        assert page.select("style, [style]") == [], name
        assert not any(key.startswith("on") for tag in page.find_all(True) for key in tag.attrs), name


def test_pages_load_what_they_use(pages):
    def files(name):
        found = [tag.get("src") or tag.get("href") for tag in pages[name].select("script[src], link[rel=stylesheet]")]
        return {file.rpartition("/")[2].partition("?")[0] for file in found}

    every = {"styles.css", "scheme.js", "frame.js", "furo.js", "areas.js", "search.js"}
    assert files("book/about") == {*every, "pygments.css", "answers.js", "cards.js"}
    assert files("book/chapter1") == {*every, "answers.js", "cards.js"}
    assert {"pygments.css", "styles.css"} < files("notebooks/lights")
    assert files("search") == every


def test_the_one_style_sheet_holds_those_of_the_press_and_then_the_books_own(root):
    """A sheet that is left out is seen by nobody but the reader; one in another order loses to those that it corrects."""
    static = root / "_build" / "html" / "_static"
    joined = (static / "styles.css").read_text("utf-8")
    sheets = [(static / name).read_text("utf-8") for name in ("answers.css", "frame.css", "found.css", "coast.css")]
    theme = (static / "styles" / "furo.css").read_text("utf-8").partition("/*# sourceMappingURL")[0].strip()
    places = [joined.find(sheet) for sheet in (theme, *sheets)]
    assert -1 not in places
    assert places == sorted(places)
    assert "sourceMappingURL" not in joined, "which would be looked for where it is not"
    assert ".sd-card" not in joined, "of a sheet that only some pages load"


def test_pages_say_what_they_are_about(pages):
    description = pages["book/chapter1"].select_one("meta[name=description]")["content"]
    assert 40 < len(description) <= web.SUMMARY
    assert description in text(pages["book/chapter1"], "article")


@pytest.mark.parametrize(
    ("paragraph", "told"),
    [
        ("A short text that is long enough to say what a page is about.", "all"),
        ("First. " + "word " * 70, "First."),
        ("word " * 100, "\u2026"),
    ],
)
def test_long_description_ends_with_a_sentence_or_says_that_it_goes_on(paragraph, told):
    doctree = new_document("page")
    doctree += nodes.paragraph("", paragraph)
    described = web.describe(doctree)
    assert len(described) <= web.SUMMARY
    assert described == paragraph if told == "all" else described.endswith(told)


def test_without_the_patches_every_byte_is_the_same(root, tmp_path):
    """What is changed of Sphinx may save time; it must not change what readers get."""
    build(tmp_path / "plain", PRESS_PLAIN="1")

    def made(folder):
        paths = [path for name in ("html", "pdf") for path in (folder / "_build" / name).rglob("*") if path.is_file()]
        return {path.relative_to(folder / "_build").as_posix(): path.read_bytes() for path in paths}

    own, plain = made(root), made(tmp_path / "plain")
    # Digests of the settings, among them the sources of the press itself; no reader sees it.
    for files in (own, plain):
        del files["html/.buildinfo"]
    assert own.keys() == plain.keys() and len(own) > 50
    assert [name for name in own if own[name] != plain[name]] == []
    assert {"html/lights-and-tides.pdf", "html/_static/search-index.js", "html/book/lights/ness.html"} <= own.keys()
