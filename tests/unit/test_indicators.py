"""Failures guarded against: wrong averages, errors and effect sizes, shares of inequality that do not add up."""

import numpy as np
import pandas as pd
import pytest
import simulations
import statsmodels.api as sm
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import integrate, stats
from statsmodels.stats.meta_analysis import combine_effects, effectsize_smd
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_effectsize

from crossroads import indicators, intervals
from crossroads.indicators import IndicatorError


def table(areas, periods, values, **columns):
    """Tidy table with areas running fastest."""
    keys = {
        "ref_area": [str(area) for area in areas] * len(periods),
        "time_period": np.repeat(periods, len(areas)),
        "obs_value": values,
    }
    return pd.DataFrame(keys | columns)


@pytest.fixture
def scores():
    """Three countries, two periods; C has nothing in the first."""
    return table(
        "ABC",
        [2012, 2022],
        [40, 50, np.nan, 55, 52, 61.0],
        std_error=[3, 4, np.nan, 1, 2, 2],
        obs_status=["", "", "m", "", "", ""],
    )


def test_scores_that_the_publisher_does_not_compare_leave_all_trends(scores):
    """Flags are letters in any order; an aggregate is no member."""
    other = table(["A", "B", "OECD-average-2"], [2022], [1, 2, 1.5], obs_status=["", "bd", ""])
    stacked = indicators.comparable({"reading": scores, "science": other}, ["A", "B"], "domain")
    assert stacked.groupby(["domain", "ref_area"]).size().to_dict() == {
        ("reading", "A"): 2, ("reading", "B"): 2, ("science", "A"): 1,
    }  # fmt: skip
    with pytest.raises(IndicatorError, match="of 3 rows of science none"):
        indicators.comparable({"science": other}, ["C"], "domain")


class TestLatest:
    def test_takes_the_nearest_earlier_value_and_says_so(self, scores):
        found = indicators.latest(scores, 2013, 5)
        assert found["time_period"].tolist() == [2012, 2012, pd.NA]
        assert found["years_before"].tolist() == [1, 1, pd.NA]
        assert found["obs_status"].tolist() == ["", "", "m"]

    def test_never_takes_a_later_or_too_old_value(self, scores):
        assert indicators.latest(scores, 2011, 10)["obs_value"].isna().all()
        assert indicators.latest(scores, 2030, 7)["obs_value"].isna().all()
        assert indicators.latest(scores, 2030, 8)["obs_value"].tolist() == [55, 52, 61]

    def test_no_column_comes_in_from_the_index_of_the_table(self, scores):
        found = indicators.latest(scores.sample(frac=1, random_state=0), 2022, 0)
        assert set(found) == {*scores, "years_before"}

    def test_an_area_asked_for_is_never_lost(self, scores):
        found = indicators.latest(scores, 2022, 0, areas=["A", "Q"])
        assert found.set_index("ref_area")["obs_status"].to_dict() == {"A": "", "Q": "m"}

    def test_note_names_every_exception(self):
        data = table("ABCD", [2020, 2021, 2022], [1, 1, 1, np.nan, np.nan, 2, 2, np.nan, 3, np.nan, np.nan, np.nan])
        note = indicators.year_note(indicators.latest(data, 2022, 2), {"B": "Belgium", "C": "Chile"})
        assert note == "Year of reference 2022, except 2021: Belgium, Chile. No data: D."

    def test_note_of_one_year_has_no_exception(self, scores):
        assert indicators.year_note(indicators.latest(scores, 2022, 0)) == "Year of reference 2022."

    def test_spans_count_as_their_last_year_and_are_named(self):
        data = table("AB", ["2019-2021", "2020"], [1, 2, 3, np.nan]).query(
            "not (ref_area == 'A' and time_period == '2019-2021')"
        )
        found = indicators.latest(data, 2021, 2)
        assert found["years_before"].tolist() == [1, 0]
        assert indicators.year_note(found) == "Year of reference 2020, except 2019-2021: B."

    def test_a_year_that_nobody_has_is_not_the_year_of_reference(self, scores):
        assert indicators.year_note(indicators.latest(scores, 2024, 5)) == "Year of reference 2022."

    def test_years_of_nothing_or_of_several_series_are_not_named(self, scores):
        with pytest.raises(IndicatorError, match="no area has a value"):
            indicators.year_note(indicators.latest(scores, 2011, 10))
        both = pd.concat([scores.assign(sex=sex) for sex in "FM"])
        with pytest.raises(IndicatorError, match="one at a time"):
            indicators.year_note(indicators.latest(both, 2022, 1, by=["sex"]))

    def test_a_period_that_is_none_is_refused(self):
        with pytest.raises(IndicatorError, match="'22' is neither a year"):
            indicators.latest(table("A", ["22"], [1.0]), 2022, 0)


class TestAverage:
    def test_unweighted_with_errors_of_independent_samples(self, scores):
        found = indicators.average(scores, code="OECD-average")
        assert found["ref_area"].tolist() == ["OECD-average-2", "OECD-average-3"]
        assert_allclose(found["obs_value"], [45, 56])
        assert_allclose(found["std_error"], [5 / 2, 3 / 3])
        assert found["missing"].tolist() == ["C", ""]

    def test_constant_set_drops_an_area_from_every_period(self, scores):
        found = indicators.average(scores, constant=True)
        assert found["n_areas"].tolist() == [2, 2]
        assert_allclose(found["obs_value"], [45, 53.5])

    def test_no_error_is_invented_when_one_is_missing(self, scores):
        scores.loc[3, "std_error"] = np.nan
        assert indicators.average(scores)["std_error"].isna().tolist() == [False, True]

    def test_an_absent_member_is_named(self, scores):
        assert indicators.average(scores, areas=["A", "Z"])["missing"].tolist() == ["Z", "Z"]

    def test_a_group_without_any_member_is_refused(self, scores):
        with pytest.raises(IndicatorError, match="none of the 2 areas"):
            indicators.average(scores, areas=["X", "Y"])

    def test_series_are_kept_apart(self, scores):
        both = pd.concat([scores.assign(sex="F"), scores.assign(sex="M", obs_value=scores["obs_value"] + 10)])
        found = indicators.average(both, by=["sex"])
        assert_allclose(found["obs_value"], [45, 56, 55, 66])
        with pytest.raises(IndicatorError, match="more than once"):
            indicators.average(both)

    def test_what_is_no_table_of_values_is_told(self, scores):
        with pytest.raises(IndicatorError, match="no areas to average"):
            indicators.average(scores, areas=[])
        with pytest.raises(IndicatorError, match="no column 'sex'; it has ref_area"):
            indicators.average(scores, by=["sex"])
        with pytest.raises(IndicatorError, match="infinity"):
            indicators.average(scores.assign(obs_value=np.inf))

    def test_nothing_at_all_has_status_missing(self, scores):
        found = indicators.average(scores.assign(obs_value=np.nan))
        assert found["n_areas"].tolist() == [0, 0]
        assert found["obs_status"].tolist() == ["m", "m"]

    def test_simulated_samples_scatter_by_the_stated_error(self):
        generator, errors = np.random.default_rng(0), np.array([1.0, 2, 3, 4])
        draws = (generator.normal(size=(20_000, 4)) * errors).mean(axis=1)
        stated = indicators.average(table("ABCD", [2022], [0.0] * 4, std_error=errors))["std_error"][0]
        assert draws.std() == pytest.approx(stated, rel=0.02)


