"""Pages of the case library, in a small book of their own."""

import contextlib
import csv
import json
import re
import shutil
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from jupyter_book.sphinx import build_sphinx
from sphinx.util.console import strip_colors

from crossroads.evidence import cases
from press.errors import BookError

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
    """Write a book with the cases given and one chapter; no file and no entry in the contents is about a single case."""
    for folder in ("book/static", "notebooks", "data"):
        (root / folder).mkdir(parents=True)
    shutil.copytree(DATA / "cases", root / "data" / "cases")
    shutil.copytree(DATA / "code-lists", root / "data" / "code-lists")
    (root / "data" / "datapackage.json").write_text('{"resources": []}', "utf-8")
    for path in (root / "data" / "cases").glob("*.yaml"):
        if path.stem not in library and path.name != cases.CODE_BOOK:
            path.unlink()
    for path in (root / "data" / "cases").glob("coding-*.csv"):
        lines = path.read_text("utf-8").splitlines()
        kept = [line for line in lines if line.split(",")[0] in {"case", *library}]
        path.write_text("\n".join(kept) + "\n", "utf-8")
    path = root / "data" / "code-lists" / "areas.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        areas = list(csv.DictReader(lines))
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, areas[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows({**area, "oecd_since": ""} for area in areas)  # a member of the OECD has a profile
    pages = {
        "index": "# Book\n",
        "chapter": chapter,
        "cases": "# Cases\n\n```{case-index}\n```\n",
        "codes": "# Codes\n\n```{case-code-book}\n```\n",
    }
    for name, text in pages.items():
        (root / "book" / f"{name}.md").write_text(text, "utf-8")
    contents = {"format": "jb-book", "root": "book/index", "chapters": [{"file": f"book/{name}"} for name in pages][1:]}
    (root / "_toc.yml").write_text(yaml.safe_dump(contents), "utf-8")
    config = yaml.safe_load((BOOK.parent / "_config.yml").read_text("utf-8"))
    config["html"].pop("favicon")
    config["sphinx"]["config"] |= {"html_css_files": [], "typst_cover": "", "typst_font_paths": []}
    (root / "_config.yml").write_text(yaml.safe_dump(config), "utf-8")
    for name in ("pyproject.toml", "CITATION.cff", "requirements.lock"):
        shutil.copy(BOOK.parent / name, root)
    (root / "book" / "references.bib").touch()
    for name in ("library.js", "cases.css", "countries.css"):
        shutil.copy(BOOK / "static" / name, root / "book" / "static")
    return root


def build(root):
    """Build the web pages and return what Sphinx said; warnings are errors."""
    said = StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        answer = build_sphinx(
            root,
            root / "_build" / "html",
            noconfig=True,
            path_config=root / "_config.yml",
            confoverrides={
                "external_toc_path": (root / "_toc.yml").as_posix(), "latex_individualpages": False, "press_pdf": False,
            },
        )  # fmt: skip
    assert answer == 0, said.getvalue()
    return strip_colors(said.getvalue())


def plain(text):
    """Undo the typographer's quotation marks, hyphens and spaces of a page."""
    return " ".join(text.translate(str.maketrans("\u2018\u2019\u201c\u201d\u00a0", "''\"\" ")).split())


def read_again(root, before):
    """Return the pages that were read since, and note the time of each."""
    folder = root / "_build" / ".doctrees"
    now = {
        path.relative_to(folder).with_suffix("").as_posix(): path.stat().st_mtime_ns
        for path in folder.rglob("*.doctree")
    }
    changed = {page for page, time in now.items() if before.get(page) != time}
    before.clear()
    before.update(now)
    return changed


def soup(root, page):
    """Return a page, parsed once as long as nothing writes it again; tests must not change it."""
    path = root / "_build" / "html" / f"{page}.html"
    return parsed(path, path.stat().st_mtime_ns)


@cache
def parsed(path, written):
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


@pytest.fixture(scope="module")
def site(tmp_path_factory, library):
    root = make(tmp_path_factory.mktemp("site"), library)
    return root, build(root)


def test_headings_are_the_same_on_every_page(site, library):
    root, _ = site
    headings = {
        tuple(
            tag.get_text().rstrip("\u00b6#")
            for tag in soup(root, f"book/cases/{name}").select("article h2, article h3")
        )
        for name in library
    }
    assert len(headings) == 1
    (only,) = headings
    assert only[:4] == ("What became of it", "What is known of results", "What others can learn", "What changes")


def test_story_comes_first_with_the_sources_of_every_sentence(site, library):
    root, _ = site
    for identifier, case in library.items():
        page = soup(root, f"book/cases/{identifier}")
        told = page.select_one(".case-told")
        assert page.select_one("h1").find_next("p") is told.select_one("p"), identifier
        for sentence in case["story"] or []:
            text = next(text for p in told.select("p") if sentence["text"] in (text := plain(p.get_text())))
            after = text.partition(sentence["text"])[2]
            numbers = [source.removeprefix("s") for source in sentence["sources"]]
            assert re.findall(r"\[(\d+)\]", after)[: len(numbers)] == numbers, (identifier, sentence["text"])


def test_case_without_a_story_says_so_and_keeps_its_facts(site):
    root, _ = site
    page = soup(root, "book/cases/jacint-verdaguer")
    assert "do not carry a story" in page.select_one(".case-told p").get_text()
    assert "Ages 3-16 in one integrated school" in page.get_text()


def test_facts_stand_beside_the_story_with_their_sources(site, library):
    root, _ = site
    for identifier, case in library.items():
        terms = soup(root, f"book/cases/{identifier}").select(".case-facts dt")
        rows = {plain(term.get_text()).rstrip(":"): term.find_next("dd") for term in terms}
        for fact in case["facts"] or []:
            shown = rows[fact["fact"]]
            assert plain(shown.get_text()).startswith(plain(fact["value"])), (identifier, fact["fact"])
            assert len(shown.select("a")) == len(fact["sources"])


def test_what_others_can_learn_is_marked_as_our_reading(site, library):
    root, _ = site
    for identifier in ("escuela-nueva", "steve-jobs-schools"):
        text = plain(soup(root, f"book/cases/{identifier}").find(id=f"{identifier}-lesson").select_one("p").get_text())
        assert text == f"Our reading, not a finding of any source: {library[identifier]['lesson']}"


def test_a_changed_grade_says_what_it_was(site):
    root, _ = site
    assert "an earlier version of this page said descriptive" in soup(root, "book/cases/escuela-nueva").get_text()
    assert "an earlier version" not in soup(root, "book/cases/career-academies").get_text()


def test_every_source_says_who_speaks_and_what_was_read(site, library):
    root, _ = site
    lists = {name: cases.code_list(f"case-source-{name}") for name in ("kinds", "readings")}
    for identifier, case in library.items():
        items = soup(root, f"book/cases/{identifier}").select(".case-sources > li")
        for item, source in zip(items, case["sources"], strict=True):
            who, how = (
                lists[f"{name}s"][source[key]]["label"] for name, key in (("kind", "kind"), ("reading", "read"))
            )
            assert f"{who}; {how.lower()}." in item.get_text(), (identifier, source["id"])


def test_box_prints_the_sources_that_its_marks_name(site, library):
    """The page that the marks lead to is not on paper."""
    root, _ = site
    box = soup(root, "book/chapter").select_one(".case-box")
    printed = box.select_one("p.only-print")
    marks = {mark.get_text() for mark in box.select("p:not(.only-print) .case-citations a")}
    assert set(re.findall(r"\[\d+\]", printed.get_text())) == marks
    for mark in marks:
        source = library["p-tech-nyc"]["sources"][int(mark.strip("[]")) - 1]
        assert source["title"] in plain(printed.get_text())
        assert cases.address(source) in {link["href"] for link in printed.select("a")}


def test_source_of_a_statement_is_two_clicks_away(site, library):
    """First click: the mark after the statement; second click: the address."""
    root, _ = site
    box = soup(root, "book/chapter").select_one(".case-box")
    marks = box.select("p:not(.only-print) .case-citations a")
    case = library["p-tech-nyc"]
    shown = [case["elements"]["learners"], case["elements"]["resources"], case["evidence"]]
    assert len(marks) == sum(len(entry["sources"]) for entry in shown)
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
    assert page.select_one("form.library-filters").has_attr("hidden")
    assert not any(entry.has_attr("hidden") for entry in entries)
    assert all(
        field.find_parent("label") for field in page.select("form.library-filters select, form.library-filters input")
    )


def test_filters_offer_what_the_entries_have(site, library):
    """A choice that finds nothing, or a case that no choice finds, is a mistake."""
    root, _ = site
    page = soup(root, "book/cases")
    for select in page.select("form.library-filters select"):
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
        assert sum("library.js" in script for script in scripts) == count
    assert "http" not in (BOOK / "static" / "library.js").read_text("utf-8")


def test_chapters_that_use_a_case_are_listed_on_its_page(site):
    root, said = site
    assert soup(root, "book/cases/the-met").find(id="the-met-uses").select_one("li a")["href"] == "../chapter.html"
    assert "No chapter uses" in soup(root, "book/cases/technasium").find(id="technasium-uses").get_text()
    assert "62 of 65 cases are used by no chapter: academies-of-nashville, ao-tawhiti" in said


def test_mention_can_have_other_words(site):
    root, _ = site
    links = {tag["href"]: tag.get_text() for tag in soup(root, "book/chapter").select("p a.reference")}
    assert links["cases/agora-roermond.html#case-agora-roermond"] == "the school without classes"


def test_similar_cases_share_what_is_said(site):
    root, _ = site
    items = soup(root, "book/cases/agora-roermond").find(id="agora-roermond-similar").select("li")
    assert 1 <= len(items) <= 3
    said = [item.get_text().partition(". ")[2] for item in items]
    assert all(re.fullmatch(r"(In both: [^:;]+\.)?( ?Both work with [^:;]+\.)?", words) for words in said), said
    assert all(said)


def test_what_two_cases_share_is_said_in_words(library):
    from report.cases.library import read

    shared = {"projects", "own-path", "partner:business", "partner:higher-education", "partner:government"}
    assert read(DATA).likeness(shared) == (
        "In both: projects and inquiry and learners choose their path."
        " Both work with business, government and higher education."
    )
    assert read(DATA).likeness({"projects", "spaces"}) == "In both: projects and inquiry and spaces designed anew."


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


def test_new_case_is_one_file_and_nothing_else(tmp_path, few):
    """Its page, its place in the contents, in lists and on other pages come and go with the file."""
    root, before = make(tmp_path, few), {}
    build(root)
    read_again(root, before)
    path = root / "data" / "cases" / "jenaplan-jena.yaml"
    shutil.copy(DATA / "cases" / path.name, path)
    build(root)
    # Every page of a case may name it as similar; chapters that mention other cases show what they showed.
    everything = {f"book/cases/{name}" for name in [*few, path.stem]} | {"book/cases", "book/codes"}
    assert read_again(root, before) == everything
    assert "Jenaplan" in soup(root, "book/cases").select_one(".case-list").get_text()
    assert soup(root, f"book/cases/{path.stem}").select_one('.sidebar-tree [aria-current="page"]'), (
        "it is not in the contents"
    )
    assert soup(root, f"book/cases/{path.stem}").find("h1")
    path.unlink()
    build(root)
    assert read_again(root, before) == everything - {"book/cases/jenaplan-jena"}
    assert not (root / "_build" / "html" / "book" / "cases" / "jenaplan-jena.html").exists()
    assert "jenaplan-jena" not in (root / "_build" / "html" / "book" / "chapter.html").read_text("utf-8")
    build(root)
    assert read_again(root, before) == set()


def test_changed_case_has_the_chapters_read_again_that_show_it(tmp_path, few):
    root, before = make(tmp_path, few, "# A chapter\n\nSee {case}`the-met`.\n"), {}
    (root / "book" / "codes.md").write_text("# Another\n\nSee {case}`agora-roermond`.\n", "utf-8")
    build(root)
    read_again(root, before)
    path = root / "data" / "cases" / "the-met.yaml"
    path.write_text(path.read_text("utf-8").replace("name: ", "name: New "), "utf-8")
    build(root)
    assert {"book/chapter", "book/codes"} & read_again(root, before) == {"book/chapter"}
    assert "New " in soup(root, "book/chapter").select_one("article p a").get_text()


def test_list_of_chapters_follows_the_chapters(tmp_path, few):
    """A page of a case is not read again for it, but it is written again."""
    root = make(tmp_path, few)
    build(root)
    (root / "book" / "codes.md").write_text("# Another\n\nSee {case}`the-met`.\n", "utf-8")
    build(root)
    uses = soup(root, "book/cases/the-met").find(id="the-met-uses").select("li a")
    assert [link.get_text() for link in uses] == ["A chapter", "Another"]


def test_broken_case_stops_the_build_with_file_and_field(tmp_path, few):
    root = make(tmp_path, few)
    case = yaml.safe_load((DATA / "cases" / "the-met.yaml").read_text("utf-8"))
    (root / "data" / "cases" / "the-met.yaml").write_text(
        yaml.safe_dump({**case, "kind": "shop"}, allow_unicode=True), "utf-8"
    )
    with pytest.raises(BookError, match=r"data/cases/the-met\.yaml:\d+: kind: unknown kind 'shop'"):
        build(root)


def test_text_stays_text_and_changes_show_everywhere(tmp_path, few):
    """Text that looks like Markdown or HTML is shown as it is; a changed file is shown by every page that uses it."""
    root = make(tmp_path, few)
    build(root)
    path = root / "data" / "cases" / "p-tech-nyc.yaml"
    case = yaml.safe_load(path.read_text("utf-8"))
    case["elements"]["learners"]["text"] = "**All** [x](y) {raw} where p<0.05 & 3 < 4 `a`"
    path.write_text(yaml.safe_dump(case, allow_unicode=True), "utf-8")
    (root / "book" / "chapter.md").write_text(CHAPTER.replace("{case}`the-met` and ", ""), "utf-8")
    build(root)
    for page in ("book/chapter", "book/cases/p-tech-nyc"):
        assert "**All** [x](y) {raw} where p<0.05 & 3 < 4 `a`" in soup(root, page).get_text()
    assert "No chapter uses" in soup(root, "book/cases/the-met").find(id="the-met-uses").get_text()
