"""The built book, as readers get it: pages, exhibits, links, PDF, and the numbers that were agreed on."""

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import jupytext
import nbformat
import pytest
import yaml

from press import lint, published, run
from press.desk import references

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"


def contents_files():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))

    def walk(node):
        if isinstance(node, dict):
            yield from ([node["file"]] if "file" in node else [])
            for child in node.values():
                yield from walk(child)
        elif isinstance(node, list):
            for child in node:
                yield from walk(child)

    return [toc["root"], *walk(toc["parts"])]


def made_by_rule():
    """Names of the pages that no file of book/ and no entry of the contents is about."""
    with (ROOT / "data" / "code-lists" / "areas.csv").open(encoding="utf-8", newline="") as lines:
        countries = [area["code"].lower() for area in csv.DictReader(lines) if area["oecd_since"]]
    cases = [path.stem for path in (ROOT / "data" / "cases").glob("*.yaml") if path.stem != "codebook"]
    return [*(f"book/countries/{code}" for code in countries), *(f"book/cases/{name}" for name in cases)]


def test_build_says_where_the_book_is_and_how_long_each_stage_took(built):
    for word in ["notebooks", "web pages", "PDF", "index.html", ".pdf"]:
        assert word in built


def test_text_is_finished(built):
    """Chapters in one shape and length; exhibits interpreted; references, terms and abbreviations defined and used."""
    assert lint.unfinished(ROOT) == []


def test_pages_are_those_of_the_contents_and_of_exhibits_and_no_others(pages, content):
    """A build of the root once executed and published whatever Python file it found."""
    made = {path.relative_to(SITE).with_suffix("").as_posix() for path in pages}
    exhibits = {f"exhibits/{identifier}/index" for identifier in content.exhibits}
    assert made - {"index", "search", "404"} == {*contents_files(), *made_by_rule(), *exhibits}


def test_no_page_is_made_from_a_table_that_its_sources_do_not_name(content):
    """The catalogue would say that the table is not used."""
    missing = []
    for result in run.execute(ROOT):
        published = [*content.exhibits.values(), *content.values.values(), *content.statements.values()]
        named = {
            table for metadata in published if metadata["notebook"] == result.name for table in metadata["indicators"]
        }
        record = json.loads((result.folder / "record.json").read_text("utf-8"))
        loaded = {Path(use).stem for use in record["dependencies"] if use.startswith("data/indicators/")}
        # It counts the rows of all tables, and its one exhibit on them is the list of all.
        missing += [f"{result.name}: {table}" for table in sorted(loaded - named) if result.name != "data_quality"]
    assert missing == []


def test_every_notebook_is_a_page_of_the_book():
    notebooks = {f"notebooks/{path.stem}" for path in (ROOT / "notebooks").glob("*.py")}
    assert notebooks == {name for name in contents_files() if name.startswith("notebooks/")}


# What stands in each page some hundred times in one form: looking for it does without taking the pages apart.
LINKING, ASKING = re.compile(r"<(?:a|link|img|script)\b[^>]*>"), re.compile(r"<(?:script|img|link|iframe)\b[^>]*>")
NAMED = re.compile(r'<[^>]*\sid="([^"]*)"')
ADDRESS = re.compile(r'\s(?:href|src)="([^"]*)"')


@pytest.fixture(scope="module")
def markup(built):
    """The HTML of all pages by path."""
    texts = {str(path): path.read_text("utf-8") for path in SITE.rglob("*.html") if "_static" not in path.parts}
    # The expressions above read attributes that are written in this way only.
    other = re.compile(r'\s(?:href|src|id|rel)=(?!")')
    assert [
        tag for text in texts.values() for tag in ASKING.findall(text) + LINKING.findall(text) if other.search(tag)
    ] == []
    return texts


def leads(address, page, anchors):
    """Say whether the address of a link leads somewhere; one to another site is not looked at."""
    if not address or urlsplit(address).scheme or address.startswith("//"):
        return True
    file, fragment = urldefrag(address)
    file = unquote(file.split("?")[0])
    # What a server shows at any address begins its own with that of the site.
    folder = SITE if file.startswith("/") and os.path.basename(page) == "404.html" else os.path.dirname(page)
    target = os.path.normpath(os.path.join(folder, file.lstrip("/") if folder is SITE else file)) if file else page
    if target in anchors:
        return not fragment or unquote(fragment) in anchors[target]
    return os.path.exists(target)


