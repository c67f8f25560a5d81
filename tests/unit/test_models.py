"""Failures guarded against: errors too small for clustered data, a family of specifications that chance would give."""

import numpy as np
import pandas as pd
import pytest
import simulations
import statsmodels.formula.api as smf
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from statsmodels.stats.multitest import multipletests

from crossroads import intervals, models
from crossroads.models import ModelError, Specifications


@pytest.fixture
def frame():
    """Six countries of six rows, by arithmetic, so that other programs can make the same."""
    i = np.arange(36)
    country = i % 6
    x, z = ((i * 7) % 11) / 3 + country / 4, ((i * 5) % 13) / 4
    level = np.array([0.9, -0.7, 0.2, 1.4, -1.1, 0.3])[country]
    y = 1 + 0.5 * x - 0.3 * z + level + ((i * i) % 17) / 9
    return pd.DataFrame({"country": [f"C{c}" for c in country], "x": x, "z": z, "y": y, "w": 1 + i % 3})


def noise(n_groups=12, size=8, slope=0.0, seed=0):
    """Outcome and predictor that both hang on the country."""
    generator = np.random.default_rng(seed)
    country = np.repeat(np.arange(n_groups), size)
    shared = generator.normal(size=(2, n_groups))
    x = shared[0][country] + generator.normal(size=len(country))
    y = shared[1][country] + slope * x + generator.normal(size=len(country))
    return pd.DataFrame({"country": country.astype(str), "x": x, "x2": x + generator.normal(size=len(x)), "y": y})


class TestAgainstR:
    """R 4.2.2 with lme4 1.1-31, clubSandwich 0.5.8 and sandwich 3.0-2 on the data of the fixture."""

    @pytest.mark.parametrize(
        ("options", "estimate", "error"),
        [
            # vcovCR(type = "CR3") times (G - 1) / G, the factor of the jackknife
            ({"errors": "cluster"}, 0.378759965548, 0.194710760138),
            ({"errors": "robust"}, 0.378759965548, 0.192660917719),
            ({"errors": "classical"}, 0.378759965548, 0.16923910174),
            ({"errors": "robust", "weights": "w"}, 0.395939575765, 0.159536931298),
            # lm with dummies of countries, refitted without each country
            ({"errors": "cluster", "design": "within"}, 0.468533831704, 0.0802545262972),
            # lmer(y ~ x + z + (1 | country))
            ({"errors": "classical", "design": "random"}, 0.460376842298, 0.109387991272),
        ],
    )
    def test_estimate_and_error(self, frame, options, estimate, error):
        found = models.association(frame, "y", "x", ["z"], "country", **options).iloc[0]
        assert found["obs_value"] == pytest.approx(estimate, rel=2e-5)
        assert found["std_error"] == pytest.approx(error, rel=2e-5)


