"""The Sphinx extension: what pages show, which are rendered again, and how mistakes are told."""

import contextlib
import json
import os
import re
import subprocess
import sys

import pytest
import yaml
from bs4 import BeautifulSoup
from small_book import SECOND

from press.errors import BookError
from press.fresh import freshness
from press.published import drop_old_pictures
from press.web import search

# Sphinx and its extensions call what docutils has deprecated; the book cannot mend that.
pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")


def test_command_in_a_table_keeps_the_dashes_of_its_options(small_book):
    """Typography made one long dash of two, which no shell takes."""
    path = small_book.results[0].folder / "exhibits" / "ch1-small.json"
    columns = {name: {"label": name.capitalize(), "numeric": False} for name in ("what", "command", "typed")}
    columns["typed"]["code"] = True
    rows = [["It's tried", "python try.py --times 8", "make 'x'"], ["one--two", "x", "a--b"]]
    path.write_text(
        json.dumps({**json.loads(path.read_text("utf-8")), "kind": "table", "columns": columns, "rows": rows}), "utf-8"
    )
    assert small_book.build() == 0
    page = BeautifulSoup(small_book.page("book/chapter1"), "html.parser")
    cells = [[cell.get_text() for cell in line.select("th, td")] for line in page.select("#ch1-small tbody tr")]
    assert cells == [["It\u2019s tried", *rows[0][1:]], ["one\u2013two", *rows[1][1:]]]
    code = [cell.get_text() for cell in page.select("#ch1-small tbody code")]
    assert code == ["python try.py --times 8", "make 'x'", "a--b"]


def add_part(book, part):
    """Add a part to the contents of a small book."""
    contents = yaml.safe_load((book.root / "_toc.yml").read_text("utf-8"))
    contents["parts"].append(part)
    (book.root / "_toc.yml").write_text(yaml.safe_dump(contents), "utf-8")


def test_chapter_shows_number_figure_source_and_downloads(small_book):
    assert small_book.build() == 0
    page = small_book.page("book/chapter1")
    assert re.search(r'class="caption-number">Figure 1\.1', page)
    assert 'alt="Dots where Ness has 12.34."' in page
    number = BeautifulSoup(page, "html.parser").select_one("span.value")
    assert {name: number[f"data-{name}"] for name in ("error", "n", "period")} == {
        "error": "0.4",
        "n": "38",
        "period": "2022",
    }
    assert (number.a["href"], number.text) == ("#ch1-small", "12.3")
    assert "Nobody, Lights (2023)." in page
    assert re.search(r"<th scope=\"row\">NESS</th><td[^>]*>12.34</td>", page)
    for suffix in ["csv", "json", "svg"]:
        assert f'href="../exhibits/ch1-small.{suffix}"' in page
        assert (small_book.root / "_build" / "html" / "exhibits" / f"ch1-small.{suffix}").exists() or suffix == "xlsx"
    assert "Fig. 1.1" in small_book.page("book/index") or "Figure 1.1" in small_book.page("book/index")
    assert (small_book.root / "_build" / "html" / "notebooks" / "small.ipynb").exists()
    assert 'id="code-ch1-small"' in small_book.page("notebooks/small")
    assert 'href="small.ipynb"' in small_book.page("notebooks/small")


def test_changed_number_reaches_every_page_that_shows_it_and_no_other(small_book):
    add_part(small_book, {"caption": "More", "chapters": [{"file": "book/quiet"}]})
    (small_book.root / "book" / "quiet.md").write_text("# A page that shows nothing\n", "utf-8")
    small_book.build()
    stamps = {path: path.stat().st_mtime_ns for path in (small_book.root / "_build" / "html").rglob("*.html")}
    small_book.publish("small", number=99.99)
    assert small_book.build() == 0
    assert ">100.0<" in small_book.page("book/chapter1")
    assert "12.34" not in small_book.page("book/chapter1") + small_book.page("notebooks/small")
    changed = {path.stem for path, stamp in stamps.items() if path.stat().st_mtime_ns != stamp}
    # Sphinx writes the page that lists a changed one, and those of no author.
    assert changed == {"chapter1", "small", "index", "search", "404"}


