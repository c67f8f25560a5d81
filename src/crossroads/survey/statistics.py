"""Statistics as functions of weights: one estimate for the final and for every replicate weight at once.

Each statistic turns the values of one group into an array of shape (1 + R, M, S): final weight first, then R
replicate weights; M plausible values; S numbers (percentiles, levels, coefficients). What these say about
uncertainty is the business of `inference`.

Most statistics are functions of weighted sums, ``sums = W.T @ products``: one matrix product serves all replicate
weights and plausible values, and sums of parts of a group add up. The others need all rows of a group together.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.special import expit

from crossroads.survey.design import SurveyError
from crossroads.survey.sample import Group, Sample, Scan

QUANTILES = ("averaged", "lower", "upper")
_BLOCK = 32  # rows; small enough to search, large enough to sum fast
_COLLINEAR = 1e10  # condition number of correlations beyond which slopes mean nothing
_NOISE = 1e-12  # a variance that is a smaller part of the mean square is what rounding leaves of zero
ALSO = ("standardised", "residual_variance")


class Statistic:
    """A question put to every group.

    Attributes
    ----------
    name : str
        What the result's column ``statistic`` says.
    variables : tuple of str
        Columns, or patterns of plausible values. Rows in which one is missing are left out and counted.
    dimension : str or None
        Name of the result's column that tells the S numbers of one group apart.
    smooth : bool
        Whether the estimates are smooth functions of the weights, which linearisation asks for.
    """

    dimension: ClassVar[str | None] = None
    smooth: ClassVar[bool] = True
    if TYPE_CHECKING:  # a field in some classes, a property in others

        @property
        def name(self) -> str:  # noqa: D102
            ...

        @property
        def variables(self) -> tuple[str, ...]:  # noqa: D102
            ...

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the columns, or patterns of columns, that must be read."""
        return self.variables

    def bound(self, source: Sample | Scan) -> Self:
        """Return the statistic completed with what it must know of the data before it sees the groups."""
        return self

    def labels(self) -> list:
        """Return the S values of the result's column ``dimension``."""
        return [None]

    def title(self) -> str:
        """Return what the result's column ``variable`` says."""
        return " ~ ".join([self.variables[0], *[" + ".join(self.variables[1:])] * (len(self.variables) > 1)])

    def read(self, sample: Sample, group: Group) -> list[np.ndarray]:
        """Return the values of each variable in a group, shapes (n, 1) or (n, M)."""
        return [sample.values(variable, group) for variable in self.variables]

    def complete(self, sample: Sample) -> bool:
        """Return whether no row of the sample misses a value."""
        return all(sample.complete(variable) for variable in self.variables)


class Additive(Statistic):
    """A statistic that is a function of weighted sums."""

    def products(self, values: Sequence[np.ndarray]) -> np.ndarray:
        """Return the columns to be summed, shape (n, K)."""
        raise NotImplementedError

    def estimates(self, totals: np.ndarray, sums: np.ndarray, sizes: Sequence[int]) -> np.ndarray:
        """Return estimates, shape (G, 1 + R, M, S), of G groups.

        Parameters
        ----------
        totals : ndarray of shape (G, 1 + R, 1)
            Sums of the weights.
        sums : ndarray of shape (G, 1 + R, K)
            Sums of the weighted products.
        sizes : sequence of int
            Number of plausible values, or 1, of each variable.
        """
        raise NotImplementedError


class Whole(Statistic):
    """A statistic that needs all rows of a group at once."""

    def evaluate(self, values: Sequence[np.ndarray], weights: np.ndarray) -> np.ndarray:
        """Return estimates, shape (1 + R, M, S), from values without gaps and weights of shape (n, 1 + R)."""
        raise NotImplementedError


