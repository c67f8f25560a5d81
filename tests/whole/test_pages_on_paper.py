"""What the pages of the PDFs look like: size of letters, fullness, where exhibits and headings stand, what leads the reader.

Measured on the finished files. Contact sheets were looked at as well; what an eye found there and a rule can hold is here.
"""

import re
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from statistics import median

import articles
import pypdfium2
import pytest
import sheets
from pypdf import PdfReader
from test_built import ROOT, SITE

MM = 72 / 25.4
TOP, BOTTOM = 27 * MM, 23 * MM
FOLDER = ROOT / "_build" / "pdf"
VOLUMES = [
    FOLDER / f"schools-at-the-crossroads{name}.pdf" for name in ("", "-country-profiles", "-methods-and-studies")
]
MAIN, PROFILES, METHODS = VOLUMES
LEAST, FULL = 7.45, 0.6


def letters(text):
    """Return a text without blanks and signs, which lines and fonts change."""
    return re.sub(r"\W", "", text)


class Book:
    """A PDF: its bookmarks, as depth, title, page and height from the top, and the text of its pages."""

    def __init__(self, path):
        self.path = path
        reader = PdfReader(path)
        self.marks = list(self._flat(reader, reader.outline))
        self.labels = reader.page_labels
        document = pypdfium2.PdfDocument(path)
        self.raw = [page.get_textpage().get_text_range().replace("\ufffe", "") for page in document]
        self.texts = [" ".join(text.split()) for text in self.raw]
        document.close()

    def _flat(self, reader, items, depth=0):
        for item in items:
            if isinstance(item, list):
                yield from self._flat(reader, item, depth + 1)
            else:
                page = reader.get_destination_page_number(item)
                yield depth, item.title, page, float(reader.pages[page].mediabox[3]) - float(item.top)

    @property
    def parts(self):
        """First page of each chapter or other part of the book; what follows the last is the back cover."""
        first = sorted({page for _, _, page, _ in self.marks if "In brief" in self.texts[page]} | self.openers)
        return [*first, len(self.texts) - 1]

    @cached_property
    def letters(self):
        """The letters of each page."""
        return [letters(text) for text in self.texts]

    @cached_property
    def openers(self):
        """Pages that begin with a band of colour."""
        found = set()
        for number, page in enumerate(sheets.pages(self.path)):
            corner = page.render(scale=0.2).to_numpy()[2, 2]
            if number and corner.max() - corner.min() > 40:
                found.add(number)
        return found


@pytest.fixture(scope="module")
def books(built):
    """The three volumes."""
    return {path: Book(path) for path in VOLUMES}


@pytest.fixture(scope="module")
def briefs(built):
    """The briefs of all countries."""
    return sorted((SITE / "briefs").glob("*.pdf"))


def test_letters_are_never_smaller_than_seven_and_a_half_points(books, briefs):
    """In charts, tables and notes as well."""
    small = {}
    for path in [*VOLUMES, *briefs[:3]]:
        for number, page in enumerate(sheets.pages(path), start=1):
            for letter, size, _ in sheets.letters(page):
                if size < LEAST:
                    small.setdefault((path.name, number), set()).add((letter, round(size, 1)))
    assert small == {}


@pytest.mark.parametrize("path", VOLUMES, ids=lambda path: path.stem)
def test_every_page_but_the_last_of_a_chapter_is_well_filled(books, path):
    book = books[path]
    parts, profiles = book.parts, {page for _, title, page, _ in book.marks if path == PROFILES}
    front, apart = min(parts), {*parts, *(part - 1 for part in parts)}
    low = {}
    for number, page in enumerate(sheets.pages(path)):
        if number < front or number in apart or (number - 1 in profiles):
            continue
        full = sheets.fullness(page, TOP, BOTTOM)
        if full < FULL:
            low[book.labels[number]] = round(full, 2)
    assert low == {}


