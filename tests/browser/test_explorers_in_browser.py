"""The explorers in the hand of a reader: by keyboard, with a country, from an address that somebody sent, into a file."""

import csv

import pytest

EXPLORE = "book/explore/"
WALK = '[name="walk"]'
SAID = ".explorer-said"
CHOOSE = """code => { document.documentElement.dataset.chosen = code;
  document.dispatchEvent(new CustomEvent("areachange", { detail: { area: code, compare: [] } })); }"""


@pytest.mark.parametrize(
    ("page", "state"), [("indicators", "at="), ("regions", "region="), ("specifications", "rank=")]
)
def test_marks_are_walked_by_keyboard_read_out_and_kept_in_the_address(page, state, show):
    with show(f"{EXPLORE}{page}.html", 390) as shown:
        tab = shown.tab
        tab.focus(WALK)
        tab.keyboard.press("Home")
        tab.keyboard.press("ArrowRight")
        first = tab.inner_text(SAID)
        tab.keyboard.press("ArrowRight")
        second, address = tab.inner_text(SAID), tab.url
        assert first != second and second.rstrip(".") == tab.get_attribute(WALK, "aria-valuetext")
        assert state in address
        tab.goto(address)
        assert tab.inner_text(SAID) == second, "the address that was sent shows something else"
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
        assert shown.said == []


@pytest.mark.parametrize(
    ("page", "mark"),
    [("indicators", '.mark.chosen[data-area="EST"]'), ("regions", '.region.mine[data-country="EST"]'),
     ("weights", 'tr.chosen[data-area="EST"]')],
)  # fmt: skip
def test_country_of_the_reader_is_marked(page, mark, show):
    with show(f"{EXPLORE}{page}.html") as shown:
        assert shown.tab.locator(mark).count() == 0
        shown.tab.evaluate(CHOOSE, "EST")
        assert shown.tab.locator(mark).count() == 1
        assert "Estonia" in shown.tab.inner_text(SAID)


@pytest.mark.parametrize("page", ["indicators", "regions", "specifications", "weights"])
def test_download_holds_what_is_shown_with_source_and_licence(page, show):
    with show(f"{EXPLORE}{page}.html") as shown:
        with shown.tab.expect_download() as file:
            shown.tab.click('[name="download"]')
        lines = file.value.path().read_text("utf-8").splitlines()
    head = [line for line in lines if line.startswith("# ")]
    assert any(line.startswith("# Source: ") for line in head) and any("CC BY" in line for line in head)
    rows = [*csv.reader(lines[len(head) :])]
    assert len(rows) > 20 and {len(row) for row in rows} == {len(rows[0])}


def test_region_is_found_by_its_name(show):
    with show(f"{EXPLORE}regions.html") as shown:
        shown.tab.fill('[name="find"]', "berlin")
        shown.tab.keyboard.press("Enter")
        assert shown.tab.inner_text(SAID).startswith("Berlin (DE30), Germany")
        shown.tab.fill('[name="find"]', "nowhere at all")
        shown.tab.keyboard.press("Enter")
        assert shown.tab.inner_text(SAID).startswith("No region of that name")


def test_own_weights_mark_who_leaves_the_interval_and_stay_in_the_address(show):
    with show(f"{EXPLORE}weights.html") as shown:
        tab = shown.tab
        assert "weights=" not in tab.url
        tab.focus('[data-explorer="weights"] input')
        tab.keyboard.press("End")
        for _ in range(3):
            tab.keyboard.press("Tab")
            tab.keyboard.press("Home")
        left, order = tab.locator("tr.leaves").count(), tab.inner_text(".explorer-table tbody")
        assert left > 0 and f"{left} of " in tab.inner_text(SAID)
        tab.goto(tab.url)
        assert tab.inner_text(".explorer-table tbody") == order


def test_a_changed_assumption_moves_the_estimate(show):
    with show(f"{EXPLORE}specifications.html") as shown:
        before = shown.tab.inner_text(SAID)
        shown.tab.select_option('[name="choice-design"]', "Pooled")
        assert shown.tab.inner_text(SAID) != before
        assert shown.tab.locator(".mark.at").count() == 1


def test_without_script_the_exhibits_say_it_all(show):
    with show(f"{EXPLORE}indicators.html", java_script_enabled=False) as shown:
        assert not shown.tab.locator("section.explorer").is_visible()
        assert shown.tab.locator("table#explore-indicators").is_visible()
