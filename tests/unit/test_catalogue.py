"""The catalogue: complete, true to the tables, safe against markup in a field, rewritten when and only when needed."""

import hashlib
import io
import json
import re
import shutil
import subprocess
from xml.etree import ElementTree

import openpyxl
import pytest
import yaml
from small_book import ROOT
from sphinx import addnodes

from press.errors import BookError
from press.takeaway.workbooks import plain
from report import catalogue

# Sphinx and its extensions call what docutils has deprecated; the book cannot mend that.
pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")

AREAS = """code,name,area_type,country,oecd_since
AUT,Austria,country,AUT,1961
BRA,Brazil,country,BRA,
DEU,Germany,country,DEU,1961
DE1,Baden-Württemberg,NUTS1,DEU,
DE2,Bayern,NUTS1,DEU,
OECD,OECD,aggregate,,
"""
PISA = """ref_area,time_period,measure,sex,obs_value,obs_status,unit_measure
AUT,2018,score,female,500.5,,SCORE
AUT,2018,score,male,501,,SCORE
AUT,2022,score,female,490,,SCORE
AUT,2022,score,male,,c,SCORE
BRA,2022,score,female,,m,SCORE
BRA,2022,score,male,,m,SCORE
OECD,2022,score,male,480,,SCORE
"""
INCOME = """ref_area,time_period,measure,obs_value,obs_status,unit_measure
DE1,2022,income,120,,INDEX
DE2,2022,income,,m,INDEX
"""


def entry(name, text, **changes):
    """Describe a table of the test."""
    columns = text.split("\n", 1)[0].split(",")
    source = {
        "title": "OECD, PISA", "publisher": "OECD", "dataset": "PISA", "edition": "2023", "doi": "10.1787/x-en",
        "path": "https://example.org", "licence": {"name": "CC BY 4.0"}, "retrieved": "", "obtained": "",
    }  # fmt: skip
    key = columns[: columns.index("obs_value")]
    measure = {
        "code": text.split("\n")[1].split(",")[2],
        "label": "What",
        "definition": "",
        "unit": "SCORE",
        "bounds": [0, 700],
        "typical": None,
    }
    lists = {"ref_area": "areas", "sex": "sex"}
    kinds = {"obs_value": "number", "time_period": "year"}
    return {
        "name": name, "path": f"indicators/{name}.csv", "title": f"Title of {name}", "description": "Mean score.",
        "bytes": len(text), "hash": f"sha256:{hashlib.sha256(text.encode()).hexdigest()}", "publisher": "OECD",
        "dataset": "PISA", "edition": "2023", "doi": "10.1787/x-en", "url": "https://example.org",
        "licence": "CC BY 4.0", "retrieved": "", "sources": [source],
        "measures": [{**measure, "direction": "higher"}],
        "dropped": [{"reason": "old code", "rows": 3, "areas": ["X"]}],
        "coverage": {"areas": 3, "oecd_members": 1, "periods": ["2018", "2022"], "rows": 7, "values": 4},
        "caveats": ["Handle with care."],
        "schema": {
            "fields": [{"name": c, "type": kinds.get(c, "string"), "description": c} for c in columns],
            "primaryKey": key,
            "foreignKeys": [
                {"fields": [c], "reference": {"resource": lists[c]}} for c in columns if c in lists
            ],
        },
        **changes,
    }  # fmt: skip


def write_package(folder, **changes):
    """Write a data package with two tables; `changes` go into the descriptor of the first."""
    lists = {"areas": AREAS, "sex": "code,label\nfemale,Girls\nmale,Boys\n", "units": "code,label\nSCORE,Points\n"}
    resources = []
    for name, text in lists.items():
        path = folder / "code-lists" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
        digest = hashlib.sha256(text.encode()).hexdigest()
        resources.append({"name": name, "path": f"code-lists/{name}.csv", "hash": f"sha256:{digest}"})
    (folder / "indicators").mkdir(exist_ok=True)
    eurostat = {"publisher": "Eurostat"}
    for name, text, given in [("pisa", PISA, changes), ("income", INCOME, eurostat)]:
        (folder / "indicators" / f"{name}.csv").write_text(text, "utf-8", newline="\n")
        resources.append(entry(name, text, **given))
    (folder / "datapackage.json").write_text(json.dumps({"title": "Package", "resources": resources}), "utf-8")


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    write_package(folder)
    return folder


