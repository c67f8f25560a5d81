"""The file of references: each work once, its kind and container right, found at its publisher and not at a copy.

That each is cited is said of the built book (``press.lint.sources``).
"""

import re
from itertools import combinations
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pybtex.database import BibliographyDataError, parse_string

FILE = Path(__file__).parents[2] / "book" / "references.bib"
# pybtex asks for its plugins in a way that setuptools will drop.
pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")

# A report without a type would be printed as "Technical Report", whatever it is.
CONTAINERS = {
    "article": {"journal"},
    "book": {"publisher"},
    "incollection": {"booktitle", "publisher"},
    "inproceedings": {"booktitle"},
    "manual": {"organization"},
    "misc": {"howpublished"},
    "phdthesis": {"school", "type"},
    "techreport": {"institution", "type"},
}
KINDS = {
    r"(working|discussion) ?papers?": "techreport",
    r"preprint|\btalk\b|press release|\bblog\b|data set": "misc",
    r"dissertation|thesis": "phdthesis",
}
DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}]*[^\s\"<>{}.,;]")
# Sites that copy, list or sum up what others publish: their addresses go, and their data are often wrong.
COPIES = re.compile(
    r"abcdocz|academia\.edu|academicnewsletter|booksci|docplayer|docslib|documents\.pub|dokumen|econbeancount"
    r"|econpapers|edcentral|fdocuments|fdokumen|koanlearn|paperexplained|paperzz|pdfslide|researcher\.life|researchgate"
    r"|scite\.ai|scribd|semanticscholar|sipoch|slidelegend|slideshare|studylib|topsight|vdocument|wixlib"
    r"|zhixidata|zhuanzhiai"
)
COPIED_DOIS = ("10.2139/", "10.13140/")  # SSRN gives papers a second DOI, ResearchGate any file


def plain(title):
    """Return the words of a title without braces, case and punctuation."""
    return re.sub(r"[^\w]+", " ", title.casefold()).strip()


def described(entry):
    """Yield what is wrong with the authors, the title, the year or the kind of a work."""
    people, fields = entry.persons.get("author") or entry.persons.get("editor") or [], entry.fields
    if not people:
        yield "neither author nor editor"
    if re.search(r"et al|not seen|anonymous", " ".join(map(str, people)), re.IGNORECASE):
        yield "authors left out must be written 'and others'"
    if not re.fullmatch(r"\{.*\}", fields.get("title", "")):
        yield "without a second pair of braces the style changes the case of the title"
    if not re.fullmatch(r"(1[89]|20)\d\d|n\.d\.", fields.get("year", "")):
        yield f"{fields.get('year')!r} is no year of four digits, nor n.d."
    if entry.type not in CONTAINERS:
        yield f"{entry.type} is no kind of document that the list knows"
    yield from (f"no {name}" for name in sorted(CONTAINERS.get(entry.type, set()) - set(fields)))
    said = " ".join(fields.get(name, "") for name in ("type", "howpublished", "institution", "series"))
    for words, kind in KINDS.items():
        if re.search(words, said, re.IGNORECASE) and entry.type != kind:
            yield f"{said!r} is no {entry.type} but a {kind}"


def placed(fields):
    """Yield what is wrong with the DOI or the address of a work."""
    doi, url = fields.get("doi", ""), fields.get("url", "")
    if doi and (not DOI.fullmatch(doi) or doi.startswith(COPIED_DOIS)):
        yield f"{doi!r} is no DOI of a publisher"
    if doi and url:
        yield "with a DOI the address is not needed"
    if url and (not url.startswith("https://") or "doi.org/" in url or COPIES.search(urlsplit(url).netloc)):
        yield f"{url} is not the publisher's secure address"


def faults(text):
    """Say what is wrong with a file of references."""
    entries = parse_string(text, "bibtex").entries
    found = [f"{key}: {fault}" for key, work in entries.items() for fault in [*described(work), *placed(work.fields)]]
    for (one, first), (two, second) in combinations(entries.items(), 2):
        if plain(first.fields.get("title", one)) == plain(second.fields.get("title", two)):
            found.append(f"{one} and {two} have the same title")
        if first.fields.get("doi", one).casefold() == second.fields.get("doi", two).casefold():
            found.append(f"{one} and {two} have the same DOI")
    return found if list(entries) == sorted(entries) else [*found, "the entries are not sorted by key"]


GOOD = """
@article{a, author = {Ito, A. and others}, title = {{Birds of Fjords}}, year = {2014},
  journal = {J}, doi = {10.1000/ab(c)}}
@techreport{b, author = {{A Bureau}}, title = {{Fish}}, year = {2015}, institution = {B}, type = {Working Paper 7},
  url = {https://example.org/7}}
"""


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("Ito, A. and others", "Ito, A. and {et al.}", "a: authors left out"),
        ("{A Bureau}", "{Authors not seen}", "b: authors left out"),
        ("author = {{A Bureau}}, ", "", "b: neither author nor editor"),
        ("{2014}", "{14}", "a: '14' is no year"),
        ("{{Fish}}", "{Fish}", "b: without a second pair of braces"),
        ("{{Fish}}", "{{Birds: Of fjords}}", "a and b have the same title"),
        ("journal = {J}, ", "", "a: no journal"),
        (", type = {Working Paper 7}", "", "b: no type"),
        ("@techreport{b", "@misc{b", "is no misc but a techreport"),
        ("Working Paper 7", "Doctoral dissertation", "is no techreport but a phdthesis"),
        ("@techreport{b", "@online{b", "b: online is no kind of document"),
        ("10.1000/ab(c)", "https://doi.org/10.1000/ab", "is no DOI of a publisher"),
        ("10.1000/ab(c)", "10.2139/ssrn.1", "is no DOI of a publisher"),
        ("https://example.org/7", "http://example.org/7", "is not the publisher's secure address"),
        ("https://example.org/7", "https://fr.scribd.com/7", "is not the publisher's secure address"),
        ("https://example.org/7", "https://doi.org/10.1000/7", "is not the publisher's secure address"),
        ("url = {https://example.org/7}", "doi = {10.1000/AB(C)}", "a and b have the same DOI"),
        ("@article{a", "@article{c", "not sorted"),
        ("url = ", "doi = {10.1000/7}, url = ", "b: with a DOI the address is not needed"),
    ],
)
def test_each_fault_of_a_reference_is_told(before, after, message):
    assert faults(GOOD) == []
    changed = GOOD.replace(before, after)
    assert changed != GOOD
    assert any(message in fault for fault in faults(changed)), faults(changed)


def test_a_key_cannot_stand_twice():
    with pytest.raises(BibliographyDataError):
        parse_string(GOOD + GOOD, "bibtex")


def test_the_references_of_the_book_have_no_fault():
    assert faults(FILE.read_text("utf-8")) == []
