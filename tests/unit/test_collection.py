"""Pages made by rule: they come, change and go with what they are made from, and nothing is kept twice."""

import re
import sys
import types

import pytest
import yaml

from press.errors import BookError
from press.page.collection import Collection
from press.session import session
from press.web import search

# Sphinx and its extensions call what docutils has deprecated; the book cannot mend that.
pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")


class Made:
    """A small book with a collection of pages below its chapter."""

    def __init__(self, book):
        self.book, self.root = book, book.root
        self.collection = Collection(
            "book/chapter1", {f"book/things/{name}": self.text(name) for name in ("two", "one")}
        )

    @staticmethod
    def text(name):
        return f"# Thing {name}\n\nSee {{numref}}`ch1-small` and [](../chapter1.md).\n"

    def set(self, **texts):
        pages = {f"book/things/{name}": text for name, text in texts.items()}
        self.collection = Collection("book/chapter1", pages)

    def read_again(self, before):
        folder = self.root / "_build" / ".doctrees" / "book"
        now = {path.stem: path.stat().st_mtime_ns for path in folder.rglob("*.doctree")}
        changed = {page for page, time in now.items() if before.get(page) != time}
        before.clear()
        before.update(now)
        return changed


@pytest.fixture
def made(small_book, monkeypatch):
    found = Made(small_book)
    module = types.ModuleType("things")

    def add(app, config):
        session(app).collections.append(found.collection)

    def setup(app):
        app.connect("config-inited", add, priority=400)

    module.setup = setup
    monkeypatch.setitem(sys.modules, "things", module)
    path = small_book.root / "_config.yml"
    config = yaml.safe_load(path.read_text("utf-8"))
    config["sphinx"]["extra_extensions"].append("things")
    path.write_text(yaml.safe_dump(config), "utf-8")
    return found


def test_pages_stand_at_their_names_below_their_parent_in_the_order_given(made):
    assert made.book.build() == 0
    page = made.book.page("book/things/one")
    assert "<h1>Thing one" in page and 'href="../chapter1.html"' in page
    following = {name: re.search(r'<link rel="next" [^>]*href="([^"]*)"', made.book.page(name)) for name in
                 ("book/chapter1", "book/things/two")}  # fmt: skip
    assert [found and found[1] for found in following.values()] == ["things/two.html", "one.html"]
    assert not (made.root / "book" / "things").exists(), "files of pages made by rule are no sources"


def test_only_what_changed_is_read_again_and_what_is_gone_leaves_the_site(made):
    before = {}
    made.book.build()
    made.read_again(before)
    made.book.build()
    assert made.read_again(before) == set()
    made.set(two=made.text("two"), one="# Thing one\n\nAnother text.\n")
    made.book.build()
    assert made.read_again(before) == {"one"}
    assert "Another text." in made.book.page("book/things/one")
    made.set(one="# Thing one\n\nAnother text.\n", three=made.text("three"))
    made.book.build()
    # The parent lists them.
    assert made.read_again(before) == {"three", "chapter1"}
    site = made.root / "_build" / "html"
    assert not (site / "book" / "things" / "two.html").exists()
    assert "Thing two" not in made.book.page("book/chapter1") + (site / search.INDEX).read_text("utf-8")


def test_incremental_build_is_that_from_nothing(made):
    def build():
        made.book.build()
        site = made.root / "_build" / "html"
        return {path.relative_to(site): path.read_bytes() for path in site.rglob("*.html")}

    first = build()
    made.set(two="# Thing two\n")
    build()
    made.set(**{name: made.text(name) for name in ("two", "one")})
    assert build() == first


def test_page_of_an_author_is_not_hidden_by_one_made_by_rule(made):
    path = made.root / "book" / "things" / "one.md"
    path.parent.mkdir()
    path.write_text("# My own\n", "utf-8")
    with pytest.raises(BookError, match=r"book/things/one\.md: the page is made by rule; delete the file"):
        made.book.build()


def test_file_that_is_no_page_stays_out_of_the_book(made):
    path = made.root / "book" / "things" / "_stray.md"
    path.parent.mkdir()
    path.write_text("# Stray\n", "utf-8")
    assert made.book.build() == 0
    assert not (made.root / "_build" / "html" / "book" / "things" / "_stray.html").exists()


def test_entry_and_parent_in_the_contents_are_told_when_wrong(made):
    path = made.root / "_toc.yml"
    before = path.read_text("utf-8")
    path.write_text(
        before.replace("- file: notebooks/small", "- file: notebooks/small\n  - file: book/things/one"), "utf-8"
    )
    with pytest.raises(
        BookError, match="book/things/one is made by rule and listed below book/chapter1; delete the entry"
    ):
        made.book.build()
    path.write_text(before, "utf-8")
    made.collection = Collection("book/nowhere", made.collection.pages)
    with pytest.raises(BookError, match="lists no page book/nowhere; below it stand 2 pages"):
        made.book.build()