class TestChange:
    def test_hand_computed(self, scores):
        found = indicators.change(scores, 2012, 2022, link_error=12, adjust=None).set_index("ref_area")
        assert found.loc["A", "obs_value"] == 15
        assert found.loc["A", "std_error"] == pytest.approx(np.sqrt(9 + 1 + 144))
        assert found.loc["C", "obs_status"] == "m"
        assert found.loc["C", "significant"] is pd.NA

    def test_link_error_can_take_away_significance(self, scores):
        assert indicators.change(scores, 2012, 2022)["significant"][0]
        assert not indicators.change(scores, 2012, 2022, link_error=12)["significant"][0]

    def test_adjustment_is_that_of_statsmodels(self):
        generator = np.random.default_rng(1)
        data = table(range(20), [1990, 2000], generator.normal(size=40), std_error=np.full(40, 0.5))
        found = indicators.change(data, 1990, 2000, adjust="holm")
        assert_allclose(found["p_adjusted"], multipletests(found["p_value"], method="holm")[1])

    def test_relative_error_agrees_with_simulation(self):
        generator = np.random.default_rng(2)
        first, last = generator.normal(50, 1, 200_000), generator.normal(60, 2, 200_000)
        data = table("A", [1, 2], [50, 60.0], std_error=[1, 2.0]).assign(time_period=[2001, 2002])
        found = indicators.change(data, 2001, 2002, relative=True).iloc[0]
        assert found["obs_value"] == pytest.approx(20)
        assert found["std_error"] == pytest.approx(100 * (last / first).std(), rel=0.01)

    def test_unknown_period_is_refused(self, scores):
        with pytest.raises(IndicatorError, match="no rows for 2015; the table has 2012, 2022"):
            indicators.change(scores, 2015, 2022)

    def test_a_relative_change_has_the_link_error_once_and_needs_a_base(self):
        data = table("A", [2012, 2022], [50, 60.0], std_error=[1, 5.0])
        found = indicators.change(data, 2012, 2022, link_error=3, relative=True).iloc[0]
        assert found["std_error"] == pytest.approx(100 * np.sqrt(5**2 + 3**2 + (1 * 60 / 50) ** 2) / 50)
        for base in (0.0, -1.0):
            with pytest.raises(IndicatorError, match="first values above zero"):
                indicators.change(data.assign(obs_value=[base, 1]), 2012, 2022, relative=True)
        with pytest.raises(IndicatorError, match="link_error is -1"):
            indicators.change(data, 2012, 2022, link_error=-1)

    @given(st.floats(0.01, 1000))
    def test_the_unit_does_not_matter(self, factor):
        data = table("AB", [2012, 2022], [40, 50, 55, 52.0], std_error=[3, 4, 1, 2.0])
        scaled = data.assign(obs_value=data["obs_value"] * factor, std_error=data["std_error"] * factor)
        first, second = (indicators.change(d, 2012, 2022) for d in (data, scaled))
        assert_allclose(first["p_value"], second["p_value"])
        assert_allclose(first["obs_value"] * factor, second["obs_value"])


