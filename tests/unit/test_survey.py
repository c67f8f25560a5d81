"""Survey estimation against hand computations and an independent, slow re-computation.

`slow` computes every estimate one weight and one plausible value at a time, in plain loops; statsmodels does the
regressions. Nothing here needs publishers' files.
"""

import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from crossroads import survey
from crossroads.survey.inference import rubin
from crossroads.survey.statistics import quantiles
from crossroads.survey.synthetic import hadamard

DESIGN = survey.PISA_2022
TOLERANCE = {"rtol": 1e-10, "atol": 1e-12}


@pytest.fixture(scope="module")
def students():
    return survey.synthetic(countries=2, schools=40, students=6, missing=0.05)


def slow(frame, statistic, variable="PV@MATH", design=DESIGN, factor=1 / 20):
    """Estimate, sampling and imputation variance of ``statistic(frame, values, weights)``, by plain loops."""
    weights = [design.weight, *design.replicate_columns(frame.columns)]
    values = design.variable_columns(variable, frame.columns)
    t = np.array([[statistic(frame, frame[v].to_numpy(), frame[w].to_numpy()) for w in weights] for v in values])
    sampling = np.mean([factor * sum((row[1:] - row[0]) ** 2) for row in t], axis=0)
    m = len(values)
    imputation = (1 + 1 / m) * np.var(t[:, 0], axis=0, ddof=1) if m > 1 else 0 * sampling
    return np.mean(t[:, 0], axis=0), sampling, imputation


def agree(table, expected):
    """Compare a table with what `slow` returns."""
    estimate, sampling, imputation = (np.atleast_1d(part) for part in expected)
    np.testing.assert_allclose(table["obs_value"], estimate, **TOLERANCE)
    np.testing.assert_allclose(table["sampling_variance"], sampling, **TOLERANCE)
    np.testing.assert_allclose(table["imputation_variance"], imputation, **TOLERANCE)
    np.testing.assert_allclose(table["std_error"], np.sqrt(sampling + imputation), **TOLERANCE)


def country(frame, code):
    return frame[frame["CNT"] == code].reset_index(drop=True)


def weighted_mean(_, y, w):
    return np.sum(w * y) / np.sum(w)


def weighted_sd(_, y, w):
    return np.sqrt(np.sum(w * (y - weighted_mean(_, y, w)) ** 2) / np.sum(w))


# ------------------------------------------------------------------------------------------- statistics


def test_mean_by_country_equals_plain_loops(students):
    table = survey.mean(students, "PV@MATH", DESIGN, by="CNT")
    assert table["CNT"].tolist() == ["X01", "X02"]
    for code in ("X01", "X02"):
        agree(table[table["CNT"] == code], slow(country(students, code), weighted_mean))


def test_groups_scattered_over_the_file_equal_sorted_groups(students):
    """Rows that do not lie together take another path to the weights."""
    shuffled = students.sample(frac=1, random_state=1)
    for question in (survey.Mean("PV@MATH"), survey.Percentiles("PV@MATH"), survey.Regression(("PV@MATH", "ESCS"))):
        pd.testing.assert_frame_equal(
            survey.estimate(question, shuffled, DESIGN, ["CNT", "FEMALE"]),
            survey.estimate(question, students, DESIGN, ["CNT", "FEMALE"]),
            rtol=1e-11,
        )


def test_columns_in_any_order_give_the_same(students):
    """Replicate weights that are not neighbours cannot be read as one block."""
    mixed = students[sorted(students.columns)]
    expected = survey.mean(students, "PV@MATH", DESIGN, by="CNT")
    pd.testing.assert_frame_equal(survey.mean(mixed, "PV@MATH", DESIGN, by="CNT"), expected, rtol=1e-12)


def test_weights_that_lie_side_by_side_are_not_copied(students):
    """A file of all countries has some gigabytes of them."""
    columns = [DESIGN.weight, *DESIGN.replicate_columns(students.columns)]
    matrix = survey.Sample(students, DESIGN).matrix(columns)
    np.testing.assert_array_equal(matrix, students[columns])
    first = students.columns.get_loc(DESIGN.weight)
    assert np.shares_memory(matrix, students.iloc[:, first : first + len(columns)].to_numpy())
    mixed = students[columns[::-1]].copy()
    np.testing.assert_array_equal(survey.Sample(mixed, DESIGN).matrix(columns), students[columns])


def test_spread_equals_plain_loops_and_divides_by_the_sum_of_weights(students):
    one = country(students, "X01")
    agree(survey.standard_deviation(one, "PV@MATH", DESIGN), slow(one, weighted_sd))
    agree(survey.variance(one, "PV@MATH", DESIGN), slow(one, lambda *a: weighted_sd(*a) ** 2))


def test_total_share_levels_ratio_equal_plain_loops(students):
    one = country(students, "X02")
    agree(survey.total(one, "FEMALE", DESIGN), slow(one, lambda _, y, w: np.sum(w * y), "FEMALE"))
    share = survey.share(one, "FEMALE", DESIGN)
    assert share["category"].tolist() == [0.0, 1.0]
    agree(share[share["category"] == 1], slow(one, lambda f, y, w: 100 * weighted_mean(f, y, w), "FEMALE"))
    levels = survey.levels(one, "PV@MATH", [420.0, 500.0], DESIGN, names=("low", "middle", "high"))
    middle = slow(one, lambda f, y, w: 100 * weighted_mean(f, (y >= 420) & (y < 500), w))
    agree(levels[levels["level"] == "middle"], middle)
    assert levels["obs_value"].sum() == pytest.approx(100, abs=1e-10)
    ratio = slow(one, lambda f, y, w: np.sum(w * y) / np.sum(w * f["FEMALE"]))
    agree(survey.ratio(one, "PV@MATH", "FEMALE", DESIGN), ratio)


def test_a_score_on_the_cut_belongs_to_the_level_above():
    frame = toy(y=[400.0, 420.0, 420.0, 500.0])
    levels = survey.levels(frame, "y", [420.0, 500.0], TOY)
    assert levels["obs_value"].tolist() == [25.0, 50.0, 25.0]


def test_share_of_text_categories_and_of_a_category_that_is_nowhere(students):
    frame = students.assign(SEX=np.where(students["FEMALE"] == 1, "girl", "boy"))
    table = survey.share(frame, "SEX", DESIGN, categories=("boy", "girl", "other"))
    assert table["obs_value"].sum() == pytest.approx(100)
    assert table["obs_value"].tolist()[2] == 0.0
    with pytest.raises(survey.SurveyError, match=r"'girl'.*not among the categories"):
        survey.share(frame, "SEX", DESIGN, categories=("boy", "other"))


