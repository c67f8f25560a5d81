"""A composite index by the ten steps of the Handbook, with what each choice does to the result.

The steps are those of OECD/JRC (2008), *Handbook on Constructing Composite Indicators*: 1 framework (`Framework`, data
and not code); 2 selection of data and 3 imputation (`Choices.coverage`, `Choices.impute`); 4 multivariate analysis
(`audit`); 5 normalisation; 6 weights and aggregation (`build`); 7 uncertainty and sensitivity (`uncertainty`,
`sensitivity`, `leave_one_out`); 8 back to the details (`Index.contributions`); 9 links to other variables
(`crossroads.models`); 10 presentation (`crossroads.charts`). `compare` sets two editions side by side.

One function, `_score`, computes scores for many sets of weights at once, as products of matrices; a single build is the
case of one set. So the simulations are fast and cannot differ from the index that they are about.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import sobol as sobol_sample
from sklearn.impute import KNNImputer

from crossroads import intervals

# Beyond both, an indicator is treated: the rule of thumb of the Joint Research Centre.
MAX_SKEWNESS, MAX_KURTOSIS, MAX_WINSORISED = 2.0, 3.5, 5
OPTIONS = {
    "impute": ("none", "mean", "median", "group-mean", "neighbours"),
    "outliers": ("none", "winsorise", "log"),
    "normalise": ("min-max", "z-score", "rank", "borda", "frontier"),
    "weights": ("framework", "equal", "pca"),
    "aggregate": ("arithmetic", "geometric", "copeland"),
}


class CompositeError(ValueError):
    """An index that cannot be built; the message says which element or choice is at fault and what to do."""


@dataclass(frozen=True, eq=False)
class Framework:
    """What an index is made of: indicators below pillars below one index.

    Parameters
    ----------
    table : DataFrame
        One row an element, with the columns ``code``, ``parent`` (code; missing for the index itself), ``weight``
        (above zero, relative to the siblings), ``direction`` (1 if more is better, -1 if less is; indicators only) and
        perhaps ``denominator`` (a column of the data by which the indicator is divided). Other columns are kept.

    Raises
    ------
    CompositeError
        If the elements are not one tree whose leaves are indicators.
    """

    table: pd.DataFrame

    def __post_init__(self) -> None:
        """Check that the table is a tree."""
        table = self.table
        absent = [c for c in ("code", "parent", "weight", "direction") if c not in table]
        if absent:
            raise CompositeError(f"the framework has no column {absent[0]!r}; it has {', '.join(map(str, table))}")
        for problem, rows in (
            ("occurs twice", table["code"].duplicated()),
            (
                "has a parent that is not in the framework",
                table["parent"].notna() & ~table["parent"].isin(table["code"]),
            ),
            ("has a weight that is not above zero", ~(table["weight"] > 0)),
            ("is an indicator without direction 1 or -1", self._is_leaf & ~table["direction"].isin([1, -1])),
        ):
            if rows.any():
                raise CompositeError(f"element {table.loc[rows, 'code'].iloc[0]!r} {problem}")
        if table["parent"].isna().sum() != 1 or len(self.order) != len(table):
            raise CompositeError("a framework has one element without parent, the index, above all others")

    @property
    def _is_leaf(self) -> pd.Series:
        return ~self.table["code"].isin(self.table["parent"])

    @cached_property
    def indicators(self) -> list[str]:
        """Codes of the indicators."""
        return self.table.loc[self._is_leaf, "code"].tolist()

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """Codes below each aggregate."""
        return self.table.dropna(subset=["parent"]).groupby("parent", sort=False)["code"].agg(list).to_dict()

    @cached_property
    def order(self) -> list[str]:
        """Codes of all elements from the index downwards."""
        order = self.table.loc[self.table["parent"].isna(), "code"].tolist()
        for code in order:
            order.extend(self.children.get(code, []))
        return order

    @cached_property
    def weight(self) -> dict[str, float]:
        """Weight of each element relative to its siblings."""
        return dict(zip(self.table["code"], self.table["weight"].astype(float), strict=True))

    @cached_property
    def direction(self) -> np.ndarray:
        """1 where more is better and -1 where less is, in the order of the indicators."""
        return self.table.set_index("code").loc[self.indicators, "direction"].to_numpy(float)

    @property
    def top(self) -> str:
        """Code of the index."""
        return self.order[0]

    @cached_property
    def parents(self) -> list[str]:
        """Codes of the aggregates, the lowest first."""
        return [code for code in reversed(self.order) if code in self.children]


@dataclass(frozen=True)
class Choices:
    """How an index is built.

    Parameters
    ----------
    coverage : float
        Share of the indicators that a unit needs; units below are left out and reported.
    pillar_coverage : float
        The same for the indicators of each lowest pillar.
    impute : {"none", "mean", "median", "group-mean", "neighbours"}
        What stands for a missing value: nothing (the weights of the others grow), the mean or median of all units, the
        mean of the unit's group, or the mean of the five units most alike in what both have.
    outliers : {"none", "winsorise", "log"}
        For indicators with absolute skewness above 2 and kurtosis above 3.5: draw in up to five extremes to the next
        value, and take logs where that is not enough; or logs at once.
    normalise : {"min-max", "z-score", "rank", "borda", "frontier"}
        To 1-100 between worst and best; to mean 50 and standard deviation 10; 100 times rank over n, the best having n;
        points for each unit beaten, 1-100; per cent of the best value (or best over value where less is better).
    weights : {"framework", "equal", "pca"} or mapping of str to float
        The framework's; equal among siblings; squared loadings on the first principal component of the siblings; or
        one's own by code, over the framework's.
    aggregate : {"arithmetic", "geometric", "copeland"}
        Weighted mean or geometric mean at every level; or, without compensation, the number of units that a unit beats
        by weighted majority of the indicators less the number that it loses to.
    groups : mapping of str to str, optional
        Group of each unit, such as its region of the world, for ``group-mean``.
    z_score_divisor : {"n", "n - 1"}
        Of the variance in ``z-score``: that of all units as a population, or as a sample.
    goalposts : mapping of str to pair of float, optional
        Lowest and highest value by indicator for ``min-max``, as from `Index.goalposts` of an earlier edition.
    """

    coverage: float = 0.65
    pillar_coverage: float = 0.0
    impute: str = "none"
    outliers: str = "winsorise"
    normalise: str = "min-max"
    weights: str | Mapping[str, float] = "framework"
    aggregate: str = "arithmetic"
    groups: Mapping[str, str] | None = None
    z_score_divisor: str = "n"
    goalposts: Mapping[str, tuple[float, float]] | None = None

    def __post_init__(self) -> None:
        """Refuse an option that does not exist."""
        if self.z_score_divisor not in ("n", "n - 1"):
            raise CompositeError(f"z_score_divisor is {self.z_score_divisor!r}; expected 'n' or 'n - 1'")
        for name, options in OPTIONS.items():
            value = getattr(self, name)
            if value not in options and not (name == "weights" and isinstance(value, Mapping)):
                raise CompositeError(f"{name} is {value!r}; expected one of {', '.join(options)}")
        for name in ("coverage", "pillar_coverage"):
            if not 0 <= getattr(self, name) <= 1:
                raise CompositeError(f"{name} is {getattr(self, name)}; expected a share between 0 and 1")


@dataclass(frozen=True)
class Alternatives:
    """What `uncertainty` and `sensitivity` vary: several options for each of the `Choices`, and two sources of noise.

    Parameters
    ----------
    impute, outliers, normalise, weights, aggregate : sequence
        Options of `Choices`, drawn with equal probability.
    weight_noise : float
        Each weight is multiplied by a uniform number between 1 - noise and 1 + noise.
    leave_out : bool
        Leave out one indicator, or none, drawn with equal probability.
    """

    impute: Sequence[str] = ("none", "median", "neighbours")
    outliers: Sequence[str] = ("winsorise", "log")
    normalise: Sequence[str] = ("min-max", "z-score", "rank")
    weights: Sequence = ("framework", "equal")
    aggregate: Sequence[str] = ("arithmetic", "geometric")
    weight_noise: float = 0.25
    leave_out: bool = True


@dataclass(frozen=True, eq=False)
class Index:
    """An index as built: what went in, what came out, and what was done on the way.

    Attributes
    ----------
    scores : DataFrame
        Units by aggregates (all levels; with ``copeland`` the index alone).
    ranks : Series
        Rank of each unit in the index, 1 the best; ties share the better rank.
    normalised : DataFrame
        Units by indicators, more is better.
    weights : Series
        Weight of each element among its siblings, adding up to one.
    report : DataFrame
        One row a thing done to the data: ``step``, ``code`` (of unit or indicator), ``n`` and ``detail``.
    goalposts : dict
        Lowest and highest value of each indicator after treatment.
    """

    framework: Framework
    choices: Choices
    scores: pd.DataFrame
    ranks: pd.Series
    normalised: pd.DataFrame
    weights: pd.Series
    report: pd.DataFrame
    goalposts: dict[str, tuple[float, float]]

    def contributions(self) -> pd.DataFrame:
        """Split each unit's score into what each indicator gives.

        Returns
        -------
        DataFrame
            ``ref_area``, ``code``, ``obs_value`` (points that add up to the score; with the geometric mean, to its
            log), ``effective_weight`` (of the indicator for this unit; where values are missing, others weigh more) and
            ``normalised``.
        """
        if self.choices.aggregate == "copeland":
            raise CompositeError("a Copeland score counts contests: it is no sum over indicators")
        share = self.normalised.notna().astype(float)
        available = {code: share[code] for code in share}
        for parent in self.framework.parents:
            children = self.framework.children[parent]
            weight = pd.DataFrame({c: self.weights[c] * (available[c] > 0) for c in children})
            total = weight.sum(axis=1)
            for child in children:
                for leaf in _leaves(self.framework, child):
                    share[leaf] *= weight[child] / total.where(total > 0)
            available[parent] = (total > 0).astype(float)
        value = np.log(self.normalised) if self.choices.aggregate == "geometric" else self.normalised
        parts = {"obs_value": (share * value).fillna(0.0), "effective_weight": share.fillna(0.0)}
        parts["normalised"] = self.normalised
        long = [p.rename_axis(index="ref_area", columns="code").stack(future_stack=True) for p in parts.values()]
        return pd.concat(long, axis=1, keys=parts).reset_index()


def build(data: pd.DataFrame, framework: Framework, choices: Choices | None = None) -> Index:
    """Build a composite index.

    Parameters
    ----------
    data : DataFrame
        Index ``ref_area``; one column an indicator (and denominator) of the framework.
    framework : Framework
        What the index is made of.
    choices : Choices, optional
        How it is built.

    Returns
    -------
    Index

    Raises
    ------
    CompositeError
        If an indicator is missing, constant, or not positive where logs are taken; if fewer than three units remain.
    """
    choices = choices or Choices()
    raw, report = _select(data, framework, choices)
    treated, done = _treat(_impute(raw, choices.impute, choices.groups), choices.outliers)
    normalised = _normalise(treated, framework, choices)
    weights = _weights(framework, choices.weights, normalised)
    codes = framework.indicators
    if choices.impute != "none":
        gaps = raw.isna().sum()
        report += [("imputed", c, int(n), choices.impute) for c, n in gaps[gaps > 0].items()]
    scores = _score(normalised.to_numpy(), framework, weights[:, None], choices.aggregate)
    scores = pd.DataFrame({code: values[:, 0] for code, values in scores.items()}, index=raw.index)
    ranks = scores[framework.top].round(9).rank(ascending=False, method="min").astype(int).rename("rank")
    goalposts = {c: (float(treated[c].min()), float(treated[c].max())) for c in codes}
    steps = pd.DataFrame(report + done, columns=["step", "code", "n", "detail"])
    named = pd.Series(weights, framework.order)
    return Index(framework, choices, scores, ranks, normalised, named, steps, goalposts)


def audit(index: Index) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Check whether the elements of an index belong together.

    Parameters
    ----------
    index : Index
        As built.

    Returns
    -------
    elements : DataFrame
        One row an element: ``code``, ``parent``, ``n_obs``, ``correlation_parent``, ``correlation_index`` (Pearson),
        ``correlation_rest`` (with the mean of the siblings) and ``flag``: ``against its parent`` (below zero),
        ``silent`` (below 0.3) or ``redundant`` (above 0.92 with a sibling).
    groups : DataFrame
        One row an aggregate: ``code``, ``n_elements``, ``n_obs`` (complete units), ``alpha`` (Cronbach's,
        standardised), ``first_component`` (per cent of the variance on the first principal component) and
        ``n_components`` (eigenvalues above one). Missing for a single element or fewer than three complete units.
    """
    if index.choices.aggregate == "copeland":
        raise CompositeError("a Copeland index has no pillars to audit; audit the arithmetic one")
    values, framework = index.normalised.join(index.scores), index.framework
    correlation, elements, groups = values.corr(), [], []
    for parent in reversed(framework.parents):
        children = framework.children[parent]
        for code in children:
            rest = [c for c in children if c != code]
            own = correlation.loc[code, parent]
            twin = correlation.loc[code, rest].max() if rest else np.nan
            flag = "against its parent" if own < 0 else "silent" if own < 0.3 else "redundant" if twin > 0.92 else ""
            with_rest = values[code].corr(values[rest].mean(axis=1)) if rest else np.nan
            elements.append(
                (code, parent, values[code].count(), own, correlation.loc[code, framework.top], with_rest, flag)
            )
        complete = values[children].dropna()
        groups.append((parent, len(children), len(complete), *_consistency(complete)))
    columns = ["code", "parent", "n_obs", "correlation_parent", "correlation_index", "correlation_rest", "flag"]
    names = ["code", "n_elements", "n_obs", "alpha", "first_component", "n_components"]
    return pd.DataFrame(elements, columns=columns), pd.DataFrame(groups, columns=names)