class TestEffectSize:
    def test_cohen_h_is_that_of_statsmodels(self):
        data = table("AB", [2018, 2024], [30, 80, 45, 60.0], n_obs=[400, 100, 500, 200])
        found = indicators.effect_size(data, 2018, 2024)
        assert_allclose(found["obs_value"], proportion_effectsize([0.45, 0.6], [0.3, 0.8]))
        assert_allclose(found["std_error"], np.sqrt([1 / 400 + 1 / 500, 1 / 100 + 1 / 200]))
        assert found["magnitude"].tolist() == ["small", "small"]

    def test_published_example_of_cohen(self):
        # Cohen (1988), example 6.1: 65 against 45 per cent is h = 0.40.
        data = table("A", [1, 2], [45, 65.0]).assign(time_period=[2001, 2002])
        assert indicators.effect_size(data, 2001, 2002)["obs_value"][0] == pytest.approx(0.40, abs=0.005)

    def test_given_error_of_a_simple_sample_is_that_of_its_size(self):
        share, n = np.array([30, 45.0]), np.array([400, 500])
        error = 100 * np.sqrt(share / 100 * (1 - share / 100) / n)
        data = table("A", [2018, 2024], share, std_error=error)
        assert indicators.effect_size(data, 2018, 2024)["std_error"][0] == pytest.approx(np.sqrt((1 / n).sum()))

    def test_a_share_of_nothing_has_no_error_without_n(self):
        data = table("A", [2018, 2024], [0, 10.0], std_error=[0, 1.0])
        found = indicators.effect_size(data, 2018, 2024)
        assert found["obs_value"][0] > 0
        assert np.isnan(found["std_error"][0])
        for n, error in ((0, np.nan), (1, np.sqrt(1 + 0.01**2 / 0.09)), (100, np.sqrt(0.01 + 0.01**2 / 0.09))):
            found = indicators.effect_size(data.assign(n_obs=n), 2018, 2024)["std_error"][0]
            assert found == pytest.approx(error, nan_ok=True)

    def test_cohen_d_agrees_with_statsmodels(self):
        m, s, n = [10.0, 12.0], [3.0, 4.0], [50, 60]
        data = table("A", [2018, 2024], m, std_deviation=s, n_obs=n)
        found = indicators.effect_size(data, 2018, 2024, kind="mean").iloc[0]
        # statsmodels gives Hedges's g: d with a small-sample factor.
        g, _ = effectsize_smd(m[1], s[1], n[1], m[0], s[0], n[0])
        assert found["obs_value"] * (1 - 3 / (4 * sum(n) - 9)) == pytest.approx(g)
        assert found["std_error"] ** 2 == pytest.approx(110 / 3000 + found["obs_value"] ** 2 / 220)

    def test_sizes_are_named_as_by_cohen(self):
        """A size of exactly 0.2, 0.5 or 0.8 has the higher name."""
        names = {0.19: "negligible", 0.2: "small", 0.49: "small", 0.5: "medium", 0.79: "medium", 0.8: "large"}
        for sign in (1, -1):
            data = table(range(6), [2018, 2024], [0.0] * 6 + [sign * d for d in names], std_deviation=1.0, n_obs=np.nan)
            found = indicators.effect_size(data, 2018, 2024, kind="mean")
            assert found["magnitude"].tolist() == [*names.values()]

    @pytest.mark.parametrize("deviation", [[0.0, 1.0], [1.0, 0.0], [np.nan, np.nan]])
    def test_a_mean_needs_a_standard_deviation_above_zero(self, deviation):
        with pytest.raises(IndicatorError, match="std_deviation above zero"):
            indicators.effect_size(table("A", [2018, 2024], [1, 2.0], std_deviation=deviation), 2018, 2024, kind="mean")

    def test_unknown_kind_and_correlation_are_refused(self, scores):
        with pytest.raises(IndicatorError, match="kind is 'median'"):
            indicators.effect_size(scores, 2012, 2022, kind="median")
        effects = indicators.effect_size(scores, 2012, 2022)
        for correlation in (-0.1, 1.1):
            with pytest.raises(IndicatorError, match="expected 0 to 1"):
                indicators.summarise_effects(effects, correlation=correlation)

    def test_percentages_given_as_proportions_are_not_taken_for_percentages(self):
        with pytest.raises(IndicatorError, match="between 0 and 1"):
            indicators.effect_size(table("A", [2018, 2024], [30, 45.0]), 2018, 2024, percent=False)

    def test_summary_counts_and_chance(self):
        data = pd.concat(
            [
                table("A", [2018, 2024], v, std_error=[1, 1.0]).assign(measure=f"p{i}")
                for i, v in enumerate([[30, 50.0], [50, 30.0], [40, 40.1]])
            ]
        )
        effects = indicators.effect_size(data, 2018, 2024, by=["measure"])
        found = indicators.summarise_effects(effects).iloc[0]
        assert (found["n_up"], found["n_down"], found["n_unchanged"], found["n_missing"]) == (1, 1, 1, 0)
        assert found["mean_absolute"] > 10 * abs(found["obs_value"])
        independent = indicators.summarise_effects(effects, correlation=0)["std_error"][0]
        assert independent == pytest.approx(np.sqrt((effects["std_error"] ** 2).sum()) / 3)
        assert found["std_error"] == pytest.approx(effects["std_error"].mean())

    def test_areas_are_summed_up_in_order(self):
        effects = pd.DataFrame({"ref_area": [*"BAB"], "obs_value": [0.1, 0.2, 0.3], "std_error": 0.1})
        effects["significant"] = pd.array([True, False, False], dtype="boolean")
        found = indicators.summarise_effects(effects)
        assert found["ref_area"].tolist() == ["A", "B"]
        assert found["n_up"].tolist() == [0, 1]

    def test_expected_size_of_change_is_what_chance_gives(self):
        generator = np.random.default_rng(0)
        effects = pd.DataFrame({"ref_area": "A", "obs_value": generator.normal(0, 0.1, 50_000), "std_error": 0.1})
        effects["significant"] = pd.array([False] * len(effects), dtype="boolean")
        found = indicators.summarise_effects(effects).iloc[0]
        assert found["mean_absolute"] == pytest.approx(found["expected_absolute"], rel=0.01)


