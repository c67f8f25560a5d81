"""Failures guarded against: regions lost without a word, variance that does not add up, movers that did not move."""

import numpy as np
import pandas as pd
import pytest
import simulations
import statsmodels.formula.api as smf
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from statsmodels.stats.anova import anova_lm

from crossroads import intervals, regions
from crossroads.regions import RegionError


class TestCodes:
    def test_country_level_and_parents(self):
        found = regions.describe_codes(["AT", "AT1", "AT11", "EL303", "UKI3", "ATZZ"])
        assert found["country"].tolist() == ["AT", "AT", "AT", "GR", "GB", "AT"]
        assert found["level"].tolist() == [0, 1, 2, 3, 2, 2]
        assert found["nuts_1"].fillna("").tolist() == ["", "AT1", "AT1", "EL3", "UKI", "ATZ"]
        assert found["nuts_2"].fillna("").tolist() == ["", "", "AT11", "EL30", "UKI3", "ATZZ"]
        assert found["extra_regio"].tolist() == [False] * 5 + [True]

    def test_a_country_whose_code_ends_in_z_is_no_territory_without_region(self):
        assert not regions.describe_codes(["CZ"])["extra_regio"].item()

    def test_large_regions_tell_their_country_only(self):
        found = regions.describe_codes(["AU1", "US06", "MX"], "TL2", {"AU": "AUS", "US": "USA", "MX": "MEX"})
        assert found["country"].tolist() == ["AUS", "USA", "MEX"]
        assert found["level"].tolist() == [2, 2, 0]
        assert found["nuts_1"].isna().all()

    @pytest.mark.parametrize("code", ["at11", "A", "AT11 ", "AT1123", "", "EU27_2020"])
    def test_what_is_no_code_is_refused(self, code):
        with pytest.raises(RegionError, match="1 codes are not NUTS codes"):
            regions.describe_codes(["AT11", code])

    def test_a_country_that_nobody_knows_is_refused(self):
        with pytest.raises(RegionError, match="'XX1'"):
            regions.describe_codes(["AT1", "XX1"], countries={"AT": "AUT"})


class TestVintage:
    def test_best_first_with_what_does_not_fit(self):
        valid = pd.DataFrame(
            {"vintage": [2013] * 3 + [2021] * 3, "ref_area": ["FR10", "FR21", "AT11", "FR10", "FRF2", "AT11"]}
        )
        found = regions.match_vintage(["FR10", "FRF2", "AT11", "AT11", "XX99"], valid)
        assert found["vintage"].tolist() == [2021, 2013]
        assert found["n_valid"].tolist() == [3, 2]
        assert found["not_valid"].tolist() == ["XX99", "FRF2 XX99"]
        assert found["n_codes"].tolist() == [4, 4]
        assert found["share"].tolist() == [75, 50]

    def test_no_codes_fit_nothing(self):
        with pytest.raises(RegionError, match="no codes"):
            regions.match_vintage([], pd.DataFrame({"vintage": [2021], "ref_area": ["FR10"]}))


class TestJoin:
    left = pd.DataFrame({"ref_area": ["A", "B", "B", "C"], "x": range(4)})

    def test_every_row_without_partner_is_reported(self):
        joined, report = regions.join(
            self.left, pd.DataFrame({"ref_area": ["B", "D"], "y": [1, 2]}), names=("RIS", "RCI")
        )
        assert joined["x"].tolist() == [1, 2]
        assert report.to_numpy().tolist() == [["A", "RIS", 1], ["C", "RIS", 1], ["D", "RCI", 1]]

    def test_a_full_match_has_an_empty_report(self):
        assert regions.join(self.left, pd.DataFrame({"ref_area": [*"ABC"], "y": 1}))[1].empty

    def test_rows_are_not_multiplied(self):
        with pytest.raises(RegionError, match="right has several rows"):
            regions.join(self.left, pd.DataFrame({"ref_area": ["B", "B"], "y": 1}))
        with pytest.raises(RegionError, match="'ref_area': 'C'"):  # the first that is there twice
            regions.join(self.left, pd.DataFrame({"ref_area": [*"CCBB"], "y": 1}))

    def test_columns_are_not_renamed_in_silence(self):
        with pytest.raises(RegionError, match="column 'x'"):
            regions.join(self.left, pd.DataFrame({"ref_area": ["B"], "x": 1}))


