"""What is around the text of a page: the list of pages, and the size of pictures."""

import struct

import pytest

from press.web import navigation, pictures

ENTRY = '<li class="toctree-l1"><a class="reference internal" href="{0}.html">{0}</a></li>\n'


def part(name, *pages):
    caption = f'<p class="caption" role="heading"><span class="caption-text">{name}</span></p>\n'
    return caption + "<ul>\n" + "".join(ENTRY.format(page) for page in pages) + "</ul>\n"


def test_part_with_many_pages_is_folded_unless_the_page_is_one_of_them():
    """Sixty-five open entries buried the five chapters."""
    many = [f"annex{number}" for number in range(navigation.FOLDS + 1)]
    elsewhere = navigation.fold(part("Report", "one", "two") + part("Annexes", *many))
    assert '<p class="caption">Report</p>' in elsewhere
    assert '<details><summary class="caption">Annexes</summary>' in elsewhere
    here = navigation.fold(part("Annexes", *many).replace("annex1.html", "#"))
    assert '<details open><summary class="caption">Annexes</summary>' in here
    assert here.count('aria-current="page"') == 1


def test_collection_lists_no_page_but_the_one_that_is_shown():
    inside = (
        '<ul class="current">\n<li class="toctree-l1 current"><a class="reference internal" href="all.html">All</a>'
        '<ul class="current">\n<li class="toctree-l2"><a class="reference internal" href="a.html">A</a></li>\n'
        '<li class="toctree-l2 current"><a class="current reference internal" href="#">B</a></li>\n'
        '<li class="toctree-l2"><a class="reference internal" href="c.html">C</a></li>\n</ul>\n</li>\n</ul>\n'
    )
    shown = navigation.fold(inside)
    assert "a.html" not in shown
    assert "c.html" not in shown
    assert '<a class="current reference internal" href="#" aria-current="page">B</a>' in shown
    assert shown.count("<li") == shown.count("</li>") == 2


def test_part_named_as_its_first_page_is_not_named_twice():
    assert navigation.fold(part("Cases", "Cases", "Propose")).count(">Cases<") == 1


def test_headings_of_parts_have_no_role_without_a_level():
    assert "role=" not in navigation.fold(part("Report", "one"))


@pytest.mark.parametrize(
    ("head", "measured"),
    [
        (
            b'<?xml version="1.0"?>\n<svg height="10pt" version="1.1" viewBox="0 0 460.8 300.25" width="9pt">',
            (461, 300),
        ),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 640, 480), (640, 480)),
        (b"GIF89a", None),
    ],
)
def test_picture_is_as_large_as_its_file_says(tmp_path, head, measured):
    path = tmp_path / "picture"
    path.write_bytes(head)
    assert pictures.measure(path, 0) == measured
