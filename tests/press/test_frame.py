"""What is around the text of a page: the list of pages, and the size of pictures."""

import re

import pytest

from press.web import navigation, pictures

CAPTION = '<p class="caption" role="heading"><span class="caption-text">{}</span></p>\n'
LINK = '<li class="toctree-l{}"><a class="reference internal" href="{}.html">{}</a>{}</li>\n'


def listed(level, *pages):
    """A list of Sphinx's, of pages that are named as their file; a tuple is a page and those below it."""
    lines = []
    for page in pages:
        name, *below = page if isinstance(page, tuple) else (page,)
        lines.append(LINK.format(level, name, name, listed(level + 1, *below) if below else ""))
    return f"<ul>\n{''.join(lines)}</ul>\n"


def part(name, *pages):
    return CAPTION.format(name) + listed(1, *pages)


def shown(contents, page):
    """The list of pages as it stands on one of them, in another folder than the root."""
    names = ["one", "two", "Cases", "all", "a", "b", "c", "deep", *(f"annex{number}" for number in range(9))]
    parts = navigation.read(contents, {f"{name}.html": name for name in names})
    return navigation.write(parts, page, lambda name: f"../{name}.html")


def test_part_with_many_pages_is_folded_unless_the_page_is_one_of_them():
    """Sixty-five open entries buried the five chapters."""
    many = [f"annex{number}" for number in range(navigation.FOLDS + 1)]
    contents = part("Report", "one", "two") + part("Annexes", *many)
    elsewhere = shown(contents, "one")
    assert '<p class="caption">Report</p>\n<ul class="current">' in elsewhere
    assert '<details><summary class="caption">Annexes</summary>\n<ul>' in elsewhere
    here = shown(contents, "annex1")
    assert '<details open><summary class="caption">Annexes</summary>' in here
    assert here.count('aria-current="page"') == 1


def test_collection_lists_no_page_but_the_one_that_is_shown():
    many = [f"annex{number}" for number in range(navigation.BELOW)]
    contents = part("Report", "one") + part("Cases", ("all", "b", *many), "two")
    current = ' class="current"'
    assert shown(contents, "b").endswith(
        f'<p class="caption">Cases</p>\n<ul{current}>\n'
        f'<li class="toctree-l1 current"><a class="reference internal" href="../all.html">all</a><ul{current}>\n'
        '<li class="toctree-l2 current"><a class="current reference internal" href="#" aria-current="page">b</a></li>\n'
        "</ul>\n</li>\n"
        '<li class="toctree-l1"><a class="reference internal" href="../two.html">two</a></li>\n</ul>\n'
    )
    contents = part("Report", "one") + part("Cases", ("all", ("b", "deep"), *many), "two")
    assert "deep" not in shown(contents, "all")
    assert shown(contents, "deep").count('<li class="toctree-l') == 5  # one, all, b, deep and two


def test_pages_below_another_one_are_listed_there_and_on_each_of_them():
    """Sections that an author put below a chapter were in the list of no page but themselves."""
    contents = part("Report", "one", ("two", "a", ("b", "deep"), "c"))
    titles = {page: re.findall(r">(\w+)</a>", shown(contents, page)) for page in ("one", "two", "a", "b", "deep")}
    assert titles["one"] == ["one", "two"]
    assert titles["two"] == titles["a"] == ["one", "two", "a", "b", "c"]
    assert titles["b"] == titles["deep"] == ["one", "two", "a", "b", "deep", "c"]
    for page in titles:
        assert shown(contents, page).count('aria-current="page"') == 1


def test_page_that_no_contents_list_has_no_place():
    assert "current" not in shown(part("Report", "one") + listed(1, "two"), "exhibits/a/index")


def test_address_elsewhere_stays_as_it_is():
    outside = '<li class="toctree-l1"><a class="reference external" href="https://x.org/?a=1&amp;b=2">out</a></li>\n'
    assert outside in shown(f"<ul>\n{outside}</ul>\n", "one")


def test_part_named_as_its_first_page_is_not_named_twice():
    assert shown(part("Cases", "Cases", "all"), "one").count(">Cases<") == 1


def test_headings_of_parts_have_no_role_without_a_level():
    assert "role=" not in shown(part("Report", "one"), "two")


@pytest.mark.parametrize(
    ("head", "measured"),
    [
        (
            b'<?xml version="1.0"?>\n<svg height="10pt" version="1.1" viewBox="0 0 460.8 300.25" width="9pt">',
            (461, 300),
        ),
        (b"<svg>", None),
    ],
)
def test_picture_is_as_large_as_its_file_says(tmp_path, head, measured):
    path = tmp_path / "picture.svg"
    path.write_bytes(head)
    assert pictures.measure(path, 0) == measured
