"""How two variables of a sample go together: tables, tests of independence, effect sizes, quantile regression.

Statistics here follow the protocol of `statistics`; the test of independence also needs how the cells of a table
covary over the replicates. Means, regressions by least squares and what is made of single variables do not belong here.

References
----------
Rao, J. and A. Scott (1984), "On chi-squared tests for multiway contingency tables with cell proportions estimated from
survey data", Annals of Statistics 12(1).
Koenker, R. and G. Bassett (1978), "Regression quantiles", Econometrica 46(1).
Barrodale, I. and F. Roberts (1973), "An improved algorithm for discrete l1 linear approximation", SIAM Journal on
Numerical Analysis 10(5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self, cast

import numpy as np
import pandas as pd
from scipy import linalg, stats

from crossroads.survey.design import Design, SurveyError
from crossroads.survey.estimation import _names, _pieces
from crossroads.survey.sample import Freedom, Group, Sample, Scan
from crossroads.survey.statistics import Additive, Model, Share, Term, Whole, indicator, ratio

PERCENTAGES = ("total", "row", "column")
_COLLINEAR = 1e10


@dataclass(frozen=True)
class Crosstab(Additive):
    """Per cent of the population in each cell of a table of two categorical variables.

    Parameters
    ----------
    row, column : str
        The variables.
    of : {"total", "row", "column"}
        What adds up to 100.
    rows, columns : tuple
        Their categories; those of the data, if not given.
    """

    row: str
    column: str
    of: str = "total"
    rows: tuple = ()
    columns: tuple = ()
    name = "share"
    dimension = "cell"

    def __post_init__(self) -> None:
        _refuse_patterns(self.row, self.column)
        if self.of not in PERCENTAGES:
            raise SurveyError(f"of is {self.of!r}, expected one of {', '.join(PERCENTAGES)}")

    @property
    def variables(self) -> tuple[str, ...]:  # noqa: D102
        return (self.row, self.column)

    def title(self) -> str:  # noqa: D102
        return f"{self.row} x {self.column}"

    def bound(self, source: Sample | Scan) -> Self:
        """Take the categories from the data, unless they are given."""
        rows, columns = self.rows or source.categories(self.row), self.columns or source.categories(self.column)
        return replace(self, rows=rows, columns=columns)

    def labels(self) -> list:
        """Return the pairs of categories, row by row."""
        return [(row, column) for row in self.rows for column in self.columns]

    def read(self, sample: Sample, group: Group) -> list[np.ndarray]:
        """Return indicators of the cells, missing where one of the variables is."""
        row, column = (
            Share(variable, categories).read(sample, group)[0]
            for variable, categories in ((self.row, self.rows), (self.column, self.columns))
        )
        return [(row[:, :, None] * column[:, None, :]).reshape(len(row), -1)]

    def complete(self, sample: Sample) -> bool:  # noqa: D102
        return all(Share(variable).complete(sample) for variable in self.variables)

    def products(self, values: Sequence[np.ndarray]) -> np.ndarray:  # noqa: D102
        return values[0]

    def estimates(self, totals: np.ndarray, sums: np.ndarray, sizes: Sequence[int]) -> np.ndarray:  # noqa: D102
        cells = sums.reshape(*sums.shape[:2], len(self.rows), len(self.columns))
        base = {"total": totals[..., None], "row": cells.sum(3, keepdims=True), "column": cells.sum(2, keepdims=True)}
        return 100 * ratio(cells, base[self.of]).reshape(sums.shape)[:, :, None]


def _refuse_patterns(*columns: str) -> None:
    """Refuse plausible values as categories: one of them would be taken for all."""
    patterns = [column for column in columns if "@" in column]
    if patterns:
        raise SurveyError(
            f"{patterns[0]!r}: plausible values are no categories here; put them into by=, or use `levels`"
        )


def independence(
    data: pd.DataFrame | Sample | Scan,
    row: str,
    column: str,
    design: Design | None = None,
    by: str | Sequence[str] | None = None,
    *,
    missing: str = "omit",
    threads: int | None = None,
    client: Any = None,
) -> pd.DataFrame:
    """Test whether two categorical variables are independent, by Rao and Scott's second correction.

    Parameters
    ----------
    data, design, by, missing, threads, client
        As in `estimate`.
    row, column : str
        The variables.

    Returns
    -------
    DataFrame
        One row a group: ``chi_squared`` (Pearson's, of the estimated table with the number of observations),
        ``f_value`` with ``numerator_df`` and ``denominator_df``, ``p_value``, ``cramers_v`` (0 to 1), ``n_obs`` and
        ``n_missing``. Missing where the table has one row or column only, or more free cells than the replicates tell
        apart.

    Notes
    -----
    Pearson's statistic grows with the size of the sample as if persons had been drawn one by one. It is divided by the
    trace of the matrix of design effects of the table's interactions, and the F distribution has the degrees of freedom
    trace^2 / trace of square, and these times the design's (Rao and Scott 1984, as in R's survey package).
    """
    names = _names(by)
    bound, pieces, _ = _pieces(Crosstab(row, column), data, design, names, missing, None, threads, client)
    question, tests = cast(Crosstab, bound), []
    for piece in pieces:
        table = np.asarray(piece.replicated)[:, 0].reshape(-1, len(question.rows), len(question.columns)) / 100
        known = piece.freedom or Freedom(piece.kinds, piece.factor)
        numbers = _rao_scott(table, np.atleast_1d(piece.factor), piece.n_obs, known.limit)
        key = dict(zip(names, piece.key, strict=True))
        tests.append(
            key
            | {"statistic": "independence", "variable": question.title()}
            | dict(zip(_TEST, numbers, strict=True))
            | {"n_obs": piece.n_obs, "n_missing": piece.n_missing}
        )
    return pd.DataFrame(tests)


_TEST = ("chi_squared", "f_value", "numerator_df", "denominator_df", "p_value", "cramers_v")


def _rao_scott(table: np.ndarray, factor: np.ndarray, n_obs: int, freedom: float) -> tuple[float, ...]:
    """Return the numbers of `_TEST` from cell proportions for the final and each replicate weight, shape (1 + R, A, B)."""
    nothing = (np.nan,) * len(_TEST)
    if not np.isfinite(table).all():
        return nothing
    table = table[:, table[0].sum(axis=1) > 0][:, :, table[0].sum(axis=0) > 0]
    rows, columns = table.shape[1:]
    if min(rows, columns) < 2 or freedom <= 0:
        return nothing
    full = table[0]
    expected = np.outer(full.sum(axis=1), full.sum(axis=0))
    chi_squared = n_obs * ((full - expected) ** 2 / expected).sum()
    deviations = (table[1:] - full).reshape(len(table) - 1, -1)
    inverse = np.divide(1, full.ravel(), out=np.zeros(full.size), where=full.ravel() > 0)
    main = np.hstack([np.kron(np.eye(rows), np.ones((columns, 1))), np.kron(np.ones((rows, 1)), np.eye(columns))])
    contrasts = linalg.null_space(main.T)
    scores = deviations @ (inverse[:, None] * contrasts) * np.sqrt(factor)[:, None]
    observed = scores.T @ scores
    as_if_simple = contrasts.T @ (inverse[:, None] * contrasts) / n_obs
    effects = np.linalg.solve(as_if_simple, observed)
    trace, square = np.trace(effects), np.trace(effects @ effects)
    if not (trace > 0 and square > 0):
        return nothing
    above = trace**2 / square
    f_value, below = chi_squared / trace, above * freedom
    v = np.sqrt(chi_squared / n_obs / (min(rows, columns) - 1))
    return chi_squared, f_value, above, below, stats.f.sf(f_value, above, below), v


@dataclass(frozen=True)
class _Grouped(Additive):
    """Statistics made of sizes, means and variances of groups within each group of the result."""

    variable: str
    between: str
    levels: tuple = ()
    shift: float = 0.0

    def __post_init__(self) -> None:
        _refuse_patterns(self.between)

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.variable, self.between)

    def bound(self, source: Sample | Scan) -> Self:
        """Take the groups from the data, unless they are given."""
        sample, group = source.first([self.variable])
        some = sample.values(self.variable, group)[:, 0]
        shift = float(np.nanmean(some)) if np.isfinite(some).any() else 0.0
        return replace(self, levels=self.levels or source.categories(self.between), shift=shift)

    def read(self, sample: Sample, group: Group) -> list[np.ndarray]:
        """Return values and indicators of the groups; a row of no group is missing."""
        column = sample.frame[sample.columns(self.between)[0]].iloc[group.rows]
        member = np.stack([indicator(column, level) for level in self.levels], axis=1)
        member[member.sum(axis=1) == 0] = np.nan
        return [sample.values(self.variable, group) - self.shift, member]

    def complete(self, sample: Sample) -> bool:
        column = sample.frame[sample.columns(self.between)[0]]
        return sample.complete(self.variable) and bool(column.isin(self.levels).all())

    def products(self, values: Sequence[np.ndarray]) -> np.ndarray:
        """Return indicators, values and squares of each group."""
        y, member = values
        parts = [(member[:, :, None] * power[:, None, :]).reshape(len(y), -1) for power in (y, y * y)]
        return np.concatenate([member, *parts], axis=1)

    def moments(self, sums: np.ndarray, sizes: Sequence[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return sizes, shape (G, 1 + R, K, 1), means and mean squares, shape (G, 1 + R, K, M), of the K groups."""
        m, k = sizes
        size, first, second = np.split(sums, [k, k + k * m], axis=-1)
        shape = (*sums.shape[:2], k, m)
        size = size[..., None]
        return size, ratio(first.reshape(shape), size), ratio(second.reshape(shape), size)


