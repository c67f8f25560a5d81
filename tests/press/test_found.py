"""What leads to an exhibit and away from it: its own page, the gallery, the search, and what pages say of themselves."""

import json
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from bs4 import BeautifulSoup
from PIL import Image

from press.fresh import freshness
from press.page import revisions
from press.web import addresses, gallery, metadata, search

# Sphinx and its extensions call what docutils has deprecated; the book cannot mend that.
pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")

CHANGES = "# Changes\n\n- **Correction** (2026-03-04). A < was wrong. Exhibits: `ch1-small`.\n"


def site(book):
    return book.root / "_build" / "html"


def read(book, name):
    """Return a page of the site, parsed."""
    return BeautifulSoup((site(book) / name).read_text("utf-8"), "html.parser")


def configure(book, **values):
    """Change settings of Sphinx."""
    path = book.root / "_config.yml"
    settings = yaml.safe_load(path.read_text("utf-8"))
    settings["sphinx"]["config"] |= values
    path.write_text(yaml.safe_dump(settings), "utf-8")


def dead(folder, path):
    """Return the addresses in a page at which there is nothing in its folder."""
    page = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    found = [tag.get("href") or tag.get("src") for tag in page.select("[href], [src]")]
    files = [address.partition("#")[0].partition("?")[0] for address in found if not re.match(r"[a-z]+:|#", address)]
    return [file for file in files if file and not (path.parent / file).resolve().is_file()]


def test_exhibit_has_a_page_that_is_whole_and_follows_what_it_shows(small_book):
    assert small_book.build() == 0
    page = read(small_book, "exhibits/ch1-small/index.html")
    assert page.select_one("h1").text == "Figure 1.1"
    assert page.select_one("title").text.startswith("Figure 1.1. Ness leads")
    assert "12.34" in page.select_one("figure img")["alt"]
    text = page.select_one(".exhibit").text
    assert "Nobody, Lights (2023)." in text and "CC BY 4.0" in text
    links = {tag["href"] for tag in page.select("a[href]")}
    assert {"../ch1-small.csv", "../../book/chapter1.html#ch1-small", "../../cite/ch1-small.bib"} <= links
    assert "../../notebooks/small.html#code-ch1-small" in links
    assert [
        path
        for path in dead(site(small_book), site(small_book) / "exhibits/ch1-small/index.html")
        if "xlsx" not in path
    ] == ["../ch1-small.png"], "the small book publishes no other formats"
    assert "Content-Security-Policy" in str(page.head) and page.select("script:not([src]):not([type])") == []
    small_book.publish("small", number=99.99)
    assert small_book.build() == 0
    assert "99.99" in read(small_book, "exhibits/ch1-small/index.html").select_one("figure img")["alt"]


def test_page_of_an_exhibit_that_is_gone_goes(small_book):
    assert small_book.build() == 0
    assert (site(small_book) / "exhibits" / "ch1-small" / "index.html").exists()
    small_book.publish("small", number=1.0, identifier="ch1-other")
    small_book.chapter("```{exhibit} ch1-other\n```\n\nThe mean is {value}`ch1-mean`.\n")
    (small_book.root / "book" / "index.md").write_text("# A small book\n\nSee {numref}`ch1-other`.\n", "utf-8")
    assert small_book.build() == 0
    assert (site(small_book) / "exhibits" / "ch1-other" / "index.html").exists()
    assert not (site(small_book) / "exhibits" / "ch1-small").exists()