class TestVariance:
    def data(self, seed=0, n=40):
        generator = np.random.default_rng(seed)
        country = generator.integers(0, 6, n)
        return pd.DataFrame({"country": country.astype(str), "obs_value": country + generator.normal(size=n) * 2})

    def test_is_the_analysis_of_variance_of_statsmodels(self):
        data = self.data()
        fit = smf.ols("obs_value ~ C(country)", data).fit()
        squares = anova_lm(fit)
        found = regions.variance_within_between(data).set_index("component")
        assert_allclose(
            found.loc["between", ["obs_value", "uncorrected"]], [100 * fit.rsquared_adj, 100 * fit.rsquared]
        )
        assert_allclose(found.loc["within", "variance"], squares["mean_sq"].iloc[1])
        assert_allclose(found["variance"].sum(), data["obs_value"].var())
        assert_allclose(found["obs_value"].sum(), 100)

    def test_weights_are_those_of_a_sum_of_squares(self):
        """Unequal weights by brute force: what noise alone adds to the variance between, averaged over draws of it."""
        data = self.data()
        data["people"] = np.arange(len(data)) % 3 + 1.0
        weight, codes = data["people"].to_numpy(), data["country"].astype(int).to_numpy()
        noise = np.random.default_rng(0).normal(size=(20_000, len(data)))
        means = np.stack(
            [np.average(noise[:, codes == c], axis=1, weights=weight[codes == c]) for c in range(6)], axis=1
        )
        size = np.bincount(codes, weight) / weight.sum()
        added = (means**2 @ size - (means @ size) ** 2).mean()
        left = (noise**2 @ weight / weight.sum() - means**2 @ size).mean()
        found = regions.variance_within_between(data, weights="people").set_index("component")
        total = np.cov(data["obs_value"], aweights=weight, ddof=0)
        groups = [np.average(data["obs_value"][codes == c], weights=weight[codes == c]) for c in range(6)]
        observed = np.cov(groups, aweights=size, ddof=0)
        assert found.loc["between", "uncorrected"] == pytest.approx(100 * observed / total)
        within = (total - observed) / left
        assert found.loc["within", "variance"] == pytest.approx(within, rel=0.01)
        assert found.loc["between", "variance"] == pytest.approx(total / (left + added) - within, rel=0.01)

    @pytest.mark.simulates
    def test_few_regions_a_country_do_not_raise_the_share_between(self):
        """The analysis of variance finds 64 where the truth is 50, and 33 where it is 0."""
        generator = np.random.default_rng(1)
        country = np.arange(120) // 3
        for truth, corrected, uncorrected in ((0.0, 0, 33), (0.5, 50, 64)):
            values = np.sqrt(truth) * generator.normal(size=(200, 40))[:, country]
            values = values + np.sqrt(1 - truth) * generator.normal(size=(200, 120))
            tables = [pd.DataFrame({"country": country, "obs_value": row}) for row in values]
            found = pd.concat(regions.variance_within_between(one) for one in tables).groupby("component")
            variance = found["variance"].mean()
            assert 100 * variance["between"] / variance.sum() == pytest.approx(corrected, abs=1.5)
            assert found["uncorrected"].mean()["between"] == pytest.approx(uncorrected, abs=2)

    def test_interval_covers(self):
        covered = [simulations.once("variance within and between", "normal, share 50 %", s) for s in range(100)]
        assert np.mean(covered) >= 0.89

    def test_interval_leaves_each_country_out_with_all_its_regions(self):
        """Brute force: the function itself, asked once without each country."""
        data = self.data()
        found = regions.variance_within_between(data).set_index("component")
        shares = [
            regions.variance_within_between(rest).set_index("component").loc["between", "obs_value"] / 100
            for rest in (data[data["country"] != country] for country in sorted(set(data["country"])))
        ]
        expected = intervals.jackknife(found.loc["between", "obs_value"] / 100, np.array(shares), "logit")
        assert_allclose(found.loc["between", ["lower", "upper"]].astype(float), 100 * np.array(expected))
        assert_allclose(
            found.loc["within", ["lower", "upper"]].astype(float), 100 - 100 * np.array(expected)[::-1], rtol=1e-9
        )
        assert found[["n_areas", "n_groups"]].to_numpy().tolist() == [[40, 6]] * 2

    def test_two_countries_are_enough_and_groups_are_split_alone(self):
        data = pd.DataFrame({"country": [*"AABB"] * 2, "sex": [*"FFFFMMMM"], "obs_value": [1.0, 3, 5, 9, 1, 2, 3, 5]})
        found = regions.variance_within_between(data, by=["sex"]).set_index(["sex", "component"])
        # By hand: within F (1 + 1 + 4 + 4) / 2, within M (0.25 + 0.25 + 1 + 1) / 2; all F 35 / 3, all M 8.75 / 3.
        assert_allclose(found.loc[("F", "within"), "variance"], 5)
        assert_allclose(found.loc[("M", "within"), "variance"], 1.25)
        assert_allclose(found["variance"].groupby(level=0).sum(), [35 / 3, 8.75 / 3])

    @pytest.mark.parametrize("people", [0.0, -1.0])
    def test_weights_are_positive(self, people):
        data = self.data().assign(people=1.0)
        data.loc[3, "people"] = people
        with pytest.raises(RegionError, match="positive weights"):
            regions.variance_within_between(data, weights="people")

    def test_countries_of_one_region_are_counted_and_say_nothing_about_within(self):
        data = pd.concat([self.data(), pd.DataFrame({"country": [*"XYZ"], "obs_value": [1.0, 9, 4]})])
        found, without = (regions.variance_within_between(d).set_index("component") for d in (data, self.data()))
        assert found["n_alone"].tolist() == [3, 3]
        assert found.loc["within", "variance"] == pytest.approx(without.loc["within", "variance"])

    def test_a_single_country_of_several_regions_has_no_interval(self):
        data = pd.DataFrame({"country": [*"AAABCD"], "obs_value": [1.0, 2, 4, 8, 3, 5]})
        found = regions.variance_within_between(data)
        assert np.isfinite(found["obs_value"]).all()
        assert found[["lower", "upper"]].isna().all(axis=None)

    @given(st.floats(0.001, 1e4), st.floats(-1e6, 1e6))
    def test_units_do_not_matter(self, factor, shift):
        data = self.data()
        moved = data.assign(obs_value=data["obs_value"] * factor + shift)
        first, second = (regions.variance_within_between(d) for d in (data, moved))
        columns = ["obs_value", "lower", "upper"]
        assert_allclose(first[columns], second[columns], rtol=1e-3, atol=1e-3)

    @pytest.mark.parametrize(
        ("country", "value", "message"),
        [
            ("AA", [1, 2.0], "found 1 countries"),
            ("AAB", [3, 3.0, 3], "same value"),
            ("AAB", [1e6 * (0.1 + 0.2), 1e6 * 0.3, 1e6 * 0.3], "same value"),  # but for what is left of rounding
            ("AAB", [1e15 * (0.1 + 0.2), 1e15 * 0.3, 1e15 * 0.3], "same value"),
            ("AB", [3, 4.0], "one region"),
            ("AB", [np.nan] * 2, "found 0 countries"),
        ],
    )
    def test_nothing_to_split(self, country, value, message):
        with pytest.raises(RegionError, match=message):
            regions.variance_within_between(pd.DataFrame({"country": [*country], "obs_value": value}))

    def test_missing_regions_are_counted(self):
        data = self.data()
        data.loc[:2, "obs_value"] = np.nan
        assert regions.variance_within_between(data)["n_missing"].tolist() == [3, 3]


