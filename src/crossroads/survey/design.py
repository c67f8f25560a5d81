"""Survey designs: which columns hold the weights, and how replicates become a variance.

A design says everything that the estimators must know of a survey and nothing of a question: final weight,
replicate weights (as columns, or as the zones or the strata and clusters they are made from), the factor that turns
squared deviations into a sampling variance, and the number of plausible values. Estimation itself, and rules of
publication, do not belong here.

References
----------
OECD (2009), *PISA Data Analysis Manual: SPSS, Second Edition*, chapters 4 and 8.
Judkins, D. (1990), "Fay's method for variance estimation", Journal of Official Statistics 6(3), 223-239.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

METHODS = ("BRR", "FAY", "JK1", "JK2", "JK2-FULL", "JKN", "BOOTSTRAP", "TAYLOR")
_MADE = ("BRR", "FAY", "JK1", "JKN", "BOOTSTRAP", "TAYLOR")  # from strata and clusters, by `replication`


class SurveyError(ValueError):
    """Data, design and question do not fit together; the message says where and what to do."""


@dataclass(frozen=True)
class Design:
    """Weights, replication method and plausible values of a survey.

    A pattern is a column name in which ``@`` stands for a running number from 1, with or without leading
    zeros: ``"W_FSTURWT@"``, ``"PV@MATH"``.

    Parameters
    ----------
    name : str
        What error messages and tables call the survey.
    weight : str
        Column of the final weight.
    replicate_weights : str, optional
        Pattern of the replicate weights. Not for zones, and not for strata and clusters.
    replicates : int, optional
        Number of replicate weights; with zones, the number of zones; with a bootstrap of clusters, how many are drawn
        (500 if not said).
    method : {"BRR", "FAY", "JK1", "JK2", "JK2-FULL", "JKN", "BOOTSTRAP", "TAYLOR"}
        Balanced repeated replication, the same with Fay's factor, jackknife that deletes one unit at a time,
        paired jackknife with one replicate a zone ("half"), and with both replicates of each zone ("full"), jackknife
        that deletes one unit of one stratum at a time, bootstrap, and linearisation.
    fay : float
        Fay's factor k, 0 <= k < 1.
    factor : float or sequence of float, optional
        Multiplier of the squared deviations (one for all, or one for each replicate) in place of the method's.
    plausible_values : int
        How many plausible values a pattern such as ``"PV@MATH"`` stands for.
    zone, half : str, optional
        Columns of the jackknife zone (1, 2, ...) and of the unit's half of it (0 or 1), from which paired
        jackknife replicates are made when the file has none: replicate h doubles the weights of the units of
        zone h whose half is 1 and sets those whose half is 0 to zero.
    doubled : float
        Value of ``half`` of the units whose weights are doubled: 1, or 2 where the file holds the multiplier.
    strata, cluster : str, optional
        Columns of the stratum and of the first unit drawn (the school), for a file that has neither replicate weights
        nor zones. Without strata there is one; without clusters each row is one. Clusters count within their stratum.
    population : str, optional
        Column of the number of clusters in the population of the stratum, if a good part of them was drawn: the
        variance then has the factor 1 - n / N. Not for BRR, FAY and BOOTSTRAP.
    seed : int
        Of the bootstrap.
    method_column, replicates_column, fay_column : str, optional
        Columns that state method, number of replicates and Fay's factor where these vary between countries
        (PIAAC). They must be constant within each group that is estimated.
    sampling_variance_from : {"all", "first"}
        Average the sampling variance over all plausible values, or take that of the first, which saves time and
        which tables of the IEA's older cycles may have done.
    deviations_from : {"estimate", "replicate_mean"}
        Take the deviations of the replicate estimates from the estimate with the final weight, or from their mean,
        as some programs do; the first is never smaller.

    Notes
    -----
    The sampling variance of an estimate t is ``factor * sum_r (t_r - t)**2`` around the estimate with the
    final weight, with the factor 1/R for BRR, 1/(R (1-k)^2) for Fay, (R-1)/R for JK1, 1 for JK2 and 1/2 for
    JK2 with both replicates of each zone, 1/R for the bootstrap. JKN has a factor for each stratum, (n-1)/n with its n
    clusters: it follows from strata and clusters, or is given where the file holds replicate weights.

    Linearisation ("TAYLOR") is for statistics that are smooth functions of the weights. Percentiles are not: they take
    BRR or BOOTSTRAP.
    """

    name: str
    weight: str
    replicate_weights: str | None = None
    replicates: int | None = None
    method: str = "FAY"
    fay: float = 0.0
    factor: float | Sequence[float] | None = None
    plausible_values: int = 1
    zone: str | None = None
    half: str | None = None
    doubled: float = 1
    strata: str | None = None
    cluster: str | None = None
    population: str | None = None
    seed: int = 0
    method_column: str | None = None
    replicates_column: str | None = None
    fay_column: str | None = None
    sampling_variance_from: str = "all"
    deviations_from: str = "estimate"

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise SurveyError(f"{self.name}: method is {self.method!r}; expected one of {', '.join(METHODS)}")
        if not 0 <= self.fay < 1:
            raise SurveyError(f"{self.name}: Fay's factor is {self.fay}; expected 0 <= k < 1")
        sources = (self.replicate_weights, self.zone, self.strata or self.cluster or (self.method == "TAYLOR") or None)
        if sum(source is not None for source in sources) != 1:
            raise SurveyError(
                f"{self.name}: give either replicate_weights (a pattern), or zone and half, or strata and cluster"
            )
        if self.made:
            self._check_made()
        elif self.method == "JKN" and self.factor is None:
            raise SurveyError(
                f"{self.name}: the factor of JKN differs between strata; give factor=[...], one for each replicate"
            )
        if self.zone is not None and (self.half is None or self.method not in ("JK2", "JK2-FULL")):
            raise SurveyError(f"{self.name}: zones need a column `half` and the method JK2 or JK2-FULL")
        if self.sampling_variance_from not in ("all", "first"):
            raise SurveyError(f"{self.name}: sampling_variance_from must be 'all' or 'first'")
        if self.deviations_from not in ("estimate", "replicate_mean"):
            raise SurveyError(f"{self.name}: deviations_from must be 'estimate' or 'replicate_mean'")

    @property
    def made(self) -> bool:
        """Return whether replicates are made from strata and clusters."""
        return self.replicate_weights is None and self.zone is None

    def _check_made(self) -> None:
        if self.method not in _MADE:
            raise SurveyError(
                f"{self.name}: {self.method} is not made from strata and clusters; use {', '.join(_MADE)}"
            )
        if self.method == "JK1" and self.strata is not None:
            raise SurveyError(f"{self.name}: JK1 knows no strata; the jackknife with strata is JKN")
        if self.population is not None and self.method in ("BRR", "FAY", "BOOTSTRAP"):
            raise SurveyError(f"{self.name}: {self.method} has no correction for the population; use TAYLOR or JKN")

    def but(self, **changes: Any) -> Design:
        """Return the same design with some of its parameters changed."""
        return replace(self, **changes)

    def replicate_columns(self, names: Sequence[str]) -> list[str]:
        """Return the columns of the replicate weights, in order; refuse gaps and wrong counts."""
        if self.replicate_weights is None:
            return []
        return numbered_columns(self.replicate_weights, names, self.replicates, f"replicate weights of {self.name}")

    def variable_columns(self, variable: str, names: Sequence[str]) -> list[str]:
        """Return the columns that a variable stands for: itself, or all of its plausible values."""
        if "@" in variable:
            return numbered_columns(variable, names, self.plausible_values, f"plausible values of {self.name}")
        if variable not in names:
            raise SurveyError(f"{self.name}: no column {variable!r} in the data{_other_case(variable, names)}")
        return [variable]

    def columns(self, names: Sequence[str]) -> list[str]:
        """Return all columns that the design itself needs."""
        single = [self.weight, self.zone, self.half, self.strata, self.cluster, self.population]
        single += [self.method_column, self.replicates_column, self.fay_column]
        return [self.variable_columns(c, names)[0] for c in single if c] + self.replicate_columns(names)

    def variance_factor(
        self, replicates: int, method: str | None = None, fay: float | None = None
    ) -> float | np.ndarray:
        """Return the multiplier of the squared deviations of ``replicates`` replicate estimates."""
        if self.factor is not None:
            factor = np.asarray(self.factor, dtype=float)
            if factor.ndim and len(factor) != replicates:
                raise SurveyError(f"{self.name}: {len(factor)} factors for {replicates} replicate weights")
            return factor
        method = self.method if method is None else method
        fay = self.fay if fay is None else fay
        return {
            "BRR": 1 / replicates,
            "FAY": 1 / (replicates * (1 - fay) ** 2),
            "JK1": (replicates - 1) / replicates,
            "JK2": 1.0,
            "JK2-FULL": 0.5,
            "BOOTSTRAP": 1 / replicates,
        }[method]


def numbered_columns(pattern: str, names: Sequence[str], expected: int | None, what: str) -> list[str]:
    """Return the columns that match a pattern with one ``@``, ordered by their number.

    Raises
    ------
    SurveyError
        If the numbers are not 1, 2, ..., ``expected``, or a number occurs twice.
    """
    if pattern.count("@") != 1:
        raise SurveyError(f"pattern {pattern!r} must have exactly one @, which stands for the running number")
    before, after = map(re.escape, pattern.split("@"))
    found: dict[int, str] = {}
    for name in names:
        match = re.fullmatch(f"{before}0*([1-9]\\d*){after}", str(name))
        if match and int(match[1]) in found:
            raise SurveyError(f"{what}: both {found[int(match[1])]!r} and {name!r} match {pattern!r}")
        if match:
            found[int(match[1])] = name
    wanted = range(1, (expected or max(found, default=1)) + 1)
    missing = [str(number) for number in wanted if number not in found]
    extra = [found[number] for number in sorted(found) if number not in wanted]
    if missing or extra:
        raise SurveyError(
            f"{what}: {len(found)} columns match {pattern!r}, expected {len(wanted)}"
            + (f"; missing number {', '.join(missing[:5])}{' ...' if len(missing) > 5 else ''}" if missing else "")
            + (f"; not expected {', '.join(extra[:5])}" if extra else "")
            + _other_case(pattern.replace("@", "1"), names)
        )
    return [found[number] for number in wanted]


def _other_case(name: str, names: Sequence[str]) -> str:
    """Say so when only upper and lower case stand between a name and the data."""
    twins = [n for n in map(str, names) if n.lower() == name.lower() and n != name]
    return f"; the data have {twins[0]!r}: rename the columns, upper and lower case matter" if twins else ""


def _pisa(year: int, replicate_weights: str, plausible_values: int) -> Design:
    return Design(f"PISA {year}", "W_FSTUWT", replicate_weights, 80, "FAY", 0.5, plausible_values=plausible_values)


PISA_2000, PISA_2003, PISA_2006, PISA_2009, PISA_2012 = (
    _pisa(year, "W_FSTR@", 5) for year in (2000, 2003, 2006, 2009, 2012)
)
# The file of 2025 was not at hand: its columns are named here as those of 2015 to 2022 are.
PISA_2015, PISA_2018, PISA_2022, PISA_2025 = (_pisa(year, "W_FSTURWT@", 10) for year in (2015, 2018, 2022, 2025))
TALIS_TEACHER = Design("TALIS (teachers)", "TCHWGT", "TRWGT@", 100, "FAY", 0.5)
TALIS_SCHOOL = Design("TALIS (schools)", "SCHWGT", "SRWGT@", 100, "FAY", 0.5)
PIAAC = Design(
    "PIAAC",
    "SPFWT0",
    "SPFWT@",
    80,
    plausible_values=10,
    method_column="VEMETHOD",
    replicates_column="VENREPS",
    fay_column="VEFAYFAC",
)
_IEA = Design("", "TOTWGT", replicates=75, method="JK2", plausible_values=5, zone="JKZONE", half="JKREP")
TIMSS_2011, PIRLS_2011 = (_IEA.but(name=name) for name in ("TIMSS 2011", "PIRLS 2011"))
TIMSS_2015, TIMSS_2019, TIMSS_2023, PIRLS_2016, PIRLS_2021 = (
    _IEA.but(name=name, method="JK2-FULL")
    for name in ("TIMSS 2015", "TIMSS 2019", "TIMSS 2023", "PIRLS 2016", "PIRLS 2021")
)
ICILS_2023, ICILS_2023_TEACHER, ICILS_2023_SCHOOL = (
    _IEA.but(name=f"ICILS 2023 ({who})", weight=weight, zone="JKINDEX", half="JKINDEX_FACTOR", doubled=2)
    for who, weight in (("students", "TOTWGTS"), ("teachers", "TOTWGTT"), ("schools", "TOTWGTC"))
)


def strangers(full: np.ndarray, mean: np.ndarray) -> int:
    """Count rows whose mean replicate weight is less than half or more than twice the final weight.

    In every replication method the replicate weights of a unit average to about its final weight. Many rows that
    do not betray weights that were joined to the wrong units; a few are found in public files.
    """
    return int(((mean < full / 2) | (mean > full * 2)).sum())
