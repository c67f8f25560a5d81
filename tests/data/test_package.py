"""The committed data package: valid, conforming, within its size, and what the checks of its making found."""

import hashlib
import json
import re
from pathlib import Path

import frictionless
import pytest

import crossroads
import importers
from crossroads.evidence import tables

ROOT = Path(__file__).parents[2]
DESCRIPTOR = json.loads((ROOT / tables.DESCRIPTOR).read_bytes())
TABLES = [entry["name"] for entry in DESCRIPTOR["resources"] if entry["path"].startswith("indicators/")]
CHECKS = json.loads((ROOT / "data/checks.json").read_bytes())
MEGABYTE = 1024 * 1024
OPEN_LICENCES = (
    "https://creativecommons.org/licenses/by/",
    "https://creativecommons.org/licenses/by-sa/",
    "https://opensource.org/",
    "https://www.oecd.org/en/about/terms-conditions.html",
)


def test_the_descriptor_is_a_valid_frictionless_package():
    report = frictionless.Package.validate_descriptor(DESCRIPTOR)
    assert report.valid, report.flatten(["note"])


def test_every_table_conforms_by_the_standard_s_own_library():
    """Frictionless reads every row on its own: types, constraints, keys, codes of other tables, bytes and hashes."""
    report = frictionless.Package(str(ROOT / tables.DESCRIPTOR)).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])[:5]


def test_the_whole_package_loads():
    rows = {name: len(crossroads.load(name)) for name in TABLES}
    assert {name: entry["coverage"]["rows"] for name, entry in _entries().items()} == rows


def _entries():
    return {entry["name"]: entry for entry in DESCRIPTOR["resources"] if entry["name"] in TABLES}


def test_the_package_stays_small():
    size = sum(file.stat().st_size for file in (ROOT / "data").rglob("*") if file.is_file())
    print(f"\ndata/: {size / MEGABYTE:.1f} MB")
    assert size < 40 * MEGABYTE


def test_every_file_is_described_and_every_description_has_its_file():
    """A table without a description has no source; a description without a file promises what is not there."""
    described = {entry["path"]: entry for entry in DESCRIPTOR["resources"]}
    there = {f"indicators/{file.name}" for file in (ROOT / "data/indicators").iterdir()}
    assert there == {path for path in described if path.startswith("indicators/")}
    for path, entry in described.items():
        content = (ROOT / "data" / path).read_bytes()
        assert f"sha256:{hashlib.sha256(content).hexdigest()}" == entry["hash"], path
        assert len(content) == entry["bytes"], path


