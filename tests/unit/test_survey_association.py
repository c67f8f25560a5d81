"""Tables, effect sizes and quantile regression of samples, against plain loops, linear programmes and known truth."""

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from crossroads import survey

DESIGN = survey.PISA_2022
TOLERANCE = {"rtol": 1e-10, "atol": 1e-12}


@pytest.fixture(scope="module")
def students():
    frame = survey.synthetic(countries=2, schools=20, students=8, missing=0.05)
    level = np.digitize(frame["PV1MATH"], [430, 520])
    return frame.assign(LEVEL=np.array(["low", "middle", "top"])[level])


def slow(frame, statistic, values=("PV1MATH",)):
    """Estimate and sampling variance of ``statistic(values, weights)``, one weight at a time."""
    weights = [DESIGN.weight, *DESIGN.replicate_columns(frame.columns)]
    t = np.array([[statistic(frame[v].to_numpy(), frame[w].to_numpy()) for w in weights] for v in values])
    return t[:, 0].mean(axis=0), np.mean([((row[1:] - row[0]) ** 2).sum(axis=0) / 20 for row in t], axis=0)


def country(frame, code="X01"):
    return frame[frame["CNT"] == code].reset_index(drop=True)


PVS = [f"PV{m}MATH" for m in range(1, 11)]


@pytest.mark.parametrize("of", ["total", "row", "column"])
def test_cells_of_a_table_equal_plain_loops(students, of):
    one = country(students)
    table = survey.crosstab(students, "FEMALE", "LEVEL", DESIGN, by="CNT", of=of).query("CNT == 'X01'")
    assert table[["row", "column"]].iloc[[0, 4]].to_numpy().tolist() == [[0.0, "low"], [1.0, "middle"]]
    base = {"total": one["FEMALE"] >= 0, "row": one["FEMALE"] == 1, "column": one["LEVEL"] == "middle"}[of]
    cell = (one["FEMALE"] == 1) & (one["LEVEL"] == "middle")
    value, variance = slow(one, lambda y, w: 100 * w[cell].sum() / w[base].sum())
    np.testing.assert_allclose(table[["obs_value", "sampling_variance"]].iloc[4], [value, variance], **TOLERANCE)
    assert table["obs_value"].sum() == pytest.approx({"total": 100, "row": 200, "column": 300}[of])


def test_a_table_leaves_out_and_counts_rows_without_one_of_the_two(students):
    gaps = students.assign(LEVEL=students["LEVEL"].mask(students["FEMALE"].cumsum() < 4), POOR=students["ESCS"] < 0)
    gaps["POOR"] = gaps["POOR"].astype("object").mask(gaps["ESCS"].isna())
    n = int((gaps["LEVEL"].isna() | gaps["POOR"].isna()).sum())
    table = survey.crosstab(gaps, "POOR", "LEVEL", DESIGN)
    assert (table["n_missing"] == n).all() and (table["n_obs"] == len(gaps) - n).all()
    with pytest.raises(survey.SurveyError, match="of is 'cell'"):
        survey.crosstab(gaps, "POOR", "LEVEL", DESIGN, of="cell")


def test_plausible_values_are_no_categories(students):
    """The first of them would have been taken for all, and the error of the test lost."""
    for ask in (survey.crosstab, survey.independence):
        with pytest.raises(survey.SurveyError, match="'PV@MATH': plausible values are no categories"):
            ask(students, "FEMALE", "PV@MATH", DESIGN)
    with pytest.raises(survey.SurveyError, match="plausible values are no categories"):
        survey.effect_size(students, "ESCS", "PV@MATH", DESIGN)


def test_independence_of_rows_drawn_one_by_one_is_pearsons_test():
    """Without strata, clusters and unequal weights the design effects are 1, up to the noise of a large sample."""
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"w": 1.0, "a": rng.integers(0, 3, 3000), "b": rng.integers(0, 4, 3000)})
    test = survey.independence(frame, "a", "b", survey.Design("simple", "w", method="TAYLOR")).iloc[0]
    chi_squared, p_value, df, _ = stats.chi2_contingency(pd.crosstab(frame["a"], frame["b"]), correction=False)
    assert test["chi_squared"] == pytest.approx(chi_squared, rel=1e-12)
    assert test["p_value"] == pytest.approx(p_value, abs=0.02)
    assert test["f_value"] == pytest.approx(chi_squared / df, rel=0.02)
    assert test["cramers_v"] == pytest.approx(np.sqrt(chi_squared / 3000 / 2), rel=1e-12)


