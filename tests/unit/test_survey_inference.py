"""What the survey engine says about uncertainty, against hand computations, statsmodels and simulation.

Each test names a way in which an error bar can lie: a standard error where none exists, too many degrees of freedom,
an interval outside of what is possible, a covariance that was forgotten.
"""

import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from crossroads import survey
from crossroads.survey.inference import rubin
from crossroads.survey.sample import Freedom

DESIGN = survey.PISA_2022
ZONES = survey.TIMSS_2011.but(replicates=6, plausible_values=1)


@pytest.fixture(scope="module")
def students():
    return survey.synthetic(countries=2, schools=40, students=6, missing=0.05)


def country(frame, code):
    return frame[frame["CNT"] == code].reset_index(drop=True)


def zones(seed=1, n=20):
    """Six zones of two halves; D is 1 for some units of half 0 of the first zone only."""
    rng = np.random.default_rng(seed)
    zone, half = np.repeat(np.arange(1, 7), 2 * n), np.tile(np.repeat([0, 1], n), 6)
    frame = pd.DataFrame({"JKZONE": zone, "JKREP": half, "TOTWGT": rng.uniform(1, 3, 12 * n)})
    frame["D"] = ((zone == 1) & (half == 0) & (np.arange(12 * n) % 3 == 0)).astype(float)
    return frame.assign(x=rng.normal(size=12 * n), y=rng.normal(500, 100, 12 * n))


def table(**columns):
    return pd.DataFrame(columns)


# ------------------------------------------------------------------------- no standard error where none exists


def test_rows_of_one_school_have_an_estimate_and_no_error(students):
    """All replicate weights of a school are proportional: the replicate means are equal, and an error of 0 is a lie."""
    for rows in (students.iloc[:2], students.iloc[:1]):
        found = survey.mean(rows, "PV@MATH", DESIGN)
        assert np.isfinite(found["obs_value"][0])
        assert found["std_error"].isna()[0]
        assert found["obs_status"][0] == "u"
    by_school = survey.mean(students, "PV@MATH", DESIGN, by="CNTSCHID")
    assert len(by_school) == 80
    assert set(by_school["obs_status"]) == {"u"}


def test_rows_with_a_value_in_one_school_only_have_no_error(students):
    """The group has 40 schools, but the variable was asked in one."""
    frame = country(students, "X01")
    frame["ASKED"] = np.where(frame["CNTSCHID"] == 3, frame["PV1MATH"], np.nan)
    for call in (survey.mean, survey.standard_deviation):
        assert call(frame, "ASKED", DESIGN)["obs_status"].tolist() == ["u"]


def test_a_group_in_one_zone_works_with_zones_and_with_replicate_columns():
    frame = zones()
    for h in range(1, 7):
        factor = np.where(frame["JKZONE"] == h, 2 * frame["JKREP"], 1)
        frame[f"R{h}"] = frame["TOTWGT"] * factor
    columns = survey.Design("columns", "TOTWGT", "R@", 6, "JK2")
    for design in (ZONES, columns):
        found = survey.mean(frame, "y", design, by="JKZONE")
        assert found["std_error"].gt(0).all()
        assert found["degrees_of_freedom"].eq(1).all()
        half = survey.mean(frame, "y", design, by=["JKZONE", "JKREP"])
        assert half["obs_value"].notna().all()
        assert half["std_error"].isna().all()
        assert set(half["obs_status"]) == {"u"}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("shift", [0.0, 1.0, 1e3, 1e6])
def test_a_predictor_that_exists_in_one_half_only_has_a_slope_and_no_error(seed, shift):
    """One replicate drops all who differ in it: what rounding leaves there once passed for a slope."""
    frame = zones(seed).assign(D=lambda f: f["D"] + shift)
    expected = np.linalg.lstsq(
        np.sqrt(frame[["TOTWGT"]].to_numpy()) * np.column_stack([np.ones(240), frame["x"], frame["D"] - shift]),
        np.sqrt(frame["TOTWGT"]) * frame["y"],
        rcond=None,
    )[0]
    found = survey.regression(frame, "y", ["x", "D"], ZONES)
    assert found["obs_value"].to_numpy()[1:3] == pytest.approx(expected[1:], rel=1e-6)
    assert found["std_error"].isna().all()
    assert set(found["obs_status"]) == {"u"}
    assert survey.regression(frame, "y", ["x"], ZONES)["obs_status"].eq("").all()
    correlation = survey.correlation(frame, "y", "D", ZONES)
    assert correlation["obs_status"].tolist() == ["u"]
    high = frame.assign(HIGH=(frame["y"] > 500).astype(float))
    logistic = survey.logistic_regression(high, "HIGH", ["x", "D"], ZONES)
    assert set(logistic["obs_status"]) == {"u"}