class TestAssociation:
    def test_formula_terms_agree_with_statsmodels(self, frame):
        frame["half"] = np.where(frame["country"] < "C3", "first", "second")
        found = models.association(frame, "y", ["x", "z"], ["log(w)", "C(half)"], errors="robust")
        fit = smf.ols("y ~ x + z + np.log(w) + C(half)", frame).fit(cov_type="HC3", use_t=True)
        assert_allclose(found["obs_value"], fit.params[["x", "z"]])
        assert_allclose(found[["lower", "upper"]], fit.conf_int().loc[["x", "z"]])
        assert_allclose(found["p_value"], fit.pvalues[["x", "z"]])
        assert_allclose(found["r_squared"], fit.rsquared)

    def test_auto_chooses_errors_by_clusters(self, frame):
        assert models.association(frame, "y", "x")["errors"][0] == "robust"
        assert models.association(frame, "y", "x", group="country")["errors"][0] == "wild"
        assert models.association(noise(25), "y", "x", group="country")["errors"][0] == "cluster"
        assert models.association(noise(20), "y", "x", group="country")["errors"][0] == "cluster"
        assert models.association(noise(19), "y", "x", group="country", draws=19)["errors"][0] == "wild"
        alone = frame.assign(country=range(36))
        assert models.association(alone, "y", "x", group="country")["errors"][0] == "robust"

    def test_missing_rows_are_left_out_and_counted(self, frame):
        frame.loc[[1, 5], "z"] = np.nan
        found = models.association(frame, "y", "x", ["z"])
        assert found[["n_obs", "n_missing"]].iloc[0].tolist() == [34, 2]

    def test_groups_of_one_row_are_left_out_of_a_within_design(self, frame):
        frame.loc[0, "country"] = "alone"
        found = models.association(frame, "y", "x", group="country", design="within").iloc[0]
        assert (found["n_obs"], found["n_groups"]) == (35, 6)
        assert "1 groups of one row" in found["note"]

    def test_explained_share_and_statistics_are_those_of_statsmodels(self, frame):
        """Weighted, and within groups, where dummies explain nothing that counts."""
        fit = smf.wls("y ~ x + z", frame, weights=frame["w"]).fit(cov_type="HC3", use_t=True)
        found = models.association(frame, "y", "x", ["z"], weights="w").iloc[0]
        columns = ["r_squared", "statistic", "degrees_of_freedom"]
        assert_allclose(found[columns].astype(float), [fit.rsquared, fit.tvalues["x"], fit.df_resid])
        dummies, with_x = (smf.ols(f"y ~ C(country){more}", frame).fit() for more in ("", " + x"))
        within = models.association(frame, "y", "x", group="country", design="within", errors="cluster").iloc[0]
        assert_allclose(within["r_squared"], 1 - with_x.ssr / dummies.ssr)
        assert (within["n_groups"], within["degrees_of_freedom"]) == (6, 5)

    def test_weighted_standardising_is_by_weighted_deviations(self, frame):
        found = models.association(frame, "y", "x", weights="w", standardise=True)["obs_value"][0]
        covariance = np.cov(frame["x"], frame["y"], aweights=frame["w"], ddof=0)
        assert found == pytest.approx(covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1]))

    def test_standardised_slope_of_one_predictor_is_the_correlation(self, frame):
        found = models.association(frame, "y", "x", standardise=True)["obs_value"][0]
        assert found == pytest.approx(frame["x"].corr(frame["y"]))

    def test_adjustment_is_that_of_statsmodels(self, frame):
        found = models.association(frame, "y", ["x", "z", "w"], adjust="fdr_bh")
        assert_allclose(found["p_adjusted"], multipletests(found["p_value"], method="fdr_bh")[1])

    @given(st.floats(0.01, 100), st.floats(-100, 100), st.sampled_from(models.DESIGNS), st.randoms())
    def test_units_and_order_of_rows_do_not_matter(self, factor, shift, design, random):
        frame = noise(slope=0.5)
        first = models.association(frame, "y", "x", group="country", design=design, errors="cluster").iloc[0]
        order = list(frame.index)
        random.shuffle(order)
        moved = frame.assign(x=frame["x"] * factor + shift).loc[order]
        second = models.association(moved, "y", "x", group="country", design=design, errors="cluster").iloc[0]
        assert second["obs_value"] * factor == pytest.approx(first["obs_value"], rel=1e-4)
        assert second["p_value"] == pytest.approx(first["p_value"], rel=1e-2, abs=1e-6)


class TestWildBootstrap:
    def test_is_the_bootstrap_done_by_brute_force(self, frame):
        """The same draws, each refitted with statsmodels and CR1 errors, the null imposed."""
        found = models.association(frame, "y", "x", ["z"], "country", errors="wild", draws=99, seed=3).iloc[0]
        codes = pd.factorize(frame["country"], sort=True)[0]
        points = [s * np.sqrt(v) for s in (-1, 1) for v in (0.5, 1, 1.5)]
        weights = np.random.default_rng(3).choice(points, (99, 6))
        cluster = {"cov_type": "cluster", "cov_kwds": {"groups": codes}}
        actual = smf.ols("y ~ x + z", frame).fit(**cluster).tvalues["x"]
        null = smf.ols("y ~ z", frame).fit()
        drawn = [
            smf.ols("y ~ x + z", frame.assign(y=null.fittedvalues + null.resid * w[codes])).fit(**cluster).tvalues["x"]
            for w in weights
        ]
        assert found["p_value"] == pytest.approx((1 + (np.abs(drawn) >= abs(actual)).sum()) / 100)

    def test_interval_is_where_the_test_stops_rejecting(self, frame):
        options = {"controls": ["z"], "group": "country", "errors": "wild", "draws": 499}
        found = models.association(frame, "y", "x", **options).iloc[0]
        for bound, inside in ((found["lower"], 0.001), (found["upper"], -0.001)):
            for nudge, rejected in ((inside, False), (-inside, True)):
                moved = frame.assign(y=frame["y"] - (bound + nudge) * frame["x"])
                p_value = models.association(moved, "y", "x", **options)["p_value"][0]
                assert (p_value <= 0.05) == rejected

    @pytest.mark.parametrize("factor", [1e-5, 1e5])
    def test_the_interval_scales_with_the_unit(self, frame, factor):
        """The search for its ends begins at a step in the unit of the estimate."""
        options = {"controls": ["z"], "group": "country", "errors": "wild", "draws": 199}
        first = models.association(frame, "y", "x", **options).iloc[0]
        second = models.association(frame.assign(y=frame["y"] * factor), "y", "x", **options).iloc[0]
        columns = ["lower", "upper"]
        assert_allclose(second[columns].astype(float), factor * first[columns].astype(float), rtol=1e-4)

    @pytest.mark.simulates
    def test_few_clusters_do_not_reject_a_true_null_too_often(self):
        rejected = {
            errors: np.mean(
                [
                    models.association(noise(6, 8, seed=s), "y", "x", group="country", errors=errors, draws=199)[
                        "p_value"
                    ][0]
                    < 0.05
                    for s in range(150)
                ]
            )
            for errors in ("wild", "cluster", "classical")
        }
        assert rejected["classical"] > 0.15
        assert rejected["wild"] < 0.11
        assert rejected["cluster"] < 0.11

    def test_two_clusters_cannot_bound_anything(self):
        found = models.association(noise(2), "y", "x", group="country", errors="wild", draws=99).iloc[0]
        assert found["p_value"] > 0.05
        assert np.isinf(found[["lower", "upper"]].astype(float)).all()