def test_independence_of_clones_is_that_of_the_originals():
    """Three copies of each row as one cluster triple Pearson's statistic, and tell nothing new."""
    rng = np.random.default_rng(6)
    frame = pd.DataFrame({"w": rng.uniform(1, 3, 200), "a": rng.integers(0, 3, 200), "b": rng.integers(0, 2, 200)})
    frame = frame.assign(C=frame.index, two=frame["a"] > 0)
    simple, clustered = (survey.Design("toy", "w", method="TAYLOR", cluster=c) for c in (None, "C"))
    clones = frame.loc[frame.index.repeat(3)].reset_index(drop=True)
    one, three = survey.independence(frame, "a", "b", simple), survey.independence(clones, "a", "b", clustered)
    assert three["chi_squared"].item() == pytest.approx(3 * one["chi_squared"].item(), rel=1e-9)
    same = ["f_value", "numerator_df", "denominator_df", "p_value", "cramers_v"]
    pd.testing.assert_frame_equal(one[same], three[same], rtol=1e-9)
    assert 1 < one["numerator_df"].item() < 2
    square = survey.independence(frame, "two", "b", simple)
    assert square["numerator_df"].item() == pytest.approx(1, rel=1e-9)
    assert square["denominator_df"].item() == pytest.approx(199, rel=1e-9)


def test_independence_is_not_tested_where_replicates_tell_nothing():
    """All replicate weights are proportional: what they differ by is rounding, from which F would be huge."""
    rng = np.random.default_rng(7)
    frame = pd.DataFrame({"w": rng.uniform(1, 3, 60), "a": rng.integers(0, 2, 60), "b": rng.integers(0, 3, 60)})
    frame = frame.assign(**{f"r{i}": frame["w"] * share for i, share in enumerate([0.7, 1.3, 0.9, 1.1], start=1)})
    test = survey.independence(frame, "a", "b", survey.Design("one school", "w", "r@", 4, "BRR"))
    numbers = ["chi_squared", "f_value", "numerator_df", "denominator_df", "p_value", "cramers_v"]
    assert test[numbers].isna().all(axis=None) and test["n_obs"].tolist() == [60]


def test_independence_counts_the_categories_of_the_final_weight():
    """One that a group lacks is left out of its table; one that a replicate lacks stays."""
    a, b = np.tile([0, 0, 1, 1, 2], 12), np.resize([0, 1, 1, 2, 2, 2, 0], 60)
    frame = pd.DataFrame({"a": a, "b": b, "w": 1.0, "g": np.arange(60) % 2})
    frame = frame.assign(r1=1.5 * (a < 2), r2=2 - 1.5 * (a < 2), r3=np.where(b > 0, 1.5, 0.5))
    frame = frame[(frame["g"] == 0) | (frame["b"] < 2)].reset_index(drop=True)
    design = survey.Design("toy", "w", "r@", 3, "BRR")
    found = survey.independence(frame, "a", "b", design, by="g").set_index("g")["chi_squared"]
    for group, rows in frame.groupby("g"):
        expected = stats.chi2_contingency(pd.crosstab(rows["a"], rows["b"]), correction=False)[0]
        assert found[group] == pytest.approx(expected, rel=1e-9)