def test_predictors_that_are_collinear_in_one_replicate_only():
    """Each of the two varies in every replicate, but they differ in one half of one zone only."""
    frame = zones()
    frame["other"] = frame["x"] + 100 * frame["D"]
    found = survey.regression(frame, "y", ["x", "other"], ZONES)
    assert np.isfinite(found["obs_value"]).all()
    assert set(found["obs_status"]) == {"u"}


def test_a_constant_far_from_the_first_rows_has_no_slope():
    """The constant 3e7 loses all digits beside the zeros of the first group: no slope is better than noise."""
    frame = zones(n=200).assign(group=lambda f: np.where(np.arange(len(f)) < 1200, "a", "b"))
    frame["z"] = np.where(frame["group"] == "a", frame["x"], 3e7 + 1 / 3)
    found = survey.regression(frame, "y", "z", ZONES.but(replicates=6), by="group")
    assert found[found["group"] == "b"]["obs_status"].eq("a").all()
    assert survey.correlation(frame, "y", "z", ZONES, by="group")["obs_status"].tolist() == ["", "a"]


# ------------------------------------------------------------------------- degrees of freedom


def test_degrees_of_freedom_after_johnson_and_rust_by_hand():
    """Three zones that contribute 1, 4 and 4: (3.16 - 2.77 / sqrt(3)) 81 / 33, less than the rank less one, 3."""
    kinds = np.array([[1.0, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]])
    known = Freedom(kinds, 1.0)
    assert known.limit == 3
    expected = min((3.16 - 2.77 / np.sqrt(3)) * 81 / 33, 3)
    assert known.degrees(np.array([1.0, -2.0, 2.0])[:, None, None])[0] == pytest.approx(expected, rel=1e-12)
    assert known.degrees(np.array([1.0, 0, 0])[:, None, None])[0] == pytest.approx(3.16 - 2.77 / np.sqrt(3))


def test_degrees_of_freedom_are_those_of_the_schools_and_not_of_the_replicates(students):
    """R's survey package counts the rank less one, too: 20 pairs of schools among 80 replicates."""
    found = survey.mean(students, "PV1MATH", DESIGN, by="CNT")["degrees_of_freedom"]
    assert found.between(5, 20).all()
    few = survey.mean(country(students, "X01").query("CNTSCHID <= 8"), "PV1MATH", DESIGN)
    assert 1 <= few["degrees_of_freedom"][0] <= 4


def test_degrees_of_freedom_of_the_jackknife_that_deletes_one_unit():
    n = 9
    frame = pd.DataFrame({"y": np.arange(n) ** 2.0, "w": np.ones(n)})
    frame = frame.assign(**{f"r{i + 1}": np.where(np.arange(n) == i, 0, n / (n - 1)) for i in range(n)})
    found = survey.mean(frame, "y", survey.Design("JK1", "w", "r@", n, "JK1"))
    assert found["degrees_of_freedom"][0] == n - 1
    assert found["std_error"][0] == pytest.approx(stats.sem(frame["y"]), rel=1e-12)


def test_weights_adjusted_after_replication_fall_back_on_the_rank():
    """Where each student's weights were adjusted, pairs of schools cannot be told apart any more."""
    frame = survey.synthetic(countries=1, schools=20, students=8, seed=3)
    columns = DESIGN.replicate_columns(frame.columns)
    noise = np.random.default_rng(0).uniform(0.9, 1.1, (len(frame), 80))
    found = survey.mean(
        frame.assign(**dict(zip(columns, (frame[columns] * noise).T.to_numpy(), strict=True))), "ESCS", DESIGN
    )
    assert found["degrees_of_freedom"][0] in (79, 80)


