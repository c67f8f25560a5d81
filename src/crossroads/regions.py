"""Regions inside countries: codes, vintages and joins that lose nothing unseen; what differs within countries.

A region is known by its NUTS or OECD TL2 code in ``ref_area``; both begin with the two letters of its country.
Functions that select or match rows return a report beside the table: one row for each code that did not make it, and
why.

Not here: the list of regions with names, coordinates and types (``data/code-lists``, through `crossroads.evidence.tables`), maps
(`crossroads.charts`), regressions within countries (`crossroads.models`).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from crossroads import intervals
from crossroads.columns import AREA, PERIOD, VALUE

# Where the code of a country in NUTS is not its ISO 3166 alpha-2 code.
NUTS_COUNTRIES = {"EL": "GR", "UK": "GB"}


class RegionError(ValueError):
    """Regional data that cannot be used as they stand; the message says what was found and what to do."""


def describe_codes(
    codes: Sequence[str], scheme: str = "NUTS", countries: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Say what the codes of regions tell: country, level and the regions above.

    Parameters
    ----------
    codes : sequence of str
        Codes such as ``AT``, ``AT1``, ``AT11``, ``AT112``.
    scheme : {"NUTS", "TL2"}
        Statistical regions of the European Union and its neighbours; or the OECD's large regions, whose codes tell the
        country but not the level.

    countries : mapping of str to str, optional
        Code of the country wanted, such as alpha-3, by ISO 3166 alpha-2 code; without it alpha-2 codes are given.

    Returns
    -------
    DataFrame
        One row a code, in the order given: ``ref_area``, ``country``, ``level`` (0 to 3; for TL2 0
        or 2), ``nuts_1`` and ``nuts_2`` (missing above the level, and for TL2) and ``extra_regio`` (NUTS codes ending
        in Z: territory that belongs to no region, which has no place in comparisons).

    Raises
    ------
    RegionError
        For a code that is none.
    """
    if scheme not in ("NUTS", "TL2"):
        raise RegionError(f"scheme is {scheme!r}; expected 'NUTS' or 'TL2'")
    table = pd.DataFrame({AREA: pd.Series([*codes], dtype=str)})
    well_formed = table[AREA].str.fullmatch(r"[A-Z]{2}[A-Z0-9]{0,3}").fillna(False).astype(bool)
    table["country"] = table[AREA].str[:2].where(well_formed)
    if scheme == "NUTS":
        table["country"] = table["country"].replace(NUTS_COUNTRIES)
    if countries is not None:
        table["country"] = table["country"].map(dict(countries))
    if table["country"].isna().any():
        bad = table.loc[table["country"].isna(), AREA].tolist()
        raise RegionError(f"{len(bad)} codes are not {scheme} codes, such as {bad[0]!r}; expected such as 'AT11'")
    table["level"] = table[AREA].str.len() - 2
    if scheme == "TL2":
        table["level"] = table["level"].clip(upper=1) * 2
    for level in (1, 2):
        deep_enough = (table["level"] >= level) & (scheme == "NUTS")
        table[f"nuts_{level}"] = table[AREA].str[: level + 2].where(deep_enough)
    return table.assign(extra_regio=table[AREA].str.endswith("Z") & (table["level"] > 0) & (scheme == "NUTS"))


def match_vintage(codes: Sequence[str], vintages: pd.DataFrame) -> pd.DataFrame:
    """Find the vintage of a classification that fits codes best.

    Parameters
    ----------
    codes : sequence of str
        Codes found in a table.
    vintages : DataFrame
        Columns ``vintage`` and ``ref_area``: the codes that are valid in each.

    Returns
    -------
    DataFrame
        One row a vintage, best first: ``vintage``, ``n_codes`` (distinct, found in the table), ``n_valid``, ``share``
        (per cent valid) and ``not_valid`` (codes, separated by blanks).
    """
    found = set(codes)
    if not found:
        raise RegionError("no codes to match")
    rows = []
    for vintage, valid in vintages.groupby("vintage")[AREA]:
        wrong = sorted(found - set(valid))
        n_valid = len(found) - len(wrong)
        rows.append((vintage, len(found), n_valid, 100 * n_valid / len(found), " ".join(wrong)))
    table = pd.DataFrame(rows, columns=["vintage", "n_codes", "n_valid", "share", "not_valid"])
    return table.sort_values(["n_valid", "vintage"], ascending=False, ignore_index=True)


