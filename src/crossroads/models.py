"""Associations, reported honestly: design, errors that respect clusters, and every defensible specification.

`association` estimates one relation; `specification_curve` all of a declared family of `Specifications`, and
`specification_test` asks whether the family as a whole could be chance; `influence` shows what hangs on
single countries. Estimation is done by statsmodels on model matrices of formulaic. Own code is only what
these lack: the wild cluster bootstrap and the test of a curve, both by signs of residuals under the null.

Not here: causal claims. What these functions return "goes with", and no more.
"""

import itertools
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from formulaic import Formula, model_matrix
from scipy import optimize, special

from crossroads import intervals

DESIGNS = ("pooled", "within", "random")
ERRORS = ("auto", "cluster", "wild", "robust", "classical")
FEW_CLUSTERS = 20
SUMMARY = ["median", "share_same_sign", "share_significant", "average_z"]
RESULT = ["obs_value", "std_error", "lower", "upper", "statistic", "degrees_of_freedom", "p_value"]


class ModelError(ValueError):
    """A model that cannot be estimated from the data; the message says why and what to do."""


def association(
    frame: pd.DataFrame,
    outcome: str,
    predictors: str | Sequence[str],
    controls: Sequence[str] = (),
    group: str | None = None,
    design: str = "pooled",
    errors: str = "auto",
    weights: str | None = None,
    standardise: bool = False,
    adjust: str | None = None,
    draws: int = 1999,
    seed: int = 0,
) -> pd.DataFrame:
    """Regress an outcome on predictors, with errors that respect clusters.

    Parameters
    ----------
    frame : DataFrame
        One row an observation. Rows with a missing value in any variable are left out and counted.
    outcome : str
        Column of the outcome.
    predictors : str or sequence of str
        Numeric columns whose coefficients are reported.
    controls : sequence of str
        Terms of a formulaic formula, such as ``"gdp"``, ``"log(gdp)"`` or ``"C(year)"``; not reported.
    group : str, optional
        Column of the clusters (countries).
    design : {"pooled", "within", "random"}
        All rows alike; only differences within groups (group fixed effects); or a random intercept per group
        (restricted maximum likelihood).
    errors : {"auto", "cluster", "wild", "robust", "classical"}
        Clustered by group with the small-sample factor and Student's t with groups - 1 degrees of freedom;
        interval and p-value by the wild cluster bootstrap; HC3; or equal variances. ``auto``: without groups,
        or with one row a group, HC3; below 20 groups the wild cluster bootstrap; else clustered. For a random
        intercept they are the same on the data as that model weighs them; ``classical`` gives its own errors.
    weights : str, optional
        Column of weights (analytic); not for a random intercept.
    standardise : bool
        Divide outcome and predictors by their standard deviation in the rows used (weighted).
    adjust : str, optional
        Method of `statsmodels.stats.multitest.multipletests` for several predictors, such as ``"fdr_bh"``.
    draws : int
        Draws of the bootstrap.
    seed : int
        Of the bootstrap.

    Returns
    -------
    DataFrame
        One row a predictor: ``term``, ``obs_value`` (coefficient), ``std_error``, ``lower``, ``upper`` (95
        %), ``statistic``, ``degrees_of_freedom``, ``p_value``, ``p_adjusted``, ``n_obs``, ``n_groups``,
        ``n_missing`` (rows left out), ``r_squared`` (within groups for ``within``; missing for ``random``),
        ``design``, ``errors`` and ``note`` (what the estimation warned of).

    Raises
    ------
    ModelError
        Too few rows or groups, no variance, collinear terms, weights that are not positive.

    References
    ----------
    Cameron, Gelbach and Miller (2008), doi:10.1162/rest.90.3.414, for the wild cluster bootstrap with the
    null hypothesis imposed; Webb (2023), doi:10.1111/caje.12661, for its six-point weights; Roodman et al.
    (2019), doi:10.1177/1536867X19830877, for its computation by clusters.
    """
    names = [predictors] if isinstance(predictors, str) else [*predictors]
    if design not in DESIGNS or errors not in ERRORS:
        raise ModelError(f"design is {design!r} and errors {errors!r}; expected one of {DESIGNS} and of {ERRORS}")
    data = _prepare(frame, outcome, names, controls, group, design, weights, standardise)
    errors = _choose_errors(errors, data, design)
    data = _quasi_demeaned(data) if design == "random" else data
    result, r_squared = _least_squares(data, errors)
    if errors == "wild":
        for i in range(len(names)):
            result.loc[i, ["lower", "upper", "p_value"]] = _wild_bootstrap(data, i, draws, seed)
    result.insert(0, "term", names)
    result["p_adjusted"] = intervals.adjusted(result["p_value"], adjust)
    return result.assign(
        n_obs=len(data.y), n_groups=data.n_groups, n_missing=data.n_missing,
        r_squared=np.nan if design == "random" else r_squared, design=design,
        errors=errors, note="; ".join(data.notes),
    )  # fmt: skip


