"""What replicate estimates say about uncertainty, and how estimates are compared, averaged and published.

Everything here takes numbers that are already estimated; microdata do not belong here. Nor do quantiles, intervals
and tests as such, which have their one place in `crossroads.intervals`.

References
----------
Rubin, D. (1987), *Multiple Imputation for Nonresponse in Surveys*.
Satterthwaite, F. (1946), "An approximate distribution of estimates of variance components", Biometrics Bulletin 2(6).
OECD (2009), *PISA Data Analysis Manual: SPSS, Second Edition*, chapters 4, 6 to 8 and 12 to 14.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crossroads import intervals
from crossroads.survey.design import SurveyError

# Relative to an estimate; what moves by less moves by rounding only.
ROUNDING = 1e-12


def deviations(replicated: np.ndarray, deviations_from: str = "estimate") -> np.ndarray:
    """Return deviations of replicate estimates, shape (G, R, M, S), from the estimate or from their own mean."""
    centre = replicated[:, :1] if deviations_from == "estimate" else replicated[:, 1:].mean(axis=1, keepdims=True)
    moved = replicated[:, 1:] - centre
    # The mean of a constant differs in its last digits with each replicate, and would be tested as if it were sampled.
    moved[np.abs(moved) <= ROUNDING * np.abs(centre)] = 0
    return moved


def rubin(
    replicated: np.ndarray,
    factor: np.ndarray,
    degrees_of_freedom: np.ndarray,
    mode: str = "all",
    deviations_from: str = "estimate",
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Combine replicate estimates and plausible values.

    Parameters
    ----------
    replicated : ndarray of shape (G, 1 + R, M, S)
        Estimates of G groups with the final weight (first) and each replicate weight, for each plausible value.
    factor : ndarray of shape (G, 1) or (G, R)
        Multipliers of the squared deviations.
    degrees_of_freedom : ndarray of shape (G,) or (G, S)
        Of the sampling variance. Where it is 0 there is no sampling variance that could be known.
    mode : {"all", "first"}
        Sampling variance averaged over the plausible values, or that of the first.
    deviations_from : {"estimate", "replicate_mean"}
        As in `Design`.

    Returns
    -------
    tuple of ndarray, each of shape (G, S)
        Estimate, sampling variance U, imputation variance (1 + 1/M) B, and the degrees of freedom of their sum after
        Satterthwaite (1946): M - 1, as many as B has, where nothing was sampled and U is zero.

    Notes
    -----
    The rule of Barnard and Rubin (1999) takes (df + 1) / (df + 3) of the sampling variance's degrees of freedom even
    where B is next to nothing: with 8 schools, intervals of 95 % held the truth in 97 to 100 % of simulations.
    """
    full, m = replicated[:, 0], replicated.shape[2]
    by_value = (np.square(deviations(replicated, deviations_from)) * factor[:, :, None, None]).sum(axis=1)
    sampling = by_value[:, 0] if mode == "first" else by_value.mean(axis=1)
    complete = np.broadcast_to(np.reshape(degrees_of_freedom, (len(full), -1)), sampling.shape).astype(float)
    sampling = np.where(complete > 0, sampling, np.nan)
    imputation = (1 + 1 / m) * full.var(axis=1, ddof=1) if m > 1 else np.zeros_like(sampling)
    total = sampling + imputation
    below = np.divide(sampling**2, complete, out=np.zeros_like(total), where=complete > 0)
    below += imputation**2 / (m - 1) if m > 1 else 0.0
    combined = np.divide(total**2, below, out=complete.copy(), where=below > 0)
    return full.mean(axis=1), sampling, imputation, combined


