"""Estimates with all their covariances: several statistics, groups or terms from the same respondents.

`estimate` gives each number its own error. What two numbers share (students, schools, the error of the test) shows
only when they are compared, and a comparison that ignores it has the wrong error. Here estimates keep their replicates,
so that any linear combination of them has the right one.

Not here: the estimates themselves (`estimation`), and tables without microdata (`inference`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from crossroads import intervals
from crossroads.survey.design import Design, SurveyError
from crossroads.survey.estimation import _names, _pieces, _table
from crossroads.survey.inference import (
    ESTIMATE,
    Rules,
    _named_difference,
    _subject,
    deviations,
    rubin,
    worse_status,
)
from crossroads.survey.sample import Freedom, Sample, Scan, as_sample
from crossroads.survey.statistics import Statistic


@dataclass(frozen=True)
class _Part:
    """What one of the independent samples contributes to N estimates.

    Attributes
    ----------
    replicated : ndarray of shape (1 + R, M, N)
        With the final and each replicate weight; zero for estimates that the sample has no part in.
    factor : float or ndarray of shape (R,)
        Multiplier of squared deviations.
    kinds : tuple of dict
        For each estimate, the relative replicate weights of its groups, by identity.
    """

    replicated: np.ndarray
    factor: float | np.ndarray
    kinds: tuple[dict[int, np.ndarray], ...]


@dataclass(frozen=True)
class Joint:
    """Estimates and their covariances, from `joint`.

    Attributes
    ----------
    table : DataFrame
        One row an estimate, as from `estimate`, with the column ``estimate`` for the name of the statistic.
    """

    table: pd.DataFrame
    design: Design
    parts: tuple[_Part, ...]

    def __getitem__(self, rows: Sequence[bool] | pd.Series) -> Joint:
        """Return the estimates of some rows of the table."""
        chosen = np.flatnonzero(np.asarray(rows, dtype=bool))
        return self._linear(np.eye(len(self.table))[chosen], self.table.iloc[chosen].reset_index(drop=True))

    @property
    def covariance(self) -> pd.DataFrame:
        """Covariance matrix of the estimates, of sampling and imputation together, in the order of the table."""
        n = len(self.table)
        total = np.zeros((n, n))
        for part in self.parts:
            moves = deviations(part.replicated[None], self.design.deviations_from)[0]
            if self.design.sampling_variance_from == "first":
                moves = moves[:, :1]
            weighted = moves * np.broadcast_to(part.factor, len(moves))[:, None, None]
            total += np.einsum("rmi,rmj->ij", weighted, moves) / moves.shape[1]
            m = part.replicated.shape[1]
            if m > 1:
                centred = part.replicated[0] - part.replicated[0].mean(axis=0)
                total += (1 + 1 / m) * centred.T @ centred / (m - 1)
        without = self.table["std_error"].isna().to_numpy()
        total[without] = total[:, without] = np.nan
        return pd.DataFrame(total, self.table.index, self.table.index)

    def contrast(self, weights: Mapping[Hashable, float] | str, along: str = "estimate") -> Joint:
        """Combine estimates that differ in one column of the table and agree in the others.

        Parameters
        ----------
        weights : mapping, "pairwise" or "average"
            Values of the column ``along`` and their weights in the sum: ``{"use": 1, "training": -1}``. Or every two
            values, the first less the second; or each value less the average of all, which contains it.
        along : str
            The column: ``"estimate"``, a grouping column, or a statistic's own dimension such as ``"term"``.

        Returns
        -------
        Joint
            The combinations, with the column ``contrast`` that names them in place of ``along``.
        """
        if along not in self.table:
            raise SurveyError(f"no column {along!r} in the table; it has {_subject(self.table)}")
        labels = ("statistic", "variable") if along == "estimate" else ()
        rest = [c for c in _subject(self.table) if c not in (along, *labels)]
        groups = self.table.groupby(rest, sort=False, dropna=False).indices if rest else {(): range(len(self.table))}
        subjects, rows = [], []
        for positions in groups.values():
            at = {self.table[along].iloc[i]: i for i in positions}
            if len(at) < len(positions):
                raise SurveyError(f"rows that agree in {rest} have the same {along!r}; select some rows first")
            for name, combination in _combinations(weights, list(at), along):
                row = np.zeros(len(self.table))
                row[[at[value] for value in combination]] = list(combination.values())
                rows.append(row)
                subject = self.table[rest].iloc[positions[0]].to_dict()
                before = f"{subject['contrast']}, " if "contrast" in subject else ""
                subjects.append(subject | {"contrast": before + name})
        return self._linear(np.array(rows), pd.DataFrame(subjects))

    def wald(self, within: str | Sequence[str] = ()) -> pd.DataFrame:
        """Test that estimates, or contrasts, are all zero together.

        Parameters
        ----------
        within : str or sequence of str
            Columns whose values are tested apart, for example the country; without them all rows are one test.

        Returns
        -------
        DataFrame
            ``statistic`` (F, with the factor of Korn and Graubard, 1990, for the number of restrictions),
            ``restrictions`` (the rank of the covariance), ``degrees_of_freedom`` (the fewest of the estimates), and
            ``p_value``.

        Raises
        ------
        SurveyError
            If an estimate has no standard error.
        """
        names, rows = list(_names(within)), []
        indices = self.table.groupby(names, sort=False, dropna=False).indices if names else {(): range(len(self.table))}
        covariance = self.covariance.to_numpy()
        for key, positions in indices.items():
            part = self.table.iloc[positions]
            without = part["std_error"].isna()
            if without.any():
                raise SurveyError(f"no standard error and no test: {part[without].iloc[0][_subject(part)].to_dict()}")
            degrees = part["degrees_of_freedom"].min()
            block = covariance[np.ix_(positions, positions)]
            statistic, rank, p_value = intervals.wald(part["obs_value"].to_numpy(), block, degrees)
            subject = dict(zip(names, key if isinstance(key, tuple) else (key,), strict=True))
            result = {"statistic": statistic, "restrictions": rank, "degrees_of_freedom": degrees, "p_value": p_value}
            rows.append(subject | result)
        return pd.DataFrame(rows)

    def _linear(self, matrix: np.ndarray, subject: pd.DataFrame) -> Joint:
        """Return the linear combinations of a matrix of shape (K, N), described by the K rows of a table."""
        used = [np.flatnonzero(row) for row in matrix]
        parts = []
        for part in self.parts:
            combined = [part.replicated[..., i] @ row[i] for row, i in zip(matrix, used, strict=True)]
            kinds = tuple({k: v for j in i for k, v in part.kinds[j].items()} for i in used)
            parts.append(replace(part, replicated=np.stack(combined, axis=-1), kinds=kinds))
        if "obs_value" in subject:
            return replace(self, table=subject, parts=tuple(parts))
        of = [self.table.iloc[i] for i in used]
        status = [worse_status(*rows["obs_status"]) for rows in of]
        table = _named_difference(subject).assign(**_numbers(parts, self.design))
        table.insert(table.columns.get_loc("std_error") + 1, "n_obs", [int(rows["n_obs"].sum()) for rows in of])
        table.insert(table.columns.get_loc("n_obs") + 1, "obs_status", status)
        absent = table["obs_status"].isin(["m", "c", "a"])
        table.loc[absent, ESTIMATE] = np.nan
        table.loc[~absent & table["std_error"].isna(), "obs_status"] = "u"
        return replace(self, table=table, parts=tuple(parts))


def _combinations(
    weights: Mapping[Hashable, float] | str, values: list, along: str
) -> list[tuple[str, dict[Hashable, float]]]:
    """Return names of contrasts and the weights of the values that they combine."""
    if isinstance(weights, Mapping):
        absent = [value for value in weights if value not in values]
        if absent:
            raise SurveyError(f"{along!r} has no {absent[0]!r}; it has {values[:10]}")
        used = {value: float(weight) for value, weight in weights.items() if weight}
        name = " ".join(f"{'-' if w < 0 else '+'} {'' if abs(w) == 1 else f'{abs(w):g} '}{v}" for v, w in used.items())
        return [(name.removeprefix("+ "), used)]
    if weights == "pairwise":
        pairs = [(a, b) for i, a in enumerate(values) for b in values[i + 1 :]]
        return [(f"{a} - {b}", {a: 1.0, b: -1.0}) for a, b in pairs]
    if weights == "average":
        n = len(values)
        return [(f"{a} - average ({n})", {b: float(a == b) - 1 / n for b in values}) for a in values]
    raise SurveyError(f"weights are {weights!r}, expected a mapping, 'pairwise' or 'average'")


def _numbers(parts: Sequence[_Part], design: Design) -> dict[str, np.ndarray]:
    """Return estimates, errors and degrees of freedom; variances of independent samples add up."""
    total, below = np.zeros((3, parts[0].replicated.shape[2])), 0.0
    for part in parts:
        moves = deviations(part.replicated[None], design.deviations_from)[0]
        degrees = np.zeros(moves.shape[2])
        for i, kinds in enumerate(part.kinds):
            if kinds:
                known = Freedom(np.concatenate(list(kinds.values())), part.factor)
                degrees[i] = known.degrees(moves[:, :, i : i + 1])[0]
        found = rubin(
            part.replicated[None],
            np.atleast_1d(part.factor)[None],
            degrees[None],
            design.sampling_variance_from,
            design.deviations_from,
        )
        value, sampling, imputation, freedom_of = (numbers[0] for numbers in found)
        here = np.array([bool(kinds) for kinds in part.kinds])
        total += np.where(here, [value, sampling, imputation], 0.0)
        variance = np.where(here, sampling + imputation, 0.0)
        below = below + np.divide(variance**2, freedom_of, out=np.zeros_like(variance), where=here & (freedom_of > 0))
    value, sampling, imputation = total
    variance = sampling + imputation
    return {
        "obs_value": value,
        "std_error": np.sqrt(variance),
        "sampling_variance": sampling,
        "imputation_variance": imputation,
        "degrees_of_freedom": np.divide(variance**2, below, out=np.full_like(variance, np.inf), where=below != 0),
    }


def joint(
    data: pd.DataFrame | Sample | Scan,
    statistics: Mapping[str, Statistic],
    design: Design | None = None,
    by: str | Sequence[str] | None = None,
    *,
    independent: str | None = None,
    missing: str = "omit",
    rules: Rules | None = None,
    threads: int | None = None,
    client: Any = None,
) -> Joint:
    """Estimate several statistics from the same respondents, with their covariances.

    Parameters
    ----------
    data, design, by, missing, rules, threads, client
        As in `estimate`. Each statistic uses all rows that it can.
    statistics : mapping of str to Statistic
        Names and statistics, for example ``{"use": Mean("USE"), "training": Mean("TRAINED")}``.
    independent : str, optional
        One of the grouping columns, of independent samples such as countries, whose estimates do not covary. Without
        it all groups are parts of one sample.

    Returns
    -------
    Joint
        With ``table``, ``covariance``, ``contrast`` and ``wald``.
    """
    names, rules = _names(by), rules or Rules()
    if independent is not None and independent not in names:
        raise SurveyError(f"independent is {independent!r}, expected one of the grouping columns {list(names)}")
    source = data if isinstance(data, Scan) else as_sample(data, design)
    tables, columns = [], []  # columns: what tells the sample, and the replicates of one estimate
    for name, statistic in statistics.items():
        question, pieces, drawn = _pieces(statistic, source, None, names, missing, rules.cluster, threads, client)
        table = _table(question, pieces, names, rules, drawn)
        table.insert(len(names), "estimate", name)
        tables.append(table)
        at = None if independent is None else names.index(independent)
        columns += [
            (None if at is None else piece.key[at], piece, piece.replicated[:, :, i])
            for piece in pieces
            for i in range(piece.replicated.shape[2])
        ]
    parts = []
    for sample in dict.fromkeys(key for key, _, _ in columns):
        mine = [(i, piece, column) for i, (key, piece, column) in enumerate(columns) if key == sample]
        r, m = max(len(column) for _, _, column in mine), max(column.shape[1] for _, _, column in mine)
        replicated = np.zeros((r, m, len(columns)))
        kinds: list[dict[int, np.ndarray]] = [{} for _ in columns]
        for i, piece, column in mine:
            replicated[:, :, i], kinds[i] = column, {id(piece.kinds): piece.kinds}
        parts.append(_Part(replicated, mine[0][1].factor, tuple(kinds)))
    return Joint(pd.concat(tables, ignore_index=True), source.design, tuple(parts))
