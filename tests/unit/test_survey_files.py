"""Files of publishers: missing codes, labels, keys. Small files are written here and read back."""

import sys
import warnings

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from crossroads import survey

ITEM = {1.0: "Never", 2.0: "Often", 97.0: "Not Applicable", 99.0: "No Response"}


@pytest.fixture
def students():
    frame = survey.synthetic(countries=2, schools=4, students=5)
    frame.insert(2, "CNTSTUID", np.arange(len(frame)) + 1)
    frame["ITEM"] = np.resize([1.0, 2.0, 2.0, 99.0], len(frame))
    frame["WEALTH"] = np.where(np.arange(len(frame)) % 20, frame["PV1MATH"], 9999.0)
    return frame


@pytest.fixture
def schools(students):
    frame = students[["CNT", "CNTSCHID"]].drop_duplicates(ignore_index=True)
    return frame.assign(SIZE=np.arange(len(frame)) * 100.0)


def test_declared_codes_of_an_spss_file_are_missing(students, tmp_path):
    """The mean of 500 points and one 9999 in twenty would be about 975."""
    pyreadstat.write_sav(
        students,
        tmp_path / "s.sav",
        variable_value_labels={"ITEM": ITEM},
        missing_ranges={"ITEM": [{"lo": 95, "hi": 99}], "WEALTH": [9999.0]},
    )
    frame = survey.read(tmp_path / "s.sav")
    assert frame["WEALTH"].isna().sum() == 2 and frame["ITEM"].isna().sum() == 10
    assert survey.mean(frame, "WEALTH", survey.PISA_2022)["obs_value"].item() < 600
    codes = survey.codebook(tmp_path / "s.sav").query("variable == 'ITEM'")
    assert codes["code_label"].tolist() == list(ITEM.values())
    assert codes["missing"].tolist() == [False, False, True, True]


@pytest.mark.parametrize("kind", ["sav", "dta"])
def test_codes_whose_label_says_missing_are_refused_if_undeclared(students, tmp_path, kind):
    path = tmp_path / f"s.{kind}"
    labels = {"ITEM": {int(code): label for code, label in ITEM.items()}}
    write = {"sav": pyreadstat.write_sav, "dta": pyreadstat.write_dta}[kind]
    write(students.drop(columns="WEALTH").astype({"ITEM": int}), path, variable_value_labels=labels)
    with pytest.raises(survey.SurveyError, match=r"'ITEM' holds 99 \('No Response', 10 rows\).*does not declare"):
        survey.read(path)
    assert survey.read(path, undeclared="missing")["ITEM"].isna().sum() == 10
    assert survey.read(path, missing_codes={"ITEM": [99]})["ITEM"].max() == 2
    assert survey.read(path, undeclared="keep")["ITEM"].max() == 99


def test_codes_without_labels_are_refused_by_their_distance(students, tmp_path):
    """Parquet and transport files have no labels: 9999 above scores of 700 cannot be a score."""
    students.to_parquet(tmp_path / "s.parquet")
    pyreadstat.write_xport(students[["WEALTH"]], tmp_path / "s.xpt")
    for name in ("s.parquet", "s.xpt"):
        with pytest.raises(survey.SurveyError, match=r"'WEALTH' holds 9999 \(2 rows\)"):
            survey.read(tmp_path / name, ["WEALTH"])
    assert survey.read(tmp_path / "s.parquet", undeclared="missing")["WEALTH"].isna().sum() == 2


def test_codes_in_a_frame_that_was_read_in_another_way_are_warned_of(students):
    """9999 went into a mean without a word where a file was not read by `read`; ages and truth values are not suspected."""
    with pytest.warns(survey.MissingCodesWarning, match="'WEALTH' holds 9999, far from all other values"):
        survey.mean(students, "WEALTH", survey.PISA_2022)
    with warnings.catch_warnings():
        warnings.simplefilter("error", survey.MissingCodesWarning)
        survey.mean(
            students.assign(WEALTH=students["WEALTH"].where(students["WEALTH"] < 9999)), "WEALTH", survey.PISA_2022
        )
        survey.mean(students.assign(AGE=97.0), "AGE", survey.PISA_2022)
        survey.mean(students.assign(OLD=students["ITEM"] > 1), "OLD", survey.PISA_2022)


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ([1, 2, 98, 99], [98, 99]),
        ([40.5, 61.0, 998.0, 999.0], [998, 999]),
        ([0.4, 1.5, -99.0, -999.0], [-99, -999]),
        ([12.5, 31.0, 99.0, 9999.0], [99, 9999]),
        ([0, 3, -99, -98], [-99, -98]),
        ([-3.2, 0.5, -99.0], [-99]),
        ([55, 60, 97, 98, 99], []),  # ages
        ([400.0, 9993.0], []),
        ([1.0, 498.0, 998.0], [998]),
        ([1.0, 499.0, 998.0], []),  # twice as high, not more
        ([1.0, 2.0], []),
        ([99, 99], []),  # nothing to compare with
        ([np.nan, np.nan], []),
        ([True, False], []),
    ],
)
def test_which_numbers_look_like_codes(tmp_path, values, codes):
    pd.DataFrame({"x": values}).to_parquet(tmp_path / "x.parquet")
    frame = survey.read(tmp_path / "x.parquet", undeclared="missing")
    assert set(pd.Series(values).dropna()) - set(frame["x"].dropna()) == set(codes)


def test_special_missing_values_of_stata_are_missing(students, tmp_path):
    special = students[["CNTSTUID", "ITEM"]].astype({"ITEM": object})
    special.loc[special["ITEM"] == 99, "ITEM"] = "a"
    pyreadstat.write_dta(special, tmp_path / "s.dta", missing_user_values={"ITEM": ["a"]})
    frame = survey.read(tmp_path / "s.dta")
    assert frame["ITEM"].isna().sum() == 10 and frame["ITEM"].dtype == float


