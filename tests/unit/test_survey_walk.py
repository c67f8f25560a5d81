"""The code that the page of survey methods shows does what the page says, on small files that are made here."""

import re
from pathlib import Path

import numpy as np
import pyreadstat
import pytest

from crossroads import survey

PAGE = Path(__file__).parents[2] / "book/methods-survey.md"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Run every listing of the page, in order, in a folder with a file of students and one of schools."""
    folder = tmp_path_factory.mktemp("pisa")
    students = survey.synthetic(countries=2, schools=20, students=6)
    students["ST004D01T"] = students["FEMALE"].mask(students["FEMALE"] == 0, 2)
    students["ST004D01T"] = students["ST004D01T"].mask(np.arange(len(students)) % 40 == 0, 9)
    schools = students[["CNT", "CNTSCHID"]].drop_duplicates()[1:]
    schools["SC001Q01TA"] = np.resize([1.0, 2, 3], len(schools))
    pyreadstat.write_sav(
        students,
        folder / "CY08MSP_STU_QQQ.SAV",
        variable_value_labels={"ST004D01T": {1: "Female", 2: "Male", 9: "No Response"}},
        missing_ranges={"ST004D01T": [{"lo": 5, "hi": 9}]},
    )
    pyreadstat.write_sav(schools, folder / "CY08MSP_SCH_QQQ.SAV")
    names = {"students_of_file": students}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for listing in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL):
            exec(compile(listing, PAGE.name, "exec"), names)
    return names


def test_the_walk_is_five_lines_and_ends_in_a_table_with_errors(results):
    listing = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[1]
    assert len([line for line in listing.splitlines() if line]) == 5
    table = results["table"]
    assert table["std_error"].gt(0).any() and set(table["CNT"]) == {"X01", "X02"}
    assert results["unmatched"].set_index("CNT")["n_unmatched"].to_dict() == {"X01": 6, "X02": 0}


def test_declared_codes_are_missing_and_named(results):
    file = results["students_of_file"]
    assert results["both"]["ST004D01T"].isna().sum() == (file["ST004D01T"] == 9).sum() > 0
    assert results["codes"].query("missing")["code_label"].tolist() == ["No Response"]


def test_every_other_question_of_the_page_has_an_answer_with_an_error(results):
    for name in ("cells", "gap", "between", "slopes", "bottom", "mean", "median"):
        assert results[name]["std_error"].gt(0).all(), name
    assert results["test"]["p_value"].between(0, 1).all()
