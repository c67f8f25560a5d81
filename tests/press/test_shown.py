"""A preview shows pages before all is made that lies beside them: what is shown must be whole, and the rest must follow."""

import re
import sys
from argparse import Namespace

import pytest

from press.desk import command
from press.page import colophon

# Sphinx and its extensions call what docutils has deprecated; the book cannot mend that.
pytestmark = [
    pytest.mark.builds,
    pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning"),
]
EXHIBIT = "```{exhibit} ch1-small\n```\n"
BUILD = Namespace(no_pdf=True, quiet=True)


@pytest.fixture
def book(small_book, monkeypatch):
    """A small book, built."""
    monkeypatch.chdir(small_book.root)
    small_book.chapter(EXHIBIT)
    assert not command.build(BUILD)
    return small_book


def test_page_is_whole_when_it_is_shown(book):
    """Its colophon was stamped into it at the end, and its exhibits have pages of their own."""
    site, seen = book.root / "_build" / "html", []

    def show():
        seen.append((site / "book" / "chapter1.html").read_text("utf-8"))

    book.chapter(f"{EXHIBIT}\nA new sentence.\n")
    assert not command.build(BUILD, show)
    page = (site / "book" / "chapter1.html").read_text("utf-8")
    assert seen == [page]
    assert "A new sentence." in page
    assert colophon.text(colophon.read(book.root)) in page
    assert all((site / "book" / name).resolve().is_file() for name in re.findall(r'src="(\.\./_images[^"]+)"', page))


def test_what_lies_beside_a_page_follows(book):
    site, seen = book.root / "_build" / "html", []
    exhibit = site / "exhibits" / "ch1-small" / "index.html"

    def show():
        seen.append(("Another title" in exhibit.read_text("utf-8"), "dodecahedron" in search(site)))

    path = book.root / "book" / "chapter1.md"
    title = path.read_text("utf-8").partition("\n")[0]
    path.write_text(f"# Another title\n\n{EXHIBIT}\nA dodecahedron.\n", "utf-8")
    assert title != "# Another title"
    assert not command.build(BUILD, show)
    assert seen == [(False, False)]
    assert "Another title" in exhibit.read_text("utf-8")
    assert "dodecahedron" in search(site)


def search(site):
    """Return all that the search of a site reads."""
    return "".join(path.read_text("utf-8") for path in site.rglob("*search*.js*"))


def test_preview_of_a_current_book_shows_it_at_once_and_goes_on(book, monkeypatch):
    """What was saved first took six times as long as all that followed: nothing was loaded."""
    monkeypatch.delitem(sys.modules, "jupyter_book.sphinx")
    seen = []
    assert not command.build(BUILD, lambda: seen.append("jupyter_book.sphinx" in sys.modules))
    assert seen == [False, True]
    assert not command.build(BUILD, lambda: seen.append(True))
    assert len(seen) == 2


def test_build_of_a_current_book_is_over_at_once(book, monkeypatch):
    monkeypatch.delitem(sys.modules, "jupyter_book.sphinx")
    assert not command.build(BUILD)
    assert "jupyter_book.sphinx" not in sys.modules
