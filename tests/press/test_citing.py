"""Citations must be what reference managers can read, and say the same everywhere."""

import re

import pytest
from pybtex.database import parse_string
from pybtex.plugin import find_plugin

from press.desk import replication
from press.page import citing

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")

BOOK = "lights-and-tides"
RIS_LINE = re.compile(r"[A-Z][A-Z0-9]  - .*")
ABOUT = {"book": "A book: of lights", "authors": ("The team",), "persons": (), "year": "2026", "edition": "1.2"}


WORKS = [
    citing.Work("a-book", "book", ABOUT["book"], "", "https://book.example", **ABOUT),
    citing.Work("chapter1", "chapter", "What is new?", "1", "", **ABOUT),
    citing.Work("methods", "annex", "50% of lights & more", "A", "https://book.example/methods.html", **ABOUT),
    citing.Work("ch1-small", "figure", "Ness leads", "1.1", "https://book.example/1.html#ch1-small", **ABOUT),
]


def test_text_follows_the_style_of_the_apa():
    assert [work.apa() for work in WORKS[:2]] == [
        "The team. (2026). A book: of lights (Edition 1.2). https://book.example",
        "The team. (2026). What is new? In A book: of lights (Edition 1.2, Chapter 1).",
    ]
    assert WORKS[3].apa(emphasise=str.upper).startswith("The team. (2026). Ness leads. In A BOOK: OF LIGHTS (")


def test_all_parts_of_a_name_are_cited(tmp_path):
    """Particle and suffix of a name were dropped, and an initial brought a second full stop."""
    (tmp_path / "CITATION.cff").write_text(
        "title: T\nversion: 1\ndate-released: '2026-01-02'\nauthors:\n"
        "- {family-names: Gogh, name-particle: van, given-names: Vincent, name-suffix: Jr.}\n"
        '- {family-names: Smith, given-names: "J."}\n',
        "utf-8",
    )
    about = citing.read(tmp_path)
    assert about["authors"] == ("van Gogh, Vincent, Jr.", "Smith, J.")
    assert (
        citing.Work("a", "book", "T", "", "", **about).apa().startswith("van Gogh, Vincent, Jr., & Smith, J. (2026).")
    )
    assert replication.author(
        {"family-names": "Gogh", "name-particle": "van", "given-names": "Vincent", "name-suffix": "Jr."}
    ) == "Vincent van Gogh Jr."  # fmt: skip


def test_persons_have_surnames_and_organisations_have_none():
    """All authors were organisations: BibTeX took a person's name as it stood, and search engines too."""
    authors = ("Smith, Jane", "Ministry of Work and Schools")
    work = citing.Work("a", "book", "T", "", "", **ABOUT | {"authors": authors, "persons": authors[:1]})
    assert work.apa().startswith("Smith, Jane, & Ministry of Work and Schools. (2026).")
    person, organisation = parse_string(work.bibtex(), "bibtex").entries["a"].persons["author"]
    assert (person.first_names, person.last_names) == (["Jane"], ["Smith"])
    assert (organisation.first_names, organisation.last_names) == ([], ["{Ministry of Work and Schools}"])
    assert [author["@type"] for author in work.linked_authors()] == ["Person", "Organization"]


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.key)
def test_bibtex_can_be_read_and_typeset(work):
    entries = parse_string(work.bibtex(), "bibtex").entries
    assert list(entries) == [work.key]
    fields = entries[work.key].fields
    assert fields["year"] == "2026"
    assert fields.get("url", "") == work.address
    (entry,) = find_plugin("pybtex.style.formatting", "plain")().format_entries(entries.values())
    shown = entry.text.render_as("text")
    assert "The team" in shown
    assert work.title.rstrip("?") in shown


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.key)
def test_ris_keeps_to_the_syntax_of_its_lines(work):
    *lines, rest = work.ris().split("\r\n")
    assert rest == ""
    assert [line for line in lines if not RIS_LINE.fullmatch(line)] == []
    tags = [line[:2] for line in lines]
    assert (tags[0], tags[-1]) == ("TY", "ER")
    assert {"AU", "TI", "PY"} <= set(tags)
    assert ("UR" in tags) == bool(work.address)


def test_exhibit_and_chapter_offer_their_citation_and_files(small_book):
    assert small_book.build(html_baseurl="https://book.example/") == 0
    page = small_book.page("book/chapter1")
    site = small_book.root / "_build" / "html"
    assert "The team, &amp; Author, Ada. (2026). Ness leads. In <em>A small book: with a subtitle</em>" in page
    assert "(Edition 1.2, Figure 1.1). https://book.example/book/chapter1.html#ch1-small" in page
    assert "<summary>Cite this chapter</summary>" in page
    # The one setting gives the pages their canonical address too.
    assert '<link rel="canonical" href="https://book.example/book/chapter1.html"' in page
    for name in ["ch1-small", "chapter1", BOOK]:
        assert name == BOOK or f'href="../cite/{name}.ris"' in page
        assert parse_string((site / "cite" / f"{name}.bib").read_text("utf-8"), "bibtex").entries[name]


def test_new_title_in_the_citation_file_reaches_every_page(small_book):
    small_book.build()
    path = small_book.root / "CITATION.cff"
    path.write_text(path.read_text("utf-8").replace("A small book", "A renamed book"), "utf-8")
    small_book.build()
    page = small_book.page("book/chapter1")
    assert "A renamed book" in page
    assert "A small book: with" not in page