def test_page_of_an_exhibit_is_that_of_a_build_from_nothing(small_book):
    """An exhibit that gets another number has another page."""
    assert small_book.build() == 0
    first = (site(small_book) / "exhibits/ch1-small/index.html").read_text("utf-8")
    before = "# Chapter one\n\n```{exhibit} ch1-small\n```\n\nThe mean is {value}`ch1-mean`.\n"
    (small_book.root / "book" / "aaa.md").write_text("# Before\n", "utf-8")
    contents = yaml.safe_load((small_book.root / "_toc.yml").read_text("utf-8"))
    contents["parts"][0]["chapters"].insert(0, {"file": "book/aaa"})
    (small_book.root / "_toc.yml").write_text(yaml.safe_dump(contents), "utf-8")
    assert small_book.build() == 0
    assert small_book.page("book/chapter1") and before
    after = (site(small_book) / "exhibits/ch1-small/index.html").read_text("utf-8")
    assert "<h1>Figure 2.1</h1>" in after and after != first
    shutil.rmtree(site(small_book))
    shutil.rmtree(small_book.root / "_build" / ".doctrees")
    assert small_book.build() == 0
    assert (site(small_book) / "exhibits/ch1-small/index.html").read_text("utf-8") == after


def test_without_an_address_nothing_claims_one(small_book):
    configure(small_book, html_baseurl="")
    assert small_book.build() == 0
    head = read(small_book, "book/chapter1.html").head
    assert head.select("link[rel=canonical], meta[property='og:image'], meta[property='og:url']") == []
    assert head.select_one("meta[property='og:title']")["content"] == "Chapter one"
    assert not (site(small_book) / "sitemap.xml").exists()
    assert (site(small_book) / "robots.txt").read_text("utf-8") == "User-agent: *\nAllow: /\n"