def every_pair(
    frame: pd.DataFrame, measures: Sequence[str], least: int = 20, adjust: str | None = "fdr_bh"
) -> pd.DataFrame:
    """Set every measure beside every other, to see how easily a pair is found that seems to belong together.

    Parameters
    ----------
    frame : DataFrame
        One row an area, a column a measure.
    measures : sequence of str
        Columns; of each pair the one named first is the predictor.
    least : int
        Pairs with fewer complete rows are left out.
    adjust : str or None
        As in `crossroads.intervals.adjusted`, for all pairs together.

    Returns
    -------
    DataFrame
        One row a pair: ``x``, ``y``, ``obs_value``, ``std_error``, ``lower``, ``upper``, ``p_value``, ``n_obs`` as
        `association` returns them with standardised measures and robust errors (HC3), and ``p_adjusted``. The estimate
        is Pearson's correlation.

    Raises
    ------
    ModelError
        If a measure of a pair does not vary in its rows, or one row decides the slope.

    Notes
    -----
    The same arithmetic as `association` for two columns, written out, since thousands of pairs would take minutes there.
    """
    # Not one selection of columns a pair: for thousands of pairs that takes longer than all estimates.
    values, rows = {name: frame[name].to_numpy(float) for name in measures}, []
    for x, y in itertools.combinations(measures, 2):
        known = np.isfinite(values[x]) & np.isfinite(values[y])
        n = int(known.sum())
        if n < max(least, 4):
            continue
        # Standardised and centred, the squares of a measure add up to n.
        u, v = (_scaled(values[name][known], np.ones(n), name) for name in (x, y))
        u, v = u - u.mean(), v - v.mean()
        slope = u @ v / n
        kept = 1 - (1 + u**2) / n
        if kept.min() < 1e-9:
            raise ModelError(f"{x!r} is decided by a single row: robust errors do not exist; leave it out")
        error = np.sqrt(((u * (v - slope * u) / kept) ** 2).sum()) / n
        lower, upper = intervals.interval(slope, error, n - 2)
        p_value = float(intervals.p_value(slope, error, n - 2))
        rows.append((x, y, slope, error, lower, upper, p_value, n))
    table = pd.DataFrame(rows, columns=["x", "y", "obs_value", "std_error", "lower", "upper", "p_value", "n_obs"])
    return table.assign(p_adjusted=intervals.adjusted(table["p_value"], adjust))


def influence(frame: pd.DataFrame, outcome: str, predictor: str, group: str, **options: Any) -> pd.DataFrame:
    """Estimate an association again without each group (country) in turn.

    Parameters
    ----------
    frame, outcome, predictor, group
        As in `association`, with one predictor.
    **options
        Further parameters of `association`.

    Returns
    -------
    DataFrame
        One row a group left out, largest shift first: the group, ``obs_value``, ``std_error``, ``lower``,
        ``upper`` and ``p_value`` without it, ``shift`` (estimate without it less estimate with all),
        ``shift_in_errors`` (the same over the standard error with all), and ``sign_changes``.
    """
    everything = association(frame, outcome, predictor, group=group, **options).iloc[0]
    left_out = sorted(frame[group].dropna().unique())
    rows = [
        association(frame[frame[group] != name], outcome, predictor, group=group, **options).iloc[0]
        for name in left_out
    ]
    table = pd.DataFrame(rows)[["obs_value", "std_error", "lower", "upper", "p_value", "n_obs"]]
    table.insert(0, group, left_out)
    shift = table["obs_value"] - everything["obs_value"]
    table = table.assign(
        shift=shift,
        shift_in_errors=shift / everything["std_error"],
        sign_changes=np.sign(table["obs_value"]) != np.sign(everything["obs_value"]),
    )
    return table.sort_values("shift", key=lambda s: -s.abs(), kind="stable", ignore_index=True)


