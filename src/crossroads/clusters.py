"""Types of systems: clusters, and whether they would be found again.

Any method finds clusters in anything. So `options` compares methods and numbers of clusters, `stability` asks which
clusters survive resampling, `consensus` which units belong together whatever the method, and `profiles` says what the
types are. Clustering itself is SciPy's and scikit-learn's; measures are in standard deviations.

Not here: regions by quadrants of two measures (`crossroads.regions.typology`), rankings (`crossroads.composite`).
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from scipy import optimize, special, stats
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, calinski_harabasz_score, silhouette_score
from threadpoolctl import threadpool_limits

from crossroads import intervals

METHODS = ("k-means", "ward", "average", "complete")
# Sets without clusters of each kind, one less than a multiple of 20, so that a level of 5 % is met; resamples of each.
NULLS, NULL_DRAWS = 39, 5


class ClusterError(ValueError):
    """Data that cannot be clustered; the message says why and what to do."""


def cluster(data: pd.DataFrame, k: int, method: str = "ward", seed: int = 0) -> pd.Series:
    """Sort units into clusters.

    Parameters
    ----------
    data : DataFrame
        Index ``ref_area``; one column a measure, without gaps.
    k : int
        Number of clusters.
    method : {"k-means", "ward", "average", "complete"}
        k-means; or hierarchical by Ward's, average or complete linkage.
    seed : int
        Of the starting points.

    Returns
    -------
    Series
        ``cluster`` by ``ref_area``: 1 to k, in descending order of the mean of all measures (in standard deviations),
        so that numbers do not depend on the order of rows.
    """
    scaled = _standardised(data)
    return pd.Series(_labels(scaled, _checked_k(k, scaled), method, seed) + 1, data.index, name="cluster")


def options(
    data: pd.DataFrame, ks: Sequence[int] = (2, 3, 4, 5, 6), methods: Sequence[str] = METHODS, seed: int = 0
) -> pd.DataFrame:
    """Compare methods and numbers of clusters.

    Parameters
    ----------
    data, seed
        As in `cluster`.
    ks : sequence of int
        Numbers of clusters.
    methods : sequence of str
        Methods of `cluster`.

    Returns
    -------
    DataFrame
        One row per ``k`` and ``method``: ``silhouette`` (-1 to 1), ``calinski_harabasz``, ``agreement`` (mean adjusted
        Rand index with the other methods for the same k; missing for a single method) and ``smallest`` (size of the
        smallest cluster).
    """
    scaled, rows = _standardised(data), []
    for k in ks:
        found = {method: _labels(scaled, _checked_k(k, scaled), method, seed) for method in methods}
        for method, labels in found.items():
            others = [adjusted_rand_score(labels, other) for name, other in found.items() if name != method]
            fit = silhouette_score(scaled, labels), calinski_harabasz_score(scaled, labels)
            rows.append((k, method, *fit, np.mean(others) if others else np.nan, np.bincount(labels).min()))
    return pd.DataFrame(rows, columns=["k", "method", "silhouette", "calinski_harabasz", "agreement", "smallest"])


def stability(data: pd.DataFrame, k: int, method: str = "ward", draws: int = 200, seed: int = 0) -> pd.DataFrame:
    """Ask how well each cluster is found again in bootstrap samples of the units.

    Parameters
    ----------
    data, k, method, seed
        As in `cluster`.
    draws : int
        Bootstrap samples, in which a unit drawn several times counts once.

    Returns
    -------
    DataFrame
        One row a cluster: ``cluster``, ``n_areas``, ``obs_value`` (mean Jaccard similarity to the most similar cluster
        of a sample, 0 to 1), ``lower``, ``upper`` (95 % of samples), ``recovered`` (per cent of samples with 0.75 or
        more), ``dissolved`` (with 0.5 or less), ``chance`` and ``verdict``. ``chance`` is what the mean over clusters
        stays below in 95 % of data sets of the same size, margins and correlations in which there are no clusters, of the
        kind of them that clusters more: few units in few measures, and above all outliers, cluster stably without any
        types. ``not stable``
        below 0.6; ``no more than chance`` if the cluster, or the mean over all, is not above ``chance``; ``pattern``
        below 0.75 (units to some degree interchangeable); else ``stable``.

    Notes
    -----
    Data without clusters keep the values of each measure after its gaps are made to grow from one place to both ends (by
    isotonic regression), so that skewness and heavy tails stay and second modes go. They are put in the order of normal
    variables with the correlations of the ranks; and in that of variables with the same correlations in which each unit
    is as far out in all measures together as one of the data, in another direction: outliers in all measures at once
    stay. By ``benchmarks/simulations.py`` some cluster is called more than chance in at most 5 % of data without types,
    be they normal, skewed or heavy-tailed in all measures at once (the annex on methods gives the rates); other kinds of
    data were not tried.

    References
    ----------
    Hennig (2007), "Cluster-wise assessment of cluster stability", Computational Statistics & Data Analysis 52; Tibshirani,
    Walther and Hastie (2001), "Estimating the number of clusters in a data set via the gap statistic", JRSS B 63, for
    data without clusters as the measure of chance.
    """
    scaled = _standardised(data)
    labels = _labels(scaled, _checked_k(k, scaled), method, seed)
    generator = np.random.default_rng(seed)
    similarity = _similarities(scaled, labels, k, method, draws, generator)
    chance = max(
        _chance(_without_clusters(scaled, generator, far_out), k, method, seed, generator) for far_out in (False, True)
    )
    if np.isnan(similarity).all(axis=0).any():
        raise ClusterError(f"a cluster was never drawn in {draws} samples: give more draws or fewer clusters")
    mean = np.nanmean(similarity, axis=0)
    lower, upper = intervals.percentiles(similarity)
    counted = (~np.isnan(similarity)).sum(axis=0)
    return pd.DataFrame(
        {
            "cluster": np.arange(1, k + 1),
            "n_areas": np.bincount(labels, minlength=k),
            "obs_value": mean,
            "lower": lower,
            "upper": upper,
            "recovered": 100 * (similarity >= 0.75).sum(axis=0) / counted,
            "dissolved": 100 * (similarity <= 0.5).sum(axis=0) / counted,
            "chance": chance,
            "verdict": np.select(
                [mean < 0.6, np.minimum(mean, mean.mean()) <= chance, mean < 0.75],
                ["not stable", "no more than chance", "pattern"],
                "stable",
            ),
        }
    )


def consensus(
    data: pd.DataFrame,
    k: int,
    ks: Sequence[int] | None = None,
    methods: Sequence[str] = METHODS,
    draws: int = 50,
    share: float = 0.8,
    seed: int = 0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find what clusterings agree on, over methods, numbers of clusters and subsamples.

    Parameters
    ----------
    data, seed
        As in `cluster`.
    k : int
        Number of consensus clusters.
    ks : sequence of int, optional
        Numbers of clusters tried; k - 1, k and k + 1 if not given.
    methods : sequence of str
        Methods tried.
    draws : int
        Subsamples for each method and number of clusters.
    share : float
        Share of the units in a subsample.

    Returns
    -------
    members : DataFrame
        One row a unit: ``ref_area``, ``cluster``, ``obs_value`` (mean share of runs in which it is together with the
        other members of its cluster, 0 to 1), ``next_cluster`` and ``next_value`` (the same for the nearest other
        cluster). A unit alone in its cluster has ``obs_value`` 1.
    together : DataFrame
        Units by units: share of the runs that hold both in which they are in one cluster.

    References
    ----------
    Monti et al. (2003), "Consensus clustering", Machine Learning 52.
    """
    scaled = _standardised(data)
    _checked_k(k, scaled)
    tried = sorted({min(max(n, 2), len(data) - 1) for n in ((k - 1, k, k + 1) if ks is None else ks)})
    size, generator = int(np.ceil(share * len(scaled))), np.random.default_rng(seed)
    if not (0 < share <= 1 and _checked_k(max(k, *tried), scaled) < size):
        raise ClusterError(f"subsamples of {size} units are too few for {max(k, *tried)} clusters; raise share")
    same, held = np.zeros((len(scaled), len(scaled))), np.zeros((len(scaled), len(scaled)))
    for _ in range(draws):
        rows = np.sort(generator.choice(len(scaled), size, replace=False))
        held[np.ix_(rows, rows)] += len(methods) * len(tried)
        if len(np.unique(scaled[rows], axis=0)) <= max(tried):
            raise ClusterError(f"a subsample has fewer than {max(tried) + 1} different units; raise share or lower k")
        for method in methods:
            for n in tried:
                labels = _labels(scaled[rows], n, method, seed)
                same[np.ix_(rows, rows)] += labels[:, None] == labels
    if (held == 0).any():
        raise ClusterError(f"some units were never drawn together in {draws} subsamples; give more draws")
    together = same / held
    apart = squareform(1 - together, checks=False)
    labels = _ordered(_cut(hierarchy.linkage(apart, "average"), k), scaled)
    member = labels[:, None] == np.arange(k)
    others = member.sum(axis=0) - member
    # The unit itself is no evidence for its own cluster.
    value = np.divide(together @ member - member, others, out=np.ones(member.shape), where=others > 0)
    own = value[np.arange(len(labels)), labels]
    value[np.arange(len(labels)), labels] = -1
    members = pd.DataFrame({"ref_area": data.index, "cluster": labels + 1, "obs_value": own})
    members = members.assign(next_cluster=value.argmax(axis=1) + 1, next_value=value.max(axis=1))
    return members, pd.DataFrame(together, data.index, data.index)


