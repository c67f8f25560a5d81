"""Replicates made from strata and clusters, against textbook formulae, statsmodels and replicate columns by hand."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from crossroads import survey
from crossroads.survey import replication

STRATA, CLUSTERS, ROWS = 5, 4, 6


@pytest.fixture(scope="module")
def frame():
    """Five strata of four clusters; clusters are numbered anew in each stratum."""
    rng = np.random.default_rng(3)
    stratum = np.repeat(np.arange(STRATA), CLUSTERS * ROWS)
    cluster = np.tile(np.repeat(np.arange(CLUSTERS), ROWS), STRATA)
    level = rng.normal(0, 20, STRATA * CLUSTERS)[stratum * CLUSTERS + cluster]
    x, z = rng.normal(size=(2, len(stratum)))
    y = 500 + 10 * stratum + level + 15 * x + 40 * rng.normal(size=len(stratum))
    return pd.DataFrame(
        {"H": stratum, "C": cluster, "w": rng.uniform(1, 5, len(stratum)), "y": y, "x": x, "z": z, "g": rng.integers(0, 2, len(stratum)), "N": 10}
    )  # fmt: skip


def design(method="TAYLOR", **changes):
    return survey.Design("toy", "w", method=method, **({"strata": "H", "cluster": "C"} | changes))


def textbook(frame, scores, sampled=0.0):
    """Variance of a weighted total of scores: sum over strata of n / (n - 1) times squared deviations of clusters."""
    totals = (frame["w"] * scores).groupby([frame["H"], frame["C"]]).sum()
    between = totals.groupby(level=0).agg(lambda t: len(t) / (len(t) - 1) * ((t - t.mean()) ** 2).sum())
    return (1 - sampled) * between.sum()


def test_linearised_errors_are_those_of_the_textbook(frame):
    """Mean, total, ratio, share and a group's mean: the influence of a row, by hand."""
    w, y, x = frame["w"], frame["y"], frame["x"] + 10
    data, sample = frame.assign(x=x), survey.Sample(frame.assign(x=x), design())
    mean, ratio = np.average(y, weights=w), (w * y).sum() / (w * x).sum()
    group = frame["g"] == 1
    scores = {
        "mean": (survey.mean(sample, "y"), (y - mean) / w.sum()),
        "total": (survey.total(sample, "y"), y),
        "ratio": (survey.ratio(sample, "y", "x"), (y - ratio * x) / (w * x).sum()),
        "share": (survey.share(sample, "g").iloc[1:], 100 * (group - np.average(group, weights=w)) / w.sum()),
        "group": (
            survey.mean(sample, "y", by="g").iloc[1:],
            group * (y - np.average(y[group], weights=w[group])) / w[group].sum(),
        ),
    }
    for table, score in scores.values():
        assert table["sampling_variance"].item() == pytest.approx(textbook(data, score), rel=1e-6)
    assert survey.mean(sample, "y")["degrees_of_freedom"].item() == pytest.approx(STRATA * (CLUSTERS - 1))


def test_linearised_regressions_are_those_of_statsmodels(frame):
    """Sandwich errors by cluster, times n / (n - 1) for the clusters."""
    one = frame.assign(ID=frame["H"] * CLUSTERS + frame["C"], b=(frame["y"] > 520).astype(float))
    n, flat = STRATA * CLUSTERS, survey.Design("flat", "w", cluster="ID", method="TAYLOR")
    by = {"groups": one["ID"], "use_correction": False}
    x = sm.add_constant(one[["x", "z"]])
    linear = sm.WLS(one["y"], x, weights=one["w"]).fit(cov_type="cluster", cov_kwds=by)
    table = survey.regression(one, "y", ["x", "z"], flat).iloc[:3]
    np.testing.assert_allclose(table["obs_value"], linear.params, rtol=1e-10)
    np.testing.assert_allclose(table["std_error"], linear.bse * np.sqrt(n / (n - 1)), rtol=1e-6)
    chance = sm.GLM(one["b"], x, sm.families.Binomial(), var_weights=one["w"]).fit()
    p, weight = chance.fittedvalues, one["w"].to_numpy()[:, None]
    information = (x * weight).T @ (x * (p * (1 - p)).to_numpy()[:, None])
    scores = (one["b"] - p).to_numpy()[:, None] * x @ np.linalg.inv(information)
    table = survey.logistic_regression(one, "b", ["x", "z"], design())
    np.testing.assert_allclose(table["obs_value"], chance.params, rtol=1e-7)
    np.testing.assert_allclose(table["sampling_variance"], [textbook(one, scores[k]) for k in scores], rtol=1e-5)