class TestConvergence:
    def data(self, first, last):
        return table(range(len(first)), [2000, 2010], np.concatenate([first, last]))

    def test_known_slope_is_found(self):
        first = np.exp(np.linspace(1, 3, 12))
        found = indicators.convergence(self.data(first, first * np.exp(10 * (0.05 - 0.02 * np.log(first)))), 2000, 2010)
        assert found["obs_value"][0] == pytest.approx(-0.02)
        assert found["half_life"][0] == pytest.approx(np.log(2) / (-np.log(1 - 0.2) / 10))
        assert found["spread_ratio"][0] == pytest.approx(0.8)

    def test_beta_without_sigma(self):
        # Galton's fallacy: two draws of the same distribution show "convergence", but are not closer together.
        generator = np.random.default_rng(5)
        found = indicators.convergence(self.data(*np.exp(generator.normal(size=(2, 500)))), 2000, 2010).iloc[0]
        assert found["p_value"] < 0.001
        assert found["obs_value"] < 0
        assert found["sigma_p_value"] > 0.05

    def test_pitman_morgan_agrees_with_r(self):
        # R 4.2.2: cor.test(x + y, y - x)$p.value for x = 1..10, y = c(3, 1, 5, 2, 8, 4, 9, 7, 14, 11).
        x, y = np.arange(1.0, 11), np.array([3, 1, 5, 2, 8, 4, 9, 7, 14, 11.0])
        found = indicators.convergence(self.data(x, y), 2000, 2010, logs=False)
        assert found["sigma_p_value"][0] == pytest.approx(0.13181737519473)

    def test_interval_of_the_ratio_holds_what_the_test_does_not_reject(self):
        x, y = np.arange(1.0, 11), np.array([3, 1, 5, 2, 8, 4, 9, 7, 14, 11.0])
        data = self.data(x, y).assign(country=[*"AAABBCCDDD"] * 2)
        for cluster in (None, "country"):
            found = indicators.convergence(data, 2000, 2010, logs=False, cluster=cluster).iloc[0]
            assert found["spread_lower"] < found["spread_ratio"] < found["spread_upper"]
            for end in ("spread_lower", "spread_upper"):
                moved = data.assign(obs_value=data["obs_value"] / np.where(data["time_period"] == 2010, found[end], 1))
                tested = indicators.convergence(moved, 2000, 2010, logs=False, cluster=cluster).iloc[0]
                assert tested["sigma_p_value"] == pytest.approx(0.05, abs=1e-6)

    @pytest.mark.parametrize("seed", [0, 104])
    def test_the_other_way_round_the_interval_is_one_over_it(self, seed):
        """Two countries of which few draws (104) reject no ratio at one end: that end is infinite, or zero."""
        first, last = np.random.default_rng(seed).normal(size=(2, 5))
        there, back = (
            indicators.convergence(self.data(*ends).assign(country=[*"AABBB"] * 2), 2000, 2010, logs=False, cluster="country")
            .iloc[0]
            for ends in ((first, last), (last, first))
        )  # fmt: skip
        assert np.isinf(there["spread_upper"]) == (seed == 104)
        assert back["spread_ratio"] == pytest.approx(1 / there["spread_ratio"])
        assert_allclose(
            [back["spread_lower"], back["spread_upper"]],
            [1 / there["spread_upper"], 1 / there["spread_lower"]],
            rtol=1e-6,
        )

    def test_clusters_of_one_area_are_the_jackknife_of_areas(self):
        data = self.data(*np.random.default_rng(2).normal(size=(2, 15))).assign(country=[*range(15)] * 2)
        found = indicators.convergence(data, 2000, 2010, logs=False, cluster="country").iloc[0]
        first, last = (data.query("time_period == @year")["obs_value"].to_numpy() for year in (2000, 2010))
        added, less = last + first, last - first
        slopes = [np.polyfit(np.delete(added, i), np.delete(less, i), 1)[0] for i in range(15)]
        slope = np.polyfit(added, less, 1)[0]
        t_value = slope / np.sqrt(14 / 15 * ((np.array(slopes) - slope) ** 2).sum())
        deviations = slopes - np.mean(slopes)
        freedom = min(14, 30 / (stats.kurtosis(deviations, fisher=False) - 1))
        assert found["sigma_p_value"] == pytest.approx(2 * stats.t.sf(abs(t_value), freedom))
        assert found["n_clusters"] == 15

    @pytest.mark.simulates
    def test_regions_of_a_country_are_not_taken_as_independent(self):
        rejected = [simulations.once("convergence, spread", "regions, clusters are countries", s) for s in range(50)]
        assert np.mean(rejected) <= 0.16
        alone = [simulations.once("convergence, spread", "regions taken as independent", s) for s in range(30)]
        assert np.mean(alone) > 0.3

    def test_the_only_region_of_a_country_says_nothing_about_what_lies_within(self):
        data = self.data(*np.exp(np.random.default_rng(3).normal(size=(2, 21)))).assign(
            country=[*"ABCDE"] * 4 + ["Z"] + [*"ABCDE"] * 4 + ["Z"]
        )
        found = indicators.convergence(data, 2000, 2010, group="country").iloc[0]
        without = indicators.convergence(data.query("country != 'Z'"), 2000, 2010, group="country").iloc[0]
        assert (found["n_areas"], found["n_clusters"], found["n_alone"], found["n_missing"]) == (20, 5, 1, 0)
        columns = ["obs_value", "std_error", "p_value", "spread_ratio", "sigma_p_value"]
        assert_allclose(found[columns].astype(float), without[columns].astype(float))

    def test_levels_of_countries_do_not_matter_within(self):
        generator = np.random.default_rng(3)
        data = self.data(*np.exp(generator.normal(size=(2, 40)))).assign(country=[*"ABCD"] * 20)
        moved = data.assign(obs_value=data["obs_value"] * data["country"].map({"A": 1, "B": 9, "C": 2, "D": 5}))
        first, second = (indicators.convergence(d, 2000, 2010, group="country") for d in (data, moved))
        assert_allclose(
            first.drop(columns="time_period").astype(float), second.drop(columns="time_period").astype(float)
        )

    def test_slope_and_error_are_those_of_statsmodels(self):
        generator = np.random.default_rng(4)
        first = np.exp(generator.normal(size=20))
        data = self.data(first, first * np.exp(generator.normal(size=20))).assign(country=[*"ABCDE"] * 8)
        x, y = np.log(first), np.diff(np.log(data["obs_value"].to_numpy().reshape(2, 20)), axis=0)[0] / 10
        for cluster, kind in (
            (None, {"cov_type": "HC3"}),
            ("country", {"cov_type": "cluster-crv3", "cov_kwds": {"groups": [0, 1, 2, 3, 4] * 4}}),
        ):
            fit = sm.OLS(y, sm.add_constant(x)).fit(use_t=True, **kind)
            found = indicators.convergence(data, 2000, 2010, cluster=cluster).iloc[0]
            columns = ["obs_value", "std_error", "p_value", "lower", "upper"]
            assert_allclose(
                found[columns].astype(float), [fit.params[1], fit.bse[1], fit.pvalues[1], *fit.conf_int()[1]]
            )

    def test_spreads_are_standard_deviations_less_one_mean_a_group(self):
        data = self.data([1.0, 3, 10, 14], [2.0, 3, 10, 16]).assign(country=[*"AABB"] * 2)
        alone = indicators.convergence(data, 2000, 2010, logs=False).iloc[0]
        assert_allclose(
            [alone["start_spread"], alone["end_spread"]],
            [np.std([1, 3, 10, 14], ddof=1), np.std([2, 3, 10, 16], ddof=1)],
        )
        within = indicators.convergence(data, 2000, 2010, logs=False, group="country").iloc[0]
        assert_allclose([within["start_spread"], within["end_spread"]], np.sqrt([10 / 2, 18.5 / 2]))

    def test_who_moves_to_the_mean_at_once_has_no_half_life_and_who_moves_away_has_no_end(self):
        first = np.array([1.0, 2, 3, 4])
        ends = {"none left": 5 + 0 * first + [0.01, -0.01, 0.01, -0.01], "twice as far": 2 * first}
        found = {
            name: indicators.convergence(self.data(first, last), 2000, 2010, logs=False)["half_life"][0]
            for name, last in ends.items()
        }
        assert found == {"none left": 0.0, "twice as far": np.inf}

    def test_periods_areas_and_clusters_that_do_not_fit_are_told(self):
        data = self.data([1.0, 2, 3, 4], [2.0, 3, 4, 4]).assign(country="A")
        with pytest.raises(IndicatorError, match="2000 is not later than 2010"):
            indicators.convergence(data, 2010, 2000)
        with pytest.raises(IndicatorError, match="two of these or more"):
            indicators.convergence(data, 2000, 2010, cluster="country")
        with pytest.raises(IndicatorError, match="is in more than one country"):
            indicators.convergence(data.assign(country=[*"AABBABBA"]), 2000, 2010, cluster="country")
        with pytest.raises(IndicatorError, match="found 3"):
            indicators.convergence(data.query("ref_area != '3'"), 2000, 2010)
        for value in (0.0, -1.0):
            with pytest.raises(IndicatorError, match="use logs=False"):
                indicators.convergence(data.assign(obs_value=data["obs_value"].replace(1.0, value)), 2000, 2010)

    def test_no_spread_is_refused(self):
        with pytest.raises(IndicatorError, match="start apart"):
            indicators.convergence(self.data(np.ones(5), np.arange(1.0, 6)), 2000, 2010)


