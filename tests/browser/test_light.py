"""A page is there at once, asks nobody else for anything, and has nothing to complain of."""

import pytest
from looking import KINDS, page_of

KILOBYTES = {"chapter": 350}  # all others:
FIRST_VIEW = 250
PICTURES = """() => [...document.querySelectorAll("article img")].map((image) => ({
  source: image.getAttribute("src"), sized: image.hasAttribute("width") && image.hasAttribute("height"),
  lazy: image.loading === "lazy", top: image.getBoundingClientRect().top }))"""

# What is hidden in the source and shown by a script pushes down what is read, unless the style keeps its room.
PUSHING = """async () => {
  const source = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const kinds = new Set([...source.querySelectorAll("article [hidden]")].map((e) => [e.localName, ...e.classList].map((name) => CSS.escape(name)).join(".")));
  return [...kinds].filter((kind) => [...document.querySelectorAll(`article ${kind}`)].some((e) => {
    if (e.hidden || !e.checkVisibility() || e.getBoundingClientRect().top > innerHeight) return false;
    e.hidden = true;
    const room = parseFloat(getComputedStyle(e.parentElement).minHeight) || 0;
    const pushes = getComputedStyle(e).display === "none" && room < 0.9 * innerHeight;
    e.hidden = false;
    return pushes;
  })); }"""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [390, 1280])
def test_first_view_keeps_its_budget_and_its_text_does_not_jump(kind, width, show, site):
    """All that is sent, compressed, until the page is loaded and nothing has been moved; 1.16 MB it was at first.

    Every picture says its size, and those further down are asked for when they come near. The fields of the catalogue had
    no room until their script came, and the first table moved down.
    """
    site.sent.clear()
    with show(page_of(kind), width) as page:
        page.tab.wait_for_load_state("networkidle")
        assert page.said == []
        assert page.foreign == []
        pictures = page.tab.evaluate(PICTURES)
        sent = sorted(((size, path) for path, size in site.sent), reverse=True)
        assert page.tab.evaluate(PUSHING) == []
    assert [path for size, path in sent if not size] == [], "not found"
    total = sum(size for size, _ in sent)
    assert total <= 1024 * KILOBYTES.get(kind, FIRST_VIEW), [f"{size:,} {path}" for size, path in sent[:8]]
    assert [picture["source"] for picture in pictures if not picture["sized"]] == []
    assert [picture["source"] for picture in pictures if picture["top"] > 2000 and not picture["lazy"]] == []


@pytest.mark.parametrize("width", [390, 1280])
def test_chart_that_comes_near_moves_nothing(width, show):
    """Drawn only then, it took more room than it had been given: what lay below left the pointer before its release."""
    tops = "() => [...document.querySelectorAll('.exhibit')].map((exhibit) => Math.round(exhibit.offsetTop))"
    with show("book/chapter1.html", width) as page:
        before = page.tab.evaluate(tops)
        for chart in page.tab.locator(".chart").all():
            chart.scroll_into_view_if_needed()
        page.tab.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert len(before) > 10
        assert page.tab.evaluate(tops) == before


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"not found"}))  # only a server shows that one
def test_site_works_from_a_folder(kind, show):
    with show(page_of(kind), served=False) as page:
        assert page.said == []
        assert page.foreign == []
        assert page.tab.evaluate("() => document.fonts.check('16px Open Sans') && document.styleSheets.length > 0")
