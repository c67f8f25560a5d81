"""The OECD's and the Commission's regions as published: names, leading regions, slips of the publishers."""

import os
from pathlib import Path

import pytest

from importers.families import commission, oecd_regional

RAW = Path(os.environ.get("CROSSROADS_RAW", ""))
pytestmark = pytest.mark.skipif(
    not os.environ.get("CROSSROADS_RAW"), reason="set CROSSROADS_RAW to the folder of publishers' files"
)


def test_names_alone_do_not_carry_a_region_of_2016_over():
    renamed = oecd_regional.renamed(RAW)
    assert renamed["GR25"] == "EL65" and renamed["NZ012"] == "NZ12" and renamed["PL11"] == "PL71"
    assert not {"SI01", "SI02", "EE006", "EE007", "NO05", "FR42", "IE01"} & set(renamed)


def test_every_country_of_2022_is_there_with_its_own_row():
    frame = oecd_regional.read_indicators(RAW)
    now = frame[(frame["edition"] == "2022") & (frame["ref_area_type"] == "country")]
    assert now["ref_area"].nunique() == 38


def test_life_satisfaction_is_not_taken_for_company():
    frame = oecd_regional.read_indicators(RAW)
    slips = frame[(frame["dropped"] == oecd_regional.SLIP)]
    assert sorted(slips["ref_area"]) == ["EE009", "EE00A"]
    kept = frame[(frame["measure"] == "someone_to_count_on") & (frame["dropped"] == "")]
    assert kept["obs_value"].min() > 40


def test_the_leading_innovators_of_2023_are_those_that_the_commission_names():
    frame = commission.read_innovation(RAW)
    index = frame[(frame["measure"] == "innovation_index") & (frame["time_period"] == 2023) & (frame["dropped"] == "")]
    union = index[~index["ref_area"].str.match("CH|NO|UK|RS") & index["ref_area_type"].str.startswith("NUTS")]
    assert union.nlargest(5, "obs_value")["ref_area"].tolist() == ["DK01", "FI1B", "DE21", "SE11", "DE3"]


def test_a_region_of_zeros_is_no_region_without_innovation():
    frame = commission.read_innovation(RAW)
    assert set(frame.loc[frame["ref_area"] == "NO0B", "dropped"]) <= {commission.EMPTY_REGION, commission.NATIONAL}


def test_income_that_cannot_be_in_us_dollars_is_withheld():
    """Switzerland had a quarter more than the United States, and three times what it had in the edition before."""
    frame = oecd_regional.read_indicators(RAW)
    income = frame[(frame["measure"] == "disposable_income") & frame["ref_area"].str.match("CH[E0]")]
    assert len(income) == 8
    assert income["obs_value"].isna().all() and set(income["obs_status"]) == {"c"}
    assert frame.loc[frame["measure"] == "disposable_income", "obs_value"].max() < 75000
