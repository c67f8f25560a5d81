"""Areas and columns: a country under another's name, a code taken for another, a flag that is overlooked."""

import pandas as pd
import pytest

from crossroads import areas, columns
from crossroads.evidence.package import DataError


@pytest.fixture
def rows():
    return pd.DataFrame({"ref_area": ["FIN", "nowhere", "AUT"], "obs_value": [1.0, 2.0, 3.0]})


def test_members_are_the_38_that_the_code_list_dates():
    members = areas.members()
    assert len(members) == 38
    assert "FIN" in members
    assert {"BRA", "OECD"}.isdisjoint(members)


def test_names_stand_in_the_order_asked_for_and_an_unknown_code_is_refused():
    assert areas.names(["JPN", "AUT"]) == ["Japan", "Austria"]
    assert areas.name("CZE") == "Czechia"
    with pytest.raises(DataError, match=r"'XXX' is no code of data/code-lists/areas.csv \(1 of 2 unknown\)"):
        areas.names(["AUT", "XXX"])


def test_members_without_data_are_named():
    assert areas.absent(areas.members().drop(["TUR", "CRI"])) == ["Costa Rica", "Türkiye"]
    assert areas.absent([*areas.members(), "OECD"]) == []


def test_added_columns_follow_the_rows_and_leave_the_table_as_it_was(rows):
    found = areas.add(rows, "tile_row", country="name")
    assert found["country"].fillna("none").tolist() == ["Finland", "none", "Austria"]
    assert found["tile_row"].notna().tolist() == [True, False, True]
    assert rows.columns.tolist() == ["ref_area", "obs_value"]
    regions = pd.DataFrame({"home": ["FIN"]})
    assert areas.add(regions, by="home", label="name")["label"].tolist() == ["Finland"]


def test_a_column_that_areas_do_not_have_is_refused(rows):
    with pytest.raises(DataError, match="no column 'capital'; it has name, area_type"):
        areas.add(rows, "capital")


@pytest.mark.parametrize(("code", "n"), [("OECD-average-27", 27), ("average-5", 5)])
def test_the_code_of_an_average_says_how_many_it_holds(code, n):
    assert areas.n_averaged(code) == n


def test_the_code_of_a_country_says_no_number():
    with pytest.raises(DataError, match="'OECD-average' does not say how many"):
        areas.n_averaged("OECD-average")


def test_a_flag_among_others_counts_and_none_is_none():
    frame = pd.DataFrame({"obs_status": ["bs", "", None, "s"]})
    assert columns.flagged(frame, columns.CAUTION).tolist() == [True, False, False, True]