@dataclass(frozen=True)
class Mean(Additive):
    """Weighted mean, sum(w y) / sum(w)."""

    variable: str
    name = "mean"

    @property
    def variables(self) -> tuple[str, ...]:  # noqa: D102
        return (self.variable,)

    def products(self, values: Sequence[np.ndarray]) -> np.ndarray:  # noqa: D102
        return values[0]

    def estimates(self, totals: np.ndarray, sums: np.ndarray, sizes: Sequence[int]) -> np.ndarray:  # noqa: D102
        return ratio(sums, totals)[..., None]


@dataclass(frozen=True)
class Total(Mean):
    """Weighted total, sum(w y): of the population, if the weights are scaled to it."""

    name = "total"

    def estimates(self, totals: np.ndarray, sums: np.ndarray, sizes: Sequence[int]) -> np.ndarray:  # noqa: D102
        return sums[..., None]


@dataclass(frozen=True)
class Levels(Additive):
    """Per cent of the population in each band of a scale; a value equal to a cut is in the band above it."""

    variable: str
    cuts: tuple[float, ...]
    names: tuple[str, ...] = ()
    name = "share"
    dimension = "level"

    def __post_init__(self) -> None:
        if not self.cuts or list(self.cuts) != sorted(set(self.cuts)):
            raise SurveyError(f"cuts are {self.cuts}, expected increasing numbers")
        if self.names and len(self.names) != len(self.cuts) + 1:
            raise SurveyError(f"{len(self.names)} names for the {len(self.cuts) + 1} levels of {self.cuts}")

    @property
    def variables(self) -> tuple[str, ...]:  # noqa: D102
        return (self.variable,)

    def labels(self) -> list:
        """Return the names of the levels, or their numbers from 0 (below the first cut)."""
        return list(self.names or range(len(self.cuts) + 1))

    def products(self, values: Sequence[np.ndarray]) -> np.ndarray:
        """Return indicators of values at or above each cut; a missing value stays missing."""
        y = values[0]
        above = [np.where(np.isnan(y), np.nan, y >= cut) for cut in self.cuts]
        return np.concatenate(above, axis=1)

    def estimates(self, totals: np.ndarray, sums: np.ndarray, sizes: Sequence[int]) -> np.ndarray:
        """Return the differences between the shares above neighbouring cuts."""
        above = np.stack(np.split(100 * ratio(sums, totals), len(self.cuts), axis=-1), axis=-1)
        everyone, nobody = np.full_like(above[..., :1], 100.0), np.zeros_like(above[..., :1])
        found = -np.diff(np.concatenate([everyone, above, nobody], axis=-1), axis=-1)
        # A level that nobody or everybody is at is left with the rounding of its neighbours: a share of 6e-14 with an error.
        whole = np.round(found / 100) * 100
        return np.where(np.abs(found - whole) < 1e-10, whole, found)


@dataclass(frozen=True)
class Share(Additive):
    """Per cent of the population in each category of a variable."""

    variable: str
    categories: tuple = ()
    name = "share"
    dimension = "category"

    @property
    def variables(self) -> tuple[str, ...]:  # noqa: D102
        return (self.variable,)

    def bound(self, source: Sample | Scan) -> Self:
        """Take the categories from the data, unless they are given."""
        return self if self.categories else replace(self, categories=source.categories(self.variable))

    def labels(self) -> list:  # noqa: D102
        return list(self.categories)

    def read(self, sample: Sample, group: Group) -> list[np.ndarray]:
        """Return indicators of the categories, missing where the variable is."""
        column = sample.frame[sample.columns(self.variable)[0]].iloc[group.rows]
        indicators = np.stack([indicator(column, c) for c in self.categories], axis=1)
        strange = ~column.isna().to_numpy() & (indicators.sum(axis=1) == 0)
        if strange.any():
            raise SurveyError(
                f"{sample.design.name}: {self.variable!r} has the value {column[strange].iloc[0]!r}, which is not "
                f"among the categories {', '.join(map(repr, self.categories))}"
            )
        return [indicators]

    def complete(self, sample: Sample) -> bool:  # noqa: D102
        return not sample.frame[sample.columns(self.variable)[0]].isna().any()

    def products(self, values: Sequence[np.ndarray]) -> np.ndarray:  # noqa: D102
        return values[0]

    def estimates(self, totals: np.ndarray, sums: np.ndarray, sizes: Sequence[int]) -> np.ndarray:  # noqa: D102
        return 100 * ratio(sums, totals)[..., None, :]