def test_changed_title_reaches_the_navigation_of_every_page(small_book):
    small_book.build()
    chapter = small_book.root / "book" / "chapter1.md"
    chapter.write_text(chapter.read_text("utf-8").replace("Chapter one", "Renamed chapter"), "utf-8")
    small_book.build()
    for page in ["book/index", "notebooks/small"]:
        assert "Renamed chapter" in small_book.page(page)
        assert "Chapter one" not in small_book.page(page)


def test_file_put_back_with_its_old_time_is_noticed(small_book):
    """Sphinx goes by time stamps: a copy with the times of the backup would never be read."""
    chapter = small_book.root / "book" / "chapter1.md"
    before, stamp = chapter.read_text("utf-8"), chapter.stat()
    small_book.chapter("```{exhibit} ch1-small\n```\n\nA sentence that was a mistake.\n")
    small_book.build()
    chapter.write_text(before, "utf-8")
    os.utime(chapter, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    small_book.build()
    assert "a mistake" not in small_book.page("book/chapter1")


def test_changed_style_reaches_the_address_by_which_every_page_names_it(small_book):
    """Browsers keep a style sheet for as long as its address is the same."""
    style = small_book.root / "book" / "static" / "small.css"
    style.write_text("p { color: black }", "utf-8")
    settings = {"html_css_files": ["small.css"], "html_static_path": ["book/static"]}
    small_book.build(**settings)
    before = re.findall(r"styles\.css\?v=\w+", small_book.page("book/chapter1"))
    style.write_text("p { color: navy }", "utf-8")
    small_book.build(**settings)
    for page in ["book/index", "book/chapter1", "notebooks/small"]:
        assert re.findall(r"styles\.css\?v=\w+", small_book.page(page)) not in ([], before)


def test_changed_builder_has_every_page_read_again(small_book, monkeypatch):
    small_book.build()
    page = small_book.root / "_build" / "html" / "notebooks" / "small.html"
    page.write_text("as an older builder made it", "utf-8")
    small_book.build()
    assert "older builder" in page.read_text("utf-8")
    found = freshness.sources
    monkeypatch.setattr(freshness, "sources", lambda app: [*found(app), small_book.root / "_config.yml"])
    small_book.build()
    assert "older builder" not in page.read_text("utf-8")


def test_all_modules_that_make_pages_count_as_the_builder(small_book, monkeypatch):
    code = """
import sys, press.extension, coast.numbers
own = ("press", "coast")
print(*[m.__file__ for n, m in sys.modules.items() if n.split(".")[0] in own and m.__file__])
"""
    path = {**os.environ, "PYTHONPATH": str(SECOND / "src")}
    command = [sys.executable, "-c", code]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=path).stdout.split()
    known, found = set(), freshness.sources
    monkeypatch.setattr(freshness, "sources", lambda app: known.update(map(str, found(app))) or found(app))
    small_book.build()
    # What makes a package of a folder makes no page.
    assert {path for path in told if not path.endswith("__init__.py") or "/src/press/" in path} <= known


WORK = "@book{{ito, author = {{{author}}}, title = {{{title}}}, year = {{2014}}, publisher = {{Press}}}}\n"


def test_changed_reference_reaches_the_pages_that_cite_it_and_the_list(small_book):
    bibliography, index = small_book.root / "book" / "references.bib", small_book.root / "book" / "index.md"
    bibliography.write_text(WORK.format(author="Ito, A.", title="Old title"), "utf-8")
    index.write_text("# A small book\n\n```{bibliography}\n```\n", "utf-8")
    chapter = "```{exhibit} ch1-small\n```\n\nSchools differ {cite:p}`ito`.\n"
    small_book.chapter(chapter)
    small_book.build()
    assert "Ito, 2014" in small_book.page("book/chapter1")
    bibliography.write_text(WORK.format(author="Sato, A.", title="New title"), "utf-8")
    small_book.build()
    assert "Sato, 2014" in small_book.page("book/chapter1")
    assert "New title" in small_book.page("book/index")
    small_book.chapter(chapter.replace(" {cite:p}`ito`", ""))
    small_book.build()
    assert "New title" not in small_book.page("book/index")