def test_a_sample_of_rows_has_the_formula_of_the_first_lesson(frame):
    """Simple random sampling without replacement: s^2 / n (1 - n / N)."""
    one = frame.assign(w=1.0, N=1000.0)
    n = len(one)
    table = survey.mean(one, "y", survey.Design("simple", "w", method="TAYLOR", population="N"))
    assert table["std_error"].item() == pytest.approx(np.sqrt(one["y"].var() / n * (1 - n / 1000)), rel=1e-9)
    assert table["degrees_of_freedom"].item() == pytest.approx(n - 1)


def test_jackknife_equals_replicate_columns_made_by_hand(frame):
    """JKn: drop one cluster, share its weight among the others of its stratum; JK1 the same without strata."""
    columns = {}
    for h in range(STRATA):
        for c in range(CLUSTERS):
            change = np.where(frame["C"] == c, 0.0, CLUSTERS / (CLUSTERS - 1))
            columns[f"r{len(columns) + 1}"] = frame["w"] * np.where(frame["H"] == h, change, 1.0)
    count = len(columns)
    byhand = survey.Design("hand", "w", "r@", count, "JKN", factor=[(CLUSTERS - 1) / CLUSTERS] * count)
    full = frame.assign(**columns)
    for question in (survey.Mean("y"), survey.Regression(("y", "x")), survey.LogisticRegression(("g", "x"))):
        made, given = survey.estimate(question, frame, design("JKN")), survey.estimate(question, full, byhand)
        np.testing.assert_allclose(made[["obs_value", "std_error"]], given[["obs_value", "std_error"]], rtol=1e-9)
    flat = frame.assign(C=frame["H"] * CLUSTERS + frame["C"])
    n = count
    drop = {f"r{c + 1}": flat["w"] * (flat["C"] != c) * n / (n - 1) for c in range(n)}
    made = survey.mean(flat, "y", survey.Design("made", "w", cluster="C", method="JK1"), by="g")
    given = survey.mean(flat.assign(**drop), "y", survey.Design("given", "w", "r@", n, "JK1"), by="g")
    np.testing.assert_allclose(made["std_error"], given["std_error"], rtol=1e-10)


def test_for_a_total_every_method_gives_the_same_error(frame):
    """A total is linear in the weights: jackknife, balanced halves and linearisation are one formula."""
    pairs = frame[frame["C"] < 2]
    errors = [
        survey.total(pairs, "y", design(method, fay=fay))["std_error"].item()
        for method, fay in (("TAYLOR", 0), ("JKN", 0), ("BRR", 0), ("FAY", 0.5))
    ]
    np.testing.assert_allclose(errors, errors[0], rtol=1e-6)


def test_bootstrap_agrees_with_linearisation_within_its_noise(frame):
    """With 2,000 draws the error itself has an error of about 2 per cent; the same seed draws the same."""
    drawn = design("BOOTSTRAP", replicates=2000)
    error = survey.mean(frame, "y", drawn)["std_error"].item()
    assert error == pytest.approx(survey.mean(frame, "y", design())["std_error"].item(), rel=0.08)
    assert survey.mean(frame, "y", drawn)["std_error"].item() == error
    assert survey.mean(frame, "y", drawn.but(seed=1))["std_error"].item() != error
    assert survey.percentiles(frame, "y", drawn, p=[50])["std_error"].item() > 0