@pytest.mark.parametrize("sides", [("PV@MATH", "ESCS"), ("ESCS", "PV@MATH")])
def test_correlation_and_covariance_with_plausible_values_on_either_side(students, sides):
    complete = students.dropna()

    def covariance(f, y, w):
        mean_y, mean_x = weighted_mean(f, y, w), weighted_mean(f, f["ESCS"], w)
        return np.sum(w * (y - mean_y) * (f["ESCS"] - mean_x)) / np.sum(w)

    def correlation(f, y, w):
        return covariance(f, y, w) / weighted_sd(f, y, w) / weighted_sd(f, f["ESCS"], w)

    agree(survey.covariance(students, *sides, DESIGN), slow(complete, covariance))
    agree(survey.correlation(students, *sides, DESIGN), slow(complete, correlation))


def wls(f, y, w, x):
    fit = sm.WLS(y, sm.add_constant(f[x].to_numpy()), weights=w).fit()
    return np.append(fit.params, fit.rsquared)


def test_regression_equals_statsmodels(students):
    x = ["ESCS", "FEMALE", "RURAL"]
    table = survey.regression(students, "PV@MATH", x, DESIGN)
    assert table["term"].tolist() == ["intercept", *x, "r_squared"]
    agree(table, slow(students.dropna(), lambda f, y, w: wls(f, y, w, x)))


def test_regression_with_plausible_values_on_both_sides_pairs_them(students):
    """Each plausible value of the response goes with the same number of the covariate, never with the first."""
    rng = np.random.default_rng(3)
    frame = students.copy()
    for m in range(1, 11):
        frame[f"PV{m}READ"] = 0.7 * frame[f"PV{m}MATH"] + rng.normal(0, 40, len(frame))
    weights = [DESIGN.weight, *DESIGN.replicate_columns(frame.columns)]
    t = np.array(
        [
            [
                sm.WLS(frame[f"PV{m}MATH"], sm.add_constant(frame[[f"PV{m}READ", "FEMALE"]]), weights=frame[w])
                .fit()
                .params
                for w in weights
            ]
            for m in range(1, 11)
        ]
    )
    sampling = ((t[:, 1:] - t[:, :1]) ** 2).sum(axis=1).mean(axis=0) / 20
    table = survey.regression(frame, "PV@MATH", ["PV@READ", "FEMALE"], DESIGN)[:3]
    agree(table, (t[:, 0].mean(axis=0), sampling, 1.1 * t[:, 0].var(axis=0, ddof=1)))


def test_regression_keeps_its_digits_far_from_zero(students):
    """Sums of squares of years around 2000 would lose seven digits without centring."""
    frame = students.assign(YEAR=2000 + students["ESCS"] / 1000)
    scaled = survey.regression(frame, "PV@MATH", "YEAR", DESIGN)["obs_value"][1] / 1000
    plain = survey.regression(frame, "PV@MATH", "ESCS", DESIGN)["obs_value"][1]
    assert scaled == pytest.approx(plain, rel=1e-8)


def test_collinear_covariates_have_no_slopes_and_say_so(students):
    frame = students.assign(TWICE=2 * students["ESCS"])
    table = survey.regression(frame, "PV@MATH", ["ESCS", "TWICE"], DESIGN)
    assert (table["obs_status"] == "a").all()
    assert table["obs_value"].isna().all()
    constant = students.assign(NOBODY=np.where(students["CNT"] == "X01", 0.0, students["FEMALE"]))
    table = survey.regression(constant, "PV@MATH", ["NOBODY"], DESIGN, by="CNT")
    assert table.groupby("CNT")["obs_status"].unique().map(list).to_dict() == {"X01": ["a"], "X02": [""]}


def test_logistic_regression_equals_statsmodels(students):
    complete = students.dropna().assign(HIGH=lambda f: (f["PV1MATH"] > 500).astype(float))

    def logit(f, y, w):
        exogenous = sm.add_constant(f[["ESCS", "FEMALE"]])
        return sm.GLM(y, exogenous, sm.families.Binomial(), var_weights=w).fit(tol=1e-14, maxiter=100).params.to_numpy()

    agree(survey.logistic_regression(complete, "HIGH", ["ESCS", "FEMALE"], DESIGN), slow(complete, logit, "HIGH"))


def test_logistic_regression_refuses_what_is_not_0_or_1_and_separation(students):
    with pytest.raises(survey.SurveyError, match="must be 0 or 1"):
        survey.logistic_regression(students, "PV1MATH", "FEMALE", DESIGN)
    frame = students.assign(SAME=students["FEMALE"])
    table = survey.logistic_regression(frame, "SAME", "FEMALE", DESIGN)
    assert (table["obs_status"] == "a").all()


def test_a_function_of_ones_own_equals_the_built_in_statistic(students):
    def gini(frame, weights):
        order = np.argsort(frame["PV@MATH"].to_numpy())
        y, w = frame["PV@MATH"].to_numpy()[order], weights[order]
        ranks = np.cumsum(w) - w / 2
        return 2 * np.sum(w * y * ranks) / np.sum(w) / np.sum(w * y) - 1

    def both(frame, weights):
        return {
            "mean": np.average(frame["PV@MATH"], weights=weights),
            "escs": np.average(frame["ESCS"], weights=weights),
        }

    one = country(students, "X01")
    agree(
        survey.estimate(gini, one, DESIGN, variables="PV@MATH"),
        slow(one, lambda f, y, w: gini(pd.DataFrame({"PV@MATH": y}), w)),
    )
    table = survey.estimate(both, one, DESIGN, variables=("PV@MATH", "ESCS"), labels=("mean", "escs"))
    agree(table[table["label"] == "mean"], slow(one.dropna(), weighted_mean))
    assert table["n_missing"].tolist() == [one["ESCS"].isna().sum()] * 2
    with pytest.raises(survey.SurveyError, match="variables="):
        survey.estimate(gini, one, DESIGN)
    with pytest.raises(survey.SurveyError, match="expected the labels"):
        survey.estimate(both, one, DESIGN, variables=("PV@MATH", "ESCS"), labels=("mean", "median"))


def test_the_column_variable_names_what_was_asked():
    assert survey.Mean("PV@MATH").title() == "PV@MATH"
    assert survey.Ratio("BOOKS", "STUDENTS").title() == "BOOKS ~ STUDENTS"
    assert survey.Regression(("PV@MATH", "ESCS", "FEMALE")).title() == "PV@MATH ~ ESCS + FEMALE"


# ------------------------------------------------------------------------------------------- percentiles


def plain_quantile(y, w, p, definition):
    order = np.argsort(y, kind="stable")
    y, running = y[order][w[order] > 0], np.cumsum(w[order][w[order] > 0])
    target, slack = p * running[-1], 1e-12 * running[-1]
    at = next(i for i, c in enumerate(running) if c >= target - slack)
    above = at + (abs(running[at] - target) <= slack and at + 1 < len(y))
    return {"lower": y[at], "upper": y[above], "averaged": (y[at] + y[above]) / 2}[definition]