def test_search_finds_the_terms_of_the_glossary_after_another_page_has_changed(small_book):
    """Sphinx's own index once knew after an edit only the terms of the pages that it had written again."""
    add_part(small_book, {"caption": "More", "chapters": [{"file": "book/terms"}]})
    (small_book.root / "book" / "terms.md").write_text(
        "# Terms\n\n```{glossary}\nmedian\n  The middle.\n```\n", "utf-8"
    )
    index = small_book.root / "_build" / "html" / search.INDEX
    assert small_book.build() == 0
    assert '"median","book/terms.html#term-median","The middle."' in index.read_text("utf-8")
    small_book.chapter("```{exhibit} ch1-small\n```\n\nOne more sentence.\n")
    assert small_book.build() == 0
    assert '"median","book/terms.html#term-median","The middle."' in index.read_text("utf-8")


def test_exhibit_may_move_from_a_later_page_to_an_earlier_one(small_book):
    """Sphinx reads in alphabetical order, and remembered the later page until it came to it."""
    chapter = small_book.root / "book" / "chapter1.md"
    earlier, later = small_book.root / "book" / "aaa.md", chapter
    add_part(small_book, {"caption": "More", "numbered": True, "chapters": [{"file": "book/aaa"}]})
    earlier.write_text("# An earlier page\n", "utf-8")
    assert small_book.build() == 0
    shown = re.search(r"(?ms)^```\{exhibit\} ch1-small\n```$", later.read_text("utf-8")).group()
    later.write_text(later.read_text("utf-8").replace(shown, "Nothing here."), "utf-8")
    earlier.write_text(f"# An earlier page\n\n{shown}\n", "utf-8")
    assert small_book.build() == 0
    assert 'id="ch1-small"' in small_book.page("book/aaa")
    assert 'id="ch1-small"' not in small_book.page("book/chapter1")


def test_removed_page_leaves_the_site(small_book):
    toc = small_book.root / "_toc.yml"
    before = toc.read_text("utf-8")
    (small_book.root / "book" / "extra.md").write_text("# An extra page\n\nText.\n", "utf-8")
    toc.write_text(before.replace("- file: notebooks/small", "- file: notebooks/small\n  - file: book/extra"), "utf-8")
    small_book.build()
    assert "An extra page" in small_book.page("book/index")
    toc.write_text(before, "utf-8")
    (small_book.root / "book" / "extra.md").unlink()
    small_book.build()
    assert not (small_book.root / "_build" / "html" / "book" / "extra.html").exists()
    assert "An extra page" not in small_book.page("book/index")


def test_caption_of_a_part_reaches_the_navigation_of_every_page(small_book):
    small_book.build()
    toc = small_book.root / "_toc.yml"
    toc.write_text(toc.read_text("utf-8").replace("caption: Report", "caption: Findings"), "utf-8")
    small_book.build()
    for page in ["book/index", "book/chapter1", "notebooks/small"]:
        assert "Findings" in small_book.page(page)


def test_new_label_on_one_page_rewrites_no_page_that_does_not_use_it(small_book):
    small_book.build()
    stamps = {path.stem: path.stat().st_mtime_ns for path in (small_book.root / "_build" / "html").rglob("*.html")}
    small_book.chapter("```{exhibit} ch1-small\n```\n\n(a-label)=\n## A section\n\nText.\n")
    small_book.build()
    stamps_now = {path.stem: path.stat().st_mtime_ns for path in (small_book.root / "_build" / "html").rglob("*.html")}
    assert stamps_now["chapter1"] != stamps["chapter1"]
    assert stamps_now["small"] == stamps["small"]