def test_every_link_inside_the_book_leads_somewhere(markup):
    anchors = {page: {unescape(name) for name in NAMED.findall(text)} for page, text in markup.items()}
    broken, looked = [], 0
    for page, text in markup.items():
        found = {unescape(address[1]) for tag in LINKING.findall(text) if (address := ADDRESS.search(tag))}
        looked += len(found)
        broken += [f"{page}: {address}" for address in sorted(found) if not leads(address, page, anchors)]
    assert looked > 20 * len(markup)
    assert broken == []


def test_link_to_a_missing_page_or_anchor_is_found():
    anchors = {"/a/b.html": {"here"}, "/a/c.html": set()}
    for address in ["b.html", "#here", "../a/b.html#here", "b.html?v=1#here", "c.html", "https://x.org/y", "//x.org/y"]:
        assert leads(address, "/a/b.html", anchors), address
    for address in ["d.html", "#there", "c.html#here", "../b.html", "b.html?v=1#there"]:
        assert not leads(address, "/a/b.html", anchors), address


def test_no_page_asks_another_site_for_anything(markup):
    """A reader without network must see the same book, and no third party may learn who reads it."""
    asked = [
        f"{page}: {tag}"
        for page, text in markup.items()
        for tag in ASKING.findall(text)
        if re.search(r'\ssrc="(?:http|//)', tag)
        or (
            tag.startswith("<link")
            and re.search(r'\srel="[^"]*stylesheet', tag)
            and re.search(r'\shref="(?:http|//)', tag)
        )
    ]
    assert asked == []


