"""Any page of the web on paper: black on white, whole, opened, and with where it comes from."""

import re

import pypdfium2
import pytest
from looking import KINDS, page_of

A4 = 688  # pixels between margins of 14 mm
CUT = """() => [...document.querySelectorAll("article :is(td, th, p, li, pre, img, svg, figcaption, caption)")]
  .filter((e) => e.checkVisibility() && !e.closest("details:not([open])"))
  .filter((e) => { const box = e.getBoundingClientRect(); return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1); })
  .slice(0, 5).map((e) => e.outerHTML.slice(0, 120))"""
FAINT = """() => { const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return a ? [r, g, b].map((v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0) : 1; };
  const found = new Set();
  for (const e of document.querySelectorAll("article *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    const style = getComputedStyle(e), drawn = e instanceof SVGElement;
    if (!own || !e.checkVisibility() || (drawn && e.localName !== "text")) continue;
    if (!drawn && 1.05 / (light(style.color) + .05) < 4.5) found.add(`${style.color} ${e.localName}.${e.className}`);
    if (light(style.backgroundColor) < .7) found.add(`on ${style.backgroundColor} ${e.localName}.${e.className}`);
  }
  return [...found].slice(0, 10); }"""


def words(pdf):
    """Return the text of a PDF without blanks."""
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return solid(text)


def solid(text):
    """Return a text without blanks and without the signs that keep a line from ending."""
    return re.sub(r"[\s\u2060\ufffe]+", "", text)


@pytest.mark.parametrize("kind", KINDS)
def test_page_on_paper_is_dark_on_white_and_nothing_is_cut(kind, show):
    """Also for those who read in the dark; of the profiles the last column was lost."""
    with show(page_of(kind), A4, color_scheme="dark") as page:
        page.tab.emulate_media(media="print", color_scheme="dark")
        page.tab.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.tab.evaluate(CUT) == []
        assert page.tab.evaluate(FAINT) == []
        around = ".sidebar-drawer, .toc-drawer, .mobile-header, .related-pages, .back-to-top, .content-icon-container"
        assert [e.get_attribute("class") for e in page.tab.locator(around).all() if e.is_visible()] == []


def test_disclosures_are_opened_on_paper_and_closed_again(show):
    with show(page_of("chapter")) as page:
        folded = page.tab.evaluate(
            """() => [...document.querySelectorAll("article details:not([open])")].filter((e) => !e.closest(".exhibit-foot"))
                 .map((e) => e.querySelector(":scope > :not(summary)").textContent.trim().slice(0, 30))"""
        )
        text = words(page.tab.pdf(format="A4"))
        opened = page.tab.evaluate("() => document.querySelectorAll('[data-printed]').length")
    assert folded
    assert [start for start in folded if solid(start) not in text] == []
    assert opened == 0, "what was opened for paper stays open on the screen"


def test_foot_of_a_printed_page_says_where_it_is_from_and_its_last_column_is_there(show, site):
    with show(page_of("country")) as page:
        last = page.tab.locator(".exhibit-table").first.locator("tr td:last-child").all_inner_texts()
        text = words(page.tab.pdf(format="A4"))
    assert last
    assert [cell for cell in last if solid(cell) not in text] == []
    assert site.address.removesuffix("/") in text
    assert "edition20" in text


def test_head_of_a_table_comes_again_overleaf(show):
    """The browser left the words out on every page but the first, since each stood in a button that sorts."""
    with show(page_of("country")) as page:
        heads = page.tab.locator(".exhibit-table").first.locator("thead th").all_inner_texts()
        document = pypdfium2.PdfDocument(page.tab.pdf(format="A4"))
    overleaf = [solid(sheet.get_textpage().get_text_range())[:200] for sheet in document]
    document.close()
    wanted = solid(" ".join(heads[1:4]))
    assert wanted
    assert any(wanted in text for text in overleaf), overleaf