def profiles(data: pd.DataFrame, clusters: pd.Series) -> pd.DataFrame:
    """Describe clusters by their means.

    Parameters
    ----------
    data : DataFrame
        As in `cluster`.
    clusters : Series
        Cluster by ``ref_area``.

    Returns
    -------
    DataFrame
        One row per ``cluster`` and ``measure``: ``mean`` (unit of the measure), ``obs_value`` (distance to the mean of
        all units, in standard deviations), ``n_areas``, and ``explained``: per cent of the measure's variance that lies
        between clusters.
    """
    scaled = pd.DataFrame(_standardised(data), data.index, data.columns)
    missing = data.index.difference(clusters.index)
    if len(missing) or clusters.loc[data.index].isna().any():
        raise ClusterError(f"no cluster is given for {missing[0] if len(missing) else 'some units'!r}")
    groups = clusters.loc[data.index]
    means, count = scaled.groupby(groups).mean(), groups.value_counts().sort_index()
    explained = 100 * (means**2).mul(count, axis=0).sum() / len(data)
    table = means.rename_axis(index="cluster", columns="measure").stack().rename("obs_value").reset_index()
    raw = data.groupby(groups).mean().rename_axis(index="cluster", columns="measure").stack()
    table["mean"] = raw.to_numpy()
    table["n_areas"] = table["cluster"].map(count)
    return table.assign(explained=table["measure"].map(explained))


