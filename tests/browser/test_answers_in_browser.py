"""What exhibits and numbers answer to pointer, touch and keyboard, and how a chosen country goes from page to page."""

import re

import pytest

PAGE, EXHIBIT = "book/chapter1.html", ".exhibit:has(#ch1-relative-problem-solving)"
MARKS, NOTE = f"{EXHIBIT} svg.wide .mark", f"{EXHIBIT} .mark-note"


@pytest.fixture
def chapter(show):
    """A chapter in a browser that knows of no choice."""
    with show(PAGE) as page:
        yield page.tab
    assert page.said == []


def said(tab):
    return tab.locator("body > [role=status]").text_content()


def test_arrow_keys_walk_the_marks_in_the_order_of_the_table_and_say_them(chapter):
    chart, rows = chapter.locator(f"{EXHIBIT} .chart"), chapter.locator(f"{EXHIBIT} .behind tbody th")
    chart.focus()
    for key, row in (("ArrowDown", 0), ("ArrowRight", 1), ("End", -1), ("ArrowUp", -2), ("Home", 0)):
        chapter.keyboard.press(key)
        name = rows.nth(row).text_content()
        assert said(chapter).startswith(f"{name}: "), key
        assert chapter.locator(f"{NOTE} b").text_content() == name
    assert "95% interval" in said(chapter) and "Period 2025" in said(chapter)
    chapter.keyboard.press("Escape")
    assert not chapter.locator(NOTE).is_visible()
    assert chart.evaluate("chart => chart === document.activeElement")


def test_pointer_reads_a_mark_and_a_click_offers_its_country(chapter):
    mark = chapter.locator(f'{MARKS}[data-row="5"]').last
    mark.hover()
    row = chapter.locator(f"{EXHIBIT} .behind tbody tr").nth(5)
    name, value = row.locator("th").text_content(), row.locator("td").first.text_content()
    assert chapter.locator(f"{NOTE} b").text_content() == name
    assert chapter.locator(f"{NOTE} dd").first.text_content() == value
    mark.click()
    chapter.locator(f"{NOTE} button").click()
    assert chapter.evaluate("localStorage.area") == row.get_attribute("data-whole")


def test_touch_reads_the_nearest_mark_on_a_phone(show):
    with show(PAGE, 390, 800, has_touch=True, is_mobile=True) as page:
        mark = page.tab.locator(f'{EXHIBIT} svg.narrow .mark[data-row="3"]').last
        mark.scroll_into_view_if_needed()
        box = mark.bounding_box()
        page.tab.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert page.tab.locator(NOTE).is_visible()
        assert page.tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_chosen_country_is_marked_told_and_compared_on_every_page_until_it_is_changed(chapter):
    chapter.select_option("#my-area", "EST")
    chapter.locator("form.areas summary").click()
    chapter.select_option("#compare-1", "DEU")
    told = chapter.locator(f"{EXHIBIT} .answer")
    own = told.locator("p.own").text_content()
    assert re.match(
        r"Estonia: \+\d+, (?:equal )?\d+th highest of 38, interval \+\d+ to \+\d+; OECD average \(38\) \+\d+\.", own
    )
    assert re.match(r"Estonia is \d\.\d higher than Germany \(95% interval", told.locator("li").text_content())
    assert chapter.locator(f"{MARKS}.chosen").count() and chapter.locator(f"{MARKS}.compared").count()
    chapter.goto(chapter.url.replace("chapter1", "chapter2"))
    assert chapter.input_value("#my-area") == "EST"
    assert chapter.locator("tr.chosen").count()
    missing = chapter.locator(".answer p.own", has_text="is not among the")
    assert re.fullmatch(r"Estonia is not among the \d+ countries of this exhibit\.", missing.first.text_content())
    chapter.select_option("#my-area", "")
    chapter.select_option("#compare-1", "", force=True)
    assert not chapter.locator(".answer, .chosen").count()