@pytest.mark.parametrize("definition", ["averaged", "lower", "upper"])
@pytest.mark.parametrize("n", [1, 2, 31, 32, 33, 300])
def test_quantiles_with_ties_zero_weights_and_block_edges(n, definition):
    rng = np.random.default_rng(n)
    p = np.array([0, 0.05, 0.25, 0.5, 0.75, 0.9, 1])
    for y in (rng.integers(0, 8, n).astype(float), rng.normal(size=n)):
        w = rng.integers(0, 3, (n, 6)).astype(float)
        w[rng.integers(n)] = 1.0
        order = np.argsort(y)
        expected = [[plain_quantile(y, column, q, definition) for column in w.T] for q in p]
        np.testing.assert_array_equal(quantiles(y[order], order, w, p, definition), expected)


def test_quantile_definitions_differ_only_where_the_target_is_met():
    """Four equal weights: half of them is met exactly between the second and the third value."""
    frame = toy(y=[1.0, 2.0, 4.0, 8.0])
    median = {
        d: survey.percentiles(frame, "y", TOY, p=[50], definition=d)["obs_value"][0] for d in survey_definitions()
    }
    assert median == {"averaged": 3.0, "lower": 2.0, "upper": 4.0}
    third = {d: survey.percentiles(frame, "y", TOY, p=[60], definition=d)["obs_value"][0] for d in survey_definitions()}
    assert set(third.values()) == {4.0}


def survey_definitions():
    return ("averaged", "lower", "upper")


def test_percentiles_equal_plain_loops_with_gaps(students):
    frame = country(students, "X01")
    table = survey.percentiles(frame, "ESCS", DESIGN, p=[10, 50, 90])
    complete = frame.dropna(subset="ESCS")
    agree(table, slow(complete, lambda f, y, w: [plain_quantile(y, w, p, "averaged") for p in (0.1, 0.5, 0.9)], "ESCS"))
    assert table["n_missing"].eq(frame["ESCS"].isna().sum()).all()


def test_percentile_range_is_formed_within_each_replicate(students):
    def distance(f, y, w):
        return plain_quantile(y, w, 0.9, "averaged") - plain_quantile(y, w, 0.1, "averaged")

    one = country(students, "X02")
    table = survey.percentile_range(one, "PV@MATH", DESIGN)
    assert len(table) == 1
    agree(table, slow(one, distance))


# ------------------------------------------------------------------------------------------- designs

TOY = survey.Design("toy", "w", "r@", 2, "BRR")


def toy(y, **columns):
    n = len(y)
    half = np.arange(n) % 2 == 0
    return pd.DataFrame(
        {"y": y, "w": np.ones(n), "r1": np.where(half, 1.5, 0.5), "r2": np.where(half, 0.5, 1.5)} | columns
    )


def test_variance_factors_by_hand():
    """Two units; replicates 1.5/0.5 and back move the mean of (0, 8) from 4 to 2 and to 6: squares 4 + 4 = 8."""
    frame = toy(y=[0.0, 8.0])
    variances = {
        "BRR": (TOY, 8 / 2),
        "FAY": (TOY.but(method="FAY", fay=0.5), 8 / (2 * 0.25)),
        "JK1": (TOY.but(method="JK1"), 8 / 2),
        "JK2": (TOY.but(method="JK2"), 8.0),
        "full": (TOY.but(method="JK2-FULL"), 4.0),
        "own": (TOY.but(factor=0.3), 2.4),
        "each": (TOY.but(factor=(0.25, 0.5)), 3.0),
    }
    for design, expected in variances.values():
        assert survey.mean(frame, "y", design)["sampling_variance"][0] == pytest.approx(expected, rel=1e-14)


def test_variance_is_taken_around_the_final_estimate_not_around_the_mean_of_replicates():
    """Replicates that all lie on one side have no spread around their own mean, but do around the estimate."""
    frame = toy(y=[0.0, 8.0]).assign(r2=lambda f: f["r1"])
    assert survey.mean(frame, "y", TOY)["std_error"][0] == pytest.approx(2.0)


def zones():
    rng = np.random.default_rng(5)
    zone = np.repeat(np.arange(1, 6), 8)
    half = np.tile([0, 0, 0, 0, 1, 1, 1, 1], 5)
    return pd.DataFrame(
        {
            "y": rng.normal(500, 100, 40),
            "g": np.arange(40) % 2,
            "TOTWGT": rng.uniform(1, 3, 40),
            "JKZONE": zone,
            "JKREP": half,
        }
    )


def jackknife(frame, keep):
    """Replicate weights by hand: one column a zone, units of the kept half doubled."""
    w = frame["TOTWGT"].to_numpy()
    zones_ = [np.where(frame["JKZONE"] == z, 2 * w * (frame["JKREP"] == keep), w) for z in range(1, 6)]
    return pd.DataFrame(np.array(zones_).T, columns=[f"R{z + 5 * (1 - keep)}" for z in range(1, 6)])


def test_jackknife_zones_equal_replicate_columns_half_and_full():
    frame = zones()
    frame = pd.concat([frame, jackknife(frame, 1), jackknife(frame, 0)], axis=1)
    half = survey.TIMSS_2011.but(replicates=5, plausible_values=1)
    full = half.but(method="JK2-FULL")
    columns = survey.Design("columns", "TOTWGT", "R@", 10, "JK2-FULL")
    for by in (None, "g"):
        half_columns = columns.but(replicates=5, method="JK2")
        part = frame.drop(columns=[f"R{r}" for r in range(6, 11)])
        for question in (survey.Mean("y"), survey.Percentiles("y"), survey.StandardDeviation(("y",))):
            a, b = (survey.estimate(question, part, d, by) for d in (half, half_columns))
            pd.testing.assert_frame_equal(a, b, rtol=1e-12)
            a, b = (survey.estimate(question, frame, d, by) for d in (full, columns))
            np.testing.assert_allclose(a["std_error"], b["std_error"], rtol=1e-12)
    assert survey.mean(frame, "y", full)["degrees_of_freedom"][0] == 5


def test_full_jackknife_is_the_mean_of_its_two_halves():
    frame = zones()
    half = survey.TIMSS_2011.but(replicates=5, plausible_values=1)
    one, other = (
        survey.mean(f, "y", half)["sampling_variance"][0] for f in (frame, frame.assign(JKREP=1 - frame["JKREP"]))
    )
    full = survey.mean(frame, "y", half.but(method="JK2-FULL"))["sampling_variance"][0]
    assert full == pytest.approx((one + other) / 2, rel=1e-12)
    assert one != pytest.approx(other)


def test_sampling_variance_of_the_first_plausible_value_only(students):
    one = country(students, "X01")
    first = survey.mean(one, "PV@MATH", DESIGN.but(sampling_variance_from="first"))
    alone = survey.mean(one, "PV1MATH", DESIGN)["sampling_variance"][0]
    assert first["sampling_variance"][0] == pytest.approx(alone, rel=1e-12)
    every = survey.mean(one, "PV@MATH", DESIGN)
    assert first["imputation_variance"][0] == every["imputation_variance"][0]
    assert every["sampling_variance"][0] != pytest.approx(alone, rel=1e-3)