class TestTypology:
    data = pd.DataFrame(
        {
            "ref_area": [*"ABCD"] * 2,
            "time_period": [2016] * 4 + [2022] * 4,
            "x": [1, 2, 3, 4, 4, 2, 3, 4],
            "y": [1, 4, 2, 3, 9, 4, 2, np.nan],
            "country": [*"PPQQ"] * 2,
        }
    )

    def test_quadrants_of_the_base_year(self):
        found = regions.typology(self.data, "x", "y", base=2016)
        assert found["type"].fillna("").tolist() == [
            "low-low", "low-high", "high-low", "high-high", "high-high", "low-high", "high-low", "",
        ]  # fmt: skip
        assert (found["x_cut"] == 2.5).all()
        assert found["margin"][0] == pytest.approx(1.5 / np.std([1, 2, 3, 4], ddof=1))

    def test_who_is_at_the_cut_is_high(self):
        data = pd.DataFrame({"ref_area": [*"ABC"], "x": [1, 2, 3], "y": [3, 2, 1]})
        assert regions.typology(data, "x", "y")["type"].tolist() == ["low-high", "high-high", "high-low"]

    def test_each_year_its_own_middle(self):
        found = regions.typology(self.data, "x", "y")
        assert found["x_cut"].unique().tolist() == [2.5, 3.5]

    def test_within_countries(self):
        found = regions.typology(self.data[:4], "x", "y", within="country")
        assert found["x_cut"].tolist() == [1.5, 1.5, 3.5, 3.5]
        assert found["type"].tolist() == ["low-low", "high-high", "low-low", "high-high"]

    def test_transitions_count_every_region(self):
        types = regions.typology(self.data, "x", "y", base=2016)
        found = regions.transitions(types, 2016, 2022)
        assert found["n_areas"].sum() == 3
        assert found["n_missing"].unique().tolist() == [1]
        moved = found.query("start_type == 'low-low' and end_type == 'high-high'").iloc[0]
        assert (moved["n_areas"], moved["obs_value"]) == (1, 100)

    def test_interval_is_that_of_wilson(self):
        types = pd.DataFrame({"ref_area": [*range(10)] * 2, "time_period": [1] * 10 + [2] * 10})
        types["type"] = ["a"] * 10 + ["a"] * 7 + ["b"] * 3
        found = regions.transitions(types, 1, 2).iloc[1]
        expected = stats.binomtest(3, 10).proportion_ci(method="wilson")
        assert_allclose([found["lower"], found["upper"]], [100 * expected.low, 100 * expected.high])

    def test_refusals(self):
        with pytest.raises(RegionError, match="'x' does not vary"):
            regions.typology(self.data.assign(x=1), "x", "y")
        with pytest.raises(RegionError, match="no middle"):
            regions.typology(self.data.assign(x=np.nan), "x", "y")
        with pytest.raises(RegionError, match="no middle"):
            regions.typology(self.data[:1], "x", "y")
        with pytest.raises(RegionError, match="2030 needs one row"):
            regions.transitions(self.data.assign(type="a"), 2016, 2030)
        with pytest.raises(RegionError, match="2016 needs one row a region; found 5 rows, 4 regions"):
            regions.transitions(pd.concat([self.data, self.data[:1]]).assign(type="a"), 2016, 2022)
        with pytest.raises(RegionError, match="no region has a type in both 2016 and 2022"):
            regions.transitions(self.data.assign(type=["a"] * 4 + [None] * 4), 2016, 2022)
        with pytest.raises(RegionError, match="four different labels"):
            regions.typology(self.data, "x", "y", labels=["a", "b", "c", "c"])