@pytest.mark.parametrize("schools", [8, 12])
def test_intervals_from_few_schools_cover_as_often_as_they_say(schools):
    """95 % intervals in 3,000 samples, each a country; two standard errors of the simulation are 0.8 points.

    With as many degrees of freedom as replicates they held the truth in 84 and 88 per cent. The full simulation is
    ``benchmarks/survey_coverage.py``.
    """
    frame = survey.synthetic(3000, schools, 10, plausible_values=1, replicates=20, seed=1)
    found = survey.mean(frame, "PV1MATH", DESIGN.but(plausible_values=1, replicates=20), by="CNT")
    truth = found["CNT"].map(survey.truth(3000).set_index("CNT")["mean"])
    student, normal = (
        100 * truth.between(ends["lower"], ends["upper"]).mean()
        for ends in (survey.significance(found, distribution=d) for d in ("t", "normal"))
    )
    assert 92.5 <= student <= 97
    assert normal < 90


def test_no_sampling_variance_leaves_the_degrees_of_the_plausible_values():
    """Everybody was tested, three plausible values: two degrees of freedom, not none."""
    t = np.broadcast_to(np.array([10.0, 12.0, 14.0]), (1, 3, 3))[..., None]
    value, sampling, imputation, degrees = (x[0, 0] for x in rubin(t, np.ones((1, 1)), np.array([20.0])))
    assert (value, sampling, degrees) == (12.0, 0.0, 2.0)
    assert imputation == pytest.approx(4 * 4 / 3)
    nothing = rubin(np.full((1, 3, 1, 1), 5.0), np.ones((1, 1)), np.array([20.0]))
    assert [float(x[0, 0]) for x in nothing] == [5.0, 0.0, 0.0, 20.0]


def test_where_no_sampling_variance_is_known_neither_are_sum_and_degrees_of_freedom():
    """The imputation variance of plausible values is known all the same."""
    t = np.broadcast_to(np.array([10.0, 12.0, 14.0]), (1, 3, 3))[..., None]
    value, sampling, imputation, degrees = (x[0, 0] for x in rubin(t, np.ones((1, 1)), np.array([0.0])))
    assert value == 12.0 and imputation == pytest.approx(4 * 4 / 3)
    assert np.isnan(sampling) and np.isnan(degrees)


def test_the_link_error_counts_in_the_degrees_of_freedom():
    """A change whose error is mostly that of the link, known with no limit, has more degrees than its samples."""
    one = table(CNT=["A", "B"], obs_value=[500.0, 490.0], std_error=[3.0, 4.0], degrees_of_freedom=[10.0, 20.0])
    change = survey.trend(one, one.assign(obs_value=510.0), link_error=5.0)
    expected = [(9 + 9 + 25) ** 2 / (81 / 10 + 81 / 10), (16 + 16 + 25) ** 2 / (256 / 20 + 256 / 20)]
    assert change["degrees_of_freedom"].tolist() == pytest.approx(expected, rel=1e-12)
    mean = survey.average(change, "CNT")
    below = (2 * 81 / 10 + 2 * 256 / 20) / 16
    assert mean["degrees_of_freedom"][0] == pytest.approx(((18 + 32) / 4 + 25) ** 2 / below, rel=1e-12)


def test_an_average_says_that_a_member_has_no_standard_error():
    means = table(CNT=["A", "B"], obs_value=[500.0, 480.0], std_error=[3.0, np.nan])
    found = survey.average(means, "CNT")
    assert found["obs_value"][0] == 490.0
    assert found["std_error"].isna()[0]
    assert found["obs_status"].tolist() == ["u"]


def test_deviations_from_the_mean_of_the_replicates(students):
    one = country(students, "X01").dropna()
    weights = one[DESIGN.replicate_columns(one.columns)]
    moved = weights.mul(one["ESCS"] ** 2, axis=0).sum() / weights.sum()
    design = DESIGN.but(deviations_from="replicate_mean")
    found = survey.mean(one.assign(S=one["ESCS"] ** 2), "S", design)["sampling_variance"][0]
    assert found == pytest.approx(moved.var(ddof=0) * 4, rel=1e-10)
    assert found < survey.mean(one.assign(S=one["ESCS"] ** 2), "S", DESIGN)["sampling_variance"][0]
    with pytest.raises(survey.SurveyError, match="deviations_from must be"):
        DESIGN.but(deviations_from="mean")


# ------------------------------------------------------------------------- shares


