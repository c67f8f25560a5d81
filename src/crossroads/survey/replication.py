"""Replicate weights that are made from strata and clusters, for files that come without any.

Jackknife, bootstrap, balanced halves and Taylor linearisation are one scheme: replicate r multiplies the weights of
cluster i by a number near 1, and the spread of the estimates that follow, times a factor, is the sampling variance.
With n clusters in a stratum, replicate i of the jackknife (JK1, JKN) multiplies by

    1 + step * (1[this is cluster i] - 1 / n),    factor (n - 1) / n,    step = -n / (n - 1),

which drops cluster i and shares its weight among the others. The same with a step that goes to zero, and the factor
``n / (n - 1) / step**2``, is the variance of the linearised statistic (the infinitesimal jackknife), so that no
statistic needs a formula of its own.

What does not belong here: paired zones (JKZONE, JKREP), which `sample` makes; the formulae of statistics.

References
----------
Lumley, T. (2004), "Analysis of complex survey samples", Journal of Statistical Software 9(8).
Rao, J., C. Wu and K. Yue (1992), "Some recent work on resampling methods for complex surveys", Survey Methodology 18(2).
Shao, J. and D. Tu (1995), *The Jackknife and Bootstrap*, chapters 2 and 6.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.linalg import hadamard
from scipy.sparse import csr_array

from crossroads.survey.design import Design, SurveyError

STEP = 1e-3  # of the linearisation: up and down, so that what is left out is of the order of (STEP / n)**2
LARGEST = 4.0  # GB of replicate weights side by side


class Clusters:
    """Strata and clusters of a sample, numbered once, and the replicates that follow from them.

    Parameters
    ----------
    frame : DataFrame
        Microdata.
    design : Design
        A design with strata or clusters.

    Raises
    ------
    SurveyError
        If a row has no stratum or cluster, a stratum has one cluster only, or a finite population is smaller than
        its sample.
    """

    def __init__(self, frame: pd.DataFrame, design: Design):
        self.design = design
        for column in (design.strata, design.cluster, design.population):
            if column is not None and frame[column].isna().any():
                raise SurveyError(f"{design.name}: {int(frame[column].isna().sum())} rows have no {column!r}")
        rows = np.arange(len(frame))
        stratum = rows * 0 if design.strata is None else pd.factorize(frame[design.strata])[0]
        unit = rows if design.cluster is None else pd.factorize(frame[design.cluster])[0]
        # clusters are numbered within strata in most files, so that the same number may stand for two of them
        both = stratum * (int(unit.max()) + 1) + unit
        _, first, self.of_row = np.unique(both, return_index=True, return_inverse=True)
        self.stratum = stratum[first]
        self.size = np.bincount(self.stratum)  # clusters in each stratum
        self.sampled = self._sampled(frame, first)
        alone = np.flatnonzero((self.size == 1) & (self.sampled[self._first_of_stratum()] < 1))
        if len(alone):
            name = frame[design.strata].iloc[first[self.stratum == alone[0]][0]] if design.strata else "the whole file"
            raise SurveyError(
                f"{design.name}: {len(alone)} strata of {design.strata!r} have one cluster only (first: {name}), from "
                "which no variance can be had; join each to a stratum like it"
            )
        self.multipliers = self._multipliers()
        self.factor = self._factor()

    def _first_of_stratum(self) -> np.ndarray:
        return np.unique(self.stratum, return_index=True)[1]

    def _sampled(self, frame: pd.DataFrame, first: np.ndarray) -> np.ndarray:
        """Return the share of its stratum's clusters that the sample holds, one number a cluster."""
        if self.design.population is None:
            return np.zeros(len(first))
        population = frame[self.design.population].to_numpy(dtype=float)
        if (population != population[first][self._first_of_stratum()][self.stratum[self.of_row]]).any():
            raise SurveyError(
                f"{self.design.name}: {self.design.population!r} differs within a stratum; expected the number of all "
                "clusters that the stratum has"
            )
        share = self.size[self.stratum] / population[first]
        if not (share <= 1).all():
            raise SurveyError(
                f"{self.design.name}: {self.design.population!r} says that a stratum has {population[first][share > 1][0]:g} "
                f"clusters, but the sample holds {self.size[self.stratum][share > 1][0]}"
            )
        return share

    def _multipliers(self) -> np.ndarray | None:
        """Return what each replicate multiplies the weights of each cluster by, shape (clusters, R), less 1."""
        design = self.design
        if design.method in ("BRR", "FAY"):
            if (self.size != 2).any():
                raise SurveyError(
                    f"{design.name}: balanced halves need two clusters in each stratum; {int((self.size != 2).sum())} "
                    "strata have another number, use JKN or BOOTSTRAP"
                )
            signs = hadamard(2 ** int(np.ceil(np.log2(len(self.size) + 1))))[1 : len(self.size) + 1]
            second = np.ones(len(self.stratum))
            second[self._first_of_stratum()] = -1
            return (1 - design.fay) * signs[self.stratum] * second[:, None]
        if design.method == "BOOTSTRAP":
            rng, count = np.random.default_rng(design.seed), design.replicates or 500
            drawn = np.empty((len(self.stratum), count))
            for stratum, n in enumerate(self.size):
                drawn[self.stratum == stratum] = rng.multinomial(n - 1, np.full(n, 1 / n), count).T * n / (n - 1)
            return drawn - 1
        return None

    def _factor(self) -> float | np.ndarray:
        """Return the multiplier of the squared deviations: one, or one for each replicate."""
        if self.multipliers is not None:
            return self.design.variance_factor(self.multipliers.shape[1])
        n = self.size[self.stratum]
        if self.design.method == "TAYLOR":
            one = np.divide(n, n - 1, out=np.zeros(len(n)), where=n > 1) * (1 - self.sampled) / STEP**2 / 2
            return np.concatenate([one, one])
        return (n - 1) / n * (1 - self.sampled)

    def kinds(self, rows: slice | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return stratum and cluster of the clusters in a group, shape (K, 2), and which of them each row belongs to."""
        found, kind = np.unique(self.of_row[rows], return_inverse=True)
        return np.column_stack([self.stratum[found], found]), kind

    def changes(self, sums: np.ndarray) -> np.ndarray:
        """Return how much each replicate changes totals, shape (R, K), from sums by cluster, shape (clusters, K).

        All clusters count for every group of rows, also those without a row in it: that a group is small is a matter of
        chance too, and two groups can be subtracted replicate by replicate.
        """
        if self.multipliers is not None:
            return self.multipliers.T @ sums
        n = self.size[self.stratum][:, None]
        mean = np.stack([np.bincount(self.stratum, column) for column in sums.T], axis=1)[self.stratum] / n
        if self.design.method == "TAYLOR":
            return np.concatenate([STEP * (sums - mean), -STEP * (sums - mean)])
        return np.divide(-n, n - 1, out=np.zeros(n.shape), where=n > 1) * (sums - mean)


class MadeWeights:
    """Weights of the rows of a group whose replicates are made; to be used like `sample.Weights`.

    Parameters
    ----------
    full : ndarray of shape (n, 1)
        Final weights.
    clusters : Clusters
        Strata and clusters of the whole sample.
    rows : slice or ndarray
        The group's rows in it.
    """

    def __init__(self, full: np.ndarray, clusters: Clusters, rows: slice | np.ndarray):
        self.full, self.clusters, self.of_row = full, clusters, clusters.of_row[rows]

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Return weighted column sums, shape (1 + R, K), by way of the sums of clusters."""
        n, count = len(self.full), len(self.clusters.stratum)
        member = csr_array((self.full[:, 0], (self.of_row, np.arange(n))), shape=(count, n))
        by_cluster = member @ values
        total = by_cluster.sum(axis=0, keepdims=True)
        return np.concatenate([total, total + self.clusters.changes(by_cluster)])

    def block(self, rows: np.ndarray | None = None) -> np.ndarray:
        """Return final and replicate weights side by side, of the rows where ``rows`` is True."""
        kept = slice(None) if rows is None else rows
        made = self.clusters
        count = np.size(made.factor) if made.multipliers is None else made.multipliers.shape[1]
        size = 8 * len(self.of_row[kept]) * (1 + count) / 1e9
        if size > LARGEST:
            raise SurveyError(
                f"{made.design.name}: this statistic needs all replicate weights at once, {size:.0f} GB; ask by "
                "country, name the clusters, or say design.but(method='BOOTSTRAP')"
            )
        change = made.changes(np.eye(len(made.stratum)))[:, self.of_row[kept]].T
        return self.full[kept] * np.concatenate([np.ones((len(change), 1)), 1 + change], axis=1)