def test_exhibit_without_standard_errors_has_no_verdict(show):
    with show(f"{PAGE}?area=EST&compare=FIN") as page:
        answer = page.tab.locator(".exhibit:has(#ch1-adult-skills) .answer")
        assert answer.locator("p").count() == 2
        assert not answer.locator(".difference").count()


def test_address_wins_and_is_what_a_link_to_an_exhibit_holds(show):
    with show(f"{PAGE}?area=EST&compare=FIN,DEU", permissions=["clipboard-read", "clipboard-write"]) as page:
        assert page.tab.evaluate("document.documentElement.dataset.chosen") == "EST"
        assert page.tab.evaluate("localStorage.area") is None
        page.tab.locator(f"{EXHIBIT} .exhibit-links button").click()
        page.tab.get_by_text("Copied.").wait_for()
        link = page.tab.evaluate("navigator.clipboard.readText()")
        assert link.endswith(f"/{PAGE}?area=EST&compare=FIN,DEU#ch1-relative-problem-solving")


def test_table_is_sorted_filtered_and_downloaded_as_it_is_shown(chapter):
    exhibit = chapter.locator(EXHIBIT)
    exhibit.locator(".behind > summary").click()
    head, rows = exhibit.locator(".behind thead th").nth(1), exhibit.locator(".behind tbody tr")
    first = [rows.nth(place).text_content() for place in (0, -1)]
    for way, order in (("ascending", first[::-1]), ("descending", first), (None, first)):
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == way
        assert [rows.nth(place).text_content() for place in (0, -1)] == order, way
    exhibit.locator("input[type=search]").fill("finland")
    with chapter.expect_download() as download:
        exhibit.get_by_role("button", name=re.compile("Download the rows shown")).click()
    assert download.value.suggested_filename == "ch1-relative-problem-solving-shown.csv"
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("# Figure 1.") and any(line.startswith("# Source: OECD") for line in lines)
    assert any(line.startswith("# Exhibit: CC BY") for line in lines)
    assert [line.split(",")[0] for line in lines if not line.startswith("#")] == ["Country", "Finland"]


def test_card_of_a_number_opens_by_key_and_gives_the_focus_back(chapter):
    number = chapter.locator("p .value[data-rows]").first
    number.locator("a").first.focus()
    card = number.locator(".card")
    assert "Source" in card.text_content()
    chapter.keyboard.press("Tab")
    assert card.locator("a").first.evaluate("link => link === document.activeElement")
    chapter.keyboard.press("Escape")
    assert not card.count()
    assert number.locator("a").evaluate("link => link === document.activeElement")


def test_rows_behind_a_number_are_open_two_clicks_away(chapter):
    number = chapter.locator("p .value[data-rows]").first
    number.hover()
    number.locator(".card a", has_text="The rows behind it").click()
    fold = chapter.locator(f"details.behind:has([id='{chapter.url.partition('#')[2]}'])")
    assert fold.get_attribute("open") is not None


def test_touch_opens_the_card_and_does_not_lead_away(show):
    with show(PAGE, 390, 800, has_touch=True, is_mobile=True) as page:
        number = page.tab.locator("p .value[data-rows]").first
        number.locator("a").tap()
        assert number.locator(".card").is_visible()
        assert page.tab.url.endswith(PAGE)
        assert all(
            box >= 24
            for box in number.locator(".card-links a").evaluate_all(
                "links => links.map((link) => link.getBoundingClientRect().height)"
            )
        )


def test_nothing_of_it_stands_where_no_script_runs(show):
    with show(f"{PAGE}?area=EST", java_script_enabled=False) as page:
        assert not page.tab.locator("form.areas").is_visible()
        assert page.tab.locator(f"{EXHIBIT} svg.wide").is_visible()
        assert page.tab.locator(f"{EXHIBIT} .behind tbody tr").count() == 38
