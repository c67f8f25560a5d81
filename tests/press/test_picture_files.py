"""Failure guarded against: a picture that one medium shows and another does not, told without its name or not at all."""

import re

import pytest
from PIL import Image

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}</svg>'


@pytest.fixture
def book(small_book):
    """The small book with pictures of every kind beside its chapter."""
    folder = small_book.root / "book"
    red = Image.new("RGB", (60, 40), (200, 30, 30))
    for name in ("UPPER.PNG", "a door.png", "gr\u00fcn.png", "a.gif", "a.jpeg", "a.tiff", "a.webp"):
        red.save(folder / name)
    turned = Image.Exif()
    turned[0x0112] = 6
    red.save(folder / "turned.jpg", exif=turned)
    red.convert("CMYK").save(folder / "press.jpg")
    red.save(folder / "other.png", "JPEG")
    (folder / "cut.png").write_bytes((folder / "a door.png").read_bytes()[:60])
    (folder / "page.png").write_text("<html>404</html>", "utf-8")
    (folder / "empty.png").write_bytes(b"")
    for name, inside in {
        "torn": "<g>",
        "script": "<script>go()</script>",
        "loading": '<rect onload="go()"/>',
        "remote": '<image href="https://example.org/a.png"/>',
        "beside": '<image href="photo.png"/>',
        "styled": "<style>@import url(https://example.org/a.css);</style>",
    }.items():
        (folder / f"{name}.svg").write_text(SVG.format(inside), "utf-8")
    (folder / "words.svg").write_text(SVG.format("<foreignObject><p>Word</p></foreignObject>"), "utf-8")
    (folder / "page.svg").write_text("<html>404</html>", "utf-8")
    return small_book


@pytest.mark.parametrize(
    ("picture", "told"),
    [
        ("a.tiff", r"a\.tiff is none that every medium shows; save it as PNG"),
        ("press.jpg", r"press\.jpg has the colours of a printing press \(CMYK\); save it in RGB"),
        ("other.png", r"other\.png holds a JPEG; give its name the end \.jpeg"),
        ("cut.png", r"cut\.png cannot be read \(.*\); export it again"),
        ("page.png", r"page\.png is no PNG; export it again"),
        ("empty.png", r"empty\.png is no PNG"),
        ("torn.svg", r"torn\.svg cannot be read \(.*mismatch"),
        ("script.svg", r"script\.svg holds a script; export it without"),
        ("loading.svg", r"loading\.svg holds a script \(onload\)"),
        ("remote.svg", r"remote\.svg loads 'https://example\.org/a\.png', which is not in the file"),
        ("beside.svg", r"beside\.svg loads 'photo\.png', which is not in the file"),
        ("styled.svg", r"styled\.svg loads '@import "),
        ("words.svg", r"words\.svg holds HTML \(foreignObject\), which is lost on paper"),
        ("page.svg", r"page\.svg is no SVG"),
    ],
)
def test_picture_that_a_medium_cannot_show_is_told_with_name_and_line(book, picture, told):
    """Typst said "failed to decode image" after all pages had been written, and of which one it did not say."""
    book.chapter(f"```{{exhibit}} ch1-small\n```\n\nText.\n\n![A door]({picture})\n")
    with pytest.raises(SystemExit, match=rf"book/chapter1\.md:8: the picture {told}"):
        book.build()


def test_picture_of_every_kind_and_name_is_shown_with_its_size(book):
    pictures = ["UPPER.PNG", "<a door.png>", "a%20door.png", "gr\u00fcn.png", "a.gif", "a.jpeg", "a.webp", "turned.jpg"]
    shown = "\n\n".join(f"![A red one]({picture})" for picture in pictures)
    book.chapter(f"```{{exhibit}} ch1-small\n```\n\n{shown}\n")
    assert book.build() == 0
    images = re.findall(r'<img alt="A red one" src="([^"]+)" width="(\d+)" height="(\d+)"', book.page("book/chapter1"))
    assert [size for _, *size in images] == [["60", "40"]] * 7 + [["40", "60"]]
    assert images[1][0].endswith("_images/a%20door.png")
