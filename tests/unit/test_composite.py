"""Failures guarded against: an index that is not the Handbook's, simulations of another index than the one built."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal
from scipy import stats
from sklearn.decomposition import PCA

from crossroads import composite
from crossroads.composite import Alternatives, Choices, CompositeError, Framework

PLAIN = Choices(outliers="none")


def framework(**changes):
    """Two pillars: p of a and b, q of c and d; less of d is better."""
    table = pd.DataFrame(
        {
            "code": ["index", "p", "q", "a", "b", "c", "d"],
            "parent": [None, "index", "index", "p", "p", "q", "q"],
            "weight": [1, 2, 1, 1, 3, 1, 1],
            "direction": [None, None, None, 1, 1, 1, -1],
        }
    )
    return Framework(table.assign(**changes))


@pytest.fixture
def data():
    """Eight units, four indicators."""
    values = np.random.default_rng(0).normal(size=(8, 4))
    return pd.DataFrame(values, index=pd.Index([*"STUVWXYZ"], name="ref_area"), columns=[*"abcd"])


@pytest.fixture(scope="module")
def asem():
    """The example of the Joint Research Centre, or skip."""
    folder = Path(os.environ.get("CROSSROADS_RAW", "")) / "composite-example"
    if not (folder / "asem_data.csv").is_file():
        pytest.skip("set CROSSROADS_RAW to a folder with composite-example/asem_data.csv (data of the R package COINr)")
    data = pd.read_csv(folder / "asem_data.csv", index_col="uCode").rename_axis("ref_area")
    table = pd.read_csv(folder / "asem_framework.csv").query("Type in ['Indicator', 'Aggregate']")
    names = {
        "iCode": "code",
        "Parent": "parent",
        "Weight": "weight",
        "Direction": "direction",
        "Denominator": "denominator",
    }
    return data, Framework(table.rename(columns=names))


class TestFramework:
    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"code": [*"ippabcd"]}, "'p' occurs twice"),
            ({"parent": [None, "index", "index", "p", "p", "q", "z"]}, "'d' has a parent that is not"),
            ({"weight": [1, 1, 1, 1, 0, 1, 1]}, "'b' has a weight"),
            ({"direction": [None, None, None, 1, 1, 1, 0]}, "'d' is an indicator without direction"),
            ({"parent": [None, None, "index", "p", "p", "q", "q"]}, "one element without parent"),
            ({"parent": [None, "q", "p", "p", "p", "index", "index"]}, "one element without parent"),
        ],
    )
    def test_what_is_no_tree_is_refused(self, changes, message):
        with pytest.raises(CompositeError, match=message):
            framework(**changes)

    def test_a_missing_column_is_named(self):
        with pytest.raises(CompositeError, match="no column 'parent'"):
            Framework(framework().table.drop(columns="parent"))


class TestPublished:
    def test_scores_of_coinr(self, asem):
        """Scores printed in COINr 1.1.14, vignette "Presenting Results" (build_example_coin, get_results)."""
        data, frame = asem
        codes = frame.indicators
        raw = data[codes].astype(float)
        for code, name in frame.table.set_index("code").loc[codes, "denominator"].dropna().items():
            raw[code] = raw[code] / data[name]
        raw = raw.apply(lambda column: column.fillna(column.groupby(data["EurAsia_group"]).transform("mean")))
        index = composite.build(raw, Framework(frame.table.drop(columns="denominator")))
        published = pd.DataFrame(
            [
                [68.38, 62.79, 73.98, 63.41, 32.87, 74.78, 85.94, 56.93, 77.21, 87.85, 56.88],
                [64.82, 61.94, 67.70, 64.87, 46.62, 84.55, 71.74, 41.92, 58.73, 86.58, 57.78],
                [64.80, 57.10, 72.51, 50.52, 30.43, 78.13, 75.35, 51.04, 69.83, 86.40, 61.29],
                [64.47, 57.44, 71.50, 58.18, 25.70, 80.03, 89.46, 33.80, 70.90, 87.00, 56.59],
                [63.54, 63.99, 63.09, 71.97, 48.22, 80.84, 75.60, 43.32, 53.01, 86.17, 50.09],
                [63.00, 53.87, 72.12, 51.51, 23.87, 80.98, 74.51, 38.50, 66.37, 87.74, 62.27],
            ],
            ["CHE", "NLD", "DNK", "NOR", "BEL", "SWE"],
            [
                "Index",
                "Conn",
                "Sust",
                "Physical",
                "ConEcFin",
                "Political",
                "Instit",
                "P2P",
                "Environ",
                "Social",
                "SusEcFin",
            ],
        )
        # COINr's scale is 0 to 100, ours 1 to 100.
        ours = (index.scores.loc[published.index, published.columns] - 1) / 0.99
        assert_allclose(ours, published, atol=0.0051)
        assert index.ranks[published.index].tolist() == [1, 2, 3, 4, 5, 6]

    def test_simulation_of_the_example_is_reproducible(self, asem):
        first, second = (composite.uncertainty(*asem, draws=200) for _ in range(2))
        assert_frame_equal(first, second)
        assert first["ref_area"][0] == "CHE"

    def test_copeland_by_hand(self):
        # A beats B on a and b, B beats C on b and c, A beats C on all: two won, one each, two lost.
        rows = pd.DataFrame(
            {"a": [3, 2, 2.5], "b": [3, 2, 1], "c": [1, 3, 0.5]}, index=pd.Index([*"ABC"], name="ref_area")
        )
        table = pd.DataFrame({"code": [*"iabc"], "parent": [None, *"iii"], "weight": 1.0, "direction": 1})
        index = composite.build(rows, Framework(table), Choices(outliers="none", aggregate="copeland"))
        assert index.scores["i"].to_dict() == {"A": 2, "B": 0, "C": -2}


class TestSteps:
    def test_hierarchy_by_hand(self, data):
        index = composite.build(data, framework(), PLAIN)
        unit = (data - data.min()) / (data.max() - data.min())
        unit["d"] = 1 - unit["d"]
        p, q = (unit["a"] + 3 * unit["b"]) / 4, (unit["c"] + unit["d"]) / 2
        assert_allclose(index.scores["index"], 1 + 99 * (2 * p + q) / 3)
        assert index.ranks.tolist() == index.scores["index"].rank(ascending=False).tolist()

    def test_geometric_is_the_weighted_geometric_mean(self, data):
        index = composite.build(data, framework(), Choices(outliers="none", aggregate="geometric"))
        n = index.normalised
        expected = (n["a"] ** 0.25 * n["b"] ** 0.75) ** (2 / 3) * (n["c"] * n["d"]) ** (1 / 6)
        assert_allclose(index.scores["index"], expected)
        arithmetic = composite.build(data, framework(), PLAIN)
        assert (index.scores["index"] <= arithmetic.scores["index"] + 1e-9).all()

    def test_normalisations_agree_with_scipy(self, data):
        built = {
            m: composite.build(data, framework(), Choices(outliers="none", normalise=m)).normalised
            for m in ("z-score", "rank", "borda")
        }
        assert_allclose(built["z-score"][["a"]], 50 + 10 * stats.zscore(data[["a"]]))
        assert_allclose(built["z-score"]["d"], 50 - 10 * stats.zscore(data["d"]))
        assert_allclose(built["rank"]["a"], 100 * stats.rankdata(data["a"]) / 8)
        assert_allclose(built["borda"]["d"], 1 + 99 * (8 - stats.rankdata(data["d"])) / 7)

    def test_frontier_is_distance_to_the_best(self, data):
        positive = data.abs() + 1
        normalised = composite.build(positive, framework(), Choices(outliers="none", normalise="frontier")).normalised
        assert_allclose(normalised["a"], 100 * positive["a"] / positive["a"].max())
        assert_allclose(normalised["d"], 100 * positive["d"].min() / positive["d"])
        with pytest.raises(CompositeError, match="use min-max"):
            composite.build(data, framework(), Choices(outliers="none", normalise="frontier"))

    def test_moments_are_those_of_scipy(self):
        values = np.random.default_rng(1).lognormal(size=(30, 3))
        values[[3, 7], 1] = np.nan
        skewness, kurtosis = composite._moments(values)
        assert_allclose(skewness, stats.skew(values, bias=False, nan_policy="omit"))
        assert_allclose(kurtosis, stats.kurtosis(values, bias=False, nan_policy="omit"))

    def test_flat_and_short_columns_have_no_moments_and_divide_by_nothing(self):
        """Three values have no kurtosis and four that differ have one; where all are alike nothing is divided by zero."""
        columns = [[1.0, 2.0, 9.0, np.nan, np.nan], [1.0, 2.0, 3.0, 9.0, np.nan], [5.0] * 5]
        skewness, kurtosis = composite._moments(np.array(columns).T)
        four = np.array(columns[1][:4])
        assert_allclose(skewness, [0, stats.skew(four, bias=False), 0])
        assert_allclose(kurtosis, [0, stats.kurtosis(four, bias=False), 0])

    def test_one_outlier_is_drawn_in_and_reported(self):
        rows = pd.DataFrame({c: np.arange(20.0) for c in "abcd"}, index=pd.Index(range(20), name="ref_area"))
        rows.loc[19, "a"] = 1e6
        index = composite.build(rows, framework())
        assert index.goalposts["a"] == (0, 18)
        assert index.report.to_numpy().tolist() == [["treated", "a", 1, "winsorised"]]

    def test_what_five_points_cannot_cure_is_logged(self):
        rows = pd.DataFrame({c: np.arange(200.0) for c in "abcd"}, index=pd.Index(range(200), name="ref_area"))
        rows["a"] = 1.2 ** np.arange(200)
        index = composite.build(rows, framework())
        assert index.report.loc[0, ["code", "detail"]].tolist() == ["a", "logarithm"]
        assert (index.normalised["a"].diff().dropna() > 0).all()

    @pytest.mark.parametrize("high", [9, 10, 11, 12, 13, 14])
    def test_outliers_are_what_is_skewed_and_heavy_tailed_by_the_moments_of_scipy(self, high):
        """A few at one end, near the bounds of the rule: skewness above 2 and kurtosis above 3.5."""
        rows = pd.DataFrame({c: np.arange(100.0) for c in "bcd"}, index=pd.Index(range(100), name="ref_area"))
        few = np.arange(100) % 7 / 100 + 10.0 * (np.arange(100) < high)
        drawn_out = (
            np.where(np.arange(100) < high, 3.5 * np.linspace(-1, 1.4, 100).round(2), 0) + np.arange(100) % 7 / 10
        )
        for values in (few, -few, drawn_out):
            treated = stats.kurtosis(values, bias=False) > 3.5 and abs(stats.skew(values, bias=False)) > 2
            report = composite.build(rows.assign(a=values), framework()).report
            assert (report["code"].tolist() == ["a"]) == treated

    @pytest.mark.parametrize("sign", [1, -1])
    def test_logs_are_taken_from_the_end_at_which_values_crowd(self, sign):
        """By hand: the distance from that end and a hundredth of the range."""
        rows = pd.DataFrame({c: np.arange(20.0) for c in "abcd"}, index=pd.Index(range(20), name="ref_area"))
        rows["a"] = sign * 3.0 ** np.arange(20)
        found = composite.build(rows, framework(), Choices(outliers="log")).normalised["a"]
        logs = sign * np.log(rows["a"].abs() - 1 + 0.01 * (3.0**19 - 1))
        assert_allclose(found, 1 + 99 * (logs - logs.min()) / (logs.max() - logs.min()))

    def test_five_extremes_are_drawn_in_at_either_end_and_not_six(self):
        rows = pd.DataFrame({c: np.arange(200.0) for c in "abcd"}, index=pd.Index(range(200), name="ref_area"))
        for n, how in ((5, "winsorised"), (6, "logarithm")):
            for sign in (1, -1):
                values = np.arange(200.0)
                values[-n:] = 1e6 + np.arange(n)
                report = composite.build(rows.assign(a=sign * values), framework()).report
                assert report.to_numpy().tolist() == [["treated", "a", n if n == 5 else 200, how]]

    @pytest.mark.parametrize(
        ("changes", "choices", "message"),
        [
            ({"a": np.inf}, PLAIN, "hold infinity"),
            ({"people": 0.0}, PLAIN, "'people' must be above zero"),
            ({}, replace(PLAIN, coverage=1.0), "2 units have enough indicators"),
            ({}, replace(PLAIN, goalposts={"z": (0, 1)}), "goalposts for 'z', which is no indicator"),
            ({}, replace(PLAIN, goalposts={"b": (1, 1)}), "goalposts of 'b' must be lowest, then highest"),
            ({}, replace(PLAIN, normalise="z-score", aggregate="geometric"), "values above zero"),
            ({"a": 98.0}, replace(PLAIN, aggregate="geometric", goalposts={"a": (99, 198)}), "values above zero"),
            ({"a": 0.0, "b": 1.0, "c": 1.0, "d": 1.0}, replace(PLAIN, normalise="frontier"), "'a' has values of zero"),
        ],
    )
    def test_what_makes_no_index_is_refused(self, data, changes, choices, message):
        table = framework().table.assign(denominator=[None] * 3 + ["people"] + [None] * 3)
        data = data.abs().assign(people=1.0)
        if choices.goalposts:
            data["a"] = 100 + data["a"]
        if choices.coverage == 1:
            data.loc[[*"UVWXYZ"], "d"] = np.nan
        elif choices.normalise == "z-score":
            data.loc["S", "a"] = -100.0  # more than five standard deviations would be needed among many units
            data = pd.concat([data.set_axis([f"{unit}{n}" for unit in data.index]) for n in range(8)])
            data.iloc[1:, 0] = np.arange(63) / 100
        for column, value in changes.items():
            data.loc["T", column] = value
        with pytest.raises(CompositeError, match=message):
            composite.build(data.rename_axis("ref_area"), Framework(table), choices)

    def test_a_unit_or_column_that_is_not_as_named_is_told(self, data):
        with pytest.raises(CompositeError, match="'S' occurs twice"):
            composite.build(pd.concat([data, data[:1]]), framework(), PLAIN)
        with pytest.raises(CompositeError, match="no column 'd'"):
            composite.build(data.drop(columns="d"), framework(), PLAIN)
        with pytest.raises(CompositeError, match="no column 'people'"):
            composite.build(data, Framework(framework().table.assign(denominator=[None] * 6 + ["people"])), PLAIN)

    def test_three_units_and_exactly_the_share_asked_for_are_enough(self, data):
        data.loc["T", ["a", "c"]] = np.nan
        index = composite.build(data[:3], framework(), replace(PLAIN, coverage=0.5))
        assert [*index.scores.index] == [*"STU"]

    def test_coverage_leaves_out_and_says_so(self, data):
        data.loc["T", ["a", "b"]] = np.nan
        index = composite.build(data, framework(), PLAIN)
        assert "T" not in index.scores.index
        assert index.report.to_numpy().tolist() == [["left out", "T", 2, "too few indicators"]]

    def test_coverage_of_pillars(self, data):
        data.loc["T", "a"] = np.nan
        kept = composite.build(data, framework(), Choices(outliers="none", pillar_coverage=0.5))
        assert "T" in kept.scores.index
        left = composite.build(data, framework(), Choices(outliers="none", pillar_coverage=0.6))
        assert "T" not in left.scores.index
        with pytest.raises(CompositeError, match="pillar_coverage is 2"):
            Choices(pillar_coverage=2)

    def test_a_gap_moves_its_weight_to_the_siblings(self, data):
        data.loc["T", "a"] = np.nan
        index = composite.build(data, framework(), PLAIN)
        assert index.scores.loc["T", "p"] == pytest.approx(index.normalised.loc["T", "b"])

    @pytest.mark.parametrize("method", ["mean", "median"])
    def test_imputation_fills_with_what_it_says(self, data, method):
        data.loc["T", "a"] = np.nan
        index = composite.build(data, framework(), Choices(outliers="none", impute=method, normalise="z-score"))
        filled = data.fillna(getattr(data, method)())
        assert index.normalised.loc["T", "a"] == pytest.approx(50 + 10 * stats.zscore(filled["a"])[1])
        assert ["imputed", "a", 1, method] in index.report.to_numpy().tolist()

    def test_neighbours_are_the_most_alike(self):
        rows = pd.DataFrame(
            np.repeat([[0.0], [10.0]], 6, axis=0) * np.ones(4) + np.arange(12)[:, None] / 100, columns=[*"abcd"]
        )
        rows.loc[0, "a"] = np.nan
        filled = composite._impute(rows, "neighbours", None)
        assert filled.loc[0, "a"] < 1

    def test_five_neighbours_count_alike(self):
        """By hand: distances in standard deviations over what both have."""
        rows = pd.DataFrame(np.random.default_rng(5).normal(size=(12, 4)) * [1, 10, 1, 1], columns=[*"abcd"])
        rows.loc[0, "a"] = np.nan
        scaled = (rows - rows.mean()) / rows.std()
        nearest = ((scaled - scaled.loc[0])[[*"bcd"]] ** 2).sum(axis=1).drop(0).nsmallest(5).index
        filled = composite._impute(rows, "neighbours", None)
        assert filled.loc[0, "a"] == pytest.approx(rows.loc[nearest, "a"].mean())

    def test_a_gap_gets_the_mean_of_its_group(self, data):
        data.loc["T", "a"] = np.nan
        groups = dict(zip("STUVWXYZ", [*"EEEEAAAA"], strict=True))
        built = composite.build(data, framework(), replace(PLAIN, impute="group-mean", groups=groups))
        filled = data.fillna({"a": data.loc[[*"SUV"], "a"].mean()})
        assert_frame_equal(built.scores, composite.build(filled, framework(), PLAIN).scores)

    @pytest.mark.parametrize(
        ("groups", "message"),
        [
            (dict.fromkeys("STUVWXY", "E"), "'Z' has no group"),
            ({**dict.fromkeys("SUVWXYZ", "E"), "T": "A"}, "no unit of group 'A' has a value for 'a'"),
            (None, "'S' has no group"),
        ],
    )
    def test_a_group_that_cannot_fill_a_gap_is_named(self, data, groups, message):
        data.loc["T", "a"] = np.nan
        with pytest.raises(CompositeError, match=message):
            composite.build(data, framework(), replace(PLAIN, impute="group-mean", groups=groups))

    @pytest.mark.parametrize(("divisor", "ddof"), [("n", 0), ("n - 1", 1)])
    def test_divisor_of_z_scores(self, data, divisor, ddof):
        built = composite.build(data, framework(), replace(PLAIN, normalise="z-score", z_score_divisor=divisor))
        assert_allclose(built.normalised["a"], 50 + 10 * stats.zscore(data["a"], ddof=ddof))
        with pytest.raises(CompositeError, match="z_score_divisor is 1"):
            Choices(z_score_divisor=1)

    def test_denominators_divide(self, data):
        sized = data.assign(people=np.arange(1, 9))
        table = framework().table.assign(denominator=[None] * 3 + ["people"] + [None] * 3)
        assert_allclose(
            composite.build(sized, Framework(table), PLAIN).scores,
            composite.build(data.assign(a=data["a"] / sized["people"]), framework(), PLAIN).scores,
        )

    def test_weights(self, data):
        equal = composite.build(data, framework(), Choices(weights="equal")).weights
        assert equal[["a", "b", "p", "q"]].tolist() == [0.5] * 4
        assert equal["index"] == 1
        own = composite.build(data, framework(), Choices(weights={"a": 9})).weights
        assert own[["a", "b"]].tolist() == [0.75, 0.25]
        pca = composite.build(data, framework(weight=1), Choices(weights="pca")).weights
        # Of two indicators both load alike, whatever their correlation.
        assert_allclose(pca[["a", "b"]], 0.5)
        with pytest.raises(CompositeError, match="'z'"):
            composite.build(data, framework(), Choices(weights={"z": 1}))

    def test_weights_by_the_first_component_are_squared_loadings(self):
        """Of four siblings, by scikit-learn."""
        generator = np.random.default_rng(2)
        common = generator.normal(size=(30, 1))
        rows = pd.DataFrame(common * [1, 2, 0.5, -1] + generator.normal(size=(30, 4)), columns=[*"abcd"])
        table = pd.DataFrame({"code": [*"iabcd"], "parent": [None, *"iiii"], "weight": 1.0, "direction": 1})
        index = composite.build(rows, Framework(table), replace(PLAIN, weights="pca"))
        loadings = PCA(1).fit(stats.zscore(rows)).components_[0] ** 2
        assert_allclose(index.weights[[*"abcd"]], loadings / loadings.sum())

    def test_constant_or_empty_indicator_is_named(self, data):
        for value in (3.0, np.nan):
            with pytest.raises(CompositeError, match="all alike"):
                composite.build(data.assign(b=value), framework(), Choices(coverage=0.5))


class TestDetails:
    def test_contributions_add_up_exactly(self, data):
        data.loc["T", "a"] = np.nan
        for how, finish in (("arithmetic", lambda s: s), ("geometric", np.log)):
            index = composite.build(data, framework(), Choices(outliers="none", aggregate=how))
            parts = index.contributions()
            assert_allclose(parts.groupby("ref_area")["obs_value"].sum(), finish(index.scores["index"]))
            assert_allclose(parts.groupby("ref_area")["effective_weight"].sum(), 1)

    def test_alpha_of_parallel_items(self):
        # For k standardised items with mean correlation r: alpha = k r / (1 + (k - 1) r), Cronbach (1951).
        generator = np.random.default_rng(0)
        rows = pd.DataFrame(generator.normal(size=(50, 1)) + generator.normal(size=(50, 4)), columns=[*"abcd"])
        _, groups = composite.audit(composite.build(rows, framework(direction=[None] * 3 + [1] * 4), PLAIN))
        r = rows[["a", "b"]].corr().iloc[0, 1]
        found = groups.set_index("code").loc["p"]
        assert found["alpha"] == pytest.approx(2 * r / (1 + r))
        assert found["first_component"] == pytest.approx(50 * (1 + r))

    def test_audit_by_hand(self):
        """Two indicators that tell the same, one that tells something else; correlations by numpy."""
        generator = np.random.default_rng(3)
        common = generator.normal(size=40)
        rows = pd.DataFrame(
            {
                "a": common,
                "b": common + 0.1 * generator.normal(size=40),
                "c": generator.normal(size=40),
                "d": 0.5 * common + generator.normal(size=40),
            }
        )
        rows.loc[0, "c"] = np.nan
        table = pd.DataFrame(
            {"code": [*"iabcd"], "parent": [None, *"iiii"], "weight": [1, 5, 5, 0.1, 5], "direction": 1}
        )
        index = composite.build(rows, Framework(table), PLAIN)
        elements, groups = composite.audit(index)
        n, found = index.normalised, elements.set_index("code")
        assert found["flag"].to_dict() == {"a": "redundant", "b": "redundant", "c": "silent", "d": ""}
        assert found["n_obs"].to_dict() == {"a": 40, "b": 40, "c": 39, "d": 40}
        for code in found.index.drop("c"):
            assert found.loc[code, "correlation_parent"] == pytest.approx(np.corrcoef(n[code], index.scores["i"])[0, 1])
            rest = n[[c for c in n if c != code]].mean(axis=1)
            assert found.loc[code, "correlation_rest"] == pytest.approx(np.corrcoef(n[code], rest)[0, 1])
        complete = np.corrcoef(n.dropna().T)
        mean, values = complete[np.triu_indices(4, 1)].mean(), np.linalg.eigvalsh(complete)
        row = groups.set_index("code").loc["i"]
        assert row[["n_elements", "n_obs", "n_components"]].tolist() == [4, 39, (values > 1).sum()]
        assert row["alpha"] == pytest.approx(4 * mean / (1 + 3 * mean))
        assert row["first_component"] == pytest.approx(100 * values.max() / values.sum())

    def test_a_copeland_index_has_no_parts(self, data):
        index = composite.build(data, framework(), Choices(outliers="none", aggregate="copeland"))
        with pytest.raises(CompositeError, match="counts contests"):
            index.contributions()
        with pytest.raises(CompositeError, match="no pillars to audit"):
            composite.audit(index)

    def test_alpha_of_what_speaks_against_each_other_is_below_zero(self):
        generator = np.random.default_rng(0)
        rows = pd.DataFrame(generator.normal(size=(50, 4)), columns=[*"abcd"])
        rows["b"] -= rows["a"]
        _, groups = composite.audit(composite.build(rows, framework(direction=[None] * 3 + [1] * 4), PLAIN))
        r = rows[["a", "b"]].corr().iloc[0, 1]
        assert groups.set_index("code").loc["p", "alpha"] == pytest.approx(2 * r / (1 + r))
        assert r < -0.5

    def test_an_indicator_that_points_the_wrong_way_is_flagged(self):
        generator = np.random.default_rng(0)
        rows = pd.DataFrame(generator.normal(size=(60, 1)) + 0.5 * generator.normal(size=(60, 4)), columns=[*"abcd"])
        elements, _ = composite.audit(
            composite.build(rows, framework(weight=[1, 1, 1, 4, 1, 1, 1], direction=[None] * 3 + [1, -1, 1, 1]), PLAIN)
        )
        assert elements.set_index("code").loc["b", "flag"] == "against its parent"

    def test_leave_one_out_is_a_build_without_it(self, data):
        found = composite.leave_one_out(data, framework(), PLAIN)
        without = Framework(framework().table.query("code != 'b'"))
        expected = composite.build(data, without, PLAIN).ranks
        assert found.query("code == 'b'").set_index("ref_area")["rank"].to_dict() == expected.to_dict()
        assert set(found["code"]) == {"a", "b", "c", "d", "p", "q"}
        ranks = composite.build(data, framework(), PLAIN).ranks
        assert (found["shift"] == found["rank"] - found["ref_area"].map(ranks)).all()
        assert found["shift"].abs().max() > 0

    def test_two_editions_rank_common_units_only(self, data):
        first = composite.build(data, framework(), PLAIN)
        best = first.ranks.idxmin()
        second = composite.build(data.drop(best), framework(), Choices(outliers="none", goalposts=first.goalposts))
        found = composite.compare(first, second).set_index("ref_area")
        assert found.loc[best, "only_in"] == "first"
        assert (found["obs_value"].dropna() == 0).all()
        assert_allclose(found["first_score"].drop(best), found["second_score"].drop(best))

    def test_who_comes_forward_between_two_editions_has_a_change_above_zero(self):
        table = pd.DataFrame({"code": [*"iab"], "parent": [None, *"ii"], "weight": 1.0, "direction": 1})
        first, second = (
            composite.build(
                pd.DataFrame({"a": values, "b": values}, index=[*names], dtype=float), Framework(table), PLAIN
            )
            for names, values in (("ABC", [3, 2, 1]), ("ABCN", [2, 3, 1, 9]))
        )
        found = composite.compare(first, second).set_index("ref_area")
        assert found["obs_value"].fillna(0).to_dict() == {"A": -1, "B": 1, "C": 0, "N": 0}
        assert found["only_in"].to_dict() == {"A": "", "B": "", "C": "", "N": "second"}


class TestUncertainty:
    single = Alternatives(
        ["none"], ["none"], ["min-max"], ["framework"], ["arithmetic"], weight_noise=0, leave_out=False
    )

    def test_without_alternatives_every_rank_is_certain(self, data):
        found = composite.uncertainty(data, framework(), PLAIN, self.single, draws=20)
        assert (found["lower"] == found["rank"]).all()
        assert (found["upper"] == found["rank"]).all()

    @pytest.mark.parametrize("aggregate", composite.OPTIONS["aggregate"])
    @pytest.mark.parametrize("normalise", ["min-max", "z-score", "rank", "borda"])
    def test_every_simulated_build_is_the_build_of_its_choices(self, data, normalise, aggregate):
        data.loc["T", "a"] = np.nan
        options = {
            "impute": ("none", "median"),
            "outliers": ("none", "winsorise"),
            "weights": ("framework", "equal", "pca"),
        }
        simulation = composite._Simulation(
            data, framework(), PLAIN,
            Alternatives(**options, normalise=[normalise], aggregate=[aggregate], weight_noise=0, leave_out=False),
            seed=0, errors=None,
        )  # fmt: skip
        assert simulation.factors == ["impute", "outliers", "weights"]
        points = np.random.default_rng(0).random((12, 3))
        for point, ranks in zip(points, simulation.ranks(points), strict=True):
            picked = {
                name: options[name][int(u * len(options[name]))]
                for name, u in zip(simulation.factors, point, strict=True)
            }
            built = composite.build(data, framework(), Choices(**picked, normalise=normalise, aggregate=aggregate))
            assert ranks.tolist() == built.ranks.tolist()

    @pytest.mark.parametrize("aggregate", composite.OPTIONS["aggregate"])
    def test_noise_and_omission_change_the_weights_as_stated(self, data, aggregate):
        alternatives = replace(self.single, aggregate=[aggregate], weight_noise=0.9, leave_out=True)
        simulation = composite._Simulation(data, framework(), PLAIN, alternatives, 0, None)
        last, plain = framework().order[-1], composite.build(data, framework(), PLAIN).weights
        without = Framework(framework().table.query("code != @last"))
        for u in np.linspace(0, 1, 15):
            rows = simulation.ranks(np.array([[u, 0.0], [u, 0.99]]))
            noise = simulation.noise[:, int(u * (simulation.NOISE_BANK - 1))]
            assert noise.min() >= 0.1
            assert noise.max() <= 1.9
            weights = plain * pd.Series(noise, framework().order)
            choices = Choices(outliers="none", aggregate=aggregate, weights=weights.to_dict())
            assert rows[0].tolist() == composite.build(data, framework(), choices).ranks.tolist()
            choices = replace(choices, weights=weights.drop(last).to_dict())
            assert rows[1].tolist() == composite.build(data, without, choices).ranks.tolist()

    def test_the_seed_draws_the_noise_of_weights(self, data):
        """Noise came from one bank, whatever the seed: all seeds agreed on mean ranks that were off together."""
        alternatives = replace(self.single, weight_noise=0.9)
        first, second, again = (
            composite._Simulation(data, framework(), PLAIN, alternatives, seed, None).noise for seed in (0, 1, 0)
        )
        assert np.abs(first - second).mean() > 0.3
        assert (first == again).all()

    def test_sampling_errors_widen_ranks_as_brute_force_does(self, data):
        errors = pd.DataFrame(0.4, data.index, ["a", "c"])
        found = composite.uncertainty(data, framework(), PLAIN, self.single, draws=2000, errors=errors)
        found = found.set_index("ref_area")
        generator = np.random.default_rng(7)
        drawn = [
            composite.build(
                data + generator.normal(size=(8, 4)) * [0.4, 0, 0.4, 0], framework(), PLAIN
            ).ranks for _ in range(300)
        ]  # fmt: skip
        expected = pd.concat(drawn, axis=1)
        assert_allclose(found["mean_rank"].reindex(expected.index), expected.mean(axis=1), atol=0.35)
        assert (found["upper"] - found["lower"]).max() >= 2

    def test_errors_of_zero_change_nothing(self, data):
        found = composite.uncertainty(data, framework(), PLAIN, self.single, draws=20, errors=data * 0)
        assert (found["lower"] == found["rank"]).all()

    def test_sampling_is_a_factor_of_sensitivity(self, data):
        alternatives = replace(self.single, normalise=["min-max", "z-score"])
        found = composite.sensitivity(data, framework(), PLAIN, alternatives, base=64, errors=data * 0 + 0.3)
        assert set(found["factor"]) == {"normalise", "sampling"}
        assert found.query("output == 'mean shift'").set_index("factor").loc["sampling", "total"] > 0.5

    @pytest.mark.parametrize(
        ("errors", "message"),
        [({"a": -1.0}, "zero or more"), ({"z": 1.0}, "'z', which is no unit"), ({"a": np.inf}, "finite")],
    )
    def test_errors_that_are_none_are_refused(self, data, errors, message):
        with pytest.raises(CompositeError, match=message):
            composite.uncertainty(data, framework(), PLAIN, self.single, 20, errors=pd.DataFrame(errors, data.index))

    def test_ties_share_the_better_rank(self):
        scores = np.array([[3, 1, 3, 2.0], [1, 1, 1, 1.0]])
        assert composite._ranks(scores).tolist() == [[1, 4, 1, 3], [1, 1, 1, 1]]
        drawn = np.random.default_rng(0).integers(0, 5, (50, 9)).astype(float)
        assert_allclose(composite._ranks(drawn), stats.rankdata(-drawn, method="min", axis=1))

    def test_top_group(self, data):
        found = composite.uncertainty(data, framework(), PLAIN, draws=300, top=3)
        assert found["top_share"].sum() == pytest.approx(300, abs=1)
        assert ((found["lower"] <= found["obs_value"]) & (found["obs_value"] <= found["upper"])).all()

    def test_a_choice_without_effect_has_no_sensitivity(self, data):
        choices = Alternatives(["none", "median"], ["none"], ["min-max"], ["framework"], ["arithmetic"], 0.9, False)
        found = (
            composite.sensitivity(data, framework(), PLAIN, choices, base=256)
            .query("output == 'mean shift'")
            .set_index("factor")
        )
        assert found.loc["impute", "total"] == pytest.approx(0, abs=1e-9)
        assert found.loc["weight_noise", ["obs_value", "total"]].astype(float).tolist() == pytest.approx(
            [1, 1], abs=0.15
        )

    @pytest.mark.parametrize(
        ("changes", "message"),
        [({"impute": []}, "one option or more"), ({"weight_noise": 1.0}, "weight_noise is 1"), ({"weight_noise": -0.1}, "weight_noise is -0.1")],
    )  # fmt: skip
    def test_alternatives_that_are_none_are_refused(self, data, changes, message):
        with pytest.raises(CompositeError, match=message):
            composite.uncertainty(data, framework(), PLAIN, replace(self.single, **changes), 20)

    def test_unless_told_otherwise_every_choice_is_varied(self, data):
        data.loc["T", "a"] = np.nan
        found = composite.sensitivity(data.abs() + 1, framework(), base=16)
        assert set(found["factor"]) == {*composite.OPTIONS, "weight_noise", "leave_out"}

    def test_sensitivity_needs_two_choices(self, data):
        with pytest.raises(CompositeError, match="two of them"):
            composite.sensitivity(data, framework(), PLAIN, self.single)
        with pytest.raises(CompositeError, match="two of them"):
            composite.sensitivity(data, framework(), PLAIN, replace(self.single, weight_noise=0.5))


class TestProperties:
    @given(st.floats(0.01, 100), st.floats(-50, 50), st.permutations(range(8)))
    def test_units_and_order_do_not_matter(self, scale, shift, order):
        data = pd.DataFrame(np.random.default_rng(0).normal(size=(8, 4)), [*"STUVWXYZ"], [*"abcd"])
        for choices in (Choices(), Choices(normalise="z-score", aggregate="copeland"), Choices(normalise="rank")):
            first = composite.build(data, framework(), choices)
            second = composite.build((data * scale + shift).iloc[list(order)], framework(), choices)
            assert first.ranks.to_dict() == second.ranks.to_dict()

    @given(
        st.sampled_from("STUVWXYZ"),
        st.sampled_from("abc"),
        st.floats(0.01, 3),
        st.sampled_from(composite.OPTIONS["aggregate"]),
    )
    def test_doing_better_never_costs_rank(self, unit, code, gain, aggregate):
        data = pd.DataFrame(np.random.default_rng(0).normal(size=(8, 4)), [*"STUVWXYZ"], [*"abcd"])
        ends = {c: (-9.0, 9.0) for c in "abcd"}
        choices = Choices(outliers="none", aggregate=aggregate, goalposts=ends)
        before = composite.build(data, framework(), choices).ranks[unit]
        data.loc[unit, code] += gain
        assert composite.build(data, framework(), choices).ranks[unit] <= before

    @given(
        st.integers(0, 6).flatmap(
            lambda n: st.lists(
                st.lists(st.one_of(st.none(), st.sampled_from([0.0, 1.0, -1.0, 1e9, 3.5])), min_size=4, max_size=4),
                min_size=n,
                max_size=n,
            )
        ),
        st.sampled_from(composite.OPTIONS["impute"]),
        st.sampled_from(composite.OPTIONS["outliers"]),
        st.sampled_from(composite.OPTIONS["normalise"]),
        st.sampled_from(composite.OPTIONS["weights"]),
        st.sampled_from(composite.OPTIONS["aggregate"]),
    )
    def test_degenerate_data_give_an_index_or_a_clear_error(self, rows, impute, outliers, scale, weights, aggregate):
        data = pd.DataFrame(rows, columns=[*"abcd"], dtype=float)
        choices = Choices(0.5, 0.0, impute, outliers, scale, weights, aggregate)
        try:
            index = composite.build(data, framework(), choices)
        except CompositeError as error:
            assert len(str(error)) > 20
        else:
            assert index.scores["index"].notna().all()
            assert index.ranks.min() == 1

    def test_unknown_option(self):
        with pytest.raises(CompositeError, match="normalise is 'minmax'"):
            Choices(normalise="minmax")