@pytest.mark.parametrize("path", VOLUMES, ids=lambda path: path.stem)
def test_no_heading_stands_at_the_foot_of_a_page(books, path):
    """A heading has two lines of text below it, or an exhibit."""
    lowest = {
        number: max((box[3] for _, _, box in sheets.letters(page) if box[3] < page.get_height() - BOTTOM), default=0)
        for number, page in enumerate(sheets.pages(path))
    }
    alone = [(title, page + 1) for _, title, page, top in books[path].marks if lowest[page] < top + 30]
    assert alone == []


def test_exhibits_stand_within_a_page_of_what_first_speaks_of_them(books, content):
    """On the page on which their section first names them, or on the one before or after; tables of several pages begin there."""
    far, seen = {}, dict.fromkeys((MAIN, METHODS), 0)
    for identifier, number, heading in homes():
        title = " ".join(content.exhibits[identifier]["title"].split())
        for path in seen:
            distance = distance_of(books[path], number, title, heading)
            if distance is not None:
                seen[path] += 1
                far |= {number: distance} if abs(distance) > 1 else {}
    assert far == {}
    assert seen[MAIN] > 55 and seen[METHODS] > 40, seen


def distance_of(book, number, title, heading):
    """Return how many pages an exhibit stands behind its first mention in its section; None where the volume does not have it."""
    own, first = letters(number + title), min(book.parts)
    at = next((page for page in range(first, len(book.texts)) if own in book.letters[page]), None)
    begins = [page for _, name, page, _ in book.marks if letters(heading) in letters(name)]
    if at is None or not begins:
        return None
    begin = min(begins, key=lambda page: abs(page - at))
    # Its caption is no mention of it.
    said = re.compile(re.escape(number).replace(r"\ ", r"\s") + r"(?!\d)(?! " + re.escape(title[:8]) + ")")
    mention = next((page for page in range(begin, len(book.texts)) if said.search(book.texts[page])), None)
    return None if mention is None else at - mention


def homes():
    """Yield the numbered exhibits of printed chapters: identifier, number, and heading of the section around it."""
    for path in sorted(SITE.glob("book/*.html")):
        article = articles.parse(path, folded=False).find("article")
        for exhibit in article.select("div.exhibit:has(.exhibit-permalink)") if article else ():
            number, section = exhibit.select_one(".caption-number"), exhibit.find_parent("section")
            if number and section:
                heading = section.find(["h1", "h2", "h3", "h4"]).get_text().rstrip("#\uf0c1 ")
                yield exhibit.select_one("figure[id], table[id]")["id"], number.get_text().strip(), heading


@pytest.mark.parametrize("path", [MAIN, METHODS], ids=lambda path: path.stem)
def test_figures_and_tables_stand_in_the_order_of_their_numbers(books, content, path):
    """A table in the text stood above the one before it, which had floated to the foot of the page."""
    wanted = {}
    for identifier, number, _ in homes():
        wanted[letters(number + " ".join(content.exhibits[identifier]["title"].split()))] = number
    places = {}
    for page, sheet in enumerate(sheets.pages(path)):
        if page >= min(books[path].parts):
            signs = [(letter, box) for letter, _, box in sheets.letters(sheet) if letters(letter)]
            text = "".join(letter for letter, _ in signs)
            for own in [own for own in wanted if own in text]:
                kind, chapter, position = re.fullmatch(r"(\w+)\s(\w+)\.(\d+)", wanted[own]).groups()
                height = signs[text.index(own)][1][1]
                places.setdefault((kind, chapter), []).append((page, height, int(position)))
    assert sum(map(len, places.values())) > 40
    out_of_order = {
        part: found for part, found in places.items() if sorted(found) != sorted(found, key=lambda place: place[2])
    }
    assert out_of_order == {}


@pytest.mark.parametrize("path", VOLUMES, ids=lambda path: path.stem)
def test_an_exhibit_and_its_number_are_not_on_two_lines(books, path):
    divided = [match[0] for text in books[path].raw for match in re.finditer(r"\b(?:Figure|Table)\r?\n\d+\.\d+", text)]
    assert divided == []