@pytest.fixture
def book(small_book):
    """A small book with a catalogue."""
    write_package(small_book.root / "data")
    (small_book.root / "book" / "catalogue.md").write_text("# Catalogue\n\n```{catalogue}\n```\n", "utf-8")
    path = small_book.root / "_toc.yml"
    toc = yaml.safe_load(path.read_text("utf-8"))
    toc["parts"][0]["chapters"].append({"file": "book/catalogue"})
    path.write_text(yaml.safe_dump(toc), "utf-8")
    return small_book


def test_every_table_is_listed_and_every_link_leads_to_a_file(book):
    assert book.build() == 0
    page = book.page("book/catalogue")
    site = book.root / "_build" / "html"
    for name in ["pisa", "income"]:
        assert re.search(rf'<section class="[^"]*indicator[^"]*" id="indicator-{name}"', page)
    links = [link for link in re.findall(r'href="(\.\./[^"#]+)"', page) if not link.startswith("../_static")]
    assert {"../indicators/pisa.csv", "../indicators/pisa.xlsx", "../datapackage.json"} <= set(links)
    assert [link for link in links if not (site / "book" / link.split("?")[0]).resolve().exists()] == []
    assert "catalogue.js" in page
    assert "catalogue.js" not in book.page("book/chapter1")
    for fact in ["Mean score.", "Handle with care.", "3 rows", "old code", "https://doi.org/10.1787/x-en", "Girls"]:
        assert fact in page, fact


def test_source_of_an_exhibit_leads_to_the_catalogue(book):
    book.build()
    assert re.search(r'href="catalogue\.html#indicator-pisa"', book.page("book/chapter1"))


def test_catalogue_says_where_the_report_uses_a_table_and_which_it_does_not_use(book):
    """Typed by hand, this was wrong for two tables of three."""

    def used(name):
        section = re.search(rf'<section class="([^"]*)" id="indicator-{name}">(.*?)</section>', page, re.DOTALL)
        return section[1].split(), re.search(r"<dt>Used in</dt><dd>(.*?)</dd>", section[2])[1]

    book.build()
    page = book.page("book/catalogue")
    classes, words = used("pisa")
    assert words == "chapter 1" and "chapter-1" in classes
    classes, words = used("income")
    assert words.startswith("not used") and not [name for name in classes if name.startswith("chapter-")]
    assert '<option value="chapter-1">Chapter 1</option>' in page and page.count('value="chapter-') == 1
    # What an exhibit rests on changes with it, and so does the catalogue, which itself is as it was.
    (book.root / "book" / "index.md").write_text("# A small book\n\nThe mean is {value}`ch1-mean`.\n", "utf-8")
    book.build()
    page = book.page("book/catalogue")
    assert used("pisa")[1] == "chapter 1; A small book"


