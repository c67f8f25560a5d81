"""What stands on paper: what the web says of a printed document is in the text of the PDF, whole and in order.

A rule of the print template once dropped all that stands beneath the numbered figures, and the titles alone, which
were looked for, did not tell.
"""

import re

import articles
import pytest
import yaml
from sphinx.util.matching import Matcher
from test_built import ROOT, SITE

# Tools and marks of web pages; what is raw HTML there is named by its element, class or link.
WEB_ONLY = (
    ".only-web, .only-brief, .headerlink, .exhibit-links, form, .case-downloads, .footnote-reference, .footnote > .label,"
    " .backrefs, .citation > .label, p:has(> [download]), p:has(> a[href$='datapackage.json'])"
)
# A text that goes on elsewhere leaves two lines at least; full pages of figures may stand between.
PIECE, REACH = 25, 20_000
# What may stand on the next page, or beside.
FLOATING = re.compile("exhibit|admonition|topic|footnote|only-print|finding|one-page")


@pytest.fixture(scope="module")
def paper(paper_pages, profile_pages, method_pages):
    """Return the text of the book on paper and of its companion volumes."""
    return plain(" ".join(paper_pages + profile_pages + method_pages))


def test_report_on_paper_has_at_most_two_hundred_pages(paper_pages):
    assert len(paper_pages) <= 200


def test_summary_stands_on_one_page(paper_pages):
    """Five findings with their charts and actions: what does not fit on a page is no summary."""
    (page,) = (text for text in paper_pages if "Why schools?" in text)
    words = " ".join(page.split())
    assert [words.count(name) for name in ("Do:", "First:", "Evidence:")] == [5, 5, 5]
    assert "Sources of the charts" in words