def indicator(column: pd.Series, category: Hashable) -> np.ndarray:
    """Return 1 where a column has a category, 0 where it has another, and missing where it has none."""
    found = (column == category).fillna(False).to_numpy(dtype=float)
    found[column.isna().to_numpy()] = np.nan
    return found


@dataclass(frozen=True)
class Ratio(Additive):
    """Ratio of two weighted totals, sum(w y) / sum(w x)."""

    numerator: str
    denominator: str
    name = "ratio"

    @property
    def variables(self) -> tuple[str, ...]:  # noqa: D102
        return (self.numerator, self.denominator)

    def products(self, values: Sequence[np.ndarray]) -> np.ndarray:  # noqa: D102
        return np.concatenate(values, axis=1)

    def estimates(self, totals: np.ndarray, sums: np.ndarray, sizes: Sequence[int]) -> np.ndarray:  # noqa: D102
        return ratio(*np.split(sums, [sizes[0]], axis=-1))[..., None]


@dataclass(frozen=True)
class Moments(Additive):
    """Statistics made of weighted means, variances and covariances.

    Variances divide by the sum of the weights, as the OECD's do. Values are summed less a constant near their
    mean, which changes no covariance and loses no digits.
    """

    variables: tuple[str, ...]
    shift: tuple[float, ...] = ()

    def bound(self, source: Sample | Scan) -> Self:
        """Take the constants from the first rows of the data."""
        firsts = [value[:, 0] for value in self.read(*source.first(self.needs))]
        return replace(self, shift=tuple(np.nanmean(v) if np.isfinite(v).any() else 0.0 for v in firsts))

    def products(self, values: Sequence[np.ndarray]) -> np.ndarray:
        """Return the shifted variables and their products two by two, for all plausible values."""
        sizes = [v.shape[1] for v in values]
        products = np.empty((sum(_widths(sizes)), len(values[0]))).T
        parts = np.split(products, np.cumsum(_widths(sizes))[:-1], axis=1)
        for part, value, constant in zip(parts, values, self.shift, strict=False):
            np.subtract(value, constant, out=part)
        for part, (i, j) in zip(parts[len(values) :], _pairs(len(values)), strict=True):
            np.multiply(parts[i], parts[j], out=part)
        return products

    def moments(
        self, totals: np.ndarray, sums: np.ndarray, sizes: Sequence[int]
    ) -> tuple[list[np.ndarray], dict[tuple[int, int], np.ndarray]]:
        """Return means and covariances.

        Returns
        -------
        list of ndarray, dict of ndarray
            Mean of variable i, covariance of variables i and j, each of shape (G, 1 + R, M) or, where neither has
            plausible values, (G, 1 + R, 1).
        """
        v = len(sizes)
        parts = np.split(ratio(sums, totals), np.cumsum(_widths(sizes))[:-1], axis=-1)
        covariance = {}
        for (i, j), product in zip(_pairs(v), parts[v:], strict=True):
            covariance[i, j] = covariance[j, i] = product - parts[i] * parts[j]
        return [part + constant for part, constant in zip(parts, self.shift, strict=False)], covariance

    def spread(self, mean: Sequence[np.ndarray], s: Mapping[tuple[int, int], np.ndarray], i: int) -> np.ndarray:
        """Return the variance of variable i where it is more than what rounding leaves of a constant, or NaN."""
        square = s[i, i] + (mean[i] - self.shift[i]) ** 2
        return np.where(s[i, i] > _NOISE * square, s[i, i], np.nan)


def _widths(sizes: Sequence[int]) -> list[int]:
    """Return how many columns each variable and each product of two takes."""
    return [*sizes, *(max(sizes[i], sizes[j]) for i, j in _pairs(len(sizes)))]