@pytest.mark.parametrize(("units", "points"), [(11, [0.5, 1, 1.5]), (12, [1])])
def test_signs_are_webbs_six_points_below_a_dozen_units(units, points):
    drawn = models._signs(np.random.default_rng(0), 500, units, units)
    assert drawn.shape == (500, units)
    assert sorted({*np.round(drawn**2, 12).ravel()}) == points
    assert abs(drawn.mean()) < 0.05


class TestInfluence:
    def test_the_country_that_makes_the_association_comes_first(self):
        frame = noise(10, 8, slope=0.0)
        outlier = frame["country"] == "3"
        frame.loc[outlier, "y"] = frame.loc[outlier, "x"] * 5
        found = models.influence(frame, "y", "x", "country", design="within", errors="cluster")
        assert found["country"][0] == "3"
        without = models.association(frame[~outlier], "y", "x", group="country", design="within", errors="cluster")
        assert found["obs_value"][0] == without["obs_value"][0]
        assert len(found) == 10

    def test_shifts_are_what_leaving_out_moves(self):
        frame = noise(6, 8, slope=0.05, seed=2)
        found = models.influence(frame, "y", "x", "country", errors="cluster").set_index("country")
        whole = models.association(frame, "y", "x", group="country", errors="cluster").iloc[0]
        assert found["shift"].abs().is_monotonic_decreasing
        for country, row in found.iterrows():
            rest = frame[frame["country"] != country]
            alone = models.association(rest, "y", "x", group="country", errors="cluster").iloc[0]
            assert row["shift"] == pytest.approx(alone["obs_value"] - whole["obs_value"])
            assert row["shift_in_errors"] == pytest.approx(row["shift"] / whole["std_error"])
            assert row["sign_changes"] == (alone["obs_value"] * whole["obs_value"] < 0)


