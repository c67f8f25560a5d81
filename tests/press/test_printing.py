"""The PDF is set in a process of its own: what goes wrong there must not get lost there."""

import pytest
import typst

# Sphinx and its extensions call what docutils has deprecated; the book cannot mend that.
pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")

TEXT = "```{exhibit} ch1-small\n```\n\nThe mean is {value}`ch1-mean`.\n"


@pytest.fixture
def book(small_book):
    """The small book, with a chapter and the place of its PDF."""
    small_book.chapter(TEXT)
    small_book.pdf = small_book.root / "_build" / "pdf" / "test.pdf"
    return small_book


def build(book):
    """Build web pages and PDF."""
    return book.build(press_pdf=True, typst_filename="test")


def test_a_mistake_in_print_stops_the_build_with_its_place(book):
    (book.root / "book" / "picture.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    book.chapter(f"{TEXT}\n![](picture.svg)\n")
    with pytest.raises(SystemExit, match=r"^Book error: book/chapter1\.md:\d+: .* has no alternative text; say in"):
        build(book)
    book.chapter(TEXT)
    assert build(book) == 0
    assert (book.root / "_build" / "html" / "test.pdf").read_bytes() == book.pdf.read_bytes()


def test_a_pdf_is_set_anew_where_no_page_had_to_be_written(book):
    assert build(book) == 0
    before = book.pdf.read_bytes()
    book.pdf.unlink()
    assert build(book) == 0
    assert book.pdf.read_bytes() == before


def test_a_pdf_of_the_same_pages_is_left_alone(book):
    assert build(book) == 0
    book.pdf.write_bytes(b"not touched")
    assert build(book) == 0
    assert book.pdf.read_bytes() == b"not touched"


def test_a_pdf_is_set_in_a_fork_of_a_process_that_has_set_one(book, tmp_path):
    # Typst's threads are not in a fork: the build waited for ever.
    other = tmp_path / "other.typ"
    other.write_text("".join(f"= Part {number}\n" for number in range(50)), "utf-8")
    assert typst.compile(str(other)).startswith(b"%PDF")
    assert build(book) == 0
    assert book.pdf.read_bytes().startswith(b"%PDF")