def _similarities(
    scaled: np.ndarray, labels: np.ndarray, k: int, method: str, draws: int, generator: np.random.Generator
) -> np.ndarray:
    """Return (samples, clusters): Jaccard similarity to the most similar cluster of each bootstrap sample."""
    similarity = np.full((draws, k), np.nan)
    kinds = np.unique(scaled, axis=0, return_inverse=True)[1].ravel()
    for draw in range(draws):
        # Units drawn twice count once: copies of a unit are alike by construction, and would feign stability.
        drawn = np.unique(generator.integers(0, len(scaled), len(scaled)))
        if len(np.unique(kinds[drawn])) <= k:
            continue  # too few different units to find k clusters in; such samples do not count
        again = _found(scaled[drawn], k, method, 0)
        original, found = (v[:, None] == np.arange(k) for v in (labels[drawn], again))
        both = original.T.astype(int) @ found
        either = original.sum(axis=0)[:, None] + found.sum(axis=0) - both
        # A cluster none of whose units was drawn cannot be looked for in this sample.
        present = original.any(axis=0)
        similarity[draw, present] = (both / np.maximum(either, 1)).max(axis=1)[present]
    return similarity


def _chance(nulls: Iterator[np.ndarray], k: int, method: str, seed: int, generator: np.random.Generator) -> float:
    """Return what the mean similarity of clusters stays below in 95 % of data sets without clusters."""
    means = []
    for null in nulls:
        found = _similarities(null, _found(null, k, method, seed), k, method, NULL_DRAWS, generator)
        seen = found[:, ~np.isnan(found).all(axis=0)]
        if seen.size:
            means.append(np.nanmean(seen, axis=0).mean())
    if len(means) < NULLS:
        raise ClusterError(
            f"in {NULLS - len(means)} of {NULLS} data sets without types, the {len(null)} units are too alike to look for"
            f" {k} clusters again: give more units, or fewer clusters"
        )
    return float(np.sort(means)[-(NULLS + 1) // 20])


def _without_clusters(scaled: np.ndarray, generator: np.random.Generator, far_out: bool) -> Iterator[np.ndarray]:
    """Yield data sets with the margins and correlations of one, but without clusters; with its outliers if wanted."""
    normal = special.ndtri((stats.rankdata(scaled, axis=0) - 0.5) / len(scaled))
    correlation = np.atleast_2d(np.corrcoef(normal.T))
    shape = np.linalg.cholesky(correlation + 1e-9 * np.eye(len(correlation)))
    distance = np.linalg.norm(np.linalg.solve(shape, normal.T), axis=0)[:, None]
    margins = np.stack([_single_mode(column) for column in scaled.T], axis=1)
    for _ in range(NULLS):
        drawn = generator.normal(size=scaled.shape)
        if far_out:
            drawn *= distance / np.linalg.norm(drawn, axis=1, keepdims=True)
        order = (drawn @ shape.T).argsort(axis=0).argsort(axis=0)
        yield np.take_along_axis(margins, order, axis=0)


def _single_mode(column: np.ndarray) -> np.ndarray:
    """Return the values in order, moved so that gaps only grow from the densest place outwards, in standard deviations.

    Skewness and tails stay; what lies between two modes is filled up.
    """
    gaps = np.diff(np.sort(column))
    best, loss = gaps, np.inf
    for split in range(len(gaps) + 1):
        sides = [
            optimize.isotonic_regression(gaps[part], increasing=up).x
            for part, up in ((slice(split), False), (slice(split, None), True))
            if len(gaps[part])
        ]
        fitted = np.concatenate(sides)
        error = ((fitted - gaps) ** 2).sum()
        if error < loss - 1e-12:
            best, loss = fitted, error
    values = np.concatenate([[0.0], np.cumsum(best)])
    return (values - values.mean()) / values.std()


def _standardised(data: pd.DataFrame) -> np.ndarray:
    """Turn measures into standard deviations from their means; refuse gaps and constants."""
    if data.index.has_duplicates:
        raise ClusterError(f"unit {data.index[data.index.duplicated()][0]!r} occurs twice")
    values = data.astype(float)
    if not np.isfinite(values.to_numpy()).all():
        at = (~np.isfinite(values)).stack().loc[lambda bad: bad].index[0]
        raise ClusterError(
            f"{at[0]!r} has no value for {at[1]!r}: leave out units or measures with gaps, or impute them"
        )
    spread = values.std(ddof=0)
    if len(values) < 3 or not (spread > 1e-12 * values.abs().max()).all():
        name = spread.idxmin() if len(values) else "nothing"
        raise ClusterError(f"{name!r} does not vary over {len(values)} units: it tells none apart")
    # Rounded: units that differ by less are alike, and k-means cannot tell them apart.
    return ((values - values.mean()) / spread).round(7).to_numpy()


def _checked_k(k: int, scaled: np.ndarray) -> int:
    """Refuse numbers of clusters that the data cannot hold."""
    different = len(np.unique(scaled, axis=0))
    if not 2 <= k < len(scaled) or k > different:
        raise ClusterError(
            f"{k} clusters of {len(scaled)} units ({different} different ones): expected 2 or more, fewer"
        )
    return k


def _labels(scaled: np.ndarray, k: int, method: str, seed: int) -> np.ndarray:
    """Cluster rows; labels 0 to k - 1, ordered by the mean of the measures."""
    return _ordered(_found(scaled, k, method, seed), scaled)


def _found(scaled: np.ndarray, k: int, method: str, seed: int) -> np.ndarray:
    """Cluster rows; labels 0 to k - 1 in no order."""
    if method == "k-means":
        with threadpool_limits(1):  # threads of a busy machine wait for each other far longer than so few units take
            return KMeans(k, n_init=10, random_state=seed).fit_predict(scaled)
    if method in ("ward", "average", "complete"):
        return _cut(hierarchy.linkage(scaled, method), k)
    raise ClusterError(f"method is {method!r}; expected one of {', '.join(METHODS)}")


def _cut(tree: np.ndarray, k: int) -> np.ndarray:
    """Undo the last merges of a linkage; SciPy's own `fcluster` gives fewer clusters where merges are equally far."""
    n = len(tree) + 1
    groups = {unit: [unit] for unit in range(n)}
    for step, (first, second) in enumerate(tree[: n - k, :2].astype(int).tolist()):
        groups[n + step] = groups.pop(first) + groups.pop(second)
    labels = np.empty(n, dtype=int)
    for label, members in enumerate(groups.values()):
        labels[members] = label
    return labels


def _ordered(labels: np.ndarray, scaled: np.ndarray) -> np.ndarray:
    """Label clusters from the highest mean of all measures to the lowest; ties go by the first measures."""
    names, codes = np.unique(labels, return_inverse=True)
    centres = np.stack(
        [np.append(scaled[codes == i].mean(), scaled[codes == i].mean(axis=0)) for i in range(len(names))]
    )
    order = np.lexsort(np.round(-centres, 9).T[::-1])
    return np.argsort(order)[codes]