@pytest.mark.parametrize("count", [0, 1, 7, 50, 99, 100])
def test_interval_of_a_share_of_a_simple_random_sample_is_wilsons(count):
    """statsmodels: proportion_confint(count, 100, method="wilson")."""
    p = count / 100
    one = table(statistic=["share"], obs_value=[100 * p], std_error=[100 * np.sqrt(p * (1 - p) / 100)], n_obs=[100])
    found = survey.significance(one, distribution="normal").iloc[0]
    expected = 100 * np.array(proportion_confint(count, 100, method="wilson"))
    assert found[["lower", "upper"]].tolist() == pytest.approx(expected.tolist(), abs=1e-9)


def test_intervals_of_shares_stay_within_what_is_possible(students):
    """A rare category once had an interval from -0.5 to 1.5, and a category that nobody chose one from 0 to 0."""
    rare = students.assign(KIND=np.where(students.index % 97 == 0, "rare", "usual"))
    found = survey.share(rare, "KIND", DESIGN, by="CNT", categories=("rare", "usual", "never"))
    ends = survey.significance(found)
    assert (ends["lower"] >= 0).all()
    assert (ends["upper"] <= 100).all()
    assert (ends["lower"] < ends["upper"]).all()
    never = ends[ends["category"] == "never"]
    assert never["lower"].eq(0).all()
    assert never["upper"].between(1, 5).all()
    wide = survey.significance(found, shares=False)
    assert (wide["lower"] < 0).any()


def test_a_constant_and_a_level_of_nobody_are_not_sampled(students):
    """Their replicate estimates differ in the last digits: a constant was tested with p = 0, and the interval of a level
    that nobody is at was 0 to 0.
    """
    constant = survey.significance(survey.mean(students.assign(ONE=3.3), "ONE", DESIGN))
    assert constant["std_error"].item() == 0
    assert constant[["p_value", "significant"]].isna().all(axis=None)
    levels = survey.significance(survey.levels(students, "PV@MATH", [0, 2000], DESIGN))
    assert levels["obs_value"].tolist() == [0, 100, 0]
    assert (levels["std_error"] == 0).all()
    assert levels.loc[0, "upper"] > 0.1
    assert levels.loc[1, "lower"] < 99.9


def test_a_difference_of_shares_is_no_share(students):
    """Wilson's interval of a difference would be nonsense; one that is asked for is refused."""
    low = survey.Levels("PV@MATH", (450.0,), ("low", "high"))
    gap = survey.difference(students, low, DESIGN, between="FEMALE", levels=(1, 0), by="CNT")
    assert gap["statistic"].eq("difference of share").all()
    ends = survey.significance(gap)
    np.testing.assert_allclose(ends["upper"] - ends["obs_value"], ends["obs_value"] - ends["lower"])
    negative = table(obs_value=[-3.0], std_error=[1.0])
    with pytest.raises(survey.SurveyError, match=r"value -3, which is no share.*shares=False"):
        survey.significance(negative, shares=True)


def test_families_of_tests_are_adjusted_apart():
    many = table(f=["a", "a", "b"], obs_value=[2.0, 2.5, 2.0], std_error=[1.0, 1.0, 1.0])
    found = survey.significance(many, adjustment="bonferroni", family=["f"])
    p = 2 * stats.norm.sf([2.0, 2.5, 2.0])
    assert found["p_adjusted"].tolist() == pytest.approx([2 * p[0], 2 * p[1], p[2]])
    assert found["n_tests"].tolist() == [2, 2, 1]


# ------------------------------------------------------------------------- independent samples


def test_a_country_against_an_average_that_contains_it():
    """By hand: (1 - 1/3)^2 of the own variance, a ninth of the others'; the own part is not counted twice."""
    means = table(CNT=["A", "B", "C", "D"], obs_value=[530.0, 500.0, 470.0, 600.0], std_error=[3.0, 4.0, 5.0, 6.0])
    found = survey.pairwise(means, "CNT", against="average", members=["A", "B", "C"])
    assert found["first"].tolist() == ["A", "B", "C", "D"]
    assert found["second"].unique().tolist() == ["average (3)"]
    assert found["obs_value"].tolist() == pytest.approx([30, 0, -30, 100])
    expected = [np.sqrt(4 / 9 * 9 + (16 + 25) / 9), np.sqrt(4 / 9 * 16 + (9 + 25) / 9), np.sqrt(4 / 9 * 25 + 25 / 9)]
    assert found["std_error"].tolist() == pytest.approx([*expected, np.sqrt(36 + 50 / 9)])
    one = survey.pairwise(means, "CNT", against="B")
    assert one["obs_value"].tolist() == [30.0, -30.0, 100.0]
    assert one["std_error"].tolist() == pytest.approx([5.0, np.sqrt(41), np.sqrt(52)])
    with pytest.raises(survey.SurveyError, match="has no 'E'"):
        survey.pairwise(means, "CNT", against="E")
    with pytest.raises(survey.SurveyError, match="leave them out of members"):
        survey.pairwise(means, "CNT", against="average", members=["A", "E"])


