"""Funding of schools, and the files of Eurostat's maps: answers that are not whole, footnotes that changed."""

import json

import numpy as np
import pandas as pd
import pytest

from importers import files
from importers.families import eurostat_urban, pisa_schools


@pytest.mark.parametrize(
    "answers", [(np.nan, 0, 0), (90, np.nan, 0), (90, 10, np.nan), (0, 0, 0), (90, 20, 0)], ids=str
)
def test_shares_that_are_not_whole_are_no_answer(answers):
    """Who leaves fees out may mean none, or may not know."""
    frame = pd.DataFrame([answers], columns=list(pisa_schools.FUNDS.values()), dtype=float)
    assert pisa_schools.funding(frame).isna().all(axis=None)


def test_other_sources_are_what_is_left():
    frame = pd.DataFrame([(80, 10, 3)], columns=list(pisa_schools.FUNDS.values()), dtype=float)
    found = pisa_schools.funding(frame).iloc[0]
    assert found["other"] == 7 and found.sum() == 100


@pytest.mark.parametrize("cell", ["5.1", "", "5.1 u", None, True])
def test_a_cell_of_a_map_that_is_no_number_is_refused(cell):
    with pytest.raises(files.LayoutError, match=r"Wien: .*expected a number or ':'"):
        eurostat_urban.number(cell, "Wien")


def test_a_colon_is_a_missing_value():
    assert np.isnan(eurostat_urban.number(":", "Wien")) and eurostat_urban.number(5, "Wien") == 5.0


def test_a_footnote_that_changed_stops_the_reading(tmp_path):
    """The flags of low reliability stand in the footnote alone."""
    folder = tmp_path / eurostat_urban.FOLDER
    folder.mkdir(parents=True)
    option = {"label": "Tertiary education", "footnote": "Note: Iceland, 2025.", "data": {"AT13": 80.0}}
    (folder / eurostat_urban.EMPLOYMENT_FILE).write_text(json.dumps({"options": [option]}), encoding="utf-8")
    with pytest.raises(files.LayoutError, match="changed; read it"):
        eurostat_urban.read_employment(tmp_path)


def test_a_degree_of_urbanisation_that_is_not_declared_is_refused(tmp_path):
    folder = tmp_path / eurostat_urban.FOLDER
    folder.mkdir(parents=True)
    for file, *_ in eurostat_urban.BY_DEGREE.values():
        (folder / file).write_text(json.dumps({"AT": {"DEG4": 1.0}}), encoding="utf-8")
    with pytest.raises(files.LayoutError, match=r"AT: unexpected \['DEG4'\]"):
        eurostat_urban.read_urban(tmp_path)