def piaac(students):
    frame = students.rename(columns={"W_FSTUWT": "SPFWT0"} | {f"W_FSTURWT{r}": f"SPFWT{r}" for r in range(1, 81)})
    first = frame["CNT"] == "X01"
    return frame.assign(
        VEMETHOD=np.where(first, "JK2", "FAY"), VENREPS=np.where(first, 12, 80), VEFAYFAC=np.where(first, 0.0, 0.3)
    )


def test_piaac_takes_method_and_number_of_replicates_of_each_country(students):
    frame = piaac(students)
    table = survey.mean(frame, "PV1MATH", survey.PIAAC, by="CNT").set_index("CNT")
    weights = [f"SPFWT{r}" for r in range(81)]
    for code, used, factor in (("X01", 12, 1.0), ("X02", 80, 1 / (80 * 0.7**2))):
        one = frame[frame["CNT"] == code]
        t = [np.average(one["PV1MATH"], weights=one[w]) for w in weights[: used + 1]]
        assert table.loc[code, "sampling_variance"] == pytest.approx(
            factor * sum((np.array(t[1:]) - t[0]) ** 2), rel=1e-10
        )
        assert table.loc[code, "degrees_of_freedom"] <= min(used, 20)  # 20 pairs of schools


def test_piaac_countries_of_different_methods_cannot_be_pooled(students):
    with pytest.raises(survey.SurveyError, match=r"'VEMETHOD' has 2 different values.*by country"):
        survey.mean(piaac(students), "PV1MATH", survey.PIAAC)
    odd = piaac(students).assign(VEMETHOD="BOOT")
    with pytest.raises(survey.SurveyError, match="BOOT"):
        survey.mean(odd, "PV1MATH", survey.PIAAC, by="CNT")


def test_presets_are_the_published_designs():
    for design, columns, values, factor in (
        (survey.PISA_2003, 80, 5, 1 / 20),
        (survey.PISA_2012, 80, 5, 1 / 20),
        (survey.PISA_2015, 80, 10, 1 / 20),
        (survey.PISA_2022, 80, 10, 1 / 20),
        (survey.TALIS_TEACHER, 100, 1, 1 / 25),
        (survey.TALIS_SCHOOL, 100, 1, 1 / 25),
    ):
        assert design.variance_factor(columns) == pytest.approx(factor, rel=1e-15)
        assert (design.replicates, design.plausible_values) == (columns, values)
    assert survey.TIMSS_2011.variance_factor(75) == 1.0
    assert survey.TIMSS_2019.variance_factor(150) == 0.5


def test_presets_are_named_after_study_and_year():
    """The name is what every message about a wrong file begins with."""
    cycles = {"PISA": (2000, 2003, 2006, 2009, 2012, 2015, 2018, 2022, 2025), "TIMSS": (2011, 2015, 2019, 2023)}
    for study, years in (cycles | {"PIRLS": (2011, 2016, 2021)}).items():
        assert [getattr(survey, f"{study}_{year}").name for year in years] == [f"{study} {year}" for year in years]


def test_patterns_take_leading_zeros_but_not_the_number_zero_or_subscales():
    design = survey.Design("x", "W0", "W@", 3, "JK1", plausible_values=2)
    names = ["W0", "W01", "W02", "W03", "PV1MATH", "PV2MATH", "PV1MATH1", "PV2MATH1"]
    assert design.replicate_columns(names) == ["W01", "W02", "W03"]
    assert design.variable_columns("PV@MATH", names) == ["PV1MATH", "PV2MATH"]


# ------------------------------------------------------------------------------------------- what is wrong is said


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop(columns="W_FSTURWT80"), "79 columns match 'W_FSTURWT@', expected 80; missing number 80"),
        (lambda f: f.assign(W_FSTURWT81=1.0), "not expected W_FSTURWT81"),
        (lambda f: f.assign(PV11MATH=1.0), "not expected PV11MATH"),
        (lambda f: f.drop(columns="PV4MATH"), "missing number 4"),
        (lambda f: f.assign(W_FSTUWT=f["W_FSTUWT"].where(f.index != 3)), "1 weights in 'W_FSTUWT' are missing"),
        (lambda f: f.assign(W_FSTURWT7=-f["W_FSTURWT7"]), r"240 weights in 'W_FSTURWT@' are .*negative"),
        (lambda f: f.assign(W_FSTURWT7=np.inf), "infinite"),
        (lambda f: f.assign(W_FSTUWT=0.0 * f["W_FSTUWT"]), "sum to zero"),
        (lambda f: f.rename(columns=str.lower), "upper and lower case matter"),
        (lambda f: f.iloc[:0], "no rows"),
        (lambda f: pd.concat([f, f[["ESCS"]]], axis=1), "columns occur twice: ESCS"),
        (lambda f: f.assign(PV1MATH="high"), "'PV1MATH' holds .*expected numbers"),
        (lambda f: f.assign(PV1MATH=np.inf), "480 infinite values"),
    ],
)
def test_data_that_do_not_fit_the_design_are_refused(students, change, message):
    with pytest.raises(survey.SurveyError, match=message):
        survey.mean(change(students), "PV@MATH", DESIGN, by="CNT")


def test_weights_of_other_rows_are_warned_of_for_the_file_and_the_caller_may_refuse(students):
    """Weights joined to the wrong rows are many; a few strange ones in one group must not stop the whole file."""
    wrong = students.assign(W_FSTUWT=students["W_FSTUWT"].to_numpy()[::-1] * np.linspace(1, 9, len(students)))
    with pytest.warns(survey.WeightsWarning, match=r"PISA 2022: in 348 of 480 rows .* compare the keys"):
        survey.mean(wrong, "PV@MATH", DESIGN, by="CNT")
    few = students.copy()
    few.loc[:2, DESIGN.replicate_columns(few.columns)] *= 0.4
    for by in (None, "CNT", ["CNT", "CNTSCHID"]):  # three of the six rows of a school
        with pytest.warns(survey.WeightsWarning, match="in 3 of 480 rows"):
            survey.mean(few, "PV@MATH", DESIGN, by=by)
    with warnings.catch_warnings(), pytest.raises(survey.WeightsWarning):
        warnings.simplefilter("error", survey.WeightsWarning)
        survey.mean(few, "PV@MATH", DESIGN)
    found = survey.diagnose(few, DESIGN)
    assert found[["severity", "rows"]].to_numpy().tolist() == [["warning", 3]]


def test_bad_weights_are_counted_and_weights_below_one_are_none_of_them(students):
    small = students.assign(W_FSTUWT=students["W_FSTUWT"] / 1000)
    assert small["W_FSTUWT"].max() < 1
    small.loc[[3, 5], "W_FSTUWT"] = [-1.0, np.nan]
    with pytest.raises(survey.SurveyError, match="all rows: 2 weights in 'W_FSTUWT' are missing, infinite or negative"):
        survey.mean(small, "PV1MATH", DESIGN)


def test_a_name_is_compared_with_names_that_differ_in_case_only(students):
    with pytest.raises(survey.SurveyError, match=r"no column 'BOOKS' in the data$"):
        survey.mean(students, "BOOKS", DESIGN)
    with pytest.raises(survey.SurveyError, match="no column 'Escs' in the data; the data have 'ESCS': rename"):
        survey.mean(students, "Escs", DESIGN)


