"""Notebooks import, load, call and show: a cell that does not fit on a screen hides what it does."""

import ast
import re
from collections import Counter
from pathlib import Path

import jupytext
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))
LONGEST, SHORT = 25, 10
LEAST_SHARE = 0.9


def cells(path):
    """The code cells of a notebook."""
    return [cell.source for cell in jupytext.read(path).cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_cell_is_longer_than_a_screen(path):
    long = [source.splitlines()[0] for source in cells(path) if len(source.splitlines()) > LONGEST]
    assert long == [], f"split these cells of more than {LONGEST} lines, or move what they compute into the package"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_functions_are_defined_in_the_package_and_not_in_notebooks(path):
    tree = ast.parse(path.read_text("utf-8"))
    assert [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_cell_shows_one_exhibit(path):
    calls = ("exhibits.figure(", "exhibits.table(")
    assert [source for source in cells(path) if sum(source.count(call) for call in calls) > 1] == []


def test_most_cells_are_short(record_property):
    lengths = [len(source.splitlines()) for path in NOTEBOOKS for source in cells(path)]
    long = Counter(path.stem for path in NOTEBOOKS for source in cells(path) if len(source.splitlines()) > SHORT)
    share = sum(length <= SHORT for length in lengths) / len(lengths)
    record_property("share_of_short_cells", round(share, 3))
    print(f"{share:.0%} of {len(lengths)} cells have {SHORT} lines or fewer; the longest has {max(lengths)}")
    advice = (
        f"only {share:.1%} of the cells have {SHORT} lines or fewer; split some of the notebooks with most long ones"
    )
    assert share >= LEAST_SHARE, f"{advice}: {long.most_common(5)}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_intervals_take_their_width_from_one_place(path):
    """`intervals.LEVEL` says how sure intervals are; a 1.96 typed beside it would stay when it changes."""
    typed = re.findall(r"\b(?:1\.96\d*|1\.64\d*|2\.57\d*)\b", path.read_text(encoding="utf-8"))
    assert not typed, f"{path.name} types {typed}; use intervals.critical_value()"
