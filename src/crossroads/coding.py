"""What the coded cases show: agreement of two codings, combinations, network of partners, evidence.

Functions take cases (as ``crossroads.evidence.cases.load`` returns them) or frames of codes with one row a case and one
column a code: 1 the text says so, 0 it says other things, missing where the field in which it would be said is not
known. Missing is never counted as 0: such cases are left out with a count, or weigh nothing.

The cases are a purposive sample. Nothing here estimates a share of schools, and nothing tests a hypothesis.

Not here: loading and checking cases (``crossroads.evidence.cases``), figures, pages.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from statsmodels.stats.inter_rater import cohens_kappa

from crossroads import intervals
from crossroads.evidence import cases as library

REPEATS = 2000
Cases = Mapping[str, library.Case]


def frame(coding: Mapping[str, Mapping[str, int | None]]) -> pd.DataFrame:
    """Return a coding as a frame.

    Parameters
    ----------
    coding : dict of str to dict
        Per case and code 1, 0 or None, as ``crossroads.evidence.cases.coding`` returns it.

    Returns
    -------
    pandas.DataFrame
        One row a case, one column a code; type ``Int8`` with missing values.
    """
    return pd.DataFrame.from_dict(coding, orient="index").astype("Int8").rename_axis("case")


def by_rule(cases: Cases, code_book: Mapping) -> pd.DataFrame:
    """Code cases by the key phrases of the code book.

    A code is 1 where one of its phrases occurs in one of its fields, 0 where none occurs although its first field is
    known, and missing otherwise.

    Parameters
    ----------
    cases : dict of str to dict
    code_book : dict
        As ``crossroads.evidence.cases.code_book`` returns it.

    Returns
    -------
    pandas.DataFrame
        One row a case, one column a code; type ``Int8`` with missing values.
    """
    rows: dict[str, dict[str, int | None]] = {}
    for identifier, case in cases.items():
        rows[identifier] = {}
        for name, code in code_book["codes"].items():
            texts = [library.field_text(case, field) or "" for field in code["fields"]]
            found = any(_occurs(phrase, text) for phrase in code["phrases"] for text in texts)
            rows[identifier][name] = 1 if found else 0 if texts[0] else pd.NA
    return pd.DataFrame.from_dict(rows, orient="index").astype("Int8").rename_axis("case")


def strength_by_rule(cases: Cases, code_book: Mapping) -> pd.Series:
    """Code the strength of evidence by the key phrases of the code book.

    Parameters
    ----------
    cases : dict of str to dict
    code_book : dict

    Returns
    -------
    pandas.Series
        Code of the first strength of which a phrase occurs in the text on evidence; ``none-found`` where none does.
    """
    phrases = code_book["evidence_phrases"]
    strengths = {}
    for identifier, case in cases.items():
        text = library.field_text(case, "evidence") or ""
        found = (strength for strength, listed in phrases.items() if any(_occurs(phrase, text) for phrase in listed))
        strengths[identifier] = next(found, "none-found")
    return pd.Series(strengths, name="strength").rename_axis("case")


def agreement(first: pd.DataFrame, second: pd.DataFrame, *, repeats: int = REPEATS, seed: int = 1) -> pd.DataFrame:
    """Compare two codings of the same cases with Cohen's kappa.

    Where one coding gives a code and the other found the text silent, they disagree; where both found it silent, the
    case is left out.

    Parameters
    ----------
    first, second : pandas.DataFrame
        Codings with the same cases and codes.
    repeats : int
        Bootstrap samples; cases are drawn, so that the codes of one case stay together.
    seed : int

    Returns
    -------
    pandas.DataFrame
        One row a code, and ``all codes`` last, for all pairs of case and code together: ``n`` (pairs coded in at
        least one), ``first`` and ``second`` (number of 1s), ``agreement`` (share of equal codes), ``kappa``,
        ``lower`` and ``upper`` (95 per cent percentile interval), ``undefined`` (bootstrap samples in which kappa
        does not exist).
        Kappa is missing where both codings hold one and the same value only.

    Raises
    ------
    ValueError
        If the two do not have the same cases and codes.

    References
    ----------
    Cohen, J. (1960), "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20.
    """
    if not (first.index.equals(second.index) and first.columns.equals(second.columns)):
        raise ValueError("the two codings differ in their cases or codes; code the same cases with the same code book")
    a, b = _with_silence(first, second)
    samples = np.random.default_rng(seed).integers(len(a), size=(repeats, len(a)))
    # One axis of samples, one of cases, one of codes: 2000 x 65 x 34 booleans are small.
    everything = np.arange(len(a))[np.newaxis]
    rows = {}
    for name, columns in [*((code, [i]) for i, code in enumerate(first.columns)), ("all codes", slice(None))]:
        ones, twos = a[:, columns], b[:, columns]
        kappa = _binary_kappa(ones[everything], twos[everything])[0]
        resampled = _binary_kappa(ones[samples], twos[samples])
        defined = resampled[np.isfinite(resampled)]
        lower, upper = intervals.percentiles(defined) if np.isfinite(kappa) else (np.nan, np.nan)
        known = np.isfinite(ones)
        rows[name] = {
            "n": int(known.sum()),
            "first": int((ones[known] == 1).sum()),
            "second": int((twos[known] == 1).sum()),
            "agreement": float((ones[known] == twos[known]).mean()) if known.any() else np.nan,
            "kappa": kappa,
            "lower": lower,
            "upper": upper,
            "undefined": repeats - len(defined),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("code").reset_index()


def strength_agreement(
    first: pd.Series, second: pd.Series, categories: Sequence[str], *, repeats: int = REPEATS, seed: int = 1
) -> pd.DataFrame:
    """Compare two codings of the strength of evidence.

    Parameters
    ----------
    first, second : pandas.Series
        Codes of the same cases.
    categories : list of str
        All strengths, in order of strength.
    repeats : int
    seed : int

    Returns
    -------
    pandas.DataFrame
        Rows ``unweighted`` and ``linear weights`` (a difference of two steps counts twice): ``n``, ``agreement``,
        ``kappa``, ``lower``, ``upper``, ``undefined``.
    """
    if not first.index.equals(second.index):
        raise ValueError("the two codings differ in their cases")
    order = {category: number for number, category in enumerate(categories)}
    a, b = first.map(order).to_numpy(), second.map(order).to_numpy()
    samples = np.random.default_rng(seed).integers(len(a), size=(repeats, len(a)))
    tables = [_cross(a[sample], b[sample], len(order)) for sample in samples]
    rows = []
    for weights, scheme in (("unweighted", None), ("linear weights", "linear")):
        resampled = np.array([_kappa(table, scheme) for table in tables])
        defined = resampled[np.isfinite(resampled)]
        lower, upper = intervals.percentiles(defined)
        kappa = _kappa(_cross(a, b, len(order)), scheme)
        rows.append((weights, len(a), float((a == b).mean()), kappa, lower, upper, repeats - len(defined)))
    columns = ["weights", "n", "agreement", "kappa", "lower", "upper", "undefined"]
    return pd.DataFrame(rows, columns=columns)


def disagreements(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """List where two codings differ.

    Parameters
    ----------
    first, second : pandas.DataFrame
        Codings with the same cases and codes.

    Returns
    -------
    pandas.DataFrame
        One row a disagreement: ``case``, ``code``, ``first``, ``second``; missing where a coding found the text silent.
    """
    a, b = _with_silence(first, second)
    rows, columns = np.nonzero(np.isfinite(a) & (a != b))
    found = {"case": first.index[rows], "code": first.columns[columns]}
    for name, coding in (("first", first), ("second", second)):
        found[name] = pd.array(
            [coding.iat[row, column] for row, column in zip(rows, columns, strict=True)], dtype="Int8"
        )
    return pd.DataFrame(found)


def groups(codes: pd.DataFrame, code_book: Mapping) -> pd.DataFrame:
    """Sum codes up by group: whether any code of a group was given.

    Parameters
    ----------
    codes : pandas.DataFrame
        A coding.
    code_book : dict

    Returns
    -------
    pandas.DataFrame
        One column a group: 1 any code of the group, 0 none, missing if none was given and one could not be coded.
    """
    members: dict[str, list[str]] = {group: [] for group in code_book["groups"]}
    for name, code in code_book["codes"].items():
        members[code["group"]].append(name)
    summed = {}
    for group, names in members.items():
        given = codes[names].eq(1).fillna(False).any(axis=1)
        silent = codes[names].isna().any(axis=1) & ~given
        summed[group] = given.astype("Int8").mask(silent)
    return pd.DataFrame(summed)


def partners(cases: Cases) -> pd.DataFrame:
    """Return with whom cases work.

    Parameters
    ----------
    cases : dict of str to dict

    Returns
    -------
    pandas.DataFrame
        One row a case whose partners are known, one column a kind of partner that occurs; 1 or 0. That a kind is
        not named in a case whose other partners are named is a 0 of the text, not of the world.
    """
    named = {identifier: case["partners"]["kinds"] for identifier, case in cases.items() if case["partners"]}
    kinds = sorted({kind for listed in named.values() for kind in listed})
    rows = {identifier: [int(kind in listed) for kind in kinds] for identifier, listed in named.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=kinds).astype("Int8").rename_axis("case")


def combinations(codes: pd.DataFrame) -> pd.DataFrame:
    """Count the exact combinations of codes.

    Parameters
    ----------
    codes : pandas.DataFrame
        Columns to combine, 1, 0 or missing.

    Returns
    -------
    counts : pandas.DataFrame
        One row a combination that occurs: the columns as booleans, ``size`` (how many are in it) and ``n`` (cases),
        most frequent first.
    left_out : int
        Cases left out because at least one column is missing.
    """
    known = codes.dropna()
    columns = list(codes.columns)
    counts = known.astype(bool).value_counts().rename("n").reset_index()
    counts["size"] = counts[columns].sum(axis=1)
    order = ["n", "size", *columns]
    counts = counts.sort_values(order, ascending=[False, True, *[False] * len(columns)], ignore_index=True)
    return counts[[*columns, "size", "n"]], len(codes) - len(known)


def partner_network(links: pd.DataFrame) -> nx.Graph:
    """Return the two-mode network of cases and kinds of partner.

    Parameters
    ----------
    links : pandas.DataFrame
        As :func:`partners` returns it.

    Returns
    -------
    networkx.Graph
        Nodes carry ``mode``, ``"case"`` or ``"partner"``.
    """
    graph = nx.Graph()
    graph.add_nodes_from(links.index, mode="case")
    graph.add_nodes_from(links.columns, mode="partner")
    graph.add_edges_from((case, kind) for case, row in links.iterrows() for kind in links.columns if row[kind] == 1)
    return graph


def centralities(graph: nx.Graph) -> pd.DataFrame:
    """Return the centralities of the kinds of partner in a two-mode network.

    Parameters
    ----------
    graph : networkx.Graph
        As :func:`partner_network` returns it.

    Returns
    -------
    pandas.DataFrame
        One row a kind: ``n`` (cases), ``degree`` (share of cases), ``closeness`` and ``betweenness``, all three
        normalised for networks of two modes; highest degree first.

    References
    ----------
    Borgatti, S. and D. Halgin (2011), "Analyzing affiliation networks", The SAGE Handbook of Social Network Analysis.
    """
    kinds = [node for node, mode in graph.nodes(data="mode") if mode == "partner"]
    measures = {
        "degree": nx.bipartite.degree_centrality(graph, kinds),
        "closeness": nx.bipartite.closeness_centrality(graph, kinds),
        "betweenness": nx.bipartite.betweenness_centrality(graph, kinds),
    }
    rows = pd.DataFrame({name: [measure[kind] for kind in kinds] for name, measure in measures.items()})
    rows.insert(0, "partner", kinds)
    rows.insert(1, "n", [graph.degree(kind) for kind in kinds])
    return rows.sort_values(["n", "betweenness", "partner"], ascending=[False, False, True], ignore_index=True)


def evidence_map(codes: pd.DataFrame, strengths: pd.Series, order: Sequence[str]) -> pd.DataFrame:
    """Count the cases by code and strength of evidence.

    Parameters
    ----------
    codes : pandas.DataFrame
        A coding, or a frame of groups.
    strengths : pandas.Series
        Strength of evidence by case.
    order : list of str
        All strengths, in the order wanted.

    Returns
    -------
    pandas.DataFrame
        One row a code and strength, zeros included: ``code``, ``strength``, ``n``.
    """
    given = {name: strengths.loc[codes.index[codes[name].eq(1).fillna(False)]] for name in codes.columns}
    counts = pd.DataFrame({name: listed.value_counts().reindex(order, fill_value=0) for name, listed in given.items()})
    long = counts.T.rename_axis(index="code", columns="strength").stack().rename("n").reset_index()
    return long.astype({"n": int})


def _occurs(phrase: str, text: str) -> bool:
    """Say whether a phrase occurs in a text as whole words; ``*`` at the end of a word stands for any ending."""
    pattern = re.escape(phrase).replace(r"\*", r"\w*")
    return re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE) is not None


def _with_silence(first: pd.DataFrame, second: pd.DataFrame) -> Any:
    """Return two codings as arrays: silence counts as 0 where the other coding is not silent, and NaN elsewhere."""
    a, b = (coding.astype("Float64").to_numpy(float, na_value=np.nan) for coding in (first, second))
    silent = np.isnan(a) & np.isnan(b)
    return tuple(np.where(silent, np.nan, np.nan_to_num(coding)) for coding in (a, b))


def _binary_kappa(ones: np.ndarray, twos: np.ndarray) -> Any:
    """Kappa of 0/1 codes over the last two axes; NaN where it does not exist."""
    known = np.isfinite(ones)
    n = known.sum(axis=(1, 2)).astype(float)
    n[n == 0] = np.nan  # a code that none of the cases can be coded by has no kappa
    observed = ((ones == twos) & known).sum(axis=(1, 2)) / n
    share_one = np.where(known, ones, 0).sum(axis=(1, 2)) / n
    share_two = np.where(known, twos, 0).sum(axis=(1, 2)) / n
    chance = share_one * share_two + (1 - share_one) * (1 - share_two)
    exists = chance < 1
    return np.where(exists, (observed - chance) / np.where(exists, 1 - chance, 1), np.nan)


def _cross(a: np.ndarray, b: np.ndarray, size: int) -> np.ndarray:
    table = np.zeros((size, size))
    np.add.at(table, (a, b), 1)
    return table


def _kappa(table: np.ndarray, weights: str | None) -> Any:
    """Kappa of a table of two codings; NaN where both hold one and the same category only."""
    if (table.sum(axis=0) > 0).sum() == 1 and (table.sum(axis=1) > 0).sum() == 1 and np.trace(table) == table.sum():
        return np.nan
    return cohens_kappa(table, wt=weights, return_results=False)
