"""From a statistic and microdata to a tidy table of estimates with their uncertainty.

The one loop over groups lives here. Formulae of statistics are in `statistics`, of uncertainty in `inference`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from crossroads.survey.design import Design, SurveyError
from crossroads.survey.inference import ESTIMATE, Rules, average, deviations, rubin, worse_status
from crossroads.survey.sample import Freedom, Group, Sample, Scan, as_sample, warn_of_odd_rows
from crossroads.survey.statistics import Additive, Function, Mean, Statistic, Whole


@dataclass(frozen=True)
class Piece:
    """What one group, or one part of it, contributes.

    Attributes
    ----------
    population, population_missing : float
        Sums of the final weights of rows used and of rows left out.
    kinds : ndarray of shape (K, R)
        Relative replicate weights of the rows used, as in `Group`.
    freedom : Freedom or None
        What they tell; None where it is not found yet.
    sizes : tuple of int
        Number of columns of each variable.
    totals, sums : ndarray
        Sums of weights, and of weighted products; no products for statistics that do not add up.
    replicated : ndarray of shape (1 + R, M, S)
        Estimates for the final and each replicate weight; empty until sums are turned into them.
    """

    key: tuple
    factor: float | np.ndarray
    kinds: np.ndarray
    freedom: Freedom | None
    n_obs: int
    n_missing: int
    population: float
    population_missing: float
    clusters: frozenset
    sizes: tuple[int, ...]
    totals: np.ndarray
    sums: np.ndarray
    replicated: np.ndarray

    def __add__(self, other: Piece) -> Piece:
        """Join two parts of one group."""
        if not self.sums.size:
            raise SurveyError(f"group {self.key} is spread over several parts, which this statistic cannot use")
        if len(self.totals) != len(other.totals) or np.any(self.factor != other.factor):
            raise SurveyError(f"group {self.key} has parts with different replicate weights")
        return replace(
            self,
            **_united(self, other),
            totals=self.totals + other.totals,
            sums=self.sums + other.sums,
        )


def _united(first: Piece, second: Piece) -> dict:
    """Return what can be said of the rows of two pieces together."""
    return {
        "kinds": np.concatenate([first.kinds, second.kinds]),
        "freedom": None,
        "n_obs": first.n_obs + second.n_obs,
        "n_missing": first.n_missing + second.n_missing,
        "population": first.population + second.population,
        "population_missing": first.population_missing + second.population_missing,
        "clusters": first.clusters | second.clusters,
    }


def estimate(
    statistic: Statistic | Callable,
    data: pd.DataFrame | Sample | Scan,
    design: Design | None = None,
    by: str | Sequence[str] | None = None,
    *,
    variables: str | Sequence[str] = (),
    labels: Sequence = (),
    over: str | None = None,
    members: Sequence | None = None,
    missing: str = "omit",
    rules: Rules | None = None,
    threads: int | None = None,
    client: Any = None,
) -> pd.DataFrame:
    """Estimate a statistic with its standard error, by group.

    Parameters
    ----------
    statistic : Statistic or callable
        What to estimate, for example ``Regression(("PV@MATH", "ESCS"))``; or a function of a frame (with the
        columns ``variables``) and an array of weights that returns a number, or a mapping of ``labels`` to numbers.
    data : DataFrame, Sample or Scan
        Microdata, one row a respondent.
    design : Design
        How the survey was drawn. Not needed with a sample or a scan.
    by : str or sequence of str, optional
        Grouping columns. Rows without a value form a group of their own. None pools all rows, as the OECD total
        does. A pattern of plausible values, ``"PV@LEVEL"``, groups rows anew with each of them, and ``n_obs`` is the
        mean number of rows.
    variables, labels : sequence of str
        Only for a function of one's own.
    over : str, optional
        One of the grouping columns, of independent samples such as countries: rows are added for the `average` of its
        values, each counting the same, and for the total, all rows pooled.
    members : sequence, optional
        Values of ``over`` that average and total are made of; None takes all.
    missing : {"omit", "refuse"}
        Leave out rows in which a variable is missing, and count them in ``n_missing``; or raise an error.
    rules : Rules, optional
        When to withhold or flag an estimate.
    threads : int, optional
        Limit of the threads of matrix products; None leaves it to the environment.
    client : distributed.Client, optional
        Dask cluster that computes the parts of a scan.

    Returns
    -------
    DataFrame
        One row an estimate: the grouping columns, ``statistic``, ``variable``, the statistic's own dimension
        (such as ``percentile``, ``level``, ``category``, ``term``), ``obs_value``, ``std_error``, ``n_obs``,
        ``obs_status``, ``sampling_variance``, ``imputation_variance``, ``degrees_of_freedom`` (see
        `crossroads.survey.sample.Freedom`), ``n_missing``, ``population`` (sum of the final weights of the rows
        used), ``coverage`` (per cent of the group's population that these rows stand for) and ``missing_share`` (per
        cent of the group's rows that were left out).

    Warns
    -----
    WeightsWarning
        If replicate weights are far from the final weight in some rows of the file.

    Raises
    ------
    SurveyError
        If columns are missing, weights are wrong, or values are missing and ``missing="refuse"``.
    """
    by, rules = _names(by), rules or Rules()
    asked = _question(statistic, variables, labels)
    if over is not None and over not in by:
        raise SurveyError(f"over is {over!r}, expected one of the grouping columns {list(by)}")
    source = data if isinstance(data, Scan) else as_sample(data, design)
    question, pieces, drawn = _pieces(asked, source, None, by, missing, rules.cluster, threads, client)
    table = _table(question, pieces, by, rules, drawn)
    if over is None:
        return table
    mean = average(table, over, members).drop(columns="n_areas")
    if members is not None:
        if isinstance(source, Scan):
            raise SurveyError("the total of some members of a file that is read in parts: give it a file of these only")
        source = Sample(source.frame[source.frame[over].isin(list(members))], source.design)
    rest = tuple(column for column in by if column != over)
    question, pieces, drawn = _pieces(asked, source, None, rest, missing, rules.cluster, threads, client)
    total = _table(question, pieces, rest, rules, drawn).assign(**{over: "total"})
    return pd.concat([table, mean, total], ignore_index=True)


def difference(
    data: pd.DataFrame | Sample | Scan,
    statistic: str | Statistic | Callable,
    design: Design | None = None,
    *,
    between: str,
    levels: tuple | None = None,
    by: str | Sequence[str] | None = None,
    variables: str | Sequence[str] = (),
    labels: Sequence = (),
    missing: str = "omit",
    rules: Rules | None = None,
    threads: int | None = None,
    client: Any = None,
) -> pd.DataFrame:
    """Estimate the difference of a statistic between two groups of the same sample.

    The difference is formed for every replicate weight and every plausible value, so that its variance holds
    the covariance of the two groups, who share schools and the error of measurement.

    Parameters
    ----------
    data, design, by, variables, labels, missing, rules, threads, client
        As in `estimate`. Rules hold for each of the two groups.
    statistic : str, Statistic or callable
        A variable, for the difference of its means; or a statistic.
    between : str
        Column that tells the groups apart.
    levels : tuple of two values, optional
        First and second group: the result is the first less the second. May be left out if the column has just
        two values, which are then taken in sorted order.

    Returns
    -------
    DataFrame
        As from `estimate`, with the column ``between`` that names what was subtracted from what.
    """
    by, rules = _names(by), rules or Rules()
    question = Mean(statistic) if isinstance(statistic, str) else _question(statistic, variables, labels)
    question, pieces, drawn = _pieces(question, data, design, (*by, between), missing, rules.cluster, threads, client)
    found = list(dict.fromkeys(p.key[-1] for p in pieces if not pd.isna(p.key[-1])))
    if levels is None and len(found) != 2:
        raise SurveyError(f"{between!r} has {len(found)} values {found[:5]}; say which two with levels=(first, second)")
    first, second = levels or sorted(found)
    absent = [level for level in (first, second) if level not in found]
    if absent:
        raise SurveyError(f"{between!r} has no value {absent[0]!r}; it has {found[:10]}")
    groups = {piece.key: piece for piece in pieces}
    keys = dict.fromkeys(piece.key[:-1] for piece in pieces)
    pairs = []
    for key in keys:
        a, b = groups.get((*key, first)), groups.get((*key, second))
        if a or b:
            pairs.append((a or _nobody(cast(Piece, b)), b or _nobody(cast(Piece, a))))
    both = [_table(question, [pair[i] for pair in pairs], by, rules, drawn) for i in (0, 1)]
    table = _table(question, [_minus(*pair) for pair in pairs], by, Rules(), drawn)
    status = [worse_status(a, b, c) for a, b, c in zip(*(t["obs_status"] for t in (*both, table)), strict=True)]
    table["obs_status"] = status
    withheld = table["obs_status"].isin(["m", "c", "a"])
    table.loc[withheld, ESTIMATE] = np.nan
    table["statistic"] = "difference of " + table["statistic"]
    table.insert(len(by), "between", f"{first} - {second}")
    return table


def _nobody(piece: Piece) -> Piece:
    """Stand for a group without rows."""
    return replace(
        piece,
        kinds=piece.kinds[:0],
        freedom=None,
        n_obs=0,
        n_missing=0,
        population=0.0,
        population_missing=0.0,
        clusters=frozenset(),
        replicated=np.full_like(piece.replicated, np.nan),
    )


def _minus(first: Piece, second: Piece) -> Piece:
    return replace(first, key=first.key[:-1], replicated=first.replicated - second.replicated, **_united(first, second))


def _names(by: str | Sequence[str] | None) -> tuple[str, ...]:
    return () if by is None else (by,) if isinstance(by, str) else tuple(by)


def _question(statistic: Statistic | Callable, variables: str | Sequence[str], labels: Sequence) -> Statistic:
    if isinstance(statistic, Statistic):
        return statistic
    if not callable(statistic) or not variables:
        raise SurveyError("a function of one's own needs variables=, the columns that it uses")
    return Function(statistic, _names(variables), tuple(labels))


def _pieces(
    question: Statistic,
    data: pd.DataFrame | Sample | Scan,
    design: Design | None,
    by: tuple[str, ...],
    missing: str,
    cluster: str | None,
    threads: int | None,
    client: Any,
) -> tuple[Statistic, list[Piece], Design]:
    """Return the statistic bound to the data, one finished piece a group, and the design."""
    if missing not in ("omit", "refuse"):
        raise SurveyError(f"missing is {missing!r}, expected 'omit' or 'refuse'")
    source = data if isinstance(data, Scan) else as_sample(data, design)
    if source.design.method == "TAYLOR" and not question.smooth:
        raise SurveyError(
            f"{source.design.name}: {question.name} is not known to be a smooth function of the weights, so that it cannot "
            "be linearised; say design.but(method='BOOTSTRAP') (without `population`)"
        )
    question = question.bound(source)
    if isinstance(source, Sample):
        with nullcontext() if threads is None else threadpool_limits(threads, user_api="blas"):
            pieces = _sample_pieces(question, source, by, missing, cluster)
        warn_of_odd_rows(source.design, source.odd_rows, len(source.frame))
    else:
        task = (question, source, by, missing, cluster, threads)
        parts = source.parts()
        if client is None:
            results = (_part_pieces(part, *task) for part in parts)
        else:
            results = client.gather([client.submit(_part_pieces, part, *task, pure=False) for part in parts])
        joined: dict[tuple, Piece] = {}
        odd_rows = rows = 0
        for found, odd, size in results:
            odd_rows, rows = odd_rows + odd, rows + size
            for piece in found:
                key = tuple((pd.isna(k), "" if pd.isna(k) else k) for k in piece.key)
                joined[key] = joined[key] + piece if key in joined else piece
        pieces = [joined[key] for key in sorted(joined)]
        warn_of_odd_rows(source.design, odd_rows, rows)
    finished = _finished(question, pieces)
    return question, _by_group(finished) if _by_value(by) else finished, source.design


def _alike(pieces: list[Piece], shape: Callable[[Piece], Hashable]) -> list[list[int]]:
    """Return the positions of pieces of the same shape, which can be computed together."""
    together: dict = {}
    for position, piece in enumerate(pieces):
        together.setdefault(shape(piece), []).append(position)
    return list(together.values())


def _finished(question: Statistic, pieces: list[Piece]) -> list[Piece]:
    """Turn sums into estimates."""
    if not isinstance(question, Additive):
        return pieces
    out = list(pieces)
    for positions in _alike(pieces, lambda p: (p.sums.shape, p.sizes)):
        totals = np.stack([pieces[i].totals for i in positions])[:, :, None]
        estimates = question.estimates(
            totals, np.stack([pieces[i].sums for i in positions]), pieces[positions[0]].sizes
        )
        for i, replicated in zip(positions, estimates, strict=True):
            out[i] = replace(pieces[i], replicated=replicated)
    return out


def _part_pieces(
    part: Any,
    question: Statistic,
    scan: Scan,
    by: tuple[str, ...],
    missing: str,
    cluster: str | None,
    threads: int | None,
) -> tuple[list[Piece], int, int]:
    """Read one part of a scan and return its pieces, the number of odd rows and that of all rows."""
    columns = [*question.needs, *by, *([cluster] if cluster else [])]
    with nullcontext() if threads is None else threadpool_limits(threads, user_api="blas"):
        sample = scan.read(part, columns)
        return _sample_pieces(question, sample, by, missing, cluster), sample.odd_rows, len(sample.frame)


def _by_value(by: tuple[str, ...]) -> bool:
    """Return whether plausible values group rows."""
    return any("@" in column for column in by)


def _sample_pieces(
    question: Statistic, sample: Sample, by: tuple[str, ...], missing: str, cluster: str | None
) -> list[Piece]:
    """Return a piece for each group; where plausible values group rows, for each value of each group."""
    if not _by_value(by):
        return [_piece(question, sample, group, by, missing, cluster) for group in sample.groups(by)]
    pieces = []
    for value in range(sample.design.plausible_values):
        one = sample.at(value)
        for group in one.groups(by):
            piece = _piece(question, one, group, by, missing, cluster)
            pieces.append(replace(piece, key=(value, *piece.key)))
        sample.odd_rows = one.odd_rows
    return pieces


def _by_group(pieces: list[Piece]) -> list[Piece]:
    """Put the plausible values of each group side by side; a group that one of them leaves empty has no estimate."""
    values = 1 + max(piece.key[0] for piece in pieces)
    together: dict[tuple, list[Piece]] = {}
    for piece in pieces:
        key = tuple((pd.isna(k), "" if pd.isna(k) else k) for k in piece.key[1:])
        together.setdefault(key, []).append(piece)
    out = []
    for key in sorted(together):
        found = {piece.key[0]: piece for piece in together[key]}
        fewest = min(found.values(), key=lambda piece: piece.n_obs)
        empty = np.full_like(fewest.replicated, np.nan)
        counts = {
            name: sum(getattr(piece, name) for piece in found.values()) / values
            for name in ("n_obs", "n_missing", "population", "population_missing")
        }
        counts |= {name: round(counts[name]) for name in ("n_obs", "n_missing")}
        each = [found[value].replicated if value in found else empty for value in range(values)]
        out.append(replace(fewest, key=fewest.key[1:], replicated=np.concatenate(each, axis=1), **counts))
    return out


def _piece(
    question: Statistic, sample: Sample, group: Group, by: tuple[str, ...], missing: str, cluster: str | None
) -> Piece:
    """Ask the question to one group."""
    complete = question.complete(sample)  # refuses infinite values, before anything is computed from them
    weights, values = sample.weights(group), question.read(sample, group)
    valid = None if complete else ~np.logical_or.reduce([np.isnan(v).any(axis=1) for v in values])
    n_obs = group.size if valid is None else int(valid.sum())
    if n_obs < group.size and missing == "refuse":
        raise SurveyError(
            f"{sample.design.name}, {dict(zip(by, group.key, strict=True)) or 'all rows'}: {group.size - n_obs} of "
            f"{group.size} rows miss {' or '.join(question.needs)}; say missing='omit' to leave them out"
        )
    if n_obs == group.size:
        valid = None
    totals = group.totals if valid is None else weights.sums(valid[:, None].astype(float))[:, 0]
    sums = replicated = np.empty(0)
    if isinstance(question, Additive):
        products = question.products(values)
        sums = weights.sums(products if valid is None else np.where(valid[:, None], products, 0.0))
    elif n_obs == 0:
        replicated = np.full((len(totals), max(v.shape[1] for v in values), len(question.labels())), np.nan)
    else:
        values = values if valid is None else [v[valid] for v in values]
        replicated = cast(Whole, question).evaluate(values, weights.block(valid))
    clusters: frozenset = frozenset()
    if cluster is not None:
        names = sample.frame[sample.columns(cluster)[0]].iloc[group.rows]
        clusters = frozenset((names if valid is None else names[valid]).dropna().unique())
    kinds, known = group.present(valid)
    return Piece(
        group.key,
        group.factor,
        kinds,
        known,
        n_obs,
        group.size - n_obs,
        float(totals[0]),
        float(group.totals[0] - totals[0]),
        clusters,
        tuple(v.shape[1] for v in values),
        totals,
        sums,
        replicated,
    )


def _numbers(pieces: list[Piece], s: int, design: Design) -> np.ndarray:
    """Return estimates, sampling and imputation variances, degrees of freedom: shape (4, G, S)."""
    numbers = np.empty((4, len(pieces), s))
    for positions in _alike(pieces, lambda p: (p.replicated.shape, np.shape(p.factor))):
        factor = np.stack([np.atleast_1d(pieces[i].factor) for i in positions])
        replicated = np.stack([pieces[i].replicated for i in positions])
        known = [pieces[i].freedom or Freedom(pieces[i].kinds, pieces[i].factor) for i in positions]
        moves = deviations(replicated, design.deviations_from)
        degrees = np.stack([each.degrees(part) for each, part in zip(known, moves, strict=True)])
        rule = design.sampling_variance_from
        numbers[:, positions] = rubin(replicated, factor, degrees, rule, design.deviations_from)
    return numbers


def _table(question: Statistic, pieces: list[Piece], by: tuple[str, ...], rules: Rules, drawn: Design) -> pd.DataFrame:
    """Turn finished pieces into the tidy table."""
    labels = question.labels()
    s = len(labels)
    columns: dict[str, Any] = {name: [p.key[i] for p in pieces for _ in labels] for i, name in enumerate(by)}
    columns |= {"statistic": question.name, "variable": question.title()}
    if question.dimension and labels != [None]:
        columns[question.dimension] = labels * len(pieces)
    value, sampling, imputation, degrees = _numbers(pieces, s, drawn).reshape(4, -1)
    error = np.sqrt(sampling + imputation)
    n_obs, n_missing, population, left_out, clusters = (
        np.repeat(column, s)
        for column in zip(
            *((p.n_obs, p.n_missing, p.population, p.population_missing, len(p.clusters)) for p in pieces), strict=True
        )
    )
    everybody = population + left_out
    coverage = np.divide(100 * population, everybody, out=np.zeros_like(everybody), where=everybody > 0)
    status = rules.status(value, error, n_obs, 1 - coverage / 100, clusters)
    withheld = np.isin(status, ["m", "c", "a"])
    for numbers in (value, error, sampling, imputation, degrees):
        numbers[withheld] = np.nan
    columns |= {
        "obs_value": value,
        "std_error": error,
        "n_obs": n_obs,
        "obs_status": status,
        "sampling_variance": sampling,
        "imputation_variance": imputation,
        "degrees_of_freedom": degrees,
        "n_missing": n_missing,
        "population": population,
        "coverage": coverage,
        "missing_share": np.divide(
            100 * n_missing, n_obs + n_missing, out=np.zeros(len(n_obs)), where=n_obs + n_missing > 0
        ),
    }
    return pd.DataFrame(columns)