def test_a_scan_warns_once_of_all_its_parts(students, tmp_path):
    few = students.copy()
    few.loc[[0, 479], DESIGN.replicate_columns(few.columns)] *= 0.4
    few.to_parquet(tmp_path / "few.parquet", row_group_size=100)
    with pytest.warns(survey.WeightsWarning, match="in 2 of 480 rows") as record:
        survey.mean(survey.Scan(tmp_path / "few.parquet", DESIGN), "PV@MATH")
    assert len(record) == 1


def test_other_misunderstandings_are_refused(students):
    for wrong, message in (
        ({"method": "BOOT"}, "method is 'BOOT'"),
        ({"fay": 1.0}, "0 <= k < 1"),
        ({"zone": "Z"}, "either replicate_weights"),
        ({"factor": (1.0, 2.0)}, "2 factors for 80"),
    ):
        with pytest.raises(survey.SurveyError, match=message):
            survey.mean(students, "PV@MATH", DESIGN.but(**wrong))
    with pytest.raises(survey.SurveyError, match="needs a design"):
        survey.mean(students, "PV@MATH")
    with pytest.raises(survey.SurveyError, match="no column 'SEX'"):
        survey.mean(students, "PV@MATH", DESIGN, by="SEX")
    with pytest.raises(survey.SurveyError, match="not by PISA 2018"):
        survey.mean(survey.Sample(students, DESIGN), "PV@MATH", survey.PISA_2018)
    with pytest.raises(survey.SurveyError, match="from 0 to 100"):
        survey.percentiles(students, "PV@MATH", DESIGN, p=[150])
    with pytest.raises(survey.SurveyError, match="zone 'JKZONE' outside 1 to 5"):
        survey.mean(zones().assign(JKZONE=9), "y", survey.TIMSS_2011.but(replicates=5))


def test_diagnosis_lists_everything_at_once(students):
    assert survey.diagnose(students, DESIGN).empty
    bad = students.copy()
    bad.loc[:4, "W_FSTURWT3"] = np.nan
    bad.loc[:1, "W_FSTURWT9"] = -1.0
    bad.loc[7, "W_FSTUWT"] = 0.0
    found = survey.diagnose(bad, DESIGN).set_index("column")["rows"]
    assert found["W_FSTURWT3"] == 5
    assert found["W_FSTURWT9"] == 2
    assert found["W_FSTUWT"] == 1
    assert survey.diagnose(students.drop(columns="W_FSTURWT5"), DESIGN)["finding"][0].startswith("replicate weights")


@pytest.mark.parametrize(("rows", "severity"), [(1, "warning"), (4, "warning"), (5, "error")])
def test_weights_of_other_rows_are_an_error_from_more_than_one_in_a_hundred(students, rows, severity):
    bad = students.iloc[:400].copy()
    bad.loc[: rows - 1, "W_FSTUWT"] *= 3
    found = survey.diagnose(bad, DESIGN)
    assert found[["severity", "column", "rows"]].to_numpy().tolist() == [[severity, "W_FSTURWT1", rows]]


# ------------------------------------------------------------------------------------------- missing values and rules


def test_missing_values_are_counted_never_silently_dropped(students):
    table = survey.mean(students, "ESCS", DESIGN, by="CNT")
    assert (table["n_obs"] + table["n_missing"]).tolist() == [240, 240]
    assert table["n_missing"].sum() == students["ESCS"].isna().sum() > 0
    agree(survey.mean(students, "ESCS", DESIGN), slow(students.dropna(), weighted_mean, "ESCS"))
    with pytest.raises(survey.SurveyError, match="240 rows miss ESCS; say missing='omit'"):
        survey.mean(students, "ESCS", DESIGN, by="CNT", missing="refuse")
    with pytest.raises(survey.SurveyError, match="missing is 'drop'"):
        survey.mean(students, "ESCS", DESIGN, missing="drop")


def test_the_share_of_missing_is_known_where_most_are_missing():
    found = survey.mean(toy(y=[1.0, np.nan, np.nan, np.nan, 2.0, np.nan, np.nan, np.nan]), "y", TOY)
    assert found["missing_share"].tolist() == [75.0]


def test_rows_without_a_group_are_a_group_of_their_own(students):
    frame = students.assign(PLACE=students["RURAL"].where(students.index >= 10))
    table = survey.mean(frame, "PV@MATH", DESIGN, by="PLACE")
    assert table["n_obs"].sum() == len(frame)
    assert table[table["PLACE"].isna()]["n_obs"].tolist() == [10]


def test_a_variable_that_nobody_answered_is_missing_in_that_country(students):
    frame = students.assign(ESCS=students["ESCS"].where(students["CNT"] == "X01"))
    for call in (survey.mean, survey.percentiles, survey.standard_deviation):
        table = call(frame, "ESCS", DESIGN, by="CNT").set_index("CNT")
        assert set(table.loc[["X02"], "obs_status"]) == {"m"}
        assert table.loc[["X02"], "obs_value"].isna().all()
        assert set(table.loc[["X01"], "obs_status"]) == {""}


def test_rules_withhold_and_flag(students):
    rules = survey.Rules(min_obs=30, min_clusters=5, cluster="CNTSCHID")
    four_schools = students[students["CNTSCHID"] <= 4]
    few = survey.mean(students.iloc[:29], "PV@MATH", DESIGN, rules=survey.Rules(min_obs=30))
    assert few["obs_status"].tolist() == ["c"]
    assert few[["obs_value", "std_error"]].isna().all(axis=None)
    assert survey.mean(four_schools, "PV@MATH", DESIGN, rules=survey.Rules(0, 5, "CNTSCHID"))["obs_status"][0] == "c"
    assert survey.mean(students, "PV@MATH", DESIGN, by="CNT", rules=rules)["obs_status"].tolist() == ["", ""]
    flagged = survey.mean(students, "ESCS", DESIGN, rules=survey.Rules(max_missing=0.01))
    assert flagged["obs_status"][0] == "u"
    assert np.isfinite(flagged["obs_value"][0])
    vague = survey.mean(students, "ESCS", DESIGN, rules=survey.Rules(max_variation=0.1))
    assert vague["obs_status"][0] == "u"
    with pytest.raises(survey.SurveyError, match="needs the column of the clusters"):
        survey.Rules(min_clusters=5)


def test_clusters_are_counted_among_valid_observations(students):
    """A school in which nobody answered does not help a country over the threshold."""
    answered = students["CNTSCHID"].isin([1, 2, 3, 4])
    frame = country(students.assign(ESCS=np.where(answered, 1.0 + students["PV1MATH"], np.nan)), "X01")
    table = survey.mean(frame, "ESCS", DESIGN, rules=survey.Rules(min_clusters=5, cluster="CNTSCHID"))
    assert table["obs_status"].tolist() == ["c"]


