"""Failures guarded against: tests and intervals that differ from scipy's and statsmodels', missing values that count."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from crossroads import intervals
from crossroads.intervals import IntervalError

FREEDOM = pd.Series([np.inf, 1, 7, 79.5], index=list("abcd"))


def test_infinite_degrees_of_freedom_are_the_normal_distribution():
    assert_allclose(intervals.critical_value(), stats.norm.ppf(0.975), rtol=1e-14)
    assert_allclose(intervals.p_value(12.3, 1.0), 2 * stats.norm.sf(12.3), rtol=1e-12)


def test_each_row_has_its_own_degrees_of_freedom_and_a_series_stays_one():
    estimate, error = pd.Series(2.0, FREEDOM.index), pd.Series([1.0, 2, 3, 4], FREEDOM.index)
    lower, upper = intervals.interval(estimate, error, FREEDOM)
    expected = stats.t.interval(0.95, FREEDOM.replace(np.inf, 1e12), estimate, error)
    assert_allclose((lower, upper), expected, rtol=1e-9)
    assert lower.index.tolist() == list("abcd")
    p_values = intervals.p_value(-estimate, error, FREEDOM)
    assert_allclose(p_values, 2 * stats.t.sf(2 / error, FREEDOM.replace(np.inf, 1e12)), rtol=1e-9)
    assert isinstance(p_values, pd.Series)


def test_an_error_of_zero_gives_the_value_as_interval_and_no_test():
    assert intervals.interval(3.0, 0.0) == (3.0, 3.0)
    assert np.isnan(intervals.p_value(3.0, 0.0))


@pytest.mark.parametrize("freedom", [np.nan, 0])
def test_without_degrees_of_freedom_there_is_neither_interval_nor_test(freedom):
    assert np.isnan([*intervals.interval(3.0, 1.0, freedom), intervals.p_value(3.0, 1.0, freedom)]).all()


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_in_per_cent_is_refused(level):
    with pytest.raises(IntervalError, match="expected such as"):
        intervals.critical_value(level=level)


@pytest.mark.parametrize("method", ["holm", "fdr_bh"])
def test_missing_tests_do_not_count_in_the_adjustment(method):
    found = intervals.adjusted(pd.Series([0.01, np.nan, 0.04, 0.03], list("abcd")), method)
    assert_allclose(found.dropna(), multipletests([0.01, 0.04, 0.03], method=method)[1])
    assert found.index[found.isna()].tolist() == ["b"]


def test_adjusting_leaves_what_was_given_alone():
    given = np.array([0.01, 0.04])
    intervals.adjusted(given)
    assert given.tolist() == [0.01, 0.04]
    assert intervals.adjusted(given, None).tolist() == [0.01, 0.04]


def test_percentiles_leave_out_missing_draws():
    draws = np.column_stack([np.arange(101.0), np.full(101, np.nan)])
    draws[0, 0] = np.nan
    with pytest.warns(RuntimeWarning, match="All-NaN"):
        found = intervals.percentiles(draws)
    assert_allclose(found[:, 0], np.quantile(np.arange(1, 101), [0.025, 0.975]))
    assert np.isnan(intervals.percentiles(np.empty((0, 3)))).tolist() == [[True] * 3] * 2


def test_intervals_of_shares_are_those_of_wilson_and_stay_within_bounds():
    counts = np.array([0, 1, 30, 40])
    found = intervals.share_interval(100 * counts / 40, 40)
    assert_allclose(found, 100 * np.array(proportion_confint(counts, 40, method="wilson")), atol=1e-12)
    assert np.ptp(intervals.share_interval(0.0, 40)) > 0


def test_jackknife_on_the_reciprocal_root_is_that_of_the_transformed_values():
    """By hand, in units that keep order: an interval that came out upside down would hold nothing."""
    values, estimate = np.array([1.0, 1.2, 0.8, 1.1, 0.9, 1.0]), 1.0
    low, high = intervals.jackknife(-(estimate**-0.5), -(values**-0.5))
    assert intervals.jackknife(estimate, values, "reciprocal root") == pytest.approx((low**-2, high**-2))


def test_jackknife_on_the_reciprocal_root_may_have_no_upper_end():
    lower, upper = intervals.jackknife(1.0, np.array([0.1, 1.0, 4.0, 2.0]), "reciprocal root")
    assert 0 < lower < 1
    assert upper == np.inf


def test_joint_test_is_that_of_a_regression():
    rng = np.random.default_rng(1)
    x = sm.add_constant(rng.normal(size=(60, 3)))
    fit = sm.OLS(x @ [1, 0.3, 0, 0.2] + rng.normal(size=60), x).fit()
    expected = fit.wald_test(np.eye(4)[1:], use_f=False, scalar=True)
    statistic, restrictions, p = intervals.wald(fit.params[1:], fit.cov_params()[1:, 1:])
    assert_allclose((statistic, restrictions, p), (expected.statistic, 3, expected.pvalue), rtol=1e-9)
    # An F test of one restriction is the square of a t test.
    statistic, _, p = intervals.wald(fit.params[1:2], fit.cov_params()[1:2, 1:2], 12)
    assert_allclose((statistic, p), (fit.tvalues[1] ** 2, intervals.p_value(fit.params[1], fit.bse[1], 12)), rtol=1e-9)


def test_joint_test_counts_a_restriction_twice_if_it_is_given_twice_only_once():
    statistic, restrictions, _ = intervals.wald(np.array([2.0, 2.0]), np.ones((2, 2)))
    assert (round(statistic, 9), restrictions) == (4, 1)


@pytest.mark.parametrize(
    ("covariance", "freedom", "message"),
    [(np.eye(3), np.inf, "found 3 by 3"), (np.zeros((2, 2)), np.inf, "nothing was sampled"), (np.eye(2), 1, "2 restr")],
)
def test_joint_test_that_cannot_be_made_is_refused(covariance, freedom, message):
    with pytest.raises(IntervalError, match=message):
        intervals.wald(np.ones(2), covariance, freedom)


def test_table_is_tested_by_family_and_untested_rows_are_not_called_insignificant():
    table = pd.DataFrame({"obs_value": [5.0, 2.1, 1, 2.1, 4], "std_error": [1, 1, np.nan, 1, 1], "area": list("aaabb")})
    found = intervals.with_test(table, family=["area"])
    assert found["n_tests"].tolist() == [2, 2, 2, 2, 2]
    raw = 2 * stats.norm.sf(table["obs_value"] / table["std_error"])
    assert_allclose(found["p_value"], raw)
    expected = np.concatenate([multipletests(part, method="fdr_bh")[1] for part in (raw[[0, 1]], raw[[3, 4]])])
    assert_allclose(found["p_adjusted"].dropna(), expected)
    assert found["significant"].isna().tolist() == [False, False, True, False, False]
    assert found["significant"].dropna().all()
    together = intervals.with_test(table, "holm")
    assert together["n_tests"].tolist() == [4] * 5
    assert_allclose(together["lower"], table["obs_value"] - stats.norm.ppf(0.975) * table["std_error"])


def test_degrees_of_freedom_can_be_a_column():
    table = pd.DataFrame({"obs_value": [2.0, 2.0], "std_error": [1.0, 1.0], "degrees_of_freedom": [3, np.inf]})
    found = intervals.with_test(table, None, degrees_of_freedom="degrees_of_freedom")
    assert_allclose(found["p_value"], [2 * stats.t.sf(2, 3), 2 * stats.norm.sf(2)])
    assert_allclose(found["upper"], [2 + stats.t.ppf(0.975, 3), 2 + stats.norm.ppf(0.975)])


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: intervals.interval(1.0, -0.5), "a standard error is -0.5; expected no negative number"),
        (lambda: intervals.p_value(np.ones(2), np.array([1, -2.0])), "a standard error is -2"),
        (
            lambda: intervals.with_test(pd.DataFrame({"obs_value": [1.0, 2], "std_error": [np.nan, -1]})),
            "a standard error is -1",
        ),
        (lambda: intervals.adjusted(np.array([0.01, 1.2])), "a p-value is 1.2; expected a number from 0 to 1"),
        (lambda: intervals.adjusted(pd.Series([np.nan, -0.1]), None), "a p-value is -0.1"),
        (lambda: intervals.share_interval(101.0, 50), "a share is 101; expected a number from 0 to 100"),
        (
            lambda: intervals.share_interval(np.array([0.2, 14]), 50, whole=1),
            "a share is 14; expected a number from 0 to 1",
        ),
        (lambda: intervals.share_interval(np.array([20.0, 30]), np.array([5, 0])), "the number of observations is 0"),
        (lambda: intervals.jackknife(1.0, np.arange(5.0), scale="lin"), "the scale is 'lin'; expected one of 'linear'"),
    ],
)
def test_numbers_that_cannot_be_are_refused(ask, message):
    """A negative error gave an interval whose lower end was the upper one; a share in per cent of a whole of one gave none."""
    with pytest.raises(IntervalError, match=message):
        ask()


def test_missing_numbers_stay_missing():
    lower, upper = intervals.share_interval(np.array([np.nan, 50.0]), np.array([10, np.nan]))
    assert np.isnan(lower).all() and np.isnan(upper).all()
    assert np.isnan(intervals.interval(np.nan, np.nan)).all()