def broken_stick(
    frame: pd.DataFrame,
    outcome: str,
    predictor: str,
    knot: float | None = None,
    controls: Sequence[str] = (),
    group: str | None = None,
    errors: str = "auto",
    draws: int = 1999,
    seed: int = 0,
) -> pd.DataFrame:
    """Ask whether an association holds up to a point only: two straight lines that meet at a knot.

    Parameters
    ----------
    frame, outcome, controls, group, errors
        As in `association`, pooled.
    predictor : str
        Numeric column along which the line breaks.
    knot : float, optional
        Where it breaks, known beforehand, in the unit of the predictor. Without it the knot that fits best is found
        among the values that leave a tenth of the rows, and three at least, on either side.
    draws, seed
        Of the test with an unknown knot, by random signs of the residuals of units, and of the wild bootstrap.

    Returns
    -------
    DataFrame
        Three rows with the columns of `association`: ``term`` is ``below`` and ``above`` (slopes) and ``change`` (above
        less below). Besides ``knot``, ``knot_lower`` and ``knot_upper`` (95 %; missing if it was known). With an
        unknown knot the p-value of ``change`` allows for the search, while errors and intervals of slopes are those at
        the knot found.

    References
    ----------
    Hansen (2017), "Regression kink with an unknown threshold", Journal of Business & Economic Statistics 35, for test
    and interval by comparing sums of squares over knots.
    """
    data = _prepare(frame, outcome, [predictor], controls, group, "pooled", None, standardise=False)
    ends, searched = (np.nan, np.nan), np.nan
    if knot is None:
        knot, ends, searched = _find_knot(data, draws, seed)
    x = frame[predictor]
    if not x.min() < knot < x.max():
        raise ModelError(f"the knot {knot:g} lies outside {predictor!r}, which runs from {x.min():g} to {x.max():g}")
    bent = frame.assign(below=x.clip(upper=knot), above=(x - knot).clip(lower=0), slope=x)
    options: dict[str, Any] = {"controls": controls, "group": group, "errors": errors, "draws": draws, "seed": seed}
    slopes = association(bent, outcome, ["below", "above"], **options)
    change = association(bent, outcome, ["slope", "above"], **options).iloc[[1]].assign(term="change")
    if np.isfinite(searched):
        change[["p_value", "p_adjusted"]] = searched
    return pd.concat([slopes, change], ignore_index=True).assign(knot=knot, knot_lower=ends[0], knot_upper=ends[1])


def errors_in_variables(
    frame: pd.DataFrame,
    outcome: str,
    predictor: str,
    std_error: str,
    controls: Sequence[str] = (),
    group: str | None = None,
) -> pd.DataFrame:
    """Regress an outcome on a predictor that is itself an estimate, whose error makes plain slopes too flat.

    Parameters
    ----------
    frame, outcome, predictor, controls, group
        As in `association`, pooled.
    std_error : str
        Column of the predictor's standard error, which must be independent of the errors of the outcome (other
        respondents) and of the controls.

    Returns
    -------
    DataFrame
        One row: ``term``, ``obs_value`` (slope on the true predictor), ``std_error``, ``lower``, ``upper`` (95 %),
        ``statistic``, ``degrees_of_freedom``, ``p_value`` (jackknife of rows, or of whole groups), ``uncorrected``
        (slope by least squares), ``reliability`` (share of the predictor's variance, beside the controls, that is no
        error), ``n_obs``, ``n_groups`` and ``n_missing``.

    Raises
    ------
    ModelError
        If errors explain all of the predictor's variance.

    References
    ----------
    Fuller (1987), Measurement Error Models, section 1.2, by moments, with an error variance of each row.
    """
    kept = frame.dropna(subset=[std_error]) if std_error in frame else frame.assign(**{std_error: np.nan})
    if not (kept[std_error] >= 0).all() or not len(kept):
        raise ModelError(f"{std_error!r} must be a column of standard errors, zero or more")
    data = _prepare(kept, outcome, [predictor], controls, group, "pooled", None, standardise=False)
    variance = kept.loc[data.rows, std_error].to_numpy(float) ** 2
    codes = np.arange(len(data.y)) if data.codes is None else data.codes

    def moments(rows: np.ndarray) -> tuple[float, float, float]:
        """Return the products of predictor with outcome and itself beside the controls, and what errors add."""
        basis = np.linalg.qr(data.x[rows, 1:])[0]
        x, y = (v - basis @ (basis.T @ v) for v in (data.x[rows, 0], data.y[rows]))
        return x @ y, x @ x, variance[rows] @ (1 - (basis**2).sum(axis=1))

    every = np.array([moments(rows) for rows in [codes >= 0, *(codes != c for c in range(codes.max() + 1))]])
    true = every[:, 1] - every[:, 2]
    if not (true > 0).all():
        raise ModelError(
            f"errors of {predictor!r} are as large as its differences (reliability {true[0] / every[0, 1]:.2f}):"
            " no slope on the true values can be told"
        )
    slope, *without = every[:, 0] / true
    freedom = len(without) - 1
    error = np.sqrt(freedom / len(without) * ((without - np.mean(without)) ** 2).sum())
    lower, upper = intervals.interval(slope, error, freedom)
    values = (slope, error, lower, upper, slope / error, freedom, intervals.p_value(slope, error, freedom))
    return pd.DataFrame([{"term": predictor} | dict(zip(RESULT, values, strict=True))]).assign(
        uncorrected=every[0, 0] / every[0, 1], reliability=true[0] / every[0, 1],
        n_obs=len(data.y), n_groups=data.n_groups, n_missing=len(frame) - len(data.y),
    )  # fmt: skip