def test_a_replicate_without_weight_leaves_the_estimate_and_flags_its_error():
    """In a group that lies in one half of one zone, one replicate has no weight at all."""
    frame = zones().query("JKZONE == 1 and JKREP == 0")
    design = survey.TIMSS_2011.but(replicates=5, plausible_values=1)
    for call in (survey.mean, survey.percentiles):
        table = call(frame, "y", design)
        assert np.isfinite(table["obs_value"]).all()
        assert table["std_error"].isna().all()
        assert set(table["obs_status"]) == {"u"}


# ------------------------------------------------------------------------------------------- inference


def test_rubins_rules_by_hand():
    """Three plausible values, two replicates, factor 1: by pencil."""
    t = np.array([[10.0, 12.0, 14.0], [11.0, 12.0, 16.0], [9.0, 14.0, 13.0]])[None, :, :, None]
    estimate, sampling, imputation, freedom = (x[0, 0] for x in rubin(t, np.ones((1, 1)), np.array([20.0])))
    assert estimate == 12.0
    assert sampling == pytest.approx((2 + 4 + 5) / 3)
    assert imputation == pytest.approx((1 + 1 / 3) * 4)
    assert freedom == pytest.approx((sampling + imputation) ** 2 / (sampling**2 / 20 + imputation**2 / 2))


def test_difference_has_the_covariance_of_dependent_samples_and_plausible_values(students):
    one = country(students, "X01")

    def gap(f, y, w):
        girl = f["FEMALE"].to_numpy() == 1
        return weighted_mean(f, y[girl], w[girl]) - weighted_mean(f, y[~girl], w[~girl])

    table = survey.difference(one, "PV@MATH", DESIGN, between="FEMALE", levels=(1, 0))
    agree(table, slow(one, gap))
    assert table["between"].tolist() == ["1 - 0"]
    regression = survey.regression(one, "PV@MATH", "FEMALE", DESIGN)
    assert table["std_error"][0] == pytest.approx(regression["std_error"][1], rel=1e-9)
    independent = survey.mean(one, "PV@MATH", DESIGN, by="FEMALE")["std_error"]
    assert table["std_error"][0] != pytest.approx(np.hypot(*independent), rel=0.01)


def test_difference_of_any_statistic_by_country(students):
    question = survey.Percentiles("PV@MATH", (10, 90))
    table = survey.difference(students, question, DESIGN, between="FEMALE", levels=(1, 0), by="CNT")
    assert table[["CNT", "percentile"]].to_numpy().tolist() == [["X01", 10], ["X01", 90], ["X02", 10], ["X02", 90]]
    girls, boys = (survey.estimate(question, students[students["FEMALE"] == g], DESIGN, "CNT") for g in (1, 0))
    np.testing.assert_allclose(table["obs_value"], girls["obs_value"] - boys["obs_value"], rtol=1e-9)


def test_difference_says_which_two_groups_it_needs(students):
    frame = students.assign(Q=np.arange(len(students)) % 4)
    with pytest.raises(survey.SurveyError, match="has 4 values"):
        survey.difference(frame, "PV@MATH", DESIGN, between="Q")
    with pytest.raises(survey.SurveyError, match="has no value 9"):
        survey.difference(frame, "PV@MATH", DESIGN, between="Q", levels=(9, 0))
    partly = frame[(frame["CNT"] == "X01") | (frame["Q"] != 3)]
    table = survey.difference(partly, "PV@MATH", DESIGN, between="Q", levels=(3, 0), by="CNT")
    assert table["obs_status"].tolist() == ["", "m"]
    few = survey.difference(
        partly, "PV@MATH", DESIGN, between="Q", levels=(1, 0), by="CNT", rules=survey.Rules(min_obs=61)
    )
    assert few["obs_status"].tolist() == ["c", "c"]


def table(**columns):
    return pd.DataFrame(columns)


def test_oecd_average_counts_every_country_once_and_says_how_many():
    means = table(CNT=["A", "B", "C", "D"], obs_value=[500.0, 480.0, np.nan, 520.0], std_error=[3.0, 4.0, np.nan, 12.0])
    average = survey.average(means, "CNT", name="OECD average")
    assert average["CNT"].tolist() == ["OECD average (3)"]
    assert average["obs_value"][0] == 500.0
    assert average["std_error"][0] == pytest.approx(13 / 3)
    assert average["n_areas"][0] == 3
    two = survey.average(means, "CNT", members=["A", "D"])
    assert two["obs_value"][0] == 510.0
    with pytest.raises(survey.SurveyError, match="'E'"):
        survey.average(means, "CNT", members=["A", "E"])
    with pytest.raises(survey.SurveyError, match="several estimates"):
        survey.average(pd.concat([means, means]), "CNT")


def test_variances_of_an_average_are_those_of_its_parts_by_hand():
    """Three countries: sums of variances over nine, and Satterthwaite's degrees of freedom of the sum."""
    means = table(CNT=["A", "B", "C"], obs_value=[500.0, 480.0, 520.0], std_error=[3.0, 4.0, 12.0])
    means = means.assign(sampling_variance=[8.0, 14.0, 110.0], imputation_variance=[1.0, 2.0, 34.0])
    found = survey.average(means.assign(degrees_of_freedom=[10.0, 20.0, 40.0]), "CNT").iloc[0]
    assert found["sampling_variance"] == pytest.approx(132 / 9, rel=1e-12)
    assert found["imputation_variance"] == pytest.approx(37 / 9, rel=1e-12)
    assert found["std_error"] == pytest.approx(13 / 3, rel=1e-12)
    below = 3**4 / 10 + 4**4 / 20 + 12**4 / 40
    assert found["degrees_of_freedom"] == pytest.approx(169**2 / below, rel=1e-12)


def test_oecd_average_keeps_other_dimensions_apart(students):
    shares = survey.share(students, "FEMALE", DESIGN, by="CNT")
    average = survey.average(shares, "CNT")
    assert average["category"].tolist() == [0.0, 1.0]
    assert average["obs_value"].sum() == pytest.approx(100)


def test_oecd_total_pools_all_rows(students):
    """A country with three times the weight counts three times in the total, and once in the average."""
    heavy = students.copy()
    weights = [c for c in heavy if c.startswith("W_")]
    heavy.loc[heavy["CNT"] == "X01", weights] *= 3
    by_country = survey.mean(heavy, "PV@MATH", DESIGN, by="CNT")["obs_value"]
    total = survey.mean(heavy, "PV@MATH", DESIGN)["obs_value"][0]
    assert total == pytest.approx((3 * by_country[0] + by_country[1]) / 4)


