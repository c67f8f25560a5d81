"""Which pages are written again after a page was edited: those on which something else stands now, and no other."""

import pytest
import yaml

pytestmark = [
    pytest.mark.builds,
    pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning"),
]
EXHIBIT = "```{exhibit} ch1-small\n```\n"
LISTING = "# A small book\n\n```{tableofcontents}\n```\n"


def write(book, name, text):
    """Write a page of the book."""
    (book.root / "book" / f"{name}.md").write_text(text, "utf-8")


def test_heading_is_renewed_on_a_page_that_lists_it(small_book):
    """Sphinx writes any page that lists others again; here it is written if it shows what has changed."""
    contents = small_book.root / "_toc.yml"
    told = yaml.safe_load(contents.read_text("utf-8"))
    told["parts"][0]["titlesonly"] = False
    contents.write_text(yaml.safe_dump(told), "utf-8")
    write(small_book, "index", LISTING)
    small_book.chapter(f"## An old heading\n\n{EXHIBIT}")
    assert small_book.build() == 0
    assert "An old heading" in small_book.page("book/index")
    small_book.chapter(f"## A new heading\n\n{EXHIBIT}")
    assert small_book.build() == 0
    assert "A new heading" in small_book.page("book/index")
    assert "An old heading" not in small_book.page("book/index")


def test_stress_in_a_title_is_renewed_in_the_contents_of_all_pages(small_book):
    """Titles were compared by their words alone, so that all other pages kept the old stress."""
    for stressed, title in ((True, "# One *small* step\n\n"), (False, "# One small step\n\n")):
        write(small_book, "chapter1", title + EXHIBIT)
        assert small_book.build() == 0
        assert ("<em>small</em>" in small_book.page("notebooks/small")) == stressed


def test_page_on_which_nothing_has_changed_is_not_written(small_book):
    """The first page was written after each edit of any other, which took a tenth of the time of a preview."""
    assert small_book.build() == 0
    pages = {name: small_book.root / "_build" / "html" / f"{name}.html" for name in ("book/index", "book/chapter1")}
    before = {name: path.stat().st_mtime_ns for name, path in pages.items()}
    small_book.chapter(f"{EXHIBIT}\nAnother sentence.\n")
    assert small_book.build() == 0
    assert {name for name, path in pages.items() if path.stat().st_mtime_ns != before[name]} == {"book/chapter1"}