def test_independence_is_tested_with_one_degree_of_freedom():
    frame = pd.DataFrame(
        {"w": 1.0, "a": [0, 0, 0, 1, 1, 0, 1, 1], "b": [0, 0, 1, 1, 0, 1, 1, 0], "C": np.arange(8) // 4}
    )
    test = survey.independence(frame, "a", "b", survey.Design("two", "w", method="TAYLOR", cluster="C")).iloc[0]
    assert test[["numerator_df", "denominator_df"]].tolist() == pytest.approx([1, 1], rel=1e-9)
    assert test["p_value"] == pytest.approx(stats.f.sf(test["f_value"], 1, 1), rel=1e-9)


@pytest.mark.simulates
def test_independence_rejects_as_often_as_it_says_where_schools_are_alike():
    """Both answers depend on the school and not on each other: Pearson's test rejects far too often."""
    rng = np.random.default_rng(11)
    design = survey.Design("schools", "w", cluster="school", method="TAYLOR")
    ours, naive = [], []
    for _ in range(200):
        school = np.repeat(np.arange(40), 15)
        a, b = (rng.normal(0, 1.2, 40)[school] + rng.normal(size=600) > 0 for _ in range(2))
        frame = pd.DataFrame({"w": 1.0, "school": school, "a": a.astype(int), "b": b.astype(int)})
        ours.append(survey.independence(frame, "a", "b", design)["p_value"].item() < 0.05)
        naive.append(stats.chi2_contingency(pd.crosstab(frame["a"], frame["b"]), correction=False)[1] < 0.05)
    assert np.mean(naive) > 0.2
    assert 0.01 <= np.mean(ours) <= 0.095  # 5 per cent, with three standard errors of 200 samples


def test_independence_has_no_answer_for_one_row_or_one_cluster(students):
    constant = students.assign(LEVEL="low")
    assert survey.independence(constant, "FEMALE", "LEVEL", DESIGN)["p_value"].isna().all()
    by = survey.independence(students, "FEMALE", "LEVEL", DESIGN, by=["CNT"])
    assert by["CNT"].tolist() == ["X01", "X02"] and by["p_value"].between(0, 1).all()


def test_effect_sizes_equal_plain_loops(students):
    one = country(students)
    girl = one["FEMALE"].to_numpy() == 1

    def moments(y, w):
        mean = np.average(y, weights=w)
        return mean, np.average((y - mean) ** 2, weights=w)

    def d(y, w):
        (a, va), (b, vb) = moments(y[girl], w[girl]), moments(y[~girl], w[~girl])
        return (a - b) / np.sqrt((va + vb) / 2)

    def eta(y, w):
        groups = [one["LEVEL"].to_numpy() == level for level in ("low", "middle", "top")]
        mean, total = moments(y, w)
        between = sum(w[g].sum() * (np.average(y[g], weights=w[g]) - mean) ** 2 for g in groups) / w.sum()
        return np.sqrt(between / total)

    for table, statistic in (
        (survey.effect_size(one, "PV@MATH", "FEMALE", DESIGN, levels=(1, 0)), d),
        (survey.effect_size(one, "PV@MATH", "LEVEL", DESIGN, measure="eta"), eta),
    ):
        expected = slow(one, statistic, PVS)
        np.testing.assert_allclose(table[["obs_value", "sampling_variance"]].iloc[0], expected, **TOLERANCE)


def test_effect_size_counts_rows_of_neither_group_and_says_which_two_it_needs(students):
    table = survey.effect_size(students, "PV@MATH", "LEVEL", DESIGN, levels=("top", "low"))
    assert table["obs_value"].item() > 1
    assert table["n_missing"].item() == (students["LEVEL"] == "middle").sum()
    with pytest.raises(survey.SurveyError, match="'LEVEL' has 3 values"):
        survey.effect_size(students, "PV@MATH", "LEVEL", DESIGN)
    with pytest.raises(survey.SurveyError, match="measure is 'f'"):
        survey.effect_size(students, "PV@MATH", "LEVEL", DESIGN, measure="f")


def test_effect_size_of_infinite_values_is_refused(students):
    """They would make both means infinite, and the difference nothing that says why."""
    for measure in ("d", "eta"):
        with pytest.raises(survey.SurveyError, match="'ESCS' has 1 infinite values"):
            infinite = students.assign(ESCS=students["ESCS"].where(students.index > 0, np.inf))
            survey.effect_size(infinite, "ESCS", "FEMALE", DESIGN, measure=measure)


def test_the_correlation_ratio_leaves_out_a_level_that_a_country_lacks(students):
    frame = students[(students["CNT"] == "X01") | (students["LEVEL"] != "top")].reset_index(drop=True)
    both = survey.effect_size(frame, "ESCS", "LEVEL", DESIGN, by="CNT", measure="eta").query("CNT == 'X02'")
    alone = survey.effect_size(country(frame, "X02"), "ESCS", "LEVEL", DESIGN, measure="eta")
    columns = ["obs_value", "std_error"]
    np.testing.assert_allclose(both[columns], alone[columns], rtol=1e-10)
    assert 0 < alone["obs_value"].item() < 1


def programme(x, y, w, p):
    """Quantile regression as the linear programme that it is."""
    bounds = np.column_stack([0 * w, w])
    return -optimize.linprog(-y, A_eq=x.T, b_eq=(1 - p) * x.T @ w, bounds=bounds, method="highs").eqlin.marginals


@pytest.mark.parametrize("p", [5, 50, 90])
@pytest.mark.parametrize("step", [None, 25])
def test_quantile_regression_solves_its_linear_programme(students, p, step):
    """Also where many scores tie, and where weights are zero."""
    one = country(students).dropna(subset="ESCS").reset_index(drop=True)
    if step:
        one["PV1MATH"] = (one["PV1MATH"] / step).round() * step
    one["W_FSTURWT1"] *= np.arange(len(one)) % 5 > 0
    x = np.column_stack([np.ones(len(one)), one[["ESCS", "FEMALE"]]])
    question = survey.QuantileRegression(("PV1MATH", "ESCS", "FEMALE"), p)
    weights = one[["W_FSTUWT", "W_FSTURWT1"]].to_numpy()
    question = question.bound(survey.Sample(one, DESIGN))
    found = question.evaluate([one[[c]].to_numpy() for c in question.variables], weights)[:, 0]

    def loss(slopes, w):
        residual = one["PV1MATH"] - x @ slopes
        return (w * residual * (p / 100 - (residual < 0))).sum()

    for r in range(2):
        y, w = one["PV1MATH"].to_numpy(), weights[:, r]
        assert loss(found[r], w) == pytest.approx(loss(programme(x, y, w, p / 100), w), rel=1e-9)


def test_quantile_regression_without_spread_of_slopes_has_the_slope_of_the_mean(students):
    """In the made-up survey scores shift with ESCS and do not spread: 30 points at every percentile."""
    large = survey.synthetic(countries=1, schools=80, students=20, plausible_values=2, seed=4)
    for p in (25, 75):
        table = survey.quantile_regression(large, "PV@MATH", ["ESCS"], DESIGN.but(plausible_values=2), p=p)
        slope = table.query("term == 'ESCS'")
        assert abs(slope["obs_value"].item() - 30) < 3 * slope["std_error"].item() < 15
        assert table["variable"][0] == f"PV@MATH ~ ESCS (p = {p})"


def test_quantile_regression_finds_the_few_of_a_kind_that_lie_far_from_the_plane():
    """Medians of two groups, by hand; none of the three is among the rows near the plane that least squares fits."""
    y = np.concatenate([np.linspace(-1, 1, 51), [0.0, 90.0, 300.0]])
    frame = pd.DataFrame({"y": y, "few": np.repeat([0.0, 1.0], [51, 3]), "w": 1.0})
    halves = survey.Design("toy", "w", "r@", 2, "BRR")
    frame = frame.assign(r1=np.where(frame.index % 2, 1.1, 0.9), r2=np.where(frame.index % 2, 0.9, 1.1))
    found = survey.quantile_regression(frame, "y", "few", halves).set_index("term")["obs_value"]
    assert found.tolist() == pytest.approx([0.0, 90.0], abs=1e-9)


def test_quantile_regression_has_no_error_where_one_replicate_has_no_slope():
    """All rows that have the predictor lack weight in the first replicate; the slope exists, its error does not."""
    few = np.repeat([0.0, 1.0], [21, 9])
    y = np.concatenate([np.linspace(-1, 1, 21), np.linspace(4, 6, 9)])
    frame = pd.DataFrame({"y": y, "few": few, "w": 1.0, "r1": 2 * (1 - few), "r2": 2.0 * few + 0.5, "r3": 1 + few / 2})
    found = survey.quantile_regression(frame, "y", "few", survey.Design("toy", "w", "r@", 3, "BRR"))
    assert found.set_index("term")["obs_value"].tolist() == pytest.approx([0.0, 5.0], abs=1e-9)
    assert found["std_error"].isna().all() and set(found["obs_status"]) == {"u"}


def test_quantile_regression_with_collinear_predictors_has_no_estimate(students):
    one = country(students).assign(TWICE=lambda f: 2 * f["FEMALE"], NONE=0.0)
    for x in (["FEMALE", "TWICE"], ["NONE"]):
        table = survey.quantile_regression(one, "PV1MATH", x, DESIGN)
        assert table["obs_value"].isna().all() and (table["obs_status"] == "a").all()
    with pytest.raises(survey.SurveyError, match="p is 0"):
        survey.quantile_regression(one, "PV1MATH", "FEMALE", DESIGN, p=0)
    with pytest.raises(survey.SurveyError, match="cannot be linearised"):
        survey.quantile_regression(one, "PV1MATH", "FEMALE", survey.Design("t", "W_FSTUWT", method="TAYLOR"))
