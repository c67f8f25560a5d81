"""What print does with pages beyond setting their text: paper, openers, index, briefs. Shown with the second book."""

import re
from types import SimpleNamespace

import pypdfium2
import pytest
from docutils import nodes
from forked_builds import Forked
from pybtex.database import Entry, Person
from pypdf import PdfReader
from small_book import copy_second
from sphinx.errors import ConfigError
from test_second_book import build

from press.paper import briefs
from press.paper.builder import _paper
from press.paper.openers import first_sentence
from press.paper.register import authors

A4, LETTER = (595, 842), (612, 792)
BOTH = ("lights-and-tides", "lights-and-tides-lights")


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """The folder of the second book's PDFs."""
    root = tmp_path_factory.mktemp("looks") / "book"
    build(root)
    return root / "_build" / "pdf"


@pytest.fixture(scope="module")
def texts(printed):
    """The text of each page of the book on paper."""
    return page_texts(printed / "lights-and-tides.pdf")


def page_texts(path):
    document = pypdfium2.PdfDocument(path)
    texts = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return texts


def sizes(path):
    return {tuple(round(side) for side in page.mediabox[2:]) for page in PdfReader(path).pages}


@pytest.mark.builds
def test_letter_paper_is_one_setting(printed, tmp_path):
    """What stands on the page is the same, so that a book for both papers is written once."""
    root = tmp_path / "letter"
    copy_second(root)
    with (root / "_config.yml").open("a", encoding="utf-8") as config:
        config.write("    typst_paper: letter\n")
    Forked().build(root)
    folder = root / "_build" / "pdf"
    for name in (*BOTH, "leaflets/ness"):
        assert sizes(printed / f"{name}.pdf") == {A4}, name
        assert sizes(folder / f"{name}.pdf") == {LETTER}, name
        one, other = (" ".join(page_texts(place / f"{name}.pdf")) for place in (printed, folder))
        strip = re.compile(r"[\d\s]")
        assert sorted(set(strip.sub(" ", one).split())) == sorted(set(strip.sub(" ", other).split())), name


def test_paper_that_print_does_not_know_is_refused():
    with pytest.raises(ConfigError, match="typst_paper is 'a3'; expected a4 or letter"):
        _paper(SimpleNamespace(typst_paper="a3"))


@pytest.mark.builds
def test_chapter_opens_with_its_answer_and_its_numbers(texts):
    (page,) = (text for text in texts if "Lights stand high." in text)
    answer, number, brief = (page.index(words) for words in ("Lights stand high.", "30.6", "In brief"))
    assert answer < number < brief
    assert "30.6 metres above the sea stands the mean light" in page
    assert "17 (12 to 22) miles from which a light is seen" in page


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("- 12 metres are typed here", "begins with a published or quoted number"),
        ("- {value}`ch1-mean`", "says in a few words what it is"),
        (
            "- {value}`ch1-mean` a\n- {value}`ch1-mean` b\n- {value}`ch1-mean` c\n- {value}`ch1-mean` d",
            "at most 3 lines",
        ),
        ("A sentence, and no list.", "are one list"),
    ],
)
@pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")
def test_key_number_that_is_typed_or_says_nothing_is_refused(small_book, lines, message):
    small_book.chapter(f"```{{key-numbers}}\n{lines}\n```\n\n```{{exhibit}} ch1-small\n```\n")
    with pytest.raises(SystemExit, match=rf"^Book error: book/chapter1\.md:\d+: .*{message}"):
        small_book.build()


@pytest.mark.builds
def test_index_names_the_pages_on_which_a_name_stands(texts):
    """A term of the glossary, an area, an author, and what an author of the book asks for."""
    first = next(number for number, text in enumerate(texts) if "1 Lights" in text and "In brief" in text)
    index = next(text for text in reversed(texts) if "Index" in text and "Authors" in text)
    for name, word in (
        ("tide", "tide"),
        ("range", "range"),
        ("Lamp, A.", "Lamp"),
        ("keepers, of lights", "who keeps it"),
    ):
        found = re.search(rf"{re.escape(name)} ((?:\d+(?:–\d+)?(?:, )?)+)", index)
        assert found, f"{name} is not in the index: {index}"
        for number in re.findall(r"\d+", found[1]):
            assert word.casefold() in texts[first + int(number) - 1].casefold(), (name, number)