def test_pairs_keep_other_columns_apart_and_the_link_error_cancels():
    change = table(
        CNT=["A", "B", "A", "B"],
        sex=["f", "f", "m", "m"],
        obs_value=[5.0, 1.0, 7.0, np.nan],
        std_error=[np.hypot(3, 2), np.hypot(4, 2), np.hypot(3, 2), np.nan],
        link_error=2.0,
    )
    found = survey.pairwise(change, "CNT")
    assert found["sex"].tolist() == ["f", "m"]
    assert found["std_error"].tolist()[0] == pytest.approx(5.0)
    assert found["obs_status"].tolist() == ["", "m"]
    with pytest.raises(survey.SurveyError, match="several estimates"):
        survey.pairwise(change.drop(columns="sex"), "CNT")


def test_countries_average_and_total_in_one_call(students):
    third = students.assign(CNT=students["CNT"].where(students["CNTSCHID"] < 60, "X03"))
    found = survey.mean(third, "PV@MATH", DESIGN, by=["CNT", "FEMALE"], over="CNT", members=["X01", "X02"])
    assert found["CNT"].unique().tolist() == ["X01", "X02", "X03", "average (2)", "total"]
    some = third[third["CNT"] != "X03"]
    alone = survey.mean(some, "PV@MATH", DESIGN, by="FEMALE")
    total = found[found["CNT"] == "total"]
    np.testing.assert_allclose(total["obs_value"], alone["obs_value"])
    np.testing.assert_allclose(total["std_error"], alone["std_error"])
    mean = survey.average(found[found["CNT"].isin(["X01", "X02"])], "CNT")
    shown = found[found["CNT"] == "average (2)"]
    np.testing.assert_allclose(shown[["obs_value", "std_error"]], mean[["obs_value", "std_error"]])
    with pytest.raises(survey.SurveyError, match="over is 'CNT'"):
        survey.mean(third, "PV@MATH", DESIGN, by="FEMALE", over="CNT")


# ------------------------------------------------------------------------- the same respondents


def replicate_estimates(frame, functions, values=10):
    """Estimates of functions of (frame, plausible value, weight), shape (1 + R, M, N), by plain loops."""
    weights = [DESIGN.weight, *DESIGN.replicate_columns(frame.columns)]
    return np.array(
        [[[f(frame, f"PV{m}MATH", frame[w]) for f in functions] for m in range(1, values + 1)] for w in weights]
    )


def plain_covariance(t):
    moves, m = t[1:] - t[0], t.shape[1]
    sampling = np.mean([moves[:, i].T @ moves[:, i] / 20 for i in range(m)], axis=0)
    return sampling + (1 + 1 / m) * np.cov(t[0].T)


def test_covariance_of_two_statistics_of_the_same_respondents(students):
    """Use and training of the same people are no independent samples: by plain loops over weights and values."""
    one = country(students, "X01").dropna().reset_index(drop=True)

    def high(f, value, w):
        return np.average(f[value], weights=w)

    def poor(f, _, w):
        return np.average(f["ESCS"], weights=w)

    expected = plain_covariance(replicate_estimates(one, [high, poor]))
    both = survey.joint(one, {"score": survey.Mean("PV@MATH"), "status": survey.Mean("ESCS")}, DESIGN)
    np.testing.assert_allclose(both.covariance, expected, rtol=1e-9)
    np.testing.assert_allclose(np.sqrt(np.diag(both.covariance)), both.table["std_error"])
    gap = both.contrast({"score": 1, "status": -20}).table
    weights = np.array([1, -20])
    assert gap["std_error"][0] == pytest.approx(np.sqrt(weights @ expected @ weights), rel=1e-9)
    assert gap["contrast"][0] == "score - 20 status"
    assert gap["std_error"][0] != pytest.approx(np.hypot(*(weights * both.table["std_error"])), rel=0.02)


