"""Level of confidence, intervals, tests and their adjustment: one place for all analysis functions and notebooks.

Numbers, arrays and Series are taken alike and given back in kind; a missing value stays missing. With infinite degrees
of freedom, the default, Student's t is the normal distribution. A standard error of zero says that nothing was sampled:
the interval is the value itself, and there is no test.

Not here: standard errors (they belong to what estimates), and anything that knows countries, surveys or models.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from scipy import special
from statsmodels.stats.multitest import multipletests

from crossroads.columns import ERROR, VALUE
from crossroads.numbers import NOT_ADJUSTED

LEVEL = 0.95
# Shares nearer to 0 or 1 count as so near: on the logit scale they would be infinitely far away.
NEAREST_SHARE = 0.005
# What the adjustments of a family of tests are called in print.
METHODS = {
    None: NOT_ADJUSTED,
    "fdr_bh": "false-discovery rate of Benjamini and Hochberg",
    "holm": "family-wise error of Holm",
}
Numbers = TypeVar("Numbers", float, np.ndarray, pd.Series)


class IntervalError(ValueError):
    """Numbers from which no interval or test can be computed; the message says what was found and what to do."""


def _from_reciprocal_root(scaled: np.ndarray) -> np.ndarray:
    """Return one over the square; without end where an interval reaches zero."""
    with np.errstate(divide="ignore"):
        return np.maximum(-scaled, 0.0) ** -2.0


# To and from the scales of intervals. Minus one over the root keeps the order of values.
SCALES = {
    "linear": (np.asarray, np.asarray),
    "log": (np.log, np.exp),
    "logit": (special.logit, special.expit),
    "reciprocal root": (lambda value: -(value**-0.5), _from_reciprocal_root),
}


def critical_value(degrees_of_freedom: Numbers | float = np.inf, level: float = LEVEL) -> Any:
    """Return how many standard errors an interval reaches to either side, by Student's t.

    Parameters
    ----------
    degrees_of_freedom : float, ndarray or Series
        Infinite for the normal distribution; the result is missing where they are missing or zero.
    level : float
        Of confidence, between 0 and 1.

    Raises
    ------
    IntervalError
        If the level is none.
    """
    if not 0 < level < 1:
        raise IntervalError(f"the level of confidence is {level}; expected such as 0.95")
    return special.stdtrit(degrees_of_freedom, (1 + level) / 2)


def interval(
    estimate: Numbers, std_error: Numbers, degrees_of_freedom: Numbers | float = np.inf, level: float = LEVEL
) -> tuple[Numbers, Numbers]:
    """Return the lower and upper end of the interval of estimates.

    Parameters
    ----------
    estimate, std_error : float, ndarray or Series
        In the same unit.
    degrees_of_freedom, level
        As in `critical_value`.

    Raises
    ------
    IntervalError
        If a standard error is negative: the ends would change places.
    """
    _require_errors(std_error)
    half = critical_value(degrees_of_freedom, level) * std_error
    return estimate - half, estimate + half


def _require_errors(std_error: Any) -> None:
    """Refuse standard errors below zero."""
    expected = "no negative number; is it a variance, or a difference?"
    _require(np.asarray(std_error) >= 0, std_error, "a standard error", expected)


def _require(holds: Any, found: Any, what: str, expected: str) -> None:
    """Refuse the first of some numbers that is not what it must be; missing ones are nothing."""
    numbers = np.broadcast_to(np.asarray(found, dtype=float), np.shape(holds))
    wrong = ~np.asarray(holds) & ~np.isnan(numbers)
    if wrong.any():
        raise IntervalError(f"{what} is {numbers[wrong].flat[0]:.7g}; expected {expected}")


def p_value(estimate: Numbers, std_error: Numbers, degrees_of_freedom: Numbers | float = np.inf) -> Numbers:
    """Return the two-sided p-value of the test that an estimate is zero; missing where the standard error is zero.

    Parameters
    ----------
    estimate, std_error, degrees_of_freedom
        As in `interval`.
    """
    _require_errors(std_error)
    ratio = np.abs(estimate) / np.where(np.asarray(std_error) > 0, std_error, np.nan)
    return 2 * special.stdtr(degrees_of_freedom, -ratio)


def adjusted(p_values: Numbers, method: str | None = "fdr_bh") -> Numbers:
    """Adjust the p-values of one family of tests for their number.

    Parameters
    ----------
    p_values : ndarray or Series
        Missing ones are no tests: they stay missing and are not counted.
    method : str or None
        ``"fdr_bh"`` for Benjamini and Hochberg's false-discovery rate, ``"holm"`` for Holm's family-wise error, or
        another method of `statsmodels.stats.multitest.multipletests`; None leaves them as they are.

    Raises
    ------
    IntervalError
        If one is no probability.
    """
    values: Any = np.array(p_values, dtype=float)
    _require((values >= 0) & (values <= 1), values, "a p-value", "a number from 0 to 1")
    tested = np.isfinite(values)
    if method is not None and tested.any():
        values[tested] = multipletests(values[tested], method=method)[1]
    return pd.Series(values, p_values.index) if isinstance(p_values, pd.Series) else values


def percentiles(draws: np.ndarray, level: float = LEVEL, axis: int = 0) -> np.ndarray:
    """Return the ends between which the given share of draws lies, in the middle.

    Parameters
    ----------
    draws : ndarray of shape (n_draws, ...)
        Missing draws are left out.
    level : float
        Share between the ends.
    axis : int
        Of the draws.

    Returns
    -------
    ndarray of shape (2, ...)
        Lower and upper end; missing without draws.
    """
    draws = np.asarray(draws)
    if not draws.shape[axis]:
        return np.full((2, *np.delete(draws.shape, axis)), np.nan)
    quantile = np.nanquantile if np.isnan(draws).any() else np.quantile
    return quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=axis)


def jackknife(
    estimate: float, without: np.ndarray, scale: str = "linear", correct_bias: bool = False, level: float = LEVEL
) -> tuple[float, float]:
    """Return the interval of any smooth statistic from its values without each independent unit in turn.

    Parameters
    ----------
    estimate : float
        Statistic of all units.
    without : ndarray of shape (n_units,)
        The same without each unit (such as each country with all its regions).
    scale : {"linear", "log", "logit", "reciprocal root"}
        On which the interval is symmetric: ``log`` for what is above zero, ``logit`` for shares between 0 and 1,
        ``reciprocal root`` (minus one over the root) for what is above zero and has an error that grows faster than
        itself; its upper end may be infinite.
    correct_bias : bool
        Centre the interval on the estimate less its bias, which statistics of few units have.
    level : float
        Of confidence.

    Returns
    -------
    tuple of float
        Lower and upper end; missing with fewer than three units, or where the statistic does not exist on the scale.

    Raises
    ------
    IntervalError
        If there is no such scale.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, ch. 11; Student's t with `jackknife_freedom`.
    """
    if scale not in SCALES:
        raise IntervalError(f"the scale is {scale!r}; expected one of {', '.join(map(repr, SCALES))}")
    to, back = SCALES[scale]
    values = np.append(without, estimate).astype(float)
    if scale == "logit":
        values = np.clip(values, NEAREST_SHARE, 1 - NEAREST_SHARE)
    if scale in ("log", "reciprocal root") and not (values > 0).all():
        return np.nan, np.nan
    *values, centre = to(values)
    n, deviations = len(values), values - np.mean(values)
    squares = (deviations**2).sum()
    if n < 3 or not squares > 0:
        return np.nan, np.nan
    freedom = jackknife_freedom(deviations)
    if correct_bias:
        centre = n * centre - (n - 1) * np.mean(values)
    lower, upper = back(np.array(interval(centre, np.sqrt((n - 1) / n * squares), freedom, level)))
    return float(lower), float(upper)


def jackknife_freedom(deviations: np.ndarray) -> float:
    """Return the degrees of freedom of a variance that is the sum of squared deviations of units.

    Satterthwaite's: 2 n over the kurtosis of the deviations less one, at most n - 1. Where a few units decide, as large
    countries among small ones do, n - 1 promises too much.

    Parameters
    ----------
    deviations : ndarray of shape (n_units,)
        Of the statistic without each unit from their mean.

    References
    ----------
    Satterthwaite (1946), "An approximate distribution of estimates of variance components", Biometrics Bulletin 2.
    """
    n, squares = len(deviations), deviations**2
    excess = n * (squares**2).sum() / squares.sum() ** 2 - 1
    return min(n - 1.0, 2 * n / excess) if excess > 0 else n - 1.0


def share_interval(
    share: Numbers,
    n_obs: Numbers | float,
    degrees_of_freedom: Numbers | float = np.inf,
    level: float = LEVEL,
    whole: float = 100.0,
) -> tuple[Numbers, Numbers]:
    """Return Wilson's interval of shares, which never leaves 0 to ``whole``.

    Parameters
    ----------
    share : float, ndarray or Series
        In units of ``whole``: per cent by default.
    n_obs : float, ndarray or Series
        Observations; for a complex sample the effective number, p (1 - p) / s^2 with the share p and its standard
        error s as proportions.
    degrees_of_freedom, level
        As in `critical_value`.
    whole : float
        What a share of all is: 100 or 1.

    References
    ----------
    Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22; for complex samples
    Dean and Pagano (2015), "Evaluating confidence interval methods for binomial proportions in clustered surveys",
    Journal of Survey Statistics and Methodology 3.

    Raises
    ------
    IntervalError
        If a share leaves 0 to ``whole``, or nobody was observed.
    """
    shares = np.asarray(share, dtype=float)
    _require(
        (shares >= 0) & (shares <= whole),
        shares,
        "a share",
        f"a number from 0 to {whole:g}; say what all are with whole",
    )
    _require(np.asarray(n_obs) > 0, n_obs, "the number of observations", "a number above zero")
    p, c = share / whole, critical_value(degrees_of_freedom, level)
    middle = (p + c**2 / (2 * n_obs)) / (1 + c**2 / n_obs)
    half = c * np.sqrt(p * (1 - p) / n_obs + c**2 / (4 * n_obs**2)) / (1 + c**2 / n_obs)
    return whole * (middle - half), whole * (middle + half)


def wald(estimates: np.ndarray, covariance: np.ndarray, degrees_of_freedom: float = np.inf) -> tuple[float, int, float]:
    """Test that several estimates are all zero.

    Parameters
    ----------
    estimates : ndarray of shape (k,)
        Such as differences between groups.
    covariance : ndarray of shape (k, k)
        Of the estimates; its rank is the number of restrictions.
    degrees_of_freedom : float
        Of the covariance (replicates or clusters less one). Finite ones use the F distribution with the factor of
        Korn and Graubard for the number of restrictions.

    Returns
    -------
    tuple
        Statistic (chi-square, or F), number of restrictions, p-value.

    References
    ----------
    Korn and Graubard (1990), "Simultaneous testing of regression coefficients with complex survey data: use of
    Bonferroni t statistics", The American Statistician 44.
    """
    estimates, covariance = np.asarray(estimates, dtype=float), np.asarray(covariance, dtype=float)
    if covariance.shape != (len(estimates), len(estimates)) or not np.isfinite(covariance).all():
        raise IntervalError(
            f"{len(estimates)} estimates need a finite covariance of {len(estimates)} by {len(estimates)};"
            f" found {' by '.join(map(str, covariance.shape))}"
        )
    rank = int(np.linalg.matrix_rank(covariance, hermitian=True))
    if not rank:
        raise IntervalError("the covariance is zero: nothing was sampled, and there is nothing to test")
    square = float(estimates @ np.linalg.pinv(covariance, hermitian=True) @ estimates)
    if np.isinf(degrees_of_freedom):
        return square, rank, float(special.chdtrc(rank, square))
    freedom = degrees_of_freedom - rank + 1
    if not freedom > 0:
        raise IntervalError(f"{rank} restrictions cannot be tested with {degrees_of_freedom:g} degrees of freedom")
    statistic = square * freedom / (rank * degrees_of_freedom)
    return statistic, rank, float(special.fdtrc(rank, freedom, statistic))


def with_interval(table: pd.DataFrame, degrees_of_freedom: str | float = np.inf, level: float = LEVEL) -> pd.DataFrame:
    """Add the columns ``lower`` and ``upper`` to a table of ``obs_value`` and ``std_error``.

    Parameters
    ----------
    table : DataFrame
        One row an estimate.
    degrees_of_freedom : str or float
        A column, or one number for all rows.
    level : float
        Of confidence.
    """
    freedom = table[degrees_of_freedom] if isinstance(degrees_of_freedom, str) else degrees_of_freedom
    lower, upper = interval(table[VALUE], table[ERROR], freedom, level)
    return table.assign(lower=lower, upper=upper)


def with_test(
    table: pd.DataFrame,
    adjust: str | None = "fdr_bh",
    family: Sequence[str] = (),
    degrees_of_freedom: str | float = np.inf,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Add interval, test and adjusted test to a table of ``obs_value`` and ``std_error``.

    Parameters
    ----------
    table, degrees_of_freedom, level
        As in `with_interval`.
    adjust : str or None
        As ``method`` in `adjusted`.
    family : sequence of str
        Columns that name a family of tests: those that a reader meets side by side; without them all rows are one.

    Returns
    -------
    DataFrame
        The table with ``lower`` and ``upper`` (not adjusted), ``p_value``, ``p_adjusted``, ``n_tests`` (of the family)
        and ``significant`` by the adjusted value (at 1 - level), missing where there is no test.
    """
    freedom = table[degrees_of_freedom] if isinstance(degrees_of_freedom, str) else degrees_of_freedom
    table = with_interval(table, degrees_of_freedom, level)
    table["p_value"] = p_value(table[VALUE], table[ERROR], freedom)
    keys = [table[name] for name in family] or np.zeros(len(table))
    families = table.groupby(keys, dropna=False)["p_value"]
    table["p_adjusted"], table["n_tests"] = families.transform(adjusted, adjust), families.transform("count")
    significant = (table["p_adjusted"] < 1 - level).astype("boolean")
    return table.assign(significant=significant.mask(table["p_adjusted"].isna()))