def _pairs(v: int) -> list[tuple[int, int]]:
    return list(itertools.combinations_with_replacement(range(v), 2))


class Variance(Moments):
    """Weighted variance, sum(w (y - mean)**2) / sum(w)."""

    name = "variance"

    def estimates(self, totals: np.ndarray, sums: np.ndarray, sizes: Sequence[int]) -> np.ndarray:  # noqa: D102
        return self.moments(totals, sums, sizes)[1][0, 0][..., None]


class StandardDeviation(Moments):
    """Weighted standard deviation, the square root of the variance."""

    name = "standard_deviation"

    def estimates(self, totals: np.ndarray, sums: np.ndarray, sizes: Sequence[int]) -> np.ndarray:  # noqa: D102
        return np.sqrt(np.maximum(self.moments(totals, sums, sizes)[1][0, 0], 0))[..., None]


class Covariance(Moments):
    """Weighted covariance of two variables."""

    name = "covariance"

    def estimates(self, totals: np.ndarray, sums: np.ndarray, sizes: Sequence[int]) -> np.ndarray:  # noqa: D102
        return self.moments(totals, sums, sizes)[1][0, 1][..., None]


class Correlation(Moments):
    """Weighted correlation of two variables."""

    name = "correlation"

    def estimates(self, totals: np.ndarray, sums: np.ndarray, sizes: Sequence[int]) -> np.ndarray:  # noqa: D102
        mean, s = self.moments(totals, sums, sizes)
        return (s[0, 1] / np.sqrt(self.spread(mean, s, 0) * self.spread(mean, s, 1)))[..., None]


@dataclass(frozen=True)
class Term:
    """A column of a model: a variable, an indicator of a category, or a product of such.

    Attributes
    ----------
    label : str
        What the result's column ``term`` says.
    factors : tuple of tuple
        ``(variable,)``, or ``(variable, category)`` for the indicator.
    """

    label: str
    factors: tuple[tuple, ...]

    def values(self, sample: Sample, group: Group) -> np.ndarray:
        """Return the term in a group, shape (n, 1) or (n, M)."""
        values = []
        for variable, *category in self.factors:
            if category:
                column = sample.frame[sample.columns(variable)[0]].iloc[group.rows]
                values.append(indicator(column, category[0])[:, None])
            else:
                values.append(sample.values(variable, group))
        return reduce(np.multiply, values)


def _crossed(term: str) -> list[list[str]]:
    """Take a term apart: ``a:b`` is the product of a and b, ``a*b`` is a, b and their product."""
    parts = [[factor.strip() for factor in part.split(":")] for part in term.split("*")]
    chosen = (some for size in range(1, len(parts) + 1) for some in itertools.combinations(parts, size))
    return [list(itertools.chain(*some)) for some in chosen]


def _category(factor: str) -> tuple[str, str | None] | None:
    """Return column and stated reference of ``C(column)`` or ``C(column, reference)``; None for other factors."""
    match = re.fullmatch(r"C\(\s*([^,]+?)\s*(?:,\s*(.+?)\s*)?\)", factor)
    return (match[1], match[2]) if match else None


def _terms(text: str, source: Sample | Scan) -> list[Term]:
    """Return the columns that a term of a model stands for, with the categories of the data."""
    terms = []
    for factors in _crossed(text):
        choices: list[list[tuple[str, tuple]]] = []
        for factor in factors:
            category = _category(factor)
            if category is None:
                choices.append([(factor, (factor,))])
                continue
            column, reference = category
            found = source.categories(column)
            if reference is not None and reference not in map(str, found):
                raise SurveyError(f"{text!r}: {column!r} has no category {reference!r}; it has {list(found[:10])}")
            against = found[0] if reference is None else found[[str(c) for c in found].index(reference)]
            choices.append([(f"{column}[{c}]", (column, c)) for c in found if c != against])
        for each in itertools.product(*choices):
            terms.append(Term(":".join(label for label, _ in each), tuple(factor for _, factor in each)))
    return terms