def test_contrasts_of_groups_equal_differences_and_those_of_countries_independent_samples(students):
    sample = survey.Sample(students, DESIGN)
    means = survey.joint(sample, {"math": survey.Mean("PV@MATH")}, by=["CNT", "FEMALE"], independent="CNT")
    gap = means.contrast({1.0: 1, 0.0: -1}, along="FEMALE")
    expected = survey.difference(sample, "PV@MATH", between="FEMALE", levels=(1, 0), by="CNT")
    columns = ["obs_value", "std_error", "sampling_variance", "imputation_variance", "degrees_of_freedom", "n_obs"]
    np.testing.assert_allclose(gap.table[columns], expected[columns], rtol=1e-9)
    covariance = means.covariance.to_numpy()
    assert (covariance[:2, 2:] == 0).all()
    assert (covariance[[0, 2], [1, 3]] != 0).all()
    girls = means[means.table["FEMALE"] == 1]
    by_hand = survey.pairwise(
        survey.mean(sample, "PV@MATH", by=["CNT", "FEMALE"]).iloc[[1, 3]], "CNT", against="average"
    )
    against = girls.contrast("average", along="CNT").table
    np.testing.assert_allclose(against[columns[:5]], by_hand[columns[:5]], rtol=1e-9)


def test_wald_test_of_many_groups_by_hand(students):
    """Equal means in four groups of one sample: (C b)' (C V C')^-1 (C b) with the factor of Korn and Graubard."""
    one = country(students, "X02").assign(GROUP=lambda f: f.index % 4)
    means = survey.joint(one, {"math": survey.Mean("PV@MATH")}, DESIGN, by="GROUP")
    c = np.array([[1, -1, 0, 0], [1, 0, -1, 0], [1, 0, 0, -1.0]])
    b, v = c @ means.table["obs_value"], c @ means.covariance.to_numpy() @ c.T
    for contrast in ("pairwise", "average"):  # six and four rows, but three restrictions
        rows = means.contrast(contrast, along="GROUP")
        found = rows.wald().iloc[0]
        degrees = rows.table["degrees_of_freedom"].min()
        f = b @ np.linalg.solve(v, b) * (degrees - 2) / (3 * degrees)
        assert found["restrictions"] == 3
        assert found["statistic"] == pytest.approx(f, rel=1e-8)
        assert found["p_value"] == pytest.approx(stats.f.sf(f, 3, degrees - 2), rel=1e-8)
    pairs = survey.significance(means.contrast("pairwise", along="GROUP").table, adjustment="holm")
    assert len(pairs) == 6
    assert (pairs["p_adjusted"] >= pairs["p_value"]).all()


def test_wald_test_of_one_restriction_is_the_t_test(students):
    model = survey.joint(
        students, {"m": survey.Regression(("PV@MATH", "ESCS", "FEMALE"))}, DESIGN, by="CNT", independent="CNT"
    )
    slope = model[model.table["term"] == "ESCS"]
    tested = slope.wald(within="CNT")
    expected = survey.significance(slope.table)
    np.testing.assert_allclose(tested["p_value"], expected["p_value"], rtol=1e-8)
    assert tested["CNT"].tolist() == ["X01", "X02"]


def test_joint_estimates_refuse_what_they_cannot_know(students):
    one = survey.joint(students.iloc[:6], {"m": survey.Mean("PV@MATH"), "e": survey.Mean("ESCS")}, DESIGN)
    assert one.covariance.isna().all(axis=None)
    with pytest.raises(survey.SurveyError, match="no standard error and no test"):
        one.wald()
    with pytest.raises(survey.SurveyError, match="has no 'x'"):
        one.contrast({"x": 1, "m": -1})
    with pytest.raises(survey.SurveyError, match="no column 'SEX'"):
        one.contrast("pairwise", along="SEX")
    with pytest.raises(survey.SurveyError, match="expected a mapping"):
        one.contrast("all")
    with pytest.raises(survey.SurveyError, match="independent is 'CNT'"):
        survey.joint(students, {"m": survey.Mean("ESCS")}, DESIGN, independent="CNT")


# ------------------------------------------------------------------------- terms, groups, what is missing


