"""Two publishers, one fact: tables that should agree do, and where they do not, the difference is known.

The comparisons that need publishers' files are in ``data/checks.json``; these use the committed tables only.
"""

import pandas as pd
import pytest

import crossroads
from crossroads import data, regions


def _pairs(left, right, on=("ref_area", "time_period")):
    both = left.merge(right, on=[*on]).dropna(subset=["obs_value_x", "obs_value_y"])
    return both.assign(difference=(both["obs_value_x"] - both["obs_value_y"]).abs())


def test_research_expenditure_of_the_oecd_and_the_world_bank():
    ours = crossroads.load("rd-expenditure").query("measure == 'gross_expenditure'")
    theirs = crossroads.load("world-development-indicators").query("measure == 'rd_expenditure'")
    both = _pairs(ours[ours["ref_area"].str.len() == 3], theirs)
    korea = both.query("ref_area == 'KOR' and time_period == 2023")
    assert korea["difference"].item() < 0.0001
    assert len(both) > 900
    assert (both["difference"] < 0.01).mean() > 0.85, "a unit or a year is off if fewer than 85 per cent agree"


def test_vocational_students_of_cedefop_and_unesco():
    ours = crossroads.load("vocational-education-europe").query(
        "measure == 'vocational_students' and time_period >= 2013"
    )
    theirs = crossroads.load("vocational-students").query("secondary_level == 'upper_secondary'")
    both = _pairs(ours, theirs)
    assert len(both) == 42
    apart = both[both["difference"] > 0.06]
    assert set(apart["ref_area"] + apart["time_period"].astype(str)) == {"CHE2014", "GBR2014"}


def test_adults_in_learning_of_cedefop_and_eurostat():
    ours = crossroads.load("vocational-education-europe").query("measure == 'adults_in_learning'")
    both = _pairs(ours, crossroads.load("adult-learning-25-74"))
    ratio = both["obs_value_x"] / both["obs_value_y"]
    assert len(both) == 325
    assert ratio.between(0.995, 1.275).all(), "ages 25 to 64 learn more than 25 to 74"
    assert both["obs_value_x"].corr(both["obs_value_y"]) > 0.998
    assert (both["obs_status_x"].str.contains("b") == both["obs_status_y"].str.contains("b")).all()


def test_early_leavers_of_cedefop_lie_between_women_and_men_but_in_norway():
    total = crossroads.load("vocational-education-europe").query("measure == 'early_leavers' and time_period == 2023")
    by_sex = crossroads.load("early-leavers-by-sex").pivot(index="ref_area", columns="sex", values="obs_value").dropna()
    both = total.set_index("ref_area").join(by_sex, how="inner")
    inside = both["obs_value"].between(both[["female", "male"]].min(axis=1), both[["female", "male"]].max(axis=1))
    assert len(both) == 31
    assert list(both.index[~inside]) == ["NOR"]


@pytest.mark.parametrize(("year", "revised"), [(2015, 5), (2018, 16), (2019, 13)])
def test_tertiary_attainment_of_two_eurostat_series(year, revised):
    ours = crossroads.load("regional-attainment").query("isced_group == '5-8' and time_period == @year")
    both = _pairs(ours, crossroads.load("regional-tertiary-attainment"))
    assert len(both) > 300
    assert (both["difference"] > 0.05).sum() == revised, "revisions between the two extractions"
    assert both["difference"].max() < 1.05


def test_regional_tertiary_attainment_brackets_the_country():
    regions = crossroads.load("regional-tertiary-attainment").query("time_period == 2022")
    areas = crossroads.evidence.tables.code_list("areas").set_index("code")["country"]
    countries = crossroads.load("adult-attainment").query("attainment_group == 'tertiary' and time_period == 2022")
    spread = regions.assign(country=regions["ref_area"].map(areas)).groupby("country")["obs_value"].agg(["min", "max"])
    both = spread.join(countries.set_index("ref_area")["obs_value"], how="inner").dropna()
    outside = both[~both["obs_value"].between(both["min"] - 1.5, both["max"] + 1.5)]
    assert len(both) > 25
    # Lisbon is published for NUTS 2024 only and so is dropped; the other regions lie below the mean of Portugal.
    assert list(outside.index) == ["PRT"], outside


def test_income_of_regions_is_that_of_their_gross_domestic_product():
    index = crossroads.load("regional-gdp-per-head").query("ref_area_type == 'country'")
    assert set(crossroads.load("regional-gdp-per-head").query("ref_area == 'EU27_2020'")["obs_value"]) == {100.0}
    gdp = crossroads.load("regional-gdp")
    parts = gdp[gdp["ref_area_type"] == "NUTS1"].assign(country=gdp["ref_area"].str[:2])
    austria = parts.query("country == 'AT'").groupby("time_period")["obs_value"].sum()
    whole = gdp.query("ref_area == 'AUT'").set_index("time_period")["obs_value"]
    pd.testing.assert_series_equal(austria, whole.loc[austria.index], check_names=False, rtol=0.002)
    assert index["ref_area"].nunique() > 30


def test_early_leavers_of_the_competitiveness_index_are_near_the_country():
    regions = crossroads.load("regional-competitiveness-2022").query("measure == 'early_leavers'")
    areas = crossroads.evidence.tables.code_list("areas").set_index("code")["country"]
    mean = regions.assign(country=regions["ref_area"].map(areas)).groupby("country")["obs_value"].mean()
    national = crossroads.load("vocational-education-europe").query(
        "measure == 'early_leavers' and time_period == 2020"
    )
    both = mean.to_frame("regions").join(national.set_index("ref_area")["obs_value"], how="inner").dropna()
    assert len(both) > 20
    assert (both["regions"] - both["obs_value"]).abs().median() < 1.5


def test_life_expectancy_of_regions_in_two_editions_is_close():
    frame = crossroads.load("regional-well-being").query("measure == 'life_expectancy'")
    wide = frame[frame["obs_value"].notna()].pivot(index="ref_area", columns="edition", values="obs_value").dropna()
    assert len(wide) > 330
    assert wide["2016"].corr(wide["2022"]) > 0.9, "a column or a code has slipped"


def test_regions_that_lost_their_codes_are_named_as_absent():
    """Since 2019 Eurostat gives them under codes of NUTS 2024: Lisbon had the highest share of Portugal before."""
    areas = data.code_list("areas")
    table = crossroads.load("regional-tertiary-attainment")
    table = table.assign(country=table["ref_area"].map(areas.set_index("code")["country"]))
    absent = regions.absent_regions(table, areas, ["country", "time_period"]).set_index(["country", "time_period"])
    assert not {"PT17", "NL31"} & {*absent.loc[("PRT", 2018), "absent"], *absent.loc[("NLD", 2018), "absent"]}
    assert {"PT16", "PT17", "PT18"} <= set(absent.loc[("PRT", 2022), "absent"])
    assert {"NL31", "NL33"} <= set(absent.loc[("NLD", 2022), "absent"])
    portugal = table.query("country == 'PRT' and time_period == 2018").set_index("ref_area")["obs_value"]
    assert portugal.idxmax() == "PT17"