class TestSpecificationCurve:
    family = Specifications(
        ["y"],
        ["x", "x2"],
        {"none": [], "age": ["age"]},
        {"all": "", "old": "age > 0"},
        [None, "weight"],
        ["pooled", "within"],
        "country",
    )

    def frame(self, slope, seed=0):
        generator = np.random.default_rng(seed + 99)
        n = 96
        frame = noise(12, 8, slope, seed).assign(age=generator.normal(size=n), weight=generator.uniform(1, 2, n))
        frame.loc[[4, 50], "x2"] = np.nan
        return frame

    def test_every_combination_once_sorted(self):
        found = models.specification_curve(self.frame(0.5), self.family)
        dimensions = ["outcome", "predictor", "controls", "sample", "weights", "design"]
        assert len(found) == 32
        assert not found.duplicated(dimensions).any()
        assert found["obs_value"].is_monotonic_increasing
        assert found["rank"].tolist() == list(range(1, 33))
        assert [*found][:7] == ["rank", *dimensions]

    def test_each_row_is_the_association_of_its_choices(self):
        frame = self.frame(0.5)
        row = models.specification_curve(frame, self.family).query(
            "predictor == 'x2' and controls == 'age' and sample == 'old' and weights == 'weight' and design == 'within'"
        )
        alone = models.association(
            frame.query("age > 0"), "y", "x2", ["age"], "country", "within", "cluster", "weight", standardise=True
        )
        assert_allclose(
            row[["obs_value", "std_error", "p_value"]].astype(float),
            alone[["obs_value", "std_error", "p_value"]].astype(float),
        )

    @pytest.mark.parametrize("group", [None, "country"])
    def test_the_test_is_about_the_same_estimates(self, group):
        frame = self.frame(0.3)
        family = Specifications(
            ["y"], ["x", "x2"], self.family.controls, self.family.samples, [None, "weight"], group=group
        )
        curve = models.specification_curve(frame, family)
        units = pd.factorize(frame[group])[0] if group else np.arange(len(frame))
        fits = [models._Fit(frame, family, choice, True, units)(np.ones((1, 96))) for choice in family]
        assert_allclose(sorted(f[0][0] for f in fits), curve["obs_value"])
        assert_allclose(sorted(f[1][0] for f in fits), np.sort(curve["statistic"]))
        summary = models.specification_test(frame, family, draws=0).set_index("statistic")["observed"]
        assert summary["median"] == pytest.approx(curve["obs_value"].median())
        same = np.sign(curve["obs_value"]) == np.sign(summary["median"])
        assert summary["share_same_sign"] == pytest.approx(100 * same.mean())
        assert summary["share_significant"] == pytest.approx(100 * (same & curve["significant"]).mean())

    @pytest.mark.parametrize(("group", "design"), [(None, "pooled"), ("country", "pooled"), ("country", "within")])
    def test_a_draw_is_the_curve_of_residuals_with_other_signs(self, group, design):
        """By brute force: the model without the predictor by statsmodels, the signs of its residuals by unit."""
        frame = self.frame(0.3)
        codes = frame["country"].astype(int).to_numpy() if group else np.arange(len(frame))
        family = Specifications(["y"], ["x"], {"age": ["age"]}, designs=[design], group=group)
        signs = np.where(np.random.default_rng(4).random(codes.max() + 1) < 0.5, -1, 1)
        null = smf.ols("y ~ age + C(country)" if design == "within" else "y ~ age", frame).fit()
        drawn = frame.assign(y=null.fittedvalues + null.resid * signs[codes])
        expected = models.specification_curve(drawn, family, standardise=False)
        estimate, t_value, _ = models._Fit(frame, family, next(iter(family)), False, codes)(signs[None])
        assert_allclose([estimate[0], t_value[0]], expected[["obs_value", "statistic"]].iloc[0].astype(float))

    def test_average_z_is_stouffers_and_chance_is_that_of_the_draws(self):
        frame = self.frame(0.3)
        curve = models.specification_curve(frame, self.family)
        z = stats.norm.isf(curve["p_value"].astype(float) / 2) * np.sign(curve["statistic"].astype(float))
        found = models.specification_test(frame, self.family, draws=39).set_index("statistic")
        assert found.loc["average_z", "observed"] == pytest.approx(z.sum() / np.sqrt(32))
        assert (found["null_lower"] < found["null_upper"]).all()
        assert_allclose(found["p_value"] * 40, (found["p_value"] * 40).round())
        assert found["p_value"].between(1 / 40, 1).all()
        assert (found["n_specifications"] == 32).all()

    def test_p_values_count_the_draws_that_are_as_extreme(self):
        """By brute force over draws that are few and of a slope near nothing, so that some are and some are not."""
        frame, draws = self.frame(0.1), 39
        family = Specifications(["y"], ["x", "x2"], {"none": [], "age": ["age"]}, group="country")
        units = pd.factorize(frame["country"])[0]
        fits = [models._Fit(frame, family, choice, True, units) for choice in family]
        signs = np.vstack([np.ones(12), models._signs(np.random.default_rng(5), draws, 12, 12)])
        sizes, medians = [], []
        for row in signs:
            estimate, t_value = (np.array([fit(row[None])[i][0] for fit in fits]) for i in (0, 1))
            p_value = 2 * stats.t.sf(np.abs(t_value), 11)
            z = np.sign(t_value) * stats.norm.isf(p_value / 2)
            same = np.sign(estimate) == np.sign(np.median(estimate))
            medians.append(np.median(estimate))
            sizes.append([abs(np.median(z)), same.mean(), (same & (p_value < 0.05)).mean(), abs(z.sum() / 2)])
        sizes = np.array(sizes)
        found = models.specification_test(frame, family, draws=draws, seed=5)
        expected = (1 + (sizes[1:] >= sizes[0] * (1 - 1e-9)).sum(axis=0)) / (draws + 1)
        assert_allclose(found["p_value"], expected)
        assert ((expected > 1 / 40) & (expected < 1)).sum() >= 2
        assert_allclose(found[["null_lower", "null_upper"]].iloc[0], intervals.percentiles(np.array(medians[1:])))

    def test_nothing_is_as_extreme_as_what_was_observed(self):
        """The least p-value is one over the draws and one."""
        found = models.specification_test(self.frame(3.0), self.family, draws=19).set_index("statistic")
        assert found.loc["average_z", "p_value"] == pytest.approx(1 / 20)

    def test_a_share_of_nothing_is_no_evidence(self):
        """Whatever is drawn is at least as extreme as no significant estimate at all."""
        found = models.specification_test(self.frame(0.0), Specifications(["y"], ["age"]), draws=19)
        row = found.set_index("statistic").loc["share_significant"]
        assert (row["observed"], row["p_value"]) == (0, 1)

    @pytest.mark.parametrize("dimension", ["outcomes", "predictors", "weights", "designs"])
    def test_a_family_of_nothing_is_refused(self, dimension):
        family = Specifications(**{"outcomes": ["y"], "predictors": ["x"], dimension: []})
        with pytest.raises(ModelError, match=f"{dimension} must be a list with one entry"):
            models.specification_curve(self.frame(0), family)

    def test_a_real_association_is_not_chance(self):
        found = models.specification_test(self.frame(0.8), self.family, draws=199).set_index("statistic")
        assert found.loc[["median", "share_significant", "average_z"], "p_value"].max() < 0.05

    @pytest.mark.simulates
    def test_what_predictor_and_controls_share_is_no_evidence(self):
        """Permuted predictors lose what they share with the controls, and a true null is rejected five times too often."""
        rejected = [simulations.once("specification_test", "rows, control correlates by 0.8", s) for s in range(100)]
        assert 0.01 <= np.mean(rejected) <= 0.12

    @pytest.mark.parametrize("design", ["units over years, pooled", "units over years, within"])
    @pytest.mark.simulates
    def test_years_of_a_unit_are_not_taken_as_independent(self, design):
        rejected = [simulations.once("specification_test", design, s) for s in range(100)]
        assert 0.01 <= np.mean(rejected) <= 0.12

    def test_reproducible(self):
        first, second = (models.specification_test(self.frame(0.5), self.family, draws=10) for _ in range(2))
        pd.testing.assert_frame_equal(first, second)

    def test_a_string_is_no_list_of_outcomes(self):
        with pytest.raises(ModelError, match="outcomes must be a list"):
            models.specification_curve(self.frame(0), Specifications("y", ["x"]))

    def test_random_intercepts_are_not_in_the_test_of_a_curve(self):
        with pytest.raises(ModelError, match="not 'random'"):
            models.specification_test(self.frame(0), Specifications(["y"], ["x"], designs=["random"], group="country"))


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "options", "message"),
        [
            ({"x": 1.0}, {}, "cannot be told apart"),
            ({"y": 2.0}, {}, "does not vary"),
            ({"y": 2.0}, {"standardise": True}, "cannot be standardised"),
            ({"x": 0.0}, {"standardise": True}, "cannot be standardised"),
            ({"x": np.nan}, {}, "0 complete rows of 36"),
            ({"z": 2.0}, {"controls": ["z"]}, "cannot be told apart"),
            ({"w": 0.0}, {"weights": "w"}, "above zero"),
            ({"country": "C1"}, {"group": "country", "design": "within"}, "two groups"),
            ({"country": "C1"}, {"group": "country", "design": "random", "errors": "robust"}, "two groups"),
            ({}, {"design": "within"}, "needs a group"),
            ({}, {"controls": ["nothing"]}, "nothing"),
            ({}, {"design": "fixed"}, "expected one of"),
            ({}, {"group": "country", "design": "within", "errors": "robust"}, "belong together"),
            ({}, {"group": "country", "design": "random", "weights": "w"}, "no weights"),
            ({"x": np.inf}, {}, "must be finite"),
            ({"y": np.inf}, {}, "must be finite"),
            ({}, {"errors": "HC1"}, "expected one of"),
            ({}, {"errors": "cluster"}, "need two groups or more; found 0"),
            ({"x": [0.0] * 35 + [1]}, {"errors": "robust"}, "decided by a single row"),
            (
                {"country": [*range(36)]},
                {"group": "country", "design": "random", "errors": "robust"},
                "some of several",
            ),
        ],
    )
    def test_says_what_is_wrong(self, frame, changes, options, message):
        with pytest.raises(ModelError, match=message):
            models.association(frame.assign(**changes), "y", "x", **options)

    @pytest.mark.parametrize(("n", "message"), [(2, "2 complete rows of 2 are too few"), (3, None)])
    def test_three_rows_make_a_line_and_two_do_not(self, frame, n, message):
        if message is None:
            assert np.isfinite(models.association(frame[:n], "y", "x", errors="classical")["std_error"][0])
            return
        with pytest.raises(ModelError, match=message):
            models.association(frame[:n], "y", "x")

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({}, "explain the outcome perfectly"),
            ({"group": "country", "errors": "wild"}, "explain the outcome perfectly"),
        ],
    )
    def test_a_perfect_line_has_no_error(self, frame, options, message):
        with pytest.raises(ModelError, match=message):
            models.association(frame.assign(y=2 * frame["x"] + 1), "y", "x", **options)

    @pytest.mark.parametrize(
        ("changes", "options", "message"),
        [
            ({"x": [0.0, 1] + [0.0] * 34}, {"group": "country", "errors": "cluster"}, "one group only"),
        ],
    )
    def test_says_what_groups_cannot_tell(self, frame, changes, options, message):
        with pytest.raises(ModelError, match=message):
            models.association(frame.assign(**changes), "y", "x", **options)

    def test_as_many_terms_as_rows_are_too_many(self, frame):
        with pytest.raises(ModelError, match=r"4 terms .* cannot be told apart in 4 rows"):
            models.association(frame[:4], "y", "x", ["z", "w"])

    def test_a_predictor_of_countries_says_nothing_within(self, frame):
        frame["x"] = frame["country"].str[1:].astype(float)
        with pytest.raises(ModelError, match="'x' does not vary within 'country'"):
            models.association(frame, "y", "x", group="country", design="within")

    @given(
        st.lists(st.tuples(st.sampled_from("ABC"), *[st.sampled_from([None, 0.0, 1.0, 2.0, 1e8])] * 2), max_size=12),
        st.sampled_from(models.DESIGNS),
        st.sampled_from(models.ERRORS),
    )
    def test_degenerate_data_give_a_result_or_a_clear_error(self, rows, design, errors):
        frame = pd.DataFrame(rows, columns=["country", "x", "y"]).astype({"x": float, "y": float})
        try:
            found = models.association(frame, "y", "x", group="country", design=design, errors=errors, draws=19).iloc[0]
        except ModelError as error:
            assert len(str(error)) > 20
        else:
            assert np.isfinite(found["obs_value"])
            assert found[["std_error", "p_value", "lower", "upper"]].notna().all()