def test_lines_of_running_text_hold_sixty_six_to_seventy_five_characters(books):
    """Of lines that are nearly full, as the last of a paragraph says nothing."""
    lengths = []
    for number, page in enumerate(sheets.pages(MAIN)):
        if number < 14 or number > 60:
            continue
        lines = {}
        for _, size, box in sheets.letters(page):
            if abs(size - 11) < 0.1:
                lines.setdefault(round(box[3] / 4), []).append(box)
        for line in lines.values():
            if max(box[2] for box in line) - min(box[0] for box in line) > 0.93 * 124 * MM:
                lengths.append(len(line) * 1.185)  # the blanks, which have no box
    assert len(lengths) > 300
    assert 66 <= median(lengths) <= 75


def test_contents_have_two_pages_and_lists_name_the_page_of_each_exhibit(books, content):
    book = books[MAIN]
    pages = {title: page for _, title, page, _ in book.marks}
    assert pages["Figures"] - pages["Contents"] <= 2
    contents = " ".join(book.texts[pages["Contents"] : pages["Figures"]])
    assert contents.count("What it means for policy") <= 2
    listed = " ".join(book.texts[pages["Figures"] : min(book.parts)])
    entries = re.findall(
        r"((?:Figure|Table) \d+\.\d+) (.+?) (\d+)(?= Figure| Table| Tables| Boxes| [ivxl]+ | Schools|$)", listed
    )
    assert len(entries) > 60
    for number, title, label in entries:
        page = book.labels.index(label)
        assert letters(number + title) in book.letters[page], (number, title, label)


def test_index_leads_to_pages_on_which_its_names_stand(books):
    book = books[MAIN]
    start = next(page for _, title, page, _ in book.marks if title == "Index")
    index = " ".join(book.raw[start:-1]).replace("\r\n", " ")
    for name in ("Estonia", "Finland", "ecosystem", "P-TECH Grades 9-14", "Career Academies"):
        found = re.search(rf"{re.escape(name)} +((?:\d+(?:–\d+)?,? ?)+)", index)
        assert found, name
        for label in re.findall(r"\d+", found[1])[:6]:
            text = book.texts[book.labels.index(label)]
            assert name.split(" ")[0].casefold() in text.casefold(), (name, label)
    assert re.search(r"Hanushek, E\. A?\.? *\d", index)


def test_each_country_has_two_pages_and_its_name_at_their_head(books):
    book = books[PROFILES]
    begins = {
        title: page for depth, title, page, _ in book.marks if page in book.openers and title != "Country profiles"
    }
    assert len(begins) == 38
    starts = [*sorted(begins.values()), len(book.texts) - 1]
    assert {later - page for page, later in pairwise(starts)} == {2}
    for title, page in begins.items():
        assert title in book.texts[page + 1][:80], title


def test_each_country_has_a_brief_that_is_complete(briefs, books):
    names = sorted(path.stem for path in (SITE / "book" / "countries").glob("*.html"))
    assert [path.stem for path in briefs] == names
    for path in briefs:
        document = pypdfium2.PdfDocument(path)
        texts = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
        document.close()
        assert len(texts) == 2, path.name
        for words in (
            "How to read a profile.",
            "Sources: OECD",
            "Cite as:",
            "Edition 2026",
            "Schools at the Crossroads",
        ):
            assert words in " ".join(texts), (path.name, words)
        page = (SITE / "book" / "countries" / f"{path.stem}.html").read_text("utf-8")
        assert f'href="../../briefs/{path.name}"' in page


def test_numbers_at_the_head_of_a_chapter_are_published(books, pages):
    """On paper as on the web, and above the findings."""
    for number in range(1, 6):
        listed = articles.parse(Path(SITE, "book", f"chapter{number}.html"), folded=False).select(".key-numbers > li")
        assert len(listed) == 3
        opener = next(
            text for text in books[MAIN].texts if re.search(rf"^(?:The report )?{number} ", text) and "In brief" in text
        )
        for item in listed:
            value = item.select_one(".key-number .value")
            assert value is not None
            assert re.sub(r"\W", "", item.get_text()) in re.sub(r"\W", "", opener)