class TestDisparities:
    def test_gini_of_the_first_integers(self):
        # The Gini coefficient of 1..n is (n - 1) / (3 n).
        found = indicators.disparities(table(range(10), [2020], np.arange(1.0, 11))).set_index("statistic")
        assert found.loc["gini", "obs_value"] == pytest.approx(9 / 30)
        assert found.loc["ratio", "obs_value"] == 10

    @given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0.1, 100)), min_size=2, max_size=20), st.floats(0.01, 100))
    def test_invariances(self, pairs, factor):
        value, weight = np.array(pairs).T
        data = table(range(len(value)), [2020], value, weight=weight, country=np.arange(len(value)) % 3)
        if not value.sum() > 1e-3:
            return
        found = indicators.disparities(data, group="country", weights="weight").set_index("statistic")["obs_value"]
        assert found["theil_between"] + found["theil_within"] == pytest.approx(found["theil"], abs=1e-12)
        pairwise = (weight[:, None] * weight * np.abs(value[:, None] - value)).sum()
        expected = pairwise / (2 * weight.sum() ** 2 * np.average(value, weights=weight))
        assert found["gini"] == pytest.approx(expected, abs=1e-9)
        mixed = data.sample(frac=1, random_state=1).assign(obs_value=lambda d: d["obs_value"] * factor)
        again = indicators.disparities(mixed, group="country", weights="weight").set_index("statistic")["obs_value"]
        assert_allclose(found[["gini", "theil", "theil_between"]], again[["gini", "theil", "theil_between"]], atol=1e-9)

    def test_within_part_is_the_weighted_mean_of_the_parts(self):
        generator = np.random.default_rng(0)
        data = table(range(12), [2020], generator.lognormal(size=12), country=[*"ABC"] * 4)
        whole = indicators.disparities(data, group="country").set_index("statistic")["obs_value"]
        parts = indicators.disparities(data, by=["country"]).query("statistic == 'theil'")["obs_value"]
        income = data.groupby("country")["obs_value"].sum()
        assert whole["theil_within"] == pytest.approx(np.average(parts, weights=income))

    def test_groups_are_left_out_whole(self):
        """By brute force: Theil within, without each country."""
        data = table(range(60), [2020], np.random.default_rng(0).lognormal(0, 0.3, 60), country=np.arange(60) // 3)
        found = indicators.disparities(data, group="country").set_index("statistic").loc["theil_within"]
        without = [
            indicators.disparities(data.query("country != @country"), group="country")
            .set_index("statistic").loc["theil_within", "obs_value"]
            for country in range(20)
        ]  # fmt: skip
        expected = intervals.jackknife(found["obs_value"], np.array(without), "reciprocal root", correct_bias=True)
        assert_allclose([found["lower"], found["upper"]], expected)

    @pytest.mark.parametrize("design", ["10 areas, skewed", "38 areas, skewed"])
    @pytest.mark.simulates
    def test_interval_of_gini_covers(self, design):
        """Percentiles of a bootstrap cover 60 % with ten areas, and 79 % with 38."""
        covered = [simulations.once("disparities, Gini", design, s) for s in range(100)]
        assert np.mean(covered) >= 0.89

    @pytest.mark.simulates
    def test_interval_of_theil_covers(self):
        """On the logarithm they covered 91 % (of these 300, 91.3)."""
        covered = [simulations.once("disparities, Theil", "38 areas, skewed", s) for s in range(300)]
        assert np.mean(covered) >= 0.92

    def test_theil_and_ratios_by_hand(self):
        """Of 1 and 3 with weights 1 and 2: mean 7/3; and percentiles between the areas."""
        data = table("AB", [2020], [1.0, 3], weight=[1, 2])
        found = indicators.disparities(data, weights="weight").set_index("statistic")["obs_value"]
        relative, share = np.array([3 / 7, 9 / 7]), np.array([1 / 3, 2 / 3])
        assert found["theil"] == pytest.approx(share @ (relative * np.log(relative)))
        assert found["ratio_90_10"] == pytest.approx(2.8 / 1.2)

    def test_intervals_leave_each_area_out(self):
        """Brute force, on the logarithm for Gini, on the logit for the share between groups."""
        data = table(range(12), [2020], np.random.default_rng(0).lognormal(0, 0.4, 12), country=[*"ABCD"] * 3)
        found = indicators.disparities(data).set_index("statistic")
        without = [
            indicators.disparities(data.drop(index=i)).set_index("statistic").loc["gini", "obs_value"]
            for i in range(12)
        ]
        expected = intervals.jackknife(found.loc["gini", "obs_value"], np.array(without), "log", correct_bias=True)
        assert_allclose(found.loc["gini", ["lower", "upper"]].astype(float), expected)
        assert found.loc[["ratio", "ratio_90_10"], ["lower", "upper"]].isna().all(axis=None)
        grouped = indicators.disparities(data, group="country").set_index("statistic")
        without = [
            indicators.disparities(data[data["country"] != c], group="country")
            .set_index("statistic").loc["share_between", "obs_value"]
            for c in "ABCD"
        ]  # fmt: skip
        share = grouped.loc["share_between", "obs_value"]
        expected = intervals.jackknife(share / 100, np.array(without) / 100, "logit")
        assert_allclose(grouped.loc["share_between", ["lower", "upper"]].astype(float), 100 * np.array(expected))
        assert grouped.loc["ratio_90_10", ["lower", "upper"]].notna().all()

    @pytest.mark.parametrize("weight", [0.0, -1.0])
    def test_weights_are_above_zero(self, weight):
        with pytest.raises(IndicatorError, match="lowest weight"):
            indicators.disparities(table("AB", [2020], [1.0, 2], weight=[1, weight]), weights="weight")

    def test_a_ratio_over_zero_is_missing(self):
        found = indicators.disparities(table(range(11), [2020], [0.0, 0, *[5.0] * 9])).set_index("statistic")
        assert found.loc[["ratio", "ratio_90_10"], "obs_value"].isna().all()

    def test_equal_areas(self):
        found = indicators.disparities(table("ABC", [2020], [2.0] * 3), group="ref_area").set_index("statistic")
        assert_allclose(found.loc[["gini", "theil"], "obs_value"], 0, atol=1e-12)
        assert np.isnan(found.loc["share_between", "obs_value"])

    def test_interval_holds_the_value(self):
        data = table(range(30), [2020], np.random.default_rng(1).lognormal(size=30))
        gini = indicators.disparities(data).set_index("statistic").loc["gini"]
        assert gini["lower"] < gini["obs_value"] < gini["upper"]

    @pytest.mark.parametrize("values", [[-1, 2.0], [0, 0.0], [np.nan, np.nan]])
    def test_what_cannot_be_measured_is_refused(self, values):
        with pytest.raises(IndicatorError, match="zero or more"):
            indicators.disparities(table("AB", [2020], values))


class TestPartialPooling:
    # The eight schools of Rubin (1981).
    schools = pd.DataFrame(
        {"ref_area": [*"ABCDEFGH"], "obs_value": [28, 8, -3, 7, -1, 1, 18, 12.0],
         "std_error": [15, 10, 16, 11, 9, 11, 10, 18.0]}
    )  # fmt: skip

    def test_eight_schools_are_integrated_exactly(self):
        """By adaptive quadrature over the variance; an estimate of it, zero here, would give every school the mean."""
        found = indicators.partial_pooling(self.schools)
        value, error = (self.schools[name].to_numpy() for name in ("obs_value", "std_error"))

        def given(deviation):
            total = error**2 + deviation**2
            mean, precision = np.average(value, weights=1 / total), (1 / total).sum()
            density = np.exp(stats.norm.logpdf(value, mean, np.sqrt(total)).sum() - np.log(precision) / 2)
            drawn_in = mean + deviation**2 / total * (value - mean)
            variance = error**2 * deviation**2 / total + (error**2 / total) ** 2 / precision
            return deviation * density * np.array([1, mean, deviation, *drawn_in, *(variance + drawn_in**2)])

        whole, mean, deviation, *rest = integrate.quad_vec(given, 0, np.inf, epsabs=1e-20, epsrel=1e-9)[0]
        drawn_in, squares = np.reshape(rest, (2, 8)) / whole
        assert_allclose(found[["mean", "deviation"]].iloc[0], [mean / whole, deviation / whole], rtol=1e-4)
        assert_allclose(found["obs_value"], drawn_in, rtol=1e-4)
        assert_allclose(found["std_error"], np.sqrt(squares - drawn_in**2), rtol=1e-4)

    def test_homogeneity_is_tested_as_in_statsmodels(self):
        value, error = self.schools["obs_value"].to_numpy(), self.schools["std_error"].to_numpy()
        known = combine_effects(value, error**2, method_re="dl")
        assert_allclose(indicators.partial_pooling(self.schools)["p_value"], stats.chi2.sf(known.q, 7))

    def test_areas_known_exactly_stay_and_those_known_badly_get_the_mean(self):
        sure = indicators.partial_pooling(self.schools.assign(std_error=0.01))
        assert_allclose(sure["obs_value"], self.schools["obs_value"], atol=1e-3)
        assert (sure["shrinkage"] < 0.01).all()
        one = self.schools.assign(std_error=self.schools["std_error"].where(self.schools["ref_area"] != "A", 1e4))
        drawn_in = indicators.partial_pooling(one).iloc[0]
        assert drawn_in["shrinkage"] == pytest.approx(100, abs=0.1)
        assert drawn_in["obs_value"] == pytest.approx(drawn_in["mean"], abs=0.1)

    def test_units_do_not_matter(self):
        kilo = self.schools.assign(
            obs_value=self.schools["obs_value"] / 1000, std_error=self.schools["std_error"] / 1000
        )
        columns = ["obs_value", "std_error", "mean", "deviation"]
        assert_allclose(
            indicators.partial_pooling(kilo)[columns] * 1000, indicators.partial_pooling(self.schools)[columns]
        )

    def test_interval_covers_over_areas(self):
        covered = [simulations.once("partial_pooling", "30 areas, errors of 2 to 10", s) for s in range(150)]
        assert np.mean(covered) >= 0.89

    def test_an_area_without_error_is_not_pooled_and_stays(self):
        data = self.schools.assign(std_error=self.schools["std_error"].where(self.schools["ref_area"] != "C"))
        found = indicators.partial_pooling(data).set_index("ref_area")
        assert (found.loc["C", "obs_status"], found["n_areas"].iloc[0]) == ("m", 7)
        assert np.isnan(found.loc["C", "obs_value"])
        rest = indicators.partial_pooling(self.schools.query("ref_area != 'C'")).set_index("ref_area")
        assert_allclose(found["obs_value"].drop("C"), rest["obs_value"])

    @pytest.mark.parametrize(("error", "message"), [(0.0, "above zero"), (np.nan, "five or more")])
    def test_without_errors_it_is_refused(self, error, message):
        with pytest.raises(IndicatorError, match=message):
            indicators.partial_pooling(self.schools.assign(std_error=error))


class TestBenchmark:
    context = pd.DataFrame({"income": [0, 1, 10, 11, 5.0]}, index=[*"ABCDE"])

    def test_hand_computed(self):
        """Weights fall in a straight line: at half of the largest distance a peer counts half."""
        context = pd.DataFrame({"x": [0.0, 0, 1, 2, 9]}, index=list("ABCDE"))
        unit = context["x"].std()
        found = indicators.benchmark(
            table("ABCDE", [2022], [10, 20, 30, 40, 50.0], std_error=[3.0] * 5), context, 2 / unit, 2
        ).set_index("ref_area")
        assert found["peers"].fillna("").to_dict() == {"A": "B C", "B": "A C", "C": "A B D", "D": "C", "E": ""}
        mean = (20 * 1 + 30 * 0.5) / 1.5
        squares = (1 + 0.25) / 1.5**2
        variance = ((20 - mean) ** 2 + 0.5 * (30 - mean) ** 2) / 1.5 / (1 - squares)
        group = variance * squares
        freedom = (9 + group) ** 2 / (group**2 / (1 / squares - 1))
        wanted = [10 - mean, np.sqrt(9 + group), freedom, np.sqrt(variance), 1 / squares]
        columns = ["obs_value", "std_error", "degrees_of_freedom", "peer_spread", "n_effective"]
        assert_allclose(found.loc["A", columns].astype(float), wanted)
        half = stats.t.ppf(0.975, freedom) * wanted[1]
        assert_allclose(found.loc["A", ["lower", "upper"]].astype(float), [wanted[0] - half, wanted[0] + half])

    def test_an_area_without_enough_near_ones_is_compared_with_none(self):
        """Five neighbours were taken however far they were: Germany was set beside Türkiye."""
        context = pd.DataFrame({"x": [0.0, 0.1, 0.2, 0.3, 9]}, index=list("ABCDE"))
        found = indicators.benchmark(table("ABCDE", [2022], [1, 2, 3, 4, 5.0]), context).set_index("ref_area")
        assert found["obs_status"].to_dict() == {"A": "", "B": "", "C": "", "D": "", "E": "m"}

    def test_an_area_for_whom_one_peer_counts_for_nearly_all_is_compared_with_none(self):
        """Italy was compared with Portugal and a trace of three others: an interval of six million points."""
        context = pd.DataFrame({"x": [0.0, 0.02, 1.9, 1.92, 1.94, 9]}, index=list("ABCDEF"))
        values = table("ABCDEF", [2022], [1, 2, 3, 4, 5, 6.0])
        found = indicators.benchmark(values, context, 2 / context["x"].std()).set_index("ref_area")
        assert found.loc["A", "n_peers"] == 4
        assert found["obs_status"].to_dict() == {"A": "m", "B": "m", "C": "", "D": "", "E": "", "F": "m"}

    def test_peers_lie_within_two_standard_deviations(self):
        """Of -1, 0 and 1, twice each, the ends are 2.2 standard deviations apart."""
        context = pd.DataFrame({"x": [-1.0, -1, 0, 0, 1, 1]}, index=list("ABCDEF"))
        found = indicators.benchmark(table("ABCDEF", [2022], range(6)), context)
        assert found["n_peers"].tolist() == [3, 3, 5, 5, 3, 3]

    def test_a_peer_without_a_value_counts_for_nobody(self):
        context = pd.DataFrame({"x": [0.0, 0.5, 1, 1.5, 2]}, index=list("ABCDE"))
        values = table("ABCDE", [2022], [1, 2, np.nan, 4, 6.0])
        found = indicators.benchmark(values, context, 9, 2).set_index("ref_area")
        rest = indicators.benchmark(values.drop(index=2), context, 9, 2).set_index("ref_area")
        columns = ["obs_value", "n_peers", "n_effective", "peer_spread"]
        assert found["obs_status"].to_dict() == {"A": "", "B": "", "C": "m", "D": "", "E": ""}
        assert_allclose(found.loc[[*"ABDE"], columns].astype(float), rest.loc[[*"ABDE"], columns].astype(float))
        unit = context["x"].std()
        weight = 1 - np.array([0.5, 1.5, 2]) / unit / 9  # of B, D and E for A
        assert found.loc["A", "n_effective"] == pytest.approx(weight.sum() ** 2 / (weight**2).sum())

    def test_who_has_no_value_does_not_make_the_peers_of_others_fewer_in_effect(self):
        """Weights of one, 0.3 and 0.05 are 1.7 peers in effect, and three want half as many."""
        context = pd.DataFrame({"x": [0.0, 0, 0, 0.7, 0.95, 9]}, index=list("ABCDEF"))
        values = table("ABCDEF", [2022], [1, 2, np.nan, 4, 5, 6.0])
        found = indicators.benchmark(values, context, 1 / context["x"].std()).set_index("ref_area")
        assert found.loc["A", ["obs_status", "n_peers"]].tolist() == ["", 3]
        assert found.loc["A", "n_effective"] == pytest.approx(1.35**2 / (1 + 0.3**2 + 0.05**2))

    def test_nor_does_who_has_no_value_make_them_more(self):
        """One near peer and two at the edge are 1.2 in effect, whoever else is near without a value."""
        context = pd.DataFrame({"x": [0.0, 0, 0, 0.95, 0.95, 9, 9, 9, 9]}, index=list("ABCDEFGHI"))
        values = table("ABCDEFGHI", [2022], [1, 2, np.nan, 4, 5, 6, 7, 8, 9.0])
        found = indicators.benchmark(values, context, 1 / context["x"].std()).set_index("ref_area")
        assert found["obs_status"].loc[[*"ABF"]].tolist() == ["m", "m", ""]
        assert found.loc["A", "n_peers"] == 3

    def test_peers_do_not_depend_on_who_has_a_value(self):
        context = pd.DataFrame({"x": [0.0, 0.1, 0.2, 0.3, 0.4, 9]}, index=list("ABCDEF"))
        whole = indicators.benchmark(table("ABCDEF", [2022], [1, 2, 3, 4, 5, 6.0]), context)
        part = indicators.benchmark(table("ABCDE", [2022], [1, 2, 3, 4, 5.0]), context)
        assert whole["peers"].iloc[0] == part["peers"].iloc[0] == "B C D E"

    def test_a_circumstance_that_is_not_known_is_left_out_of_the_distance(self):
        context = pd.DataFrame({"x": [0.0, 0.1, 0.2, 2], "y": [0.0, 1, 2, np.nan]}, index=list("ABCD"))
        found = indicators.benchmark(table("ABCD", [2022], [1, 2, 3, 4.0]), context, 9).set_index("ref_area")
        assert found.loc["D", "peers"] == "C B A"

    @pytest.mark.simulates
    def test_the_test_holds_its_level(self):
        """Sampling errors alone, without what sets the peers apart, called a system in the middle different too often."""
        rng, wrong, before = np.random.default_rng(1), [], []
        for _ in range(400):
            names = [f"{i:02}" for i in range(30)]
            context = pd.DataFrame(rng.normal(size=(30, 2)), columns=["x", "y"], index=names)
            context.iloc[0] = 0
            values = rng.normal(0, 1, 30) + np.append(0, rng.normal(0, 6, 29))
            row = indicators.benchmark(table(names, [2022], values, std_error=[1.0] * 30), context).iloc[0]
            wrong.append(not row["lower"] <= 0 <= row["upper"])
            before.append(abs(row["obs_value"]) > 1.96 * np.sqrt(1 + 1 / row["n_effective"]))
        assert np.mean(wrong) < 0.07 < np.mean(before)

    def test_units_of_the_context_do_not_matter(self):
        context = self.context.assign(size=[3, 1, 4, 1, 5.0])
        data = table("ABCDE", [2022], [10, 20, 30, 40, 50.0])
        pd.testing.assert_frame_equal(
            indicators.benchmark(data, context, 5), indicators.benchmark(data, context * [1000, 0.01] + 7, 5)
        )

    def test_an_area_without_context_stays_with_a_reason(self):
        found = indicators.benchmark(table("ABCDEQ", [2022], range(6)), self.context, 9).set_index("ref_area")
        assert found.loc["Q", "obs_status"] == "m"

    def test_too_few_areas(self):
        with pytest.raises(IndicatorError, match="none has 3 others within"):
            indicators.benchmark(table("AB", [2022], range(2)), self.context)


class TestIndexNumbers:
    def test_hand_computed(self):
        data = table("A", [2000, 2001, 2004], [50, 55, 66.55], std_error=[1, 1.1, 0.0])
        found = indicators.index_numbers(data, 2000)
        assert_allclose(found["index"], [100, 110, 133.1])
        assert_allclose(found["growth"], [np.nan, 10, 100 * (1.21 ** (1 / 3) - 1)])
        assert_allclose(found["growth_since_base"], [0, 10, 100 * (1.331 ** (1 / 4) - 1)])
        assert_allclose(found["index_error"], [0, 110 * np.sqrt(2) * 0.02, 133.1 * 0.02])

    def test_without_base_no_index(self):
        data = table("AB", [2000, 2001], [50, np.nan, 55, 60.0])
        found = indicators.index_numbers(data, 2000).set_index(["ref_area", "time_period"])
        assert found.loc[("B", 2001), "obs_status"] == "m"
        assert np.isnan(found.loc[("B", 2001), "index"])

    def test_a_base_that_nobody_has_is_told(self):
        with pytest.raises(IndicatorError, match="base period 1999"):
            indicators.index_numbers(table("A", [2000, 2001], [1, 1.0]), 1999)

    def test_a_gap_is_passed_over_in_growth(self):
        found = indicators.index_numbers(table("A", [2000, 2001, 2002], [100, np.nan, 121.0]), 2000)
        assert_allclose(found["growth"], [np.nan, np.nan, 10])
        assert found["obs_status"].tolist() == ["", "m", ""]

    def test_zero_has_no_growth(self):
        with pytest.raises(IndicatorError, match="above zero"):
            indicators.index_numbers(table("A", [2000, 2001], [0, 1.0]), 2000)


values = st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=2, max_size=12)