class TestErrorsInVariables:
    def corn(self):
        """Fuller (1987), table 1.2.1: yields of corn and soil nitrogen, whose error variance is 57."""
        yields = [86, 115, 90, 86, 110, 91, 99, 96, 99, 104, 96.0]
        nitrogen = [70, 97, 53, 64, 95, 64, 50, 70, 94, 69, 51.0]
        return pd.DataFrame({"y": yields, "x": nitrogen, "error": np.sqrt(57)})

    def test_is_the_example_of_fuller(self):
        found = models.errors_in_variables(self.corn(), "y", "x", "error").iloc[0]
        assert found["obs_value"] == pytest.approx(0.4232, abs=5e-5)
        assert found["uncorrected"] == pytest.approx(0.3440, abs=5e-5)

    def test_without_errors_it_is_least_squares_with_the_errors_of_a_jackknife(self, frame):
        frame["none"] = 0.0
        found = models.errors_in_variables(frame, "y", "x", "none", ["z"], "country").iloc[0]
        expected = models.association(frame, "y", "x", ["z"], "country", errors="cluster").iloc[0]
        assert found["obs_value"] == pytest.approx(expected["obs_value"])
        assert found["std_error"] == pytest.approx(expected["std_error"], rel=0.02)
        assert (found["reliability"], found["degrees_of_freedom"]) == (pytest.approx(1), 5)

    def test_interval_holds_the_slope_that_least_squares_miss(self):
        design = "half of the variance is error, clusters"
        assert np.mean([simulations.once("errors_in_variables", design, s) for s in range(100)]) >= 0.89
        found = [
            models.errors_in_variables(simulations.noisy(np.random.default_rng(s)), "y", "x", "error").iloc[0]
            for s in range(30)
        ]
        assert np.mean([one["obs_value"] for one in found]) == pytest.approx(0.5, abs=0.06)
        assert np.mean([one["uncorrected"] for one in found]) < 0.3

    def test_error_is_that_of_the_jackknife_of_rows(self):
        """Brute force: the example without each row, and by the moments of Fuller."""
        corn = self.corn()
        found = models.errors_in_variables(corn, "y", "x", "error").iloc[0]
        slopes = []
        for row in corn.index:
            rest = corn.drop(index=row)
            covariance = np.cov(rest["x"], rest["y"])
            slopes.append(covariance[0, 1] / (covariance[0, 0] - 57))
        assert found["std_error"] == pytest.approx(np.sqrt(10 / 11 * ((slopes - np.mean(slopes)) ** 2).sum()))
        assert found["statistic"] == pytest.approx(found["obs_value"] / found["std_error"])
        half = stats.t.ppf(0.975, 10) * found["std_error"]
        assert_allclose(found[["lower", "upper"]].astype(float), [found["obs_value"] - half, found["obs_value"] + half])
        assert found["reliability"] == pytest.approx(1 - 57 / corn["x"].var())
        assert found["p_value"] == pytest.approx(2 * stats.t.sf(found["statistic"], 10))

    def test_units_of_the_predictor_do_not_matter(self):
        corn = self.corn()
        milli = corn.assign(x=corn["x"] / 1000, error=corn["error"] / 1000)
        first, second = (models.errors_in_variables(data, "y", "x", "error").iloc[0] for data in (corn, milli))
        assert second["obs_value"] == pytest.approx(1000 * first["obs_value"])
        assert second["reliability"] == pytest.approx(first["reliability"])

    def test_rows_without_a_value_are_counted_and_an_error_column_is_needed(self):
        corn = self.corn()
        corn.loc[[0, 1], "y"] = np.nan
        corn.loc[2, "error"] = np.nan
        found = models.errors_in_variables(corn, "y", "x", "error").iloc[0]
        assert (found["n_obs"], found["n_missing"]) == (8, 3)
        with pytest.raises(ModelError, match="'se' must be a column"):
            models.errors_in_variables(corn, "y", "x", "se")

    @pytest.mark.parametrize(
        ("error", "message"), [(20.0, "as large as its differences"), (-1.0, "zero or more"), (np.nan, "zero or more")]
    )
    def test_errors_that_leave_nothing_are_refused(self, error, message):
        with pytest.raises(ModelError, match=message):
            models.errors_in_variables(self.corn().assign(error=error), "y", "x", "error")