@pytest.mark.parametrize("reference", ["a", "c"])
def test_categories_and_interactions_equal_statsmodels_formula(students, reference):
    frame = students.dropna().assign(PLACE=lambda f: np.array(["a", "b", "c"])[f["CNTSCHID"] % 3])
    text = "C(PLACE)" if reference == "a" else f"C(PLACE, {reference})"
    found = survey.regression(frame, "PV1MATH", [f"ESCS*{text}", "FEMALE"], DESIGN)
    w = [DESIGN.weight, *DESIGN.replicate_columns(frame.columns)]
    formula = f"PV1MATH ~ ESCS * C(PLACE, Treatment('{reference}')) + FEMALE"
    fits = [smf.wls(formula, frame, weights=frame[name]).fit() for name in w]
    t = pd.DataFrame([fit.params for fit in fits])
    others = [c for c in "abc" if c != reference]
    names = {"intercept": "Intercept", "ESCS": "ESCS", "FEMALE": "FEMALE"}
    for c in others:
        dummy = f"C(PLACE, Treatment('{reference}'))[T.{c}]"
        names |= {f"PLACE[{c}]": dummy, f"ESCS:PLACE[{c}]": f"ESCS:{dummy}"}
    rows = found.set_index("term")
    assert set(rows.index) == {*names, "r_squared"}
    for ours, theirs in names.items():
        assert rows.loc[ours, "obs_value"] == pytest.approx(t[theirs][0], rel=1e-8)
        error = np.sqrt(((t[theirs][1:] - t[theirs][0]) ** 2).sum() / 20)
        assert rows.loc[ours, "std_error"] == pytest.approx(error, rel=1e-8)


def test_categories_of_a_logistic_regression_and_gaps_in_them(students):
    frame = students.assign(PLACE=np.where(students["CNTSCHID"] % 2, "a", "b"), HIGH=(students["PV1MATH"] > 500) * 1.0)
    frame.loc[:9, "PLACE"] = None
    found = survey.logistic_regression(frame, "HIGH", ["C(PLACE)", "FEMALE"], DESIGN)
    numeric = frame.assign(B=(frame["PLACE"] == "b").where(frame["PLACE"].notna()).astype(float))
    expected = survey.logistic_regression(numeric, "HIGH", ["B", "FEMALE"], DESIGN)
    assert found["term"].tolist() == ["intercept", "PLACE[b]", "FEMALE"]
    assert found["n_missing"].eq(10).all()
    np.testing.assert_allclose(found[["obs_value", "std_error"]], expected[["obs_value", "std_error"]], rtol=1e-9)
    with pytest.raises(survey.SurveyError, match="has no category 'z'"):
        survey.regression(frame, "ESCS", "C(PLACE, z)", DESIGN)


def test_terms_are_the_same_in_a_file_that_is_read_in_parts(students, tmp_path):
    frame = students.assign(PLACE=np.where(students["CNTSCHID"] % 2, "a", "b"))
    frame.to_parquet(tmp_path / "students.parquet", row_group_size=100)
    question = survey.Regression(("PV@MATH", "ESCS*C(PLACE)"), also=("standardised",))
    expected = survey.estimate(question, frame, DESIGN, by="CNT")
    found = survey.estimate(question, survey.Scan(tmp_path / "students.parquet", DESIGN), by="CNT")
    pd.testing.assert_frame_equal(found, expected, rtol=1e-9)


def test_standardised_slopes_and_residual_variance(students):
    """The slope of standardised variables is the standardised slope; one predictor has the correlation."""
    one = country(students, "X01").dropna()
    found = survey.regression(one, "PV@MATH", "ESCS", DESIGN, also=("standardised", "residual_variance")).set_index(
        "term"
    )
    correlation = survey.correlation(one, "PV@MATH", "ESCS", DESIGN)
    columns = ["obs_value", "std_error"]
    np.testing.assert_allclose(
        found.loc["standardised ESCS", columns].astype(float), correlation[columns].iloc[0].astype(float)
    )
    fit = smf.wls("PV1MATH ~ ESCS", one, weights=one["W_FSTUWT"]).fit()
    alone = survey.regression(one, "PV1MATH", "ESCS", DESIGN, also=("residual_variance",))
    expected = np.average(fit.resid**2, weights=one["W_FSTUWT"])
    assert alone["obs_value"].iloc[-1] == pytest.approx(expected, rel=1e-10)
    with pytest.raises(survey.SurveyError, match="also has 'beta'"):
        survey.regression(one, "PV@MATH", "ESCS", DESIGN, also=("beta",))


