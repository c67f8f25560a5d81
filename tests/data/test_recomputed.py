"""The second routes are compared with the numbers that the chapters print, and no difference is left unexplained."""

import json
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def table():
    return pd.read_csv(ROOT / "tests/reference/exhibits/methods-recomputed.csv").set_index("value_id")


def test_ten_different_numbers_of_five_chapters_are_recomputed(table):
    assert len(table) == table.index.nunique() == 10
    assert {name[:3] for name in table.index} == {"ch1", "ch2", "ch3", "ch4", "ch5"}


def test_the_stated_numbers_are_those_that_the_chapters_publish(table):
    published = json.loads((ROOT / "tests/reference/values.json").read_text("utf-8"))
    for name, row in table.iterrows():
        assert row["stated"] == pytest.approx(published[name]["obs_value"], rel=1e-6), name


def test_the_verdict_follows_from_difference_and_tolerance(table):
    difference = (table["other"] - table["stated"]).abs()
    assert ((difference <= table["tolerance"]) == (table["verdict"] == "agrees")).all()


def test_what_differs_is_explained_on_the_page(table):
    page = (ROOT / "book/recomputed.md").read_text("utf-8")
    explained = page.split("## What differs, and why")[1].split("\n## ")[0]
    differing = table.index[table["verdict"] == "differs"]
    assert [name for name in differing if f"`{name}`" not in explained] == []