def of_class(name):
    """Return the condition of XPath that an element has a class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


def test_every_picture_has_a_text_alternative_and_every_table_a_header(trees):
    seen = Counter()
    for path, page in trees.items():
        (article,) = page.xpath("//article") or [page]
        # In the gallery the title stands beside the picture, in the same link.
        told = article.xpath(f".//img[not(ancestor::ul[{of_class('gallery')}])]")
        tables = article.xpath(".//table")
        assert [image.get("src") for image in told if not image.get("alt", "").strip()] == [], path
        assert [table.get("id") for table in tables if table.find(".//th") is None] == [], path
        seen.update(pictures=len(told), tables=len(tables))
    assert seen["pictures"] > 0 and seen["tables"] > 100


def test_every_exhibit_stands_once_with_number_data_and_downloads(trees, content):
    homes = {}
    for path, page in trees.items():
        if path.is_relative_to(SITE / "exhibits"):
            continue  # the page of its own, which every exhibit has beside
        if path == SITE / "index.html":
            continue  # the first page at the root
        for exhibit in page.xpath(f"//div[{of_class('exhibit')}]"):
            named = exhibit.xpath(".//*[self::figure or self::table][@id]")
            if named:
                # What is one of a collection has a title without a number.
                identifier = named[0].get("id")
                collected = content.exhibits[identifier].get("collection")
                numbered = bool(named[0].xpath(f".//*[{of_class('caption-number')}]"))
                assert numbered != bool(collected), identifier
                homes.setdefault(identifier, []).append((path, exhibit))
    assert set(homes) == set(content.exhibits)
    for identifier, places in homes.items():
        assert len(places) == 1
        _, exhibit = places[0]
        metadata = content.exhibits[identifier]
        assert squeeze(metadata["title"]) in squeeze(exhibit.text_content())
        assert exhibit.xpath(f".//*[{of_class('exhibit-source')}]")[0].text_content().startswith("Source: ")
        assert exhibit.xpath(f".//*[{of_class('exhibit-data')} or {of_class('exhibit-table')}]//tbody//tr")
        for suffix in ["csv", "xlsx", "json"] + (["svg", "png"] if metadata["kind"] == "figure" else []):
            assert (SITE / "exhibits" / f"{identifier}.{suffix}").stat().st_size > 0


def test_every_notebook_page_offers_the_executed_notebook(content):
    for name in content.executed:
        notebook = nbformat.read(SITE / "notebooks" / f"{name}.ipynb", as_version=4)
        nbformat.validate(notebook)
        assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code" and cell.source)


def test_list_of_exhibits_is_complete(pages, content):
    text = pages[SITE / "book" / "exhibits.html"].find("article").get_text()
    squeezed = squeeze(text)
    links = {tag.get("href", "").partition("#")[2] for tag in pages[SITE / "book" / "exhibits.html"].find_all("a")}
    assert [
        key for key, m in content.exhibits.items() if squeeze(m["title"]) not in squeezed and key not in links
    ] == []
    numbers = pages[SITE / "book" / "numbers.html"].find("article").get_text()
    assert [identifier for identifier in content.values if identifier not in numbers] == []


def test_titles_of_pages_are_distinct(markup):
    """Tabs, bookmarks and search engines showed several pages by one name."""
    titles = {}
    for path, text in markup.items():
        title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)[1]
        titles.setdefault(title, []).append(os.path.relpath(path, SITE))
    alike = [found for found in titles.values() if len(found) > 1]
    assert [found for found in alike if sorted(found) != ["book/index.html", "index.html"]] == []


def test_root_of_the_site_is_the_first_page(pages):
    first, root = (pages[SITE / name].find("article").get_text() for name in ("book/index.html", "index.html"))
    assert first == root


def test_each_small_picture_of_the_gallery_is_small_and_there(pages, content):
    shown = pages[SITE / "book" / "exhibits.html"].select("ul.gallery img")
    figures = [
        entry for entry in content.exhibits.values() if entry["kind"] == "figure" and not entry.get("collection")
    ]
    assert len(shown) == len(figures)
    for image in shown:
        assert image["loading"] == "lazy" and image["width"] and image["height"]
        assert (SITE / "book" / image["src"]).stat().st_size < 40_000


def test_every_term_of_the_glossary_is_used_and_linked(trees):
    terms = {*trees[SITE / "book" / "glossary.html"].xpath("//article//dt/@id")}
    links = [
        link for page in trees.values() for link in page.xpath(f"//article//a[*[{of_class('glossary-term')}]]/@href")
    ]
    assert len(terms) > 40
    assert sorted(terms - {urldefrag(link).fragment for link in links}) == []


def test_pdf_is_tagged_and_has_language_title_and_bookmarks(pdf):
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("en")
    assert pdf.metadata.title == "Schools at the Crossroads"
    assert any("Innovation, education and learning" in title for title in bookmarks(pdf.outline))


def bookmarks(entries):
    for entry in entries:
        yield from bookmarks(entry) if isinstance(entry, list) else [entry.title]


def squeeze(text):
    return "".join(letter for letter in text if letter.isalnum())


def test_references_hold_the_current_code():
    """nbval executes the references: one with old code would prove nothing about the notebook."""
    for path in sorted((ROOT / "notebooks").glob("*.py")):
        code = [cell.source for cell in jupytext.read(path).cells if cell.cell_type == "code"]
        reference = ROOT / references.FOLDER / "notebooks" / f"{path.stem}.ipynb"
        assert reference.exists(), f"{path.name} has no reference outputs; run `make reference`"
        held = [cell.source for cell in nbformat.read(reference, as_version=4).cells]
        assert held == code, f"{reference.name} holds old code; run `make reference`"
    names = {path.stem for path in (ROOT / references.FOLDER / "notebooks").glob("*.ipynb")}
    assert names == {path.stem for path in (ROOT / "notebooks").glob("*.py")}


def test_no_number_has_moved(request):
    """A changed table, function or cell must be told by the exhibit or value that it moves, with old and new."""
    root, edited = ROOT, edited_tables()
    if edited:
        # The loader refuses an edited table; in a copy the edit is accepted, to see what it does to the numbers.
        root = request.getfixturevalue("project_copy")
        accepted = subprocess.run(
            [Path(sys.executable).with_name("crossroads"), "accept", *edited],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    results = run.execute(root)
    assert [str(result.error) for result in results if result.error] == []
    moved = references.differences(ROOT, published.read(results))
    reason = f"data/indicators/{edited[0]}.csv was edited by hand, which moves these numbers" if edited else ""
    reason = reason or "numbers moved; if they were meant to, run `make reference`"
    rest = [f"and {len(moved) - 40} more"] if len(moved) > 40 else []
    assert moved == [], "\n".join([f"{reason}:", *moved[:40], *rest])
    assert edited == [], f"data/indicators/{edited[0]}.csv was edited by hand; no published number depends on the edit"


def edited_tables():
    """Name the tables whose bytes are not those that the descriptor names."""
    package = json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))
    return [
        entry["name"]
        for entry in package["resources"]
        if entry["path"].startswith("indicators/")
        and f"sha256:{hashlib.sha256((ROOT / 'data' / entry['path']).read_bytes()).hexdigest()}" != entry["hash"]
    ]


def test_exhibit_data_are_rectangular_and_readable(content):
    for identifier, metadata in content.exhibits.items():
        path = metadata["folder"] / f"{identifier}.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            header, *rows = csv.reader(lines)
        assert {len(row) for row in rows} == {len(header)}, identifier
        assert len(rows) == json.loads(path.with_suffix(".json").read_text("utf-8"))["n_rows"]