def test_site_is_a_data_package_whose_paths_and_hashes_hold(book):
    book.build()
    site = book.root / "_build" / "html"
    for resource in json.loads((site / "datapackage.json").read_text("utf-8"))["resources"]:
        content = (site / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_markup_in_a_field_is_shown_as_text(book):
    evil = '<script>alert("x")</script>'
    source = entry("pisa", PISA)["sources"][0]
    source |= {"dataset": evil, "doi": "", "url": "javascript:alert(1)", "path": "javascript:alert(1)"}
    measure = entry("pisa", PISA)["measures"][0] | {"label": evil, "definition": evil}
    write_package(
        book.root / "data", title=evil, description=evil, publisher=evil, caveats=[evil], licence=evil,
        sources=[source], measures=[measure], dropped=[{"reason": evil, "rows": 1, "areas": [evil]}], doi="",
    )  # fmt: skip
    assert book.build() == 0
    page = book.page("book/catalogue")
    assert "alert(&quot;x&quot;)" in page
    assert not re.search(r"<script>\s*alert", page)
    assert 'href="javascript' not in page


def test_changed_descriptor_has_the_catalogue_read_again_and_nothing_else(book):
    def read_again():
        # A page has a new doctree exactly when it was read again.
        now = {path.stem: path.stat().st_mtime_ns for path in folder.glob("*.doctree")}
        changed = {page for page, stamp in now.items() if stamps.get(page) != stamp}
        stamps.update(now)
        return changed

    folder, stamps = book.root / "_build" / ".doctrees" / "book", {}
    book.build()
    assert read_again() == {"catalogue", "chapter1", "index"}
    book.build()
    assert read_again() == set()
    write_package(book.root / "data", description="Another definition.")
    assert book.build() == 0
    assert read_again() == {"catalogue"}
    assert "Another definition." in book.page("book/catalogue")
    assert "Another definition." in (book.root / "_build" / "html" / "datapackage.json").read_text("utf-8")


def test_table_that_is_not_the_described_one_stops_the_build(data):
    path = data / "indicators" / "pisa.csv"
    path.write_text(path.read_text("utf-8").replace("500.5", "500.6"), "utf-8", newline="\n")
    with pytest.raises(BookError, match=r"data/indicators/pisa\.csv: the file is not the one that data/datapackage"):
        catalogue.read(data)
    path.write_text(path.read_text("utf-8").replace(",", ";"), "utf-8", newline="\n")
    with pytest.raises(BookError, match=r"data/indicators/pisa\.csv: .*semicolon"):
        catalogue.read(data)
    path.unlink()
    with pytest.raises(BookError, match=r"data/indicators/pisa\.csv: the file is missing.*make data RAW"):
        catalogue.read(data)


def test_coverage_tells_whole_from_part_and_leaves_aggregates_out(data):
    evidence = catalogue.read(data)
    table = evidence.columns("indicators/pisa.csv")
    covered = catalogue.coverage(table, ["measure", "sex"], evidence.codes("areas"))
    assert [covered.members, covered.others, covered.aggregates] == [["AUT"], ["BRA"], ["OECD"]]
    assert covered.absent == ["Germany"]
    states = {(area, period): covered.state(area, period) for area in ("AUT", "BRA") for period in covered.periods}
    # Only girls' scores count in 2022, since no country has a value for boys.
    assert states == {
        ("AUT", "2018"): "whole", ("AUT", "2022"): "whole", ("BRA", "2018"): "none", ("BRA", "2022"): "none",
    }  # fmt: skip
    assert covered.words() == (
        "1 member of the OECD and 1 other country or area, and 1 aggregate; 2 periods from 2018 to 2022. Members"
        " without any value: Germany. Of 4 pairs of area and period, 2 have every value, 0 have some, 2 have none."
    )


def test_country_stands_for_its_regions(data):
    evidence = catalogue.read(data)
    covered = catalogue.coverage(evidence.columns("indicators/income.csv"), ["measure"], evidence.codes("areas"))
    assert covered.cells == {("DEU", "2022"): (1, 2)}
    assert covered.state("DEU", "2022") == "part"
    assert covered.words().startswith("Regions of 1 member of the OECD; 2022 only.")


def test_picture_draws_each_pair_once_in_the_shape_of_its_state(data):
    evidence = catalogue.read(data)
    covered = catalogue.coverage(evidence.columns("indicators/pisa.csv"), ["measure", "sex"], evidence.codes("areas"))
    drawn, width, height = catalogue.picture(covered)
    paths = dict(re.findall(r'<path class="(\w+)"[^>]* d="([^"]*)"', drawn))
    assert {state: path.count("M") for state, path in paths.items()} == {"whole": 2, "none": 2}
    assert f'width="{width}" height="{height}"' in drawn
    assert ElementTree.fromstring(drawn).tag.endswith("svg"), "a file of its own has to be whole"


def test_coverage_agrees_with_the_descriptor_of_every_table_of_the_project():
    evidence = catalogue.read(ROOT / "data")
    areas = evidence.codes("areas")
    members = {code for code, area in areas.items() if area["oecd_since"]}
    assert evidence.indicators
    for table in evidence.indicators:
        covered = catalogue.coverage(evidence.columns(table["path"]), catalogue.dimensions(table), areas)
        assert covered.periods == sorted(table["coverage"]["periods"]), table["name"]
        assert set(covered.present) <= members
        if not covered.regional:
            assert len(covered.present) == table["coverage"]["oecd_members"], table["name"]


def publish(evidence, store, site, made_with="one"):
    """Write what is missing, lay out the downloads, and return the number of workbooks written."""
    wanted = catalogue.workbooks(evidence, store, made_with)
    missing = [(path, made_from) for path, made_from in wanted.items() if not path.exists()]
    for job in missing:
        catalogue.write_workbook(job)
    catalogue.write_downloads(evidence, wanted, site)
    return len(missing)


def test_workbook_is_written_once_and_holds_the_table(data, tmp_path):
    evidence, store, site = catalogue.read(data), tmp_path / "store", tmp_path / "site"
    assert publish(evidence, store, site) == 2
    first = (site / "indicators" / "pisa.xlsx").read_bytes()
    assert publish(evidence, store, site) == 0
    # Those of older code stayed in books that had been built with it.
    assert publish(evidence, store, site, made_with="another") == 2
    shutil.rmtree(store)
    assert publish(evidence, store, site) == 2
    assert (site / "indicators" / "pisa.xlsx").read_bytes() == first
    sheets = openpyxl.load_workbook(io.BytesIO(first))
    assert sheets.sheetnames == ["About", "Data"]
    header, *rows = sheets["Data"].values
    assert header == tuple(PISA.split("\n", 1)[0].split(","))
    assert rows[0] == ("AUT", 2018, "score", "female", 500.5, None, "SCORE")
    assert rows[3] == ("AUT", 2022, "score", "male", None, "c", "SCORE")
    assert "OECD, PISA, 2023 https://doi.org/10.1787/x-en" in [row[1] for row in sheets["About"].values]


def test_workbook_follows_its_table_and_a_vanished_table_leaves_the_site(data, tmp_path):
    store, site = tmp_path / "store", tmp_path / "site"
    publish(catalogue.read(data), store, site)
    write_package(data, caveats=["New caveat."])
    assert publish(catalogue.read(data), store, site) == 1
    package = json.loads((data / "datapackage.json").read_text("utf-8"))
    package["resources"] = [resource for resource in package["resources"] if resource["name"] != "income"]
    (data / "datapackage.json").write_text(json.dumps(package), "utf-8")
    assert publish(catalogue.read(data), store, site) == 0
    assert sorted(path.name for path in (site / "indicators").iterdir()) == ["pisa.csv", "pisa.xlsx"]


def test_text_that_looks_like_a_formula_stays_text_in_a_workbook():
    content = plain({"Title": "=1+1"}, {"=A1": ["=1+1", None, 2]})
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Data"]
    assert [cell.data_type for cell in sheet["A"]] == ["s", "s", "n", "n"]
    assert [cell.value for cell in sheet["A"]] == ["=A1", "=1+1", None, 2]


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node to run the script of the page")
@pytest.mark.parametrize(
    ("words", "codes", "found"),
    [
        ("", [], True),
        ("  ", ["chapter-2"], True),
        ("SCORE mean", [], True),
        ("baden-wurttemberg", [], True),
        ("score income", [], False),
        ("", ["chapter-2", "publisher-oecd"], True),
        ("", ["chapter-2", "publisher-eurostat"], False),
        ("", ["chapter-20"], False),
    ],
)
def test_search_finds_all_words_in_any_order_and_all_codes(words, codes, found):
    script = ROOT / "book" / "static" / "catalogue.js"
    program = (
        f"const {{fits, plain}} = require({json.dumps(str(script))});"
        'const text = plain("Mean score in Baden-W\\u00fcrttemberg");'
        'const entry = {text, classes: ["chapter-2", "publisher-oecd"]};'
        f"console.log(fits(entry, {json.dumps(words)}, {json.dumps(codes)}));"
    )
    answer = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == str(found).lower()


def test_a_source_that_is_no_table_is_not_looked_for_in_the_catalogue(small_book):
    """Cases and studies were named as if the catalogue had entries for them."""
    assert small_book.build() == 0
    page = small_book.page("book/chapter1")
    assert "exhibit-source" in page and "In the catalogue" not in page


def test_tables_among_the_sources_of_an_exhibit_are_linked_by_name():
    (made,) = catalogue.entry_links({"pisa", "income"}, ["cases", "income", "pisa"])
    assert made.astext() == " In the catalogue: income, pisa."
    assert [child["reftarget"] for child in made.children if isinstance(child, addnodes.pending_xref)] == [
        "indicator-income",
        "indicator-pisa",
    ]
    assert catalogue.entry_links({"pisa"}, ["cases"]) == []


def test_table_of_authors_that_the_package_does_not_describe_is_told(tmp_path):
    """A merge of two new tables kept one side of the descriptor, and the other table was in no package."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "school-libraries.yaml").touch()
    (tmp_path / "datapackage.json").write_text('{"resources": []}', "utf-8")
    with pytest.raises(BookError, match=r"data/own/school-libraries\.yaml: .* run `crossroads data school-libraries`"):
        catalogue.read(tmp_path)