class CohensD(_Grouped):
    """Difference of two means in standard deviations, (mean of the first - of the second) / s.

    s is the root of the mean of the two variances: both groups count the same.
    """

    name = "cohens_d"

    def bound(self, source: Sample | Scan) -> Self:  # noqa: D102
        found = super().bound(source)
        if len(found.levels) != 2:
            raise SurveyError(
                f"{self.between!r} has {len(found.levels)} values {list(found.levels[:5])}; say which two with "
                "levels=(first, second), or ask for measure='eta'"
            )
        return found

    def estimates(self, totals: np.ndarray, sums: np.ndarray, sizes: Sequence[int]) -> np.ndarray:  # noqa: D102
        _, mean, square = self.moments(sums, sizes)
        spread = np.sqrt(np.maximum(square - mean**2, 0).mean(axis=2))
        return ratio(mean[:, :, 0] - mean[:, :, 1], spread)[..., None]


class Eta(_Grouped):
    """Correlation ratio: the root of the share of the variance that lies between groups (0 to 1)."""

    name = "eta"

    def estimates(self, totals: np.ndarray, sums: np.ndarray, sizes: Sequence[int]) -> np.ndarray:  # noqa: D102
        size, mean, square = self.moments(sums, sizes)
        share = ratio(size, size.sum(axis=2, keepdims=True))
        mean, square = np.where(share > 0, mean, 0), np.where(share > 0, square, 0)
        centre = (share * mean).sum(axis=2)
        between, total = (share * mean**2).sum(axis=2) - centre**2, (share * square).sum(axis=2) - centre**2
        return np.sqrt(ratio(np.maximum(between, 0), total))[..., None]