def test_build_killed_while_it_wrote_is_made_good(small_book):
    small_book.build()
    page = small_book.root / "_build" / "html" / "book" / "chapter1.html"
    whole = page.read_text("utf-8")
    page.write_text("half a pa", "utf-8")
    mark = small_book.root / "_build" / ".doctrees" / "unfinished"
    mark.write_text('{"pages": [], "writing": true}', "utf-8")
    small_book.build()
    assert page.read_text("utf-8") == whole
    assert not mark.exists()


def test_build_stopped_by_a_mistake_costs_only_the_pages_it_worked_on(small_book):
    small_book.build()
    untouched = small_book.root / "_build" / "html" / "notebooks" / "small.html"
    stamp = untouched.stat().st_mtime_ns
    chapter = small_book.root / "book" / "chapter1.md"
    before, times = chapter.read_text("utf-8"), chapter.stat()
    for mistake in ["{value}`ch1-men`", "{numref}`nowhere`"]:
        small_book.chapter(f"```{{exhibit}} ch1-small\n```\n\nA mistake: {mistake}.\n")
        with contextlib.suppress(SystemExit):
            assert small_book.build() != 0
        chapter.write_text(before, "utf-8")
        os.utime(chapter, ns=(times.st_atime_ns, times.st_mtime_ns))
        assert small_book.build() == 0
        assert "A mistake" not in small_book.page("book/chapter1")
    assert untouched.stat().st_mtime_ns == stamp


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "```{exhibit} ch1-smal\n```\n",
            r"book/chapter1\.md:3: no notebook publishes the exhibit 'ch1-smal'; did",
        ),
        (
            "See {value}`ch1-men`.\n",
            r"book/chapter1\.md:3: no notebook publishes the value 'ch1-men'; did you mean",
        ),
        ("See {value}`ch1-mean:d`.\n", r"book/chapter1\.md:3: ch1-mean: the format 'd' does not fit 12\.34"),
        (
            "```{exhibit} ch1-small\n```\n\n```{exhibit} ch1-small\n```\n",
            r"book/chapter1\.md:6: the exhibit 'ch1-small' is already shown at book/chapter1\.md:3; refer",
        ),
        ("Nothing.\n", r"notebooks/small\.py:\d+, code cell 1: no page shows the exhibit 'ch1-small'"),
    ],
)
def test_mistake_stops_the_build_with_file_line_and_remedy(small_book, text, message):
    small_book.chapter(text)
    with pytest.raises(SystemExit, match=message):
        small_book.build()


def test_all_exhibits_that_no_page_shows_are_named_at_once(small_book):
    add_part(small_book, {"caption": "More", "chapters": [{"file": "notebooks/other"}]})
    (small_book.root / "notebooks" / "other.py").write_text("# %% [markdown]\n# # Other\n\n# %%\nprint(1)\n", "utf-8")
    small_book.publish("other", number=1.0, identifier="ch1-large", value_identifier="ch1-most")
    small_book.chapter("Nothing.\n")
    with pytest.raises(
        SystemExit, match=r"no page shows the exhibit 'ch1-(small|large)' \(nor 'ch1-(small|large)'\); show it"
    ):
        small_book.build()


def test_id_that_two_notebooks_publish_is_refused(small_book):
    small_book.publish("other", number=1.0)
    with pytest.raises(
        BookError, match=r"other\.py(?::\d+)?, code cell 1: the exhibit id 'ch1-small' is taken by notebooks/small"
    ):
        small_book.build()


def test_broken_reference_stops_the_build(small_book, capsys):
    small_book.chapter("```{exhibit} ch1-small\n```\n\nSee {numref}`ch9-nothing`.\n")
    assert isinstance(small_book.build(), Exception)
    assert re.search(r"chapter1\.md:6:.*ch9-nothing", capsys.readouterr().err)


SHOWN = "```{exhibit} ch1-small\n```\n\n"