@dataclass(frozen=True)
class Rules:
    """When an estimate is withheld, and when it is flagged.

    Parameters
    ----------
    min_obs : int
        Fewer observations: withheld, status ``c``.
    min_clusters : int
        Fewer schools (distinct values of ``cluster``) among the observations: withheld, status ``c``.
    cluster : str, optional
        Column of the school or other sampling unit.
    max_missing : float
        A larger share (0 to 1, weighted) of missing values: flagged ``u``, low reliability.
    max_variation : float
        A larger coefficient of variation (standard error over absolute estimate): flagged ``u``.
    """

    min_obs: int = 0
    min_clusters: int = 0
    cluster: str | None = None
    max_missing: float = 1.0
    max_variation: float = np.inf

    def __post_init__(self) -> None:
        if self.min_clusters and self.cluster is None:
            raise SurveyError("min_clusters needs the column of the clusters, for example cluster='CNTSCHID'")

    def status(
        self, value: np.ndarray, std_error: np.ndarray, n_obs: np.ndarray, missing: np.ndarray, clusters: np.ndarray
    ) -> np.ndarray:
        """Return the observation status of each estimate: ``m``, ``c``, ``a``, ``u`` or nothing.

        ``m`` stands for no observation at all, ``c`` for too few, ``a`` for a statistic that does not exist for the
        observations (collinear covariates, perfect separation), ``u`` for low reliability or no standard error.
        """
        few = (n_obs < self.min_obs) | (clusters < self.min_clusters)
        variation = np.divide(std_error, np.abs(value), out=np.zeros_like(value), where=value != 0)
        unreliable = (variation > self.max_variation) | (missing > self.max_missing) | np.isnan(std_error)
        return np.select([n_obs == 0, few, np.isnan(value), unreliable], ["m", "c", "a", "u"], default="")


PISA_RULES = Rules(min_obs=30, min_clusters=5, cluster="CNTSCHID")

ESTIMATE = ["obs_value", "std_error", "sampling_variance", "imputation_variance", "degrees_of_freedom"]
_RESULT = [
    *ESTIMATE,
    *("n_obs", "obs_status", "n_missing", "population", "coverage", "missing_share", "n_areas", "link_error"),
]
_SEVERITY = ["m", "c", "a", "x", "u", ""]


def worse_status(*statuses: str) -> str:
    """Return the status of something made of several estimates: the gravest of theirs."""
    return min(statuses, key=_SEVERITY.index)


def _subject(table: pd.DataFrame) -> list[str]:
    """Return the columns that say what a row is about."""
    return [c for c in table.columns if c not in _RESULT]