class TestBrokenStick:
    def bent(self, seed=0, knot=4.0):
        generator = np.random.default_rng(seed)
        x = generator.uniform(0, 10, 80)
        return pd.DataFrame({"x": x, "y": np.minimum(x, knot) + generator.normal(size=80) / 2, "z": x % 1})

    def test_knot_is_where_the_sum_of_squares_is_least(self):
        """By brute force: a regression of statsmodels at each value."""
        frame = self.bent()
        found = models.broken_stick(frame, "y", "x", draws=199).set_index("term")
        left = {k: smf.ols("y ~ x + np.maximum(x - @k, 0)".replace("@k", repr(k)), frame).fit().ssr
                for k in np.sort(frame["x"])[8:-8].tolist()}  # fmt: skip
        assert found["knot"].iloc[0] == min(left, key=left.get)
        assert found["knot_lower"].iloc[0] < 4 < found["knot_upper"].iloc[0]
        bound = min(left.values()) * (1 + stats.t.ppf(0.975, 76) ** 2 / 76)  # a straight line, a bend and its place
        inside = [k for k, squares in left.items() if squares <= bound]
        assert found[["knot_lower", "knot_upper"]].iloc[0].tolist() == pytest.approx([min(inside), max(inside)])
        assert found.loc["change", "p_value"] == 1 / 200

    @pytest.mark.parametrize(("n", "left_out"), [(20, 3), (30, 3), (31, 4)])
    def test_a_tenth_of_the_rows_and_three_at_least_lie_on_either_side(self, n, left_out):
        """A step at the very end draws the knot to the last place where it may be."""
        x = np.arange(float(n))
        frame = pd.DataFrame({"x": x, "y": np.where(x > n - 2, 9.0, 0) + np.sin(x) / 50})
        assert models.broken_stick(frame, "y", "x", draws=1)["knot"].iloc[0] == n - left_out

    def test_a_knot_is_looked_for_between_the_ends_even_if_many_rows_lie_there(self):
        x = np.repeat([0.0, 1, 2, 3, 4, 5, 6, 7], [6, 1, 1, 1, 1, 1, 1, 6])
        frame = pd.DataFrame({"x": x, "y": np.minimum(x, 4) + np.sin(np.arange(18)) / 50})
        found = models.broken_stick(frame, "y", "x", draws=19)
        assert found["knot"].iloc[0] == 4
        assert 0 < found["knot_lower"].iloc[0] <= 4 <= found["knot_upper"].iloc[0] < 7

    def test_a_straight_line_has_a_p_value_between_the_draws(self):
        found = models.broken_stick(self.bent(knot=99.0), "y", "x", draws=99)["p_value"].iloc[2]
        assert 0.05 < found < 1
        assert found * 100 == pytest.approx(round(found * 100))

    def test_a_known_knot_is_a_regression_on_two_parts(self):
        frame = self.bent()
        found = models.broken_stick(frame, "y", "x", 5, ["z"]).set_index("term")
        fit = smf.ols("y ~ x + np.maximum(x - 5, 0) + z", frame).fit(cov_type="HC3", use_t=True)
        assert_allclose(
            found.loc["below", ["obs_value", "std_error"]].astype(float), [fit.params.iloc[1], fit.bse.iloc[1]]
        )
        assert_allclose(found.loc["change", "p_value"], fit.pvalues.iloc[2])
        assert found.loc["above", "obs_value"] == pytest.approx(fit.params.iloc[1] + fit.params.iloc[2])
        assert found["knot_lower"].isna().all()

    def test_the_search_for_a_knot_is_paid_for(self):
        """Testing the best of many knots as if it had been known rejects a straight line far too often."""
        design, searched, known = "straight line, unequal noise, knot searched", [], []
        for seed in range(60):
            searched.append(simulations.once("broken_stick", design, seed))
            frame = simulations.straight(np.random.default_rng(seed))
            best = models.broken_stick(frame, "y", "x", draws=1)["knot"].iloc[0]
            known.append(models.broken_stick(frame, "y", "x", best)["p_value"].iloc[2] < 0.05)
        assert np.mean(searched) <= 0.12 < np.mean(known)

    @pytest.mark.parametrize(("knot", "message"), [(99, "outside 'x'"), (None, "too few")])
    def test_a_knot_that_cannot_be_is_refused(self, knot, message):
        with pytest.raises(ModelError, match=message):
            models.broken_stick(self.bent().head(80 if knot else 5), "y", "x", knot)


