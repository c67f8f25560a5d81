"""Pages of the study library, in a small book with made-up studies."""

import csv
import json
import shutil

import pytest
import yaml
from bs4 import BeautifulSoup
from made_up_studies import lay_down, library
from small_book import ROOT, SmallBook

from press.errors import BookError

# Sphinx and its extensions call what docutils has deprecated; the book cannot mend that.
pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")
CHAPTER = """```{{exhibit}} ch1-small
```

The mean is {{value}}`ch1-mean`; of students {{study}}`one:share` had a lamp, and they read
{{study}}`one:reading:interval` worse {{cite:p}}`one`. {more}
"""
LIBRARY = """# Studies

```{study-index}
```

## Grades

```{study-scale} grades
```

```{study-overrides}
```

## References

```{bibliography}
```
"""


def make(root, more=""):
    """Write a book with the made-up studies and a chapter that quotes one of them."""
    book = SmallBook(root, ROOT, ["press.extension", "report.extension"], source="pisa")
    shutil.copytree(ROOT / "data" / "code-lists", root / "data" / "code-lists")
    made = lay_down(root.parent / "laid", library())
    shutil.copytree(made / "studies", root / "data" / "studies")
    (root / "book" / "references.bib").write_text("", "utf-8")
    entries = [
        f"@book{{{key}, author = {{Lamp, A.}}, title = {{On {key}}}, year = {{2014}}, publisher = {{P}}}}"
        for key in library()
    ]
    (root / "book" / "references.bib").write_text("\n".join(entries), "utf-8")
    for name in ("library.js", "library.css", "studies.css", "cases.css", "countries.css"):
        shutil.copy(ROOT / "book" / "static" / name, root / "book" / "static")
    book.chapter(CHAPTER.format(more=more))
    (root / "book" / "studies.md").write_text(LIBRARY, "utf-8")
    contents = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
    contents["parts"].append({"caption": "Library", "chapters": [{"file": "book/studies"}]})
    (root / "_toc.yml").write_text(yaml.safe_dump(contents), "utf-8")
    return book


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The book, built."""
    from press import run

    made = make(tmp_path_factory.mktemp("studies") / "book")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "execute", lambda root, **options: made.results)
        assert made.build() == 0
    return made


def page(book, name="book/studies"):
    return BeautifulSoup(book.page(name), "html.parser")


def test_number_in_a_chapter_leads_to_its_study(book):
    share, reading = page(book, "book/chapter1").select(".value[data-what*='Lamp 2014']")
    assert share.get_text() == "48%"
    assert reading.get_text() == "\u22120.12 (95% interval \u22120.2 to \u22120.04)"
    target, _, anchor = share.a["href"].partition("#")
    assert target == "studies.html"
    row = page(book).find(id=anchor).find_parent("tr")
    assert "Share of students with a lamp: 48%" in row.get_text()
    assert "lamp.example, abstract" in row.get_text()


def test_library_is_complete_without_script(book):
    rows = page(book).select(".study-table tbody > tr")
    assert len(rows) == len(library())
    assert not any(row.has_attr("hidden") for row in rows)
    assert page(book).select_one("form.library-filters").has_attr("hidden")


def test_filters_offer_what_the_studies_have(book):
    """A choice that finds nothing, or a count that is another one than that of the rows, is a mistake."""
    found = page(book)
    for select in found.select("form.library-filters select"):
        for option in select.select("option[value]:not([value=''])"):
            rows = found.select(f".study-table tbody > tr.{select['name']}-{option['value']}")
            assert rows and option.get_text().endswith(f"({len(rows)})"), (select["name"], option)
    assert [select["name"] for select in found.select("form.library-filters select")] == [
        "lever", "design", "country", "outcome", "sign", "read",
    ]  # fmt: skip


def test_script_is_on_the_library_only(book):
    for name, count in (("book/studies", 1), ("book/chapter1", 0)):
        assert sum("library.js" in tag["src"] for tag in page(book, name).select("script[src]")) == count


def test_every_study_is_cited_so_that_the_bibliography_has_it(book):
    links = page(book).select(".study-table td:first-child a[href^='#id']")
    assert len(links) == len(library())
    assert all(page(book).find(id=link["href"].removeprefix("#")) for link in links)


def test_finding_says_lever_outcome_and_sign(book):
    text = page(book).find(id="study-seven").find_parent("tr").get_text()
    assert "Mentoring and tutoring, attainment: worse." in text
    assert "Learning spaces, achievement: better, neighbouring evidence." in text


def test_scale_and_overrides_are_said(book):
    text = page(book).get_text()
    assert "No study read" in text and "No study that was read tests" in text
    assert "No grade is set by hand" in text


def test_downloads_hold_every_finding_and_every_study(book):
    folder = book.root / "_build" / "html" / "studies"
    assert json.loads((folder / "studies.json").read_text("utf-8")) == [library()[key] for key in sorted(library())]
    rows = list(csv.DictReader((folder / "studies.csv").read_text("utf-8").splitlines()))
    assert len(rows) == sum(len(record["findings"]) for record in library().values())
    assert rows[0]["lever"] and rows[0]["areas"] == "FIN"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda root: (root / "book" / "references.bib").write_text("@misc{other, title = {O}}"),
            r"has no work 'five'",
        ),
        (
            lambda root: (root / "data" / "studies" / "one.yaml").write_text("id: one\nname: null\n"),
            r"(?s)data/studies/one\.yaml: year: is missing.*\ndata/studies/one\.yaml:2: name: is not filled in",
        ),
    ],
)
def test_library_that_breaks_its_contract_stops_the_build(tmp_path, monkeypatch, change, message):
    made = make(tmp_path / "book")
    monkeypatch.setattr("press.run.execute", lambda root, **options: made.results)
    change(made.root)
    with pytest.raises((SystemExit, BookError), match=message):
        made.build()