def uncertainty(
    data: pd.DataFrame,
    framework: Framework,
    choices: Choices | None = None,
    alternatives: Alternatives | None = None,
    draws: int = 10_000,
    top: int = 10,
    seed: int = 0,
    errors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Build the index many times, every choice drawn at random, and give ranks as intervals.

    Parameters
    ----------
    data, framework, choices
        As in `build`; the index whose ranks are reported.
    alternatives : Alternatives, optional
        What is varied.
    draws : int
        Builds.
    top : int
        Size of the top group.
    seed : int
        Of the draws.
    errors : DataFrame, optional
        Published standard errors, in the shape and units of ``data``; missing where none is published or nothing was
        sampled. Values are then drawn again too, normally and independently, in 50 sets of data; without errors the
        intervals are about choices alone.

    Returns
    -------
    DataFrame
        One row a unit, best first: ``ref_area``, ``score`` and ``rank`` as built; ``obs_value`` (median rank over the
        draws), ``lower``, ``upper`` (95 % of draws), ``mean_rank``, ``top_share`` (per cent of draws among the best
        ``top``) and ``n_draws``.
    """
    index = build(data, framework, choices)
    simulation = _Simulation(data, framework, index.choices, alternatives or Alternatives(), seed, errors)
    generator = np.random.default_rng([seed, 1])
    ranks = simulation.ranks(generator.random((draws, len(simulation.factors))))
    lower, upper = intervals.percentiles(ranks)
    table = pd.DataFrame(
        {
            "ref_area": index.scores.index,
            "score": index.scores[framework.top].to_numpy(),
            "rank": index.ranks.to_numpy(),
            "obs_value": np.median(ranks, axis=0),
            "lower": lower,
            "upper": upper,
            "mean_rank": ranks.mean(axis=0),
            "top_share": 100 * (ranks <= top).mean(axis=0),
            "n_draws": draws,
        }
    )
    return table.sort_values(["rank", "ref_area"], ignore_index=True)


def sensitivity(
    data: pd.DataFrame,
    framework: Framework,
    choices: Choices | None = None,
    alternatives: Alternatives | None = None,
    base: int = 512,
    seed: int = 0,
    errors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Attribute the uncertainty of ranks to the choices, by Sobol's indices.

    Parameters
    ----------
    data, framework, choices, alternatives, errors
        As in `uncertainty`; with errors ``sampling`` is a factor.
    base : int
        Size of the base sample, a power of two; the index is built (factors + 2) times as often.
    seed : int
        Of the sample and of the bootstrap of errors.

    Returns
    -------
    DataFrame
        One row per output and factor: ``output`` (``mean shift``: the mean absolute difference to the ranks as built;
        or the code of a unit, for its rank), ``factor``, ``obs_value`` (first-order index: share of the variance due to
        the factor alone), ``total`` (with all interactions), each with a half width of its 95 % interval
        (``first_width``, ``total_width``), and ``variance`` of the output. Units whose rank never changes have indices
        of zero.

    References
    ----------
    Saltelli et al. (2008), Global Sensitivity Analysis: The Primer, as computed by SALib.
    """
    index = build(data, framework, choices)
    simulation = _Simulation(data, framework, index.choices, alternatives or Alternatives(), seed, errors)
    problem = {"num_vars": len(simulation.factors), "names": simulation.factors}
    problem["bounds"] = [[0.0, 1.0]] * len(simulation.factors)
    if len(simulation.factors) < 2:
        raise CompositeError("sensitivity compares choices: give alternatives for two of them or more")
    seed += 1  # SALib takes a seed of 0 for none at all
    points = sobol_sample.sample(problem, base, calc_second_order=False, seed=seed)
    ranks = simulation.ranks(points)
    outputs = {"mean shift": np.abs(ranks - index.ranks.to_numpy()).mean(axis=1)}
    outputs |= dict(zip(index.scores.index, ranks.T.astype(float), strict=True))
    rows = []
    for name, values in outputs.items():
        found = dict.fromkeys(("S1", "ST", "S1_conf", "ST_conf"), np.zeros(len(simulation.factors)))
        if np.ptp(values) > 0:
            found = sobol_analysis.analyze(problem, values, calc_second_order=False, seed=seed)
        for i, factor in enumerate(simulation.factors):
            numbers = (found[key][i] for key in ("S1", "S1_conf", "ST", "ST_conf"))
            rows.append((name, factor, *numbers, values.var()))
    columns = ["output", "factor", "obs_value", "first_width", "total", "total_width", "variance"]
    return pd.DataFrame(rows, columns=columns)


def leave_one_out(data: pd.DataFrame, framework: Framework, choices: Choices | None = None) -> pd.DataFrame:
    """Rank the units again without each element (indicator or pillar) in turn.

    Parameters
    ----------
    data, framework, choices
        As in `build`.

    Returns
    -------
    DataFrame
        One row per element left out and unit: ``code``, ``ref_area``, ``rank`` without it and ``shift`` (rank without
        it less rank with all; above zero: the element helps the unit). An aggregate with one element only cannot lose
        it.
    """
    index = build(data, framework, choices)
    removable = [c for children in framework.children.values() if len(children) > 1 for c in children]
    vectors = np.repeat(index.weights.to_numpy()[:, None], len(removable), axis=1)
    for column, code in enumerate(removable):
        vectors[framework.order.index(code), column] = 0.0
    score = _score(index.normalised.to_numpy(), framework, vectors, index.choices.aggregate, top_only=True)
    ranks = _ranks(score[framework.top].T)
    table = pd.DataFrame(ranks, removable, index.scores.index).rename_axis(index="code", columns="ref_area")
    table = table.stack().rename("rank").reset_index()
    return table.assign(shift=table["rank"] - table["ref_area"].map(index.ranks))


def compare(first: Index, second: Index) -> pd.DataFrame:
    """Set two editions of an index side by side.

    Parameters
    ----------
    first, second : Index
        Earlier and later edition. For scores on one scale build the later one with the goalposts of the earlier.

    Returns
    -------
    DataFrame
        One row a unit in either: ``ref_area``, ``first_score``, ``second_score``, ``first_rank``, ``second_rank``
        (among the units that both editions hold, so that newcomers push nobody down), ``obs_value`` (change in rank,
        above zero: up) and ``only_in`` (``first``, ``second`` or empty).
    """
    scores = [edition.scores[edition.framework.top] for edition in (first, second)]
    table = pd.concat(scores, axis=1, keys=["first_score", "second_score"]).sort_index().rename_axis("ref_area")
    common = table.dropna()
    for side in ("first", "second"):
        ranks = common[f"{side}_score"].round(9).rank(ascending=False, method="min")
        table[f"{side}_rank"] = ranks.reindex(table.index).astype("Int64")
    table["obs_value"] = table["first_rank"] - table["second_rank"]
    missing = [table[f"{side}_score"].isna() for side in ("first", "second")]
    table["only_in"] = np.select(missing, ["second", "first"], "")
    return table.reset_index()


def _leaves(framework: Framework, code: str) -> list[str]:
    """Return the indicators below an element, or itself."""
    below = framework.children.get(code)
    return [code] if below is None else [leaf for child in below for leaf in _leaves(framework, child)]


def _select(data: pd.DataFrame, framework: Framework, choices: Choices) -> tuple[pd.DataFrame, list]:
    """Take the indicators over their denominators, and the units with enough of them."""
    if data.index.has_duplicates:
        raise CompositeError(f"unit {data.index[data.index.duplicated()][0]!r} occurs twice")
    codes, table = framework.indicators, framework.table.set_index("code")
    needed = codes if "denominator" not in table else [*codes, *table.loc[codes, "denominator"].dropna()]
    absent = [c for c in needed if c not in data]
    if absent:
        raise CompositeError(f"the data have no column {absent[0]!r}, which the framework names")
    raw = data[codes].astype(float)
    if np.isinf(raw.to_numpy()).any():
        raise CompositeError("the data hold infinity; a value must be finite or missing")
    if len(needed) > len(codes):
        names = table.loc[codes, "denominator"].dropna()
        wrong = [name for name in names.unique() if not (data[name].dropna() > 0).all()]
        if wrong:
            raise CompositeError(f"denominator {wrong[0]!r} must be above zero")
        raw[names.index] = raw[names.index] / data[names].to_numpy(float)
    known = raw.notna()
    share = known.mean(axis=1)
    kept = (share >= choices.coverage) & (share > 0)
    if choices.pillar_coverage > 0:
        for below in framework.children.values():
            leaves = [c for c in below if c not in framework.children]
            kept &= known[leaves].mean(axis=1) >= choices.pillar_coverage if leaves else True
    report = [("left out", unit, int(raw.loc[unit].isna().sum()), "too few indicators") for unit in raw.index[~kept]]
    raw = raw[kept]
    if len(raw) < 3:
        raise CompositeError(f"{len(raw)} units have enough indicators; an index needs three or more")
    flat = raw.columns[~(raw.max() > raw.min())]
    if len(flat):
        raise CompositeError(f"indicator {flat[0]!r} has {raw[flat[0]].count()} values, all alike: it ranks nobody")
    return raw, report


def _impute(raw: pd.DataFrame, method: str, groups: Mapping[str, str] | None) -> pd.DataFrame:
    """Fill gaps."""
    if method == "none" or not raw.isna().any().any():
        return raw
    if method == "group-mean":
        group = pd.Series(dict(groups or {}), dtype=object).reindex(raw.index)
        if group.isna().any():
            raise CompositeError(f"unit {group.index[group.isna()][0]!r} has no group; give `groups` for 'group-mean'")
        filled = raw.fillna(raw.groupby(group).transform("mean"))
        if filled.isna().any(axis=None):
            unit, code = filled.isna().stack().loc[lambda gap: gap].index[0]
            raise CompositeError(
                f"no unit of group {group[unit]!r} has a value for {code!r}: join groups or leave it out"
            )
        return filled
    if method != "neighbours":
        return _filled(raw, raw.mean() if method == "mean" else raw.median())
    scaled = (raw - raw.mean()) / raw.std()
    filled = KNNImputer(n_neighbors=min(5, len(raw) - 1)).fit_transform(scaled)
    return pd.DataFrame(filled, raw.index, raw.columns) * raw.std() + raw.mean()


def _filled(data: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    """Fill the gaps of each column with one value; pandas goes through the columns one by one, thousands of times over."""
    known = data.to_numpy()
    return pd.DataFrame(np.where(np.isnan(known), values.to_numpy(), known), data.index, data.columns)


def _treat(data: pd.DataFrame, method: str) -> tuple[pd.DataFrame, list]:
    """Draw in outliers of indicators that are both skewed and heavy-tailed."""
    values, report = data.to_numpy(copy=True), []
    bad = _has_outliers(values) if method != "none" else np.zeros(values.shape[1], dtype=bool)
    for at in np.flatnonzero(bad):
        column, n = _winsorise(values[:, at]) if method == "winsorise" else (None, None)
        how, count = ("winsorised", n) if n else ("logarithm", int(np.isfinite(values[:, at]).sum()))
        values[:, at] = column if n else _log(values[:, at])
        report.append(("treated", data.columns[at], count, how))
    return pd.DataFrame(values, data.index, data.columns), report


def _moments(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return skewness and excess kurtosis of columns with gaps, corrected for small samples (as pandas and Excel do).

    Neither scipy nor pandas has them at the speed of thousands of builds.
    """
    n = np.isfinite(values).sum(axis=0)
    deviation = values - np.nanmean(values, axis=0)
    m2, m3, m4 = (np.nansum(deviation**power, axis=0) / n for power in (2, 3, 4))
    flat = (n < 4) | (m2 <= 0)
    n, m2 = np.where(flat, 4, n), np.where(flat, 1.0, m2)
    skewness = np.sqrt(n * (n - 1)) / (n - 2) * m3 / m2**1.5
    kurtosis = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2**2 - 3) + 6)
    return np.where(flat, 0.0, skewness), np.where(flat, 0.0, kurtosis)


def _has_outliers(values: np.ndarray) -> np.ndarray:
    """Say which columns have outliers by the rule of thumb."""
    skewness, kurtosis = _moments(values)
    return (np.abs(skewness) > MAX_SKEWNESS) & (kurtosis > MAX_KURTOSIS)


def _winsorise(column: np.ndarray) -> tuple[np.ndarray, int]:
    """Set extremes to the next value, one more each time, until the rule is met; 0 if five do not do."""
    known = np.sort(column[np.isfinite(column)])
    low, high = 0, len(known) - 1
    for n in range(1, min(MAX_WINSORISED, len(known) - 2) + 1):
        low, high = (low, high - 1) if _moments(column[:, None])[0] > 0 else (low + 1, high)
        column = column.clip(known[low], known[high])
        if not _has_outliers(column[:, None]):
            return column, n
    return column, 0


def _log(column: np.ndarray) -> np.ndarray:
    """Take logs from the end at which values crowd, an offset of a hundredth of the range away from it."""
    low, high = np.nanmin(column), np.nanmax(column)
    offset = 0.01 * (high - low)
    return np.log(column - low + offset) if _moments(column[:, None])[0] > 0 else -np.log(high - column + offset)


def _normalise(data: pd.DataFrame, framework: Framework, choices: Choices) -> pd.DataFrame:
    """Bring indicators to one scale on which more is better."""
    up = framework.direction > 0
    if choices.normalise == "z-score":
        turned = data * framework.direction
        return 50 + 10 * (turned - turned.mean()) / turned.std(ddof=0 if choices.z_score_divisor == "n" else 1)
    if choices.normalise in ("rank", "borda"):
        ranks, n = (data * framework.direction).rank(), data.count()
        return 100 * ranks / n if choices.normalise == "rank" else 1 + 99 * (ranks - 1) / (n - 1)
    if choices.normalise == "frontier":
        if not (data.min() > 0).all():
            raise CompositeError(f"'frontier' divides: {data.min().idxmin()!r} has values of zero or less; use min-max")
        return (100 * data / data.max()).where(np.broadcast_to(up, data.shape), 100 * data.min() / data)
    ends = choices.goalposts or {}
    if set(ends) - set(data.columns):
        raise CompositeError(f"goalposts for {sorted(set(ends) - set(data.columns))[0]!r}, which is no indicator")
    values = data.to_numpy()
    low, high = np.fmin.reduce(values), np.fmax.reduce(values)  # past what is missing
    for i, code in enumerate(framework.indicators):
        low[i], high[i] = ends.get(code, (low[i], high[i]))
    if not (high > low).all():
        raise CompositeError(f"goalposts of {data.columns[(high - low).argmin()]!r} must be lowest, then highest")
    share = (values - low) / (high - low)
    return pd.DataFrame(1 + 99 * np.where(up, share, 1 - share), data.index, data.columns)


def _weights(framework: Framework, scheme: str | Mapping[str, float], normalised: pd.DataFrame) -> np.ndarray:
    """Return the weight of each element among its siblings, in the framework's order."""
    given = framework.weight
    if isinstance(scheme, Mapping):
        wrong = [c for c in scheme if c not in given or not scheme[c] > 0]
        if wrong:
            raise CompositeError(
                f"weight of {wrong[0]!r}: expected an element of the framework and a number above zero"
            )
        given = {**given, **scheme}
    weights, scores = {framework.top: 1.0}, {}
    if scheme == "pca":
        scores = dict(zip(framework.indicators, _filled(normalised, normalised.median()).to_numpy().T, strict=True))
    for parent in framework.parents:
        children = framework.children[parent]
        if scheme == "pca":
            below = np.stack([scores[c] for c in children])
            own = np.linalg.eigh(np.atleast_2d(np.corrcoef(below)))[1][:, -1] ** 2
            scores[parent] = own @ below / own.sum()
        else:
            own = np.array([1.0 if scheme == "equal" else given[c] for c in children])
        weights |= dict(zip(children, own / own.sum(), strict=True))
    return np.array([weights[code] for code in framework.order])


def _score(
    normalised: np.ndarray, framework: Framework, vectors: np.ndarray, aggregate: str, top_only: bool = False
) -> dict[str, np.ndarray]:
    """Compute the scores of all aggregates for many sets of weights.

    ``normalised`` (units, indicators); ``vectors`` (elements in the framework's order, sets), zero for an element that
    is left out; returns arrays (units, sets) by code. Weights of siblings need not add up to one.
    """
    row = {code: i for i, code in enumerate(framework.order)}
    if aggregate == "copeland":
        return {framework.top: _copeland(normalised, framework, vectors, row)}
    if aggregate == "geometric" and not np.nanmin(normalised) > 0:
        raise CompositeError("a geometric mean needs normalised values above zero; use 'min-max' or 'rank'")
    values = np.log(normalised) if aggregate == "geometric" else normalised
    missing = np.isnan(values)
    column = {code: i for i, code in enumerate(framework.indicators)}
    scores: dict[str, np.ndarray] = {}
    known: dict[str, np.ndarray] = {}
    for parent in framework.parents:
        leaves = [c for c in framework.children[parent] if c in column]
        above: Any = 0.0
        below: Any = 0.0
        if leaves:
            at, weight = [column[c] for c in leaves], vectors[[row[c] for c in leaves]]
            gaps = missing[:, at]
            above = np.where(gaps, 0.0, values[:, at]) @ weight
            below = ~gaps @ weight if gaps.any() else np.broadcast_to(weight.sum(axis=0), above.shape)
        for child in (c for c in framework.children[parent] if c not in column):
            weight = vectors[row[child]] * known[child]
            above = above + scores[child] * weight
            below = below + weight
        known[parent] = below > 0
        scores[parent] = np.divide(above, below, out=np.zeros(np.shape(above)), where=known[parent])
    if top_only:
        scores = {framework.top: scores[framework.top]}
    finish = np.exp if aggregate == "geometric" else np.asarray
    return {code: np.where(known[code], finish(value), np.nan) for code, value in scores.items()}


def _copeland(normalised: np.ndarray, framework: Framework, vectors: np.ndarray, row: dict[str, int]) -> np.ndarray:
    """Count contests won less contests lost, each decided by weighted majority of the indicators that both have."""
    flat = vectors.copy()
    for parent in reversed(framework.parents):
        at = [row[c] for c in framework.children[parent]]
        flat[at] *= flat[row[parent]] / flat[at].sum(axis=0)
    first, second = np.triu_indices(len(normalised), 1)
    sign = np.nan_to_num(np.sign(normalised[first] - normalised[second]))
    # Rounded: a draw must not be decided by the last bit.
    won = np.sign(np.round(sign @ flat[[row[c] for c in framework.indicators]], 12))
    units = np.arange(len(normalised))[:, None]
    return (units == first) @ won - (units == second) @ won


def _ranks(scores: np.ndarray) -> np.ndarray:
    """Rank the columns of each row, 1 the highest; ties share the better rank."""
    rounded = np.round(scores, 9)
    # As many ranks from one sorted row: 1 + how many are higher.
    order = np.sort(rounded, axis=1)[:, ::-1]
    position = np.argsort(-rounded, axis=1, kind="stable")
    new = np.ones(order.shape, dtype=bool)
    new[:, 1:] = order[:, 1:] < order[:, :-1]
    shared = np.maximum.accumulate(np.where(new, np.arange(1, order.shape[1] + 1), 0), axis=1)
    ranks = np.empty_like(position)
    np.put_along_axis(ranks, position, shared, axis=1)
    return ranks


def _consistency(values: pd.DataFrame) -> tuple[float, float, float]:
    """Return Cronbach's alpha, share of the first component and number of components above one."""
    k = values.shape[1]
    if k < 2 or len(values) < 3 or not (values.std() > 0).all():
        return np.nan, np.nan, np.nan
    correlation = np.corrcoef(values.to_numpy().T)
    mean = (correlation.sum() - k) / (k * (k - 1))
    eigenvalues = np.linalg.eigvalsh(correlation)
    spread = 1 + (k - 1) * mean
    alpha = k * mean / spread if abs(spread) > 1e-12 else np.nan
    return alpha, 100 * eigenvalues[-1] / k, int((eigenvalues > 1).sum())


def _sampled(
    data: pd.DataFrame, errors: pd.DataFrame, generator: np.random.Generator, n: int
) -> Iterator[pd.DataFrame]:
    """Yield data drawn again with their published errors."""
    unknown = [*errors.index.difference(data.index), *errors.columns.difference(data.columns)]
    if unknown:
        raise CompositeError(f"errors are given for {unknown[0]!r}, which is no unit or indicator of the data")
    if (errors < 0).any(axis=None) or np.isinf(errors.to_numpy(float)).any():
        raise CompositeError("standard errors must be finite, and zero or more")
    spread = errors.reindex(index=data.index, columns=data.columns).astype(float).fillna(0.0)
    for _ in range(n):
        yield data + generator.normal(size=spread.shape) * spread


class _Simulation:
    """All builds of one index under alternatives, a build a row of numbers between 0 and 1."""

    NOISE_BANK, SAMPLES = 8192, 50

    def __init__(
        self, data: pd.DataFrame, framework: Framework, choices: Choices, alternatives: Alternatives, seed: int,
        errors: pd.DataFrame | None,
    ) -> None:  # fmt: skip
        self.framework, self.choices = framework, choices
        self.options = {name: [*getattr(alternatives, name)] for name in OPTIONS}
        if not all(self.options.values()):
            raise CompositeError("each choice needs one option or more")
        self.factors = [name for name, options in self.options.items() if len(options) > 1]
        generator = np.random.default_rng([seed, 0])
        low, high = 1 - alternatives.weight_noise, 1 + alternatives.weight_noise
        if not 0 <= alternatives.weight_noise < 1:
            raise CompositeError(f"weight_noise is {alternatives.weight_noise}; expected 0 or more, below 1")
        self.noise = generator.uniform(low, high, (len(framework.order), self.NOISE_BANK))
        removable = [c for c in framework.indicators if len(self._siblings(c)) > 1]
        self.removable = np.array([framework.order.index(c) for c in removable])
        self.factors += ["weight_noise"] * (low < high) + ["leave_out"] * (alternatives.leave_out and bool(removable))
        self.matrices, self.weights = {}, {}
        vectors: dict[int, np.ndarray] = {}  # kept, unless the weights depend on the data
        for sample, drawn in enumerate([data] if errors is None else _sampled(data, errors, generator, self.SAMPLES)):
            raw, _ = _select(drawn, framework, choices)
            imputed = {method: _impute(raw, method, choices.groups) for method in self.options["impute"]}
            for fill, outliers in itertools.product(self.options["impute"], self.options["outliers"]):
                treated, _ = _treat(imputed[fill], outliers)
                for scale in self.options["normalise"]:
                    matrix = _normalise(treated, framework, replace(choices, normalise=scale))
                    self.matrices[sample, fill, outliers, scale] = matrix.to_numpy()
                    for i, scheme in enumerate(self.options["weights"]):
                        if scheme == "pca" or i not in vectors:
                            vectors[i] = _weights(framework, scheme, matrix)
                        self.weights[sample, fill, outliers, scale, i] = vectors[i]
        self.n_units = len(raw)
        self.factors += ["sampling"] * (errors is not None)

    def _siblings(self, code: str) -> list[str]:
        return next(children for children in self.framework.children.values() if code in children)

    def ranks(self, points: np.ndarray, batch: int = 2048) -> np.ndarray:
        """Return ranks (builds, units) for points (builds, factors) between 0 and 1."""
        at = {name: points[:, i] for i, name in enumerate(self.factors)}
        picked = np.zeros((len(points), len(OPTIONS) + 1), dtype=int)
        if "sampling" in at:
            picked[:, -1] = np.minimum(at["sampling"] * self.SAMPLES, self.SAMPLES - 1)
        for i, (name, options) in enumerate(self.options.items()):
            if name in at:
                picked[:, i] = np.minimum(at[name] * len(options), len(options) - 1)
        noise = (at.get("weight_noise", np.zeros(len(points))) * (self.NOISE_BANK - 1)).astype(int)
        ranks = np.empty((len(points), self.n_units), dtype=np.int16)
        combinations, member = np.unique(picked, axis=0, return_inverse=True)
        for number, combination in enumerate(combinations):
            fill, outliers, scale, _, aggregate = (
                options[i] for options, i in zip(self.options.values(), combination[:-1], strict=True)
            )
            matrix = self.matrices[combination[-1], fill, outliers, scale]
            weight = self.weights[combination[-1], fill, outliers, scale, combination[3]][:, None]
            for rows in np.array_split(np.flatnonzero(member.ravel() == number), 1 + len(points) // (batch * 8)):
                vectors = weight * (self.noise[:, noise[rows]] if "weight_noise" in at else np.ones(len(rows)))
                if "leave_out" in at:
                    out = np.minimum(
                        (at["leave_out"][rows] * (len(self.removable) + 1)).astype(int), len(self.removable)
                    )
                    lose = np.flatnonzero(out > 0)
                    vectors[self.removable[out[lose] - 1], lose] = 0.0
                score = _score(matrix, self.framework, vectors, aggregate, top_only=True)[self.framework.top]
                ranks[rows] = _ranks(score.T)
        return ranks
