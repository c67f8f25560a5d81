"""HTML that is valid: browsers guess at what is not, and each guesses in its own way.

The validator of the W3C needs Java and is not asked here. What it found in pages of this book is a rule of its own below,
asked of all pages; a strict parser looks at one page of each kind.
"""

import re
from collections import Counter
from pathlib import Path

import html5lib
import lxml.html
import pytest
from lxml import etree

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
ADDRESS = re.compile(r"(?:[\w\-.~:/?#@!$&'()*+,;=]|%[\da-fA-F]{2})*")
OBSOLETE = ("align", "valign", "halign", "border", "bgcolor", "cellpadding", "style", "onclick", "onload")
KINDS = [
    "book/index", "book/executive-summary", "book/chapter2", "book/countries", "book/countries/est", "book/cases",
    "book/studies", "book/catalogue", "book/exhibits", "book/methods-composite", "book/glossary", "notebooks/chapter3_evidence",
    "search",
]  # fmt: skip


@pytest.mark.parametrize("page", KINDS)
def test_strict_parser_reads_a_page_of_each_kind(built, page):
    parser = html5lib.HTMLParser(strict=False)
    parser.parse((SITE / f"{page}.html").read_text("utf-8"))
    assert [f"line {at[0]}: {code} {about}" for at, code, about in parser.errors] == []


def faults(page):
    """Yield what the validator would refuse in a page."""
    names = Counter(page.xpath("//@id"))
    yield from (f"the id {name!r} stands {count} times" for name, count in names.items() if count > 1)
    for tag in page.iter(etree.Element):
        yield from (f"<{tag.tag} {name}=...>" for name in OBSOLETE if name in tag.attrib and tag.tag != "svg")
        if int(tag.get("tabindex", 0)) > 0:
            yield f"<{tag.tag}> is out of the order of keys"
        if re.fullmatch("h[1-6]", tag.tag) and not tag.text_content().strip():
            yield f"an empty <{tag.tag}>"
        if tag.tag == "a" and not ADDRESS.fullmatch(tag.get("href", "")):
            yield f"the address {tag.get('href')}"
        if tag.get("role") == "heading" and "aria-level" not in tag.attrib:
            yield "a heading without level"
    if len(page.xpath("//h1")) != 1:
        yield f"{len(page.xpath('//h1'))} headings of the first level"
    if len(page.xpath("//meta[@name='viewport']")) != 1 or page.find("head/title") is None or not page.get("lang"):
        yield "a head without title or language, or with two sizes"


SOUND = """<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width"><title>A page</title></head>
<body><h1>A page</h1><p id="one"><a href="two.html#three">A link</a></p><svg style="a"><title>A picture</title></svg></body></html>"""


@pytest.mark.parametrize(
    ("part", "instead", "told"),
    [
        ("</p>", '</p><p id="one"></p>', "the id 'one' stands 2 times"),
        ("<p ", '<p align="left" ', "<p align=...>"),
        ("<a ", '<a tabindex="2" ', "<a> is out of the order of keys"),
        ("</p>", "</p><h2> <span></span></h2>", "an empty <h2>"),
        ("two.html", "two pages.html", "the address two pages.html#three"),
        ("<p ", '<p role="heading" ', "a heading without level"),
        ("<p ", "<h1>Another</h1><p ", "2 headings of the first level"),
        ("h1>", "h2>", "0 headings of the first level"),
        ('lang="en"', "", "a head without title or language, or with two sizes"),
        ("<title>A page</title>", "", "a head without title or language, or with two sizes"),
        ("<title>A page", '<meta name="viewport"><title>A page', "a head without title or language, or with two sizes"),
        ("<title>A page", "<title>A page", None),
    ],
)
def test_each_fault_is_told(part, instead, told):
    page = lxml.html.document_fromstring(SOUND.replace(part, instead))
    assert [*faults(page)] == ([told] if told else [])


@pytest.fixture(scope="module")
def documents(trees):
    """All pages by path, but the first at the root, which is the same as its own."""
    return {path: page for path, page in trees.items() if path != SITE / "index.html"}


def test_pages_have_none_of_the_faults_that_a_validator_found(documents):
    """1482 errors of seven kinds, of which duplicate names and headings without level were most."""
    found = {path.relative_to(SITE).as_posix(): [*faults(page)] for path, page in documents.items()}
    assert {page: sorted(set(told))[:5] for page, told in found.items() if told} == {}


def test_every_page_has_a_title_and_a_description_of_its_own(documents):
    titles = Counter(page.find("head/title").text for page in documents.values())
    assert [title for title, count in titles.items() if count > 1] == []