def test_only_the_columns_of_the_question_and_the_design_are_read(students, tmp_path):
    pyreadstat.write_sav(students, tmp_path / "s.sav")
    frame = survey.read(tmp_path / "s.sav", ["CNT", "PV@MATH"], survey.PISA_2022)
    assert list(frame)[:2] == ["CNT", "PV1MATH"] and len(frame.columns) == 1 + 10 + 81
    got, expected = (survey.mean(f, "PV@MATH", survey.PISA_2022, by="CNT") for f in (frame, students))
    pd.testing.assert_frame_equal(got, expected, rtol=1e-10)
    with pytest.raises(survey.SurveyError, match=r"'cntschid'.*upper and lower case matter"):
        survey.read(tmp_path / "s.sav", ["cntschid"], survey.PISA_2022)


def test_files_that_cannot_be_read_are_named(students, tmp_path, monkeypatch):
    with pytest.raises(survey.SurveyError, match=r"s\.doc: cannot read '\.doc'"):
        survey.read(tmp_path / "s.doc")
    with pytest.raises(survey.SurveyError, match="no such file"):
        survey.read(tmp_path / "s.sas7bdat")
    with pytest.raises(survey.SurveyError, match="undeclared is 'drop'"):
        survey.read(tmp_path / "s.sav", undeclared="drop")
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(survey.SurveyError, match=r'pip install "crossroads\[files\]"'):
        survey.read(tmp_path / "s.sav")


def test_schools_join_students_and_what_finds_no_partner_is_counted(students, schools):
    fewer = schools[schools["CNTSCHID"] != 2]
    more = pd.concat([fewer, pd.DataFrame({"CNT": ["X02"], "CNTSCHID": [99], "SIZE": [1.0]})], ignore_index=True)
    joined, counts = survey.merge(students, more)
    assert joined["CNTSTUID"].tolist() == students["CNTSTUID"].tolist()
    assert joined.loc[joined["CNTSCHID"] == 3, "SIZE"].eq(200).all()
    assert joined.loc[joined["CNTSCHID"] == 2, "SIZE"].isna().all()
    assert counts.to_dict("list") == {
        "CNT": ["X01", "X02"],
        "n_rows": [20, 20],
        "n_unmatched": [5, 0],
        "n_unused": [0, 1],
    }


def test_answers_of_the_same_persons_join_by_country_school_and_person():
    """IEA: a student's number is unique in a country only."""
    keys = {"IDCNTRY": [1, 1, 2], "IDSCHOOL": [1, 1, 1], "IDSTUD": [1, 2, 1]}
    joined, counts = survey.merge(pd.DataFrame(keys), pd.DataFrame(keys | {"y": [1, 2, 3]}).iloc[::-1])
    assert joined["y"].tolist() == [1, 2, 3] and counts["n_unmatched"].sum() == 0


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ({}, {"twice": True}, r"second file has 2 rows that share their key \(first: CNT = X01, CNTSCHID = 1\)"),
        ({"CNTSCHID": "1"}, {}, "'CNTSCHID' is a number in one file and text in the other"),
        ({"CNTSCHID": np.nan}, {}, "40 rows without CNT or CNTSCHID"),
        ({"CNTSCHID": 77}, {}, "no row of the first file has a partner"),
        ({"SIZE": 3.0}, {}, "both files have 'SIZE', and it differs in 40 rows"),
    ],
)
def test_keys_that_do_not_fit_are_refused(students, schools, first, second, message):
    if second.pop("twice", False):
        schools = pd.concat([schools, schools[:1]])
    with pytest.raises(survey.SurveyError, match=message):
        survey.merge(students.assign(**first), schools.assign(**second))


def test_students_do_not_join_teachers_of_their_school_by_chance(students, schools):
    """Both files have the school: without another key each student would get every teacher."""
    teachers = pd.concat([schools, schools]).assign(CNTTCHID=range(2 * len(schools)))
    with pytest.raises(survey.SurveyError, match="second file has 16 rows that share their key"):
        survey.merge(students, teachers)
    with pytest.raises(survey.SurveyError, match="share no known key"):
        survey.merge(students, schools[["CNT", "SIZE"]])


def test_a_student_who_is_twice_in_the_file_is_refused(students):
    twice = pd.concat([students, students[:1]])
    with pytest.raises(survey.SurveyError, match="first file has 2 rows that share their key"):
        survey.merge(twice, students[["CNT", "CNTSCHID", "CNTSTUID"]])


def test_labels_of_a_sas_file_come_from_its_catalogue(students, tmp_path, monkeypatch):
    """Nothing here writes SAS files: their reader is replaced, to see that it is asked for the labels."""
    (tmp_path / "s.sas7bdat").touch()
    pyreadstat.write_sav(students[["ITEM"]], tmp_path / "s.sav", variable_value_labels={"ITEM": ITEM})
    asked = []

    def reader(path, **options):
        asked.append(options.pop("catalog_file", None))
        frame, meta = pyreadstat.read_sav(path.replace(".sas7bdat", ".sav"), **options)
        meta.variable_value_labels = meta.variable_value_labels if asked[-1] else {}
        return frame, meta

    monkeypatch.setattr(pyreadstat, "read_sas7bdat", reader)
    with pytest.raises(survey.SurveyError, match="'No Response', 10 rows"):
        survey.read(tmp_path / "s.sas7bdat", catalogue=tmp_path / "s.sas7bcat")
    assert asked[0] == str(tmp_path / "s.sas7bcat")
    with pytest.raises(survey.SurveyError, match=r"holds 99 \(10 rows\)"):
        survey.read(tmp_path / "s.sas7bdat")