def _complete(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of an estimate, with what a table of published figures leaves out filled in."""
    full = pd.DataFrame(index=table.index)
    full["obs_value"], full["std_error"] = table["obs_value"].astype(float), table["std_error"].astype(float)
    full["sampling_variance"] = table.get("sampling_variance", full["std_error"] ** 2)
    full["imputation_variance"] = table.get("imputation_variance", 0.0)
    full["degrees_of_freedom"] = table.get("degrees_of_freedom", np.inf)
    full["n_obs"] = table.get("n_obs", 0)
    full["obs_status"] = table.get("obs_status", "")
    return full


def average(table: pd.DataFrame, over: str, members: Sequence | None = None, name: str = "average") -> pd.DataFrame:
    """Average estimates of independent samples, each counting the same, as the OECD average does.

    Parameters
    ----------
    table : DataFrame
        Estimates with ``obs_value`` and ``std_error``, one row for each value of ``over``.
    over : str
        Column of the independent samples, for example the country.
    members : sequence, optional
        Which of them to average; None takes all.
    name : str
        What to put in the column ``over``; the number averaged is added to it: ``"average (33)"``.

    Returns
    -------
    DataFrame
        One row for each combination of the other columns; ``n_areas`` says how many samples had an estimate, and
        ``std_error`` is the root of the summed squared standard errors over that number, plus the link error of a
        `trend`, which is common to all and does not shrink.

    Notes
    -----
    Samples without an estimate are left out, which ``n_areas`` shows; where one has no standard error, neither has the
    average, and its status is ``u``. The OECD total is another thing: an estimate
    from all rows pooled, ``estimate(..., by=None)``.
    """
    if members is not None:
        absent = [member for member in members if member not in set(table[over])]
        if absent:
            raise SurveyError(f"{over!r} has no {', '.join(map(repr, absent[:5]))}; leave them out of members")
        table = table[table[over].isin(list(members))]
    rest = [c for c in _subject(table) if c != over]
    if table.duplicated([over, *rest]).any():
        raise SurveyError(f"several estimates for the same {over!r} and {rest}; average one kind at a time")
    usable = table[table["obs_value"].notna()]
    rows = []
    for key, part in usable.groupby(rest, sort=False, dropna=False) if rest else [((), usable)]:
        n, numbers = len(part), _complete(part)
        if n == 0:
            raise SurveyError(f"no estimate to average over {over!r}")
        link = part["link_error"].iloc[0] if "link_error" in part else 0.0
        if "link_error" in part and (part["link_error"] != link).any():
            raise SurveyError("changes with different link errors have no common link error; average them apart")
        independent = (numbers["std_error"] ** 2 - link**2).sum(skipna=False)
        variance = independent / n**2 + link**2
        below = (numbers["std_error"] ** 4 / numbers["degrees_of_freedom"]).sum(skipna=False) / n**4
        rows.append(
            dict(zip(rest, key, strict=True))
            | {
                over: f"{name} ({n})",
                "obs_value": numbers["obs_value"].mean(),
                "std_error": np.sqrt(variance),
                "n_obs": int(numbers["n_obs"].sum()),
                "obs_status": "u" if np.isnan(variance) else "",
                "sampling_variance": numbers["sampling_variance"].sum(skipna=False) / n**2,
                "imputation_variance": numbers["imputation_variance"].sum(skipna=False) / n**2,
                "degrees_of_freedom": np.inf if below == 0 else variance**2 / below,
                "n_areas": n,
            }
        )
    subject = [c for c in table.columns if c in (over, *rest)]
    return pd.DataFrame(rows)[[*subject, *_RESULT[:2], *_RESULT[5:7], *_RESULT[2:5], "n_areas"]]


def compare(
    first: pd.DataFrame,
    second: pd.DataFrame,
    on: str | Sequence[str] | None = None,
    link_error: float | pd.Series = 0.0,
) -> pd.DataFrame:
    """Subtract estimates of a second, independent sample from those of a first.

    Parameters
    ----------
    first, second : DataFrame
        Estimates with ``obs_value`` and ``std_error``.
    on : str or sequence of str, optional
        Columns that match rows; None takes all columns that both have and that say what a row is about.
    link_error : float or Series
        Standard error of the link between the scales of two assessments, added in squares: one for all rows, or a
        Series whose index is the column ``on`` (or columns).

    Returns
    -------
    DataFrame
        The matching columns; the difference first less second in ``obs_value`` with its ``std_error``; the usual
        columns; and ``link_error``. A row that only one table has stays, with the status ``m``.

    Notes
    -----
    Not for two groups of the same sample: use `difference`, which knows their covariance.
    """
    on = [on] if isinstance(on, str) else [c for c in _subject(first) if c in _subject(second)] if on is None else [*on]
    for table, which in ((first, "first"), (second, "second")):
        if table.duplicated(on).any() if on else len(table) > 1:
            raise SurveyError(f"the {which} table has several rows for the same {', '.join(on) or 'nothing'}")
    where = pd.concat([first[on], second[on]]).drop_duplicates() if on else pd.DataFrame(index=[0])
    index = pd.MultiIndex.from_frame(where) if len(on) > 1 else pd.Index(where[on[0]]) if on else where.index
    a, b = (
        _complete(t.set_index(on if len(on) > 1 else on[0]) if on else t.reset_index(drop=True)).reindex(index)
        for t in (first, second)
    )
    link = link_error.reindex(index) if isinstance(link_error, pd.Series) else pd.Series(link_error, index)
    if not (link >= 0).all():
        raise SurveyError(
            f"link errors must be zero or more and given for every row; found {link[~(link >= 0)].iloc[0]}"
        )
    variance = a["std_error"] ** 2 + b["std_error"] ** 2 + link**2
    below = a["std_error"] ** 4 / a["degrees_of_freedom"] + b["std_error"] ** 4 / b["degrees_of_freedom"]
    table = pd.DataFrame(
        {
            "obs_value": a["obs_value"] - b["obs_value"],
            "std_error": np.sqrt(variance),
            "n_obs": (a["n_obs"].fillna(0) + b["n_obs"].fillna(0)).astype(int),
            "obs_status": [
                worse_status(*s) for s in zip(a["obs_status"].fillna("m"), b["obs_status"].fillna("m"), strict=True)
            ],
            "sampling_variance": a["sampling_variance"] + b["sampling_variance"],
            "imputation_variance": a["imputation_variance"] + b["imputation_variance"],
            "degrees_of_freedom": (variance**2 / below).where(below != 0, np.inf),
            "link_error": link,
        },
        index=index,
    )
    table.loc[table["obs_value"].isna(), ESTIMATE] = np.nan
    table.loc[table["obs_value"].isna() & ~table["obs_status"].isin(_SEVERITY[:4]), "obs_status"] = "m"
    return _named_difference(pd.concat([where.reset_index(drop=True), table.reset_index(drop=True)], axis=1))


def trend(
    before: pd.DataFrame, after: pd.DataFrame, link_error: float | pd.Series, on: str | Sequence[str] | None = None
) -> pd.DataFrame:
    """Estimate the change between two cycles of an assessment, after less before, with the link error.

    Parameters
    ----------
    before, after : DataFrame
        Estimates of the two cycles.
    link_error : float or Series
        Published standard error of the link between the two scales; 0 where scales are not linked, as for
        questionnaire items.
    on : str or sequence of str, optional
        Columns that match rows.

    Returns
    -------
    DataFrame
        As from `compare`. The link error is common to all areas: it belongs to the change of each, and in full to the
        change of their `average`; but it cancels when changes are compared with each other, for which it is 0.
    """
    return compare(after, before, on, link_error)


def significance(
    table: pd.DataFrame,
    level: float = intervals.LEVEL,
    distribution: str = "t",
    adjustment: str | None = None,
    family: Sequence[str] = (),
    shares: bool | None = None,
) -> pd.DataFrame:
    """Add intervals and tests against zero.

    Parameters
    ----------
    table : DataFrame
        Estimates or differences, with ``obs_value`` and ``std_error``.
    level : float
        Of the intervals; tests are two-sided at 1 - level.
    distribution : {"t", "normal"}
        Student's with the column ``degrees_of_freedom``, or with infinitely many where a table of published figures
        has none; or normal throughout, as the OECD publishes.
    adjustment : str, optional
        For many tests at once: ``"holm"``, ``"fdr_bh"`` or another method of `crossroads.intervals.adjusted`. Intervals
        are not adjusted.
    family : sequence of str
        Columns that name a family of tests, within which to adjust; without them all rows are one.
    shares : bool, optional
        Whether rows are shares in per cent; None asks the column ``statistic``. Their intervals are Wilson's with the
        effective sample size, p (1 - p) over the squared standard error, and never leave 0 to 100. A share of 0 or 100
        has no standard error to tell that size; ``n_obs`` stands in, which is too many if schools are alike.

    Returns
    -------
    DataFrame
        The table with ``lower``, ``upper``, ``p_value``, ``p_adjusted`` (the same without adjustment), ``n_tests`` and
        ``significant``, by the adjusted value; missing where there is nothing to test.
    """
    if distribution not in ("normal", "t"):
        raise SurveyError(f"distribution is {distribution!r}, expected 'normal' or 't'")
    freedom = _complete(table)["degrees_of_freedom"] if distribution == "t" else pd.Series(np.inf, table.index)
    result = intervals.with_test(
        table.assign(_freedom=freedom), adjustment, family, degrees_of_freedom="_freedom", level=level
    ).drop(columns="_freedom")
    named = table["statistic"].eq("share") if "statistic" in table else pd.Series(False, table.index)
    rows = named if shares is None else pd.Series(shares, table.index)
    if rows.any():
        part = _complete(table[rows])
        outside = part["obs_value"][~part["obs_value"].between(0, 100) & part["obs_value"].notna()]
        if len(outside):
            raise SurveyError(
                f"row {outside.index[0]!r} has the value {outside.iloc[0]:g}, which is no share in per cent; "
                "say shares=False for differences of shares"
            )
        p, error = part["obs_value"] / 100, part["std_error"] / 100
        effective = (p * (1 - p) / error**2).where((error > 0) & (p > 0) & (p < 1), part["n_obs"].where(error.notna()))
        ends = intervals.share_interval(part["obs_value"], effective, freedom[rows], level)
        result.loc[rows, "lower"], result.loc[rows, "upper"] = ends
    return result


def pairwise(
    table: pd.DataFrame, key: str, against: Hashable | None = None, members: Sequence | None = None
) -> pd.DataFrame:
    """Compare independent samples of a table, such as countries, with each other.

    Parameters
    ----------
    table : DataFrame
        Estimates, one row for each value of ``key`` and of the other columns that say what a row is about.
    key : str
        Column of the independent samples.
    against : optional
        None compares every two; a value of ``key`` compares each other one with it; ``"average"`` compares each with
        the average of ``members``, which may contain it: what it shares with the average is not counted as if it
        were another sample.
    members : sequence, optional
        Values of ``key`` that the average is made of; None takes all.

    Returns
    -------
    DataFrame
        Columns ``first``, ``second``, the other columns that say what a row is about, and those of `estimate`. Each
        pair once, in the order of the table. The link error of a `trend`, common to all, cancels.

    Notes
    -----
    For groups of the same sample use `joint`, which knows their covariance.
    """
    rest = [c for c in _subject(table) if c != key]
    if table.duplicated([key, *rest]).any():
        raise SurveyError(f"several estimates for the same {key!r} and {rest}; compare one kind at a time")
    if members is not None and (absent := [m for m in members if m not in set(table[key])]):
        raise SurveyError(f"{key!r} has no {', '.join(map(repr, absent[:5]))}; leave them out of members")
    if against not in (None, "average") and against not in set(table[key]):
        raise SurveyError(f"{key!r} has no {against!r}; it has {table[key].tolist()[:10]}")
    parts = []
    for of, part in table.groupby(rest, sort=False, dropna=False) if rest else [((), table)]:
        names = part[key].to_numpy(dtype=object)
        known = part["obs_value"].notna().to_numpy() & (True if members is None else np.isin(names, list(members)))
        if against is None:
            i, j = np.triu_indices(len(part), 1)
            weights = np.eye(len(part))[i] - np.eye(len(part))[j]
            labels: Sequence = names[j]
        elif against == "average":
            i, labels = np.arange(len(part)), [f"average ({known.sum()})"] * len(part)
            weights = np.eye(len(part)) - known / max(known.sum(), 1)
        else:
            i, j = np.flatnonzero(names != against), np.flatnonzero(names == against)
            labels = [against] * len(i)
            weights = np.eye(len(part))[i] - np.eye(len(part))[j].sum(axis=0)
        subject = {"first": names[i], "second": labels} | dict(zip(rest, of, strict=True))
        found = _combined(part, weights)
        parts.append(pd.concat([pd.DataFrame(subject, index=found.index), found], axis=1))
    return _named_difference(pd.concat(parts, ignore_index=True))


def _combined(table: pd.DataFrame, weights: np.ndarray) -> pd.DataFrame:
    """Return linear combinations of independent estimates, one for each row of ``weights``, shape (K, N)."""
    full, used = _complete(table), weights != 0
    link = pd.Series(table.get("link_error", 0.0), table.index)
    variance = full["std_error"] ** 2 - link**2
    sampling = full["sampling_variance"] if "sampling_variance" in table else variance

    def summed(values: pd.Series, power: int) -> np.ndarray:
        return np.where(used, weights**power * values.to_numpy(dtype=float), 0.0).sum(axis=1)

    value, total = summed(full["obs_value"], 1), summed(variance, 2)
    below = summed(full["std_error"] ** 4 / full["degrees_of_freedom"], 4)
    status = [worse_status(*full["obs_status"].to_numpy()[row]) if row.any() else "m" for row in used]
    known = np.where(np.isin(status, _SEVERITY[:4]) | ~np.isnan(value), status, "m")
    return pd.DataFrame(
        {
            "obs_value": value,
            "std_error": np.sqrt(total),
            "n_obs": (used @ full["n_obs"].fillna(0).to_numpy()).astype(int),
            "obs_status": np.where((known == "") & np.isnan(total), "u", known),
            "sampling_variance": summed(sampling, 2),
            "imputation_variance": summed(full["imputation_variance"], 2),
            "degrees_of_freedom": np.divide(total**2, below, out=np.full_like(total, np.inf), where=below != 0),
        }
    )


def _named_difference(table: pd.DataFrame) -> pd.DataFrame:
    """Say in the column ``statistic`` that these are differences: a difference of shares is no share."""
    return table.assign(statistic="difference of " + table["statistic"]) if "statistic" in table else table
