"""Summaries of indicator tables: averages, change, effect sizes, convergence, disparities, benchmarks, growth.

Every function takes tidy tables in the columns of the data contract (``ref_area``, ``time_period``,
``obs_value``, ``std_error``...) and returns tidy tables. A table may hold several series (measures, sexes,
age groups); ``by`` names the columns that tell them apart. A key that occurs twice is refused: it means that
a column is missing in ``by``.

Not here: estimation from microdata (`crossroads.survey`), regression (`crossroads.models`), reading of files.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import optimize, special, stats
from sklearn.metrics.pairwise import nan_euclidean_distances

from crossroads import intervals
from crossroads.columns import AREA, ERROR, NOT_COMPARABLE, PERIOD, STATUS, VALUE, flagged

Estimates = TypeVar("Estimates", pd.Series, pd.DataFrame)
# On which intervals of measures of inequality are symmetric; the logarithm is that of the others.
THEIL_SCALES = dict.fromkeys(["theil", "theil_between", "theil_within"], "reciprocal root")


class IndicatorError(ValueError):
    """A table from which the statistic cannot be computed; the message says what was found and what to do."""


def latest(
    frame: pd.DataFrame, year: int, max_age: int, by: Sequence[str] = (), areas: Iterable[str] | None = None
) -> pd.DataFrame:
    """Take each area's value of a year or, where it has none, the nearest earlier one that is not too old.

    Parameters
    ----------
    frame : DataFrame
        One row per ``by``, ``ref_area`` and year.
    year : int
        Year wanted; a span counts as its last year.
    max_age : int
        Oldest value accepted, in years before ``year``; 0 takes the year alone.
    by : sequence of str
        Columns that tell series apart.
    areas : iterable of str, optional
        Areas that must be in the result; those of the table if not given.

    Returns
    -------
    DataFrame
        One row per ``by`` and area with all columns of ``frame`` and ``years_before``, the distance to
        ``year``. An area without a value stays, with ``obs_value`` missing, ``obs_status`` ``m`` and no
        ``time_period``.
    """
    by = [*by]
    table = _series(frame, by)
    years = _last_years(table[PERIOD])
    usable = table[VALUE].notna() & (years <= year) & (years >= year - max_age)
    taken = table.assign(years_before=year - years)[usable].sort_values("years_before", kind="stable")
    taken = taken.drop_duplicates([*by, AREA])
    wanted = pd.DataFrame({AREA: sorted(set(table[AREA] if areas is None else areas))})
    wanted = table[by].drop_duplicates().merge(wanted, how="cross") if by else wanted
    taken = wanted.merge(taken, on=[*by, AREA], how="left")
    taken["years_before"] = taken["years_before"].astype("Int64")
    if pd.api.types.is_numeric_dtype(table[PERIOD]):
        taken[PERIOD] = taken[PERIOD].astype("Int64")
    status = taken[STATUS] if STATUS in taken else pd.Series("", taken.index)
    taken[STATUS] = status.where(taken[VALUE].notna(), "m").fillna("")
    return taken.sort_values([*by, AREA], ignore_index=True)


def year_note(frame: pd.DataFrame, names: pd.Series | dict | None = None) -> str:
    """Say in one sentence which year each value of `latest` is from, for the note of an exhibit.

    Parameters
    ----------
    frame : DataFrame
        Result of `latest` for one series.
    names : Series or dict, optional
        Names of areas by code.

    Returns
    -------
    str
        Such as ``"Year of reference 2022, except 2021: Chile, Japan. No data: Mexico."``
    """
    names = dict(names) if names is not None else {}
    known = frame[frame[VALUE].notna()]
    if known.empty:
        raise IndicatorError("no area has a value: there is no year of reference to name")
    if frame[AREA].duplicated().any():
        raise IndicatorError("the table holds several series; describe the years of one at a time")
    main = str(int(_last_years(known[PERIOD]).iloc[0] + known["years_before"].iloc[0]))
    others = known.assign(**{PERIOD: known[PERIOD].astype(str)}).query("time_period != @main")
    if len(others) == len(known):  # nobody has a value of the year asked for: name the most recent one instead
        main = others[PERIOD].max()
        others = others.query("time_period != @main")
    parts = [
        f"{period}: {', '.join(sorted(names.get(a, a) for a in rows[AREA]))}"
        for period, rows in sorted(others.groupby(PERIOD), reverse=True)
    ]
    text = f"Year of reference {main}" + (f", except {'; '.join(parts)}." if parts else ".")
    missing = sorted(names.get(a, a) for a in frame.loc[frame[VALUE].isna(), AREA])
    return text + (f" No data: {', '.join(missing)}." if missing else "")


def comparable(tables: Mapping[str, pd.DataFrame], areas: Iterable[str], name: str) -> pd.DataFrame:
    """Stack tables of one measure each, without what their publisher leaves out of comparisons over time.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By the name of the series, such as the subject of a test.
    areas : iterable of str
        Members of the group, without aggregates.
    name : str
        Column that the names of the series go to.

    Returns
    -------
    DataFrame
        The rows of ``areas`` that no flag marks as not comparable, ``name`` as first column.

    Raises
    ------
    IndicatorError
        If no row is left.
    """
    stacked = pd.concat(tables, names=[name]).droplevel(1).reset_index()
    kept = stacked[stacked[AREA].isin([*areas]) & ~flagged(stacked, NOT_COMPARABLE)]
    if kept.empty:
        raise IndicatorError(f"of {len(stacked)} rows of {', '.join(tables)} none is comparable and of these areas")
    return kept


def average(
    frame: pd.DataFrame,
    areas: Iterable[str] | None = None,
    by: Sequence[str] = (),
    constant: bool = False,
    code: str = "average",
) -> pd.DataFrame:
    """Average areas without weights, as the OECD average does, and say how many.

    Parameters
    ----------
    frame : DataFrame
        One row per ``by``, ``ref_area`` and ``time_period``.
    areas : iterable of str, optional
        Members of the group; all areas of the table if not given (remove aggregates first).
    by : sequence of str
        Columns that tell series apart.
    constant : bool
        Keep only areas with a value in every period of their series, as any trend must.
    code : str
        First part of the code that the average gets in ``ref_area``; the number of areas follows it.

    Returns
    -------
    DataFrame
        One row per ``by`` and ``time_period``: ``ref_area`` such as ``OECD-average-33``, ``obs_value``,
        ``std_error``, ``n_areas``, ``missing`` (codes of members left out, separated by blanks) and
        ``obs_status`` (``m`` where no member has a value). ``std_error`` is given only where every member
        averaged has one.

    Notes
    -----
    Samples of countries are independent: the standard error of the mean of n countries is sqrt(sum of squared
    errors) / n (OECD, PISA 2022 Technical Report). Countries are not a sample of countries: the error speaks
    of the sampling of students, teachers or adults within them only.
    """
    by = [*by]
    table = _series(frame, by)
    members = sorted(set(table[AREA] if areas is None else areas))
    if not members:
        raise IndicatorError("no areas to average")
    table = table[table[AREA].isin(members)]
    if table.empty:
        raise IndicatorError(f"none of the {len(members)} areas is in the table, such as {members[0]!r}")
    groups = table.groupby(by, sort=True) if by else [((), table)]
    rows = []
    for key, series in groups:
        wide = series.pivot(index=AREA, columns=PERIOD, values=VALUE).reindex(members)
        errors = series.pivot(index=AREA, columns=PERIOD, values=ERROR).reindex(members) if ERROR in series else None
        kept = wide.notna().all(axis=1) if constant else pd.Series(True, wide.index)
        for period in wide:
            used = kept & wide[period].notna()
            n = int(used.sum())
            error = (
                np.sqrt((errors.loc[used, period] ** 2).sum(skipna=False)) / n if n and errors is not None else np.nan
            )
            rows.append(
                (
                    *key,
                    f"{code}-{n}",
                    period,
                    wide.loc[used, period].mean(),
                    error,
                    n,
                    " ".join(wide.index[~used]),
                )
            )
    result = pd.DataFrame(rows, columns=[*by, AREA, PERIOD, VALUE, ERROR, "n_areas", "missing"])
    result[STATUS] = np.where(result["n_areas"] > 0, "", "m")
    return result


def change(
    frame: pd.DataFrame,
    start: int | str,
    end: int | str,
    by: Sequence[str] = (),
    link_error: float = 0.0,
    relative: bool = False,
    adjust: str | None = "fdr_bh",
) -> pd.DataFrame:
    """Subtract one period from another, with the standard error of the difference and a test.

    Parameters
    ----------
    frame : DataFrame
        One row per ``by``, ``ref_area`` and ``time_period``; both periods independent samples.
    start, end : int or str
        Periods to compare.
    by : sequence of str
        Columns that tell series apart.
    link_error : float
        Standard error of the link between the scales of two assessments, in the unit of the values.
    relative : bool
        Give the change in per cent of the first value, its error by the delta method.
    adjust : str or None
        How p-values are adjusted for the number of rows tested: a method of
        `statsmodels.stats.multitest.multipletests`, by default Benjamini and Hochberg's false-discovery rate.

    Returns
    -------
    DataFrame
        One row per ``by`` and area: ``time_period`` as a span, ``start_value``, ``end_value``, ``obs_value``
        (the change), ``std_error``, ``lower`` and ``upper`` (95 %, not adjusted), ``p_value``,
        ``p_adjusted``, ``significant`` (missing where there is no standard error) and ``obs_status`` (``m``
        without both values).

    Notes
    -----
    The link error is shared by all areas. The change of an average is therefore the change of `average` with
    the link error added once, not the average of changes that each hold it.
    """
    if not link_error >= 0:
        raise IndicatorError(f"link_error is {link_error}; expected zero or more")
    table = _two_periods(frame, start, end, [*by])
    first, last = table["start_value"], table["end_value"]
    sampling = table["start_error"] ** 2 + table["end_error"] ** 2 + link_error**2
    table[VALUE], table[ERROR] = last - first, np.sqrt(sampling)
    if relative:
        if (first <= 0).any():
            raise IndicatorError("a relative change needs first values above zero; take the difference")
        gradient = table["end_error"] ** 2 + link_error**2 + (table["start_error"] * last / first) ** 2
        table[VALUE], table[ERROR] = 100 * (last / first - 1), 100 * np.sqrt(gradient) / first
    return _tested(table, adjust).drop(columns=["start_error", "end_error"])


def effect_size(
    frame: pd.DataFrame,
    start: int | str,
    end: int | str,
    by: Sequence[str] = (),
    kind: str = "share",
    percent: bool = True,
    adjust: str | None = "fdr_bh",
) -> pd.DataFrame:
    """Express a change as an effect size: Cohen's h for shares, Cohen's d for means.

    Parameters
    ----------
    frame : DataFrame
        One row per ``by``, ``ref_area`` and ``time_period``, with ``std_error`` or, for simple random
        samples, ``n_obs``. For means also ``std_deviation``, between persons, in the unit of the values.
    start, end : int or str
        Periods to compare.
    by : sequence of str
        Columns that tell series (practices) apart.
    kind : {"share", "mean"}
        What the values are.
    percent : bool
        Shares are in per cent (0 to 100); otherwise proportions.
    adjust : str or None
        As in `change`.

    Returns
    -------
    DataFrame
        As from `change`, with the effect size in ``obs_value``, and ``magnitude``: ``negligible`` below 0.2,
        ``small`` below 0.5, ``medium`` below 0.8, else ``large`` (in absolute value; Cohen's conventions).

    Notes
    -----
    h = 2 arcsin sqrt(p2) - 2 arcsin sqrt(p1); by the delta method its variance is the sum of se^2 / (p (1 -
    p)), which is 1 / n for a simple random sample. A share of exactly 0 or 100 has no such error unless
    ``n_obs`` is given. d = (m2 - m1) / s with s the pooled standard deviation; its variance is that of m2 -
    m1 over s^2 plus d^2 / (2 (n1 + n2)). Cohen (1988), Statistical Power Analysis for the Behavioral
    Sciences, ch. 2 and 6.
    """
    if kind not in ("share", "mean"):
        raise IndicatorError(f"kind is {kind!r}; expected 'share' or 'mean'")
    table = _two_periods(frame, start, end, [*by], extra=["n_obs", "std_deviation"])
    convert = _cohen_h if kind == "share" else _cohen_d
    table[VALUE], variance = convert(table, 100.0 if percent else 1.0)
    table[ERROR] = np.sqrt(variance)
    table = _tested(table, adjust)
    size = pd.cut(table[VALUE].abs(), [-1, 0.2, 0.5, 0.8, np.inf], right=False)
    table["magnitude"] = size.cat.rename_categories(["negligible", "small", "medium", "large"]).astype(object)
    scratch = [f"{side}_{c}" for side in ("start", "end") for c in ("error", "n_obs", "std_deviation")]
    return table.drop(columns=scratch)


def summarise_effects(effects: pd.DataFrame, by: Sequence[str] = (AREA,), correlation: float = 1.0) -> pd.DataFrame:
    """Sum up the effect sizes of many practices, per country: how much changed, and which way.

    Parameters
    ----------
    effects : DataFrame
        Result of `effect_size`, one row per area and practice.
    by : sequence of str
        Columns to summarise by.
    correlation : float
        Correlation between the errors of practices reported by the same people, 0 to 1. It is seldom
        published; the default gives the largest possible standard error of the mean.

    Returns
    -------
    DataFrame
        ``n_practices``, ``n_missing``, ``n_up``, ``n_down`` (significant), ``n_unchanged``; ``obs_value``,
        the mean effect, with ``std_error``, ``lower`` and ``upper``; ``mean_absolute``, the mean size of
        change in whichever direction; and ``expected_absolute``, what the latter would be by sampling error
        alone if nothing had changed.

    Notes
    -----
    The mean of absolute effects as a measure of how much practice changed follows OECD (2014; 2019),
    Measuring Innovation in Education. It is above zero even without change: the mean of the absolute value of
    a normal variable is sqrt(2 / pi) times its standard error, which ``expected_absolute`` states.
    """
    if not 0 <= correlation <= 1:
        raise IndicatorError(f"correlation is {correlation}; expected 0 to 1")

    def summarise(rows: pd.DataFrame) -> dict[str, float]:
        known = rows[rows[VALUE].notna()]
        up, down = (known["significant"].fillna(False) & (sign * known[VALUE] > 0) for sign in (1, -1))
        n, error, value = len(known), known[ERROR], known[VALUE]
        independent = (error**2).sum(skipna=False)
        together = error.sum(skipna=False) ** 2
        mean_error = np.sqrt(independent + correlation * (together - independent)) / n if n else np.nan
        lower, upper = intervals.interval(value.mean(), mean_error)
        return {
            "n_practices": n, "n_missing": len(rows) - n, "n_up": int(up.sum()), "n_down": int(down.sum()),
            "n_unchanged": n - int(up.sum() + down.sum()), VALUE: value.mean(), ERROR: mean_error,
            "lower": lower, "upper": upper, "mean_absolute": value.abs().mean(),
            "expected_absolute": np.sqrt(2 / np.pi) * error.mean(skipna=False),
        }  # fmt: skip

    rows = [dict(zip(by, key, strict=True)) | summarise(part) for key, part in effects.groupby([*by], sort=True)]
    return pd.DataFrame(rows)


def difference(estimates: Estimates, others: Estimates) -> Estimates:
    """Subtract estimates from others of independent samples.

    Parameters
    ----------
    estimates, others : Series or DataFrame
        With ``obs_value`` and ``std_error``: two rows, or two tables with the same index.

    Returns
    -------
    Series or DataFrame
        ``obs_value``, the first minus the second, and ``std_error``, the root of the sum of squared errors.
    """
    parts = {VALUE: estimates[VALUE] - others[VALUE], ERROR: np.hypot(estimates[ERROR], others[ERROR])}
    return type(estimates)(parts, dtype=float)


def ends(
    frame: pd.DataFrame, column: str = VALUE, names: Sequence[str] = ("lowest", "highest")
) -> dict[str, pd.Series]:
    """Find the rows with the lowest and the highest value.

    Parameters
    ----------
    frame : DataFrame
    column : str
        Of the values; missing ones are passed over.
    names : sequence of str
        What to call the two.

    Returns
    -------
    dict of str to Series
        The two rows, by name.

    Raises
    ------
    IndicatorError
        If several rows are level at an end: one of them would be named as the lowest or highest.
    """
    rows, values = frame.reset_index(drop=True), frame[column].reset_index(drop=True)
    for end in (values.min(), values.max()):
        level = rows[values == end]
        if len(level) > 1:
            first = ", ".join(map(str, level.iloc[:3, 0]))
            raise IndicatorError(f"{len(level)} rows are level at {end:.7g} in {column!r}, {first}; name them all")
    return dict(zip(names, (rows.loc[values.idxmin()], rows.loc[values.idxmax()]), strict=True))


def correlation(frame: pd.DataFrame, x: str, y: str) -> pd.Series:
    """Correlate two measures over areas.

    Parameters
    ----------
    frame : DataFrame
        One row an area; rows without one of the two are left out.
    x, y : str
        Columns of the two measures.

    Returns
    -------
    Series
        ``obs_value`` (Pearson's correlation), ``lower`` and ``upper`` (95 %, Fisher's transformation), ``p_value`` and
        ``n_obs``.

    Raises
    ------
    IndicatorError
        If fewer than four rows have both, from which no interval can be computed.
    """
    known = frame[[x, y]].dropna()
    if len(known) < 4:
        raise IndicatorError(f"{len(known)} rows have both {x!r} and {y!r}; a correlation with an interval needs four")
    link = stats.pearsonr(known[x], known[y])
    lower, upper = link.confidence_interval(intervals.LEVEL)
    parts = {VALUE: link.statistic, "lower": lower, "upper": upper, "p_value": link.pvalue}
    return pd.Series({name: float(part) for name, part in parts.items()} | {"n_obs": len(known)}, dtype=object)


def convergence(
    frame: pd.DataFrame,
    start: int | str,
    end: int | str,
    by: Sequence[str] = (),
    group: str | None = None,
    cluster: str | None = None,
    logs: bool = True,
) -> pd.DataFrame:
    """Test whether areas that started lower grew faster (beta), and whether they came closer together (sigma).

    Parameters
    ----------
    frame : DataFrame
        One row per ``by``, ``ref_area`` and ``time_period``.
    start, end : int or str
        Periods to compare.
    by : sequence of str
        Columns that tell series apart.
    group : str, optional
        Column of the country: convergence of regions within countries, with country fixed effects. An area that is the
        only one of its country says nothing about that, and is left out.
    cluster : str, optional
        Column of what is independent of each other: the country, wherever areas are regions. That of ``group`` if not
        given; without both areas are independent, as countries are.
    logs : bool
        Growth rates of positive values; False compares differences, for shares.

    Returns
    -------
    DataFrame
        One row per ``by``. ``obs_value`` is beta: the slope of yearly growth (or change) on the starting level (its
        log), negative if areas converge, with ``std_error``, ``lower``, ``upper``, ``p_value`` (HC3; with clusters
        CV3 and Student's t over them); ``half_life`` in years (infinite without convergence). ``start_spread`` and
        ``end_spread``: standard deviations (of logs, within groups); ``spread_ratio`` end over start, below 1 if areas
        came closer, with ``spread_lower`` and ``spread_upper``; ``sigma_p_value`` of the test that the two are equal.
        ``n_areas``, ``n_clusters``, ``n_alone`` (left out as the only area of their group), ``n_missing``.

    Notes
    -----
    Beta can be negative by regression to the mean alone (Galton's fallacy; Quah 1993), and is biased that way by errors
    of measurement in the starting level: read it with sigma. Barro and Sala-i-Martin (1992); the rate of convergence
    is -log(1 + T beta) / T and the half-life log(2) over it. Pitman's and Morgan's (1939) test of equal variances asks
    whether sums and differences of the two periods correlate; with clusters it is the slope of one on the other with
    clustered errors. The interval of the ratio holds the ratios that the test does not reject.
    """
    by = [*by]
    table = _two_periods(frame, start, end, by)
    columns = [*dict.fromkeys(filter(None, [group, cluster]))]
    if columns:
        groups = frame[[AREA, *columns]].drop_duplicates()
        if groups[AREA].duplicated().any():
            twice = groups[AREA][groups[AREA].duplicated()].iloc[0]
            raise IndicatorError(f"{twice} is in more than one {' or '.join(columns)}")
        table = table.merge(groups, on=AREA, how="left")
    years = float(np.diff(_years(pd.Series([start, end])))[0])
    if years <= 0:
        raise IndicatorError(f"{end} is not later than {start}")
    rows = []
    for key, part in table.groupby(by, sort=True) if by else [((), table)]:
        known = part.dropna(subset=["start_value", "end_value", *columns])
        alone = ~known[group].duplicated(keep=False) if group else pd.Series(False, known.index)
        known = known[~alone]
        first, last = known["start_value"], known["end_value"]
        if logs and not ((first > 0).all() and (last > 0).all()):
            raise IndicatorError("growth rates need values above zero; use logs=False for differences")
        first, last = (np.log(first), np.log(last)) if logs else (first, last)
        if group:
            first, last = (v - v.groupby(known[group]).transform("mean") for v in (first, last))
        independent = pd.factorize(known[cluster or group])[0] if cluster or group else None
        rows.append(
            dict(zip(by, key, strict=True))
            | {PERIOD: f"{start}-{end}"}
            | _beta(first, last, years, independent, constant=group is None)
            | _sigma(first.to_numpy(), last.to_numpy(), known[group].nunique() if group else 1, independent)
            | {"n_areas": len(known), "n_clusters": len(known) if independent is None else independent.max() + 1}
            | {"n_alone": int(alone.sum()), "n_missing": len(part) - len(known) - int(alone.sum())}
        )
    return pd.DataFrame(rows)


def disparities(
    frame: pd.DataFrame, by: Sequence[str] = (), group: str | None = None, weights: str | None = None
) -> pd.DataFrame:
    """Measure how unequal areas are: ratio of highest to lowest, Gini and Theil, the last split by group.

    Parameters
    ----------
    frame : DataFrame
        One row per ``by`` and area; values of zero or more.
    by : sequence of str
        Columns that tell series apart, such as ``time_period`` (or the country, for disparities inside each).
    group : str, optional
        Column by which Theil is split (the country).
    weights : str, optional
        Column of weights, such as population.

    Returns
    -------
    DataFrame
        One row per ``by`` and ``statistic``: ``ratio`` (of highest to lowest), ``ratio_90_10`` (of 90th to 10th
        percentile, unweighted), ``gini``, ``theil``, with ``group`` also ``theil_between`` and ``theil_within`` (they
        add up to ``theil``) and ``share_between`` (per cent); ``obs_value``, ``lower``, ``upper`` (95 %; none for
        ``ratio``, and none for ``ratio_90_10`` without groups, as both hang on single areas), ``n_areas``, ``n_missing``. A ratio over zero is missing.

    Notes
    -----
    Theil's T is the mean of (x / m) log(x / m), with 0 log 0 = 0. All are unchanged if all values are multiplied. Gini
    is the mean absolute difference over twice the mean, without small-sample correction. Theil (1967), Economics and
    Information Theory. Intervals are those of the jackknife of areas, with ``group`` of whole groups, corrected for bias
    (`crossroads.intervals.jackknife`): percentiles of a bootstrap cover the Gini of ten areas in 60 % of samples, not 95,
    as samples of few areas are less unequal than what they are drawn from. They are symmetric on the logarithm, and for
    Theil and its parts, whose error grows faster than themselves, on minus one over the root: on the logarithm they cover
    91 % where values are as skewed as incomes. Where values are more skewed than that (a standard deviation of their
    logarithm of 0.9) the interval of Theil covers 92 % of samples of 38 areas. Parts of Theil speak of countries
    with so many regions as they have: with few regions, means of countries differ by chance too
    (`crossroads.regions.variance_within_between` corrects for that).
    """
    rows = []
    for key, part in frame.groupby([*by], sort=True) if by else [((), frame)]:
        known = part.dropna(subset=[VALUE, *([group] if group else []), *([weights] if weights else [])])
        value = known[VALUE].to_numpy(float)
        weight = known[weights].to_numpy(float) if weights else np.ones(len(value))
        if not (len(value) and (value >= 0).all() and value.sum() > 0 and (weight > 0).all()):
            lowest = f", the lowest {value.min():g}, lowest weight {weight.min():g}" if len(value) else ""
            raise IndicatorError(
                "disparities need values of zero or more, one above it, and positive weights;"
                f" found {len(value)} values{lowest}"
            )
        codes = pd.factorize(known[group])[0] if group else None
        found = _inequality(value, weight, codes)
        # With groups, whole groups are left out: regions of a country are not independent of each other.
        units = np.arange(len(value)) if codes is None else codes
        kept = [units != unit for unit in range(units.max() + 1)]
        without = [
            _inequality(value[k], weight[k], None if codes is None else codes[k]) for k in kept if value[k].sum() > 0
        ]
        for name, observed in found.items():
            bounds = (np.nan, np.nan)
            resists = name != "ratio" and (group is not None or name != "ratio_90_10")
            if len(without) == len(kept) and resists and observed > 1e-12:
                whole, scale = (100, "logit") if name == "share_between" else (1, THEIL_SCALES.get(name, "log"))
                others = np.array([w[name] for w in without]) / whole
                lower, upper = intervals.jackknife(observed / whole, others, scale, correct_bias=whole == 1)
                bounds = whole * lower, whole * upper
            rows.append(
                dict(zip(by, key, strict=True))
                | {"statistic": name, VALUE: observed, "lower": bounds[0], "upper": bounds[1]}
                | {"n_areas": len(value), "n_missing": len(part) - len(known)}
            )
    return pd.DataFrame(rows)


def benchmark(
    frame: pd.DataFrame, context: pd.DataFrame, max_distance: float = 2.0, min_peers: int = 3
) -> pd.DataFrame:
    """Compare each area with the areas like it, the most alike counting most.

    Parameters
    ----------
    frame : DataFrame
        One row per ``ref_area``, with ``obs_value`` and perhaps ``std_error``.
    context : DataFrame
        Index ``ref_area``; columns the circumstances by which areas are alike (income, attainment of adults), turned
        into standard deviations here. Take logs of skewed ones before. Of two areas those circumstances count that are
        known of both, in proportion.
    max_distance : float
        In standard deviations; an area as far away as that does not count any more, and the weight of the others falls
        in a straight line from one at no distance.
    min_peers : int
        An area with fewer in reach is compared with none, nor is one for whom a single area has most of the weight, so
        that their effective number is below half of it: the spread among them would be anybody's guess.

    Returns
    -------
    DataFrame
        One row an area: ``value`` (its own), ``peer_mean`` (weighted), ``obs_value`` (value less mean of peers),
        ``std_error``, ``degrees_of_freedom``, ``lower``, ``upper``, ``peer_spread`` (weighted standard deviation among
        peers), ``n_peers``, ``n_effective`` (one over the sum of squared weights) and ``peers`` (codes, nearest first).
        Areas without value, context or enough peers have status ``m``.

    Raises
    ------
    IndicatorError
        If a circumstance does not vary, or nobody has enough peers.

    Notes
    -----
    The peers stand for what systems like the area's would have: beside its own sampling error the standard error holds
    that of their weighted mean, from the spread among them (in which their sampling errors are), with the effective
    number of peers less one degrees of freedom, joined as by Satterthwaite. It is missing where the area has none.
    """
    table = _series(frame, [], (AREA, VALUE)).set_index(AREA)
    if ERROR not in table:
        table[ERROR] = np.nan
    context = context.dropna(how="all").sort_index()
    if not (context.std() > 0).all():
        raise IndicatorError(f"{context.columns[~(context.std() > 0)][0]!r} does not vary: it tells nobody apart")
    known = table.reindex(context.index)
    value, error = known[VALUE].to_numpy(float), known[ERROR].to_numpy(float)
    distance = nan_euclidean_distances((context - context.mean()) / context.std())
    np.fill_diagonal(distance, np.inf)
    weight = np.nan_to_num(np.clip(1 - distance / max_distance, 0, None)) * np.isfinite(value)
    n_peers = (weight > 0).sum(axis=1)
    with np.errstate(invalid="ignore"):
        effective = weight.sum(axis=1) ** 2 / (weight**2).sum(axis=1)
    enough = (n_peers >= min_peers) & (effective >= min_peers / 2) & np.isfinite(value)
    if not enough.any():
        raise IndicatorError(
            f"of {int(np.isfinite(value).sum())} areas with value and context, none has {min_peers} others within a"
            f" distance of {max_distance:g} standard deviations"
        )
    with np.errstate(invalid="ignore"):
        share = np.where(enough[:, None], weight / weight.sum(axis=1, keepdims=True), np.nan)
    mean, squares = share @ np.nan_to_num(value), (share**2).sum(axis=1)
    variance = (share * (np.nan_to_num(value) - mean[:, None]) ** 2).sum(axis=1) / (1 - squares)
    group = variance * squares
    total = np.sqrt(error**2 + group)
    with np.errstate(divide="ignore"):
        freedom = (error**2 + group) ** 2 / (group**2 / (1 / squares - 1))
    lower, upper = intervals.interval(value - mean, total, freedom)
    nearest = np.argsort(distance, axis=1, kind="stable")
    result = pd.DataFrame(
        {
            "value": np.where(enough, value, np.nan),
            "peer_mean": mean,
            VALUE: value - mean,
            ERROR: total,
            "degrees_of_freedom": freedom,
            "lower": lower,
            "upper": upper,
            "peer_spread": np.sqrt(variance),
            "n_peers": n_peers,
            "n_effective": 1 / squares,
            "peers": [" ".join(context.index[[j for j in order if w[j] > 0]]) for order, w in zip(nearest, weight, strict=True)],
        },
        index=context.index,
    )  # fmt: skip
    result = result.reindex(table.index.union(context.index).rename(AREA)).reset_index()
    return result.assign(**{STATUS: np.where(result[VALUE].notna(), "", "m")})


def partial_pooling(frame: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Draw noisy estimates of areas towards their common mean, the more the noisier they are.

    Parameters
    ----------
    frame : DataFrame
        One row per ``by`` and ``ref_area``, with ``obs_value`` (such as a gap) and ``std_error`` from independent
        samples.
    by : sequence of str
        Columns that tell series apart; each is pooled by itself.

    Returns
    -------
    DataFrame
        One row per ``by`` and area: ``value`` (as given), ``obs_value`` (drawn in), ``std_error``, ``lower``, ``upper``
        (95 %), ``shrinkage`` (per cent of the way to the mean), ``mean`` and ``mean_error`` of true values,
        ``deviation`` (their standard deviation between areas), ``p_value`` of Cochran's test that there is none,
        ``n_areas`` and ``obs_status`` (``m`` without value or error).

    Notes
    -----
    The hierarchical model of Rubin (1981), "Estimation in parallel randomized experiments", Journal of Educational
    Statistics 6: true values are normal between areas, estimates normal around them. All numbers are means over what
    the variance between areas may be, each value of it alike before the data are seen, so that errors hold that it is not
    known: an estimate of it that is put in, zero in many samples, covers too little (Morris and Tang 2011, "Estimating
    random effects via adjustment for density maximization", Statistical Science 26). Intervals cover 95 % over areas on
    average, not for each, and more where areas hardly differ; ``deviation`` is on the high side, by a tenth with 30 areas.
    What is drawn in serves comparison and maps; tests of single areas belong to the values as published.
    """
    table = _series(frame, [*by], (AREA, VALUE))
    if ERROR not in table or not (table[ERROR].dropna() > 0).all():
        raise IndicatorError("partial pooling needs a column std_error above zero")
    parts = []
    for _, part in table.groupby([*by], sort=True) if by else [((), table)]:
        known = part[VALUE].notna() & part[ERROR].notna()
        n = int(known.sum())
        if n < 5:
            raise IndicatorError(f"{n} areas have a value with its error; partial pooling needs five or more")
        value, variance = part.loc[known, VALUE].to_numpy(float), part.loc[known, ERROR].to_numpy(float) ** 2
        drawn_in, of_mean = _pooled(value, variance)
        spread = ((value - np.average(value, weights=1 / variance)) ** 2 / variance).sum()
        columns = pd.DataFrame(drawn_in | {"value": value}, part.index[known]).reindex(part.index).to_dict("series")
        columns |= of_mean | {"p_value": special.chdtrc(n - 1, spread), "n_areas": n, STATUS: np.where(known, "", "m")}
        parts.append(intervals.with_interval(part[[*by, AREA]].assign(**columns)))
    return pd.concat(parts, ignore_index=True)


def _pooled(value: np.ndarray, variance: np.ndarray) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """Return what `partial_pooling` says of each area, and of all: means over the variance between areas."""
    # Gauss and Legendre's nodes on an angle, whose tangent runs over all deviations from zero to infinity.
    node, width = np.polynomial.legendre.leggauss(200)
    angle, scale = np.pi / 4 * (node + 1), np.sqrt(np.median(variance) + value.var())
    deviation = scale * np.tan(angle)
    weight = 1 / (variance + deviation[:, None] ** 2)
    total = weight.sum(axis=1)
    mean = weight @ value / total
    fit = np.log(weight).sum(axis=1) - np.log(total) - (weight * (value - mean[:, None]) ** 2).sum(axis=1)
    # Even over the variance, whose step is twice the deviation times the step of the deviation.
    density = np.exp((fit - fit.max()) / 2) * width * deviation / np.cos(angle) ** 2
    density /= density.sum()
    share = variance * weight
    given = share * mean[:, None] + (1 - share) * value
    error = (1 - share) * variance + share**2 / total[:, None]
    whole, centre = density @ given, density @ mean
    mean_error = np.sqrt(density @ (1 / total + (mean - centre) ** 2))
    drawn_in = {
        VALUE: whole,
        ERROR: np.sqrt(density @ (error + (given - whole) ** 2)),
        "shrinkage": 100 * density @ share,
    }
    return drawn_in, {"mean": centre, "mean_error": mean_error, "deviation": density @ deviation}


def index_numbers(frame: pd.DataFrame, base: int | str, by: Sequence[str] = ()) -> pd.DataFrame:
    """Express series as index numbers (base = 100) and growth rates.

    Parameters
    ----------
    frame : DataFrame
        One row per ``by``, ``ref_area`` and ``time_period``; positive values.
    base : int or str
        Period that is 100.
    by : sequence of str
        Columns that tell series apart.

    Returns
    -------
    DataFrame
        ``frame`` sorted by key, with ``index`` and ``index_error`` (delta method, independent samples; 0 in the base
        period), ``growth`` (per cent a year since the previous value of the series) and ``growth_since_base`` (per cent
        a year, compound). Series without a positive value in the base period have no index, and status ``m``.
    """
    keys = [*by, AREA]
    table = _series(frame, [*by])
    if not (table[VALUE].dropna() > 0).all():
        raise IndicatorError(f"index numbers need values above zero; found {table[VALUE].min():g}")
    table = table.assign(_year=_years(table[PERIOD])).sort_values([*keys, "_year"], ignore_index=True)
    is_base = (table[PERIOD].astype(str) == str(base)) & table[VALUE].notna()
    if not is_base.any():
        raise IndicatorError(f"no area has a value for the base period {base}")
    error = table[ERROR] if ERROR in table else pd.Series(np.nan, table.index)
    bases = table.assign(_base=table[VALUE], _base_error=error, _base_year=table["_year"])[is_base]
    table = table.merge(bases[[*keys, "_base", "_base_error", "_base_year"]], on=keys, how="left")
    table["index"] = 100 * table[VALUE] / table["_base"]
    relative = np.sqrt((error / table[VALUE]) ** 2 + (table["_base_error"] / table["_base"]) ** 2)
    table["index_error"] = (table["index"] * relative).mask(is_base & error.notna(), 0.0)
    known = table[table[VALUE].notna()]
    before = known.groupby(keys)[[VALUE, "_year"]].shift()
    growth = 100 * ((known[VALUE] / before[VALUE]) ** (1 / (known["_year"] - before["_year"])) - 1)
    table["growth"] = growth.reindex(table.index)
    span = (table["_year"] - table["_base_year"]).where(lambda years: years != 0)
    table["growth_since_base"] = 100 * ((table["index"] / 100) ** (1 / span) - 1)
    status = table[STATUS].fillna("") if STATUS in table else pd.Series("", table.index)
    table[STATUS] = status.mask(table["index"].isna() & (status == ""), "m")
    return table.drop(columns=["_year", "_base", "_base_error", "_base_year"])


def _series(frame: pd.DataFrame, by: list[str], need: Sequence[str] = (AREA, PERIOD, VALUE)) -> pd.DataFrame:
    """Check that a table has its columns and one row a key."""
    absent = [c for c in (*need, *by) if c not in frame]
    if absent:
        raise IndicatorError(f"the table has no column {absent[0]!r}; it has {', '.join(map(str, frame.columns))}")
    key = [c for c in (*by, AREA, PERIOD) if c in need or c in by]
    if frame.duplicated(key).any():
        found = frame.loc[frame.duplicated(key), key].iloc[0].to_dict()
        raise IndicatorError(f"{found} occurs more than once: select one series, or name what tells them apart in `by`")
    if np.isinf(frame[VALUE].astype(float)).any():
        raise IndicatorError("obs_value holds infinity; a value must be finite or missing")
    return frame.reset_index(drop=True)


def _years(periods: pd.Series) -> pd.Series:
    """Give each period as a year; a span such as 2019-2021 as its middle."""
    parts = periods.astype(str).str.extract(r"^(\d{4})(?:-(\d{4}))?$").astype(float)
    if parts[0].isna().any():
        found = periods[parts[0].isna()].iloc[0]
        raise IndicatorError(f"time_period {found!r} is neither a year such as 2022 nor a span such as 2019-2021")
    return (parts[0] + parts[1].fillna(parts[0])) / 2


def _last_years(periods: pd.Series) -> pd.Series:
    """Give each period as its last year: a span such as 2019-2021 is as old as 2021."""
    _years(periods)  # refuses what is no period
    return periods.astype(str).str[-4:].astype(int)


def _two_periods(
    frame: pd.DataFrame, start: int | str, end: int | str, by: list[str], extra: Sequence[str] = ()
) -> pd.DataFrame:
    """Put two periods side by side, one row an area; areas with one period only stay."""
    table = _series(frame, by)
    periods = table[PERIOD].astype(str)
    sides = []
    for period, side in ((start, "start"), (end, "end")):
        rows = table[periods == str(period)]
        if rows.empty:
            raise IndicatorError(f"no rows for {period}; the table has {', '.join(sorted(periods.unique()))}")
        columns = {VALUE: f"{side}_value", ERROR: f"{side}_error"} | {c: f"{side}_{c}" for c in extra}
        rows = rows.reindex(columns=[*by, AREA, *columns]).rename(columns=columns)
        sides.append(rows.astype(dict.fromkeys(columns.values(), float)))
    table = sides[0].merge(sides[1], on=[*by, AREA], how="outer").sort_values([*by, AREA], ignore_index=True)
    table.insert(len(by) + 1, PERIOD, f"{start}-{end}")
    return table


def _tested(table: pd.DataFrame, adjust: str | None) -> pd.DataFrame:
    """Add interval, p-values and status to differences."""
    error = table[ERROR].where(table[VALUE].notna())
    tested = intervals.with_test(table.assign(**{ERROR: error}), adjust).drop(columns="n_tests")
    return tested.assign(**{STATUS: np.where(table[VALUE].notna(), "", "m")})


def _cohen_h(table: pd.DataFrame, whole: float) -> tuple[pd.Series, pd.Series]:
    """Return Cohen's h and its variance."""
    angles, variance = {}, 0.0
    for side in ("start", "end"):
        share = table[f"{side}_value"] / whole
        if not share.dropna().between(0, 1).all():
            raise IndicatorError(f"a share must lie between 0 and {whole:g}; found {table[f'{side}_value'].max():g}")
        inside = (share * (1 - share)).where(lambda product: product > 0)
        angles[side] = 2 * np.arcsin(np.sqrt(share))
        simple = 1 / table[f"{side}_n_obs"].where(table[f"{side}_n_obs"] > 0)
        variance = variance + ((table[f"{side}_error"] / whole) ** 2 / inside).fillna(simple)
    return angles["end"] - angles["start"], variance


def _cohen_d(table: pd.DataFrame, _: float) -> tuple[pd.Series, pd.Series]:
    """Return Cohen's d and its variance."""
    s1, s2, n1, n2 = (table[f"{side}_{c}"] for c in ("std_deviation", "n_obs") for side in ("start", "end"))
    if s1.isna().all() or (s1 <= 0).any() or (s2 <= 0).any():
        raise IndicatorError("an effect size of means needs a column std_deviation above zero, between persons")
    pooled = (((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2)).fillna((s1**2 + s2**2) / 2)
    size = (table["end_value"] - table["start_value"]) / np.sqrt(pooled)
    means = (table["start_error"] ** 2 + table["end_error"] ** 2).fillna(pooled / n1 + pooled / n2)
    return size, means / pooled + (size**2 / (2 * (n1 + n2))).fillna(0)


def _beta(
    first: pd.Series, last: pd.Series, years: float, clusters: np.ndarray | None, constant: bool
) -> dict[str, float]:
    """Regress yearly growth on the starting level; without a constant where means of groups are subtracted."""
    if len(first) < 4 or first.std() <= 1e-12 * max(1.0, first.abs().max()):
        raise IndicatorError(f"convergence needs four areas or more that start apart; found {len(first)}")
    kind = {"cov_type": "HC3"} if clusters is None else {"cov_type": "cluster-crv3", "cov_kwds": {"groups": clusters}}
    if clusters is not None and clusters.max() < 1:
        raise IndicatorError("convergence of areas in groups or clusters needs two of these or more")
    design = sm.add_constant(first) if constant else first.to_frame()
    fit = sm.OLS((last - first) / years, design).fit(use_t=True, **kind)
    beta, (lower, upper) = fit.params.iloc[-1], fit.conf_int(1 - intervals.LEVEL).iloc[-1]
    kept = 1 + years * beta
    half_life = np.log(2) * years / -np.log(kept) if 0 < kept < 1 else (0.0 if kept <= 0 else np.inf)
    return {
        VALUE: beta, ERROR: fit.bse.iloc[-1], "lower": lower, "upper": upper, "p_value": fit.pvalues.iloc[-1],
        "half_life": half_life,
    }  # fmt: skip


def _sigma(first: np.ndarray, last: np.ndarray, n_means: int, clusters: np.ndarray | None) -> dict[str, float]:
    """Compare the spread of two periods of the same areas by Pitman and Morgan's test."""
    freedom = len(first) - n_means
    first, last = first - first.mean(), last - last.mean()
    start, end = (np.sqrt((v**2).sum() / freedom) for v in (first, last))
    sums = np.array([[last @ last, last @ first, first @ first]])
    if clusters is not None:
        # The same without each cluster, around the means that the others have.
        moments = (np.ones(len(first)), last, first, last**2, last * first, first**2)
        n, u, v, *own = (np.bincount(clusters, moment) for moment in moments)
        moved = np.stack([u**2, u * v, v**2], axis=1) / np.maximum(len(first) - n, 1)[:, None]
        sums = np.vstack([sums, sums - np.stack(own, axis=1) - moved])

    def slopes(log_ratio: float) -> np.ndarray:
        """Return the slope of the difference on the sum, of all and without each cluster."""
        a, b, c = (sums * np.exp(-log_ratio * np.array([2, 1, 0]))).T
        with np.errstate(divide="ignore", invalid="ignore"):  # without a cluster nothing may be left, and no test
            return (a - c) / (a + 2 * b + c)

    def t_value(log_ratio: float) -> float:
        """Test that end over start is this ratio: the sum of the two, one scaled by it, and their difference correlate."""
        if clusters is None:
            a, b, c = sums[0] * np.exp(-log_ratio * np.array([2, 1, 0]))
            r = (a - c) / np.sqrt((a + c) ** 2 - 4 * b**2)
            return r * np.sqrt((freedom - 1) / (1 - r**2))
        slope, *without = slopes(log_ratio)
        spread = np.sqrt((1 - 1 / len(without)) * ((np.array(without) - slope) ** 2).sum())
        return slope / spread if spread > 0 else np.nan

    # Nothing to test where one period is a multiple of the other, or a constant more.
    a, b, c = sums[0]
    one = a * c - b**2 <= 1e-12 * a * c or min((last + first).std(), (last - first).std()) <= 1e-12 * np.sqrt(max(a, c))
    without = slopes(0.0)[1:]
    t_freedom = freedom - 1.0 if clusters is None else intervals.jackknife_freedom(without - without.mean())
    tested = _ratio_test(t_value, np.log(end / start) if not one else np.nan, t_freedom)
    return {"start_spread": start, "end_spread": end, "spread_ratio": end / start} | tested


def _ratio_test(t_value: Callable[[float], float], log_ratio: float, freedom: float) -> dict[str, float]:
    """Test that a ratio is one, and find the ratios next to the estimate that are just not rejected."""
    ends, critical = {"spread_lower": 0.0, "spread_upper": np.inf}, intervals.critical_value(freedom)
    if not (np.isfinite(log_ratio) and freedom >= 1):
        return dict.fromkeys([*ends, "sigma_p_value"], np.nan)
    for name, step in (("spread_lower", -0.1), ("spread_upper", 0.1)):
        for reach in step * 1.5 ** np.arange(12):
            if abs(t_value(log_ratio + reach)) > critical:
                end = optimize.brentq(lambda v: abs(t_value(v)) - critical, log_ratio, log_ratio + reach)
                ends[name] = float(np.exp(end))
                break
    return ends | {"sigma_p_value": float(intervals.p_value(t_value(0.0), 1.0, freedom))}


def _inequality(value: np.ndarray, weight: np.ndarray, codes: np.ndarray | None) -> dict[str, float]:
    """Return ratio, Gini and Theil of one set of areas."""
    low, high = value.min(), value.max()
    tenth, ninetieth = np.quantile(value, [0.1, 0.9])
    tiny = 1e-12 * high  # next to zero a ratio says nothing
    order = np.argsort(value)
    # In units of the highest: the products of tiny numbers would be zero.
    w, x = weight[order] / weight.sum(), value[order] / high
    mean = w @ x
    # Twice the area between the Lorenz curve, a polygon, and the diagonal.
    lorenz = np.concatenate([[0.0], np.cumsum(w * x)]) / mean
    result = {
        "ratio": high / low if low > tiny else np.nan,
        "ratio_90_10": ninetieth / tenth if tenth > tiny else np.nan,
        "gini": 1 - w @ (lorenz[1:] + lorenz[:-1]),
        "theil": w @ special.xlogy(x / mean, x / mean),
    }
    if codes is not None:
        groups = codes[order]
        share = np.bincount(groups, w)
        relative = np.divide(np.bincount(groups, w * x), share, out=np.zeros_like(share), where=share > 0) / mean
        between = share @ special.xlogy(relative, relative)
        result |= {"theil_between": between, "theil_within": result["theil"] - between}
        result["share_between"] = 100 * between / result["theil"] if result["theil"] > 1e-14 else np.nan
    return result
