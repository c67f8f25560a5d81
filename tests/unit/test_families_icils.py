"""ICILS 2023: answers that count, answers that do not, and what is no answer."""

import json

import numpy as np
import pandas as pd
import pytest

from importers import files
from importers.families import icils


def test_a_code_that_is_not_declared_is_refused():
    """A missing code that slips through would count as an answer."""
    with pytest.raises(files.LayoutError, match=r"column IP3G10H: code 7, expected one of \[1, 2\]"):
        icils.counted(pd.Series([1.0, 7.0]), icils.YES, "IP3G10H")


def test_a_subject_that_is_not_studied_is_no_answer():
    found = icils.counted(pd.Series([1.0, 2.0, 5.0, np.nan]), icils.MOST_OF_SUBJECT, "IS3G22C")
    assert found.isna().tolist() == [True, False, False, True] and found.tolist()[1:3] == [0.0, 100.0]


def test_never_is_an_answer_where_every_student_has_lessons():
    assert icils.counted(pd.Series([1.0, 4.0]), icils.MOST_LESSONS, "IS3G23B").tolist() == [0.0, 100.0]


def test_a_scale_is_kept():
    assert icils.counted(pd.Series([48.5]), None, "S_ACMULT").tolist() == [48.5]


@pytest.mark.parametrize("measures", [icils.STUDENTS, icils.TEACHER_MEASURES, icils.SCHOOL_MEASURES])
def test_no_code_counts_both_ways(measures):
    for code, (_, counts, *_) in measures.items():
        assert counts is None or not counts[0] & counts[1], code


@pytest.fixture
def raw(tmp_path):
    (tmp_path / "new/iea").mkdir(parents=True)
    book = {"student": {"S_SEX": {"missing": "9: Omitted; 8: Not administered"}, "S_FREE": {"missing": None}}}
    (tmp_path / icils.CODE_BOOK).write_text(json.dumps(book), encoding="utf-8")
    return tmp_path


def test_codes_of_missing_answers_are_those_of_the_code_book(raw):
    frame = pd.DataFrame({"S_SEX": pd.Series([0, 1, 8, 9], dtype="Int16")})
    found = icils._answered(raw, "student", frame, ["S_SEX"])["S_SEX"]
    assert found.tolist()[:2] == [0.0, 1.0] and found[2:].isna().all()


def test_a_column_without_codes_of_missing_answers_is_refused(raw):
    with pytest.raises(files.LayoutError, match=r"no codes of missing answers for \['S_FREE'\]"):
        icils._answered(raw, "student", pd.DataFrame({"S_FREE": [1]}), ["S_FREE"])


def test_an_estimate_without_an_error_is_withheld():
    table = pd.DataFrame(
        {"CNTRY": ["AUT", "BFL"], "obs_value": [10.0, 20.0], "std_error": [np.nan, 1.0], "n_obs": [40, 40]}
    ).assign(obs_status="")
    found = icils._estimated(table, measure="m")
    assert np.isnan(found["obs_value"][0]) and found["obs_status"].tolist() == ["c", ""]


def test_flanders_and_north_rhine_westphalia_are_no_countries():
    table = pd.DataFrame({"ref_area": ["BFL", "DNW", "DEU"], "n_obs": [1, 1, 1]})
    assert icils._finished([table])["ref_area"].tolist() == ["BE-VLG", "DE-NW", "DEU"]


def test_every_independent_estimate_has_its_cell(tmp_path):
    (tmp_path / "new/iea").mkdir(parents=True)
    pd.DataFrame({"system": ["AUT"], "indicator": ["CT_median"]}).to_csv(tmp_path / icils.INDEPENDENT, index=False)
    with pytest.raises(files.LayoutError, match=r"CT_median.*compared with nothing"):
        icils.compare(tmp_path, {})
