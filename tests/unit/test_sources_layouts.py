"""Readers of publishers' workbooks: a layout that is not the expected one is refused, never read as something else."""

import openpyxl
import pandas as pd
import pytest

from importers import countries, files, layouts
from importers.families import pisa, talis


def _annex(path, rows, name="Table 1", hidden=False):
    """Write a workbook as the OECD lays out its annexes: stacked headers over pairs of value and standard error."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(row)
    if hidden:
        book.create_sheet("shown")
        sheet.sheet_state = "hidden"
    book.save(path)
    return path


HEAD = [
    ["Table 1"], ["Made up"], [], [], [], [],
    [None, "PISA 2018", None, "PISA 2022", None, "Change between 2018 and 2022", None],
    [None, "Boys", None, "Boys", None, "Boys", None],
    [None, "Mean", "S.E.", "Mean", "S.E.", "Dif.", "S.E."],
]  # fmt: skip
BODY = [
    ["OECD"],
    ["Austria", 500.5, 2.5, 490.25, 2.25, -10.25, 3.4],
    ["Denmark*", "m", "m", 480.0, 2.0, "m", "m"],
    ["OECD average", 501.0, 0.4, 485.0, 0.3, -16.0, 0.5],
    [],
    ["* Caution is required."],
]


def test_stacked_headers_name_every_pair_and_footnotes_are_no_areas(tmp_path):
    path = _annex(tmp_path / "annex.xlsx", [*HEAD, *BODY])
    frame = layouts.observations(layouts.annex(path, "Table 1", (7, 9)), "made up")
    assert frame["area"].unique().tolist() == ["Austria", "Denmark*", "OECD average"]
    assert frame["labels"].iloc[1] == ("PISA 2022", "Boys", "Mean")
    assert frame["labels"].iloc[2] == ("Change between 2018 and 2022", "Boys", "Dif.")
    denmark = frame[frame["area"] == "Denmark*"].iloc[0]
    assert pd.isna(denmark["obs_value"]) and pd.isna(denmark["std_error"]) and denmark["obs_status"] == "m"
    assert frame["row"].tolist()[0] == 11


def test_a_hidden_sheet_is_refused(tmp_path):
    """A hidden sheet is often an older or an internal version of the one that is shown."""
    path = _annex(tmp_path / "annex.xlsx", [*HEAD, *BODY], hidden=True)
    with pytest.raises(files.LayoutError, match="sheet 'Table 1' is hidden"):
        layouts.annex(path, "Table 1", (7, 9))


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(tmp_path):
    path = _annex(tmp_path / "annex.xlsx", HEAD)
    with pytest.raises(files.LayoutError, match="no sheet is named 'Table 2'; there are Table 1"):
        layouts.annex(path, "Table 2", (7, 9))


def test_a_header_that_moved_is_refused(tmp_path):
    """A row more above the header would turn scores into standard errors."""
    path = _annex(tmp_path / "annex.xlsx", [["New"], *HEAD, *BODY])
    with pytest.raises(files.LayoutError, match=r"row 9: no column is headed 'S\.E\.'"):
        layouts.annex(path, "Table 1", (7, 9))
    short = _annex(tmp_path / "short.xlsx", HEAD[:5])
    with pytest.raises(files.LayoutError, match="2 rows, expected a header in rows 7-9"):
        layouts.annex(short, "Table 1", (7, 9))


@pytest.mark.parametrize("cell", ["n/a", "502,5", "†", None])
def test_a_cell_that_is_neither_number_nor_symbol_is_refused(tmp_path, cell):
    body = [["Austria", cell, 2.5, 490.25, 2.25, -10.25, 3.4]]
    path = _annex(tmp_path / "annex.xlsx", [*HEAD, *body])
    with pytest.raises(files.LayoutError, match=r"is not a number|neither a number nor one of"):
        layouts.observations(layouts.annex(path, "Table 1", (7, 9)), "made up")


def test_a_file_that_is_no_workbook_is_not_read(tmp_path):
    path = tmp_path / "annex.xlsx"
    path.write_bytes(b"<html>not found</html>")
    with pytest.raises(Exception, match="zip"):
        layouts.sheet(path, "Table 1")


def test_stars_are_flags_of_the_cycle_that_they_are_about(tmp_path):
    frame = layouts.annex(_annex(tmp_path / "annex.xlsx", [*HEAD, *BODY]), "Table 1", (7, 9))
    frame["ref_area"] = countries.code(frame["area"])
    found = pisa._cycles(layouts.observations(frame, "made up"), level=0)
    status = found.set_index(["ref_area", "time_period"])["obs_status"]
    assert status["DNK", 2022] == "s" and status["DNK", 2018] == "m" and status["AUT", 2022] == ""
    assert len(found) == 6, "changes between cycles are not observations of a cycle"


TALIS_HEAD = [[None]] * 9 + [
    [None, "ISCED", "%", "S.E.", "%", "S.E.", "dif", "S.E."],
    [None, None, "b.meanpct.d_tt3g42e", "se.meanpct.d_tt3g42e", "b.meanpct.d_tt4g51e", "se.meanpct.d_tt4g51e",
     "b.(meanpct.d_tt4g51e)-(meanpct.d_tt3g42e)", "se.(meanpct.d_tt4g51e)-(meanpct.d_tt3g42e)"],
]  # fmt: skip
TALIS_BODY = [
    ["Austria", 2, 10.0, 1.0, 20.0, 1.5, 10.0, 1.8],
    ["Australia*ª", 2, 11.0, 1.0, "w", "w", "w", "w"],
    ["Notes:"],
]


def _talis(tmp_path, rows):
    path = tmp_path / talis.CHAPTER_1.files[0]
    path.parent.mkdir(parents=True, exist_ok=True)
    _annex(path, rows, name="Table 1.99")
    return talis._sheet(tmp_path, "1.99")


def test_a_talis_column_is_what_its_variable_says(tmp_path):
    frame = _talis(tmp_path, [*TALIS_HEAD, *TALIS_BODY]).set_index(["ref_area", "time_period"])
    assert frame.loc[("AUT", 2018), "obs_value"] == 10.0 and frame.loc[("AUT", 2024), "obs_value"] == 20.0
    assert frame.loc[("AUS", 2018), "obs_status"] == "s", "ª is about the results of 2018"
    assert frame.loc[("AUS", 2024), "obs_status"] == "c", "withdrawn is withheld, and a gap has no caution"
    assert len(frame) == 4, "differences are not observations of a cycle"


def test_a_talis_column_without_its_standard_error_is_refused(tmp_path):
    names = list(TALIS_HEAD[-1])
    names[3] = "se.meanpct.d_tt3g42f"
    with pytest.raises(files.LayoutError, match="no standard error beside it"):
        _talis(tmp_path, [*TALIS_HEAD[:-1], names, *TALIS_BODY])
    with pytest.raises(files.LayoutError, match="no variable names"):
        _talis(tmp_path / "other", [*TALIS_HEAD[:-1], [], *TALIS_BODY])


def test_names_of_areas_are_matched_whole():
    """A new entity must not be taken for the country that its name contains."""
    names = pd.Series(["Korea", "  Türkiye ", "Turkey", "czech republic", "Denmark*", "Hong Kong (China)*", "AUS"])
    assert countries.code(names).tolist() == ["KOR", "TUR", "TUR", "CZE", "DNK", "HKG", "AUS"]
    with pytest.raises(ValueError, match=r"unknown area names \['Republic of Finland'"):
        countries.code(pd.Series(["Finland", "Republic of Finland"]))
    assert countries.from_iso2(pd.Series(["EL", "UK", "EU27_2020"])).tolist() == ["GRC", "GBR", "EU27_2020"]
    with pytest.raises(ValueError, match="unknown two-letter"):
        countries.from_iso2(pd.Series(["GR", "XX"]))


def test_no_name_stands_for_two_areas():
    areas = countries.areas()
    assert not areas["code"].duplicated().any()
    assert not areas["name"].str.casefold().duplicated().any()
    assert set(countries._codes_by_name().values()) <= set(areas["code"])
    assert len(countries.members()) == 38