def join(
    left: pd.DataFrame, right: pd.DataFrame, on: Sequence[str] = (AREA,), names: tuple[str, str] = ("left", "right")
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Join two tables by their codes and report every key that only one of them has.

    Parameters
    ----------
    left, right : DataFrame
        Tables whose other columns differ in name; ``right`` has one row a key.
    on : sequence of str
        Columns of the key.
    names : tuple of str
        What to call the tables in the report.

    Returns
    -------
    joined : DataFrame
        Rows whose key is in both, in the order of ``left``.
    report : DataFrame
        One row a key that only one has: ``on``, ``only_in`` and ``n_rows``. Empty if everything matched.
    """
    on = [*on]
    if right.duplicated(on).any():
        twice = right.loc[right.duplicated(on), on].iloc[0].to_dict()
        raise RegionError(f"{names[1]} has several rows for {twice}; select one")
    shared = [c for c in left.columns.intersection(right.columns) if c not in on]
    if shared:
        raise RegionError(f"both tables have a column {shared[0]!r}; rename one")
    both = left.merge(right, on=on, how="outer", indicator="only_in")
    alone = both[both["only_in"] != "both"]
    report = alone.groupby([*on, "only_in"], observed=True, sort=True).size().rename("n_rows").reset_index()
    report["only_in"] = (
        report["only_in"].astype(str).map({"left_only": names[0], "right_only": names[1]}).astype(object)
    )
    return left.merge(right, on=on, how="inner"), report


def absent_regions(values: pd.DataFrame, areas: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Find the regions of a country that have no value where others have one.

    A national maximum, minimum or count of regions speaks of the regions with a value only. When codes change, as with
    NUTS 2024, whole regions vanish from a table without a trace: whoever states such a number names them, or does not
    state it.

    Parameters
    ----------
    values : DataFrame
        One row a region and group: ``ref_area``, ``country``, ``obs_value`` and the columns `by`. Rows without a value
        say that a region exists.
    areas : DataFrame
        The code list of areas: ``code``, ``area_type``, ``country``.
    by : sequence of str
        Columns of the group, among them ``country``.

    Returns
    -------
    DataFrame
        One row a group in which a region has a value: `by`, ``n_regions`` with a value, ``n_absent`` and ``absent``, the
        codes of those without as a tuple. To be expected are the regions of the country in `values`, and in Europe all
        those of the list of areas at the level of those with a value. A region counts as present where a part of it, or
        the whole of which it is a part, has a value.

    Raises
    ------
    RegionError
        If `by` lacks the country or a region stands twice in a group.
    """
    if "country" not in by:
        raise RegionError(f"the groups are formed by {', '.join(by)}; regions are absent from a country: add 'country'")
    twice = values.duplicated([*by, AREA])
    if twice.any():
        raise RegionError(f"a region stands twice in a group: {values.loc[twice, [*by, AREA]].iloc[0].to_dict()}")
    kind = dict(zip(areas["code"], areas["area_type"], strict=True))
    levels = {level: rows.groupby("country")["code"].agg(list) for level, rows in areas.groupby("area_type")}
    listed = values.groupby("country")[AREA].agg(set)
    rows = []
    for key, part in values[values[VALUE].notna()].groupby([*by], sort=False):
        group = dict(zip(by, key, strict=True))
        present = set(part[AREA])
        found = {kind.get(code, "") for code in present}
        level = "NUTS2" if "NUTS2" in found else "NUTS1" if "NUTS1" in found else ""
        known = levels[level].get(group["country"], []) if level in levels else []
        # Of another level than those with a value: not a region beside them, but a part or a whole.
        like = {code for code in listed[group["country"]] if kind.get(code, "") in found}
        absent = sorted(code for code in like.union(known) if not _covered(code, present))
        rows.append(group | {"n_regions": len(present), "n_absent": len(absent), "absent": tuple(absent)})
    return pd.DataFrame(rows, columns=[*by, "n_regions", "n_absent", "absent"])


def _covered(code: str, present: set[str]) -> bool:
    """Return whether a region, a part of it or the whole of which it is a part is among the codes."""
    return any(code.startswith(other) or other.startswith(code) for other in present)


def variance_within_between(
    frame: pd.DataFrame, group: str = "country", by: Sequence[str] = (), weights: str | None = None
) -> pd.DataFrame:
    """Split the variance between regions into what lies between countries and what lies within them.

    Parameters
    ----------
    frame : DataFrame
        One row per ``by`` and region, with ``obs_value`` and the column ``group``.
    group : str
        Column of the country.
    by : sequence of str
        Columns that tell series apart.
    weights : str, optional
        Column of weights, such as population.

    Returns
    -------
    DataFrame
        Two rows per ``by``: ``component`` (``between``, ``within``), ``obs_value`` (share of the variance, per cent),
        ``lower``, ``upper`` (95 %, whole countries left out in turn), ``variance`` (in squared units), ``uncorrected``
        (share as if few regions told a country's mean exactly, per cent), ``n_areas``, ``n_groups``, ``n_alone``
        (countries of one region: they count between countries, and say nothing about what lies within), ``n_missing``
        (regions without a value).

    Raises
    ------
    RegionError
        With fewer than two countries, if no country has two regions, or if no region differs from another.

    Notes
    -----
    With few regions a country, means of countries differ by chance alone; the one-way analysis of variance takes that
    for variance between countries. Here the variance within is the mean square within, and that between is what is left
    of the variance of all regions: epsilon squared (Kelley 1935, "An unbiased correlation ratio measure", PNAS 21), or
    adjusted R squared, extended to weights. By chance alone the share between is zero on average; it can be below zero. Countries are those
    at hand, not a sample for others. Intervals: `crossroads.intervals.jackknife` on the logit.
    """
    results = []
    for key, part in frame.groupby([*by], sort=True) if by else [((), frame)]:
        known = part[part[VALUE].notna() & part[group].notna()]
        weight = known[weights].to_numpy(float) if weights else np.ones(len(known))
        codes, countries = pd.factorize(known[group], sort=True)
        if len(countries) < 2 or not (weight > 0).all():
            raise RegionError(
                f"a split needs two countries or more and positive weights; found {len(countries)} countries"
            )
        if len(countries) == len(known):
            raise RegionError(
                f"each of {len(countries)} countries has one region: nothing is known of what lies within"
            )
        # Centred, so that sums of squares keep their digits whatever the level of the values.
        value = known[VALUE].to_numpy(float) - np.average(known[VALUE], weights=weight)
        if value @ (weight * value) <= 1e-20 * weight.sum() * np.abs(known[VALUE]).max() ** 2:
            raise RegionError("all regions have the same value: there is no variance to split")
        sums = np.stack([np.bincount(codes, v) for v in (weight, weight * value, weight * value**2, weight**2)], axis=1)
        kept = np.vstack([np.ones(len(countries)), 1 - np.eye(len(countries))])
        with np.errstate(divide="ignore", invalid="ignore"):  # without the only country of several regions: no split
            between, within, uncorrected = _split(sums, kept)
            shares = between / (between + within)
        bounds = intervals.jackknife(shares[0], shares[1:], "logit")
        for name, sign in (("between", 1), ("within", -1)):
            ends = (100 * np.array(bounds if sign == 1 else (1 - bounds[1], 1 - bounds[0]))).tolist()
            share, raw = (s if sign == 1 else 1 - s for s in (shares[0], uncorrected[0]))
            results.append(
                dict(zip(by, key, strict=True))
                | {"component": name, VALUE: 100 * share, "lower": ends[0], "upper": ends[1]}
                | {"variance": between[0] if sign == 1 else within[0], "uncorrected": 100 * raw}
                | {"n_areas": len(known), "n_groups": len(countries)}
                | {"n_alone": int((np.bincount(codes) == 1).sum()), "n_missing": len(part) - len(known)}
            )
    return pd.DataFrame(results)


def typology(
    frame: pd.DataFrame,
    x: str,
    y: str,
    within: str | None = None,
    base: int | str | None = None,
    labels: Sequence[str] = ("high-high", "high-low", "low-high", "low-low"),
) -> pd.DataFrame:
    """Sort regions into four types by two measures: above or below the middle of each.

    Parameters
    ----------
    frame : DataFrame
        One row a region (and ``time_period``), with columns ``x`` and ``y``.
    x, y : str
        Columns of the two measures.
    within : str, optional
        Column of the country: compare with the country's median instead of the median of all.
    base : int or str, optional
        Period whose medians are the cuts for all periods, so that a region that moves has changed itself; if not
        given, every period has its own medians, and moving is relative.
    labels : sequence of str
        Names of the types in the order x and y high; x alone; y alone; neither.

    Returns
    -------
    DataFrame
        ``frame`` with ``type`` (missing where a measure is), ``x_cut``, ``y_cut`` and ``margin``: distance to the
        nearer cut in standard deviations of the measure, small where the type hangs by a thread. Not below the cut is
        high.
    """
    if len(set(labels)) != 4:
        raise RegionError("a typology by quadrants needs four different labels")
    keys = [c for c in (within, PERIOD if base is None and PERIOD in frame else None) if c]
    source = frame if base is None else frame[frame[PERIOD].astype(str) == str(base)]
    if source[[x, y]].notna().all(axis=1).sum() < 2:
        raise RegionError("fewer than two regions have both measures: there is no middle to compare with")
    result, distances = frame.copy(), []
    for column, cut in ((x, "x_cut"), (y, "y_cut")):
        medians = source.groupby(keys)[column].median() if keys else source[column].median()
        result[cut] = frame.merge(medians.rename(cut), on=keys, how="left")[cut].to_numpy() if keys else medians
        spread = source[column].std()
        if not spread > 0:
            raise RegionError(f"{column!r} does not vary: it cannot tell regions apart")
        distances.append((result[column] - result[cut]).abs() / spread)
    known = result[[x, y, "x_cut", "y_cut"]].notna().all(axis=1)
    position = 2 * (result[x] < result["x_cut"]) + (result[y] < result["y_cut"])
    result["type"] = pd.Series(np.array(labels, dtype=object)[position], frame.index).where(known)
    return result.assign(margin=np.minimum(*distances))


def transitions(types: pd.DataFrame, start: int | str, end: int | str) -> pd.DataFrame:
    """Count how regions moved between types.

    Parameters
    ----------
    types : DataFrame
        ``ref_area``, ``time_period`` and ``type``, as from `typology`.
    start, end : int or str
        Periods to compare.

    Returns
    -------
    DataFrame
        One row a pair of types: ``start_type``, ``end_type``, ``n_areas``, ``obs_value`` (per cent of the start type),
        ``lower``, ``upper`` (95 %, Wilson), ``n_start`` and ``n_missing`` (regions without a type in one of the
        periods, the same number in all rows).
    """
    periods = types[PERIOD].astype(str)
    sides = [types[periods == str(p)].set_index(AREA)["type"] for p in (start, end)]
    for period, side in zip((start, end), sides, strict=True):
        if side.empty or side.index.has_duplicates:
            raise RegionError(
                f"{period} needs one row a region; found {len(side)} rows, {side.index.nunique()} regions"
            )
    both = pd.concat(sides, axis=1, keys=["start_type", "end_type"])
    known, names = both.dropna(), sorted(set(both.stack().dropna()))
    if known.empty:
        raise RegionError(f"no region has a type in both {start} and {end}")
    counts = pd.crosstab(known["start_type"], known["end_type"]).reindex(index=names, columns=names, fill_value=0)
    table = counts.stack().rename("n_areas").reset_index()
    table["n_start"] = table["start_type"].map(counts.sum(axis=1))
    table = table[table["n_start"] > 0].reset_index(drop=True)
    share = 100 * table["n_areas"] / table["n_start"]
    lower, upper = intervals.share_interval(share, table["n_start"])
    return table.assign(**{VALUE: share}, lower=lower, upper=upper, n_missing=len(both) - len(known))


def type_gaps(
    frame: pd.DataFrame, kind: str, reference: str, group: str = "country", weights: str | None = None
) -> pd.DataFrame:
    """Compare kinds of regions (capital, cities, rural) with a reference kind inside each country.

    Parameters
    ----------
    frame : DataFrame
        One row a region, with ``obs_value``, the kind and the country.
    kind : str
        Column of the kind, such as whether a region holds the capital, or its settlement type.
    reference : str
        Kind to compare with.
    group : str
        Column of the country.
    weights : str, optional
        Column of weights (population) for means within a country.

    Returns
    -------
    DataFrame
        One row per kind and country, ``ref_area`` the country: ``obs_value`` (mean of the kind less mean of the
        reference), ``n_areas``, ``n_reference``; then one row per kind with ``ref_area`` ``average-n``: the unweighted
        mean of its n countries with ``std_error``, ``lower`` and ``upper`` by Student's t over countries, ``n_areas``
        all its regions. Countries without both kinds are missing, and counted in ``n_left_out``.
    """
    known = frame.dropna(subset=[VALUE, kind, group])
    if reference not in set(known[kind]):
        raise RegionError(f"no region is of kind {reference!r}; found {', '.join(map(repr, sorted(set(known[kind]))))}")
    weighed = known.assign(_weight=known[weights] if weights else 1.0)
    weighed["_product"] = weighed["_weight"] * weighed[VALUE]
    sums = weighed.groupby([kind, group], sort=True).agg(
        product=("_product", "sum"), weight=("_weight", "sum"), n_areas=(VALUE, "size")
    )
    sums["mean"] = sums["product"] / sums["weight"]
    base, tables = sums.loc[reference], []
    for name in sums.index.unique(level=0).drop(reference):
        both = sums.loc[name].join(base.add_suffix("_base"), how="inner")
        gaps = pd.DataFrame(
            {AREA: both.index, VALUE: both["mean"] - both["mean_base"]}
            | {"n_areas": both["n_areas"], "n_reference": both["n_areas_base"]}
        )
        n = len(gaps)
        mean, error = gaps[VALUE].mean(), gaps[VALUE].std() / np.sqrt(n) if n > 1 else np.nan
        lower, upper = intervals.interval(mean, error, n - 1)
        average = {AREA: f"average-{n}", VALUE: mean, "std_error": error, "lower": lower, "upper": upper}
        average |= {"n_areas": gaps["n_areas"].sum(), "n_reference": gaps["n_reference"].sum()}
        table = pd.concat([gaps, pd.DataFrame([average])], ignore_index=True)
        tables.append(table.assign(**{kind: name, "n_left_out": frame[group].nunique() - n}))
    if not tables:
        raise RegionError(f"all regions are of kind {reference!r}: there is nothing to compare")
    columns = [kind, AREA, VALUE, "std_error", "lower", "upper", "n_areas", "n_reference", "n_left_out"]
    return pd.concat(tables, ignore_index=True)[columns]


def _split(sums: np.ndarray, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return variance between and within countries of selections of countries, and the share between uncorrected.

    ``sums`` (countries, 4): sum of weights, of values, of squares, of squared weights; ``kept`` (selections, countries).
    """
    weight, first, second, squares = (kept @ sums).T
    means = kept @ (sums[:, 1] ** 2 / sums[:, 0])
    observed = (means - first**2 / weight) / weight
    total = (second - first**2 / weight) / weight
    # Degrees of freedom, so to speak, as shares: n - G and n - 1 over n without weights.
    within = (total - observed) / (1 - kept @ (sums[:, 3] / sums[:, 0]) / weight)
    return total / (1 - squares / weight**2) - within, within, observed / total