def write_works(book, height, note="Height"):
    """Write what may be quoted of another work, and the place that tells of it."""
    numbers = {"height": {"value": height, "text": note}, "age": {"value": 7, "text": "Age"}}
    (book.root / "data" / "works.json").write_text(json.dumps({"lamp": {"title": "L", "numbers": numbers}}), "utf-8")
    text = "# A small book\n\nSee {numref}`ch1-small`.\n\n(work-lamp)=\n## Works\n"
    (book.root / "book" / "index.md").write_text(text, "utf-8")


def test_changed_number_of_another_work_reaches_every_page_that_quotes_it_and_no_other(small_book):
    add_part(small_book, {"caption": "More", "chapters": [{"file": "book/quiet"}, {"file": "book/aged"}]})
    (small_book.root / "book" / "quiet.md").write_text("# A page that quotes nothing\n", "utf-8")
    (small_book.root / "book" / "aged.md").write_text("# Aged\n\nIt is {study}`lamp:age` years old.\n", "utf-8")
    write_works(small_book, 17)
    small_book.chapter(SHOWN + "It is {study}`lamp:height` metres high.\n")
    assert small_book.build() == 0
    number = BeautifulSoup(small_book.page("book/chapter1"), "html.parser").select("span.value")[-1]
    assert number["data-what"] == "Height: 17, in L"
    assert (number.a["href"], number.text) == ("index.html#work-lamp", "17")
    stamps = {path: path.stat().st_mtime_ns for path in (small_book.root / "_build" / "html").rglob("*.html")}
    for said, height, note in (("17", 17, "Height in 2014"), ("18", 18, "Height in 2014")):
        write_works(small_book, height, note)
        assert small_book.build() == 0
        assert f'data-what="Height in 2014: {said}, in L"' in small_book.page("book/chapter1")
    changed = {path.stem for path, stamp in stamps.items() if path.stat().st_mtime_ns != stamp}
    assert changed == {
        "chapter1",
        "index",
        "search",
        "404",
    }  # the page that lists a changed one, and those of no author


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{study}`lamp:heights`", r"book/chapter1\.md:6: the work 'lamp' has no number 'heights'; it has height, age"),
        (
            "{study}`lamb:age`",
            r"book/chapter1\.md:6: nothing read has the number of a work 'lamb:age'; did you mean 'lamp:age'",
        ),
        ("{study}`lamp:age:wide`", r"book/chapter1\.md:6: 'wide' is no way to print a number"),
    ],
)
def test_number_that_no_work_has_stops_the_build(small_book, text, message):
    write_works(small_book, 17)
    small_book.chapter(f"{SHOWN}See {text}.\n")
    with pytest.raises(SystemExit, match=message):
        small_book.build()


def test_work_that_breaks_its_contract_stops_the_build(small_book):
    write_works(small_book, "high")
    with pytest.raises(SystemExit, match=r"works\.json: lamp: height: found 'high'; expected a number"):
        small_book.build()


def test_typed_in_statistics_stop_the_build(small_book):
    sentences = [
        "The share is 37%.",
        "It fell by 12 points.",
        "There are 1,250 lights.",
        "On 3 of 5 measures.",
        "A 4.5% rise.",
    ]
    small_book.chapter(SHOWN + "\n\n".join(sentences))
    with pytest.raises(SystemExit) as stopped:
        small_book.build()
    lines = re.findall(r"book/chapter1\.md:(\d+): the number .* is typed in", str(stopped.value))
    assert [*dict.fromkeys(lines)] == ["6", "8", "10", "12", "14"]


def test_names_years_and_computed_numbers_are_let_through(small_book):
    small_book.chapter(
        SHOWN + "In 2012 and 2022, 15-year-olds and adults aged 25-64 (levels 5 to 8, berth 2) with"
        " 95% intervals; from 2012-22 see Chapter 2; the mean is {value}`ch1-mean`; `x = 3`.\n"
    )
    assert small_book.build() == 0