class TestTypeGaps:
    data = pd.DataFrame(
        {
            "country": [*"AAABBBCC"],
            "kind": ["capital", "other", "other", "capital", "other", "other", "other", "other"],
            "obs_value": [10, 4, 6, 9, 5, 9, 7, 8.0],
            "people": [1, 1, 3, 1, 1, 1, 1, 1],
        }
    )

    def test_hand_computed(self):
        found = regions.type_gaps(self.data, "kind", "other").set_index("ref_area")
        assert found.loc["A", "obs_value"] == 5
        assert found.loc["B", "obs_value"] == 2
        assert found.loc["average-2", "obs_value"] == 3.5
        assert found["n_left_out"].unique().tolist() == [1]
        interval = stats.ttest_1samp([5, 2], 0).confidence_interval()
        assert_allclose(found.loc["average-2", ["lower", "upper"]].astype(float), [interval.low, interval.high])
        assert found.loc["average-2", "std_error"] == pytest.approx(1.5)  # of 5 and 2
        assert found["n_areas"].tolist() == [1, 1, 2] and found["n_reference"].tolist() == [2, 2, 4]

    def test_weights(self):
        found = regions.type_gaps(self.data, "kind", "other", weights="people").set_index("ref_area")
        assert found.loc["A", "obs_value"] == 10 - 5.5

    def test_one_country_has_no_interval(self):
        found = regions.type_gaps(self.data[:3], "kind", "other").set_index("ref_area")
        assert np.isnan(found.loc["average-1", "std_error"])

    def test_a_kind_that_is_not_there(self):
        with pytest.raises(RegionError, match="no region is of kind 'rural'; found 'capital', 'other'"):
            regions.type_gaps(self.data, "kind", "rural")
        with pytest.raises(RegionError, match="nothing to compare"):
            regions.type_gaps(self.data[6:], "kind", "other")