class Model(Statistic):
    """A statistic of a response and of terms.

    A term is a variable, a category ``C(IMMIG)``, compared with the first in sorted order, or with another in
    ``C(IMMIG, 2)``; a product of such, ``ESCS:FEMALE``; or all of both, ``ESCS*C(IMMIG)``. A group that lacks a
    category has no estimate.
    """

    terms: tuple[Term, ...]

    @property
    def needs(self) -> tuple[str, ...]:  # noqa: D102
        factors = [factor for text in self.variables[1:] for factors in _crossed(text) for factor in factors]
        columns = [(_category(factor) or (factor,))[0] for factor in factors]
        return tuple(dict.fromkeys([self.variables[0], *columns]))

    def bound(self, source: Sample | Scan) -> Self:
        """Find the categories of the data."""
        terms = dict.fromkeys(term for text in self.variables[1:] for term in _terms(text, source))
        response = self.variables[0]
        return replace(cast(Any, self), terms=(Term(response, ((response,),)), *terms))

    def read(self, sample: Sample, group: Group) -> list[np.ndarray]:
        """Return response and terms."""
        return [term.values(sample, group) for term in self.terms]

    def complete(self, sample: Sample) -> bool:
        """Return whether no row of the sample misses a value."""
        factors = {factor for term in self.terms for factor in term.factors}
        text = {variable for variable, *category in factors if category}
        gaps = any(sample.frame[sample.columns(variable)[0]].isna().any() for variable in text)
        return not gaps and all(sample.complete(variable) for variable, *category in factors if not category)

    def labels(self) -> list:  # noqa: D102
        return ["intercept", *(term.label for term in self.terms[1:])]


@dataclass(frozen=True)
class Regression(Model, Moments):
    """Weighted least squares of the first variable on terms, with an intercept, by the normal equations.

    Parameters
    ----------
    variables : tuple of str
        Response and terms, as in `Model`.
    also : tuple of str
        More rows: ``"standardised"`` for slopes in standard deviations of response and term, under
        ``standardised ESCS``; ``"residual_variance"``, sum(w e**2) / sum(w).
    """

    also: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    name = "regression"
    dimension = "term"

    def __post_init__(self) -> None:
        if unknown := [name for name in self.also if name not in ALSO]:
            raise SurveyError(f"also has {unknown[0]!r}, expected some of {', '.join(ALSO)}")

    def bound(self, source: Sample | Scan) -> Self:
        """Find the categories of the data, then the constants."""
        return Moments.bound(Model.bound(self, source), source)

    def labels(self) -> list:
        """Return intercept, terms, r_squared and what else was asked for."""
        names = super().labels()
        more = {"standardised": [f"standardised {name}" for name in names[1:]]}
        return [*names, "r_squared", *(row for name in self.also for row in more.get(name, [name]))]

    def estimates(self, totals: np.ndarray, sums: np.ndarray, sizes: Sequence[int]) -> np.ndarray:
        """Return intercept, slopes S_xx^-1 s_xy and the share of the variance they explain.

        With every weight the covariates must vary and not be collinear: a jackknife replicate may drop all who
        differ in one of them. Where it does the replicate has no estimate, and the standard error is missing.
        """
        mean, s = self.moments(totals, sums, sizes)
        x = range(1, len(sizes))
        spread = [self.spread(mean, s, i) for i in x]
        scale = np.sqrt(np.array([variance[:, :1, :1] for variance in spread]))
        columns = max(sizes[1:])
        xx = np.empty((*sums.shape[:2], columns, len(x), len(x)))
        xy = np.empty((*sums.shape[:2], max(sizes), len(x)))
        for i in x:
            xy[..., i - 1] = s[0, i] / scale[i - 1]
            for j in x:
                xx[..., i - 1, j - 1] = (s[i, j] if i != j else spread[i - 1]) / (scale[i - 1] * scale[j - 1])
        inverse, condition = inverses(xx)
        slopes = xy @ inverse[:, :, 0] if columns == 1 else (xy[..., None, :] @ inverse)[..., 0, :]
        lost = 1 + sum((mean[i] - self.shift[i]) ** 2 / spread[i - 1] for i in x)  # times the rounding error
        slopes = np.where((condition < np.minimum(_COLLINEAR, 1e13 / lost))[..., None], slopes, np.nan)
        explained = (slopes * xy).sum(axis=-1)
        slopes = slopes / np.moveaxis(scale, 0, -1)
        intercept = mean[0] - sum(mean[i] * slopes[..., i - 1] for i in x)
        varied = self.spread(mean, s, 0)
        rows = [intercept[..., None], slopes, (explained / varied)[..., None]]
        more = {
            "standardised": lambda: np.stack([slopes[..., i - 1] * np.sqrt(s[i, i] / varied) for i in x], axis=-1),
            "residual_variance": lambda: (s[0, 0] - explained)[..., None],
        }
        return np.concatenate(rows + [more[name]() for name in self.also], axis=-1)


