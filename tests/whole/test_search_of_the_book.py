"""The search of the report: what a reader types, and what stands first; the index in one small file."""

import gzip
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from press.web import search

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"

pytestmark = [
    pytest.mark.builds,
    pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning"),
]

# What is typed, and the address of the first hit: what a policy analyst looks for.
QUERIES = {
    "Figure 3.2": "book/chapter3.html#ch3-open-computers",
    "fig 3.2": "book/chapter3.html#ch3-open-computers",
    "Table 2.1": "book/chapter2.html#ch2-school-models",
    "chapter 3": "book/chapter3.html",
    "Annex A": "book/methods-survey.html",
    "Estonia": "book/countries/est.html",
    "esto": "book/countries/est.html",
    "EST": "book/countries/est.html",
    "South Korea": "book/countries/kor.html",
    "Turkey": "book/countries/tur.html",
    "turkiye": "book/countries/tur.html",
    "Holland": "book/countries/nld.html",
    "NEET": "book/glossary.html#term-neither-employed-nor-in-education-or-training",
    "NEET regions": "book/catalogue.html#indicator-regional-neet",
    "dropout": "book/glossary.html#term-early-leavers",
    "VET": "book/glossary.html#term-vocational-education",
    "apprenticeships": "book/glossary.html#term-apprenticeship",
    "bootstrap": "book/glossary.html#term-bootstrap",
    "replicate weights": "book/glossary.html#term-replicate-weights",
    "composite index": "book/glossary.html#term-composite-index",
    "patents": "book/catalogue.html#indicator-patents",
    "PISA mathematics": "book/catalogue.html#indicator-pisa-mathematics",
    "trust in government": "book/catalogue.html#indicator-trust-in-government",
    "High Tech High": "book/cases/high-tech-high.html",
    "P-TECH": "book/cases/p-tech-nyc.html",
    "escuela nueva": "book/cases/escuela-nueva.html",
    "phone ban": "book/chapter2.html#ch2-phones",
    "Burgess 2021": "book/studies.html#study-burgess2021",
    "creative thinking": "book/chapter1.html#ch1-creative-thinking",
    "bullying": "book/chapter3.html#ch3-climate",
    "how to cite": "book/about.html#how-to-cite",
    "corrections": "book/corrections.html",
    "glossary": "book/glossary.html",
    "estnoia": "",  # nothing is near
    "estonnia": "book/countries/est.html",
}


@pytest.fixture(scope="module")
def index(built):
    """The index that a page loads."""
    text = (SITE / search.INDEX).read_text("utf-8")
    return json.loads(text.removeprefix("window.searchIndex=").removesuffix(";\n"))


def test_index_is_small(built):
    assert len(gzip.compress((SITE / search.INDEX).read_bytes())) <= 150_000


def test_index_leads_to_places_that_are_there(index, trees):
    anchors = {}
    for _, title, address, *_ in index["entries"]:
        page, _, anchor = address.partition("#")
        if page not in anchors:
            anchors[page] = {*trees[SITE / page].xpath("//article/descendant-or-self::*/@id")}
        assert not anchor or anchor in anchors[page], f"{title}: {address}"


def test_index_holds_all_that_readers_look_for(index, content):
    labels = [index["labels"][entry[0]][0] for entry in index["entries"]]
    numbered = [metadata for metadata in content.exhibits.values() if not metadata.get("collection")]
    assert sum(label.startswith(("Figure ", "Table ")) for label in labels) == len(numbered)
    package = json.loads((SITE / "datapackage.json").read_text("utf-8"))
    tables = [entry for entry in package["resources"] if entry["path"].startswith("indicators/")]
    assert labels.count("Indicator") == len(tables)
    assert labels.count("Case") == len(list((SITE / "book" / "cases").glob("*.html")))
    assert labels.count("Country") == len(list((SITE / "book" / "countries").glob("*.html")))
    assert {"Study", "Term", "Analysis", "Function"} < set(labels)


def test_notebooks_and_functions_weigh_least(index):
    weights = {name: weight for name, weight in index["labels"]}
    last = {weights.pop("Analysis"), weights.pop("Function")}
    assert max(last) < min(weights.values()) / 2


def test_snippets_hold_no_source(index):
    for _, _, address, about, *_ in index["entries"]:
        assert len(about) <= search.ABOUT + 80, address  # a case says its place first
        assert not any(mark in about for mark in ("{", "```", "import ", "obs_value")), address


def test_first_hits_are_the_expected_ones(built, tmp_path):
    node = shutil.which("node")
    if not node:
        pytest.skip("ranking is that of search.js; node, which would run it, is not here")
    script = tmp_path / "rank.js"
    script.write_text(
        "global.window = {};\n"
        f"eval(require('fs').readFileSync({json.dumps(str(SITE / search.INDEX))}, 'utf8'));\n"
        f"const {{ prepare, find }} = require({json.dumps(str(ROOT / 'src/press/web/static/search.js'))});\n"
        "const index = prepare(window.searchIndex);\n"
        f"const found = {json.dumps([*QUERIES])}.map((query) => find(index, query).map((entry) => entry.address));\n"
        "console.log(JSON.stringify(found.map((addresses) => addresses[0] || '')));\n",
        "utf-8",
    )
    answer = subprocess.run([node, script], capture_output=True, text=True, check=True)
    first = dict(zip(QUERIES, json.loads(answer.stdout), strict=True))
    assert first == QUERIES