@given(st.lists(st.tuples(st.sampled_from("AB"), *[st.sampled_from([None, 0.0, 1.0, 5.0, 1e9])] * 2), max_size=8))
def test_degenerate_tables_give_a_result_or_a_clear_error(rows):
    """No crash and no silent missing value."""
    data = pd.DataFrame(rows, columns=["country", "obs_value", "y"]).astype({"obs_value": float, "y": float})
    data["kind"] = data["country"].map({"A": "capital", "B": "other"})
    for function in (
        lambda: regions.variance_within_between(data)["obs_value"].notna().all(),
        lambda: regions.typology(data, "obs_value", "y")["type"].notna().sum() >= 2,
        lambda: len(regions.type_gaps(data, "kind", "other")),
    ):
        try:
            assert function()
        except RegionError as error:
            assert len(str(error)) > 20


class TestAbsentRegions:
    AREAS = pd.DataFrame(
        [
            ("NL31", "NUTS2", "NLD"),
            ("NL32", "NUTS2", "NLD"),
            ("NL3", "NUTS1", "NLD"),
            ("DE1", "NUTS1", "DEU"),
            ("DE2", "NUTS1", "DEU"),
            ("DE11", "NUTS2", "DEU"),
            ("US06", "TL2", "USA"),
            ("US09", "TL2", "USA"),
        ],
        columns=["code", "area_type", "country"],
    )

    @staticmethod
    def values(rows):
        return pd.DataFrame(rows, columns=["ref_area", "country", "time_period", "obs_value"])

    def test_a_region_that_vanishes_from_one_year_to_the_next_is_found(self):
        table = self.values([("NL31", "NLD", 2018, 1.0), ("NL32", "NLD", 2018, 2.0), ("NL32", "NLD", 2019, 2.0)])
        found = regions.absent_regions(table, self.AREAS, ["country", "time_period"]).set_index("time_period")
        assert found.loc[2018, "absent"] == () and found.loc[2019, "absent"] == ("NL31",)

    def test_groups_stand_in_the_order_of_the_table(self):
        table = self.values([("NL32", "NLD", 2019, 2.0), ("DE1", "DEU", 2019, 1.0)])
        assert regions.absent_regions(table, self.AREAS, ["country"])["country"].tolist() == ["NLD", "DEU"]

    def test_a_region_that_no_year_has_is_found_in_the_list_of_areas(self):
        table = self.values([("NL32", "NLD", 2019, 2.0)])
        assert regions.absent_regions(table, self.AREAS, ["country"])["absent"].item() == ("NL31",)

    def test_a_row_without_a_value_is_no_value(self):
        table = self.values([("US06", "USA", 2019, 2.0), ("US09", "USA", 2019, np.nan)])
        found = regions.absent_regions(table, self.AREAS, ["country"]).iloc[0]
        assert (found["n_regions"], found["n_absent"], found["absent"]) == (1, 1, ("US09",))

    def test_outside_europe_the_list_of_areas_has_codes_of_older_editions_and_is_no_yardstick(self):
        table = self.values([("US06", "USA", 2019, 2.0)])
        assert regions.absent_regions(table, self.AREAS, ["country"])["n_absent"].item() == 0

    def test_a_country_given_by_its_large_regions_lacks_none_of_the_small_ones(self):
        table = self.values([("DE1", "DEU", 2019, 2.0), ("DE2", "DEU", 2019, 2.0)])
        assert regions.absent_regions(table, self.AREAS, ["country"])["n_absent"].item() == 0

    def test_a_large_region_stands_for_its_parts_where_levels_are_mixed(self):
        table = self.values([("NL3", "NLD", 2019, 2.0), ("NL31", "NLD", 2018, 2.0), ("NL32", "NLD", 2018, 1.0)])
        found = regions.absent_regions(table, self.AREAS, ["country", "time_period"])
        assert found["n_absent"].tolist() == [0, 0]

    def test_groups_must_be_of_a_country_and_regions_stand_once(self):
        table = self.values([("NL31", "NLD", 2018, 1.0), ("NL31", "NLD", 2019, 1.0)])
        with pytest.raises(RegionError, match="add 'country'"):
            regions.absent_regions(table, self.AREAS, ["time_period"])
        with pytest.raises(RegionError, match="stands twice"):
            regions.absent_regions(table, self.AREAS, ["country"])