def test_comparison_of_independent_samples_and_trend_with_link_error():
    before = table(CNT=["A", "B", "C"], obs_value=[500.0, 490.0, 480.0], std_error=[3.0, 2.0, 1.0])
    after = table(CNT=["B", "A", "D"], obs_value=[500.0, 490.0, 470.0], std_error=[2.0, 4.0, 1.0])
    change = survey.trend(before, after, link_error=5.0).set_index("CNT")
    assert change.loc["A", "obs_value"] == -10.0
    assert change.loc["A", "std_error"] == pytest.approx(np.sqrt(9 + 16 + 25))
    assert change.loc["B", "std_error"] == pytest.approx(np.sqrt(4 + 4 + 25))
    assert change["obs_status"].to_dict() == {"A": "", "B": "", "C": "m", "D": "m"}
    assert change.loc[["C", "D"], "obs_value"].isna().all()
    own = survey.trend(before[:2], after[:2], link_error=pd.Series({"A": 0.0, "B": 1.0})).set_index("CNT")
    assert own.loc["A", "std_error"] == 5.0
    assert own.loc["B", "std_error"] == 3.0
    with pytest.raises(survey.SurveyError, match="link errors"):
        survey.trend(before, after, link_error=-1.0)
    with pytest.raises(survey.SurveyError, match="several rows"):
        survey.compare(pd.concat([before, before]), after)


def test_link_error_of_a_change_does_not_shrink_in_the_average():
    before = table(CNT=["A", "B"], obs_value=[500.0, 490.0], std_error=[3.0, 0.0])
    after = table(CNT=["A", "B"], obs_value=[490.0, 490.0], std_error=[0.0, 4.0])
    change = survey.average(survey.trend(before, after, link_error=2.0), "CNT")
    assert change["obs_value"][0] == -5.0
    assert change["std_error"][0] == pytest.approx(np.sqrt((9 + 16) / 4 + 4))
    mixed = survey.trend(before, after, link_error=pd.Series({"A": 0.0, "B": 1.0}))
    with pytest.raises(survey.SurveyError, match="different link errors"):
        survey.average(mixed, "CNT")


def test_limited_threads_give_the_same(students):
    one, free = (survey.mean(students, "PV@MATH", DESIGN, by="CNT", threads=threads) for threads in (1, None))
    pd.testing.assert_frame_equal(one, free, rtol=1e-13)


def test_pairs_of_countries_and_adjustment_for_many_tests():
    means = table(CNT=["A", "B", "C"], obs_value=[500.0, 490.0, 490.0], std_error=[3.0, 4.0, 0.0])
    pairs = survey.pairwise(means, "CNT")
    assert pairs[["first", "second", "obs_value"]].to_numpy().tolist() == [
        ["A", "B", 10.0],
        ["A", "C", 10.0],
        ["B", "C", 0.0],
    ]
    assert pairs["std_error"].tolist() == [5.0, 3.0, 4.0]
    plain = survey.significance(pairs)
    assert plain["p_value"][0] == pytest.approx(0.04550026389635842, rel=1e-12)  # two-sided normal, z = 2
    assert plain["significant"].tolist() == [True, True, False]
    adjusted = survey.significance(pairs, adjustment="bonferroni")
    assert adjusted["p_value"].tolist() == plain["p_value"].tolist() == plain["p_adjusted"].tolist()
    assert adjusted["p_adjusted"][0] == pytest.approx(3 * 0.04550026389635842, rel=1e-12)
    assert adjusted["significant"].tolist() == [False, True, False]


def test_intervals_normal_and_student():
    means = table(obs_value=[10.0, np.nan], std_error=[1.0, np.nan], degrees_of_freedom=[5.0, np.nan])
    normal, student = (survey.significance(means, distribution=d) for d in ("normal", "t"))
    assert normal["upper"][0] == pytest.approx(11.959963984540054)
    assert student["upper"][0] == pytest.approx(12.570581835636314)  # Student's t, 5 degrees of freedom
    assert normal["significant"].tolist() == [True, pd.NA]  # not tested is not "no difference"


# ------------------------------------------------------------------------------------------- beyond memory


def test_scan_of_row_groups_and_of_countries_equals_the_frame(students, tmp_path):
    path = tmp_path / "students.parquet"
    students.to_parquet(path, row_group_size=170)
    rows, countries = survey.Scan(path, DESIGN), survey.Scan(path, DESIGN, part="CNT")
    assert len(rows.parts()) == 3
    for question in (
        survey.Mean("PV@MATH"),
        survey.Total("ESCS"),
        survey.Share("FEMALE"),
        survey.Levels("PV@MATH", (420.0, 500.0)),
        survey.StandardDeviation(("PV@MATH",)),
        survey.Correlation(("PV@MATH", "ESCS")),
        survey.Regression(("PV@MATH", "ESCS", "FEMALE")),
        survey.Ratio("PV@MATH", "FEMALE"),
    ):
        expected = survey.estimate(question, students, DESIGN, "CNT")
        for scan in (rows, countries):
            pd.testing.assert_frame_equal(survey.estimate(question, scan, by="CNT"), expected, rtol=1e-11)
        pooled = survey.estimate(question, students, DESIGN)
        pd.testing.assert_frame_equal(survey.estimate(question, rows), pooled, rtol=1e-11)
    for question in (survey.Percentiles("PV@MATH"), survey.LogisticRegression(("FEMALE", "ESCS"))):
        expected = survey.estimate(question, students, DESIGN, "CNT")
        pd.testing.assert_frame_equal(survey.estimate(question, countries, by="CNT"), expected, rtol=1e-11)
        with pytest.raises(survey.SurveyError, match="spread over several parts"):
            survey.estimate(question, rows, by="CNT")


def test_a_dask_cluster_gives_the_same_bits(students, tmp_path):
    """Parts are joined in the order of the file, whichever worker finishes first."""
    distributed = pytest.importorskip("distributed", reason="Dask is an optional extra")
    path = tmp_path / "students.parquet"
    students.to_parquet(path, row_group_size=100)
    scan = survey.Scan(path, DESIGN)
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=":0") as cluster,
        distributed.Client(cluster) as client,
    ):
        for question in (survey.Mean("PV@MATH"), survey.Regression(("PV@MATH", "ESCS"))):
            local = survey.estimate(question, scan, by="CNT")
            remote = survey.estimate(question, scan, by="CNT", client=client)
            pd.testing.assert_frame_equal(remote, local, check_exact=True)


def test_scan_reads_only_the_columns_it_needs(students, tmp_path):
    path = tmp_path / "students.parquet"
    students.to_parquet(path)
    sample = survey.Scan(path, DESIGN).read(0, ["PV@MATH", "CNT"])
    assert len(sample.frame.columns) == 81 + 10 + 1


def test_scan_keeps_rows_without_a_group_and_refuses_rows_without_a_part(students, tmp_path):
    path = tmp_path / "students.parquet"
    frame = students.assign(
        PLACE=students["RURAL"].where(students.index % 7 > 0), CNT=students["CNT"].where(students.index > 3)
    )
    frame.to_parquet(path, row_group_size=100)
    expected = survey.mean(frame, "PV@MATH", DESIGN, by=["PLACE"])
    pd.testing.assert_frame_equal(survey.mean(survey.Scan(path, DESIGN), "PV@MATH", by="PLACE"), expected, rtol=1e-11)
    with pytest.raises(survey.SurveyError, match="4 rows have no 'CNT'"):
        survey.mean(survey.Scan(path, DESIGN, part="CNT"), "PV@MATH", by="CNT")


