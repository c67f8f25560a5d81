"""Everybody reads every page: with a screen reader, by keys alone, on a phone, enlarged, in the dark, without motion."""

import pytest
from looking import KINDS, page_of

RULES = {"target-size": {"enabled": True}}
# What depends on colours alone, and is asked again in the dark.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
CONTRAST = """nodes => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, ground) => [0, 1, 2].map((i) => top[i] * top[3] + ground[i] * (1 - top[3])).concat(1);
  const ground = (element) => {
    const above = element.parentElement ? ground(element.parentElement) : [255, 255, 255, 1];
    return over(rgba(getComputedStyle(element).backgroundColor), above);
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const poor = new Set();
  for (const element of nodes ? nodes.map((selector) => document.querySelector(selector)) : document.querySelectorAll("svg text")) {
    if (!element || !element.checkVisibility() || !element.textContent.trim()) continue;
    const style = getComputedStyle(element), drawn = element instanceof SVGElement;
    let behind = ground(element);
    const shape = drawn && element.previousElementSibling?.matches("rect, path, circle") && element.previousElementSibling;
    const text = over(rgba(drawn ? style.fill : style.color), behind);
    const ratio = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
    let best = ratio(text, behind);
    // A word on a mark is named after the colour of the mark.
    const on = drawn && [...element.classList].find((name) => name.startsWith("on-"))?.slice(3);
    if (on) {
      const mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      mark.setAttribute("class", `f-${on}`);
      element.parentNode.append(mark);
      best = ratio(text, over(rgba(getComputedStyle(mark).fill), behind));
      mark.remove();
    }
    if (best < 4.5 && shape) best = ratio(text, over(rgba(getComputedStyle(shape).fill), behind));
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (best < (large ? 3 : 4.5)) poor.add(`${best.toFixed(2)} ${element.localName}.${element.getAttribute("class")}: ${element.textContent.trim().slice(0, 40)}`);
  }
  return [...poor].slice(0, 20);
}"""


def told(found):
    return [f"{v['id']}: {node['target']} {node['html'][:120]}" for v in found for node in v["nodes"][:3]]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_and_what_it_cannot_decide_is_computed(kind, width, show):
    with show(page_of(kind), width, reduced_motion="reduce") as page:
        for scheme in ["light", "dark"]:
            page.tab.emulate_media(color_scheme=scheme)
            options = {"rules": RULES} if scheme == "light" else {"runOnly": COLOURS}
            found = page.axe(**options)
            assert told(found["violations"]) == [], scheme
            undecided = [
                n["target"][-1] for v in found["incomplete"] if v["id"] == "color-contrast" for n in v["nodes"]
            ]
            assert page.tab.evaluate(CONTRAST, undecided) == [], scheme
            assert page.tab.evaluate(CONTRAST, None) == [], f"words in pictures, {scheme}"


@pytest.mark.parametrize("width", [320, 640, 768])
@pytest.mark.parametrize("kind", KINDS)
def test_no_page_is_wider_than_the_screen(kind, width, show):
    """A window of 1280 pixels at 400, 200 and 167 per cent."""
    with show(page_of(kind), width) as page:
        wider = page.tab.evaluate(
            """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
                 .filter((e) => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map((e) => e.outerHTML.slice(0, 120))"""
        )
    assert wider == []


STOP = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const label = e.classList.contains("sidebar-toggle") && [...document.querySelectorAll(`label[for="${e.id}"]`)]
    .find((label) => label.checkVisibility() && label.getBoundingClientRect().width > 0 && getComputedStyle(label).outlineStyle !== "none");
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const seen = box.width > 0 && box.right > 0 && box.left < innerWidth && e.checkVisibility({ visibilityProperty: true });
  return { what: e.outerHTML.slice(0, 140), body: e === document.body, good: Boolean(label || (outlined && seen)) };
}"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    "kind", ["landing", "chapter", "country", "cases", "catalogue", "exhibits", "explorer", "notebook"]
)
def test_who_goes_by_keys_sees_where_they_are(kind, width, show):
    """Links in a closed drawer were stops, and the search field showed no sign of it."""
    with show(page_of(kind), width, reduced_motion="reduce") as page:
        stops = []
        for _ in range(60):
            page.tab.keyboard.press("Tab")
            stop = page.tab.evaluate(STOP)
            if stop["body"]:
                break
            stops.append(stop)
        assert len(stops) > 10
        assert [stop["what"] for stop in stops if not stop["good"]] == []


def test_list_of_pages_opens_and_closes_by_keys_on_a_phone(show):
    with show(page_of("chapter"), 390, reduced_motion="reduce") as page:
        drawer = page.tab.locator(".sidebar-drawer")
        assert not drawer.is_visible()
        page.tab.keyboard.press("Tab")
        page.tab.keyboard.press("Space")
        assert drawer.is_visible()
        page.tab.keyboard.press("Escape")
        assert not drawer.is_visible()
        assert page.tab.evaluate("document.activeElement.id") == "__navigation"


@pytest.mark.parametrize("kind", ["landing", "chapter", "catalogue"])
def test_nothing_moves_for_those_who_ask_for_it(kind, show):
    with show(page_of(kind), reduced_motion="reduce") as page:
        moving = page.tab.evaluate(
            """() => [...document.querySelectorAll("*")].filter((e) => { const s = getComputedStyle(e);
                 return s.animationName !== "none" || s.transitionDuration.split(", ").some((d) => parseFloat(d) > 0); })
                 .slice(0, 5).map((e) => e.outerHTML.slice(0, 100))"""
        )
    assert moving == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_reads_without_script(kind, show):
    with show(page_of(kind), java_script_enabled=False) as page:
        article = page.tab.locator("article")
        assert article.is_visible()
        assert len(article.inner_text()) > (20 if kind == "search" else 300)
