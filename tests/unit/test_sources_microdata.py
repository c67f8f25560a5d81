"""The error of a stratified sample without replicate weights, against the textbook and a published worked example."""

import gzip
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from importers.families import microdata

RAW = os.environ.get("CROSSROADS_RAW", "")


def _sample(seed=1, units=60):
    generator = np.random.default_rng(seed)
    frame = pd.DataFrame({"stratum": generator.choice(list("abc"), units), "y": generator.normal(500, 90, units)})
    frame["w"] = frame["stratum"].map({"a": 2.0, "b": 5.0, "c": 1.0})
    frame["domain"] = generator.choice(["town", "village"], units)
    return frame


def test_equal_weights_within_strata_give_the_textbook_error():
    """Stratified mean: sum of W_h^2 s_h^2 / n_h, with W_h the share of the weights."""
    frame = _sample()
    found = microdata.linearised_means(frame["y"], frame["w"], frame["stratum"], pd.Series("all", index=frame.index))
    strata = frame.groupby("stratum")
    share = strata["w"].sum() / frame["w"].sum()
    expected = np.sqrt((share**2 * strata["y"].var() / strata.size()).sum())
    assert found.loc["all", "obs_value"] == pytest.approx((share * strata["y"].mean()).sum())
    assert found.loc["all", "std_error"] == pytest.approx(expected)


def test_one_stratum_and_equal_weights_give_the_error_of_a_simple_random_sample():
    y = pd.Series([1.0, 2.0, 3.0, 4.0, 10.0])
    one = pd.Series("all", index=y.index)
    found = microdata.linearised_means(y, pd.Series(1.0, index=y.index), one, one)
    assert found.loc["all", "std_error"] == pytest.approx(y.std() / np.sqrt(5))


def test_a_domain_keeps_the_units_outside_it_in_the_sample():
    """Dropping the others first would understate the error: the number of units in a domain is random too."""
    frame = _sample()
    found = microdata.linearised_means(frame["y"], frame["w"], frame["stratum"], frame["domain"])
    town = frame[frame["domain"] == "town"]
    z = (frame["w"] * (frame["y"] - found.loc["town", "obs_value"]) / town["w"].sum()).where(
        frame["domain"] == "town", 0
    )
    sizes = frame.groupby("stratum").size()
    expected = np.sqrt((z.groupby(frame["stratum"]).var() * sizes).sum())
    assert found.loc["town", "std_error"] == pytest.approx(expected)
    assert found.loc["town", "n_obs"] == len(town)
    assert found.loc["town", "obs_value"] == pytest.approx(np.average(town["y"], weights=town["w"]))


def test_missing_answers_leave_the_domain_and_are_not_counted():
    frame = _sample()
    frame.loc[frame.index[:7], "y"] = np.nan
    all_units = pd.Series("all", index=frame.index)
    found = microdata.linearised_means(frame["y"], frame["w"], frame["stratum"], all_units)
    assert found.loc["all", "n_obs"] == len(frame) - 7
    assert np.isfinite(found.loc["all", "std_error"])


def test_strata_of_one_unit_are_joined_and_a_single_unit_is_refused():
    frame = _sample()
    frame.loc[0, "stratum"] = "lonely"
    all_units = pd.Series("all", index=frame.index)
    one = microdata.linearised_means(frame["y"], frame["w"], frame["stratum"], all_units)
    frame.loc[1, "stratum"] = "lonely too"
    two = microdata.linearised_means(frame["y"], frame["w"], frame["stratum"], all_units)
    assert np.isfinite(one.loc["all", "std_error"]) and np.isfinite(two.loc["all", "std_error"])
    first = frame.iloc[:1]
    with pytest.raises(ValueError, match="one unit only"):
        microdata.linearised_means(first["y"], first["w"], first["stratum"], all_units.iloc[:1])


@pytest.mark.skipif(
    not RAW, reason="set CROSSROADS_RAW to the folder of publishers' files (R package survey, data api)"
)
def test_the_worked_example_of_the_survey_package_is_reproduced():
    """Lumley's API sample: stratified mean 662.29, standard error 9.4089 with finite population correction.

    The correction is 1 - n/N in each stratum; without it our error is the same sum with larger terms.
    """
    with gzip.open(Path(RAW) / "microdata/survey_api/apistrat.csv.gz") as stream:
        schools = pd.read_csv(stream)
    everywhere = pd.Series("all", index=schools.index)
    found = microdata.linearised_means(schools["api00"], schools["pw"], schools["stype"], everywhere)
    strata = schools.groupby("stype")
    terms = (strata["pw"].sum() / schools["pw"].sum()) ** 2 * strata["api00"].var() / strata.size()
    corrected = np.sqrt((terms * (1 - strata.size() / strata["fpc"].first())).sum())
    assert found.loc["all", "obs_value"] == pytest.approx(662.29, abs=0.005)
    assert corrected == pytest.approx(9.4089, abs=0.00005), "the published error, from the same terms"
    assert found.loc["all", "std_error"] == pytest.approx(np.sqrt(terms.sum()))


def test_an_answer_that_is_not_foreseen_is_refused():
    with pytest.raises(ValueError, match=r"SC16Q04: unexpected answers \['Maybe'\]"):
        microdata._answers(pd.Series(["Yes", "Maybe", None], name="SC16Q04"), microdata.YES)
    assert microdata._answers(pd.Series(["Yes", "No", None], name="x"), microdata.YES).tolist()[:2] == [100.0, 0.0]


def test_estimates_from_few_schools_are_withheld_or_flagged():
    frame = pd.DataFrame({"obs_value": 50.0, "std_error": 5.0, "n_obs": [0, 9, 10, 29, 30]})
    found = microdata.withheld(frame)
    assert found["obs_status"].tolist() == ["c", "c", "u", "u", ""]
    assert found["obs_value"].isna().tolist() == [True, True, False, False, False]
    assert found["std_error"].isna().tolist() == [True, True, False, False, False]