def test_each_draw_of_the_bootstrap_keeps_the_weight_of_every_stratum(frame):
    """n - 1 of n clusters are drawn, each time n / (n - 1) as heavy (Rao, Wu and Yue 1992)."""
    made = replication.Clusters(frame, design("BOOTSTRAP", replicates=50))
    drawn = (made.multipliers + 1) * (CLUSTERS - 1) / CLUSTERS
    np.testing.assert_allclose(drawn, drawn.round(), atol=1e-12)
    np.testing.assert_allclose(pd.DataFrame(drawn).groupby(made.stratum).sum(), CLUSTERS - 1, rtol=1e-12)


@pytest.mark.parametrize(("strata", "replicates"), [(1, 2), (3, 4), (4, 8)])
def test_balanced_halves_are_as_few_as_there_can_be(frame, strata, replicates):
    """A power of two above the number of strata: each stratum has a column of its own besides the constant one."""
    pairs = frame[(frame["H"] < strata) & (frame["C"] < 2)].reset_index(drop=True)
    made = replication.Clusters(pairs, design("BRR")).multipliers
    assert made.shape == (2 * strata, replicates)
    np.testing.assert_allclose(made[::2], -made[1::2])
    np.testing.assert_allclose(made[::2] @ made[::2].T, replicates * np.eye(strata), atol=1e-12)


def test_population_shrinks_the_error_and_a_census_has_none(frame):
    part = survey.mean(frame, "y", design(population="N"))
    whole = survey.mean(frame.assign(N=CLUSTERS), "y", design("JKN", population="N"))
    free = survey.mean(frame, "y", design())
    assert part["sampling_variance"].item() == pytest.approx(0.6 * free["sampling_variance"].item(), rel=1e-9)
    assert whole["std_error"].item() == 0


def test_percentiles_are_not_linearised_to_an_error_of_zero(frame):
    """A small change of weights moves no percentile: without this the error would be 0."""
    for question in (survey.Percentiles("y"), survey.PercentileRange("y", (10, 90))):
        with pytest.raises(survey.SurveyError, match="cannot be linearised"):
            survey.estimate(question, frame, design())
    with pytest.raises(survey.SurveyError, match="cannot be linearised"):
        survey.estimate(lambda f, w: float(np.median(f["y"])), frame, design(), variables="y")


def test_groups_that_are_strata_differ_as_independent_samples_do(frame):
    """Each group has clusters of its own: paired replicate by replicate as they come, the variance would be nonsense."""
    two = frame[frame["H"] < 2]
    for method in ("TAYLOR", "JKN"):
        gap = survey.difference(two, "y", design(method), between="H", levels=(1, 0))
        parts = survey.mean(two, "y", design(method), by="H")
        assert gap["sampling_variance"].item() == pytest.approx(parts["sampling_variance"].sum(), rel=1e-9)


@pytest.mark.parametrize(
    ("change", "settings", "message"),
    [
        ({"C": 0}, {}, r"5 strata of 'H' have one cluster only \(first: 0\)"),
        ({"C": np.nan}, {}, "120 rows have no 'C'"),
        ({}, {"method": "BRR"}, "two clusters in each stratum; 5 strata"),
        ({"N": 3}, {"population": "N"}, "has 3 clusters, but the sample holds 4"),
        ({"N": np.arange(120) + 10}, {"population": "N"}, "'N' differs within a stratum"),
        ({"w": -1.0}, {}, "120 weights in 'w' are missing, infinite or negative"),
    ],
)
def test_designs_that_do_not_fit_the_file_are_refused(frame, change, settings, message):
    with pytest.raises(survey.SurveyError, match=message):
        survey.mean(frame.assign(**change), "y", design(**settings))