@pytest.fixture(scope="module")
def by_print(built):
    """Return all pages by whether they are printed, each kind by name."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["sphinx"]["config"]
    web_only = Matcher([*config["typst_web_only"], "_static/**", "index", "search", "404", "exhibits/**"])
    found = {True: {}, False: {}}
    for path in sorted(SITE.rglob("*.html")):
        name = path.relative_to(SITE).with_suffix("").as_posix()
        found[not web_only(name)][name] = articles.parse(path, folded=False).find("article")
    return found


@pytest.fixture(scope="module")
def printed(by_print):
    """Return the pages of the documents that are printed, by name, without what is for the web alone."""
    for article in by_print[True].values():
        for tag in article.select(WEB_ONLY):
            tag.decompose()
    return by_print[True]


def exhibits_in(article):
    """Yield the exhibits that a page shows, with their identifiers."""
    for exhibit in article.select("div.exhibit:has(.exhibit-permalink)"):
        yield exhibit.select_one("figure[id], table[id]")["id"], exhibit


def plain(text):
    """Leave out blanks and hyphens, as lines may end and words be divided anywhere, and the shape of quotes."""
    return re.sub(r"[\s\u00ad\u2010-]+", "", text).translate(str.maketrans("‘’“”", "''\"\""))


def words(element):
    return plain(element.get_text())


def end_of(text, paper, start=0):
    """Return where a text ends on paper, or None; it may go on over the next pages, with other things between."""
    found = paper.find(text, start)
    if found >= 0:
        return found + len(text)
    # Texts that begin alike stand on many pages, as the notes of profiles do: each may be the one.
    for begun in re.finditer(re.escape(text[:PIECE]), paper[start:]):
        end = continued(text, paper, start + begun.start())
        if end is not None:
            return end
    return None


def continued(text, paper, place):
    """Return where a text that begins at a place ends, or None."""
    begun = next(
        (i for i, (one, other) in enumerate(zip(text, paper[place : place + len(text)], strict=False)) if one != other),
        len(text),
    )
    place, text = place + begun, text[begun:]
    while text:
        reach = paper[place : place + REACH]
        low, high = 0, len(text) + 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if text[:middle] in reach else (low, middle)
        if low < PIECE:
            return None
        place += reach.index(text[:low]) + low
        text = text[low:]
    return place


def blocks(article):
    """Yield the innermost blocks of text; titles of exhibits and headings are set in parts and left to other tests."""
    apart = {id(tag) for tag in article.select("figcaption, caption, h1, h2, h3, h4, h5, h6")}
    for block in article.select("p:not(.exhibit-permalink), li, dt, dd, td, th"):
        if block.find(["p", "li", "dd", "math"]) or apart & {id(tag) for tag in (block, *block.parents)}:
            continue
        yield block


def lost(elements, paper, *, in_order=False):
    """Return the beginnings of texts that are not on paper, or not after the one before."""
    texts, place = [], 0
    for text in filter(None, map(words, elements)):
        end = end_of(text, paper, place)
        texts += [text[:90]] if end is None else []
        place = end if in_order and end is not None else place
    return texts


def test_a_text_on_two_pages_is_found_and_one_that_lost_a_word_is_not():
    paper = plain(
        "A sentence that is long and begins here, foot, head, and goes on for a while on the next page. More."
    )
    assert end_of(plain("A sentence that is long and begins here, and goes on for a while on the next page."), paper)
    for wrong in [
        "A sentence that is not long and begins here, and goes on for a while on the next page.",
        "A sentence that is long and begins here, and goes on on the next page.",
        "and goes on for a while on the next page. A sentence that is long and begins here,",
        "More pages.",
    ]:
        assert end_of(plain(wrong), paper) is None


def test_every_exhibit_has_all_its_parts_in_order(paper, printed, by_print, content):
    """Each part stands after the one before it, and before the pointer, which names the exhibit."""
    faults, seen = [], set()
    for article in printed.values():
        for identifier, exhibit in exhibits_in(article):
            seen.add(identifier)
            parts = exhibit_parts(exhibit, content.exhibits[identifier])
            end, place = paper.find(parts["pointer"]), 0
            if end < 0:
                faults.append(f"{identifier}: the pointer is not on paper")
                end = len(paper)
            else:
                # Titles are repeated in lists of exhibits, so that the one above the pointer counts.
                place = max(paper.rfind(parts["number"] + parts["title"], 0, end), 0)
            before = paper[:end]
            for name, text in list(parts.items())[:-1]:
                ends = end_of(text, before, place)  # notes of profiles go on overleaf
                if ends is None:
                    faults.append(f"{identifier}: the {name} is not on paper, or not in its place: {text[:60]}")
                else:
                    place = ends
    on_the_web = {name for page in by_print[False].values() if page for name, _ in exhibits_in(page)}
    assert seen | on_the_web == set(content.exhibits)
    assert faults == [], f"{len(faults)} parts are missing:\n" + "\n".join(faults[:40])


def exhibit_parts(exhibit, metadata):
    """Return the parts that an exhibit must have on paper: as published and, where pages add to it, as on its page."""
    number, pointer = exhibit.select_one(".caption-number"), exhibit.select_one(".exhibit-permalink")
    foot = {"note": f"Note: {metadata['note']}", "limits": f"What it does not show: {metadata['limits']}"}
    return {
        "number": words(number) if number else "",
        "title": plain(metadata["title"]),
        "subtitle": plain(metadata["subtitle"]),
        **{name: plain(text) for name, text in foot.items() if metadata[name]},
        "source": words(pointer.find_previous_sibling("p")),
        # There is no address of the web edition: the pointer names the file in the variant with data.
        "pointer": plain(f"Data: {pointer.get_text().split('exhibits/')[1].split()[0]}.csv"),
    }


# How many there are at least: a rule that finds nothing would prove nothing.
@pytest.mark.parametrize(
    ("rule", "at_least"),
    [(".citation", 60), (".admonition", 10), (".in-brief", 5), (".case-box", 4), (".footnote", 0)],
    ids=["references", "boxes", "boxes in brief", "cases", "footnotes"],
)
def test_each_stands_on_paper_whole(paper, printed, rule, at_least):
    found = [tag for article in printed.values() for tag in article.select(rule)]
    assert len(found) >= at_least
    assert [texts for tag in found if (texts := lost(blocks(tag), paper, in_order=True))] == []


def test_marks_in_boxes_of_cases_lead_to_the_sources_below(printed, pdf):
    """The pages of cases to which they lead on the web are not on paper."""
    marks = [
        mark for article in printed.values() for mark in article.select(".case-box .case-citations:not(.only-print) a")
    ]
    led = [
        str(annotation.get_object()["/Contents"])
        for page in pdf.pages
        for annotation in page.get("/Annots", [])
        if re.match(r"\[\d+\]", str(annotation.get_object()["/Contents"]))
    ]
    assert len(led) == len(marks) > 30
    assert all(re.match(r"\[\d+\].+ \((?:\d{4}|undated)\), .+, page \d+$", name) for name in led), led


def test_every_value_stands_on_paper_in_its_sentence(paper, printed):
    """A number without its sentence is found anywhere."""
    values = [block for article in printed.values() for block in blocks(article) if block.select_one("span.value")]
    assert sum(len(block.select("span.value")) for block in values) > 700
    assert lost(values, paper) == []


def test_every_block_of_text_stands_on_paper(paper, printed):
    """Nothing that the web shows in a printed document may vanish from print unseen."""
    found = {name: lost(blocks(article), paper) for name, article in printed.items()}
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_paragraphs_are_extracted_in_the_order_of_reading(paper, printed):
    """Whoever copies a page, or has it read out by a program without tags, gets its sentences one after the other."""
    disordered = {}
    for name, article in printed.items():
        told = [
            block
            for block in article.select("p")
            if not block.find_parent(["figure", "table", "aside", "dl", "li"])
            and not block.find_parent(class_=FLOATING)
        ]
        texts = [text for text in map(words, told) if len(text) > 60]
        place = max(paper.find(texts[0]), 0) if texts else 0
        for text in texts:
            end = end_of(text, paper[place : place + REACH])
            if end is None:
                disordered.setdefault(name, []).append(text[:90])
            else:
                place += end
    assert disordered == {}
