"""Addresses in a page that is read at another address than its own."""

import pytest

from press.web.addresses import from_anywhere, seen_from

PAGE = (
    '<html data-content_root="../"><a href="other.html#x">o</a><a href="../exhibits/a.csv">d</a><img src="../_images/a.svg">'
    '<a href="#here">h</a><b id="here"></b><a href="#elsewhere">e</a><a href="https://a.example/b">w</a><a href="mailto:a@b.c">m</a>'
    '<a href="other.html?q=1">q</a><a href="">s</a><option data-href="other.html?p"></html>'
)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (
            "index.html",
            ["book/other.html#x", "exhibits/a.csv", "_images/a.svg", "#here", "book/one.html#elsewhere", "book/other.html?q=1", "book/other.html?p"],
        ),
        (
            "exhibits/a/index.html",
            ["../../book/other.html#x", "../a.csv", "../../_images/a.svg", "#here", "../../book/one.html#elsewhere",
             "../../book/other.html?q=1", "../../book/other.html?p"],
        ),
    ],
)  # fmt: skip
def test_addresses_lead_to_the_same_places_from_elsewhere(other, expected):
    text = seen_from(PAGE, "book/one.html", other)
    for address in [*expected, "https://a.example/b", "mailto:a@b.c"]:
        assert f'"{address}"' in text
    assert f'data-content_root="{"./" if other == "index.html" else "../../"}"' in text


def test_page_shown_anywhere_begins_its_addresses_at_the_root():
    """A server shows the page for what is not there at any depth: its style sheet was not found."""
    text = from_anywhere(
        '<html data-content_root="./"><a href="#a"></a><a href="book/a.html#b"></a><a href="/c"></a>',
        "404.html",
        "/edition/",
    )
    assert (
        text
        == '<html data-content_root="/edition/"><a href="#a"></a><a href="/edition/book/a.html#b"></a><a href="/c"></a>'
    )


@pytest.mark.parametrize(
    "text",
    [
        '<use xlink:href="part.svg"/>',
        '<b datasrc="a.html" data-src="a.html" formaction="a.html"></b>',
        '<p>Write href=a.html, or ahref="a.html".</p>',
        '<a title="href" href="doi:10.1/a"></a>',
    ],
)
def test_what_is_no_address_of_the_book_stays(text):
    assert seen_from(text, "book/one.html", "index.html") == text
