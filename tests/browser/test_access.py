"""Everybody reads every page: with a screen reader, by keys alone, on a phone, enlarged, in the dark, without motion."""

import pytest
from looking import KINDS, page_of

# What depends on colours alone: it takes most of the time, and is asked again in the dark.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
RULES = {"target-size": {"enabled": True}, **{name: {"enabled": False} for name in COLOURS["values"]}}
# What axe looks at twice for each kind of word: the way to it through the page and every style of this way that a colour
# can come from. The third of three hundred rows is no other kind.
CHOOSE = """() => {
  const ways = new Map(), seen = new Map();
  const way = (element) => {
    if (!element) return "";
    if (!ways.has(element)) {
      const s = getComputedStyle(element);
      const own = [element.localName, s.backgroundColor, s.backgroundImage, s.opacity, s.position, s.filter, s.mixBlendMode];
      ways.set(element, `${way(element.parentElement)}>${own}`);
    }
    return ways.get(element);
  };
  window.chosen = [...document.body.querySelectorAll("*")].filter((element) => {
    if (!element.matches("a, input, select, textarea") && ![...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) return false;
    const s = getComputedStyle(element);
    const kind = [way(element), s.color, s.fontSize, s.fontWeight, s.textDecorationLine, s.textShadow, s.visibility].join(" ");
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    return seen.get(kind) < 3;
  });
  return window.chosen.length;
}"""
# Of every word of the page.
CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const kept = (function_) => { const known = new Map();
    return (key) => { if (!known.has(key)) known.set(key, function_(key)); return known.get(key); }; };
  const rgba = kept((colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  });
  const over = (top, ground) => [0, 1, 2].map((i) => top[i] * top[3] + ground[i] * (1 - top[3])).concat(1);
  const ground = kept((element) => over(rgba(getComputedStyle(element).backgroundColor),
    element.parentElement ? ground(element.parentElement) : [255, 255, 255, 1]));
  const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ratio = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
  const poor = new Set();
  for (const element of document.body.querySelectorAll("*")) {
    const drawn = element instanceof SVGElement;
    if (drawn ? element.localName !== "text" : ![...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    if (!element.textContent.trim() || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const behind = ground(element);
    const before = drawn && element.previousElementSibling;
    const shape = before && before.matches("rect, path, circle") && getComputedStyle(before).fill;
    const text = over(rgba(drawn ? style.fill : style.color), behind);
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
    if (best < 4.5 && shape && shape !== "none") best = ratio(text, over(rgba(shape), behind));
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (best < (large ? 3 : 4.5)) poor.add(`${best.toFixed(2)} ${element.localName}.${element.getAttribute("class")}: ${element.textContent.trim().slice(0, 40)}`);
  }
  return [...poor].slice(0, 20);
}"""


def told(found):
    return [f"{v['id']}: {node['target']} {node['html'][:120]}" for v in found for node in v["nodes"][:3]]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_and_contrast_of_every_word_is_computed(kind, width, show):
    """Axe decides all but colours for the whole page, colours for words of each kind; its "cannot tell" is computed, too."""
    with show(page_of(kind), width, reduced_motion="reduce") as page:
        assert told(page.axe(rules=RULES)["violations"]) == []
        for scheme in ["light", "dark"]:
            page.tab.emulate_media(color_scheme=scheme)
            assert page.tab.evaluate(CHOOSE) > 10
            assert told(page.axe("{ include: window.chosen }", runOnly=COLOURS)["violations"]) == [], scheme
            assert page.tab.evaluate(CONTRAST) == [], scheme


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_is_wider_than_the_screen(kind, show):
    """A window of 1280 pixels at 400 per cent, then made smaller again, to 200 and 167."""
    with show(page_of(kind), 320) as page:
        for width in [320, 640, 768]:
            page.tab.set_viewport_size({"width": width, "height": 900})
            wider = page.tab.evaluate(
                """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
                     .filter((e) => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map((e) => e.outerHTML.slice(0, 120))"""
            )
            assert wider == [], width


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
