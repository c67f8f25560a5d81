"""Pages of the case library, built with a small Sphinx project of their own."""

import csv
import json
import re
import shutil
from io import StringIO
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.console import strip_colors
from sphinx.util.docutils import docutils_namespace

from crossroads.evidence import cases
from press.errors import BookError
from report.propose import dump

DATA = Path(__file__).parents[2] / "data"
BOOK = DATA.parent / "book"
TABLES = ("cases.csv", "codings.csv")
CHAPTER = """# A chapter

See {case}`the-met` and {case}`the school without classes <agora-roermond>`.

```{case} p-tech-nyc
:show: learners, resources

Why it matters *here*.
```
"""


@pytest.fixture(scope="module")
def library():
    return cases.load(DATA)


@pytest.fixture
def few(library):
    """A library small enough to be built once a test."""
    return [name for name in library if name in {"the-met", "agora-roermond", "p-tech-nyc"}]


def make(root, library, chapter=CHAPTER):
    """Write a project with the cases given and one chapter."""
    shutil.copytree(DATA / "cases", root / "data" / "cases")
    shutil.copytree(DATA / "code-lists", root / "data" / "code-lists")
    (root / "book" / "cases").mkdir(parents=True)
    for path in (root / "data" / "cases").glob("*.yaml"):
        if path.stem in library:
            (root / "book" / "cases" / f"{path.stem}.md").write_text(f"```{{case-page}} {path.stem}\n```\n", "utf-8")
        elif path.name != cases.CODE_BOOK:
            path.unlink()
    for path in (root / "data" / "cases").glob("coding-*.csv"):
        lines = path.read_text("utf-8").splitlines()
        kept = [line for line in lines if line.split(",")[0] in {"case", *library}]
        path.write_text("\n".join(kept) + "\n", "utf-8")
    (root / "book" / "chapter.md").write_text(chapter, "utf-8")
    (root / "book" / "cases.md").write_text("# Cases\n\n```{case-index}\n```\n", "utf-8")
    (root / "book" / "codes.md").write_text("# Codes\n\n```{case-code-book}\n```\n", "utf-8")
    pages = ["book/chapter", "book/cases", "book/codes", *(f"book/cases/{identifier}" for identifier in library)]
    (root / "index.md").write_text("# Book\n\n```{toctree}\n" + "\n".join(pages) + "\n```\n", "utf-8")
    static = root / "static"
    static.mkdir()
    for name in ("cases.js", "cases.css"):
        shutil.copy(BOOK / "static" / name, static)
    return root


def build(root):
    """Build the project and return what Sphinx said; warnings are errors."""
    said = StringIO()
    with docutils_namespace():
        app = Sphinx(
            root,
            None,
            root / "site",
            root / "doctrees",
            "html",
            status=said,
            warning=said,
            warningiserror=True,
            confoverrides={"extensions": ["myst_parser", "report.cases"], "html_static_path": ["static"]},
        )
        app.build()
    return strip_colors(said.getvalue())


def soup(root, page):
    return BeautifulSoup((root / "site" / f"{page}.html").read_text("utf-8"), "html.parser")


@pytest.fixture(scope="module")
def site(tmp_path_factory, library):
    root = make(tmp_path_factory.mktemp("site"), library)
    return root, build(root)


def test_every_case_has_its_page_in_the_book():
    """The files in book/cases are what the table of contents lists."""
    pages = {path.stem: path.read_text("utf-8") for path in (BOOK / "cases").glob("*.md")}
    assert pages == {identifier: f"```{{case-page}} {identifier}\n```\n" for identifier in cases.load(DATA)}


def test_headings_are_the_same_on_every_page(site, library):
    root, _ = site
    headings = {
        tuple(tag.get_text().removesuffix("\u00b6") for tag in soup(root, f"book/cases/{name}").find_all(["h2", "h3"]))
        for name in library
    }
    (only,) = [tuple(text for text in found if not text.startswith(("Table", "Navigation", "Related", "This", "Quick")))
               for found in headings][:1]  # fmt: skip
    assert len(headings) == 1
    assert only[:5] == ("What changes", "Learners", "Educators", "Content", "Resources")


def test_source_of_a_statement_is_two_clicks_away(site, library):
    """First click: the mark after the statement; second click: the address."""
    root, _ = site
    box = soup(root, "book/chapter").select_one(".case-box")
    marks = box.select(".case-citations a")
    assert len(marks) == 3 * len(library["p-tech-nyc"]["sources"])
    for mark in marks:
        page, _, anchor = mark["href"].partition("#")
        item = soup(root, f"book/{page.removesuffix('.html')}").find(id=anchor)
        number = int(mark.get_text().strip("[]"))
        source = library["p-tech-nyc"]["sources"][number - 1]
        assert item.select_one("a")["href"] == cases.address(source)


def test_every_address_of_every_source_is_on_the_page_of_its_case(site, library):
    root, _ = site
    for identifier, case in library.items():
        links = {tag["href"] for tag in soup(root, f"book/cases/{identifier}").select(".case-sources a")}
        assert {cases.address(source) for source in case["sources"]} <= links


def test_unknown_is_said_and_never_left_out(site):
    root, _ = site
    page = soup(root, "book/cases/institut-beatenberg")
    assert page.find(id="institut-beatenberg-learners").select_one("p").get_text() == "Not known."
    assert page.find(id="institut-beatenberg-partners").select_one("p").get_text() == "Not known."


def test_badge_says_what_it_means(site):
    root, _ = site
    text = soup(root, "book/cases/p-tech-nyc").select_one(".case-badge.strength-experimental").get_text()
    assert text.startswith("Evidence: experimental. Results compared between groups formed by chance")