def test_with_an_address_pages_say_where_they_are(small_book):
    configure(small_book, html_baseurl="https://book.example/edition/")
    assert small_book.build() == 0
    base = "https://book.example/edition/"
    for name, canonical in {
        "book/chapter1.html": "book/chapter1.html",
        "book/index.html": "",
        "index.html": "",
        "exhibits/ch1-small/index.html": "exhibits/ch1-small/",
    }.items():
        head = read(small_book, name).head
        assert [tag["href"] for tag in head.select("link[rel=canonical]")] == [base + canonical], name
    head = read(small_book, "book/chapter1.html").head
    assert head.select_one("meta[property='og:image']")["content"] == f"{base}exhibits/ch1-small.png"
    tree = ElementTree.fromstring((site(small_book) / "sitemap.xml").read_text("utf-8"))
    listed = [element.text for element in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert listed[0] == base and f"{base}exhibits/ch1-small/" in listed and f"{base}book/index.html" not in listed
    for address in listed:
        path = address.removeprefix(base) or "index.html"
        assert (site(small_book) / (f"{path}index.html" if path.endswith("/") else path)).exists(), address
    assert f"Sitemap: {base}sitemap.xml" in (site(small_book) / "robots.txt").read_text("utf-8")
    missing = read(small_book, "404.html")
    assert missing.html["data-content_root"] == "/edition/"
    internal = [tag.get("href") or tag.get("src") for tag in missing.select("[href], [src]")]
    assert all(address.startswith(("/edition/", "#")) for address in internal), internal
    assert missing.select_one("form[role=search]")["action"] == "/edition/search.html"


def linked_data(book, name):
    return [json.loads(tag.string) for tag in read(book, name).select("script[type='application/ld+json']")]


def test_pages_describe_a_report_and_data_to_machines(small_book):
    assert small_book.build() == 0
    (report,) = linked_data(small_book, "book/chapter1.html")
    assert (report["@type"], report["name"], report["isPartOf"]["name"]) == (
        "Report", "Chapter one", "A small book: with a subtitle",
    )  # fmt: skip
    (data,) = linked_data(small_book, "exhibits/ch1-small/index.html")
    assert (data["@type"], data["name"]) == ("Dataset", "Ness leads")
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"
    for distribution in data["distribution"]:
        address = distribution["contentUrl"].rpartition("/")[2]
        assert (site(small_book) / "exhibits" / address).exists()


def test_data_in_a_page_cannot_end_their_element():
    assert "</script>" not in metadata.as_script({"name": "</script><script>alert(1)</script>"})


def test_corrections_are_a_feed_once_a_page_lists_them(small_book):
    assert small_book.build() == 0
    assert not (site(small_book) / metadata.FEED).exists()
    (small_book.root / "CHANGELOG.md").write_text(CHANGES, "utf-8")
    (small_book.root / "book" / "index.md").write_text(
        "# A small book\n\nSee {numref}`ch1-small`.\n\n```{revisions}\n```\n", "utf-8"
    )
    assert small_book.build() == 0
    atom = "{http://www.w3.org/2005/Atom}"
    tree = ElementTree.fromstring((site(small_book) / metadata.FEED).read_text("utf-8"))
    (entry,) = tree.iter(f"{atom}entry")
    assert entry.find(f"{atom}title").text == "Correction: A < was wrong."
    assert tree.find(f"{atom}updated").text == entry.find(f"{atom}updated").text == "2026-03-04T00:00:00Z"
    page, _, anchor = entry.find(f"{atom}link").get("href").partition("#")
    assert read(small_book, page).select_one(f"#{anchor}")
    # A page that was not read again leads to it, too.
    assert (
        read(small_book, "book/chapter1.html").select_one("link[type='application/atom+xml']")["href"]
        == f"../{metadata.FEED}"
    )


def test_entries_of_the_feed_keep_their_names():
    """A reader of the feed would be shown all of them again."""
    entries = revisions.read(CHANGES)
    assert metadata.feed("Book", entries, "a", ("B",)) == metadata.feed("Book", entries, "a", ("B",))
    two = metadata.feed("Book", [*entries, *revisions.read(CHANGES.replace("-04)", "-05)"))], "a", ("B",))
    names = re.findall("<id>(.*?)</id>", two)
    assert len(set(names)) == 3 and all(name.startswith("urn:uuid:") for name in names)
    assert two.index("2026-03-05") < two.index("2026-03-04")


def test_list_of_exhibits_is_a_gallery_on_the_web_with_the_table_beneath(small_book):
    (small_book.root / "book" / "index.md").write_text("# A small book\n\n```{exhibit-list}\n```\n", "utf-8")
    assert small_book.build() == 0
    page = read(small_book, "book/index.html")
    (item,) = page.select("ul.gallery > li > a")
    assert item["href"] == "chapter1.html#ch1-small" and "Figure 1.1" in item.text and "Ness leads" in item.text
    assert page.select_one("details table.registry")
    assert page.select_one("h3").text == "Chapter 1: Chapter one"


@pytest.mark.parametrize("draws", [True, False])
def test_many_small_pictures_are_drawn_beside_the_reading_and_those_that_are_missing_then_at_the_end(
    small_book, monkeypatch, draws
):
    (small_book.root / "book" / "index.md").write_text("# A small book\n\n```{exhibit-list}\n```\n", "utf-8")
    (folder,) = small_book.root.glob("_build/runs/*/exhibits")
    Image.new("RGB", (800, 600), "teal").save(folder / "ch1-small.png")
    begun, plain = [], gallery._draw_all
    monkeypatch.setattr(gallery, "MANY", 0)
    monkeypatch.setattr(gallery, "_draw_all", lambda missing: plain(missing) if draws else None)
    real = gallery.multiprocessing.Process
    monkeypatch.setattr(
        gallery.multiprocessing, "Process", lambda **settings: begun.append(real(**settings)) or begun[-1]
    )
    in_main = []
    small = gallery.drawn_small
    monkeypatch.setattr(gallery, "drawn_small", lambda picture: in_main.append(1) or small(picture))
    assert small_book.build() == 0
    (process,) = begun
    assert process.exitcode == 0
    assert len(in_main) == (0 if draws else 1)
    assert (small_book.root / "_build" / "html" / "gallery" / "ch1-small.webp").stat().st_size > 100


def test_small_picture_of_another_press_is_drawn_anew(small_book, monkeypatch):
    """A change of how they are drawn was seen in new checkouts alone."""
    (small_book.root / "book" / "index.md").write_text("# A small book\n\n```{exhibit-list}\n```\n", "utf-8")
    (folder,) = small_book.root.glob("_build/runs/*/exhibits")
    Image.new("RGB", (800, 600), "teal").save(folder / "ch1-small.png")
    assert small_book.build() == 0
    (kept,) = small_book.root.glob("_build/gallery/*.webp")
    kept.write_bytes(b"drawn by an older press")
    sources = freshness.sources
    monkeypatch.setattr(freshness, "sources", lambda app: [*sources(app), small_book.root / "_config.yml"])
    assert small_book.build() == 0
    (again,) = small_book.root.glob("_build/gallery/*.webp")
    assert again != kept
    assert (small_book.root / "_build" / "html" / "gallery" / "ch1-small.webp").read_bytes() == again.read_bytes()
    assert again.read_bytes().startswith(b"RIFF")


def test_small_picture_is_the_upper_part_of_the_large_one():
    tall = Image.new("RGB", (1000, 3000), "black")
    tall.paste("red", (0, 0, 1000, 100))
    written = BytesIO()
    tall.save(written, "PNG")
    with Image.open(BytesIO(gallery.drawn_small(written.getvalue()))) as small:
        assert (small.format, small.size) == ("WEBP", (gallery.WIDTH, gallery.HEIGHT))
        assert small.getpixel((200, 10))[0] > 200 and max(small.getpixel((200, 300))) < 40


def test_numbers_are_folded_by_analysis(small_book):
    (small_book.root / "book" / "index.md").write_text("# A small book\n\n```{value-list}\n```\n", "utf-8")
    assert small_book.build() == 0
    fold = read(small_book, "book/index.html").select_one("details")
    assert fold.select_one("summary").text == "Small analysis (1)"
    assert fold.select_one("#value-ch1-mean") and not fold.has_attr("open")


def test_search_page_and_fields_need_no_script_to_be_there(small_book):
    assert small_book.build() == 0
    field = read(small_book, "book/chapter1.html").select_one("form[role=search]")
    assert (field["action"], field["method"], field.input["name"]) == ("../search.html", "get", "q")
    assert field.input["aria-label"]
    page = read(small_book, "search.html")
    assert (
        page.select_one("noscript") and page.select_one("label[for=search-query]") and page.select_one("[role=status]")
    )
    assert not (site(small_book) / "searchindex.js").exists()
    index = (site(small_book) / search.INDEX).read_text("utf-8")
    assert '"Ness leads","book/chapter1.html#ch1-small"' in index


RANK = """
global.window = {};
const { prepare, find } = require(SCRIPT);
const index = prepare({ labels: [["Figure 3.2", 1], ["Figure 3.21", 1], ["Country", 1.3], ["Term", 1], ["Function", 0.2]], entries: [
  [0, "Spending and results", "a", "Mean, 2022", "", "money"], [1, "Results over time", "b", "", "", "spend"], [2, "T\u00fcrkiye", "c", "", "TUR Turkey", ""],
  [3, "spending", "d", "What is paid", "", ""], [4, "spending", "e", "", "", ""], [3, "\u00d8restad", "f", "", "", ""]] });
console.log(JSON.stringify(QUERIES.map((query) => find(index, query).map((entry) => entry.address).join(""))));
"""


def test_ranking_is_as_it_is_told(tmp_path):
    node = shutil.which("node")
    if not node:
        pytest.skip("ranking is that of search.js; node, which would run it, is not here")
    expected = {
        "figure 3.2": "a",  # and not 3.21
        "spending": "dae",  # the title that is the word; a function last
        "results spending": "a",  # all words, in any order
        "results money": "a",  # wherever they stand
        "turkey": "c",
        "TURKIYE": "c",
        "orestad": "f",
        "spendign money": "",  # two letters are wrong
        "spanding": "dae",
        "": "",
    }
    script = Path(addresses.__file__).with_name("static") / "search.js"
    code = RANK.replace("SCRIPT", json.dumps(str(script))).replace("QUERIES", json.dumps([*expected]))
    (tmp_path / "rank.js").write_text(code, "utf-8")
    answer = subprocess.run([node, tmp_path / "rank.js"], capture_output=True, text=True, check=True)
    assert dict(zip(expected, json.loads(answer.stdout), strict=True)) == expected