def test_joint_estimates_of_strata_and_clusters_covary(frame):
    """The difference of two groups from their covariance is that of `difference`."""
    both = survey.joint(frame, {"mean": survey.Mean("y")}, design(), by="g")
    gap = survey.difference(frame, "y", design(), between="g", levels=(1, 0))
    contrast = both.contrast({1: 1, 0: -1}, along="g").table
    columns = ["obs_value", "std_error", "degrees_of_freedom"]
    np.testing.assert_allclose(contrast[columns], gap[columns], rtol=1e-9)
    assert gap["degrees_of_freedom"].item() == pytest.approx(STRATA * (CLUSTERS - 1))


def test_replicates_that_fill_the_memory_are_refused(frame, monkeypatch):
    """Each row a cluster: n rows of 2 n replicate weights. Means and least squares do without them."""
    monkeypatch.setattr(replication, "LARGEST", 1e-4)
    rows = survey.Design("rows", "w", method="TAYLOR")
    assert survey.regression(frame, "y", "x", rows)["std_error"].notna().all()
    with pytest.raises(survey.SurveyError, match="all replicate weights at once"):
        survey.logistic_regression(frame, "g", "x", rows)


def test_the_final_weight_counts_in_the_memory_of_replicates(frame, monkeypatch):
    """Eight bytes for each row, and for each of 20 clusters and the final weight."""
    jackknife = survey.Sample(frame, design("JKN"))
    monkeypatch.setattr(replication, "LARGEST", 8 * len(frame) * 21 / 1e9)
    assert survey.logistic_regression(jackknife, "g", "x")["std_error"].notna().all()
    monkeypatch.setattr(replication, "LARGEST", 8 * len(frame) * 20.5 / 1e9)
    with pytest.raises(survey.SurveyError, match="all replicate weights at once"):
        survey.logistic_regression(jackknife, "g", "x")


def test_diagnose_finds_a_stratum_with_one_cluster(frame):
    findings = survey.diagnose(frame.assign(C=0), design())
    assert findings["finding"].str.contains("one cluster only").tolist() == [True]
    assert survey.diagnose(frame, design()).empty


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"method": "JK1"}, "JK1 knows no strata"),
        ({"method": "JK2"}, "JK2 is not made from strata and clusters"),
        ({"method": "BOOTSTRAP", "population": "N"}, "no correction for the population"),
        ({"replicate_weights": "r@"}, "either replicate_weights"),
        ({"strata": None, "cluster": None, "replicate_weights": "r@", "method": "JKN"}, "the factor of JKN differs"),
    ],
)
def test_designs_that_contradict_themselves_are_refused(settings, message):
    with pytest.raises(survey.SurveyError, match=message):
        design(**settings)


def test_a_file_read_in_parts_has_no_clusters_to_count(frame, tmp_path):
    """Parts would each number their clusters from one, and unlike replicates would be added."""
    frame.to_parquet(tmp_path / "toy.parquet")
    with pytest.raises(survey.SurveyError, match="clusters may be spread over parts"):
        survey.Scan(tmp_path / "toy.parquet", design())


def test_a_multiplier_column_serves_as_half(frame):
    """ICILS writes what the replicate multiplies by, 0 or 2, where TIMSS writes the half, 0 or 1."""
    zones = frame.assign(TOTWGTS=frame["w"], JKINDEX=frame["H"] + 1, JKINDEX_FACTOR=2 * (frame["C"] % 2))
    halves = survey.TIMSS_2011.but(weight="TOTWGTS", zone="JKINDEX", half="HALF")
    given = survey.mean(zones.assign(HALF=frame["C"] % 2), "y", halves)
    pd.testing.assert_frame_equal(survey.mean(zones, "y", survey.ICILS_2023), given)
    with pytest.raises(survey.SurveyError, match="other than 0 and 2"):
        survey.mean(zones.assign(JKINDEX_FACTOR=1), "y", survey.ICILS_2023)
