"""A preview shows pages before all is made that lies beside them: what is shown must be whole, and the rest must follow."""

import html
import json
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from press.desk import command
from press.fresh import complete, freshness
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


def test_all_that_a_browser_opens_is_whole_when_it_is_shown(book):
    """Its colophon was stamped into a page at the end, and the search knew the last build."""
    site, seen = book.root / "_build" / "html", {}
    (book.root / "book" / "chapter1.md").write_text(f"# Another title\n\n{EXHIBIT}\nA dodecahedron.\n", "utf-8")
    assert not command.build(BUILD, lambda: seen.update(content(site)))
    made = content(site)
    later = {name for name in made.keys() | seen.keys() if made.get(name) != seen.get(name)}
    assert {Path(name).suffix for name in later} <= {".inv", ".bib", ".ris", ".json", ".xml"}, later
    assert "objects.inv" in later
    page = made["book/chapter1.html"].decode()
    assert "A dodecahedron." in page
    assert html.escape(colophon.text(colophon.read(book.root))) in page
    assert b"Another title" in made["exhibits/ch1-small/index.html"]
    assert any(b"dodecahedron" in text for name, text in made.items() if "search" in name and name.endswith(".js"))


def content(site):
    """Return the content of every file of a site."""
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_preview_of_a_current_book_shows_it_at_once_and_goes_on(book, monkeypatch):
    """What was saved first took six times as long as all that followed: nothing was loaded. Who then stops it loses nothing."""
    monkeypatch.delitem(sys.modules, "jupyter_book.sphinx")
    monkeypatch.setattr(freshness, "mark", lambda *_, **__: pytest.fail("pages are taken for unfinished"))
    path, seen = complete.manifest(book.root), []
    path.write_text(path.read_text("utf-8").replace('"pdf": false', '"pdf": true'), "utf-8")
    manifest = path.read_bytes()
    site = content(book.root / "_build" / "html")

    def show():
        seen.append("jupyter_book.sphinx" in sys.modules)
        assert path.read_bytes() == manifest

    assert not command.build(BUILD, show)
    assert seen == [False, True]
    assert content(book.root / "_build" / "html") == site
    assert json.loads(path.read_text("utf-8"))["pdf"]
    assert not command.build(BUILD, show)
    assert len(seen) == 2


def test_build_of_a_current_book_is_over_at_once(book, monkeypatch):
    monkeypatch.delitem(sys.modules, "jupyter_book.sphinx")
    assert not command.build(BUILD)
    assert "jupyter_book.sphinx" not in sys.modules