@dataclass(frozen=True)
class QuantileRegression(Model, Whole):
    """Weighted quantile regression of the first variable on terms, with an intercept.

    Parameters
    ----------
    variables : tuple of str
        Response and terms, as in `Model`.
    p : float
        Per cent of the population that lies below the fitted plane, more than 0 and less than 100.
    """

    variables: tuple[str, ...]
    p: float = 50
    terms: tuple[Term, ...] = ()
    name = "quantile_regression"
    dimension = "term"
    smooth = False

    def __post_init__(self) -> None:
        if not 0 < self.p < 100:
            raise SurveyError(f"p is {self.p}, expected more than 0 and less than 100")

    def title(self) -> str:  # noqa: D102
        return f"{super().title()} (p = {self.p:g})"

    def evaluate(self, values: Sequence[np.ndarray], weights: np.ndarray) -> np.ndarray:
        """Solve for the final weight, then walk from there to the optimum of each replicate weight."""
        m = max(v.shape[1] for v in values)
        out = np.full((weights.shape[1], m, len(self.terms)), np.nan)
        for i in range(m):
            y, *x = (v[:, i if v.shape[1] > 1 else 0] for v in values)
            design = np.column_stack([np.ones(len(y)), *x])
            scale = np.abs(design).max(axis=0)
            if not (scale > 0).all():
                continue
            design = design / scale
            solvable = _full_rank(design, weights)
            if not solvable[0]:
                continue
            # rows that tie would let the walk go round in circles: they are moved by less than any digit that counts
            apart = y + 1e-9 * np.std(y) * np.random.default_rng(0).uniform(-1, 1, len(y))
            start = _near_rows(design, y, weights[:, 0], self.p / 100)
            for r in np.flatnonzero(solvable):
                basis = regression_quantile(design, apart, weights[:, r], self.p / 100, start)
                if basis is not None:
                    out[r, i] = np.linalg.solve(design[basis], y[basis]) / scale
                    start = basis if r == 0 else start
        return out