def test_listed_exception_needs_a_reason(small_book):
    path = small_book.root / "book" / "allowed-numbers.yml"
    small_book.chapter(f"{SHOWN}A page of 390 pixels.\n")
    path.write_text("- {page: book/chapter1, text: 390 pixels}\n", "utf-8")
    with pytest.raises(
        SystemExit, match=r"allowed-numbers\.yml:1: the entry '\[1\]\.reason' is missing; expected page, text, reason"
    ):
        small_book.build()
    path.write_text("- {page: book/chapter1, text: 390 pixels, reason: width of a phone}\n", "utf-8")
    assert small_book.build() == 0


def test_exhibits_of_an_annex_carry_its_letter_and_do_not_make_every_build_write_it_again(small_book):
    annexes = {"caption": "Annexes", "numbered": 1, "style": "alphaupper", "restart_numbering": True}
    add_part(small_book, {**annexes, "chapters": [{"file": "book/method"}, {"file": "notebooks/other"}]})
    page = small_book.root / "book" / "method.md"
    page.write_text("# A method\n\n```{exhibit} other-small\n```\n\nSee {numref}`other-small`.\n", "utf-8")
    (small_book.root / "notebooks" / "other.py").write_text("# %% [markdown]\n# # Other\n\n# %%\nprint(1)\n", "utf-8")
    small_book.publish("other", number=1.0, identifier="other-small", value_identifier="other-mean")
    assert small_book.build() == 0
    written = small_book.page("book/method")
    assert re.search(r'class="caption-number">Figure A\.1', written)
    assert re.search(r'class="section-number">A\. ?</span>A method', written)
    assert re.search(r'class="caption-number">Figure 1\.1', small_book.page("book/chapter1"))
    html = small_book.root / "_build" / "html"
    stamps = {path: path.stat().st_mtime_ns for path in html.rglob("*.html")}
    assert small_book.build() == 0
    assert [path.name for path, stamp in stamps.items() if path.stat().st_mtime_ns != stamp] == []


def test_exhibit_on_a_page_without_number_is_refused(small_book):
    (small_book.root / "book" / "index.md").write_text("# A small book\n\n```{exhibit} ch1-small\n```\n", "utf-8")
    small_book.chapter("The mean is {value}`ch1-mean`.\n")
    with pytest.raises(SystemExit, match=r"book/index\.md:3: .* on a page without number; move book/index into"):
        small_book.build()


def test_the_picture_of_an_exhibit_that_was_withdrawn_leaves_the_site(tmp_path):
    """Sphinx copies pictures and never takes one away: a site built again would differ from one built from nothing."""
    published_now, site = tmp_path / "published", tmp_path / "html"
    for folder in (published_now / "exhibits", site / "exhibits", site / "_images"):
        folder.mkdir(parents=True)
    for name in ("kept.svg", "withdrawn.svg"):
        (site / "exhibits" / name).write_text(name)
        (site / "_images" / name).write_text(name)
    (published_now / "exhibits" / "kept.svg").write_text("kept.svg")
    (site / "_images" / "photograph.png").write_text("of a page, not of an exhibit")
    drop_old_pictures(published_now, site / "_images")
    assert sorted(path.name for path in (site / "_images").iterdir()) == ["kept.svg", "photograph.png"]


def test_verdict_names_its_family_and_leads_to_the_register(small_book):
    text = "```{exhibit} ch1-small\n```\n\nSome fell ({tests}`ch1-small-family`).\n\n```{test-list}\n```\n"
    small_book.chapter(text)
    small_book.build()
    page = small_book.page("book/chapter1")
    assert "38 tests, false-discovery rate" in page
    assert 'href="#tests-ch1-small-family"' in page
    assert "Is it zero?" in page


def test_verdict_of_an_unknown_family_stops_the_build(small_book):
    small_book.chapter("```{exhibit} ch1-small\n```\n\nSome fell ({tests}`ch1-small-famly`).\n")
    with pytest.raises(
        SystemExit, match=r"chapter1\.md:6: no notebook publishes the family of tests 'ch1-small-famly'; did you"
    ):
        small_book.build()