@given(values, st.booleans())
@example(numbers=[0.0, 5e-324, None, None], constant=False)  # half of the smallest number there is, is zero
def test_degenerate_tables_give_a_result_or_a_clear_error(numbers, constant):
    """No crash and no silent missing value, whatever is in the table."""
    numbers = numbers[: len(numbers) // 2 * 2]
    data = table(range(len(numbers) // 2), [2000, 2010], np.array(numbers, dtype=float), std_error=0.0)
    n = data.groupby("time_period")["obs_value"].count()
    found = indicators.average(data, constant=constant)
    assert (found["obs_value"].isna() == (found["n_areas"] == 0)).all()
    assert constant or found["n_areas"].tolist() == n.tolist()
    change = indicators.change(data, 2000, 2010)
    assert (change["obs_value"].isna() == (change["obs_status"] == "m")).all()
    for function in (
        lambda: indicators.convergence(data, 2000, 2010),
        lambda: indicators.convergence(data, 2000, 2010, logs=False),
        lambda: indicators.disparities(data, by=["time_period"]),
        lambda: indicators.effect_size(data, 2000, 2010),
        lambda: indicators.index_numbers(data, 2000),
    ):
        try:
            assert len(function())
        except IndicatorError as error:
            assert len(str(error)) > 20


class TestPairsOfEstimates:
    def test_difference_has_the_error_of_independent_samples(self):
        one, other = (pd.Series({"obs_value": value, "std_error": error}) for value, error in ((500, 3.0), (480, 4.0)))
        assert indicators.difference(one, other).tolist() == [20, 5]

    def test_difference_of_tables_goes_by_index_and_keeps_gaps(self):
        one = pd.DataFrame({"obs_value": [1.0, 2.0], "std_error": [3.0, 3.0]}, index=["A", "B"])
        other = pd.DataFrame({"obs_value": [5.0, 1.0], "std_error": [4.0, np.nan]}, index=["B", "A"])
        found = indicators.difference(one, other)
        assert found.loc["B"].tolist() == [-3, 5]
        assert found.loc["A", "obs_value"] == 0
        assert np.isnan(found.loc["A", "std_error"])

    def test_ends_pass_over_gaps(self):
        frame = pd.DataFrame({"country": list("ABCD"), "obs_value": [np.nan, 3, 1, 2.0]}, index=[7, 7, 7, 7])
        found = indicators.ends(frame, names=("least", "most"))
        assert {name: row["country"] for name, row in found.items()} == {"least": "C", "most": "B"}

    def test_one_of_several_at_an_end_is_not_named_alone(self):
        """Of three regions with the highest share one was named."""
        frame = pd.DataFrame({"country": list("ABC"), "obs_value": [62.0, 13, 62]})
        with pytest.raises(IndicatorError, match="2 rows are level at 62 in 'obs_value', A, C; name them all"):
            indicators.ends(frame)

    def test_correlation_is_that_of_complete_rows_with_fishers_interval(self):
        generator = np.random.default_rng(3)
        frame = pd.DataFrame(generator.normal(size=(30, 2)), columns=["x", "y"])
        frame.loc[::10, "y"] = np.nan
        found = indicators.correlation(frame, "x", "y")
        known = frame.dropna()
        r = np.corrcoef(known["x"], known["y"])[0, 1]
        half = stats.norm.ppf(0.975) / np.sqrt(len(known) - 3)
        expected = [r, *np.tanh(np.arctanh(r) + np.array([-half, half]))]
        assert_allclose([found["obs_value"], found["lower"], found["upper"]], expected)
        assert found["n_obs"] == 27

    def test_correlation_of_three_areas_is_refused(self):
        frame = pd.DataFrame({"x": [1, 2, 3.0], "y": [2, 1, 4.0]})
        with pytest.raises(IndicatorError, match="3 rows have both 'x' and 'y'"):
            indicators.correlation(frame, "x", "y")