def test_scan_counts_schools_over_parts_once(students, tmp_path):
    path = tmp_path / "students.parquet"
    students[students["CNTSCHID"] <= 4].to_parquet(path, row_group_size=5)
    rules = survey.Rules(min_clusters=5, cluster="CNTSCHID")
    assert survey.mean(survey.Scan(path, DESIGN), "PV@MATH", rules=rules)["obs_status"].tolist() == ["c"]
    students[students["CNTSCHID"] <= 5].to_parquet(path, row_group_size=5)
    assert survey.mean(survey.Scan(path, DESIGN), "PV@MATH", rules=rules)["obs_status"].tolist() == [""]


def test_synthetic_data_are_the_same_every_time_and_balanced():
    pd.testing.assert_frame_equal(survey.synthetic(seed=5), survey.synthetic(seed=5))
    for order in (4, 20, 80):
        matrix = hadamard(order)
        np.testing.assert_array_equal(matrix @ matrix.T, order * np.eye(order))
    with pytest.raises(survey.SurveyError, match="no design with 10 replicates"):
        survey.synthetic(replicates=10, schools=4)


@pytest.mark.parametrize("order", [16, 28, 36])
def test_no_design_is_made_of_a_number_that_is_not_prime(order):
    """15, 27 and 35 leave the remainder 3, as they must; Paley's construction then gives rows that are not balanced."""
    with pytest.raises(survey.SurveyError, match=f"no design with {order} replicates"):
        hadamard(order)


def test_made_up_countries_lie_ten_points_apart_around_500():
    assert survey.truth(3)["mean"].tolist() == [490.0, 500.0, 510.0]
    assert survey.truth(2)["mean"].tolist() == [495.0, 505.0]
    frame = survey.synthetic(schools=4)
    assert frame.groupby("CNT")["CNTSCHID"].nunique().tolist() == [4, 4]
    assert set(frame.groupby("CNTSCHID").size()) == {20}


def test_replicate_variance_of_a_balanced_design_has_a_closed_form():
    """With balanced replicates, the variance of a total is the sum of squared differences of the paired schools."""
    frame = country(survey.synthetic(countries=1, schools=30, students=5), "X01")
    contribution = (frame["W_FSTUWT"] * frame["ESCS"]).groupby(frame["CNTSCHID"]).sum().to_numpy()
    expected = np.sum((contribution[::2] - contribution[1::2]) ** 2)
    assert survey.total(frame, "ESCS", DESIGN)["sampling_variance"][0] == pytest.approx(expected, rel=1e-10)


@pytest.mark.simulates
def test_intervals_cover_the_truth_as_often_as_they_say():
    """95 % intervals of mean and slope in 200 samples; 183 to 197 would be within two binomial standard errors."""
    truth = survey.truth(200).set_index("CNT").sort_index()
    frame = survey.synthetic(countries=200, schools=60, students=10, plausible_values=5, replicates=44, seed=0)
    sample = survey.Sample(frame, DESIGN.but(plausible_values=5, replicates=44))
    mean = survey.significance(survey.mean(sample, "PV@MATH", by="CNT")).set_index("CNT")
    terms = survey.regression(sample, "PV@MATH", ["ESCS", "FEMALE", "RURAL"], by="CNT")
    slope = survey.significance(terms[terms["term"] == "ESCS"]).set_index("CNT")
    assert 183 <= truth["mean"].between(mean["lower"], mean["upper"]).sum() <= 197
    assert 183 <= truth["slope"].between(slope["lower"], slope["upper"]).sum() <= 197
    naive = 1.96 * frame.groupby("CNT")["PV1MATH"].sem()
    first = survey.mean(sample, "PV1MATH", by="CNT").set_index("CNT")["obs_value"]
    assert (first - truth["mean"]).abs().lt(naive).sum() < 170


# --------------------------------------------------------------------------------- questions that are none


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"fay": 1.0}, "Fay's factor is 1"),
        ({"fay": -0.1}, "Fay's factor is -0.1"),
        ({"zone": "ZONE"}, "give either replicate_weights"),
        ({"replicate_weights": None}, "give either replicate_weights"),
        ({"replicate_weights": None, "zone": "ZONE"}, "zones need a column `half`"),
        ({"replicate_weights": None, "zone": "ZONE", "half": "HALF"}, "the method JK2"),
        ({"sampling_variance_from": "last"}, "'all' or 'first'"),
        ({"deviations_from": "median"}, "'estimate' or 'replicate_mean'"),
    ],
)
def test_a_design_that_contradicts_itself_is_refused(changes, message):
    with pytest.raises(survey.SurveyError, match=message):
        DESIGN.but(**changes)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (lambda: survey.Levels("x", (2.0, 1.0)), "expected increasing numbers"),
        (lambda: survey.Levels("x", (1.0, 1.0)), "expected increasing numbers"),
        (lambda: survey.Levels("x", ()), "expected increasing numbers"),
        (lambda: survey.Levels("x", (1.0,), ("low",)), "1 names for the 2 levels"),
        (lambda: survey.Levels("x", (1.0,), ("low", "middle", "high")), "3 names for the 2 levels"),
        (lambda: survey.Percentiles("x", ()), "from 0 to 100"),
        (lambda: survey.Percentiles("x", (50, 100.1)), "from 0 to 100"),
        (lambda: survey.Percentiles("x", (-0.1,)), "from 0 to 100"),
        (lambda: survey.Percentiles("x", definition="median"), "definition is 'median'"),
    ],
)
def test_a_statistic_that_asks_for_nothing_is_refused(question, message):
    with pytest.raises(survey.SurveyError, match=message):
        question()


@pytest.mark.parametrize(("schools", "fits"), [(2, False), (4, True), (5, False), (158, True), (160, False)])
def test_made_up_schools_are_even_and_fewer_than_two_a_replicate(schools, fits):
    if fits:
        assert survey.synthetic(countries=1, schools=schools, students=1)["CNTSCHID"].nunique() == schools
        return
    with pytest.raises(survey.SurveyError, match="expected an even number from 4 to 158"):
        survey.synthetic(countries=1, schools=schools, students=1)


def test_columns_of_a_pattern_are_told_apart(students):
    with pytest.raises(survey.SurveyError, match="exactly one @"):
        survey.mean(students, "ESCS", DESIGN.but(replicate_weights="W_FSTURWT"))
    with pytest.raises(survey.SurveyError, match="both 'W_FSTURWT1' and 'W_FSTURWT01' match"):
        survey.mean(students.assign(W_FSTURWT01=1.0), "ESCS", DESIGN)


def test_a_difference_names_its_two_groups(students):
    with pytest.raises(survey.SurveyError, match="say which two with levels"):
        survey.difference(students.assign(g=np.arange(len(students)) % 3), "ESCS", between="g", design=DESIGN)
    with pytest.raises(survey.SurveyError, match="needs variables="):
        survey.estimate(students, weighted_mean, design=DESIGN)