def _full_rank(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return for which columns of weights the predictors are not collinear."""
    k = x.shape[1]
    gram = (weights.T @ (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)).reshape(-1, k, k)
    spread = np.sqrt(np.maximum(np.einsum("rii->ri", gram), 0))
    solvable = (spread > 0).all(axis=1)
    gram[~solvable], spread[~solvable] = np.eye(k), 1.0
    return solvable & (np.linalg.cond(gram / (spread[:, :, None] * spread[:, None, :])) < _COLLINEAR)


def _near_rows(x: np.ndarray, y: np.ndarray, weights: np.ndarray, p: float) -> np.ndarray:
    """Return k independent rows near the plane that least squares, shifted to the quantile, would fit."""
    root = np.sqrt(weights)
    slopes = np.linalg.lstsq(x * root[:, None], y * root, rcond=None)[0]
    residual = y - x @ slopes
    order = np.argsort(np.abs(residual - np.quantile(residual, p)))
    order = order[weights[order] > 0]
    for count in (10 * x.shape[1], len(order)):
        near = order[:count]
        factor, pivots = linalg.qr(x[near].T, mode="r", pivoting=True)
        diagonal = np.abs(np.diag(factor))
        if diagonal[-1] > 1e-6 * diagonal[0]:
            break
    return near[pivots[: x.shape[1]]]


def regression_quantile(
    x: np.ndarray, y: np.ndarray, weights: np.ndarray, p: float, basis: np.ndarray
) -> np.ndarray | None:
    """Find the k rows whose plane minimises the weighted sum of p r (for residuals r >= 0) and (p - 1) r (for r < 0).

    Parameters
    ----------
    x : ndarray of shape (n, k)
        Predictors, with a column for the intercept.
    y, weights : ndarray of shape (n,)
        Response and weights.
    p : float
        From 0 to 1.
    basis : ndarray of shape (k,)
        Rows to start from, whose predictors are independent.

    Returns
    -------
    ndarray of shape (k,) or None
        Rows that the optimal plane meets; None if it is not reached in 1,000 steps for each predictor.

    Notes
    -----
    An optimal plane meets k rows exactly. A step leaves one of them along the edge on which the sum falls fastest, to
    the row where it stops falling; the weighted sum is linear between rows, so that this is a weighted median.
    """
    basis, k = basis.copy(), x.shape[1]
    slack = 1e-9 * weights.sum()
    below = np.zeros(len(y), bool)
    for _ in range(1000 * k):
        inverse = np.linalg.inv(x[basis])
        residual = y - x @ (inverse @ y[basis])
        residual[basis] = 0.0
        np.less(residual, 0, out=below)
        pull = weights * (p - below)
        pull[basis] = 0.0
        force = (pull @ x) @ inverse  # how much the sum falls for each unit that a basic row's fitted value rises
        rise, fall = force - (1 - p) * weights[basis], -force - p * weights[basis]
        gain = np.maximum(rise, fall)
        j = int(np.argmax(gain / np.linalg.norm(inverse, axis=0)))
        if gain[j] <= slack * np.abs(inverse[:, j]).max():
            return basis
        move = x @ inverse[:, j] * (1 if rise[j] > fall[j] else -1)
        ahead = np.flatnonzero((residual * move > 0) | ((residual == 0) & (move > 0)))
        ahead = ahead[~np.isin(ahead, basis)]
        distance = residual[ahead] / move[ahead]
        order = np.argsort(distance, kind="stable")
        reached = np.searchsorted(np.cumsum(weights[ahead[order]] * np.abs(move[ahead[order]])), gain[j])
        if reached >= len(order):
            break
        basis[j] = ahead[order[reached]]
    return None