def test_groups_by_plausible_values_equal_plain_loops(students):
    """Who is a low performer differs between plausible values: the m-th estimate uses the m-th grouping."""
    one = country(students, "X01")
    frame = one.assign(**{f"PV{m}LOW": np.where(one[f"PV{m}MATH"] < 480, "low", "high") for m in range(1, 11)})

    def mean_of(level):
        def function(f, value, w):
            rows = (f[value] < 480) == (level == "low")
            return np.average(f["FEMALE"][rows], weights=w[rows])

        return function

    t = replicate_estimates(one, [mean_of("high"), mean_of("low")])
    found = survey.mean(frame, "FEMALE", DESIGN, by="PV@LOW")
    assert found["PV@LOW"].tolist() == ["high", "low"]
    np.testing.assert_allclose(found["obs_value"], t[0].mean(axis=0))
    np.testing.assert_allclose(found["std_error"], np.sqrt(np.diag(plain_covariance(t))))
    assert found["n_obs"].sum() == pytest.approx(len(one), abs=1)
    gap = survey.difference(frame, "PV@MATH", DESIGN, between="PV@LOW", levels=("high", "low"))
    assert gap["obs_value"][0] > 0
    rare = frame.assign(PV1LOW="high", PV2LOW="high")
    assert survey.mean(rare, "FEMALE", DESIGN, by="PV@LOW")["obs_status"].tolist() == ["", "a"]


def test_coverage_and_share_of_missing_stand_beside_each_estimate(students):
    found = survey.mean(students, "ESCS", DESIGN, by="CNT").set_index("CNT")
    one = country(students, "X01")
    answered = one["ESCS"].notna()
    assert found.loc["X01", "coverage"] == pytest.approx(100 * one["W_FSTUWT"][answered].sum() / one["W_FSTUWT"].sum())
    assert found.loc["X01", "missing_share"] == pytest.approx(100 * (~answered).mean())
    assert survey.mean(students, "PV@MATH", DESIGN)[["coverage", "missing_share"]].iloc[0].tolist() == [100.0, 0.0]


def test_estimates_give_no_warning_of_numbers(students):
    """Divisions by zero inside the formulae are decided, not left to NumPy."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nothing = students.assign(ESCS=np.nan)
        assert survey.mean(nothing, "ESCS", DESIGN, by="CNT")["coverage"].tolist() == [0.0, 0.0]
        assert survey.regression(nothing, "PV@MATH", "ESCS", DESIGN)["obs_status"].eq("m").all()


# ----------------------------------------------------------------------------------- tables that do not fit


def estimates(**columns):
    """Estimates of two countries with all that the functions of tables read."""
    whole = {"CNT": ["A", "B"], "obs_value": [500.0, 480], "std_error": [3.0, 4], "n_obs": [10, 10]}
    return pd.DataFrame(whole | columns)


def test_tables_that_cannot_be_matched_are_refused():
    with pytest.raises(survey.SurveyError, match="the second table has several rows for the same CNT"):
        survey.compare(estimates(), estimates(CNT=["A", "A"]), on="CNT")
    for link in (-1.0, pd.Series({"A": 1.0})):
        with pytest.raises(survey.SurveyError, match="given for every row"):
            survey.compare(estimates(), estimates(), on="CNT", link_error=link)


def test_what_cannot_be_averaged_is_refused():
    with pytest.raises(survey.SurveyError, match="no estimate to average over 'CNT'"):
        survey.average(estimates(obs_value=np.nan), over="CNT")
    with pytest.raises(survey.SurveyError, match="no common link error"):
        survey.average(estimates(link_error=[1.0, 2.0]), over="CNT")


def test_an_average_of_changes_has_the_link_error_once():
    """By hand: 3 and 4 with a link of 2 within each; sampling alone is 5 and 12 in squares."""
    found = survey.average(estimates(link_error=[2.0, 2.0]), over="CNT").iloc[0]
    assert found["obs_value"] == 490
    assert found["std_error"] == pytest.approx(np.sqrt((5 + 12) / 4 + 4))