@pytest.mark.builds
def test_reference_names_the_chapters_that_cite_it(printed, texts):
    """And leads to them."""
    page = next(text for text in texts if "References" in text and "Lamp" in text and "Cited in" in text)
    assert re.search(r"Lamp\b.+? Cited in 1\b", page)
    names = {
        str(annotation.get_object().get("/Contents"))
        for sheet in PdfReader(printed / "lights-and-tides.pdf").pages
        for annotation in sheet.get("/Annots", [])
    }
    assert any(name.startswith("1 Lights, page ") for name in names), names


@pytest.mark.builds
def test_lists_of_figures_and_tables_have_pages(texts):
    (lists,) = (text for text in texts if "Tables" in text and "Figures" in text)
    first = next(number for number, text in enumerate(texts) if "1 Lights" in text and "In brief" in text)
    for number, page in re.findall(r"((?:Figure|Table) \d\.\d) .+? (\d+)(?= Table| Figure|$| [ivx]+)", lists):
        assert number in texts[first + int(page) - 1], number


@pytest.mark.builds
def test_brief_says_all_that_is_needed_to_read_it(printed):
    """The volume says it once; a page on its own has no other place where it stands."""
    (brief,) = page_texts(printed / "leaflets" / "ness.pdf")
    for words in (
        "Ness",
        "Lights and tides",
        "Edition 1.2",
        "How to read this leaflet.",
        "Cite as:",
        "CC0 1.0",
        "1 of 1",
    ):
        assert words in brief, words
    for other in ("skerry", "wick"):
        assert (printed / "leaflets" / f"{other}.pdf").read_bytes().startswith(b"%PDF")
    volume = " ".join(page_texts(printed / "lights-and-tides-lights.pdf"))
    assert "How to read this leaflet." not in volume
    assert "Cite as:" in volume  # once, in the imprint
    assert (printed.parent / "html" / "leaflets" / "ness.pdf").read_bytes() == (
        printed / "leaflets" / "ness.pdf"
    ).read_bytes()


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"leaflets": {"page": ["book/*"]}}, "leaflets has page; expected pages"),
        ({"leaflets": {"pages": ["book/nothing/*"]}}, "no page of the book is one of"),
        ({"leaflets": {"pages": ["book/*"], "foot": "book/none"}}, "has the foot 'book/none', which is no page"),
    ],
)
def test_briefs_of_nothing_are_refused(told, message):
    with pytest.raises(ConfigError, match=message):
        briefs.briefs(SimpleNamespace(typst_briefs=told), ["book/one", "book/two"])


def test_briefs_are_named_after_their_pages():
    told = SimpleNamespace(typst_briefs={"leaflets": {"pages": ["book/lights/*"], "foot": "book/lights"}})
    found = briefs.briefs(told, ["book/lights", "book/lights/wick", "book/lights/ness"])
    assert [brief.filename for brief in found] == ["leaflets/ness.pdf", "leaflets/wick.pdf"]


@pytest.mark.parametrize(
    ("text", "answer", "rest"),
    [
        ("Schools change, but slowly. Money alone does not.", "Schools change, but slowly.", "Money alone does not."),
        ("One sentence only.", "One sentence only.", ""),
        (
            "It rose by 2.5 points, e.g. in maths. Then it fell.",
            "It rose by 2.5 points, e.g. in maths.",
            "Then it fell.",
        ),
    ],
)
def test_first_sentence_is_the_answer(text, answer, rest):
    first, other = first_sentence(nodes.paragraph("", text))
    assert (first.astext(), other.astext()) == (answer, rest)


def test_sentence_with_a_number_in_it_is_not_divided_there():
    """A value is a node of its own; the end of the sentence may come after it."""
    paragraph = nodes.paragraph(
        "", "", nodes.Text("It fell by "), nodes.inline("", "22. Points"), nodes.Text(" a lot. Next.")
    )
    first, rest = first_sentence(paragraph)
    assert first.astext() == "It fell by 22. Points a lot."
    assert rest.astext() == "Next."


def test_authors_are_named_as_an_index_has_them():
    entry = Entry("book", persons={"author": [Person("van der Berg, Ada Maria"), Person("{OECD}")]})
    assert list(authors(entry)) == ["van der Berg, A. M.", "OECD"]
    assert list(authors(Entry("book", persons={"editor": [Person("Lamp, B.")]}))) == ["Lamp, B."]
    assert list(authors(Entry("misc"))) == []