def inverses(matrices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Invert symmetric matrices, shape (..., k, k), and return their condition numbers (1-norm), shape (...).

    What cannot be inverted gets the condition infinity.
    """
    bad = ~np.isfinite(matrices).all(axis=(-2, -1)) | ~(np.diagonal(matrices, axis1=-2, axis2=-1) > 0).all(axis=-1)
    matrices = np.where(bad[..., None, None], np.eye(matrices.shape[-1]), matrices)
    try:
        inverse = np.linalg.inv(matrices)
    except np.linalg.LinAlgError:  # one of them is exactly singular: find out which
        singular = ~(np.linalg.cond(matrices) < 1 / np.finfo(float).eps)
        bad |= singular
        matrices = np.where(singular[..., None, None], np.eye(matrices.shape[-1]), matrices)
        inverse = np.linalg.inv(matrices)
    condition = np.abs(matrices).sum(axis=-1).max(axis=-1) * np.abs(inverse).sum(axis=-1).max(axis=-1)
    return inverse, np.where(bad, np.inf, condition)


@dataclass(frozen=True)
class Percentiles(Whole):
    """Weighted percentiles.

    Parameters
    ----------
    variable : str
        Column or pattern of plausible values.
    p : tuple of float
        From 0 to 100.
    definition : {"averaged", "lower", "upper"}
        The value at which the running sum of weights, in ascending order, reaches p per cent of their total. Where
        it meets the target exactly: the mean of this and the next value ("averaged": the empirical distribution
        function with averaging, type 2 of Hyndman and Fan, which agrees with published tables), this value
        ("lower", type 1, as in R's survey package), or the next ("upper", as in Rrepest).
    """

    variable: str
    p: tuple[float, ...] = (5, 10, 25, 50, 75, 90, 95)
    definition: str = "averaged"
    name = "percentile"
    dimension: ClassVar[str | None] = "percentile"
    smooth = False

    def __post_init__(self) -> None:
        if not self.p or not all(0 <= p <= 100 for p in self.p):
            raise SurveyError(f"percentiles are {self.p}, expected numbers from 0 to 100")
        if self.definition not in QUANTILES:
            raise SurveyError(f"definition is {self.definition!r}, expected one of {', '.join(QUANTILES)}")

    @property
    def variables(self) -> tuple[str, ...]:  # noqa: D102
        return (self.variable,)

    def labels(self) -> list:  # noqa: D102
        return list(self.p)

    def evaluate(self, values: Sequence[np.ndarray], weights: np.ndarray) -> np.ndarray:
        """Sort each plausible value once and search the running sums of all weights."""
        y = values[0]
        out = np.empty((weights.shape[1], y.shape[1], len(self.p)))
        for m in range(y.shape[1]):
            order = np.argsort(y[:, m])
            out[:, m] = quantiles(y[order, m], order, weights, np.asarray(self.p) / 100, self.definition).T
        return out


class PercentileRange(Percentiles):
    """Distance between the first and the last of some percentiles, such as the interdecile range (10, 90)."""

    name = "percentile_range"
    dimension = None

    def labels(self) -> list:  # noqa: D102
        return [None]

    def evaluate(self, values: Sequence[np.ndarray], weights: np.ndarray) -> np.ndarray:  # noqa: D102
        found = super().evaluate(values, weights)
        return found[..., -1:] - found[..., :1]


def quantiles(y: np.ndarray, order: np.ndarray, weights: np.ndarray, p: np.ndarray, definition: str) -> np.ndarray:
    """Return quantiles of sorted values for many columns of weights.

    Parameters
    ----------
    y : ndarray of shape (n,)
        Values in ascending order.
    order : ndarray of shape (n,)
        Rows of ``weights`` that belong to them.
    weights : ndarray of shape (n, C)
        Weights, in the order of the data.
    p : ndarray of shape (P,)
        Orders of the quantiles, from 0 to 1.
    definition : str
        One of `QUANTILES`.

    Returns
    -------
    ndarray of shape (P, C)
        Quantiles; NaN for weights that are all zero.

    Notes
    -----
    Running sums are formed for blocks of rows first, and row by row only in the block where each of them crosses
    its target: all columns of weights are read once and none is sorted or copied.
    """
    n, columns = weights.shape
    edges = np.arange(0, n, _BLOCK)
    in_block = csr_array((np.ones(n), order, np.append(edges, n)), shape=(len(edges), n))
    before = np.zeros((len(edges) + 1, columns))
    np.cumsum(in_block @ weights, axis=0, out=before[1:])
    every = np.arange(columns)

    total = before[-1]
    slack, target = 1e-12 * total, p[:, None] * total
    wanted = np.maximum(target - slack, slack)
    block = np.stack([np.count_nonzero(before[1:-1] < t, axis=0) for t in wanted])
    rows = block[:, :, None] * _BLOCK + np.arange(_BLOCK)
    cells = order[np.minimum(rows, n - 1)] * columns + every[:, None]
    running = np.cumsum(weights.ravel()[cells] * (rows < n), axis=2) + before[block, every][:, :, None]
    step = np.minimum(np.count_nonzero(running < wanted[:, :, None], axis=2), _BLOCK - 1)
    at = np.minimum(block * _BLOCK + step, n - 1)
    reached = np.take_along_axis(running, step[:, :, None], axis=2)[:, :, 0]
    above = at.copy()
    met = np.nonzero((reached <= target + slack) & (target < total - slack))
    if definition != "lower" and len(met[0]):
        above[met] += 1
        while (empty := weights[order[above[met]], met[1]] == 0).any():
            above[met] += empty
    result = {"averaged": (y[at] + y[above]) / 2, "lower": y[at], "upper": y[above]}[definition]
    return np.where(total > 0, result, np.nan)


@dataclass(frozen=True)
class LogisticRegression(Model, Whole):
    """Weighted logistic regression of the first variable (0 or 1) on terms, by Newton's method."""

    variables: tuple[str, ...]
    terms: tuple[Term, ...] = ()
    name = "logistic_regression"
    dimension = "term"

    def evaluate(self, values: Sequence[np.ndarray], weights: np.ndarray) -> np.ndarray:
        """Solve for the final weight, then for all replicate weights together, starting there."""
        y, x = values[0], values[1:]
        if not np.isin(y, (0, 1)).all():
            raise SurveyError(f"{self.variables[0]!r} must be 0 or 1; it has the value {y[~np.isin(y, (0, 1))][0]}")
        m = max(v.shape[1] for v in values)
        out = np.empty((weights.shape[1], m, len(self.terms)))
        for i in range(m):
            columns = [v[:, i if v.shape[1] > 1 else 0] for v in x]
            design = np.column_stack([np.ones(len(y)), *columns])
            centre = np.r_[0.0, design[:, 1:].mean(axis=0)]
            scale = np.r_[1.0, design[:, 1:].std(axis=0)]
            if not (scale > 0).all():
                out[:, i] = np.nan
                continue
            design = (design - centre) / scale
            response = y[:, i if y.shape[1] > 1 else 0]
            start = np.zeros((len(scale), 1))
            full = newton(design, response, weights[:, :1], start)
            each = newton(design, response, weights[:, 1:], np.repeat(full, len(out) - 1, axis=1))
            slopes = np.concatenate([full, each], axis=1).T / scale
            slopes[:, 0] -= slopes[:, 1:] @ centre[1:]
            out[:, i] = slopes
        return out


def newton(x: np.ndarray, y: np.ndarray, weights: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Maximise the weighted logistic likelihood for each column of weights.

    Parameters
    ----------
    x : ndarray of shape (n, k)
        Covariates.
    y : ndarray of shape (n,)
        Response, 0 or 1.
    weights : ndarray of shape (n, R)
        Weights.
    start : ndarray of shape (k, R)
        First guess.

    Returns
    -------
    ndarray of shape (k, R)
        Coefficients; NaN where there is no maximum (perfect separation, too few rows).
    """
    k, beta = x.shape[1], start
    products = np.stack([x[:, i] * x[:, j] for i, j in _pairs(k)], axis=1)
    rows, columns = map(list, zip(*_pairs(k), strict=True))
    for _ in range(30):
        probability = expit(x @ beta)
        score = x.T @ (weights * (y[:, None] - probability))
        packed = (weights * probability * (1 - probability)).T @ products
        information = np.empty((weights.shape[1], k, k))
        information[:, rows, columns] = information[:, columns, rows] = packed
        solvable = np.isfinite(packed).all(axis=1)
        solvable[solvable] = np.linalg.cond(information[solvable]) < 1e12
        step = np.full_like(beta, np.nan)
        step[:, solvable] = np.linalg.solve(information[solvable], score.T[solvable, :, None])[:, :, 0].T
        beta = beta + step
        if np.nanmax(np.abs(step), initial=0.0) < 1e-11:
            return beta
    return np.where(np.abs(step).max(axis=0) < 1e-8, beta, np.nan)


@dataclass(frozen=True)
class Function(Whole):
    """Any function of a data frame and weights.

    Parameters
    ----------
    function : callable
        Takes a frame with the columns ``variables`` (a pattern of plausible values is one column under the
        pattern's name) without gaps, and an array of weights; returns a number, or a mapping of labels to numbers.
    variables : tuple of str
        Columns and patterns that the function uses.
    names : tuple
        Labels of the mapping, if the function returns one.
    """

    function: Callable[[pd.DataFrame, np.ndarray], float | Mapping]
    variables: tuple[str, ...]
    names: tuple = ()
    dimension = "label"
    smooth = False  # nobody knows

    @property
    def name(self) -> str:
        """Return the function's name."""
        return self.function.__name__

    def labels(self) -> list:  # noqa: D102
        return list(self.names) or [None]

    def evaluate(self, values: Sequence[np.ndarray], weights: np.ndarray) -> np.ndarray:
        """Call the function for each plausible value and weight."""
        m = max(v.shape[1] for v in values)
        out = np.empty((weights.shape[1], m, len(self.labels())))
        for i in range(m):
            columns = [v[:, i if v.shape[1] > 1 else 0] for v in values]
            frame = pd.DataFrame(dict(zip(self.variables, columns, strict=True)))
            for r, column in enumerate(weights.T):
                out[r, i] = self._numbers(self.function(frame, column))
        return out

    def _numbers(self, result: Any) -> list[float]:
        if not self.names:
            return [float(result)]
        if sorted(map(str, dict(result))) != sorted(map(str, self.names)):
            raise SurveyError(f"{self.name} returns {list(dict(result))}, expected the labels {list(self.names)}")
        return [float(result[name]) for name in self.names]


def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Divide; what has nothing below is not estimable."""
    out = np.full(np.broadcast_shapes(above.shape, below.shape), np.nan)
    return np.divide(above, below, out=out, where=below != 0)