def test_index_is_complete_without_script(site, library):
    root, _ = site
    page = soup(root, "book/cases")
    entries = page.select(".case-list > li")
    assert len(entries) == len(library)
    assert page.select_one("form.case-filters").has_attr("hidden")
    assert not any(entry.has_attr("hidden") for entry in entries)
    assert all(field.find_parent("label") for field in page.select("form.case-filters select, form.case-filters input"))


def test_filters_offer_what_the_entries_have(site, library):
    """A choice that finds nothing, or a case that no choice finds, is a mistake."""
    root, _ = site
    page = soup(root, "book/cases")
    for select in page.select("form.case-filters select"):
        found = 0
        for option in select.select("option[value]:not([value=''])"):
            entries = page.select(f".case-list > li.{select['name']}-{option['value']}")
            assert option.get_text().endswith(f"({len(entries)})")
            found += len(entries)
        assert found >= len(library), select["name"]


def test_script_of_the_filters_is_on_the_index_only_and_from_nowhere_else(site):
    root, _ = site
    for page, count in (("book/cases", 1), ("book/chapter", 0), ("book/cases/the-met", 0)):
        scripts = [tag["src"] for tag in soup(root, page).select("script[src]")]
        assert sum("cases.js" in script for script in scripts) == count
    assert "http" not in (BOOK / "static" / "cases.js").read_text("utf-8")


def test_chapters_that_use_a_case_are_listed_on_its_page(site):
    root, said = site
    assert soup(root, "book/cases/the-met").find(id="the-met-uses").select_one("li a")["href"] == "../chapter.html"
    assert "No chapter uses" in soup(root, "book/cases/technasium").find(id="technasium-uses").get_text()
    assert "50 of 53 cases are used by no chapter: academies-of-nashville, ao-tawhiti" in said


def test_mention_can_have_other_words(site):
    root, _ = site
    links = {tag["href"]: tag.get_text() for tag in soup(root, "book/chapter").select("p a.reference")}
    assert links["cases/agora-roermond.html#case-agora-roermond"] == "the school without classes"


def test_similar_cases_share_what_is_said(site):
    root, _ = site
    items = soup(root, "book/cases/agora-roermond").find(id="agora-roermond-similar").select("li")
    assert 1 <= len(items) <= 3
    assert all(re.fullmatch(r".+: .+, .+\.", item.get_text(), re.DOTALL) for item in items)


def test_downloads_hold_all_cases_codings_and_codes(site, library):
    root, _ = site
    folder = root / "_build" / "published" / "cases"
    rows = {name: list(csv.DictReader(StringIO((folder / name).read_text("utf-8")))) for name in TABLES}
    assert [row["id"] for row in rows["cases.csv"]] == sorted(library)
    assert json.loads((folder / "cases.json").read_text("utf-8")) == list(library.values())
    assert len(rows["codings.csv"]) == 2 * len(library)
    book = json.loads((folder / "code-book.json").read_text("utf-8"))
    assert "experimental" in book["code_lists"]["evidence-strengths"]


@pytest.mark.parametrize(
    ("chapter", "words"),
    [
        ("# A\n\n{case}`the-mett`\n", r"book/chapter.*no case is named 'the-mett'; did you mean 'the-met'\?"),
        ("# A\n\n```{case} summerhill\n```\n", r"book/chapter.md:3: no case is named 'summerhill'"),
        ("# A\n\n```{case} the-met\n:show: teachers\n```\n", r"book/chapter.md:3: :show: 'teachers' is no field"),
    ],
)
def test_mention_of_no_case_stops_the_build(tmp_path, few, chapter, words):
    root = make(tmp_path, few, chapter)
    # Docutils passes the message on in a SystemExit of its own.
    with pytest.raises(SystemExit, match=words):
        build(root)


def test_case_without_page_stops_the_build(tmp_path, few):
    root = make(tmp_path, few)
    (root / "book" / "cases" / "the-met.md").unlink()
    index = root / "index.md"
    index.write_text(index.read_text("utf-8").replace("book/cases/the-met\n", ""), "utf-8")
    with pytest.raises(BookError, match="the case 'the-met' has no page"):
        build(root)


def test_broken_case_stops_the_build_with_file_and_field(tmp_path, few):
    root = make(tmp_path, few)
    case = yaml.safe_load((DATA / "cases" / "the-met.yaml").read_text("utf-8"))
    (root / "data" / "cases" / "the-met.yaml").write_text(dump({**case, "kind": "shop"}), "utf-8")
    with pytest.raises(BookError, match=r"data/cases: the-met\.yaml: kind: unknown kind 'shop'"):
        build(root)


def test_text_stays_text_and_changes_show_everywhere(tmp_path, few):
    """Text that looks like Markdown or HTML is shown as it is; a changed file is shown by every page that uses it."""
    root = make(tmp_path, few)
    build(root)
    path = root / "data" / "cases" / "p-tech-nyc.yaml"
    case = yaml.safe_load(path.read_text("utf-8"))
    case["elements"]["learners"]["text"] = "**All** [x](y) {raw} where p<0.05 & 3 < 4 `a`"
    path.write_text(dump(case), "utf-8")
    (root / "book" / "chapter.md").write_text(CHAPTER.replace("{case}`the-met` and ", ""), "utf-8")
    build(root)
    for page in ("book/chapter", "book/cases/p-tech-nyc"):
        assert "**All** [x](y) {raw} where p<0.05 & 3 < 4 `a`" in soup(root, page).get_text()
    assert "No chapter uses" in soup(root, "book/cases/the-met").find(id="the-met-uses").get_text()
