"""The explorers on their pages: they ship what is published and nothing else, and compute what the notebooks computed."""

import csv
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
PAGES = {"indicators": "pairs", "regions": "regions", "specifications": "curve", "weights": "weights"}


def table(name):
    with (SITE / "exhibits" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def shipped(pages, name):
    section = pages[SITE / "book" / "explore" / f"{name}.html"].find("section", {"data-explorer": PAGES[name]})
    return json.loads(section.find("script").string)


def numbers(row, *names):
    return [float(row[name]) if row[name] else None for name in names]


def test_explorers_stand_on_their_pages_and_no_other_page_loads_them(pages):
    for path in pages:
        name = path.stem if path.parent == SITE / "book" / "explore" else ""
        loaded = set(re.findall(r'<script [^>]*src="[^"?]*?([^"?/]+)(?:\?[^"]*)?"', path.read_text("utf-8")))
        found = {script for script in loaded if script.startswith("explore")}
        assert found == ({"explore.js", f"explore-{PAGES[name]}.js"} if name else set()), path


@pytest.mark.parametrize("name", PAGES)
def test_page_of_an_explorer_is_light_and_says_whose_its_data_are(pages, name):
    data = shipped(pages, name)
    assert all(exhibit["source"] and exhibit["licence"] for exhibit in data["exhibits"])
    assert len(json.dumps(data, ensure_ascii=False)) < 200_000


def test_indicators_shipped_are_the_published_values(pages):
    data = shipped(pages, "indicators")
    codes, found = [*data["countries"]], {}
    for entry in data["indicators"]:
        rows = zip(codes, entry["values"], entry["errors"], entry["years"], entry["flags"], strict=True)
        found |= {
            (entry["indicator"], code): [value, error, year, flag]
            for code, value, error, year, flag in rows
            if value is not None
        }
    expected = {
        (row["indicator"], row["ref_area"]): [
            *numbers(row, "obs_value", "std_error"),
            row["time_period"],
            row["obs_status"],
        ]
        for row in table("explore-values")
    }
    assert found == expected
    series = {row["series"]: row["compared"] for row in table("explore-series")}
    expected = {
        (row["series"], row["ref_area"]): float(row["obs_value"])
        for row in table("explore-regions")
        if row["time_period"] == series[row["series"]]
    }
    places = [*data["regions"]]
    found = {
        (entry["series"], code): value
        for entry in data["series"]
        for code, value in zip(places, entry["values"], strict=True)
        if value is not None
    }
    assert found == expected


def test_regions_shipped_are_the_published_values_of_all_years(pages):
    data = shipped(pages, "regions")
    codes = [region[0] for region in data["regions"]]
    found = {
        (entry["series"], year, code): value
        for entry in data["series"]
        for year, values in entry["years"].items()
        for code, value in zip(codes, values, strict=True)
        if value is not None
    }
    expected = {
        (row["series"], row["time_period"], row["ref_area"]): float(row["obs_value"])
        for row in table("explore-regions")
    }
    assert found == expected


def test_specifications_shipped_are_the_published_curves(pages):
    data = shipped(pages, "specifications")
    for exhibit, curve in zip(data["exhibits"], data["curves"], strict=True):
        expected = table(exhibit["id"])
        columns = ["obs_value", "lower", "upper", "p_value", "n_obs", "rank"]
        assert [[row[name] for name in columns] for row in curve["rows"]] == [
            numbers(row, *columns) for row in expected
        ]
        choices = [tuple(row[name] for name in curve["choices"]) for row in curve["rows"]]
        assert len(set(choices)) == len(expected), f"choices of {exhibit['id']} do not tell its specifications apart"
        assert choices == [tuple(row[name] for name in curve["choices"]) for row in expected]


def test_scores_and_intervals_shipped_are_those_of_the_index(pages):
    data = shipped(pages, "weights")
    scores = {
        (row["ref_area"], row["code"]): float(row["score"])
        for row in table("methods-composite-pillars")
        if row["code"] != "index"
    }
    assert {(c["ref_area"], code): score for c in data["countries"] for code, score in c["scores"].items()} == scores
    found = {c["ref_area"]: [c["lower"], c["upper"]] for c in data["countries"]}
    assert found == {row["ref_area"]: numbers(row, "lower", "upper") for row in table("methods-composite-ranks")}


EVERY_PAIR = """
const it = require(SCRIPT), data = DATA;
const both = (x, y) => x.map((_, i) => i).filter((i) => x[i] !== null && y[i] !== null);
const pick = (values, rows) => rows.map((i) => values[i]), places = Object.values(data.regions);
const across = [], within = [];
data.indicators.forEach((a, i) => data.indicators.slice(i + 1).forEach((b) => {
  const rows = both(a.values, b.values);
  if (rows.length < 20) return;
  const found = it.association(pick(a.values, rows), pick(b.values, rows));
  across.push([a.indicator, b.indicator, found.slope, found.error, found.lower, found.upper, found.p, found.n]);
}));
it.adjusted(across.map((row) => row[6])).forEach((p, i) => across[i].push(p));
data.series.forEach((a, i) => data.series.slice(i + 1).forEach((b) => {
  const rows = both(a.values, b.values);
  const found = it.within(pick(a.values, rows), pick(b.values, rows), rows.map((i) => places[i][1]));
  within.push([a.series, b.series, found.slope, found.error, found.lower, found.upper, found.p, found.n, found.groups]);
}));
console.log(JSON.stringify({ across, within }));
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node to run the script of the page")
def test_what_the_script_computes_of_every_pair_is_what_the_notebook_published(pages):
    """Of all pairs and not of some: the one that a reader tries must be right."""
    script, data = (
        json.dumps(part) for part in (str(ROOT / "book/static/explore-pairs.js"), shipped(pages, "indicators"))
    )
    program = EVERY_PAIR.replace("SCRIPT", script, 1).replace("DATA", data, 1)
    found = json.loads(subprocess.run(["node", "-"], input=program, capture_output=True, text=True, check=True).stdout)
    result = ["obs_value", "std_error", "lower", "upper", "p_value", "n_obs"]
    for rows, name, more in (
        (found["across"], "explore-pairs", "p_adjusted"),
        (found["within"], "explore-within", "n_groups"),
    ):
        expected = {(row["x"], row["y"]): numbers(row, *result, more) for row in table(name)}
        assert {(row[0], row[1]) for row in rows} == set(expected)
        for x, y, *values in rows:
            # Published with seven digits, of values that were published with as many.
            assert values == pytest.approx(expected[x, y], rel=2e-4, abs=1e-5), (x, y)