def test_the_declarations_and_the_descriptor_name_the_same_tables():
    assert sorted(importers.tables()) == sorted(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_a_description_says_what_a_reader_needs(name):
    entry = _entries()[name]
    for key in ("title", "description", "publisher", "dataset", "url", "licence"):
        assert entry[key].strip(), f"{name}: {key} is empty"
    assert entry["caveats"], f"{name}: nothing is said about its limits"
    assert not entry.get("edited"), f"{name} was edited by hand and not remade"
    for source in entry["sources"]:
        assert source["files"] and all(re.fullmatch("sha256:[0-9a-f]{64}", file["hash"]) for file in source["files"])
        licence = source["licence"]
        known = licence.get("path", "").startswith(OPEN_LICENCES)
        assert known or (licence["name"] == "not established" and licence["note"]), f"{name}: {licence} says nothing"
    for measure in entry["measures"]:
        assert measure["label"] and measure["direction"] in ("higher", "lower", "neither"), measure
        low, high = measure["bounds"]
        assert low < high


def test_what_the_oecd_published_before_july_2024_is_under_its_terms():
    """Its default licence is younger than most of these tables: CC BY 4.0 was claimed for all of them."""
    younger = {
        source["title"]
        for entry in _entries().values()
        for source in entry["sources"]
        if source["publisher"] == "OECD" and source["licence"]["name"] == "CC BY 4.0"
    }
    dated = ("PISA 2025 Results", "Results from TALIS 2024", "Survey of Adult Skills 2023")
    assert younger and all(title.removeprefix("OECD, ").startswith(dated) for title in younger), younger


@pytest.mark.parametrize("name", TABLES)
def test_a_table_says_what_its_publishers_ask_re_users_to_say(name):
    entry = _entries()[name]
    assert ("adaptation of an original work by the OECD" in entry["notice"]) == ("OECD" in entry["publisher"])
    for source in entry["sources"]:
        if source["publisher"] in ("Cedefop", "UNESCO Institute for Statistics"):
            assert "not verified" in source["licence"]["note"], f"{name}: a licence that nobody saw is given as sure"


def test_no_measure_of_a_percentage_could_be_read_as_a_fraction():
    """Every percentage has an expected median, unless its values are centred on nought."""
    loose = [
        f"{name}: {measure['code']}"
        for name, entry in _entries().items()
        for measure in entry["measures"]
        if measure["unit"] == "PERCENT" and not measure["typical"] and name != "better-life-index"
    ]
    assert loose == []


@pytest.mark.parametrize("kind", ["spots", "averages", "sums", "comparisons"])
def test_the_checks_of_the_making_passed_and_are_counted(kind):
    entries = CHECKS[kind]
    failed = [entry for entry in entries if not entry["passed"]]
    cells = sum(entry.get("cells", entry.get("pairs", 1)) for entry in entries)
    print(f"\n{kind}: {len(entries) - len(failed)} of {len(entries)} passed, {cells} values compared")
    assert entries and failed == []


@pytest.mark.parametrize("name", TABLES)
def test_published_numbers_are_found_again_in_the_committed_table(name):
    """The spot checks of the sources, against the table as it is loaded, not as it was made."""
    frame = crossroads.load(name)
    for spot in _entries()[name]["spotChecks"]:
        rows = frame
        for column, value in spot["key"].items():
            rows = rows[rows[column] == value]
        assert len(rows) == 1, f"{name}: {len(rows)} rows have {spot['key']}"
        row = rows.iloc[0]
        assert abs(row["obs_value"] - spot["value"]) <= spot["tolerance"] + 1e-9, (spot, row["obs_value"])
        if spot["std_error"] is not None:
            assert abs(row["std_error"] - spot["std_error"]) <= spot["tolerance"] + 1e-9, (spot, row["std_error"])


def test_an_average_is_recomputed_from_the_committed_tables():
    """The check can fail: the average of the 37 members of 2022 holds, that of 36 does not."""
    frame = crossroads.load("pisa-mathematics").query("time_period == 2022 and obs_status != 'm'")
    members = tables.code_list("areas").dropna(subset="oecd_since")["code"]
    published = frame.set_index("ref_area").loc["OECD-average", "obs_value"]
    values = frame[frame["ref_area"].isin(members)].set_index("ref_area")["obs_value"]
    assert len(values) == 37
    assert values.mean() == pytest.approx(published, abs=0.0005)
    assert values.drop("FIN").mean() != pytest.approx(published, abs=0.0005)


def test_areas_have_one_name_each_and_the_oecd_has_38_members():
    areas = tables.code_list("areas")
    assert areas["oecd_since"].notna().sum() == 38
    countries = areas[areas["area_type"] == "country"]
    assert not countries["name"].duplicated().any()
    members = countries.dropna(subset="oecd_since")
    assert not members.duplicated(["tile_row", "tile_column"]).any(), "two members share a tile"
    assert members["tile_row"].notna().all()


def test_coverage_is_at_least_that_of_the_plan():
    """The members that the sources have for the tables that every chapter rests on."""
    least = {"pisa-mathematics": 38, "pisa-reading": 38, "pisa-science": 38, "education-spending": 38, "neet": 37,
             "labour-force": 38, "trust-in-government": 38, "better-life-index": 37, "employment-by-education": 37,
             "relative-earnings-tertiary": 36, "talis-teaching-practices": 30}  # fmt: skip
    found = {name: _entries()[name]["coverage"]["oecd_members"] for name in least}
    assert all(found[name] >= least[name] for name in least), found