@dataclass(frozen=True)
class Specifications:
    """All defensible ways of estimating one association, as data.

    Parameters
    ----------
    outcomes, predictors : sequence of str
        Columns that measure the outcome and the predictor. Turn them first so that all point the same way.
    controls : mapping of str to sequence of str
        Named sets of controls (terms of a formula), such as ``{"none": [], "income": ["log(gdp)"]}``.
    samples : mapping of str to str
        Named samples, each a query on the table (`pandas.DataFrame.query`); an empty one takes all rows.
    weights : sequence of str or None
        Columns of weights; None for none.
    designs : sequence of str
        As in `association`.
    group : str, optional
        Column of the clusters.
    """

    outcomes: Sequence[str]
    predictors: Sequence[str]
    controls: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"none": ()})
    samples: Mapping[str, str] = field(default_factory=lambda: {"all": ""})
    weights: Sequence[str | None] = (None,)
    designs: Sequence[str] = ("pooled",)
    group: str | None = None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Go through all combinations, as names by dimension."""
        for dimension in ("outcomes", "predictors", "controls", "samples", "weights", "designs"):
            if isinstance(getattr(self, dimension), str) or not len(getattr(self, dimension)):
                raise ModelError(f"{dimension} must be a list with one entry or more, not {getattr(self, dimension)!r}")
        names = ("outcome", "predictor", "controls", "sample", "weights", "design")
        values = (self.outcomes, self.predictors, self.controls, self.samples, self.weights, self.designs)
        for combination in itertools.product(*values):
            yield dict(zip(names, combination, strict=True))

    def sample(self, frame: pd.DataFrame, name: str) -> pd.DataFrame:
        """Return the rows of a named sample."""
        return frame.query(self.samples[name]) if self.samples[name] else frame


def specification_curve(
    frame: pd.DataFrame, specifications: Specifications, standardise: bool = True, errors: str = "auto"
) -> pd.DataFrame:
    """Estimate an association in every specification of a family.

    Parameters
    ----------
    frame : DataFrame
        One row an observation.
    specifications : Specifications
        The family, declared before looking at results.
    standardise : bool
        Standard deviations on both sides, so that estimates of different measures can be compared.
    errors : str
        As in `association`, but ``auto`` is ``cluster`` with groups and ``robust`` without.

    Returns
    -------
    DataFrame
        One row a specification, sorted by estimate: ``rank``, ``outcome``, ``predictor``, ``controls``,
        ``sample``, ``weights``, ``design``, the columns of `association` and ``significant`` (at 5 %, not
        adjusted: the family is tested as a whole by `specification_test`).

    References
    ----------
    Simonsohn, Simmons and Nelson (2020), "Specification curve analysis", Nature Human Behaviour 4.
    """
    if errors == "auto":
        errors = "cluster" if specifications.group else "robust"
    rows = []
    for choice in specifications:
        row = association(
            specifications.sample(frame, choice["sample"]), choice["outcome"], choice["predictor"],
            specifications.controls[choice["controls"]], specifications.group, choice["design"], errors,
            choice["weights"], standardise,
        )  # fmt: skip
        rows.append(choice | row.drop(columns=["term", "design", "p_adjusted"]).iloc[0].to_dict())
    table = pd.DataFrame(rows).sort_values("obs_value", kind="stable", ignore_index=True)
    table["weights"] = table["weights"].fillna("none")
    table.insert(0, "rank", range(1, len(table) + 1))
    return table.assign(significant=table["p_value"] < 1 - intervals.LEVEL)


def specification_test(
    frame: pd.DataFrame,
    specifications: Specifications,
    draws: int = 1999,
    seed: int = 0,
    standardise: bool = True,
) -> pd.DataFrame:
    """Summarise a specification curve and test it as a whole against chance.

    Each specification is estimated without its predictor. The residuals of that model are given random signs, the same
    for all rows of a unit and in all specifications, added to what it fits, and the predictor is put back: what the
    whole curve looks like if the predictor says nothing beyond the controls.

    Parameters
    ----------
    frame : DataFrame
        One row an observation.
    specifications : Specifications
        The family; designs ``pooled`` and ``within``. Units are its groups, and rows without any: name the group
        wherever a unit has several rows (years, regions of a country), also for a pooled design.
    draws : int
        Draws of signs; 0 gives the summary alone.
    seed : int
        Of the draws.
    standardise : bool
        As in `specification_curve`.

    Returns
    -------
    DataFrame
        One row a statistic: ``statistic`` (``median``: of the estimates; ``share_same_sign``: of
        specifications with the sign of the median, in per cent; ``share_significant``: with that sign and p <
        0.05, in per cent; ``average_z``: sum of the z-values that correspond to the p-values, over the root
        of their number), ``observed``, ``null_lower`` and ``null_upper`` (95 % of draws), ``p_value``
        (two-sided; that of the median by the median z-value, whose distribution under the null does not hang on the
        spread of the data) and ``n_specifications``. The shares take few values, so that their tests err on the safe side.

    Notes
    -----
    Controls stay with their rows, so that what predictor and controls share is no evidence (Freedman and Lane), and
    whole units get one sign, so that neither years nor regions of a country pass for independent. Nothing is moved
    between rows: each design is tested as it is estimated. Chance is that of errors which are symmetric by unit.

    References
    ----------
    Simonsohn, Simmons and Nelson (2020), "Specification curve analysis", Nature Human Behaviour 4; Freedman and Lane
    (1983), "A nonstochastic interpretation of reported significance levels", Journal of Business & Economic Statistics
    1; Winkler et al. (2014), doi:10.1016/j.neuroimage.2014.01.060, for signs of whole blocks; weights as in
    `association`.
    """
    frame = frame.reset_index(drop=True)
    group = specifications.group
    units = pd.factorize(frame[group])[0] if group else np.arange(len(frame))
    fits = [_Fit(frame, specifications, choice, standardise, units) for choice in specifications]
    n_units = len(np.unique(np.concatenate([fit.units for fit in fits])))
    signs = _signs(np.random.default_rng(seed), draws, units.max() + 1, n_units)
    (observed, size), (null, null_size) = (
        _summary([fit(weights) for fit in fits]) for weights in (np.ones((1, units.max() + 1)), signs)
    )
    more_extreme = (null_size >= size * (1 - 1e-12)).sum(axis=0)
    lower, upper = intervals.percentiles(null)
    return pd.DataFrame(
        {
            "statistic": SUMMARY,
            "observed": observed[0],
            "null_lower": lower,
            "null_upper": upper,
            "p_value": (1 + more_extreme) / (1 + draws) if draws else np.nan,
            "n_specifications": len(fits),
        }
    )


@dataclass
class _Data:
    """Arrays of one model: transformed within groups where asked, not yet weighted."""

    y: np.ndarray
    x: np.ndarray  # predictors first
    columns: list[str]
    codes: Any  # an array of codes of groups, or None
    root: np.ndarray  # square roots of the weights
    n_groups: int
    n_missing: int
    n_predictors: int
    notes: list[str]
    rows: np.ndarray  # labels of the rows used


def _complete(
    frame: pd.DataFrame, outcome: str, predictors: Sequence[str], formula: str, group: str | None, design: str,
    weights: str | None,
) -> tuple[pd.DataFrame, list[str]]:  # fmt: skip
    """Select the rows that have all that the model names, and say what was left out."""
    try:
        needed = [
            outcome,
            *predictors,
            *sorted(map(str, Formula(formula).required_variables)),
            *filter(None, [group, weights]),
        ]
        rows = frame[[*dict.fromkeys(needed)]]
    except KeyError as error:
        raise ModelError(f"the table lacks a column that the model names: {error}") from error
    if design != "pooled" and group is None:
        raise ModelError(f"design {design!r} needs a group")
    complete = rows.notna().all(axis=1)
    notes = []
    if design == "within":
        alone = complete & (rows[complete].groupby(group)[outcome].transform("size").reindex(rows.index) == 1)
        if alone.any():
            notes.append(f"{int(alone.sum())} groups of one row left out: they say nothing about differences within")
        complete &= ~alone
    rows = rows[complete]
    if len(rows) < len(predictors) + 2:
        raise ModelError(f"{len(rows)} complete rows of {len(frame)} are too few to regress {outcome} on {predictors}")
    return rows, notes


def _prepare(
    frame: pd.DataFrame, outcome: str, predictors: list[str], controls: Sequence[str], group: str | None, design: str,
    weights: str | None, standardise: bool,
) -> _Data:  # fmt: skip
    """Select complete rows, build the model matrix and refuse what cannot be estimated."""
    formula = " + ".join(["1", *controls])
    rows, notes = _complete(frame, outcome, predictors, formula, group, design, weights)
    matrix = model_matrix(formula, rows).astype(float)
    weight = rows[weights].to_numpy(float) if weights else np.ones(len(rows))
    if not (weight > 0).all():
        raise ModelError(f"weights in {weights!r} must be above zero; found {weight.min():g}")
    codes = pd.factorize(rows[group], sort=True)[0] if group else None
    x, y = rows[predictors].to_numpy(float), rows[outcome].to_numpy(float)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ModelError("outcome and predictors must be finite; found infinity")
    if standardise:
        x, y = (_scaled(v, weight, name) for v, name in ((x, f"{predictors}"), (y, outcome)))
    columns = [*predictors, *matrix.columns]
    x = np.column_stack([x, matrix.to_numpy()])
    if design == "within":
        x, columns = x[:, [c != "Intercept" for c in columns]], [c for c in columns if c != "Intercept"]
        spread = x.std(axis=0)
        x, y = _demeaned(x, codes, weight), _demeaned(y, codes, weight)
        flat = [c for c, s, t in zip(columns, x.std(axis=0), spread, strict=True) if s <= 1e-10 * max(t, 1e-300)]
        if flat:
            raise ModelError(f"{flat[0]!r} does not vary within {group!r}: it cannot be in a within-group model")
    data = _Data(
        y, x, columns, codes, np.sqrt(weight), 0 if codes is None else codes.max() + 1,
        len(frame) - len(rows), len(predictors), notes, rows.index.to_numpy(),
    )  # fmt: skip
    return _checked(data, outcome)


def _checked(data: _Data, outcome: str) -> _Data:
    """Refuse a model without information: too few rows, collinear columns, nothing to explain."""
    scale = np.sqrt((data.x**2).sum(axis=0))
    rank = np.linalg.matrix_rank(data.x / np.where(scale > 0, scale, 1), tol=1e-9)
    if rank < data.x.shape[1] or len(data.y) <= data.x.shape[1]:
        raise ModelError(
            f"{data.x.shape[1]} terms ({', '.join(data.columns)}) cannot be told apart in {len(data.y)} rows:"
            " a column is constant, or a combination of others; leave one out"
        )
    if np.ptp(data.y) <= 1e-12 * np.abs(data.y).max(initial=0):
        raise ModelError(f"outcome {outcome!r} does not vary in the {len(data.y)} rows used")
    return data


def _scaled(values: np.ndarray, weight: np.ndarray, name: str) -> np.ndarray:
    """Divide by the weighted standard deviation."""
    mean = np.average(values, axis=0, weights=weight)
    deviation = np.sqrt(np.average((values - mean) ** 2, axis=0, weights=weight))
    if (deviation <= 1e-12 * np.abs(mean)).any():
        raise ModelError(f"{name} does not vary in the rows used: it cannot be standardised")
    return values / deviation


def _demeaned(values: np.ndarray, codes: Any, weight: np.ndarray) -> np.ndarray:
    """Subtract the weighted means of groups."""
    total = np.bincount(codes, weight)
    table = values.reshape(len(values), -1)
    means = np.stack([np.bincount(codes, weight * column) / total for column in table.T], axis=1)
    return (table - means[codes]).reshape(values.shape)


def _choose_errors(errors: str, data: _Data, design: str) -> str:
    """Settle what ``auto`` means and refuse what the data cannot give."""
    one_row_a_group = data.n_groups == len(data.y)
    if errors == "auto":
        few = data.n_groups < FEW_CLUSTERS
        errors = "robust" if not data.n_groups or one_row_a_group else "wild" if few else "cluster"
    if errors in ("cluster", "wild") and data.n_groups < 2:
        raise ModelError(f"errors {errors!r} need two groups or more; found {data.n_groups}")
    if design == "within" and errors not in ("cluster", "wild"):
        raise ModelError(f"errors {errors!r} ignore that rows of a group belong together; use 'cluster' or 'wild'")
    return errors


def _least_squares(data: _Data, errors: str) -> tuple[pd.DataFrame, float]:
    """Estimate by (weighted) least squares."""
    kind = {"robust": "HC3", "classical": "nonrobust"}.get(errors, "cluster-crv3")
    options = {"cov_kwds": {"groups": data.codes}} if kind == "cluster-crv3" else {}
    y, x = data.y * data.root, data.x * data.root[:, None]
    basis = np.linalg.qr(x)[0]
    if ((y - basis @ (basis.T @ y)) ** 2).sum() <= 1e-18 * (y**2).sum():
        raise ModelError("the terms explain the outcome perfectly: there is no error to estimate; find out why")
    if kind == "HC3" and ((basis**2).sum(axis=1) > 1 - 1e-9).any():
        raise ModelError("a term is decided by a single row: robust errors do not exist; leave the term out")
    try:
        fit = sm.OLS(y, x).fit(cov_type=kind, use_t=True, **options)
    except ValueError as error:
        raise ModelError(f"errors cannot be clustered: a term exists in one group only ({error})") from error
    if not (fit.bse > 1e-12 * np.abs(fit.params)).all():
        raise ModelError("the groups leave no variation to estimate an error from; use more groups or other errors")
    interval, wanted = fit.conf_int(1 - intervals.LEVEL), slice(data.n_predictors)
    freedom = data.n_groups - 1 if options else fit.df_resid
    values = (fit.params, fit.bse, interval[:, 0], interval[:, 1], fit.tvalues, freedom, fit.pvalues)
    table = pd.DataFrame(dict(zip(RESULT, (np.broadcast_to(v, len(fit.params))[wanted] for v in values), strict=True)))
    mean = 0 if "Intercept" not in data.columns else np.average(data.y, weights=data.root**2)
    return table, 1 - (fit.resid**2).sum() / (((data.y - mean) * data.root) ** 2).sum()


def _find_knot(data: _Data, draws: int, seed: int) -> tuple[float, tuple[float, float], float]:
    """Return the knot that fits best, the ends of its interval, and the p-value of the test that there is none."""
    x, n = data.x[:, 0], len(data.y)
    left_out = max(3, int(np.ceil(n / 10)))
    knots = np.unique(np.sort(x)[left_out - 1 : n - left_out + 1])
    knots = knots[(knots > x.min()) & (knots < x.max())]
    if len(knots) < 2:
        raise ModelError(f"{n} rows are too few, or too much alike in the predictor, to look for a knot")
    basis = np.linalg.qr(data.x)[0]
    hinges = np.clip(x[:, None] - knots, 0, None)
    hinges = hinges - basis @ (basis.T @ hinges)
    residual = data.y - basis @ (basis.T @ data.y)
    codes = np.arange(n) if data.codes is None else data.codes
    n_units = codes.max() + 1
    scores = np.stack([np.bincount(codes, column) for column in (hinges * residual[:, None]).T], axis=1)
    signs = np.vstack([np.ones(n_units), _signs(np.random.default_rng(seed), draws, n_units, n_units)])
    # Scores over their own spread: unequal noise along the line is no break in it.
    largest = ((signs @ scores) ** 2 / (scores**2).sum(axis=0)).max(axis=1)
    left = residual @ residual - (residual @ hinges) ** 2 / (hinges**2).sum(axis=0)
    freedom = n - data.x.shape[1] - 2
    critical = intervals.critical_value(freedom) ** 2 if freedom > 0 else np.nan
    inside = knots[left <= left.min() * (1 + critical / freedom)] if freedom > 0 else knots
    p_value = (1 + (largest[1:] >= largest[0] * (1 - 1e-12)).sum()) / (1 + draws)
    return float(knots[left.argmin()]), (float(inside.min()), float(inside.max())), p_value


def _quasi_demeaned(data: _Data) -> _Data:
    """Transform to what a random intercept amounts to: subtract a share of each group's means, by its reliability.

    The shares come from restricted maximum likelihood; least squares on the result is then the estimator of the mixed
    model, with its standard errors, and clustered errors can be had besides.
    """
    if np.ptp(data.root) > 0:
        raise ModelError("a random intercept takes no weights; use the pooled or within design")
    if not 2 <= data.n_groups < len(data.y):
        raise ModelError(f"a random intercept needs two groups or more, some of several rows; found {data.n_groups}")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            # Not the default method: it can stop at an infinite likelihood and call that converged.
            fit = sm.MixedLM(data.y, data.x, data.codes).fit(reml=True, method=["bfgs", "powell"])
            found = fit.converged and np.isfinite(fit.llf) and fit.scale > 0
        except np.linalg.LinAlgError:
            found = False
    data.notes.extend(dict.fromkeys(str(w.message) for w in caught))
    if not found:
        raise ModelError(f"no random intercept can be estimated ({'; '.join(data.notes)}); use another design")
    size = np.bincount(data.codes)[data.codes]
    share = 1 - np.sqrt(fit.scale / (fit.scale + size * fit.cov_re[0, 0]))
    y, x = (v - (v - _demeaned(v, data.codes, data.root**2)) * _column(share, v) for v in (data.y, data.x))
    return replace(data, y=y, x=x)


def _column(vector: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Shape a vector so that it multiplies rows."""
    return vector.reshape(-1, *[1] * (like.ndim - 1))