def test_every_pair_is_the_association_of_two_standardised_measures():
    """Written out for thousands of pairs; a slip in it would go unseen among so many."""
    generator = np.random.default_rng(11)
    common = generator.normal(size=40)
    frame = pd.DataFrame({name: common + generator.normal(size=40) * (1 + common**2) for name in "abcd"})
    frame.loc[:12, "b"] = np.nan
    frame.loc[20:, "d"] = np.nan
    table = models.every_pair(frame, [*"abcd"], least=20)
    assert [*zip(table["x"], table["y"], strict=True)] == [("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("c", "d")]
    columns = ["obs_value", "std_error", "lower", "upper", "p_value", "n_obs"]
    for row in table.itertuples():
        expected = models.association(frame, row.y, row.x, standardise=True, errors="robust").iloc[0]
        assert [getattr(row, name) for name in columns] == pytest.approx([*expected[columns]], rel=1e-9)
    assert table["p_adjusted"].tolist() == pytest.approx([*intervals.adjusted(table["p_value"])])


@pytest.mark.parametrize(("values", "told"), [([1.0] * 25, "does not vary"), ([0.0] * 24 + [1.0], "single row")])
def test_every_pair_refuses_what_has_no_slope_or_hangs_on_one_row(values, told):
    frame = pd.DataFrame({"x": values, "y": np.random.default_rng(12).normal(size=25)})
    with pytest.raises(models.ModelError, match=told):
        models.every_pair(frame, ["x", "y"])