def _wild_bootstrap(data: _Data, i: int, draws: int, seed: int) -> tuple[float, float, float]:
    """Return interval and p-value of one coefficient by the wild cluster bootstrap, the null imposed.

    After partialling out the other columns, all that a draw needs are sums by cluster, so that a draw costs a
    product of a vector of weights with a matrix of clusters by clusters.
    """
    others = np.delete(data.x, i, axis=1) * data.root[:, None]
    basis = np.linalg.qr(others)[0]
    x, y = ((v * data.root) - basis @ (basis.T @ (v * data.root)) for v in (data.x[:, i], data.y))
    size, estimate = x @ x, x @ y / (x @ x)
    member = np.eye(data.n_groups)[data.codes]
    squares, cross = member.T @ x**2, (member * x[:, None]).T @ basis

    def pieces(residual: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        score = member.T @ (x * residual)
        return score, np.diag(score) - cross @ (basis.T @ (member * residual[:, None])) - np.outer(
            squares, score
        ) / size

    (score_y, spread_y), (score_x, spread_x) = pieces(y), pieces(x)
    generator = np.random.default_rng(seed)
    weight = _signs(generator, draws, data.n_groups, data.n_groups)

    def p_value(null: float) -> float:
        score, spread = score_y - null * score_x, spread_y - null * spread_x
        deviation = np.sqrt(((weight @ spread.T) ** 2).sum(axis=1))
        drawn = np.divide(weight @ score, deviation, out=np.full(draws, np.inf), where=deviation > 0)
        actual_deviation = np.sqrt((spread.sum(axis=1) ** 2).sum())
        actual = score.sum() / actual_deviation if actual_deviation > 0 else np.inf
        return (1 + (np.abs(drawn) >= abs(actual) * (1 - 1e-12)).sum()) / (1 + draws)

    step = np.sqrt((spread_y - estimate * spread_x).sum(axis=1) @ (spread_y - estimate * spread_x).sum(axis=1)) / size
    if not step > 1e-12 * abs(estimate):
        raise ModelError("the groups leave no variation to estimate an error from; use more groups or other errors")
    lower, upper = (_invert(p_value, estimate, sign * step) for sign in (-1, 1))
    return lower, upper, p_value(0.0)


def _invert(p_value: Callable[[float], float], estimate: float, step: float) -> float:
    """Find the null value next to the estimate that is just not rejected; infinite if none is rejected."""
    far = step
    while p_value(estimate + far) > 1 - intervals.LEVEL:
        far *= 2
        if abs(far) > 1e6 * abs(step):
            return np.inf * np.sign(step)
    return optimize.bisect(
        lambda b: p_value(b) - (1 - intervals.LEVEL) - 1e-12, estimate, estimate + far, xtol=1e-6 * abs(step)
    )


class _Fit:
    """One specification under the null, ready to be estimated again and again with other signs of its residuals.

    Coefficient and deviations are sums of what each unit adds, so that all draws are one product of matrices.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        specifications: Specifications,
        choice: Mapping[str, Any],
        standardise: bool,
        units: np.ndarray,
    ) -> None:
        if choice["design"] == "random":
            raise ModelError("the test of a curve covers the designs 'pooled' and 'within', not 'random'")
        data = _prepare(
            specifications.sample(frame, choice["sample"]), choice["outcome"], [choice["predictor"]],
            specifications.controls[choice["controls"]], specifications.group, choice["design"], choice["weights"],
            standardise,
        )  # fmt: skip
        x, y = data.x * data.root[:, None], data.y * data.root
        basis = np.linalg.qr(x[:, 1:])[0]
        residual = y - basis @ (basis.T @ y)
        inverse = np.linalg.pinv(x.T @ x)
        if data.codes is None:  # HC3
            self.units, self.freedom = units[data.rows], len(x) - x.shape[1]
            leverage = np.einsum("ij,jk,ik->i", x, inverse, x)
            pull = x @ inverse[0]
            self.coefficient = pull * residual
            left = np.eye(len(x)) - x @ inverse @ x.T
            self.deviations = (pull / (1 - leverage))[:, None] * left * residual
        else:  # CV3: what leaving out each cluster does to the coefficient
            order = np.argsort(data.codes, kind="stable")
            starts = np.searchsorted(data.codes[order], np.arange(data.n_groups))
            self.units, self.freedom = units[data.rows[order][starts]], data.n_groups - 1
            outer = np.add.reduceat(x[order, :, None] * x[order, None, :], starts)
            cross = np.add.reduceat(x[order] * residual[order, None], starts)
            self.coefficient = cross @ inverse[0]
            without = np.linalg.pinv(x.T @ x - outer, hermitian=True)[:, 0] @ cross.T
            np.fill_diagonal(without, 0.0)
            self.deviations = (without - self.coefficient) * np.sqrt(self.freedom / data.n_groups)

    def __call__(self, signs: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
        """Return coefficients and t-values of each draw of signs (draws, units), and degrees of freedom."""
        own = signs[:, self.units]
        estimate = own @ self.coefficient
        return estimate, estimate / np.sqrt(((own @ self.deviations.T) ** 2).sum(axis=1)), self.freedom


def _summary(fits: Sequence[tuple[np.ndarray, np.ndarray, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return the statistics of curves (draws, those of ``SUMMARY``), and how far each is from what chance centres on."""
    estimates, t_values = (np.stack([fit[i] for fit in fits], axis=1) for i in (0, 1))
    p_values = intervals.p_value(t_values, np.ones_like(t_values), np.array([fit[2] for fit in fits]))
    z_values = -np.sign(t_values) * special.ndtri(p_values / 2)
    median = np.median(estimates, axis=1)
    same = np.sign(estimates) == np.sign(median)[:, None]
    shares = [100 * share.mean(axis=1) for share in (same, same & (p_values < 1 - intervals.LEVEL))]
    average = z_values.sum(axis=1) / np.sqrt(len(fits))
    size = [np.abs(np.median(z_values, axis=1)), *shares, np.abs(average)]
    return np.stack([median, *shares, average], axis=1), np.stack(size, axis=1)


def _signs(generator: np.random.Generator, draws: int, n_units: int, n_used: int) -> np.ndarray:
    """Draw weights (draws, units) of mean 0 and variance 1 for the residuals of units."""
    # Two-point weights have too few different draws below a dozen units; Webb's six points have enough.
    points = [-1, 1] if n_used >= 12 else [s * np.sqrt(v) for s in (-1, 1) for v in (0.5, 1, 1.5)]
    return generator.choice(points, (draws, n_units))
